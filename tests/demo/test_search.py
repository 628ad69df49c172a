"""The byte search of the demo: it must see what hides, or its zero is worth nothing."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import html
import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.comments import Comment

from curator.core.errors import CheckError
from curator.demo.pen import Pen
from curator.demo.people import Patient, written
from curator.demo.plants import Plant, Planter
from curator.demo.run import shown_places
from curator.demo.search import _RUN, Search, _unmixed, spellings
from curator.demo.views import _inflated

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


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def workbook(data: bytes, where: str) -> bytes:
    book = openpyxl.Workbook()
    book.active["B2"] = "seen"
    hidden = book.create_sheet("more")
    hidden.sheet_state = "hidden"
    if where == "cell":
        hidden["C3"] = data.decode()
    elif where == "comment":
        book.active["B2"].comment = Comment(data.decode(), "somebody")
    else:
        book.properties.creator = data.decode()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def metadata(data: bytes) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"n": [1]}).replace_schema_metadata({"by": data}), out)
    return out.getvalue()


def pdf(shown: bytes) -> bytes:
    return b"%PDF-1.7\n4 0 obj << /Filter /FlateDecode >>\nstream\n" + zlib.compress(shown) + b"\nendstream\nendobj\n"


def kerned(data: bytes) -> bytes:
    return pdf(b"BT [" + b" -20 ".join(b"(" + data[at : at + 2] + b")" for at in range(0, len(data), 2)) + b"] TJ ET")


def octal(data: bytes) -> bytes:
    return pdf(b"(" + b"".join(b"\\%03o" % one for one in data) + b") Tj")


def escaped(data: bytes) -> bytes:
    return b'{"a": "' + b"".join(b"\\u%04x" % one for one in data) + b'"}'


HIDING: dict[str, Callable[[bytes], bytes]] = {
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
    "base64 in lines": lambda data: base64.encodebytes(b"so it begins, and goes on for a while: " + data * 3),
    "base64 for addresses": lambda data: base64.urlsafe_b64encode(b"???>>>" + data),
    "a zip member": lambda data: zipped("a.txt", data * 9),
    "a zip member's name": lambda data: zipped(f"{data.decode()}/a.txt", b"nothing"),
    "a zip in a zip": lambda data: zipped("inner.zip", zipped("a.txt", data)),
    "a hidden sheet": lambda data: workbook(data, "cell"),
    "a cell comment": lambda data: workbook(data, "comment"),
    "a workbook's properties": lambda data: workbook(data, "properties"),
    "Parquet metadata": metadata,
    "a PDF stream": lambda data: pdf(b"BT (" + data + b") Tj ET"),
    "kerned text of a PDF": kerned,
    "a PDF string in hex": lambda data: pdf(b"<" + data.hex().encode() + b"> Tj"),
    "a PDF string in octal": octal,
    "PDF metadata in UTF-16": lambda data: (
        b"%PDF-1.7\n<< /T <feff" + data.decode().encode("utf-16-be").hex().encode() + b">"
    ),
    "UTF-16 with a mark": lambda data: data.decode().encode("utf-16"),
    "entities": lambda data: b"<p>" + "".join(f"&#{one};" for one in data).encode() + b"</p>",
    "entities in hex": lambda data: "".join(f"&#x{one:x};" for one in data).encode(),
    "entities in UTF-16": lambda data: "".join(f"&#{one};" for one in data).encode("utf-16"),
    "escapes of JSON": escaped,
    "per cent signs": lambda data: b"https://a.example/" + b"".join(b"%%%02X" % one for one in data),
    "escapes of HL7": lambda data: b"NTE|1||\\X" + data.hex().upper().encode() + b"\\",
}


@pytest.mark.parametrize("how", HIDING)
def test_a_name_and_a_date_are_seen_however_they_hide(how: str) -> None:
    for plant in (NAME, DATE):
        search = Search([plant])
        search.content(HIDING[how](b"some text " + plant.token.encode() + b" and more"), "here")
        assert [hit.plant for hit in search.hits] == [plant]


@pytest.mark.parametrize(
    "text",
    [
        *("1973-06-12", "12.06.1973", "06/12/1973", "1973/06/12", "x19730612093000.5", "6/12/1973", "6/12/73"),
        *("June 12, 1973", "Jun 12 1973", "JUNE 12TH, 1973", "June, 12 1973", "the 12th of June 1973", "12 Jun 1973"),
        *(
            "12-JUN-1973",
            "12JUN1973",
            "12-Jun-73",
            "12. June 1973",
            "1973 June 12",
            "12061973",
            "1973_06_12",
            "Jun. 12, '73",
        ),
    ],
)
def test_a_date_is_seen_in_other_spellings(text: str) -> None:
    search = Search([DATE])
    search.content(text.encode(), "here")
    assert search.hits


def test_every_spelling_of_every_kind_is_seen() -> None:
    ada = Patient("Quillmarrow", "Vormembeck", "BCD12345678", "19210319", "F", "", (), "pat-bcd1", "13.71")
    planter = Planter(5)
    pen = Pen(planter, ada, "note")
    for kind in ("given", "street", "town", "zip", "phone", "ssn", "email", "date", "day", "ip", "license", "serial"):
        pen(kind, "x")
    for field in ("surname", "mrn", "born", "age", "fhir"):
        pen("own", field)
    assert len({plant.kind for plant in planter.plants}) > 10
    for plant in [*planter.plants, Plant("Brünnhölzfjord", "name", "x"), Plant("Żórawłęczyk", "name", "x")]:
        assert len(spellings(plant)) > 0
        for text in spellings(plant):
            search = Search([plant])
            search.content(f"so {text} it is".encode(), "here")
            assert search.hits, (plant.kind, text)


def test_a_day_of_excels_own_is_seen_though_it_is_a_number() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = dt.date.fromisoformat(written(DATE.token, "iso"))
    out = io.BytesIO()
    book.save(out)
    search = Search([DATE])
    search.content(out.getvalue(), "here")
    assert search.hits


@pytest.mark.parametrize("text", ["1973", "June 1973", "06/1973", "1973-06", "12 June 1974", "6/12/1937", "19730613"])
def test_a_year_and_another_day_are_no_find(text: str) -> None:
    search = Search([DATE])
    search.content(f"so {text} it is".encode(), "here")
    assert not search.hits


def test_five_digits_are_a_zip_code_only_where_they_stand_alone() -> None:
    plant = Plant("55071-4412", "zip", "x")
    for text, count in (("MN 55071", 1), ("MN 55071-4412", 1), ("MN 550", 0), ("1550710", 0), ("0.55071", 0)):
        search = Search([plant])
        search.content(text.encode(), "here")
        assert len(search.hits) == count, text


def test_what_cannot_be_opened_does_not_count_as_searched() -> None:
    whole = zipped("a.txt", b"some text " * 99)
    for data in (whole[:60], parquet(b"some text")[:80]):
        with pytest.raises(CheckError, match="DEM-006"):
            Search([NAME]).content(data, "here")


def test_bytes_that_look_like_other_things_give_no_hit_and_no_error() -> None:
    search = Search([NAME, DATE])
    search.content(b"PARTLY &#9999999; \\u12 %zz &nbsp; PK 13/45/73 32.13.1973 " + html.escape("<&>").encode(), "here")
    assert not search.hits


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


def test_a_hit_tells_the_first_folder_and_the_sort_of_file_but_no_name(tmp_path: Path) -> None:
    (tmp_path / "runs" / "deep").mkdir(parents=True)
    (tmp_path / "runs" / "deep" / "some-name.json").write_text(f'{{"x": "{NAME.token}"}}')
    (tmp_path / f"x.{NAME.token}").write_text(f"{DATE.token}")
    search = Search([NAME, DATE])
    search.tree(tmp_path, "project")
    assert shown_places(tuple(search.hits)) == [
        f"date planted in {DATE.place}: project, ./*",
        f"name planted in {NAME.place}: project (names)",
        f"name planted in {NAME.place}: project, runs/*.json",
    ]


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


def test_a_name_in_glyph_numbers_of_an_embedded_font_is_read_from_the_pages() -> None:
    from curator.report.model import Document, Section, Text
    from curator.report.pdf import pdf_bytes

    made = pdf_bytes(
        Document("Report", "demo", (), (Section("Found", (Text(f"Seen with {NAME.token}."),)),), "2026-11-20")
    )
    assert NAME.token.encode() not in made
    search = Search([NAME, Plant("Vormsorrinzilk", "name", "somewhere")])
    search.content(made, "page")
    assert [hit.plant for hit in search.hits] == [NAME]
    with pytest.raises(CheckError, match="DEM-006"):
        search.content(b"%PDF-1.4 /FontFile2 12 0 R" + made[20:400], "broken")


def test_the_cells_of_a_table_of_counts_make_no_date() -> None:
    from curator.report.model import Cell, Document, Section, Table, Text
    from curator.report.pdf import pdf_bytes

    row = tuple(Cell(text) for text in ("20", "15", "10", "13.1"))
    table = Table("Shares", ("cases", "of", "total", "low"), (row,), (0, 1, 2, 3))
    made = pdf_bytes(Document("Report", "demo", (), (Section("Found", (table,)),), "2026-11-20"))
    search = Search([Plant("20151013", "date", "chart")])
    search.content(made, "page")
    assert search.hits == []
    whole = Document("Report", "demo", (), (Section("Found", (Text("Seen on 13 October 2015."),)),), "2026-11-20")
    search.content(pdf_bytes(whole), "page")
    assert len(search.hits) == 1


def test_digests_and_uids_make_no_date_where_they_stand_together_or_on_two_lines() -> None:
    from curator.demo.views import _BROKEN, _mended

    planted = [Plant("20131202", "date", "note"), Plant("20151005", "date", "note")]
    digest = b"93e1188d9151a536165e11a2c98121d153a18498c441804feb24bbb3b3cd2dec"
    other = b"13afde627015ba202730afb75a93e1188d9151a536165e11a2c98121d153a184"
    search = Search(planted)
    search.content(b"\x17" + digest + other + b"\x04", "database")
    uid = b"2.25.20151005179958101047071953\n915204417"
    whole = bytes(b"0a5f"[at % 4] for at in range(44)) + b"20151005" + b"e" * 12
    page = b"clean/" + uid + b".dcm\n" + whole[:44] + b" \n" + whole[44:] + b"\n7 \n20151005\n"
    assert whole in _BROKEN.sub(_mended, page)
    search.content(_BROKEN.sub(_mended, page.removesuffix(b"20151005\n")), "page")
    assert search.hits == []
    search.content(_BROKEN.sub(_mended, page), "page with a date")
    assert [hit.plant.token for hit in search.hits] == ["20151005"]


def test_a_bare_deflate_stream_is_opened_where_it_begins_alone():
    """A trial in the midst of a header's digits makes bytes that look like a ZIP code, and that nobody wrote."""
    draw = random.Random(5)
    text = b"Patient Invented lives in 02139."
    for _ in range(40):
        uids = b"".join(b"2.25.%039d\0" % draw.randrange(10**39) for _ in range(6))
        meta = b"1.2.840.10008.1.2.1.99\0" + uids
        head = bytes(128) + b"DICM\x02\0\0\0UL\x04\0" + len(meta).to_bytes(4, "little") + meta
        packer = zlib.compressobj(wbits=-15)
        stream = packer.compress(text) + packer.flush()
        assert list(_inflated(head + stream + bytes(len(stream) % 2))) == [text]
    # Cut short, all that any trial gives is looked at.
    assert any(b"Invented" in view for view in _inflated(head + stream[:-2]))


