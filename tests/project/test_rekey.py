"""A new master key: everything sealed anew, nothing lost at any instant, the old key useless."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from vault_world import CLOCK, NEW, PLANTED, WORD, contents, files, filled, killed_at_each_step, opened, secrets

from curator.core.errors import IntegrityError, UsageError
from curator.project.box import Box
from curator.project.rekey import next_store, rekey
from curator.project.vault import Vault

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    filled(tmp_path / "v")
    return tmp_path / "v"


def code_of(error: pytest.ExceptionInfo[UsageError | IntegrityError]) -> str:
    return error.value.code


def test_all_documents_and_secrets_stay_and_every_file_is_sealed_anew(place: Path) -> None:
    vault = opened(place)
    before, kept, old = contents(vault), secrets(vault), vault.master
    sealed = {data for name, data in files(place).items() if name.endswith(".enc")}
    made = rekey(vault, WORD, clock=CLOCK)
    made.close()
    again = opened(place)
    assert contents(again) == before
    assert secrets(again) == kept
    assert again.master != old
    assert sealed.isdisjoint(files(place).values())
    assert not any(text in data for data in files(place).values() for text in PLANTED)


def test_the_old_master_key_opens_no_file_that_is_left(place: Path) -> None:
    vault = opened(place)
    old = Vault(vault.folder, vault.master)
    rekey(vault, WORD, clock=CLOCK).close()
    names = [name for name in files(place) if name.endswith(".enc")]
    assert len(names) > 10
    for name in names:
        plain = name.partition("/")[2].removesuffix(".enc")
        with pytest.raises(IntegrityError):
            old.prove(plain, (place / name).read_bytes())
    assert {name.partition("/")[0] for name in names} == {"g0001"}


def test_it_may_be_done_again_and_the_passphrase_may_change_with_it(place: Path) -> None:
    before = contents(opened(place))
    rekey(opened(place), NEW, clock=CLOCK).close()
    with pytest.raises(UsageError) as caught:
        opened(place)
    assert code_of(caught) == "VLT-002"
    rekey(opened(place, NEW), WORD, clock=CLOCK).close()
    assert contents(opened(place)) == before
    assert sorted(one.name for one in place.iterdir() if one.is_dir()) == ["g0002", "openings"]
    purposes = [entry["purpose"] for entry in opened(place).openings()]
    assert purposes.count("rekeyed") == 2
    assert next_store("g9999") == "g0001"


@pytest.mark.parametrize("times", [0, 1])
def test_killed_at_any_step_it_leaves_the_vault_whole_and_can_be_run_again(tmp_path: Path, times: int) -> None:
    filled(tmp_path / "whole")
    for _ in range(times):
        rekey(opened(tmp_path / "whole"), WORD, clock=CLOCK).close()
    vault = opened(tmp_path / "whole")
    before, kept = contents(vault), secrets(vault)
    vault.close()
    place = tmp_path / "v"

    def prepare() -> None:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(tmp_path / "whole", place)

    seen = set()
    for _ in killed_at_each_step(prepare, lambda: rekey(opened(place), WORD, clock=CLOCK)):
        vault = opened(place)
        assert contents(vault) == before
        assert secrets(vault) == kept
        seen.add(vault.store)
        stores = {name.partition("/")[0] for name in files(place) if name.endswith(".enc") and "/" in name}
        assert {one for one in stores if one.startswith("g")} <= {vault.store}
        if vault.store:
            assert not [name for name in files(place) if name.endswith(".enc") and not name.startswith(vault.store)]
        vault.openings()
        done = rekey(vault, NEW, clock=CLOCK)
        done.close()
        assert contents(opened(place, NEW)) == before
    assert len(seen) == 2, "it was killed on both sides of the one step that counts"


def test_the_header_of_former_times_removes_nothing(place: Path) -> None:
    former = (place / "vault.json").read_bytes()
    rekey(opened(place), NEW, clock=CLOCK).close()
    present = (place / "vault.json").read_bytes()
    before = {name: data for name, data in files(place).items() if name.endswith(".enc")}
    (place / "vault.json").write_bytes(former)
    with pytest.raises(IntegrityError) as caught:
        opened(place)
    assert code_of(caught) == "VLT-003"
    assert {name: data for name, data in files(place).items() if name.endswith(".enc")} == before
    (place / "vault.json").write_bytes(present)
    assert contents(opened(place, NEW))


def test_a_header_cannot_be_bent_to_another_folder(place: Path) -> None:
    rekey(opened(place), WORD, clock=CLOCK).close()
    header = place / "vault.json"
    header.write_bytes(header.read_bytes().replace(b"g0001", b"g0002"))
    with pytest.raises(UsageError) as caught:
        opened(place)
    assert code_of(caught) == "VLT-002"
    assert (place / "g0001" / "secrets.enc").exists()


def test_a_damaged_document_stops_it_before_anything_changes(place: Path) -> None:
    path = place / "people.enc"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    before = (place / "vault.json").read_bytes()
    vault = opened(place)
    with pytest.raises(IntegrityError) as caught:
        rekey(vault, NEW, clock=CLOCK)
    vault.close()
    assert code_of(caught) == "VLT-003"
    assert (place / "vault.json").read_bytes() == before
    assert opened(place).need("deliveries/0001/about") == PLANTED[0]


def test_nobody_else_may_have_the_vault_open_and_nobody_may_open_it_meanwhile(place: Path) -> None:
    other, vault = opened(place), opened(place)
    with pytest.raises(UsageError) as caught:
        rekey(vault, WORD, clock=CLOCK)
    assert code_of(caught) == "VLT-030"
    other.close()
    vault.alone()
    with pytest.raises(UsageError) as caught:
        opened(place)
    assert code_of(caught) == "VLT-030"
    vault.close()
    assert opened(place).get("people")


def test_a_short_new_passphrase_changes_nothing(place: Path) -> None:
    before = files(place)
    vault = opened(place)
    with pytest.raises(UsageError) as caught:
        rekey(vault, b"short", clock=CLOCK)
    assert code_of(caught) == "VLT-006"
    assert {name: data for name, data in files(place).items() if name in before and name != "opened.enc"} == {
        name: data for name, data in before.items() if name != "opened.enc"
    }


def test_a_changed_passphrase_killed_at_any_step_opens_with_the_one_or_the_other(tmp_path: Path) -> None:
    filled(tmp_path / "whole")
    place = tmp_path / "v"

    def prepare() -> None:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(tmp_path / "whole", place)

    seen = set()
    for _ in killed_at_each_step(prepare, lambda: opened(place).change_passphrase(NEW, clock=CLOCK)):
        works = []
        for word in (WORD, NEW):
            try:
                vault = opened(place, word)
            except UsageError:
                continue
            works.append(word)
            assert vault.need("people") == b" ".join(PLANTED)
            if word == NEW:
                assert "passphrase" in [entry["purpose"] for entry in vault.openings()]
        assert len(works) == 1
        seen.update(works)
    assert seen == {WORD, NEW}


def test_boxes_of_two_master_keys_never_meet() -> None:
    with pytest.raises(IntegrityError):
        Box(bytes(32)).unseal("n", Box(bytes(31) + b"x").seal("n", b"data"))
