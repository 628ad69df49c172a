"""Complex types and places of FHIR that are no mere sum of their members: names, addresses, identifiers, references.

Each function takes the cleaner, the value and the record, and returns the new value, empty for what goes. It must never
print, log or raise a value.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from curator.scrub.fhir.coding import system_of
from curator.scrub.fhir.narrative import clean_xhtml
from curator.scrub.fhir.parse import Number
from curator.scrub.fhir.tables import is_region, is_state, resource_types
from curator.scrub.fhir.whose import is_record_number, listed, record_id, target, texts
from curator.scrub.policy.model import Texts
from curator.scrub.postal import zip3
from curator.scrub.questions import asks
from curator.scrub.things import Cell

if TYPE_CHECKING:
    from curator.scrub.fhir.clean import Cleaner, Record

Special = Callable[["Cleaner", dict[str, Any], "Record"], dict[str, Any]]
#: Types of resources whose display is no name of a person, place or thing that somebody is known by.
_CLINICAL = frozenset(
    ("AllergyIntolerance", "CarePlan", "ClinicalImpression", "Condition", "DetectedIssue", "DiagnosticReport", "Flag")
    + ("Goal", "ImagingStudy", "Immunization", "Medication", "MedicationAdministration", "MedicationDispense")
    + ("MedicationRequest", "MedicationStatement", "NutritionOrder", "NutritionProduct", "Observation", "Procedure")
    + ("Questionnaire", "QuestionnaireResponse", "RiskAssessment", "ServiceRequest", "Specimen", "Substance")
)
_PLACED = ("state", "country", "postalCode")
_LONGEST_TYPE = 400
_TYPED = re.compile(r"\s*([A-Za-z]{1,20}/[A-Za-z0-9.+-]{1,80})\s*((?:;[^\x00-\x1f]*)?)")
_PARAMETER = re.compile(r";\s*([A-Za-z0-9_*-]{1,40})\s*=\s*(\"[^\"]*\"|[^;\"]*)")
_STATUS = re.compile(r"\d{3}(?: [A-Za-z ]{1,30})?")
_SNOMED = "http://snomed.info/sct"
_EDITION = re.compile(r"http://snomed\.info/sct/[0-9]{8,18}")


def _part(cleaner: Cleaner, value: dict[str, Any], kind: str, record: Record, *keys: str) -> dict[str, Any]:
    """Clean some members of a value by the table and note that the others went."""
    cleaner.values.note(kind, "removed", sum(1 for key in value if key.lstrip("_") not in keys))
    kept = {key: one for key, one in value.items() if key in keys}
    return cleaner.members(kept, kind, record)


def human_name(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Treat a name that is not the patient's: gone, or a surrogate where the policy writes them."""
    words = [*texts(value.get("given")), *texts(value.get("family"))] or list(texts(value.get("text")))
    cleaner.values.note("HumanName", "removed" if not words else "replaced")
    if cleaner.values.treatment.policy.texts is not Texts.SURROGATE or not words:
        return {}
    return {"text": cleaner.values.treatment.name(" ".join(words), record.person)}


