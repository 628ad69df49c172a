"""One shape of several: the mean of what readers drew as one find, by their confidence and the weight of their votes.

Boxes and ellipses: mean of center, sides and angle, each member first described so that its angle is nearest to that
of the heaviest one; turned boxes in space alike. Points and straight boxes in space: mean of coordinates; of several
points in space each goes with those nearest of the others. Lines: each member is followed from the end that fits, at
:data:`PLACES` places that part it evenly, and the places are averaged; between two lines of two ends the ends alone.
Tracks: see :func:`track`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from curator.labels.agreement import planar, tracks
from curator.labels.agreement.drawn import places, points
from curator.labels.agreement.model import Floats
from curator.labels.consensus.finds import partners

#: At which a line is averaged.
PLACES = 65
_DIGITS = Decimal("0.000001")


def number(value: float) -> int | Decimal:
    """Return a coordinate with at most six decimal places."""
    made = Decimal(repr(float(value))).quantize(_DIGITS)
    return int(made) if made == made.to_integral_value() else made.normalize()


def fuse(kind: str, values: Sequence[Any], masses: Sequence[float]) -> dict[str, Any]:
    """Return the mean of some shapes of one kind and class, as a value of a label.

    Parameters
    ----------
    kind
        ``box``, ``ellipse``, ``point``, ``points3d``, ``polyline``, ``keypoints``, ``box3d``.
    values
        Plain values, in an order that does not depend on that of the labels.
    masses
        What each counts; all alike when they come to nothing.
    """
    weights = _weights(masses)
    name = {"class": values[0]["class"]}
    if kind in {"point", "points3d"}:
        mean = _points(values, weights)
        if kind == "point":
            return {**name, "point": _numbers(mean[0])}
        return {**name, "space": values[0]["space"], "points": [_numbers(place) for place in mean]}
    if kind == "keypoints":
        return {**name, "points": _landmarks(values, weights)}
    if kind == "box3d":
        planes = {value.get("plane") for value in values}
        plane = {"plane": values[0]["plane"]} if len(planes) == 1 and None not in planes else {}
        return {**name, "space": values[0]["space"], **_block(values, weights), **plane}
    if kind == "polyline":
        return {**name, "line": _numbers(_line(values, weights).reshape(-1))}
    return {**name, **_turned(kind, values, weights)}


def _landmarks(values: Sequence[Any], weights: Floats) -> list[dict[str, Any]]:
    """Average the landmarks of each name; what no more than half of the weight placed is absent."""
    names = list(dict.fromkeys(point["name"] for value in values for point in value["points"]))
    made = []
    for name in names:
        held = [
            (point, weight)
            for value, weight in zip(values, weights.tolist(), strict=True)
            for point in value["points"]
            if point["name"] == name and point["visibility"]
        ]
        total = sum(weight for _, weight in held)
        if total <= 0.5 + 1e-9:
            made.append({"name": name, "x": 0, "y": 0, "visibility": 0})
            continue
        x, y = (number(sum(weight * float(point[axis]) for point, weight in held) / total) for axis in ("x", "y"))
        seen = sum(weight for point, weight in held if point["visibility"] == 2)
        made.append({"name": name, "x": x, "y": y, "visibility": 2 if 2 * seen > total else 1})
    return made


def _weights(masses: Sequence[float]) -> Floats:
    made = np.asarray(masses, dtype=np.float64)
    return made / made.sum() if made.sum() > 0 else np.full(len(made), 1 / len(made))


def _numbers(values: Floats) -> list[int | Decimal]:
    return [number(value) for value in values.tolist()]


def _points(values: Sequence[Any], weights: Floats) -> Floats:
    """Average labels of as many points each: the heaviest one's, each with those of the others that go with it."""
    drawn = [places(value) for value in values]
    guide = drawn[int(np.argmax(weights))]
    held = np.stack([own[partners(guide, own)] for own in drawn])
    return np.asarray(np.tensordot(weights, held, axes=1), dtype=np.float64)


def _block(values: Sequence[Any], weights: Floats) -> dict[str, Any]:
    """Average boxes in space; turned ones as boxes of the plane that they are turned in, and along their third axis."""
    mean = _numbers(weights @ np.array([value["box"] for value in values], dtype=np.float64))
    if not any(value.get("rotation") for value in values):
        return {"box": mean}
    made = _turned("box", [planar.floor(value) for value in values], weights)
    x, y, width, height = made["box"]
    return {**made, "box": [x, y, mean[2], width, height, mean[5]]}


