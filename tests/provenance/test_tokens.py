"""Keys that something else holds: tokens (SoftHSM), key services (a stand-in), plug-ins; what they may get wrong."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from ledger_world import MOMENT, SEED, World
from p256_world import P256Signer
from token_world import MODULE, PIN, make_token, missing

from curator.core.canonical import canonical_bytes
from curator.core.clock import FixedClock
from curator.core.errors import CheckError, CuratorError, IntegrityError, UsageError
from curator.provenance import held, token
from curator.provenance.append import sign_and_append
from curator.provenance.curves import ED25519, P256, P256_ORDER, settled
from curator.provenance.enroll import enroll
from curator.provenance.held import CheckedSigner, WrongSecretError, safe_module, write_held
from curator.provenance.hold import InService, OnToken, hold
from curator.provenance.keys import SeedSigner, encode64, verify
from curator.provenance.keystore import create_key, key_path, unlock
from curator.provenance.people import make_request
from curator.provenance.security import events
from curator.provenance.verify import verify_ledger

CLOCK = FixedClock(MOMENT)
WORD = b"correct horse battery"
ONE = P256Signer("one")
needs_token = pytest.mark.skipif(missing() is not None, reason=missing() or "")


def refused(code: str, call: Any) -> CuratorError:
    with pytest.raises(CuratorError) as caught:
        call()
    assert caught.value.code == code
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A folder with tokens "ada" and "two"; the module reads its configuration once a process."""
    folder = tmp_path_factory.mktemp("hsm")
    patch = pytest.MonkeyPatch()
    patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    make_token(folder, "ada")
    make_token(folder, "two")
    yield folder
    patch.undo()


def on_token(store: Path, algorithm: str, person: str = "ada", label: str = "ada", **more: Any) -> Any:
    return hold(store, person, OnToken(str(MODULE), label, algorithm, **more), PIN, CLOCK)


def log_out() -> None:
    while token._open:
        token._open.popitem()[1].close()


# -- tokens -----------------------------------------------------------------------------------------------------------


@needs_token
@pytest.mark.parametrize("algorithm", [ED25519, P256])
def test_a_key_made_on_a_token_signs_records_and_checkpoints(
    site: Path, world: World, tmp_path: Path, algorithm: str
) -> None:
    """21 CFR 11.200(a)(1): the id and the token's PIN are the two components, the key stays on the token."""
    on_token(tmp_path, algorithm)
    key = unlock(tmp_path, "ada", PIN, CLOCK)
    request = make_request(
        key.signer, name="ada", printed_name="Ada", roles=["reader"], specialty=None, years=1, clock=CLOCK
    )
    enroll(world.ledger, world.request("rita", "reviewer"), key, CLOCK)
    enroll(world.ledger, request, world.key("rita"), CLOCK)
    world.guide()
    sign_and_append(world.ledger, [world.label(n) for n in range(3)], key, CLOCK, operator_seed=SEED)
    report = verify_ledger(world.folder).require()
    assert report.state.people["ada"].public == key.signer.public
    assert report.seals[-1].by == ("", "ada")


@needs_token
def test_the_key_file_holds_no_secret_and_the_key_cannot_be_read_out(site: Path, tmp_path: Path) -> None:
    on_token(tmp_path, P256)
    path = key_path(tmp_path, "ada")
    document = json.loads(path.read_bytes())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (document["format"], document["kind"], set(document)) == (
        2,
        "pkcs11",
        {"format", "id", "kind", "publicKey", "details"},
    )
    assert set(document["details"]) == {"module", "token", "serial", "object"}
    assert PIN not in path.read_bytes()
    assert PIN.hex().encode() not in path.read_bytes()

    import pkcs11

    found = pkcs11.lib(str(MODULE)).get_token(token_label="ada")
    log_out()
    with found.open(user_pin=PIN.decode()) as session:
        wanted = {
            pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY,
            pkcs11.Attribute.ID: bytes.fromhex(document["details"]["object"]),
        }
        (key,) = session.get_objects(wanted)
        assert key[pkcs11.Attribute.LABEL] == "curator ada"
        assert (key[pkcs11.Attribute.EXTRACTABLE], key[pkcs11.Attribute.SENSITIVE]) == (False, True)
        with pytest.raises(pkcs11.exceptions.AttributeSensitive):
            key[pkcs11.Attribute.VALUE]


