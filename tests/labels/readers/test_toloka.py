"""Toloka: control tasks, status, UTC, several outputs, areas on pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.table import reader, recognized

HEAD = "INPUT:image\tOUTPUT:result\tGOLDEN:result\tASSIGNMENT:task_id\tASSIGNMENT:assignment_id\tASSIGNMENT:worker_id"
HEAD += "\tASSIGNMENT:status\tASSIGNMENT:submitted\tASSIGNMENT:accepted\n"


def read(folder: Path, text: str) -> list[Item | Refused]:
    path = folder / "a.tsv"
    path.write_text(text, encoding="utf-8")
    assert recognized(path) == ["toloka"]
    return list(reader("toloka").read(path))


def test_who_when_and_status_are_taken_and_times_are_utc(tmp_path: Path) -> None:
    row = "a.png\tbenign\t\tt1\ta1\tw1\tAPPROVED\t2022-05-01T10:01:00.123\t2022-05-02T00:00:00.000\n"
    (one,) = read(tmp_path, HEAD + row)
    assert isinstance(one, Item)
    assert (one.author, one.labeled_at, one.stage) == ("w1", "2022-05-01T10:01:00.123Z", "approved")
    assert [(r.at, r.outcome) for r in one.reviews] == [("2022-05-02T00:00:00.000Z", "accepted")]
    assert one.value == {"class": "benign"}
    assert one.sample.name == "a.png"


def test_a_control_task_has_its_own_stage_and_keeps_what_it_holds(tmp_path: Path) -> None:
    (one,) = read(tmp_path, HEAD + "g.png\tbenign\tmalignant\tt1\ta1\tw1\tREJECTED\t2022-05-01T10:01:00\t\n")
    assert isinstance(one, Item)
    assert one.stage == "golden"
    assert one.kept["GOLDEN:result"] == "malignant"
    assert one.kept["ASSIGNMENT:status"] == "REJECTED"
    assert [r.outcome for r in one.reviews] == ["rejected"]


def test_several_outputs_are_labels_of_their_own_with_their_question(tmp_path: Path) -> None:
    head = HEAD.replace("OUTPUT:result", "OUTPUT:mass\tOUTPUT:side")
    found = read(tmp_path, head + "a.png\tyes\tleft\t\tt1\ta1\tw1\tAPPROVED\t\t\n")
    assert [one.value for one in found if isinstance(one, Item)] == [{"class": "mass: yes"}, {"class": "side: left"}]


def test_areas_empty_answers_doubled_answers_and_broken_rows_are_refused(tmp_path: Path) -> None:
    area = '"[{""shape"":""rectangle"",""left"":0.1}]"'
    rows = [
        f"a.png\t{area}\t\tt1\ta1\tw1\tAPPROVED\t\t\n",
        "a.png\t\t\tt2\ta1\tw1\tAPPROVED\t\t\n",
        "a.png\tx\t\tt3\ta1\tw1\tAPPROVED\t\t\n",
        "a.png\tx\t\tt3\ta1\tw1\tAPPROVED\t\t\n",
        "a.png\tx\n",
        "\n",
    ]
    found = read(tmp_path, HEAD + "".join(rows))
    assert [one.code if isinstance(one, Refused) else "in" for one in found] == [
        "IMP-036", "IMP-023", "in", "IMP-027", "IMP-035",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "a\tb\n", "INPUT:a\tASSIGNMENT:assignment_id\n", HEAD + '"open', HEAD + "\udcff"])
def test_what_is_no_such_file_is_refused_whole(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError) as error:
        list(reader("toloka").read(path))
    assert error.value.code in {"IMP-001", "IMP-003"}
