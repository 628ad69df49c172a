# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""Names behind a title: Dr. Roe, Drs. Abel and Quill, and what only looks like a title."""

from __future__ import annotations

import re

from curator.detect.text.names.pieces import Piece, suffixed
from curator.detect.text.words.anew import begins_anew
from curator.detect.text.words.contexts import acts, begins, degree, eponym, stays, told
from curator.detect.text.words.runs import LEADING, Token, run_at, token_at
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import ANCHOR, CAPITAL, FAMILY, LOOSE, MONTH, PARTICLE, TITLE, tables, word_of

#: What a doctor is one of, between the title and the name.
_DEGREES = frozenset(["med", "dent", "vet", "habil", "univ", "rer", "nat", "phil", "psych", "jur", "sc", "hum", "biol"])

#: Titles that are whole words: a full stop behind one ends a sentence.
_WHOLE = frozenset(["sir", "miss", "missus", "mister", "madam", "doctor", "doctors", "professor", "nurse", "sister", "father", "brother"])  # fmt: skip


def take_titled(found: Spots, at: int, pieces: list[Piece]) -> int:
    """Take the name behind a title; return the index of the first word that is not taken."""
    words, spans, text = found.words, found.spans, found.text
    title, after = words[at], at + 1
    if after >= len(words) or (title.low == "mx" and (title.upper or not title.flags & CAPITAL)):
        return at
    gap = text[spans[at][1] : spans[after][0]]
    if title.low in {"mr", "mrs", "dr", "drs", "prof"} and words[after].low in {"and", "or"} and gap in {" ", ". "}:
        return at
    if gap not in {" ", ". ", ".", "  ", ".  ", ".\n", "\n"}:
        return at
    if "\n" in gap and (title.low not in {"dr", "mr", "mrs", "ms", "drs"} or not words[after].flags & ANCHOR):
        return at
    while (
        after + 1 < len(words) and after - at < 5 and words[after].low in _DEGREES and not words[after].flags & CAPITAL
    ):
        gap = text[spans[after][1] : spans[after + 1][0]]  # Dr. med. dent. Roe
        if gap not in {" ", ". ", "."}:
            return at
        after += 1
    following = words[after]
    if "." in gap and title.low in _WHOLE and not (following.flags & CAPITAL and following.kind in "GS"):
        return at  # Yes, sir. My nurse: nothing is shortened there.
    if title.low in {"prof", "professor"} and following.low == "of":
        return at
    if title.upper and title.low == "dr" and gap != " " and at and words[at - 1].low in _RETINA:
        return at
    if title.upper and title.low in {"mr", "ms"} and gap != " " and at and _graded(found, at):
        return at
    if (
        following.flags & TITLE
        and following.flags & CAPITAL
        and (not following.flags & LOOSE or following.low in {"doctor", "bro"})
    ):
        return after
    first = after
    while not words[first].flags & CAPITAL or (
        words[first].upper and words[first].flags & PARTICLE and words[first].low in LEADING
    ):
        if not words[first].flags & PARTICLE and words[first].low not in {"d", "l"}:
            return at
        first += 1
        if first >= len(words) or first - after > 3:
            return at
    if not _is_title(found, at, first, gap) or _closed(found, at, first, gap):
        return at
    if title.low == "sister" and first + 1 < len(words) and (words[first].low, words[first + 1].low) in stays():
        return at
    run = run_at(found, first, after)
    stop = 1
    initials = run[0].kind == "I"
    while stop < len(run):
        token, between = run[stop], text[run[stop - 1].end : run[stop].start]
        if "," in between or (token.word.flags & TITLE and token.kind in "MWA"):
            break
        if "." in between and run[stop - 1].kind == "I" and begins_anew(found, token.first, token.last):
            break
        if (
            token.kind == "W"
            and run[0].kind in "Gn"
            and not _BRANCH.search(token.word.low)
            and all(part.kind in "Wrsg" for part in run[stop:])
            and len(run) - stop < 3
        ):
            stop = len(run)
            break
        if (
            token.kind == "M"
            and stop == 1
            and run[0].kind == "G"
            and not token.word.upper
            and not _BRANCH.search(token.word.low)
            and text[token.end : token.end + 1] in _CLOSES
        ):
            stop += 1
            continue
        if (
            token.kind == "M"
            and stop == 1
            and run[0].kind in "Gn"
            and token.word.upper
            and token.word.flags & FAMILY
            and acts(found, token.last, token.end)
            and not text.startswith((" BE ", " HAVE ", " NEED "), token.end)
        ):
            stop += 1
            continue
        if (
            token.kind in "MWA"
            and not (initials and stop == 1)
            and not (_family(found, token) and not token.word.upper)
            and token.word.low not in {"jr", "sr"}
        ):
            break
        if (
            "." in between
            and not initials
            and run[stop - 1].kind != "I"
            and run[stop - 1].word.low not in {"st", "ste"}
        ):
            break
        initials = initials and token.kind == "I"
        stop += 1
    kept = run[:stop]
    score = 4.0 if not title.flags & LOOSE or title.low == "doctor" else 2.6
    pieces.append(Piece(kept[0].start, suffixed(found, kept[-1]), score, "name.title", kept))
    end = kept[-1].last + 1
    while title.low in {"drs", "doctors", "messrs", "dr"} or title.flags & LOOSE == 0:
        more = _also(found, end, plural=title.low == "drs")
        if more is None:
            return end
        pieces.append(Piece(more.start, suffixed(found, more), 3.0, "name.title", [more]))
        end = more.last + 1
    return end


