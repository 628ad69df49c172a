"""PadChest: its table of image labels, ``PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv`` (Bustos et al. 2020).

One row an image. ``Labels`` is one label of kind ``classes``, ``Localizations`` a second; each UMLS concept of
``labelCUIS`` and ``LocalizationsCUIS`` is a ``code``. The order of concepts is not that of labels, so none gets a
meaning. ``MethodLabel`` says whether physicians labeled the report or a recurrent network did: the origin. Labels were
made on the study's report and hold for each of its images. Which localization belongs to which label
(``LabelsLocalizationsBySentence``) has no offsets in the report; it is checked for its form and kept with the labels,
as all other columns are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.readers import textio as t

_COLUMNS = {"ImageID", "StudyID", "MethodLabel", "Labels", "labelCUIS"}
_CLASSES = (("Labels", "l"), ("Localizations", "p"))
_CODES = (("labelCUIS", "c"), ("LocalizationsCUIS", "q"))
_LISTS = frozenset({"Labels", "Localizations", "labelCUIS", "LocalizationsCUIS"})
_ORIGINS = {"physician": "human", "rnn_model": "model", "rnn": "model"}
_PIECE = re.compile(r"""\s*(\[|\]|,|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*""", re.DOTALL)
_CUI = re.compile(r"C[0-9]{7}")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class PadChest:
    """Reader of PadChest's table."""

    name = "padchest"
    title = "PadChest 2019: CSV of image labels with UMLS concepts"
    lacks = (
        Lack("author", "PadChest names no person"),
        Lack("labeled-at", ""),
        Lack("guideline", ""),
        Lack("confidence", ""),
        Lack("review", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002 - the content tells
        """Say whether the header has PadChest's columns."""
        return set(t.head_json(head).split("\n", 1)[0].strip().split(",")) >= _COLUMNS

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every image in order; errors as the Protocol says."""
        lines = t.rows(path)
        header = next(lines, (0, []))[1]
        if not set(header) >= _COLUMNS or len(set(header)) != len(header):
            raise UsageError("IMP-001", format="PadChest")
        for count, (line, row) in enumerate(lines, 1):
            yield from _row(f"row {line}", count, header, row)


def _row(place: str, count: int, header: list[str], row: list[str]) -> t.Told:
    try:
        cells = t.fields(header, row)
    except ItemError as error:
        yield Refused(place, error.code, dict(error.facts))
        return
    for column, short in _CLASSES:
        if cells.get(column, "").strip() not in {"", "[]", "nan"}:
            yield t.attempt(_classes, f"{place} {column}", f"padchest-{count}-{short}", cells, column)
    for column, short in _CODES:
        try:
            codes = [one for one in _listed(cells.get(column, "")) if one.strip()]
        except ItemError as error:
            yield Refused(f"{place} {column}", error.code, dict(error.facts))
            continue
        for at, code in enumerate(codes, 1):
            label_id = f"padchest-{count}-{short}{at}"
            yield t.attempt(_code, f"{place} {column}[{at - 1}]", label_id, cells, column, code.strip())


def _item(
    place: str, label_id: str, cells: dict[str, str], kind: str, value: dict[str, Any], kept: dict[str, Any]
) -> Item:
    origin = _ORIGINS.get(cells["MethodLabel"].strip().lower())
    if origin is None:
        raise ItemError("IMP-023", what="a method that is known")
    return Item(
        place, label_id, Named("file", t.class_name(cells["ImageID"], "file")), kind, value, origin=origin, kept=kept
    )


def _classes(place: str, label_id: str, cells: dict[str, str], column: str) -> Item:
    names = [one.strip() for one in _listed(cells[column])]
    _listed(cells.get("LabelsLocalizationsBySentence", ""))
    kept = t.kept(cells, _LISTS) | {"column": column}
    # Exclusive or doubled names are the ontology's business; an empty one is the table's own slip and says nothing.
    value = {"classes": sorted({t.class_name(one) for one in names if one})}
    return _item(place, label_id, cells, "classes", value, kept)


def _code(place: str, label_id: str, cells: dict[str, str], column: str, code: str) -> Item:
    if not _CUI.fullmatch(code):
        raise ItemError("IMP-023", what="a concept of UMLS")
    return _item(place, label_id, cells, "code", {"system": "UMLS", "code": code}, {"column": column})


def _listed(cell: str) -> list[str]:
    """Return the texts of a printed list, in order, inner lists opened (IMP-023 when it is none)."""
    cell = cell.strip()
    if cell in {"", "nan"}:
        return []
    at, depth, found = 0, 0, []
    while at < len(cell):
        piece = _PIECE.match(cell, at)
        if piece is None:
            raise ItemError("IMP-023", what="a list that can be read")
        word, at = piece[1], piece.end()
        if word in "[]":
            depth += 1 if word == "[" else -1
            if not 0 <= depth <= 2 or (depth == 0 and at < len(cell)):
                raise ItemError("IMP-023", what="a list that can be read")
        elif depth == 0:
            raise ItemError("IMP-023", what="a list that can be read")
        elif word != ",":
            found.append(_ESCAPE.sub(r"\1", word[1:-1]))
    if depth:
        raise ItemError("IMP-023", what="a list that can be read")
    return found
