# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Whether what looks like a person or a place is a term by where it stands: Dunn view, per Lau 2020, inside Milan, after PERSEUS.

Tests, scales, trials, papers and firms bear names of people and of places. Neither the word nor the list tells: its place
does. What a title, a role, a relation, a degree or somebody's doing stands at is never a term.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache

from curator.detect.text.lists.lexicon import is_given, is_name, lexicon
from curator.detect.text.words.borne import (
    AND,
    BY,
    GIVEN,
    LEVEL,
    NUMBERED,
    ROMAN,
    borne,
    regions,
    sure,
    usual,
    versus,
    walk,
)
from curator.detect.text.words.cited import FORMS, FOUND, PAPERS, YEARS, cited, formed, owned, tried
from curator.detect.text.words.contexts import acts, degree, described
from curator.detect.text.words.questions import asked, asks, unsaid
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import BARE, CAPITAL, NOUN, ROLE, TITLE, WANTED

#: Words that lead to what criteria bear: inside Milan, meets Rotterdam, modified Atlanta.
_WITHIN = frozenset(["inside", "within", "outside", "beyond", "meets", "meet", "meeting", "met", "fulfills", "fulfils", "fulfilling", "satisfies", "exceeds", "exceeding", "exceeded", "modified", "revised", "simplified", "updated", "original", "under", "using"])  # fmt: skip

#: The same, but also before somebody or somewhere.
_LEADS = frozenset(["by", "per", "positive", "negative", "on", "use", "apply"])

#: What a scale came to: Bromage was 0, Norton of 14.
_SCORED = re.compile(
    r"[ ](?:was|is|of|at|went|scored|=)[ ](?:[0-9]{1,2}(?:[./][0-9]{1,2})?|zero|one|two|three|four|[IV]{1,3})(?=[,;.)\n]|$|[ ](?:on|at|bilat\w*|both|out|and)\b)"
)

#: Nobody is spoken of with these but a family.
_ARTICLES = frozenset(["a", "an", "the", "another"])

_HOUSEHOLD = frozenset(["family", "household", "residence", "home", "house", "farm", "clinic", "office", "service", "group", "team", "boy", "boys", "girl", "girls", "kid", "kids", "child", "children", "baby", "twins", "brothers", "sisters", "woman", "man", "area", "resident", "patient", "hospital"])  # fmt: skip


#: Before a sign's or a test's name.
_SIGNED = frozenset(["modified", "revised", "simplified", "updated", "original", "positive", "negative", "neg", "pos", "no", "without", "absent", "equivocal", "classic", "bilateral", "inside", "within", "outside", "beyond"])  # fmt: skip


def term(found: Spots, start: int, end: int) -> bool:
    """Say whether a name or a place is a term by where it stands.

    Parameters
    ----------
    found
        The words of the text.
    start, end
        Where the name or the place stands.

    Returns
    -------
    bool
        False as well where nothing tells.
    """
    spans, words, text = found.spans, found.words, found.text
    first = bisect_left(spans, (start, 0))
    last = bisect_left(spans, (end, 0)) - 1
    if first >= len(words) or last < first or last - first > 5 or spans[first][0] != start:
        return False
    asking, known, word, mark = asks(text), borne(), words[first], text[end : end + 1]
    listed = word.folded in known.all or (
        last > first and not known.all.isdisjoint([part.folded for part in words[first + 1 : last + 1]])
    )
    # Most are in no list and stand at nothing that tells.
    if not (listed or asking or mark in _MARKS or (mark == " " and _tells(found, first, last, end))):
        return False
    if _somebody(found, first, last, end):
        return False
    if listed and (_phrased(found, first, last) or _wide(found, first, last)):
        return True
    if cited(found, first, last, end) or owned(found, first, last, end) or formed(found, last, end):
        return True
    if asking and asked(found, first, last, end):
        return True
    if text[end : end + 1] == "-" and last == first and NUMBERED.match(text, end):
        return True
    if (
        last == first + 1
        and words[last].low in ROMAN
        and words[last].upper
        and text[spans[first][1] : spans[last][0]] == " "
    ):
        # Friedman II: nobody has a number behind the family name alone.
        return (
            (word.folded in known.scales or word.folded in known.sure)
            and _pointed(found, first)
            and not is_given(word.folded)
        )
    name = word.folded if last == first else " ".join(part.folded for part in words[first : last + 1])
    city = name in known.cities
    if city and _criteria(found, first, last, end, name):
        return True
    if name in regions() and not (last == first and (is_given(name) or name in lexicon().frequent)):
        return True
    if word.upper and last == first and not city:
        return word.folded in known.trials and tried(found, first, end)
    scale = last == first and (word.folded in known.scales or word.folded in known.sure)
    if asking and last == first and unsaid(found, first, city=city, known=scale or city):
        return True
    if not (scale or city):
        return _among(found, first, last)
    if (
        scale
        and mark in _ENDS
        and first
        and words[first - 1].low in {"by", "per"}
        and _graded(text, spans[first - 1][0])
    ):
        return True
    if scale and first and words[first - 1].low in _SIGNED and text[spans[first - 1][1] : start] in {" ", ". "}:
        return True
    if scale and word.folded not in usual() and _SCORED.match(text, end):
        return True
    return (scale and LEVEL.match(text, end) is not None and _pointed(found, first)) or _among(found, first, last)


