"""Who may state what, and when: the same rules for writers and verifiers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ledger_world import GUIDE, MOMENT, SEED, World

from curator.core.clock import FixedClock
from curator.core.errors import CheckError, IntegrityError, UsageError
from curator.provenance import records
from curator.provenance.append import BATCH, Appender, sign_and_append
from curator.provenance.enroll import enroll, revoke
from curator.provenance.keys import PersonKey, SeedSigner, key_id
from curator.provenance.kinds_people import qualified
from curator.provenance.known import Replaced
from curator.provenance.ledger import Ledger, create
from curator.provenance.pixels import accept_pixels, accepted_pixels
from curator.provenance.replacements import sign_replacements, signed_replacements
from curator.provenance.roles import acting_role, all_roles
from curator.provenance.state import State
from curator.provenance.verify import verify_ledger
from curator.provenance.view import as_document, describe, summary

#: Clean path, its digest, new UID, keyed digest of the corrected object.
SWAP = ("clean/p/s/r/1.dcm", "2" * 64, "2.25.1", "3" * 64)


def refused(code: str, call: Callable[[], Any]) -> None:
    with pytest.raises(UsageError) as caught:
        call()
    assert caught.value.code == code
    assert caught.value.sentence


# -- the beginning ----------------------------------------------------------------------------------------------------


def test_a_ledger_begins_with_the_dataset_and_the_operators_key(world: World) -> None:
    state = verify_ledger(world.folder, operator_key=world.operator.public).require().state
    assert (state.dataset, state.operator, state.size) == ("trial", world.operator.public, 1)


def test_beginning_again_completes_and_changes_nothing(world: World) -> None:
    before = world.envelopes()
    for path in (world.folder / "checkpoints").iterdir():
        path.unlink()
    create(world.folder, dataset="trial", operator_seed=SEED, clock=world.clock)
    assert world.envelopes() == before
    assert len(Ledger(world.folder).checkpoints()) == 1


def test_another_ledger_in_the_same_folder_is_refused(world: World) -> None:
    refused("LED-002", lambda: create(world.folder, dataset="other", operator_seed=SEED, clock=world.clock))
    refused("LED-002", lambda: create(world.folder, dataset="trial", operator_seed=b"p" * 32, clock=world.clock))


@pytest.mark.parametrize("dataset", ["", "a b", "a+b", "x" * 65, "-a", "a/b", "a\n"])
def test_an_id_that_cannot_stand_in_a_checkpoint_is_refused(tmp_path: Path, dataset: str) -> None:
    refused("LED-022", lambda: create(tmp_path / "l", dataset=dataset, operator_seed=SEED, clock=FixedClock(MOMENT)))


# -- people -----------------------------------------------------------------------------------------------------------


def test_nobody_is_enrolled_until_the_first_two_have_enrolled_each_other(world: World) -> None:
    """21 CFR 11.100(b): the first two people vouch for each other."""
    first = world.enroll("rita", "ada", "reviewer")
    assert (first.complete, first.state.people) == (False, {})
    refused("KEY-018", lambda: world.guide())
    second = world.enroll("ada", "rita")
    assert second.complete
    assert [(one.id, one.since, one.by) for one in second.state.active()] == [("ada", 2, "rita"), ("rita", 2, "ada")]


def test_the_second_of_the_first_two_must_enroll_the_very_key_that_signed(world: World) -> None:
    world.enroll("rita", "ada", "reviewer")
    assert not world.enroll("ada", "rita", salt="another").complete
    assert not world.enroll("ben", "rita").complete
    assert world.enroll("ada", "rita").complete


def test_a_killed_enrollment_is_run_again_without_a_second_record(world: World) -> None:
    world.enroll("rita", "ada", "reviewer")
    assert world.enroll("rita", "ada", "reviewer").already
    world.enroll("ada", "rita")
    assert world.enroll("ada", "rita").already
    assert world.ledger.size() == 3


def test_nobody_enrolls_themselves(world: World) -> None:
    """21 CFR 11.100(b): nobody vouches for themselves."""
    refused("KEY-006", lambda: world.enroll("ada", "ada"))
    same = PersonKey("eve", World.key("ada").signer)
    refused("KEY-006", lambda: enroll(world.ledger, world.request("ada"), same, world.clock))
    world.people()
    refused("KEY-006", lambda: world.enroll("ada", "ada", salt="new"))
    refused("KEY-009", lambda: world.enroll("eve", "eve"))


def test_only_enrolled_people_enroll_others(world: World) -> None:
    """21 CFR 11.10(d): who is not enrolled brings nobody in."""
    world.people()
    refused("KEY-009", lambda: world.enroll("eve", "dan"))


def test_an_id_and_a_key_are_given_once(world: World) -> None:
    """21 CFR 11.100(a): an id and a key are given to one person, once."""
    world.people()
    refused("KEY-007", lambda: world.enroll("ben", "ada", salt="new"))
    taken = world.request("ben")
    asked = world.request("eve")
    from curator.provenance.people import make_request

    asked = make_request(
        World.key("ben").signer,
        name="eve",
        printed_name="Eve",
        roles=["reader"],
        specialty=None,
        years=None,
        clock=world.clock,
    )
    assert asked["request"]["publicKey"] == taken["request"]["publicKey"]
    refused("KEY-008", lambda: enroll(world.ledger, asked, World.key("ada"), world.clock))


def test_a_revoked_key_signs_no_more_and_what_it_signed_stays(world: World) -> None:
    """21 CFR 11.300(c): a revoked key signs no more, and what it signed stays valid."""
    world.people().guide()
    world.sign(world.label(1))
    revoke(world.ledger, "ada", "laptop lost", World.key("rita"), world.clock)
    refused("KEY-010", lambda: world.sign(world.label(2)))
    report = verify_ledger(world.folder)
    assert report.error is None
    ada = report.state.people["ada"]
    assert (ada.revoked, ada.reason) == (6, "laptop lost")
    assert [one.id for one in report.state.active()] == ["ben", "rita"]


def test_a_lost_key_is_replaced_under_the_same_name_and_never_used_again(world: World) -> None:
    """21 CFR 11.300(c): a lost key is replaced under the same control and never used again."""
    world.people().guide()
    revoke(world.ledger, "ada", "lost", World.key("rita"), world.clock)
    refused("KEY-008", lambda: world.enroll("ada", "rita"))
    refused("KEY-013", lambda: world.enroll("ada", "rita", salt="2", printed="Somebody Else"))
    world.enroll("ada", "rita", salt="2")
    refused("KEY-016", lambda: world.sign(world.label(1)))
    sign_and_append(world.ledger, [world.label(1)], World.key("ada", "2"), world.clock)
    roster = verify_ledger(world.folder).require().state.roster()
    assert [(one.id, one.revoked is not None) for one in roster if one.id == "ada"] == [("ada", True), ("ada", False)]


def test_the_last_person_is_not_revoked(world: World) -> None:
    world.people()
    revoke(world.ledger, "ada", "left", World.key("rita"), world.clock)
    revoke(world.ledger, "ben", "left", World.key("rita"), world.clock)
    refused("KEY-012", lambda: revoke(world.ledger, "rita", "left", World.key("rita"), world.clock))


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "two\nlines", "bell\x07", "e\u0301", "\u202eabc"])
def test_a_reason_that_cannot_stand_in_a_record_is_refused(world: World, reason: str) -> None:
    world.people()
    refused("LED-024", lambda: revoke(world.ledger, "ada", reason, World.key("rita"), world.clock))


# -- guidelines and pixels --------------------------------------------------------------------------------------------


def test_a_guideline_version_is_registered_once(world: World) -> None:
    """21 CFR 11.10(k): a version of a guideline never changes."""
    world.people().guide()
    refused("GDL-001", lambda: world.guide())


def test_accepted_contents_come_with_their_record(world: World) -> None:
    world.people()
    digests = [f"{number:064x}" for number in range(3)]
    made = accept_pixels(world.folder, digests, World.key("rita"), reason="all frames viewed", clock=world.clock)
    assert accepted_pixels(world.folder) == dict.fromkeys(digests, made[0].leaf.hex())
    assert accept_pixels(world.folder, [], World.key("rita"), reason="x", clock=world.clock) == []


def replace_one(world: World, by: str = "rita") -> None:
    one = ("clean/p/s/r/1.dcm", "1" * 64, "2.25.2", "2" * 64)
    sign_replacements(world.folder, [one], World.key(by), reason="the side was wrong", clock=world.clock)


def test_a_replacement_holds_for_one_file_and_one_correction_of_it(ready: World) -> None:
    replace_one(ready)
    found = signed_replacements(ready.folder)
    assert list(found) == ["2" * 64]
    assert (found["2" * 64].uid, found["2" * 64].sha256) == ("2.25.2", "1" * 64)


def test_a_reader_cannot_replace_a_sample(ready: World) -> None:
    """21 CFR 11.10(g): an act needs a role that allows it."""
    refused("KEY-011", lambda: replace_one(ready, by="ada"))
    assert signed_replacements(ready.folder) == {}


def test_a_reader_cannot_accept_pixels(world: World) -> None:
    """21 CFR 11.10(g): an act needs a role that allows it."""
    world.people()
    refused(
        "KEY-011",
        lambda: accept_pixels(world.folder, ["0" * 64], World.key("ada"), reason="looked", clock=world.clock),
    )
    assert accepted_pixels(world.folder) == {}


def test_a_broken_ledger_accepts_no_pixels(world: World) -> None:
    world.people()
    accept_pixels(world.folder, ["0" * 64], World.key("rita"), reason="looked", clock=world.clock)
    made = world.envelopes()
    world.rewrite(made[:2] + made[3:])
    with pytest.raises(IntegrityError):
        accepted_pixels(world.folder)
    with pytest.raises(IntegrityError):
        world.sign(world.label(1))


def test_replacements_come_with_what_they_replace(world: World) -> None:
    world.people()
    assert sign_replacements(world.folder, [], World.key("rita"), reason="x", clock=world.clock) == []
    (made,) = sign_replacements(world.folder, [SWAP], World.key("rita"), reason="wrong side", clock=world.clock)
    found = signed_replacements(world.folder)
    assert found == {SWAP[3]: Replaced(SWAP[2], SWAP[1], made.leaf.hex())}


def test_a_pixel_record_names_a_bounded_number_of_contents() -> None:
    with pytest.raises(ValueError, match="names"):
        records.pixel_acceptance([], "reason")
    with pytest.raises(ValueError, match="names"):
        records.pixel_acceptance((f"{n:064x}" for n in range(records.MAX_DIGESTS + 1)), "reason")


# -- labels -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def ready(world: World) -> World:
    world.people().guide()
    world.sign(world.label(1), world.label(2, author="ada"))
    return world


def supersede(world: World, number: int, target: int, **more: Any) -> records.Draft:
    leaf = Ledger(world.folder).entry(target).leaf.hex()
    stated = {"labelId": more.pop("of"), "leaf": leaf, "reason": "second look"}
    return world.label(number, **{"labelId": "later", "supersedes": stated, **more})


@pytest.mark.parametrize(
    ("code", "by", "more"),
    [
        ("LBL-016", "ben", {}),
        ("LBL-016", "ada", {"meaning": "import-attestation"}),
        ("KEY-009", "ada", {"author": "eve", "meaning": "import-attestation"}),
        ("KEY-011", "ada", {"meaning": "approval"}),
        ("KEY-011", "ada", {"role": "reviewer"}),
        ("LBL-006", "ada", {"guideline": {"id": "chest", "version": "2.0", "sha256": GUIDE}}),
        ("LBL-006", "ada", {"guideline": {"id": "chest", "version": "1.0", "sha256": "0" * 64}}),
        ("LBL-009", "ada", {"labeledAt": "2026-05-04T12:00:01Z"}),
        ("LBL-011", "ada", {"labelId": "label-1"}),
    ],
)
def test_a_label_that_breaks_a_rule_is_refused(ready: World, code: str, by: str, more: dict[str, Any]) -> None:
    """21 CFR 11.10(f): a label that comes out of order, or in a role not held, is refused."""
    refused(code, lambda: ready.sign(ready.label(3, **more), by=by))
    assert verify_ledger(ready.folder).size == 7


def test_other_peoples_labels_are_attested_and_counted_apart(ready: World) -> None:
    """21 CFR 11.10(h): what somebody else labeled is attested and counted apart."""
    ready.sign(ready.label(3, author="ada", meaning="import-attestation"), by="ben")
    report = verify_ledger(ready.folder).require()
    assert report.state.attested == 1


def test_an_earlier_label_of_the_same_sample_is_superseded_once(ready: World) -> None:
    """21 CFR 11.10(e): a change names what it replaces, and happens once."""
    ready.sign(supersede(ready, 1, 5, of="label-1"))
    refused("LBL-013", lambda: ready.sign(supersede(ready, 1, 5, of="label-1", labelId="third")))
    known = verify_ledger(ready.folder).require().state.labels.get("label-1")
    assert known is not None
    assert known.superseded


def test_only_a_label_that_is_there_and_of_the_same_sample_is_superseded(ready: World) -> None:
    refused("LBL-014", lambda: ready.sign(supersede(ready, 3, 5, of="label-1")))
    refused("LBL-012", lambda: ready.sign(supersede(ready, 1, 6, of="label-1")))
    refused("LBL-012", lambda: ready.sign(supersede(ready, 1, 5, of="nothing")))


def test_another_persons_label_is_superseded_by_reviewers_only(ready: World) -> None:
    """21 CFR 11.10(g): who may change another person's label depends on the role."""
    more: dict[str, Any] = {"author": "ben", "of": "label-1"}
    refused("KEY-011", lambda: ready.sign(supersede(ready, 1, 5, **more), by="ben"))
    ready.sign(supersede(ready, 1, 5, of="label-1", author="rita", role="reviewer"), by="rita")
    assert verify_ledger(ready.folder).require().size == 8


