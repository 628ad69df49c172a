"""Cleaning one resource: a walk along the table of elements. What the table does not know goes, and is counted.

A resource of an unknown type and a modifier extension are refused, since what is left would mean something else. It
must never print, log or raise a value, nor the name of an element that no table lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from curator.core import strides
from curator.core.errors import ItemError
from curator.scrub.fhir import structures
from curator.scrub.fhir.parse import Number
from curator.scrub.fhir.shape import ANSWERS, QUESTIONS, fit, in_order, is_of, member_of, question, references_of
from curator.scrub.fhir.staff import named_by
from curator.scrub.fhir.tables import (
    OF_RESOURCES,
    PRIMITIVES,
    closed_lists,
    elements,
    extensions,
    resource_types,
    rules,
)
from curator.scrub.fhir.values import Values, also_known, with_known
from curator.scrub.fhir.whose import Index, is_of_laboratory, listed, observes_age, target
from curator.scrub.medium import Person
from curator.scrub.questions import asks_birth
from curator.scrub.ranges import is_measured, is_reference_range
from curator.scrub.things import Cell
from curator.scrub.times import at_time, told_by_resource

_AGED = re.compile(r"\.(?:onset|abatement|age|deceased|performed|occurrence)(?:Range|Age)$")
#: A type with a character set by a name of IANA's registry that systems write.
_MIME = re.compile(
    r"[a-z]{1,20}/[A-Za-z0-9.+-]{1,80}(?: ?; ?charset=\"?(?i:utf-?(?:7|8|16|16be|16le|32)|(?:us-)?ascii"
    r"|iso-8859-\d{1,2}|windows-125\d|big5|gb2312|gbk|gb18030|shift_jis|euc-(?:jp|kr)|koi8-r)\"?)?"
)
#: Codes that a standard outside of FHIR gives their form: RFC 6838, BCP 47, ISO 4217.
_FORMS = {
    "contentType": _MIME,
    "payloadMimeType": _MIME,
    "mimeType": _MIME,
    "language": re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Z]{2}|[0-9]{3}))?"),
    "currency": re.compile(r"[A-Z]{3}"),
}
#: Values of observations that may be a range of counts.
_RESULTS = frozenset({"Observation.valueString", "Observation.component.valueString"})
#: Where a code shows its words.
_TERMS = frozenset({"CodeableConcept.text", "Coding.display"})
_DROPPED = frozenset({"url", "base64Binary"})
#: What is said of every clean resource: HL7 v3 ObservationValue, "pseudonymized".
_LABEL = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "PSEUDED"}


def _media_type(value: str) -> str:
    """Return a MIME type in lower case with its character set alone: a parameter such as a file's name goes."""
    kind, charset = structures.media_type(value)
    whole = f"{kind}; charset={charset}"
    return whole if charset and _MIME.fullmatch(whole) else kind


@dataclass(frozen=True)
class Record:
    """What a walk through one resource has to know.

    Parameters
    ----------
    person
        Whose it is.
    index
        The resources of its Bundle.
    holder
        The outermost resource: that which holds the contained ones.
    aged
        True inside of an observation of age.
    asked
        The question whose answer is cleaned, or empty.
    measured
        True inside of an observation of a laboratory, or one with a reference range.
    term
        Inside of a language, a religion or a marital state what its texts are.
    """

    person: Person = field(repr=False)
    index: Index = field(repr=False)
    holder: dict[str, Any] = field(repr=False)
    aged: bool = False
    asked: str = field(repr=False, default="")
    measured: bool = False
    term: Cell = Cell.ANY


