# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""What a text says of the person it is about: its record number, the names and numbers behind labels, dates, old age.

What is gathered holds identifiers and goes into the vault. It must never be logged or raised.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from curator.detect.text.met import Kept
from curator.detect.text.protocol import find_all
from curator.detect.text.words.seen import View, view
from curator.engine import hands
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding
from curator.identifiers.persons import normal_id
from curator.scrub.dicom.harvest import is_placeholder
from curator.scrub.medium import RecordPerson
from curator.scrub.tabular.values import is_name
from curator.scrub.text import stream as streams
from curator.scrub.text.folds import FOLD, folds
from curator.scrub.typed_dates import read_typed

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment

#: Values of one kind that are gathered from one file; more say nothing new.
MOST = 2000
#: Pairs of name and birth date that are given as mentions.
_MOST_PAIRS = 24
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_DATE = (
    re.compile(
        r"(?P<month>[A-Za-z]{3,9})\.?[ \t]*[-/.,]?[ \t]*(?P<day>\d{1,2})(?:st|nd|rd|th)?[ \t]*[-/.,]?[ \t]*(?P<year>\d{4})"
    ),
    re.compile(
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:[ \t]+of)?[ \t]*[-/.,]?[ \t]*(?P<month>[A-Za-z]{3,9})\.?[ \t]*[-/.,]?[ \t]*(?P<year>\d{4})"
    ),
)
_BIRTH_BEFORE = re.compile(
    r"\b(?:d\.?o\.?b\.?|born(?: on)?|birth ?(?:date|day)?|date of birth|nacimiento|geb\w*)[\W_]{0,6}$", re.IGNORECASE
)
_TOKEN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9./-]{0,38}[A-Za-z0-9])?")
#: A number in groups, as in 0048 2913.
_GROUPS = re.compile(r"\d{2,4}(?: \d{2,4}){1,3}(?![\w/.:-])")
_SAYS_NAME = re.compile(
    r"(?:patient|pt|full|legal|last|first|middle|given|family|birth|maiden|preferred)\W{0,3}s? name|surname",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|prof|sir|jr|sr|ii|iii|iv|md|m\.d|rn|np|pa|phd|do)\b\.?|\([^)]*\)|[,;]?\s*(?:age[d]?\b|\d).*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:['’.-][^\W\d_'’.-]+)*\.?(?:,?\s+[^\W\d_][\w'’.-]*){0,3}")
_GAP = re.compile(r"[*_`~ \t]*(?:[:=#]|[|]|[ \t]-[ \t]|\t)[*_`~#: \t]*")
_NEXT_LINE = re.compile(r"\s{0,4}([^\r\n]{0,120})")
_ENDS = re.compile(r"[ ]{2,}|\t|\||;|[\r\n]|$")


@cache
def _labels() -> re.Pattern[str]:
    loaded = tomllib.loads(
        resources.files("curator.scrub.text").joinpath("data", "labels.toml").read_text(encoding="utf-8")
    )
    parts = [f"(?P<{kind}>{listed.replace(chr(10), '')})" for kind, listed in loaded.items()]
    # Numbers before names: "patient id" is no patient.
    parts.sort(key=lambda part: part.startswith("(?P<name>"))
    return re.compile(
        rf"(?:^|(?<=[\t|;,(])|(?<=[ ]{{2}})|(?<=\. ))[ \t>*_#\"'•·-]{{0,8}}(?:{'|'.join(parts)})(?={_GAP.pattern})",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _id_before() -> re.Pattern[str]:
    """Return the form of a label for a record number right before its value, with or without a colon."""
    loaded = tomllib.loads(
        resources.files("curator.scrub.text").joinpath("data", "labels.toml").read_text(encoding="utf-8")
    )
    return re.compile(
        rf"(?<![\w-])(?:{loaded['id'].replace(chr(10), '')})(?:[\s:=#*_]|is\b|was\b){{0,6}}$", re.IGNORECASE
    )


@dataclass(frozen=True)
class Label:
    """A label and ``[start, end)`` of what stands behind it; ``named`` when the label says that a name follows."""

    kind: str
    start: int
    end: int
    named: bool = False


def labels(text: str) -> list[Label]:
    """Return the labels of a text with the range of each one's value: to the next label, column or line end."""
    found = list(_labels().finditer(text))
    out = []
    for number, match in enumerate(found):
        gap = _GAP.match(text, match.end())
        start = gap.end() if gap else match.end()
        stop = _ENDS.search(text, start)
        end = stop.start() if stop else len(text)
        if start == end and stop and stop[0] in {"\r", "\n"}:  # the value stands on the next line
            line = _NEXT_LINE.match(text, end)
            if line:
                start, end = line.start(1), line.end(1)
        if number + 1 < len(found):
            end = min(end, max(start, found[number + 1].start()))
        if end > start:
            named = _SAYS_NAME.search(match[0]) is not None
            out.append(Label(str(match.lastgroup), start, min(end, start + 120), named))
    return out


def read_date(value: str) -> str | None:
    """Return a written date as YYYYMMDD, None when it is no whole one."""
    read = read_typed(value)
    if read is not None:
        return read.compact
    for form in _NAMED_DATE:
        match = form.fullmatch(value.strip())
        if match and match["month"][:3].lower() in _MONTHS:
            number = _MONTHS.index(match["month"][:3].lower()) + 1
            read = read_typed(f"{match['year']}-{number:02d}-{int(match['day']):02d}")
            return read.compact if read else None
    return None


@dataclass
class Gathered:
    """What was gathered of one person, or of one file. Fed with a text and its findings, as often as need be."""

    ids: dict[str, str] = field(default_factory=dict, repr=False)
    others: dict[str, None] = field(default_factory=dict, repr=False)
    known: dict[tuple[str, str], None] = field(default_factory=dict, repr=False)
    birth_dates: set[str] = field(default_factory=set, repr=False)
    last_date: str | None = field(default=None, repr=False)
    over_89: bool = False
    categories: set[str] = field(default_factory=set)

    def read(self, text: str, treatment: Treatment, hide: re.Pattern[str] | None = None) -> None:
        """Gather from a text of any length as a reader sees it.

        Raises
        ------
        ItemError
            When a detector fails.
        """
        pieces = (text[at : at + streams.SIZE] for at in range(0, len(text), streams.SIZE))
        for _ in self.follow(pieces, treatment, hide):
            pass

    def follow(
        self,
        pieces: Iterator[str],
        treatment: Treatment,
        hide: re.Pattern[str] | None = None,
        check: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Gather from a text that comes in pieces, and say so at each window that is done.

        A window is searched whole and left where the scrub is likely to leave it, so that what was found is of use.

        Parameters
        ----------
        pieces
            The text, cut anywhere.
        treatment
            The policy with its detectors.
        hide
            What a reader does not see.
        check
            Raises for a window that must not be read.

        Raises
        ------
        ItemError
            When a detector fails, and what ``check`` raises.
        """
        here = not hands.away()

        def search(window: str) -> tuple[tuple[Finding, ...], View | None, Kept | None]:
            if check is not None:
                check(window)
            helps = here and hands.away()
            if helps:
                treatment.met.begin()
            seen = _view(window, hide)
            found = find_all(window if seen is None else seen.plain, treatment.rules)
            return (found, None, treatment.met.met()) if helps else (found, seen, None)

        for window, last, (found, seen, kept), cut in streams.searched(
            pieces, search, size=streams.SIZE, lap=streams.LAP
        ):
            if kept is not None:
                treatment.met.join(kept)
                seen = _view(window, hide)
            cut(self._window(window, seen, found, last=last))
            yield

    def _window(self, window: str, seen: View | None, found: tuple[Finding, ...], *, last: bool) -> int:
        """Gather from a window of a text, and return where it was left: at its end when it is the ``last`` one."""
        plain = window if seen is None else seen.plain
        if last:
            self.take(plain, found)
            return len(window)
        where = streams.cut_at(
            window, len(window) - 2 * streams.LAP, found if seen is None else _as_written(found, seen)
        )
        stop = where if seen is None else bisect_left(seen.starts, where)
        self.take(plain[:stop], (one for one in found if one.end <= stop))
        return where

    def take(self, text: str, findings: Iterable[Finding]) -> None:
        """Gather from a text, or from a part of one; the findings in order, none over another."""
        found = list(findings)
        starts, ends = [one.start for one in found], [one.end for one in found]
        births: set[tuple[int, int]] = set()
        for label in labels(text):
            inside = found[bisect_right(ends, label.start) : bisect_left(starts, label.end)]
            self._label(text, label, inside, births)
        for one in found:
            self.categories.add(one.category.name.lower())
            value = text[one.start : one.end]
            if one.category is Category.DATE:
                self._date(text, one, value, births)
            elif one.category is Category.RECORD_NUMBER:
                if one.kind != "known" and len(self.others) < MOST:
                    self.others.setdefault(normal_id(value))
                if _id_before().search(text, max(0, one.start - 40), one.start):
                    self.identify(value)
            elif one.category in _UNIQUE and (one.rule.startswith("cue.") or one.category is Category.SSN):
                self.note("other", value)

    def note(self, kind: str, value: str) -> None:
        """Note an identifier as known; that there are more than are kept is noted too, and counted as not searched."""
        if value.strip():
            self.known.setdefault((kind, value.strip()) if len(self.known) < MOST else ("more", "1"))

    def identify(self, value: str) -> None:
        """Note the number of a record that the text is of."""
        wanted = squeezed(value)
        if wanted and not is_placeholder(value) and len(self.ids) < MOST:
            self.ids.setdefault(wanted, value.strip())
            self.note("id", value)

    def dated(self, day: str) -> None:
        """Note a date that is no birth date, YYYYMMDD."""
        if "19000101" <= day <= "21991231" and (self.last_date is None or day > self.last_date):
            self.last_date = day

    def born(self, day: str) -> None:
        """Note a birth date, YYYYMMDD."""
        if len(self.birth_dates) < MOST:
            self.birth_dates.add(day)
            self.note("birth_date", day)

    def _label(self, text: str, label: Label, inside: list[Finding], births: set[tuple[int, int]]) -> None:
        value = text[label.start : label.end].strip()
        if label.kind == "name":
            named = [one for one in inside if one.category is Category.NAME and one.kind in {"name", "known"}]
            for one in named:
                self.note("name", text[one.start : one.end])
            if not named and (name := bare_name(value, named=label.named)):
                self.note("name", name)
        elif label.kind == "birth_date":
            day = next((day for one in inside if (day := read_date(text[one.start : one.end]))), None)
            day = day or read_date(value)
            births.update((one.start, one.end) for one in inside)
            if day:
                self.born(day)
        elif label.kind == "id":
            number = record_number(value)
            if number:
                self.identify(number)
        elif label.kind == "other":
            for one in inside:
                if one.category not in {Category.DATE, Category.NAME, Category.GEOGRAPHY}:
                    self.note("other", text[one.start : one.end])
        elif label.kind == "address":
            self._address(text, label, inside)
        else:
            self._reach(text, label.kind, inside)

    def _reach(self, text: str, kind: str, inside: list[Finding]) -> None:
        """Note telephones or mail addresses that were found behind a label."""
        for one in inside:
            if one.category in _REACH[kind]:
                self.note(kind, text[one.start : one.end])

    def _address(self, text: str, label: Label, inside: list[Finding]) -> None:
        """Note the address alone of a line on which telephones, mail addresses, days and numbers may stand as well."""
        at = label.start
        others = [(one.start, one.end) for one in inside if one.category in _NO_ADDRESS]
        for start, end in [*others, (label.end, label.end)]:
            value = text[at:start]
            value = (_LEADS.sub("", value) if start < label.end else value).strip(" \t,;|()")
            at = max(at, end)
            if len(value) >= 8 and any(mark.isdecimal() for mark in value):
                self.note("address", value)
                break
        for kind in _REACH:
            self._reach(text, kind, inside)

    def _date(self, text: str, one: Finding, value: str, births: set[tuple[int, int]]) -> None:
        if one.kind in {"age", "birth-year"}:
            self.over_89 = True
            return
        day = read_date(value)
        if day is None:
            return
        if (
            (one.start, one.end) in births
            or one.rule == "cue.date"
            or _BIRTH_BEFORE.search(text, max(0, one.start - 24), one.start)
        ):
            self.born(day)
        else:
            self.dated(day)

    def person(self, ids: tuple[tuple[str, str, str], ...]) -> RecordPerson:
        """Return what was gathered as one person of a file."""
        return RecordPerson(
            ids=ids,
            known=tuple(self.known),
            birth_dates=tuple(sorted(self.birth_dates)),
            last_date=self.last_date,
            over_89=self.over_89,
        )

    def of_file(self) -> tuple[tuple[RecordPerson, ...], tuple[str, ...]]:
        """Return the people and the mentions of a file that is about one person at most.

        With exactly one record number the file is that person's; with several or none the values may only be looked
        up, and so may each name with each birth date.
        """
        if len(self.ids) == 1:
            return (self.person((("mrn", "", next(iter(self.ids.values()))),)),), ()
        names = [value for kind, value in self.known if kind == "name"]
        pairs = [f"{name}|{day}" for day in sorted(self.birth_dates) for name in names][:_MOST_PAIRS]
        mentions = tuple(dict.fromkeys([*self.ids.values(), *self.others, *pairs]))[:MOST]
        return (self.person(()),), mentions


def _view(window: str, hide: re.Pattern[str] | None) -> View | None:
    """Return a window as a reader sees it: without what is hidden, and with folded lines joined."""
    return view(window, hide=FOLD if hide is None and folds(window) else hide)


def _as_written(found: Iterable[Finding], seen: View) -> list[Finding]:
    """Return findings by their places in the text as it stands."""
    return [replace(one, start=seen.starts[one.start], end=seen.ends[one.end - 1]) for one in found]


_REACH = {"phone": frozenset({Category.PHONE, Category.FAX}), "email": frozenset({Category.EMAIL})}
#: What stands beside an address and is none of it.
_NO_ADDRESS = _REACH["phone"] | _REACH["email"] | {Category.URL, Category.SSN, Category.RECORD_NUMBER, Category.DATE}
#: The label of what stands beside an address: Tel., home phone:, e-mail.
_LEADS = re.compile(
    r"(?:[\s,;|(/–-]+(?:tele(?:phone)?|tel|ph(?:one)?|cell(?: ?phone)?|mobile|home|work|contact|fax|e-?mail|dob|ssn|mrn|web"
    r"|number|no)\b[.:#]*)+[\s,;|(/–-]*$",
    re.IGNORECASE,
)
_UNIQUE = frozenset(
    {Category.SSN, Category.HEALTH_PLAN, Category.ACCOUNT, Category.LICENSE, Category.VEHICLE, Category.DEVICE}
)


def record_number(value: str) -> str | None:
    """Return the number at the start of what stands behind a label, None when none stands there."""
    bare = value.lstrip(" #:[(*_")
    token = _GROUPS.match(bare) or _TOKEN.match(bare)
    if token is None or len(token[0]) < 3 or sum(mark.isdecimal() for mark in token[0]) < 2 or read_date(token[0]):
        return None
    return None if is_placeholder(token[0]) else token[0]


def squeezed(value: str) -> str:
    """Return the letters and digits of a number, as numbers in texts are compared."""
    return re.sub(r"[\W_]", "", normal_id(value)).upper()


def bare_name(value: str, *, named: bool = False) -> str | None:
    """Return a name that stands alone behind a label, without titles; None when it may be something else.

    Parameters
    ----------
    value
        What stands behind the label.
    named
        Whether the label says that a name follows: then a single word need not be a listed name.
    """
    from curator.detect.text.lists.lexicon import fold, lexicon

    plain = " ".join(_AROUND.sub(" ", value).split()).strip(" ,.;:*_")
    if not _NAME.fullmatch(plain) or len(plain) < 3:
        return None
    words = lexicon()
    parts = [fold(part) for part in re.findall(r"[^\W\d_]+", plain)]
    if any(part in words.words or part in words.medical for part in parts):
        return None
    return plain if named or len(parts) > 1 or is_name(plain) else None
