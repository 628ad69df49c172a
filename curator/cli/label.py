"""``curator label``: review, approve, adjudicate and withdraw signed labels, and say what became of them.

Prints ids of labels that are in the ledger, never one that is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from curator.cli.common import emit_json, json_option, key_passphrase_option, passphrase_option, project_option, say
from curator.cli.label_acts import Act, guard
from curator.cli.label_history import History, life_lines
from curator.cli.signers import by_option, confirm_option, key_store_option

_Function = TypeVar("_Function", bound=Callable[..., Any])

STATES = (
    "signed",
    "reviewed",
    "rejected",
    "adjudicated, not reviewed",
    "adjudicated",
    "resolved",
    "approved",
    "superseded",
    "withdrawn",
)
#: What a review in an annotation tool came to.
TOLD = ("accepted", "rejected", "unknown")
LABELS = click.argument("labels", nargs=-1, metavar="[LABEL]...")
FILE = click.option(
    "--file", "file", type=click.Path(path_type=Path), metavar="FILE", help="Also the label ids in FILE, one a line."
)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Check everything and sign nothing; needs no key.")


def signing_options(function: _Function) -> _Function:
    """Add the options that every command here which signs has."""
    for option in (
        json_option,
        passphrase_option,
        key_passphrase_option,
        key_store_option,
        project_option,
        confirm_option,
        DRY_RUN,
        by_option,
        FILE,
        LABELS,
    ):
        function = option(function)
    return function


@click.group("label")
def label() -> None:
    """Review, approve, adjudicate and withdraw labels that are signed; each is a record of its own.

    A label is signed, reviewed, adjudicated where readers differ, and approved, in this order. Nobody reviews,
    adjudicates or approves an own label. Labels are named by their ids.
    """


@label.command("review")
@click.option("--outcome", required=True, type=click.Choice(("accepted", "rejected")), help="What the review found.")
@click.option("--reason", metavar="TEXT", help="Why; required for a rejection; no identifier.")
@signing_options
def review(outcome: str, reason: str | None, **given: Any) -> None:
    """Sign that the person has reviewed the labels, and accepts or rejects them.

    \b
    Examples:
      curator label review nodule-17 --by reviewer-1 --outcome accepted
      curator label review --file wrong.txt --by reviewer-1 --outcome rejected --reason "wrong side" --confirm 12
    """
    from curator.labels import life

    act = Act(life.REVIEW, **given)
    refuses = guard()
    act.sign(lambda: life.review(life.named(act.appender, act.ids), outcome, reason, refuses), f"review, {outcome}")


@label.command("approve")
@signing_options
def approve(**given: Any) -> None:
    """Sign that the person approves the labels; they must have been reviewed and accepted.

    \b
    Examples:
      curator label approve nodule-17 --by reviewer-2
      curator label approve --file reviewed.txt --by reviewer-2 --confirm 240
    """
    from curator.labels import life

    act = Act(life.APPROVE, **given)
    act.sign(lambda: life.approve(life.named(act.appender, act.ids)), "approval")


@label.command("adjudicate")
@click.option("--result", required=True, metavar="LABEL", help="The label that counts: one of them, or a new one.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; no identifier.")
@signing_options
def adjudicate(result: str, reason: str, **given: Any) -> None:
    """Sign which label counts where reviewed labels of one sample differ; needs the role adjudicator.

    The result may be one of the labels, or another label of the same sample that is signed already. The others stay
    readable, and are approved no more.

    \b
    Examples:
      curator label adjudicate read-a-17 read-b-17 --result read-a-17 --by adj-1 --reason "seen on the prior as well"
    """
    from curator.labels import life

    act = Act(life.ADJUDICATE, **given)
    life.enough(act.ids)
    refuses = guard()
    act.sign(lambda: life.adjudicate(act.appender, act.ids, result, reason, refuses), "responsibility", one=True)


@label.command("withdraw")
@click.option("--reason", required=True, metavar="TEXT", help="Why; no identifier.")
@signing_options
def withdraw(reason: str, **given: Any) -> None:
    """Sign that the labels count no more. Their records stay, and stay readable.

    Authors withdraw their own labels; reviewers, adjudicators and operators those of others too.

    \b
    Examples:
      curator label withdraw nodule-17 --by reader-a --reason "drawn on the wrong series"
    """
    from curator.labels import life

    act = Act(life.WITHDRAW, **given)
    refuses = guard()
    act.sign(lambda: life.withdraw(life.named(act.appender, act.ids), reason, refuses), "responsibility")


@label.command("status")
@LABELS
@FILE
@click.option("--in", "wanted", type=click.Choice(STATES), help="Print the ids of the labels in this state.")
@click.option(
    "--told", type=click.Choice(TOLD), help="Print the ids of labels whose newest review in their tool came to this."
)
@project_option
@json_option
def status(
    labels: tuple[str, ...],
    file: Path | None,
    wanted: str | None,
    told: str | None,
    project: Path,
    as_json: bool,
) -> None:
    """Say what became of labels: who signed what about them, when and with what meaning.

    Without a label it counts the labels in each state, and what annotation tools tell of reviews that nobody signed
    here. The ledger is verified first.

    \b
    Examples:
      curator label status
      curator label status nodule-17
      curator label status --in signed > to-review.txt
      curator label status --told rejected
    """
    from curator.core.errors import UsageError
    from curator.labels.life import known, read_ids, unique
    from curator.project.paths import open_project
    from curator.provenance import status as marks
    from curator.provenance.verify import verify_ledger

    ids = unique([*labels, *(read_ids(file) if file is not None else [])])
    if ids and (wanted is not None or told is not None):
        raise UsageError("LBL-042")
    history = History(set(ids), names=wanted is not None)
    state = verify_ledger(open_project(project).ledger, visit=history.visit).require().state
    if ids:
        facts = known(state, ids)
        documents = [history.document(name, marks.word(one.status), one.author, state) for name, one in facts.items()]
        if as_json:
            emit_json({"labels": documents})
            return
        for document in documents:
            for line in life_lines(document):
                say(line)
        return
    if wanted is not None or told is not None:
        found = [
            name
            for name, one in known(state, history.labels if wanted is not None else list(history.told)).items()
            if wanted in {None, marks.word(one.status)} and told in {None, history.told.get(name)}
        ]
        if as_json:
            emit_json({"state": wanted, "told": told, "labels": found})
            return
        for name in found:
            say(name)
        return
    counts = Counter(marks.word(one) for one in state.labels.marks())
    outcomes = Counter(history.told.values())
    if as_json:
        emit_json(
            {
                "labels": sum(counts.values()),
                "states": {name: counts[name] for name in marks.WORDS},
                "told": {name: outcomes[name] for name in TOLD},
            }
        )
        return
    say(f"{sum(counts.values()):,} labels")
    for name in marks.WORDS:
        if counts[name]:
            say(f"  {counts[name]:>8,}  {name}")
    if outcomes:
        say("of reviews that nobody signed here, annotation tools say:")
        for name in TOLD:
            if outcomes[name]:
                say(f"  {outcomes[name]:>8,}  {'without an outcome' if name == 'unknown' else name}")
