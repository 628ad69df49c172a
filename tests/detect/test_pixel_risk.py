"""Pixel risk: each sentence of the rule, the table itself, and pydicom's own files."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sr._concepts_dict import concepts
from pydicom.sr._snomed_dict import mapping

from curator.core.errors import ItemError
from curator.detect.pixel_risk import Header, Risk, header_of, pixel_risk, risks
from curator.formats.dicom.read import read_dataset
from curator.formats.dicom.tables import SopKind, sop_classes

UID = {entry.keyword: uid for uid, entry in sop_classes().items()}
ORIGINAL = ("ORIGINAL", "PRIMARY", "AXIAL")


def header(sop_class: str, modality: str, **more: object) -> Header:
    fields: dict[str, object] = {"image_type": ORIGINAL, "body_part": "CHEST", "photometric": "MONOCHROME2"}
    return Header(sop_class=UID.get(sop_class, sop_class), modality=modality, **{**fields, **more})  # type: ignore[arg-type]


CT = header("CTImageStorage", "CT")
MR = header("MRImageStorage", "MR")
PT = header("PositronEmissionTomographyImageStorage", "PT")
NM = header("NuclearMedicineImageStorage", "NM")
CR = header("ComputedRadiographyImageStorage", "CR")
DX = header("DigitalXRayImageStorageForProcessing", "DX")
MG = header("DigitalMammographyXRayImageStorageForProcessing", "MG")
IO = header("DigitalIntraOralXRayImageStorageForProcessing", "IO")
CROSS = [CT, MR, PT, NM]
PROJECTION = [CR, DX, MG, IO, replace(DX, modality="PX")]


@pytest.mark.parametrize("image", CROSS)
def test_an_absent_annotation_alone_is_no_risk_for_original_primary_ct_mr_pt_nm(image: Header) -> None:
    assert pixel_risk(image) is Risk.NONE
    assert pixel_risk(replace(image, burned_in="NO")) is Risk.NONE


@pytest.mark.parametrize("image", [*CROSS, *PROJECTION, header("SegmentationStorage", "SEG")])
@pytest.mark.parametrize("value", ["YES", " yes", "Y", "UNKNOWN", "NO\\YES"])
def test_any_burned_in_annotation_but_no_is_text(image: Header, value: str) -> None:
    assert pixel_risk(replace(image, burned_in=value)) is Risk.TEXT


@pytest.mark.parametrize("image", [*CROSS, *PROJECTION])
@pytest.mark.parametrize(
    "image_type",
    [(), ("DERIVED", "PRIMARY"), ("ORIGINAL", "SECONDARY"), ("MIXED", "PRIMARY"), ("ORIGINAL",), ("", "PRIMARY")],
)
def test_derived_secondary_and_unsaid_images_are_text_even_when_the_header_says_no(
    image: Header, image_type: tuple[str, ...]
) -> None:
    assert pixel_risk(replace(image, image_type=image_type, burned_in="NO")) is Risk.TEXT


@pytest.mark.parametrize("image", [CT, MR, PT])
@pytest.mark.parametrize(
    "part", ["", "HEAD", "NECK", "CSPINE", "C-SPINE", "BRAIN", "SKULL", "WHOLEBODY", "WHOLE BODY", "EYE", "EAR", "JAW",
             "HEADNECK", "SHOULDER", "SPINE", "CHEST HEAD", "UNKNOWN", "Kopf"]
)  # fmt: skip
def test_head_neck_or_unknown_body_parts_of_ct_mr_pt_are_a_face(image: Header, part: str) -> None:
    assert pixel_risk(replace(image, body_part=part)) is Risk.FACE


@pytest.mark.parametrize("image", [CT, MR, PT])
@pytest.mark.parametrize(
    "part", ["CHEST", "Abdomen ", "PELVIS", "L-SPINE", "TSPINE", "CHEST_ABDOMEN", "KNEE", "HEART", "BREAST"]
)
def test_body_parts_without_a_face_are_none(image: Header, part: str) -> None:
    assert pixel_risk(replace(image, body_part=part)) is Risk.NONE


def test_body_parts_of_other_modalities_show_no_face() -> None:
    for image in (NM, *(replace(image, burned_in="NO") for image in PROJECTION)):
        assert pixel_risk(replace(image, body_part="HEAD")) is Risk.NONE


@pytest.mark.parametrize("code", ["SCT:816094009", "SCT:51185008", "SRT:T-D3000", "SNM3:T-D3000", "SCT:80891009"])
def test_a_region_code_without_a_face_stands_for_the_body_part(code: str) -> None:
    assert pixel_risk(replace(CT, body_part="", regions=(code,))) is Risk.NONE


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        ("", ("SCT:69536005",)),  # head
        ("CHEST", ("SCT:69536005",)),
        ("HEAD", ("SCT:51185008",)),
        ("CHEST", ("SCT:51185008", "SCT:45048000")),  # neck
        ("", ("99LOCAL:51185008",)),
        ("CHEST", (":",)),
    ],
)
def test_every_body_part_and_region_must_be_free_of_a_face(part: str, codes: tuple[str, ...]) -> None:
    assert pixel_risk(replace(CT, body_part=part, regions=codes)) is Risk.FACE


@pytest.mark.parametrize("image", PROJECTION)
def test_projection_radiographs_need_a_plain_no(image: Header) -> None:
    assert pixel_risk(image) is Risk.TEXT
    assert pixel_risk(replace(image, burned_in="NO")) is Risk.NONE


@pytest.mark.parametrize(
    ("sop_class", "modality"),
    [
        ("UltrasoundImageStorage", "US"),
        ("UltrasoundMultiFrameImageStorage", "US"),
        ("SecondaryCaptureImageStorage", "OT"),
        ("SecondaryCaptureImageStorage", "CT"),
        ("XRayAngiographicImageStorage", "XA"),
        ("XRayRadiofluoroscopicImageStorage", "RF"),
        ("VLPhotographicImageStorage", "XC"),
        ("VLEndoscopicImageStorage", "ES"),
        ("VLWholeSlideMicroscopyImageStorage", "SM"),
        ("OphthalmicPhotography8BitImageStorage", "OP"),
        ("RTImageStorage", "RTIMAGE"),
        ("RawDataStorage", "MR"),
        ("1.2.3.4", "CT"),
        ("", "CT"),
    ],
)
def test_unlisted_classes_are_text_even_when_the_header_says_no(sop_class: str, modality: str) -> None:
    assert pixel_risk(header(sop_class, modality, burned_in="NO")) is Risk.TEXT


@pytest.mark.parametrize("modality", ["MR", "US", "OT", "", "ct", "CT\\MR"])
def test_a_modality_that_contradicts_the_sop_class_is_text(modality: str) -> None:
    assert Risk.TEXT in risks(replace(CT, modality=modality, burned_in="NO"))


@pytest.mark.parametrize(
    "word", ["SCREEN SAVE", "SCREENSAVE", "Screen_Shot", "DOSE INFO", "PATIENT REPORT", "SECONDARY CAPTURE"]
)
def test_screen_shots_are_text_whatever_else_the_header_says(word: str) -> None:
    assert pixel_risk(replace(CT, image_type=("ORIGINAL", "PRIMARY", word), burned_in="NO")) is Risk.TEXT


def test_marks_of_a_capture_are_text() -> None:
    assert pixel_risk(replace(CT, conversion="WSD", burned_in="NO")) is Risk.TEXT
    assert pixel_risk(replace(CT, photometric="RGB", burned_in="NO")) is Risk.TEXT
    assert pixel_risk(replace(CT, photometric="", burned_in="NO")) is Risk.TEXT
    assert pixel_risk(replace(CT, embedded_overlay=True, burned_in="NO")) is Risk.TEXT


@pytest.mark.parametrize(
    "image",
    [
        header("SegmentationStorage", "SEG", image_type=("DERIVED", "PRIMARY"), body_part="HEAD"),
        header("RTDoseStorage", "RTDOSE", image_type=(), body_part=""),
        header("ParametricMapStorage", "OT", image_type=("DERIVED", "PRIMARY"), body_part="HEAD"),
        header("ParametricMapStorage", "MR", image_type=("DERIVED", "PRIMARY")),
    ],
)
def test_segmentations_doses_and_parametric_maps_hold_no_text(image: Header) -> None:
    assert pixel_risk(image) is Risk.NONE


def test_a_parametric_map_of_a_head_shows_what_its_modality_shows() -> None:
    assert pixel_risk(header("ParametricMapStorage", "MR", body_part="HEAD")) is Risk.FACE


def test_objects_without_pixels_are_none_but_for_surface_scans() -> None:
    assert pixel_risk(header("BasicTextSRStorage", "SR", has_pixels=False, burned_in="YES")) is Risk.NONE
    assert pixel_risk(replace(CT, has_pixels=False, body_part="HEAD")) is Risk.NONE
    assert pixel_risk(header("SurfaceScanMeshStorage", "SMR", has_pixels=False)) is Risk.FACE
    assert pixel_risk(header("SurfaceSegmentationStorage", "SEG", has_pixels=False)) is Risk.FACE


def test_a_sequence_in_the_place_of_an_answer_is_no_absent_answer() -> None:
    dataset = Dataset()
    dataset.add_new(0x00280301, "SQ", [])
    assert header_of(dataset, has_pixels=True).burned_in == "?"
    assert pixel_risk(replace(CT, burned_in="?")) is Risk.TEXT


def test_recognizable_visual_features_are_a_face_and_their_denial_clears_nothing() -> None:
    assert pixel_risk(replace(NM, visual_features="YES")) is Risk.FACE
    assert pixel_risk(replace(CT, visual_features="NO", body_part="HEAD")) is Risk.FACE
    assert pixel_risk(replace(CT, visual_features="NO")) is Risk.NONE


def test_both_risks_are_told_and_text_is_named_first() -> None:
    both = replace(CT, image_type=("DERIVED", "SECONDARY"), body_part="HEAD")
    assert risks(both) == {Risk.TEXT, Risk.FACE}
    assert pixel_risk(both) is Risk.TEXT
    assert risks(CT) == frozenset()
    assert risks(header("VLPhotographicImageStorage", "XC", body_part="")) == {Risk.TEXT, Risk.FACE}
    assert risks(header("SecondaryCaptureImageStorage", "CT", body_part="HEAD")) == {Risk.TEXT, Risk.FACE}


WORDS = st.sampled_from(["", "CT", "MR", "US", "YES", "NO", "ORIGINAL", "PRIMARY", "DERIVED", "HEAD", "CHEST", "x"])


HEADERS = st.builds(
    Header,
    sop_class=st.sampled_from(sorted(UID.values())),
    modality=WORDS,
    burned_in=WORDS,
    body_part=WORDS,
    image_type=st.lists(WORDS, max_size=3).map(tuple),
    photometric=st.just("MONOCHROME2"),
)


@given(HEADERS)
def test_no_further_silence_or_doubt_ever_lowers_the_risk(image: Header) -> None:
    assert risks(image) <= risks(replace(image, burned_in="YES"))
    assert risks(image) <= risks(replace(image, image_type=()))
    assert risks(image) <= risks(replace(image, body_part=""))
    assert risks(image) <= risks(replace(image, sop_class="1.2.3", modality=image.modality)) | {Risk.FACE}
    assert (pixel_risk(image) is Risk.NONE) == (not risks(image))


# --- the table ---------------------------------------------------------------------------------------------------


TABLE = tomllib.loads(resources.files("curator.detect").joinpath("data", "pixel_risk.toml").read_text(encoding="utf-8"))


def test_the_table_lists_each_sop_class_once_and_only_registered_images() -> None:
    listed = Counter(uid for group in TABLE["group"] for uid in group["sop_classes"])
    assert set(listed.values()) == {1}
    assert all(sop_classes()[uid].kind is SopKind.IMAGE for uid in listed)
    text = resources.files("curator.detect").joinpath("data", "pixel_risk.toml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith('  "1.2.840'):
            uid, keyword = line.strip().split(", # ")
            assert sop_classes()[uid.strip('"')].keyword == keyword


def test_every_region_code_means_what_the_table_says() -> None:
    names = {(code, meaning.lower()) for entry in concepts["SCT"].values() for code, (meaning, _) in entry.items()}
    for row in TABLE["face_free"]["regions"]:
        if "retired" in row["meaning"]:
            assert mapping["SRT"][row["srt"]] == row["sct"]
            continue
        assert (row["sct"], row["meaning"].lower()) in names
        if "srt" in row:
            assert mapping["SRT"][row["srt"]] == row["sct"]


@pytest.mark.parametrize(
    "word", ["Head", "Neck", "Skull", "Face", "Brain", "Cervic", "Eye", "Ear", "Jaw", "Entire", "Body", "Shoulder"]
)
def test_nothing_of_the_head_or_neck_is_listed_as_free_of_a_face(word: str) -> None:
    free = TABLE["face_free"]
    assert not [part for part in free["body_parts"] if word.upper() in part.replace("HEART", "").replace("FOREARM", "")]
    assert not [row for row in free["regions"] if word in row["meaning"].replace("Heart", "").replace("Forearm", "")]


# --- headers of data sets ----------------------------------------------------------------------------------------


def made() -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID = UID["CTImageStorage"]
    dataset.Modality = "CT"
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BodyPartExamined = "CHEST"
    dataset.PixelData = b"\0\0"
    return dataset


def region(code: str) -> Dataset:
    item = Dataset()
    item.CodingSchemeDesignator, item.CodeValue = "SCT", code
    return item


def test_a_header_is_taken_from_a_data_set() -> None:
    assert header_of(made()) == replace(CT, image_type=("ORIGINAL", "PRIMARY"))
    assert not header_of(Dataset()).has_pixels
    assert header_of(Dataset(), has_pixels=True).has_pixels


def test_rows_alone_say_that_there_are_pixels() -> None:
    dataset = Dataset()
    dataset.Rows = 1
    assert header_of(dataset).has_pixels


def test_regions_are_found_in_the_frames_too() -> None:
    dataset = made()
    anatomy, frame = Dataset(), Dataset()
    anatomy.AnatomicRegionSequence = [region("69536005")]
    frame.FrameAnatomySequence = [anatomy]
    for keyword in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        enhanced = made()
        setattr(enhanced, keyword, [Dataset(), frame])
        assert pixel_risk(header_of(enhanced)) is Risk.FACE
    dataset.AnatomicRegionSequence = [region("51185008")]
    assert header_of(dataset).regions == ("SCT:51185008",)
    assert pixel_risk(header_of(dataset)) is Risk.NONE


def test_an_overlay_in_the_bits_of_the_pixels_is_seen() -> None:
    dataset = made()
    dataset.add_new(0x60020102, "US", 12)
    assert header_of(dataset).embedded_overlay
    dataset.add_new(0x60020102, "US", 0)
    assert not header_of(dataset).embedded_overlay


def test_several_values_where_one_belongs_are_a_contradiction() -> None:
    dataset = made()
    dataset.Modality = ["CT", "MR"]
    assert pixel_risk(header_of(dataset)) is Risk.TEXT


def test_pydicoms_own_files_are_judged_as_expected() -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for path in sorted((Path(pydicom.__file__).parent / "data").rglob("*")):
        if path.is_file() and path.suffix in {"", ".dcm"}:
            try:
                dataset, structure = read_dataset(path.read_bytes(), stop_before_pixels=True)
            except ItemError:
                continue
            image = header_of(dataset, has_pixels=structure.has_pixels)
            seen[image.modality or "-", "+".join(sorted(risks(image))) or "none"] += 1
    assert seen == {
        ("-", "none"): 21,  # palettes, directories, data sets that name no class
        ("-", "text"): 10,
        ("CR", "none"): 3,  # without pixels
        ("CR", "text"): 3,
        ("CT", "face"): 13,
        ("CT", "face+text"): 1,
        ("CT", "none"): 50,  # directories' images, without pixels
        ("ECG", "none"): 1,
        ("MR", "face"): 10,
        ("MR", "face+text"): 15,
        ("MR", "text"): 1,
        ("NM", "text"): 4,
        ("OT", "text"): 35,
        ("RTDOSE", "none"): 7,
        ("RTPLAN", "none"): 3,
        ("RTSTRUCT", "none"): 1,
        ("SEG", "none"): 2,
        ("SR", "none"): 3,
        ("US", "text"): 5,
    }
