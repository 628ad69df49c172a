"""All that a package's documents state, read from the package itself: nothing else goes into them.

A build reads what it has just written, a recipient reads what was received: both get the same facts, and so the same
documents. No clock, no project, no vault.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import CuratorError, IntegrityError
from curator.core.spill import Rows
from curator.project import journal
from curator.project.config import ProjectConfig
from curator.project.paths import Project
from curator.provenance.dsse import parse_envelope
from curator.provenance.records import LABEL
from curator.provenance.state import State
from curator.release import layout
from curator.release.cases import OTHER_WORDS, SHARED, UNKNOWN, Case, Guard, Series, cases_of, series_of
from curator.release.excluded import excluded_of
from curator.release.facts_labels import FINDS, Event, Label, label_of
from curator.release.splits_patients import patient_of
from curator.release.tree import content_of

MAX_DOCUMENT = 64 << 20
#: Why a sample that was scrubbed is in no package any more.
LEFT = ("consent withdrawn", "recalled")
#: The beginning of a line of samples in which nothing is escaped: its kind and path.
_PLAIN = re.compile(rb'\{"content":"[0-9a-f]*","kind":"([a-z0-9-]*)","path":"([^"\\]*)"')


@dataclass(frozen=True)
class Flow:
    """What became of everything received, delivery by delivery, and of all samples.

    Parameters
    ----------
    deliveries
        Number, items received, and how many of them came to each outcome.
    reasons
        Code of a quarantine to the number of items.
    samples
        Samples in the package.
    left
        Why samples that were scrubbed are not in the package, to their number: each by a signed record.
    """

    deliveries: tuple[tuple[int, int, Counter[str]], ...]
    reasons: Counter[str]
    samples: int
    left: Counter[str]

    @property
    def left_out(self) -> int:
        """Samples scrubbed and not in the package."""
        return self.left.total()

    @property
    def received(self) -> int:
        """Items of all deliveries."""
        return sum(items for _, items, _ in self.deliveries)

    def outcome(self, name: str) -> int:
        """Return how many items came to an outcome."""
        return sum(counts[name] for _, _, counts in self.deliveries)


@dataclass
class Facts:
    """What a package says of itself.

    Parameters
    ----------
    folder
        The package, whole but for its documents and tag files.
    state
        The sum of its records.
    guard
        Passes words of headers that may be shown.
    """

    folder: Path
    state: State
    guard: Guard
    _digests: dict[str, str] = field(default_factory=dict)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest."""
        made: dict[str, Any] = json.loads(self.read(layout.MANIFEST))
        return made

    @property
    def draft(self) -> bool:
        """True for a draft."""
        return bool(self.manifest.get("draft", True))

    @property
    def title(self) -> str:
        """Dataset and version."""
        return f"{self.manifest['dataset']} {self.manifest['version']}"

    def read(self, name: str) -> bytes:
        """Return a payload file (REL-020 when it is not there)."""
        data = content_of(self.folder / name, MAX_DOCUMENT)
        if data is None:
            raise IntegrityError("REL-020", name=name)
        return data

    def source(self, name: str) -> str:
        """Return a payload file's path below data/ and its digest, as the source of a number."""
        if name not in self._digests:
            digest = hashlib.sha256()
            with (self.folder / name).open("rb") as stream:
                while chunk := stream.read(1 << 20):
                    digest.update(chunk)
            self._digests[name] = digest.hexdigest()
        return f"{name.removeprefix('data/')} sha256:{self._digests[name]}"

    @cached_property
    def found(self) -> dict[str, Any]:
        """Evidence by name, once it was asked for: documents, card and coverage show the same."""
        return {}

    @cached_property
    def project(self) -> Project:
        """The payload as a project, to read its journal."""
        from datetime import date

        return Project(self.folder / "data", ProjectConfig(self.manifest["dataset"], "", "", date.min, "", Path()))

    @cached_property
    def _samples(self) -> tuple[Rows[str], Counter[str]]:
        """Path of each sample, and how many there are of each kind."""
        kinds = Counter[str]()

        def told() -> Iterator[str]:
            with (self.folder / layout.SAMPLES).open("rb") as stream:
                for line in stream:
                    plain = _PLAIN.match(line)
                    if plain is None:
                        said = json.loads(line)
                        kind, path = said["kind"], said["path"]
                    else:
                        kind, path = plain[1].decode(), plain[2].decode()
                    kinds[kind] += 1
                    yield path

        return Rows(told()), kinds

    @cached_property
    def sample_paths(self) -> Rows[str]:
        """Paths of the samples below the payload, sorted."""
        return self._samples[0]

    @property
    def sample_kinds(self) -> Counter[str]:
        """How many samples there are of each kind of file."""
        return self._samples[1]

    @cached_property
    def series(self) -> list[Series]:
        """Every DICOM series."""
        return series_of(self.folder / "data", self.sample_paths)

    @cached_property
    def cases(self) -> list[Case]:
        """Every patient."""
        return cases_of(self.series, self.sample_paths)

    def _records(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        with (self.folder / layout.RECORDS).open("rb") as stream:
            for raw in stream:
                line = raw.rstrip(b"\n")
                document = strict_loads(parse_envelope(line).payload)
                yield hashlib.sha256(b"\0" + line).hexdigest(), document["predicateType"], document

    @cached_property
    def labels(self) -> list[Label]:
        """Every label released, in the ledger's order: some 500 bytes each, its value left out.

        They are held, since documents go through them some dozen times.
        """
        return [label_of(leaf, document, self.state) for leaf, kind, document in self._records() if kind == LABEL]

    @cached_property
    def events(self) -> list[Event]:
        """Every record that is no label."""
        return [
            Event(kind, document["predicate"]["sequence"], leaf, document["subject"], document["predicate"])
            for leaf, kind, document in self._records()
            if kind != LABEL
        ]

    def of_kind(self, name: str) -> list[Event]:
        """Return the records of a kind, such as ``split-sealed``."""
        return [one for one in self.events if one.kind == f"urn:curator:predicate:{name}:v1"]

    @cached_property
    def _journal(self) -> tuple[dict[int, Counter[str]], Counter[str], Counter[tuple[str, str]]]:
        """Outcomes by delivery, codes of what is held back, and what was done to scrubbed files: one reading of all."""
        counts: dict[int, Counter[str]] = {number: Counter() for number in journal.deliveries(self.project)}
        reasons, actions = Counter[str](), Counter[tuple[str, str]]()
        for delivery, rows in journal.all_values(self.project, ("code", "actions")):
            outcomes = counts[delivery]
            for outcome, code, done in rows:
                outcomes[outcome] += 1
                if outcome == "quarantined":
                    reasons[code or "no code"] += 1
                elif outcome == "scrubbed":
                    for one in done or ():
                        actions[one["path"], one["action"]] += one["count"] or 0
        return counts, reasons, actions

    @cached_property
    def flow(self) -> Flow:
        """What became of everything received.

        Raises
        ------
        IntegrityError
            SUB-012 when the counts do not close.
        """
        made, (counts, reasons, _) = [], self._journal
        for number, outcomes in sorted(counts.items()):
            about = journal.document(self.project, number, "delivery") or {}
            items = int(about.get("items", outcomes.total()))
            if items != outcomes.total():
                raise IntegrityError("SUB-012", what=f"delivery {number} received {items}, {outcomes.total()} decided")
            made.append((number, items, outcomes))
        scrubbed = sum(outcomes["scrubbed"] for _, _, outcomes in made)
        samples = int(self.manifest["counts"]["samples"])
        left = Counter(dict.fromkeys(LEFT, 0))
        excluded = excluded_of(None, self.state)
        for one in journal.samples(self.project) if excluded.patients or excluded.recalled else ():
            if excluded.holds(one):
                left[LEFT[patient_of(one.path) not in excluded.patients]] += 1
        if samples + left.total() != scrubbed or samples != len(self.sample_paths):
            told = f"{scrubbed} were scrubbed, {samples} are in the package, {left.total()} were withdrawn or recalled"
            raise IntegrityError("SUB-012", what=told)
        return Flow(tuple(made), reasons, samples, left)

    @cached_property
    def acquired(self) -> list[dict[str, Any]]:
        """Sites with their first and last year of acquisition, delivery by delivery."""
        found = []
        for number in journal.deliveries(self.project):
            told = journal.document(self.project, number, "acquired")
            if told is not None:
                name = f"{layout.JOURNAL}scrub/{number:04d}/acquired.json"
                found += [{**one, "source": self.source(name)} for one in told["sites"]]
        return found

    @cached_property
    def splits_path(self) -> str | None:
        """Path of the assignment of patients to splits in the package, None where there is none."""
        return layout.SPLITS if (self.folder / layout.SPLITS).is_file() else None

    @cached_property
    def splits(self) -> dict[str, str]:
        """Pseudonym to its split; empty where no assignment is part of the package."""
        return {} if self.splits_path is None else dict(strict_loads(self.read(self.splits_path))["assignments"])

    @property
    def split_names(self) -> list[str]:
        """Names of the splits of patients in this package, sorted."""
        return sorted({self.splits[case.patient] for case in self.cases if case.patient in self.splits})

    @cached_property
    def audit(self) -> tuple[str, dict[str, Any]] | None:
        """Path and document of the signed audit report in the package, or None.

        Raises
        ------
        IntegrityError
            SUB-013 when it is not the one that a record was signed for.
        """
        signed = self.of_kind("audit-report")
        if not signed:
            return None
        digest = str(signed[-1].said.get("report", ""))
        return self.read_audit(f"{layout.AUDIT}{digest}.json", digest)

    def read_audit(self, name: str, digest: str) -> tuple[str, dict[str, Any]] | None:
        """Return path and document of an audit report that has a digest (SUB-013), None where there is no file."""
        if not (self.folder / name).is_file():
            return None
        data = self.read(name)
        try:
            document = strict_loads(data, fraction=float)
        except CuratorError:
            document = None
        if hashlib.sha256(data).hexdigest() != digest or not isinstance(document, dict):
            raise IntegrityError("SUB-013")
        return name, document

    def checks(self, prefix: str) -> list[dict[str, Any]]:
        """Return the audit's checks whose ids begin so, as its report has them."""
        if self.audit is None:
            return []
        return [one for one in self.audit[1].get("checks", []) if str(one.get("id", "")).startswith(prefix)]

    @cached_property
    def policy(self) -> dict[str, Any]:
        """Name, digest, claim, reasons and method codes of the policy, as the manifest states them."""
        made: dict[str, Any] = self.manifest["policy"]
        return made

    def actions(self) -> list[tuple[str, str, int]]:
        """Return (attribute or place, action, times) over all scrubbed files, most often first."""
        counted = sorted(self._journal[2].items(), key=lambda e: (-e[1], e[0]))
        return [(path, action, count) for (path, action), count in counted]

    @cached_property
    def readings(self) -> dict[tuple[str, str, str], dict[str, tuple[str, str]]]:
        """(Sample, kind, stage) to each author's class and leaf hash, of readers' opinions that are classes."""
        found: dict[tuple[str, str, str], dict[str, tuple[str, str]]] = {}
        for one in self.labels:
            if one.opinion and one.named and one.kind not in FINDS:
                found.setdefault((one.sample, one.kind, one.stage), {})[one.author] = (one.named, one.leaf)
        return found

    def count_labels(self, of: Callable[[Label], str]) -> Counter[str]:
        """Return how many labels give each answer."""
        return Counter(of(one) for one in self.labels)

    @cached_property
    def labeled(self) -> set[str]:
        """Paths of the samples with at least one label that stands; a label of a series is one of each of its files."""
        named = {one.sample for one in self.labels if one.stands}
        folders = {one for one in named if one.endswith("/")}
        if not folders:
            return named
        found = {path: path.rpartition("/")[0] + "/" for path in self.sample_paths}
        # A folder without an image stays, and the counts do not close.
        lacking = folders - set(found.values())
        return (named - folders) | {path for path, folder in found.items() if folder in folders} | lacking

    @cached_property
    def stated(self) -> dict[str, int]:
        """Of how many patients what is stated."""
        cases = self.cases
        return {
            "sex": sum(case.sex != UNKNOWN for case in cases),
            "age": sum(case.age is not None for case in cases),
            "race or ethnicity": sum(case.origin not in {UNKNOWN, OTHER_WORDS} for case in cases),
            "height": sum(case.height is not None for case in cases),
            "weight": sum(case.weight is not None for case in cases),
        }

    @property
    def patients(self) -> int:
        """Number of patients with a pseudonym of their own."""
        return len(self.cases)

    @cached_property
    def shared(self) -> int:
        """Number of samples that are about several people."""
        return sum(path.split("/")[1] == SHARED for path in self.sample_paths)
