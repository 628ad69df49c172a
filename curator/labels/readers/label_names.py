"""Names of label values out of the tables that stand beside a volume, whichever tool wrote them.

Known are: a JSON object of values and names (the Decathlon's ``labels``, nnU-Net's, plain), dcmqi's
``segmentAttributes``, ITK-SNAP's label descriptions, Slicer's color tables, and BIDS' ``dseg.tsv``. A file beside that
is none of these says nothing; one that is broken is refused, so that no label comes in under a number because its table
was cut off.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import UsageError
from curator.labels.readers.volumes import Name

MOST_TABLE = 1 << 24
_SNAP = re.compile(r'\s*(\d{1,9})((?:\s+[0-9.]+){6})\s+"([^"]*)"\s*')
_COLORS = re.compile(r"\s*(\d{1,9})\s+(\S+)\s+(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s*")
_WHOLE = re.compile(r"[0-9]{1,9}")


def stem(path: Path) -> str:
    """Return a volume's name without its endings."""
    name = path.name
    for ending in (".gz", ".nii", ".seg.nrrd", ".nrrd", ".nhdr", ".hdr", ".img", ".tif", ".tiff"):
        if name.lower().endswith(ending) and len(name) > len(ending):
            name = name[: -len(ending)]
    return name


def load_json(path: Path) -> Any:
    """Read a small JSON file (IMP-002 unreadable, IMP-003 broken or too large)."""
    text = _text(path)
    try:
        return strict_loads(text)
    except UsageError:
        raise UsageError("IMP-003", reason="a JSON file beside the volumes is broken") from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_TABLE + 1)
    except OSError:
        raise UsageError("IMP-002") from None
    if len(data) > MOST_TABLE:
        raise UsageError("IMP-003", reason="a table of names is larger than 16 MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("IMP-003", reason="a table of names is not UTF-8") from None


def names_beside(path: Path) -> dict[int, Name]:
    """Return the names that tables beside a volume give: of the volume's name with .json, .tsv, .txt, .label or .ctbl.

    Raises
    ------
    UsageError
        IMP-003 for a broken table, or two names of one value.
    """
    for ending in (".json", ".tsv", ".txt", ".label", ".ctbl"):
        beside = path.with_name(stem(path) + ending)
        if beside.is_file():
            found = from_json(load_json(beside)) if ending == ".json" else from_lines(_text(beside))
            if found:
                return found
    return {}


def from_json(table: Any) -> dict[int, Name]:
    """Return the names that a JSON value gives; none when it is of another kind."""
    if not isinstance(table, dict):
        return {}
    if isinstance(table.get("segmentAttributes"), list):
        return _dcmqi(table["segmentAttributes"])
    labels = table.get("labels", table)
    if not isinstance(labels, dict) or not labels:
        return {}
    rows: list[tuple[int, Name]] = []
    for key, value in labels.items():
        if isinstance(value, str) and _WHOLE.fullmatch(key):
            rows.append((int(key), Name(value)))
        elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 30:
            rows.append((value, Name(key)))
        elif isinstance(value, list) and table is not labels:
            continue  # one of nnU-Net's regions, which is a union of values
        else:
            return {}
    return _once(rows)


def _dcmqi(groups: list[Any]) -> dict[int, Name]:
    """Read dcmqi's segment descriptions (seg-schema.json): a list of lists of segments with ``labelID``."""
    rows = []
    for segment in (segment for group in groups if isinstance(group, list) for segment in group):
        if not isinstance(segment, dict) or not isinstance(segment.get("labelID"), int):
            return {}
        code = segment.get("SegmentedPropertyTypeCodeSequence")
        meaning = code.get("CodeMeaning") if isinstance(code, dict) else None
        text = next((t for t in (segment.get("SegmentLabel"), segment.get("SegmentDescription"), meaning) if t), None)
        if isinstance(text, str):
            rows.append((segment["labelID"], Name(text, segment)))
    return _once(rows)


def from_lines(text: str) -> dict[int, Name]:
    """Return the names that a table of lines gives; none when it is of another kind."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if lines and "\t" in lines[0] and {"index", "name"} <= {word.strip().lower() for word in lines[0].split("\t")}:
        return _tsv(lines)
    for pattern, word in ((_SNAP, 3), (_COLORS, 2)):
        found = [pattern.fullmatch(line) for line in lines]
        if found and all(found):
            return _once([(int(row[1]), Name(row[word])) for row in found if row is not None])
    return {}


def _tsv(lines: list[str]) -> dict[int, Name]:
    """Read BIDS' table of segmentations (BIDS 1.10, Derivatives, Imaging, "Common image-derived labels")."""
    rows = []
    try:
        table = [{(key or "").strip().lower(): cell for key, cell in row.items()}
                 for row in csv.DictReader(lines, delimiter="\t")]  # fmt: skip
    except csv.Error:
        raise UsageError("IMP-003", reason="a table of names is broken") from None
    for row in table:
        if None in row.values() or not _WHOLE.fullmatch((row["index"] or "").strip()):
            raise UsageError("IMP-003", reason="a table of names is broken")
        rows.append(
            (int(row["index"]), Name(row["name"], {k: v for k, v in row.items() if k not in ("index", "name")}))
        )
    return _once(rows)


def _once(rows: list[tuple[int, Name]]) -> dict[int, Name]:
    found = dict(rows)
    if len(found) != len(rows):
        raise UsageError("IMP-003", reason="a table of names gives one value two names")
    return found


def layered(names: dict[int, Name]) -> dict[tuple[int, int], Name]:
    """Return names for a volume with one layer."""
    return {(0, value): name for value, name in names.items()}
