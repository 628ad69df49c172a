"""Carrying out signed orders to purge, everywhere in a project: clean files, label values, ledger, store, packages.

Takes its work from the orders in the ledger alone, all of them each time, so that a purge that was killed is finished
by running it again. What was sent to others, and the vault's own copies of exports, are not reached from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import UsageError
from curator.core.files import sync_folder, translated
from curator.labels.whole import FOLDER, file_of
from curator.project import journal
from curator.project.paths import Project
from curator.provenance.keys import Signer
from curator.provenance.kinds_release import MAX_FILES, MAX_RECORDS, purge
from curator.provenance.ledger import Ledger
from curator.provenance.records import LABEL, PURGE, Draft
from curator.provenance.state import Record, State
from curator.provenance.typed import Guard
from curator.release.excluded import excluded_of
from curator.release.lists import value_file
from curator.release.purge import forget, purge_package
from curator.release.store import NAME, Store


class Orders:
    """Collects, while a ledger is verified, its orders, and which labels are on which file."""

    def __init__(self) -> None:
        self.orders: list[Record] = []
        #: SHA-256 of a file to path and index of the record of each of its labels.
        self.labels: dict[str, list[tuple[str, int]]] = {}
        #: Folder of a series, with a slash at its end, to the indices of the records of its labels.
        self.series: dict[str, list[int]] = {}
        self.places: dict[str, int] = {}
        #: Index of a label's record to the SHA-256 of the file that holds its value.
        self.values: dict[int, str] = {}

    def visit(self, record: Record) -> None:
        """Take the next record."""
        if record.kind == PURGE:
            self.orders.append(record)
        elif record.kind == LABEL:
            about = record.subject[0]
            self.labels.setdefault(about["digest"]["sha256"], []).append((about["name"], record.index))
            if about["name"].endswith("/"):
                self.series.setdefault(about["name"], []).append(record.index)
            self.places[record.predicate["labelId"]] = record.index
            if value := value_file(record):
                self.values[record.index] = value


def order(
    project: Project,
    state: State,
    seen: Orders,
    digests: Iterable[str],
    labels: Iterable[str],
    reason: str,
    guard: Guard,
) -> list[Draft]:
    """Draft the orders for some files with all of their labels, and for single labels.

    Parameters
    ----------
    project, state, seen
        The project, the sum of its ledger, and what was seen while it was verified.
    digests
        SHA-256 of files that were withdrawn or recalled. Where somebody else's file has the same bytes, that file and
        its labels stay.
    labels
        Ids of labels.
    reason
        Why, in a sentence.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        REL-066 for digests of none but files that may still leave, REL-067 for a label that is not in the ledger,
        REL-064 for nothing new.
    """
    files = set(digests)
    excluded = excluded_of(project, state)
    gone = [one for one in journal.samples(project) if one.sha256 in files and excluded.holds(one)]
    here = {one.sha256 for one in journal.samples(project) if not excluded.holds(one)}
    if still := len(files & here - {one.sha256 for one in gone}):
        raise UsageError("REL-066", count=still)
    unknown = sum(label not in seen.places for label in labels)
    if unknown:
        raise UsageError("REL-067", count=unknown)
    places = {
        place
        for digest in files
        for name, place in seen.labels.get(digest, ())
        if digest not in here or excluded.names(name, digest)
    }
    # A label of a whole series tells of each of its images.
    folders = {one.path.rpartition("/")[0] + "/" for one in gone}
    places |= {place for folder in folders for place in seen.series.get(folder, ())}
    places |= {seen.places[label] for label in labels}
    still_there = {one.sha256 for one in gone if (project.root / one.path).is_file()}
    new_files = sorted(files - (state.facts.purged_files.keys() - still_there))
    new_places = sorted(places - state.facts.purged.keys())
    if not new_files and not new_places:
        raise UsageError("REL-064")
    steps = range(max(-(-len(new_files) // MAX_FILES), -(-len(new_places) // MAX_RECORDS)))
    return [
        purge(
            new_files[at * MAX_FILES : (at + 1) * MAX_FILES],
            new_places[at * MAX_RECORDS : (at + 1) * MAX_RECORDS],
            reason,
            guard,
        )
        for at in steps
    ]


@dataclass(frozen=True)
class Done:
    """What a purge removed, over all orders: files under clean/, label values, records; and in how many packages.

    ``shared`` counts files of which somebody else's, who did not withdraw, has the same bytes: that one stays.
    """

    clean: int
    values: int
    records: int
    packages: int
    shared: int = 0


def carry_out(project: Project, state: State, seen: Orders, operator: Signer) -> Done:
    """Carry out every order in the ledger; the caller holds the locks of release and scrub.

    Parameters
    ----------
    project
        The project.
    state
        The sum of its ledger, with the orders.
    seen
        What was seen while it was verified.
    operator
        The operator, who signs for what a package lacks.

    Raises
    ------
    CuratorError
        As :func:`curator.release.purge.purge_package` and :meth:`curator.provenance.ledger.Ledger.remove`.
    """
    digests, places = set(state.facts.purged_files), set(state.facts.purged)
    orders = [record.leaf.hex() for record in seen.orders]
    kept = {value for place, value in seen.values.items() if place not in places}
    values = {value for place, value in seen.values.items() if place in places} - kept
    excluded = excluded_of(project, state)
    lacking = 0
    for package in packages(project):
        lacking += purge_package(package, digests, places, orders, operator, excluded.names) > 0
    clean, shared = 0, set()
    for one in journal.samples(project):
        if one.sha256 in digests and excluded.holds(one):
            clean += _unlink(project.root / one.path)
        elif one.sha256 in digests:
            shared.add(one.sha256)
    gone = sum(_unlink(file_of(project.root, value)) for value in sorted(values))
    if (project.root / FOLDER).is_dir():
        sync_folder(project.root / FOLDER)
    if (project.releases / NAME).is_dir():
        forget(Store(project.releases), (digests | values) - shared)
    return Done(clean, gone, Ledger(project.ledger).remove(places), lacking, len(shared))


def packages(project: Project) -> list[Path]:
    """Return the packages under ``releases/``, by name."""
    if not project.releases.is_dir():
        return []
    return sorted(path for path in project.releases.iterdir() if path.name.startswith("v") and path.is_dir())


def _unlink(path: Path) -> int:
    with translated():
        there = path.is_file() or path.is_symlink()
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)
    return int(there)
