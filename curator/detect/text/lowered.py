# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""Names in small letters, initials behind a cue or before a degree, and the marks of who dictated and typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.contexts import acts, described, told
from curator.detect.text.hints import at_lines
from curator.detect.text.lexicon import fold, lexicon, words_of
from curator.detect.text.likeness import likeness
from curator.detect.text.speakers import dotted
from curator.detect.text.spots import Spots
from curator.detect.text.vocabulary import (
    BARE,
    CAPITAL,
    COLON,
    DEGREE,
    DONE,
    FAMILY,
    LOOSE,
    LOWER_NAME,
    LOWER_WORD,
    NOUN,
    PARTICLE,
    PLURAL,
    THING,
    TITLE,
    VERB,
    WANTED,
    Word,
    tables,
    word_of,
)  # fmt: skip
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_ENDS = re.compile(
    r"(?:['’]s?)?(?:[ ](?:mrn|dob|d\.o\.b|age|aged|ssn|seen|needs|need|phone|ph|tel|is|was|has|had|who|with|on|in|for|to|and|at|called|here|due|wants|take|takes|taking|get|be|have|w/|re|says|said|ok|ordered|wanted|aware|rounding|rounded|he|she|they|medical|date|born|room|bed|account|im\b|i'm|calling|writing|speaking|from|\d)|\s*[,.;:?!()\n]|\s*$)"
)
_INITIALS = re.compile(r"(?: initials)?[ :.#]{1,3}((?:[A-Z]\.[ ]?){2,3}(?![a-z])|[A-Z]\.[ ]?[A-Z](?=[ ,.\n]|$))")
_LETTERS = re.compile(
    r"(?: by)?[ ]?[:=]?[ ]?([A-ZÀ-ÞĀČĐĒĢĪĶĻŅŌŚŠŪŹŻŽİŞĞÓ]{2,3}|[a-z]{2,3}(?=[ ]*(?:[-.,;)\n]|$)))(?![\w/'-])"
)
_BEFORE_DEGREE = re.compile(
    r"(?:(?<![\w.])((?:[A-Z]\.){2,3})|(?:(?:^|\n|--|[-–—~/]|\bby:?|: |[.;)]\s{1,2})[ ]?)([A-Z]{2,3})),?[ ]$"
)
_DICTATED = re.compile(r"[A-Z][/:][a-z]{2}")
_DICTATION = re.compile(
    r"(?m)(?<=[ \t]{2})([A-Z]{2,3}[/:][a-z]{2,3})(?=[ ]*$)|^\s*(?:D|T|DD|DT)?:?\s*([A-Z]{2,3}[/:][a-z]{2,3})\b(?=\s|$)|\b([A-Z]{2,3}/[a-z]{2,3})\s+(?:D|T|DD|DT|Job|JOB):|(?:\b(?:D|T)|[Dd]ict(?:ated)?|[Tt]rans(?:cribed)?)[:/ ]+([A-Z]{2,3}[/:][a-z]{2,3})\b(?![/\w])"
)
#: Words for a person: an unknown word behind one of them is a name when it looks like one.
_PERSON = frozenset(tables()["person"].split())
_ASKED = frozenset(tables()["asked"].split())
_KIN = frozenset(tables()["kin"].split())
#: Letters after a cue that are somebody's initials whatever they are.
_SIGNS = frozenset(tables()["signs"].split())


#: Initials of whom a note is about, before an age; a family and a given name in capitals at a line's head, before a number.
_PATIENT = re.compile(
    r"[PpRr](?<!\w.)(?:(?<=[Pp])(?:t|atient)|(?<=[Rr])e:)\.? ([A-ZÀ-ÖØ-Þ]{2,3})(?=,? ?(?:is an? )?\d{1,3}[ -]?(?:[MF]\b|y))"
)
#: Who stands in a list, before an age: 1) Roe 68F.
_ITEM = at_lines(
    r"[ \t>]{0,4}(?:\d{1,2}[.)]|[-*•]|(?:[Rr]m|[Rr]oom|[Bb]ed)?[ ]?\d{1,4}[A-Z]?[-:]?)[ \t]{1,4}([^\W\d_a-z][^\W\d_A-Z][\w'’-]*(?:[ -][^\W\d_a-z][\w'’-]+){0,2}),?[ ](?=\d{1,3}[ ]?(?:[MF]\b|y/?o))"
)
_LISTED = at_lines(
    r"[ \t]{0,4}(?:\d{1,2}[.)]?[ \t]{1,4})?([^\W\d_a-z][^\W\d_a-z'’-]+(?:[ ][^\W\d_a-z][^\W\d_a-z'’-]+)?,[ ]?[^\W\d_a-z][^\W\d_a-z'’-]+(?:[ ][^\W\d_a-z]\.?)?)(?=[ \t]{1,6}(?:[A-Z]{0,3}-?\d{4,}|\d{1,2}[/-]\d{1,2}[/-]|\d{1,3}[ ]?[MF]\b|DOB|MRN|\())"
)


