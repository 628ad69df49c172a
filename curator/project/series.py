"""A series of images as one sample: what labels of volumes name when each slice is a file of its own.

A series stands in one folder below ``clean/``. It is named by that folder with a slash at its end, and known by the
SHA-256 of the lines ``<sha256 of the file>  <name>`` of its files in the order of their names: what
``cd FOLDER && LC_ALL=C sha256sum *.dcm | sha256sum`` prints. A slice that comes, goes or changes makes it another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from curator.project.journal import Sample

KIND = "dicom-series"
#: Files whose lines are hashed together.
_TOGETHER = 256


@dataclass(frozen=True)
class Series:
    """A series of two or more images.

    Parameters
    ----------
    path
        Its folder below the project's root, with a slash at the end.
    sha256, content
        Hex digests over those of its files, as the module says.
    uid
        Its new Series Instance UID: the folder's name.
    members
        Its images, sorted by path.
    """

    path: str
    sha256: str
    uid: str
    content: str
    members: tuple[Sample, ...] = field(repr=False)
    kind: str = KIND


class SeriesDigest:
    """The digests of a series, taken file by file in the order of the names."""

    def __init__(self) -> None:
        self._files, self._contents = hashlib.sha256(), hashlib.sha256()
        self._waiting: list[Sample] = []

    def add(self, sample: Sample) -> None:
        """Take in the next file."""
        self._waiting.append(sample)
        if len(self._waiting) == _TOGETHER:
            self._take()

    def _take(self) -> None:
        """Hash the lines of the files that wait."""
        named = [(one, one.path.rpartition("/")[2]) for one in self._waiting]
        self._files.update("".join(f"{one.sha256}  {name}\n" for one, name in named).encode())
        self._contents.update("".join(f"{one.content}  {name}\n" for one, name in named).encode())
        self._waiting.clear()

    @property
    def sha256(self) -> str:
        """Over the files."""
        self._take()
        return self._files.hexdigest()

    @property
    def content(self) -> str:
        """Over the contents."""
        self._take()
        return self._contents.hexdigest()


def folder_of(sample: Sample) -> str | None:
    """Return the folder of a sample's series, with a slash at its end; None for what is no image of a series.

    The layout is ``clean/<patient>/<study>/<series>/<instance>.dcm``.
    """
    steps = sample.path.split("/")
    image = getattr(sample, "kind", "") == "dicom"
    return "/".join(steps[:4]) + "/" if image and len(steps) == 5 else None


def series_of(samples: Iterable[Sample]) -> Iterator[Series]:
    """Yield every series of two or more images, from samples sorted by path."""
    for path, group in groupby(samples, folder_of):
        members = tuple(group)
        if path is None or len(members) < 2:
            continue
        digest = SeriesDigest()
        for one in members:
            digest.add(one)
        yield Series(path, digest.sha256, path.split("/")[3], digest.content, members)


def with_series(samples: Iterable[Sample]) -> Iterator[Sample | Series]:
    """Yield every sample, and behind the last image of a series of two or more the series."""
    for path, group in groupby(samples, folder_of):
        if path is None:
            yield from group
            continue
        members = tuple(group)
        yield from members
        yield from series_of(members)
