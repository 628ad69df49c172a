"""Label Studio's shapes, brush masks and text offsets as the label model has them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from curator.core.errors import ItemError
from curator.labels.geometry import check_box, check_line, check_points, check_ring, derived, number, part_of
from curator.labels.readers.parts import pixels, record
from curator.labels.runs import joined, mask_size

_Size = tuple[int, int]
_QUARTERS = ((0, 1), (1, 0), (0, -1), (-1, 0))
_BLANK = re.compile(r"(\\n|\s)+")


def shape_of(
    result: dict[str, Any], value: dict[str, Any], known: tuple[int, int] | None
) -> tuple[str, dict[str, Any]] | None:
    """Return kind and value, without the class, of what a result draws; None when it draws nothing.

    ``known`` is the image's (width, height) where the result does not state it.

    Raises
    ------
    ItemError
        IMP-020, IMP-021, IMP-024, IMP-025 for a wrong shape; IMP-022 for a shape on a turned image or an image in place
        of run lengths; IMP-023 without the image's size.
    """
    if not any(key in value for key in ("x", "y", "points", "rle", "sequence", "radiusX", "imageDataURL", "vertices")):
        return None
    if "imageDataURL" in value or "vertices" in value:
        raise ItemError("IMP-022", what="a mask as an image, or a path of curves")
    if result.get("image_rotation") not in (None, 0):
        raise ItemError("IMP-022", what="a shape on a turned image")
    size = pixels(result.get("original_width"), result.get("original_height")) if "original_width" in result else known
    if size is None:
        raise ItemError("IMP-023", what="the image's size")
    if "sequence" in value:
        return "track", _track(value["sequence"], size)
    if "rle" in value:
        rows, columns = mask_size(size[1], size[0])
        return "mask", {"size": [rows, columns], "runs": brush(value["rle"], rows, columns)}
    if "points" in value:
        return _outline(value, size)
    x, y = part_of(value.get("x"), size[0]), part_of(value.get("y"), size[1])
    if "radiusX" in value or "radiusY" in value:
        across, down = part_of(value.get("radiusX"), size[0]), part_of(value.get("radiusY"), size[1])
        check_box([x - across, y - down, 2 * across, 2 * down], None)
        check_points([x, y], size)
        turn = number(value.get("rotation", 0))
        return "ellipse", {"center": [x, y], "radii": [across, down]} | ({"rotation": turn} if turn else {})
    if "height" in value:
        return "box", _box(value, size)
    check_points([x, y], size)
    return "point", {"point": [x, y]}


def _box(value: dict[str, Any], size: _Size) -> dict[str, Any]:
    """A rectangle in pixels; a turned one is moved from turning around its corner to turning around its center."""
    places = [(key, size[at % 2]) for at, key in enumerate(("x", "y", "width", "height"))]
    x, y, width, height = (part_of(value.get(key), extent) for key, extent in places)
    turn = number(value.get("rotation") if value.get("rotation") is not None else 0)
    if not turn:
        check_box([x, y, width, height], size)
        return {"box": [x, y, width, height]}
    check_box([x, y, width, height], None)
    sine, cosine = _turn(turn)
    center = (x + (width * cosine - height * sine) / 2, y + (width * sine + height * cosine) / 2)
    check_points(list(center), size)
    return {"box": [derived(center[0] - width / 2), derived(center[1] - height / 2), width, height], "rotation": turn}


def _turn(degrees: Decimal) -> tuple[Decimal, Decimal]:
    """Sine and cosine, exact for quarter turns; both are derived numbers, far finer than what is kept of them."""
    quarter, rest = divmod(degrees % 360, 90)
    if not rest:
        sine, cosine = _QUARTERS[int(quarter) % 4]
        return Decimal(sine), Decimal(cosine)
    angle = math.radians(float(degrees))
    return Decimal(math.sin(angle)), Decimal(math.cos(angle))


def _outline(value: dict[str, Any], size: _Size) -> tuple[str, dict[str, Any]]:
    points = value["points"]
    if not isinstance(points, list):
        raise ItemError("IMP-020")
    flat: list[Decimal] = []
    for point in points:
        if not isinstance(point, list) or len(point) != 2:
            raise ItemError("IMP-020")
        flat += [part_of(point[0], size[0]), part_of(point[1], size[1])]
    if value.get("closed") is False:
        check_line(flat, size)
        return "polyline", {"line": flat}
    check_ring(flat, size)
    return "polygon", {"rings": [flat]}


def _track(sequence: Any, size: _Size) -> dict[str, Any]:
    """The key frames of a box in a video; Label Studio counts frames from 1 and lists no frame in between."""
    if not isinstance(sequence, list) or not sequence:
        raise ItemError("IMP-023", what="its frames")
    frames = []
    last = 0
    for one in sequence:
        key = record(one)
        at = key.get("frame")
        if type(at) is not int or at <= last:
            raise ItemError("IMP-023", what="frames in their order")
        last = at
        frames.append({"frame": at, "kind": "box", "value": _box(key, size), "interpolated": False})
    return {"frames": frames}


class _Bits:
    """Numbers of some bits each, the highest bit first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def read(self, count: int) -> int:
        end = self._at + count
        if end > 8 * len(self._data):
            raise ItemError("IMP-024")
        part = self._data[self._at >> 3 : (end + 7) >> 3]
        self._at = end
        return (int.from_bytes(part, "big") >> (-end & 7)) & ((1 << count) - 1)


