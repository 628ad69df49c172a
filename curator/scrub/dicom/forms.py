"""What is an identifier by its form, whoever's it is: addresses, numbers, full dates, ages over 89, UIDs.

Must take linear time and must never report what it found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from curator.identifiers.spelling import dates_in
from curator.scrub.dicom.descriptors_ahead import ahead_of

_LONG_UID = 20
#: Stands for an underscore where one is no part of a word.
_GAP = "\x1f"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_OLD = r"(?:9\d|1[0-3]\d)"
_FORMS = re.compile(
    r"[^\s@\\]{1,64}@[^\s@\\]{1,255}\.[a-z]{2,}|\b(?:https?|ftp)://|\bwww\."
    r"|\b[a-z0-9-]{1,63}\.(?:[a-z0-9-]{1,63}\.){0,4}(?:com|org|net|edu|gov|local|lan|intra|internal)\b"
    # US social security numbers
    r"|(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])|(?<!\d)\d{3} \d{2} \d{4}(?!\d)|\bssn\W{0,3}\d{9}(?!\d)"
    # telephone numbers
    r"|(?<!\d)(?:\(\d{3}\)[ ./-]?|\d{3}[ ./-])\d{3}[ .-]?\d{4}(?!\d)|(?<![\d.])[2-9]\d{2}[2-9]\d{6}(?![\d.])"
    r"|\+[1-9](?:[ ().-]{0,2}\d){7,14}(?!\d)"
    # network addresses
    rf"|(?<![\d.])192\.168\.\d{{1,3}}\.\d{{1,3}}(?![\d.])|(?<![\d.])(?=[\d.]{{10}}){_OCTET}(?:\.{_OCTET}){{3}}(?![\d.])"
    r"|\b(?:ip|host)\W{0,3}\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}\b"
    r"|(?<![\d.])[012]\.\d+(?:\.\d+){4,}|(?<![\d.])2\.25\.\d{10,}",
    re.IGNORECASE,
)
_AGES = re.compile(
    rf"(?<![\d.]){_OLD}[ -]?(?:y|yr|yrs|years?|yo|y/o|y\.o\.)(?![a-z])|(?<![\d.])0?{_OLD}y\b"
    rf"|\bage[ds]?\W{{0,3}}(?:of\W)?{_OLD}(?![\d.])",
    re.IGNORECASE,
)
_TITLES = re.compile(r"\b(?:Dr|Prof|Mrs)\.? ?[A-Z][a-z]{2,}")
_FULL_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_DIGITS = re.compile(r"\d{9,}")
_DAY_OF_UID = re.compile(r"\d+(?:\.\d+){4,}")


def has_form(text: str) -> bool:
    """Say whether a text holds an identifier by its form: mail, web or network address, SSN, telephone, title, UID."""
    return next(form_spans(text), None) is not None


def form_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges of what :func:`has_form` sees."""
    ahead = ahead_of(text)
    titled, formed = ahead.title(), ahead.form()
    if titled or formed:
        yield from _spans(text, titled, formed)
        if "_" in text:
            yield from _spans(text.replace("_", _GAP), titled, formed)


def _spans(text: str, titled: bool, formed: bool) -> Iterator[tuple[int, int]]:
    if titled:
        yield from (found.span() for found in _TITLES.finditer(text))
    for found in _FORMS.finditer(text) if formed else ():
        shape = found[0]
        if shape[0] in "012" and shape.count(".") >= 5 and "@" not in shape:
            if len(shape) >= _LONG_UID and not is_registered_uid(shape):
                yield found.span()
        else:
            yield found.span()


def has_old_age(text: str) -> bool:
    """Say whether a text states an age over 89 years."""
    return next(old_age_spans(text), None) is not None


def old_age_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges of what :func:`has_old_age` sees."""
    if not ahead_of(text).age():
        return
    yield from (found.span() for found in _AGES.finditer(text))
    if "_" in text:
        yield from (found.span() for found in _AGES.finditer(text.replace("_", _GAP)))


def has_date(text: str) -> bool:
    """Say whether a text holds a full date with a year of four digits, whoever's it is."""
    if not any(map(str.isdigit, text)):
        return False
    plain = _DAY_OF_UID.sub(" ", _DIGITS.sub(" ", text))  # a day inside a longer number is chance
    return any(_FULL_DATE.fullmatch(day) for day in dates_in(plain))


#: Longest text that is remembered.
_SHORT = 256


def tells(text: str, *, ages: bool, dates: bool) -> bool:
    """Say whether a text holds an identifier by its form.

    Parameters
    ----------
    text
        As decoded.
    ages, dates
        Whether an age over 89 and a full date are such identifiers.
    """
    return (_tells_short if len(text) <= _SHORT else _tells_long)(text, ages, dates)


def _tells(text: str, ages: bool, dates: bool) -> bool:
    return has_form(text) or (ages and has_old_age(text)) or (dates and has_date(text))


_tells_short = lru_cache(maxsize=4096)(_tells)
_tells_long = lru_cache(maxsize=16)(_tells)


@cache
def _registered() -> frozenset[str]:
    from pydicom import uid

    return frozenset(uid.__dict__["UID_dictionary"])


_CONTEXT_GROUP = re.compile(r"1\.2\.840\.10008\.6\.1\.[1-9]\d{0,2}|1\.2\.840\.10008\.6\.1\.1[0-5]\d\d")


def is_registered_uid(uid: str) -> bool:
    """Say whether PS3.6 Annex A registers a UID (context groups by their root, Table A-3)."""
    return uid in _registered() or _CONTEXT_GROUP.fullmatch(uid) is not None
