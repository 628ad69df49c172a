"""Records of the first edition keep their bytes: a ledger that was written once must verify for ever."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from ledger_world import World

from curator.provenance.dsse import parse_envelope, sign_envelope
from curator.provenance.merkle import leaf_hash
from curator.provenance.replacements import sign_replacements
from curator.provenance.verify import verify_ledger

PREVIOUS = f'"previous":"{"04c95ab5" * 8}"'
REPLACED = (
    '{"_type":"https://in-toto.io/Statement/v1","predicate":{"dataset":"trial","meaning":"responsibility",'
    f'{PREVIOUS},"reason":"laterality was wrong",'
    '"sequence":4,"signedAt":"2026-05-04T12:00:00Z","signer":"rita","utcOffset":"+00:00"},'
    '"predicateType":"urn:curator:predicate:sample-replaced:v1","subject":[{"annotations":{"sopInstanceUid":"2.25.7"},'
    f'"digest":{{"hmacSha256":"{"b" * 64}","sha256":"{"a" * 64}"}},"name":"clean/P1/S1/R1/2.25.7.dcm"}}]}}'
)
ENVELOPE = "9d5e6b878fb2228fe3029a9124ba7cb801a4430fed2800573d9cb4381fc13735"
LEAF = "d824316b5870efb6e2a281aae416f5b75f3fb35babb7c17a25534414b79bc41a"


def test_a_replacement_is_written_as_the_golden_vector(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger").people()
    one = ("clean/P1/S1/R1/2.25.7.dcm", "a" * 64, "2.25.7", "b" * 64)
    sign_replacements(world.folder, [one], World.key("rita"), reason="laterality was wrong", clock=world.clock)
    payload = parse_envelope(world.envelopes()[-1]).payload.decode("ascii")
    # The record before differs from ledger to ledger.
    assert re.sub(r'"previous":"[0-9a-f]{64}"', PREVIOUS, payload) == REPLACED
    assert verify_ledger(world.folder).require().state.replaced["b" * 64].sha256 == "a" * 64


def test_the_golden_replacement_has_the_golden_envelope_and_leaf() -> None:
    envelope = sign_envelope(REPLACED.encode("ascii"), [World.key("rita").signer])
    assert hashlib.sha256(envelope).hexdigest() == ENVELOPE
    assert leaf_hash(envelope).hex() == LEAF
