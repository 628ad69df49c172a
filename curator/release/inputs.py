"""What a build of a package is given, and what it came to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from curator.core.clock import Clock
from curator.core.spill import Rows
from curator.project import journal
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.release.diff_reasons import Reasons
from curator.release.made import Further
from curator.scrub.policy import Policy

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Inputs:
    """What a build is given.

    Parameters
    ----------
    project
        The project.
    version
        A checked version number.
    policy
        The project's policy.
    clock
        Gives the date of a first build.
    advance
        Called with the number of samples done.
    draft
        True for a package that no audit lets leave, and which says so.
    parent
        Where the package of the version before stands, if it is not under ``releases/``.
    reasons
        Why things differ from the version before.
    base
        A version whose content this one takes over again (a rollback).
    deliveries
        Numbers of the deliveries that it is made of; None for all. A version that was frozen is built again of its own.
    further
        What makes documents, the submission's tree and descriptions; nothing by default.
    """

    project: Project
    version: str
    policy: Policy
    clock: Clock
    advance: Advance
    draft: bool = True
    parent: Path | None = None
    reasons: Reasons = field(default_factory=Reasons)
    base: str | None = None
    deliveries: frozenset[int] | None = None
    further: Further = field(default_factory=Further)

    @cached_property
    def samples(self) -> Rows[Sample]:
        """Every sample of the deliveries, sorted by path, as the journal told them when it was first asked."""
        return journal.sample_rows(self.project, self.deliveries)


@dataclass(frozen=True)
class Built:
    """What a build made, or would make.

    Parameters
    ----------
    folder
        The package; None for a dry run.
    samples, sample_bytes, labels, records
        How many samples, bytes of them, labels released, and records in the ledger.
    rebuilt
        True if the version had been frozen before.
    already
        True if the package stood there already, whole.
    draft
        True if no audit let it leave.
    policy
        What the manifest says of it, where it is not the project's own: of joined sites.
    linked, copied
        How many files share their bytes with the store, and how many do not since the file system has no links.
    """

    folder: Path | None
    samples: int
    sample_bytes: int
    labels: int
    records: int
    rebuilt: bool = False
    already: bool = False
    draft: bool = True
    linked: int = 0
    copied: int = 0
    policy: dict[str, Any] | None = None
