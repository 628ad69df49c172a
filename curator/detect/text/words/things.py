# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""What is spoken of as a thing: An 11-year-old, a straight Kelly was placed, Cautery was used, CC: Right shoulder pain.

A capitalized word may be the article of a sentence, an instrument, a finding or the first word of a section. What stands
before and behind it says so: an article and a shape, what is done to things alone, the label of a section, a land behind
a way of travel. Somebody's doing, a title or a relation beside it is looked at by who asks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache

from curator.detect.text.lists.lexicon import is_given, lexicon
from curator.detect.text.words.articles import article
from curator.detect.text.words.borne import usual
from curator.detect.text.words.contexts import begins, stays
from curator.detect.text.words.lands import land
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.undergone import ALSO, STRANGE, THINGS
from curator.detect.text.words.vocabulary import BARE, CAPITAL, DEGREE, TITLE, VERB

#: A measure in units behind "is": Height is 5'10"; not: Roe is 45.
_MEASURED = re.compile(
    r"[ ](?:is|was|of|at)[ ](?:about[ ]|approximately[ ])?\d{1,4}(?:\.\d+)?(?:['’\"″′]|[ ]?(?:feet|foot|ft|inches|inch|cm|mm|kg|lbs?|pounds|%|percent|mmHg|beats|bpm|degrees|mg|mL|ml|cc|units|points|seconds|litres|liters)\b|/\d)"
)
#: What the state of a part or of a sense is said to be: Hearing appears adequate.
_STATE = re.compile(
    r"[ ](?:is|are|was|were|appears?|appeared|seems?|seemed|looks?|looked|remains?|remained)[ ](?:grossly[ ]|otherwise[ ]|within[ ]|somewhat[ ]|mildly[ ]|slightly[ ]|quite[ ])?"
    r"(?:adequate|normal|intact|symmetric(?:al)?|unremarkable|patent|supple|nontender|non-tender|tender|reactive|regular|palpable|enlarged|elevated|thickened|calcified|preserved|normocephalic|nondisplaced|midline|limits|erythematous|edematous|diffuse|noncontributory|pertinent|decreased|increased|reduced|impaired|absent|limited|equal)\b"
)
#: A small letter's words behind a comma that go on a sentence and tell nobody: Overall, the patient; Even, a jaw.
_GOES_ON = re.compile(
    r",[ ](?:the[ ](?:patient|pt|child|baby|infant|wound|risks?|plan|family|results?|findings|pain|symptoms|procedure|surgery|lesion|specimen|area|skin|labs?|majority|[a-z]+[ ](?:was|were|is|are|has|have|had))\b(?!['’])"
    r"|an?[ ][a-z]+[ ](?:[a-z]+[ ]){0,3}(?:was|were|is|are|has|had)\b)"
)
#: Shapes, sizes and numbers of things, behind an article and before what bears a name: a straight Kelly.
_SHAPES = frozenset(["straight", "curved", "angled", "bent", "large", "small", "long", "short", "medium", "narrow", "wide", "fine", "heavy", "blunt", "sharp", "single", "double", "triple", "self-retaining", "retaining", "flexible", "rigid", "malleable", "disposable", "sterile", "fresh", "second", "third", "fourth", "additional", "appropriate", "french", "gauge", "sized", "gyn", "laparoscopic", "endoscopic", "pediatric", "mm", "cm", "inch", "tight", "soft", "round", "flat", "toothed", "smooth", "micro", "mini"])  # fmt: skip
#: Those that may begin a sentence and are nobody's name.
_ALONE = frozenset(["straight", "curved", "angled", "self-retaining", "large", "heavy", "toothed", "additional", "blunt", "malleable"])  # fmt: skip
_ARTICLES = frozenset(
    ["a", "an", "the", "another", "two", "three", "four", "several", "multiple", "both", "using", "with"]
)
#: Households and people of a family, before which an article stands.
_HOUSEHOLD = frozenset(["family", "household", "residence", "home", "house", "farm", "boy", "boys", "girl", "girls", "kid", "kids", "child", "children", "baby", "twins", "brothers", "sisters", "woman", "man", "clan", "couple", "siblings"])  # fmt: skip
#: A number sign with a size: a #15 Bard-Parker, 24-French; not: bed #12 Roe, 72 F Roe.
_SIZED = re.compile(
    r"(?:\b(?:an?|the|with|using|to|size|and|by|of|another|via)[ ]#[ ]?\d{1,3}(?:[-/]\d)?|\b\d{1,2}-0|\b\d{1,3}[ -]?(?:French|gauge|mm|cm)|\b\d{1,3}-F[r]?)[ ]{1,2}$",
    re.IGNORECASE,
)
#: What only people do, behind a name with an article that is no thing: the Roe called.
_SAYS = frozenset(["called", "calls", "says", "said", "states", "stated", "reports", "reported", "denies", "denied", "agrees", "agreed", "asks", "asked", "wants", "wanted", "feels", "told", "visited", "lives", "works"])  # fmt: skip

