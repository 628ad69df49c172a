"""About whom a clean file is: its folder's person, unless a plan says otherwise; of two sources of one path, both."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from curator.audit.closed import vault as module
from curator.audit.closed.owners import Owners
from curator.audit.closed.pieces import pieces
from curator.audit.closed.vault import MORE, Roll
from curator.core.spill import Sorter

ANN, BOB, OLD = "a" * 32, "b" * 32, "1.2.840.99999.1"
PEOPLE = {
    "format": 1,
    "persons": [[ANN, 1, "id", "site", "MR1"], [BOB, 2, "study", "", "1.2.3.4.5"]],
    "aliases": {"alias": [BOB, "fhir", "", "Patient/2"]},
    "known": {BOB: [["name", "Lee^Bob"], [MORE, ""], ["id", "MR2"], ["id", "MR2"]], "nobody": [["id", "9"]]},
}
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
    told = module._Told()
    told.read(json.dumps(PEOPLE))
    plan = [
        {"do": "scrub", "source": one, "person": keys[0], "nodes": dict(enumerate(keys[1:]))} for one, _, keys in ROWS
    ]
    plan.append({"do": "hold", "source": "f" * 32, "old": [OLD, "1.2.3"]})
    documents = {"deliveries/0001/plan-0001": plan}
    monkeypatch.setattr(module, "_document", lambda _, name: documents.get(name))
    vault = SimpleNamespace(names=lambda _: list(documents))
    uids: Sorter[str] = Sorter(str)
    planned = Owners(module._planned(vault, 1, told, uids), key=module.short)  # type: ignore[arg-type]
    assert list(uids) == [OLD]
    module._share(made, object(), {1: planned})  # type: ignore[arg-type]
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


def test_what_is_known_of_a_person_comes_sorted_once_from_all_deliveries() -> None:
    told = module._Told()
    told.read(json.dumps(PEOPLE, indent=1))
    told.read(json.dumps({**PEOPLE, "persons": [["c" * 32, 0, "source", "", "x"]], "known": {ANN: [["id", "0"]]}}))
    assert list(told.persons()) == [
        (0, ()),
        (1, (("id", "0"), ("id", "MR1"))),
        (2, (("id", "MR2"), ("id", "Patient/2"), (MORE, ""), ("name", "Lee^Bob"), ("uid", "1.2.3.4.5"))),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"known": {}', '{"known": {}} 1', '{"known": 7}', '{"known": {1: 2}}', '{"known": [1,]}', "nil"],
)
def test_a_document_that_is_no_such_thing_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        list(pieces(text, ("known",)))


def test_a_document_read_by_pieces_says_what_it_says_as_a_whole() -> None:
    whole: dict[str, Any] = {"a": [1, {"x": "]"}], "b": {"}": [], "\u00e9": {}}, "c": {}, "d": 5, "e": []}
    for indent in (None, 2):
        found = list(pieces(json.dumps(whole, indent=indent), ("a", "b", "c", "e")))
        assert found == [("a", "", 1), ("a", "", {"x": "]"}), ("b", "}", []), ("b", "\u00e9", {})]
