"""Records about people, keys, patients, policies, splits and logs: writer and verifier keep the same rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ledger_world import DIGESTS, MOMENT, PSEUDONYMS, World

from curator.core.clock import FixedClock
from curator.core.errors import CheckError, IntegrityError, UsageError
from curator.provenance import kinds_data, kinds_people, records, security
from curator.provenance.append import sign_and_append
from curator.provenance.dsse import parse_envelope, sign_envelope
from curator.provenance.enroll import enroll, revoke
from curator.provenance.event_logs import Log, key_log, seal_draft, seal_failures, unsealed, vault_log
from curator.provenance.keys import PersonKey, SeedSigner, key_id
from curator.provenance.keystore import create_key, key_path, unlock
from curator.provenance.people import as_documents, make_request
from curator.provenance.recording import recalls, sealed_splits, withdrawn_patients
from curator.provenance.records import Draft, Place, statement
from curator.provenance.review import review, self_test
from curator.provenance.rotate import next_key, rotate, waiting
from curator.provenance.verify import verify_ledger
from curator.provenance.view import as_document, describe

DAY = timedelta(days=1)


def yes(_: str) -> bool:
    return True


def refused(code: str, call: Callable[[], Any]) -> None:
    with pytest.raises(UsageError) as caught:
        call()
    assert caught.value.code == code
    assert caught.value.sentence
    assert caught.value.hint


def later(world: World, days: int) -> None:
    world.clock.moment = MOMENT + days * DAY


def forced(world: World, draft: Draft, key: PersonKey) -> str:
    """Put a record on the disk that no writer would write, and return the code under which the verifier refuses it."""
    state = verify_ledger(world.folder).require().state
    place = Place(state.dataset, state.size, state.previous.hex() if state.previous else None)
    envelope = sign_envelope(statement(draft, place, key.person, world.clock.now()), [key.signer])
    world.rewrite([*world.envelopes(), envelope])
    report = verify_ledger(world.folder)
    assert report.error is not None
    assert (report.error.code, report.record) == ("LED-010", state.size)
    return str(report.error.facts["rule"])


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys at rest are derived by scrypt elsewhere (test_keystore); here it would only cost time."""
    monkeypatch.setattr(hashlib, "scrypt", lambda passphrase, *, salt, **_: hashlib.sha256(salt + passphrase).digest())


@pytest.fixture
def ready(world: World) -> World:
    return world.people().guide()


# -- training ---------------------------------------------------------------------------------------------------------


def test_training_is_stated_by_a_second_person_of_a_fitting_role(ready: World) -> None:
    """21 CFR 11.10(i): education and training of whoever signs are on record, by somebody else."""
    refused("KEY-030", lambda: ready.recorder().record_training("rita", "gcp", "2027-01-31", "a" * 64))
    refused("KEY-011", lambda: ready.recorder("ben").record_training("ada", "gcp", "2027-01-31", "a" * 64))
    refused("KEY-009", lambda: ready.recorder().record_training("eve", "gcp", "2027-01-31", "a" * 64))
    made = ready.recorder().record_training("ada", "gcp", "2027-01-31", "a" * 64)
    assert made.subject == [{"name": "people/ada", "digest": {"sha256": "a" * 64}}]
    trained = verify_ledger(ready.folder).require().state.facts.trained
    assert [(one.course, one.until, one.place) for one in trained["ada"]] == [("gcp", "2027-01-31", made.index)]


@pytest.mark.parametrize(
    ("code", "course", "until", "evidence"),
    [
        ("KEY-033", "a course", "2027-01-31", "a" * 64),
        ("KEY-033", "gcp@", "2027-01-31", "a" * 64),
        ("KEY-033", "gcp\n", "2027-01-31", "a" * 64),
        ("LED-070", "PATIENT", "2027-01-31", "a" * 64),
        ("LED-072", "gcp", "2027-02-30", "a" * 64),
        ("LED-072", "gcp", "20270130", "a" * 64),
        ("KEY-036", "gcp", "2026-05-03", "a" * 64),
        ("LED-073", "gcp", "2027-01-31", "A" * 64),
    ],
)
def test_bad_details_of_a_training_are_refused(ready: World, code: str, course: str, until: str, evidence: str) -> None:
    refused(code, lambda: ready.recorder().record_training("ada", course, until, evidence))
    assert verify_ledger(ready.folder).size == 5


