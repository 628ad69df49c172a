"""How deep a verifier looks: what each depth finds, and that it says what it left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledger_world import SEED, World

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.parts import PartLog
from curator.provenance import verify as verifying
from curator.provenance.dsse import parse_envelope, sign_envelope
from curator.provenance.keys import SeedSigner
from curator.provenance.label_facts import digest_of
from curator.provenance.ledger import Ledger, origin_of, person_name
from curator.provenance.merkle import leaf_hash, root
from curator.provenance.note import Checkpoint, sign_note
from curator.provenance.verdict import lines
from curator.provenance.verify import CONTENT, FULL, RULES, verify_ledger

DEPTHS = [CONTENT, RULES, FULL]


@pytest.fixture
def filled(tmp_path: Path) -> World:
    return World(tmp_path / "ledger").filled()


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_sound_ledger_gives_the_same_tree_seals_and_counts_at_every_depth(
    filled: World, depth: str, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "FEW", 1)
    whole = verify_ledger(filled.folder)
    found = verify_ledger(filled.folder, depth=depth, workers=workers, operator_key=filled.operator.public)
    assert found.ok
    assert (found.root, found.size, found.seals) == (whole.root, whole.size, whole.seals)
    assert found.state.counts[verifying.LABEL] == whole.state.counts[verifying.LABEL] == 8
    assert found.state.people == whole.state.people
    assert found.depth == depth


def test_content_alone_says_that_the_labels_own_signatures_were_not_checked_now(filled: World) -> None:
    said = [f"{line.mark} {line.text}" for line in lines(verify_ledger(filled.folder, depth=CONTENT))]
    assert any("NOTE 8 labels' own signatures were checked when they were added, not now" in one for one in said)
    assert not any("signatures by" in one for one in said)
    whole = [line.text for line in lines(verify_ledger(filled.folder))]
    assert any("13 signatures by 3 enrolled people" in one for one in whole)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("at", [0, 2, 4, 6, 12])
def test_an_edit_is_named_by_its_record_at_every_depth(filled: World, depth: str, at: int) -> None:
    """21 CFR 11.10(a): an altered record is discerned at every depth of verification."""
    made = filled.envelopes()
    document = strict_loads(parse_envelope(made[at]).payload)
    document["predicate"]["utcOffset"] = "+11:00"
    outer = strict_loads(made[at])
    from curator.provenance.keys import encode64

    outer["payload"] = encode64(canonical_bytes(document))
    made[at] = canonical_bytes(outer)
    filled.rewrite(made)
    report = verify_ledger(filled.folder, depth=depth)
    assert report.error is not None
    assert (report.error.exit_code, report.record) == (4, at)


def _under_own_checkpoint(world: World, made: list[bytes], person: str) -> None:
    """Put records in place of all, and let an enrolled person sign a checkpoint over them."""
    world.rewrite(made)
    for path in (world.folder / "checkpoints").iterdir():
        path.unlink()
    leaves = [leaf_hash(one) for one in made]
    origin = origin_of("trial", leaves[0])
    said = Checkpoint(origin, len(made), root(leaves))
    world.ledger.put_checkpoint(said, [(person_name(origin, person), World.key(person).signer)])


def test_a_label_forged_under_an_enrolled_persons_checkpoint_passes_by_content_and_fails_by_signature(
    filled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stated limit of a look at content alone: whoever signs checkpoints vouches for the labels' signatures."""
    made = filled.envelopes()
    document = strict_loads(parse_envelope(made[12]).payload)
    document["predicate"]["value"] = {"text": "no nodule"}
    document["predicate"]["digestOfValue"] = digest_of({"text": "no nodule"})
    forged = strict_loads(sign_envelope(canonical_bytes(document), [SeedSigner(b"x" * 32)]))
    forged["signatures"][0]["keyid"] = strict_loads(made[12])["signatures"][0]["keyid"]
    made[12] = canonical_bytes(forged)
    _under_own_checkpoint(filled, made, "ada")
    assert verify_ledger(filled.folder, depth=CONTENT).ok
    assert verify_ledger(filled.folder, depth=RULES).ok
    monkeypatch.setattr(verifying, "FEW", 1)
    for workers in (1, 2):
        report = verify_ledger(filled.folder, workers=workers)
        assert report.error is not None
        assert (report.record, report.error.facts["rule"]) == (12, "LED-006")


def test_records_behind_the_newest_checkpoint_have_their_signatures_checked_at_every_depth(filled: World) -> None:
    made = filled.envelopes()
    document = strict_loads(parse_envelope(made[12]).payload)
    document["predicate"]["value"] = {"text": "no nodule"}
    document["predicate"]["digestOfValue"] = digest_of({"text": "no nodule"})
    forged = strict_loads(sign_envelope(canonical_bytes(document), [SeedSigner(b"x" * 32)]))
    forged["signatures"][0]["keyid"] = strict_loads(made[12])["signatures"][0]["keyid"]
    made[12] = canonical_bytes(forged)
    filled.rewrite(made)
    newest = max((filled.folder / "checkpoints").iterdir())
    newest.unlink()
    for depth in DEPTHS:
        report = verify_ledger(filled.folder, depth=depth)
        assert report.error is not None
        assert (report.record, report.error.facts["rule"]) == (12, "LED-006")


