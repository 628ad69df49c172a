# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Two numbers with a mark between them that are pressures, doses, points of a scale or sizes of wheals: PSV 12/8, NPH 22/12, (GDS 6/15)."""

from __future__ import annotations

import re

from curator.detect.text.words.anycase import Before
from curator.detect.text.words.leads import may_lead

#: What is set, dosed or counted in two numbers; a pressure may have been another one before: BiPAP 14/6 40% -> 16/5.
_SET = Before(
    r"\b(?:iddsi|psv?|cpap|bi-?pap|bilevel|auto-?cpap|auto-?pap|apap|avaps|simv|imv|pcv|aprv|ipap|epap|ippb|vent(?:ed|ilator|ilated)?|standby|nph|novolin|novolog mix|humulin|humalog mix|ryzodeg|mix|clinimix(?: e)?|threshold|thresholds|transfus\w+ threshold|pulse press(?:ure)?|wean(?:ed|ing)? to)[ :=@]{1,2}(?:\d{1,2}/\d{1,2}(?: \d\d%)? ?(?:->|→|to|then) ?)?$"
)
#: A scale or a test, and its points in brackets.
_SCALE = Before(
    r"(?:\b(?:scale|score|index|inventory|screen(?:ing)?|test|examination) ?\(|\b(?:scale|gds|moca|mmse|slums|bims|phq-?9|gad-?7|audit(?:-c)?|cage|lawton|katz|tug|adls?|iadls?|mini-?cog|hazelbaker|latch|rouleau|boston naming|bnt|recall|apgars?|flacc|painad|cpot|nips|cries) ?\(?)$"
)
#: Points that scales have at most.
_MOST = frozenset([3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 18, 20, 21, 22, 24, 25, 26, 27, 28, 30])
#: A day of so many of a course: meropenem D 9/14, doxy day 3/10.
_COURSE = Before(r"(?<!['’])\b(?:d|day|dose|cycle|tx|treatment|session|visit|class)[ #]{1,2}$")
_LENGTHS = frozenset([3, 5, 7, 10, 14, 20, 21, 28])
#: Sizes of pupils, before and in the light: pupils 4/2, both 6/6 going down to 2/2.
_PUPILS = re.compile(
    r"\b[Pp](?:upils?|UPILS?)\b(?: (?:are|were|is|equal|reactive|at|and|decreas\w+|constrict\w+|react\w*|from|to|mm)|[ :,]|\d{1,2}/\d{1,2}|\d|->|→){0,8}[ :]$"
)
#: One of several such pairs in a row: cashew 3/8, walnut 0/0, cat 6/15.
_ROW = re.compile(r"(?:\d{1,2}/\d{1,2}(?: ?mm)?[,;)]:? ?|\): )[A-Za-z][A-Za-z .'-]{1,30} $")
#: The first of them, right behind the test.
_WHEAL = re.compile(
    r"(?:\bSPTs?|\b[Ss]kin (?:prick )?test(?:s|ing)?|\b[Pp]rick test(?:s|ing)?)(?: (?:to|for|pos|positive|shows?))?[ :+-]{1,3}(?!(?:done|was|is|on|from|by|performed|dated|repeated?)\b)[A-Za-z][A-Za-z .'-]{1,24} (?<! on )$"
)
#: The visit of so many that are planned, behind the day on which it was: 9/7/22  Visit 6/12.
_VISIT = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}[ ,;|]{1,6}[Vv](?:isit|ISIT)[ #:]{1,2}$")
_WHEALS = re.compile(r"prick|wheal|histamine|\bSPT\b|flare|intradermal", re.IGNORECASE)
#: Points of pain behind a word for it and of nothing else.
_PAIN = Before(
    r"\b(?:pain|cp|ha|discomfort|cravings?|urges?|itch(?:ing)?|dyspnea|sob|worst|severity)(?: (?:is|at|now|of|rated|was|about|score))? $"
)
#: How thick what was swallowed is, of what there are so many bottles.
_BEHIND = re.compile(
    r"[ ](?:thin|nectar|honey|puree|pudding|mildly|moderately|extremely|thick|bottles?|cultures?|sets?|meds|medications|teach|correct|BMs?|stools|ounces|trials|mix(?:ture)?|solution|blend|dilution|(?:proximal|distal)(?= (?:and \d|[BRL]?[UL]E\b|strength|muscle|weakness|power)))\b"
)


#: Nodes that were taken and so many of them that were positive: pN1a(2/14), lymph nodes 2/14, SLN: 1/3.
_NODES = re.compile(
    r"(?:\b[ypcrm]{0,3}N(?:[0-3][a-d]?|x|X)(?:mi|\(i[+-]\)|\(sn\))?|(?:[Ll]ymph|[Ss]entinel|[Aa]xillary|[Pp]elvic|[Rr]egional)?[ ]?\b[Nn]odes?|\bNODES?|\b[SI]?LNs?|\bLNR)[ ]?[(:=]?[ ]?$"
)
#: The same behind them.
_NODES_BEHIND = re.compile(r"[ ]?(?:positive |involved |sentinel |lymph |axillary |regional )?(?:nodes?|SLNs?|LNs?)\b")


def of_nodes(text: str, start: int, end: int) -> bool:
    """Say whether two numbers with a slash count nodes, by what stands right before or behind.

    Parameters
    ----------
    text
        The text.
    start, end
        Where the two numbers stand.
    """
    return "/" in text[start:end] and (
        _NODES.search(text, max(0, start - 28), start) is not None or _NODES_BEHIND.match(text, end) is not None
    )


def measured(text: str, start: int, end: int, second: int, words: list[str] | None) -> bool:
    """Say whether two numbers with a mark between are a measure by what stands around them.

    Parameters
    ----------
    text
        The text.
    start, end
        Where the two numbers stand.
    second
        The second of them.
    words
        The words before, in lower case; None when they are not known.
    """
    if text[end : end + 1] == " " and _BEHIND.match(text, end):
        return True
    slash = "/" in text[start:end]
    if slash and of_nodes(text, start, end):
        return True
    if (
        slash
        and (words is None or "pupils" in words or "pupil" in words)
        and _PUPILS.search(text, max(0, start - 48), start)
    ):
        return True
    if may_lead("measured", words):
        head = max(0, start - 32)
        if _SET.holds(text, head, start):
            return True
        if (
            slash
            and second in _MOST
            and (_SCALE.holds(text, head, start) or (second == 10 and _PAIN.holds(text, head, start)))
        ):
            return True
        if slash and second in _LENGTHS and _COURSE.holds(text, head, start):
            return True
    if _WHEAL.search(text, max(0, start - 44), start):
        return True
    if (
        slash
        and second > 4
        and int(text[start:end].partition("/")[0]) <= second
        and _VISIT.search(text, max(0, start - 32), start)
    ):
        return True
    return bool(_ROW.search(text, max(0, start - 44), start) and _WHEALS.search(text, max(0, start - 320), start))
