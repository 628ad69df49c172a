"""Comparisons of finds added up over units, pairs of readers and groups, with intervals over patients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from curator.labels.agreement import boxes, tracks
from curator.labels.agreement.finds import SUMS, Compared, Ranked
from curator.labels.agreement.model import Bools, Floats, Ints
from curator.labels.agreement.resample import Estimate, Sampling, draws, estimate, generator

_Ratio = tuple[dict[str, float], dict[str, float]]
_AREAS: dict[str, _Ratio] = {
    "found_by_both": ({"both": 1}, {"cases": 1}),
    "dice": ({"dice": 1}, {"cases": 1}),
    "iou": ({"iou": 1}, {"cases": 1}),
    **{name: ({name: 1}, {"measured": 1}) for name in ("hd95", "hd95_pooled", "hd", "assd", "surface_dice")},
}


def _f1(before: str = "") -> _Ratio:
    both, first, second = (f"{before}{side}" for side in ("both", "first", "second"))
    return {both: 2}, {both: 2, first: 1, second: 1}


_FAR: dict[str, _Ratio] = {
    "f1": _f1(),
    "distance": ({"apart": 1}, {"both": 1}),
    "distance_mm": ({"apart_mm": 1}, {"in_mm": 1}),
}
_Column = Callable[[str], Floats]


def _tracked(part: str) -> Callable[[_Column], Floats]:
    """Return what computes HOTA, its detection or its association part, from columns of sums by name."""

    def compute(column: _Column) -> Floats:
        each = []
        for at in range(len(tracks.ALPHAS)):
            both = column(f"both{at}")
            found = _divided(both, both + column(f"first{at}") + column(f"second{at}"))
            # Where nothing is matched there is nothing to associate: 0, as in the authors' program.
            joined = np.where(
                both > 0, _divided(column(f"association{at}"), both), np.where(np.isnan(found), np.nan, 0)
            )
            each.append({"hota": np.sqrt(found * joined), "deta": found, "assa": joined}[part])
        return np.asarray(np.mean(each, axis=0), dtype=np.float64)

    return compute


#: Each measure of a kind as a ratio of sums, or as a function of them.
MEASURES: dict[str, dict[str, _Ratio | Callable[[_Column], Floats]]] = {
    **{kind: {**_AREAS} for kind in ("mask", "volume-mask", "polygon")},
    **{kind: {"f1": _f1(), "mean_iou": ({"iou": 1}, {"both": 1})} for kind in ("box", "ellipse", "box3d")},
    "keypoints": {"f1": _f1(), "oks": ({"oks": 1}, {"paired": 1})},
    **{kind: {**_FAR} for kind in ("point", "points3d")},
    "polyline": {
        **_FAR,
        "hausdorff": ({"hausdorff": 1}, {"both": 1}),
        "hausdorff_mm": ({"hausdorff_mm": 1}, {"in_mm": 1}),
        "buffer_overlap": ({"near": 1}, {"length": 1}),
    },
    "track": {
        **{name: _tracked(name) for name in ("hota", "deta", "assa")},
        "idf1": _f1("id_"),
        "mean_iou": ({"iou": 1}, {"met": 1}),
    },
    "span": {f"{name}_f1": _f1(f"{name}_") for name in ("exact", "relaxed", "overlap", "characters")},
    "relation": {f"{name}_f1": _f1(f"{name}_") for name in ("exact", "overlap")},
}
#: Measures that are 1, or 0, where two readers agree in everything.
WHOLE = ("dice", "f1", "mean_iou", "oks", "exact_f1", "hota")
NONE_APART = ("distance", "hausdorff")


@dataclass(frozen=True)
class Rows:
    """Comparisons, one for each unit, pair of readers and class.

    Parameters
    ----------
    kind
        Of :data:`curator.labels.agreement.finds.KINDS`.
    sums
        Shape (rows, sums of the kind).
    unit, cluster, first, second, label
        Shape (rows,); numbers of unit, patient, readers and class.
    ranked
        Of each row, where every box has a confidence.
    levels
        Name of a group to the level of each row.
    """

    kind: str
    sums: Floats = field(repr=False)
    unit: Ints = field(repr=False)
    cluster: Ints = field(repr=False)
    first: Ints = field(repr=False)
    second: Ints = field(repr=False)
    label: Ints = field(repr=False)
    ranked: tuple[tuple[Ranked, ...], ...] = field(default=(), repr=False)
    levels: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.unit)

    def where(self, kept: Bools) -> Rows:
        """Return the rows that a mask of shape (rows,) keeps."""
        at = np.flatnonzero(kept).tolist()
        return Rows(
            self.kind,
            self.sums[kept],
            self.unit[kept],
            self.cluster[kept],
            self.first[kept],
            self.second[kept],
            self.label[kept],
            tuple(self.ranked[row] for row in at) if self.ranked else (),
            {name: tuple(levels[row] for row in at) for name, levels in self.levels.items()},
        )


def rows_of(kind: str, found: Sequence[tuple[Compared, Sequence[int], dict[str, str]]]) -> Rows:
    """Put comparisons together; each comes with (unit, cluster, first, second, class) and its levels."""
    numbers = np.array([list(who) for _, who, _ in found], dtype=np.int64).reshape(-1, 5)
    names = found[0][2] if found else {}
    return Rows(
        kind,
        np.array([one.sums for one, _, _ in found], dtype=np.float64).reshape(-1, len(SUMS[kind])),
        numbers[:, 0],
        numbers[:, 1],
        numbers[:, 2],
        numbers[:, 3],
        numbers[:, 4],
        ranked=tuple(one.ranked for one, _, _ in found),
        levels={name: tuple(levels[name] for _, _, levels in found) for name in names},
    )


def measures(rows: Rows, sampling: Sampling, *names: str, ranking: bool = False) -> dict[str, Any]:
    """Compute every measure of some rows with its interval, as reports have them.

    Parameters
    ----------
    names
        What part of the report it is, for the random numbers.
    ranking
        Also mean average precision, of boxes.
    """
    clusters, owner = np.unique(rows.cluster, return_inverse=True)
    per = np.zeros((len(clusters), rows.sums.shape[1]))
    np.add.at(per, owner, rows.sums)
    weights: list[Floats] = []
    if sampling.samples and len(clusters) > 1:  # one patient alone says nothing of how patients differ
        once = np.ones(len(clusters), dtype=np.int64)
        weights = list(draws(once, sampling, generator(sampling, *names)))
    drawn = np.concatenate([some @ per for some in weights]) if weights else None
    index = {name: at for at, name in enumerate(SUMS[rows.kind])}
    made: dict[str, Estimate] = {}
    for name, how in MEASURES[rows.kind].items():
        compute = how if callable(how) else _ratio(how)
        value, samples = (
            None if held is None else compute(lambda key, held=held: held[..., index[key]])  # type: ignore[misc]
            for held in (per.sum(axis=0), drawn)
        )
        made[name] = estimate(np.asarray(value), samples, sampling.level)
    if rows.kind == "box" and ranking:
        made["map"] = _precision(rows, owner, weights, sampling)
    return {name: one.document() for name, one in made.items()}


def _ratio(how: _Ratio) -> Callable[[_Column], Floats]:
    upper, lower = how

    def compute(column: _Column) -> Floats:
        both = [sum((factor * column(key) for key, factor in side.items()), np.float64(0)) for side in (upper, lower)]
        return _divided(both[0], both[1])

    return compute


def _divided(upper: Any, lower: Any) -> Floats:
    upper, lower = np.asarray(upper, dtype=np.float64), np.asarray(lower, dtype=np.float64)
    return np.asarray(np.divide(upper, lower, out=np.full(upper.shape, np.nan), where=lower != 0), dtype=np.float64)


def _precision(rows: Rows, owner: Ints, weights: list[Floats], sampling: Sampling) -> Estimate:
    """Compute mean average precision over classes, both directions and COCO's thresholds."""
    if not rows.ranked or not all(rows.ranked):
        return Estimate(None)
    ones = np.ones((1, int(owner.max(initial=-1)) + 1))
    parts = [
        [rows.ranked[at][way] for at in np.flatnonzero(rows.label == label).tolist()]
        for label in np.unique(rows.label).tolist()
        for way in (0, 1)
    ]
    owners = [owner[rows.label == label] for label in np.unique(rows.label).tolist() for _ in (0, 1)]
    value = _mean_precision(parts, owners, ones)
    samples = np.concatenate([_mean_precision(parts, owners, some) for some in weights]) if weights else None
    return estimate(value, samples, sampling.level)