def test_a_key_of_another_person_signs_nothing(ready: World) -> None:
    """21 CFR 11.200(a)(2): another person's key signs nothing under one's id."""
    stolen = PersonKey("ada", World.key("ben").signer)
    refused("KEY-016", lambda: sign_and_append(ready.ledger, [ready.label(3)], stolen, ready.clock))


def test_one_bad_record_keeps_its_whole_batch_out(ready: World) -> None:
    refused("LBL-011", lambda: ready.sign(ready.label(3), ready.label(1)))
    assert verify_ledger(ready.folder).require().size == 7


def test_a_batch_is_bounded(ready: World) -> None:
    with pytest.raises(ValueError, match="commit takes"):
        ready.appender().append([], World.key("ada"))
    with pytest.raises(ValueError, match="commit takes"):
        ready.appender().append([ready.label(9)] * (BATCH + 1), World.key("ada"))


def test_every_meaning_and_role_of_the_schema_is_in_the_table_of_roles() -> None:
    from curator.core.schema import load_schema

    fields = load_schema("record-label")["properties"]["predicate"]["properties"]
    assert fields["role"]["enum"] == list(all_roles())
    for meaning in fields["meaning"]["enum"]:
        assert acting_role(all_roles(), meaning) in all_roles()


# -- two writers ------------------------------------------------------------------------------------------------------


