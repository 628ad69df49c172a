# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""What stands behind a single letter and a full stop: the family name, or the next sentence."""

from __future__ import annotations

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.words.borne import usual
from curator.detect.text.words.contexts import acts, degree
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, FAMILY, LOOSE, TITLE, tables

#: Words that begin a sentence and are hardly anybody's family name.
_BEGIN = frozenset(tables()["begin_sentence"].split())
#: Those of them that are family names as well, behind an initial: Dr. X. He was known; not: seen by Dr. X. He.
_EITHER = frozenset(["he", "an", "no", "so", "in", "on", "do", "at", "to", "as", "my", "her", "it", "by", "both", "all", "if", "even", "once", "still", "over", "since", "new", "again", "or", "a", "i"])  # fmt: skip


def begins_anew(found: Spots, first: int, last: int) -> bool:
    """Say whether what stands behind a single letter and a full stop begins the next sentence.

    Dr. X. She has; Ms. B.  At present. Not: Dr. X. Young saw; seen by Dr. X. He.

    Parameters
    ----------
    found
        The words of the text.
    first, last
        The first and the last of the words behind the full stop.
    """
    text, (_, end), word, after = found.text, found.spans[last], found.words[first], last + 1
    if degree(text, end):
        return False
    if word.flags & TITLE and not word.flags & LOOSE and word.low in {"dr", "drs", "mr", "mrs", "ms", "prof"}:
        return True
    if word.low == "a" and text[end : end + 1] == " " and after < len(found.words):
        following = found.words[after]
        return not following.flags & CAPITAL or (following.upper and len(following.low) > 1)
    if word.low in _BEGIN and not word.upper:
        return text[end : end + 1] not in {".", ";", ")", "", "'", "’"}
    goes_on = (
        after < len(found.words)
        and text[end : found.spans[after][0]] in {" ", ", "}
        and not found.words[after].flags & CAPITAL
    )
    if word.low in _EITHER and (len(word.low) == 1 or not word.upper):
        return goes_on and (word.low in {"he", "it", "i", "a"} or not acts(found, last, end))
    if not goes_on or word.kind not in "MWA":
        return False
    # Two blanks part sentences; a word of everyday or of medicine that no list of names has begins one.
    wide = text[found.spans[first][0] - 2 : found.spans[first][0]] == "  "
    if acts(found, last, end):
        return not word.listed or (word.folded in lexicon().words and word.folded not in lexicon().shared | usual())
    return not word.listed or (wide and text[end] == " ") or (word.kind == "W" and not word.flags & FAMILY)
