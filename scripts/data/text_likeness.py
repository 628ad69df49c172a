# ruff: noqa: E501 - headers of data files stand as they are written
"""Writes curator/detect/data/text/likeness.txt: weights of letter groups that tell names from words.

    python scripts/data/text_likeness.py [--check]

Logistic regression over the groups of 2 to 4 letters of the project's own lists: surnames and given names that are no
words against English words and medical terms. --check trains on nine tenths and says how well the last tenth is told
apart. Deterministic: no random numbers, the order is a hash of the word.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from curator.detect.text.lists.lexicon import lexicon, words_of

OUT = Path(__file__).resolve().parents[2] / "curator" / "detect" / "data" / "text" / "likeness.txt"
#: A group that fewer words have is left out; so is one whose weight is next to nothing.
RARE, SMALL = 12, 0.15
MOST = 6000


def groups(word: str) -> set[str]:
    marked = f"^{word}$"
    return {marked[at : at + size] for size in (2, 3, 4) for at in range(len(marked) - size + 1)}


def order(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")


def train(rows: list[tuple[set[str], float, float]]) -> tuple[dict[str, float], float]:
    """Fit by AdaGrad, a few passes; returns weights and bias."""
    counts = Counter(group for row, _, _ in rows for group in row)
    chosen = [group for group, count in counts.most_common(MOST) if count >= RARE]
    index = {group: at for at, group in enumerate(chosen)}
    lists = [np.array([index[g] for g in sorted(row) if g in index], dtype=np.int64) for row, _, _ in rows]
    weights, squares, bias = np.zeros(len(chosen)), np.full(len(chosen), 1e-2), 0.0
    for _ in range(6):
        for at, (_, label, share) in enumerate(rows):
            parts = lists[at]
            error = (1 / (1 + np.exp(-(weights[parts].sum() + bias))) - label) * share
            slope = error + 2e-5 * weights[parts]
            squares[parts] += slope * slope
            weights[parts] -= 0.12 * slope / np.sqrt(squares[parts])
            bias -= 0.002 * error
    return {group: float(weights[at]) for group, at in index.items()}, bias


def main() -> None:
    known = lexicon()
    words, medical = known.words, {w for w in known.medical if w.isalpha()}
    names = [w for w in words_of("surnames.txt")[:40000] if w.isalpha()]
    people = {w for w in [*names, *known.given, *known.international] if w.isalpha() and len(w) > 2}
    people -= words | medical
    terms = sorted({w for w in words | medical if len(w) > 2})
    balance = len(terms) / len(people)
    rows = [(w, 1.0, min(balance, 3.0) * (2.0 if w in known.international else 1.0)) for w in sorted(people)]
    rows += [(w, 0.0, 4.0 if w in medical else 1.0) for w in terms]
    rows.sort(key=lambda row: order(row[0]))
    held = [row for at, row in enumerate(rows) if at % 10 == 0] if "--check" in sys.argv else []
    used = [row for at, row in enumerate(rows) if at % 10] if held else rows
    weights, bias = train([(groups(w), label, share) for w, label, share in used])
    if held:
        for edge in (0.0, 1.0, 2.0, 3.0):
            tell = {w: bias + sum(weights.get(g, 0.0) for g in groups(w)) > edge for w, _, _ in held}
            hits = [tell[w] for w, label, _ in held if label]
            false = [tell[w] for w, label, _ in held if not label]
            drugs = [tell[w] for w, label, _ in held if w in medical]
            print(
                f"over {edge}: names {sum(hits) / len(hits):.3f}, words {sum(false) / len(false):.3f}, medical {sum(drugs) / max(1, len(drugs)):.3f}"
            )
        return
    by: dict[int, list[str]] = {}
    for group, weight in sorted({**weights, "bias": bias}.items()):
        if abs(weight) >= SMALL or group == "bias":
            by.setdefault(round(weight * 10), []).append(group)
    head = "# Weights of letter groups (tenths of log odds) that tell names from words; ^ and $ are the ends of a word.\n# Source: trained by scripts/data/text_likeness.py on the lists of this folder.\n"
    OUT.write_text(
        head + "".join(f"{value}: {' '.join(found)}\n" for value, found in sorted(by.items())), encoding="utf-8"
    )
    print(f"{sum(len(found) for found in by.values()):,} groups, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
