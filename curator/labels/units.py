"""Find the exports among what a user gives: which reader takes which file or folder, and which files none takes.

A folder that a reader knows as a whole is one unit, and what another tool's export is among its files is one of its
own; other folders are gone through. No name is kept in a message.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from curator.core.errors import UsageError
from curator.labels.exports import Export, measure
from curator.labels.readers.table import reader, recognized
from curator.project.vault import Vault

#: Endings of files that are an export by themselves, also inside a folder that another tool's reader takes.
_OWN_EXPORTS = frozenset({".json", ".jsonl", ".ndjson", ".xml", ".csv", ".tsv", ".dcm"})
#: Files of one run.
MAX_FILES = 1_000_000


@dataclass(frozen=True)
class Unit:
    """One file or folder that one reader reads, with all the files in it; ``others`` are units of their own."""

    path: Path = field(repr=False)
    form: str
    exports: tuple[Export, ...]
    others: tuple[Path, ...] = field(default=(), repr=False)


def units(paths: Sequence[Path], form: str | None, vault: Vault) -> tuple[list[Unit], int]:
    """Find who reads what, and digest it.

    Parameters
    ----------
    paths
        Files and folders.
    form
        The reader's name for all of them, or None to tell by content.
    vault
        For keyed digests.

    Returns
    -------
    list of Unit, int
        In the order given, the files of a folder by name; and how many files no reader takes.

    Raises
    ------
    UsageError
        IMP-002, IMP-004, IMP-012 when nothing is left, IMP-013 for what is neither a file nor a folder.
    """
    if form is not None:
        reader(form)
    made: list[Unit] = []
    unread = 0
    for path in paths:
        if not path.is_dir() and not path.is_file():
            raise UsageError("IMP-013", what="something that is no file, or nothing")
        unread += _find(path, form, vault, made)
    if not made:
        raise UsageError("IMP-012", count=unread)
    return made, unread


def _find(path: Path, form: str | None, vault: Vault, made: list[Unit]) -> int:
    """Add the units of a file or folder; return how many files no reader takes."""
    if not path.is_dir():
        names = [form] if form is not None else recognized(path)
        if names:
            made.append(Unit(path, names[0], (measure(vault, path),)))
        return not names
    names = recognized(path) if form is None else [form] * _whole(form, path)
    if names:
        files = files_of(path)
        others = tuple(one for one in files if form is None and _of_another(one, names[0]))
        made.append(Unit(path, names[0], tuple(measure(vault, one) for one in files if one not in others), others))
        return sum(_find(one, form, vault, made) for one in others)
    return sum(_find(one, form, vault, made) for one in _entries(path))


def _of_another(path: Path, form: str) -> bool:
    """Say whether a file inside a folder that one reader takes as a whole is an export of another tool."""
    if path.suffix.lower() not in _OWN_EXPORTS:
        return False
    names = recognized(path)
    return bool(names) and form not in names


def _whole(form: str, path: Path) -> bool:
    return reader(form).recognizes(path, b"")


def _entries(folder: Path) -> list[Path]:
    """Return what stands in a folder, by name, without what begins with a dot (IMP-002, IMP-013)."""
    try:
        found = sorted(one for one in folder.iterdir() if not one.name.startswith("."))
    except OSError:
        raise UsageError("IMP-002") from None
    if any(not one.is_file() and (not one.is_dir() or one.is_symlink()) for one in found):
        raise UsageError("IMP-013", what="something that is neither a file nor a folder")
    return found


def files_of(path: Path) -> list[Path]:
    """Return a file, or all files below a folder by name, those whose name begins with a dot left out."""
    if not path.is_dir():
        return [path]
    found: list[Path] = []

    def fail(_: OSError) -> None:
        raise UsageError("IMP-002") from None

    for base, folders, names in os.walk(path, onerror=fail):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        found += [Path(base, name) for name in sorted(names) if not name.startswith(".")]
        if len(found) > MAX_FILES:
            raise UsageError("IMP-013", what="more than a million files")
    if any(not one.is_file() for one in found):
        raise UsageError("IMP-013", what="something that is no file")
    return found
