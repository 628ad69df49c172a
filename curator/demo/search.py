"""The demo's byte search: whether any planted identifier stands in what the program put out.

Shares no code with the scrubber and knows nothing of DICOM. It looks at file and folder names and at bytes, in several
encodings and spellings, and looks into what hides bytes: zlib and deflate streams, Parquet columns, base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from curator.demo.plants import Plant

_BASE64 = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")
#: Digests and UIDs that the program derives: long runs in which eight digits may look like a date by chance.
_DERIVED = re.compile(rb"(?<![0-9a-z])[0-9a-f]{64}(?![0-9a-z])|2\.25\.[0-9]{30,39}")
_DEFLATED_SYNTAX = b"1.2.840.10008.1.2.1.99"
_LARGEST_INFLATED = 64 << 20
DEEPEST = 4


@dataclass(frozen=True)
class Hit:
    """A planted identifier that stands in an output: which plant, and where."""

    plant: Plant
    where: str


def spellings(plant: Plant) -> set[str]:
    """Return the ways in which a plant may be spelled."""
    token = plant.token
    if plant.kind != "date":
        return {token, token.lower(), json.dumps(token)[1:-1]}
    year, month, day = token[:4], token[4:6], token[6:8]
    orders = [(year, month, day), (day, month, year), (month, day, year)]
    return {token, *(mark.join(order) for mark in "-./" for order in orders)}


@cache
def needles(plant: Plant) -> tuple[bytes, ...]:
    """Return the byte strings to look for, ASCII letters in lower case."""
    made: set[bytes] = set()
    for text in spellings(plant):
        for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
            try:
                made.add(text.encode(encoding).lower())
            except UnicodeEncodeError:
                continue
    return tuple(sorted(made))


def _inflated(data: bytes) -> Iterator[bytes]:
    """Yield what deflate streams in the data hold: zlib and gzip by their first bytes, DICOM's bare ones by trial."""
    starts = [(match.start(), 47) for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data)]
    if _DEFLATED_SYNTAX in data[:1024]:
        starts += [(at, -15) for at in range(132, min(len(data), 1200))]
    for at, bits in starts:
        try:
            out = zlib.decompressobj(bits).decompress(data[at:], _LARGEST_INFLATED)
        except zlib.error:
            continue
        if len(out) > 64:
            yield out


def _cells(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _cells(key)
            yield from _cells(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _cells(inner)
    elif value is not None:
        yield str(value).encode()


def _columns(data: bytes) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.ParquetFile(pa.BufferReader(data)).read()
    return b"\n".join(_cells([table.schema.to_string(), table.to_pylist()]))


def views(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """Yield the data and everything that hides in it."""
    yield data
    if depth == DEEPEST:
        return
    if data[:4] == b"PAR1":
        yield from views(_columns(data), depth + 1)
    for out in _inflated(data):
        yield from views(out, depth + 1)
    for match in _BASE64.finditer(data):
        run = match.group()
        try:
            out = base64.b64decode(run + b"=" * (-len(run) % 4))
        except binascii.Error:
            continue
        yield from views(out, depth + 1)


class Search:
    """A search for planted identifiers that looks at equal content once.

    Parameters
    ----------
    plants
        What to look for.
    """

    def __init__(self, plants: Iterable[Plant]) -> None:
        self.plants = tuple(plants)
        self.files = 0
        self.bytes = 0
        self.hits: list[Hit] = []
        self._seen: set[bytes] = set()

    def found(self) -> set[Plant]:
        """Return the plants that were found anywhere."""
        return {hit.plant for hit in self.hits}

    def content(self, data: bytes, where: str) -> None:
        """Search bytes."""
        digest = hashlib.sha256(data).digest()
        if digest in self._seen:
            return
        self._seen.add(digest)
        whole = b"\0".join(dict.fromkeys(views(data))).lower()
        undated = _DERIVED.sub(b"#", whole)
        for plant in self.plants:
            heap = undated if plant.kind == "date" else whole
            if any(needle in heap for needle in needles(plant)):
                self.hits.append(Hit(plant, where))

    def tree(self, folder: Path, where: str) -> None:
        """Search a folder: all names and all bytes, links' targets too."""
        names = bytearray()
        for base, folders, files in os.walk(folder):
            for name in (*folders, *files):
                names += os.fsencode(name) + b"\n"
                path = os.path.join(base, name)
                if os.path.islink(path):
                    names += os.fsencode(os.readlink(path)) + b"\n"
            for name in files:
                path = os.path.join(base, name)
                if os.path.isfile(path) and not os.path.islink(path):
                    data = Path(path).read_bytes()
                    self.files += 1
                    self.bytes += len(data)
                    self.content(data, where)
        self.content(bytes(names), f"{where} (names)")
