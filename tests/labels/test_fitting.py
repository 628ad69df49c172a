"""Labels within their samples, and from the pixels of derived images to those of samples."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import ItemError
from curator.labels.fitting import IDENTITY, Facts, Matrix, check_fit, check_ties, moved, read_facts
from curator.labels.values import check_value

D = Decimal
IMAGE = Facts(columns=8, rows=6, frames=3, frame_of_reference="1.1", series="1.2", study="1.3")


def code_of(kind: str, value: Any, facts: Facts = IMAGE, part: dict[str, Any] | None = None) -> str | None:
    check_value(kind, value)
    try:
        check_fit(kind, value, part, facts)
    except ItemError as error:
        return error.code
    return None


def matrix(*numbers: str) -> Matrix:
    a, b, c, d, e, f = map(D, numbers)
    return a, b, c, d, e, f


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("box", {"class": "a", "box": [0, 0, 8, 6]}, None),
        ("box", {"class": "a", "box": [0, 0, D("8.0005"), 6]}, None),
        ("box", {"class": "a", "box": [0, 0, D("8.01"), 6]}, "IMP-021"),
        ("box", {"class": "a", "box": [-1, 0, 2, 6]}, "IMP-021"),
        ("box", {"class": "a", "box": [0, 0, 6, 8]}, "IMP-021"),
        ("box", {"class": "a", "box": [7, 5, 4, 4], "rotation": 3}, "IMP-021"),
        ("box", {"class": "a", "box": [0, 0, 8, 6], "rotation": 30}, None),
        ("polygon", {"class": "a", "rings": [[0, 0, 8, 0, 8, 6]]}, None),
        ("polygon", {"class": "a", "rings": [[0, 0, 8, 0, 8, 6], [0, 0, 1, 1, 9, 2]]}, "IMP-021"),
        ("polyline", {"class": "a", "line": [0, 0, 0, 7]}, "IMP-021"),
        ("point", {"class": "a", "point": [8, 6]}, None),
        ("ellipse", {"class": "a", "center": [4, 3], "radii": [4, 3]}, None),
        ("ellipse", {"class": "a", "center": [4, 3], "radii": [5, 3]}, "IMP-021"),
        ("keypoints", {"class": "a", "points": [{"name": "x", "x": 9, "y": 0, "visibility": 1}]}, "IMP-021"),
        ("keypoints", {"class": "a", "points": [{"name": "x", "x": 9, "y": 0, "visibility": 0}]}, "IMP-021"),
        ("keypoints", {"class": "a", "points": [{"name": "x", "x": 0, "y": 0, "visibility": 0}]}, None),
        ("box", {"class": "a", "box": [-7000, -7000, 14008, 14006], "rotation": 30}, "IMP-021"),
        ("points3d", {"class": "a", "space": "patient", "points": [[4829104, 6, 4]]}, "IMP-021"),
        ("mask", {"class": "a", "size": [6, 8], "runs": [40, 8]}, None),
        ("mask", {"class": "a", "size": [8, 6], "runs": [40, 8]}, "IMP-064"),
        ("volume-mask", {"class": "a", "size": [8, 6, 3], "voxels": 8, "slices": {"3": [40, 8]}}, None),
        ("volume-mask", {"class": "a", "size": [8, 6, 4], "voxels": 8, "slices": {"3": [40, 8]}}, "IMP-064"),
        ("box3d", {"class": "a", "space": "voxel", "box": [0, 0, 0, 8, 6, 3]}, None),
        ("box3d", {"class": "a", "space": "voxel", "box": [0, 0, 1, 8, 6, 3]}, "IMP-021"),
        ("box3d", {"class": "a", "space": "voxel", "box": [0, 0, 0, 8, 6, 3], "rotation": 30}, None),
        ("box3d", {"class": "a", "space": "voxel", "box": [0, 0, 1, 8, 6, 3], "rotation": 30}, "IMP-021"),
        ("box3d", {"class": "a", "space": "voxel", "box": [7, 0, 0, 4, 6, 3], "rotation": 30}, "IMP-021"),
        ("box3d", {"class": "a", "space": "voxel", "box": [-70, -70, 0, 148, 146, 3], "rotation": 30}, "IMP-021"),
        ("box3d", {"class": "a", "space": "patient", "box": [-70, -70, 0, 148, 146, 3], "rotation": 30}, None),
        ("box3d", {"class": "a", "space": "patient", "box": [-70, -70, 9999, 148, 146, 3], "rotation": 30}, "IMP-021"),
        ("points3d", {"class": "a", "space": "voxel", "points": [[8, 6, 4]]}, "IMP-021"),
        ("points3d", {"class": "a", "space": "patient", "points": [[-800, 6, 4]]}, None),
        ("measurement", {"what": "a", "amount": 1, "unit": "mm", "points": [[0, 0], [9, 0]]}, "IMP-021"),
        ("measurement", {"what": "a", "amount": 1, "unit": "mm"}, None),
    ],
)
def test_a_label_lies_within_its_image(kind: str, value: Any, code: str | None) -> None:
    assert code_of(kind, value) == code


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("box", {"class": "a", "box": [D("0.1"), D("0.2"), D("0.5"), D("0.6")]}, "IMP-078"),
        ("box", {"class": "a", "box": [0, 0, 1, 1]}, "IMP-078"),
        ("box", {"class": "a", "box": [0, 0, D("1.5"), 1]}, None),
        ("box", {"class": "a", "box": [D("0.2"), D("0.2"), D("0.5"), D("0.5")], "rotation": 9}, "IMP-078"),
        ("box", {"class": "a", "box": [-9, -9, 20, 20], "rotation": 9}, None),
        ("ellipse", {"class": "a", "center": [D("0.5"), D("0.5")], "radii": [D("0.2"), D("0.1")]}, "IMP-078"),
        ("polygon", {"class": "a", "rings": [[0, 0, D("0.5"), 0, D("0.5"), D("0.9")]]}, "IMP-078"),
        ("point", {"class": "a", "point": [D("0.5"), D("0.5")]}, "IMP-078"),
        ("point", {"class": "a", "point": [0, 1]}, None),
        ("keypoints", {"class": "a", "points": [{"name": "x", "x": 0, "y": 0, "visibility": 0}]}, None),
    ],
)
def test_fractions_of_an_image_are_not_taken_for_pixels(kind: str, value: Any, code: str | None) -> None:
    assert code_of(kind, value, Facts(columns=64, rows=48, frames=1)) == code
    assert code_of(kind, value, Facts(columns=64, rows=16, frames=1)) is None  # so small an image has such shapes


def test_what_has_nothing_to_compare_with_is_refused() -> None:
    box = {"class": "a", "box": [0, 0, 1, 1]}
    assert code_of("box", box, Facts(length=90)) == "IMP-066"
    assert code_of("span", {"type": "a", "start": 0, "end": 1}) == "IMP-066"
    assert code_of("volume-mask", {"class": "a", "size": [1, 1, 1], "voxels": 0, "slices": {}}, Facts()) == "IMP-066"
    assert code_of("class", {"class": "a"}, Facts()) is None


def test_spans_end_with_their_text() -> None:
    text = Facts(length=10)
    assert code_of("span", {"type": "a", "start": 0, "end": 10}, text) is None
    assert code_of("span", {"type": "a", "start": 0, "end": 11}, text) == "IMP-021"
    assert code_of("span", {"type": "a", "pieces": [[8, 11], [0, 2]]}, text) == "IMP-021"


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"frames": [1, 3]}, None),
        ({"frames": [4]}, "IMP-065"),
        ({"frames": [0]}, "IMP-065"),
        ({"slice": 3}, None),
        ({"slice": "3"}, "IMP-065"),
        ({"slice": True}, "IMP-065"),
    ],
)
def test_frames_and_slices_are_those_of_the_sample(part: dict[str, Any], code: str | None) -> None:
    assert code_of("class", {"class": "a"}, part=part) == code


def test_a_track_is_looked_at_frame_by_frame() -> None:
    def track(frame: int, width: int) -> dict[str, Any]:
        box = {"class": "a", "box": [0, 0, width, 1]}
        return {
            "class": "a",
            "track": "t",
            "frames": [{"frame": frame, "kind": "box", "value": box, "interpolated": True}],
        }

    assert code_of("track", track(3, 8)) is None
    assert code_of("track", track(4, 8)) == "IMP-065"
    assert code_of("track", track(3, 9)) == "IMP-021"


def test_another_space_series_or_study_is_refused() -> None:
    def coder(old: str) -> str:
        return old.replace("9.", "1.")

    check_ties({"FrameOfReferenceUID": "9.1", "ReferencedSeriesInstanceUID": "9.2"}, IMAGE, coder)
    check_ties({"FrameOfReferenceUID": "", "other": "9.7"}, IMAGE, coder)
    for keyword in ("FrameOfReferenceUID", "ReferencedSeriesInstanceUID", "ReferencedStudyInstanceUID"):
        with pytest.raises(ItemError, match="IMP-067"):
            check_ties({keyword: "9.7"}, IMAGE, coder)
        with pytest.raises(ItemError, match="IMP-067"):
            check_ties({keyword: "9.1"}, Facts(), coder)


def test_shapes_are_brought_over_exactly() -> None:
    half = matrix("0.5", "0", "1", "0", "0.5", "2")
    assert moved("box", {"class": "a", "box": [2, 2, 4, 2]}, half, IMAGE)["box"] == [2, 3, 2, 1]
    assert moved("point", {"class": "a", "point": [D("0.5"), 1]}, half, IMAGE)["point"] == [D("1.25"), D("2.5")]
    assert moved("ellipse", {"class": "a", "center": [2, 2], "radii": [2, 4]}, half, IMAGE)["radii"] == [1, 2]
    turned = matrix("0", "-1", "6", "1", "0", "0")
    assert moved("box", {"class": "a", "box": [1, 2, 3, 1]}, turned, IMAGE)["box"] == [3, 1, 1, 3]
    third = matrix("0.333333333", "0", "0", "0", "1", "0")
    assert moved("point", {"class": "a", "point": [1, 1]}, third, IMAGE)["point"] == [D("0.333333"), 1]
    inner = {"frame": 1, "kind": "point", "value": {"class": "a", "point": [2, 2]}, "interpolated": False}
    track = {"class": "a", "track": "t", "frames": [inner]}
    assert moved("track", track, half, IMAGE)["frames"][0]["value"]["point"] == [2, 3]
    assert moved("class", {"class": "a"}, half, IMAGE) == {"class": "a"}


def test_a_mask_is_shifted_by_whole_pixels_and_no_further() -> None:
    mask = {"class": "a", "size": [2, 3], "runs": [1, 4, 1]}
    shifted = moved("mask", mask, matrix("1", "0", "2", "0", "1", "1"), IMAGE)
    check_value("mask", shifted)
    pixels = "".join(str(index % 2) * run for index, run in enumerate(shifted["runs"]))
    rows = [pixels[at : at + 8] for at in range(0, 48, 8)]
    assert rows == ["00000000", "00011000", "00110000", "00000000", "00000000", "00000000"]
    full = moved("mask", {"class": "a", "size": [6, 8], "runs": [0, 48]}, matrix("1", "0", "0", "0", "1", "0"), IMAGE)
    assert full["runs"] == [0, 48]
    for place in (("1", "0", "6", "0", "1", "1"), ("1", "0", "-1", "0", "1", "0"), ("1", "0", "0", "0", "1", "5")):
        with pytest.raises(ItemError, match="IMP-021"):
            moved("mask", mask, matrix(*place), IMAGE)


@pytest.mark.parametrize(
    ("kind", "value", "numbers"),
    [
        ("box", {"class": "a", "box": [0, 0, 1, 1]}, ("1", "0.5", "0", "0", "1", "0")),
        ("box", {"class": "a", "box": [0, 0, 1, 1], "rotation": 5}, ("0", "1", "0", "1", "0", "0")),
        ("ellipse", {"class": "a", "center": [0, 0], "radii": [1, 1]}, ("1", "0.5", "0", "0", "1", "0")),
        ("mask", {"class": "a", "size": [1, 1], "runs": [0, 1]}, ("2", "0", "0", "0", "2", "0")),
        ("mask", {"class": "a", "size": [1, 1], "runs": [0, 1]}, ("1", "0", "0.5", "0", "1", "0")),
        ("volume-mask", {"class": "a", "size": [1, 1, 1], "voxels": 0, "slices": {}}, ("2", "0", "0", "0", "2", "0")),
        ("measurement", {"what": "a", "amount": 1, "unit": "mm", "points": [[0, 0]]}, ("2", "0", "0", "0", "2", "0")),
    ],
)
def test_what_would_become_another_shape_is_refused(kind: str, value: Any, numbers: tuple[str, ...]) -> None:
    with pytest.raises(ItemError, match="IMP-069"):
        moved(kind, value, matrix(*numbers), IMAGE)
    assert moved(kind, value, IDENTITY, IMAGE) == value


def test_a_clean_file_that_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    with pytest.raises(ItemError, match="IMP-066"):
        read_facts(tmp_path / "none.dcm", "dicom")
    (tmp_path / "bad.dcm").write_bytes(b"\0" * 200)
    with pytest.raises(ItemError, match="IMP-066"):
        read_facts(tmp_path / "bad.dcm", "dicom")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(ItemError, match="IMP-066"):
        read_facts(tmp_path / "bad.txt", "text")
    (tmp_path / "good.txt").write_text("naïve 𝒳\n", encoding="utf-8")
    assert read_facts(tmp_path / "good.txt", "text").length == 8
    assert read_facts(tmp_path / "good.txt", "pdf").length is None