def test_labels_are_refused_from_the_day_after_the_training_ends(ready: World) -> None:
    """21 CFR 11.10(i): a lapsed training stops signatures under labels."""
    ready.recorder().record_training("ada", "chest@1.0", "2026-05-06", "a" * 64)
    later(ready, 2)
    ready.sign(ready.label(1))
    later(ready, 3)
    refused("KEY-034", lambda: ready.sign(ready.label(2)))
    ready.sign(ready.label(2, author="ben"), by="ben")
    assert forced(ready, ready.label(3), World.key("ada")) == "KEY-034"


def test_a_newer_version_of_a_course_takes_the_place_of_the_older(ready: World) -> None:
    ready.recorder().record_training("ada", "chest@1.0", "2026-05-06", "a" * 64)
    ready.recorder().record_training("ada", "chest@2.0", "2026-09-30", "b" * 64)
    later(ready, 9)
    ready.sign(ready.label(1))
    ready.recorder().record_training("ada", "gcp", "2026-05-13", "c" * 64)
    later(ready, 10)
    refused("KEY-034", lambda: ready.sign(ready.label(2)))


def test_a_writer_that_asks_for_training_refuses_who_has_none(ready: World) -> None:
    appender = ready.appender()
    appender.state.facts.require_training = True
    refused("KEY-035", lambda: appender.append([ready.label(1)], World.key("ada")))
    ready.recorder().record_training("ada", "gcp", "2027-01-31", "a" * 64)
    appender = ready.appender()
    appender.state.facts.require_training = True
    assert appender.append([ready.label(1)], World.key("ada"))


def test_a_commit_that_is_refused_leaves_nothing_behind(ready: World) -> None:
    appender = ready.appender()
    training = kinds_people.training("ada", "gcp", "2027-01-31", "a" * 64, yes)
    split = kinds_data.split_seal("test", DIGESTS, "one site held out", yes)
    refused("LED-082", lambda: appender.append([training, split, split], World.key("rita")))
    assert (appender.state.facts.trained, appender.state.facts.splits) == ({}, {})
    assert len(appender.append([training, split], World.key("rita"))) == 2
    assert (list(appender.state.facts.trained), list(appender.state.facts.splits)) == (["ada"], ["test"])


# -- the life of a key ------------------------------------------------------------------------------------------------


def enroll_with(world: World, name: str, expires: str | None, salt: str = "", **more: Any) -> Any:
    request = make_request(
        World.key(name, salt).signer,
        name=name,
        printed_name=f"Dr {name.title()}",
        roles=("reader",),
        specialty=None,
        years=None,
        clock=world.clock,
    )
    asked = dict(request["request"])
    asked.pop("publicKey")
    if expires is not None:
        asked["expires"] = expires
    from curator.provenance.people import sign_request

    return enroll(
        world.ledger, sign_request({**asked, **more}, World.key(name, salt).signer), World.key("rita"), world.clock
    )


def test_a_key_signs_through_its_last_day_and_no_longer(ready: World) -> None:
    """21 CFR 11.300(b): a key that is past its last day is refused, and what it signed before stays valid."""
    enroll_with(ready, "eva", "2026-05-06", qualification="board certified")
    later(ready, 2)
    ready.sign(ready.label(1, author="eva"), by="eva")
    later(ready, 3)
    refused("KEY-031", lambda: ready.sign(ready.label(2, author="eva"), by="eva"))
    refused("KEY-031", lambda: ready.appender().seal(World.key("eva")))
    state = verify_ledger(ready.folder).require().state
    roster = {one["id"]: one for one in as_documents(state.roster())}
    assert (roster["eva"]["expires"], roster["eva"]["qualification"]) == ("2026-05-06", "board certified")
    assert forced(ready, ready.label(2, author="eva"), World.key("eva")) == "KEY-031"


def test_a_back_dated_record_does_not_make_a_key_or_a_training_younger(ready: World) -> None:
    enroll_with(ready, "eva", "2026-05-06")
    ready.recorder().record_training("ada", "gcp", "2026-05-06", "a" * 64)
    later(ready, 9)
    ready.sign(ready.label(1, author="ben"), by="ben")
    later(ready, 1)
    ready.sign(ready.label(2, author="eva"), by="eva")
    later(ready, 9)
    ready.recorder().record_recall("1.0.0", DIGESTS, "wrong side")
    later(ready, 1)
    assert forced(ready, ready.label(3, author="eva"), World.key("eva")) == "KEY-031"
    ready.rewrite(ready.envelopes()[:-1])
    assert forced(ready, ready.label(3), World.key("ada")) == "KEY-034"


