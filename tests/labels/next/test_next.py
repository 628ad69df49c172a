"""What to label next: scores by their definitions, coverage, the random share, and files that are refused."""

from __future__ import annotations

import hashlib
import io
import json
import math
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from curator.core.errors import CheckError, CuratorError, UsageError
from curator.core.schema import violation
from curator.labels.next import scores
from curator.labels.next.choose import Wishes, choose, randoms
from curator.labels.next.coverage import cover
from curator.labels.next.read import Table, check_probabilities, read_table
from curator.labels.next.worklist import as_csv, check_place, write
from curator.labels.signed import Barred
from curator.project.journal import Sample

SECRET = "Quillfeather^Zebediah"


def samples(count: int) -> list[Sample]:
    made = []
    for number in range(count):
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        made.append(Sample(f"clean/s/{number:03}.dcm", digest, f"2.25.{number + 10}", digest, "dicom"))
    return made


def table(rows: Any, names: list[str] | None = None) -> Table:
    values = np.asarray(rows, float)
    values = values[None] if values.ndim == 2 else values
    return Table(tuple(names or [one.path for one in samples(values.shape[1])]), values)


def chosen(document: dict[str, Any], reason: str | None = None) -> list[str]:
    assert violation("label-worklist", document) is None
    assert document["chosen"] == len(document["worklist"])
    assert document["random"] == sum(one["reason"] == "random" for one in document["worklist"]) >= 1
    return [one["sample"] for one in document["worklist"] if reason in (None, one["reason"])]


def test_scores_are_those_of_their_definitions() -> None:
    one = np.array([[[0.5, 0.25, 0.25], [1, 0, 0], [0.4, 0.35, 0.25]]])
    assert scores.entropy(one) == pytest.approx(
        [1.5 * math.log(2), 0, -sum(p * math.log(p) for p in (0.4, 0.35, 0.25))]
    )
    assert scores.margin(one) == pytest.approx([0.75, 0, 0.95])
    assert scores.least_confidence(one) == pytest.approx([0.5, 0, 0.6])
    two = np.array([[[0.9, 0.1], [0.9, 0.1], [0.5, 0.5]], [[0.2, 0.8], [0.8, 0.2], [0.9, 0.1]]])
    # Votes: one each; both for the first; a tie is split, so three quarters.
    quarter = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert scores.vote_entropy(two) == pytest.approx([math.log(2), 0, quarter])

    def kl(p: list[float], q: list[float]) -> float:
        return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True) if a)

    wanted = [(kl([0.9, 0.1], [0.55, 0.45]) + kl([0.2, 0.8], [0.55, 0.45])) / 2]
    assert scores.divergence(two)[:1] == pytest.approx(wanted)
    for committee in (scores.vote_entropy, scores.divergence):
        with pytest.raises(UsageError) as caught:
            committee(one)
        assert caught.value.code == "NXT-007"


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5), st.integers(1, 12), st.integers(2, 4), st.integers(0, 2**32 - 1))
def test_scores_keep_their_bounds(models: int, count: int, classes: int, seed: int) -> None:
    values = np.random.default_rng(seed).dirichlet(np.ones(classes), (models, count))
    assert (scores.entropy(values) <= math.log(classes) + 1e-9).all()
    assert ((scores.margin(values) >= 0) & (scores.margin(values) <= 1)).all()
    assert (scores.least_confidence(values) <= 1 - 1 / classes + 1e-9).all()
    if models > 1:
        assert (scores.divergence(values) >= -1e-9).all()
        assert (scores.vote_entropy(values) <= math.log(min(classes, models)) + 1e-9).all()


def test_the_most_doubtful_come_first_and_a_share_is_random() -> None:
    count = 40
    doubt = np.linspace(0.5, 1, count)
    rows = np.column_stack([doubt, 1 - doubt])
    document = choose(table(rows), samples(count), {}, Wishes("entropy", 20))
    by_doubt = chosen(document, "entropy")
    assert len(by_doubt) == 18
    assert by_doubt == sorted(by_doubt)
    drawn = set(chosen(document, "random"))
    assert len(drawn) == 2
    left = [one.path for one in samples(count) if one.path not in drawn]
    assert by_doubt == left[:18]
    ranks = [one["rank"] for one in document["worklist"] if one["reason"] == "random"]
    assert ranks == [6, 16]


def test_the_same_seed_gives_the_same_list_whatever_the_rows_order() -> None:
    rows = np.full((30, 2), 0.5)  # all tied
    first = choose(table(rows), samples(30), {}, Wishes("margin", 10, seed=3))
    names = [one.path for one in samples(30)]
    again = choose(table(rows, names[::-1]), samples(30)[::-1], {}, Wishes("margin", 10, seed=3))
    assert first == again
    other = choose(table(rows), samples(30), {}, Wishes("margin", 10, seed=4))
    assert chosen(first) != chosen(other)


