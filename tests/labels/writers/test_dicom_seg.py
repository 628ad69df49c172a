"""DICOM SEG: what is written reads back as the same masks, with the records' leaf hashes and the images' geometry."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from signed_world import COLUMNS, ROWS, World, items, masks, put, runs_of, slice_of, wrote

from curator.labels.ontology import parse_ontology
from curator.labels.readers.dicom_seg import DicomSeg
from curator.labels.returned import leaf_of

pytest.importorskip("highdicom")
FEW = settings(
    max_examples=5,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ALL = ROWS * COLUMNS
SECRET = "Quillfeather"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    for number in range(1, 5):
        made.image(f"s{number}", slice_of(number))
    return made


def mask(name: str, *ones: int) -> dict[str, Any]:
    return {"class": name, "size": [ROWS, COLUMNS], "runs": runs_of(ones, ALL)}


def back(world: World, files: dict[str, bytes]) -> list[Any]:
    put(world.root / "out", files)
    return [one for name in sorted(files) for one in items(DicomSeg().read(world.root / "out" / name))]


@FEW
@given(
    st.lists(st.tuples(st.integers(1, 4), masks(), st.sampled_from(["human", "model", None])), min_size=1, max_size=5)
)
def test_masks_of_slices_read_back_each_with_its_record(world: World, drawn: list[Any]) -> None:
    labels = [
        world.label(f"s{at}", "mask", value, **({"origin": origin} if origin else {})) for at, value, origin in drawn
    ]
    told, files = wrote(world, "dicom-seg", labels)
    assert not told.refused, [error.sentence for error in told.refused.values()]
    found = {leaf_of(one): one for one in back(world, files)}
    assert set(found) == {label.leaf[:56] for label in labels}
    for label, (_, value, origin) in zip(labels, drawn, strict=True):
        one = found[label.leaf[:56]]
        assert (one.kind, one.value) == ("mask", value)
        assert (one.sample.by, one.sample.name) == ("uid", label.uid)
        assert one.origin == (origin or "unknown")
        assert (one.author, one.labeled_at) == ("ada", "2026-03-04T10:11:12Z")


def test_the_object_has_the_images_geometry_and_no_time_of_its_own(world: World) -> None:
    labels = [
        world.label("s2", "mask", mask("nodule", 3)),
        world.label("s4", "mask", mask("nodule", 4, 5), labeledAt="2026-03-05T00:00:00Z"),
    ]
    _, files = wrote(world, "dicom-seg", labels)
    (data,) = files.values()
    made = pydicom.dcmread(io.BytesIO(data))
    assert (made.FrameOfReferenceUID, made.StudyInstanceUID, made.PatientID) == ("2.25.9", "2.25.7", "case-1")
    assert (made.ContentDate, made.ContentTime, made.TimezoneOffsetFromUTC) == ("20260305", "000000", "+0000")
    assert (made.InstanceCreationDate, made.SegmentationType, len(made.SegmentSequence)) == ("20260305", "BINARY", 1)
    shared = made.SharedFunctionalGroupsSequence[0]
    assert [float(one) for one in shared.PixelMeasuresSequence[0].PixelSpacing] == [0.5, 0.75]
    at = [
        [float(x) for x in frame.PlanePositionSequence[0].ImagePositionPatient]
        for frame in made.PerFrameFunctionalGroupsSequence
    ]
    assert sorted(at) == [[-10, -20, 35], [-10, -20, 40]]
    assert made.pixel_array.sum() == 3
    import highdicom

    read = highdicom.seg.segread(io.BytesIO(data))
    pixels = read.get_pixels_by_source_instance([labels[0].uid, labels[1].uid], combine_segments=True)
    assert np.argwhere(pixels).tolist() == [[0, 0, 3], [1, 0, 4], [1, 0, 5]]


def test_what_overlaps_within_a_class_gets_a_segment_of_its_own(world: World) -> None:
    labels = [world.label("s1", "mask", mask("nodule", 1, 2)), world.label("s1", "mask", mask("nodule", 2, 3))]
    _, files = wrote(world, "dicom-seg", labels)
    (data,) = files.values()
    assert [one.SegmentLabel for one in pydicom.dcmread(io.BytesIO(data)).SegmentSequence] == ["nodule", "nodule"]
    assert {leaf_of(one) for one in back(world, files)} == {one.leaf[:56] for one in labels}


def test_readers_and_stages_stand_in_objects_of_their_own(world: World) -> None:
    labels = [
        world.label("s1", "mask", mask("a", 1)),
        world.label("s1", "mask", mask("a", 1), author="ben"),
        world.label("s1", "mask", mask("a", 1), stage="review"),
    ]
    _, files = wrote(world, "dicom-seg", labels)
    assert len(files) == 3
    assert {one.author for one in back(world, files)} == {"ada", "ben"}


def test_a_class_has_the_ontologys_code_or_a_private_one(world: World) -> None:
    code = '[[classes]]\nname = "nodule"\ncodes = [{system = "SCT", code = "39607008"}]\n'
    known = parse_ontology(f'format = 1\nname = "chest"\nversion = "1"\n{code}'.encode())
    labels = [world.label("s1", "mask", mask("nodule", 1)), world.label("s1", "mask", mask("cyst", 9))]
    _, files = wrote(world, "dicom-seg", labels, ontology=known)
    (data,) = files.values()
    made = {
        one.SegmentLabel: one.SegmentedPropertyTypeCodeSequence[0]
        for one in pydicom.dcmread(io.BytesIO(data)).SegmentSequence
    }
    assert (made["nodule"].CodeValue, made["nodule"].CodingSchemeDesignator) == ("39607008", "SCT")
    assert (made["cyst"].CodeMeaning, made["cyst"].CodingSchemeDesignator) == ("cyst", "99CURATOR")


def test_an_image_that_highdicom_refuses_is_counted_without_its_words(tmp_path: Path) -> None:
    world = World(tmp_path)
    made = slice_of(1, PatientName=SECRET)
    del made.StudyInstanceUID
    world.image("a", made)
    told, files = wrote(world, "dicom-seg", [world.label("a", "mask", mask("a", 1))])
    (error,) = told.refused.values()
    assert error.code == "EXP-014"
    assert error.__cause__ is None
    assert SECRET not in f"{error} {error.facts}"
    assert files == {}


def test_names_that_dicom_cannot_hold_are_refused(world: World) -> None:
    labels = [world.label("s1", "mask", mask("x" * 65, 1)), world.label("s1", "mask", mask("a\\b", 1))]
    told, _ = wrote(world, "dicom-seg", labels)
    assert [error.code for error in told.refused.values()] == ["EXP-006"] * 2
