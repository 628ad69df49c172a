#!/usr/bin/env python3
"""Write curator/scrub/dicom/data/safe_private.tsv from a machine-readable copy of PS3.15 Table E.3.10-1.

Run it with the path of the copy: a JSON list of rows with ``tag``, ``creator``, ``vr``, ``vm`` and ``meaning``, as the
DocBook source of the standard says them. The same copy gives the same table.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[2] / "curator" / "scrub" / "dicom" / "data" / "safe_private.tsv"
TAG = re.compile(r"\(([0-9A-F]{4}),xx([0-9A-F]{2})\)")
VRS = re.compile(r"(?:[A-Z]{2}(?: or [A-Z]{2})*)?")
VM = re.compile(r"\d+(?:-(?:\d+|n))?")
HEADER = (
    "# Private attributes that are safe to retain.",
    "# Source: DICOM PS3.15 Table E.3.10-1 (Safe Private Attributes), edition 2020. Written by",
    "# scripts/data/safe_private_table.py. An empty VR is one that the table leaves empty.",
    "# group, low byte of the element (hexadecimal)\tcreator\tvr\tvm\tmeaning",
)


def render(rows: list[dict[str, Any]]) -> str:
    """Render the table: one row a line, in the order of creator and tag."""
    found: dict[tuple[str, int, int], str] = {}
    for row in rows:
        tag = TAG.fullmatch(row["tag"].strip().replace("x", "X").upper().replace("XX", "xx"))
        creator, vr, vm = (row[name].strip() for name in ("creator", "vr", "vm"))
        if tag is None or not creator or not VRS.fullmatch(vr) or not VM.fullmatch(vm):
            raise SystemExit(f"a row has another form than expected: {row}")
        group, element = int(tag[1], 16), int(tag[2], 16)
        key = (creator, group, element)
        if key in found or not group & 1:
            raise SystemExit(f"a row stands twice, or is of no private group: {row}")
        found[key] = "\t".join([f"{group:04X}{element:02X}", creator, vr, vm, plain(row["meaning"])])
    return "\n".join([*HEADER, *(found[key] for key in sorted(found))]) + "\n"


def plain(text: str) -> str:
    """Return a meaning without markup and line breaks."""
    return " ".join(re.sub(r"[\\ ]*:s ?up:`([^`]*)`\\?", r"\1", text).split())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: safe_private_table.py TABLE.json")
    TARGET.write_text(render(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), encoding="utf-8")
