"""Measurements, regions and findings of DICOM structured reports (PS3.16 TID 1500 and those it includes).

Labels are: each region drawn (SCOORD, SCOORD3D), each measurement (NUM), each coded or written evaluation of a group,
and the finding of a group that says nothing else. Reports of OHIF, cornerstone and dcmjs, where the region hangs below
the measurement, are read alike: what encloses an area there is a label of its own, lines and points are the points of
their measurement. Reports without the template are read by the same rules, container by container.

A label without an image of its own is about the one instance that the report refers to, else its one series, else its
study. The class is the group's finding, else its tracking identifier; a written answer's is ``question: answer``. The
question of a coded answer stands in ``kept``. Numbers of 32 bits stand as the shortest digits
that read back alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import CuratorError, ItemError, UsageError
from curator.formats.dicom.read import guarded
from curator.labels.item import Item, Lack, Named, Refused, Review, refused
from curator.labels.readers import dicom_file as dicom
from curator.labels.readers.sr_content import Content, flat_points, is_area, shape, tree

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

#: Basic Text, Enhanced, Comprehensive, Comprehensive 3D, Extensible SR (PS3.6 Table A-1).
CLASSES = frozenset(f"1.2.840.10008.5.1.4.1.1.88.{end}" for end in ("11", "22", "33", "34", "35"))
#: Letters of a position, so that ids stay short.
MOST_PLACE = 90
_SEG = frozenset({"1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"})
_IMAGE_LIBRARY = ("DCM", "111028")
_FINDING = ("DCM", "121071")
_TRACKING_ID, _TRACKING_UID = ("DCM", "112039"), ("DCM", "112040")
_OBSERVER_TYPE, _PERSON, _DEVICE_TYPE = ("DCM", "121005"), ("DCM", "121008"), "121007"
_DEVICES = frozenset({("DCM", "121012"), ("DCM", "121013")})
_ALGORITHM, _VERSION = ("DCM", "111001"), ("DCM", "111003")
_SOURCE_SERIES = ("DCM", "121232")
_COMMENTS = frozenset({("DCM", "121106"), _TRACKING_ID, _ALGORITHM, _VERSION})
_CONTEXT = frozenset({"HAS OBS CONTEXT", "HAS CONCEPT MOD", "HAS ACQ CONTEXT", "HAS PROPERTIES"})
_WORDS = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "SeriesDescription", "ContentDate", "ContentTime",
          "TimezoneOffsetFromUTC", "CompletionFlag", "VerificationFlag", "PreliminaryFlag")  # fmt: skip


@dataclass(frozen=True)
class _Around:
    """What holds for the labels below a container."""

    author: str | None = None
    origin: str = "unknown"
    when: str | None = None
    tool: tuple[str, str] | None = None
    zone: str = ""
    reviews: tuple[Review, ...] = ()
    sample: Named | None = None
    part: dict[str, Any] | None = None
    name: str = ""
    said: tuple[dict[str, Any], ...] = ()
    kept: dict[str, Any] = field(default_factory=dict)


class DicomSr:
    """Reads structured reports."""

    name = "dicom-sr"
    title = "DICOM SR measurement reports (TID 1500), those of OHIF, dcmjs and MD.ai among them"
    lacks = (
        Lack(
            "labeled-at",
            "fill in Timezone Offset From UTC (0008,0201); without it the content's time has no zone",
            partly=True,
        ),
        Lack("guideline", "the format has no place for it; name the guideline when importing"),
        Lack("confidence", "the format has no place for it; a probability comes in as a measurement"),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  (as the protocol has it)
        """Say whether a file's meta information names a report's SOP class."""
        return dicom.sop_class(head) in CLASSES

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a region, measurement and evaluation, in the order of the content tree."""
        with dicom.opened_object(path, CLASSES, "DICOM SR") as found:
            try:
                with guarded():
                    root = tree(found.dataset)
                    around = _report(found.dataset, root)
            except ItemError as error:
                raise UsageError("IMP-003", reason=f"its content cannot be read, {error.code}") from None
            yield from _container(root, around)