@pytest.mark.parametrize("expires", ["2026-05-03", "2026-02-30"])
def test_nobody_is_enrolled_with_a_last_day_that_is_past_or_none(ready: World, expires: str) -> None:
    refused("KEY-032", lambda: enroll_with(ready, "eva", expires))


def test_the_next_key_signs_and_the_old_one_no_more(ready: World) -> None:
    """21 CFR 11.300(b): keys are changed from time to time; earlier signatures stay valid."""
    ready.sign(ready.label(1, author="ben"), by="ben")
    ready.rotate("ben")
    refused("KEY-016", lambda: ready.sign(ready.label(2, author="ben"), by="ben"))
    sign_and_append(ready.ledger, [ready.label(2, author="ben")], World.key("ben", "next"), ready.clock)
    seen: list[Any] = []
    state = verify_ledger(ready.folder, visit=seen.append).require().state
    keys = [as_document(one, state)["keyId"] for one in seen if one.predicate["signer"] == "ben"]
    old, new = (key_id(World.key("ben", salt).signer.public) for salt in ("", "next"))
    assert keys == [old, old, new]
    assert dict(describe(seen[-1], state))["key"] == new
    assert [one.rotated for one in state.roster() if one.id == "ben"] == [6, None]
    place = Place(state.dataset, state.size, state.previous.hex() if state.previous else None)
    payload = statement(ready.label(3, author="ben"), place, "ben", ready.clock.now())
    ready.rewrite([*ready.envelopes(), sign_envelope(payload, [World.key("ben").signer])])
    report = verify_ledger(ready.folder)
    assert report.error is not None
    assert (report.error.facts["rule"], report.record) == ("LED-023", 8)


def test_a_rotation_gives_no_role_and_no_longer_life(ready: World) -> None:
    enroll_with(ready, "eva", "2026-05-14")
    refused("KEY-038", lambda: ready.rotate("eva"))
    refused("KEY-038", lambda: ready.rotate("eva", expires="2026-05-15"))
    refused("KEY-032", lambda: ready.rotate("eva", expires="2026-05-03"))
    later(ready, 5)
    ready.rotate("eva", expires="2026-05-19")
    refused("KEY-038", lambda: ready.rotate("eva", "third", before="next", expires="2026-05-20"))
    person = verify_ledger(ready.folder).require().state.people["eva"]
    assert (person.roles, person.printed_name, person.expires) == (("reader",), "Dr Eva", "2026-05-19")


def test_a_rotation_takes_only_a_request_made_for_this_very_key(ready: World) -> None:
    """21 CFR 11.100(a): a key belongs to one person and is used once."""
    ben, new = World.key("ben"), World.key("ben", "next")

    def draft(person: str, before: PersonKey, signer: SeedSigner) -> Draft:
        request, proof = kinds_people.rotation_request(person, before.signer.public, signer, ready.clock)
        return kinds_people.rotation(request, proof, "yearly", yes)

    other = draft("ada", World.key("ada"), new.signer)
    refused("KEY-037", lambda: ready.sign(other, by="ben"))
    assert forced(ready, other, ben) == "KEY-037"
    ready.rewrite(ready.envelopes()[:-1])
    wrong = draft("ben", World.key("ben", "strange"), new.signer)
    refused("KEY-037", lambda: ready.sign(wrong, by="ben"))
    used = draft("ben", ben, World.key("rita").signer)
    refused("KEY-008", lambda: ready.sign(used, by="ben"))
    refused("KEY-008", lambda: ready.sign(draft("ben", ben, ready.operator), by="ben"))
    request, proof = kinds_people.rotation_request("ben", ben.signer.public, new.signer, ready.clock)
    refused("KEY-005", lambda: kinds_people.rotation({**request, "id": "ada"}, proof, "yearly", yes))
    enrolled = make_request(
        new.signer, name="ben", printed_name="B", roles=("reader",), specialty=None, years=None, clock=ready.clock
    )
    refused("KEY-005", lambda: kinds_people.rotation({**request}, enrolled["proof"], "yearly", yes))


