"""Known identifiers are found in every spelling, and nothing is left unsearched in silence. All values are made up."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.identifiers.known import KnownIdentifiers, KnownMatcher, sought, strengths


def found(known, text):
    return {text[f.start : f.end] for f in KnownMatcher(KnownIdentifiers(known)).find(text)}


@pytest.mark.parametrize(
    ("known", "text", "value"),
    [
        (("name", "Muñoz^José"), "seen: JOSE MUNOZ today", "MUNOZ"),
        (("name", "Muñoz^José"), unicodedata.normalize("NFD", "with Muñoz,"), unicodedata.normalize("NFD", "Muñoz")),
        (("name", "Okonkwo^Ngozi"), "file okonkwo_ngozi.txt", "okonkwo_ngozi"),
        (("name", "Li^Wei"), "Mr. Li came", "Li"),
        (("id", "00-482-913"), "MRN 00482913.", "00482913"),
        (("id", "00482913"), "MRN 00 482 913.", "00 482 913"),
        (("phone", "+1 701 555 0133"), "call (701) 555-0133", "701) 555-0133"),
        (("birth_date", "19310314"), "born 3/14/1931", "3/14/1931"),
        (("birth_date", "19310314"), "born March 14th, 1931", "March 14th, 1931"),
        (("birth_date", "19310314"), "born 14-MAR-1931", "14-MAR-1931"),
        (("birth_date", "19310314"), "born 1931-03-14", "1931-03-14"),
    ],
)
def test_a_value_is_found_in_another_spelling(known, text, value):
    assert value in found([known], text)


def test_a_short_name_is_no_part_of_a_word_and_a_date_no_part_of_a_number():
    assert found([("name", "Li^Wei")], "lithium weight") == set()
    assert found([("birth_date", "19310314")], "913/14/19315") == set()


def test_what_is_too_short_is_counted():
    matcher = KnownMatcher(KnownIdentifiers([("id", "7"), ("birth_date", "1931")]))
    assert (matcher.unsearched, list(matcher.find("7 1931"))) == (2, [])


def test_values_stand_in_no_representation():
    assert "Okonkwo" not in repr(KnownIdentifiers((("name", "Okonkwo"),)))


@given(st.text(max_size=60), st.text(alphabet=st.characters(categories=["Ll", "Lu", "Nd"]), min_size=6, max_size=12))
def test_a_long_value_between_any_words_is_always_found(text, value):
    whole = f"{text} {value} {text}"
    spans = list(KnownMatcher(KnownIdentifiers([("id", value)])).find(whole))
    at = len(text) + 1
    assert any(f.start <= at and at + len(value) <= f.end for f in spans) or not any(c.isalnum() for c in value)


def test_a_match_reaches_to_the_ends_of_the_words_it_touches():
    assert found([("name", "Martin^Olga")], "the Martinez family") == {"Martinez"}
    assert found([("id", "4455667")], "x 9944556670 y") == {"9944556670"}


def test_a_name_that_is_a_word_is_found_where_it_is_written_like_a_name():
    words = {"may", "long", "hunter"}

    def spans(text, name):
        matcher = KnownMatcher(KnownIdentifiers((("name", name),)), is_word=words.__contains__)
        return {text[f.start : f.end] for f in matcher.find(text)}

    assert spans("Saw Mr. May, who may go. May repeat.", "May^Theodor") == {"May"}
    assert spans("No long QT. Seen by Long.", "Long^Hunter") == {"Long"}
    assert "LONG HUNTER" in spans("LONG HUNTER was here", "Long^Hunter")


def words_of_her(text, *names):
    words = {"baker", "young", "memo", "bob", "leopold", "knee"}
    known = KnownIdentifiers(tuple(("name", name) for name in names))
    matcher = KnownMatcher(known, is_word=words.__contains__, begins={"bob", "leopold"}.__contains__)
    return {text[f.start : f.end] for f in matcher.find(text)}


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Rm 4 BAKER J. Pt ok", "BAKER J."),
        ("Rm 4 Baker, J", "Baker, J"),
        ("SPACED: B A K E R seen", "B A K E R"),
        ("Baker: no acute infarct", "Baker"),
        ("Stable. Baker says it hurts", "Baker"),
    ],
)
def test_a_word_that_is_her_name_goes_with_an_initial_letter_by_letter_and_where_it_speaks(text, gone):
    assert gone in words_of_her(text, "Baker^Jean")


@pytest.mark.parametrize("text", ["Baker cyst", "BAKER J/K", "BAKER K. MD", "baker j", "BAKER CYST", "B A K E S"])
def test_a_word_that_is_her_name_stays_where_nothing_tells_her(text):
    assert not words_of_her(text, "Baker^Jean")


def test_a_nickname_or_an_eponym_that_is_her_name_goes_at_the_beginning_too():
    assert words_of_her("Bob APGAR 8/9", "Bob") == {"Bob"}
    assert words_of_her("Leopold fills the box", "Leopold^Jean") == {"Leopold"}
    assert words_of_her("Memo says nausea", "Memo") == {"Memo"}
    assert words_of_her("Memo to the chart", "Memo") == set()


def everybodys(known, text, words=frozenset()):
    matcher = KnownMatcher(KnownIdentifiers(known), whole=True, is_word=words.__contains__)
    return {text[f.start : f.end] for f in matcher.find(text)}


def test_names_of_everybody_are_searched_as_a_whole_and_rare_parts_as_words():
    known = (("name", "Okonkwo^Ngozi"), ("id", "MR-00417"))
    text = "Ngozi came. Okonkwo, Ngozi (MR00417) left; ngozi okonkwo too."
    assert {"Ngozi", "Okonkwo, Ngozi", "MR00417", "ngozi okonkwo"} <= everybodys(known, text)
    assert everybodys(known, "The Okonkwos' house; Okon-\nkwo. Kokonkwo.") == {"Okonkwos", "Okon-\nkwo"}
    assert everybodys((("name", "Rivers^April"),), "Rivers in April. April Rivers.", {"rivers", "april"}) == {
        "April Rivers"
    }


def test_a_short_whole_name_is_found_with_blanks_and_marks_between():
    known = (("name", "Ng^Xu"),)
    assert {"Xu Ng", "NG, XU", "X u N g"} <= everybodys(known, "saw Xu Ng. NG, XU and X u N g")
    assert everybodys(known, "10 ng and xu ng") == set()
    assert "xu ng" in found(known, "and xu ng came")


def test_of_somebody_elses_address_the_part_with_a_number_is_searched():
    known = (("address", "12 Ostrichgasse, Fargo"),)
    assert everybodys(known, "lives 12 OSTRICHGASSE in Fargo") == {"12 OSTRICHGASSE"}


def test_a_whole_name_of_everyday_words_goes_in_small_letters_too_where_it_is_the_persons_own():
    words = {"april", "rivers"}
    matcher = KnownMatcher(KnownIdentifiers((("name", "Rivers^April"),)), is_word=words.__contains__)
    text = "april rivers is here"
    assert {text[f.start : f.end] for f in matcher.find(text)} == {"april rivers"}


@pytest.mark.parametrize(
    "text", ["Ngo\u200bzi", "N\u00adgozi", "Ngozi\u0301", "NGOZI", "ngozi", "Nɡozi".replace("ɡ", "g"), "Ngo\u2060zi"]
)
def test_what_shows_nothing_hides_no_name(text):
    assert found([("name", "Okonkwo^Ngozi")], f"saw {text} today")


def test_strengths_are_counted():
    counts = strengths([("name", "Okonkwo"), ("name", "Li"), ("id", "7"), ("birth_date", "19500102"), ("date", "1950")])
    assert counts == {"strong": 2, "weak": 1, "unsearched": 2}


NAMED = [("name", "Vandersloot^Marguerite"), ("birth_date", "19580422"), ("phone", "701-555-0142")]
STREET = [("address", "4417 Thistledown Ln Apt 9"), ("address", "12 Oak St"), ("address", "Lärchenweg 12")]


def everyday(word):
    return word in {"thistledown", "oak", "may", "apr", "plate"}


def found_among_words(known, text):
    matcher = KnownMatcher(KnownIdentifiers(known), is_word=everyday)
    return {text[f.start : f.end] for f in matcher.find(text)}


@pytest.mark.parametrize(
    "value",
    [
        "VANDERSL00T",
        "vandersl00t",
        "V4ndersloot",
        "Vanders1oots",
        "58/04/22",
        "22.04.58",
        "042258",
        "Apr 58",
        "April '58",
    ]
    + ["555 0142", "555-0142", "5550142"],
)
def test_a_usual_other_spelling_is_found(value):
    assert found_among_words(NAMED, f"then {value} today") == {value}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("at 4417 thistledown, upstairs", "4417 thistledown"),
        ("THISTLEDOWN LN 4417", "THISTLEDOWN LN 4417"),
        ("the house on Thistledown by the river", "Thistledown"),
        ("Thistledown Lane house", "Thistledown Lane"),
        ("in the larchenweg again", "larchenweg"),
    ],
)
def test_the_rare_word_of_a_persons_street_is_theirs(text, value):
    assert value in found_among_words(STREET, text)


@pytest.mark.parametrize(
    "text",
    ["220 458 plate", "WBC 5.80 422", "0.42258", "5804221", "1-555 01423", "an oak, 12 oaks", "thistledown of a plant"]
    + ["58 apr 4", "4-22 mg", "B12 H1N1 T4N0"],
)
def test_everyday_numbers_and_words_stay(text):
    assert found_among_words(NAMED + STREET[:2], text) == set()


def test_a_search_that_is_spared_would_have_found_nothing():
    matcher = KnownMatcher(KnownIdentifiers(NAMED + STREET), is_word=everyday)
    for text in ("saw V4ndersloot", "at 4417 thistledown", "b. Apr 58", "call 555 0142", "the Larchenweg"):
        assert list(matcher.find(text))
        assert matcher.may_find(sought([text]))


def test_a_word_that_only_looks_like_a_name_is_found_as_a_word_and_never_inside_of_one() -> None:
    matcher = KnownMatcher(
        KnownIdentifiers((("likely_name", "Ludovic"), ("likely_name", "Heart"))), is_word={"heart"}.__contains__
    )
    text = "ludovic came; Ludovica and the Heart did not"
    assert [text[one.start : one.end] for one in matcher.find(text)] == ["ludovic"]
