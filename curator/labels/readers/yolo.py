"""YOLO: a folder of text files, one an image, one line a label (docs.ultralytics.com, "Datasets"; darknet).

A line is a class number and fractions of the image: four for a box (center, width, height), one more for a model's
confidence; eight for a turned box or any other even count from six for a polygon; or a box and its keypoints where
``data.yaml`` has ``kpt_shape``. A turned box is a polygon of four corners here. A box with keypoints is two labels.
Fractions become pixels of at most six decimal places, by the image's size: from a ``sizes.csv`` of the folder (columns
``file,width,height``) or from the header of the PNG or JPEG file of the same name. Without a size a label is refused.
Classes come from ``data.yaml``, ``classes.txt``, darknet's ``obj.names``, Dataloop's ``labels.txt`` or Roboflow's
``_darknet.labels``. Keypoints without a flag are visible, at
0, 0 absent. A folder whose files were put side by side, their paths in their names, is read by these paths
(:mod:`curator.labels.readers.yolo_flat`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import check_box, check_points, check_ring, derived, number, part_of
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.png import image_size
from curator.labels.readers.parts import PROBABILITY, pixels, probability

_OWN = "YOLO has no place for it: export in the tool's own format"
#: Endings of images.
IMAGES = (".png", ".jpg", ".jpeg")
#: Names by number, and how many keypoints of how many numbers there are.
Classes = tuple[dict[int, str], tuple[int, int] | None]
#: Path of an image, or its bare name, to (width, height).
Sizes = dict[str, tuple[int, int]]
#: Text files that are no labels: lists of images and of classes.
_OTHERS = frozenset(
    ("classes.txt", "labels.txt", "train.txt", "val.txt", "valid.txt", "test.txt", "readme.txt", "requirements.txt")
    + ("readme.roboflow.txt", "readme.dataset.txt")
)
#: Lists of classes, the more telling name first: Ultralytics', labelImg's, darknet's, Dataloop's, Roboflow's.
_LISTS = (
    *("data.yaml", "data.yml", "dataset.yaml", "classes.txt", "obj.names", "data/obj.names"),
    *("labels.txt", "_darknet.labels"),
)
_SMALL = 1 << 24
#: Label files that are looked at where the list of classes does not tell.
SEEN = 16
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_NAMED = re.compile(r"\s+(?:-\s*)?(?:(\d{1,9})\s*:\s*)?(.+)")


class Yolo:
    """Reader of a dataset's folder, or of its ``labels`` folder alone."""

    name = "yolo"
    title = "YOLO text files (boxes, turned boxes, polygons, keypoints)"
    lacks = (
        Lack("author", _OWN),
        Lack("labeled-at", _OWN),
        Lack("guideline", ""),
        Lack("confidence", "predictions have it: save them with save_conf", partly=True),
        Lack("review", _OWN),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a folder has a list of classes and label files."""
        if head or not path.is_dir():
            return False
        listed = _list_of_classes(path)
        if listed is not None and (files := _files(path)):
            # Folders of other texts have a labels.txt too.
            return listed.name != "labels.txt" or any(map(_numbers, files[:SEEN]))
        from curator.labels.readers.yolo_flat import label_files

        return bool(label_files(path)[0])

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every file, in the order of the files' names."""
        if not path.is_dir():
            raise UsageError("IMP-001", format="YOLO")
        if _list_of_classes(path) is None and (found := list(_flat(path))):
            yield from found
            return
        files = _files(path)
        if not files:
            raise UsageError("IMP-001", format="YOLO")
        classes, points = _classes(path)
        sizes = _sizes(path)
        for order, file in enumerate(files):
            sample = _sample(path, file, sizes)
            for at, line in enumerate(_lines(file)):
                if line.strip():
                    yield from _line(line.split(), (order, at), sample, classes, points)


def _flat(folder: Path) -> Iterator[Item | Refused]:
    """Yield the labels of a folder whose files were put side by side."""
    from curator.labels.readers.yolo_flat import classes_for, label_files, sample_of

    labels, files = label_files(folder)
    sizes = _sizes(folder)
    for order, label in enumerate(labels):
        classes, points = classes_for(label, files)
        sample = sample_of(label, files, sizes)
        for at, line in enumerate(_lines(files[label])):
            if line.strip():
                yield from _line(line.split(), (order, at), sample, classes, points)


def _files(folder: Path) -> list[Path]:
    """The label files: below ``labels`` or darknet's ``obj_*_data`` where there are such, else all of the folder."""
    found = sorted(file for file in folder.rglob("*.txt") if file.name.lower() not in _OTHERS)
    inner = [
        file
        for file in found
        if any(part == "labels" or re.fullmatch(r"obj_\w+_data", part) for part in file.relative_to(folder).parts[:-1])
    ]
    return inner or found


def _lines(file: Path) -> Iterator[str]:
    try:
        with file.open(encoding="utf-8-sig") as opened:
            yield from opened
    except OSError:
        raise UsageError("IMP-002") from None
    except UnicodeDecodeError:
        raise UsageError("IMP-003", reason="a file is not UTF-8") from None


def _numbers(file: Path) -> bool:
    """Say whether a file begins with a line of a class and fractions."""
    try:
        with file.open("rb") as stream:
            line = stream.readline(1 << 12)
    except OSError:
        raise UsageError("IMP-002") from None
    return bool(re.fullmatch(rb"\s*\d{1,9}(\s+-?[0-9.]+(e-?\d+)?){4,}\s*", line))


def _list_of_classes(folder: Path) -> Path | None:
    for name in _LISTS:
        for above in (folder, folder.parent) if name != "data/obj.names" else (folder,):
            # The folder above counts only for a folder of labels alone.
            if (above == folder or folder.name == "labels") and (above / name).is_file():
                return above / name
    return None


def _classes(folder: Path) -> Classes:
    file = _list_of_classes(folder)
    return ({}, None) if file is None else classes_of(file)


def classes_of(file: Path) -> Classes:
    """Read a list of classes (IMP-002, IMP-003 when it cannot be read)."""
    if file.stat().st_size > _SMALL:
        raise UsageError("IMP-003", reason="the list of classes is too long")
    lines = list(_lines(file))
    if file.suffix in (".yaml", ".yml"):
        return _yaml(lines)
    while lines and not lines[-1].strip():
        lines.pop()
    return {at: line.strip() for at, line in enumerate(lines) if line.strip()}, None


def _yaml(lines: list[str]) -> Classes:
    """Read ``names`` and ``kpt_shape`` of a ``data.yaml``; the rest of the file is not about labels."""
    names: dict[int, str] = {}
    points = None
    inside = False
    for line in [raw.rstrip() for raw in lines]:
        if not line or line.lstrip().startswith("#"):
            continue
        if line[0] not in " \t-":
            key, _, value = line.partition(":")
            inside = key.strip() == "names"
            if inside and value.strip():
                names = dict(enumerate(_scalars(value)))
            if key.strip() == "kpt_shape":
                shape = _scalars(value)
                if len(shape) != 2 or not all(_WHOLE.fullmatch(one) for one in shape) or shape[1] not in ("2", "3"):
                    raise UsageError("IMP-003", reason="the shape of the keypoints is not of two numbers")
                points = (int(shape[0]), int(shape[1]))
        elif inside:
            found = _NAMED.fullmatch(line if line[0] != "-" else f" {line}")
            number_ = int(found[1]) if found and found[1] else len(names)
            if not found or number_ in names:
                raise UsageError("IMP-003", reason="the list of classes cannot be read")
            names[number_] = _scalar(found[2])
    return names, points


def _scalars(value: str) -> list[str]:
    """Read a list on one line, ``[a, 'b']``; commas in quotes belong to the text."""
    value = value.strip()
    if not (value.startswith("[") and value.endswith("]")):
        raise UsageError("IMP-003", reason="the list of classes cannot be read")
    try:
        rows = list(csv.reader([value[1:-1].replace("'", '"')], skipinitialspace=True, strict=True))
    except csv.Error:
        raise UsageError("IMP-003", reason="the list of classes cannot be read") from None
    return [one.strip() for one in rows[0]] if rows else []


def _scalar(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] in "'\"":
        if value[-1] != value[0] or value[0] in value[1:-1] or "\\" in value:
            raise UsageError("IMP-003", reason="the list of classes cannot be read")
        return value[1:-1]
    return value.split(" #")[0].strip()


def _sizes(folder: Path) -> Sizes:
    """Read ``sizes.csv``: path of the image below the folder, or its bare name, to (width, height)."""
    file = folder / "sizes.csv"
    if not file.is_file():
        return {}
    made: Sizes = {}
    try:
        rows = list(csv.DictReader(_lines(file), strict=True))
    except csv.Error:
        raise UsageError("IMP-003", reason="the list of sizes is no CSV") from None
    for row in rows:
        name, size = row.get("file"), pixels(row.get("width"), row.get("height"))
        if not name or size is None or made.get(name, size) != size:
            raise UsageError("IMP-003", reason="the list of sizes is not whole, or differs from itself")
        made[name] = size
    return made


def _sample(folder: Path, file: Path, sizes: Sizes) -> Named:
    """The image of a label file: in ``images`` in place of ``labels``, or beside it."""
    parts = list(file.relative_to(folder).parts)
    if folder.name == "labels":
        stems = [folder.parent.joinpath("images", *parts).with_suffix("")]
    else:
        stems = [
            folder.joinpath(*parts[:at], "images", *parts[at + 1 :]).with_suffix("")
            for at, part in enumerate(parts)
            if part == "labels"
        ]
    # with_suffix would cut a name at its last point, so that only the label file's own ending goes.
    for stem in [*stems, file.with_suffix("")]:
        for ending in (*IMAGES, *(one.upper() for one in IMAGES)):
            image = stem.parent / (stem.name + ending)
            if image.is_file():
                below = image.relative_to(folder.parent if folder.name == "labels" else folder).as_posix()
                return Named("file", below, sizes.get(below) or sizes.get(image.name) or image_size(image))
    root = folder.parent if folder.name == "labels" else folder
    wanted = {stem.relative_to(root).as_posix() for stem in stems}
    listed = [name for name in sizes if str(PurePosixPath(name).with_suffix("")) in wanted]
    # A bare name counts when it is the only one: train/1 and val/1 are two images.
    listed = listed or [name for name in sizes if PurePosixPath(name).stem == file.stem]
    if len(listed) == 1:
        return Named("file", listed[0], sizes[listed[0]])
    return Named("file", PurePosixPath(*parts).with_suffix("").as_posix())


def _line(
    words: list[str],
    at: tuple[int, int],
    sample: Named,
    classes: dict[int, str],
    points: tuple[int, int] | None,
) -> Iterator[Item | Refused]:
    place = f"file {at[0] + 1} line {at[1] + 1}"
    try:
        made = list(_values(words, sample, classes, points))
    except ItemError as error:
        for _ in range(_count(words, points)):
            yield refused(place, error)
        return
    for kind, value, confidence in made:
        yield Item(
            place=place,
            label_id=f"yolo-{at[0] + 1}-{at[1] + 1}" + ("-keypoints" if kind == "keypoints" else ""),
            sample=sample,
            kind=kind,
            value=value,
            confidence=confidence,
            confidence_scale=None if confidence is None else PROBABILITY,
            origin="unknown" if confidence is None else "model",
            kept={"line": words},
        )


def _count(words: list[str], points: tuple[int, int] | None) -> int:
    """How many labels a line has: two where it has as many words as a box with keypoints."""
    return 2 if points is not None and len(words) - 5 - points[0] * points[1] in (0, 1) else 1


def _values(
    words: list[str], sample: Named, classes: dict[int, str], points: tuple[int, int] | None
) -> Iterator[tuple[str, dict[str, Any], Decimal | None]]:
    if not _WHOLE.fullmatch(words[0]):
        raise ItemError("IMP-023", what="its class")
    name = classes.get(int(words[0]))
    if not name:
        raise ItemError("IMP-026", what="class")
    if sample.size is None:
        raise ItemError("IMP-023", what="the image's size")
    numbers = [number(word) for word in words[1:]]
    posed = _count(words, points) == 2
    # A pose file's lines without keypoints, or a segment file's boxes, are told apart by their length alone.
    scored = len(numbers) == 4 + points[0] * points[1] + 1 if posed and points else len(numbers) % 2 == 1
    confidence = None
    if scored:
        confidence = probability(numbers.pop())
        if confidence is None:
            raise ItemError("IMP-023", what="a confidence of 0 to 1")
    if posed or len(numbers) == 4:
        yield "box", {"class": name, "box": _box(numbers[:4], sample.size)}, confidence
        if posed and points is not None:
            joints = _joints(numbers[4:], points[1], sample.size)
            yield "keypoints", {"class": name, "points": joints}, confidence
        return
    if points is not None or len(numbers) < 6:
        raise ItemError("IMP-020")
    ring = [part_of(value, sample.size[at % 2], 1) for at, value in enumerate(numbers)]
    check_ring(ring, sample.size)
    yield "polygon", {"class": name, "rings": [ring]}, confidence


def _box(values: list[Decimal], size: tuple[int, int]) -> list[Decimal]:
    x, y, width, height = values
    box = [
        derived((x - width / 2) * size[0]),
        derived((y - height / 2) * size[1]),
        part_of(width, size[0], 1),
        part_of(height, size[1], 1),
    ]
    check_box(box, size)
    return box


def _joints(values: list[Decimal], each: int, size: tuple[int, int]) -> list[dict[str, Any]]:
    """Keypoints by their number from 1, for the format has no names for them."""
    made = []
    for at in range(0, len(values), each):
        x, y = part_of(values[at], size[0], 1), part_of(values[at + 1], size[1], 1)
        flag = values[at + 2] if each == 3 else Decimal(0 if not values[at] and not values[at + 1] else 2)
        if flag not in (0, 1, 2):
            raise ItemError("IMP-020")
        if flag:
            check_points([x, y], size)
        made.append({"name": str(at // each + 1), "x": x, "y": y, "visibility": int(flag)})
    return made
