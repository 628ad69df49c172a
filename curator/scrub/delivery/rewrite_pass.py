"""Pass 2, in the workers: carry out the plan for each file, and write the journal's rows.

A clean file gets its name before its row can become visible; a row that is visible names a file that stands.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.core import strides
from curator.core.errors import CheckError, ItemError
from curator.core.files import make_folder, sync_folders, write_whole, writing
from curator.core.hashing import CHUNK
from curator.core.parts import PartLog
from curator.core.types import Outcome, Shard
from curator.formats.dicom.ranged import Piece, Ranged, spread
from curator.intake.read import opened_source
from curator.project.journal import row_schema
from curator.scrub.delivery import met
from curator.scrub.delivery.harvest_pass import guarded
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.link import IdRules
from curator.scrub.delivery.moved import keep
from curator.scrub.delivery.planned import Planned
from curator.scrub.delivery.referred import MEMBER, listed, noting
from curator.scrub.delivery.referred import keep as keep_referred
from curator.scrub.delivery.state import Shelf, path_bytes
from curator.scrub.medium import Person
from curator.scrub.prose import everybody
from curator.scrub.route import medium_of

if TYPE_CHECKING:
    from curator.scrub.policy import Policy
    from curator.scrub.treatment import Treatment

FILE_MODE = 0o644
#: The folder of records about more than one person, beside those of the persons.
SHARED = "shared"
#: Why a file that was inventoried cannot be read any more.
_UNREADABLE = frozenset({"SRC-005", "SRC-013", "ARC-007"})


@dataclass(frozen=True)
class Company:
    """Who is who in one record: :class:`curator.scrub.medium.People` for the rewriting of a planned file."""

    own: Person
    persons: dict[str, Person] = field(repr=False)
    nodes: dict[str, str] = field(repr=False)
    rules: IdRules = field(repr=False)
    source: str

    def find(self, ids: Iterable[tuple[str, str, str]]) -> Person:
        """Return the person of the first known of some IDs, the file's own when there is none."""
        for kind, issuer, value in ids:
            key = self.nodes.get(self.rules.key(kind, issuer, value, self.source))
            if key is not None:
                return self.persons[key]
        return self.own


def empty_row(row: dict[str, Any], outcome: Outcome, code: str | None = None) -> dict[str, Any]:
    """Return a journal row that names no output."""
    nothing = ("duplicate_of", "path", "sha256", "bytes", "uid", "content", "risk", "pixel_record", "replaces")
    blank = dict.fromkeys(nothing)
    return {
        "source": row["source"],
        "content_key": row["content_key"],
        "kind": row["kind"],
        "outcome": str(outcome),
        "code": code,
        **blank,
        "method_codes": [],
        "actions": [],
    }


@lru_cache(maxsize=256)  # the files of a series are treated alike; nobody changes a row
def _action_rows(actions: tuple[tuple[str, str, int], ...]) -> list[dict[str, Any]]:
    return [{"path": at, "action": action, "count": count} for at, action, count in actions]


#: Folders of clean files that this process has seen or made since it opened its task.
_made_folders: set[str] = set()


