"""Time-stamps over checkpoints: good ones, and every way in which one can be bad."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import MOMENT, World
from tsa_world import AT, BEGIN, END, SHA1, STAMPING, Tsa, certificate

from curator.core.errors import CheckError, CuratorError, IntegrityError, UsageError
from curator.provenance import der, timestamps
from curator.provenance.anchors import Options, Times, find_anchors
from curator.provenance.append import sign_drafts
from curator.provenance.kinds_witness import Named, witnessed
from curator.provenance.state import Record
from curator.provenance.tsp import MAX_RESPONSE, make_request, parse_request, parse_response
from curator.provenance.tsp_verify import check_chain, check_token
from curator.provenance.verify import verify_ledger

DATA = b"a checkpoint\n"
TSA = Tsa()


def judged(tsa: Tsa, *, roots: Any = None, **wrong: Any) -> x509.Certificate:
    token = parse_response(tsa.answer(make_request(DATA), **wrong))
    signer = check_token(token, DATA)
    check_chain(token, signer, [tsa.root] if roots is None else roots)
    return signer


def asked(world: World) -> bytes:
    name, query = timestamps.ask(world.folder)
    timestamps.keep_request(world.folder, name, query)
    return query


def seen(world: World, **options: Any) -> Any:
    times = Times()
    report = verify_ledger(world.folder, visit=times.visit).require()
    return find_anchors(report, world.folder, Options(**options), times)


@pytest.mark.parametrize("kind", ["ec", "rsa", "ed25519"])
def test_a_good_token_verifies_with_each_kind_of_key(kind: str) -> None:
    tsa = Tsa(kind)
    assert judged(tsa) == tsa.leaf


def test_a_chain_over_an_authority_in_between_verifies() -> None:
    tsa = Tsa(between=True)
    assert judged(tsa) == tsa.leaf


def test_a_root_that_is_the_time_stampers_own_certificate_needs_no_chain() -> None:
    assert judged(TSA, roots=[TSA.leaf]) == TSA.leaf


def twin(leaf: x509.Certificate) -> bytes:
    """A certificate of the same name and number, made by somebody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = certificate("Stamper", key, "Root", key, purposes=STAMPING, serial=leaf.serial_number)
    return made.public_bytes(Encoding.DER)


