"""Four digits that are an hour of the day, and no number of anybody's."""

from __future__ import annotations

import re
from itertools import islice

from curator.detect.text.odds.view import View
from curator.detect.text.words.never import CLOCK

#: So many digits an hour has.
CLOCKED = 4
_HOURS = re.compile(rf"{CLOCK.pattern}(?:[-–]{CLOCK.pattern})?")
#: An hour that stands where hours do: at the head of a line or of a sentence, behind "at" and before a word.
_HOUR_TOLD = re.compile(r"(?:(?:^|\n|[.;] |\bat |\()(?:[01]\d|2[0-3])[0-5]\d)(?=[ :][A-Za-z])")
#: One that stands amid words; where several do, and each is later than the one before, all of them are hours.
_HOUR_AMID = re.compile(r"(?<![^\s(])(?:[01]\d|2[0-3])[0-5]\d(?= [A-Za-z])")
_LEAST_HOURS, _MOST_HOURS = 3, 40


def may_be_hour(text: str, start: int, end: int) -> bool:
    """Say whether four digits may be an hour and have no label."""
    if CLOCK.fullmatch(text, start, end) is None or text[start - 1 : start] not in {" ", "\n", "", "("}:
        return False
    return text[max(0, start - 2) : start].strip()[-1:] not in _LABELING


def tells_hours(text: str) -> bool:
    """Say whether a text tells several hours by four digits: asked once, since it looks through all of it."""
    if sum(1 for _ in islice(_HOUR_TOLD.finditer(text), _LEAST_HOURS)) == _LEAST_HOURS:
        return True
    amid = [match[0] for match in islice(_HOUR_AMID.finditer(text), _MOST_HOURS)]
    return len(amid) > _LEAST_HOURS and amid == sorted(amid)


_LABELING = frozenset(["#", ":", "=", "@"])


def is_hour(view: View, start: int, end: int, first: int) -> bool:
    """Say whether a number is an hour of the day, or from one to another, right behind a date or before one."""
    if _HOURS.fullmatch(view.text, start, end) is None:
        return False
    before = first - 1
    if before > 0 and view.tokens[before].word == ",":
        before -= 1
    if before >= 0 and view.found[before] == "D" and not view.text[view.ends[before] : start].strip(" \t,"):
        return True
    behind = view.token_at(end)
    return (
        behind < len(view.tokens)
        and view.found[behind] == "D"
        and view.text[end : view.starts[behind]] == " "
        and view.text[start - 1 : start] in {" ", "\n", ""}
    )
