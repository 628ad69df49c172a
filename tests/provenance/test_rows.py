"""Rows of a part give back the very envelopes, whatever those are; and the quick form agrees with the full reader."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import World

from curator.core.canonical import canonical_bytes
from curator.core.errors import IntegrityError, UsageError
from curator.core.schema import violation
from curator.provenance import quick, records
from curator.provenance.dsse import IN_TOTO, parse_envelope, sign_envelope
from curator.provenance.keys import SeedSigner, key_id
from curator.provenance.merkle import Frontier, leaf_hash, root
from curator.provenance.rows import _values, build, chunks, table
from curator.provenance.state import LABEL


@pytest.fixture(scope="module")
def envelopes(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return World(tmp_path_factory.mktemp("rows") / "ledger").filled().envelopes()


def back(made: list[bytes], previous: bytes | None, most: int = 512) -> list[bytes]:
    rows, leaves = table(made, previous)
    got = [chunk.envelope(at) for chunk in chunks(rows, 0, previous, most) for at in range(len(chunk.leaves))]
    assert leaves == [leaf_hash(one) for one in made]
    assert leaves == [one for chunk in chunks(rows, 0, previous, most) for one in chunk.leaves]
    return got


@pytest.mark.parametrize("most", [1, 3, 512])
def test_a_ledgers_own_envelopes_come_back(envelopes: list[bytes], most: int) -> None:
    assert back(envelopes, None, most) == envelopes
    rows, _ = table(envelopes, None)
    whole = rows.column("whole").to_pylist()
    assert [one is not None for one in whole] == [True, *[False] * 12]
    assert leaf_hash(envelopes[3]).hex().encode() not in b"".join(rows.column("head").to_pylist()[1:])


@given(st.lists(st.binary(max_size=80), max_size=6), st.none() | st.binary(min_size=32, max_size=32))
def test_any_bytes_come_back(made: list[bytes], previous: bytes | None) -> None:
    assert back(made, previous) == made


@given(st.data())
def test_altered_envelopes_come_back_as_they_are(envelopes: list[bytes], data: st.DataObject) -> None:
    made = list(envelopes)
    at = data.draw(st.integers(0, len(made) - 1))
    bad = bytearray(made[at])
    where = data.draw(st.integers(0, len(bad) - 1))
    bad[where] ^= data.draw(st.integers(1, 255))
    made[at] = bytes(bad[: data.draw(st.sampled_from([len(bad), where]))])
    assert back(made, None) == made


def test_the_built_envelope_is_the_one_that_dsse_signs() -> None:
    signer = SeedSigner(b"k" * 32)
    payload = b'{"previous":"' + b"0" * 64 + b'"}'
    made = sign_envelope(payload, [signer])
    parsed = parse_envelope(made)
    assert build(payload, key_id(signer.public).encode(), parsed.signatures[0][1]) == made
    assert parsed.payload_type == IN_TOTO


def test_rows_of_another_shape_are_refused() -> None:
    rows = pa.table(
        {"head": [b"x"], "tail": pa.array([None], pa.binary()), "key": ["k"], "signature": [b"s"], "whole": [None]}
    )
    with pytest.raises(IntegrityError) as error:
        list(chunks(rows, 4, b"\0" * 32))
    assert error.value.facts["index"] == 4


@given(st.lists(st.integers(0, 40), max_size=6))
def test_a_tree_grown_in_pieces_is_the_tree_grown_leaf_by_leaf(pieces: list[int]) -> None:
    leaves = [leaf_hash(b"%d" % number) for number in range(sum(pieces))]
    frontier, at = Frontier(), 0
    for count in pieces:
        frontier.extend(leaves[at : at + count])
        at += count
    assert (frontier.root(), frontier.size) == (root(leaves), len(leaves))
    one = Frontier()
    for leaf in leaves:
        one.add(leaf)
    assert one.peaks == frontier.peaks


def payloads(world: World) -> list[bytes]:
    return [parse_envelope(one).payload for one in world.envelopes()]


def test_every_schema_of_a_label_has_a_usual_form(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger").filled()
    assert quick.usual(LABEL) is not None
    for payload in payloads(world)[5:]:
        assert (quick.document(LABEL, payload) or (None,))[0] == json.loads(payload)


_MUTANTS = [
    (b'"_type"', b' "_type"'),
    (b'"confidence":"0.9"', b'"confidence":"9"'),
    (b'"confidence":"0.9"', b'"confidence":0.9'),
    (b'"role":"reader"', b'"role":"king"'),
    (b'"sequence":', b'"sequence":0'),
    (b'"sequence":', b'"sequence":-'),
    (b'"stage":"read"', b'"stage":"read\\n"'),
    (b'"value":{', b'"value":{"b":1,'),
    (b'"value":{', b'"value":{"a":1.5,'),
    (b'"value":{', b'"value":{"a":12345678901234567890,'),
    (b'"value":{', b'"value":{ '),
    (b'"text":"nodule"', b'"text":"nodule","text":"nodule"'),
    (b'"text":"nodule"', b'"text":"no\\u0064ule"'),
    (b'"text":"nodule"', b'"text":NaN'),
    (b'"value":{', b'"value":1},"zz":{'),
    (b'"utcOffset"', b'"unknown":1,"utcOffset"'),
    (b'"meaning":"authorship"', b'"meaning":null'),
    (b'"author":"ada"', b'"author":"ada","author":"ada"'),
]


_FULL: dict[str, Any] = {
    "confidenceScale": "probability-0-1",
    "truthBasis": "pathology",
    "informationShown": ["report", "history"],
    "blinded": True,
    "independent": False,
    "preLabel": {"shown": True, "changed": False, "origin": "model-3"},
    "toolReviews": [{"outcome": "accepted", "reviewer": "ben"}, {"outcome": "rejected", "at": "2026-05-04T10:00:00Z"}],
    "importSource": "e" * 64,
    "batch": {"count": 3, "sha256": "f" * 64},
}


@pytest.mark.parametrize(
    "location", [None, {}, {"slice": 1}, {"slice": 1_000_000}, {"slice": 1_000_001}, {"slice": 0}, {"frames": [1, 2]}]
)
def test_a_label_with_every_field_has_the_usual_form_as_the_schema_has_it(tmp_path: Path, location: Any) -> None:
    world = World(tmp_path / "ledger").people().guide()
    more = dict(_FULL) if location is None else {**_FULL, "location": location}
    payload = records.statement(world.label(3, **more), records.Place("trial", 5, "0" * 64), "ada", world.clock.now())
    found = quick.document(LABEL, payload)
    assert (found is not None) == (violation(LABEL, json.loads(payload)) is None)
    assert found is None or found[0] == json.loads(payload)


@pytest.mark.parametrize(("old", "new"), _MUTANTS)
def test_what_the_quick_form_takes_the_full_reader_takes_too(tmp_path: Path, old: bytes, new: bytes) -> None:
    payload = payloads(World(tmp_path / "ledger").filled())[6]
    assert old in payload
    _agree(payload.replace(old, new, 1))


def _agree(payload: bytes) -> None:
    found = quick.document(LABEL, payload)
    if found is None:
        return
    quickly, digest = found
    assert digest == hashlib.sha256(canonical_bytes(quickly["predicate"]["value"])).hexdigest()
    assert canonical_bytes(quickly) == payload
    assert violation(LABEL, quickly) is None


@given(st.data())
def test_any_changed_byte_that_the_quick_form_takes_is_canonical_and_by_the_schema(
    envelopes: list[bytes], data: st.DataObject
) -> None:
    payload = bytearray(parse_envelope(envelopes[7]).payload)
    for _ in range(data.draw(st.integers(1, 2))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    _agree(bytes(payload))


def test_a_record_longer_than_a_tile_may_hold_is_refused(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger").people().guide()
    with pytest.raises(UsageError) as error:
        world.sign(world.label(1, value={"text": "x" * 50_000}))
    assert error.value.code == "LED-030"
    assert world.ledger.size() == 5


def test_the_largest_event_records_fit() -> None:
    digests = [f"{number:064x}" for number in range(records.MAX_DIGESTS)]
    draft = records.pixel_acceptance(digests, "x" * 500)
    swaps = [
        ("clean/" + "p" * 300 + f"{n:04d}", "a" * 64, "2.25." + "1" * 39, f"{n:064x}") for n in range(records.MAX_SWAPS)
    ]
    for one in (draft, records.replacement(swaps, "x" * 500)):
        from datetime import UTC, datetime

        payload = records.statement(
            one, records.Place("d" * 64, 10**9, "0" * 64), "p" * 64, datetime(2026, 1, 1, tzinfo=UTC)
        )
        assert len(sign_envelope(payload, [SeedSigner(b"k" * 32)])) < 65_000


@given(st.lists(st.sampled_from(["", "a", "aa", "ab", "aba", "é", None]), max_size=6), st.data())
def test_a_column_of_one_repeated_text_is_read_like_any_other(texts: list[str | None], data: st.DataObject) -> None:
    column = pa.array(texts, pa.string())
    start = data.draw(st.integers(0, len(texts)))
    part = column.slice(start, data.draw(st.integers(0, len(texts) - start)))
    assert _values(part) == part.to_pylist()
