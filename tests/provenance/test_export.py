"""An export for other tools stands whole or not at all; a shell script verifies one record without this program."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from ledger_world import World

from curator.core import files
from curator.core.errors import CheckError, UsageError
from curator.provenance.export import export_dsse
from curator.provenance.keys import public_pem
from curator.provenance.prove import Prover
from curator.provenance.verify import verify_ledger

SCRIPT = Path(__file__).parents[2] / "scripts" / "verify_label.sh"


@pytest.fixture
def filled(tmp_path: Path) -> World:
    return World(tmp_path / "ledger").filled()


def exported(world: World, folder: Path) -> int:
    return export_dsse(world.ledger, verify_ledger(world.folder), folder, lambda _: None)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("there", [False, True])
def test_a_full_disk_leaves_nothing_of_an_export_and_it_runs_again(
    filled: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    out = tmp_path / "place" / "out"
    if there:  # such as the root of a medium, which no other folder can take the place of
        out.mkdir(parents=True)
    real, written = os.write, []

    def full(handle: int, data: bytes) -> int:
        written.append(1)
        if len(written) > 20:
            raise OSError(errno.ENOSPC, "full")
        return real(handle, data)

    monkeypatch.setattr(files.os, "write", full)
    with pytest.raises(CheckError, match="SYS-001"):
        exported(filled, out)
    monkeypatch.undo()
    assert names(out.parent) == []
    assert out.exists() == there
    assert exported(filled, out) == 13
    assert len(names(out)) == 13 * 4 + len(list((out / "keys").iterdir())) + 7
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    with pytest.raises(UsageError, match="LED-025"):
        exported(filled, out)


# -- one record, verified by a shell -----------------------------------------------------------------------------------


@pytest.fixture
def evidence(filled: World, tmp_path: Path) -> Callable[[int], list[Path]]:
    filled.sign(filled.label(40), operator=True)
    prover = Prover(filled.ledger)
    operator = tmp_path / "operator.pem"
    operator.write_bytes(public_pem(filled.operator.public))
    signer = tmp_path / "signer.pem"
    signer.write_bytes(public_pem(World.key("ada").signer.public))

    def of(index: int) -> list[Path]:
        (tmp_path / "e.tlog-proof").write_bytes(prover.inclusion(index).encode())
        (tmp_path / "e.dsse.json").write_bytes(filled.envelopes()[index])
        return [tmp_path / "e.tlog-proof", tmp_path / "e.dsse.json", operator, signer]

    return of


def verified(paths: list[Path]) -> int:
    """Return the exit code of the script."""
    if shutil.which("openssl") is None or shutil.which("bash") is None:
        pytest.skip("not run: openssl or bash is missing")
    return subprocess.run([SCRIPT, *paths], capture_output=True, check=False).returncode


def test_openssl_alone_verifies_one_record_with_its_proof(evidence: Callable[[int], list[Path]]) -> None:
    """21 CFR 11.10(b): a copy of a record is verified with openssl alone."""
    assert [verified(evidence(index)) for index in (5, 8, 13)] == [0, 0, 0]


def test_openssl_alone_refuses_a_record_or_a_proof_that_was_changed(evidence: Callable[[int], list[Path]]) -> None:
    proof, envelope, operator, signer = paths = evidence(8)
    other = evidence(5)[1].read_bytes()
    evidence(8)
    good = proof.read_bytes(), envelope.read_bytes()
    lines = good[0].split(b"\n")
    exchanged = b"\n".join([*lines[:2], lines[3], lines[2], *lines[4:]])
    for wrong in (
        (good[0], other),
        (good[0], good[1] + b"\n"),
        (good[0].replace(b"index 8", b"index 9"), good[1]),
        (good[0].replace(b"index 8", b"index 010"), good[1]),
        (good[0].replace(b"index 8", b"index 8000"), good[1]),
        (exchanged, good[1]),
        (b"\n".join([*lines[:2], *lines[3:]]), good[1]),
        (good[0].replace(b"\n14\n", b"\n15\n"), good[1]),
        (b"", good[1]),
    ):
        assert wrong != good
        proof.write_bytes(wrong[0])
        envelope.write_bytes(wrong[1])
        assert verified(paths) == 4, wrong
    proof.write_bytes(good[0])
    envelope.write_bytes(good[1])
    assert verified([proof, envelope, operator, operator]) == 4
    assert verified([proof, envelope, signer, signer]) == 4
    assert verified([proof, envelope, operator, proof.with_name("none")]) == 2