#: Labels that begin a section as often as they name somebody: chief complaint, mental status, coordination.
_SECTIONS = frozenset(["cc", "ms", "coord"])
#: Small words that go on behind somebody who is named by such a label.
_BEHIND = frozenset(["at", "via", "re", "regarding", "from", "per", "by", "for", "c", "x", "w", "ext"])
#: Lists and figures of which a letter is one: Figure A. Patient was treated.
#: A primary tumor, its nodes, its metastases: pT1c N0 M0, Ta Nx Mx.
_TNM = re.compile(r"[acpruy]{0,2}(?:T(?:a|is|x|X|[0-4][a-d]?)|[NM](?:x|X|[0-3][a-d]?))(?:\(.{1,4}\))?")
#: Who is nobody behind any cue.
_NOBODY = frozenset(["no", "not", "none", "nil", "any", "each", "all", "both", "other", "others", "mm"])
#: Parts of the body that are names of people with a capital.
_PARTS = frozenset(["vas", "alar", "ala", "nares"])
#: A solution that is called after somebody.
_RINGER = frozenset(["ringer", "ringers"])
#: What there is little of, where a sentence begins.
_LITTLE = re.compile(
    r" (?:over|under|activity|change|evidence|if|more|by|effect|improvement|response|interval|progress|else|pain|residual|is known|was known|has changed)\b"
)
#: Short forms in capitals that are names of people as well: arteries, a battery's state, a test, a stroke.
_SHORTS = frozenset(["lima", "rima", "lica", "rica", "eri", "tova", "tia"])
#: Short forms in the plural: MRIs.
_PLURAL = re.compile(r"[A-Z]{2,5}s")
#: What a part of a house or a test is, behind its name: Hospitalist Service, Mini Mental Score.
_UNITS = frozenset(["service", "services", "department", "center", "centre", "team", "desk", "score", "scale", "exam", "examination", "battery", "inventory", "questionnaire"])  # fmt: skip
_SMALL_BEHIND = re.compile(r"[ ][a-z]")


def thing(found: Spots, first: int, last: int) -> bool:
    """Say whether words that may be a name are spoken of as a thing.

    Parameters
    ----------
    found
        The words of the text.
    first, last
        The first and the last of the words.

    Returns
    -------
    bool
        False where nothing says so.
    """
    words, text = found.words, found.text
    low, end = words[first].low, found.spans[last][1]
    if low == "an" and not words[first].upper and article(found, first, last):
        return True
    if (
        words[first].low[0] in "acpruytnm"
        and words[last].kind in "UuAIMgGsr"
        and _TNM.fullmatch(text, found.spans[last][0], end)
    ):
        return last > first or _staged(text, found.spans[first][0], end)
    if land(found, first, last):
        return True
    if last == first + 1 and words[first].kind == "I" and _item(found, first, end):
        return True
    if last > first:
        return _joined(found, first, last) and (_shaped(found, first) or THINGS.match(text, end) is not None)
    if low in _NOBODY and _SMALL_BEHIND.match(text, end):
        return True
    if _PLURAL.fullmatch(text, found.spans[first][0], end) and not words[first].listed:
        return True
    if first and _several(found, first):
        return True
    if (
        first
        and words[first - 1].low == "anti"
        and text[found.spans[first - 1][1] : found.spans[first][0]] in {" ", "-"}
    ):
        return True  # anti Jo-1
    if low in _RINGER and text[end : end + 1] != ",":
        return True
    if low == "little" and _LITTLE.match(text, end) and begins(found, first):
        return True
    if words[first].upper and low in _SHORTS:
        return _amid_small(found, first)
    if (
        first
        and low in _UNITS
        and words[first - 1].low not in _ARTICLES
        and words[first - 1].flags & CAPITAL
        and text[found.spans[first - 1][1] : found.spans[first][0]] == " "
    ):
        return True
    if first and _section(found, first, end):
        return True
    if (THINGS if words[first].listed else STRANGE).match(text, end):
        return True
    if words[first].kind in "srn" and begins(found, first) and _worded(found, first, end):
        return True
    return bool(first) and _shaped(found, first)