SHORT = Plant("Barre", "town", "somewhere")
#: Base64 of 64 bytes, with the letters of a town and the day of a date put in.
SIGNED = b"q9Jm2XcB7tR0fZk4LwYp8sVh1NdUe6KbarrEo3GiQ5TaMx7HjC2vPn0Wy4rEs9mAY1590lZDf6u8XkBq3Ic5tg=="


def test_letters_and_days_in_base64_are_an_accident() -> None:
    for data in (SIGNED, b'{"signature": "' + SIGNED + b'"}', SIGNED[20:48]):
        search = Search([SHORT, Plant("19900515", "date", "somewhere"), Plant("19901505", "date", "somewhere")])
        search.content(data, "here")
        assert b"barre" in data.lower()
        assert not search.hits, data
    search = Search([Plant("Q5TaMx7HjC2v", "number", "somewhere")])
    search.content(SIGNED, "here")
    assert search.hits, "what is too long to stand there by chance is looked for there too"


@pytest.mark.parametrize(
    "text",
    [
        "Barre",
        "export/Town1/BarreHospital/Series0001/Image0002",
        "Study_Barre_2012-CT-0001-0002-abcdef",
        "SmithJohnBarre19800101CT1a2b3c4d",
        "IM-0001-0012_A1-b2_C3-4d_Barre-E5-f6_G7-8h",
        base64.b64encode(b"born in Barre, Vermont, moved to Laconia").decode(),
        base64.b64encode(b"xBarrex" * 9).decode(),
        base64.b64encode(bytes(range(40)) + b" Barre " + bytes(range(40, 90))).decode(),
    ],
)
def test_a_short_name_is_seen_in_paths_and_behind_base64(text: str) -> None:
    search = Search([SHORT])
    search.content(text.encode(), "here")
    assert search.hits


def test_what_stands_by_chance_in_random_base64_is_no_find() -> None:
    draw = random.Random(5)
    runs = [base64.b64encode(draw.randbytes(64)) for _ in range(4000)]
    heap = b"\n".join(runs)
    assert sum(_unmixed(match) == b"#" for match in _RUN.finditer(heap)) >= 3900
    letters = re.compile(rb"[A-Z][a-z]{5}").search(heap)  # five and more stand there by chance somewhere
    assert letters is not None
    word = letters.group().decode()
    search = Search([Plant(word, "name", "somewhere")])
    search.content(heap, "here")
    assert not search.hits
    search.content(heap + b"\n" + word.encode(), "here")
    assert search.hits
