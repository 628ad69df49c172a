"""Whether a label lies within its sample, and its coordinates in the sample's own pixels.

Sizes come from the clean file itself, never from the export. What cannot be compared is refused, not passed. A frame
of reference, a series or a study that an export states must be those of the sample.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError
from curator.labels.grids import Grid, of_slices
from curator.labels.values import number
from curator.labels.within import digests
from curator.project.series import KIND as SERIES

Matrix = tuple[Decimal, Decimal, Decimal, Decimal, Decimal, Decimal]
#: Row by row: x of the sample is a*x + b*y + c, y of the sample is d*x + e*y + f.
IDENTITY: Matrix = (Decimal(1), Decimal(0), Decimal(0), Decimal(0), Decimal(1), Decimal(0))
#: How far a coordinate may lie outside of its image, in pixels: what rounding to few digits does.
SLACK = Decimal("0.001")
#: Of patient space, in millimetres from its origin: larger than any room.
FARTHEST = 10_000
_PLACE = ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing")
_GROUPS = (
    ("PlanePositionSequence", "ImagePositionPatient"),
    ("PlaneOrientationSequence", "ImageOrientationPatient"),
    ("PixelMeasuresSequence", "PixelSpacing"),
)
_PLACES = Decimal("0.000001")
#: The largest text that is read to count its code points.
MAX_TEXT_FILE = 256 << 20
#: Images up to so many pixels a side may have shapes as small as one pixel.
LEAST_SIDE = 16
FLAT = frozenset({"box", "polygon", "polyline", "point", "ellipse", "keypoints", "mask", "track"})
SOLID = frozenset({"volume-mask", "box3d", "points3d"})
TEXT_KINDS = frozenset({"text", "cda", "fhir", "hl7", "csv", "json", "ndjson"})
#: Keywords under which readers keep what ties a label to its space, to the attribute of :class:`Facts`.
TIES = {
    "FrameOfReferenceUID": "frame_of_reference",
    "ReferencedFrameOfReferenceUID": "frame_of_reference",
    "ReferencedSeriesInstanceUID": "series",
    "ReferencedSeries": "series",
    "ReferencedStudyInstanceUID": "study",
}


@dataclass(frozen=True)
class Facts:
    """What a label can be compared with.

    Parameters
    ----------
    columns, rows, frames
        Of the image; 0 when the sample is none.
    frame_of_reference, series, study
        UIDs in the clean file, empty when it has none.
    length
        Unicode code points of a text, None when the sample is none.
    digests
        SHA-256 (hex) of the text in UTF-8, with and without the line breaks at its end: places in both are the same.
    """

    columns: int = 0
    rows: int = 0
    frames: int = 0
    frame_of_reference: str = ""
    series: str = ""
    study: str = ""
    length: int | None = None
    digests: frozenset[str] = frozenset()
    #: Whether the text has code points that are two units in UTF-16.
    paired: bool = False
    #: Where the voxels lie, for an even stack of slices; slices are counted along it.
    grid: Grid | None = None
    #: Frames a second of a recording, where it states one time for all of them.
    rate: Decimal | None = None


def read_facts(path: Path, kind: str) -> Facts:
    """Read the facts of a clean file.

    Parameters
    ----------
    path
        The clean file.
    kind
        As the journal has it: ``dicom``, ``text`` and so on.

    Raises
    ------
    ItemError
        IMP-066 when it cannot be read.
    """
    try:
        if kind == SERIES:
            return _series(path)
        return _dicom(path) if kind == "dicom" else _other(path, kind)
    except ItemError:
        raise
    except Exception:  # noqa: BLE001 - whatever a header does to its reader, nothing was compared
        raise ItemError("IMP-066") from None


def _dicom(path: Path) -> Facts:
    import pydicom

    tags = ["Rows", "Columns", "NumberOfFrames", "FrameOfReferenceUID", "SeriesInstanceUID", "StudyInstanceUID"]
    groups = ["SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence", "FrameTime", "CineRate"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=[*tags, *groups])
        rows, columns = int(header.get("Rows") or 0), int(header.get("Columns") or 0)
        # An absent number of frames is one (PS3.3 C.7.6.6 asks for it in multi-frame images alone).
        frames = int(header.get("NumberOfFrames") or 1) if rows and columns else 0
        space, series, study = (str(header.get(name) or "") for name in tags[3:])
        grid = _frames_grid(header, columns, rows) if frames > 1 else None
        rate = _rate(header) if frames > 1 else None
    return Facts(columns, rows, frames, space, series, study, grid=grid, rate=rate)


def _rate(header: Any) -> Decimal | None:
    """Return frames a second by Frame Time (0018,1063) in milliseconds, else by Cine Rate (0018,0040)."""
    try:
        time, count = (Decimal(str(header.get(name) or 0)) for name in ("FrameTime", "CineRate"))
    except ArithmeticError:
        return None  # what is no number states no rate
    found = 1000 / time if time > 0 else count
    return found if found.is_finite() and found > 0 else None


def _series(folder: Path) -> Facts:
    """Read a series of single slices: as large as all its slices, a stack if they are one."""
    import pydicom

    found: list[Facts] = []
    places = []
    for path in sorted(folder.glob("*.dcm")):
        facts = _dicom(path)
        if facts.frames != 1 or (found and replace(found[0], frames=1) != facts):
            return Facts(series=facts.series, study=facts.study)
        found.append(facts)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=list(_PLACE))
            place = tuple([float(one) for one in header.get(name) or ()] for name in _PLACE)
        places.append((place[0], place[1], place[2]))
    if not found:
        return Facts()
    whole = all(tuple(map(len, place)) == (3, 6, 2) for place in places)
    stack = of_slices(places, found[0].columns, found[0].rows) if whole else None
    return replace(found[0], frames=len(found), grid=None if stack is None else stack[0])


def _frames_grid(header: Any, columns: int, rows: int) -> Grid | None:
    """Return the grid of a multi-frame image whose frames are an even stack in its order (PS3.3 C.7.6.16)."""
    shared = (header.get("SharedFunctionalGroupsSequence") or [{}])[0]
    places = []
    for frame in header.get("PerFrameFunctionalGroupsSequence") or ():
        one = []
        for group, name in _GROUPS:
            items = frame.get(group) or shared.get(group)
            if not items or not items[0].get(name):
                return None
            one.append([float(number) for number in items[0].get(name)])
        if tuple(map(len, one)) != (3, 6, 2):
            return None
        places.append((one[0], one[1], one[2]))
    stack = of_slices(places, columns, rows)
    if stack is None or stack[1] not in (list(range(len(places))), list(range(len(places)))[::-1]):
        return None
    grid, order = stack
    if order == sorted(order):
        return grid
    origin, k = places[0][0], grid.axes[2]
    return Grid(grid.size, (origin[0], origin[1], origin[2]), (*grid.axes[:2], (-k[0], -k[1], -k[2])))


def _other(path: Path, kind: str) -> Facts:
    if kind not in TEXT_KINDS or path.stat().st_size > MAX_TEXT_FILE:
        return Facts()
    text = path.read_bytes().decode("utf-8")
    return Facts(length=len(text), digests=digests(text), paired=not text.isascii() and max(text) > "\uffff")


def check_ties(kept: dict[str, Any], facts: Facts, coder: Callable[[str], str]) -> None:
    """Compare what an export says of space, series and study with the sample.

    Parameters
    ----------
    kept
        What the reader kept of the label.
    facts
        Of its sample.
    coder
        From a UID as the export has it to the project's.

    Raises
    ------
    ItemError
        IMP-067 when they differ.
    """
    for keyword, name in TIES.items():
        stated = kept.get(keyword)
        several = stated if isinstance(stated, list) else [stated]
        uids = [one.strip() for one in several if isinstance(one, str) and one.strip()]
        if uids and getattr(facts, name) not in map(coder, uids):
            raise ItemError("IMP-067")


def check_fit(kind: str, value: Any, part: dict[str, Any] | None, facts: Facts) -> None:
    """Check that a label lies within its sample.

    Parameters
    ----------
    kind, value
        Of the form that :func:`curator.labels.values.check_value` takes, in the sample's own pixels.
    part
        The label's ``frames`` or ``slice``.
    facts
        Of its sample.

    Raises
    ------
    ItemError
        IMP-021 outside of the image or the text, IMP-064 for a mask of another size, IMP-065 for a frame or slice that
        the sample does not have, IMP-066 when the sample has nothing to compare with, IMP-078 for a shape within the
        first pixel.
    """
    if part is not None:
        numbers = part.get("frames") or [part.get("slice")]
        if any(type(one) is not int or not 1 <= one <= facts.frames for one in numbers):
            raise ItemError("IMP-065")
    if kind == "span":
        if facts.length is None:
            raise ItemError("IMP-066")
        if max(end for _, end in value.get("pieces") or [[value["start"], value["end"]]]) > facts.length:
            raise ItemError("IMP-021")
    elif kind in FLAT or kind in SOLID or (kind == "measurement" and "points" in value):
        if not facts.rows or not facts.columns:
            raise ItemError("IMP-066")
        _solid(kind, value, facts) if kind in SOLID else _flat(kind, value, facts)


def _solid(kind: str, value: Any, facts: Facts) -> None:
    size = [facts.columns, facts.rows, facts.frames]
    if kind == "volume-mask":
        if value["size"] != size:
            raise ItemError("IMP-064")
        return
    points = value["points"] if kind == "points3d" else _corners3d(value["box"])
    if "rotation" in value:
        # As of a turned shape in an image: its corners may lie outside, its middle and its long sides may not.
        low, high = points
        points = [[(a + b) / 2 for a, b in zip(low[:2], high[:2], strict=True)] + [end[2]] for end in (low, high)]
        for side in value["box"][3:5]:
            _within(side, facts.columns + facts.rows if value["space"] == "voxel" else FARTHEST)
    for point in points:
        for one, most in zip(point, size, strict=True):
            if value["space"] == "voxel":
                _within(one, most)
            elif abs(number(one)) > FARTHEST:
                raise ItemError("IMP-021")


def _corners3d(box: list[Any]) -> list[list[Any]]:
    low, extent = [number(one) for one in box[:3]], [number(one) for one in box[3:]]
    return [low, [one + more for one, more in zip(low, extent, strict=True)]]


def _within(one: Any, most: int) -> None:
    if not -SLACK <= number(one) <= most + SLACK:
        raise ItemError("IMP-021")


def _flat(kind: str, value: Any, facts: Facts) -> None:
    if kind == "mask":
        if value["size"] != [facts.rows, facts.columns]:
            raise ItemError("IMP-064")
        return
    if kind == "track":
        for one in value["frames"]:
            if one["frame"] > facts.frames:
                raise ItemError("IMP-065")
            if one["kind"] in FLAT:
                _flat(one["kind"], one["value"], facts)
        return
    if "rotation" in value:
        # Corners of a turned shape may lie outside; a side longer than any way through the image may not.
        for one in value["radii"] if kind == "ellipse" else value["box"][2:]:
            _within(one, facts.columns + facts.rows)
    points = [(number(x), number(y)) for x, y in flat_points(kind, value)]
    for along, most in zip(zip(*points, strict=True), (facts.columns, facts.rows), strict=False):
        if min(along) < -SLACK or max(along) > most + SLACK:
            raise ItemError("IMP-021")
    if min(facts.columns, facts.rows) > LEAST_SIDE and _fractions(kind, value, points):
        raise ItemError("IMP-078")


def _fractions(kind: str, value: Any, points: list[tuple[Decimal, Decimal]]) -> bool:
    """Say whether a shape lies within the first pixel: such coordinates are fractions of the image, not pixels."""
    numbers = [one for point in points for one in point]
    if "rotation" in value:
        numbers += map(number, value["radii"] if kind == "ellipse" else value["box"][2:])
    if not numbers or max(numbers) > 1:
        return False
    # A single point at 0, 1 is a corner of the first pixel as well.
    return kind not in {"point", "keypoints"} or any(one != int(one) for one in numbers)


def flat_points(kind: str, value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the points (x, y) of a flat value that must lie within the image; none of a mask, a track, another kind."""
    if kind == "box":
        x, y, width, height = map(number, value["box"])
        if "rotation" in value:
            yield x + width / 2, y + height / 2
        else:
            yield from ((x, y), (x + width, y + height))
    elif kind == "ellipse":
        (x, y), (across, down) = map(number, value["center"]), map(number, value["radii"])
        yield from ((x, y),) if "rotation" in value else ((x - across, y - down), (x + across, y + down))
    elif kind == "polygon":
        for ring in value["rings"]:
            yield from _pairs(ring)
    elif kind == "polyline":
        yield from _pairs(value["line"])
    elif kind == "point":
        yield value["point"][0], value["point"][1]
    elif kind == "keypoints":
        yield from ((one["x"], one["y"]) for one in value["points"])
    elif kind == "measurement":
        yield from ((one[0], one[1]) for one in value.get("points", ()))


