"""The scrub journal: what was done with each source file, without values, clocks or hosts.

``journal/scrub/<delivery>/<round>/`` holds Parquet parts and commits. A delivery is one frozen inventory of a source
folder; round 0 decides every file, later rounds decide again the files that a signed record has cleared since. The
latest row of a source counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent
from curator.core.parts import PartLog
from curator.core.spill import Rows, Sorter
from curator.core.types import Outcome
from curator.project.paths import Project

if TYPE_CHECKING:
    import pyarrow as pa


_SCRUBBED, _REPLACED = str(Outcome.SCRUBBED), str(Outcome.REPLACED)
#: The document of a delivery that plans to replace clean files of earlier ones.
REPLACING = "replacing"


def row_schema() -> pa.Schema:
    """Return the Arrow schema of a journal row."""
    import pyarrow as pa

    action = pa.struct([("path", pa.string()), ("action", pa.string()), ("count", pa.int32())])
    return pa.schema(
        [
            pa.field("source", pa.string(), nullable=False),
            pa.field("content_key", pa.string()),
            pa.field("kind", pa.string(), nullable=False),
            pa.field("outcome", pa.string(), nullable=False),
            pa.field("code", pa.string()),
            pa.field("duplicate_of", pa.string()),
            pa.field("path", pa.string()),
            pa.field("sha256", pa.string()),
            pa.field("bytes", pa.int64()),
            pa.field("uid", pa.string()),
            pa.field("content", pa.string()),
            pa.field("risk", pa.string()),
            pa.field("pixel_record", pa.string()),
            pa.field("method_codes", pa.list_(pa.string())),
            pa.field("actions", pa.list_(action)),
            pa.field("replaces", pa.string()),
        ]
    )


@dataclass(frozen=True, slots=True)
class Sample:
    """One de-identified file.

    Parameters
    ----------
    path
        Relative to the project's root, POSIX.
    sha256
        Hex digest of the file's bytes.
    uid
        New SOP Instance UID; for what is no DICOM object the UID by which the project knows it.
    content
        Hex digest of the content (pixels or text) apart from the header.
    kind
        ``dicom``, ``text``, ``csv``, ``fhir`` and the like.
    """

    path: str
    sha256: str
    uid: str
    content: str
    kind: str

    def __reduce__(self) -> tuple[type[Sample], tuple[str, str, str, str, str]]:
        """Say how it is laid aside: several times as fast as by the fields' names."""
        return Sample, (self.path, self.sha256, self.uid, self.content, self.kind)


def scrub_folder(project: Project) -> Path:
    """Return the folder of the scrub journal."""
    return project.journal / "scrub"


def deliveries(project: Project) -> list[int]:
    """Return the numbers of the deliveries in the journal, sorted, abandoned ones left out."""
    base = scrub_folder(project)
    if not base.is_dir():
        return []
    return sorted(
        int(entry.name)
        for entry in base.iterdir()
        if entry.name.isdigit() and (entry / "delivery.json").is_file() and not (entry / "abandoned.json").exists()
    )


def round_log(project: Project, delivery: int, number: int) -> PartLog:
    """Return the part log of one round of a delivery."""
    return PartLog(scrub_folder(project) / f"{delivery:04d}" / f"r{number:02d}")


def rounds(project: Project, delivery: int) -> list[int]:
    """Return the numbers of the rounds that a delivery has."""
    base = scrub_folder(project) / f"{delivery:04d}"
    return sorted(int(e.name[1:]) for e in base.iterdir() if e.name.startswith("r") and e.name[1:].isdigit())


def put_document(project: Project, delivery: int, name: str, doc: dict[str, Any]) -> None:
    """Write a small document of a delivery, once.

    Raises
    ------
    IntegrityError
        PRJ-007 when another document stands there.
    """
    folder = scrub_folder(project) / f"{delivery:04d}"
    make_folder(folder)
    data = canonical_bytes(doc)
    path = folder / f"{name}.json"
    if not put_if_absent(path, data) and document(project, delivery, name) != doc:
        raise IntegrityError("PRJ-007", reason=f"{name} of delivery {delivery} differs")


def document(project: Project, delivery: int, name: str) -> dict[str, Any] | None:
    """Return a small document of a delivery, or None."""
    path = scrub_folder(project) / f"{delivery:04d}" / f"{name}.json"
    try:
        loaded: dict[str, Any] = strict_loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, UsageError):
        raise IntegrityError("PRJ-007", reason=f"{name} of delivery {delivery} cannot be read") from None
    return loaded


