"""A quality score for each standing label, and scorecards of readers, vendors and sites; both from the ledger alone.

The score is a weighted sum of four parts, times a factor for whose work the label is; ``score.toml`` holds the figures.
A part about which nothing is known yet stands at one half, so that not looking never raises a score. A label that an
audit found wrong scores 0. Nothing is stored: the next record changes the score by being there.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from curator.core.errors import UsageError
from curator.labels.quality.collect import Collected, Signed
from curator.labels.quality.firsts import first_readings, questions_of
from curator.labels.quality.tails import clopper_pearson
from curator.provenance.kinds_audit import OK, UNCLEAR, WRONG

FORMULA = (
    "score = origin x (0.40 reader + 0.25 agreement + 0.20 review + 0.15 guideline); 0 when found wrong; "
    "reader = (ok + 1) / (ok + wrong + 2) over the author's own audited labels, agreement = (same + 1) / (others + 2) "
    "over other readers' first readings of the same sample, kind and question, review and guideline and origin by table"
)


@cache
def table() -> dict[str, Any]:
    """Return weights and values of the parts."""
    return tomllib.loads(resources.files("curator.labels.quality").joinpath("score.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Score:
    """A label's score, from 0 to 1, with its parts by name."""

    label: Signed = field(repr=False)
    value: float
    parts: Mapping[str, float]
    why: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        """Return it as reports have it."""
        return {
            "label": self.label.label,
            "reader": self.label.author,
            "score": round(self.value, 6),
            "parts": {name: round(part, 6) for name, part in self.parts.items()},
            "why": dict(self.why),
        }


def verdicts(found: Collected) -> dict[str, str]:
    """Return what audits found of labels: the newest finding of each auditor, unclear where they differ."""
    made = {}
    for label, said in found.findings.items():
        newest = {one.by: one.verdict for one in said}
        made[label] = next(iter(newest.values())) if len(set(newest.values())) == 1 else UNCLEAR
    return made


def scores(found: Collected) -> list[Score]:
    """Return the score of every standing label, by id."""
    judged = verdicts(found)
    by_reader: dict[str, Counter[str]] = {}
    for label, what in judged.items():
        one = found.labels.get(label)
        if one is not None and one.human:
            by_reader.setdefault(one.author, Counter())[what] += 1
    peers = _peers(found)
    weights = table()["weights"]
    made = []
    for one in sorted(found.standing(), key=lambda known: known.label):
        seen = by_reader.get(one.author, Counter())
        same, others = peers.get(one.label, (0, 0))
        review, origin = _review(found, one, judged.get(one.label)), _origin(one)
        age = _age(found, one)
        parts = {
            "reader": (seen[OK] + 1) / (seen[OK] + seen[WRONG] + 2),
            "agreement": (same + 1) / (others + 2),
            "review": float(table()["review"].get(review, 0.0)),
            "guideline": float(table()["guideline"][str(min(age, 2))]),
            "origin": float(table()["origin"][origin]),
        }
        value = parts["origin"] * sum(weights[name] * parts[name] for name in weights)
        why = {
            "reader": f"{seen[OK]} ok, {seen[WRONG]} wrong",
            "agreement": f"{same} of {others}",
            "review": review,
            "guideline": f"{age} newer",
            "origin": origin,
        }
        made.append(Score(one, 0.0 if judged.get(one.label) == WRONG else value, parts, why))
    return made


def _review(found: Collected, one: Signed, judged: str | None) -> str:
    if judged is not None:
        return f"found-{judged}"
    reviews = found.reviews.get(one.label, [])
    if reviews and not reviews[-1][1]:
        return "rejected"
    if one.label in found.approved:
        return "approved"
    if one.label in found.adjudicated:
        return "adjudicated"
    return "accepted" if reviews else "none"


def _origin(one: Signed) -> str:
    if one.origin in {"model", "interpolated", "imported"}:
        return str(one.origin)
    if one.shown and one.changed is False:
        return "unchanged-proposal"
    return "human" if one.origin == "human" or one.shown is not None else "not-stated"


def _age(found: Collected, one: Signed) -> int:
    versions = found.guidelines.get(one.guideline[0], [])
    return len(versions) - 1 - versions.index(one.guideline[1]) if one.guideline[1] in versions else 2


