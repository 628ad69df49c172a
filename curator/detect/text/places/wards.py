# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Wards that bear somebody's name and a floor's number, and hospitals by their letters: to Blake 7, at BMC.

Only where a word before it tells a way or a place, and never a drug, a score, a month or a step with its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.borne import borne
from curator.identifiers.findings import Finding

_LABEL = r"\b(?:[Ll]oc(?:ation)?|LOC(?:ATION)?|[Rr]oom|ROOM|[Ww]ard|WARD|[Uu]nit|UNIT|[Dd]ispo|DISPO|[Ww]here|[Tt]o|[Ff]rom|[Dd]est(?:ination)?|[Ff]loor)[ ]?:[ ]{0,16}|\b[Ll]oc[ ]"
_WAY = rf"(?:\b(?:[Oo]n|[Tt]o|[Ff]rom|[Ii]n|[Aa]t|ON|TO|FROM|IN|AT)[ ]|{_LABEL}|(?:→|->)[ ]?)"
#: What may as well stand before a score, and what stands behind a ward that is told so.
_WEAKLY = r"(?:\(|(?<=\n)[ ]{0,4}|\A[ ]{0,4}|\b(?:[Bb]ed|[Pp]yxis|[Rr]m|RM)[ ]?:?[ ]|, |&[ ]|/[ ]|\.{2,}[ ]|(?<=[ ]{2})|\b(?:ICU|CCU|NICU|PICU|MICU|SICU|TICU|UNIT|Unit|unit|Rm|Room|[Ss]tepdown|[Aa]nnex|comments|Pavilion|Ward|[Ff]loor|[Nn]ow),?[ ])"
_WARD = re.compile(
    rf"(?:(?P<label>{_LABEL})|{_WAY}|(?P<weakly>{_WEAKLY}))(?P<name>(?!Now[ ]){CAP})[ ](?P<number>\d{{1,3}})(?P<bed>-\d{{1,3}}[A-Z]?)?[A-Z]?(?P<side>[ ](?:[NSEW]|North|South|East|West|NORTH|SOUTH|EAST|WEST)(?![\w.]))?(?![\w%:/–+]|[-.,]\d|[ ](?i:mg|mcg|g|gm|kg|ml|cc|meq|units?|u|iu|puffs?|tabs?|caps?|drops?|gtts?|x|times?|days?|d|weeks?|wks?|months?|mos?|years?|yrs?|hours?|hrs?|h|min|minutes|of|out|o'clock|am|pm|po|iv|bid|tid|qid|q\w{{0,3}}|daily|cm|mm|percent|points?|vs|and \d)\b)"
)
#: What each has: a number behind a word. Where that has a capital is searched, so far back and ahead.
_NUMBERED = re.compile(r"\d(?<=[^\s\d] \d)")
_LAST_WORD = re.compile(r"(?P<name>[^\W\d_][^\s(→>]*)$")
_ARROW = re.compile("→|->")
_BACK, _AHEAD = 48, 48
#: Digits of a room's number, and the highest floor.
_ROOM, _FLOORS = 3, 20
#: Before these a score may stand as well, or a day: only where a line, a bracket or a column ends, or a side is told.
_LOOSE = frozenset([", ", "/ ", "& ", ""])
_STRICT = re.compile(r"\)|[ ]&|[ ]{2,}|[ ]?(?:\n|$)|(?<=North|South)|(?<=East|West)|[ ][NSEW](?![\w.])")
_ENDS = re.compile(r"[),:;.](?!\d)|[ ]{2,}|[ ]?(?:\n|$)|[ ](?:to|for|with|bed|under|stepdown|team|via|by|on|and)\b")
_LETTERS = re.compile(rf"{_WAY}(?:[Tt]he[ ])?(?P<name>[A-Z]{{1,4}}(?:MC|GH|MH))(?![\w'’-])")
#: Words that are surnames, too, and count steps, beds and days.
_COUNTS = frozenset(["gave", "took", "takes", "given", "station", "payer", "tier", "endo", "cath", "exam", "trauma", "resus", "suite", "theatre", "triage", "hall", "lab", "angio", "echo", "infusion", "scan", "procedure", "clinic", "tower", "block", "pavilion", "house", "cell", "desk", "page", "day", "stage", "grade", "step", "box", "level", "room", "bed", "bay", "class", "type", "phase", "cycle", "week", "dose", "part", "case", "group", "arm", "trial", "round", "game", "floor", "form", "line", "gate", "track", "base", "door", "post", "field", "rank", "point", "chair", "pod", "post-op", "highway", "route", "exit", "pier", "terminal", "version", "apt", "lot", "unit", "ward", "zone", "table", "figure", "chapter", "rule", "paragraph", "section", "item", "number", "channel", "local", "ladder", "engine", "medic", "lead", "psalm", "john", "mark", "luke", "acts", "act", "scene", "sat", "sun", "mon", "wed", "fri", "thu", "tue"])  # fmt: skip
_MONTHS = frozenset(["jan", "january", "feb", "february", "mar", "march", "apr", "april", "may", "jun", "june", "jul", "july", "aug", "august", "sep", "sept", "september", "oct", "october", "nov", "november", "dec", "december"])  # fmt: skip


