"""Any n of m people open the vault; fewer, altered, mixed or former shares do not, and nothing is told of why."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from vault_world import CLOCK, NEW, PLANTED, WORD, contents, files, filled, killed_at_each_step, opened, secrets

from curator.core.errors import CuratorError, UsageError
from curator.project.backup import write_backup
from curator.project.recovery import ByShares, Holder, recover, split, status
from curator.project.rekey import rekey
from curator.project.restore import restore
from curator.project.shares import Given, joined, split_words, words_of

pytestmark = pytest.mark.usefixtures("quick")

PEOPLE = ("ada", "ben", "cleo")


def word_of(name: str) -> bytes:
    return f"the phrase of {name}".encode()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    filled(tmp_path / "v")
    return tmp_path / "v"


def shared(place: Path, out: str = "shares", *, threshold: int = 2, paper: bool = False, word: bytes = WORD) -> Path:
    vault = opened(place, word)
    holders = [Holder(name, None if paper else word_of(name)) for name in PEOPLE]
    split(vault, threshold, holders, place.parent / out, clock=CLOCK)
    vault.close()
    return place.parent / out


def given(folder: Path, *names: str) -> list[Given]:
    return [Given((folder / f"{name}.share.json").read_bytes(), word_of(name)) for name in names]


def refused(call: Any, code: str = "VLT-038") -> str:
    with pytest.raises(CuratorError) as caught:
        call()
    assert caught.value.code == code
    return str(caught.value) + caught.value.hint


@pytest.mark.parametrize("names", list(itertools.permutations(PEOPLE, 2)) + [PEOPLE])
def test_any_two_of_three_open_the_vault_and_give_it_a_new_passphrase(place: Path, names: tuple[str, ...]) -> None:
    vault = opened(place)
    before, kept = contents(vault), secrets(vault)
    vault.close()
    folder = shared(place)
    assert set(recover(place, given(folder, *names), NEW, clock=CLOCK)) == set(names)
    again = opened(place, NEW)
    assert {name: data for name, data in contents(again).items() if name in before} == before
    assert secrets(again) == kept
    refused(lambda: opened(place), "VLT-002")
    entry = next(one for one in again.openings() if one["purpose"] == "recovered")
    assert entry["by"] == sorted(names)
    assert entry["at"] == "2026-11-23T09:14:00Z"


def test_words_on_paper_do_as_well_in_any_layout(place: Path) -> None:
    folder = shared(place, paper=True)
    texts = [(folder / f"{name}.share.txt").read_text() for name in ("ben", "cleo")]
    words = [word for line in texts[0].splitlines() if not line.startswith("#") for word in line.split()]
    assert len(words) == 33
    loose = "  ".join(words).encode()
    assert recover(place, [Given(loose), Given(texts[1].encode())], NEW, clock=CLOCK) == ("ben", "cleo")


def test_too_few_mixed_altered_and_wrongly_opened_shares_all_get_one_answer(place: Path) -> None:
    former, folder = shared(place, "former"), shared(place)
    ada, ben = given(folder, "ada", "ben")
    text = json.loads(ben.data)
    sealed = text["sealed"]
    altered = [
        {**text, "sealed": sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:]},
        {**text, "holder": "cleo"},
        {**text, "threshold": 1},
        {**text, "number": 1},
        {**text, "format": 2},
        {name: value for name, value in text.items() if name != "kdf"},
        {**text, "kdf": {**text["kdf"], "n": 2}},
        {**text, "kdf": {**text["kdf"], "n": 1 << 40}},
        {"sealed": 5},
    ]
    bad = [
        [],
        [ada],
        [ada, ada],
        [ada, Given(ben.data, word_of("ada"))],
        [ada, Given(ben.data, b"")],
        [ada, Given(ben.data)],
        [ada, *given(former, "ben")],
        given(former, "ada", "ben"),
        [ada, Given(b"")],
        [ada, Given(b"{")],
        [ada, Given(b"academic acid acne")],
        [ada, Given(b"\xff\xfe")],
        [ada, ben, Given(b"words that no share has")],
        [ada, *given(former, "ben"), *given(folder, "cleo")],
        *([ada, Given(json.dumps(one).encode(), ben.passphrase)] for one in altered),
    ]
    before = (place / "vault.json").read_bytes()
    said = {refused(lambda shares=shares: recover(place, shares, NEW, clock=CLOCK)) for shares in bad}
    assert len(said) == 1
    assert (place / "vault.json").read_bytes() == before
    purposes = [entry["purpose"] for entry in opened(place).openings()]
    assert purposes.count("recovery-failed") == len(bad)
    assert recover(place, [ada, ben], NEW, clock=CLOCK) == ("ada", "ben")


def test_an_altered_word_on_paper_is_found(place: Path) -> None:
    folder = shared(place, paper=True)
    ada, ben = ((folder / f"{name}.share.txt").read_text() for name in ("ada", "ben"))
    words = [word for line in ben.splitlines() if not line.startswith("#") for word in line.split()]
    for at in range(len(words)):
        other = words[:at] + ["academic" if words[at] != "academic" else "acid"] + words[at + 1 :]
        found = ByShares([Given(ada.encode()), Given(" ".join(other).encode())])
        assert found((place / "vault.json").read_bytes(), (place / "recovery.json").read_bytes()) is None, at


def test_a_share_too_many_that_is_wrong_spoils_the_rest() -> None:
    words = split_words(b"s" * 32, 2, 5)
    others = split_words(b"t" * 32, 2, 5)
    assert joined(words) == (b"s" * 32, [0, 1, 2, 3, 4])
    assert joined(words[1:3]) == (b"s" * 32, [1, 2])
    assert joined([*words[:3], others[3], words[4]]) is None
    assert joined(words[:1]) is None


def test_a_new_split_ends_the_shares_made_before(place: Path) -> None:
    former = shared(place, "former")
    folder = shared(place, threshold=3)
    refused(lambda: recover(place, given(former, "ada", "ben", "cleo"), NEW, clock=CLOCK))
    refused(lambda: recover(place, given(folder, "ada", "ben"), NEW, clock=CLOCK))
    assert recover(place, given(folder, *PEOPLE), NEW, clock=CLOCK) == PEOPLE


def test_a_former_recovery_document_put_back_opens_nothing(place: Path) -> None:
    former = shared(place, "former")
    kept = (place / "recovery.json").read_bytes()
    shared(place)
    (place / "recovery.json").write_bytes(kept)
    refused(lambda: recover(place, given(former, "ada", "ben"), NEW, clock=CLOCK))
    refused(lambda: status(place, opened(place)), "VLT-003")
    folder = shared(place, "third")
    assert recover(place, given(folder, "ada", "ben"), NEW, clock=CLOCK) == ("ada", "ben")


def test_a_rekey_ends_all_shares_until_a_new_split(place: Path) -> None:
    former = shared(place)
    kept = (place / "recovery.json").read_bytes()
    rekey(opened(place), WORD, clock=CLOCK).close()
    assert status(place) is None
    refused(lambda: recover(place, given(former, "ada", "ben"), NEW, clock=CLOCK), "VLT-037")
    (place / "g0001" / "recovery.json").write_bytes(kept)
    refused(lambda: recover(place, given(former, "ada", "ben"), NEW, clock=CLOCK))
    assert "recovery.json" not in files(place)
    folder = shared(place, "again")
    assert recover(place, given(folder, "ben", "cleo"), NEW, clock=CLOCK) == ("ben", "cleo")


def test_the_status_is_proven_with_the_vault_open(place: Path) -> None:
    assert status(place) is None
    shared(place)
    found = status(place, opened(place))
    assert found is not None
    assert (found.threshold, found.holders, found.made_at) == (2, PEOPLE, "2026-11-23T09:14:00Z")
    path = place / "recovery.json"
    path.write_bytes(path.read_bytes().replace(b'"cleo"', b'"mary"'))
    said = status(place)
    assert said is not None
    assert said.holders == ("ada", "ben", "mary")
    refused(lambda: status(place, opened(place)), "VLT-003")


def test_a_changed_recovery_document_opens_nothing(place: Path) -> None:
    folder = shared(place)
    path = place / "recovery.json"
    whole = path.read_bytes()
    for old, new in ((b'"cleo"', b'"mary"'), (b'"threshold":2', b'"threshold":3'), (b'"store":""', b'"store":"g0001"')):
        assert old in whole
        path.write_bytes(whole.replace(old, new))
        refused(lambda: recover(place, given(folder, "ada", "ben"), NEW, clock=CLOCK))
    for damaged in (b"", b"[]", b'{"format":1}', whole[:-9]):
        path.write_bytes(damaged)
        refused(lambda: recover(place, given(folder, "ada", "ben"), NEW, clock=CLOCK), "VLT-003")
    path.write_bytes(whole)
    assert recover(place, given(folder, "ada", "ben"), NEW, clock=CLOCK)


def test_no_secret_stands_in_a_share_or_beside_the_vault(place: Path) -> None:
    folder = shared(place)
    vault = opened(place)
    hidden = [vault.master, WORD, *PLANTED, *map(word_of, PEOPLE), *secrets(vault)]
    words = [words_of(one) or "" for one in given(folder, *PEOPLE)]
    assert all(len(text.split()) == 33 for text in words)
    hidden += [" ".join(text.split()[4:8]).encode() for text in words]
    hidden += [one.hex().encode() for one in hidden]
    for data in [*files(folder).values(), *files(place).values()]:
        assert not [one for one in hidden if one in data]
    assert all(path.stat().st_mode & 0o077 == 0 for path in [folder, *folder.iterdir()])
    assert "phrase" not in repr(given(folder, "ada")) + repr(Holder("ada", word_of("ada")))


@pytest.mark.parametrize(
    ("threshold", "names"),
    [(1, PEOPLE), (4, PEOPLE), (2, ("ada",)), (2, ("ada", "ada", "ben")), (2, ("ada", "../x")), (2, ("a b", "ben"))],
)
def test_a_split_that_is_no_safeguard_is_refused(place: Path, threshold: int, names: tuple[str, ...]) -> None:
    holders = [Holder(name, word_of(name)) for name in names]
    refused(lambda: split(opened(place), threshold, holders, place.parent / "s", clock=CLOCK), "VLT-036")
    assert not (place.parent / "s").exists()
    assert status(place) is None


def test_short_passphrases_and_folders_in_use_are_refused(place: Path) -> None:
    holders = [Holder("ada", b"short"), Holder("ben", word_of("ben"))]
    refused(lambda: split(opened(place), 2, holders, place.parent / "s", clock=CLOCK), "VLT-006")
    folder = shared(place)
    refused(lambda: shared(place), "VLT-032")
    refused(lambda: recover(place, given(folder, "ada", "ben"), b"short", clock=CLOCK), "VLT-006")
    refused(lambda: recover(place.parent / "none", given(folder, "ada", "ben"), NEW, clock=CLOCK), "VLT-001")


def test_killed_at_any_step_a_split_leaves_the_former_shares_or_the_new_ones(tmp_path: Path) -> None:
    filled(tmp_path / "whole")
    former = shared(tmp_path / "whole", "former")
    place, folder = tmp_path / "v", tmp_path / "shares"

    def prepare() -> None:
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(tmp_path / "whole", place)

    def opens(where: Path) -> bool:
        if not where.exists():
            return False
        try:
            return bool(recover(place, given(where, "ada", "cleo"), WORD, clock=CLOCK))
        except UsageError:
            return False

    ends = set()
    for step in killed_at_each_step(prepare, lambda: shared(place)):
        assert opens(former) != opens(folder)
        ends.add(opens(folder))
        again = shared(place, f"again-{step}")
        assert opens(again)
        assert not opens(former)
    assert ends == {True, False}


def test_killed_at_any_step_a_recovery_can_be_done_again(tmp_path: Path) -> None:
    filled(tmp_path / "whole")
    folder = shared(tmp_path / "whole")
    place = tmp_path / "v"

    def prepare() -> None:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(tmp_path / "whole", place)

    for _ in killed_at_each_step(prepare, lambda: recover(place, given(folder, "ada", "ben"), NEW, clock=CLOCK)):
        recover(place, given(folder, "ada", "ben"), NEW, clock=CLOCK)
        assert opened(place, NEW).need("people") == b" ".join(PLANTED)


def test_a_lost_disk_and_a_lost_passphrase_together_cost_nothing(place: Path) -> None:
    folder = shared(place)
    vault = opened(place)
    before = contents(vault)
    write_backup(vault, place.parent / "b.cvb", clock=CLOCK)
    vault.close()
    shutil.rmtree(place)
    bad = ByShares(given(folder, "ada"))
    refused(lambda: restore(place.parent / "b.cvb", bad, place, project=None, clock=CLOCK), "VLT-033")
    opener = ByShares(given(folder, "ada", "cleo"))
    restore(place.parent / "b.cvb", opener, place, project=None, clock=CLOCK, by=lambda: opener.holders)
    assert recover(place, given(folder, "ada", "cleo"), NEW, clock=CLOCK) == ("ada", "cleo")
    again = opened(place, NEW)
    assert contents(again) == before
    assert next(one for one in again.openings() if one["purpose"] == "restored")["by"] == ["ada", "cleo"]


def test_shares_with_a_hostile_work_factor_do_not_stop_the_machine() -> None:
    from shamir_mnemonic import generate_mnemonics

    slow = generate_mnemonics(1, [(2, 2)], b"s" * 32, iteration_exponent=1)[0]
    assert joined(slow) is None