def test_a_large_ledger_is_opened_for_writing_without_the_signatures_under_its_checkpoint(
    filled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "FEW", 1)
    appender = filled.appender()
    assert appender.report.depth == RULES
    appender.append([filled.label(20)], World.key("ada"))
    appender.seal(World.key("ada"))
    assert verify_ledger(filled.folder).require().size == 14


def test_parts_that_no_commit_names_are_reported_as_pending(filled: World) -> None:
    assert verify_ledger(filled.folder).pending == 0
    commits = sorted((filled.folder / "commits").iterdir())
    commits[-1].unlink()
    for path in (filled.folder / "checkpoints").iterdir():
        if path.name.startswith("000000000013"):
            path.unlink()
    report = verify_ledger(filled.folder)
    assert (report.ok, report.size, report.pending) == (True, 9, 1)
    assert any("1 parts are named by no commit" in line.text for line in lines(report))


def test_a_writer_that_was_overtaken_leaves_no_part_behind(filled: World) -> None:
    """What it leaves would be told as an append that was killed, or as a commit that was taken away."""
    slow, fast = filled.appender(), filled.appender()
    for appender, number in ((fast, 20), (slow, 21)):
        appender.append([filled.label(number)], World.key("ada"))
    report = verify_ledger(filled.folder)
    assert (report.ok, report.size, report.pending) == (True, 15, 0)


def test_a_part_that_a_commit_names_is_never_given_up(filled: World) -> None:
    log = PartLog(filled.folder)
    number = log.numbers()[-1]
    (part,) = log.read_commit(number).parts
    log.give_up(part, number)  # two writers may have made the very same part
    log.give_up(part, number + 1)  # no such commit: it may be named yet
    assert verify_ledger(filled.folder).require().size == 13


def test_a_foreign_checkpoint_beside_a_rewritten_history_is_found_by_content(filled: World) -> None:
    made = filled.envelopes()
    filled.rewrite(made[:9])
    note = sign_note("elsewhere\n13\n" + "A" * 43 + "=\n", [("elsewhere", SeedSigner(SEED))])
    report = verify_ledger(filled.folder, depth=CONTENT, against=note)
    assert report.error is not None
    assert report.error.exit_code == 4


def test_a_commit_that_misstates_the_hash_before_it_is_refused(filled: World) -> None:
    path = filled.folder / "commits" / "00000003.json"
    document = strict_loads(path.read_bytes())
    document["before"] = "ab" * 32
    path.write_bytes(canonical_bytes(document))
    for depth in DEPTHS:
        report = verify_ledger(filled.folder, depth=depth)
        assert report.error is not None
        assert (report.error.code, report.error.exit_code) == ("LED-017", 4)
    assert Ledger(filled.folder).size() == 13


def test_other_processes_know_every_key_that_ever_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "FEW", 1)
    world = World(tmp_path / "ledger").filled()
    world.lives()
    world.people_records()
    world.other_operator()
    one, more = verify_ledger(world.folder).require(), verify_ledger(world.folder, workers=2).require()
    assert (one.root, one.size) == (more.root, more.size)
    assert len(more.state.operator_keys()) == 2


@pytest.mark.parametrize("depth", DEPTHS)
def test_checkpoints_amid_a_part_are_each_checked(filled: World, depth: str) -> None:
    """All records in one part: every checkpoint, stored or held, stands somewhere between its first and last row."""
    filled.rewrite(filled.envelopes())
    notes = filled.ledger.checkpoints()
    sizes = sorted(size for size, _ in notes)
    assert len(set(sizes)) > 2
    for size, note in notes:
        report = verify_ledger(filled.folder, depth=depth, against=note).require()
        assert report.held is not None
        assert report.held.size == size
        assert [seal.size for seal in report.seals] == sizes
    leaves = [leaf_hash(one) for one in filled.envelopes()]
    origin = origin_of("trial", leaves[0])
    signers = [(person_name(origin, "ada"), World.key("ada").signer)]
    for size in range(5, 13):
        note = sign_note(Checkpoint(origin, size, root(leaves[:size])).text, signers)
        assert verify_ledger(filled.folder, depth=depth, against=note).ok
        note = sign_note(Checkpoint(origin, size, root(leaves[: size - 1])).text, signers)
        report = verify_ledger(filled.folder, depth=depth, against=note)
        assert report.error is not None
        assert (report.error.code, report.error.exit_code) == ("LED-013", 4)
