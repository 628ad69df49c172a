"""Microscopy Bulk Simple Annotations (PS3.3 A.87, C.37.1): many points and outlines on one slide.

One label is one annotation of a group, and one measured value of one annotation. Coordinates in the plane count from
the outer corner of the first pixel of the total pixel matrix, or of a frame; those in the slide's own millimetres are
refused, for no label is drawn there. Numbers of 32 bits stand as the shortest digits that read back alike.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import CuratorError, ItemError, UsageError
from curator.formats.dicom.read import guarded
from curator.formats.volume.model import digits
from curator.labels.geometry import check_line, check_points, check_ring
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.readers import dicom_file as dicom
from curator.labels.readers.sr_content import ellipse_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

ANN = "1.2.840.10008.5.1.4.1.1.91.1"
_WORDS = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "ContentLabel", "ContentDescription",
          "ContentDate", "ContentTime", "TimezoneOffsetFromUTC", "AnnotationCoordinateType",
          "PixelOriginInterpretation")  # fmt: skip
_GROUP_WORDS = ("AnnotationGroupNumber", "AnnotationGroupUID", "AnnotationGroupLabel", "AnnotationGroupDescription",
                "AnnotationGroupGenerationType", "GraphicType", "CommonZCoordinateValue")  # fmt: skip
#: Values an annotation of the graphics of fixed length has.
_FIXED = {"POINT": 2, "ELLIPSE": 8, "RECTANGLE": 8}


@dataclass(frozen=True)
class _Group:
    """What holds for the annotations of a group, and their numbers as they stand."""

    name: str
    graphic: str
    count: int
    starts: list[int]
    numbers: bytes
    single: bool
    common: dict[str, Any]
    kept: dict[str, Any]


class DicomAnn:
    """Reads Microscopy Bulk Simple Annotations."""

    name = "dicom-ann"
    title = "DICOM Microscopy Bulk Simple Annotations (ANN)"
    lacks = (
        Lack("author", "fill in Content Creator's Name (0070,0084) or Operators' Name when exporting", partly=True),
        Lack(
            "labeled-at",
            "fill in Timezone Offset From UTC (0008,0201); without it the content's time has no zone",
            partly=True,
        ),
        Lack("guideline", "the format has no place for it; name the guideline when importing"),
        Lack("confidence", "the format has no place for it; a probability comes in as a measurement"),
        Lack("review", "the format has no place for it"),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  (as the protocol has it)
        """Say whether a file's meta information names the SOP class."""
        return dicom.sop_class(head) == ANN

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label an annotation, then one a measured value, group by group."""
        with dicom.opened_object(path, frozenset({ANN}), "DICOM ANN") as found:
            if not found.structure.little:
                raise UsageError("IMP-041", what="big-endian numbers")
            try:
                with guarded():
                    common, kept = _about(found.dataset)
                    groups = dicom.sequence(found.dataset, "AnnotationGroupSequence")
            except ItemError as error:
                raise UsageError("IMP-003", reason=f"its description cannot be read, {error.code}") from None
            for at, item in enumerate(groups):
                try:
                    with guarded():
                        group = _group(item, common, kept)
                        measured = list(_measured(item, group.count))
                except ItemError as error:
                    raise UsageError("IMP-003", reason=f"a group cannot be read, {error.code}") from None
                for index in range(group.count):
                    place = f"AnnotationGroupSequence[{at}] annotation {index + 1}"
                    yield _made(group, place, f"ann-{at + 1}-{index + 1}", partial(_shape, group, index), {})
                for number, (index, value) in enumerate(measured):
                    place = f"AnnotationGroupSequence[{at}] measurement {number + 1}"
                    told = {"annotation": f"ann-{at + 1}-{index}"}
                    yield _made(group, place, f"ann-{at + 1}-m{number + 1}", value, told)


def _about(dataset: Dataset) -> tuple[dict[str, Any], dict[str, Any]]:
    zone = dicom.text(dataset, "TimezoneOffsetFromUTC")
    images = dicom.sequence(dataset, "ReferencedImageSequence")
    sample = Named("uid", dicom.text(images[0], "ReferencedSOPInstanceUID") if len(images) == 1 else "")
    frames = dicom.frames(images[0]) if len(images) == 1 else []
    if dicom.text(dataset, "AnnotationCoordinateType") != "2D" or (
        dicom.text(dataset, "PixelOriginInterpretation") == "FRAME" and len(frames) != 1
    ):
        sample = Named("uid", "")
    common = {
        "sample": sample,
        "part": {"frames": frames} if frames else None,
        "author": dicom.creator(dataset),
        "labeled_at": dicom.moment(dataset, "ContentDate", "ContentTime", zone),
        "tool": dicom.tool_of(dataset),
    }
    return common, {word: dicom.text(dataset, word) for word in _WORDS if dicom.text(dataset, word)}


def _group(item: Dataset, common: dict[str, Any], kept: dict[str, Any]) -> _Group:
    words: dict[str, Any] = {word: dicom.text(item, word) for word in _GROUP_WORDS if dicom.text(item, word)}
    for keyword in ("AnnotationPropertyCategoryCodeSequence", "AnnotationPropertyTypeCodeSequence"):
        words[keyword] = dicom.codes(item, keyword)
    algorithm = dicom.only(item, "AnnotationGroupAlgorithmIdentificationSequence")
    if algorithm is not None:
        words["algorithm"] = {word: dicom.text(algorithm, word) for word in ("AlgorithmName", "AlgorithmVersion")}
    count = dicom.whole(item, "NumberOfAnnotations")
    single = "PointCoordinatesData" in item
    numbers = item.get("PointCoordinatesData" if single else "DoublePointCoordinatesData")
    if count is None or count < 0 or not isinstance(numbers, bytes) or len(numbers) % (4 if single else 8):
        raise UsageError("IMP-003", reason="a group does not say how many annotations it has, or where")
    total = len(numbers) // (4 if single else 8)
    graphic = dicom.text(item, "GraphicType")
    starts = _starts(item, graphic, count, total)
    how = dicom.ORIGIN.get(dicom.text(item, "AnnotationGroupGenerationType"), "unknown")
    return _Group(
        name=dicom.text(item, "AnnotationGroupLabel"),
        graphic=graphic,
        count=count,
        starts=starts,
        numbers=numbers,
        single=single,
        common={**common, "origin": how},
        kept={**kept, "group": words},
    )


def _starts(item: Dataset, graphic: str, count: int, total: int) -> list[int]:
    """Return where the values of each annotation begin, and behind them the end, in values from 0."""
    fixed = _FIXED.get(graphic)
    if fixed is not None and fixed * count != total:
        raise UsageError("IMP-003", reason="a group does not have as many coordinates as its annotations need")
    if fixed is not None:
        starts = list(range(0, fixed * count + 1, fixed))
    else:
        raw = item.get("LongPrimitivePointIndexList")
        if not isinstance(raw, bytes) or len(raw) != 4 * count:
            raise UsageError("IMP-003", reason="a group does not say where its annotations begin")
        starts = [index - 1 for index in struct.unpack(f"<{count}I", raw)] + [total]
    if starts[0] != 0 or starts[-1] != total or any(a >= b for a, b in pairwise(starts)):
        raise UsageError("IMP-003", reason="a group does not have as many coordinates as its annotations need")
    return starts


def _values(group: _Group, index: int) -> list[Decimal]:
    width, letter = (4, "f") if group.single else (8, "d")
    first, last = group.starts[index], group.starts[index + 1]
    made = [digits(number, group.single) for number in
            struct.unpack_from(f"<{last - first}{letter}", group.numbers, first * width)]  # fmt: skip
    numbers = [number for number in made if isinstance(number, Decimal)]
    if len(numbers) != len(made) or len(made) % 2:
        raise ItemError("IMP-020")
    return numbers


def _shape(group: _Group, index: int) -> tuple[str, dict[str, Any]]:
    if not group.name:
        raise ItemError("IMP-023", what="a name")
    flat = _values(group, index)
    check_points(flat, None)
    name = group.name
    if group.graphic == "POINT":
        return "point", {"class": name, "point": flat}
    if group.graphic == "POLYLINE":
        check_line(flat, None)
        return "polyline", {"class": name, "line": flat}
    if group.graphic in ("POLYGON", "RECTANGLE"):
        check_ring(flat, None)
        return "polygon", {"class": name, "rings": [flat]}
    if group.graphic == "ELLIPSE":
        points = [flat[at : at + 2] for at in range(0, 8, 2)]
        return "ellipse", {"class": name, **ellipse_of(points)}
    raise ItemError("IMP-022", what="an unknown graphic")


def _measured(item: Dataset, count: int) -> Iterator[tuple[int, Callable[[], tuple[str, dict[str, Any]]]]]:
    for measurement in dicom.sequence(item, "MeasurementsSequence"):
        concept = dicom.code(measurement, "ConceptNameCodeSequence") or {}
        unit = dicom.code(measurement, "MeasurementUnitsCodeSequence") or {}
        for values in dicom.sequence(measurement, "MeasurementValuesSequence"):
            raw, listed = values.get("FloatingPointValues"), values.get("AnnotationIndexList")
            if not isinstance(raw, bytes) or len(raw) % 4 or (listed is not None and len(listed) != len(raw)):
                raise UsageError("IMP-003", reason="measured values and their annotations do not fit")
            number = len(raw) // 4
            indexes = struct.unpack(f"<{number}I", listed) if listed is not None else range(1, number + 1)
            if number > count or any(not 1 <= index <= count for index in indexes):
                raise UsageError("IMP-003", reason="measured values and their annotations do not fit")
            for index, value in zip(indexes, struct.unpack(f"<{number}f", raw), strict=True):
                yield index, partial(_measurement, concept, unit, value)


def _measurement(concept: dict[str, str], unit: dict[str, str], value: float) -> tuple[str, dict[str, Any]]:
    amount = digits(value)
    if not isinstance(amount, Decimal):
        raise ItemError("IMP-020")
    if unit.get("system") != "UCUM" or not unit.get("code"):
        raise ItemError("IMP-043")
    what = concept.get("meaning") or concept.get("code")
    if not what:
        raise ItemError("IMP-023", what="a name of what was measured")
    return "measurement", {"what": what, "amount": amount, "unit": unit["code"]}


def _made(
    group: _Group, place: str, label_id: str, build: Callable[[], tuple[str, dict[str, Any]]], told: dict[str, Any]
) -> Item | Refused:
    try:
        if not group.common["sample"].name:
            raise ItemError("IMP-023", what="the one slide, or its frame, whose pixels it counts")
        kind, value = build()
    except CuratorError as error:
        if not isinstance(error, ItemError):
            raise
        return refused(place, error)
    return Item(place=place, label_id=label_id, kind=kind, value=value, kept={**group.kept, **told}, **group.common)
