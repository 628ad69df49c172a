"""Published tables, and short ways from a table to its coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from curator.labels.agreement.model import Ratings, from_lists
from curator.labels.agreement.patterns import Patterns, as_floats, patterns
from curator.labels.agreement.scales import DEFAULT_WEIGHTS, weights
from curator.labels.agreement.sums import Scheme, Sums, sums

TABLES = Path(__file__).parent / "tables"


def rows_of(name: str) -> list[list[str]]:
    """Read a table of a paper: one list of words a line, comments left out."""
    lines = (TABLES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if not line.startswith("#")]


def by_reader(rows: Sequence[Sequence[Any]], classes: list[Any] | None = None) -> Ratings:
    """Make ratings of one row a reader, one column a unit; None and '.' are missing."""
    cells = [(u, r, None if x in {None, "."} else x) for r, row in enumerate(rows) for u, x in enumerate(row)]
    value = [int(x) if isinstance(x, str) and x.isdigit() else x for _, _, x in cells]
    return from_lists([u for u, _, _ in cells], [r for _, r, _ in cells], value, classes)


def scheme_of(scale: str, numbers: Any, kind: str | None = None) -> Scheme:
    numbers = np.asarray(numbers, dtype=np.float64)
    return Scheme(scale, numbers, weights(kind or DEFAULT_WEIGHTS[scale], numbers))


def summed(ratings: Ratings, scheme: Scheme) -> Sums:
    counted = patterns(ratings.unit, ratings.value.codes, len(ratings.value.names))
    return sums(counted, as_floats(counted), scheme)


def summed_counts(counts: Any, scheme: Scheme) -> Sums:
    counts = np.asarray(counts, dtype=np.int64)
    return sums(Patterns(counts, np.ones(len(counts), np.int64)), np.ones((1, len(counts))), scheme)
