"""What every reader of a vendor's export must stand: broken files, wrong types, doubled ids, identifiers everywhere."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import UsageError
from curator.labels.item import KINDS, ORIGINS, Item, Refused
from curator.labels.readers.table import READERS, reader, recognized

NAME, MAIL, MRN = "Zyxwane Qorvath", "zyx.qorvath@clinic.example", "MRN-77120934"
SECRETS = (NAME, "Zyxwane", "Qorvath", MAIL, MRN, "77120934")
BOX = {"x": 1, "y": 2, "width": 3, "height": 4}

SAMPLES: dict[str, tuple[str, Any]] = {
    "v7-darwin": (
        "a.json",
        {
            "version": "2.0",
            "schema_ref": "https://darwin-public.example/darwin_json/2.0/schema.json",
            "item": {
                "name": f"{NAME}.png",
                "path": f"/{MRN}",
                "slots": [{"slot_name": "0", "width": 100, "height": 80}],
            },
            "annotations": [
                {"id": "a1", "name": NAME, "bounding_box": {"x": 1, "y": 2, "w": 3, "h": 4}, "slot_names": ["0"]},
                {
                    "id": "a2",
                    "name": "c",
                    "polygon": {"paths": [[{"x": 1, "y": 1}, {"x": 9, "y": 1}, {"x": 9, "y": 9}]]},
                },
                {"id": "a3", "name": "c", "tag": {}, "annotators": [{"email": MAIL}]},
            ],
            "properties": [{"name": "view", "value": "AP"}],
        },
    ),
    "labelbox-v1": (
        "a.json",
        [
            {
                "ID": "l1",
                "DataRow ID": "d1",
                "External ID": f"{NAME}.png",
                "Created By": MAIL,
                "Created At": "2021-07-13T21:19:39.000Z",
                "Labeled Data": f"https://x.example/{MRN}?token=SECRETTOKEN",
                "Label": {
                    "objects": [
                        {"featureId": "f1", "title": NAME, "bbox": {"top": 1, "left": 2, "height": 3, "width": 4}},
                        {"featureId": "f2", "title": "e", "data": {"location": {"start": 2, "end": 4}}},
                    ],
                    "classifications": [{"featureId": "f3", "title": "q", "answer": {"title": MRN}}],
                },
                "Reviews": [],
            }
        ],
    ),
    "labelbox-import": (
        "a.ndjson",
        [
            {
                "uuid": "u1",
                "dataRow": {"globalKey": f"{NAME}.png"},
                "name": MRN,
                "bbox": {"top": 1, "left": 2, "height": 3, "width": 4},
                "classifications": [{"name": "q", "answer": MAIL}],
            },
            {"uuid": "u2", "dataRow": {"id": "d1"}, "name": NAME, "answer": {"name": MRN, "confidence": 0.5}},
            {
                "uuid": "u3",
                "dataRow": {"id": "d1"},
                "name": "c",
                "segments": [{"keyframes": [{"frame": 1, "point": {"x": 1, "y": 2}}]}],
            },
        ],
    ),
    "labelbox": (
        "a.ndjson",
        {
            "data_row": {"id": "d1", "external_id": f"{MRN}.png"},
            "media_attributes": {"width": 100, "height": 80},
            "projects": {
                "p1": {
                    "labels": [
                        {
                            "id": "l1",
                            "label_details": {"created_at": "2023-01-01T00:00:00.000+00:00", "created_by": MAIL},
                            "annotations": {
                                "objects": [
                                    {
                                        "feature_id": "f1",
                                        "name": NAME,
                                        "bounding_box": {"top": 1, "left": 2, "height": 3, "width": 4},
                                    }
                                ],
                                "classifications": [
                                    {"feature_id": "f2", "name": "q", "radio_answer": {"name": "yes"}},
                                    {
                                        "feature_id": "f3",
                                        "name": "r",
                                        "checklist_answers": [{"name": "a"}, {"name": "b"}],
                                    },
                                ],
                                "relationships": [],
                            },
                        }
                    ]
                }
            },
        },
    ),
    "encord": (
        "a.json",
        {
            "label_hash": "h1",
            "data_hash": "d1",
            "object_answers": {},
            "classification_answers": {
                "c1": {"classifications": [{"name": "q", "answers": [{"name": NAME}]}]},
            },
            "data_units": {
                "u1": {
                    "data_hash": "u1",
                    "data_title": f"{NAME}.png",
                    "data_type": "image/png",
                    "width": 100,
                    "height": 80,
                    "labels": {
                        "objects": [
                            {
                                "name": MRN,
                                "objectHash": "o1",
                                "boundingBox": {"x": 0, "y": 0, "w": 1, "h": 1},
                                "createdBy": MAIL,
                                "createdAt": "Thu, 01 Dec 2022 13:37:01 UTC",
                                "confidence": 1,
                                "reviews": [],
                            }
                        ],
                        "classifications": [{"name": "q", "classificationHash": "c1", "createdBy": MAIL}],
                    },
                }
            },
        },
    ),
    "superannotate": (
        "a.json",
        {
            "metadata": {"name": f"{NAME}.png", "width": 100, "height": 80, "qaEmail": MAIL},
            "instances": [
                {
                    "type": "bbox",
                    "className": NAME,
                    "probability": 100,
                    "points": {"x1": 1, "y1": 2, "x2": 3, "y2": 4},
                    "createdBy": {"email": MAIL},
                    "createdAt": "2023-04-06T10:49:58.410Z",
                },
                {"type": "polygon", "className": "p", "points": [1, 1, 9, 1, 9, 9], "exclude": []},
            ],
            "tags": [MRN],
        },
    ),
    "dataloop": (
        "a.json",
        {
            "filename": f"/{MRN}/{NAME}.png",
            "metadata": {"system": {"width": 100, "height": 80}},
            "annotations": [
                {
                    "id": "a1",
                    "datasetId": "d1",
                    "type": "box",
                    "label": NAME,
                    "creator": MAIL,
                    "createdAt": "2022-01-05T19:26:23.252Z",
                    "coordinates": [{"x": 1, "y": 2}, {"x": 3, "y": 4}],
                    "metadata": {"system": {"frame": 0, "endFrame": 1, "snapshots_": []}},
                },
                {"id": "a2", "type": "class", "label": "c", "metadata": {"system": {"status": "approved"}}},
            ],
        },
    ),
    "scale": (
        "a.json",
        [
            {
                "item": {"reference_id": f"{NAME}.png", "metadata": {"width": 100, "height": 80}},
                "annotations": {
                    "box": [{"label": NAME, "type": "box", "geometry": BOX, "annotation_id": MRN}],
                    "category": [{"label": "c", "type": "category"}],
                },
            }
        ],
    ),
    "ango-hub": (
        "a.json",
        [
            {
                "asset": f"https://x.example/{MRN}.png",
                "externalId": f"{NAME}.png",
                "metadata": {"width": 100, "height": 80},
                "task": {
                    "tools": [{"objectId": "o1", "title": NAME, "bounding-box": BOX}],
                    "classifications": [{"objectId": "o2", "title": "q", "answer": "yes"}],
                    "stageHistory": [
                        {"stageId": "Label", "completedBy": MAIL, "completedAt": "2024-02-01T10:00:00.000Z"},
                    ],
                },
            }
        ],
    ),
    "mdai": (
        "a.json",
        {
            "labelGroups": [{"id": "G", "labels": [{"id": "L1", "name": NAME, "annotationMode": "bbox"}]}],
            "datasets": [
                {
                    "id": "D",
                    "annotations": [
                        {
                            "id": "A1",
                            "labelId": "L1",
                            "SOPInstanceUID": "1.2.3",
                            "width": 100,
                            "height": 80,
                            "data": BOX,
                            "createdById": MAIL,
                            "createdAt": "2020-10-09T12:34:56.789Z",
                            "note": MRN,
                        }
                    ],
                }
            ],
        },
    ),
    "redbrick": (
        "a.json",
        [
            {
                "taskId": "t1",
                "name": NAME,
                "createdBy": MAIL,
                "updatedBy": MAIL,
                "updatedAt": "2023-10-20T14:31:38.610700+00:00",
                "classification": {"attributes": {"q": MRN}},
                "series": [
                    {
                        "items": [f"{MRN}.dcm"],
                        "dimensions": [100, 80, 1],
                        "boundingBoxes": [
                            {"category": NAME, "pointTopLeft": {"xNorm": 0, "yNorm": 0}, "wNorm": 1, "hNorm": 1}
                        ],
                        "landmarks3d": [{"category": "c", "point": {"i": 1, "j": 2, "k": 3}}],
                    }
                ],
            }
        ],
    ),
    "itag": (
        "a.manifest",
        {
            "data": {"source": f"oss://b/{NAME}.jpg"},
            "label-1": {
                "results": [
                    {
                        "questionId": "1",
                        "type": "image",
                        "width": 100,
                        "height": 80,
                        "data": [
                            {
                                "id": "s1",
                                "type": "image/polygon",
                                "value": [[1, 1], [9, 1], [9, 9]],
                                "labels": {"q": MRN},
                            }
                        ],
                    },
                    {"questionId": "2", "type": "survey/value", "markTitle": "m", "data": "yes"},
                ]
            },
            "label-1-check": {"results": []},
        },
    ),
}
#: Labels that each sample holds.
COUNTS = {
    "v7-darwin": 4,
    "labelbox-v1": 3,
    "labelbox": 3,
    "labelbox-import": 3,
    "encord": 2,
    "superannotate": 3,
    "dataloop": 2,
    "scale": 2,
    "ango-hub": 2,
    "mdai": 1,
    "redbrick": 3,
    "itag": 2,
}


def written(folder: Path, name: str, document: Any) -> Path:
    path = folder / SAMPLES[name][0]
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def outcomes(name: str, path: Path) -> list[Item | Refused]:
    found = list(reader(name).read(path))
    for one in found:
        if isinstance(one, Item):
            assert one.kind in KINDS
            assert one.origin in ORIGINS
            assert 1 <= len(one.label_id) <= 100
        else:
            assert one.code.startswith("IMP-0")
        spoken = f"{one.place} {one.code} {one.facts}" if isinstance(one, Refused) else f"{one.place} {one.label_id}"
        assert not [secret for secret in SECRETS if secret in spoken]
    return found


def attempted(name: str, path: Path) -> tuple[list[Item | Refused], str, str]:
    """Return what came out, the code of what broke the reading off, and all that its error says."""
    try:
        return outcomes(name, path), "", ""
    except UsageError as error:
        return [], error.code, f"{error} {error.hint} {error.facts} {error.__cause__}"


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sound_export_is_recognized_and_every_label_comes_in(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, name, SAMPLES[name][1])
    assert recognized(path) == [name]
    found = outcomes(name, path)
    assert [type(one) for one in found] == [Item] * COUNTS[name]
    assert len({one.label_id for one in found if isinstance(one, Item)}) == COUNTS[name]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_file_that_ends_too_early_is_refused_whole(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, name, SAMPLES[name][1])
    data = path.read_bytes()
    for end in [*range(1, len(data) - 1, max(1, len(data) // 40)), len(data) - 1]:
        path.write_bytes(data[:end])
        with pytest.raises(UsageError) as error:
            list(reader(name).read(path))
        assert error.value.code in {"IMP-001", "IMP-003"}
        assert not [secret for secret in SECRETS if secret in str(error.value) + repr(error.value.facts)]


@pytest.mark.parametrize("name", sorted(SAMPLES))
@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"1", b"null", b"[1]", b"\xff\xfe", b'{"a":NaN}', b"[" * 100])
def test_what_is_no_such_export_is_refused_or_empty(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)
    found, code, spoken = attempted(name, path)
    assert found == []
    assert code in ({"", "IMP-001", "IMP-003"} if data in {b"", b"[]"} else {"IMP-001", "IMP-003"})
    assert not [secret for secret in SECRETS if secret in spoken]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_key_that_stands_twice_refuses_the_file(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, name, SAMPLES[name][1])
    text = path.read_text()
    key = text[text.index('"') : text.index(":") + 1]
    path.write_text(text.replace(key, f"{key} 1, {key}", 1))
    with pytest.raises(UsageError) as error:
        list(reader(name).read(path))
    assert error.value.code == "IMP-003"


def _spots(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _spots(one, (*at, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _spots(one, (*at, index))


def _planted(document: Any, at: tuple[Any, ...], value: Any) -> Any:
    made = copy.deepcopy(document)
    inner = made
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return made


WRONG = (None, True, -1, 10**30, 1.5, "", NAME, [], [1], [[NAME]], {}, {NAME: MRN}, [{"a": [NAME]}], "9" * 20)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_wrong_type_anywhere_raises_nothing_but_coded_errors(name: str, tmp_path: Path) -> None:
    document = SAMPLES[name][1]
    dice = random.Random(name)
    seen = 0
    for at in _spots(document):
        for value in dice.sample(WRONG, 6):
            path = written(tmp_path, name, _planted(document, at, value))
            _, code, spoken = attempted(name, path)
            assert code in {"", "IMP-001", "IMP-003"}
            assert not [secret for secret in SECRETS if secret in spoken]
            seen += 1
    assert seen > 50


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_wrong_value_within_one_label_does_not_change_the_count(name: str, tmp_path: Path) -> None:
    document = SAMPLES[name][1]
    spots = [at for at in _spots(document) if at[-1] in {"x", "w", "top", "x1", "xNorm", "title", "className"}]
    for at in spots:
        path = written(tmp_path, name, _planted(document, at, None))
        found = outcomes(name, path)
        assert len(found) == COUNTS[name]


@pytest.mark.parametrize("name", ["v7-darwin", "labelbox-v1", "dataloop", "mdai"])
def test_of_two_labels_with_one_id_the_second_is_refused(name: str, tmp_path: Path) -> None:
    document = copy.deepcopy(SAMPLES[name][1])
    held = {
        "v7-darwin": lambda: document["annotations"],
        "labelbox-v1": lambda: document[0]["Label"]["objects"],
        "dataloop": lambda: document["annotations"],
        "mdai": lambda: document["datasets"][0]["annotations"],
    }[name]()
    held.append(copy.deepcopy(held[0]))
    found = outcomes(name, written(tmp_path, name, document))
    assert len(found) == COUNTS[name] + 1
    assert [one.code for one in found if isinstance(one, Refused)] == ["IMP-027"]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_text_of_a_label_is_in_the_item_or_kept(name: str, tmp_path: Path) -> None:
    found = outcomes(name, written(tmp_path, name, SAMPLES[name][1]))
    held = repr(found)
    assert NAME in held
    assert MAIL in held or name in {"scale", "itag"}
    assert "SECRETTOKEN" not in held


def test_every_reader_of_the_table_says_its_name_its_title_and_what_it_lacks() -> None:
    for name in READERS:
        one = reader(name)
        assert one.name == name
        assert one.title.strip()
        assert len({lack.what for lack in one.lacks}) == len(one.lacks)
        assert {lack.what for lack in one.lacks} <= {"author", "labeled-at", "guideline", "confidence", "review"}
