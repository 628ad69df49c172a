"""The facts that a package would state, read from the project before anything is built.

What :class:`curator.release.facts.Facts` reads from a package, this reads from the project's own places. It shows what
is lacking; no document of a package is ever made from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.spill import Paths, Rows
from curator.project import journal
from curator.project.paths import Project
from curator.provenance.dsse import parse_envelope
from curator.provenance.keys import key_id
from curator.provenance.ledger import Ledger, origin_of
from curator.provenance.state import State
from curator.release.cases import Guard, Series, series_of
from curator.release.excluded import excluded_of
from curator.release.facts import Facts
from curator.release.rules import claim_of
from curator.scrub.policy import Policy


class ProjectFacts(Facts):
    """A project's facts.

    Parameters
    ----------
    project
        The project.
    state
        The sum of its ledger's records.
    policy
        Its policy.
    guard
        Passes words of headers that may be shown.
    """

    def __init__(self, project: Project, state: State, policy: Policy, guard: Guard) -> None:
        super().__init__(project.root, state, guard)
        self._project = project
        self._policy = policy

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What a manifest would say, as far as it is known."""
        state, guidelines = self.state, self.state.guidelines
        labels = len(self.labels)
        return {
            "dataset": self._project.config.dataset,
            "version": "not built",
            "date": "not built",
            "organization": self._project.config.organization,
            "program": "",
            "draft": True,
            "policy": claim_of(self._policy),
            "counts": {
                "samples": len(self.sample_paths),
                "sampleBytes": 0,
                "labels": labels,
                "records": state.size,
                "people": len(state.people),
                "guidelines": len(guidelines),
            },
            "guidelines": [
                {"id": one.id, "version": one.version, "sha256": one.sha256, "path": f"guidelines/{one.name}"}
                for _, one in sorted(guidelines.items())
            ],
            "ledger": {
                "origin": origin_of(state.dataset, state.first),
                "size": state.size,
                "root": state.tree.root().hex(),
                "operatorKeyId": key_id(state.operator),
            },
        }

    def source(self, name: str) -> str:
        """Return where a number comes from; digests are known once a package is built."""
        return name.removeprefix("data/")

    @cached_property
    def project(self) -> Project:
        """The project."""
        return self._project

    @cached_property
    def sample_paths(self) -> Rows[str]:
        """Paths of the samples that may leave, sorted."""
        kept = excluded_of(None, self.state).kept(journal.samples(self._project))
        return Rows(sample.path for sample in kept)

    @cached_property
    def series(self) -> list[Series]:
        """Every DICOM series."""
        return series_of(self._project.root, self.sample_paths)

    def _records(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        held = Paths()
        for path in self.sample_paths:
            held.add(path)
        for entry in Ledger(self._project.ledger).entries():
            if entry.purged:
                continue
            document = strict_loads(parse_envelope(entry.envelope).payload)
            name = str(document["subject"][0].get("name", ""))
            if not name.startswith("clean/") or name in held:
                yield hashlib.sha256(b"\0" + entry.envelope).hexdigest(), document["predicateType"], document

    @cached_property
    def splits_path(self) -> str | None:
        """Path of the assignment of patients to splits, None where there is none."""
        return "splits/assignments.json" if (self._project.root / "splits/assignments.json").is_file() else None

    @cached_property
    def audit(self) -> tuple[str, dict[str, Any]] | None:
        """Path and document of the newest signed audit report, or None."""
        signed = self.of_kind("audit-report")
        if not signed:
            return None
        return self.read_audit(
            f"audit/{signed[-1].said.get('report', '')}.json", str(signed[-1].said.get("report", ""))
        )
