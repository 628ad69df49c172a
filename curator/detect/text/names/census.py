# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Names of a census: who lies in which bed, a line each: 12-4 ng  ng tube, SICU 3 oduya  going back; and IR (SCOTT-JONES).

A list is one when most of its lines have a name there; then whatever stands there is one, an abbreviation too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, is_name, lexicon
from curator.detect.text.lists.likeness import likeness
from curator.detect.text.words.hints import at_lines
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import tables, word_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: A bed at a line's head, one or two words and a gap: no line of a table of values begins so.
_LINE = at_lines(
    r"[ \t]{0,3}(?:\d{1,2}-\d{1,2}[A-Da-d]?|(?:(?:[A-Z]{2,5}|[Rr]m|[Rr]oom|[Bb]ed|[Bb]ay)[ ]?)\d{1,4}[A-Da-d]?(?:-\d{1,2})?)[:.]?"
    r"[ ]{1,3}([^\W\d_]{2,}(?:[ '’-][^\W\d_]{2,}){0,2})[ ]{2,4}(?=\S)"
)
#: Somebody in brackets behind a service, in capitals.
_BRACKET = re.compile(r"\(([A-Z]{2,16}(?:-[A-Z]{2,16})?)\)")
_SERVICE = re.compile(
    r"\b(?:IR|GI|ENT|ICU|ORTHO|SURG|SURGERY|NSGY|NEURO|NEUROSURG|CARDS|CARDIOLOGY|URO|UROLOGY|VASC|VASCULAR|TRAUMA|ANES|ANESTH|ANESTHESIA|PLASTICS|RENAL|HEME|ONC|ID|PULM|PSYCH|PEDS|OB|GYN|OBGYN|THORACIC|BURN|EP|RADS|RADIOLOGY|ATTENDING|RESIDENT|FELLOW|CHIEF|PALL|PALLIATIVE|PCP|RN|RT|SW|MEDIC|PILOT|PHARM|PHARMD|CHAPLAIN|DAUGHTER|SON|WIFE|HUSBAND|SISTER|BROTHER|MOTHER|FATHER)[ ]$"
)
_NOBODY = frozenset(tables()["loud_never"].split()) | frozenset(tables()["nobody"].split())
_NEVER = _NOBODY | frozenset(["empty", "open", "clean", "closed", "blocked", "vacant", "available", "hold", "admit", "transfer", "discharge", "isolation"])  # fmt: skip


def census(found: Spots) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    found
        The words of a text.
    """
    text = found.text
    if "  " in text and "\n" in text:
        lines = list(_LINE(text))
        if len(lines) > 1:
            names = sum(_somebody(match[1]) for match in lines)
            if names > 1 and 5 * names >= 3 * len(lines):
                for match in lines:
                    if not _somebody(match[1]) and not _NEVER.isdisjoint(fold(match[1]).split()):
                        continue
                    yield Finding(match.start(1), match.end(1), Category.NAME, "name", "name.census", 0.6)
    if "(" in text:
        for match in _BRACKET.finditer(text):
            if _SERVICE.search(text, max(0, match.start() - 14), match.start()) and _loud(match[1]):
                yield Finding(match.start(1), match.end(1), Category.NAME, "name", "name.served", 0.6)


def _somebody(name: str) -> bool:
    """Say whether words are in a list of names, or in none at all and like a name."""
    parts = fold(name).replace("-", " ").replace("'", " ").replace("’", " ").split()
    known = lexicon()
    if any(part in _NOBODY for part in parts):
        return False
    return any(is_name(part) for part in parts) or all(
        part not in known.words and part not in known.medical and likeness(part) > -1.5 for part in parts
    )


def _loud(name: str) -> bool:
    """Say whether each part of a word in capitals is a family name rather than an abbreviation."""
    words = [word_of(part) for part in name.split("-")]
    return all(word.kind in "GSRuUsgr" and word.low not in _NOBODY for word in words) or (
        len(words) > 1 and all(is_name(word.folded) for word in words)
    )
