"""Proof files: golden vectors, the laws of the tree, and everything that must not pass for a proof."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import World

from curator.core.errors import CheckError, CuratorError, IntegrityError, UsageError
from curator.provenance import merkle
from curator.provenance.hashtree import HashTree
from curator.provenance.keys import SeedSigner, encode64
from curator.provenance.ledger import Entry, Ledger
from curator.provenance.merkle import leaf_hash
from curator.provenance.note import Checkpoint, sign_note
from curator.provenance.proofs import (
    ConsistencyProof,
    LogProof,
    check_consistency,
    check_log_proof,
    parse_consistency,
    parse_log_proof,
)
from curator.provenance.prove import Prover
from curator.provenance.prove_all import prove_all

GOLDEN = Path(__file__).parent / "golden"


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(count)]


@given(st.integers(1, 80), st.data())
def test_the_tree_in_memory_makes_the_proofs_of_the_reference(size: int, data: st.DataObject) -> None:
    made = leaves(80)
    tree = HashTree(made)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    assert tree.root(size) == merkle.root(made[:size])
    assert tree.inclusion(index, size) == merkle.inclusion_proof(made[:size], index)
    assert tree.consistency(old, size) == merkle.consistency_proof(made[:size], old)


def test_the_tree_in_memory_refuses_places_outside_of_it() -> None:
    tree = HashTree(leaves(5))
    assert (tree.size, HashTree([]).root()) == (5, merkle.EMPTY_ROOT)
    for call in (
        lambda: tree.inclusion(5),
        lambda: tree.inclusion(3, 6),
        lambda: tree.inclusion(3, 3),
        lambda: tree.consistency(0),
        lambda: tree.consistency(4, 3),
        lambda: tree.node(0, 5),
        lambda: tree.node(1, -1),
        lambda: tree.node(3, 0),
        lambda: tree.root(6),
        lambda: tree.row(0, 0, 0),
        lambda: HashTree([b"short"]),
    ):
        with pytest.raises(ValueError, match=r"tree|whole|hash"):
            call()


def golden_checkpoint(size: int) -> bytes:
    said = Checkpoint("curator/trial/0011223344556677", size, merkle.root(leaves(size)))
    return sign_note(said.text, [(said.origin, SeedSigner(b"g" * 32))])


def test_golden_proofs_keep_their_bytes() -> None:
    tree = HashTree(leaves(13))
    included = LogProof(9, tuple(tree.inclusion(9)), golden_checkpoint(13)).encode()
    extended = ConsistencyProof(6, tuple(tree.consistency(6)), golden_checkpoint(13)).encode()
    assert included == (GOLDEN / "nine-of-thirteen.tlog-proof").read_bytes()
    assert extended == (GOLDEN / "six-to-thirteen.consistency").read_bytes()
    assert parse_log_proof(included).encode() == included
    assert parse_consistency(extended).encode() == extended


def test_the_example_of_the_specification_is_read() -> None:
    # c2sp.org/tlog-proof, the example; its hashes are those shown there, its checkpoint is shortened.
    text = (
        "c2sp.org/tlog-proof@v1\nextra YWdlLXYxLjIuMQ==\nindex 73894\n"
        "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\nB95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n"
        "\nexample.com/fancylog\n109482\n"
    )
    proof = parse_log_proof(text.encode())
    assert (proof.index, len(proof.path)) == (73894, 2)
    assert proof.checkpoint.startswith(b"example.com/fancylog\n")


GOOD = f"{encode64(b'h' * 32)}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v2\nindex 0\n\nx",
        "c2sp.org/tlog-proof@v1\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + GOOD,
        "c2sp.org/tlog-proof@v1\nindex 00\n\nx",
        "c2sp.org/tlog-proof@v1\nindex -1\n\nx",
        "c2sp.org/tlog-proof@v1\nindex ٣\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 1 \n\nx",
        "c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n\nx",
        "c2sp.org/tlog-proof@v1\nindex " + "9" * 5000 + "\n\nx",
        "c2sp.org/tlog-proof@v1\nextra *\nindex 0\n\nx",
        "c2sp.org/tlog-proof@v1\nextra\nindex 0\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + encode64(b"h" * 31) + "\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + GOOD * 64 + "\nx",
        "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\n\n" + "x" * 200_000,
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        parse_log_proof(text.encode())
    assert caught.value.code == "LED-050"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_code(data: bytes) -> None:
    for parse in (parse_log_proof, parse_consistency):
        with pytest.raises(IntegrityError, match="LED-0"):
            parse(data)


def prover(world: World, **how: Any) -> Prover:
    return Prover(Ledger(world.folder), **how)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(CuratorError) as caught:
        call()
    return caught.value.code


def test_every_record_is_proven_and_only_by_its_own_proof(world: World) -> None:
    world.filled()
    made = prover(world)
    envelopes, operator = world.envelopes(), world.operator.public
    for index in range(9):
        proof = parse_log_proof(made.inclusion(index).encode())
        proven = check_log_proof(proof, envelopes[index], operator)
        assert (proven.index, proven.checkpoint.size, proven.signers) == (index, 9, ())
        assert proven.statement["predicate"]["sequence"] == index
        for other in range(9):
            if other != index:
                assert refused(lambda p=proof, o=other: check_log_proof(p, envelopes[o], operator)) == "LED-051"


def test_the_records_own_signature_is_checked_when_a_key_is_given(world: World) -> None:
    world.filled()
    made = prover(world, label="label-2")
    assert made.found is not None
    proof, envelope = made.inclusion(made.found), made.envelope(made.found)
    operator, ada, ben = world.operator.public, World.key("ada").signer.public, World.key("ben").signer.public
    assert len(check_log_proof(proof, envelope, operator, [ben, ada]).signers) == 1
    assert refused(lambda: check_log_proof(proof, envelope, operator, [ben])) == "LED-012"
    assert refused(lambda: check_log_proof(proof, envelope, operator, [])) == "LED-012"


def test_evidence_of_a_label_in_a_large_tree_stays_below_4096_bytes(world: World) -> None:
    world.filled()
    envelope = prover(world).envelope(8)
    path = tuple(hashlib.sha256(b"%d" % n).digest() for n in range(20))
    checkpoint = sign_note(Checkpoint(prover(world).origin, 1_000_000, b"r" * 32).text, [("o", world.operator)])
    assert len(LogProof(999_999, path, checkpoint).encode()) + len(envelope) <= 4096


def mutants(world: World) -> dict[str, tuple[LogProof, bytes, bytes]]:
    """A good proof, changed in one place each."""
    made = prover(world)
    good, envelope, operator = made.inclusion(6), made.envelope(6), world.operator.public
    path, note = good.path, good.checkpoint
    other = SeedSigner(b"x" * 32)
    said = made.said
    unsigned = Checkpoint(said.origin, said.size, b"\0" * 32)
    flipped = bytearray(envelope)
    flipped[40] ^= 1

    def signed(text: str, name: str = said.origin, key: SeedSigner = other) -> bytes:
        return sign_note(text, [(name, key)])

    return {
        "payload": (good, bytes(flipped), operator),
        "no path": (LogProof(6, (), note), envelope, operator),
        "truncated": (LogProof(6, path[:-1], note), envelope, operator),
        "longer": (LogProof(6, (*path, path[0]), note), envelope, operator),
        "reordered": (LogProof(6, path[::-1], note), envelope, operator),
        "index": (LogProof(7, path, note), envelope, operator),
        "index outside": (LogProof(9, path, note), envelope, operator),
        "operator": (good, envelope, other.public),
        "checkpoint by another": (LogProof(6, path, signed(said.text)), envelope, operator),
        "root": (LogProof(6, path, note.replace(encode64(said.root).encode(), b"A" * 43 + b"=")), envelope, operator),
        "size": (LogProof(6, path, note.replace(b"\n9\n", b"\n8\n")), envelope, operator),
        "signed for another root": (
            LogProof(6, path, signed(unsigned.text, key=world.operator)),
            envelope,
            operator,
        ),
        "under a person's name": (
            LogProof(6, path, signed(said.text, f"{said.origin}/people/ada", world.operator)),
            envelope,
            operator,
        ),
        "no signature": (LogProof(6, path, said.text.encode()), envelope, operator),
    }


@pytest.mark.parametrize(
    "name",
    [
        "payload",
        "no path",
        "truncated",
        "longer",
        "reordered",
        "index",
        "index outside",
        "operator",
        "checkpoint by another",
        "root",
        "size",
        "signed for another root",
        "under a person's name",
        "no signature",
    ],
)
def test_a_changed_proof_is_refused(world: World, name: str) -> None:
    world.filled()
    proof, envelope, operator = mutants(world)[name]
    with pytest.raises(IntegrityError, match="LED-0"):
        check_log_proof(parse_log_proof(proof.encode()), envelope, operator)


def forged(world: World, envelope: bytes, index: int, size: int, origin: str | None = None) -> tuple[LogProof, bytes]:
    """A proof over a tree that the operator really signed, with some bytes in it."""
    made = leaves(size)
    made[index] = leaf_hash(envelope)
    tree = HashTree(made)
    said = Checkpoint(origin or "curator/trial/0011223344556677", size, tree.root())
    return LogProof(
        index, tuple(tree.inclusion(index)), sign_note(said.text, [(said.origin, world.operator)])
    ), envelope


def test_a_record_at_another_place_than_it_was_signed_for_is_refused(world: World) -> None:
    world.filled()
    envelope = prover(world).envelope(6)
    operator = world.operator.public
    check_log_proof(*forged(world, envelope, 6, 11), operator)
    assert refused(lambda: check_log_proof(*forged(world, envelope, 7, 11), operator)) == "LED-007"
    other = "curator/other/0011223344556677"
    assert refused(lambda: check_log_proof(*forged(world, envelope, 6, 11, other), operator)) == "LED-009"
    assert refused(lambda: check_log_proof(*forged(world, b"no envelope", 6, 11), operator)) == "LED-005"


def test_what_is_no_statement_is_no_record_though_the_operator_signed_its_root(world: World) -> None:
    from curator.provenance.dsse import sign_envelope

    operator = world.operator.public
    for payload in (b"[]", b"{}", b'{"predicate":[]}', b'{"predicate":{"sequence":true,"dataset":"trial"}}', b"\xff"):
        envelope = sign_envelope(payload, [world.operator])
        code = refused(lambda e=envelope: check_log_proof(*forged(world, e, 1, 3), operator))
        assert code in {"LED-005", "LED-007"}
    other = sign_envelope(b'{"predicate":{"dataset":"trial","sequence":1}}', [world.operator], "text/plain")
    assert refused(lambda: check_log_proof(*forged(world, other, 1, 3), operator)) == "LED-005"


def test_nothing_is_proven_over_records_that_are_not_those_of_the_checkpoint(world: World) -> None:
    world.filled()
    envelopes = world.envelopes()
    world.rewrite([*envelopes[:5], envelopes[6], envelopes[5], *envelopes[7:]])
    assert refused(lambda: prover(world)) == "LED-013"
    world.rewrite(envelopes[:8])
    assert refused(lambda: prover(world)) == "LED-014"


def test_a_leaf_hash_that_is_stored_beside_another_record_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.filled()
    made = prover(world)
    real = list(world.ledger.entries())
    false = [*real[:5], Entry(5, real[5].envelope, real[6].leaf), *real[6:]]
    monkeypatch.setattr(Ledger, "entries", lambda _, start=0: iter(false[start:]))
    assert refused(lambda: prover(world)) == "LED-004"
    exchanged = [*real[:5], Entry(5, real[6].envelope, real[6].leaf), *real[6:]]
    monkeypatch.setattr(Ledger, "entries", lambda _, start=0: iter(exchanged[start:]))
    monkeypatch.setattr(Ledger, "entry", lambda _, index: exchanged[index])
    assert refused(lambda: list(made.entries())) == "LED-004"
    assert refused(lambda: made.envelope(5)) == "LED-004"


def test_a_record_behind_the_checkpoint_is_not_proven(world: World) -> None:
    world.filled()
    made = prover(world)
    with pytest.raises(CheckError, match="LED-053"):
        made.inclusion(9)
    with pytest.raises(UsageError, match="LED-019"):
        made.inclusion(13)
    assert refused(lambda: prover(world, operator=b"k" * 32)) == "LED-016"


def test_a_label_is_found_by_its_id_and_not_where_another_record_names_it(world: World) -> None:
    world.filled()
    ids = [
        json.loads(base64.b64decode(json.loads(one)["payload"]))["predicate"].get("labelId")
        for one in world.envelopes()
    ]
    assert prover(world, label="label-2").found == ids.index("label-2")
    assert prover(world, label="label").found is None
    assert prover(world, label='label-2","x":"').found is None


def test_all_records_are_proven_in_a_folder_that_can_be_completed(world: World, tmp_path: Path) -> None:
    world.filled()
    made = prover(world)
    evidence = prove_all(made, tmp_path / "all")
    assert (evidence.records, evidence.over) == (9, 0)
    assert 0 < evidence.longest <= 4096
    assert len(list((tmp_path / "all").iterdir())) == 19
    for index in range(9):
        base = tmp_path / "all" / f"{index:08d}"
        proof = parse_log_proof(base.with_suffix(".tlog-proof").read_bytes())
        assert check_log_proof(proof, base.with_suffix(".dsse.json").read_bytes(), world.operator.public).index == index
    (tmp_path / "all" / "00000003.tlog-proof").unlink()
    (tmp_path / "all" / "checkpoint").unlink()
    assert prove_all(made, tmp_path / "all") == evidence
    (tmp_path / "all" / "00000003.dsse.json").write_bytes(b"changed")
    assert refused(lambda: prove_all(made, tmp_path / "all")) == "LED-057"
    (tmp_path / "all" / "mine.txt").write_text("mine")
    assert refused(lambda: prove_all(made, tmp_path / "all")) == "LED-025"


# -- consistency -----------------------------------------------------------------------------------------------------


def test_a_grown_ledger_is_proven_to_extend_each_checkpoint_of_the_operator(world: World) -> None:
    world.filled()
    world.sign(*(world.label(number) for number in range(50, 56)), operator=True)
    made = prover(world)
    held = [data for _, data in made.ledger.checkpoints() if made.origin.encode() + b" " in data.split(b"\n\n", 1)[1]]
    assert len(held) == 3
    for old in held:
        proof = parse_consistency(made.consistency(old).encode())
        older, newer = check_consistency(proof, old, world.operator.public)
        assert (newer.size, older.size <= 19) == (19, True)
        for wrong in held:
            if wrong != old:
                assert refused(lambda p=proof, w=wrong: check_consistency(p, w, world.operator.public)) == "LED-052"
        changed = ConsistencyProof(proof.old, (*proof.path, b"h" * 32), proof.checkpoint)
        assert refused(lambda c=changed, o=old: check_consistency(c, o, world.operator.public)) == "LED-052"


def test_a_checkpoint_of_a_rewritten_history_is_not_extended(world: World) -> None:
    world.filled()
    made = prover(world)
    forked = Checkpoint(made.origin, 7, leaf_hash(b"other"))
    old = sign_note(forked.text, [(made.origin, world.operator)])
    assert refused(lambda: made.consistency(old)) == "LED-013"
    honest = ConsistencyProof(7, tuple(made.tree.consistency(7, 9)), made.checkpoint)
    assert refused(lambda: check_consistency(honest, old, world.operator.public)) == "LED-052"
    people = sign_note(forked.text, [(f"{made.origin}/people/ada", World.key("ada").signer)])
    assert refused(lambda: made.consistency(people)) == "LED-012"
    later = sign_note(Checkpoint(made.origin, 12, b"h" * 32).text, [(made.origin, world.operator)])
    assert refused(lambda: made.consistency(later)) == "LED-013"
    assert refused(lambda: check_consistency(honest, later, world.operator.public)) == "LED-055"
    elsewhere = sign_note(Checkpoint("curator/x/y", 7, b"h" * 32).text, [("curator/x/y", world.operator)])
    assert refused(lambda: made.consistency(elsewhere)) == "LED-015"
    assert refused(lambda: check_consistency(honest, elsewhere, world.operator.public)) == "LED-015"
    empty = sign_note(Checkpoint(made.origin, 0, merkle.EMPTY_ROOT).text, [(made.origin, world.operator)])
    assert refused(lambda: made.consistency(empty)) == "LED-050"
    nothing = ConsistencyProof(0, (), made.checkpoint)
    assert refused(lambda: check_consistency(nothing, empty, world.operator.public)) == "LED-052"


def test_labels_are_found_at_every_alignment_of_base64(world: World) -> None:
    world.people().guide()
    names = ["a", "ab", "abc", "abcd", "x" * 60, "a.b", "9"]
    world.sign(*(world.label(number, labelId=name) for number, name in enumerate(names)), operator=True)
    assert [prover(world, label=name).found for name in names] == list(range(5, 5 + len(names)))
    assert prover(world, label="b").found is None
