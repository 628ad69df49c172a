"""Fields that look like numbers and hold something else, and stand-ins that must not keep what they replace."""

from __future__ import annotations

import io
import json

import pytest

from curator.detect.text.replace import Mode, Rules, replace
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding
from curator.scrub import fhir
from curator.scrub.medium import Person
from curator.scrub.policy import load_policy
from curator.scrub.treatment import Treatment


class Nobody:
    own = Person("P1", 5, False, bytes(32))

    def find(self, ids: object) -> Person:
        return self.own


def recording(data: str) -> str | None:
    treatment = Treatment(load_policy("safe-harbor"), bytes(32), bytes(32), "20260101")
    sampled = {"origin": {"value": 0}, "dimensions": 1, "data": data}
    resource = {"resourceType": "Observation", "status": "final", "code": {"text": "ECG"}, "valueSampledData": sampled}
    out = io.BytesIO()
    fhir.rewrite(io.BytesIO(json.dumps(resource).encode()), out, Nobody(), treatment)
    made: str | None = json.loads(out.getvalue())["valueSampledData"].get("data")
    return made


@pytest.mark.parametrize("number", ["734-55-0199", "701-555-0142", "2021-03-14", "1 2 734-55-0199 3", "10.20.30.40"])
def test_a_recording_holds_numbers_and_no_number_of_somebody(number: str) -> None:
    assert recording(number) is None


def test_a_recording_keeps_its_samples() -> None:
    assert recording("1 -2.5 3e-4 E U L +7") == "1 -2.5 3e-4 E U L +7"


@pytest.mark.parametrize("name", ["Z y g m u n t", "Zyg-\nmunt", "Zyg munt", "zyg munt", "Zygmunt von hausen"])
def test_a_stand_in_keeps_no_part_of_a_name(name: str) -> None:
    finding = Finding(0, len(name), Category.NAME, "name", "x", 1.0)
    made = replace(name, [finding], Rules(mode=Mode.SURROGATE, key=bytes(range(32)))).text
    kept = [part for part in name.replace("-", " ").split() if len(part) > 1 and part in made and part != "von"]
    assert kept == []
    assert not any(small in made.split() for small in "ygmunt")


def test_a_particle_of_a_name_stays() -> None:
    finding = Finding(0, 13, Category.NAME, "name", "x", 1.0)
    assert " van " in replace("Ruud van Hoof", [finding], Rules(mode=Mode.SURROGATE, key=bytes(32))).text
