"""Putting a package at its place: written beside it, whole, then given its name; or found standing there already."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from curator.core.errors import UsageError
from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated
from curator.project.paths import Project
from curator.provenance.keys import Signer
from curator.release import freeze, layout
from curator.release.freeze import Frozen
from curator.release.inputs import Built, Inputs
from curator.release.store import Store


@contextlib.contextmanager
def placed(project: Project, target: Path, frozen: Frozen) -> Iterator[tuple[Path, Store | None]]:
    """Give an empty folder to build in, and the store of its bytes; the folder gets its name when the block ends well.

    Parameters
    ----------
    project
        Whose package it is.
    target
        Where the package goes.
    frozen
        What it is made of.
    """
    make_folder(target.parent)
    store = Store(project.releases) if target.parent == project.releases.resolve() else None
    mark = hashlib.sha256(os.fsencode(f"{frozen.dataset}/{target.name}")).hexdigest()
    temp = target.parent / f"{TEMP_PREFIX}{mark[:16]}"
    shutil.rmtree(temp, ignore_errors=True)
    with translated():
        temp.mkdir()
    try:
        yield temp, store
        with translated():
            os.rename(temp, target)
            sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(temp, ignore_errors=True)
        raise


def refuse_other(inputs: Inputs, target: Path, operator: Signer, dataset: str) -> None:
    """Refuse a place where something else stands, before a version is frozen for it (REL-002, REL-058).

    A version is given once: one that was frozen for nothing would be listed as a version for ever.
    """
    from curator.release.verify import verify_package

    if not target.exists() and not target.is_symlink():
        return
    if not (target / layout.SIGNATURE).is_file():
        raise UsageError("REL-002")
    report = verify_package(target, key=operator.public)
    if (report.dataset, report.version) != (dataset, inputs.version):
        raise UsageError("REL-002")
    if report.said.predicate["draft"] != inputs.draft:
        raise UsageError("REL-058", version=inputs.version)


def already(inputs: Inputs, target: Path, operator: Signer, frozen: Frozen) -> Built:
    """Accept a package that stands there already if it is this very release, whole (REL-002, REL-009, REL-058)."""
    from curator.release.verify import verify_package

    if not (target / layout.SIGNATURE).is_file():
        raise UsageError("REL-002")
    report = verify_package(target, key=operator.public)
    if (report.dataset, report.version) != (frozen.dataset, frozen.version):
        raise UsageError("REL-002")
    if report.said.predicate["draft"] != frozen.draft:
        raise UsageError("REL-058", version=frozen.version)
    freeze.statement(inputs.project, frozen.name, (target / layout.SIGNATURE).read_bytes())
    return Built(
        target,
        report.samples,
        report.sample_bytes,
        report.labels,
        report.records,
        rebuilt=True,
        already=True,
        draft=frozen.draft,
    )