def patient_name(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Treat a patient's own name: the pseudonym takes its place (use ``anonymous`` of the value set name-use)."""
    cleaner.values.note("Patient.name", "pseudonymized", 1 if value else 0)
    return {"use": "anonymous", "text": record.person.pseudonym}


def address(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Keep state and country, and the first three digits of a US ZIP code (164.514(b)(2)(i)(B))."""
    made = _part(cleaner, value, "Address", record, "use", "type", "period")
    state, land, code = (one if isinstance(one := value.get(key), str) else "" for key in _PLACED)
    for key, text, stays in (("state", state, is_state(state, land)), ("country", land, is_region(land))):
        if stays:
            made[key] = text
            cleaner.values.note("Address", "removed", -1)
    short = zip3(code, land, cleaner.values.treatment, state)
    if short:
        made["postalCode"] = short
        cleaner.values.note("Address.postalCode", "generalized")
        cleaner.values.note("Address", "removed", -1)
    return made if made.keys() - {"use", "type"} else {}


def gone(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:  # noqa: ARG001 - one form for all
    """Drop a value whose whole type identifies."""
    cleaner.values.note("ContactPoint", "removed", 1 if value else 0)
    return {}


def _identifier(cleaner: Cleaner, value: dict[str, Any], record: Record, *, patient: bool) -> dict[str, Any]:
    values = cleaner.values
    own = record_id(value)
    if own is None:
        values.note("Identifier", "removed")
        return {}
    kept = {key: one for key, one in value.items() if key not in {"system", "value"}}
    made = _part(cleaner, kept, "Identifier", record, "use", "type", "period", "assigner")
    if own[1]:
        made["system"] = values.uri(own[1], record.person)
    values.note("Identifier.value", "pseudonymized" if patient else "replaced")
    made["value"] = record.person.pseudonym if patient else values.names.identifier(own[2])
    return made


def identifier(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Put a code for an identifier that is not the patient's; a hospital's number of the same patient his pseudonym."""
    own = record_id(value)
    known = own is not None and is_record_number(value) and cleaner.values.known(own[2], record.person)
    return _identifier(cleaner, value, record, patient=known)


def own_identifier(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Put the pseudonym for a patient's own identifier, whatever its type."""
    return _identifier(cleaner, value, record, patient=True)


def reference(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Rewrite a reference so that it still points at the same resource; what shows it to readers goes."""
    values = cleaner.values
    made: dict[str, Any] = {}
    text, said = value.get("reference"), value.get("type")
    seen = target(text)
    patient_ids = record.index.referred(value, record.holder, patient=said == "Patient")
    if isinstance(text, str):
        new = values.names.reference(text, record.index)
        values.note("Reference.reference", "replaced" if new else "removed")
        if new:
            made["reference"] = new
    kind = said if isinstance(said, str) and said in resource_types() else seen.type if seen is not None else ""
    if not kind and isinstance(text, str):
        # In a Bundle, a urn says nothing of the type, and what it names is there.
        there = record.index.by_url.get(text, {}).get("resourceType")
        kind = there if isinstance(there, str) and there in _CLINICAL else ""
    if said == kind and kind:
        made["type"] = kind
    inner = value.get("identifier")
    if isinstance(inner, dict):
        if patient_ids or said == "Patient":
            person = values.people.find(patient_ids or [one for one in [record_id(inner)] if one])
            new_inner = own_identifier(cleaner, inner, replace(record, person=person))
        else:
            new_inner = identifier(cleaner, inner, record)
        if new_inner:
            made["identifier"] = new_inner
    shown = value.get("display")
    if isinstance(shown, str) and kind in _CLINICAL:
        new_shown = values.prose(shown, record.person, "Reference.display")
        made |= {"display": new_shown} if new_shown else {}
    elif "display" in value:
        values.note("Reference.display", "removed")
    known = {"reference", "type", "identifier", "display", "id", "extension"}
    values.note("Reference.*", "unknown", sum(1 for key in value if key not in known))
    kept = cleaner.extensions(value.get("extension"), record, "Reference")
    return made | ({"extension": kept} if kept else {})


def coding(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Keep a code of a public system and what identifies nobody in others; what is shown is searched."""
    values, system, code = cleaner.values, value.get("system"), value.get("code")
    public = isinstance(system, str) and isinstance(code, str) and system_of(system) is not None
    # What a public code shows answers no question by itself.
    within = replace(record, asked="", term=Cell.CODED if record.term else Cell.ANY) if public else record
    made = cleaner.members({k: v for k, v in value.items() if k != "code"}, "Coding", within)
    if not isinstance(code, str) or not code.strip():
        return made
    by = system if isinstance(system, str) else None
    if record.asked and values.place_code(by, str(value.get("display", "")), record.asked, code=code):
        values.note("Coding.code", "replaced")
        new = values.treatment.code("code", code)
    else:
        new = values.code(by, code, record.person, "Coding.code")
    first = {"system": made.pop("system")} if "system" in made else {}
    version = {"version": made.pop("version")} if "version" in made else {}
    if public and _EDITION.fullmatch(str(value.get("version"))) and system_of(str(system)) == system_of(_SNOMED):
        # An edition of SNOMED CT is named by its module's URI, which is nobody's address.
        version = {"version": value["version"]}
    return {**first, **version, "code": new, **made}


def quantity(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Keep a quantity; one that says more than 89 years is capped (164.514(b)(2)(i)(C)); somebody's number goes."""
    if record.asked and asks(record.asked).tells and isinstance(value.get("value"), Number):
        asked = cleaner.values.measure(value, "Quantity.value", record.asked, record.person)
        if asked is None:
            return {}
        value, record = asked, replace(record, asked="")
    capped = cleaner.values.capped(value, "Quantity.value", age=record.aged)
    return cleaner.members(capped, "Quantity", record)


def age(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Keep an age up to 89."""
    return cleaner.members(cleaner.values.capped(value, "Age.value", age=True), "Age", record)


def narrative(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Clean a narrative as one text."""
    markup, status = value.get("div"), value.get("status")
    if not isinstance(markup, str):
        return {}
    div, replaced, dropped = clean_xhtml(markup, lambda text: cleaner.values.searched(text, record.person))
    cleaner.values.note("Narrative.div", "replaced", replaced)
    cleaner.values.note("Narrative.div", "removed", dropped)
    known = isinstance(status, str) and status in {"generated", "extensions", "additional", "empty"}
    return {"status": status if known else "generated", "div": div}


def patient_link(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Keep a link to another record; one of the same person says nothing once both have one id."""
    ids = record.index.linked_ids({"resourceType": "Patient", "link": [value]}, record.holder)
    if ids and cleaner.values.people.find(ids).pseudonym == record.person.pseudonym:
        cleaner.values.note("Patient.link", "removed")
        return {}
    return cleaner.members(value, "Patient.link", record)


def attachment(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Clean plain text and HTML that is attached; everything else goes, and so do address and hash."""
    values = cleaner.values
    kept = {key: one for key, one in value.items() if key not in {"data", "url", "hash", "size"}}
    values.note("Attachment", "removed", sum(1 for key in ("url", "hash") if key in value))
    made = cleaner.members(kept, "Attachment", record)
    if "data" not in value:
        return made if made.keys() - {"contentType"} else {}
    data = _content(cleaner, value.get("contentType"), value["data"], record)
    if data is None:
        values.note("Attachment.data", "removed")
        return made if made.keys() - {"contentType"} else {}
    made["data"] = base64.b64encode(data).decode("ascii")
    size = value.get("size")
    if size is not None:
        made["size"] = str(len(data)) if isinstance(size, str) else Number(str(len(data)))
    return made


def binary(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Clean the content of a Binary resource; None for the content when it goes."""
    data = _content(cleaner, value.get("contentType"), value["data"], record)
    if data is None:
        cleaner.values.note("Binary.data", "removed")
        return {"data": None}
    return {"data": base64.b64encode(data).decode("ascii")}


def media_type(text: str) -> tuple[str, str]:
    """Return type and character set of a MIME type in lower case (RFC 2045, 5.1); other parameters say no more here.

    Both are empty for what is no MIME type.
    """
    found = _TYPED.fullmatch(text[:_LONGEST_TYPE])
    if found is None:
        return "", ""
    told = (one for one in _PARAMETER.finditer(found[2]) if one[1].lower() == "charset")
    charset = next((one[2].strip('" ').lower() for one in told), "")
    return found[1].lower(), charset


def _content(cleaner: Cleaner, kind: object, data: object, record: Record) -> bytes | None:
    """Return the clean content of an attached text, None for what is no text or cannot be read whole."""
    if not isinstance(kind, str) or not isinstance(data, str):
        return None
    name, charset = media_type(kind)
    encoding = charset or "utf-8"
    if encoding not in {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"}:
        return None
    try:
        text = base64.b64decode(re.sub(r"\s", "", data), validate=True).decode(encoding)
    except (binascii.Error, ValueError):
        return None
    if "\0" in text:
        return None
    try:
        if name == "text/plain":
            return cleaner.values.prose(text, record.person, "Attachment.data").encode(encoding)
        if name in {"text/html", "application/xhtml+xml"}:
            div, replaced, dropped = clean_xhtml(text, lambda one: cleaner.values.searched(one, record.person))
            cleaner.values.note("Attachment.data", "replaced", replaced)
            cleaner.values.note("Attachment.data", "removed", dropped)
            return div.encode(encoding)
    except UnicodeEncodeError:
        return None
    return None


def bundle_entry(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Clean an entry of a Bundle: its resource, and its addresses so that references still resolve."""
    values = cleaner.values
    url = value.get("fullUrl")
    new = values.names.reference(url, record.index)
    fits = new and not new.startswith("#") and not record.index.is_given(url, new, values.names)
    made: dict[str, Any] = {"fullUrl": new} if fits else {}
    values.note("Bundle.entry.fullUrl", "replaced" if made else "removed", 0 if url is None else 1)
    values.note("Bundle.entry.link", "removed", len(listed(value.get("link"))))
    rest = {key: one for key, one in value.items() if key not in {"fullUrl", "link", "request"}}
    made |= cleaner.members(rest, "Bundle.entry", record)
    request = _request(cleaner, value["request"], made.get("resource"), record) if "request" in value else {}
    if request:
        made["request"] = request
    cleaner.entry_done()
    return made


def _request(cleaner: Cleaner, value: object, resource: object, record: Record) -> dict[str, Any]:
    """Clean the request of an entry, so that the transaction stays valid.

    A search that cannot be rewritten gives way to the resource's own new id or, where there is none, to a search for a
    code that stands for it and finds nothing: what it said may name somebody.
    """
    values = cleaner.values
    if not isinstance(value, dict):
        values.note("Bundle.entry.request", "unknown")
        return {}
    made = cleaner.members(
        {k: v for k, v in value.items() if k in {"method", "ifModifiedSince"}}, "Bundle.entry.request", record
    )
    told = value.get("url")
    url = values.names.request(told, record.index) or _stand_in(cleaner, told, made.get("method"), resource)
    if not url:
        values.note("Bundle.entry.request", "removed")
        return {}
    values.note("Bundle.entry.request.url", "replaced")
    condition = value.get("ifNoneExist")
    if isinstance(condition, str):
        kind = url.partition("?")[0].partition("/")[0]
        found = values.names.search(kind, condition, record.index)
        made["ifNoneExist"] = found or f"identifier={values.treatment.code('identifier', condition)}"
    values.note("Bundle.entry.request", "removed", sum(1 for key in value if key in {"ifMatch", "ifNoneMatch"}))
    return {**made, "url": url}


def _stand_in(cleaner: Cleaner, url: object, method: object, resource: object) -> str:
    """Return a url for a request whose own one cannot be rewritten; empty where nothing tells what it is about."""
    kind = url.partition("?")[0].rpartition("/")[2] if isinstance(url, str) else ""
    new = resource if isinstance(resource, dict) else {}
    if kind not in resource_types():
        kind = str(new.get("resourceType", ""))
    if not kind or method == "POST":
        return kind
    if method == "PUT" and new.get("resourceType") == kind and "id" in new:
        return f"{kind}/{new['id']}"
    return f"{kind}?identifier={cleaner.values.treatment.code('identifier', str(url))}"


def bundle_response(cleaner: Cleaner, value: dict[str, Any], record: Record) -> dict[str, Any]:
    """Clean the response of an entry: status, place, day and outcome stay."""
    kept = {key: one for key, one in value.items() if key in {"lastModified", "outcome"}}
    made = cleaner.members(kept, "Bundle.entry.response", record)
    status = value.get("status")
    if isinstance(status, str) and _STATUS.fullmatch(status):
        made = {"status": status[:3], **made}
    place = cleaner.values.names.reference(value.get("location"), record.index)
    cleaner.values.note("Bundle.entry.response", "replaced", 1 if place else 0)
    return made | ({"location": place} if place else {})


#: Types that are treated as a whole.
SPECIAL: dict[str, Special] = {
    "HumanName": human_name,
    "Address": address,
    "ContactPoint": gone,
    "ContactDetail": gone,
    "ExtendedContactDetail": gone,
    "Contributor": gone,
    "VirtualServiceDetail": gone,
    "Signature": gone,
    "Expression": gone,
    "TriggerDefinition": gone,
    "DataRequirement": gone,
    "ParameterDefinition": gone,
    "Extension": gone,
    "Identifier": identifier,
    "Reference": reference,
    "Coding": coding,
    "Quantity": quantity,
    "Duration": quantity,
    "Count": quantity,
    "Distance": quantity,
    "MoneyQuantity": quantity,
    "Age": age,
    "Narrative": narrative,
    "Attachment": attachment,
    "Bundle.entry": bundle_entry,
    "Bundle.entry.response": bundle_response,
    "Bundle.link": gone,
}
#: Places whose value is treated otherwise than its type.
BY_PLACE: dict[str, Special] = {
    "Patient.name": patient_name,
    "Patient.identifier": own_identifier,
    "Patient.link": patient_link,
}
