"""Label Studio: percent to pixels, who and when, drafts and skips, relations, brushes and text offsets."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused, Review
from curator.labels.readers.label_studio import LabelStudio
from curator.labels.readers.table import recognized

SIZE = {"original_width": 200, "original_height": 100, "image_rotation": 0}
MAIL = "jane.smith@example.org"


def region(kind: str, value: dict, name: str = "r1", **more) -> dict:
    return {"id": name, "type": kind, "value": value, "to_name": "image", "origin": "manual", **SIZE, **more}


def box(name: str = "r1", classes: tuple = ("Nodule",), **more) -> dict:
    place = {"x": 10.5, "y": 20, "width": 30, "height": 40, "rotation": 0}
    return region("rectanglelabels", place | {"rectanglelabels": list(classes)}, name, **more)


def task(*results, data: dict | None = None, **more) -> dict:
    annotation = {
        "id": 7,
        "completed_by": {"id": 3, "email": MAIL},
        "created_at": "2025-05-02T08:49:24.923036Z",
        "updated_at": "2025-05-03T08:49:24Z",
        "lead_time": 18.158,
        "was_cancelled": False,
        "result": list(results),
    }
    return {"id": 5, "data": data or {"image": "/data/upload/1/a.png"}, "annotations": [annotation | more]}


def read(tmp_path: Path, *tasks) -> list[Item | Refused]:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(list(tasks), ensure_ascii=False), encoding="utf-8")
    return list(LabelStudio().read(path))


def only(tmp_path: Path, *results, **more) -> Item | Refused:
    (made,) = read(tmp_path, task(*results, **more))
    return made


def test_a_box_becomes_pixels_with_who_when_and_how_long(tmp_path: Path) -> None:
    reviews = [{"created_by": {"id": 9, "email": "rev@example.org"}, "created_at": "2025-05-04T01:02:03Z"}]
    reviews[0]["accepted"] = False
    made = only(tmp_path, box(), reviews=reviews, ground_truth=True)
    assert made.value == {"class": "Nodule", "box": [21, 20, 60, 40]}
    assert all(isinstance(value, Decimal) for value in made.value["box"])
    assert (made.author, made.labeled_at, str(made.seconds)) == (MAIL, "2025-05-02T08:49:24.923036Z", "18.158")
    assert (made.origin, made.confidence, made.label_id) == ("human", None, "label-studio-7-r1")
    assert made.reviews == (Review("rev@example.org", "2025-05-04T01:02:03Z", "rejected"),)
    assert (made.sample.by, made.sample.name, made.sample.size) == ("file", "/data/upload/1/a.png", (200, 100))
    assert made.kept["annotation"]["updated_at"] == "2025-05-03T08:49:24Z"
    assert made.kept["annotation"]["ground_truth"] is True
    assert made.kept["annotator"] == {"id": 3, "email": MAIL}


@pytest.mark.parametrize(("person", "author"), [(3, "3"), ({"id": 4}, "4"), (None, None), ([], None), ("x", "x")])
def test_the_annotator_is_a_number_or_an_object(tmp_path: Path, person: object, author: str | None) -> None:
    assert only(tmp_path, box(), completed_by=person).author == author


def test_a_time_without_a_zone_is_kept_and_not_believed(tmp_path: Path) -> None:
    made = only(tmp_path, box(), created_at="2025-05-02T08:49:24")
    assert made.labeled_at is None
    assert made.kept["annotation"]["created_at"] == "2025-05-02T08:49:24"


def test_a_turned_box_turns_around_its_center(tmp_path: Path) -> None:
    place = {"x": 50, "y": 10, "width": 20, "height": 20, "rectanglelabels": ["n"]}
    made = only(tmp_path, region("rectanglelabels", place | {"rotation": 90}))
    # The corner stays at (100, 10), the box of 40 by 20 lies below and left of it: x 80 to 100, y 10 to 50.
    assert made.value == {"class": "n", "box": [70, 20, 40, 20], "rotation": 90}
    made = only(tmp_path, region("rectanglelabels", place | {"rotation": 30}))
    assert [str(value) for value in made.value["box"]] == ["92.320508", "18.660254", "40", "20"]


def test_the_other_shapes(tmp_path: Path) -> None:
    square = [[10, 10], [20, 10], [20, 20]]
    made = read(
        tmp_path,
        task(
            region("polygonlabels", {"points": square, "closed": True, "polygonlabels": ["n"]}, "a"),
            region("polygonlabels", {"points": square, "closed": False, "polygonlabels": ["n"]}, "b"),
            region("keypointlabels", {"x": 50, "y": 50, "width": 0.2, "keypointlabels": ["n"]}, "c"),
            region("ellipselabels", {"x": 50, "y": 50, "radiusX": 10, "radiusY": 5, "ellipselabels": ["n"]}, "d"),
            region("choices", {"choices": ["good"]}, "e"),
            region("choices", {"choices": ["b", "a"]}, "f"),
            region("taxonomy", {"taxonomy": [["Animal", "Cat"]]}, "g"),
            region("rating", {"rating": 4}, "h", from_name="quality"),
            region("textarea", {"text": ["one", "two"]}, "i"),
        ),
    )
    assert [(one.kind, one.value) for one in made] == [
        ("polygon", {"class": "n", "rings": [[20, 10, 40, 10, 40, 20]]}),
        ("polyline", {"class": "n", "line": [20, 10, 40, 10, 40, 20]}),
        ("point", {"class": "n", "point": [100, 50]}),
        ("ellipse", {"class": "n", "center": [100, 50], "radii": [20, 5]}),
        ("class", {"class": "good"}),
        ("classes", {"classes": ["a", "b"]}),
        ("class", {"class": "Animal > Cat"}),
        ("grade", {"scale": "quality", "grade": 4}),
        ("transcript", {"text": "one\ntwo"}),
    ]
    assert made[2].kept["result"]["value"]["width"] == Decimal("0.2")


def packed(values: list[int]) -> list[int]:
    """Pack bytes as the editor does: repeats of up to 16, single values as runs of one that do not repeat."""
    bits = f"{len(values):032b}{7:05b}" + "".join(f"{size - 1:04b}" for size in (3, 4, 8, 16))
    at = 0
    while at < len(values):
        end = at
        while end < len(values) and values[end] == values[at] and end - at < 16:
            end += 1
        if end - at > 1:
            bits += f"101{end - at - 1:04b}{values[at]:08b}"
        else:
            end = min(at + 2, len(values))
            bits += f"000{end - at - 1:03b}" + "".join(f"{value:08b}" for value in values[at:end])
        at = end
    bits += "0" * (-len(bits) % 8)
    return [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]


def test_a_brush_mask_is_where_alpha_is_not_zero(tmp_path: Path) -> None:
    rng = random.Random(2)
    for _ in range(30):
        columns, rows = rng.randint(1, 6), rng.randint(1, 6)
        alpha = [rng.choice([0, 0, 1, 255]) for _ in range(rows * columns)]
        alpha[0] = 255
        flat = [value for one in alpha for value in (rng.choice([0, 7]), 9, 9, one)]
        value = {"format": "rle", "rle": packed(flat), "brushlabels": ["n"]}
        made = only(tmp_path, region("brushlabels", value, original_width=columns, original_height=rows))
        drawn = [order % 2 for order, run in enumerate(made.value["runs"]) for _ in range(run)]
        assert drawn == [int(one > 0) for one in alpha]
        assert made.value["size"] == [rows, columns]


def test_a_broken_brush_mask_is_refused(tmp_path: Path) -> None:
    good = packed([255] * 16)
    for rle, code in (
        (good[:-2], "IMP-024"),
        ([], "IMP-024"),
        (good[:3] + [17] + good[4:], "IMP-024"),
        ([256], "IMP-024"),
        ("x", "IMP-024"),
        (packed([0] * 16), "IMP-021"),
    ):
        value = {"rle": rle, "brushlabels": ["n"]}
        assert only(tmp_path, region("brushlabels", value, original_width=2, original_height=2)).code == code


def test_a_region_of_two_classes_is_two_labels_and_a_choice_of_a_region_a_third(tmp_path: Path) -> None:
    inner = box()["value"]
    made = read(tmp_path, task(box(classes=("A", "B")), region("choices", inner | {"choices": ["sure"]})))
    assert [(one.kind, one.value["class"]) for one in made] == [("box", "A"), ("box", "B"), ("box", "sure")]
    assert [one.label_id for one in made] == ["label-studio-7-r1", "label-studio-7-r1.2", "label-studio-7-at-2"]


def test_a_drawn_region_and_its_classes_are_one_label(tmp_path: Path) -> None:
    place = {"x": 10, "y": 20, "width": 30, "height": 40}
    made = read(tmp_path, task(region("rectangle", place), region("labels", place | {"labels": ["n"]})))
    assert [(one.kind, one.value["class"]) for one in made] == [("box", "n")]
    assert only(tmp_path, region("rectangle", place)).code == "IMP-023"


TEXT = "Aß 😀 lung nodule"


@pytest.mark.parametrize(
    ("start", "end", "quote", "expected"),
    [
        (6, 10, "lung", (5, 9)),  # counted in UTF-16 units
        (5, 9, "lung", (5, 9)),  # counted in code points
        (0, 2, "Aß", (0, 2)),
        (0, 2, None, (0, 2)),
        (6, 10, None, None),
        (6, 10, "Smith", None),
        (6, 900, "lung", None),
    ],
)
def test_offsets_are_code_points_of_the_quoted_text(
    tmp_path: Path, start: int, end: int, quote: str | None, expected: tuple | None
) -> None:
    value = {"start": start, "end": end, "labels": ["Finding"]} | ({} if quote is None else {"text": quote})
    result = {"id": "s", "type": "labels", "value": value, "to_name": "text"}
    made = only(tmp_path, result, data={"text": TEXT})
    if expected is None:
        assert made.code == "IMP-034"
        assert "Smith" not in repr(made)
    else:
        assert made.value == {"type": "Finding", "start": expected[0], "end": expected[1]}
        assert (made.sample.by, made.sample.name) == ("text", "tasks[0]")


def test_relations_name_labels_that_came_in(tmp_path: Path) -> None:
    link = {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "left", "labels": ["near"]}
    lost = {"type": "relation", "from_id": "r1", "to_id": "r3", "direction": "right"}
    bad = box("r3", classes=())
    made = read(tmp_path, task(link, lost, box("r1"), box("r2"), bad))
    relation = next(one for one in made if isinstance(one, Item) and one.kind == "relation")
    assert relation.value == {"type": "near", "from": "label-studio-7-r2", "to": "label-studio-7-r1"}
    assert sorted((one.place, one.code) for one in made if isinstance(one, Refused)) == [
        ("tasks[0].annotations[0].result[1]", "IMP-026"),
        ("tasks[0].annotations[0].result[4]", "IMP-023"),
    ]


def test_predictions_are_a_models_with_their_scores(tmp_path: Path) -> None:
    whole = task(box(origin="prediction", score=0.25), box("r2", origin="prediction-changed", score=0.75))
    bare = {key: value for key, value in box().items() if not key.startswith("original")}
    whole["predictions"] = [{"id": 2, "model_version": "m1", "score": 0.5, "result": [bare]}, 17]
    taken, changed, predicted, number = read(tmp_path, whole)
    assert (taken.origin, str(taken.confidence)) == ("model", "0.25")
    assert (changed.origin, changed.confidence, changed.kept["result"]["score"]) == ("human", None, Decimal("0.75"))
    assert (predicted.origin, str(predicted.confidence), predicted.author) == ("model", "0.5", None)
    assert predicted.label_id == "label-studio-p2-r1"
    assert predicted.kept["annotation"]["model_version"] == "m1"
    assert predicted.value["box"] == [21, 20, 60, 40], "the size that the annotation states of the same image"
    assert number.code == "IMP-023"


def test_skipped_annotations_and_drafts_are_refused_and_counted(tmp_path: Path) -> None:
    empty = task(was_cancelled=True)
    drafts = task(box()) | {"drafts": [{"id": 1, "result": [box("d")]}]}
    made = read(tmp_path, task(box(), box("r2"), was_cancelled=True), empty, drafts | {"id": 6})
    assert [getattr(one, "code", "in") for one in made] == ["IMP-033"] * 3 + ["in", "IMP-033"]
    assert made[2].place == "tasks[1].annotations[0]"


def test_one_annotation_twice_in_a_merged_file(tmp_path: Path) -> None:
    first, second = read(tmp_path, task(box()), task(box()))
    assert isinstance(first, Item)
    assert second.code == "IMP-027"


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (box(original_width=None), "IMP-023"),
        (box(image_rotation=90), "IMP-022"),
        (box(classes=()), "IMP-023"),
        (box(classes=(" ",)), "IMP-023"),
        (region("rectanglelabels", {"x": 90, "y": 0, "width": 30, "height": 9, "rectanglelabels": ["n"]}), "IMP-021"),
        (region("rectanglelabels", {"x": "Smith", "y": 0, "width": 3, "height": 9}), "IMP-020"),
        (region("polygonlabels", {"points": [[0, 0], [9, 9]], "polygonlabels": ["n"]}), "IMP-025"),
        (region("polygonlabels", {"points": "Smith", "polygonlabels": ["n"]}), "IMP-020"),
        (region("hypertextlabels", {"start": "/p[1]", "hypertextlabels": ["n"]}), "IMP-022"),
        (region("labels", {"start": 0.5, "end": 2, "channel": 0, "labels": ["n"]}), "IMP-022"),
        (region("Smith", {"x": 1}), "IMP-020"),
        (region("Smith", {"Smith": 1}), "IMP-022"),
        (region("textarea", box()["value"] | {"text": ["Smith"]}), "IMP-022"),
        (region("rating", {"rating": "Smith"}), "IMP-023"),
        (region("rectanglelabels", {"rectanglelabels": ["n"]}), "IMP-020"),
        (region("labels", {"start": 5, "end": 2, "labels": ["n"]}), "IMP-020"),
        ("Smith", "IMP-023"),
        ({"type": "choices"}, "IMP-023"),
    ],
)
def test_what_is_wrong_is_refused_alone(tmp_path: Path, result: object, code: str) -> None:
    made = read(tmp_path, task(result, region("choices", {"choices": ["good"]}, "z")))
    assert [getattr(one, "code", "in") for one in made] == [code, "in"]
    assert "Smith" not in repr(made[0])


def test_a_text_of_a_recording_has_its_seconds(tmp_path: Path) -> None:
    value = {"start": 0.50, "end": 2.25, "channel": 0, "text": ["hello"]}
    made = only(tmp_path, region("textarea", value, original_length=9))
    assert made.value == {"text": "hello", "start": Decimal("0.5"), "end": Decimal("2.25")}


def test_key_frames_of_a_video_are_a_track(tmp_path: Path) -> None:
    frame = {"x": 0, "y": 0, "width": 50, "height": 50, "rotation": 0, "enabled": True, "time": 0.1}
    value = {"sequence": [frame | {"frame": 1}, frame | {"frame": 5}], "labels": ["n"], "framesCount": 9}
    made = only(tmp_path, region("videorectangle", value))
    assert made.kind == "track"
    assert [one["frame"] for one in made.value["frames"]] == [1, 5]
    assert made.value["frames"][0]["value"] == {"class": "n", "box": [0, 0, 100, 50]}
    assert made.kept["result"]["value"]["framesCount"] == 9


def test_other_json_is_refused(tmp_path: Path) -> None:
    for text, code in (("{}", "IMP-001"), ("5", "IMP-001"), ("[", "IMP-003"), ('[{"id":1,"id":2}]', "IMP-003")):
        (tmp_path / "a.json").write_text(text)
        with pytest.raises(UsageError) as caught:
            list(LabelStudio().read(tmp_path / "a.json"))
        assert caught.value.code == code
    short = [{"image": "a.png", "label": [], "annotator": MAIL}]
    (made,) = read(tmp_path, *short)
    assert made.code == "IMP-023", "the short export is not empty, it is another format"
    assert MAIL not in repr(made)


GOOD = [
    task(box("a"), region("choices", {"choices": ["x"]}, "b"), {"type": "relation", "from_id": "a", "to_id": "b"}),
    task(
        region("polygonlabels", {"points": [[1, 1], [9, 1], [9, 9]], "polygonlabels": ["n"]}, "c"),
        region("brushlabels", {"rle": packed([255] * 80_000), "brushlabels": ["n"]}, "d"),
        id=8,
    ),
]


def test_wrong_types_anywhere_raise_nothing_and_show_no_value(tmp_path: Path) -> None:
    rng = random.Random(11)
    junk = [None, True, -1, 1.5, MAIL, [], {}, [[]], [None], {MAIL: []}, 10**30, [MAIL], ""]

    def spoil(value: object) -> object:
        if rng.random() < 0.04:
            return rng.choice(junk)
        if isinstance(value, dict):
            return {key: spoil(inner) for key, inner in value.items()}
        if isinstance(value, list) and len(value) < 100:
            return [spoil(inner) for inner in value]
        return value

    for _ in range(300):
        spoiled = [spoil(one) for one in GOOD]
        made = read(tmp_path, *spoiled)
        expected = set()
        for at, one in enumerate(spoiled):
            annotations = one.get("annotations") if isinstance(one, dict) else None
            if annotations != [] and (annotations is not None or not isinstance(one, dict)):
                expected.add(at)
            if not isinstance(annotations, list):
                continue
            for order, annotation in enumerate(annotations):
                results = annotation.get("result") if isinstance(annotation, dict) else None
                if not isinstance(results, list) or annotation.get("was_cancelled") not in (None, False):
                    continue
                places = {f"tasks[{at}].annotations[{order}].result[{number}]" for number in range(len(results))}
                assert places <= {label.place for label in made}
                if not results:
                    expected.discard(at)
        assert expected <= {int(label.place[6:].partition("]")[0]) for label in made}
        for label in made:
            assert MAIL not in label.place
            assert isinstance(label, Item) or MAIL not in repr(label)


def test_every_truncation_is_a_broken_export(tmp_path: Path) -> None:
    whole = json.dumps([GOOD[0]]).encode()
    for at in range(0, len(whole), 13):
        (tmp_path / "a.json").write_bytes(whole[:at])
        with pytest.raises(UsageError) as caught:
            list(LabelStudio().read(tmp_path / "a.json"))
        assert caught.value.code == "IMP-003"


def test_it_is_recognized(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(GOOD))
    assert recognized(tmp_path / "a.json") == ["label-studio"]


def test_answers_to_several_questions_say_which_one_they_answer(tmp_path: Path) -> None:
    def asked(name: str, answer: list[str], mark: str) -> dict[str, object]:
        return region("choices", {"choices": answer}, mark) | {"from_name": name}

    alone = read(tmp_path, task(asked("birads", ["4a"], "a")), task(asked("birads", ["2"], "b")))
    assert [one.value for one in alone if isinstance(one, Item)] == [{"class": "4a"}, {"class": "2"}]
    both = read(tmp_path, task(asked("birads", ["4a"], "a")), task(asked("view", ["AP", "lateral"], "b")))
    assert [one.value for one in both if isinstance(one, Item)] == [
        {"class": "birads: 4a"}, {"classes": ["view: AP", "view: lateral"]},
    ]  # fmt: skip
    # An answer about a region is none about the sample.
    box_ = {"x": 1, "y": 1, "width": 5, "height": 5, "rotation": 0, "choices": ["round"]}
    placed = region("choices", box_, "c") | {"from_name": "shape"}
    (first, second) = read(tmp_path, task(asked("birads", ["4a"], "a"), placed))
    assert isinstance(first, Item)
    assert isinstance(second, Item)
    assert (first.value, second.kind) == ({"class": "4a"}, "box")
