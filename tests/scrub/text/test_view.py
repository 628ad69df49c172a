"""A text as it looks: nothing that is not seen hides a name, and every change lands on the text as it stands."""

import base64
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_support import FILLER, People, leaks, rewrite, treatment

from curator.detect.text.words.seen import view
from curator.identifiers.categories import Category
from curator.scrub.text.view import Change, applied, changes, merged, prose
from curator.scrub.treatment import Treatment

NAME = "Kwabenaba Tettehquaye"
HIDDEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\ufeff\u034f\ufe0f\U000e0041\x01\x7f"


@pytest.mark.parametrize("mark", HIDDEN)
def test_an_unseen_mark_between_any_two_letters_hides_no_name(mark):
    spread = mark.join(NAME)
    done = prose(f"{FILLER} Then {spread} left.", People().own, treatment())
    assert leaks(done.text) == set()
    assert done.text.startswith(FILLER)
    assert done.text.endswith("left.")


@pytest.mark.parametrize(
    "name",
    [
        "Kwаbеnаbа Tеttеhquаyе",
        "Ｋｗａｂｅｎａｂａ Ｔｅｔｔｅｈｑｕａｙｅ",
        "𝐊𝐰𝐚𝐛𝐞𝐧𝐚𝐛𝐚 𝐓𝐞𝐭𝐭𝐞𝐡𝐪𝐮𝐚𝐲𝐞",
        "Ⓚⓦⓐⓑⓔⓝⓐⓑⓐ",
        "Kwabenaba&#32;Tettehquaye",
        "Kw&#97;ben&#x61;ba T&eacute;ttehquaye",
        "\uf04b\uf077\uf061\uf062\uf065\uf06e\uf061\uf062\uf061",
        "Kwabenaba\u2003Tettehquaye",
        "Kwabenaba\u2028Tettehquaye",
        "Kw&amp;#97;benaba &amp;amp;#84;ettehquaye",
        "Kw%61benaba %54ettehquaye",
        "Kw\\u0061benaba \\x54ettehquaye",
        "Kwa<b>bena</b>ba <span class='x'>Tetteh</span>quaye",
        "<i title='Kwabenaba'>Tetteh</i>quaye",
        "Kwa<!-- -->benaba",
        "Kwa\x1b[31mbenaba\x1b[0m",
        "ᴋᴡᴀʙᴇɴᴀʙᴀ",
    ],
)
def test_look_alikes_and_references_hide_no_name(name):
    done = prose(f"seen: {name} and went", People().own, treatment())
    assert leaks(done.text) == set()
    assert done.text.startswith("seen: ")
    assert done.text.endswith(" and went")


@pytest.mark.parametrize("number", ["٠٠٤٨٢٩١٣", "００４８２９１３", "0048‑2913", "0048–2913", "𝟎𝟎𝟒𝟖𝟐𝟗𝟏𝟑"])
def test_digits_of_any_script_are_digits(number):
    assert number not in prose(f"number {number} noted", People().own, treatment()).text


def test_tag_characters_that_carry_a_hidden_text_leave():
    hidden = "".join(chr(0xE0000 + ord(mark)) for mark in NAME)
    done = prose(f"stable{hidden} today", People().own, treatment())
    assert done.text == "stable today"


def test_a_word_of_another_script_stays_itself():
    text = "Больной жалуется на кашель и боль"
    seen = view(text)
    assert seen is None or "кашель" in seen.plain


def test_base64_blocks_go():
    data = base64.encodebytes((NAME * 30).encode()).decode()
    done = prose(f"attached:\n{data}\nend of note", None, treatment())
    assert not any(len(line) > 30 for line in done.text.split("\n"))
    assert done.text.startswith("attached:")
    assert done.text.endswith("end of note")


@pytest.mark.parametrize(
    "hidden",
    [
        base64.b64encode(NAME.encode()).decode(),
        base64.b64encode(NAME.encode()).decode().rstrip("="),
        NAME.encode().hex(),
        NAME.encode().hex().upper(),
    ],
)
def test_a_short_run_that_decodes_to_a_text_goes(hidden):
    assert hidden not in prose(f"token={hidden} noted", None, treatment()).text
    assert hidden not in prose(f"noted ({hidden})", None, treatment()).text


