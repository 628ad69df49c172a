from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from curator.report.html import html_page
from curator.report.model import Cell, Document, Picture, Section, Table
from curator.report.pngs import plain_png

VOID = {"meta", "link", "br", "img", "input"}


class Tree(HTMLParser):
    """Collects tags, and fails on what does not nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(document: Document) -> str:
    return html_page(document).decode()


def test_the_same_document_gives_the_same_bytes(document: Document, page: str) -> None:
    assert html_page(document).decode() == page


def test_nothing_of_a_text_becomes_markup(page: str) -> None:
    tags = Tree(page).tags
    assert "script" not in {tag for tag, _ in tags}
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; &quot;quoted&quot;" in page
    assert "<title>Labels &lt;b&gt;of&lt;/b&gt; a study</title>" in page


def test_nothing_runs_and_nothing_comes_from_elsewhere(page: str) -> None:
    tags = Tree(page).tags
    policy = next(attrs["content"] for tag, attrs in tags if attrs.get("http-equiv") == "Content-Security-Policy")
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}';" in policy
    for _, attrs in tags:
        assert not any(name.startswith("on") or name == "style" for name in attrs)
        for name in ("href", "src"):
            assert (attrs.get(name) or "#").startswith(("#", "data:image/png;base64,", "data:,"))
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_marks_that_hide_or_turn_text_are_shown_and_counted(page: str) -> None:
    assert "a\ufffdb\ufffdc \u4e2d" in page
    assert "2 signs that hide or turn text" in page
    assert "\u202e" not in page


def test_a_picture_brings_its_pixels_and_nothing_else_of_its_file(page: str, noted_png: bytes) -> None:
    packed = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", page)
    assert len(packed) == 1
    data = base64.b64decode(packed[0])
    assert data.startswith(b"\x89PNG")
    assert b"DOE" not in data
    assert b"DOE" in noted_png
    assert b"DOE" not in plain_png(noted_png)
    assert plain_png(plain_png(noted_png)) == plain_png(noted_png)


def test_a_broken_picture_is_refused(document: Document, noted_png: bytes) -> None:
    for broken in (noted_png[:60], b"\xff\xd8\xff", noted_png.replace(b"IHDR", b"IHDX"), b""):
        section = Section("Pictures", (Picture("c", "a", broken, 6, 4),))
        with pytest.raises(ValueError, match="PNG"):
            html_page(replace(document, sections=(section,)))


def test_links_lead_to_ids_that_stand_on_the_page_once(page: str) -> None:
    tags = Tree(page).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = {attrs["href"] for tag, attrs in tags if tag == "a"}
    assert {"#s1", "#s1-1", "#s2", "#source-3"} <= links
    assert {str(link)[1:] for link in links} <= {str(one) for one in ids}
    named = " ".join(str(attrs.get("aria-labelledby") or "") for _, attrs in tags).split()
    assert set(named) <= {str(one) for one in ids}


def test_headings_go_down_one_level_at_a_time(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Tree(page).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_heads_and_charts_have_texts_and_numbers(page: str) -> None:
    tags = [tag for tag, _ in Tree(page).tags]
    assert tags.count("caption") == tags.count("table") == 6  # three tables, and the numbers of three charts
    assert tags.count("svg") == 4
    assert tags.count("desc") == 4
    assert page.count('scope="col"') > 6
    assert "0.820 (0.700 to 0.900)" in page
    assert "12 more are left out." in page


def test_how_a_cell_stands_is_told_by_sign_and_word(page: str) -> None:
    assert 'class="bad"><span aria-hidden="true">\u2717</span><span class="hidden">Problem:</span> 0.01' in page
    assert "Signs: \u2713 OK \u00b7 \u2717 Problem" in page


def test_rows_of_another_length_are_refused(document: Document) -> None:
    section = Section("t", (Table("c", ("a", "b"), ((Cell("1"),),)),))
    with pytest.raises(ValueError, match="head"):
        html_page(replace(document, sections=(section,)))


def test_colors_of_texts_have_enough_contrast_on_white() -> None:
    from curator.report.style import MUTED, PALETTE, TONES

    def contrast(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)

    assert all(contrast(color) >= 4.5 for *_, color in TONES.values())
    assert contrast(MUTED) >= 4.5
    assert all(contrast(color) >= 3 for color in PALETTE)
