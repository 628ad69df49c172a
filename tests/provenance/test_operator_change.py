"""A new operator's key, by two people of the roster, when the vault that held the old one is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from ledger_world import SEED, World

from curator.core.errors import CuratorError, UsageError
from curator.provenance.dsse import parse_envelope
from curator.provenance.enroll import revoke
from curator.provenance.export import export_dsse
from curator.provenance.keys import SeedSigner, encode64, key_id
from curator.provenance.kinds_operator import load_request, make_request, operator_change, proof_input, write_request
from curator.provenance.ledger import Ledger
from curator.provenance.operator import Changed, change_operator
from curator.provenance.verdict import lines
from curator.provenance.verify import verify_ledger

NEXT = SeedSigner(b"n" * 32)


@pytest.fixture
def ready(world: World) -> World:
    """Rita and Olga may change the operator's key, Ada and Ben may not."""
    world.people()
    world.enroll("olga", "rita", "operator")
    return world


def request_of(world: World, signer: SeedSigner = NEXT, **other: Any) -> Path:
    state = world.appender().state
    path = world.folder.parent / "request.json"
    write_request(path, {**make_request(state.dataset, state.first, signer), **other})
    return path


def change(world: World, by: str, path: Path | None = None) -> Changed:
    return change_operator(Ledger(world.folder), path or request_of(world), "vault-lost", World.key(by), world.clock)


def draft(world: World, signer: SeedSigner = NEXT, confirms: bytes | None = None) -> Any:
    state = world.appender().state
    proof = signer.sign(proof_input(state.dataset, state.first, signer.public))
    return operator_change(signer.public, proof, "vault-lost", confirms)


def refused(code: str, call: Any) -> None:
    with pytest.raises(CuratorError) as caught:
        call()
    assert caught.value.code == code


def seal(world: World, signer: SeedSigner) -> bytes | None:
    return world.appender().seal(operator=signer)


def test_two_people_bring_in_a_new_key_and_old_checkpoints_stay_valid(ready: World) -> None:
    """21 CFR 11.10(c), 11.300(c): records stay verifiable when the operator's key is lost, and a new one is issued."""
    seal(ready, ready.operator)
    before = ready.appender().state.size
    first = change(ready, "rita")
    assert (first.in_force, first.by) == (False, ("rita",))
    refused("VLT-046", lambda: seal(ready, NEXT))
    second = change(ready, "olga")
    assert (second.in_force, second.by) == (True, ("rita", "olga"))
    refused("VLT-046", lambda: seal(ready, ready.operator))
    assert seal(ready, NEXT) is not None
    for known in (None, ready.operator.public, NEXT.public):
        report = verify_ledger(ready.folder, operator_key=known).require()
    assert [one.size for one in report.seals if "" in one.by] == [1, before, before + 2]
    assert any("changed in record" in one.text and "rita and olga" in one.text for one in lines(report))
    assert report.state.operator_at(before) == ready.operator.public
    assert report.state.operator_at(report.size) == NEXT.public


def test_a_key_that_was_never_the_operators_is_named(ready: World) -> None:
    change(ready, "rita")
    report = verify_ledger(ready.folder, operator_key=NEXT.public)
    assert report.error is not None
    assert report.error.code == "LED-016"


def test_one_person_alone_changes_nothing(ready: World) -> None:
    done = change(ready, "rita")
    again = change(ready, "rita")
    assert (again.in_force, again.already) == (False, True)
    assert again.state.size == done.state.size
    leaf = bytes.fromhex(next(iter(done.state.operator_asked)))
    refused("VLT-043", lambda: ready.sign(draft(ready, confirms=leaf), by="rita"))
    assert ready.appender().state.operator == ready.operator.public


@pytest.mark.parametrize("name", ["ada", "ben"])
def test_a_reader_may_neither_ask_nor_confirm(ready: World, name: str) -> None:
    refused("KEY-011", lambda: change(ready, name))
    change(ready, "rita")
    refused("KEY-011", lambda: change(ready, name))


def test_a_first_signature_counts_for_nothing_once_its_key_is_revoked(ready: World) -> None:
    done = change(ready, "rita")
    leaf = bytes.fromhex(next(iter(done.state.operator_asked)))
    revoke(ready.ledger, "rita", "left", World.key("olga"), ready.clock)
    refused("KEY-010", lambda: ready.sign(draft(ready, confirms=leaf), by="olga"))
    assert change(ready, "olga").in_force is False
    ready.enroll("ruth", "olga", "reviewer")
    assert change(ready, "ruth").by == ("olga", "ruth")


def test_a_confirmation_needs_the_very_record_and_the_very_key(ready: World) -> None:
    done = change(ready, "rita")
    leaf = bytes.fromhex(next(iter(done.state.operator_asked)))
    refused("VLT-042", lambda: ready.sign(draft(ready, confirms=bytes(32)), by="olga"))
    refused("VLT-042", lambda: ready.sign(draft(ready, SeedSigner(b"m" * 32), leaf), by="olga"))
    ready.sign(draft(ready, confirms=leaf), by="olga")
    refused("VLT-041", lambda: ready.sign(draft(ready), by="rita"))
    assert change(ready, "rita").already


