"""The order in which labels are brought in: each behind what it refers to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from curator.labels.importing import _ordered
from curator.labels.item import Item, Named

SAMPLE = Named("file", "a.txt")


class Export:
    """A reader of labels that stand here."""

    name, title, lacks = "made", "made up", ()

    def __init__(self, items: list[Item]) -> None:
        self.items = items

    def recognizes(self, path: Path, head: bytes) -> bool:
        return bool(path or head)

    def read(self, path: Path) -> Any:
        return iter(self.items) if path else iter(())


def relation(number: int, one: str, two: str) -> Item:
    return Item(f"line {number}", f"r{number}", SAMPLE, "relation", {"type": "t", "from": one, "to": two})


def ordered(items: list[Item]) -> list[str]:
    names = {one.label_id for one in items if one.kind == "relation"}
    later = {one.value[end] for one in items if one.kind == "relation" for end in ("from", "to")} & names
    return [one.label_id for one in _ordered(Export(items), Path("x"), later)]  # type: ignore[union-attr]


SPAN = Item("line 0", "s", SAMPLE, "span", {})


def test_a_relation_waits_for_a_later_one_that_it_refers_to() -> None:
    items = [relation(1, "r2", "s"), relation(2, "r3", "r3"), SPAN, relation(3, "s", "s"), relation(4, "s", "s")]
    assert ordered(items) == ["s", "r3", "r2", "r1", "r4"]


def test_circles_and_relations_to_themselves_come_as_they_stand() -> None:
    items = [relation(1, "r2", "s"), relation(2, "r1", "s"), relation(3, "r3", "s"), SPAN]
    assert ordered(items) == ["s", "r3", "r1", "r2"]


ENDS = st.tuples(*[st.sampled_from(["s", *(f"r{n}" for n in range(8))])] * 2)


@given(st.lists(ENDS, min_size=8, max_size=8), st.randoms(use_true_random=False))
def test_none_is_lost_and_all_that_can_stand_behind_their_ends(ends: list[tuple[str, str]], random: Any) -> None:
    items = [SPAN, *(relation(number, *pair) for number, pair in enumerate(ends))]
    random.shuffle(items)
    names = ordered(items)
    assert sorted(names) == sorted(one.label_id for one in items)
    fine = {"s"}
    while more := [
        one.label_id
        for one in items
        if one.label_id not in fine and {one.value["from"], one.value["to"]} <= fine | {one.label_id}
    ]:
        fine.update(more)
    for one in items:
        if one.label_id in fine and one.kind == "relation":
            assert all(names.index(one.value[end]) <= names.index(one.label_id) for end in ("from", "to"))