def _peers(found: Collected) -> dict[str, tuple[int, int]]:
    """Return for each label how many other people's first readings of what it answers have its class, of how many.

    Consensus and adjudication are nobody's reading: they hold the label's own word.
    """
    labels = [one for one in found.labels.values() if one.value]
    asked = questions_of(labels)
    groups: dict[tuple[str, str, str], dict[str, tuple[str, ...]]] = {}
    for first in first_readings(labels, asked):
        key = (first.label.sample, first.label.kind, first.asked)
        groups.setdefault(key, {})[first.label.author] = first.values
    made = {}
    for one in labels:
        told = groups.get((one.sample, one.kind, asked[one.label]), {})
        others = [values for who, values in told.items() if who != one.author]
        made[one.label] = (sum(one.value in values for values in others), len(others))
    return made


# -- scorecards -------------------------------------------------------------------------------------------------------


def cards(
    found: Collected, by: str, groups: Mapping[str, str] | None = None, level: float = 0.95
) -> list[dict[str, Any]]:
    """Return one card for each reader, guideline version, stage, or group of a table (such as vendor or site).

    Parameters
    ----------
    found
        What the ledger says.
    by
        reader, guideline, stage or table.
    groups
        Label id to group, for ``table``.
    level
        Coverage of the intervals.

    Raises
    ------
    UsageError
        QUA-011 for labels that the table lacks.
    """
    judged, peers = verdicts(found), _peers(found)
    made: dict[str, list[Signed]] = {}
    lacking = 0
    for one in found.labels.values():
        if by == "reader" and not one.human:
            continue  # what a person only signed says nothing of how that person reads
        name = {"reader": one.author, "guideline": "@".join(one.guideline), "stage": one.stage}.get(by)
        if by == "table":
            name = (groups or {}).get(one.label)
        if not name:
            lacking += 1
            continue
        made.setdefault(name, []).append(one)
    if lacking:
        raise UsageError("QUA-011", count=lacking, option="--table")
    value = {one.label.label: one.value for one in scores(found)}
    return [_card(found, name, own, judged, peers, value, level) for name, own in sorted(made.items())]


def _card(
    found: Collected,
    name: str,
    own: Iterable[Signed],
    judged: Mapping[str, str],
    peers: Mapping[str, tuple[int, int]],
    value: Mapping[str, float],
    level: float,
) -> dict[str, Any]:
    labels = list(own)
    read = [one for one in labels if one.reading]
    standing = [one for one in labels if one.ended is None]
    audited = Counter(judged[one.label] for one in labels if one.label in judged)
    looked = audited[OK] + audited[WRONG] + audited[UNCLEAR]
    low, high = clopper_pearson(audited[WRONG], looked, level, unclear=audited[UNCLEAR])
    reviewed = [found.reviews[one.label][-1][1] for one in labels if one.label in found.reviews]
    same = sum(peers[one.label][0] for one in read if one.label in peers)
    others = sum(peers[one.label][1] for one in read if one.label in peers)
    shown = [one.changed for one in labels if one.shown and one.changed is not None]
    known = [value[one.label] for one in standing if one.label in value]
    return {
        "name": name,
        "labels": len(labels),
        "standing": len(standing),
        "audited": looked,
        "wrong": audited[WRONG],
        "unclear": audited[UNCLEAR],
        "wrongLow": low,
        "wrongHigh": high,
        "reviewed": len(reviewed),
        "rejected": sum(not accepted for accepted in reviewed),
        "agreement": same / others if others else None,
        "compared": others,
        "proposals": len(shown),
        "unchanged": sum(not changed for changed in shown) / len(shown) if shown else None,
        "superseded": sum(_age(found, one) > 0 for one in standing),
        "score": sum(known) / len(known) if known else None,
    }


# -- guideline age ----------------------------------------------------------------------------------------------------


def ages(found: Collected) -> tuple[list[dict[str, Any]], list[Signed]]:
    """Return how many standing labels rest on each guideline version, and those that rest on a superseded one."""
    rows = []
    counts = Counter(one.guideline for one in found.standing())
    for name, versions in sorted(found.guidelines.items()):
        for newer, version in enumerate(reversed(versions)):
            rows.append({"guideline": name, "version": version, "newer": newer, "labels": counts[name, version]})
    old = [one for one in found.standing() if _age(found, one) > 0]
    return rows, sorted(old, key=lambda one: (one.guideline, one.author, one.label))
