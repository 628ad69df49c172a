"""How each of the FDA's requirements stands for joined sites: evidence is the sites', texts are the sponsor's.

What one site lacks is lacking for all. What lies between sites is taken from the joint splits and the sponsor's audit.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import IntegrityError
from curator.core.schema import violation
from curator.provenance.state import State
from curator.release import layout
from curator.release.audited import PASS
from curator.release.facts import Facts
from curator.release.requirements.evidence import evidence_of
from curator.release.requirements.table import Evidence, Shown, Standing, requirements, standing
from curator.release.sites.lists import patients_of
from curator.release.sites.opened import OpenedSite
from curator.release.tree import content_of

#: Checks of splits that each site answers for, where it made splits.
APART = frozenset({"splits/sealed-before-access", "splits/sealed-members", "splits/uses", "splits/immutable"})
MOST = 256 << 20
#: Evidence that lies between sites, and is taken from the sponsor's signed audit: to the ids of checks that tell of it.
BETWEEN = {"site-overlap": "splits/site-overlap", "leakage": "splits/"}


def joined_standings(
    sites: Sequence[OpenedSite],
    state: State,
    guard: Callable[[str], bool],
    table: Mapping[str, Any] | None,
    report: tuple[str, Mapping[str, Any]] | None = None,
) -> tuple[Standing, ...]:
    """Return every item with its state, what shows it at each site, and the sponsor's answer.

    Parameters
    ----------
    sites
        Each site's verified package.
    state
        The sum of the sponsor's records.
    guard
        Passes words of headers that may be shown.
    table
        The joint table of splits, or None.
    report
        Source and document of the sponsor's signed audit report; None without one.
    """
    each = {one.site: evidence_of(Facts(one.folder, one.state, guard)) for one in sites}
    names = {name for found in each.values() for name in found}
    found = {
        name: Evidence(
            tuple(_of(site, shown) for site, one in each.items() for shown in one[name].shown),
            all(one[name].complete for one in each.values()),
        )
        for name in sorted(names)
    }
    found["splits"] = _splits(sites, table)
    if state.facts.splits:
        found |= _sealed(state)
    found |= {name: _audited(report, prefix) for name, prefix in BETWEEN.items()}
    return tuple(standing(one, found, state.facts.answers.get(one.id)) for one in requirements())


def _splits(sites: Sequence[OpenedSite], table: Mapping[str, Any] | None) -> Evidence:
    """Return how many patients of all sites are in which split, by the joint table."""
    if table is None:
        return Evidence((Shown("No site's patients are in a split.", ""),), False)
    patients = [name for one in sites for name in patients_of(one)]
    counts = Counter(table["assignments"].get(name, "") for name in patients)
    outside = counts.pop("", 0)
    listed = ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"
    text = f"All sites' patients by split: {listed}; {outside} in none."
    return Evidence((Shown(text, layout.SPLITS.removeprefix("data/")),), not outside)


def _sealed(state: State) -> dict[str, Evidence]:
    """Return seals and accesses of the sponsor's own, which count where the sponsor made the splits."""
    facts = state.facts
    seals = tuple(
        Shown(f"All sites: split {name} sealed with {one.samples:,} samples.", f"splits/sealed/{name}.txt")
        for name, one in sorted(facts.splits.items())
    )
    count, leaf = facts.accesses
    used = Shown(f"All sites: {count} accesses on record.", f"leaf {leaf}" if leaf else "")
    return {"seal": Evidence(seals, True), "access": Evidence((used,), True)}


def _audited(report: tuple[str, Mapping[str, Any]] | None, prefix: str) -> Evidence:
    checks = [] if report is None else [one for one in report[1]["checks"] if one["id"].startswith(prefix)]
    if report is None or not checks:
        return Evidence((Shown("No signed audit of the joined sites tells of it.", ""),), False)
    shown = tuple(Shown(f"all sites: {one['id']}: {one['outcome']}. {one['summary']}", report[0]) for one in checks)
    return Evidence(shown, all(one["outcome"] in {PASS, "FAIL"} for one in checks if one["id"] not in APART))


def signed_report(state: State, folder: Path) -> tuple[str, Mapping[str, Any]] | None:
    """Return source and document of the newest signed audit report, out of the folder that holds reports by digest.

    Raises
    ------
    IntegrityError
        SUB-013 when the file is not the one that was signed for.
    """
    for newest in state.facts.audits[-1:]:
        data = content_of(folder / f"{newest.report}.json", MOST)
        if data is not None:
            document = strict_loads(data, fraction=float)
            if hashlib.sha256(data).hexdigest() != newest.report or violation("audit-report", document) is not None:
                raise IntegrityError("SUB-013")
            return f"audit report sha256:{newest.report}", document
    return None


def _of(site: str, shown: Shown) -> Shown:
    source = (
        shown.source if not shown.source or shown.source.startswith("leaf ") else f"{layout.SITES}{site}/{shown.source}"
    )
    return Shown(f"{site}: {shown.text}", source)
