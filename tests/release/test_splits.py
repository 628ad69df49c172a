"""Who goes into which split: drawn by a key, once, never moved."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from curator.core.errors import UsageError
from curator.release.splits import (
    Link,
    Settings,
    Splits,
    assign,
    check_fractions,
    given,
    leave,
    place_of,
    read_fractions,
    splits_of,
)
from curator.release.splits_patients import age_band, class_of, patient_of
from curator.release.splits_tables import check_sites, read_table, splits_in

KEY = b"k" * 32
FRACTIONS = (("train", 70), ("tuning", 10), ("test", 20))


def crowd(count: int, start: int = 0) -> dict[str, dict[str, str]]:
    return {
        f"P{number:04d}": {"sex": "MF"[number % 2], "site": f"s{number % 7}"} for number in range(start, start + count)
    }


def test_each_stratum_is_near_its_fractions_and_all_are_assigned() -> None:
    made = assign(Splits(Settings(FRACTIONS, ("sex",))), KEY, crowd(400))
    assert len(made.assignments) == 400
    for sex in "MF":
        counts = Counter(split for name, split in made.assignments.items() if made.strata[name]["sex"] == sex)
        assert abs(counts["train"] - 140) <= 3
        assert abs(counts["tuning"] - 20) <= 3
        assert abs(counts["test"] - 40) <= 3


def test_strata_of_one_patient_are_spread_over_all_splits() -> None:
    """A rule that filled the largest split first would leave the test set empty."""
    people = {f"P{number:04d}": {"site": f"s{number}"} for number in range(400)}
    counts = Counter(assign(Splits(Settings(FRACTIONS, ("site",))), KEY, people).assignments.values())
    assert 50 <= counts["test"] <= 110
    assert 240 <= counts["train"] <= 320


def test_who_is_assigned_never_moves_when_others_come_and_strata_stay_near() -> None:
    first = assign(Splits(Settings(FRACTIONS, ("sex",))), KEY, crowd(50))
    second = assign(first, KEY, crowd(300))
    assert {name: second.assignments[name] for name in first.assignments} == dict(first.assignments)
    assert abs(Counter(second.assignments.values())["test"] - 60) <= 6
    assert assign(second, KEY, crowd(300)) == second


def test_another_key_gives_other_splits_and_the_same_key_the_same() -> None:
    empty = Splits(Settings(FRACTIONS, ("sex",)))
    assert assign(empty, KEY, crowd(100)) == assign(empty, KEY, dict(reversed(crowd(100).items())))
    assert assign(empty, KEY, crowd(100)).assignments != assign(empty, b"x" * 32, crowd(100)).assignments


def test_a_sealed_split_takes_in_nobody() -> None:
    first = assign(Splits(Settings(FRACTIONS)), KEY, crowd(100))
    sealed = Splits(first.settings, first.assignments, first.strata, first.slots, first.left, ("test",))
    second = assign(sealed, KEY, crowd(300))
    assert second.of("test") == first.of("test")
    assert len(second.assignments) == 300
    every = Splits(
        first.settings, first.assignments, first.strata, first.slots, first.left, ("test", "train", "tuning")
    )
    with pytest.raises(UsageError, match="SPL-012"):
        assign(every, KEY, crowd(101))


def test_whole_sites_go_into_one_split_and_later_patients_follow_their_site() -> None:
    first = assign(Splits(Settings(FRACTIONS, by="site")), KEY, crowd(70))
    second = assign(first, KEY, crowd(140))
    for site in {row["site"] for row in crowd(140).values()}:
        assert len({split for name, split in second.assignments.items() if second.strata[name]["site"] == site}) == 1


def test_a_person_found_in_two_splits_leaves_the_later_one_only() -> None:
    made = assign(Splits(Settings(FRACTIONS)), KEY, crowd(100))
    seen, held = min(made.of("train")), min(made.of("test"))
    after = assign(made, KEY, crowd(100), [Link((seen, held), "a" * 64)])
    assert after.assignments[seen] == "train"
    assert held not in after.assignments
    assert after.left[held] == ("test", "a" * 64)
    assert assign(after, KEY, crowd(100), [Link((seen, held), "a" * 64)]) == after  # and does not come back
    assert {name: after.assignments[name] for name in made.assignments if name != held} == {
        name: split for name, split in made.assignments.items() if name != held
    }
    assert leave(made, []) == made


def test_a_new_pseudonym_of_a_known_person_goes_where_the_person_is_and_new_pairs_stay_together() -> None:
    made = assign(Splits(Settings(FRACTIONS)), KEY, crowd(100))
    for other in sorted(made.assignments)[:30]:
        links = [Link((other, "P0100"), "a" * 64), Link(("P0101", "P0102"), "b" * 64)]
        after = assign(made, KEY, crowd(103), links)
        assert after.assignments["P0100"] == after.assignments[other]
        assert after.assignments["P0101"] == after.assignments["P0102"]


def test_the_document_is_read_back_as_it_was() -> None:
    made = assign(Splits(Settings(FRACTIONS, ("sex",))), KEY, crowd(20), [Link(("P0001", "P0002"), "c" * 64)])
    assert splits_of(made.document()) == made


@pytest.mark.parametrize(
    "text",
    ["train=70", "train=70,test=20", "train=50,train=50", "Train=50,test=50", "a=100,b=0", "a=x,b=1", "a=-1,b=101"],
)
def test_odd_fractions_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="SPL-001"):
        read_fractions(text)
    with pytest.raises(UsageError, match="SPL-001"):
        check_fractions([("a", 50)])


def test_every_place_belongs_to_an_open_split() -> None:
    counts = Counter(place_of(KEY, "s", slot, (("a", 1), ("b", 3))) for slot in range(4000))
    assert abs(counts["a"] - 1000) < 12


def table(folder: Path, text: str) -> Path:
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    return path


PEOPLE = crowd(4)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pseudonym,split\nP0000,train\nP0000,test\n", "SPL-008"),
        ("pseudonym,split\nP0000,train\nMustermann^Erika,test\n", "SPL-007"),
        ("name,split\nP0000,train\n", "SPL-006"),
        ("pseudonym,split\nP0000\n", "SPL-006"),
        ("pseudonym,split,split\nP0000,a,b\n", "SPL-006"),
        ("", "SPL-006"),
        ('pseudonym,split\n"P0000,train\n', "SPL-006"),
    ],
)
def test_odd_tables_are_refused_and_nothing_of_them_is_said(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(UsageError, match=code) as caught:
        read_table(table(tmp_path, text), PEOPLE, lambda _: True)
    said = str(caught.value) + caught.value.hint + repr(caught.value.facts)
    assert "Mustermann" not in said
    assert "Erika" not in said


def test_a_value_that_may_hold_an_identifier_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, "pseudonym,ward\nP0000,Erika Mustermann\n")
    with pytest.raises(UsageError, match="SPL-006") as caught:
        read_table(path, PEOPLE, lambda text: "Muster" not in text)
    assert "Muster" not in str(caught.value) + caught.value.hint


def test_an_own_table_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    text = "pseudonym,split\n" + "".join(f"{name},{'test' if name == 'P0001' else 'train'}\n" for name in PEOPLE)
    rows = read_table(table(tmp_path, text), PEOPLE, lambda _: True)
    empty = Splits(Settings(FRACTIONS))
    made = given(empty, splits_in(rows, {}, ()), PEOPLE, [])
    assert made.of("test") == {"P0001"}
    with pytest.raises(UsageError, match="SPL-011"):
        given(empty, {"P0000": "train"}, PEOPLE, [])
    with pytest.raises(UsageError, match="SPL-019"):
        given(empty, splits_in(rows, {}, ()), PEOPLE, [Link(("P0000", "P0001"), "a" * 64)])
    with pytest.raises(UsageError, match="SPL-010"):
        splits_in({"P0001": {"split": "train"}}, made.assignments, ())
    with pytest.raises(UsageError, match="SPL-006"):
        splits_in({"P0001": {"site": "x"}}, {}, ())


def test_sites_that_differ_between_tables_are_refused() -> None:
    check_sites({"P1": {"site": "a"}}, {"P1": {"site": ""}, "P2": {"site": "b"}})
    with pytest.raises(UsageError, match="SPL-009"):
        check_sites({"P1": {"site": "a"}}, {"P1": {"site": "b"}})


def test_a_class_is_told_of_values_of_every_form_and_free_text_is_none() -> None:
    values = ["nodule", 3, None, ["a"], {"text": "Erika Mustermann"}, {"class": "mass"}, {"classes": ["b", "a"]}]
    told = [class_of({"kind": "finding", "value": value}) for value in values]
    assert told == ["finding"] * 5 + ["finding:mass", "finding:a + b"]


def test_ages_fall_into_bands_and_shared_files_are_nobodys() -> None:
    assert [age_band(text) for text in ("017Y", "018Y", "064Y", "090Y", "006M", "45", "")] == [
        "0-17", "18-39", "40-64", "65+", "0-17", None, None,
    ]  # fmt: skip
    assert patient_of("clean/P1/S/I.dcm") == "P1"
    assert patient_of("clean/shared/tabular/x.csv") is None
