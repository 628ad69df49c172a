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
from pydicom.uid import EnhancedCTImageStorage
from signed_world import COLUMNS, ROWS, World, enhanced, items, masks, put, runs_of, slice_of, wrote

from curator.core.errors import ItemError
from curator.labels.fitting import read_facts
from curator.labels.ontology import parse_ontology
from curator.labels.readers.dicom_seg import DicomSeg, DicomSegVolume
from curator.labels.regrid import stacked
from curator.labels.returned import leaf_of, marked
from curator.labels.writers import dicom_seg
from curator.project.series import series_of

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


#: Slices whose names, numbers and heights go different ways, tilted around the row direction.
TILT = [1, 0, 0, 0, 0.8, 0.6]
HEIGHTS = {1: 3, 2: 0, 3: 1, 4: 2}


@pytest.fixture
def stack(tmp_path: Path) -> World:
    made = World(tmp_path)
    for number, height in HEIGHTS.items():
        place = [-10, -20 - 0.6 * 2.5 * height, 30 + 0.8 * 2.5 * height]
        made.image(f"s{number}", slice_of(number, ImageOrientationPatient=TILT, ImagePositionPatient=place))
    (whole,) = series_of(list(made.samples.values()))
    made.samples["series"] = whole  # type: ignore[assignment]
    return made


def volume(name: str, **slices: set[int]) -> dict[str, Any]:
    made = {at.removeprefix("s"): runs_of(ones, ALL) for at, ones in slices.items()}
    return {"class": name, "size": [COLUMNS, ROWS, 4], "voxels": sum(map(len, slices.values())), "slices": made}


def volumes_of(world: World, files: dict[str, bytes]) -> list[tuple[Any, dict[str, Any]]]:
    """Read masks back by place, and put them on the voxels of the series as an import does."""
    put(world.root / "out", files)
    found = [one for name in sorted(files) for one in items(DicomSegVolume().read(world.root / "out" / name))]
    facts = read_facts(world.root / world.samples["series"].path, "dicom-series")
    assert facts.grid is not None
    return [(one, stacked(one.value, one.kept["geometry"]["planes"], facts.grid)) for one in found]


