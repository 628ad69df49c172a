"""Witnesses: what they cosign, what they refuse, and what a ledger takes from them."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import MOMENT, World

from curator.core.canonical import canonical_bytes
from curator.core.clock import FixedClock
from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.provenance import cosign
from curator.provenance.anchors import Options, Times, find_anchors
from curator.provenance.keys import SeedSigner, decode64, encode64
from curator.provenance.kinds_witness import witnessed
from curator.provenance.ledger import Ledger
from curator.provenance.note import Checkpoint, parse_checkpoint, parse_note, sign_note
from curator.provenance.verify import verify_ledger
from curator.provenance.view import describe, summary
from curator.provenance.witness import Asked, make_request, parse_request, read_state, witness
from curator.provenance.witnessing import add_witnessed

SIGNER = SeedSigner(b"w" * 32)
NAME = "witness.example/w1"
CLOCK = FixedClock(MOMENT + timedelta(hours=1))
KEY = (NAME, SIGNER.public)

# The example of c2sp.org/tlog-cosignature; only the line of the witness has the type that this module knows.
EXAMPLE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\u2014 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "trial.seen"


def cosigned(world: World, state: Path, old: int = 0, **how: Any) -> bytes:
    asked = parse_request(make_request(world.folder, old))
    how.setdefault("operator", world.operator.public)
    return witness(asked, state, NAME, SIGNER, CLOCK, **how)


def grown(world: World) -> World:
    world.people().guide()
    world.sign(*(world.label(n) for n in range(4)), operator=True)
    return world


def seen(world: World, **options: Any) -> Any:
    times = Times()
    held = options.get("held")
    report = verify_ledger(world.folder, against=held, visit=times.visit).require()
    return find_anchors(report, world.folder, Options(**options), times)


def test_the_published_example_has_the_form_and_time_that_we_read() -> None:
    note = parse_note(EXAMPLE.encode())
    line = note.signatures[1]
    assert len(line.signature) == cosign.BYTES
    assert int.from_bytes(line.signature[:8], "big") == 1679315147


def test_the_signed_message_is_the_one_of_the_specification() -> None:
    text = parse_note(EXAMPLE.encode()).text
    line = cosign.cosign(text, NAME, SIGNER, CLOCK.now())
    raw = decode64(line.split(" ")[2].strip())
    second = int(CLOCK.now().timestamp())
    message = f"cosignature/v1\ntime {second}\n{text}".encode()
    from curator.provenance.keys import verify

    assert verify(SIGNER.public, raw[12:], message)
    assert raw[4:12] == second.to_bytes(8, "big")
    assert not verify(SIGNER.public, raw[12:], text.encode())


def test_a_witness_that_saw_nothing_trusts_the_operators_key_it_was_given(world: World, state: Path) -> None:
    with pytest.raises(UsageError, match="LED-049"):
        cosigned(world, state, operator=None)
    with pytest.raises(IntegrityError, match="LED-012"):
        cosigned(world, state, operator=SIGNER.public)
    assert not state.exists()
    note = parse_note(cosigned(world, state))
    (found,) = cosign.cosignatures(note, [KEY])
    assert found.at == CLOCK.now()
    assert read_state(state).size == 1


def test_a_witness_cosigns_what_extends_what_it_saw_by_a_proof_or_by_the_records(world: World, state: Path) -> None:
    cosigned(world, state)
    grown(world)
    twin = state.with_name("twin")
    shutil.copy(state, twin)
    by_proof = cosigned(world, state, 1, operator=None)
    bare = Asked(0, (), make_request(world.folder, 0).partition(b"\n\n")[2])
    by_records = witness(bare, twin, NAME, SIGNER, CLOCK, folder=world.folder)
    assert by_proof == by_records
    assert read_state(state) == read_state(twin)
    assert read_state(state).size == 9
    assert cosigned(world, state, 9) == by_proof
    world.sign(world.label(30), operator=True)
    with pytest.raises(UsageError, match="LED-049"):
        cosigned(world, twin, 3)
    assert read_state(twin).size == 9


@pytest.mark.parametrize("by_folder", [True, False])
def test_a_fork_is_refused_and_the_memory_stays(world: World, state: Path, tmp_path: Path, by_folder: bool) -> None:
    """21 CFR 11.10(e): a witness does not confirm a history that was rewritten."""
    grown(world)
    cosigned(world, state)
    before = state.read_bytes()
    fork = tmp_path / "fork"
    shutil.copytree(world.folder, fork)
    other = World.__new__(World)
    other.__dict__.update(world.__dict__)
    other.folder, other.ledger = fork, Ledger(fork)
    # The fork: the same first records, other labels, sealed by the operator, who holds all keys.
    envelopes = other.envelopes()[:5]
    other.rewrite(envelopes)
    for note in (fork / "checkpoints").iterdir():
        if int(note.name[:12]) > 5:
            note.unlink()
    other.sign(*(other.label(n, labelId=f"other-{n}") for n in range(6)), operator=True)
    with pytest.raises(IntegrityError, match="LED-045"):
        cosigned(other, state, 9, folder=fork if by_folder else None)
    assert state.read_bytes() == before


def test_the_same_size_with_another_root_is_refused(world: World, state: Path) -> None:
    grown(world)
    cosigned(world, state)
    said = json.loads(state.read_bytes())
    state.write_bytes(canonical_bytes({**said, "root": encode64(b"r" * 32)}))
    with pytest.raises(IntegrityError, match="LED-045"):
        cosigned(world, state, 9)
    with pytest.raises(IntegrityError, match="LED-045"):
        cosigned(world, state, 9, folder=world.folder)


def test_a_smaller_checkpoint_is_refused(world: World, state: Path) -> None:
    early = make_request(world.folder, 0)
    grown(world)
    cosigned(world, state)
    with pytest.raises(IntegrityError, match="LED-046"):
        witness(parse_request(early), state, NAME, SIGNER, CLOCK)


def test_another_ledger_or_another_operator_is_refused(world: World, state: Path, tmp_path: Path) -> None:
    cosigned(world, state)
    other = World(tmp_path / "other", "other")
    with pytest.raises(IntegrityError, match="LED-015"):
        cosigned(other, state)
    with pytest.raises(IntegrityError, match="LED-016"):
        cosigned(world, state, 1, operator=SIGNER.public)


def test_an_interim_checkpoint_without_the_operator_is_not_cosigned(world: World, state: Path) -> None:
    world.people()
    interim = Ledger(world.folder).latest_checkpoint()
    with pytest.raises(IntegrityError, match="LED-012"):
        witness(Asked(0, (), interim), state, NAME, SIGNER, CLOCK, operator=world.operator.public)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\xff",
        b'{"format":1}',
        b'{"format":2,"operatorKey":"","origin":"a","root":"","size":1}',
        b'{"format":1,"operatorKey":"","origin":"a","root":"","size":true}',
        b"a" * 5000,
    ],
)
def test_a_damaged_memory_stops_the_witness_and_is_not_made_anew(world: World, state: Path, data: bytes) -> None:
    state.write_bytes(data)
    with pytest.raises(IntegrityError, match="LED-048"):
        cosigned(world, state)
    assert state.read_bytes() == data


@pytest.mark.parametrize("spoil", ["proof", "short", "order"])
def test_a_spoiled_proof_is_refused(world: World, state: Path, spoil: str) -> None:
    grown(world)
    cosigned(world, state)
    world.sign(*(world.label(n) for n in range(20, 26)), operator=True)
    asked = parse_request(make_request(world.folder, 9))
    assert len(asked.proof) > 1
    proof = {
        "proof": (b"x" * 32, *asked.proof[1:]),
        "short": asked.proof[:-1],
        "order": asked.proof[::-1],
    }[spoil]
    with pytest.raises(IntegrityError, match="LED-045"):
        witness(Asked(9, proof, asked.note), state, NAME, SIGNER, CLOCK)


def test_a_checkpoint_with_more_lines_or_without_records_is_not_cosigned(world: World, state: Path) -> None:
    said = parse_checkpoint(parse_note(Ledger(world.folder).latest_checkpoint()))
    for text in (f"{said.text}extension\n", Checkpoint(said.origin, 0, said.root).text):
        asked = Asked(0, (), sign_note(text, [(said.origin, world.operator)]))
        with pytest.raises(IntegrityError, match="LED-048"):
            witness(asked, state, NAME, SIGNER, CLOCK, operator=world.operator.public)
    assert not state.exists()


def test_witnesses_at_the_same_time_never_forget_the_larger_tree(world: World, state: Path) -> None:
    requests = []
    for number in range(6):
        if number:
            world.sign(world.label(number))
        else:
            world.people().guide()
        world.appender().seal(operator=world.operator)
        requests.append(parse_request(make_request(world.folder, 0)))

    def ask(asked: Asked) -> str:
        try:
            witness(asked, state, NAME, SIGNER, CLOCK, operator=world.operator.public, folder=world.folder)
        except IntegrityError as error:
            return error.code
        return "cosigned"

    with ThreadPoolExecutor(6) as pool:
        ends = set(pool.map(ask, requests * 4))
    assert {"cosigned"} <= ends <= {"cosigned", "LED-046"}
    assert read_state(state).size == world.ledger.size()


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_of_requests_fail_in_another_way(data: bytes) -> None:
    for one in (data, b"old 1\n" + data, b"old 3\nAAAA\n\n" + data):
        with pytest.raises(IntegrityError, match=r"LED-048|LED-011"):
            parse_request(one)


# -- in the ledger ----------------------------------------------------------------------------------------------------


def added(world: World, data: bytes, keys: Any = (KEY,), **how: Any) -> Any:
    return add_witnessed(world.appender(), data, list(keys), world.key("ada"), how.get("guard", lambda _: True))


def test_a_cosigned_checkpoint_is_stored_recorded_shown_and_counts_under_the_given_key(
    world: World, state: Path
) -> None:
    """21 CFR 11.10(e): an outside witness holds the audit trail, and the ledger says so."""
    grown(world)
    data = cosigned(world, state)
    record, found = added(world, data)
    assert [one.name for one in found] == [NAME]
    state_now = verify_ledger(world.folder).require().state
    assert "checkpoint witnessed" in summary(record, state_now)
    said = dict(describe(record, state_now))
    assert NAME in said["anchors"]
    assert said["meaning"] == "responsibility"
    outside = seen(world, witnesses=[KEY], now=CLOCK.now() + timedelta(days=1))
    assert outside.error is None
    assert (outside.newest.kind, outside.newest.size, outside.open) == ("witness", 9, 1)
    assert (
        "since the last cosignature of a witness (2026-05-04 13:00 UTC, 9 records, 1 day ago)" in outside.rewritable()
    )
    assert outside.window_of(record.index + 1).not_before == CLOCK.now()
    assert outside.window_of(8).not_after == CLOCK.now()


def test_a_witness_whose_key_came_with_the_ledger_counts_for_nothing(world: World, state: Path) -> None:
    added(grown(world), cosigned(world, state))
    inside = seen(world)
    assert (inside.error, inside.newest, inside.rewritable()) == (None, None, None)
    assert any("1 cosignatures by witnesses whose keys came with the ledger" in line.text for line in inside.lines())
    other = seen(world, witnesses=[(NAME, SeedSigner(b"x" * 32).public)])
    assert other.newest is None
    assert any("no cosignature by a given witness is here" in line.text for line in other.lines())


def test_a_held_cosigned_checkpoint_verifies_and_brings_its_time(world: World, state: Path) -> None:
    grown(world)
    held = cosigned(world, state)
    found = seen(world, held=held, witnesses=[KEY])
    assert (found.newest.kind, found.newest.size, found.newest.at) == ("witness", 9, CLOCK.now())


def test_a_persons_cosignature_is_known_by_the_enrolled_key(world: World, state: Path) -> None:
    grown(world)
    asked = parse_request(make_request(world.folder, 0))
    name = f"{parse_checkpoint(parse_note(asked.note)).origin}/people/rita"
    data = witness(asked, state, name, world.key("rita").signer, CLOCK, operator=world.operator.public)
    _, found = added(world, data, keys=())
    assert [one.name for one in found] == [name]
    verify_ledger(world.folder).require()


def test_a_cosignature_that_nobody_here_knows_is_not_recorded(world: World, state: Path) -> None:
    data = cosigned(grown(world), state)
    before = world.envelopes()
    with pytest.raises(UsageError, match="LED-049"):
        added(world, data, keys=())
    with pytest.raises(UsageError, match="LED-049"):
        added(world, data, guard=lambda _: False)
    assert world.envelopes() == before


@pytest.mark.parametrize("at", [0, 9, 40])
def test_an_altered_cosignature_is_refused_everywhere(world: World, state: Path, at: int) -> None:
    data = cosigned(grown(world), state)
    note, line = data[: data.rindex(b"\xe2\x80\x94")].decode(), data[data.rindex(b"\xe2\x80\x94") :].decode()
    raw = bytearray(decode64(line.split(" ")[2].strip()))
    raw[4 + at] ^= 1
    bad = f"{note}\u2014 {NAME} {encode64(bytes(raw))}\n".encode()
    with pytest.raises(IntegrityError, match="LED-047"):
        added(world, bad)
    assert seen(world, held=bad, witnesses=[KEY]).error.code == "LED-047"


def test_a_checkpoint_of_another_ledger_or_of_a_longer_one_is_not_added(
    world: World, state: Path, tmp_path: Path
) -> None:
    grown(world)
    other = World(tmp_path / "other")
    with pytest.raises(IntegrityError, match="LED-015"):
        added(world, cosigned(other, tmp_path / "s"))
    longer = tmp_path / "longer"
    shutil.copytree(world.folder, longer)
    twin = World.__new__(World)
    twin.__dict__.update(world.__dict__)
    twin.folder, twin.ledger = longer, Ledger(longer)
    twin.sign(twin.label(50), operator=True)
    with pytest.raises(IntegrityError, match="LED-014"):
        added(world, cosigned(twin, state))


def forged(world: World, data: bytes, change: Any) -> CuratorError:
    """Append a record whose statement was changed before it was signed, as its signer could."""
    note = parse_note(data)
    draft = witnessed(data, cosign.cosignatures(note, [KEY]))
    document = json.loads(json.dumps(draft.predicate))
    subject = json.loads(json.dumps(list(draft.subject)))
    change(document, subject)
    from curator.provenance.records import Draft

    with pytest.raises(CuratorError) as caught:
        world.sign(Draft(draft.kind, tuple(subject), document))
    return caught.value


def _set(path: str, value: Any) -> Any:
    def change(document: Any, subject: Any) -> None:
        *steps, last = path.split("/")
        at: Any = {"p": document, "s": subject}
        for step in steps:
            at = at[int(step)] if isinstance(at, list) else at[step]
        at[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_set("p/checkpoint/size", 8), "LED-047"),
        (_set("p/checkpoint/size", 400), "LED-047"),
        (_set("p/checkpoint/size", 0), "LED-020"),
        (_set("p/checkpoint/root", "0" * 64), "LED-013"),
        (_set("p/anchors/0/at", "2026-05-04T13:00:01Z"), "LED-047"),
        (_set("p/anchors/0/cosignature", "A" * 96), "LED-047"),
        (_set("p/anchors/0/publicKey", "A" * 43 + "="), "KEY-050"),
        (_set("p/anchors/0/name", "Mrs Quillfeather"), "LED-020"),
        (_set("p/anchors/0/kind", "timestamp"), "LED-047"),
        (_set("p/anchors", []), "LED-020"),
        (_set("p/meaning", "review"), "LED-020"),
        (_set("s/0/name", "checkpoints/000000000009-0000000000000000.note"), "LED-047"),
    ],
)
def test_a_record_that_says_something_else_is_refused_by_writers(
    world: World, state: Path, change: Any, code: str
) -> None:
    data = cosigned(grown(world), state)
    assert forged(world, data, change).code == code


def test_a_record_naming_one_anchor_twice_is_refused(world: World, state: Path) -> None:
    data = cosigned(grown(world), state)

    def change(document: Any, _: Any) -> None:
        document["anchors"] *= 2

    assert forged(world, data, change).code == "LED-047"


def test_a_record_whose_checkpoint_was_removed_is_said_to_be_unchecked(world: World, state: Path) -> None:
    data = cosigned(grown(world), state)
    added(world, data)
    for path in (world.folder / "checkpoints").iterdir():
        if path.read_bytes() == data:
            path.unlink()
    found = seen(world)
    assert (found.error, found.unread) == (None, 1)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "-a", "Zoë", "a" * 201])
def test_a_name_that_no_witness_may_have_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="LED-049"):
        cosign.cosign("o\n1\nx\n", name, SIGNER, CLOCK.now())


def test_a_key_of_another_kind_does_not_cosign_nor_touch_the_memory(world: World, state: Path) -> None:
    class Long:
        public = b"\x04" + b"k" * 64

        def sign(self, data: bytes) -> bytes:
            return b"s" * 71

    asked = parse_request(make_request(world.folder, 0))
    with pytest.raises(UsageError, match="LED-049"):
        witness(asked, state, NAME, Long(), CLOCK, operator=world.operator.public)
    with pytest.raises(UsageError, match="LED-049"):
        cosign.cosign("o\n1\nx\n", NAME, Long(), CLOCK.now())
    assert not state.exists()


def test_verifier_keys_of_witnesses_come_back_and_broken_ones_are_refused() -> None:
    text = cosign.vkey(NAME, SIGNER.public)
    assert cosign.parse_vkeys(f"{text}\n{text}\n".encode()) == [KEY, KEY]
    from curator.provenance.note import vkey

    for bad in ("", "a", vkey(NAME, SIGNER.public), text[:-4], text.replace("w1+", "w2+")):
        with pytest.raises(UsageError, match="LED-123"):
            cosign.parse_vkeys(bad.encode())
