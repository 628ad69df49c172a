# ruff: noqa: E501 - lines of print and usage stand as they are
"""Writes curator/detect/data/text/odds.txt and odds_cased.txt: what the signs of words and numbers weigh that no rule has found.

    python scripts/data/text_odds.py             # write the tables
    python scripts/data/text_odds.py --check     # leave out one file of textset/learn after the other, and say what it gains

The second table is for texts in letters of one case, which every template is filled for once more each.

Logistic regressions over the signs of curator/detect/text/odds, trained on notes made from the templates of
scripts/bench/textset/dev and /learn, which are all made up. What the rules have missed counts four times. Signs seen in
fewer than three templates are left out, as are weights that are next to nothing. Deterministic: every order is a hash.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "bench"))
sys.path.insert(0, str(ROOT))

from textset.layouts import LAYOUTS  # noqa: E402
from textset.make import HERE, Note, fill  # noqa: E402
from textset.values import Values  # noqa: E402

from curator.detect.text.engine import TextDetector  # noqa: E402
from curator.detect.text.odds import edges, numbers, words  # noqa: E402
from curator.detect.text.odds.table import JOINT  # noqa: E402
from curator.detect.text.odds.view import View  # noqa: E402
from curator.identifiers.findings import Finding, merge  # noqa: E402

OUT = ROOT / "curator" / "detect" / "data" / "text"
#: Fillings of each template, by folder; a seed of its own for checking.
SEEDS = {"dev": (11, 12), "learn": (21, 22, 23)}
#: Sets that were written to be hard, in which codes and small letters stand as they seldom do, are filled once.
ONCE = frozenset({"x1", "z1"})
#: Fillings of every template that are written in letters of one case.
LAID_OUT = ((31, "small"), (32, "capitals"))
CHECKED = 5
MISSED, TEMPLATES, PASSES, RATE, SHRINK, LEAST = 4.0, 4, 4, 0.1, 1e-6, 0.25


@dataclass(frozen=True)
class Row:
    """A token: its sort, its signs by column, which identifier it belongs to, whether rules found it, its template.

    ``cased`` says that its text is in letters of one case, ``laid`` that it is for the second table alone.
    """

    sort: str
    signs: tuple[tuple[str, object], ...]
    category: str
    found: bool
    template: tuple[str, int]
    foreign: bool
    cased: bool
    laid: bool


@dataclass(frozen=True)
class Filled:
    """A note made from a template: text, identifiers, number of the template, and whether it was laid out."""

    text: str
    gold: tuple[tuple[int, int, str, str], ...]
    template: int
    laid: bool


def filled(path: Path, seeds: tuple[int, ...]) -> list[Filled]:
    """Return notes made from a file's templates, and then those in letters of one case."""
    blocks = f"\n{path.read_text(encoding='utf-8')}".split("\n=== ")[1:]
    made = []
    for seed, layout in [*((seed, "plain") for seed in seeds), *LAID_OUT]:
        values = Values("dev", seed)
        for number, block in enumerate(blocks):
            values.new_note()
            text, gold = fill(block.split("\n", 1)[1].strip("\n"), values)
            note = LAYOUTS[layout](Note("", "", text, gold))
            made.append(Filled(note.text, note.gold, number, layout != "plain"))
    return made


def rows(path: Path, seeds: tuple[int, ...]) -> tuple[list[Row], int]:
    """Return the tokens of a file's notes that are asked about, and how many words the notes have."""
    detector, made, count = TextDetector(weighed=False), [], 0
    for note in filled(path, seeds):
        text, template = note.text, note.template
        view = View(text, detector.in_one_case(text, list(detector.find(text))))
        count += 0 if view.foreign == "1" else len(text.split())
        truth = {place: category for start, end, category, _ in note.gold for place in range(start, end)}
        for at, token in enumerate(view.tokens):
            if view.asks(token):
                signs = (
                    *zip(words.OWN, token.own, strict=True),
                    *zip(words.BESIDE, words.beside(view, at), strict=True),
                    *zip(words.AROUND, words.around(view, at), strict=True),
                )
                sort = "capital" if token.capital else "small"
                made.append(
                    Row(
                        sort,
                        signs,
                        truth.get(view.starts[at], ""),
                        bool(view.found[at]),
                        (path.name, template),
                        view.foreign == "1",
                        view.capitals if token.capital else view.quiet,
                        note.laid or not (token.capital or token.small),
                    )
                )
        for start, end, first, last in numbers.chunks(view):
            code = text[start:end]
            own = numbers.own(code)
            where = numbers.Code(start, first, last, *own[:2])
            signs = (
                *zip(numbers.OWN, own, strict=True),
                *zip(numbers.AROUND, numbers.around(view, where), strict=True),
            )
            kinds = [truth[place] for place in range(start, end) if place in truth and text[place].isalnum()]
            seen = any(view.found[first : last + 1])
            made.append(
                Row(
                    "number",
                    signs,
                    kinds[0] if kinds else "",
                    seen,
                    (path.name, template),
                    view.foreign == "1",
                    view.cased,
                    note.laid,
                )
            )
    return made, count


