"""What takes the place of a finding: a typed tag, a consistent surrogate, or nothing; and where everything went.

A pure function of text, findings and mode. A surrogate is drawn by HMAC from a secret key and the value as it reads
without case, accents and punctuation, so that one name has one stand-in throughout a project. It is never the value.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from curator.core.hashing import keyed
from curator.detect.text.dates.dateforms import shifted
from curator.detect.text.dates.years import Years, days_first
from curator.detect.text.lists.lexicon import data_text, fold, lexicon
from curator.detect.text.words.shown import readings
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding, merge

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
#: Small words of names that say nothing of anybody.
_PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "le", "ten"}
    | {"ter", "van", "von", "zu", "y", "e", "and", "und", "of"}
)
_OVER_89 = "90 or older"
#: ZIP prefixes of 20,000 people or fewer in the Census of 2000 or of 2020 (45 CFR 164.514(b)(2)(i)(B)).
_SMALL = frozenset(
    ("036", "059", "063", "102", "202", "203", "204", "205", "369", "556", "692", "753", "772", "790", "821", "823")
    + ("830", "831", "878", "879", "884", "890", "893")
)


class Mode(StrEnum):
    """What takes the place of a finding."""

    TAG = "tag"
    SURROGATE = "surrogate"
    REMOVE = "remove"


@dataclass(frozen=True)
class Rules:
    """How to replace.

    Parameters
    ----------
    mode
        Tag, surrogate or nothing.
    key
        32 secret bytes for surrogates: a subkey of the project, so that the same name is the same stand-in everywhere.
    shift_days
        Days by which dates move in surrogate mode; None moves none.
    years
        Whether the year stands for a date that does not move, which Safe Harbor allows; else a tag does.
    day_first
        How to read 03/04/2021 in a text none of whose dates tells it.
    least_year
        Dates of this year and before do not stay, not even their year: they would tell an age over 89.
    zip3
        Keep the first three digits of a ZIP code where more than 20,000 people live, else 000.
    near
        A day of the time that a text is of, for dates without a year in a text without a date with one; None when
        nothing is known of it.
    """

    mode: Mode = Mode.TAG
    key: bytes = field(default=b"", repr=False)
    shift_days: int | None = field(default=None, repr=False)
    years: bool = True
    day_first: bool = False
    zip3: bool = True
    least_year: int = 0
    near: date | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse surrogates without a secret: they could be guessed."""
        if self.mode is Mode.SURROGATE and len(self.key) < 32:
            raise ValueError("surrogates need a key of 32 bytes")


@dataclass(frozen=True)
class Edit:
    """One replacement: ``[start, end)`` of the old text became ``[new_start, new_end)`` of the new one."""

    start: int
    end: int
    new_start: int
    new_end: int
    category: Category
    kind: str
    #: Which rule saw what was replaced, as a finding has it; empty where it is not told.
    rule: str = field(default="", compare=False)


@dataclass(frozen=True)
class Replaced:
    """A text after replacement."""

    text: str
    edits: tuple[Edit, ...]

    def position(self, old: int, *, end: bool = False) -> int:
        """Return where an offset of the old text lies in the new one.

        Parameters
        ----------
        old
            Offset in code points.
        end
            Whether it ends a range; an offset inside of a replaced value moves to that side's edge.
        """
        at = bisect_right(self.edits, old, key=lambda edit: edit.start) - 1
        if at < 0:
            return old
        edit = self.edits[at]
        if old >= edit.end:
            return old - edit.end + edit.new_end
        if old == edit.start:
            return edit.new_start
        return edit.new_end if end else edit.new_start

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Carry a label's half-open range along; what it covered stays covered by what replaced it."""
        return self.position(start), self.position(end, end=True)


def replace(text: str, findings: Iterable[Finding], rules: Rules) -> Replaced:
    """Replace findings in a text.

    Parameters
    ----------
    text
        The text.
    findings
        What was found in it; overlapping ones are merged first.
    rules
        What takes their place.

    Returns
    -------
    Replaced

    Raises
    ------
    ValueError
        For a finding that does not lie in the text.
    """
    out: list[str] = []
    edits: list[Edit] = []
    at = size = 0
    listed = merge(findings)
    years = None
    if rules.mode is Mode.SURROGATE and rules.shift_days is not None:
        if not rules.day_first and days_first(text, listed):
            rules = dataclasses.replace(rules, day_first=True)
        years = Years(text, listed, day_first=rules.day_first, near=rules.near)
    for number, finding in enumerate(listed):
        if finding.end > len(text):
            raise ValueError("a finding lies outside of the text")
        before = text[at : finding.start]
        near = years.near(finding.start) if years else None
        new = stand_in(text[finding.start : finding.end], finding, rules, near=near)
        if new == _OVER_89:
            new = _parted(text, listed[max(0, number - 1) : number + 2], finding)
        out += (before, new)
        start = size + len(before)
        size = start + len(new)
        edits.append(Edit(finding.start, finding.end, start, size, finding.category, finding.kind, finding.rule))
        at = finding.end
    out.append(text[at:])
    return Replaced("".join(out), tuple(edits))


def _parted(text: str, near: Sequence[Finding], age: Finding) -> str:
    """Return what stands for an age: once where it was found in two parts (92, Y), a blank before its unit (92yo)."""
    if any(one.end == age.start and one.kind == "age" for one in near):
        return ""
    glued = text[age.end : age.end + 1].isalpha() and not any(one.start == age.end for one in near)
    return f"{_OVER_89} " if glued else _OVER_89