LEAF = TSA.leaf.public_bytes(Encoding.DER)
TWIN = twin(TSA.leaf)
GOOD = TSA.answer(make_request(DATA))
CRITICAL = der.encode(
    0xA1,
    der.encode(der.SEQUENCE, der.encode_oid("1.2.3"), der.encode(der.BOOLEAN, b"\xff"), der.encode(der.OCTETS, b"")),
)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"imprint": b"\0" * 32}, "LED-041"),
        ({"imprint": b"\0" * 20}, "LED-040"),
        ({"imprint_digest": SHA1}, "LED-042"),
        ({"digest": SHA1}, "LED-042"),
        ({"signature": b"\0" * 70}, "LED-041"),
        ({"content": lambda info: info.replace(b"20260504", b"20250504")}, "LED-041"),
        ({"at": END + timedelta(1)}, "LED-041"),
        ({"at": BEGIN - timedelta(1)}, "LED-041"),
        ({"time": b"20260504123017"}, "LED-040"),
        ({"time": b"20261304123017Z"}, "LED-040"),
        ({"time": b"20260504123017.5+0100"}, "LED-040"),
        ({"ess": False}, "LED-041"),
        ({"stated": TWIN}, "LED-041"),
        ({"certificates": [TWIN]}, "LED-041"),
        ({"certificates": []}, "LED-041"),
        ({"certificates": [der.encode(der.SEQUENCE, b"\x02\x01\x01")]}, "LED-040"),
        ({"signers": 2}, "LED-040"),
        ({"signers": 0}, "LED-040"),
        ({"extension": CRITICAL}, "LED-042"),
        ({"accuracy": 86_400}, "LED-042"),
        ({"accuracy": 2**300}, "LED-042"),
        ({"accuracy": -1}, "LED-042"),
        ({"status": 2}, "LED-043"),
        ({"status": 3}, "LED-043"),
        ({"status": 5}, "LED-043"),
    ],
)
def test_a_token_with_one_thing_wrong_is_refused_by_its_code(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(CuratorError, match=code) as caught:
        judged(TSA, **wrong)
    assert "QUILLFEATHER" not in caught.value.sentence


@pytest.mark.parametrize(
    ("leaf", "code"),
    [
        ({"purposes": None}, "LED-041"),
        ({"critical": False}, "LED-041"),
        ({"purposes": (ExtendedKeyUsageOID.SERVER_AUTH,)}, "LED-041"),
        ({"purposes": (*STAMPING, ExtendedKeyUsageOID.CLIENT_AUTH)}, "LED-041"),
        ({"purposes": (ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,)}, "LED-041"),
        ({"end": AT - timedelta(days=1)}, "LED-041"),
        ({"between": True, "middle_ca": False}, "LED-042"),
        ({"kind": "short"}, "LED-042"),
    ],
)
def test_a_certificate_that_may_not_stamp_is_refused(leaf: dict[str, Any], code: str) -> None:
    with pytest.raises(CuratorError, match=code):
        judged(Tsa(**leaf))


def test_a_twin_beside_the_right_certificate_changes_nothing() -> None:
    for inside in ([TWIN, LEAF], [LEAF, TWIN]):
        assert judged(TSA, certificates=inside) == TSA.leaf


def test_another_time_stampers_root_does_not_vouch() -> None:
    with pytest.raises(CheckError, match="LED-042"):
        judged(TSA, roots=[Tsa().root])


def test_a_root_that_was_not_valid_at_that_time_does_not_vouch() -> None:
    old = certificate(
        "Root", TSA.root_key, "Root", TSA.root_key, ca=True, begin=BEGIN - timedelta(900), end=AT - timedelta(1)
    )
    with pytest.raises(CheckError, match="LED-042"):
        judged(TSA, roots=[old])


def test_a_certificate_signed_with_a_digest_that_is_too_short_is_not_vouched_for() -> None:
    tsa = Tsa(between=True)
    tsa.leaf = certificate("Stamper", tsa.key, "Root", tsa.root_key, purposes=STAMPING, digest=hashes.SHA224())
    with pytest.raises(CheckError, match="LED-042"):
        judged(tsa)


@given(st.data())
def test_no_changed_byte_makes_another_token_pass_or_the_reader_fail(data: st.DataObject) -> None:
    bad = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 3))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    try:
        token = parse_response(bytes(bad))
        signer = check_token(token, DATA)
        check_chain(token, signer, [TSA.root])
    except CuratorError:
        return
    # What is under the signature is as it was; the rest (status text, lists of algorithms) decides nothing.
    assert (token.content, signer) == (parse_response(GOOD).content, TSA.leaf)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_readers_fail_in_another_way(data: bytes) -> None:
    for reader in (parse_response, parse_request):
        with pytest.raises(CuratorError, match="LED-04"):
            reader(data)


def test_a_response_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(IntegrityError, match="LED-040"):
        parse_response(TSA.answer(make_request(DATA)) + b"\0" * MAX_RESPONSE)


# -- in a ledger ------------------------------------------------------------------------------------------------------


def test_a_time_stamp_is_stored_whole_and_counts_as_an_anchor_under_given_roots(world: World) -> None:
    """21 CFR 11.10(e): time-stamps by somebody outside hold the audit trail."""
    world.filled()
    response = TSA.answer(asked(world))
    stamp = timestamps.take(world.folder, response, roots=[TSA.root])
    assert (stamp.size, stamp.trusted, stamp.token.at) == (13, True, AT)
    (kept,) = [data for _, ending, data in timestamps.stored(world.folder) if ending == "tsr"]
    assert kept == response
    world.sign(world.label(20))
    found = seen(world, roots=[TSA.root], now=AT + timedelta(days=6))
    assert found.error is None
    assert (found.newest.size, found.newest.at, found.open) == (13, AT, 1)
    said = found.rewritable()
    assert said == (
        "since the last outside time-stamp (2026-05-04 12:30 UTC, 13 records, 6 days ago) a holder of all keys could "
        "have rewritten 1 records unseen"
    )
    assert [line.mark for line in found.lines()] == ["PASS"]


def test_without_roots_the_certificate_is_said_to_be_unchecked_and_nothing_counts(world: World) -> None:
    timestamps.take(world.folder, TSA.answer(asked(world)))
    found = seen(world)
    assert (found.error, found.newest, found.rewritable()) == (None, None, None)
    assert any("COULD NOT CHECK the time-stamper's certificate" in line.text for line in found.lines())
    assert not any(line.mark == "PASS" for line in found.lines())


