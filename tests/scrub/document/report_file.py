"""A made-up radiology report that hides and shows identifiers in every way that a PDF has."""

from __future__ import annotations

from pdf_support import HELVETICA, Pdf, text_lines

PLANTED = """Zygmuntowska|Brunhilde|Quistorp|Sieberling|Henning|Primavera|Patricia|Balduin|Vogelsang|Irmengard
Dombrowsky|Laurentia|8842991|ACC-55120-77|02/17/1958|March 4, 2021|03/05/2021|555-723-1544|(555) 808-2277
brunhilde.z@fastpost.example|111-45-6789|1357 Quellenhof Lane|Beaverwick|97006|Ansgarius|Grubenhagen
Achterberg|Rosalind|Petrasch|Gundolf|Spezialowitsch|Sarafina|Enterich|Ellenore|Authentikova|Leopoldine
Laboranteck|Theophila|Wenzeslaus|Kasimir|Hildchen|Oberhuber|Notburga|Kuckelkorn|Marchetti|Brzozowski
Tadeusz|Wolskowicz|Katarzyna|Heinrich|Baumgartner|Ostrowski|Tillamoor|Guardhouse|Klammbach|Kolberg
INV-7719204|W993317720|OR-D8833-7710|10.20.30.44|portal.example|Ottokar|Zollverein|Nordpol|Flurgasse
Sisterhood|Adlerhorst"""
VALUES = [value for row in PLANTED.split("\n") for value in row.split("|")]

KEPT = """CT CHEST WITH CONTRAST|There is a 12 mm nodule in the right upper lobe|SUV 4.2|Heart size is normal (CTR 0.48)
Nodule, likely granuloma|Follow-up in 6 months|eGFR 88 mL/min|Potassium|4.1 mmol/L|Creatinine|0.9 mg/dL|TECHNIQUE
Metformin 500 mg twice daily|diabetes mellitus|no pleural effusion|Parkinson disease""".replace("\n", "|").split("|")


def _kerned(text: str) -> bytes:
    """A TJ array with a number between any two letters; blanks are numbers alone."""
    out = []
    for at, mark in enumerate(text):
        out.append(b"-290" if mark == " " else b"(" + mark.encode("cp1252") + b") " + (b"18" if at % 2 else b"-22"))
    return b"[" + b" ".join(out) + b"] TJ"


def _single(text: str, x: float, y: float) -> bytes:
    """Each letter by itself at its own place, the last one first."""
    out = [
        f"BT /F2 10 Tf 1 0 0 1 {x + 6 * at} {y} Tm ({mark}) Tj ET".encode()
        for at, mark in enumerate(text)
        if mark != " "
    ]
    return b"\n".join(reversed(out))


def _composite(pdf: Pdf, text: str) -> tuple[int, bytes]:
    """A composite font with a character map, and a string of it."""
    marks = sorted(set(text))
    rows = b"\n".join(b"<%04x> <%04x>" % (number + 1, ord(mark)) for number, mark in enumerate(marks))
    cmap = pdf.stream(b"begincmap\n%d beginbfchar\n%s\nendbfchar\nendcmap" % (len(marks), rows), packed=True)
    below = pdf.add(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /XYZABC+OttokarSans /DW 520 /CIDSystemInfo << >> >>"
    )
    font = pdf.add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /XYZABC+OttokarSans /Encoding /Identity-H /ToUnicode %d 0 R "
        b"/DescendantFonts [%d 0 R] >>" % (cmap, below)
    )
    return font, b"<" + b"".join(b"%04x" % (marks.index(mark) + 1) for mark in text) + b">"


