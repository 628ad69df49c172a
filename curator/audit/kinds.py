"""The kind of a file by its content, as a check asks for it. A guess for choosing; a check proves it with a parser."""

from __future__ import annotations

from curator.intake.sniff import Kind, sniff

#: Bytes of a file's beginning that are looked at.
HEAD = 1 << 16
_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"BM", "bmp"),
    (b"RIFF", "webp"),
)


def kind_of(head: bytes, size: int) -> str:
    """Return the kind of a file: that of :class:`curator.intake.sniff.Kind`, and of an image its format.

    Parameters
    ----------
    head
        The first :data:`HEAD` bytes, or all.
    size
        The file's size in bytes.
    """
    kind = sniff(head, size)
    if kind != Kind.IMAGE:
        return str(kind)
    return next((name for magic, name in _IMAGES if head.startswith(magic)), str(kind))
