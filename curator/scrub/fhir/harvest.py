"""Pass 1: whom a FHIR file tells of, and what it tells of them. It returns identifiers: for the vault only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from curator.core.errors import ItemError
from curator.scrub.answers import ninety
from curator.scrub.fhir.parse import Number, Source
from curator.scrub.fhir.shape import QUESTIONS, question
from curator.scrub.fhir.staff import named_by
from curator.scrub.fhir.tables import OF_RESOURCES, PRIMITIVES, elements, extensions, resource_types, rules
from curator.scrub.fhir.values import most_of
from curator.scrub.fhir.whose import Id, Index, listed, observes_age, record_id, texts
from curator.scrub.medium import RecordHarvest
from curator.scrub.questions import asks
from curator.scrub.told import Told, told_of
from curator.scrub.treatment import Treatment
from curator.scrub.typed_dates import read_typed

_DATES = frozenset({"date", "dateTime", "instant"})
_PLACES = {
    "HumanName": "name", "Address": "address", "ContactPoint": "phone", "Identifier": "id", "Signature": "other",
    "ContactDetail": "name", "ExtendedContactDetail": "name", "Attachment": "other", "Narrative": "text",
    "markdown": "text", "url": "other",
}  # fmt: skip
#: Types whose identifiers are of one stay, one order or one plan: staff write them into texts.
_NUMBERED = frozenset(
    ("Account", "Appointment", "Claim", "Coverage", "DiagnosticReport", "DocumentReference", "Encounter")
    + ("EpisodeOfCare", "ExplanationOfBenefit", "ImagingStudy", "Person", "RelatedPerson", "ServiceRequest", "Specimen")
)
_LEAST = 5


@dataclass
class Harvester:
    """Gathers what one file tells.

    Parameters
    ----------
    last_day
        YYYYMMDD: a date beyond it is planned or a placeholder, and says nothing of an age.
    """

    last_day: str
    people: dict[Id, Told] = field(default_factory=dict, repr=False)
    where: set[tuple[str, str]] = field(default_factory=set)

    def add(self, resource: dict[str, Any], place: int) -> None:
        """Take in a resource that stands by itself in the file.

        Raises
        ------
        ItemError
            FHR-006, FHR-007: the file is held back as a whole.
        """
        index = Index.of(resource, place)
        self._resource(resource, resource, index, None)

    def _resource(self, resource: dict[str, Any], holder: dict[str, Any], index: Index, inherited: Told | None) -> None:
        kind = resource.get("resourceType")
        if not isinstance(kind, str) or not kind:
            raise ItemError("FHR-006")
        if kind not in resource_types():
            raise ItemError("FHR-007")
        ids = index.subject(resource, holder)
        if kind in {"Patient", "Person"}:
            ids = (*ids, *index.linked_ids(resource, holder))
        told = told_of(self.people, ids) if ids else inherited
        if told is not None:
            self._learn(kind, resource, told)
            for category, value in named_by(resource, index):
                if category == "name":
                    told.learn(category, value)
        for path, name, kinds, value in walk(resource, kind):
            self._place(path, name, kinds)
            if "Reference" in kinds and isinstance(value, dict):
                other = index.referred(value, holder, patient=False)
                if other:
                    told_of(self.people, other).learn("name", shown_name(value))
            if told is not None:
                self._date(f"{path}.{name}", kinds, value, told)
                if kind != "FamilyMemberHistory" and _says_over_89(f"{path}.{name}", kinds, value):
                    told.over_89 = True
                if isinstance(value, dict) and f"{path}.{name}" in QUESTIONS and _answers_over_89(value):
                    told.over_89 = True
            if "Resource" in kinds and isinstance(value, dict):
                self._resource(value, value, index, None)
        if told is not None and kind == "Observation" and _observes_over_89(resource):
            told.over_89 = True
        for inner in listed(resource.get("contained")):
            if isinstance(inner, dict):
                self._resource(inner, holder, index, told)

    def _place(self, path: str, name: str, kinds: tuple[str, ...]) -> None:
        place = f"{path}.{name}"
        if kinds[0] in _DATES:
            self.where.add((place, "birth_date" if rules().get(place) == "birth" else "date"))
        elif kinds[0] in _PLACES:
            self.where.add((place, _PLACES[kinds[0]]))

    def _date(self, place: str, kinds: tuple[str, ...], value: object, told: Told) -> None:
        if not isinstance(value, str) or kinds[0] not in _DATES:
            return
        read = read_typed(value)
        day = read.compact if read is not None else None
        if day is None:
            return
        if place == "Patient.birthDate":
            told.births.add(day)
            told.learn("birth_date", day)
        elif rules().get(place) != "birth" and told.last < day <= self.last_day and not place.startswith("Meta."):
            told.last = day

    def _learn(self, kind: str, resource: dict[str, Any], told: Told) -> None:
        if kind in {"Patient", "Person", "RelatedPerson"}:
            self._who(resource, told)
            for contact in listed(resource.get("contact")):
                if isinstance(contact, dict):
                    self._who(contact, told)
            birth = read_typed(str(resource.get("birthDate", "")))
            if kind != "Patient" and birth is not None and birth.compact is not None:
                told.learn("birth_date", birth.compact)
            if kind == "Patient":
                told.learn("id", resource.get("id"), 6)
                self._extensions(resource, told)
        elif kind in {"FamilyMemberHistory", "Account"}:
            told.learn("name", resource.get("name"))
        elif kind == "Coverage":
            told.learn("id", resource.get("subscriberId"), _LEAST)
            for one in listed(resource.get("subscriberId")):
                told.learn("id", one.get("value") if isinstance(one, dict) else None, _LEAST)
        if kind == "Patient" or kind in _NUMBERED:
            for one in (*listed(resource.get("identifier")), *listed(resource.get("accessionIdentifier"))):
                own = record_id(one)
                told.learn("id", own[2] if own is not None else None, 2 if kind == "Patient" else _LEAST)

    @staticmethod
    def _who(holder: dict[str, Any], told: Told) -> None:
        for name in listed(holder.get("name")):
            if isinstance(name, dict):
                words = [*texts(name.get("given")), *texts(name.get("family"))]
                told.learn("name", " ".join(words))
                told.learn("name", name.get("text"))
        for point in listed(holder.get("telecom")):
            if isinstance(point, dict):
                category = {"email": "email", "url": "other", "other": "other"}.get(str(point.get("system")), "phone")
                told.learn(category, point.get("value"), _LEAST)
        for address in listed(holder.get("address")):
            if isinstance(address, dict):
                _address(address, told)

    @staticmethod
    def _extensions(resource: dict[str, Any], told: Told) -> None:
        """Learn the strings of extensions that the program does not know: they may name somebody."""
        for one in listed(resource.get("extension")):
            if not isinstance(one, dict):
                continue
            url = one.get("url")
            if not isinstance(url, str) or url not in extensions():
                told.learn("other", one.get("valueString"), _LEAST)
            place = one.get("valueAddress")
            if isinstance(place, dict):
                _address(place, told)


def shown_name(reference: dict[str, Any]) -> str | None:
    """Return the name that a reference to a patient shows; None when it shows something else."""
    from curator.scrub.text.gather import bare_name

    shown = reference.get("display")
    return bare_name(shown, named=True) if isinstance(shown, str) else None


def _address(address: dict[str, Any], told: Told) -> None:
    for key in ("line", "text", "city", "district", "postalCode"):
        for one in texts(address.get(key)):
            told.learn("address", one, 4)


def walk(value: dict[str, Any], kind: str) -> Iterator[tuple[str, str, tuple[str, ...], Any]]:
    """Yield path, name, types and value of every known member below a value, inner resources left out."""
    row = elements().get(kind, {})
    if kind in resource_types():
        row = OF_RESOURCES | row
    for name, kinds in row.items():
        for one in listed(value.get(name)):
            yield kind, name, kinds, one
            if isinstance(one, dict):
                known = (inner.lstrip("@") for inner in kinds if inner not in PRIMITIVES)
                inner = next((inner for inner in known if inner in elements()), None)
                if inner is not None:
                    yield from walk(one, inner)


def _says_over_89(place: str, kinds: tuple[str, ...], value: object) -> bool:
    if "Age" not in kinds or not isinstance(value, dict) or place.startswith("FamilyMemberHistory"):
        return False
    return _is_over(value.get("value"), value.get("code"), value.get("unit"))


def _observes_over_89(resource: dict[str, Any]) -> bool:
    """Say whether an Observation of an age says more than 89 years."""
    if not observes_age(resource.get("code")):
        return _answers_over_89(resource)
    quantity = resource.get("valueQuantity")
    if isinstance(quantity, dict):
        return _is_over(quantity.get("value"), quantity.get("code"), quantity.get("unit"))
    return _is_over(resource.get("valueInteger"), None, None)


def _answers_over_89(asked: dict[str, Any]) -> bool:
    """Say whether what stands behind a question for the patient's own age says more than 89 years."""
    words = question(asked)
    age = asks(words).age if words else None
    if age is None or not age.own:
        return False
    for holder in (asked, *(one for one in listed(asked.get("answer")) if isinstance(one, dict))):
        for value in (one for key, one in holder.items() if key.startswith("value")):
            given = value if isinstance(value, dict) else {"value": value}
            units = (given.get("code"), given.get("unit"))
            number, most = (
                given.get("value"),
                ninety(age, *units) or (most_of(*units, age=True) if any(units) else None),
            )
            text = number.text if isinstance(number, Number) else number if isinstance(number, str) else ""
            if most is not None and re.fullmatch(r"\s*[0-9]{2,5}(?:\.[0-9]+)?\s*", text) and float(text) >= most:
                return True
    return False


def _is_over(value: object, code: object, unit: object) -> bool:
    most = most_of(code, unit, age=True)
    return isinstance(value, Number) and most is not None and float(value.text) >= most


def harvest_file(source: Source, treatment: Treatment) -> RecordHarvest:
    """Harvest a file that was opened. Errors as :meth:`Harvester.add` and :meth:`Source.resources`."""
    harvester = Harvester(treatment.project_date)
    for place, resource in enumerate(source.resources()):
        harvester.add(resource, place)
    told = {id(one): one for one in harvester.people.values()}
    return RecordHarvest(
        source.suffix, tuple(one.person() for one in told.values()), where=tuple(sorted(harvester.where))
    )
