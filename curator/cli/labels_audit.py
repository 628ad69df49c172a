"""``curator labels audit``: acceptance sampling of signed labels, from the plan to the verdict in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curator.cli.common import (
    emit_json,
    json_option,
    key_passphrase_option,
    note,
    passphrase_option,
    progress,
    project_option,
    say,
)
from curator.cli.signers import by_option, key_store_option

if TYPE_CHECKING:
    from curator.labels.quality.collect import Collected
    from curator.labels.quality.plans import Aim, Plan
    from curator.labels.quality.seed import Seed
    from curator.labels.quality.verdict import Drawn, Verdict
    from curator.provenance.append import Appender
    from curator.provenance.records import Draft
    from curator.provenance.state import Record

_Function = TypeVar("_Function", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)
_SCHEMES = ("single", "zero-failure", "z1.4", "sprt")


def _options(*options: Callable[[_Function], _Function]) -> Callable[[_Function], _Function]:
    def add(function: _Function) -> _Function:
        for option in reversed(options):
            function = option(function)
        return function

    return add


plan_options = _options(
    click.option("--scheme", type=click.Choice(_SCHEMES), default="single", show_default=True, help="Kind of plan."),
    click.option("--aql", default="0.01", show_default=True, metavar="X", help="Share of wrong labels to be accepted."),
    click.option("--ltpd", default="0.05", show_default=True, metavar="X", help="Share that must not pass."),
    click.option("--producer", default="0.05", show_default=True, metavar="X", help="Risk to reject at --aql."),
    click.option("--consumer", default="0.05", show_default=True, metavar="X", help="Risk to accept at --ltpd."),
    click.option("--level", default="II", show_default=True, metavar="LEVEL", help="Inspection level, for z1.4."),
    click.option(
        "--inspection",
        type=click.Choice(("normal", "tightened", "reduced")),
        default="normal",
        show_default=True,
        help="Severity, for z1.4.",
    ),
)
strata_option = click.option("--strata-table", type=FILE, metavar="FILE", help="CSV label,stratum; for --by table.")
labels_option = click.option("--labels", "listed", type=FILE, metavar="FILE", help="Only the label ids in FILE.")
seed_options = _options(
    click.option("--tsa-ca", type=FILE, metavar="FILE", help="Certificates (PEM) trusted to vouch for time-stampers."),
    click.option("--witness-key", type=FILE, multiple=True, metavar="FILE", help="A witness's verifier key."),
    click.option("--seed-asserted", metavar="TEXT", help="Draw by this text; shown as asserted, proves nothing."),
)
sign_options = _options(
    by_option, project_option, key_store_option, key_passphrase_option, passphrase_option, json_option
)


@click.group("audit")
def audit() -> None:
    """Audit labels by samples: plan, close a lot, draw, record what was found, and sign the verdict."""


@audit.command("plan")
@click.option("--lot", type=click.IntRange(1), metavar="N", help="Labels in the lot. [default: without end]")
@plan_options
@json_option
def plan(lot: int | None, as_json: bool, **asked: str) -> None:
    """Say how many labels to look at, how many may be wrong, and what that risks. Needs no project.

    Risks are exact for the lot's size. 'single' keeps both risks, 'zero-failure' the consumer's alone, 'z1.4' takes the
    tables of ANSI/ASQ Z1.4 (ISO 2859-1) and computes what they risk, 'sprt' looks at one label after the other.

    \b
    Examples:
      curator labels audit plan --lot 2000
      curator labels audit plan --lot 2000 --scheme zero-failure --ltpd 0.02
      curator labels audit plan --lot 2000 --scheme z1.4 --aql 0.01 --inspection tightened
    """
    from curator.core.schema import validate

    made = _plan(lot, asked)
    document = {"format": 1, **made.document()}
    validate("audit-plan", document)
    if as_json:
        emit_json(document)
        return
    for line in plan_lines(made):
        say(line)
    say(f"{'wrong':>8}{'passes':>10}{'looked at':>11}")
    for point in made.curve():
        say(f"{point['share']:>8.4f}{point['passes']:>10.4f}{point['looked']:>11.1f}")


def _aim(asked: dict[str, str]) -> Aim:
    from curator.labels.quality.plans import Aim

    return Aim(asked["aql"], asked["ltpd"], asked["producer"], asked["consumer"]).check()


def _plan(lot: int | None, asked: dict[str, str]) -> Plan:
    from curator.labels.quality.plans import make

    return make(asked["scheme"], lot, _aim(asked), level=asked["level"], inspection=asked["inspection"])


def plan_lines(made: Plan) -> Iterator[str]:
    """Say what a plan asks and risks."""
    of = "a lot without end" if made.lot is None else f"{made.lot:,}"
    more = f" · code letter {made.letter}, {made.inspection}" if made.letter else ""
    lines = made.lines
    if lines is None:
        back = " (between: accept, then normal inspection)" if made.rejects > made.accept + 1 else ""
        limits = f"accept up to {made.accept} wrong, reject from {made.rejects}{back}"
        yield f"look at {made.sample:,} of {of} · {limits}{more}"
    else:
        yield f"look at one after the other, at most {made.sample:,} of {of}, in the order of the draw"
        yield f"accept at {lines.slope:.5f} n - {lines.accept:.4f} wrong or fewer, reject at {lines.slope:.5f} n + "
        yield f"{lines.reject:.4f} or more; at the end up to {lines.cut} are accepted"
    yield f"risk to reject at {made.aim.aql} wrong  {made.producer:.4f}  (asked: at most {made.aim.producer})"
    yield f"risk to accept at {made.aim.ltpd} wrong  {made.consumer:.4f}  (asked: at most {made.aim.consumer})"
    if not made.keeps:
        yield "NOTE  this plan does not keep both risks"


# -- closing ----------------------------------------------------------------------------------------------------------


def collect(project: Path) -> tuple[Path, Appender, Collected]:
    """Verify the ledger whole and collect what it says of labels."""
    from curator.core.clock import SystemClock
    from curator.labels.quality.collect import Collected
    from curator.project.paths import open_project
    from curator.provenance.append import Appender
    from curator.provenance.ledger import Ledger

    place = open_project(project)
    found = Collected()
    ledger = Ledger(place.ledger)
    with progress(ledger.size(), "records") as bar:
        appender = Appender(ledger, SystemClock(), bar.advance, found.visit)
    appender.state.facts.require_training = place.config.require_training
    return place.ledger, appender, found


def sign(appender: Appender, drafts: list[Draft], given: dict[str, Any]) -> list[Record]:
    """Sign drafts as the person, and seal."""
    from curator.cli.signers import need_key, open_key, operator_signer
    from curator.project.paths import open_project

    need_key(given["person"], given["key_store"])
    key = open_key(given["person"], given["key_store"], given["key_passphrase_file"])
    operator = operator_signer(open_project(given["project"]), given["passphrase_file"], "sign")
    made = appender.append(drafts, key)
    appender.seal(key, operator)
    return made


def _guard() -> Callable[[str], bool]:
    from curator.cli.guard import text_guard

    return text_guard()


def _files(listed: Path | None, strata_table: Path | None) -> tuple[list[str] | None, dict[str, str] | None]:
    from curator.labels.life import read_ids, unique
    from curator.labels.quality.sheets import read_pairs

    ids = None if listed is None else unique(read_ids(listed))
    return ids, None if strata_table is None else read_pairs(strata_table, "stratum")


@audit.command("close")
@click.argument("name")
@plan_options
@click.option(
    "--by-stratum",
    "strata_by",
    type=click.Choice(("none", "reader", "guideline", "stage", "kind", "class", "table")),
    default="none",
    show_default=True,
    help="Judge each level of this by a plan of its own.",
)
@strata_option
@labels_option
@click.option("--reader", "author", metavar="PERSON", help="Only labels of this author.")
@click.option("--kind", metavar="KIND", help="Only labels of this kind.")
@click.option("--stage", metavar="STAGE", help="Only labels of this stage.")
@click.option("--guideline", metavar="ID@VERSION", help="Only labels by this version of a guideline.")
@click.option("--since", metavar="DAY", help="Only labels signed on this day or later.")
@click.option("--until", metavar="DAY", help="Only labels signed on this day or before.")
@click.option(
    "--seed-from",
    type=click.Choice(("timestamp", "witness", "asserted")),
    default="timestamp",
    show_default=True,
    help="What will give the seed of the draw.",
)
@click.option("--witness", metavar="NAME", help="The witness, for --seed-from witness.")
@click.option("--reason", metavar="TEXT", help="Why; no identifier.")
@click.option("--dry-run", is_flag=True, help="Show the lot and its plans, and sign nothing.")
@sign_options
def close(
    name: str,
    strata_by: str,
    strata_table: Path | None,
    listed: Path | None,
    seed_from: str,
    witness: str | None,
    reason: str | None,
    dry_run: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Close a lot called NAME: sign which labels it holds and by what plan it will be judged, before anything is drawn.

    Takes the standing labels that fit every filter. The seed of the draw will come from a time-stamp or a cosignature
    made afterwards, so that nobody can know it now.

    \b
    Examples:
      curator labels audit close week-14 --by rita --since 2026-03-30 --until 2026-04-05
      curator labels audit close chest-1 --by rita --guideline chest@1.0 --by-stratum reader --ltpd 0.08 --dry-run
    """
    from curator.core.errors import UsageError
    from curator.labels.quality import lots
    from curator.provenance import kinds_audit

    if (seed_from == "witness") != (witness is not None):
        raise UsageError("QUA-020", what="--witness NAME together with --seed-from witness")
    ids, table = _files(listed, strata_table)
    wanted = _filter(given)
    ask = lots.Ask(given["scheme"], _aim(given), given["level"], given["inspection"])
    _, appender, found = collect(given["project"])
    chosen = lots.chosen(found, wanted, ids, None)
    strata = lots.in_strata(chosen, strata_by, table)
    source = {"kind": seed_from} | ({"name": witness} if witness else {})
    digest, body = lots.body_of(strata, ask, wanted, strata_by, source, listed=ids is not None)
    draft = kinds_audit.lot(name, digest, body, reason, _guard())
    place = None if dry_run else sign(appender, [draft], given)[0].index
    if as_json:
        emit_json({"lot": name, "sha256": digest, "record": place, "dryRun": dry_run, **body})
        return
    for row in body["strata"]:
        say(f"{row['name']:<24}{row['count']:>9,} labels · look at {row['sample']:,}, accept up to {row['accept']}")
    say(f"lot {name}: {len(chosen):,} labels, digest {digest[:16]}{'' if dry_run else f', record {place}'}")
    how = {"timestamp": "curator ledger timestamp", "witness": "curator ledger witness request"}.get(seed_from)
    if not dry_run:
        say(
            f"next: {how}, then: curator labels audit draw {name}" if how else f"next: curator labels audit draw {name}"
        )


