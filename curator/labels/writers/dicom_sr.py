"""DICOM structured reports by TID 1500 (PS3.16, "Measurement Report"), built with highdicom.

One report a study, reader, stage and origin; one measurement group a label, whose Tracking Identifier is the mark
of its record. Regions are SCOORD in pixels from the outer corner of the first (PS3.3 C.18.6.1.1); their numbers have 32
bits. The person observer is the reader's id. What TID 1500 has no coded place for is refused.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from curator.core.errors import CuratorError, ItemError
from curator.formats.volume.model import digits
from curator.labels.returned import MARK
from curator.labels.signed import Signed
from curator.labels.writers import dicom_made as dicom
from curator.labels.writers.protocol import Clean, Told, check_kind

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_Key = tuple[str, str, str, str]
_SHAPES = {"point": "POINT", "polyline": "POLYLINE", "polygon": "POLYLINE", "ellipse": "ELLIPSE"}
#: A decimal string has at most 16 characters (PS3.5 section 6.2).
_DECIMAL = 16
_PROCEDURE = ("363679005", "SCT", "Imaging procedure")


class DicomSr:
    """Writer of measurement reports."""

    name = "dicom-sr"
    title = "DICOM SR TID 1500: measurements, points, lines, polygons, ellipses, codes"
    kinds = (*_SHAPES, "measurement", "code")

    def write(self, labels: Sequence[Signed], clean: Clean, told: Told) -> None:
        """Write ``sr-<digest>.dcm``, one a study, reader, stage and origin."""
        dicom.highdicom("sr")
        groups: dict[_Key, list[tuple[Signed, Any]]] = {}
        headers: dict[_Key, dict[str, Dataset]] = {}
        for label in labels:
            try:
                check_kind(label, self)
                header = clean.header(label)
                frames = clean.facts(label).frames
                group, rounded = dicom.by_rules(partial(_group, label, header, frames, clean))
            except CuratorError as error:
                told.refuse(label, error)
                continue
            told.rounded += rounded
            key = (str(header.get("StudyInstanceUID") or label.path), label.author, label.said["stage"], label.origin)
            groups.setdefault(key, []).append((label, group))
            headers.setdefault(key, {})[label.path] = header
        for key in sorted(groups):
            _report(groups[key], list(headers[key].values()), told)


def _report(found: list[tuple[Signed, Any]], headers: list[Dataset], told: Told) -> None:
    labels = [label for label, _ in found]
    seed = hashlib.sha256("".join(sorted(one.leaf for one in labels)).encode()).hexdigest()
    try:
        made = dicom.by_rules(partial(_built, found, headers, seed))
        data = dicom.by_rules(partial(dicom.data_of, made))
    except ItemError as error:
        for label in labels:
            told.refuse(label, error)
        return
    name = f"sr-{seed[:24]}.dcm"
    told.put(name, data)
    for label in labels:
        told.wrote(label, name)


def _concept(one: tuple[str, str, str]) -> Any:
    return dicom.highdicom("sr").CodedConcept(*one)


def _built(found: list[tuple[Signed, Any]], headers: list[Dataset], seed: str) -> Dataset:
    sr = dicom.highdicom("sr")
    report = sr.MeasurementReport(
        observation_context=_context(found[0][0], seed),
        procedure_reported=_concept(_PROCEDURE),
        imaging_measurements=[group for _, group in found],
        referenced_images=headers,
    )
    given = {name: dicom.uid(seed, name) for name in ("series", "instance")}
    made: Dataset = sr.ComprehensiveSR(
        evidence=headers,
        content=report,
        series_instance_uid=given["series"],
        series_number=1,
        sop_instance_uid=given["instance"],
        instance_number=1,
        manufacturer=dicom.MANUFACTURER,
        is_complete=True,
    )
    tracked = frozenset(dicom.uid(label.leaf, "tracking") for label, _ in found)
    own = frozenset(given.values()) | tracked | {dicom.uid(seed, "device")}
    dicom.settle(made, seed, dicom.uids_of(headers) | own)
    return dicom.dated(made, (label.labeled_at for label, _ in found))


def _context(label: Signed, seed: str) -> Any:
    """Return who observed: the reader for what is a person's, a device for a model's, both where it is not stated."""
    sr = dicom.highdicom("sr")
    person = sr.ObserverContext(
        observer_type=_concept(("121006", "DCM", "Person")),
        observer_identifying_attributes=sr.PersonObserverIdentifyingAttributes(name=label.author),
    )
    device = sr.ObserverContext(
        observer_type=_concept(("121007", "DCM", "Device")),
        observer_identifying_attributes=sr.DeviceObserverIdentifyingAttributes(uid=dicom.uid(seed, "device")),
    )
    return sr.ObservationContext(
        observer_person_context=None if label.origin == "model" else person,
        observer_device_context=None if label.origin == "human" else device,
    )


def _group(label: Signed, header: Dataset, frames: int, clean: Clean) -> tuple[Any, bool]:
    """Return the measurement group of a label, and whether its numbers were rounded to 32 bits."""
    sr = dicom.highdicom("sr")
    value = label.value(clean.root)
    tracking = sr.TrackingIdentifier(uid=dicom.uid(label.leaf, "tracking"), identifier=MARK + label.leaf)
    numbers = _frames(label, frames)
    place = (str(header.SOPClassUID), str(header.SOPInstanceUID), numbers)
    rounded = False
    if label.kind in _SHAPES:
        clean.image(label)
        points = _points(label.kind, value)
        data, rounded = _single(points)
        made = sr.PlanarROIMeasurementsAndQualitativeEvaluations(
            tracking_identifier=tracking,
            referenced_region=sr.ImageRegion(_SHAPES[label.kind], data, sr.SourceImageForRegion(*place)),
            finding_type=dicom.coded(value["class"], clean.ontology),
        )
    else:
        images = [sr.SourceImageForMeasurementGroup(*place)]
        finding, measurements = None, None
        if label.kind == "code":
            finding = _code(value)
        else:
            measurement, rounded = _measurement(value, place, clean)
            measurements = [measurement]
        made = sr.MeasurementsAndQualitativeEvaluations(
            tracking_identifier=tracking, finding_type=finding, measurements=measurements, source_images=images
        )
    made[0].ObservationDateTime = _moment(label.labeled_at)
    return made, rounded


def _moment(text: str) -> str:
    return "".join(one for one in text[:19] if one.isdigit()) + "+0000"


def _frames(label: Signed, frames: int) -> list[int] | None:
    """Return the frames that a label means, None for all of an image of one frame."""
    part = label.part or {}
    found = part.get("frames") or ([part["slice"]] if "slice" in part else [])
    if frames > 1 and label.kind in _SHAPES and len(found) != 1:
        raise ItemError("EXP-006", what="a region that does not name its one frame")
    return list(found) if frames > 1 and found else None


def _points(kind: str, value: dict[str, Any]) -> list[tuple[Decimal, Decimal]]:
    if kind == "point":
        return _pairs(value["point"])
    if kind == "polyline":
        points = _pairs(value["line"])
        if len(points) > 3 and points[0] == points[-1]:
            raise ItemError("EXP-006", what="a line that ends where it begins, which would be an area")
        return points
    if kind == "polygon":
        if len(value["rings"]) != 1:
            raise ItemError("EXP-006", what="a polygon of several rings")
        points = _pairs(value["rings"][0])
        return [*points, points[0]]
    return _ellipse(value)


def _pairs(flat: list[Any]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(x), Decimal(y)) for x, y in zip(flat[0::2], flat[1::2], strict=True)]


def _ellipse(value: dict[str, Any]) -> list[tuple[Decimal, Decimal]]:
    """Return the ends of both axes, the longer one first (PS3.3 C.18.6.1.2)."""
    (x, y), (across, down) = ([Decimal(one) for one in value[name]] for name in ("center", "radii"))
    turn = math.radians(float(value.get("rotation", 0)))
    cosine, sine = Decimal(math.cos(turn)), Decimal(math.sin(turn))
    if not turn:
        cosine, sine = Decimal(1), Decimal(0)
    one = [(x - across * cosine, y - across * sine), (x + across * cosine, y + across * sine)]
    two = [(x + down * sine, y - down * cosine), (x - down * sine, y + down * cosine)]
    return [*one, *two] if across >= down else [*two, *one]


def _single(points: list[tuple[Decimal, Decimal]]) -> tuple[Any, bool]:
    """Return points as an array, and whether 32 bits cannot keep one digit for digit."""
    import numpy as np

    rounded = any(
        digits(struct.unpack("<f", struct.pack("<f", float(one)))[0]) != one for pair in points for one in pair
    )
    return np.array([[float(x), float(y)] for x, y in points], dtype=np.float64), rounded


def _code(value: dict[str, Any]) -> Any:
    code, meaning = value["code"], value.get("meaning")
    if len(code) > _DECIMAL or len(value["system"]) > _DECIMAL or meaning is None:
        raise ItemError("EXP-006", what="a code of more than 16 characters, or without its meaning")
    return dicom.highdicom("sr").CodedConcept(
        code, value["system"], dicom.line(meaning, "a code's meaning that is long")
    )


def _measurement(value: dict[str, Any], place: tuple[str, str, list[int] | None], clean: Clean) -> tuple[Any, bool]:
    sr = dicom.highdicom("sr")
    amount = format(Decimal(value["amount"]), "f")
    if len(amount) > _DECIMAL or len(value["unit"]) > _DECIMAL or not value["unit"].isascii():
        raise ItemError("EXP-006", what="an amount or a unit of more than 16 characters")
    coordinates, rounded = None, False
    if "points" in value:
        points = [(Decimal(x), Decimal(y)) for x, y in value["points"]]
        if len(points) > 1 and (len(points) > 3 and points[0] == points[-1]):
            raise ItemError("EXP-006", what="a line that ends where it begins, which would be an area")
        data, rounded = _single(points)
        graphic = "POINT" if len(points) == 1 else "POLYLINE"
        coordinates = [sr.CoordinatesForMeasurement(graphic, data, sr.SourceImageForRegion(*place))]
    made = sr.Measurement(
        name=dicom.coded(value["what"], clean.ontology),
        value=float(amount),
        unit=sr.CodedConcept(value["unit"], "UCUM", value["unit"]),
        referenced_coordinates=coordinates,
    )
    # The digits that were signed, not the nearest binary number's.
    measured = made[0].MeasuredValueSequence[0]
    measured.NumericValue = amount
    if "FloatingPointValue" in measured:
        del measured.FloatingPointValue
    return made, rounded
