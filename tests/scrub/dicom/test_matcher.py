"""Known identifiers are found in every spelling; what merely looks alike stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.identifiers.spelling import may_tell_year
from curator.scrub.dicom.matcher import MORE, Matcher, dates_in, fold, has_form, is_registered_uid

KNOWN = Matcher(
    [
        ("name", "Müller-Lüdenscheidt^Jörg^Karl"),
        ("name", "Fox^Al"),
        ("name", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("id", "00123456"),
        ("id", "A7"),
        ("accession", "AB 12-34.X"),
        ("phone", "+1 (555) 010-7788"),
        ("address", "12 Elm Street\nSpringfield"),
        ("birth_date", "19520319"),
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "MULLER LUDENSCHEIDT", "jorg karl", "scan of Luedenscheidt mueller-lüdenscheidt", "x_JörgMüllerLüdenscheidt_y",
        "Fox, head", "fox", "FOX AL", "山田", "患者山田太郎様",
        "Yamada", "123456", "id:0123456x", "ab1234x", "AB/12/34/X",
        "5550107788", "555.010.7788", "12 elm street", "Springfield General", "1952-03-19", "19520319", "19.03.1952",
        "03/19/1952", "19 March 1952", "Mar 19, 1952", "born 19MAR1952", "3-19-1952",
    ],
)  # fmt: skip
def test_every_spelling_of_a_known_identifier_is_found(text: str) -> None:
    assert KNOWN.hits(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("Müller^Jörg", "mueller"), ("Müller^Jörg", "MULLER"), ("Mueller^Joerg", "Müller"),
        ("Mueller^Joerg", "jorg muller"),
     ("O'Brien^Zoë", "OBRIEN"), ("Ångström^A", "Aangstroem"), ("Ångström^A", "Angstrom")],
)  # fmt: skip
def test_umlauts_are_found_however_they_are_written(name: str, text: str) -> None:
    assert Matcher([("name", name)]).hits(text)


@pytest.mark.parametrize(
    "text", ["foxglove", "Alpha", "1234", "AB12", "1952", "March", "20190319", "chest", "FOXG", "", "山", "555-0107"]
)
def test_what_is_only_alike_is_no_hit(text: str) -> None:
    assert not KNOWN.hits(text)


def test_identifiers_of_two_characters_count_as_whole_values_only() -> None:
    assert KNOWN.is_short_identifier("a7")
    assert not KNOWN.hits("SERIES A7 B")
    assert not KNOWN.is_short_identifier("A78")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"123456", True), (b"00123456", True), (b"123456.0 ", True), (b"1\\123456\\2", True), (b"19520319", True),
     (b"-1.123456", False), (b"0.123456", False), (b"1234567", False), (b"12345", False)],
)  # fmt: skip
def test_numbers_are_compared_as_a_whole(value: bytes, expected: bool) -> None:
    assert KNOWN.hits_number(value) is expected


POINTS = st.one_of(
    st.decimals(-400, 400, places=2).map(str),
    st.floats(-1e3, 1e3, allow_nan=False).map(lambda number: f"{number:.6e}"),
    st.integers(-999, 999).map(str),
    st.sampled_from(["123456", "0123456.000", "12.3456", "1234.56", "1.23456e5", "1234.56E+2", "19520319", " 123456 "]),
    st.sampled_from(["1952.0319", "0.0", ""]),
)


@given(st.lists(POINTS, min_size=1, max_size=80))
def test_long_rows_of_numbers_are_compared_as_each_part_would_be(points: list[str]) -> None:
    row = [*points, *["-12.25"] * 60]
    alone = any(KNOWN.hits_number(part.encode()) for part in row if part)
    assert KNOWN.hits_number("\\".join(row).encode()) is alone


def test_bytes_are_searched_for_text_of_eight_and_sixteen_bits() -> None:
    assert KNOWN.hits_bytes(b"\1\2\3" + "SPRINGFIELD".encode("utf-16-le"))
    assert KNOWN.hits_bytes(b"\1springfield\2")
    assert not KNOWN.hits_bytes(bytes(range(128, 256)))


@given(st.text(alphabet="abcdefghijkl", min_size=6, max_size=12), st.text(max_size=20), st.text(max_size=20))
def test_a_long_name_is_found_wherever_it_stands(name: str, before: str, after: str) -> None:
    assert Matcher([("name", f"{name}^x")]).hits(before + name.upper() + after)


@given(
    st.lists(st.tuples(st.sampled_from(["name", "id", "phone", "birth_date"]), st.text(max_size=20)), max_size=5),
    st.text(),
)
def test_no_identifier_and_no_text_make_it_fail(known: list[tuple[str, str]], text: str) -> None:
    assert Matcher(known).hits(text) in {True, False}
    assert fold(text) == fold(fold(text)) or not text.isascii()


@pytest.mark.parametrize(
    "text",
    ["a.b@example.org", "see http://x.example", "WWW.EXAMPLE.ORG", "078-05-1120", "(555) 010-7788", "555-010-7788",
     "1.2.826.0.1.3680043.8.498.123", "host 192.168.1.7"],
)  # fmt: skip
def test_mail_web_number_and_uid_are_identifiers_by_their_form(text: str) -> None:
    assert has_form(text)


@pytest.mark.parametrize(
    "text", ["syngo MR 2004A 4VA25A", "1.2.3.4", "VB17-5.1.2", "1.2.840.10008.1.2", "FBP 3.1-2", "12-34-5678"]
)
def test_versions_and_registered_uids_are_none(text: str) -> None:
    assert not has_form(text)


def test_long_runs_are_searched_in_linear_time() -> None:
    assert not has_form("x" * 200_000)
    assert dates_in("1" * 20_000) <= {"11111111"}


def test_registered_uids_are_those_of_the_standard() -> None:
    assert is_registered_uid("1.2.840.10008.5.1.4.1.1.2")
    assert is_registered_uid("1.2.840.10008.6.1.18")
    assert not is_registered_uid("1.2.840.10008.5.1.4.1.1.2.77")
    assert not is_registered_uid("1.2.840.113619.2.1")


def test_whoever_has_more_identifiers_than_can_be_searched_loses_every_text() -> None:
    names = [("name", f"Nm{at:06d}x^Abc{at:06d}") for at in range(20_000)]
    for many in (Matcher(names), Matcher([(MORE, "1")])):
        assert many.hits("Region 1")
        assert many.hits_number(b"12345")
        assert not many.hits_number(b"1.25")
        assert not many.hits("")


def test_thousands_of_names_are_searched_in_megabytes_at_once() -> None:
    matcher = Matcher([("name", f"Nm{at:06d}x^Abc{at:06d}") for at in range(3_000)])
    assert not matcher.hits_bytes(b"Abcdefgh" * 100_000)
    assert matcher.hits_bytes(b"Abcdefgh" * 100_000 + b"abc002999 nm002999x")


def test_runs_are_searched_for_dates_of_years_that_are_named_alone_with_eras_and_other_scripts_too() -> None:
    matcher = Matcher((("date", "20190203"),))
    for runs, hit in (
        ("taken 3 Feb 2019", True),
        ("taken 3 Feb 2018", False),
        ("20190203", True),
        ("h31/2/3 today", True),
        ("\u5e73\u621031\u5e742\u67083", True),
        ("serial 20182019", False),
        ("2019 words, 02 and 03", False),
    ):
        assert matcher.hits_runs(runs) is hit


@given(st.text("0123456789 ./-_jfmthr'maychunsept\u5e74\uff11", max_size=30))
def test_a_date_is_found_only_where_its_year_may_be(text: str) -> None:
    for day in dates_in(text):
        assert len(day) != 8 or may_tell_year(text, {day[:4]})
