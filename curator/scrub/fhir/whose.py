"""Whose a resource is: the IDs by which the patient of a resource is found, within a Bundle and out of it.

Used by both passes, so that they agree. It must never print, log or raise an ID.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from curator.scrub.fhir.coding import AGE_CODES, system_of
from curator.scrub.fhir.tables import resource_types, subjects

if TYPE_CHECKING:
    from curator.scrub.fhir.names import Renamer

Id = tuple[str, str, str]
#: Types of HL7 v2 table 0203 that name a patient in a hospital.
RECORD_TYPES = frozenset({"MR", "PI", "PT", "MRT"})
_RECORD_WORDS = re.compile(r"\b(?:mrn|medical record|patient (?:id|number|identifier)|chart)\b", re.IGNORECASE)
#: Types of Patient.link (FHIR R4, 8.1.12): each says that the other resource is of the same person.
_SAME = frozenset({"replaced-by", "replaces", "refer", "seealso"})
_REFERENCE = re.compile(
    r"(?:(?P<base>https?://[^?#]*?)/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9.\-]{1,64})"
    r"(?:/_history/[A-Za-z0-9.\-]{1,64})?"
)
_CONDITION = re.compile(r"(?P<type>[A-Z][A-Za-z]+)\?identifier=(?P<value>[^&]+)")


@dataclass(frozen=True)
class Target:
    """Where a reference points.

    Parameters
    ----------
    form
        ``literal`` (type and id), ``urn``, ``contained`` or ``condition`` (a search by identifier).
    type
        Type of resource, empty when the reference does not say.
    value
        The id, the URN, the name behind ``#`` or the identifier searched for.
    base
        The server's address, empty for a relative reference.
    """

    form: str
    type: str = ""
    value: str = field(repr=False, default="")
    base: str = field(repr=False, default="")


def target(reference: object) -> Target | None:
    """Read a reference (FHIR R5, 2.3.0.2), or None when it has none of the usual forms."""
    if not isinstance(reference, str):
        return None
    if reference.startswith("#"):
        return Target("contained", value=reference[1:])
    if re.fullmatch(r"urn:(?:uuid:[0-9A-Za-z-]{1,64}|oid:[0-9.]{1,64})", reference):
        return Target("urn", value=reference)
    for form, pattern in (("literal", _REFERENCE), ("condition", _CONDITION)):
        match = pattern.fullmatch(reference)
        if match is not None and match["type"] in resource_types():
            if form == "literal":
                return Target(form, match["type"], match["id"], match["base"] or "")
            return Target(form, match["type"], match["value"])
    return None


def listed(value: object) -> list[Any]:
    """Return a list as it is, nothing as an empty one, anything else as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def texts(value: object) -> Iterator[str]:
    """Yield the strings among a value or a list's values that are not blank."""
    for one in listed(value):
        if isinstance(one, str) and one.strip():
            yield one.strip()


def is_record_number(identifier: object) -> bool:
    """Say whether an Identifier is typed as a patient's number in a hospital."""
    kind = identifier.get("type") if isinstance(identifier, dict) else None
    if not isinstance(kind, dict):
        return False
    codes = [one.get("code") for one in listed(kind.get("coding")) if isinstance(one, dict)]
    if codes:
        return any(isinstance(code, str) and code.upper() in RECORD_TYPES for code in codes)
    text = kind.get("text")
    return isinstance(text, str) and _RECORD_WORDS.search(text) is not None


def observes_age(code: object) -> bool:
    """Say whether a CodeableConcept says that what is observed is a person's age."""
    codings = listed(code.get("coding")) if isinstance(code, dict) else []
    codes = (one.get("code") for one in codings if isinstance(one, dict))
    return any(isinstance(one, str) and one in AGE_CODES for one in codes)


def is_of_laboratory(observation: dict[str, Any]) -> bool:
    """Say whether an Observation is a laboratory's by its category, or has a reference range."""
    codings = (
        coding
        for category in listed(observation.get("category"))
        if isinstance(category, dict)
        for coding in listed(category.get("coding"))
    )
    told = any(isinstance(one, dict) and one.get("code") == "laboratory" for one in codings)
    return told or bool(observation.get("referenceRange"))


def record_id(identifier: object) -> Id | None:
    """Return an Identifier as an ID of the kind ``mrn``, whatever its type; None when it has no value."""
    if not isinstance(identifier, dict):
        return None
    system, value = identifier.get("system"), identifier.get("value")
    if not isinstance(value, str) or not value.strip():
        return None
    return ("mrn", system.strip() if isinstance(system, str) else "", value.strip())