@dataclass(frozen=True)
class RewriteTask:
    """The engine's task of pass 2.

    Parameters
    ----------
    source
        The source folder.
    root
        The project's folder.
    log
        Folder of the round's part log.
    policy
        The rules.
    keys
        Subkeys that name sources and UIDs.
    most
        The largest file in bytes that is read.
    treatment
        What becomes of the values of records.
    rules
        How a record's IDs become persons.
    shelf
        The delivery's documents, for the names and numbers of everybody.
    everybody
        The document that has them.
    moved
        The folder of the round's maps of texts.
    referred
        The folder of the round's UIDs that only references have.
    """

    source: Path
    root: Path
    log: Path
    policy: Policy
    keys: SourceKeys
    most: int
    treatment: Treatment
    rules: IdRules
    shelf: Shelf
    everybody: str = "everybody"
    moved: str = "moved-00"
    referred: str = "referred-00"

    def open(self) -> None:
        """Load what the items need."""
        known = tuple((category, value) for category, value in self.shelf.need(self.everybody))
        object.__setattr__(self, "treatment", replace(self.treatment, everybody=everybody(known)))
        import pyarrow.parquet  # noqa: F401 - each worker would read it anew

        from curator.scrub.dicom.warm import warm

        warm(self.policy)
        _made_folders.clear()

    def item(self, item: Planned) -> dict[str, Any]:
        """Carry out one row of the plan.

        Raises
        ------
        CheckError
            SRC-006 when the source is not what was inventoried: the run stops.
        """
        row = item.row
        if row["do"] == "quarantine":
            return empty_row(row, Outcome.QUARANTINED, row["code"])
        if row["do"] == "duplicate":
            return {**empty_row(row, Outcome.DUPLICATE), "duplicate_of": row["of"]}
        noted = self.treatment.noted
        noted.clear()
        try:
            return {**self._scrubbed(item), MEMBER: listed(noted, row)}
        except ItemError as error:
            return empty_row(row, Outcome.QUARANTINED, error.code)
        finally:
            noted.clear()

    def _record(self, item: Planned) -> dict[str, Any]:
        row = item.row
        if item.own is None:
            raise ValueError("a record to be scrubbed needs its person")
        relative = path_bytes(row["relative"])
        door = medium_of(row["medium"])
        company = Company(item.own, item.persons, row["nodes"], self.rules, row["source"])
        where = record_path(item)
        path = self.root / where
        make_folder(path.parent, flush=False)
        try:
            with opened_source(
                self.source, relative, size=row["size"], modified=row["modified"], most=self.most
            ) as stream:
                if self.keys.content_of(stream) != row["content_key"]:
                    raise CheckError("SRC-006", count=1)
                met.know(self.shelf, item.number, row["source"], self.treatment)
                with strides.over(row["size"]), writing(path, FILE_MODE) as out:
                    made = guarded(lambda: door.rewrite(stream, out, company, self.treatment))
                    out.flush()
                    digest, size = digest_of(out)
        except ItemError as error:
            if error.code in {"SRC-005", "SRC-013"}:
                raise CheckError("SRC-006", count=1) from None  # it could be read when it was inventoried
            raise
        finally:
            self.treatment.met.clear()
        return {
            **empty_row(row, Outcome.SCRUBBED),
            "path": where,
            "sha256": digest,
            "bytes": size,
            "uid": row["uid"],
            "content": made.content,
            "risk": "none",
            "actions": [{"path": at, "action": action, "count": count} for at, action, count in made.actions],
            "moved": made.moved,
        }

    def _scrubbed(self, item: Planned) -> dict[str, Any]:
        if item.row["medium"] is not None:
            return self._record(item)
        from curator.scrub.dicom.source import opened_object

        row = item.row
        relative = path_bytes(row["relative"])
        done: dict[str, Any] = {}
        try:
            with opened_object(
                self.source, relative, size=row["size"], modified=row["modified"], most=self.most
            ) as data:
                if self.keys.content_id(data) != row["content_key"]:
                    raise CheckError("SRC-006", count=1)
                done = self._written(item, data)
        except ItemError as error:
            if error.code in _UNREADABLE:
                raise CheckError("SRC-006", count=1) from None  # it could be read when it was inventoried
            raise
        except CheckError:
            if done:  # the source changed while it was read in ranges
                (self.root / done["path"]).unlink(missing_ok=True)
            raise
        return done

    def _written(self, item: Planned, data: bytes | Ranged) -> dict[str, Any]:
        """Rewrite an object, write the clean file, and return its row."""
        from curator.scrub.dicom.rewrite import rewrite

        row = item.row
        if item.subject is None:
            raise ValueError("a file to be scrubbed needs its subject")
        accepted = row["record"] is not None
        uid = noting(self.keys.coder(), self.treatment.noted)
        made = rewrite(data, item.subject, self.policy, uid, accepted=accepted)
        where = clean_path(item.subject.patient, made.study_uid, made.series_uid, made.uid)
        path = f"{self.root}/{where}"
        if (folder := path.rpartition("/")[0]) not in _made_folders:
            make_folder(folder, flush=False)
            _made_folders.add(folder)
        return {
            **empty_row(row, Outcome.SCRUBBED),
            "path": where,
            "sha256": write_pieces(path, made.pieces),
            "bytes": sum(map(len, made.pieces)),
            "uid": made.uid,
            "content": made.content,
            "risk": made.risk,
            "pixel_record": row["record"] if made.risk != "none" else None,
            "method_codes": list(made.codes),
            "replaces": row.get("replaces"),
            "actions": _action_rows(made.actions),
        }

    def failed(self, item: Planned, code: str) -> dict[str, Any]:
        """Return the row of a file that no worker survives, and make sure that it left nothing in ``clean/``."""
        if item.row["do"] == "scrub":
            for path in outputs(self.root, item, self.keys):
                with contextlib.suppress(FileNotFoundError):
                    path.unlink()
        return empty_row(item.row, Outcome.QUARANTINED, code)

    def store(self, shard: Shard, rows: list[dict[str, Any]]) -> str:
        """Write a shard's rows as a part, after everything that they name is safely on the disk."""
        import pyarrow as pa

        keep(self.shelf, self.moved, shard.number, rows)
        keep_referred(self.shelf, self.referred, shard.number, rows)
        # Another worker may have made some of them, and not have come to flush them.
        sync_folders(self.root, {row["path"].rpartition("/")[0] for row in rows if row["path"]})
        return PartLog(self.log).write_part(pa.Table.from_pylist(rows, schema=row_schema()))


