"""The small PNG reader: right pixels for every filter, and nothing but coded errors for broken bytes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.labels.png import image_size, segments


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def filtered(rows: list[bytes], depth: int, kinds: list[int]) -> bytes:
    """Apply PNG's filters, written from the standard's formulas the other way round."""
    out = b""
    above = bytes(len(rows[0]))
    for row, kind in zip(rows, kinds, strict=True):
        line = bytearray()
        for at, value in enumerate(row):
            a = row[at - depth] if at >= depth else 0
            b = above[at]
            c = above[at - depth] if at >= depth else 0
            p = a + b - c
            paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) & 0xFF)
        out += bytes([kind]) + bytes(line)
        above = row
    return out


def png(rows: list[bytes], color: int = 2, kinds: list[int] | None = None, **change) -> bytes:
    depth = {0: 1, 2: 3, 3: 1, 6: 4}[color]
    flat = filtered(rows, depth, kinds or [0] * len(rows))
    head = struct.pack(
        ">IIBBBBB", len(rows[0]) // depth, len(rows), change.get("bits", 8), color, 0, 0, change.get("interlaced", 0)
    )
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + change.get("extra", b"")
        + chunk(b"IDAT", zlib.compress(flat + change.get("behind", b"")))
        + chunk(b"IEND", b"")
    )


def pixel(number: int) -> bytes:
    return number.to_bytes(3, "little")


ROWS = [pixel(7) + pixel(7) + pixel(0), pixel(70_000) + pixel(7) + pixel(0)]


def refusal(path: Path, data: bytes, size: tuple[int, int] = (3, 2)) -> str | None:
    path.write_bytes(data)
    try:
        segments(path, size)
    except ItemError as error:
        return error.code
    return None


@given(
    st.sampled_from([(0, 1), (2, 3), (6, 4)]),
    st.data(),
    st.integers(1, 5),
    st.integers(1, 5),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_filter_gives_the_pixels_back(tmp_path: Path, kind: tuple, data, width: int, height: int) -> None:
    color, depth = kind
    rows = [data.draw(st.binary(min_size=width * depth, max_size=width * depth)) for _ in range(height)]
    kinds = data.draw(st.lists(st.integers(0, 4), min_size=height, max_size=height))
    path = tmp_path / "mask.png"
    path.write_bytes(png(rows, color, kinds))
    size, made = segments(path, None)
    assert size == (width, height)
    flat = [int.from_bytes(row[at : at + depth][:3], "little") for row in rows for at in range(0, len(row), depth)]
    drawn = [0] * len(flat)
    for number, runs in made.items():
        assert sum(runs) == len(flat)
        at = 0
        for order, run in enumerate(runs):
            if order % 2:
                drawn[at : at + run] = [number] * run
            at += run
    assert drawn == flat


def test_colors_are_numbers_of_segments(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    path.write_bytes(png(ROWS))
    assert segments(path, (3, 2))[1] == {7: [0, 2, 2, 1, 1], 70_000: [3, 1, 2]}
    assert image_size(path) == (3, 2)


def test_what_is_not_such_a_png_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    good = png(ROWS)
    assert refusal(path, good) is None
    assert refusal(path, good, (2, 3)) == "IMP-024"
    for bad in (
        b"",
        good[:8],
        good + b"x",
        png(ROWS, behind=b"x"),
        png(ROWS, bits=16),
        png(ROWS, interlaced=1),
        png(ROWS, kinds=[0, 0])[:-1],
        png([bytes(3), bytes(3)], color=3),
        png(ROWS, extra=chunk(b"ABCD", b"")),
        good.replace(b"IDAT", b"IDAU"),
        good[:-16] + bytes([good[-16] ^ 1]) + good[-15:],
    ):
        assert refusal(path, bad) == "IMP-032"
    assert refusal(path, png(ROWS, extra=chunk(b"teXt", b"hello"))) is None


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    packed = zlib.compress(bytes(50_000_000))
    head = struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    assert refusal(tmp_path / "mask.png", bomb) == "IMP-032"
    large = struct.pack(">IIBBBBB", 1 << 30, 1 << 30, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", large) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    assert refusal(tmp_path / "mask.png", bomb, (1 << 30, 1 << 30)) == "IMP-032"


def test_every_cut_and_every_changed_byte_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    good = png(ROWS)
    for at in range(len(good)):
        assert refusal(path, good[:at]) == "IMP-032"
        assert refusal(path, good[:at] + bytes([good[at] ^ 0x11]) + good[at + 1 :]) in ("IMP-032", "IMP-024")


def test_a_missing_file_is_a_missing_mask(tmp_path: Path) -> None:
    with pytest.raises(ItemError, match="IMP-026"):
        segments(tmp_path / "none.png", (1, 1))


def test_the_size_of_a_jpeg_stands_in_its_frame_header(tmp_path: Path) -> None:
    path = tmp_path / "image.jpg"
    app = b"\xff\xe0\x00\x06JFIF"
    frame = b"\xff\xc2\x00\x0b\x08" + struct.pack(">HH", 40, 60) + b"\x01\x11\x00\x00"
    path.write_bytes(b"\xff\xd8" + app + b"\xff" + frame)
    assert image_size(path) == (60, 40)
    for bad in (b"\xff\xd8" + app, b"\xff\xd8\xff\xda\x00\x02" + frame, b"\xff\xd8\xff\xe0\x00\x00" + frame, b"GIF89a"):
        path.write_bytes(bad)
        assert image_size(path) is None
    assert image_size(tmp_path / "none.jpg") is None
