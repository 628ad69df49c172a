"""Pass 2: what is refused, what is put in, what stays useful, and what an age over 89 takes away."""

from __future__ import annotations

import random
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmwrite
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from scrub_support import coder, file_named, made, policy, read, scrub, scrubbed_corpus, stands_in, subject, write

from curator.core.errors import ItemError, codes
from curator.scrub.dicom import Rewritten
from curator.scrub.dicom.harvest import harvest
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.policy.load import parse_policy

TOKEN = "QZPLANTED"


def item(**values: object) -> Dataset:
    dataset = Dataset()
    for key, value in values.items():
        setattr(dataset, key, value)
    return dataset


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"SOPClassUID": "1.2.3.4"}, "DCM-040"),
        ({"SOPClassUID": "1.2.840.10008.1.3.10"}, "DCM-040"),
        ({"SOPClassUID": "1.2.840.10008.1.1"}, "DCM-040"),
        ({"BurnedInAnnotation": "YES"}, "DCM-041"),
        ({"BodyPartExamined": "HEAD"}, "DCM-042"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.104.1", "Modality": "DOC"}, "DCM-043"),
    ],
)
def test_what_cannot_be_passed_is_held_back_under_its_code(change: dict[str, str], code: str) -> None:
    with pytest.raises(ItemError) as caught:
        scrub(write(made(**change)), accepted=False)
    assert caught.value.code == code
    assert codes()[code]["kind"] == "item"


def written(dataset: Dataset) -> bytes:
    """A data set with the file meta information that it has."""
    stream = BytesIO()
    dcmwrite(stream, dataset)
    return stream.getvalue()


def test_an_object_that_only_its_file_meta_information_identifies_has_that_uid() -> None:
    dataset = read(write(made()))
    wanted = coder(dataset.SOPInstanceUID)
    del dataset.SOPInstanceUID
    source = written(dataset)
    assert harvest(source).sop_instance_uid == read(source).file_meta.MediaStorageSOPInstanceUID
    clean = read(scrub(source).data)
    assert clean.SOPInstanceUID == clean.file_meta.MediaStorageSOPInstanceUID == wanted
    for nothing in ("", "é"):
        dataset.file_meta["MediaStorageSOPInstanceUID"]._value = nothing
        with pytest.raises(ItemError, match="DCM-044"):
            scrub(written(dataset))


