# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Identifiers that a label tells: MRN, account, plan, license, device, plate, accession and the like.

The labels stand in data/text/cues.toml. A value behind a label is found, the label never.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from curator.detect.text.lexicon import data_text
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Between a label and its value: filler words and marks, at most one line break.
_BETWEEN = (
    r"(?:[ \t]*(?:\b(?:numbers?|num|no|nr|n°|ids?|identifier|codes?|is|was|are|of|ending|file|ref|reference|on file|record|address|serial|model|template"
    r"|card|plate|to|at|under|name|listed as|reads|in|s/n|sn|policy|member|group|license|acct|account|scan|hash)\b[.#]?|[:#=()\[\]|*–—-]|,(?= ?\w*\d)|['’]s\b))*"
    r"(?:[ \t]*\n[ \t]*(?=\S*\d))?[ \t]*"
)
_DIGIT = "[0-9OolI]"
_VALUES = {
    "id": r"(?=[\w./-]{0,12}\d)(?!\d{1,2}(?:\.\d+)?(?:\s|$))(?![\d.]+\s?(?:mg|mcg|ml|kg|lb|cm|mm|%|units?|years?|days?|hours?|weeks?|months?|y/?o)\b)"
    r"[A-Za-z0-9](?:[\w./*-]{0,40}[A-Za-z0-9])?(?:[ ]\d[\dOolI-]{1,})*(?![@])",
    "plate": r"(?=[A-Z0-9 -]{0,8}\d)[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4}){1,3}\b(?![a-z])",
    "device": r"(?=[\w./-]{0,14}\d)(?!\d{1,2}(?:\.\d+)?(?:\s|$))(?![\d.]+\s?(?:mg|mcg|ml|kg|lb|cm|mm|%|units?|years?|days?|hours?|fr\b|french))"
    r"[A-Za-z0-9(](?:[\w./()+-]{0,60}[A-Za-z0-9])?",
    "phone": rf"(?!\d{{1,3}}\b(?![-. ]\d{{3}}))[+(]?\d(?:{_DIGIT}|[-./() –‑](?=[\dOolI(])){{6,18}}(?:,?\s?(?:x|ext\.?|extension)\s?\d{{1,6}})?(?![\w/])(?!\.\d)",
    "extension": r"\d{3,6}(?![\w./:-])",
    "ip": r"[\dOlI]{1,3}(?:\.[\dOlI]{1,3}){3}|[0-9a-f:]{6,39}",
    "zip": r"\d{5}(?:-\d{4})?\b|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|[A-Z]\d[A-Z] ?\d[A-Z]\d\b|\d{4}\b",
    "date": r"[\dOlI]{1,4}[-/. ][\dOlI]{1,2}[-/. ][\dOlI]{2,4}\b|[\dOlI]{6,8}\b",
}  # fmt: skip
_TRUST = 0.955


@dataclass(frozen=True)
class _Cue:
    kind: str
    category: Category
    form: re.Pattern[str]


@cache
def _cues() -> tuple[tuple[_Cue, ...], dict[str, tuple[tuple[int, str, bool], ...]]]:
    """Return all rules, and by first letter what a label's first word begins with (or is, if True)."""
    rules: list[_Cue] = []
    starts: dict[str, list[tuple[int, str, bool]]] = {}
    for number, entry in enumerate(tomllib.loads(data_text("cues.toml"))["cue"]):
        flags = "" if entry["value"] == "plate" else "(?i:"
        value = _VALUES[entry["value"]]
        form = f"(?i:{entry['label']})(?!['’]?[A-Za-z]){_between()}({flags}{value}{')' if flags else ''})"
        rules.append(_Cue(entry["kind"], Category[entry["category"]], re.compile(form)))
        for label in _alternatives(entry["label"]):
            letters = re.match(r"[a-z]+", label)
            word = letters[0] if letters else ""
            rest = label[len(word) :]
            if rest[:1] in {"?", "*"}:
                word, rest = word[:-1], "?"
            whole = not rest or rest[0] == " " or rest.startswith(r"\b")
            starts.setdefault(word[0], []).append((number, word, whole))
    return tuple(rules), {first: tuple(dict.fromkeys(listed)) for first, listed in starts.items()}


def cues_of(word: str) -> tuple[int, ...]:
    """Return the numbers of the rules whose label may begin with a word (in lower case), in the order of the file."""
    listed = _cues()[1].get(word[0], ())
    return tuple(dict.fromkeys(n for n, start, whole in listed if (word == start if whole else word.startswith(start))))


def _between() -> str:
    return f"(?i:{_BETWEEN})"


def _alternatives(label: str) -> list[str]:
    """Split a pattern at the bars that stand outside of brackets."""
    parts, depth, part, skip = [], 0, "", False
    for mark in label:
        if skip:
            skip = False
        elif mark == "\\":
            skip = True
        elif mark in "([":
            depth += 1
        elif mark in ")]":
            depth -= 1
        elif mark == "|" and not depth:
            parts.append(part)
            part = ""
            continue
        part += mark
    return [*parts, part]


def labeled(text: str, labels: list[tuple[int, tuple[int, ...]]]) -> Iterator[Finding]:
    """Yield what stands behind a label.

    Parameters
    ----------
    text
        The text.
    labels
        Where labels may begin, and which rules they may belong to.
    """
    rules = _cues()[0]
    done = 0
    for at, numbers in labels:
        if at < done:
            continue
        for number in numbers:
            found = rules[number].form.match(text, at)
            if found:
                cue = rules[number]
                yield Finding(found.start(1), found.end(1), cue.category, cue.kind, f"cue.{cue.kind}", _TRUST)
                done = found.start(1)
                break
