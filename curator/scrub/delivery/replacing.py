"""A corrected object, same UID and new bytes, takes the place of a clean file, if a person has signed for that.

A file for which nobody signed stays held back (SRC-011). The clean file that goes is overwritten, or taken away when
the new object is another person's; its row in the journal stays, and its label records stay in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.core.types import Outcome
from curator.project import journal
from curator.project.paths import Project
from curator.provenance.known import Replaced
from curator.scrub.delivery.choose import plan_names
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.pixel_files import dicom_files
from curator.scrub.delivery.state import Shelf


def replaced_source(
    plan: dict[str, Any], earlier: Mapping[str, tuple[str, str, str]], replaced: Mapping[str, Replaced]
) -> str | None:
    """Return the source whose clean file a planned file replaces by a signed record, or None.

    The record must speak of these very bytes, of this object, and of the clean file that stands now.
    """
    before, signed = earlier.get(plan["uid"]), replaced.get(plan["content_key"])
    if before is None or signed is None or signed.uid != plan["uid"] or signed.sha256 != before[2]:
        return None
    return before[1]


def corrected_sources(
    project: Project, shelf: Shelf, earlier: Mapping[str, tuple[str, str, str]], replaced: Mapping[str, Replaced]
) -> set[str]:
    """Return the sources of a delivery that were held back for their UID and that a signed record lets in by now."""
    if not replaced:
        return set()
    held = {
        row["source"]
        for row in journal.delivery_rows(project, shelf.number, ["outcome", "code"])
        if row["outcome"] == Outcome.QUARANTINED and row["code"] == "SRC-011"
    }
    return {
        row["source"]
        for number in plan_names(shelf)[0][1]
        for row in shelf.need(f"plan/{number:08d}")
        if row["source"] in held and "old" in row and replaced_source(row, earlier, replaced)
    }


def take_away_replaced(project: Project) -> None:
    """Remove the clean files that a corrected object replaced elsewhere, as when the person was another one."""
    if not any(journal.document(project, one, journal.REPLACING) for one in journal.deliveries(project)):
        return
    paths: dict[str, set[str]] = {}
    for row in journal.all_rows(project, ["outcome", "path"]):
        paths.setdefault(row["outcome"], set()).add(row["path"])
    for path in sorted(paths.get(Outcome.REPLACED, set()) - paths.get(Outcome.SCRUBBED, set())):
        (project.root / path).unlink(missing_ok=True)


def replacements(project: Project, paths: Iterable[Path], keys: SourceKeys) -> list[tuple[str, str, str, str]]:
    """Return what corrected source objects replace.

    Parameters
    ----------
    project
        Where the clean files stand.
    paths
        Files or folders of the source.
    keys
        Subkeys of the vault.

    Returns
    -------
    list of tuple
        Clean path, its SHA-256, new SOP Instance UID and keyed content digest of the corrected object; objects with the
        bytes that were scrubbed are left out.

    Raises
    ------
    UsageError
        SRC-001 for a path that cannot be read; SRC-016 when a file is no DICOM object that can be read, or there is
        none; SRC-017 when no clean file has its UID.
    """
    from curator.scrub.dicom.harvest import harvest
    from curator.scrub.dicom.source import opened_object

    wanted: dict[str, str] = {}
    coder = keys.coder()
    for path in paths:
        for base, relative, size, modified in dicom_files(path):
            try:
                with opened_object(base, relative, size=size, modified=modified) as data:
                    uid, content = harvest(data).sop_instance_uid, keys.content_id(data)
            except ItemError:
                raise UsageError("SRC-016") from None
            if not uid or wanted.setdefault(coder(uid), content) != content:
                raise UsageError("SRC-016")
    if not wanted:
        raise UsageError("SRC-016")
    found = []
    for row in journal.all_rows(project, ["outcome", "uid", "path", "sha256", "content_key"]):
        if row["outcome"] != Outcome.SCRUBBED or row["uid"] not in wanted:
            continue
        content = wanted.pop(row["uid"])
        if content != row["content_key"]:
            found.append((row["path"], row["sha256"], row["uid"], content))
    if wanted:
        raise UsageError("SRC-017", count=len(wanted))
    return found