@pytest.mark.parametrize(
    ("count", "share", "wanted"), [(100, 0.1, 10), (5, 0.1, 1), (1, 0.5, 1), (11, 0.1, 2), (10, 1.0, 10), (30, 0.3, 9)]
)
def test_the_random_share_is_rounded_up_and_never_none(count: int, share: float, wanted: int) -> None:
    assert randoms(count, share) == wanted


def test_the_random_share_is_even_over_seeds() -> None:
    hits = np.zeros(10)
    rows = np.full((10, 2), 0.5)
    for seed in range(300):
        for path in chosen(choose(table(rows), samples(10), {}, Wishes("entropy", 2, seed=seed)), "random"):
            hits[int(path[8:11])] += 1
    assert hits.sum() == 300
    assert hits.min() > 10  # of 30 expected


def test_labeled_samples_are_left_out_unless_asked_for() -> None:
    every = samples(6)
    labeled = {one.path: one.sha256 for one in every[:4]} | {every[4].path: "0" * 64}
    rows = np.full((6, 2), 0.5)
    document = choose(table(rows), every, labeled, Wishes("entropy", 6))
    assert sorted(chosen(document)) == [one.path for one in every[4:]]  # the fifth file is another one than was labeled
    assert (document["labeled"], document["candidates"]) == (4, 2)
    assert choose(table(rows), every, labeled, Wishes("entropy", 6, again=True))["chosen"] == 6
    with pytest.raises(CheckError) as caught:
        choose(table(rows), every, {one.path: one.sha256 for one in every}, Wishes("entropy", 6))
    assert caught.value.code == "NXT-009"


def test_unknown_samples_are_refused_with_their_number() -> None:
    names = [samples(2)[0].path, SECRET]
    rows = np.full((2, 2), 0.5)
    with pytest.raises(CheckError) as caught:
        choose(table(rows, names), samples(2), {}, Wishes("entropy", 2))
    assert (caught.value.code, caught.value.facts) == ("NXT-003", {"count": 1})
    document = choose(table(rows, names), samples(2), {}, Wishes("entropy", 2, skip_unknown=True))
    assert document["unknown"] == 1
    assert SECRET not in json.dumps(document)


def test_one_sample_under_two_names_is_refused() -> None:
    one = samples(1)[0]
    with pytest.raises(CheckError) as caught:
        choose(table(np.full((2, 2), 0.5), [one.path, one.uid]), [one], {}, Wishes("entropy", 2))
    assert caught.value.code == "NXT-006"


def test_coverage_takes_a_sample_of_each_group_before_a_second_of_any() -> None:
    random = np.random.default_rng(5)
    groups = np.repeat(np.arange(5), 20)
    points = random.normal(size=(100, 3)) * 0.1 + groups[:, None] * 10
    for method in ("k-center", "k-means-pp"):
        document = choose(table(points), samples(100), {}, Wishes(method, 5, share=0.1))
        met = {int(groups[int(path[8:11])]) for path in chosen(document)}
        assert met == set(range(5)), method
    labeled = {one.path: one.sha256 for one in samples(100)[:20]}
    document = choose(table(points), samples(100), labeled, Wishes("k-center", 4, share=0.1))
    assert {int(groups[int(path[8:11])]) for path in chosen(document)} == {1, 2, 3, 4}


def test_k_center_is_within_twice_the_best_radius() -> None:
    points = np.arange(12, dtype=float)[:, None]
    found = cover(points, np.empty((0, 1)), 3, range(12))
    centers = points[[at for at, _ in found]]
    assert np.abs(points - centers.T).min(1).max() <= 2 * 2  # three centers reach all of 12 points within 2 at best
    assert math.isinf(found[0][1])


def test_coverage_of_equal_points_goes_by_the_draw() -> None:
    assert [at for at, _ in cover(np.zeros((4, 2)), np.zeros((1, 2)), 3, [2, 0, 3, 1])] == [1, 3, 0]


def write_files(folder: Path, rows: np.ndarray, names: list[str]) -> list[Path]:
    csv = folder / "p.csv"
    csv.write_text(
        "sample,a,b\n" + "".join(f"{n},{x!r},{y!r}\n" for n, (x, y) in zip(names, rows.tolist(), strict=True))
    )
    parquet.write_table(pa.table({"sample": names, "a": rows[:, 0], "b": rows[:, 1]}), folder / "p.parquet")
    np.savez(folder / "p.npz", samples=np.array(names), values=rows)
    return [csv, folder / "p.parquet", folder / "p.npz"]


def test_all_three_forms_say_the_same(tmp_path: Path) -> None:
    rows = np.array([[0.25, 0.75], [0.5, 0.5], [1, 0]])
    found = [read_table(path) for path in write_files(tmp_path, rows, ["b", "a", "c"])]
    for one in found:
        assert one.samples == ("a", "b", "c")
        assert one.values.tolist() == [[[0.5, 0.5], [0.25, 0.75], [1, 0]]]


