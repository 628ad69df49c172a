"""Persons, policies and a search that shares no code with the scrubber."""

from __future__ import annotations

import base64
import io
import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from curator.scrub import fhir
from curator.scrub.medium import Made, Person, RecordHarvest
from curator.scrub.policy import load_policy
from curator.scrub.treatment import Treatment

TODAY = "20260101"


@cache
def treatment(name: str = "safe-harbor") -> Treatment:
    return Treatment(load_policy(name), b"k" * 32, b"u" * 32, TODAY)


class Everybody:
    """Everybody whom a harvest found, with a shift of their own each."""

    def __init__(self, harvest: RecordHarvest | None = None, known: Iterable[tuple[str, str]] = ()) -> None:
        self.own = Person("STANDIN", 11, False, b"o" * 32, tuple(known))
        self.by_id: dict[tuple[str, str, str], Person] = {}
        for number, told in enumerate(harvest.people if harvest is not None else ()):
            person = Person(f"PSEUDO{number:04d}", 100 + 7 * number, told.over_89, bytes([number + 1]) * 32, told.known)
            self.by_id |= dict.fromkeys(told.ids, person)

    def find(self, ids: Iterable[tuple[str, str, str]]) -> Person:
        return next((self.by_id[one] for one in ids if one in self.by_id), self.own)


def scrubbed(
    data: bytes, policy: str = "safe-harbor", people: Everybody | None = None
) -> tuple[RecordHarvest, Made, bytes]:
    """Harvest and rewrite a file with the persons that it tells of itself."""
    rules = treatment(policy)
    told = fhir.harvest(io.BytesIO(data), len(data), rules)
    out = io.BytesIO()
    made = fhir.rewrite(io.BytesIO(data), out, people or Everybody(told), rules)
    return told, made, out.getvalue()


def lines(*resources: dict[str, Any]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in resources).encode()


def clean(*resources: dict[str, Any], policy: str = "safe-harbor") -> list[dict[str, Any]]:
    """The clean resources of an ndjson file."""
    return [json.loads(line) for line in scrubbed(lines(*resources), policy)[2].decode().splitlines()]


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold().replace("ł", "l")
    return "".join(one for one in plain if one.isalnum())


def everything(output: bytes) -> str:
    """All of an output as letters and digits, with what base64 in it holds besides."""
    text = output.decode()
    found = [text]
    for run in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", text):
        try:
            found.append(base64.b64decode(run, validate=True).decode())
        except ValueError:
            continue
    return folded("\n".join(found))


def patient(**more: Any) -> dict[str, Any]:
    """A patient of whom much is known."""
    return {
        "resourceType": "Patient",
        "id": "pat-zq81",
        "identifier": [
            {
                "use": "usual",
                "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]},
                "system": "urn:oid:1.2.36.146.595.217.0.1",
                "value": "00482913",
            }
        ],
        "name": [{"use": "official", "family": "Kowalska", "given": ["Maria", "Zofia"]}],
        "telecom": [{"system": "phone", "value": "617-555-0142"}, {"system": "email", "value": "mkow@example.net"}],
        "gender": "female",
        "birthDate": "1961-03-14",
        "address": [
            {
                "line": ["12 Elmgrove St"],
                "city": "Brookhaven",
                "district": "Suffolk",
                "state": "MA",
                "postalCode": "02139",
                "country": "US",
            }
        ],
        **more,
    }


def observation(**more: Any) -> dict[str, Any]:
    """A glucose of that patient."""
    return {
        "resourceType": "Observation",
        "id": "obs-7",
        "status": "final",
        "code": {
            "coding": [
                {"system": "http://loinc.org", "code": "2339-0", "display": "Glucose [Mass/volume] in Blood"},
                {"system": "urn:oid:1.2.840.114350.1", "code": "3050001", "display": "Glucose, bedside"},
            ],
            "text": "Glucose",
        },
        "subject": {"reference": "Patient/pat-zq81"},
        "effectiveDateTime": "2021-03-04T10:11:12+01:00",
        "valueQuantity": {"value": 106, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"},
        **more,
    }
