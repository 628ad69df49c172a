"""YOLO folders that were flattened: label files, lists of classes and images side by side, their paths in their names.

A label file's list of classes is the one that stood in its dataset, told by the ends of both paths. Where several fit
and differ, or none does, its labels have no class and are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from curator.labels.item import Named
from curator.labels.png import image_size
from curator.labels.readers.flat import looks_flat
from curator.labels.readers.yolo import IMAGES, Classes, Sizes, classes_of

_LISTS = frozenset({"data.yaml", "data.yml", "dataset.yaml", "classes.txt", "obj.names", "_darknet.labels"})
_LABELS = re.compile(r"labels|obj_\w+_data")
_Files = Mapping[PurePosixPath, Path]


def label_files(folder: Path) -> tuple[list[PurePosixPath], _Files]:
    """Return where the label files stood, and all files by where they stood; none when no list of classes is there."""
    files = looks_flat(folder)
    labels = [path for path in files if path.suffix == ".txt" and _at(path) is not None]
    return (labels if any(path.name in _LISTS for path in files) else []), files


def _at(path: PurePosixPath) -> int | None:
    """Return which part of a path is the folder of labels."""
    return next((at for at, part in enumerate(path.parts[:-1]) if _LABELS.fullmatch(part)), None)


def classes_for(label: PurePosixPath, files: _Files) -> Classes:
    """Return the names and keypoints of a label file's dataset; no names when that is not certain."""
    root = label.parts[: _at(label)]
    found: list[Classes] = []
    for path, file in files.items():
        if path.name in _LISTS and _ends_alike(root, path.parts[:-1]):
            told = classes_of(file)
            if told not in found:
                found.append(told)
    return found[0] if len(found) == 1 else ({}, None)


def _ends_alike(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    least = min(len(one), len(two))
    return one[len(one) - least :] == two[len(two) - least :]


def sample_of(label: PurePosixPath, files: _Files, sizes: Sizes) -> Named:
    """Return the image of a label file: in ``images`` in place of ``labels``, or beside it."""
    at = _at(label) or 0
    bare = label.with_name(label.name.removesuffix(".txt"))
    swapped = PurePosixPath(*bare.parts[:at], "images", *bare.parts[at + 1 :])
    for stem in (swapped, bare):
        for ending in (*IMAGES, *(one.upper() for one in IMAGES)):
            path = stem.with_name(stem.name + ending)
            name = path.as_posix()
            if path in files:
                return Named("file", name, sizes.get(name) or sizes.get(path.name) or image_size(files[path]))
            if name in sizes:
                return Named("file", name, sizes[name])
    return Named("file", bare.as_posix())
