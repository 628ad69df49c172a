"""Putting the patients of joined sites into splits: the same keyed draw as in a project with patients, by joint names.

Who is in a split by the site's own table, or since the whole site was put into one, stays there. Values of strata are
read from the sites' packages: headers of clean images, standing labels, the sponsor's table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from curator.core.errors import UsageError
from curator.core.hashing import keyed
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.project.vault import Vault
from curator.provenance import records
from curator.provenance.state import State
from curator.release import splits_store
from curator.release.sites.assigned import Drawn, fresh_lines, listing, project_drawn, put_list
from curator.release.sites.held import open_sites
from curator.release.sites.lists import fixed_of
from curator.release.sites.names import joint
from curator.release.sites.opened import OpenedSite
from curator.release.sites.words import SitePayload
from curator.release.splits import Link, Settings, Splits, assign, given
from curator.release.splits_patients import BUILT_IN, UNKNOWN, header_values, patient_of
from curator.release.splits_tables import splits_in

_LONGEST = 80


@dataclass(frozen=True)
class Joint:
    """The patients of joined sites.

    Parameters
    ----------
    sites
        The sites' verified packages.
    samples
        Joint pseudonym to its samples, with the paths that they have at the site.
    of
        Joint pseudonym to its site.
    fixed
        Joint pseudonym to the split that it is in without a record of splits.
    links
        Persons with several pseudonyms, by the sites' records.
    drawn
        What records say.
    """

    sites: Sequence[OpenedSite]
    samples: Mapping[str, list[Sample]]
    of: Mapping[str, OpenedSite]
    fixed: Mapping[str, str]
    links: Sequence[Link]
    drawn: Drawn | None


def joint_patients(project: Project, state: State, advance: Callable[[int], None] = lambda _: None) -> Joint:
    """Verify all sites' packages and return whose patients are there (errors as the functions that are called)."""
    sites = open_sites(project, state, advance)
    samples: dict[str, list[Sample]] = {}
    of: dict[str, OpenedSite] = {}
    for one in sites:
        for sample in one.samples():
            own = patient_of(sample.path)
            if own is not None:
                samples.setdefault(joint(one.site, own), []).append(sample)
                of[joint(one.site, own)] = one
    links = [link for one in sites for link in _links(one)]
    return Joint(sites, samples, of, fixed_of(sites), links, project_drawn(project, state, pending=True))


def _links(one: OpenedSite) -> list[Link]:
    """Return the persons with several pseudonyms that a site's records tell of, by joint names."""
    from curator.release.splits_patients import joined_links

    found = []
    for leaf, said in SitePayload(one.folder, one.state, {}).statements():
        if said["predicateType"] == records.PATIENTS:
            names = tuple(joint(one.site, each["name"].removeprefix("patients/")) for each in said["subject"])
            found.append(Link(names, leaf))
    return joined_links(found)


def values_of(
    all_: Joint, strata: Iterable[str], table: Mapping[str, Mapping[str, str]], *, site: bool
) -> dict[str, dict[str, str]]:
    """Return the values of each patient for some strata (SPL-005 for one that nobody knows)."""
    columns = set().union(*(row.keys() for row in table.values())) if table else set()
    wanted = [*dict.fromkeys([*strata, *(["site"] if site else [])])]
    odd = [name for name in wanted if name not in (*BUILT_IN, *columns)]
    if odd:
        raise UsageError("SPL-005", what=f"{len(odd)} names are neither built in nor a column of --table")
    header = [name for name in wanted if name in {"sex", "age-band"} and name not in columns]
    classes = _classes(all_.sites) if "label" in wanted and "label" not in columns else {}
    made = {}
    for name, samples in all_.samples.items():
        one = all_.of[name]
        own = dict.fromkeys(header, UNKNOWN)
        if header:
            own.update(header_values(one.folder / "data", samples))
        own.update({"site": one.site, "label": classes.get(name, "unlabeled")})
        own.update({key: value or UNKNOWN for key, value in table.get(name, {}).items() if key != "split"})
        made[name] = {key: own.get(key, UNKNOWN) for key in wanted}
    return made


