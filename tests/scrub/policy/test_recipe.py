"""deid recipes by deid's own parser: each action is done as it says, more strictly, or refused with its place."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from recipe_support import HEAD, acts, layered, refused
from scrub_support import coder, made, read, stands_in, subject, write

from curator.core.errors import ItemError, UsageError
from curator.release.rules import read_policy
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.policy import Claim, Policy, load_policy
from curator.scrub.policy.load import policy_document

deid = pytest.importorskip("deid", reason="the extra 'deid' is not installed")


def scrubbed(policy: Policy, *, accepted: bool = False, **values: object) -> Dataset:
    return read(rewrite(write(made(**values)), subject(), policy, coder, accepted=accepted).data)


def test_each_action_becomes_a_decision(tmp_path: Path) -> None:
    policy = layered(
        tmp_path,
        HEAD + "REMOVE Manufacturer\nBLANK (0008,1090)\nKEEP StudyDescription # a comment\n"
        "REPLACE InstitutionName Trial Site A\nJITTER StudyDate 31\nADD ClinicalTrialProtocolID TRIAL-7\n",
    )
    assert acts(policy) == {
        "Manufacturer": "remove",
        "ManufacturerModelName": "empty",
        "StudyDescription": "keep",
        "InstitutionName": "fixed",
        "StudyDate": "shift",
    }
    clean = scrubbed(
        policy,
        Manufacturer="Acme",
        ManufacturerModelName="Model",
        StudyDescription="chest follow up",
        InstitutionName="Quillfeather Clinic",
        StudyDate="20200310",
        SeriesDate="20200310",
    )
    assert "Manufacturer" not in clean
    assert clean.ManufacturerModelName == ""
    assert clean.StudyDescription == "chest follow up"
    assert clean.InstitutionName == "Trial Site A"
    assert clean.StudyDate == "20200327"  # by the person's 17 days, not by the recipe's 31
    assert clean.SeriesDate == "20200101"
    assert clean.ClinicalTrialProtocolID == "TRIAL-7"


def test_the_claim_the_codes_and_the_digest_follow_what_a_recipe_decides(tmp_path: Path) -> None:
    base = load_policy("safe-harbor")
    strict = layered(tmp_path, HEAD + "REMOVE Manufacturer\nREPLACE InstitutionName Trial Site A\n")
    assert (strict.claim, strict.codes) == (Claim.SAFE_HARBOR, base.codes)
    kept = layered(tmp_path, HEAD + "KEEP StudyDescription\n")
    assert (kept.claim, kept.codes) == (Claim.EXPERT_DETERMINATION, ())
    assert kept.reasons == ("attribute (0008,1030) is kept",)
    moved = layered(tmp_path, HEAD + "JITTER StudyDate 3\n")
    assert (moved.claim, moved.codes) == (Claim.EXPERT_DETERMINATION, base.codes)
    assert moved.reasons == ("dates of 1 attributes are shifted, not reduced to the year",)
    other = layered(tmp_path, HEAD + "REPLACE InstitutionName Trial Site B\nREMOVE Manufacturer\n")
    assert len({one.digest for one in (base, strict, kept, moved, other)}) == 5
    assert layered(tmp_path, "# words\n" + HEAD + "KEEP  StudyDescription\n").digest == kept.digest


def test_a_policy_with_a_recipe_comes_back_from_its_document_without_the_parser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = layered(
        tmp_path,
        "FORMAT dicom\n%values who\nSPLIT PatientName by='^';minlength=3\n%filter blacklist\nLABEL x\n"
        "contains Modality OT|SC + present StationName\n|| missing Modality\n%header\nKEEP StudyDescription\n"
        "ADD StudyComments a trial\nREPLACE InstitutionName b\nJITTER StudyDate 3\nREMOVE values:who\n",
    )
    monkeypatch.setitem(sys.modules, "deid", None)
    monkeypatch.setitem(sys.modules, "deid.config", None)
    back = read_policy(policy_document(policy))
    assert back == policy
    assert (back.claim, back.codes, back.reasons) == (policy.claim, policy.codes, policy.reasons)


def test_keeping_what_the_policy_keeps_anyway_costs_nothing(tmp_path: Path) -> None:
    policy = layered(tmp_path, HEAD + "KEEP Modality\nKEEP Rows\nKEEP PixelData\nKEEP StudyDate\nKEEP PatientSex\n")
    assert policy.recipe is not None
    assert policy.recipe.attributes == ()
    assert policy.claim is Claim.SAFE_HARBOR
    assert scrubbed(policy, StudyDate="20200310").StudyDate == "20200101"


def test_keep_wins_over_remove_and_replace_over_jitter_whatever_their_order(tmp_path: Path) -> None:
    text = (
        HEAD
        + "KEEP StudyDescription\nREPLACE SeriesDate 20000101\nREMOVE ALL\nJITTER SeriesDate 4\nBLANK StationName\n"
    )
    policy = layered(tmp_path, text)
    found = acts(policy)
    assert (found["StudyDescription"], found["SeriesDate"], found["StationName"]) == ("keep", "fixed", "remove")
    clean = scrubbed(
        policy, StudyDescription="chest", SeriesDate="20200310", StationName="S1", BodyPartExamined="CHEST"
    )
    assert (clean.StudyDescription, clean.SeriesDate) == ("chest", "20000101")
    assert "StationName" not in clean
    assert "BodyPartExamined" not in clean


def test_removing_all_leaves_what_rules_always_handle(tmp_path: Path) -> None:
    clean = scrubbed(layered(tmp_path, HEAD + "REMOVE ALL\n"), StudyDate="20200310")
    kept = {element.keyword for element in clean}
    assert {"SOPInstanceUID", "SOPClassUID", "PatientID", "PatientName", "PixelData", "Rows", "BitsAllocated"} <= kept
    assert "Modality" not in kept
    assert clean.PatientID == "PABCDEFGHIJKLMNOP"
    assert clean.PixelData == made().PixelData


@pytest.mark.parametrize(
    ("field", "inside", "outside"),
    [
        ("contains:Physician", {"ReferringPhysicianName"}, {"OperatorsName"}),
        ("startswith:Performing", {"PerformingPhysicianName"}, {"ReferringPhysicianName"}),
        ("endswith:Description", {"StudyDescription", "SeriesDescription"}, {"StudyDescriptionCodeSequence"}),
        ("select:VR:TM", {"StudyTime"}, {"StudyDate"}),
        ("select:GROUP:0018", {"KVP", "ProtocolName"}, {"Modality"}),
        ("contains:^0008103e$", {"SeriesDescription"}, {"StudyDescription"}),
        ("fields:texts", {"StudyDescription", "KVP"}, {"Modality"}),
        ("except:Manufacturer", {"Modality"}, {"Manufacturer", "ManufacturerModelName"}),
        ("allexcept:Manufacturer|Modality", {"StationName"}, {"Modality", "Manufacturer"}),
        ("0x00080060", {"Modality"}, {"Manufacturer"}),
        ("seriesdescription", {"SeriesDescription"}, {"StudyDescription"}),
    ],
)
def test_field_expressions_name_the_attributes_that_they_say(
    tmp_path: Path, field: str, inside: set[str], outside: set[str]
) -> None:
    groups = "%fields texts\nFIELD StudyDescription\nFIELD (0018,0060)\n"
    found = acts(layered(tmp_path, f"FORMAT dicom\n{groups}%header\nREMOVE {field}\n"))
    assert inside <= set(found)
    assert not outside & set(found)


def test_functions_that_the_program_has_itself_are_taken_and_no_others(tmp_path: Path) -> None:
    policy = layered(
        tmp_path,
        HEAD + "REPLACE FrameOfReferenceUID func:uid\nREPLACE SOPInstanceUID deid_func:pydicom_uuid prefix=1.2.\n"
        "REPLACE OperatorsName func:pseudonym\nREPLACE PatientID func:pseudonym\n"
        "REPLACE StudyDate deid_func:jitter days=3\nJITTER SeriesDate var:jitter\nADD PatientIdentityRemoved YES\n",
    )
    assert acts(policy) == {
        "FrameOfReferenceUID": "uid",
        "OperatorsName": "pseudonym",
        "StudyDate": "shift",
        "SeriesDate": "shift",
    }
    clean = scrubbed(policy, OperatorsName="Quillfeather", FrameOfReferenceUID="1.2.3.4.5")
    assert clean.OperatorsName == "PABCDEFGHIJKLMNOP"
    assert clean.FrameOfReferenceUID == coder("1.2.3.4.5")
    for line in (
        "REPLACE StudyID var:Quillfeather",
        "ADD StudyID func:Quillfeather",
        "REPLACE StudyID deid_func:suffix_uuid",
    ):
        error = refused(tmp_path, HEAD + "BLANK StationName\n" + line + "\n")
        assert (error.code, error.facts["position"]) == ("POL-022", 2)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("KEEP PatientName", "POL-004"),
        ("REMOVE PatientID", "POL-004"),
        ("REPLACE PatientID Quillfeather", "POL-004"),
        ("ADD PatientName func:uid", "POL-004"),
        ("REPLACE SOPClassUID func:uid", "POL-004"),
        ("REPLACE Rows 5", "POL-004"),
        ("REMOVE PixelData", "POL-004"),
        ("KEEP StudyInstanceUID", "POL-004"),
        ("ADD PatientIdentityRemoved NO", "POL-004"),
        ("REMOVE Quillfeather", "POL-022"),
        ("REMOVE contains:Quillfeather", "POL-022"),
        ("REMOVE contains:(", "POL-022"),
        ("REMOVE contains:", "POL-022"),
        ("REMOVE sideways:Name", "POL-022"),
        ("REMOVE select:Quillfeather:DA", "POL-022"),
        ("REMOVE fields:Quillfeather", "POL-022"),
        ("REMOVE values:Quillfeather", "POL-022"),
        ('KEEP (0033,"Quillfeather",1E)', "POL-022"),
        ("KEEP (0029,1010)", "POL-022"),
        ("KEEP EncapsulatedDocument", "POL-022"),
        ("REMOVE StudyID func:Quillfeather", "POL-022"),
        ("REPLACE StudyDate Quillfeather", "POL-022"),
        ("REPLACE contains:Date a", "POL-022"),
        ("REPLACE ReferencedStudySequence Quillfeather", "POL-022"),
        ("REPLACE StationName Zoë", "POL-022"),
        ("REPLACE StationName 123-45-6789", "POL-022"),
        ("REPLACE BurnedInAnnotation NO", "POL-004"),
        ("REPLACE StudyID # Quillfeather", "POL-022"),
        ("JITTER StudyTime 5", "POL-022"),
        ("JITTER contains:Description 5", "POL-022"),
        ("JITTER StudyDate Quillfeather", "POL-022"),
        ("REPLACE StudyTime func:jitter", "POL-022"),
        ("REPLACE StudyID func:pseudonym", "POL-022"),
        ("REPLACE StationName func:uid", "POL-022"),
        ("keep StudyDescription", "POL-021"),
        ("KEEPER StudyDescription", "POL-021"),
        ("Quillfeather", "POL-021"),
        ("KEEP", "POL-021"),
        ("LABEL Quillfeather", "POL-021"),
    ],
)
def test_what_cannot_be_done_is_refused_without_repeating_it(tmp_path: Path, line: str, code: str) -> None:
    assert refused(tmp_path, HEAD + line + "\n").code == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%header\nREMOVE StudyID\n",
        "FORMAT nifti\n%header\nREMOVE StudyID\n",
        "FORMAT dicom\n%Quillfeather\nREMOVE StudyID\n",
        "FORMAT dicom\nREMOVE StudyID\n",
        "FORMAT dicom\n%labels\nADD StudyID 1\n",
        "FORMAT dicom\n%filter\nLABEL a\ncontains Modality CT\n",
        "FORMAT dicom\n%filter blacklist\ncontains Modality CT\n",
        "FORMAT dicom\n%filter blacklist\nLABEL a\nsmells Modality Quillfeather\n",
        "FORMAT dicom\n%filter blacklist\nLABEL a\ncontains Quillfeather\n",
        "FORMAT dicom\n%header named\nREMOVE StudyID\n",
        "FORMAT dicom\n%values v\nGRAB StudyID\n",
        "FORMAT dicom\n%values v\nFIELD StudyID Quillfeather\n%header\nREMOVE values:v\n",
        "FORMAT dicom\n%fields v\nFIELD StudyID Quillfeather\n%header\nREMOVE fields:v\n",
        "FORMAT dicom\n%header\nKEEP StudyID Quillfeather\n",
        "FORMAT dicom\n%header\nBLANK StudyID StationName # both\n",
        "FORMAT dicom\n%header\nREMOVE StudyID\r\nsecond Quillfeather\rthird\n",
    ],
)
def test_a_file_that_the_parser_does_not_take_whole_is_refused(
    tmp_path: Path, text: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert refused(tmp_path, text).code == "POL-021"
    said = capfd.readouterr()
    assert said.out + said.err + caplog.text == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# nothing\n\n", "no line but comments"),
        ("\n%header\nREMOVE StudyID\n", "line 2 does not say FORMAT dicom"),
        ("FORMAT nifti\n%header\n", "line 1 names another format"),
        ("FORMAT dicom\n%heads\n", "line 2 begins a section that is not known"),
        ("FORMAT dicom\nREMOVE StudyID\n", "line 2 stands before the first section"),
        (HEAD + "BLANK StudyID\nGRAB Quillfeather\n", "line 5 begins with no action of %header; known are ADD, BLANK"),
        (HEAD + "REPLACE StudyID\n", "line 4 has no value"),
        (HEAD + "KEEP StudyID Quillfeather\n", "line 4 goes on after its field"),
        ("FORMAT dicom\n%filter b\nLABEL a\nsmells Modality CT\n", "line 4 begins with no test of a filter"),
        ("FORMAT dicom\n%filter b\nequals Modality CT\n", "line 3 stands before the LABEL"),
        (
            HEAD + "# a comment\nREPLACE StudyID Zoë\n",
            "line 5, REPLACE) cannot be carried out: the text has characters",
        ),
    ],
)
def test_a_refusal_names_the_line_and_what_may_stand_there(tmp_path: Path, text: str, said: str) -> None:
    assert said in str(refused(tmp_path, text))


def test_the_parser_says_nothing_even_when_asked_to_tell_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from deid.logger import bot

    monkeypatch.setattr(bot, "level", 5)
    layered(tmp_path, HEAD + "REPLACE StudyID Quillfeather\n")
    said = capfd.readouterr()
    assert said.out + said.err == ""
    assert not any("Quillfeather" in line for line in bot.history)


def test_bytes_that_are_no_recipe_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "r"
    for data in (b"\xff\xfe", b"#" * ((1 << 20) + 1)):
        path.write_bytes(data)
        with pytest.raises(UsageError, match="POL-021"):
            load_policy("safe-harbor", recipe=path)
    with pytest.raises(UsageError, match="POL-021"):
        load_policy("safe-harbor", recipe=tmp_path / "none")


def test_a_policy_file_names_its_recipe_beside_it_and_takes_no_second(tmp_path: Path) -> None:
    place = tmp_path / "deep"
    place.mkdir()
    (place / "r").write_text(HEAD + "REMOVE Manufacturer\n")
    (place / "own.toml").write_text(
        'format = 1\nname = "own"\ntitle = "t"\nrecipe = "r"\n[options]\ndates = "year"\nages = "cap"\n'
        "patient_characteristics = true\n"
    )
    policy = load_policy("deep/own.toml", base=tmp_path)
    assert acts(policy) == {"Manufacturer": "remove"}
    with pytest.raises(UsageError, match="POL-021"):
        load_policy("deep/own.toml", base=tmp_path, recipe=place / "r")


def test_an_attribute_is_added_at_the_top_alone_and_nested_ones_follow_the_policy(tmp_path: Path) -> None:
    item = Dataset()
    item.InstitutionName = "Quillfeather Clinic"
    item.ProtocolName = "Quillfeather"
    policy = layered(
        tmp_path, HEAD + "ADD InstitutionName Trial\nADD ProtocolName P1\nADD RepresentativeFrameNumber 3\n"
    )
    clean = scrubbed(policy, InstitutionName="Other", ReferencedImageSequence=[item])
    assert (clean.InstitutionName, clean.ProtocolName, clean.RepresentativeFrameNumber) == ("Trial", "P1", 3)
    assert clean.ReferencedImageSequence[0].InstitutionName != "Trial"
    assert clean.ReferencedImageSequence[0].ProtocolName == "REMOVED"


def test_added_numbers_stand_in_the_byte_order_of_the_file(tmp_path: Path) -> None:
    from pydicom.uid import ExplicitVRBigEndian

    policy = layered(tmp_path, HEAD + "ADD RepresentativeFrameNumber 3\n")
    dataset = made()
    dataset["PixelData"].VR = "OW"
    data = rewrite(write(dataset, ExplicitVRBigEndian), subject(), policy, coder, accepted=False).data
    assert read(data).RepresentativeFrameNumber == 3


def test_values_of_a_group_go_from_every_text_that_is_kept(tmp_path: Path) -> None:
    text = (
        "FORMAT dicom\n%values who\nFIELD StationName\nSPLIT StudyDescription by='_';minlength=4\n"
        "%header\nREMOVE values:who\n"
    )
    policy = layered(tmp_path, text)
    values = {
        "StationName": "BAY-SEVEN",
        "StudyDescription": "abc_Quillfeather_x",
        "ConvolutionKernel": "at BAY-SEVEN",
        "FilterType": "Quillfeather",
        "ContrastBolusRoute": "abc",
    }
    clean = scrubbed(policy, **values)
    assert clean.ConvolutionKernel == clean.FilterType == "REMOVED"  # Type 1 where they are not optional
    assert clean.ContrastBolusRoute == "abc"
    assert scrubbed(load_policy("safe-harbor"), **values).ConvolutionKernel == "at BAY-SEVEN"


FILTERS = """FORMAT dicom
%filter whitelist
LABEL known good
equals Manufacturer Acme
%filter graylist
LABEL one
contains ImageType DERIVED|SECONDARY
+ equals Modality ct
|| contains StationName ^BAY
LABEL two
missing Manufacturer || empty Manufacturer
"""


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({"Manufacturer": "Other"}, False),
        ({"Manufacturer": "Other", "ImageType": ["DERIVED", "PRIMARY"]}, True),
        ({"Manufacturer": "Other", "ImageType": ["DERIVED", "PRIMARY"], "Modality": "MR"}, False),
        ({"Manufacturer": "Other", "StationName": "bay 7"}, True),
        ({"Manufacturer": "ACME", "StationName": "bay 7"}, False),
        ({"Manufacturer": ""}, True),
        ({}, True),
    ],
)
def test_the_first_filter_that_matches_decides_and_only_a_whitelist_lets_pass(
    tmp_path: Path, values: dict[str, object], held: bool
) -> None:
    policy = layered(tmp_path, FILTERS)
    if held:
        with pytest.raises(ItemError, match="DCM-070"):
            scrubbed(policy, accepted=True, **values)
    else:
        assert scrubbed(policy, accepted=True, **values).Rows == 2


def test_a_whitelist_lifts_no_check_of_the_program(tmp_path: Path) -> None:
    policy = layered(tmp_path, FILTERS)
    with pytest.raises(ItemError, match="DCM-041"):
        scrubbed(policy, Manufacturer="Acme", BurnedInAnnotation="YES")


@pytest.mark.parametrize(
    "lines",
    [
        "contains Modality CT\n coordinates 0,0,5,5",
        "contains Modality CT\n ctpkeepcoordinates 0,0,5,5",
        "coordinates all",
        "contains Quillfeather CT",
        "contains PixelData Quillfeather",
        "contains Modality (Quillfeather",
        "equals ReferencedImageSequence Quillfeather",
        "present (0002,0010)",
    ],
)
def test_a_filter_that_cannot_be_carried_out_is_refused(tmp_path: Path, lines: str) -> None:
    error = refused(tmp_path, f"FORMAT dicom\n%filter b\nLABEL a\nmissing Modality\nLABEL Quillfeather\n{lines}\n")
    assert (error.code, error.facts["position"]) == ("POL-023", 2)


def test_what_a_recipe_keeps_still_loses_the_persons_known_identifiers(tmp_path: Path) -> None:
    policy = layered(tmp_path, HEAD + "KEEP StudyDescription\nKEEP PatientComments\nKEEP ReferringPhysicianName\n")
    values = {
        "StudyDescription": "Quillfeather, chest",
        "PatientComments": "call 734-555-0199",
        "ReferringPhysicianName": "Wrenfield^Ann",
    }
    known = (("name", "Quillfeather^Zebediah"), ("name", "Wrenfield^Ann"))
    data = rewrite(write(made(**values)), subject(known=known), policy, coder, accepted=False).data
    for token in ("Quillfeather", "Wrenfield", "555-0199"):
        assert not stands_in(token, data)


def test_a_wide_removal_takes_the_private_attributes_too_that_the_policy_retains(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'format = 1\nname = "own"\ntitle = "t"\n[options]\ndates = "year"\nages = "cap"\n'
        "patient_characteristics = true\nretain_safe_private = true\n"
    )
    own = str(tmp_path / "own.toml")
    for line, retained in (
        ("REMOVE ALL", False),
        ("BLANK select:VR:LO", False),
        ("REMOVE except:Modality", False),
        ("REMOVE contains:Comments", True),
        ("KEEP ALL", True),
    ):
        policy = layered(tmp_path, HEAD + line + "\n", own)
        assert policy.applies("retain_safe_private") is retained, line
        assert retained is ("113111" in policy.codes or line == "KEEP ALL")


def test_a_date_that_the_policy_would_remove_costs_the_claim_when_it_is_moved(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'format = 1\nname = "own"\ntitle = "t"\n[options]\ndates = "remove"\nages = "cap"\n'
        "patient_characteristics = true\n"
    )
    policy = layered(tmp_path, HEAD + "JITTER StudyDate 5\n", str(tmp_path / "own.toml"))
    assert (policy.claim, policy.codes, policy.temporal) == (Claim.EXPERT_DETERMINATION, (), "MODIFIED")
    clean = scrubbed(policy, StudyDate="20200310", SeriesDate="20200310")
    assert clean.StudyDate == "20200327"
    assert clean.get("SeriesDate", "") in {"", "19000101"}
    assert layered(tmp_path, HEAD + "JITTER StudyDate 5\n", "expert").recipe.attributes == ()  # type: ignore[union-attr]


def test_a_moved_date_of_birth_still_hides_an_age_over_89(tmp_path: Path) -> None:
    policy = layered(tmp_path, HEAD + "JITTER PatientBirthDate 5\n")
    assert scrubbed(policy, PatientBirthDate="19310405").PatientBirthDate == ""
    assert scrubbed(policy, PatientBirthDate="19800405").PatientBirthDate == "19800422"
