"""Somebody with a degree who fills a line or a cell, though both words are words of everyday: Will Page RN."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, lexicon
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_FILLED = re.compile(
    r"(?:^|(?<=[\n\t|]))[ ]{0,3}([A-Z][a-z]{1,14} (?:[A-Z]\.? )?([A-Z][a-z]{1,19}))(?=,? "
    r"(?:RN|MD|DO|NP|LPN|LVN|CNA|RRT|APRN|CRNA|FNP|DNP|BSN|MSN|PA-C|PharmD|DDS|DMD|DPM|OD|PhD|LCSW|MSW|RD)"
    r"[ ]{0,3}(?:[\n\t|]|$))"
)


def graded(text: str) -> Iterator[Finding]:
    """Yield a given name and a surname before a degree, where nothing else stands beside them."""
    for match in _FILLED.finditer(text):
        known, words = lexicon(), match[1].split(" ")
        if fold(words[0]) in known.given and (fold(match[2]) in known.frequent or fold(match[2]) in known.surnames):
            yield Finding(*match.span(1), Category.NAME, "name", "name.graded", 0.8)
