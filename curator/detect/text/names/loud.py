# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Family names in capitals amid small letters: 2/ MCCRAY hipec d9; spoke w NAKAMURA; agree - OYELARAN; PEMBERTON to see.

Told by the head of an item, a word before or behind, a mark at a line's end. Never a term, a ward or a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.lists.likeness import likeness
from curator.detect.text.words.contexts import acts, described, eponym
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import FAMILY, TITLE, tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding


def _table(name: str) -> frozenset[str]:
    return frozenset(tables()[name].split())


_LOUD_BEFORE = _table("loud_before")
_LOUD_AFTER = _table("loud_after")
_LOUD_NEVER = _table("loud_never") | _table("nobody")
_FAMILIES = _table("surnames")
#: What ends a name, or goes on behind one, in a line of small letters.
_ENDS = re.compile(
    r"(?:['’]s)?(?:[ ]*(?:[.,;:)!?\n]|$)|[ ]{1,2}(?:[/|+(@-]|at\b|in\b|re\b|on (?:rounds|phone|call)|for (?:am|pm|tonight)|from\b|w/|who\b|and\b|aware\b|here\b|to (?:see|call|follow|eval)\b|has\b|is\b|was\b|will\b|says\b|said\b|notified\b|covering\b|out\b|off\b|back\b|about\b|again\b|\d))"
)
#: The head of an item before a name in capitals: 2/ MCCRAY, 3) ROE, Rm 12 ROE, - ROE.
_HEAD = re.compile(
    r"(?:^|\n)[ \t>]{0,4}(?:\d{1,2}[/.):][ ]?|\(\d{1,2}\)[ ]|#\d{1,2}:?[ ]|[-*•–][ ]|(?:[Rr]m|[Rr]oom|[Bb]ed|[Bb]ay|B|R)?[ ]?\d{1,3}[A-Z]?[ ]?[-–:]?[ ])$"
)
#: What follows it there: a gap, a comma, a dash, an age, the state of a case.
_ITEM = re.compile(r"[ ]{2}|[ ]?[-–:,(]|[ ](?:\d|s/p\b|pod\b|d\d|[a-z])|\t")
#: What joins a name in capitals to the dash, the slash or the colon before it, and ends the line behind it.
_LEAD = re.compile(r"(?:[\w)\].,?!][ ]?(?:--?|–|—|/|:|->|→|;)|[.!?)])[ ]$")
_AMID = re.compile(r"[*:]|[ ](?:[a-z]|\d)|[ ]*(?:$|\n|[.,;)])")
_LAST = re.compile(r"[ ]*[.]?(?:\n|$)|[,;][ ]?[a-z]|\?|:[ ][a-z]|[ ]*(?:->|→)")


