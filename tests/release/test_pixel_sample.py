"""A random sample of pixels that nobody looked at: drawn anew by anybody, signed, and stated with an exact interval."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from curator.core.errors import CuratorError
from curator.labels.quality.tails import clopper_pearson
from curator.provenance.kinds_pixels import pixels_sampled
from curator.provenance.ledger import Ledger
from curator.provenance.verify import verify_ledger
from curator.release.documents.deidentification import _sampled
from curator.release.pixel_sample import Frame, draw, frame_of, read_sheet, root_at, sheet
from curator.release.withdraw import recalls
from curator.report.model import Table


def code(call: Callable[[], Any]) -> str:
    with pytest.raises(CuratorError) as caught:
        call()
    return str(caught.value.code)


def state_of(site: Any) -> Any:
    return verify_ledger(site.project.ledger).require().state


def filled(data: bytes, words: dict[str, str], other: str = "no") -> bytes:
    rows = list(csv.reader(io.StringIO(data.decode())))
    lines = [rows[0], *([*row[:3], words.get(row[0], other)] for row in rows[1:])]
    return "".join(",".join(line) + "\n" for line in lines).encode()


def test_a_draw_is_the_same_for_everybody_and_another_with_another_root() -> None:
    frame = Frame(tuple((f"clean/P/S/R/{n}.dcm", f"{n:064x}") for n in range(200)), 0)
    assert draw(frame, 20, b"r" * 32) == draw(replace(frame), 20, b"r" * 32)
    assert draw(frame, 20, b"r" * 32) == draw(frame, 30, b"r" * 32)[:20]
    assert draw(frame, 20, b"r" * 32) != draw(frame, 20, b"s" * 32)
    assert len(draw(frame, 500, b"r" * 32)) == 200
    places = [int(path.split("/")[-1].split(".")[0]) for n in range(60) for path, _ in draw(frame, 20, bytes([n]) * 32)]
    assert 80 < sum(places) / len(places) < 120


def test_what_was_seen_is_signed_once_it_is_the_draw_of_this_project(site: Any, tmp_path: Path) -> None:
    state = state_of(site)
    frame = frame_of(site.project, state)
    assert len(frame.files) == len(site.samples())
    drawn = draw(frame, 3, state.tree.root())
    data = sheet(drawn, state.size)
    ledger, path = Ledger(site.project.ledger), tmp_path / "looked.csv"
    path.write_bytes(filled(data, {drawn[0][0]: "Yes ", drawn[1][0]: "unclear"}))
    seen = read_sheet(path, frame, ledger)
    assert (seen.text, seen.unclear, len(seen.drawn)) == ((drawn[0][0],), (drawn[1][0],), 3)
    other = next(one for one in frame.files if one not in drawn)
    # Of few files an earlier ledger may draw the same by chance.
    earlier = next(
        size for size in range(state.size - 1, 0, -1) if draw(frame, 3, root_at(ledger, size) or b"") != drawn
    )
    for bad, word in (
        (data, "neither yes"),
        (filled(data, {}, "maybe"), "neither yes"),
        (filled(data, {}).replace(drawn[2][0].encode(), other[0].encode()), "not the ones"),
        (filled(data, {}).replace(f",{state.size},".encode(), f",{earlier},".encode()), "not the ones"),
        (filled(data, {}).replace(f",{state.size},".encode(), b",99999,"), "not the ones"),
        (filled(data, {}).replace(f",{state.size},".encode(), b",x,"), "no ledger"),
        (b"path,text\n", "columns"),
        (b"\xff\xfe", "cannot be read"),
    ):
        path.write_bytes(bad)
        with pytest.raises(CuratorError) as caught:
            read_sheet(path, frame, ledger)
        assert (caught.value.code, word in caught.value.sentence) == ("PIX-002", True), word
    assert code(lambda: read_sheet(tmp_path / "none.csv", frame, ledger)) == "PIX-002"
    fine = (seen.drawn, len(frame.files), frame.sha256, (seen.size, seen.root.hex()))
    assert code(lambda: site.sign(pixels_sampled(*fine, 2, 2, "every frame", bool))) == "PIX-003"
    site.sign(pixels_sampled(*fine, 1, 1, "every frame", bool))


def test_what_was_recalled_or_looked_at_is_not_drawn_from(site: Any, kit: SimpleNamespace) -> None:
    gone = site.samples()[0]
    site.sign(recalls(site.project, [gone.sha256], "text was found", kit.fine)[0])
    frame = frame_of(site.project, state_of(site))
    assert gone.path not in {path for path, _ in frame.files}


def test_the_report_states_the_interval_or_that_nothing_is_known() -> None:
    (nothing,) = _sampled(SimpleNamespace(of_kind=lambda _: []))  # type: ignore[arg-type]
    assert "not known" in nothing.text
    said = {"frame": {"count": 5000}, "drawn": 300, "text": 0, "unclear": 0, "signer": "rev", "signedAt": "2026-11-20T"}
    one = SimpleNamespace(said=said, leaf="a" * 64, place=7)
    made, _ = _sampled(SimpleNamespace(of_kind=lambda _: [one]))  # type: ignore[arg-type]
    assert isinstance(made, Table)
    shown = [cell.text for cell in made.rows[0]]
    assert shown[-2:] == ["0.00 % to 1.22 %", "0 to 59"]
    assert clopper_pearson(0, 300) == (0.0, pytest.approx(0.012221, abs=1e-6))
