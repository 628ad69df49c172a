"""What the commands of ``curator labels audit`` share: their options, and the ledger as they need it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curator.cli.common import json_option, key_passphrase_option, passphrase_option, progress, project_option
from curator.cli.signers import by_option, key_store_option

if TYPE_CHECKING:
    from curator.labels.quality.collect import Collected
    from curator.labels.quality.plans import Aim, Plan
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
strata_option = click.option(
    "--strata-table", type=FILE, metavar="FILE", help="CSV label,stratum; for --by-stratum table."
)
labels_option = click.option("--labels", "listed", type=FILE, metavar="FILE", help="Only the label ids in FILE.")
seed_options = _options(
    click.option("--tsa-ca", type=FILE, metavar="FILE", help="Certificates (PEM) trusted to vouch for time-stampers."),
    click.option("--witness-key", type=FILE, multiple=True, metavar="FILE", help="A witness's verifier key."),
    click.option("--seed-asserted", metavar="TEXT", help="Draw by this text; shown as asserted, proves nothing."),
)
sign_options = _options(
    by_option, project_option, key_store_option, key_passphrase_option, passphrase_option, json_option
)


def aim_of(asked: dict[str, str]) -> Aim:
    """Return the risks that were asked for, checked."""
    from curator.labels.quality.plans import Aim

    return Aim(asked["aql"], asked["ltpd"], asked["producer"], asked["consumer"]).check()


def plan_of(lot: int | None, asked: dict[str, str]) -> Plan:
    """Return the plan for a lot of this size, or without end."""
    from curator.labels.quality.plans import make

    return make(asked["scheme"], lot, aim_of(asked), level=asked["level"], inspection=asked["inspection"])


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
        yield f"accept at {lines.slope:.5f} n - {lines.accept:.4f} wrong or fewer"
        yield f"reject at {lines.slope:.5f} n + {lines.reject:.4f} or more; at the end up to {lines.cut} are accepted"
    yield f"risk to reject at {made.aim.aql} wrong  {made.producer:.4f}  (asked: at most {made.aim.producer})"
    yield f"risk to accept at {made.aim.ltpd} wrong  {made.consumer:.4f}  (asked: at most {made.aim.consumer})"
    if not made.keeps:
        yield "NOTE  this plan does not keep both risks"


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


def guard_of() -> Callable[[str], bool]:
    """Return what refuses texts that may hold an identifier."""
    from curator.cli.guard import text_guard

    return text_guard()


def files_of(listed: Path | None, strata_table: Path | None) -> tuple[list[str] | None, dict[str, str] | None]:
    """Read the ids of labels and the table of strata, where they were given."""
    from curator.labels.life import read_ids, unique
    from curator.labels.quality.sheets import read_pairs

    ids = None if listed is None else unique(read_ids(listed))
    return ids, None if strata_table is None else read_pairs(strata_table, "stratum")
