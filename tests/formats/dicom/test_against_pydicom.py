"""The walk and pydicom see the same elements in every file that ships with pydicom."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
import pytest
from corpus import DATA, shipped

from curator.core.errors import ItemError
from curator.formats.dicom.encoding import UNDEFINED
from curator.formats.dicom.listing import elements
from curator.formats.dicom.read import read_dataset
from curator.formats.dicom.walk import check_structure

#: Files that the walk refuses, and why it is right to.
REFUSED = {
    "test_files/MR_truncated.dcm": "DCM-007",  # the pixel data are cut off
    "test_files/rtplan_truncated.dcm": "DCM-007",  # cut off inside a nested item
    "test_files/dicomdirtests/DICOMDIR-nooffset": "DCM-007",  # cut off inside a directory record
    "test_files/no_meta.dcm": "DCM-001",  # a stray blank stands before the data set
}
NOT_DICOM = {".txt", ".md", ".json", ".dump", ".gz", ".icc"}
NOT_DICOM_NAMES = {"README"}


def name_of(path: Path) -> str:
    return path.relative_to(DATA).as_posix()


def is_dicom(path: Path) -> bool:
    return path.suffix not in NOT_DICOM and path.name not in NOT_DICOM_NAMES


READABLE = [path for path in shipped() if is_dicom(path) and name_of(path) not in REFUSED]


def seen_by_pydicom(dataset: Any, path: tuple[tuple[int, int], ...] = ()) -> tuple[dict[Any, Any], set[Any]]:
    """Map (path, tag) to (VR or None, length), and collect the (path, tag) of sequences, at every depth."""
    found: dict[Any, Any] = {}
    sequences = set()
    for tag in list(dataset.keys()):
        raw = dataset.get_item(tag)
        if raw.is_raw:
            found[path, int(tag)] = (raw.VR, raw.length)
        else:
            found[path, int(tag)] = (..., UNDEFINED if raw.is_undefined_length else ...)
        element = dataset[tag]
        if element.VR == "SQ":
            sequences.add((path, int(tag)))
            for index, each in enumerate(element.value):
                inner, more = seen_by_pydicom(each, (*path, (int(tag), index)))
                found |= inner
                sequences |= more
    return found, sequences


@pytest.mark.parametrize("path", READABLE, ids=name_of)
def test_the_walk_sees_every_element_that_pydicom_sees_and_no_other(path: Path) -> None:
    data = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs, sequences = seen_by_pydicom(pydicom.dcmread(BytesIO(data), force=True))
    structure = check_structure(data)
    ours = {}
    for element in elements(data):
        above = [(element.path[:level], tag) for level, (tag, _) in enumerate(element.path)]
        if all(each in sequences for each in above):  # pydicom leaves unknown private sequences as bytes
            ours[element.path, element.tag] = (element.vr, element.length)
    assert ours.keys() == theirs.keys()
    for key, (vr, length) in theirs.items():
        assert length is ... or ours[key][1] == length
        # pydicom looks undefined lengths of implicit VR up in its dictionary
        assert vr is ... or ours[key][0] == vr or (ours[key][0] is None and length == UNDEFINED)
    top = [element for element in elements(data) if not element.path]
    assert {element.tag for element in top} == structure.top_tags


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_a_damaged_file_is_refused_with_its_reason(name: str, code: str) -> None:
    with pytest.raises(ItemError, match=code):
        check_structure((DATA / name).read_bytes())


@pytest.mark.parametrize("path", [path for path in shipped() if not is_dicom(path)], ids=name_of)
def test_a_file_of_another_kind_is_not_dicom(path: Path) -> None:
    with pytest.raises(ItemError, match="DCM-001"):
        check_structure(path.read_bytes())


@pytest.mark.parametrize("path", READABLE, ids=name_of)
def test_reading_behind_the_walk_gives_what_pydicom_gives(path: Path) -> None:
    data = path.read_bytes()
    ours, structure = read_dataset(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pydicom.dcmread(BytesIO(data), force=True)
        assert ours == theirs
        header, _ = read_dataset(memoryview(data), stop_before_pixels=True)
        assert header == pydicom.dcmread(BytesIO(data), force=True, stop_before_pixels=True)
    assert ours.file_meta.TransferSyntaxUID == structure.transfer_syntax
    assert ours.preamble == theirs.preamble


def test_almost_all_files_are_readable() -> None:
    assert len(READABLE) > 180
