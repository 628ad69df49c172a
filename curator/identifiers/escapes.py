"""What a text says to a reader that resolves escapes: of web addresses, markup, mail and JSON, and encoded parts.

Texts of other systems reach a file as they were sent: ``M%C3%BCller``, ``O&#39;Brien``. Pure functions of a text, in
linear time, since a hostile file chooses it. They never decide what goes.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

_PERCENT = re.compile("%[0-9A-Fa-f]{2}")
_ENTITY = re.compile("&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][0-9A-Za-z]{1,7});")
#: Quoted-printable (RFC 2045, section 6.7).
_QUOTED = re.compile("(?:=[0-9A-F]{2})+")
#: Escapes of JSON and of programs.
_BACKSLASH = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([0-3][0-7]{2}))")
_CODES = re.compile("[0-9A-Za-z+/_-]{8,}")
_HEX = re.compile("(?:[0-9A-Fa-f]{2}){5,}")
#: What base 64 has: a capital, and a small letter or a figure. Each is looked for by itself, in linear time.
_LARGE, _OTHER = re.compile("[A-Z]"), re.compile("[a-z0-9]")
_URL_SAFE = str.maketrans("-_", "+/")


def escaped(text: str) -> tuple[str, ...]:
    """Return what the escapes and encoded parts of a text mean, each with the rest of it; empty when it has none."""
    found: list[str] = []
    if "%" in text and _PERCENT.search(text):
        found.append(unquote(text, errors="replace"))
    if "&" in text and _ENTITY.search(text):
        found.append(unescape(text))
    if "=" in text and _QUOTED.search(text):
        found.append(_QUOTED.sub(_quoted, text))
    if "\\" in text and _BACKSLASH.search(text):
        found.append(_BACKSLASH.sub(_mark, text))
    found += _encoded(text)
    return tuple(found)


def _quoted(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("=", "")).decode("utf-8", "replace")


def _mark(match: re.Match[str]) -> str:
    return chr(int(match[1] or match[2], 16) if match[3] is None else int(match[3], 8))


def _encoded(text: str) -> Iterator[str]:
    """Yield the texts that stand in it in base 64 (RFC 4648, either alphabet) or in pairs of hexadecimal figures."""
    for run in _CODES.findall(text):
        if _HEX.fullmatch(run):
            yield from _readable(bytes.fromhex(run))
        if _LARGE.search(run) and _OTHER.search(run):
            plain = run.translate(_URL_SAFE).rstrip("+")
            yield from _readable(b64decode(plain[: len(plain) - (len(plain) % 4 == 1)] + "=="))


def _readable(data: bytes) -> Iterator[str]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if text.isprintable():
        yield text
