"""Scores spans against what was planted, by the same rules for every detector.

An identifier is found when all its letters and digits are covered; half covered is missed, and counted as partly found.
A false positive is a span that touches no identifier. Precision is over letters and digits.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from textset.make import Note

Span = tuple[int, int]
_GROUPS = ("all", "structured", "names, ASCII", "names, other letters", "places")
_TARGETS = Path(__file__).resolve().parent / "targets.toml"


def wilson(hits: float, total: float) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, 1927); none of none is anything."""
    if not total:
        return 0.0, 1.0
    z, p = 1.959964, hits / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass
class Share:
    """So many of so many, and how they scatter over the templates that the notes are drawn from."""

    hits: int = 0
    total: int = 0
    clusters: dict[int, tuple[int, int]] = field(default_factory=dict)

    def add(self, hits: int, cluster: int, total: int = 1) -> None:
        """Count hits among so many of one template."""
        if not total:
            return
        self.hits += hits
        self.total += total
        before = self.clusters.get(cluster, (0, 0))
        self.clusters[cluster] = before[0] + hits, before[1] + total

    def interval(self) -> tuple[float, float]:
        """Return Wilson's interval at the effective number: notes of one template are alike, so they count less.

        The number is divided by the design effect of a ratio over clusters (Kish 1965), which is at least 1. Where all
        or none were hits no effect can be estimated, and each template counts once.
        """
        share, groups = self.hits / self.total, len(self.clusters)
        if 0 < self.hits < self.total and groups > 1:
            scatter = sum((hits - share * total) ** 2 for hits, total in self.clusters.values()) * groups / (groups - 1)
            effect = max(1.0, scatter / self.total / (share * (1 - share)))
            return wilson(self.hits / effect, self.total / effect)
        return wilson(share * groups, groups)


@dataclass
class Score:
    """What one detector did to one set of notes."""

    recall: dict[str, Share] = field(default_factory=dict)
    categories: dict[str, Share] = field(default_factory=dict)
    kinds: dict[str, Share] = field(default_factory=dict)
    styles: dict[str, Share] = field(default_factory=dict)
    precision: Share = field(default_factory=Share)
    clean: Share = field(default_factory=Share)
    queries: Share = field(default_factory=Share)
    over: Share = field(default_factory=Share)
    failed: int = 0
    partly: int = 0
    false: int = 0
    words: int = 0
    misses: list[tuple[str, str]] = field(default_factory=list)
    falses: Counter[str] = field(default_factory=Counter)


def _count(shares: dict[str, Share], name: str, hit: bool, template: int) -> None:
    shares.setdefault(name, Share()).add(hit, template)


def group(category: str, value: str) -> str:
    """Return which of the groups an identifier belongs to: names by their letters, places, all else structured."""
    if category == "NAME":
        return "names, ASCII" if all(mark.isascii() for mark in value if mark.isalpha()) else "names, other letters"
    return "places" if category == "GEOGRAPHY" else "structured"


def score(notes: Iterable[Note], spans: Mapping[str, Iterable[Span] | None]) -> Score:
    """Compare a detector's spans with what was planted; None for a note at which it failed: nothing is found in it.

    Raises
    ------
    KeyError
        For a note of which the detector said nothing: no answer is not an empty one.
    """
    made = Score()
    for note in notes:
        answer = spans[note.id]
        made.failed += answer is None
        text, found = note.text, sorted(answer or ())
        covered = {at for start, end in found for at in range(start, end)}
        truth = {at for start, end, *_ in note.gold for at in range(start, end)}
        marks = [at for at in covered if text[at].isalnum()]
        made.precision.add(sum(at in truth for at in marks), note.template, len(marks))
        made.words += len(text.split())
        for start, end in found:
            if truth.isdisjoint(range(start, end)):
                made.false += 1
                made.falses[f"{text[max(0, start - 25) : start]}>>{text[start:end]}<<{text[end : end + 15]}"] += 1
        whole = True
        for start, end, category, kind in note.gold:
            own = [at for at in range(start, end) if text[at].isalnum()]
            hit = covered.issuperset(own)
            whole &= hit
            for name in ("all", group(category, text[start:end])):
                _count(made.recall, name, hit, note.template)
            _count(made.categories, category, hit, note.template)
            _count(made.kinds, kind, hit, note.template)
            _count(made.styles, note.style, hit, note.template)
            if note.style == "query":
                made.queries.add(hit, note.template)
            if not hit:
                made.partly += not covered.isdisjoint(own)
                made.misses.append(
                    (kind, f"{text[max(0, start - 40) : start]}>>{text[start:end]}<<{text[end : end + 15]}")
                )
        if note.gold and note.style != "query":
            made.clean.add(whole, note.template)
        if not note.gold and note.style == "query":
            made.over.add(bool(found), note.template)
    return made


@dataclass(frozen=True)
class Figure:
    """One figure: ``interval``, ``hits`` and ``total`` for shares alone, ``met`` None where no target is set."""

    name: str
    value: float | None
    interval: tuple[float, float] | None = None
    hits: int | None = None
    total: int | None = None
    target: str = ""
    met: bool | None = None


def figures(got: Score, cost: Mapping[str, float]) -> list[Figure]:
    """Return the figures in the order in which they are shown, each beside its target."""
    shares = {f"recall: {name}": got.recall.get(name, Share()) for name in _GROUPS}
    shares |= {f"recall: {name}": share for name, share in sorted(got.categories.items())}
    shares |= {"character precision": got.precision, "notes wholly clean": got.clean}
    later = {"queries: recall": got.queries, "queries: over-redacted": got.over}
    values = {
        "false positives per 1,000 words": 1000 * got.false / got.words if got.words else None,
        "notes failed at": float(got.failed),
    }
    costs = {
        "KB per CPU second": cost["kilobytes"] / cost["seconds"] if cost["seconds"] else None,
        "ready, CPU seconds": cost["ready"],
        "peak memory, MiB": cost["peak_mib"],
    }
    targets = tomllib.loads(_TARGETS.read_text(encoding="utf-8"))
    shown = [_share(name, share, targets) for name, share in shares.items()]
    shown += [_value(name, value, targets) for name, value in values.items()]
    shown += [_share(name, share, targets) for name, share in later.items()]
    return shown + [_value(name, value, targets) for name, value in costs.items()]


def _judged(name: str, value: float | None, targets: Mapping[str, Mapping[str, float]]) -> tuple[str, bool | None]:
    if name not in targets:
        return "", None
    (side, bound), *_ = targets[name].items()
    # What could not be measured has not met its target.
    met = value is not None and (value >= bound if side == "least" else value <= bound)
    return f"{'>=' if side == 'least' else '<='} {bound:g}", met


def _share(name: str, share: Share, targets: Mapping[str, Mapping[str, float]]) -> Figure:
    value = share.hits / share.total if share.total else None
    target, met = _judged(name, value, targets)
    return Figure(name, value, share.interval() if share.total else None, share.hits, share.total, target, met)


def _value(name: str, value: float | None, targets: Mapping[str, Mapping[str, float]]) -> Figure:
    target, met = _judged(name, value, targets)
    return Figure(name, value, target=target, met=met)
