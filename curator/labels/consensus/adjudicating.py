"""Adjudications of many samples in one act: each label takes the place of those that it was made of, or that differ.

What a label settles is read from signed records, never from the file that names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from curator.core.clock import utc_text
from curator.core.errors import CuratorError, UsageError
from curator.labels.consensus.opinions import ORIGINS, Choice, Story, gather, units_of
from curator.labels.reading import load, read, reader_of
from curator.provenance import kinds_life, status
from curator.provenance.append import Appender
from curator.provenance.kinds_life import MAX_RESOLVED, Guard, Named
from curator.provenance.records import Draft
from curator.provenance.rules import RULES
from curator.provenance.state import Record, State


def ids_of(path: Path) -> list[str]:
    """Return the label ids of a label file.

    Raises
    ------
    UsageError
        LBL-002 when it cannot be read, CON-016 for a line without a label id, or with one that stood before.
    """
    form = reader_of(path)
    made: list[str] = []
    for raw in read(load(path), form):
        name = (raw.fields or {}).get("labelId")
        if not isinstance(name, str):
            raise UsageError("CON-016")
        made.append(name)
    if not made or len(set(made)) != len(made):
        raise UsageError("CON-016")
    return made


def drafts_of(
    story: Story, state: State, root: Path, ids: Sequence[str], reason: str, guard: Guard
) -> tuple[list[Draft], int]:
    """Draft an adjudication for each label that has none yet.

    Parameters
    ----------
    story, state
        Of the verified ledger.
    root
        The project's root, for values that stand in files.
    ids
        Of labels that are to count.
    reason
        Why.
    guard
        Refuses texts that may hold an identifier.

    Returns
    -------
    drafts : list of Draft
        In the order of the ids.
    already : int
        How many are adjudicated already.

    Raises
    ------
    UsageError
        CON-017 for labels that are not signed, or settle fewer than two others; LED-024 and LED-070 for the reason.
    """
    by_id = {one.label_id: one for one in story.signed}
    wanted = [by_id[name] for name in ids if name in by_id]
    strange = len(ids) - len(wanted)
    others = _others(story, state, root, {one.label_id for one in wanted if not one.members})
    made: list[Draft] = []
    already = 0
    for one in wanted:
        known = state.labels.get(one.label_id)
        if known is not None and known.status & status.ADJUDICATED:
            already += 1
            continue
        settles = one.members or others.get(one.label_id, ())
        if not 1 < len(settles) <= MAX_RESOLVED:
            strange += 1
            continue
        members = [Named(name, leaf) for name, leaf in settles]
        made.append(kinds_life.adjudicated(members, Named(one.label_id, one.leaf), reason, guard))
    if strange:
        raise UsageError("CON-017", count=strange)
    return made, already


def _others(story: Story, state: State, root: Path, ids: set[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return for each label the labels of other people that answer the same question and still stand."""
    if not ids:
        return {}
    opinions = gather(story, state, root, Choice(frozenset(ORIGINS), derived=True)).opinions
    made = {}
    for unit in units_of(opinions):
        for one in unit.opinions:
            if one.signed.label_id in ids:
                rest = [each.signed for each in unit.opinions if each.reader != one.reader]
                made[one.signed.label_id] = tuple((each.label_id, each.leaf) for each in rest)
    return made


def tried(appender: Appender, drafts: Sequence[Draft], person: str) -> None:
    """Run the rules over drafts as if they came next, so that all are signed or none.

    Raises
    ------
    UsageError
        KEY- codes when the person may not; CON-018 with the number of those that the rules refuse.
    """
    trial = appender.state.fork()
    refused = 0
    first: CuratorError | None = None
    for one in drafts:
        said = {**one.predicate, "signer": person, "signedAt": utc_text(appender.clock.now())}
        try:
            RULES[one.kind](trial, Record(trial.size, b"", one.kind, list(one.subject), said))
        except CuratorError as error:
            if error.code.startswith("KEY-"):
                raise
            refused += 1
            first = first or error
    if first is not None:
        raise UsageError("CON-018", count=refused, total=len(drafts), first=first.code)
