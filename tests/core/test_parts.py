"""Parts and commits: immutable, visible all at once, and never believed without their digest."""

import hashlib
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core.canonical import canonical_bytes
from curator.core.errors import IntegrityError, UsageError
from curator.core.parts import COMMIT_FORMAT, PartLog, parquet_bytes, parquet_table


def table(*numbers):
    return pa.table({"number": pa.array(numbers, pa.int64()), "text": pa.array([str(n) for n in numbers])})


@pytest.fixture
def log(tmp_path):
    return PartLog(tmp_path / "log")


def fill(log, count=3):
    for number in range(count):
        assert log.commit(number, [log.write_part(table(number, number + 100))])


def part_files(log):
    return sorted((log.folder / "parts").iterdir())


def test_a_part_is_named_by_its_bytes_and_invisible_until_a_commit_names_it(log):
    name = log.write_part(table(1, 2))
    [path] = part_files(log)
    assert path.name == f"{hashlib.sha256(path.read_bytes()).hexdigest()}.parquet" == f"{name}.parquet"
    assert list(log.tables()) == list(log.batches()) == []
    assert log.commit(0, [name])
    assert [t.to_pylist() for t in log.tables()] == [table(1, 2).to_pylist()]


def test_rows_come_in_batches_in_the_order_of_the_tables_and_a_damaged_part_gives_none(log, monkeypatch):
    monkeypatch.setattr("curator.core.parts.BATCH", 2)
    fill(log)
    log.commit(3, [log.write_part(table(*range(5)))])
    rows = [row for batch in log.batches() for row in batch.to_pylist()]
    assert rows == [row for one in log.tables() for row in one.to_pylist()]
    assert max(batch.num_rows for batch in log.batches()) == 2
    for path in part_files(log):
        path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(IntegrityError, match="SYS-009"):
        next(log.batches())


def test_a_log_that_was_never_written_is_empty(log):
    assert log.numbers() == []
    assert list(log.commits()) == list(log.tables()) == []
    assert not log.folder.exists()


def test_of_the_columns_that_are_asked_for_those_that_a_part_has_are_read(log):
    name = log.write_part(pa.table({"a": [1], "b": [{"a": 2}], "a.c": [3]}))
    log.commit(0, [name])
    assert [t.to_pylist() for t in log.tables(["b", "a", "none"])] == [[{"a": 1, "b": {"a": 2}}]]
    assert log.read_part(name).column_names == ["a", "b", "a.c"]


def test_a_commit_document_has_these_bytes(log):
    name = "ab" * 32
    assert log.commit(7, [name], plan="x", items=2)
    path = log.folder / "commits" / "00000007.json"
    assert path.read_bytes() == b'{"format":1,"items":2,"parts":["' + name.encode() + b'"],"plan":"x"}'
    [commit] = log.commits()
    assert (commit.number, commit.parts, commit.doc["plan"]) == (7, [name], "x")


def test_the_same_commit_may_be_made_twice_and_another_one_never(log):
    one, two = log.write_part(table(1)), log.write_part(table(2))
    assert log.commit(0, [one])
    assert log.commit(0, [one])
    assert not log.commit(0, [two])
    assert [c.parts for c in log.commits()] == [[one]]


def test_writing_a_part_twice_leaves_one_file_and_one_inode(log):
    name = log.write_part(table(1))
    before = part_files(log)[0].stat().st_ino
    assert log.write_part(table(1)) == name
    assert [p.stat().st_ino for p in part_files(log)] == [before]


def test_commits_are_read_in_order_of_number_whatever_order_they_came_in(log):
    for number in (12, 3, 100000000, 0):
        log.commit(number, [log.write_part(table(number))])
    assert [t["number"][0].as_py() for t in log.tables()] == [0, 3, 12, 100000000]


rows = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.text(max_size=8) | st.none(),
            "size": st.integers(-(2**63), 2**63 - 1) | st.none(),
            "list": st.lists(st.text(max_size=3), max_size=3) | st.none(),
        }
    ),
    max_size=30,
)
SCHEMA = pa.schema([("name", pa.string()), ("size", pa.int64()), ("list", pa.list_(pa.string()))])


