"""Identifiers shown and hidden all over a PDF: none is left in the bytes, the streams or the text; findings stay."""

from __future__ import annotations

import io

import pytest
from pdf_support import everything, extracted, leaked, rewritten
from report_file import KEPT, VALUES, report

SOURCE = report()


@pytest.mark.parametrize("policy", ["safe-harbor", "expert"])
def test_no_planted_identifier_is_left_anywhere(policy: str) -> None:
    assert len(VALUES) > 60
    clean, _ = rewritten(SOURCE, policy)
    assert leaked(VALUES, everything(clean)) == []


def test_the_planted_identifiers_really_stand_in_the_source() -> None:
    # Two of them are drawn letter by letter from the last to the first.
    absent = [value for value in VALUES if value not in leaked(VALUES, everything(SOURCE))]
    assert absent == ["Heinrich", "Baumgartner"]


def test_findings_and_measurements_stay() -> None:
    text = extracted(rewritten(SOURCE)[0])
    assert [one for one in KEPT if one not in text] == []


def test_what_is_not_carried_over_is_counted_by_place() -> None:
    _, made = rewritten(SOURCE)
    actions = {(place, action) for place, action, _ in made.actions}
    for place in ("catalog/AcroForm", "catalog/Metadata", "catalog/Names", "page/Annots", "page/Thumb", "trailer/Info"):
        assert (place, "removed") in actions
    assert {place: count for place, _, count in made.actions}["page/hidden"] > 100
    assert list(made.actions) == sorted(made.actions)
    assert leaked(VALUES, repr(made)) == []


def test_the_clean_file_holds_pages_fonts_and_text_and_nothing_else() -> None:
    from pypdf import PdfReader

    clean, _ = rewritten(SOURCE)
    reader = PdfReader(io.BytesIO(clean), strict=True)
    assert set(reader.trailer) == {"/Size", "/Root"}
    assert set(reader.trailer["/Root"]) == {"/Type", "/Pages"}
    assert reader.metadata is None
    assert not reader.attachments
    for page in reader.pages:
        assert set(page) == {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
        assert set(page["/Resources"]) == {"/Font"}
    kinds = {str(reader.get_object(number).get("/Type", "stream")) for number in range(1, reader.trailer["/Size"])}
    assert kinds == {"/Catalog", "/Pages", "/Page", "/Font", "stream"}


def test_the_same_file_gives_the_same_bytes() -> None:
    assert rewritten(SOURCE) == rewritten(SOURCE)


def test_an_earlier_revision_does_not_pass() -> None:
    from pdf_support import Pdf, text_lines

    pdf = Pdf()
    old = pdf.page(text_lines("Patient: Brunhilde Zygmuntowska", "MRN 8842991"))
    first = pdf.bytes([old])
    body = text_lines("Normal chest.")
    start = len(first)
    update = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (old - 1, len(body), body)
    xref = start + len(update)
    before = first[first.rindex(b"startxref\n") + 10 :].split(b"\n", 1)[0]
    update += b"xref\n%d 1\n%010d 00000 n \n" % (old - 1, start)
    update += b"trailer\n<< /Size %d /Root 1 0 R /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (old + 1, before, xref)
    assert b"Normal chest" in first + update
    clean, _ = rewritten(first + update)
    assert extracted(clean).strip() == "Normal chest."
    assert leaked(["Zygmuntowska", "Brunhilde", "8842991"], everything(clean)) == []


def test_object_streams_are_read_and_not_carried_over() -> None:
    import zlib

    from pdf_support import HELVETICA, text_lines

    inner = {
        1: b"<< /Type /Catalog /Pages 2 0 R /Lang (Quistorp) >>",
        2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 9 0 R >>",
        5: HELVETICA,
        8: b"(Zygmuntowska Brunhilde)",
        9: b"<< /Font << /F1 5 0 R >> >>",
    }
    heads, bodies = [], b""
    for number, body in inner.items():
        heads.append(b"%d %d" % (number, len(bodies)))
        bodies += body + b" "
    head = b" ".join(heads) + b" "
    packed = zlib.compress(head + bodies)
    content = text_lines("Patient: Brunhilde Zygmuntowska", "Normal chest.")
    out = bytearray(b"%PDF-1.5\n")
    places = {}
    for number, body in (
        (4, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)),
        (
            6,
            b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
            % (len(inner), len(head), len(packed), packed),
        ),
    ):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b""
    for number in range(10):
        if number in inner:
            rows += bytes([2]) + (6).to_bytes(3, "big") + bytes([list(inner).index(number)])
        elif number in places or number == 7:
            rows += bytes([1]) + places.get(number, len(out)).to_bytes(3, "big") + b"\0"
        else:
            rows += bytes(5)
    start = len(out)
    table = b"<< /Type /XRef /Size 10 /W [1 3 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream" % (len(rows), rows)
    out += b"7 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, start)
    clean, _ = rewritten(bytes(out))
    assert "Normal chest." in extracted(clean)
    assert leaked(["Zygmuntowska", "Brunhilde", "Quistorp"], everything(clean)) == []
