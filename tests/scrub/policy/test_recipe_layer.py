"""What needs no parser: recipes without deid, decisions read back, filters, fixed values, and field names."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recipe_support import HEAD
from scrub_support import coder, made, read, subject, write

from curator.core.errors import IntegrityError, UsageError
from curator.release.rules import read_policy
from curator.scrub.dicom.decide import effective_vr
from curator.scrub.dicom.filters import holds_back
from curator.scrub.dicom.fixed import fixed_value, unfit
from curator.scrub.dicom.private_table import PrivateRow
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.dicom.tree import Node
from curator.scrub.policy import Claim, load_policy
from curator.scrub.policy.fields import FieldError, exact_tag, select
from curator.scrub.policy.layer import Check, Label, Recipe, recipe_of
from curator.scrub.policy.load import policy_document
from curator.scrub.policy.recipe import with_recipe

MODALITY, MAKER, STATION = 0x00080060, 0x00080070, 0x00081010


def test_without_deid_a_recipe_is_refused_with_the_way_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("deid", "deid.config", "deid.logger"):
        monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / "r"
    path.write_text(HEAD + "REMOVE Manufacturer\n")
    with pytest.raises(UsageError, match="POL-020") as caught:
        load_policy("safe-harbor", recipe=path)
    assert "curator[deid]" in caught.value.hint


def test_nothing_imports_deid_without_a_recipe() -> None:
    code = (
        "import sys; from curator.scrub.policy import load_policy; load_policy('safe-harbor').claim; "
        "print('deid' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_document_with_an_unknown_action_is_no_policy() -> None:
    policy = load_policy("safe-harbor")
    document = policy_document(policy)
    assert read_policy(document) == policy
    nothing = b'"recipe":null'
    assert nothing in document
    for raw in (b'{"attributes":[["00080080","let-it-be"]]', b'{"attributes":[["00080080","keep"]]'):
        rest = b',"added":[],"filters":[],"searched":[],"texts":[]}'
        changed = document.replace(nothing, b'"recipe":' + raw + rest)
        if b"keep" in raw:
            assert read_policy(changed).claim is Claim.EXPERT_DETERMINATION
        else:
            with pytest.raises(IntegrityError, match="REL-010"):
                read_policy(changed)


def test_a_document_with_options_comes_back_with_its_claim_and_one_with_others_is_none() -> None:
    policy = replace(load_policy("safe-harbor"), options=())
    document = policy_document(policy)
    assert b'"options":[]' in document
    kept = read_policy(document.replace(b'"options":[]', b'"options":["retain_uids"]'))
    assert (kept.claim, kept.codes[-1]) == (Claim.EXPERT_DETERMINATION, "113110")
    with pytest.raises(IntegrityError, match="REL-010"):
        read_policy(document.replace(b'"options":[]', b'"options":["retain_everything"]'))


def test_a_table_of_private_attributes_comes_back_from_the_document() -> None:
    rows = (
        PrivateRow("acme 1.0", 0x0029, 0x10, ("LO", "SH"), True, ("UT",), (1, None), (("acme 1.0", 0x0029, 0x20),)),
        PrivateRow("acme 1.0", 0x0029, 0x11, (), False),
    )
    policy = replace(load_policy("safe-harbor"), private=rows, options=("retain_safe_private",))
    back = read_policy(policy_document(policy))
    assert back.decisions() == policy.decisions()
    assert (back.claim, back.reasons) == (policy.claim, policy.reasons)
    assert back.claim is Claim.EXPERT_DETERMINATION


def test_a_recipe_comes_back_from_its_decisions() -> None:
    recipe = Recipe(
        attributes=((MAKER, "fixed"), (STATION, "shift-kept")),
        texts=((MAKER, "Acme"),),
        added=((0x00204000, "x"),),
        searched=((STATION, "^", 3),),
        labels=(Label(False, (("and", (Check("and", "contains", MODALITY, "CT|MR"),)),)),),
    )
    assert recipe_of(recipe.decisions()) == recipe


def checks(*parts: tuple[str, str, int, str]) -> tuple[Check, ...]:
    return tuple(Check(*part) for part in parts)


def node(tag: int, value: str, vr: str = "LO") -> Node:
    return Node(tag, vr, value.encode())


@pytest.mark.parametrize(
    ("lines", "held"),
    [
        ((("and", checks(("and", "equals", MODALITY, "ct"))),), True),
        ((("and", checks(("and", "equals", MODALITY, "c"))),), False),
        ((("and", checks(("and", "contains", MODALITY, "^c"))),), True),
        ((("and", checks(("and", "notcontains", MODALITY, "c"))),), False),
        ((("and", checks(("and", "notequals", MAKER, "x"))),), True),
        ((("and", checks(("and", "missing", MAKER, ""))),), True),
        ((("and", checks(("and", "present", MODALITY, ""))),), True),
        ((("and", checks(("and", "empty", STATION, ""))),), True),
        ((("and", checks(("and", "empty", MAKER, ""))),), False),
        ((("and", checks(("and", "equals", MODALITY, "MR"), ("or", "empty", STATION, ""))),), True),
        ((("and", checks(("and", "equals", MODALITY, "CT"), ("and", "present", MAKER, ""))),), False),
        # Lines are joined from the first to the last, by the operator that stands before each of them.
        ((("and", checks(("and", "present", MAKER, ""))), ("or", checks(("and", "equals", MODALITY, "CT")))), True),
        ((("and", checks(("and", "equals", MODALITY, "CT"))), ("and", checks(("and", "present", MAKER, "")))), False),
    ],
)  # fmt: skip
def test_a_filter_holds_back_what_it_says(lines: tuple[tuple[str, tuple[Check, ...]], ...], held: bool) -> None:
    top = {one.tag: one for one in (node(MODALITY, "CT", "CS"), node(STATION, "", "SH"))}
    assert holds_back((Label(False, lines),), top) is held
    assert not holds_back((Label(True, lines),), top)


def test_several_values_are_asked_one_by_one_and_as_a_whole() -> None:
    top = {0x00080008: node(0x00080008, "DERIVED\\SECONDARY\\AXIAL", "CS")}
    for action, text, held in (
        ("equals", "SECONDARY", True),
        ("equals", "DERIVED\\SECONDARY\\AXIAL", True),
        ("contains", "^AX", True),
        ("contains", "DERIVED.SECONDARY", True),
        ("equals", "AX", False),
    ):
        label = Label(False, (("and", checks(("and", action, 0x00080008, text))),))
        assert holds_back((label,), top) is held


@pytest.mark.parametrize(
    ("text", "vr", "value"),
    [
        ("Trial A", "LO", b"Trial A"),
        ("lower", "CS", None),
        ("ONE\\TWO", "CS", b"ONE\\TWO"),
        ("20200101", "DA", b"20200101"),
        ("20201301", "DA", None),
        ("x" * 65, "LO", None),
        ("12", "IS", b"12"),
        ("12 mm", "DS", None),
        ("1.2.3", "UI", b"1.2.3"),
        ("name", "UI", None),
        ("2\\3", "US", b"\2\0\3\0"),
        ("70000", "US", None),
        ("0.5", "FD", b"\0\0\0\0\0\0\xe0\x3f"),
        ("045Y", "AS", b"045Y"),
        ("text", "OB", None),
        ("text", "SQ", None),
        ("Zoë", "LO", None),
        ("a\nb", "LT", None),
        (" ", "LO", None),
    ],
)
def test_a_fixed_text_must_fit(text: str, vr: str, value: bytes | None) -> None:
    assert fixed_value(text, vr, little=True) == value


def test_a_fixed_text_in_the_form_of_an_identifier_is_refused() -> None:
    for text in ("jane@example.org", "123-45-6789", "Dr. Quillfeather", "(734) 555-0199", "1957-03-11", "92 years old"):
        assert "form of an identifier" in unfit(STATION, text, "LO")
    for text in ("MRN 4829137", "Patient ID: 4829137", "acct 123456789", "48109", "Ann Arbor, MI 48109", "48109-1234"):
        assert "form of an identifier" in unfit(STATION, text, "LO")
    for text in ("Site A", "CT01", "MRN removed", "00000", "Study 12345", "Arm B 20 mg"):
        assert unfit(STATION, text, "SH") == ""
    assert unfit(0x00080020, "20200101", "DA") == ""


@pytest.mark.parametrize(
    ("keyword", "text", "why"),
    [
        ("StudyDate", "20191204", "full date"),
        ("StudyDate", "20190101", ""),
        ("AcquisitionDateTime", "20191204131415", "full date"),
        ("AcquisitionDateTime", "201912", "full date"),
        ("AcquisitionDateTime", "2019", ""),
        ("PatientBirthDate", "19280101", "birth date"),
        ("PatientAge", "095Y", "age over 89"),
        ("PatientAge", "045Y", ""),
        ("OperatorsName", "X^Y", "form of an identifier"),
        ("OperatorsName", "Stravinskov^Igor", "form of an identifier"),
        ("OperatorsName", "Mercy", "form of an identifier"),
        ("OperatorsName", "JD", "form of an identifier"),
        ("OperatorsName", "Reader 1", ""),
        ("ReferringPhysicianName", "ANONYMOUS", ""),
        ("PatientComments", "seen by Igor Stravinskov", "form of an identifier"),
        ("PatientComments", "lives in Boston", "form of an identifier"),
        ("PatientComments", "read at the core lab, visit 2", ""),
        ("InstitutionName", "Mercy General Hospital", "form of an identifier"),
        ("InstitutionName", "Quillfeather", "form of an identifier"),
        ("InstitutionName", "Trial Site B", ""),
        ("ClinicalTrialSponsorName", "Acme Pharma Inc", ""),
        ("ClinicalTrialProtocolID", "NCT01234567", ""),
        ("StationName", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "longer than the 16"),
        ("StationName", "CT\\MR", "so many values"),
        ("PixelSpacing", "1", "so many values"),
        ("ImageType", "DERIVED\\SECONDARY", ""),
        ("PatientSex", "Q", "terms of the standard"),
        ("PatientSex", "O", ""),
        ("FrameOfReferenceUID", "1.02.3", "valid UID"),
    ],
)  # fmt: skip
def test_a_fixed_text_of_any_kind_tells_of_nobody(keyword: str, text: str, why: str) -> None:
    tag = exact_tag(keyword)
    assert tag is not None
    said = unfit(tag, text, effective_vr(tag, None)[0])
    assert why in said if why else said == ""


@given(st.text(max_size=40), st.sampled_from(["LO", "CS", "DA", "US", "FD", "UI", "SQ", "OB", "AS", "IS", "PN"]))
def test_no_text_makes_the_fitting_fail(text: str, vr: str) -> None:
    value = fixed_value(text, vr, little=False)
    assert value is None or text.isascii()


@given(st.text(max_size=40))
def test_no_expression_makes_the_selection_fail_otherwise(text: str) -> None:
    for field in (text, f"contains:{text}", f"except:{text}", f"select:{text}", f"fields:{text}"):
        with contextlib.suppress(FieldError):
            assert select(field, {}).tags


def test_attributes_are_found_by_every_spelling() -> None:
    for name in ("StudyDate", "studydate", "(0008,0020)", "00080020", "0x00080020", '"Study Date"'):
        assert exact_tag(name) == 0x00080020
    assert exact_tag("00291010") is None


def test_a_parsed_recipe_is_laid_over_without_the_parser() -> None:
    lines = [
        {"action": "REPLACE", "field": "InstitutionName", "value": "Site A"},
        {"action": "KEEP", "field": "StudyID"},
    ]
    policy = with_recipe(load_policy("safe-harbor"), {"format": "dicom", "header": lines})
    assert policy.reasons == ("attribute (0020,0010) is kept",)
    data = rewrite(write(made(InstitutionName="Other", StudyID="7")), subject(), policy, coder, accepted=False)
    clean = read(data.data)
    assert (clean.InstitutionName, clean.StudyID) == ("Site A", "7")
    assert clean.DeidentificationMethod[3] == "not Safe Harbor: expert determination needed"
    assert "DeidentificationMethodCodeSequence" not in clean
    assert ("InstitutionName", "replaced", 1) in data.actions
