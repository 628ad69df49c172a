"""What of an archive cannot be read is named: no member is lost without a word, wherever its bytes are damaged."""

import bz2
import functools
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.intake import archives, tars
from curator.intake.unpack import unpacker
from tests.intake.test_archives import tarred, zipped

NOTES = [(f"{n}.txt", f"Note {n}: potassium 4.{n}.\n".encode() * (n + 1)) for n in range(4)]
PACKERS = [lambda data: data, gzip.compress, bz2.compress, lzma.compress]


def told(packed):
    """Return what is read of an archive, and the codes of what is not."""
    stream = io.BytesIO(packed)
    read, codes = [], []
    for path, size, code in archives.listed(stream, b"box", len(packed)):
        if code is None:
            try:
                read.append(archives.inside(archives.Archive(stream), path.split(b"\0")[1:], size).read())
            except ItemError as error:
                code = error.code
        if code is not None:
            codes.append(code)
    return read, codes


def contents(count=4):
    return [data for _, data in NOTES[:count]]


def block_of(number):
    """Return where the header of a note stands in a tar of all of them."""
    return 1024 * number


@pytest.mark.parametrize("pack", PACKERS)
def test_a_damaged_header_of_a_tar_names_the_rest(pack):
    packed = bytearray(tarred(*NOTES))
    packed[block_of(1) + 10] ^= 1
    assert told(pack(bytes(packed))) == (contents(1), ["ARC-007"])


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("end", [block_of(2) + 300, block_of(2), block_of(2) - 1, block_of(1) + 520, block_of(4) + 512])
def test_a_tar_that_breaks_off_names_the_rest(pack, end):
    read, codes = told(pack(tarred(*NOTES)[:end]))
    assert codes == ["ARC-007"]
    assert read == contents({block_of(2) - 1: 1, block_of(1) + 520: 1, block_of(4) + 512: 4}.get(end, 2))


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("zeros", [512, 1024, 5120])
def test_zeros_between_the_members_of_a_tar_are_passed_over(pack, zeros):
    packed = tarred(*NOTES)
    assert told(pack(packed[: block_of(2)] + bytes(zeros) + packed[block_of(2) :])) == (contents(), [])


@pytest.mark.parametrize("pack", PACKERS)
def test_tars_behind_each_other_are_read_to_the_last(pack):
    first, second = tarred(*NOTES[:2]), tarred(*NOTES[2:])
    assert told(pack(first + second)) == (contents(), [])
    if pack(b"x") != b"x":
        assert told(pack(first) + pack(second)) == (contents(), [])


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize(
    "behind",
    [b"Note of somebody", b"\1" * 700, tarred(*NOTES[2:])[:100], tarred(*NOTES[2:])[3:]],
    ids=["words", "ones", "a cut tar", "a shifted tar"],
)
def test_bytes_behind_the_end_of_a_tar_are_named(pack, behind):
    assert told(pack(tarred(*NOTES[:2]) + behind)) == (contents(2), ["ARC-007"])


@pytest.mark.parametrize("pack", PACKERS[1:])
def test_what_stands_behind_a_compressed_stream_is_read_or_the_whole_held_back(pack):
    one, two = pack(NOTES[0][1]), bytearray(pack(NOTES[1][1]))
    assert told(one + bytes(two)) == ([NOTES[0][1] + NOTES[1][1]], [])
    assert told(one + bytes(16)) == ([NOTES[0][1]], [])
    two[1] ^= 1
    assert told(one + bytes(two)) == ([], ["ARC-007"])
    assert told(one + b"a note") == ([], ["ARC-007"])


def test_a_size_that_an_extended_header_gives_to_all_members_cuts_none_of_them():
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"size": "3"}) as archive:
        info = tarfile.TarInfo("n.txt")
        info.size = len(NOTES[0][1])
        archive.addfile(info, io.BytesIO(NOTES[0][1]))
    assert told(made.getvalue()) == ([], ["ARC-007"])


def test_no_header_is_loaded_that_is_longer_than_headers_are(monkeypatch):
    long = tarred(("n" * 3000, NOTES[0][1]), ("m.txt", NOTES[1][1]))
    assert told(long) == (contents(2), [])
    monkeypatch.setattr(tars, "_MOST_HEADER", 2048)
    assert told(long) == ([], ["ARC-007"])


def test_a_zip_before_another_one_is_named():
    read, codes = told(zipped(*NOTES[:2]) + zipped(*NOTES[2:]))
    assert (read, codes) == (contents()[2:], ["ARC-007"])
    assert told(zipped(*NOTES[:2]) + zipped()) == ([], ["ARC-007"])


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_folder_of_a_zip_that_has_content_is_named(method):
    read, codes = told(zipped(NOTES[0], ("b.txt/", NOTES[1][1]), ("empty/", b""), method=method))
    assert (read, codes) == (contents(1), ["ARC-007"])


def unlisted(packed, number, count):
    """Return a zip without the row of one member, whose own bytes stay."""
    rows = packed.index(b"PK\1\2")
    starts = [rows]
    while (found := packed.find(b"PK\1\2", starts[-1] + 1)) > 0:
        starts.append(found)
    end = packed.index(b"PK\5\6")
    kept = [packed[at:to] for at, to in zip(starts, [*starts[1:], end], strict=True)]
    del kept[number]
    table = b"".join(kept)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(table), rows, 0)
    return packed[:rows] + table + last