def test_a_writer_that_was_overtaken_signs_again_for_the_next_place(ready: World) -> None:
    slow, quick = ready.appender(), ready.appender()
    quick.append([ready.label(3)], World.key("ada"))
    quick.append([ready.label(4)], World.key("ada"))
    made = slow.append([ready.label(5)], World.key("ada"))
    slow.seal(World.key("ada"))
    quick.seal(World.key("ada"))
    assert made[0].index == 9
    report = verify_ledger(ready.folder).require()
    assert (report.size, report.sealed(operator=False)) == (10, 10)


def test_a_writer_that_was_overtaken_with_the_same_label_is_refused(ready: World) -> None:
    slow, quick = ready.appender(), ready.appender()
    quick.append([ready.label(3)], World.key("ada"))
    refused("LBL-011", lambda: slow.append([ready.label(3, stage="later")], World.key("ada")))


def test_a_writer_gives_up_when_others_never_stop(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    appender = ready.appender()
    monkeypatch.setattr(appender.ledger, "add", lambda *_: False)
    with pytest.raises(CheckError, match="LED-018"):
        appender.append([ready.label(3)], World.key("ada"))


def test_the_operator_seals_with_its_own_key_only(ready: World) -> None:
    """21 CFR 11.200(a)(3): the operator's key is its own and signs for nobody else."""
    refused("VLT-046", lambda: ready.appender().seal(operator=SeedSigner(b"x" * 32)))
    assert ready.appender().seal() is None


# -- reading ----------------------------------------------------------------------------------------------------------


def test_a_record_is_found_by_its_index_only_within_the_ledger(ready: World) -> None:
    ledger = Ledger(ready.folder)
    assert [ledger.entry(n).index for n in (6, 0, 3)] == [6, 0, 3]
    for index in (-1, 7, 10**9):
        refused("LED-019", lambda index=index: ledger.entry(index))
    ready.sign(ready.label(3))
    assert ledger.entry(7).index == 7
    assert [entry.index for entry in ledger.entries(6)] == [6, 7]


def test_each_kind_of_record_shows_printed_name_time_and_meaning(ready: World) -> None:
    """21 CFR 11.50(b), 11.10(j): every view shows printed name, time and meaning."""
    accept_pixels(ready.folder, ["0" * 64], World.key("rita"), reason="looked", clock=ready.clock)
    replace_one(ready)
    ready.lives()
    ready.sign(supersede(ready, 1, 5, of="label-1"))
    sign_replacements(ready.folder, [SWAP], World.key("rita"), reason="wrong side", clock=ready.clock)
    ready.people_records()
    ready.audits()
    ready.gate()
    ready.release_records()
    ready.sites().joint_splits()
    told = qualified("ada", "chest@1", "passed", (100, 93), ("file", "e" * 64), "f" * 64, bool)
    ready.sign(told, by="rita")
    ready.sign(ready.witnessed())
    ready.other_operator()
    revoke(ready.ledger, "ben", "left", World.key("rita"), ready.clock)
    seen = []
    state = verify_ledger(ready.folder, visit=seen.append).require().state
    assert {record.kind for record in seen} == set(records.SCHEMAS)
    for record in seen:
        shown = dict(describe(record, state, 7))
        assert shown["signed at"].startswith("2026-05-04T12:00:00Z")
        assert shown["meaning"] == record.predicate["meaning"]
        assert shown["signed by"] == "operator" or shown["signed by"].startswith("Dr ")
        assert str(record.index) in summary(record, state)
        assert as_document(record, state)["predicate"] == record.predicate


def test_a_text_that_would_steer_a_terminal_is_shown_harmless(ready: World) -> None:
    from curator.provenance.view import shown

    assert shown("a\x1b[2Jb\nc") == "a\ufffd[2Jb\ufffdc"


def test_a_partial_state_passes_over_labels_that_were_left_out(ready: World) -> None:
    ready.sign(supersede(ready, 1, 5, of="label-1"))
    entries = list(Ledger(ready.folder).entries())
    state = State(partial=True)
    for entry in entries:
        if entry.index in {5, 6}:
            state.skip(entry.leaf)
        else:
            state.take(entry.envelope, entry.leaf)
    assert state.tree.root() == verify_ledger(ready.folder).root
    whole = State()
    for entry in entries[:7]:
        whole.skip(entry.leaf) if entry.index == 5 else whole.take(entry.envelope)
    refused("LBL-012", lambda: whole.take(entries[7].envelope))


def test_a_failed_record_leaves_the_state_as_it_was(ready: World) -> None:
    state = verify_ledger(ready.folder).state
    root, people = state.tree.root(), dict(state.people)
    with pytest.raises(IntegrityError):
        state.take(b"junk")
    assert (state.size, state.tree.root(), state.people) == (7, root, people)


def test_the_key_that_is_named_is_the_hash_of_its_public_key_document(ready: World) -> None:
    from hashlib import sha256

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    from curator.provenance.keys import public_pem

    public = World.key("ada").signer.public
    loaded = load_pem_public_key(public_pem(public))
    der = loaded.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert key_id(public) == sha256(der).hexdigest()


def test_an_appender_refuses_a_folder_without_a_ledger(tmp_path: Path) -> None:
    refused("LED-001", lambda: Appender(Ledger(tmp_path), FixedClock(MOMENT)))


def test_the_table_of_roles_in_the_docs_is_the_one_that_is_used() -> None:
    import tomllib

    root = Path(__file__).parents[2]
    table = tomllib.loads((root / "curator" / "provenance" / "roles.toml").read_text())["allows"]
    listed = [line for line in (root / "docs" / "reference" / "roles.md").read_text().splitlines() if line[:3] == "| `"]
    assert listed == [f"| `{action}` | {', '.join(roles)} |" for action, roles in table.items()]
