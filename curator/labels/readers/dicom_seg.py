"""Segments of DICOM Segmentation and Label Map Segmentation objects (PS3.3 A.51, A.101, C.8.20).

One label is one segment on one frame of one image: a mask that names the image by its SOP Instance UID, and its frame.
A frame on which a segment has no pixel is no label; a segment without any pixel in the whole object is refused. Tiles
of a slide are put together: there one label is one segment on the whole matrix. Frames that name no one image, but the
place where they lie, and an object that names one series, or one image of many frames, are put together too: there one
label is one segment in the volume, and :mod:`curator.labels.grids` finds the slice of each frame by its place.

Of a fractional segmentation the pixels from half of the maximum on are the mask; unless it knows only nothing and all,
its fractions stand in ``kept`` as pairs of value and run length. What a program made is a model's opinion, what a
person made with a program's help is nobody's alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from curator.core.errors import CuratorError, ItemError, UsageError
from curator.formats.dicom.read import guarded
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.readers import dicom_file as dicom
from curator.labels.readers.seg_frames import Grid, grid_of, runs_of_frames
from curator.labels.readers.seg_object import Seg, Spans, describe, groups, named, number_of, parts_of
from curator.labels.runs import joined

SEG, LABELMAP = "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"
_SOURCE = "121322"  # DCM, "Source image for image processing operation" (PS3.16 CID 7202)
#: Stretches of pixels on tiles that are held in memory.
MOST_SPANS = 1 << 24


@dataclass
class _ByPlace:
    """Frames that are found by where they lie: of each segment their planes, spans and fractions, in order."""

    frames: dict[int, list[tuple[dict[str, Any], Spans, list[list[int]] | None]]] = field(default_factory=dict)
    #: Segments of which a frame was refused: what is left of them is no mask of the volume.
    broken: dict[int, str] = field(default_factory=dict)
    spans: int = 0

    def add(self, number: int, plane: dict[str, Any], spans: Spans, fractions: list[list[int]] | None) -> None:
        self.frames.setdefault(number, []).append((plane, spans, fractions))
        self.spans += len(spans)
        if self.spans > MOST_SPANS:
            raise UsageError("IMP-041", what="more stretches of pixels on frames than can be held")


class DicomSeg:
    """Reads DICOM SEG objects."""

    name = "dicom-seg"
    title = "DICOM Segmentation and Label Map Segmentation (SEG), binary, fractional and label map"
    lacks = (
        Lack(
            "author",
            "fill in Content Creator's Name (0070,0084) or Operators' Name; many tools leave both empty",
            partly=True,
        ),
        Lack(
            "labeled-at",
            "fill in Timezone Offset From UTC (0008,0201); without it the content's time has no zone",
            partly=True,
        ),
        Lack("guideline", "the format has no place for it; name the guideline when importing"),
        Lack("confidence", "the format has no place for it"),
        Lack("review", "the format has no place for it"),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  (as the protocol has it)
        """Say whether a file's meta information names one of the two SOP classes."""
        return dicom.sop_class(head) in (SEG, LABELMAP)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a segment and frame, in the order of the frames; of tiles, one a segment."""
        return self._read(path, whole=False)

    def _read(self, path: Path, *, whole: bool) -> Iterator[Item | Refused]:
        with dicom.opened_object(path, frozenset({SEG, LABELMAP}), "DICOM SEG") as found:
            grid = grid_of(found)
            try:
                with guarded():
                    seg = describe(found.dataset, grid)
            except ItemError as error:
                raise UsageError("IMP-003", reason=f"its description cannot be read, {error.code}") from None
            met: set[int] = set()
            by_place = _ByPlace()
            labels = (
                _tiles(found, seg)
                if seg.tiled
                else chain(_masks(found, seg, by_place, whole=whole), _volumes(seg, by_place))
            )
            for number, label in labels:
                met.add(number)
                yield label
            for number in sorted(set(seg.segments) - met - {seg.padding}):
                yield Refused(f"segment {number}", "IMP-021")


class DicomSegVolume(DicomSeg):
    """Reads DICOM SEG objects as masks of volumes, whichever images their frames name."""

    name = "dicom-seg-volume"
    title = "DICOM Segmentation (SEG), each segment one mask of its series or image of many frames, by place"

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  (as the protocol has it)
        """Say no: the same files are taken image by image unless this reader is asked for."""
        return False

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a segment."""
        return self._read(path, whole=True)