#: What ends the measure that somebody's method gave: type II by Kibler; LVEF 52 by Simpson.
_ENDS = frozenset([".", ",", ";", ")", "\n", ""])
_GRADED = re.compile(
    r"(?:\b(?:type|grade|class|stage|zone|level|category|group|score[ds]?|graded|classified|staged|index)[ ]?(?:[IVX]{1,4}[A-Da-d]?|\d{1,2}[A-Da-d]?|as \w+)?|\b(?:LV|RV)?EF\b[^.\n]{0,24}\d{2}[ ]?%?|\b[IVX]{2,4}[A-Da-d]?|\d[ ]?(?:mm|cm|%|mL|ml|degrees|kcal|mg/dL|points)|\bby \w+ criteria)[ ]$"
)


def _graded(text: str, start: int) -> bool:
    """Say whether a grade or a measure stands before a place."""
    return _GRADED.search(text, max(0, start - 48), start) is not None


#: Behind a word they may join another one, or a paper's journal.
_MARKS = frozenset([",", "/", "-", "'", "’", "–"])


def _tells(found: Spots, first: int, last: int, end: int) -> bool:
    """Say whether a word of a list, a year or what a paper is called stands next to a word."""
    words, after = found.words, last + 1
    if found.text[end + 1 : end + 2] in YEARS or (first and words[first - 1].low in AND):
        return True
    if after >= len(words):
        return False
    low = words[after].low
    return low in AND or low in _PLURALS or low in PAPERS or low in FORMS


def _somebody(found: Spots, first: int, last: int, end: int) -> bool:
    """Say whether a title, a role or a relation stands before, a degree, an age or a doing behind."""
    text, words, spans = found.text, found.words, found.spans
    if first:
        before = words[first - 1]
        gap = text[spans[first - 1][1] : spans[first][0]]
        if (
            before.flags & (TITLE | ROLE | BARE | WANTED)
            and before.low not in {"trial", "per", "by"}
            and gap.strip(" .:=#") == ""
        ):
            return True
        if before.low in _ARTICLES and gap == " ":
            return words[min(last + 1, len(words) - 1)].low in _HOUSEHOLD
    if degree(text, end) or described(text, end):
        return True
    return not words[last].upper and acts(found, last, end) and FOUND.match(text, end) is None


def phrased_at(found: Spots, start: int, end: int) -> bool:
    """Say whether a phrase of the list covers what stands between two places, of whole words: Temp-Bond, Lange-Nielsen.

    Parameters
    ----------
    found
        The words of the text.
    start, end
        Where a name or a place may stand; a part of a word that a hyphen ends is a word.
    """
    first, last = bisect_left(found.spans, (start, 0)), bisect_left(found.spans, (end, 0)) - 1
    if not first <= last < len(found.words) or last - first > _LONGEST or found.spans[first][0] != start:
        return False
    return not _somebody(found, first, last, end) and _phrased(found, first, last)


