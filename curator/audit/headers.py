"""What checks of splits, data quality and representation need to know of an image file, read once.

Reads the header of a DICOM object by the program's own walk, and that of a NIfTI volume; no pixel. What it keeps are
numbers, coded words, UIDs, and digests in place of texts: a patient's number is kept as a digest unless the program
gave it out, and of a description only the sides and the body parts that it names.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.audit import rasters
from curator.core.errors import ItemError

if TYPE_CHECKING:
    from curator.audit.model import File
    from curator.formats.dicom.structure import Node

_LOADED = 64 << 20
_PSEUDONYM = re.compile(r"P[A-Z2-7]{16}")
_CODED = re.compile(r"[A-Z0-9 _.]{1,16}")
_UID = re.compile(r"[0-9.]{1,64}")
_SIDE = re.compile(r"(?<![a-z])(left|right|lt|rt)(?![a-z])", re.IGNORECASE)
_SIDES = {"left": "L", "lt": "L", "right": "R", "rt": "R"}
#: Words that stand for one thing in the facts, by tag: coded strings.
CODED = {
    0x00080060: "modality", 0x00100040: "sex", 0x00200060: "laterality", 0x00200062: "image_laterality",
    0x00180015: "body_part", 0x00280004: "photometric", 0x00185100: "patient_position",
}  # fmt: skip
UIDS = {
    0x00080016: "sop_class", 0x00080018: "instance", 0x0020000D: "study", 0x0020000E: "series",
    0x00200052: "frame_of_reference",
}  # fmt: skip
NUMBERS = {
    0x00101020: "size", 0x00101030: "weight", 0x00180050: "thickness", 0x00180088: "between", 0x00180060: "kvp",
    0x00180087: "field_strength", 0x00200013: "number", 0x00280008: "frames", 0x00280030: "spacing",
    0x00181164: "imager_spacing", 0x00200037: "orientation", 0x00200032: "position", 0x00281050: "center",
    0x00281051: "width", 0x00281053: "slope",
}  # fmt: skip
SHORTS = {
    0x00280002: "samples", 0x00280010: "rows", 0x00280011: "columns", 0x00280100: "allocated", 0x00280101: "stored",
    0x00280102: "high", 0x00280103: "signed",
}  # fmt: skip
#: Days of an object: of these the years are kept, and whether they can be read.
DATES = frozenset({0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x00080012, 0x00100030})
STUDY_DATE, BIRTH_DATE = 0x00080020, 0x00100030
TEXTS = frozenset({0x00081030, 0x0008103E, 0x00181030})
_PIXELS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_ETHNIC_CODES = 0x00102161
_SHARED, _PER_FRAME = 0x52009229, 0x52009230
_MOST_FRAMES = 20_000


@dataclass
class HeaderProbe:
    """Reads the facts of DICOM objects and NIfTI volumes."""

    name: str = "data-header"
    version: int = 1

    def wants(self, file: File) -> bool:
        """DICOM and NIfTI, also where only the name says so, and image files, whose headers say nothing."""
        name = file.path.lower()
        return file.kind in {"dicom", "nifti"} | rasters.DECODED | rasters.UNDECODED or name.endswith(
            (".dcm", ".dicom", ".nii", ".nii.gz")
        )

    def parameters(self) -> Mapping[str, Any]:
        """The bytes alone decide."""
        return {}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Read one header.

        Raises
        ------
        ItemError
            Codes of the structure walk; DCM-020 for a value that cannot be what it has to be.
        UsageError
            IMP codes for a NIfTI header.
        """
        if file.kind == "nifti" or file.path.lower().endswith((".nii", ".nii.gz")):
            return nifti_facts(stream)
        if file.kind in rasters.DECODED | rasters.UNDECODED:
            return rasters.facts(file.kind)
        from curator.formats.dicom.ranged import file_range
        from curator.formats.dicom.walk import parse

        long = file.size > _LOADED and isinstance(stream, io.BufferedReader)
        structure, nodes = parse(file_range(stream.fileno(), file.size) if long else stream.read())
        facts = dicom_facts(nodes, little=structure.little)
        facts["syntax"] = str(structure.transfer_syntax)
        return facts


