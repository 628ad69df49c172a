"""The table of column names, and what is decided by name, policy and contents."""

from __future__ import annotations

import io
import tomllib
from collections import defaultdict
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tabular_support import both, cleaned, text_of, treatment, with_columns

from curator.core.errors import ItemError
from curator.scrub.policy import Claim, load_policy
from curator.scrub.policy.load import folded_column, table_digests
from curator.scrub.tabular.delimited import Delimited
from curator.scrub.tabular.plan import Plan, decide
from curator.scrub.tabular.roles import Role, known_names, spec_of, squeezed, written


def plan_of(rows: list[list[str]], policy: object = "safe-harbor") -> Plan:
    return decide(Delimited(io.BytesIO(text_of(rows))), treatment(policy))  # type: ignore[arg-type]


def test_the_table_has_many_names_and_gives_each_one_role() -> None:
    data = resources.files("curator.scrub.tabular").joinpath("data")
    raw, models = (
        tomllib.loads(data.joinpath(name).read_text("utf-8")) for name in ("column_roles.toml", "model_columns.toml")
    )
    roles = defaultdict(set)
    for entry in (*raw["columns"], *models["columns"]):
        for name in entry["names"].split():
            roles[squeezed(name)].add((entry["role"], entry.get("domain"), entry.get("who"), entry.get("part")))
    assert {name: found for name, found in roles.items() if len(found) > 1} == {}
    trials = {
        domain + variable
        for role, listed in raw["sdtm"].items()
        if role != "domains"
        for variable in listed.split()
        for domain in raw["sdtm"]["domains"].split()
    }
    assert known_names() == len(set(roles) | trials)
    assert len(roles) > 2000


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("PatientID", Role.PSEUDONYM), ("PAT_MRN_ID", Role.PSEUDONYM), ("person_id", Role.PSEUDONYM),
        ("subject_id", Role.PSEUDONYM), ("PATID", Role.PSEUDONYM), ("patient_num", Role.PSEUDONYM),
        ("hadm_id", Role.CODE), ("visit_occurrence_id", Role.CODE), ("ENCOUNTERID", Role.CODE),
        ("PAT_ENC_CSN_ID", Role.CODE), ("AccessionNumber", Role.CODE), ("provider_npi", Role.CODE),
        ("StudyInstanceUID", Role.UID), ("Nachname", Role.NAME), ("apellidos", Role.NAME), ("prénom", Role.NAME),
        ("fecha_nacimiento", Role.BIRTH_DATE), ("Geburtsdatum", Role.BIRTH_DATE), ("birth_datetime", Role.BIRTH_DATE),
        ("year_of_birth", Role.YEAR), ("month_of_birth", Role.DROP), ("charttime", Role.DATE),
        ("measurement_datetime", Role.DATE), ("RESULT_DATE", Role.DATE), ("zip_code", Role.ZIP3), ("PLZ", Role.ZIP3),
        ("ssn", Role.DROP), ("Téléphone portable", Role.DROP), ("latitude", Role.DROP), ("MBI", Role.DROP),
        ("NOTE_TEXT", Role.TEXT), ("Befundtext", Role.TEXT), ("value_as_string", Role.TEXT),
        ("value_as_number", Role.KEEP), ("measurement_concept_id", Role.KEEP), ("dx12", Role.KEEP),
        ("SliceThickness", Role.KEEP), ("first_creatinine", Role.KEEP), ("anchor_age", Role.AGE),
        ("FIRST", Role.NAME), ("LAST", Role.NAME), ("MAIDEN", Role.NAME), ("START", Role.DATE), ("STOP", Role.DATE),
        ("first date", Role.DATE), ("last_visit_date", Role.DATE), ("REASONDESCRIPTION", Role.TEXT),
        ("USUBJID", Role.PSEUDONYM), ("BRTHDTC", Role.BIRTH_DATE), ("AESTDTC", Role.DATE), ("LBORRES", Role.TEXT),
        ("LBSTRESN", Role.KEEP), ("AEDECOD", Role.KEEP), ("INVNAM", Role.NAME), ("AESPID", Role.CODE),
        ("age_months", Role.AGE), ("State", Role.KEEP), ("city", Role.GENERALIZE), ("soundex", Role.DROP),
    ],
)  # fmt: skip
def test_names_of_usual_exports_have_their_roles(name: str, role: Role) -> None:
    spec = spec_of(name)
    assert spec is not None
    assert spec.role is role


