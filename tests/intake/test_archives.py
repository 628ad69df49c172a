"""Archives are walked member by member, within bounds, and nothing of them is unpacked to the disk."""

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curator.core.errors import CheckError, ItemError
from curator.intake import archives
from curator.intake.read import opened_source, read_head, read_source
from curator.intake.walk import expanded

NOTE = b"Seen in clinic.\n" * 40


def zipped(*files, method=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


def tarred(*files, mode="w"):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def entries(folder):
    return {found.relative: (found.size, found.code) for found in expanded(folder)}


def read_all(folder):
    return {
        found.relative: read_source(folder, found.relative, size=found.size, modified=found.modified)
        for found in expanded(folder)
        if found.code is None
    }


@pytest.mark.parametrize(
    "packed",
    [
        zipped(("a.txt", NOTE), ("sub/b.txt", b"bb")),
        zipped(("a.txt", NOTE), ("sub/b.txt", b"bb"), method=zipfile.ZIP_STORED),
        zipped(("a.txt", NOTE), ("sub/b.txt", b"bb"), method=zipfile.ZIP_BZIP2),
        tarred(("a.txt", NOTE), ("sub/b.txt", b"bb")),
        tarred(("a.txt", NOTE), ("sub/b.txt", b"bb"), mode="w:gz"),
        tarred(("a.txt", NOTE), ("sub/b.txt", b"bb"), mode="w:xz"),
        tarred(("a.txt", NOTE), ("sub/b.txt", b"bb"), mode="w:bz2"),
    ],
)
def test_every_member_is_listed_and_read_as_it_is(tmp_path, packed):
    (tmp_path / "box").write_bytes(packed)
    assert read_all(tmp_path) == {b"box\0a.txt": NOTE, b"box\0sub/b.txt": b"bb"}
    found = next(expanded(tmp_path))
    assert read_head(tmp_path, found.relative, size=found.size, modified=found.modified) == NOTE


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_is_its_one_member(tmp_path, pack):
    (tmp_path / "note.gz").write_bytes(pack(NOTE))
    assert list(read_all(tmp_path).values()) == [NOTE]


def test_archives_in_archives_are_walked_to_a_bounded_depth(tmp_path):
    inner = zipped(("note.txt", NOTE))
    (tmp_path / "a.zip").write_bytes(zipped(("b.tar", tarred(("c.zip", inner)))))
    assert read_all(tmp_path) == {b"a.zip\0b.tar\0c.zip\0note.txt": NOTE}
    (tmp_path / "a.zip").write_bytes(zipped(("b.zip", zipped(("c.zip", zipped(("d.zip", inner)))))))
    assert entries(tmp_path) == {b"a.zip\0b.zip\0c.zip\0d.zip": (len(inner), "ARC-008")}


def test_members_that_lead_out_are_held_back_and_the_rest_goes_on(tmp_path):
    packed = zipped(
        ("../evil.txt", b"x"), ("/etc/evil", b"x"), ("C:\\evil", b"x"), ("..\\evil", b"x"), ("good.txt", NOTE)
    )
    (tmp_path / "a.zip").write_bytes(packed)
    codes = [code for _, code in entries(tmp_path).values()]
    assert codes.count("ARC-003") == 4
    assert read_all(tmp_path) == {b"a.zip\0good.txt": NOTE}
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    (tmp_path / "a.zip").unlink()
    (tmp_path / "b.tar").write_bytes(tarred(("../../evil", b"x"), ("good.txt", NOTE)))
    assert entries(tmp_path) == {b"b.tar\0../../evil": (0, "ARC-003"), b"b.tar\0good.txt": (len(NOTE), None)}


def test_links_and_devices_of_an_archive_are_held_back(tmp_path):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"member{kind.decode()}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    (tmp_path / "a.tar").write_bytes(made.getvalue())
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    (tmp_path / "b.zip").write_bytes(zipped((link, b"/etc/passwd")))
    assert {code for _, code in entries(tmp_path).values()} == {"ARC-006"}


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LARGE", 1 << 16)
    zeros = bytes(4 << 20)
    (tmp_path / "a.zip").write_bytes(zipped(("zeros", zeros)))
    (tmp_path / "b.gz").write_bytes(gzip.compress(zeros))
    (tmp_path / "c.tar.gz").write_bytes(tarred(("zeros", zeros), mode="w:gz"))
    (tmp_path / "d.txt").write_bytes(NOTE)
    found = entries(tmp_path)
    assert {name: code for name, (_, code) in found.items()} == {
        b"a.zip": "ARC-001", b"b.gz": "ARC-001", b"c.tar.gz": "ARC-001", b"d.txt": None,
    }  # fmt: skip


def test_members_that_share_bytes_are_a_bomb(tmp_path):
    packed = bytearray(zipped(("a", os.urandom(5000)), method=zipfile.ZIP_STORED))
    at = packed.index(b"PK\x01\x02")
    entry = bytes(packed[at : packed.index(b"PK\x05\x06")])
    end = bytearray(packed[packed.index(b"PK\x05\x06") :])
    many = [entry.replace(b"a", bytes([97 + n])) if entry.endswith(b"a") else entry for n in range(20)]
    end[8:10] = end[10:12] = (20).to_bytes(2, "little")
    end[12:16] = len(b"".join(many)).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(bytes(packed[:at]) + b"".join(many) + bytes(end))
    assert [code for _, code in entries(tmp_path).values()] == ["ARC-001"]


def test_too_many_members_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    (tmp_path / "a.zip").write_bytes(zipped(*((f"{n}.txt", b"x") for n in range(4))))
    (tmp_path / "b.tar").write_bytes(tarred(*((f"{n}.txt", b"x") for n in range(4))))
    assert {code for _, code in entries(tmp_path).values()} == {"ARC-001"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_counts_once_and_is_said(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped(("n.txt", b"first"), ("n.txt", b"second")))
    codes = sorted(str(code) for _, code in entries(tmp_path).values())
    assert codes == ["ARC-005", "None"]
    assert list(read_all(tmp_path).values()) == [b"first"]


def test_what_is_encrypted_or_damaged_is_held_back(tmp_path):
    packed = bytearray(zipped(("n.txt", NOTE)))
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    packed[6] |= 1
    (tmp_path / "a.zip").write_bytes(packed)
    whole = gzip.compress(NOTE)
    (tmp_path / "b.gz").write_bytes(whole[:-12])
    (tmp_path / "c.zip").write_bytes(zipped(("n.txt", NOTE))[:-30])
    torn = tarred(("n.txt", NOTE), mode="w:gz")
    (tmp_path / "d.tgz").write_bytes(torn[: len(torn) // 2])
    codes = {name.split(b"\0")[0]: code for name, (_, code) in entries(tmp_path).items()}
    assert codes == {b"a.zip": "ARC-004", b"b.gz": "ARC-007", b"c.zip": "ARC-007", b"d.tgz": "ARC-007"}


def test_a_member_whose_bytes_were_changed_is_never_handed_out(tmp_path):
    packed = bytearray(zipped(("n.txt", NOTE), method=zipfile.ZIP_STORED))
    packed[60] ^= 1
    (tmp_path / "a.zip").write_bytes(packed)
    found = list(expanded(tmp_path))
    with pytest.raises(ItemError) as caught:
        read_source(tmp_path, found[0].relative, size=found[0].size, modified=found[0].modified)
    assert caught.value.code == "ARC-007"


def test_an_archive_that_was_replaced_since_is_a_change_of_the_source(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(("n.txt", NOTE)))
    found = next(expanded(tmp_path))
    os.utime(path, ns=(1, found.modified + 10**9))
    with (
        pytest.raises(CheckError) as caught,
        opened_source(tmp_path, found.relative, size=found.size, modified=found.modified),
    ):
        pass
    assert caught.value.code == "SRC-006"


def test_a_workbook_is_a_file_and_no_archive(tmp_path):
    (tmp_path / "book.xlsx").write_bytes(zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")))
    assert list(entries(tmp_path)) == [b"book.xlsx"]
    with (tmp_path / "book.xlsx").open("rb") as stream:
        assert archives.office_kind(stream) == "excel"


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=600),
    st.sampled_from([b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0", b""]),
    st.integers(0, 400),
)
def test_hostile_bytes_end_in_a_code_or_a_list(data, magic, at):
    whole = bytearray(zipped(("n.txt", NOTE), ("m.txt", b"x")))
    whole[at : at + len(data)] = data
    for packed in (magic + data, bytes(whole)):
        stream = io.BytesIO(packed)
        listed = list(archives.listed(stream, b"a", len(packed)))
        assert all(code is None or code.startswith("ARC-") for _, _, code in listed)
