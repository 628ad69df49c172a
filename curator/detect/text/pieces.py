# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Points for and against: whether some capitalized words are a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from curator.detect.text.contexts import acts, begins, degree, described, eponym, stays, told, wanted, weakly
from curator.detect.text.lexicon import lexicon
from curator.detect.text.runs import Token
from curator.detect.text.spots import Spots
from curator.detect.text.vocabulary import (
    BARE,
    CAPITAL,
    COLON,
    FACILITY,
    MONTH,
    NOUN,
    ROLE,
    SITE,
    TITLE,
    WEAK,
    Word,
    tables,
)

#: A record's number before a family and a given name: 29-889040 Roe, Jane.
_NUMBER_AHEAD = re.compile(r"\d[\d-]{4,}[ \t]{1,4}$")
_SUFFIX = re.compile(r",?[ ](?:jnr|snr|jr|sr|Jnr|Snr|Jr|Sr|JR|SR|II|III|IV)\b\.?")
_ALONE = re.compile(r"[ ]*(?:[.;(\n|]|$|[ ]{2}|\t)")
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
_NO_VALUE = frozenset(tables()["no_value"].split())
#: A number behind a family name, a comma and a given name: a record, a day of birth.
NUMBERED = re.compile(r"[ ]{0,8}[,/(|;–-]?[ ]{0,3}[(#]?(?:[A-Z]{0,3}-?\d{2,}|\d[/.-]\d|MR\b|DOB|MRN|SSN|#|b\.)")


#: Who is addressed by what they are.
_ADDRESSED = frozenset(["doctor", "doctors", "team", "all", "everyone", "colleague", "colleagues", "sir", "madam", "nurse", "staff"])  # fmt: skip

#: Small words behind which an unknown word with a capital is somebody more often than not.
BESIDE = frozenset(tables()["beside"].split())
#: Small words that go on a sentence behind a name and are in the lists of terms because headers begin with them.
_GOES_ON = frozenset(tables()["goes_on"].split())


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
    if kinds[1:2] == "I" and not sure and first.word.folded in lexicon().shared and _level(found, first, tokens[1]):
        if len(tokens) > 2 and "," in text[tokens[1].end : tokens[2].start]:
            weigh(found, tokens[2:], pieces)
            return
        if len(tokens) == 2:
            return
    if len(tokens) == 2 and (first.word.folded, last.word.folded) in stays():
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
    if len(tokens) == 1 and not sure and (first.word.low in _HEADERS or first.word.low in _ADDRESSED):
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
        and not (strong and found.words[first.first - 1].flags & BARE and found.words[last.last + 1].low in _TOLD)
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
    if single and not sure and first.first and text[first.start - 1] == "-" and _joined_to(found, first):
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
        amid = single_amid(found, tokens)
        score += (1.2 if found.words[first.first - 1].low in BESIDE else 0.8) if amid else 0.4
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
        score += _several(found, tokens, kinds, strong=strong, graded=graded, upper=upper, begin=begin)
    if score >= ENOUGH:
        pieces.append(Piece(first.start, suffixed(found, last), score, rule, tokens))


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
        and text[max(0, token.start - 3) : token.start].strip()[-1:] in _TIME_ENDS
        and _AT_TIME.search(text, max(0, token.start - 12), token.start) is not None
    )
    if not strong and timed:
        strange = _FOREIGN.isdisjoint([word.low for word in found.words])
        score += 0.9 if strange else 0.6
    if begin and not strong and kind in "GSRu" and not upper and text[end : end + 3] in {" - ", " – "}:
        score += 1.3
    if not strong and not begin and kind in "RuU" and not weakly(found, token.first) and single_amid(found, [token]):
        score += 0.3 if kind == "U" else 0.4
    strange = kind == "u" and found.english and not token.word.low.isascii()
    if strange:
        score += 0.9
    does = plain and (described(text, end) or (not upper and acts(found, token.last, end)))
    if not begin and kind in "GSRUu" and text[end : end + 2] == ", " and _RECORD.match(text, end):
        score += 1.2
    if not begin and kind in "SRUusr" and _family_of(found, token):
        score += 1.6
    if begin and not strong and token.word.flags & (BARE | ROLE) and kind in "gsr" and text[end : end + 1] != ":":
        score -= 2.0
    if begin and not strong and not does:
        score -= 0.3 if kind in "GS" or strange else 0.9
    if upper and not strong and not graded:
        score -= 0.2 if kind in "GS" and _column(text, token.start, end) else 1.0
    elif kind in "GSRuU" and not begin and not strong and _column(text, token.start, end):
        score += 0.6
    if does:
        weight = 1.9
        if begin and kind in "gsrnU" and text[end : end + 1] == " " and not described(text, end):
            weight = 1.2 if kind in "nU" or (kind in "gs" and _says(found, token)) else 0.6
        score, rule = score + weight, "name.acts"
    if not strong and not does and not graded and kind in "gsrSRUuG" and _listed(found, token):
        score -= 1.2
    if not strong and not graded and token.word.folded in lexicon().shared and not (does or beside):
        score -= _bearing(found, token)
    mark = text[end : end + 1]
    if mark == "," and kind in "GnguSRU" and text[end + 1 : end + 2] == " " and _asked(found, token):
        score += 1.5
    if mark in {"'", "’"} and not strong and kind in "gsr" and token.word.folded in lexicon().eponyms:
        score -= 2.0 if _OWNS.match(text, end) is None else 0.0
    if mark == ":" and not strong and not (kind in "Gu" and _SPOKEN.match(text, end)):
        score -= 1.5 if begin or kind != "G" else 0.5
    if (
        mark == " "
        and text[end + 1 : end + 2].isdigit()
        and not (does or timed)
        and not (beside and _YEARS.match(text, end))
    ):
        score -= 1.2 if kind in "gsrRUun" and not strong else 0.4
    if mark == "/" and not strong and kind in "GSRUun" and not upper and _paired(found, token):
        score += 0.9
    if mark and mark in "/-+" and not strong and not (mark == "/" and (beside or _paired(found, token))):
        score -= 0.8
    return score, rule