def brush(value: Any, rows: int, columns: int) -> list[int]:
    """Decode a brush mask: run lengths of RGBA bytes, in the packing of thi.ng's rle-pack.

    Bits, the highest first: 32 for the count of values, 5 for the bits of a value less 1, four times 4 for the bits of
    a length less 1. Then, until all values are there: 1 bit, whether one value repeats; 2 bits, which of the four
    lengths; the length less 1; and the value once or, when it does not repeat, as often as the length says.

    Returns
    -------
    list
        Run lengths by rows, zeros first: a pixel is set where its alpha, the fourth byte, is not 0.

    Raises
    ------
    ItemError
        IMP-024 when the values are no bytes, not four a pixel, or end too early; IMP-021 when no pixel is set.
    """
    if not isinstance(value, list) or not all(type(one) is int and 0 <= one < 256 for one in value):
        raise ItemError("IMP-024")
    bits = _Bits(bytes(value))
    total = bits.read(32)
    if total != 4 * rows * columns or bits.read(5) != 7:
        raise ItemError("IMP-024")
    lengths = [bits.read(4) + 1 for _ in range(4)]
    runs = joined(_alpha(bits, total, lengths), rows * columns)
    if len(runs) < 2:
        raise ItemError("IMP-021")
    return runs


def _alpha(bits: _Bits, total: int, lengths: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of pixels whose alpha is not 0; the alpha of pixel p is value 4 p + 3."""
    at = 0
    while at < total:
        repeats = bits.read(1)
        end = at + 1 + bits.read(lengths[bits.read(2)])
        if end > total:
            raise ItemError("IMP-024")
        if repeats:
            if bits.read(8) and at // 4 < end // 4:
                yield at // 4, end // 4
            at = end
        while at < end:
            if bits.read(8) and at % 4 == 3:
                yield at // 4, at // 4 + 1
            at += 1


def span_of(value: dict[str, Any], texts: list[str]) -> tuple[int, int]:
    """Return the offsets of a text label in code points.

    Parameters
    ----------
    value
        ``start`` and ``end``, and the quoted ``text``. The editor counts UTF-16 units; files that people write for it
        often count code points: the quote decides where the two differ.
    texts
        The texts that it may lie in; empty when the task has only the address of its text.

    Raises
    ------
    ItemError
        IMP-020 when the offsets are none, IMP-034 when no text has the quote there, or when nothing decides how the
        offsets were counted.
    """
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise ItemError("IMP-020")
    quote = value.get("text")
    if not texts:
        return start, end
    found = {
        span
        for whole in texts
        for span in _readings(whole, start, end)
        if not isinstance(quote, str) or _same(whole[span[0] : span[1]], quote)
    }
    if (start, end) in found and all(len(whole) == _units(whole) for whole in texts):
        return start, end
    if len(found) != 1:
        raise ItemError("IMP-034")
    return found.pop()


def _units(whole: str) -> int:
    return len(whole.encode("utf-16-le", "surrogatepass")) // 2


def _readings(whole: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span as code points, and as UTF-16 units turned into code points."""
    if end <= len(whole):
        yield start, end
    units = whole.encode("utf-16-le", "surrogatepass")
    if 2 * end <= len(units):
        try:
            yield len(units[: 2 * start].decode("utf-16-le")), len(units[: 2 * end].decode("utf-16-le"))
        except UnicodeDecodeError:
            return


def _same(piece: str, quote: str) -> bool:
    """Compare without white space, which the editor writes in several ways."""
    return _BLANK.sub("", piece) == _BLANK.sub("", quote)
