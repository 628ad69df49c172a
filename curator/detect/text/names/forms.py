# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Names behind the label of a form, whatever words they are: Witness: inf. Sun; REQ BY FAITH WATERS; Roster: Mills."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.lexicon import fold, is_name
from curator.detect.text.names.shapes import DEGREES, FULL, any_of, fits, listed_set, made
from curator.detect.text.words.runs import DOTTED_DEGREE
from curator.detect.text.words.vocabulary import kind_of
from curator.identifiers.findings import Finding


@cache
def _value() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[ ]?\((?:print|printed|patient|parent|optional|RN|MD)\))?[ ]?[:=]?[ ]{{0,4}}(?P<rank>(?:(?i:{any_of('ranks')})[ ]){{0,2}})(?P<name>{FULL}(?:,[ ]?{FULL})?)"
    )


#: How far a label may reach back from its colon.
_FAR = 26
_CUT = re.compile(r"[\n\t|;.,()\[\]]|[ ]{2}")


def _label_before(text: str, at: int) -> str:
    """Return the longest label of a form that ends at a place, "" for none."""
    lead = text[max(0, at - _FAR) : at].rstrip(" ").lower()
    lead = _CUT.split(lead)[-1].lstrip(" -*•#>")
    labels = listed_set("labels")
    while lead:
        if lead in labels:
            return lead
        lead = lead.partition(" ")[2] if " " in lead else lead.partition("/")[2]
    return ""


#: What ends a value of a form.
_ENDED = re.compile(
    r"[ ]*(?:$|\n|[,;|/(\[\]).]|[ ]{2}|[ ](?:@|at|on|by|RN|MD|NP|PA|DO|LPN|CNA|and|&|-|–|—|w/|\d|\(|[a-z]))"
)


def labeled_names(text: str) -> Iterator[Finding]:
    """Yield names behind labels of forms."""
    at = text.find(":")
    while at > 0:
        ahead = text[at + 1 : at + 5].lstrip(" ")[:1]
        if (
            ahead.isupper()
            or (ahead.islower() and text[at + 1 : at + 9].lstrip().partition(" ")[0] in listed_set("ranks"))
        ) and text[at - 1] != ":":
            label = _label_before(text, at)
            if label:
                yield from _behind_label(text, at + 1, label)
        at = text.find(":", at + 1)
    at = text.find(" BY ")
    while at > 0:
        label = _label_before(text, at + 3)
        if label:
            yield from _behind_label(text, at + 3, label)
        at = text.find(" BY ", at + 3)


def _behind_label(text: str, at: int, label: str) -> Iterator[Finding]:
    match = _value().match(text, at)
    if match:
        start, end = match.span("name")
        name = match["name"]
        # What is behind a degree or the next label is none of the name.
        parts = re.split(r"(,?[ ]+)", name)
        while len(parts) > 1 and (fold(parts[-1].strip(".")) in DEGREES and parts[-1].isupper()):
            parts = parts[:-2]
        if len(parts) > 2 and "," in parts[-2] and DOTTED_DEGREE.match(text, start + len("".join(parts[:-1]))):
            parts = parts[:-2]
        name = "".join(parts)
        end = start + len(name)
        if text[end : end + 1] == ":" or re.match(r"[ ]{0,2}[a-z][\w /-]{0,20}:", text[end : end + 24]):
            parts = re.split(r"(,?[ ]+)", name)
            if len(parts) < 3:
                return
            end = start + len("".join(parts[:-2]))
            name = text[start:end]
        if not _ENDED.match(text, end):
            return
        weak = label in _WEAK
        words = re.findall(r"[^\W\d_]+", name)
        if not fits(name, strict=weak):
            return
        if weak and (len(words) < 2 or not all(is_name(fold(word)) or kind_of(word) in "uI" for word in words)):
            return
        if (
            len(words) == 1
            and words[0].isupper()
            and len(words[0]) < 4
            and not match["rank"]
            and not is_name(fold(words[0]))
        ):
            return
        yield made(start, end, "form")


_WEAK = listed_set("weak")
