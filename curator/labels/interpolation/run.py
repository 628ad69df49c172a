"""Write what was filled in as a label file of the project, whole or not at all; the same labels give the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.errors import UsageError
from curator.core.files import make_folder, put_if_absent, sweep_temps, sync_folder, translated, writing
from curator.core.hashing import sha256_file
from curator.labels.importing import FOLDER, VALUES
from curator.labels.interpolation.filling import Filling
from curator.labels.signed import Gathered, Signed


@dataclass(frozen=True)
class Written:
    """The label file: SHA-256 (hex) and bytes, empty and 0 when nothing was filled in."""

    sha256: str = ""
    size: int = 0


class _EmptyError(Exception):
    """Nothing was filled in, so no file is written."""


def putter(root: Path, *, dry_run: bool) -> Any:
    """Return what takes a value that stands in a file of its own."""
    values = root / FOLDER / VALUES

    def put(data: bytes) -> None:
        if not dry_run:
            make_folder(values)
            put_if_absent(values / f"{hashlib.sha256(data).hexdigest()}.json", data)

    return put


def run(filling: Filling, labels: Sequence[Signed], root: Path, name: str, *, dry_run: bool = False) -> Written:
    """Fill in, and write the label file.

    Parameters
    ----------
    filling, labels
        The run and its labels.
    root, name
        The project's root, and the file's name in its ``labels`` folder.
    dry_run
        Go through everything and keep nothing.

    Raises
    ------
    UsageError
        INT-014 when another label file has this name; INT-008.
    """
    digest, size = hashlib.sha256(), 0
    if dry_run:
        for line in filling.lines(labels):
            digest.update(line)
            size += len(line)
        return Written(digest.hexdigest(), size) if size else Written()
    folder = root / FOLDER
    make_folder(folder)
    sweep_temps(folder)
    path = folder / name
    try:
        with writing(path) as stream:
            for line in filling.lines(labels):
                digest.update(line)
                size += len(line)
                stream.write(line)
            if not size:
                raise _EmptyError
            if path.exists() and sha256_file(path) != digest.hexdigest():
                raise UsageError("INT-014")
    except _EmptyError:
        return Written()
    with translated():
        sync_folder(folder)
    return Written(digest.hexdigest(), size)


def document(
    filling: Filling, gathered: Gathered, labels: Sequence[Signed], made: Written, name: str, *, dry_run: bool
) -> dict[str, Any]:
    """Return what schemas/labels-interpolate-report.schema.json describes."""
    filled = filling.filled
    return {
        "signed": gathered.total,
        "leftOut": {
            **dict(sorted(gathered.others.items())),
            **({"interpolated": len(gathered.labels) - len(labels)} if len(gathered.labels) > len(labels) else {}),
        },
        "asked": len(labels),
        "ends": len(filled.ends),
        "refused": len(labels) - len(filled.ends),
        "made": filled.made,
        "values": filled.values,
        "labels": None if dry_run or not made.size else f"{FOLDER}/{name}",
        "sha256": made.sha256 or None,
        "bytes": made.size,
        "dryRun": dry_run,
        "reasons": [
            {"code": error.code, "sentence": error.sentence, "hint": error.hint, "count": count}
            for error, count in filled.reasons()
        ],
    }
