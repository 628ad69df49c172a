"""Hand-written identifiers in a template of the text bench: `<=CATEGORY:kind|value>`.

A template uses the mark where a slot's forms are too narrow. `CATEGORY` is a name of
`curator.identifiers.categories.Category`, `kind` a short word that scores are grouped by (patient, zip, plan, ...).
The value stands as written: any text without `<` and `>`, one character at least, line breaks allowed. A value never
holds a title (Dr., Mr.), a credential (MD, RN), a weekday, a time of day, a state or a country: these stand outside.
A mark that does not parse is an error, never plain text, for else an identifier would count as a false alarm.
"""

from __future__ import annotations

import re

from curator.identifiers.categories import Category

#: What a mark looks like: opening, category, colon, kind, bar, value, closing.
LITERAL = re.compile(r"<=([A-Z_]+):([a-z0-9]+)\|([^<>]+)>")
_OPENING = "<="

Plain = tuple[str, None]
Marked = tuple[str, str, str]


def split_literals(text: str) -> list[Plain | Marked]:
    """Split a template at its hand-written identifiers.

    Parameters
    ----------
    text : str
        A template, or a part of one. Slots and choices in it are left as they are: choose first, then split,
        then fill the slots of the plain parts.

    Returns
    -------
    list of tuple
        In order, `(plain text, None)` or `(value, category, kind)`; joined, the first items give the text without
        marks. No plain part is empty.

    Raises
    ------
    ValueError
        A mark is not closed, has no value, or names no category of 45 CFR 164.514(b)(2)(i).
    """
    parts: list[Plain | Marked] = []
    at = 0
    for mark in LITERAL.finditer(text):
        category, kind, value = mark.groups()
        if category not in Category.__members__:
            raise ValueError(f"a mark names no category: {category}")
        if mark.start() > at:
            parts.append((_plain(text[at : mark.start()]), None))
        parts.append((value, category, kind))
        at = mark.end()
    if at < len(text):
        parts.append((_plain(text[at:]), None))
    return parts


def _plain(text: str) -> str:
    """Return the text; refuse what opens a mark and did not parse as one."""
    if _OPENING in text:
        raise ValueError(f"a mark does not parse, {text.count(_OPENING)} in one part of a template")
    return text