def thing_at(found: Spots, start: int, end: int) -> bool:
    """Say whether the words between two places are spoken of as a thing; False where none begins and ends there."""
    first = bisect_left(found.spans, (start, 0))
    last = bisect_left(found.spans, (end, 0)) - 1
    if not first <= last < len(found.words) or found.spans[first][0] != start or found.spans[last][1] != end:
        return False
    if not found.words[first].flags & CAPITAL:
        return small_thing(found, start)
    return thing(found, first, last)


@cache
def _pairs() -> frozenset[tuple[str, str]]:
    """Return pairs of words that are something in small letters as well: none that begins with a given name."""
    return frozenset(pair for pair in stays() if not is_given(pair[0]))


def small_thing(found: Spots, start: int) -> bool:
    """Say whether a word in small letters is a part of the body, or one of two words that are something together.

    The vas was cut; fascia lata, renal stone. Not: dr vas.
    """
    words, spans = found.words, found.spans
    at = bisect_left(spans, (start, 0))
    if at >= len(words) or spans[at][0] != start:
        return False
    before = words[at - 1] if at else None
    gap = found.text[spans[at - 1][1] : start] if at else ""
    if words[at].low in _PARTS:
        return before is None or not (before.flags & TITLE or (before.flags & CAPITAL and before.kind in "GSRgsn"))
    pairs = _pairs()
    if before is not None and gap in {" ", "-"} and (before.low, words[at].low) in pairs:
        return True
    after = at + 1
    return after < len(words) and (words[at].low, words[after].low) in pairs and spans[after][0] == spans[at][1] + 1


def _item(found: Spots, first: int, end: int) -> bool:
    """Say whether a letter counts an item of a list that begins with a word of everyday: A. Wedge biopsy; not A. Wood saw."""
    word, start, after = found.words[first + 1], found.spans[first][0], first + 2
    if word.folded not in lexicon().words or word.folded in usual() or word.upper:
        return False
    if found.text[max(0, start - 2) : start].strip(" ") not in {"", ":", ".", ",", ";", "\n"} or after >= len(
        found.words
    ):
        return False
    following = found.words[after]
    return (
        found.text[end : found.spans[after][0]] == " "
        and not following.flags & (CAPITAL | VERB)
        and len(following.low) > 3
        and following.low not in _BEHIND
    )


def _several(found: Spots, at: int) -> bool:
    """Say whether a word means several of what bears a name: with Kochers, Apgars of 9; not: the Kochers, seen by Kochers."""
    word, before = found.words[at], found.words[at - 1]
    if word.listed or word.upper or len(word.low) < 6 or word.low[-1] != "s":
        return False
    if word.folded[:-1] not in lexicon().medical and word.folded[:-1] not in lexicon().shared:
        return False
    gap = found.text[found.spans[at - 1][1] : found.spans[at][0]]
    return gap == " " and not before.flags & CAPITAL and before.low in _COUNTS


_COUNTS = frozenset(["with", "using", "two", "three", "four", "of", "several", "multiple", "both", "straight", "curved", "long", "small", "large", "additional"])  # fmt: skip


def _amid_small(found: Spots, at: int) -> bool:
    """Say whether a word in capitals stands amid words that are not: battery status is ERI."""
    words, text = found.words, found.text
    if at and (
        words[at - 1].upper
        or words[at - 1].flags & (BARE | TITLE)
        or "\n" in text[found.spans[at - 1][1] : found.spans[at][0]]
    ):
        return False
    end, after = found.spans[at][1], at + 1
    if text[end : end + 1] in {"'", "’"} or not at:
        return False
    return after >= len(words) or "\n" in text[end : found.spans[after][0]] or not words[after].upper


def _staged(text: str, start: int, end: int) -> bool:
    """Say whether a part of a tumor's stage stands beside another part: T3 N1b M0."""
    return bool(_STAGES.match(text, end) or _STAGES_BEFORE.search(text, max(0, start - 8), start))


