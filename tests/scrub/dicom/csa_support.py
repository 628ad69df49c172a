"""Writes CSA headers of both versions as scanners do, and reads them by the published layout."""

from __future__ import annotations

import struct

#: (name, values by the format, VR, syngo data type, items)
Entry = tuple[str, int, str, int, list[str]]

SOURCE: list[Entry] = [
    ("EchoLinePosition", 1, "IS", 6, ["64"]),
    ("B_value", 1, "IS", 6, ["1000"]),
    ("ICE_Dims", 1, "LO", 19, ["X_1_1_1"]),
    ("DiffusionGradientDirection", 3, "FD", 4, ["0.99997449", "0.00505012", "-0.00505012"]),
    ("DiffusionDirectionality", 1, "CS", 16, ["DIRECTIONAL"]),
    ("SliceNormalVector", 3, "FD", 4, ["0.0", "0.00523632", "0.99998629"]),
    ("NumberOfImagesInMosaic", 1, "US", 10, ["48"]),
    ("AcquisitionMatrixText", 1, "SH", 22, ["128p*128"]),
    ("MosaicRefAcqTimes", 0, "FD", 4, ["6487.49999999", "6350.00000001", "6212.5", "6075", "0", "12.5", "30"]),
    ("Filter1", 1, "IS", 6, []),
    ("PixelFileName", 1, "UN", 0, []),
]


def header(entries: list[Entry], *, second: bool = True, residue: bytes = b"") -> bytes:
    """A header as scanners write it: items padded to six, memory residue behind the end of each text."""
    out = [b"SV10\4\3\2\1" if second else b"", struct.pack("<2I", len(entries), 77)]
    extra = max(6, len(entries[0][4])) if entries and entries[0][4] else 0
    for name, values, vr, syngo, items in entries:
        slots = items + [""] * (6 - len(items)) if items else []
        head = name.encode("latin-1") + b"\0" + residue
        out.append(struct.pack("<64si4s3i", head[:64], values, vr.encode(), syngo, len(slots), 77 if items else 205))
        for item in slots:
            data = item.encode("latin-1") + b"\0" + residue if item else b""
            numbers = (len(data), len(data), 77, len(data)) if second else (len(data) + extra, len(data), 77, 0)
            out.append(struct.pack("<4i", *numbers))
            out.append(data + (residue + bytes(3))[: -len(data) % 4])
    return b"".join(out)


def texts(data: bytes) -> dict[str, tuple[int, str, int, list[str]]]:
    """Read a CSA2 header strictly: name to (values by the format, VR, syngo data type, items)."""
    assert data[:8] == b"SV10\4\3\2\1"
    count, check = struct.unpack_from("<2I", data, 8)
    assert check == 77
    at, found = 16, {}
    for _ in range(count):
        name, values, vr, syngo, items, check = struct.unpack_from("<64si4s3i", data, at)
        assert check in {77, 205}
        at += 84
        read = []
        for _ in range(items):
            first, length, check, last = struct.unpack_from("<4i", data, at)
            assert (first, check, last) == (length, 77, length)
            text = data[at + 16 : at + 16 + length]
            assert text.endswith(b"\0")
            at += 16 + length
            assert not data[at : at + -length % 4].strip(b"\0")
            at += -length % 4
            read.append(text[:-1].decode("ascii"))
        assert not name[len(name.split(b"\0")[0]) :].strip(b"\0")
        found[name.split(b"\0")[0].decode("ascii")] = (values, vr.rstrip(b"\0").decode("ascii"), syngo, read)
    assert at == len(data)
    return found
