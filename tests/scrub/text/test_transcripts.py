# ruff: noqa: E501 - a made-up record stays on one line
"""WebVTT and SubRip: times stay, names over cues are found, speakers keep one label each. All values are made up."""

import pytest
from text_support import FILLER, SPELLINGS, harvest, leaks, rewrite

from curator.core.errors import ItemError


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
