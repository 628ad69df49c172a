"""Rows are read by two ways, a short one for one signer's labels and one for anything: both must say the same.

A third opinion, written here with the standard library alone, says what the leaf hashes are. Stored cells are damaged
in every way that the columns can hold; neither way may take what the other refuses, or name another record.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_world import World

from curator.core.errors import IntegrityError
from curator.core.parts import PartLog
from curator.provenance import rows as module
from curator.provenance.merkle import leaf_hash
from curator.provenance.rows import COLUMNS, REPEATING, chunks, table
from curator.provenance.verify import CONTENT, FULL, RULES, LedgerReport, verify_ledger

COUNT = 9
PLACES = st.integers(0, COUNT - 1)
Rows = dict[str, list[Any]]
#: What a reader of rows says: leaf hashes, or the index of the first record whose row is none.
Said = list[bytes] | int


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A ledger whose last commit holds labels of one signer and nothing else."""
    world = World(tmp_path_factory.mktemp("paths") / "ledger").people().guide()
    world.sign(*(world.label(number) for number in range(COUNT)))
    return world


@pytest.fixture(scope="module")
def stored(sound: World) -> tuple[int, bytes, Rows]:
    """First index, the leaf hash before it, and the columns of the last commit."""
    commit, first, count = list(sound.ledger.commits())[-1]
    assert count == COUNT
    rows = sound.ledger.rows(commit.parts[0], first, count)
    return first, bytes.fromhex(commit.doc["before"]), {name: rows.column(name).to_pylist() for name in COLUMNS}


def table_of(rows: Rows) -> pa.Table:
    kinds = {"key": pa.string()}
    return pa.table({name: pa.array(rows[name], kinds.get(name, pa.binary())) for name in COLUMNS})


def _third(rows: Rows, first: int, before: bytes) -> Said:
    """Say what the rows hold, without a line of the code that is tested."""
    leaves: list[bytes] = []
    previous = before
    for at in range(COUNT):
        head, tail, key, signature, whole = (rows[name][at] for name in COLUMNS)
        if whole is None:
            if None in (head, tail, key, signature):
                return first + at
            payload = base64.b64encode(head + previous.hex().encode() + tail)
            sig = base64.b64encode(signature)
            whole = (
                b'{"payload":"' + payload + b'","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"'
                b"" + key.encode() + b'","sig":"' + sig + b'"}]}'
            )
        previous = hashlib.sha256(b"\x00" + whole).digest()
        leaves.append(previous)
    return leaves


def _read(rows: pa.Table, first: int, before: bytes, most: int = 512) -> Said:
    made: list[bytes] = []
    try:
        for chunk in chunks(rows, first, before, most):
            made += chunk.leaves
            assert [leaf_hash(chunk.envelope(at)) for at in range(len(chunk.leaves))] == chunk.leaves
    except IntegrityError as error:
        return int(error.facts["index"]) if error.code == "LED-003" else -1
    return made


def _said(rows: Rows, first: int, before: bytes, most: int = 512) -> Said:
    return _read(table_of(rows), first, before, most)