#: What a sign or a test is said to be, before or behind its name.
_TOLD = frozenset(["neg", "negative", "pos", "positive", "no", "without", "prior", "absent", "normal", "equivocal"])


def _listed(found: Spots, token: Token) -> bool:
    """Say whether a word stands among terms of medicine: Thomas in "Trendelenburg, Thomas, Ober"; McConnell in "neg McConnell"."""
    words, spans, text = found.words, found.spans, found.text
    at, after = token.first - 1, token.last + 1
    before = words[at] if at >= 0 else None
    gap = text[spans[at][1] : token.start] if before else ""
    if before and gap in {" ", ". "} and before.low in _TOLD and (gap == " " or before.low in {"neg", "pos"}):
        return True
    following = words[after] if after < len(words) else None
    behind = text[token.end : spans[after][0]] if following else ""
    if following and behind == " " and following.low in {"neg", "pos", "low", "copy", "midline", "absent", "downgoing"}:
        return True
    if token.kind == "G":
        return (
            before is not None
            and following is not None
            and gap == behind == ", "
            and before.kind == following.kind == "M"
        )
    left = before is not None and gap in {", ", "; ", " and ", "/"} and before.kind == "M"
    right = following is not None and behind in {", ", "; "} and following.kind == "M"
    if left and (right or behind[:1] in {".", ";", ")", "\n", ""}):
        return True
    # One of a list: a term on one side, another capital word on the other.
    apart, beyond = gap in _PARTING, behind in _PARTING
    return bool(apart and beyond and before and following and before.flags & following.flags & CAPITAL) and (
        left or right
    )


_PARTING = frozenset([", ", "; "])


#: A grade, a type or a result behind what bears a name: Sanders IIC, Stanford B, Watson +, Lachman 2B.
_GRADED = re.compile(
    r"(?:['’]s)?[ ]?(?:[:=]?[ ]?(?:[IV]{1,4}[ab]?[A-D]?|\d{1,3}(?:[./-]\d{1,3}|[A-Da-d])?|[A-D]\d?|type|grade|class|stage|score|neg(?:ative)?|pos(?:itive)?|absent|equivocal|normal|abnormal|mild|\+{1,3})(?=[ ,.;:)/\n]|$))"
)


#: Before a name they tell a thing: a Bakri, the Hasson.
_ARTICLES = frozenset(["a", "an", "the", "another"])


def _bearing(found: Spots, token: Token) -> float:
    """Return how much the place of a name that tools bear as well speaks against a person: a grade behind it, terms beside it."""
    words, spans, text = found.words, found.spans, found.text
    if token.first and words[token.first - 1].flags & (TITLE | BARE | ROLE):
        return 0.0
    match = _GRADED.match(text, token.end)
    against = 1.5 if match else 0.0
    at, after = token.first - 1, token.last + 1
    left = at >= 0 and text[spans[at][1] : token.start] in {", ", "; ", " and ", "/", ". "} and _term(words[at])
    right = after < len(words) and text[token.end : spans[after][0]] in {", ", "; ", "/", " "} and _term(words[after])
    if right and (words[after].flags & MONTH or (text[token.end] == " " and words[after].kind != "M")):
        right = False
    if at >= 0 and words[at].low in _ARTICLES and text[spans[at][1] : token.start] == " ":
        against += 0.0 if _family_of(found, token) else 1.0
    return against + (0.8 if left else 0.0) + (0.8 if right else 0.0)


