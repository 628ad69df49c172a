"""The vault: secrets at rest, wrong passphrases, damage, records of openings."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.clock import FixedClock
from curator.core.errors import IntegrityError, UsageError
from curator.project import vault as vault_module
from curator.project.box import Box
from curator.project.vault import Vault

CLOCK = FixedClock(datetime(2026, 11, 23, 9, 14, tzinfo=UTC))
WORD = b"correct horse battery"
SECRET = b"DOE^JANE 1931-04-05 MRN-778812"


@pytest.fixture
def made(tmp_path: Path) -> Vault:
    return Vault.create(tmp_path / "v", WORD, clock=CLOCK)


def test_what_is_put_comes_back_after_reopening(made: Vault) -> None:
    made.put("deliveries/0001/about", SECRET)
    again = Vault.open(made.folder, WORD, purpose="test", clock=CLOCK)
    assert again.get("deliveries/0001/about") == SECRET
    assert again.get("deliveries/0001/none") is None
    assert again.names("deliveries") == ["deliveries/0001/about"]
    assert again.subkey("uid") == made.subkey("uid") != made.subkey("source")
    assert again.operator_key() == made.operator_key()
    assert again.person_key(1) == made.person_key(1) != made.person_key(2)


def test_nothing_in_the_folder_can_be_read_or_opened_by_others(made: Vault) -> None:
    """21 CFR 11.30: identities are encrypted at rest, and the vault's files are the owner's alone."""
    made.put("people", SECRET)
    assert stat.S_IMODE(os.stat(made.folder).st_mode) == 0o700
    for path in made.folder.rglob("*"):
        if path.is_file():
            assert SECRET not in path.read_bytes()
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert "horse" not in repr(made)


def test_the_work_factor_is_a_real_one(made: Vault) -> None:
    kdf = json.loads((made.folder / "vault.json").read_bytes())["kdf"]
    assert kdf["name"] == "scrypt"
    assert (kdf["n"], kdf["r"], kdf["p"]) >= (1 << 17, 8, 1)
    assert 128 * kdf["n"] * kdf["r"] >= 128 << 20


def test_a_wrong_passphrase_is_refused_and_recorded(made: Vault) -> None:
    """21 CFR 11.300(d): a failed opening of the vault is recorded."""
    with pytest.raises(UsageError) as caught:
        Vault.open(made.folder, b"wrong horse battery", purpose="scrub", clock=CLOCK)
    assert caught.value.code == "VLT-002"
    assert [entry["purpose"] for entry in made.openings()] == ["created", "failed"]


def test_an_altered_record_of_an_opening_is_found(made: Vault) -> None:
    Vault.open(made.folder, WORD, purpose="scrub", clock=CLOCK)
    Vault.open(made.folder, WORD, purpose="scan", clock=CLOCK)
    path = made.folder / "openings" / "00000002.json"
    path.write_bytes(path.read_bytes().replace(b"scrub", b"other"))
    with pytest.raises(IntegrityError) as caught:
        made.openings()
    assert caught.value.code == "VLT-003"


def test_a_record_of_openings_that_was_cut_off_is_found(made: Vault) -> None:
    Vault.open(made.folder, WORD, purpose="scrub", clock=CLOCK)
    Vault.open(made.folder, WORD, purpose="crosswalk", clock=CLOCK)
    (made.folder / "openings" / "00000003.json").unlink()
    with pytest.raises(IntegrityError) as caught:
        made.openings()
    assert caught.value.code == "VLT-003"


@pytest.mark.parametrize("gone", ["entry", "head", "both", "garbage"])
def test_what_was_cut_off_is_found_after_the_vault_was_opened_again(made: Vault, gone: str) -> None:
    for purpose in ("scrub", "crosswalk"):
        Vault.open(made.folder, WORD, purpose=purpose, clock=CLOCK)
    if gone in {"entry", "both"}:
        (made.folder / "openings" / "00000003.json").unlink()
    if gone in {"head", "both"}:
        made.path("opened").unlink()
    if gone == "garbage":
        made.path("opened").write_bytes(b"garbage")
    for _ in range(2):  # the first opening since seals a head of its own
        again = Vault.open(made.folder, WORD, purpose="openings", clock=CLOCK)
        with pytest.raises(IntegrityError) as caught:
            again.openings()
        assert caught.value.code == "VLT-003"


def test_an_opening_that_was_killed_before_its_head_was_sealed_is_no_damage(made: Vault) -> None:
    Vault.open(made.folder, WORD, purpose="scrub", clock=CLOCK)
    head = made.path("opened").read_bytes()
    Vault.open(made.folder, WORD, purpose="scan", clock=CLOCK)
    made.path("opened").write_bytes(head)
    again = Vault.open(made.folder, WORD, purpose="openings", clock=CLOCK)
    assert [one["purpose"] for one in again.openings()] == ["created", "scrub", "scan", "openings"]


def test_a_folder_in_the_place_of_a_document_is_damage(made: Vault) -> None:
    made.path("people").mkdir()
    with pytest.raises(IntegrityError) as caught:
        made.get("people")
    assert caught.value.code == "VLT-003"


def test_a_changed_passphrase_keeps_every_secret(made: Vault) -> None:
    key = made.subkey("uid")
    made.change_passphrase(b"another passphrase", clock=CLOCK)
    assert Vault.open(made.folder, b"another passphrase", purpose="t", clock=CLOCK).subkey("uid") == key
    with pytest.raises(UsageError):
        Vault.open(made.folder, WORD, purpose="t", clock=CLOCK)


def test_short_passphrases_and_second_vaults_are_refused(made: Vault, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        Vault.create(tmp_path / "w", b"short", clock=CLOCK)
    assert caught.value.code == "VLT-006"
    assert not (tmp_path / "w").exists()
    with pytest.raises(UsageError) as caught:
        Vault.create(made.folder, WORD, clock=CLOCK)
    assert caught.value.code == "VLT-004"
    with pytest.raises(UsageError) as caught:
        Vault.open(tmp_path / "none", WORD, purpose="t", clock=CLOCK)
    assert caught.value.code == "VLT-001"


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", b'{"format":1}', b"\xff", b'{"format":1,"kdf":{"name":"scrypt","n":1}}']
)
def test_a_damaged_header_is_no_crash(made: Vault, text: bytes) -> None:
    (made.folder / "vault.json").write_bytes(text)
    with pytest.raises(IntegrityError) as caught:
        Vault.open(made.folder, WORD, purpose="t", clock=CLOCK)
    assert caught.value.code == "VLT-003"


def test_a_hostile_work_factor_does_not_eat_the_memory(made: Vault) -> None:
    path = made.folder / "vault.json"
    doc = json.loads(path.read_bytes())
    doc["kdf"]["n"] = 1 << 40
    path.write_text(json.dumps(doc))
    with pytest.raises(IntegrityError):
        Vault.open(made.folder, WORD, purpose="t", clock=CLOCK)


def test_a_document_cannot_take_the_place_of_another(made: Vault) -> None:
    made.put("deliveries/0001/plan", b"one")
    made.put("deliveries/0002/plan", b"two")
    made.path("deliveries/0002/plan").write_bytes(made.path("deliveries/0001/plan").read_bytes())
    with pytest.raises(IntegrityError) as caught:
        made.get("deliveries/0002/plan")
    assert caught.value.code == "VLT-003"


@given(st.binary(max_size=64), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_flipped_byte_anywhere_is_found(data: bytes, where: int, change: int) -> None:
    box = Box(bytes(32))
    sealed = bytearray(box.seal("n", data))
    assert box.unseal("n", bytes(sealed)) == data
    sealed[where % len(sealed)] ^= change
    with pytest.raises(IntegrityError):
        box.unseal("n", bytes(sealed))


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_never_unsealed(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        Box(bytes(32)).unseal("n", data)


def test_a_full_disk_leaves_the_old_document(made: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    made.put("people", b"old")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(Exception, match="SYS-001"):
        made.put("people", b"new")
    monkeypatch.undo()
    assert made.get("people") == b"old"
    assert [p.name for p in made.folder.iterdir() if p.name.startswith(".")] == []
    assert vault_module.VAULT_FORMAT == 1
