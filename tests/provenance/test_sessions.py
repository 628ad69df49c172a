"""Signing sessions: what they allow, when they end, what they refuse to sign, and the process behind them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ledger_world import MOMENT, SEED, World
from token_world import MODULE, PIN, make_token, missing

from curator.core.clock import FixedClock
from curator.core.errors import CheckError, CuratorError, IntegrityError, UsageError
from curator.provenance import channel, session
from curator.provenance.append import sign_and_append
from curator.provenance.dsse import IN_TOTO, pae
from curator.provenance.enroll import enroll
from curator.provenance.keys import PersonKey, SeedSigner, verify
from curator.provenance.keystore import create_key, key_path
from curator.provenance.note import Checkpoint
from curator.provenance.people import make_request
from curator.provenance.records import Place, statement
from curator.provenance.security import events
from curator.provenance.session_rules import TRIES, Session
from curator.provenance.signable import signable
from curator.provenance.verify import verify_ledger

CLOCK = FixedClock(MOMENT)
WORD, CODE = b"correct horse battery", b"24 68 10"
KEY = PersonKey("ada", SeedSigner(b"a" * 32))
CHECKPOINT = Checkpoint("curator/trial/0011223344556677", 3, b"r" * 32).text.encode()
linux = pytest.mark.skipif(sys.platform != "linux", reason="not run: reads /proc")


def refused(code: str, call: Callable[[], Any]) -> CuratorError:
    with pytest.raises(CuratorError) as caught:
        call()
    assert caught.value.code == code
    return caught.value


# -- the rules --------------------------------------------------------------------------------------------------------


class Ticks:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def opened(ticks: Ticks, seen: list[int] | None = None) -> Session:
    count = [] if seen is None else seen
    return Session(KEY, [WORD, CODE], idle=60, limit=600, tick=ticks, refused=lambda: count.append(1))


def test_a_session_ends_when_it_is_not_used_and_a_signing_keeps_it_alive() -> None:
    """21 CFR 11.200(a)(1)(ii): what is not one continuous period asks for all components again."""
    ticks = Ticks()
    made = opened(ticks)
    for _ in range(5):
        ticks.now += 59
        assert made.authorize(CODE)
        assert made.ended() is None
    ticks.now += 59
    made.status()
    assert made.ended() is None
    ticks.now += 1
    assert made.ended() == "idle"
    refused("KEY-062", lambda: made.sign(CHECKPOINT))


def test_a_session_ends_at_its_limit_however_much_it_is_used() -> None:
    ticks = Ticks()
    made = opened(ticks)
    while ticks.now < 1599:
        assert made.ended() is None
        made.sign(CHECKPOINT)
        ticks.now += 30
    assert made.ended() == "limit"
    refused("KEY-062", lambda: made.sign(CHECKPOINT))


def test_a_clock_that_goes_back_ends_the_session() -> None:
    ticks = Ticks()
    made = opened(ticks)
    assert made.ended() is None
    ticks.now -= 1
    assert made.ended() == "refused"


def test_each_wrong_component_counts_and_the_third_ends_the_session() -> None:
    """21 CFR 11.300(d): tries by somebody else are recorded, and soon come to an end."""
    seen: list[int] = []
    made = opened(Ticks(), seen)
    for good in (CODE, WORD):
        for wrong in (b"", CODE + b" "):
            assert not made.authorize(wrong)
        assert made.ended() is None
        assert made.authorize(good)
    for wrong in (b"a", CODE[:-1], WORD.upper()):
        assert not made.authorize(wrong)
    assert made.ended() == "refused"
    assert len(seen) == 7
    assert TRIES == 3


def test_a_session_keeps_no_component_in_the_clear() -> None:
    made = opened(Ticks())
    kept = repr(vars(made)) + json.dumps(made.status())
    for secret in (WORD, CODE):
        for spelling in (secret.decode(), secret.hex(), repr(secret)):
            assert spelling not in kept


# -- what it signs ----------------------------------------------------------------------------------------------------


def payload(signer: str = "ada") -> bytes:
    return statement(World.label(World, 1), Place("trial", 5, "0" * 64), signer, MOMENT)  # type: ignore[arg-type]


STATEMENT = pae(IN_TOTO, payload())


def test_records_requests_and_checkpoints_of_the_person_are_signed() -> None:
    own = pae("application/vnd.curator.enrollment-request+json", b'{"id":"ada"}')
    witnessed = b"cosignature/v1\ntime 1780000000\n" + CHECKPOINT
    for data in (STATEMENT, CHECKPOINT, witnessed, own, pae("application/vnd.curator.challenge+json", b"{}")):
        assert signable(data, "ada")
        assert verify(KEY.signer.public, opened(Ticks()).sign(data), data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x" * 32,
        b"SSH SIGNATURE",
        payload(),
        pae(IN_TOTO, payload("ben")),
        pae(IN_TOTO, payload("operator")),
        pae(IN_TOTO, b"{}"),
        pae(IN_TOTO, b"[]"),
        pae(IN_TOTO, payload() + b" "),
        pae(IN_TOTO, b" " + payload()),
        pae(IN_TOTO, payload().replace(b"urn:curator:", b"urn:other:")),
        pae(IN_TOTO, payload().replace(b"in-toto.io/Statement", b"in-toto.io/Fragment")),
        pae("application/vnd.curator.enrollment-request+json", b'{"id":"ben"}'),
        pae("application/vnd.other+json", b"{}"),
        pae("text/plain", b"pay"),
        STATEMENT + b"\n",
        STATEMENT[:-1],
        STATEMENT.replace(b"DSSEv1 28", b"DSSEv1 028"),
        CHECKPOINT[:-1],
        CHECKPOINT + b"more\n",
        b"cosignature/v1\ntime 01\n" + CHECKPOINT,
        b"cosignature/v1\ntime 1\n" + CHECKPOINT.replace(b"curator/", b"rekor/"),
        CHECKPOINT.replace(b"curator/", b"rekor/"),
        CHECKPOINT.replace(b"\n3\n", b"\n03\n"),
        CHECKPOINT.replace(b"trial", b"tri\x1bal"),
        CHECKPOINT.replace(b"trial", b"tri\xffal"),
        b"DSSEv1 1 x 1 \n3\n" + CHECKPOINT.split(b"\n")[2] + b"\n",
    ],
)
def test_nothing_else_is_signed(data: bytes) -> None:
    assert not signable(data, "ada")
    refused("KEY-067", lambda: opened(Ticks()).sign(data))


# -- the process ------------------------------------------------------------------------------------------------------


class Site:
    """A key store with ada's key, a folder for sockets, and an agent whose clock stands in a file."""

    def __init__(self, folder: Path, store: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.store = folder, store
        self.ticks = folder / "ticks"
        self.connections: list[socket.socket] = []
        self.set(1000)
        program = (
            "import sys; from pathlib import Path; from curator.provenance.agent import main;"
            f"main(lambda: float(Path({str(self.ticks)!r}).read_text()))"
        )
        patch.setattr(session, "COMMAND", [sys.executable, "-c", program])

    def set(self, now: float) -> None:
        fresh = self.folder / "fresh"
        fresh.write_text(str(now))
        fresh.rename(self.ticks)

    def start(self, code: bytes | None = CODE, secret: bytes = WORD, person: str = "ada", **more: int) -> Any:
        return session.start(self.store, person, secret, code, **{"idle": 60, "limit": 600, **more})

    def connect(self, person: str = "ada") -> socket.socket:
        made = session.find(self.store, person)
        assert made is not None
        made.settimeout(20)
        self.connections.append(made)
        return made

    def key(self, component: bytes = CODE) -> PersonKey:
        return session.authorize(self.connect(), "ada", component)

    def process(self) -> int:
        with self.connect() as connection:
            packed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return int(struct.unpack("3i", packed)[0])


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "store"
    create_key(folder, "ada", WORD)
    return folder


@pytest.fixture
def site(tmp_path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    runtime = tempfile.mkdtemp(prefix="cu-")
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
    store = tmp_path / "store"
    store.mkdir(mode=0o700)
    shutil.copy(key_path(keys, "ada"), store)
    made = Site(tmp_path, store, monkeypatch)
    yield made
    for connection in made.connections:
        connection.close()
    for person in channel.people_with_sockets(store):
        session.stop(store, person)
    shutil.rmtree(runtime)


def gone(connection: socket.socket) -> bool:
    """Wait until the other end is closed."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(4096):
            pass
    return True


def test_a_ledger_grows_through_a_session_with_one_component_a_signing(site: Site, world: World) -> None:
    """21 CFR 11.200(a)(1)(i): the first time all components, then one that only the person can give."""
    made = site.start()
    assert (made["person"], made["signed"], made["code"], made["idleSecondsLeft"], made["secondsLeft"]) == (
        "ada",
        0,
        True,
        60,
        600,
    )
    key = site.key()
    request = make_request(
        key.signer, name="ada", printed_name="Ada", roles=["reader"], specialty=None, years=1, clock=CLOCK
    )
    enroll(world.ledger, world.request("rita", "reviewer"), key, CLOCK)
    enroll(world.ledger, request, world.key("rita"), CLOCK)
    world.guide()
    sign_and_append(world.ledger, [world.label(n) for n in range(20)], site.key(WORD), CLOCK, operator_seed=SEED)
    report = verify_ledger(world.folder).require()
    assert report.seals[-1].by == ("", "ada")
    assert session.status(site.store, "ada")["signed"] == 1 + 1 + 20 + 1, "enrollment, request, labels, checkpoint"
    assert events(site.store) == []


def test_a_session_without_a_code_takes_the_passphrase_only(site: Site) -> None:
    assert site.start(code=None)["code"] is False
    refused("KEY-069", lambda: site.key(b""))
    assert site.key(WORD).signer.sign(CHECKPOINT)


def test_an_idle_session_and_one_at_its_limit_are_over_and_say_so(site: Site) -> None:
    """21 CFR 11.200(a)(1)(ii): a session that was left alone asks for all components again."""
    site.start()
    key, other = site.key(), site.connect()
    site.set(1059)
    assert key.signer.sign(CHECKPOINT)
    site.set(1119)
    assert "not used" in refused("KEY-062", lambda: key.signer.sign(CHECKPOINT)).sentence
    assert gone(other)
    assert session.find(site.store, "ada") is None
    assert session.why_ended(site.store, "ada") == session.ENDINGS["idle"]
    session.forget_ending(site.store, "ada")
    assert session.why_ended(site.store, "ada") is None

    site.start(idle=600)
    key = site.key()
    site.set(1119 + 599)
    assert key.signer.sign(CHECKPOINT)
    site.set(1119 + 600)
    assert session.status(site.store, "ada") is None
    assert session.why_ended(site.store, "ada") == session.ENDINGS["limit"]
    site.start()
    assert session.why_ended(site.store, "ada") is None


def test_three_wrong_codes_end_the_session_and_are_on_record(site: Site) -> None:
    """21 CFR 11.300(d): tries by somebody else are recorded at once."""
    site.start()
    watcher = site.connect()
    for left in (2, 1, 0):
        assert refused("KEY-069", lambda: site.key(b"wrong code")).facts == {"left": left}
    assert gone(watcher)
    assert session.find(site.store, "ada") is None
    assert session.why_ended(site.store, "ada") == session.ENDINGS["refused"]
    assert [one["person"] for one in events(site.store)] == ["ada"] * 3


def test_one_component_covers_one_connection_only(site: Site) -> None:
    site.start()
    site.key()
    stranger = site.connect()
    assert channel.ask(stranger, channel.SIGN, CHECKPOINT) is None
    refused("KEY-062", lambda: session.SessionSigner(site.connect(), KEY.signer.public).sign(CHECKPOINT))


def test_what_is_no_record_gets_no_signature(site: Site) -> None:
    site.start()
    refused("KEY-067", lambda: site.key().signer.sign(b"GET /admin"))
    assert site.key().signer.sign(CHECKPOINT)


def test_junk_from_a_stranger_ends_its_connection_and_not_the_session(site: Site) -> None:
    site.start()
    for data in (
        b"\xff\xff\xff\xffS",
        struct.pack(">I", channel.MAX_STRANGER + 1) + b"A" + bytes(9000),
        channel.frame(b"Z", b"what"),
        channel.frame(b"S", CHECKPOINT),
        b"GET / HTTP/1.1\r\n\r\n",
    ):
        stranger = site.connect()
        with contextlib.suppress(ConnectionError):
            stranger.sendall(data)
        assert gone(stranger)
    assert site.key().signer.sign(CHECKPOINT)
    assert events(site.store) == []


def test_a_frame_in_small_pieces_and_many_at_once_are_understood(site: Site) -> None:
    site.start()
    with site.connect() as slow:
        for one in channel.frame(channel.AUTHORIZE, CODE):
            slow.sendall(bytes([one]))
        slow.sendall(channel.frame(channel.SIGN, CHECKPOINT) * 3)
        buffer, got = bytearray(), []
        while len(got) < 4:
            buffer += slow.recv(4096)
            while (found := channel.take_frame(buffer, 8192)) is not None:
                got.append(found)
    assert [kind for kind, _ in got] == [channel.GOOD] * 4
    assert all(verify(got[0][1], made, CHECKPOINT) for _, made in got[1:])


def test_more_connections_than_allowed_are_turned_away_and_the_others_go_on(site: Site) -> None:
    site.start()
    first = site.connect()
    others = [channel.connected(channel.session_folder(site.store), f"{channel.session_name(site.store, 'ada')}.sock")]
    with contextlib.suppress(CheckError):
        others += [
            channel.connected(channel.session_folder(site.store), f"{channel.session_name(site.store, 'ada')}.sock")
            for _ in range(17)
        ]
    assert channel.ask(first, channel.STATUS) is not None
    for one in others:
        if one is not None:
            one.close()
    first.close()
    assert session.stop(site.store, "ada")


def test_stopping_needs_no_component_and_leaves_nothing(site: Site) -> None:
    site.start()
    watcher = site.connect()
    assert session.stop(site.store, "ada")
    assert gone(watcher)
    assert not session.stop(site.store, "ada")
    assert session.why_ended(site.store, "ada") is None
    assert channel.people_with_sockets(site.store) == []


@linux
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_killed_agent_loses_nothing_and_another_can_start(site: Site, number: int) -> None:
    site.start()
    process, key, watcher = site.process(), site.key(), site.connect()
    os.kill(process, number)
    assert gone(watcher)
    refused("KEY-062", lambda: key.signer.sign(CHECKPOINT))
    assert session.find(site.store, "ada") is None
    if number == signal.SIGKILL:
        site.start()
        assert site.key().signer.sign(CHECKPOINT)


def test_two_sessions_of_one_person_do_not_live_at_once(site: Site, tmp_path: Path) -> None:
    site.start()
    refused("KEY-065", site.start)
    # Another key store of the same person is another key.
    other = tmp_path / "other"
    create_key(other, "ada", WORD)
    session.start(other, "ada", WORD, CODE, idle=60, limit=600)
    assert session.status(other, "ada")["keyId"] != session.status(site.store, "ada")["keyId"]
    assert session.stop(other, "ada")


def test_a_lock_keeps_a_second_agent_out_even_when_the_socket_is_gone(site: Site) -> None:
    site.start()
    watcher = site.connect()
    path = channel.session_folder(site.store) / f"{channel.session_name(site.store, 'ada')}.sock"
    hidden = path.with_suffix(".hidden")
    path.rename(hidden)
    refused("KEY-065", site.start)
    hidden.rename(path)
    assert channel.ask(watcher, channel.STATUS) is not None


def test_a_wrong_passphrase_starts_nothing_and_is_on_record(site: Site) -> None:
    refused("KEY-002", lambda: site.start(secret=b"wrong horse battery"))
    refused("KEY-001", lambda: site.start(person="ben"))
    assert session.find(site.store, "ada") is None
    assert len(events(site.store)) == 1


@pytest.mark.parametrize(
    ("idle", "limit", "code"),
    [(9, 600, CODE), (3601, 7200, CODE), (60, 59, CODE), (60, 86401, CODE), (60, 600, b"12345"), (60, 600, WORD)],
)
def test_terms_that_are_too_loose_are_refused(site: Site, idle: int, limit: int, code: bytes) -> None:
    refused("KEY-066", lambda: site.start(code=code, idle=idle, limit=limit))


def test_an_agent_that_cannot_start_is_a_code(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("pass", "print('{}')", "import sys; sys.exit(3)", "raise ValueError('Smith')"):
        monkeypatch.setattr(session, "COMMAND", [sys.executable, "-c", program])
        refused("KEY-068", site.start)
    monkeypatch.setattr(session, "COMMAND", ["/nothing/there"])
    refused("KEY-068", site.start)


# -- who may come near ------------------------------------------------------------------------------------------------


def test_a_folder_that_others_may_enter_is_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.start()
    folder = channel.session_folder(site.store)
    folder.chmod(0o755)
    refused("KEY-064", lambda: session.find(site.store, "ada"))
    folder.chmod(0o700)
    site.connect().close()
    with monkeypatch.context() as patch:
        patch.setattr(channel, "peer_uid", lambda _: os.getuid() + 1)
        refused("KEY-064", lambda: session.find(site.store, "ada"))


def test_a_runtime_folder_that_is_not_private_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "store"
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    shared.chmod(0o755)
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    for named in (str(shared), "relative", str(tmp_path / "nothing"), str(link), ""):
        monkeypatch.setenv("XDG_RUNTIME_DIR", named)
        assert channel.session_folder(store) == store / "sessions"
    shared.chmod(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(shared))
    assert channel.session_folder(store) == shared / "curator"


@linux
def test_a_socket_has_a_path_of_any_length(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    create_key(deep, "ada", WORD)
    session.start(deep, "ada", WORD, CODE, idle=60, limit=600)
    assert session.status(deep, "ada")["person"] == "ada"
    assert session.stop(deep, "ada")


@linux
def test_the_agent_shows_no_secret_and_lets_nobody_look_into_it(site: Site) -> None:
    site.start()
    process = Path("/proc") / str(site.process())
    assert os.stat(process / "maps").st_uid == 0, "not dumpable: its entries belong to root"
    limits = (process / "limits").read_text()
    assert next(line.split()[4] for line in limits.splitlines() if line.startswith("Max core file size")) in {"0", "1"}
    shown = (process / "cmdline").read_bytes()
    with contextlib.suppress(PermissionError):
        shown += (process / "environ").read_bytes()
    folder = channel.session_folder(site.store)
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        if path.is_file():
            shown += path.read_bytes()
    for secret in (WORD, CODE, World.key("ada").signer.public):
        for spelling in (secret, secret.hex().encode()):
            assert spelling not in shown
    for stream in (0, 1, 2):
        with contextlib.suppress(PermissionError):
            assert os.readlink(process / "fd" / str(stream)) == "/dev/null"


@linux
def test_a_session_ends_with_the_log_in_that_it_was_started_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as login:
        monkeypatch.setattr(os, "getsid", lambda _: login.pid)
        assert site.start()["endsWithLogin"] is True
        watcher = site.connect()
        assert site.key().signer.sign(CHECKPOINT)
        login.kill()
    assert gone(watcher)
    assert session.why_ended(site.store, "ada") == session.ENDINGS["logout"]


@pytest.mark.skipif(missing() is not None, reason=missing() or "")
def test_a_token_is_opened_once_for_a_session(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tokens = tmp_path / "hsm"
    monkeypatch.setenv("SOFTHSM2_CONF", str(tokens / "softhsm2.conf"))
    make_token(tokens, "session")
    # The module reads its configuration once a process, so another process makes the key.
    import subprocess

    program = (
        "import sys; from pathlib import Path; from curator.provenance.hold import OnToken, hold;"
        "from curator.core.clock import SystemClock;"
        f"hold(Path({str(site.store)!r}), 'tom', OnToken({MODULE!r}, 'session', 'ecdsa-p256'), {PIN!r}, SystemClock())"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    refused("KEY-051", lambda: site.start(person="tom", secret=b"0000 0000"))
    assert site.start(person="tom", secret=PIN)["algorithm"] == "ecdsa-p256"
    key = session.authorize(site.connect("tom"), "tom", CODE)
    assert verify(key.signer.public, key.signer.sign(CHECKPOINT), CHECKPOINT)


def test_the_kinds_of_error_come_back_as_they_were(site: Site) -> None:
    key_path(site.store, "ada").write_bytes(b"{}")
    with pytest.raises(IntegrityError, match="KEY-003"):
        site.start()
    key_path(site.store, "ada").unlink()
    with pytest.raises(UsageError, match="KEY-001"):
        site.start()
