"""Dates and times by the study's clock: intervals of an object stay, none is told wrong, of a date the year stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.valuerep import DT
from scrub_support import coder, made, policy, read, scrub, subject, write

from curator.scrub.delivery.survey import _Times
from curator.scrub.dicom.decide import Act, Context, decide
from curator.scrub.dicom.harvest import harvest
from curator.scrub.dicom.rewrite import rewrite

PET, ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.128", "1.2.840.10008.5.1.4.1.1.4.1"
DATES = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")
TIMES = ("StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime")


def item(**values: object) -> Dataset:
    found = Dataset()
    for key, value in values.items():
        setattr(found, key, value)
    return found


def told(dataset: Dataset, first: str | None = None, name: str = "safe-harbor") -> Dataset:
    """Take an object through both passes; ``first`` is a zero that an earlier delivery has fixed."""
    data = write(dataset)
    zero = harvest(data).zero
    micros = seconds(first) * 1_000_000 if first else zero[1] if zero else None
    return read(scrub(data, name=name, first_time=micros).data)


def seconds(text: str) -> int:
    return int(text[:2]) * 3600 + int(text[2:4]) * 60 + int(text[4:6] or 0)


def pet(study: str, injected: str, scanned: str, *, day: str = "20220608", scan_day: str = "20220608") -> Dataset:
    dataset = made(SOPClassUID=PET, Modality="PT")
    dataset.StudyDate, dataset.StudyTime = "20220608", study
    for name in DATES[1:]:
        setattr(dataset, name, scan_day)
    for name in TIMES[1:]:
        setattr(dataset, name, scanned)
    dose = item(RadiopharmaceuticalStartTime=injected, RadiopharmaceuticalStartDateTime=day + injected)
    dataset.RadiopharmaceuticalInformationSequence = Sequence([dose])
    return dataset


@pytest.mark.parametrize(
    ("dataset", "study", "injected", "scanned"),
    [
        (pet("094000", "091500", "101500"), "002500", "000000", "010000"),  # injected before the study was opened
        (pet("090000", "091500", "101500"), "000000", "001500", "011500"),
        (pet("003000", "234500", "004500", day="20220607"), "004500", "000000", "010000"),  # over midnight
    ],
)
def test_the_time_from_injection_to_scan_stays(dataset: Dataset, study: str, injected: str, scanned: str) -> None:
    clean = told(dataset)
    dose = clean.RadiopharmaceuticalInformationSequence[0]
    assert (clean.StudyTime, dose.RadiopharmaceuticalStartTime, clean.SeriesTime) == (study, injected, scanned)
    assert dose.RadiopharmaceuticalStartDateTime == f"20220101{injected}"
    assert {clean[name].value for name in DATES} == {"20220101"}


def test_an_injection_of_a_day_that_is_not_told_is_the_nearest_one() -> None:
    dataset = pet("003000", "234500", "004500")
    del dataset.RadiopharmaceuticalInformationSequence[0].RadiopharmaceuticalStartDateTime
    assert harvest(write(dataset)).zero == ("20220607", seconds("234500") * 1_000_000)
    clean = told(dataset)
    assert clean.RadiopharmaceuticalInformationSequence[0].RadiopharmaceuticalStartTime == "000000"
    assert clean.SeriesTime == "010000"


def test_a_zero_of_an_earlier_delivery_stays_and_what_lies_before_it_goes() -> None:
    clean = told(pet("094000", "091500", "101500"), first="094000")
    assert (clean.StudyTime, clean.SeriesTime) == ("000000", "003500")
    dose = clean.RadiopharmaceuticalInformationSequence[0]
    assert dose.get("RadiopharmaceuticalStartTime", "") == ""
    assert dose.RadiopharmaceuticalStartDateTime == "2022"


def test_an_injection_of_days_ago_tells_no_time() -> None:
    clean = told(pet("091000", "091500", "101500", scan_day="20220610"))
    dose = clean.RadiopharmaceuticalInformationSequence[0]
    assert dose.get("RadiopharmaceuticalStartTime", "") == ""
    assert dose.RadiopharmaceuticalStartDateTime == "2022"
    assert (clean.StudyTime, clean.SeriesTime, clean.AcquisitionTime) == ("000000", "010500", "010500")


def test_contrast_before_the_study_moves_its_zero() -> None:
    dataset = made(StudyDate="20190417", StudyTime="101500", ContrastBolusStartTime="101000")
    clean = told(dataset)
    assert (clean.ContrastBolusStartTime, clean.StudyTime) == ("000000", "000500")


def test_what_lies_long_before_moves_no_zero_and_tells_no_time() -> None:
    dataset = made(
        StudyDate="20190417", StudyTime="101500", DateOfLastCalibration="20190301", TimeOfLastCalibration="070000",
        AdmittingDate="20190417", AdmittingTime="000000",
    )  # fmt: skip
    assert harvest(write(dataset)).zero == ("20190417", seconds("101500") * 1_000_000)
    clean = told(dataset)
    assert clean.StudyTime == "000000"
    assert clean.get("TimeOfLastCalibration", "") == ""
    assert clean.get("DateOfLastCalibration", "20190101") == "20190101"


def test_frames_keep_their_times() -> None:
    frames = [
        item(FrameContentSequence=Sequence([item(FrameAcquisitionDateTime=f"20220608101{number}00.25")]))
        for number in range(5)
    ]
    dataset = made(
        SOPClassUID=ENHANCED_MR, Modality="MR", StudyDate="20220608", StudyTime="100000",
        ContentDate="20220608", ContentTime="101500", AcquisitionDateTime="20220608101000",
        PerFrameFunctionalGroupsSequence=Sequence(frames),
    )  # fmt: skip
    clean = told(dataset)
    found = [frame.FrameContentSequence[0].FrameAcquisitionDateTime for frame in clean.PerFrameFunctionalGroupsSequence]
    assert found == [f"20220101001{number}00.25" for number in range(5)]
    assert [str(DT(text)) for text in found] == found  # what pydicom reads is what stands there
    assert clean.AcquisitionDateTime == "20220101001000"


def test_one_hour_behind_new_year_is_one_hour_later() -> None:
    dataset = made(
        StudyDate="20191231", StudyTime="235000", ContentDate="20200101", ContentTime="001000",
        AcquisitionDateTime="20200101000500.5",
    )  # fmt: skip
    clean = told(dataset)
    assert (clean.StudyDate, clean.StudyTime) == ("20190101", "000000")
    assert (clean.ContentDate, clean.ContentTime) == ("20190101", "002000")
    assert clean.AcquisitionDateTime == "20190101001500.5"


def test_a_later_day_of_a_stay_keeps_its_own_intervals() -> None:
    dataset = made(
        StudyDate="20190417", StudyTime="090000", SeriesDate="20190419", SeriesTime="100000",
        AcquisitionDate="20190419", AcquisitionTime="100500", ContentDate="20190417", ContentTime="093000",
        AcquisitionDateTime="20190419100500",
    )  # fmt: skip
    clean = told(dataset)
    assert (clean.StudyTime, clean.SeriesTime, clean.AcquisitionTime) == ("000000", "010000", "010500")
    assert clean.AcquisitionDateTime == "20190101010500"
    assert clean.ContentTime == ""


def test_an_object_of_two_days_keeps_those_times_of_which_it_has_most() -> None:
    dataset = made(
        StudyDate="20190417", StudyTime="090000", SeriesDate="20190418", SeriesTime="100000",
        AcquisitionDate="20190417", AcquisitionTime="100500", ContentDate="20190417", ContentTime="100600",
    )  # fmt: skip
    clean = told(dataset)
    assert (clean.AcquisitionTime, clean.ContentTime) == ("010500", "010600")
    assert clean.get("SeriesTime", "") == ""
    dataset.SOPClassUID = PET  # whose series has to say its time
    clean = told(dataset)
    assert (clean.SeriesTime, clean.AcquisitionTime, clean.ContentTime) == ("010000", "", "")


def test_times_of_other_zones_are_told_in_that_of_the_object() -> None:
    dataset = made(
        StudyDate="20190417",
        StudyTime="100000",
        TimezoneOffsetFromUTC="+0200",
        AcquisitionDateTime="20190417083000+0000",
    )
    assert told(dataset).AcquisitionDateTime == "20190101003000"
    del dataset.TimezoneOffsetFromUTC
    dataset.AcquisitionDateTime = "20190417103000+0200"  # no other one is there
    assert told(dataset).AcquisitionDateTime == "20190101003000"


def test_a_moment_without_a_time_or_a_study_without_one_tells_the_year() -> None:
    for text in ("2019", "201904", "20190417"):
        assert (
            told(made(StudyDate="20190417", StudyTime="1000", AcquisitionDateTime=text)).AcquisitionDateTime == "2019"
        )
    lone = made(ReferencedImageSequence=Sequence([item(FrameReferenceDateTime="20190417101500")]))
    assert told(lone).ReferencedImageSequence[0].FrameReferenceDateTime == "2019"


MOMENTS = st.integers(-3 * 24 * 60, 3 * 24 * 60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOMENTS, MOMENTS, MOMENTS, MOMENTS, st.integers(0, 24 * 60 - 1), st.booleans())
def test_no_interval_between_two_times_of_an_object_is_told_wrong(
    series: int, acquisition: int, content: int, dose: int, first: int, frozen: bool
) -> None:
    start = datetime(2019, 12, 31, 14, 30)
    moments = {
        name: start + timedelta(minutes=minutes)
        for name, minutes in (("Series", series), ("Acquisition", acquisition), ("Content", content), ("Dose", dose))
    }
    dataset = made()
    for name in ("Series", "Acquisition", "Content"):
        setattr(dataset, f"{name}Date", f"{moments[name]:%Y%m%d}")
        setattr(dataset, f"{name}Time", f"{moments[name]:%H%M%S}")
    dataset.AcquisitionDateTime = f"{moments['Acquisition']:%Y%m%d%H%M%S}"
    dataset.RadiopharmaceuticalInformationSequence = Sequence(
        [item(RadiopharmaceuticalStartDateTime=f"{moments['Dose']:%Y%m%d%H%M%S}")]
    )
    clean = told(dataset, first=f"{first // 60:02d}{first % 60:02d}00" if frozen else None)
    texts: dict[str, str] = {
        "Dose": clean.RadiopharmaceuticalInformationSequence[0].RadiopharmaceuticalStartDateTime,
        "AcquisitionDT": clean.AcquisitionDateTime,
        **{
            name: clean[f"{name}Date"].value + clean.get(f"{name}Time", "")
            for name in ("Series", "Acquisition", "Content")
        },
    }
    whole = {name: datetime.strptime(text, "%Y%m%d%H%M%S") for name, text in texts.items() if len(text) == 14}
    assert whole
    for one, told_one in whole.items():
        assert (told_one.month, told_one.day) == (1, 1)
        for other, told_other in whole.items():
            assert told_one - told_other == moments[one.removesuffix("DT")] - moments[other.removesuffix("DT")]


def test_a_study_begins_with_the_earliest_zero_of_its_objects() -> None:
    times = _Times(str)
    for zero in (["20190417", 5], ["20190416", 9], ["", 1], None):
        times.add({"dicom": {"study_uid": "1.2", "first": None, "zero": zero}, "source": "s"})
    times.add({"dicom": {"study_uid": "1.2", "first": ["20190418", 7]}, "source": "s"})  # of an earlier version
    times.add({"dicom": None})
    assert times.first() == {"1.2": 9}


BAD = ("***", "00000000", "20190417-20190418", "20210229")


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize("name", ["safe-harbor", "expert", "limited-dataset"])
def test_what_is_no_date_goes_where_no_date_is_demanded(text: str, name: str) -> None:
    dataset = made(StudyDate="", SeriesDate="", ContentDate="", AcquisitionDate="", AcquisitionDateTime="")
    for keyword in ("StudyDate", "SeriesDate", "ContentDate", "AcquisitionDate", "AcquisitionDateTime"):
        dataset[keyword]._value = text
    clean = read(scrub(write(dataset), name=name, first_time=0).data)
    assert "SeriesDate" not in clean  # Type 3
    assert "AcquisitionDateTime" not in clean
    assert (clean.StudyDate, clean.ContentDate, clean.AcquisitionDate) == ("", "", "")
    for sop_class, dummies in ((PET, ["SeriesDate"]), (ENHANCED_MR, ["ContentDate"])):
        dataset.SOPClassUID = sop_class
        clean = read(scrub(write(dataset), name=name, first_time=0).data)
        assert [keyword for keyword in DATES if clean.get(keyword)] == dummies
        assert clean[dummies[0]].value == "19000101"


def test_a_date_of_an_item_or_of_action_d_is_a_dummy_everywhere() -> None:
    rules = policy()
    assert decide(0x0008002A, "DT", Context(image="plain"), rules).fallback is Act.REMOVE
    assert decide(0x0008002A, "DT", Context(nested=True, image="plain"), rules).fallback is Act.DUMMY
    assert decide(0x00189701, "DT", Context(image="plain"), rules).fallback is Act.DUMMY
    assert decide(0x00080021, "DA", Context(image="pet"), rules).fallback is Act.DUMMY
    assert decide(0x00080021, "DA", Context(), rules).fallback is Act.REMOVE  # only the PET Series module demands it
    assert decide(0x00080023, "DA", Context(image="pet"), rules).fallback is Act.EMPTY


@given(st.lists(st.text(st.sampled_from("0123456789.+-\\ *"), max_size=26), min_size=4, max_size=4))
@settings(max_examples=60, deadline=None)
def test_no_date_or_time_fails_either_pass(texts: list[str]) -> None:
    dataset: Any = made(AcquisitionDateTime="", StudyTime="", StudyDate="", ContrastBolusStartTime="")
    for keyword, text in zip(
        ("AcquisitionDateTime", "StudyTime", "StudyDate", "ContrastBolusStartTime"), texts, strict=True
    ):
        dataset[keyword]._value = text
    data = write(dataset)
    zero = harvest(data).zero
    rewrite(data, subject(first_time=zero[1] if zero else 0), policy(), coder, accepted=True)
