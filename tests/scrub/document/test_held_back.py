"""Files that cannot be read whole are held back, each under its code, and nothing is written."""

from __future__ import annotations

import io
import logging
import zlib

import pytest
from pdf_support import HELVETICA, Pdf, People, simple, text_lines, treatment

from curator.core.errors import ItemError, codes
from curator.scrub import document

REPORT = text_lines("Normal chest. No nodule.")


def code_of(data: bytes) -> str:
    out = io.BytesIO()
    with pytest.raises(ItemError) as caught:
        document.rewrite(io.BytesIO(data), out, People(), treatment())
    with pytest.raises(ItemError) as again:
        document.harvest(io.BytesIO(data), len(data), treatment())
    assert out.getvalue() == b""
    assert caught.value.code == again.value.code
    assert caught.value.sentence
    assert caught.value.__cause__ is None
    return caught.value.code


def test_what_is_no_pdf_or_broken() -> None:
    good = simple(REPORT)
    for bad in (
        b"",
        b"%PDF-",
        b"Zygmuntowska",
        good[:-300],
        good[200:],
        good.replace(b"startxref\n", b"startxref\n9"),
        b" " + good,
    ):
        assert code_of(bad) == "PDF-001"


def test_a_broken_cross_reference_is_not_repaired() -> None:
    good = simple(REPORT)
    assert code_of(good.replace(b"0000000015 00000 n", b"0000000099 00000 n")) == "PDF-001"


@pytest.mark.parametrize("password", ["", "secret"])
def test_encrypted_files(password: str) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(simple(REPORT))))
    writer.encrypt(password, "owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    assert code_of(out.getvalue()) == "PDF-002"


def test_loops_in_the_page_tree() -> None:
    pdf = Pdf()
    page = pdf.page(REPORT)
    loop = pdf.add(b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>")
    assert code_of(pdf.bytes([page, loop])) == "PDF-003"
    assert code_of(pdf.bytes([page, page])) == "PDF-003"


def test_too_many_pages() -> None:
    pdf = Pdf()
    page = pdf.page(REPORT)
    pages = [pdf.add(pdf.objects[page]) for _ in range(2_100)]
    assert code_of(pdf.bytes(pages)) == "PDF-003"


def test_streams_that_unpack_to_too_much() -> None:
    bomb = zlib.compress(b" " * (20 << 20), 9)
    pdf = Pdf()
    page = pdf.page(REPORT)
    pdf.objects[page - 1] = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(bomb), bomb)
    assert code_of(pdf.bytes([page])) == "PDF-003"
    twice = zlib.compress(zlib.compress(b" " * (200 << 20), 9), 9)
    pdf.objects[page - 1] = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%s\nendstream" % (
        len(twice),
        twice,
    )
    assert code_of(pdf.bytes([page])) == "PDF-003"


def test_text_that_lies_over_text_without_end() -> None:
    heap = b" ".join(b"BT /F1 9 Tf 60 700 Td (a%d bcd) Tj ET" % number for number in range(300))
    assert code_of(simple(heap)) == "PDF-003"