@settings(max_examples=30)
@given(rows)
def test_encoding_is_repeatable_and_loses_nothing(made):
    arrow = pa.Table.from_pylist(made, schema=SCHEMA)
    data = parquet_bytes(arrow)
    assert data == parquet_bytes(pa.Table.from_pylist(made, schema=SCHEMA))
    assert parquet_table(data).to_pylist() == made
    assert parquet_table(data).schema.equals(SCHEMA)


def test_a_part_holds_page_checksums_and_no_trace_of_the_machine(log):
    log.write_part(table(*range(1000)))
    data = part_files(log)[0].read_bytes()
    assert os.uname().nodename.encode() not in data
    assert str(log.folder).encode() not in data
    spot = data.index(b"(\xb5/\xfd") + 12
    broken = data[:spot] + bytes([data[spot] ^ 1]) + data[spot + 1 :]
    with pytest.raises(OSError, match=r"(?i)crc|checksum|corrupt"):
        pq.ParquetFile(pa.BufferReader(broken), page_checksum_verification=True).read()


def edit(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


DAMAGE = {
    "a bit turned": edit,
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-5]),
    "emptied": lambda path: path.write_bytes(b""),
    "removed": lambda path: path.unlink(),
    "another table": lambda path: path.write_bytes(parquet_bytes(table(9))),
    "replaced by a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_part_is_named_and_never_read(log, damage):
    fill(log)
    name = next(iter(log.commits())).parts[0]
    damage(log.folder / "parts" / f"{name}.parquet")
    with pytest.raises(IntegrityError) as caught:
        list(log.tables())
    assert caught.value.code == "SYS-009"
    assert caught.value.facts["name"] == f"part {name[:12]}"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "ab" * 31 + "/x", "ab" * 33])
def test_a_part_name_is_a_digest_and_no_path(log, name):
    fill(log)
    with pytest.raises(IntegrityError):
        log.read_part(name)


BAD_COMMITS = [
    b"",
    b"{}",
    b"[]",
    b"1",
    b"null",
    b'{"format":1}',
    b'{"format":1,"parts":"x"}',
    b'{"format":1, "parts":[]}',
    b'{"parts":[],"format":1}',
    b'{"format":"x","parts":[]}',
    b'{"format":null,"parts":[]}',
    b'{"format":1,"format":1,"parts":[]}',
    b"\xff",
    b'{"format":1.5,"parts":[]}',
]


@pytest.mark.parametrize("data", BAD_COMMITS, ids=range(len(BAD_COMMITS)))
def test_a_damaged_commit_is_named_and_never_believed(log, data):
    fill(log)
    (log.folder / "commits" / "00000001.json").write_bytes(data)
    with pytest.raises(IntegrityError) as caught:
        list(log.commits())
    assert caught.value.facts["name"] == "commit 1"


def test_a_commit_of_a_newer_format_is_refused(log):
    fill(log, 1)
    newer = canonical_bytes({"format": COMMIT_FORMAT + 1, "parts": []})
    (log.folder / "commits" / "00000001.json").write_bytes(newer)
    with pytest.raises(UsageError) as caught:
        list(log.commits())
    assert caught.value.code == "SYS-007"


def test_a_missing_commit_is_an_integrity_error(log):
    fill(log, 1)
    with pytest.raises(IntegrityError):
        log.read_commit(5)


@pytest.mark.parametrize("name", ["1.json", "\u0661.json", "\u00b2.json", "000000001.json", ".json", "x.json", "note"])
def test_a_file_with_any_other_name_makes_nothing_visible(log, name):
    fill(log, 2)
    (log.folder / "commits" / name).write_bytes((log.folder / "commits" / "00000001.json").read_bytes())
    assert log.numbers() == [0, 1]
    assert len(list(log.tables())) == 2


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=100), st.integers(0, 10**6))
def test_hostile_bytes_in_place_of_a_part_are_refused(log, junk, where):
    fill(log, 1)
    [path] = part_files(log)
    good = path.read_bytes()
    at = where % len(good)
    bad = good[:at] + junk + good[at + len(junk) :]
    path.write_bytes(bad)
    try:
        if bad == good:
            assert len(list(log.tables())) == 1
        else:
            with pytest.raises(IntegrityError):
                list(log.tables())
    finally:
        path.write_bytes(good)
