"""Small DICOM objects, documents and images for the privacy checks."""

from __future__ import annotations

import io
import struct
import zlib

CT = "1.2.840.10008.5.1.4.1.1.2"
SECONDARY = "1.2.840.10008.5.1.4.1.1.7"
PERSON = "PABCDEFGHIJKLM234"


def dicom(change=None, *, sop_class=CT, preamble=b"\0" * 128, behind=b"") -> bytes:
    """Return a clean CT slice of a chest, after ``change(dataset)``."""
    from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = "2.25.11"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    one = FileDataset("", Dataset(), file_meta=meta, preamble=preamble)
    one.SOPClassUID, one.SOPInstanceUID = sop_class, "2.25.11"
    one.StudyInstanceUID, one.SeriesInstanceUID = "2.25.12", "2.25.13"
    one.PatientID, one.PatientName, one.PatientAge = PERSON, PERSON, "090Y"
    one.StudyDate, one.StudyTime = "20150101", "030303"
    one.Modality, one.ImageType, one.BodyPartExamined = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"], "CHEST"
    one.SeriesDescription = "Chest 5 mm"
    one.Rows = one.Columns = 2
    one.BitsAllocated, one.BitsStored, one.HighBit, one.PixelRepresentation = 8, 8, 7, 0
    one.SamplesPerPixel, one.PhotometricInterpretation = 1, "MONOCHROME2"
    one.PixelData = b"\1\2\3\4"
    if change is not None:
        change(one)
    out = io.BytesIO()
    one.save_as(out, enforce_file_format=True)
    return out.getvalue() + behind


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*more: bytes, behind: bytes = b"") -> bytes:
    """Return a PNG image of one pixel."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + b"".join(more)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
        + behind
    )


def segment(marker: int, body: bytes) -> bytes:
    """Return a segment of a JPEG image."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*more: bytes, behind: bytes = b"") -> bytes:
    """Return the frame of a JPEG image: no reader would show it, but its segments are sound."""
    return b"\xff\xd8" + b"".join(more) + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd9" + behind


def pdf(info=None, attached: bytes | None = None) -> bytes:
    """Return a PDF of one empty page."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    writer.metadata = info or {}
    if attached is not None:
        writer.add_attachment("a.bin", attached)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def office(members: dict[str, bytes]) -> bytes:
    """Return a ZIP archive."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()
