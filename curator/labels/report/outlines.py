"""The outline of what a reader drew, as rings in pixels: the edge between pixels inside and outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curator.labels.agreement.drawn import unpacked
from curator.labels.agreement.planar import outline
from curator.labels.agreement.traced import Ring, edges

#: Corners of one outline; what has more is too ragged to be drawn, and is left out of a picture as a whole.
CORNERS = 20_000


def rings_of(kind: str, values: Sequence[Any], slice_number: int | None = None) -> tuple[Ring, ...] | None:
    """Return the outlines of values of one kind; None when they have too many corners.

    Parameters
    ----------
    kind
        ``box``, ``ellipse``, ``polygon``, ``polyline``, ``point``, ``keypoints``, ``mask`` or ``volume-mask``.
    slice_number
        Of volumes: the slice, from 1.
    """
    made: list[Ring] = []
    for value in values:
        if kind in {"box", "ellipse"}:
            made.append(tuple((x, y) for x, y in outline(value).tolist()))
        elif kind == "polyline":
            made.append(_there_and_back(value["line"]))
        elif kind == "point":
            made.append(((value["point"][0], value["point"][1]),))
        elif kind == "polygon":
            made += [tuple(zip(ring[0::2], ring[1::2], strict=True)) for ring in value["rings"]]
        elif kind == "keypoints":
            made += [((point["x"], point["y"]),) for point in value["points"] if point["visibility"]]
        elif kind == "mask":
            rows, columns = value["size"]
            made += edges(unpacked(value["runs"], rows, columns))
        elif kind == "volume-mask":
            columns, rows, _ = value["size"]
            runs = value["slices"].get(str(slice_number))
            made += edges(unpacked(runs, rows, columns)) if runs is not None else []
        if sum(map(len, made)) > CORNERS:
            return None
    return tuple(made)


def _there_and_back(line: Sequence[float]) -> Ring:
    """Return a line as a ring: pictures close their outlines."""
    places = list(zip(line[0::2], line[1::2], strict=True))
    return (*places, *places[-2:0:-1])