def _pairs(flat: list[Any]) -> Iterator[tuple[Any, Any]]:
    yield from zip(flat[::2], flat[1::2], strict=True)


def moved(kind: str, value: Any, matrix: Matrix, facts: Facts) -> Any:
    """Return a value in the sample's pixels, from those of a derived image.

    Numbers that arise are rounded to six places. A box or an ellipse stays one only if the axes stay axes; a mask is
    shifted by whole pixels into a frame of the sample's size.

    Raises
    ------
    ItemError
        IMP-069 for what cannot be brought over without becoming another shape.
    """
    if matrix == IDENTITY or kind not in FLAT | SOLID | {"measurement"}:
        return value
    if kind in SOLID or "whole" in value or (kind == "measurement" and "points" not in value):
        raise ItemError("IMP-069")
    if kind == "track":
        frames = [{**one, "value": moved(one["kind"], one["value"], matrix, facts)} for one in value["frames"]]
        return {**value, "frames": frames}
    to = partial(_to, matrix)
    match kind:
        case "polygon":
            return {**value, "rings": [_all(ring, to) for ring in value["rings"]]}
        case "polyline":
            return {**value, "line": _all(value["line"], to)}
        case "point":
            return {**value, "point": list(to(*value["point"]))}
        case "keypoints":
            points = [{**one, **dict(zip("xy", to(one["x"], one["y"]), strict=True))} for one in value["points"]]
            return {**value, "points": points}
        case "mask":
            return _shifted(value, matrix, facts)
        case "measurement":
            raise ItemError("IMP-069")  # its amount was measured in other pixels
    return _framed(kind, value, matrix)


