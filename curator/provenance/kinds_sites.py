"""The records of a joined site: which package of which site was taken into a sponsor's project, and that it left again.

What the site says stands in the site's own ledger, which its package carries. The first record binds the package's
bytes, the key that the sponsor held, the audit's verdict and who attested what, under the sponsor's own signer; the
second names the package that is in the dataset no more, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from curator.core.errors import UsageError
from curator.provenance import records, roles
from curator.provenance.facts import Departed, Joined
from curator.provenance.keys import decode64, require_fit
from curator.provenance.records import MAX_REASON, Draft, plain_text
from curator.provenance.typed import Guard, checked, digest, named

if TYPE_CHECKING:
    from curator.provenance.state import Record, State

_NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def site_joined(
    site: str,
    package: Mapping[str, Any],
    audit: Mapping[str, str],
    attested: Iterable[Mapping[str, str]],
    split: str | None,
    replaces: Mapping[str, str] | None,
    changes: Mapping[str, Mapping[str, int]] | None,
    reason: str | None,
    guard: Guard,
) -> Draft:
    """Draft the statement that a package of a site was verified and taken in.

    Parameters
    ----------
    site
        The sponsor's id of the site.
    package
        Dataset, version, tag manifest, operator's key (base64), ledger, payload, digests and counts of samples and
        labels, policy.
    audit
        Digest of the report, its outcome, the payload's digest, leaf hash of its record in the site's ledger.
    attested
        Who attested which check, when: ``check``, ``outcome``, ``signer``, ``printedName``, ``at``, ``source``.
    split
        The split that all of the site's patients are in; None where the site's own table counts.
    replaces
        Version, tag manifest and leaf hash of the record of the version before; None for the first one.
    changes
        Counts of what differs from the version before.
    reason
        Why it replaces the version before.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        LED-024, LED-070, LED-073.
    """
    body: dict[str, Any] = {
        "site": site,
        "package": dict(package),
        "audit": dict(audit),
        "attested": [dict(one) for one in attested],
        "meaning": "responsibility",
    }
    if split is not None:
        body["split"] = split
    if replaces is not None:
        body["replaces"] = dict(replaces)
    if changes is not None:
        body["changes"] = {name: dict(counts) for name, counts in changes.items()}
    if reason is not None:
        body["reason"] = checked(reason, guard)
    return Draft(records.JOINED, (named(f"sites/{site}", digest(package["tagManifest"])),), body)


def site_left(before: Joined, changes: Mapping[str, Mapping[str, int]], reason: str, guard: Guard) -> Draft:
    """Draft the statement that a joined site is in the dataset no more.

    Parameters
    ----------
    before
        What was joined last.
    changes
        Counts of samples, cases and labels that go with it.
    reason
        Why.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        LED-024, LED-070.
    """
    body = {
        "site": before.site,
        "left": {"version": before.version, "tagManifest": before.tag, "leaf": before.leaf},
        "changes": {name: dict(counts) for name, counts in changes.items()},
        "reason": checked(reason, guard),
        "meaning": "responsibility",
    }
    return Draft(records.LEFT, (named(f"sites/{before.site}", digest(before.tag)),), body)


def standing(state: State, site: str) -> tuple[Joined | None, dict[str, str] | None]:
    """Return what a package of a site follows, also where the site left, and how a record names that."""
    gone = state.facts.departed.get(site)
    before = state.facts.joined.get(site) if gone is None else gone.joined
    if before is None:
        return None, None
    leaf = before.leaf if gone is None else gone.leaf
    return before, {"version": before.version, "tagManifest": before.tag, "leaf": leaf}


def later(old: str, new: str) -> bool:
    """Say whether a version comes after another one."""
    return _core(new) > _core(old)


def _core(version: str) -> tuple[int, ...]:
    found = _NUMBERS.match(version)
    return tuple(map(int, found.groups())) if found else ()


def joined(state: State, record: Record) -> None:
    """Take a joined site: by whom the roles let, after the version that it says it replaces (SIT-016)."""
    said = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "site-joined")
    package, site = said["package"], said["site"]
    if record.subject != [named(f"sites/{site}", package["tagManifest"])]:
        raise UsageError("SIT-016", why="it is about another package than it names")
    if said["audit"]["payload"] != package["payload"]:
        raise UsageError("SIT-016", why="the audit is over other files")
    key = decode64(package["operatorKey"])
    require_fit(key)
    before, wanted = standing(state, site)
    if said.get("replaces") != wanted:
        raise UsageError("SIT-016", why="it replaces another version than the one that is joined")
    reason = said.get("reason")
    if (before is None) != (reason is None) or (reason is not None and not plain_text(reason, MAX_REASON)):
        raise UsageError("SIT-016", why="a reason is lacking, or there is nothing to give one for")
    if before is not None:
        if not later(before.version, package["version"]) or before.size > package["ledger"]["size"]:
            raise UsageError("SIT-016", why="its version does not come after the one that is joined")
        if (before.origin, before.split) != (package["ledger"]["origin"], said.get("split")):
            raise UsageError("SIT-016", why="the site's ledger or split is another one")
    gone = {name: one.joined for name, one in state.facts.departed.items()}
    others = (one for name, one in (state.facts.joined | gone).items() if name != site)
    if any(one.origin == package["ledger"]["origin"] for one in others):
        raise UsageError("SIT-016", why="its ledger is joined as another site")
    state.facts.departed.pop(site, None)
    state.facts.joined[site] = Joined(
        site,
        package["version"],
        package["tagManifest"],
        key,
        package["ledger"]["origin"],
        package["ledger"]["size"],
        said.get("split"),
        record.index,
        record.leaf.hex(),
        said,
    )


def left(state: State, record: Record) -> None:
    """Take a site out: one that is joined, as it was joined last (SIT-016)."""
    said = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "site-left")
    before = state.facts.joined.get(said["site"])
    if before is None:
        raise UsageError("SIT-016", why="it takes out a site that is not joined")
    stated = {"version": before.version, "tagManifest": before.tag, "leaf": before.leaf}
    if said["left"] != stated or record.subject != [named(f"sites/{before.site}", before.tag)]:
        raise UsageError("SIT-016", why="it takes out another package than the one that is joined")
    if not plain_text(said["reason"], MAX_REASON):
        raise UsageError("SIT-016", why="a reason is lacking")
    del state.facts.joined[before.site]
    state.facts.departures += 1
    state.facts.departed[before.site] = Departed(before, record.index, record.leaf.hex(), said)


SITE_RULES = {records.JOINED: joined, records.LEFT: left}
