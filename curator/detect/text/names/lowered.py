# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""Names in small letters, initials behind a cue or before a degree, and the marks of who dictated and typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.lists.likeness import likeness
from curator.detect.text.names.smallcued import PERSON, SMALL, cued, is_a_given, is_family, unknown
from curator.detect.text.names.speakers import dotted
from curator.detect.text.words.contexts import acts, described
from curator.detect.text.words.hints import Marks, Words, at_lines
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import (
    BARE,
    CAPITAL,
    COLON,
    DEGREE,
    DONE,
    LOWER_NAME,
    LOWER_WORD,
    NOUN,
    PARTICLE,
    TITLE,
    VERB,
    tables,
    word_of,
)  # fmt: skip
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_INITIALS = re.compile(r"(?: initials)?[ :.#]{1,3}((?:[A-Z]\.[ ]?){2,3}(?![a-z])|[A-Z]\.[ ]?[A-Z](?=[ ,.\n]|$))")
_LETTERS = re.compile(
    r"(?: by)?[ ]?[:=]?[ ]?([A-ZÀ-ÞĀČĐĒĢĪĶĻŅŌŚŠŪŹŻŽİŞĞÓ]{2,3}|[a-z]{2,3}(?=[ ]*(?:[-.,;)\n]|$)))(?![\w/'-])"
)
_BEFORE_DEGREE = re.compile(
    r"(?:(?<![\w.])((?:[A-Z]\.){2,3})|(?:(?:^|\n|--|[-–—~/]|\bby:?|: |[.;)]\s{1,2})[ ]?)([A-Z]{2,3})),?[ ]$"
)
_DICTATED = (re.compile("/(?<=[A-Z]/)[a-z]{2}"), re.compile(":(?<=[A-Z]:)[a-z]{2}"))
_DICTATION = re.compile(
    r"(?m)(?:(?<=[ \t]{2})|(?<=\d ))([A-Z]{2,3}[/:][a-z]{2,3})(?=[ ]*$)|^\s*(?:D|T|DD|DT)?:?\s*([A-Z]{2,3}[/:][a-z]{2,3})\b(?=\s|$)|\b([A-Z]{2,3}/[a-z]{2,3})\s+(?:D|T|DD|DT|Job|JOB):|(?:\b(?:D|T)|[Dd]ict(?:ated)?|[Tt]rans(?:cribed)?)[:/ ]+([A-Z]{2,3}[/:][a-z]{2,3})\b(?![/\w])"
)
#: Letters after a cue that are somebody's initials whatever they are.
#: Letters of who dictated and who typed at the end of a line: lfh/mt44.
_TYPED = re.compile(r"(?m)/([a-z]{2,4}\d{0,4})[ ]*$")
_DICTATOR = re.compile(r"[ \t]{2}([a-z]{2,4})$")
_TRIALS = Marks("Subj", "subj", "SUBJ", "creen", "SCREEN", "ICF", "andomi", "rotocol", "PROTOCOL", "nrolled")
#: Initials behind a subject's number, before the sex: 1127-0032 RJD M 71.
_SUBJECT_CELL = re.compile(r"\d{3}-\d{3,4}[ \t]{1,6}([A-Z]-[A-Z]|[A-Z]{2,3})(?=[ \t]{2,}\d)")
_SUBJECT = re.compile(r"(?<=\d )([A-Z]-[A-Z]|[A-Z]{3}|[A-Z]{2})(?=,? \(?[MF]\b[ ,/)]{1,2}\d)")
#: Initials at the head of a line, before who else signed: kc / Roe MD.
_SLASHED = at_lines(r"[ ]{0,3}([a-z]{2,3}|[A-Z]{2,3}) ?/ ?(?=[A-Z][a-z'’-]+,? (?:MD|DO|RN|NP|PA|PGY|APRN)\b)")
_SIGNS = frozenset(tables()["signs"].split())
#: Whom a diagnosis is about, in other languages: faringitis aguda - niño.
_ANYBODY = frozenset(
    ["niño", "niña", "niños", "niñas", "bebé", "adulto", "adulta", "adultos", "mujer", "hombre", "enfant", "adulte"]
    + ["femme", "homme", "kind", "kinder", "erwachsene", "bambino", "bambina", "criança", "crianças"]
)