def write_pieces(path: Path | str, pieces: Sequence[Piece]) -> str:
    """Write a clean file whole, its folder's entry not yet flushed, and return SHA-256 of its bytes in hex."""
    if len(pieces) == 1 and isinstance(pieces[0], bytes):
        write_whole(path, pieces[0], FILE_MODE, flush_folder=False)
        return hashlib.sha256(pieces[0]).hexdigest()
    digest = hashlib.sha256()
    with writing(Path(path), FILE_MODE) as out:
        for piece in pieces:
            for part in spread(piece):
                out.write(part)
                digest.update(part)
    return digest.hexdigest()


def digest_of(stream: BinaryIO) -> tuple[str, int]:
    """Return SHA-256 in hex and number of a stream's bytes, from its start."""
    stream.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(CHUNK):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def record_path(item: Planned) -> str:
    """Return where a clean record stands, relative to the project: with its person, or with those about many."""
    if item.own is None:
        raise ValueError("not a record")
    row = item.row
    folder = SHARED if row["many"] else item.own.pseudonym
    return f"clean/{folder}/{row['medium']}/{row['uid']}{row['suffix']}"


def clean_path(patient: str, study: str, series: str, instance: str) -> str:
    """Return where a clean file stands, relative to the project, from pseudonyms only."""
    return f"clean/{patient}/{study}/{series}/{instance}.dcm"


def outputs(root: Path, item: Planned, keys: SourceKeys) -> list[Path]:
    """Return where a planned file's output may stand, whether or not it was written."""
    if item.own is not None:
        return [root / record_path(item)]
    if item.subject is None:
        return []
    coder = keys.coder()
    study, series, instance = item.row["old"]
    fallback = item.subject.fallback_uid
    names = [
        coder(old or f"{fallback}/{level}")
        for old, level in ((study, "study"), (series, "series"), (instance, "instance"))
    ]
    return [root / clean_path(item.subject.patient, *names)]
