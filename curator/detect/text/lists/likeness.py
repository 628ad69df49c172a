"""How much an unknown word looks like a name: by the letters that names and words of medicine are made of.

A small table of letter groups with weights, written by ``scripts/data/text_likeness.py`` from the lists beside it.
"""

from __future__ import annotations

from functools import cache

from curator.detect.text.lists.lexicon import data_text

#: Longest word that is weighed; the rest of a longer one says nothing more.
LONGEST = 24


@cache
def _table() -> tuple[dict[str, float], float]:
    weights: dict[str, float] = {}
    for line in data_text("likeness.txt").split("\n"):
        if line and not line.startswith("#"):
            value, groups = line.split(":", 1)
            weights |= dict.fromkeys(groups.split(), int(value) / 10)
    return weights, weights.pop("bias", 0.0)


def likeness(folded: str) -> float:
    """Return the log of the odds that an unlisted word is a name, as far as its letters tell.

    Parameters
    ----------
    folded
        The word in lower case without accents.
    """
    weights, bias = _table()
    word = f"^{folded[:LONGEST]}$"
    total, get = bias, weights.get
    for size in (2, 3, 4):
        for at in range(len(word) - size + 1):
            total += get(word[at : at + size], 0.0)
    return total