@pytest.mark.parametrize(
    "text",
    [
        "Hypercholesterolemia and HTN/DM/CKD noted",
        "ratio 55%20 and 10%ab",
        "see x&y; a<b and c>d",
        "path C:\\temp\\xray",
        "AbsoluteNeutrophilCount low",
    ],
)
def test_what_only_looks_encoded_stays(text):
    assert prose(text, People().own, treatment()).text == text


def test_a_long_text_is_searched_in_windows_that_overlap(monkeypatch):
    monkeypatch.setattr("curator.scrub.text.view.LONG", 300)
    monkeypatch.setattr("curator.scrub.text.view._LAP", 40)
    for shift in range(0, 300, 7):
        text = "stable " * 30 + "-" * shift + f" {NAME} " + "stable " * 60
        assert prose(text, People().own, treatment()).text == text.replace(NAME, "[NAME]")


@given(st.text(max_size=60))
def test_a_view_says_of_each_character_where_it_stands(text):
    seen = view(text)
    if seen is None:
        return
    assert len(seen.plain) == len(seen.starts) == len(seen.ends)
    assert list(seen.starts) == sorted(seen.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(seen.starts, seen.ends, strict=True))


@given(
    st.text(min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(1, 12), st.sampled_from(["", "[X]", "[LONG TAG]"])), max_size=6),
)
def test_merged_changes_cover_all_that_any_covered(text, wanted):
    found = [
        Change(start, min(len(text), start + size), new, Category.NAME, "name")
        for start, size, new in wanted
        if start < len(text)
    ]
    made = merged(found)
    covered = {at for one in found for at in range(one.start, one.end)}
    assert {at for one in made for at in range(one.start, one.end)} == covered
    assert all(a.end <= b.start for a, b in itertools.pairwise(made))
    done = applied(text, made)
    kept = "".join(mark for at, mark in enumerate(text) if at not in covered)
    at, left = 0, ""
    for edit in done.edits:
        left += done.text[at : edit.new_start]
        at = edit.new_end
    assert left + done.text[at:] == kept


LINE = "The wound is clean and dry; the patient walks with a stick and takes aspirin 81 mg a day.\n"


def long_text(*parts: str) -> str:
    """A text in which little is hidden, longer than what is searched whole a second time."""
    filler = LINE * 300
    return filler.join(["", *parts, ""])


@pytest.mark.parametrize(
    "parts",
    [
        ("seen: Kwa<b>bena</b>ba <i>Tetteh</i>quaye.\n",),
        ("<p>MRN: 0048<b>2913</b></p>\n", "DOB <b>03/14</b>/1950<br/>\n"),
        ("seen by Dr. Tho<b>rn</b>bury-Okonkwo.\n", "Later Thornbury-Okonkwo called.\n"),
        ("<br>No name here.<br/>\n", "Dr. Ada Okonkwo called 617-555-0142.\n"),
    ],
)
def test_a_long_text_is_searched_around_what_is_hidden_as_well_as_whole(parts, monkeypatch):
    text = long_text(*parts)
    near = changes(text, People().own, treatment())
    monkeypatch.setattr("curator.scrub.text.view.NEAR", len(text))
    assert near == changes(text, People().own, treatment())
    assert leaks(applied(text, near).text) == set()


def test_a_long_text_is_not_searched_whole_for_a_tag_in_it(monkeypatch):
    asked = []
    plain = Treatment.bare_prose
    monkeypatch.setattr(
        Treatment, "bare_prose", lambda self, text, who: asked.append(len(text)) or plain(self, text, who)
    )
    text = long_text("<br>No name here.<br/>\n", "Stable.\n")
    changes(text, None, treatment())
    assert asked[0] == len(text)
    assert sum(asked[1:]) < len(text) // 2


def test_a_name_that_a_tag_cuts_goes_wherever_it_is_met_again():
    text = long_text("Seen by Dr. Thorn<b></b>bury.\n", "Then we sent thornbury home.\n")
    done = prose(text, None, treatment())
    assert "bury" not in done.text.lower()


def test_a_line_of_words_behind_a_coded_run_stays():
    coded = "QmFzZTY0IG9mIHNvbWUgdGhpbmcgdGhhdCBub2JvZHkgbmVlZHMgdG8gcmVhZCBhdCBhbGwgaGVyZQ1"
    text, _ = rewrite(f"{coded}\n{coded}\nQUJD\nPotassium 4.1 and Sodium 140\n")
    assert "Potassium 4.1 and Sodium 140" in text
    assert coded not in text
    assert "QUJD" not in text
