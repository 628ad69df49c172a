"""Texts in pieces: every part of a piece that any order of reading finds goes, and nothing else does."""

from __future__ import annotations

import re

import pytest

from curator.detect.text.replace import Mode, Replaced, Rules, replace
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding
from curator.scrub.document.weave import Leaf, Weave


class Finder:
    """Stands for a treatment: finds what a pattern says."""

    def __init__(self, pattern: str, mode: Mode = Mode.TAG) -> None:
        self._pattern, self._mode = re.compile(pattern), mode

    def prose(self, text: str, _person: object) -> Replaced:
        found = [Finding(*match.span(), Category.NAME, "name", "x", 0.9) for match in self._pattern.finditer(text)]
        return replace(text, found, Rules(self._mode, key=bytes(32)))


def woven(*texts: str, between: str = "") -> tuple[Weave, list[Leaf]]:
    weaver, leaves = Weave(), [Leaf(text) for text in texts]
    for at, leaf in enumerate(leaves):
        weaver.mark(between if at else "")
        weaver.add(leaf)
    return weaver, leaves


@pytest.mark.parametrize(
    ("texts", "between", "pattern", "clean"),
    [
        (["by Jo", "hn today"], "", "John", ["by [NAME]", " today"]),
        (["a", "b", "c"], "", "abc", ["[NAME]", "", ""]),
        (["Roe", "Jane"], ", ", "Roe, Jane", ["[NAME]", ""]),
        (["Jane \n\t Roe is"], "", "Jane Roe", ["[NAME] is"]),
        (["plain"], "", "Roe", ["plain"]),
        (["Roe Roe"], "", "Roe", ["[NAME] [NAME]"]),
    ],
)
def test_edits_come_back_to_their_pieces(texts: list[str], between: str, pattern: str, clean: list[str]) -> None:
    weaver, leaves = woven(*texts, between=between)
    weaver.clean(Finder(pattern), None)  # type: ignore[arg-type]
    assert [leaf.text for leaf in leaves] == clean


def test_what_only_one_order_of_reading_shows_goes_too() -> None:
    weaver, (first, second) = woven("Roe", "8 mm", between="\n")
    weaver.mark("\nName: ")
    weaver.add(first)
    weaver.clean(Finder("(?<=Name: )Roe"), None)  # type: ignore[arg-type]
    assert (first.text, second.text) == ("[NAME]", "8 mm")


def test_overlapping_findings_leave_nothing_of_either() -> None:
    leaf = Leaf("abcdef")
    weaver = Weave()
    weaver.add(leaf, 0, 4)
    weaver.mark("|")
    weaver.add(leaf, 2, 6)
    weaver.clean(Finder("abcd|def"), None)  # type: ignore[arg-type]
    assert leaf.text == "[NAME]"
    assert leaf.edits == 2


def test_stand_ins_are_shared_out_word_by_word() -> None:
    weaver, leaves = woven("Roe", "Jane", between=", ")
    weaver.clean(Finder("Roe, Jane", Mode.SURROGATE), None)  # type: ignore[arg-type]
    assert all(leaf.text.isalpha() for leaf in leaves)
    assert {leaf.text for leaf in leaves}.isdisjoint({"Roe", "Jane"})


def test_white_space_is_kept_where_it_says_something() -> None:
    leaf = Leaf("a  b\n  Roe")
    weaver = Weave()
    weaver.add(leaf, folds=False)
    assert weaver.text == "a  b\n  Roe"
    weaver.clean(Finder("Roe"), None)  # type: ignore[arg-type]
    assert leaf.text == "a  b\n  [NAME]"


def test_many_edits_of_one_long_piece_are_no_trouble() -> None:
    leaf = Leaf("Roe x " * 20_000)
    weaver = Weave()
    weaver.add(leaf)
    weaver.clean(Finder("Roe"), None)  # type: ignore[arg-type]
    assert leaf.text == "[NAME] x " * 20_000
