"""CVAT XML: every shape, tracks with their frames, and hostile files."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from pathlib import Path

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.cvat import Cvat
from curator.labels.readers.table import recognized

META = """<version>1.1</version><meta><task><id>5</id><owner><username>smith</username><email>smith@example.org</email>
</owner><original_size><width>100</width><height>80</height></original_size></task><source>clip.mp4</source></meta>"""
IMAGE = f"""<annotations>{META}<image id="3" name="a.png" width="20" height="10">
<box label="n" xtl="1.50" ytl="2" xbr="4" ybr="5.00" occluded="1" source="auto" z_order="1">
<attribute name="side">left</attribute></box>
<box label="n" xtl="15" ytl="2" xbr="25" ybr="5" rotation="30.00" source="manual"/>
<polygon label="n" points="0,0;4,0;4,4" source="semi-auto"/>
<polyline label="n" points="0,0;4,0"/>
<points label="n" points="1,2"/>
<points label="n" points="1,2;3,4"/>
<ellipse label="n" cx="5" cy="5" rx="2" ry="3" rotation="0.00"/>
<mask label="n" rle="1, 2, 1" left="2" top="1" width="2" height="2"/>
<tag label="good" source="file"/>
<skeleton label="s"><points label="1" outside="1" points="99,99"/><points label="2" outside="0" occluded="1"
points="2,2"/><points label="3" outside="0" points="3,3"/><attribute name="x">y</attribute></skeleton>
</image></annotations>"""
BAD = [
    ('<box label="n" xtl="1" ytl="2" xbr="1" ybr="5"/>', "IMP-021"),
    ('<box label="n" xtl="1" ytl="2" xbr="40" ybr="5"/>', "IMP-021"),
    ('<box label="n" xtl="Smith" ytl="2" xbr="4" ybr="5"/>', "IMP-020"),
    ('<box label="n" xtl="1" ytl="2" xbr="4"/>', "IMP-020"),
    ('<box label="" xtl="1" ytl="2" xbr="4" ybr="5"/>', "IMP-023"),
    ('<box label="n" xtl="18" ytl="2" xbr="40" ybr="5" rotation="3"/>', "IMP-021"),
    ('<polygon label="n" points="0,0;4,4;4,0;0,4"/>', "IMP-025"),
    ('<polygon label="n" points="0,0;4"/>', "IMP-020"),
    ('<polygon label="n"/>', "IMP-020"),
    ('<cuboid label="n"/>', "IMP-022"),
    ('<Smith label="n"/>', "IMP-022"),
    ('<mask label="n" rle="1, 2" left="2" top="1" width="2" height="2"/>', "IMP-024"),
    ('<mask label="n" rle="1, 2, 1" left="19" top="1" width="2" height="2"/>', "IMP-021"),
    ('<mask label="n" rle="Smith" left="2" top="1" width="2" height="2"/>', "IMP-024"),
    ('<skeleton label="s"><points label="1" points="1,1"/></skeleton>', "IMP-023"),
    ('<skeleton label="s"><points label="1" outside="0" points="1,1;2,2"/></skeleton>', "IMP-020"),
    ('<skeleton label="s"/>', "IMP-023"),
]


def read(path: Path, text: str) -> list[Item | Refused]:
    path.write_text(text, encoding="utf-8")
    return list(Cvat().read(path))


def track(body: str, head: str = 'id="0" label="n" source="manual"') -> str:
    return f"<annotations>{META}<track {head}>{body}</track></annotations>"


def box(frame: int, keyframe: int = 1, outside: int = 0, left: str = "1") -> str:
    place = f'xtl="{left}" ytl="2" xbr="9" ybr="5"'
    return f'<box frame="{frame}" keyframe="{keyframe}" outside="{outside}" occluded="0" {place}/>'


def test_every_shape_of_an_image(tmp_path: Path) -> None:
    made = read(tmp_path / "a.xml", IMAGE)
    assert all(isinstance(one, Item) for one in made)
    plain, turned, polygon, line, point, points, ellipse, mask, tag, skeleton = made
    assert [str(value) for value in plain.value["box"]] == ["1.50", "2", "2.50", "3.00"]
    assert plain.kept["attributes"] == [{"name": "side", "value": "left"}]
    assert (plain.kept["occluded"], plain.kept["z_order"], plain.kept["image-id"]) == ("1", "1", "3")
    assert turned.value == {"class": "n", "box": [15, 2, 10, 3], "rotation": 30}
    assert polygon.value["rings"] == [[0, 0, 4, 0, 4, 4]]
    assert line.value["line"] == [0, 0, 4, 0]
    assert (point.kind, point.value["point"]) == ("point", [1, 2])
    assert [one["name"] for one in points.value["points"]] == ["1", "2"]
    assert ellipse.value == {"class": "n", "center": [5, 5], "radii": [2, 3]}
    assert mask.value == {"class": "n", "size": [10, 20], "runs": [23, 1, 18, 1, 157]}
    assert (tag.kind, tag.value) == ("class", {"class": "good"})
    assert [one["visibility"] for one in skeleton.value["points"]] == [0, 1, 2]
    assert [one.origin for one in made[:4]] == ["model", "human", "human", "unknown"]
    assert tag.origin == "imported"
    assert {one.sample.name for one in made} == {"a.png"}
    assert {one.author for one in made} == {None}, "the task's owner drew nothing"
    assert len({one.label_id for one in made}) == len(made)


@pytest.mark.parametrize(("shape", "code"), BAD)
def test_a_wrong_shape_is_refused_alone_and_shows_nothing(tmp_path: Path, shape: str, code: str) -> None:
    good = '<tag label="good"/>'
    text = f'<annotations>{META}<image id="0" name="Smith.png" width="20" height="10">{good}{shape}{good}</image>'
    made = read(tmp_path / "a.xml", text + "</annotations>")
    assert [isinstance(one, Item) for one in made] == [True, False, True]
    assert (made[1].code, made[1].place) == (code, "image[0].shape[1]")
    assert "Smith" not in repr(made[1])


def test_a_mask_needs_the_size_of_its_image(tmp_path: Path) -> None:
    mask = '<mask label="n" rle="1, 2, 1" left="2" top="1" width="2" height="2"/>'
    (made,) = read(tmp_path / "a.xml", f'<annotations><image id="0" name="a">{mask}</image></annotations>')
    assert made.code == "IMP-023"


def test_a_track_is_one_label_with_frames_from_one(tmp_path: Path) -> None:
    (made,) = read(tmp_path / "a.xml", track(box(0) + box(1, 0, left="1.25") + box(2, 1, 1)))
    assert (made.kind, made.label_id, made.origin) == ("track", "cvat-track-1", "human")
    assert made.sample.name == "clip.mp4"
    assert made.sample.size == (100, 80)
    assert made.value["frames"] == [
        {"frame": 1, "kind": "box", "value": {"class": "n", "box": [1, 2, 8, 3]}, "interpolated": False},
        {
            "frame": 2,
            "kind": "box",
            "value": {"class": "n", "box": [Decimal("1.25"), 2, Decimal("7.75"), 3]},
            "interpolated": True,
        },
    ]
    place = {"xtl": "1", "ytl": "2", "xbr": "9", "ybr": "5"}
    assert made.kept["frames"][2] == {"frame": 3, "keyframe": True, "outside": True, "occluded": "0"} | place


SKELETON = """<skeleton frame="0" keyframe="1" outside="0" occluded="0"/><skeleton frame="1" keyframe="0" outside="0"/>
<track id="0" label="top"><points frame="0" keyframe="1" outside="0" occluded="0" points="1,1"/>
<points frame="1" keyframe="1" outside="1" occluded="0" points="1,1"/></track>
<track id="1" label="end"><points frame="0" keyframe="1" outside="0" occluded="1" points="3,3"/>
<points frame="1" keyframe="1" outside="0" occluded="0" points="4,4"/></track>"""


def test_a_skeletons_points_come_from_its_own_tracks(tmp_path: Path) -> None:
    (made,) = read(tmp_path / "a.xml", track(SKELETON))
    frames = made.value["frames"]
    assert [[(one["name"], one["visibility"]) for one in frame["value"]["points"]] for frame in frames] == [
        [("top", 2), ("end", 1)],
        [("top", 0), ("end", 2)],
    ]
    gone = re.sub(r'<points frame="1"[^>]*points="4,4"/>', "", SKELETON)
    (made,) = read(tmp_path / "a.xml", track(gone))
    assert made.code == "IMP-023", "a point that is neither there nor outside"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (box(0, 1, 1), "IMP-021"),
        ("", "IMP-021"),
        (box(1) + box(1), "IMP-023"),
        (box(2) + box(1), "IMP-023"),
        (box(-1), "IMP-023"),
        (box(0, 5), "IMP-023"),
        (box(0) + box(1, left="x"), "IMP-020"),
        (box(0) + box(1, left="-9"), "IMP-021"),
    ],
)
def test_a_wrong_track_is_one_refusal(tmp_path: Path, body: str, code: str) -> None:
    (made,) = read(tmp_path / "a.xml", track(body))
    assert (made.code, made.place) == (code, "track[0]")


def test_tracks_of_several_tasks_find_their_own_video(tmp_path: Path) -> None:
    tasks = "".join(f"<task><id>{at}</id><source>{at}.mp4</source></task>" for at in (1, 2))
    heads = ('id="0" label="n" task_id="2"', 'id="0" label="n" task_id="9"')
    tracks = "".join(f"<track {head}>{box(0)}</track>" for head in heads)
    text = f"<annotations><meta><project><tasks>{tasks}</tasks></project></meta>{tracks}</annotations>"
    first, second = read(tmp_path / "a.xml", text)
    assert first.sample.name == "2.mp4"
    assert second.code == "IMP-026"


def test_every_truncation_is_a_broken_export(tmp_path: Path) -> None:
    for text in (IMAGE, track(SKELETON)):
        for at in range(0, len(text) - 1, 23):
            with pytest.raises(UsageError) as caught:
                read(tmp_path / "a.xml", text[:at])
            assert caught.value.code == "IMP-003"


def test_what_is_not_cvat_is_refused_whole(tmp_path: Path) -> None:
    for text, code in (
        ("<annotation/>", "IMP-001"),
        ("<annotations><version>2.0</version></annotations>", "IMP-001"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><annotations/>', "IMP-003"),
    ):
        with pytest.raises(UsageError) as caught:
            read(tmp_path / "a.xml", text)
        assert caught.value.code == code


def test_spoiled_attributes_lose_no_label(tmp_path: Path) -> None:
    rng = random.Random(3)
    junk = ["", "Smith", "-1", "1e999", "nan", "0", "9" * 40, "1,2", ";"]
    for text, count in ((IMAGE, 10), (track(SKELETON), 1), (track(box(0) + box(1)), 1)):
        for _ in range(150):
            spoiled = re.sub(
                r'(?<=[a-z_]=)"[^"]*"', lambda found: f'"{rng.choice(junk)}"' if rng.random() < 0.1 else found[0], text
            )
            made = read(tmp_path / "a.xml", spoiled)
            assert len(made) == count
            assert all(isinstance(one, Item) or "Smith" not in repr(one) for one in made)


def test_a_file_and_its_folder_are_recognized(tmp_path: Path) -> None:
    (tmp_path / "annotations.xml").write_text(IMAGE)
    assert recognized(tmp_path / "annotations.xml") == ["cvat"]
    assert "cvat" in recognized(tmp_path)
    assert len(list(Cvat().read(tmp_path))) == 10