def test_roots_of_another_time_stamper_end_as_could_not_check(world: World) -> None:
    timestamps.take(world.folder, TSA.answer(asked(world)))
    found = seen(world, roots=[Tsa().root])
    assert (found.error.code, found.error.exit_code, found.newest) == ("LED-042", 3, None)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"nonce": 5}, "LED-041"), ({"nonce": None}, "LED-041"), ({"imprint": b"\1" * 32}, "LED-041")],
)
def test_a_response_that_does_not_answer_the_request_is_not_stored(
    world: World, wrong: dict[str, Any], code: str
) -> None:
    query = asked(world)
    with pytest.raises(IntegrityError, match=code):
        timestamps.take(world.folder, TSA.answer(query, **wrong))
    with pytest.raises(IntegrityError, match=code):
        timestamps.take(world.folder, TSA.answer(query, **wrong), query)
    assert [ending for _, ending, _ in timestamps.stored(world.folder)] == ["tsq"]


def test_a_policy_that_was_asked_for_must_be_followed(world: World) -> None:
    name, query = timestamps.ask(world.folder, "1.2.3.4")
    timestamps.keep_request(world.folder, name, query)
    with pytest.raises(IntegrityError, match="LED-041"):
        timestamps.take(world.folder, TSA.answer(query, policy="1.2.3.5"))
    assert timestamps.take(world.folder, TSA.answer(query)).token.policy == "1.2.3.4"
    with pytest.raises(UsageError, match="LED-044"):
        timestamps.ask(world.folder, "3.2.1")


def test_a_token_for_another_ledgers_checkpoint_is_refused(world: World, tmp_path: Path) -> None:
    other = World(tmp_path / "other")
    response = TSA.answer(asked(other))
    with pytest.raises(IntegrityError, match="LED-041"):
        timestamps.take(world.folder, response)


def test_a_token_moved_to_another_checkpoint_is_found(world: World) -> None:
    first = asked(world)
    timestamps.take(world.folder, TSA.answer(first))
    world.filled()
    (old,) = (world.folder / "timestamps").glob("*.tsr")
    newest = max(timestamps.notes(world.folder))
    old.rename(old.with_name(f"{newest}-{old.name[30:]}"))
    assert seen(world, roots=[TSA.root]).error.code == "LED-041"


def test_an_altered_missing_or_strange_file_is_found(world: World) -> None:
    timestamps.take(world.folder, TSA.answer(asked(world)))
    (path,) = (world.folder / "timestamps").glob("*.tsr")
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    assert seen(world).error.code == "LED-040"
    path.write_bytes(good)
    (query,) = (world.folder / "timestamps").glob("*.tsq")
    kept = query.read_bytes()
    query.unlink()
    assert seen(world).error.code == "LED-041"
    query.write_bytes(kept)
    assert seen(world).error is None
    (world.folder / "timestamps" / "notes.txt").write_text("x")
    assert seen(world).error.code == "LED-040"


def test_a_named_pipe_in_the_folder_is_refused_and_not_waited_for(world: World) -> None:
    (world.folder / "timestamps").mkdir()
    os.mkfifo(world.folder / "timestamps" / f"{'0' * 12}-{'0' * 16}-{'0' * 16}.tsr")
    assert seen(world).error.code == "LED-040"


def test_a_signing_time_that_is_no_day_is_flagged(world: World) -> None:
    times = Times()
    report = verify_ledger(world.people().folder, visit=times.visit).require()
    strange = Record(2, b"", "label", [], {"signedAt": "2026-02-31T10:00:00Z"})
    times = Times()
    times.visit(strange)
    assert find_anchors(report, world.folder, Options(), times).astray == (1, 2)


def test_a_token_whose_checkpoint_was_removed_is_found(world: World) -> None:
    timestamps.take(world.folder, TSA.answer(asked(world)))
    world.filled()
    min((world.folder / "checkpoints").iterdir()).unlink()
    assert seen(world, roots=[TSA.root]).error.code == "LED-041"


def test_a_history_rewritten_by_a_holder_of_all_keys_does_not_fit_the_time_stamp(world: World) -> None:
    """21 CFR 11.10(e): whoever rewrites what was time-stamped is found out, even with every key."""
    world.filled()
    timestamps.take(world.folder, TSA.answer(asked(world)), roots=[TSA.root])
    kept = world.folder / "timestamps"
    shutil.move(kept, world.folder.parent / "kept")
    shutil.rmtree(world.folder)
    again = World(world.folder)
    again.people().guide().sign(again.label(1), operator=True)
    shutil.move(world.folder.parent / "kept", kept)
    assert seen(again, roots=[TSA.root]).error.code == "LED-041"


