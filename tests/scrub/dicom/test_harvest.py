"""Pass 1 finds who, when and every identifier; where they stand is told without them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from scrub_support import file_named, made, read, scrub, scrubbed_corpus, write

from curator.core.errors import ItemError
from curator.scrub.dicom.harvest import harvest, is_placeholder


def item(**values: object) -> Dataset:
    dataset = Dataset()
    for key, value in values.items():
        setattr(dataset, key, value)
    return dataset


FULL = {
    "PatientName": "Doe^Jane",
    "PatientID": " 00123456 ",
    "IssuerOfPatientID": "City Hospital",
    "OtherPatientIDs": ["X-77-11", "ANON"],
    "PatientBirthDate": "19320319",
    "PatientAge": "092Y",
    "PatientAddress": "12 Elm Street",
    "PatientTelephoneNumbers": "5550107788",
    "AccessionNumber": "ACC4711",
    "OperatorsName": "Roe^Richard",
    "StationName": "CTROOM3",
    "Manufacturer": "ACME Imaging",
    "InstitutionName": "ACME",
    "StudyDate": "20190417",
    "StudyTime": "101112.5",
    "SeriesDate": "20190417",
    "SeriesTime": "101500",
    "AcquisitionDateTime": "20190416235959",
}


def test_identity_dates_and_uids_are_found() -> None:
    found = harvest(write(made(**FULL)))
    assert (found.patient_id, found.issuer, found.placeholder) == ("00123456", "City Hospital", False)
    assert found.sop_instance_uid.endswith("498.1")
    assert found.study_uid.endswith("498.2")
    assert found.series_uid.endswith("498.3")
    assert found.modality == "CT"
    assert found.transfer_syntax == "1.2.840.10008.1.2.1"
    assert found.first == ("20190416", 86_399_000_000)
    assert found.last_date == "20190417"
    assert found.birth_dates == ("19320319",)
    assert found.over_89


def test_known_identifiers_are_collected_by_category_and_placeholders_are_not() -> None:
    known = set(harvest(write(made(**FULL))).known)
    assert {
        ("name", "Doe^Jane"),
        ("name", "Roe^Richard"),
        ("id", "00123456"),
        ("id", "X-77-11"),
        ("accession", "ACC4711"),
        ("phone", "5550107788"),
        ("address", "12 Elm Street"),
        ("birth_date", "19320319"),
        ("date", "20190417"),
        ("device", "CTROOM3"),
        ("institution", "City Hospital"),
    } <= known
    assert not [value for _, value in known if value in {"ANON", "ACME"}]  # a placeholder, and the maker's own name


def test_identifiers_are_found_in_nested_private_and_unlisted_places() -> None:
    dataset = made()
    dataset.add_new(
        0x0018A001, "SQ", [item(PatientName="Deep^Dora", ReferencedSeriesSequence=[item(PatientID="NEST991")])]
    )
    block = dataset.private_block(0x0029, "ACME", create=True)
    block.add_new(0x10, "PN", "Secret^Sam")
    found = harvest(write(dataset))
    assert {("name", "Deep^Dora"), ("id", "NEST991"), ("name", "Secret^Sam")} <= set(found.known)
    assert ("ContributingEquipmentSequence/PatientName", "name") in found.where
    assert ("private", "name") in found.where


def test_where_names_attributes_and_never_a_value() -> None:
    found = harvest(write(made(**FULL)))
    assert ("PatientID", "id") in found.where
    assert ("StudyDate", "date") in found.where
    assert ("SOPInstanceUID", "uid") in found.where
    text = repr(found) + repr(found.where)
    for _, value in found.known:
        assert value not in text


def test_names_are_decoded_by_the_character_set() -> None:
    found = harvest(file_named("chrH31.dcm"))
    assert any("山田" in value for category, value in found.known if category == "name")


def test_a_time_without_a_date_still_is_a_first_time() -> None:
    assert harvest(write(made(StudyTime="0800"))).first == ("", 28_800_000_000)
    assert harvest(write(made())).first is None
    assert harvest(write(made(StudyDate="20190417"))).first is None


def test_a_date_that_stands_for_never_is_not_the_last_date() -> None:
    assert harvest(write(made(StudyDate="20190417", ContentDate="99991231"))).last_date == "20190417"


@pytest.mark.parametrize(
    "text", ["", " ", "0", "000", "ANON", "anonymous", "Unknown", "N/A", "XXX", "xx", "99999", "-", "???", "NO ID"]
)
def test_placeholders_say_nothing_about_who_it_is(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["1", "A", "12", "00123", "ANON-17", "Xavier", "MRN1"])
def test_real_ids_are_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


def test_every_file_of_the_corpus_is_harvested() -> None:
    for path, data, _ in scrubbed_corpus():
        found = harvest(data)
        assert found.sop_instance_uid, path.name
        assert all(len(pair) == 2 for pair in found.known)


@given(st.binary(max_size=400))
def test_hostile_bytes_give_a_code_and_nothing_else(data: bytes) -> None:
    for hostile in (data, bytes(128) + b"DICM" + data):
        with pytest.raises(ItemError) as caught:
            harvest(hostile)
        assert caught.value.__cause__ is None


def test_a_station_that_is_called_like_its_model_hides_no_model() -> None:
    source = write(made(StationName="Galan 3T", ManufacturerModelName="Galan 3T"))
    known = harvest(source).known
    assert ("device", "Galan 3T") not in known
    assert read(scrub(source, known=known).data).ManufacturerModelName == "Galan 3T"
    other = harvest(write(made(StationName="Galan 3T", ManufacturerModelName="Vantage"))).known
    assert ("device", "Galan 3T") in other


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("DeviceSerialNumber", "88213"), ("DeviceSerialNumber", "SN88213"), ("DeviceSerialNumber", "SN-4411")]
    + [("StationName", "CT441"), ("DeviceID", "441"), ("GantryID", "64-4471"), ("InstitutionName", "SITE 4471")],
)
def test_a_number_of_one_machine_or_site_stays_in_no_text_about_the_machine(keyword: str, value: str) -> None:
    written = {"ManufacturerModelName": f"SOMATOM Force {value}", "SoftwareVersions": f"VA20 {value}"}
    for typed in ({}, {"ManufacturerModelName": value}):
        source = write(made(Manufacturer="SIEMENS", **{keyword: value}, **{**written, **typed}))
        known = harvest(source).known
        if typed and keyword == "StationName":
            assert ("device", value) not in known  # a station called as its model
            continue
        assert value in {one for _, one in known}
        new = read(scrub(source, known=known).data)
        assert value not in f"{new.ManufacturerModelName} {new.SoftwareVersions}"
        assert typed or (new.ManufacturerModelName, new.SoftwareVersions) == ("SOMATOM Force", "VA20")


@pytest.mark.parametrize("name", ["SIEMENS", "Force", "SOMATOM Force"])
def test_a_machine_called_by_words_of_its_maker_or_model_hides_neither(name: str) -> None:
    source = write(made(Manufacturer="SIEMENS", ManufacturerModelName="SOMATOM Force", StationName=name))
    known = harvest(source).known
    new = read(scrub(source, known=known).data)
    assert (new.Manufacturer, new.ManufacturerModelName) == ("SIEMENS", "SOMATOM Force")