@dataclass
class Cleaner:
    """Cleans the resources of one file.

    Parameters
    ----------
    values
        What treats single values and counts.
    whole
        Whether the file is one resource: then the entries of a Bundle tell how far the work has come.
    """

    values: Values
    whole: bool = False
    _entries: int = 0
    _done: int = 0

    def entry_done(self) -> None:
        """Say that one more entry of the file's Bundle is clean."""
        self._done += 1
        strides.part(self._done, self._entries)

    def top(self, resource: dict[str, Any], place: int) -> dict[str, Any]:
        """Clean a resource that stands by itself in a file.

        Parameters
        ----------
        resource
            As :func:`curator.scrub.fhir.parse.read_json` returns it.
        place
            Which resource of the file it is, from 0.

        Raises
        ------
        ItemError
            FHR-006, FHR-007, FHR-008, FHR-011, and those of text detectors.
        """
        index = Index.of(resource, place)
        return self.resource(resource, Record(self._about(resource, resource, index, None), index, resource))

    def _about(
        self, resource: dict[str, Any], holder: dict[str, Any], index: Index, inherited: Person | None
    ) -> Person:
        """Return whose a resource is; of whom is also known what is known of all patients that it names."""
        people = self.values.people
        ids = index.subject(resource, holder)
        if ids:
            person = people.find(ids)
        elif resource.get("resourceType") == "Bundle" and len(index.patients) == 1:
            person = people.find(index.patient_ids(index.patients[0]))
        else:
            person = inherited or people.own
        named = [index.referred(one, holder, patient=False) for one in references_of(resource)]
        others = [people.find(one) for one in dict.fromkeys(named) if one]
        if not ids and len(index.patients) == 1:
            others.append(people.find(index.patient_ids(index.patients[0])))
        return also_known(with_known(person, others), named_by(resource, index))

    def resource(self, resource: dict[str, Any], record: Record, *, contained: bool = False) -> dict[str, Any]:
        """Clean a resource. Errors as :meth:`top`."""
        kind = resource.get("resourceType")
        if not isinstance(kind, str) or not kind:
            raise ItemError("FHR-006")
        if kind not in resource_types():
            raise ItemError("FHR-007")
        record = replace(record, person=at_time(record.person, told_by_resource(resource), self.values.treatment))
        if resource.get("modifierExtension") or "implicitRules" in resource or "_implicitRules" in resource:
            raise ItemError("FHR-008")
        if kind == "Bundle" and self.whole and not self._entries:
            self._entries = len(listed(resource.get("entry")))
        made: dict[str, Any] = {}
        for key in resource:
            if key == "resourceType":
                made[key] = kind
            elif key == "id":
                made[key] = self._id(resource, kind, record, contained=contained)
        if not contained:
            made["meta"] = self._meta(resource.get("meta"), record)
        inner = [self._inner(one, record) for one in listed(resource.get("contained"))]
        skipped = {"resourceType", "id", "meta", "contained", "modifierExtension"}
        body = {key: value for key, value in resource.items() if key not in skipped}
        if kind == "Binary" and "data" in resource:
            body.update(structures.binary(self, resource, record))
            body = {key: value for key, value in body.items() if value is not None}
            made |= {"data": body.pop("data")} if "data" in body else {}
        made |= self.members(body, kind, record, resource=True)
        if inner:
            made["contained"] = inner
        return in_order(resource, made, first=("resourceType", "id", "meta"))

    def _id(self, resource: dict[str, Any], kind: str, record: Record, *, contained: bool) -> str:
        name = resource["id"]
        if not isinstance(name, str) or not name.strip():
            raise ItemError("FHR-011")
        self.values.note(f"{kind}.id", "pseudonymized" if kind == "Patient" else "replaced")
        if contained:
            return self.values.names.contained_id(name)
        if kind == "Patient":
            return self.values.people.find(record.index.patient_ids(resource)).pseudonym
        return self.values.names.resource_id(kind, name)

    def _inner(self, resource: object, record: Record) -> dict[str, Any]:
        """Clean a contained resource: its own patient's when it names one, else its holder's."""
        if not isinstance(resource, dict) or "contained" in resource:
            raise ItemError("FHR-011")
        person = self._about(resource, record.holder, record.index, record.person)
        return self.resource(resource, replace(record, person=person), contained=True)

    def entry(self, resource: object, record: Record) -> dict[str, Any]:
        """Clean a resource that stands in a Bundle or a Parameters resource."""
        if not isinstance(resource, dict):
            raise ItemError("FHR-011")
        person = self._about(resource, resource, record.index, None)
        return self.resource(resource, Record(person, record.index, resource))

    def _meta(self, meta: object, record: Record) -> dict[str, Any]:
        """Clean the metadata and say in a security label that the resource is pseudonymized."""
        made = self.value(meta, "Meta", record) if isinstance(meta, dict) else {}
        labels = [one for one in listed(made.get("security")) if one != _LABEL]
        return {**made, "security": [*labels, dict(_LABEL)]}

    def value(self, value: dict[str, Any], kind: str, record: Record) -> dict[str, Any]:
        """Clean a value of a complex type; empty when nothing of it stays."""
        if value.get("modifierExtension"):
            raise ItemError("FHR-008")
        special = structures.SPECIAL.get(kind)
        made = special(self, value, record) if special is not None else self.members(value, kind, record)
        return in_order(value, made)

    def members(self, value: dict[str, Any], kind: str, record: Record, *, resource: bool = False) -> dict[str, Any]:
        """Clean the members of a complex value by the row of its type or path."""
        row = elements().get(kind, {})
        if resource:
            row = OF_RESOURCES | row
        if kind in {"Observation", "Observation.component"}:
            aged, measured = observes_age(value.get("code")), is_of_laboratory(value)
            if aged or measured:
                record = replace(record, aged=record.aged or aged, measured=record.measured or measured)
        if kind in QUESTIONS:
            record = replace(record, asked=question(value) or record.asked)
        elif kind == "SampledData":
            # Where a recording begins, and how far its points are apart, answers nothing, and it is none without them.
            record = replace(record, asked="")
        made: dict[str, Any] = {}
        for key, one in value.items():
            if key in {"id", "modifierExtension"}:
                self.values.note(f"{kind}.{key}", "removed")
                continue
            if key == "extension":
                kept = self.extensions(one, record, kind)
                if kept:
                    made[key] = kept
                continue
            name = key.removeprefix("_")
            kinds = row.get(name)
            if kinds is None or (key != name and not PRIMITIVES.intersection(kinds)):
                self.values.note(f"{kind}.*", "unknown")
            elif key == name or name not in value:
                made |= self._member(name, value.get(name), value.get(f"_{name}"), kinds, kind, record)
        return made

    def _member(
        self, name: str, value: object, beside: object, kinds: tuple[str, ...], parent: str, record: Record
    ) -> dict[str, Any]:
        """Clean one member, with the extensions of a primitive that stand beside it, item by item."""
        if isinstance(value, list) or isinstance(beside, list):
            values, sides = (one if isinstance(one, list) else [] for one in (value, beside))
            pairs = [
                (
                    self._one(values[at] if at < len(values) else None, kinds, parent, name, record),
                    self._beside(sides[at] if at < len(sides) else None, record, parent, name),
                )
                for at in range(max(len(values), len(sides)))
            ]
            pairs = [pair for pair in pairs if pair != (None, None)]
            made = {name: [one for one, _ in pairs]} if any(one is not None for one, _ in pairs) else {}
            if any(side is not None for _, side in pairs):
                made[f"_{name}"] = [side for _, side in pairs]
            return made
        one, side = self._one(value, kinds, parent, name, record), self._beside(beside, record, parent, name)
        made = {} if one is None else {name: one}
        return made if side is None else made | {f"_{name}": side}

    def _beside(self, value: object, record: Record, parent: str, name: str) -> dict[str, Any] | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            self.values.note(f"{parent}.{name}", "unknown")
            return None
        self.values.note(f"{parent}.{name}", "unknown", sum(1 for key in value if key not in {"extension", "id"}))
        kept = self.extensions(value.get("extension"), record, parent)
        return {"extension": kept} if kept else None

    def _one(self, value: object, kinds: tuple[str, ...], parent: str, name: str, record: Record) -> Any:
        """Clean one value by its place; None for what goes."""
        if value is None:
            return None
        place = f"{parent}.{name}"
        if parent in QUESTIONS and not name.startswith(ANSWERS):
            record = replace(record, asked="")
        rule = rules().get(place)
        if rule == "drop":
            self.values.note(place, "removed")
            return None
        if rule == "term":
            record = replace(record, term=Cell.TERM)
        if isinstance(value, dict):
            if "Resource" in kinds:
                return self.entry(value, record)
            known = [kind for kind in kinds if kind not in PRIMITIVES]
            if known:
                chosen = max(known, key=lambda kind: fit(value, kind))
                made = self._complex(value, chosen, place, record)
                return made or None
        elif not isinstance(value, list):
            for kind in kinds:
                if kind in PRIMITIVES and is_of(value, kind):
                    return self.primitive(value, kind, place, rule, record)
        self.values.note(place, "unknown")
        return None

    def _complex(self, value: dict[str, Any], kind: str, place: str, record: Record) -> dict[str, Any]:
        special = structures.BY_PLACE.get(place)
        if special is not None:
            return in_order(value, special(self, value, record))
        if _AGED.search(place):
            record = replace(record, aged=True)
        return self.value(value, kind.lstrip("@"), record)

    def primitive(self, value: Any, kind: str, place: str, rule: str | None, record: Record) -> Any:
        """Treat a value of a primitive type; None for what goes."""
        values, person = self.values, record.person
        if isinstance(value, bool):
            return value
        if isinstance(value, Number):
            if record.aged and place.endswith("valueInteger"):
                return values.capped({"value": value}, place, age=True)["value"]
            return values.number(value, person, place, record.asked, measured=record.measured)
        if kind in {"date", "dateTime", "instant"}:
            birth = rule == "birth" or asks_birth(record.asked)
            return values.date(value, person, place, birth=birth, whole=kind == "instant")
        if kind == "time":
            return values.time(value, place, clock=rule == "clock")
        if place == "Timing.repeat.dayOfWeek":
            return values.weekday(value, person, place)
        if rule is not None or kind in {"string", "markdown"}:
            return self._text(value, place, rule, record) or None
        if record.asked and values.asked_for(value, record.asked):
            values.note(place, "removed")
            return None
        if kind == "code":
            known = closed_lists().get(place)
            form = _FORMS.get(place.rsplit(".", 1)[1])
            if form is not None:
                if form is _MIME and not form.fullmatch(value):
                    value = _media_type(value)
                if form.fullmatch(value):
                    return value
            elif value in known if known is not None else values.clean_token(value, person):
                return value
        elif kind in {"uri", "canonical"}:
            return self._uri(value, kind, place, person)
        elif kind in {"oid", "uuid"} and value.startswith(f"urn:{kind}:"):
            values.note(place, "replaced")
            return values.names.urn(value)
        elif kind == "id":
            values.note(place, "replaced")
            return values.treatment.code("fhir:part", value) or None
        elif kind == "integer64" and value.lstrip("-").isdigit():
            number = values.number(Number(value), person, place, record.asked, measured=record.measured)
            return number and number.text
        values.note(place, "removed" if kind in _DROPPED else "unknown")
        return None

    def _text(self, value: str, place: str, rule: str | None, record: Record) -> str | None:
        values, person = self.values, record.person
        if rule == "name":
            return values.name(value, person, place)
        if rule == "facility":
            return values.facility(value, person, place)
        if rule == "samples":
            return values.samples(value, place)
        if rule == "uid":
            values.note(place, "replaced")
            return values.names.dicom_uid(value)
        if rule == "code" or (rule == "link" and not values.clean_token(value, person)):
            values.note(place, "replaced")
            return values.treatment.code("identifier" if rule == "code" else "fhir:link", value)
        if rule == "link" or (rule == "range" and not record.aged and is_reference_range(value)):
            return value
        if place in _RESULTS and not record.aged and is_measured(value, beside=record.measured, asked=record.asked):
            return value
        if rule == "question" or (record.term and place in _TERMS):
            return values.term(value, person, place, Cell.QUESTION if rule == "question" else record.term)
        if rule == "age" or record.aged:
            return values.age(value, person, place, record.asked)
        return values.answer(value, record.asked, person, place)

    def _uri(self, value: str, kind: str, place: str, person: Person) -> str | None:
        names = self.values.names
        seen = target(value)
        if seen is not None and seen.form == "contained" and seen.value and kind == "canonical":
            new = f"#{names.contained_id(seen.value)}"
        elif value.startswith("urn:uuid:"):
            new = names.urn(value)
        else:
            new = self.values.uri(value, person)
        if new != value:
            self.values.note(place, "replaced")
        return new

    def extensions(self, value: object, record: Record, parent: str) -> list[dict[str, Any]]:
        """Keep the extensions that are listed, with their values treated by type."""
        kept = []
        for one in listed(value):
            if not isinstance(one, dict):
                self.values.note(f"{parent}.extension", "unknown")
                continue
            if one.get("modifierExtension"):
                raise ItemError("FHR-008")
            url = one.get("url")
            row = extensions().get(url) if isinstance(url, str) else None
            made = self._extension(one, row, record) if row is not None else None
            if made is None:
                self.values.note(f"{parent}.extension", "unknown")
            else:
                kept.append(made)
        return kept

    def _extension(
        self, value: dict[str, Any], row: dict[str, tuple[str, ...]], record: Record
    ) -> dict[str, Any] | None:
        made: dict[str, Any] = {"url": value["url"]}
        if rules().get(value["url"]) == "term":
            record = replace(record, term=Cell.TERM)
        inner = []
        for one in listed(value.get("extension")):
            name = one.get("url") if isinstance(one, dict) else None
            kinds = row.get(name) if isinstance(name, str) and name != "value" else None
            kept = self._extension(one, {"value": kinds}, record) if kinds is not None else None
            if kept is None:
                self.values.note("Extension.extension", "unknown")
            else:
                inner.append(kept)
        if inner:
            made["extension"] = inner
        for key, one in value.items():
            if key in {"url", "extension"}:
                continue
            kind = next((named for named in row.get("value", ()) if key == member_of(named)), None)
            if kind is None:
                self.values.note("Extension.*", "unknown")
            elif kind == "birth":
                if isinstance(one, str):
                    day = self.values.date(one, record.person, "Extension.valueDateTime", birth=True)
                    made |= {key: day} if day else {}
            else:
                new = self._one(one, (kind,), "Extension", key, record)
                made |= {key: new} if new is not None else {}
        return made if len(made) > 1 else None