def test_no_request_is_made_while_records_stand_behind_the_newest_checkpoint(world: World) -> None:
    world.people()
    for note in sorted((world.folder / "checkpoints").iterdir())[1:]:
        note.unlink()
    with pytest.raises(UsageError, match="LED-044"):
        timestamps.ask(world.folder)


def test_a_signing_time_after_the_time_stamp_over_it_is_flagged_with_its_record(world: World) -> None:
    """21 CFR 11.10(e): a record that claims to be later than the time-stamp over it is named."""
    world.people().guide()
    timestamps.take(world.folder, TSA.answer(asked(world), MOMENT - timedelta(hours=2)), roots=[TSA.root])
    found = seen(world, roots=[TSA.root])
    assert found.error is None
    count, first = found.astray
    assert (count, first) == (found.size, 0)
    assert any("outside their window, the first is record 0" in line.text for line in found.lines())


def test_times_within_the_tolerance_are_not_flagged(world: World) -> None:
    world.people().guide()
    timestamps.take(world.folder, TSA.answer(asked(world), MOMENT - timedelta(minutes=4)), roots=[TSA.root])
    assert seen(world, roots=[TSA.root]).astray[0] == 0


def test_a_record_between_two_time_stamps_has_a_window_and_a_backdated_one_is_flagged(world: World) -> None:
    world.people().guide()
    stamp = timestamps.take(world.folder, TSA.answer(asked(world), AT), roots=[TSA.root])
    world.clock.moment = AT + timedelta(minutes=1)
    note = timestamps.notes(world.folder)[stamp.note][1]
    (named,) = world.sign(witnessed(note, stamps=[Named(stamp.sha256, stamp.token.at)]))
    (honest,) = world.sign(world.label(1))
    # A writer that does not look at its own clock; ours refuses (LED-078).
    appender = world.appender()
    backdated = appender.state.size
    (made,) = sign_drafts([world.label(2)], World.key("ada"), appender.state, AT - timedelta(days=3))
    assert world.ledger.add(appender._next, backdated, [made.envelope], appender.state.previous)
    world.clock.moment = AT + timedelta(minutes=2)
    world.sign(world.label(3), operator=True)
    later = AT + timedelta(hours=5)
    timestamps.take(world.folder, TSA.answer(asked(world), later), roots=[TSA.root])
    found = seen(world, roots=[TSA.root])
    assert found.error is None
    assert (found.window_of(honest.index).not_before, found.window_of(honest.index).not_after) == (AT, later)
    assert (found.window_of(0).not_before, found.window_of(0).not_after) == (None, AT)
    assert found.window_of(named.index).not_before is None
    assert found.astray == (1, backdated)


def test_a_record_that_names_a_token_with_another_time_is_found(world: World) -> None:
    world.people()
    stamp = timestamps.take(world.folder, TSA.answer(asked(world)))
    note = timestamps.notes(world.folder)[stamp.note][1]
    world.sign(witnessed(note, stamps=[Named(stamp.sha256, AT - timedelta(days=9))]))
    assert seen(world).error.code == "LED-041"


def test_a_token_that_a_record_names_and_is_not_here_is_said_to_be_unchecked(world: World) -> None:
    world.people()
    stamp = timestamps.take(world.folder, TSA.answer(asked(world)))
    note = timestamps.notes(world.folder)[stamp.note][1]
    world.sign(witnessed(note, stamps=[Named(stamp.sha256, stamp.token.at)]))
    shutil.rmtree(world.folder / "timestamps")
    found = seen(world)
    assert (found.error, found.unread) == (None, 1)
    assert any("COULD NOT CHECK 1 anchors that records name" in line.text for line in found.lines())


# -- over the network -------------------------------------------------------------------------------------------------


class Answering(HTTPServer):
    how = "good"


