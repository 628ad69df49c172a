"""Keys of both kinds: P-256 wherever Ed25519 may stand, one spelling of a signature, and no unfit key anywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import SEED, World
from p256_world import P256Signer

from curator.core.canonical import canonical_bytes
from curator.core.errors import IntegrityError, UsageError
from curator.provenance.append import sign_and_append
from curator.provenance.curves import P256_ORDER, check_public, from_pair, is_settled, settled, spki
from curator.provenance.dsse import open_envelope, sign_envelope
from curator.provenance.enroll import enroll
from curator.provenance.keys import PersonKey, SeedSigner, encode64, key_id, parse_public, public_pem, verify
from curator.provenance.ledger import Ledger
from curator.provenance.note import key_hash, parse_note, parse_vkey, sign_note, verified, vkey
from curator.provenance.people import make_request, people_toml, read_request
from curator.provenance.state import raw_key
from curator.provenance.verify import verify_ledger

ONE = P256Signer("one")
# The public log key of rekor.sigstore.dev as c2sp.org/signed-note type 0x02; its key ID is known as c0d23d6a.
REKOR = (
    "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7n"
    "wZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc="
)
FIELD = 2**255 - 19


def ed(number: int) -> bytes:
    return number.to_bytes(32, "little")


# Encodings of every point of small order on edwards25519 (orders 1, 2, 4, 4, 8, 8, 8, 8), and of their other spellings.
# y of two points of order 8.
EIGHT = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
SMALL = [
    ed(0),
    ed(0 | 1 << 255),
    ed(1),
    ed(1 | 1 << 255),
    ed(FIELD - 1),
    ed(FIELD - 1 | 1 << 255),
    ed(FIELD),
    ed(FIELD | 1 << 255),
    ed(FIELD + 1),
    ed(FIELD + 1 | 1 << 255),
    ed(EIGHT),
    ed(EIGHT | 1 << 255),
    ed(FIELD - EIGHT),
    ed(FIELD - EIGHT | 1 << 255),
]
OFF_CURVE = [ed(2), b"\xff" * 32, b"\x04" + bytes(64), b"\x04" + b"\x01" * 64, b"\x04" + b"\xff" * 64]


def refused(code: str, call: Any) -> None:
    with pytest.raises((UsageError, IntegrityError)) as caught:
        call()
    assert caught.value.code == code


# -- keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("public", SMALL + OFF_CURVE, ids=lambda public: public.hex()[:10] + public.hex()[-2:])
def test_an_unfit_key_is_refused_wherever_a_key_enters(public: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        check_public(public)
    refused("KEY-050", lambda: parse_public(public.hex().encode()))
    refused("KEY-050", lambda: parse_public(public_pem(public)))
    refused("KEY-050", lambda: parse_public(vkey("a", public).encode()))
    refused("KEY-050", lambda: raw_key(encode64(public)))
    # A signature that is good for a key of small order whatever the message: R neutral and S zero.
    forged = ed(1) + bytes(32)
    assert not verify(public, forged, b"anything")


def test_a_key_outside_of_the_prime_order_group_is_refused_though_it_is_on_the_curve() -> None:
    from curator.provenance import curves

    good = curves._decompressed(SeedSigner(b"k" * 32).public)
    x, y, z, _ = curves._sum(good, curves._decompressed(ed(EIGHT)))
    assert curves._is_neutral(curves._times(8, curves._decompressed(ed(EIGHT))))
    assert not curves._is_neutral(curves._times(4, curves._decompressed(ed(EIGHT))))
    inverse = pow(z, -1, FIELD)
    mixed = ed(y * inverse % FIELD | (x * inverse % FIELD & 1) << 255)
    curves._decompressed(mixed)
    with pytest.raises(ValueError, match="prime order"):
        check_public(mixed)


@given(st.binary(min_size=32, max_size=32))
def test_every_key_that_a_program_makes_is_fit(seed: bytes) -> None:
    check_public(SeedSigner(seed).public)


def test_an_unfit_key_cannot_be_enrolled_even_with_a_signature_that_fits_it(world: World) -> None:
    request = world.request("eve")["request"] | {"publicKey": encode64(ed(1))}
    document = {"request": request, "proof": encode64(ed(1) + bytes(32))}
    refused("KEY-050", lambda: read_request(json.dumps(document).encode()))
    world.people()
    refused("KEY-050", lambda: enroll(world.ledger, document, world.key("rita"), world.clock))


def test_a_p256_key_has_its_id_its_pem_and_its_verifier_key() -> None:
    assert parse_public(public_pem(ONE.public)) == ONE.public
    assert parse_public(ONE.public.hex().encode()) == parse_public(encode64(ONE.public).encode()) == ONE.public
    name, public = parse_vkey(REKOR)
    assert (name, key_hash(name, public).hex(), vkey(name, public)) == ("rekor.sigstore.dev", "c0d23d6a", REKOR)
    assert key_id(public) == "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d"
    with pytest.raises(ValueError, match="hash"):
        parse_vkey(REKOR.replace("c0d23d6a", "c0d23d6b"))


@pytest.mark.parametrize("start", [b"\x02", b"\x03", b"\x06", b"\x00"])
def test_another_encoding_of_a_point_is_no_public_key(start: bytes) -> None:
    compressed = start + ONE.public[1:33]
    for raw in (compressed, start + ONE.public[1:]):
        refused("KEY-017", lambda raw=raw: parse_public(encode64(raw).encode()))
        refused("LED-023", lambda raw=raw: raw_key(encode64(raw)))
    document = spki(ONE.public)
    pem = public_pem(ONE.public).replace(encode64(document)[:64].encode(), encode64(document + b"\0")[:64].encode())
    assert parse_public(pem) == ONE.public  # the same first line
    with pytest.raises(ValueError, match="P-256"):
        parse_vkey(f"a+{key_hash('a', ONE.public).hex()}+{encode64(bytes([2]) + document + bytes(1))}")


# -- signatures -------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=64))
def test_a_signature_has_one_spelling(data: bytes) -> None:
    good = ONE.sign(data)
    r, s = decode_dss_signature(good)
    twin = encode_dss_signature(r, P256_ORDER - s)
    assert verify(ONE.public, good, data)
    assert is_settled(good)
    assert not verify(ONE.public, twin, data), "the upper half is refused"
    assert settled(twin) == good
    pair = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert from_pair(pair) == good
    for bad in (pair, good + b"\0", b"\x30\x81" + good[1:], good[:-1], b"", good.replace(b"\x02", b"\x02\x81", 1)):
        assert not verify(ONE.public, bad, data)
    padded = b"\x30" + bytes([good[1] + 1]) + b"\x02" + bytes([good[3] + 1]) + b"\0" + good[4:]
    assert not verify(ONE.public, padded, data)
    assert not verify(P256Signer("two").public, good, data)
    assert not verify(ONE.public, good, data + b"x")


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (P256_ORDER, 1), (1, P256_ORDER), (0, 0)])
def test_numbers_out_of_range_are_no_signature(r: int, s: int) -> None:
    with pytest.raises(ValueError, match="range"):
        from_pair(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    assert not verify(ONE.public, encode_dss_signature(r, s), b"x")


@given(st.binary(max_size=80))
def test_no_bytes_make_the_verification_fail_in_another_way(signature: bytes) -> None:
    assert not verify(ONE.public, signature, b"x")
    assert not verify(SeedSigner(b"k" * 32).public, signature, b"x")


def test_an_envelope_takes_signers_of_both_kinds_and_another_program_agrees() -> None:
    two = SeedSigner(b"2" * 32)
    made = sign_envelope(b'{"a":1}', [ONE, two])
    keys = {key_id(one.public): one.public for one in (ONE, two)}
    assert open_envelope(made, keys).key_ids == (key_id(ONE.public), key_id(two.public))

    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import SSlibKey

    foreign = Envelope.from_dict(json.loads(made))
    known = [
        SSlibKey.from_crypto(ONE.key.public_key(), key_id(ONE.public)),
        SSlibKey.from_crypto(two._key.public_key(), key_id(two.public)),
    ]
    assert set(foreign.verify(known, 2)) == set(keys)


def test_a_twin_of_a_signature_does_not_pass_in_an_envelope() -> None:
    document = json.loads(sign_envelope(b'{"a":1}', [ONE]))
    from curator.provenance.keys import decode64

    r, s = decode_dss_signature(decode64(document["signatures"][0]["sig"]))
    document["signatures"][0]["sig"] = encode64(encode_dss_signature(r, P256_ORDER - s))
    with pytest.raises(IntegrityError, match="LED-006"):
        open_envelope(canonical_bytes(document), {key_id(ONE.public): ONE.public})


def test_a_note_is_signed_by_both_kinds() -> None:
    two = SeedSigner(b"2" * 32)
    note = parse_note(sign_note("origin\n1\nroot\n", [("org/one", ONE), ("org/two", two)]))
    keys = [("org/one", ONE.public), ("org/two", two.public)]
    assert verified(note, keys) == ("org/one", "org/two")
    assert note.signatures[0].key_hash.hex() == key_id(ONE.public)[:8]
    with pytest.raises(IntegrityError, match="LED-006"):
        verified(parse_note(sign_note("other\n1\nroot\n", [("org/one", ONE)]).replace(b"other", b"origin")), keys)


# -- the ledger -------------------------------------------------------------------------------------------------------


def request(world: World, signer: P256Signer, name: str) -> dict[str, Any]:
    return make_request(
        signer, name=name, printed_name=f"Dr {name}", roles=["reader"], specialty=None, years=None, clock=world.clock
    )


@pytest.fixture
def mixed(world: World) -> World:
    """Ada signs with P-256, rita with Ed25519; they enrolled each other."""
    ada = PersonKey("ada", ONE)
    enroll(world.ledger, world.request("rita", "reviewer"), ada, world.clock)
    enroll(world.ledger, request(world, ONE, "ada"), world.key("rita"), world.clock)
    world.guide()
    sign_and_append(world.ledger, [world.label(n) for n in range(3)], ada, world.clock, operator_seed=SEED)
    return world


def test_a_person_with_a_p256_key_enrolls_signs_labels_and_seals(mixed: World) -> None:
    report = verify_ledger(mixed.folder).require()
    assert report.size == 7
    assert report.state.people["ada"].public == ONE.public
    assert report.seals[-1].by == ("", "ada")
    assert encode64(ONE.public).encode() in people_toml(report.state.roster())


def test_the_same_p256_key_is_not_enrolled_twice(mixed: World) -> None:
    again = request(mixed, ONE, "eve")
    refused("KEY-008", lambda: enroll(mixed.ledger, again, mixed.key("rita"), mixed.clock))


def test_a_forged_record_of_a_p256_person_is_found(mixed: World) -> None:
    made = mixed.envelopes()

    def edit(document: Any) -> None:
        document["predicate"]["value"]["text"] = "nothing"

    made[5] = mixed.forge(made[5], edit, P256Signer("eve"))
    mixed.rewrite(made)
    report = verify_ledger(mixed.folder)
    assert (report.error.code, report.error.facts["rule"], report.record) == ("LED-010", "LED-023", 5)


def test_a_request_takes_either_key_and_a_changed_one_is_refused(world: World) -> None:
    good = request(world, ONE, "ada")
    assert read_request(json.dumps(good).encode()) == good
    r, s = decode_dss_signature(ONE.sign(b"x"))
    for proof in (encode64(encode_dss_signature(r, s)), encode64(bytes(64)), encode64(b"\x30" + bytes(40))):
        refused("KEY-005", lambda proof=proof: read_request(json.dumps({**good, "proof": proof}).encode()))
    other = {"request": {**good["request"], "publicKey": encode64(P256Signer("eve").public)}, "proof": good["proof"]}
    refused("KEY-005", lambda: read_request(json.dumps(other).encode()))


def test_openssl_agrees_on_records_and_checkpoints_of_both_kinds(mixed: World, tmp_path: Path) -> None:
    """21 CFR 11.10(b): copies are checked with a tool that is not ours."""
    if shutil.which("openssl") is None:
        pytest.skip("not run: openssl is missing")
    from curator.provenance.export import export_dsse

    out = tmp_path / "out"
    export_dsse(Ledger(mixed.folder), verify_ledger(mixed.folder), out, lambda _: None)

    def agrees(key: Path, data: Path, signature: Path) -> bool:
        line = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", data, "-sigfile", signature]
        return subprocess.run(line, capture_output=True, check=False).returncode == 0

    key = out / "keys" / f"{key_id(ONE.public)}.pem"
    assert agrees(key, out / "records/00000006.pae", out / "records/00000006.sig")
    assert not agrees(key, out / "records/00000005.pae", out / "records/00000006.sig")
    for number in (1, 2):
        assert agrees(out / f"checkpoint.{number}.pem", out / "checkpoint.txt", out / f"checkpoint.{number}.sig")
    der = subprocess.run(["openssl", "pkey", "-pubin", "-in", key, "-outform", "DER"], capture_output=True, check=True)
    assert der.stdout == spki(ONE.public)


def test_the_operators_key_stays_ed25519(world: World) -> None:
    def edit(document: Any) -> None:
        document["predicate"]["operatorKey"] = encode64(ONE.public)

    made = world.envelopes()
    made[0] = world.forge(made[0], edit, ONE)
    world.rewrite(made)
    assert verify_ledger(world.folder).error.facts["rule"] == "LED-020"


def test_a_bootstrap_key_that_is_unfit_is_refused(world: World) -> None:
    def edit(document: Any) -> None:
        document["predicate"]["bootstrapKey"] = encode64(ed(1))

    world.enroll("rita", "ada")
    made = world.envelopes()
    made[1] = world.forge(made[1], edit, SeedSigner(b"x" * 32))
    world.rewrite(made)
    assert verify_ledger(world.folder).error.facts["rule"] == "KEY-050"