def _text(node: Node) -> str:
    return bytes(node.value[:1024]).decode("latin-1").replace("\0", " ").strip()


def _numbers(node: Node) -> list[float | None]:
    """Return the numbers of a decimal or integer string; None for one that is no number."""
    found: list[float | None] = []
    for part in bytes(node.value[:4096]).decode("latin-1").replace("\0", " ").split("\\"):
        try:
            found.append(float(part) if part.strip() else None)
        except ValueError:
            found.append(None)
    return found


def _doubles(node: Node, *, little: bool) -> list[float | None]:
    """Return numbers by the element's VR: binary in functional groups, texts elsewhere."""
    form = {"FD": "d", "FL": "f", "US": "H", "SS": "h", "UL": "I", "SL": "i"}.get(node.vr or "")
    if form is None:
        return _numbers(node)
    value = bytes(node.value[:4096])
    count = len(value) // struct.calcsize(form)
    return list(struct.unpack_from(("<" if little else ">") + form * count, value))


def dicom_facts(nodes: list[Node], *, little: bool) -> dict[str, Any]:
    """Return the facts of one object.

    Parameters
    ----------
    nodes
        Its data set, as the walk gives it.
    little
        Byte order.

    Returns
    -------
    dict
        ``format`` and what of :data:`CODED`, :data:`UIDS`, :data:`NUMBERS`, :data:`SHORTS` it states; ``odd`` names
        the attributes whose values are none of their form. Units are those of DICOM: mm, kg, m, degrees.
    """
    facts: dict[str, Any] = {"format": "dicom", "pixels": False}
    odd: list[str] = []
    years: list[int] = []
    sides: set[str] = set()
    for node in nodes:
        tag = node.tag
        if tag in _PIXELS:
            facts["pixels"] = True
        elif node.items is not None:
            if tag in {_SHARED, _PER_FRAME}:
                _groups(node, facts, little=little)
            elif tag == _ETHNIC_CODES:
                codes = [_text(inner) for item in node.items for inner in item if inner.tag == 0x00080100]
                _ethnic("\\".join(codes), facts)
        elif tag in CODED:
            word = _text(node).upper()
            if word:
                fits = _CODED.fullmatch(word) is not None
                facts[CODED[tag]] = word if fits else "?"
                odd += [] if fits else [CODED[tag]]
        elif tag in UIDS:
            uid = _text(node)
            facts[UIDS[tag]] = uid if _UID.fullmatch(uid) else _digest(uid)
        elif tag in NUMBERS:
            _number(node, NUMBERS[tag], facts, odd, little=little)
        elif tag in SHORTS and len(node.value) >= 2:
            facts[SHORTS[tag]] = struct.unpack_from("<H" if little else ">H", bytes(node.value[:2]))[0]
        elif tag in DATES:
            _date(tag, _text(node), facts, odd, years)
        elif tag in TEXTS:
            sides |= sides_in(_text(node))
        else:
            _other(node, facts, odd)
    facts.update({"odd": sorted(set(odd)), "years": sorted(set(years)), "described_sides": sorted(sides)})
    return facts


def _number(node: Node, name: str, facts: dict[str, Any], odd: list[str], *, little: bool) -> None:
    values = _doubles(node, little=little)
    if any(one is not None for one in values) and None not in values:
        facts[name] = values
    elif any(_text(node).replace("\\", "").strip()):
        odd.append(name)


def _date(tag: int, text: str, facts: dict[str, Any], odd: list[str], years: list[int]) -> None:
    if not text:
        return
    if not (text[:4].isascii() and text[:4].isdigit() and (len(text) == 4 or _is_day(text[:8]))):
        odd.append("date")
        return
    year = int(text[:4])
    if tag == BIRTH_DATE:
        facts["birth_year"] = year
    else:
        years.append(year)
        if tag == STUDY_DATE:
            facts["year"] = year


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return len(text) == 8