def _report(dataset: Dataset, root: Content) -> _Around:
    zone = dicom.text(dataset, "TimezoneOffsetFromUTC")
    reviews: tuple[Review, ...] = ()
    if dicom.text(dataset, "VerificationFlag") == "VERIFIED":
        reviews = tuple(
            Review(
                dicom.person(one, "VerifyingObserverName"),
                stamped(one, zone),
                "accepted",
            )
            for one in dicom.sequence(dataset, "VerifyingObserverSequence")
        )
    kept: dict[str, Any] = {word: dicom.text(dataset, word) for word in _WORDS if dicom.text(dataset, word)}
    kept["title"] = root.concept
    authors = [dicom.text(one, "PersonName") for one in dicom.sequence(dataset, "AuthorObserverSequence")]
    if any(authors):
        kept["AuthorObserverSequence"] = authors
    author = {name for one in dicom.sequence(dataset, "AuthorObserverSequence")
              if (name := dicom.person(one, "PersonName"))}  # fmt: skip
    return _Around(
        author=author.pop() if len(author) == 1 else None,
        when=dicom.moment(dataset, "ContentDate", "ContentTime", zone),
        tool=dicom.tool_of(dataset),
        zone=zone,
        reviews=reviews,
        sample=_evidence(dataset),
        kept=kept,
    )


def stamped(item: Dataset, zone: str) -> str | None:
    """Return when a report was verified."""
    return dicom.stamped(dicom.text(item, "VerificationDateTime"), zone)


def _evidence(dataset: Dataset) -> Named:
    """Return the one image, else the one series, else the study, that the report refers to; segmentations apart."""
    instances: set[str] = set()
    series: set[str] = set()
    studies: set[str] = set()
    for keyword in ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence"):
        for study in dicom.sequence(dataset, keyword):
            for one in dicom.sequence(study, "ReferencedSeriesSequence"):
                images = {
                    dicom.text(image, "ReferencedSOPInstanceUID")
                    for image in dicom.sequence(one, "ReferencedSOPSequence")
                    if dicom.text(image, "ReferencedSOPClassUID") not in _SEG
                }
                if images:
                    instances |= images
                    series.add(dicom.text(one, "SeriesInstanceUID"))
                    studies.add(dicom.text(study, "StudyInstanceUID"))
    for found in (instances, series, studies):
        if len(found) == 1 and "" not in found:
            return Named("uid", found.pop())
    return Named("uid", "" if studies else dicom.text(dataset, "StudyInstanceUID"))


def _container(item: Content, around: _Around) -> Iterator[Item | Refused]:
    if item.key == _IMAGE_LIBRARY:
        return
    below = _below(item, around)
    count = 0
    for child in item.children:
        if child.kind == "CONTAINER":
            for label in _container(child, below):
                count += 1
                yield label
        elif child.relation not in _CONTEXT and child.key not in _COMMENTS:
            for label in _labels(child, below):
                count += 1
                yield label
    for finding in _findings(item)[1 if count else 0 :]:
        yield _made(finding, below, partial(_code, finding))


def _findings(item: Content) -> list[Content]:
    return [child for child in item.children if child.kind == "CODE" and child.key == _FINDING and child.value]


def _below(item: Content, around: _Around) -> _Around:
    """Return what holds below a container: observers, algorithm, finding, images, and the rest as it stands."""
    context = [child for child in item.children if child.kind != "CONTAINER"]
    people = {child.value.strip("^= ") for child in context if child.key == _PERSON and isinstance(child.value, str)}
    named = {name for name in people if name.lower() not in ("", "unknown", "unknown^unknown", "anonymous")}
    devices = [child for child in context if child.key in _DEVICES] or [
        child for child in context
        if child.key == _OBSERVER_TYPE and isinstance(child.value, dict) and child.value.get("code") == _DEVICE_TYPE
    ]  # fmt: skip
    algorithm = next((child.value for child in context if child.key == _ALGORITHM), "")
    version = next((child.value for child in context if child.key == _VERSION), "")
    origin = around.origin
    if people or devices:
        origin = "unknown" if people and devices else "human" if people else "model"
    if algorithm:
        origin = "model"
    findings = _findings(item)
    tracking = next((child.value for child in context if child.key == _TRACKING_ID), "")
    name = str(findings[0].value.get("meaning") or findings[0].value.get("code", "")) if findings else tracking
    sample, part = _image(context) or (around.sample, around.part)
    told = tuple(child.told() for child in context
                 if child.relation in _CONTEXT or child.key in _COMMENTS or child.key == _FINDING
                 or child.kind in ("IMAGE", "COMPOSITE", "UIDREF"))  # fmt: skip
    return replace(
        around,
        author=(named.pop() if len(named) == 1 else None) if people else around.author,
        origin=origin,
        when=dicom.stamped(dicom.text(item.dataset, "ObservationDateTime"), around.zone) or around.when,
        tool=(algorithm, str(version)) if algorithm else around.tool,
        sample=sample,
        part=part,
        name=name or around.name,
        said=around.said + told,
    )


