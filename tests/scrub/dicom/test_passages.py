"""What became of stretches before says nothing about another person, study, private creator or character set."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from scrub_support import coder, made, policy, read, scrub, shipped, subject, write

from curator.core.errors import ItemError
from curator.formats.dicom import stretches
from curator.formats.dicom.repeats import Repeats
from curator.scrub.dicom import rewrite, tree
from curator.scrub.dicom.answers import answers_of

KNOWN = (("id", "A1234567"), ("name", "Quxley^Zorblat"))


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learn from short data sets too, and know nothing yet."""
    monkeypatch.setattr(stretches, "_SMALL", 0)
    forget(monkeypatch)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrite, "REPEATS", Repeats(tree._APART))
    answers_of.cache_clear()
    rewrite._passed.cache_clear()


def outcome(data: bytes, **changes: Any) -> Any:
    try:
        return scrub(data, **changes)
    except ItemError as error:
        return error.code


def image(**changes: Any) -> bytes:
    """An object of a series, with enough that stays."""
    stays = {
        "Manufacturer": "Maker",
        "ManufacturerModelName": "Model 5",
        "SeriesDescription": "Chest w/o",
        "StudyDescription": "head first",
        "ScanningSequence": "SE",
        "SliceThickness": "1.5",
        "KVP": "120",
        "RepetitionTime": "500",
        "EchoTime": "12",
        "FlipAngle": "90",
        "ImagingFrequency": "63.5",
        "StudyDate": "20190203",
        "ContentDate": "20190203",
        "AcquisitionDate": "20190203",
        "SeriesDate": "20190203",
    }
    return write(made(**{**stays, **changes}))


def used() -> int:
    """Stretches of the latest object."""
    return len(tree.read_tree(image(), rewrite.REPEATS).structure.stretches)


def test_every_shipped_file_becomes_the_same_after_files_like_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in shipped()[::9]:
        data = path.read_bytes()
        forget(monkeypatch)
        alone = outcome(data, known=KNOWN)
        for _ in range(5):
            assert outcome(data, known=KNOWN) == alone


def test_objects_of_a_series_become_the_same_with_and_without_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    data = [image(InstanceNumber=str(number), SliceLocation=f"{number}.5") for number in range(8)]
    found = [outcome(each, known=KNOWN) for each in data]
    assert used() > 1
    for each, before in zip(data, found, strict=True):
        forget(monkeypatch)
        assert outcome(each, known=KNOWN) == before


def test_a_name_goes_for_its_person_alone_and_dates_follow_person_and_study() -> None:
    for known, stays in (((), True), ((("name", "First^Head"),), False), ((), True)):
        for days, day in ((17, "20190220"), (40, "20190315")):
            for number in range(5):
                data, person = image(InstanceNumber=str(number)), subject(known=known, shift_days=days)
                clean = read(rewrite.rewrite(data, person, policy("expert"), coder, accepted=True).data)
                assert clean.ContentDate == day
                assert ("first" in str(clean.get("StudyDescription"))) is stays
    assert used() > 1


def test_a_private_element_stays_for_its_creator_alone() -> None:
    def private(creator: str, number: int) -> bytes:
        data = read(image(InstanceNumber=str(number)))
        block = data.private_block(0x0019, creator, create=True)
        for element in range(0x02, 0x30):
            block.add_new(element, "IS", "3")
        return write(data)

    kept: dict[str, set[int]] = {}
    for creator in ("GEMS_ACQU_01", "SOMEBODY ELSE", "GEMS_ACQU_01", "SOMEBODY ELSE"):
        for number in range(5):
            clean = read(scrub(private(creator, number)).data)
            inside = {int(element.tag) for element in clean if element.tag.is_private}
            assert kept.setdefault(creator, inside) == inside
    assert not kept["SOMEBODY ELSE"]
    assert 0x00190010 in kept["GEMS_ACQU_01"]


def test_a_date_inside_of_a_sequence_is_worked_out_in_each_object() -> None:
    item = Dataset()
    item.ReferencedSOPInstanceUID, item.ContentDate = "1.2.3.4.5", "20190203"
    for days, day in ((17, "20190220"), (40, "20190315")):
        for number in range(5):
            data = image(InstanceNumber=str(number), RelatedSeriesSequence=Sequence([item]))
            found = rewrite.rewrite(data, subject(shift_days=days), policy("expert"), coder, accepted=True)
            inside = [each.value for each in read(found.data).iterall() if each.keyword == "ContentDate"]
            assert set(inside) == {day}


def test_a_character_set_decides_what_equal_bytes_say() -> None:
    for name, text in (("ISO_IR 100", "Kopf für"), ("ISO_IR 192", "Kopf f"), ("ISO_IR 100", "Kopf für")):
        for number in range(5):
            data = image(InstanceNumber=str(number), SpecificCharacterSet="ISO_IR 100", SeriesDescription="Kopf für")
            data = data.replace(b"ISO_IR 100", name.encode())
            clean = read(scrub(data).data)
            assert (str(clean.get("SeriesDescription", "")) == text) is (name == "ISO_IR 100")
