"""A dimension that a private attribute tells apart goes whole; a number of type 2 that must go leaves an empty one."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from scrub_support import coder, made, policy, read, subject, write

from curator.scrub.dicom.rewrite import rewrite

STACK, POSITION, PRIVATE = (0x00209056, 0x00209057, 0x2005106E)
CONTENT, PRIVATE_GROUP = 0x00209111, 0x2005140F


def indexed(*pointers: tuple[int, int], frames: int = 3) -> Dataset:
    dataset = made()
    dataset["PixelData"].VR = "OW"
    dataset.DimensionIndexSequence = [Dataset() for _ in pointers]
    for item, (pointer, group) in zip(dataset.DimensionIndexSequence, pointers, strict=True):
        item.DimensionIndexPointer, item.FunctionalGroupPointer = Tag(pointer), Tag(group)
    dataset.PerFrameFunctionalGroupsSequence = [Dataset() for _ in range(frames)]
    for number, frame in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        frame.FrameContentSequence = [Dataset()]
        frame.FrameContentSequence[0].DimensionIndexValues = [10 * at + number for at in range(len(pointers))]
    return dataset


def values(dataset: Dataset) -> list[object]:
    frames = dataset.PerFrameFunctionalGroupsSequence
    return [frame.FrameContentSequence[0].get("DimensionIndexValues") for frame in frames]


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_a_dimension_with_a_private_pointer_goes_with_its_index_of_each_frame(syntax: str) -> None:
    source = indexed((STACK, CONTENT), (PRIVATE, PRIVATE_GROUP), (POSITION, CONTENT), (POSITION, PRIVATE_GROUP))
    for _ in range(2):
        done = rewrite(write(source, syntax), subject(), policy(), coder, accepted=False)
        clean = read(done.data)
        assert [item.DimensionIndexPointer for item in clean.DimensionIndexSequence] == [STACK, POSITION]
        assert all(item.FunctionalGroupPointer == CONTENT for item in clean.DimensionIndexSequence)
        assert values(clean) == [[0, 20], [1, 21], [2, 22]]
        assert ("DimensionIndexSequence", "removed", 1) in done.actions


def test_public_dimensions_stay_and_with_the_last_one_the_sequence_and_the_indices_go() -> None:
    both = read(
        rewrite(write(indexed((STACK, CONTENT), (POSITION, CONTENT))), subject(), policy(), coder, accepted=False).data
    )
    assert values(both) == [[0, 10], [1, 11], [2, 12]]
    none = read(rewrite(write(indexed((PRIVATE, CONTENT))), subject(), policy(), coder, accepted=False).data)
    assert "DimensionIndexSequence" not in none
    assert values(none) == [None, None, None]


def test_indices_that_do_not_fit_the_dimensions_are_left_alone() -> None:
    source = indexed((STACK, CONTENT), (PRIVATE, CONTENT), frames=1)
    source.PerFrameFunctionalGroupsSequence[0].FrameContentSequence[0].DimensionIndexValues = [1, 2, 3]
    clean = read(rewrite(write(source), subject(), policy(), coder, accepted=False).data)
    assert (len(clean.DimensionIndexSequence), values(clean)) == (1, [[1, 2, 3]])


@pytest.mark.parametrize("keyword", ["SeriesNumber", "AcquisitionNumber", "InstanceNumber", "SliceThickness"])
def test_a_number_of_type_2_that_is_the_patients_id_is_emptied(keyword: str) -> None:
    source = made(**{keyword: "4471902"})
    clean = read(rewrite(write(source), subject(known=(("id", "4471902"),)), policy(), coder, accepted=False).data)
    assert clean[keyword].value in {None, ""}
