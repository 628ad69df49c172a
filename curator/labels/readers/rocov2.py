"""ROCOv2: tables of captions (``ID,Caption``) and of UMLS concepts (``ID,CUIs``) of radiological figures.

Rückert et al. 2024, doi:10.1038/s41597-024-03496-6. A caption is a ``transcript`` of its image, as its paper has it;
each concept is a ``code``. Concepts of ``*_concepts.csv`` were found by a program in the captions and those of
``*_concepts_manual.csv`` were corrected by hand, but that stands in the file's name only, so the origin is not said.
The ``ID`` is the image's file name without its ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.readers import textio as t

_CUI = re.compile(r"C[0-9]{7}")


class Rocov2:
    """Reader of ROCOv2's tables."""

    name = "rocov2"
    title = "ROCOv2 2024: CSV of captions and of UMLS concepts"
    lacks = tuple(Lack(what, "") for what in ("author", "labeled-at", "guideline", "confidence", "review"))

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002 - the content tells
        """Say whether the header is one of the two."""
        return t.head_json(head).split("\n", 1)[0].strip() in {"ID,Caption", "ID,CUIs"}

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield captions or concepts in order; errors as the Protocol says."""
        lines = t.rows(path)
        header = next(lines, (0, []))[1]
        if header not in (["ID", "Caption"], ["ID", "CUIs"]):
            raise UsageError("IMP-001", format="ROCOv2")
        for count, (line, row) in enumerate(lines, 1):
            place = f"row {line}"
            if len(row) != 2:
                yield Refused(place, "IMP-023", {"what": "the cells of its header"})
            elif header[1] == "Caption":
                yield t.attempt(_caption, place, count, row)
            else:
                for at, code in enumerate(row[1].split(";"), 1):
                    yield t.attempt(_concept, f"{place} concept {at}", f"rocov2-{count}-{at}", row, code.strip())


def _caption(place: str, count: int, row: list[str]) -> Item:
    if not row[1].strip():
        raise ItemError("IMP-023", what="caption")
    return Item(place, f"rocov2-{count}", _image(row), "transcript", {"text": t.text(row[1])})


def _concept(place: str, label_id: str, row: list[str], code: str) -> Item:
    if not _CUI.fullmatch(code):
        raise ItemError("IMP-023", what="a concept of UMLS")
    return Item(place, label_id, _image(row), "code", {"system": "UMLS", "code": code})


def _image(row: list[str]) -> Named:
    return Named("file", t.class_name(row[0], "file"))
