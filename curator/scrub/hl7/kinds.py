"""HL7 v2 data types that are no mere sum of their components, and values without components.

Each function of a type takes the cleaner, the components as they stand, the place and the record, and returns the new
repetition, empty for what goes. It must never print, log or raise a value.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from curator.scrub.answers import ninety, numbered
from curator.scrub.fhir.coding import system_named
from curator.scrub.fhir.parse import LONGEST_NUMBER, Number
from curator.scrub.fhir.tables import is_region, is_state
from curator.scrub.fhir.values import Values
from curator.scrub.hl7.tables import closed_lists, rules
from curator.scrub.policy.model import Ages, Dates, Texts
from curator.scrub.postal import zip3
from curator.scrub.questions import asks_birth
from curator.scrub.things import Cell

if TYPE_CHECKING:
    from curator.scrub.hl7.clean import Cleaner, Record

Special = Callable[["Cleaner", list[str], str, "Record"], str]
#: Types without components.
KNOWN = frozenset({"ST", "TX", "FT", "GTS", "ID", "IS", "NM", "SI", "DT", "TM", "DTM", "SNM"})
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_SEQUENCE = re.compile(r"\d{1,4}")
_TIME = re.compile(r"\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,4})?)?)?(?:[+-]\d{4})?")
_OID = re.compile(r"[0-2](?:\.\d{1,40}){2,20}")


def treated(values: Values, text: str, kind: str, place: str, rule: str | None, record: Record) -> str:
    """Treat a value without components, read; empty for what goes."""
    person = record.person
    if rule == "drop":
        values.note(place, "removed")
        return ""
    if rule in {"code", "control", "staff"}:
        values.note(place, "replaced")
        return values.treatment.code({"code": "identifier", "staff": "person"}.get(rule, "hl7:control"), text)
    if rule == "facility":
        return facility(values, text, place, record)
    if kind in {"DT", "DTM"}:
        return values.date(text, person, place, birth=rule == "birth" or asks_birth(record.asked)) or ""
    if kind == "TM":
        stays = values.treatment.policy.dates in {Dates.SHIFT, Dates.KEEP} and _TIME.fullmatch(text)
        values.note(place, "removed", 0 if stays else 1)
        return text if stays else ""
    if kind == "SI":
        # A sequence number has up to four digits (2.A.71); a longer one is something else.
        if _SEQUENCE.fullmatch(text):
            return _number(values, text, place, record) if record.asked else text
        values.note(place, "removed")
        return ""
    if kind in {"NM", "SNM"} and _NUMBER.fullmatch(text):
        return _number(values, text, place, record)
    codes = closed_lists().get(place)
    if codes is not None:
        values.note(place, "removed", 0 if text.upper() in codes else 1)
        return text if text.upper() in codes else ""
    if kind in {"ID", "IS"} and values.clean_token(text, person):
        return text
    if kind == "ID":
        values.note(place, "removed")
        return ""
    return values.answer(text, record.asked, person, place)


def _number(values: Values, text: str, place: str, record: Record) -> str:
    if len(text) > LONGEST_NUMBER:
        values.note(place, "removed")
        return ""
    told = record.told
    if told.age is not None:
        most = ninety(told.age) if values.treatment.policy.ages is Ages.CAP else None
        if most is not None and float(text) >= most:
            values.note(place, "capped")
            return str(most)
    elif told.spec is not None or told.number:
        made = numbered(text, told, values.treatment, record.person)
        values.note(place, "dated" if made else "removed", int(made != text))
        text = made
    kept = values.number(Number(text), record.person, place, measured=record.measured)
    return kept.text if kept is not None else ""


def facility(values: Values, text: str, place: str, record: Record) -> str:
    """Treat a name of an organization or place: a code where the policy takes facilities out, else searched as text."""
    if values.treatment.policy.facilities:
        values.note(place, "replaced")
        return values.treatment.code("facility", text)
    return values.prose(text, record.person, place)


def _plain(record: Record, found: list[str], number: int) -> str:
    """Return a component, read; empty when there is none."""
    return record.marks.plain(found[number - 1]).strip() if number <= len(found) else ""


def _written(record: Record, made: dict[int, str], *, raw: tuple[int, ...] = ()) -> str:
    """Write components by their numbers; those in ``raw`` are escaped already."""
    marks = record.marks
    last = max((number for number, text in made.items() if text), default=0)
    found = (
        made.get(number, "") if number in raw else marks.escaped(made.get(number, "")) for number in range(1, last + 1)
    )
    return marks.component.join(found)


def _gone(cleaner: Cleaner, found: list[str], place: str, made: dict[int, str]) -> None:
    """Count the components that went."""
    gone = sum(1 for number, one in enumerate(found, 1) if one.strip() and not made.get(number))
    cleaner.values.note(place, "removed", gone)


def _token(cleaner: Cleaner, record: Record, text: str) -> str:
    return text if text and cleaner.values.clean_token(text, record.person) else ""


def _authority(cleaner: Cleaner, record: Record, found: list[str], number: int) -> str:
    """Treat an HD that stands as a component: its parts are subcomponents."""
    if number > len(found) or not found[number - 1].strip():
        return ""
    marks = record.marks
    inner = marks.split(found[number - 1], marks.subcomponent)
    return marks.lowered(hd(cleaner, inner, "HD", record))


def hd(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Treat a hierarchic designator: what stands for an application or a facility."""
    values = cleaner.values
    kind = _plain(record, found, 3)
    made = {3: kind if kind.upper() in closed_lists()["HD.3"] else ""}
    name, universal = _plain(record, found, 1), _plain(record, found, 2)
    if name:
        made[1] = facility(values, name, f"{place}.1", record)
    if universal and _OID.fullmatch(universal):
        made[2] = values.names.dicom_uid(universal)
    elif universal:
        made[2] = facility(values, universal, f"{place}.2", record)
    return _written(record, made)


