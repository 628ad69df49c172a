# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""What no rule has found and yet looks like a name, a place, a date or a code by all that stands around it.

Rules know forms; an identifier in a form that none of them knows is told here by the sum of many small signs, as a
logistic regression weighs them (trained on made-up notes alone). It only ever adds to what rules have found.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from curator.detect.text.dates.measured import of_nodes
from curator.detect.text.odds import edges, numbers, words
from curator.detect.text.odds.hours import CLOCKED, is_hour, may_be_hour, tells_hours
from curator.detect.text.odds.plain import plain
from curator.detect.text.odds.spoken import more as plainer
from curator.detect.text.odds.spoken import spoken
from curator.detect.text.odds.table import Column, added, table
from curator.detect.text.odds.tokens import Token
from curator.detect.text.odds.view import View
from curator.detect.text.words.anyhouse import any_house
from curator.detect.text.words.bearing import phrased_at
from curator.detect.text.words.borne import borne
from curator.detect.text.words.lasting import lasting
from curator.detect.text.words.misread import misread_word
from curator.detect.text.words.namesakes import namesake
from curator.detect.text.words.never import CLOCK, KIN, TRIAL, titled
from curator.detect.text.words.points import points
from curator.detect.text.words.regions import region
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.things import thing_at
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Log odds from which on a token is taken: below even, since what leaks weighs more than a word lost.
CAPITAL, SMALL, NUMBER = -0.8, 0.6, -0.4
#: The same for words in a text that is written in small letters, names and all.
QUIET = -0.8
#: The same for words in a text that is written in capitals.
LOUD = -0.8
#: The same for what stands beside something found.
EDGE = -2.0
#: So much more is asked for in a text that is not in English: German nouns have capitals.
ABROAD = 2.5
#: The same in a text of so few words, which is a field and no prose: nothing around a word tells what it is.
FEW, BARE = 8, 1.0
#: So much more, at most, in a text of so many tokens and more in which the rules have found less than one thing in so many:
#: where hardly anything is, a word that looks like a name is more often none.
SCARCE, SHORT, RARE = 2.0, 80, 0.012
#: The same of four digits that may be an hour of the day, and of an ordinal: the 8th rib is no day.
HOUR, ORDINAL = 0.3, 0.4
#: The same of four digits in a text that tells the hour by four digits elsewhere: 0600 wt 68.2.
AMONG = 2.0
#: A word that its own signs and some of those beside it leave below this is not looked at further, and neither is a
#: number that its own signs do: of 46,650 words of public notes a ninth comes to the end of its signs, and of the 2,853
#: words that all signs would take in the notes of the training, one is given up.
HOPELESS = -3.0
_HOPELESS = round(10 * HOPELESS)
#: The same for a word of which only its own signs, or the lists beside it, were asked.
_FIRST = -25
#: Between two tokens of one identifier.
_JOINT = re.compile(r"[ \t]{1,2}|[-‐‑/.'’&]|, |\. ?")
_DATE = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)|[0-3]?\d[/.-][01]?\d(?:[/.-]\d{2,4})?|(?:0?[1-9]|1[0-2])/\d\d|(?:19|20)\d\d[/.-]?[01]\d[/.-]?[0-3]\d",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)", re.IGNORECASE)
#: A number below 90 that stands alone is a count, an age that may stay, or a bed.
_COUNT = re.compile(r"[1-8]?\d")
#: Points of pain, when a word for it stands before them in the sentence and none that dates.
_POINTS = re.compile(r"(?:10|\d)/10")
_PAIN = re.compile(r"(?:pain|ache|throb|burning|stabbing|sharp|sore|severity|intensity|cramp)[^.\n]*$", re.IGNORECASE)
_DATED = re.compile(r"\b(?:since|on|from|until|till|by|dated)[ ]?$", re.IGNORECASE)
#: One of several who speak: Nurse_2.
_SPEAKER = re.compile(r"[A-Za-z]{2,16}_\d{1,2}")
_ALWAYS = "24/7"
#: What a house is, with no word of which one.
_GENERIC = frozenset(
    ["hospital", "clinic", "school", "church", "office", "ward", "unit", "floor", "pharmacy", "home", "near", "nursing", "college", "university", "middle", "center", "rehab", "care", "the", "operating", "operative", "suite"]
)  # fmt: skip
#: Times of day that stand where a place might.
_TIMES = frozenset({"Noon", "noon", "Midnight", "midnight"})
#: Labels of who typed and when, which stand where initials might.
_TYPED = frozenset({"TR", "DD", "TD"})
#: What people say and nobody is called.
_SAID = frozenset({"Yep", "Yup", "Nope", "Nah", "Yeah", "Mhm", "Uh", "Um", "Hmm", "Okay", "Huh", "Yikes"})
_PASSED = _TIMES | _TYPED | _SAID
#: Numbers in a row, which may be a date or a code that was written in parts.
_AMID = re.compile(r"\d[ ]{1,2}\d")
_SURE = 0.9
_WORDED = frozenset({Category.NAME, Category.GEOGRAPHY})