def _masks(found: dicom.Object, seg: Seg, by_place: _ByPlace, *, whole: bool) -> Iterator[tuple[int, Item | Refused]]:
    volume = _volume_of(seg)
    sources = _sources(seg, whole=whole and volume is not None)
    if whole:
        gathered = set(seg.segments)
    else:
        # A segment of which one frame is found by place is found so as a whole: else its mask would lack slices.
        gathered = _found_by_place(seg, sources) if volume is not None else set()
    for index, (ends, values) in enumerate(runs_of_frames(found, seg.grid)):
        for number, spans in parts_of(seg, index, ends, values).items():
            place = f"segment {number} frame {index + 1}"
            try:
                if seg.form == "FRACTIONAL" and max(values) > seg.maximum:
                    raise ItemError("IMP-024")
                mixed = seg.form == "FRACTIONAL" and any(value not in (0, seg.maximum) for value in values)
                fractions = _pairs(ends, values) if mixed else None
                with guarded():
                    plane = _plane(seg, index)
                    kept = _kept_of(seg, index, plane)
                    if number in gathered:
                        if len(plane) < len(_PLANE) or volume is None:
                            raise ItemError("IMP-044")
                        by_place.add(number, kept, spans, fractions)
                        continue
                    source = sources[index]
                    if source is None:
                        raise ItemError("IMP-044")
                    item = _item(seg, number, spans, place, f"seg-{number}-{index + 1}", source[0])
                if fractions is not None:
                    kept["fractions"] = fractions
                yield number, _with(item, source[1], kept)
            except CuratorError as error:
                if not isinstance(error, ItemError):
                    raise
                if number in gathered:
                    by_place.broken.setdefault(number, error.code)
                yield number, refused(place, error)


_Source = tuple[str, list[int]]


def _sources(seg: Seg, *, whole: bool) -> list[_Source | None]:
    """Return the image of each frame, None where the frame does not name one."""
    lone = None if whole else _lone(seg)
    made: list[_Source | None] = []
    for index in range(seg.grid.frames):
        try:
            with guarded():
                made.append(_source(seg, index, lone))
        except ItemError:
            made.append(None)
    return made


def _found_by_place(seg: Seg, sources: list[_Source | None]) -> set[int]:
    """Return the segments of frames that name no image but lie somewhere; of a label map all of them."""
    made: set[int] = set()
    for index, source in enumerate(sources):
        try:
            with guarded():
                if source is None and len(_plane(seg, index)) == len(_PLANE):
                    made |= set(seg.segments) if seg.form == "LABELMAP" else {number_of(seg, index)}
        except (ItemError, UsageError):
            continue  # it is refused where its pixels are read
    return made


def _volume_of(seg: Seg) -> str | None:
    """Return what frames without an image of their own lie in: the one image of many frames, or the one series."""
    series = seg.kept["ReferencedSeries"]
    if len(set(series)) != 1 or not series[0]:
        return None
    return seg.lone or str(series[0])


def _volumes(seg: Seg, by_place: _ByPlace) -> Iterator[tuple[int, Item | Refused]]:
    """Yield one label a segment of frames that are found by their places."""
    volume = _volume_of(seg)
    for number, frames in sorted(by_place.frames.items()):
        place = f"segment {number}"
        try:
            if number in by_place.broken:
                raise ItemError(by_place.broken[number])
            segment = named(seg, number)
            pixels = seg.grid.pixels
            slices = {str(at): joined(spans, pixels) for at, (_, spans, _) in enumerate(frames, 1) if spans}
            if not slices or volume is None:
                raise ItemError("IMP-021")
            fractions = {str(at): found for at, (_, _, found) in enumerate(frames, 1) if found is not None}
            told = sorted({str(plane["FrameLabel"]) for plane, _, _ in frames if "FrameLabel" in plane})
            item = Item(
                place=place,
                label_id=f"seg-{number}",
                sample=Named("uid", volume, (seg.grid.columns, seg.grid.rows)),
                kind="volume-mask",
                value={
                    "class": segment.label,
                    "size": [seg.grid.columns, seg.grid.rows, len(frames)],
                    "voxels": sum(sum(runs[1::2]) for runs in slices.values()),
                    "slices": slices,
                },
                origin=segment.origin,
                kept={
                    **seg.kept,
                    "segment": segment.kept | {"SegmentNumber": number},
                    "geometry": {"planes": [{word: plane[word] for word in _PLANE} for plane, _, _ in frames]},
                    **({"FrameLabel": told} if told else {}),
                    **({"fractions": fractions} if fractions else {}),
                },
                **seg.common,
            )
            yield number, item
        except ItemError as error:
            yield number, refused(place, error)


