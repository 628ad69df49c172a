"""What fields say by their names: a patient's name, an age over 89, a year of birth that tells one.

A detector reads words in their sentence; a column of numbers called ``age``, a name in PID-5, in Patient.name or in an
attribute of VR PN stand in none. Counted is what a field holds, never what it says. What the program writes in such
places (pseudonyms, tags, dummies) is excused by its form, and so is whatever has a digit: no name has one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from curator.formats.dicom.structure import Node

#: What is counted, as the detectors name it: category and kind.
NAME, AGE, BIRTH = "A:field", "C:age", "C:birth-year"
PLACE, PHONE, NUMBER = "B:field", "D:field", "R:field"
#: Kinds of file that have named fields.
TABLES, MEMBERS = frozenset({"csv", "parquet", "excel"}), frozenset({"json", "ndjson", "fhir", "cda", "xml", "hl7"})
_MOST_YEARS = 89
#: Nobody older has been in a study; a larger number is no age, or not one in years.
_OLDEST = 130
_OWN = re.compile(
    r"P?[A-Z2-7]{16}|\[[A-Z ]+\]|(?i:anon(?:ymous|ymi[sz]ed)?|removed|unknown|none|null|n/?a|de-?identified)"
)
_NAME_COLUMN = re.compile(
    r"(?i)^(?:(?:patient|subject|participant|full|first|last|family|given|middle|maiden|sur|mother|father)s?[ _.-]?name"
    r"s?|name[ _.-]of[ _.-](?:patient|subject)|surname|vorname|nachname|familienname)$"
)
_AGE_COLUMN = re.compile(
    r"(?i)^(?:(?:patient|subject|participant)s?[ _.-]?)?age(?:[ _.-]?(?:at|in)[ _.-]\w+|[ _.-]?y(?:ea)?rs?)?$|^alter$"
)
_OTHER_UNIT = re.compile(r"(?i)month|week|day|hour|_mo\b")
_BIRTH_COLUMN = re.compile(r"(?i)^(?:birth[ _.-]?year|year[ _.-]?of[ _.-]?birth|yob|geburtsjahr)$")
_NUMBER = re.compile(r"\s*(\d{2,3})(?:\.\d+)?\s*(?:y|yr|yrs|years?|a|j)?\s*", re.IGNORECASE)
_YEAR = re.compile(r"\s*((?:18|19|20)\d\d)(?:\.0)?\s*")
_TEXT_NAME = re.compile(
    r'"(?:family|given|surname|lastName|last_name|firstName|first_name|patientName|patient_name|fullName|full_name)"'
    r'\s*:\s*\[?\s*"([^"\\]{1,100})"'
    r'|"name"\s*:\s*\[\s*\{[^{}\[\]]{0,200}"text"\s*:\s*"([^"\\]{1,100})"'
    r"|<(?:\w+:)?(?:given|family)(?:\s[^<>]*)?>([^<>]{1,100})<"
)
_TEXT_AGE = re.compile(
    r'"(?:age|[a-z]{2,12}Age|(?:patient|subject)_age|age_?(?:years?|in_years|at_\w{1,20}))"\s*:\s*'
    r'(?:\{[^{}]{0,40}"value"\s*:\s*)?"?(\d{2,3}(?:\.\d+)?)(?!\d)(?![^{}]{0,80}"(?:unit|code)"\s*:\s*"(?:mo|wk|d|h|min))'
)
_TEXT_BIRTH = re.compile(
    r'"(?:birthDate|birthYear|birth_year|year_of_birth|yob)"\s*:\s*"?((?:18|19|20)\d\d)'
    r'|<(?:\w+:)?birthTime[^<>]{0,40}value="((?:18|19|20)\d\d)'
)
_FHIR_PLACE = re.compile(r'"line"\s*:\s*\[\s*"([^"\\]{1,100})"')
_FHIR_PHONE = re.compile(r'"system"\s*:\s*"(?:phone|fax|email|sms|pager)"\s*,\s*"value"\s*:\s*"([^"\\]{1,100})"')
#: Fields of HL7 v2 that hold persons' names, and the first of the components that do (2.5.1, XPN and XCN).
_HL7 = {
    "PID": {5: 0, 6: 0, 9: 0}, "NK1": {2: 0}, "GT1": {3: 0}, "IN1": {16: 0}, "MRG": {7: 0},
    "PV1": {7: 1, 8: 1, 9: 1, 17: 1}, "OBR": {16: 1, 28: 1}, "ORC": {12: 1},
}  # fmt: skip
_BLOCK, _OVERLAP = 4 << 20, 512
#: Attributes of a person that are seldom words of a sentence.
_ATTRIBUTES = {0x00101040: PLACE, 0x00102154: PHONE, 0x00080050: NUMBER, 0x00101000: NUMBER}
_STUDY, _BIRTH, _ID, _NAME = 0x00080020, 0x00100030, 0x00100020, 0x00100010
_GIVEN = re.compile(r"[A-Za-z0-9_-]+")


def is_name(value: str) -> bool:
    """Say whether what stands in the place of a name may be one."""
    text = value.replace("\0", " ").strip(" ^=")
    if not text or _OWN.fullmatch(text) or any(one.isdigit() for one in text):
        return False
    return sum(one.isalpha() for one in text) > 1


def _is_old(value: str) -> bool:
    found = _NUMBER.fullmatch(value)
    # 90 is what is written for all who are older.
    return found is not None and _MOST_YEARS + 1 < int(found[1]) <= _OLDEST


def tells_age(birth: str, year: int) -> bool:
    """Say whether a year of birth tells an age over 89 in a year."""
    found = _YEAR.fullmatch(birth)
    return found is not None and year - int(found[1]) > _MOST_YEARS + 1


def told_by_name(kind: str, stream: BinaryIO, year: int) -> Counter[str]:
    """Count what the named fields of a file tell.

    Parameters
    ----------
    kind
        One of :data:`TABLES` or :data:`MEMBERS`; of others nothing is told.
    stream
        The file at its start, a text in UTF-8.
    year
        In which ages are counted of which only the year of birth is there; 0 for none.

    Returns
    -------
    Counter
        Of :data:`NAME`, :data:`AGE`, :data:`BIRTH`, :data:`PLACE` and :data:`PHONE`.
    """
    found: Counter[str] = Counter()
    if kind in TABLES:
        for column, value in _cells(stream):
            if _NAME_COLUMN.search(column):
                found[NAME] += is_name(value)
            elif _AGE_COLUMN.search(column) and not _OTHER_UNIT.search(column):
                found[AGE] += _is_old(value)
            else:
                found[BIRTH] += bool(year) and tells_age(value, year)
    elif kind == "hl7":
        for text in _segments(stream):
            found[NAME] += sum(map(is_name, _hl7_names(text)))
    elif kind in MEMBERS:
        for text, start in _pieces(stream):
            for pattern, what, judge in (
                (_TEXT_NAME, NAME, is_name),
                (_TEXT_AGE, AGE, _is_old),
                (_TEXT_BIRTH, BIRTH, lambda value: bool(year) and tells_age(value, year)),
                *(((_FHIR_PLACE, PLACE, _is_said), (_FHIR_PHONE, PHONE, _is_said)) if kind == "fhir" else ()),
            ):
                for match in pattern.finditer(text):
                    value = next(one for one in match.groups() if one is not None)
                    found[what] += match.end() > start and judge(value)
    return +found


def _is_said(value: str) -> bool:
    return bool(value.strip()) and _OWN.fullmatch(value.strip()) is None


def _cells(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    from curator.scrub.tabular.medium import tables_of

    for table in tables_of(stream)[1]:
        told = [
            (at, name)
            for at, name in enumerate(table.names)
            if name and (_NAME_COLUMN.search(name) or _AGE_COLUMN.search(name) or _BIRTH_COLUMN.search(name))
        ]
        for row in table.rows() if told else ():
            yield from ((name, str(row[at])) for at, name in told if at < len(row) and row[at] not in (None, ""))


def _pieces(stream: BinaryIO) -> Iterator[tuple[str, int]]:
    """Yield (text, how much of it was there before)."""
    held = ""
    while block := stream.read(_BLOCK):
        text = held + block.decode("utf-8", "replace")
        yield text, len(held)
        held = text[-_OVERLAP:]


def _segments(stream: BinaryIO) -> Iterator[str]:
    held = b""
    while block := stream.read(_BLOCK):
        *whole, held = re.split(rb"[\r\n\x0b\x1c]+", held + block)
        yield from (one.decode("utf-8", "replace") for one in whole)
    yield held.decode("utf-8", "replace")


def _hl7_names(segment: str) -> Iterator[str]:
    """Yield the components of a segment that are parts of names: family and given name."""
    places = _HL7.get(segment[:3])
    if places is None or len(segment) < 5:
        return
    fields = segment.split(segment[3])
    for number, first in places.items():
        for one in fields[number].split("~") if number < len(fields) else ():
            yield from one.split("^")[first : first + 2]


def told_in_object(nodes: list[Node], year: int, *, strange: bool, top: bool = True) -> Counter[str]:
    """Count what a DICOM object's attributes tell: names in any element of VR PN, a birth that tells an age.

    Parameters
    ----------
    nodes
        The data set's elements.
    year
        As of :func:`told_by_name`; the year of the study counts in any case.
    strange
        The object is somebody else's. In one of the program's own a name that is the patient's number, in one word, is
        a pseudonym that the user gave.
    top
        These are not the elements of an item.
    """
    from curator.audit.privacy.objects import vr_of

    found: Counter[str] = Counter()
    years: dict[int, str] = {}
    given = number = ""
    for node in nodes:
        if node.items is not None:
            for item in node.items:
                found += told_in_object(item, year, strange=strange, top=False)
            continue
        if node.fragments or len(node.value) > _BLOCK:
            continue
        vr = vr_of(node)
        if vr == "PN" or node.tag in _ATTRIBUTES or (top and node.tag in {_STUDY, _BIRTH, _ID}):
            text = bytes(node.value).decode("latin-1").strip("\0 ")
            if node.tag == _ID:
                number = text
            elif node.tag == _NAME and not strange and _GIVEN.fullmatch(text):
                given = text
            elif vr == "PN":
                found[NAME] += sum(map(is_name, text.split("\\")))
            elif node.tag in _ATTRIBUTES:
                found[_ATTRIBUTES[node.tag]] += _is_said(text)
            else:
                years[node.tag] = text[:4]
    found[NAME] += given != number and is_name(given)
    birth, study = years.get(_BIRTH, ""), years.get(_STUDY, "")
    by_study = study.isdecimal() and tells_age(birth, int(study))
    found[BIRTH] += bool(by_study or (year and tells_age(birth, year)))
    return +found