def edge_rows(path: Path, seeds: tuple[int, ...]) -> list[Row]:
    """Return what stands beside findings in a file's notes, by the rules alone and with the table as it is written."""
    made: list[Row] = []
    ruled, weighed = TextDetector(weighed=False), TextDetector()
    for note in filled(path, seeds):
        text, template = note.text, note.template
        whose = {place: number for number, (start, end, *_) in enumerate(note.gold) for place in range(start, end)}
        for found in (
            ruled.in_one_case(text, list(ruled.find(text))),
            [one for one in weighed.find(text) if one.rule != "odds.edge"],
        ):
            view = View(text, found)
            for finding in merge(found):
                made += [
                    Row("edge", signs, "x" if right else "", True, (path.name, template), False, view.cased, note.laid)
                    for signs, right in _taught(view, finding, whose)
                ]
    return made


def _taught(view: View, finding: Finding, whose: dict[int, int]) -> list[tuple[tuple[tuple[str, object], ...], bool]]:
    """Return the signs of what stands beside a finding, and whether it belongs to an identifier that it is part of."""
    inside = {whose[place] for place in range(finding.start, finding.end) if place in whose}
    made = []

    def belongs(candidate: edges.Candidate) -> bool:
        right = whose.get(candidate.start, -1) in inside and whose.get(candidate.end - 1, -1) in inside
        made.append((tuple(zip(edges.SIGNS, candidate.apart(), strict=True)), right))
        return right

    edges.walk(view, finding, belongs)
    return made


@dataclass
class Model:
    """Weights of signs by column."""

    weights: dict[tuple[str, object], float]
    bias: float

    def of(self, row: Row) -> float:
        return self.bias + sum(self.weights.get(sign, 0.0) for sign in row.signs)


def order(key: object) -> bytes:
    return hashlib.sha256(repr(key).encode()).digest()


def train(listed: list[Row], labels: list[bool]) -> Model:
    """Fit by AdaGrad, a few passes in orders that hashes give."""
    templates: dict[tuple[str, object], set[tuple[str, int]]] = defaultdict(set)
    for row in listed:
        for sign in row.signs:
            templates[sign].add(row.template)
    index = {sign: at for at, sign in enumerate(sign for sign, seen in templates.items() if len(seen) >= TEMPLATES)}
    lists = [np.array([index[sign] for sign in row.signs if sign in index], dtype=np.int64) for row in listed]
    weights, squares, bias = np.zeros(len(index)), np.full(len(index), 1e-2), 0.0
    for turn in range(PASSES):
        for at in sorted(range(len(listed)), key=lambda number, turn=turn: order((turn, number))):
            parts = lists[at]
            score = max(-30.0, min(30.0, float(weights[parts].sum()) + bias))
            error = (1 / (1 + math.exp(-score)) - labels[at]) * (1.0 if listed[at].found else MISSED)
            if abs(error) < 1e-4:
                continue
            slope = error + SHRINK * weights[parts]
            squares[parts] += slope * slope
            weights[parts] -= RATE * slope / np.sqrt(squares[parts])
            bias -= 0.002 * error
    kept = {sign: round(float(weights[at]), 1) for sign, at in index.items() if abs(weights[at]) >= LEAST}
    return Model(kept, round(bias, 1))