@pytest.fixture
def short_ways(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What the short way said each time that it was asked: True where it read all rows of a chunk."""
    told: list[bool] = []
    own = module._hash_usual

    def spied(made: module.Chunk) -> bool:
        told.append(own(made))
        return told[-1]

    monkeypatch.setattr(module, "_hash_usual", spied)
    return told


def _long_way(rows: Rows, first: int, before: bytes, most: int) -> Said:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_hash_usual", lambda made: False)
        return _said(rows, first, before, most)


@st.composite
def damages(draw: st.DrawFn) -> list[tuple[str, int, Any]]:
    """One to three cells, each with what is done to it."""
    cells = st.tuples(st.sampled_from(COLUMNS), PLACES, _changes)
    return draw(st.lists(cells, min_size=1, max_size=3))


_changes = st.one_of(
    st.tuples(st.just("flip"), st.integers(0, 1 << 16), st.integers(1, 127)),
    st.tuples(st.just("cut"), st.integers(0, 70), st.just(0)),
    st.tuples(st.just("grow"), st.integers(0, 3), st.just(0)),
    st.tuples(st.just("put"), st.sampled_from([None, b"", b"x", b"\xff" * 64, b"a" * 64, b"a" * 66]), st.just(0)),
    st.tuples(st.just("take"), PLACES, st.just(0)),
)


def damaged(rows: Rows, wanted: list[tuple[str, int, Any]]) -> Rows:
    made = {name: list(values) for name, values in rows.items()}
    for name, at, (what, one, two) in wanted:
        value = made[name][at]
        text = isinstance(value, str)
        data = bytearray(value.encode() if text else value or b"")
        if what == "flip" and data:
            data[one % len(data)] ^= two
        elif what == "cut":
            del data[len(data) - min(one, len(data)) :]
        elif what == "grow":
            data += b"\0" * one
        new: Any = None if value is None and what in {"flip", "cut", "grow"} else bytes(data)
        if what == "put":
            new = one
        elif what == "take":
            new = made[name][one]
        made[name][at] = new.decode("latin-1") if name == "key" and isinstance(new, bytes) else new
    return made


def test_a_chunk_of_one_signers_labels_is_read_the_short_way(
    stored: tuple[int, bytes, Rows], short_ways: list[bool]
) -> None:
    first, before, rows = stored
    assert _said(rows, first, before) == _third(rows, first, before)
    assert short_ways == [True]


@settings(max_examples=300)
@given(wanted=damages(), most=st.sampled_from([1, 2, 4, 512]))
def test_damaged_cells_are_read_alike_by_both_ways(
    stored: tuple[int, bytes, Rows], wanted: list[tuple[str, int, Any]], most: int
) -> None:
    first, before, rows = stored
    bad = damaged(rows, wanted)
    assert _said(bad, first, before, most) == _long_way(bad, first, before, most) == _third(bad, first, before)


@pytest.mark.parametrize("sizes", [(63, 65), (65, 63), (0, 128), (62, 64), (64, 66), (66, 66), (61, 61), (0, 0)])
def test_signatures_of_other_lengths_are_read_the_long_way(
    stored: tuple[int, bytes, Rows], short_ways: list[bool], sizes: tuple[int, int]
) -> None:
    """Lengths that add up to what they should be, too."""
    first, before, rows = stored
    made = {**rows, "signature": [*(b"\xa5" * size for size in sizes), *rows["signature"][2:]]}
    assert _said(made, first, before) == _third(made, first, before)
    assert short_ways == [False]


def test_rows_of_two_signers_are_read_the_long_way(stored: tuple[int, bytes, Rows], short_ways: list[bool]) -> None:
    first, before, rows = stored
    for other in ("b" * 64, "b" * 63, "", "é" * 32):
        made = {**rows, "key": [*rows["key"][:4], other, *rows["key"][5:]]}
        assert _said(made, first, before) == _third(made, first, before)
    assert short_ways == [False] * 4
    made = {**rows, "key": [""] * COUNT}
    assert _said(made, first, before) == _third(made, first, before)


def test_keys_that_only_together_look_like_one_are_told_apart(stored: tuple[int, bytes, Rows]) -> None:
    """The same letters, cut elsewhere: the column's bytes repeat, its texts do not."""
    first, before, rows = stored
    for keys in (["aa", "a", *["aa"] * 6, "aaa"], ["ab", "ab", "a", "bab", *["ab"] * 5], ["a"] * 8 + ["b"]):
        made = {**rows, "key": keys}
        assert [key for chunk in chunks(table_of(made), first, before, 4) for key in chunk.keys] == keys
        assert _said(made, first, before) == _third(made, first, before)


def test_a_very_long_key_is_read_and_not_a_crash() -> None:
    """So many keys of that length would have ends that do not fit their type."""
    keys = ["a" * (1 << 22), *["a"] * 520]
    assert module._values(pa.array(keys)) == keys


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("values", [[5] * COUNT, ["x" * 64] * COUNT, [b"\xff\xfe" * 32] * COUNT, [[b"x"]] * COUNT])
def test_columns_of_another_type_are_a_damaged_part(
    stored: tuple[int, bytes, Rows], name: str, values: list[Any]
) -> None:
    """Whoever writes a part by hand can put any type into it: it is refused, or read as both ways read it."""
    first, before, rows = stored
    made = table_of(rows).set_column(COLUMNS.index(name), name, pa.array(values))
    short = _read(made, first, before)
    assert short != -1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_hash_usual", lambda made: False)
        assert _read(made, first, before) == short
    if name != "whole" and isinstance(values[0], (int, list)):
        assert short == first


def test_a_key_that_is_no_text_is_a_damaged_part_and_not_a_crash(stored: tuple[int, bytes, Rows]) -> None:
    first, before, rows = stored
    size = COUNT + 1
    ends = pa.array(range(0, 2 * size, 2), pa.int32()).buffers()[1]
    keys = pa.Array.from_buffers(pa.string(), COUNT, [None, ends, pa.py_buffer(b"\xff\xfe" * COUNT)])
    made = table_of(rows).set_column(COLUMNS.index("key"), "key", keys)
    with pytest.raises(IntegrityError, match="LED-003") as error:
        list(chunks(made, first, before))
    assert error.value.facts["index"] == first


def _stored_as(sound: World, folder: Path, rows: pa.Table) -> World:
    """Copy the ledger, with other rows in its last commit, under digests and commits as they ought to be."""
    from curator.core.canonical import canonical_bytes

    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(sound.folder, folder)
    commit = list(sound.ledger.commits())[-1][0]
    part = PartLog(folder).write_part(rows, REPEATING)
    (folder / "commits" / f"{commit.number:08d}.json").write_bytes(canonical_bytes({**commit.doc, "parts": [part]}))
    made = World.__new__(World)
    made.folder = folder
    return made


def _verdict(report: LedgerReport) -> tuple[Any, ...]:
    error = report.error
    return (
        None if error is None else (error.code, error.exit_code, dict(error.facts)),
        report.record,
        report.size,
        report.root,
        report.state.counts,
        report.seals,
    )


@pytest.mark.parametrize("depth", [CONTENT, RULES, FULL])
def test_the_sound_ledger_is_read_the_short_way_at_every_depth(
    sound: World, short_ways: list[bool], depth: str
) -> None:
    assert verify_ledger(sound.folder, depth=depth).ok
    assert short_ways[-1]


@settings(max_examples=40)
@given(wanted=damages())
def test_a_ledger_with_damaged_cells_gets_the_same_verdict_by_both_ways(
    sound: World, stored: tuple[int, bytes, Rows], wanted: list[tuple[str, int, Any]]
) -> None:
    """21 CFR 11.10(a): the same first bad record, named the same; and what changes any envelope is never passed."""
    first, before, rows = stored
    bad = damaged(rows, wanted)
    world = _stored_as(sound, sound.folder.parent / "damaged", table_of(bad))
    short = verify_ledger(world.folder, depth=CONTENT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_hash_usual", lambda made: False)
        long = verify_ledger(world.folder, depth=CONTENT)
    assert _verdict(short) == _verdict(long)
    expected, said = _third(rows, first, before), _third(bad, first, before)
    assert isinstance(expected, list)
    assert short.ok == (said == expected)
    if not short.ok and isinstance(said, list):
        wrong = next(at for at, (one, two) in enumerate(zip(expected, said, strict=True)) if one != two)
        assert short.record == first + wrong


def test_the_table_of_the_sound_rows_gives_the_stored_part_again(sound: World, stored: tuple[int, bytes, Rows]) -> None:
    first, before, rows = stored
    assert table_of(rows).equals(table(sound.envelopes()[first:], before)[0])
