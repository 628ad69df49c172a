"""The coefficients are those of the papers, to the last digit that the papers print."""

from __future__ import annotations

import numpy as np
import pytest
from worked import by_reader, rows_of, scheme_of, summed, summed_counts

from curator.labels.agreement import coefficients as c
from curator.labels.agreement import icc
from curator.labels.agreement.consensus import dawid_skene
from curator.labels.agreement.model import from_lists
from curator.labels.agreement.pairs import cohen_kappa, from_table
from curator.labels.agreement.scales import from_costs, weights


@pytest.mark.parametrize(
    ("scale", "printed"), [("nominal", "0.743"), ("ordinal", "0.815"), ("interval", "0.849"), ("ratio", "0.797")]
)
def test_alpha_of_krippendorff_2011_section_c(scale: str, printed: str) -> None:
    ratings = by_reader(rows_of("krippendorff-2011"))
    scheme = scheme_of(scale, ratings.numbers)
    assert f"{c.alpha(summed(ratings, scheme), scheme)[0]:.3f}" == printed


def test_alpha_of_krippendorff_2011_sections_a_and_b() -> None:
    binary = by_reader(["0100000010", "1110010000"])
    scheme = scheme_of("nominal", binary.numbers)
    assert f"{c.alpha(summed(binary, scheme), scheme)[0]:.3f}" == "0.095"
    nominal = by_reader(["aabbdcccedda", "babbbccceddd"])
    scheme = scheme_of("nominal", nominal.numbers)
    assert f"{c.alpha(summed(nominal, scheme), scheme)[0]:.3f}" == "0.692"


def test_fleiss_1971_overall_and_by_class() -> None:
    counts = np.array(rows_of("fleiss-1971"), dtype=int)
    assert counts.sum(axis=0).tolist() == [26, 26, 30, 55, 43]
    s = summed_counts(counts, scheme_of("nominal", range(5)))
    assert f"{c.percent_agreement(s)[0]:.3f}" == "0.556"
    assert f"{c.fleiss_kappa(s)[0]:.3f}" == "0.430"
    assert [f"{x:.3f}" for x in c.class_kappa(s)[0]] == ["0.245", "0.245", "0.520", "0.471", "0.566"]


def test_gwet_2014_with_missing_ratings() -> None:
    """Figures of the overview and weighting vignettes of Gwet's irrCAC for the table of four raters."""
    ratings = by_reader(rows_of("krippendorff-2011"))
    plain = summed(ratings, scheme_of("nominal", ratings.numbers))
    assert f"{c.percent_agreement(plain)[0]:.7f}" == "0.8181818"
    assert f"{c.ac1(plain)[0]:.5f}" == "0.77544"
    assert f"{c.fleiss_kappa(plain)[0]:.5f}" == "0.76117"
    assert f"{c.alpha(plain, scheme_of('nominal', ratings.numbers))[0]:.5f}" == "0.74342"
    scheme = scheme_of("interval", ratings.numbers)
    quadratic = summed(ratings, scheme)
    assert f"{c.weighted_agreement(quadratic)[0]:.7f}" == "0.9753788"
    assert f"{c.ac2(quadratic, scheme)[0]:.3f}" == "0.914"
    assert f"{c.weighted_fleiss_kappa(quadratic, scheme)[0]:.5f}" == "0.86494"
    assert f"{c.alpha(quadratic, scheme)[0]:.5f}" == "0.84911"


def test_gwet_2014_counts_of_six_raters() -> None:
    """The first 15 patients of Fleiss 1971, as the data set distrib.6raters; figures of the same vignettes."""
    counts = np.array(rows_of("fleiss-1971"), dtype=int)[:15]
    s = summed_counts(counts, scheme_of("nominal", range(1, 6)))
    assert f"{c.ac1(s)[0]:.7f}" == "0.4448007"
    assert f"{c.fleiss_kappa(s)[0]:.7f}" == "0.4139265"
    assert f"{c.alpha(s, scheme_of('nominal', range(1, 6)))[0]:.7f}" == "0.4204384"
    assert f"{c.brennan_prediger(s)[0]:.7f}" == "0.4388889"
    scheme = scheme_of("interval", range(1, 6))
    s = summed_counts(counts, scheme)
    assert f"{c.ac2(s, scheme)[0]:.7f}" == "0.4837438"
    assert f"{c.weighted_fleiss_kappa(s, scheme)[0]:.7f}" == "0.2511909"
    assert f"{c.alpha(s, scheme)[0]:.6f}" == "0.259511"


