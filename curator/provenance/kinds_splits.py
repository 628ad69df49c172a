"""The record of splits over joined sites: who was put where is signed, and the package alone shows it.

A project of joined sites has no vault and no journal of patients. What binds an assignment is this record: the digest
of a list with two hashes a patient, of the name and of the whole line. Who has left the dataset since stays in the list
as hashes; who is there has a line that must fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from curator.core.errors import UsageError
from curator.provenance import records, roles
from curator.provenance.facts import Assigned
from curator.provenance.records import Draft
from curator.provenance.typed import digest, named

if TYPE_CHECKING:
    from curator.provenance.state import Record, State

SUBJECT = "splits/assigned"


def splits_assigned(
    sha256: str,
    by: str,
    fractions: Sequence[tuple[str, int]],
    strata: Sequence[str],
    counts: Mapping[str, int],
    left: int,
    sites: Mapping[str, str],
) -> Draft:
    """Draft the statement that patients of joined sites were put into splits.

    Parameters
    ----------
    sha256
        Digest of the list of what is new.
    by, fractions, strata
        The settings: what is assigned as a whole, splits with their whole percents, names of what makes a stratum.
    counts, left
        Split to the number of patients put into it; number of patients who left theirs, being in two.
    sites
        Joined site to the tag manifest of its package.

    Raises
    ------
    UsageError
        LED-073.
    """
    body: dict[str, Any] = {
        "by": by,
        "fractions": [{"split": name, "percent": percent} for name, percent in fractions],
        "strata": list(strata),
        "counts": [{"split": name, "patients": count} for name, count in sorted(counts.items())],
        "leftSplit": left,
        "sites": [{"site": name, "tagManifest": sites[name]} for name in sorted(sites)],
        "meaning": "responsibility",
    }
    return Draft(records.ASSIGNED, (named(SUBJECT, digest(sha256)),), body)


def assigned(state: State, record: Record) -> None:
    """Take an assignment: over the sites as they are joined, by the same rules as before (SIT-016)."""
    said = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "split-assigned")
    joined = state.facts.joined
    if said["sites"] != [{"site": name, "tagManifest": joined[name].tag} for name in sorted(joined)]:
        raise UsageError("SIT-016", why="it assigns patients of other packages than those that are joined")
    before = state.facts.assigned[-1].said if state.facts.assigned else said
    if (before["by"], before["strata"]) != (said["by"], said["strata"]):
        raise UsageError("SIT-016", why="it assigns patients by other strata or another unit than before")
    sha256 = record.subject[0]["digest"]["sha256"]
    state.facts.assigned = (*state.facts.assigned, Assigned(sha256, record.index, record.leaf.hex(), said))


SPLIT_RULES = {records.ASSIGNED: assigned}
