"""Names, towns and days in the columns of a table whose heads tell them: a patient's list, a schedule, a line list.

The head is never found, nor a cell that holds no value. A table is one whose columns stand apart by blanks, tabs or
bars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.layouts import Columns
from curator.detect.text.lexicon import fold, is_name
from curator.detect.text.vocabulary import kind_of, tables
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
_HEAD = re.compile(r"(?m)(?:^|(?<=[ ]{2})|(?<=[\t|]))[ ]?([A-Za-z][A-Za-z/ ]{1,22}?)\.?(?=[ ]{2}|[ ]?[\t|]|[ ]?$)")
_CELL = re.compile(r"[^\W\d_a-z](?:[^\W\d_]|['’.,-]|[ ](?=[^\W\d_(])){1,39}$")
_DAY = re.compile(r"(?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?:[-/.](?:\d\d){1,2})?$")


#: Heads below which even a word that is a term or a month is somebody's name.
_PERSONS = _HEADS["name"] - {"name", "names", "contact", "student", "client", "last", "first", "given"}
_NOBODY = frozenset(tables()["nobody"].split()) - _MONTHS


def _named(parts: list[str]) -> bool:
    """Say whether a list of names has a cell's words, which are terms elsewhere."""
    return all(is_name(fold(part)) and fold(part) not in _NOBODY and not part.isupper() for part in parts if part)


def tabled(text: str) -> Iterator[Finding]:
    """Yield what stands below a head that tells it.

    Parameters
    ----------
    text
        The text.
    """
    if "\n" not in text or not ("   " in text or "\t" in text or "|" in text):
        return
    columns: Columns | None = None
    for match in _HEAD.finditer(text):
        head = match[1].lower()
        what = next((kind for kind, heads in _HEADS.items() if head in heads), None)
        if what is None:
            continue
        columns = columns or Columns(text)
        for left, right in columns.below(match.start(1)):
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
                    if what == "name":
                        yield Finding(left, right, Category.NAME, "name", "name.column", 0.7)
                    else:
                        yield Finding(left, right, Category.GEOGRAPHY, "city", "place.column", 0.7)