def _closed(found: Spots, at: int, first: int, gap: str) -> bool:
    """Say whether a full stop behind a title in small letters ends a sentence: his doctor. After; 110 ms. Then."""
    title, start = found.words[at], found.spans[at][0]
    if "." not in gap or title.flags & CAPITAL:
        return False
    if title.low in {"doctor", "nurse"} or title.flags & LOOSE:
        return True
    return title.low in {"ms", "sr", "fr"} and (
        found.text[max(0, start - 2) : start].strip()[-1:].isdecimal() or found.words[first].kind in "MWA"
    )


#: What closes a name whose last word is a term elsewhere: Dr. Emre Crohn.
_CLOSES = frozenset([".", ",", ";", ":", ")", "\n", ""])
#: What a branch of medicine, a disease or an operation ends in: Dr. Boyd Cardiology.
_BRANCH = re.compile(
    r"(?:olog(?:y|ist)|iatr(?:y|ics|ist)|ics|itis|osis|emia|[st]ion|onia|therapy|surgery|surgeon|medicine|graphy|scopy|ectomy|nursing|care)$"
)


#: Before diabetic retinopathy: no DR. Plan.
_RETINA = frozenset(["no", "without", "mild", "moderate", "severe", "w"])


#: How much a valve leaks or is narrowed, before its letters: moderate MR. Cardiology.
_VALVE = frozenset(["no", "without", "trace", "trivial", "mild", "moderate", "severe", "significant", "functional", "ischemic", "rheumatic", "critical", "plus"])  # fmt: skip


def _graded(found: Spots, at: int) -> bool:
    """Say whether MR or MS behind a grade is a valve and the full stop ends a sentence: 2+ MR. Plan."""
    start = found.spans[at][0]
    return found.words[at - 1].low in _VALVE or found.text[max(0, start - 3) : start] in {"1+ ", "2+ ", "3+ ", "4+ "}


def _also(found: Spots, at: int, *, plural: bool) -> Token | None:
    """Return the next of a list: Drs. Abel, Roe and Quill."""
    words, spans, text = found.words, found.spans, found.text
    if at >= len(words) or not at:
        return None
    gap, first = text[spans[at - 1][1] : spans[at][0]], at
    if words[at].low in {"and", "or"} and gap in {" ", ", "} and at + 1 < len(words) and not words[at].flags & CAPITAL:
        first, gap = at + 1, text[spans[at][1] : spans[at + 1][0]]
        if gap != " ":
            return None
    elif gap not in {", ", "/", " & ", ","} or (gap in {", ", ","} and not plural):
        return None
    word = words[first]
    if not word.flags & CAPITAL or word.flags & TITLE or word.low == "i":
        return None
    if word.kind in "MWA" and not (plural and word.listed and not begins(found, first)):
        return None
    token = token_at(found, first)
    return None if (degree(text, spans[at - 1][1]) and gap != " ") or eponym(found, token.last, token.end) else token


#: Titles that mean something else in capitals: magnetic resonance, multiple sclerosis, left, French.
_DOUBLE = frozenset(tables()["double"].split())


