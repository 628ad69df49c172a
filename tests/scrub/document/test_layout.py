"""Where the clean text stands, and how lines are read."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from pdf_support import Pdf, People, extracted, leaked, rewritten, simple, text_lines, treatment

from curator.scrub import document
from curator.scrub.document.characters import width
from curator.scrub.document.make import FONTS

SET = re.compile(rb"BT /F(\d) ([\d.]+) Tf ([-\d. ]+) Tm \((.*)\) Tj ET")


def placed(data: bytes) -> list[tuple[str, str, float, list[float]]]:
    """(text, font, size, matrix) of everything that a clean file sets."""
    found = []
    for match in SET.finditer(data):
        text = re.sub(rb"\\(\d{3}|.)", lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else m[1], match[4])
        found.append(
            (text.decode("cp1252"), FONTS[int(match[1]) - 1], float(match[2]), [float(x) for x in match[3].split()])
        )
    return found


def test_lines_stay_at_their_places_and_sizes() -> None:
    clean, _ = rewritten(simple(text_lines("Chest CT", "12 mm nodule", size=13, top=700, left=72)))
    assert placed(clean) == [
        ("Chest CT", "Helvetica", 13.0, [1, 0, 0, 1, 72, 700]),
        ("12 mm nodule", "Helvetica", 13.0, [1, 0, 0, 1, 72, 683]),
    ]


def test_the_page_is_its_visible_box() -> None:
    data = simple(text_lines("Chest CT", top=500, left=150), extra=b"/CropBox [100 200 500 700] /Rotate 90")
    clean, _ = rewritten(data)
    assert b"/MediaBox [0 0 400 500] /Rotate 90" in clean
    assert placed(clean)[0][3] == [1, 0, 0, 1, 50, 300]


def test_longer_stand_ins_are_set_smaller_and_never_leave_the_page() -> None:
    row = (
        "Seen with Dr. Yi Ng, Dr. Bo Li, Dr. Ai Wu, Dr. Jo Xu, Dr. Al Oz, Dr. Ed Ek, and Dr. Vy Ho for chest pain today"
    )
    clean, _ = rewritten(simple(text_lines(row, size=11, left=40)))
    ((text, font, size, matrix),) = placed(clean)
    assert "for chest pain today" in text
    assert "[NAME]" in text
    assert size < 11
    assert matrix[4] + width(text, font) * size / 1000 <= 612


def test_neighbors_on_a_line_do_not_overlap() -> None:
    content = b"BT /F1 10 Tf 60 700 Td (Dr. Bo Li) Tj 70 0 Td (8 mm nodule) Tj ET"
    clean, _ = rewritten(simple(content))
    first, second = placed(clean)
    assert "Li" not in first[0]
    assert first[3][4] + width(first[0], first[1]) * first[2] / 1000 <= second[3][4]
    assert second[0] == "8 mm nodule"


def test_turned_text_stays_turned() -> None:
    clean, _ = rewritten(simple(b"BT 0 1 -1 0 300 200 Tm /F1 9 Tf (Chest CT) Tj ET"))
    assert placed(clean) == [("Chest CT", "Helvetica", 9.0, [0, 1, -1, 0, 300, 200])]


def test_fonts_keep_their_kind() -> None:
    pdf = Pdf()
    bold = pdf.add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold /Encoding /WinAnsiEncoding >>")
    content = b"BT /F2 9 Tf 60 700 Td (Chest) Tj 0 -20 Td /F8 9 Tf (Lung) Tj ET"
    clean, _ = rewritten(pdf.bytes([pdf.page(content, b"/F8 %d 0 R" % bold)]))
    assert [(text, font) for text, font, _, _ in placed(clean)] == [("Chest", "Courier"), ("Lung", "Helvetica-Bold")]


def test_signs_are_spelled_in_what_the_clean_file_can_write() -> None:
    pdf = Pdf()
    marks = "eGFR ≥ 60, Δ −3 µg, 5 × 4 mm, ﬁbrosis, 37 ℃, é"
    rows = b"".join(b"<%02x> <%04x>" % (number + 1, ord(mark)) for number, mark in enumerate(marks))
    cmap = pdf.stream(b"1 beginbfchar " + rows + b" endbfchar")
    font = pdf.add(
        b"<< /Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor << /FontFile2 9 0 R >> /ToUnicode %d 0 R >>"
        % cmap
    )
    shown = b"<" + b"".join(b"%02x" % (number + 1) for number in range(len(marks))) + b">"
    clean, _ = rewritten(pdf.bytes([pdf.page(b"BT /F8 9 Tf 60 700 Td " + shown + b" Tj ET", b"/F8 %d 0 R" % font)]))
    assert placed(clean)[0][0] == "eGFR >= 60, Delta -3 µg, 5 × 4 mm, fibrosis, 37 °C, é"


def test_text_printed_twice_to_look_bold_is_read_once() -> None:
    once = b"BT /F1 10 Tf 60 700 Td (Chest CT) Tj ET "
    clean, _ = rewritten(simple(once + once.replace(b"60 700", b"60.3 700")))
    assert [text for text, *_ in placed(clean)] == ["Chest CT"]


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 9 Tf 60 700 Td [(Dr) 10 (. Zyg) -15 (mun) 20 (tow) 5 (ska)] TJ ET",
        b"BT /F1 9 Tf 60 700 Td (Dr. Zyg) Tj (muntow) Tj (ska) Tj ET",
        b"BT /F1 9 Tf 60 700 Td (Ms. Zygmuntow-) Tj 0 -11 Td (ska was seen) Tj ET",
        b"BT /F1 9 Tf 3 Tc 60 700 Td (Dr. Zygmuntowska) Tj ET",
        b"BT /F1 9 Tf 60 700 Td (Dr. Z y g m u n t o w s k a) Tj ET",
        b"BT /F1 9 Tf 60 700 Td (ATTENDING) Tj 0 -11 Td (Zygmuntowska) Tj ET",
        b"BT /F1 9 Tf 60 700 Td (Attending) Tj 120 0 Td (Zygmuntowska) Tj ET",
        b"BT /F1 9 Tf 60 700 Td (Physician: ______________________) Tj ET BT /F1 9 Tf 110 701 Td (Zygmuntowska) Tj ET",
        b"BT /F1 9 Tf 60 700 Td (Physician: ......................) Tj ET BT /F1 9 Tf 110 701 Td (Zygmuntowska) Tj ET",
        b"BT /F1 9 Tf 60 700 Td (Attending: A-A-A-A-A-A-A-A) Tj ET BT /F1 9 Tf 112 700 Td (Dr. Zygmuntowska) Tj ET",
        b"BT /F1 9 Tf 60 700 Td (Dr. Zygmun) Tj ET BT .9995 .0314 -.0314 .9995 112.5 700 Tm /F1 9 Tf (towska) Tj ET",
        b"BT /F1 9 Tf 60 700 Td [(Zygmuntowska) 9000 (Dr.)] TJ ET",
        b"BT /F1 9 Tf 60 700 Td (Dr.\\n Zygmuntowska) Tj ET",
        b"q .5 0 0 .5 0 0 cm BT /F1 18 Tf 1 0 0 1 120 1400 Tm (Dr. Zygmuntowska) Tj ET Q",
    ],
)
def test_a_name_is_read_as_people_read_it(content: bytes) -> None:
    clean, _ = rewritten(simple(content + b" " + text_lines("No nodule.", top=300)))
    assert leaked(["Zygmuntowska", "Zygmuntow", "muntow"], extracted(clean)) == []
    assert "No nodule." in extracted(clean)


def test_a_known_name_in_a_column_is_found_over_lines_of_others() -> None:
    content = (
        b"BT /F1 9 Tf 60 700 Td (Kowal-) Tj 200 0 Td (Potassium 4.1) Tj ET "
        b"BT /F1 9 Tf 60 688 Td (czykowna) Tj 200 0 Td (Sodium 140) Tj ET"
    )
    clean, _ = rewritten(simple(content), known=(("name", "Kowalczykowna"),))
    assert leaked(["Kowal", "czykowna"], extracted(clean)) == []
    assert "Potassium 4.1" in extracted(clean)


def test_letters_under_each_other_are_read_as_a_word() -> None:
    rows = b" ".join(b"BT /F1 9 Tf 60 %d Td (%c) Tj ET" % (700 - 10 * at, mark) for at, mark in enumerate(b"Katarzyna"))
    other = b" ".join(b"BT /F1 9 Tf 200 %d Td (Sodium 140) Tj ET" % (700 - 10 * at) for at in range(9))
    clean, _ = rewritten(simple(rows + b" " + other))
    assert "".join(text for text, *_ in placed(clean) if len(text) == 1) == ""
    assert extracted(clean).count("Sodium 140") == 9


def test_accents_set_by_themselves_are_joined_with_their_letters() -> None:
    content = (
        b"BT /F1 9 Tf 60 700 Td (M) Tj ET BT /F1 9 Tf 67.5 700 Td (\\250) Tj ET BT /F1 9 Tf 67.8 700 Td (untzer) Tj ET"
    )
    clean, _ = rewritten(simple(content + b" " + text_lines("No nodule.", top=300)), known=(("name", "Müntzer"),))
    assert leaked(["untzer"], extracted(clean)) == []


def test_widths_that_lie_do_not_take_letters_away() -> None:
    pdf = Pdf()
    font = pdf.add(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /FirstChar 0 /Widths ["
        + b"0 " * 256
        + b"] >>"
    )
    content = b"BT /F8 9 Tf 60 700 Td (Dr. Wojciech Moellerr; all coffee) Tj ET"
    clean, _ = rewritten(pdf.bytes([pdf.page(content, b"/F8 %d 0 R" % font)]), known=(("name", "Moellerr"),))
    assert "all coffee" in extracted(clean)
    assert leaked(["Moellerr", "Wojciech"], extracted(clean)) == []


def test_stand_ins_of_names_set_with_spaces_leave_no_letter() -> None:
    from curator.scrub.policy.model import Texts

    data = simple(text_lines("Caregiver: Z y g m u n t o w s k a", "No nodule."))
    out = io.BytesIO()
    people = People(known=(("name", "Zygmuntowska"),))
    document.rewrite(io.BytesIO(data), out, people, treatment("expert", texts=Texts.SURROGATE))
    assert "y g m" not in extracted(out.getvalue())
    assert "ygmuntowska" not in re.sub(r"\W", "", extracted(out.getvalue()))
    assert "No nodule." in extracted(out.getvalue())


def test_white_text_on_a_dark_ground_is_read() -> None:
    content = b"0 0 .5 rg 50 690 300 20 re f 1 g " + text_lines("RADIOLOGY REPORT", top=695)
    assert "RADIOLOGY REPORT" in extracted(rewritten(simple(content))[0])


def test_the_content_digest_is_taken_over_the_text() -> None:
    _, made = rewritten(simple(text_lines("Chest CT", "No nodule.")))
    assert made.content == hashlib.sha256(b"Chest CT\nNo nodule.\n").hexdigest()


def test_a_report_says_whom_it_is_about() -> None:
    data = simple(
        text_lines("Patient Name: Brunhilde Zygmuntowska", "MRN: 8842991", "DOB: 02/17/1958", "Exam date: 03/04/2021")
    )
    found = document.harvest(io.BytesIO(data), len(data), treatment())
    (person,) = found.people
    assert found.suffix == ".pdf"
    assert person.ids == (("mrn", "", "8842991"),)
    assert ("name", "Brunhilde Zygmuntowska") in person.known
    assert person.birth_dates == ("19580217",)
    assert person.last_date == "20210304"
    people = People(found)
    document.rewrite(io.BytesIO(data), io.BytesIO(), people, treatment())
    assert people.asked == [person.ids]


def test_two_record_numbers_are_mentions_and_enroll_nobody() -> None:
    data = simple(text_lines("MRN: 8842991", "Old MRN: 7713345", "Normal chest."))
    found = document.harvest(io.BytesIO(data), len(data), treatment())
    assert found.people == ()
    assert found.mentions == ("8842991", "7713345")


def set_at(*words: tuple[int, int, str]) -> bytes:
    """Content that sets texts at places."""
    return b"\n".join(b"BT /F1 10 Tf %d %d Td (%s) Tj ET" % (x, y, text.encode()) for x, y, text in words)


def test_a_table_of_results_keeps_its_cells_and_who_is_named_beside_it_goes() -> None:
    heads = [(60, 700, "Test"), (160, 700, "Result"), (260, 700, "Normal Range"), (400, 700, "Verified By")]
    cells = [(60, 682, "Color"), (160, 682, "Amber"), (260, 682, "Straw"), (400, 682, "Rosalind Achterberg")]
    more = [
        (60, 664, "Clarity"),
        (160, 664, "Hazy"),
        (260, 664, "Clear"),
        (60, 646, "Rh Factor"),
        (160, 646, "Positive"),
    ]
    below = [(60, 600, "Collected: 03/14/2021"), (60, 580, "Reviewed with her son Tadeusz Brzozowski.")]
    clean, _ = rewritten(simple(set_at(*heads, *cells, *more, *below)))
    text = extracted(clean)
    for kept in ("Color", "Amber", "Straw", "Clarity", "Hazy", "Clear", "Rh Factor", "Positive", "Collected:"):
        assert kept in text, kept
    assert leaked(["Rosalind", "Achterberg", "Tadeusz", "Brzozowski", "03/14/2021"], text) == []
