"""21 CFR 11.10(f): the order in which labels are signed, reviewed, adjudicated, approved and withdrawn is enforced.

Any forbidden step is refused by the writer before it is committed, and by the verifier when somebody wrote it anyway.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_world import MOMENT, World

from curator.core.errors import IntegrityError, UsageError
from curator.provenance import kinds_life, records, status
from curator.provenance.dsse import sign_envelope
from curator.provenance.kinds_life import MAX_LABELS, MAX_RESOLVED, Named
from curator.provenance.records import Draft, Place, statement
from curator.provenance.state import State
from curator.provenance.verify import verify_ledger
from curator.provenance.view import describe

#: Label to author and sample; the last one is of another sample.
LABELS = {"a": ("ada", 0), "b": ("ben", 0), "r": ("rita", 0), "z": ("zoe", 0), "other": ("ada", 1)}
ROLES = {
    "ada": "reader",
    "ben": "reader",
    "rita": "reviewer",
    "vera": "reviewer",
    "zoe": "adjudicator",
    "op": "operator",
}
JUDGES = {"reviewer", "adjudicator"}


def yes(_: str) -> bool:
    return True


def begun(folder: Path) -> World:
    """A ledger with people of every role and five labels."""
    world = World(folder)
    world.enroll("rita", "ada", "reviewer")
    world.enroll("ada", "rita", "reader")
    for name in ("ben", "vera", "zoe", "op"):
        world.enroll(name, "rita", ROLES[name])
    world.guide()
    for name, (author, sample) in LABELS.items():
        role = ROLES[author]
        world.sign(world.label(sample, author=author, labelId=name, role=role), by=author)
    return world


@pytest.fixture(scope="module")
def begin(tmp_path_factory: pytest.TempPathFactory) -> World:
    return begun(tmp_path_factory.mktemp("life") / "ledger")


@pytest.fixture
def life(begin: World, tmp_path: Path) -> World:
    shutil.copytree(begin.folder, tmp_path / "ledger")
    return World(tmp_path / "ledger")


def review(world: World, *labels: str, outcome: str = "accepted", by: str = "vera") -> None:
    reason = None if outcome == "accepted" else "box is cut off"
    world.sign(kinds_life.reviewed(world.named(*labels), outcome, reason, yes), by=by)


def approve(world: World, *labels: str, by: str = "vera") -> None:
    world.sign(kinds_life.approved(world.named(*labels)), by=by)


def withdraw(world: World, *labels: str, by: str = "vera") -> None:
    world.sign(kinds_life.withdrawn(world.named(*labels), "wrong side", yes), by=by)


def adjudicate(world: World, *labels: str, result: str, by: str = "zoe") -> None:
    (chosen,) = world.named(result)
    world.sign(kinds_life.adjudicated(world.named(*labels), chosen, "clearer", yes), by=by)


def supersede(world: World, label: str, by: str | None = None, new: str = "later") -> None:
    author, sample = LABELS[label]
    by = by or author
    (one,) = world.named(label)
    stated = {"labelId": label, "leaf": one.leaf, "reason": "second look"}
    draft = world.label(sample, author=by, labelId=new, role=ROLES[by], supersedes=stated)
    world.sign(draft, by=by)


Step = Callable[[World], None]


def step(act: Callable[..., None], *labels: str, **more: Any) -> Step:
    return lambda world: act(world, *labels, **more)


FORBIDDEN: dict[str, tuple[list[Step], Step, str]] = {
    "approval before review": ([], step(approve, "a"), "LED-065"),
    "approval after a rejection": ([step(review, "a", outcome="rejected")], step(approve, "a"), "LED-064"),
    "a second approval": ([step(review, "a"), step(approve, "a")], step(approve, "a"), "LED-064"),
    "approval of a withdrawn label": ([step(review, "a"), step(withdraw, "a")], step(approve, "a"), "LED-063"),
    "approval of a superseded label": ([step(review, "a"), step(supersede, "a")], step(approve, "a"), "LED-063"),
    "approval by the author": ([step(review, "r")], step(approve, "r", by="rita"), "LED-062"),
    "approval by a reader": ([step(review, "a")], step(approve, "a", by="ben"), "KEY-011"),
    "approval by an operator": ([step(review, "a")], step(approve, "a", by="op"), "KEY-011"),
    "review by the author": ([], step(review, "r", by="rita"), "LED-062"),
    "review by a reader": ([], step(review, "a", by="ben"), "KEY-011"),
    "review of a withdrawn label": ([step(withdraw, "a")], step(review, "a"), "LED-063"),
    "review of a superseded label": ([step(supersede, "a")], step(review, "a"), "LED-063"),
    "review of a rejected label": ([step(review, "a", outcome="rejected")], step(review, "a"), "LED-064"),
    "review of an approved label": ([step(review, "a"), step(approve, "a")], step(review, "a"), "LED-064"),
    "review of an unknown label": ([], step(review, "unknown"), "LED-060"),
    "review of one label twice in a record": ([], step(review, "a", "a"), "LED-061"),
    "adjudication by a reviewer": (
        [step(review, "a", "b")],
        step(adjudicate, "a", "b", result="a", by="rita"),
        "KEY-011",
    ),
    "adjudication before review": ([step(review, "a")], step(adjudicate, "a", "b", result="a"), "LED-065"),
    "adjudication by an author": ([step(review, "a", "z")], step(adjudicate, "a", "z", result="a"), "LED-062"),
    "adjudication of two samples": (
        [step(review, "a", "other")],
        step(adjudicate, "a", "other", result="a"),
        "LED-066",
    ),
    "adjudication to another sample": (
        [step(review, "a", "b")],
        step(adjudicate, "a", "b", result="other"),
        "LED-066",
    ),
    "adjudication to a rejected label": (
        [step(review, "a"), step(review, "b", outcome="rejected")],
        step(adjudicate, "a", "b", result="b"),
        "LED-064",
    ),
    "adjudication to a withdrawn label": (
        [step(review, "a", "b"), step(withdraw, "r")],
        step(adjudicate, "a", "b", result="r"),
        "LED-063",
    ),
    "adjudication of an approved label": (
        [step(review, "a", "b"), step(approve, "b")],
        step(adjudicate, "a", "b", result="a"),
        "LED-064",
    ),
    "approval of the label that was not chosen": (
        [step(review, "a", "b"), step(adjudicate, "a", "b", result="a")],
        step(approve, "b"),
        "LED-063",
    ),
    "approval of an unreviewed result": (
        [step(review, "a", "b"), step(adjudicate, "a", "b", result="r")],
        step(approve, "r"),
        "LED-065",
    ),
    "a second withdrawal": ([step(withdraw, "a")], step(withdraw, "a"), "LED-063"),
    "withdrawal by another reader": ([], step(withdraw, "a", by="ben"), "KEY-011"),
    "superseding a withdrawn label": ([step(withdraw, "a")], step(supersede, "a"), "LBL-034"),
    "superseding a resolved label": (
        [step(review, "a", "b"), step(adjudicate, "a", "b", result="a")],
        step(supersede, "b"),
        "LBL-034",
    ),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_forbidden_step_is_refused_by_writer_and_verifier_alike(
    life: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """21 CFR 11.10(f): operational system checks enforce the permitted sequencing of steps and events."""
    before, forbidden, code = FORBIDDEN[name]
    for one in before:
        one(life)
    size = verify_ledger(life.folder).require().size
    with pytest.raises(UsageError) as caught:
        forbidden(life)
    assert caught.value.code == code
    assert verify_ledger(life.folder).require().size == size

    # Somebody with a program of their own signs it all the same, with a valid key, for the right place.
    def write(*drafts: Draft, by: str = "ada", operator: bool = False) -> None:
        life.rewrite([*life.envelopes(), *(signed(state, draft, by) for draft in drafts)])

    state = verify_ledger(life.folder).require().state
    monkeypatch.setattr(life, "sign", write)
    forbidden(life)
    report = verify_ledger(life.folder)
    assert (report.record, report.error.code) == (size, "LED-010")
    assert report.error.facts["rule"] == code


def signed(state: State, draft: Draft, by: str) -> bytes:
    place = Place(state.dataset, state.size, state.previous.hex() if state.previous else None)
    return sign_envelope(statement(draft, place, by, MOMENT), [World.key(by).signer])


def test_the_permitted_way_leads_to_an_approved_label_and_its_words_tell_the_way(life: World) -> None:
    def word(label: str) -> str:
        found = verify_ledger(life.folder).require().state.labels.get(label)
        return status.word(found.status)

    assert word("a") == "signed"
    review(life, "a", "b")
    review(life, "a", by="rita")
    assert word("a") == "reviewed"
    adjudicate(life, "a", "b", result="a")
    assert (word("a"), word("b")) == ("adjudicated", "resolved")
    approve(life, "a")
    assert word("a") == "approved"
    withdraw(life, "a", by="ada")
    assert word("a") == "withdrawn"
    review(life, "r", outcome="rejected")
    assert word("r") == "rejected"
    supersede(life, "r", by="rita")
    assert (word("r"), word("later"), word("z")) == ("superseded", "signed", "signed")
    assert {word(label) for label in ("a", "b", "r", "later", "z")} <= set(status.WORDS)
    marks = list(verify_ledger(life.folder).require().state.labels.marks())
    assert len(marks) == len(LABELS) + 1


def test_an_adjudication_may_come_to_a_label_that_was_not_among_them(life: World) -> None:
    review(life, "a", "b")
    adjudicate(life, "a", "b", result="z")
    state = verify_ledger(life.folder).require().state
    assert [status.word(state.labels.get(one).status) for one in "abz"] == [
        "resolved",
        "resolved",
        "adjudicated, not reviewed",
    ]
    review(life, "z", by="rita")
    approve(life, "z", by="rita")


def test_a_label_that_is_withdrawn_stays_readable(life: World) -> None:
    """21 CFR 11.10(e): record changes do not obscure previously recorded information."""
    withdraw(life, "a", by="ada")
    seen: list[Any] = []
    verify_ledger(life.folder, visit=seen.append).require()
    (kept,) = [one for one in seen if one.predicate.get("labelId") == "a"]
    assert kept.predicate["value"]["text"] == "nodule"
    assert seen[-1].predicate["reason"] == "wrong side"


def test_a_record_that_names_a_label_by_another_leaf_is_refused(life: World) -> None:
    (one,) = life.named("b")
    with pytest.raises(UsageError) as caught:
        life.sign(kinds_life.reviewed([Named("a", one.leaf)], "accepted", None, yes), by="vera")
    assert caught.value.code == "LED-061"


def test_one_forbidden_label_keeps_the_whole_record_out(life: World) -> None:
    with pytest.raises(UsageError):
        review(life, "a", "b", "r", by="rita")
    state = verify_ledger(life.folder).require().state
    assert not any(state.labels.marks())


@pytest.mark.parametrize(
    ("code", "reason"), [("LED-024", ""), ("LED-024", "a\nb"), ("LED-024", "x" * 501), ("LBL-017", "seen by Jane Doe")]
)
def test_a_reason_that_may_not_stand_in_a_record_is_refused(code: str, reason: str) -> None:
    named = [Named("a", "0" * 64)]

    def guard(text: str) -> bool:
        return "Doe" not in text

    for draft in (
        lambda: kinds_life.reviewed(named, "rejected", reason, guard),
        lambda: kinds_life.withdrawn(named, reason, guard),
        lambda: kinds_life.adjudicated(named * 2, named[0], reason, guard),
    ):
        with pytest.raises(UsageError) as caught:
            draft()
        assert caught.value.code == code
        assert "Doe" not in str(caught.value) + repr(caught.value.facts)


def test_a_rejection_without_a_reason_is_refused_by_the_rule_too(life: World) -> None:
    with pytest.raises(UsageError, match="LED-024"):
        kinds_life.reviewed(life.named("a"), "rejected", None, yes)
    draft = kinds_life.reviewed(life.named("a"), "rejected", "why", yes)
    del draft.predicate["reason"]
    with pytest.raises(UsageError, match="LED-024"):
        life.sign(draft, by="vera")


def test_the_largest_records_stay_under_the_limit_of_an_envelope() -> None:
    state = State()
    state.dataset, state.previous = "d" * 64, b"\0" * 32
    labels = [Named(f"{n:03d}" + "x" * 125, f"{n:064x}") for n in range(MAX_LABELS)]
    reason = "\U0001f9ec" * 500
    for draft in (
        kinds_life.reviewed(labels, "rejected", reason, yes),
        kinds_life.withdrawn(labels, reason, yes),
        kinds_life.approved(labels),
        kinds_life.adjudicated(labels[:MAX_RESOLVED], labels[0], reason, yes),
    ):
        assert 5_000 < len(signed(state, draft, "ada")) < 65_535
    for many in ([], labels * 2):
        with pytest.raises(ValueError, match="names"):
            kinds_life.approved(many)


def test_a_state_that_lacks_some_labels_takes_records_about_them(life: World) -> None:
    review(life, "a", "b")
    adjudicate(life, "a", "b", result="b")
    approve(life, "b")
    left_out = life.envelopes()
    state = State(partial=True)
    for envelope in left_out:
        if b"label:v1" in _payload(envelope) and b'"labelId":"a"' in _payload(envelope):
            from curator.provenance.merkle import leaf_hash

            state.skip(leaf_hash(envelope))
        else:
            state.take(envelope)
    assert state.tree.root() == verify_ledger(life.folder).require().root
    assert state.labels.get("a") is None
    assert status.word(state.labels.get("b").status) == "approved"


def _payload(envelope: bytes) -> bytes:
    from curator.provenance.dsse import parse_envelope

    return parse_envelope(envelope).payload


def test_records_about_labels_show_printed_name_time_and_meaning(life: World) -> None:
    """21 CFR 11.50(b): printed name, date and time, and meaning stand in every human readable form."""
    review(life, "a", "b", outcome="accepted")
    withdraw(life, "a")
    seen: list[Any] = []
    state = verify_ledger(life.folder, visit=seen.append).require().state
    for record, meaning in zip(seen[-2:], ("review", "responsibility"), strict=True):
        shown = dict(describe(record, state))
        assert shown["signed by"] == "Dr Vera (vera)"
        assert shown["signed at"] == "2026-05-04T12:00:00Z (local time 2026-05-04 12:00:00, local offset +00:00)"
        assert shown["meaning"] == meaning
        assert shown["about"].startswith("labels/")


# -- any order --------------------------------------------------------------------------------------------------------


@dataclass
class Fate:
    """What a model written apart from the rules keeps of a label."""

    author: str
    sample: int
    gone: str = ""
    accepted: bool = False
    rejected: bool = False
    approved: bool = False


EVENTS = st.tuples(
    st.sampled_from(["review", "reject", "approve", "adjudicate", "withdraw", "supersede"]),
    st.sampled_from(sorted(ROLES)),
    st.lists(st.sampled_from(sorted(LABELS)), min_size=1, max_size=3),
    st.sampled_from(sorted(LABELS)),
)


def allowed(fates: dict[str, Fate], act: str, signer: str, labels: list[str], result: str) -> bool:
    role, named = ROLES[signer], [fates[one] for one in labels]
    foreign = all(one.author != signer for one in named)
    standing = all(not one.gone for one in named)
    if act == "supersede":
        (old, *_) = named
        return role != "operator" and not old.gone and (old.author == signer or role in JUDGES)
    if len(set(labels)) != len(labels):
        return False
    if act == "withdraw":
        fine = all(one.gone not in {"withdrawn", "superseded"} for one in named)
        return fine and all(one.author == signer or role != "reader" for one in named)
    if act in {"review", "reject"}:
        untouched = all(not one.rejected and not one.approved for one in named)
        return role in JUDGES and foreign and standing and untouched
    if act == "approve":
        ready = all(one.accepted and not one.rejected and not one.approved for one in named)
        return role in JUDGES and foreign and standing and ready
    chosen = fates[result]
    fine = not chosen.gone and not chosen.rejected and not chosen.approved
    judged = all((one.accepted or one.rejected) and not one.approved for one in named)
    together = len({one.sample for one in [*named, chosen]}) == 1
    return role == "adjudicator" and len(labels) > 1 and foreign and standing and judged and fine and together


def take(fates: dict[str, Fate], act: str, labels: list[str], result: str) -> None:
    for name in labels[:1] if act == "supersede" else labels:
        one = fates[name]
        one.accepted |= act == "review"
        one.rejected |= act == "reject"
        one.approved |= act == "approve"
        if act in {"withdraw", "supersede"}:
            one.gone = "withdrawn" if act == "withdraw" else "superseded"
        if act == "adjudicate" and name != result:
            one.gone = "resolved"


def drafted(world: World, leaves: dict[str, str], act: str, signer: str, labels: list[str], result: str) -> Draft:
    named = [Named(one, leaves[one]) for one in labels]
    if act == "approve":
        return kinds_life.approved(named)
    if act == "withdraw":
        return kinds_life.withdrawn(named, "why", yes)
    if act == "adjudicate":
        return kinds_life.adjudicated(named, Named(result, leaves[result]), "why", yes)
    if act == "supersede":
        stated = {"labelId": labels[0], "leaf": leaves[labels[0]], "reason": "why"}
        body = {"author": signer, "labelId": f"n-{len(leaves)}", "role": ROLES[signer], "supersedes": stated}
        return world.label(LABELS[labels[0]][1], **body)
    return kinds_life.reviewed(named, "accepted" if act == "review" else "rejected", "why", yes)


@pytest.fixture(scope="module")
def start(begin: World) -> tuple[World, dict[str, str], list[bytes]]:
    return begin, {one.label: one.leaf for one in begin.named(*LABELS)}, begin.envelopes()


@settings(max_examples=100)
@given(st.lists(EVENTS, min_size=1, max_size=12))
def test_any_order_of_events_is_taken_as_far_as_the_model_allows_it(
    start: tuple[World, dict[str, str], list[bytes]], events: list[tuple[str, str, list[str], str]]
) -> None:
    world, first, made = start
    leaves, fates = dict(first), {name: Fate(*facts) for name, facts in LABELS.items()}
    state = State()
    for envelope in made:
        state.take(envelope)
    kept: list[bytes] = []
    for act, signer, labels, result in events:
        draft = drafted(world, leaves, act, signer, labels, result)
        envelope = signed(state, draft, signer)
        trial = state.fork()
        if allowed(fates, act, signer, labels, result):
            leaf = trial.take(envelope).leaf.hex()
            state.adopt(trial)
            kept.append(envelope)
            take(fates, act, labels, result)
            if act == "supersede":
                leaves[draft.predicate["labelId"]] = leaf
        else:
            with pytest.raises((UsageError, IntegrityError)) as caught:
                trial.take(envelope)
            assert caught.value.code[:6] in {"LED-06", "KEY-01", "LBL-01", "LBL-03", "LED-02"}
    again = State()
    for envelope in [*made, *kept]:
        again.take(envelope)
    for name, fate in fates.items():
        for one in (state, again):
            marks = one.labels.get(name).status
            assert bool(marks & status.APPROVED) == fate.approved
            assert bool(marks & status.REJECTED) == fate.rejected
            assert bool(marks & status.ENDED) == bool(fate.gone)


def test_the_schema_bounds_are_those_of_the_drafts() -> None:
    from curator.core.schema import load_schema

    for kind, most in (
        (records.REVIEWED, MAX_LABELS),
        (records.APPROVED, MAX_LABELS),
        (records.WITHDRAWN, MAX_LABELS),
        (records.ADJUDICATED, MAX_RESOLVED),
    ):
        assert load_schema(records.SCHEMAS[kind])["properties"]["subject"]["maxItems"] == most
