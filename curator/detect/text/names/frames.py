# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Names in small letters told by their place: rn delgado, maria; vol hank sits; -> harrison; son ray flies in.

What may be a name comes from the lists. One that no word of English or of medicine is goes wherever it stands in an English
text; a word that is a name as well goes where its frame tells it. Never a term of medicine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.lexicon import lexicon, words_of
from curator.detect.text.lists.likeness import likeness
from curator.detect.text.words.contexts import acts, eponym
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import (
    CAPITAL,
    COLON,
    FAMILY,
    HOLIDAY,
    LOWER_NAME,
    LOWER_WORD,
    MONTH,
    TITLE,
    VERB,
    Word,
    tables,
)
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding


def _table(name: str) -> frozenset[str]:
    return frozenset(tables()[name].split())


_GIVEN_PLAIN = _table("given_plain")
_FAMILY_PLAIN = _table("family_plain")
_ROLES = _table("small_roles")
_KIN = _table("small_kin")
_SMALL_BEFORE = _table("small_before")
_SMALL = _table("small")
_FAMILY_NEVER = _table("family_never")

#: What ends a name, or goes on behind one, in a line of small letters.
_ENDS = re.compile(
    r"(?:['’]s)?(?:[ ]*(?:[.,;:)!?\n]|$)|[ ]{1,2}(?:[/|+(@-]|at\b|in\b|re\b|on (?:rounds|phone|call)|for (?:am|pm|tonight)|from\b|w/|who\b|and\b|aware\b|here\b|to (?:see|call|follow|eval)\b|has\b|is\b|was\b|will\b|says\b|said\b|notified\b|covering\b|out\b|off\b|back\b|about\b|again\b|\d))"
)
#: What somebody does behind a name in small letters whatever stands before it.
_DOES = re.compile(
    r"[ ](?:family|consult|clinic)\b|[ ](?:pt|patient)[,.;\n]|['’]s (?:office|clinic|pt|patient|ma|nurse|team|note|list|service)\b|[ ](?:(?:is )?covering|paged|aware|notified|on call|out (?:til|until|sick)|off (?:til|until|today)|to (?:see|call|follow|round)|ok['’]?d|rounding)\b"
)