#: What is asked of a word, one after the other: names of columns, what tells its signs, and below which sum of tenths
#: it is given up.
_ASKED = (
    (words.LISTED, words.listed, _FIRST),
    (words.NEXT, words.following, _HOPELESS),
    (words.RUNS, words.runs, _HOPELESS),
    (words.FURTHER, words.further, -math.inf),
)


#: The same of a number.
_NUMBER_ASKED = (
    (numbers.BESIDE, numbers.beside, _HOPELESS),
    (numbers.WORDS, numbers.words, _HOPELESS),
    (numbers.FURTHER, numbers.further, -math.inf),
)
_NumberSigns = Callable[[View, numbers.Code], tuple[object, ...]]


@dataclass(frozen=True)
class _Sort:
    """What a sort of words is weighed by: its bias, the columns of the word itself, and what is asked one by one."""

    bias: int
    own: list[Column]
    asked: list[tuple[list[Column], Callable[[View, int], tuple[object, ...]], float]]


@cache
def _sort(capital: bool, cased: bool) -> _Sort:
    weights = table(cased)["capital" if capital else "small"]
    return _Sort(
        weights.bias, weights.of(words.OWN), [(weights.of(names), signs, least) for names, signs, least in _ASKED]
    )


@cache
def _place(cased: bool) -> list[Column]:
    return table(cased)["place"].of((*words.OWN, *words.BESIDE, *words.AROUND))


@cache
def _number(cased: bool) -> tuple[list[Column], list[tuple[list[Column], _NumberSigns, float]]]:
    weights = table(cased)["number"]
    return weights.of(numbers.OWN), [(weights.of(names), signs, least) for names, signs, least in _NUMBER_ASKED]


def odds(
    text: str, findings: Iterable[Finding], spotted: Spots | None = None, *, facilities: bool = True
) -> Iterator[Finding]:
    """Yield what the sum of signs tells.

    Parameters
    ----------
    text
        The text.
    findings
        What the rules have found in it.
    spotted
        Its words, to tell what is spoken of as a thing; None to leave that out.
    facilities
        Also yield places that no list of towns and counties has, which may be houses.
    """
    found = list(findings)
    view = View(text, found)
    # A word alone is a value or a code: nothing stands around it that could tell.
    more = [
        one
        for one in (*(() if view.few(2) else _words(view, facilities=facilities)), *_numbers(view))
        if one.category not in _WORDED
        or not (_nothing(text, one) or (spotted and thing_at(spotted, one.start, one.end)) or _phrase(spotted, one))
    ]
    yield from more
    view.mark(more)
    if view.foreign != "1":
        for wide in edges.widened(view, [*found, *more], _judge(view)):
            if wide.category not in _WORDED or not (_nothing(text, wide) or _phrase(spotted, wide)):
                yield wide


def _phrase(spotted: Spots | None, one: Finding) -> bool:
    """Say whether what is found is, or lies in, a phrase that is called after somebody."""
    return spotted is not None and phrased_at(spotted, one.start, one.end)


#: A trial by its number: ZUMA-7; with a blank between only one that is known.
_NUMBERED_TRIAL = re.compile(r"(?P<name>[A-Z]{3,9}(?:-[A-Z]{2,6})?)(?P<joint>[- ])\d{1,3}[A-Z]?(?![\w/-])")