@pytest.mark.parametrize("number", range(4))
def test_a_member_that_the_table_of_a_zip_does_not_list_is_named(number):
    read, codes = told(unlisted(zipped(*NOTES), number, 3))
    assert read == contents()[:number] + contents()[number + 1 :]
    assert codes == ["ARC-007"]


def test_bytes_between_and_behind_the_members_of_a_zip_are_named():
    packed = zipped(*NOTES)
    table = packed.index(b"PK\1\2")
    between = bytearray(packed[:table] + b"a note" + packed[table:])
    at = between.index(b"PK\5\6")
    between[at + 16 : at + 20] = struct.pack("<L", table + 6)
    assert told(bytes(between)) == (contents(), ["ARC-007"])
    assert told(packed + b"a note") == (contents(), ["ARC-007"])
    assert told(packed + bytes(40)) == (contents(), [])


def test_zips_as_other_tools_write_them_are_whole():
    class Pipe(io.RawIOBase):
        """Cannot be sought, so that sizes stand behind the data."""

        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"of a tool"
        archive.writestr("sub/", b"")
        for name, data in NOTES:
            with archive.open(name, "w", force_zip64=name == "1.txt") as member:
                member.write(data)
    assert told(pipe.data) == (contents(), [])
    whole = zipped(*NOTES)
    at = whole.index(b"PK\5\6")
    _, _, _, _, _, size, offset, _ = struct.unpack("<4s4H2LH", whole[at:])
    wide = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 4, 4, size, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert told(whole[:at] + wide + locator + last) == (contents(), [])


def test_a_member_that_holds_more_than_its_size_says_is_not_handed_out_cut():
    data = NOTES[3][1]
    packed = bytearray(zipped(("n.txt", data)))
    crc, size = struct.pack("<L", zlib.crc32(data[:9])), struct.pack("<L", 9)
    row = packed.index(b"PK\1\2")
    packed[14:18], packed[22:26] = crc, size
    packed[row + 16 : row + 20], packed[row + 24 : row + 28] = crc, size
    assert told(bytes(packed)) == ([], ["ARC-007"])
    packed[14:18] = packed[22:26] = packed[row + 16 : row + 20] = packed[row + 24 : row + 28] = bytes(4)
    assert told(bytes(packed)) == ([], ["ARC-007"])


def folder_alone():
    """Return a tar that holds a folder and no file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo("a")
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
    return made.getvalue()


@pytest.mark.parametrize(
    "packed",
    [zipped(), zipped(("a/", b"")), gzip.compress(folder_alone())],
    ids=["nothing", "a folder in a zip", "a folder in a tar"],
)
def test_an_archive_without_files_is_counted(packed):
    assert told(packed) == ([], ["ARC-009"])


def test_a_workbook_behind_another_archive_is_no_workbook():
    book = zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>"))
    assert archives.office_kind(io.BytesIO(book)) == "excel"
    packed = zipped(*NOTES) + book
    assert archives.office_kind(io.BytesIO(packed)) is None
    assert "ARC-007" in told(packed)[1]


@functools.cache
def whole(kind):
    """Return an archive of the notes, and the places where a changed byte can be told at all."""
    if kind == "zip":
        return zipped(*NOTES)
    if kind == "stored":
        return zipped(*NOTES, method=zipfile.ZIP_STORED)
    if kind == "pax":
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, data in NOTES:
                info = tarfile.TarInfo(name)
                info.size, info.pax_headers = len(data), {"comment": "x"}
                archive.addfile(info, io.BytesIO(data))
        return made.getvalue()
    plain = tarred(*NOTES[:2]) + tarred(*NOTES[2:])
    return {"tar": lambda data: data, "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[kind](plain)


def check(packed, exact):
    """Prove that of an archive everything is out as it was, or something is named."""
    if archives.kind_of(packed[:512]) is None:
        return  # a file of no known kind: it is held back itself
    read, codes = told(packed)
    if exact:
        assert all(data in contents() for data in read)
    assert codes or (sorted(read) == sorted(contents()) if exact else len(read) == len(NOTES))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(["zip", "stored", "tar", "pax", "gz", "bz2", "xz"]), st.data())
def test_whichever_byte_is_changed_no_member_is_lost_without_a_word(kind, data):
    packed = bytearray(whole(kind))
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= data.draw(st.integers(1, 255))
    # A plain tar keeps no sum of its members' bytes: one changed there cannot be told, yet no member may be missing.
    check(bytes(packed), exact=kind not in {"tar", "pax"})


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["zip", "stored", "pax", "gz", "bz2", "xz"]), st.data())
def test_wherever_an_archive_is_cut_no_member_is_lost_without_a_word(kind, data):
    packed = whole(kind)
    end = data.draw(st.integers(0, len(packed) - 1))
    start = data.draw(st.integers(0, end))
    # Zeros at the very end of a tar hold nothing, and two blocks of them are enough.
    assume(kind != "pax" or packed[end:].strip(b"\0"))
    check(packed[:end], exact=True)
    if kind != "pax":  # nobody can tell that whole members were taken out of a plain tar
        check(packed[:start] + packed[end:], exact=True)


def test_compressed_streams_can_be_sought():
    data = bytes(range(256)) * 4096
    for kind, pack in (("gzip", gzip.compress), ("bzip2", bz2.compress), ("xz", lzma.compress)):
        stream = unpacker(io.BytesIO(pack(data) + pack(data)), kind)
        stream.seek(len(data) + 17)
        assert stream.read(9) == data[17:26]
        stream.seek(5)
        assert stream.read(4) == data[5:9]
        assert stream.tell() == 9
        stream.seek(0)
        assert stream.read() == data * 2