@needs_token
def test_a_wrong_pin_is_refused_and_on_record_every_time(site: Path, tmp_path: Path) -> None:
    """21 CFR 11.300(d): tries with a wrong PIN are recorded, also while the token is in use by this very process."""
    good = on_token(tmp_path, P256)
    for number, wrong in enumerate((b"9999 9999", b"", b"\xff\xfe", PIN + b" "), 1):
        refused("KEY-051", lambda wrong=wrong: unlock(tmp_path, "ada", wrong, CLOCK))
        assert len(events(tmp_path)) == number
    refused("KEY-056", lambda: good.signer.sign(b"x"))
    assert unlock(tmp_path, "ada", PIN, CLOCK).signer.sign(b"x")
    other = tmp_path / "other"
    refused("KEY-051", lambda: hold(other, "ben", OnToken(str(MODULE), "ada", P256), b"0000 0000", CLOCK))
    assert [one["person"] for one in events(other)] == ["ben"]
    assert not key_path(other, "ben").exists()


@needs_token
def test_a_key_that_is_on_the_token_already_can_be_used(site: Path, tmp_path: Path) -> None:
    first = on_token(tmp_path / "a", P256)
    identifier = bytes.fromhex(json.loads(key_path(tmp_path / "a", "ada").read_bytes())["details"]["object"])
    second = on_token(tmp_path / "b", P256, existing=identifier)
    assert second.signer.public == first.signer.public
    refused("KEY-055", lambda: on_token(tmp_path / "c", ED25519, existing=identifier))
    refused("KEY-055", lambda: on_token(tmp_path / "c", P256, existing=b"\0none"))


@needs_token
def test_a_key_that_could_leave_the_token_is_not_used(site: Path, tmp_path: Path) -> None:
    import pkcs11
    from pkcs11 import Attribute, KeyType

    log_out()
    with pkcs11.lib(str(MODULE)).get_token(token_label="two").open(user_pin=PIN.decode(), rw=True) as session:
        curve = session.create_domain_parameters(
            KeyType.EC, {Attribute.EC_PARAMS: bytes.fromhex("06082a8648ce3d030107")}, local=True
        )
        curve.generate_keypair(store=True, id=b"out", private_template={Attribute.EXTRACTABLE: True})
    refused("KEY-055", lambda: on_token(tmp_path, P256, label="two", existing=b"out"))
    assert not tmp_path.joinpath("ada.key.json").exists()


@needs_token
def test_another_token_or_key_in_its_place_is_refused(site: Path, tmp_path: Path) -> None:
    on_token(tmp_path, P256)
    on_token(tmp_path, P256, "ben")
    ada, ben = (json.loads(key_path(tmp_path, name).read_bytes()) for name in ("ada", "ben"))
    path = key_path(tmp_path, "ada")

    def with_details(**more: Any) -> None:
        path.write_bytes(canonical_bytes({**ada, "details": {**ada["details"], **more}}))

    with_details(serial="0000")
    refused("KEY-054", lambda: unlock(tmp_path, "ada", PIN, CLOCK))
    with_details(token="gone")
    refused("KEY-054", lambda: unlock(tmp_path, "ada", PIN, CLOCK))
    with_details(object="00")
    refused("KEY-055", lambda: unlock(tmp_path, "ada", PIN, CLOCK))
    with_details(object="zz")
    refused("KEY-056", lambda: unlock(tmp_path, "ada", PIN, CLOCK))
    with_details(object=ben["details"]["object"])
    opened = unlock(tmp_path, "ada", PIN, CLOCK)
    refused("KEY-057", lambda: opened.signer.sign(b"x"))