def test_a_rotated_key_is_revoked_and_enrolled_anew_as_any_other(ready: World) -> None:
    ready.rotate("ben")
    revoke(ready.ledger, "ben", "left", World.key("rita"), ready.clock)
    refused("KEY-010", lambda: sign_and_append(ready.ledger, [ready.label(1)], World.key("ben", "next"), ready.clock))
    for salt in ("", "next"):
        refused("KEY-008", lambda salt=salt: ready.enroll("ben", "rita", "reader", salt=salt))
    ready.enroll("ben", "rita", "reader", salt="fresh")
    assert verify_ledger(ready.folder).require().state.people["ben"].rotated is None


def test_rotating_in_the_store_goes_on_after_a_stop_at_any_place(ready: World, tmp_path: Path) -> None:
    store = tmp_path / "keys"
    old = create_key(store, "eva", b"old passphrase")
    request = make_request(
        old.signer, name="eva", printed_name="Dr Eva", roles=("reader",), specialty=None, years=None, clock=ready.clock
    )
    enroll(ready.ledger, request, World.key("rita"), ready.clock)
    assert not waiting(store, "eva")
    first = next_key(store, "eva", b"new passphrase", ready.clock)
    assert waiting(store, "eva")
    refused("KEY-002", lambda: next_key(store, "eva", b"not the passphrase", ready.clock))
    assert len(security.events(store)) == 1
    again = next_key(store, "eva", b"new passphrase", ready.clock)
    assert again.signer.public == first.signer.public

    def run(before: PersonKey, after: PersonKey) -> Any:
        return rotate(ready.appender(), store, before, after, reason="yearly", guard=yes, clock=ready.clock)

    blocked = store / "eva.key.1.json"
    blocked.mkdir()
    with pytest.raises(CheckError) as caught:
        run(old, again)
    assert caught.value.code == "KEY-042"
    blocked.rmdir()
    size = verify_ledger(ready.folder).size
    done = run(unlock(store, "eva", b"old passphrase"), next_key(store, "eva", b"new passphrase", ready.clock))
    assert (done.added, verify_ledger(ready.folder).size) == (False, size)
    assert unlock(store, "eva", b"new passphrase").signer.public == first.signer.public
    assert not waiting(store, "eva")
    assert json.loads((store / "eva.key.1.json").read_bytes())["id"] == "eva"
    third = next_key(store, "eva", b"third passphrase", ready.clock)
    assert run(unlock(store, "eva", b"new passphrase"), third).added
    assert sorted(path.name for path in store.glob("*.json")) == ["eva.key.1.json", "eva.key.2.json", "eva.key.json"]
    assert key_path(store, "eva").stat().st_mode & 0o077 == 0


# -- the clock --------------------------------------------------------------------------------------------------------


def test_a_writer_whose_clock_was_set_back_is_refused(ready: World) -> None:
    """21 CFR 11.10(e): times are computer-generated, and with a clock that was set back nothing is signed."""
    ready.clock.moment = MOMENT - timedelta(minutes=5)
    ready.sign(ready.label(1))
    ready.clock.moment = MOMENT - timedelta(minutes=6)
    refused("LED-078", lambda: ready.sign(ready.label(2)))
    assert verify_ledger(ready.folder).size == 6


def test_one_clock_that_ran_ahead_stops_its_own_signer_only(ready: World) -> None:
    later(ready, 3650)
    ready.sign(ready.label(1))
    later(ready, 1)
    refused("LED-078", lambda: ready.sign(ready.label(2)))
    ready.sign(ready.label(2, author="ben"), by="ben")
    ready.recorder().record_recall("1.0.0", DIGESTS, "wrong side")
    assert verify_ledger(ready.folder).require().state.backwards == (6, 2)


# -- security events --------------------------------------------------------------------------------------------------


def fail(store: Path, times: int, clock: FixedClock, person: str = "ada") -> None:
    for _ in range(times):
        security.record_failure(store, person, clock)


