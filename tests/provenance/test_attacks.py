"""What somebody with write access may do to a ledger on disk, and what the verifier says: exit 4, the right record."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ledger_world import SEED, World

from curator.core.canonical import canonical_bytes
from curator.core.errors import UsageError
from curator.provenance.dsse import parse_envelope, sign_envelope
from curator.provenance.keys import SeedSigner, encode64
from curator.provenance.ledger import Ledger, origin_of
from curator.provenance.merkle import leaf_hash
from curator.provenance.note import Checkpoint, sign_note
from curator.provenance.verdict import lines
from curator.provenance.verify import LedgerReport, verify_ledger

# The ledger under attack: 0 genesis, 1-3 enrollments, 4 guideline, 5-8 labels by ada (operator's checkpoint over 9),
# 9-12 labels by ben.
SIZE = 13


@pytest.fixture
def filled(tmp_path: Path) -> World:
    return World(tmp_path / "ledger").filled()


def broken(world: World, **given: Any) -> LedgerReport:
    report = verify_ledger(world.folder, **given)
    assert report.error is not None
    assert report.error.exit_code == 4
    assert [line.mark for line in lines(report)] == ["FAIL"]
    return report


def rule(report: LedgerReport) -> str:
    assert report.error is not None
    return str(report.error.facts.get("rule", report.error.code))


def without_checkpoints(world: World) -> None:
    shutil.rmtree(world.folder / "checkpoints")


def test_an_untouched_ledger_passes(filled: World) -> None:
    """21 CFR 11.10(a): a ledger that nobody altered passes, with every record counted."""
    report = verify_ledger(filled.folder, operator_key=filled.operator.public)
    assert report.error is None
    assert (report.size, report.sealed(operator=True), report.sealed(operator=False)) == (SIZE, 9, SIZE)
    assert [line.mark for line in lines(report)] == ["PASS", "PASS", "PASS", "NOTE", "NOTE", "NOTE"]


def test_the_same_records_in_one_part_pass(filled: World) -> None:
    filled.rewrite(filled.envelopes())
    assert verify_ledger(filled.folder).error is None


def edit(document: Any) -> None:
    said = document["predicate"]
    said["value"]["text"] = "no nodule"
    said["digestOfValue"] = hashlib.sha256(canonical_bytes(said["value"])).hexdigest()


def relabel(document: Any) -> None:
    document["subject"][0]["digest"]["sha256"] = "0" * 64


@pytest.mark.parametrize("change", [edit, relabel])
@pytest.mark.parametrize("checkpoints", [True, False])
def test_an_edited_record_is_named(filled: World, change: Callable[[Any], None], checkpoints: bool) -> None:
    """21 CFR 11.10(a): an altered record is discerned and named."""
    made = filled.envelopes()
    document = json.loads(parse_envelope(made[6]).payload)
    change(document)
    outer = json.loads(made[6])
    outer["payload"] = encode64(canonical_bytes(document))
    made[6] = canonical_bytes(outer)
    filled.rewrite(made)
    if not checkpoints:
        without_checkpoints(filled)
    report = broken(filled)
    assert (report.record, rule(report)) == (6, "LED-006")


def test_a_record_whose_signature_was_changed_is_named(filled: World) -> None:
    """21 CFR 11.10(a): an altered signature is discerned."""
    made = filled.envelopes()
    made[7] = made[7].replace(b'"sig":"', b'"sig":"A', 1)
    filled.rewrite(made)
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (7, "LED-005")


def test_a_record_signed_again_by_another_key_is_named(filled: World) -> None:
    made = filled.envelopes()
    made[6] = filled.forge(made[6], edit, SeedSigner(b"x" * 32))
    filled.rewrite(made)
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (6, "LED-023")


def test_a_record_signed_again_by_another_enrolled_person_is_named(filled: World) -> None:
    """21 CFR 11.200(a)(2): a signature by another person's key is found."""
    made = filled.envelopes()
    made[6] = filled.forge(made[6], edit, SeedSigner(World.key("ben").signer._key.private_bytes_raw()))
    filled.rewrite(made)
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (6, "LED-023")


def test_a_record_signed_again_by_its_own_signer_breaks_the_record_after_it(filled: World) -> None:
    made = filled.envelopes()
    made[6] = filled.forge(made[6], edit, World.key("ada").signer)
    filled.rewrite(made)
    without_checkpoints(filled)
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (7, "LED-008")