@pytest.mark.parametrize("name", ["", " ", "Quartermain", "dx_quartermain", "sodium 2021-03-04", "mrn_john", "___"])
def test_a_name_with_any_other_word_is_not_known(name: str) -> None:
    assert spec_of(name) is None


@given(st.text(max_size=30))
def test_what_is_written_for_a_known_name_is_made_of_the_tables_own_words(name: str) -> None:
    spec = spec_of(name)
    if spec is not None:
        made = written(name, spec)
        assert made == spec.place or folded_column(made) == folded_column(name)
        assert made.isprintable()


def test_accents_and_numbers_of_a_known_name_stay_apart_in_the_clean_file() -> None:
    rows = [["mrn", "diagnóstico 1", "diagnóstico 2", "DX1", "dx_2", "KÖRPERGRÖSSE"], ["1", "a", "b", "c", "d", "170"]]
    names = [one.name for one in plan_of(rows).columns]
    assert names == ["mrn", "diagnostico_1", "diagnostico_2", "DX1", "dx_2", "koerpergroesse"]


def test_an_unknown_column_is_dropped_and_counted_without_its_name() -> None:
    plan = plan_of([["mrn", "Aunt Wrenfield"], ["1", "x"]])
    assert [one.role for one in plan.columns] == [Role.PSEUDONYM, Role.DROP]
    assert plan.actions() == {("column", "unknown"): 1}
    assert "Wrenfield" not in repr(plan)


def test_the_policy_comes_before_the_table_and_the_contents() -> None:
    rows = [["mrn", "result", "Blood Group"], *[[str(at), "Nakamura", "A"] for at in range(30)]]
    assert plan_of(rows).columns[1].role is Role.DROP
    plan = plan_of(rows, with_columns('result = "code"\n"Blood group" = "keep"'))
    assert [(one.role, one.why) for one in plan.columns[1:]] == [(Role.CODE, "policy"), (Role.KEEP, "policy")]
    assert plan.columns[1].spec.domain == "result"


@pytest.mark.parametrize(
    ("values", "role", "why"),
    [
        (["2021-03-04", "2021-03-05"], Role.DATE, "holds dates"),
        (["1.2.3.4.5", "1.2.3.4.6"], Role.UID, "holds UIDs"),
        (["Nakamura", "Pemberton"], Role.DROP, "holds names"),
        (["734-555-0182", "negative", "x@y.example"], Role.DROP, "holds identifiers"),
        ([f"K{at:07}" for at in range(40)], Role.DROP, "holds numbers like IDs"),
        ([str(1_614_855_600 + at * 977) for at in range(40)], Role.DROP, "holds numbers like IDs"),
        (["The patient was seen again today and all of it was fine."], Role.TEXT, "holds free text"),
        (["5.4", "7", "<0.1", "negative"], Role.KEEP, "name"),
        (["E11.9", "I10"], Role.KEEP, "name"),
    ],
)
def test_contents_make_a_harmless_name_stricter(values: list[str], role: Role, why: str) -> None:
    rows = [["mrn", "result"], *[[str(at), values[at % len(values)]] for at in range(40)]]
    planned = plan_of(rows).columns[1]
    assert (planned.role, planned.why) == (role, why)


def test_contents_are_looked_at_over_the_whole_file() -> None:
    rows = [["mrn", "result"], *[[str(at), "1.5" if at < 6000 else "Pemberton"] for at in range(30_000)]]
    assert plan_of(rows).columns[1].role is Role.DROP


def test_long_codes_of_a_terminology_are_no_ids() -> None:
    rows = [["mrn", "snomed_code", "lab_loinc", "ndc"]]
    rows += [[str(at), ["44054006", "386661006"][at % 2], "2345-7", "00028215018"] for at in range(50)]
    out = cleaned(text_of(rows).decode())
    assert out[0] == {"mrn": out[0]["mrn"], "snomed_code": "44054006", "lab_loinc": "2345-7", "ndc": "00028215018"}


