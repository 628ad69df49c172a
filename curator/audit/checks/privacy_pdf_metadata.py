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
        """Look at every PDF, office file and archive.

        The documents that a build itself puts into a package say title, version, day and this program: in them, at
        their places, just this is no finding.
        """
        own = subject.own_documents()
        told = tuple(sorted({pair for info in own.values() for pair in info.items()}))

        def judge(seen: Looked) -> Iterator[tuple[str, int]]:
            found = seen.found or {}
            known = found.get("told", {}) if seen.file.path in own else {}
            yield from ((what, count - known.get(what, 0)) for what, count in found["document"].items())

        return answered(
            subject,
            (Documents(name="privacy-documents", told=told),),
            lambda seen: ((what, count) for what, count in judge(seen) if count),
            passed="no metadata in {files} documents",
            failed="{total} kinds of metadata in documents",
        )


class Documents(ContainerProbe):
    """The probe, for documents only."""

    def wants(self, file: File) -> bool:
        """PDF and what is packed."""
        return file.kind in {"pdf", "archive"}


check = PdfMetadata()
