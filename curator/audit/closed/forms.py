"""The spellings of what is known: folded letters and digits, each with the rule by which a place is judged.

Case, accents, separators, order of names and forms of dates are covered by searching folded text for a few folded
strings. It must never print or raise a value.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import permutations
from typing import Any, NamedTuple

from curator.audit.closed.engine import LEAST
from curator.audit.closed.packed import Gathered, Groups, Texts
from curator.audit.closed.rules import Rule
from curator.identifiers.categories import LIKELY_NAME
from curator.identifiers.spelling import fold, spellings, visible, weight

#: Folded bytes of which a string is searched: what is longer is known by its beginning.
MOST = 64
#: Letters of one part of a name from which on it is searched inside of words too, in files about the person.
_PART = 7
#: Weight (letters and digits, an ideograph counting for three) below which nothing is searched.
_LEAST = 2
_MOST_PARTS = 4
_NATIONAL = 10
_WORD = re.compile(r"[^\W_]+")
_SPLIT = re.compile(r"[\n\r,;^=]")
_ZIP = re.compile(r"(\d{5})-?\d{4}|(\d{5})")
#: Categories of which each value is somebody's alone; those of the rest are searched for their person only.
_ALONE = frozenset(
    {"name", "id", "accession", "phone", "fax", "email", "address", "ssn", "health_plan", "account", "license"}
    | {"institution_address", "vehicle", "device", "url", "ip", "biometric", "photograph", "uid"}
)
_LEAST_DIGITS = 5
#: Values whose spellings are remembered for the next person who has them, and categories in which nobody else does.
_REMEMBERED, _ONCE = 1 << 14, frozenset({"uid", "id", "accession"})


class Spelling(NamedTuple):
    """A folded string, its rule, and whether it is somebody's alone."""

    text: bytes
    rule: Rule
    alone: bool = False


@dataclass(frozen=True)
class Known:
    """One person. For the memory of an audit only.

    Parameters
    ----------
    number
        The running number.
    values
        (category, value).
    shift
        Whole days by which the dates move, 0 when they do not.
    """

    number: int
    values: tuple[tuple[str, str], ...] = field(repr=False)
    shift: int = field(default=0, repr=False)


