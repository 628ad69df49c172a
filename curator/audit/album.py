"""What the headers of image files say, laid aside in the order of patients and given back patient by patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from curator.audit.model import File
from curator.core.spill import BLOCK, Heap


@dataclass(frozen=True, slots=True)
class Image:
    """A file with its facts and whose it is."""

    file: File
    facts: Mapping[str, Any]
    patient: str

    @property
    def series(self) -> str:
        """The series' UID, or the file's own path for what has none."""
        return str(self.facts.get("series") or self.file.path)


class Album:
    """All images, in the order in which they were put."""

    def __init__(self) -> None:
        self._heap = Heap()
        self._open: list[Image] = []
        self._held: tuple[int, list[Image]] = (-1, [])
        self._count = 0

    def put(self, image: Image) -> int:
        """Put an image behind the last one and return its place."""
        self._open.append(image)
        if len(self._open) == BLOCK:
            self._heap.put(self._open)
            self._open = []
        self._count += 1
        return self._count - 1

    def at(self, place: int) -> Image:
        """Return the image of a place; its neighbors are at hand then."""
        number, within = divmod(place, BLOCK)
        if number == len(self._heap):
            return self._open[within]
        if self._held[0] != number:
            self._held = (number, self._heap.get(number))
        return self._held[1][within]


class Images:
    """The images of one patient: some of an album that follow each other, and what was appended since.

    Parameters
    ----------
    album, start, stop
        From which place of which album on they stand, and before which.
    """

    __slots__ = ("_album", "_more", "_start", "_stop")

    def __init__(self, album: Album | None = None, start: int = 0, stop: int = 0) -> None:
        self._album, self._start, self._stop = album, start, stop
        self._more: list[Image] | None = None

    def append(self, image: Image) -> None:
        """Put an image behind the others."""
        self._more = [*(self._more or ()), image]

    def __len__(self) -> int:
        return self._stop - self._start + len(self._more or ())

    def __iter__(self) -> Iterator[Image]:
        if self._album is not None:
            for place in range(self._start, self._stop):
                yield self._album.at(place)
        yield from self._more or ()
