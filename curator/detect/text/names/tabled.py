# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Names, towns and days in the columns of a table whose heads tell them: a patient's list, a schedule, a line list.

The head is never found, nor a cell that holds no value. A table is one whose columns stand apart by blanks, tabs or
bars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.fields.layouts import Columns
from curator.detect.text.lists.lexicon import fold, is_name
from curator.detect.text.words.hints import at_lines
from curator.detect.text.words.spots import Spots, beginning
from curator.detect.text.words.vocabulary import kind_of, tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_HEADS = {
    "name": frozenset(name.replace("_", " ") for name in tables()["column_names"].split()),
    "city": frozenset(name.replace("_", " ") for name in tables()["column_cities"].split()),
    "date": frozenset(name.replace("_", " ") for name in tables()["column_dates"].split()),
}
_MONTHS = frozenset(
    [
        "sun",
        "moon",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "winter",
        "summer",
        "friday",
        "monday",
        "black",
        "white",
        "green",
        "brown",
        "gray",
        "page",
        "wood",
        "foot",
        "hand",
        "long",
        "young",
        "small",
        "little",
        "good",
        "best",
        "sharp",
        "strong",
    ]
)
_NONE = frozenset(tables()["no_value"].split()) | frozenset(tables()["no_speaker"].split())
#: Last words of the heads of another table, or of another form's row.
_LABELS = frozenset(tables()["column_labels"].split()).union(*_HEADS.values())
#: A head: a cell of a few words, blanks, a tab or a bar on both sides.
_HEAD = re.compile(
    r"(?m)(?:^|(?<=^[ ])|(?<=[ ]{2})|(?<=[\t|])|(?<=[\t|][ ]))([A-Za-z][A-Za-z/ ]{1,22}?)\.?(?=[ ]{2}|[ ]?[\t|]|[ ]?$)"
)
#: The first words of the heads that are looked for.
_FIRSTS = frozenset(re.split("[ /]", head)[0] for heads in _HEADS.values() for head in heads)
_CELL = re.compile(
    r"(?:(?:van|von|de|der|den|la|le|del|della|di|da|dos|al|el|ten|ter|zu)[ ]){0,3}[^\W\d_a-z](?:[^\W\d_]|['’.,-]|[ ](?=[^\W\d_(])){1,39}$"
)
_DAY = re.compile(r"(?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?:[-/.](?:\d\d){1,2})?$")


#: A head whose cells a semicolon or a comma parts without blanks: bed;name;age;doc;rn
_PARTED = at_lines(
    r"[A-Za-z#][\w /#.-]{0,24}(?:(?:;[ ]?[A-Za-z#][\w /#.-]{0,24}){2,24}|(?:,[A-Za-z#][\w /#.-]{0,24}){2,24})[ ]*(?![^\n])"
)
_PART = re.compile(r"[^;,]+")
#: Heads that are a person only where nothing but names stands below: pt, pa.
_SHORT = frozenset(
    [
        "pt",
        "pa",
        "md",
        "ot",
        "res",
        "reg",
        "rep",
        "cm",
        "sw",
        "who",
        "lead",
        "assigned",
        "primary",
        "np",
        "dr",
        "reported",
        "charge",
        "owner",
        "cons",
        "doc",
        "slp",
        "wife",
        "last",
        "first",
    ]
)
#: Heads below which even a word that is a term or a month is somebody's name.
_PERSONS = _HEADS["name"] - {"name", "names", "contact", "student", "client", "last", "first", "given"}
_NOBODY = frozenset(tables()["nobody"].split()) - _MONTHS


def _named(parts: list[str]) -> bool:
    """Say whether a list of names has a cell's words, which are terms elsewhere."""
    return all(is_name(fold(part)) and fold(part) not in _NOBODY and not part.isupper() for part in parts if part)


def tabled(text: str, words: Spots) -> Iterator[Finding]:
    """Yield what stands below a head that tells it.

    Parameters
    ----------
    text
        The text.
    words
        Its words.
    """
    if "\n" not in text:
        return
    spread = "   " in text or "\t" in text or "|" in text
    columns: Columns | None = None
    heads = [(match[1], match.start(1)) for match in beginning(words, _HEAD, _FIRSTS)] if spread else []
    if text.count(";") > 3 or text.count(",") > 3:
        heads += [
            (part[0].strip(), part.start())
            for match in _PARTED(text)
            for part in _PART.finditer(text, match.start() + (text[match.start()] == "\n"), match.end())
        ]
    for label, place in heads:
        head = label.lower()
        what = next((kind for kind, known in _HEADS.items() if head in known), None)
        if what is None:
            continue
        columns = columns or Columns(text)
        found = list(_values(text, columns, place, head, what))
        if head in _SHORT and (not found or 3 * len(found) < 2 * len(columns.below(place))):
            continue
        yield from found


def _values(text: str, columns: Columns, place: int, head: str, what: str) -> Iterator[Finding]:
    """Yield the cells below a head that hold a value."""
    for left, right in columns.below(place):
        while left < right and text[left] in " \t\"'*":
            left += 1
        while right > left and text[right - 1] in " \t\"'*.,":
            right -= 1
        value = text[left:right]
        if value.lower().rsplit(" ", 1)[-1].rstrip("#: ") in _LABELS:
            break
        if what == "date":
            if _DAY.match(value):
                yield Finding(left, right, Category.DATE, "date", "date.column", 0.7)
        elif _CELL.match(value) and fold(value.split(" ")[0].rstrip(",.")) not in _NONE:
            parts = re.split(r"[ ,.]+", value)
            kinds = [kind_of(part) for part in parts if part]
            if any(kind not in "MAI" for kind in kinds) or (head in _PERSONS and _named(parts)):
                if head in _SHORT and not any(kind in "GSRgsrnuU" for kind in kinds) and not _named(parts):
                    continue
                if what == "name":
                    yield Finding(left, right, Category.NAME, "name", "name.column", 0.7)
                else:
                    yield Finding(left, right, Category.GEOGRAPHY, "city", "place.column", 0.7)
