# ruff: noqa: E501 - a table that is cut into lines hides what it holds
"""Fields of HL7 version 2 and of CHAT by their place: whoever, whatever and wherever stands there, the place tells it.

HL7 v2.5.1, chapters 3 (PID, NK1, PV1), 4 (ORC, OBR), 6 (GT1, IN1) and 2 (MSH). The value is found, the bars stay. Of
CHAT, in which talks with people who cannot speak well are transcribed, the age of a participant (TalkBank's manual, the
header ``@ID``: language, corpus, code, age as years;months.days).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_N, _G, _T, _H, _J, _S, _I, _K, _R, _C = (
    Category.NAME, Category.GEOGRAPHY, Category.PHONE, Category.RECORD_NUMBER, Category.ACCOUNT, Category.SSN, Category.HEALTH_PLAN, Category.LICENSE, Category.OTHER, Category.DATE,
)  # fmt: skip
#: Segment, field: category and kind. Fields count from the bar behind the segment's name.
_FIELDS = {
    "PID": {
        2: (_H, "mrn"),
        3: (_H, "mrn"),
        4: (_H, "mrn"),
        5: (_N, "name"),
        6: (_N, "name"),
        7: (_C, "date"),
        9: (_N, "name"),
        11: (_G, "street"),
        12: (_G, "county"),
        13: (_T, "phone"),
        14: (_T, "phone"),
        18: (_J, "account"),
        19: (_S, "ssn"),
        20: (_K, "license"),
        21: (_H, "mrn"),
        23: (_G, "city"),
        29: (_C, "date"),
    },
    "NK1": {
        2: (_N, "name"),
        4: (_G, "street"),
        5: (_T, "phone"),
        6: (_T, "phone"),
        13: (_G, "facility"),
        16: (_C, "date"),
        30: (_N, "name"),
        31: (_T, "phone"),
    },
    "PV1": {
        7: (_N, "name"),
        8: (_N, "name"),
        9: (_N, "name"),
        17: (_N, "name"),
        19: (_J, "account"),
        50: (_J, "account"),
        52: (_N, "name"),
        44: (_C, "date"),
        45: (_C, "date"),
    },
    "GT1": {
        2: (_J, "account"),
        3: (_N, "name"),
        4: (_N, "name"),
        5: (_G, "street"),
        6: (_T, "phone"),
        7: (_T, "phone"),
        8: (_C, "date"),
        12: (_S, "ssn"),
        16: (_G, "facility"),
    },
    "IN1": {
        8: (_I, "plan"),
        16: (_N, "name"),
        18: (_C, "date"),
        19: (_G, "street"),
        36: (_I, "plan"),
        49: (_I, "plan"),
    },
    "ORC": {
        2: (_R, "accession"),
        3: (_R, "accession"),
        10: (_N, "name"),
        11: (_N, "name"),
        12: (_N, "name"),
        19: (_N, "name"),
    },
    "OBR": {
        2: (_R, "accession"),
        3: (_R, "accession"),
        10: (_N, "name"),
        16: (_N, "name"),
        28: (_N, "name"),
        32: (_N, "name"),
        33: (_N, "name"),
        34: (_N, "name"),
        35: (_N, "name"),
    },
    "ROL": {4: (_N, "name")},
    "PD1": {4: (_N, "name")},
    "TXA": {
        5: (_N, "name"),
        9: (_N, "name"),
        10: (_N, "name"),
        11: (_N, "name"),
        12: (_R, "accession"),
        22: (_N, "name"),
    },
    "EVN": {5: (_N, "name")},
    "OBX": {16: (_N, "name")},
    "MSH": {9: (_R, "accession")},
}
_SEGMENT = re.compile(r"(?:(?<=\n)|(?<=\r)|\A)[ \t]{0,8}([A-Z][A-Z0-9]{2})\|([^\n\r]{2,4000})")
_AGE = re.compile(
    r"^@ID:[ \t]*(?:[^|\n]{0,80}\|){3}[ ]?((?:9\d|1[0-2]\d)(?:;[\d.;]{0,8})?)[ ]?\|", re.MULTILINE | re.ASCII
)
#: Parts of an address that stay: the state and the country, and what is no place.
_ADDRESS_STAYS = frozenset([3, 5, 6])
_NOBODY = frozenset(
    [
        "UNKNOWN",
        "NONE",
        "SELF",
        "SAME",
        "MD",
        "M.D",
        "DO",
        "RN",
        "NP",
        "PA",
        "PA-C",
        "PHD",
        "DR",
        "MR",
        "MRS",
        "MS",
        "MBBS",
        "JR",
        "SR",
    ]
)


def segments(text: str) -> Iterator[Finding]:
    """Yield what fields of segments hold.

    Parameters
    ----------
    text
        The text; it has bars.
    """
    if "@ID:" in text:
        for match in _AGE.finditer(text):
            yield Finding(*match.span(1), Category.DATE, "age", "segment.age", 0.9)
    if not ("PID|" in text or "PV1|" in text or "NK1|" in text or "OBR|" in text or "IN1|" in text or "GT1|" in text):
        return
    for match in _SEGMENT.finditer(text):
        fields = _FIELDS.get(match[1])
        if fields is None:
            continue
        at = match.start(2)
        for number, value in enumerate(match[2].split("|"), 1):
            told = fields.get(number)
            if told and value.strip() and any(mark.isalnum() for mark in value):
                yield from _field(value, at, *told)
            at += len(value) + 1


def _field(value: str, at: int, category: Category, kind: str) -> Iterator[Finding]:
    for repeat in _split(value, at, "~"):
        parts = list(_split(repeat[0], repeat[1], "^"))
        if category is Category.NAME:
            # A number may lead (XCN); codes of authorities and types of names follow the seventh part.
            letters = [(part, start) for part, start in parts[:7] if any(mark.isalpha() for mark in part)]
            for part, start in letters[:6]:
                if part.strip(" .").upper() not in _NOBODY:
                    yield _made(part, start, category, kind)
            first = parts[0]
            if any(mark.isdecimal() for mark in first[0]) and len(first[0].strip()) > 3:
                yield _made(*first, Category.OTHER, "code")
        elif kind == "street":
            for number, (part, start) in enumerate(parts[:9]):
                if number not in _ADDRESS_STAYS and any(mark.isalnum() for mark in part):
                    yield _made(part, start, category, kind)
        elif category is Category.DATE:
            if sum(mark.isdecimal() for mark in parts[0][0]) > 5:
                yield _made(*parts[0], category, kind)
        elif any(mark.isdecimal() or (category is Category.GEOGRAPHY and mark.isalpha()) for mark in parts[0][0]):
            yield _made(*parts[0], category, kind)


def _made(part: str, start: int, category: Category, kind: str) -> Finding:
    lead = len(part) - len(part.lstrip())
    return Finding(start + lead, start + max(lead + 1, len(part.rstrip())), category, kind, "segment.field", 0.9)


def _split(value: str, at: int, mark: str) -> Iterator[tuple[str, int]]:
    for part in value.split(mark):
        yield part, at
        at += len(part) + 1
