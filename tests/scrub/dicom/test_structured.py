"""Structured content: each item by its concept, at every depth; what measures, codes and points stays and resolves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from scrub_support import CT, coder, made, read, stands_in, subject, write
from sr_support import (
    CLEANING,
    FRAME,
    KO,
    ROOT,
    SEG,
    STUDY,
    Code,
    code,
    content,
    image,
    item,
    number,
    plain,
    pointer,
    policy_of,
    report,
    text,
)

from curator.core.errors import ItemError
from curator.scrub.dicom import Rewritten
from curator.scrub.dicom.cleaning import Decisions
from curator.scrub.dicom.concepts import names_identity, rows_of, rules, table
from curator.scrub.dicom.harvest import harvest
from curator.scrub.dicom.rewrite import rewrite, verify
from curator.scrub.dicom.rules import data_text
from curator.scrub.dicom.tree import read_tree
from curator.scrub.policy import Policy

TOKEN = "QZPLANTED"
FINDING: Code = ("121071", "DCM", "Finding")
OBSERVER: Code = ("121008", "DCM", "Person Observer Name")
GROUP: Code = ("125007", "DCM", "Measurement Group")
LENGTH: Code = ("410668003", "SCT", "Length")
IMAGE_UID = ROOT + "1"


def cleaned(data: bytes, rules: Policy | None = None, **changes: object) -> Rewritten:
    policy = rules or policy_of(*CLEANING)
    return rewrite(data, subject(**changes), policy, coder, accepted=True)


def items_of(dataset: Dataset) -> Iterator[Dataset]:
    for each in dataset.get("ContentSequence", []):
        yield each
        yield from items_of(each)


def concepts_of(data: bytes) -> list[str]:
    """The concept codes of a written report, in the order of its items."""
    return [
        each.ConceptNameCodeSequence[0].CodeValue if "ConceptNameCodeSequence" in each else "-"
        for each in items_of(read(data))
    ]


# The tables


def test_the_table_has_all_213_rows_of_the_2026d_edition() -> None:
    lines = [line for line in data_text("ps315_e3_4_1.tsv").splitlines() if not line.startswith("#")][1:]
    assert len(lines) == 213
    assert Counter(line.split("\t")[3] for line in lines) == {"X": 135, "D": 60, "X/D": 18}
    assert "2026d" in data_text("ps315_e3_4_1.tsv").splitlines()[1]
    assert sum(len(rows) for rows in table().values()) == 213 + 10
    assert {row.value_type for rows in table().values() for row in rows} <= set(rules().value_types)


@pytest.mark.parametrize(
    ("scheme", "code_value", "types"),
    [
        ("DCM", "121008", ["PNAME"]),
        (" DCM ", "121008\0", ["PNAME"]),
        ("", "121008", ["PNAME"]),
        ("SCT", "371524004", ["COMPOSITE", "TEXT"]),
        ("SRT", "R-42B89", ["COMPOSITE", "TEXT"]),
        ("SNM3", "r-42b89", ["COMPOSITE", "TEXT"]),
        ("NCDR [2.0b]", "76", ["PNAME"]),
        ("ncit", "C67447", ["TEXT"]),
        ("99LOCAL", "121008", []),
        ("DCM", "112039", []),
    ],
)
def test_concepts_are_found_by_code_and_scheme_however_they_are_padded(
    scheme: str, code_value: str, types: list[str]
) -> None:
    assert [row.value_type for row in rows_of(scheme, code_value.strip("\0"))] == types


def test_the_added_rows_never_speak_about_a_row_of_the_table() -> None:
    listed = {tuple(line.split("\t")[:2]) for line in data_text("ps315_e3_4_1.tsv").splitlines()}
    for scheme, value in (("DCM", "121040"), ("LN", "21112-8")):
        assert (scheme, value) not in listed
        assert rows_of(scheme, value)


def test_names_of_concepts_tell_identities_as_whole_words_only() -> None:
    for meaning in ("Referring Physician", "Patient's Name", "MRN", "hospital_name", "ReadingRadiologist", "Zip-Code"):
        assert names_identity(meaning), meaning
    for meaning in ("Lesion", "Roommate score", "Algorithm Name", "Tracking Identifier", "Warding off", ""):
        assert not names_identity(meaning), meaning


# What goes, at every depth


def planted() -> tuple[Dataset, ...]:
    """Items that identify somebody, in containers three deep, each with the token."""
    uid = ROOT + "55.1"
    return (
        content("PNAME", OBSERVER, relation="HAS OBS CONTEXT", PersonName=f"{TOKEN}^Ann"),
        text(("121009", "DCM", "Person Observer's Organization Name"), TOKEN),
        text(("121022", "DCM", "Accession Number"), TOKEN),
        text(("121030", "DCM", "Subject ID"), TOKEN),
        content("PNAME", ("121029", "DCM", "Subject Name"), PersonName=TOKEN),
        content("PNAME", ("99001", "99LOCAL", "Whoever"), PersonName=TOKEN),
        text(("99002", "99LOCAL", "Referring Physician"), TOKEN),
        text(("121008", "DCM", "Person Observer Name"), TOKEN),  # under a value type that it should not have
        content("CODE", ("121434", "DCM", "Location"), ConceptCodeSequence=[code("1", "99LOCAL", TOKEN)]),
        content("CODE", ("99011", "99LOCAL", "Hospital"), ConceptCodeSequence=[code("1", "99LOCAL", TOKEN)]),
        content("NUM", ("121030", "DCM", "Subject ID"), MeasuredValueSequence=[], TextValue=TOKEN),
        content("UIDREF", ("121028", "DCM", "Subject UID"), UID=uid),
        content("UIDREF", ("112040", "DCM", "Tracking Unique Identifier"), UID=uid),
        content("SOUND", FINDING, TextValue=TOKEN),
        item(RelationshipType="CONTAINS", TextValue=TOKEN, ConceptNameCodeSequence=[code(*FINDING)]),
        content("CONTAINER", ("121000", "DCM", "Unique Device Identifiers"), text(("99003", "99LOCAL", "UDI"), TOKEN)),
        content("DATE", ("121031", "DCM", "Subject Birth Date"), Date="19440203"),
        content("DATE", ("21112-8", "LN", "Birth date"), Date="19440203"),
    )


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("descriptors", [True, False])
def test_planted_identities_are_found_in_no_output(descriptors: bool, syntax: str) -> None:
    deep = content("CONTAINER", GROUP, content("CONTAINER", GROUP, *planted()))
    data = report(*planted(), deep, number(LENGTH, "12.5", "mm", *planted()), syntax=syntax)
    options = CLEANING if descriptors else ("clean_structured_content",)
    result = cleaned(data, policy_of(*options)).data
    for secret in (TOKEN, "19440203", "Ann", ROOT + "55.1"):
        assert stands_in(secret, data), secret
        assert not stands_in(secret, result), secret
    left = concepts_of(result)
    assert left.count("121008") == 6  # the names' items stay with a dummy, and so does the text
    assert not {"121009", "121022", "121028", "121000", "121031", "21112-8", "121434", "99011"} & set(left)
    assert left.count("112040") == 3
    assert {str(each.PersonName) for each in items_of(read(result)) if "PersonName" in each} == {"ANONYMOUS"}


def test_measurements_codes_and_coordinates_stay_as_they_were() -> None:
    region = content(
        "SCOORD", ("111030", "DCM", "Image Region"), GraphicType="POLYLINE", GraphicData=[1.0, 2.0, 3.5, 4.0]
    )
    site = content("CODE", ("363698007", "SCT", "Finding Site"), ConceptCodeSequence=[code("39607008", "SCT", "Lung")])
    finding = content("CODE", FINDING, ConceptCodeSequence=[code("4147007", "SCT", "Mass")])
    group = content("CONTAINER", GROUP, site, finding, number(LENGTH, "12.5", "mm", region))
    clean = read(cleaned(report(group)).data)
    before = read(report(group))
    assert clean.ContentSequence == before.ContentSequence
    assert clean.ConceptNameCodeSequence == before.ConceptNameCodeSequence
    assert clean.ContentTemplateSequence == before.ContentTemplateSequence


@pytest.mark.parametrize(
    ("concept", "stays"),
    [
        (("99004", "99LOCAL", "MRN"), False),
        (("99005", "99LOCAL", "Social Security Number"), False),
        (("99006", "99LOCAL", "Patient phone"), False),
        (("121016", "DCM", "Device Observer Serial Number"), False),
        (("121028", "DCM", "Subject UID"), False),
        (("99007", "99LOCAL", "Contact area"), True),
        (("99008", "99LOCAL", "Room temperature"), True),
        (("99009", "99LOCAL", "Number of lesions"), True),
    ],
)
def test_a_measurement_that_is_called_a_number_of_a_person_or_a_machine_goes(concept: Code, stays: bool) -> None:
    value = item(NumericValue="739104", MeasurementUnitsCodeSequence=[code("1", "UCUM", "no units")])
    source = report(content("NUM", concept, MeasuredValueSequence=[value]), text(FINDING, "Nodule in the left lung"))
    data = cleaned(source).data
    assert stands_in("739104", data) is stays
    assert stands_in("Nodule in the left lung", data)


def test_who_keeps_a_coding_scheme_is_an_organization_and_no_person() -> None:
    toolkit = "Kuratorium OFFIS e.V., Escherweg 2, 26121 Oldenburg, Germany"
    for name, stays in (("American College of Radiology", True), (toolkit, True), ("Okonkwo Nkemelu", False)):
        scheme = item(CodingSchemeDesignator="99X", CodingSchemeResponsibleOrganization=name)
        data = cleaned(write(made(CodingSchemeIdentificationSequence=[scheme]))).data
        assert stands_in(name, data) is stays


def test_without_the_option_a_report_has_no_content_and_no_empty_sequence() -> None:
    clean = read(cleaned(report(number(LENGTH, "1", "mm")), policy_of()).data)
    assert "ContentSequence" not in clean
    assert clean.ValueType == "CONTAINER"


def test_a_container_that_loses_all_its_items_has_no_empty_sequence() -> None:
    group = content("CONTAINER", GROUP, text(("121022", "DCM", "Accession Number"), TOKEN))
    clean = read(cleaned(report(group)).data)
    assert "ContentSequence" not in clean.ContentSequence[0]


def test_an_item_whose_text_the_table_cleans_goes_unless_descriptors_are_cleaned() -> None:
    items = [text(("121106", "DCM", "Comment"), "stable"), text(("121071", "DCM", "Finding"), "stable")]
    items.append(text(("99004", "99LOCAL", "Impression"), "stable"))
    without = read(cleaned(report(*items), policy_of("clean_structured_content")).data)
    assert [each.TextValue for each in without.ContentSequence] == ["REMOVED", "REMOVED"]
    clean = read(cleaned(report(*items)).data)
    assert [each.TextValue for each in clean.ContentSequence] == ["stable"] * 3


def test_known_identifiers_in_texts_that_are_cleaned_are_gone() -> None:
    note = text(("121106", "DCM", "Comment"), f"seen with {TOKEN} in clinic")
    named = content("CODE", FINDING, ConceptCodeSequence=[code("1", "99LOCAL", f"{TOKEN} sign")])
    result = cleaned(report(note, named), known=(("name", TOKEN),)).data
    assert not stands_in(TOKEN, result)
    assert concepts_of(result) == ["121106", "121071"]


def test_texts_lose_names_and_dates_and_keep_what_was_found() -> None:
    data = report(
        text(
            ("121106", "DCM", "Comment"),
            "Nodule of 5 mm in the left upper lobe, discussed with Dr. Abernathy on 2020-03-10.",
        ),
        text(("99012", "99LOCAL", "Remark"), "Abernathy"),
        text(("112039", "DCM", "Tracking Identifier"), "Lesion 1"),
    )
    result = cleaned(data).data
    for secret in ("Abernathy", "ABERNATHY", "2020-03-10"):
        assert not stands_in(secret, result)
    left = [each.TextValue for each in read(result).ContentSequence]
    assert left[0].startswith("Nodule of 5 mm in the left upper lobe")
    assert left[1:] == ["REMOVED", "Lesion 1"]


def test_codes_that_are_called_as_the_standard_calls_them_keep_their_meaning() -> None:
    known = [("122558", "DCM", "Area Length Kennedy"), ("399348003", "SCT", "Antero-posterior projection")]
    data = report(*(content("CODE", FINDING, ConceptCodeSequence=[code(*each)]) for each in known))
    left = [each.ConceptCodeSequence[0].CodeMeaning for each in read(cleaned(data).data).ContentSequence]
    assert left == [meaning for _, _, meaning in known]
    borrowed = [("122558", "99LOCAL", "Area Length Kennedy"), ("122558", "DCM", "Area of Mr. Kennedy")]
    data = report(*(content("CODE", FINDING, ConceptCodeSequence=[code(*each)]) for each in borrowed))
    assert not stands_in("Kennedy", cleaned(data).data)
    person = report(content("CODE", FINDING, ConceptCodeSequence=[code(*known[0])]))
    assert not stands_in("Kennedy", cleaned(person, known=(("name", "Kennedy^Jack"),)).data)


# Dates, ages, options


def test_dates_follow_the_policy_and_removed_ones_take_their_items_along() -> None:
    items = [
        content("DATETIME", ("111526", "DCM", "DateTime Started"), DateTime="20200310101500"),
        content("DATE", ("126201", "DCM", "Acquisition Date"), Date="20200310"),
        content("TIME", ("99005", "99LOCAL", "Then"), Time="101500"),
    ]
    shifted = read(cleaned(report(*items)).data).ContentSequence
    assert [shifted[0].DateTime, shifted[1].Date, shifted[2].Time] == ["20200327101500", "20200327", "101500"]
    removed = read(cleaned(report(*items), policy_of(*CLEANING, dates="remove")).data).ContentSequence
    assert [each.ConceptNameCodeSequence[0].CodeValue for each in removed] == ["111526", "99005"]
    assert (removed[0].DateTime, removed[1].Time) == ("1900", "000000")


@pytest.mark.parametrize(("value", "unit"), [("90", "a"), ("1080", "mo"), ("4700", "wk"), ("33000", "d")])
def test_an_age_over_89_goes_in_any_unit(value: str, unit: str) -> None:
    age: Code = ("121033", "DCM", "Subject Age")
    assert concepts_of(cleaned(report(number(age, "89", "a"), number(LENGTH, "900", "mm"))).data) == [
        "121033",
        "410668003",
    ]
    assert concepts_of(cleaned(report(number(age, value, unit), number(LENGTH, "1", "mm"))).data) == ["410668003"]
    other = number(("99006", "99LOCAL", "Years lived"), value, unit)
    assert concepts_of(cleaned(report(other)).data) == []
    kept = cleaned(report(other), policy_of(*CLEANING, ages="keep"))
    assert concepts_of(kept.data) == ["99006"]


def test_the_subjects_sex_and_age_stay_only_under_the_patient_option() -> None:
    sex = content("CODE", ("121032", "DCM", "Subject Sex"), ConceptCodeSequence=[code("F", "DCM", "Female")])
    data = report(sex, number(("121033", "DCM", "Subject Age"), "45", "a"))
    assert concepts_of(cleaned(data).data) == ["121032", "121033"]
    assert concepts_of(cleaned(data, policy_of(*CLEANING, patient=False)).data) == []


def test_devices_and_uids_stay_only_under_the_options_that_retain_them() -> None:
    uid = ROOT + "55.2"
    data = report(
        text(("121013", "DCM", "Device Observer Name"), "SCANNER-7"),
        content("UIDREF", ("121012", "DCM", "Device Observer UID"), UID=uid),
        content("UIDREF", ("99007", "99LOCAL", "Some UID"), UID=uid),
        image(("121080", "DCM", "Best illustration of finding"), IMAGE_UID),
    )
    assert concepts_of(cleaned(data).data) == ["121012", "99007"]
    device = read(cleaned(data, policy_of(*CLEANING, "retain_device_identity")).data).ContentSequence
    assert [device[0].TextValue, device[1].UID, device[2].UID] == ["SCANNER-7", uid, coder(uid)]
    uids = read(cleaned(data, policy_of(*CLEANING, "retain_uids")).data).ContentSequence
    assert {each.UID for each in uids[:2]} == {uid}
    assert uids[2].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == IMAGE_UID


# References by position


def places(data: bytes) -> list[list[int]]:
    values = [
        each.ReferencedContentItemIdentifier
        for each in items_of(read(data))
        if "ReferencedContentItemIdentifier" in each
    ]
    return [list(value) if not isinstance(value, int) else [value] for value in values]


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_references_by_position_are_counted_anew_where_items_go(syntax: str) -> None:
    gone = text(("121022", "DCM", "Accession Number"), "1")
    data = report(
        gone,
        content("CONTAINER", GROUP, gone, gone, number(LENGTH, "1", "mm")),
        number(LENGTH, "2", "mm", pointer(1, 2, 3), pointer(1, 1), pointer(1)),
        content("CODE", FINDING, pointer(1, 3, 2), pointer(1, 3), ConceptCodeSequence=[code("1", "99LOCAL", "Mass")]),
        syntax=syntax,
    )
    result = cleaned(data).data
    # the second reference points at what is gone, so it goes, and so does the one that points at it
    assert places(result) == [[1, 1, 1], [1], [1, 2]]
    clean = read(result)
    assert clean.ContentSequence[0].ContentSequence[0].MeasuredValueSequence[0].NumericValue == 1
    assert clean.ContentSequence[1].MeasuredValueSequence[0].NumericValue == 2


def test_references_to_nowhere_go_and_those_to_what_stays_stay() -> None:
    data = report(number(LENGTH, "1", "mm", pointer(1, 9), pointer(7), pointer(1, 1)))
    assert places(cleaned(data).data) == [[1, 1]]


def test_the_check_after_the_writing_finds_an_item_that_must_go() -> None:
    policy = policy_of(*CLEANING)
    result = cleaned(report(number(LENGTH, "1", "mm")), policy)
    tags = {node.tag for node in read_tree(result.data).nodes}
    verify(result.data, Decisions(policy, document=False), tags)
    dirty = read(result.data)
    dirty.ContentSequence.append(text(("121022", "DCM", "Accession Number"), "REMOVED"))
    data = write(dirty)
    tags = {node.tag for node in read_tree(data).nodes}
    with pytest.raises(ItemError, match="DCM-046"):
        verify(data, Decisions(policy, document=False), tags)


def test_scrubbing_a_report_twice_changes_its_uids_alone() -> None:
    policy = policy_of(*CLEANING, dates="keep")
    once = cleaned(report(*planted(), number(LENGTH, "1", "mm", pointer(1, 1))), policy)
    twice = cleaned(once.data, policy)
    assert concepts_of(once.data) == concepts_of(twice.data)
    assert places(once.data) == places(twice.data) == [[1, 1]]


# What pass 1 learns


def test_identifiers_that_stand_in_content_items_are_searched_for_everywhere() -> None:
    data = report(
        content("CONTAINER", GROUP, text(("121022", "DCM", "Accession Number"), "AC-QZ-7741")),
        text(("121009", "DCM", "Person Observer's Organization Name"), "Quibble Memorial"),
        text(("121106", "DCM", "Comment"), "compare AC-QZ-7741 of Quibble Memorial"),
    )
    found = harvest(data)
    assert {("accession", "AC-QZ-7741"), ("institution", "Quibble Memorial")} <= set(found.known)
    assert ("ContentSequence/ContentSequence", "accession") in found.where
    result = cleaned(data, known=found.known).data
    assert not stands_in("7741", result)
    assert not stands_in("Quibble", result)


def test_an_age_over_89_in_a_report_is_learned() -> None:
    age: Code = ("121033", "DCM", "Subject Age")
    assert harvest(report(number(age, "93", "a"))).over_89
    assert not harvest(report(number(age, "89", "a"), number(LENGTH, "95", "mm"))).over_89


# Around the content


def test_observers_of_a_verified_report_become_nobody_and_the_report_stays_verified() -> None:
    observer = item(
        VerifyingObserverName=f"{TOKEN}^Ann",
        VerifyingOrganization=f"{TOKEN} Hospital",
        VerificationDateTime="20200310101500",
        VerifyingObserverIdentificationCodeSequence=[code("1", "99LOCAL", TOKEN)],
    )
    author = item(PersonName=TOKEN, InstitutionName=TOKEN)
    data = report(
        number(LENGTH, "1", "mm"),
        VerifyingObserverSequence=[observer],
        AuthorObserverSequence=[author],
        ParticipantSequence=[author],
        CustodialOrganizationSequence=[item(InstitutionName=TOKEN)],
        ReferencedRequestSequence=[item(AccessionNumber=TOKEN, StudyInstanceUID=STUDY)],
    )
    result = cleaned(data).data
    assert not stands_in(TOKEN, result)
    verifying = read(result).VerifyingObserverSequence[0]
    assert verifying.VerifyingObserverName == "ANONYMOUS"
    assert verifying.VerificationDateTime == "20200327101500"
    assert len(verifying.VerifyingObserverIdentificationCodeSequence) == 0


def test_content_items_outside_reports_are_decided_alike() -> None:
    specimen = item(
        SpecimenIdentifier=TOKEN,
        SpecimenUID=ROOT + "60",
        SpecimenPreparationSequence=[
            item(
                SpecimenPreparationStepContentItemSequence=[
                    text(("121041", "DCM", "Specimen Identifier"), TOKEN),
                    content("PNAME", ("99008", "99LOCAL", "Who"), PersonName=TOKEN),
                    content(
                        "CODE",
                        ("111701", "DCM", "Processing type"),
                        ConceptCodeSequence=[code("9265001", "SCT", "Specimen processing")],
                    ),
                ]
            )
        ],
    )
    context = [text(("121030", "DCM", "Subject ID"), TOKEN), number(("99009", "99LOCAL", "Tilt"), "4", "deg")]
    dataset = made(SpecimenDescriptionSequence=[specimen], AcquisitionContextSequence=context)
    result = cleaned(write(dataset)).data
    assert not stands_in(TOKEN, result)
    clean = read(result)
    steps = (
        clean.SpecimenDescriptionSequence[0].SpecimenPreparationSequence[0].SpecimenPreparationStepContentItemSequence
    )
    assert [step.ValueType for step in steps] == ["PNAME", "CODE"]
    assert [each.ValueType for each in clean.AcquisitionContextSequence] == ["TEXT", "NUM"]


def test_annotations_of_waveforms_keep_their_numbers_and_lose_their_names() -> None:
    annotations = [
        item(UnformattedTextValue=TOKEN, AnnotationGroupNumber=0, ReferencedWaveformChannels=[1, 0]),
        item(ConceptNameCodeSequence=[code("99010", "99LOCAL", "Technician")], UnformattedTextValue=TOKEN),
        item(ConceptNameCodeSequence=[code("8867-4", "LN", "Heart rate")], NumericValue="62"),
    ]
    data = write(plain("1.2.840.10008.5.1.4.1.1.9.1.1", "ECG", "91", WaveformAnnotationSequence=annotations))
    result = cleaned(data, known=(("name", TOKEN),)).data
    assert not stands_in(TOKEN, result)
    assert read(result).WaveformAnnotationSequence[2].NumericValue == 62
    assert "WaveformAnnotationSequence" not in read(cleaned(data, policy_of()).data)


def test_a_dose_report_keeps_its_doses_and_loses_who_and_where() -> None:
    event = content(
        "CONTAINER",
        ("113819", "DCM", "CT Acquisition"),
        text(("125203", "DCM", "Acquisition Protocol"), "Chest routine"),
        content("UIDREF", ("113769", "DCM", "Irradiation Event UID"), UID=ROOT + "70"),
        number(("113838", "DCM", "DLP"), "301.2", "mGy.cm"),
        content("CONTAINER", ("113876", "DCM", "Device Role"), text(("113880", "DCM", "Device Serial Number"), TOKEN)),
    )
    person = content(
        "PNAME",
        ("113870", "DCM", "Person Name"),
        content("TEXT", ("113871", "DCM", "Person ID"), TextValue=TOKEN),
        text(("113873", "DCM", "Organization Name"), TOKEN),
        PersonName=TOKEN,
    )
    start = content("DATETIME", ("113809", "DCM", "Start of X-Ray Irradiation"), DateTime="20200310101500")
    result = cleaned(report(event, person, start, sop_class="1.2.840.10008.5.1.4.1.1.88.67")).data
    assert not stands_in(TOKEN, result)
    assert concepts_of(result) == ["113819", "125203", "113769", "113838", "113876", "113880", "113870", "113809"]
    clean = list(items_of(read(result)))
    assert str(clean[2].UID) == coder(ROOT + "70")
    assert clean[3].MeasuredValueSequence[0].NumericValue == 301.2
    assert clean[7].DateTime == "20200327101500"


def test_a_key_object_note_still_points_at_its_images() -> None:
    evidence = item(
        StudyInstanceUID=STUDY,
        ReferencedSeriesSequence=[
            item(
                SeriesInstanceUID=ROOT + "3",
                ReferencedSOPSequence=[item(ReferencedSOPClassUID=CT, ReferencedSOPInstanceUID=IMAGE_UID)],
            )
        ],
    )
    note = text(("113012", "DCM", "Key Object Description"), "For teaching")
    data = report(
        note,
        image(None, IMAGE_UID),
        image(None, ROOT + "4", SEG, "COMPOSITE"),
        sop_class=KO,
        CurrentRequestedProcedureEvidenceSequence=[evidence],
    )
    picture = cleaned(write(made()))
    clean = read(cleaned(data).data)
    assert clean.ContentSequence[1].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == picture.uid
    series = clean.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert (series.SeriesInstanceUID, series.ReferencedSOPSequence[0].ReferencedSOPInstanceUID) == (
        picture.series_uid,
        picture.uid,
    )
    assert clean.CurrentRequestedProcedureEvidenceSequence[0].StudyInstanceUID == picture.study_uid
    assert clean.ContentSequence[0].TextValue == "For teaching"


def test_actions_name_paths_and_no_values() -> None:
    result = cleaned(report(content("CONTAINER", GROUP, text(("121022", "DCM", "Accession Number"), TOKEN))))
    assert ("ContentSequence/ContentSequence", "removed", 1) in result.actions
    assert TOKEN not in repr(result.actions)
    assert FRAME not in repr(result)
