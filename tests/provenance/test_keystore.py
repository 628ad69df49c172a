"""Private keys at rest, enrollment requests, failed tries."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import MOMENT, World

from curator.core.canonical import canonical_bytes
from curator.core.clock import FixedClock
from curator.core.errors import IntegrityError, UsageError
from curator.provenance.keys import SeedSigner, decode64, encode64, parse_public, public_pem
from curator.provenance.keystore import create_key, default_key_store, key_path, unlock
from curator.provenance.note import vkey
from curator.provenance.people import draft_request, load_request, people_toml, read_request, write_request
from curator.provenance.security import events, record_failure

WORD = b"correct horse battery"
CLOCK = FixedClock(MOMENT)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "store"
    create_key(folder, "ada", WORD)
    return folder


def test_a_key_opens_with_its_passphrase_and_the_file_is_the_owners_alone(store: Path) -> None:
    """21 CFR 11.200(a)(1): an id and a passphrase open a key, and its file is the owner's alone."""
    opened = unlock(store, "ada", WORD, CLOCK)
    path = key_path(store, "ada")
    document = json.loads(path.read_bytes())
    assert encode64(opened.signer.public) == document["publicKey"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.stat().st_mode) == 0o700
    assert (document["kdf"]["name"], document["kdf"]["n"] >= 1 << 17) == ("scrypt", True)


def test_a_wrong_passphrase_is_refused_and_on_record(tmp_path: Path, store: Path) -> None:
    """21 CFR 11.300(d): a wrong passphrase is refused and on record."""
    copy = tmp_path / "store"
    copy.mkdir()
    (copy / "ada.key.json").write_bytes(key_path(store, "ada").read_bytes())
    with pytest.raises(UsageError, match="KEY-002"):
        unlock(copy, "ada", b"wrong", CLOCK)
    assert events(copy) == [
        {
            "format": 1,
            "event": "unlock-failed",
            "person": "ada",
            "at": "2026-05-04T12:00:00Z",
            "previous": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        }
    ]


def test_a_missing_key_a_second_key_and_a_short_passphrase_are_refused(store: Path, tmp_path: Path) -> None:
    """21 CFR 11.300(a): an id has one key, and passphrases have a least length."""
    for code, call in (
        ("KEY-001", lambda: unlock(store, "ben", WORD, CLOCK)),
        ("KEY-004", lambda: create_key(store, "ada", WORD)),
        ("KEY-014", lambda: create_key(tmp_path, "ben", b"short")),
        ("KEY-015", lambda: create_key(tmp_path, "../ben", WORD)),
        ("KEY-015", lambda: create_key(tmp_path, "operator", WORD)),
    ):
        with pytest.raises(UsageError, match=code):
            call()
    assert list(tmp_path.iterdir()) == []


def change(document: Any, path: str, value: Any) -> None:
    *steps, last = path.split("/")
    for step in steps:
        document = document[step]
    document[last] = value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("kdf/n", 1024),
        ("kdf/n", 1 << 30),
        ("kdf/n", True),
        ("kdf/r", 1),
        ("kdf/name", "pbkdf2"),
        ("kdf/salt", "AAAA"),
        ("cipher/nonce", "AAAA"),
        ("cipher/name", "none"),
        ("id", 7),
        ("sealed", "!"),
        ("publicKey", 7),
        ("kdf", []),
    ],
)
def test_a_key_file_that_is_damaged_or_weaker_is_refused(tmp_path: Path, store: Path, path: str, value: Any) -> None:
    document = json.loads(key_path(store, "ada").read_bytes())
    change(document, path, value)
    (tmp_path / "ada.key.json").write_bytes(canonical_bytes(document))
    with pytest.raises(IntegrityError, match="KEY-003"):
        unlock(tmp_path, "ada", WORD, CLOCK)


def test_the_key_file_of_another_person_is_told_from_a_damaged_one(tmp_path: Path, store: Path) -> None:
    """21 CFR 11.200(a)(2): nobody signs with another's key file, and nothing is said to be broken."""
    (tmp_path / "ben.key.json").write_bytes(key_path(store, "ada").read_bytes())
    with pytest.raises(UsageError, match="KEY-070"):
        unlock(tmp_path, "ben", WORD, CLOCK)


def test_a_public_key_exchanged_in_the_file_is_found_out(tmp_path: Path, store: Path) -> None:
    """21 CFR 11.300(e): a key file that was tampered with is told from a sound one."""
    document = json.loads(key_path(store, "ada").read_bytes())
    document["publicKey"] = encode64(SeedSigner(b"x" * 32).public)
    (tmp_path / "ada.key.json").write_bytes(canonical_bytes(document))
    with pytest.raises(UsageError, match="KEY-002"):
        unlock(tmp_path, "ada", WORD, CLOCK)


def test_a_newer_key_file_is_refused(tmp_path: Path, store: Path) -> None:
    """21 CFR 11.10(c): a document of a later format is refused and not misread."""
    document = json.loads(key_path(store, "ada").read_bytes())
    document["format"] = 2
    (tmp_path / "ada.key.json").write_bytes(canonical_bytes(document))
    with pytest.raises(UsageError, match="SYS-007"):
        unlock(tmp_path, "ada", WORD, CLOCK)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"null", b'{"sealed":"AA=="}'])
def test_junk_in_place_of_a_key_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "ada.key.json").write_bytes(data)
    with pytest.raises(IntegrityError, match="KEY-003"):
        unlock(tmp_path, "ada", WORD, CLOCK)


