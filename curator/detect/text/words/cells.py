# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Names in the cells of tables and in the fields of HL7 messages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.words.vocabulary import kind_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: A person as HL7 v2 writes one (XPN, XCN): family, given, middle, suffix.
_CARET = re.compile(
    r"(?<![\w^])((?:(?:[Dd]e|DE|[Ll]a|LA|[Vv]an|VAN|[Vv]on|VON|[Dd]el|DEL|[Dd]er|DER|[Ss]t\.?|ST\.?) ){0,3}[^\W\d_](?:[^\W\d_]|['’-]){0,40})\^([^\W\d_](?:[^\W\d_]|['’ .-]){0,40})(?:\^\"?[^\W\d_](?:[^\W\d_]|['’ .-]){0,40}\"?){0,8}|(?<=\d\^)([^\W\d_](?:[^\W\d_]|['’ -]){1,40})\^([^\W\d_](?:[^\W\d_]|['’ .-]){0,40})(?:\^[^\W\d_]{1,40}){0,8}"
)


def carets(text: str) -> Iterator[Finding]:
    """Yield names in fields that carets part."""
    for match in _CARET.finditer(text):
        family, given = match[1] or match[3], match[2] or match[4]
        kinds = kind_of(family.strip()) + kind_of(given.strip())
        if " " in f"{family.strip()}{given.strip()}" and "M" in {
            kind_of(part) for part in (*family.split(), *given.split())
        }:
            continue
        if any(kind in "GSRUugsrn" for kind in kinds) and not (kinds[0] in "MW" and kinds[1] in "MWI"):
            yield Finding(match.start(), match.end(), Category.NAME, "name", "name.caret", 0.85)


#: The houses that send and receive a message (HL7 v2, MSH-4 and MSH-6).
_SENDERS = re.compile(r"MSH\|[^|\n]{1,8}\|[^|\n]{0,60}\|([^|\n]{2,60})\|[^|\n]{0,60}\|([^|\n]{2,60})\|")


def senders(text: str) -> Iterator[Finding]:
    """Yield the houses between which a message goes."""
    for match in _SENDERS.finditer(text):
        for group in (1, 2):
            yield Finding(match.start(group), match.end(group), Category.GEOGRAPHY, "facility", "place.sender", 0.7)


#: Family and given name in neighboring cells of a table, a number in the next but one.
_CELLS = re.compile(
    r"(?:(?<=\t)|(?<=,)|(?<=\n)|\A)([^\W\d_][^\W\d_'’ -]{0,30})([\t,])([^\W\d_][^\W\d_'’. -]{0,30})(?=\2(?:[^\t,\n]{0,3}\2)?[^\t,\n]{0,12}\d)"
)

ROWS = re.compile(r",[^\W\d_]+,\d")


def cells(text: str) -> Iterator[Finding]:
    """Yield a family and a given name in neighboring cells, when a number stands in one of the next."""
    for match in _CELLS.finditer(text):
        kinds = kind_of(match[1].split(" ")[0]) + kind_of(match[3].split(" ")[0])
        if any(kind in "GSRUung" for kind in kinds) and not set(kinds) & set("MA"):
            yield Finding(match.start(1), match.end(1), Category.NAME, "name", "name.cell", 0.75)
            yield Finding(match.start(3), match.end(3), Category.NAME, "name", "name.cell", 0.75)
