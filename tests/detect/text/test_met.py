"""What was found in a text before is what would be found again, and it holds no text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.detect.text import detectors
from curator.detect.text import met as kept
from curator.detect.text.engine import TextDetector
from curator.detect.text.met import Met, digest_of
from curator.detect.text.words.shown import readings
from curator.detect.text.words.wrapped import unwrapped

NOTE = (
    "Patient: Kwabenaba Tettehquaye\nMRN: 00482913\nSeen by Dr. Thistlewood at Ogden General Hospital on 3/14/2021, "
    "a 94-year-old man from 417 Maplewood Terrace, Springfield; call 617-555-0142 about the next visit."
)


def told(met: Met) -> Met:
    """What a second process knows, by way of JSON."""
    other = Met()
    other.take(json.loads(json.dumps(met.document())))
    return other


@pytest.mark.parametrize("weighed", [True, False])
def test_findings_from_memory_are_those_of_a_search(weighed):
    met = Met()
    met.clear(keeps=True)
    list(TextDetector(weighed=False, met=met).find(NOTE))
    again = list(TextDetector(weighed=weighed, met=told(met)).find(NOTE))
    assert again == list(TextDetector(weighed=weighed).find(NOTE))
    assert len(again) > 6


def test_the_rules_are_not_asked_for_a_text_that_was_met(monkeypatch):
    met = Met()
    met.clear(keeps=True)
    first = list(TextDetector(weighed=False, met=met).find(NOTE))
    asked = []
    monkeypatch.setattr(TextDetector, "_ruled", lambda *given: asked.append(given) or iter(()))
    assert list(TextDetector(weighed=False, met=told(met)).find(NOTE)) == first
    assert asked == []
    list(TextDetector(weighed=False, met=told(met)).find(NOTE + " "))
    assert len(asked) == 1


def test_nothing_is_kept_unless_asked_for():
    met = Met()
    list(TextDetector(met=met).find(NOTE))
    assert met.document() is None
    assert met.find(NOTE) is None


def test_a_document_holds_digests_and_places_alone():
    met = Met()
    met.clear(keeps=True)
    list(detectors(weighed=False, met=met)[0].find(NOTE))
    said = json.dumps(met.document())
    for word in ("Kwabenaba", "Tettehquaye", "00482913", "Thistlewood", "Ogden", "Maplewood", "Springfield", "0142"):
        assert word not in said
    assert list(met.document()["texts"]) == [digest_of(NOTE)]


def test_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 20)
    met = Met()
    met.clear(keeps=True)
    detector = TextDetector(weighed=False, met=met)
    for number in range(30):
        list(detector.find(f"{NOTE} {number}"))
    assert 1 <= len(met.document()["texts"]) <= 3


def test_places_beyond_the_text_are_never_given():
    met = Met()
    met.take({"rules": [["A", "name", "name.title", 0.9]], "texts": {digest_of("short"): [0, 99, 0]}})
    assert met.find("short") is None


@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_any_text_comes_back_as_it_was_searched(texts):
    met = Met()
    met.clear(keeps=True)
    detector = TextDetector(weighed=False, met=met)
    for text in texts:
        list(detector.find(text))
    again = told(met)
    for text in texts:
        read = as_read(text)
        assert again.find(read) == list(TextDetector(weighed=False)._read(read))
        assert again.find(read) is not None


def as_read(text):
    return unwrapped(readings(text)[0]).text


def shorter(monkeypatch, texts=40, most=20):
    """Parts of two or three texts each, as they were laid aside, and what is kept behind them."""
    monkeypatch.setattr(kept, "MOST", most)
    met, parts = Met(), []
    met.clear(keeps=True, aside=lambda part: parts.append(json.loads(json.dumps(part))))
    detector = TextDetector(weighed=False, met=met)
    for number in range(texts):
        list(detector.find(f"{NOTE} {number}"))
    return [*parts, met.document()]


def test_what_is_full_is_laid_aside_and_taken_back_in_the_same_order(monkeypatch):
    first, *more = shorter(monkeypatch)
    assert len(more) > 10
    assert sum(len(part["texts"]) for part in (first, *more)) == 40
    asked, taken, met = [], [], Met()
    monkeypatch.setattr(TextDetector, "_ruled", lambda *given: asked.append(given) or iter(()))
    met.take(first, (taken.append(at) or part for at, part in enumerate(more)))
    detector = TextDetector(weighed=False, met=met)
    for number in range(40):
        assert len(list(detector.find(f"{NOTE} {number}"))) > 6
        assert len(taken) <= number + 1  # no part before it is needed
    assert asked == []
    list(detector.find("Another text of Ada Example."))
    assert len(asked) == 1


def test_texts_that_are_in_no_part_keep_the_next_one_where_it_is(monkeypatch):
    first, *more = shorter(monkeypatch, texts=12)
    met = Met()
    met.take(first, iter(more))
    for number in range(500):
        assert met.find(f"another {number}") is None
    assert [met.find(f"{NOTE} {number}") is not None for number in range(12)] == [True] * 12


def test_a_part_that_was_skipped_is_left_after_some_patience(monkeypatch):
    monkeypatch.setattr(kept, "PATIENCE", 3)
    first, *more = shorter(monkeypatch, texts=30)
    met = Met()
    met.take(first, iter(more))
    found = [met.find(f"{NOTE} {number}") is not None for number in range(20, 30)]
    assert not all(found)
    late = 0
    while met.find(f"{NOTE} 29") is None:
        late += 1
        assert late < 200
    assert met.find(f"{NOTE} 29")


def test_what_another_process_found_is_laid_aside_as_well(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 20)
    parts, ours, theirs = [], Met(), Met()
    ours.clear(keeps=True, aside=parts.append)
    theirs.clear(keeps=True, aside=lambda _part: pytest.fail("a hand writes nothing"))
    detector = TextDetector(weighed=False, met=theirs)
    for number in (*range(12), 3, 5):
        theirs.begin()
        list(detector.find(f"{NOTE} {number}"))
        ours.join(theirs.met())
    assert len(parts) >= 3
    listed = [list(part["texts"]) for part in (*parts, ours.document())]
    # What was met again stands again, since the second search meets it there too.
    wanted = [digest_of(f"{NOTE} {number}") for number in (*range(12), 3, 5)]
    assert [digest for part in listed for digest in part] == wanted
