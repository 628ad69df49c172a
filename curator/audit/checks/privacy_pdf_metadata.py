"""``privacy/pdf-metadata``: document information, XMP, properties of office files, comments of archives."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.model import Answer, File, Looked, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.containers import ContainerProbe


class PdfMetadata:
    """Metadata of documents."""

    id = "privacy/pdf-metadata"
    title = "No document tells by its metadata who wrote it, when or where"
    severity = Severity.BLOCKER
    clause = "45 CFR 164.514(b)(2)(i)(A), (C)"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every PDF, office file and archive."""
        return answered(
            subject,
            (Documents(),),
            _judge,
            passed="no metadata in {files} documents",
            failed="{total} kinds of metadata in documents",
        )


class Documents(ContainerProbe):
    """The probe, for documents only."""

    def wants(self, file: File) -> bool:
        """PDF and what is packed."""
        return file.kind in {"pdf", "archive"}


def _judge(seen: Looked) -> Iterator[tuple[str, int]]:
    yield from (seen.found or {})["document"].items()


check = PdfMetadata()