def test_a_city_becomes_its_state_only_where_the_table_has_one() -> None:
    with_state = cleaned("mrn,city,state\n1,Yellow Springs,OH\n2,Ypsilanti,Michigan\n3,Berlin,Brandenburg\n")
    assert [(one["city"], one["state"]) for one in with_state] == [("OH", "OH"), ("Michigan", "Michigan"), ("", "")]
    assert "city" not in cleaned("mrn,city,sex\n1,Yellow Springs,F\n")[0]


def test_weak_ids_name_the_patient_only_where_nothing_plainer_does() -> None:
    assert plan_of([["record_id", "sex"], ["1", "F"]]).columns[0].role is Role.PSEUDONYM
    assert plan_of([["record_id", "mrn"], ["1", "2"]]).columns[0].role is Role.CODE


@pytest.mark.parametrize(
    ("columns", "claim", "reasons"),
    [
        ('"Favorite color" = "keep"\nresult = "keep"', Claim.SAFE_HARBOR, 0),
        ('last_name = "drop"\nnotes = "keep"', Claim.SAFE_HARBOR, 0),
        ('"Last Name" = "keep"', Claim.EXPERT_DETERMINATION, 1),
        ('"Last Name" = "text"', Claim.EXPERT_DETERMINATION, 1),
        ('zip = "keep"\nadmit_date = "keep"\nage = "keep"', Claim.EXPERT_DETERMINATION, 3),
    ],
)
def test_keeping_a_column_that_holds_identifiers_costs_the_claim(columns: str, claim: Claim, reasons: int) -> None:
    policy = with_columns(columns)
    assert policy.claim is claim
    assert policy.loosened_columns == reasons
    assert len(policy.reasons) == bool(reasons)
    if reasons:
        assert policy.reasons[0].startswith(f"{reasons} columns")
        assert not [word for word in ("zip", "name", "admit") if word in policy.reasons[0].lower()]
        assert policy.needs_document == "determination"


def test_dates_that_are_kept_anyway_cost_nothing_more() -> None:
    assert with_columns('admit_date = "keep"', dates="keep").claim is Claim.LIMITED_DATA_SET
    assert with_columns('last_name = "keep"', dates="keep").claim is Claim.EXPERT_DETERMINATION


def test_what_the_policy_keeps_is_kept() -> None:
    out = cleaned("mrn,last_name,city\n1,Quartermain,Ypsilanti\n", with_columns('last_name = "keep"\ncity = "keep"'))
    assert (out[0]["last_name"], out[0]["city"]) == ("Quartermain", "Ypsilanti")


def test_the_table_is_part_of_the_policys_digest() -> None:
    assert "tabular/column_roles.toml" in dict(table_digests())
    assert load_policy("safe-harbor").digest != with_columns('x = "keep"').digest


def test_a_first_row_without_a_known_name_is_no_header() -> None:
    with pytest.raises(ItemError) as caught:
        plan_of([["Quartermain", "1951-03-04"], ["Fairweather", "1938-04-17"]])
    assert caught.value.code == "TAB-009"


PERSON, OTHER = "034e9e3b-2def-4559-bb2a-7850888ae060", "10339b10-3cd1-4ac3-ac13-ec26728cb592"


def test_uuids_of_listed_persons_are_their_numbers_and_join_all_tables() -> None:
    persons = text_of([["Id", "FIRST", "LAST"], [PERSON, "Ann", "Kowalska"], [OTHER, "Bo", "Quill"]])
    visits = text_of([["Id", "PATIENT", "START"], [OTHER[:-1] + "7", PERSON, "2020-01-02"]])
    results = text_of([["PATIENT", "ENCOUNTER", "VALUE"], [PERSON, OTHER[:-1] + "7", "4"]])
    found, _, _ = both(persons)
    assert [person.ids for person in found.people] == [(("mrn", "", PERSON),), (("mrn", "", OTHER),)]
    assert [person.ids for person in both(visits)[0].people] == [(("mrn", "", PERSON),)]
    (visit,) = cleaned(visits.decode())
    (result,) = cleaned(results.decode())
    assert visit["Id"] == result["ENCOUNTER"] != OTHER[:-1] + "7"


