"""New names for old: ids, references, addresses of servers, systems. What pointed at something still points at it.

Nothing is derived from an id but by the project's secret. It must never print, log or raise an id.
"""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field

from curator.scrub.fhir.coding import system_of
from curator.scrub.fhir.tables import resource_types
from curator.scrub.fhir.whose import Index, target
from curator.scrub.medium import People
from curator.scrub.treatment import Treatment

#: The root of UIDs that DICOM registers: SOP classes, transfer syntaxes, code systems.
_DICOM_ROOT = "1.2.840.10008."


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
        """Return the new url of a Bundle entry's request: a type, a reference or a search by identifier; else empty."""
        if isinstance(url, str) and url in resource_types():
            return url
        return self.reference(url, index)
