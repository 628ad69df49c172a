"""Which labels of a ledger are readings: nobody's, withdrawn and settled ones are left out, and counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ledger_world import PSEUDONYMS, World

from curator.core.errors import UsageError
from curator.labels.opinions import Opinions, opinions
from curator.provenance import kinds_life, records
from curator.provenance.ledger import Ledger
from curator.provenance.log import Log

BOX = {"class": "mass", "box": [1, 2, 30, {"$decimal": "4.5"}]}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "ledger").people().guide()


def box(world: World, number: int, author: str = "ada", **more: Any) -> Any:
    return world.label(number, author, **{"kind": "box", "value": BOX, **more})


def collected(world: World, *kinds: str) -> Opinions:
    return opinions(world.folder.parent, Log.of(Ledger(world.folder)), frozenset(kinds) or None)


def counted(found: Opinions) -> dict[str, int]:
    return {reason: count for reason, count in found.left_out.items() if count}


def test_a_reading_keeps_what_its_record_says(world: World) -> None:
    (record,) = world.sign(box(world, 1, location={"frames": [3]}))
    (one,) = collected(world).used
    assert one.value == {"class": "mass", "box": [1, 2, 30, 4.5]}
    assert (one.author, one.guideline, one.part, one.confidence) == (
        "ada",
        "chest@1.0",
        '{"frames": [3]}',
        (0.9, "probability-0-1"),
    )
    assert (one.leaf, one.sample, one.attested) == (record.leaf.hex(), "2.25.2", False)


def test_what_is_nobodys_or_not_compared_is_left_out_and_counted(world: World) -> None:
    world.sign(
        box(world, 1, origin="model"),
        box(world, 2, origin="interpolated"),
        box(world, 3, origin="human"),
        box(world, 4, value={**BOX, "rotation": 30}),
        box(world, 5, value={"what": "ever"}),
        box(world, 6, stage="consensus"),
        world.label(7),
    )
    found = collected(world, "box")
    assert counted(found) == {"model": 1, "interpolated": 1, "other-form": 1, "adjudication": 1}
    assert (found.labels, len(found.used), found.unstated) == (6, 2, 1)
    assert [one.value.get("rotation") for one in found.used] == [None, 30]
    assert ("ada", "2.25.8") in found.read  # a reading of another kind
    assert ("ada", "2.25.2") not in found.read  # the model's
    assert found.document()["used"] + sum(found.document()["left_out"].values()) == found.labels


def test_an_author_corrects_and_another_settles(world: World) -> None:
    first, second = world.sign(box(world, 1), box(world, 2))

    def over(record: Any, reason: str = "edge moved") -> dict[str, Any]:
        return {"labelId": record.predicate["labelId"], "leaf": record.leaf.hex(), "reason": reason}

    world.sign(box(world, 1, labelId="again", supersedes=over(first)))
    world.sign(box(world, 2, "rita", labelId="settled", role="reviewer", supersedes=over(second)), by="rita")
    found = collected(world)
    assert counted(found) == {"corrected": 1, "adjudication": 1}
    assert sorted((one.author, one.sample) for one in found.used) == [("ada", "2.25.2"), ("ada", "2.25.3")]


def test_labels_of_a_patient_who_withdrew_consent_are_left_out(world: World) -> None:
    sample = World.sample(1)
    gone = {**sample, "path": f"clean/{PSEUDONYMS[1]}/s/r/1.dcm"}
    draft = box(world, 1)
    world.sign(records.label(gone, dict(draft.predicate)), box(world, 2))
    world.recorder().record_consent_withdrawal(PSEUDONYMS[1], "2027-01-01", "other")
    found = collected(world)
    assert counted(found) == {"consent": 1}
    assert [one.sample for one in found.used] == ["2.25.3"]
    assert {sample for _, sample in found.read} == {"2.25.3"}


def test_an_opinion_that_an_adjudication_followed_stays_and_a_new_result_is_none(world: World) -> None:
    world.lives()  # life-a to life-c are resolved, life-a is the result; life-d is withdrawn
    found = collected(world)
    assert counted(found) == {"withdrawn": 1, "other-form": 3}
    world.sign(box(world, 9, "ben", labelId="one"), by="ben")
    world.sign(box(world, 9, labelId="two"))
    world.sign(kinds_life.reviewed(world.named("one", "two"), "accepted", None, bool), by="rita")
    world.sign(box(world, 9, "zoe", labelId="new", role="adjudicator"), by="zoe")
    (result,) = world.named("new")
    world.sign(kinds_life.adjudicated(world.named("one", "two"), result, "between them", bool), by="zoe")
    found = collected(world, "box")
    assert counted(found) == {"adjudication": 1}
    assert sorted(one.author for one in found.used) == ["ada", "ben"]


def test_a_value_whose_file_is_gone_stops_the_collection(world: World) -> None:
    world.sign(box(world, 1, value={"whole": {"sha256": "a" * 64, "bytes": 5}}))
    with pytest.raises(UsageError, match="LBL-043"):
        collected(world)
