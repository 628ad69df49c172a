"""The measures, against examples that were worked out by hand and against the definitions written out plainly."""

from __future__ import annotations

import io
import math
from array import array
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import CheckError, UsageError
from curator.core.schema import violation
from curator.scrub.risk.classes import arrow, classes_of
from curator.scrub.risk.measure import report
from curator.scrub.risk.read import Coded, read_columns
from curator.scrub.risk.sensitive import sensitive


def coded(name: str, values: list[str]) -> Coded:
    known: dict[str, int] = {}
    codes = array("i", [known.setdefault(value, len(known)) for value in values])
    return Coded(name, codes, tuple(known))


#: Nine rows in three classes of three: zip and age band; a salary in thousands and a disease. The salaries are the
#: nine numbers 3 to 11, so that the whole table is even over them, as in the worked example of the paper's section 4.
ZIP = ["476", "476", "476", "4790", "4790", "4790", "476", "476", "476"]
AGE = ["2", "2", "2", ">40", ">40", ">40", "3", "3", "3"]
SALARY = ["3", "4", "5", "6", "11", "8", "7", "9", "10"]
DISEASE = ["ulcer", "gastritis", "cancer", "gastritis", "flu", "bronchitis", "bronchitis", "pneumonia", "cancer"]


def measured(values: list[str], quasi: list[list[str]], c: float = 3.0) -> object:
    columns = [coded(str(at), one) for at, one in enumerate(quasi)]
    one = coded("s", values)
    return sensitive(classes_of([arrow(column.codes) for column in columns]), arrow(one.codes), one.values, c=c)


def test_classes_of_a_worked_example() -> None:
    found = report([coded("zip", ZIP), coded("age", AGE)], [coded("salary", SALARY), coded("disease", DISEASE)], k=3)
    assert violation("risk-report", found) is None
    assert (found["rows"], found["k"], found["classes"]["count"]) == (9, 3, 3)
    assert found["classes"]["sizes"] == [{"from": 3, "to": 4, "classes": 3, "rows": 9}]
    assert found["risks"]["prosecutor"] == {"highest": pytest.approx(1 / 3), "mean": pytest.approx(1 / 3)}
    assert found["risks"]["marketer"] == pytest.approx(1 / 3)
    assert found["gate"] == {"k": 3, "passed": True}
    assert found["small_cells"] == {"below": 11, "classes": 3, "rows": 9}
    assert found["to_generalize"] == {"k": 3, "count": 0, "rows": []}


def test_the_ordered_distance_of_the_papers_example() -> None:
    """{3, 4, 5} against {3 ... 11} is 0.375 and {6, 8, 11} is 0.167 by the paper (Li et al. 2007, section 4.1)."""
    rows = [["a"] * 3 + ["b"] * 6]
    assert measured(["3", "4", "5", "6", "7", "8", "9", "10", "11"], rows).t == pytest.approx(0.375)  # type: ignore[attr-defined]
    both = measured(["6", "8", "11", "3", "4", "5", "7", "9", "10"], rows)
    # By hand: the sums of p - q are -1, -2, -3, -1, -2, 0, -1, -2, 0 ninths; 12/9 over the 8 steps.
    assert both.t == pytest.approx(12 / 72)  # type: ignore[attr-defined]
    assert both.numeric  # type: ignore[attr-defined]


def test_the_equal_distance_by_hand() -> None:
    """Class {x, x} and class {x, y}: whole x 3/4, y 1/4; first class 1/2 (|1 - 3/4| + |0 - 1/4|) = 1/4, second 1/4."""
    found = measured(["x", "x", "x", "y"], [["1", "1", "2", "2"]])
    assert (found.t, found.numeric) == (pytest.approx(0.25), False)  # type: ignore[attr-defined]


def test_l_diversity_by_hand() -> None:
    """A class of counts 3, 2, 1: entropy ln 6 - (3 ln 3 + 2 ln 2)/6; recursive with c = 1: 3 < 3 no, so l = 1."""
    values = ["a"] * 3 + ["b"] * 2 + ["c"]
    one = measured(values, [["1"] * 6], c=1.0)
    assert one.distinct_l == 3  # type: ignore[attr-defined]
    assert one.entropy_l == pytest.approx(math.exp(math.log(6) - (3 * math.log(3) + 2 * math.log(2)) / 6))  # type: ignore[attr-defined]
    assert one.recursive_l == 1  # type: ignore[attr-defined]
    assert measured(values, [["1"] * 6], c=1.5).recursive_l == 2  # type: ignore[attr-defined]
    assert measured(values, [["1"] * 6], c=3.0).recursive_l == 2  # type: ignore[attr-defined]
    assert measured(values, [["1"] * 6], c=3.1).recursive_l == 3  # type: ignore[attr-defined]
    assert measured(["a", "a"], [["1", "1"]], c=1.0).recursive_l == 0  # type: ignore[attr-defined]


def test_unique_rows_and_what_contributes_to_them() -> None:
    sex = ["f", "f", "f", "m", "m", "m"]
    zips = ["1", "1", "2", "3", "4", "5"]
    found = report([coded("sex", sex), coded("zip", zips)], k=2)
    assert found["gate"] == {"k": 2, "passed": False}
    assert found["classes"]["unique_rows"] == 4
    assert found["to_generalize"] == {"k": 2, "count": 4, "rows": [3, 4, 5, 6]}
    assert [(one["name"], one["rows_below_without"], one["k_without"]) for one in found["contributions"]] == [
        ("zip", 0, 3),
        ("sex", 4, 1),
    ]
    assert "values" not in found
    shown = report([coded("sex", sex), coded("zip", zips)], k=2, show_values=True)
    assert shown["values"][0] == {"size": 1, "values": ["f", "2"]}


