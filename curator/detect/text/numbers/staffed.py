# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Logins of staff that are made of their names, POstrowska and HKOWALCZYK, behind or below who did something.

A login has an initial or two and then a family name; in mixed capitals no list needs to know the name. It is looked for
behind a label (Performed by: BIliescu) and in the column below one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import Spots
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_ACTS = ["performed", "verified", "collected", "entered", "resulted", "released", "reviewed", "updated", "ordered", "signed", "documented", "charted", "recorded", "printed", "drawn", "received", "analyzed", "analysed", "tested", "reported", "approved", "authenticated", "acknowledged", "filed", "modified", "edited", "created", "authorized", "completed", "administered", "witnessed", "validated", "called", "read", "interpreted", "scanned", "dispensed", "checked", "examined", "prepared", "obtained", "dictated", "transcribed", "accessioned", "taken", "done", "given", "cosigned"]  # fmt: skip
_ROLES = ["tech", "technologist", "technician", "phlebotomist", "user", "userid", "username", "login", "operator", "analyst", "initials", "collector", "performer", "verifier", "scribe", "transcriptionist"]  # fmt: skip
_LABELED = Words([*_ACTS, *_ROLES])
_DONE, _OF_ROLES = frozenset(_ACTS), frozenset(_ROLES)
#: Where "by" stands, and the act before it.
_BY = re.compile(r"(?:[bB]y|BY)(?![^\W_])")
_ACT = re.compile(r"(?P<act>[A-Za-z]{4,14})[ ]?(?:and verified |/verified )?$", re.IGNORECASE)
_WHO = r"(?:[ ]?(?:user|tech|staff|lab|rn|nurse))?(?:[ ]id)?"
_ROLE = rf"(?:{'|'.join(_ROLES)})(?:[ ]?(?:id|name|code))?"
#: What a login is made of: letters, at most three figures.
_FORM = r"[A-Za-z]{4,24}\d{0,3}"
_VALUE = rf"[\"'(]?(?P<value>{_FORM})(?![\w@]|[-'’.]\w)"
_BEHIND_BY = re.compile(rf"{_WHO}[ ]?[:=|#>-]{{0,2}}[ \t]{{0,3}}{_VALUE}", re.IGNORECASE)
_BEHIND_ROLE = re.compile(rf"(?<![^\W_]){_ROLE}[ ]?[:=|#][ \t]{{0,3}}{_VALUE}", re.IGNORECASE)
#: A cell of a header, alone between what parts cells.
_ALONE = r"(?=[ ]*(?:[|\t;,\r\n]|[ ]{2}|\Z))"
_HEADER_BY = re.compile(rf"{_WHO}{_ALONE}", re.IGNORECASE)
_HEADER_ROLE = re.compile(rf"(?<![^\W_]){_ROLE}{_ALONE}", re.IGNORECASE)
_SPACED = re.compile(r"(?:[^|\t\r\n ]|[ ](?![ ]))+")
_WHOLE = re.compile(rf"[ ]*(?P<value>{_FORM})[ ]*")
#: An initial or two and a name in mixed capitals: POstrowska, JMMcCarthy.
_MIXED = re.compile(r"(?<![\w@])[A-Z]{2,3}[a-z]{3,20}(?:[A-Z][a-z]+)?\d{0,3}(?![\w@])")
_ROWS = 80
_LEAST = 4


def staffed(text: str, found: Spots) -> Iterator[Finding]:
    """Yield logins that are made of names.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    if not found.flags & _LABELED.bit:
        return
    for by in _BY.finditer(text) if "by" in found.lows else ():
        act = _ACT.search(text, max(0, by.start() - 30), by.start())
        if act is None or act["act"].lower() not in _DONE or text[act.start() - 1 : act.start()].isalnum():
            continue
        match = _BEHIND_BY.match(text, by.end())
        if match and is_login(match["value"]):
            yield _made(*match.span("value"))
        header = _HEADER_BY.match(text, by.end())
        if header:
            yield from _below(text, act.start(), header.end())
    if not _OF_ROLES.isdisjoint(found.lows):
        for match in _BEHIND_ROLE.finditer(text):
            if is_login(match["value"]):
                yield _made(*match.span("value"))
        for header in _HEADER_ROLE.finditer(text):
            yield from _below(text, *header.span())


def is_login(value: str) -> bool:
    """Say whether a word where a login may stand is one: an initial or two and a family name, or the other way round."""
    known = lexicon()
    letters = value.rstrip("0123456789")
    low = fold(letters)
    if low in known.words or low in known.medical or low in known.eponyms or low in known.cities:
        return False
    if _MIXED.fullmatch(value):
        return True
    if not (letters.isupper() or letters.islower()) or low in known.surnames:
        return False
    return any(len(part) >= _LEAST and part in known.surnames for part in (low[1:], low[2:], low[:-1]))


def _below(text: str, begin: int, stop: int) -> Iterator[Finding]:
    """Yield the logins in the column below a header, or in the lines of a table that lost its columns."""
    start = text.rfind("\n", 0, begin) + 1
    end = text.find("\n", stop)
    if end < 0:
        return
    line = text[start:end]
    mark = "|" if "|" in line else "\t" if "\t" in line else ""
    place = line.count(mark, 0, begin - start) if mark else 0
    at = end + 1
    for _ in range(_ROWS):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        row = text[at:end]
        if not row.strip() or (mark and mark not in row):
            return
        if mark:
            wanted = list(_split(row, mark))[place : place + 1]
        else:
            wanted = [cell.span() for cell in _SPACED.finditer(row)][1:][-1:]
        for low, high in wanted:
            whole = _WHOLE.fullmatch(row, low, high)
            if whole and is_login(whole["value"]):
                yield _made(at + whole.start("value"), at + whole.end("value"))
        if not mark:
            for match in _MIXED.finditer(row):
                if is_login(match[0]):
                    yield _made(at + match.start(), at + match.end())
        if end == len(text):
            return
        at = end + 1


def _split(row: str, mark: str) -> Iterator[tuple[int, int]]:
    at = 0
    for part in row.split(mark):
        yield at, at + len(part)
        at += len(part) + 1


def _made(start: int, end: int) -> Finding:
    return Finding(start, end, Category.OTHER, "user", "cue.staff", 0.75)