def test_two_who_asked_at_once_end_with_the_key_in_force(ready: World) -> None:
    ready.sign(draft(ready), by="rita")
    ready.sign(draft(ready), by="olga")
    assert change(ready, "rita").in_force


def test_the_new_key_must_be_somebodys_and_for_this_ledger(ready: World, tmp_path: Path) -> None:
    state = ready.appender().state
    stranger = SeedSigner(b"s" * 32)
    bad = [
        {"operatorKey": encode64(stranger.public)},
        {"proof": encode64(bytes(64))},
        {"dataset": "other"},
        {"firstLeaf": "0" * 64},
        {"operatorKey": "x"},
        {"format": 0},
        {"proof": None},
    ]
    for other in bad:
        refused("VLT-040", lambda other=other: change(ready, "rita", request_of(ready, **other)))
    refused("SYS-007", lambda: change(ready, "rita", request_of(ready, format=2)))
    refused("VLT-040", lambda: load_request(tmp_path / "none", state.dataset, state.first))
    world = World(tmp_path / "else" / "ledger").people()
    refused("VLT-040", lambda: change(ready, "rita", request_of(world)))
    proof = stranger.sign(proof_input(state.dataset, state.first, stranger.public))
    refused("VLT-040", lambda: ready.sign(operator_change(NEXT.public, proof, "vault-lost"), by="rita"))
    with pytest.raises(ValueError, match="list"):
        operator_change(NEXT.public, proof, "Jane Doe, MRN 778812")


def test_neither_a_persons_key_nor_the_present_one_becomes_the_operators(ready: World) -> None:
    person = World.key("ada").signer
    assert isinstance(person, SeedSigner)
    refused("VLT-041", lambda: ready.sign(draft(ready, person), by="rita"))
    refused("VLT-041", lambda: ready.sign(draft(ready, SeedSigner(SEED)), by="rita"))


def test_a_former_operators_key_is_no_persons_and_may_come_back(ready: World) -> None:
    change(ready, "rita")
    change(ready, "olga")

    class Old(World):
        @staticmethod
        def key(name: str, salt: str = "") -> Any:
            from curator.provenance.keys import PersonKey

            return PersonKey(name, SeedSigner(SEED)) if name == "eve" else World.key(name, salt)

    old = Old.__new__(Old)
    old.__dict__.update(ready.__dict__)
    refused("KEY-008", lambda: old.enroll("eve", "rita", "reader"))
    back = request_of(ready, SeedSigner(SEED))
    change(ready, "rita", back)
    assert change(ready, "olga", back).in_force
    assert seal(ready, SeedSigner(SEED)) is not None
    assert verify_ledger(ready.folder).require().state.operator == ready.operator.public


def test_a_checkpoint_of_the_old_key_over_later_records_is_refused(ready: World) -> None:
    seal(ready, ready.operator)
    change(ready, "rita")
    change(ready, "olga")
    from curator.provenance.note import Checkpoint

    report = verify_ledger(ready.folder).require()
    mark = Checkpoint(report.origin, report.size, report.root)
    ready.ledger.put_checkpoint(mark, [(report.origin, ready.operator)])
    found = verify_ledger(ready.folder)
    assert found.error is not None
    assert found.error.code == "LED-012"


def test_a_changed_word_of_the_record_breaks_the_ledger(ready: World) -> None:
    change(ready, "rita")
    change(ready, "olga")
    envelopes = ready.envelopes()
    signer = World.key("olga").signer
    assert isinstance(signer, SeedSigner)

    def without(document: Any) -> None:
        del document["predicate"]["confirms"]

    ready.rewrite([*envelopes[:-1], ready.forge(envelopes[-1], without, signer)])
    report = verify_ledger(ready.folder)
    # Signed anew by its own signer it is a record like any other, but it no longer puts the key in force.
    assert report.state.operator == ready.operator.public

    def other(document: Any) -> None:
        document["predicate"]["operatorKey"] = encode64(SeedSigner(b"e" * 32).public)

    ready.rewrite([*envelopes[:-1], ready.forge(envelopes[-1], other, signer)])
    found = verify_ledger(ready.folder)
    assert found.error is not None
    assert (found.error.code, found.record) == ("LED-010", len(envelopes) - 1)


def test_every_former_key_is_exported_for_openssl(ready: World, tmp_path: Path) -> None:
    change(ready, "rita")
    change(ready, "olga")
    seal(ready, NEXT)
    report = verify_ledger(ready.folder).require()
    export_dsse(ready.ledger, report, tmp_path / "out", lambda _: None)
    names = set(os.listdir(tmp_path / "out" / "keys"))
    assert {f"{key_id(one)}.pem" for one in (ready.operator.public, NEXT.public)} <= names
    assert (tmp_path / "out" / "checkpoint.vkeys").read_text().count("+") >= 2
    said = json.loads(parse_envelope(ready.envelopes()[-1]).payload)["predicate"]
    assert (said["reason"], said["signer"]) == ("vault-lost", "olga")


def test_a_request_with_a_huge_body_is_refused(ready: World, tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    path.write_text('{"format":1,"pad":"' + "x" * (1 << 16) + '"}')
    with pytest.raises(UsageError) as caught:
        change(ready, "rita", path)
    assert caught.value.code == "VLT-040"