def test_forms_that_draw_themselves() -> None:
    pdf = Pdf()
    form = pdf.stream(b"/X1 Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    page = pdf.page(REPORT + b" /X1 Do", b">> /XObject << /X1 %d 0 R >>" % form)
    assert code_of(pdf.bytes([page])) == "PDF-003"


@pytest.mark.parametrize("content", [b"BT /F1 9 Tf (a) Tj XY ET", b"/X9 Do", b"/G9 gs", b"1 0 0 cm", b"(a) (b) Tj"])
def test_what_is_not_understood(content: bytes) -> None:
    assert code_of(simple(REPORT + b"\n" + content)) == "PDF-004"


def test_pictures_of_every_kind() -> None:
    inline = b"q 10 0 0 10 60 500 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
    assert code_of(simple(REPORT + b"\n" + inline)) == "PDF-005"
    pdf = Pdf()
    entries = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    image = pdf.stream(b"\x80", entries)
    page = pdf.page(REPORT + b" q 20 0 0 20 60 500 cm /X1 Do Q", b">> /XObject << /X1 %d 0 R >>" % image)
    assert code_of(pdf.bytes([page])) == "PDF-005"
    shading = b">> /Shading << /S1 << /ShadingType 1 >> >>"
    assert code_of(simple(REPORT + b" /S1 sh", resources=shading)) == "PDF-005"
    tiles = b">> /Pattern << /P1 << /PatternType 1 >> >>"
    assert code_of(simple(b"/Pattern cs /P1 scn " + REPORT, resources=tiles)) == "PDF-005"
    mask = b">> /ExtGState << /G1 << /SMask << /S /Luminosity >> >> >>"
    assert code_of(simple(b"/G1 gs " + REPORT, resources=mask)) == "PDF-005"


def test_a_scan_with_its_hidden_text() -> None:
    pdf = Pdf()
    image = pdf.stream(
        b"\x80" * 100,
        b"/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8",
    )
    content = b"q 612 0 0 792 0 0 cm /X1 Do Q 3 Tr " + text_lines("Patient: Brunhilde Zygmuntowska")
    assert code_of(pdf.bytes([pdf.page(content, b">> /XObject << /X1 %d 0 R >>" % image)])) == "PDF-005"


@pytest.mark.parametrize(
    "font",
    [
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /CharProcs << >> /Encoding << >> >>",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [<< >>] >>",
        b"<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+A /FontDescriptor << /Flags 4 /FontFile2 99 0 R >> >>",
        b"<< /Subtype /Type1 /FontDescriptor << /FontFile 9 0 R >> /Encoding << /Differences [65 /g] >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /A /Encoding /MacExpertEncoding >>",
    ],
)
def test_fonts_that_do_not_say_what_they_show(font: bytes) -> None:
    pdf = Pdf()
    page = pdf.page(REPORT + b" BT /F8 9 Tf 60 500 Td (AB) Tj ET", b"/F8 %d 0 R" % pdf.add(font))
    assert code_of(pdf.bytes([page])) == "PDF-006"


def test_a_character_map_that_contradicts_the_encoding() -> None:
    pdf = Pdf()
    cmap = pdf.stream(b"1 beginbfrange <41> <5A> <0042> endbfrange")
    font = pdf.add(HELVETICA.replace(b" >>", b" /ToUnicode %d 0 R >>" % cmap))
    page = pdf.page(REPORT + b" BT /F8 9 Tf 60 500 Td (ABC) Tj ET", b"/F8 %d 0 R" % font)
    assert code_of(pdf.bytes([page])) == "PDF-006"


def test_a_map_to_private_characters() -> None:
    pdf = Pdf()
    cmap = pdf.stream(b"1 beginbfrange <0001> <00FF> <E001> endbfrange")
    font = pdf.add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode %d 0 R "
        b"/DescendantFonts [<< /Subtype /CIDFontType2 >>] >>" % cmap
    )
    page = pdf.page(REPORT + b" BT /F8 9 Tf 60 500 Td <00010002> Tj ET", b"/F8 %d 0 R" % font)
    assert code_of(pdf.bytes([page])) == "PDF-006"


def test_letters_that_stand_for_others() -> None:
    words = "the patient was admitted with pain in the right arm and the exam showed no fracture or pleural effusion"
    moved = "".join(chr((ord(mark) - 97 + 1) % 26 + 97) if mark.isalpha() else mark for mark in words)
    assert code_of(simple(text_lines(*[moved] * 4, size=9))) == "PDF-006"


def test_writing_that_is_drawn() -> None:
    curves = b"\n".join(b"%d 500 m %d 505 %d 510 %d 515 c f" % (x, x, x, x) for x in range(60, 470))
    assert code_of(simple(REPORT + b"\n" + curves)) == "PDF-007"
    assert code_of(simple(curves[:4000].rsplit(b"\n", 1)[0])) == "PDF-007"


def test_files_without_text() -> None:
    assert code_of(simple(b"10 10 100 1 re f")) == "PDF-008"
    assert code_of(simple(b"3 Tr " + REPORT)) == "PDF-008"


def test_characters_that_cannot_be_written() -> None:
    pdf = Pdf()
    cmap = pdf.stream(b"1 beginbfchar <0001> <6C34> endbfchar")
    font = pdf.add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode %d 0 R "
        b"/DescendantFonts [<< /Subtype /CIDFontType2 >>] >>" % cmap
    )
    data = pdf.bytes([pdf.page(REPORT + b" BT /F8 9 Tf 60 500 Td <0001> Tj ET", b"/F8 %d 0 R" % font)])
    with pytest.raises(ItemError) as caught:
        document.rewrite(io.BytesIO(data), io.BytesIO(), People(), treatment())
    assert caught.value.code == "PDF-009"


def test_the_library_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for bad in (simple(REPORT)[:-200], simple(REPORT).replace(b"/Kids", b"/Kidz")):
            code_of(bad)
    assert caplog.records == []


def test_every_code_of_the_table_is_raised_here() -> None:
    assert [code for code in codes() if code.startswith("PDF")] == [f"PDF-00{number}" for number in range(1, 10)]
