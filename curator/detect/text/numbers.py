# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Identifiers that tell themselves by their form: telephone, e-mail, SSN, web and IP addresses, VIN, NPI, DEA, UID.

Check digits are used where the number has one, so that a VIN or an NPI needs no label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_EMAIL = re.compile(
    r"[\w.+%'’-]{1,64}\s?@\s?(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}\b|\b[\w.+-]{1,64}\s?[\[(]at[\])]\s?[\w-]+(?:\s?[\[(]dot[\])]\s?|\.)[a-z]{2,12}\b",
    re.IGNORECASE,
)
_URL = re.compile(
    r"\b(?:(?:https?|ftps?|sftp|hxxps?|file)://|www\d?\.)[^\s<>\"'’()\[\]{}]+|\b(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:com|org|net|edu|gov|health|clinic|hospital|io|info|example|test)"
    r"(?:/[^\s<>\"'’()\[\]{}]*)?(?![\w@])", re.IGNORECASE)  # fmt: skip
_IPV4 = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d]|\.\d)(?::\d{2,5})?"
)
_IPV6 = re.compile(
    r"(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])|(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![\w:])|(?<![\w:])::1(?![\w:])",
    re.IGNORECASE,
)
_MAC = re.compile(r"(?<![\w:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])", re.IGNORECASE)
_SSN = re.compile(r"(?<![\d-])(?!000)\d{3}([- ]|[–‑])\d{2}\1\d{4}(?![\d-])")
_SSN_MASKED = re.compile(r"(?<![\w-])[xX*]{3}-?[xX*]{2}-?\d{4}(?![\d-])")
#: Where a code that begins with letters begins.
_CODE_START = re.compile(r"(?<![A-Za-z0-9-])[A-Za-z]{1,9}[-:]?[0-9]")
_PHONE = re.compile(
    r"(?<![\w.])(?<!\d[-/])(?:\+?1[-. ]{0,2})?(?:\(\d{3}\)[-. ]{0,2}|\d{3}[-./ –‑]{1,3})\d{3}[-. –‑]{1,3}\d{4}(?![\d])(?!-\d)"
    r"(?:,?\s?(?:x|ext\.?|extension|#)\s?\d{1,6})?", re.IGNORECASE)  # fmt: skip
