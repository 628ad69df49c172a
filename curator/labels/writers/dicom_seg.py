"""DICOM Segmentation objects (PS3.3 A.51), binary, one a series, reader and stage, built with highdicom.

A class has one segment; what overlaps within a class gets a further one of the same name. Each frame was drawn by one
record, whose mark is its Frame Label (0020,9453). A mask of a volume is one segment by itself, over the slices that it
marks, so that ``dicom-seg-volume`` reads it back as the one mask that it is. Geometry, frame of reference and patient
come from the clean images. Content Creator's Name is the reader's id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from curator.core.errors import CuratorError, ItemError
from curator.labels.returned import marked
from curator.labels.signed import Signed
from curator.labels.writers import dicom_made as dicom
from curator.labels.writers.protocol import Clean, Told, check_kind
from curator.project.series import Series

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

#: The largest array of pixels that is put together in memory, in bytes; masks of one series go into so many objects
#: that none has more than the second, unless one mask has.
MAX_PIXELS, MAX_SERIES = 1 << 31, 1 << 28
#: Segment Algorithm Type (PS3.3 Table C.8.20-4) by origin; what is nobody's alone, or not stated, is neither manual nor
#: automatic.
_ALGORITHM = {"human": "MANUAL", "model": "AUTOMATIC"}
_OTHER = "SEMIAUTOMATIC"
#: CID 7150: the category that claims least, for classes whose category nobody stated.
_CATEGORY = ("309825002", "SCT", "Spatial and Relational Concept")
_FAMILY = ("123109", "DCM", "Manual Processing"), ("123110", "DCM", "Artificial Intelligence")
_Key = tuple[str, str, str]
#: Frame from 0, label, class, run lengths.
_Mask = tuple[int, Signed, str, list[int]]


@dataclass
class _Image:
    """One image of a series, and the masks on its frames: frame from 0, label, class, run lengths."""

    header: Dataset
    frames: int
    masks: list[_Mask] = field(default_factory=list)


class DicomSeg:
    """Writer of segmentations."""

    name = "dicom-seg"
    title = "DICOM Segmentation (binary): masks of slices, frames, volumes and series"
    kinds = ("mask", "volume-mask")

    def write(self, labels: Sequence[Signed], clean: Clean, told: Told) -> None:
        """Write ``seg-<digest>.dcm``, one a series, reader and stage."""
        dicom.highdicom("seg")
        groups: dict[_Key, dict[str, _Image]] = {}
        members: dict[_Key, list[Signed]] = {}
        series: dict[_Key, list[Signed]] = {}
        for label in labels:
            try:
                check_kind(label, self)
                if isinstance(label.sample, Series):
                    series.setdefault((label.path, label.author, str(label.said["stage"])), []).append(label)
                    continue
                header = clean.header(label)
                frames = clean.image(label).frames
                masks = _masks(label, frames, clean)
                dicom.coded(masks[0][2], clean.ontology)
                # An image of several frames refers to itself alone, as PS3.3 C.8.20 wants one frame of reference.
                alone = label.path if frames > 1 else str(header.get("SeriesInstanceUID") or label.path)
            except CuratorError as error:
                told.refuse(label, error)
                continue
            key = (alone, label.author, str(label.said["stage"]))
            image = groups.setdefault(key, {}).setdefault(label.path, _Image(header, frames))
            image.masks += masks
            members.setdefault(key, []).append(label)
        for key in sorted(groups):
            self._group(list(groups[key].values()), members[key], clean, told)
        for key in sorted(series):
            self._series(series[key], clean, told)

    def _series(self, labels: Sequence[Signed], clean: Clean, told: Told) -> None:
        """Write masks of a series by one reader."""
        try:
            headers = clean.stack(labels[0])
        except CuratorError as error:
            for label in labels:
                told.refuse(label, error)
            return
        good: list[tuple[Signed, list[_Mask]]] = []
        for label in labels:
            try:
                masks = _masks(label, len(headers), clean)
                dicom.coded(masks[0][2], clean.ontology)
                good.append((label, masks))
            except CuratorError as error:
                told.refuse(label, error)
        each = max(1, MAX_SERIES // (len(headers) * int(headers[0].Rows) * int(headers[0].Columns)))
        for start in range(0, len(good), each):
            some = good[start : start + each]
            images = [_Image(header, 1) for header in headers]
            for _, masks in some:
                for frame, one, name, runs in masks:
                    images[frame].masks.append((0, one, name, runs))
            self._group(images, [label for label, _ in some], clean, told)

    def _group(self, images: list[_Image], members: list[Signed], clean: Clean, told: Told) -> None:
        try:
            seed = hashlib.sha256("".join(sorted(one.leaf for one in members)).encode()).hexdigest()
            made = dicom.by_rules(partial(_built, images, members, clean, seed))
            data = dicom.by_rules(partial(dicom.data_of, made))
        except ItemError as error:
            for label in members:
                told.refuse(label, error)
            return
        name = f"seg-{seed[:24]}.dcm"
        told.put(name, data)
        for label in members:
            told.wrote(label, name)


def _masks(label: Signed, frames: int, clean: Clean) -> list[_Mask]:
    """Return the masks of a label by frame (EXP-006 when it does not say which frame, or covers no pixel)."""
    value = label.value(clean.root)
    part = label.part or {}
    if label.kind == "volume-mask":
        if part:
            raise ItemError("EXP-006", what="a part of the sample")
        found = [(int(key) - 1, value["slices"][key]) for key in sorted(value["slices"], key=int)]
    elif isinstance(label.sample, Series):
        raise ItemError("EXP-006", what="a mask of one slice of a series")
    else:
        named = part.get("frames") or ([part["slice"]] if "slice" in part else [1] if frames == 1 else [])
        if len(named) != 1:
            raise ItemError("EXP-006", what="a mask that does not name its one frame")
        found = [(named[0] - 1, value["runs"])]
    kept = [(frame, runs) for frame, runs in found if sum(runs[1::2])]
    if not kept or any(not 0 <= frame < frames for frame, _ in kept):
        raise ItemError("EXP-006", what="a mask without a pixel")
    return [(frame, label, value["class"], runs) for frame, runs in kept]


def _built(images: list[_Image], members: list[Signed], clean: Clean, seed: str) -> Dataset:
    import numpy as np

    images = sorted(images, key=lambda one: str(one.header.SOPInstanceUID))
    rows, columns = int(images[0].header.Rows), int(images[0].header.Columns)
    if any((int(one.header.Rows), int(one.header.Columns)) != (rows, columns) for one in images):
        raise ItemError("EXP-010", what="its slices are not of one size")
    total = sum(one.frames for one in images)
    segments, placed = _segments(images)
    if total * rows * columns * len(segments) > MAX_PIXELS:
        raise ItemError("EXP-006", what="masks of more than 2 GiB")
    pixels = np.zeros((total, rows * columns, len(segments)), np.uint8)
    leaves: dict[tuple[int, int], str] = {}
    for frame, which, label, runs in placed:
        at = 0
        for number, run in enumerate(runs):
            if number % 2:
                pixels[frame, at : at + run, which] = 1
            at += run
        leaves[which, frame] = label.leaf
    seg = dicom.highdicom("seg")
    given = {name: dicom.uid(seed, name) for name in ("series", "instance")}
    made: Dataset = seg.Segmentation(
        source_images=[one.header for one in images],
        pixel_array=pixels.reshape(total, rows, columns, len(segments)),
        segmentation_type="BINARY",
        segment_descriptions=[
            _description(number, name, kind, clean, seed) for number, (name, kind, _) in enumerate(segments, 1)
        ],
        series_instance_uid=given["series"],
        series_number=1,
        sop_instance_uid=given["instance"],
        instance_number=1,
        manufacturer=dicom.MANUFACTURER,
        manufacturer_model_name=dicom.MODEL,
        software_versions="1",
        device_serial_number="1",
        content_creator_name=members[0].author,
        content_description=None,
        content_label="LABELS",
    )
    _mark(made, images, leaves)
    dicom.settle(made, seed, dicom.uids_of(one.header for one in images) | frozenset(given.values()))
    return dicom.dated(made, (one.labeled_at for one in members))


def _segments(
    images: list[_Image],
) -> tuple[list[tuple[str, str, int]], list[tuple[int, int, Signed, list[int]]]]:
    """Return the segments (class, algorithm type, how many of this class before), and each mask's frame and segment.

    Two records never share a frame of a segment, so that each frame is one record's; a mask of a volume shares none.
    """
    taken: dict[tuple[str, str, int], set[int]] = {}
    owner: dict[tuple[str, str, int], str] = {}
    found: list[tuple[int, tuple[str, str, int], Signed, list[int]]] = []
    base = 0
    for image in images:
        for frame, label, name, runs in image.masks:
            kind = _ALGORITHM.get(label.origin, _OTHER)
            number = 0
            mine = label.leaf if label.kind == "volume-mask" else ""
            while (
                base + frame in taken.setdefault((name, kind, number), set())
                or owner.setdefault((name, kind, number), mine) != mine
            ):
                number += 1
            taken[name, kind, number].add(base + frame)
            found.append((base + frame, (name, kind, number), label, runs))
        base += image.frames
    segments = sorted(taken)
    return segments, [(frame, segments.index(key), label, runs) for frame, key, label, runs in found]


def _description(number: int, name: str, kind: str, clean: Clean, seed: str) -> Any:
    hd, seg = dicom.highdicom(), dicom.highdicom("seg")
    concept = dicom.highdicom("sr").CodedConcept
    algorithm = None
    if kind != "MANUAL":
        family = concept(*_FAMILY[kind == "AUTOMATIC"])
        algorithm = hd.AlgorithmIdentificationSequence("as stated in the record", family, "1")
    return seg.SegmentDescription(
        segment_number=number,
        segment_label=name,
        segmented_property_category=concept(*_CATEGORY),
        segmented_property_type=dicom.coded(name, clean.ontology),
        algorithm_type=kind,
        algorithm_identification=algorithm,
        tracking_uid=dicom.uid(seed, "segment", str(number)),
        tracking_id=f"segment {number}",
    )


def _mark(made: Dataset, images: list[_Image], leaves: dict[tuple[int, int], str]) -> None:
    """Set the Frame Label of each frame to the mark of the record that drew it."""
    order: dict[tuple[str, int], int] = {}
    base = 0
    for image in images:
        order |= {(str(image.header.SOPInstanceUID), frame): base + frame for frame in range(image.frames)}
        base += image.frames
    count = 0
    for group in made.PerFrameFunctionalGroupsSequence:
        # What holds for all frames stands in the shared group (PS3.3 C.7.6.16.1.1).
        shown = group if "SegmentIdentificationSequence" in group else made.SharedFunctionalGroupsSequence[0]
        number = int(shown.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
        source = group.DerivationImageSequence[0].SourceImageSequence[0]
        frame = int(source.get("ReferencedFrameNumber") or 1) - 1
        leaf = leaves.get((number - 1, order[str(source.ReferencedSOPInstanceUID), frame]))
        if leaf is None:
            raise ItemError("EXP-014")
        group.FrameContentSequence[0].FrameLabel = marked(leaf)
        count += 1
    if count != len(leaves):
        raise ItemError("EXP-014")
