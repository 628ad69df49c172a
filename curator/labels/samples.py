"""Find the samples that labels name, and prove that their files are the ones that the journal records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from curator.core.errors import CheckError, IntegrityError, UsageError
from curator.core.hashing import sha256_file
from curator.project.journal import Sample
from curator.project.series import Series, with_series


class SampleLike(Protocol):
    """What is needed of a sample; :class:`curator.project.journal.Sample` is one."""

    @property
    def path(self) -> str:
        """Path relative to the project's root, POSIX."""
        ...

    @property
    def sha256(self) -> str:
        """Hex digest of the file."""
        ...

    @property
    def uid(self) -> str:
        """New SOP Instance UID."""
        ...

    @property
    def content(self) -> str:
        """Hex digest of the content."""
        ...


class Samples:
    """The samples that a label file names.

    Parameters
    ----------
    root
        The project's root, for the files.
    samples
        Every sample scrubbed, sorted by path.
    wanted
        How labels name samples: only these are kept.
    """

    def __init__(self, root: Path, samples: Iterable[Sample], wanted: set[str]) -> None:
        self._root = root
        self._found: dict[str, SampleLike | None] = {}
        self._proven: set[str] = set()
        for sample in with_series(samples):
            for name in (sample.path, sample.uid, f"sha256:{sample.sha256}"):
                if name in wanted:
                    self._found[name] = None if name in self._found else sample

    def found(self, name: str) -> SampleLike:
        """Return a sample as the journal has it (LBL-005 when no sample, or more than one, has this name)."""
        sample = self._found.get(name)
        if sample is None:
            raise UsageError("LBL-005")
        return sample

    def get(self, name: str) -> Mapping[str, str]:
        """Return a sample as a record's subject needs it, after hashing its file (once).

        Raises
        ------
        UsageError
            LBL-005 when no sample, or more than one, has this name.
        IntegrityError
            LBL-018 when the file is not the one that the journal records.
        """
        sample = self.found(name)
        if sample.path not in self._proven:
            if not all(map(self._matches, sample.members if isinstance(sample, Series) else [sample])):
                raise IntegrityError("LBL-018")
            self._proven.add(sample.path)
        return {"path": sample.path, "sha256": sample.sha256, "uid": sample.uid, "content": sample.content}

    def _matches(self, sample: SampleLike) -> bool:
        try:
            return sha256_file(self._root / sample.path) == sample.sha256
        except CheckError:
            return False
