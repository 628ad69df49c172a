"""Removing bytes from a package for good, so that everything else in it still verifies.

The package's manifests and its signature stay as they were. Beside them comes ``signatures/purge.dsse.json``: the
operator's signed list of what is here no more, with the digests that the manifests give. A verifier takes a file as
purged only by that list, and says how many there are; it never calls such a package whole. The list is written first,
then the bytes go, so that a purge that was killed is seen and can be run again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CuratorError, IntegrityError
from curator.core.files import make_folder, sync_folder, translated, write_whole, writing
from curator.core.schema import violation
from curator.provenance.dsse import MAX_ENVELOPE_BYTES, open_envelope, parse_envelope, sign_envelope
from curator.provenance.keys import Signer, key_id
from curator.provenance.records import STATEMENT
from curator.release import layout
from curator.release.bag import MANIFEST, TAG_MANIFEST
from curator.release.lists import value_digest_of
from curator.release.store import Store
from curator.release.tree import content_of, digest_of

KIND = "urn:curator:predicate:release-purge:v1"
SCHEMA = "release-purge"
MOST = 1 << 28
REWRITTEN = (layout.RECORDS, layout.LABELS)
#: What a package holds that was made from its data: gone as soon as anything of the data is.
DERIVED = (layout.DOCUMENTS, layout.ECOPY)


@dataclass(frozen=True)
class Purged:
    """What a package's signed list says: path to digest, bytes, and the present digest of what was rewritten.

    Parameters
    ----------
    files
        Path to SHA-256 and bytes of each file that is here no more.
    rewritten
        Path to SHA-256 and bytes as it was made, and SHA-256 now.
    records
        Indices of the label records that are here no more.
    orders
        Leaf hashes of the signed orders.
    """

    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    rewritten: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    records: frozenset[int] = frozenset()
    orders: tuple[str, ...] = ()

    def predicate(self) -> dict[str, Any]:
        """Return it as the signed list states it."""
        return {
            "orders": sorted(self.orders),
            "files": [{"path": path, "sha256": one[0], "bytes": one[1]} for path, one in sorted(self.files.items())],
            "rewritten": [
                {"path": path, "sha256": one[0], "bytes": one[1], "now": one[2]}
                for path, one in sorted(self.rewritten.items())
            ],
            "records": sorted(self.records),
            "meaning": "responsibility",
        }


def read_purged(folder: Path, operator: bytes, tag_manifest: str) -> Purged | None:
    """Return what was purged from a package, by the operator's signed list; None where there is none.

    Raises
    ------
    IntegrityError
        REL-061 for a list that the operator did not sign for this very package, or that breaks its schema.
    """
    path = folder / layout.PURGE
    if not os.path.lexists(path):
        return None
    data = content_of(path, MOST)
    try:
        if data is None or [name for name, _ in parse_envelope(data).signatures] != [key_id(operator)]:
            raise IntegrityError("REL-061")
        payload = open_envelope(data, {key_id(operator): operator}).payload
        document = strict_loads(payload)
        fine = canonical_bytes(document) == payload and violation(SCHEMA, document) is None
    except CuratorError:
        fine = False
    if not fine or document["subject"][0]["digest"]["sha256"] != tag_manifest:
        raise IntegrityError("REL-061")
    said = document["predicate"]
    return Purged(
        {one["path"]: (one["sha256"], one["bytes"]) for one in said["files"]},
        {one["path"]: (one["sha256"], one["bytes"], one["now"]) for one in said["rewritten"]},
        frozenset(said["records"]),
        tuple(said["orders"]),
    )


def listed(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield path and SHA-256 of each payload file as the package was made."""
    with (folder / MANIFEST).open("rb") as stream:
        for raw in stream:
            text = raw.decode("ascii", "replace")
            yield text[66:-1], text[:64]


def _place(envelope: bytes) -> tuple[int, Any]:
    predicate = strict_loads(parse_envelope(envelope).payload)["predicate"]
    return int(predicate["sequence"]), predicate.get("value")