def loud(found: Spots) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    found
        The words of a text.
    """
    words, spans, text = found.words, found.spans, found.text
    size = len(words)
    for at in found.people:
        word = words[at]
        if not word.upper:
            continue
        start, end = spans[at]
        if end - start < 4 or word.low in _LOUD_NEVER or word.flags & TITLE:
            continue
        kind = word.kind
        sure = kind in "SGR" or (kind in "Uu" and likeness(word.folded) > 1.0 and end - start > 5)
        if not sure and not (
            word.flags & FAMILY
            and ((kind in "sg" and word.folded in lexicon().frequent) or (kind in "MW" and word.low in _FAMILIES))
        ):
            continue
        if not _amid(found, at) or eponym(found, at, end):
            continue
        # A hyphen or an apostrophe joins the rest of a name.
        while at + 1 < size and spans[at + 1][0] == end + 1 and text[end] in "-'’" and words[at + 1].upper:
            at, end = at + 1, spans[at + 1][1]
        if _headed(found, start, end, sure=sure, loose=kind in "sg") or _framed(found, at, start, end, kind):
            yield Finding(start, end, Category.NAME, "name", "name.loud", 0.6)


#: Before a name that is a word these tell more than the others.
_STRONG = frozenset(
    [
        "by",
        "per",
        "w",
        "with",
        "attg",
        "paged",
        "attn",
        "cc",
        "staffed",
        "let",
        "asked",
        "told",
        "consultant",
        "md",
        "rn",
    ]
)
#: What only somebody does.
_SERVES = frozenset(
    [
        "paged",
        "aware",
        "covering",
        "notified",
        "following",
        "rounded",
        "saw",
        "called",
        "says",
        "wants",
        "agrees",
        "reviewed",
        "seen",
    ]
)


def _amid(found: Spots, at: int) -> bool:
    """Say whether a word in capitals stands in a line of small letters: its neighbors are no long words in capitals."""
    words, spans, text = found.words, found.spans, found.text
    for step in (at - 1, at + 1):
        if not 0 <= step < len(words):
            continue
        gap = text[spans[step][1] : spans[at][0]] if step < at else text[spans[at][1] : spans[step][0]]
        if (
            "\n" not in gap
            and words[step].upper
            and len(words[step].low) > 3
            and gap.strip() not in {"->", "w/", "/", ";", ","}
        ):
            return False
    start, stop = spans[at]
    line = text.rfind("\n", max(0, start - _NEAR), start)
    end = text.find("\n", stop, stop + _NEAR)
    near = text[line if line >= 0 else max(0, start - _NEAR) : end if end >= 0 else stop + _NEAR]
    return any(map(str.islower, near))


#: So far from a word in capitals small letters are looked for in its line.
_NEAR = 80


def _headed(found: Spots, start: int, end: int, *, sure: bool, loose: bool) -> bool:
    """Say whether a word in capitals heads an item: 2/ MCCRAY hipec d9; bed 4 - STRICKLAND, 64M."""
    text = found.text
    if _HEAD.search(text, max(0, start - 14), start) is None or _ITEM.match(text, end) is None:
        return False
    if sure:
        return True
    if found.text[end : end + 2] not in {"  ", ", "} and not loose:
        return False
    # A word that is a name as well needs a number before it, and no colon behind.
    return text[end : end + 1] != ":" and text[max(0, start - 3) : start].strip(" /.)")[-1:].isdecimal()


def _framed(found: Spots, at: int, start: int, end: int, kind: str) -> bool:
    words, spans, text = found.words, found.spans, found.text
    first = at
    while first and spans[first][0] > start:
        first -= 1
    before = words[first - 1] if first else None
    gap = text[spans[first - 1][1] : start] if first else text[max(0, start - 4) : start]
    if (
        before is not None
        and before.low in _LOUD_BEFORE
        and (gap in {" ", "/ ", "/", ": ", " - "})
        and not (before.upper and kind in "Uu")
        and ((kind in "SG" and end - start > 4) or _ENDS.match(text, end) or before.low == "let")
    ):
        return kind in "SGRUu" or (kind in "sg" and before.low in _STRONG)
    if (
        kind in "sg"
        and before is not None
        and before.low == "to"
        and gap == " "
        and first > 1
        and _ENDS.match(text, end)
    ):
        return words[first - 2].low.endswith(("ed", "wn", "en", "nt", "out", "off"))
    if gap == " " and before is not None and before.low == "d" and text[start - 3 : start - 1] in {"'d", "’d"}:
        return True
    after = words[at + 1] if at + 1 < len(words) else None
    if (
        kind in "SG"
        and text[end : end + 2] == ": "
        and (not start or text[start - 1] == "\n")
        and text[end + 2 : end + 3].islower()
    ):
        return True
    if (
        after is not None
        and text[end : spans[at + 1][0]] in {" / ", "/"}
        and after.upper
        and after.kind in "SGR"
        and kind in "SGR"
        and not start
    ):
        return True
    behind = text[end : spans[at + 1][0]] if after is not None else ""
    if gap.endswith((" & ", "*", ">> ", "-- ", "> ")) and kind in "SGsg" and _AMID.match(text, end):
        return True
    if kind in "SG" and before is not None and before.low == "r" and gap[:1].isdecimal():
        return True
    if kind in "sgMW":
        return kind in "sg" and after is not None and after.low == "to" and acts(found, at, end)
    if after is not None and behind == " " and after.low in _LOUD_AFTER and not after.upper:
        return kind in "SG" or after.low in _SERVES or (after.low == "to" and acts(found, at, end))
    if behind[:1] in {"'", "’"} and acts(found, at, end):
        return True
    if _LEAD.search(text, max(0, start - 5), start) and _LAST.match(text, end):
        return True
    return described(text, end) and kind in "SGR"
