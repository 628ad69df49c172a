"""One decision a question: what wins, what is tied, what is refused; nothing is decided by order or chance."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from opinion_maker import drawn, mask, one_class, opinion, unit

from curator.core.errors import UsageError
from curator.labels.consensus.deciding import Decision, Options, decide
from curator.labels.consensus.masks import Stack, layer_of
from curator.labels.consensus.opinions import Opinion, require_one_guideline, units_of
from curator.labels.reading import Digits
from curator.labels.values import check_value


def decided(*opinions: Opinion, **how: Any) -> Decision:
    (made,) = decide([unit(*opinions)], Options(**how))
    return made


def test_most_votes_win_when_they_are_more_than_half() -> None:
    made = decided(*one_class({"ada": "benign", "ben": "benign", "cyn": "malignant"}))
    assert (made.outcome, made.found[0].value) == ("decided", {"class": "benign"})
    assert made.share == pytest.approx(2 / 3)
    assert [one.reader for one in made.found[0].members] == ["ada", "ben", "cyn"]
    assert made.told["votes"] == {"benign": 2, "malignant": 1}


def test_a_plurality_is_no_majority() -> None:
    answers = {"ada": "one", "ben": "one", "cyn": "two", "dan": "three", "eve": "four"}
    assert decided(*one_class(answers)).outcome == "equivocal"


@pytest.mark.parametrize("order", [0, 1, 2])
def test_a_tie_stays_a_tie_in_every_order(order: int) -> None:
    opinions = one_class({"ada": "benign", "ben": "malignant"})
    random.Random(order).shuffle(opinions)
    made = decided(*opinions)
    assert (made.outcome, made.found) == ("tied", ())


def test_all_equal_is_decided_by_every_method() -> None:
    for method in ("majority", "dawid-skene"):
        opinions = [one for at in range(4) for one in one_class({"ada": "benign", "ben": "benign"}, at)]
        assert {one.outcome for one in decide(units_of(opinions), Options(method))} == {"decided"}


@pytest.mark.parametrize("method", ["majority", "dawid-skene"])
def test_one_opinion_decides_nothing(method: str) -> None:
    made = decided(*one_class({"ada": "benign"}), method=method)
    assert (made.outcome, made.why, made.found) == ("refused", "one-opinion", ())


def test_too_few_readers_decide_nothing() -> None:
    made = decided(*one_class({"ada": "benign", "ben": "benign"}), least_readers=3)
    assert (made.outcome, made.why) == ("refused", "too-few-readers")


def test_a_reader_who_answers_twice_is_not_two_readers() -> None:
    opinions = [*one_class({"ada": "benign"}), *one_class({"ada": "benign", "ben": "malignant"})]
    assert (decided(*opinions).outcome, decided(*opinions).why) == ("refused", "reader-twice")


def test_weights_turn_a_vote() -> None:
    opinions = one_class({"ada": "malignant", "ben": "benign", "cyn": "benign"})
    weights = {"ada": 0.9, "ben": 0.3, "cyn": 0.3}
    assert decided(*opinions, method="weighted", weights=weights).found[0].value == {"class": "malignant"}
    # As much on either side: still a tie.
    even = {"ada": 0.6, "ben": 0.3, "cyn": 0.3}
    assert decided(*opinions, method="weighted", weights=even).outcome == "tied"


def test_a_needed_share_that_is_not_reached_is_equivocal() -> None:
    opinions = one_class({"ada": "benign", "ben": "benign", "cyn": "malignant"})
    assert decided(*opinions, least_share=0.7).outcome == "equivocal"


def test_the_model_of_dawid_and_skene_goes_against_readers_who_are_mostly_wrong() -> None:
    draw = random.Random(11)
    opinions = []
    for at in range(200):
        truth = draw.choice(["benign", "malignant"])
        other = {"benign": "malignant", "malignant": "benign"}[truth]
        for reader, right in (("ada", 0.97), ("ben", 0.96), ("cyn", 0.6), ("dan", 0.55), ("eve", 0.5)):
            said = truth if draw.random() < right else other
            opinions.append(opinion(reader, "class", {"class": said}, sample=at))
    against = one_class(
        {"ada": "malignant", "ben": "malignant", "cyn": "benign", "dan": "benign", "eve": "benign"}, 900
    )
    units = units_of([*opinions, *against])
    made = {one.unit.sample.uid: one for one in decide(units, Options("dawid-skene"))}
    last = made["2.25.901"]
    assert (last.outcome, last.found[0].value) == ("decided", {"class": "malignant"})
    assert last.found[0].probability is not None
    assert 0.8 <= last.found[0].probability <= 1


def test_repeated_readings_count_in_the_model() -> None:
    opinions = [one for at in range(6) for one in one_class({"ada": "benign", "ben": "benign"}, at)]
    opinions += one_class({"ada": "benign"}, 0)
    made = decide(units_of(opinions), Options("dawid-skene"))
    assert made[0].outcome == "decided"
    assert len(made[0].found[0].members) == 3


def test_each_class_of_a_set_is_voted_on_by_itself() -> None:
    sets = {"ada": ["edema", "nodule"], "ben": ["edema"], "cyn": ["edema", "rib"]}
    opinions = [opinion(reader, "classes", {"classes": names}) for reader, names in sets.items()]
    assert decided(*opinions).found[0].value == {"classes": ["edema"]}
    assert decided(*opinions[:2]).outcome == "tied"
    empty = [opinion(reader, "classes", {"classes": []}) for reader in ("ada", "ben")]
    assert decided(*empty).found[0].value == {"classes": []}


def test_grades_that_are_one_number_are_one_grade() -> None:
    values: list[Any] = [Digits("2.0"), 2, 3]
    opinions = [
        opinion(reader, "grade", {"scale": "birads", "grade": grade})
        for reader, grade in zip(("ada", "ben", "cyn"), values, strict=True)
    ]
    made = decided(*opinions)
    assert Decimal(made.found[0].value["grade"]) == 2


def test_free_kinds_are_compared_by_their_whole_value() -> None:
    told: list[Any] = [{"text": "nodule", "size": 3}, {"size": 3, "text": "nodule"}, {"text": "none"}]
    opinions = [opinion(reader, "finding", value) for reader, value in zip(("ada", "ben", "cyn"), told, strict=True)]
    assert decided(*opinions).found[0].value == {"text": "nodule", "size": 3}


def box(reader: str, x: int, y: int, **more: Any) -> Opinion:
    return opinion(reader, "box", {"class": "nodule", "box": [x, y, 20, 20]}, **more)


def test_boxes_that_most_readers_drew_are_fused_and_the_others_settled_with_them() -> None:
    made = decided(box("ada", 10, 10), box("ben", 12, 10), box("cyn", 11, 13), box("cyn", 80, 80))
    assert made.outcome == "decided"
    (found,) = made.found
    assert found.value == {"class": "nodule", "box": [11, 11, 20, 20]}
    check_value("box", found.value)
    assert len(found.members) == 4
    assert made.told == {"finds": 1, "undecided": 0, "outvoted": 1}


def test_a_box_of_half_of_the_readers_leaves_the_whole_question_to_people() -> None:
    made = decided(box("ada", 10, 10), box("ben", 11, 10), box("ben", 80, 80))
    assert (made.outcome, made.found) == ("equivocal", ())


def test_a_box_that_most_readers_did_not_draw_is_absent() -> None:
    opinions = [box("ada", 10, 10), *one_class({"ben": "clear", "cyn": "clear"})]
    by_kind = {one.unit.question.kind: one for one in decide(units_of(opinions), Options())}
    assert by_kind["box"].outcome == "absent"
    assert by_kind["box"].unit.readers == ("ada", "ben", "cyn")


def test_one_heavy_vote_does_not_make_a_label_of_one_reader() -> None:
    made = decided(box("ada", 10, 10), box("ben", 80, 80), method="weighted", weights={"ada": 9.0, "ben": 1.0})
    assert made.outcome == "equivocal"


def test_spans_are_voted_on_and_each_names_its_labels() -> None:
    ends = {"ada": [(0, 10), (50, 60)], "ben": [(0, 12), (50, 60)], "cyn": [(2, 12)]}
    opinions = [
        opinion(reader, "span", {"type": "drug", "start": start, "end": end})
        for reader, spans in ends.items()
        for start, end in spans
    ]
    made = decided(*opinions)
    assert [one.value for one in made.found] == [
        {"type": "drug", "start": 0, "end": 12},
        {"type": "drug", "start": 50, "end": 60},
    ]
    assert [len(one.members) for one in made.found] == [3, 2]


ADA = ["......", ".###..", ".###..", "......"]
BEN = ["......", "..###.", "..###.", "......"]
CYN = ["......", ".####.", ".####.", "......"]


@pytest.mark.parametrize("method", ["pixel-vote", "staple"])
def test_masks_come_to_a_mask_of_their_size(method: str) -> None:
    opinions = [opinion(r, "mask", mask(rows)) for r, rows in (("ada", ADA), ("ben", BEN), ("cyn", CYN))]
    made = decided(*opinions, mask_method=method)
    assert made.outcome == "decided"
    check_value("mask", made.found[0].value)
    if method == "pixel-vote":
        assert drawn(made.found[0].value) == CYN
        assert made.told["dice"]["ada"] == pytest.approx(2 * 6 / 14)
        assert made.told["undecidedVoxels"] == 0
    else:
        assert set(made.told["rates"]) == {"ada", "ben", "cyn"}


def test_voxels_with_half_of_the_votes_stay_out_and_are_counted() -> None:
    made = decided(*(opinion(r, "mask", mask(rows)) for r, rows in (("ada", ADA), ("ben", BEN))))
    assert drawn(made.found[0].value) == ["......", "..##..", "..##..", "......"]
    assert made.told["undecidedVoxels"] == 4


def test_masks_with_little_in_common_are_equivocal() -> None:
    other = ["#.....", "#.....", "......", "......"]
    made = decided(*(opinion(r, "mask", mask(rows)) for r, rows in (("ada", ADA), ("ben", other))))
    assert made.outcome == "equivocal"


def test_masks_of_different_sizes_are_refused() -> None:
    made = decided(opinion("ada", "mask", mask(ADA)), opinion("ben", "mask", mask(BEN[:3])))
    assert (made.outcome, made.why) == ("refused", "sizes")


def test_classes_taken_together_do_not_overlap() -> None:
    lung, heart = ["###...", "###..."], ["...###", "...###"]
    opinions = [
        opinion(reader, "mask", mask(rows, name), joint=True)
        for reader in ("ada", "ben", "cyn")
        for name, rows in (("lung", lung), ("heart", heart))
    ]
    made = decided(*opinions, mask_method="staple")
    assert {one.value["class"]: drawn(one.value) for one in made.found} == {"lung": lung, "heart": heart}
    both = opinion("ada", "mask", mask(["#.....", "......"], "heart"), joint=True)
    refused = decided(*opinions, both)
    assert (refused.outcome, refused.why) == ("refused", "overlap")


def test_volumes_are_laid_over_each_other_slice_by_slice() -> None:
    runs = {"1": [0, 4, 8], "3": [4, 4, 4]}
    value = {"class": "lung", "size": [4, 3, 5], "voxels": 8, "slices": runs}
    fewer = {"class": "lung", "size": [4, 3, 5], "voxels": 4, "slices": {"3": [4, 4, 4]}}
    made = decided(
        opinion("ada", "volume-mask", value), opinion("ben", "volume-mask", value), opinion("cyn", "volume-mask", fewer)
    )
    assert made.found[0].value == value
    check_value("volume-mask", made.found[0].value)
    patterns, count = Stack((layer_of([(1, value)]), layer_of([(1, fewer)])), 2).patterns()
    assert dict(zip(map(tuple, patterns.tolist()), count.tolist(), strict=True)) == {(0, 0): 52, (1, 0): 4, (1, 1): 4}


def test_guidelines_are_not_mixed_unasked() -> None:
    opinions = [
        opinion("ada", "class", {"class": "benign"}),
        opinion("ben", "class", {"class": "benign"}, guideline=("chest", "2.0")),
    ]
    with pytest.raises(UsageError) as caught:
        require_one_guideline(units_of(opinions))
    assert (caught.value.code, caught.value.facts) == ("CON-001", {"count": 1})


def test_parts_of_a_sample_are_questions_of_their_own() -> None:
    opinions = [opinion("ada", "class", {"class": "benign"}, part="slice 3"), *one_class({"ben": "benign"})]
    assert [one.part for one in units_of(opinions)] == ["", "slice 3"]


def test_counts_close_over_a_mixed_lot() -> None:
    draw = random.Random(2)
    opinions = []
    for at in range(60):
        for reader in draw.sample(["ada", "ben", "cyn"], draw.randrange(1, 4)):
            opinions.append(opinion(reader, "class", {"class": draw.choice("ab")}, sample=at))
            if draw.random() < 0.5:
                opinions.append(box(reader, draw.randrange(60), 10, sample=at))
    units, told = units_of(opinions), []
    made = decide(units, Options(), told.append)
    assert [one.unit for one in made] == units
    assert sum(told) == len(units)
    assert {one.outcome for one in made} == {"decided", "absent", "tied", "equivocal", "refused"}
    for one in made:
        assert bool(one.found) == (one.outcome == "decided")
        assert bool(one.why) == (one.outcome == "refused")
        names = [member.signed.label_id for found in one.found for member in found.members]
        assert len(names) == len(set(names))
        if one.found:
            assert set(names) == {each.signed.label_id for each in one.unit.opinions}
