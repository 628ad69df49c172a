"""Whether a place where a folded string stands is a hit, by what stands around and between its letters.

A pure function of the plain bytes: no decision rests on which chunk the place was read in.
"""

from __future__ import annotations

import re

from curator.audit.closed.engine import LEAST
from curator.audit.closed.forms import words
from curator.audit.closed.rules import Form, Rule

#: Bytes before and after a place that a decision may look at.
AROUND = 96
#: Longest run of separators within one value, and the most bytes that a value may be spread over.
_MOST_GAP, MOST_SPAN = 4, 320
_GAP = re.compile(rb"[^0-9A-Za-z\x80-\xff]+")
_HEX = re.compile(rb"[0-9a-fA-F]{32,}\Z")
#: A UID made of 128 bits (PS3.5 B.2), which a number known of somebody may stand in by chance.
_DERIVED = re.compile(rb"2\.25\.\d{1,39}\Z")
_TOKEN_BEFORE = re.compile(rb"[0-9A-Za-z.]*\Z")
_TOKEN_AFTER = re.compile(rb"[0-9A-Za-z.]*")
_NUMBER_MARKS = b"-/_()#"
_PHONE_MARKS = b"-/_()#. +"
_DATE_MARKS = frozenset({b"-", b".", b"/", b" ", b"_", b"\\", b", ", b". ", b",", b" - ", b" / "})
_TITLE = re.compile(rb"(?i)\b(?:mrs?|ms|mx|drs?|prof|miss|rev|fr|sra?|hon|herr|frau|patient|pt|name)\.?:?\s{0,2}\Z")


def is_hit(form: Form, text: bytes, plain: bytes, start: int, end: int, *, own: bool, prose: bool) -> bool:
    """Say whether a folded string's place is a hit.

    Parameters
    ----------
    form
        What was sought.
    text
        The folded string.
    plain
        The plain bytes around the place.
    start, end
        Where the string's first byte stands and where its last one ends, in ``plain``.
    own
        The file is about a person of whom this is known.
    prose
        The bytes are text that was decoded, not bytes of any kind.
    """
    if not own and not form.everybody:
        return False
    if end - start > MOST_SPAN:
        return False
    if form.rule is Rule.DATE and start and _digit(plain[start - 1 : start]):
        return False  # most places of dates are in longer numbers: the cheapest question comes first
    gaps = _gaps(plain[start:end])
    if gaps and max(map(len, gaps)) > _MOST_GAP:
        return False
    match form.rule:
        case Rule.NUMBER | Rule.PHONE:
            return _number(form, text, plain, start, end, gaps, own)
        case Rule.DATE:
            return _date(plain, end, gaps)
        case Rule.UID:
            return all(gap == b"." for gap in gaps) and not _digit_around(plain, start, end)
        case Rule.NAME:
            return _name(form, text, plain, start, end, own, prose)
        case _:
            return _letters(text, plain, start, end, own or not prose)


def _gaps(body: bytes) -> list[bytes]:
    """Return the runs of separators inside a value, without the NULs between letters of two bytes."""
    if body.isalnum():  # most values stand in one word
        return []
    return [kept for gap in _GAP.findall(body) if (kept := gap.replace(b"\0", b""))]


def _all_of(gaps: list[bytes], allowed: frozenset[bytes]) -> bool:
    return all(gap in allowed for gap in gaps)


def _digit(mark: bytes) -> bool:
    return b"0" <= mark <= b"9" if mark else False


def _digit_around(plain: bytes, start: int, end: int) -> bool:
    return _digit(plain[start - 1 : start] if start else b"") or _digit(plain[end : end + 1])


def _number(form: Form, text: bytes, plain: bytes, start: int, end: int, gaps: list[bytes], own: bool) -> bool:
    marks = _PHONE_MARKS if form.rule is Rule.PHONE or own else _NUMBER_MARKS
    if any(byte not in marks for gap in gaps for byte in gap):
        return False
    before, after = plain[max(0, start - AROUND) : start], plain[end : end + AROUND]
    lead = before.rstrip(b"0123456789")
    led = before[len(lead) :]
    if len(text) < 12 and (_digit(after[:1]) or led.strip(b"0")):
        return False
    if gaps and lead[-1:] in {b".", b","} and not led:
        return False  # digits behind a decimal point
    if len(text) < LEAST and not own:
        return False
    around = _TOKEN_BEFORE.search(before), _TOKEN_AFTER.match(after)
    token = (around[0][0] if around[0] else b"") + plain[start:end] + (around[1][0] if around[1] else b"")
    return not (_HEX.match(token) or _DERIVED.match(token))


