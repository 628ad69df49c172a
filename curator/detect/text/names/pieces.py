# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Points for and against: whether some capitalized words are a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.names import around
from curator.detect.text.words.contexts import acts, begins, degree, described, eponym, stays, told, wanted, weakly
from curator.detect.text.words.runs import Token
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import (
    BARE,
    COLON,
    ROLE,
    tables,
)

_SUFFIX = re.compile(r",?[ ](?:jnr|snr|jr|sr|Jnr|Snr|Jr|Sr|JR|SR|II|III|IV)\b\.?")
#: What joins a name to one that was found right before it.
_WITH = re.compile(r"(?:[ ]?\([^()\n]{1,14}\))?(?:,| and|, and| &|[ ]?/|;| or| y| und| et)[ ]?$")
#: What somebody says behind the name in a chat, or a list of numbers.
_SPOKEN = re.compile(r":[ ](?:[a-z]|\n|$)")
#: A postal code or a level goes on behind a single letter.
_CODE = re.compile(r"[ ]?\d")
_HOUSES = frozenset(tables()["house_small"].split()) | {
    "center",
    "centre",
    "institute",
    "foundation",
    "department",
    "medical",
    "healthcare",
    "street",
    "avenue",
    "road",
}
_SAINTS = frozenset(["mount", "mt", "saint", "st", "ste", "fort", "lake", "port"])
#: Points from which some words are a name.
ENOUGH = 1.3


_HEADERS = frozenset(tables()["headers"].split())
_UNTOLD = frozenset(tables()["headers_untold"].split())
_NO_VALUE = frozenset(tables()["no_value"].split())


#: The last words of heads of columns, which stand behind "Name" where a table's first row is read along.
_HEADS = frozenset(["date", "dates", "time", "times", "due", "dose", "doses", "dosage", "result", "results", "value", "values", "range", "units", "status"])  # fmt: skip


#: Who is addressed by what they are.
_ADDRESSED = frozenset(["doctor", "doctors", "team", "all", "everyone", "colleague", "colleagues", "sir", "madam", "nurse", "staff"])  # fmt: skip


#: What is measured by whom: behind a name it tells an eponym.
_MEASURES = frozenset(
    ["score", "test", "sign", "scale", "grade", "criteria", "syndrome", "disease", "protocol", "classification"]
)


@dataclass(slots=True)
class Piece:
    """Words that are a name: where they stand, with how many points, by which rule."""

    start: int
    end: int
    score: float
    rule: str
    tokens: list[Token]


def suffixed(found: Spots, token: Token) -> int:
    """Return where a name ends, with Jr. or III behind it."""
    end = token.end
    if found.text[end : end + 1] in {" ", ","}:
        match = _SUFFIX.match(found.text, end)
        if match:
            return match.end()
    return end


