"""Where a build takes its samples from: the project's clean files, or an earlier version's package for a rollback."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from curator.core.canonical import strict_loads
from curator.core.errors import CuratorError, GateError, IntegrityError
from curator.core.spill import Rows
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance.records import LABEL
from curator.provenance.state import Record, State
from curator.provenance.status import word
from curator.release import layout
from curator.release.excluded import Excluded
from curator.release.lists import SampleSet, insert_state, label_stem, leaves

_LINE = 1 << 16


@dataclass(frozen=True)
class Source:
    """Samples by path, and the folder that their paths start from.

    Parameters
    ----------
    root
        The project, or ``data`` of a package.
    samples
        Those that are released.
    """

    root: Path
    samples: Rows[Sample]

    def file(self, sample: Sample) -> str:
        """Return where a sample's bytes stand."""
        return f"{self.root}/{sample.path}"


def project_source(project: Project, samples: Iterable[Sample], excluded: Excluded) -> Source:
    """Return the project's samples without those that may leave no more."""
    kept = excluded.kept(samples)
    return Source(project.root, kept if isinstance(kept, Rows) else Rows(kept))


def package_source(folder: Path, excluded: Excluded) -> Source:
    """Return the samples of an earlier package.

    Raises
    ------
    IntegrityError
        REL-029 when its list cannot be read.
    GateError
        REL-059 when it holds what was withdrawn or recalled since.
    """
    found: Rows[Sample] = Rows()
    try:
        with (folder / layout.SAMPLES).open("rb") as stream:
            while raw := stream.readline(_LINE):
                said = strict_loads(raw)
                found.append(Sample(said["path"], said["sha256"], said["uid"], said["content"], said["kind"]))
    except (OSError, CuratorError, KeyError, TypeError):
        raise IntegrityError("REL-029", name=layout.SAMPLES, why="it cannot be read") from None
    gone = sum(map(excluded.holds, found))
    if gone:
        raise GateError("REL-059", count=gone)
    return Source(folder / "data", found)


@dataclass
class LabelIndex:
    """Lines of all labels, made while a ledger is verified, so that versions can be compared before one is built.

    Parameters
    ----------
    stems
        For each label in order: index, id, line without its state, and its sample as :class:`SampleSet` knows it.
    """

    stems: Rows[tuple[int, str, bytes, bytes]] = field(default_factory=Rows)

    def visit(self, record: Record) -> None:
        """Take the next record."""
        if record.kind == LABEL and len(record.subject) == 1:
            short = SampleSet.short_of(record)
            self.stems.append((record.index, record.predicate["labelId"], label_stem(record), short))

    def lines(self, held: SampleSet, state: State, rule: str, upto: int | None) -> Iterator[bytes]:
        """Yield the lines of the list of labels that a package with these samples holds."""
        for index, label, stem, short in self.stems:
            known = state.labels.get(label)
            marks = known.status if known is not None else 0
            if held.has(short) and (upto is None or index < upto) and leaves(rule, marks):
                yield insert_state(stem, word(marks))
