"""Segments of DICOM Segmentation and Label Map Segmentation objects (PS3.3 A.51, A.101, C.8.20).

One label is one segment on one frame of one image: a mask that names the image by its SOP Instance UID, and its frame.
A frame on which a segment has no pixel is no label; a segment without any pixel in the whole object is refused. Tiles
of a slide are put together: there one label is one segment on the whole matrix.

Of a fractional segmentation the pixels from half of the maximum on are the mask; unless it knows only nothing and all,
its fractions stand in ``kept`` as pairs of value and run length. What a program made is a model's opinion, what a
person made with a program's help is nobody's alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import CuratorError, ItemError, UsageError
from curator.formats.dicom.read import guarded
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.readers import dicom_file as dicom
from curator.labels.readers.seg_frames import Grid, grid_of, runs_of_frames
from curator.labels.runs import joined

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

SEG, LABELMAP = "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"
_SOURCE = "121322"  # DCM, "Source image for image processing operation" (PS3.16 CID 7202)
#: Stretches of pixels on tiles that are held in memory.
MOST_SPANS = 1 << 24
_Spans = list[tuple[int, int]]


@dataclass(frozen=True)
class _Segment:
    """One segment as described, and an error when its description cannot be used."""

    number: int
    label: str
    origin: str
    kept: dict[str, Any]


@dataclass(frozen=True)
class _Seg:
    """What holds for every label of an object."""

    grid: Grid
    form: str
    maximum: int
    padding: int
    segments: dict[int, _Segment]
    shared: Dataset | None
    frames: list[Dataset]
    lone: str | None
    tiled: tuple[int, int] | None
    full: bool
    common: dict[str, Any]
    kept: dict[str, Any] = field(repr=False)


class DicomSeg:
    """Reads DICOM SEG objects."""

    name = "dicom-seg"
    title = "DICOM Segmentation and Label Map Segmentation (SEG), binary, fractional and label map"
    lacks = (
        Lack("author", "fill in Content Creator's Name (0070,0084) when exporting; many tools leave it empty"),
        Lack("labeled-at", "fill in Timezone Offset From UTC (0008,0201); without it the content's time has no zone"),
        Lack("guideline", "the format has no place for it; name the guideline when importing"),
        Lack("confidence", "the format has no place for it"),
        Lack("review", "the format has no place for it"),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  (as the protocol has it)
        """Say whether a file's meta information names one of the two SOP classes."""
        return dicom.sop_class(head) in (SEG, LABELMAP)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a segment and frame, in the order of the frames; of tiles, one a segment."""
        with dicom.opened_object(path, frozenset({SEG, LABELMAP}), "DICOM SEG") as found:
            grid = grid_of(found)
            try:
                with guarded():
                    seg = _describe(found.dataset, grid)
            except ItemError as error:
                raise UsageError("IMP-003", reason=f"its description cannot be read, {error.code}") from None
            met: set[int] = set()
            labels = _tiles(found, seg) if seg.tiled else _masks(found, seg)
            for number, label in labels:
                met.add(number)
                yield label
            for number in sorted(set(seg.segments) - met - {seg.padding}):
                yield Refused(f"segment {number}", "IMP-021")


def _describe(dataset: Dataset, grid: Grid) -> _Seg:
    form = dicom.text(dataset, "SegmentationType")
    if (form, grid.kind) not in {("BINARY", "bit"), ("FRACTIONAL", "uint8"), ("LABELMAP", "uint8"),
                                 ("LABELMAP", "uint16")}:  # fmt: skip
        raise UsageError("IMP-003", reason="its type of segmentation and its pixels do not fit")
    maximum = dicom.whole(dataset, "MaximumFractionalValue") or 0
    if form == "FRACTIONAL" and not 1 <= maximum <= 255:
        raise UsageError("IMP-003", reason="it does not say what its largest fraction is")
    full = dicom.text(dataset, "DimensionOrganizationType") == "TILED_FULL"
    frames = dicom.sequence(dataset, "PerFrameFunctionalGroupsSequence")
    if not full and len(frames) != grid.frames:
        raise UsageError("IMP-003", reason="it does not describe each of its frames")
    segments: dict[int, _Segment] = {}
    for item in dicom.sequence(dataset, "SegmentSequence"):
        segment = _segment(item)
        if segment.number in segments:
            raise UsageError("IMP-003", reason="two of its segments have one number")
        segments[segment.number] = segment
    matrix = tuple(dicom.whole(dataset, f"TotalPixelMatrix{axis}") or 0 for axis in ("Rows", "Columns"))
    series = dicom.sequence(dataset, "ReferencedSeriesSequence")
    instances = [dicom.text(item, "ReferencedSOPInstanceUID") for one in series
                 for item in dicom.sequence(one, "ReferencedInstanceSequence")]  # fmt: skip
    zone = dicom.text(dataset, "TimezoneOffsetFromUTC")
    return _Seg(
        grid=grid,
        form=form,
        maximum=maximum,
        padding=(dicom.whole(dataset, "PixelPaddingValue") or 0) if form == "LABELMAP" else 0,
        segments=segments,
        shared=dicom.only(dataset, "SharedFunctionalGroupsSequence"),
        frames=frames,
        lone=instances[0] if len(set(instances)) == 1 else None,
        tiled=(matrix[0], matrix[1]) if all(matrix) else None,
        full=full,
        common={
            "author": dicom.person(dataset, "ContentCreatorName"),
            "labeled_at": dicom.moment(dataset, "ContentDate", "ContentTime", zone),
            "tool": dicom.tool_of(dataset),
        },
        kept=_kept(dataset, series),
    )


def _kept(dataset: Dataset, series: list[Dataset]) -> dict[str, Any]:
    words = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "SegmentationType",
             "SegmentationFractionalType", "MaximumFractionalValue", "ContentLabel", "ContentDescription",
             "ContentCreatorName", "ContentDate", "ContentTime", "TimezoneOffsetFromUTC",
             "SegmentsOverlap")  # fmt: skip
    kept: dict[str, Any] = {word: dicom.text(dataset, word) for word in words if dicom.text(dataset, word)}
    creator = [dicom.code(item, "PersonIdentificationCodeSequence")
               for item in dicom.sequence(dataset, "ContentCreatorIdentificationCodeSequence")]  # fmt: skip
    if any(creator):
        kept["ContentCreatorIdentificationCodeSequence"] = [one for one in creator if one]
    kept["ReferencedSeries"] = [dicom.text(one, "SeriesInstanceUID") for one in series]
    return kept


def _segment(item: Dataset) -> _Segment:
    number = dicom.whole(item, "SegmentNumber")
    if number is None or not 0 <= number < 1 << 16:
        raise UsageError("IMP-003", reason="a segment has no number")
    words = ("SegmentLabel", "SegmentDescription", "SegmentAlgorithmType", "SegmentAlgorithmName", "TrackingID",
             "TrackingUID")  # fmt: skip
    kept: dict[str, Any] = {word: dicom.text(item, word) for word in words if dicom.text(item, word)}
    for word in ("SegmentedPropertyCategoryCodeSequence", "SegmentedPropertyTypeCodeSequence", "AnatomicRegionSequence",
                 "PrimaryAnatomicStructureSequence"):  # fmt: skip
        found = dicom.codes(item, word)
        if found:
            kept[word] = found
    kind = dicom.only(item, "SegmentedPropertyTypeCodeSequence")
    for holder, word in ((kind, "SegmentedPropertyTypeModifierCodeSequence"),
                         (dicom.only(item, "AnatomicRegionSequence"), "AnatomicRegionModifierSequence")):  # fmt: skip
        found = dicom.codes(holder, word)
        if found:
            kept[word] = found
    algorithms = [
        {word: dicom.text(one, word) for word in ("AlgorithmName", "AlgorithmVersion", "AlgorithmSource")}
        | {"family": dicom.code(one, "AlgorithmFamilyCodeSequence")}
        for one in dicom.sequence(item, "SegmentationAlgorithmIdentificationSequence")
    ]
    if algorithms:
        kept["SegmentationAlgorithmIdentificationSequence"] = algorithms
    label = dicom.text(item, "SegmentLabel") or dicom.text(kind, "CodeMeaning")
    origin = dicom.ORIGIN.get(dicom.text(item, "SegmentAlgorithmType"), "unknown")
    return _Segment(number, label, origin, kept)


def _groups(seg: _Seg, index: int, keyword: str) -> list[Dataset]:
    """Return a functional group of a frame, its own or the shared one (PS3.3 C.7.6.16)."""
    own = dicom.sequence(seg.frames[index], keyword) if index < len(seg.frames) else []
    return own or dicom.sequence(seg.shared, keyword)


def _parts(seg: _Seg, index: int, ends: list[int], values: list[Any]) -> dict[int, _Spans]:
    """Return the spans of each segment that has a pixel on a frame."""
    parts: dict[int, _Spans] = {}
    number = 0
    if seg.form != "LABELMAP" and any(values):
        number = _number(seg, index)
    start = 0
    for end, value in zip(ends, values, strict=True):
        if seg.form == "LABELMAP":
            if value != seg.padding:
                parts.setdefault(value, []).append((start, end))
        elif value:
            parts.setdefault(number, [])
            if seg.form == "BINARY" or 2 * value >= seg.maximum:
                parts[number].append((start, end))
        start = end
    return parts


def _number(seg: _Seg, index: int) -> int:
    if seg.full:
        assert seg.tiled is not None
        across = -(-seg.tiled[1] // seg.grid.columns) * -(-seg.tiled[0] // seg.grid.rows)
        ordered = list(seg.segments)
        return ordered[index // across] if index // across < len(ordered) else -1
    with guarded():
        group = next(iter(_groups(seg, index, "SegmentIdentificationSequence")), None)
        number = dicom.whole(group, "ReferencedSegmentNumber")
    if number is None:
        raise UsageError("IMP-003", reason="a frame does not say which segment it shows")
    return number


def _of(seg: _Seg, number: int) -> _Segment:
    segment = seg.segments.get(number)
    if segment is None:
        raise ItemError("IMP-026", what="segment")
    if not segment.label:
        raise ItemError("IMP-023", what="a name")
    return segment


def _masks(found: dicom.Object, seg: _Seg) -> Iterator[tuple[int, Item | Refused]]:
    lone = _lone(seg)
    for index, (ends, values) in enumerate(runs_of_frames(found, seg.grid)):
        for number, spans in _parts(seg, index, ends, values).items():
            place = f"segment {number} frame {index + 1}"
            try:
                if seg.form == "FRACTIONAL" and max(values) > seg.maximum:
                    raise ItemError("IMP-024")
                with guarded():
                    image, frames, kept = _source(seg, index, lone)
                    item = _item(seg, number, spans, place, f"seg-{number}-{index + 1}", image)
                if seg.form == "FRACTIONAL" and any(value not in (0, seg.maximum) for value in values):
                    kept["fractions"] = _pairs(ends, values)
                yield number, _with(item, frames, kept)
            except CuratorError as error:
                if not isinstance(error, ItemError):
                    raise
                yield number, refused(place, error)


def _pairs(ends: list[int], values: list[Any]) -> list[list[int]]:
    pairs, start = [], 0
    for end, value in zip(ends, values, strict=True):
        pairs.append([value, end - start])
        start = end
    return pairs


def _lone(seg: _Seg) -> str | None:
    """Return the one image that the object as a whole refers to, when no segment has two frames to mix up on it."""
    if seg.lone is None or seg.grid.frames == 1 or seg.form == "LABELMAP":
        return seg.lone if seg.grid.frames == 1 else None
    numbers = [_number(seg, index) for index in range(seg.grid.frames)]
    return seg.lone if len(set(numbers)) == len(numbers) else None


def _source(seg: _Seg, index: int, lone: str | None) -> tuple[str, list[int], dict[str, Any]]:
    """Return the one image that a frame was drawn on, its frames, and what else is said of the place."""
    found: dict[str, list[int]] = {}
    for derivation in _groups(seg, index, "DerivationImageSequence"):
        for source in dicom.sequence(derivation, "SourceImageSequence"):
            purpose = dicom.code(source, "PurposeOfReferenceCodeSequence")
            if purpose is not None and purpose.get("code") != _SOURCE:
                continue
            if dicom.text(source, "SpatialLocationsPreserved") in ("NO", "REORIENTED_ONLY"):
                raise ItemError("IMP-044")
            uid = dicom.text(source, "ReferencedSOPInstanceUID")
            found.setdefault(uid, []).extend(dicom.frames(source))
    if not found and lone is not None:
        found = {lone: []}
    if len(found) != 1 or "" in found:
        raise ItemError("IMP-044")
    (uid, frames), *_ = found.items()
    if len(set(frames)) > 1:
        raise ItemError("IMP-044")
    kept: dict[str, Any] = {}
    for keyword, word in (("PlanePositionSequence", "ImagePositionPatient"),
                          ("PlaneOrientationSequence", "ImageOrientationPatient"),
                          ("PixelMeasuresSequence", "PixelSpacing")):  # fmt: skip
        numbers = dicom.decimals(next(iter(_groups(seg, index, keyword)), None), word)
        if numbers:
            kept[word] = numbers
    label = dicom.text(next(iter(_groups(seg, index, "FrameContentSequence")), None), "FrameLabel")
    if label:
        kept["FrameLabel"] = label
    return uid, sorted(set(frames)), kept


def _item(seg: _Seg, number: int, spans: _Spans, place: str, label_id: str, image: str) -> Item:
    segment = _of(seg, number)
    rows, columns = seg.tiled or (seg.grid.rows, seg.grid.columns)
    if not spans:
        raise ItemError("IMP-021")
    return Item(
        place=place,
        label_id=label_id,
        sample=Named("uid", image, (columns, rows)),
        kind="mask",
        value={"class": segment.label, "size": [rows, columns], "runs": joined(spans, rows * columns)},
        origin=segment.origin,
        kept={**seg.kept, "segment": segment.kept | {"SegmentNumber": number}},
        **seg.common,
    )


def _with(item: Item, frames: list[int], kept: dict[str, Any]) -> Item:
    from dataclasses import replace

    return replace(item, part={"frames": frames} if frames else None, kept={**item.kept, **kept})


def _tiles(found: dicom.Object, seg: _Seg) -> Iterator[tuple[int, Item | Refused]]:
    """Put the tiles of each segment together on the total pixel matrix (PS3.3 C.8.12.14)."""
    whole: dict[int, _Spans] = {}
    images: dict[int, set[str]] = {}
    mixed: set[int] = set()
    assert seg.tiled is not None
    rows, columns = seg.tiled
    for index, (ends, values) in enumerate(runs_of_frames(found, seg.grid)):
        parts = _parts(seg, index, ends, values)
        if not parts:
            continue
        if seg.form == "FRACTIONAL" and any(value not in (0, seg.maximum) for value in values):
            mixed |= parts.keys()
        top, left = _corner(seg, index)
        with guarded():
            image = _slide(seg, index)
        for number, spans in parts.items():
            images.setdefault(number, set()).add(image)
            whole.setdefault(number, []).extend(_placed(spans, seg.grid, top, left, rows, columns))
        if sum(map(len, whole.values())) > MOST_SPANS:
            raise UsageError("IMP-041", what="more stretches of pixels on tiles than can be held")
    for number, spans in sorted(whole.items()):
        place = f"segment {number}"
        try:
            if number in mixed:
                raise ItemError("IMP-022", what="fractions on tiles")
            if len(images[number]) != 1 or "" in images[number]:
                raise ItemError("IMP-044")
            item = _item(seg, number, _merged(spans), place, f"seg-{number}", next(iter(images[number])))
            yield number, item
        except ItemError as error:
            yield number, refused(place, error)


def _slide(seg: _Seg, index: int) -> str:
    """Return the slide that a tile was drawn on; "" when that is not one."""
    try:
        return _source(seg, index, seg.lone)[0]
    except ItemError:
        return ""


def _corner(seg: _Seg, index: int) -> tuple[int, int]:
    assert seg.tiled is not None
    if seg.full:
        across = -(-seg.tiled[1] // seg.grid.columns)
        down = -(-seg.tiled[0] // seg.grid.rows)
        place = index % (across * down)
        return place // across * seg.grid.rows, place % across * seg.grid.columns
    with guarded():
        group = next(iter(_groups(seg, index, "PlanePositionSlideSequence")), None)
        row, column = (dicom.whole(group, f"{axis}PositionInTotalImagePixelMatrix") for axis in ("Row", "Column"))
    if row is None or column is None or row < 1 or column < 1:
        raise UsageError("IMP-003", reason="a tile does not say where it lies")
    return row - 1, column - 1


def _placed(spans: _Spans, grid: Grid, top: int, left: int, rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Yield a tile's spans on the matrix; what hangs over its edge is padding."""
    for start, end in spans:
        for row in range(start // grid.columns, (end - 1) // grid.columns + 1):
            first = max(start, row * grid.columns) - row * grid.columns + left
            last = min(min(end, (row + 1) * grid.columns) - row * grid.columns + left, columns)
            if first < last and row + top < rows:
                yield (row + top) * columns + first, (row + top) * columns + last


def _merged(spans: _Spans) -> _Spans:
    made: _Spans = []
    for start, end in sorted(spans):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return made