def test_the_newest_record_signed_again_by_its_own_signer_breaks_the_checkpoint(filled: World) -> None:
    made = filled.envelopes()
    made[12] = filled.forge(made[12], edit, World.key("ben").signer)
    filled.rewrite(made)
    assert rule(broken(filled)) == "LED-013"


@pytest.mark.parametrize("at", range(SIZE - 1))
def test_a_removed_record_is_named_wherever_it_stood(filled: World, at: int) -> None:
    """21 CFR 11.10(e): a record that was taken out of the trail is missed."""
    made = filled.envelopes()
    filled.rewrite(made[:at] + made[at + 1 :])
    assert broken(filled).record == at


@pytest.mark.parametrize(("one", "two"), [(5, 6), (5, 9), (1, 2), (0, 4), (11, 12)])
def test_the_first_of_two_swapped_records_is_named(filled: World, one: int, two: int) -> None:
    """21 CFR 11.10(a): records that changed places are discerned."""
    made = filled.envelopes()
    made[one], made[two] = made[two], made[one]
    filled.rewrite(made)
    assert broken(filled).record == one


@pytest.mark.parametrize("at", [0, 4, 6, 12])
def test_a_repeated_record_is_named(filled: World, at: int) -> None:
    made = filled.envelopes()
    filled.rewrite([*made[: at + 1], made[at], *made[at + 1 :]])
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (at + 1, "LED-007")


@pytest.mark.parametrize("left", [0, 1, 8, 12])
def test_a_cut_ledger_is_shown_by_its_checkpoints_with_the_first_missing_record(filled: World, left: int) -> None:
    """21 CFR 11.10(e): the trail cannot be shortened unseen."""
    if left:
        filled.rewrite(filled.envelopes()[:left])
    else:
        shutil.rmtree(filled.folder / "commits")
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (left, "LED-014")


def test_a_ledger_set_back_with_its_checkpoints_is_shown_by_a_held_one(tmp_path: Path, filled: World) -> None:
    before = tmp_path / "before"
    shutil.copytree(filled.folder, before)
    filled.sign(filled.label(50), filled.label(51))
    held = Ledger(filled.folder).latest_checkpoint()
    shutil.rmtree(filled.folder)
    shutil.copytree(before, filled.folder)
    assert verify_ledger(filled.folder).error is None
    assert (lambda r: (r.record, rule(r)))(broken(filled, against=held)) == (SIZE, "LED-014")
    filled.sign(filled.label(60), filled.label(61), filled.label(62))
    assert verify_ledger(filled.folder).error is None
    assert rule(broken(filled, against=held)) == "LED-013"


def test_a_held_checkpoint_of_the_past_is_extended(filled: World) -> None:
    held = Ledger(filled.folder).latest_checkpoint()
    filled.sign(filled.label(50))
    report = verify_ledger(filled.folder, against=held)
    assert report.error is None
    assert report.held is not None
    assert report.held.size == SIZE
    assert "extends the held checkpoint (13)" in lines(report)[0].text


def test_a_record_from_another_ledger_of_the_same_dataset_and_people_is_named(tmp_path: Path, filled: World) -> None:
    """21 CFR 11.70: a signed record cannot be transferred to another ledger."""
    other = World(tmp_path / "other").filled()
    made = filled.envelopes()
    made[6] = other.envelopes()[6]
    filled.rewrite(made)
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (6, "LED-008")


def test_a_record_from_another_dataset_is_named(tmp_path: Path, filled: World) -> None:
    """21 CFR 11.70: a signed record cannot be transferred to another dataset."""
    made = filled.envelopes()
    previous = leaf_hash(made[5]).hex()

    def move(document: Any) -> None:
        document["predicate"].update(dataset="other", previous=previous)

    made[6] = filled.forge(made[6], move, World.key("ada").signer)
    filled.rewrite(made)
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (6, "LED-009")


def test_a_whole_other_ledger_is_shown_by_a_held_checkpoint_and_by_the_operators_key(
    tmp_path: Path, filled: World
) -> None:
    held = Ledger(filled.folder).latest_checkpoint()
    other = World(tmp_path / "other").filled()
    assert rule(broken(other, against=held)) == "LED-015"
    assert rule(broken(filled, operator_key=SeedSigner(b"z" * 32).public)) == "LED-016"


def test_a_signature_moved_from_another_record_is_named(filled: World) -> None:
    """21 CFR 11.70: a signature cannot be cut out and put under another record."""
    made = filled.envelopes()
    outer, other = json.loads(made[6]), json.loads(made[7])
    outer["signatures"] = other["signatures"]
    made[6] = canonical_bytes(outer)
    filled.rewrite(made)
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (6, "LED-006")


