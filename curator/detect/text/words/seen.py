"""A text as a reader sees it: no invisible marks, no look-alikes, plain blanks, figures, hyphens and quotes.

A name with a zero-width mark inside, a letter of another script, or a no-break space between its words is read like any
other; what is found is put where it stands in the text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from curator.detect.text.lists.lexicon import fold, is_listed, toml_of
from curator.identifiers.findings import Finding

#: Marks that are not seen, and are passed over in searching.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U000e0000-\U000e0fff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
#: A text that looks as it is written: printable ASCII without anything that stands for something else.
_PLAIN = re.compile(r"[\t\n\r\x20-\x24\x27-\x5b\x5d-\x7e]*")
#: Characters beyond that, and what stands for one: references, escapes, percent signs within words.
_SPECIAL = re.compile(
    r"&(?:amp;){0,4}(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}"
    r"|(?:(?<=[^\W\d_])(?:%[0-9a-fA-F]{2})+|(?<!%[0-9a-fA-F]{2})(?:%[0-9a-fA-F]{2})++(?=[^\W\d_]))|[^\t\n\r\x20-\x7e]"
)
#: Places in a text, of four bytes each.
_PLACE = "I"
_ODD_LINE = "\x85\u2028\u2029\x0b\x0c"
_WORD = re.compile(r"[^\W\d_]{2,}")
#: Marks that are read as they stand: of house numbers, floors and saints.
_STAY = "\u00aa\u00ba\u00bc\u00bd\u00be"
#: Quotes of printers, and what a keyboard has for them.
_QUOTES = dict.fromkeys("\u2018\u2019\u201b\u02bc", "'") | dict.fromkeys("\u201c\u201d\u201f", '"')


@cache
def _lookalikes() -> dict[str, str]:
    pairs = "".join(toml_of("lookalikes.toml").values())
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


@dataclass(frozen=True)
class View:
    """What is searched, and where each of its characters stands in the text.

    Parameters
    ----------
    plain
        The text to search.
    starts, ends
        Of each character of ``plain``: the half-open range of the text that it stands for.
    """

    plain: str = field(repr=False)
    starts: array[int] = field(repr=False)
    ends: array[int] = field(repr=False)

    @property
    def text(self) -> str:
        """What is searched."""
        return self.plain

    def returned(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """Yield what was found in what is searched as it stands in the text."""
        for one in found:
            yield replace(one, start=self.starts[one.start], end=self.ends[one.end - 1])


def view(text: str, *, hide: re.Pattern[str] | None = None) -> View | None:
    """Read a text as it looks, character references and escapes read as what they stand for.

    Parameters
    ----------
    text
        The text.
    hide
        What else a reader does not see, such as tags; None for nothing.

    Returns
    -------
    View or None
        None when the text looks exactly as it is written.
    """
    if hide is None and _PLAIN.fullmatch(text):
        return None
    plain: list[str] = []
    starts, ends = array(_PLACE), array(_PLACE)
    at = 0
    gaps = [match.span() for match in hide.finditer(text)] if hide is not None else []
    for low, high in [*gaps, (len(text), len(text))]:
        for match in _SPECIAL.finditer(text, at, low):
            _copy(text, at, match.start(), plain, starts, ends)
            at = match.end()
            for one in _seen(_read(match)):
                plain.append(one)
                starts.append(match.start())
                ends.append(at)
        _copy(text, at, low, plain, starts, ends)
        at = high
    made = _latin("".join(plain))
    return None if made == text else View(made, starts, ends)


def _copy(text: str, start: int, end: int, plain: list[str], starts: array[int], ends: array[int]) -> None:
    if end > start:
        plain.append(text[start:end])
        starts.extend(range(start, end))
        ends.extend(range(start + 1, end + 1))


def _read(match: re.Match[str]) -> str:
    """Return what a special character, a reference or an escape stands for."""
    found = match[0]
    if found[0] == "&":
        return html.unescape(found if found == "&amp;" else found.replace("amp;", ""))
    if found[0] == "\\":
        mark = chr(int("0x" + found[2:], 0))
        return mark if not "\ud800" <= mark < "\ue000" else "\ufffd"
    if found[0] == "%":
        try:
            return bytes.fromhex(found.replace("%", "")).decode("utf-8")
        except UnicodeDecodeError:
            return found
    return found


@cache
def _one(mark: str) -> str:
    """Return what one character looks like."""
    if mark in "\t\n\r" or mark in _STAY:
        return mark
    if mark in _ODD_LINE:
        return "\n"
    if _UNSEEN.match(mark):
        return ""
    if "\uf020" <= mark <= "\uf07e":  # symbol fonts put ASCII there
        return chr(ord(mark) - 0xF000)
    kind = unicodedata.category(mark)
    if kind == "Zs":
        return " "
    if kind == "Nd":
        return str(unicodedata.decimal(mark))
    if kind == "Pd" and mark not in "—―":
        return "-"
    if mark in _QUOTES:
        return _QUOTES[mark]
    if mark == "\u2212":
        return "-"
    if kind == "Co":
        return ""
    folded = unicodedata.normalize("NFKC", mark)
    return folded if folded.isprintable() else mark


def _seen(mark: str) -> str:
    return "".join(map(_one, mark))


def _latin(text: str) -> str:
    """Read letters of other scripts as the Latin ones they look like, in words where both stand; lengths stay."""
    if text.isascii():
        return text
    table = _lookalikes()

    def word(match: re.Match[str]) -> str:
        found = match[0]
        if found.isascii():
            return found
        latin = sum(1 for mark in found if mark < "\u02b0" or "\u1d00" <= mark < "\u1dc0")
        strange = sum(1 for mark in found if mark in table)
        if not strange or (not latin and strange < len(found)):
            return found
        made = "".join(table.get(mark, mark) for mark in found)
        # A word of nothing but look-alikes is read as Latin only where the text around it is, and such a word is known:
        # Комаров, which looks like Komapob, stays.
        if not latin and not (is_listed(fold(made)) and _amid_latin(text, match.start(), match.end())):
            return found
        return made

    return _WORD.sub(word, text)


def _amid_latin(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - 40) : start] + text[end : end + 40]
    letters = [mark for mark in around if mark.isalpha()]
    return sum(1 for mark in letters if mark < "\u0250") * 10 > len(letters) * 8
