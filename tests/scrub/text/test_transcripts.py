# ruff: noqa: E501 - a made-up record stays on one line
"""WebVTT and SubRip: times stay, names over cues are found, speakers keep one label each. All values are made up."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_support import FILLER, SPELLINGS, harvest, leaks, rewrite

from curator.core.errors import ItemError
from curator.scrub.text import transcript


def vtt(*blocks):
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n"


def stamp(number, mark="."):
    return (
        f"00:{number // 60:02}:{number % 60:02}{mark}000 --> 00:{(number + 1) // 60:02}:{(number + 1) % 60:02}{mark}000"
    )


def test_nothing_planted_in_a_transcript_stays_and_its_speech_does():
    blocks = ["NOTE made by Kwabenaba Tettehquaye", "STYLE\n::cue(.Kwabenaba) {}", "REGION\nid:00482913"]
    for number, one in enumerate(SPELLINGS):
        blocks.append(
            f"{one}\n{stamp(number)} region:{one.split()[0]}\n<v.{one.split()[0]} {one}>{FILLER} <c.{one.split()[0]}>{one}</c>"
        )
        blocks.append(f"{stamp(number)}\n{one}: I know &lt;{one}&gt;\n- Patient: yes")
    assert len(blocks) >= 50
    text, made = rewrite(vtt(*blocks))
    assert leaks(text) == set()
    assert text.startswith("WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\n")
    assert text.count(FILLER) == len(SPELLINGS)
    assert "Patient: yes" in text
    assert any(action == "removed" for _, action, _ in made.actions)


def test_nothing_planted_in_subrip_stays():
    blocks = []
    for number, one in enumerate(SPELLINGS * 3):
        blocks.append(
            f"{number + 1}\n{stamp(number, ',')} X1:100\n<font color='{one}'>{FILLER}</font> {{\\an8}}{one}\nDr. Wanjirunda: hello"
        )
    text, _ = rewrite("\n\n".join(blocks))
    assert leaks(text) == set()
    assert "anjirunda" not in text
    assert text.startswith(f"1\n{stamp(0, ',')}\n{FILLER}")
    assert text.count(FILLER) == len(blocks)


def test_a_name_over_two_cues_is_found():
    text, _ = rewrite(vtt(f"{stamp(0)}\nand then Kwabenaba", f"{stamp(1)}\nTettehquaye left the room"))
    assert leaks(text) == set()
    assert "left the room" in text
    assert "and then [NAME]" in text


def test_the_same_speaker_keeps_the_same_label_and_is_found_in_what_others_say():
    text, _ = rewrite(vtt(
        f"{stamp(0)}\n<v Dr. Wanjirunda>Good morning", f"{stamp(1)}\n<v Patient>Hello doctor Wanjirunda",
        f"{stamp(2)}\n<v Dr. Wanjirunda>How are you?", f"{stamp(3)}\n<v Okonkwola>fine</v>",
    ))  # fmt: skip
    assert text.count("<v Speaker 1>") == 2
    assert text.count("<v Speaker 2>fine") == 1
    assert "<v Patient>" in text
    assert "anjirunda" not in text
    assert "konkwola" not in text


def test_a_heading_is_no_speaker():
    text, _ = rewrite(vtt(f"{stamp(0)}\nMedication: aspirin daily"))
    assert "Medication: aspirin daily" in text


def test_what_a_transcript_tells_is_gathered():
    found = harvest(vtt(f"{stamp(0)}\nMRN: 00482913 is his number", f"{stamp(1)}\nstable"))
    assert found.suffix == ".vtt"
    assert found.people[0].ids == (("mrn", "", "00482913"),)


@pytest.mark.parametrize(
    "data",
    [
        vtt("Kwabenaba without a time"),
        vtt("id\nsecond\n00:00:01.000 --> 00:00:02.000\nx"),
        vtt("00:00:01.000 --> Kwabenaba\nx"),
        vtt(f"{stamp(0)}\nx\n{stamp(1)}\ny"),
        "WEBVTT\n00:00:01.000 --> 00:00:02.000\nx\n",
    ],
)
def test_a_transcript_that_cannot_be_read_is_held_back(data):
    with pytest.raises(ItemError) as caught:
        rewrite(data)
    assert caught.value.code == "TXT-028"


def carried(raw: str, word: str) -> str:
    text, made = rewrite(raw)
    (moved,) = made.moved
    start = raw.index(word)
    low, high = moved.span(start, start + len(word))
    return text[low:high]


MOVED = (
    "WEBVTT - made up\r\n\r\nNOTE Kwabenaba\r\n\r\nintro\r\n00:00:01.000 -->  00:00:04.000 align:start\r\n"
    "<v Dr. Wanjirunda>Good morning, Kwabenaba Tettehquaye.\r\n\r\n2\r\n00:00:05.000 --> 00:00:08.000\r\n"
    "<v Patient>I am <i>Kwabenaba</i>  Tettehquaye &amp; I   take warfarin since 04/12/2019.</v>\r\n"
    "- Patient: a &lt;dry cough\r\n\r\n00:00:09.000 --> 00:00:12.000\r\nDr. Wanjirunda: Since when do you cough?\r\n"
)


@pytest.mark.parametrize(
    ("word", "new"),
    [
        ("Good morning", "Good morning"),
        ("00:00:04.000", "00:00:04.000"),
        ("Kwabenaba Tettehquaye", "[NAME]"),
        ("abenaba</i>  Tette", "[NAME]"),
        ("&amp; I   take warfarin", "&amp; I take warfarin"),
        ("I am <i>Kwa", "I am [NAME]"),
        ("2019", "[DATE]"),
        ("a &lt;dry", "a &lt;dry"),
        ("Dr. Wanjirunda: Since", "Speaker 1: Since"),
        ("when do you cough?", "when do you cough?"),
        ("cough\r\n\r\n00:00:09.000", "cough\n\n3\n00:00:09.000"),
    ],
)
def test_ranges_of_a_transcript_are_carried_to_the_clean_one(word, new):
    assert carried(MOVED, word) == new


def test_ranges_of_subrip_are_carried_over_new_numbers_and_lost_fonts():
    raw = f"7\n{stamp(0, ',')} X1:100\n<font color='red'>dry</font> cough\n\n9\n{stamp(1, ',')}\nno fever\n"
    assert carried(raw, "dry</font> cough") == "dry cough"
    assert carried(raw, "no fever") == "no fever"
    assert carried(raw, "9\n").endswith("2\n")


words = st.sampled_from(
    [
        "cough",
        "Kwabenaba",
        "Tettehquaye",
        "&amp;",
        "&lt;",
        "<i>",
        "</i>",
        "&notit;",
        "  ",
        "fever",
        "<c.x>",
        "&",
        "\u2028",
        "{\\an8}",
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(words, max_size=7), max_size=4),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "<v Okonkwola>", "Nurse: "]),
)
def test_every_word_that_stays_in_a_transcript_is_found_where_it_went(lines, end, who):
    raw = f"WEBVTT{end}{end}" + "".join(
        f"{stamp(number)}{end}{who}{' '.join(line)}{end}{end}" for number, line in enumerate(lines)
    )
    text, made = rewrite(raw)
    (moved,) = made.moved
    assert moved.length == len(raw)
    edits = [(0, 0, 0, 0), *moved.edits, (len(raw), len(raw), len(text), len(text))]
    for (_, old, _, new), (start, _, new_start, _) in pairwise(edits):
        assert raw[old:start] == text[new:new_start]
    kept = [at.start() for at in re.finditer("cough|fever", raw)]
    assert len(kept) == len(re.findall("cough|fever", text))
    for start, there in zip(kept, re.finditer("cough|fever", text), strict=True):
        low, high = moved.span(start, start + 5)
        assert low <= there.start()
        assert there.end() <= high


def test_a_transcript_with_very_many_changes_has_no_map(monkeypatch):
    monkeypatch.setattr(transcript, "MOST", 3)
    assert rewrite(MOVED)[1].moved == ()