def models(listed: list[Row], *, cased: bool) -> dict[str, Model]:
    """Return the model of each sort, and the one that tells places from names.

    Words in letters of one case have models of their own; numbers and places among them learn from all texts, and all
    that is not among them from no text that was laid out so.
    """
    made = {}
    told = listed if cased else [row for row in listed if not row.laid]
    for sort in ("capital", "small", "number"):
        own = [row for row in told if row.sort == sort and (row.cased or not cased or sort == "number")]
        made[sort] = train(own, [wanted(row) for row in own])
    named = [row for row in told if row.category in {"NAME", "GEOGRAPHY"} and row.sort != "number"]
    made["place"] = train(named, [row.category == "GEOGRAPHY" for row in named])
    return made


def wanted(row: Row) -> bool:
    return bool(row.category) if row.sort == "number" else row.category in {"NAME", "GEOGRAPHY"}


def write(made: dict[str, Model], inputs: str, *, cased: bool) -> None:
    lines = [
        "# Written by scripts/data/text_odds.py from made-up notes; do not edit. Sort, column, weight in tenths, signs.",
        f"# SHA-256 of the templates: {inputs}",
    ]
    for sort, model in made.items():
        lines.append(f"{sort}\tbias\t{round(model.bias * 10)}\t")
        grouped: dict[tuple[str, int], list[str]] = defaultdict(list)
        for (column, sign), weight in model.weights.items():
            text = JOINT.join(sign) if isinstance(sign, tuple) else str(sign)
            if (
                text
                and not set(text).intersection(" \t\r\n")
                and text.count(JOINT) == (len(sign) - 1 if isinstance(sign, tuple) else 0)
            ):
                grouped[column, round(weight * 10)].append(text)
        lines += [
            f"{sort}\t{column}\t{weight}\t{' '.join(sorted(signs))}"
            for (column, weight), signs in sorted(grouped.items())
        ]
    (OUT / ("odds_cased.txt" if cased else "odds.txt")).write_text("\n".join(lines) + "\n", encoding="utf-8")


def digest(paths: list[Path]) -> str:
    made = hashlib.sha256()
    for path in paths:
        made.update(hashlib.sha256(path.read_bytes()).digest())
    return made.hexdigest()


def sources() -> dict[str, list[Path]]:
    return {split: sorted((HERE / split).glob("*.txt")) for split in SEEDS}


def seeds_of(split: str, path: Path) -> tuple[int, ...]:
    """Return the seeds of a file's fillings."""
    return SEEDS[split][: 1 if path.stem in ONCE else None]


def check() -> None:
    """Print, for each file left out of training, how many of the missed tokens are gained at which cost."""
    listed = {path: rows(path, seeds_of(split, path))[0] for split, paths in sources().items() for path in paths}
    for left in sources()["learn"]:
        learned = [row for path, own in listed.items() if path != left for row in own]
        both = {cased: models(learned, cased=cased) for cased in (False, True)}
        own, count = rows(left, (CHECKED,))
        for sort in ("capital", "small", "number"):
            asked = sorted(
                (
                    (both[row.cased][sort].of(row), wanted(row), bool(row.category))
                    for row in own
                    if row.sort == sort and not row.found and not row.foreign
                ),
                reverse=True,
            )
            hits = falses = 0
            shown, bounds = [], [0.1, 0.25, 0.5, 0.75, 1.0, 1.5]
            for weight, right, some in asked:
                hits, falses = hits + right, falses + (not some)
                while bounds and falses * 1000 > bounds[0] * count:
                    shown.append(f"{bounds.pop(0):.2f}: {hits} @ {weight:.1f}")
            print(
                f"{left.stem:10} {sort:8} {sum(right for _, right, _ in asked):4} missed; gained at false alarms a 1,000 words: {'; '.join(shown)}",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", 1)[0], formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; leave out one file after the other")
    if parser.parse_args().check:
        check()
        return
    files = [(path, seeds_of(split, path)) for split, paths in sources().items() for path in paths]
    inputs = digest([path for path, _ in files])
    listed = [row for path, seeds in files for row in rows(path, seeds)[0]]
    made = {cased: models(listed, cased=cased) for cased in (False, True)}
    for cased, sorts in made.items():
        write(sorts, inputs, cased=cased)  # what stands beside findings depends on what these tables find
    beside = [row for path, seeds in files for row in edge_rows(path, seeds)]
    for cased, sorts in made.items():
        own = beside if cased else [row for row in beside if not row.laid]
        write(sorts | {"edge": train(own, [bool(row.category) for row in own])}, inputs, cased=cased)


if __name__ == "__main__":
    main()
