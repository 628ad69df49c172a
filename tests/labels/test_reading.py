"""Label files: JSON Lines and CSV, and bytes that are neither."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import UsageError
from curator.labels.reading import MAX_LINE, Raw, load, read, reader_of


def rows(data: bytes, form: str) -> list[Raw]:
    return list(read(data, form))


def test_json_lines_come_with_their_line_numbers() -> None:
    made = rows(b'\xef\xbb\xbf{"a":1}\n\n  \n{"b":"x"}', "jsonl")
    assert [(one.line, one.fields) for one in made] == [(1, {"a": 1}), (4, {"b": "x"})]


def test_csv_rows_come_with_the_line_they_begin_on() -> None:
    made = rows(b'\xef\xbb\xbfa, b ,valueJson\r\n1,,"{""x"": 1.5}"\r\n\r\n"two\nlines",3,\r\n', "csv")
    assert [(one.line, one.fields) for one in made] == [
        (2, {"a": "1", "value": {"x": "1.5"}}),
        (4, {"a": "two\nlines", "b": "3"}),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[1]", "object"),
        (b"{", "JSON"),
        (b'{"a":NaN}', "NaN"),
        (b'{"a":1,"a":2}', "twice"),
        (b'{"a":"\xff"}', "UTF-8"),
        (b"[" * 100_000, "deep"),
        (b" " * MAX_LINE + b"{}", "1 MiB"),
    ],
)
def test_a_bad_line_is_one_error_and_the_rest_is_read(line: bytes, reason: str) -> None:
    first, second = rows(line + b'\n{"a":1}\n', "jsonl")
    assert first.error is not None
    assert first.error.code == "LBL-003"
    assert reason in first.error.sentence
    assert (second.line, second.fields) == (2, {"a": 1})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"a,b\n1\n", "cells"),
        (b"a,b\n1,2,3\n", "cells"),
        (b"a,a\n1,2\n", "header"),
        (b"a,\n1,2\n", "header"),
        (b'a,b\n"1,2\n', "quotes"),
        (b"a,b\n\xff,2\n", "UTF-8"),
        (b"a\n" + b"x" * 200_000, "too long"),
        (b"value,valueJson\n1,2\n", "both"),
        (b"valueJson\n{\n", "JSON"),
        (b"valueJson\nNaN\n", "NaN"),
    ],
)
def test_a_bad_row_is_an_error(data: bytes, reason: str) -> None:
    error = rows(data, "csv")[0].error
    assert error is not None
    assert error.code == "LBL-003"
    assert reason in error.sentence


def test_a_file_is_known_by_its_ending(tmp_path: Path) -> None:
    assert [reader_of(Path(name)) for name in ("a.jsonl", "a.NDJSON", "a.CSV")] == ["jsonl", "jsonl", "csv"]
    for name in ("a.json", "a", "a.xlsx"):
        with pytest.raises(UsageError, match="LBL-002"):
            reader_of(Path(name))


def test_a_file_that_is_not_there_is_refused_without_its_name(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "QUILLFEATHER.csv"):
        with pytest.raises(UsageError) as caught:
            load(path)
        assert "QUILL" not in str(caught.value) + repr(caught.value.facts)


@given(st.one_of(st.binary(max_size=200), st.text(alphabet='a,"\n\r{}[]:1\u00e9', max_size=60).map(str.encode)))
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_no_bytes_make_the_readers_fail(form: str, data: bytes) -> None:
    for one in rows(data, form):
        assert (one.fields is None) == (one.error is not None)
        assert one.line >= 1
