"""Folders whose files were put side by side, each under its path with two underscores for a slash.

Such a name says where a file stood: ``labels__train__1.txt`` is ``labels/train/1.txt``. Nothing else is made of it.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from curator.core.errors import UsageError

_MARK = "__"


def looks_flat(folder: Path) -> dict[PurePosixPath, Path]:
    """Return what :func:`flattened` does, nothing for a folder of which two files stood at one place."""
    try:
        return flattened(folder)
    except UsageError as error:
        if error.code != "IMP-003":
            raise
        return {}


def flattened(folder: Path) -> dict[PurePosixPath, Path]:
    """Return the files of a folder that have a path for a name: where each stood, in order, to the file.

    Raises
    ------
    UsageError
        IMP-002 when the folder cannot be read; IMP-003 when two names are one path.
    """
    made: dict[PurePosixPath, Path] = {}
    try:
        found = sorted(one for one in folder.iterdir() if _MARK in one.name and one.is_file())
    except OSError:
        raise UsageError("IMP-002") from None
    for file in found:
        steps = [step for step in file.name.split(_MARK) if step]
        if len(steps) < 2:
            continue
        path = PurePosixPath(*steps)
        if path in made:
            raise UsageError("IMP-003", reason="two of its files stood at one place")
        made[path] = file
    return dict(sorted(made.items()))
