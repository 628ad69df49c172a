"""Which files at risk were looked at: the pixels-checked record that a journal row names, held against the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from curator.audit.cases import once
from curator.audit.model import JOURNAL, LEDGER, Looked, Subject


@dataclass(frozen=True)
class Reviewed:
    """Files by SHA-256 that a person has looked at, by signed record.

    Parameters
    ----------
    digests
        SHA-256 of each clean file of which a record cleared the source.
    """

    digests: frozenset[bytes]

    @classmethod
    def of(cls, subject: Subject) -> Reviewed:
        """Read a subject's journal and ledger; nothing is reviewed where one of them is not at hand."""
        if not (subject.has(JOURNAL) and subject.has(LEDGER)):
            return cls(frozenset())
        return once(subject, "reviewed", lambda: cls(frozenset(cls._found(subject))))

    @staticmethod
    def _found(subject: Subject) -> Iterator[bytes]:
        accepted = subject.state().accepted
        for row in subject.rows(["outcome", "sha256", "content_key", "pixel_record"]):
            leaf = row.get("pixel_record")
            if leaf and row.get("sha256") and accepted.get(row["content_key"]) == leaf:
                yield bytes.fromhex(row["sha256"])

    def open_risks(self, seen: Looked, only: str | None = None) -> Iterator[tuple[str, int]]:
        """Yield the risks of a file that nobody has looked at."""
        risks: list[Any] = (seen.found or {}).get("risks", [])
        for risk in risks:
            if (only is None or risk == only) and bytes.fromhex(seen.file.sha256) not in self.digests:
                yield WORDS[risk], 1


WORDS = {
    "text": "pixels that may show text, without a signed record of a person who looked",
    "face": "pixels that may show a face, without a signed record of a person who looked",
}