def test_failed_tries_are_sealed_and_can_no_more_be_cut(ready: World, tmp_path: Path) -> None:
    """21 CFR 11.300(d): attempts at unauthorized use are on record, and the record cannot be cut unseen."""
    store = tmp_path / "keys"
    fail(store, 3, ready.clock)
    fail(store, 1, ready.clock, person="somebody-else")
    appender = ready.appender()
    (made,), broken = seal_failures(appender, ready.operator, store, tmp_path / "vault")
    assert broken is None
    said = made.predicate
    assert (said["signer"], said["log"], said["count"], said["first"], said["last"]) == ("operator", "keys", 4, 1, 4)
    assert said["kinds"] == {"unlock-failed": 4}
    assert (said["people"], said["others"]) == ([{"person": "ada", "count": 3}], 1)
    assert "somebody" not in json.dumps(said)
    assert seal_failures(appender, ready.operator, store, tmp_path / "vault") == ([], None)
    fail(store, 1, ready.clock)
    ready.sign(seal_draft(appender.state, key_log(store)), by="ada")
    state = verify_ledger(ready.folder).require().state
    assert state.facts.sealed["keys", key_log(store).chain][0] == 5
    (store / "security" / "00000005.json").unlink()
    with pytest.raises(IntegrityError) as caught:
        unsealed(state, key_log(store))
    assert (caught.value.code, caught.value.facts["number"]) == ("KEY-040", 5)
    fail(store, 1, FixedClock(MOMENT + DAY))
    assert seal_failures(ready.appender(), ready.operator, store, tmp_path / "vault")[1].code == "KEY-040"
    ready.sign(seal_draft(state, key_log(store), "the folder came from a backup"), by="rita")
    assert unsealed(verify_ledger(ready.folder).require().state, key_log(store)) == 0
    (store / "security" / "00000002.json").write_bytes(b"{}")
    with pytest.raises(IntegrityError) as caught:
        key_log(store)
    assert caught.value.code == "KEY-020"


def test_a_vaults_openings_are_sealed_and_another_vaults_are_no_substitute(ready: World, tmp_path: Path) -> None:
    from curator.project.vault import note_opening

    vault = tmp_path / "vault"
    for purpose in ("created", "failed", "scrub"):
        note_opening_in(vault, purpose, ready.clock, note_opening)
    (made,), broken = seal_failures(ready.appender(), ready.operator, tmp_path / "keys", vault)
    assert (made.predicate["kinds"], made.predicate["others"], broken) == (
        {"vault-failed": 1, "vault-opened": 2},
        3,
        None,
    )
    note_opening(vault, "checkpoint", ready.clock)
    assert seal_failures(ready.appender(), ready.operator, tmp_path / "keys", vault) == ([], None)
    other = tmp_path / "other"
    note_opening_in(other, "failed", ready.clock, note_opening)
    _, broken = seal_failures(ready.appender(), ready.operator, tmp_path / "keys", other)
    assert broken is not None
    assert broken.code == "KEY-040"


def note_opening_in(vault: Path, purpose: str, clock: FixedClock, note: Any) -> None:
    (vault / "openings").mkdir(parents=True, exist_ok=True)
    note(vault, purpose, clock)


@pytest.mark.parametrize(
    "change",
    [
        {"first": 2},
        {"last": 4},
        {"count": 4},
        {"others": 1},
        {"kinds": {"unlock-failed": 2}},
        {"previousHead": "e" * 64},
        {"log": "vault"},
        {"chain": "f" * 64, "first": 2, "last": 4},
        {"kinds": {"unlock-failed": 2, "JANE DOE": 1}},
        {"people": [{"person": "nobody-known", "count": 3}], "others": 0},
    ],
)
def test_a_sealing_that_does_not_add_up_is_refused(ready: World, change: dict[str, Any]) -> None:
    draft = kinds_people.sealed_events("keys", "c" * 64, (1, 3), "d" * 64, {"unlock-failed": 3}, {})
    altered = Draft(draft.kind, draft.subject, {**draft.predicate, **change})
    with pytest.raises(UsageError) as caught:
        ready.sign(altered)
    assert caught.value.code in {"LED-080", "KEY-009"}
    assert forced(ready, altered, World.key("ada")) == caught.value.code


