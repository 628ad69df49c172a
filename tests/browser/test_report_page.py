from __future__ import annotations

from collections.abc import Callable

from report_document import whole_document

from curator.report.html import html_page
from curator.report.model import Document, Section, Text

HOSTILE = "<img src='http://x.example/a.png' onerror='document.title=1'><script src='//x.example/b.js'></script>"


def test_a_page_with_hostile_texts_opens_without_errors_and_asks_for_nothing(
    opened: Callable[[bytes], tuple[str, list[str], str]],
) -> None:
    document = whole_document()
    more = Section(HOSTILE, (Text(HOSTILE),))
    hostile = Document(HOSTILE, HOSTILE, (), (*document.sections, more), HOSTILE, HOSTILE)
    dom, asked, console = opened(html_page(hostile))
    assert console == ""
    assert [url for url in asked if "x.example" in url] == []
    assert "<svg" in dom
    assert "<script" not in dom.split("<body>")[1]


def test_the_watch_on_console_and_network_sees_what_it_should(
    opened: Callable[[bytes], tuple[str, list[str], str]],
) -> None:
    page = b"<!DOCTYPE html><img src='http://127.0.0.1:9/a.png'><script>console.error('seen')</script>"
    _, asked, console = opened(page)
    assert "seen" in console
    assert "http://127.0.0.1:9/a.png" in asked
