"""Write signed labels back to other tools' forms: a new folder, there whole or not at all, the same bytes each time.

Each label that was asked for is written or refused with a reason, and the two counts are those asked for. The folder
has the form's own files, ``records.csv`` with what became of each label, and ``export.json`` with the counts.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.errors import CheckError, UsageError
from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated, write_whole
from curator.labels.signed import Gathered, Signed
from curator.labels.writers.protocol import Clean, Told, Writer
from curator.project.paths import Project, inside

REPORT, RECORDS = "export.json", "records.csv"
#: Where exports may stand inside of a project.
FOLDER = "exports"


@dataclass(frozen=True)
class Exported:
    """What an export came to: the document of schemas/labels-export-report.schema.json, and how many were refused."""

    document: dict[str, Any]
    refused: int


def place_of(project: Project, output: Path) -> Path:
    """Return where an export goes.

    Raises
    ------
    UsageError
        EXP-001 when something stands there, EXP-007 for a folder in the vault or in the project's own folders.
    """
    if output.is_symlink() or output.exists():
        raise UsageError("EXP-001")
    place = output.parent.resolve() / output.name
    own = inside(place, project.root) and not inside(place, project.root / FOLDER)
    if own or inside(place, project.vault) or inside(project.root, place):
        raise UsageError("EXP-007")
    return place


def export(
    writer: Writer,
    gathered: Gathered,
    clean: Clean,
    target: Path,
    *,
    dry_run: bool = False,
    advance: Callable[[int], None] = lambda _: None,
) -> Exported:
    """Write labels.

    Parameters
    ----------
    writer
        Of the form wanted.
    gathered
        The labels.
    clean
        The project's clean files.
    target
        As :func:`place_of` returned it.
    dry_run
        Go through everything and keep nothing.
    advance
        Called with the number of labels done.

    Raises
    ------
    UsageError
        EXP-002 when no label is there to be written.
    CheckError
        EXP-009 when labels written and refused are not those asked for; SYS codes.
    IntegrityError
        LBL-018.
    """
    if not gathered.labels:
        raise UsageError("EXP-002")
    mark = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
    temp = target.parent / f"{TEMP_PREFIX}{mark}"
    files: dict[str, tuple[str, int]] = {}

    def put(name: str, data: bytes) -> None:
        if name in files:
            raise CheckError("EXP-009")
        files[name] = (hashlib.sha256(data).hexdigest(), len(data))
        if not dry_run:
            make_folder((temp / name).parent)
            write_whole(temp / name, data, flush_folder=False)

    told = Told(put, advance)
    if not dry_run:
        make_folder(target.parent)
        shutil.rmtree(temp, ignore_errors=True)
    try:
        writer.write(gathered.labels, clean, told)
        if len(told.written) + len(told.refused) != len(gathered.labels):
            raise CheckError("EXP-009")
        put(RECORDS, _records(gathered.labels, told))
        document = _document(writer, gathered, told, files)
        put(REPORT, (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=True) + "\n").encode())
        if not dry_run and told.written:
            with translated():
                for base, _, _ in os.walk(temp):
                    sync_folder(Path(base))
                if target.exists():
                    raise UsageError("EXP-001")
                os.rename(temp, target)
                sync_folder(target.parent)
    finally:
        shutil.rmtree(temp, ignore_errors=True)
    return Exported(document, len(told.refused))


def _records(labels: Sequence[Signed], told: Told) -> bytes:
    """Return the table of what became of each label."""
    stream = io.StringIO(newline="")
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(("record", "leaf", "labelId", "sample", "reader", "state", "file", "code"))
    for one in sorted(labels, key=lambda label: label.index):
        error = told.refused.get(one.index)
        end = (told.written.get(one.index, ""), "" if error is None else error.code)
        table.writerow((one.index, one.leaf, one.label_id, one.path, one.author, one.state, *end))
    return stream.getvalue().encode("utf-8")


def _document(writer: Writer, gathered: Gathered, told: Told, files: dict[str, tuple[str, int]]) -> dict[str, Any]:
    return {
        "format": writer.name,
        "signed": gathered.total,
        "leftOut": dict(sorted(gathered.others.items())),
        "asked": len(gathered.labels),
        "written": len(told.written),
        "refused": len(told.refused),
        "rounded": told.rounded,
        "reasons": [
            {"code": error.code, "sentence": error.sentence, "hint": error.hint, "count": count}
            for error, count in told.reasons()
        ],
        "files": [{"name": name, "sha256": digest, "bytes": size} for name, (digest, size) in sorted(files.items())],
    }
