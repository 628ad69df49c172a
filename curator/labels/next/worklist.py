"""A worklist as a file: CSV, or JSON by schemas/label-worklist.schema.json; written once, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from curator.core.errors import UsageError
from curator.core.files import put_if_absent

COLUMNS = ("rank", "sample", "uid", "sha256", "reason", "score")


def check_place(path: Path) -> None:
    """Refuse a place where something stands, and other endings than ``.csv`` and ``.json`` (NXT-012)."""
    if path.suffix.lower() not in (".csv", ".json") or path.exists() or not path.parent.is_dir():
        raise UsageError("NXT-012")


def as_csv(document: dict[str, Any]) -> str:
    """Return the worklist's rows as CSV; a score that is none is an empty cell."""
    stream = io.StringIO(newline="")
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in document["worklist"]:
        table.writerow("" if one[name] is None else one[name] for name in COLUMNS)
    return stream.getvalue()


def write(path: Path, document: dict[str, Any]) -> None:
    """Write a worklist (NXT-012)."""
    check_place(path)
    text = as_csv(document)
    if path.suffix.lower() == ".json":
        text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    if not put_if_absent(path, text.encode("utf-8")):
        raise UsageError("NXT-012")