@pytest.mark.parametrize(
    "rows",
    [
        [["Id", "FIRST", "LAST"], ["1", "Ann", "Kowalska"], ["2", "Bo", "Quill"]],
        [["Id", "FIRST", "LAST"], [PERSON, "Ann", "Kowalska"], ["2", "Bo", "Quill"]],
        [["Id", "FIRST", "LAST"], ["", "Ann", "Kowalska"]],
        [["Id", "VALUE"], [PERSON, "4"]],
        [["Id", "MRN", "LAST"], [PERSON, "X55", "Kowalska"]],
    ],
)
def test_other_ids_are_no_persons_number(rows: list[list[str]]) -> None:
    assert plan_of(rows).columns[0].role is Role.CODE


def test_the_number_of_a_visit_in_a_trial_is_a_place_in_the_protocol() -> None:
    assert plan_of([["USUBJID", "VISITNUM"], ["S1", "2"]]).columns[1].role is Role.KEEP
    assert plan_of([["MRN", "VISITNUM"], ["S1", "2"]]).columns[1].role is Role.CODE


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("CONCEPT_CD", Role.KEEP), ("INSTANCE_NUM", Role.KEEP), ("LOCATION_CD", Role.CODE), ("SEX_CD", Role.KEEP),
        ("NAME_CHAR", Role.NAME), ("PATIENT_BLOB", Role.TEXT), ("STATECITYZIP_PATH", Role.DROP),
        ("PATIENT_IDE_SOURCE", Role.DROP), ("visit_source_value", Role.CODE), ("measurement_time", Role.DATE),
        ("episode_start_datetime", Role.DATE), ("unit_source_concept_id", Role.KEEP),
        ("care_site_source_value", Role.CODE),
        ("enter_provider_id", Role.CODE), ("scheduletime", Role.DATE), ("ab_name", Role.KEEP), ("poe_seq", Role.KEEP),
        ("obsgen_start_date", Role.DATE), ("raw_obsclin_result", Role.TEXT), ("address_street", Role.DROP),
        ("death_cause_code", Role.KEEP), ("vx_lot_num", Role.DROP), ("motherid", Role.CODE), ("vaxdate", Role.DATE),
        ("Nº Historia", Role.PSEUDONYM),
    ],
)  # fmt: skip
def test_columns_of_the_usual_data_models_are_known(name: str, role: Role) -> None:
    spec = spec_of(name)
    assert spec is not None
    assert spec.role is role


def test_codes_with_their_vocabulary_in_front_stay_and_what_they_say_of_the_person_does_not() -> None:
    codes = [
        "ICD9:427.31",
        "ICD10:E11.9",
        "LOINC:718-7",
        "NDC:00093105698",
        "DEM|AGE:62",
        "DEM|AGE:94",
        "DEM|ZIP:58103",
    ]
    rows = cleaned("patient_num,concept_cd\n" + "".join(f"{at},{code}\n" for at, code in enumerate(codes, 1)))
    assert [one["concept_cd"] for one in rows] == [*codes[:5], "DEM|AGE:90", "DEM|ZIP:581"]


def test_names_of_concepts_stay_and_names_of_providers_do_not() -> None:
    concepts = cleaned('concept_cd,name_char\nICD9:401.9,"Hypertension, unspecified"\nLOINC:718-7,Hemoglobin\n')
    assert [one["name_char"] for one in concepts] == ["Hypertension, unspecified", "Hemoglobin"]
    providers = cleaned('provider_id,name_char\n1,"Zschocke, Ottoline"\n2,Zebulon Thrupp\n')
    assert [one["name_char"] for one in providers] == ["[NAME]", "[NAME]"]


def test_the_stage_of_a_tumor_holds_no_day() -> None:
    rows = cleaned("mrn,tnm\nA,pT2 pN1a(2/14) M0\nB,ypT1c N0(sn) Mx G2 R0\nC,pT2c\nD,seen 2/14\n" + "E,T1\n" * 4)
    assert [one["tnm"] for one in rows] == ["pT2 pN1a(2/14) M0", "ypT1c N0(sn) Mx G2 R0", "pT2c", "seen [DATE]"] + [
        "T1"
    ] * 4