def cx(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Put a code for an ID that is not the patient's number."""
    return _cx(cleaner, found, place, record, patient=False)


def patient_cx(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Put the pseudonym for a patient's number."""
    return _cx(cleaner, found, place, record, patient=True)


def _cx(cleaner: Cleaner, found: list[str], place: str, record: Record, *, patient: bool) -> str:
    values = cleaner.values
    number = _plain(record, found, 1)
    if not number:
        _gone(cleaner, found, place, {})
        return ""
    values.note(place, "pseudonymized" if patient else "replaced")
    new = record.person.pseudonym if patient else values.treatment.code("identifier", number)
    made = {1: new, 4: _authority(cleaner, record, found, 4), 5: _token(cleaner, record, _plain(record, found, 5))}
    for place_of_date in (7, 8):
        text = _plain(record, found, place_of_date)
        if text:
            made[place_of_date] = values.date(text, record.person, "CX.date") or ""
    _gone(cleaner, found, place, made)
    return _written(record, made, raw=(4,))


def ei(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Put a code for an entity's identifier, such as an order's number."""
    values = cleaner.values
    number = _plain(record, found, 1)
    made: dict[int, str] = {}
    if number:
        values.note(place, "replaced")
        made[1] = (
            values.names.dicom_uid(number) if _OID.fullmatch(number) else values.treatment.code("identifier", number)
        )
    name, universal = _plain(record, found, 2), _plain(record, found, 3)
    if name:
        made[2] = facility(values, name, "EI.2", record)
    if universal:
        made[3] = (
            values.names.dicom_uid(universal)
            if _OID.fullmatch(universal)
            else facility(values, universal, "EI.3", record)
        )
    made[4] = _token(cleaner, record, _plain(record, found, 4))
    return _written(record, made)


def name(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Treat a name that is not the patient's: gone, or a surrogate where the policy writes them."""
    return _surname(cleaner, found, place, record, 1)


def _surname(cleaner: Cleaner, found: list[str], place: str, record: Record, first: int) -> str:
    values, marks = cleaner.values, record.marks
    values.note(place, "removed")
    if values.treatment.policy.texts is not Texts.SURROGATE or first > len(found):
        return ""
    family = marks.plain(marks.split(found[first - 1], marks.subcomponent)[0])
    words = [one for one in (_plain(record, found, first + 1), family.strip()) if one]
    new = values.treatment.name(" ".join(words), record.person) if words else ""
    return _written(record, {first: new})


def patient_name(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Put the pseudonym for the patient's name, of type S: a coded pseudo-name (HL7 v2 table 0200)."""
    cleaner.values.note(place, "pseudonymized", 1 if found else 0)
    return _written(record, {1: record.person.pseudonym, 7: "S"})


def xcn(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Keep of a person of the staff a code for the ID, and whose ID it is."""
    values = cleaner.values
    number = _plain(record, found, 1)
    made = {1: values.treatment.code("person", number)} if number else {}
    surname = name(cleaner, found[1:], place, record) if len(found) > 1 else ""
    made |= {2: surname, 13: _token(cleaner, record, _plain(record, found, 13)) if number else ""}
    made[9] = _authority(cleaner, record, found, 9) if number else ""
    return _written(record, made, raw=(2, 9))


def cnn(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Keep a code for the ID of a person of the staff; his name goes."""
    number = _plain(record, found, 1)
    cleaner.values.note(place, "removed")
    return _written(record, {1: cleaner.values.treatment.code("person", number)}) if number else ""


def ndl(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Keep a code for who did something, and when."""
    marks = record.marks
    who = marks.lowered(cnn(cleaner, marks.split(found[0], marks.subcomponent), place, record))
    made = {1: who}
    for number in (2, 3):
        text = _plain(record, found, number)
        if text:
            made[number] = cleaner.values.date(text, record.person, "NDL.date") or ""
    _gone(cleaner, found, place, made)
    return _written(record, made, raw=(1,))


def xad(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Keep state, country and type of an address, and three digits of a US ZIP code (164.514(b)(2)(i)(B))."""
    values = cleaner.values
    state, country = _plain(record, found, 4), _plain(record, found, 6)
    made = {4: state} if is_state(state, country) else {}
    made |= {6: country} if is_region(country) else {}
    code = zip3(_plain(record, found, 5), country, values.treatment, state)
    if code:
        made[5] = code
        values.note(place, "generalized")
    if made:
        made[7] = _token(cleaner, record, _plain(record, found, 7))
    _gone(cleaner, found, place, made)
    return _written(record, made)


def xon(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Keep a code for an organization; its name only where the policy keeps facilities."""
    values = cleaner.values
    made: dict[int, str] = {}
    title = _plain(record, found, 1)
    if title:
        made[1] = facility(values, title, "XON.1", record)
    number = _plain(record, found, 10) or _plain(record, found, 3)
    if number:
        made[10] = values.treatment.code("organization", number)
    made[7] = _token(cleaner, record, _plain(record, found, 7))
    _gone(cleaner, found, place, made)
    return _written(record, made)


def pl(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Keep codes for ward, facility and building; rooms, beds and descriptions go."""
    values = cleaner.values
    made = {number: _token(cleaner, record, _plain(record, found, number)) for number in (5, 6)}
    for number in (1, 7):
        text = _plain(record, found, number)
        if text:
            made[number] = facility(values, text, f"PL.{number}", record)
    made[4] = _authority(cleaner, record, found, 4)
    _gone(cleaner, found, place, made)
    return _written(record, made, raw=(4,))


#: Instructions and notes for a drug (HL7 v2.5.1, 4.14): words stand there where a code would, Titrate to BP below 180.
_INSTRUCTIONS = frozenset(["RXO.6", "RXO.7", "RXE.7", "RXD.15", "RXG.13", "RXA.9"])


def coded(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Keep a code, its text as far as it identifies nobody, and its system; the alternates alike."""
    values = cleaner.values
    made: dict[int, str] = {}
    for code, text, system in ((1, 2, 3), (4, 5, 6), (10, 11, 12)):
        said, shown, by = (_plain(record, found, number) for number in (code, text, system))
        if by:
            known = system_named(by) is not None or values.clean_token(by, record.person)
            made[system] = by if known else values.treatment.code("code", by)
        if said and values.place_code(by or None, shown, record.asked, code=said, hl7=True):
            values.note(f"{place}.{code}", "replaced")
            made[code] = values.treatment.code("code", said)
        elif said and not by and place in _INSTRUCTIONS and " " in said:
            made[code] = values.answer(said, record.asked, record.person, f"{place}.{code}")
        elif said:
            made[code] = values.code(by or None, said, record.person, f"{place}.{code}", hl7=True)
        if shown:
            public = bool(said and by) and system_named(by) is not None
            if rules().get(place) == "term":
                made[text] = values.term(shown, record.person, f"{place}.{text}", Cell.CODED if public else Cell.TERM)
                continue
            made[text] = values.answer(shown, "" if public else record.asked, record.person, f"{place}.{text}")
    for other in (7, 8, 9, 13):
        more = _plain(record, found, other)
        if more:
            made[other] = values.answer(more, record.asked, record.person, f"{place}.{other}")
    _gone(cleaner, found, place, made)
    return _written(record, made)


def staff_coded(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Put a code for a member of staff who is named by a coded element."""
    number = _plain(record, found, 1)
    cleaner.values.note(place, "replaced")
    return _written(record, {1: cleaner.values.treatment.code("person", number)}) if number else ""


def facility_coded(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Put a code for an organization or a place that is named by a coded element."""
    if not cleaner.values.treatment.policy.facilities:
        return coded(cleaner, found, place, record)
    return _numbered(cleaner, found, place, record, "facility")


def other_coded(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Put a code for what a coded element names by a site's own number or name."""
    return _numbered(cleaner, found, place, record, "identifier")


def _numbered(cleaner: Cleaner, found: list[str], place: str, record: Record, domain: str) -> str:
    told = _plain(record, found, 1) or _plain(record, found, 2)
    cleaner.values.note(place, "replaced")
    return _written(record, {1: cleaner.values.treatment.code(domain, told)})


def gone(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:  # noqa: ARG001 - one form for all
    """Drop a value whose whole type identifies, or points elsewhere."""
    cleaner.values.note(place, "removed", 1 if found else 0)
    return ""


def ed(cleaner: Cleaner, found: list[str], place: str, record: Record) -> str:
    """Clean an embedded plain text; every other embedded document goes (OBX-5 of type ED)."""
    values, marks = cleaner.values, record.marks
    kind, sub, encoding = (_plain(record, found, number).upper() for number in (2, 3, 4))
    text: str | None = None
    if kind == "TEXT" and sub in {"", "PLAIN", "TEXT"} and len(found) >= 5:
        raw = marks.component.join(found[4:])
        if encoding in {"", "A"}:
            text = marks.plain(raw)
        elif encoding == "BASE64":
            try:
                text = base64.b64decode(marks.plain(raw), validate=True).decode("utf-8")
            except (binascii.Error, ValueError):
                text = None
    if text is None:
        values.note(place, "removed")
        return ""
    clean = values.prose(text, record.person, place)
    shown = base64.b64encode(clean.encode("utf-8")).decode("ascii") if encoding == "BASE64" else clean
    return _written(
        record, {2: "TEXT", 3: "PLAIN" if sub else "", 4: "Base64" if encoding == "BASE64" else "A", 5: shown}
    )


#: Types that are treated as a whole.
BY_KIND: dict[str, Special] = {
    "HD": hd, "CX": cx, "EI": ei, "XPN": name, "XCN": xcn, "PPN": xcn, "CNN": cnn, "NDL": ndl, "XAD": xad, "AD": gone,
    "LA1": gone, "LA2": gone, "SAD": gone, "FN": gone, "XTN": gone, "TN": gone, "XON": xon, "PL": pl, "CE": coded,
    "CWE": coded, "CNE": coded, "CF": gone, "DLN": gone, "PLN": gone, "RP": gone, "ED": ed, "OSD": gone, "PIP": gone,
}  # fmt: skip
#: Fields that are treated otherwise than their type, by rule.
BY_RULE: dict[tuple[str, str], Special] = {
    ("patient", "CX"): patient_cx,
    ("pseudonym", "XPN"): patient_name,
    ("staff", "CE"): staff_coded,
    ("staff", "CWE"): staff_coded,
    ("facility", "CE"): facility_coded,
    ("facility", "CWE"): facility_coded,
    ("code", "CE"): other_coded,
    ("code", "CWE"): other_coded,
}