def _date(plain: bytes, end: int, gaps: list[bytes]) -> bool:
    if not _all_of(gaps, _DATE_MARKS) or len(gaps) > 2:
        return False
    after = plain[end : end + AROUND]
    run = len(after) - len(after.lstrip(b"0123456789"))
    # Behind the day a time of day may follow without a mark.
    return run in {0, 2, 4, 6, 8, 9, 12} if not gaps else run == 0


def _letters(text: bytes, plain: bytes, start: int, end: int, own: bool) -> bool:
    if len(text) >= LEAST and own:
        return not (text[:1].isdigit() and start and _digit(plain[start - 1 : start]))
    before, after = plain[max(0, start - 1) : start], plain[end : end + 1]
    if text[:1].isdigit() and _digit(before):
        return False
    if text[-1:].isdigit() and _digit(after):
        return False
    return _begins(plain, start) and (_ends(plain, end) or text[-1:].isdigit())


def _name(form: Form, text: bytes, plain: bytes, start: int, end: int, own: bool, prose: bool) -> bool:
    if form.everybody:  # a whole name
        if own and len(text) >= LEAST:
            return True
        # Among bytes of any kind chance decides what stands beside a name.
        if prose and not (_begins(plain, start) and _ends(plain, end)):
            return False
        parted = _GAP.split(plain[start:end].replace(b"\0", b""))
        everyday = all(_is_everyday(part) for part in parted)
        return not (everyday or len(text) < LEAST) or all(not part[:1].islower() for part in parted)
    if text.decode("utf-8", "ignore") in _everyday():
        return prose and _whole(plain, start, end) and _written_as_name(plain, start, end)
    if len(text) >= LEAST - 1:
        return len(text) >= LEAST or (_whole(plain, start, end) and prose)
    return prose and _whole(plain, start, end)


def _whole(plain: bytes, start: int, end: int) -> bool:
    return _begins(plain, start) and _ends(plain, end)


def _begins(plain: bytes, start: int) -> bool:
    """Say whether a word begins: behind no letter, or with a capital behind a small one."""
    before = plain[start - 1 : start] if start else b""
    if not before or not _is_letter(before):
        return True
    return before.islower() and plain[start : start + 1].isupper()


def _ends(plain: bytes, end: int) -> bool:
    after = plain[end : end + 1]
    if not after or not _is_letter(after):
        return True
    if plain[end : end + 2] in {b"s", b"S"} or (after in {b"s", b"S"} and not _is_letter(plain[end + 1 : end + 2])):
        return True  # the genitive, as in Smiths
    return after.isupper() and plain[end - 1 : end].islower()


def _is_letter(mark: bytes) -> bool:
    return bool(mark) and (mark.isalpha() or mark >= b"\x80")


def _is_everyday(part: bytes) -> bool:
    return part.lower().decode("utf-8", "ignore") in _everyday()


def _everyday() -> frozenset[str]:
    global _words
    if _words is None:
        _words = frozenset(words("everyday"))
    return _words


_words: frozenset[str] | None = None


def _written_as_name(plain: bytes, start: int, end: int) -> bool:
    """Say whether an everyday word is written like a name: with a capital, and not to begin a sentence."""
    first, body = plain[start : start + 1], plain[start:end]
    before, after = plain[max(0, start - AROUND) : start], plain[end : end + AROUND].lstrip(b" ")
    if _TITLE.search(before):
        return True
    if not first.isupper():
        return False
    if body.isupper() and len(body) > 1:
        return before.rstrip()[-1:] in {b"^", b","} or after[:1] == b"^"
    ended = before.rstrip(b" \t")
    if ended[-1:] in {b"", b".", b"!", b"?", b"\n", b"\r", b"*", b";", b":", b'"', b"-", b"|"}:
        return after[:1] == b"^"
    return True
