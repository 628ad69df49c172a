"""Every option of PS3.15 Annex E alone and combined: codes, claim, decisions and markers, computed a second time here.

The expectations are read from Table E.1-1's columns by this file alone; it shares no code with the decision function.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import datadict
from pydicom.dataset import Dataset
from scrub_support import coder, made, read, subject, write

from curator.scrub.dicom.decide import Context, decide
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.policy import Policy
from curator.scrub.policy.load import parse_policy
from curator.scrub.policy.model import OPTIONS

#: CID 7050, written here once more.
CODES = {
    "clean_graphics": "113103",
    "clean_structured_content": "113104",
    "clean_descriptors": "113105",
    "retain_device_identity": "113109",
    "retain_uids": "113110",
    "retain_safe_private": "113111",
    "retain_institution_identity": "113112",
}
BEYOND = {"retain_device_identity", "retain_uids", "retain_institution_identity"}
DATES = {"DA", "TM", "DT", "AS"}
BYTES = {"OB", "OW", "OF", "OD", "OL", "OV", "UN"}
#: Sequences of action D that an empty one would make invalid: content items, and those who verified a report.
SEQUENCES = {
    0x0040A730: "remove",
    0x00081111: "remove",
    0x00700001: "remove",
    0x00400555: "empty",
    0x0040A073: "walk",
}
PROSE = {"LO", "LT", "SH", "ST", "UC", "UT"}
TEXT = """format = 1
name = "own"
title = "Own"
[options]
dates = "{dates}"
ages = "{ages}"
patient_characteristics = {patient}
{options}
"""


@cache
def own(dates: str = "year", ages: str = "cap", patient: bool = True, options: frozenset[str] = frozenset()) -> Policy:
    lines = "\n".join(f"{name} = true" for name in sorted(options))
    return parse_policy(TEXT.format(dates=dates, ages=ages, patient=str(patient).lower(), options=lines))


@cache
def rows() -> list[tuple[int, str, str, dict[str, str]]]:
    """(tag, VR, basic action, columns) of each row with one tag, from the data file itself."""
    text = resources.files("curator.scrub.dicom").joinpath("data", "ps315_e1_1.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    found = []
    for tag, _, basic, *cells in lines[1:]:
        if "x" not in tag.lower() and tag != "ODD":
            entry = datadict.DicomDictionary.get(int(tag, 16))
            vr = entry[0].split(" or ")[0] if entry else "UN"
            found.append((int(tag, 16), vr, basic, dict(zip(lines[0][3:], cells, strict=True))))
    return found


def basic_act(basic: str, vr: str) -> str:
    # No item is a dummy that every module allows for a sequence, so X is taken of X/D and X/Z.
    if basic == "X" or (basic in {"X/D", "X/Z"} and vr == "SQ"):
        return "remove"
    if basic in {"Z", "X/Z"}:
        return "empty"
    if "U" in basic:
        return {"SQ": "walk", "UI": "uid"}.get(vr, "remove")
    return "uid" if vr == "UI" else "dummy"


def kept_acts(vr: str, dates: str) -> set[str]:
    if vr == "SQ":
        return {"walk"}
    if vr in DATES:
        return {"date"} if vr == "AS" or dates != "remove" else {"empty"}
    if vr in BYTES:
        return {"keep", "remove"}
    return {"uid"} if vr == "UI" else {"keep", "clean", "screen"}


def wanted(tag: int, vr: str, basic: str, cells: dict[str, str], policy: Policy, *, nested: bool) -> set[str]:
    """What the columns of one row say under a policy."""
    if tag in {0x00100010, 0x00100020} and not nested:
        return {"person"}
    if tag == 0x00420011:
        return {"remove"}
    dates, on = policy.dates.value, set(policy.options)
    if vr in DATES and (cells["full_dates"] == "K" or tag == 0x00100030):
        return {basic_act(basic, vr)} if dates == "remove" else {"date"}
    if tag == 0x00080201 and dates in {"keep", "shift"}:
        return {"keep"}
    retained = (
        ("uids", "retain_uids"),
        ("device", "retain_device_identity"),
        ("institution", "retain_institution_identity"),
    )
    if any(cells[column] == "K" and option in on for column, option in retained):
        return {"SQ": {"walk"}, "UI": {"uid"}, "PN": {"dummy"}}.get(vr, {"remove"} if vr in BYTES else {"keep"})
    if cells["patient"] == "K" and policy.patient_characteristics:
        return kept_acts(vr, dates)
    cleaned = (
        (cells["descriptors"] and "clean_descriptors" in on)
        or (cells["structured"] and "clean_structured_content" in on)
        or (cells["graphics"] and "clean_graphics" in on)
        or (cells["patient"] and policy.patient_characteristics and "clean_descriptors" in on)
    )
    if not cleaned or vr in BYTES or vr in {"PN", "UR", "AE"}:
        return {SEQUENCES.get(tag) or basic_act(basic, vr)}
    if vr == "SQ":
        return {"walk", "content"}
    return {"clean"} if vr in PROSE else kept_acts(vr, dates)


def check_decisions(policy: Policy) -> None:
    for tag, vr, basic, cells in rows():
        for nested in (False, True):
            act = decide(tag, None, Context(nested=nested), policy).act.value
            assert act in wanted(tag, vr, basic, cells, policy, nested=nested), f"{tag:08X} {vr} {basic} {act}"


def codes_of(dates: str, patient: bool, options: frozenset[str]) -> list[str]:
    date = {"remove": [], "keep": ["113106"]}.get(dates, ["113107"])
    return sorted(["113100", *date, *(["113108"] if patient else []), *(CODES[one] for one in options)])


def claim_of(dates: str, ages: str, options: frozenset[str]) -> str:
    if options & BEYOND:
        return "expert-determination"
    if dates == "keep":
        return "limited-data-set"
    return "safe-harbor" if dates in {"remove", "year"} and ages == "cap" else "expert-determination"


def check(dates: str, ages: str, patient: bool, options: frozenset[str]) -> None:
    policy = own(dates, ages, patient, options)
    codes = codes_of(dates, patient, options)
    claim = claim_of(dates, ages, options)
    assert list(policy.codes) == codes
    assert policy.claim.value == claim
    assert bool(policy.reasons) is (claim != "safe-harbor")
    check_decisions(policy)
    clean = read(rewrite(write(made(StudyDate="20200310")), subject(), policy, coder, accepted=False).data)
    assert sorted(item.CodeValue for item in clean.DeidentificationMethodCodeSequence) == codes
    method = list(clean.DeidentificationMethod)
    assert method[2] == f"policy digest {policy.short_digest}"
    assert all(len(value) <= 64 for value in method)
    assert method[3:] == ([] if claim == "safe-harbor" else [policy.verdict])
    assert "StudyInstanceUID" in clean
    assert clean.LongitudinalTemporalInformationModified == policy.temporal


def test_the_options_are_those_of_the_standard_with_their_codes() -> None:
    assert OPTIONS == CODES
    assert len(rows()) > 600


@pytest.mark.parametrize("option", sorted(CODES))
def test_each_option_alone(option: str) -> None:
    check("year", "cap", True, frozenset({option}))
    check("year", "cap", False, frozenset({option}))
    assert own(options=frozenset({option})).digest != own().digest


@pytest.mark.parametrize("dates", ["remove", "year", "shift", "keep"])
@pytest.mark.parametrize("patient", [True, False])
def test_dates_and_patient_characteristics_alone(dates: str, patient: bool) -> None:
    check(dates, "cap", patient, frozenset())


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["remove", "year", "shift", "keep"]),
    st.sampled_from(["cap", "keep"]),
    st.booleans(),
    st.frozensets(st.sampled_from(sorted(CODES))),
)
def test_every_combination(dates: str, ages: str, patient: bool, options: frozenset[str]) -> None:
    check(dates, ages, patient, options)


@pytest.mark.parametrize("option", sorted(BEYOND))
def test_an_option_that_breaks_safe_harbor_says_why(option: str) -> None:
    policy = own(options=frozenset({option}))
    assert len(policy.reasons) == 1
    assert policy.reasons[0].endswith("are kept")
    assert policy.needs_document == "determination"
    assert own(dates="keep", options=frozenset({option})).claim.value == "expert-determination"


def test_each_option_changes_decisions_that_its_column_names() -> None:
    column = {
        "clean_descriptors": "descriptors",
        "clean_structured_content": "structured",
        "clean_graphics": "graphics",
        "retain_device_identity": "device",
        "retain_uids": "uids",
        "retain_institution_identity": "institution",
    }
    for option, name in column.items():
        policy = own(options=frozenset({option}))
        told = [
            decide(tag, None, Context(), policy) != decide(tag, None, Context(), own())
            for tag, _, _, cells in rows()
            if cells[name]
        ]
        assert any(told), option


def _institution(**people: str) -> Dataset:
    from curator.scrub.dicom.harvest import harvest

    source = write(
        made(
            InstitutionName="St. Brendan Regional Medical Center",
            InstitutionAddress="1420 Alder Creek Rd, Dunmore PA 18512",
            InstitutionalDepartmentName="Neuro Suite 4B",
            **people,
        )
    )
    policy = own(options=frozenset({"retain_institution_identity", "clean_descriptors"}))
    return read(rewrite(source, subject(known=harvest(source).known), policy, coder, accepted=True).data)


def test_name_and_address_of_an_institution_stay_where_its_identity_is_retained() -> None:
    new = _institution(PatientAddress="77 Wisteria Ln, Moosic PA 18507", StudyComments="lives at 77 Wisteria Ln")
    assert new.InstitutionName == "St. Brendan Regional Medical Center"
    assert new.InstitutionAddress == "1420 Alder Creek Rd, Dunmore PA 18512"
    assert new.InstitutionalDepartmentName == "Neuro Suite 4B"
    assert "PatientAddress" not in new
    assert "Wisteria" not in new.get("StudyComments", "")


def test_an_address_of_an_institution_that_is_the_patients_too_goes_all_the_same() -> None:
    assert "InstitutionAddress" not in _institution(PatientAddress="1420 Alder Creek Rd, Dunmore PA 18512")


def test_an_address_of_an_institution_is_searched_for_where_its_identity_is_not_retained() -> None:
    from curator.scrub.dicom.harvest import harvest

    source = write(made(InstitutionAddress="1420 Alder Creek Rd\r\nDunmore"))
    known = harvest(source).known
    assert ("institution_address", "1420 Alder Creek Rd\r\nDunmore") in known
    policy = own(options=frozenset({"clean_descriptors"}))
    data = write(made(StudyDescription="CT CHEST 1420 Alder Creek", SeriesDescription="CT DUNMORE"))
    new = read(rewrite(data, subject(known=known), policy, coder, accepted=True).data)
    assert (new.StudyDescription, new.SeriesDescription) == ("CT CHEST", "CT")
