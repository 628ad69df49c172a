"""``curator labels audit draw``, ``record`` and ``verdict``: from a closed lot to what is decided of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, json_option, project_option, say
from curator.cli.labels_audit_parts import (
    FILE,
    collect,
    files_of,
    guard_of,
    labels_option,
    plan_lines,
    seed_options,
    sign,
    sign_options,
    strata_option,
)

if TYPE_CHECKING:
    from curator.labels.quality.collect import Collected
    from curator.labels.quality.seed import Seed
    from curator.labels.quality.verdict import Drawn, Verdict
    from curator.provenance.append import Appender
    from curator.provenance.state import Record


def _lot(found: Collected, name: str) -> Record:
    from curator.core.errors import UsageError

    if name not in found.lots:
        raise UsageError("QUA-017")
    return found.lots[name]


def _seed(folder: Path, lot: Record, given: dict[str, Any]) -> Seed:
    from curator.cli.anchor import outside_options
    from curator.labels.quality import seed

    if given["seed_asserted"] is not None:
        return seed.asserted(given["seed_asserted"], given.get("person") or "unsigned")
    options = outside_options(given["tsa_ca"], given["witness_key"], None)
    return seed.outside(folder, lot, options.roots, options.witnesses)


def _drawn(name: str, given: dict[str, Any]) -> tuple[Record, Seed, list[Drawn], Collected, Appender]:
    from curator.labels.quality.lots import reopened
    from curator.labels.quality.verdict import draw

    ids, table = files_of(given["listed"], given["strata_table"])
    folder, appender, found = collect(given["project"])
    lot = _lot(found, name)
    seed = _seed(folder, lot, given)
    return lot, seed, draw(lot, reopened(found, lot, ids, table), seed), found, appender


def _seed_line(lot: Record, seed: Seed) -> Iterator[str]:
    from curator.core.clock import utc_text

    if seed.kind == "asserted":
        yield f"seed {seed.value.hex()} ASSERTED by {seed.name}: nothing outside says that it was unknown before"
        return
    by = f"the cosignature of {seed.name}" if seed.name else "the time-stamp"
    at = "" if seed.at is None else utc_text(seed.at)
    yield f"seed {seed.value.hex()} from {by} of {at}; the lot was closed at {lot.predicate['signedAt']}"
    if seed.others:
        yield f"NOTE  {seed.others} later anchors fit too; the earliest of those stored here counts"


@click.command("draw")
@click.argument("name")
@click.option("--out", type=FILE, required=True, metavar="FILE", help="Where to write the worklist (CSV).")
@click.option("--with-values", is_flag=True, help="Write each label's class beside it; without it auditors read blind.")
@labels_option
@strata_option
@seed_options
@project_option
@json_option
def draw_command(name: str, out: Path, with_values: bool, as_json: bool, **given: Any) -> None:
    """Draw the sample of a closed lot into a worklist to be filled in.

    Needs an anchor made after the lot was closed: a time-stamp (--tsa-ca) or a witness's cosignature (--witness-key).
    Anyone with the ledger draws the same. A worklist that was filled in is never written over.

    \b
    Examples:
      curator labels audit draw week-14 --tsa-ca tsa-roots.pem --out week-14.csv
    """
    from curator.labels.quality.sheets import write_once

    lot, seed, drawn, _, _ = _drawn(name, given)
    header = ["order", "stratum", "label", "sample", *(["value"] if with_values else []), "verdict", "corrected"]
    rows: list[list[str | int]] = [
        [at, one.name, label.label, label.path, *([label.value] if with_values else []), "", ""]
        for one in drawn
        for at, label in enumerate(one.labels, 1)
    ]
    write_once(out, header, rows)
    if as_json:
        emit_json(
            {
                "lot": name,
                "seed": seed.value.hex(),
                "seedFrom": seed.document(),
                "otherAnchors": seed.others,
                "strata": [{"name": one.name, "drawn": [label.label for label in one.labels]} for one in drawn],
            }
        )
        return
    for line in _seed_line(lot, seed):
        say(line)
    say(f"{len(rows):,} labels of {len(drawn)} strata drawn into the worklist")
    say(f"next: fill in verdict (ok, wrong, unclear), then: curator labels audit record {name} FILE --by PERSON")


@click.command("record")
@click.argument("name")
@click.argument("file", type=FILE)
@labels_option
@strata_option
@seed_options
@click.option("--dry-run", is_flag=True, help="Check everything and sign nothing.")
@sign_options
def record(name: str, file: Path, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Sign what an auditor found of drawn labels of a lot: FILE is the worklist with verdicts (ok, wrong, unclear).

    Rows without a verdict are left for later. Nobody audits an own label.

    \b
    Examples:
      curator labels audit record week-14 week-14.csv --by rita --tsa-ca tsa-roots.pem
    """
    from collections import Counter

    from curator.core.errors import UsageError
    from curator.labels.quality.sheets import read_findings
    from curator.provenance import kinds_audit, roles
    from curator.provenance.kinds_audit import FINDINGS, Found
    from curator.provenance.kinds_life import Named

    told = read_findings(file)
    lot, _, drawn, _, appender = _drawn(name, given)
    labels = {label.label: label for one in drawn for label in one.labels}
    strange = len(told.keys() - labels.keys())
    if strange:
        raise UsageError("QUA-016", count=strange)
    if not told:
        raise UsageError("QUA-058")
    roles.acting_role(appender.state.enrolled(given["person"]).roles, "audit-result")
    own = sum(labels[one].author == given["person"] for one in told)
    if own:
        raise UsageError("LED-062")
    found = [Found(Named(one, labels[one].leaf), *what) for one, what in told.items()]
    drafts = kinds_audit.results(name, lot.subject[0]["digest"]["sha256"], found, guard_of())
    made = [] if dry_run else sign(appender, drafts, given)
    counts = Counter(what for what, _ in told.values())
    if as_json:
        emit_json(
            {
                "lot": name,
                "records": [one.index for one in made],
                "dryRun": dry_run,
                "counts": {what: counts[what] for what in FINDINGS},
                "drawn": len(labels),
            }
        )
        return
    listed = " · ".join(f"{counts[what]:,} {what}" for what in FINDINGS)
    say(f"{'would sign' if dry_run else 'signed'}: {listed} of {len(labels):,} drawn")
    say(f"next: curator labels audit verdict {name} --by PERSON")


