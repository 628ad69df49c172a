# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Which kind of text a file is, by how it begins, never by its name."""

from __future__ import annotations

import json
import re

#: Endings of clean files by form. A form that is not listed here is held back.
SUFFIXES = {
    "text": ".txt",
    "markdown": ".md",
    "rtf": ".txt",
    "html": ".html",
    "json": ".json",
    "jsonl": ".jsonl",
    "conll": ".conll",
    "vtt": ".vtt",
    "srt": ".srt",
}
#: Characters that are looked at.
HEAD = 65536
_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_SRT = re.compile(rf"\s*\d+[ \t]*\r?\n{_TIME}[ \t]*-->[ \t]*{_TIME}")
_HTML = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)*(?:<!doctype html|<html\b|<head\b|<body\b|<(?:div|p|table|span|h[1-6]|ul|br|b|pre)\b[^<>]{0,400}>)",
    re.IGNORECASE | re.DOTALL,
)
_BEGINS = re.compile(
    r'(?:\{\s*(?:"|\}|$)|\[\s*(?:["{\[\]]|-?\d[\d.eE+-]*\s*[,\]]\s*[-\d\]]|(?:true|false|null)\s*[,\]]|$))'
)
_XHTML = re.compile(r"\s*<\?xml[^>]{0,200}\?>\s*(?:<!doctype html|<html\b)", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml\b|[A-Za-z][\w.-]{0,60}:?[\w.-]{0,60}(?:\s[^<>]{0,400})?>)")
_BRAT = re.compile(r"T\d+\t\S+ \d+ \d+(?:;\d+ \d+)*\t")
_TEN = re.compile(r"\d+(?:[-.]\d+)?\t(?:[^\t]*\t){8}")
_TAGGED = re.compile(r"(?:\S+[ \t]+)+(?:O|[BIESLUM](?:[-_]\S+)?)")
_MARKDOWN = (
    re.compile(r"\A---\r?\n(?:[^\r\n]*\r?\n){1,60}?(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE),
    re.compile(r"^#{1,6} \S", re.MULTILINE),
    re.compile(r"!?\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)"),
    re.compile(r"^(?:```|~~~)", re.MULTILINE),
    re.compile(r"(?<![\w*])\*\*\S[^*\n]{0,200}\*\*"),
    re.compile(r"^\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+", re.MULTILINE),
)


def form_of(head: str) -> str:
    """Say which form a text has.

    Parameters
    ----------
    head
        How it begins; :data:`HEAD` characters are enough.

    Returns
    -------
    str
        A key of :data:`SUFFIXES`, or ``brat``, ``conllu`` or ``xml``, which are held back.
    """
    head = head[:HEAD].removeprefix("\ufeff")
    bare = head.lstrip()
    if re.match(r"WEBVTT(?:[ \t\r\n]|$)", bare):
        return "vtt"
    if _SRT.match(head):
        return "srt"
    if bare.startswith("{\\rtf"):
        return "rtf"
    if _HTML.match(head) or _XHTML.match(head):
        return "html"
    if bare[:1] in {"{", "["} and (found := _json(bare)):
        return found
    if _XML.match(head):
        return "xml"
    if _BRAT.match(bare) or bare.startswith("#FORMAT=WebAnno"):
        return "brat"
    if _is_universal(head):
        return "conllu"
    if _is_tagged(head):
        return "conll"
    return "markdown" if sum(1 for form in _MARKDOWN if form.search(head)) >= 2 or _heading(head) else "text"


def _heading(head: str) -> bool:
    return _MARKDOWN[0].search(head) is not None or re.match(r"\s*#{1,6} \S[^\r\n]*\r?\n\s*\r?\n", head) is not None


def _json(bare: str) -> str:
    """Tell JSON from JSON Lines and from a text that begins with a bracket."""
    line, _, rest = bare.partition("\n")
    line = line.rstrip("\r")
    try:
        json.loads(line, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        if not rest and len(bare) >= HEAD - 4096:
            return "jsonl" if bare[0] == "{" else "json"
        return "json" if _BEGINS.match(bare) else ""
    return "jsonl" if rest.strip() else ("jsonl" if len(bare) >= HEAD - 4096 and bare[0] == "{" else "json")


def _is_universal(head: str) -> bool:
    """Say whether lines are tokens with the ten columns of Universal Dependencies."""
    rows = [line for line in head.splitlines()[:200] if line.strip() and not line.startswith("#")]
    return len(rows) > 1 and all(_TEN.match(line) for line in rows[: max(2, len(rows) - 1)])


def _is_tagged(head: str) -> bool:
    lines = [line.rstrip("\r") for line in head.split("\n")[:400]]
    if len(head) >= HEAD:
        lines = lines[:-1]
    rows = [line for line in lines if line.strip() and not line.startswith("-DOCSTART-")]
    rows = [line for line in rows if not line.startswith("# ") or _TAGGED.fullmatch(line.rstrip())]
    if len(rows) < 3:
        return False
    tagged = sum(1 for line in rows if _TAGGED.fullmatch(line.rstrip()))
    short = sum(1 for line in rows if len(line.split()) <= 12)
    return tagged >= 0.9 * len(rows) and short == len(rows)
