"""Single sampling plans of ANSI/ASQ Z1.4 (ISO 2859-1) by code letter, from the tables in ``z14.toml``; and switching.

The tables index plans by the lot's size; what a plan risks is computed (:mod:`curator.labels.quality.plans`), never
taken from the tables.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from curator.core.errors import UsageError

INSPECTIONS = ("normal", "tightened", "reduced")
DEFAULT_LEVEL = "II"


class Row(NamedTuple):
    """A plan of the tables: code letter, sample size, acceptance and rejection number."""

    letter: str
    sample: int
    accept: int
    reject: int


@cache
def _table() -> dict[str, Any]:
    text = resources.files("curator.labels.quality").joinpath("z14.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def levels() -> tuple[str, ...]:
    """Return the inspection levels, the smallest samples first."""
    return tuple(_table()["levels"])


def aqls() -> tuple[str, ...]:
    """Return the acceptable quality limits of the tables, in percent."""
    return tuple(_table()["aql"])


def code_letter(lot: int, level: str = DEFAULT_LEVEL) -> str:
    """Return the code letter of a lot (Z1.4, table I).

    Raises
    ------
    UsageError
        QUA-002 for a lot below 2 labels or a level that is not in the table.
    """
    if lot < 2 or level not in levels():
        raise UsageError("QUA-002")
    for top, letters in _table()["letters"]:
        if not top or lot <= top:
            return str(letters[levels().index(level)])
    raise UsageError("QUA-002")


def plan(letter: str, aql: str, inspection: str = "normal") -> Row:
    """Return the plan of a code letter, following the table's arrows to another letter's plan.

    Parameters
    ----------
    letter
        From :func:`code_letter`.
    aql
        Acceptable quality limit in percent, one of :func:`aqls`.
    inspection
        normal, tightened or reduced (Z1.4, tables II-A, II-B, II-C).

    Raises
    ------
    UsageError
        QUA-002.
    """
    if aql not in aqls() or inspection not in INSPECTIONS or letter not in _table()[inspection]:
        raise UsageError("QUA-002")
    rows = [(name, row[0], row[1].split()) for name, row in _table()[inspection].items()]
    at = next(number for number, row in enumerate(rows) if row[0] == letter)
    column = aqls().index(aql)
    while "/" not in (cell := rows[at][2][column]):
        at += 1 if cell == "v" else -1
    accept, reject = cell.split("/")
    return Row(rows[at][0], rows[at][1], int(accept), int(reject))


def next_inspection(history: Sequence[tuple[str, bool]]) -> str:
    """Return how the next lot is inspected (Z1.4, section 8, without the limit numbers of table VIII).

    Parameters
    ----------
    history
        (inspection, accepted) of each lot, the oldest first.

    Returns
    -------
    str
        tightened once 2 of at most 5 lots in a row were rejected under normal inspection; normal after 5 accepted in a
        row under tightened; ``reduced`` may follow 10 accepted in a row under normal; ``stop`` after 5 rejected while
        tightened, until what is wrong was set right.
    """
    if not history:
        return "normal"
    now = history[-1][0]
    run = [accepted for inspection, accepted in _run(history, now)]
    if now == "reduced":
        return "reduced" if run[-1] else "normal"
    if now == "tightened":
        if run.count(False) >= 5:
            return "stop"
        return "normal" if len(run) >= 5 and all(run[-5:]) else "tightened"
    if run[-5:].count(False) >= 2:
        return "tightened"
    return "reduced" if len(run) >= 10 and all(run[-10:]) else "normal"


def _run(history: Sequence[tuple[str, bool]], now: str) -> list[tuple[str, bool]]:
    made: list[tuple[str, bool]] = []
    for one in reversed(history):
        if one[0] != now:
            break
        made.insert(0, one)
    return made
