"""Reading JSON strictly and writing it back: no member twice, no half characters, numbers as they were spelled.

What is not wholly well formed is refused, never repaired. It must never put any of the content into an error.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import Any, BinaryIO, Never

from curator.core import strides
from curator.core.errors import ItemError
from curator.scrub.text.jsonvalue import located
from curator.scrub.text.moves import Carried

#: Bytes of one line of ndjson, and of a file that is one resource.
LONGEST_LINE, LARGEST = 64 << 20, 128 << 20
DEEPEST = 64
LONGEST_NUMBER = 40
_MIB = 1 << 20
_BLANK = re.compile(r"[ \t\r\n]*")
#: Finds where an element ends; what it holds is not looked at.
_SCANNER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written, so that its digits survive."""

    text: str = field(repr=False)


def _number(text: str) -> Number:
    exponent = re.split("[eE]", text)[1:]
    if len(text) > LONGEST_NUMBER or (exponent and len(exponent[0].lstrip("+-")) > 2):
        raise ItemError("FHR-005", limit=LONGEST_NUMBER)
    return Number(text)


def _constant(_: str) -> Never:
    raise ItemError("FHR-002")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ItemError("FHR-003")
    return made


_DECODER = json.JSONDecoder(
    parse_float=_number, parse_int=_number, parse_constant=_constant, object_pairs_hook=_object, strict=True
)


def read_json(data: bytes) -> dict[str, Any]:
    """Read one JSON object.

    Raises
    ------
    ItemError
        FHR-001 for what is no UTF-8, FHR-002 for what is no JSON object or more than one, FHR-003 for a member named
        twice, FHR-004 for deep nesting, FHR-005 for an impossible number.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ItemError("FHR-001") from None
    try:
        found = _DECODER.decode(text)
    except ItemError as error:
        raise ItemError(error.code, **error.facts) from None
    except RecursionError:
        raise ItemError("FHR-004", limit=DEEPEST) from None
    except ValueError:
        raise ItemError("FHR-002") from None
    if not isinstance(found, dict):
        raise ItemError("FHR-002")
    _check(found, 0, halves=_HALF.search(text) is not None)
    return found


def _check(value: Any, depth: int, *, halves: bool) -> None:
    """Refuse deep nesting and, where the text may hold them, lone surrogates (RFC 8259, 8.2)."""
    if depth > DEEPEST:
        raise ItemError("FHR-004", limit=DEEPEST)
    if isinstance(value, dict):
        for key, inner in value.items():
            if halves:
                _check(key, depth, halves=True)
            _check(inner, depth + 1, halves=halves)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1, halves=halves)
    elif halves and isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise ItemError("FHR-001") from None


def dump(value: Any) -> str:
    """Write a value that :func:`read_json` read: no blanks, members in their order, numbers as they were spelled."""
    return dump_marked(value)[0]


def dump_marked(value: Any) -> tuple[str, list[tuple[int, Carried]]]:
    """Write a value as :func:`dump`; also return where the content of each string with a map begins, in code points."""
    out: list[str] = []
    marks: list[tuple[int, Carried]] = []
    _write(value, out, marks)
    return "".join(out), located(out, marks)


def _write(value: Any, out: list[str], marks: list[tuple[int, Carried]]) -> None:
    if isinstance(value, str):
        if isinstance(value, Carried):
            marks.append((len(out), value))
        out.append(encode_basestring(value))
    elif isinstance(value, dict):
        mark = "{"
        for key, inner in value.items():
            out.append(f"{mark}{encode_basestring(key)}:")
            _write(inner, out, marks)
            mark = ","
        out.append("}" if value else "{}")
    elif isinstance(value, list):
        mark = "["
        for inner in value:
            out.append(mark)
            _write(inner, out, marks)
            mark = ","
        out.append("]" if value else "[]")
    elif isinstance(value, Number):
        out.append(value.text)
    else:
        out.append({True: "true", False: "false", None: "null"}[value])


@dataclass(frozen=True)
class Source:
    """A FHIR file, opened.

    Parameters
    ----------
    lines
        True for several resources: they are written one a line, as ndjson.
    stream
        The file.
    listed
        True when the resources stand in one JSON array.
    """

    lines: bool
    stream: BinaryIO = field(repr=False)
    listed: bool = False

    @property
    def suffix(self) -> str:
        """The ending of the clean file."""
        return ".ndjson" if self.lines else ".json"

    def resources(self) -> Iterator[dict[str, Any]]:
        """Yield the resources of the file, one at a time. Errors as :func:`read_json`, and FHR-010 for the size."""
        return map(read_json, self.written())

    def written(self) -> Iterator[bytes]:
        """Yield the bytes of each resource of the file; FHR-010 for the size."""
        self.stream.seek(0)
        if self.listed or not self.lines:
            data = self.stream.read(LARGEST + 1)
            if len(data) > LARGEST:
                raise ItemError("FHR-010", limit=LARGEST // _MIB)
            data = data.removeprefix(codecs.BOM_UTF8)
            yield from _elements(data) if self.listed else (data,)
            return
        for line in _lines(self.stream):
            yield line
            strides.at(self.stream)


def _elements(data: bytes) -> Iterator[bytes]:
    """Yield the bytes of each element of a JSON array, as they are written; each is read strictly by itself later."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ItemError("FHR-001") from None
    at, end = text.index("[") + 1, len(text.rstrip())
    while True:
        at = _behind_blanks(text, at)
        try:
            _, behind = _SCANNER.raw_decode(text, at)
        except RecursionError:
            raise ItemError("FHR-004", limit=DEEPEST) from None
        except ValueError:
            raise ItemError("FHR-002") from None
        yield text[at:behind].encode("utf-8")
        strides.part(behind, end)
        at = _behind_blanks(text, behind)
        mark = text[at : at + 1]
        if mark == "]" and at + 1 == end:
            return
        if mark != ",":
            raise ItemError("FHR-002")
        at += 1


def _behind_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return at if found is None else found.end()


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    first = True
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise ItemError("FHR-010", limit=LONGEST_LINE // _MIB)
        if first:
            line, first = line.removeprefix(codecs.BOM_UTF8), False
        if line.strip():
            yield line


def opened(stream: BinaryIO) -> Source:
    """Tell ndjson and an array from one resource: ndjson's first line is a whole object, and another line follows.

    Raises
    ------
    ItemError
        FHR-009 for XML, FHR-002 for an empty file.
    """
    stream.seek(0)
    head = stream.read(64).removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith(b"<"):
        raise ItemError("FHR-009")
    if not head:
        raise ItemError("FHR-002")
    if head.startswith(b"["):
        return Source(lines=True, stream=stream, listed=True)
    stream.seek(0)
    several = _lines_follow(stream)
    return Source(several, stream)


def _lines_follow(stream: BinaryIO) -> bool:
    line = b""
    while not line.strip():
        line = stream.readline(LONGEST_LINE + 1)
        if not line:
            raise ItemError("FHR-002")
        line = line.removeprefix(codecs.BOM_UTF8)
    if len(line) > LONGEST_LINE or not line.endswith(b"\n"):
        return False
    text = line.strip()
    if not (text.startswith(b"{") and text.endswith(b"}")):
        return False
    try:
        read_json(text)
    except ItemError:
        return False
    while more := stream.readline(_MIB):
        if more.strip():
            return True
    return False