def _image(items: list[Content]) -> tuple[Named, dict[str, Any] | None] | None:
    """Return the one image, or the one source series, that some content items name; None when there is none."""
    found: dict[str, list[int]] = {}
    for item in items:
        for one in item.value if item.kind == "IMAGE" else []:
            if one.get("ReferencedSOPClassUID") not in _SEG:
                try:
                    frames = dicom.frames(one.get("ReferencedFrameNumber", ""))
                except ItemError:
                    return Named("uid", ""), None  # refused with each label that it would stand for
                found.setdefault(one.get("ReferencedSOPInstanceUID", ""), []).extend(frames)
    series = {item.value for item in items if item.key == _SOURCE_SERIES and item.kind == "UIDREF"}
    if len(found) == 1 and "" not in found:
        (uid, frames), *_ = found.items()
        return Named("uid", uid), {"frames": sorted(set(frames))} if frames else None
    if not found and len(series) == 1:
        return Named("uid", series.pop()), None
    return (Named("uid", ""), None) if found or series else None


def _labels(item: Content, around: _Around) -> Iterator[Item | Refused]:
    if item.kind in ("SCOORD", "SCOORD3D"):
        yield _made(item, _at(item, around), partial(_region, item, around))
    elif item.kind == "NUM":
        below = _below(item, replace(around, name=around.name))
        drawn = [child for child in item.all() if child.kind in ("SCOORD", "SCOORD3D")]
        first = _at(drawn[0], below) if drawn else below
        yield _made(item, first, partial(_number, item, drawn))
        for child in drawn:
            yield from _nested(child, _at(child, below))
    elif item.kind == "CODE" and item.key != _FINDING and item.value:
        yield _made(item, _at(item, around), partial(_code, item))
    elif item.kind == "TEXT" and item.value:
        yield _made(item, _at(item, around), partial(_answer, item))


def _nested(item: Content, around: _Around) -> Iterator[Item | Refused]:
    """Yield the region below a measurement, unless it is the line or the points that were measured."""
    try:
        with guarded():
            area = item.kind == "SCOORD3D" or is_area(item)
    except CuratorError:
        area = True  # what cannot be read is refused as a label
    if area:
        yield _made(item, around, partial(_region, item, around))


def _at(item: Content, around: _Around) -> _Around:
    """Return what holds for one item: its own image and time before those of its group."""
    found = _image(item.children)
    when = dicom.stamped(dicom.text(item.dataset, "ObservationDateTime"), around.zone)
    around = replace(around, when=when or around.when)
    return around if found is None else replace(around, sample=found[0], part=found[1])


def _region(item: Content, around: _Around) -> tuple[str, dict[str, Any]]:
    if not around.name:
        raise ItemError("IMP-023", what="a finding")
    return shape(item, around.name)


def _number(item: Content, drawn: list[Content]) -> tuple[str, dict[str, Any]]:
    unit = item.value["unit"] or {}
    amounts = dicom.decimals(dicom.only(item.dataset, "MeasuredValueSequence"), "NumericValue")
    if len(amounts) != 1:
        raise ItemError("IMP-023", what="one measured value")
    if unit.get("system") != "UCUM" or not unit.get("code"):
        raise ItemError("IMP-043")
    what = item.concept.get("meaning") or item.concept.get("code")
    if not what:
        raise ItemError("IMP-023", what="a name of what was measured")
    value: dict[str, Any] = {"what": what, "amount": amounts[0], "unit": unit["code"]}
    points = [point for one in drawn if one.kind == "SCOORD" and not is_area(one) for point in flat_points(one)]
    if points:
        value["points"] = points
    return "measurement", value


def _answer(item: Content) -> tuple[str, dict[str, Any]]:
    question = item.concept.get("meaning") or item.concept.get("code")
    return "class", {"class": f"{question}: {item.value}" if question else item.value}


def _code(item: Content) -> tuple[str, dict[str, Any]]:
    value = dict(item.value)
    if not value.get("system") or not value.get("code"):
        raise ItemError("IMP-023", what="a code and its system")
    return "code", value


def _made(item: Content, around: _Around, build: Callable[[], tuple[str, dict[str, Any]]]) -> Item | Refused:
    place = f"content {item.place}"
    try:
        with guarded():
            kind, value = build()
            if around.sample is None or not around.sample.name:
                raise ItemError("IMP-023", what="the one image, series or study that it is about")
            if len(item.place) > MOST_PLACE:
                raise ItemError("IMP-022", what="content nested very deep")
            return Item(
                place=place,
                label_id=f"sr-{item.place}",
                sample=around.sample,
                kind=kind,
                value=value,
                part=around.part,
                author=around.author,
                labeled_at=around.when,
                reviews=around.reviews,
                origin=around.origin,
                tool=around.tool,
                kept={**around.kept, "group": list(around.said), "item": item.told()},
            )
    except CuratorError as error:
        if not isinstance(error, ItemError):
            raise
        return refused(place, error)