def test_journalist_and_marketer_risk_against_a_population() -> None:
    """Classes a (2 rows, 4 in the population), b (1 row, 5 there), c (1 row, nobody there, so it counts as alone)."""
    sample = [coded("q", ["a", "a", "b", "c"])]
    everybody = [coded("q", ["b"] * 5 + ["a"] * 4)]
    risks = report(sample, population=everybody)["risks"]
    assert risks["prosecutor"] == {"highest": 1.0, "mean": 0.75}
    assert risks["journalist"] == {"highest": 1.0, "mean": pytest.approx((0.25 + 0.25 + 0.2 + 1) / 4)}
    assert risks["marketer"] == pytest.approx((0.25 + 0.25 + 0.2 + 1) / 4)
    assert (risks["population_rows"], risks["rows_not_in_population"]) == (9, 1)
    inside = report([coded("q", ["a", "b"])], population=everybody)["risks"]
    assert inside["journalist"]["highest"] == 0.25


_ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(0, 6)), min_size=1, max_size=40)


@given(_ROWS, st.floats(0.2, 5.0))
def test_all_measures_agree_with_their_definitions_written_out(rows: list[tuple[str, str, int]], c: float) -> None:
    groups: dict[tuple[str, str], list[int]] = {}
    for first, second, value in rows:
        groups.setdefault((first, second), []).append(value)
    quasi = [coded("1", [row[0] for row in rows]), coded("2", [row[1] for row in rows])]
    numbers = coded("n", [str(row[2]) for row in rows])
    words = coded("w", [f"w{row[2]}" for row in rows])
    found = report(quasi, [numbers, words], k=2, c=c)
    assert violation("risk-report", found) is None
    sizes = [len(one) for one in groups.values()]
    assert found["k"] == min(sizes)
    assert found["to_generalize"]["rows"] == [at for at, row in enumerate(rows, 1) if len(groups[row[0], row[1]]) < 2]
    assert found["risks"]["prosecutor"]["mean"] == pytest.approx(len(groups) / len(rows))
    order = sorted({row[2] for row in rows})
    whole = Counter(row[2] for row in rows)
    ordered, equal, entropies, distinct, recursive = [], [], [], [], []
    for values in groups.values():
        counts = Counter(values)
        gaps = [counts[v] / len(values) - whole[v] / len(rows) for v in order]
        sums = [sum(gaps[: at + 1]) for at in range(len(gaps))]
        ordered.append(sum(map(abs, sums)) / (len(order) - 1) if len(order) > 1 else 0.0)
        equal.append(sum(map(abs, gaps)) / 2)
        entropies.append(-sum(n / len(values) * math.log(n / len(values)) for n in counts.values()))
        distinct.append(len(counts))
        r = sorted(counts.values(), reverse=True)
        recursive.append(max((at for at in range(1, len(r) + 1) if r[0] < c * sum(r[at - 1 :])), default=0))
    first, second = found["sensitive"]
    assert first["t"] == pytest.approx(max(ordered if len(order) > 1 else equal), abs=1e-9)
    assert second["t"] == pytest.approx(max(equal), abs=1e-9)
    for one in (first, second):
        assert one["distinct_l"] == min(distinct)
        assert one["entropy_l"] == pytest.approx(math.exp(min(entropies)))
        assert one["recursive_l"] == min(recursive)


def test_empty_cells_are_a_value_and_below_all_numbers() -> None:
    found = report([coded("q", ["", "", "a"])], [coded("s", ["", "5", "5.0"])])
    assert found["k"] == 1
    assert found["sensitive"][0]["distance"] == "ordered"
    assert found["sensitive"][0]["distinct_l"] == 1


def test_columns_are_found_by_name_whatever_its_case_and_punctuation() -> None:
    found = read_columns(io.BytesIO(b"Birth Year,SEX\n1951,f\n1960,m\n1951,f\n"), ["birth_year", "sex"])
    assert [list(one.codes) for one in found] == [[0, 1, 0], [0, 1, 0]]
    assert "1951" not in repr(found)


@pytest.mark.parametrize("names", [["zip"], ["sex", "zip"], ["a b"]])
def test_a_column_that_is_not_there_or_there_twice_is_refused(names: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        read_columns(io.BytesIO(b"sex,a-b,A_B\nf,1,2\n"), names)
    assert (caught.value.code, caught.value.facts) == ("RSK-001", {"number": len(names)})


def test_what_cannot_be_read_whole_is_not_measured() -> None:
    for data, code in ((b"sex,zip\nf\n", "RSK-003"), (b"", "RSK-003"), (b"sex,zip\n", "RSK-004")):
        with pytest.raises(CheckError) as caught:
            read_columns(io.BytesIO(data), ["sex", "zip"])
        assert caught.value.code == code
    with pytest.raises(UsageError) as twice:
        read_columns(io.BytesIO(b"sex\nf\n"), ["sex", "SEX"])
    assert twice.value.code == "RSK-002"
