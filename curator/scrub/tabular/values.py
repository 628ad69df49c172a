"""What single cells look like: whole names, long numbers, markup, text that cannot be searched. No decisions on files.

Nothing here may print, log or raise a cell.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from curator.identifiers.spelling import visible

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment

#: Numbers and short codes that no detector need look at: at most six digits, or a letter or three with some digits.
PLAIN = re.compile(
    r"[<>]?=?[-+]?\d{0,6}(?:\.\d{0,17})?(?:[eE](?:-\d{1,3}|\+?0?[0-6]))?%?|[A-Za-z]{1,2}|[A-Za-z]{0,2}\d{1,3}(?:\.\d{1,4}[A-Za-z]?)?|nan|-?inf"
)
#: A code of a terminology as a whole: letters, digits and joining marks, and not the shape of an SSN, a day or a phone.
CODE = re.compile(
    r"(?!\d{3}-\d\d-\d{4}$)(?!\d{3}-\d{3}-\d{4}$)(?!(?:1[89]|20)\d\d-\d\d?-\d\d?$)[A-Za-z0-9][A-Za-z0-9._:^|+-]{0,31}"
)
#: The stage of a tumor (UICC's TNM, 8th edition), nodes as found of those examined: pT2 pN1a(2/14) M0. It holds no day.
TNM = re.compile(
    r"(?:[acmpry]{0,3}(?:T(?:[0-4][a-d]?|is|[xXa])|N(?:[0-3][a-c]?|[xX])|M(?:[01][a-c]?|[xX]))"
    r"(?:\((?:\d{1,3}/\d{1,3}|\d{1,2}|sn|mol|i[+-]|mol[+-]|m)\)){0,2}[ ,;/]{0,2}){1,4}"
    r"(?:(?:G|R|L|V|Pn)[0-4xX][ ,;/]{0,2}){0,5}"
)
#: Codes of i2b2's own demography that say an age or a ZIP code.
CODED_AGE = re.compile(r"(DEM\|AGE:)(\d{1,3})", re.IGNORECASE)
CODED_ZIP = re.compile(r"(DEM\|ZIP(?:CODE|_CD)?:)(.*)", re.IGNORECASE)
#: UIDs that the standard itself registers (PS3.6, annex A) begin with it.
REGISTERED_UID = "1.2.840.10008."
#: A number of so many digits is no measurement; it may be an ID, a phone number or a day counted in seconds.
LONG_NUMBER = re.compile(r"[-+]?\d{7,}(?:\.0*)?|\d(?:\.\d+)?[eE]\+?\d+")
#: A word with seven digits in a row.
HOLDS_LONG_NUMBER = re.compile(r"(?=\S*\d{7})\S{1,40}")
#: What reads like the number of something: six or more letters and digits without a blank, digits among them.
LIKE_AN_ID = re.compile(r"(?=[^.]*\d)[A-Za-z0-9][A-Za-z0-9_/-]{5,}")
UID = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*)){3,}")
_UUID = re.compile(r"\s*[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\s*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,4096}>|<!--.{0,65536}?-->", re.DOTALL)
_BLOCK = re.compile(r"</?(?:br|p|div|td|th|tr|table|li|ul|ol|h\d|hr|section|title)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z]{2,31});")
#: Runs in which no reader sees words: encoded documents and pictures.
_ENCODED = re.compile(r"(?=[A-Za-z0-9+/_-]*\d)(?=[A-Za-z0-9+/_-]*[A-Za-z])[A-Za-z0-9+/_-]{60,}={0,2}")
#: A cell that is one such run as a whole may be shorter: base64 with letters of both cases and digits, or hex.
_ENCODED_CELL = re.compile(
    r"(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=\D*\d)[A-Za-z0-9+/]{16,}={0,2}|[A-Za-z0-9+/]{10,}={1,2}|(?:[0-9a-fA-F]{2}){8,}"
)
#: A single letter written by its number.
_ESCAPED = re.compile(r"(?<!\d)%([2-7][0-9A-Fa-f])|\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})|_x([0-9A-Fa-f]{4})_")
#: Letters and digits that are written wide, bold or circled, and read as the plain ones.
_WIDE = re.compile("[\uff01-\uff5e\U0001d400-\U0001d7ff\u2460-\u24ff\u2070-\u209c]+")
_QUOTED_PRINTABLE = re.compile(r"(?:=[0-9A-F]{2}|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}){3,}")


def is_uuid(cell: str) -> bool:
    """Say whether a cell is a UUID (RFC 9562, 4): it names one thing in all tables."""
    return _UUID.fullmatch(cell) is not None


def code_of(cell: str, domain: str, treatment: Treatment) -> str:
    """Return what stands for an ID that is no patient's; a UUID has the same code whatever its column is called."""
    return treatment.code("uuid", cell.strip().lower()) if is_uuid(cell) else treatment.code(domain, cell)