def test_a_committee_stands_in_one_table(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("sample,model,a,b\nx,m2,0.5,0.5\nx,m1,1,0\ny,m1,0,1\ny,m2,0.25,0.75\n")
    found = read_table(path)
    assert found.values.tolist() == [[[1, 0], [0, 1]], [[0.5, 0.5], [0.25, 0.75]]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sample,a,b\nx,0.5,\n", "NXT-005"),
        ("sample,a,b\nx,0.5,inf\n", "NXT-005"),
        (f"sample,a,b\nx,0.5,{SECRET}\n", "NXT-002"),
        ("name,a,b\nx,0.5,0.5\n", "NXT-002"),
        ("sample,a,a\nx,0.5,0.5\n", "NXT-002"),
        ("sample\nx\n", "NXT-002"),
        ("sample,a,b\nx,0.5\n", "NXT-002"),
        ("sample,a,b\n,0.5,0.5\n", "NXT-002"),
        ("sample,a,b\n", "NXT-002"),
        ("", "NXT-002"),
        ("sample,a,b\nx,0.5,0.5\nx,0.1,0.9\n", "NXT-006"),
        ("sample,model,a,b\nx,m1,0.5,0.5\nx,m2,0.5,0.5\ny,m1,0.5,0.5\n", "NXT-008"),
    ],
)
def test_a_table_that_is_not_whole_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text(text)
    with pytest.raises(CuratorError) as caught:
        read_table(path)
    assert caught.value.code == code
    assert SECRET not in f"{caught.value} {caught.value.facts}"


@pytest.mark.parametrize("rows", [[[0.6, 0.5]], [[-0.1, 1.1]], [[0.2, 0.2]], [[2, -1]], [[1.0]]])
def test_what_is_no_probability_is_refused(rows: Any) -> None:
    with pytest.raises(CheckError) as caught:
        check_probabilities(np.array(rows, float)[None])
    assert caught.value.code == "NXT-004"
    assert check_probabilities(np.array([[[0.3334, 0.3333, 0.3333]]])).sum() == pytest.approx(1)


class _Bad:
    def __reduce__(self) -> Any:
        raise AssertionError("an object of the file was made")


def test_an_archive_with_objects_or_broken_arrays_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.npz"
    np.savez(path, samples=np.array(["a", None], dtype=object), values=np.eye(2), allow_pickle=True)
    cases = [path.read_bytes(), b"PK nothing", b""]
    for samples_, values in (
        (["a"], np.eye(2)),
        (["a", "b"], np.array([["x", "y"]] * 2)),
        (["a", "b"], np.ones(2)),
        ([1, 2], np.eye(2)),
    ):
        stream = io.BytesIO()
        np.savez(stream, samples=np.array(samples_), values=values)
        cases.append(stream.getvalue())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("samples.npy", b"\x93NUMPY nonsense")
        archive.writestr("values.npy", b"x")
    cases.append(stream.getvalue())
    for data in cases:
        path.write_bytes(data)
        with pytest.raises(CheckError) as caught:
            read_table(path)
        assert caught.value.code == "NXT-002"


def test_a_file_that_is_not_there_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("sample,a\n")
    for name in ("p.txt", "none.csv"):
        with pytest.raises(UsageError) as caught:
            read_table(tmp_path / name)
        assert caught.value.code == "NXT-001"


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes("entropy", 0),
        Wishes("entropy", 1, share=0),
        Wishes("entropy", 1, share=1.5),
        Wishes("entropy", 1, seed=-1),
    ],
)
def test_wishes_that_cannot_be_are_refused(wishes: Wishes) -> None:
    with pytest.raises(UsageError) as caught:
        wishes.check()
    assert caught.value.code == "NXT-011"


def test_a_worklist_is_written_once(tmp_path: Path) -> None:
    document = choose(table(np.full((4, 2), 0.5)), samples(4), {}, Wishes("entropy", 3))
    write(tmp_path / "w.csv", document)
    write(tmp_path / "w.json", document)
    assert json.loads((tmp_path / "w.json").read_text()) == document
    lines = (tmp_path / "w.csv").read_text().splitlines()
    assert lines == as_csv(document).splitlines()
    assert len(lines) == 4
    for name in ("w.csv", "w.txt"):
        with pytest.raises(UsageError) as caught:
            check_place(tmp_path / name)
        assert caught.value.code == "NXT-012"


def test_without_numpy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(UsageError) as caught:
        read_table(tmp_path / "p.csv")
    assert caught.value.code == "NXT-010"


def test_barred_samples_are_left_out_and_counted() -> None:
    every = samples(4)
    barred = Barred(files=frozenset({every[0].sha256}))
    document = choose(table(np.full((4, 2), 0.5)), every, {}, Wishes("entropy", 4), barred=barred)
    assert sorted(chosen(document)) == [one.path for one in every[1:]]
    assert document["barred"] == 1


def test_samples_to_be_labeled_again_cover_nothing() -> None:
    points = np.array([[0.0], [1.0], [2.0], [50.0], [100.0]])
    every = samples(5)
    labeled = {one.path: one.sha256 for one in every}
    document = choose(table(points), every, labeled, Wishes("k-center", 3, share=0.1, again=True))
    far = [one["score"] for one in document["worklist"] if one["reason"] == "k-center"]
    assert len(far) == 2
    assert min(far) > 0
