"""Code strings in which a name, a record number or an unknown word stands, and those that are codes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from pydicom.uid import ImplicitVRLittleEndian
from scrub_support import coder, made, policy, read, scrub, stands_in, subject, write

from curator.scrub.dicom.codestrings import codes_alone
from curator.scrub.dicom.descriptors import descriptors_of
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.dicom.text import defined_terms

TYPED = ["PENNINGTON", "DOE_JANE", "SMITH JOHN", "QZPLANTED", "KIM MIN JUNG", "MRN 482913", "00482913", "A1234567"]
CODES = ["HFS", "ND", "DIS2D", "MFSPLIT", "CSA MPR THICK", "CT_SOM5 SPI", "FAST_GEMS", "EPI_GEMS", "TRACEW", "M_FFE"]
CODES += ["CONST POTENTIAL", "SCINTILLATOR", "LABELMAP", "FERMI", "UNAPPROVED", "SCHAEDEL", "C_SPINE", "100000"]


@pytest.mark.parametrize("text", TYPED)
def test_what_is_no_code_goes_from_every_code_string(text: str) -> None:
    dataset = made(BodyPartExamined=text, ScanOptions=["FS", text, "SAT1"], PatientOrientation=["L", text])
    inner = Dataset()
    inner.AcquisitionContrast = inner.ScanningSequence = text
    dataset.MRImagingModifierSequence = [inner]
    data = scrub(write(dataset)).data
    assert not stands_in(text, data)
    clean = read(data)
    assert list(clean.ScanOptions) == ["FS", "REMOVED", "SAT1"]
    assert list(clean.PatientOrientation) == ["L", "REMOVED"]
    assert "BodyPartExamined" not in clean


@pytest.mark.parametrize("text", CODES)
def test_codes_of_the_standard_and_of_makers_stay(text: str) -> None:
    result = scrub(write(made(BodyPartExamined=text, ScanOptions=["FS", text])))
    clean = read(result.data)
    assert (clean.BodyPartExamined, list(clean.ScanOptions)) == (text, ["FS", text])
    assert all(action != "cleaned" for _, action, _ in result.actions)


def test_every_listed_code_fits_its_value_representation_and_stays() -> None:
    cleaner = descriptors_of((), policy())
    assert all(codes_alone(code, cleaner, strangers=False) == code for code in defined_terms())
    assert all(len(code) <= 16 and code == code.strip().upper() for code in defined_terms())


def test_a_listed_code_goes_when_it_is_the_name_of_the_person() -> None:
    dataset = made(BodyPartExamined="MANCHESTER")
    assert read(scrub(write(dataset)).data).BodyPartExamined == "MANCHESTER"
    assert not stands_in("MANCHESTER", scrub(write(dataset), known=(("name", "Manchester^Ann"),)).data)


@pytest.mark.parametrize(("value", "stays"), [("SMITH", False), ("MRN 482913", False), ("HU", True), ("OD REL", True)])
def test_names_and_labeled_numbers_are_no_terms_of_any_kind(value: str, stays: bool) -> None:
    dataset = made(RescaleType=value, ModalityLUTType=value, ImagedNucleus=value)
    assert stands_in(value, scrub(write(dataset)).data) is stays


def test_a_uid_of_the_other_root_is_no_version() -> None:
    uid = "2.25.123456789012345678901234567890"
    dataset = made(SoftwareVersions=["syngo MR E11", uid], Manufacturer=uid, SeriesDescription=f"CT CHEST {uid}")
    clean = read(scrub(write(dataset)).data)
    assert not stands_in(uid, scrub(write(dataset)).data)
    assert clean.SoftwareVersions[0] == "syngo MR E11"
    assert clean.SeriesDescription == "CT CHEST"


def test_a_term_of_the_standard_stays_beside_a_value_that_is_none() -> None:
    dataset = made(ImageType=["DERIVED", "PRIMARY", "PERFUSION", "RCBF"], PatientName="Perfusion^Ann")
    clean = read(scrub(write(dataset), known=(("name", "Perfusion^Ann"),)).data)
    assert list(clean.ImageType) == ["DERIVED", "PRIMARY", "PERFUSION", "RCBF"]


def test_a_known_name_goes_beside_terms_of_the_standard() -> None:
    dataset = made(ScanOptions=["PERFUSION", "RCBF", "FS"])
    clean = read(scrub(write(dataset), known=(("name", "Perfusion^Ann"), ("id", "RCBF"))).data)
    assert list(clean.ScanOptions) == ["PERFUSION", "REMOVED", "FS"]
    dataset = made(ScanOptions=["PERFUSION", "RCBF", "LI", "NA"])
    assert "ScanOptions" not in read(scrub(write(dataset), known=(("name", "Li^Na"),)).data)


def test_a_known_value_goes_when_it_is_written_letter_by_letter() -> None:
    dataset = made(ImageType=["ORIGINAL", "PRIMARY", *"KX4829137"], ScanOptions=["FS", "SP", "MP", "SK", "EP"])
    clean = read(scrub(write(dataset), known=(("id", "KX4829137"), ("name", "Doe^Jane"))).data)
    assert "ImageType" not in clean or clean.ImageType == "REMOVED"
    assert list(clean.ScanOptions) == ["FS", "SP", "MP", "SK", "EP"]


def test_the_jargon_of_a_site_stays_where_a_policy_asks_for_it_and_a_name_does_not() -> None:
    keeping = replace(policy(), attributes=((0x00180015, "keep"),))
    for text, stays in (("QZTHORAXAB", True), ("SMITH JOHN", False)):
        source = write(made(BodyPartExamined=text))
        assert not stands_in(text, scrub(source).data)
        assert stands_in(text, rewrite(source, subject(), keeping, coder, accepted=True).data) is stays


def test_labels_of_contents_stay_as_codes() -> None:
    assert read(scrub(write(made(ContentLabel="HOT_IRON"))).data).ContentLabel == "HOT_IRON"
    assert read(scrub(write(made(ContentLabel="PENNINGTON"))).data).ContentLabel == "REMOVED"
    assert read(scrub(write(made(ContentLabel="HOT_IRON")), known=(("id", "HOT_IRON"),)).data).ContentLabel == "REMOVED"


def test_the_index_of_a_stack_stays_when_a_patient_id_is_as_short() -> None:
    inner = Dataset()
    inner.StackID = "1"
    dataset = made(FrameContentSequence=[inner], SeriesDescription="1")
    clean = read(scrub(write(dataset), known=(("id", "1"),)).data)
    assert clean.FrameContentSequence[0].StackID == "1"
    assert clean.get("SeriesDescription") != "1"


@pytest.mark.parametrize("text", ["XYZ Gauss6.00", "GENESIS_ZEUS", "UIH", "Gauss kernel"])
def test_kernels_and_makers_that_are_names_too_stay(text: str) -> None:
    dataset = made(ConvolutionKernel=text, ManufacturerModelName=text, Manufacturer=text)
    clean = read(scrub(write(dataset), known=(("address", "UIH"),)).data)
    assert (clean.ManufacturerModelName, clean.Manufacturer) == (text, text)
    assert clean.ConvolutionKernel == text


def test_a_date_with_slashes_is_no_version_and_an_offset_is_no_text() -> None:
    dataset = made(SoftwareVersions="VB17 installed 4/17/19", TimezoneOffsetFromUTC="+0530")
    clean = read(scrub(write(dataset), name="expert").data)
    assert (clean.SoftwareVersions, clean.TimezoneOffsetFromUTC) == ("VB17 installed", "+0530")
    assert not stands_in("QZPLANTED", scrub(write(made(TimezoneOffsetFromUTC="QZPLANTED")), name="expert").data)


def test_more_values_than_any_attribute_has_go_unread() -> None:
    dataset = made()
    value = "\\".join(f"QZ{number:05d}X" for number in range(20_000)).encode()
    dataset._dict[Tag(0x00180022)] = RawDataElement(Tag(0x00180022), "CS", len(value), value, 0, False, True)
    assert not stands_in("QZ00", scrub(write(dataset, ImplicitVRLittleEndian)).data)


@pytest.mark.parametrize(
    ("keyword", "written", "wanted"),
    [
        ("BodyPartExamined", "Brain", "BRAIN"),
        ("BodyPartExamined", "chest", "CHEST"),
        ("PatientSex", "f", "F"),
        ("Laterality", "r", "R"),
        ("ImageType", ["Original", "PRIMARY", "Quillfeather"], ["ORIGINAL", "PRIMARY", "REMOVED"]),
        ("BodyPartExamined", "Quillfeather", None),
        ("BodyPartExamined", "Smith", None),
        ("BodyPartExamined", "Annoon", None),
    ],
)
def test_a_defined_term_in_small_letters_is_written_in_capitals(keyword: str, written: object, wanted: object) -> None:
    dataset = made()
    value = ("\\".join(written) if isinstance(written, list) else str(written)).encode()
    tag = Tag(keyword)
    dataset._dict[tag] = RawDataElement(tag, "CS", len(value), value, 0, False, True)
    new = read(scrub(write(dataset)).data)
    assert (new.get(keyword) or None) == wanted


def test_a_patient_called_like_a_code_in_small_letters_is_found() -> None:
    dataset = made()
    for tag, value in ((Tag("ScanOptions"), b"Kneese"), (Tag("BodyPartExamined"), b"knee")):
        dataset._dict[tag] = RawDataElement(tag, "CS", len(value), value, 0, False, True)
    new = read(scrub(write(dataset), known=(("name", "Kneese^Ann"),)).data)
    assert (new.get("ScanOptions") or None, new.BodyPartExamined) == (None, "KNEE")