@lru_cache(maxsize=65536)
def is_name(cell: str) -> bool:
    """Say whether a short cell is a name as a whole.

    One word is, when a list of names has it and no list of everyday or medical words; several are, when each is in a
    list of names or in no list at all and capitalized, and not all of them are words too.
    """
    words = _short(cell)
    if not words:
        return False
    known = [_listed(word) for word in words]
    if len(words) == 1:
        return known[0] == (True, False)
    return all(named or _stands_out(word, plain=plain) for word, (named, plain) in zip(words, known, strict=True)) and (
        not all(plain for _, plain in known)
    )


@lru_cache(maxsize=65536)
def is_unlisted(cell: str) -> bool:
    """Say whether a cell is a few capitalized words that no list of everyday or medical words has."""
    words = _short(cell)
    return 1 <= len(words) <= 3 and all(_stands_out(word, plain=_listed(word)[1]) for word in words)


def _short(cell: str) -> list[str]:
    """Return the words of a cell that may be a name; none of another."""
    if len(cell) > 64 or any(mark.isdigit() for mark in cell):
        return []
    words = [word for word in _WORD.findall(cell) if len(word) > 1]
    return words if len(words) <= 5 else []


def _stands_out(word: str, *, plain: bool) -> bool:
    return not plain and len(word) > 3 and word[0].isupper()


def _listed(word: str) -> tuple[bool, bool]:
    """Say whether lists of names, and lists of words or counties, have a word."""
    from curator.detect.text.lists.lexicon import fold, lexicon

    lists, key = lexicon(), fold(word)
    named = key in lists.given or key in lists.surnames or key in lists.international
    return named, key in lists.words or key in lists.medical or key in lists.counties


def plain_text(cell: str) -> str | None:
    """Return a cell's text without markup, None when it holds what cannot be searched as text.

    Tags go with all of their attributes, entities and escapes become what they stand for, marks that show nothing go,
    wide letters become plain; rich text (RTF) and encoded documents cannot be searched.
    """
    start = cell.lstrip()[:12]
    if start.startswith(("{\\rtf", "%PDF", "JVBER", "<?xml", "data:", "\\rtf")):
        return None
    if _ENCODED.search(cell) or _QUOTED_PRINTABLE.search(cell) or _ENCODED_CELL.fullmatch(cell.strip()):
        return None
    if "%" in cell or "\\" in cell or "_x" in cell:
        cell = _ESCAPED.sub(_unescaped, cell)
    if not cell.isascii():
        cell = _WIDE.sub(lambda run: unicodedata.normalize("NFKC", run[0]), visible(cell))
    if "&" in cell or "<" in cell:
        if _TAG.search(cell):
            cell = _TAG.sub(lambda tag: "\n" if _BLOCK.match(tag[0]) else "", cell)
        if _ENTITY.search(cell):
            cell = html.unescape(cell)
            if _TAG.search(cell) or _ENTITY.search(cell):
                return None
    return cell


def _unescaped(match: re.Match[str]) -> str:
    made = chr(int(next(one for one in match.groups() if one), 16))
    return made if made.isprintable() else " "
