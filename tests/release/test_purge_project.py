"""A purge takes what was withdrawn, and leaves what is somebody else's, also where both are the same to the byte."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from curator.core.errors import UsageError
from curator.project import journal
from curator.provenance.keys import SeedSigner
from curator.provenance.kinds_data import consent_withdrawal
from curator.provenance.verify import verify_ledger
from curator.release import layout
from curator.release.purge_project import Done, Orders, carry_out, order
from curator.release.verify import verify_package

SAME = b"the same in every patient's folder " * 20
OWN, OTHER = "clean/P1AA/Sb/R1/same.txt", "clean/P2BB/Sb/R1/same.txt"


def purged(site: Any) -> Done:
    """Order all that was withdrawn away, and carry it out."""
    seen = Orders()
    state = verify_ledger(site.project.ledger, visit=seen.visit).require().state
    gone = [one.sha256 for one in journal.samples(site.project) if one.path.split("/")[1] in state.facts.withdrawn]
    for draft in order(site.project, state, seen, gone, (), "the patient asked for it", bool):
        site.sign(draft)
    seen = Orders()
    state = verify_ledger(site.project.ledger, visit=seen.visit).require().state
    return carry_out(site.project, state, seen, SeedSigner(site.vault.operator_key()))


def withdraw(site: Any, patient: str) -> None:
    site.sign(consent_withdrawal(patient, "2026-11-20", "other", lambda _: True))


def test_equal_bytes_of_somebody_else_stay_until_they_withdraw_too(site: Any, kit: SimpleNamespace) -> None:
    kit.add_delivery(site.project, 2, {OWN: SAME, OTHER: SAME})
    same = {one.path: one for one in site.samples() if one.path in {OWN, OTHER}}
    site.label(20, "ann", same[OWN], "of the one")
    site.label(21, "ann", same[OTHER], "of the other")
    old = site.build("1.0.0")
    withdraw(site, "P1AA")
    done = purged(site)
    assert (done.clean, done.packages, done.shared) == (3, 1, 1)
    there = {one.path for one in site.samples() if (site.project.root / one.path).is_file()}
    assert there == {one.path for one in site.samples() if "/P2BB/" in one.path}
    report = verify_package(old)
    assert {path for path in report.gone if path.startswith(layout.CLEAN)} == {
        f"data/{one.path}" for one in site.samples() if "/P1AA/" in one.path
    }
    assert (old / "data" / OTHER).read_bytes() == SAME
    labels = [json.loads(line) for line in (old / layout.LABELS).read_bytes().splitlines()]
    assert [one.get("sample") for one in labels if one.get("labelId") in {"label-020", "label-021"}] == [OTHER]
    assert len(labels) == 8
    with pytest.raises(UsageError, match="REL-064"):
        purged(site)
    withdraw(site, "P2BB")
    assert purged(site).clean == 3
    assert not [path for path in site.project.root.rglob("*") if path.is_file() and SAME in path.read_bytes()]
    assert verify_package(old).purged_files == 7
