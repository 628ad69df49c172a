"""Time-stamps and cosignatures go with a package, and are judged by what the verifier brings."""

from __future__ import annotations

import importlib.util
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from curator.core.errors import IntegrityError
from curator.provenance import cosign
from curator.provenance.keys import SeedSigner
from curator.provenance.ledger import Ledger
from curator.provenance.note import parse_checkpoint, parse_note
from curator.provenance.timestamps import ask, note_stem, take
from curator.release.carried import Outside
from curator.release.verify import report_lines, verify_package

WITNESS = SeedSigner(b"w" * 32)
NAME = "w.example/1"


@pytest.fixture(scope="module")
def world() -> ModuleType:
    """The made-up time-stamper of the tests of time-stamps."""
    path = Path(__file__).resolve().parents[1] / "provenance" / "tsa_world.py"
    spec = importlib.util.spec_from_file_location("tsa_world", path)
    assert spec is not None
    assert spec.loader is not None
    made = sys.modules.setdefault("tsa_world", importlib.util.module_from_spec(spec))
    if not hasattr(made, "Tsa"):
        spec.loader.exec_module(made)
    return made


def test_anchors_are_carried_judged_and_held_to_the_packages_own_records(site: Any, world: ModuleType) -> None:
    ledger, tsa = site.project.ledger, world.Tsa()
    _, query = ask(ledger)
    take(ledger, tsa.answer(query), query)
    data = Ledger(ledger).latest_checkpoint() or b""
    line = cosign.cosign(parse_note(data).text, NAME, WITNESS, datetime(2026, 11, 20, tzinfo=UTC))
    signed = data + line.encode()
    stem = note_stem(parse_checkpoint(parse_note(signed)).size, signed)
    (ledger / "checkpoints" / f"{stem}.note").write_bytes(signed)
    site.label(60, "ann", site.samples()[3], "later")
    folder = site.build()
    carried = verify_package(folder).contents.carried
    assert (carried.stamps, carried.trusted, carried.cosigned, carried.known, carried.error) == (1, 0, 0, 0, None)
    assert any("COULD NOT CHECK who vouches for 1 time-stamps" in one for one in report_lines(verify_package(folder)))
    outside = Outside([tsa.root], [(NAME, WITNESS.public)])
    report = verify_package(folder, outside=outside)
    carried = report.contents.carried
    assert (carried.stamps, carried.trusted, carried.cosigned, carried.known) == (1, 1, 1, 1)
    assert carried.size == report.records - 1
    said = report_lines(report)
    assert "PASS  1 time-stamps lead to the given roots" in said
    assert "PASS  1 cosignatures by the given witnesses" in said
    other = verify_package(folder, outside=Outside([world.Tsa().root], [])).contents.carried
    assert (other.trusted, other.error.code if other.error else "") == (0, "LED-042")
    # A ledger that lost an anchor since cannot give the same package again.
    next((ledger / "timestamps").glob("*.tsr")).unlink()
    with pytest.raises(IntegrityError, match="REL-007"):
        site.build(output=site.project.root.parent / "again")


def test_a_checkpoint_over_other_records_is_no_anchor_of_a_package(site: Any) -> None:
    from curator.provenance.note import Checkpoint, sign_note
    from curator.provenance.verify import verify_ledger
    from curator.release.carried import check_carried

    state = verify_ledger(site.project.ledger).require().state
    origin = parse_checkpoint(parse_note(Ledger(site.project.ledger).latest_checkpoint() or b"")).origin
    folder = site.project.root.parent / "carried"
    (folder / "checkpoints").mkdir(parents=True)
    data = sign_note(Checkpoint(origin, 3, b"x" * 32).text, [(origin, SeedSigner(site.vault.operator_key()))])
    (folder / "checkpoints" / f"{note_stem(3, data)}.note").write_bytes(data)
    with pytest.raises(IntegrityError, match="REL-028"):
        check_carried(folder, state, {3: b"y" * 32}, [], Outside())
