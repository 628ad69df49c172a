"""A made-up person, real files, policies, and the search of an output for what was planted.

Searched are the bytes as they are, read backwards, with the bytes of each 16, 32 and 64 bit word swapped, everything
that inflates, in 8 and 16 bits a character, in any case, and with all but letters and digits left out. Shares no
code with the product.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import tomllib
import warnings
import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import pydicom
from places import Place
from pydicom.dataset import Dataset
from pydicom.uid import ImplicitVRLittleEndian

from curator.core.errors import ItemError, UsageError
from curator.scrub.dicom import Rewritten, Subject
from curator.scrub.dicom.harvest import harvest
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.policy import Policy
from curator.scrub.policy.load import bundled, parse_policy
from curator.scrub.policy.model import Dates

DATA = Path(pydicom.__file__).parent / "data" / "test_files"
#: Real files of many kinds: CT, MR in five encodings, deflated, color, multiframe, dose, plan, structures,
#: segments, reports, waveforms, JPEG 2000, JPEG-LS and JPEG.
BASES = (
    "CT_small.dcm", "MR_small.dcm", "MR_small_implicit.dcm", "MR_small_bigendian.dcm", "MR_small_RLE.dcm",
    "image_dfl.dcm", "SC_rgb_small_odd.dcm", "JPEG2000.dcm", "SC_rgb_rle_2frame.dcm", "rtdose.dcm", "rtdose_expb.dcm",
    "rtplan.dcm", "rtstruct.dcm", "liver_1frame.dcm", "liver_expb_1frame.dcm", "test-SR.dcm", "reportsi.dcm",
    "waveform_ecg.dcm", "MR_small_jpeg_ls_lossless.dcm", "SC_rgb_jpeg_gdcm.dcm",
)  # fmt: skip

#: One made-up person as headers tell of them.
HEADER = {
    "PatientName": "Quillfeather^Zebediah^Orlo",
    "PatientID": "ZQ-7718204",
    "PatientBirthDate": "19570311",
    "PatientAddress": "48 Wexcombe Orchard Lane",
    "PatientTelephoneNumbers": "(617)555-0148",
    "PatientTelecomInformation": "zq.feather@wexmail.example",
    "AccessionNumber": "ACC9940518",
}
#: Kind -> how the value may be spelled where it stands.
SPELLINGS: dict[str, tuple[bytes, ...]] = {
    "name": (
        b"Quillfeather^Zebediah", b"Zebediah Quillfeather", b"QUILLFEATHER, Z.", b"QUILLFEATHER", b"zquillfeather",
        b"Q U I L L F E A T H E R", b"Quillf\xebather", b"ZEBEDIAH", b"Q\0u\0i\0l\0l\0f\0e\0a\0t\0h\0e\0r\0",
    ),
    "record number": (b"ZQ-7718204", b"ZQ7718204", b"7718204", b"MRN: 7718204", b"0007718204"),
    "birth date": (b"19570311", b"1957-03-11", b"11.03.1957", b"3/11/1957", b"11 Mar 1957", b"March 11, 1957"),
    "telephone": (b"(617)555-0148", b"617-555-0148", b"+1 617 555 0148", b"617.555.0148"),
    "address": (b"48 Wexcombe Orchard Lane", b"48 WEXCOMBE ORCHARD LANE"),
    "mail": (b"zq.feather@wexmail.example", b"ZQ.FEATHER@WEXMAIL.EXAMPLE"),
    "accession number": (b"ACC9940518", b"9940518"),
}  # fmt: skip
#: What must stand in no output, letters and digits alone. Found in the squeezed bytes of the output.
CORES: dict[str, tuple[bytes, ...]] = {
    "name": (b"quillfeather", b"zebediah", b"quillfather"),  # the accented letter is squeezed away
    "record number": (b"7718204",),
    "birth date": (b"19570311", b"11031957", b"3111957", b"11mar1957", b"march111957"),
    "telephone": (b"6175550148",),
    "address": (b"wexcombe",),
    "mail": (b"wexmail",),
    "accession number": (b"9940518",),
}
#: What tells by its form whose nobody knows: gone from every kept text, also without a header that knows it.
TELLING = ("birth date", "telephone", "mail")

#: Options of PS3.15 Annex E that change what stays of a header. Those that are not carried out yet are refused.
OPTIONS = (
    "retain_safe_private",
    "retain_uids",
    "retain_device_identity",
    "retain_institution_identity",
    "clean_graphics",
    "clean_structured_content",
    "clean_descriptors",
)


def policy_text(*options: str, dates: str = "year", patient: bool = True) -> str:
    """Return a policy as TOML with options switched on."""
    lines = [
        "format = 1",
        f"name = '{'-'.join(option.replace('_', '') for option in options)[:30] or 'plain'}'",
        "title = 'Options under attack'",
        "[options]",
        f"dates = '{dates}'",
        "ages = 'cap'",
        f"patient_characteristics = {str(patient).lower()}",
        *(f"{option} = true" for option in options),
    ]
    return "\n".join(lines)


@dataclass(frozen=True)
class Rules:
    """A policy, and the options of Annex E that are on in it."""

    policy: Policy
    options: frozenset[str]


@cache
def policies() -> dict[str, Rules]:
    """Every bundled policy, one for each option that is carried out, and all of these options together."""
    folder = resources.files("curator.scrub.policy").joinpath("data")
    texts = {name: folder.joinpath(f"{name}.toml").read_text(encoding="utf-8") for name in bundled()}
    texts["nothing retained"] = policy_text(dates="remove", patient=False)
    done = [option for option in OPTIONS if accepts(option)]
    texts |= {option: policy_text(option) for option in done}
    if len(done) > 1:
        texts |= {"all options": policy_text(*done), "all options, shifted": policy_text(*done, dates="shift")}
    return {name: rules(text) for name, text in texts.items()}


def rules(text: str) -> Rules:
    """Read a policy's text; an option is on when the text or the policy says so."""
    policy = parse_policy(text)
    said = tomllib.loads(text)["options"]
    on = {option for option in OPTIONS if said.get(option) is True or getattr(policy, option, False) is True}
    return Rules(policy, frozenset(on))


