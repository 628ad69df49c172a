"""Records that a signed order removed: leaf hashes stay, all else verifies, and nothing is removed without an order."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.provenance.kinds_release import purge
from curator.provenance.ledger import Ledger
from curator.provenance.records import PURGE
from curator.provenance.verdict import lines
from curator.provenance.verify import CONTENT, FULL, RULES, verify_ledger


@pytest.fixture
def filled(world: Any) -> Any:
    """Labels 5 to 12; one of them is superseded, one reviewed and approved."""
    world.filled()
    from curator.provenance import kinds_life

    world.sign(kinds_life.reviewed(world.named("label-2"), "accepted", None, bool), by="rita")
    world.sign(kinds_life.approved(world.named("label-2")), by="rita", operator=True)
    return world


def place(world: Any, label: str) -> int:
    known = verify_ledger(world.folder).require().state.labels.get(label)
    assert known is not None
    return int(known.place)


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_purged_record_is_gone_and_everything_else_verifies_at_every_depth(filled: Any) -> None:
    before = verify_ledger(filled.folder).require()
    gone = [place(filled, "label-1"), place(filled, "label-2")]
    lost = [filled.ledger.entry(at).envelope for at in gone]
    filled.sign(purge((), gone, "a name was found in them", bool), by="rita")
    assert Ledger(filled.folder).remove(gone) == 2
    assert Ledger(filled.folder).remove(gone) == 0
    for depth in (FULL, RULES, CONTENT):
        report = verify_ledger(filled.folder, depth=depth).require()
        assert report.purged == 2
        assert report.size == before.size + 1
        assert any("2 records purged by signed order" in one.text for one in lines(report))
    from curator.provenance.rows import _parted

    data = everything(filled.folder)
    for at, envelope in zip(gone, lost, strict=True):
        assert envelope not in data
        previous = Ledger(filled.folder).entry(at - 1).leaf.hex().encode()
        parts = _parted(envelope, previous)
        assert parts is not None
        import pyarrow as pa
        import pyarrow.parquet as pq

        for path in (filled.folder / "parts").glob("*.parquet"):
            rows = pq.ParquetFile(pa.BufferReader(path.read_bytes())).read()
            assert parts[0] not in rows.column("head").to_pylist()
            assert parts[1] not in rows.column("tail").to_pylist()
            assert parts[3] not in rows.column("signature").to_pylist()
    # and the ledger goes on
    filled.sign(filled.label(40), operator=True)
    assert verify_ledger(filled.folder).require().size == before.size + 2


def test_a_record_that_is_gone_without_an_order_is_named(filled: Any) -> None:
    at = place(filled, "label-3")
    Ledger(filled.folder).remove([at])
    for depth in (FULL, RULES, CONTENT):
        report = verify_ledger(filled.folder, depth=depth)
        assert isinstance(report.error, IntegrityError)
        assert (report.error.code, report.record) == ("LED-112", at)


def test_a_false_leaf_in_place_of_a_purged_record_breaks_the_chain(filled: Any) -> None:
    at = place(filled, "label-3")
    filled.sign(purge((), [at], "a name was found", bool), by="rita")
    from curator.core.canonical import canonical_bytes
    from curator.provenance.rows import without

    ledger = Ledger(filled.folder)
    commit, first, number = next(one for one in ledger.commits() if one[1] <= at < one[1] + one[2])
    part = ledger._log.write_part(without(ledger.rows(commit.parts[0], first, number), {at - first: b"x" * 32}))
    path = filled.folder / "commits" / f"{commit.number:08d}.json"
    path.write_bytes(canonical_bytes({**commit.doc, "parts": [part]}))
    assert verify_ledger(filled.folder).error is not None


def test_only_labels_that_stand_before_an_order_can_be_purged(filled: Any) -> None:
    size = filled.ledger.size()
    for wanted in ([1], [4], [size - 1], [size + 5], [place(filled, "label-1"), size - 1]):
        with pytest.raises(UsageError, match="LED-111"):
            filled.sign(purge((), wanted, "a name was found", bool), by="rita")
    with pytest.raises(UsageError, match="LED-110"):
        purge((), (), "nothing", bool)
    with pytest.raises(UsageError, match="LED-110"):
        purge((), range(1, 1003), "too many", bool)
    with pytest.raises(UsageError, match="KEY-011"):
        filled.sign(purge(["a" * 64], (), "a reader may not", bool), by="ada")
    assert PURGE not in verify_ledger(filled.folder).require().state.counts


def test_a_removal_that_was_killed_is_finished(filled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = [place(filled, "label-1"), place(filled, "label-6")]
    filled.sign(purge((), gone, "a name was found", bool), by="rita")
    import curator.provenance.removal as module

    class KilledError(BaseException):
        pass

    whole, calls = module.write_whole, []

    def killed(*given: Any, **more: Any) -> None:
        if len(calls) == 2:
            raise KilledError
        calls.append(1)
        whole(*given, **more)

    monkeypatch.setattr(module, "write_whole", killed)
    with pytest.raises(KilledError):
        Ledger(filled.folder).remove(gone)
    monkeypatch.undo()
    assert verify_ledger(filled.folder).require().purged == 1
    assert Ledger(filled.folder).remove(gone) == 1
    assert verify_ledger(filled.folder).require().purged == 2
    named = {name for one in Ledger(filled.folder).commits() for name in one[0].parts}
    assert {name.removesuffix(".parquet") for name in os.listdir(filled.folder / "parts")} == named


def test_a_removal_leaves_alone_what_somebody_is_just_appending(filled: Any) -> None:
    """A part stands before its commit names it: sweeping it away would lose a record that is acknowledged then."""
    from curator.core.parts import PartLog
    from curator.provenance.rows import table

    pending = PartLog(filled.folder).write_part(table([filled.envelopes()[-1]], None)[0])
    gone = [place(filled, "label-1")]
    filled.sign(purge((), gone, "a name was found", bool), by="rita")
    before = {name for one in Ledger(filled.folder).commits() for name in one[0].parts}
    assert Ledger(filled.folder).remove(gone) == 1
    left = {name.removesuffix(".parquet") for name in os.listdir(filled.folder / "parts")}
    named = {name for one in Ledger(filled.folder).commits() for name in one[0].parts}
    assert left == named | {pending}
    assert before - named
    assert not (filled.folder / "removing.json").exists()


@pytest.mark.parametrize("calls", range(4))
def test_killed_at_any_write_it_is_finished_and_keeps_no_old_part(
    filled: Any, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    gone = [place(filled, "label-1"), place(filled, "label-6")]
    filled.sign(purge((), gone, "a name was found", bool), by="rita")
    old = {name for one in Ledger(filled.folder).commits() for name in one[0].parts}
    import curator.provenance.removal as module

    class KilledError(BaseException):
        pass

    left = [calls]

    def dying(real: Any) -> Any:
        def call(*given: Any, **more: Any) -> Any:
            if not left[0]:
                raise KilledError
            left[0] -= 1
            return real(*given, **more)

        return call

    for name in ("write_whole", "sync_folder"):
        monkeypatch.setattr(module, name, dying(getattr(module, name)))
    with pytest.raises(KilledError):
        Ledger(filled.folder).remove(gone)
    monkeypatch.undo()
    verify_ledger(filled.folder).require()
    Ledger(filled.folder).remove(gone)
    assert verify_ledger(filled.folder).require().purged == 2
    named = {name for one in Ledger(filled.folder).commits() for name in one[0].parts}
    there = {name.removesuffix(".parquet") for name in os.listdir(filled.folder / "parts")}
    assert there == named
    assert old - named
    assert not (filled.folder / "removing.json").exists()


@pytest.mark.parametrize("data", [b"", b"{}", b'["../x"]', b"\xff"])
def test_a_note_of_a_removal_that_cannot_be_read_stops_it(filled: Any, data: bytes) -> None:
    gone = [place(filled, "label-1")]
    filled.sign(purge((), gone, "a name was found", bool), by="rita")
    (filled.folder / "removing.json").write_bytes(data)
    with pytest.raises(IntegrityError, match="LED-114"):
        Ledger(filled.folder).remove(gone)
    assert verify_ledger(filled.folder).require().purged == 0


def test_what_reads_records_passes_over_purged_ones_or_says_so(filled: Any, tmp_path: Path) -> None:
    from curator.provenance.export import export_dsse
    from curator.provenance.prove import Prover

    at = place(filled, "label-1")
    filled.sign(purge((), [at], "a name was found", bool), by="rita", operator=True)
    Ledger(filled.folder).remove([at])
    report = verify_ledger(filled.folder).require()
    export_dsse(Ledger(filled.folder), report, tmp_path / "out", lambda _: None)
    assert len((tmp_path / "out" / "leaves.txt").read_text().split()) == report.size
    assert not (tmp_path / "out" / "records" / f"{at:08d}.dsse.json").exists()
    prover = Prover(Ledger(filled.folder))
    with pytest.raises(CuratorError, match="LED-113"):
        prover.envelope(at)
    assert prover.envelope(at + 1)