def test_a_second_signature_added_to_a_record_is_named(filled: World) -> None:
    made = filled.envelopes()
    payload = parse_envelope(made[6]).payload
    made[6] = sign_envelope(payload, [World.key("ada").signer, World.key("ben").signer])
    filled.rewrite(made)
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (6, "LED-023")


@pytest.mark.parametrize("field", ["signedAt", "meaning", "author", "labeledAt", "guideline", "confidence"])
def test_a_record_that_lacks_a_field_of_its_schema_is_named(filled: World, field: str) -> None:
    """21 CFR 11.50(a): a record without name, time or meaning is refused."""
    made = filled.envelopes()

    def drop(document: Any) -> None:
        if field == "confidence":
            document["predicate"][field] = "01.5"
        else:
            del document["predicate"][field]

    made[6] = filled.forge(made[6], drop, World.key("ada").signer)
    filled.rewrite(made)
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (6, "LED-020")


def test_a_record_of_an_unknown_kind_cannot_be_checked(filled: World) -> None:
    made = filled.envelopes()
    made[6] = filled.forge(made[6], lambda d: d.update(predicateType="urn:new:v2"), World.key("ada").signer)
    filled.rewrite(made)
    report = verify_ledger(filled.folder)
    assert report.error is not None
    assert (report.record, report.error.exit_code, report.error.code) == (6, 3, "LED-021")


def test_an_unknown_field_is_kept_and_passes(filled: World) -> None:
    draft = filled.label(40, reviewLevel="second")
    filled.sign(draft)
    assert verify_ledger(filled.folder).error is None
    assert b"reviewLevel" in parse_envelope(filled.envelopes()[-1]).payload


# -- files ------------------------------------------------------------------------------------------------------------


def part_of(world: World, index: int) -> Path:
    for commit, first, count in Ledger(world.folder).commits():
        if first <= index < first + count:
            return world.folder / "parts" / f"{commit.parts[0]}.parquet"
    raise AssertionError(index)


def test_a_changed_part_under_its_old_name_names_the_record(filled: World) -> None:
    path = part_of(filled, 10)
    table = pq.read_table(path)
    rows = table.column("tail").to_pylist()
    rows[1] = rows[1].replace(b"nodule", b"nothing", 1)
    pq.write_table(table.set_column(table.column_names.index("tail"), "tail", pa.array(rows, pa.binary())), path)
    report = broken(filled)
    assert (report.record, rule(report)) == (10, "LED-006")