def frames(found: Spots) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    found
        The words of a text.
    """
    if found.given:
        yield from _givens(found)
    if found.small:
        yield from _smalls(found)


def _name(start: int, end: int, rule: str) -> Finding:
    return Finding(start, end, Category.NAME, "name", rule, 0.6)


@cache
def _usual() -> frozenset[str]:
    """Return the given names that no word of a note is."""
    return (frozenset(words_of("given.txt")) | lexicon().international) - _table("given_never")


@cache
def _families() -> frozenset[str]:
    """Return the family names that no word of a note is, nor an eponym."""
    known = lexicon()
    return (
        frozenset(words_of("surnames.txt")[:MOST])
        - known.words
        - known.medical
        - known.shared
        - known.given
        - _FAMILY_NEVER
    )


#: So many family names are frequent enough to be taken in small letters wherever they stand.
MOST = 8000


def _rank(word: Word) -> bool:
    """Say whether a family name is frequent, be it an eponym as well: schmidt fell again."""
    return word.folded in lexicon().frequent and word.folded not in _FAMILY_NEVER and len(word.low) > 4


def _english(found: Spots) -> bool:
    """Say whether a text is in English, so that a name in small letters is no word of another language.

    One word or two tell no language: somebody's id, a cell. A word that other languages have as well (per, met, the "na" of
    gon na) tells one only where the words of English are few.
    """
    words, order = found.words, found.order
    if not found.english or len(words) < 3 or not all(word.low.isascii() or word.flags & CAPITAL for word in words):
        return False
    strange = sum(map(_FOREIGN.__contains__, order))
    return not strange or sum(map(_ENGLISH.__contains__, order)) > _TIMES * strange


def _givens(found: Spots) -> Iterator[Finding]:
    """Yield given names in small letters that are no word of everyday or of medicine, and those that go on a list of them."""
    words, spans, text = found.words, found.spans, found.text
    done = -1
    english: bool | None = None
    for at in found.given:
        word, (start, end) = words[at], spans[at]
        if at <= done or len(word.low) < 4 or word.folded not in _usual() or word.flags & (HOLIDAY | MONTH):
            continue
        if (
            (start and (text[start - 1].isalnum() or text[start - 1] in "-'’@._/&"))
            or text[end : end + 1].isalnum()
            or text[end : end + 1] in _JOINS
        ):
            continue
        if english is None:
            english = _english(found)
        if not english:
            return
        if eponym(found, at, end) or (at + 1 < len(words) and words[at + 1].low in _DEVICES):
            continue
        if word.low in _STATES and at and words[at - 1].low in {"from", "in", "outside"}:
            continue
        yield _name(start, end, "name.lower-given")
        done = at
        while done + 1 < len(words):
            step = done + 2 if words[done + 1].low == "and" else done + 1
            if step >= len(words):
                break
            gap, other = text[spans[done][1] : spans[step][0]], words[step]
            if gap not in {", ", " and ", ", and ", " & "} or other.flags & CAPITAL or len(other.low) < 3:
                break
            if not (other.folded in _usual() and not other.flags & LOWER_WORD) and not (
                other.low in _GIVEN_PLAIN and "and" in gap
            ):
                break
            yield _name(*spans[step], "name.lower-given")
            done = step


#: What bears a given name and is no person: lucas device, miami j collar.
_DEVICES = frozenset(
    ["device", "hose", "collar", "machine", "chair", "score", "pump", "lift", "compressions", "protocol"]
)
#: States that are given names.
_STATES = frozenset(["carolina", "dakota", "georgia", "montana", "virginia"])
#: Marks that join a word to another one.
_JOINS = frozenset("-@_/")
_FOREIGN = _table("foreign_small")
#: Words that hardly another language has, and how many there must be for each that one has.
_ENGLISH = frozenset(
    ["the", "and", "with", "you", "she", "her", "his", "has", "that", "this", "but", "are", "not", "of"]
)
_TIMES = 4


def _smalls(found: Spots) -> Iterator[Finding]:
    """Yield names in small letters: delgado, maria; md walker; son ray flies in; -> harrison."""
    words, spans, text = found.words, found.spans, found.text
    done = -1
    english: bool | None = None
    for at in found.small:
        start, end = spans[at]
        if at <= done or (start and (text[start - 1].isalnum() or text[start - 1] in "-'’@._/")):
            continue
        word = words[at]
        before = words[at - 1] if at else None
        gap = text[spans[at - 1][1] : start] if at else f"\n{text[:start]}"
        plain = bool(word.flags & LOWER_WORD)
        role = before is not None and before.low in _ROLES and gap in {" ", ": ", ". "} and not before.flags & TITLE
        last = _turned(found, at, role=role)
        if last:
            if (
                last + 1 < len(words)
                and len(words[last + 1].low) == 1
                and text[spans[last][1] : spans[last + 1][0]] == " "
                and _ENDS.match(text, spans[last + 1][1])
            ):
                last += 1
            done = last
            yield _name(start, spans[last][1], "name.lower-turned")
            continue
        if text[end : end + 1].isalnum() or text[end : end + 1] in {"-", "@", "_"}:
            continue
        good = False
        if before is not None and role:
            good = _of_role(found, at, before, plain=plain)
        elif plain:
            good = (
                word.low in _GIVEN_PLAIN
                and before is not None
                and before.low == "to"
                and gap == " "
                and _spoken(found, at)
                and _ENDS.match(text, end) is not None
            )
        elif word.flags & LOWER_NAME and len(word.low) > 3 and _frequent(word):
            good = (
                _DOES.match(text, end) is not None
                or _beside(found, at, before, gap)
                or (_rank(word) and acts(found, at, end))
            )
            if (
                not good
                and word.folded in _families()
                and text[end : end + 1] not in {"/", "."}
                and not eponym(found, at, end)
            ) or (not good and word.folded in _families() and text[end : end + 2] in {". ", ".\n", "."}):
                english = _english(found) if english is None else english
                good = english
        elif len(word.low) > 4 and gap.endswith(("-> ", "\n(")):
            behind = text[end : end + 1]
            good = (
                behind in {"", "\n"} if gap.endswith("-> ") else gap.endswith("\n(") and behind == ","
            ) and likeness(word.folded) > 1.0
        if good:
            yield _name(start, end, "name.lower-frame")


def _frequent(word: Word) -> bool:
    known = lexicon()
    return word.folded in known.frequent or word.folded in known.given or word.folded in known.international


def _spoken(found: Spots, at: int) -> bool:
    """Say whether somebody was spoken to: spoke to ray."""
    return at > 1 and found.words[at - 2].low in {
        "spoke",
        "talked",
        "spoken",
        "report",
        "handed",
        "given",
        "refer",
        "assigned",
        "sent",
    }


def _of_role(found: Spots, at: int, before: Word, *, plain: bool) -> bool:
    """Say whether who one is stands before a name in small letters."""
    word, (_, end), text = found.words[at], found.spans[at], found.text
    if plain:
        if word.low in _GIVEN_PLAIN and before.low in _KIN:
            return _ENDS.match(text, end) is not None or _verb(found, at)
        return (
            word.low in _FAMILY_PLAIN
            and before.low not in _KIN | {"pt", "ot", "do", "gi", "ent"}
            and _ENDS.match(text, end) is not None
            and not word.flags & VERB
        )
    if len(word.low) < 4:
        return (
            before.low in _KIN and word.folded in _usual() and (_ENDS.match(text, end) is not None or _verb(found, at))
        )
    if not word.flags & LOWER_NAME:
        return likeness(word.folded) > 1.0 and _ENDS.match(text, end) is not None and len(word.low) > 4
    if before.low in {
        "pt",
        "ot",
        "do",
        "gi",
        "cards",
        "renal",
        "neuro",
        "psych",
        "onc",
        "ent",
        "uro",
        "ortho",
        "vascular",
    }:
        return _frequent(word) and (_ENDS.match(text, end) is not None or _verb(found, at))
    return _frequent(word) or _ENDS.match(text, end) is not None or _verb(found, at)


def _verb(found: Spots, at: int) -> bool:
    """Say whether a small word that is no noun of a disease goes on behind a name: hank sits, ray flies, jerome took."""
    after = at + 1
    if after >= len(found.words) or found.text[found.spans[at][1] : found.spans[after][0]] != " ":
        return False
    word = found.words[after]
    return (
        bool(word.flags & VERB)
        or (word.low.endswith(("s", "ed")) and len(word.low) > 3)
        or word.low in {"took", "upset", "left", "found", "drove", "saw"}
    )


def _beside(found: Spots, at: int, before: Word | None, gap: str) -> bool:
    """Say whether a frequent name in small letters stands at a mark or a small word that tells of somebody."""
    text, end = found.text, found.spans[at][1]
    if _ENDS.match(text, end) is None:
        return False
    if gap.endswith(("-> ", "→ ", "~", "~ ")) or (gap in {"\n(", "("} and text[end : end + 1] == ","):
        return True
    if gap.endswith("\n") and (text[end : end + 3] == " - " or text[end : end + 2] == ": "):
        return True
    if before is None:
        return False
    if before.low in {"thx", "thanks"} and gap in {", ", " ", ",\n", "\n"}:
        return True
    return (
        before.low in _SMALL_BEFORE
        and gap in {" ", ": ", "/ "}
        and not (
            before.low in {"from", "to", "with"}
            and not (found.words[at].folded in lexicon().given or _spoken(found, at))
        )
    )


#: What may stand between a family and a given name.
_COMMA = frozenset([", ", ","])
_NO_GIVEN = frozenset(
    [
        "will",
        "may",
        "can",
        "chase",
        "hope",
        "sue",
        "pat",
        "art",
        "rich",
        "bill",
        "grant",
        "mark",
        "frank",
        "don",
        "drew",
        "rob",
        "gene",
        "rose",
        "dean",
        "guy",
        "lane",
        "case",
        "junior",
        "baby",
        "son",
        "may",
        "clay",
        "miles",
        "young",
        "lance",
        "dawn",
        "lee",
    ]
)


def _turned(found: Spots, at: int, *, role: bool) -> int:
    """Return the place of the given name of a family name in small letters: delgado, maria; 0 where there is none."""
    words, spans, text = found.words, found.spans, found.text
    after = at + 1
    if after >= len(words) or text[spans[at][1] : spans[after][0]] not in _COMMA:
        return 0
    word, given = words[at], words[after]
    if given.flags & CAPITAL or word.low in _SMALL or word.flags & COLON:
        return 0
    if (
        text[spans[after][1] : spans[after][1] + 1] in {"-", "/"}
        and text[spans[after][1] + 1 : spans[after][1] + 2].isalpha()
    ):
        return 0
    listed = given.folded in lexicon().given or given.folded in lexicon().international
    both = not given.flags & LOWER_WORD
    start = spans[at][0]
    lead = text[max(0, start - 3) : start]
    told = (
        role
        or not lead
        or lead[-1] == "\n"
        or lead.endswith(("/ ", ": ", "- "))
        or (at > 0 and words[at - 1].low in _TELLS and text[spans[at - 1][1] : start] in {" ", ": "})
    )
    if word.flags & LOWER_WORD:
        # A word of everyday is a family name only where the place tells it.
        good = (
            told
            and listed
            and bool(word.flags & FAMILY)
            and word.folded in lexicon().frequent
            and (both or given.low not in _NO_GIVEN)
        )
        return after if good and (word.low in _FAMILY_PLAIN or (both and len(given.low) > 3)) else 0
    if both and listed and len(given.low) > 2:
        return after if told or word.flags & FAMILY else 0
    if told and both and len(given.low) > 2 and not given.flags & LOWER_WORD:
        return after if word.flags & LOWER_NAME or likeness(given.folded) > 1.0 else 0
    return after if told and listed and given.low not in _NO_GIVEN and word.flags & FAMILY else 0


#: Small words that tell of somebody before a family and a given name.
_TELLS = frozenset(
    [
        "on",
        "re",
        "for",
        "call",
        "pt",
        "patient",
        "of",
        "with",
        "w",
        "by",
        "to",
        "from",
        "see",
        "seen",
        "about",
        "rn",
        "md",
        "np",
        "called",
        "tell",
        "ask",
        "chart",
        "client",
        "name",
    ]
)
