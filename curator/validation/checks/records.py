"""OQ: 21 CFR 11.10(a) to (c) and 11.30: altered records are found, copies are complete, sealed data stay sealed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from curator.validation.bench import FIRST_LABEL, LABELS, Bench, Site
from curator.validation.model import Register, expect, refused

check = Register()
ALTERED = "A record that was altered is found and named."
SPOTS = 64


def first_bad(site: Site, envelopes: list[bytes], exits: tuple[int, ...] = (4,), **how: Any) -> int | None:
    """Store altered envelopes, have them verified, and return the record that is named."""
    from curator.provenance.verify import verify_ledger

    report = verify_ledger(site.restored(envelopes, **how))
    expect(report.error is not None, "the altered ledger passed")
    expect(report.error is not None and report.error.exit_code in exits, "the finding has another exit code")
    return report.record


@check("OQ-11.10a-1", "11.10(a)", "A ledger that nobody altered passes.", "no finding, all records counted")
def sound(bench: Bench) -> str:
    """Verify a ledger as it was made, and the same records stored anew: the judge of the other checks is not blind."""
    from curator.provenance.verify import verify_ledger

    site = bench.filled()
    report = site.verify(operator_key=site.operator.public).require()
    expect(report.size == FIRST_LABEL + LABELS, "records are missing")
    again = verify_ledger(site.restored(site.envelopes())).require()
    expect(again.root == report.root, "the same records have another root")
    return f"{report.size} records, tree {report.root.hex()[:16]}"


@check("OQ-11.10a-2", "11.10(a)", ALTERED, "no changed byte of a record passes; that record is named")
def edited(bench: Bench) -> str:
    """Change single characters of a signed label all along its envelope."""
    site = bench.filled()
    envelopes = site.envelopes()
    one = envelopes[FIRST_LABEL]
    places = range(1, len(one), max(1, len(one) // 24))
    for at in places:
        changed = one[:at] + bytes([one[at] ^ 1]) + one[at + 1 :]
        # Exit 3 where the change makes it a kind of record that this version does not know.
        named = first_bad(site, [*envelopes[:FIRST_LABEL], changed, *envelopes[FIRST_LABEL + 1 :]], (3, 4))
        expect(named == FIRST_LABEL, "another record was named")
    return f"{len(places)} changed bytes found, record {FIRST_LABEL} named each time"


@check("OQ-11.10a-3", "11.10(a)", "A record that was removed is found.", "exit 4 for every record, wherever it stood")
def removed(bench: Bench) -> str:
    """Remove each record in turn."""
    site = bench.filled()
    envelopes = site.envelopes()
    for at in range(len(envelopes)):
        named = first_bad(site, envelopes[:at] + envelopes[at + 1 :])
        expect(named == at, "another record was named")
    return f"{len(envelopes)} removals found, each at its place"


@check("OQ-11.10a-4", "11.10(a)", "Records that changed places are found.", "exit 4, the first of them named")
def swapped(bench: Bench) -> str:
    """Swap two labels, and repeat one."""
    site = bench.filled()
    good = site.envelopes()
    swapped_ones = [*good[:FIRST_LABEL], good[FIRST_LABEL + 1], good[FIRST_LABEL], *good[FIRST_LABEL + 2 :]]
    expect(first_bad(site, swapped_ones) == FIRST_LABEL, "another record was named")
    expect(first_bad(site, [*good, good[-1]]) == len(good), "a repeated record was not named")
    return "swapped and repeated records found"


@check(
    "OQ-11.10a-5",
    "11.10(a)",
    "A history that was rewritten by holders of keys is found against a checkpoint kept elsewhere.",
    "exit 4: the ledger does not extend the held checkpoint",
)
def rewritten(bench: Bench) -> str:
    """Begin the same dataset anew with all keys, and compare it with the checkpoint of before."""
    site = bench.filled()
    held = site.ledger.latest_checkpoint()
    expect(held is not None, "the ledger has no checkpoint")
    other = bench.filled("other")
    report = other.verify(against=held)
    expect(report.error is not None and report.error.exit_code == 4, "another history passed")
    expect(site.verify(against=held).error is None, "the true history did not pass")
    return f"refused with {report.error.code if report.error else ''}"


@check(
    "OQ-11.10b-1",
    "11.10(b)",
    "A copy of the records is complete and can be verified without this program's formats.",
    "as many records as the ledger, the same root, every signature good by the exported keys alone",
)
def exported(bench: Bench) -> str:
    """Export, then compute leaves, root and signatures from the exported files alone."""
    from curator.provenance.export import export_dsse
    from curator.provenance.keys import parse_public, verify
    from curator.provenance.merkle import Frontier

    site = bench.filled()
    report = site.verify().require()
    out = bench.folder / "copy"
    export_dsse(site.ledger, report, out, lambda _count: None)
    tree = Frontier()
    bases = sorted(out.glob("records/*.dsse.json"))
    for path in bases:
        envelope = path.read_bytes()
        tree.add(hashlib.sha256(b"\x00" + envelope).digest())
        base = path.name.removesuffix(".dsse.json")
        named = json.loads(envelope)["signatures"][0]["keyid"]
        public = parse_public((out / "keys" / f"{named}.pem").read_bytes())
        signed = (out / "records" / f"{base}.pae").read_bytes()
        expect(verify(public, (out / "records" / f"{base}.sig").read_bytes(), signed), "a signature does not verify")
    expect(len(bases) == report.size, "the copy does not hold every record")
    expect(tree.root() == report.root, "the copy has another root")
    return f"{len(bases)} records, tree {report.root.hex()[:16]}, all signatures good"


@check(
    "OQ-11.10b-2",
    "11.10(b)",
    "A record can be read by people, with everything that it says.",
    "every field of every record stands in its view",
)
def readable(bench: Bench) -> str:
    """Compare the view of each record with what was signed."""
    from curator.provenance.view import describe

    site = bench.filled()
    state, count = site.state(), 0
    for record in site.records():
        said = dict(describe(record, state))
        text = "\n".join(f"{heading} {value}" for heading, value in describe(record, state))
        for name, value in record.predicate.items():
            if name in {"sequence", "previous"}:
                continue
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
            expect(name in said or shown in text, "a field does not stand in the view")
            count += 1
        expect(str(record.index) in text and record.leaf.hex() in text, "number or hash is not shown")
    return f"{count} fields of {state.size} records shown"


@check(
    "OQ-11.10c-1",
    "11.10(c)",
    "Stored records are protected: damage to a stored file is found.",
    f"each of {SPOTS} flipped bytes, spread over the stored part, ends in exit 4",
)
def damaged(bench: Bench) -> str:
    """Flip single bytes of the newest stored part."""
    site = bench.filled()
    path = max((site.ledger.folder / "parts").glob("*.parquet"), key=lambda one: one.stat().st_size)
    data = path.read_bytes()
    places = range(0, len(data), max(1, len(data) // SPOTS))
    for at in places:
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        report = site.verify()
        expect(report.error is not None and report.error.exit_code == 4, "a flipped byte was not found")
    path.write_bytes(data)
    expect(site.verify().error is None, "the restored part does not pass")
    return f"{len(places)} flipped bytes found"


@check(
    "OQ-11.10c-2",
    "11.10(c)",
    "A document of a later format is refused and not misread.",
    "refused with SYS-007",
)
def later_format(bench: Bench) -> str:
    """Give an enrollment request a later format number."""
    from curator.provenance.people import read_request

    site = bench.site()
    made = site.request("reader-1")
    expect(read_request(json.dumps(made).encode()) == made, "a good request was not read")
    made["request"]["format"] = 99
    with refused("SYS-007"):
        read_request(json.dumps(made).encode())
    return "refused with SYS-007"


@check(
    "OQ-11.10c-3",
    "11.10(c)",
    "What was acknowledged stays when a writer is stopped in the middle of its next append.",
    "all acknowledged records verify, the unfinished part is reported and counts for nothing",
)
def unfinished(bench: Bench) -> str:
    """Leave a part without its commit, as a killed writer does."""
    from curator.core.parts import PartLog
    from curator.provenance.rows import table

    site = bench.filled()
    before = site.verify().require()
    PartLog(site.ledger.folder).write_part(table(site.envelopes()[-1:], b"\x00" * 32)[0])
    after = site.verify().require()
    expect((after.size, after.root) == (before.size, before.root), "the records are not those of before")
    expect(after.pending == 1, "the unfinished part is not reported")
    return f"{after.size} records stay, 1 unfinished part reported"


@check(
    "OQ-11.30-1",
    "11.30",
    "Identities that are kept are encrypted at rest.",
    "a value put into a vault stands in none of its files in clear, and comes back with the passphrase",
)
def sealed(bench: Bench) -> str:
    """Make a vault, put a text into it, and search all of its files."""
    from curator.project.vault import Vault

    secret, phrase = b"Quillfeather, Ada 1958-02-17", b"a passphrase of this check"
    folder = bench.folder / "vault"
    Vault.create(folder, phrase, clock=bench.clock).put("linkage", secret)
    files = [path for path in folder.rglob("*") if path.is_file()]
    expect(files and not any(_holds(path, secret) or _holds(path, phrase) for path in files), "clear text on the disk")
    expect(Vault.open(folder, phrase, purpose="check", clock=bench.clock).get("linkage") == secret, "it is lost")
    with refused("VLT-002"):
        Vault.open(folder, b"another passphrase", purpose="check", clock=bench.clock)
    return f"{len(files)} files searched, nothing in clear; another passphrase refused"


def _holds(path: Path, secret: bytes) -> bool:
    data = path.read_bytes()
    return any(part in data for part in (secret, secret[:12], secret.hex().encode()))


@check(
    "OQ-11.30-2",
    "11.30",
    "A record that leaves the system carries a digital signature that a public key alone verifies.",
    "good with the signer's public key, refused with another key and for other bytes",
)
def detached(bench: Bench) -> str:
    """Open an envelope with nothing but keys."""
    from curator.core.canonical import canonical_bytes
    from curator.provenance.dsse import open_envelope, sign_envelope
    from curator.provenance.keys import key_id

    site = bench.site()
    signer, other = site.key("reader-1").signer, site.key("reader-2").signer
    envelope = sign_envelope(canonical_bytes({"one": 1}), [signer])
    keys = {key_id(signer.public): signer.public}
    expect(open_envelope(envelope, keys).document == {"one": 1}, "a good envelope was not opened")
    with refused("LED-012"):
        open_envelope(envelope, {key_id(other.public): other.public})
    with refused("LED-006"):
        open_envelope(envelope.replace(b"eyJvbmUiOjF9", b"eyJvbmUiOjJ9"), keys)
    return "good by its key, refused with LED-012 and LED-006 otherwise"
