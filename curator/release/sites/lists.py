"""The lists of a joined dataset, made from the sites' packages alone: by the builder, and again by whoever verifies.

Each line is a line of a site's own list with the names joined (:mod:`curator.release.sites.names`); nothing is added to
what the site's operator signed but the site's id.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.project.journal import Sample
from curator.release import layout
from curator.release.audited import payload_of
from curator.release.lists import sample_line
from curator.release.sites.assigned import Drawn
from curator.release.sites.names import apart, joint, joint_path, joint_sample
from curator.release.sites.opened import OpenedSite
from curator.release.splits_patients import patient_of

#: From the weakest claim to the strongest: joined data are claimed to be what the weakest site's are.
CLAIMS = ("limited-data-set", "expert-determination", "safe-harbor")
#: Stands for the policy's name where sites have more than one.
MIXED = "joined"
#: A table of splits names two at least; where sites are all in one, the other is empty.
OTHERS = ("train", "test")


@dataclass(frozen=True)
class Lists:
    """All that a joined package states of its sites.

    Parameters
    ----------
    samples
        Every sample, by joint path.
    labels
        The bytes of the list of labels.
    label_count, sample_bytes
        Number of lines of it, and bytes of all samples.
    splits
        The joint table of splits, or None.
    policy, guidelines
        As the manifest says them.
    """

    samples: tuple[Sample, ...]
    labels: bytes
    label_count: int
    sample_bytes: int
    splits: dict[str, Any] | None
    policy: dict[str, Any]
    guidelines: list[dict[str, str]]
    #: The line of each patient who is there and whom a record of the sponsor put into a split; None without a record.
    assigned: bytes | None = None
    #: The lists that these records sign for, by SHA-256.
    assigned_lists: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def sample_lines(self) -> bytes:
        """The bytes of the list of samples."""
        return b"".join(map(sample_line, self.samples))

    @property
    def splits_bytes(self) -> bytes | None:
        """The bytes of the table of splits, None without one."""
        return None if self.splits is None else canonical_bytes(self.splits)

    @property
    def payload(self) -> str:
        """The payload's digest, which an audit's report is bound to."""
        return payload_of(self.samples)


def lists_of(sites: Sequence[OpenedSite], drawn: Drawn | None = None, sealed: Collection[str] = ()) -> Lists:
    """Make the lists of some sites' packages, given by id.

    Parameters
    ----------
    sites
        The sites' packages.
    drawn
        What the sponsor's records say of splits over all sites.
    sealed
        Names of the splits that the sponsor sealed.

    Raises
    ------
    IntegrityError
        SIT-022 when a patient's line is not what a record signs for.
    """
    own = {} if drawn is None else drawn.of(name for one in sites for name in patients_of(one))
    samples = sorted((joint_sample(one.site, each) for one in sites for each in one.samples()), key=_path)
    lines = [_label_line(one.site, line) for one in sites for line in one.labels()]
    return Lists(
        tuple(samples),
        b"".join(lines),
        len(lines),
        sum(one.report.sample_bytes for one in sites),
        _splits(sites, drawn, own, sealed),
        _policy(sites),
        _guidelines(sites),
        None if drawn is None else b"".join(canonical_bytes(own[name]) + b"\n" for name in sorted(own)),
        {} if drawn is None else drawn.files,
    )


def _path(sample: Sample) -> str:
    return sample.path


def _label_line(site: str, line: dict[str, Any]) -> bytes:
    superseded = line["supersedes"]
    made = {
        **line,
        "site": site,
        "labelId": joint(site, line["labelId"]),
        "sample": joint_path(site, line["sample"]),
        "author": joint(site, line["author"]),
        "signer": joint(site, line["signer"]),
        "supersedes": None if superseded is None else joint(site, superseded),
    }
    return canonical_bytes(made) + b"\n"


def patients_of(site: OpenedSite) -> list[str]:
    """Return the joint pseudonyms of a site's patients, sorted."""
    return sorted({joint(site.site, name) for one in site.samples() if (name := patient_of(one.path)) is not None})


