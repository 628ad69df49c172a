"""Reads for drift and faults: who read what, when, with what result; from a table or from a ledger's signed labels.

Read whole or refused. A read without a value, or by no person (a model's, an interpolated one), is no read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from curator.core.errors import CheckError, UsageError
from curator.labels.agreement.columns import Picked, read_coded
from curator.labels.agreement.groups import Groups
from curator.labels.agreement.model import Bools, Coded, Floats, Ints
from curator.labels.quality.collect import Signed
from curator.labels.quality.firsts import first_readings

_YES, _NO = {"1", "true", "yes", "y"}, {"0", "false", "no", "n"}
MISSING = -1


@dataclass(frozen=True)
class Columns:
    """Names of columns of a table of reads; what is None is not there.

    Parameters
    ----------
    unit, reader, value, time
        What was read, by whom, the class given, when (ISO 8601).
    proposal, changed
        The class that was proposed beforehand; or whether the reader changed it.
    seconds
        How long the read took.
    by
        Further columns, such as site or guideline.
    """

    unit: str = "unit"
    reader: str = "reader"
    value: str = "value"
    time: str | None = "time"
    proposal: str | None = None
    changed: str | None = None
    seconds: str | None = None
    by: tuple[str, ...] = ()

    def picked(self) -> Picked:
        """Return each option and its column."""
        pairs = [("--unit", self.unit), ("--reader", self.reader), ("--value", self.value)]
        named = {
            "--time": self.time,
            "--proposal": self.proposal,
            "--changed": self.changed,
            "--seconds": self.seconds,
        }
        pairs += [(option, name) for option, name in named.items() if name is not None]
        return Picked((*pairs, *((f"--by {name}", name) for name in self.by)))


@dataclass(frozen=True)
class Reads:
    """Reads as numbers, each array of shape (reads,).

    Parameters
    ----------
    unit
        Number of the unit.
    reader, value
        Who, and which class.
    week
        Number of the week from a Monday in the past; None when no times are known.
    day
        Number of the day, likewise.
    changed
        1 when a proposal was shown and changed, 0 when it was kept, -1 when none was shown or it is not known.
    proposal
        Number of the proposed class among `value`'s and further ones, -1 for none; None when not known.
    seconds
        Time taken, not a number where it is not known; None when never.
    groups
        Further columns by name.
    """

    unit: Ints = field(repr=False)
    reader: Coded
    value: Coded
    week: Ints | None = field(default=None, repr=False)
    day: Ints | None = field(default=None, repr=False)
    changed: Ints | None = field(default=None, repr=False)
    proposal: Ints | None = field(default=None, repr=False)
    seconds: Floats | None = field(default=None, repr=False)
    groups: dict[str, Coded] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.unit)


def week_name(week: int) -> str:
    """Return the ISO week of a week's number, such as ``2026-W14``."""
    year, number, _ = date.fromordinal(week * 7 + 1).isocalendar()
    return f"{year}-W{number:02d}"


def read_table(path: Path, columns: Columns) -> Reads:
    """Read a table of reads (CSV or Parquet).

    Raises
    ------
    UsageError
        AGR-001, AGR-002, AGR-004, AGR-005, AGR-022.
    CheckError
        AGR-003, AGR-006, AGR-007, AGR-011, AGR-016; QUA-032 for cells of --changed or --seconds that say nothing.
    """
    shown = ["--reader", "--value", *(f"--by {name}" for name in columns.by)]
    read = read_coded(path, columns.picked(), shown)
    kept = np.array([bool(one) for one in read["--value"].names], np.bool_)[read["--value"].codes]
    if not kept.any():
        raise CheckError("AGR-006")
    for option in ("--unit", "--reader"):
        lacking = int((np.array([not one for one in read[option].names], np.bool_)[read[option].codes] & kept).sum())
        if lacking:
            raise CheckError("AGR-007", count=lacking)
    days = None if columns.time is None else _days(read["--time"], kept)
    value = _without_empty(read["--value"], kept)
    changed = proposal = None
    if columns.proposal is not None:
        place = {name: number for number, name in enumerate(value.names)}
        extra = {name: len(place) + number for number, name in enumerate(read["--proposal"].names)}
        to = np.array([place.get(n, extra[n]) if n else MISSING for n in read["--proposal"].names], np.int64)
        proposal = to[read["--proposal"].codes[kept]]
        changed = np.where(proposal == MISSING, MISSING, (proposal != value.codes).astype(np.int64))
    if columns.changed is not None:
        changed = _flags(read["--changed"], kept)
    return Reads(
        _coded(read["--unit"].codes[kept]),
        Coded(read["--reader"].codes[kept], read["--reader"].names),
        value,
        None if days is None else (days - 1) // 7,
        days,
        changed,
        proposal,
        None if columns.seconds is None else _seconds(read["--seconds"], kept),
        {name: _named(read[f"--by {name}"], kept) for name in columns.by},
    )


