# ruff: noqa: E501 - a made-up record stays on one line
"""HTML and rich text: what a reader sees is cleaned, what nobody sees goes. All values are made up."""

import pytest
from text_support import FILLER, SPELLINGS, harvest, leaks, rewrite

from curator.core.errors import ItemError
from curator.scrub.text import rtf


def test_nothing_planted_in_a_page_stays_and_its_text_does():
    parts = []
    for one in SPELLINGS:
        parts.append(f"<p title='{one}' data-x=\"{one}\">{FILLER} {one}</p>")
        parts.append(f"<!-- {one} --><td><b>{one[: len(one) // 2]}</b><i>{one[len(one) // 2 :]}</i></td>")
        parts.append(f"<a href='http://x.example/{one}'>{one}</a><img alt='{one}' src='{one}'/><input value='{one}'>")
    hidden = "<script>var x='Kwabenaba'</script><style>.Kwabenaba{}</style><svg><text>Kwabenaba</text></svg><textarea>Kwabenaba</textarea>"
    page = (
        "<!DOCTYPE html PUBLIC 'Kwabenaba'><html lang='Kwabenaba'><head><meta name='author' content='Kwabenaba Tettehquaye'>"
        f"<title>Kwabenaba Tettehquaye</title></head><body onload='Kwabenaba()'>{hidden}<table><tr>{''.join(parts)}</tr></table>"
        "<?php Kwabenaba ?><![CDATA[Kwabenaba]]><custom-Kwabenaba>5 &lt; 6 &amp; more</custom-Kwabenaba></body></html>"
    )
    assert len(parts) >= 50
    text, made = rewrite(page)
    assert leaks(text) == set()
    assert text.count(FILLER) == len(SPELLINGS)
    assert "5 &lt; 6 &amp; more" in text
    assert "<p>" in text
    assert "<td>" in text
    assert "=" not in text.replace('charset="utf-8"', "").replace("&", "")
    assert harvest(page).suffix == ".html"
    assert any(place == "markup" for place, _, _ in made.actions)


def test_markup_written_as_text_stays_text():
    text, _ = rewrite("<html><p>&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; ok</p></html>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; ok" in text


def test_open_elements_are_closed_and_what_never_ends_is_dropped():
    text, _ = rewrite("<html><body><p>one<div><b>two<script>Kwabenaba")
    assert leaks(text) == set()
    assert text.endswith("</b></div></p></body></html>")


def rich(body, head=r"\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}"):
    return "{\\rtf1" + head + body + "}"


def escaped(text):
    return "".join(mark if mark.isascii() else f"\\u{(ord(mark) + 32768) % 65536 - 32768}?" for mark in text)


def test_rich_text_is_read_as_text_and_cleaned():
    body = "".join(f"\\par {FILLER} {escaped(one)}" for one in SPELLINGS)
    data = rich(
        r"{\info{\author Kwabenaba Tettehquaye}}{\*\annotation Kwabenaba}{\header Kwaben\b aba\b0  Tettehquaye}" + body
    )
    text, _ = rewrite(data.encode("latin-1"))
    assert leaks(text) == set()
    assert text.count(FILLER) == len(SPELLINGS)
    assert "rtf1" not in text
    assert "\\" not in text
    assert harvest(data.encode("latin-1")).suffix == ".txt"


def test_characters_of_rich_text_are_read_in_their_code_page():
    assert rtf.plain(rich(r"caf\'e9 \u8220?quoted\u8221? \emdash\~x\line y").encode()) == "café “quoted” — x\ny"
    assert rtf.plain(rich(r"{\f1 \'ea\'e0\'f8\'e5\'eb\'fc}\f0 ok").encode()) == "кашельok"
    assert rtf.plain(rich(r"\uc2\u26085\'93\'fa ok", r"\ansi\ansicpg932").encode()) == "日 ok"
    assert rtf.plain(rich(r"\'93\'fa", r"\ansi\ansicpg932").encode()) == "日"
    assert rtf.plain(rich(r"\u-10179?\u-8638?").encode()) == "🙂"


@pytest.mark.parametrize(
    "data",
    [
        rich(r"{\pict\pngblip 89504e47}"),
        rich(r"{\object\objemb{\*\objdata 0105}}"),
        rich(r"\bin4 abcd"),
        "{\\rtf1 never ends",
        rich("x") + "more",
        rich("}"),
        rich(r"x", r"\ansi\ansicpg99999"),
        rich(r"\'81", r"\ansi\ansicpg1252"),
        rich(r"\u-10179?"),
    ],
)
def test_rich_text_that_holds_more_than_text_is_held_back(data):
    with pytest.raises(ItemError) as caught:
        rewrite(data)
    assert caught.value.code == "TXT-027"


def test_a_table_of_medicine_keeps_its_heads_and_one_of_people_loses_its_names():
    table = "<table><tr><th>{0}</th><th>{1}</th></tr><tr><td>{2}</td><td>{3}</td></tr></table>"
    page = table.format("Medication Name", "Dose", "Lisinopril", "10 mg") + table.format(
        "Name", "Relationship", "Rosalind Achterberg", "Aunt"
    )
    text, _ = rewrite(f"<html><body>{page}</body></html>")
    for kept in ("Medication Name", "Dose", "Lisinopril", "10 mg", "Name", "Relationship"):
        assert f">{kept}<" in text
    assert "Rosalind" not in text
    assert "Achterberg" not in text
    assert harvest("Name | Administration Dates | Next Due\nTdap | 2015 | 2025\n").people[0].known == ()
