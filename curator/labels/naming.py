"""Find the sample that an export names: by new names, by the hospital's names, or by a table of derived images.

What a file names may be an identifier, so no error repeats it. A name that fits two samples fits none. A name with
folders must be the end of a path, folder by folder: an equal file name in another folder is another file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

from curator.core.errors import ItemError
from curator.labels.fitting import IDENTITY, TEXT_KINDS, Matrix, read_facts
from curator.labels.item import Named
from curator.labels.samples import SampleLike
from curator.labels.within import SUFFIXES, strings
from curator.project.journal import Sample
from curator.project.series import Series, with_series

#: Strings of clean files that are remembered by their words; with more, such a text is found by its file's name alone.
MOST_STRINGS = 500_000


@dataclass(frozen=True)
class Place:
    """One source file, by all the names that exports may have for it. May hold identifiers: never log it.

    Parameters
    ----------
    key
        What it is known by here: equal for two files that hold one object.
    path
        Its clean file under the project, or None when it is held back.
    uids
        Its study, series and instance UIDs, in the names of that side.
    file
        Its path, folders parted by ``/``.
    """

    key: str
    path: str | None
    uids: tuple[str, ...] = field(repr=False)
    file: str = field(repr=False)


@dataclass(frozen=True)
class Derived:
    """What a table says of a derived image or text: its sample, the frame that it shows, where its pixels lie.

    Parameters
    ----------
    sample
        A path under the project, a new SOP Instance UID, or ``sha256:`` and a digest.
    frame
        From 1, or None for a sample as a whole.
    matrix
        From its pixels to the sample's.
    """

    sample: str
    frame: int | None = None
    matrix: Matrix = IDENTITY


@dataclass(frozen=True)
class Found:
    """A sample that a label means, with what lies between its pixels and those that were labeled."""

    sample: SampleLike
    frame: int | None = None
    matrix: Matrix = IDENTITY
    #: True when a table of the user says so.
    told: bool = False


class Naming:
    """All samples of a project by the names that an export may use.

    Parameters
    ----------
    samples
        Every sample scrubbed, sorted by path.
    places
        Every source file, held back or not: a name that fits one that was held back and another is no name.
    derived
        Derived name to what the table says.
    root
        The project's root: a text without a name is found by its digest among the clean ones.
    file_names
        Compare the names of files without their folders.
    originals
        Yields (SHA-256 of an original text, path of its clean file), where exports may hold originals.
    """

    def __init__(
        self,
        samples: Iterable[Sample],
        places: Iterable[Place],
        derived: Mapping[str, Derived] | None = None,
        *,
        root: Path = Path(),
        file_names: bool = False,
        originals: Callable[[], Iterable[tuple[str, str]]] = tuple,
    ) -> None:
        self._root = root
        self._originals = originals
        self._texts: dict[str, dict[str, SampleLike]] | None = None
        self._within: dict[str, dict[str, SampleLike]] | None = None
        self._samples: dict[str, SampleLike | None] = {}
        for sample in with_series(samples):
            for name in (sample.path, sample.uid, f"sha256:{sample.sha256}"):
                self._samples[name] = None if name in self._samples else sample
        self._derived = dict(derived or {})
        self._file_names = file_names
        self._paths: dict[str, str] = {}
        #: Series Instance UIDs of that side.
        self._of_series: set[str] = set()
        self._uids: dict[str, set[str]] = {}
        self._files: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for place in places:
            self._add(place)

    def _add(self, place: Place) -> None:
        if place.path is not None:
            self._paths[place.key] = place.path
        if len(place.uids) == 3 and place.uids[1]:
            self._of_series.add(place.uids[1])
        for uid in filter(None, place.uids):
            self._uids.setdefault(uid, set()).add(place.key)
        steps = _steps(place.file)
        if steps:
            self._files.setdefault(steps[-1], []).append((steps, place.key))

    def find(self, named: Named) -> Found:
        """Return the sample that a file names.

        Raises
        ------
        ItemError
            IMP-055 when no sample has this name, IMP-056 when several have, IMP-057 when its file is held back.
        """
        given = self._derived.get(named.name)
        if given is not None:
            return Found(self._told(given.sample), given.frame, given.matrix, told=True)
        if named.by == "text":
            return Found(self._by_text(named.sha256))
        if named.name.startswith("sha256:"):
            return Found(self._own(named.name))
        keys = self._keys(named)
        if not keys:
            raise ItemError("IMP-055")
        return Found(self._of(keys, named.name))

    def _of(self, keys: set[str], name: str) -> SampleLike:
        if len(keys) > 1:
            return self._series(keys, name)
        path = self._paths.get(next(iter(keys)))
        sample = None if path is None else self._samples.get(path)
        if sample is None:
            raise ItemError("IMP-057")
        return sample

    def _series(self, keys: set[str], name: str) -> Series:
        """Return the series that a UID names, all of it (IMP-056 for another name, IMP-057 if a part is held back)."""
        paths = {self._paths.get(key) for key in keys}
        if name not in self._of_series:
            raise ItemError("IMP-056", count=len(keys))
        if None in paths:
            raise ItemError("IMP-057")
        found = self._samples.get(next(iter(paths), "").rpartition("/")[0] + "/")  # type: ignore[union-attr]
        if not isinstance(found, Series) or {one.path for one in found.members} != paths:
            raise ItemError("IMP-056", count=len(keys))
        return found

    def _told(self, name: str) -> SampleLike:
        """Return the sample that a table names: in the project's way, or by a UID or path of that side."""
        if name in self._samples:
            return self._own(name)
        by = "uid" if name.replace(".", "").isdecimal() else "file"
        keys = self._keys(Named(by, name))
        if not keys:
            raise ItemError("IMP-055")
        return self._of(keys, name)

    def _own(self, name: str) -> SampleLike:
        if name not in self._samples:
            raise ItemError("IMP-055")
        sample = self._samples[name]
        if sample is None:
            raise ItemError("IMP-056", count=2)
        return sample

    def _by_text(self, sha256: str | None) -> SampleLike:
        """Return the sample that holds a text which the export holds too."""
        if self._texts is None:
            self._texts = {}
            for sample in self._samples.values():
                if sample is None or getattr(sample, "kind", "") not in TEXT_KINDS:
                    continue
                with contextlib.suppress(ItemError):  # what cannot be read is nobody's text
                    for digest in read_facts(self._root / sample.path, sample.kind).digests:  # type: ignore[attr-defined]
                        self._texts.setdefault(digest, {})[sample.path] = sample
            for digest, path in self._originals():
                sample = self._samples.get(path)
                if sample is not None:
                    self._texts.setdefault(digest, {})[path] = sample
        found = self._texts.get(sha256 or "", {}) or self._inside().get(sha256 or "", {})
        if not found:
            raise ItemError("IMP-055")
        if len(found) > 1:
            raise ItemError("IMP-056", count=len(found))
        return next(iter(found.values()))

    def _inside(self) -> dict[str, dict[str, SampleLike]]:
        """Return the clean files of JSON by the texts that they hold as strings; read when no file is the text."""
        if self._within is None:
            self._within = {}
            for sample in self._samples.values():
                if sample is None or not sample.path.endswith(SUFFIXES):
                    continue
                with contextlib.suppress(OSError, UnicodeDecodeError):  # what cannot be read is nobody's text
                    for digest in strings((self._root / sample.path).read_bytes().decode("utf-8")):
                        self._within.setdefault(digest, {})[sample.path] = sample
                if len(self._within) > MOST_STRINGS:
                    # Part of them would not tell a text that stands in two files from one that stands in one.
                    self._within = {}
                    break
        return self._within

    def _keys(self, named: Named) -> set[str]:
        by_uid = self._uids.get(named.name, set())
        if by_uid or named.by != "file":
            return by_uid
        return self._by_file(named.name) or (self._by_file(unquote(named.name)) if "%" in named.name else set())

    def _by_file(self, name: str) -> set[str]:
        steps = _steps(name)
        if not steps:
            return set()
        candidates = self._files.get(steps[-1], ())
        if self._file_names:
            return {key for _, key in candidates}
        return {key for have, key in candidates if have[-len(steps) :] == steps}


def _steps(path: str) -> tuple[str, ...]:
    return tuple(step for step in path.replace("\\", "/").replace("!/", "/").split("/") if step not in {"", "."})


def matrix_of(cells: Iterable[str]) -> Matrix:
    """Return a pixel transform from its six cells, a to f; all empty for none (ValueError)."""
    given = [cell.strip() for cell in cells]
    if not any(given):
        return IDENTITY
    if len(given) != len(IDENTITY) or not all(_plain_number(cell) for cell in given):
        raise ValueError("six numbers")
    a, b, c, d, e, f = map(Decimal, given)
    if a * e == b * d:
        raise ValueError("a transform that can be undone")
    return a, b, c, d, e, f


def _plain_number(cell: str) -> bool:
    digits = cell.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdecimal() and len(digits) <= 20
