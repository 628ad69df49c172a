"""Perceptual hashes, statistics and criteria by themselves."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from faults_data import picture

from curator.audit import phash
from curator.audit.album import Image
from curator.audit.cases import Case, band, years
from curator.audit.correlate import ALIKE, surely
from curator.audit.criteria import parse
from curator.audit.geometry import gaps
from curator.audit.headers import HeaderProbe, sides_in
from curator.audit.model import File
from curator.audit.people_words import categories, maker
from curator.audit.search import near
from curator.audit.stats import cases_needed, half_width, mean_difference, power, share_difference
from curator.core.errors import CheckError, CuratorError


def changed(made: np.ndarray, kind: str) -> np.ndarray:
    if kind == "windowed":
        return np.clip(made * 1.8 - 0.3, 0, 0.8)
    if kind == "inverted twice and stretched":
        return np.sqrt(made)
    if kind == "larger":
        return made.repeat(2, 0).repeat(2, 1)
    if kind == "squeezed":
        return made[::2]
    if kind == "cropped":
        return made[5:, 2:-3]
    if kind == "quantized":
        return np.round(made * 15) / 15
    return {"flipped": made[:, ::-1], "upside down": made[::-1], "turned by half": made[::-1, ::-1]}[kind]


KINDS = (
    "windowed",
    "inverted twice and stretched",
    "larger",
    "squeezed",
    "cropped",
    "quantized",
    "flipped",
    "upside down",
    "turned by half",
)


def test_changed_copies_are_found_and_few_other_images_are() -> None:
    made = [picture(seed) for seed in range(30)]
    made += [np.ascontiguousarray(changed(made[number], kind)) for number, kind in enumerate(KINDS)]
    likely = near(np.stack([phash.thumbnail(one) for one in made]), list(range(len(made)))).pairs
    wanted = [(number, 30 + number) for number in range(len(KINDS))]
    assert {pair[:2] for pair in likely} >= set(wanted)
    fine = [phash.thumbnail(one, phash.FINE) for one in made]
    found = [(a, b) for a, b, _ in likely if surely(fine[a], fine[b]) >= ALIKE]
    assert set(found) >= set(wanted)
    # These pictures are simple and of one outline, where different ones are taken for copies most easily.
    assert len(set(found) - set(wanted)) < len(made) * (len(made) - 1) / 2 / 100


def test_images_of_one_group_are_not_asked_about() -> None:
    thumb = phash.thumbnail(picture(1))
    assert near(np.stack([thumb, thumb]), [5, 5]).pairs == []
    assert [pair[:2] for pair in near(np.stack([thumb, thumb]), [5, 6]).pairs] == [(0, 1)]


def test_a_thumbnail_does_not_change_with_gray_values_that_keep_their_order() -> None:
    made = picture(2)
    assert np.abs(phash.thumbnail(made).astype(int) - phash.thumbnail(made * 70 - 9)).max() <= 2


def test_differences_agree_with_their_formulas() -> None:
    value, low, high = share_difference((50, 100), (70, 100)) or (0, 0, 0)
    assert value == pytest.approx(0.2 / math.sqrt((0.25 + 0.21) / 2))
    assert low < value < high
    assert share_difference((0, 10), (10, 10)) is None
    assert share_difference((0, 10), (0, 20)) == (0.0, 0.0, 0.0)
    mean = mean_difference([1, 2, 3], [2, 3, 4])
    assert mean is not None
    assert mean[0] == pytest.approx(1.0)
    assert mean_difference([1], [2, 3]) is None


def test_power_agrees_with_scipy() -> None:
    from scipy.stats import binom

    for total, null, expected in ((50, 0.8, 0.9), (120, 0.85, 0.95), (7, 0.5, 0.9)):
        least = next(k for k in range(total + 2) if binom.sf(k - 1, total, null) <= 0.025)
        assert power(total, null, expected) == pytest.approx(binom.sf(least - 1, total, expected), abs=1e-9)
    assert power(0, 0.5, 0.9) == 0.0
    assert power(cases_needed(0.8, 0.9) + 20, 0.8, 0.9) > 0.78
    assert half_width(0.9, 0) == 0.5
    assert half_width(0.9, 400) < 0.031


def a_case(**facts: object) -> Case:
    made = Case("PAAAAAAAAAAAAAAAA")
    made.images.append(Image(File("clean/x/y.dcm", 1, "0", "dicom"), {"format": "dicom", **facts}, made.name))
    return made


@pytest.mark.parametrize(
    ("comparison", "facts", "wanted"),
    [
        ({"field": "age", "op": ">=", "value": 18}, {"age": "045Y"}, True),
        ({"field": "age", "op": ">=", "value": 18}, {"age": "006M"}, False),
        ({"field": "age", "op": ">=", "value": 18}, {}, None),
        ({"field": "sex", "op": "in", "value": ["F", "M"]}, {"sex": "O"}, False),
        ({"field": "sex", "op": "known"}, {}, False),
        ({"field": "modalities", "op": "has", "value": "CT"}, {"modality": "CT"}, True),
        ({"field": "modalities", "op": "has-not", "value": "CT"}, {"modality": "CT"}, False),
        ({"field": "race", "op": "=", "value": "White"}, {"ethnic": ["race:White"]}, True),
        ({"field": "race", "op": "=", "value": "White"}, {"ethnic": ["race:Not mapped"]}, None),
        ({"field": "thickness", "op": "<=", "value": 3}, {"thickness": [5.0]}, False),
        ({"field": "thickness", "op": "<=", "value": 3}, {"thickness": [0.0]}, None),
        ({"field": "sex", "op": "<", "value": 3}, {"sex": "F"}, None),
    ],
)
def test_comparisons_have_three_values(comparison: dict, facts: dict, wanted: bool | None) -> None:
    document = {"format": 1, "exclusion": [{"id": "x", "text": "t", "all": [comparison]}]}
    (criterion,) = parse(document)
    assert criterion.holds(a_case(**facts)) is wanted
    assert criterion.met(a_case(**facts)) is (None if wanted is None else not wanted)


@pytest.mark.parametrize(
    "one",
    [
        {"field": "age", "op": ">=", "value": "18"},
        {"field": "age", "op": "in", "value": 18},
        {"field": "age", "op": "="},
        {"field": "name", "op": "=", "value": 1},
    ],
)
def test_a_comparison_that_makes_no_sense_is_refused(one: dict) -> None:
    with pytest.raises(CheckError) as caught:
        parse({"format": 1, "inclusion": [{"id": "x", "text": "t", "any": [one]}]})
    assert caught.value.code == "AUD-007"


def test_words_for_race_and_makers_are_mapped_and_never_guessed() -> None:
    assert categories("Black or African-American") == ["race:Black or African American"]
    assert categories("HISPANIC\\white") == ["ethnicity:Hispanic or Latino", "race:Hispanic or Latino", "race:White"]
    assert categories("2106-3") == ["race:White"]
    assert categories("W") == ["race:Not mapped"]
    assert categories("Jane Doe") == ["race:Not mapped"]
    assert categories("declined") == ["stated:Declined"]
    assert [maker(one) for one in ("GE MEDICAL SYSTEMS", "SIEMENS", "German Devices", "Jane Doe Inc")] == [
        "GE",
        "Siemens",
        "other maker",
        "other maker",
    ]
    two = a_case(ethnic=["race:White", "race:Asian", "race:Not mapped"])
    assert (two.group("race"), two.group("ethnicity")) == ("More than one", "unknown")


def test_ages_sides_and_gaps_are_read_as_they_are() -> None:
    assert [band(years(one)) for one in ("003W", "018Y", "090Y", "x")] == ["0-1", "17-39", "90+", "unknown"]
    assert sides_in("LEFT_knee, rt. foot, bright, Lt") == {"L", "R"}
    assert sides_in("re: upright, leftover") == set()
    assert gaps([0, 1, 2, 4, 5]) == (1, 1)
    assert gaps([0, 0, 1, 1, 2, 2, 3]) == (0, 0)
    assert gaps([0, 1, 2, 3.5, 4.5, 5.5]) == (1, 1)
    assert gaps([0, 5]) == (0, 0)


def test_a_volume_is_read_and_one_that_is_broken_is_not() -> None:
    import gzip

    head = bytearray(352)
    head[0:4] = np.array([348], "<i4").tobytes()
    head[40:56] = np.array([3, 8, 8, 4, 1, 1, 1, 1], "<i2").tobytes()
    head[70:74] = np.array([4, 16], "<i2").tobytes()
    head[76:108] = np.array([1, 0.5, 0.7, 3, 1, 1, 1, 1], "<f4").tobytes()
    head[108:112] = np.array([352], "<f4").tobytes()
    head[254:256] = np.array([1], "<i2").tobytes()
    head[280:328] = np.array([0.5, 0, 0, 0, 0, 0.7, 0, 0, 0, 0, 3, 0], "<f4").tobytes()
    head[344:348] = b"n+1\0"
    values = np.arange(256, dtype="<i2")
    data = gzip.compress(bytes(head) + values.tobytes())
    file = File("clean/P/a.nii.gz", len(data), "0" * 64, "nifti")
    facts = HeaderProbe().look(file, io.BytesIO(data))
    assert (facts["rows"], facts["columns"], facts["frames"], facts["sform"]) == (8, 8, [4.0], 1)
    assert facts["spacing"] == pytest.approx([0.7, 0.5])
    from curator.audit.images import PixelProbe

    found = PixelProbe().look(file, io.BytesIO(data))
    assert (found["planes"], found["constant"], len(found["thumbs"])) == (4, 0, 4)
    for broken in (data[:-9], gzip.compress(bytes(head) + values.tobytes()[:-2])):
        with pytest.raises(CuratorError):
            PixelProbe().look(file, io.BytesIO(broken))