class Fake:
    """A module in the place of python-pkcs11's, whose token answers as told."""

    def __init__(self, answer: Exception) -> None:
        self.answer = answer
        self.serial = b"1"

    def lib(self, _path: str) -> Any:
        return self

    def get_tokens(self, **_: Any) -> Any:
        return [self]

    def open(self, **_: Any) -> Any:
        raise self.answer


@pytest.mark.skipif(missing() is not None and "pkcs11'" in str(missing()), reason="not run: python-pkcs11 is missing")
@pytest.mark.parametrize(
    ("name", "code", "recorded"),
    [
        ("PinLocked", "KEY-052", 0),
        ("PinExpired", "KEY-052", 0),
        ("PinIncorrect", "KEY-051", 1),
        ("TokenNotPresent", "KEY-056", 0),
        ("DeviceRemoved", "KEY-056", 0),
        ("UserAlreadyLoggedIn", "KEY-056", 0),
    ],
)
def test_what_a_token_says_has_its_own_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str, recorded: int
) -> None:
    from pkcs11 import exceptions

    fake = Fake(getattr(exceptions, name)("patient Smith"))
    real = token.import_module
    monkeypatch.setattr(token, "import_module", lambda wanted: fake if wanted == "pkcs11" else real(wanted))
    monkeypatch.setattr(token, "safe_module", Path)
    details = {"module": "/m.so", "token": "ada", "serial": "1", "object": "00"}
    write_held(tmp_path, "ada", "pkcs11", ONE.public, details)
    error = refused(code, lambda: unlock(tmp_path, "ada", b"1234", CLOCK))
    assert "Smith" not in str(error) + error.hint
    assert len(events(tmp_path)) == recorded


def test_a_module_that_others_could_change_is_not_loaded(tmp_path: Path) -> None:
    module = tmp_path / "m.so"
    refused("KEY-053", lambda: safe_module(str(module)))
    module.write_bytes(b"")
    module.chmod(0o644)
    assert safe_module(str(module)) == module
    for bad in (0o664, 0o646, 0o777):
        module.chmod(bad)
        refused("KEY-053", lambda: safe_module(str(module)))
    refused("KEY-053", lambda: safe_module("m.so"))
    refused("KEY-053", lambda: safe_module(str(tmp_path)))
    refused("KEY-053", lambda: safe_module("a\0b"))


def test_without_the_extra_the_code_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: str) -> Any:
        raise ImportError

    monkeypatch.setattr(token, "import_module", gone)
    monkeypatch.setattr(token, "safe_module", Path)
    error = refused("KEY-058", lambda: hold(tmp_path, "ada", OnToken("/m.so", "ada", P256), PIN, CLOCK))
    assert "curator[pkcs11]" in error.hint