@cache
def accepts(option: str) -> bool:
    """Say whether an option is carried out; one that is not must be refused, never accepted in silence."""
    try:
        parse_policy(policy_text(option))
    except UsageError as error:
        if error.code != "POL-003":
            raise
        return False
    return True


@cache
def _source(name: str) -> bytes:
    return (DATA / name).read_bytes()


def base(name: str, *, header: bool) -> Dataset:
    """Read a real file; with ``header`` it is about the made-up person."""
    dataset = pydicom.dcmread(io.BytesIO(_source(name)), force=True)
    if header:
        for keyword, value in HEADER.items():
            setattr(dataset, keyword, value)
    if "TransferSyntaxUID" not in dataset.file_meta:
        dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    if not dataset.get("SOPInstanceUID"):
        dataset.SOPInstanceUID = "1.2.826.0.1.3680043.8.498.1"
    return dataset


def written(dataset: Dataset) -> bytes:
    """Write a data set with its raw elements as they are."""
    syntax = dataset.file_meta.TransferSyntaxUID
    dataset.set_original_encoding(syntax.is_implicit_VR, syntax.is_little_endian, dataset._character_set)
    out = io.BytesIO()
    pydicom.dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()


@dataclass(frozen=True)
class Planted:
    """A file with a value in it."""

    data: bytes
    pixels: bytes | None


def planted(place: Place, name: str, value: bytes, *, header: bool) -> Planted:
    """Put a value into a place of a real file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = base(name, header=header)
        if place.plant is not None:
            place.plant(dataset, value)
        data = written(dataset)
        syntax = dataset.file_meta.TransferSyntaxUID
    if place.wrap is not None:
        data = place.wrap(data, value, not syntax.is_implicit_VR, syntax.is_little_endian)
    return Planted(data, dataset.get("PixelData"))


def coder(old: str) -> str:
    """Map a UID."""
    return f"2.25.{int.from_bytes(hashlib.sha256(old.encode()).digest()[:16], 'big')}"


def scrubbed(data: bytes, policy: Policy, more: tuple[tuple[str, str], ...] = ()) -> Rewritten | ItemError:
    """Take a file through both passes; what holds it back is returned."""
    try:
        found = harvest(data)
        subject = Subject(
            patient="PABCDEFGHIJKLMNOP",
            over_89=found.over_89,
            shift_days=-1117,
            first_time=found.zero[1] if found.zero else None,
            known=(*found.known, *more),
            project_date="20260101",
            fallback_uid="2.25.1",
        )
        return rewrite(data, subject, policy, coder, accepted=True)
    except ItemError as error:
        return error


def person() -> tuple[tuple[str, str], ...]:
    """What another file of the same person has told."""
    return (
        ("accession", HEADER["AccessionNumber"]),
        ("address", HEADER["PatientAddress"]),
        ("birth_date", HEADER["PatientBirthDate"]),
        ("id", HEADER["PatientID"]),
        ("name", HEADER["PatientName"]),
        ("phone", HEADER["PatientTelecomInformation"]),
        ("phone", HEADER["PatientTelephoneNumbers"]),
    )


def tells(kind: str, policy: Policy) -> bool:
    """Say whether a kind of value must go under a policy: dates need not where they are kept."""
    return kind != "birth date" or policy.dates is not Dates.KEEP


def _swapped(data: bytes, size: int) -> bytes:
    whole = bytearray(data + bytes(-len(data) % size))
    for at in range(size // 2):
        whole[at::size], whole[size - 1 - at :: size] = whole[size - 1 - at :: size], whole[at::size]
    return bytes(whole)


def inflated(data: bytes) -> list[bytes]:
    """Return everything in the bytes that inflates: a deflated data set, and streams with their usual first bytes."""
    found = []
    if data[128:132] == b"DICM":
        starts = [(144 + struct.unpack_from("<L", data, 140)[0], -15)]
    else:
        starts = []
    starts += [(match.start(), 15) for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data)]
    starts += [(match.start(), 31) for match in re.finditer(rb"\x1f\x8b\x08", data)]
    starts += [(match.end() + 26, -15) for match in re.finditer(rb"PK\x03\x04", data)]
    for at, bits in starts:
        try:
            found.append(zlib.decompressobj(bits).decompress(data[at:], 1 << 24))
        except zlib.error:
            continue
    return found


def views(data: bytes) -> list[bytes]:
    """Return the bytes in every order and coding that is searched."""
    plain = [data, *inflated(data)]
    return [
        view.lower() for each in plain for view in (each, each[::-1], *(_swapped(each, size) for size in (2, 4, 8)))
    ]


_NO_WORD = bytes(code for code in range(256) if not (chr(code).isalnum() and code < 128))


def found_in(data: bytes, value: bytes, kind: str, pixels: bytes | None = None) -> bytes | None:
    """Return what of a planted value stands in bytes; the pixel bytes, which are compared elsewhere, are left out."""
    if pixels is not None and len(pixels) > 64:
        data = data.replace(bytes(pixels), b"")
    needles = {value.lower().strip(b"\0 ")}
    text = value.decode("latin-1").lower()
    needles |= {text.encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be")}
    for view in views(data):
        for needle in needles:
            if needle in view:
                return needle
        squeezed = view.translate(None, _NO_WORD)
        for core in CORES[kind]:
            if core in squeezed:
                return core
    return None