#: Words of a phrase at most, but for its first.
_LONGEST = 5


def _phrased(found: Spots, first: int, last: int) -> bool:
    """Say whether a phrase of the list covers a name: Hancock II, Von Rosen, Star Health."""
    text, words, spans, known = found.text, found.words, found.spans, borne().phrases
    for at in range(max(0, first - 3), first + 1):
        if not words[at].flags & CAPITAL or words[at].folded not in known:
            continue
        for phrase in known[words[at].folded]:
            stop = at + len(phrase)
            if stop <= last or stop > len(words):
                continue
            if any(words[at + step].folded != part for step, part in enumerate(phrase)):
                continue
            gaps = [text[spans[step][1] : spans[step + 1][0]] for step in range(at, stop - 1)]
            if any(gap not in {" ", "-", "'", "’", " & ", "&", "–", ". ", "+"} for gap in gaps):
                continue
            # Two names with a blank between are somebody's.
            if len(phrase) == 2 and gaps[0] == " " and all(is_name(part) for part in phrase):
                if not is_given(phrase[0]) and words[at + 1].kind == "M":
                    return True
                continue
            return at == first or not words[at - 1].flags & (TITLE | BARE)
    return False


def _criteria(found: Spots, first: int, last: int, end: int, name: str) -> bool:
    """Say whether a town's name is that of criteria: inside Milan, by Rotterdam, Rome IV, vs Hong Kong (HKLC)."""
    text, words, spans = found.text, found.words, found.spans
    if LEVEL.match(text, end) and not (text[end : end + 2] == " (" and _located(found, first)):
        return not _located(found, first) and not _numbered_place(text, end)
    after = last + 1
    if after < len(words) and words[after].flags & NOUN and text[end : spans[after][0]] in {" ", "-"}:
        return words[after].low in _NOUNS
    if not first:
        return False
    before, gap = words[first - 1], text[spans[first - 1][1] : spans[first][0]]
    if gap == " " and before.low in {"and", "or"} and first > 2 and words[first - 2].folded in borne().cities:
        return words[first - 3].low in {"inside", "within", "outside", "beyond", "meets", "by", "both"}
    if gap == " " and before.low in _WITHIN - {"under", "outside", "inside", "within", "beyond"}:
        return True
    if gap == " " and before.low in {"inside", "within", "outside", "beyond"}:
        return text[end : end + 1] in {"?", ".", ",", ";", ")", "\n", ""} or _and_term(found, last)
    if gap == " " and before.low in _LEADS and not is_given(name) and name not in lexicon().frequent:
        return before.low in {"by", "per"} or text[end : end + 1] in {"?", ",", ".", ";", ""}
    return gap in {" ", ". "} and before.low in {"vs", "versus"}


#: What bears a town's name.
_NOUNS = frozenset(["criteria", "criterion", "classification", "score", "scale", "staging", "stage", "grade", "grading", "rule", "rules", "index", "consensus", "guidelines", "guideline", "definition", "protocol", "system", "test", "questionnaire", "inventory", "formula", "category", "algorithm", "nomogram", "calculator", "risk"])  # fmt: skip


def _wide(found: Spots, first: int, last: int) -> bool:
    """Say whether what several words name bears criteria: Brigham and Women's T2a."""
    words, spans = found.words, found.spans
    for at in range(max(0, first - 3), first + 1):
        if words[at].flags & CAPITAL and words[at].folded in _wide_starts():
            for stop in range(max(last, at + 1), min(len(words), at + 4)):
                name = " ".join(word.folded for word in words[at : stop + 1])
                if name in borne().cities and _criteria(found, at, stop, spans[stop][1], name):
                    return True
    return False


@cache
def _wide_starts() -> frozenset[str]:
    return frozenset(city.split(" ")[0] for city in borne().cities if " " in city)


