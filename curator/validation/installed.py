"""What is installed: the program's distribution and those it needs, against their own lists of files (RECORD).

Format of RECORD: PyPA "Recording installed projects" (name, ``sha256=`` digest in URL-safe base64, size). Reads files
and changes none. Names of files never leave this module: they are counted.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from curator.core.hashing import CHUNK
from curator.validation.model import NotCheckedError

PROGRAM = "curator"
_NAME = re.compile(r"[-_.]+")
#: What Python writes beside modules by itself; lists of files name it without a digest, or not at all.
_COMPILED = (".pyc", ".pyo")


@dataclass(frozen=True)
class Installed:
    """One installed distribution: name, version, SHA-256 of its list of files ("" where there is none)."""

    name: str
    version: str
    record: str


@dataclass(frozen=True)
class Files:
    """What a comparison with a list of files found: how many are as listed, altered, missing, without a digest."""

    same: int = 0
    altered: int = 0
    missing: int = 0
    unlisted: int = 0
    undigested: int = 0

    def plus(self, other: Files) -> Files:
        """Add up two findings."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Files(*(one + two for one, two in pairs))

    @property
    def sound(self) -> bool:
        """True if nothing was altered, is missing, or was added, and something was compared."""
        return not (self.altered or self.missing or self.unlisted) and self.same > 0


def normal(name: str) -> str:
    """Return a distribution's name as PEP 503 normalizes it."""
    return _NAME.sub("-", name).lower()


def find(name: str) -> metadata.Distribution | None:
    """Return an installed distribution, or None."""
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def is_editable(dist: metadata.Distribution) -> bool:
    """Say whether a distribution runs from a checkout, by ``direct_url.json`` (PEP 660)."""
    try:
        document: Any = json.loads(dist.read_text("direct_url.json") or "{}")
        return bool(document.get("dir_info", {}).get("editable"))
    except (ValueError, AttributeError):
        return False


def needed(root: str = PROGRAM) -> tuple[dict[str, metadata.Distribution], list[str]]:
    """Follow what a distribution requires on this machine, all the way.

    Returns
    -------
    tuple
        The installed distributions by name, without the root, and the names of those that are missing or of a version
        that a requirement does not allow.

    Raises
    ------
    NotCheckedError
        Without metadata of the root, or without the library that reads requirements.
    """
    try:
        from packaging.requirements import InvalidRequirement, Requirement
    except ImportError:
        raise NotCheckedError("the library 'packaging', which reads requirements, is not installed") from None
    first = find(root)
    if first is None:
        raise NotCheckedError("the program has no installation record: it was not installed as a package")
    found: dict[str, metadata.Distribution] = {}
    bad: set[str] = set()
    seen: set[tuple[str, str]] = set()
    open_ends = [(first, "")]
    while open_ends:
        dist, extra = open_ends.pop()
        for text in dist.requires or []:
            try:
                wanted = Requirement(text)
            except InvalidRequirement:
                raise NotCheckedError("a requirement of an installed package cannot be read") from None
            if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
                continue
            name = normal(wanted.name)
            there = find(name)
            if there is None or not wanted.specifier.contains(there.version, prereleases=True):
                bad.add(name)
            if there is None:
                continue
            found[name] = there
            for one in ("", *sorted(wanted.extras)):
                if (name, one) not in seen:
                    seen.add((name, one))
                    open_ends.append((there, one))
    return dict(sorted(found.items())), sorted(bad)


def described(dist: metadata.Distribution) -> Installed:
    """Say name, version and digest of the list of files of a distribution."""
    listed = dist.read_text("RECORD")
    digest = "" if listed is None else hashlib.sha256(listed.encode()).hexdigest()
    return Installed(normal(dist.metadata["Name"]), dist.version, digest)


def _listed(dist: metadata.Distribution) -> list[tuple[Path, str]]:
    """Return each file of a distribution's list with its digest, ``algorithm=value`` or empty.

    Read here: the ``files`` of Python 3.12 and later leave out what is listed and not there.
    """
    rows = csv.reader((dist.read_text("RECORD") or "").splitlines())
    return [(Path(str(dist.locate_file(row[0]))), row[1] if len(row) > 1 else "") for row in rows if row]


def compare(dist: metadata.Distribution) -> Files | None:
    """Hash every file that a distribution lists; None where it has no list."""
    if dist.read_text("RECORD") is None:
        return None
    found = Files()
    for path, told in _listed(dist):
        algorithm, _, digest = told.partition("=")
        if not told:
            found = found.plus(Files(undigested=1))
        elif not path.is_file():
            found = found.plus(Files(missing=1))
        else:
            same = algorithm in hashlib.algorithms_guaranteed and _digest(path, algorithm) == digest
            found = found.plus(Files(same=1) if same else Files(altered=1))
    return found


def _digest(path: Path, algorithm: str) -> str:
    made = hashlib.new(algorithm)
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            made.update(chunk)
    return base64.urlsafe_b64encode(made.digest()).rstrip(b"=").decode()


def unlisted(dist: metadata.Distribution, package: Path) -> int:
    """Count the files in a package's folder that its distribution does not list: put there by somebody else."""
    known = {path.resolve() for path, _ in _listed(dist)}
    return sum(
        path.is_file() and path.suffix not in _COMPILED and path.resolve() not in known for path in package.rglob("*")
    )


def tree_digest(folder: Path) -> str:
    """Return one SHA-256 over all files below a folder, compiled ones left out: names and contents, sorted."""
    made = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in _COMPILED:
            made.update(path.relative_to(folder).as_posix().encode() + b"\0")
            made.update(hashlib.sha256(path.read_bytes()).digest())
    return made.hexdigest()


def digest_of(rows: Iterable[Installed]) -> str:
    """Return one SHA-256 over rows: ``name version record`` and a line break each, as they are sorted by name."""
    ordered = sorted(rows, key=lambda row: row.name)
    text = "".join(f"{row.name} {row.version} {row.record}\n" for row in ordered)
    return hashlib.sha256(text.encode()).hexdigest()