def _to(matrix: Matrix, x: Any, y: Any) -> tuple[Decimal, Decimal]:
    a, b, c, d, e, f = matrix
    x, y = number(x), number(y)
    return _rounded(a * x + b * y + c), _rounded(d * x + e * y + f)


def _rounded(value: Decimal) -> Decimal:
    exact = value.quantize(_PLACES)
    return exact if value.as_tuple().exponent < -6 else value  # type: ignore[operator]


def _all(flat: list[Any], to: Callable[[Any, Any], tuple[Decimal, Decimal]]) -> list[Decimal]:
    return [one for x, y in _pairs(flat) for one in to(x, y)]


def _framed(kind: str, value: Any, matrix: Matrix) -> Any:
    a, b, _, d, e, _ = matrix
    straight, turned = not b and not d, not a and not e
    if not (straight or turned) or ("rotation" in value and not (straight and a == e and a > 0)):
        raise ItemError("IMP-069")
    if kind == "box":
        x, y, width, height = map(number, value["box"])
        one, two = _to(matrix, x, y), _to(matrix, x + width, y + height)
        low = [min(pair) for pair in zip(one, two, strict=True)]
        return {**value, "box": [*low, *(abs(m - n) for m, n in zip(one, two, strict=True))]}
    across, down = map(number, value["radii"])
    radii = (abs(a) * across, abs(e) * down) if straight else (abs(b) * down, abs(d) * across)
    return {**value, "center": list(_to(matrix, *value["center"])), "radii": [_rounded(one) for one in radii]}


