"""What stands before a name: roles with a colon, relations, "seen by" and the like, as look-ups in sets of words."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from curator.detect.text.lexicon import data_text

#: Blanks, and one empty line at most, may lie between the words and the name.
_TAIL = re.compile(r"[ \t]*\n?[ \t]*\n?[ \t]*$")
_WORDS = re.compile(r"[^\s:=,;.()\[\]\"“]+")
_BRACKET = re.compile(r"\([^()\n]{1,24}\)\s*$")
_REACH = 48


@cache
def _sets() -> dict[str, frozenset[str]]:
    loaded = tomllib.loads(data_text("contexts.toml"))
    words = {name: frozenset(loaded[name].split()) for name in ("colon", "bare", "done", "eponym")}
    return words | {"phrase": frozenset(part for line in loaded["phrase"].split("\n") for part in line.split("|"))}


def told(text: str, at: int) -> bool:
    """Say whether the words before a place tell that a name follows."""
    before = text[max(0, at - _REACH) : at]
    tail = _TAIL.search(before)
    if tail:
        before = before[: tail.start()]
    if not before:
        return False
    sets = _sets()
    mark = before[-1]
    if mark in ":=":
        before = before[:-1].rstrip()
        if before.endswith(")"):
            before = _BRACKET.sub("", before).rstrip()
        words = _WORDS.findall(before.lower()[-24:])
        return bool(words) and (words[-1] in sets["colon"] or words[-1].removesuffix("'s") in sets["colon"])
    lower = before.lower()
    if mark == ",":
        lower = lower[:-1]
    elif mark == ".":
        lower = lower[:-1]
        return lower[lower.rfind(" ") + 1 :] in {"attn", "cc", "pt"}
    words = _WORDS.findall(lower)
    if not words or not lower.endswith(words[-1]):
        return False
    last = words[-1]
    if last in sets["bare"]:
        return True
    if len(words) > 1:
        if last == "by" and words[-2] in sets["done"]:
            return True
        if f"{words[-2]} {last}" in sets["phrase"]:
            return True
    return False


_BEHIND = re.compile(r"(?:['’]s?)?[ -](?:and )?([^\W\d_]+)(?:['’]s?)?(?:[ -]([^\W\d_]+))?(?:[ -]([^\W\d_]+))?")


def eponym(text: str, at: int) -> bool:
    """Say whether a disease, sign, device or the like stands behind a place: the name before it means no person."""
    match = _BEHIND.match(text, at)
    if match is None:
        return False
    nouns = _sets()["eponym"]
    first, second, third = match[1], match[2], match[3]
    if first.lower() in nouns:
        return True
    if second is None or not first[0].isupper():
        return False
    return second.lower() in nouns or (third is not None and second[0].isupper() and third.lower() in nouns)
