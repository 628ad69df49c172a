"""The quick check of a record's form says what the full validator says."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import World

from curator.core.schema import violation
from curator.provenance import records
from curator.provenance.dsse import parse_envelope
from curator.provenance.enroll import revoke
from curator.provenance.kinds_data import access
from curator.provenance.kinds_people import qualified
from curator.provenance.pixels import accept_pixels
from curator.provenance.replacements import sign_replacements
from curator.provenance.shape import _compiled, shape_of

REPLACED = [(f"clean/p/s/r/{number}.dcm", "0" * 64, f"2.25.{number}", f"{number}" * 64) for number in (1, 2)]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One record of each kind, with all optional fields somewhere."""
    import json

    world = World(tmp_path_factory.mktemp("shape") / "ledger").people().guide()
    world.people_records()
    world.sign(qualified("ada", "chest@1", "passed", (100, 93), ("file", "e" * 64), "f" * 64, bool), by="rita")
    world.sign(access("ada", "worklist", bool, samples=["d" * 64], shown=(False, "e" * 64)), by="rita")
    (first,) = world.sign(world.label(1))
    leaf = first.leaf.hex()
    world.sign(world.label(1, labelId="x", supersedes={"labelId": "label-1", "leaf": leaf, "reason": "why"}))
    accept_pixels(world.folder, ["0" * 64, "1" * 64], World.key("rita"), reason="looked", clock=world.clock)
    sign_replacements(world.folder, REPLACED, World.key("rita"), reason="side was wrong", clock=world.clock)
    world.sign(world.witnessed())
    world.other_operator()
    both = world.sign(world.label(9, labelId="one"), world.label(9, labelId="two"))
    members = [{"labelId": one.predicate["labelId"], "leaf": one.leaf.hex()} for one in both]
    full = {
        "confidenceScale": "probability-0-1",
        "truthBasis": "consensus",
        "consensus": {"method": "majority", "settings": "c" * 64, "members": members},
        "informationShown": ["history", "report"],
        "blinded": True,
        "independent": False,
        "preLabel": {"shown": True, "changed": False, "origin": "model-7"},
        "location": {"frames": [1, 4]},
        "toolReviews": [
            {"outcome": "rejected", "reviewer": "ben", "at": "2026-05-04T10:00:00Z", "stage": "check"},
            {"outcome": "unknown"},
        ],
        "importSource": "a" * 64,
        "batch": {"count": 1, "sha256": "b" * 64},
    }
    world.lives().release_records().sites().joint_splits()
    world.audits()
    world.gate()
    world.sign(world.label(9, labelId="full", **full))
    revoke(world.ledger, "ben", "left", World.key("rita"), world.clock)
    made = (json.loads(parse_envelope(one).payload) for one in world.envelopes())
    found = {document["predicateType"]: document for document in made}
    assert set(found) == set(records.SCHEMAS)
    return found


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, one in inner for place in places(one, (*at, key)))]


STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 100),
    st.text(max_size=3),
    st.sampled_from(["0" * 64, "ada", "2026-05-04T10:00:00Z", "+02:00", "0.5", "clean/x", "a\n", "reader"]),
    st.lists(st.sampled_from(["reader", 1, True]), max_size=3),
    st.just({}),
)


@given(st.sampled_from(sorted(records.SCHEMAS)), st.data())
def test_both_say_the_same_of_every_altered_record(documents: dict[str, Any], kind: str, data: st.DataObject) -> None:
    document = copy.deepcopy(documents[kind])
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.sampled_from(places(document)[1:]))
        holder = document
        for step in place[:-1]:
            holder = holder[step]
        if data.draw(st.booleans()):
            holder[place[-1]] = data.draw(STRANGE)
        else:
            del holder[place[-1]]
    name = records.SCHEMAS[kind]
    assert shape_of(name)(document) == (violation(name, document) is None)


@pytest.mark.parametrize("kind", sorted(records.SCHEMAS))
def test_each_kind_of_record_as_it_is_written_follows_its_schema(documents: dict[str, Any], kind: str) -> None:
    """21 CFR 11.50(a): every kind of record has signer, time and meaning by its schema."""
    assert shape_of(records.SCHEMAS[kind])(documents[kind])
    assert violation(records.SCHEMAS[kind], documents[kind]) is None


def test_a_schema_with_another_keyword_cannot_be_made_a_shape() -> None:
    with pytest.raises(ValueError, match="dependentRequired"):
        _compiled({"type": "object", "dependentRequired": {"a": ["b"]}})


def test_every_schema_file_of_a_record_belongs_to_a_kind() -> None:
    from curator.core.schema import schema_folder

    names = {path.name.removesuffix(".schema.json") for path in Path(schema_folder()).glob("record-*.schema.json")}
    assert names == set(records.SCHEMAS.values())