def _other(node: Node, facts: dict[str, Any], odd: list[str]) -> None:
    tag = node.tag
    if tag == 0x00100020:
        name = _text(node)
        if name:
            facts["patient"] = name if _PSEUDONYM.fullmatch(name) else _digest(name)
    elif tag == 0x00101010:
        text = _text(node)
        if text:
            match = re.fullmatch(r"(\d{3})([DWMY])", text)
            facts["age"] = text if match else None
            odd += [] if match else ["age"]
    elif tag in {0x00102160, 0x00102162}:
        _ethnic(_text(node), facts)
    elif tag == 0x00080070:
        from curator.audit.people_words import maker

        if _text(node):
            facts["maker"] = maker(_text(node))
    elif tag == 0x00081090:
        facts["model"] = _digest(_text(node).casefold()) if _text(node) else ""
    elif tag == 0x00120030:
        facts["site"] = _digest(_text(node)) if _text(node) else ""
    elif tag == 0x00080008:
        facts["image_type"] = [part for part in _text(node).upper().split("\\") if _CODED.fullmatch(part)]


def _ethnic(text: str, facts: dict[str, Any]) -> None:
    from curator.audit.people_words import categories

    if text.strip("\\ "):
        facts["ethnic"] = sorted({*facts.get("ethnic", ()), *categories(text)})


def _groups(node: Node, facts: dict[str, Any], *, little: bool) -> None:
    """Read positions, orientations and spacings of an enhanced multi-frame object (PS3.3 C.7.6.16)."""
    if node.tag == _PER_FRAME and len(node.items or ()) > _MOST_FRAMES:
        raise ItemError("DCM-020")
    for item in node.items or ():
        for inner in _flat(item):
            name = NUMBERS.get(inner.tag)
            if name in {"spacing", "thickness", "between"}:
                facts.setdefault(name, _doubles(inner, little=little))
            elif name == "orientation":
                facts.setdefault("orientation", _doubles(inner, little=little))
                facts.setdefault("orientations", []).append(_doubles(inner, little=little))
            elif name == "position":
                facts.setdefault("positions", []).append(_doubles(inner, little=little))
            elif inner.tag == 0x00209072:
                facts.setdefault("frame_laterality", []).append(_text(inner).upper()[:2])


def _flat(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        if node.items is None:
            yield node
        else:
            for item in node.items:
                yield from _flat(item)


def sides_in(text: str) -> set[str]:
    """Return ``L`` and ``R`` as a description names them; abbreviations that are also words of other use count not."""
    return {_SIDES[one.lower()] for one in _SIDE.findall(text.replace("_", " "))}


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}"


def nifti_facts(stream: BinaryIO) -> dict[str, Any]:
    """Return the facts of a NIfTI volume: size, spacing in millimeters, direction, the codes of its geometry.

    Raises
    ------
    UsageError
        IMP-001, IMP-003, IMP-041 for a header that cannot be read.
    ItemError
        DCM-020 for a gzip stream that is broken.
    """
    from curator.formats.volume.nifti import HEAD, read_header

    head = stream.read(HEAD)
    if head[:2] == b"\x1f\x8b":
        stream.seek(0)
        try:
            with gzip.GzipFile(fileobj=stream) as inner:
                head = inner.read(HEAD)
        except (OSError, EOFError, zlib.error):
            raise ItemError("DCM-020") from None
    volume = read_header(head)
    said = volume.geometry
    rows = [_real(one) for one in said["sform"]]
    step = [_real(one) for one in said["pixdim"]]
    return {
        "format": "nifti",
        "pixels": True,
        "columns": volume.size[0],
        "rows": volume.size[1],
        "frames": [float(volume.size[2] * volume.times)],
        "spacing": step[2:0:-1],
        "between": [step[3]],
        "qform": said["qform_code"],
        "sform": said["sform_code"],
        "direction": rows,
        "kind": volume.kind,
        "odd": [] if all(one is not None for one in (*rows, *step)) else ["geometry"],
        "years": [],
        "described_sides": [],
    }


def _real(value: Any) -> float | None:
    return None if isinstance(value, str) else float(value)
