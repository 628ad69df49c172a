"""Reading HL7 v2: segments and messages of a stream, delimiters, character sets, escapes; and writing them.

Messages are read one at a time. What is not wholly well formed is refused, never repaired. It must never put any of the
content into an error.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import BinaryIO

from curator.core import strides
from curator.core.errors import ItemError
from curator.scrub.fhir.pieces import Piece

#: Bytes of one message.
LARGEST = 64 << 20
_MIB = 1 << 20
HEADERS = ("MSH", "FHS", "BHS")
#: Segments that stand by themselves around messages.
ENVELOPES = ("FHS", "BHS", "BTS", "FTS")
_NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
#: Names of character sets, HL7 v2 table 0211.
_CHARSETS = {
    "": "utf-8",
    "ASCII": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "GB 18030-2000": "gb18030",
    "BIG-5": "big5",
    **{f"8859/{number}": f"iso8859-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: Formatting commands of FT (HL7 v2.5.1, 2.7.6) that stay, and those that break a line.
_FORMAT = re.compile(r"\.(?:br|fi|nf|ce)|\.(?:sp|in|ti|sk)[+-]?\d{0,3}")
_BREAK = (".br", ".sp", ".ce")
_HEX = re.compile(r"X(?:[0-9A-Fa-f]{2}){1,64}")


@dataclass(frozen=True)
class Delimiters:
    """The five delimiters of a message; empty where it declares none.

    Parameters
    ----------
    field, component, repetition, escape, subcomponent
        One character each.
    declared
        MSH-2 as it stands.
    charset
        The name of Python's codec for the message: what its hexadecimal escapes are read in.
    """

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    declared: str = "^~\\&"
    charset: str = "utf-8"

    @classmethod
    def of(cls, header: str) -> Delimiters:
        """Read the delimiters of a header segment (HL7 v2.5.1, 2.5.4).

        Raises
        ------
        ItemError
            HLS-002.
        """
        mark = header[3:4]
        declared = header[4:].partition(mark)[0] if mark else ""
        found = mark + declared
        usable = all(one.isascii() and one.isprintable() and not one.isalnum() and one not in ' "' for one in found)
        if not 1 <= len(declared) <= 5 or not usable or len(set(found)) != len(found):
            raise ItemError("HLS-002")
        component, repetition, escape, subcomponent = list((declared[:4] + "\0" * 4)[:4])
        return cls(mark, component, repetition, escape, subcomponent, declared)

    def split(self, text: str, mark: str) -> list[str]:
        """Split at a delimiter; at none when the message declares none."""
        return [text] if mark == "\0" else text.split(mark)

    def pieces(self, text: str) -> list[tuple[Piece, str]]:
        """Read escapes: pieces of text, and for what is a mark between them the output that stands for it.

        Escapes of delimiters and of printable hexadecimal characters become text; formatting stays as it is; what is
        not known (other character sets, local escapes) is left out.
        """
        found: list[tuple[Piece, str]] = []
        meanings = dict(zip("FSTRE", self._five(), strict=True))
        parts = text.split(self.escape) if self.escape != "\0" else [text]
        at = 0
        while at < len(parts):
            found.extend(self._lines(parts[at]))
            at += 1
            if at >= len(parts) - 1:
                if at == len(parts) - 1:
                    found.append((Piece(self.escape), ""))
                    found.extend(self._lines(parts[at]))
                break
            body = parts[at]
            at += 1
            if body in meanings:
                found.append((Piece(meanings[body]), ""))
            elif _HEX.fullmatch(body):
                raw = bytes.fromhex(body[1:])
                # Bytes of one character may stand in an escape each.
                while at + 1 < len(parts) - 1 and not parts[at] and _HEX.fullmatch(parts[at + 1]):
                    raw += bytes.fromhex(parts[at + 1][1:])
                    at += 2
                found.extend(self._lines(_shown(raw, self.charset)))
            elif _FORMAT.fullmatch(body) or body in {"H", "N"}:
                seam = "\n" if body.startswith(_BREAK) else ""
                found.append((Piece(seam, seam=True), f"{self.escape}{body}{self.escape}"))
            elif body and (" " in body or len(body) > 12):
                # No escape at all, but a lone escape character in a text: it and what follows are text.
                found.append((Piece(self.escape), ""))
                at -= 1
            else:
                found.append((Piece("", seam=True), ""))
        return found

    def _five(self) -> tuple[str, str, str, str, str]:
        return self.field, self.component, self.subcomponent, self.repetition, self.escape

    def _lines(self, text: str) -> Iterator[tuple[Piece, str]]:
        for number, line in enumerate(text.split("\n")):
            if number:
                mark = f"{self.escape}.br{self.escape}" if self.escape != "\0" else " "
                yield Piece("\n", seam=True), mark
            yield Piece(line), ""

    def lowered(self, text: str) -> str:
        """Write the components of a value as subcomponents; only the first where the message has none."""
        parts = text.split(self.component)
        return parts[0] if self.subcomponent == "\0" else self.subcomponent.join(parts)

    def plain(self, text: str) -> str:
        """Return a value without its escapes and formatting."""
        return "".join(piece.text for piece, _ in self.pieces(text)) if self.escape in text else text

    def escaped(self, text: str) -> str:
        """Write a text so that none of it is read as a delimiter; without an escape character delimiters go."""
        return text.translate(self._escapes)

    @cached_property
    def _escapes(self) -> dict[int, str]:
        found = {ord("\r"): " ", ord("\n"): " "}
        for letter, mark in zip("FSTRE", self._five(), strict=True):
            if mark != "\0":
                found[ord(mark)] = f"{self.escape}{letter}{self.escape}" if self.escape != "\0" else ""
        return found


def _shown(raw: bytes, charset: str) -> str:
    """Return the text that bytes of an escape stand for: in the message's character set, else in Latin 1."""
    try:
        text = raw.decode(charset)
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    marks = (one if one.isprintable() and one.encode(charset, "ignore") else "\n" for one in text)
    return "".join(marks)


