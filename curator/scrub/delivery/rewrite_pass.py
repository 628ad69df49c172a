"""Pass 2, in the workers: carry out the plan for each file, and write the journal's rows.

A clean file gets its name before its row can become visible; a row that is visible names a file that stands.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import CheckError, ItemError
from curator.core.files import make_folder, sync_folder, write_whole
from curator.core.parts import PartLog
from curator.core.types import Outcome, Shard
from curator.identifiers.persons import pseudonym, shift_days
from curator.intake.read import read_source
from curator.project.journal import row_schema
from curator.project.vault import Vault
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.people import People
from curator.scrub.delivery.state import Shelf, path_bytes

if TYPE_CHECKING:
    from curator.scrub.dicom import Subject
    from curator.scrub.policy import Policy

FILE_MODE = 0o644


@dataclass(frozen=True)
class Planned:
    """One row of the plan with the person it is about.

    Parameters
    ----------
    row
        The plan's row.
    subject
        What the rewriter is told about the person and the study, or None for what is not rewritten.
    """

    row: dict[str, Any] = field(repr=False)
    subject: Subject | None


def planned_shards(
    shelf: Shelf, name: str, numbers: list[int], people: People, vault: Vault, project_date: str
) -> Iterator[Shard]:
    """Yield the shards of a plan, one at a time, with the subjects their files need.

    Parameters
    ----------
    shelf, name, numbers
        Which plan, and which of its shards.
    people
        Everybody known.
    vault
        For the persons' random keys.
    project_date
        YYYYMMDD.
    """
    from curator.scrub.dicom import Subject

    for number in numbers:
        shared: dict[str, tuple[str, int, tuple[tuple[str, str], ...]]] = {}
        items = []
        for row in shelf.need(f"{name}/{number:08d}"):
            subject = None
            if row["do"] == "scrub":
                key = row["person"]
                if key not in shared:
                    secret = vault.person_key(people.numbers[key])
                    shared[key] = (
                        pseudonym(secret),
                        shift_days(secret),
                        tuple(sorted(people.known.get(key, set()))),
                    )
                name_, shift, known = shared[key]
                subject = Subject(
                    patient=name_,
                    over_89=key in people.over_89,
                    shift_days=shift,
                    first_time=row["first_time"],
                    known=known,
                    project_date=project_date,
                    fallback_uid=str(row["source"]),
                )
            items.append(Planned(row, subject))
        yield Shard(number, tuple(items))


def empty_row(row: dict[str, Any], outcome: Outcome, code: str | None = None) -> dict[str, Any]:
    """Return a journal row that names no output."""
    blank = dict.fromkeys(("duplicate_of", "path", "sha256", "bytes", "uid", "content", "risk", "pixel_record"))
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
    """

    source: Path
    root: Path
    log: Path
    policy: Policy
    keys: SourceKeys
    most: int

    def open(self) -> None:
        """Load what the items need."""
        import pyarrow as pa  # noqa: F401

        import curator.scrub.dicom.rewrite  # noqa: F401

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
        try:
            return self._scrubbed(item)
        except ItemError as error:
            return empty_row(row, Outcome.QUARANTINED, error.code)

    def _scrubbed(self, item: Planned) -> dict[str, Any]:
        from curator.scrub.dicom.rewrite import rewrite

        row = item.row
        if item.subject is None:
            raise ValueError("a file to be scrubbed needs its subject")
        relative = path_bytes(row["relative"])
        try:
            data = read_source(self.source, relative, size=row["size"], modified=row["modified"], most=self.most)
        except ItemError:
            raise CheckError("SRC-006", count=1) from None  # it could be read when it was inventoried
        if self.keys.content_id(data) != row["content_key"]:
            raise CheckError("SRC-006", count=1)
        accepted = row["record"] is not None
        made = rewrite(data, item.subject, self.policy, self.keys.coder(), accepted=accepted)
        where = clean_path(item.subject.patient, made.study_uid, made.series_uid, made.uid)
        path = self.root / where
        make_folder(path.parent)
        write_whole(path, made.data, FILE_MODE, flush_folder=False)
        return {
            **empty_row(row, Outcome.SCRUBBED),
            "path": where,
            "sha256": hashlib.sha256(made.data).hexdigest(),
            "bytes": len(made.data),
            "uid": made.uid,
            "content": made.content,
            "risk": made.risk,
            "pixel_record": row["record"] if made.risk != "none" else None,
            "method_codes": list(made.codes),
            "actions": [{"path": at, "action": action, "count": count} for at, action, count in made.actions],
        }

    def failed(self, item: Planned, code: str) -> dict[str, Any]:
        """Return the row of a file that no worker survives, and make sure that it left nothing in ``clean/``."""
        if item.subject is not None:
            for path in outputs(self.root, item, self.keys):
                with contextlib.suppress(FileNotFoundError):
                    path.unlink()
        return empty_row(item.row, Outcome.QUARANTINED, code)

    def store(self, shard: Shard, rows: list[dict[str, Any]]) -> str:  # noqa: ARG002 - the door\'s shape
        """Write a shard's rows as a part, after everything that they name is safely on the disk."""
        import pyarrow as pa

        for folder in sorted({(self.root / row["path"]).parent for row in rows if row["path"]}):
            sync_folder(folder)
        return PartLog(self.log).write_part(pa.Table.from_pylist(rows, schema=row_schema()))


def clean_path(patient: str, study: str, series: str, instance: str) -> str:
    """Return where a clean file stands, relative to the project, from pseudonyms only."""
    return f"clean/{patient}/{study}/{series}/{instance}.dcm"


def outputs(root: Path, item: Planned, keys: SourceKeys) -> list[Path]:
    """Return where a planned file's output may stand, whether or not it was written."""
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