_PHONE_LONG = re.compile(
    r"(?<![\w+])(?:\+[1-9]\d{0,2}[-. /]?|00[1-9]\d{0,2}[-. /])(?:\(0?\d{1,5}\)|\d{1,5})(?:[-. /]?\d{2,5}){1,5}(?!\d)"
)
_PHONE_NATIONAL = re.compile(r"(?<![\w.])(?:\(0\d{2,4}\)[- ]?|0\d{2,4}[-/ ])\d{3,4}[- ]?\d{3,5}(?![\d/])")
_PHONE_SHORT = re.compile(r"(?<![\w./-])[2-9]\d{2}[-.]\d{4}(?![\w/-]|\.\d)")
_VIN = re.compile(r"(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])", re.IGNORECASE)
_TEN = re.compile(r"(?<![\w.])[12]\d{9}(?![\w]|\.\d)")
_DEA = re.compile(r"(?<![A-Za-z0-9])[ABCDEFGHJKLMPRSTUXabcdefghjklmprstux][A-Za-z9]\d{7}(?![A-Za-z0-9])")
_UUID = re.compile(r"(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])", re.IGNORECASE)
_UID = re.compile(r"(?<![\d.])[012](?:\.(?:0|[1-9]\d*)){5,}(?![\d.]*\d)")
_UDI = re.compile(
    r"\(01\)\d{14}(?:\(\d{2,3}\)[A-Za-z0-9./-]{1,20})*|\+[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}\d/\$?\+?[A-Z0-9/$+]{4,40}|=/?[A-Z]\d{4}\d{2}\d{6}"
)
_LONG = re.compile(
    r"(?<![\w.,$€£/+-])\d{7,}(?![\w,%]|\.\d|\s?(?:mg|mcg|units?|iu|cells|copies|/|k/|cfu|ml|x\s?10))", re.IGNORECASE
)
_MIXED = re.compile(
    r"(?<![\w./-])(?=[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]{1,6}(?:-?[A-Z0-9]{1,12}){1,4}(?![\w-])"
)
_CODE_WORD = re.compile(r"(?:COVID|SARS|CD|IL|HLA|PHQ|GAD|ICD|CPT|DSM|BRCA|MDR|FEV|SpO|HbA|CA|PSA)-?\d")
_FILE = re.compile(r"[\w.+-]*\w\.(?:jpe?g|png|heic|tiff?|bmp|gif|mp4|mov|avi|wav|mp3|m4a|dcm|raw)\b", re.IGNORECASE)
_DOMAIN = re.compile(r"\.(?:com|org|net|edu|gov|health|clinic|hospital|io|info|example|test)(?![\w@])", re.IGNORECASE)
_FILE_END = re.compile(r"\.(?:jpe?g|png|heic|tiff?|bmp|gif|mp4|mov|avi|wav|mp3|m4a|dcm|raw)\b", re.IGNORECASE)
_CARD = re.compile(r"(?<![\w-])(?:\d{4}[ -]){3}\d{4}(?![\w-])")
_ZIP4 = re.compile(r"(?<![\w-])\d{5}-\d{4}(?![\w-])")
_SPEAKS_PHONE = re.compile(
    r"\b(fax|facsimile|telefax|f)\b[\w\s()]{0,12}[.:#)]?\s*(?:(?:is|to|at|no|number|num)\b\.?:?\s*)?$", re.IGNORECASE
)

_VIN_VALUES = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ0123456789",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9, *range(10)),
        strict=True,
    )
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin_holds(text: str) -> bool:
    """Say whether the check digit of a VIN is right (49 CFR 565.15)."""
    upper = text.upper()
    rest = sum(_VIN_VALUES.get(mark, 0) * weight for mark, weight in zip(upper, _VIN_WEIGHTS, strict=True)) % 11
    return upper[8] == ("X" if rest == 10 else str(rest))


def luhn_holds(digits: str) -> bool:
    """Say whether the last digit is the right one (ISO/IEC 7812-1, annex B)."""
    total = 0
    for at, mark in enumerate(reversed(digits)):
        value = int(mark) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def npi_holds(digits: str) -> bool:
    """Say whether ten digits are a National Provider Identifier (45 CFR 162.406): Luhn over 80840 and the number."""
    return luhn_holds("80840" + digits)


def dea_holds(text: str) -> bool:
    """Say whether the check digit of a DEA registration number is right (21 CFR 1301, as pharmacies compute it)."""
    digits = [int(mark) for mark in text[2:]]
    return (digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])) % 10 == digits[6]


def _plain(form: re.Pattern[str], text: str, category: Category, kind: str, trust: float) -> Iterator[Finding]:
    for match in form.finditer(text):
        yield Finding(match.start(), match.end(), category, kind, f"form.{kind}", trust)


def addresses(text: str) -> Iterator[Finding]:
    """Yield e-mail and web addresses and names of picture and sound files."""
    if "@" in text or "at]" in text or "at)" in text or "AT]" in text:
        yield from _plain(_EMAIL, text, Category.EMAIL, "email", 0.98)
    if "." in text and ("://" in text or "www" in text.lower() or _DOMAIN.search(text)):
        for match in _URL.finditer(text):
            end = match.start() + len(match[0].rstrip(".,;:!?"))
            yield Finding(match.start(), end, Category.URL, "url", "form.url", 0.96)
    if "." in text and _FILE_END.search(text):
        yield from _plain(_FILE, text, Category.PHOTOGRAPH, "file", 0.9)


