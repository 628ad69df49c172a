"""Whether sites labeled by the same version of each guideline: other words for one thing are no agreement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from curator.audit.labelled import standing
from curator.audit.model import Answer, Finding, Outcome
from curator.audit.package_subject import PackageSubject

CHECK = "labels/guideline-age"


def differing(answer: Answer, parts: Mapping[str, PackageSubject]) -> Answer:
    """Add to the sites' answers which versions of each guideline the labels that stand were made on.

    Parameters
    ----------
    answer
        What each site's guidelines' age came to.
    parts
        Site to its package.

    Returns
    -------
    Answer
        FAIL, too, where two sites labeled by different versions of one guideline; a table names versions and labels.
    """
    used: Counter[tuple[str, str, str]] = Counter()
    for site, part in parts.items():
        for one in standing(part):
            named = one.said["guideline"]
            used[named["id"], named["version"], site] += 1
    versions: dict[str, dict[str, set[str]]] = {}
    for name, version, site in used:
        versions.setdefault(name, {}).setdefault(site, set()).add(version)
    differ = [name for name, sites in sorted(versions.items()) if len(set(map(frozenset, sites.values()))) > 1]
    findings = [Finding("labels", "sites labeled by different versions of one guideline") for _ in differ]
    rows: list[dict[str, Any]] = [
        {"guideline": name, "version": version, "joined site": site, "labels": count}
        for (name, version, site), count in sorted(used.items())
    ]
    tables = {**answer.tables, "guidelines by site": rows} if rows else answer.tables
    told = f"{len(versions):,} guidelines at {len(parts):,} sites, {len(differ):,} in different versions"
    figures = {**answer.figures, "guidelines": len(versions), "in_different_versions": len(differ)}
    return replace(
        answer,
        outcome=Outcome.FAIL if differ else answer.outcome,
        summary=f"{told}; {answer.summary}",
        figures=figures,
        findings=(*findings, *answer.findings),
        total=answer.total + len(findings),
        tables=tables,
    )