def _level(found: Spots, token: Token, letter: Token) -> bool:
    """Say whether a letter behind what bears a name is its grade or type: Stanford B, Miller I; not Bruce K."""
    if found.text[token.end : letter.start] != " " or found.text[letter.end : letter.end + 1] == ".":
        return False
    return letter.word.low in "abcdiv" and not told(found, token.first) and not described(found.text, letter.end)


def _term(word: Word) -> bool:
    """Say whether a word is a term, or a name that is an eponym before all."""
    return word.kind == "M" or (word.kind in "sr" and word.folded in lexicon().eponyms)


def _joined_to(found: Spots, token: Token) -> bool:
    """Say whether a hyphen joins a word to a capitalized one that tells no person: Kellgren-Lawrence, not PCP-Roe."""
    before = found.words[token.first - 1]
    if found.spans[token.first - 1][1] != token.start - 1 or before.upper or not before.flags & CAPITAL:
        return False
    return not before.flags & (BARE | COLON | ROLE | TITLE)


def single_amid(found: Spots, tokens: list[Token]) -> bool:
    """Say whether a lone capitalized word stands amid small letters: what is no term is likelier a name there."""
    token, words, spans, text = tokens[0], found.words, found.spans, found.text
    if len(tokens) > 1 or not token.first or token.word.upper:
        return False
    before, after = words[token.first - 1], token.last + 1
    gap, mark = text[spans[token.first - 1][1] : token.start], text[token.end : token.end + 1]
    if gap == " (" and mark == ")":
        return token.kind not in "WMA" and not before.flags & (FACILITY | SITE | NOUN) and weakly(found, token.first)
    if gap not in {" ", ' "', " “"} and not (gap == "/ " and before.low == "w"):
        return False
    if before.flags & CAPITAL and not (before.flags & WEAK and not before.upper and begins(found, token.first - 1)):
        return False
    if before.low == "and" and (token.first < 2 or words[token.first - 2].low not in _PRONOUNS):
        return False
    if mark == " ":
        if after >= len(words) or spans[after][0] != token.end + 1 or words[after].flags & CAPITAL:
            return False
        on = words[after].low in _GOES_ON and (token.kind in "URuSG" or before.low in BESIDE)
        return on or words[after].folded not in lexicon().medical
    return mark in {",", ".", ";", ")", "?", "!", "", "\n", '"', "”"}


#: Small words of other languages that no name has.
_FOREIGN = frozenset(tables()["foreign_words"].split())
_PRONOUNS = frozenset(["she", "he", "they", "we", "i", "her", "him"])

#: What people alone do.
_SAYS = frozenset(["called", "calls", "says", "said", "states", "stated", "reports", "denies", "concurs", "agrees", "aware", "notified", "to", "at", "wants", "wanted", "tolerated", "requests", "requested", "agreed", "understands", "thinks", "feels", "asked", "asks", "prefers", "recommends", "recommended", "verbalized", "declined", "declines", "refused", "refuses", "rounded", "lives", "works", "smokes", "drinks", "picked", "drove", "texted", "emailed", "told", "saw"])  # fmt: skip


def _says(found: Spots, token: Token) -> bool:
    """Say whether the word behind a name is one that only people do: Banks called."""
    after = token.last + 1
    return after < len(found.words) and found.words[after].low in _SAYS


#: What somebody is asked to do: Heather, please call.
_ASKS = frozenset(["please", "pls", "plz", "can", "could", "would", "kindly", "let", "thank", "thanks"])


def _asked(found: Spots, token: Token) -> bool:
    """Say whether somebody is spoken to: Heather, please call."""
    after = token.last + 1
    return after < len(found.words) and found.words[after].low in _ASKS and found.spans[after][0] == token.end + 2


def _column(text: str, start: int, end: int) -> bool:
    """Say whether a word stands alone in a column: blanks on both sides."""
    return text[max(0, start - 2) : start] in {"  ", " |", "| "} and (
        text[end : end + 2] in {"  ", "", " |"} or text[end : end + 1] == "\n"
    )


