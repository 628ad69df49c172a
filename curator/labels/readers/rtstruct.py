"""Contours of RT Structure Set objects (PS3.3 A.19.3, C.8.8.5 to C.8.8.8), in patient space.

One label is one contour: its points as the file writes them, on the image that it names. A region of several contours,
also one with holes (CLOSED_PLANAR_XOR), stays several labels that share ROI number and class. An approved or rejected
structure set carries its review.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import CuratorError, ItemError, UsageError
from curator.formats.dicom.read import guarded
from curator.labels.item import Item, Lack, Named, Refused, Review, refused
from curator.labels.readers import dicom_file as dicom

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

RTSTRUCT = "1.2.840.10008.5.1.4.1.1.481.3"
#: Contour Geometric Type (Table C.8-42): closed or not.
_CLOSED = {
    "POINT": False,
    "OPEN_PLANAR": False,
    "OPEN_NONPLANAR": False,
    "CLOSED_PLANAR": True,
    "CLOSEDPLANAR_XOR": True,
}
_LEAST = {"POINT": 1, "OPEN_PLANAR": 2, "OPEN_NONPLANAR": 2, "CLOSED_PLANAR": 3, "CLOSEDPLANAR_XOR": 3}
_OUTCOME = {"APPROVED": "accepted", "REJECTED": "rejected"}
_ROI_WORDS = ("ROINumber", "ROIName", "ROIDescription", "ROIGenerationAlgorithm", "ROIGenerationDescription",
              "ReferencedFrameOfReferenceUID", "ROIVolume")  # fmt: skip
_SEEN_WORDS = ("ObservationNumber", "ROIObservationLabel", "ROIObservationDescription", "RTROIInterpretedType",
               "ROIInterpreter", "MaterialID")  # fmt: skip
_SET_WORDS = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "StructureSetLabel", "StructureSetName",
              "StructureSetDescription", "StructureSetDate", "StructureSetTime", "TimezoneOffsetFromUTC",
              "ApprovalStatus", "ReviewDate", "ReviewTime", "ReviewerName", "OperatorsName")  # fmt: skip


@dataclass(frozen=True)
class _Set:
    """What holds for every contour."""

    regions: dict[int, dict[str, Any]]
    observed: dict[int, list[dict[str, Any]]]
    series: dict[str, list[str]]
    common: dict[str, Any]
    operator: str | None
    kept: dict[str, Any]


class Rtstruct:
    """Reads RT Structure Sets."""

    name = "rtstruct"
    title = "DICOM RT Structure Set (RTSTRUCT)"
    lacks = (
        Lack(
            "author", "fill in ROI Interpreter (3006,00A6) or Operators' Name; many tools leave both empty", partly=True
        ),
        Lack(
            "labeled-at",
            "fill in Timezone Offset From UTC (0008,0201); without it the date and time have no zone",
            partly=True,
        ),
        Lack("guideline", "the format has no place for it; name the guideline when importing"),
        Lack("confidence", "the format has no place for it"),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  (as the protocol has it)
        """Say whether a file's meta information names the SOP class."""
        return dicom.sop_class(head) == RTSTRUCT

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a contour, in the file's order; a region without contours is refused."""
        with dicom.opened_object(path, frozenset({RTSTRUCT}), "DICOM RTSTRUCT") as found:
            try:
                with guarded():
                    whole = _describe(found.dataset)
                    regions = dicom.sequence(found.dataset, "ROIContourSequence")
            except ItemError as error:
                raise UsageError("IMP-003", reason=f"its description cannot be read, {error.code}") from None
            drawn: set[int] = set()
            for at, region in enumerate(regions):
                yield from _region(whole, region, at, drawn)
            for number in sorted(set(whole.regions) - drawn):
                yield Refused(f"StructureSetROISequence ROI {number}", "IMP-021")


def _region(whole: _Set, region: Dataset, at: int, drawn: set[int]) -> Iterator[Item | Refused]:
    with guarded():
        number = dicom.whole(region, "ReferencedROINumber")
        contours = dicom.sequence(region, "ContourSequence")
        color = dicom.text(region, "ROIDisplayColor")
    if contours and number is not None:
        drawn.add(number)
    for index, contour in enumerate(contours):
        place = f"ROIContourSequence[{at}].ContourSequence[{index}]"
        try:
            with guarded():
                item = _contour(whole, number, contour, place, f"rtstruct-{at + 1}-{index + 1}")
                if color:
                    item.kept["ROIDisplayColor"] = color
            yield item
        except CuratorError as error:
            if not isinstance(error, ItemError):
                raise
            yield refused(place, error)


