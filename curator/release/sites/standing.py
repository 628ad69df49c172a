"""How each of the FDA's requirements stands for joined sites: evidence is the sites', texts are the sponsor's.

What one site lacks is lacking for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from curator.provenance.state import State
from curator.release import layout
from curator.release.facts import Facts
from curator.release.requirements.evidence import evidence_of
from curator.release.requirements.table import Evidence, Shown, Standing, requirements, standing
from curator.release.sites.opened import OpenedSite


def joined_standings(sites: Sequence[OpenedSite], state: State, guard: Callable[[str], bool]) -> tuple[Standing, ...]:
    """Return every item with its state, what shows it at each site, and the sponsor's answer.

    Parameters
    ----------
    sites
        Each site's verified package.
    state
        The sum of the sponsor's records.
    guard
        Passes words of headers that may be shown.
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
    return tuple(standing(one, found, state.facts.answers.get(one.id)) for one in requirements())


def _of(site: str, shown: Shown) -> Shown:
    source = (
        shown.source if not shown.source or shown.source.startswith("leaf ") else f"{layout.SITES}{site}/{shown.source}"
    )
    return Shown(f"{site}: {shown.text}", source)