def test_only_the_operators_own_key_seals_as_operator_and_nothing_else(ready: World) -> None:
    draft = kinds_people.sealed_events("keys", "c" * 64, (1, 3), "d" * 64, {"unlock-failed": 3}, {})
    fake = PersonKey("operator", World.key("ada").signer)
    refused("KEY-009", lambda: ready.appender().append([draft], fake))
    operator = PersonKey("operator", ready.operator)
    refused("KEY-009", lambda: ready.appender().append([ready.label(1)], operator))
    recall = kinds_data.recall("1.0.0", DIGESTS, "side was wrong", yes)
    refused("KEY-009", lambda: ready.appender().append([recall], operator))
    restart = kinds_people.sealed_events("keys", "c" * 64, (1, 1), "c" * 64, {"unlock-failed": 1}, {}, restart="why")
    refused("LED-080", lambda: ready.appender().append([restart], operator))
    refused("KEY-011", lambda: ready.sign(restart, by="ada"))


def test_many_wrong_passphrases_lock_the_key_for_a_while(tmp_path: Path) -> None:
    """21 CFR 11.300(d): wrong passphrases are on record at once, and after five the key is not tried for a while."""
    store, clock = tmp_path / "keys", FixedClock(MOMENT)
    create_key(store, "ada", b"right passphrase")
    create_key(store, "ben", b"right passphrase")
    for _ in range(security.MOST_FAILURES):
        refused("KEY-002", lambda: unlock(store, "ada", b"wrong passphrase", clock))
    refused("KEY-039", lambda: unlock(store, "ada", b"right passphrase", clock))
    assert unlock(store, "ben", b"right passphrase", clock).person == "ben"
    assert [one["event"] for one in security.events(store)] == ["unlock-failed"] * 5 + ["unlock-locked-out"]
    clock.moment += security.WINDOW
    refused("KEY-039", lambda: unlock(store, "ada", b"right passphrase", clock))
    clock.moment += timedelta(seconds=1)
    assert unlock(store, "ada", b"right passphrase", clock).person == "ada"


def test_an_event_that_cannot_be_read_locks_rather_than_counts_as_none(tmp_path: Path) -> None:
    store, clock = tmp_path / "keys", FixedClock(MOMENT)
    create_key(store, "ada", b"right passphrase")
    fail(store, 1, clock)
    (store / "security" / "00000001.json").write_bytes(b"not json")
    with pytest.raises(IntegrityError) as caught:
        unlock(store, "ada", b"right passphrase", clock)
    assert caught.value.code == "KEY-020"


# -- data -------------------------------------------------------------------------------------------------------------


def test_each_record_is_read_back_from_a_verified_ledger(ready: World) -> None:
    ready.people_records()
    state = verify_ledger(ready.folder).require().state
    assert state.facts.policy == ("expert", "2" * 64)
    split = sealed_splits(ready.folder)["test"]
    listed = "".join(f"{one}\n" for one in sorted(DIGESTS[:2])).encode()
    assert (split.sha256, split.samples) == (hashlib.sha256(listed).hexdigest(), 2)
    assert list(withdrawn_patients(ready.folder)) == [PSEUDONYMS[1]]
    assert [version for version, _ in recalls(ready.folder)] == ["1.0.0"]


def test_every_text_passes_the_guard(ready: World) -> None:
    """No identifier enters a record: a typed text that the guard refuses stops it before anything is signed."""
    made, size = ready.recorder(), verify_ledger(ready.folder).size
    for call in (
        lambda: made.record_policy_change(("a", "1" * 64), ("b", "2" * 64), "PATIENT x"),
        lambda: made.record_policy_change(("PATIENT", "1" * 64), ("b", "2" * 64), "x"),
        lambda: made.record_policy_change(("a", "1" * 64), ("PATIENT", "2" * 64), "x"),
        lambda: made.record_split("PATIENT", DIGESTS, "x"),
        lambda: made.record_split("test", DIGESTS, "PATIENT x"),
        lambda: made.record_access("ada", "PATIENT x", samples=DIGESTS),
        lambda: made.record_access("ada", "x", split=("PATIENT", "1" * 64)),
        lambda: made.record_patients("merged", PSEUDONYMS, PSEUDONYMS[0], "PATIENT x"),
        lambda: made.record_recall("PATIENT", DIGESTS, "x"),
        lambda: made.record_recall("1.0", DIGESTS, "PATIENT x"),
    ):
        refused("LED-070", call)
    for text in ("", " ", "a\nb", "a\u202eb", "x" * 501, "cafe\u0301"):
        refused("LED-024", lambda text=text: made.record_recall("1.0", DIGESTS, text))
    assert verify_ledger(ready.folder).size == size


