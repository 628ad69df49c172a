"""The submission's tree inside a package: volumes of PDFs, statistical data, other files, by the rules of eCopy.

Source of the rules: FDA, eCopy Program for Medical Device Submissions, guidance of 2025-12-03, Attachment 1. The same
files serve as attachments of an eSTAR. Never holds an image: those stand once, in the package.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from curator.core.errors import UsageError

#: Bytes of a PDF, and of one attachment.
MOST_PDF = 50 * 1000 * 1000
MOST_ATTACHMENT = 1000 * 1000 * 1000
LONGEST_NAME = 125
STATISTICAL, MISC = "STATISTICAL DATA", "MISC FILES"
_DESCRIBED = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,()_-]*")


def volume(number: int, name: str) -> str:
    """Return a volume's folder name, ``VOL_001_Name`` (SUB-005 for a name that the rules forbid)."""
    return f"VOL_{number:03d}_{_described(name)}"


def pdf_name(number: int, name: str) -> str:
    """Return a PDF's file name, ``001_Descriptive Name.pdf`` (SUB-005)."""
    made = f"{number:03d}_{_described(name)}.pdf"
    if len(made) > LONGEST_NAME:
        raise UsageError("SUB-005", most=LONGEST_NAME)
    return made


def _described(name: str) -> str:
    if not _DESCRIBED.fullmatch(name) or name != name.strip() or len(name) > LONGEST_NAME:
        raise UsageError("SUB-005", most=LONGEST_NAME)
    return name


def checked_pdf(data: bytes, name: str) -> bytes:
    """Return a PDF that is not too large for a submission (SUB-015)."""
    if len(data) > MOST_PDF:
        raise UsageError("SUB-015", name=name, most=MOST_PDF // 1000 // 1000)
    return data


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a ZIP archive of files, in their order.

    Stored, not compressed, so that no library's version decides its bytes; its times are the format's earliest.

    Raises
    ------
    UsageError
        SUB-015 for an archive that is too large for one attachment.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data)
    made = stream.getvalue()
    if len(made) > MOST_ATTACHMENT:
        raise UsageError("SUB-015", name="an archive", most=MOST_ATTACHMENT // 1000 // 1000)
    return made
