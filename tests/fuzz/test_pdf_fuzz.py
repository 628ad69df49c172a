"""PDF files that are hostile: they are held back under a code, or come out without what they told of people."""

from __future__ import annotations

import io
import random
import re
from dataclasses import replace
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.scrub import document
from curator.scrub.document.characters import glyphs
from curator.scrub.medium import Person
from curator.scrub.policy import load_policy
from curator.scrub.treatment import Treatment

KEY = bytes(range(32))
TREATMENT = Treatment(replace(load_policy("safe-harbor")), KEY, KEY[::-1], "20261101")
NAME = "Zygmuntowska"
STRINGS = [
    f"({NAME})",
    f"({NAME.upper()})",
    "(Zygmun)",
    "(towska)",
    "[(Zyg) -20 (muntowska)]",
    "(no nodule)",
    "<5A7967>",
]
OPERATORS = [f"{one} TJ" if one.startswith("[") else f"{one} Tj" for one in STRINGS]
OPERATORS += [
    "BT",
    "ET",
    "q",
    "Q",
    "/F1 9 Tf",
    "/F1 -9 Tf",
    "/F9 9 Tf",
    "12 TL",
    "T*",
    "40 -12 Td",
    "60 700 Td",
    "3 Tr",
    "0 Tr",
]
OPERATORS += [
    "1 0 0 1 60 500 Tm",
    "0 1 -1 0 300 300 Tm",
    "-1 0 0 1 300 300 Tm",
    "0 0 0 0 1 1 Tm",
    "2 0 0 2 0 0 cm",
    "0 Tz",
]
OPERATORS += [
    "1 g",
    "0 g",
    "10 10 500 700 re f",
    "10 10 5 5 re W n",
    "BX",
    "(Zygmun",
    "<<",
    "]",
    "/a BMC",
    "EMC",
    "5 Tc",
    "-9 Tc",
]


def file_of(content: bytes) -> bytes:
    """A file of one page with a font."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)


class People:
    own = Person("P-0001", -41, False, KEY, (("name", NAME),))

    def find(self, _ids: object) -> Person:
        return self.own


def scrubbed(data: bytes) -> bytes | None:
    """The clean file, None for what is held back."""
    out = io.BytesIO()
    try:
        document.harvest(io.BytesIO(data), len(data), TREATMENT)
        document.rewrite(io.BytesIO(data), out, People(), TREATMENT)
    except ItemError:
        return None
    return out.getvalue()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(OPERATORS), max_size=24))
def test_whatever_a_page_draws_the_patient_is_not_in_the_output(operators: list[str]) -> None:
    made = scrubbed(file_of(" ".join(["BT /F1 9 Tf 60 720 Td (Chest CT) Tj ET", *operators]).encode()))
    if made is not None:
        shown = b"".join(re.findall(rb"\((.*)\) Tj", made)).decode("cp1252").lower()
        assert NAME.lower() not in shown
        assert scrubbed(made) is not None or not shown


def drawn(text: str, y: int, size: int, way: str, rnd: random.Random) -> list[str]:
    """Operators that set a line of text in one of the ways that programs have."""
    widths = glyphs().widths["Helvetica"]
    places, x = [], 60.0
    for mark in text:
        places.append(x)
        x += widths[mark] * size / 1000
    if way in {"letters", "shuffled"}:
        found = [f"{place:.2f} {y} Td ({mark}) Tj" for place, mark in zip(places, text, strict=True) if mark != " "]
    elif way == "pieces":
        cuts = sorted({0, len(text), *rnd.sample(range(1, len(text)), 5)})
        found = [f"{places[low]:.2f} {y} Td ({text[low:high]}) Tj" for low, high in pairwise(cuts)]
    elif way == "kerned":
        parts = ["-278" if mark == " " else f"({mark}) {rnd.randint(-60, 60)}" for mark in text]
        found = [f"60 {y} Td [{' '.join(parts)}] TJ"]
    elif way == "twice":
        found = [f"{place} {y} Td ({text}) Tj" for place in (60, 60.4)]
    elif way == "on a line":
        found = [f"60 {y} Td ({'_' * 60}) Tj", f"60 {y + 1} Td ({text}) Tj"]
    else:
        found = [f"{rnd.uniform(0, 3):.2f} Tc 60 {y} Td ({text}) Tj 0 Tc"]
    if way in {"shuffled", "pieces"}:
        rnd.shuffle(found)
    return [f"BT /F1 {size} Tf {one} ET" for one in found]


WAYS = ["letters", "shuffled", "pieces", "kerned", "twice", "on a line", "spaced"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WAYS), min_size=2, max_size=2), st.sampled_from([7, 9, 12]), st.integers(0, 10**6))
def test_however_a_line_is_drawn_it_is_read(ways: list[str], size: int, seed: int) -> None:
    rnd = random.Random(seed)
    operators = drawn(f"Mrs. {NAME} was seen again", 700, size, ways[0], rnd)
    operators += drawn("There is a 12 mm nodule in the right lobe", 700 - 2 * size, size, ways[1], rnd)
    made = scrubbed(file_of(" ".join(operators).encode()))
    assert made is not None
    shown = b" ".join(re.findall(rb"\((.*)\) Tj", made)).decode("cp1252")
    letters = re.sub(r"\W", "", shown)
    assert "MrsNAMEwasseenagain" in letters
    assert "Thereisa12mmnoduleintherightlobe" in letters


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_files_end_in_a_code_or_clean(data: st.DataObject) -> None:
    source = bytearray(file_of(f"BT /F1 9 Tf 60 700 Td (Dr. {NAME}) Tj ET".encode()))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(source) - 1))
        source[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    made = scrubbed(bytes(source))
    assert made is None or NAME.encode() not in made


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_that_are_no_file_end_in_a_code(data: bytes) -> None:
    assert scrubbed(b"%PDF-1.7\n" + data) is None