def _mean_precision(parts: list[list[Ranked]], owners: list[Ints], weights: Floats) -> Floats:
    """Average over parts, each one class in one direction; shape (samples,)."""
    each = []
    for ranked, owner in zip(parts, owners, strict=True):
        references = weights[:, owner] @ np.array([one.references for one in ranked], dtype=np.float64)
        scores = np.concatenate([one.scores for one in ranked])
        right = np.concatenate([one.right for one in ranked], axis=1)
        of = np.repeat(owner, [len(one.scores) for one in ranked])
        order = np.argsort(-scores, kind="stable")
        drawn = weights[:, of[order]]
        total = np.cumsum(drawn, axis=1)
        for threshold in range(len(boxes.COCO_THRESHOLDS)):
            found = np.cumsum(drawn * right[threshold, order], axis=1)
            precision = np.divide(found, total, out=np.zeros_like(found), where=total > 0)
            best = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
            each.append([_interpolated(*one) for one in zip(found, best, references, strict=True)])
    with_value = np.array(each, dtype=np.float64).reshape(-1, len(weights))
    known = np.isfinite(with_value)
    return _divided(np.where(known, with_value, 0).sum(axis=0), known.sum(axis=0))


def _interpolated(found: Floats, best: Floats, references: float) -> float:
    """Return the mean precision at 101 recalls (COCO); NaN where there was nothing to find."""
    if not references:
        return float("nan")
    at = np.searchsorted(found * 100, np.arange(101) * references)
    return float(np.append(best, 0.0)[at].mean())
