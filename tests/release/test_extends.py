"""A later package extends an earlier one, or the first record that differs is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import CuratorError
from curator.project.paths import open_project
from curator.provenance.keys import SeedSigner
from curator.provenance.note import Checkpoint, sign_note
from curator.provenance.proofs import check_consistency
from curator.release.extends import checkpoint_of, extending, package_ledger, package_proof


def refused(call: Callable[[], object]) -> CuratorError:
    with pytest.raises(CuratorError) as caught:
        call()
    return caught.value


def public(site: Any) -> bytes:
    return SeedSigner(site.vault.operator_key()).public


def elsewhere(site: Any, folder: Path) -> Any:
    """The same project on a second disk, from where it goes its own way."""
    shutil.copytree(site.project.root, folder)
    return type(site)(open_project(folder), site.vault, site.key, site.people)


def test_a_package_of_a_grown_ledger_extends_the_one_before(site: Any) -> None:
    first = site.build("1.0.0")
    size = package_ledger(first, public(site)).tree.size
    site.label(20, "ann", site.samples()[3], "nodule")
    second = site.build("1.1.0")
    made = extending(second, first, public(site))
    assert (made.version, made.records, made.added) == ("1.0.0", size, 1)
    assert f"its {size} records stand first and unchanged, 1 were added" in made.line
    assert extending(second, second, None).added == 0
    proof = package_proof(first, second, public(site))
    older, newer = check_consistency(proof, checkpoint_of(first), public(site))
    assert (older.size, newer.size) == (size, size + 1)
    assert package_proof(first / "data/ledger/checkpoint", second, public(site)) == proof


def test_the_wrong_order_is_told_from_a_fork(site: Any) -> None:
    first = site.build("1.0.0")
    site.label(20, "ann", site.samples()[3], "nodule")
    second = site.build("1.1.0")
    assert refused(lambda: extending(first, second, public(site))).code == "LED-055"
    note = second / "data/ledger/checkpoint"
    assert refused(lambda: package_proof(note, first, public(site))).code == "LED-055"


def test_a_fork_is_named_by_its_first_record(site: Any, tmp_path: Path) -> None:
    other = elsewhere(site, tmp_path / "second-disk")
    site.label(20, "ann", site.samples()[3], "nodule")
    first = site.build("1.0.0")
    other.label(21, "bob", other.samples()[3], "none")
    other.label(22, "bob", other.samples()[0], "none")
    second = other.build("1.1.0", tmp_path / "out")
    error = refused(lambda: extending(second, first, public(site)))
    size = package_ledger(first, public(site)).tree.size
    assert (error.code, error.facts, error.exit_code) == ("LED-054", {"index": size - 1}, 4)
    assert refused(lambda: package_proof(first / "data/ledger/checkpoint", second, public(site))).code == "LED-013"
    # Of the same size they are no extension of each other either.
    third = site.build("1.0.1")
    site.label(23, "bob", site.samples()[0], "none")
    assert refused(lambda: extending(third, second, public(site))).code == "LED-054"


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("data/ledger/leaves.txt", lambda data: data[65:], "REL-028"),
        ("data/ledger/leaves.txt", lambda data: data[65:130] + data[:65] + data[130:], "REL-028"),
        ("data/ledger/leaves.txt", lambda data: data + data[:65], "REL-020"),
        ("data/ledger/leaves.txt", lambda data: data[:10].upper() + b"Z" + data[11:], "REL-027"),
        ("data/ledger/leaves.txt", lambda data: data[:-1], "REL-027"),
        ("data/ledger/checkpoint", lambda data: data.replace(b"\n1", b"\n2", 1), "LED-006"),
        ("data/ledger/checkpoint", lambda data: b"", "LED-011"),
        ("data/ledger/operator.pem", lambda data: b"none", "REL-029"),
        ("signatures/release.dsse.json", lambda data: data[:-9] + b'A=="}]}', "REL-025"),
    ],
)
def test_an_earlier_package_that_is_broken_proves_nothing(
    site: Any, name: str, change: Callable[[bytes], bytes], code: str
) -> None:
    first = site.build("1.0.0")
    site.label(20, "ann", site.samples()[3], "nodule")
    second = site.build("1.1.0")
    (first / name).write_bytes(change((first / name).read_bytes()))
    error = refused(lambda: extending(second, first, public(site)))
    assert (error.code, error.exit_code) == (code, 4)


def test_another_operators_package_and_no_package_are_told_apart(site: Any, tmp_path: Path) -> None:
    first = site.build("1.0.0")
    other = SeedSigner(b"x" * 32)
    assert refused(lambda: package_ledger(first, other.public)).code == "REL-031"
    assert refused(lambda: checkpoint_of(tmp_path / "nothing")).code == "REL-033"
    assert refused(lambda: package_proof(tmp_path / "nothing", first, public(site))).code == "LED-059"
    signer = SeedSigner(site.vault.operator_key())
    held = package_ledger(first, signer.public).said
    for said, code in (
        (Checkpoint("curator/other/0011223344556677", 1, b"r" * 32), "LED-015"),
        (Checkpoint(held.origin, 0, held.root), "LED-013"),
        (Checkpoint(held.origin, 3, held.root), "LED-013"),
    ):
        (tmp_path / "note").write_bytes(sign_note(said.text, [(said.origin, signer)]))
        assert refused(lambda: package_proof(tmp_path / "note", first, signer.public)).code == code