def _located(found: Spots, first: int) -> bool:
    """Say whether a word before a town tells of a place: from Rome II."""
    return first > 0 and found.words[first - 1].low in {
        "in",
        "from",
        "at",
        "to",
        "near",
        "of",
        "lives",
        "visiting",
        "around",
        "outside",
        "into",
        "via",
    }


_HOUSE = re.compile(r"[ ]\d{4,}")


def _numbered_place(text: str, end: int) -> bool:
    return _HOUSE.match(text, end) is not None


def _and_term(found: Spots, last: int) -> bool:
    """Say whether other criteria are joined: Milan and UCSF."""
    after = last + 2
    if after >= len(found.words) or found.words[last + 1].low not in {"and", "or", "but"}:
        return False
    word = found.words[after]
    return word.upper or word.kind == "M" or word.folded in borne().cities


def _pointed(found: Spots, first: int) -> bool:
    """Say whether a small word before tells no person of what bears a level: a Hancock II; not saw Hancock II."""
    if not first:
        return False
    before, gap = found.words[first - 1], found.text[found.spans[first - 1][1] : found.spans[first][0]]
    return (
        (gap in {" ", ", ", " (", ": ", "; "} or (gap.endswith(", ") and gap[1:-2].isalnum()))
        and before.low not in BY
        and before.kind not in GIVEN
    )


def _among(found: Spots, first: int, last: int) -> bool:
    """Say whether a name stands in a list of terms: Judet, Von Rosen and Dunn views; Milan vs Hong Kong."""
    right, ahead = walk(found, last, 1)
    left, _ = walk(found, first, -1)
    if not right and not left:
        return _article(found, first, last)
    known, words = borne(), found.words
    if ahead < len(words) and words[ahead].low in _PLURALS and right | left:
        return True
    certain = sum(1 for at in right | left if sure(found, at))
    if certain and last == first + 1 and found.text[found.spans[first][1] : found.spans[last][0]] == ", ":
        # Norwood, Glenn, Fontan: no family name before a given one.
        return words[first].folded in known.scales and words[last].folded in known.scales
    if certain and (versus(found, first, last) or len(right | left) > 1):
        own = words[first].folded
        return last == first and (own in known.scales or own in known.cities or own in known.trials)
    if versus(found, first, last):
        own = " ".join(word.folded for word in words[first : last + 1])
        others = {words[at].folded for at in right | left}
        loud = any(words[at].upper and words[at].kind == "M" for at in right | left)
        return (own in known.cities or own in known.scales) and (loud or bool(others & (known.cities | known.scales)))
    return False


def _article(found: Spots, first: int, last: int) -> bool:
    """Say whether an article stands before what tools and tests bear: a Bakri, the Hancock."""
    words, spans, text = found.words, found.spans, found.text
    if first != last or not first or words[first].folded not in borne().scales or words[first].upper:
        return False
    if words[first - 1].low not in _ARTICLES or text[spans[first - 1][1] : spans[first][0]] != " ":
        return False
    end, after = spans[last][1], last + 1
    if text[max(0, spans[first - 1][0] - 1) : spans[first - 1][0]].isalnum():
        return False
    if text[end : end + 1] in {"'", "’", "-"}:
        return False
    if after >= len(words) or text[end : spans[after][0]] != " ":
        return True
    return not words[after].flags & CAPITAL and words[after].low not in _HOUSEHOLD


#: What several names in a list bear together.
_PLURALS = frozenset(["views", "view", "approaches", "approach", "signs", "sign", "tests", "criteria", "scores", "scales", "classifications", "maneuvers", "manoeuvres", "trials", "studies", "lines", "angles", "procedures", "repairs", "techniques", "incisions", "retractors", "valves", "stents", "catheters", "grades", "rules", "systems", "formulas", "formulae", "equations", "fractures", "syndromes", "diseases", "flaps", "sutures", "triads", "reflexes", "positions", "splints", "braces", "forceps", "clamps", "operations", "nodes", "cells", "bodies", "stains", "phenomena", "laws", "rings", "tubes", "drains", "pessaries", "nails", "plates", "implants", "diets", "exercises", "papers", "data", "staging", "grading"])  # fmt: skip