def lowered(found: Spots) -> Iterator[Finding]:
    """Yield names in lower case, initials and dictation marks."""
    words = found.words
    text, spans = found.text, found.spans
    for at in found.marks:
        word, (start, end) = words[at], spans[at]
        if word.kind == "I":
            if text[end : end + 1] == ".":
                yield from dotted(text, start)
        elif text[end : end + 1] in _BEHIND or word.flags & DEGREE:
            yield from _initials(found, at)
        if word.flags & DEGREE and at:
            yield from _graded(found, at)
    for at in found.cues:
        yield from _cued(found, at, words[at + 1])
    if found.given:
        yield from _pairs(found)
    if " dob" in text or " mrn" in text:
        yield from _before_birth(found)
    yield from _signed(found)
    if found.numbers:
        for match in _PATIENT.finditer(text):
            if match[1].lower() not in lexicon().medical:
                yield Finding(match.start(1), match.end(1), Category.NAME, "initials", "name.initials-aged", 0.6)
        for match in _ITEM(text):
            lead = word_of(match[1].split(" ")[0].split("-")[0])
            if lead.kind not in "MA" or (lead.listed and not lead.flags & (COLON | BARE | TITLE)):
                yield Finding(match.start(1), match.end(1), Category.NAME, "name", "name.item", 0.7)
        for match in _LISTED(text):
            first = fold(match[1].split(",")[0])
            if first not in lexicon().medical or first in lexicon().surnames:
                yield Finding(match.start(1), match.end(1), Category.NAME, "name", "name.listed", 0.7)
    if _DICTATED.search(text):
        for match in _DICTATION.finditer(text):
            group = match.lastindex or 1
            yield Finding(match.start(group), match.end(group), Category.NAME, "initials", "name.dictation", 0.7)


def _pairs(found: Spots) -> Iterator[Finding]:
    """Yield a given name and a family name in lower case, wherever they stand."""
    text, spans, words = found.text, found.spans, found.words
    done = -1
    for at in found.given:
        if at <= done or (spans[at][0] and text[spans[at][0] - 1].isalnum()):
            continue
        last = at
        for step in (at + 1, at + 2, at + 3):
            if step >= len(words):
                break
            gap = text[spans[step - 1][1] : spans[step][0]]
            word = words[step]
            if (
                word.flags & PARTICLE
                and len(word.low) > 1
                and gap == " "
                and step + 1 < len(words)
                and not words[step + 1].flags & LOWER_WORD
            ):
                continue
            if gap not in {" ", "-", "'"} and not (gap == ". " and len(words[step - 1].low) == 1):
                break
            if (
                len(word.low) == 1
                and gap == " "
                and word.low not in "aisx"
                and step == at + 1
                and step + 1 < len(words)
            ):
                continue
            if not _is_family(found, step):
                break
            last = step
        if last > at:
            done = last
            yield Finding(spans[at][0], spans[last][1], Category.NAME, "name", "name.lower-pair", 0.7)
        elif (acts(found, at, spans[at][1]) and text[spans[at][1] : spans[at][1] + 1] in {"'", "’"}) or described(
            text, spans[at][1]
        ):
            yield Finding(spans[at][0], spans[at][1], Category.NAME, "name", "name.lower-acts", 0.6)