def wards(text: str) -> Iterator[Finding]:
    """Yield such wards and hospitals.

    Parameters
    ----------
    text
        The text.
    """
    for near in _NUMBERED.finditer(text):
        head = text.rfind(" ", 0, near.start() - 1) + 1
        if not (
            text[head : head + 1].isupper() or text[head : head + 1] == "(" or _ARROW.search(text, head, near.start())
        ):
            continue
        name = _LAST_WORD.search(text, max(0, head - 1), near.start() - 1)
        if name is None or not (_bears(name["name"]) or _is_told(name["name"])):
            continue
        match = _WARD.search(text, max(0, name.start("name") - _BACK), near.end() + _AHEAD)
        while match and match.start("number") < near.start():
            match = _WARD.search(text, match.end(), near.end() + _AHEAD)
        if match and match.start("number") == near.start() and _is_ward(text, match):
            yield place(match.start("name"), match.end(), "facility", "place.floor", 0.6)
    if "MC" in text or "GH" in text or "MH" in text:
        for match in _LETTERS.finditer(text):
            low = match["name"].lower()
            if low not in lexicon().medical and low not in lexicon().words:
                yield place(match.start("name"), match.end("name"), "facility", "place.letters", 0.6)


def _is_ward(text: str, match: re.Match[str]) -> bool:
    """Say whether a name and a number behind what tells a place are a ward."""
    bears = _is_told(match["name"]) if match["label"] else _bears(match["name"])
    return bears and (match["weakly"] is None or _told(text, match)) and _fits(match)


def _fits(match: re.Match[str]) -> bool:
    """Say whether a number is a floor's, or a room's behind a name that is no word."""
    return len(match["number"]) < _ROOM or fold(match["name"]) not in lexicon().words


def _told(text: str, match: re.Match[str]) -> bool:
    """Say whether a ward ends where one does, and no scale is called so."""
    return (
        int(match["number"]) <= _FLOORS
        and (_ENDS if match["weakly"] not in _LOOSE and match["weakly"].strip() else _STRICT).match(text, match.end())
        is not None
        and fold(match["name"]) not in borne().scales
        and (match["bed"] is not None or fold(match["name"]) not in lexicon().words)
        and (match["weakly"].strip() != "" or match["bed"] is not None or match["side"] is not None)
    )


def _is_told(word: str) -> bool:
    """Say whether a word behind the label of a place may be the name of a ward: nothing that is counted, and no term."""
    known, folded = lexicon(), fold(word)
    if len(folded) < 4 or folded in _COUNTS or folded in _MONTHS:
        return False
    return folded in known.surnames or not (folded in known.words or folded in known.medical or folded in known.imaging)


def _bears(word: str) -> bool:
    """Say whether a word may be the name of a ward: somebody's, and nothing that is counted or given."""
    known, folded = lexicon(), fold(word)
    if len(folded) < 4 or folded in _COUNTS or folded in _MONTHS:
        return False
    if folded in known.medical or folded in known.imaging or folded in known.eponyms:
        return False
    return folded in known.surnames or folded in known.frequent
