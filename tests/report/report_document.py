"""A document with every kind of block, and texts in it that must not become anything else."""

from __future__ import annotations

import math
import struct
import zlib

from curator.report.model import (
    Bars,
    Cell,
    Document,
    Facts,
    Fold,
    Lines,
    Matrix,
    Outline,
    Picture,
    Section,
    Table,
    Text,
)
from curator.report.pngs import chunk


def png_of(width: int, height: int, note: bytes = b"") -> bytes:
    rows = b"".join(b"\0" + bytes((x + 2 * y) % 256 for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    more = chunk(b"tEXt", b"Author\0" + note) if note else b""
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more
    return start + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"") + note


def whole_document() -> Document:
    weeks = tuple(f"2026-W{at:02}" for at in range(1, 21))
    ring = tuple((40 + 9 * math.cos(at), 30 + 9 * math.sin(at)) for at in range(6))
    rows = tuple(
        (Cell(f"class {at}"), Cell(f"{at / 100:.2f}", "bad" if at % 2 else "good", f"leaf {at % 3:064x}"))
        for at in range(120)
    )
    charts = (
        Bars(
            "Agreement by class",
            ("nodule", "mass", "effusion"),
            (("kappa", (0.82, None, -0.1)), ("AC1", (0.9, 0.7, math.nan))),
            (((0.7, 0.9), None, (-0.3, 0.2)), ((0.85, 0.95), (0.6, 0.8), None)),
            "coefficient",
            (("wanted", 0.6),),
        ),
        Lines("Labels a week", weeks, (("reader-1", tuple(range(20))), ("reader-2", (3, None) * 10)), "labels"),
        Matrix("Confusion", ("a", "b"), ("a", "b"), ((50, 3), (4, None)), "reader-1", "reader-2"),
        Picture("Sample 12", "Two outlines", png_of(64, 48, b"DOE^JANE"), 64, 48, (Outline("reader-1", (ring,)),)),
    )
    texts = (
        Text("<script>alert('x')</script> & \"quoted\"", "bad"),
        Text("a\u202eb\u0000c \u4e2d", "note"),
        Facts((("Ledger", "9f0c"), ("Long", "v" * 4000))),
    )
    tables = (
        Table("Many rows", ("Class", "Value"), rows, (1,), "12 more are left out."),
        Table("Nothing", ("Class", "Value"), ()),
        Fold("Unfold me", (Table("Long cell", ("a", "b"), ((Cell("k"), Cell("word " * 2000)),)),)),
    )
    return Document(
        "Labels <b>of</b> a study",
        "Synthetic",
        (("Labels", "1,234"),),
        (Section("Summary", texts, (Section("Charts", charts),)), Section("Tables", tables)),
        "2026-11-20T09:14:00Z",
        "DRAFT",
    )