def _before_birth(found: Spots) -> Iterator[Finding]:
    """Yield two words in small letters before a date of birth or a record's number that may be a name."""
    words, spans, text = found.words, found.spans, found.text
    for at, word in enumerate(words):
        if at < 2 or word.low not in {"dob", "mrn"} or word.flags & CAPITAL:
            continue
        first, last = words[at - 2], words[at - 1]
        if text[spans[at - 2][1] : spans[at - 1][0]] != " " or text[spans[at - 1][1] : spans[at][0]] not in {" ", ", "}:
            continue
        if all(
            len(part.low) > 1
            and not part.flags & CAPITAL
            and (part.flags & LOWER_NAME or not part.flags & LOWER_WORD)
            and part.low not in _SMALL
            and part.low not in _PERSON
            and not part.flags & (BARE | TITLE | VERB | DONE)
            for part in (first, last)
        ):
            yield Finding(spans[at - 2][0], spans[at - 1][1], Category.NAME, "name", "name.lower-birth", 0.6)


def _given(folded: str) -> bool:
    words = lexicon()
    return folded in words.given or folded in words.international


def _graded(found: Spots, at: int) -> Iterator[Finding]:
    """Yield an unknown word in small letters right before a degree, and initials that a slash joins to one: mbeki rn, KM/RN."""
    text, before, (start, end) = found.text, found.words[at - 1], found.spans[at - 1]
    gap = text[end : found.spans[at][0]]
    if gap == "/" and before.upper and 1 < end - start < 4 and found.words[at].low in _NURSES:
        if before.low not in lexicon().medical and not text[max(0, start - 1) : start].isalnum():
            yield Finding(start, end, Category.NAME, "initials", "name.initials", 0.6)
        return
    if (
        before.flags & (CAPITAL | LOWER_WORD)
        or gap not in {" ", ",", ", ", " (", "/"}
        or found.words[at].low not in _NURSES
    ):
        return
    if end - start < 4 or before.folded in lexicon().medical or (start and text[start - 1] in "@.-_/"):
        return
    if before.flags & LOWER_NAME or likeness(before.folded) > 0.0:
        yield Finding(start, end, Category.NAME, "name", "name.lower-degree", 0.6)


#: Degrees that stand behind a name in small letters, and are nothing else there.
_NURSES = frozenset(["rn", "lpn", "lvn", "cna", "crna", "aprn", "md"])


def _signed(found: Spots) -> Iterator[Finding]:
    """Yield a given name in lower case with which a message ends."""
    if not found.words:
        return
    word, (start, end) = found.words[-1], found.spans[-1]
    if word.flags & CAPITAL or found.text[end:].strip(" .\n!"):
        return
    lead = found.text[max(0, start - 8) : start]
    if not lead.endswith(("- ", "-- ", "~", "~ ", "thanks, ", "thx ", "thanks ", "\n", "-")):
        return
    sure = bool(word.flags & LOWER_NAME and _given(word.folded)) or (
        lead.endswith(("thanks, ", "thx ", "thanks ")) and not lead.endswith("no thanks ") and _unknown(word)
    )
    marked = lead.endswith(("- ", "~", "~ ", "--")) and not lead.rstrip("-~ ")[-1:].isdecimal()
    if sure or (
        marked
        and not word.flags & LOWER_WORD
        and len(word.low) > 3
        and likeness(word.folded) > -1.0
        and word.folded not in lexicon().medical
    ):
        yield Finding(start, end, Category.NAME, "name", "name.lower-signed", 0.6)


def _is_family(found: Spots, at: int) -> bool:
    """Say whether a word in lower case behind a given name is a family name: a listed one, or an unknown word."""
    word = found.words[at]
    if word.flags & CAPITAL:
        return False
    if not word.flags & LOWER_WORD:
        return len(word.low) > 1 and (
            word.flags & LOWER_NAME != 0 or (len(word.low) > 3 and likeness(word.folded) > -1.0)
        )
    return (
        bool(word.flags & FAMILY)
        and len(word.low) > 2
        and word.low not in _SMALL
        and (_ENDS.match(found.text, found.spans[at][1]) is not None or acts(found, at, found.spans[at][1]))
    )


#: Small words that are family names too, but never here.
_SMALL = frozenset(tables()["small"].split())


