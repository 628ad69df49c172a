"""What a question asks for, whatever its words, its language and the format that holds it."""

from __future__ import annotations

import io
import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curator.scrub import cda, fhir, hl7
from curator.scrub.answers import aged, applies, is_plain, ninety, numbered
from curator.scrub.medium import Medium, Person
from curator.scrub.policy import load_policy
from curator.scrub.questions import NOTHING, Age, asks, best, is_language
from curator.scrub.tabular import medium as tabular
from curator.scrub.tabular.roles import Role
from curator.scrub.text import medium as text
from curator.scrub.treatment import Treatment

#: Answers that name somebody or a place, none of them in a list of names.
PEOPLE = [
    ("Nickname", "Bubbaloo"),
    ("Roommate", "Kunibertus"),
    ("Uncle", "Thorvaldsonny"),
    ("Stepfather", "Kunibertusson"),
    ("Godmother", "Xochipilla"),
    ("Landlord", "Grimshawley"),
    ("Coach", "Grimshawlow"),
    ("PCP", "Quastenflosser"),
    ("Interpreter", "Xochipilli"),
    ("Facebook", "quillfeath"),
    ("What is your last name?", "Okonkwobrandt"),
    ("Wie lautet Ihr Nachname?", "Pfefferkuchenx"),
    ("Vorname", "Dagobertine"),
    ("Ehemann", "Dagobertus"),
    ("Wohnort", "Hintertupfingen"),
    ("Hausarzt", "Pumpernickelski"),
    ("Nom de famille", "Fourcadelle"),
    ("Médecin traitant", "Quastenflos"),
    ("Ville", "Montfourchu"),
    ("¿Cuál es su apellido?", "Zorrillaguerra"),
    ("Tía", "Gerlindetta"),
    ("Achternaam", "Vanderbeekstra"),
    ("Woonplaats", "Hilvarenstadt"),
    ("Qual è il suo cognome?", "Montefoscoli"),
    ("Nonna", "Gerlindina"),
    ("Qual é o seu sobrenome?", "Vilanovax"),
    ("Cidade", "Vilanovinha"),
]
#: Answers that stay as they are.
STAYS = [
    ("Number of children", "Two"),
    ("Name of medication", "Metoprolol"),
    ("Nombre del medicamento", "Paracetamol"),
    ("Provider type", "Nurse practitioner"),
    ("Type of school", "Elementary"),
    ("Contact precautions", "MRSA"),
    ("Mother", "Diabetes"),
    ("Mother's age", "62"),
    ("Uncle", "Colon cancer"),
    ("Father", "Deceased"),
    ("Caregiver", "wife"),
    ("Attending", "Cardiology"),
    ("Informant", "Patient"),
    ("Interpreter", "Spanish"),
    ("Interpreter", "Español"),
    ("PCP", "None"),
    ("Raucher", "Nein"),
    ("Fumador", "Sí"),
    ("Hermano", "Desconocido"),
    ("Result", "Positive"),
    ("Location", "left knee"),
    ("Signature", "On file"),
    ("Gestational age", "39 weeks"),
    ("Gestational age", "275 days"),
]
#: Numbers of which each goes, behind its question.
NUMBERS = [
    ("Social security number", "555443333"),
    ("Phone number", "7015550142"),
    ("Home phone of the guardian", "7015550143"),
    ("MRN", "99887766"),
    ("Account number", "4455667"),
    ("Latitude", "46.877190"),
    ("Telefonnummer", "1711234567"),
    ("Número de historia clínica", "7766554"),
]
MEASURES = [
    ("Glucose", "93"),
    ("Platelet count", "150000"),
    ("White blood cell count", "11000"),
    ("Weight", "95"),
    ("Distance", "12.5"),
    ("BMI for age percentile", "97"),
    ("Number of children", "3"),
    ("Hospital day", "5"),
    ("Visit number", "2"),
    ("NIR", "65.2"),
]
AGES = [
    "Age",
    "Patient age",
    "Age in years",
    "AGE",
    "Age at onset",
    "Bone age",
    "Age of donor",
    "Mother's age",
    "Alter",
    "Alter bei Diagnose",
    "Edad del paciente",
    "Âge du patient",
    "Leeftijd",
    "Età",
    "Idade do paciente",
]


