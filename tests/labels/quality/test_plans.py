"""Plans, tails and sequential tests against published figures and against the definitions themselves."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from curator.core.errors import UsageError
from curator.labels.quality import plans, sprt, z14
from curator.labels.quality.plans import Aim
from curator.labels.quality.tails import binomial_below, clopper_pearson, hypergeometric_below, wrong_in_lot

TIGHT = pytest.approx


def exact_hypergeometric(wrong: int, sample: int, bad: int, lot: int) -> Fraction:
    ways = sum(math.comb(bad, k) * math.comb(lot - bad, sample - k) for k in range(wrong + 1) if k <= sample)
    return Fraction(ways, math.comb(lot, sample))


@pytest.mark.parametrize(("lot", "bad", "sample"), [(50, 3, 31), (20, 15, 12), (200, 8, 60), (9, 9, 4), (500, 0, 20)])
def test_hypergeometric_tails_are_those_of_counting(lot: int, bad: int, sample: int) -> None:
    for wrong in range(min(sample, 12)):
        wanted = float(exact_hypergeometric(wrong, sample, bad, lot))
        assert hypergeometric_below(wrong, sample, bad, lot) == TIGHT(wanted, rel=1e-12, abs=1e-300)


def test_binomial_tails_are_those_of_counting() -> None:
    p = Fraction(3, 50)
    for wrong in range(8):
        wanted = sum(math.comb(40, k) * p**k * (1 - p) ** (40 - k) for k in range(wrong + 1))
        assert binomial_below(wrong, 40, float(p)) == TIGHT(float(wanted), rel=1e-12)
    assert (binomial_below(-1, 5, 0.3), binomial_below(5, 5, 0.3), binomial_below(2, 5, 1.0)) == (0, 1, 0)


@pytest.mark.parametrize(
    ("wrong", "sample", "low", "high"),
    [
        # Exact tables of Clopper and Pearson, Biometrika 26, 1934, as statistics programs print them.
        (10, 100, 0.0490, 0.1762),
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (1, 20, 0.0013, 0.2487),
        # The rule of three in its exact form: 1 - 0.025 ** (1 / 59).
        (0, 59, 0.0, 1 - 0.025 ** (1 / 59)),
    ],
)
def test_exact_intervals_are_the_published_ones(wrong: int, sample: int, low: float, high: float) -> None:
    assert clopper_pearson(wrong, sample) == (TIGHT(low, abs=5e-5), TIGHT(high, abs=5e-5))


def test_unclear_ones_widen_an_interval_on_both_sides() -> None:
    low, high = clopper_pearson(3, 100, unclear=4)
    assert (low, high) == (clopper_pearson(3, 100)[0], clopper_pearson(7, 100)[1])
    assert clopper_pearson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("wrong", "sample", "lot"), [(0, 20, 100), (2, 30, 90), (5, 5, 40), (1, 60, 60), (0, 0, 7)])
def test_the_interval_of_a_lot_holds_just_what_no_exact_test_refuses(wrong: int, sample: int, lot: int) -> None:
    possible = range(wrong, lot - sample + wrong + 1)
    kept = [
        bad
        for bad in possible
        if exact_hypergeometric(wrong, sample, bad, lot) > Fraction(1, 40)
        and 1 - (exact_hypergeometric(wrong - 1, sample, bad, lot) if wrong else 0) > Fraction(1, 40)
    ]
    assert wrong_in_lot(wrong, sample, lot) == (kept[0], kept[-1])


def test_zero_failure_plans_are_the_well_known_ones() -> None:
    # "95/95" and "95/99": 59 and 299 without a failure, since 0.95 ** 59 and 0.99 ** 299 are the first below 0.05.
    assert plans.zero_failure(None, Aim(ltpd="0.05")).sample == 59
    assert plans.zero_failure(None, Aim(aql="0.001", ltpd="0.01")).sample == 299
    made = plans.zero_failure(1000, Aim())
    assert exact_hypergeometric(0, made.sample, 50, 1000) <= Fraction(1, 20)
    assert exact_hypergeometric(0, made.sample - 1, 50, 1000) > Fraction(1, 20)


@pytest.mark.parametrize("lot", [None, 40, 300, 5000])
def test_a_single_plan_keeps_both_risks_and_no_smaller_one_does(lot: int | None) -> None:
    aim = Aim(aql="0.02", ltpd="0.1", producer="0.1", consumer="0.05")
    made = plans.single(lot, aim)
    assert made.keeps
    for accept in range(made.accept + 1):
        smaller = plans.Plan(plans.SINGLE, lot, made.sample - 1, accept, aim)
        assert not smaller.keeps or smaller.sample <= accept
    points = made.curve()
    assert [one["passes"] for one in points] == sorted((one["passes"] for one in points), reverse=True)
    assert points[0]["passes"] == 1


def test_a_lot_in_which_two_wrong_ones_are_too_many_is_looked_at_whole() -> None:
    made = plans.single(12, Aim(aql="0.01", ltpd="0.1"))
    assert (made.producer, made.consumer <= 0.05, made.sample <= 12) == (0, True, True)


@pytest.mark.parametrize(
    ("lot", "level", "letter"),
    [(8, "II", "A"), (9, "II", "B"), (500, "II", "H"), (1200, "II", "J"), (1201, "II", "K"), (10_000, "III", "M")]
    + [(500_001, "II", "Q"), (500_001, "III", "R"), (3201, "S-4", "G"), (90, "I", "C"), (2, "III", "B")],
)
def test_code_letters_are_those_of_table_one(lot: int, level: str, letter: str) -> None:
    assert z14.code_letter(lot, level) == letter


@pytest.mark.parametrize(
    ("letter", "aql", "inspection", "row"),
    [
        # Z1.4, tables II-A, II-B and II-C; arrows lead to the plan of another letter.
        ("K", "1.0", "normal", ("K", 125, 3, 4)),
        ("K", "1.0", "tightened", ("K", 125, 2, 3)),
        ("K", "1.0", "reduced", ("K", 50, 1, 4)),
        ("J", "0.65", "normal", ("J", 80, 1, 2)),
        ("F", "1.0", "normal", ("E", 13, 0, 1)),
        ("G", "1.0", "normal", ("H", 50, 1, 2)),
        ("H", "1.0", "tightened", ("J", 80, 1, 2)),
        ("A", "10", "normal", ("C", 5, 1, 2)),
        ("R", "0.025", "tightened", ("S", 3150, 1, 2)),
        ("R", "0.010", "normal", ("Q", 1250, 0, 1)),
        ("Q", "1.0", "normal", ("Q", 1250, 21, 22)),
        ("L", "10", "tightened", ("K", 125, 18, 19)),
        ("N", "1.0", "reduced", ("N", 200, 5, 8)),
    ],
)
def test_plans_of_the_tables_are_the_printed_ones(letter: str, aql: str, inspection: str, row: tuple[object]) -> None:
    assert z14.plan(letter, aql, inspection) == row


@pytest.mark.parametrize(
    ("share", "passes"),
    # Z1.4, table X-K, AQL 1.0: percent nonconforming at 99, 95, 90, 50, 10 and 5 percent accepted, there by Poisson.
    [("0.00659", 0.99), ("0.0109", 0.95), ("0.0140", 0.90), ("0.0294", 0.50), ("0.0535", 0.10), ("0.0620", 0.05)],
)
def test_the_computed_curve_of_a_table_plan_is_the_printed_one(share: str, passes: float) -> None:
    made = plans.Plan(plans.Z14, None, 125, 3, Aim())
    assert made.passes(float(share)) == TIGHT(passes, abs=0.008)


def test_every_plan_of_the_tables_accepts_at_its_aql_and_tightened_ones_accept_less() -> None:
    for aql in z14.aqls():
        share = float(aql) / 100
        for letter in "ABCDEFGHJKLMNPQR":
            chance = {}
            for inspection in z14.INSPECTIONS:
                row = z14.plan(letter, aql, inspection)
                chance[inspection] = binomial_below(row.reject - 1, row.sample, share)
            assert chance["normal"] > 0.8
            assert chance["reduced"] >= 0.87
            assert chance["tightened"] <= chance["normal"] + 1e-3


def test_the_switching_rules_lead_from_normal_to_tightened_and_back() -> None:
    normal, tight = ("normal", True), ("tightened", True)
    assert z14.next_inspection([]) == "normal"
    assert z14.next_inspection([normal] * 9) == "normal"
    assert z14.next_inspection([normal] * 10) == "reduced"
    assert z14.next_inspection([("normal", False), normal, ("normal", False)]) == "tightened"
    assert z14.next_inspection([("normal", False), *[normal] * 4, ("normal", False)]) == "normal"
    assert z14.next_inspection([("normal", False)] * 2 + [tight] * 4) == "tightened"
    assert z14.next_inspection([("normal", False)] * 2 + [tight] * 5) == "normal"
    assert z14.next_inspection([("tightened", False)] * 5) == "stop"
    assert z14.next_inspection([("reduced", True)]) == "reduced"
    assert z14.next_inspection([("reduced", False)]) == "normal"


def test_the_lines_of_walds_test_are_those_of_the_handbook() -> None:
    # NIST/SEMATECH e-Handbook, section 6.2.6: p1 0.01, p2 0.10, alpha 0.05, beta 0.10.
    lines = sprt.wald(0.01, 0.10, 0.05, 0.10, 200)
    assert (round(lines.slope, 4), round(lines.accept, 3), round(lines.reject, 3)) == (0.0397, 0.939, 1.205)
    # Of its table: nothing can be accepted before 24 labels, two wrong ones reject at n = 2.
    assert lines.judge(23, 0) == sprt.OPEN
    assert lines.judge(24, 0) == sprt.ACCEPT
    assert (lines.rejected(2), lines.rejected(24)) == (2, 3)


def test_the_curve_of_a_sequential_test_is_that_of_all_its_paths() -> None:
    lines = sprt.Lines(0.2, 0.9, 1.1, 7, 1)
    share, accepted, looked = 0.3, 0.0, 0.0
    stack = [(0, 0, 1.0)]
    while stack:
        seen, wrong, chance = stack.pop()
        how = lines.judge(seen, wrong) if seen else sprt.OPEN
        if how == sprt.OPEN:
            looked += chance
            stack += [(seen + 1, wrong, chance * (1 - share)), (seen + 1, wrong + 1, chance * share)]
        else:
            accepted += chance * (how == sprt.ACCEPT)
    assert sprt.curve(lines, None, share) == (TIGHT(accepted), TIGHT(looked))


def test_a_sequential_plan_looks_at_fewer_and_keeps_its_risks_on_a_finite_lot() -> None:
    made, fixed = plans.sequential(2000, Aim()), plans.single(2000, Aim())
    assert made.keeps
    assert made.looked(made.at("0.01", up=False)) < 0.75 * fixed.sample
    assert made.judge(made.sample, made.accept) == sprt.ACCEPT
    assert made.judge(made.sample, made.accept + 1) == sprt.REJECT


@pytest.mark.parametrize(
    "aim",
    [Aim(aql="0.1"), Aim(aql="1e-3"), Aim(aql="-0.01"), Aim(producer="0"), Aim(consumer="1"), Aim(aql="0.0000001")]
    + [Aim(aql="nan"), Aim(ltpd="1.5"), Aim(aql="0.01\n")],
)
def test_other_shares_and_risks_are_refused(aim: Aim) -> None:
    with pytest.raises(UsageError) as caught:
        plans.single(1000, aim)
    assert caught.value.code == "QUA-001"


def test_what_has_no_plan_is_refused() -> None:
    for call, code in (
        (lambda: plans.sequential(100, Aim(aql="0")), "QUA-001"),
        (lambda: plans.from_table(1000, Aim(aql="0.013")), "QUA-002"),
        (lambda: plans.from_table(1, Aim()), "QUA-002"),
        (lambda: plans.make("z1.4", None, Aim()), "QUA-002"),
        (lambda: plans.single(0, Aim()), "QUA-003"),
        (lambda: plans.single(None, Aim(aql="0.010000", ltpd="0.010001")), "QUA-003"),
    ):
        with pytest.raises(UsageError) as caught:
            call()
        assert caught.value.code == code