def _shifted(value: Any, matrix: Matrix, facts: Facts) -> Any:
    """Put a mask into a frame of the sample's size (IMP-069 unless by whole pixels, IMP-021 for pixels outside)."""
    a, b, c, d, e, f = matrix
    if (
        (a, b, d, e) != (IDENTITY[0], IDENTITY[1], IDENTITY[3], IDENTITY[4])
        or c != int(c)
        or f != int(f)
        or not facts.rows
        or not facts.columns
    ):
        raise ItemError("IMP-069")
    columns, right, down = value["size"][1], int(c), int(f)
    stretches: list[list[int]] = []
    at = 0
    for index, run in enumerate(value["runs"]):
        if index % 2:
            _cut(stretches, at, at + run, columns)
        at += run
    runs: list[int] = []
    last = 0
    for row, start, end in stretches:
        if not (0 <= row + down < facts.rows and start + right >= 0 and end + right <= facts.columns):
            raise ItemError("IMP-021")
        first = (row + down) * facts.columns + start + right
        if runs and first == last:
            runs[-1] += end - start
        else:
            runs += [first - last, end - start]
        last = first + end - start
    return {**value, "size": [facts.rows, facts.columns], "runs": [*runs, facts.rows * facts.columns - last]}


def _cut(stretches: list[list[int]], start: int, end: int, columns: int) -> None:
    """Cut a stretch of pixels at the ends of rows, and add (row, first, behind the last)."""
    while start < end:
        row, first = divmod(start, columns)
        behind = min(columns, first + end - start)
        stretches.append([row, first, behind])
        start += behind - first
