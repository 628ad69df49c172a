"""Which new UID and patient ID stands for which original one, as two tables for other programs.

What comes out of here is clear text, so it never goes into the project or the vault. The tables are written whole or
not at all, readable by their owner alone.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from curator.core.errors import UsageError
from curator.core.files import make_folder, sync_folder, translated, write_whole
from curator.project.paths import Project, inside
from curator.project.vault import Vault
from curator.scrub.delivery.crosswalk import links
from curator.scrub.delivery.people import People
from curator.scrub.delivery.referred import Referred

#: File names of the two tables; MIDI-B's validation script takes any path, so these are ours.
UIDS, PATIENTS = "uid_mapping.csv", "patid_mapping.csv"
#: Column names that MIDI-B's validation script reads (its manual, "UID Mapping File").
HEAD = ("id_old", "id_new")


@dataclass(frozen=True)
class Mapping:
    """Two tables of (original, new) rows, sorted. Holds identifiers: never log it.

    Parameters
    ----------
    uids
        Study, Series and SOP Instance UIDs of every file of every delivery, held back or not, and every other UID that
        a clean file got a new one for, as frames of reference.
    patients
        Patient IDs, as they are compared (padding off), with the pseudonym of their person.
    shared
        How many patient IDs stand for several persons, of several issuers; such an ID has a row for each.
    whole
        Whether every delivery kept which other UIDs it mapped; those of earlier versions did not.
    """

    uids: tuple[tuple[str, str], ...] = field(repr=False)
    patients: tuple[tuple[str, str], ...] = field(repr=False)
    shared: int
    whole: bool = True


def mapping(project: Project, vault: Vault) -> Mapping:
    """Return the tables over all deliveries of a project.

    Parameters
    ----------
    project, vault
        Where.

    Returns
    -------
    Mapping

    Raises
    ------
    IntegrityError
        VLT-003 when a document of the vault was changed or lost.
    """
    uids = {pair for link in links(project, vault) for pair in zip(link.old, link.new, strict=True) if all(pair)}
    referred = Referred(vault)
    uids.update(referred.pairs())
    people = People.load(vault)
    patients = {
        (value, people.pseudonym(vault, people.aliases.get(key, key)))
        for key, (kind, _, value) in people.ids.items()
        if kind == "id"
    }
    shared = len(patients) - len({old for old, _ in patients})
    return Mapping(tuple(sorted(uids)), tuple(sorted(patients)), shared, referred.whole)


def check_folder(folder: Path, project: Project) -> None:
    """Refuse a folder for clear text that lies in the project or its vault, or that holds something.

    Raises
    ------
    UsageError
        XWK-003 inside the project or the vault, XWK-004 when it is not empty or no folder.
    """
    if any(inside(folder, place) for place in (project.root, project.vault)):
        raise UsageError("XWK-003")
    with translated():
        if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError("XWK-004")


def write_mapping(made: Mapping, folder: Path) -> None:
    """Write both tables into a new or empty folder: both or none, mode 0600, the folder 0700.

    Raises
    ------
    UsageError
        XWK-004 when something was put there meanwhile.
    CheckError
        SYS-001, SYS-002 when the operating system refuses.
    """
    folder = folder.resolve()
    make_folder(folder.parent)
    with translated():
        # mkdtemp makes the folder with mode 0700.
        temp = Path(tempfile.mkdtemp(prefix=".curator-", dir=folder.parent))
    try:
        for name, rows in ((UIDS, made.uids), (PATIENTS, made.patients)):
            write_whole(temp / name, _table(rows), 0o600)
        try:
            with translated():
                os.rename(temp, folder)  # replaces an empty folder, and no other
        except Exception:
            if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
                raise UsageError("XWK-004") from None
            raise
        with translated():
            sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(temp, ignore_errors=True)
        raise


def _table(rows: tuple[tuple[str, str], ...]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "surrogateescape")
