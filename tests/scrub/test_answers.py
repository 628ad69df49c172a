"""An answer is read behind its question, in every format that holds both."""

from __future__ import annotations

import io
import json

import pytest

from curator.scrub import fhir, hl7
from curator.scrub.answers import is_plain, labels_of, question
from curator.scrub.medium import Medium, Person
from curator.scrub.policy import load_policy
from curator.scrub.tabular import medium as tabular
from curator.scrub.text import medium as text
from curator.scrub.treatment import Treatment

ASKED = [
    ("Imported City", "Brandywick"),
    ("County of exposure", "Otterquist"),
    ("City", "Yarrowdale"),
    ("Reported by", "VANDERSLOOT"),
    ("Place of birth", "Millbrae"),
]
STAYS = [
    ("Organ donor", "Unknown"),
    ("Pain location", "left knee"),
    ("Reporting state", "Ohio"),
    ("Color", "dark yellow"),
]


class _Nobody:
    own = Person("STANDIN", 11, False, b"o" * 32)

    def find(self, ids: object) -> Person:
        return self.own


def _clean(medium: Medium, data: str) -> str:
    rules = Treatment(load_policy("safe-harbor"), b"k" * 32, b"u" * 32, "20260101")
    out = io.BytesIO()
    medium.rewrite(io.BytesIO(data.encode()), out, _Nobody(), rules)
    return out.getvalue().decode()


def _form(pairs: list[tuple[str, str]]) -> str:
    items = [
        {"linkId": str(at), "text": asked, "answer": [{"valueString": told}]} for at, (asked, told) in enumerate(pairs)
    ]
    return json.dumps(
        {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [{"linkId": "g", "item": items}]}
    )


def _observations(pairs: list[tuple[str, str]]) -> str:
    parts = [
        {"code": {"coding": [{"display": asked}]}, "valueCodeableConcept": {"text": told}} for asked, told in pairs
    ]
    return json.dumps({"resourceType": "Observation", "status": "final", "code": {"text": "Form"}, "component": parts})


def _message(pairs: list[tuple[str, str]], kind: str = "ST", code: str = "") -> str:
    lines = [r"MSH|^~\&|A|B|C|D|20210314||ORU^R01|1|P|2.5", "PID|1||8871221^^^N^MR", "OBR|1|1|2|X^Y"]
    lines += [f"OBX|{at}|{kind}|{at}^{asked}^L||{code}{told}||||||F" for at, (asked, told) in enumerate(pairs, 1)]
    return "".join(f"{line}\r" for line in lines)


def _table(pairs: list[tuple[str, str]]) -> str:
    return "patient_id,question,answer\n" + "".join(f"8871221,{asked},{told}\n" for asked, told in pairs)


def _lines(pairs: list[tuple[str, str]]) -> str:
    return "".join(json.dumps({"mrn": "8871221", "question": asked, "answer": told}) + "\n" for asked, told in pairs)


@pytest.mark.parametrize("pairs", [ASKED, STAYS], ids=["asked", "stays"])
@pytest.mark.parametrize("kind", ["form", "observations", "message", "coded", "table", "lines"])
def test_an_answer_is_read_behind_its_question(kind: str, pairs: list[tuple[str, str]]) -> None:
    made = {
        "form": lambda: _clean(fhir, _form(pairs)),
        "observations": lambda: _clean(fhir, _observations(pairs)),
        "message": lambda: _clean(hl7, _message(pairs)),
        "coded": lambda: _clean(hl7, _message(pairs, "CWE", "77^")),
        "table": lambda: _clean(tabular, _table(pairs)),
        "lines": lambda: _clean(text, _lines(pairs)),
    }[kind]()
    assert [told for _, told in pairs if told in made] == ([] if pairs is ASKED else [told for _, told in STAYS])


def test_the_code_of_a_county_or_a_city_goes_with_its_name() -> None:
    made = _clean(hl7, _message([("Imported County", "38017^Otterquist^FIPS6_4")], "CWE"))
    assert "38017" not in made
    assert "Otterquist" not in made
    kept = _clean(hl7, _message([("City tested", "260385009^Negative^SCT"), ("Country", "USA^^ISO3166_1")], "CWE"))
    assert "260385009^Negative^SCT" in kept
    assert "USA" in kept


def test_the_same_in_a_coding_of_fhir() -> None:
    coding = {"system": "http://cities.example", "code": "351615", "display": "Brandywick"}
    one = {
        "resourceType": "Observation",
        "code": {"text": "City of residence"},
        "valueCodeableConcept": {"coding": [coding]},
    }
    made = _clean(fhir, json.dumps(one))
    assert "351615" not in made
    assert "Brandywick" not in made


def test_what_asks_for_nobody_gives_no_label() -> None:
    assert labels_of("Heart rate") == ()
    assert labels_of("County of exposure:") == ("County of exposure", "County")
    assert labels_of("x" * 121) == labels_of(" ") == ()
    assert is_plain(" N/A. ")
    assert is_plain("12.5")
    assert not is_plain("58103")
    assert question({"Question": "City", "answer": "x"}) == "City"
    assert question({"note": "x"}) == ""
