"""A joined package from which whole sites were purged: what it still shows, held against the sponsor's records.

Of a site that is gone the sponsor's record of joining it stands in the package: the digests of the site's lists, and
their counts. The joint list of samples is whole, so it is held against that digest; each label left a mark; splits are
held against the sponsor's own lists. What only the site's package told stands as the sponsor's operator signed it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.project.journal import Sample
from curator.provenance.facts import Joined
from curator.provenance.state import State
from curator.release import layout
from curator.release.contents import sample_of
from curator.release.lists import sample_line
from curator.release.purge import DERIVED, Purged, list_lines, listed, mark
from curator.release.sites.assigned import Drawn
from curator.release.sites.lists import CLAIMS, MIXED, Lists
from curator.release.sites.names import apart, own_path, site_of
from curator.release.splits_patients import patient_of
from curator.release.tree import content_of

MOST = 1 << 28
#: What a package of one site holds of its samples' bytes, below the site's folder.
_CLEAN = layout.CLEAN


def goes_with(path: str, gone: Collection[str]) -> bool:
    """Say whether a payload file goes when some sites are purged: it is theirs, or was made from all sites' data."""
    if path.startswith(DERIVED):
        return True
    below = next((one for one in (layout.SITES, layout.WORDS) if path.startswith(one)), None)
    return below is not None and path.removeprefix(below).split("/")[0] in gone


def purged_sites(folder: Path, purged: Purged, joined: Mapping[str, Joined]) -> frozenset[str]:
    """Return the sites that were purged from a package: each of them whole, and no other file of it but documents.

    Raises
    ------
    IntegrityError
        REL-061 for a signed list that says anything else.
    """
    if not purged.files and not purged.records:
        return frozenset()
    named = (path.removeprefix(layout.SITES).split("/")[0] for path in purged.files if path.startswith(layout.SITES))
    gone = frozenset(named)
    wanted = {path for path, _ in listed(folder) if goes_with(path, gone)}
    counted = any(joined[site].said["package"]["labels"]["count"] for site in gone & joined.keys())
    rewritten = {layout.LABELS} if counted else set()
    if not gone or not gone <= joined.keys() or purged.records or wanted != purged.files.keys():
        raise IntegrityError("REL-061")
    if purged.rewritten.keys() != rewritten:
        raise IntegrityError("REL-061")
    return gone


def entry_of(one: Joined) -> dict[str, Any]:
    """Return what a manifest says of a site, by the sponsor's record of joining it."""
    said = one.said
    return {
        "site": one.site,
        "path": f"{layout.SITES}{one.site}",
        "split": one.split,
        "package": said["package"],
        "audit": said["audit"],
        "attested": said["attested"],
    }


def whole_lists(
    folder: Path,
    manifest: Mapping[str, Any],
    rest: Lists | None,
    drawn: Drawn | None,
    purged: Purged,
    gone: Collection[str],
    state: State,
) -> Lists:
    """Return the lists of all sites, of which some were purged.

    Parameters
    ----------
    folder, manifest
        The package, its bytes as listed or purged.
    rest
        The lists that the sites give that are there; None where none is.
    drawn
        What the sponsor's records say of splits over all sites.
    purged, gone
        The operator's signed list, and the sites that it takes away.
    state
        The sum of the sponsor's records.

    Raises
    ------
    IntegrityError
        REL-028, REL-029, SIT-022 when a list is not what records, marks and the sites that are there give.
    """
    joined = state.facts.joined
    samples = _samples(folder, rest, {site: joined[site] for site in gone})
    names = sorted({name for one in samples if (name := patient_of(one.path)) is not None})
    own = {} if drawn is None else drawn.of(names)
    splits = _splits(folder, rest, own, gone, joined, names)
    size = sum(
        size
        for path, (_, size) in purged.files.items()
        for site in gone
        if path.startswith(f"{layout.SITES}{site}/{_CLEAN}")
    )
    made = Lists(
        samples,
        _labels(folder, rest, gone, joined),
        sum(one.said["package"]["labels"]["count"] for one in joined.values()),
        size + (0 if rest is None else rest.sample_bytes),
        splits,
        _policy(manifest["policy"], rest, gone, joined),
        _guidelines(manifest["guidelines"], rest, gone),
        None if drawn is None else b"".join(canonical_bytes(own[name]) + b"\n" for name in sorted(own)),
        {} if drawn is None else drawn.files,
    )
    if splits is not None and splits["sealed"] != sorted(state.facts.splits):
        raise IntegrityError("REL-028", what=f"{layout.SPLITS} names other sealed splits than the records")
    return made


def _samples(folder: Path, rest: Lists | None, gone: Mapping[str, Joined]) -> tuple[Sample, ...]:
    """Read the joint list, whose lines of each site are just those that the site, or the record of it, gives."""
    made = [sample_of(raw.removesuffix(b"\n")) for raw in list_lines(folder / layout.SAMPLES)]
    there = tuple(one for one in made if site_of(one.path) not in gone)
    fine = there == (() if rest is None else rest.samples) and [one.path for one in made] == sorted(
        {one.path for one in made}
    )
    for site, one in gone.items():
        own = [replace(each, path=own_path(each.path)) for each in made if site_of(each.path) == site]
        digest = hashlib.sha256()
        for each in sorted(own, key=lambda each: each.path):
            digest.update(sample_line(each))
        stated = one.said["package"]["samples"]
        fine = fine and (len(own), digest.hexdigest()) == (stated["count"], stated["sha256"])
    if not fine:
        raise IntegrityError("REL-028", what=f"{layout.SAMPLES} is not what the sites' packages give")
    return tuple(made)