def test_the_variable_names_a_folder_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CURATOR_KEY_STORE", str(tmp_path))
    assert default_key_store() == tmp_path
    monkeypatch.delenv("CURATOR_KEY_STORE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "x"))
    assert default_key_store() == tmp_path / "x" / "curator" / "keys"


def test_the_chain_of_failed_tries_shows_a_change_and_a_gap(tmp_path: Path) -> None:
    """21 CFR 11.300(d): the record of failed tries shows when it was altered."""
    assert events(tmp_path) == []
    assert [record_failure(tmp_path, "ada", CLOCK) for _ in range(3)] == [1, 2, 3]
    assert len(events(tmp_path)) == 3
    second = tmp_path / "security" / "00000002.json"
    good = second.read_bytes()
    for bad in (good.replace(b"ada", b"eve"), b"junk"):
        second.write_bytes(bad)
        with pytest.raises(IntegrityError, match="KEY-020"):
            events(tmp_path)
    second.unlink()
    with pytest.raises(IntegrityError, match="KEY-020"):
        events(tmp_path)


# -- requests ---------------------------------------------------------------------------------------------------------


def request(tmp_path: Path, **more: Any) -> Any:
    given: dict[str, Any] = {"printed_name": "Ada Réader", "roles": ["reader"], "specialty": None, "years": 3}
    path = tmp_path / "ada.request.json"
    write_request(path, draft_request("ada", **{**given, **more}, clock=CLOCK), World.key("ada").signer)
    return path


def test_a_request_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """21 CFR 11.10(i): an enrollment states role, specialty and years of experience."""
    read = load_request(request(tmp_path))["request"]
    assert (read["id"], read["printedName"], read["roles"], read["years"]) == ("ada", "Ada Réader", ["reader"], 3)


@pytest.mark.parametrize(
    "more",
    [
        {"printed_name": ""},
        {"printed_name": "  "},
        {"printed_name": "a\nb"},
        {"printed_name": "x" * 201},
        {"printed_name": "\u202eadA"},
        {"roles": []},
        {"roles": ["king"]},
        {"years": -1},
        {"years": 81},
        {"specialty": ""},
    ],
)
def test_details_that_the_schema_refuses_are_refused_before_a_key_is_made(tmp_path: Path, more: Any) -> None:
    with pytest.raises(UsageError, match="KEY-019"):
        request(tmp_path, **more)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("request/printedName", "Eve"),
        ("request/roles", ["operator"]),
        ("request/id", "eve"),
        ("request/id", "operator"),
        ("request/publicKey", encode64(b"p" * 32)),
        ("proof", encode64(b"p" * 64)),
        ("proof", "x"),
    ],
)
def test_a_changed_request_is_refused(tmp_path: Path, path: str, value: Any) -> None:
    """21 CFR 11.100(b): a request to be enrolled cannot be changed on its way."""
    document = json.loads(request(tmp_path).read_bytes())
    change(document, path, value)
    with pytest.raises(UsageError, match=r"KEY-0(05|15|50)"):
        read_request(json.dumps(document).encode())


@given(st.binary(max_size=100))
def test_no_bytes_make_the_request_reader_fail_in_another_way(data: bytes) -> None:
    with pytest.raises(UsageError, match="KEY-005"):
        read_request(data)


def test_a_newer_or_missing_or_huge_request_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="SYS-007"):
        read_request(b'{"request":{"format":2}}')
    with pytest.raises(UsageError, match="KEY-072"):
        load_request(tmp_path / "nothing")
    with pytest.raises(UsageError, match="KEY-005"):
        read_request(b" " * 100_000)


def test_the_roster_is_toml_that_says_what_the_ledger_says(world: World) -> None:
    import tomllib

    from curator.provenance.verify import verify_ledger

    world.enroll("rita", "ada", "reviewer", printed='Rita "R" \\ Ünal')
    world.enroll("ada", "rita")
    people = tomllib.loads(people_toml(verify_ledger(world.folder).state.roster()).decode())["person"]
    assert [(one["id"], one["printed_name"]) for one in people] == [("rita", 'Rita "R" \\ Ünal'), ("ada", "Dr Ada")]
    assert decode64(people[1]["public_key"]) == World.key("ada").signer.public


# -- public keys ------------------------------------------------------------------------------------------------------


def test_a_public_key_is_read_in_each_form() -> None:
    raw = SeedSigner(b"k" * 32).public
    for text in (public_pem(raw), vkey("a/b", raw).encode(), raw.hex().encode() + b"\n", encode64(raw).encode()):
        assert parse_public(text) == raw


@given(st.one_of(st.binary(max_size=120), st.text(alphabet="+/=aA0-\n ", max_size=80).map(str.encode)))
def test_no_bytes_make_the_public_key_reader_fail_in_another_way(data: bytes) -> None:
    code = "none"
    try:
        assert len(parse_public(data)) in {32, 65}
    except UsageError as error:
        code = error.code
    assert code in {"none", "KEY-017", "KEY-050"}


def test_a_public_key_of_another_kind_is_refused() -> None:
    pem = public_pem(SeedSigner(b"k" * 32).public).replace(b"MCow", b"MCox")
    for data in (pem, b"", "é".encode(), b"00" * 31, b"-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----"):
        with pytest.raises(UsageError, match="KEY-017"):
            parse_public(data)


def test_a_request_that_is_not_there_is_told_apart_from_one_that_is_broken(tmp_path):
    (tmp_path / "broken.json").write_text("{}")
    for name, code in (("none.json", "KEY-072"), (".", "KEY-072"), ("broken.json", "KEY-005")):
        with pytest.raises(UsageError) as caught:
            load_request(tmp_path / name)
        assert caught.value.code == code
