# ruff: noqa: E501 - texts stand on one line
"""Texts with marks that no reader sees, or that stand for others, are read as they are shown. All made up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curator.detect.text import detectors, find_all
from curator.detect.text.replace import Mode, Rules, replace
from curator.detect.text.words.shown import readings
from curator.detect.text.words.wrapped import unwrapped
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

NOTE = (
    "Seen by Dr. Ottilie O'Quillfeder-Brandt on 03-14-2021 with his wife Marjana Quillfeder.\n"
    'Phone 614-555-0133, MRN 4471-882. "He lives at 4418 Elmswood Avenue, Oshkosh," she says.\n'
    "Lungs are clear. Abdomen soft & flat.\n"
)
VALUES = ["Ottilie O'Quillfeder-Brandt", "03-14-2021", "Marjana Quillfeder", "614-555-0133", "4471-882", "Oshkosh"]
PLAIN = [(one.start, one.end, one.category) for one in find_all(NOTE, detectors())]


def written(change: dict[str, str]) -> tuple[str, list[int]]:
    """Return the note with some marks written as others, and where each of its marks stands then."""
    places, made = [0], ""
    for mark in NOTE:
        made += change.get(mark, mark)
        places.append(len(made))
    return made, places


@pytest.mark.parametrize(
    "change",
    [
        {"-": "\u2013"},
        {"-": "\u2011", "'": "\u2019", '"': "\u201d"},
        {"'": "&#39;", '"': "&quot;", "&": "&amp;"},
        {"'": "&#x27;", "&": "&amp;amp;"},
        {"\n": "<br>"},
        {"\n": "<br/>"},
        {"\n": "\\n"},
        {"\n": "\\r\\n"},
        {"\n": "\r\n"},
        {"\n": "\r\r\n"},
        {"\n": "\r"},
        {"\n": "\u2028"},
        {" ": "  "},
        {" ": "\u3000"},
        {"e": "e\u00ad"},
        {"e": "\u200be"},
        {"l": "l\u2060\ufeff"},
        {" ": " \u200e"},
        {str(figure): chr(0xFF10 + figure) for figure in range(10)},
        {str(figure): chr(0x0660 + figure) for figure in range(10)},
        {"-": "\uff0d", ".": "\uff0e"},
    ],
)
def test_the_same_is_found_however_marks_are_written(change: dict[str, str]) -> None:
    text, places = written(change)
    found = {at for one in find_all(text, detectors()) for at in range(one.start, one.end)}
    for start, end, _ in PLAIN:
        for at in range(start, end):
            if NOTE[at].isalnum():
                assert places[at + 1] - 1 in found or places[at] in found, NOTE[start:end]
    assert (
        not {at for at in range(places[NOTE.index("Lungs")], places[NOTE.index(" soft")]) if text[at].isalnum()} & found
    )


def test_each_value_of_the_note_is_found_as_it_is_written_plainly() -> None:
    found = {at for start, end, _ in PLAIN for at in range(start, end)}
    for value in VALUES:
        at = NOTE.index(value)
        assert found.issuperset(place for place in range(at, at + len(value)) if NOTE[place].isalnum()), value


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("O&#39;Brien &amp; Sons", "O'Brien & Sons"),
        ("a &zzq; b", "a &zzq; b"),
        ("Hawtho\u200brne", "Hawthorne"),
        ("Stau\ufb03eld", "Stauffield"),
        ("Mu\u0308ller", "M\u00fcller"),
        ('a <b>John</b> <span style="color:red">Smith</span>,<BR/>ok', "a John Smith,\nok"),
        ("<td>Name</td><td>John</td>", "Name\tJohn\t"),
        ('<p><span title="John Smith">x</span>', '<p><span title="John Smith">x</span>'),
        ('<p><a href="mailto:j@x.org">x</a>', '<p><a href="mailto:j@x.org">x</a>'),
        ("<NAME>x</NAME><br>", "<NAME>x</NAME><br>"),
        (
            '<FONT size=2>a</FONT><font face="John Smith">b</font>',
            '<FONT size=2>a</FONT><font face="John Smith">b</font>',
        ),
        ('<span style="x: John">b</span>', '<span style="x: John">b</span>'),
        ("<FONT size=2>a</FONT><P>b</P>", "a\nb\n"),
        ("if a < b and c > d", "if a < b and c > d"),
        ("**Name:** John **Smith**", "Name: John Smith"),
        ("SSN ***-**-1234 **", "SSN ***-**-1234 **"),
        ("Smi\u00adth", "Smith"),
        (r"CC: cough\nHPI: well\n", "CC: cough\nHPI: well\n"),
        (r"see C:\notes\nsmith\new", r"see C:\notes\nsmith\new"),
        (r"\\server\nsmith\notes", r"\\server\nsmith\notes"),
        (r"He wrote \nothing", r"He wrote \nothing"),
        ("The chest is clear.Abdomen soft.", "The chest is clear. Abdomen soft."),
        ("BP 120/80.Denies pain.", "BP 120/80. Denies pain."),
        ("see image0123.Pdf for", "see image0123.Pdf for"),
        ("am 3.Mai gesehen", "am 3.Mai gesehen"),
        (
            "mail john.Smith @x, john@clinic.Org and www.Site.Com ok",
            "mail john. Smith @x, john@clinic.Org and www.Site.Com ok",
        ),
        ("CT of the chest, 14 марта 2019", "CT of the chest, 14 марта 2019"),
        ("one line", "one line"),
    ],
)
def test_what_is_shown(text: str, read: str | None) -> None:
    assert readings(text)[0] == (text if read is None else read)


@pytest.mark.parametrize(
    "text",
    [
        "Name            Dose    Route\nAspirin         81 mg   oral\nMetoprolol      25 mg   oral\nLisinopril      10 mg   oral",
        "Well.  No pain.  He is glad.  Plan: rest.  Back in May.  She agrees.  We talked.  He left.  Done.  OK.",
        "Na   141  135-145  mmol/L  N  ok  fine\nK    4.4  3.5-5.1  mmol/L  N  ok  fine\nCl   102  098-107  mmol/L  N  ok  fine",
    ],
)
def test_columns_and_habits_of_typists_keep_their_blanks(text: str) -> None:
    assert readings(text)[0] == text


def _justified(line: str, width: int, *, right: bool) -> str:
    words = line.split(" ")
    gaps, lacks = len(words) - 1, width - len(line)
    wide = set(range(gaps - lacks, gaps) if right else range(lacks))
    return "".join(word + ("" if at == gaps else "  " if at in wide else " ") for at, word in enumerate(words))


def test_lines_that_are_filled_up_with_blanks_are_read_without() -> None:
    lines = [
        "She was last seen in the spring and lives now with her partner and two",
        "dogs in Cedar Rapids; she works for the Elmswood Fire Department and is",
        "referred by Dr. Ottilie De la Garza who follows her for asthma and",
        "asks us to look at her spirometry before the next visit in May.",
    ]
    text = "\n".join([*(_justified(line, 74, right=bool(at % 2)) for at, line in enumerate(lines[:3])), lines[3]])
    assert readings(text)[0] == "\n".join(lines)
    found = {at for one in find_all(text, detectors()) for at in range(one.start, one.end)}
    for word in ("Cedar", "Rapids", "Ottilie", "Garza", "Elmswood"):
        assert found.issuperset(range(text.index(word), text.index(word) + len(word))), word


@pytest.mark.parametrize("name", ["Комаров", "Носова", "Сумарокова", "Асенов", "Маркова"])
def test_a_name_of_letters_that_look_latin_is_read_as_it_is_written(name: str) -> None:
    text = f"She met {name} there and walks well."
    assert readings(text)[0] == text
    assert [text[one.start : one.end] for one in find_all(text, detectors())] == [name]


def test_a_known_name_in_letters_that_only_look_latin_is_read_as_latin() -> None:
    assert readings("She met \u0421\u043e\u043e\u0440\u0435r there.")[0] == "She met Cooper there."


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("seen by Dr. Quill-\nfeder today", "seen by Dr. Quillfeder today"),
        ("seen by Dr. Ottilie Quillfeder-\n   Brandt today", "seen by Dr. Ottilie Quillfeder-Brandt today"),
        ("SEEN BY DR. QUILL-\nFEDER TODAY", "SEEN BY DR. QUILLFEDER TODAY"),
        ("a hyper-\ntensive man", "a hypertensive man"),
        ("he is well-\nknown here", "he is well-\nknown here"),
        ("Plan-\nContinue all", "Plan-\nContinue all"),
        ("no pain -\nwell", "no pain -\nwell"),
        ("a-\nb", "a-\nb"),
        (
            "Aspirin 81 mg\nMetoprolol 25 mg twice\nHydrochloro-\nthiazide 25 mg",
            "Aspirin 81 mg\nMetoprolol 25 mg twice\nHydrochlorothiazide 25 mg",
        ),
        ("12-\n14", "12-\n14"),
    ],
)
def test_a_word_that_a_line_parts_is_one(text: str, read: str) -> None:
    made = unwrapped(text)
    assert made.text == read
    if read != text:
        start = read.index("Quillfeder") if "Quillfeder" in read else None
        if start is not None:
            [back] = made.returned([Finding(start, start + 10, Category.NAME, "name", "x", 1.0)])
            assert text[back.start : back.end].replace("-", "").replace("\n", "") == "Quillfeder"


@given(st.text(alphabet="aB .\n-&;#39\\nr<>b/\u00ad\u200b\u2013\uff11\ufb01\ufb03\u00e9e\u0301", max_size=60))
@settings(max_examples=300)
def test_what_is_read_leads_back_to_the_text(text: str) -> None:
    shown, steps = readings(text)
    steps.append(unwrapped(shown))
    read = steps[-1].text
    back = [Finding(at, at + 1, Category.NAME, "name", "x", 1.0) for at in range(len(read))]
    for step in reversed(steps):
        back = list(step.returned(back))
    assert all(0 <= one.start <= one.end <= len(text) for one in back)
    assert [one.start for one in back] == sorted(one.start for one in back)
    for mark, one in zip(read, back, strict=True):
        if mark.isalnum() and mark.isascii() and text[one.start] not in "&\uff11\ufb01\ufb03\\":
            assert text[one.start : one.end].startswith(mark)


@pytest.mark.parametrize(
    "made",
    [
        lambda size: "&" + "amp;" * size,
        lambda size: "ab-\n" * size,
        lambda size: "\\n" * size,
        lambda size: "a  b " * size,
        lambda size: "%41" * 4 * size,
        lambda size: "\r" * size + "\n",
        lambda size: "\u200b" * size,
        lambda size: "abc.Abc " * size,
        lambda size: "abc.Abc," * size,
        lambda size: ("x" * 60 + "  y\n") * (size // 8),
    ],
)
def test_hostile_texts_are_read_in_the_end(made: Callable[[int], str]) -> None:
    text = made(4_000) + " Seen by Dr. Ottilie Quillfeder."
    assert "Quillfeder" in {text[one.end - 10 : one.end] for one in find_all(text, detectors())}


@pytest.mark.parametrize(
    "text",
    [
        "Seen by Dr. Ottilie Quillfe\u00adder on 03\u201314\u20132021.",
        "Seen by Dr. Ottilie Quill&shy;feder on \uff10\uff13-\uff11\uff14-\uff12\uff10\uff12\uff11.",
        "Seen by Dr. Ottilie Quill\u200bfeder on 03-14-2021.",
    ],
)
def test_one_person_has_one_stand_in_and_dates_move_however_they_are_written(text: str) -> None:
    rules = Rules(mode=Mode.SURROGATE, key=bytes(32), shift_days=30)
    plain = "Seen by Dr. Ottilie Quillfeder on 03-14-2021."
    wanted = replace(plain, find_all(plain, detectors()), rules).text
    assert "04-13-2021" in wanted
    assert replace(text, find_all(text, detectors()), rules).text == wanted


def test_no_reading_shows_the_text_that_it_holds() -> None:
    text = "Seen by Dr. Ottilie Quill\u00adfeder.\r\nBack in May."
    read, steps = readings(text)
    assert len(steps) == 2
    assert not any("Quill" in repr(one) for one in (*steps, unwrapped(read)))