def report() -> bytes:
    """The report: two pages, and everything around them."""
    pdf = Pdf()
    first = text_lines(
        "Ansgarius Medical Center, 77 Flurgasse Street, Tillamoor, OR 97006",
        "Patient Name: Brunhilde Zygmuntowska",
        "MRN: 8842991   DOB: 02/17/1958   Accession: ACC-55120-77",
        "Exam date: March 4, 2021   Phone: 555-723-1544",
        "Address: 1357 Quellenhof Lane, Beaverwick, OR 97006",
        "Referring physician: Dr. Henning Sieberling, MD",
        "CT CHEST WITH CONTRAST",
        "TECHNIQUE: eGFR 88 mL/min. Scanned at Kolberg Imaging Center.",
        "FINDINGS: There is a 12 mm nodule in the right upper lobe, SUV 4.2, no pleural effusion.",
        "Mrs. Zygmuntowska has diabetes mellitus. Heart size is normal (CTR 0.48). No Parkinson disease.",
        "IMPRESSION: 1. Nodule, likely granuloma. Follow-up in 6 months, Dr. Gundolf Petrasch.",
        "Contact brunhilde.z@fastpost.example or https://portal.example/p/8842991 from 10.20.30.44.",
        "SSN 111-45-6789, member ID W993317720, driver's license OR-D8833-7710, invoice number INV-7719204.",
        "Her husband Balduin Zygmuntowska, (555) 808-2277, lives at 88 Guardhouse Terrace, Klammbach, OR.",
        size=9,
    )
    font, coded = _composite(pdf, "Reviewed by Dr. Rosalind Achterberg, MD")
    form = pdf.stream(
        b"BT /F9 9 Tf 0 0 Td (Transcribed by Theophila Laboranteck, RN) Tj ET",
        b"/Type /XObject /Subtype /Form /BBox [0 -5 400 20] /Resources << /Font << /F9 %d 0 R >> >>"
        % pdf.add(HELVETICA),
    )
    layer = pdf.add(b"<< /Type /OCG /Name (Notes of Wenzeslaus) >>")
    parts = [
        first,
        b"BT /F1 10 Tf 60 480 Td " + _kerned("Seen with Mrs. Irmengard Vogelsang") + b" ET",
        _single("Cosigned by Dr. Heinrich Baumgartner", 60, 460),
        b"BT /F8 9 Tf 60 440 Td " + coded + b" Tj ET",
        b"q 1 0 0 1 60 420 cm /X1 Do Q",
        # Two columns, a name over the end of a line, a label over its value.
        b"BT /F1 9 Tf 60 400 Td (Potassium) Tj 90 0 Td (4.1 mmol/L) Tj 180 0 Td (ATTENDING) Tj ET",
        b"BT /F1 9 Tf 60 388 Td (Creatinine) Tj 90 0 Td (0.9 mg/dL) Tj 180 0 Td (Ostrowski,) Tj ET",
        b"BT /F1 9 Tf 330 376 Td (Patricia Primavera) Tj ET",
        b"BT /F1 9 Tf 60 360 Td (Last Name) Tj 90 0 Td (First Name) Tj ET",
        b"BT /F1 9 Tf 60 348 Td (Brzozowski) Tj 90 0 Td (Tadeusz) Tj ET",
        text_lines("The nurse, Mrs. Dombrow-", "sky, Laurentia, gave Metformin 500 mg twice daily.", size=9, top=330),
        b"BT /F1 9 Tf 60 300 Td (Caregiver: Z y g m u n t o w s k a) Tj ET",
        b"BT /F1 9 Tf 60 285 Td (Dr. Kata) Tj (rzyna) Tj 3 Ts ( Wol) Tj 0 Ts (skowicz) Tj ET",
        b"BT 0 1 -1 0 590 100 Tm /F1 8 Tf (Printed for Brunhilde Zygmuntowska, MRN 8842991) Tj ET",
        # What a reader does not see.
        b"BT 3 Tr /F1 9 Tf 60 250 Td (Kasimir Quistorp) Tj 0 Tr ET",
        b"BT 1 g /F1 9 Tf 60 240 Td (Hildchen Quistorp) Tj 0 g ET",
        b"BT /F1 9 Tf 60 2000 Td (Notburga Oberhuber) Tj ET",
        b"BT /F1 0.4 Tf 60 230 Td (Notburga Oberhuber) Tj ET",
        b"BT /F1 9 Tf 60 220 Td (Sarafina Spezialowitsch) Tj ET 0 g 55 215 200 15 re f",
        b"/OC /L1 BDC BT /F1 9 Tf 60 200 Td (Wenzeslaus Kuckelkorn) Tj ET EMC",
        b"/Span << /ActualText (Ellenore Enterich) >> BDC BT /F1 9 Tf 60 190 Td (Page 1 of 2) Tj ET EMC",
        b"q 50 170 20 5 re W n BT /F1 9 Tf 60 180 Td (Leopoldine Authentikova) Tj ET Q",
    ]
    resources = b"/F8 %d 0 R >> /XObject << /X1 %d 0 R >> /Properties << /L1 %d 0 R >>" % (font, form, layer)
    attached = pdf.stream(b"Marchetti, Ottokar", b"/Type /EmbeddedFile", packed=True)
    note = pdf.add(b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (Call Marchetti) /T (Ottokar) >>")
    look = pdf.stream(b"BT /F1 9 Tf (Enterich) Tj ET", b"/Type /XObject /Subtype /Form /BBox [0 0 99 9]")
    entry = pdf.add(
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (patient) /V (Nordpol Enterich) /Rect [0 0 99 9] "
        b"/AP << /N %d 0 R >> >>" % look
    )
    thumb = pdf.stream(b"Adlerhorst", b"/Width 1 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8")
    extra = b"/Annots [%d 0 R %d 0 R] /Thumb %d 0 R /PieceInfo << /Zollverein << >> >>" % (note, entry, thumb)
    one = pdf.page(b"\n".join(parts), resources, extra)
    two = pdf.page(
        text_lines("Page 2 of 2", "Addendum dictated 03/05/2021 by Dr. Grubenhagen, at Sisterhood Hospital.")
    )
    xmp = pdf.stream(
        b"<x:xmpmeta><dc:creator>Ellenore Enterich</dc:creator></x:xmpmeta>", b"/Type /Metadata /Subtype /XML"
    )
    outline = pdf.add(b"<< /Type /Outlines /First << /Title (Zygmuntowska) >> >>")
    script = pdf.add(b"<< /S /JavaScript /JS (app.alert\\('Zygmuntowska'\\)) >>")
    pdf.catalog = (
        b"/Metadata %d 0 R /Outlines %d 0 R /OpenAction %d 0 R /AcroForm << /Fields [%d 0 R] /XFA (Quistorp) >> "
        b"/Names << /EmbeddedFiles << /Names [(Marchetti.txt) << /Type /Filespec /F (Marchetti.txt) "
        b"/EF << /F %d 0 R >> >>] >> "
        b"/Dests << /Names [(Zygmuntowska) [%d 0 R /Fit]] >> >> /PageLabels << /Nums [0 << /P (Zygmuntowska-) >>] >> "
        b"/OCProperties << /OCGs [%d 0 R] /D << /OFF [%d 0 R] >> >> /Lang (de-Quistorp)"
        % (xmp, outline, script, entry, attached, one, layer, layer)
    )
    pdf.trailer = (
        b"/Info << /Title (Zygmuntowska Brunhilde) /Author (Ottokar) /CreationDate (D:20210304) >> "
        b"/ID [<5a79676d> <5a79676d>]"
    )
    return pdf.bytes([one, two])
