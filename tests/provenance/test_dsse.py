"""Envelopes against the protocol's own vector, against a foreign verifier, and against hostile bytes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.canonical import canonical_bytes
from curator.core.errors import IntegrityError
from curator.provenance.dsse import IN_TOTO, open_envelope, pae, parse_envelope, sign_envelope
from curator.provenance.keys import SeedSigner, key_id

ONE, TWO = SeedSigner(b"1" * 32), SeedSigner(b"2" * 32)
GOLDEN = "cxG3LS6S8BRuaprdmfmnY7CMzyiy8o0KBbOLwpZEDSPjxM4Xga8+/R3Ht76QvFsuxGwmGyCl4Ls+21e/ZGZVBw=="
KEYS = {key_id(one.public): one.public for one in (ONE, TWO)}


def test_the_encoding_that_is_signed_is_the_one_of_the_protocol() -> None:
    # github.com/secure-systems-lab/dsse, protocol.md, "Test vectors".
    made = pae("http://example.com/HelloWorld", b"hello world")
    assert made == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pae("\u00e9", b"") == b"DSSEv1 2 \xc3\xa9 0 "


def test_the_signature_of_a_fixed_key_over_the_protocols_text_stays_what_it_is() -> None:
    made = sign_envelope(b"hello world", [ONE], "http://example.com/HelloWorld")
    document = json.loads(made)
    assert document["payload"] == "aGVsbG8gd29ybGQ="
    assert document["signatures"][0]["keyid"] == "cf164fe3ff0a4b3096858690da512099b3b7f8d866b2b27c7527e112f83e8cc3"
    assert document["signatures"][0]["sig"] == GOLDEN


@given(st.binary(max_size=200), st.sampled_from([[ONE], [TWO], [ONE, TWO]]))
def test_what_was_signed_comes_out_again(payload: bytes, signers: list[SeedSigner]) -> None:
    opened = open_envelope(sign_envelope(payload, signers), KEYS)
    assert opened.payload == payload
    assert opened.key_ids == tuple(key_id(one.public) for one in signers)


@given(st.data())
def test_an_envelope_with_a_flipped_bit_is_refused(data: st.DataObject) -> None:
    """21 CFR 11.70: a signature holds for the very bytes that were signed."""
    good = sign_envelope(b'{"a":1}', [ONE])
    bad = bytearray(good)
    bad[data.draw(st.integers(0, len(good) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(IntegrityError) as caught:
        open_envelope(bytes(bad), KEYS)
    assert caught.value.code in {"LED-005", "LED-006", "LED-012"}


@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
def test_no_bytes_make_the_envelope_parser_fail_in_another_way(data: bytes) -> None:
    with pytest.raises(IntegrityError, match="LED-005"):
        parse_envelope(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["payload", "payloadType", "signatures", "keyid", "sig"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(JSON)
def test_no_json_of_another_shape_makes_the_envelope_parser_fail_in_another_way(document: object) -> None:
    code = "none"
    try:
        parse_envelope(json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
    except IntegrityError as error:
        code = error.code
    assert code in {"none", "LED-005"}


def test_the_same_content_in_another_spelling_is_refused() -> None:
    good = sign_envelope(b"{}", [ONE])
    document = json.loads(good)
    with pytest.raises(IntegrityError, match="LED-005"):
        open_envelope(json.dumps(document, indent=1).encode(), KEYS)
    document["payload"] = "e30"
    with pytest.raises(IntegrityError, match="LED-005"):
        open_envelope(canonical_bytes(document), KEYS)


def test_a_known_signature_beside_an_unknown_one_is_not_enough() -> None:
    both = sign_envelope(b"{}", [ONE, TWO])
    with pytest.raises(IntegrityError, match="LED-012"):
        open_envelope(both, {key_id(ONE.public): ONE.public})


def test_one_signature_twice_is_refused() -> None:
    with pytest.raises(IntegrityError, match="LED-006"):
        open_envelope(sign_envelope(b"{}", [ONE, ONE]), KEYS)


def test_a_key_listed_under_anothers_id_is_refused() -> None:
    with pytest.raises(IntegrityError, match="LED-012"):
        open_envelope(sign_envelope(b"{}", [ONE]), {key_id(ONE.public): TWO.public})


def test_another_payload_type_is_refused_and_cannot_be_exchanged() -> None:
    made = sign_envelope(b"{}", [ONE], "text/plain")
    with pytest.raises(IntegrityError, match="LED-005"):
        open_envelope(made, KEYS)
    document = json.loads(made)
    document["payloadType"] = IN_TOTO
    with pytest.raises(IntegrityError, match="LED-006"):
        open_envelope(canonical_bytes(document), KEYS)


def test_an_envelope_needs_a_signer() -> None:
    with pytest.raises(ValueError, match="signer"):
        sign_envelope(b"{}", [])


def test_securesystemslib_verifies_an_envelope() -> None:
    """21 CFR 11.30: a signature is verified by software of others."""
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import SSlibKey

    made = json.loads(sign_envelope(b'{"a":1}', [ONE]))
    name = key_id(ONE.public)
    key = SSlibKey(name, "ed25519", "ed25519", {"public": ONE.public.hex()})
    accepted = Envelope.from_dict(made).verify([key], 1)
    assert list(accepted) == [name]
