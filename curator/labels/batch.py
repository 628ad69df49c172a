"""What one act of signing comes to: shown before a passphrase is asked for, and recorded with each label."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from curator.core.canonical import canonical_bytes
from curator.core.errors import UsageError
from curator.provenance.records import Draft

#: Bytes of a draft. With place, batch and signature its envelope stays under 65,535 bytes.
MAX_DRAFT = 47_000


@dataclass
class Batch:
    """The labels that will be signed, in order.

    Parameters
    ----------
    count
        How many.
    kinds, meanings, guidelines
        How many of each; a guideline is (id, version, SHA-256).
    first, last
        Earliest and latest ``labeledAt``, UTC.
    marks
        The digest so far after every so many labels, to tell while signing that nothing changed.
    """

    count: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    meanings: Counter[str] = field(default_factory=Counter)
    guidelines: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    first: str = ""
    last: str = ""
    marks: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with an empty digest."""
        self._hash = hashlib.sha256()

    def add(self, draft: Draft, every: int) -> None:
        """Take a label in, without its ``batch``; a mark is kept after every so many.

        Raises
        ------
        UsageError
            LBL-031 when it is too large for a record.
        """
        data = draft_bytes(draft)
        if len(data) > MAX_DRAFT:
            raise UsageError("LBL-031")
        said = draft.predicate
        self._hash.update(data + b"\n")
        self.count += 1
        self.kinds[said["kind"]] += 1
        self.meanings[said["meaning"]] += 1
        guideline = said["guideline"]
        self.guidelines[guideline["id"], guideline["version"], guideline["sha256"]] += 1
        self.first = min(self.first or said["labeledAt"], said["labeledAt"])
        self.last = max(self.last, said["labeledAt"])
        if self.count % every == 0:
            self.marks.append(self._hash.digest())

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) over the canonical JSON of the drafts, one a line, in order."""
        return self._hash.hexdigest()


def draft_bytes(draft: Draft) -> bytes:
    """Return what the digest of a batch takes of a draft: subject, kind and predicate without ``batch``."""
    predicate = {name: value for name, value in draft.predicate.items() if name != "batch"}
    return canonical_bytes({"subject": list(draft.subject), "predicateType": draft.kind, "predicate": predicate})
