# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""How long something lasts, as notes of Great Britain and those who learned from it write it: 3/7, 6/52, 4/12.

Three days, six weeks, four months: a month and a day by their form. Only where the text around is written so, or where
what stands beside tells how long, and never behind what a day follows.
"""

from __future__ import annotations

import re

from curator.detect.text.words.anycase import Before

_LASTING = re.compile(r"(?:[1-9]|1\d|2[0-4])/(?:7|12|52)")
#: Where a text is looked through for its manner of writing.
_AROUND = 4000
#: What only such notes write, and what they write more often than others.
_SURELY = re.compile(
    r"(?<![\d/])\d{1,2}/52(?![\d/])|\b(?:NHS|TDS|QDS|tds|qds|nocte|SpR|SHO|FY[12]|HCA|TCU|wef|haem\w+|[Hh]aem\w+|[Oo]edema\w*|[Aa]naem\w+|[Pp]aediatric\w*|[Dd]iarrh?oea\w*|[Dd]yspnoea|[Oo]rthopaed\w+|[Gg]ynaec\w+|[Tt]umours?|[Nn]eighbours?|[Ff]oet\w+|[Oo]esophag\w+|[Ll]eukaem\w+|[Cc]aesar\w+)\b"
)
_PERHAPS = re.compile(
    r"\b(?:GP|A&E|bloods|registrar|[Cc]olour|[Cc]entre|[Tt]heatre|BD|OD|OPD|O/E|r/v|R/v|NOK|wks|mths|paracetamol|co-codamol|salbutamol|adrenaline|Panadol|Mr|Sister|Matron|DNA|Dexa|DEXA|Ix|Rx)\b"
)
#: A day before its month, that can be no month before its day.
_DAY_FIRST = re.compile(r"(?<![\d/.-])(?:1[3-9]|2\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:19|20)?\d\d(?![\d/])")
#: Kinds of the second sort that tell as much as one of the first.
_ENOUGH = 3
#: Behind this a day stands.
_DAY = Before(
    r"\b(?:on|dated?|since|until|till|seen|admitted|discharged|d/c|dob|b\.|born|from|due|edd|lmp|taken|collected|sent|received|today|tomorrow|yesterday|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|appt|appointment|meeting|conference|review on|list|theatre)\b[\s,:(]*$"
)
#: What tells how long by itself, before and behind.
_FOR = re.compile(r"(?:\bx ?|\b(?:with a|for a|over the (?:last|past)|for the (?:last|past)|aged|lasting|lasted) )$")
_HISTORY = re.compile(
    r" (?:history|hx|h/o|ago|old|later|of age|course|supply|duration|sick leave|off work|post[- ]?op)\b"
)


def lasting(text: str, start: int, end: int) -> bool:
    """Say whether two numbers with a slash between tell how many days, weeks or months something lasts.

    Parameters
    ----------
    text, start, end
        Where they stand.
    """
    if _LASTING.fullmatch(text, start, end) is None:
        return False
    if _FOR.search(text, max(0, start - 16), start) or _HISTORY.match(text, end):
        return True
    if day_told(text, start):
        return False
    return british(text[max(0, start - _AROUND) : end + _AROUND])


def day_told(text: str, start: int) -> bool:
    """Say whether a day follows at a place, by the word before."""
    return _DAY.holds(text, max(0, start - 16), start)


def british(text: str) -> bool:
    """Say whether a text has words, short forms and days as notes of Great Britain have them, whoever writes so."""
    if _SURELY.search(text):
        return True
    perhaps = {match[0] for match in _PERHAPS.finditer(text)}
    return len(perhaps) + (_DAY_FIRST.search(text) is not None) >= _ENOUGH
