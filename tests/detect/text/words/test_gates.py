# ruff: noqa: E501 - a text that is cut into lines hides what it holds
"""What is searched first, or in another way, for the sake of pace finds what the long way finds."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.detect.text.dates import signs
from curator.detect.text.engine import TextDetector
from curator.detect.text.names import placed, speakers, typists
from curator.detect.text.numbers import quoted
from curator.detect.text.odds import numbers, words
from curator.detect.text.odds.odds import SCARCE, weight_of
from curator.detect.text.odds.table import added, table
from curator.detect.text.odds.tokens import ASCII_TOKEN, TOKEN
from curator.detect.text.odds.view import View
from curator.detect.text.places import places, wards
from curator.detect.text.places.houses import again, grown, shorthouses
from curator.detect.text.words.spots import beginning, spots

sys.path.insert(0, str(Path(__file__).parents[4] / "scripts" / "bench"))

from textset.make import fill
from textset.values import Values

#: Texts in which each long pattern holds at least once; made up.
HOLDING = [
    "Seen 12 III 2019 and 3 V 2020.",
    "KHL is a 59 year old man. Pt J.R., an 81 yo woman.",
    "M.D./rjs\nAGK/ch\nTR: gfl\nTrans: ab / cd\nT: 3/16/08 km\nD 2/2/19 T 02/03/2019 09:14 pm #4411 wb\nRN: ASC / JMV\nRT: mjd\nCNA: abc\nHO: XY\nPCT: def\n",
    "Holloway's office called. Roe office, fax 555. Holloway is covering tonight. Иванов's team; Петрова off today.",
    "He was taken to the General yesterday, prefers 'the Brigham', told The Mercy ED.",
    "She lives in the Tarrow Mills neighborhood near St. Kestrel housing project, Old Pike area.",
    "Place of Service: Kestrel Clinic\nOSH: Tarrow General\nBirth hospital: Old Mill Memorial\nPrior Hospital: Mercy",
    "Please quote our ref AB-4471-22, citing case QX7781, under 550123, refer to file KM/2291.",
    "Moved to Blake 7 West; on Feldberg 10, from White 9A. Loc: Ellison 16. → Lunder 8. To Mt. Clare 4. Room: Phillips 21 beds, on Lasix 40 mg.",
    "Values a1b2, (12.5%) x-99:11 and 3rd,4th [7] end.",
]


def _notes() -> list[str]:
    made, values = [], Values("dev", 4)
    for path in sorted((Path(__file__).parents[4] / "scripts/bench/textset/dev").glob("*.txt"))[:4]:
        for block in ("\n" + path.read_text(encoding="utf-8")).split("\n=== ")[1:60]:
            values.new_note()
            made.append(fill(block.split("\n", 1)[1].strip("\n"), values)[0])
    return made


TEXTS = HOLDING + _notes()


@pytest.mark.parametrize(
    ("whole", "midst"),
    [
        (signs._ROMAN_SPACED, signs._ROMAN_MIDST),
        (speakers._ABOUT, speakers._ABOUT_MIDST),
        (typists._SIGNED, typists._SIGNS),
        (typists._LABELED, typists._LABELS),
        (typists._DATED, typists._DAYS),
        (typists._ON, typists._SHIFTS),
        (shorthouses._THE, shorthouses._THE_MIDST),
        (places._AREA, places._AREA_MIDST),
    ],
)
def test_what_stands_in_the_midst_is_found_wherever_the_whole_is(
    whole: re.Pattern[str], midst: re.Pattern[str]
) -> None:
    held = [text for text in TEXTS if whole.search(text)]
    assert held
    assert all(midst.search(text) for text in held)


@pytest.mark.parametrize(
    ("form", "firsts"), [(quoted._QUOTED, quoted._QUOTES), (grown._LABELED, grown._HEADS)], ids=["quoted", "labeled"]
)
def test_patterns_tried_at_their_first_words_find_what_a_search_finds(
    form: re.Pattern[str], firsts: frozenset[str]
) -> None:
    found = 0
    for text in TEXTS:
        whole = [match.span() for match in form.finditer(text)]
        assert [match.span() for match in beginning(spots(text), form, firsts)] == whole
        found += len(whole)
    assert found


def test_names_at_a_capital_are_those_of_the_general_pattern() -> None:
    found = 0
    for text in TEXTS:
        if not spots(text).plain:
            continue
        for latin, general in ((placed._OWNED, placed._OWNED_ANY), (placed._COVERS, placed._COVERS_ANY)):
            whole = [match.span() for match in general.finditer(text)]
            assert [match.span() for match in latin.finditer(text)] == whole
    for general in (placed._OWNED_ANY, placed._COVERS_ANY):
        found += len(general.findall(HOLDING[3]))
    assert found >= 4


def test_wards_near_numbers_are_those_of_a_search_of_the_whole_text() -> None:
    found = 0
    for text in TEXTS:
        whole = [
            (match.start("name"), match.end()) for match in wards._WARD.finditer(text) if wards._is_ward(text, match)
        ]
        assert [(one.start, one.end) for one in wards.wards(text) if one.rule == "place.floor"] == whole
        found += len(whole)
    assert found


def _chunks(view: View) -> list[tuple[int, int]]:
    """Return runs with a digit, cut at blanks and marks; the long way."""
    found = []
    for match in re.finditer(r"(?<![^\s,;()\[\]\"'<>|])[^\s,;()\[\]\"'<>|]*\d[^\s,;()\[\]\"'<>|]*", view.text):
        end = match.start() + len(match[0].rstrip(".:!?"))
        first = bisect_left(view.starts, match.start())
        if match.start() < end and first < len(view.starts) and view.starts[first] == match.start():
            found.append((match.start(), end))
    return found


def test_runs_with_digits_are_those_of_a_split_at_blanks() -> None:
    for text in TEXTS:
        view = View(text, [])
        assert [(start, end) for start, end, *_ in numbers.chunks(view)] == _chunks(view)


@given(st.text(alphabet="aB1 .,'\u2019[](<>|:;\n\t-_é²\u0665"))
def test_runs_with_digits_in_any_text(text: str) -> None:
    view = View(text, [])
    assert [(start, end) for start, end, *_ in numbers.chunks(view)] == _chunks(view)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_tokens_of_ascii_are_those_of_any_text(text: str) -> None:
    assert ASCII_TOKEN.split(text) == TOKEN.split(text)


def test_a_word_that_is_not_given_up_weighs_what_all_its_signs_weigh() -> None:
    rules, weighed = TextDetector(weighed=False), 0
    for text in TEXTS:
        view = View(text, rules.find(text))
        for at, token in enumerate(view.tokens):
            weight = weight_of(view, at)
            if weight == float("-inf"):
                continue
            cased = view.cased and (view.capitals if token.capital else view.quiet)
            sort = table(cased)["capital" if token.capital else "small"]
            signs_of = token.own + words.beside(view, at) + words.around(view, at)
            columns = sort.of((*words.OWN, *words.BESIDE, *words.AROUND))
            assert round(10 * weight) == sort.bias + added(columns, signs_of)
            assert weight_of(view, at, round(10 * SCARCE)) in {weight, float("-inf")}
            weighed += 1
    assert weighed > 100


#: What stands around a short name of a house, told or not.
_AROUND = "Ogden| Ogden|at Ogden|At the Ogden|The Ogden lab|the Ogden records|from Ogden.|by |the |The |at |, |. | lab| & Sons| General|\n| X|xOgden|Ogdens|OgdenOgden|via the Ogden team"


@given(st.lists(st.sampled_from(_AROUND.split("|")), max_size=14).map("".join))
def test_short_names_of_houses_are_those_of_a_search_of_the_whole_text(text: str) -> None:
    found = [(one.start, one.end) for one in again._short(text, "Ogden")]
    whole = [match.span(1 if match[1] else 2) for match in again._form("Ogden").finditer(text)]
    assert found == (whole if text.count("Ogden") > 1 else [])


def test_a_header_tells_a_day_in_its_own_line_alone() -> None:
    far = "no line ends here and so it goes on for a good while before anything is said"
    for text, days in (
        ("EYE EXAM 1/4", 1),
        ("Seen.\nEYE EXAM 1/4", 1),
        (f"EYE EXAM 1/4 {far} {far} 1/4", 1),
        (f"CC {far} 1/4", 0),
    ):
        assert sum(one.rule.startswith("date") for one in TextDetector(weighed=False).find(text)) == days, text