def test_a_reason_with_direction_marks_is_refused_by_the_verifier_too(ready: World) -> None:
    draft = kinds_data.recall("1.0", DIGESTS, "fine", yes)
    altered = Draft(draft.kind, draft.subject, {**draft.predicate, "reason": "a\u202eb"})
    assert forced(ready, altered, World.key("rita")) == "LED-024"


@pytest.mark.parametrize("patient", ["12345678", "Jane-Doe", "PAAAAAAAAAAAAAAA1", "P" + "A" * 17, "../x", ""])
def test_a_hospitals_id_is_no_pseudonym(ready: World, patient: str) -> None:
    made = ready.recorder()
    refused("LED-075", lambda: made.record_consent_withdrawal(patient, "2026-05-04", "other"))
    refused("LED-075", lambda: made.record_patients("merged", [patient, *PSEUDONYMS], PSEUDONYMS[0], "x"))


def test_a_pseudonym_that_was_imported_passes_when_the_project_knows_it(ready: World) -> None:
    draft = kinds_data.consent_withdrawal("SUBJ-0001", "2026-05-04", "other", lambda name: name == "SUBJ-0001")
    ready.sign(draft, by="rita")
    assert "SUBJ-0001" in withdrawn_patients(ready.folder)


def test_what_was_stated_before_is_not_stated_against(ready: World) -> None:
    ready.people_records()
    made = ready.recorder()
    refused("LED-079", lambda: made.record_policy_change(("safe-harbor", "1" * 64), ("x", "3" * 64), "why"))
    refused("LED-079", lambda: made.record_policy_change(("expert", "2" * 64), ("expert", "2" * 64), "why"))
    refused("LED-082", lambda: made.record_split("test", DIGESTS, "why"))
    refused("LED-081", lambda: made.record_access("ada", "why", split=("test", "3" * 64)))
    refused("LED-081", lambda: made.record_access("ada", "why", split=("train", "3" * 64)))
    refused("LED-083", lambda: made.record_consent_withdrawal(PSEUDONYMS[1], "2026-05-04", "other"))
    refused("LED-077", lambda: made.record_consent_withdrawal(PSEUDONYMS[0], "2026-05-04", "because"))
    refused("LED-076", lambda: made.record_patients("split", PSEUDONYMS, "PCCCCCCCCCCCCCCCC", "why"))
    refused("LED-076", lambda: made.record_patients("split", PSEUDONYMS[:1], PSEUDONYMS[0], "why"))
    recall = kinds_data.recall("1.0", DIGESTS, "why", yes)
    fewer = Draft(recall.kind, recall.subject, {**recall.predicate, "samples": DIGESTS[:2]})
    refused("LED-084", lambda: ready.sign(fewer, by="rita"))
    renamed = Draft(recall.kind, recall.subject, {**recall.predicate, "version": "2.0"})
    refused("LED-084", lambda: ready.sign(renamed, by="rita"))
    link = kinds_data.patients_link("split", PSEUDONYMS, PSEUDONYMS[0], "why", yes)
    exchanged = tuple({**one, "digest": {"sha256": "0" * 64}} for one in link.subject)
    refused("LED-075", lambda: ready.sign(Draft(link.kind, exchanged, link.predicate), by="rita"))


def test_a_full_list_fits_an_envelope_and_a_longer_one_is_a_digest(ready: World) -> None:
    many = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(kinds_data.MAX_SAMPLES)]
    made, long = ready.recorder(), "\N{GRINNING FACE}" * records.MAX_REASON
    made.record_access("ada", long, samples=many)
    made.record_recall("1.0.0", many, long)
    refused("LED-074", lambda: made.record_access("ada", "x", samples=[*many, "0" * 64]))
    more = made.record_recall("1.0.1", [*many, "0" * 64], "x")
    assert ("samples" in more.predicate, more.predicate["count"]) == (False, 401)
    wide = [f"{number:064d}" for number in range(kinds_data.MAX_PATIENTS)]
    ready.sign(kinds_data.patients_link("merged", wide, wide[0], long, yes, yes), by="rita")
    tried = {f"{number:064d}": 1 for number in range(kinds_people.MAX_TRIED)}
    body = kinds_people.sealed_events("keys", "c" * 64, (1, 200), "d" * 64, {"unlock-failed": 200}, tried).predicate
    assert len(json.dumps(body)) < 20_000
    assert max(map(len, ready.envelopes())) < 65_536