class _Nobody:
    own = Person("STANDIN", 11, False, b"o" * 32)

    def find(self, ids: object) -> Person:
        return self.own


def _rules(policy: str = "safe-harbor") -> Treatment:
    return Treatment(load_policy(policy), b"k" * 32, b"u" * 32, "20260101")


def _clean(medium: Medium, data: str, policy: str = "safe-harbor") -> str:
    out = io.BytesIO()
    medium.rewrite(io.BytesIO(data.encode()), out, _Nobody(), _rules(policy))
    return out.getvalue().decode()


def _value(told: str, *, number: bool) -> dict[str, object]:
    if not number:
        return {"valueString": told}
    return {"valueDecimal": float(told)} if "." in told else {"valueInteger": int(told)}


def _form(pairs: list[tuple[str, str]], *, number: bool = False) -> str:
    items = [
        {"linkId": str(at), "text": asked, "answer": [_value(told, number=number)]}
        for at, (asked, told) in enumerate(pairs)
    ]
    return json.dumps({"resourceType": "QuestionnaireResponse", "status": "completed", "item": items})


def _quantities(pairs: list[tuple[str, str]], unit: str = "") -> str:
    def quantity(told: str) -> dict[str, object]:
        return {"value": float(told) if "." in told else int(told)} | ({"unit": unit} if unit else {})

    parts = [{"code": {"text": asked}, "valueQuantity": quantity(told)} for asked, told in pairs]
    return json.dumps({"resourceType": "Observation", "status": "final", "code": {"text": "F"}, "component": parts})


def _message(pairs: list[tuple[str, str]], kind: str = "ST", unit: str = "") -> str:
    lines = [r"MSH|^~\&|A|B|C|D|20210314||ORU^R01|1|P|2.5", "PID|1||8871221^^^N^MR", "OBR|1|1|2|X^Y"]
    lines += [
        f"OBX|{at}|{kind}|{at}^{asked}^L||{'^' if kind == 'SN' else ''}{value}|{unit}"
        for at, (asked, value) in enumerate(pairs, 1)
    ]
    return "".join(f"{line}\r" for line in lines)


def _document(pairs: list[tuple[str, str]], value: str = '<value xsi:type="ST">{}</value>') -> str:
    entries = "".join(
        '<entry><observation classCode="OBS" moodCode="EVN"><code nullFlavor="UNK">'
        f"<originalText>{asked}</originalText></code>{value.format(told)}</observation></entry>"
        for asked, told in pairs
    )
    return (
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><id root="1.2.3" extension="D1"/>'
        '<code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/><effectiveTime value="20210302"/>'
        '<recordTarget><patientRole><id root="1.2.3.9" extension="8871221"/></patientRole></recordTarget><component>'
        '<structuredBody><component><section><code code="11506-3" codeSystem="2.16.840.1.113883.6.1"/><text/>'
        f"{entries}</section></component></structuredBody></component></ClinicalDocument>"
    )


def _table(pairs: list[tuple[str, str]]) -> str:
    return "patient_id,question,answer\n" + "".join(f"8871221,{asked},{told}\n" for asked, told in pairs)


def _lines(pairs: list[tuple[str, str]], *, number: bool = False) -> str:
    rows = (
        {"mrn": "8871221", "question": asked, "value": json.loads(told) if number else told} for asked, told in pairs
    )
    return "".join(json.dumps(one) + "\n" for one in rows)


def _told(number: str, made: str) -> bool:
    """Say whether a number stands in an output, and not within a longer one."""
    return re.search(rf"(?<![\w.]){number}(?!\w)", made) is not None


