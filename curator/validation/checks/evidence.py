"""OQ: 21 CFR 11.10(b), (c), (e), 11.30: proofs that stand alone, witnesses, backups, a lost operator's key."""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import replace

from curator.validation.bench import ADJUDICATOR, READER, REVIEWER, Bench
from curator.validation.model import Register, expect, refused

check = Register()
PHRASE = b"a passphrase of this check"


@check(
    "OQ-11.10b-3",
    "11.10(b)",
    "One record can be proven without the ledger.",
    "the proof checks with the operator's key alone; another record, and a changed proof, are refused",
)
def proven(bench: Bench) -> str:
    """Prove a label, and put another record or another path in its place."""
    from curator.provenance.proofs import check_log_proof, parse_log_proof
    from curator.provenance.prove import Prover

    site = bench.filled()
    prover = Prover(site.ledger, label="label-1")
    expect(prover.found is not None, "the label was not found")
    index = prover.found or 0
    data = prover.inclusion(index).encode()
    proof, envelope, other = parse_log_proof(data), prover.envelope(index), prover.envelope(index - 1)
    found = check_log_proof(proof, envelope, site.operator.public, [site.key(READER).signer.public])
    expect(found.statement["predicate"]["labelId"] == "label-1", "another record was proven")
    with refused("LED-051"):
        check_log_proof(proof, other, site.operator.public)
    with refused("LED-051"):
        check_log_proof(replace(proof, path=proof.path[::-1]), envelope, site.operator.public)
    with refused("LED-012"):
        check_log_proof(proof, envelope, site.key(READER).signer.public)
    return f"record {index} proven with {len(data):,} bytes; refused with LED-051 and LED-012 otherwise"


@check(
    "OQ-11.10b-4",
    "11.10(b)",
    "The whole log can be copied in a public form that other software reads.",
    "the entries of the tiled log have the leaf hashes of its tiles, and as many as its checkpoint says",
)
def tiles(bench: Bench) -> str:
    """Write the log as tiles, and compute the hashes from its entries (c2sp.org/tlog-tiles)."""
    from curator.provenance.prove import Prover
    from curator.provenance.tiles import export_tiles

    site, out = bench.filled(), bench.folder / "tiles"
    made = export_tiles(Prover(site.ledger), out)
    data = (out / f"tile/entries/000.p/{made.size}").read_bytes()
    hashes = []
    while data:
        (size,) = struct.unpack(">H", data[:2])
        hashes.append(hashlib.sha256(b"\x00" + data[2 : 2 + size]).digest())
        data = data[2 + size :]
    expect(len(hashes) == made.size, "the entries are not as many as the checkpoint says")
    expect(b"".join(hashes) == (out / f"tile/0/000.p/{made.size}").read_bytes(), "entries and tiles differ")
    return f"{made.size} entries, hashes as in the tile"


@check(
    "OQ-11.10e-6",
    "11.10(e)",
    "Between two dates the trail only grew, and that can be shown without it.",
    "the consistency proof checks; one for a rewritten history is refused",
)
def consistent(bench: Bench) -> str:
    """Prove growth from a held checkpoint, and hold the proof against another history's."""
    from curator.provenance.proofs import check_consistency
    from curator.provenance.prove import Prover

    site = bench.filled()
    old = Prover(site.ledger).newest()
    site.sign(site.label(10), by=READER, seal=True)
    proof = Prover(site.ledger).consistency(old)
    before, after = check_consistency(proof, old, site.operator.public)
    expect((before.size + 1, after.root) == (after.size, site.verify().require().root), "other sizes were proven")
    with refused("LED-052"):
        check_consistency(replace(proof, path=tuple(one[::-1] for one in proof.path)), old, site.operator.public)
    return f"from {before.size} to {after.size} records; a changed proof refused with LED-052"


