"""Assignments on disk: each run is a file under ``journal/splits/`` that is never changed; the newest one counts.

``splits/assignments.json`` is the newest one for other programs to read. A file of the row that is lacking, that was
changed, or that moves somebody is found when the row is read.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CuratorError, IntegrityError
from curator.core.files import make_folder, put_if_absent, translated, write_whole
from curator.core.schema import validate, violation
from curator.project.paths import Project
from curator.release.splits import SCHEMA, Splits, splits_of

NAME = "assignments.json"


def folder(project: Project) -> Path:
    """Return the folder of the splits."""
    return project.root / "splits"


def _history(project: Project) -> Path:
    return project.journal / "splits"


def _read(path: Path) -> bytes:
    with translated():
        return path.read_bytes()


def _entries(project: Project) -> list[bytes]:
    base = _history(project)
    names = sorted(path.name for path in base.glob("*.json")) if base.is_dir() else []
    if names != [f"{number:08d}.json" for number in range(len(names))]:
        raise IntegrityError("SPL-003", what="a file of journal/splits is lacking or does not belong there")
    return [_read(base / name) for name in names]


def load(project: Project) -> Splits | None:
    """Return the assignments as they stand, or None where none were made.

    Raises
    ------
    IntegrityError
        SPL-003 when a file was changed by other hands.
    """
    entries = _entries(project)
    there = folder(project) / NAME
    if not entries:
        if there.exists():
            raise IntegrityError("SPL-003", what="splits/assignments.json stands there, and journal/splits does not")
        return None
    before: tuple[str | None, dict[str, Any]] = (None, {})
    made: Splits | None = None
    for data in entries:
        document = _checked(data, before[0])
        now = splits_of(document["splits"])
        moved = [name for name, split in before[1].items() if now.assignments.get(name, split) != split]
        gone = [name for name in before[1] if name not in now.assignments and name not in now.left]
        if moved or gone:
            raise IntegrityError("SPL-003", what=f"{len(moved) + len(gone)} patients were moved")
        made, before = now, (hashlib.sha256(data).hexdigest(), dict(now.assignments))
    assert made is not None
    if there.is_file():
        known = {canonical_bytes(strict_loads(data)["splits"]) for data in entries[-2:]}
        if _read(there) not in known:
            raise IntegrityError("SPL-003", what="splits/assignments.json is not what journal/splits says")
    return made


def history(project: Project) -> list[Splits]:
    """Return every row of the assignments, oldest first (SPL-003 as :func:`load`)."""
    load(project)
    return [splits_of(strict_loads(data)["splits"]) for data in _entries(project)]


def _checked(data: bytes, previous: str | None) -> dict[str, Any]:
    try:
        document: dict[str, Any] = strict_loads(data)
        fine = (
            canonical_bytes(document) == data
            and document.keys() == {"format", "previous", "splits"}
            and document["format"] == 1
            and document["previous"] == previous
            and violation(SCHEMA, document["splits"]) is None
        )
    except (CuratorError, TypeError, AttributeError):
        fine = False
    if not fine:
        raise IntegrityError("SPL-003", what="a file of journal/splits was changed")
    return document


def save(project: Project, splits: Splits) -> None:
    """Put down assignments, unless they are those that stand; the caller holds the project's lock for splits.

    Raises
    ------
    IntegrityError
        SPL-003 when another run was faster.
    """
    entries = _entries(project)
    document = splits.document()
    validate(SCHEMA, document)
    data = canonical_bytes(document)
    if not entries or canonical_bytes(strict_loads(entries[-1])["splits"]) != data:
        previous = hashlib.sha256(entries[-1]).hexdigest() if entries else None
        made = canonical_bytes({"format": 1, "previous": previous, "splits": document})
        make_folder(_history(project))
        if not put_if_absent(_history(project) / f"{len(entries):08d}.json", made):
            raise IntegrityError("SPL-003", what="another run wrote at the same time")
    make_folder(folder(project))
    write_whole(folder(project) / NAME, data)
