"""The closed loop's search: every spelling of what is known, anywhere, and nothing else."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curator.audit.checks.privacy_known_identifiers import _in_names
from curator.audit.closed.dates import written_dates
from curator.audit.closed.encoded import Together
from curator.audit.closed.engine import Patterns, Shorts, has_numpy
from curator.audit.closed.forms import Known, sheet_of
from curator.audit.closed.packed import Gathered, Groups, Texts
from curator.audit.closed.plain import CHUNK, KEPT, OVERLAP, narrowed, plain_bytes, plain_text
from curator.audit.closed.rules import Rule
from curator.audit.closed.search import Search, naive
from curator.audit.closed.views import _ENCODABLE, _LONG, _holds
from curator.audit.closed.words import Words, narrowed_by_arrays

VALUES = (
    ("name", "Müller-Østergård^Anne Zoë"),
    ("id", "00278332170"),
    ("accession", "ACC-778431"),
    ("phone", "+49 555 6776 114"),
    ("ssn", "739-24-1268"),
    ("email", "zoe.ostergard@mail.example"),
    ("birth_date", "19660822"),
    ("date", "20150312"),
    ("address", "31 Krymsorrin Lane, Nebelhofen, IA 50108-5377"),
    ("institution", "Sankt Zacharias Klinik"),
    ("uid", "1.2.826.0.1.3680043.8.498.6151769096502"),
    ("device", "SNHHF66321217"),
    ("name", "White^Lee"),
    ("id", "X7"),
)
SHEET = sheet_of(
    [Known(1, VALUES), Known(2, (("name", "Иванов^Пётр=伊藤^健太"), ("date", "20160417"), ("id", "5550123")))]
)


@pytest.fixture(scope="module", params=[True, False], ids=["numpy", "plain"])
def search(request):
    return Search(SHEET, fast=request.param)


def found(search, text, persons=(1,), prose=True):
    return set(search.count(plain_text(text), persons, prose=prose))


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("seen by Anne Zoë Müller-Østergård today", "name"),
        ("MUELLER OSTERGARD", "name"),
        ("muller_ostergard_anne", "name"),
        ("OSTERGARD, ZOE", "name"),
        ("Mu\u0308ller, Anne", "name"),
        ("Dear Mrs. Zoe, thank you", "name"),
        ("no. 278332170 was", "id"),
        ("ID:0000278332170;", "id"),
        ("278-332-170", "id"),
        ("acc778431", "accession"),
        ("call 0049 (555) 6776-114 now", "phone"),
        ("739 24 1268", "ssn"),
        ("739.24.1268", "ssn"),
        ("ZOE.OSTERGARD@", "email"),
        ("born 22.08.1966 in", "birth_date"),
        ("born 8/22/66 in", "birth_date"),
        ("on 1966-8-22, in", "birth_date"),
        ("on August 22nd, 1966", "birth_date"),
        ("le 22 août 1966", "birth_date"),
        ("22. März 2015 12. März 2015", "date"),
        ("12-MAR-2015", "date"),
        ("20150312141503.123", "date"),
        ("lives at 31, KRYMSORRIN LANE", "address"),
        ("from Nebelhofen", "address"),
        ("zip 50108", "address"),
        ("the sankt zacharias-klinik", "institution"),
        ("1.2.826.0.1.3680043.8.498.6151769096502", "uid"),
        ("sn hhf 66321217", "device"),
        ("thanks to Mr. White for", "name"),
        ("Lee was seen", "name"),
        ("see x7 please", "id"),
    ],
)
def test_what_is_known_is_found_in_every_spelling(search, text, category):
    assert category in found(search, text)


@pytest.mark.parametrize(
    "text",
    [
        "White matter is normal. White cells too.",
        "a white spot",
        "the number 12345678901 and 1.2.826.0.1.3680043.8.498.1",
        "2.25.32733278332170675670764197427943944529",
        "on 13 March 2015 and 2015-03-13, 2015",
        "Annex to Zo",
        "3122015",
        "sleeve",
    ],
)
def test_what_is_not_known_is_not_found(search, text):
    assert found(search, text) == set()


def test_another_persons_date_and_short_name_are_no_hit_but_whole_names_and_numbers_are(search):
    assert found(search, "12 March 2015, Lee, institution Sankt Zacharias Klinik", persons=(2,)) == set()
    assert found(search, "Zoe Ostergard, MRN 00278332170", persons=(2,)) == {"name", "id", "email"}
    assert found(search, "Iwan Иванов Пётр", persons=()) == {"name"}
    assert found(search, "伊藤 健太", persons=(2,)) == {"name"}


def test_bytes_of_any_kind_hold_strings_from_eight_bytes_on_in_each_character_set(search):
    for data in (
        b"\x00\x01Anne^Zoe Ostergard\xff\xfe",
        "Zoë Østergård".encode("latin-1"),
        "Zoë Østergård".encode(),
        "Zoë Østergård".encode("utf-16-le"),
        "Zoë Østergård".encode("utf-16-be"),
        b"\x93\x00" + "Zoë Østergård".encode("utf-16-le"),
    ):
        hits = set().union(*(search.count(plain, (), prose=False) for plain in plain_bytes(data)))
        assert "name" in hits, data
    noise = random.Random(3).randbytes(1 << 18)
    assert not any(search.count(plain, (1, 2), prose=False) for plain in plain_bytes(noise, wide=False))


def test_values_across_the_borders_of_chunks_are_found_once(search):
    for shift in (-40, -9, -1, 0, 1, 200, 255, 256, 257, OVERLAP - 3, OVERLAP):
        text = b"." * (CHUNK + shift) + b" Zoe, Ostergard 31 Krymsorrin Lane, no. 00278332170 " + b"-" * CHUNK
        assert search.count(text, (), prose=True) == {"name": 1, "address": 1, "id": 1, "email": 1}, shift


PIECES = st.sampled_from(
    [
        "Anne",
        "zoe",
        "OSTERGARD",
        "muller",
        "Lee",
        "White",
        "22",
        "8",
        "1966",
        "03",
        "12",
        "2015",
        "march",
        "0",
        "278332170",
        "x7",
        "739",
        "24",
        "1268",
        "acc",
        "778431",
    ]
    + ["31", "Krymsorrin", "Lane", "s", "é", "伊藤", "健太", "\n", " ", ", ", "-", ".", "^", "\0"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40), st.booleans(), st.sampled_from([(), (1,), (2,), (1, 2)]))
def test_the_filter_finds_what_a_naive_search_finds(pieces, prose, persons):
    plain = plain_text("".join(pieces))
    for search in _SEARCHES.values():
        known = naive(SHEET, plain, persons, prose=prose)
        assert search.places(plain, persons, prose=prose) == known
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("curator.audit.closed.search._WORTH", 0)
            patch.setattr("curator.audit.closed.search._LARGE", 0)
            assert search.places(plain, persons, prose=prose) == known


@settings(max_examples=40, deadline=None)
@given(st.lists(PIECES, min_size=30, max_size=40), st.booleans(), st.integers(0, 1600))
def test_the_borders_of_chunks_change_nothing(pieces, prose, pad):
    plain = plain_text("".join(pieces))
    whole = _SEARCHES[True].places(plain, (1,), prose=prose)
    lead = b"-" * (CHUNK - 600 + pad)
    moved = _SEARCHES[True].places(lead + plain + b"-" * 900, (1,), prose=prose)
    assert [(place.at - len(lead), place.category) for place in moved] == [(one.at, one.category) for one in whole]


_SEARCHES = {True: Search(SHEET, fast=True), False: Search(SHEET, fast=False)}


def test_each_value_is_counted_as_strong_weak_or_not_searched_and_nothing_shows_a_value():
    counts = sheet_of([Known(1, (("name", "Li^A"), ("id", "7"), ("date", "20150101"), ("date", "1"), *VALUES))]).counts
    assert counts["id"] == {"strong": 1, "weak": 1, "unsearched": 1}
    assert counts["date"] == {"strong": 1, "weak": 0, "unsearched": 2}
    assert "Müller" not in repr(SHEET)
    assert "ostergard" not in repr(Search(SHEET))
    assert "White" not in repr(Known(1, VALUES))


def test_a_date_that_a_moved_date_of_the_same_person_looks_like_is_not_searched():
    sheet = sheet_of([Known(1, (("date", "20150312"), ("date", "20150402")), shift=21)])
    search = Search(sheet)
    assert search.count(b"2015-04-02", (1,), prose=True) == {}
    assert search.count(b"2015-03-12", (1,), prose=True) == {"date": 1}


UTF8 = st.lists(
    st.one_of(
        st.binary(max_size=9),
        st.text(max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.sampled_from([b"abcdef", "Østergård".encode(), b"\xc3", b"\xa5", "健太".encode() * 3, b"\0", b"\x7f"]),
    ),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(UTF8)
def test_runs_of_utf8_among_noise_are_found_by_arrays_as_by_the_expression_alone(parts):
    data = b"".join(parts)
    with pytest.MonkeyPatch.context() as patch:
        found = list(plain_bytes(data))
        patch.setattr("curator.audit.closed.plain.has_numpy", lambda: False)
        assert list(plain_bytes(data)) == found


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 8), st.lists(st.sampled_from("a+ _-=/\n"), max_size=90), st.integers(28, 36))
def test_long_runs_are_found_by_arrays_as_without(before, marks, run):
    data = ("." * before + "".join(marks) + "," + "Q" * run).encode()
    text = data.translate(_ENCODABLE)
    with pytest.MonkeyPatch.context() as patch:
        assert _holds(data) == (_LONG in text)
        patch.setattr("curator.audit.closed.views._PIECE", 7)
        assert _holds(data) == (_LONG in text)
        patch.setattr("curator.audit.closed.views.has_numpy", lambda: False)
        assert _holds(data) == (_LONG in text)


NUMBERS = st.sampled_from(
    ["1", "12", "3", "03", "124", "1966", "66", "1966T", "12th", "1\u00ba", "mar", "march", "may2"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(NUMBERS, st.sampled_from([" ", "-", ".", "/", ", ", " of ", "de ", "\n", "x"])), max_size=12))
def test_arrays_choose_every_word_where_a_written_date_begins(parts):
    plain = plain_text("".join(parts))
    found = [
        list(written_dates(plain, Words(plain, narrowed(plain), KEPT, fast=fast), fast=fast)) for fast in (True, False)
    ]
    assert found[0] == found[1]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text("ab1", min_size=1, max_size=9).map(str.encode), max_size=25),
    st.lists(st.sampled_from(["a", "b", "1", "ab", "a1b", " ", ".", "bbbb", "11111"]), max_size=40),
    st.sampled_from([0, 4000]),
    st.sampled_from([3, 1 << 15]),
)
def test_short_and_long_strings_are_found_by_arrays_as_by_a_dictionary(strings, parts, few, block):
    plain = plain_text("".join(parts))
    folded, texts = narrowed(plain), Texts.plain(strings)
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("curator.audit.closed.engine._FEW", few)
        patch.setattr("curator.audit.closed.engine.BLOCK", block)
        for fast in (True, False):
            words = Words(plain, folded, KEPT, fast=fast)
            shorts = sorted(Shorts(texts, fast=fast).find(folded, words))
            if fast:
                base = Shorts(texts, range(0, texts.short, 2), fast=fast)
                some = Shorts(texts, range(1, texts.short, 2), base=base, fast=fast)
                assert sorted(some.find(folded, words)) == shorts
            found.append((sorted(Patterns(texts, fast=fast).find(folded)), shorts))
    assert found[0] == found[1]


@settings(max_examples=100, deadline=None)
@given(
    st.sets(st.text("12", max_size=8), max_size=40),
    st.lists(st.sampled_from(["12345678", "1", "2", "12", "9"]), max_size=40),
    st.sampled_from([0, 8]),
)
def test_strings_that_begin_alike_are_found_by_their_tails_whether_bisected_or_gone_through(tails, parts, many):
    strings, folded = [f"12345678{tail}".encode() for tail in tails], "".join(parts).encode()
    wanted = {(at, one) for one in strings for at in range(len(folded)) if folded.startswith(one, at)}
    texts = Texts.plain(strings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("curator.audit.closed.packed._MANY", many)
        for fast in (True, False):
            found = [(at, texts.text(row)) for at, row in Patterns(texts, fast=fast).find(folded)]
            assert sorted(found) == sorted(wanted)
    assert [texts.find(one) for one in texts] == [*range(len(strings))]
    assert texts.find(b"12345678x") == texts.find(b"12345") == -1


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text("1", min_size=1, max_size=7).map(str.encode), min_size=1, max_size=3),
    st.lists(st.text("a", min_size=1, max_size=7).map(str.encode), max_size=3),
    st.lists(st.sampled_from(["11", "111", "aa", "a", " ", "."]), max_size=60),
)
def test_words_of_the_rarer_kind_are_asked_alone_and_none_is_missed(numbers, letters, parts):
    plain = plain_text("".join(parts))
    folded = narrowed(plain)
    for some in (numbers, letters, numbers + letters):
        told = [
            sorted(Shorts(Texts.plain(some), fast=fast).find(folded, Words(plain, folded, KEPT, fast=fast)))
            for fast in (True, False)
        ]
        assert told[0] == told[1]


@settings(max_examples=100, deadline=None)
@example(bytes(range(256)), 64)
@example(bytes(range(128)), 64)
@given(st.binary(max_size=90) | st.text(max_size=90).map(str.encode), st.integers(1, 40))
def test_letters_and_digits_are_taken_by_arrays_as_by_a_table(data, block):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("curator.audit.closed.words._BYTES", block)
        folded, marks = narrowed_by_arrays(data)
    assert folded == narrowed(data)
    assert marks.tobytes() == b"\0" + data.translate(KEPT) + b"\0"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["ab", "A1", "\u00e9", " ", ".", "longer"]), min_size=1, max_size=30), st.data())
def test_places_of_folded_bytes_are_told_by_arrays_as_without(parts, data):
    plain = plain_text("a" + "".join(parts))
    folded = narrowed(plain)
    places = data.draw(st.lists(st.integers(0, len(folded) - 1), min_size=1, max_size=9))
    sizes = [data.draw(st.integers(1, len(folded) - at)) for at in places]
    told = [Words(plain, folded, KEPT, fast=fast).spans(places, sizes) for fast in (True, False)]
    assert told[0] == told[1]


SPELLED = st.one_of(PIECES.map(str.encode), PIECES.map(lambda one: one.encode("utf-16-le")), st.binary(max_size=6))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(SPELLED, min_size=1, max_size=8).map(b"".join), max_size=12), st.integers(1, 200))
def test_short_parts_that_are_searched_together_give_what_each_gives_alone(parts, most):
    search, persons = _SEARCHES[True], (1, 2)
    alone = Counter()
    for part in parts:
        for plain in plain_bytes(part):
            alone += search.count(plain, persons, prose=False)
    together, size, short = Counter(), 0, Together()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("curator.audit.closed.encoded._MOST", most)
        for part in [*parts, None]:
            if part is not None:
                short.add(part)
            if short.full or part is None:
                for number, (plain, between) in enumerate(short.read()):
                    together += search.count(plain, persons, prose=False)
                    size += 0 if number else len(plain) - between
    assert together == alone
    assert size == sum(map(len, parts)), "what stands between parts is not counted as searched"


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=6).map("".join), min_size=1, max_size=90))
def test_names_of_files_that_are_searched_together_give_what_each_gives_alone(names):
    search = _SEARCHES[True]
    paths = [(f"clean/{name}", str(number), frozenset({1})) for number, name in enumerate(names)]
    alone = [
        (sha256, category, count)
        for path, sha256, persons in paths
        for category, count in search.count(plain_text(path), persons, prose=True).items()
    ]
    assert list(_in_names(search, paths)) == alone


@pytest.mark.parametrize("fast", [True, False])
def test_a_value_of_which_nothing_is_left_is_not_sought(fast):
    gathered = Gathered(Groups())
    for text in (b"", b"kwabena"):
        gathered.add(text, Rule.LETTERS, "id", 1)
    texts = gathered.packed()
    assert [*texts] == [b"kwabena"]
    assert Shorts(texts, fast=fast and has_numpy()).sizes == (7,)
