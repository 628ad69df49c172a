"""Answers of checks that go through headers: what could not be read keeps a check from passing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from curator.audit.answers import Few, could_not, judged, not_applicable
from curator.audit.cases import Seen
from curator.audit.model import Answer, Finding


def told(
    found: Seen,
    findings: Iterable[Finding],
    looked: int,
    *,
    passed: str,
    failed: str,
    figures: Mapping[str, Any] | None = None,
    tables: Mapping[str, list[dict[str, Any]]] | None = None,
) -> Answer:
    """Return FAIL with findings, COULD_NOT_CHECK where a header could not be read, NOT_APPLICABLE without anything.

    Parameters
    ----------
    found
        The cases, with what could not be read.
    findings
        What is wrong.
    looked
        How many things were looked at.
    passed, failed
        Summaries; ``{looked}`` and ``{total}`` are filled in.
    figures, tables
        As :class:`curator.audit.model.Answer`.
    """
    kept = findings if isinstance(findings, Few) else Few(findings)
    numbers = {"looked_at": looked, "headers_not_read": len(found.unread), **(figures or {})}
    if not kept and found.unread:
        return could_not(f"{len(found.unread):,} headers could not be read", numbers)
    if not looked:
        return not_applicable("there is nothing that this check is about")
    return judged(kept, passed.format(looked=f"{looked:,}"), failed, numbers, tables)
