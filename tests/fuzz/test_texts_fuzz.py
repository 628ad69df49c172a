# ruff: noqa: E501 - lists of pieces stay on the line of what they belong to
"""Hostile bytes and texts: cleaned or held back under a code, never anything else; a known name never stays."""

import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.identifiers.known import folded
from curator.scrub.medium import Person
from curator.scrub.policy import load_policy
from curator.scrub.text import markup, medium, rtf, tokens, transcript
from curator.scrub.text.forms import form_of
from curator.scrub.treatment import Treatment

NAME = "Tettehquaye"
OWN = Person("PEXAMPLE22222222", 40, False, bytes(range(32)), (("name", NAME),))
RULES = Treatment(load_policy("safe-harbor"), bytes(32), bytes(32), "20260101")


class Everybody:
    own = OWN

    def find(self, ids):
        list(ids)
        return OWN


def clean(data):
    out = io.BytesIO()
    try:
        medium.harvest(io.BytesIO(data), len(data), RULES)
        medium.rewrite(io.BytesIO(data), out, Everybody(), RULES)
    except ItemError as error:
        return "" if error.code[:3] in {"TXT", "JSN", "TAB"} else NAME
    return out.getvalue().decode()


BITS = st.sampled_from(
    [
        *(NAME, "\n", "\n\n", "\t", " ", ": ", "WEBVTT", "-->", "00:00:01.000 --> 00:00:02.000", "<v ", ">", "<", "<p>", "</p>", "<script>"),
        *("<!--", "-->", "{", "}", "[", "]", '"text": "', '"', ",", '"label": [[0, 4, "X"]]', "{\\rtf1 ", "\\par ", "\\'e9", "\\u1234?", "\\*"),
        *("B-X", "\tO", "O\n", "# ", "**", "](", "```", "MRN: 00482913", "é", "\u200b", "&#84;", "\\ud800", "1\n", "NaN", "---\n", "\r\n"),
    ]
)  # fmt: skip


@settings(max_examples=250)
@given(st.lists(BITS, max_size=25).map("".join))
def test_pieces_of_every_form_are_cleaned_or_held_back(text):
    assert NAME.lower() not in folded(clean(text.encode("utf-8")))[0]


@settings(max_examples=150)
@given(st.binary(max_size=300), st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-32-be"]))
def test_any_bytes_are_cleaned_or_held_back(noise, coding):
    assert NAME.lower() not in folded(clean(f"x {NAME} y\n".encode(coding) + noise))[0]
    clean(noise)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([NAME, "x", f"a {NAME} b"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["text", "label", "spans", "data", "annotations", "result", "value", "tokens", "entities", "relations", "start", "end", "note", "mrn", "id", "segments", "speaker", NAME, "name", "meta", "notes", "patient", "dob"]),
        inner,
        max_size=6,
    ),
    max_leaves=14,
)  # fmt: skip


@settings(max_examples=250)
@given(VALUES)
def test_any_json_is_cleaned_or_held_back(value):
    assert NAME.lower() not in folded(clean(json.dumps(value).encode()))[0]
    assert NAME.lower() not in folded(clean((json.dumps({"d": 1, "note": "x"}) + "\n" + json.dumps(value)).encode()))[0]


@given(st.text(max_size=200))
def test_parsers_raise_nothing_but_codes(text):
    form_of(text)
    for parse in (
        tokens.read,
        markup.page,
        lambda one: transcript.cues(one, "srt"),
        lambda one: transcript.cues("WEBVTT\n\n" + one, "vtt"),
    ):
        try:
            parse(text)
        except ItemError:
            continue


@given(st.lists(BITS, max_size=20).map("".join))
def test_rich_text_raises_nothing_but_codes(text):
    try:
        rtf.plain(("{\\rtf1 " + text + "}").encode("utf-8"))
    except ItemError:
        return