def weigh(found: Spots, tokens: list[Token], pieces: list[Piece]) -> None:
    """Add some words to the pieces when they are a name."""
    text = found.text
    sure = wanted(found, tokens[0].first)
    while (
        tokens
        and tokens[-1].kind == "W"
        and not (sure and len(tokens) == 1)
        and not (len(tokens) == 2 and tokens[0].kind in "GIng")
    ):
        tokens = tokens[:-1]
    if not tokens:
        return
    # Most are one word: no list is made for it.
    kinds = tokens[0].kind if len(tokens) == 1 else "".join([token.kind for token in tokens])
    if not sure and kinds == "I" * len(tokens):
        return
    if (
        len(tokens) > 1
        and tokens[-1].kind == "I"
        and text[tokens[-1].end : tokens[-1].end + 1] != "."
        and _CODE.match(text, tokens[-1].end)
    ):
        tokens, kinds = tokens[:-1], kinds[:-1]
    first, last = tokens[0], tokens[-1]
    if (
        kinds[1:2] == "I"
        and not sure
        and first.word.folded in lexicon().shared
        and around.level(found, first, tokens[1])
    ):
        if len(tokens) > 2 and "," in text[tokens[1].end : tokens[2].start]:
            weigh(found, tokens[2:], pieces)
            return
        if len(tokens) == 2:
            return
    if len(tokens) == 2 and (
        (first.word.folded, last.word.folded) in stays()
        or (not sure and first.word.low in around.CHANGED and last.word.folded in lexicon().shared)
    ):
        return
    if (
        len(tokens) > 1
        and last.word.low == "i"
        and text[last.end - 2] == " "
        and around.SPEAKING.match(text, last.end)
        and not (sure and len(tokens) == 2)
    ):
        weigh(found, tokens[:-1], pieces)
        return
    if len(tokens) == 2 and not sure and around.sided(found, first, last):
        return
    if len(tokens) == 2 and not sure and _article(found, first, last):
        return
    graded = degree(text, last.end)
    if (
        len(tokens) > 1
        and not sure
        and not graded
        and (last.word.low in _HOUSES or first.word.low in _SAINTS)
        and not told(found, first.first)
    ):
        return
    end = last.end
    if not sure and text[end : end + 1].isdigit():
        return
    strong = sure or told(found, first.first)
    if len(tokens) == 1 and not sure:
        low = first.word.low
        if low in _HEADERS or low in _ADDRESSED or (low in _UNTOLD and not strong and begins(found, first.first)):
            return
    if sure and (
        first.word.low in _NO_VALUE or (len(tokens) == 1 and first.word.flags & COLON and not first.word.listed)
    ):
        return
    if (
        eponym(found, last.last, end)
        and not graded
        and not (len(tokens) > 1 and kinds[0] == "G")
        and not sure
        and not (strong and found.words[first.first - 1].flags & BARE and found.words[last.last + 1].low in around.TOLD)
    ):
        return
    single = len(tokens) == 1
    if (
        not single
        and not sure
        and not graded
        and last.word.low in _MEASURES
        and text[tokens[-2].end : last.start] == " "
    ):
        return
    if single and not sure and first.first and around.changed(found, first):
        return
    if single and not sure and first.first and text[first.start - 1] == "-" and around.joined_to(found, first):
        return
    told_so = sure or strong
    if told_so and not single and last.word.low in _HEADS and not any(token.word.listed for token in tokens[:-1]):
        return
    score = first.points if single else sum([token.points for token in tokens])
    rule = "name.lexicon"
    upper = first.word.upper and (single or all(token.word.upper for token in tokens))
    begin = begins(found, first.first)
    if graded and (len(tokens) > 1 or kinds[0] not in "WMA"):
        score, rule = score + 2.4, "name.credential"
    if sure:
        score, rule = score + 3.5, "name.field"
    elif strong and kinds.strip("WMA"):
        score, rule = score + 2.2, "name.cue"
    elif strong and len(tokens) > 1:
        score += 1.0
    elif weakly(found, first.first):
        amid = around.single_amid(found, tokens)
        score += (1.2 if found.words[first.first - 1].low in around.BESIDE else 0.8) if amid else 0.4
    beside = (
        bool(pieces)
        and not strong
        and 0 < first.start - pieces[-1].end < 24
        and _WITH.match(text, pieces[-1].end, first.start) is not None
    )
    if beside and pieces[-1].score >= ENOUGH and kinds[0] in "GSRnguUsr":
        told_before = text[pieces[-1].end] == " " or pieces[-1].rule in {"name.title", "name.cue"}
        score += 1.2 if kinds[0] not in "sr" or told_before else 0.4
    if single:
        score, rule = _single(
            found, first, kinds, score, rule, strong=strong, graded=graded, upper=upper, begin=begin, beside=beside
        )
    else:
        score += around.several(found, tokens, kinds, strong=strong, graded=graded, upper=upper, begin=begin)
    if score >= ENOUGH:
        pieces.append(Piece(first.start, suffixed(found, last), score, rule, tokens))


def _article(found: Spots, first: Token, last: Token) -> bool:
    """Say whether a letter is the article in a text in capitals: ON A NAIL AT WORK; not: A NAIL, MD."""
    if first.word.low != "a" or not last.word.upper or found.text[first.end : last.start] != " ":
        return False
    if last.word.folded not in lexicon().words or told(found, first.first) or degree(found.text, last.end):
        return False
    before, after = first.first - 1, last.last + 1
    return before >= 0 and found.words[before].upper and after < len(found.words) and found.words[after].upper


def _regards(found: Spots, token: Token) -> bool:
    """Say whether "re" stands right before: Re Roe: please call."""
    return token.first > 0 and found.words[token.first - 1].low == "re" and token.kind in "GSRUu"


