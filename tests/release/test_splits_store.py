"""Assignments on disk: what other hands did to them is found."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from curator.core.canonical import canonical_bytes
from curator.core.clock import FixedClock
from curator.core.errors import IntegrityError, UsageError
from curator.provenance.append import sign_and_append
from curator.provenance.kinds_data import split_seal
from curator.provenance.ledger import Ledger
from curator.release import splits_store
from curator.release.splits import Settings, Splits, assign
from curator.release.splits_patients import patients, told, values_of
from curator.release.splits_seal import hand_out, handed, list_file, members, put_list, sealed_list

KEY = b"k" * 32
HALVES = (("train", 50), ("test", 50))


@pytest.fixture
def split_site(site: Any, kit: Any) -> Any:
    for seed in "bcd":
        kit.add_delivery(site.project, ord(seed) - 96, {
            path.replace("P1AA", f"P1{seed}").replace("P2BB", f"P2{seed}"): data
            for path, data in kit.clean_files(seed).items()
        })  # fmt: skip
    values = values_of(
        site.project, ("sex", "age-band", "label"), {}, classes=told(site.project)[0].classes(told(site.project)[1])
    )
    assert set(values) == set(patients(site.project))
    assert values["P1AA"]["label"] == "finding"
    assert values["P1b"] == {"sex": "unknown", "age-band": "unknown", "label": "unlabeled"}
    splits_store.save(site.project, assign(Splits(Settings(HALVES, ("sex",))), KEY, values))
    return site


def test_what_was_saved_is_read_back_and_a_killed_save_is_finished(split_site: Any) -> None:
    project = split_site.project
    made = splits_store.load(project)
    assert made is not None
    assert made.of("test")
    (splits_store.folder(project) / splits_store.NAME).unlink()
    assert splits_store.load(project) == made
    splits_store.save(project, made)
    assert (splits_store.folder(project) / splits_store.NAME).is_file()
    assert len(list((project.journal / "splits").iterdir())) == 1


def test_a_moved_patient_a_changed_file_and_a_lacking_one_are_found(split_site: Any) -> None:
    project = split_site.project
    path = splits_store.folder(project) / splits_store.NAME
    document = json.loads(path.read_bytes())
    name = next(iter(document["assignments"]))
    document["assignments"][name] = "train" if document["assignments"][name] == "test" else "test"
    kept = path.read_bytes()
    path.write_bytes(canonical_bytes(document))
    with pytest.raises(IntegrityError, match="SPL-003"):
        splits_store.load(project)
    path.write_bytes(kept)
    entry = project.journal / "splits" / "00000000.json"
    # A row that was put behind, well-formed and chained, but that moves somebody.
    (project.journal / "splits" / "00000001.json").write_bytes(
        canonical_bytes({"format": 1, "previous": hashlib.sha256(entry.read_bytes()).hexdigest(), "splits": document})
    )
    with pytest.raises(IntegrityError, match="SPL-003"):
        splits_store.load(project)
    (project.journal / "splits" / "00000001.json").unlink()
    entry.write_bytes(entry.read_bytes().replace(b'"format":1,"previous"', b'"format":2,"previous"'))
    with pytest.raises(IntegrityError, match="SPL-003"):
        splits_store.load(project)
    entry.unlink()
    with pytest.raises(IntegrityError, match="SPL-003"):
        splits_store.load(project)


def test_a_sealed_list_is_the_signed_one_and_is_handed_out_whole(split_site: Any, tmp_path: Path) -> None:
    project = split_site.project
    splits = splits_store.load(project)
    assert splits is not None
    samples = members(project, splits, "test")
    put_list(project, "test", samples)
    draft = split_seal("test", (one.sha256 for one in samples), "held back", lambda _: True)
    sign_and_append(
        Ledger(project.ledger), [draft], split_site.people["rev"], FixedClock(datetime(2026, 11, 21, tzinfo=UTC)),
        operator_seed=split_site.vault.operator_key(),
    )  # fmt: skip
    sealed = told(project)[1].state.facts.splits
    digests = sealed_list(project, "test", sealed)
    hand_out(project, handed(project, digests, ()), tmp_path / "eval")
    assert sum(1 for path in (tmp_path / "eval").rglob("*.dcm")) == len(samples)
    with pytest.raises(UsageError, match="SPL-014"):
        sealed_list(project, "train", sealed)
    with pytest.raises(IntegrityError, match="SPL-018"):
        handed(project, [*digests, "0" * 64], ())
    victim = project.root / samples[0].path
    victim.write_bytes(b"changed")
    with pytest.raises(IntegrityError, match="SPL-018"):
        hand_out(project, samples, tmp_path / "eval2")
    assert not (tmp_path / "eval2").exists()
    list_file(project, "test").write_bytes(b"")
    with pytest.raises(IntegrityError, match="SPL-015"):
        sealed_list(project, "test", sealed)
    with pytest.raises(UsageError, match="SPL-013"):
        members(project, splits, "validation")