@FEW
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["lung", "nodule"]),
            st.dictionaries(
                st.sampled_from(["s1", "s2", "s3", "s4"]), st.sets(st.integers(0, ALL - 1), min_size=1), min_size=1
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_masks_of_a_series_read_back_whole_each_with_its_record(stack: World, drawn: list[Any]) -> None:
    values = [volume(name, **slices) for name, slices in drawn]
    labels = [stack.label("series", "volume-mask", value) for value in values]
    told, files = wrote(stack, "dicom-seg", labels)
    assert not told.refused, [error.sentence for error in told.refused.values()]
    assert len(files) == 1
    back_ = {leaf_of(one): (one, value) for one, value in volumes_of(stack, files)}
    assert set(back_) == {label.leaf[:56] for label in labels}
    for label, value in zip(labels, values, strict=True):
        one, found = back_[label.leaf[:56]]
        assert (one.kind, found) == ("volume-mask", value)
        assert (one.sample.by, one.sample.name, one.author) == ("uid", "2.25.8", "ada")


def test_a_mask_of_a_series_lies_on_its_slices_and_refers_to_all_of_them(stack: World) -> None:
    label = stack.label("series", "volume-mask", volume("lung", s1={0}, s4={5, 6}))
    _, files = wrote(stack, "dicom-seg", [label])
    made = pydicom.dcmread(io.BytesIO(*files.values()))
    assert (made.FrameOfReferenceUID, made.StudyInstanceUID, int(made.NumberOfFrames)) == ("2.25.9", "2.25.7", 2)
    (series,) = made.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == "2.25.8"
    named = {str(one.ReferencedSOPInstanceUID) for one in series.ReferencedInstanceSequence}
    assert named == {f"2.25.100{number}" for number in HEIGHTS}
    # Slice 1 lies lowest along the normal: that is the file s2; slice 4 is the file s1.
    frames = made.PerFrameFunctionalGroupsSequence
    shown = {
        str(frame.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID): frame for frame in frames
    }
    assert set(shown) == {"2.25.1002", "2.25.1001"}
    place = [float(one) for one in shown["2.25.1001"].PlanePositionSequence[0].ImagePositionPatient]
    assert place == pytest.approx([-10, -24.5, 36])
    assert {str(frame.FrameContentSequence[0].FrameLabel) for frame in frames} == {marked(label.leaf)}
    assert made.pixel_array.sum() == 3


def test_masks_of_a_large_series_go_into_several_objects(stack: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dicom_seg, "MAX_SERIES", 2 * 4 * ALL)
    labels = [stack.label("series", "volume-mask", volume("lung", s2={at})) for at in range(5)]
    told, files = wrote(stack, "dicom-seg", labels)
    assert (len(files), len(told.written)) == (3, 5)
    assert {leaf_of(one) for one, _ in volumes_of(stack, files)} == {one.leaf[:56] for one in labels}


def test_what_is_no_mask_of_a_whole_even_series_is_refused(stack: World, tmp_path: Path) -> None:
    part = stack.label("series", "mask", mask("lung", 3), location={"slice": 2})
    empty = stack.label("series", "volume-mask", {**volume("lung"), "slices": {"1": [ALL]}})
    named = stack.label("series", "volume-mask", volume("x" * 65, s1={0}))
    good = stack.label("series", "volume-mask", volume("lung", s1={0}))
    told, files = wrote(stack, "dicom-seg", [part, empty, named, good])
    assert {at: error.code for at, error in told.refused.items()} == {
        one.index: "EXP-006" for one in (part, empty, named)
    }
    assert (set(told.written), len(files)) == ({good.index}, 1)
    uneven = World(tmp_path / "uneven")
    for number in (1, 2, 4):
        uneven.image(f"s{number}", slice_of(number))
    (whole,) = series_of(list(uneven.samples.values()))
    uneven.samples["series"] = whole  # type: ignore[assignment]
    told, files = wrote(uneven, "dicom-seg", [uneven.label("series", "volume-mask", volume("lung", s1={0}))])
    assert ([error.code for error in told.refused.values()], files) == (["EXP-010"], {})


def test_a_segment_of_several_records_is_none_of_them_as_a_volume(world: World) -> None:
    labels = [world.label(f"s{at}", "mask", mask("nodule", at)) for at in (1, 2)]
    _, files = wrote(world, "dicom-seg", labels)
    put(world.root / "out", files)
    (one,) = items(DicomSegVolume().read(world.root / "out" / next(iter(files))))
    with pytest.raises(ItemError, match="EXP-012"):
        leaf_of(one)


def test_masks_of_an_image_of_many_frames_come_back_whole_too(tmp_path: Path) -> None:
    world = World(tmp_path)
    image = enhanced()
    image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID = EnhancedCTImageStorage
    world.image("volume", image)
    # One class, and no frame in common: still two masks.
    values = [volume("liver", s1={3}, s2={4}), volume("liver", s4={5})]
    labels = [world.label("volume", "volume-mask", value) for value in values]
    told, files = wrote(world, "dicom-seg", labels)
    assert not told.refused, [error.sentence for error in told.refused.values()]
    put(world.root / "out", files)
    path = world.root / "out" / next(iter(files))
    facts = read_facts(world.root / world.samples["volume"].path, "dicom")
    assert facts.grid is not None
    found = {leaf_of(one): one for one in items(DicomSegVolume().read(path))}
    for label, value in zip(labels, values, strict=True):
        one = found[label.leaf[:56]]
        assert stacked(one.value, one.kept["geometry"]["planes"], facts.grid) == value
        assert one.sample.name == world.samples["volume"].uid
    assert {leaf_of(one) for one in items(DicomSeg().read(path))} == set(found)
