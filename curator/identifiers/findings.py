"""What a detector reports: where an identifier stands, of which of the 18 categories, by which rule, how surely.

A finding must never hold the text it points at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import attrgetter

from curator.identifiers.categories import Category


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One identifier in a text.

    Parameters
    ----------
    start, end
        Half-open range in Unicode code points.
    category
        The letter of 164.514(b)(2)(i).
    kind
        What it is within the category, such as ``name``, ``city``, ``zip``, ``date``, ``age``, ``mrn``.
    rule
        Which rule saw it, such as ``date.iso`` or ``name.title``.
    confidence
        Between 0 and 1; an order of trust among rules, no probability.
    """

    start: int
    end: int
    category: Category
    kind: str
    rule: str
    confidence: float

    def __post_init__(self) -> None:
        """Refuse an empty or impossible range."""
        if not 0 <= self.start < self.end:
            raise ValueError("a finding needs 0 <= start < end")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError("a confidence lies between 0 and 1")


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Join findings so that none overlaps another and everything that any of them covers stays covered.

    Findings that share a code point become one over their union. It takes category, kind, rule and confidence from
    the surest of them; among equals from the longest, then the first, then the lower letter, then the kind and the
    rule in alphabetical order. Findings that merely touch stay apart.

    Returns
    -------
    tuple of Finding
        In the order of the text.
    """
    joined: list[Finding] = []
    best: Finding | None = None
    start = end = 0
    for finding in sorted(findings, key=_place):
        if best is not None and finding.start < end:
            end = max(end, finding.end)
            # Most differ in their confidence: the rest of the rank is seldom asked for.
            if finding.confidence >= best.confidence:
                best = finding if finding.confidence > best.confidence else min(best, finding, key=_rank)
            continue
        if best is not None:
            joined.append(_over(best, start, end))
        best, start, end = finding, finding.start, finding.end
    if best is not None:
        joined.append(_over(best, start, end))
    return tuple(joined)


_place = attrgetter("start", "end")


def _over(finding: Finding, start: int, end: int) -> Finding:
    return finding if (finding.start, finding.end) == (start, end) else replace(finding, start=start, end=end)


def _rank(finding: Finding) -> tuple[float, int, int, str, str, str]:
    return (
        -finding.confidence, finding.start - finding.end, finding.start, finding.category, finding.kind, finding.rule,
    )  # fmt: skip