def _cued(found: Spots, at: int, following: Word) -> Iterator[Finding]:
    """Yield a name in lower case behind a cue: title, patient or relation."""
    text, spans, words = found.text, found.spans, found.words
    cue = words[at]
    gap = text[spans[at][1] : spans[at + 1][0]]
    title = bool(cue.flags & TITLE and not cue.flags & LOOSE)
    if (
        gap not in {" ", "  ", ": ", ":"}
        and not (title and gap in {". ", "."})
        and not (cue.low in _KIN and gap in {", ", " ("})
    ):
        return
    if title and following.low in {"o", "d"} and text[spans[at + 1][1] : spans[at + 1][1] + 1] in {"'", "’"}:
        if at + 2 < len(words) and not words[at + 2].flags & CAPITAL and len(words[at + 2].low) > 2:
            yield Finding(spans[at + 1][0], spans[at + 2][1], Category.NAME, "name", "name.lower", 0.7)
        return
    if title and following.flags & PARTICLE:
        last = at + 1
        while last + 1 < len(words) and last - at < 4 and words[last].flags & PARTICLE:
            if text[spans[last][1] : spans[last + 1][0]] != " ":
                break
            last += 1
        family = words[last]
        if (
            last > at + 1
            and not family.flags & (CAPITAL | PARTICLE)
            and len(family.low) > 3
            and family.low not in _SMALL
        ):
            yield Finding(spans[at + 1][0], spans[last][1], Category.NAME, "name", "name.lower", 0.7)
            return
    called_so = cue.low == "is" and at > 0 and words[at - 1].low in {"this", "name"}
    person = title or called_so or cue.low in _PERSON or bool(cue.flags & WANTED)
    plain = bool(following.flags & LOWER_WORD)
    called = plain and (person or cue.low in _KIN) and _called(found, at + 1)
    if (
        plain
        and not title
        and not called
        and not (person and following.folded in lexicon().given and following.low not in _SMALL)
    ):
        return  # A word of everyday is only taken behind a title, or for a given name before a family name.
    listed = bool(following.flags & LOWER_NAME)
    start, end = spans[at + 1]
    size = len(following.low)
    pair = at + 2 < len(words) and text[end : spans[at + 2][0]] in {" ", "-", "'"} and _is_family(found, at + 2)
    if title:
        good = (
            (size > 2 or listed)
            and (not plain or (listed and size > 2 and (_stands(found, at + 1) or _doctored(cue, following))))
            and not (plain and (cue.low == "ms" or following.low in _SMALL or following.flags & (VERB | DONE)))
        )
    elif person:
        good = size > 2 and (
            (not plain and (listed or likeness(following.folded) > 1.5))
            or (pair and plain and following.folded in lexicon().given and following.low not in _SMALL)
        )
        if (
            not plain
            and listed
            and not pair
            and not _given(following.folded)
            and following.folded not in lexicon().frequent
        ):
            good = good and likeness(following.folded) > 0.0
    elif cue.low in _KIN and not plain and not listed:
        good = size > 3 and likeness(following.folded) > -1.5
    elif plain or size < 3 or not listed:
        good = False
    else:
        given = following.folded in lexicon().given or following.folded in lexicon().international
        close = (
            bool(cue.flags & (BARE | PLURAL))
            or cue.low in _ASKED
            or pair
            or told(found, at + 1)
            or acts(found, at + 1, end)
            or described(text, end)
        )
        good = close and (given or following.folded in lexicon().frequent)
    further = at + 2 < len(words) and _unknown(words[at + 2]) and text[end : spans[at + 2][0]] == " "
    if not good and not plain and size > 2 and following.folded not in lexicon().medical:
        if called_so:
            good = likeness(following.folded) > -1.5 or further
        elif further and (cue.low in _KIN or cue.low in _ASKED or told(found, at + 1)):
            good = True
    if called:
        good = True
    if (
        not good
        and not plain
        and size > 3
        and following.folded not in lexicon().medical
        and (cue.low in _ASKED or told(found, at + 1))
    ):
        good = likeness(following.folded) > (0.0 if following.low.isascii() else -3.0)
    if not good and (title or person) and found.english:
        strange = not plain and size > 3 and not following.low.isascii()
        behind = following.flags & PARTICLE and at + 2 < len(words) and not words[at + 2].flags & (LOWER_WORD | CAPITAL)
        good = strange or (
            bool(behind) and title and text[end : spans[at + 2][0]] == " " and len(words[at + 2].low) > 3
        )
    if not good:
        return
    last = at + 1
    while last + 1 < len(words) and last - at < 4:
        between = text[spans[last][1] : spans[last + 1][0]]
        after = words[last + 1]
        if between not in {" ", "-", "'", "’"} and not (between == ". " and len(words[last].low) == 1):
            break
        if between in {"'", "’"} and after.low in {"s", "d", "ll"}:
            break
        if (
            not _is_family(found, last + 1)
            and not ((title or person) and between == " " and _unknown(after))
            and not (len(after.low) == 1 and last + 2 < len(words) and _is_family(found, last + 2))
            and not (after.flags & PARTICLE and last + 2 < len(words) and _is_family(found, last + 2))
        ):
            break
        last += 1
    yield Finding(start, spans[last][1], Category.NAME, "name", "name.lower", 0.7)