def _single(
    found: Spots,
    token: Token,
    kind: str,
    score: float,
    rule: str,
    *,
    strong: bool,
    graded: bool,
    upper: bool,
    begin: bool,
    beside: bool,
) -> tuple[float, str]:
    text, end = found.text, token.end
    plain = kind in "GgSRUunsr"
    timed = (
        plain
        and text[max(0, token.start - 3) : token.start].strip()[-1:] in around.TIME_ENDS
        and around.AT_TIME.search(text, max(0, token.start - 12), token.start) is not None
    )
    if not strong and timed:
        strange = around.FOREIGN.isdisjoint([word.low for word in found.words])
        score += 0.9 if strange else 0.6
    if begin and not strong and kind in "GSRu" and not upper and text[end : end + 3] in {" - ", " – "}:
        score += 1.3
    if (
        not strong
        and not begin
        and kind in "RuU"
        and not weakly(found, token.first)
        and around.single_amid(found, [token])
    ):
        score += 0.3 if kind == "U" else 0.4
    strange = kind == "u" and found.english and not token.word.low.isascii()
    if strange:
        score += 0.9
    does = plain and (described(text, end) or (not upper and acts(found, token.last, end)))
    if not begin and kind in "GSRUu" and text[end : end + 2] == ", " and around.RECORD.match(text, end):
        score += 1.2
    if not begin and kind in "SRUusr" and around.family_of(found, token):
        score += 1.6
    if begin and not strong and token.word.flags & (BARE | ROLE) and kind in "gsr" and text[end : end + 1] != ":":
        score -= 2.0
    if begin and not strong and not does:
        score -= 0.3 if kind in "GS" or strange else 0.9
    if upper and not strong and not graded:
        score -= 0.2 if kind in "GS" and around.column(text, token.start, end) else 1.0
    elif kind in "GSRuU" and not begin and not strong and around.column(text, token.start, end):
        score += 0.6
    if (
        begin
        and kind in "RS"
        and not upper
        and not strong
        and token.word.folded not in lexicon().shared
        and _HAS.match(text, end)
    ):
        score += 1.4
    if (
        begin
        and kind in "SRUu"
        and not strong
        and token.word.folded not in lexicon().shared
        and _LISTED.match(text, end)
    ):
        score += 1.3 if kind in "SR" or token.word.points > 0.2 else 0.0
    if does:
        weight = 1.9
        if begin and kind in "gsrnU" and text[end : end + 1] == " " and not described(text, end):
            weight = 1.2 if kind in "nU" or (kind in "gs" and around.says(found, token)) else 0.6
        score, rule = score + weight, "name.acts"
    if not strong and not does and not graded and kind in "gsrSRUuG" and around.listed(found, token):
        score -= 1.2
    if not strong and not graded and token.word.folded in lexicon().shared and not (does or beside):
        score -= around.bearing(found, token)
    mark = text[end : end + 1]
    if mark == "," and kind in "GnguSRU" and text[end + 1 : end + 2] == " " and around.asked(found, token):
        score += 1.5
    if mark in {"'", "’"} and not strong and kind in "gsr" and token.word.folded in lexicon().eponyms:
        score -= 2.0 if around.OWNS.match(text, end) is None else 0.0
    if (
        mark == ":"
        and not strong
        and not _LISTED.match(text, end)
        and not (_regards(found, token))
        and not (kind in "Gu" and _SPOKEN.match(text, end))
    ):
        score -= 1.5 if begin or kind != "G" else 0.5
    if (
        mark == " "
        and text[end + 1 : end + 2].isdigit()
        and not (does or timed)
        and not (beside and around.YEARS.match(text, end))
    ):
        score -= 1.2 if kind in "gsrRUun" and not strong else 0.4
    if mark == "/" and not strong and kind in "GSRUun" and not upper and around.paired(found, token):
        score += 0.9
    if mark and mark in "/-+" and not strong and not (mark == "/" and (beside or around.paired(found, token))):
        score -= 0.8
    return score, rule


#: How a list of patients goes on behind a name: POD 3, HD#2, to OR, no showed, -> IR.
_LISTED = re.compile(
    r" (?:(?:POD|pod|HD|hd|DOL|dol|PPD)[ #]{0,2}\d|to (?:OR|IR|cath|CT|MRI|PACU|SNF|ICU|the floor|floor|rehab)\b|no[- ]?show(?:ed|s)?\b|(?:->|→) ?[A-Z]|- (?:NPO|DNR|d/c|dc\b|home\b))|: (?:Na|K|Cr|Hgb|Mg|WBC|INR|BP|HR|trop) \d"
)
#: What somebody has, right behind the name with which a sentence begins: Ephraim w/ sickle cell.
_HAS = re.compile(r" (?:w/|with) (?!(?:\d|an?\b|the\b|or\b|without\b|vs\b))[a-z]{2,}")
#: What a sign or a test is said to be, before or behind its name.
