"""The trained table: what each sign of a token weighs, by sort. Written by ``scripts/data/text_odds.py``."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from curator.detect.text.lists.lexicon import data_text

#: Joins the parts of a sign that has several.
JOINT = "\u241f"
#: The sorts: words with a capital, words without one, numbers and codes; what tells a place from a name, and what
#: belongs to an identifier of which a part was found.
SORTS = ("capital", "small", "number", "place", "edge")

#: What signs add to the log odds, in tenths: whole numbers add up to the same in any order.
Column = dict[object, int]
_WEIGHT = Column.get


@dataclass
class Weights:
    """Weights of one sort, in tenths: by the name of a column, what each sign in it adds to the log odds."""

    bias: int = 0
    columns: dict[str, Column] = field(default_factory=dict)

    def of(self, names: tuple[str, ...]) -> list[Column]:
        """Return the columns of these names, in their order; one that weighs nothing is empty."""
        return [self.columns.get(name, {}) for name in names]


def added(columns: list[Column], signs: tuple[object, ...]) -> int:
    """Return the sum over signs, each in its column, in tenths."""
    return sum(filter(None, map(_WEIGHT, columns, signs)))


@cache
def table(cased: bool = False) -> dict[str, Weights]:
    """Read a table: lines of sort, column, weight in tenths and signs, with tabs between, signs with spaces.

    Parameters
    ----------
    cased
        For the one of texts in letters of one case.
    """
    made = {sort: Weights() for sort in SORTS}
    for line in data_text("odds_cased.txt" if cased else "odds.txt").split("\n"):
        if not line or line.startswith("#"):
            continue
        sort, name, weight, signs = line.split("\t")
        if name == "bias":
            made[sort].bias = int(weight)
            continue
        column = made[sort].columns.setdefault(name, {})
        for sign in signs.split(" "):
            column[tuple(sign.split(JOINT)) if JOINT in sign else sign] = int(weight)
    return made
