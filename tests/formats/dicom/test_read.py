"""The door to pydicom: codes instead of exceptions, silence instead of warnings."""

from __future__ import annotations

import logging
import traceback
import warnings

import pydicom.filereader
import pytest
from corpus import DATA, UID, explicit, file_of
from pydicom.dataset import Dataset

from curator.core.errors import ItemError, UsageError
from curator.formats.dicom.read import guarded, read_dataset

CT = DATA / "test_files" / "CT_small.dcm"


def test_pixels_are_left_out_on_request_but_walked() -> None:
    header, structure = read_dataset(CT.read_bytes(), stop_before_pixels=True)
    assert "PixelData" not in header
    assert structure.has_pixels
    assert "PixelData" in read_dataset(CT.read_bytes())[0]
    with pytest.raises(ItemError, match="DCM-007"):
        read_dataset(CT.read_bytes()[:-500], stop_before_pixels=True)


def test_bytes_behind_the_data_set_never_reach_pydicom() -> None:
    data = file_of(UID + explicit(0x7FE00010, b"OW", b"1234") + explicit(0x00100010, b"PN", b"DOE^JANE"))
    dataset, structure = read_dataset(data)
    assert structure.trailing == 16
    assert "PatientName" not in dataset


def test_a_missing_transfer_syntax_is_filled_in() -> None:
    dataset, _ = read_dataset(UID)
    assert dataset.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert dataset.preamble is None


def test_values_that_pydicom_cannot_decode_become_a_code_without_the_value() -> None:
    dataset, _ = read_dataset(file_of(UID + explicit(0x00280010, b"US", b"DOE")))
    with pytest.raises(ItemError) as caught, guarded():
        _ = dataset.Rows
    assert caught.value.code == "DCM-020"
    assert "DOE" not in "".join(traceback.format_exception(caught.value))


def test_the_programs_own_errors_and_memory_pass_the_guard() -> None:
    with pytest.raises(UsageError), guarded():
        raise UsageError("SYS-008", reason="it is a test")
    with pytest.raises(MemoryError), guarded():
        raise MemoryError
    with pytest.raises(ItemError, match="DCM-020"), guarded():
        raise RecursionError


def test_warnings_and_log_records_of_pydicom_are_dropped(caplog: pytest.LogCaptureFixture) -> None:
    data = file_of(UID + explicit(0x00080005, b"CS", b"DOE JANE") + explicit(0x00100030, b"DA", b"DOE^JANE"))
    with warnings.catch_warnings(record=True) as caught, caplog.at_level(logging.DEBUG):
        warnings.simplefilter("always")
        dataset, _ = read_dataset(data)
        with guarded():
            assert str(dataset.PatientBirthDate) == "DOE^JANE"
    assert not caught
    assert not caplog.records


def test_a_reader_that_loses_elements_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pydicom.filereader.read_dataset

    def losing(*args: object, **kwargs: object) -> Dataset:
        dataset = whole(*args, **kwargs)  # type: ignore[arg-type]
        dataset.pop("StudyDate", None)
        return dataset

    monkeypatch.setattr(pydicom.filereader, "read_dataset", losing)
    with pytest.raises(ItemError, match="DCM-021"):
        read_dataset(CT.read_bytes())
