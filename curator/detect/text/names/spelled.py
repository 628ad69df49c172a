# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Names that somebody spells letter by letter: K R Z Y W I C K I, N-A-K-A-M-U-R-A, P as in Peter, A, T, E, L."""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon

_LETTER = r"(?:[A-Za-z](?:[ ](?:as in|for|like|is for|as)[ ][A-Za-z]{2,12})?)"
_SPELLED = re.compile(
    rf"(?<![\w'’./-])(?:(?:double|capital|big)[ ])?{_LETTER}(?:(?:-|\.?[ ]|,[ ]?|\.,?[ ])(?:double[ ])?{_LETTER}){{1,16}}\.?(?![\w'’-])",
)
_SPELLS = re.compile(
    r"\b(?:spell(?:ed|ing|s|t)?|capital|last name|first name|surname|middle name|maiden name|letters?|that['’]?s|it['’]?s|name(?: is|['’]s)?|goes by)\b[^.\n]{0,24}$",
    re.IGNORECASE,
)
_AS_IN = re.compile(r"[ ](?:as in|for|like|is for|as)[ ][A-Za-z]{2,12}")
_BREAK = re.compile(r"[A-Za-z]-[A-Za-z]-[A-Za-z]-[A-Za-z]")


def spelled_at(text: str, at: int) -> tuple[int, int] | None:
    """Return a name spelled letter by letter from a place: K R Z Y W I C K I, N-A-K-A-M-U-R-A, P as in Peter, A, T, E, L."""
    match = _SPELLED.match(text, at)
    if match is None:
        return None
    value = match[0]
    named = _AS_IN.search(value)
    if named and any(word[0].lower() != letter.lower() for letter, word in _LETTER_AS.findall(value)):
        named = None
    letters = _SINGLE.findall(value)
    lead = text[max(0, at - 40) : at]
    sure = _SURE_SPELL.search(lead) is not None
    spells = sure or (
        _ARTICLE.search(lead) is None
        and (_SPELLS.search(lead) is not None or _SPELLS_ON.match(text, match.end()) is not None)
    )
    if len(letters) < 2 or (named and not spells and len(letters) < 3):
        return None
    if not named:
        if _BREAK.search(value):
            if len(letters) < 5 and not spells:
                return None
        elif (len(letters) < (3 if sure else 4) and not (sure and value.isupper())) or (
            not spells and len(letters) < 5
        ):
            return None
        if " a " in f" {value} " and len(letters) < 4 and not value.isupper():
            return None
        if not spells and (_GRADES.fullmatch(value) or _shortened(value)):
            return None
    return match.span()


def _shortened(value: str) -> bool:
    """Say whether letters are terms that are said letter by letter: a C P A P, B M P, C B C."""
    value = _EDGES.sub("", _NAMED_AFTER.sub("", value))
    words = ["".join(_SINGLE.findall(part)) for part in re.split(r"[,.]", value)]
    if all(len(word) < 2 for word in words):
        words = ["".join(words)]
    return all(len(word) < 4 or word.lower() in lexicon().medical for word in words)


#: An article before such a term, what begins the next sentence, and what a letter is none of: P C P for this.
_EDGES = re.compile(r"^[aA][ ](?=[A-Z] )|[.]?[ ][I]$")
_NAMED_AFTER = re.compile(r"[ ](?:as in|for|like|is for|as)[ ][A-Za-z]{2,12}$")
_LETTER_AS = re.compile(r"([A-Za-z])[ ](?:as in|for|like|is for|as)[ ]([A-Za-z]{2,12})")
#: Before a term that is said letter by letter: she had an M R C P.
_ARTICLE = re.compile(r"\b(?:an?|the|my|your|another|this)[ ]$", re.IGNORECASE)
_SINGLE = re.compile(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])")
_SPELLS_ON = re.compile(r",? (?:with|is (?:the|his|her|my)|last name|first name)\b")
_GRADES = re.compile(r"(?:[ABCDEI],? ?){2,5}")
_SURE_SPELL = re.compile(r"\b(?:spell(?:ed|ing|s|t)?|last name|first name|surname)\b[^.\n]{0,30}$", re.IGNORECASE)
