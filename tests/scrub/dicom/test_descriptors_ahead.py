"""What is looked at ahead of a search never says no where the search would find something."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from curator.identifiers import spelling
from curator.identifiers.known import KnownIdentifiers, KnownMatcher, sought
from curator.scrub.dicom import descriptors_numbers as numbers
from curator.scrub.dicom import forms, matcher, readings
from curator.scrub.dicom.descriptors_ahead import Ahead
from curator.scrub.dicom.descriptors_asked import Memory

LISTED = r"""
jan feb march mrz avr mai juin juillet aug aout ago sept okt dez dic ene gen of de st th copy test file a
MRN mr# med rec accession acc pat-id patient pid pt_id ssn ss# soc sec acct csn hosp nhs fall-nr aufnahme
account har visit unit no policy lic serial sn tel fax order case ids study num ref lot badge room bed
dob d.o.b. born geb. née nac age aged alter yrs y yo y/o years old jahre ans лет tahun ninety hundred
Dr Prof Mrs Smith www. http:// a@b.com (at) at dot com local C:\x /home/x \\srv\share plate VIN PASSPORT
令和 平成 年 月 日 元年 H R T S m mm x TX OK la NSW SW1A 1AA K1A 0B1 AB 00:1b:44:11:3a:b7 1.2.840.10008.1
192.168.1.1 10.0.0.1 +1 (555) 123-4567 II XI maja maart F M 93F 94yF 12.345.678-9 ３ K ſ é
"""
PHRASES = (
    "12 VIII 1948",
    "3 maja 1948",
    "3rd of march 1948",
    "令和3年4月",
    "ninety-two years old",
    "93 лет",
    "in 1948",
)
PHRASES += (
    "born 3 feb 48",
    "seen 1951 again",
    "17. januar 2019",
    "H3.4.5",
    "Licence plate AB12CDE",
    "age of 93",
    "Dr Abel",
    "Prof. Kain",
)
WORDS = (*LISTED.split(), *PHRASES)
GAPS = (" ", " ", "", "-", "/", ".", "_", ", ", ":", "#", "=", "\\", "(", "\n", "'")
#: Each pattern that is searched only after a look ahead, and the look.
GUARDED = (
    ("_DATES", Ahead.date),
    ("_BORN", Ahead.birth),
    ("_ALONE", Ahead.year),
    ("_LABELED", Ahead.labeled),
    ("_LABEL_ONLY", Ahead.label),
    ("_CODES", Ahead.code),
    ("_ODD_CODES", Ahead.odd_code),
    ("_ODD_DATES", Ahead.odd_date),
    ("_NAMED_DAY", Ahead.odd_date),
    ("_ERA", Ahead.odd_date),
    ("_SEXED", Ahead.age),
    ("_OLD", Ahead.age),
    ("_SPOKEN_AGE", Ahead.spoken_age),
    ("_WEB", Ahead.web),
    ("_PATH", Ahead.path),
    ("_SUSPICIOUS_DAY", Ahead.date),
)


def made_texts(count: int, seed: int) -> list[str]:
    """Return texts put together of words that the patterns know, numbers and separators."""
    chance = random.Random(seed)
    texts = []
    for _ in range(count):
        parts = []
        for _ in range(chance.randrange(1, 7)):
            word = chance.choice(WORDS)
            number = str(chance.randrange(10 ** chance.randrange(1, 10)))
            day = f"{chance.randrange(1, 32):02d}"
            part = chance.choice((word, word, word.upper(), number, day, str(chance.randrange(85, 140))))
            parts += (part, chance.choice(GAPS))
        texts.append("".join(parts[: chance.choice((-1, len(parts)))]))
    return texts


TEXTS = made_texts(5000, 3)


@pytest.mark.parametrize(("name", "look"), GUARDED)
def test_a_pattern_matches_only_where_the_look_ahead_lets_it_be_searched(name: str, look) -> None:  # type: ignore[no-untyped-def]
    form = getattr(numbers, name)
    found = [text for text in TEXTS if form.search(text)]
    assert found
    assert [text for text in found if not look(Ahead(text))] == []


def test_addresses_titles_and_ages_are_found_only_where_the_look_ahead_lets_them_be_searched() -> None:
    for form, look in ((forms._FORMS, Ahead.form), (forms._TITLES, Ahead.title), (forms._AGES, Ahead.age)):
        found = [text for text in TEXTS if form.search(text)]
        assert found
        assert all(look(Ahead(text)) for text in found)


def test_the_look_ahead_spares_most_texts_that_hold_nothing() -> None:
    ahead = Ahead("copy 1234 of a test file")
    assert not any((ahead.date(), ahead.code(), ahead.odd_code(), ahead.age(), ahead.form(), ahead.label()))


def test_a_date_is_found_in_every_text_that_one_of_its_forms_matches() -> None:
    hits = 0
    for text in TEXTS:
        if not text.isascii():
            continue
        lower = text.lower()
        matched = spelling._ERA.search(lower) or any(form.search(lower) for form, _ in spelling._forms())
        hits += bool(matched)
        assert bool(spelling.dates_in(text)) is bool(matched)
    assert hits > 100


def test_where_a_persons_identifiers_stand_the_quick_question_says_that_they_may() -> None:
    known = (("name", "Smith^Rosa May"), ("id", "0012345"), ("birth_date", "19480517"), ("institution", "Elm Clinic"))
    known += (("phone", "555 123 4567"), ("address", "12 Elm Court\nTown"), ("name", "Li^Na"))
    own, finder = matcher.Matcher(known), KnownMatcher(KnownIdentifiers(known), is_word={"may", "elm"}.__contains__)
    chance = random.Random(5)
    pieces = (*WORDS[:20], "SMITH", "rosa", "May", "r s m i t h", "12345", "0012345", "17 May 1948", "17.05.48")
    pieces += (
        "elm",
        "Elm Clinic",
        "555-123-4567",
        "Li Na",
        "NA",
        "LI",
        "12 Elm",
        "smi-th",
        "Rosas",
        "5m1th",
        "é",
        "日",
    )
    seen = [0, 0]
    for _ in range(4000):
        texts = [
            "".join(
                part for _ in range(chance.randrange(1, 5)) for part in (chance.choice(pieces), chance.choice(GAPS))
            )
            for _ in range(2)
        ]
        hit, found = any(map(own.hits, texts)), any(True for text in texts for _ in finder.find(text))
        seen[0], seen[1] = seen[0] + hit, seen[1] + found
        assert own.may_hit(readings.readings(texts)) or not hit
        assert finder.may_find(sought(texts)) or not found
    assert min(seen) > 500
    nothing = ["CT chest without contrast", "T2 axial 5 mm"]
    assert not own.may_hit(readings.readings(nothing))
    assert not finder.may_find(sought(nothing))


def test_printable_runs_are_those_that_the_pattern_finds() -> None:
    chance = random.Random(7)
    marks = (b"a", b"Z", b" ", b"~", b"\0", b"\n", b"\x7f", b"\x80", b"1\0", b"\0q", readings._RAMP)
    lengths = set()
    for count in range(3000):
        value = b"".join(chance.choice(marks[: 2 + count % 10]) for _ in range(chance.randrange(40)))
        value *= 60 if not count % 50 else 1  # long enough to be remembered
        runs = (found.replace(b"\0", b"") for found in readings._RUNS.findall(value))
        ramp = readings._RAMP
        expected = b"\n".join(run.replace(ramp, b"\n").replace(ramp[::-1], b"\n") for run in runs).decode("ascii")
        assert readings.printable(value) == readings.printable(value) == expected
        lengths.add(len(value) > readings._LEAST_TABLE)
    assert lengths == {True, False}


def test_a_memory_keeps_what_is_asked_for_and_forgets_the_rest() -> None:
    memory, made = Memory(4), []

    def get(key: int) -> int:
        def make() -> int:
            made.append(key)
            return key * key

        return memory.get(key, make)

    for key in range(100):
        assert get(-1) == 1
        assert get(key) == key * key
        assert len(memory._new) + len(memory._old) <= 8
    assert made.count(-1) == 1
    assert made == sorted(set(made), key=made.index)
    assert all(one < other for one, other in pairwise(made[1:]))
    get(0)
    assert made[-1] == 0
