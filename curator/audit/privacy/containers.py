"""A file that is no DICOM object looked at once: metadata of images and PDFs, thumbnails, what lies behind or inside.

Values never leave: counts and the names of formats do.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.audit.privacy import jpeg
from curator.audit.privacy.foreign import as_utf8
from curator.audit.privacy.signatures import SIGNATURES
from curator.audit.privacy.tiff import Directories
from curator.core.errors import CuratorError, ItemError

if TYPE_CHECKING:
    from curator.audit.model import File

_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_MOST = 1 << 30
#: Information of a PDF that names the program that wrote it (ISO 32000-1 Table 317), and what may stand there.
_INFO_ALLOWED = {"/Producer": "pypdf", "/Creator": "curator"}
#: Parts of an office document that hold something else than its text.
_OFFICE = (
    (re.compile(r"(?i)vbaproject\.bin$"), "a macro"),
    (re.compile(r"(?i)(?:^|/)embeddings/"), "an embedded object"),
    (re.compile(r"(?i)(?:^|/)media/"), "an image"),
    (re.compile(r"(?i)docprops/thumbnail"), "a thumbnail"),
)


@dataclass
class ContainerProbe:
    """Looks at images, documents, archives and volumes.

    Parameters
    ----------
    told
        Document information of PDFs that is known beforehand: (key, value) pairs.
    """

    name: str = "privacy-container"
    version: int = 3
    told: tuple[tuple[str, str], ...] = ()

    def wants(self, file: File) -> bool:
        """Everything but DICOM."""
        return file.kind not in {"dicom", "dicomdir"}

    def parameters(self) -> Mapping[str, Any]:
        """What is known beforehand; else the bytes alone decide."""
        return {"told": [list(one) for one in self.told]} if self.told else {}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Look at one file. Raises ItemError AUP-002 or AUP-003 when it cannot be looked at whole."""
        head = stream.read(4096)
        stream.seek(0)
        found = _Found(frozenset(self.told))
        try:
            _route(head, stream, file.size, found)
        except (CuratorError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - whatever a parser raises may quote the file
            raise ItemError("AUP-002") from None
        return {
            "exif": dict(sorted(found.exif.items())),
            "document": dict(sorted(found.document.items())),
            "told": dict(sorted(found.told.items())),
            "thumbnails": dict(sorted(found.thumbnails.items())),
            "embedded": dict(sorted(found.embedded.items())),
            "packed": dict(sorted(found.packed.items())),
            "trailing": found.trailing,
            "kind": found.kind,
            "unread": found.unread,
        }


class _Found:
    def __init__(self, known: frozenset[tuple[str, str]]) -> None:
        self.known = known
        #: What of ``document`` is known beforehand.
        self.told: Counter[str] = Counter()
        self.exif: Counter[str] = Counter()
        self.document: Counter[str] = Counter()
        self.thumbnails: Counter[str] = Counter()
        self.embedded: Counter[str] = Counter()
        #: What an archive holds. The program packs some of a package's own documents.
        self.packed: Counter[str] = Counter()
        self.trailing = 0
        self.kind = "other"
        #: Nothing here knows the format, so nobody can say what stands behind its end or inside of it.
        self.unread = False


def _route(head: bytes, stream: BinaryIO, size: int, found: _Found) -> None:
    if head.startswith(b"\xff\xd8\xff"):
        found.kind = "jpeg"
        data = _whole(stream, size)
        found.exif += jpeg.metadata(data)
        found.thumbnails += jpeg.thumbnails(data)
        found.trailing = jpeg.trailing(data)
    elif head.startswith(_PNG):
        found.kind = "png"
        _png(_whole(stream, size), found)
    elif head.startswith(_TIFF):
        found.kind = "tiff"
        _tiff(_whole(stream, size), found)
    elif b"%PDF-" in head[:1024]:
        found.kind = "pdf"
        _pdf(_whole(stream, size), found)
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        found.kind = "zip"
        _zip(stream, size, found)
    elif head.startswith(b"\x1f\x8b"):
        found.kind = "gzip"
        _gzip(stream, found)
    elif head[344:348] in {b"n+1\0", b"ni1\0"} or head[4:8] in {b"n+2\0", b"ni2\0"}:
        found.kind = "nifti"
        found.trailing = _nifti_rest(head, size)
    elif head.startswith(b"PAR1"):
        found.kind = "parquet"
        stream.seek(-4, io.SEEK_END)
        if stream.read() != b"PAR1":
            raise ItemError("AUP-002")
    elif head.startswith(
        (b"GIF8", b"BM", b"RIFF", b"\0\0\0\x0cjP", b"\xff\x4f\xff\x51", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf")
        + (b"NRRD000", b"\x89HDF\r\n\x1a\n", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")
    ):
        # Formats that nothing here reads whole.
        raise ItemError("AUP-002")
    else:
        found.kind = "other"
        _text(stream, found)
        try:
            as_utf8(stream)
        except ItemError:
            found.unread = True


def _whole(stream: BinaryIO, size: int) -> bytes:
    if size > _MOST:
        raise ItemError("AUP-003")
    return stream.read()


def _png(data: bytes, found: _Found) -> None:
    at = len(_PNG)
    while at + 12 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + size
        if kind == b"eXIf":
            found.exif["Exif"] += 1
        elif kind in {b"tEXt", b"zTXt", b"iTXt"}:
            found.exif["a text"] += 1
        elif kind == b"tIME":
            found.exif["a date"] += 1
        if kind == b"IEND":
            found.trailing = max(0, len(data) - at)
            if at > len(data):
                raise ItemError("AUP-002")
            return
    raise ItemError("AUP-002")


def _tiff(data: bytes, found: _Found) -> None:
    told = Directories(data)
    found.exif += told.found
    found.trailing = max(0, len(data) - told.end - (told.end & 1))


def _pdf(data: bytes, found: _Found) -> None:
    import logging
    import warnings

    end = data.rfind(b"%%EOF")
    if end < 0:
        raise ItemError("AUP-002")
    found.trailing = len(data[end + 5 :].strip(b"\r\n\0 "))
    if data[: data.find(b"%PDF-")].strip():
        found.trailing += data.find(b"%PDF-")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _pdf_parts(data, found)
    if data.count(b"%%EOF") > 1 and b"/Linearized" not in data[:2048]:
        found.document["an earlier version inside of the file"] += 1


def _pdf_parts(data: bytes, found: _Found) -> None:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise ItemError("AUP-002")
    info = reader.trailer.get("/Info")
    for key, value in (info.get_object() if info is not None else {}).items():
        allowed = _INFO_ALLOWED.get(key)
        if str(value).strip() and (allowed is None or not str(value).lower().startswith(allowed)):
            found.document[f"{key} of the document information"] += 1
            found.told[f"{key} of the document information"] += (str(key), str(value)) in found.known
    root: Any = reader.trailer["/Root"].get_object()
    if "/Metadata" in root:
        found.document["XMP metadata"] += 1
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    for number in sorted(numbers):
        one: Any = reader.get_object(number)
        if isinstance(one, dict):
            kind, sub = one.get("/Type"), one.get("/Subtype")
            if kind in {"/EmbeddedFile", "/Filespec"}:
                found.embedded["a file attached to a PDF"] += 1
            if sub == "/FileAttachment":
                found.embedded["a file attached to a page"] += 1
            if "/JS" in one:
                found.embedded["a script in a PDF"] += 1
            if "/Thumb" in one:
                found.thumbnails["a page's thumbnail"] += 1
            if sub == "/Image":
                found.thumbnails["an image in a PDF"] += 1
            if "/Metadata" in one and one is not root:
                found.document["metadata of a part"] += 1


def _zip(stream: BinaryIO, size: int, found: _Found) -> None:
    with zipfile.ZipFile(stream) as opened:
        infos = opened.infolist()
        names = {info.filename for info in infos}
        if not names & {"[Content_Types].xml", "mimetype"}:
            found.packed["a file in an archive"] += sum(not info.is_dir() for info in infos)
        if opened.testzip() is not None:
            raise ItemError("AUP-002")
        if opened.comment:
            found.document["an archive's comment"] += 1
        for info in infos:
            if info.comment:
                found.document["a member's comment"] += 1
            for pattern, what in _OFFICE:
                if pattern.search(info.filename):
                    found.embedded[what] += 1
            if re.search(r"(?i)docprops/(?:core|app|custom)\.xml$", info.filename):
                _office_properties(opened.read(info), found)
        first = min((info.header_offset for info in infos), default=0)
        found.trailing = first
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise ItemError("AUP-002")
    found.trailing += max(0, len(tail) - at - 22 - int.from_bytes(tail[at + 20 : at + 22], "little"))


def _office_properties(data: bytes, found: _Found) -> None:
    for name in re.findall(
        rb"<(?:\w+:)?(creator|lastModifiedBy|Company|Manager|description|subject|keywords|title)>[^<\s]", data
    ):
        found.document[f"{name.decode()} of an office document"] += 1


def _gzip(stream: BinaryIO, found: _Found) -> None:
    stream.seek(0)
    head = stream.read(10)
    if head[3] & 0x1C:
        found.document["a name or comment in a gzip header"] += 1
    stream.seek(0)
    engine = zlib.decompressobj(31)
    size = 0
    inner = b""
    while block := stream.read(1 << 20):
        while block:
            piece = engine.decompress(block, 1 << 20)
            block = engine.unconsumed_tail
            if len(inner) < 4096:
                inner += piece[:4096]
            size += len(piece)
            if size > 64 * _MOST:
                raise ItemError("AUP-003")
            if engine.eof:
                break
        if engine.eof:
            found.trailing = len(engine.unused_data) + len(stream.read())
            break
    if not engine.eof:
        raise ItemError("AUP-002")
    if inner[344:348] == b"n+1\0" or inner[4:8] == b"n+2\0":
        found.trailing += _nifti_rest(inner, size)
    else:
        found.packed["a packed file"] += 1


def _nifti_rest(head: bytes, size: int) -> int:
    """Return the bytes behind the voxels of a NIfTI file."""
    from curator.core.errors import UsageError
    from curator.formats.volume.model import WIDTHS
    from curator.formats.volume.nifti import HEAD, read_header

    if head[344:348] == b"ni1\0" or head[4:8] == b"ni2\0":
        return 0  # the header of a pair: the voxels lie in another file
    try:
        volume = read_header(head[:HEAD])
    except UsageError:
        raise ItemError("AUP-002") from None
    voxels = math.prod(volume.size) * volume.times * volume.layers
    rest = size - volume.start - voxels * WIDTHS[volume.kind]
    if rest < 0:
        raise ItemError("AUP-002")
    return rest


def _text(stream: BinaryIO, found: _Found) -> None:
    """Look for other files inside of what is not a format of its own: in a text there are none."""
    stream.seek(0)
    held = b""
    at = 0
    while block := stream.read(4 << 20):
        data = held + block
        for magic, what in SIGNATURES:
            if len(magic) > 4 and (place := data.find(magic)) >= 0 and at + place > 0:
                found.embedded[what] += 1
        held = data[-16:]
        at += len(block)
