"""A rule that a cheap question passes over could not have held: with the question and without it all is the same."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator
from functools import cache, reduce
from operator import or_
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curator.detect.text import engine
from curator.detect.text.dates import dates
from curator.detect.text.fields import cues, layouts, months, values
from curator.detect.text.lists import lexicon
from curator.detect.text.lists.lexicon import flat
from curator.detect.text.names import lowered
from curator.detect.text.numbers import codes, numbers, pagers, standing
from curator.detect.text.words import hints, vocabulary
from curator.detect.text.words.spots import Spots, spots
from curator.identifiers.findings import Finding

HERE = Path(__file__).resolve().parent


def _texts() -> list[str]:
    """Return all strings of the tests beside this one, and each with some marks changed."""
    found: set[str] = set()
    for path in sorted(HERE.parent.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and 6 < len(node.value) < 400:
                found.add(node.value)
    texts, rng = sorted(found), random.Random(7)
    changed = []
    for text in texts:
        marks = list(text)
        for _ in range(rng.randint(1, 4)):
            marks[rng.randrange(len(marks))] = rng.choice(" .,:-/#('’\n0158OlSaeE9é\u0301")
        changed.append("".join(marks))
    return texts + changed


TEXTS = _texts()


class _Every(frozenset[str]):
    """A set that has everything."""

    def __contains__(self, item: object) -> bool:
        return True


class _None(frozenset[str]):
    """A set that has nothing."""

    def __contains__(self, item: object) -> bool:
        return False


Rule = Callable[[str, Spots], Iterator[Finding]]


def _numbers(text: str, found: Spots) -> Iterator[Finding]:
    return numbers.numbers(text, found.numbers, found.flags)


def _labeled(text: str, found: Spots) -> Iterator[Finding]:
    return cues.labeled(text, found.labels)


def _numeric(text: str, found: Spots) -> Iterator[Finding]:
    return dates.numeric_dates(text, found.numbers)


def _lowered(_text: str, found: Spots) -> Iterator[Finding]:
    return lowered.lowered(found)


#: What asks a cheap question, by the set it asks; with the other set it asks none.
QUESTIONS: list[tuple[ModuleType, str, frozenset[str], Rule]] = [
    (numbers, "_VANITY_GAPS", _Every(), _numbers),
    (pagers, "_APART", _Every(), _numbers),
    (pagers, "_DEGREED", _Every(), _numbers),
    (standing, "_NEVER_BEFORE", _None(), _numbers),
    (codes, "_LETTER", _Every(), _numbers),
    (values, "_DOSE_STARTS", _Every(), _numbers),
    (layouts, "_BEFORE_LAST", _Every(), _labeled),
    (cues, "_FIGURES", _None(), _labeled),
    (cues, "_LEADING", _Every(), _labeled),
    (dates, "_PARTS", _Every(), _numeric),
    (months, "_NO_WEEKDAY", _None(), dates.worded_dates),
    (months, "_DAY_WORDS", _Every(), dates.worded_dates),
]


@cache
def _spotted() -> list[tuple[str, Spots]]:
    """Return the texts in which a figure stands, with their words."""
    return [(text, spots(text)) for text in TEXTS if any(map(str.isdecimal, text))]


@pytest.mark.parametrize(("module", "name", "other", "rule"), QUESTIONS, ids=[question[1] for question in QUESTIONS])
def test_a_rule_finds_the_same_without_its_question(
    module: ModuleType, name: str, other: frozenset[str], rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [sorted(rule(text, found)) for text, found in _spotted()]
    assert isinstance(getattr(module, name), frozenset)
    monkeypatch.setattr(module, name, other)
    assert [sorted(rule(text, found)) for text, found in _spotted()] == before
    assert any(before)


def test_all_is_found_as_well_when_the_words_tell_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    detector = engine.TextDetector()
    before = [sorted(detector.find(text)) for text in TEXTS]
    marks = reduce(or_, [one.bits for one in hints.DECLARED], vocabulary.MISREAD | vocabulary.TOLD)

    def blind(text: str) -> Spots:
        found = spots(text)
        found.flags |= marks
        return found

    monkeypatch.setattr(engine, "spots", blind)
    assert [sorted(detector.find(text)) for text in TEXTS] == before


@pytest.mark.parametrize("number", range(len(hints.DECLARED)))
def test_a_mark_that_stands_in_a_text_is_shown_by_its_words(number: int) -> None:
    declared = hints.DECLARED[number]
    for mark in declared.marks:
        for form in ("{}", "a{}b", "1{}2", "é{}é", "x\u0301{}\u0301", "я{}я", "_{}_", "½{}½"):
            text = form.format(mark)
            assert declared.held(text, spots(text).flags), (mark, text)
        assert not declared.held("", spots("").flags)


@pytest.mark.parametrize("mark", ["", "°", "a", "1 2", "месяц", "at"])
def test_a_mark_that_words_cannot_tell_is_refused(mark: str) -> None:
    declared = len(hints.DECLARED)
    with pytest.raises(ValueError, match="a mark"):
        hints.Marks(mark)
    assert len(hints.DECLARED) == declared


def test_what_words_show_does_not_share_a_bit_with_marks() -> None:
    parts = [value for name, value in vars(vocabulary).items() if name.isupper() and isinstance(value, int)]
    bits = [part for part in parts if part.bit_count() == 1 and part > 1]
    marks = {mark.lower() for one in hints.DECLARED for mark in one.marks}
    assert max(bits) < min(one.bits & -one.bits for one in hints.DECLARED)
    assert all(one.bits.bit_count() == len({mark.lower() for mark in one.marks}) for one in hints.DECLARED)
    assert reduce(or_, [one.bits for one in hints.DECLARED]).bit_count() == len(marks)
    assert vocabulary.MISREAD & ~sum({bit for bit in bits if bit != vocabulary.MISREAD}) == vocabulary.MISREAD


def _as_pattern(group: cues._Group, second: str) -> re.Pattern[str] | None:
    """Return the labels of a group as one pattern: what they are told word by word."""

    def one(phrase: str) -> str:
        words = [f"{word[:-1]}['’]?s" if len(word) > 4 and word[-1] == "s" else word for word in phrase.split()]
        return r"[ \t._/\-]{0,3}".join(words) + ("(?:['’]?s(?![^\\W\\d_]))?" if len(phrase) > 2 else "")

    fitting = [
        one(phrase)
        for phrase in group.phrases
        if " " not in phrase or second == "?" or (second and phrase.split(" ", 2)[1].startswith(second))
    ]
    end = r"(?:(?![^\W\d_])|(?=numbers?|num|no|nr|ids?|codes?))"
    return re.compile(f"(?:{'|'.join(fitting)}){end}") if fitting else None


def test_a_label_is_read_word_by_word_as_its_pattern_would() -> None:
    rng, hits = random.Random(3), 0
    for group in cues._table()[0][::9]:
        for phrase in group.phrases[:4]:
            joint = rng.choice(["", " ", "-", "._/", "  ", "/ ", "    "])
            for tail in ("", ":", "s ", "'s:", "’s x", "ss", "s1", "number 4", "x", " no. 7", "'", "²", "²s", "_"):
                low = flat(f"{joint.join(phrase.split())}{tail}")
                second = cues._second(low, len(group.first))
                form = _as_pattern(group, second)
                match = form.match(low) if form else None
                assert group.end(low, 0, second) == (match.end() if match else -1), (phrase, low)
                hits += match is not None
    assert hits > 500


@settings(max_examples=150, deadline=None)
@given(st.from_regex(months._WEEKDAY_BEFORE, fullmatch=True))
def test_every_weekday_is_asked_for(day: str) -> None:
    text = f"{day}12/03/2019"
    match = months._WEEKDAY_BEFORE.search(text, max(0, len(day) - 18), len(day))
    if len(day) > 3 and match:
        assert months.with_weekday(text, len(day)) == match.start()


@settings(max_examples=150, deadline=None)
@given(st.from_regex(values._DOSE, fullmatch=True))
def test_every_unit_is_asked_for(unit: str) -> None:
    assert values.unit_behind(f"5{unit}", 1) == (values._DOSE.match(f"5{unit}", 1) is not None)


@settings(max_examples=150, deadline=None)
@given(st.from_regex(months._BEFORE_DAY, fullmatch=True))
@example("1tothe 30 ")
@example("1stand 2nd ")
@example("3rdtolst of ")
def test_a_day_before_its_month_is_read_from_its_beginning(day: str) -> None:
    text = f"On x {day}May"
    start = len(text) - 3
    whole = months._BEFORE_DAY.search(text, max(0, start - 44), start)
    found = months._BEFORE_DAY.search(text, months._day_start(text, start), start)
    assert (whole and whole.span()) == (found and found.span())


def test_letters_become_small_and_bare_one_for_one_however_many_there_are() -> None:
    every = [chr(code) for code in (*range(0x20, 0x2600), *range(0xA640, 0xABFF), *range(0x10400, 0x10450))]
    for mark in every:
        text = f"A{mark}b{mark}Σ{mark}"
        assert flat(text) == text.translate(lexicon._FLAT), text
    many = "".join(every)
    assert flat(many) == many.translate(lexicon._FLAT)
    assert len(flat("ÀÉÎÕÜ Ærø İıßẞΣς")) == len("ÀÉÎÕÜ Ærø İıßẞΣς")