@dataclass(frozen=True)
class Segment:
    """One segment.

    Parameters
    ----------
    name
        Three characters.
    fields
        From field 1 on; for a header segment the first is the field separator and the second the encoding characters.
    """

    name: str
    fields: list[str] = field(repr=False)

    def value(self, number: int) -> str:
        """Return a field as it stands, empty where the segment ends before it."""
        return self.fields[number - 1] if number <= len(self.fields) else ""


@dataclass(frozen=True)
class Message:
    """A message, or one segment of a batch's envelope.

    Parameters
    ----------
    segments
        In their order.
    marks
        Its delimiters.
    charset
        The name of Python's codec.
    """

    segments: list[Segment] = field(repr=False)
    marks: Delimiters
    charset: str


def read_messages(stream: BinaryIO) -> Iterator[Message]:
    """Yield the messages of a file and the segments of its envelopes, one at a time.

    Raises
    ------
    ItemError
        HLS-001 to HLS-005, HLS-007, HLS-008.
    """
    end = _terminator(stream)
    marks: Delimiters | None = None
    held: list[bytes] = []
    for raw in _segments(stream, end):
        name = raw[:3].decode("ascii", "replace")
        if name == "MSH" or name in ENVELOPES:
            if held:
                yield _message(held, end)
                strides.at(stream)
                held = []
            if name in ENVELOPES:
                made = _envelope(raw, end, marks)
                marks = made.marks
                yield made
                continue
        elif not held:
            raise ItemError("HLS-001")
        held.append(raw)
    if held:
        yield _message(held, end)


def _terminator(stream: BinaryIO) -> bytes:
    """Return how the first segment ends."""
    stream.seek(0)
    head = stream.read(1 << 16)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b"\x0b\r\n \t")
    if start[:3].decode("ascii", "replace") not in HEADERS:
        raise ItemError("HLS-001")
    found = re.search(rb"\r\n|\r|\n", start)
    return found[0] if found is not None else b"\r"


def _segments(stream: BinaryIO, end: bytes) -> Iterator[bytes]:
    stream.seek(0)
    rest = stream.read(_MIB).removeprefix(codecs.BOM_UTF8)
    size = 0
    while True:
        *whole, rest = rest.split(end)
        for one in whole:
            segment = _unframed(one, end)
            size = len(segment) if segment.startswith(b"MSH") else size + len(segment)
            if size > LARGEST:
                raise ItemError("HLS-007", limit=LARGEST // _MIB)
            if segment:
                yield segment
        more = stream.read(_MIB)
        if len(rest) > LARGEST:
            raise ItemError("HLS-007", limit=LARGEST // _MIB)
        if not more:
            break
        rest += more
    last = _unframed(rest, end)
    if last:
        yield last


def _unframed(raw: bytes, end: bytes) -> bytes:
    """Take off the bytes of the Minimal Lower Layer Protocol, and the line feeds of a file that ends lines with CR."""
    if end == b"\r":
        raw = raw.lstrip(b"\n")
    return raw.lstrip(b"\x0b").rstrip(b"\x1c").strip(b" \t") if raw.strip(b" \t\x0b\x1c\r\n") else b""


def _decoded(raw: bytes, charset: str, end: bytes, marks: Delimiters) -> Segment:
    try:
        text = raw.decode(charset)
    except UnicodeDecodeError:
        raise ItemError("HLS-005") from None
    broken = "\r" in text or ("\n" in text and (end != b"\r" or re.search(r"\n[A-Z][A-Z0-9]{2}\W", text) is not None))
    if broken:
        raise ItemError("HLS-004")
    if _CONTROL.search(text):
        raise ItemError("HLS-008")
    name = text[:3]
    if _NAME.fullmatch(name) is None or text[3:4] not in {"", marks.field}:
        raise ItemError("HLS-003")
    fields = text[4:].split(marks.field) if len(text) > 3 else []
    return Segment(name, [marks.field, *fields] if name in HEADERS else fields)


def _header(raw: bytes) -> Delimiters:
    return Delimiters.of(raw[:16].decode("latin-1"))


def _message(raws: list[bytes], end: bytes) -> Message:
    marks = _header(raws[0])
    fields = raws[0].split(marks.field.encode("ascii"))
    declared = fields[17] if len(fields) > 17 else b""
    first = declared.split(marks.repetition.encode("ascii"))[0].decode("ascii", "replace").strip().upper()
    charset = _CHARSETS.get(first)
    if charset is None:
        raise ItemError("HLS-005")
    marks = replace(marks, charset=charset)
    return Message([_decoded(raw, charset, end, marks) for raw in raws], marks, charset)


def _envelope(raw: bytes, end: bytes, marks: Delimiters | None) -> Message:
    own = _header(raw) if raw[:3] in {b"FHS", b"BHS"} else marks or Delimiters()
    return Message([_decoded(raw, "utf-8", end, own)], own, "utf-8")
