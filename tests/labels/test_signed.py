"""Which signed labels are handed on: those in force and asked for, none of a person or file that is barred."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ledger_world import PSEUDONYMS, World

from curator.core.errors import IntegrityError, UsageError
from curator.labels.signed import Barred, Choice, Gathered, gather
from curator.project.journal import Sample
from curator.provenance import kinds_data, kinds_life, records
from curator.provenance.verify import verify_ledger


def sample(patient: str, number: int) -> Sample:
    digest = hashlib.sha256(f"{patient}{number}".encode()).hexdigest()
    return Sample(f"clean/{patient}/s/r/{number}.dcm", digest, f"2.25.{number + 1}", digest[::-1], "dicom")


SAMPLES = [sample(PSEUDONYMS[0], 1), sample(PSEUDONYMS[1], 2), sample("PCCCCCCCCCCCCCCCC", 3)]


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "ledger").people().guide()
    drafts: list[records.Draft] = []
    for number, one in enumerate(SAMPLES):
        body = made.label(number).predicate
        said = {"path": one.path, "sha256": one.sha256, "content": one.content, "uid": one.uid}
        drafts.append(records.label(said, {name: value for name, value in body.items() if name != "digestOfValue"}))
    made.sign(*drafts)
    return made


def found(world: World, samples: Iterator[Sample] | list[Sample] = SAMPLES, **choice: Any) -> Gathered:
    return gather(world.folder, samples, Choice(**choice))


def names(gathered: Gathered) -> list[str]:
    assert gathered.total == len(gathered.labels) + sum(gathered.others.values())
    return [one.label_id for one in gathered.labels]


def test_labels_are_handed_on_with_their_leaf_hash_and_sample(world: World) -> None:
    seen: list[Any] = []
    verify_ledger(world.folder, visit=seen.append).require()
    leaves = {one.predicate["labelId"]: one.leaf.hex() for one in seen if "labelId" in one.predicate}
    made = found(world)
    assert {one.label_id: one.leaf for one in made.labels} == leaves
    assert [one.sample for one in made.labels] == sorted(SAMPLES, key=lambda one: one.path)


def test_wishes_that_are_not_met_are_counted_by_their_name(world: World) -> None:
    for wish, name in (
        ({"readers": frozenset({"ben"})}, "reader"),
        ({"stages": frozenset({"review"})}, "stage"),
        ({"kinds": frozenset({"box"})}, "kind"),
        ({"guideline": "chest@2.0"}, "guideline"),
        ({"guideline": "head"}, "guideline"),
    ):
        made = found(world, **wish)
        assert (names(made), made.others) == ([], {name: 3})
    assert names(found(world, labels=frozenset({"label-1"}), guideline="chest@1.0")) == ["label-1"]
    with pytest.raises(UsageError, match="LED-060"):
        found(world, labels=frozenset({"label-1", "label-of-nobody"}))
    with pytest.raises(UsageError) as caught:
        found(world, guideline="Chest 1.0")
    assert caught.value.code == "EXP-016"


def test_withdrawn_labels_are_left_out_unless_asked_for(world: World) -> None:
    world.sign(kinds_life.withdrawn(world.named("label-0"), "a slip", bool), by="ada")
    made = found(world)
    assert (names(made), made.others) == (["label-1", "label-2"], {"withdrawn": 1})
    assert [one.state for one in found(world, ended=True).labels] == ["withdrawn", "signed", "signed"]


def test_a_person_without_consent_is_handed_on_under_no_linked_name(world: World) -> None:
    world.sign(kinds_data.patients_link("merged", PSEUDONYMS, PSEUDONYMS[0], "one person", bool), by="rita")
    world.sign(kinds_data.consent_withdrawal(PSEUDONYMS[1], "2026-05-04", "other"), by="rita")
    made = found(world, ended=True)
    assert (names(made), made.others) == (["label-2"], {"consent": 2})
    assert made.barred.why(SAMPLES[0].path, SAMPLES[0].sha256) == "consent"


def test_a_recalled_file_is_handed_on_no_more(world: World) -> None:
    world.sign(kinds_data.recall("1.0.0", [SAMPLES[2].sha256], "side was wrong", bool), by="rita")
    made = found(world)
    assert (names(made), made.others) == (["label-0", "label-1"], {"recalled": 1})
    assert Barred().why(SAMPLES[2].path, SAMPLES[2].sha256) is None


def test_a_sample_with_other_bytes_than_were_labeled_is_none(world: World) -> None:
    other = Sample(SAMPLES[0].path, "0" * 64, SAMPLES[0].uid, SAMPLES[0].content, "dicom")
    assert [one.sample is None for one in found(world, [other, *SAMPLES[1:]]).labels] == [True, False, False]


def test_nothing_is_handed_on_from_a_ledger_that_was_changed(world: World) -> None:
    part = max((one for one in world.folder.rglob("*") if one.is_file()), key=lambda one: one.stat().st_size)
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(bytes(data))
    with pytest.raises(IntegrityError):
        found(world)
