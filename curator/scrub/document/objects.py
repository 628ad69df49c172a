"""Reading the objects of a hostile PDF: one strict reader, limits on everything, and no message of the library's.

Whatever the library raises becomes a code. It must never be asked to repair a file: what is broken is held back.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from curator.core.errors import ItemError

#: Limits: bytes of a file, pages, nodes of the page tree's depth, bytes of one decoded stream and of all that are read.
MOST_BYTES = 64 << 20
MOST_PAGES = 2_000
MOST_DEPTH = 40
MOST_STREAM = 4 << 20
MOST_DECODED = 32 << 20
_FILTERS = frozenset({"/FlateDecode", "/Fl", "/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx", "/LZWDecode", "/LZW"})
_FILTERS |= {"/RunLengthDecode", "/RL"}


#: Warnings under which nothing is repaired: an update's table of its own objects, white space, an odd file identifier.
_HARMLESS = (
    "Xref table not zero-indexed",
    "Superfluous whitespace found",
    "Ignoring non-string",
    "Ignoring malformed /ID",
)


class _Counter(logging.Handler):
    """Counts what the library warns of, and passes nothing of it on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record; its template alone is looked at, for its values may quote the file."""
        self.count += not str(record.msg).startswith(_HARMLESS)


@contextmanager
def guarded() -> Iterator[None]:
    """Turn whatever the library raises or warns of into PDF-001, and keep it from logging.

    Raises
    ------
    ItemError
        Those raised within, as they are; PDF-003 when a limit of the library is reached; PDF-001 for anything else,
        also for a warning: the library warns where it repairs.
    """
    from pypdf.errors import LimitReachedError

    logger, counter = logging.getLogger("pypdf"), _Counter()
    before = (logger.propagate, logger.level, logger.disabled)
    logger.propagate, logger.disabled = False, False
    logger.setLevel(logging.WARNING)
    logger.addHandler(counter)
    try:
        yield
    except ItemError:
        raise
    except LimitReachedError:
        raise ItemError("PDF-003") from None
    except Exception:  # noqa: BLE001 - whatever the library raises may quote the file
        raise ItemError("PDF-001") from None
    finally:
        logger.removeHandler(counter)
        logger.propagate, logger.disabled = before[0], before[2]
        logger.setLevel(before[1])
    if counter.count:
        raise ItemError("PDF-001")


@dataclass
class Meter:
    """How many decoded bytes of a file may still be read: a small file unpacks to any size, and draws a form often."""

    left: int = MOST_DECODED

    def take(self, size: int) -> None:
        """Count bytes.

        Raises
        ------
        ItemError
            PDF-003 when there were too many.
        """
        self.left -= size
        if self.left < 0:
            raise ItemError("PDF-003")


def plain(value: Any) -> Any:
    """Return what an object refers to; null as None."""
    from pypdf.generic import NullObject

    found = value.get_object() if hasattr(value, "get_object") else value
    return None if isinstance(found, NullObject) else found


def dictionary(value: Any, *, missing: bool = False) -> dict[str, Any]:
    """Return a dictionary; an empty one for none where that is allowed.

    Raises
    ------
    ItemError
        PDF-001 when it is none.
    """
    found = plain(value)
    if found is None and missing:
        return {}
    if not isinstance(found, dict):
        raise ItemError("PDF-001")
    return found


def array(value: Any, *, missing: bool = False) -> list[Any]:
    """Return an array, as :func:`dictionary` does."""
    found = plain(value)
    if found is None and missing:
        return []
    if not isinstance(found, list):
        raise ItemError("PDF-001")
    return found


def number(value: Any, default: float) -> float:
    """Return a number, or a default for none.

    Raises
    ------
    ItemError
        PDF-001 for what is no number, or beyond all measure.
    """
    found = plain(value)
    if found is None:
        return default
    if isinstance(found, bool) or not isinstance(found, int | float) or not abs(float(found)) < 1e9:
        raise ItemError("PDF-001")
    return float(found)


def stream_bytes(value: Any, meter: Meter) -> bytes:
    """Return the decoded bytes of a stream, and count them.

    Raises
    ------
    ItemError
        PDF-001 when it is no stream or of a filter that is not taken, PDF-003 beyond a limit.
    """
    from pypdf.generic import StreamObject

    found = plain(value)
    if not isinstance(found, StreamObject):
        raise ItemError("PDF-001")
    filters = plain(found.get("/Filter"))
    names = [plain(one) for one in (filters if isinstance(filters, list) else [filters] if filters is not None else [])]
    if len(names) > 3 or any(name not in _FILTERS for name in names) or "/F" in found:
        raise ItemError("PDF-001")
    data = bytes(found.get_data())
    if len(data) > MOST_STREAM:
        raise ItemError("PDF-003")
    meter.take(len(data))
    return data


@dataclass(frozen=True)
class Page:
    """A page: its dictionary with what it inherits, and its visible box as (left, bottom, right, top) in points."""

    entries: dict[str, Any]
    box: tuple[float, float, float, float]
    rotation: int


@dataclass(frozen=True)
class Source:
    """An opened file: its pages, its catalog, whether the trailer names information about it."""

    pages: tuple[Page, ...]
    catalog: dict[str, Any]
    informed: bool


def opened(stream: BinaryIO) -> Source:
    """Open a PDF. Call it under :func:`guarded`.

    Raises
    ------
    ItemError
        PDF-001 when it is broken, PDF-002 when it is encrypted, PDF-003 beyond a limit.
    """
    import io

    from pypdf import PdfReader

    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ItemError("PDF-003")
    if not data.startswith(b"%PDF-"):
        raise ItemError("PDF-001")
    reader = PdfReader(io.BytesIO(data), strict=True)
    if reader.is_encrypted or "/Encrypt" in reader.trailer:
        raise ItemError("PDF-002")
    catalog = dictionary(reader.trailer.get("/Root"))
    pages = tuple(_pages(catalog.get("/Pages")))
    if not pages:
        raise ItemError("PDF-001")
    return Source(pages, catalog, plain(reader.trailer.get("/Info")) is not None)


_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")


def _pages(root: Any) -> Iterator[Page]:
    seen: set[tuple[int, int]] = set()
    count = 0
    waiting: list[tuple[Any, dict[str, Any], int]] = [(root, {}, 0)]
    while waiting:
        reference, given, depth = waiting.pop()
        key = (getattr(reference, "idnum", -1), getattr(reference, "generation", -1))
        if (key in seen and key[0] >= 0) or depth > MOST_DEPTH:
            raise ItemError("PDF-003")
        seen.add(key)
        node = dictionary(reference)
        inherited = given | {name: node[name] for name in _INHERITED if name in node}
        if plain(node.get("/Type")) == "/Pages" or "/Kids" in node:
            waiting.extend((kid, inherited, depth + 1) for kid in reversed(array(node.get("/Kids"))))
            if len(waiting) > 2 * MOST_PAGES:
                raise ItemError("PDF-003")
            continue
        count += 1
        if count > MOST_PAGES:
            raise ItemError("PDF-003")
        yield Page(dict(node) | inherited, _box(inherited), int(number(inherited.get("/Rotate"), 0)) % 360)


def _box(entries: dict[str, Any]) -> tuple[float, float, float, float]:
    media = _rectangle(entries.get("/MediaBox"))
    crop = _rectangle(entries["/CropBox"]) if "/CropBox" in entries else media
    box = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    if not (1 < box[2] - box[0] <= 14_400 and 1 < box[3] - box[1] <= 14_400):
        raise ItemError("PDF-001")
    return box


def _rectangle(value: Any) -> tuple[float, float, float, float]:
    sides = [number(one, 0.0) for one in array(value)]
    if len(sides) != 4:
        raise ItemError("PDF-001")
    return min(sides[0], sides[2]), min(sides[1], sides[3]), max(sides[0], sides[2]), max(sides[1], sides[3])
