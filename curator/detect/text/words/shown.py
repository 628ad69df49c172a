# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""A text as programs and printers wrote it down, read as it was meant.

They write tags and Markdown, and a line's end as two letters; they lose the blank behind a sentence, put two in the
place of one, and fill lines up with blanks. How single marks look, :mod:`curator.detect.text.words.seen` says.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from typing import Protocol

from curator.detect.text.words.seen import view
from curator.detect.text.words.wrapped import NARROW, Reading, ended
from curator.identifiers.findings import Finding

Edit = tuple[int, int, str]

#: A letter with its accents behind it, as some systems write it.
_ACCENTED = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u04ff\u1e00-\u1eff][\u0300-\u036f]+")
#: Tags without attributes, or with those of letters' looks in small letters alone: others may tell somebody, and stay.
_LOOKS = r"""(?:[ \n]+(?:style|color|size|align)=(?:"[a-z0-9#:;%., \n()-]{0,200}"|'[a-z0-9#:;%., \n()-]{0,200}'|[a-z0-9#%]{1,20}))*[ \n]*/?>"""
_TAG = re.compile(
    r"</?(?i:(?P<inline>b|i|u|s|em|strong|span|font|sup|sub|small|big|mark|wbr|tt|ins|del|code|td|th)"
    r"|(?P<block>br|p|div|li|ul|ol|tr|table|tbody|thead|h[1-6]|hr|pre|blockquote|center))" + _LOOKS
)
_ANY_TAG = re.compile(r"</?[A-Za-z!?]")
#: Marks of Markdown that make words bold; more stars, or stars beside figures, hide something or are a line.
_BOLD = re.compile(r"(?<![*\w])\*\*(?=[^\W\d_])|(?:(?<=[^\W\d_])|(?<=[:.,]))\*\*(?![*\w])")
#: The end of a line, and a tab, written as letters; of a path they are none.
_WRITTEN = re.compile(r"\\r\\n|\\[nrt]")
_PATH = re.compile(r"(?<![A-Za-z])[A-Za-z]:\\|\\\\|\{\\rtf")
_SURELY = re.compile(r"\\n(?=[A-Z0-9 \\]|$)")
_LEAST_WRITTEN = 2
#: The end of a sentence that the next one touches, and what makes it a part of an address or of a file's name.
_TOUCHING = re.compile(r"\.(?=([A-Z][A-Za-z]{1,20})[ ,;:\n])(?:(?<=[a-z]{3}\.)|(?<=[0-9)]\.)|(?<=[A-Z]{3}\.))")
_MONTH = re.compile(r"J[aäu]n|F[eé][bv]|M[aä]r|A[pv]r|Ma[iy]|Jui?[ln]|A[ug][go]|Sep|O[ck]t|Nov|D[eéi][cz]")
_FILES = frozenset(
    ["NEF", "JPG", "JPEG", "PNG", "PDF", "DCM", "TIF", "TIFF", "DOC", "DOCX", "TXT", "CSV", "XLS", "XLSX", "XML"]
    + ["JSON", "ZIP", "MOV", "AVI", "RAW", "HEIC", "WAV", "DAT", "BAK", "NII", "RTF", "HTM", "HTML"]
)
_LONGEST = 80
_ADDRESS = re.compile(r"[@\\_]|//|www|[A-Z][a-z]{0,20}\.(?:com|org|net|edu|gov)\b")
#: Two blanks, and one, between words.
_TWO, _ONE, _WIDE = re.compile(r"(?<=\S)[ ]{2}(?=\S)"), re.compile(r"(?<=\S)[ ](?=\S)"), re.compile(r"\S[ ]{4}")
#: So many words are parted by two blanks at least where all are, and so many times as many as by one.
_LEAST, _TIMES = 8, 4
#: So many lines of one width are filled up at least; of their gaps no more than a share stands where one of the line
#: before does, as in columns.
_LINES, _ALIGNED = 3, 0.5
_WIDEST = 132
#: A text is read so often at most.
_READINGS = 4