def _is_title(found: Spots, at: int, after: int, gap: str) -> bool:
    """Say whether a word that may be a title is one here."""
    title, following, text = found.words[at], found.words[after], found.text
    start = found.spans[at][0]
    if (
        start
        and text[start - 1] in "-/'’"
        and not (
            at
            and text[start - 1] == "/"
            and found.words[at - 1].flags & TITLE
            and title.low in {"mr", "mrs", "ms", "mx"}
        )
    ):
        return False
    if title.low in {"fr", "lt", "sr", "maj", "col", "sig", "capt", "pvt", "hon", "tia"}:
        before = text[max(0, start - 2) : start].strip()
        if (
            before[-1:].isdigit()
            or following.kind in "MWA"
            or (following.kind in "grI" and "." not in gap)
            or not title.flags & CAPITAL
        ):
            return False
        return not title.upper or following.kind in "SG"
    if title.low == "doctor" and not title.flags & CAPITAL and following.flags & CAPITAL:
        if following.kind == "I" and "." not in gap:
            return _lettered(found, at, after)
        return not following.upper and following.kind != "A"
    if title.flags & LOOSE:
        if following.kind in "MWA" or not following.flags & CAPITAL:
            return (
                following.kind == "M"
                and following.listed
                and not following.upper
                and "." not in gap
                and told(found, after)
                and (
                    title.flags & CAPITAL != 0
                    or (
                        following.flags & FAMILY != 0
                        and title.low not in {"interpreter", "translator"}
                        and not eponym(found, after, found.spans[after][1])
                    )
                )
            )
        return "." not in gap and not (
            following.kind in "gsrn"
            and begins(found, at)
            and title.flags & CAPITAL
            and eponym(found, after, found.spans[after][1])
        )
    if title.upper and title.low in _DOUBLE and "." not in gap:
        return (
            following.kind in "GSRnuU"
            or (following.kind in "gsr" and not following.upper)
            or (following.kind in "gsI" and title.low == "dr")
        )
    if title.low == "dr" and _is_drive(found, at):
        return False
    if title.low == "ms" and title.upper:
        return following.kind not in "MWA"
    if following.kind == "I" and not title.upper and title.low in {"dr", "mr", "mrs", "ms", "miss"}:
        end = found.spans[after][1]
        if text[end : end + 1] in {"'", "’"}:
            return _WHOSE.match(text, end) is not None
        return not (text[end : end + 1].isalnum() or text[end : end + 1] in {"-", "/"})
    return (
        following.kind != "I"
        or "." in text[found.spans[after][1] : found.spans[after][1] + 1]
        or _initials(found, after)
    )


#: What belongs to somebody of whom a letter stands: Dr. S’ office, Dr. S's office, unlike Dr. O'Neil.
_WHOSE = re.compile(r"['’](?:s\b|(?=[ ,.;)\n]|$))")
#: Behind a doctor in small letters the letter alone is somebody: I am doctor J and; not the doctor I saw, a doctor A.
_LETTER_ENDS = re.compile(
    r"['’]s?\b|['’](?= )|\s*[.,;:!?)]|\s*$| (?:and|is|was|has|had|who|will|said|says|told|here|speaking|from|at|in|on|to|for|with|today|or|because|about|did|does|called|calls|wants|wanted|thinks|thought|asked|gave|put|saw|sent|ordered|recommended|prescribed)\b"
)
_NO_ARTICLE = frozenset(["the", "a", "my", "your", "his", "her", "their", "our", "each", "any", "which", "what", "that", "every", "another", "no"])  # fmt: skip


def _lettered(found: Spots, at: int, after: int) -> bool:
    """Say whether a letter behind "doctor" in small letters is all that is told of a name."""
    letter, end, text = found.words[after].low, found.spans[after][1], found.text
    if at and found.words[at - 1].low in _NO_ARTICLE and letter in {"i", "a"}:
        return False
    match = _LETTER_ENDS.match(text, end)
    return match is not None and (letter not in {"i", "a"} or match[0].strip()[:1] in {".", ",", "'", "’"})


def _initials(found: Spots, at: int) -> bool:
    following = at + 1
    return following < len(found.words) and found.words[following].flags & CAPITAL != 0


def _is_drive(found: Spots, at: int) -> bool:
    """Say whether Dr ends a street: 12 Oak Dr Fargo."""
    start = found.spans[at][0]
    lead = found.text[max(0, start - 40) : start]
    if "\n" in lead:
        lead = lead[lead.rfind("\n") + 1 :]
    parts = lead.split()[-4:]
    if parts and word_of(parts[-1].strip(".,") or "x").flags & MONTH:
        return False
    while parts and parts[-1].isalpha() and parts[-1][0].isupper():
        parts.pop()
        if parts and parts[-1].isdigit():
            return True
    return False


def _family(found: Spots, token: Token) -> bool:
    return bool(token.word.flags & FAMILY) and token.kind != "A" and not eponym(found, token.last, token.end)
