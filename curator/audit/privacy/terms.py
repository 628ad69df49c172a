"""Languages, religions, marital states and questions of forms, taken out of HL7 v2, FHIR and C-CDA for the detectors.

``Deutsch`` and ``Christian`` are in lists of names; at these places the scrubber keeps them, and this takes out the
same. Whatever else stands there is left for the detectors.
"""

from __future__ import annotations

import re
from functools import cache

from curator.scrub.things import Cell, asked_for, term_of

#: A CodeableConcept of a language or a marital state, and one in the extension of a religion.
_CONCEPT = re.compile(
    rb'"(?:language|maritalStatus)":\s*\{(?:[^{}]|\{[^{}]*\})*\}'
    rb'|"url":\s*"http://hl7\.org/fhir/StructureDefinition/patient-religion",\s*"valueCodeableConcept":\s*'
    rb"\{(?:[^{}]|\{[^{}]*\})*\}"
)
_SHOWN = re.compile(rb'("(?:text|display)":\s*)"([^"\\]*)"')
#: What an item of a form asks; the scrubber writes it where the source has it, behind the item's number.
_ITEM = re.compile(rb'("linkId":\s*"[^"\\]*",\s*(?:"definition":\s*"[^"\\]*",\s*)?"text":\s*)"([^"\\]*)"')
_CODE = re.compile(rb"<(?:\w+:)?(?:religiousAffiliationCode|maritalStatusCode)\b[^<>]*>")
_NAME = re.compile(rb'(displayName=)"([^"]*)"')
#: A segment of HL7 v2 with the delimiter of its fields.
_SEGMENT = re.compile(rb"(?m)(?:^|(?<=[\r\x0b]))(PID|NK1|GT1|IN2|STF)([^\w\s])[^\r\n]*")


def without_terms(kind: str, data: bytes) -> bytes:
    """Return the data of a clean file without the words of terms and of questions that look like names."""
    if kind == "fhir":
        data = _CONCEPT.sub(lambda found: _SHOWN.sub(_term, found[0]), data)
        return _ITEM.sub(_question, data)
    if kind == "cda":
        return _CODE.sub(lambda found: _NAME.sub(_coded, found[0]), data)
    return _SEGMENT.sub(_segment, data)


def _term(found: re.Match[bytes]) -> bytes:
    return found[1] + (b'""' if _is(found[2], Cell.TERM) else b'"' + found[2] + b'"')


def _coded(found: re.Match[bytes]) -> bytes:
    return found[1] + (b'""' if _is(found[2], Cell.CODED) else b'"' + found[2] + b'"')


def _question(found: re.Match[bytes]) -> bytes:
    if _is(found[2], Cell.QUESTION):
        return found[1] + b'""'
    return found[1] + b'"' + asked_for(found[2].decode("utf-8", "replace")).encode() + b'"'


def _is(text: bytes, place: Cell) -> bool:
    return term_of(text.decode("utf-8", "replace"), place) in {Cell.TERM, Cell.CODED}


@cache
def _places() -> dict[bytes, tuple[int, ...]]:
    from curator.scrub.hl7.tables import rules

    found: dict[bytes, tuple[int, ...]] = {}
    for place, rule in rules().items():
        if rule == "term":
            name, number = place.split(".")
            found[name.encode()] = (*found.get(name.encode(), ()), int(number))
    return found


def _segment(found: re.Match[bytes]) -> bytes:
    """Return a segment without the texts of its terms; components are parted by the usual mark."""
    fields = found[0].split(found[2])
    for number in _places().get(found[1], ()):
        if number < len(fields):
            parts = fields[number].split(b"^")
            told = (at in {1, 4} and _is(one, Cell.TERM) for at, one in enumerate(parts))
            fields[number] = b"^".join(b"" if term else one for term, one in zip(told, parts, strict=True))
    return found[2].join(fields)
