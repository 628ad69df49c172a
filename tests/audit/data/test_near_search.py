"""The search for changed copies finds what comparing all pairs would find, and says what it did not look at."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audit_world import World
from faults_data import A, B, C, image, picture, put, split
from hypothesis import given, settings
from hypothesis import strategies as st

from curator.audit import copies, phash, search
from curator.audit.catalog import own
from curator.audit.correlate import ALIKE, large, surely
from curator.audit.images import FineProbe, PixelProbe
from curator.audit.model import Outcome
from curator.audit.runner import Result, run_checks
from curator.audit.search import Index, choices, near

CHECKS = {"splits/near-duplicates", "data/near-duplicates"}


def brute(held: Any, asked: Any, certain: Any) -> set[tuple[int, int]]:
    """Match all pairs of hashes one by one, in plain numbers."""
    found = set()
    for one, (bits, sure) in enumerate(zip(asked.tolist(), certain.tolist(), strict=True)):
        for other, kept in enumerate(held.tolist()):
            if sum(a != b for a, b in zip(bits, kept, strict=True)) > search.MOST:
                continue
            for places in search.layout().tolist():
                free = sorted(places, key=lambda at: sure[at])[: search.UNSURE]
                if all(bits[at] == kept[at] for at in places if at not in free):
                    found.add((one, other))
                    break
    return found


def everyone(one: Any) -> Any:
    return np.ones(len(one), bool)


def every(one: Any, _: Any) -> Any:
    return np.ones(len(one), bool)


def fast(held: Any, asked: Any, certain: Any) -> set[tuple[int, int]]:
    made = Index(held).matching(asked, choices(certain), everyone, every)
    return {(int(a), int(b)) for one, other in made for a, b in zip(one, other, strict=True)}


@st.composite
def hash_sets(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Random hashes, and such as were made to be close: few roots, few or many bits turned, whole bands turned."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    roots = rng.random((draw(st.integers(1, 3)), phash.BITS)) < draw(st.sampled_from([0.5, 0.02, 0.98]))

    def some() -> Any:
        made = roots[rng.integers(0, len(roots), draw(st.integers(1, 14)))].copy()
        for row in made:
            row[rng.choice(phash.BITS, rng.choice([0, 1, 5, 11, 12, 30, 47, 48, 49, 90]), replace=False)] ^= True
            for places in search.layout()[rng.random(search.BANDS) < rng.choice([0.0, 0.5, 0.9])]:
                row[rng.choice(places, rng.choice([1, 4, 5, 6]), replace=False)] ^= True
        return made

    held, asked = some(), some()
    # Ties, too: how certain a bit is may be the same for many.
    certain = rng.integers(0, draw(st.sampled_from([1, 3, 1000])), asked.shape).astype(np.float32)
    return held, asked, certain


@settings(max_examples=100, deadline=None)
@given(hash_sets())
def test_the_search_in_bands_equals_comparing_all_pairs(sets: tuple[Any, Any, Any]) -> None:
    assert fast(*sets) == brute(*sets)


def test_such_sets_hold_pairs_that_match_and_pairs_that_do_not() -> None:
    rng = np.random.default_rng(3)
    held = rng.random((40, phash.BITS)) < 0.5
    asked = held.copy()
    for number, row in enumerate(asked):
        row[rng.choice(phash.BITS, number, replace=False)] ^= True
    certain = rng.random(asked.shape).astype(np.float32)
    found = fast(held, asked, certain)
    assert found == brute(held, asked, certain)
    # Eleven turned bits leave one of twelve bands whole, wherever they lie.
    assert {(at, at) for at in range(search.BANDS // 3)} <= found
    assert 4 < len(found) < 40


def test_equal_hashes_in_masses_and_small_pieces_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    held = np.repeat(rng.random((3, phash.BITS)) < 0.5, 60, axis=0)
    held[::7, 3] ^= True
    certain = rng.random(held.shape).astype(np.float32)
    whole = fast(held, held, certain)
    assert len(whole) >= 3 * 60 * 60
    monkeypatch.setattr(search, "_JOINED", 50)
    assert fast(held, held, certain) == whole


def family(seed: int) -> list[Any]:
    made = picture(seed)
    return [made, made[:, ::-1], np.clip(made * 1.5 - 0.2, 0, 0.8), made[4:, :-3], np.sqrt(made)[::-1]]


@pytest.fixture(scope="module")
def thumbs() -> Any:
    return np.stack([phash.thumbnail(np.ascontiguousarray(one)) for seed in range(12) for one in family(seed)])


def test_a_search_of_images_equals_one_that_compares_all_hashes(thumbs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = list(range(len(thumbs)))
    found = near(thumbs, groups)
    families = {(one // 5, other // 5) for one, other, _ in found.pairs}
    assert {(at, at) for at in range(12)} <= families
    assert sum(one // 5 == other // 5 for one, other, _ in found.pairs) == 12 * 10

    def slow(self: Index, bits: Any, masks: Any, keep: Any, wanted: Any) -> Any:
        apart = (bits[:, None] != np.unpackbits(self.codes.view(np.uint8), axis=1, bitorder="little")[None]).sum(axis=2)
        free = np.bitwise_or.reduce(masks, axis=2)
        own, held = search.keys(bits), search.keys(np.unpackbits(self.codes.view(np.uint8), axis=1, bitorder="little"))
        shared = ((own[:, None] ^ held[None]) & ~free[:, None] == 0).any(axis=2)
        one, other = np.nonzero(shared & (apart <= search.MOST))
        chosen = wanted(one, other)
        yield one[chosen], other[chosen]

    monkeypatch.setattr(Index, "matching", slow)
    again = near(thumbs, groups)
    assert [pair[:2] for pair in again.pairs] == [pair[:2] for pair in found.pairs]
    assert [pair[2] for pair in again.pairs] == pytest.approx([pair[2] for pair in found.pairs])


def test_blocks_and_waiting_pairs_change_nothing(thumbs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = near(thumbs, range(len(thumbs)))
    monkeypatch.setattr(search, "_BLOCK", 7)
    monkeypatch.setattr(search, "_WAITING", 3)
    again = near(thumbs, range(len(thumbs)))
    assert [pair[:2] for pair in again.pairs] == [pair[:2] for pair in found.pairs]
    assert again.unsearched == 0


def test_each_pair_of_groups_is_asked_about_by_one_of_two_searches(thumbs: Any) -> None:
    groups = [at % 5 for at in range(len(thumbs))]
    sides = [(0, 0, 1, 1, -1)[at % 5] for at in range(len(thumbs))]
    across = {pair[:2] for pair in near(thumbs, groups, sides, across=True).pairs}
    others = {pair[:2] for pair in near(thumbs, groups, sides).pairs}
    everything = {pair[:2] for pair in near(thumbs, groups).pairs}
    assert across
    assert others
    assert not across & others
    assert across | others == everything
    assert all({sides[one], sides[other]} == {0, 1} for one, other in across)
    assert any(sides[one] == -1 or sides[other] == -1 for one, other in others)
    assert all(groups[one] != groups[other] for one, other in everything)


def test_a_crowd_of_one_picture_is_counted_and_all_others_are_still_found(
    thumbs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PARTNERS", 20)
    crowd = np.repeat(phash.thumbnail(picture(77))[None], 60, axis=0)
    found = near(np.concatenate([crowd, thumbs]), range(60 + len(thumbs)))
    assert 40 <= found.unsearched <= 60
    assert sum(one >= 60 and one // 5 == other // 5 for one, other, _ in found.pairs) == 12 * 10


@pytest.mark.parametrize(("name", "value"), [("PAIRS", 5), ("WORK", (200, 0))])
def test_a_search_that_stops_says_how_many_were_not_searched(
    thumbs: Any, monkeypatch: pytest.MonkeyPatch, name: str, value: Any
) -> None:
    monkeypatch.setattr(search, name, value)
    found = near(thumbs, range(len(thumbs)))
    assert found.unsearched == len(thumbs)
    assert len(found.pairs) < 12 * 10


def test_a_nearly_uniform_picture_is_found_again_as_a_jpeg() -> None:
    from PIL import Image

    rng = np.random.default_rng(8)
    made = np.full((256, 256), 244.0) + rng.normal(0, 0.4, (256, 256))
    for row, column in rng.integers(8, 240, (60, 2)):
        made[row : row + 7, column : column + 5] -= rng.uniform(5, 70)
    out = io.BytesIO()
    Image.fromarray(np.round(made).clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=60)
    again = np.asarray(Image.open(out)).astype(float)
    other = np.full((256, 256), 244.0) + rng.normal(0, 0.4, (256, 256))
    for row, column in rng.integers(8, 240, (60, 2)):
        other[row : row + 7, column : column + 5] -= rng.uniform(5, 70)
    images = [made, again, other]
    found = near(np.stack([phash.thumbnail(one) for one in images]), range(3))
    assert (0, 1) in {pair[:2] for pair in found.pairs}
    fine = [phash.thumbnail(one, phash.FINE) for one in images]
    assert surely(fine[0], fine[1]) > ALIKE > surely(fine[0], fine[2])


def test_correlation_by_spectra_equals_correlation_by_pixels() -> None:
    one, other = (phash.thumbnail(picture(seed), phash.FINE) for seed in (3, 3))
    moved = np.roll(other[::-1], (4, -6), (0, 1))
    assert surely(one, moved) == pytest.approx(1, abs=1e-3)
    waves = np.abs(np.fft.fftfreq(phash.FINE) * phash.FINE)
    radius = np.hypot(waves[:, None], waves[None, :])
    band = np.where((radius >= 3) & (radius <= 16), np.sqrt(radius), 0)
    other = phash.thumbnail(picture(4), phash.FINE)

    def passed(made: Any) -> Any:
        real = np.real(np.fft.ifft2(np.fft.fft2(made - made.mean()) * band))
        return real / np.sqrt(np.square(real).sum())

    still = passed(other.astype(float))
    turned = (one, one[:, ::-1], one[::-1], one[::-1, ::-1])
    shifts = [(a, b) for a in range(-6, 8, 3) for b in range(-6, 8, 3)]
    most = max((np.roll(passed(each.astype(float)), by, (0, 1)) * still).sum() for each in turned for by in shifts)
    views = large().spectra(one), large().spectra(other)
    assert large().compare(*views) >= most - 1e-4
    assert large().compare(*views) == pytest.approx(large().compare(*reversed(views)), abs=1e-5)


def test_thumbnails_are_those_of_the_version_that_the_probes_tell() -> None:
    y, x = np.mgrid[0:64, 0:64]
    made = ((x * 3 + y * 5) % 64 + (x // 16) * 8).astype(np.int16)
    # Means of two by two whole numbers are exact, on every machine.
    digest = hashlib.sha256(phash.thumbnail(made).tobytes()).hexdigest()
    # Who changes thumbnails changes the versions, or old answers would be taken from the cache.
    assert (PixelProbe().version, FineProbe(frozenset()).version, digest[:16]) == (2, 2, "4c2d55483fe4aa42")


def answers(world: World, settings: dict[str, Any] | None = None, **means: Any) -> dict[str, Result]:
    subject = world.subject(settings=settings or {}, **means)
    chosen = [one for one in own() if one.check.id in CHECKS]
    found = {one.check.id: one for one in run_checks(subject, chosen, show=subject.show)}
    subject.close()
    return found


def alike_at(value: float) -> dict[str, Any]:
    return {name: {"alike": value} for name in CHECKS}


def crowd(world: World) -> None:
    """Put one picture at three patients: two of one split, one of the other."""
    for name in (A, B, C):
        put(world, f"clean/{name}/S1/R7/I1.dcm", image(name, f"crowd {name}", picture(9)))
    split(world, {A: "train", B: "train", C: "test"})


@pytest.mark.parametrize(("where", "name", "value"), [(search, "PARTNERS", 1), (copies, "CLOSELY", 0)])
def test_what_was_not_compared_to_the_end_is_never_passed(
    world: World, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, value: int
) -> None:
    crowd(world)
    # Nothing agrees at above 1, so that there is no finding.
    assert {one.outcome for one in answers(world, alike_at(1.1)).values()} == {Outcome.PASS}
    monkeypatch.setattr(where, name, value)
    found = answers(world, alike_at(1.1))
    assert {one.outcome for one in found.values()} == {Outcome.COULD_NOT_CHECK}
    for one in found.values():
        assert "too many" in one.answer.summary
        assert one.answer.figures["crowded"] + one.answer.figures["likely_not_compared"] > 0


def test_copies_fail_and_what_was_not_compared_is_told_beside_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(world)
    monkeypatch.setattr(search, "PARTNERS", 1)
    found = answers(world)
    assert {one.outcome for one in found.values()} == {Outcome.FAIL}
    assert all("too many" in one.answer.summary for one in found.values())


def test_a_patient_of_no_split_is_compared_with_those_of_splits(world: World) -> None:
    for name in (A, C):
        put(world, f"clean/{name}/S1/R7/I1.dcm", image(name, f"loose {name}", picture(9)))
    split(world, {A: "train", B: "test"})
    found = answers(world)
    assert found["data/near-duplicates"].outcome == Outcome.FAIL
    assert found["splits/near-duplicates"].outcome == Outcome.PASS


def test_few_large_thumbnails_at_a_time_give_the_same_findings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(world)
    found = answers(world)
    monkeypatch.setattr(copies, "HELD", 1)
    monkeypatch.setattr(copies, "SPECTRA", 0)
    again = answers(world)
    for name in CHECKS:
        assert again[name].answer.findings == found[name].answer.findings != ()


def test_two_searches_at_once_find_what_each_finds_alone(thumbs: Any) -> None:
    owners = [at // 2 for at in range(len(thumbs))]
    sides = [(-1, 0, 1)[at % 3] for at in owners]
    both = search.nears(thumbs, owners, sides)
    assert both[True].pairs
    assert both[False].pairs
    assert both == {across: near(thumbs, owners, sides, across=across) for across in (True, False)}


def test_a_second_audit_of_the_same_images_takes_the_search_from_the_first(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in (A, C):
        put(world, f"clean/{name}/S1/R7/I1.dcm", image(name, f"loose {name}", picture(9)))
    split(world, {A: "train", B: "test"})
    first = answers(world, cache=tmp_path / "seen")
    assert first["data/near-duplicates"].outcome == Outcome.FAIL
    with monkeypatch.context() as patch:
        patch.setattr(search, "nears", lambda *_: pytest.fail("searched again"))
        again = answers(world, cache=tmp_path / "seen")
    assert {name: one.answer for name, one in again.items()} == {name: one.answer for name, one in first.items()}
    put(world, f"clean/{B}/S1/R7/I1.dcm", image(B, "one more", picture(9)))
    assert answers(world, cache=tmp_path / "seen")["splits/near-duplicates"].outcome == Outcome.FAIL
    split(world, {A: "test", B: "test"})
    moved = answers(world, cache=tmp_path / "seen")["splits/near-duplicates"]
    assert moved.outcome == Outcome.PASS, "who is in which split is a part of what was searched"