def _nothing(text: str, finding: Finding) -> bool:
    """Say whether a name or a place is a room of any house, what a thing is called after, or a state or a country."""
    start, end, place = finding.start, finding.end, finding.category is Category.GEOGRAPHY
    named = _NUMBERED_TRIAL.match(text, start)
    if named and named.end() >= end and (named["joint"] == "-" or named["name"].lower() in borne().trials):
        return True
    return (
        any_house(text, start, end) or namesake(text, start, end, place=place) or region(text, start, end, place=place)
    )


def _judge(view: View) -> Callable[[edges.Candidate], bool]:
    """Return what says whether what stands beside a finding belongs to it."""
    least = round(10 * (EDGE + (BARE if view.few(FEW) else 0.0) + _scarce(view))) - table(view.cased)["edge"].bias
    columns = _edge(view.cased)
    return lambda candidate: candidate.own in columns and added(columns[candidate.own], candidate.signs) >= least


def _more(view: View) -> float:
    """Return how much more is asked for in a text that is not in English, in one that is no prose, and where little is."""
    return (ABROAD if view.foreign == "1" else 0.0) + (BARE if view.few(FEW) else 0.0) + _scarce(view)


def _scarce(view: View) -> float:
    """Return how much more is asked for in a text of some length in which the rules have found hardly anything."""
    size = len(view.tokens)
    return SCARCE * max(0.0, 1 - view.told / (RARE * size)) if size >= SHORT else 0.0


@cache
def _edge(cased: bool) -> dict[str, list[Column]]:
    """Return the columns of each side and category that the table has."""
    made: dict[str, list[Column]] = {}
    for number, column in enumerate(table(cased)["edge"].of(edges.SIGNS)):
        for sign, weight in column.items():
            own, *rest = sign if isinstance(sign, tuple) else (sign,)
            columns = made.setdefault(str(own), [{} for _ in edges.SIGNS])
            columns[number][rest[0] if len(rest) == 1 else tuple(rest)] = weight
    return made


def weight_of(view: View, at: int, more: int = 0) -> float:
    """Return the log odds that a word is an identifier; minus infinity for one that is given up or not asked about.

    Parameters
    ----------
    view, at
        The text, and the number of the word among its tokens.
    more
        How much more, in tenths, is asked for in this text: so much sooner a word is given up.
    """
    token = view.tokens[at]
    if not view.asks(token):
        return -math.inf
    cased = view.cased and (view.capitals if token.capital else view.quiet)
    sort, tenths = _sort(token.capital, cased), token.cased if cased else token.odds
    if tenths is None:
        tenths = sort.bias + added(sort.own, token.own)
        if cased:
            token.cased = tenths
        else:
            token.odds = tenths
    if tenths < _FIRST + more:
        return -math.inf
    for columns, signs, least in sort.asked:
        tenths += added(columns, signs(view, at))
        if tenths < least + more:
            return -math.inf
    return tenths / 10


def _medical(token: Token) -> bool:
    """Say whether a word is one of medicine and of no list of names or cities: in capitals its shape tells nothing."""
    return "m" in token.bits and not set("gSsic").intersection(token.bits)


def _glued(view: View, at: int) -> bool:
    """Say whether a digit touches a word: it is a part of a code, 99MERCY."""
    start, end = view.starts[at], view.ends[at]
    return view.text[start - 1 : start].isdigit() or view.text[end : end + 1].isdigit()


def _words(view: View, *, facilities: bool) -> Iterator[Finding]:
    run: list[int] = []
    surest = -math.inf
    more, sooner = _more(view), round(10 * _scarce(view))
    least = (round((QUIET if view.quiet else SMALL) + more, 1), round((LOUD if view.capitals else CAPITAL) + more, 1))
    for at, token in enumerate(view.tokens):
        if view.found[at] or not view.asks(token) or token.word in _PASSED:
            continue
        weight = weight_of(view, at, sooner)
        if weight < least[token.capital] or _glued(view, at) or spoken(view, at):
            continue
        if weight < least[token.capital] + plainer(view, at):
            continue
        if view.capitals and _medical(token):
            continue
        if run and (at - run[-1] > 2 or not _JOINT.fullmatch(view.text, view.ends[run[-1]], view.starts[at])):
            yield from _named(view, run, surest, facilities=facilities)
            run, surest = [], -math.inf
        run.append(at)
        surest = max(surest, weight)
    if run:
        yield from _named(view, run, surest, facilities=facilities)


