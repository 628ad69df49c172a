"""What all subjects share: the list of what leaves, opening a file, and probes with their cache.

A subject never passes over a file: one that cannot be listed stops everything that would be said of all files.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.audit.cache import Cache
from curator.audit.kinds import HEAD, kind_of
from curator.audit.listed import Entry, Listed, Marks
from curator.audit.model import VAULT, File, Looked, Probe
from curator.audit.places import speaks_for_itself
from curator.audit.settings import threshold
from curator.audit.work import Listing, Load, Looking, Place, look_made, open_place, run
from curator.core.errors import CheckError, CuratorError
from curator.core.spill import Paths, Rows
from curator.project import journal
from curator.project.payload import PREFIX, payload_digest
from curator.provenance.records import LABEL as LABEL_KIND
from curator.release.tree import LONGEST_PATH

if TYPE_CHECKING:
    from curator.engine.protocol import Engine
    from curator.project.journal import Sample
    from curator.project.paths import Project
    from curator.project.vault import Vault
    from curator.provenance.state import Record, State
    from curator.scrub.policy import Policy

#: Records that one file of signed contents shows.
BLOCK = 1000
#: Where the contents of records are shown as text: in a package they stand in base64, which nobody can search.
PAYLOADS = "ledger/payloads/"
#: Places that checks name and that are no files.
OWN_PLACES = frozenset({"ledger/", "journal/", "manifest", "labels", "policy"})
#: How the names of modules begin that were loaded from a file of the user's.
LOADED = "curator_audit_check_"


@contextlib.contextmanager
def unseen(_total: int, _label: str) -> Iterator[_Silent]:
    """Draw no progress."""
    yield _Silent()


class _Silent:
    def advance(self, count: int = 1) -> None:
        """Count nothing."""


Watch = Callable[[int, str], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Means:
    """What an audit works with.

    Parameters
    ----------
    settings
        The table ``[audit]``.
    vault
        Opened; or None.
    origin
        The project whose vault that is, where it is not the subject itself.
    engine
        Worker processes; None does all in this process.
    cache
        Folder in which results are kept; None keeps none.
    watch
        Draws progress.
    """

    settings: Mapping[str, Any]
    vault: Vault | None = None
    engine: Engine | None = None
    cache: Path | None = None
    watch: Watch = unseen
    origin: Project | None = None


class Base(ABC):
    """A subject, apart from what is special to a project, a package or a folder.

    Parameters
    ----------
    means
        What the audit works with.
    """

    kind = ""

    def __init__(self, means: Means) -> None:
        self.settings = means.settings
        self.project: Project | None = None
        #: Where the scrub journal is, as a project; None for a folder.
        self._inner: Project | None = None
        self.vault = means.vault
        #: The project whose vault is open: it says of which person each clean file is.
        self.origin = means.origin
        self._means = means
        key = None if means.vault is None else means.vault.subkey("audit-cache")
        self._cache = Cache(means.cache, key)
        self._listed: Listed | None = None
        self._failed: dict[tuple[str, str], str] = {}
        self._held: dict[tuple[str, str], dict[str, Any]] = {}
        #: By probe, the files of which it is known that a result is at hand.
        self._done: dict[str, Marks] = {}
        self._known: Paths | None = None
        self._names: frozenset[str] = frozenset()
        self._numbers: dict[str, int] = {}
        #: Files that a probe looked at anew, and those of which something was kept.
        self.anew, self.kept = Marks(), Marks()

    # What is special to a kind of subject.

    @abstractmethod
    def _real(self) -> Iterator[tuple[str, Path]]:
        """Yield path and place of each file on disk that leaves."""

    def _made(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of what leaves in another form than it has here."""
        yield from ()

    def _make(self, path: str) -> bytes:
        """Return the bytes of one of these."""
        return next(data for name, data in self._made() if name == path)

    @abstractmethod
    def has(self, what: str) -> bool:
        """Say whether the vault, the ledger ... is at hand."""

    def samples(self) -> Iterator[Sample]:
        """Yield the samples, sorted by path."""
        raise CheckError("AUD-007", what="list of samples")

    def _journal(self) -> Project:
        if self._inner is None:
            raise CheckError("AUD-007", what="scrub journal")
        return self._inner

    def rows(self, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of the scrub journal."""
        yield from journal.all_rows(self._journal(), columns)

    def deliveries(self) -> list[int]:
        """Return the numbers of the deliveries in the scrub journal."""
        return journal.deliveries(self._journal())

    def delivery(self, number: int) -> dict[str, Any] | None:
        """Return the document of a delivery, or None."""
        return journal.document(self._journal(), number, "delivery")

    def records(self) -> Iterator[Record]:
        """Yield the ledger's records, verified."""
        raise CheckError("AUD-007", what="ledger")

    def state(self) -> State:
        """Return what the records add up to."""
        raise CheckError("AUD-007", what="ledger")

    def leaves(self) -> Iterator[bytes]:
        """Yield the leaf hashes of the ledger, in order."""
        raise CheckError("AUD-007", what="ledger")

    def root_at(self, size: int) -> bytes | None:
        """Return the root over the first so many records, None where there are fewer."""
        from curator.provenance.merkle import Frontier

        tree = Frontier()
        for leaf in self.leaves():
            if tree.size == size:
                break
            tree.add(leaf)
        return tree.root() if tree.size == size and size else None

    def policy(self) -> Policy:
        """Return the policy of the data."""
        raise CheckError("AUD-007", what="scrub policy")

    def splits(self) -> dict[str, Any]:
        """Return the split assignments."""
        raise CheckError("AUD-007", what="table of splits")

    # What they share.

    def secret(self) -> Vault:
        """Return the open vault."""
        if self.vault is None:
            raise CheckError("AUD-007", what="open vault")
        return self.vault

    def _has_vault(self, what: str) -> bool:
        return what == VAULT and self.vault is not None

    def own_documents(self) -> Mapping[str, Mapping[str, str]]:
        """Return path to document information of the PDFs that the program itself puts into a package: here none."""
        return {}

    def threshold(self, check: str, name: str, default: Any) -> Any:
        """Return a threshold of a check."""
        return threshold(self.settings, check, name, default)

    def files(self) -> Iterator[File]:
        """Yield everything that leaves, sorted by path.

        Raises
        ------
        CheckError
            AUD-003 when a file cannot be read.
        """
        yield from self._list()

    def _list(self) -> Listed:
        if self._listed is None:
            self._listed = Listed(self._entries())
        return self._listed

    def _entries(self) -> Iterator[Entry]:
        rows: Rows[dict[str, Any]] = Rows()
        bad = 0

        def take(row: dict[str, Any]) -> None:
            nonlocal bad
            if "code" in row:
                bad += 1
            else:
                rows.append(row)

        load = _load(_size(local) for _, local in self._real())
        items = (((path, str(local)), _size(local)) for path, local in self._real())
        with self._means.watch(load.total, "files listed") as bar:
            run(Listing(), items, load, self._means.engine, take, bar.advance)
        if bad:
            raise CheckError("AUD-003", count=bad)
        for row in rows:
            file = File(row["path"], row["size"], row["sha256"], row["kind"])
            yield file, Place(row["local"], tuple(row["marks"]))
        for path, data in self._made():
            yield File(path, len(data), hashlib.sha256(data).hexdigest(), kind_of(data[:HEAD], len(data))), None

    def open(self, file: File) -> BinaryIO:
        """Open one file; no link is followed.

        Raises
        ------
        ItemError
            AUD-004, AUD-005.
        """
        found = self._list().find(file.path)
        place = None if found is None else found[1]
        return io.BytesIO(self._make(file.path)) if place is None else open_place(place)

    def looks(self) -> tuple[int, int]:
        """Return how many files a probe looked at anew, and of how many others something was kept."""
        return len(self.anew), self.kept.without(self.anew)

    def payload(self) -> str:
        """Return the digest of the clean files (:func:`curator.project.payload.payload_digest`)."""
        return payload_digest((file.path, file.sha256) for file in self.files())

    def clean(self) -> Iterator[File]:
        """Yield the files below clean/; of a folder that has none of that name, all."""
        yield from (file for file in self.files() if file.path.startswith(PREFIX))

    def looked(self, probe: Probe) -> Iterator[Looked]:
        """Run a probe over the files that it wants, or take what is kept; sorted by path."""
        key = self._cache.probe_key(probe)
        self._look(key, probe)
        for file in self.files():
            if probe.wants(file):
                code = self._failed.get((key, file.sha256))
                found = None if code is not None else self._got(key, file.sha256)
                # What was looked at and is not there was lost by the cache's file; that is no result.
                yield Looked(file, found, code or ("" if found is not None else "AUD-009"))

    def _got(self, key: str, sha256: str) -> dict[str, Any] | None:
        held = self._held.get((key, sha256))
        return self._cache.get(key, sha256) if held is None else held

    def _has(self, key: str, sha256: str) -> bool:
        name = (key, sha256)
        return name in self._failed or name in self._held or self._cache.has(key, sha256)

    def _look(self, key: str, probe: Probe) -> None:
        """Look with a probe at the files that it wants and of which nothing is known."""
        listed, done, todo = self._list(), self._done.setdefault(key, Marks()), Marks()
        here, there = Tally(), Tally()
        for number, (file, place) in enumerate(listed.entries()):
            if number in done or not probe.wants(file):
                continue
            if self._has(key, file.sha256):
                self.kept.add(number)
            else:
                self.anew.add(number)
                todo.add(number)
                (here if place is None else there).add(file.size)
            done.add(number)
        if not todo:
            return

        def take(row: dict[str, Any]) -> None:
            name = row["sha256"]
            if "code" in row:
                self._failed[key, name] = row["code"]
            elif not self._cache.put(key, name, row["found"]):
                self._held[key, name] = row["found"]

        def wanted(*, made: bool) -> Iterator[tuple[tuple[File, Place | None], int]]:
            for number, (file, place) in enumerate(listed.entries()):
                # Of two files with the same bytes one is looked at.
                if number in todo and (place is None) == made and not self._has(key, file.sha256):
                    yield (file, place), file.size

        if here.total:
            prepare = getattr(probe, "prepare", None)
            if prepare is not None:
                prepare()
        with self._means.watch(here.total + there.total, f"files, {probe.name}") as bar:
            for one, _ in wanted(made=True) if here.total else ():
                take(self._look_here(probe, one[0]))
                bar.advance(1)
            if there.total:
                # A worker cannot load a probe of a file of the user's, so such a one works here.
                engine = None if type(probe).__module__.startswith(LOADED) else self._means.engine
                run(Looking(probe), wanted(made=False), there.load, engine, take, bar.advance)
        self._cache.flush()

    def _look_here(self, probe: Probe, file: File) -> dict[str, Any]:
        return look_made(probe, file, self._make(file.path))

    def remembered(self, name: str, version: int, digest: str) -> dict[str, Any] | None:
        """Return what was kept of many files at once, or None."""
        return self._cache.get(self._cache.key_of(name, version), digest)

    def remember(self, name: str, version: int, digest: str, found: dict[str, Any]) -> None:
        """Keep it, where that is possible."""
        self._cache.put(self._cache.key_of(name, version), digest, found)
        self._cache.flush()

    def show(self, where: str) -> str:
        """Return a place as it may stand in a report.

        A path that this program gave is shown; any other may name a patient, and the digest of its file stands for it.
        What is no path of a file stays as it is where the data are the program's own.
        """
        if self._known is None:
            self._own_paths()
        assert self._known is not None
        if where in self._known:
            return _escaped(where)
        found = (self._file_at(one) for one in _heads(where))
        file = max((one for one in found if one is not None), key=lambda one: len(one.path), default=None)
        if file is not None:
            rest = where[len(file.path) :]
            name = _escaped(file.path) if file.path in self._known else f"file sha256:{file.sha256[:16]}"
            return name + (_escaped(rest) if self.kind != "folder" else "")
        if where not in self._known and speaks_for_itself(where, self._names):
            return where
        if self.kind != "folder" and where in OWN_PLACES:
            return where
        # A number in the order of the report: a digest of a name could be guessed.
        return f"place {self._numbers.setdefault(where, len(self._numbers) + 1)}"

    def _own_paths(self) -> None:
        """Learn which paths the program gave, and which names stand in them."""
        self._known, folders = Paths(), set[str]()
        try:
            for path in self._own():
                self._known.add(path)
                if path.startswith(PREFIX) and path.count("/") > 1:
                    folders.add(path.split("/")[1])
        except (CuratorError, OSError):
            self._known, folders = Paths(), set()  # then no path is known to be the program's own
        self._names = frozenset((*folders, *self._named()))

    def _file_at(self, path: str) -> File | None:
        if self._listed is None:
            return None
        found = self._listed.find(path)
        return None if found is None else found[0]

    def _named(self) -> Iterator[str]:
        """Yield ids of people, and kinds of labels."""
        with contextlib.suppress(CuratorError, OSError):
            yield from self.state().people
            yield from (one.predicate["kind"] for one in self.records() if one.kind == LABEL_KIND)

    def _own(self) -> Iterator[str]:
        """Yield the paths that this program gave."""
        yield from ()

    def close(self) -> None:
        """Let go of the cache."""
        self._cache.close()


def _escaped(path: str) -> str:
    text = path.encode("ascii", "backslashreplace").decode()
    return "".join(mark if mark.isprintable() else f"\\x{ord(mark):02x}" for mark in text)[:LONGEST_PATH]


def _heads(where: str) -> Iterator[str]:
    """Yield a text and its beginnings that may be a path: up to a mark that a check puts behind one."""
    yield where
    for at, mark in enumerate(where):
        if mark in "#:![ ":
            yield where[:at]


class Tally:
    """Counts files, and the bytes of the largest."""

    def __init__(self) -> None:
        self.total = self.largest = 0

    def add(self, size: int) -> None:
        """Count a file."""
        self.total += 1
        self.largest = max(self.largest, size)

    @property
    def load(self) -> Load:
        """What :func:`curator.audit.work.run` is told."""
        return Load(self.total, self.largest)


def _load(sizes: Iterable[int]) -> Load:
    made = Tally()
    for one in sizes:
        made.add(one)
    return made.load


def _size(local: Path | str) -> int:
    try:
        return Path(local).lstat().st_size
    except OSError:
        return 0