def _pairs(ends: list[int], values: list[Any]) -> list[list[int]]:
    pairs, start = [], 0
    for end, value in zip(ends, values, strict=True):
        pairs.append([value, end - start])
        start = end
    return pairs


def _lone(seg: Seg) -> str | None:
    """Return the one image that the object as a whole refers to, when no segment has two frames to mix up on it."""
    if seg.lone is None or seg.grid.frames == 1 or seg.form == "LABELMAP":
        return seg.lone if seg.grid.frames == 1 else None
    numbers = [number_of(seg, index) for index in range(seg.grid.frames)]
    return seg.lone if len(set(numbers)) == len(numbers) else None


def _source(seg: Seg, index: int, lone: str | None) -> _Source:
    """Return the one image that a frame was drawn on, and its frames (IMP-044 when it names none, or several)."""
    found: dict[str, list[int]] = {}
    for derivation in groups(seg, index, "DerivationImageSequence"):
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
    return uid, sorted(set(frames))


_PLANE = {
    "ImagePositionPatient": "PlanePositionSequence",
    "ImageOrientationPatient": "PlaneOrientationSequence",
    "PixelSpacing": "PixelMeasuresSequence",
}


def _plane(seg: Seg, index: int) -> dict[str, Any]:
    """Return where a frame lies, as far as it says so: its position, orientation and spacing (PS3.3 C.7.6.16.2)."""
    made: dict[str, Any] = {}
    for word, keyword in _PLANE.items():
        numbers = dicom.decimals(next(iter(groups(seg, index, keyword)), None), word)
        if numbers:
            made[word] = numbers
    return made


def _kept_of(seg: Seg, index: int, plane: dict[str, Any]) -> dict[str, Any]:
    label = dicom.text(next(iter(groups(seg, index, "FrameContentSequence")), None), "FrameLabel")
    return plane | ({"FrameLabel": label} if label else {})


def _item(seg: Seg, number: int, spans: Spans, place: str, label_id: str, image: str) -> Item:
    segment = named(seg, number)
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


def _tiles(found: dicom.Object, seg: Seg) -> Iterator[tuple[int, Item | Refused]]:
    """Put the tiles of each segment together on the total pixel matrix (PS3.3 C.8.12.14)."""
    whole: dict[int, Spans] = {}
    images: dict[int, set[str]] = {}
    mixed: set[int] = set()
    assert seg.tiled is not None
    rows, columns = seg.tiled
    for index, (ends, values) in enumerate(runs_of_frames(found, seg.grid)):
        parts = parts_of(seg, index, ends, values)
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


def _slide(seg: Seg, index: int) -> str:
    """Return the slide that a tile was drawn on; "" when that is not one."""
    try:
        return _source(seg, index, seg.lone)[0]
    except ItemError:
        return ""


def _corner(seg: Seg, index: int) -> tuple[int, int]:
    assert seg.tiled is not None
    if seg.full:
        across = -(-seg.tiled[1] // seg.grid.columns)
        down = -(-seg.tiled[0] // seg.grid.rows)
        place = index % (across * down)
        return place // across * seg.grid.rows, place % across * seg.grid.columns
    with guarded():
        group = next(iter(groups(seg, index, "PlanePositionSlideSequence")), None)
        row, column = (dicom.whole(group, f"{axis}PositionInTotalImagePixelMatrix") for axis in ("Row", "Column"))
    if row is None or column is None or row < 1 or column < 1:
        raise UsageError("IMP-003", reason="a tile does not say where it lies")
    return row - 1, column - 1


def _placed(spans: Spans, grid: Grid, top: int, left: int, rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Yield a tile's spans on the matrix; what hangs over its edge is padding."""
    for start, end in spans:
        for row in range(start // grid.columns, (end - 1) // grid.columns + 1):
            first = max(start, row * grid.columns) - row * grid.columns + left
            last = min(min(end, (row + 1) * grid.columns) - row * grid.columns + left, columns)
            if first < last and row + top < rows:
                yield (row + top) * columns + first, (row + top) * columns + last


def _merged(spans: Spans) -> Spans:
    made: Spans = []
    for start, end in sorted(spans):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return made
