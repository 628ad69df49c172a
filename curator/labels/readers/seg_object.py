"""What a DICOM Segmentation says of itself: its grid, its segments, and what its frames show (PS3.3 C.8.20)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from curator.core.errors import ItemError, UsageError
from curator.formats.dicom.read import guarded
from curator.labels.readers import dicom_file as dicom
from curator.labels.readers.seg_frames import Grid

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Spans = list[tuple[int, int]]


@dataclass(frozen=True)
class Segment:
    """One segment as described, and an error when its description cannot be used."""

    number: int
    label: str
    origin: str
    kept: dict[str, Any]


@dataclass(frozen=True)
class Seg:
    """What holds for every label of an object."""

    grid: Grid
    form: str
    maximum: int
    padding: int
    segments: dict[int, Segment]
    shared: Dataset | None
    frames: list[Dataset]
    lone: str | None
    tiled: tuple[int, int] | None
    full: bool
    common: dict[str, Any]
    kept: dict[str, Any] = field(repr=False)


def describe(dataset: Dataset, grid: Grid) -> Seg:
    """Return what holds for every label of an object (IMP-003 when it contradicts itself)."""
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
    segments: dict[int, Segment] = {}
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
    return Seg(
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
            "author": dicom.creator(dataset),
            "labeled_at": dicom.moment(dataset, "ContentDate", "ContentTime", zone),
            "tool": dicom.tool_of(dataset),
        },
        kept=_kept(dataset, series),
    )


def _kept(dataset: Dataset, series: list[Dataset]) -> dict[str, Any]:
    words = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "SegmentationType",
             "SegmentationFractionalType", "MaximumFractionalValue", "ContentLabel", "ContentDescription",
             "ContentCreatorName", "OperatorsName", "ContentDate", "ContentTime", "TimezoneOffsetFromUTC",
             "SegmentsOverlap")  # fmt: skip
    kept: dict[str, Any] = {word: dicom.text(dataset, word) for word in words if dicom.text(dataset, word)}
    creator = [dicom.code(item, "PersonIdentificationCodeSequence")
               for item in dicom.sequence(dataset, "ContentCreatorIdentificationCodeSequence")]  # fmt: skip
    if any(creator):
        kept["ContentCreatorIdentificationCodeSequence"] = [one for one in creator if one]
    kept["ReferencedSeries"] = [dicom.text(one, "SeriesInstanceUID") for one in series]
    return kept


def _segment(item: Dataset) -> Segment:
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
    return Segment(number, label, origin, kept)


def groups(seg: Seg, index: int, keyword: str) -> list[Dataset]:
    """Return a functional group of a frame, its own or the shared one (PS3.3 C.7.6.16)."""
    own = dicom.sequence(seg.frames[index], keyword) if index < len(seg.frames) else []
    return own or dicom.sequence(seg.shared, keyword)


def parts_of(seg: Seg, index: int, ends: list[int], values: list[Any]) -> dict[int, Spans]:
    """Return the spans of each segment that has a pixel on a frame."""
    parts: dict[int, Spans] = {}
    number = 0
    if seg.form != "LABELMAP" and any(values):
        number = number_of(seg, index)
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


def number_of(seg: Seg, index: int) -> int:
    """Return the number of the segment that a frame shows; -1 for a tile beyond the last segment."""
    if seg.full:
        assert seg.tiled is not None
        across = -(-seg.tiled[1] // seg.grid.columns) * -(-seg.tiled[0] // seg.grid.rows)
        ordered = list(seg.segments)
        return ordered[index // across] if index // across < len(ordered) else -1
    with guarded():
        group = next(iter(groups(seg, index, "SegmentIdentificationSequence")), None)
        number = dicom.whole(group, "ReferencedSegmentNumber")
    if number is None:
        raise UsageError("IMP-003", reason="a frame does not say which segment it shows")
    return number


def named(seg: Seg, number: int) -> Segment:
    """Return a segment by its number (IMP-026 for none, IMP-023 for one without a name)."""
    segment = seg.segments.get(number)
    if segment is None:
        raise ItemError("IMP-026", what="segment")
    if not segment.label:
        raise ItemError("IMP-023", what="a name")
    return segment