class Handler(BaseHTTPRequestHandler):
    server: Answering

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"] == "application/timestamp-query"
        how = self.server.how
        answer = b"\x30" * (MAX_RESPONSE * 4) if how == "huge" else TSA.answer(body)
        self.send_response({"broken": 500, "moved": 302}.get(how, 200))
        if how == "moved":
            self.send_header("Location", "file:///etc/hostname")
        self.send_header("Content-Length", str(len(answer) + (5 if how == "cut" else 0)))
        self.end_headers()
        try:
            self.wfile.write(answer)
        except OSError:
            return

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def server() -> Iterator[Answering]:
    made = Answering(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_a_time_stamper_is_asked_over_http(server: Answering) -> None:
    query = make_request(DATA)
    token = parse_response(timestamps.fetch(f"http://127.0.0.1:{server.server_port}/tsr", query))
    assert check_token(token, DATA) == TSA.leaf


@pytest.mark.parametrize(("how", "code"), [("huge", "LED-040"), ("broken", "LED-043"), ("moved", "LED-043")])
def test_a_time_stamper_that_misbehaves_is_refused(server: Answering, how: str, code: str) -> None:
    server.how = how
    with pytest.raises(CuratorError, match=code):
        timestamps.fetch(f"http://127.0.0.1:{server.server_port}/", make_request(DATA))


def test_an_answer_that_breaks_off_is_no_time_stamp(server: Answering) -> None:
    server.how = "cut"
    with pytest.raises(CuratorError, match="LED-04"):
        parse_response(timestamps.fetch(f"http://127.0.0.1:{server.server_port}/", make_request(DATA)) + b"\0")


def test_a_time_stamper_that_is_not_there_is_said_so() -> None:
    with pytest.raises(CheckError, match="LED-043"):
        timestamps.fetch("http://127.0.0.1:1/", make_request(DATA))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a/b", "tsa", "http://u:p@tsa.example/", "http://", "http://[/"]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match="LED-044"):
        timestamps.fetch(url, make_request(DATA))


# -- against openssl --------------------------------------------------------------------------------------------------

OPENSSL = shutil.which("openssl")
CONFIG = """
[one]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
other_policies = 1.2.3.4
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = {ess}
crypto_device = builtin
"""


def openssl(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)


@pytest.mark.skipif(OPENSSL is None, reason="no openssl here")
@pytest.mark.parametrize("ess", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_openssl_answers_our_request_and_we_take_it(world: World, tmp_path: Path, ess: str, kind: str) -> None:
    now = x509.load_pem_x509_certificate(TSA.pem).not_valid_before_utc  # any time: openssl stamps with the machine's
    tsa = Tsa(kind, end=now + timedelta(days=36500))
    tsa.root = certificate("Root", tsa.root_key, "Root", tsa.root_key, ca=True, end=now + timedelta(days=36500))
    (tmp_path / "root.pem").write_bytes(tsa.pem)
    (tmp_path / "leaf.pem").write_bytes(tsa.leaf.public_bytes(Encoding.PEM))
    key = tsa.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "conf").write_text(CONFIG.format(folder=tmp_path, ess=ess))
    (tmp_path / "q.tsq").write_bytes(asked(world))
    made = openssl(
        *("ts", "-reply", "-config", tmp_path / "conf", "-section", "one", "-queryfile", tmp_path / "q.tsq"),
        *("-signer", tmp_path / "leaf.pem", "-inkey", tmp_path / "key.pem", "-out", tmp_path / "r.tsr"),
    )
    assert made.returncode == 0, made.stderr
    stamp = timestamps.take(world.folder, (tmp_path / "r.tsr").read_bytes(), roots=[tsa.root])
    assert (stamp.size, stamp.trusted) == (1, True)


@pytest.mark.skipif(OPENSSL is None, reason="no openssl here")
def test_openssl_verifies_what_is_stored(world: World, tmp_path: Path) -> None:
    """21 CFR 11.10(b): an inspector checks a stored time-stamp with openssl alone."""
    stamp = timestamps.take(world.folder, TSA.answer(asked(world)), roots=[TSA.root])
    (tmp_path / "root.pem").write_bytes(TSA.pem)
    (response,) = (world.folder / "timestamps").glob("*.tsr")
    note = world.folder / "checkpoints" / f"{stamp.note}.note"
    words = (
        "ts",
        "-verify",
        "-in",
        response,
        "-CAfile",
        tmp_path / "root.pem",
        "-attime",
        int(AT.timestamp()),
        "-data",
    )
    assert "Verification: OK" in openssl(*words, note).stdout
    other = tmp_path / "other"
    other.write_bytes(note.read_bytes() + b"x")
    assert "Verification: OK" not in openssl(*words, other).stdout
    assert hashlib.sha256(response.read_bytes()).hexdigest() == stamp.sha256
