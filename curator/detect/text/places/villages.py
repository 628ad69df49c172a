# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Villages by what administers them, and towns on a river by their form: vill. Kolaghat, PS Panskura; Stow-on-the-Wold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.hints import Marks
from curator.detect.text.words.spots import Spots
from curator.identifiers.findings import Finding

_LEVELS = Marks("vill.", "Vill.", "Vill ", "vill ", "VPO ", "tal. ", "Tal. ", "taluk", "Taluk", "ehsil", "mandal ", "arangay", "Brgy", "ampung ", "ebele ", "oreda ", "ambon ", "ereda ", "orregimiento ", "jido ", "aldea ", "Dt. ", "Distt", "Po/Ps", "village ")  # fmt: skip
_VILLAGE = re.compile(
    rf"\b(?:[Vv]ill\.?|VPO|[Tt]al\.|[Tt]aluk|[Tt]aluka|[Tt]ehsil|mandal|[Bb]arangay|[Bb]rgy\.?|[Kk]ampung|[Kk]ebele|[Ww]oreda|[Tt]ambon|[Vv]ereda|[Cc]orregimiento|[Ee]jido|aldea|Dt\.|Distt\.?|(?<=from )village|(?<=r/o )village|(?<=R/o )village)[ ]?:?[ ]?({CAP}(?:[ ]{CAP})?)"
)
#: What goes on behind one, level by level.
_LEVEL = re.compile(
    rf",?[ ](?:P\.?S\.?|P\.?O\.?|[Pp]ost|Dt\.?|Dist\.?|Distt\.?|[Tt]al\.?|[Tt]eh\.?|[Bb]lock|[Tt]hana|[Vv]ia)[ ]({CAP}(?:[ ]{CAP})?)"
)
_BEHIND = re.compile(rf"\b({CAP})[ ](?:taluka?|tehsil|mandal|woreda|kebele)\b")
_RIVERS = Marks("-on-", "-upon-", "-sur-", "-under-", "-super-", "-in-", "-by-", "-le-", "-en-", "-am-", "-an-der-")
_RIVER = re.compile(
    r"(?<![\w-])([A-Z][^\W\d_A-Z]{2,})-(?P<by>on|upon|sur|sous|under|super|in|by|le|en|am|an-der)-(?:the-|la-|le-|les-)?([A-Z][^\W\d_A-Z]{2,})(?![\w-])"
)


def villages(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such places.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    if _LEVELS.held(text, found.flags):
        for match in _VILLAGE.finditer(text):
            yield place(match.start(1), match.end(1), "city", "place.village", 0.8)
            end = match.end()
            while level := _LEVEL.match(text, end):
                end = level.end()
                yield place(level.start(1), end, "city", "place.village", 0.75)
        for match in _BEHIND.finditer(text):
            yield place(match.start(1), match.end(1), "city", "place.village", 0.75)
    if _RIVERS.held(text, found.flags):
        known = lexicon()
        for match in _RIVER.finditer(text):
            first, last = fold(match[1]), fold(match[3])
            plain = (
                match["by"] in {"on", "in", "by", "under"}
                and "-the-" not in match[0]
                and first in known.words
                and last in known.words
            )
            if not plain and not (first in known.medical and last in known.medical):
                yield place(match.start(), match.end(), "city", "place.river", 0.8)