def _coded(codes: Ints) -> Ints:
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)


def _without_empty(coded: Coded, kept: Bools) -> Coded:
    shift = 1 if coded.names and not coded.names[0] else 0
    return Coded(coded.codes[kept] - shift, coded.names[shift:])


def _named(coded: Coded, kept: Bools) -> Coded:
    return Coded(coded.codes[kept], tuple(name or "(none)" for name in coded.names))


def _days(coded: Coded, kept: Bools) -> Ints:
    made = np.array([_day(name) for name in coded.names], np.int64)[coded.codes[kept]]
    wrong = int((made == 0).sum())
    if wrong:
        raise CheckError("AGR-011", count=wrong)
    return made


def _day(text: str) -> int:
    try:
        return date.fromisoformat(text[:10]).toordinal() if text[10:11] in {"", "T", " "} else 0
    except ValueError:
        return 0


def _flags(coded: Coded, kept: Bools) -> Ints:
    made = np.array([_flag(name.lower()) for name in coded.names], np.int64)[coded.codes[kept]]
    odd = int((made == -2).sum())
    if odd:
        raise CheckError("QUA-032", count=odd, option="--changed")
    return made


def _flag(text: str) -> int:
    return 1 if text in _YES else 0 if text in _NO else MISSING if not text else -2


def _seconds(coded: Coded, kept: Bools) -> Floats:
    values = np.array([_number(name) for name in coded.names])[coded.codes[kept]]
    empty = np.array([not name for name in coded.names], np.bool_)[coded.codes[kept]]
    odd = int((~(values > 0) & ~empty).sum())
    if odd:
        raise CheckError("QUA-032", count=odd, option="--seconds")
    return values


def _number(text: str) -> float:
    try:
        made = float(text) if "_" not in text else float("nan")
    except ValueError:
        return float("nan")
    return made if np.isfinite(made) else float("nan")


def from_ledger(
    labels: Iterable[Signed],
    by: Sequence[str] = (),
    kind: str | None = None,
    groups: Groups | None = None,
    question: str | None = None,
) -> Reads:
    """Return the reads that signed labels are: first readings by people, with a class or a grade, question by question.

    Parameters
    ----------
    labels
        Superseded ones too, for they were reads; withdrawn ones, and those that settle what others read, are left out.
    by
        Of reader, guideline, stage, kind.
    kind
        Only labels of this kind; None puts all kinds together.
    groups
        What a table says of samples or readers, such as their sites; its names may stand in ``by``.
    question
        Only answers to this question, by this scale or in this system; None puts all together.

    Raises
    ------
    UsageError
        AGR-035 when the table has a group that comes from the records.
    CheckError
        AGR-006 when there is none.
    """
    firsts = [one for one in first_readings(labels) if kind in {None, one.label.kind} and question in {None, one.asked}]
    kept = [one.label for one in firsts]
    if not kept:
        raise CheckError("AGR-006")
    day = np.array([date.fromisoformat(one.labeled[:10]).toordinal() for one in kept], np.int64)
    changed = [MISSING if not one.shown or one.changed is None else int(one.changed) for one in kept]
    level = {
        "guideline": [":".join(one.guideline) for one in kept],
        "stage": [one.stage for one in kept],
        "kind": [one.kind for one in kept],
    }
    table = Groups() if groups is None else groups
    for name in table.names():
        if name in level or name == "reader":
            raise UsageError("AGR-035", why="reader, guideline, stage and kind come from the records")
        level[name] = [table.stated(name, one.author, (one.sample, one.path)) for one in kept]
    return Reads(
        names_coded([f"{one.label.sample}/{one.label.kind}/{one.asked}" for one in firsts]).codes,
        names_coded([one.author for one in kept]),
        names_coded([one.value for one in firsts]),
        (day - 1) // 7,
        day,
        np.array(changed, np.int64),
        None,
        None,
        {name: names_coded(level[name]) for name in by if name in level},
    )


def names_coded(texts: Sequence[str]) -> Coded:
    """Number texts in sorted order."""
    names, codes = np.unique(np.array(texts, dtype=object).astype(str), return_inverse=True)
    return Coded(codes.astype(np.int64), tuple(map(str, names)))
