"""What a text must have for a pattern to match in it at all: so many figures, some mark, some letters in a row.

A look ahead that costs less than the search it saves. It may only say no where the pattern cannot match; a text that is
not plain ASCII is always searched (tests/scrub/dicom/test_descriptors_ahead.py holds each answer against its pattern).
"""

from __future__ import annotations

import re
from functools import lru_cache

_RUNS = re.compile(r"[0-9]+")
#: The figures of an age over 89.
_OLD = re.compile(r"(?:9[0-9]|1[0-3][0-9])(?![0-9])")
#: Figures and runs of them that a text which is not ASCII is taken to have.
_MANY = 1 << 30
#: Letters with which the months of the patterns begin, as far as they are ASCII.
_MONTHS = (
    *("jan", "feb", "fev", "mar", "maa", "apr", "abr", "avr", "may", "mai", "mag", "maj", "mei", "jun", "giu", "jul"),
    *(
        "jui",
        "lug",
        "aug",
        "aou",
        "ago",
        "sep",
        "set",
        "oct",
        "okt",
        "ott",
        "out",
        "nov",
        "dec",
        "dez",
        "dic",
        "ene",
        "gen",
    ),
)
#: Letters that each label of a record number has one of.
_LABELS = ("mr", "med", "acc", "pat", "pid", "pt", "ssn", "ss ", "ss#", "soc", "csn", "hosp", "nhs", "fall", "aufnahme")
_PLATES = ("plate", "vin", "passport")
_MARKS_OF_FORMS = ("@", ".", ":")
_MARKS_OF_CODES = ("@", "://", "www.", "\\\\", "+", " at ", "(at)")
#: What parts the six pairs of a hardware address, five times.
_PAIRS = 5


def _has(text: str, marks: tuple[str, ...]) -> bool:
    for mark in marks:  # noqa: SIM110 - a generator costs more than the search
        if mark in text:
            return True
    return False


class Ahead:
    """One text, looked at once.

    Attributes
    ----------
    low
        The text in lower case.
    plain
        Whether it is ASCII.
    figures, runs, longest
        How many figures it has, in how many runs, and how many the longest run has; very many where it is not ASCII.
    """

    __slots__ = ("figures", "longest", "low", "plain", "runs", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.low = text.lower()
        self.plain = text.isascii()
        if self.plain:
            runs = _RUNS.findall(text)
            self.runs = len(runs)
            self.longest = len(max(runs, key=len)) if runs else 0
            self.figures = sum(map(len, runs))
        else:
            self.figures = self.runs = self.longest = _MANY

    def any_figure(self) -> bool:
        """Say whether there is a figure of any script."""
        return bool(self.figures) if self.plain else any(map(str.isdigit, self.text))

    def month(self) -> bool:
        """Say whether letters stand there with which a month begins."""
        return not self.plain or _has(self.low, _MONTHS)

    def date(self) -> bool:
        """Say whether a date may stand there: in two runs of figures, in one of eight, or with a month's name."""
        return (self.runs > 1 and self.figures > 2) or self.longest > 7 or (self.figures > 0 and self.month())

    def day(self) -> bool:
        """Say whether a day of the year may stand there: in two runs of figures, or with a month's name."""
        return self.runs > 1 or (self.figures > 0 and self.month())

    def label(self) -> bool:
        """Say whether a record number may stand there behind its label."""
        return not self.plain or ((self.figures > 0 or _has(self.low, (":", "#", "="))) and _has(self.low, _LABELS))

    def labeled(self) -> bool:
        """Say whether any number may stand there behind a label or a number sign."""
        return self.figures > 3 or (self.figures > 2 and "#" in self.text) or self.label()

    def code(self) -> bool:
        """Say whether a code, a telephone number or an address of mail may stand there."""
        extension = self.longest > 3 and "x" in self.low
        return self.longest > 4 or extension or (self.runs > 1 and self.figures > 3) or _has(self.low, _MARKS_OF_CODES)

    def odd_date(self) -> bool:
        """Say whether a date of another land may stand there: one or two figures, a month's name, a year."""
        return self.figures > 4 and self.runs > 1

    def odd_code(self) -> bool:
        """Say whether a number of another land, or of a vehicle, may stand there: with a capital or many figures."""
        if self.figures > 7:
            return True
        return self.low != self.text and (self.figures > 1 or (self.figures > 0 and _has(self.low, _PLATES)))

    def age(self) -> bool:
        """Say whether an age over 89 may stand there in figures."""
        return self.figures > 1 and (not self.plain or _OLD.search(self.text) is not None)

    def birth(self) -> bool:
        """Say whether a birth date may stand there behind its label."""
        return self.figures > 1 and (not self.plain or "b" in self.low or "nac" in self.low)

    def year(self) -> bool:
        """Say whether a year may stand there."""
        return self.longest > 3

    def spoken_age(self) -> bool:
        """Say whether an age over 89 may stand there in words."""
        return self.age() or "ninety" in self.low or "hundred" in self.low

    def web(self) -> bool:
        """Say whether an address of the web or of mail may stand there."""
        return not self.plain or _has(self.low, ("@", "://", "www."))

    def path(self) -> bool:
        """Say whether a path of a disk may stand there."""
        return ":" in self.text or "/" in self.text

    def form(self) -> bool:
        """Say whether what has the form of an identifier may stand there: an address, a telephone number, a UID."""
        text = self.text
        return self.figures > 7 or _has(text, _MARKS_OF_FORMS) or text.count("-") >= _PAIRS

    def title(self) -> bool:
        """Say whether a title before a name may stand there."""
        return _has(self.text, ("Dr", "Prof", "Mrs"))


#: Longest text whose look is remembered: it is asked for several times while the text is cleaned.
_SHORT = 256
_remembered = lru_cache(maxsize=16)(Ahead)


def ahead_of(text: str) -> Ahead:
    """Return a text looked at once; nobody changes it."""
    return _remembered(text) if len(text) <= _SHORT else Ahead(text)
