"""Folders of label volumes: the Medical Segmentation Decathlon's layout with nnU-Net's, and AbdomenAtlas'.

*Decathlon, nnU-Net*: ``dataset.json`` with ``labels``, volumes in ``labelsTr``, images in ``imagesTr``. One label a
volume and value; a value without a name is refused. *AbdomenAtlas*: a folder a case with ``ct.nii.gz``, and one
structure a file in ``segmentations``; ``combined_labels.nii.gz`` says the same again and is read only where that folder
is missing. A path of the file never leads out of the folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Named, Refused, refused
from curator.labels.readers.label_names import from_json, layered, load_json, stem
from curator.labels.readers.nifti import NOBODY, opening, voxels_of
from curator.labels.readers.volumes import Labeled, Name, read_volume


@dataclass(frozen=True)
class _Case:
    place: str
    prefix: str
    label: Path
    image: str
    names: dict[int, Name]
    single: str | None
    kept: dict[str, Any]


def _read_case(case: _Case) -> Iterator[Item | Refused]:
    volume, inside = opening(case.label)
    about = Labeled(
        place=case.place,
        prefix=case.prefix,
        sample=Named("file", case.image, volume.size[:2]),
        names=layered(case.names or inside),
        whole=bool(case.names),
        kept={**case.kept, "header": volume.said},
        single=case.single,
    )
    yield from read_volume(voxels_of(case.label, volume), volume, about)


def _listed(folder: Path) -> list[Path]:
    """Return what stands in a folder by name, without hidden entries (IMP-002 when it cannot be read)."""
    try:
        found = [Path(entry.path) for entry in os.scandir(folder) if not entry.name.startswith(".")]
    except OSError:
        raise UsageError("IMP-002") from None
    return sorted(found)


def _is_volume(path: Path) -> bool:
    return path.name.lower().endswith((".nii", ".nii.gz")) and path.is_file()


class Decathlon:
    """Reads a folder with ``dataset.json`` and ``labelsTr``, or that file."""

    name = "decathlon"
    title = "Medical Segmentation Decathlon and nnU-Net folders (dataset.json, labelsTr)"
    lacks = NOBODY

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether it is such a folder, or its ``dataset.json``."""
        if path.is_dir():
            return (path / "dataset.json").is_file() and (path / "labelsTr").is_dir()
        return path.name == "dataset.json" and b'"labels"' in head and (path.parent / "labelsTr").is_dir()

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a volume and value, volumes in the order of the list, else by name."""
        folder = path if path.is_dir() else path.parent
        table = load_json(folder / "dataset.json")
        if not isinstance(table, dict) or not isinstance(table.get("labels"), dict):
            raise UsageError("IMP-001", format="Medical Segmentation Decathlon")
        names = {value: name for value, name in from_json(table).items() if value}
        if not names:
            raise UsageError("IMP-003", reason="its labels have no names")
        kept = {word: table[word] for word in ("name", "description", "reference", "release", "licence", "labels",
                                               "regions_class_order") if word in table}  # fmt: skip
        training = table.get("training")
        entries = training if isinstance(training, list) else None
        for at, entry in enumerate(_pairs(folder) if entries is None else entries):
            place = f"training[{at}]" if entries is not None else f"labelsTr[{at}]"
            try:
                image, label = _entry(folder, entry)
            except ItemError as error:
                yield refused(place, error)
                continue
            yield from _read_case(_Case(place, f"decathlon-{at + 1}", label, image, names, None, {"dataset": kept}))


def _pairs(folder: Path) -> Iterator[dict[str, str]]:
    """Yield labels and images of nnU-Net's second layout: the image has the label's name and a channel."""
    for label in _listed(folder / "labelsTr"):
        if _is_volume(label):
            ending = label.name[len(stem(label)) :]
            image = f"imagesTr/{stem(label)}_0000{ending}"
            if not (folder / image).is_file() and (folder / "imagesTr" / label.name).is_file():
                image = f"imagesTr/{label.name}"
            yield {"image": image, "label": f"labelsTr/{label.name}"}


def _entry(folder: Path, entry: Any) -> tuple[str, Path]:
    if not isinstance(entry, dict) or not isinstance(entry.get("label"), str):
        raise ItemError("IMP-023", what="its label volume")
    image = entry.get("image")
    image = image[0] if isinstance(image, list) and image else image
    if not isinstance(image, str) or not image:
        raise ItemError("IMP-023", what="its image")
    image_path, label_path = _inside(image), folder / _inside(entry["label"])
    if not label_path.is_file() or not label_path.resolve().is_relative_to(folder.resolve()):
        raise ItemError("IMP-026", what="label volume")
    return str(image_path), label_path


def _inside(name: str) -> PurePosixPath:
    """Return a relative path without ``.`` steps (IMP-026 when it leads out of the folder)."""
    found = PurePosixPath(name)
    if "\0" in name or "\\" in name or found.is_absolute() or ".." in found.parts or not found.parts:
        raise ItemError("IMP-026", what="file within its folder")
    return found


class AbdomenAtlas:
    """Reads a folder of cases with ``segmentations``, or one case."""

    name = "abdomenatlas"
    title = "AbdomenAtlas folders (a case a folder, a structure a file in segmentations)"
    lacks = NOBODY

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  (as the protocol has it)
        """Say whether it is a folder of such cases, or one of them."""
        if not path.is_dir():
            return False
        try:
            return _is_case(path) or any(_is_case(case) for case in _listed(path)[:1000])
        except UsageError:
            return False

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a case and structure, both by name; a structure without a voxel is refused."""
        cases = [path] if _is_case(path) else [case for case in _listed(path) if _is_case(case)]
        if not cases:
            raise UsageError("IMP-001", format="AbdomenAtlas")
        for at, case in enumerate(cases):
            image = "ct.nii.gz" if case == path else f"{case.name}/ct.nii.gz"
            parts = case / "segmentations"
            files = [file for file in _listed(parts) if _is_volume(file)] if parts.is_dir() else []
            for number, file in enumerate(files):
                place, prefix = f"case {at + 1}/segmentations[{number}]", f"abdomenatlas-{at + 1}-{number + 1}"
                yield from _read_case(_Case(place, prefix, file, image, {}, stem(file), {}))
            combined = case / "combined_labels.nii.gz"
            if not files and combined.is_file():
                place, prefix = f"case {at + 1}/combined_labels", f"abdomenatlas-{at + 1}"
                yield from _read_case(_Case(place, prefix, combined, image, {}, None, {}))


def _is_case(path: Path) -> bool:
    if not path.is_dir():
        return False
    parts = path / "segmentations"
    if (path / "ct.nii.gz").is_file() and (parts.is_dir() or (path / "combined_labels.nii.gz").is_file()):
        return True
    return parts.is_dir() and any(_is_volume(file) for file in _listed(parts))
