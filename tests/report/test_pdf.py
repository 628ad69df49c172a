from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from curator.core.errors import UsageError
from curator.report.model import Cell, Document, Section, Table, Text
from curator.report.pdf import pdf_bytes

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def data(document: Document) -> bytes:
    return pdf_bytes(document)


@pytest.fixture(scope="module")
def reader(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


@pytest.fixture(scope="module")
def pages(reader: PdfReader) -> list[str]:
    return [page.extract_text() for page in reader.pages]


def test_the_same_document_gives_the_same_bytes_in_another_process_and_zone(document: Document, data: bytes) -> None:
    assert pdf_bytes(document) == data
    code = (
        f"import sys; sys.path.insert(0, {str(HERE)!r}); import report_document, hashlib;"
        "from curator.report.pdf import pdf_bytes;"
        "print(hashlib.sha256(pdf_bytes(report_document.whole_document())).hexdigest())"
    )
    others = {"TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "1", "PYTHONHASHSEED": "7"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, **others})
    assert ran.stdout.decode().strip() == hashlib.sha256(data).hexdigest()


def test_pages_have_title_date_number_and_watermark(pages: list[str]) -> None:
    assert len(pages) >= 6
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Labels <b>of</b> a study" in text
        assert "2026-11-20T09:14:00Z" in text
        assert text.count("DRAFT") == 2


def test_the_properties_come_from_the_document(reader: PdfReader) -> None:
    found = reader.metadata
    assert found is not None
    assert found.title == "Labels <b>of</b> a study"
    assert found.creation_date_raw == "D:20261120091400+00'00'"
    assert reader.pages[0].mediabox[2:] == [612, 792]


def test_all_text_can_be_searched_and_what_the_font_lacks_is_marked_and_counted(pages: list[str]) -> None:
    whole = " ".join(pages)
    for text in ("<script>alert('x')</script>", "Unfold me", "12 more are left out.", "Confusion", "wanted: 0.600"):
        assert text in whole
    assert whole.count("word") == 2000
    assert whole.count("v") >= 4000
    assert "a\u25cab\u25cac \u25ca" in whole
    assert "3 signs that the fonts of this file lack" in whole


def test_fonts_are_embedded(data: bytes) -> None:
    reader = PdfReader(io.BytesIO(data))
    fonts = {str(font) for page in reader.pages for font in page["/Resources"]["/Font"].get_object().values()}
    assert fonts
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].get_object().values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"].get_object()
            assert "Vera" in font.get_object()["/BaseFont"]


def test_each_section_is_a_bookmark_and_heads_of_tables_are_repeated(reader: PdfReader, pages: list[str]) -> None:
    titles = [one["/Title"] if isinstance(one, dict) else [deep["/Title"] for deep in one] for one in reader.outline]
    assert titles == ["Summary", ["Charts"], "Tables", "Sources"]
    rows = [text for text in pages if re.search(r"class \d+\n", text)]
    assert len(rows) >= 2
    assert all(re.search(r"^Class$", text, re.MULTILINE) for text in rows)


def test_nothing_of_a_pictures_file_but_its_pixels_is_in_the_pdf(reader: PdfReader) -> None:
    found = _streams(reader)
    pictures = [one for one in found if one.get("/Subtype") == "/Image"]
    assert [(one["/Width"], one["/Height"]) for one in pictures] == [(64, 48)]
    streams = [one.get_data() for one in found]
    assert not any(b"DOE" in stream for stream in streams)


def _streams(reader: PdfReader) -> list[StreamObject]:
    found = [reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1)]
    return [one for one in found if isinstance(one, StreamObject)]


def test_texts_that_look_like_markup_stay_texts(document: Document) -> None:
    nasty = "</para><b>&amp;<img src='http://x.example/a.png'/><a href='http://x.example'>x</a>"
    table = Table(nasty, (nasty, "b"), ((Cell(nasty, source=nasty), Cell("1", "unsure")),))
    made = pdf_bytes(replace(document, title=nasty, sections=(Section(nasty, (Text(nasty), table)),)))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert "<img src='http://x.example/a.png'/>" in re.sub(r"\s+", " ", text)
    assert b"/URI" not in made


def test_without_reportlab_a_sentence_says_what_to_install(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "reportlab", None)
    with pytest.raises(UsageError, match="RPT-001") as caught:
        pdf_bytes(document)
    assert "curator[documents]" in caught.value.hint


def test_a_date_that_is_none_is_refused(document: Document) -> None:
    with pytest.raises(ValueError, match=r"[Ii]so"):
        pdf_bytes(replace(document, date="yesterday"))


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_finds_nothing_wrong(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(data)
    ran = subprocess.run(["qpdf", "--check", tmp_path / "report.pdf"], capture_output=True, check=False)
    assert ran.returncode == 0
    assert b"No syntax or stream encoding errors" in ran.stdout