def _turned(kind: str, values: Sequence[Any], weights: Floats) -> dict[str, Any]:
    """Average boxes or ellipses by center, extent and angle."""
    made = np.array([_described(kind, value) for value in values])
    round_ = np.isclose(made[:, 2], made[:, 3], rtol=1e-9) if kind == "ellipse" else np.zeros(len(made), dtype=bool)
    heavy = int(np.argmax(np.where(round_, -1, weights))) if not round_.all() else 0
    angle = made[heavy, 4]
    for row in range(len(made)):
        if round_[row]:
            made[row, 4] = angle
            continue
        quarters = round((angle - made[row, 4]) / 90)
        # A quarter turn with the sides exchanged is the same shape.
        if quarters % 2:
            made[row, 2:4] = made[row, 3], made[row, 2]
        made[row, 4] += 90 * quarters
    x, y, width, height, turn = (weights @ made).tolist()
    turn = (turn + 180) % 360 - 180
    rotation = {} if abs(turn) < 1e-6 else {"rotation": number(turn)}
    if kind == "ellipse":
        return {"center": [number(x), number(y)], "radii": [number(width), number(height)], **rotation}
    return {"box": [number(x - width / 2), number(y - height / 2), number(width), number(height)], **rotation}


def _described(kind: str, value: Any) -> list[float]:
    turn = float(value.get("rotation") or 0)
    if kind == "ellipse":
        return [*map(float, value["center"]), *map(float, value["radii"]), turn]
    x, y, width, height = map(float, value["box"])
    return [x + width / 2, y + height / 2, width, height, turn]


def _line(values: Sequence[Any], weights: Floats) -> Floats:
    whole = [points(value["line"], 2) for value in values]
    count = 2 if all(len(line) == 2 for line in whole) else PLACES
    heavy = int(np.argmax(weights))
    guide = _places(whole[heavy], count)
    mean = np.zeros((count, 2))
    for line, weight in zip(whole, weights.tolist(), strict=True):
        ways = [_places(line, count), _places(line[::-1], count)]
        mean += weight * min(ways, key=lambda way: float(((way - guide) ** 2).sum()))
    return mean


def _places(corners: Floats, count: int) -> Floats:
    """Return places that part a line evenly by its length, its ends among them; shape (count, 2)."""
    long = np.sqrt((np.diff(corners, axis=0) ** 2).sum(axis=1))
    along = np.concatenate([[0.0], np.cumsum(long)])
    at = np.linspace(0, along[-1], count)
    return np.stack([np.interp(at, along, corners[:, axis]) for axis in (0, 1)], axis=1)


def track(values: Sequence[Any], masses: Sequence[float], votes: Sequence[float], name: str) -> dict[str, Any] | None:
    """Return one track of several: the mean of the boxes, in key frames in which most members have the thing.

    Parameters
    ----------
    values
        Plain tracks of straight boxes; between its key frames a box runs linearly.
    masses, votes
        What each member counts in the mean, and in the vote on whether it is there.
    name
        Name of the track.

    Returns
    -------
    dict or None
        A frame is marked as interpolated where no member has a key frame of its own. None when no frame is left.
    """
    keys = [{f["frame"]: (f["kind"], f["value"]) for f in value["frames"]} for value in values]
    own = [{f["frame"] for f in value["frames"] if not f["interpolated"]} for value in values]
    numbers = [sorted(each) for each in keys]
    frames = []
    for frame in sorted({at for each in numbers for at in each}):
        there = [at for at, each in enumerate(numbers) if each[0] <= frame <= each[-1]]
        if sum(votes[at] for at in there) <= sum(votes) / 2 * (1 + 1e-9):
            continue
        shapes = [tracks.shape_at(keys[at], numbers[at], frame) for at in there]
        made = fuse("box", [shape[1] for shape in shapes if shape], [masses[at] for at in there])
        drawn = any(frame in own[at] for at in there)
        frames.append({"frame": frame, "kind": "box", "value": made, "interpolated": not drawn})
    return {"class": values[0]["class"], "track": name, "frames": frames} if frames else None


def straight(value: Any) -> bool:
    """Say whether a track is one of boxes that are not turned, of which a mean is defined in every frame."""
    return all(one["kind"] == "box" and not one["value"].get("rotation") for one in value["frames"])
