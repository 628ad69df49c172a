"""The detector that comes with the program: rules, labels, lexicons and context, no weights, no network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from curator.detect.text.cues import labeled
from curator.detect.text.dates import ages, numeric_dates, worded_dates
from curator.detect.text.names import names
from curator.detect.text.numbers import addresses, numbers
from curator.detect.text.places import places
from curator.detect.text.spots import figures, spots
from curator.identifiers.findings import Finding

_SWAPPED = re.compile(r"(?<![A-Za-z])[0-9OolI|][0-9OolI|./()-]{5,}(?![A-Za-z])")
_SWAP = str.maketrans("OolI|", "00111")


@dataclass(frozen=True)
class TextDetector:
    """Finds the identifiers of all 18 categories in a note.

    Parameters
    ----------
    facilities
        Also find hospitals, schools and employers by name. They are identifiers of relatives and employers and
        geographic units at once; a policy may keep them.
    """

    facilities: bool = True

    def find(self, text: str) -> Iterator[Finding]:
        """Yield findings; they may overlap."""
        found = spots(text)
        if found.numbers:
            read = unswapped(text)
            runs = found.numbers if read is text else figures(read)
            yield from numeric_dates(read, runs)
            yield from numbers(read, runs)
            yield from labeled(text, found.labels)
        yield from ages(text, found)
        yield from worded_dates(text, found)
        yield from addresses(text)
        yield from places(text, found, facilities=self.facilities)
        yield from names(text, found)


def unswapped(text: str) -> str:
    """Return a text of equal length in which O and l inside of numbers, as OCR leaves them, are digits again."""

    def repair(match: re.Match[str]) -> str:
        word = match[0]
        letters = sum(1 for mark in word if mark in "OolI|")
        digits = sum(1 for mark in word if mark.isdecimal())
        return word.translate(_SWAP) if letters and digits >= 2 * letters else word

    read = _SWAPPED.sub(repair, text)
    return text if read == text else read