_STAGES = re.compile(r"[ ,]{0,2}[pcyr]?[NM](?:[0-3][a-d]?|x|X)\b")
_STAGES_BEFORE = re.compile(r"\b[pcyr]{0,2}[TN](?:[0-4][a-d]?|is|a|x|X)[ ,]{1,2}$")


def _joined(found: Spots, first: int, last: int) -> bool:
    """Say whether hyphens join all words: Bard-Parker."""
    return all(found.text[found.spans[at][1] : found.spans[at + 1][0]] == "-" for at in range(first, last))


#: Dimensions and planes: a 2-D STUDY.
_PLANES = re.compile(r"\d-[A-Z]$")


def _section(found: Spots, first: int, end: int) -> bool:
    """Say whether a word begins what a section says: CC: Right shoulder pain, MS: Alert and oriented."""
    before, word, text = found.words[first - 1], found.words[first], found.text
    gap = text[found.spans[first - 1][1] : found.spans[first][0]]
    if before.low == "middle" and before.flags & CAPITAL and gap == " ":
        return word.kind == "M" or (word.folded in lexicon().words and word.folded not in lexicon().given)
    if (
        len(before.low) == 1
        and gap == " "
        and _PLANES.search(text, max(0, found.spans[first - 1][1] - 3), found.spans[first - 1][1])
    ):
        return word.folded in lexicon().words | lexicon().medical
    if before.low == "attention" and "(" in gap:
        return True
    if before.low in {"color", "colour"} and ":" in gap:
        return True  # of urine or of a sputum: Amber
    if before.low not in _SECTIONS or ":" not in gap or word.folded not in lexicon().words | lexicon().medical:
        return False
    if word.folded in lexicon().given or word.folded in usual():
        return False
    if word.low.endswith("ing") and text[end : end + 1] in {".", "\n", ""}:
        return True  # CC: Falling.
    if text[end : end + 1] != " " or first + 1 >= len(found.words) or found.spans[first + 1][0] != end + 1:
        return False
    following = found.words[first + 1]
    if following.flags & CAPITAL:
        return following.upper and following.kind in "MA" and not following.flags & DEGREE
    return following.low not in _BEHIND and not (
        following.flags & VERB and following.low not in {"alert", "awake", "pleasant", "comfortable"}
    )


def _worded(found: Spots, first: int, end: int) -> bool:
    """Say whether a word of everyday that begins a sentence means itself: Overall, the patient; Height is 5'10"."""
    word, text = found.words[first], found.text
    if word.folded not in lexicon().words or word.upper or word.folded in usual():
        return False
    mark = text[end : end + 1]
    if mark == ",":
        return _GOES_ON.match(text, end) is not None
    if mark != " ":
        return False
    return bool(_MEASURED.match(text, end) or _STATE.match(text, end))


def _shaped(found: Spots, first: int) -> bool:
    """Say whether an article and a shape, or a size, stand before a word: a straight Kelly, a #15 Parker, the Allis was placed."""
    words, spans, text = found.words, found.spans, found.text
    start = spans[first][0]
    if text[start - 1 : start] != " ":
        return False
    if _SIZED.search(text, max(0, start - 14), start):
        return True
    before, gap = words[first - 1], text[spans[first - 1][1] : start]
    if gap != " " or (before.flags & TITLE and before.flags & CAPITAL):
        return False
    after = first + 1
    while after < len(words) and text[spans[after - 1][1] : spans[after][0]] == "-":
        after += 1
    following = words[after].low if after < len(words) and text[spans[after - 1][1] : spans[after][0]] == " " else ""
    if following in _HOUSEHOLD or following in _SAYS:
        return False
    if before.low in {"a", "an", "the", "another"} and (
        before.low != "a" or not before.upper or begins(found, first - 1)
    ):
        end = spans[after - 1][1]
        return ALSO.match(text, end) is not None
    if before.low not in _SHAPES:
        return False
    if before.flags & CAPITAL and not before.upper and not begins(found, first - 1):
        return False
    if before.upper and before.low != "gyn":
        return False
    if begins(found, first - 1) or first < 2:
        return before.low in _ALONE
    lead = words[first - 2]
    return (
        lead.low in _ARTICLES
        or lead.low in _SHAPES
        or text[spans[first - 1][0] - 2 : spans[first - 1][0]] in {", ", "- "}
    )
