"""Signed notes against the published example of their specification, and against hostile bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import IntegrityError
from curator.provenance.keys import SeedSigner
from curator.provenance.note import (
    Checkpoint,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    sign_note,
    verified,
    vkey,
)

# The example of golang.org/x/mod/sumdb/note, the origin of c2sp.org/signed-note.
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = (
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SIGNER = SeedSigner(b"s" * 32)


def test_the_published_example_verifies() -> None:
    note = parse_note(f"{TEXT}\n{SIGNATURE}".encode())
    assert note.text == TEXT
    assert verified(note, [parse_vkey(VKEY)]) == ("PeterNeumann",)


def test_the_published_example_with_one_letter_changed_does_not_verify() -> None:
    with pytest.raises(IntegrityError, match="LED-006"):
        verified(parse_note(f"{TEXT.upper()}\n{SIGNATURE}".encode()), [parse_vkey(VKEY)])


def test_a_verifier_key_comes_back_as_it_was_written() -> None:
    name, public = parse_vkey(VKEY)
    assert vkey(name, public) == VKEY
    assert parse_vkey(vkey("a/b", SIGNER.public)) == ("a/b", SIGNER.public)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a+b+c", VKEY.replace("c74f", "c74e"), VKEY.replace("PeterN", "Peter N"), VKEY + "=", VKEY[:-4]],
)
def test_a_broken_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_vkey(text)


def test_signatures_by_unknown_keys_are_passed_over_and_one_known_is_needed() -> None:
    other = SeedSigner(b"x" * 32)
    note = parse_note(sign_note("text\n", [("one", SIGNER), ("two", other)]))
    assert verified(note, [("two", other.public)]) == ("two",)
    assert verified(note, [("one", SIGNER.public), ("two", other.public)]) == ("one", "two")
    with pytest.raises(IntegrityError, match="LED-012"):
        verified(note, [("three", SIGNER.public)])
    with pytest.raises(IntegrityError, match="LED-012"):
        verified(note, [])


def test_a_text_may_hold_blank_lines_and_dashes() -> None:
    text = "a\n\n\u2014 b c\n"
    note = parse_note(sign_note(text, [("k", SIGNER)]))
    assert note.text == text
    assert verified(note, [("k", SIGNER.public)]) == ("k",)


@pytest.mark.parametrize("text", ["no newline", "tab\t\n", ""])
def test_a_text_that_no_note_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="newline"):
        sign_note(text, [("k", SIGNER)])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b"])
def test_a_name_that_no_key_can_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="key name"):
        sign_note("text\n", [(name, SIGNER)])


@given(st.binary(max_size=300))
def test_no_bytes_make_the_note_parser_fail_in_another_way(data: bytes) -> None:
    code = "none"
    try:
        parse_checkpoint(parse_note(data))
    except IntegrityError as error:
        code = error.code
    assert code in {"none", "LED-011"}


@given(st.data())
def test_a_changed_note_never_verifies_as_another_text(data: st.DataObject) -> None:
    good = sign_note(Checkpoint("origin", 7, b"r" * 32).text, [("k", SIGNER)])
    at = data.draw(st.integers(0, len(good) - 1))
    bad = bytearray(good)
    bad[at] ^= 1 << data.draw(st.integers(0, 7))
    try:
        note = parse_note(bytes(bad))
        verified(note, [("k", SIGNER.public)])
    except IntegrityError:
        return
    raise AssertionError("a changed note verified")


@given(st.integers(0, 2**63), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_comes_back_as_it_was_written(size: int, root: bytes) -> None:
    made = Checkpoint("curator/trial/0123", size, root)
    assert parse_checkpoint(parse_note(sign_note(made.text, [("k", SIGNER)]))) == made


@pytest.mark.parametrize("text", ["o\n", "o\n-1\nAA==\n", "o\n07\n" + "A" * 43 + "=\n", "o\n7\nAA==\n", "\n7\nAA==\n"])
def test_a_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(IntegrityError, match="LED-011"):
        parse_checkpoint(parse_note(sign_note(text, [("k", SIGNER)])))


def test_too_long_notes_and_too_many_signatures_are_refused() -> None:
    with pytest.raises(IntegrityError, match="LED-011"):
        parse_note(b"a" * 70_000)
    many = sign_note("text\n", [(f"k{n}", SIGNER) for n in range(101)])
    with pytest.raises(IntegrityError, match="LED-011"):
        parse_note(many)
