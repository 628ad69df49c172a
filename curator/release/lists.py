"""The two lists of a package, one canonical JSON document a line: samples, and labels released.

A label is released if its sample, down to the digest of the file, is in the package, and the project's rule lets it
leave: all labels, those that stand, or those that were approved. Each says in its line what became of it.
"""

from __future__ import annotations

import hashlib
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.labels.whole import digest_of_file
from curator.project.journal import Sample
from curator.project.series import SeriesDigest, folder_of
from curator.provenance import status
from curator.provenance.records import LABEL
from curator.provenance.state import Record

ALL, STANDING, APPROVED = "all", "standing", "approved"
RULES = (ALL, STANDING, APPROVED)
_GONE = status.ENDED | status.REJECTED
_LAST = b',"supersedes":'


def sample_line(sample: Sample) -> bytes:
    """Return the line of a sample."""
    path, sha256, uid, content, kind = sample.path, sample.sha256, sample.uid, sample.content, sample.kind
    if type(path) is type(sha256) is type(uid) is type(content) is type(kind) is str:
        told = f"{path}{sha256}{uid}{content}{kind}"
        # What needs no escape stands in canonical JSON as it is.
        if told.isascii() and told.isprintable() and '"' not in told and "\\" not in told:
            line = f'{{"content":"{content}","kind":"{kind}","path":"{path}","sha256":"{sha256}","uid":"{uid}"}}\n'
            return line.encode("ascii")
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


def leaves(rule: str, marks: int) -> bool:
    """Say whether a label with these marks leaves under a rule of :data:`RULES`."""
    if rule == ALL:
        return True
    return not marks & _GONE and (rule == STANDING or bool(marks & status.APPROVED))


def label_line(record: Record, state: str = status.SIGNED) -> bytes:
    """Return the line of a released label: an index into the signed records.

    Parameters
    ----------
    record
        The label's record, of which everything else is made.
    state
        What became of it, a word of :mod:`curator.provenance.status`.
    """
    return insert_state(label_stem(record), state)


def label_stem(record: Record) -> bytes:
    """Return the line of a label without its state."""
    return canonical_bytes(label_document(record))


def insert_state(stem: bytes, state: str) -> bytes:
    """Return the line of a label, given what became of it; ``state`` stands before the last key, ``supersedes``."""
    head, mark, tail = stem.rpartition(_LAST)
    return b"".join((head, b',"state":', canonical_bytes(state), mark, tail, b"\n"))


def split_state(line: bytes) -> tuple[bytes, str]:
    """Return the line of a label without its state, and the state; the line itself and nothing where it has none."""
    head, mark, tail = line.rpartition(_LAST)
    stem, key, state = head.rpartition(b',"state":"')
    if not key or not state.endswith(b'"'):
        return line, ""
    return stem + mark + tail, state[:-1].decode("utf-8", "replace")


def label_document(record: Record) -> dict[str, Any]:
    """Return a label as the list states it, without its state."""
    subject, predicate = record.subject[0], record.predicate
    superseded = predicate.get("supersedes")
    guideline = predicate["guideline"]
    return {
        "index": record.index,
        "leaf": record.leaf.hex(),
        "labelId": predicate["labelId"],
        "kind": predicate["kind"],
        "guideline": f"{guideline['id']}@{guideline['version']}",
        "origin": predicate.get("origin"),
        "sample": subject["name"],
        "sha256": subject["digest"]["sha256"],
        "author": predicate["author"],
        "signer": predicate["signer"],
        "meaning": predicate["meaning"],
        "supersedes": superseded["labelId"] if superseded else None,
    }


def value_file(record: Record) -> str | None:
    """Return the SHA-256 (hex) of the file that holds a large value of a label; None when the record holds it."""
    return digest_of_file(record.predicate["value"])


def value_digest_of(value: Any) -> str | None:
    """Return the SHA-256 (hex) of the file that holds a value; None for any other value, also for none."""
    return digest_of_file(value)


class SampleSet:
    """Which samples a package holds, and which series of two or more, 16 bytes each; taken in sorted by path."""

    def __init__(self) -> None:
        self._held: set[bytes] = set()
        self._count = 0
        #: The folder of the images that came last, None where it was none; how many they are, and their digests.
        self._folder: str | None = None
        self._images = 0
        self._digest: SeriesDigest | None = None

    def __len__(self) -> int:
        return self._count

    @staticmethod
    def _short(path: str, sha256: str, content: str, uid: str) -> bytes:
        return hashlib.sha256(f"{path}\0{sha256}\0{content}\0{uid}".encode()).digest()[:16]

    def add(self, sample: Sample) -> None:
        """Take a sample in."""
        path = sample.path
        self._held.add(self._short(path, sample.sha256, sample.content, sample.uid))
        self._count += 1
        folder = path.rpartition("/")[0] if sample.kind == "dicom" else None
        if folder != self._folder:
            self._close()
            self._folder, self._images = folder, 0
            self._digest = None if folder_of(sample) is None else SeriesDigest()
        self._images += 1
        if self._digest is not None:
            self._digest.add(sample)

    def _close(self) -> None:
        """Take in the series whose last image was seen."""
        folder, digest = self._folder, self._digest
        if folder is not None and digest is not None and self._images > 1:
            self._held.add(self._short(f"{folder}/", digest.sha256, digest.content, folder.split("/")[3]))

    def has(self, short: bytes) -> bool:
        """Say whether a sample is here, by :meth:`short_of`."""
        self._close()
        return short in self._held

    @classmethod
    def short_of(cls, record: Record) -> bytes:
        """Return by what the sample of a label record is known here."""
        subject = record.subject[0]
        digest = subject["digest"]
        uid = subject["annotations"]["sopInstanceUid"]
        return cls._short(subject["name"], digest["sha256"], digest["contentSha256"], uid)

    def holds(self, record: Record) -> bool:
        """Say whether the sample of a label record is here: same path, file digest, content digest and UID."""
        return record.kind == LABEL and len(record.subject) == 1 and self.has(self.short_of(record))