class Step(Protocol):
    """A reading of a text that leads back to it."""

    @property
    def text(self) -> str:
        """What is read."""

    def returned(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """Yield what was found in what is read as it stands in the text."""


def readings(text: str) -> tuple[str, list[Step]]:
    """Read a text step by step until it is shown as it stands.

    Returns
    -------
    tuple
        What is read, and the steps that lead back to the text, the first one first.
    """
    made: list[Step] = []
    for _ in range(_READINGS):
        one = ended(text) if "\r\n" in text else view(text) or shown(text)
        if one is None:
            break
        made.append(one)
        text = one.text
    return text.replace("\r", "\n"), made


def shown(text: str) -> Reading | None:
    """Read what was written for a program as it is shown; None where nothing was."""
    edits: list[Edit] = []
    if not text.isascii():
        edits += _accented(text)
    if "<" in text and ">" in text:
        edits += _untagged(text)
    if text.count("**") > 1:
        edits += [(*match.span(), "") for match in _BOLD.finditer(text)]
    if "\\" in text:
        edits += _unwritten(text)
    edits += _opened(text)
    if edits:
        return _edited(text, sorted(edits))
    narrowed = list(_narrowed(text)) if "  " in text else []
    return _edited(text, narrowed) if narrowed else None


def _edited(text: str, edits: Iterable[Edit]) -> Reading:
    """Return a text in which stretches give way to a mark or none, or a mark stands where there was none."""
    read: list[str] = []
    places, left_out = list[int](), list[int]()
    last = made = 0
    for start, end, mark in edits:
        if start < last:
            continue
        read += (text[last:start], mark)
        made += start - last + len(mark)
        last = end
        if end - start > len(mark):
            places.append(made)
            left_out.append(end - start - len(mark))
        elif start == end:  # a blank that was put in stands where the next mark of the text does
            places.append(made - 1)
            left_out.append(-1)
    read.append(text[last:])
    return Reading("".join(read), places, list(accumulate(left_out)))


def _accented(text: str) -> Iterator[Edit]:
    for match in _ACCENTED.finditer(text):
        mark = unicodedata.normalize("NFC", match[0])
        if len(mark) == 1:
            yield *match.span(), mark


def _untagged(text: str) -> Iterator[Edit]:
    """Yield tags of letters' looks, where there are no others: what those tell is read from them."""
    tags = list(_TAG.finditer(text))
    if len(tags) < len(_ANY_TAG.findall(text)):
        return
    for match in tags:
        if match["block"]:
            yield *match.span(), "\n"
        else:
            yield *match.span(), "\t" if match[0][:4].lower() in {"</td", "</th"} else ""


def _unwritten(text: str) -> list[Edit]:
    """Return the ends of lines that are written as letters, where hardly any is one."""
    found = list(_WRITTEN.finditer(text))
    if (
        (len(found) < _LEAST_WRITTEN and not _SURELY.search(text))
        or text.count("\n") >= len(found)
        or _PATH.search(text)
    ):
        return []
    return [(*match.span(), "\t" if match[0] == "\\t" else "\n") for match in found]


def _opened(text: str) -> Iterator[Edit]:
    """Yield the blank that lacks behind a sentence: The chest is clear.Abdomen soft."""
    for match in _TOUCHING.finditer(text):
        start, end = match.span()
        if match[1].upper() in _FILES or _MONTH.match(match[1]):
            continue
        least = max(0, start - _LONGEST)
        first = max(text.rfind(" ", least, start), text.rfind("\n", least, start), least - 1) + 1
        if not _ADDRESS.search(text, first, start) and not _ADDRESS.match(text, end):
            yield end, end, " "


def _narrowed(text: str) -> Iterator[Edit]:
    """Yield what stands between words beside one blank, where two stand everywhere or lines are filled up with them."""
    pairs = text.count("  ")
    lines = list(_lines(text)) if pairs >= _LINES else []
    if pairs >= _LEAST and 3 * pairs > text.count(" ") and len(_ONE.findall(text)) * _TIMES <= len(_TWO.findall(text)):
        filled = [] if _is_aligned(lines) else lines
    else:
        sizes = Counter(size for _, size, gaps in lines if gaps and NARROW <= size <= _WIDEST)
        width, count = sizes.most_common(1)[0] if sizes else (0, 0)
        filled = [
            (at, size, gaps) for at, size, gaps in lines if size == width and not _WIDE.search(text, at, at + size)
        ]
        if count < _LINES or len(filled) < _LINES or _is_aligned(filled):
            return
    for at, _, gaps in filled:
        yield from ((at + gap, at + gap + 2, " ") for gap in gaps)


def _lines(text: str) -> Iterator[tuple[int, int, list[int]]]:
    """Yield for each line where it begins, how long it is, and where in it two blanks stand between words."""
    at = 0
    for line in text.split("\n"):
        yield at, len(line), [match.start() for match in _TWO.finditer(line)] if "  " in line else []
        at += len(line) + 1


def _is_aligned(lines: list[tuple[int, int, list[int]]]) -> bool:
    """Say whether the gaps of lines stand below one another, as those of columns do."""
    shared = whole = 0
    for (*_, one), (*_, two) in pairwise(lines):
        if one and two:
            shared += len(set(one).intersection(two))
            whole += len(two)
    return shared > _ALIGNED * whole
