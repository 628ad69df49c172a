"""The DICOM files at some paths, as the keyed digests of their bytes: what a signed pixel check lists."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from curator.core.errors import ItemError, UsageError
from curator.intake.read import opened_source, read_head
from curator.intake.sniff import sniff
from curator.intake.walk import expanded, source_folder
from curator.scrub.delivery.keys import SourceKeys


def content_ids(paths: Iterable[Path], keys: SourceKeys, *, advance: Callable[[int], None]) -> set[str]:
    """Return the keyed content digests of all DICOM files at and below some paths.

    Parameters
    ----------
    paths
        Files or folders.
    keys
        Subkeys of the vault.
    advance
        Told after each of the paths.

    Raises
    ------
    UsageError
        SRC-001 when one of the paths is neither a file nor a folder that can be read.
    """
    found: set[str] = set()
    for path in paths:
        for base, relative, size, modified in dicom_files(path):
            try:
                with opened_source(base, relative, size=size, modified=modified) as stream:
                    found.add(keys.content_of(stream))
            except ItemError:
                continue  # it cannot be read, so it stays held back
        advance(1)
    return found


def dicom_files(path: Path) -> Iterator[tuple[Path, bytes, int, int]]:
    """Yield folder, relative path, size and time of change of every DICOM file at or below a path.

    Raises
    ------
    UsageError
        SRC-001 when the path is neither a file nor a folder that can be read.
    """
    for base, relative, size, modified in _files(path):
        try:
            if str(sniff(read_head(base, relative, size=size, modified=modified), size)) == "dicom":
                yield base, relative, size, modified
        except ItemError:
            continue  # it cannot be read, so it stays held back


def _files(path: Path) -> Iterator[tuple[Path, bytes, int, int]]:
    if path.is_file():
        info = path.resolve().stat()
        real = path.resolve()
        yield real.parent, os.fsencode(real.name), info.st_size, info.st_mtime_ns
        return
    if not path.is_dir():
        raise UsageError("SRC-001")
    base = source_folder(path)
    for found in expanded(base):
        if found.code is None:
            yield base, found.relative, found.size, found.modified