@check(
    "OQ-11.10e-7",
    "11.10(e)",
    "A witness outside confirms a trail that grew, and none that was rewritten or set back.",
    "a second checkpoint is cosigned; an older one, and one of a rewritten history, are refused",
)
def witnessed(bench: Bench) -> str:
    """Have a made-up witness cosign twice, then show it less, and then another history."""
    from curator.provenance.note import parse_note
    from curator.provenance.witness import make_request, parse_request, witness

    site, seen = bench.filled(), bench.folder / "seen.json"
    folder, signer = site.ledger.folder, site.key("witness-1").signer
    first = make_request(folder, 0)
    size = site.state().size
    witness(parse_request(first), seen, "witness-1", signer, bench.clock, operator=site.operator.public)
    site.sign(site.label(10), by=READER, seal=True)
    grown = witness(parse_request(make_request(folder, size)), seen, "witness-1", signer, bench.clock)
    expect(any(one.name == "witness-1" for one in parse_note(grown).signatures), "there is no cosignature")
    with refused("LED-046"):
        witness(parse_request(first), seen, "witness-1", signer, bench.clock)
    with refused("LED-015", "LED-016", "LED-012", "LED-045"):
        other = make_request(bench.filled("other").ledger.folder, 0)
        witness(parse_request(other), seen, "witness-1", signer, bench.clock)
    return "two checkpoints cosigned, an older one refused with LED-046, another history refused"


@check(
    "OQ-11.10c-4",
    "11.10(c)",
    "A vault can be backed up and brought back whole.",
    "what was kept comes back with its passphrase; each altered or cut backup is refused",
)
def backed_up(bench: Bench) -> str:
    """Back a vault up, restore it, and restore altered backups."""
    from curator.project.backup import write_backup
    from curator.project.restore import by_passphrase, restore
    from curator.project.vault import Vault

    secret, folder, path = os.urandom(32), bench.folder / "vault", bench.folder / "vault.cvb"
    vault = Vault.create(folder, PHRASE, clock=bench.clock)
    vault.put("linkage", secret)
    made = write_backup(vault, path, clock=bench.clock)
    restore(path, by_passphrase(PHRASE), bench.folder / "again", project=None, clock=bench.clock)
    again = Vault.open(bench.folder / "again", PHRASE, purpose="check", clock=bench.clock)
    expect(again.get("linkage") == secret, "what was kept did not come back")
    data = path.read_bytes()
    for number, bad in enumerate((data[: len(data) // 2], data[:-1500] + bytes([data[-1500] ^ 1]) + data[-1499:])):
        path.write_bytes(bad)
        target = bench.folder / f"bad-{number}"
        with refused("VLT-033", "VLT-034", "VLT-035"):
            restore(path, by_passphrase(PHRASE), target, project=None, clock=bench.clock)
        expect(not target.exists() or not any(target.iterdir()), "an altered backup left files")
    return f"{made.files} files came back; a cut and an altered backup refused"


@check(
    "OQ-11.300c-3",
    "11.300(c)",
    "A lost operator's key is replaced by two people together, never by one.",
    "one signature changes nothing, the same person's second one neither; two people's put the new key in force",
)
def operator_replaced(bench: Bench) -> str:
    """Bring in a new operator's key as one person, again as the same one, and then as a second one."""
    from curator.provenance.kinds_operator import REASONS, make_request, write_request
    from curator.provenance.operator import change_operator

    site, path = bench.filled(), bench.folder / "operator.json"
    site.enroll(site.request(ADJUDICATOR), REVIEWER)
    state, new = site.state(), site.key("operator-2").signer
    write_request(path, make_request(state.dataset, state.first, new))
    reason = next(iter(REASONS))
    for _ in range(2):
        one = change_operator(site.ledger, path, reason, site.key(REVIEWER), bench.clock)
        expect(not one.in_force and site.state().operator == site.operator.public, "one person was enough")
    with refused("KEY-011"):
        change_operator(site.ledger, path, reason, site.key(READER), bench.clock)
    two = change_operator(site.ledger, path, reason, site.key(ADJUDICATOR), bench.clock)
    expect(two.in_force and site.state().operator == new.public, "two people were not enough")
    return f"in force after {len(set(two.by))} people"
