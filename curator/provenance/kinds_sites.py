"""The record of a joined site: which package of which site was taken into a sponsor's project, verified with which key.

What the site says stands in the site's own ledger, which its package carries. This record binds the package's bytes,
the key that the sponsor held, the audit's verdict and who attested what, under the sponsor's own signer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from curator.core.errors import UsageError
from curator.provenance import records, roles
from curator.provenance.facts import Joined
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
    before = state.facts.joined.get(site)
    wanted = None if before is None else {"version": before.version, "tagManifest": before.tag, "leaf": before.leaf}
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
    others = (one for name, one in state.facts.joined.items() if name != site)
    if any(one.origin == package["ledger"]["origin"] for one in others):
        raise UsageError("SIT-016", why="its ledger is joined as another site")
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


SITE_RULES = {records.JOINED: joined}
