"""What a column holds, learned from rows spread over the whole file: shares of dates, numbers, names, long texts.

It keeps counts and, for a while, values of the sample in memory; it must never hand out a value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from curator.scrub.tabular.roles import Role
from curator.scrub.tabular.values import (
    CODE,
    LIKE_AN_ID,
    LONG_NUMBER,
    PLAIN,
    REGISTERED_UID,
    TNM,
    UID,
    is_name,
    is_unlisted,
)
from curator.scrub.typed_dates import read_typed

if TYPE_CHECKING:
    from curator.detect.text.protocol import Detector

#: About so many rows of the start are all looked at, then fewer and fewer: about as many again each time the file
#: grows by a factor of e.
SAMPLE = 4096
_DISTINCT = 4096
_LONG = 48
_WORDS = 6


def sampled(number: int) -> bool:
    """Say whether a row is looked at: all of the first, then a thinning share without a period, the same each time."""
    if number < SAMPLE:
        return True
    return (number * 2654435761) % (1 << 32) < ((SAMPLE << 32) // (number + 1))


def _never(_cell: str) -> bool:
    return False


@dataclass
class Contents:
    """Counts over the cells of one column that were looked at and are not empty."""

    seen: int = 0
    dates: int = 0
    uids: int = 0
    names: int = 0
    unlisted: int = 0
    found: int = 0
    ids: int = 0
    long: int = 0
    numbers: int = 0
    _values: set[str] = field(default_factory=set, repr=False)

    def add(
        self, cell: str, detectors: Sequence[Detector], *, coded: bool = False, is_range: Callable[[str], bool] = _never
    ) -> None:
        """Count one cell.

        Parameters
        ----------
        cell
            Its text.
        detectors
            What finds identifiers.
        coded
            Whether codes of a terminology are expected, such as ICD9:427.31.
        is_range
            Says whether a text is a range of numbers in this column: 12-16 is no day among reference ranges.
        """
        value = cell.strip()
        if not value:
            return
        self.seen += 1
        if len(self._values) < _DISTINCT:
            self._values.add(value[:64])
        if PLAIN.fullmatch(value) or value.startswith(REGISTERED_UID) or TNM.fullmatch(value) or is_range(value):
            self.numbers += 1
            return
        if len(value) > _LONG and value.count(" ") >= _WORDS:
            self.long += 1
            return
        if len(value) <= 48:
            read = read_typed(value)
            if read is not None and read.compact is not None:
                self.dates += 1
                return
        if UID.fullmatch(value):
            self.uids += 1
        elif LONG_NUMBER.fullmatch(value) or LIKE_AN_ID.fullmatch(value):
            self.ids += 1
        elif is_name(value):
            self.names += 1
        elif coded and CODE.fullmatch(value) and any(map(str.isdecimal, value)):
            self.numbers += 1
        elif len(value) > 4096:
            self.long += 1
        else:
            self._search(value, detectors)

    def _search(self, value: str, detectors: Sequence[Detector]) -> None:
        from curator.detect.text.protocol import find_all

        if find_all(value, detectors):
            self.found += 1
        elif is_unlisted(value):
            self.unlisted += 1

    def values(self) -> Collection[str]:
        """Return the different values that were looked at, for looking at them again; they must not get out."""
        return self._values

    @property
    def distinct(self) -> float:
        """The share of values that stand once, about; 0 to 1."""
        looked = min(self.seen, _DISTINCT)
        return min(1.0, len(self._values) / looked) if looked else 0.0

    def share(self, count: int) -> float:
        """Return a count as a share of the cells looked at."""
        return count / self.seen if self.seen else 0.0

    def verdict(self, *, coded: bool) -> tuple[Role, str] | None:
        """Return a stricter role than ``keep`` and why, None when nothing speaks against keeping.

        Parameters
        ----------
        coded
            Whether long numbers are expected, as for codes of a terminology.
        """
        if not self.seen:
            return None
        if self.share(self.uids) >= 0.5:
            return Role.UID, "holds UIDs"
        if self.share(self.dates) >= 0.5:
            return Role.DATE, "holds dates"
        if self.share(self.names) >= 0.2 and self.names >= 2:
            return Role.DROP, "holds names"
        if self.seen >= 10 and self.share(self.names + self.unlisted) >= 0.5 and self.distinct > 0.5:
            return Role.DROP, "holds words of no list, all different, like names"
        if self.share(self.found) >= 0.2:
            return Role.DROP, "holds identifiers"
        if self.share(self.ids) >= 0.5 and self.seen >= 3 and (not coded or self.seen >= 20) and self.distinct > 0.9:
            return Role.DROP, "holds numbers like IDs"
        if self.long:
            return Role.TEXT, "holds free text"
        return None