@click.command("verdict")
@click.argument("name")
@click.option("--coverage", default=0.95, show_default=True, metavar="X", help="Coverage of the intervals.")
@labels_option
@strata_option
@seed_options
@click.option("--dry-run", is_flag=True, help="Say the verdict and sign nothing.")
@sign_options
def verdict(name: str, coverage: float, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Judge a lot from what was recorded, print plan, risks and exact intervals, and sign the verdict into the ledger.

    Ends with 0 when the lot is accepted, 1 when it is rejected, 3 while it is undecided.

    \b
    Examples:
      curator labels audit verdict week-14 --by rita --tsa-ca tsa-roots.pem
    """
    from curator.core.errors import CheckError, GateError, UsageError
    from curator.core.schema import validate
    from curator.labels.quality.verdict import earlier_wrong, next_inspection_of, verdict_of, whole
    from curator.provenance import kinds_audit

    if not 0 < coverage < 1:
        raise UsageError("QUA-001")
    lot, seed, drawn, found, appender = _drawn(name, given)
    made = verdict_of(lot, drawn, seed, found, coverage)
    place = None
    if not dry_run:
        draft = kinds_audit.verdict(name, lot.subject[0]["digest"]["sha256"], made.body())
        place = sign(appender, [draft], given)[0].index
    earlier = earlier_wrong(found, lot, drawn)
    low, high = whole(made.strata, coverage)
    document = {
        "format": 1,
        "lot": name,
        "record": place,
        "seed": seed.value.hex(),
        "seedFrom": seed.document(),
        "otherAnchors": seed.others,
        "outcome": made.outcome,
        "level": coverage,
        "strata": [one.document() for one in made.strata],
        "wrongLow": low,
        "wrongHigh": high,
        "labels": lot.predicate["count"],
        "changed": made.changed,
        "disputed": made.disputed,
        "earlierRejected": earlier,
        "nextInspection": next_inspection_of(found, lot, made),
    }
    validate("audit-verdict", document)
    if as_json:
        emit_json(document)
    else:
        for line in [*_seed_line(lot, seed), *_verdict_lines(made, document)]:
            say(line)
    if made.outcome == "reject":
        bad = [one for one in made.strata if one.outcome == "reject"]
        raise GateError("QUA-024", wrong=sum(one.wrong for one in bad), most=sum(one.plan.accept for one in bad))
    if made.outcome != "accept":
        missing, unclear = sum(one.missing for one in made.strata), sum(one.unclear for one in made.strata)
        raise CheckError("QUA-025", missing=missing, unclear=unclear)


def _verdict_lines(made: Verdict, document: dict[str, Any]) -> Iterator[str]:
    percent = f"{100 * made.level:g}%"
    for one in made.strata:
        seen = f"{one.wrong} wrong, {one.unclear} unclear of {one.looked:,} looked at"
        yield f"{one.name}: {one.outcome.upper()} · {seen}"
        for line in plan_lines(one.plan):
            yield f"  {line}"
        yield (
            f"  wrong labels, exact {percent} interval: {one.share[0]:.4f} .. {one.share[1]:.4f} of all, "
            f"{one.bad[0]:,} .. {one.bad[1]:,} of {one.plan.lot or one.looked:,}"
        )
        if one.plan.scheme == "sprt":
            yield "  NOTE  the interval is that of a sample of fixed size; a test that may end early widens it"
        if one.missing:
            yield f"  {one.missing:,} drawn labels have no finding yet"
    if len(made.strata) > 1:
        low, high = document["wrongLow"], document["wrongHigh"]
        yield f"all strata: {low:,} .. {high:,} wrong of {document['labels']:,}, {percent} together (Bonferroni)"
    if made.changed:
        yield f"NOTE  {made.changed} findings were changed after they were signed; the newest of each auditor counts"
    if made.disputed:
        yield f"NOTE  auditors differ about {made.disputed} labels, which count as unclear"
    if document["earlierRejected"]:
        yield f"NOTE  {document['earlierRejected']} of these labels were found wrong in an earlier lot, and still stand"
    if document["nextInspection"]:
        yield f"next lot: {document['nextInspection']} inspection by the switching rules of Z1.4"
    yield f"lot {made.lot}: {made.outcome.upper()}"
