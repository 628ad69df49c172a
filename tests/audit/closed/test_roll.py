"""About whom a clean file is: its folder's person, unless a plan says otherwise; of two sources of one path, both."""

from __future__ import annotations

from typing import Any

import pytest

from curator.audit.closed import vault as module
from curator.audit.closed.vault import Roll

ANN, BOB = "a" * 32, "b" * 32
ROWS = [
    ("0" * 32, "clean/PANN/note.txt", (ANN,)),
    ("1" * 32, "clean/PANN/both.csv", (ANN, BOB)),
    ("2" * 32, "clean/shared/all.csv", (ANN, BOB)),
    ("3" * 32, "clean/PBOB/scan.dcm", (ANN,)),
    ("4" * 32, "clean/PBOB/twice.txt", (ANN,)),
    ("5" * 32, "clean/PBOB/twice.txt", (BOB,)),
    ("6" * 32, "clean/PBOB/again.txt", (BOB,)),
    ("7" * 32, "clean/PBOB/again.txt", (ANN,)),
    ("no hex at all", "clean/PANN/odd.txt", ("alias",)),
    ("8" * 32, "clean/PANN/unknown.txt", ("nobody",)),
    ("9" * 32, None, (BOB,)),
]


@pytest.fixture
def roll(monkeypatch: pytest.MonkeyPatch) -> Roll:
    rows: list[dict[str, Any]] = [{"delivery": 1, "source": source, "path": path} for source, path, _ in ROWS]
    rows.append({"delivery": 2, "source": "0" * 32, "path": "clean/PANN/unplanned.txt"})
    monkeypatch.setattr(module.journal, "all_rows", lambda *_: iter(rows))
    made = Roll(numbers={"PANN": 1, "PBOB": 2})
    plan: dict[bytes, tuple[str, ...]] = {}
    groups: dict[tuple[str, ...], tuple[str, ...]] = {}
    for source, _, keys in ROWS:
        nodes = dict(enumerate(keys[1:]))
        module._planned(plan, {"do": "scrub", "source": source, "person": keys[0], "nodes": nodes}, groups)
    module._planned(plan, {"do": "hold", "source": "f" * 32}, groups)
    module._share(made, object(), {1: plan}, {ANN: 1, BOB: 2}, {"alias": BOB})  # type: ignore[arg-type]
    return made


def test_each_file_is_about_whom_its_sources_are_about(roll: Roll) -> None:
    wanted = {
        "note.txt": {1}, "both.csv": {1, 2}, "odd.txt": {2}, "unknown.txt": {1}, "unplanned.txt": {1}, "new.txt": {1},
    }  # fmt: skip
    assert {name: set(roll.persons_of(f"clean/PANN/{name}")) for name in wanted} == wanted
    assert roll.persons_of("clean/shared/all.csv") == {1, 2}
    assert roll.persons_of("clean/PBOB/scan.dcm") == {1}, "the plan says more than the folder"
    assert roll.persons_of("clean/PBOB/twice.txt") == roll.persons_of("clean/PBOB/again.txt") == {1, 2}


def test_a_file_of_no_known_folder_is_about_everybody_and_one_that_is_no_clean_file_about_nobody(roll: Roll) -> None:
    assert roll.persons_of("clean/PXYZ/a.txt") == roll.persons_of("clean/shared/other.csv") == {1, 2}
    assert roll.persons_of("data/clean/PANN/both.csv") == {1, 2}
    assert roll.persons_of("journal/scrub/0001/delivery.json") == frozenset()


def test_only_what_the_folder_does_not_tell_is_held(roll: Roll) -> None:
    names = {"both.csv", "odd.txt"}
    assert roll.shared.keys() == {f"clean/PANN/{name}" for name in names} | {
        "clean/shared/all.csv", "clean/PBOB/scan.dcm", "clean/PBOB/twice.txt", "clean/PBOB/again.txt",
    }  # fmt: skip
