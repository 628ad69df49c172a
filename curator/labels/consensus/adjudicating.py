"""Adjudications of many samples in one act: each consensus label takes the place of the labels it was made of.

What a label was made of is read from its signed record, never from the file that names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from curator.core.clock import utc_text
from curator.core.errors import CuratorError, UsageError
from curator.labels.consensus.opinions import Story
from curator.labels.reading import load, read, reader_of
from curator.provenance import kinds_life, status
from curator.provenance.append import Appender
from curator.provenance.kinds_life import Guard, Named
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


def drafts_of(story: Story, state: State, ids: Iterable[str], reason: str, guard: Guard) -> tuple[list[Draft], int]:
    """Draft an adjudication for each consensus label that has none yet.

    Parameters
    ----------
    story, state
        Of the verified ledger.
    ids
        Of consensus labels.
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
        CON-017 for labels that are not signed, or are no consensus; LED-024 and LED-070 for the reason.
    """
    by_id = {one.label_id: one for one in story.signed}
    wanted = [by_id.get(name) for name in ids]
    strange = sum(one is None or not one.members for one in wanted)
    if strange:
        raise UsageError("CON-017", count=strange)
    made: list[Draft] = []
    already = 0
    for one in wanted:
        known = None if one is None else state.labels.get(one.label_id)
        if one is None or (known is not None and known.status & status.ADJUDICATED):
            already += 1
            continue
        members = [Named(name, leaf) for name, leaf in one.members]
        made.append(kinds_life.adjudicated(members, Named(one.label_id, one.leaf), reason, guard))
    return made, already


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