def list_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a list, each with its end."""
    with path.open("rb") as stream:
        while raw := stream.readline(MAX_ENVELOPE_BYTES + 2):
            yield raw


def purge_package(
    folder: Path,
    digests: Iterable[str],
    records: Iterable[int],
    orders: Iterable[str],
    operator: Signer,
    may_go: Callable[[str, str], bool] | None = None,
) -> int:
    """Remove files and label records from a package for good.

    Parameters
    ----------
    folder
        The package, as it was made or after an earlier purge.
    digests
        SHA-256 of files; those that the package does not hold are passed over.
    records
        Indices of label records.
    orders
        Leaf hashes of the orders' records.
    operator
        The operator, who signed the package.
    may_go
        Whether the file below ``clean/`` of some path and SHA-256 goes: equal bytes may be somebody else's too. None
        for each.

    Returns
    -------
    int
        How many files and records it holds no more, over all purges; 0 where it held none of them.

    Raises
    ------
    IntegrityError
        REL-020 for no package, REL-061 for a bad list of an earlier purge.
    """
    tags = digest_of(folder / TAG_MANIFEST)
    if tags is None:
        raise IntegrityError("REL-020", name=TAG_MANIFEST)
    before = read_purged(folder, operator.public, tags[0]) or Purged()
    with translated():
        made = _plan(folder, before, set(digests), set(records), set(orders), may_go)
    if not made.files and not made.records:
        return 0
    write_list(folder, tags[0], made, operator)
    with translated():
        for path in made.rewritten:
            rewrite(folder / path, list(_without(folder / path, made.records, records=path == layout.RECORDS)))
        remove(folder, made.files)
    return len(made.files) + len(made.records)


def write_list(folder: Path, tag_manifest: str, made: Purged, operator: Signer) -> None:
    """Sign and write the list of what is going from a package, before it goes."""
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": TAG_MANIFEST, "digest": {"sha256": tag_manifest}}],
        "predicateType": KIND,
        "predicate": made.predicate(),
    }
    make_folder((folder / layout.PURGE).parent)
    write_whole(folder / layout.PURGE, sign_envelope(canonical_bytes(statement), [operator]))


def remove(folder: Path, paths: Iterable[str]) -> None:
    """Remove files of a package; those that are gone already are passed over."""
    changed = set()
    for path in paths:
        (folder / path).unlink(missing_ok=True)
        changed.add((folder / path).parent)
    for place in sorted(changed):
        if place.is_dir():
            sync_folder(place)


def rewrite(path: Path, lines: Iterable[bytes]) -> None:
    """Put a list down anew, whole."""
    with writing(path) as out:
        for raw in lines:
            out.write(raw)
    sync_folder(path.parent)


def _plan(
    folder: Path,
    before: Purged,
    digests: set[str],
    records: set[int],
    orders: set[str],
    may_go: Callable[[str, str], bool] | None,
) -> Purged:
    values: set[str | None] = set()
    kept: set[str | None] = set()
    here: set[int] = set()
    for raw in list_lines(folder / layout.RECORDS):
        place, value = _place(raw[:-1])
        named = value_digest_of(value)
        (values if place in records else kept).add(named)
        here |= {place} & records
    lost = before.records | here
    values -= kept | {None}
    files, rewritten = dict(before.files), dict(before.rewritten)
    for path, digest in listed(folder):
        wanted = digest in digests and path.startswith(layout.CLEAN)
        wanted = wanted and (may_go is None or may_go(path.removeprefix("data/"), digest))
        wanted = wanted or (digest in values and path.startswith(layout.VALUES))
        if path in files or not (wanted or (lost and path == layout.SUMMARY)):
            continue
        size = (folder / path).stat().st_size if (folder / path).is_file() else 0
        files[path] = (digest, size)
    if lost or files:
        # What was made from the data tells of what is gone, in rows and counts.
        for path, digest in listed(folder):
            if path.startswith(DERIVED) and path not in files:
                files[path] = (digest, (folder / path).stat().st_size if (folder / path).is_file() else 0)
    if lost:
        for path, digest in listed(folder):
            if path in REWRITTEN:
                was = before.rewritten.get(path)
                size = was[1] if was is not None else (folder / path).stat().st_size
                now = hashlib.sha256()
                for raw in _without(folder / path, lost, records=path == layout.RECORDS):
                    now.update(raw)
                rewritten[path] = (digest, size, now.hexdigest())
    changed = bool(files.keys() - before.files.keys() or here)
    return Purged(files, rewritten, frozenset(lost), tuple(orders | set(before.orders) if changed else before.orders))


def _without(path: Path, lost: frozenset[int] | set[int], *, records: bool) -> Iterator[bytes]:
    """Yield the lines of a list without what was lost: no line of a record, a bare mark in place of a label's."""
    for raw in list_lines(path):
        if records:
            if _place(raw[:-1])[0] not in lost:
                yield raw
            continue
        said = strict_loads(raw)
        yield mark(said["index"], said["leaf"]) if said["index"] in lost else raw


def mark(index: int, leaf: str) -> bytes:
    """Return the line that stands for a purged label."""
    return canonical_bytes({"index": index, "leaf": leaf, "purged": True}) + b"\n"


def forget(store: Store, digests: Iterable[str]) -> int:
    """Remove bytes from the store, and say of how many digests."""
    return sum(store.forget(digest) for digest in sorted(set(digests)))