def test_a_look_at_content_alone_still_knows_whose_keys_are_good(ready: World) -> None:
    """Records about people and data are taken by every rule, also where labels are left to a checkpoint."""
    from curator.provenance.verify import CONTENT

    ready.people_records()
    new = World.key("ben", "next")
    sign_and_append(ready.ledger, [ready.label(1, author="ben")], new, ready.clock)
    appender = ready.appender()
    appender.seal(operator=ready.operator)
    split = appender.state.facts.splits["test"].sha256
    appender.append([kinds_data.access("ada", "performance test", yes, split=("test", split))], World.key("ada"))
    appender.append(
        [kinds_people.sealed_events("vault", "c" * 64, (3, 3), "e" * 64, {"vault-failed": 1}, {}, "d" * 64)], new
    )
    whole, quick = verify_ledger(ready.folder).require(), verify_ledger(ready.folder, depth=CONTENT).require()
    assert (quick.root, quick.state.facts.sealed) == (whole.root, whole.state.facts.sealed)
    assert quick.state.people["ben"].public == new.signer.public


# -- looking after people ---------------------------------------------------------------------------------------------


def test_a_review_lists_what_is_due_in_the_order_of_urgency(ready: World) -> None:
    """21 CFR 11.300(b): keys are periodically checked, and what is due is listed."""
    enroll_with(ready, "eva", "2026-05-10")
    enroll_with(ready, "fay", "2026-06-10")
    for name, until in (("ada", "2026-05-20"), ("ben", "2026-12-31"), ("eva", "2026-12-31"), ("fay", "2026-12-31")):
        ready.recorder().record_training(name, "gcp", until, "a" * 64)
    now = MOMENT + 20 * DAY
    found = [(one.what, one.person) for one in review(verify_ledger(ready.folder).require().state, now)]
    assert found == [("expired", "eva"), ("lapsed", "ada"), ("untrained", "rita"), ("expiring", "fay")]
    far = review(verify_ledger(ready.folder).require().state, MOMENT + 5 * DAY, within=0, unused=3)
    assert {one.person for one in far if one.what == "unused"} == {"ada", "ben", "eva", "fay", "rita"}
    revoke(ready.ledger, "eva", "left", World.key("rita"), ready.clock)
    assert "eva" not in {one.person for one in review(verify_ledger(ready.folder).require().state, now)}


class Broken:
    """A signer that signs something else."""

    def __init__(self, key: PersonKey) -> None:
        self.public = key.signer.public
        self._signer = key.signer

    def sign(self, data: bytes) -> bytes:
        return self._signer.sign(data + b"x")


def test_a_key_is_tested_and_a_bad_one_fails(ready: World) -> None:
    """21 CFR 11.300(e): keys are tested, a deliberately bad signature included."""
    state = verify_ledger(ready.folder).require().state
    assert len(self_test(state, World.key("ada"))) == 4
    refused("KEY-016", lambda: self_test(state, World.key("ada", "other")))
    with pytest.raises(IntegrityError) as caught:
        self_test(state, PersonKey("ada", Broken(World.key("ada"))))
    assert caught.value.code == "KEY-041"


def test_a_log_that_holds_an_unknown_event_is_not_sealed(tmp_path: Path) -> None:
    folder = tmp_path / "security"
    folder.mkdir()
    event = {"format": 1, "event": "JANE DOE", "previous": hashlib.sha256(b"").hexdigest()}
    (folder / "00000001.json").write_text(json.dumps(event))
    with pytest.raises(IntegrityError) as caught:
        key_log(tmp_path)
    assert caught.value.code == "KEY-020"
    assert vault_log(tmp_path) == Log("vault", (), (), ())


def test_an_envelope_of_each_kind_says_who_when_and_what_for(ready: World) -> None:
    """21 CFR 11.50(a): every record holds signer, time with offset, and meaning."""
    ready.people_records()
    for envelope in ready.envelopes():
        said = json.loads(parse_envelope(envelope).payload)["predicate"]
        assert {"signer", "signedAt", "utcOffset", "meaning"} <= set(said)