def test_a_report_needs_no_reader_only_where_the_policy_cleans_it() -> None:
    dataset = made(SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", Modality="SR")
    del dataset.PixelData
    source = write(dataset)
    assert rewrite(source, subject(), policy(), coder, accepted=False).risk == "none"
    for missing in ("clean_structured_content", "clean_descriptors"):
        options = tuple(option for option in policy().options if option != missing)
        with pytest.raises(ItemError, match="DCM-043"):
            rewrite(source, subject(), replace(policy(), options=options), coder, accepted=False)


def test_a_signed_record_passes_risk_but_not_unknown_objects() -> None:
    assert scrub(write(made(BurnedInAnnotation="YES"))).risk == "text"
    assert scrub(write(made(BodyPartExamined="HEAD"))).risk == "face"
    with pytest.raises(ItemError, match="DCM-040"):
        scrub(write(made(SOPClassUID="1.2.3.4")))


def test_an_accepted_encapsulated_document_keeps_its_document_and_nothing_else_of_itself() -> None:
    dataset = made(SOPClassUID="1.2.840.10008.5.1.4.1.1.104.1", Modality="DOC", DocumentTitle="Letter of Dr. Roe")
    del dataset.PixelData
    dataset.add_new(0x00420011, "OB", b"%PDF-1.7 read and found clean ")
    clean = read(scrub(write(dataset)).data)
    assert clean.EncapsulatedDocument == dataset.EncapsulatedDocument
    assert clean.DocumentTitle == "Letter"


def test_a_failure_inside_leaves_a_code_and_no_word_of_the_file() -> None:
    def broken(_: str) -> str:
        raise ValueError(TOKEN)

    with pytest.raises(ItemError) as caught:
        rewrite(write(made()), subject(), policy(), broken, accepted=True)
    assert caught.value.code == "DCM-045"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert TOKEN not in str(caught.value)


def test_the_result_is_checked_after_writing() -> None:
    # A mapping that gives no UID makes elements that PS3.5 does not know; the check after the writing must see a hole.
    from curator.scrub.dicom.cleaning import Decisions
    from curator.scrub.dicom.rewrite import verify

    good = scrub(write(made()))
    decisions = Decisions(policy(), False)
    tags = {int(element.tag) for element in read(good.data)}
    verify(good.data, decisions, tags)
    reasons = []
    for data, made_tags in (
        (good.data + b"JUNK-JUNK-", tags),
        (good.data[:-3], tags),
        (good.data, tags | {0x00100040}),
        (write(read(write(made(AccessionNumber="1", PatientAddress="x")))), tags),
    ):
        with pytest.raises(ItemError, match="DCM-046") as caught:
            verify(data, decisions, made_tags)
        reasons.append(caught.value.facts["reason"])
    assert len(set(reasons)) >= 3


def test_useful_attributes_stay_as_they_were() -> None:
    kept = {
        "Manufacturer": "ACME Imaging",
        "ManufacturerModelName": "Scan 5",
        "PatientSex": "F",
        "PatientAge": "045Y",
        "PatientSize": "1.7",
        "PatientWeight": "61",
        "EthnicGroup": "Hispanic",
        "KVP": "120",
        "SliceThickness": "1.25",
        "ConvolutionKernel": "B30f",
        "PixelSpacing": [0.48828125, 0.48828125],
        "ImagePositionPatient": [-125, 3.5, 1234.5],
        "RescaleIntercept": "-1024",
        "WindowCenterWidthExplanation": "LUNG",
        "InstanceNumber": "7",
    }
    clean = read(scrub(write(made(**kept))).data)
    for keyword, value in kept.items():
        assert str(clean[keyword].value) == str(made(**kept)[keyword].value), keyword
        assert value is not None


def test_references_stay_consistent_within_and_between_objects() -> None:
    one = made(
        FrameOfReferenceUID="1.2.826.0.1.9", ReferencedImageSequence=[item(ReferencedSOPInstanceUID="1.2.826.0.2")]
    )
    two = made(SOPInstanceUID="1.2.826.0.2", FrameOfReferenceUID="1.2.826.0.1.9")
    first, second = read(scrub(write(one)).data), read(scrub(write(two)).data)
    assert first.FrameOfReferenceUID == second.FrameOfReferenceUID == coder("1.2.826.0.1.9")
    assert first.ReferencedImageSequence[0].ReferencedSOPInstanceUID == second.SOPInstanceUID
    assert first.StudyInstanceUID == second.StudyInstanceUID


def test_registered_uids_stay() -> None:
    dataset = made()
    dataset.FrameOfReferenceUID = "1.2.840.10008.1.4.1.1"
    dataset.ReferencedImageSequence = [
        item(ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.2", ReferencedSOPInstanceUID="1.2.3")
    ]
    dataset.AnatomicRegionSequence = [item(CodingSchemeUID="2.16.840.1.113883.6.96", ContextUID="1.2.840.10008.6.1.18")]
    clean = read(scrub(write(dataset)).data)
    assert clean.SOPClassUID == dataset.SOPClassUID
    assert clean.FrameOfReferenceUID == "1.2.840.10008.1.4.1.1"
    assert clean.ReferencedImageSequence[0].ReferencedSOPClassUID == "1.2.840.10008.5.1.4.1.1.2"
    assert clean.AnatomicRegionSequence[0].CodingSchemeUID == "2.16.840.1.113883.6.96"
    assert clean.AnatomicRegionSequence[0].ContextUID == "1.2.840.10008.6.1.18"


def test_missing_study_and_series_uids_are_made_from_the_source() -> None:
    dataset = made()
    del dataset.StudyInstanceUID
    dataset.SeriesInstanceUID = ""
    one, two = (scrub(write(dataset), fallback_uid=f"2.25.{number}") for number in (7, 8))
    assert len({one.study_uid, one.series_uid, two.study_uid, two.series_uid}) == 4
    assert read(one.data).StudyInstanceUID == one.study_uid


def test_dates_and_times_follow_the_policy() -> None:
    dataset = made(
        StudyDate="20190417", StudyTime="101112.5", AcquisitionTime="101500", PatientBirthDate="19700203",
        AcquisitionDateTime="20190417101500+0100", TimezoneOffsetFromUTC="+0100",
    )  # fmt: skip
    source = write(dataset)
    safe = read(scrub(source, first_time=36_672_500_000).data)
    assert (safe.StudyDate, safe.PatientBirthDate, safe.AcquisitionDateTime) == (
        "20190101",
        "19700101",
        "20190101000347",
    )
    assert (safe.StudyTime, safe.AcquisitionTime) == ("000000.0", "000347")
    assert "TimezoneOffsetFromUTC" not in safe
    expert = read(scrub(source, name="expert", shift_days=-20).data)
    assert (expert.StudyDate, expert.PatientBirthDate) == ("20190328", "19700114")
    assert (expert.StudyTime, expert.TimezoneOffsetFromUTC) == ("101112.5", "+0100")
    limited = read(scrub(source, name="limited-dataset").data)
    assert (limited.StudyDate, limited.PatientBirthDate) == ("20190417", "19700203")
    assert limited.LongitudinalTemporalInformationModified == "UNMODIFIED"


@pytest.mark.parametrize(
    ("change", "more", "birth"),
    [
        ({"PatientBirthDate": "19300203", "StudyDate": "20190417"}, {}, ""),  # over 89 at the project's day
        ({"PatientBirthDate": "19300203", "StudyDate": "20230417"}, {"project_date": "20180101"}, ""),  # at the study
        ({"PatientBirthDate": "19600203", "PatientAge": "091Y"}, {}, ""),  # the age says so
        ({"PatientBirthDate": "19600203"}, {"over_89": True}, ""),  # another object of the person said so
        ({"PatientBirthDate": "19600203", "PatientAge": "064Y"}, {}, "19600101"),
        ({"PatientBirthDate": "19360203", "StudyDate": "20190417"}, {}, ""),  # the year alone leaves 89 and 90 open
    ],
)
def test_birth_dates_that_reveal_an_age_over_89_are_emptied(
    change: dict[str, str], more: dict[str, object], birth: str
) -> None:
    dataset = made(**change)
    dataset.OtherPatientIDsSequence = []
    dataset.add_new(0x0018A001, "SQ", [item(PatientBirthDate=change["PatientBirthDate"])])
    clean = read(scrub(write(dataset), **more).data)
    assert clean.PatientBirthDate == birth
    assert clean[0x0018A001].value[0].PatientBirthDate == birth
    assert not stands_in(change["PatientBirthDate"], scrub(write(dataset), **more).data)
    if "PatientAge" in change and not birth:
        assert clean.PatientAge == "090Y"


def test_any_other_date_so_old_is_emptied_too() -> None:
    clean = read(scrub(write(made(SecondaryReviewDate="", StudyDate="19301102"))).data)
    assert clean.StudyDate == ""


def test_attributes_whose_action_is_d_are_never_empty() -> None:
    dataset = made(InstitutionName="X", OperatorsName="", ContentDate="", AcquisitionDateTime="")
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2.1"  # of an image whose modules demand these dates
    dataset["AcquisitionDateTime"]._value = "soon"
    dataset["ContentDate"]._value = "***"
    dataset.InstitutionCodeSequence = [item(CodeValue="1", CodingSchemeDesignator="99X", CodeMeaning=TOKEN)]
    clean = read(scrub(write(dataset)).data)
    for keyword in ("InstitutionName", "OperatorsName", "AcquisitionDateTime", "ContentDate"):
        assert clean[keyword].value or keyword == "ContentDate", keyword
    code = clean.InstitutionCodeSequence[0]
    assert (code.CodeValue, code.CodingSchemeDesignator) == ("REMOVED", "99CURATOR")


def test_actions_name_attributes_and_counts_and_close() -> None:
    dataset = made(AccessionNumber="A1", StudyDate="20190417")
    dataset.add_new(0x0018A001, "SQ", [item(InstitutionName="A"), item(InstitutionName="B")])
    block = dataset.private_block(0x0029, "ACME", create=True)
    block.add_new(0x10, "LO", "x")
    actions = {(path, action): count for path, action, count in scrub(write(dataset)).actions}
    assert actions["AccessionNumber", "emptied"] == 1
    assert actions["StudyDate", "dated"] == 1
    assert actions["ContributingEquipmentSequence/InstitutionName", "dummied"] == 2
    assert actions["private", "removed"] == 2
    assert actions["PatientName", "replaced"] == 1
    assert actions["SOPInstanceUID", "replaced"] == 1


def test_the_content_digest_is_of_pixels_or_else_of_the_clean_data_set() -> None:
    one = scrub(write(made(StudyDescription="Chest")))
    two = scrub(write(made(StudyDescription="Head", SOPInstanceUID="1.2.9"), ImplicitVRLittleEndian))
    assert one.content == two.content
    plan = file_named("rtplan.dcm")
    assert scrub(plan).content != scrub(plan, patient="PZZZZ").content
    stricter = parse_policy(
        'format = 1\nname = "safe-harbor"\ntitle = "Other"\n[options]\ndates = "year"\nages = "cap"\n'
        "patient_characteristics = true\nclean_descriptors = true\nclean_graphics = true\n"
        'clean_structured_content = true\nretain_safe_private = true\n[attributes]\n"00100040" = "empty"\n'
    )
    other = rewrite(plan, subject(), stricter, coder, accepted=True)
    assert other.content != scrub(plan).content
    stricter = parse_policy(
        'format = 1\nname = "other"\ntitle = "Other"\n[options]\ndates = "year"\nages = "cap"\n'
        "patient_characteristics = true\nclean_descriptors = true\nclean_graphics = true\n"
        "clean_structured_content = true\nretain_safe_private = true\n"
    )
    assert rewrite(plan, subject(), stricter, coder, accepted=True).content == scrub(plan).content


def test_duplicate_and_unordered_elements_are_written_once_and_in_order() -> None:
    source = write(made(Manufacturer="ACME"))
    at = source.index(b"\x08\x00\x70\x00LO")
    element = source[at : at + 8 + 4]
    doubled = source[:at] + element + element + source[at + 12 :]
    clean = read(scrub(doubled).data)
    tags = [int(element.tag) for element in clean]
    assert tags == sorted(set(tags))


LEAVES = st.sampled_from(
    [("PatientName", f"{TOKEN}^A"), ("InstitutionName", TOKEN), ("PatientComments", TOKEN), ("TextValue", TOKEN),
     ("StudyDescription", TOKEN), ("OperatorsName", f"B^{TOKEN}"), ("PatientID", TOKEN), ("UID", "1.2.826.0.1.99999.7")]
)  # fmt: skip
SEQUENCES = [0x00082218, 0x0018A001, 0x52009230, 0x00081140, 0x00400555, 0x00081032, 0x00540016, 0x30060020, 0x00291040]
TREES = st.recursive(
    st.lists(LEAVES, min_size=1, max_size=3),
    lambda inner: st.lists(
        st.tuples(st.sampled_from(SEQUENCES), st.booleans(), st.lists(inner, max_size=2)), max_size=3
    ),
    max_leaves=12,
)


def _build(node: object) -> Dataset:
    dataset = Dataset()
    for entry in node:  # type: ignore[attr-defined]
        if len(entry) == 3:
            tag, undefined, items = entry
            if (tag >> 16) % 2:
                dataset.add_new((tag & 0xFFFF0000) | 0x10, "LO", TOKEN)
            built = [_build(inner) for inner in items]
            for each in built:
                each.is_undefined_length_sequence_item = undefined
            dataset.add_new(tag, "SQ", built)
            dataset[tag].is_undefined_length = undefined
        else:
            keyword, value = entry
            if keyword == "UID":
                dataset.ReferencedSOPInstanceUID = value
            else:
                setattr(dataset, keyword, value)
    return dataset


@settings(max_examples=60)
@given(TREES, st.sampled_from([ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian]))
def test_no_planted_identifier_survives_in_any_made_up_tree(tree: object, syntax: str) -> None:
    dataset = made()
    dataset.update(_build(tree))
    source = write(dataset, syntax)
    result = scrub(source, known=harvest(source).known)
    assert not stands_in(TOKEN, result.data)
    assert not stands_in("1.2.826.0.1.99999.7", result.data)
    read(result.data)


def _attempt(data: bytes) -> Rewritten | ItemError:
    try:
        harvest(data)
        return scrub(data)
    except ItemError as error:
        return error


def test_damaged_files_are_scrubbed_clean_or_held_back_and_never_anything_else() -> None:
    rng = random.Random(4711)
    sources = [data for _, data, _ in scrubbed_corpus() if len(data) < 40_000]
    outcomes = {"scrubbed": 0, "held": 0}
    for _ in range(400):
        data = bytearray(rng.choice(sources))
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if rng.random() < 0.3:
            del data[rng.randrange(len(data)) :]
        result = _attempt(bytes(data))
        if isinstance(result, ItemError):
            assert result.__cause__ is None
            assert result.code in codes()
            outcomes["held"] += 1
        else:
            assert result.data[:132] == bytes(128) + b"DICM"
            outcomes["scrubbed"] += 1
    assert min(outcomes.values()) > 50


def _referring(**classes: object) -> Dataset:
    item = Dataset()
    item.ReferencedSOPInstanceUID = "1.2.826.0.1.3680043.8.498.31.9"
    for keyword, value in classes.items():
        setattr(item, keyword, value)
    dataset = made(ReferencedImageSequence=[item], OriginalSpecializedSOPClassUID=classes["ReferencedSOPClassUID"])
    return read(scrub(write(dataset)).data)


@pytest.mark.parametrize("uid", ["1.3.12.2.1107.5.9.1", "1.2.840.113619.4.30", "1.3.46.670589.11.0.0.12.1"])
def test_a_class_of_a_maker_stays_where_classes_are_named(uid: str) -> None:
    new = _referring(ReferencedSOPClassUID=uid)
    item = new.ReferencedImageSequence[0]
    assert (item.ReferencedSOPClassUID, new.OriginalSpecializedSOPClassUID) == (uid, uid)
    assert item.ReferencedSOPInstanceUID.startswith("2.25.")


@pytest.mark.parametrize(
    "uid",
    [
        "1.3.12.2.1107.5.9.2",
        "1.3.12.2.1107.5.9.1.20210317",
        "1.3.12.2.1107.5.2.32.35208.2021031714",
        "1.2.3.4471902",
        "0.1",
    ],
)
def test_any_other_uid_in_its_place_is_mapped(uid: str) -> None:
    new = _referring(ReferencedSOPClassUID=uid)
    assert new.ReferencedImageSequence[0].ReferencedSOPClassUID.startswith("2.25.")
    assert new.OriginalSpecializedSOPClassUID.startswith("2.25.")


def test_a_class_of_a_maker_is_mapped_where_an_instance_is_named() -> None:
    new = read(scrub(write(made(FrameOfReferenceUID="1.3.12.2.1107.5.9.1"))).data)
    assert new.FrameOfReferenceUID.startswith("2.25.")
