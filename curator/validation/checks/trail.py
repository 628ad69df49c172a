"""OQ: 21 CFR 11.10(e), (f) and (k): the audit trail, the order of steps, and the documents that are followed."""

from __future__ import annotations

import re

from curator.validation.bench import FIRST_LABEL, GUIDELINE, LABELS, OTHER, READER, REVIEWER, Bench
from curator.validation.checks.records import first_bad
from curator.validation.model import Register, expect, refused

check = Register()
_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


@check(
    "OQ-11.10e-1",
    "11.10(e)",
    "A change does not hide what was recorded before.",
    "the superseded label keeps its place, hash, value, author and time; the new one names it and why",
)
def kept(bench: Bench) -> str:
    """Supersede a label, and read the old one again."""
    site = bench.filled()
    before = site.records()[FIRST_LABEL]
    site.sign(site.superseding(10, 0), by=READER)
    records = site.records()
    expect(records[FIRST_LABEL] == before, "the old record is not what it was")
    stated = records[-1].predicate["supersedes"]
    expect(stated["leaf"] == before.leaf.hex(), "the new record does not name the old one by its hash")
    expect(stated["reason"] == "box was too small", "the new record does not say why")
    return f"record {FIRST_LABEL} unchanged, superseded by record {records[-1].index} with a reason"


@check("OQ-11.10e-2", "11.10(e)", "A change needs a reason.", "superseding without a reason is refused with LED-020")
def reason(bench: Bench) -> str:
    """Supersede without a reason, and with an empty one."""
    site = bench.filled()
    for text in (None, ""):
        with refused("LED-020", "LED-024"):
            site.sign(site.superseding(10, 0, text), by=READER)
    expect(site.state().size == FIRST_LABEL + LABELS, "a record was added")
    return "no reason and an empty one refused, nothing added"


@check(
    "OQ-11.10e-3",
    "11.10(e)",
    "The time of each record is the program's own, in UTC with the local offset.",
    "a time that the user claims does not become the time of signing; every record has both fields",
)
def stamped(bench: Bench) -> str:
    """Sign a label whose claimed time is years ago."""
    site = bench.filled()
    started = bench.clock.now()
    site.sign(site.label(10, labeledAt="2020-01-01T00:00:00Z"), by=READER)
    from curator.core.clock import utc_text

    records = site.records()
    last = records[-1].predicate
    expect(utc_text(started) <= last["signedAt"] <= utc_text(bench.clock.now()), "the time of signing is not now")
    expect(last["labeledAt"] == "2020-01-01T00:00:00Z", "the claimed time is not kept apart")
    for one in records:
        expect(_UTC.fullmatch(one.predicate["signedAt"]), "a record's time is not in UTC")
        expect(re.fullmatch(r"[+-]\d\d:\d\d", one.predicate["utcOffset"]), "a record has no local offset")
    return f"{len(records)} records with time in UTC and local offset; claimed times stand apart"


@check(
    "OQ-11.10e-4",
    "11.10(e)",
    "The trail cannot be shortened.",
    "a ledger without its newest records ends in exit 4 against its own checkpoints",
)
def cut(bench: Bench) -> str:
    """Cut off the newest record, and the newest three."""
    site = bench.filled()
    envelopes = site.envelopes()
    for count in (1, 3):
        named = first_bad(site, envelopes[:-count])
        expect(named == len(envelopes) - count, "the first missing record was not named")
    return "two cuts found, first missing record named"


@check(
    "OQ-11.10f-1",
    "11.10(f)",
    "Steps come in their order: people, then guideline, then label.",
    "a label before any enrollment, and one before its guideline, is refused",
)
def ordered(bench: Bench) -> str:
    """Sign too early, twice, and then in order."""
    site = bench.site()
    with refused("KEY-018"):
        site.sign(site.label(1), by=READER)
    site.staffed()
    with refused("LBL-006"):
        site.sign(site.label(1), by=READER)
    good = bench.filled("good")
    expect(good.state().size == FIRST_LABEL + LABELS, "the right order was refused")
    return "refused with KEY-018 and LBL-006; the right order is taken"


@check(
    "OQ-11.10f-2",
    "11.10(f)",
    "A label is replaced once, by a label of the same sample, and by who may do so.",
    "a second successor, one for another sample, and one by another reader are refused",
)
def succession(bench: Bench) -> str:
    """Break each rule of superseding."""
    site = bench.filled()
    other = site.superseding(10, 0)
    stated = other.predicate["supersedes"]
    with refused("LBL-014"):
        site.sign(site.label(11, sample=1, supersedes=stated), by=READER)
    with refused("KEY-011"):
        site.sign(site.superseding(12, 0, author=OTHER), by=OTHER)
    site.sign(other, by=READER)
    with refused("LBL-013"):
        site.sign(site.superseding(13, 0), by=READER)
    with refused("LBL-011"):
        site.sign(site.label(1), by=READER)
    return "refused with LBL-014, KEY-011, LBL-013, LBL-011"


@check(
    "OQ-11.10k-1",
    "11.10(k)",
    "A version of a guideline never changes.",
    "other content under a registered version is refused; a changed copy is found",
)
def guidelines(bench: Bench) -> str:
    """Register a guideline, then another text under its version; then change the project's copy."""
    from curator.provenance.guideline import add_guideline, unaltered

    site = bench.site().staffed()
    folder, path = bench.folder / "guidelines", bench.folder / "nodules.txt"
    how = {"identifier": "nodules", "version": "1.0", "key": site.key(REVIEWER), "clock": bench.clock}
    path.write_bytes(GUIDELINE)
    added = add_guideline(folder, site.ledger, path, **how)  # type: ignore[arg-type]
    expect(unaltered(folder, added.guideline), "the registered copy does not match")
    path.write_bytes(GUIDELINE + b"Changed.\n")
    with refused("GDL-001"):
        add_guideline(folder, site.ledger, path, **how)  # type: ignore[arg-type]
    (folder / added.guideline.name).write_bytes(b"Changed.\n")
    expect(not unaltered(folder, added.guideline), "a changed copy passes")
    return "refused with GDL-001; a changed copy is found"


@check(
    "OQ-11.10k-2",
    "11.10(k)",
    "A label names the very version of the guideline that it followed.",
    "a version that is not registered, and another digest, are refused with LBL-006",
)
def followed(bench: Bench) -> str:
    """Sign under guidelines that are not registered."""
    site = bench.filled()
    good = site.label(10).predicate["guideline"]
    for change in ({"version": "2.0"}, {"id": "others"}, {"sha256": "0" * 64}):
        with refused("LBL-006"):
            site.sign(site.label(10, guideline={**good, **change}), by=READER)
    return "three refused with LBL-006"
