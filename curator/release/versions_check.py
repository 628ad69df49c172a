"""The documents of a package about its version, held against its payload: figures, changelog, splits, audit."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CuratorError, IntegrityError
from curator.core.schema import violation
from curator.provenance.state import State
from curator.release import layout
from curator.release.audited import PASS
from curator.release.diff_reasons import SCHEMA as CHANGELOG
from curator.release.splits import SCHEMA as SPLITS
from curator.release.splits_patients import patient_of
from curator.release.summary import Summary
from curator.release.tree import content_of, files

MOST = 1 << 28


def check_documents(folder: Path, manifest: dict[str, Any], state: State, summary: Summary, *, purged: bool) -> None:
    """Check them.

    Parameters
    ----------
    folder, manifest, state
        The package, its manifest, the sum of its records.
    summary
        Made anew from the payload.
    purged
        True where records were purged, so that the figures cannot be made again, and the document is gone.

    Raises
    ------
    IntegrityError
        REL-028 for one that says something else than the payload, REL-029 for one that breaks its schema, SPL-015 for
        the list of a sealed split.
    """
    wanted = None if purged else canonical_bytes(summary.document(state))
    if content_of(folder / layout.SUMMARY, MOST) != wanted:
        raise IntegrityError("REL-028", what=f"{layout.SUMMARY} gives other figures than the payload")
    check_changelog(folder, manifest)
    _splits(folder, manifest, state)
    check_audit(manifest, state, summary.payload)


def _document(data: bytes, name: str, schema: str) -> dict[str, Any]:
    try:
        made = strict_loads(data)
        fine = canonical_bytes(made) == data and violation(schema, made) is None
    except CuratorError:
        fine = False
    if not fine:
        raise IntegrityError("REL-029", name=name, why="it breaks its schema")
    document: dict[str, Any] = made
    return document


def check_changelog(folder: Path, manifest: dict[str, Any]) -> None:
    """Check that the changelog is the one that the manifest names, about this version (REL-028, REL-029)."""
    data = content_of(folder / layout.CHANGELOG, MOST)
    stated = manifest.get("changelog")
    if data is None and stated is None and manifest["parent"] is None:
        return
    if data is None or hashlib.sha256(data).hexdigest() != stated:
        raise IntegrityError("REL-028", what=f"{layout.CHANGELOG} is not the one that the manifest names")
    document = _document(data, layout.CHANGELOG, CHANGELOG)
    if (document["version"], document["parent"]) != (manifest["version"], manifest["parent"]):
        raise IntegrityError("REL-028", what=f"{layout.CHANGELOG} is about another version")


def _splits(folder: Path, manifest: dict[str, Any], state: State) -> None:
    data = content_of(folder / layout.SPLITS, MOST)
    stated = manifest.get("splits") or {"sha256": None, "sealed": {}}
    if (hashlib.sha256(data).hexdigest() if data is not None else None) != stated["sha256"]:
        raise IntegrityError("REL-028", what=f"{layout.SPLITS} is not the document that the manifest names")
    if stated["sealed"] != {name: one.sha256 for name, one in state.facts.splits.items()}:
        raise IntegrityError("REL-028", what="the manifest names other sealed splits than the ledger")
    base = folder / layout.SEALED
    there = set(files(base)) if base.is_dir() else set()
    if there != {f"{name}.txt" for name in stated["sealed"]}:
        raise IntegrityError("REL-028", what=f"{layout.SEALED} holds other lists than those of the sealed splits")
    lists: dict[str, set[str]] = {}
    for name, digest in stated["sealed"].items():
        listed = content_of(base / f"{name}.txt", 1 << 30) or b""
        if hashlib.sha256(listed).hexdigest() != digest:
            raise IntegrityError("SPL-015")
        lists[name] = set(listed.decode("ascii").split())
    if data is not None:
        _members(folder, _document(data, layout.SPLITS, SPLITS), lists, told_apart=not state.facts.withdrawn)


def _members(folder: Path, document: dict[str, Any], lists: dict[str, set[str]], *, told_apart: bool) -> None:
    """Check that what was sealed is of patients of that split, and that assignments name only cases that are here.

    Files of two patients may be the same to the byte: a sealed digest has to be found with one patient of its split.
    Where a patient was withdrawn, that may have been the one (``told_apart`` is false).
    """
    sealed: dict[str, set[str]] = {}
    for name, digests in lists.items():
        for digest in digests:
            sealed.setdefault(digest, set()).add(name)
    cases = set()
    right: set[str] = set()
    wrong: dict[str, str] = {}
    with (folder / layout.SAMPLES).open("rb") as stream:
        for raw in stream:
            sample = json.loads(raw)
            case = patient_of(sample["path"])
            cases.add(case)
            names = sealed.get(sample["sha256"])
            if names is None:
                continue
            if document["assignments"].get(case) in names or case in document["left"]:
                right.add(sample["sha256"])
            else:
                wrong[sample["sha256"]] = min(names)
    lost = [name for digest, name in wrong.items() if digest not in right]
    if lost and told_apart:
        raise IntegrityError("REL-028", what=f"a sample of the sealed split {min(lost)} is in another split")
    if not set(document["assignments"]) <= cases:
        raise IntegrityError("REL-028", what=f"{layout.SPLITS} names cases that are not here")


def check_audit(manifest: dict[str, Any], state: State, payload: str) -> None:
    """Check that a signed report that passed over just this payload is on record, or that it is a draft (REL-028)."""
    audit = manifest["audit"]
    if (audit == layout.NO_AUDIT) != manifest["draft"]:
        raise IntegrityError("REL-028", what="it is no draft and names no audit, or the other way round")
    if manifest["draft"]:
        return
    known = {(one.report, one.outcome, one.payload, one.leaf) for one in state.facts.audits}
    if audit["payload"] != payload:
        raise IntegrityError("REL-028", what="the audit report that it names is over other files")
    if (audit["report"], PASS, audit["payload"], audit["record"]) not in known:
        raise IntegrityError("REL-028", what="no signed record of its ledger holds the audit report that it names")