def _named(view: View, run: list[int], weight: float, *, facilities: bool) -> Iterator[Finding]:
    """Yield what a run of words is: a place or a name."""
    columns = _place(view.cased)
    place = table(view.cased)["place"].bias * len(run) + sum(
        added(columns, view.tokens[at].own + words.beside(view, at) + words.around(view, at)) for at in run
    )
    start, end = view.starts[run[0]], view.ends[run[-1]]
    if end - start == 1:  # a letter alone is a result, a unit or half of a degree
        return
    if all(view.tokens[at].word.lower() in _GENERIC for at in run):
        return
    if place <= 0 and all(view.tokens[at].word.lower() in KIN for at in run):
        return  # whom a family calls so, everybody does
    if place > 0:
        if facilities or any(set("cko").intersection(view.tokens[at].bits) for at in run):
            yield Finding(start, end, Category.GEOGRAPHY, "place", "odds.place", _confidence(weight))
    elif not titled(view.text, start, end):
        yield Finding(start, end, Category.NAME, "name", "odds.name", _confidence(weight))


def _numbers(view: View) -> Iterator[Finding]:
    (own, asked), bias = _number(view.cased), table(view.cased)["number"].bias
    least, sooner = round(NUMBER + _more(view), 1), round(10 * _scarce(view))
    hours: bool | None = None
    for start, end, first, last in numbers.chunks(view):
        if any(view.found[first : last + 1]):
            continue
        signs = numbers.own(view.text[start:end])
        tenths = bias + added(own, signs)
        if tenths < _HOPELESS + sooner:
            continue
        code = numbers.Code(start, first, last, *signs[:2])
        for columns, told, hopeless in asked:
            tenths += added(columns, told(view, code))
            if tenths < hopeless + sooner:
                break
        weight = tenths / 10
        if weight < least or TRIAL.fullmatch(view.text, start, end):
            continue
        if weight < round(least + HOUR, 1) and CLOCK.fullmatch(view.text, start, end):
            continue
        if end - start == CLOCKED and weight < round(least + AMONG, 1) and may_be_hour(view.text, start, end):
            hours = tells_hours(view.text) if hours is None else hours
            if hours:
                continue
        if weight < round(least + ORDINAL, 1) and _ORDINAL.fullmatch(view.text, start, end):
            continue
        if view.text[end : end + 1] == ":" and _SPEAKER.fullmatch(view.text, start, end):
            continue
        if _COUNT.fullmatch(view.text, start, end) and not _AMID.search(view.text, max(0, start - 3), end + 3):
            continue
        if view.text[start:end] == _ALWAYS or _is_points(view.text, start, end) or lasting(view.text, start, end):
            continue
        if points(view.text, start, end):
            continue
        if is_hour(view, start, end, first) or plain(view.text, start, end):
            continue
        if misread_word(view.text[start:end]):
            continue
        if of_nodes(view.text, start, end):
            continue
        if _DATE.fullmatch(view.text, start, end):
            yield Finding(start, end, Category.DATE, "date", "odds.date", _confidence(weight))
        else:
            yield Finding(start, end, Category.OTHER, "code", "odds.code", _confidence(weight))


def _is_points(text: str, start: int, end: int) -> bool:
    """Say whether a number is points of pain: throbbing, 8/10."""
    head = max(0, start - 80)
    return (
        _POINTS.fullmatch(text, start, end) is not None
        and _PAIN.search(text, head, start) is not None
        and _DATED.search(text, head, start) is None
    )


def _confidence(weight: float) -> float:
    """Return the odds as a share, never as sure as a rule's."""
    return round(min(_SURE, 1 / (1 + math.exp(-weight))), 2)
