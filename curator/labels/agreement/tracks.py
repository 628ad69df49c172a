"""How far two readers agree on tracks in a video: where things are in each frame, and which of them is which.

Sources: Luiten et al., International Journal of Computer Vision 129 (2021) 548 (HOTA: equations 16 to 24, matched as
its section 5 and the authors' TrackEval do); Ristani et al., ECCV Workshops 2016 (IDF1). All counts add up over videos.
A box between two key frames runs linearly. A frame in which some other shape lies between its key frames is left out,
since nobody said where it is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from curator.core.errors import UsageError
from curator.labels.agreement import drawn, masks, planar
from curator.labels.agreement.model import Floats
from curator.labels.agreement.needs import scipy_part

#: Least IoU at which HOTA takes two shapes of a frame for one, one after the other.
ALPHAS = tuple(round(0.05 * step, 2) for step in range(1, 20))
#: Sums of a comparison: finds of both, of the first and of the second alone at each of ALPHAS, association; identity.
SUMS = (
    *(f"{name}{at}" for name in ("both", "first", "second", "association") for at in range(len(ALPHAS))),
    "id_both",
    "id_first",
    "id_second",
    "iou",
    "met",
    "frames",
    "frames_left",
)
_FLAT = frozenset({"box", "ellipse"})
_DRAWN = {"mask": drawn.masks, "polygon": drawn.polygons}
_EPS = 1e-9
_MOST_FRAMES = 200_000

_Shape = tuple[str, Any]


def _keys(track: Any) -> dict[int, _Shape]:
    return {one["frame"]: (one["kind"], one["value"]) for one in track["frames"]}


def shape_at(keys: Mapping[int, _Shape], numbers: Sequence[int], frame: int) -> _Shape | None:
    """Return the shape of a track in a frame between its first and last; None when nobody said where it is.

    Parameters
    ----------
    keys
        Frame to kind and value.
    numbers
        The frames of `keys`, ascending.
    """
    if frame in keys:
        return keys[frame]
    after = int(np.searchsorted(np.asarray(numbers), frame))
    (kind, one), (other, two) = keys[numbers[after - 1]], keys[numbers[after]]
    if (kind, other) != ("box", "box") or one.get("rotation") or two.get("rotation"):
        return None
    share = (frame - numbers[after - 1]) / (numbers[after] - numbers[after - 1])
    box = [float(a) + (float(b) - float(a)) * share for a, b in zip(one["box"], two["box"], strict=True)]
    return "box", {"class": one["class"], "box": box}


def overlap(one: _Shape, two: _Shape) -> float:
    """Return the IoU of two shapes of a frame; AGR-031 for kinds that have no area in common."""
    kinds = {one[0], two[0]}
    if kinds == {"box"} and not (one[1].get("rotation") or two[1].get("rotation")):
        return _straight(one[1]["box"], two[1]["box"])
    if kinds <= _FLAT:
        return float(planar.iou_matrix([one[1]], [two[1]])[0, 0])
    if len(kinds) == 1 and one[0] in _DRAWN:
        return float(masks.overlap(*_DRAWN[one[0]]([one[1]], [two[1]])).iou or 0.0)
    raise UsageError("AGR-031", why="the shapes of a track have no area, or not the same kind of one")


def _straight(one: Sequence[float], two: Sequence[float]) -> float:
    both = 1.0
    for at in (0, 1):
        both *= max(0.0, min(one[at] + one[at + 2], two[at] + two[at + 2]) - max(one[at], two[at]))
    return float(both / (one[2] * one[3] + two[2] * two[3] - both))


def compare(first: Sequence[Any], second: Sequence[Any], threshold: float) -> dict[str, float]:
    """Compare the tracks of two readers of one class in one video.

    Parameters
    ----------
    first, second
        Values of ``track``.
    threshold
        Least IoU at which two shapes of a frame count for identity.

    Returns
    -------
    dict
        By :data:`SUMS`; add them up over videos.

    Raises
    ------
    UsageError
        AGR-021 without scipy, AGR-031 for shapes that cannot overlap.
    """
    sides = [[_keys(track) for track in side] for side in (first, second)]
    frames = sorted({frame for side in sides for keys in side for frame in keys})
    if len(frames) > _MOST_FRAMES:
        raise UsageError("AGR-031", why="there are too many frames")
    seen: list[tuple[list[int], list[int], Floats]] = []
    left = 0
    for frame in frames:
        held = [_alive(side, frame) for side in sides]
        if any(shape is None for side in held for _, shape in side):
            left += 1
            continue
        near = np.array([[overlap(a, b) for _, b in held[1] if b] for _, a in held[0] if a])
        seen.append(([at for at, _ in held[0]], [at for at, _ in held[1]], near.reshape(len(held[0]), len(held[1]))))
    return (
        _hota(seen, len(first), len(second))
        | _identity(seen, len(first), len(second), threshold)
        | {
            "frames": float(len(seen)),
            "frames_left": float(left),
        }
    )


def _alive(side: Sequence[Mapping[int, _Shape]], frame: int) -> list[tuple[int, _Shape | None]]:
    made = []
    for at, keys in enumerate(side):
        numbers = sorted(keys)
        if numbers[0] <= frame <= numbers[-1]:
            made.append((at, shape_at(keys, numbers, frame)))
    return made


def _hota(seen: Sequence[tuple[list[int], list[int], Floats]], ones: int, twos: int) -> dict[str, float]:
    assign = scipy_part("optimize").linear_sum_assignment
    possible = np.zeros((ones, twos))
    counts = np.zeros(ones), np.zeros(twos)
    for rows, columns, near in seen:
        counts[0][rows] += 1
        counts[1][columns] += 1
        total = near.sum(axis=0)[None, :] + near.sum(axis=1)[:, None] - near
        possible[np.ix_(rows, columns)] += np.divide(near, total, out=np.zeros_like(near), where=total > 0)
    whole = counts[0][:, None] + counts[1][None, :]
    aligned = np.divide(possible, whole - possible, out=np.zeros_like(possible), where=whole > possible)
    met = np.zeros((len(ALPHAS), ones, twos))
    made = dict.fromkeys(SUMS, 0.0)
    for rows, columns, near in seen:
        one, two = assign(-(aligned[np.ix_(rows, columns)] * near)) if near.size else ([], [])
        close = near[one, two] if len(one) else np.zeros(0)
        for at, alpha in enumerate(ALPHAS):
            good = close >= alpha - _EPS
            made[f"both{at}"] += float(good.sum())
            made[f"first{at}"] += float(len(rows) - good.sum())
            made[f"second{at}"] += float(len(columns) - good.sum())
            met[at, np.array(rows, int)[one][good], np.array(columns, int)[two][good]] += 1
    for at in range(len(ALPHAS)):
        share = np.divide(met[at], whole - met[at], out=np.zeros_like(whole), where=whole > met[at])
        made[f"association{at}"] = float((met[at] * share).sum())
    return made


def _identity(
    seen: Sequence[tuple[list[int], list[int], Floats]], ones: int, twos: int, threshold: float
) -> dict[str, float]:
    """Give each track one track of the other reader for the whole video, so that most frames agree."""
    good = np.zeros((ones, twos))
    lengths = [0, 0]
    inside = met = 0.0
    for rows, columns, near in seen:
        good[np.ix_(rows, columns)] += near >= threshold
        lengths[0] += len(rows)
        lengths[1] += len(columns)
    one, two = scipy_part("optimize").linear_sum_assignment(-good) if good.size else ([], [])
    both = float(good[one, two].sum()) if len(one) else 0.0
    partner = dict(zip([int(at) for at in one], [int(at) for at in two], strict=True))
    for rows, columns, near in seen:
        place = {at: column for column, at in enumerate(columns)}
        for row, at in enumerate(rows):
            if partner.get(at) in place and near[row, place[partner[at]]] >= threshold:
                inside += float(near[row, place[partner[at]]])
                met += 1
    return {"id_both": both, "id_first": lengths[0] - both, "id_second": lengths[1] - both, "iou": inside, "met": met}