def numbers(text: str, runs: list[tuple[int, int]]) -> Iterator[Finding]:
    """Yield numbers and codes that their form gives away.

    Parameters
    ----------
    text
        The text.
    runs
        Where its runs of digits begin and end.
    """
    for start, end in runs:
        before = text[start - 1] if start else " "
        if before.isalnum() or before == "_":
            continue
        size, after = end - start, text[end : end + 1]
        if after.isalnum() or after in {"-", ":"} or size == 17:
            yield from _codes(text, start)
        if size == 3 or before in "(+" or text[start] in "01":
            yield from _phones(text, start - 1 if before in "(+" else start, size)
        if size <= 3:
            yield from _short(text, start, size, after)
        elif size >= 7:
            yield from _at(_LONG, text, start, Category.OTHER, "number", 0.5)
            if size == 10:
                match = _TEN.match(text, start)
                if match and npi_holds(match[0]):
                    yield Finding(start, end, Category.LICENSE, "npi", "form.npi", 0.8)
        elif size == 5 and after == "-":
            yield from _at(_ZIP4, text, start, Category.GEOGRAPHY, "zip", 0.9)
        elif size == 4 and after in {" ", "-"}:
            yield from _at(_CARD, text, start, Category.ACCOUNT, "card", 0.9)
    for match in _CODE_START.finditer(text):
        yield from _codes(text, match.start())
    if "*" in text or "x" in text or "X" in text:
        yield from _plain(_SSN_MASKED, text, Category.SSN, "ssn", 0.95)
    if "(01)" in text or "=" in text or "+" in text:
        yield from _plain(_UDI, text, Category.DEVICE, "udi", 0.97)
    if "::" in text or text.count(":") > 6:
        yield from _plain(_IPV6, text, Category.IP, "ip", 0.96)


def _at(form: re.Pattern[str], text: str, start: int, category: Category, kind: str, trust: float) -> Iterator[Finding]:
    match = form.match(text, start)
    if match:
        yield Finding(start, match.end(), category, kind, f"form.{kind}", trust)


def _short(text: str, start: int, size: int, after: str) -> Iterator[Finding]:
    if size == 3 and after and after in "- –‑":
        yield from _at(_SSN, text, start, Category.SSN, "ssn", 0.98)
    elif after == ".":
        yield from _at(_IPV4, text, start, Category.IP, "ip", 0.96)
        if size == 1 and text[start] in "012":
            yield from _at(_UID, text, start, Category.OTHER, "uid", 0.95)


def _codes(text: str, start: int) -> Iterator[Finding]:
    match = _VIN.match(text, start)
    if match and vin_holds(match[0]) and not match[0].isalpha():
        yield Finding(start, match.end(), Category.VEHICLE, "vin", "form.vin", 0.96)
    match = _DEA.match(text, start)
    if match and dea_holds(match[0]):
        yield Finding(start, match.end(), Category.LICENSE, "dea", "form.dea", 0.9)
    yield from _at(_UUID, text, start, Category.OTHER, "uuid", 0.97)
    yield from _at(_MAC, text, start, Category.DEVICE, "mac", 0.95)
    match = _MIXED.match(text, start)
    if match and not _CODE_WORD.match(match[0]) and not match[0].isdigit():
        yield Finding(start, match.end(), Category.OTHER, "code", "form.code", 0.45)


def _phones(text: str, start: int, size: int) -> Iterator[Finding]:
    for form, trust in _PHONES:
        if form is _PHONE_SHORT and size != 3:
            continue
        match = form.match(text, start)
        if match:
            fax = _SPEAKS_PHONE.search(text, max(0, start - 30), start)
            category = Category.FAX if fax else Category.PHONE
            yield Finding(start, match.end(), category, category.name.lower(), f"form.{category.name.lower()}", trust)


_PHONES = ((_PHONE, 0.94), (_PHONE_LONG, 0.93), (_PHONE_NATIONAL, 0.8), (_PHONE_SHORT, 0.75))
