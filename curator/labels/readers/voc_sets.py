"""Pascal VOC's image sets as labels of whole images, where no annotations stand beside them (VOC2012 development kit).

``ImageSets/Main/<class>_<set>.txt`` has one line an image: 1 when an object of the class is in it, -1 when none is, 0
when only difficult ones are. One label is one image: the classes that are there, those of difficult objects too, which
``kept`` names. Lists without a mark are no labels. An action is one object's, which the lists do not show, and refused.
Beside ``Annotations`` the sets repeat its objects, and the folder is read as ``voc``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from curator.core.errors import UsageError
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.readers.flat import looks_flat

_OWN = "Pascal VOC has no place for it: export in the tool's own format"
_SET = re.compile(r"(?P<name>.+)_(?:train|val|trainval|test)\.txt")
_IMAGES = (".jpg", ".png", ".jpeg")
_MOST_LINES = 10_000_000


@dataclass
class _Image:
    """What the sets say of one image: class to its mark."""

    marks: dict[str, str] = field(default_factory=dict)
    broken: bool = False


class VocSets:
    """Reader of a folder with ``ImageSets``, of ``ImageSets`` itself, or of one whose files were put side by side."""

    name = "voc-sets"
    title = "Pascal VOC image sets (classes of whole images)"
    lacks = (
        Lack("author", _OWN),
        Lack("labeled-at", _OWN),
        Lack("guideline", ""),
        Lack("confidence", _OWN),
        Lack("review", _OWN),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a folder has sets of classes, and no annotations."""
        if head or not path.is_dir():
            return False
        above = path.parent if path.name == "ImageSets" else path
        if (above / "Annotations").is_dir() or any("Annotations" in one.parts for one in looks_flat(path)):
            return False
        return bool(_sets(path))

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label an image, in the order of their names; a line that is none is refused by itself."""
        sets = _sets(path) if path.is_dir() else []
        if not sets:
            raise UsageError("IMP-001", format="Pascal VOC image sets")
        images: dict[str, _Image] = {}
        count = 0
        for order, (place, file) in enumerate(sets, 1):
            found = _SET.fullmatch(place.name)
            name = found["name"] if found else ""
            for at, line in enumerate(_lines(file), 1):
                count += 1
                if count > _MOST_LINES:
                    raise UsageError("IMP-041", what="more than ten million lines of image sets")
                words = line.split()
                if not words:
                    continue
                if place.parent.name == "Action":
                    yield Refused(f"file {order} line {at}", "IMP-022", {"what": "an action of one object"})
                elif len(words) != 2 or words[1] not in {"-1", "0", "1"}:
                    yield Refused(f"file {order} line {at}", "IMP-035")
                else:
                    image = images.setdefault(words[0], _Image())
                    image.broken |= image.marks.setdefault(name, words[1]) != words[1]
        for number, (name, image) in enumerate(sorted(images.items()), 1):
            yield _label(path, number, name, image)


def _label(folder: Path, number: int, name: str, image: _Image) -> Item | Refused:
    place = f"image {number}"
    if image.broken:
        return Refused(place, "IMP-035")
    held = sorted(one for one, mark in image.marks.items() if mark != "-1")
    return Item(
        place,
        f"voc-sets-{number}",
        Named("file", _file_of(folder, name)),
        "classes",
        {"classes": held},
        kept={
            "asked": sorted(image.marks),
            "difficult": sorted(one for one, mark in image.marks.items() if mark == "0"),
        },
    )


def _file_of(folder: Path, name: str) -> str:
    """Return the file of an image in ``JPEGImages`` beside the sets, or its bare name."""
    above = folder.parent if folder.name == "ImageSets" else folder
    plain = PurePosixPath(name).name == name
    for ending in _IMAGES if plain else ():
        if (above / "JPEGImages" / f"{name}{ending}").is_file():
            return f"JPEGImages/{name}{ending}"
    return name


def _sets(folder: Path) -> list[tuple[PurePosixPath, Path]]:
    """Return the sets that say something of images: where each stood, and the file."""
    inner = folder if folder.name == "ImageSets" else folder / "ImageSets"
    found: list[tuple[PurePosixPath, Path]] = []
    for kind in ("Main", "Action"):
        if (inner / kind).is_dir():
            found += [(PurePosixPath("ImageSets", kind, one.name), one) for one in sorted((inner / kind).iterdir())]
    if not found:
        found = [
            (path, file)
            for path, file in looks_flat(folder).items()
            if path.parts[-3:-2] == ("ImageSets",) and path.parts[-2] in {"Main", "Action"}
        ]
    return [(path, file) for path, file in found if _SET.fullmatch(path.name) and file.is_file()]


def _lines(file: Path) -> Iterator[str]:
    try:
        with file.open(encoding="utf-8-sig") as opened:
            yield from opened
    except OSError:
        raise UsageError("IMP-002") from None
    except UnicodeDecodeError:
        raise UsageError("IMP-003", reason="a file is not UTF-8") from None
