"""The byte search of the demo: it must see what hides, or its zero is worth nothing."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curator.demo.plants import Plant, Planter
from curator.demo.search import Search

NAME = Plant("Quillmarrowtaze", "name", "somewhere")
DATE = Plant("19730612", "date", "somewhere")


def deflated(data: bytes) -> bytes:
    made = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = bytes(128) + b"DICM" + b"\x02\x00\x10\x00UI\x16\x001.2.840.10008.1.2.1.99\x00"
    return head + made.compress(data * 20) + made.flush()


def parquet(data: bytes) -> bytes:
    out = io.BytesIO()
    table = pa.table({"a": [[{"b": data}]], "n": [1]})
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def envelope(data: bytes) -> bytes:
    return json.dumps({"payload": base64.b64encode(b'{"value":"' + data + b'"}').decode()}).encode()


HIDING = {
    "plain": lambda data: b"\x00\xff" + data,
    "lower case": lambda data: data.lower(),
    "upper case": lambda data: data.upper(),
    "UTF-16 little endian": lambda data: data.decode().encode("utf-16-le"),
    "UTF-16 big endian": lambda data: data.decode().encode("utf-16-be"),
    "zlib": lambda data: b"head" + zlib.compress(data * 20),
    "gzip": lambda data: gzip.compress(data * 20),
    "deflated DICOM": deflated,
    "a Parquet column": parquet,
    "base64 in JSON": envelope,
    "base64 in Parquet": lambda data: parquet(envelope(data)),
    "base64 in base64": lambda data: envelope(envelope(data)),
}


@pytest.mark.parametrize("how", HIDING)
def test_a_name_and_a_date_are_seen_however_they_hide(how: str) -> None:
    for plant in (NAME, DATE):
        search = Search([plant])
        search.content(HIDING[how](b"some text " + plant.token.encode() + b" and more"), "here")
        assert [hit.plant for hit in search.hits] == [plant]


@pytest.mark.parametrize("text", ["1973-06-12", "12.06.1973", "06/12/1973", "1973/06/12", "x19730612093000.5"])
def test_a_date_is_seen_in_other_spellings(text: str) -> None:
    search = Search([DATE])
    search.content(text.encode(), "here")
    assert search.hits


def test_a_date_in_a_digest_or_a_derived_uid_is_an_accident() -> None:
    search = Search([DATE])
    digest = b"a" * 28 + b"19730612" + b"b" * 28
    search.content(b"x " + digest + b" 2.25." + b"1" * 20 + b"19730612" + b"2" * 10, "here")
    assert not search.hits
    search.content(b"1.2.840.19730612.1", "here")
    assert search.hits


def test_names_of_files_folders_and_links_are_searched(tmp_path: Path) -> None:
    for count, make in enumerate(
        (
            lambda at: (at / f"x{NAME.token}").write_bytes(b""),
            lambda at: (at / NAME.token).mkdir(),
            lambda at: (at / "link").symlink_to(f"/nowhere/{NAME.token}"),
        )
    ):
        at = tmp_path / str(count)
        at.mkdir()
        make(at)
        search = Search([NAME])
        search.tree(at, "here")
        assert search.found() == {NAME}


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16-le"])
def test_accented_names_are_seen_as_they_are_encoded(encoding: str) -> None:
    plant = Plant("Brünnhölzfjord", "name", "somewhere")
    search = Search([plant])
    search.content("für Brünnhölzfjord".encode(encoding), "here")
    search.content(json.dumps("Brünnhölzfjord!").encode(), "here")
    assert len(search.hits) == 2


def test_clean_bytes_give_no_hit_and_equal_content_is_searched_once() -> None:
    search = Search([NAME, DATE])
    for _ in range(2):
        search.content(b"nothing to see, 20240101", "here")
        search.content(NAME.token.encode(), "there")
    assert [hit.where for hit in search.hits] == ["there"]


def test_invented_identifiers_repeat_with_the_seed_and_never_within_one() -> None:
    first, second = Planter(1), Planter(1)
    words = [first.word() for _ in range(500)]
    assert words == [second.word() for _ in range(500)]
    assert len(set(words)) == 500
    dates = [first.date() for _ in range(300)]
    assert len(set(dates)) == 300
    assert not any(date.endswith("0101") for date in dates)