def _classes(sites: Sequence[OpenedSite]) -> dict[str, str]:
    """Return the classes of each patient's standing labels, as one text."""
    from curator.provenance import status
    from curator.release.splits_patients import class_of

    found: dict[str, set[str]] = {}
    for one in sites:
        for _, said in SitePayload(one.folder, one.state, {}).statements():
            name = patient_of(said["subject"][0]["name"]) if said["predicateType"] == records.LABEL else None
            known = None if name is None else one.state.labels.get(said["predicate"]["labelId"])
            if name is not None and known is not None and not known.status & (status.ENDED | status.REJECTED):
                found.setdefault(joint(one.site, name), set()).add(class_of(said["predicate"]))
    texts = {name: " + ".join(sorted(values)) for name, values in found.items()}
    return {name: text if len(text) <= _LONGEST else f"{len(found[name])} classes" for name, text in texts.items()}


def key_of(vault: Vault) -> bytes:
    """Return the secret that the draw is keyed with: of the operator, whom the sponsor's project alone has."""
    return keyed(vault.operator_key(), "joined-splits", b"")


def draw(
    all_: Joint,
    before: Splits | None,
    settings: Settings,
    sealed: Sequence[str],
    values: Mapping[str, Mapping[str, str]],
    key: bytes | None,
    own: Mapping[str, Mapping[str, str]],
) -> Splits:
    """Assign every patient who is in no split yet.

    Parameters
    ----------
    all_
        The patients.
    before
        What stands, of the sponsor's own.
    settings, sealed
        By what, and which splits take in nobody.
    values
        Of :func:`values_of`.
    key
        Of :func:`key_of`; None where the sponsor's table says it.
    own
        The sponsor's table, with a column ``split``.

    Returns
    -------
    Splits
        The sponsor's own assignments; who is in a split otherwise is not among them.

    Raises
    ------
    UsageError
        As :func:`curator.release.splits.assign` and :func:`curator.release.splits.given`.
    """
    kept = before or Splits(settings)
    # Who left a split by a record is in none, whatever another table says.
    fixed = {
        name: split for name, split in all_.fixed.items() if name not in kept.assignments and name not in kept.left
    }
    sites = {name: {"site": all_.of[name].site} for name in fixed}
    stands = Splits(
        settings, {**fixed, **kept.assignments}, {**sites, **kept.strata}, kept.slots, kept.left, tuple(sealed)
    )
    if key is None:
        made = given(stands, splits_in(own, stands.assignments, stands.left), values, all_.links)
    else:
        made = assign(stands, key, values, all_.links)
    assignments = {name: split for name, split in made.assignments.items() if name not in fixed}
    strata = {name: value for name, value in made.strata.items() if name in assignments}
    return replace(made, assignments=assignments, strata=strata)


@dataclass(frozen=True)
class Fresh:
    """What a record is still to sign for: the list, patients by split, and how many left theirs."""

    data: bytes
    counts: dict[str, int]
    left: int

    @property
    def sha256(self) -> str:
        """SHA-256 of the list."""
        return hashlib.sha256(self.data).hexdigest()


def fresh_of(made: Splits, drawn: Drawn | None) -> Fresh | None:
    """Return what no record has signed for yet, None for nothing."""
    lines = fresh_lines(made, drawn)
    if not lines:
        return None
    counts: dict[str, int] = {}
    for name in lines:
        split = made.assignments.get(name)
        if split is not None:
            counts[split] = counts.get(split, 0) + 1
    return Fresh(listing(lines), dict(sorted(counts.items())), len(lines) - sum(counts.values()))


def put_down(project: Project, made: Splits, fresh: Fresh) -> str:
    """Put down assignments and the list that is about to be signed for; return its SHA-256."""
    digest = put_list(project, fresh.data)
    splits_store.save(project, made)
    return digest