def _is_public(system: object) -> bool:
    """Say whether a system names numbers that are no hospital's: social security, passports, insurances."""
    found = system_of(system) if isinstance(system, str) else None
    return found is not None and found.shape == "none"


@dataclass
class Index:
    """The resources of one top-level resource, by what refers to them.

    Parameters
    ----------
    place
        Which resource of the file it is, from 0: tells apart patients without any ID.

    Attributes
    ----------
    by_url, url_of
        Resources by type and id or by full URL, and the full URL of each.
    patients, persons
        Patients; clinicians and relatives.
    """

    place: int
    by_url: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    url_of: dict[int, str] = field(default_factory=dict, repr=False)
    patients: list[dict[str, Any]] = field(default_factory=list, repr=False)
    persons: list[dict[str, Any]] = field(default_factory=list, repr=False)
    _given: dict[str, str] | None = field(default=None, repr=False)
    _number: dict[int, int] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, resource: dict[str, Any], place: int) -> Index:
        """Make the index of a resource and, for a Bundle, of all its entries, those of inner Bundles included."""
        made = cls(place)
        made._add(resource, None)
        return made

    def _add(self, resource: object, url: str | None) -> None:
        if not isinstance(resource, dict):
            return
        kind, name = resource.get("resourceType"), resource.get("id")
        self._number[id(resource)] = len(self._number)
        if isinstance(kind, str) and isinstance(name, str):
            self.by_url.setdefault(f"{kind}/{name}", resource)
        if url is not None:
            self.by_url.setdefault(url, resource)
            self.url_of[id(resource)] = url
        if kind == "Patient":
            self.patients.append(resource)
        elif kind in ("Practitioner", "RelatedPerson"):
            self.persons.append(resource)
        for inner in listed(resource.get("contained")):
            if isinstance(inner, dict):
                self._number[id(inner)] = len(self._number)
        for entry in listed(resource.get("entry")) if kind == "Bundle" else ():
            if isinstance(entry, dict):
                full = entry.get("fullUrl")
                self._add(entry.get("resource"), full if isinstance(full, str) else None)
                response = entry.get("response")
                self._add(response.get("outcome") if isinstance(response, dict) else None, None)
        for parameter in listed(resource.get("parameter")) if kind == "Parameters" else ():
            self._add_parameter(parameter)

    def _add_parameter(self, parameter: object) -> None:
        if isinstance(parameter, dict):
            self._add(parameter.get("resource"), None)
            for part in listed(parameter.get("part")):
                self._add_parameter(part)

    def is_given(self, url: object, new: str, names: Renamer) -> bool:
        """Say whether another Patient entry, of the same person, has the new full URL first: none stands twice (bdl-7).

        Parameters
        ----------
        url, new
            An entry's full URL as it stands, and the new one.
        names
            Makes new ones.
        """
        if self._given is None:
            self._given = {}
            for told in (self.url_of.get(id(patient)) for patient in self.patients):
                if told is not None:
                    self._given.setdefault(names.reference(told, self), told)
        return self._given.get(new, url) != url

    def patient_ids(self, patient: dict[str, Any], *, contained: bool = False) -> tuple[Id, ...]:
        """Return the IDs of a Patient resource, the most telling first; never empty."""
        identifiers = [one for one in listed(patient.get("identifier")) if record_id(one)]
        chosen = [one for one in identifiers if is_record_number(one)]
        if not chosen:
            chosen = [one for one in identifiers if not one.get("type") and not _is_public(one.get("system"))][:1]
        found = [one for one in map(record_id, chosen) if one is not None]
        name = patient.get("id")
        if not contained and isinstance(name, str) and name.strip():
            found.append(("fhir", "", name.strip()))
        seen = target(self.url_of.get(id(patient), ""))
        if seen is not None and seen.form == "urn":
            found.append(("fhir", "", seen.value.rsplit(":", 1)[1]))
        if not found:
            found.append(("row", "", f"{self.place}.{self._number.get(id(patient), 0)}"))
        return tuple(dict.fromkeys(found))

    def linked_ids(self, resource: dict[str, Any], holder: dict[str, Any]) -> tuple[Id, ...]:
        """Return the IDs of the records of one person that the links of a Patient or a Person name.

        An address on another server says nothing of who has the same id here, and a link of the least assurance
        nothing of one person.
        """
        links = [one for one in listed(resource.get("link")) if isinstance(one, dict)]
        if resource.get("resourceType") == "Person":
            # A Person's link may lead to a clinician as well, so that it counts only where it says that it does not.
            others, patient = [one.get("target") for one in links if one.get("assurance") != "level1"], False
        else:
            others, patient = [one.get("other") for one in links if str(one.get("type")) in _SAME], True
        here = (one for one in others if not self._is_elsewhere(one, holder))
        return tuple(id_ for one in here for id_ in self.referred(one, holder, patient=patient))

    def _is_elsewhere(self, reference: object, holder: dict[str, Any]) -> bool:
        """Say whether a Reference leads to a server that is not the one of its holder, as far as anybody tells."""
        text = _text_of(reference)
        seen = target(text)
        if seen is None or not seen.base or text in self.by_url:
            return False
        own = target(self.url_of.get(id(holder), ""))
        return own is None or own.base.rstrip("/") != seen.base.rstrip("/")

    def referred(self, reference: object, holder: dict[str, Any], *, patient: bool) -> tuple[Id, ...]:
        """Return the IDs of the patient that a Reference points at; empty when it points at something else.

        Parameters
        ----------
        reference
            The Reference.
        holder
            The outermost resource that holds it, for contained ones.
        patient
            True where the element names whose the resource is: then a target of no stated type counts as a patient.
        """
        if not isinstance(reference, dict):
            return ()
        said = reference.get("type")
        patient = said == "Patient" or (patient and said is None)
        seen = target(reference.get("reference"))
        if seen is None:
            own = record_id(reference.get("identifier"))
            return (own,) if own is not None and patient and "reference" not in reference else ()
        if seen.form == "contained":
            inner = self.contained(holder, seen.value)
            if inner is None or inner.get("resourceType") != "Patient":
                return ()
            return self.patient_ids(inner, contained=True)
        if seen.form == "condition":
            system, _, value = seen.value.rpartition("|")
            return (("mrn", system, value),) if seen.type == "Patient" and value else ()
        text = str(reference["reference"])
        if seen.form == "urn":
            entry = self.by_url.get(text)
            if entry is not None:
                return self.patient_ids(entry) if entry.get("resourceType") == "Patient" else ()
            return (("fhir", "", seen.value.rsplit(":", 1)[1]),) if patient else ()
        if seen.type != "Patient":
            return ()
        number = record_id(reference.get("identifier")) if is_record_number(reference.get("identifier")) else None
        return (("fhir", "", seen.value), *((number,) if number is not None else ()))

    @staticmethod
    def contained(holder: dict[str, Any], name: str) -> dict[str, Any] | None:
        """Return a contained resource by its id."""
        for inner in listed(holder.get("contained")):
            if isinstance(inner, dict) and inner.get("id") == name:
                return inner
        return None

    def subject(self, resource: dict[str, Any], holder: dict[str, Any], hops: int = 1) -> tuple[Id, ...]:
        """Return the IDs of whom a resource is about; empty when it does not say.

        Parameters
        ----------
        resource
            The resource.
        holder
            The resource that contains it, or itself.
        hops
            How many references to resources that are no patients may be followed within a Bundle.
        """
        kind = resource.get("resourceType")
        if kind == "Patient":
            return self.patient_ids(resource, contained=resource is not holder)
        paths = subjects().get(str(kind), subjects()["*"])
        references = [reference for path in paths for reference in _at(resource, path.split("."))]
        for reference in references:
            found = self.referred(reference, holder, patient=not (kind == "Provenance" or "." in paths[0]))
            if found:
                return found
        for reference in (*references, *listed(resource.get("encounter"))) if hops else ():
            entry = self.by_url.get(_text_of(reference))
            if entry is not None and entry.get("resourceType") != "Patient":
                found = self.subject(entry, entry, hops - 1)
                if found:
                    return found
        return ()


def _text_of(reference: object) -> str:
    text = reference.get("reference") if isinstance(reference, dict) else None
    return text if isinstance(text, str) else ""


def _at(value: object, path: list[str]) -> Iterator[object]:
    """Yield what stands at a path of members, through lists."""
    for one in listed(value):
        if not path:
            yield one
        elif isinstance(one, dict):
            yield from _at(one.get(path[0]), path[1:])
