"""A value that stands in a file is guarded when its label is signed: it leaves with a package like any other."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from curator.core.canonical import canonical_bytes
from curator.core.errors import UsageError
from curator.labels.signing import LabelFile, Plan, Wishes
from curator.labels.whole import digest_of_file, read_whole
from curator.provenance.append import Appender
from curator.provenance.ledger import Ledger

NAME = "Quillfeather"
MASK = {"class": "nodule", "size": [2, 2], "runs": [1, 2, 1]}


def put(root: Path, value: Any) -> dict[str, Any]:
    data = canonical_bytes(value)
    digest = hashlib.sha256(data).hexdigest()
    (root / "labels" / "values").mkdir(parents=True, exist_ok=True)
    (root / "labels" / "values" / f"{digest}.json").write_bytes(data)
    return {"whole": {"sha256": digest, "bytes": len(data)}, "class": "nodule"}


def planned(world: Any, value: Any, kind: str = "mask") -> Plan:
    fields = {
        "labelId": "l-1",
        "sample": world.samples[0].path,
        "kind": kind,
        "value": value,
        "author": "ada",
        "labeledAt": "2026-05-04T10:15:00+02:00",
        "guideline": "chest@1.0",
    }
    path = Path(world.root) / "l.jsonl"
    path.write_text(json.dumps(fields) + "\n")
    appender = Appender(Ledger(world.folder), world.clock)
    source = LabelFile(path, Wishes("ada"), appender, world.clock, guard=lambda text: NAME not in text)
    return source.plan(world.root, world.samples)


def codes(plan: Plan) -> list[str]:
    return [issue.error.code for issue in plan.issues]


def test_a_value_in_a_file_can_be_signed_when_nothing_in_it_is_an_identifier(world: Any) -> None:
    plan = planned(world, put(Path(world.root), MASK))
    assert (codes(plan), plan.new) == ([], 1)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("mask", {**MASK, "class": NAME}),
        ("mask", {**MASK, "note": f"seen with {NAME}"}),
        ("note", {"deep": [{"text": NAME}]}),
        ("note", {NAME: 1}),
    ],
)
def test_an_identifier_in_the_file_of_a_value_is_refused(world: Any, kind: str, value: Any) -> None:
    plan = planned(world, put(Path(world.root), value), kind)
    assert codes(plan) == ["LBL-017"]
    assert NAME not in plan.issues[0].error.sentence


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes() + b"\n"),
        lambda path: path.write_bytes(path.read_bytes().replace(b"1", b"2")),
    ],
)
def test_a_file_that_is_lacking_or_changed_is_refused(world: Any, change: Any) -> None:
    value = put(Path(world.root), MASK)
    change(next((Path(world.root) / "labels" / "values").iterdir()))
    assert codes(planned(world, value)) == ["LBL-043"]


_NO_VALUES = [
    b'{"a": 1}',
    b'{"a":1,"a":1}',
    b"\xff",
    b"",
    b'{"$decimal":"Quillfeather"}',
    b'{"$decimal":1}',
    b'{"a":1.5}',
]


@pytest.mark.parametrize("data", _NO_VALUES, ids=str)
def test_bytes_that_are_no_canonical_value_are_refused_under_their_own_digest(tmp_path: Path, data: bytes) -> None:
    digest = hashlib.sha256(data).hexdigest()
    (tmp_path / "labels" / "values").mkdir(parents=True)
    (tmp_path / "labels" / "values" / f"{digest}.json").write_bytes(data)
    with pytest.raises(UsageError) as caught:
        read_whole(tmp_path, {"whole": {"sha256": digest, "bytes": len(data)}})
    assert caught.value.code == "LBL-043"


def test_a_size_that_is_not_the_files_is_refused(tmp_path: Path) -> None:
    value = put(tmp_path, MASK)
    value["whole"]["bytes"] += 1
    with pytest.raises(UsageError) as caught:
        read_whole(tmp_path, value)
    assert caught.value.code == "LBL-043"


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, {"whole": 1}, {"whole": {"sha256": "a" * 64}}, {"box": [1]}])
def test_other_values_stand_where_they_are(tmp_path: Path, value: Any) -> None:
    assert digest_of_file(value) is None
    assert read_whole(tmp_path, value) is None


def test_numbers_come_back_digit_for_digit(tmp_path: Path) -> None:
    made = read_whole(tmp_path, put(tmp_path, {"box": [{"$decimal": "33.50"}, 4]}))
    assert made == {"box": ["33.50", 4]}
    assert type(made["box"][0]).__name__ == "Digits"