def stand_in(value: str, finding: Finding, rules: Rules, *, near: date | None = None) -> str:
    """Return what takes the place of one value; a date without a year is one of the time of ``near``."""
    if rules.mode is Mode.REMOVE:
        return ""
    if finding.kind in {"age", "birth-year"}:
        return _OVER_89 if finding.kind == "age" else tag(finding)
    if rules.mode is Mode.TAG:
        return tag(finding)
    return _surrogate(readings(value)[0], finding, rules, near)


def tag(finding: Finding) -> str:
    """Return a typed tag such as ``[NAME]``."""
    return f"[{finding.category.name.replace('_', ' ')}]"


def _surrogate(value: str, finding: Finding, rules: Rules, near: date | None) -> str:
    category = finding.category
    if category is Category.DATE:
        return _date(value, finding, rules, near)
    if category is Category.NAME:
        return _name(value, rules) if finding.kind in {"name", "known"} else _scrambled(value, rules)
    if category is Category.GEOGRAPHY:
        return _place(value, finding, rules)
    if category in {Category.EMAIL, Category.URL}:
        token = _draw(rules, category.name, value).hex()[:8]
        return f"{token}@mail.invalid" if category is Category.EMAIL else f"https://{token}.invalid"
    if category is Category.IP:
        return f"192.0.2.{_draw(rules, 'ip', value)[0]}"
    if category in {Category.PHOTOGRAPH, Category.BIOMETRIC}:
        return tag(finding)
    return _scrambled(value, rules)


def _date(value: str, finding: Finding, rules: Rules, near: date | None) -> str:
    year = re.search(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)", value)
    if year and int(year[0]) <= rules.least_year:
        return tag(finding)
    if rules.shift_days is not None:
        return shifted(value, rules.shift_days, day_first=rules.day_first, near=near) or tag(finding)
    return year[0] if year and rules.years else tag(finding)


def _name(value: str, rules: Rules) -> str:
    """Put a stand-in for each word. One word has one stand-in wherever it stands, so that a person keeps a name."""
    words = list(_WORD.finditer(value))
    if not words:
        return "[NAME]"
    given = lexicon().given
    capitals = [word for word in words if word[0][0].isupper()]
    out, at = "", 0
    for number, word in enumerate(words):
        out += value[at : word.start()]
        kind = "given" if fold(word[0]) in given else "family"
        if fold(word[0]) in _PARTICLES and word[0].islower() and any(len(other[0]) > 1 for other in capitals):
            out += word[0]
        elif len(word[0]) == 1:
            out += chr(ord("A") + _draw(rules, "initial", fold(value))[number % 32] % 26)
        else:
            out += _cased(_pick(kind, word[0], rules), word[0])
        at = word.end()
    return out + value[at:]


def _cased(new: str, like: str) -> str:
    return new.upper() if like.isupper() else new.lower() if like.islower() else new


def _place(value: str, finding: Finding, rules: Rules) -> str:
    if finding.kind == "zip":
        digits = value[:3]
        if not rules.zip3 or not re.fullmatch(r"\d{5}(?:-\d{4})?", value):
            return tag(finding)
        return zip_prefix(digits)
    if finding.kind == "street":
        number = int.from_bytes(_draw(rules, "house", value)[:2], "big") % 900 + 10
        return f"{number} {_pick('street', value, rules)} Street"
    return _cased(_pick("facility" if finding.kind == "facility" else "city", value, rules), value)


def zip_prefix(digits: str) -> str:
    """Return the first three digits of a US ZIP code, or 000 where 20,000 people or fewer live."""
    return "000" if digits[:3] in _SMALL else digits[:3]


def _scrambled(value: str, rules: Rules) -> str:
    """Put a drawn digit for each digit and a drawn letter for each letter; marks stay."""
    stream = b"".join(_draw(rules, f"code-{number}", value) for number in range(len(value) // 32 + 1))
    out = "".join(
        str(drawn % 10) if mark.isdecimal() else _cased(chr(ord("A") + drawn % 26), mark) if mark.isalpha() else mark
        for mark, drawn in zip(value, stream, strict=False)
    )
    if out == value:
        return "[CODE]"
    return out


@cache
def _lists() -> dict[str, list[str]]:
    import tomllib

    loaded: dict[str, Any] = tomllib.loads(data_text("surrogates.toml"))
    return {name: list(values) for name, values in loaded.items()}


def stand_in_names() -> frozenset[str]:
    """Return the names that stand in for names, folded."""
    return frozenset(fold(name) for kind in ("given", "family") for name in _lists()[kind])


def _pick(kind: str, value: str, rules: Rules) -> str:
    """Draw a stand-in that is not the value itself."""
    listed: Sequence[str] = _lists()[kind]
    at = int.from_bytes(_draw(rules, kind, value)[:8], "big") % len(listed)
    return listed[(at + 1) % len(listed)] if normal(listed[at]) == normal(value) else listed[at]


def normal(value: str) -> str:
    """Return a value as surrogates compare it: no case, accents, punctuation, possessive."""
    return " ".join(re.sub(r"['’]s$", "", word) for word in _WORD.findall(fold(value)))


def _draw(rules: Rules, domain: str, value: str) -> bytes:
    return keyed(rules.key, f"surrogate-{domain}", normal(value).encode("utf-8"))
