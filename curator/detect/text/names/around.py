# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""What stands around a capitalized word alone, for or against a name: a list, a grade, a saying, a column, a household."""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.words.borne import borne
from curator.detect.text.words.contexts import acts, begins, described, told, weakly
from curator.detect.text.words.runs import Token
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import (
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
NUMBER_AHEAD = re.compile(r"\d[\d-]{4,}[ \t]{1,4}$")
ALONE = re.compile(r"[ ]*(?:[.;(\n|]|$|[ ]{2}|\t)")
#: A number behind a family name, a comma and a given name: a record, a day of birth.
NUMBERED = re.compile(r"[ ]{0,8}[,/(|;–-]?[ ]{0,3}[(#]?(?:[A-Z]{0,3}-?\d{2,}|\d[/.-]\d|MR\b|DOB|MRN|SSN|#|b\.)")
#: Small words behind which an unknown word with a capital is somebody more often than not.
BESIDE = frozenset(tables()["beside"].split())
#: Small words that go on a sentence behind a name and are in the lists of terms because headers begin with them.
GOES_ON = frozenset(tables()["goes_on"].split())
TOLD = frozenset(["neg", "negative", "pos", "positive", "no", "without", "prior", "absent", "normal", "equivocal"])


def listed(found: Spots, token: Token) -> bool:
    """Say whether a word stands among terms of medicine: Thomas in "Trendelenburg, Thomas, Ober"; McConnell in "neg McConnell"."""
    words, spans, text = found.words, found.spans, found.text
    at, after = token.first - 1, token.last + 1
    before = words[at] if at >= 0 else None
    gap = text[spans[at][1] : token.start] if before else ""
    if before and gap in {" ", ". "} and before.low in TOLD and (gap == " " or before.low in {"neg", "pos"}):
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
#: Before a name they tell a scale: Modified Rankin.
CHANGED = frozenset(["modified", "revised", "extended", "simplified", "abbreviated", "adjusted", "updated"])


def bearing(found: Spots, token: Token) -> float:
    """Return how much the place of a name that tools bear as well speaks against a person: a grade behind it, terms beside it."""
    words, spans, text = found.words, found.spans, found.text
    if token.first and words[token.first - 1].flags & (TITLE | BARE | ROLE):
        return 0.0
    match = _GRADED.match(text, token.end)
    against = 1.5 if match else 0.0
    at, after = token.first - 1, token.last + 1
    if at >= 0 and words[at].low in CHANGED and text[spans[at][1] : token.start] == " ":
        against += 1.5
    left = at >= 0 and text[spans[at][1] : token.start] in {", ", "; ", " and ", "/", ". "} and _term(words[at])
    right = after < len(words) and text[token.end : spans[after][0]] in {", ", "; ", "/", " "} and _term(words[after])
    if right and (words[after].flags & MONTH or (text[token.end] == " " and words[after].kind != "M")):
        right = False
    if at >= 0 and words[at].low in _ARTICLES and text[spans[at][1] : token.start] == " ":
        against += 0.0 if family_of(found, token) else 1.0
    return against + (0.8 if left else 0.0) + (0.8 if right else 0.0)


def changed(found: Spots, token: Token) -> bool:
    """Say whether a word before tells that a name is a scale's: the Modified Ashworth was 1."""
    before = found.words[token.first - 1]
    return (
        before.low in CHANGED
        and token.word.folded in lexicon().shared
        and found.text[found.spans[token.first - 1][1] : token.start] == " "
    )


def level(found: Spots, token: Token, letter: Token) -> bool:
    """Say whether a letter behind what bears a name is its grade or type: Stanford B, Miller I; not Bruce K."""
    if found.text[token.end : letter.start] != " " or found.text[letter.end : letter.end + 1] == ".":
        return False
    return letter.word.low in "abcdiv" and not told(found, token.first) and not described(found.text, letter.end)


#: What goes on behind the word I: Hope I have it; Grace, I'd thought.
SPEAKING = re.compile(
    r"['’](?:m|ve|ll|d)\b| (?:am|was|will|have|had|would|could|can|do|did|don|didn|think|thought|guess|know|mean|said|see|saw|want|need|like|love|feel|felt|got|get|just|also|still|never|suspect|wonder|worry|hope|told|take|took|like|interpreted|reviewed|spoke)\b"
)
#: Before a side with a full stop, which is a sentence's: up on R. Romberg positive.
_SIDED = frozenset(["on", "the", "to"])
#: A side before what a test is called by.
_SIDES = frozenset(["l", "r"])


def _borne(folded: str) -> bool:
    return folded in borne().scales or folded in borne().sure


def sided(found: Spots, first: Token, last: Token) -> bool:
    """Say whether a letter is a side and no initial: L Vancouver, R. Hoffmann neg; Weber L."""
    end = last.end
    if first.word.low in _SIDES and len(first.word.low) == 1 and first.word.upper:
        if last.word.upper or not _borne(last.word.folded):
            return False
        before = found.words[first.first - 1] if first.first else None
        if found.text[first.end : first.end + 1] == "." and (before is None or before.low not in _SIDED):
            return False
        return (before is None or not before.flags & (TITLE | BARE | ROLE | COLON)) and not described(found.text, end)
    if last.word.low in _SIDES and last.word.upper and _borne(first.word.folded) and not first.word.upper:
        return (
            found.text[first.end : last.start] == " "
            and not told(found, first.first)
            and not described(found.text, end)
        )
    return False


def _term(word: Word) -> bool:
    """Say whether a word is a term, or a name that is an eponym before all."""
    return word.kind == "M" or (word.kind in "sr" and word.folded in lexicon().eponyms)


def joined_to(found: Spots, token: Token) -> bool:
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
        on = words[after].low in GOES_ON and (token.kind in "URuSG" or before.low in BESIDE)
        return on or words[after].folded not in lexicon().medical
    return mark in {",", ".", ";", ")", "?", "!", "", "\n", '"', "”"}


#: Small words of other languages that no name has.
FOREIGN = frozenset(tables()["foreign_words"].split())
_PRONOUNS = frozenset(["she", "he", "they", "we", "i", "her", "him"])

#: What people alone do.
_SAYS = frozenset(["called", "calls", "says", "said", "states", "stated", "reports", "denies", "concurs", "agrees", "aware", "notified", "to", "at", "wants", "wanted", "tolerated", "requests", "requested", "agreed", "understands", "thinks", "feels", "asked", "asks", "prefers", "recommends", "recommended", "verbalized", "declined", "declines", "refused", "refuses", "rounded", "lives", "works", "smokes", "drinks", "picked", "drove", "texted", "emailed", "told", "saw"])  # fmt: skip


def says(found: Spots, token: Token) -> bool:
    """Say whether the word behind a name is one that only people do: Banks called."""
    after = token.last + 1
    return after < len(found.words) and found.words[after].low in _SAYS


#: What somebody is asked to do: Heather, please call.
_ASKS = frozenset(["please", "pls", "plz", "can", "could", "would", "kindly", "let", "thank", "thanks"])


def asked(found: Spots, token: Token) -> bool:
    """Say whether somebody is spoken to: Heather, please call."""
    after = token.last + 1
    return after < len(found.words) and found.words[after].low in _ASKS and found.spans[after][0] == token.end + 2


def column(text: str, start: int, end: int) -> bool:
    """Say whether a word stands alone in a column: blanks on both sides."""
    return text[max(0, start - 2) : start] in {"  ", " |", "| "} and (
        text[end : end + 2] in {"  ", "", " |"} or text[end : end + 1] == "\n"
    )


#: A time at the head of a line: 0610 Roe to CT.
AT_TIME = re.compile(r"(?:^|\n)[ \t]{0,4}\[?(?:[0-2]\d[0-5]\d|\d{1,2}:\d\d)(?: ?[ap]m)?\]?[ ]{1,2}$", re.IGNORECASE)
#: What somebody has stands behind the name: Wilson's INR; not: Wilson's? no.
OWNS = re.compile(r"['’]s? [a-zA-Z]")
TIME_ENDS = frozenset("0123456789]mM")
#: The age of the next of a list: Hope 9, Stefani 5.
YEARS = re.compile(r" \d{1,2}(?=[,.;)\n]| and\b)")
RECORD = re.compile(r", (?:MRN? ?)?#?[A-Z]{0,3}-?\d{5,}")
_HOUSEHOLD = frozenset(
    ["family", "household", "twins", "brothers", "sisters", "boys", "girls", "kids", "children", "baby"]
)


def family_of(found: Spots, token: Token) -> bool:
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


def paired(found: Spots, token: Token) -> bool:
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


def several(
    found: Spots, tokens: list[Token], kinds: str, *, strong: bool, graded: bool, upper: bool, begin: bool
) -> float:
    """Return the points that several capitalized words give together."""
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
            and NUMBER_AHEAD.search(text, max(0, tokens[0].start - 12), tokens[0].start)
        ):
            score += 2.6
        if not strong and begin and ALONE.match(text, end) and not set(kinds) & set("WMA"):
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
