"""Small label files of medical formats, made from their specifications, and what every reader must bear."""

from __future__ import annotations

import copy
import gzip
import io
import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import UsageError, codes
from curator.labels.item import ORIGINS, Item, Refused

#: Planted into free texts; none may come out in an error or a place.
SECRETS = ("Zebulon", "Quackenbush", "4711-0815", "zq@hospital.example")
SECRET = "Zebulon^Quackenbush 4711-0815 zq@hospital.example"


def everything(reader: Any, path: Path) -> list[Item | Refused]:
    """Read all, and check what holds for every reader."""
    found = list(reader.read(path))
    ids = [item.label_id for item in found if isinstance(item, Item)]
    assert len(ids) == len(set(ids))
    for item in found:
        assert not any(secret.lower() in item.place.lower() for secret in SECRETS)
        if isinstance(item, Refused):
            assert item.code in codes()
            assert not any(secret.lower() in str(item.facts).lower() for secret in SECRETS)
        else:
            assert item.origin in ORIGINS
            assert len(item.label_id) <= 100
            assert set(item.label_id) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-")
    return found


def attack(reader: Any, data: bytes, path: Path, rounds: int = 150) -> dict[str, int]:
    """Cut and change a file at many places: only coded errors may come out. Returns how often it was which."""
    dice = random.Random(20260101)
    outcomes: dict[str, int] = {}
    for turn in range(rounds):
        if turn % 3 == 0:
            broken = data[: dice.randrange(len(data))]
        else:
            changed = bytearray(data)
            for _ in range(dice.randrange(1, 6)):
                changed[dice.randrange(len(changed))] = dice.choice((0, 1, 0x20, 0x39, 0x7F, 0xFF, dice.randrange(256)))
            broken = bytes(changed)
        path.write_bytes(broken)
        error = None
        try:
            everything(reader, path)
        except UsageError as raised:
            error = raised
        outcome = "read" if error is None else error.code
        assert error is None or error.code in codes()
        assert not any(secret.lower() in str(error).lower() for secret in SECRETS)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes


def mistyped(document: Any) -> Iterator[Any]:
    """Yield a JSON document again and again, each time with one value of another type."""

    def places(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        yield path
        inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in inner:
            yield from places(value, (*path, key))

    for path in list(places(document, ())):
        for wrong in (None, True, 7, -1, 10**30, SECRET, [], [SECRET], {}, {"a": 1}):
            if not path:
                yield wrong
                continue
            made = copy.deepcopy(document)
            node = made
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = wrong
            yield made


def nifti(
    voxels: bytes,
    size: tuple[int, ...],
    *,
    datatype: int = 2,
    order: str = "<",
    slope: float = 0,
    inter: float = 0,
    extension: bytes = b"",
    description: str = "",
) -> bytes:
    """Return a NIfTI-1 file (nifti1.h)."""
    bits = {2: 8, 4: 16, 8: 32, 16: 32, 64: 64, 256: 8, 512: 16, 768: 32, 1024: 64, 1280: 64, 128: 24}[datatype]
    header = bytearray(348)
    struct.pack_into(order + "i", header, 0, 348)
    struct.pack_into(order + "8h", header, 40, len(size), *size, *[1] * (7 - len(size)))
    struct.pack_into(order + "2h", header, 70, datatype, bits)
    struct.pack_into(order + "8f", header, 76, 1, 0.7, 0.7, 2.5, 0, 0, 0, 0)
    struct.pack_into(order + "3f", header, 108, 352 + len(extension), slope, inter)
    header[148 : 148 + len(description)] = description.encode()
    struct.pack_into(order + "2h", header, 252, 0, 1)
    struct.pack_into(order + "12f", header, 280, 0.7, 0, 0, -10, 0, 0.7, 0, -20, 0, 0, 2.5, 30.1)
    header[344:348] = b"n+1\0"
    return bytes(header) + (b"\1\0\0\0" if extension else bytes(4)) + extension + voxels


def nifti2(voxels: bytes, size: tuple[int, ...]) -> bytes:
    """Return a NIfTI-2 file of bytes (nifti2.h)."""
    header = bytearray(540)
    struct.pack_into("<i", header, 0, 540)
    header[4:12] = b"n+2\0\r\n\x1a\n"
    struct.pack_into("<2h", header, 12, 2, 8)
    struct.pack_into("<8q", header, 16, len(size), *size, *[1] * (7 - len(size)))
    struct.pack_into("<8d", header, 104, 1, 0.7, 0.7, 2.5, 0, 0, 0, 0)
    struct.pack_into("<q", header, 168, 544)
    return bytes(header) + bytes(4) + voxels


def nrrd(voxels: bytes, sizes: str, lines: str = "", *, kind: str = "uint8", encoding: str = "raw") -> bytes:
    """Return an NRRD file with an attached header."""
    packed = gzip.compress(voxels) if encoding == "gzip" else voxels
    head = f"NRRD0004\n# made for a test\ntype: {kind}\ndimension: {len(sizes.split())}\nsizes: {sizes}\n"
    return (head + f"endian: little\nencoding: {encoding}\n{lines}\n").encode() + packed


def coded(value: str, system: str, meaning: str) -> Any:
    """Return a code sequence."""
    from pydicom.dataset import Dataset
    from pydicom.sequence import Sequence

    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, system, meaning
    return Sequence([item])


def fields(**values: Any) -> Any:
    """Return a data set of keywords and values; lists of data sets become sequences."""
    from pydicom.dataset import Dataset

    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def file_of(dataset: Any, sop_class: str, syntax: str = "1.2.840.10008.1.2.1") -> bytes:
    """Return a DICOM file."""
    from pydicom.dataset import FileMetaDataset

    dataset.SOPClassUID, dataset.SOPInstanceUID = sop_class, "1.2.3.4"
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, meta.TransferSyntaxUID = sop_class, "1.2.3.4", syntax
    dataset.file_meta = meta
    stream = io.BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()