#: Initials of whom a note is about, before an age; a family and a given name in capitals at a line's head, before a number.
_PATIENT = re.compile(
    r"[PpRr](?<!\w.)(?:(?<=[Pp])(?:t|atient)|(?<=[Rr])e:)\.? ([A-ZÀ-ÖØ-Þ]{2,3})(?=,? ?(?:is an? )?\d{1,3}[ -]?(?:[MF]\b|y))"
)
_PATIENTS = Words(["pt", "patient", "re"])
#: Who stands in a list, before an age: 1) Roe 68F.
_ITEM = at_lines(
    r"[ \t>]{0,4}(?:\d{1,2}[.)]|[-*•]|(?:[Rr]m|[Rr]oom|[Bb]ed)?[ ]?\d{1,4}[A-Z]?[-:]?)[ \t]{1,4}([^\W\d_a-z][^\W\d_A-Z][\w'’-]*(?:[ -][^\W\d_a-z][\w'’-]+){0,2}),?[ ](?=\d{1,3}[ ]?(?:[MF]\b|y/?o))"
)
_LISTED = at_lines(
    r"[ \t]{0,4}(?:\d{1,2}[.)]?[ \t]{1,4})?([^\W\d_a-z][^\W\d_a-z'’-]+(?:[ ][^\W\d_a-z][^\W\d_a-z'’-]+)?,[ ]?[^\W\d_a-z][^\W\d_a-z'’-]+(?:[ ][^\W\d_a-z]\.?)?)(?=[ \t]{1,6}(?:[A-Z]{0,3}-?\d{4,}|\d{1,2}[/-]\d{1,2}[/-]|\d{1,3}[ ]?[MF]\b|DOB|MRN|\())"
)


#: Who dictated and who typed in capitals, on a line of their own above the days.
_LOUD_DICTATION = at_lines(r"[ ]{0,3}([A-Z]{2,4}[:/][A-Z]{2,4})[ ]*(?=\n[ ]*(?:D|DD|T|DT|Job|JOB)[: ])")


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
        yield from cued(found, at, words[at + 1])
    if found.given:
        yield from _pairs(found)
    if " dob" in text or " mrn" in text:
        yield from _before_birth(found)
    yield from _signed(found)
    if found.numbers:
        for match in _PATIENT.finditer(text) if found.flags & _PATIENTS.bit else ():
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
        for match in _SUBJECT.finditer(text) if _TRIALS.held(text, found.flags) else ():
            if match[1].lower() not in lexicon().medical:
                yield Finding(match.start(1), match.end(1), Category.NAME, "initials", "name.initials-subject", 0.6)
        for match in _SUBJECT_CELL.finditer(text) if _TRIALS.held(text, found.flags) else ():
            yield Finding(match.start(1), match.end(1), Category.NAME, "initials", "name.initials-subject", 0.6)
    if ":" in text and "\n" in text:
        for match in _LOUD_DICTATION(text):
            yield Finding(match.start(1), match.end(1), Category.NAME, "initials", "name.dictation", 0.6)
    if "/" in text:
        for match in _TYPED.finditer(text):
            who = _DICTATOR.search(text, max(0, match.start() - 6), match.start())
            if who and not any(part in lexicon().medical or part in lexicon().words for part in (who[1], match[1])):
                yield Finding(who.start(1), match.end(1), Category.NAME, "initials", "name.dictation", 0.6)
        for match in _SLASHED(text):
            if match[1].lower() not in lexicon().medical:
                yield Finding(match.start(1), match.end(1), Category.NAME, "initials", "name.initials-slash", 0.6)
    if _DICTATED[0].search(text) or _DICTATED[1].search(text):
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
            if not is_family(found, step):
                break
            if step == at + 1 and word.flags & NOUN and words[at].folded in lexicon().eponyms:
                break  # clark level
            last = step
        if last > at:
            done = last
            yield Finding(spans[at][0], spans[last][1], Category.NAME, "name", "name.lower-pair", 0.7)
        elif (
            acts(found, at, spans[at][1]) and (text[spans[at][1] : spans[at][1] + 1] in {"'", "’"} or _says(found, at))
        ) or described(text, spans[at][1]):
            yield Finding(spans[at][0], spans[at][1], Category.NAME, "name", "name.lower-acts", 0.6)


