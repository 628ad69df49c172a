"""The decision function over the whole dictionary: pure, type-safe, and strict where no rule speaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import datadict
from scrub_support import policy as bundled

from curator.scrub.dicom.decide import DATE_VRS, Act, Context, decide, effective_vr
from curator.scrub.dicom.rules import row_of, supplement
from curator.scrub.policy import Policy, load_policy
from curator.scrub.policy.load import parse_policy

DICTIONARY = datadict.DicomDictionary
TOP, NESTED = Context(), Context(nested=True)
GONE = {Act.REMOVE, Act.EMPTY, Act.DUMMY}
POLICY = """
format = 1
name = "own"
title = "Own"
[options]
dates = "{dates}"
ages = "cap"
patient_characteristics = {patient}
[attributes]
{attributes}
"""


def policy() -> Policy:
    """Safe Harbor without the options that clean and retain more than patient characteristics and dates."""
    return replace(bundled(), options=())


def own(dates: str = "year", patient: bool = True, **attributes: str) -> object:
    lines = "\n".join(f'"{tag[1:]}" = "{action}"' for tag, action in attributes.items())
    return parse_policy(POLICY.format(dates=dates, patient=str(patient).lower(), attributes=lines))


def test_every_row_of_the_basic_profile_that_is_x_is_removed_unless_an_option_speaks() -> None:
    for tag, entry in DICTIONARY.items():
        row = row_of(tag)
        if row is not None and row.basic == "X" and not row.options:
            assert decide(tag, entry[0].split(" ")[0], TOP, policy()).act is Act.REMOVE


def test_no_attribute_that_the_table_replaces_keeps_its_value() -> None:
    for tag, entry in DICTIONARY.items():
        row = row_of(tag)
        if row is None or row.options.get("patient") == "K":
            continue
        action = decide(tag, entry[0].split(" ")[0], TOP, policy())
        allowed = GONE | {Act.UID, Act.DATE, Act.PERSON}
        if "U" in row.basic or tag in supplement().walked:
            allowed |= {Act.WALK}
        assert action.act in allowed, entry[4]
        removable = entry[4] in {
            *("EncapsulatedDocument", "ContentSequence", "ReferencedPerformedProcedureStepSequence"),
            "GraphicAnnotationSequence",
        } or (entry[0], row.basic) == ("SQ", "X/D")
        if "D" in row.basic and action.act in GONE and not removable:
            assert action.act is Act.DUMMY, entry[4]


@pytest.mark.parametrize("vr", ["ST", "LT", "UT", "UC", "UR", "AE", "PN"])
def test_free_text_that_no_rule_names_never_stays(vr: str) -> None:
    exempt = {0x00080119, 0x20100010}  # long code values, display formats: codes, compared with what is known
    for tag, entry in DICTIONARY.items():
        if entry[0] == vr and tag not in exempt:
            assert decide(tag, vr, TOP, policy()).act in GONE | {Act.PERSON}, entry[4]


def test_dates_times_and_uids_are_handled_by_their_vr_even_when_no_row_names_them() -> None:
    for tag, entry in DICTIONARY.items():
        for context in (TOP, NESTED):
            action = decide(tag, entry[0], context, policy())
            if entry[0] in DATE_VRS:
                assert action.act in GONE | {Act.DATE}, entry[4]
            if entry[0] == "UI":
                assert action.act in GONE | {Act.UID}, entry[4]
            if entry[0] == "SQ":
                assert action.act in GONE | {Act.WALK}, entry[4]


@given(
    st.integers(0, 0xFFFFFFFF), st.sampled_from([None, "UN", "LO", "PN", "SQ", "OB", "US", "DA", "??"]), st.booleans()
)
def test_unknown_and_private_attributes_are_removed_whatever_they_claim_to_be(
    tag: int, vr: str | None, deep: bool
) -> None:
    action = decide(tag, vr, Context(nested=deep), policy())
    assert action == decide(tag, vr, Context(nested=deep), policy())
    group = tag >> 16
    unknown = tag not in DICTIONARY and row_of(tag) is None
    if group % 2 or unknown or not tag & 0xFFFF or group in {0, 2, 4}:
        assert action.act is Act.REMOVE


@pytest.mark.parametrize(
    ("tag", "vr", "context", "expected"),
    [
        (0x00100010, "PN", TOP, Act.PERSON),
        (0x00100020, "LO", TOP, Act.PERSON),
        (0x00100010, "PN", NESTED, Act.EMPTY),
        (0x00100020, "LO", NESTED, Act.DUMMY),
        (0x00100040, "CS", TOP, Act.KEEP),
        (0x00101010, "AS", TOP, Act.DATE),
        (0x00100030, "DA", TOP, Act.DATE),
        (0x00100032, "TM", TOP, Act.REMOVE),
        (0x00102110, "LO", TOP, Act.REMOVE),  # an option that would have to clean text takes the basic action
        (0x00081140, "SQ", TOP, Act.WALK),
        (0x00082218, "SQ", TOP, Act.WALK),
        (0x7FE00010, "OW", TOP, Act.PIXELS),
        (0x7FE00010, "OW", NESTED, Act.REMOVE),
        (0x00282000, "OB", TOP, Act.ICC),
        (0x00281201, "OW", TOP, Act.KEEP),
        (0x00700256, "OB", TOP, Act.REMOVE),
        (0x00420011, "OB", TOP, Act.REMOVE),
        (0x00420011, "OB", Context(document=True), Act.PIXELS),
        (0x00420011, "OB", Context(nested=True, document=True), Act.REMOVE),
        (0x00080201, "SH", TOP, Act.REMOVE),
        (0x00080070, "LO", TOP, Act.KEEP),
        (0x00180050, "DS", TOP, Act.KEEP),
        (0x00280010, "US", TOP, Act.KEEP),
        (0x00080010, "SH", TOP, Act.REMOVE),  # retired text
    ],
)
def test_single_decisions_under_safe_harbor(tag: int, vr: str, context: Context, expected: Act) -> None:
    assert decide(tag, vr, context, policy()).act is expected


def test_a_vr_of_another_kind_than_the_dictionarys_is_not_believed() -> None:
    assert effective_vr(0x00280010, "LO") == ("US", True)
    assert effective_vr(0x00080070, "OB") == ("LO", True)
    assert effective_vr(0x00189080, "LO") == ("ST", False)
    assert effective_vr(0x00080020, "LO") == ("DA", False)
    assert effective_vr(0x00080070, "PN") == ("PN", False)
    assert effective_vr(0x00280106, None) == ("US", False)
    assert decide(0x00080070, "OB", TOP, policy()).act is Act.REMOVE


def test_without_patient_characteristics_they_take_the_basic_action() -> None:
    bare = own(patient=False)
    assert decide(0x00101010, "AS", TOP, bare).act is Act.REMOVE  # type: ignore[arg-type]
    assert decide(0x00100040, "CS", TOP, bare).act is Act.EMPTY  # type: ignore[arg-type]


def test_with_dates_removed_each_takes_its_basic_action() -> None:
    bare = own(dates="remove")
    assert decide(0x00080020, "DA", TOP, bare).act is Act.EMPTY  # type: ignore[arg-type]
    assert decide(0x00100030, "DA", TOP, bare).act is Act.EMPTY  # type: ignore[arg-type]
    assert decide(0x0008002A, "DT", TOP, bare).act is Act.DUMMY  # type: ignore[arg-type]
    assert decide(0x0072000A, "DT", TOP, bare).act in GONE  # type: ignore[arg-type]


def test_a_policy_may_be_stricter_or_looser_about_one_attribute() -> None:
    changed = own(t00080070="remove", t00080080="keep", t00100040="dummy")
    assert decide(0x00080070, "LO", TOP, changed).act is Act.REMOVE  # type: ignore[arg-type]
    assert decide(0x00080080, "LO", TOP, changed).act is Act.KEEP  # type: ignore[arg-type]
    assert decide(0x00100040, "CS", TOP, changed).act is Act.DUMMY  # type: ignore[arg-type]


def test_policies_that_keep_clock_times_keep_the_time_zone() -> None:
    for name in ("expert", "limited-dataset"):
        assert decide(0x00080201, "SH", TOP, load_policy(name)).act is Act.KEEP


@pytest.mark.parametrize(
    ("tag", "vr", "expected"),
    [
        (0x00081030, "LO", Act.CLEAN),  # a row of the table that the option cleans
        (0x00102110, "LO", Act.CLEAN),
        (0x00180010, "LO", Act.CLEAN),
        (0x00189423, "LO", Act.CLEAN),  # staff text of the supplement
        (0x00080010, "SH", Act.CLEAN),  # retired text
        (0x00080070, "LO", Act.SCREEN),
        (0x00080100, "SH", Act.KEEP),
        (0x0040A730, "SQ", Act.CONTENT),
        (0x00400555, "SQ", Act.CONTENT),
        (0x00700001, "SQ", Act.WALK),
        (0x60003000, "OW", Act.REMOVE),
        (0x50003000, "OW", Act.REMOVE),
        (0x00181000, "LO", Act.DUMMY),
        (0x00080080, "LO", Act.DUMMY),
    ],
)
def test_what_the_bundled_policy_cleans(tag: int, vr: str, expected: Act) -> None:
    assert decide(tag, vr, TOP, bundled()).act is expected


@pytest.mark.parametrize(
    ("option", "tag", "vr", "expected"),
    [
        ("retain_device_identity", 0x00181000, "LO", Act.KEEP),
        ("retain_device_identity", 0x00181002, "UI", Act.UID),
        ("retain_institution_identity", 0x00080080, "LO", Act.KEEP),
        ("retain_institution_identity", 0x00080081, "ST", Act.KEEP),
        ("retain_uids", 0x0020000D, "UI", Act.UID),
        ("clean_descriptors", 0x00081030, "LO", Act.CLEAN),
        ("clean_graphics", 0x00700001, "SQ", Act.WALK),
        ("clean_structured_content", 0x0040A730, "SQ", Act.CONTENT),
    ],
)
def test_each_option_does_its_own_and_nothing_without_it(option: str, tag: int, vr: str, expected: Act) -> None:
    alone = decide(tag, vr, TOP, replace(bundled(), options=(option,)))
    assert alone.act is expected
    assert decide(tag, vr, TOP, policy()) != alone


@pytest.mark.parametrize(
    ("tag", "context", "expected"),
    [
        (0x00700001, TOP, Act.REMOVE),  # a presentation state without its graphics is valid, one with none is not
        (0x0040B020, TOP, Act.REMOVE),
        (0x00400555, TOP, Act.EMPTY),  # Type 2 in the module that it is in
        (0x00081111, TOP, Act.REMOVE),  # Type 1C or 3 in images
        (0x00081111, Context(report=True), Act.EMPTY),  # Type 2 in the series module of reports
        (0x00081111, Context(nested=True, report=True), Act.REMOVE),
        (0x00081110, Context(report=True), Act.REMOVE),
    ],
)
def test_sequences_go_or_lose_their_items_as_modules_allow(tag: int, context: Context, expected: Act) -> None:
    alone = replace(policy(), options=())
    assert decide(tag, "SQ", context, alone).act is expected


@pytest.mark.parametrize(
    ("tag", "vr", "expected"),
    [
        (0x00181250, "SH", Act.DUMMY),  # Type 1 in Enhanced MR
        (0x00189041, "LO", Act.EMPTY),  # Type 2 there
        (0x00209056, "SH", Act.DUMMY),
        (0x300A00C2, "LO", Act.DUMMY),
        (0x300A01B8, "SH", Act.EMPTY),
        (0x00201040, "LO", Act.EMPTY),
        (0x00180024, "SH", Act.REMOVE),  # optional wherever it is
    ],
)
def test_a_text_of_which_nothing_is_left_leaves_what_its_type_needs(tag: int, vr: str, expected: Act) -> None:
    for nested in (False, True):
        assert decide(tag, vr, Context(nested=nested), bundled()).fallback is expected


def test_whoever_extended_a_context_group_gets_a_new_uid() -> None:
    assert decide(0x0008010D, "UI", NESTED, policy()).act is Act.UID