def _describe(dataset: Dataset) -> _Set:
    regions: dict[int, dict[str, Any]] = {}
    for roi in dicom.sequence(dataset, "StructureSetROISequence"):
        number = dicom.whole(roi, "ROINumber")
        if number is None or number in regions:
            raise UsageError("IMP-003", reason="two of its regions have one number, or one has none")
        regions[number] = _words(roi, _ROI_WORDS)
    observed: dict[int, list[dict[str, Any]]] = {}
    for seen in dicom.sequence(dataset, "RTROIObservationsSequence"):
        words = _words(seen, _SEEN_WORDS)
        for keyword in ("RTROIIdentificationCodeSequence", "AnatomicRegionSequence",
                        "SegmentedPropertyCategoryCodeSequence", "TherapeuticRoleTypeCodeSequence"):  # fmt: skip
            found = dicom.codes(seen, keyword)
            if found:
                words[keyword] = found
        observed.setdefault(dicom.whole(seen, "ReferencedROINumber") or 0, []).append(words)
    series: dict[str, list[str]] = {}
    for frame in dicom.sequence(dataset, "ReferencedFrameOfReferenceSequence"):
        for study in dicom.sequence(frame, "RTReferencedStudySequence"):
            series.setdefault(dicom.text(frame, "FrameOfReferenceUID"), []).extend(
                dicom.text(one, "SeriesInstanceUID") for one in dicom.sequence(study, "RTReferencedSeriesSequence")
            )
    zone = dicom.text(dataset, "TimezoneOffsetFromUTC")
    status = dicom.text(dataset, "ApprovalStatus")
    reviews = ()
    if status and status != "UNAPPROVED":
        at = dicom.moment(dataset, "ReviewDate", "ReviewTime", zone)
        reviews = (Review(dicom.person(dataset, "ReviewerName"), at, _OUTCOME.get(status, "unknown")),)  # type: ignore[assignment]
    return _Set(
        regions=regions,
        observed=observed,
        series=series,
        common={
            "labeled_at": dicom.moment(dataset, "StructureSetDate", "StructureSetTime", zone),
            "tool": dicom.tool_of(dataset),
            "reviews": reviews,
        },
        operator=dicom.person(dataset, "OperatorsName"),
        kept=_words(dataset, _SET_WORDS),
    )


def _words(dataset: Dataset, keywords: tuple[str, ...]) -> dict[str, Any]:
    return {word: dicom.text(dataset, word) for word in keywords if dicom.text(dataset, word)}


def _contour(whole: _Set, number: int | None, contour: Dataset, place: str, label_id: str) -> Item:
    roi = whole.regions.get(-1 if number is None else number)
    if roi is None or number is None:
        raise ItemError("IMP-026", what="ROI")
    if not roi.get("ROIName"):
        raise ItemError("IMP-023", what="a name")
    kind = dicom.text(contour, "ContourGeometricType")
    if kind not in _CLOSED:
        raise ItemError("IMP-022", what="a contour of another geometric type")
    numbers = dicom.decimals(contour, "ContourData")
    stated = dicom.whole(contour, "NumberOfContourPoints")
    if len(numbers) % 3 or (stated is not None and stated * 3 != len(numbers)):
        raise ItemError("IMP-020")
    points = [numbers[at : at + 3] for at in range(0, len(numbers), 3)]
    if len({tuple(point) for point in points}) < _LEAST[kind]:
        raise ItemError("IMP-025") if _CLOSED[kind] else ItemError("IMP-021")
    seen = whole.observed.get(number, [])
    people = {dicom_name for one in seen if (dicom_name := one.get("ROIInterpreter", "").strip("^= "))}
    if len(people) > 1:
        raise ItemError("IMP-023", what="one author")
    sample, part = _image(whole, contour, roi.get("ReferencedFrameOfReferenceUID", ""))
    slab = {word: dicom.decimals(contour, word) for word in ("ContourSlabThickness", "ContourOffsetVector")}
    return Item(
        place=place,
        label_id=label_id,
        sample=sample,
        kind="points3d",
        value={"class": roi["ROIName"], "space": "patient", "points": points, "closed": _CLOSED[kind]},
        part=part,
        author=next(iter(people), whole.operator),
        origin=dicom.ORIGIN.get(roi.get("ROIGenerationAlgorithm", ""), "unknown"),
        kept={
            **whole.kept,
            "roi": roi,
            "observations": seen,
            "ContourGeometricType": kind,
            **{word: text for word in ("ContourNumber", "AttachedContours") if (text := dicom.text(contour, word))},
            **{word: found for word, found in slab.items() if found},
        },
        **whole.common,
    )


def _image(whole: _Set, contour: Dataset, frame: str) -> tuple[Named, dict[str, Any] | None]:
    """Return the one image of a contour, else the one series of its frame of reference."""
    images = dicom.sequence(contour, "ContourImageSequence")
    found = {dicom.text(image, "ReferencedSOPInstanceUID") for image in images}
    if len(images) == 1 and "" not in found:
        frames = dicom.frames(images[0])
        return Named("uid", found.pop()), {"frames": frames} if frames else None
    series = set(whole.series.get(frame, []))
    if len(series) != 1 or "" in series:
        raise ItemError("IMP-023", what="the image or the one series that it was drawn on")
    return Named("uid", series.pop()), None
