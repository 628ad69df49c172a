# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Years that stand alone, for a policy that moves or removes dates: one that stays beside moved dates tells the move.

Safe Harbor lets a year stand, so that no detector finds them. Four figures are a year only where the words before them
or their place say so: a dose, a count, a room and a time of day must not move.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.fields.values import unit_behind
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_YEAR = r"(?:19[2-9]|20[0-4])\d"
_CANDIDATE = re.compile(rf"(?<![\w.,/:%$€£#+-]){_YEAR}(?!\w|[.,:]\d|[-/]\d{{1,3}}(?!\d))")
#: Words behind which four figures are a year: surely, where a clause ends behind it, and where a second year does.
_LEADS = re.compile(
    r"(?:(?<![^\W_])(?:(?P<sure>since|years?|year of [^\W\d_]{2,14}|(?:spring|summer|fall|autumn|winter) of|seit|(?:im )?jahre?|im (?:frühjahr|sommer|herbst|winter)|desde|(?:en )?el año|depuis)"
    r"|in|during|circa|early|late|mid|(?:end|beginning|start|middle|rest) of|spring|summer|fall|autumn|winter|q[1-4]|dx|diagnosed|dated|anno|anfang|ende|mitte|hacia|en|en l['’]an|dal|nel"
    r"|(?P<pair>from|between|von|zwischen|de|entre))(?:[ ]?:)?[ ~-]{1,2}|[(\[])$",
    re.IGNORECASE,
)
#: What may stand behind a year: the end of a clause, or a word that is counted by nothing.
_ENDS = re.compile(
    r"[ ]?(?:[.;:)\]/?!–—-]|,(?!\d)|$|\r?\n)|[ ](?:and|or|with|without|for|by|at|when|after|before|to|through|until|was|were|is|had|has|he|she|they|we|i|it|pt|patient|the|a|an|but|as|due|s/p|showed|following|while|because|from|on|in|per|via|which|that|who|his|her|their|my|our|then|also|und|oder|bei|mit|nach|wegen|wurde|durch|am|et|ou|avec|pour|puis|y|o|con|por|tras)\b",
    re.IGNORECASE,
)
#: From one year to the next: 2012 and 2015, 2012-2015.
_NEXT = re.compile(
    rf"(?:,? (?:and|or|to|through|until|till|und|bis|et|y|a|al|e)|,|[ ]?[-–—/&])[ ]?(?P<year>{_YEAR})(?!\w|[.,:-]\d)"
)
_HOURS = re.compile(r"[ ]?(?:h|hrs?|hours?|uhr|heures?|horas?)\b", re.IGNORECASE)
#: A line that its year begins: 2012: appendectomy.
_HEADS = re.compile(rf"^[ \t•*-]{{0,4}}(?P<year>{_YEAR})(?=[ ]?[:–-][ ]?[^\W\d_])", re.MULTILINE)


#: An hour of four figures at the head of a line or in brackets, as logs of a day have them, that can be no year.
_LOGGED = re.compile(
    r"^[ \t•*-]{0,4}(?:[01]\d|2[0-3])[0-5]\d(?=[ ]?[:–-]?[ ][^\W\d_])|\((?:[01]\d|2[0-3])[0-5]\d\)", re.MULTILINE
)


def _in_log(text: str) -> bool:
    """Say whether a text tells hours where years may stand: 0700: up; (0815)."""
    return any(_CANDIDATE.fullmatch(match[0].strip(" \t•*-()")) is None for match in _LOGGED.finditer(text))


def lone_years(text: str) -> Iterator[Finding]:
    """Yield years that stand alone.

    Parameters
    ----------
    text
        The text.
    """
    logged = _in_log(text)
    for match in _HEADS.finditer(text):
        if not (logged and _is_hour(match["year"])):
            yield _found(*match.span("year"))
    for match in _CANDIDATE.finditer(text):
        start, end = match.span()
        led = _LEADS.search(text, max(0, start - 32), start)
        if led is None or unit_behind(text, end):
            continue
        if logged and led[0] in {"(", "["} and _is_hour(match[0]):
            continue
        years = [(start, end)]
        while more := _NEXT.match(text, end):
            years.append(more.span("year"))
            end = more.end()
        if unit_behind(text, end) or _HOURS.match(text, end) or (led["pair"] and len(years) == 1):
            continue
        if led["sure"] or len(years) > 1 or _ENDS.match(text, end):
            yield from (_found(*one) for one in years)


def _is_hour(year: str) -> bool:
    """Say whether the figures of a year may be an hour of the day as well: 1930, 2015."""
    return int(year[2:]) < 60


def _found(start: int, end: int) -> Finding:
    return Finding(start, end, Category.DATE, "year", "date.year", 0.5)
