"""New names for old: ids, references, addresses of servers, systems. What pointed at something still points at it.

Nothing is derived from an id but by the project's secret. It must never print, log or raise an id.
"""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from urllib.parse import unquote

from curator.scrub.fhir.coding import has_shape, system_of
from curator.scrub.fhir.tables import closed_lists, resource_types
from curator.scrub.fhir.whose import Index, target
from curator.scrub.medium import People
from curator.scrub.treatment import Treatment

#: The root of UIDs that DICOM registers: SOP classes, transfer syntaxes, code systems.
_DICOM_ROOT = "1.2.840.10008."


#: Search parameters that point at another resource, and those that name a code (FHIR R4, 3.1.1).
_POINTERS = frozenset(
    ("patient", "subject", "encounter", "performer", "requester", "author", "recorder", "organization", "location")
    + ("practitioner", "beneficiary", "based-on", "part-of", "focus", "device", "specimen", "general-practitioner")
)
_CODED = frozenset({"code", "category", "type", "combo-code", "vaccine-code", "clinical-status"})
#: The code system whose codes are told by their form alone, where a search names no system.
_TOLD = "http://loinc.org"


def _is_public(value: str) -> bool:
    """Say whether a token of a search is a code of a public system, by the form of its system."""
    system, bar, code = value.rpartition("|")
    found = system_of(system if bar else _TOLD)
    return found is not None and has_shape(found, code)


@dataclass(frozen=True)
class Renamer:
    """Gives new names within one file.

    Parameters
    ----------
    treatment
        The policy and the secrets.
    people
        Who is who.
    """

    treatment: Treatment = field(repr=False)
    people: People = field(repr=False)

    def resource_id(self, kind: str, value: str) -> str:
        """Return the new logical id of a resource: a patient's pseudonym, else a code by type and id."""
        if kind == "Patient":
            return self.people.find([("fhir", "", value)]).pseudonym
        return self.treatment.code(f"fhir:{kind}", value)

    def contained_id(self, value: str) -> str:
        """Return the new id of a contained resource."""
        return self.treatment.code("fhir:contained", value)

    def urn(self, value: str) -> str:
        """Return the new URN for a UUID or an OID."""
        if value.startswith("urn:oid:"):
            return f"urn:oid:{self.dicom_uid(value[8:])}"
        drawn = "".join(self.treatment.code(domain, value.lower()) for domain in ("fhir:urn", "fhir:urn2"))
        raw = base64.b32decode(drawn)[:16]
        return f"urn:uuid:{uuid.UUID(bytes=raw, version=4)}"

    def dicom_uid(self, value: str) -> str:
        """Return the new UID of a DICOM object; registered ones stay (PS3.6, Annex A)."""
        return value if value.startswith(_DICOM_ROOT) else self.treatment.uid(value)

    def base(self, value: str) -> str:
        """Return what stands for a server's address."""
        return f"https://{self.treatment.code('fhir:base', value).lower()}.invalid/fhir"

    def uri(self, value: str) -> str:
        """Return a system, profile or other URI: itself when public, else a URN that always stands for it."""
        plain, bar, version = value.partition("|")
        if system_of(plain) is not None:
            return value if not bar or (len(version) < 20 and version.replace(".", "").isalnum()) else plain
        return f"urn:oid:{self.treatment.uid(plain)}"

    def reference(self, text: object, index: Index) -> str:
        """Return the new text of a literal reference or of an entry's ``fullUrl``; empty for one of no usual form.

        Parameters
        ----------
        text
            As it stands.
        index
            The resources of its Bundle.
        """
        seen = target(text)
        if seen is None:
            return ""
        if seen.form == "contained":
            return f"#{self.contained_id(seen.value)}" if seen.value else "#"
        if seen.form == "urn":
            return self.urn(seen.value)
        if seen.form == "condition":
            value = self.condition(seen.type, seen.value)
            return f"{seen.type}?identifier={value}" if value else ""
        inner = index.by_url.get(str(text)) or index.by_url.get(f"{seen.type}/{seen.value}")
        if seen.type == "Patient" and inner is not None:
            name = self.people.find(index.patient_ids(inner)).pseudonym
        else:
            name = self.resource_id(seen.type, seen.value)
        return f"{self.base(seen.base)}/{seen.type}/{name}" if seen.base else f"{seen.type}/{name}"

    def condition(self, kind: str, value: str) -> str:
        """Return the new value of a search by identifier, ``system|value``."""
        system, bar, number = value.rpartition("|")
        if not number:
            return ""
        if kind == "Patient":
            new = self.people.find([("mrn", system, number)]).pseudonym
        else:
            new = self.identifier(number)
        return f"{self.uri(system) if system else ''}{bar}{new}"

    def identifier(self, value: str) -> str:
        """Return the new value of an identifier that is no patient's."""
        if value.startswith(("urn:uuid:", "urn:oid:")):
            return self.urn(value)
        return self.treatment.code("identifier", value)

    def request(self, url: object, index: Index) -> str:
        """Return the new url of a Bundle entry's request: a type, a reference or a search; else empty."""
        if not isinstance(url, str) or url in resource_types():
            return url if isinstance(url, str) else ""
        place, mark, query = url.partition("?")
        kind = place.rsplit("/", 1)[-1]
        if mark and kind in resource_types():
            found = self.search(kind, query, index)
            return f"{kind}?{found}" if found else ""
        return self.reference(url, index)

    def search(self, kind: str, query: str, index: Index) -> str:
        """Return the new criteria of a search; empty when one of them cannot be rewritten, since all of them count.

        Parameters
        ----------
        kind
            The type of resource that is searched for.
        query
            As it stands behind the ``?``.
        index
            The resources of the Bundle.
        """
        found = []
        for part in query.split("&"):
            name, _, value = part.partition("=")
            new = self._criterion(kind, name, unquote(value), index)
            if not new:
                return ""
            found.append(f"{name}={new}")
        return "&".join(found)

    def _criterion(self, kind: str, name: str, value: str, index: Index) -> str:
        plain, _, modifier = name.partition(":")
        if name == "identifier":
            return self.condition(kind, value)
        if name in {"patient.identifier", "subject.identifier", "subject:Patient.identifier"}:
            return self.condition("Patient", value)
        if name == "_id":
            return self.reference(f"{kind}/{value}", index).rpartition("/")[2]
        if plain in _POINTERS and (not modifier or modifier in resource_types()):
            kind = modifier or ("Patient" if plain == "patient" else "")
            return self.reference(value if "/" in value or not kind else f"{kind}/{value}", index)
        if name == "status":
            return value if value in closed_lists().get(f"{kind}.status", ()) else ""
        return value if name in _CODED and _is_public(value) else ""
