"""``curator labels controls``, ``bias`` and ``reread``: known answers, and what proposals do to readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, project_option, say
from curator.cli.labels_audit_parts import sign, sign_options

FILE = click.Path(path_type=Path)


@click.group("controls")
def controls() -> None:
    """Plant items with known answers among the work, and measure each reader by them."""


@controls.command("plan")
@click.option("--least", default=0.9, show_default=True, metavar="X", help="Rate of right answers that is asked for.")
@click.option("--poor", default=0.7, show_default=True, metavar="X", help="Rate that is to be found out.")
@click.option("--power", "wanted", default=0.8, show_default=True, metavar="X", help="Chance to find it out.")
@click.option("--coverage", default=0.95, show_default=True, metavar="X", help="Coverage of the intervals.")
@json_option
def plan(least: float, poor: float, wanted: float, coverage: float, as_json: bool) -> None:
    """Say how many control items each reader must read, so that a poor one is found out with the power asked for.

    \b
    Examples:
      curator labels controls plan --least 0.9 --poor 0.75 --power 0.9
    """
    from curator.core.errors import UsageError
    from curator.labels.quality.controls import items_for, power

    _rates(least, poor, coverage)
    items = items_for(least, poor, wanted, coverage) if 0 < wanted < 1 else None
    if items is None:
        raise UsageError("QUA-047")
    reached = power(items, least, poor, coverage)
    if as_json:
        emit_json({"items": items, "power": reached, "least": least, "poor": poor, "coverage": coverage})
        return
    say(f"{items} control items a reader")
    say(f"a reader of true rate {poor:g} is then shown to be below {least:g} with chance {reached:.3f}")


def _rates(least: float, poor: float, coverage: float) -> None:
    from curator.core.errors import UsageError

    if not (0 < poor < least <= 1 and 0 < coverage < 1):
        raise UsageError("QUA-047")


@controls.command("seal")
@click.argument("file", type=FILE)
@click.option("--name", required=True, metavar="NAME", help="What the set is called; used once.")
@click.option("--out", type=FILE, required=True, metavar="FILE", help="Where to write the salted list; keep it apart.")
@click.option("--reason", required=True, metavar="TEXT", help="What the set is for; no identifier.")
@sign_options
def seal(file: Path, name: str, out: Path, reason: str, as_json: bool, **given: Any) -> None:
    """Seal the answers of control items (CSV: unit,answer) in the ledger before anybody reads them.

    The ledger gets a digest alone. Keep the written list, and delete FILE: without the list nothing can be scored.
    A run that was interrupted is run again with the same words.

    \b
    Examples:
      curator labels controls seal answers.csv --name spring --out spring.sealed.csv --by rita --reason "quarterly set"
    """
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.labels.quality.controls import seal as write_sealed
    from curator.project.paths import open_project
    from curator.provenance import kinds_audit
    from curator.provenance.append import Appender
    from curator.provenance.ledger import Ledger

    appender = Appender(Ledger(open_project(given["project"]).ledger), SystemClock())
    known = appender.state.facts.controls.get(name)
    if known is not None and not out.exists():
        raise UsageError("QUA-051")
    sealed = write_sealed(file, out)
    if known is not None:
        if sealed.sha256 != known[0]:
            raise UsageError("QUA-051")
        if as_json:
            emit_json({"name": name, "items": len(sealed.answers), "sha256": sealed.sha256, "record": known[1]})
            return
        say(f"{len(sealed.answers):,} control items stand sealed as {name} already, record {known[1]}")
        return
    draft = kinds_audit.controls(name, sealed.sha256, len(sealed.answers), reason, text_guard())
    (made,) = sign(appender, [draft], given)
    if as_json:
        emit_json({"name": name, "items": len(sealed.answers), "sha256": sealed.sha256, "record": made.index})
        return
    say(f"{len(sealed.answers):,} control items sealed as {name}, record {made.index}")


@controls.command("score")
@click.argument("name")
@click.argument("sealed", type=FILE)
@click.argument("table", type=FILE)
@click.option("--least", default=0.9, show_default=True, metavar="X", help="Rate of right answers that is asked for.")
@click.option("--poor", default=0.7, show_default=True, metavar="X", help="Rate that the power is stated for.")
@click.option("--coverage", default=0.95, show_default=True, metavar="X", help="Coverage of the intervals.")
@project_option
@json_option
def score(
    name: str, sealed: Path, table: Path, least: float, poor: float, coverage: float, project: Path, as_json: bool
) -> None:
    """Score readers by control items: SEALED is the list kept apart, TABLE the reads (CSV: unit, reader, value).

    Ends with 1 when a reader is below --least with the whole interval, 3 when a reader's interval leaves it open.

    \b
    Examples:
      curator labels controls score spring spring.sealed.csv reads.csv
    """
    from curator.core.errors import CheckError, GateError
    from curator.core.schema import validate
    from curator.labels.quality.controls import BELOW, OPEN, opened, rates, require_sealed
    from curator.project.paths import open_project
    from curator.provenance.verify import present_state

    _rates(least, poor, coverage)
    known = present_state(open_project(project).ledger).facts.controls.get(name)
    given = opened(sealed)
    require_sealed(given, known)
    made = rates(given, readable(table, ("unit", "reader", "value")), least=least, poor=poor, level=coverage)
    document = {
        "format": 1,
        "name": name,
        "items": len(given.answers),
        "record": known[1] if known else None,
        "least": least,
        "poor": poor,
        "level": coverage,
        "readers": made,
    }
    validate("controls-report", document)
    if as_json:
        emit_json(document)
    else:
        say(f"{len(given.answers):,} control items, sealed by record {document['record']}; asked for {least:g}")
        for one in made:
            rate = f"{one['right']} of {one['items']} right, {one['low']:.3f} .. {one['high']:.3f}"
            say(f"  {one['reader']:<20}{rate} · {one['outcome']} · power {one['power']:.2f} against {poor:g}")
    outcomes = [one["outcome"] for one in made]
    if BELOW in outcomes:
        raise GateError("QUA-048", count=outcomes.count(BELOW))
    if OPEN in outcomes:
        raise CheckError("QUA-049", count=outcomes.count(OPEN))


def readable(table: Path, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """Read a table whose reader ids will be shown (QUA-015; QUA-038 for ids that look like names)."""
    import re

    from curator.core.errors import UsageError
    from curator.labels.quality.sheets import read_rows

    rows = read_rows(table, needed, optional)
    shape = re.compile(r"[^\W_][\w.:+/-]{0,63}")
    tells = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{6}")
    names = {row["reader"] for row in rows if row["reader"]}
    odd = sum(not shape.fullmatch(name) or tells.search(name) is not None for name in names)
    if odd:
        raise UsageError("QUA-038", count=odd)
    return rows


@click.command("bias")
@click.argument("table", type=FILE)
@click.option("--coverage", default=0.95, show_default=True, metavar="X", help="Coverage of the intervals.")
@json_option
def bias(table: Path, coverage: float, as_json: bool) -> None:
    """Measure automation bias: proposals that stay unchanged, against blind reads that say the same.

    TABLE is CSV with unit, reader, value, proposal, arm (shown or blind) and, where known, seconds. Units should have
    been sent to the arms by chance; 'curator labels reread' draws them. Needs no project.

    \b
    Examples:
      curator labels bias reads.csv
    """
    from curator.core.errors import UsageError
    from curator.core.schema import validate
    from curator.labels.quality.bias import measure

    if not 0 < coverage < 1:
        raise UsageError("QUA-001")
    rows = readable(table, ("unit", "reader", "value", "proposal", "arm"), ("seconds",))
    document = measure(rows, coverage)
    validate("bias-report", document)
    if as_json:
        emit_json(document)
        return
    for line in _bias_lines(document):
        say(line)


def _bias_lines(document: dict[str, Any]) -> Iterator[str]:
    for name, one in [("all readers", document["all"]), *((row["reader"], row) for row in document["readers"])]:
        kept = f"{one['unchanged']:,} of {one['shown']:,} proposals unchanged ({one['low']:.3f} .. {one['high']:.3f})"
        blind = (
            "no blind reads" if not one["blind"] else f"{one['blindSame']:,} of {one['blind']:,} blind reads the same"
        )
        p = "" if one["p"] is None else f" · difference {one['difference']:+.3f}, p {one['p']:.4g}"
        yield f"{name:<20}{kept} · {blind}{p}"
        for what, points in one["seconds"].items():
            if points:
                yield f"{'':<20}seconds when {what}: " + " · ".join(f"{point:g}" for point in points)


@click.command("reread")
@click.argument("table", type=FILE)
@click.option("--share", default=0.05, show_default=True, metavar="X", help="Of the units.")
@click.option("--seed", required=True, metavar="TEXT", help="Same seed, same list; best one that nobody could choose.")
@click.option("--same-reader", is_flag=True, help="Send a unit to one who read it before, not to another.")
@click.option("--out", type=FILE, required=True, metavar="FILE", help="Where to write the list (CSV: unit, reader).")
@json_option
def reread(table: Path, share: float, seed: str, same_reader: bool, out: Path, as_json: bool) -> None:
    """Draw units to be read again blind, and who reads them, by chance; TABLE is CSV with unit and reader.

    \b
    Examples:
      curator labels reread reads.csv --share 0.1 --seed "draw of 2026-04-01" --out blind.csv
    """
    from curator.labels.quality.bias import rereads
    from curator.labels.quality.sheets import write_once

    pairs = rereads(readable(table, ("unit", "reader")), share, seed, same_reader=same_reader)
    write_once(out, ("unit", "reader"), pairs)
    if as_json:
        emit_json({"units": len(pairs), "sameReader": same_reader})
        return
    say(f"{len(pairs):,} units drawn for a blind read")
