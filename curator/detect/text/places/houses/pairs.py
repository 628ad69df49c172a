"""Two words and more with capitals amid a sentence that no rule knows: (Blue Bench), from Kettle & Crow.

In a sentence of a note that is a name of somebody, of a house or of a firm far more often than not. Never a term, a
header, an eponym that a hyphen joins, or words of everyday alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.places.houses.facilities import LENT
from curator.detect.text.places.streets import place
from curator.detect.text.places.towns import abroad
from curator.detect.text.words.contexts import eponym, stays
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import BARE, CAPITAL, COLON, MONTH, NOUN, ROLE, STATE, TITLE, Word, tables
from curator.identifiers.findings import Finding

_KNOWN = frozenset(tables()["house_generic"].split()) | frozenset(tables()["house_wards"].split())
#: Kinds of words that are no part of such a name, and parts that a word of one does not play.
_NO_KIND = frozenset("MAI")
_NO_PART = TITLE | BARE | COLON | MONTH | ROLE | NOUN
_MOST = 4


def pairs(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such words.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    words, spans = found.words, found.spans
    done, size = 0, len(words)
    for at in found.people:
        if at < done or not at:
            continue
        # Most capitalized words have no other one beside them.
        if not (at + 1 < size and words[at + 1].flags & CAPITAL) and not words[at - 1].flags & CAPITAL:
            continue
        first = at
        if _part(words[at - 1]) and text[spans[at - 1][1] : spans[at][0]] in {" ", " & "} and at - 1 >= done:
            first = at - 1
        if not first or words[first - 1].flags & CAPITAL:
            continue
        if text[spans[first - 1][1] : spans[first][0]] not in {" ", " ("}:
            continue
        last = first
        while (
            last + 1 < len(words)
            and words[last + 1].flags & CAPITAL
            and text[spans[last][1] : spans[last + 1][0]] in {" ", " & "}
        ):
            last += 1
        done = last + 1
        if not 0 < last - first < _MOST or text[spans[last][1] : spans[last][1] + 1] in {"-", "/"}:
            continue
        part = words[first : last + 1]
        if not all(map(_part, part)) or not any(map(_tells, part)) or eponym(found, last, spans[last][1]):
            continue
        if all(word.low in _KNOWN for word in part) or (part[0].folded, part[1].folded) in stays():
            continue
        yield place(spans[first][0], spans[last][1], "facility", "place.unknown-pair", 0.4)


def _part(word: Word) -> bool:
    """Say whether a word may be part of such a name."""
    return bool(
        word.flags & CAPITAL
        and not word.flags & (_NO_PART | STATE)
        and (word.kind not in _NO_KIND or (word.kind == "M" and word.folded in LENT))
        and not word.upper
        and len(word.low) > 2
        and word.folded not in abroad()
    )


def _tells(word: Word) -> bool:
    """Say whether a word is a name rather than a word of everyday."""
    return word.kind in "GSRUun" or (word.folded in LENT and word.folded not in lexicon().eponyms)