# -- key services -----------------------------------------------------------------------------------------------------


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Stand in for a cloud: the scheme awskms leads to securesystemslib's own signer over a local file."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from securesystemslib import signer as library

    pem = tmp_path / "cloud.pem"
    pem.write_bytes(ONE.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    class StandIn(library.CryptoSigner):
        SCHEME = "awskms"

        @classmethod
        def from_priv_key_uri(cls, uri: str, public: Any, secrets_handler: Any = None) -> Any:
            where = uri.replace("awskms:", "file2:")
            return library.CryptoSigner.from_priv_key_uri(where, public, secrets_handler)

    monkeypatch.setitem(library.SIGNER_FOR_URI_SCHEME, "awskms", StandIn)
    return InService(f"awskms:{pem}", ONE.public)


def test_a_key_in_a_service_signs_and_its_address_is_sealed(cloud: Any, tmp_path: Path) -> None:
    """21 CFR 11.200(a)(1): a key service does not know the person's passphrase, so the key file asks for it."""
    store = tmp_path / "keys"
    hold(store, "ada", cloud, WORD, CLOCK)
    signer = unlock(store, "ada", WORD, CLOCK).signer
    for number in range(8):
        data = b"record %d" % number
        assert verify(ONE.public, signer.sign(data), data)
    assert b"cloud.pem" not in key_path(store, "ada").read_bytes()
    refused("KEY-002", lambda: unlock(store, "ada", b"wrong horse battery", CLOCK))
    assert len(events(store)) == 1


def test_a_key_service_that_fails_or_holds_another_key_leaves_no_file(cloud: Any, tmp_path: Path) -> None:
    store = tmp_path / "keys"
    for code, where in (
        ("KEY-056", InService("awskms:/nothing/there", ONE.public)),
        ("KEY-056", InService(cloud.address, P256Signer("two").public)),
        ("KEY-060", InService(f"file2:{tmp_path}/cloud.pem", ONE.public)),
        ("KEY-060", InService("gnupg:", ONE.public)),
        ("KEY-060", InService("awskms:", ONE.public)),
        ("KEY-060", InService("awskms:a\nb", ONE.public)),
    ):
        refused(code, lambda where=where: hold(store, "ada", where, WORD, CLOCK))
    refused("KEY-014", lambda: hold(store, "ada", cloud, b"short", CLOCK))
    assert not store.exists()


def test_a_service_whose_library_is_not_installed_is_told_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lacking libraries are no service that cannot be reached."""
    from securesystemslib import signer as library
    from securesystemslib.exceptions import UnsupportedLibraryError

    class Lacking(library.CryptoSigner):
        @classmethod
        def from_priv_key_uri(cls, uri: str, public: Any, secrets_handler: Any = None) -> Any:
            raise UnsupportedLibraryError(uri)

    for scheme, extra in (("awskms", "awskms"), ("hv", "vault")):
        monkeypatch.setitem(library.SIGNER_FOR_URI_SCHEME, scheme, Lacking)
        place = InService(f"{scheme}:alias/ada", ONE.public)
        error = refused("KEY-071", lambda place=place: hold(tmp_path / "keys", "ada", place, WORD, CLOCK))
        assert f"securesystemslib[{extra}]" in error.hint
        assert "alias/ada" not in error.sentence + error.hint
    assert not (tmp_path / "keys").exists()


def test_a_key_service_that_goes_away_signs_nothing(cloud: Any, tmp_path: Path) -> None:
    store = tmp_path / "keys"
    hold(store, "ada", cloud, WORD, CLOCK)
    (tmp_path / "cloud.pem").unlink()
    refused("KEY-056", lambda: unlock(store, "ada", WORD, CLOCK))


@pytest.mark.parametrize(
    ("path", "value"),
    [("kdf/n", 1024), ("kdf/name", "none"), ("sealed", "!"), ("id", "ben"), ("kind", "../x"), ("publicKey", "AA==")],
)
def test_a_damaged_file_of_a_held_key_is_refused(cloud: Any, tmp_path: Path, path: str, value: Any) -> None:
    store = tmp_path / "keys"
    hold(store, "ada", cloud, WORD, CLOCK)
    document = json.loads(key_path(store, "ada").read_bytes())
    *steps, last = path.split("/")
    inner = document
    for step in steps:
        inner = inner[step]
    inner[last] = value
    key_path(store, "ada").write_bytes(canonical_bytes(document))
    refused("KEY-003", lambda: unlock(store, "ada", WORD, CLOCK))


def test_a_public_key_exchanged_in_a_sealed_file_is_found_out(cloud: Any, tmp_path: Path) -> None:
    store = tmp_path / "keys"
    hold(store, "ada", cloud, WORD, CLOCK)
    document = json.loads(key_path(store, "ada").read_bytes())
    document["publicKey"] = encode64(P256Signer("eve").public)
    key_path(store, "ada").write_bytes(canonical_bytes(document))
    refused("KEY-002", lambda: unlock(store, "ada", WORD, CLOCK))


def test_one_person_has_one_key_file_whatever_its_kind(cloud: Any, tmp_path: Path) -> None:
    store = tmp_path / "keys"
    hold(store, "ada", cloud, WORD, CLOCK)
    refused("KEY-004", lambda: create_key(store, "ada", WORD))
    refused("KEY-004", lambda: hold(store, "ada", cloud, WORD, CLOCK))
    refused("KEY-004", lambda: write_held(store, "ada", "pkcs11", ONE.public, {}))


# -- plug-ins and what is believed of them ----------------------------------------------------------------------------


class Entry:
    def __init__(self, made: Any) -> None:
        self.load = lambda: made


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Install an opener under the kind "card" and return a function that opens ada's key with it."""

    def use(opener: Any, public: bytes = ONE.public) -> Any:
        monkeypatch.setattr(held, "entry_points", lambda group, name: [Entry(opener)] if name == "card" else [])
        store = tmp_path / str(id(opener))
        write_held(store, "ada", "card", public, {"slot": 1})
        return store, lambda: unlock(store, "ada", b"1234", CLOCK)

    return use


def test_a_plug_in_opens_its_kind_of_key(plug_in: Any) -> None:
    seen: list[Any] = []

    def opener(details: Any, public: bytes, secret: bytes) -> Any:
        seen.append((details, public, secret))
        return ONE

    _, call = plug_in(opener)
    assert verify(ONE.public, call().signer.sign(b"x"), b"x")
    assert seen == [({"slot": 1}, ONE.public, b"1234")]


def test_a_kind_that_is_not_installed_or_does_not_load_is_refused(plug_in: Any, tmp_path: Path) -> None:
    write_held(tmp_path, "ben", "unknown", ONE.public, {})
    refused("KEY-059", lambda: unlock(tmp_path, "ben", b"x", CLOCK))


def test_a_plug_in_that_raises_says_nothing_of_its_text(plug_in: Any) -> None:
    def boom(*_: Any) -> Any:
        raise KeyError("Smith 1970-01-01")

    def wrong(*_: Any) -> Any:
        raise WrongSecretError("1234")

    store, call = plug_in(boom)
    assert "Smith" not in repr(refused("KEY-056", call))
    assert events(store) == []
    store, call = plug_in(wrong)
    refused("KEY-051", call)
    assert len(events(store)) == 1
    _, call = plug_in(lambda *_: SeedSigner(b"k" * 32))
    refused("KEY-003", call)


class Lying:
    """Gives back what it is told in place of a signature."""

    def __init__(self, public: bytes, made: Any) -> None:
        self.public, self.made = public, made

    def sign(self, data: bytes) -> Any:
        if isinstance(self.made, Exception):
            raise self.made
        return self.made


_WRONG = [b"", None, "text", bytes(64), ONE.sign(b"other"), P256Signer("eve").sign(b"x"), 7]


@pytest.mark.parametrize("made", _WRONG, ids=["empty", "none", "text", "zeros", "other", "eve", "number"])
def test_a_signature_that_does_not_verify_is_never_handed_on(made: Any) -> None:
    for public in (ONE.public, SeedSigner(b"k" * 32).public):
        with pytest.raises(IntegrityError, match="KEY-057"):
            CheckedSigner(Lying(public, made), public).sign(b"x")


def test_a_signer_that_fails_says_nothing_of_its_text() -> None:
    with pytest.raises(CheckError, match="KEY-056") as caught:
        CheckedSigner(Lying(ONE.public, OSError("Smith")), ONE.public).sign(b"x")
    assert "Smith" not in str(caught.value)
    with pytest.raises(UsageError, match="KEY-052"):
        CheckedSigner(Lying(ONE.public, UsageError("KEY-052")), ONE.public).sign(b"x")


def test_a_signature_in_the_upper_half_is_brought_into_its_one_spelling() -> None:
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

    r, s = decode_dss_signature(ONE.raw(b"x"))
    high = encode_dss_signature(r, max(s, P256_ORDER - s))
    assert CheckedSigner(Lying(ONE.public, high), ONE.public).sign(b"x") == settled(high) != high


def test_a_held_key_file_of_an_older_program_shape_is_newer_not_damaged(tmp_path: Path) -> None:
    (tmp_path / "ada.key.json").write_bytes(canonical_bytes({"format": 3, "kind": "x", "id": "ada", "sealed": ""}))
    refused("SYS-007", lambda: unlock(tmp_path, "ada", b"x", CLOCK))
