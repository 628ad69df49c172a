# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Who is handed over in a list, eponyms all of them or not, and what a child is to be called.

Sign-out: Bell - GIB, Graves - DKA, Foley - CHF. They want to name him Legend.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, is_name, lexicon
from curator.detect.text.names.shapes import made
from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import Spots, beginning
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.findings import Finding

_CUES = Words(["sign-out", "sign-outs", "signout", "signouts", "handoff", "handoffs", "hand-off", "handover", "handovers", "passoff", "census", "sign", "hand"])  # fmt: skip
#: The head of such a list, and what may stand between it and the first of them.
_HEAD = re.compile(
    r"(?:[Ss]ign[- ]?outs?|SIGN[- ]?OUTS?|[Hh]and[- ]?(?:offs?|overs?)|HAND[- ]?OFF|[Pp]assoff|[Cc]ensus)(?: list| for (?:tonight|today|nights|the weekend))?[ ]?(?::|[-–])[ \n]{1,3}"
)
_ITEM = re.compile(
    r"(?P<name>[A-Z][^\W\d_A-Z][\w'’-]{1,18})(?: \([^()\n]{1,8}\))? ?(?:[-–:]|[-–]>) ?(?=[A-Za-z0-9])[^,;\n]{2,48}"
)
_NEXT = re.compile(r"(?:[,;] |[,;]?\n[ \t]*(?:[-*•] |\d{1,2}[.)] )?)(?:and |& )?")
_FEWEST, _MOST = 2, 40
_NOBODY = frozenset(tables()["nobody"].split()) - frozenset(tables()["surnames"].split())

_NAMING = Words(["name", "naming", "named", "christen", "christened"])
#: What a child is called, or is to be.
_CALLED = re.compile(
    r"(?:[Nn]am(?:e|ed|ing)|[Cc]hristen(?:ed)?) (?:him|her|(?:the|their|his|her|our|my) (?:baby|son|daughter|boy|girl|child|newborn|twins?)|baby(?: (?:boy|girl))?) (?P<name>[A-Z][^\W\d_A-Z][\w'’-]{1,18})(?=[.,;!?)\"”]|$|\n| (?:after|and|or|if|when|for)\b)"
)


def handed(found: Spots) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    found
        The words of a text.
    """
    if found.flags & _CUES.bit:
        for head in beginning(found, _HEAD, _CUES):
            yield from _listed(found.text, head.end())
    if found.flags & _NAMING.bit:
        for match in beginning(found, _CALLED, _NAMING):
            if fold(match["name"]) not in _NOBODY:
                yield made(*match.span("name"), "christened")


def _listed(text: str, at: int) -> Iterator[Finding]:
    """Yield who stands before a dash and what is told, one after the other; a single one tells too little."""
    items: list[re.Match[str]] = []
    while len(items) < _MOST and (item := _ITEM.match(text, at)):
        items.append(item)
        following = _NEXT.match(text, item.end())
        if following is None:
            break
        at = following.end()
    if len(items) >= _FEWEST and all(_somebody(item["name"]) for item in items):
        for item in items:
            yield made(*item.span("name"), "handed")


def _somebody(name: str) -> bool:
    """Say whether a word is in a list of names or an eponym, and no word for a case or a task."""
    folded = fold(name)
    return folded not in _NOBODY and (is_name(folded) or folded in lexicon().eponyms)