def test_gwet_2014_two_abstractors() -> None:
    """Ectopic, abnormal and normal pregnancy by two abstractors, Gwet 2014; figures of the same vignettes."""
    pair = from_table(np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]]))
    drawn = pair.frequency.astype(float)[None, :]
    assert f"{cohen_kappa(pair, drawn, np.eye(3))[0]:.7f}" == "0.7964094"
    assert f"{cohen_kappa(pair, drawn, weights('quadratic', np.arange(3.0)))[0]:.7f}" == "0.8921569"
    for scale, ac, alpha, agreement in (
        ("nominal", "0.8493305", "0.7972585", "0.8900"),
        ("interval", "0.9402369", "0.8926487", "0.9725"),
    ):
        scheme = scheme_of(scale, range(1, 4))
        counted = pair.patterns(3)
        s = summed_counts(np.repeat(counted.counts, counted.frequency, axis=0), scheme)
        assert f"{c.ac2(s, scheme)[0]:.7f}" == ac
        assert f"{c.alpha(s, scheme)[0]:.7f}" == alpha
        assert f"{c.weighted_agreement(s)[0]:.4f}" == agreement


def test_weights_of_gwet_2014_chapter_3() -> None:
    three = np.arange(1.0, 4)
    middle = {"linear": 0.5, "quadratic": 0.75, "ordinal": 2 / 3, "identity": 0}
    for kind, value in middle.items():
        assert weights(kind, three) == pytest.approx(np.array([[1, value, 0], [value, 1, value], [0, value, 1]]))


def test_cohen_1960_and_1968() -> None:
    """Cohen 1968, table 1: 200 patients in three classes with weights of disagreement; kappa .492, weighted .348."""
    pair = from_table(np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]]))
    drawn = pair.frequency.astype(float)[None, :]
    assert f"{cohen_kappa(pair, drawn, np.eye(3))[0]:.3f}" == "0.492"
    costs = from_costs(np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]], dtype=float))
    assert f"{cohen_kappa(pair, drawn, costs)[0]:.3f}" == "0.348"


def test_six_forms_of_shrout_and_fleiss_1979() -> None:
    table = np.array(rows_of("shrout-fleiss-1979"), dtype=float)
    m = icc.mean_squares(table)
    assert [f"{x[0]:.2f}" for x in (m.between, m.within, m.readers, m.error)] == ["11.24", "6.26", "32.49", "1.02"]
    forms = {name: f"{value[0]:.2f}" for name, value in icc.six_forms(m).items()}
    assert forms == {
        "ICC(1,1)": "0.17", "ICC(2,1)": "0.29", "ICC(3,1)": "0.71",
        "ICC(1,k)": "0.44", "ICC(2,k)": "0.62", "ICC(3,k)": "0.91",
    }  # fmt: skip


def test_anaesthetists_of_dawid_and_skene_1979() -> None:
    """Table 2: marginal probabilities, and the error rates of observer 1, who was asked three times."""
    patients = [word for row in rows_of("dawid-skene-1979") for word in row]
    assert len(patients) == 45
    observers = [1, 1, 1, 2, 3, 4, 5]
    unit = [number for number, answers in enumerate(patients) for _ in answers]
    reader = [observers[at] for answers in patients for at in range(len(answers))]
    value = [int(one) for answers in patients for one in answers]
    found = dawid_skene(from_lists(unit, reader, value))
    assert found.converged
    assert [f"{x:.2f}" for x in found.prevalence] == ["0.40", "0.42", "0.11", "0.07"]
    assert [[f"{x:.2f}" for x in row] for row in found.errors[0]] == [
        ["0.89", "0.11", "0.00", "0.00"],
        ["0.07", "0.88", "0.05", "0.00"],
        ["0.00", "0.34", "0.66", "0.00"],
        ["0.00", "0.00", "0.56", "0.44"],
    ]
    assert np.allclose(found.posterior.sum(axis=1), 1)


def test_the_paradox_of_feinstein_and_cicchetti_1990() -> None:
    """Journal of Clinical Epidemiology 43 (1990) 543, tables 1 and 2: agreement .85, kappa .70 and .32."""
    figures = []
    for table in ([[40, 9], [6, 45]], [[80, 10], [5, 5]]):
        pair = from_table(np.array(table))
        scheme = scheme_of("nominal", range(2))
        counted = pair.patterns(2)
        s = summed_counts(np.repeat(counted.counts, counted.frequency, axis=0), scheme)
        kappa = cohen_kappa(pair, pair.frequency.astype(float)[None, :], np.eye(2))
        figures.append([f"{x[0]:.2f}" for x in (c.percent_agreement(s), kappa, c.ac1(s))])
    assert figures == [["0.85", "0.70", "0.70"], ["0.85", "0.32", "0.81"]]
