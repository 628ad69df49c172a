"""What two audits say differently: outcomes, figures, findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """What became of one check.

    Parameters
    ----------
    check
        Its id.
    before, after
        The outcomes; empty where the check is in one report only.
    figures
        Name to the value before and after, of those that moved.
    new, gone
        Findings that stand in one report only, as the reports list them.
    """

    check: str
    before: str
    after: str
    figures: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    new: tuple[Document, ...] = ()
    gone: tuple[Document, ...] = ()


def changes(before: Document, after: Document) -> list[Change]:
    """Compare two reports that follow the schema; checks of which nothing changed are left out."""
    return list(_changes(before, after))


def _changes(before: Document, after: Document) -> Iterator[Change]:
    old = {one["id"]: one for one in before["checks"]}
    new = {one["id"]: one for one in after["checks"]}
    for name in [*new, *(name for name in old if name not in new)]:
        one, two = old.get(name), new.get(name)
        if one is None or two is None:
            yield Change(name, one["outcome"] if one else "", two["outcome"] if two else "")
            continue
        moved = {
            key: (one["figures"].get(key), two["figures"].get(key))
            for key in sorted(one["figures"].keys() | two["figures"].keys())
            if one["figures"].get(key) != two["figures"].get(key)
        }
        fresh = tuple(item for item in two["findings"] if item not in one["findings"])
        gone = tuple(item for item in one["findings"] if item not in two["findings"])
        if one["outcome"] != two["outcome"] or moved or fresh or gone or one["total"] != two["total"]:
            if one["total"] != two["total"]:
                moved["findings"] = (one["total"], two["total"])
            yield Change(name, one["outcome"], two["outcome"], moved, fresh, gone)


def as_document(before: Document, after: Document) -> Document:
    """Return the comparison as JSON."""
    return {
        "same_data": before["subject"]["payload"] == after["subject"]["payload"] is not None,
        "gate": {"before": before["gate"]["outcome"], "after": after["gate"]["outcome"]},
        "changes": [
            {
                "check": one.check,
                "before": one.before or None,
                "after": one.after or None,
                "figures": {name: list(pair) for name, pair in one.figures.items()},
                "new": list(one.new),
                "gone": list(one.gone),
            }
            for one in changes(before, after)
        ],
    }
