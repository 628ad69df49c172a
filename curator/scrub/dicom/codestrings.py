"""Code strings (CS) that are no codes: a name, a record number, a word that nothing knows, typed where a term belongs.

A term is a term as a whole: one with something else in it goes as a whole, so that no new term comes out. What the
standard lists and what imaging calls so stays. It must never say what it found.
"""

from __future__ import annotations

import re
from functools import lru_cache

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.dicom.shapes import GONE
from curator.scrub.dicom.text import defined_terms

#: Longest value that is remembered, and how many of them.
_SHORT, _MOST_REMEMBERED = 256, 4096
#: Values of one attribute that are looked at; no attribute has so many code strings.
_MOST_VALUES = 1000
#: Counts and indices; longer numbers are the numbers of something.
_COUNT = re.compile(r"[0-9]{1,6}")


def codes_alone(text: str, cleaner: Descriptors, *, strangers: bool) -> str:
    """Return a CS value without what is no code.

    Parameters
    ----------
    text
        As decoded; values parted by a backslash.
    cleaner
        Finds what is an identifier by list, form or context; of nobody in particular.
    strangers
        Whether words that nothing knows stay.

    Returns
    -------
    str
        Of several values, those that are no codes are ``REMOVED``; empty when no code is left, or when there are more
        values than can be looked at; else the text.
    """
    return (_codes if len(text) <= _SHORT else _codes.__wrapped__)(text, cleaner, strangers)


@lru_cache(maxsize=_MOST_REMEMBERED)  # the objects of a project repeat each other
def _codes(text: str, cleaner: Descriptors, strangers: bool) -> str:
    parts = text.split("\\")
    if len(parts) > _MOST_VALUES:
        return ""
    made = [part if _is_code(part.strip(), cleaner, strangers) else GONE for part in parts]
    if made == parts:
        return text
    return "" if all(part in {"", GONE} for part in made) else "\\".join(made)


def _is_code(part: str, cleaner: Descriptors, strangers: bool) -> bool:
    if len(part) < 2 or part == GONE or part in defined_terms() or _COUNT.fullmatch(part):
        return True
    return cleaner.clean(part, vr="CS", strangers=strangers) == part