def _filter(given: dict[str, Any]) -> Any:
    from curator.core.errors import UsageError
    from curator.labels.quality.lots import Filter
    from curator.provenance.log import moment

    pair = None
    if given["guideline"] is not None:
        identifier, mark, version = given["guideline"].partition("@")
        if not (identifier and mark and version):
            raise UsageError("QUA-010")
        pair = (identifier, version)
    since = None if given["since"] is None else moment(given["since"])
    until = None if given["until"] is None else moment(given["until"], end=True)
    return Filter(given["author"], given["kind"], given["stage"], pair, since, until)


# -- drawing ----------------------------------------------------------------------------------------------------------


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

    ids, table = _files(given["listed"], given["strata_table"])
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


@audit.command("draw")
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
    Anyone with the ledger draws the same.

    \b
    Examples:
      curator labels audit draw week-14 --tsa-ca tsa-roots.pem --out week-14.csv
    """
    from curator.labels.quality.sheets import write_rows

    lot, seed, drawn, _, _ = _drawn(name, given)
    header = ["order", "stratum", "label", "sample", *(["value"] if with_values else []), "verdict", "corrected"]
    rows: list[list[str | int]] = [
        [at, one.name, label.label, label.path, *([label.value] if with_values else []), "", ""]
        for one in drawn
        for at, label in enumerate(one.labels, 1)
    ]
    write_rows(out, header, rows)
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


@audit.command("record")
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
    if strange or not told:
        raise UsageError("QUA-016", count=strange)
    roles.acting_role(appender.state.enrolled(given["person"]).roles, "audit-result")
    own = sum(labels[one].author == given["person"] for one in told)
    if own:
        raise UsageError("LED-062")
    found = [Found(Named(one, labels[one].leaf), *what) for one, what in told.items()]
    drafts = kinds_audit.results(name, lot.subject[0]["digest"]["sha256"], found, _guard())
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


@audit.command("verdict")
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
    from curator.labels.quality.verdict import verdict_of, whole
    from curator.provenance import kinds_audit

    if not 0 < coverage < 1:
        raise UsageError("QUA-001")
    lot, seed, drawn, found, appender = _drawn(name, given)
    made = verdict_of(lot, drawn, seed, found, coverage)
    place = None
    if not dry_run:
        draft = kinds_audit.verdict(name, lot.subject[0]["digest"]["sha256"], made.body())
        place = sign(appender, [draft], given)[0].index
    earlier = _earlier(found, lot, drawn)
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
        "nextInspection": _next(found, lot, made),
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


def _earlier(found: Collected, lot: Record, drawn: list[Drawn]) -> int:
    """Count drawn labels that were drawn and found wrong in a lot before: a lot must not come back unchanged."""
    names = {label.label for one in drawn for label in one.labels}
    own = lot.subject[0]["name"].removeprefix("lots/")
    return sum(any(one.lot != own and one.verdict == "wrong" for one in found.findings.get(name, ())) for name in names)


def _next(found: Collected, lot: Record, made: Verdict) -> str | None:
    """Say how the next lot is to be inspected by the switching rules, for plans of Z1.4."""
    from curator.labels.quality.z14 import next_inspection

    if lot.predicate["plan"]["scheme"] != "z1.4" or made.outcome not in {"accept", "reject"}:
        return None
    history = []
    for name, records in found.verdicts.items():
        said = found.lots[name].predicate["plan"]
        outcome = records[-1].predicate["outcome"]
        if said["scheme"] == "z1.4" and outcome != "undecided" and name != made.lot:
            history.append((records[-1].index, said["inspection"], outcome == "accept"))
    past = [(inspection, accepted) for _, inspection, accepted in sorted(history)]
    return next_inspection([*past, (lot.predicate["plan"]["inspection"], made.outcome == "accept")])


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


@audit.command("show")
@project_option
@json_option
def show(project: Path, as_json: bool) -> None:
    """List the lots of the ledger and what was decided of each.

    \b
    Examples:
      curator labels audit show
    """
    _, appender, found = collect(project)
    rows = []
    for name, lot in found.lots.items():
        known = appender.state.facts.lots[name]
        row = {
            "lot": name,
            "labels": known.labels,
            "record": known.place,
            "closedAt": lot.predicate["signedAt"],
            "scheme": lot.predicate["plan"]["scheme"],
            "outcome": known.outcome,
        }
        rows.append(row)
    if as_json:
        emit_json({"lots": rows})
        return
    for row in rows:
        what = f"{row['labels']:>9,} labels  {row['closedAt']}  {row['scheme']:<13}"
        say(f"{row['lot']:<24}{what}{row['outcome'] or 'open'}")
    if not rows:
        note("no lot is closed")
