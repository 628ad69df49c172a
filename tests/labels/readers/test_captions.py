"""Cues of transcripts and their corrections, each a label."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from curator.core.errors import UsageError
from curator.labels.readers.table import reader, recognized

VTT = """WEBVTT - visit

NOTE Jane Doe
second line

STYLE
::cue { color: red }

00:01.000 --> 00:04.250 align:start
<v Jane Doe>No a cute bleed.</v>

c2
01:00:05.000 --> 01:00:06.000
5 &lt; 6
two lines

1
00:09.000 --> 00:08.000
backwards
"""
SRT = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:04,250\r\nNo a cute bleed.\r\n"
    "\r\n2\r\n00:00:05,000 --> 00:00:06,000\r\nFine.\r\n"
)


def read(tmp_path, text, name, corrections=()):
    path = tmp_path / name
    path.write_bytes(text.encode())
    if corrections:
        path.with_suffix(".corrections.jsonl").write_text("".join(json.dumps(one) + "\n" for one in corrections))
    assert recognized(path) == recognized(tmp_path) == ["captions"]
    return list(reader("captions").read(path))


def test_webvtt_cues(tmp_path):
    told = read(tmp_path, VTT, "visit.vtt")
    assert told[0].value == {"start": Decimal("1.000"), "end": Decimal("4.250"), "text": "No a cute bleed."}
    assert told[0].kept == {"settings": "align:start", "raw": "<v Jane Doe>No a cute bleed.</v>"}
    assert told[1].value == {"start": Decimal("3605.000"), "end": Decimal("3606.000"), "text": "5 < 6\ntwo lines"}
    assert told[2].code == "IMP-051"
    assert len(told) == 3
    assert told[0].sample.name == "visit.vtt"
    assert all("Jane" not in one.place for one in told)


def test_corrections_name_their_cue_by_number_or_id(tmp_path):
    good = {
        "cue": 1,
        "text": "No acute bleed.",
        "original": "No a cute bleed.",
        "author": "reader-2",
        "at": "2026-03-01T09:00:00Z",
    }
    bad = [good | {"original": "Other."}, good | {"cue": 9}, good | {"cue": "2"}, good | {"text": None}, [1]]
    told = read(tmp_path, SRT, "visit.srt", [good, *bad])
    assert [getattr(one, "code", "in") for one in told] == [
        "in",
        "in",
        "in",
        "IMP-051",
        "IMP-026",
        "IMP-051",
        "IMP-023",
        "IMP-023",
    ]
    fixed = told[2]
    assert fixed.value == {"start": Decimal("1.000"), "end": Decimal("4.250"), "text": "No acute bleed."}
    assert (fixed.author, fixed.labeled_at, fixed.origin) == ("reader-2", "2026-03-01T09:00:00Z", "human")
    assert fixed.kept == {"original": "No a cute bleed.", "corrects": told[0].label_id}
    assert (told[0].author, told[0].origin) == (None, "unknown")


def test_an_id_that_two_cues_have_names_neither(tmp_path):
    text = "WEBVTT\n\n" + "x\n00:01.000 --> 00:02.000\na\n\n" * 2
    told = read(tmp_path, text, "v.vtt", [{"cue": "x", "text": "b"}])
    assert [getattr(one, "code", "in") for one in told] == ["in", "in", "IMP-026"]


def test_a_first_cue_right_below_the_header_is_not_lost(tmp_path):
    told = read(tmp_path, "WEBVTT\n00:01.000 --> 00:02.000\nHi\n", "v.vtt")
    assert [one.value["text"] for one in told] == ["Hi"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("00:01.000 --> 00:02.000\na\n", "a.vtt"),
        ("", "a.vtt"),
        ("1\nJane Doe\n", "a.srt"),
        ("1\n00:00:01,000 --> 00:00:02,000\na\n00:00:02,000 --> 00:00:03,000\nb\n", "a.srt"),
    ],
)
def test_what_is_no_transcript_is_refused_whole(tmp_path, text, name):
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError) as caught:
        list(reader("captions").read(tmp_path / name))
    assert caught.value.code in {"IMP-001", "IMP-003"}
    assert "Jane" not in str(caught.value)


def test_a_line_of_times_begins_a_cue_also_without_a_blank_line(tmp_path):
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\na\n00:02.000 --> 00:03.000\nb\n\n00:03.000 --> 00:04.000\nc\n"
    told = read(tmp_path, text, "v.vtt")
    assert [(str(one.value["start"]), one.value["text"]) for one in told] == [
        ("1.000", "a"),
        ("2.000", "b"),
        ("3.000", "c"),
    ]
