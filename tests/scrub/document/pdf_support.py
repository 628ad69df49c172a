"""Makes PDF files byte by byte, and scrubs them."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass, field, replace

from curator.scrub import document
from curator.scrub.medium import Made, Person, RecordHarvest
from curator.scrub.policy import load_policy
from curator.scrub.treatment import Treatment

KEY = bytes(range(32))
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
COURIER = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"


def treatment(policy: str = "safe-harbor", **changes: object) -> Treatment:
    """A treatment by one of the program's own policies, with changed options."""
    return Treatment(replace(load_policy(policy), **changes), KEY, KEY[::-1], "20261101")


class People:
    """One person, whoever is asked for."""

    def __init__(self, harvest: RecordHarvest | None = None, known: tuple[tuple[str, str], ...] = ()) -> None:
        person = harvest.people[0] if harvest and harvest.people else None
        self.own = Person("P-0001", -41, False, KEY, (person.known if person else ()) + known)
        self.asked: list[tuple[tuple[str, str, str], ...]] = []

    def find(self, ids: object) -> Person:
        self.asked.append(tuple(ids))  # type: ignore[arg-type]
        return self.own


@dataclass
class Pdf:
    """A file under construction: numbered objects, the first is the catalog, the second the page tree."""

    objects: dict[int, bytes] = field(default_factory=dict)
    catalog: bytes = b""
    trailer: bytes = b""

    def add(self, body: bytes) -> int:
        """Add an object and return its number."""
        number = max([2, *self.objects]) + 1
        self.objects[number] = body
        return number

    def stream(self, data: bytes, entries: bytes = b"", packed: bool = False) -> int:
        """Add a stream."""
        if packed:
            data, entries = zlib.compress(data), entries + b" /Filter /FlateDecode"
        return self.add(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data))

    def page(self, content: bytes, resources: bytes = b"", extra: bytes = b"", box: bytes = b"0 0 612 792") -> int:
        """Add a page with Helvetica as F1 and Courier as F2; more fonts, then ``>>`` and more resources, may follow."""
        fonts = [self.add(HELVETICA), self.add(COURIER)]
        body = self.stream(content, packed=True)
        fonts_and_more = b"/F1 %d 0 R /F2 %d 0 R %s" % (*fonts, resources if b">>" in resources else resources + b" >>")
        return self.add(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents %d 0 R %s /Resources << /Font << %s >> >>"
            % (box, body, extra, fonts_and_more)
        )

    def bytes(self, pages: list[int]) -> bytes:
        """Return the file."""
        kids = b" ".join(b"%d 0 R" % number for number in pages)
        self.objects[1] = b"<< /Type /Catalog /Pages 2 0 R %s >>" % self.catalog
        self.objects[2] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids)
        return whole(self.objects, self.trailer)


def whole(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """Write objects with a cross-reference table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number in sorted(objects):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (max(objects) + 1)
    for number in range(1, max(objects) + 1):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, trailer, start)
    return bytes(out)


def simple(content: bytes, **options: bytes) -> bytes:
    """A file of one page."""
    pdf = Pdf()
    return pdf.bytes([pdf.page(content, **options)])


def text_lines(*rows: str, size: int = 11, top: int = 740, left: int = 60) -> bytes:
    """Content that sets a line of Helvetica under the other."""
    out = [f"BT /F1 {size} Tf {size + 4} TL {left} {top} Td".encode()]
    for row in rows:
        escaped = row.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        out.append(b"(" + escaped + b") Tj T*")
    return b"\n".join([*out, b"ET"])


def rewritten(data: bytes, policy: str = "safe-harbor", known: tuple[tuple[str, str], ...] = ()) -> tuple[bytes, Made]:
    """Harvest and rewrite; return the clean file."""
    with_policy = treatment(policy)
    found = document.harvest(io.BytesIO(data), len(data), with_policy)
    out = io.BytesIO()
    made = document.rewrite(io.BytesIO(data), out, People(found, known), with_policy)
    return out.getvalue(), made


def extracted(data: bytes) -> str:
    """The text of a file as pypdf reads it."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data), strict=True).pages)


def everything(data: bytes) -> str:
    """All that could be read in a file: raw bytes, every stream unpacked, every string, the text."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=True)
    parts = [data.decode("latin-1"), extracted(data), repr(reader.metadata), repr(reader.trailer)]
    for number in range(1, int(reader.trailer["/Size"])):
        found = reader.get_object(number)
        parts.append(repr(found))
        if hasattr(found, "get_data"):
            parts.append(found.get_data().decode("latin-1"))
    return "\n".join(parts)


def spellings(value: str) -> set[str]:
    """A planted value as it might stand somewhere."""
    words = re.findall(r"\w+", value)
    found = {value, value.upper(), value.lower(), value.title(), value.encode().hex(), value.encode("utf-16-be").hex()}
    if len(words) > 1 and not any(word.isdigit() for word in words):
        found |= {" ".join(reversed(words)), ", ".join(reversed(words))}
    return found


def leaked(values: list[str], text: str) -> list[str]:
    """Those values that stand in a text in any spelling, also with marks and blanks taken out of it."""
    bare = re.sub(r"[\W_]+", "", text).lower()
    found = []
    for value in values:
        plain = re.sub(r"[\W_]+", "", value).lower()
        if any(one in text for one in spellings(value)) or (len(plain) > 5 and plain in bare):
            found.append(value)
    return found
