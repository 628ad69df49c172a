"""Which medium reads a file. Told by its first bytes; a name's ending only tips what is a table as well as a text.

A kind that no medium reads is held back. Nothing of the content is kept or returned.
"""

from __future__ import annotations

import csv
import re
from importlib import import_module
from types import ModuleType
from typing import BinaryIO

from curator.core.errors import ItemError
from curator.formats.textcode import detect
from curator.intake.archives import office_kind
from curator.intake.sniff import sniff
from curator.scrub.text import measures
from curator.scrub.text.forms import form_of

#: Kind of file to the folder of ``scrub/`` that reads it.
MEDIA = {
    "fhir": "fhir",
    "hl7": "hl7",
    "cda": "cda",
    "csv": "tabular",
    "excel": "tabular",
    "parquet": "tabular",
    "text": "text",
    "json": "text",
    "ndjson": "text",
    "pdf": "document",
}
#: Kinds that are held back under a code of their own.
CODE_OF_KIND = {"dicomdir": "SRC-010", "empty": "SRC-008", "archive": "ARC-002"}
#: Forms of a text that may look like a table, and are none.
_FORMS_OF_TEXT = frozenset({"conll", "conllu", "brat", "vtt", "srt", "rtf", "html"})
#: How far into a JSON document the mark of a FHIR resource is looked for.
_FAR = 4 << 20
_RESOURCE = re.compile(rb'"resourceType"\s*:\s*"[A-Z][A-Za-z]+"')
_TABLE_ENDINGS = (b".csv", b".tsv", b".tab", b".psv")
_PROSE_CELL = 60
_LEAST_COLUMNS, _LEAST_ROWS = 3, 3


def route(head: bytes, size: int, relative: bytes, stream: BinaryIO) -> str:
    """Return the kind of a file.

    Parameters
    ----------
    head
        Its first bytes, 8192 or all.
    size
        Its bytes.
    relative
        Its path below the source; only its ending is looked at.
    stream
        The file, for a look at a zip's table of contents; left at its start.

    Returns
    -------
    str
        One of :class:`curator.intake.sniff.Kind`, or ``excel`` or ``office``.
    """
    kind = str(sniff(head, size))
    if kind == "archive" and head[:4] == b"PK\x03\x04":
        kind = office_kind(stream) or kind
        stream.seek(0)
    elif kind == "json":
        kind = "fhir" if _RESOURCE.search(stream.read(_FAR)) else kind
        stream.seek(0)
    elif kind in {"csv", "text", "xml", "unknown"}:
        form = _form(head)
        if kind == "unknown":
            kind = "text" if _is_text(stream) else kind
        elif kind == "xml":
            kind = "text" if form == "html" else kind
        elif measures.may_be_measures(head) and measures.holds_measures(stream, table=True):
            kind = "text"  # rows without a header: no table that could be read by its columns
        elif form not in _FORMS_OF_TEXT:
            named = relative.lower().endswith(_TABLE_ENDINGS)
            kind = "csv" if named or (kind == "csv" and is_table(head)) else "text"
        else:
            kind = "text"
    return kind


def _form(head: bytes) -> str:
    """Return the form of what may be a text; its marks are plain letters in every encoding."""
    name = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    return form_of(head[: len(head) & ~1].decode(name, "ignore"))


def _is_text(stream: BinaryIO) -> bool:
    """Say whether a file of no known kind decodes whole as a text, such as UTF-16 without a mark or Shift JIS."""
    try:
        detect(stream)
    except ItemError:
        return False
    finally:
        stream.seek(0)
    return True


def is_table(head: bytes) -> bool:
    """Say whether lines of equal width are rows of a table, and not sentences that happen to have as many commas."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff")
    lines = text.splitlines()[:20]
    if len(lines) < 2:
        return False
    for delimiter in "\t,;|":
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            continue
        if len(rows) < 2 or len({len(row) for row in rows[:-1]}) != 1 or len(rows[0]) < 2:
            continue
        header = [cell.strip() for cell in rows[0]]
        if len(set(header)) != len(header) or not all(header):
            return False
        if any(len(cell) > _PROSE_CELL or cell.endswith((".", "!", "?")) for cell in header):
            return False
        known = _known_columns(header)
        return known >= 2 or (len(header) >= _LEAST_COLUMNS and len(rows) >= _LEAST_ROWS) or known == len(header)
    return False


def _known_columns(header: list[str]) -> int:
    from curator.scrub.tabular.roles import spec_of

    return sum(spec_of(cell) is not None for cell in header)


def medium_of(name: str) -> ModuleType:
    """Import a medium by its folder's name; it has the functions of :class:`curator.scrub.medium.Medium`."""
    if name not in set(MEDIA.values()):
        raise ValueError("no such medium")
    package = import_module(f"curator.scrub.{name}")
    return package if hasattr(package, "harvest") else import_module(f"curator.scrub.{name}.medium")
