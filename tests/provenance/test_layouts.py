"""A layout that was learned takes nothing that the full reader refuses, and gives the very document that is written."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import World

from curator.core.canonical import MAX_DEPTH, canonical_bytes, strict_loads
from curator.core.errors import UsageError
from curator.core.schema import violation
from curator.provenance import quick, records
from curator.provenance.layouts import Layouts
from curator.provenance.state import LABEL

MOMENT = datetime(2026, 5, 4, 10, tzinfo=UTC)
MORE: list[dict[str, Any]] = [
    {},
    {"location": {"slice": 3}},
    {"location": {"frames": [1, 7]}, "truthBasis": "pathology"},
    {"blinded": True, "independent": False, "informationShown": ["report", "history"]},
    {"preLabel": {"shown": True, "changed": False, "origin": "model-3"}, "origin": "human"},
    {"importSource": "e" * 64, "batch": {"count": 3, "sha256": "f" * 64}, "confidenceScale": "likert-1-5"},
    {"supersedes": {"labelId": "x", "leaf": "0" * 64, "reason": "was (wrong) [side]"}},
    {"informationShown": []},
    {"toolReviews": [{"outcome": "accepted", "reviewer": "ben", "at": "2026-05-04T10:00:00Z", "stage": "check"}]},
    {"toolReviews": [{"outcome": "unknown"}, {"outcome": "rejected", "stage": "final"}], "truthBasis": "pathology"},
]
VALUES: list[Any] = [
    {"box": [1, 2, {"$decimal": "33.5"}, 40], "class": "nodule"},
    {"text": 'a "quoted" [line]\n'},
    "plain",
    [],
    {},
    7,
    None,
    2**53 - 1,
    [[1, [2, [3]]]] * 12,
]


def payload_of(number: int, more: dict[str, Any], value: Any) -> bytes:
    sample = {"path": f"clean/p/{number}.dcm", "sha256": "a" * 64, "content": "b" * 64, "uid": f"2.25.{number}"}
    body = {
        "labelId": f"label-{number}",
        "kind": "box",
        "value": value,
        "author": "ada",
        "role": "reader",
        "labeledAt": "2026-05-01T08:00:00Z",
        "labeledOffset": "+02:00",
        "meaning": "authorship",
        "guideline": {"id": "g", "version": "1", "sha256": "c" * 64},
        "stage": "read",
        "tool": {"name": "viewer", "version": "2.1"},
        **more,
    }
    return records.statement(records.label(sample, body), records.Place("trial", number, "d" * 64), "ada", MOMENT)


PAYLOADS = [payload_of(at, more, value) for at, more in enumerate(MORE) for value in VALUES]


def by_the_full_reader(payload: bytes) -> Any:
    """Return the document of a payload that the full reader and the schema take, else None."""
    try:
        document = strict_loads(payload)
        if canonical_bytes(document) != payload:
            return None
    except UsageError:
        return None
    return document if violation(LABEL, document) is None else None


def agree(payload: bytes) -> None:
    for _ in range(2):  # the second time by what the first one learned
        found = quick.document(LABEL, payload)
        if found is None:
            continue
        document, digest = found
        assert json.dumps(document) == json.dumps(by_the_full_reader(payload))
        assert digest == hashlib.sha256(canonical_bytes(document["predicate"]["value"])).hexdigest()


def learned() -> Layouts:
    made = Layouts(LABEL)
    for payload in PAYLOADS:
        made.learn(json.loads(payload))
    return made


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_second_record_with_the_same_keys_is_read_by_its_layout_to_the_same_document(payload: bytes) -> None:
    first = json.loads(payload)
    layouts = Layouts(LABEL)
    assert layouts.read(payload.decode(), quick._value) is None
    layouts.learn(first)
    found = layouts.read(payload.decode(), quick._value)
    assert found is not None
    assert json.dumps(found[0]) == json.dumps(first) == json.dumps(by_the_full_reader(payload))
    agree(payload)


def test_layouts_are_as_many_as_sets_of_keys_and_each_is_found_again() -> None:
    made = learned()
    assert len(made._known) == len(MORE)
    for payload in PAYLOADS + PAYLOADS[::-1]:
        found = made.read(payload.decode(), quick._value)
        assert found is not None
        assert canonical_bytes(found[0]) == payload


def test_more_sets_of_keys_than_are_kept_are_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curator.provenance.layouts._MOST", 2)
    monkeypatch.setattr(quick, "_layouts", {})
    for payload in PAYLOADS + PAYLOADS:
        found = quick.document(LABEL, payload)
        assert found is not None
        assert canonical_bytes(found[0]) == payload
    assert len(quick._layouts[LABEL]._known) == 2


@given(st.data())
def test_whatever_bytes_are_changed_the_two_readers_agree(data: st.DataObject) -> None:
    payload = bytearray(data.draw(st.sampled_from(PAYLOADS)))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(payload) - 1))
        kind = data.draw(st.sampled_from(["other", "removed", "added"]))
        mark = data.draw(st.sampled_from(list(b'"\\{}[]:,0e.-+ \n\x7fZz')) | st.integers(0, 255))
        payload[at : at + (kind != "added")] = b"" if kind == "removed" else bytes([mark])
    agree(bytes(payload))


@given(st.data())
def test_pieces_of_records_put_together_anew_are_taken_by_both_readers_or_by_neither(data: st.DataObject) -> None:
    """Values under other keys, keys twice or out of order, texts for numbers: JSON still, but another record."""
    pieces = data.draw(st.sampled_from(PAYLOADS)).split(b",")
    others = data.draw(st.sampled_from(PAYLOADS)).split(b",")
    for _ in range(data.draw(st.integers(1, 2))):
        at, to = data.draw(st.integers(0, len(pieces) - 1)), data.draw(st.integers(0, len(others) - 1))
        how = data.draw(st.sampled_from(["replaced", "added", "repeated", "removed", "swapped"]))
        if how == "swapped":
            to %= len(pieces)
            pieces[at], pieces[to] = pieces[to], pieces[at]
        else:
            new = {"replaced": [others[to]], "added": [pieces[at], others[to]], "repeated": [pieces[at]] * 2}
            pieces[at : at + 1] = new.get(how, [])
        if not pieces:
            return
    agree(b",".join(pieces))


@pytest.mark.parametrize(
    "value",
    [
        b'{"a":1,"a":1}', b'{"b":1,"a":1}', b"1.5", b"[1e5]", b"-0", b"[-0]", b"01", b"NaN", b"[Infinity]", b" 1",
        b'"\\u0061"', b'"a\nb"', b"9007199254740992", b"[-9007199254740993]", b"[1, 2]", b'{"a" :1}', b"", b"}", b"1}",
        b"[" * 40 + b"]" * 40, b'"\\ud800"', b"tru", b'{"a":1}},"x":{}', b'"\x7f"', b"'a'", b"[1,]", b"[[]", b"1 ",
    ],
)  # fmt: skip
def test_a_value_in_another_spelling_is_refused_by_both(value: bytes) -> None:
    good = payload_of(1, {}, 0)
    agree(good)
    made = good.replace(b'"value":0', b'"value":' + value).replace(
        hashlib.sha256(b"0").hexdigest().encode(), hashlib.sha256(value).hexdigest().encode()
    )
    agree(made)
    if value != b'"\x7f"':
        assert quick.document(LABEL, made) is None
        assert by_the_full_reader(made) is None


@pytest.mark.parametrize("depth", range(MAX_DEPTH - 4, MAX_DEPTH + 3))
@pytest.mark.parametrize("ends", [("[", "]"), ('{"a":', "}")])
def test_a_value_nested_too_deep_is_so_for_both(depth: int, ends: tuple[str, str]) -> None:
    """A statement may be so deep: its value stands two levels down."""
    text = ends[0] * (depth - 1) + "[]" + ends[1] * (depth - 1)
    payload = payload_of(1, {}, 0).replace(b'"value":0', b'"value":' + text.encode())
    agree(payload)
    assert (quick.document(LABEL, payload) is None) == (by_the_full_reader(payload) is None) == (depth > MAX_DEPTH - 1)


def test_a_ledgers_labels_are_read_by_layouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from curator.provenance.verify import verify_ledger

    world = World(tmp_path / "ledger").filled()
    monkeypatch.setattr(quick, "_layouts", {})
    assert verify_ledger(world.folder).ok
    assert 1 <= len(quick._layouts[LABEL]._known) <= 3