def _labels(folder: Path, rest: Lists | None, gone: Collection[str], joined: Mapping[str, Joined]) -> bytes:
    """Read the list of labels: a mark for each label of a site that is gone, all else as the other sites give it."""
    lines = list_lines(folder / layout.LABELS)
    made, there = [], []
    for site in sorted(joined):
        for _ in range(joined[site].said["package"]["labels"]["count"]):
            raw = next(lines, b"")
            made.append(raw)
            if site not in gone:
                there.append(raw)
            elif not _is_mark(raw):
                raise IntegrityError("REL-062", name=layout.LABELS)
    made += lines
    if b"".join(there) != (b"" if rest is None else rest.labels) or len(made) != sum(
        one.said["package"]["labels"]["count"] for one in joined.values()
    ):
        raise IntegrityError("REL-028", what=f"{layout.LABELS} is not what the sites' packages give")
    return b"".join(made)


def _is_mark(raw: bytes) -> bool:
    try:
        said = strict_loads(raw)
        return isinstance(said, dict) and mark(said["index"], said["leaf"]) == raw
    except (UsageError, KeyError):
        return False


def _splits(
    folder: Path,
    rest: Lists | None,
    own: Mapping[str, Mapping[str, Any]],
    gone: Collection[str],
    joined: Mapping[str, Joined],
    names: Collection[str],
) -> dict[str, Any] | None:
    """Read the joint table: of sites that are there as they give it, of others as far as the sponsor's records say."""
    data = content_of(folder / layout.SPLITS, MOST)
    known = None if rest is None else rest.splits
    if data is None:
        if known is not None or own or any(joined[site].split is not None for site in gone):
            raise IntegrityError("REL-028", what=f"{layout.SPLITS} is not what the sites' packages give")
        return None
    table: dict[str, Any] = strict_loads(data)
    fine = canonical_bytes(table) == data
    for name in ("assignments", "strata", "left"):
        there = {case: value for case, value in table[name].items() if apart(case)[0] not in gone}
        fine = fine and there == ({} if known is None else known[name])
    for case in {*table["assignments"], *names}:
        site = apart(case)[0]
        if site in gone:
            said = own.get(case, {})
            split = said.get("split") if said else joined[site].split
            told = split is not None or "left" in said
            fine = fine and (not told or table["assignments"].get(case) == split)
    if not fine:
        raise IntegrityError("REL-028", what=f"{layout.SPLITS} is not what the sites' packages give")
    return table


def _policy(
    stated: dict[str, Any], rest: Lists | None, gone: Collection[str], joined: Mapping[str, Joined]
) -> dict[str, Any]:
    """Check what the manifest says of policies: name, digest and claim by the records, reasons of the sites there."""
    said = [joined[site].said["package"]["policy"] for site in sorted(joined)]
    digests = sorted({one["sha256"] for one in said})
    one = len(digests) == 1
    reasons = [text for text in stated["reasons"] if not text.startswith(tuple(f"{site}: " for site in gone))]
    fine = (
        stated["name"] == (said[0]["name"] if one else MIXED)
        and stated["sha256"]
        == (digests[0] if one else hashlib.sha256("".join(f"{d}\n" for d in digests).encode()).hexdigest())
        and stated["claim"] == min((each["claim"] for each in said), key=CLAIMS.index)
        and reasons == ([] if rest is None else rest.policy["reasons"])
        and set(stated["methodCodes"]) >= set(() if rest is None else rest.policy["methodCodes"])
    )
    if not fine:
        raise IntegrityError("REL-028", what="the manifest claims other policies than the sites' packages")
    return stated


def _guidelines(stated: list[dict[str, str]], rest: Lists | None, gone: Collection[str]) -> list[dict[str, str]]:
    """Check what the manifest says of guidelines: each of the sites that are there, others only of those gone."""

    def keyed(entries: list[dict[str, str]]) -> Iterator[tuple[tuple[str, str, str], str]]:
        for one in entries:
            yield (one["id"], one["version"], one["sha256"]), one["path"]

    there, said = dict(keyed([] if rest is None else rest.guidelines)), dict(keyed(stated))
    for key, path in said.items():
        site = path.removeprefix(layout.SITES).split("/")[0]
        if site not in gone and there.get(key) != path:
            raise IntegrityError("REL-028", what="the manifest names other guidelines")
    if not there.keys() <= said.keys() or len(said) != len(stated):
        raise IntegrityError("REL-028", what="the manifest names other guidelines")
    return stated


def own_marks(folder: Path, gone: Collection[str]) -> Iterator[bytes]:
    """Yield the lines of a joint list of labels with a mark in place of each of some sites'."""
    for raw in list_lines(folder / layout.LABELS):
        said = strict_loads(raw)
        yield mark(said["index"], said["leaf"]) if said.get("site") in gone else raw


def samples_of(folder: Path, site: str) -> Iterator[Sample]:
    """Yield the samples of a site that a joined package lists, under joint paths."""
    for raw in list_lines(folder / layout.SAMPLES):
        one = sample_of(raw.removesuffix(b"\n"))
        if site_of(one.path) == site:
            yield one
