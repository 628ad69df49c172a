"""A sponsor's joined sites, in a project without a vault or in a package: each site's package, and all together.

What a site answers for by its own records (privacy, integrity, its seals and lots) is asked of each site's package.
What can be wrong between sites (splits, copies, agreement, representation) is asked of all together, under joint names.
What needs a vault is nobody's here but the sites': it is attested, or could not be checked.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from curator.audit.headers import HeaderProbe
from curator.audit.joined import guidelines
from curator.audit.joined.guidelines import differing
from curator.audit.joined.merge import attested_by, merged, sealed_over_all
from curator.audit.joined.union import union_records, union_state
from curator.audit.model import (
    JOURNAL,
    LEDGER,
    POLICY,
    SPLITS,
    TABLE,
    VAULT,
    Answer,
    Check,
    Finding,
    Looked,
    Outcome,
    Probe,
)
from curator.audit.package_subject import PackageSubject
from curator.audit.replay import Replayed
from curator.audit.runner import Attested, stopped_by
from curator.audit.subject import Base, Means
from curator.core.errors import CheckError, CuratorError
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance.state import Record, State
from curator.release import layout
from curator.release.sites.assigned import Drawn, package_drawn, project_drawn
from curator.release.sites.cross import check_apart
from curator.release.sites.held import open_sites
from curator.release.sites.lists import Lists, lists_of, patients_of
from curator.release.sites.names import apart, joint, joint_path
from curator.release.sites.opened import OpenedSite
from curator.release.splits_patients import SHARED
from curator.release.tree import files
from curator.release.verify import PackageReport
from curator.release.versions import released

_TABLES = frozenset({"csv", "parquet"})
#: Checks of these groups are asked of each site, but for those that are about all people of the dataset.
_EACH = ("privacy/", "integrity/")
_ALL = frozenset({"privacy/k-anonymity"})
#: Checks of other groups that go by a site's own records: its seals, its lots, its guidelines' times.
_EACH_TOO = frozenset(
    {
        "labels/adjudication",
        "labels/audit-samples",
        "labels/guideline-age",
        "labels/independence",
        "labels/qualification",
        "labels/qualified",
        "labels/truthers",
        "splits/sealed-before-access",
        "splits/sealed-members",
        "splits/uses",
    }
)
SEALED_CHECK = "splits/sealed-before-access"
#: Checks of seals, which the sponsor may have, too.
_SEALS = frozenset({SEALED_CHECK, "splits/sealed-members", "splits/uses"})
LEDGER_CHECK, MANIFEST_CHECK = "integrity/ledger", "integrity/manifest"
#: Stands for the sponsor's own ledger among the sites.
SPONSOR = "sponsor"


def of_each(check: str) -> bool:
    """Say whether a check is asked of each site apart."""
    return check in _EACH_TOO or (check.startswith(_EACH) and check not in _ALL)


class JoinedSubject(Base):
    """Joined sites.

    Parameters
    ----------
    means
        What the audit works with; there is no vault.
    project
        The sponsor's project; None for a package.
    report
        A verified package that joins sites; None for a project.
    folder
        The package.

    Raises
    ------
    CuratorError
        SIT-010 when a site's package is not the one that was joined, SIT-020 when none is; SIT-006 to SIT-008; SIT-031
        when all sites were purged from a package.
    """

    def __init__(
        self,
        means: Means,
        project: Project | None = None,
        report: PackageReport | None = None,
        folder: Path | None = None,
    ) -> None:
        super().__init__(means)
        self.project = project
        self.kind = "project" if project is not None else "package"
        self.folder = folder
        self.tied = report is not None and report.tied
        self.report = report
        #: How many files of a package were purged by signed order: all of some sites, and documents of the whole.
        self.purged = 0 if report is None else report.purged_files
        self._replayed = None if project is None else Replayed(project.ledger)
        if project is not None:
            opened = open_sites(project, self.state())
            check_apart(opened)
        else:
            assert report is not None
            opened = list(report.contents.sites or ())
            if not opened:
                raise CheckError("SIT-031")
        self.sites: dict[str, OpenedSite] = {one.site: one for one in opened}
        self.lists: Lists = lists_of(opened, self._drawn(), self.state().facts.splits)
        #: Each site's package as a subject of its own, under the sponsor's settings.
        self.parts = {
            site: PackageSubject(one.folder, replace(means, cache=_below(means.cache, site)), one.key, one.report)
            for site, one in self.sites.items()
        }
        for part in self.parts.values():
            # A site's key out of a sponsor's package that nobody vouches for is no key that was held elsewhere.
            part.tied = part.tied and (self.tied or project is not None)
        self._together: Any = Together(self)
        #: Whether no version came before, so that nobody can have been moved.
        self.first = self._is_first()

    def _drawn(self) -> Drawn | None:
        """Return what the sponsor's records say of splits over all sites."""
        if self.project is not None:
            return project_drawn(self.project, self.state())
        assert self.folder is not None
        return package_drawn(self.folder, self.state())

    def _is_first(self) -> bool:
        if self.project is not None:
            moved = any("replaces" in one.said for one in self._joined()) or self.state().facts.departures
            return not released(self.project) and not moved
        return self.report is not None and self.report.contents.manifest["parent"] is None

    def _joined(self) -> Iterator[Any]:
        yield from self.state().facts.joined.values()

    @property
    def attested(self) -> dict[str, Attested]:
        """What the sites' people attest of checks that need their vaults."""
        return attested_by(self.sites)

    def ask(self, check: Check) -> Answer:
        """Run a check: on each site apart, or on all together."""
        if not of_each(check.id):
            return check.run(self._together)
        answers = {}
        for site, part in self.parts.items():
            answers[site] = _asked(part, check)
        if check.id in _SEALS and self.state().facts.splits:
            answers[SPONSOR] = _asked(self, check)
            if check.id == SEALED_CHECK and answers[SPONSOR].outcome == Outcome.PASS:
                answers |= {site: sealed_over_all(answers[site]) for site in self.parts}
        if check.id == LEDGER_CHECK or (check.id == MANIFEST_CHECK and self.kind == "package"):
            answers[SPONSOR] = _asked(self, check)
        made = merged(answers)
        return differing(made, self.parts) if check.id == guidelines.CHECK else made

    def looks(self) -> tuple[int, int]:
        """Return how many files a probe looked at anew, and of how many others something was kept, here and there."""
        several = [super().looks(), *(part.looks() for part in self.parts.values())]
        return sum(anew for anew, _ in several), sum(kept for _, kept in several)

    def has(self, what: str) -> bool:
        """Say whether the ledger, splits ... are at hand; a vault never is."""
        if what == SPLITS:
            return self.lists.splits is not None
        if what == TABLE:
            return any(file.kind in _TABLES for file in self.clean())
        return what in {LEDGER, JOURNAL, POLICY} and what != VAULT

    def _real(self) -> Iterator[tuple[str, Path]]:
        for site, one in self.sites.items():
            for path in files(one.folder, "data/clean"):
                yield joint_path(site, path.removeprefix("data/")), one.folder / path
        base = self.project.root / "splits/sealed" if self.project is not None else None
        if base is None and self.folder is not None:
            base = self.folder / layout.SEALED
        for name in sorted(self.state().facts.splits):
            if base is not None and (base / f"{name}.txt").is_file():
                yield f"splits/sealed/{name}.txt", base / f"{name}.txt"

    def looked(self, probe: Probe) -> Iterator[Looked]:
        """Run a probe; a number in a header is of its site, and never that of another site's patient."""
        for one in super().looked(probe):
            number = None if one.found is None or probe.name != HeaderProbe.name else one.found.get("patient")
            if number is None:
                yield one
            else:
                site = _site_at(one.file.path)
                yield replace(one, found={**(one.found or {}), "patient": joint(site, str(number))})

    def samples(self) -> Iterator[Sample]:
        """Yield the samples of all sites, by joint path."""
        yield from self.lists.samples

    def records(self) -> Iterator[Record]:
        """Yield the sponsor's own records."""
        if self._replayed is not None:
            yield from self._replayed.records()
            return
        assert self.folder is not None
        yield from _own_records(self.folder)

    def leaves(self) -> Iterator[bytes]:
        """Yield the leaf hashes of the sponsor's own records."""
        yield from (one.leaf for one in self.records())

    def state(self) -> State:
        """Return what the sponsor's own records add up to."""
        if self._replayed is not None:
            return self._replayed.state
        assert self.report is not None
        return self.report.contents.state

    def splits(self) -> dict[str, Any]:
        """Return the joint table of splits."""
        if self.lists.splits is None:
            raise CheckError("AUD-007", what="table of splits")
        return self.lists.splits

    def rows(self, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of all sites' scrub journals, paths joined."""
        for site, part in self.parts.items():
            for row in part.rows(columns):
                yield {**row, "path": joint_path(site, row["path"])} if row.get("path") else row

    def deliveries(self) -> list[int]:
        """Return no delivery: each site counts its own."""
        raise CheckError("AUD-007", what="scrub journal of one site")

    def site_of(self, patient: str) -> str | None:
        """Return the site of a patient, by joint pseudonym."""
        site = apart(patient)[0]
        return site if site in self.sites else None

    def has_left(self, patient: str) -> bool:
        """Say whether a patient is in no package any more since the site's next version was joined, on record."""
        facts, site = self.state().facts, apart(patient)[0]
        if site in facts.departed:
            return True
        joined = facts.joined.get(site)
        return joined is not None and "replaces" in joined.said and patient not in self._patients

    @functools.cached_property
    def _patients(self) -> frozenset[str]:
        return frozenset(name for one in self.sites.values() for name in patients_of(one))

    def _own(self) -> Iterator[str]:
        yield from (file.path for file in self.files())

    def _named(self) -> Iterator[str]:
        yield from super()._named()
        yield from self.sites
        for site, part in self.parts.items():
            yield from (joint(site, name) for name in part.state().people)
            yield from part.kinds()

    def show(self, where: str) -> str:
        """Return a place as it may stand in a report; what a site's own subject has shown already stays."""
        site, mark, _ = where.partition(": ")
        return where if mark and (site in self.sites or site == SPONSOR) else super().show(where)

    def close(self) -> None:
        """Let go of the caches."""
        for part in self.parts.values():
            part.close()
        super().close()


class Together:
    """All sites as one subject, for checks that speak of all: the sites' records in place of the sponsor's."""

    def __init__(self, subject: JoinedSubject) -> None:
        self._subject = subject

    def __getattr__(self, name: str) -> Any:
        return getattr(self._subject, name)

    @functools.cached_property
    def _state(self) -> Any:
        return union_state(self._subject.parts)

    def state(self) -> Any:
        """Return what the sites' records add up to, as far as such checks ask."""
        return self._state

    def records(self) -> Iterator[Record]:
        """Yield the records of all sites."""
        return union_records(self._subject.parts)


def _site_at(path: str) -> str:
    """Return the site of a joint path below clean/."""
    parts = path.split("/")
    return parts[2] if parts[1] == SHARED else apart(parts[1])[0]


def _below(cache: Path | None, site: str) -> Path | None:
    return None if cache is None else cache / "sites" / site


def _asked(part: Base, check: Check) -> Answer:
    """Run a check on one part; what stops it there is said of that part alone."""
    lacking = [need for need in check.needs if not part.has(need)]
    if lacking:
        return Answer(Outcome.COULD_NOT_CHECK, f"needs the {', the '.join(lacking)}")
    try:
        answer = check.run(part)
    except CuratorError as error:
        return Answer(Outcome.COULD_NOT_CHECK, stopped_by(error))
    shown = tuple(Finding(part.show(one.where), one.what, one.count) for one in answer.findings)
    return replace(answer, findings=shown)


def _own_records(folder: Path) -> Iterator[Record]:
    state = State()
    with (folder / layout.RECORDS).open("rb") as stream:
        for raw in stream:
            yield state.take(raw.removesuffix(b"\n"))
