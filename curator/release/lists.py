"""The two lists of a package, one canonical JSON document a line: samples, and labels released.

A label is released if its sample, down to the digest of the file, is in the package.
"""

from __future__ import annotations

import hashlib
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.labels.whole import digest_of_file
from curator.project.journal import Sample
from curator.project.series import SeriesDigest, folder_of
from curator.provenance.records import LABEL
from curator.provenance.state import Record


def sample_line(sample: Sample) -> bytes:
    """Return the line of a sample."""
    return canonical_bytes(sample_document(sample)) + b"\n"


def sample_document(sample: Sample) -> dict[str, Any]:
    """Return a sample as the list states it."""
    return {
        "path": sample.path,
        "sha256": sample.sha256,
        "uid": sample.uid,
        "content": sample.content,
        "kind": sample.kind,
    }


def label_line(record: Record) -> bytes:
    """Return the line of a released label: an index into the signed records, made from the record alone."""
    subject, predicate = record.subject[0], record.predicate
    superseded = predicate.get("supersedes")
    return (
        canonical_bytes(
            {
                "index": record.index,
                "leaf": record.leaf.hex(),
                "labelId": predicate["labelId"],
                "sample": subject["name"],
                "sha256": subject["digest"]["sha256"],
                "author": predicate["author"],
                "signer": predicate["signer"],
                "meaning": predicate["meaning"],
                "supersedes": superseded["labelId"] if superseded else None,
            }
        )
        + b"\n"
    )


def value_file(record: Record) -> str | None:
    """Return the SHA-256 (hex) of the file that holds a large value of a label; None when the record holds it."""
    return digest_of_file(record.predicate["value"])


class SampleSet:
    """Which samples a package holds, and which series of two or more, 16 bytes each; taken in sorted by path."""

    def __init__(self) -> None:
        self._held: set[bytes] = set()
        self._count = 0
        self._series: tuple[str | None, int, SeriesDigest] = (None, 0, SeriesDigest())

    def __len__(self) -> int:
        return self._count

    @staticmethod
    def _short(path: str, sha256: str, content: str, uid: str) -> bytes:
        return hashlib.sha256("\0".join((path, sha256, content, uid)).encode()).digest()[:16]

    def add(self, sample: Sample) -> None:
        """Take a sample in."""
        self._held.add(self._short(sample.path, sample.sha256, sample.content, sample.uid))
        self._count += 1
        folder = folder_of(sample)
        if folder != self._series[0]:
            self._close()
            self._series = (folder, 0, SeriesDigest())
        if folder is not None:
            _, count, digest = self._series
            digest.add(sample)
            self._series = (folder, count + 1, digest)

    def _close(self) -> None:
        """Take in the series whose last image was seen."""
        folder, count, digest = self._series
        if folder is not None and count > 1:
            self._held.add(self._short(folder, digest.sha256, digest.content, folder.split("/")[3]))

    def holds(self, record: Record) -> bool:
        """Say whether the sample of a label record is here: same path, file digest, content digest and UID."""
        if record.kind != LABEL or len(record.subject) != 1:
            return False
        subject = record.subject[0]
        self._close()
        digest = subject["digest"]
        uid = subject["annotations"]["sopInstanceUid"]
        return self._short(subject["name"], digest["sha256"], digest["contentSha256"], uid) in self._held
