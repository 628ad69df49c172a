"""A folder with one file of each kind of bad input: the program goes on and accounts for each file."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest
import started
from attack_bytes import (
    CT,
    DEFLATED,
    ROOT,
    UNDEFINED,
    element,
    file_of,
    item,
    opened,
)

NAME, NUMBER, DAY = b"Quillfeather", b"ZQ-7718204", b"19570311"
PLANTED = (b"quillfeather", b"7718204", b"19570311")
_SHORT = struct.Struct("<HH")


def bad(**changes: object) -> bytes:
    """A chest CT of the made-up person; ``number`` makes it an object of its own."""
    number = str(changes.pop("number", 1)).encode()
    values = {
        0x00080018: ("UI", ROOT + number),
        0x00100010: ("PN", NAME + b"^Zebediah"),
        0x00100020: ("LO", NUMBER),
        0x00100030: ("DA", DAY),
        **changes.pop("values", {}),  # type: ignore[dict-item]
    }
    return file_of(values, **changes)  # type: ignore[arg-type]


def _deep(levels: int) -> bytes:
    """A sequence in a sequence, and so on, all of undefined length."""
    begin = struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, UNDEFINED) + struct.pack("<HHL", 0xFFFE, 0xE000, UNDEFINED)
    end = struct.pack("<HHL", 0xFFFE, 0xE00D, 0) + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
    return begin * levels + element(0x00104000, "LT", NAME) + end * levels


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.txt", NAME + b" " + NUMBER)
    return out.getvalue()


def _shuffled() -> bytes:
    """The elements in reverse order."""
    data = bad(number=31)
    start = 144 + struct.unpack_from("<L", data, 140)[0]
    parts, at = [], start
    while at < len(data):
        long = data[at + 4 : at + 6] in {b"OW", b"OB", b"SQ", b"UN"}
        size = 12 + struct.unpack_from("<L", data, at + 8)[0] if long else 8 + struct.unpack_from("<H", data, at + 6)[0]
        parts.append(data[at : at + size])
        at += size
    return data[:start] + b"".join(reversed(parts))


_TEXT = 0x00281055
#: What is wrong -> the file, and whether it is scrubbed (True), held back (False), or either (None).
FILES: dict[str, tuple[bytes, bool | None]] = {
    "good": (bad(number=10), True),
    "date of asterisks": (bad(number=11, values={0x00080020: ("DA", b"***")}), True),
    "date of zeros": (bad(number=12, values={0x00080020: ("DA", b"00000000"), 0x00100030: ("DA", b"00000000")}), True),
    "fractional date": (bad(number=13, values={0x00080020: ("DA", b"20190302.5")}), True),
    "date out of range": (
        bad(number=14, values={0x00080020: ("DA", b"99999999"), 0x00100030: ("DA", b"19571341")}),
        True,
    ),
    "birth date with dots": (bad(number=15, values={0x00100030: ("DA", b"1957.03.11")}), True),
    "empty dates": (bad(number=16, values={0x00080020: ("DA", b""), 0x00080030: ("TM", b"")}), True),
    "time out of range": (bad(number=17, values={0x00080030: ("TM", b"256199")}), True),
    "text where a number belongs": (bad(number=18, values={0x00180060: ("DS", NAME)}), True),
    "name as whole numbers": (bad(number=19, values={0x00280106: ("US", NAME)}), True),
    "letters that are no VR": (
        bad(number=20, extra=_SHORT.pack(0x0028, 0x1055) + b"QZ" + struct.pack("<H", 12) + NAME),
        None,
    ),
    "odd length": (bad(number=21, extra=_SHORT.pack(0x0028, 0x1055) + b"LO" + struct.pack("<H", 11) + NAME[:11]), None),
    "invalid character set": (
        bad(number=22, values={0x00080005: ("CS", b"KLINGON_9"), _TEXT: ("LO", b"\xff\xfe" + NAME)}),
        True,
    ),
    "broken escape sequence": (
        bad(number=23, values={0x00080005: ("CS", b"\\ISO 2022 IR 87"), _TEXT: ("LO", b"\x1b$" + NAME)}),
        True,
    ),
    "duplicate tags": (bad(number=24, extra=element(_TEXT, "LO", NAME) + element(_TEXT, "LO", NAME)), True),
    "two patient names": (
        bad(number=25, extra=element(0x00100010, "PN", b"A^B") + element(0x00100010, "PN", NAME)),
        True,
    ),
    "unsorted tags": (_shuffled(), None),
    "group lengths": (
        bad(number=26, values={0x00080000: ("UL", b"\xff\0\0\0"), 0x00100000: ("UL", b"\x01\0\0\0")}),
        True,
    ),
    "nested 10,000 deep": (bad(number=27, extra=_deep(10_000)), None),
    "nested 50 deep": (bad(number=28, extra=_deep(50)), True),
    "declares 3 GB": (bad(number=29, extra=element(0x00104000, "UT", NAME, length=3 << 30)), False),
    "declares 4 GB less 2": (bad(number=30, extra=element(0x7FE10010, "OB", NAME, length=0xFFFFFFFE)), False),
    "item that declares 2 GB": (
        bad(number=32, extra=element(0x00081140, "SQ", struct.pack("<HHL", 0xFFFE, 0xE000, 2 << 30) + NAME)),
        False,
    ),
    "archive in the preamble and behind": (
        bad(number=33, preamble=_archive()[:128].ljust(128, b"\0"), tail=_archive()),
        None,
    ),
    "PDF in the preamble": (bad(number=34, preamble=(b"%PDF-1.7\n% " + NAME + NUMBER).ljust(128, b"\0")), None),
    "TIFF in the preamble": (bad(number=35, preamble=(b"II*\0\x10\0\0\0" + NAME).ljust(128, b"\0")), True),
    "program in the preamble": (bad(number=36, preamble=(b"MZ\x90\0" + NAME).ljust(128, b"\0")), None),
    "no SOP class": (bad(number=37, without=[0x00080016]).replace(CT + b"\0", bytes(len(CT) + 1)), False),
    "unknown SOP class": (bad(number=38, values={0x00080016: ("UI", b"1.2.3.4.5")}), False),
    "SOP instance in the file meta alone": (bad(without=[0x00080018]), True),
    "no SOP instance": (bad(without=[0x00080018]).replace(ROOT + b"1\0", bytes(len(ROOT) + 2)), False),
    "no patient": (bad(number=39, without=[0x00100010, 0x00100020, 0x00100030]), True),
    "cut in half": (bad(number=40)[: len(bad(number=40)) // 2], False),
    "cut in the preamble": (bad(number=41)[:100] + NAME, False),
    "no preamble": (bad(number=42)[132:], None),
    "unknown transfer syntax": (bad(number=43, syntax=b"1.2.3.4"), False),
    "implicit in the midst of explicit": (bad(number=44, extra=element(0x00104000, "LT", NAME, implicit=True)), None),
    "broken deflate stream": (bad(number=45, syntax=DEFLATED)[:-30] + NAME, False),
    "item without a sequence": (bad(number=46, extra=item(element(0x00104000, "LT", NAME))), False),
    "more rows than pixels": (bad(number=47, values={0x00280010: ("US", b"\xff\xff")}), None),
    "nothing": (b"", False),
    "a line": (b"DICM" * 40, None),
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bad")
    (place / "pass").write_text("correct horse battery\n")
    (place / "source").mkdir()
    for number, (data, _) in enumerate(FILES.values()):
        (place / "source" / f"f{number:03d}.dcm").write_bytes(data)
    return place


def curator(place: Path, *words: object) -> subprocess.CompletedProcess[bytes]:
    return started.run([*words, "--project", "trial", "--passphrase-file", "pass"], cwd=place, timeout=110)


def test_the_run_goes_on_and_every_bad_file_is_scrubbed_or_held_back_and_none_leaks(place: Path) -> None:
    assert curator(place, "init").returncode == 0
    for more in (["--dry-run"], []):
        done = curator(place, "scrub", "source", "--json", *more)
        assert done.returncode == 5, done.stderr
        report = json.loads(done.stdout)
        assert report["found"] == len(FILES)
        assert report["scrubbed"] + report["duplicate"] + report["quarantined"] == len(FILES)
        assert sum(report["by_code"].values()) == report["quarantined"]
        assert b"Traceback" not in done.stderr
        for token in PLANTED:
            assert token not in (done.stdout + done.stderr).lower()
    surely = sum(1 for _, expected in FILES.values() if expected)
    never = sum(1 for _, expected in FILES.values() if expected is False)
    assert surely <= report["scrubbed"] <= len(FILES) - never, report["by_code"]
    clean = [path for path in (place / "trial" / "clean").rglob("*") if path.is_file()]
    assert len([path for path in clean if path.suffix == ".dcm"]) >= surely
    for path in (path for path in (place / "trial").rglob("*") if path.is_file()):
        data = path.read_bytes()
        data = (opened(data) if data[128:132] == b"DICM" else data).lower()
        for token in PLANTED:
            assert token not in data, path.name
            assert token.decode() not in str(path).lower()


@pytest.mark.parametrize("kind", FILES)
def test_each_bad_file_alone_ends_as_it_shall(kind: str) -> None:
    from planting import policies, scrubbed

    from curator.core.errors import ItemError

    data, expected = FILES[kind]
    result = scrubbed(data, policies()["safe-harbor"].policy)
    if isinstance(result, ItemError):
        assert expected is not True, result.code
        return
    assert expected is not False
    squeezed = opened(result.data).lower().replace(b"\0", b"")
    assert not any(token in squeezed for token in PLANTED)