def _unknown(word: Word) -> bool:
    """Say whether a word in small letters is in no list of words or terms: behind a given name it is a family name."""
    return not word.flags & (CAPITAL | LOWER_WORD) and len(word.low) > 3 and word.folded not in lexicon().medical


def _doctored(cue: Word, following: Word) -> bool:
    """Say whether a word behind a doctor's title is a family name that is usual, and nothing that a doctor does."""
    if cue.low not in {"dr", "doctor"} or following.low in _SMALL or following.flags & (VERB | DONE | NOUN | THING):
        return False
    return following.folded in lexicon().frequent and following.folded not in lexicon().medical


def _called(found: Spots, at: int) -> bool:
    """Say whether a word of everyday behind a relation is somebody's given name: mom holly called, dad john and."""
    word, end = found.words[at], found.spans[at][1]
    if word.low in _SMALL or word.folded not in _usual():
        return False
    return _ENDS.match(found.text, end) is not None or acts(found, at, end)


@cache
def _usual() -> frozenset[str]:
    """Return the given names that are frequent enough to be taken for one though they are words."""
    return frozenset(words_of("given.txt")[:USUAL]) - _VERBS


#: So many given names are usual ones.
USUAL = 900
#: Usual given names that are what relations do.
_VERBS = frozenset(["will", "drew", "may", "can", "pat", "sue", "chase", "rob", "wade", "don", "bob"])


def _stands(found: Spots, at: int) -> bool:
    """Say whether a small word behind a title stands as a name does: at an end, or before what a person does."""
    end = found.spans[at][1]
    if acts(found, at, end) or _ENDS.match(found.text, end):
        return True
    return at + 1 < len(found.words) and bool(found.words[at + 1].flags & LOWER_NAME)


def _capital_before(text: str, start: int) -> bool:
    """Say whether a capital or a full stop stands before a degree, its blank and its comma, as initials end."""
    mark = text[start - 3] if text[start - 2] == "," else text[start - 2]
    return mark == "." or "A" <= mark <= "Z"


#: What may stand between a word that tells of initials and these.
_BEHIND = frozenset([" ", ":", ".", "#"])


def _initials(found: Spots, at: int) -> Iterator[Finding]:
    """Yield initials behind a cue, or before a degree."""
    text, word = found.text, found.words[at]
    start, end = found.spans[at]
    if text[end : end + 1] in _BEHIND:
        match = _INITIALS.match(text, end)
        if match:
            size = len(match[1].rstrip())
            yield Finding(match.start(1), match.start(1) + size, Category.NAME, "initials", "name.initials", 0.7)
        elif word.low in _SIGNS:
            match = _LETTERS.match(text, end)
            if match and match[1].islower() and (match[1] in lexicon().words or match[1] in lexicon().medical):
                match = None
            if match and (
                word.low in {"initials", "initialed", "initial", "transcriptionist", "spi"}
                or match[1].lower() not in lexicon().medical
            ):
                yield Finding(match.start(1), match.end(1), Category.NAME, "initials", "name.initials", 0.7)
    if word.flags & DEGREE and start > 2 and text[start - 1] == " " and _capital_before(text, start):
        match = _BEFORE_DEGREE.search(text, max(0, start - 16), start)
        if match:
            group = 1 if match[1] else 2
            letters = match[group]
            if group == 1 or letters.lower() not in lexicon().medical:
                yield Finding(match.start(group), match.end(group), Category.NAME, "initials", "name.initials", 0.7)


__all__ = ["lowered"]