def _left(pairs: list[tuple[str, str]], made: str) -> list[str]:
    return [told for _, told in pairs if told in made or json.dumps(told)[1:-1] in made]


TEXTS = {
    "form": lambda pairs: _clean(fhir, _form(pairs)),
    "message": lambda pairs: _clean(hl7, _message(pairs)),
    "document": lambda pairs: _clean(cda, _document(pairs)),
    "table": lambda pairs: _clean(tabular, _table(pairs)),
    "lines": lambda pairs: _clean(text, _lines(pairs)),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_people_and_places_behind_a_question_go_in_every_format_and_language(kind: str) -> None:
    assert _left(PEOPLE, TEXTS[kind](PEOPLE)) == []


@pytest.mark.parametrize("kind", TEXTS)
def test_what_names_nobody_stays_behind_a_question_that_may_ask_for_somebody(kind: str) -> None:
    made = TEXTS[kind](STAYS)
    # A document's texts are read behind every label, and cells are names where lists of names alone have them.
    known = {"document": {"Elementary", "Nein", "Desconocido"}, "table": {"Nein"}, "lines": {"Nein"}}.get(kind, set())
    assert [pair for pair in STAYS if pair[1] not in known and not _left([pair], made)] == []


NUMERIC = {
    "form": lambda pairs: _clean(fhir, _form(pairs, number=True)),
    "quantities": lambda pairs: _clean(fhir, _quantities(pairs)),
    "NM": lambda pairs: _clean(hl7, _message(pairs, "NM")),
    "SN": lambda pairs: _clean(hl7, _message(pairs, "SN")),
    "REAL": lambda pairs: _clean(cda, _document(pairs, '<value xsi:type="REAL" value="{}"/>')),
    "PQ": lambda pairs: _clean(cda, _document(pairs, '<value xsi:type="PQ" value="{}" unit="1"/>')),
    "table": lambda pairs: _clean(
        tabular, "person_id,observation_source_value,value_as_number\n" + "".join(f"7,{q},{a}\n" for q, a in pairs)
    ),
    "lines": lambda pairs: _clean(text, _lines(pairs, number=True)),
}


@pytest.mark.parametrize("kind", NUMERIC)
def test_numbers_that_somebody_is_known_by_go_and_measures_stay(kind: str) -> None:
    made = NUMERIC[kind](NUMBERS)
    assert _left(NUMBERS, made) == []
    assert "46.87719" not in made
    kept = NUMERIC[kind](MEASURES)
    # As a column of that heading: a distance becomes a band, the number of a visit a code, which is no number.
    banded = {"Distance", "Visit number"} if kind in {"table", "lines"} else set()
    wanted = [pair for pair in MEASURES if pair[0] not in banded]
    assert [pair for pair in wanted if not _left([pair], kept)] == []


@pytest.mark.parametrize("asked", AGES)
def test_ages_over_89_are_capped_by_the_words_of_their_question(asked: str) -> None:
    old, young = [(asked, "97")], [(asked, "61")]
    for make in (*NUMERIC.values(), *TEXTS.values()):
        assert (_told("97", make(old)), _told("90", make(old)), _told("61", make(young))) == (False, True, True)


def test_a_unit_tells_which_age_it_is() -> None:
    for unit, told, made in [("a", "95", "90"), ("mo", "1100", "1080"), ("d", "275", "275"), ("wk", "95", "95")]:
        assert f'"value":{made}' in _clean(fhir, _quantities([("Age", told)], unit))
        assert f"||{made}|{unit}" in _clean(hl7, _message([("Age", told)], "NM", unit))
    assert '"value":275' in _clean(fhir, _quantities([("Gestational age", "275")]))
    assert '"value":95' in _clean(fhir, _quantities([("Age score", "95")]))
    assert "95 Jahre" not in _clean(hl7, _message([("Alter", "95 Jahre")]))
    assert "18 Monate" in _clean(hl7, _message([("Alter", "18 Monate")]))
    months = _clean(cda, _document([("Age", "1100")], '<value xsi:type="PQ" value="{}" unit="mo"/>'))
    assert 'value="90"' in months
    assert 'unit="a"' in months


@pytest.mark.parametrize("asked", ["Year of birth", "Geburtsjahr", "Année de naissance", "Mother's year of birth"])
def test_a_year_of_birth_stays_where_it_tells_no_age_over_89(asked: str) -> None:
    for make in (*TEXTS.values(), *NUMERIC.values()):
        assert "1931" not in make([(asked, "1931")])
        assert "1961" in make([(asked, "1961")])


def test_a_birth_date_behind_its_question_is_treated_as_one() -> None:
    for kind in ("form", "message", "table", "lines"):
        made = TEXTS[kind]([("Date of birth", "1961-05-06")])
        assert "05-06" not in made
        assert "1961" in made
        assert "1931" not in TEXTS[kind]([("Geboortedatum", "1931-05-06")])
    item = {"linkId": "1", "text": "Date of birth", "answer": [{"valueDate": "1936-12-30"}]}
    assert "1936" not in _clean(fhir, json.dumps({"resourceType": "QuestionnaireResponse", "item": [item]}))


def test_a_zip_code_is_cut_and_a_postal_code_of_another_country_goes() -> None:
    for kind in TEXTS:
        made = TEXTS[kind]([("ZIP code", "55401"), ("PLZ", "69151")])
        assert "55401" not in made
        assert _told("554", made)
        assert "691" not in re.sub(r"2\.25\.\d+", "", made)


def test_a_bare_age_over_89_of_a_relative_goes_and_weeks_before_a_birth_stay() -> None:
    pairs = [("Mother", "95"), ("Spouse", "92")]
    stays = [("Gestational age", "95"), ("Mother's weight", "95"), ("Father's height", "120"), ("Mother", "64")]
    for kind in ("form", "message", "document"):
        made, kept = TEXTS[kind](pairs), TEXTS[kind](stays)
        assert not [told for _, told in pairs if _told(told, made)]
        assert [pair for pair in stays if not _told(pair[1], kept)] == []


def test_a_range_of_counts_in_a_document_is_read_behind_what_is_observed() -> None:
    made = TEXTS["document"]([("Pain score", "3-12"), ("Glucose", "6-10"), ("Visit date", "7-11")])
    assert _told("3-12", made)
    assert _told("6-10", made)
    assert not _told("7-11", made)


def test_a_policy_that_leaves_ages_leaves_them_here_too() -> None:
    assert "97" in _clean(fhir, _form([("Age", "97")], number=True), "limited-dataset")
    assert "97" in _clean(hl7, _message([("Age", "97")], "NM"), "limited-dataset")


def test_a_code_of_a_site_and_an_id_of_an_item_ask_where_no_words_do() -> None:
    site = {"resourceType": "Observation", "code": {"coding": [{"system": "http://h.example", "code": "AGE"}]}}
    assert "95" not in _clean(fhir, json.dumps(site | {"valueInteger": 95}))
    item = {"linkId": "last_name", "answer": [{"valueString": "Otterquistova"}]}
    assert "Otterquistova" not in _clean(fhir, json.dumps({"resourceType": "QuestionnaireResponse", "item": [item]}))
    assert "OBX|1|NM|AGE||90" in _clean(hl7, _message([]) + "OBX|1|NM|AGE||95\r")


@pytest.mark.parametrize(("asked", "known"), [("Patient age", True), ("Alter", True), ("Age of donor", False)])
def test_an_age_over_89_of_the_patients_own_is_known_of_them(asked: str, known: bool) -> None:
    subject = {"reference": "Patient/p1"}
    resources = [
        {"resourceType": "Patient", "id": "p1", "identifier": [{"value": "MR-7788123"}]},
        {"resourceType": "Observation", "subject": subject, "code": {"text": asked}, "valueInteger": 95},
    ]
    form = json.loads(_form([(asked, "95")])) | {"subject": subject}
    for second in (resources[1], form):
        data = "".join(json.dumps(one) + "\n" for one in (resources[0], second)).encode()
        found = fhir.harvest(io.BytesIO(data), len(data), _rules())
        assert any(one.over_89 for one in found.people) is known
    for kind in ("NM", "SN"):
        data = _message([(asked, "95")], kind).encode()
        assert any(one.over_89 for one in hl7.harvest(io.BytesIO(data), len(data), _rules()).people) is known


def test_sequences_and_texts_with_marks_are_answers_too() -> None:
    assert _clean(hl7, _message([("Age", "95")], "SI")).endswith("||90\r")
    made = _clean(hl7, _message([("Last name", "Otter^quistova")]))
    assert "quistova" not in made
    assert "[NAME]" in made


def test_inputs_of_a_task_and_parameters_are_answers() -> None:
    asked = [
        {"type": {"text": "Surname"}, "valueString": "Dagobertine"},
        {"type": {"text": "ssn"}, "valueInteger": 555443333},
        {"type": {"text": "Age"}, "valueUnsignedInt": 94},
        {"type": {"text": "Glucose"}, "valueDecimal": 94.5},
    ]
    task = _clean(fhir, json.dumps({"resourceType": "Task", "input": asked, "output": asked}))
    assert not [one for one in ("Dagobertine", "555443333", ":94}") if one in task]
    assert task.count("94.5") == 2
    parameters = [
        {"name": "family", "valueString": "Otterquistova"},
        {"name": "match", "part": [{"name": "lastName", "valueString": "Otterquistovo"}]},
        {"name": "age", "valueInteger": 95},
        {"name": "city", "valueCode": "Plumtownia"},
        {"name": "count", "valueInteger": 50},
    ]
    made = _clean(fhir, json.dumps({"resourceType": "Parameters", "parameter": parameters}))
    assert not [one for one in ("Otterquistov", "95", "Plumtownia") if one in made]
    assert '"valueInteger":50' in made


def test_a_question_is_read_as_a_heading_or_by_its_words() -> None:
    assert asks("Nachname").spec is not None
    assert asks("  ") is asks("12") is NOTHING
    assert asks("Mother").soft
    assert not asks("Mother's maiden name").soft
    assert asks("Age").age == Age(1.0, own=True)
    assert asks("Age of donor").age == Age(1.0)
    assert asks("Alter in Monaten").age == Age(12.0)
    assert asks("ETA").age is asks("BMI for age").age is asks("Dosage").age is None
    assert asks("Wohnort").place == "City"
    born = asks("Date de naissance de la mère").spec
    assert born is not None
    assert born.role is Role.BIRTH_DATE
    assert best(["", "Item 4", "SSN"]) == "SSN"
    assert best(["Item 4", "Name of the clinic"]) == "Name of the clinic"
    assert best(["Item 4"]) == "Item 4"


def test_what_an_answer_is_by_its_question() -> None:
    rules, nobody = _rules(), _Nobody.own
    assert is_plain("Desconocido")
    assert is_language("Spanish, English")
    assert not applies("E", asks("Last name"))
    assert applies("E", asks("Middle name"))
    assert applies("Smith", asks("attending"), strictly=True)
    assert aged("90+", Age(), rules) == aged("89+", Age(), rules) == "90"
    assert aged("about forty", Age(), rules) is None
    assert aged("2 y 3 mo", Age(), rules) == "2 y 3 mo"
    assert ninety(Age(), "mg") is ninety(Age(0.0)) is None
    assert ninety(Age(0.0), "year(s)", "Jahre") == 90
    assert numbered("7.015550142E9", asks("Phone"), rules, nobody) == ""
    assert numbered("11449", asks("Date of birth"), rules, nobody) == ""
    assert numbered("19610506", asks("Date of birth"), rules, nobody) == "1961"


@pytest.mark.parametrize("kind", ["form", "message", "table", "lines"])
def test_a_yes_or_no_that_is_a_name_goes_where_a_name_alone_is_asked_for(kind: str) -> None:
    names = [("First name", "Anders"), ("Last name", "Self"), ("Nombre", "Altro"), ("Last initial", "Q")]
    made = TEXTS[kind](names)
    assert [told for _, told in names[:3] if told in made] == []
    assert made.count("[NAME]") == len(names)
    others = [("Informant", "Self"), ("Father", "Same"), ("Last name", "Unknown")]
    assert _left(others, TEXTS[kind](others)) == [told for _, told in others]


@pytest.mark.parametrize("kind", ["form", "message", "table", "lines"])
def test_names_of_things_and_kinds_stay_behind_their_question(kind: str) -> None:
    things = [
        ("Medication name", "Lisinopril"),
        ("Name of drug", "Aspirin"),
        ("Test name", "Glucose"),
        ("Type of residence", "Apartment"),
        ("Emergency contact", "Husband"),
        ("Collected by", "Nurse"),
        ("CP", "250"),
        ("SIN", "456"),
    ]
    assert [pair for pair in things if not _left([pair], TEXTS[kind]([pair]))] == []
    assert not asks("Name of the drug dealer").kind
    people = [
        ("Name of the drug dealer", "Quillon Otterquistov"),
        ("Drug name", "Mary Otterquistov"),
        ("School type", "Otterquist Academy"),
    ]
    assert "Otterquist" not in TEXTS[kind](people)


@pytest.mark.parametrize("kind", ["form", "message", "table", "lines"])
def test_a_day_that_is_counted_or_has_no_year_goes_where_a_day_is_asked_for(kind: str) -> None:
    days = [("Visit date", "44270"), ("Date of death", "1615766400"), ("LMP", "3-15"), ("Admission date", "15.3.")]
    made = TEXTS[kind](days)
    assert _left(days, made) == []
    assert made.count("2021") >= 2
    assert not applies("3-5", asks("Onset"), strictly=True)
    lapses = [("Visit date", "45"), ("Days since admission", "450")]
    assert _left(lapses, TEXTS[kind](lapses)) == [told for _, told in lapses]


@pytest.mark.parametrize("asked", ["How old are you?", "Wie alt sind Sie?", "¿Cuántos años tiene?", "Hoe oud bent u?"])
def test_questions_for_an_age_without_its_word(asked: str) -> None:
    for make in TEXTS.values():
        assert not _told("97", make([(asked, "97")]))
        assert _told("61", make([(asked, "61")]))
    assert asks("How old is the child in months?").age == Age(12.0)


def test_short_headings_of_numbers_are_tests_as_well() -> None:
    assert not applies("250", asks("CP"), strictly=True)
    assert not applies("760", asks("NIR"), strictly=True)
    assert applies("69151", asks("CP"), strictly=True)
    assert applies("101", asks("PLZ"), strictly=True)
    assert applies("123", asks("SSN"), strictly=True)


@pytest.mark.parametrize("kind", TEXTS)
def test_who_asks_for_somebody_but_the_world_health_organization_does_not(kind: str) -> None:
    names = [
        ("Who helps you at home?", "Leopold"),
        ("Wer wohnt bei Ihnen?", "Marguerite"),
        ("Who lives with you?", "Li Wei"),
    ]
    assert _left(names, TEXTS[kind](names)) == []
    stays = [("Who lives with you?", "Husband"), ("WHO grade?", "Grade II"), ("Who lives with you?", "nobody")]
    assert [pair for pair in stays if not _left([pair], TEXTS[kind]([pair]))] == []


@given(st.text(st.characters(categories=["L", "M", "N", "P", "Z"]), max_size=12))
@example("\u037a")
@example("\ufe70?")
def test_any_question_can_be_asked(question: str) -> None:
    asked = asks(question)
    assert asked == asks(question + " ")
    assert asked.tells or asked == NOTHING or (asked.kind and not asked.labels)
