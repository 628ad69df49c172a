"""Ratings as small numbers: what all coefficients are computed from.

A rating is one value that one reader gave one unit. A rating that is missing is simply not in the list. Names of
readers, classes and groups stand here for the report alone; no coefficient looks at them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: More different values than this are measurements, not classes: no class is listed and no kappa is computed.
MAX_CLASSES = 100


@dataclass(frozen=True)
class Coded:
    """One column as numbers.

    Parameters
    ----------
    codes
        Shape (ratings,); the number of each rating's value, from 0.
    names
        The values by their numbers.
    """

    codes: Ints = field(repr=False)
    names: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Ratings:
    """A long table of ratings.

    Parameters
    ----------
    unit
        Shape (ratings,); the number of the unit that was rated.
    reader
        Who rated.
    value
        The value given: a number into `names`, which stand in the order of the scale.
    numbers
        Shape (values,); what each value measures, on an interval or ratio scale; positions 1, 2, ... on others.
    session
        Shape (ratings,); which of a reader's readings of a unit it is, from 0; None when each was read once.
    groups
        Further columns, by name, such as site or vendor.
    cluster
        Shape (ratings,); what units hang together, such as the patient; None when each stands alone.
    unit_names
        The units by their numbers as a table names them; may hold identifiers, so no report shows them.
    """

    unit: Ints = field(repr=False)
    reader: Coded
    value: Coded
    numbers: Floats = field(repr=False)
    session: Ints | None = field(default=None, repr=False)
    groups: Mapping[str, Coded] = field(default_factory=dict, repr=False)
    cluster: Ints | None = field(default=None, repr=False)
    unit_names: tuple[str, ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def units(self) -> int:
        """How many different units have a rating."""
        return len(distinct(self.unit))

    def where(self, kept: Bools) -> Ratings:
        """Return the ratings that a mask of shape (ratings,) keeps; numbers of units, readers and values stay."""
        return replace(
            self,
            unit=self.unit[kept],
            reader=Coded(self.reader.codes[kept], self.reader.names),
            value=Coded(self.value.codes[kept], self.value.names),
            session=None if self.session is None else self.session[kept],
            groups={name: Coded(one.codes[kept], one.names) for name, one in self.groups.items()},
            cluster=None if self.cluster is None else self.cluster[kept],
        )

    def first_session(self) -> Ratings:
        """Return each reader's first reading of each unit alone."""
        if self.session is None:
            return self
        return self.where(self.session == 0)


def distinct(values: Ints) -> Ints:
    """Return the different values, ascending; by sorting, which is quicker than hashing when there are millions."""
    ordered = np.sort(values)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))]


def from_lists(
    unit: list[Any], reader: list[Any], value: list[Any], classes: list[Any] | None = None, session: Any = None
) -> Ratings:
    """Build ratings from three lists of equal length; None as a value is a missing rating.

    Parameters
    ----------
    classes
        All values in the order of the scale; those that occur, sorted, when None. Numbers count as what they measure.
    session
        Shape (ratings,); the number of the reading, from 0.
    """
    kept = [at for at, one in enumerate(value) if one is not None]
    known = sorted({value[at] for at in kept}) if classes is None else list(classes)
    place = {one: number for number, one in enumerate(known)}
    units = {one: number for number, one in enumerate(dict.fromkeys(unit))}
    readers = {one: number for number, one in enumerate(dict.fromkeys(reader))}
    measured = all(isinstance(one, int | float) for one in known)
    return Ratings(
        unit=np.array([units[unit[at]] for at in kept], dtype=np.int64),
        reader=Coded(
            np.array([readers[reader[at]] for at in kept], dtype=np.int64), tuple(str(one) for one in readers)
        ),
        value=Coded(np.array([place[value[at]] for at in kept], dtype=np.int64), tuple(str(one) for one in known)),
        numbers=np.array(known if measured else range(1, len(known) + 1), dtype=np.float64),
        session=None if session is None else np.asarray(session, dtype=np.int64)[kept],
    )
