"""Kinds of place in a DICOM file where an identifier may stand, each a small function that puts given bytes there.

The list is explicit, so that "none of N leaks" can be read and argued with. It knows nothing of how the product works:
data sets are pydicom's, and what pydicom would refuse is put in as raw bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag

Plant = Callable[[Dataset, bytes], None]
#: (whole file, value, whether its VRs are explicit, whether it is little endian) -> the file with the value in it.
Wrap = Callable[[bytes, bytes, bool, bool], bytes]

_LONG = {"OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UN", "UC", "UR", "UT", "SV", "UV"}
DESCRIPTORS, PRIVATE, REPORTS, GRAPHICS = (
    "clean_descriptors",
    "retain_safe_private",
    "clean_structured_content",
    "clean_graphics",
)
DEVICE, INSTITUTION, UIDS = "retain_device_identity", "retain_institution_identity", "retain_uids"


@dataclass(frozen=True)
class Place:
    """A kind of place.

    Parameters
    ----------
    plant
        Puts a value into a data set.
    wrap
        Puts a value into the written file instead.
    kept
        The attribute stays under every policy: only comparison and telling forms take a value out of it.
    opens
        Options of a policy under which the attribute stays likewise; without them its whole value goes.
    held
        The file may be held back for what is put here, so no output is asked for.
    numbers
        Any number may stand there lawfully: a bare one is known for an identifier only by comparison.
    blind
        False where an unknown person's values are not looked for: the bytes of a table.
    """

    plant: Plant | None = None
    wrap: Wrap | None = None
    kept: bool = False
    opens: frozenset[str] = frozenset()
    held: bool = False
    numbers: bool = False
    blind: bool = True

    def stays(self, options: frozenset[str]) -> bool:
        """Say whether the attribute stays under a policy with these options switched on."""
        return self.kept or bool(self.opens & options)

    def compares(self, value: bytes) -> bool:
        """Say whether a known person's value must not come out of here: in a table's bytes only ASCII is compared."""
        return self.blind or value.isascii()

    def hides(self, value: bytes, options: frozenset[str], *, telling: bool) -> bool:
        """Say whether a value of an unknown person must not come out of here; ``telling`` when its form tells of it."""
        if self.numbers and value.isdigit():
            return False
        return self.blind and (telling or not self.stays(options))


def padded(value: bytes, vr: str) -> bytes:
    """A value of even length."""
    return value + (b"\0" if vr in {"OB", "UN", "UI"} else b" ") * (len(value) % 2)


def put(dataset: Dataset, tag: int, vr: str, value: bytes) -> None:
    """Set an element to bytes that nobody checks."""
    dataset._dict[Tag(tag)] = RawDataElement(Tag(tag), vr, len(value), value, 0, False, True)


def element(tag: int, vr: str, value: bytes, *, explicit: bool = True, little: bool = True) -> bytes:
    """One encoded element."""
    order = "<" if little else ">"
    value = padded(value, vr)
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if not explicit:
        return head + struct.pack(order + "L", len(value)) + value
    if vr in _LONG:
        return head + vr.encode() + struct.pack(order + "HL", 0, len(value)) + value
    return head + vr.encode() + struct.pack(order + "H", len(value)) + value


def _into(dataset: Dataset, path: tuple[int, ...], undefined: bool = False) -> Dataset:
    """Return a new item below a chain of sequences; what is there already is lost."""
    for tag in path:
        item = Dataset()
        item.is_undefined_length_sequence_item = undefined
        made = DataElement(tag, "SQ", Sequence([item]))
        made.is_undefined_length = undefined
        dataset[tag] = made
        dataset = item
    return dataset


def at(
    tag: int,
    vr: str,
    *within: int,
    form: bytes = b"%s",
    kept: bool = False,
    opens: str = "",
    held: bool = False,
    undefined: bool = False,
    numbers: bool = False,
    blind: bool = True,
) -> Place:
    """An element, inside a chain of sequences when there are some; ``form`` is what stands around the value."""

    def plant(dataset: Dataset, value: bytes) -> None:
        put(_into(dataset, within, undefined), tag, vr, padded(form.replace(b"%s", value), vr))

    return Place(plant, None, kept, frozenset(opens.split()), held, numbers, blind)


def private(
    vr: str, *, creator: bytes = b"ACME 1.1", tag: int = 0x00291010, within: tuple[int, ...] = (), opens: str = ""
) -> Place:
    """A private element with its creator."""

    def plant(dataset: Dataset, value: bytes) -> None:
        home = _into(dataset, within)
        put(home, tag & 0xFFFF0000 | (tag >> 8 & 0xFF), "LO", padded(creator.replace(b"%s", value), "LO"))
        put(home, tag, vr, padded(value, vr))

    return Place(plant, opens=frozenset(opens.split()))


def code(tag: int, *, kept: bool = False, opens: str = "") -> Place:
    """The meaning of a code in a sequence."""

    def plant(dataset: Dataset, value: bytes) -> None:
        item = _into(dataset, (tag,))
        item.CodeValue, item.CodingSchemeDesignator = "1", "99ACME"
        put(item, 0x00080104, "LO", padded(value, "LO"))

    return Place(plant, kept=kept, opens=frozenset(opens.split()))


def _un_sequence(dataset: Dataset, value: bytes) -> None:
    inner = element(0x00100010, "PN", value, explicit=False)
    put(dataset, 0x0018A001, "UN", struct.pack("<HHL", 0xFFFE, 0xE000, len(inner)) + inner)


def _private_sequence(dataset: Dataset, value: bytes) -> None:
    put(dataset, 0x00290010, "LO", b"ACME 1.1")
    put(_into(dataset, (0x00291020, 0x00081140)), 0x00104000, "LT", padded(value, "LT"))


def _without_creator(dataset: Dataset, value: bytes) -> None:
    put(dataset, 0x00290010, "LO", b"SIEMENS MR HEADER ")
    put(dataset, 0x0029110C, "LO", padded(value, "LO"))


def _overlay(tag: int, vr: str) -> Place:
    def plant(dataset: Dataset, value: bytes) -> None:
        dataset.add_new(0x60000010, "US", 2)
        dataset.add_new(0x60000011, "US", 2)
        put(dataset, tag, vr, padded(value, vr))

    return Place(plant)


def _several(tag: int, vr: str, **more: str) -> Place:
    return at(tag, vr, form=b"A1\\%s\\B2", opens=more.get("opens", ""))


def _report(tag: int, vr: str, kind: str, *within: int) -> Place:
    def plant(dataset: Dataset, value: bytes) -> None:
        item = _into(dataset, (0x0040A730, *within))
        item.RelationshipType, item.ValueType = "CONTAINS", kind
        put(item, tag, vr, padded(value, vr))

    return Place(plant, opens=frozenset({REPORTS}))


def _preamble(before: bytes) -> Wrap:
    return lambda data, value, _, __: (before + value)[:128].ljust(128, b"\0") + data[128:]


def _archive(data: bytes, value: bytes, *_: bool) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("letter.txt", value * 20)
    return data + out.getvalue()


def _meta(tag: int, vr: str) -> Wrap:
    def wrap(data: bytes, value: bytes, *_: bool) -> bytes:
        extra = element(tag, vr, value[:16] if vr in {"AE", "SH"} else value)
        length = struct.unpack_from("<L", data, 140)[0]
        body = data[144 : 144 + length]
        at_, parts = 0, {}
        while at_ < length:
            found = struct.unpack_from("<HH", body, at_)
            vr_ = body[at_ + 4 : at_ + 6].decode()
            if vr_ in _LONG:
                size = 12 + struct.unpack_from("<L", body, at_ + 8)[0]
            else:
                size = 8 + struct.unpack_from("<H", body, at_ + 6)[0]
            parts[found[0] << 16 | found[1]] = body[at_ : at_ + size]
            at_ += size
        parts[tag] = extra
        if tag == 0x00020102:
            parts[0x00020100] = element(0x00020100, "UI", b"1.2.3")
        made = b"".join(parts[key] for key in sorted(parts))
        return data[:140] + struct.pack("<L", len(made)) + made + data[144 + length :]

    return wrap


def _in_front(tag: int, vr: str) -> Wrap:
    def wrap(data: bytes, value: bytes, explicit: bool, little: bool) -> bytes:
        start = 144 + struct.unpack_from("<L", data, 140)[0]
        return data[:start] + element(tag, vr, value, explicit=explicit, little=little) + data[start:]

    return wrap


def _behind(tag: int, vr: str) -> Wrap:
    return lambda data, value, explicit, little: data + element(tag, vr, value, explicit=explicit, little=little)


PLACES: dict[str, Place] = {
    # the person
    "patient name": at(0x00100010, "PN"),
    "patient name, other component groups": at(0x00100010, "PN", form=b"A^B=%s=%s"),
    "patient id": at(0x00100020, "LO"),
    "issuer of patient id": at(0x00100021, "LO"),
    "birth date": at(0x00100030, "DA"),
    "birth date in another calendar": at(0x00100033, "LO"),
    "other patient ids": _several(0x00101000, "LO"),
    "other patient ids sequence": at(0x00100020, "LO", 0x00101002),
    "other patient names": _several(0x00101001, "PN"),
    "birth name": at(0x00101005, "PN"),
    "mother's birth name": at(0x00101060, "PN"),
    "patient address": at(0x00101040, "LO"),
    "patient telephone numbers": at(0x00102154, "SH"),
    "patient telecom information": at(0x00102155, "LT"),
    "medical record locator": at(0x00101090, "LO"),
    "insurance plan": at(0x00101050, "LO"),
    "patient comments": at(0x00104000, "LT", form=b"call %s today", opens=DESCRIPTORS),
    "additional patient history": at(0x001021B0, "LT", form=b"history of %s", opens=DESCRIPTORS),
    "medical alerts": at(0x00102000, "LO", opens=DESCRIPTORS),
    "occupation": at(0x00102180, "SH", opens=DESCRIPTORS),
    "ethnic group": at(0x00102160, "SH"),
    "age misused": at(0x00101010, "AS"),
    "responsible person": at(0x00102297, "PN"),
    "clinical trial subject": at(0x00120040, "LO"),
    "clinical trial site name": at(0x00120031, "LO", opens=INSTITUTION),
    # the study
    "accession number": at(0x00080050, "SH"),
    "study id": at(0x00200010, "SH"),
    "study date": at(0x00080020, "DA"),
    "study time misused": at(0x00080030, "TM"),
    "acquisition date and time": at(0x0008002A, "DT"),
    "study description": at(0x00081030, "LO", form=b"head of %s", opens=DESCRIPTORS),
    "series description": at(0x0008103E, "LO", opens=DESCRIPTORS),
    "protocol name": at(0x00181030, "LO", opens=DESCRIPTORS),
    "image comments": at(0x00204000, "LT", opens=DESCRIPTORS),
    "reason for the study": at(0x00321030, "LO", opens=DESCRIPTORS),
    "requested procedure description": at(0x00321060, "LO", opens=DESCRIPTORS),
    "admitting diagnoses": at(0x00081080, "LO", opens=DESCRIPTORS),
    "acquisition device processing description": at(0x00181400, "LO", opens=DESCRIPTORS),
    "derivation description": at(0x00082111, "ST", opens=DESCRIPTORS),
    "request attributes, step description": at(0x00400007, "LO", 0x00400275, opens=DESCRIPTORS),
    "request attributes, procedure id": at(0x00401001, "SH", 0x00400275),
    "performed step id": at(0x00400253, "SH"),
    "performed step description": at(0x00400254, "LO", opens=DESCRIPTORS),
    "requesting service": at(0x00321033, "LO"),
    "current patient location": at(0x00380300, "LO"),
    "admission id": at(0x00380010, "LO"),
    "visit comments": at(0x00384000, "LT", opens=DESCRIPTORS),
    # the staff and the house
    "referring physician": at(0x00080090, "PN"),
    "operators, several": _several(0x00081070, "PN"),
    "telephone in person identification": at(0x00401103, "LO", 0x00081072),
    "address in person identification": at(0x00401102, "ST", 0x00081072),
    "code meaning in person identification": at(0x00080104, "LO", 0x00081072, 0x00401101),
    "institution name": at(0x00080080, "LO", opens=INSTITUTION),
    "institution address": at(0x00080081, "ST", opens=INSTITUTION),
    "institution code": code(0x00080082, opens=INSTITUTION),
    "department name": at(0x00081040, "LO", opens=INSTITUTION),
    "station name": at(0x00081010, "SH", opens=DEVICE),
    "device serial number": at(0x00181000, "LO", opens=DEVICE),
    "detector id": at(0x0018700A, "SH", opens=DEVICE),
    "retrieve application entity": at(0x00080054, "AE"),
    "network address of a time server": at(0x00181803, "LO"),
    "contributing equipment": at(0x00080080, "LO", 0x0018A001, opens=INSTITUTION),
    "contribution description": at(0x0018A003, "ST", 0x0018A001, opens=DESCRIPTORS),
    # depth, and sequences that no rule names
    "name in an unlisted sequence": at(0x00100010, "PN", 0x00082218),
    "name in a sequence of undefined length": at(0x00100010, "PN", 0x0018A001, undefined=True),
    "nested three deep": at(0x00104000, "LT", 0x00081115, 0x00081199, 0x00400275, opens=DESCRIPTORS),
    "nested twelve deep": at(0x00100020, "LO", *(0x00081115, 0x0008114A) * 6),
    "functional groups": at(0x00100010, "PN", 0x52009230, 0x00209111),
    "unknown sequence": at(0x00100010, "PN", 0x00997770),
    "sequence written as UN": Place(_un_sequence, held=True),
    "purpose of reference, code meaning": at(0x00080104, "LO", 0x00081140, 0x0040A170, kept=True),
    # value representations that lie
    "text written as UN": at(0x00081030, "UN", opens=DESCRIPTORS),
    "comments written as UN": at(0x00104000, "UN", opens=DESCRIPTORS),
    "decimal string misused": at(0x00180050, "DS", numbers=True),
    "integer string misused": at(0x00200013, "IS", numbers=True),
    "text in a window center": at(0x00281050, "DS", form=b"40\\%s", numbers=True),
    "uid misused": at(0x00081167, "UI", opens=UIDS),
    "pointer misused": at(0x00280009, "AT"),
    "text where whole numbers belong": at(0x00280106, "LO"),
    "text where the rows belong": at(0x00280010, "LO", held=True),
    "value behind a NUL": at(0x00080070, "LO", form=b"ACME\0%s"),
    "character set": Place(lambda data, value: put(data, 0x00080005, "CS", padded(value.replace(b"\0", b""), "CS"))),
    "date misused in a date range": at(0x00080022, "DA", form=b"19990101-%s"),
    "group length misused": at(0x00080000, "UL"),
    # private
    "private text": private("LO"),
    "private name": private("PN"),
    "private bytes": private("OB"),
    "private unknown": private("UN"),
    "private date": private("DA"),
    "private creator": private("LO", creator=b"%s"),
    "private sequence": Place(_private_sequence),
    "private element in a public sequence": private("LO", within=(0x00081140,)),
    "private element without a creator": Place(_without_creator),
    "safe private number, misused": private("IS", creator=b"SIEMENS MR HEADER ", tag=0x0019100C),
    "safe private decimal, misused": private("DS", creator=b"ELSCINT1", tag=0x01E11026),
    "safe private text": private("SH", creator=b"GEMS_PARM_01", tag=0x00431027, opens=PRIVATE),
    "safe creator, unsafe element": private("LO", creator=b"GEMS_PARM_01", tag=0x004310FE),
    "safe private number written as UN": private("UN", creator=b"SIEMENS MR HEADER ", tag=0x0019100C),
    "creator that begins like a safe one": private("SH", creator=b"GEMS_PARM_01 %s", tag=0x00431027),
    # bytes and blocks
    "overlay label": _overlay(0x60001500, "LO"),
    "overlay description": _overlay(0x60000022, "LO"),
    "overlay comments": _overlay(0x60004000, "LT"),
    "overlay data": _overlay(0x60003000, "OW"),
    "curve description": at(0x50000022, "LO"),
    "curve data": at(0x50003000, "OW"),
    "audio comments": at(0x50002500, "LO"),
    "icon image, pixels": at(0x7FE00010, "OW", 0x00880200),
    "icon image, palette": at(0x00281201, "OW", 0x00880200),
    "icon image, name": at(0x00100010, "PN", 0x00880200),
    "digital signature, certificate": at(0x04000115, "OB", 0xFFFAFFFA),
    "digital signature, time": at(0x04000105, "DT", 0xFFFAFFFA),
    "mac parameters": at(0x04000015, "CS", 0x4FFE0001),
    "encrypted attributes": at(0x04000520, "OB", 0x04000500),
    "encrypted content alone": at(0x04000520, "OB"),
    "original attributes, name": at(0x00100010, "PN", 0x04000561, 0x04000550),
    "original attributes, system": at(0x04000563, "LO", 0x04000561),
    "original attributes, nonconforming value": at(0x04000552, "OB", 0x04000561, 0x04000551),
    "encapsulated document in an image": at(0x00420011, "OB", held=True),
    "document title": at(0x00420010, "ST", opens=DESCRIPTORS),
    "source of a document, uid": at(0x00081155, "UI", 0x00420013, opens=UIDS),
    "color profile": at(0x00282000, "OB", form=b"acsp" * 40 + b"%s"),
    "trailing padding": at(0xFFFCFFFC, "OB"),
    "waveform padding": at(0x5400100A, "OB"),
    "spectrum where none belongs": at(0x04000310, "OB"),
    "directory record type": at(0x00041500, "CS", held=True),
    "file-set id": at(0x00041130, "CS", held=True),
    "file meta inside": Place(wrap=_in_front(0x00020016, "AE"), held=True),
    "group 0003": at(0x00030010, "LO"),
    "unknown even group": at(0x00995020, "LO"),
    "unknown element of a known group": at(0x00080FFE, "LO"),
    "storage media file-set id": at(0x00880130, "SH"),
    # reports, drawings, other objects
    "report, text": _report(0x0040A160, "UT", "TEXT"),
    "report, person name": _report(0x0040A123, "PN", "PNAME"),
    "report, date": _report(0x0040A121, "DA", "DATE"),
    "report, code meaning": _report(0x00080104, "LO", "CODE", 0x0040A168),
    "report, concept name": _report(0x00080104, "LO", "TEXT", 0x0040A043),
    "report, text three deep": _report(0x0040A160, "UT", "TEXT", 0x0040A730, 0x0040A730),
    "report, verifying organization": at(0x0040A027, "LO", 0x0040A073),
    "report, verifying observer": at(0x0040A075, "PN", 0x0040A073),
    "report, author": at(0x0040A123, "PN", 0x0040A078),
    "acquisition context": at(0x0040A160, "UT", 0x00400555, opens=f"{REPORTS} {DESCRIPTORS}"),
    "graphic annotation, text": at(0x00700006, "ST", 0x00700001, 0x00700008, opens=GRAPHICS),
    "graphic layer description": at(0x00700068, "LO", 0x00700060, opens=f"{GRAPHICS} {DESCRIPTORS}"),
    "content label": at(0x00700080, "CS", opens=DESCRIPTORS),
    "content description": at(0x00700081, "LO", opens=DESCRIPTORS),
    "content creator": at(0x00700084, "PN"),
    "waveform annotation": at(0x00700006, "ST", 0x0040B020, opens=f"{GRAPHICS} {DESCRIPTORS}"),
    "waveform channel label": at(0x003A0203, "SH", 0x54000100, 0x003A0200, opens=DESCRIPTORS),
    "specimen identifier": at(0x00400551, "LO", 0x00400560),
    "specimen, detailed description": at(0x00400602, "UT", 0x00400560, opens=DESCRIPTORS),
    "specimen preparation, text": at(0x0040A160, "UT", 0x00400560, 0x00400610, 0x00400612, opens=REPORTS),
    "container identifier": at(0x00400512, "LO"),
    "barcode": at(0x22000005, "LT"),
    "slide label text": at(0x22000002, "UT"),
    "structure set label": at(0x30060002, "SH", opens=DESCRIPTORS),
    "region of interest name": at(0x30060026, "LO", 0x30060020, opens=DESCRIPTORS),
    "region of interest description": at(0x30060028, "ST", 0x30060020, opens=DESCRIPTORS),
    "plan label": at(0x300A0002, "SH", opens=DESCRIPTORS),
    "beam name": at(0x300A00C2, "LO", 0x300A00B0, opens=DESCRIPTORS),
    "treatment machine": at(0x300A00B2, "SH", 0x300A00B0, opens=DEVICE),
    "dose comment": at(0x30040006, "LO", opens=DESCRIPTORS),
    "approval, reviewer": at(0x300E0008, "PN"),
    "segment description": at(0x00620006, "ST", 0x00620002, opens=DESCRIPTORS),
    "tracking id": at(0x00620020, "UT", 0x00620002, opens=DESCRIPTORS),
    "hanging protocol selector": at(0x0072006A, "PN", 0x00720022),
    "web address": at(0x00081190, "UR", form=b"https://host.example/%s"),
    "de-identification method of another program": at(0x00120063, "LO"),
    "software versions": at(0x00181020, "LO", opens=f"{DEVICE} {DESCRIPTORS}"),
    "retired text": at(0x00184000, "LT", opens=DESCRIPTORS),
    "retired identifying comments": at(0x00084000, "LT", opens=DESCRIPTORS),
    # texts that stay
    "manufacturer": at(0x00080070, "LO", kept=True),
    "model name": at(0x00081090, "LO", kept=True),
    "body part": at(0x00180015, "CS", kept=True),
    "scan options": at(0x00180022, "CS", form=b"FAST\\%s", kept=True),
    "convolution kernel": at(0x00181210, "SH", kept=True),
    "image type": at(0x00080008, "CS", form=b"ORIGINAL\\PRIMARY\\%s", kept=True),
    "window explanation": at(0x00281055, "LO", kept=True),
    "code meaning of an anatomic region": code(0x00082218, kept=True),
    "segment label": at(0x00620005, "LO", 0x00620002, kept=True),
    "lookup table explanation": at(0x00283003, "LO", 0x00283000, kept=True),
    "lookup table bytes": at(0x00283006, "OW", 0x00283010, kept=True, blind=False),
    # around the data set
    "preamble": Place(wrap=_preamble(b"")),
    "preamble that begins a PDF": Place(wrap=_preamble(b"%PDF-1.7\n% ")),
    "preamble that begins a ZIP": Place(wrap=_preamble(b"PK\3\4\x14\0\0\0\0\0")),
    "preamble that begins a TIFF": Place(wrap=_preamble(b"II*\0\x10\0\0\0")),
    "trailing bytes": Place(wrap=lambda data, value, *_: data + value, held=True),
    "trailing archive": Place(wrap=_archive, held=True),
    "trailing file": Place(wrap=lambda data, value, *_: data + _preamble(b"")(data, value, True, True), held=True),
    "element behind the last one": Place(wrap=_behind(0x7FE10010, "LO"), held=True),
    "second patient name behind the last element": Place(wrap=_behind(0x00100010, "PN"), held=True),
    "file meta, source application entity": Place(wrap=_meta(0x00020016, "AE")),
    "file meta, implementation version": Place(wrap=_meta(0x00020013, "SH")),
    "file meta, private information": Place(wrap=_meta(0x00020102, "OB")),
    "file meta, instance uid": Place(wrap=_meta(0x00020003, "UI")),
    "file meta, unknown element": Place(wrap=_meta(0x00020F01, "LO"), held=True),
}  # fmt: skip