@cache
def words(name: str) -> Any:
    """Return one list of ``data/words.toml``."""
    text = resources.files("curator.audit.closed").joinpath("data", "words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)[name]


def forms_of(category: str, value: str, others: frozenset[str] = frozenset()) -> Iterator[Spelling]:
    """Yield the spellings of one value.

    Parameters
    ----------
    category, value
        As the vault keeps them.
    others
        Dates that a file about the person may hold, YYYYMMDD.
    """
    alone = category in _ALONE or (category == "other" and sum(map(str.isdecimal, value)) >= _LEAST_DIGITS)
    if category in {"date", "birth_date"}:
        if value not in others:
            yield from _date(value)
    elif category in {"name", LIKELY_NAME}:
        yield from _name(value)
    elif category == "uid":
        yield Spelling(fold(value).encode()[:MOST], Rule.UID, True)
    elif category in {"address", "institution_address"}:
        yield from _address(value)
    else:
        yield from _plain(category, value, alone)


def _plain(category: str, value: str, alone: bool) -> Iterator[Spelling]:
    plain = fold(value)
    if weight(plain) < _LEAST:
        return
    digits = plain.isascii() and plain.isdecimal()
    rule = Rule.PHONE if digits and category in {"phone", "fax", "ssn"} else Rule.NUMBER if digits else Rule.LETTERS
    texts = {plain}
    if digits and rule is Rule.PHONE and len(plain) > _NATIONAL:
        texts.add(plain[-_NATIONAL:])
    elif digits:
        texts.add(plain.lstrip("0"))
    elif category in {"email", "phone"} and "@" in value:
        texts.add(fold(value.partition("@")[0]))
    elif category in {"id", "accession", "other"}:
        # A number with letters before it: the number alone, as others write it.
        texts.update(run for run in re.findall(r"[0-9]{7,}", plain) if run.lstrip("0") == run)
    for text in texts:
        size = weight(text)
        if size < _LEAST:
            continue
        own = Rule.NUMBER if text.isascii() and text.isdecimal() and rule is not Rule.PHONE else rule
        yield Spelling(text.encode()[:MOST], own, alone and size >= LEAST and (text.isdecimal() or _is_rare(text)))


def _is_rare(text: str) -> bool:
    """Say whether a code is nobody else's: letters and digits, or many letters."""
    return len(text) >= 10 or any(map(str.isdecimal, text)) or not text.isascii()


def _address(value: str) -> Iterator[Spelling]:
    for part in dict.fromkeys((value, *_SPLIT.split(value))):
        plain = fold(part)
        zipped = _ZIP.fullmatch(part.strip().rpartition(" ")[2])
        if zipped:
            yield Spelling((zipped[1] or zipped[2]).encode(), Rule.NUMBER)
        if weight(plain) < _LEAST or (plain.isdecimal() and len(plain) <= 5):
            continue
        numbered = any(map(str.isdecimal, plain)) and sum(map(str.isalpha, plain)) >= 5
        rule = Rule.NUMBER if plain.isascii() and plain.isdecimal() else Rule.LETTERS
        yield Spelling(plain.encode()[:MOST], rule, numbered and len(plain) >= LEAST)


def _name(value: str) -> Iterator[Spelling]:
    for group in value.split("="):
        for spelled in spellings(group):
            yield from _spelled(spelled)


def _spelled(group: str) -> Iterator[Spelling]:
    plain = visible(group).replace("^", " ").replace("'", "").replace("’", "")
    listed = [folded for word in _WORD.findall(plain) if (folded := fold(word))]
    particles = words("particles")
    parts = [part for part in dict.fromkeys(listed) if part not in particles]
    # Of a name that is made of everyday words only, no word says by itself that it is a name.
    told = parts if len(parts) == 1 or not set(parts) <= set(words("everyday")) else []
    for part in told:
        if weight(part) >= _LEAST:
            yield Spelling(part.encode()[:MOST], Rule.NAME)
    long = [part for part in parts if weight(part) > 1]
    for size in range(2, min(len(parts), _MOST_PARTS) + 1):
        for chosen in permutations(parts[:_MOST_PARTS], size):
            if sum(weight(part) > 1 for part in chosen) > 1:
                yield Spelling("".join(chosen).encode()[:MOST], Rule.NAME, True)
    if len(parts) > 1:
        yield Spelling("".join(listed).encode()[:MOST], Rule.NAME, True)
    for one, other in permutations(long[:_MOST_PARTS], 2):
        if len(one) >= 4 and one.isascii() and other.isascii():
            yield Spelling((other[0] + one).encode()[:MOST], Rule.NAME)
            yield Spelling((one + other[0]).encode()[:MOST], Rule.NAME)


def _date(value: str) -> Iterator[Spelling]:
    if len(value) != 8 or not value.isdecimal() or not 1 <= int(value[4:6]) <= 12:
        return
    year, month, day = value[:4], value[4:6], value[6:]
    if month + day == "0101":
        return  # what is left of any date of that year
    for one in {year + month + day, day + month + year, month + day + year}:
        yield Spelling(one.encode(), Rule.DATE)


@dataclass
class Sheet:
    """Everything that is searched.

    Attributes
    ----------
    forms
        The folded strings.
    dates
        Dates as :func:`date_of` writes them, the year with four and with two digits.
    counts
        Category to how many of its values are ``strong`` (searched everywhere), ``weak`` (as words, in texts) and
        ``unsearched``.
    """

    forms: Texts = field(repr=False)
    dates: Texts = field(repr=False)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)


def date_of(year: str, month: str, day: str) -> bytes:
    """Return a date in its parts as it is kept."""
    return f"{year}-{month}-{day}".encode()


def sheet_of(people: Iterable[Known]) -> Sheet:
    """Make the spellings of everything that is known of some persons."""
    groups = Groups()
    forms, dates = Gathered(groups), Gathered(groups)
    counts: dict[str, dict[str, int]] = {}
    made: dict[tuple[str, str], list[Spelling]] = {}
    for person in people:
        explained = _explained(person)
        for category, value in person.values:
            key = (category, value)
            found = made.get(key)
            if found is None or (value in explained):
                found = list(forms_of(category, value, explained))
                if value not in explained and category not in _ONCE:
                    if len(made) >= _REMEMBERED:
                        made.clear()
                    made[key] = found
            _count(counts, category, found)
            if found and found[0].rule is Rule.DATE:
                for year in (value[:4], value[2:4]):
                    dates.add(date_of(year, value[4:6], value[6:]), Rule.DATE, category, person.number)
            for text, rule, alone in found:
                forms.add(text, rule, category, person.number, alone=alone)
    made.clear()
    packed = Sheet(forms.packed(), dates.packed(), counts)
    groups.close()
    return packed


def _count(all_of: dict[str, dict[str, int]], category: str, found: list[Spelling]) -> None:
    counts = all_of.setdefault(category, {"strong": 0, "weak": 0, "unsearched": 0})
    longest = max((len(one.text) for one in found), default=0)
    counts["strong" if longest >= LEAST else "weak" if longest else "unsearched"] += 1


def _explained(person: Known) -> frozenset[str]:
    """Return the person's dates that a moved date of theirs looks like: nobody can tell them apart."""
    if not person.shift:
        return frozenset()
    import datetime as dt

    dates = {value for category, value in person.values if category in {"date", "birth_date"}}
    moved = set()
    for one in dates:
        try:
            day = dt.date(int(one[:4]), int(one[4:6]), int(one[6:8])) + dt.timedelta(days=person.shift)
        except (ValueError, OverflowError):
            continue
        moved.add(day.strftime("%Y%m%d"))
    return frozenset(dates & moved)
