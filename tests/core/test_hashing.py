"""Digests that must stay the same for ever, since projects on disk hold them."""

import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import CheckError
from curator.core.hashing import CHUNK, KeyedFile, framed, keyed, sha256_file

KEY = bytes(range(32))
domains = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8)
fields = st.lists(st.binary(max_size=6), max_size=4)


def by_hand(key, message):
    """HMAC-SHA-256 written out (RFC 2104)."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + message).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).digest()


def test_the_frame_is_a_version_and_each_field_behind_its_length():
    assert framed("uid", b"1.2", b"") == b"\x01\x00\x00\x00\x03uid\x00\x00\x00\x031.2\x00\x00\x00\x00"


GOLDEN = [
    ("uid", [b"1.2.3"], "1b873dcb71c27f8873c9ba074684514cbaf8746bb179793a1e723c89195a8269"),
    ("uid", [b"1", b".2.3"], "5cf23838c7e50e2ef37af251c298c9e318c4dd27a7071ad1ffd30812e4d620e9"),
    ("source", [], "37233bfc82f04a705e26d766d35c7906d66db5c9288366d7ac0f2ef12ae17b56"),
    ("", [b"\x00" * 70], "3a4c56311ebc2a57507b1fefe267f9f92c45ca7b4526c46c9a1298923a874c1c"),
]


@pytest.mark.parametrize(("domain", "values", "digest"), GOLDEN)
def test_keyed_digests_are_those_of_the_first_version(domain, values, digest):
    assert keyed(KEY, domain, *values).hex() == digest
    assert by_hand(KEY, framed(domain, *values)).hex() == digest


@given(domains, fields, domains, fields)
def test_no_two_lists_of_fields_share_a_frame(domain, values, other, others):
    assert (framed(domain, *values) == framed(other, *others)) == ((domain, values) == (other, others))


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), fields)
def test_another_key_gives_another_digest(one, two, values):
    assert (keyed(one, "d", *values) == keyed(two, "d", *values)) == (one == two)


def test_a_domain_is_ascii():
    with pytest.raises(UnicodeEncodeError):
        framed("\u00e9")


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=5))
def test_a_keyed_file_digest_does_not_depend_on_the_pieces(data, cuts):
    whole = KeyedFile(KEY, "source")
    whole.update(data)
    pieces = KeyedFile(KEY, "source")
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for begin, end in itertools.pairwise(edges):
        pieces.update(memoryview(data)[begin:end])
    assert whole.hexdigest() == pieces.hexdigest() == by_hand(KEY, framed("source") + data).hex()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1])
def test_a_file_is_digested_whole(tmp_path, size):
    data = b"\x5a" * size
    (tmp_path / "file").write_bytes(data)
    assert sha256_file(tmp_path / "file") == hashlib.sha256(data).hexdigest()


def test_a_file_that_cannot_be_read_is_an_error_without_its_name(tmp_path):
    with pytest.raises(CheckError) as caught:
        sha256_file(tmp_path / "DOE^JANE")
    assert "DOE" not in str(caught.value)
