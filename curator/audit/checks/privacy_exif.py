"""``privacy/exif``: metadata of photographs: Exif, GPS, IPTC, XMP, comments, texts, dates."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.model import Answer, File, Looked, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.containers import ContainerProbe

#: Kinds of file that are images.
IMAGES = frozenset({"png", "jpeg", "gif", "tiff", "bmp", "webp", "image"})


class Exif:
    """Metadata of image files."""

    id = "privacy/exif"
    title = "No image file tells by its metadata where, when or by whom it was made"
    severity = Severity.BLOCKER
    clause = "45 CFR 164.514(b)(2)(i)(B), (C), (M)"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every image file."""
        return answered(
            subject,
            (Images(),),
            _judge,
            passed="no metadata in {files} image files",
            failed="{total} kinds of metadata in image files",
        )


class Images(ContainerProbe):
    """The probe, for images only."""

    def wants(self, file: File) -> bool:
        """Image files."""
        return file.kind in IMAGES


def _judge(seen: Looked) -> Iterator[tuple[str, int]]:
    yield from ((f"{what} in an image's metadata", count) for what, count in (seen.found or {})["exif"].items())


check = Exif()