def _says(found: Spots, at: int) -> bool:
    """Say whether a given name in small letters begins a sentence, and a person's doing follows: jorge is her son."""
    start = found.spans[at][0]
    lead = found.text[max(0, start - 2) : start]
    return (
        (not lead or lead[-1] == "\n" or lead in {". ", "! ", "? ", "; "})
        and len(found.words[at].low) > 3
        and found.words[at + 1].low in _SAID
    )


#: What somebody is said to do, or to be.
_SAID = frozenset(tables()["said_small"].split())


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
            and part.low not in SMALL
            and part.low not in PERSON
            and not part.flags & (BARE | TITLE | VERB | DONE)
            for part in (first, last)
        ):
            yield Finding(spans[at - 2][0], spans[at - 1][1], Category.NAME, "name", "name.lower-birth", 0.6)


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
    if (
        1 < end - start < 4
        and gap == " "
        and found.text[found.spans[at][1] : found.spans[at][1] + 1] in {"", "\n", "."}
    ):
        if (
            before.folded not in lexicon().medical
            and before.low not in SMALL
            and found.text[max(0, start - 2) : start].strip(" ")[-1:] in _BEFORE_SIGNER
        ):
            yield Finding(start, end, Category.NAME, "initials", "name.initials", 0.6)
        return
    if end - start < 4 or before.folded in lexicon().medical or (start and text[start - 1] in "@.-_/"):
        return
    if before.flags & LOWER_NAME or likeness(before.folded) > 0.0:
        yield Finding(start, end, Category.NAME, "name", "name.lower-degree", 0.6)


#: What stands before initials in small letters with which a note is signed: mkj rn.
_BEFORE_SIGNER = frozenset([".", "\n", "-", ";", ")", "!", ""])
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
    if lead[-1:] == "-" and f"{lead.split()[-1]}{word.low}".lower() in lexicon().medical:
        return  # one word, such as X-ray
    if word.low in _ANYBODY:
        return
    if lead[-1:] == "-" and lead[-2:-1].isalpha() and word.folded in lexicon().words:
        return  # one word that is mostly written without a hyphen: room-mate
    sure = bool(word.flags & LOWER_NAME and is_a_given(word.folded)) or (
        lead.endswith(("thanks, ", "thx ", "thanks ")) and not lead.endswith("no thanks ") and unknown(word)
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


def _capital_before(text: str, start: int) -> bool:
    """Say whether a capital or a full stop stands before a degree, its blank and its comma, as initials end."""
    mark = text[start - 3] if text[start - 2] == "," else text[start - 2]
    return mark == "." or "A" <= mark <= "Z"


#: What may stand between a word that tells of initials and these.
_BEHIND = frozenset([" ", ":", ".", "#"])


#: Services, scans and things by which something is done: line out by IR, dating by CRL.
_DOERS = frozenset(
    ["ir", "vat", "vna", "crl", "dme", "hcp", "vm", "bed", "two", "cnm", "ai", "ct", "mri", "mr", "pet", "tte", "tee", "fish", "pcr", "lmp", "one", "ems", "als", "bls", "cam", "hand", "mail", "fax", "text", "wc", "vf", "vt", "pea", "bp", "ecg", "ekg"]
)  # fmt: skip


def _initials(found: Spots, at: int) -> Iterator[Finding]:
    """Yield initials behind a cue, or before a degree."""
    text, word = found.text, found.words[at]
    start, end = found.spans[at]
    if text[end : end + 1] in _BEHIND:
        match = _INITIALS.match(text, end)
        if match and match[1].endswith(" I") and text[match.end() + 1 : match.end() + 2].islower():
            return  # by Dr. H. I will see her
        if match:
            size = len(match[1].rstrip())
            yield Finding(match.start(1), match.start(1) + size, Category.NAME, "initials", "name.initials", 0.7)
        elif word.low in _SIGNS:
            match = _LETTERS.match(text, end)
            if match and match[1].islower() and (match[1] in lexicon().words or match[1] in lexicon().medical):
                match = None
            if match and match[1].lower() in _DOERS:
                return
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
