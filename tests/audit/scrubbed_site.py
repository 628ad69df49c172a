"""A small hospital, scrubbed in this process: two patients, DICOM, notes, a table; its project and its open vault."""

from __future__ import annotations

import datetime as dt
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from objects_support import dicom

from curator.core.clock import FixedClock
from curator.core.errors import ItemError
from curator.project.create import Wishes, create_project
from curator.project.paths import open_project
from curator.project.vault import Vault

MOMENT = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
WORD = b"correct horse battery"
CHEAP = {"n": 1 << 10, "r": 8, "p": 1}
#: What is known of the first patient, and of the second.
FIRST = {"name": "Quillfeather^Zebediah", "id": "ZB5541772", "birth": "19510405", "uid": "1.2.840.99999.4.1"}
SECOND = {"name": "Haverkamp^Ottilie", "id": "OT8833119", "birth": "19640917", "uid": "1.2.840.99999.5.1"}
NOTE = """Patient: {given} {family}
MRN: {id}
DOB: {birth}
Chest CT shows a nodule of 8 mm in the left lower lobe.
No effusion.
"""


class Here:
    """An engine that works in this process."""

    def run(self, task, shards, *, commit, advance, largest=0, within=None):
        task.open()
        for shard in shards:
            rows = []
            for item in shard.items:
                try:
                    rows.append(task.item(item))
                except ItemError as error:
                    rows.append(task.failed(item, error.code))
            commit(shard, task.store(shard, rows))
            advance(len(shard.items))
        return SimpleNamespace()


@contextmanager
def silent(_total, _label):
    yield SimpleNamespace(advance=lambda _count: None, within=lambda _done, _size: None)


def source_files() -> dict[str, bytes]:
    """What the hospital gives."""
    files = {}
    for who in (FIRST, SECOND):

        def change(one, who=who):
            one.PatientName, one.PatientID, one.PatientBirthDate = who["name"], who["id"], who["birth"]
            one.PatientSex, one.PatientAge, one.StudyDate = "F", "063Y", "20150312"
            one.StudyInstanceUID, one.SeriesInstanceUID = who["uid"] + "000", who["uid"] + "111"
            one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = who["uid"] + "222"
            one.ReferringPhysicianName = "Thistlewood^Barnaby"

        family, _, given = who["name"].partition("^")
        birth = f"{who['birth'][4:6]}/{who['birth'][6:]}/{who['birth'][:4]}"
        files[f"{who['id']}.dcm"] = dicom(change)
        files[f"{who['id']}.txt"] = NOTE.format(given=given, family=family, id=who["id"], birth=birth).encode()
    return files


@dataclass
class Site:
    """The scrubbed hospital."""

    folder: Path
    project: object
    vault: Vault

    def job(self, policy: str = "safe-harbor"):
        from curator.scrub.delivery.run import Job
        from curator.scrub.policy import load_policy

        return Job(
            project=self.project,
            vault=self.vault,
            source=self.folder / "source",
            policy=load_policy(policy, base=self.project.root),
            engine=Here(),
            clock=FixedClock(MOMENT),
            watch=silent,
            accepted={},
        )

    def copy(self, folder: Path) -> Site:
        """Return a copy that a test may spoil."""
        for name in ("trial", "trial.vault", "source"):
            shutil.copytree(self.folder / name, folder / name)
        return opened(folder)


def opened(folder: Path) -> Site:
    """Open a site."""
    with mock.patch("curator.project.header.SCRYPT", CHEAP):
        project = open_project(folder / "trial")
        return Site(folder, project, Vault.open(project.vault, WORD, purpose="test", clock=FixedClock(MOMENT)))


def make(folder: Path) -> Site:
    """Make and scrub it."""
    return made_site(folder, {})


def made_site(folder: Path, more: dict[str, bytes]) -> Site:
    """Make a hospital with further files, and scrub it."""
    from curator.scrub.delivery.run import scrub

    (folder / "source").mkdir()
    for name, data in (source_files() | more).items():
        (folder / "source" / name).write_bytes(data)
    with mock.patch("curator.project.header.SCRYPT", CHEAP):
        create_project(Wishes(folder / "trial", "trial", "site-1", "", "safe-harbor", None), WORD, FixedClock(MOMENT))
    site = opened(folder)
    report = scrub(site.job())
    assert report.scrubbed == 4 + len(more), report
    return site