#: A time at the head of a line: 0610 Roe to CT.
_AT_TIME = re.compile(r"(?:^|\n)[ \t]{0,4}\[?(?:[0-2]\d[0-5]\d|\d{1,2}:\d\d)(?: ?[ap]m)?\]?[ ]{1,2}$", re.IGNORECASE)
#: What somebody has stands behind the name: Wilson's INR; not: Wilson's? no.
_OWNS = re.compile(r"['’]s? [a-zA-Z]")
_TIME_ENDS = frozenset("0123456789]mM")
#: The age of the next of a list: Hope 9, Stefani 5.
_YEARS = re.compile(r" \d{1,2}(?=[,.;)\n]| and\b)")
_RECORD = re.compile(r", (?:MRN? ?)?#?[A-Z]{0,3}-?\d{5,}")
_HOUSEHOLD = frozenset(
    ["family", "household", "twins", "brothers", "sisters", "boys", "girls", "kids", "children", "baby"]
)


def _family_of(found: Spots, token: Token) -> bool:
    """Say whether a family is named: the Mascagni family."""
    words, after = found.words, token.last + 1
    return (
        token.first > 0
        and after < len(words)
        and words[after].low in _HOUSEHOLD
        and found.spans[after][0] == token.end + 1
        and (words[token.first - 1].low == "the" or _visits(found, after))
    )


def _visits(found: Spots, at: int) -> bool:
    """Say whether a family does something behind its name: Roe family visited."""
    return (
        at + 1 < len(found.words)
        and found.words[at].low == "family"
        and found.words[at + 1].low in {"visited", "visiting", "here", "updated", "called", "at", "notified", "present", "arrived", "requests", "wants", "declined", "agreed"}
    )  # fmt: skip


def _paired(found: Spots, token: Token) -> bool:
    """Say whether a slash parts two names: Duan/Griffin."""
    after = token.last + 1
    return (
        after < len(found.words)
        and found.spans[after][0] == token.end + 1
        and (
            found.words[after].kind in set("GSRnu")
            or (found.words[after].kind == "I" and found.text[found.spans[after][1] : found.spans[after][1] + 1] == ".")
        )
    )


#: What somebody does not do behind a family and a given name.
_UNABLE = re.compile(r"[ ](?:can|won|doesn|didn|isn|wasn|hasn|couldn|wouldn)['’]?t\b|[ ](?:can|could|would) ")


def _several(
    found: Spots, tokens: list[Token], kinds: str, *, strong: bool, graded: bool, upper: bool, begin: bool
) -> float:
    text, end = found.text, tokens[-1].end
    score = 0.0
    if "," in text[tokens[0].end : tokens[1].start]:
        if kinds[0] in "WMA" and not strong:
            return -9.0
        score += (
            0.6
            if kinds[1] in "GgIn"
            else 0.0
            if strong or (set(kinds) <= set("Uu") and weakly(found, tokens[0].first))
            else -1.2
        )
        if kinds[0] == "W" and strong:
            score += 1.0
        if not strong and not set(kinds) & set("WMA") and NUMBERED.match(text, end):
            score += 1.8
        if (
            not strong
            and not set(kinds) & set("WMA")
            and _NUMBER_AHEAD.search(text, max(0, tokens[0].start - 12), tokens[0].start)
        ):
            score += 2.6
        if not strong and begin and _ALONE.match(text, end) and not set(kinds) & set("WMA"):
            score += 1.6
        if not strong and kinds[1] in "Uu" and _UNABLE.match(text, end):
            score += 2.0
        elif not strong and begin and set(kinds) <= set("UuGSR") and described(text, end):
            score += 1.0
    elif (kinds[0] in "GgIn" and kinds[-1] in ("SRsrUungG" if kinds[0] == "I" else "SRsrUun")) or (
        set(kinds) <= set("UuR") and not upper and all(token.end - token.start > 2 for token in tokens)
    ):
        score += 0.8
    elif len(kinds) == 2 and kinds[0] in "SR" and kinds[1] in "sr" and not upper and not begin:
        score += 0.6
    if kinds[-1] == "u" and found.english and not upper and not tokens[-1].word.low.isascii():
        score += 0.4
    if described(text, end) or (not upper and kinds[-1] not in "WM" and acts(found, tokens[-1].last, end)):
        score += 1.2
    if kinds[0] == "I" and kinds[-1] in "UuR" and text[tokens[0].end : tokens[0].end + 1] == ".":
        score += 0.7
    if kinds[0] in "GgIn" and kinds[-1] == "W" and described(text, end):
        score += 0.8
    if upper and not strong and not graded and not any(kind in "GS" for kind in kinds):
        score -= 1.8 if all(kind in "gsrWn" for kind in kinds) else 0.6
    return score