def test_a_part_with_any_byte_flipped_is_refused(filled: World) -> None:
    """21 CFR 11.10(c): damage to stored records is found."""
    path = part_of(filled, 5)
    good = path.read_bytes()
    for at in range(0, len(good), max(1, len(good) // 40)):
        bad = bytearray(good)
        bad[at] ^= 0x20
        path.write_bytes(bad)
        record = broken(filled).record
        assert record is not None
        assert 5 <= record <= 8
    path.write_bytes(good)
    assert verify_ledger(filled.folder).error is None


def test_a_missing_part_names_its_first_record(filled: World) -> None:
    part_of(filled, 10).unlink()
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (9, "LED-003")


@pytest.mark.parametrize("number", [0, 2, 4])
def test_a_missing_commit_names_its_first_record(filled: World, number: int) -> None:
    first = next(first for commit, first, _ in Ledger(filled.folder).commits(number) if commit.number == number)
    (filled.folder / "commits" / f"{number:08d}.json").unlink()
    report = broken(filled)
    assert report.record == first
    assert rule(report) == "LED-017"


@pytest.mark.parametrize(
    "change",
    [
        {"first": 0},
        {"count": 3},
        {"count": 0},
        {"parts": []},
        {"parts": ["../../etc/passwd"]},
        {"first": True},
    ],
)
def test_a_changed_commit_is_refused(filled: World, change: dict[str, Any]) -> None:
    path = filled.folder / "commits" / "00000004.json"
    path.write_bytes(canonical_bytes({**json.loads(path.read_bytes()), **change}))
    assert broken(filled).record in {4, 5, 7}


def test_a_commit_repeated_at_the_end_is_refused(filled: World) -> None:
    last = filled.folder / "commits" / "00000006.json"
    (filled.folder / "commits" / "00000007.json").write_bytes(last.read_bytes())
    assert (lambda r: (r.record, rule(r)))(broken(filled)) == (SIZE, "LED-017")


def test_a_changed_checkpoint_is_refused(filled: World) -> None:
    for path in sorted((filled.folder / "checkpoints").iterdir()):
        good = path.read_bytes()
        path.write_bytes(good.replace(b"\n", b"\n ", 1))
        assert rule(broken(filled)) == "LED-011"
        path.write_bytes(good)
    assert verify_ledger(filled.folder).error is None


def put_note(world: World, said: Checkpoint, signers: Any) -> None:
    Ledger(world.folder).put_checkpoint(said, signers)


def test_a_checkpoint_over_another_root_is_refused_even_if_the_operator_signed(filled: World) -> None:
    state = verify_ledger(filled.folder).state
    origin = origin_of(state.dataset, state.first)
    put_note(filled, Checkpoint(origin, 7, b"r" * 32), [(origin, filled.operator)])
    assert rule(broken(filled)) == "LED-013"


def test_a_checkpoint_by_an_unknown_key_or_one_not_yet_enrolled_is_refused(filled: World) -> None:
    state = verify_ledger(filled.folder).state
    origin = origin_of(state.dataset, state.first)
    said = Checkpoint(origin, state.size, state.tree.root())
    put_note(filled, said, [(f"{origin}/people/eve", SeedSigner(b"e" * 32))])
    assert rule(broken(filled)) == "LED-012"


def test_a_checkpoint_of_another_origin_is_refused(filled: World) -> None:
    state = verify_ledger(filled.folder).state
    put_note(filled, Checkpoint("elsewhere", state.size, state.tree.root()), [("elsewhere", filled.operator)])
    assert rule(broken(filled)) == "LED-015"


def test_a_held_checkpoint_that_nobody_known_signed_is_refused(filled: World) -> None:
    state = verify_ledger(filled.folder).state
    text = Checkpoint(origin_of(state.dataset, state.first), state.size, state.tree.root()).text
    assert rule(broken(filled, against=sign_note(text, [("me", SeedSigner(b"m" * 32))]))) == "LED-012"
    assert rule(broken(filled, against=b"junk")) == "LED-011"


def test_all_keys_but_no_held_checkpoint_is_what_the_note_says(filled: World) -> None:
    report = verify_ledger(filled.folder)
    assert "could have rewritten 13 records unseen" in lines(report)[-1].text


def test_no_ledger_is_no_integrity_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="LED-001"):
        verify_ledger(tmp_path / "nothing")


def test_leftovers_of_a_killed_append_do_no_harm(filled: World) -> None:
    """21 CFR 11.10(c): a stopped append harms no record."""
    (filled.folder / "parts" / f"{'0' * 64}.parquet").write_bytes(b"half")
    (filled.folder / "parts" / ".curator-tmp-0123456789abcdef").write_bytes(b"half")
    (filled.folder / "checkpoints" / ".curator-tmp-0123456789abcdef").write_bytes(b"half")
    assert verify_ledger(filled.folder).error is None


def test_records_without_a_checkpoint_pass_with_a_note(filled: World) -> None:
    filled.appender().append([filled.label(40)], World.key("ada"))
    report = verify_ledger(filled.folder)
    assert report.error is None
    assert any("1 records after the newest checkpoint" in line.text for line in lines(report))


def test_a_ledger_without_any_checkpoint_passes_with_a_note_that_says_so(filled: World) -> None:
    without_checkpoints(filled)
    texts = [line.text for line in lines(verify_ledger(filled.folder).require())]
    assert any(text.startswith("no checkpoint by the operator is stored") for text in texts)
    assert any("13 records after the newest checkpoint" in text for text in texts)


def test_a_record_that_claims_an_earlier_time_than_the_one_before_is_noted(filled: World) -> None:
    made = filled.envelopes()

    def back(document: Any) -> None:
        document["predicate"]["signedAt"] = "2026-05-02T00:00:00Z"

    made[12] = filled.forge(made[12], back, World.key("ben").signer)
    filled.rewrite(made)
    without_checkpoints(filled)
    report = verify_ledger(filled.folder)
    assert report.error is None
    assert any("earlier time" in line.text and "12" in line.text for line in lines(report))


def test_the_operators_seed_of_the_tests_is_the_one_of_the_ledger(filled: World) -> None:
    assert verify_ledger(filled.folder).state.operator == SeedSigner(SEED).public
