"""The tree against the published vectors of Certificate Transparency, and its proofs against their laws."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.provenance.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

# Leaves and roots of the reference tests of RFC 6962 (google/certificate-transparency, merkle_tree_test).
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [leaf_hash(bytes.fromhex(text)) for text in LEAVES]


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(count)]


def test_the_root_of_no_leaves_is_the_hash_of_nothing() -> None:
    assert root([]) == EMPTY_ROOT == hashlib.sha256(b"").digest()
    assert Frontier().root() == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_of_rfc_6962_come_out(size: int) -> None:
    assert root(HASHES[:size]).hex() == ROOTS[size - 1]


def test_an_inclusion_proof_of_the_reference_tests_comes_out() -> None:
    assert [step.hex() for step in inclusion_proof(HASHES, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_a_consistency_proof_of_the_reference_tests_comes_out() -> None:
    assert [step.hex() for step in consistency_proof(HASHES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proven_at_its_place_and_at_no_other(size: int, data: st.DataObject) -> None:
    made = leaves(size)
    at = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(made, at)
    assert verify_inclusion(made[at], at, size, proof, root(made))
    assert verify_inclusion(made[other], other, size, proof, root(made)) == (other == at)
    assert not verify_inclusion(made[at], size, size, proof, root(made))
    assert not verify_inclusion(made[at], at, size, [*proof, made[0]], root(made))


@given(st.integers(1, 70), st.data())
def test_a_longer_tree_is_proven_to_extend_a_shorter_one_only_if_it_does(size: int, data: st.DataObject) -> None:
    made = leaves(size)
    first = data.draw(st.integers(1, size))
    proof = consistency_proof(made, first)
    assert verify_consistency(first, size, root(made[:first]), root(made), proof)
    assert not verify_consistency(first, size, root(made[1:first]), root(made), proof)
    changed = data.draw(st.integers(0, first - 1))
    forged = [*made[:changed], leaf_hash(b"forged"), *made[changed + 1 :]]
    assert not verify_consistency(first, size, root(made[:first]), root(forged), consistency_proof(forged, first))
    assert not verify_consistency(size + 1, size, root(made), root(made), proof)


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_frontier_goes_on_where_it_was_copied(first: int, more: int) -> None:
    made = leaves(first + more)
    frontier = Frontier()
    for leaf in made[:first]:
        frontier.add(leaf)
    copied = frontier.copy()
    for leaf in made[first:]:
        copied.add(leaf)
    assert frontier.root() == root(made[:first])
    assert (copied.size, copied.root()) == (first + more, root(made))
    assert len(copied.peaks) == (first + more).bit_count()


def test_wrong_places_are_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        inclusion_proof(leaves(3), 3)
    with pytest.raises(ValueError, match="inside"):
        consistency_proof(leaves(3), 4)
    with pytest.raises(ValueError, match="peak"):
        Frontier(3, [b""])