def delivery_rows(project: Project, delivery: int, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the latest row of each source of one delivery, in the order of its first round."""
    numbers = rounds(project, delivery)
    later: dict[str, dict[str, Any]] = {}
    for number in numbers[1:]:
        for row in _rows(round_log(project, delivery, number), columns):
            later[row["source"]] = row
    if numbers:
        for row in _rows(round_log(project, delivery, numbers[0]), columns):
            yield later.get(row["source"], row)


def _rows(log: PartLog, columns: list[str] | None) -> Iterator[dict[str, Any]]:
    # Parts of earlier versions have fewer columns.
    for table in log.tables(["source", *columns] if columns else None):
        names = table.schema.names
        for batch in table.to_batches(max_chunksize=256):
            # Column by column takes half as long as row by row.
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield dict(zip(names, values, strict=True))


def all_rows(project: Project, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the latest row of each source of every delivery; the outcome of what was replaced since says so."""
    gone = replaced_sources(project)
    for delivery in deliveries(project):
        for row in delivery_rows(project, delivery, columns):
            if row["source"] in gone and row.get("outcome") == Outcome.SCRUBBED:
                row = {**row, "outcome": str(Outcome.REPLACED)}
            yield {"delivery": delivery, **row}


def all_values(project: Project, columns: Sequence[str]) -> Iterator[tuple[int, Iterator[tuple[Any, ...]]]]:
    """Yield each delivery's number with what :func:`all_rows` says of it, without a dictionary for each of many rows.

    Parameters
    ----------
    project
        The project.
    columns
        What a row holds behind its outcome.

    Raises
    ------
    KeyError
        For a part without one of the columns.
    """
    gone = replaced_sources(project)
    for delivery in deliveries(project):
        yield delivery, _latest(project, delivery, ["outcome", *columns], gone)


def _latest(project: Project, delivery: int, columns: list[str], gone: set[str]) -> Iterator[tuple[Any, ...]]:
    logs = [round_log(project, delivery, number) for number in rounds(project, delivery)]
    if len(logs) == 1 and not gone:
        yield from _values(logs[0], columns)
        return
    columns = [*columns, "source"]
    later = {row[-1]: row for log in logs[1:] for row in _values(log, columns)}
    for log in logs[:1]:
        for row in _values(log, columns):
            outcome, *values, source = later.get(row[-1], row)
            yield (_REPLACED if source in gone and outcome == _SCRUBBED else outcome, *values)


def _values(log: PartLog, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    for batch in log.batches():
        yield from zip(*(batch.column(name).to_pylist() for name in columns), strict=True)


def replaced_sources(project: Project) -> set[str]:
    """Return the sources whose clean file a corrected object has replaced."""
    return {
        row["replaces"]
        for delivery in deliveries(project)
        if document(project, delivery, REPLACING) is not None
        for row in delivery_rows(project, delivery, ["outcome", "replaces"])
        if row["outcome"] == Outcome.SCRUBBED and row.get("replaces")
    }


def samples(project: Project) -> Iterator[Sample]:
    """Yield every sample scrubbed, sorted by path (errors as :func:`sample_rows`)."""
    # All are looked at before the first is given: a caller may write by what it gets.
    yield from sample_rows(project)


def sample_rows(project: Project, only: Collection[int] | None = None) -> Rows[Sample]:
    """Return every sample scrubbed, sorted by path.

    Parameters
    ----------
    project
        The project.
    only
        Numbers of the deliveries that count; None for all.

    Raises
    ------
    IntegrityError
        PRJ-007 when one clean file was written twice.
    """
    found: Sorter[tuple[str, str, str, str, str]] = Sorter(itemgetter(0))
    for delivery, rows in all_values(project, ("path", "sha256", "uid", "content", "kind")):
        if only is None or delivery in only:
            found.extend(row[1:] for row in rows if row[0] == _SCRUBBED)
    return Rows(_each_once(found))


def _each_once(found: Iterable[tuple[str, str, str, str, str]]) -> Iterator[Sample]:
    last = None
    for row in found:
        if row[0] == last:
            raise IntegrityError("PRJ-007", reason="one clean file was written twice")
        last = row[0]
        yield Sample(*row)


def stale(project: Project) -> set[tuple[int, str, int]]:
    """Return the clean files that hold what a later delivery told of their person: (delivery, source, later delivery).

    A file that was scrubbed again since, and so has other bytes, is not among them.
    """
    marked: dict[tuple[int, str], list[tuple[str, int]]] = {}
    for number in deliveries(project):
        told = document(project, number, "recheck")
        for hit in told["hits"] if told is not None else ():
            marked.setdefault((hit["delivery"], hit["source"]), []).append((hit["sha256"], number))
    if not marked:
        return set()
    found = set()
    for row in all_rows(project, ["outcome", "sha256"]):
        for sha256, number in marked.get((row["delivery"], row["source"]), ()):
            if row["outcome"] == Outcome.SCRUBBED and row["sha256"] == sha256:
                found.add((row["delivery"], row["source"], number))
    return found