def fixed_of(sites: Sequence[OpenedSite]) -> dict[str, str]:
    """Return the split of each patient whom the site's own table, or the join of the whole site, puts into one."""
    made: dict[str, str] = {}
    for one in sites:
        table = None if one.split is not None else one.splits()
        for name in patients_of(one) if one.split is not None or table is not None else ():
            given = one.split if table is None else table["assignments"].get(apart(name)[1])
            if given is not None:
                made[name] = given
    return made


def _splits(
    sites: Sequence[OpenedSite], drawn: Drawn | None, own: Mapping[str, dict[str, Any]], sealed: Collection[str]
) -> dict[str, Any] | None:
    """Return the joint table.

    A patient is where the sponsor's record says, else where the sponsor put the site, else where the site's own table
    says.
    """
    fixed = fixed_of(sites)
    assigned: dict[str, str] = {}
    strata: dict[str, dict[str, str]] = {}
    left: dict[str, Any] = {}
    order = [] if drawn is None else [name for name, _ in drawn.fractions]
    for one in sites:
        table = None if one.split is not None else one.splits()
        told = one.split is not None or table is not None
        for name in patients_of(one) if told or drawn is not None else ():
            said = own.get(name)
            strata[name] = {**(said.get("strata", {}) if said else {}), "site": one.site}
            if said is not None and "left" in said:
                left[name] = said["left"]
            elif said is not None:
                assigned[name] = said["split"]
            elif name in fixed:
                assigned[name] = fixed[name]
            if table is not None and apart(name)[1] in table["left"]:
                left.setdefault(name, table["left"][apart(name)[1]])
        if told:
            order += [name for name, _ in table["settings"]["fractions"]] if table is not None else [str(one.split)]
    if not strata:
        return None
    names = list(dict.fromkeys(order))
    names += [other for other in OTHERS if len(names) == 1 and other != names[0]][:1]
    counts = Counter(assigned.values())
    whole = max(counts.total(), 1)
    wanted = dict(drawn.fractions) if drawn is not None else {}
    shares = [[name, min(99, max(1, round(100 * counts[name] / whole)))] for name in names]
    unit = "site" if all(one.split is not None for one in sites) else "patient"
    return {
        "format": 1,
        "by": unit if drawn is None else drawn.by,
        "settings": {
            "fractions": [list(pair) for pair in wanted.items()] if names == list(wanted) else shares,
            "strata": list(dict.fromkeys(["site", *(() if drawn is None else drawn.strata)])),
        },
        "assignments": assigned,
        "strata": strata,
        "slots": {},
        "left": left,
        "sealed": sorted(sealed),
    }


def _policy(sites: Sequence[OpenedSite]) -> dict[str, Any]:
    """Return the weakest claim of all, with each site's reasons; equal policies of all sites stay that policy."""
    said = [(one.site, one.manifest["policy"]) for one in sites]
    digests = sorted({policy["sha256"] for _, policy in said})
    one = len(digests) == 1
    return {
        "name": said[0][1]["name"] if one else MIXED,
        "sha256": digests[0] if one else hashlib.sha256("".join(f"{d}\n" for d in digests).encode()).hexdigest(),
        "claim": min((policy["claim"] for _, policy in said), key=CLAIMS.index),
        "reasons": [f"{site}: {reason}" for site, policy in said for reason in policy["reasons"]],
        "needsDocument": next(
            (name for name in ("agreement", "determination") if any(p["needsDocument"] == name for _, p in said)), None
        ),
        "methodCodes": sorted({code for _, policy in said for code in policy["methodCodes"]}),
    }


def _guidelines(sites: Sequence[OpenedSite]) -> list[dict[str, str]]:
    """Return each guideline once, with its text's place at the first site that has it."""
    made: dict[tuple[str, str], dict[str, str]] = {}
    for one in sites:
        for known in one.manifest["guidelines"]:
            path = f"{layout.SITES}{one.site}/{known['path']}"
            made.setdefault((known["id"], known["version"]), {**known, "path": path})
    return [made[name] for name in sorted(made)]


def site_entries(sites: Sequence[OpenedSite]) -> list[dict[str, Any]]:
    """Return what the manifest says of each site."""
    return [
        {
            "site": one.site,
            "path": f"{layout.SITES}{one.site}",
            "split": one.split,
            "package": one.document(),
            "audit": one.manifest["audit"],
            "attested": [word.document() for word in one.words],
        }
        for one in sites
    ]
