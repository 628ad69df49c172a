"""Heads of tables that tell of things of medicine, and what a detector saw in their cells by chance."""

from __future__ import annotations

import pytest

from curator.detect.text.replace import Edit, Replaced
from curator.identifiers.categories import Category
from curator.scrub.things import Cell, cells_of, heads, is_chance, is_head, spared, tells_somebody

THING, DATE, ANY = Cell.THING, Cell.DATE, Cell.ANY


@pytest.mark.parametrize(
    ("labels", "clinical", "held"),
    [
        (["Allergen", "Reactions", "Comment"], False, [THING, THING, ANY]),
        (["Drug Name", "Strength"], False, [THING, THING]),
        (["Name", "Date Administered", "Next Due"], False, [THING, DATE, DATE]),
        (["Name", "Performed By", "Date"], True, [THING, ANY, DATE]),
        (["Name", "Performed By", "Date"], False, [ANY, ANY, ANY]),
        (["Name", "Relationship", "Result"], True, [ANY, ANY, ANY]),
        (["Patient Name", "Test", "Result"], True, [ANY, ANY, ANY]),
        (["Last", "First", "Procedure"], True, [ANY, ANY, ANY]),
        (["Site", "Lab", "Value"], True, [ANY, ANY, THING]),
        (["Since", "Reviewed"], False, [ANY, ANY]),
        (["", "Notes"], True, [ANY, ANY]),
    ],
)
def test_heads_tell_what_their_columns_hold(labels: list[str], clinical: bool, held: list[Cell]) -> None:
    assert heads(labels, clinical=clinical) == held


def test_a_row_of_heads_is_told_from_a_row_of_values() -> None:
    assert is_head(["Medication", "Dose", "Prescriber"])
    assert not is_head(["Lisinopril", "10 mg", "Dose"])
    assert not is_head(["Result", "Value"])
    assert tells_somebody("Collected by")
    assert not tells_somebody("Urea nitrogen")


@pytest.mark.parametrize(
    ("found", "rule", "cell", "chance"),
    [
        ("Hives", "odds.name", THING, True),
        ("Rose Hip", "name.lexicon", THING, True),
        ("1987", "odds.code", DATE, True),
        ("Rose Brown", "name.lexicon", THING, False),
        ("M. Young", "name.lexicon", THING, False),
        ("Vitamin K", "name.lexicon", THING, True),
        ("Grace", "odds.name", THING, False),
        ("Sanders", "name.again", THING, False),
        ("Wolskowicz", "odds.name", THING, False),
        ("Hives", "known.strong", THING, False),
        ("Brown", "name.title", THING, False),
        ("Hives", "odds.name", ANY, False),
        ("Brown", "odds.name", DATE, False),
        ("448213", "odds.code", THING, False),
        ("1987", "cue.pager", DATE, False),
    ],
)
def test_what_is_weighed_again(found: str, rule: str, cell: Cell, chance: bool) -> None:
    assert is_chance(found, rule, cell) is chance


def test_cells_of_markup_are_found_in_the_order_of_the_text() -> None:
    parts = [("<table>", "\n"), ("<tr>", "")]
    for tag, text in (("th", "Test"), ("th", "Result")):
        parts += [(f"<{tag}>", "\t"), ("", text), (f"</{tag}>", "\t")]
    parts += [("</tr>", "\n"), ("<tr>", ""), ("<td>", "\t"), ("", "Color"), ("</td>", "\t"), ("<td>", "\t")]
    parts += [("<b>", ""), ("", "Am"), ("</b>", ""), ("", "ber"), ("</td>", "\t"), ("</tr>", ""), ("</table>", "\n")]
    text = "".join(one for _, one in parts)
    assert [(text[start:end], cell) for start, end, cell in cells_of(parts)] == [
        ("Test", THING),
        ("Result", THING),
        ("Color", THING),
        ("Amber", THING),
    ]
    assert cells_of([("<td>", ""), ("", "Amber"), ("</table>", "")]) == []


def test_what_a_finding_covers_outside_of_such_cells_goes_all_the_same() -> None:
    text = "Clear\tWolskowicz\tHazy"
    done = Replaced("[NAME]", (Edit(0, len(text), 0, 6, Category.NAME, "name", "name.lexicon"),))
    cells = [(0, 5, THING), (17, 21, THING)]
    assert spared(text, done, cells).text == "Clear[NAME]Hazy"
    assert spared(text, done, cells[:1]).text == "Clear[NAME]"
    assert spared(text, done, []) is done
