# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Findings that begin or end within a word: the rest of the word belongs to them, and what a hyphen joins to a name.

Half a name is no less a name: Per of Per-Erik, 12 of 12B Aurora Tower.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from curator.detect.text.lists.lexicon import fold, is_name, lexicon, word_list
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_JOINTS = frozenset("-‐‑'’ʼ")
_LEFT = re.compile(r"[^\W_]+$")
_RIGHT = re.compile(r"[^\W\d_]+")
_PART_BEFORE = re.compile(r"(?<![^\W_])[^\W\d_]{1,20}(?=[-‐‑'’ʼ]$)")
_PART_BEHIND = re.compile(r"[-‐‑'’ʼ]([^\W\d_]{2,20})(?![^\W_])")
#: Parts before a hyphen that are none of a name, though they may be names too.
_PREFIXES = word_list("prefixes")


def unbroken(text: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings, each with the rest of the word that it begins or ends in.

    Parameters
    ----------
    text
        The text.
    found
        Names and places in it.
    """
    size = len(text)
    for finding in found:
        start, end = finding.start, finding.end
        if start and text[start].isalpha() and text[start - 1].isalnum():
            left = _LEFT.search(text, max(0, start - 24), start)
            start = left.start() if left else start
        if end < size and text[end - 1].isalpha() and text[end].isalpha():
            right = _RIGHT.match(text, end, min(size, end + 24))
            end = right.end() if right else end
        if finding.category is Category.NAME:
            if start > 1 and text[start - 1] in _JOINTS and text[start - 2].isalpha():
                start = _before(text, start)
            if end + 1 < size and text[end] in _JOINTS and text[end + 1].isalpha():
                end = _behind(text, start, end)
            if text[end : end + 1] in {" ", ","} or text[start - 1 : start] == " ":
                start, end = _to_degree(text, start, end)
        yield finding if (start, end) == (finding.start, finding.end) else replace(finding, start=start, end=end)


_DEGREE = re.compile(
    r",?[ ](?:M\.?D|D\.?O|R\.?N|N\.?P|P\.?A(?:-C)?|Ph\.?D|LPN|CNA|CRNA|APRN|FNP|DPM|DDS|DMD|PharmD|MBBS|MSW|LCSW|FRCS|RPh|OD)(?![\w-])"
)
_WORD_BEHIND = re.compile(
    r"[ ]([A-Z][a-z]+)(?=,?[ ](?:M\.?D|D\.?O|R\.?N|N\.?P|P\.?A(?:-C)?|Ph\.?D|LPN|CRNA|APRN|FNP|DPM|DDS|PharmD|MBBS|LCSW)(?![\w-])|, who\b)"
)
_WORD_BEFORE = re.compile(r"(?:^|[\n:.;(] ?|\bby |\b(?:Dr|DR)\.? |[ ]{2})([A-Z][^\W\d_]+) $")


def _to_degree(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a name of one word begins and ends whose other word is one of everyday: Mark Nurse, MD; Will Power, M.D."""
    ahead = text[end + 1 : end + 3]
    if not (ahead[:1].isupper() or ahead[1:].isupper()) or " " in text[start:end]:
        return start, end
    behind = _WORD_BEHIND.match(text, end)
    if behind:
        return start, behind.end(1)
    if text[start - 1 : start] == " " and _DEGREE.match(text, end):
        before = _WORD_BEFORE.search(text, max(0, start - 24), start)
        if before and (is_name(fold(before[1])) or fold(before[1]) not in lexicon().medical):
            return before.start(1), end
    return start, end


def _before(text: str, start: int) -> int:
    """Return where a name begins that a joint goes before: Per-Erik, O'Dowd; a prefix is none of it: post-Whipple."""
    part = _PART_BEFORE.search(text, max(0, start - 22), start)
    if part is None:
        return start
    word, folded = part[0], fold(part[0])
    small = text[start].islower()
    if word.islower() and not small and len(word) > 2:
        return start
    if folded in _PREFIXES and not (folded in {"per", "via"} and word[0].isupper() and text[start - 1] not in "'’ʼ"):
        return start
    known = lexicon()
    if folded == "per":
        return part.start()
    if (folded in known.medical or (small and folded in known.words)) and not is_name(folded):
        return start
    return part.start()


def _behind(text: str, start: int, end: int) -> int:
    """Return where a name ends that a joint goes behind: Jean-Baptiste; Baker-type and Smith's end before it."""
    part = _PART_BEHIND.match(text, end)
    if part is None:
        return end
    folded, known = fold(part[1]), lexicon()
    if part[1].isupper() and not text[start:end].isupper():
        return end
    if part[1][0].isupper():
        if folded in known.medical and not is_name(folded):
            return end
        return part.end()
    if text[start:end].islower() and is_name(folded) and folded not in known.words and folded not in known.medical:
        return part.end()
    return end
