# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Values in markup, settings and logs: the name of an element, an attribute, a key or a parameter is their label.

The names stand in data/text/tags.toml. Whatever a person's or a town's element holds is found, be it a word of
everyday; an element that no list tells leaves its content to the other rules. Must never cover the label itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from curator.detect.text.lists.lexicon import data_text, fold, is_name, lexicon, word_list
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_TRUST = 0.9
_SURE, _INSIDE, _MARKED, _WHOLE = range(4)


@dataclass(frozen=True)
class Tag:
    """What the name of an element tells of its content.

    Attributes
    ----------
    kind, category
        Of the finding.
    value
        What the content must look like: person, place, street, house, code, date or id.
    """

    kind: str
    category: Category
    value: str


@cache
def _table() -> tuple[dict[str, tuple[Tag, int]], dict[str, str], frozenset[str], frozenset[str]]:
    """Return the tags by their words written as one, the spelled out words, the idle words and those of things."""
    listed = tomllib.loads(data_text("tags.toml"))
    spelled = dict(pair.split() for pair in listed["words"]["spelled"].split(";"))
    tags: dict[str, tuple[Tag, int]] = {}
    for entry in listed["tag"]:
        tag = Tag(entry["kind"], Category[entry["category"]], entry["value"])
        for level, bond in ((_WHOLE, "whole"), (_MARKED, "marked"), (_INSIDE, "inside"), (_SURE, "sure")):
            for phrase in entry.get(bond, "").split(";"):
                key = "".join(spelled.get(word, word) for word in fold(phrase).split())
                if key:
                    tags[key] = (tag, level)
    return tags, spelled, frozenset(listed["words"]["idle"].split()), frozenset(listed["words"]["things"].split())


#: Where a name of several words is cut: patientLastName, MRNText, addr1.
_CUT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")
_KNOWN: dict[str, tuple[Tag, int] | None] = {}
_MOST = 5_000


def tag_of(name: str) -> tuple[Tag, int] | None:
    """Return what an element of a name holds, and how surely; names are remembered, up to a bound."""
    if name in _KNOWN:
        return _KNOWN[name]
    found = _read(name)
    if len(_KNOWN) < _MOST:
        _KNOWN[name] = found
    return found


def _read(name: str) -> tuple[Tag, int] | None:
    tags, spelled, idle, things = _table()
    words = [fold(word) for word in _CUT.findall(name)]
    if len(words) == 1 and len(words[0]) < 3:  # <dt> is no date
        return None
    for _ in range(3):
        found = _ending(words, tags, spelled, things)
        if found is not None or len(words) < 2 or not (words[-1] in idle or words[-1].isdecimal()):
            return found
        words = words[:-1]
    return None


def _ending(
    words: list[str], tags: dict[str, tuple[Tag, int]], spelled: dict[str, str], things: frozenset[str]
) -> tuple[Tag, int] | None:
    """Return the tag of the longest end of a name."""
    for first in range(len(words)):
        rest = words[first:]
        found = tags.get("".join(spelled.get(word, word) for word in rest)) or tags.get("".join(rest))
        if found:
            if first and (found[1] == _WHOLE or words[first - 1] in things):
                return None
            return found
    return None


_TAG = re.compile(r"<([A-Za-z][\w:.-]{0,60})((?:\s[^<>]{0,400})?)>?")
_ATTRIBUTE = re.compile(r"""([A-Za-z][\w:.-]{0,60})\s?=\s?(?:"([^"<>\n]{0,200})"|'([^'<>\n]{0,200})')""")
_CONTENT = re.compile(r"([^<>]{1,200})(?=<)")
#: A label in an element, its value in the next.
_PAIR = re.compile(
    r">\s*([^\W\d_][^<>:\n]{1,30}?)\s?:?\s*</(?:\w{1,20}:)?(\w{1,20})>\s{0,20}(?:<[A-Za-z][^<>]{0,100}>\s*){0,2}([^<>\n]{1,120})(?=<)"
)
_LABELING = frozenset(
    [
        "id",
        "name",
        "class",
        "for",
        "key",
        "field",
        "label",
        "itemprop",
        "property",
        "title",
        "datafield",
        "dataname",
        "datalabel",
        "placeholder",
        "headers",
    ]
)
_HOLDING = frozenset(["value", "extension", "content", "displayname", "text", "datavalue"])

_KEYED = re.compile(
    r"""(["'])([^\W\d_][^"'\n]{0,48})\1\s{0,3}(?::|=>|=)\s{0,4}((?:\[\s{0,12})?)(["'](?:[^"'\n\\]|\\.|(?<=[^\W\d_])['’](?=[^\W\d_])){0,200}["']|\d[\d.-]{1,30})"""
)
_FURTHER = re.compile(r"""\s{0,12},\s{0,12}("[^"\n]{0,200}"|'[^'\n]{0,200}')""")
#: A list of fields, each with its name and its value as members of their own.
_NAMED = re.compile(
    r"""["']?(?:key|name|field|label|question|item|header|attribute|column|linkId|text)["']?\s?[:=]\s?["']([^"'\n]{2,40})["']\s?,\s{0,12}["']?(?:value|valueString|val|answer|content|text)["']?\s?[:=]\s?(["'][^"'\n]{1,160}["'])""",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    r"""(?<![\w"'<-])([^\W\d_][\w.-]{1,40})(=|%3D)(?:"([^"\n]{1,160})"|'([^'\n]{1,160})'|([^\s&;,"'<>|(){}\[\]]{1,80}))"""
)
#: More words of a value without quotes, up to the next key: city=Rapid City state=SD.
_WORDS_ON = re.compile(r"(?: (?![\w.-]{1,40}=)[A-ZÀ-Þ][^\W\d_]*){1,3}(?= [\w.-]{1,40}=|[;&|,\n]|$)")
#: A key of several words, as programs write them, or in brackets, before a colon, a bar or a blank.
_LINED = re.compile(
    r"(?<![\w.:/@-])(\[?)([A-Za-z]{1,20}(?:[_.][A-Za-z0-9]{1,20}){1,5}|[a-z]{2,15}(?:[A-Z][a-z0-9]{1,15}){1,5})(\]?)(?:[ \t]?\|[ \t]{0,4}|(?<=\])[ \t]{1,4}|\t)[\"']?([^\s\"',;|\[{<>][^\n\"',;|\[{<>]{0,100})"
)
_NOTHING = word_list("tag_nothing")
_LETTERS = re.compile(r"[^\W\d_]+")
#: Day, month and year, one another's marks between; or eight figures and more.
_DATES = re.compile(
    r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{2,4}(?:[T ][\d:.+Z-]{4,20})?|\d{1,2}[-/. ]?[^\W\d_]{3,9}[-/. ,]{0,2}\d{2,4}|(?:1[89]|20)\d{6}(?:\d{4}(?:\d\d)?(?:[.]\d+)?(?:[+-]\d{4})?)?|\d{1,2}[-/]\d{1,2}|[^\W\d_]{3,9}\.? \d{1,2}(?:,? \d{4})?"
)
_ID = re.compile(r"(?=[^\s]*\d)[A-Za-z0-9](?:[\w./:+*-]|[ ](?=\d)){1,60}")
#: Identifiers of classes, no patient's: 2.16.840.1.113883, urn:, http.
_CLASS = re.compile(r"\d(?:\.\d+){4,}$|urn:|https?:")
_HTML = word_list("tag_html")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}|\+")


def markup(text: str) -> Iterator[Finding]:
    """Yield what elements, attributes, keys and parameters hold whose names tell it.

    Parameters
    ----------
    text
        The text.
    """
    if "<" in text and ("</" in text or "/>" in text or '="' in text):
        yield from _elements(text)
    if any(mark in text for mark in ('":', '" :', "':", "=>")):
        yield from _keys(text)
    if "=" in text or "%3D" in text:
        yield from _assigned(text)
    if ":" in text or "_" in text or "[" in text:
        yield from _lines(text)


def _elements(text: str) -> Iterator[Finding]:
    for match in _TAG.finditer(text):
        low = match[1].rsplit(":", 1)[-1].lower()
        tag = None if low in _HTML else tag_of(match[1].rsplit(":", 1)[-1])
        held: list[tuple[int, int, str]] = []
        for attribute in _ATTRIBUTE.finditer(text, match.start(2), match.end(2)) if match[2] else ():
            group = 2 if attribute[2] is not None else 3
            name = attribute[1].rsplit(":", 1)[-1].lower().replace("-", "")
            if name in _HOLDING:
                held.append((attribute.start(group), attribute.end(group), name))
                continue
            if (name in _LABELING or name.startswith("data")) and tag is None:
                tag = tag_of(attribute[group])
                if tag:
                    continue
            if name not in _LABELING:
                named = tag_of(attribute[1].rsplit(":", 1)[-1])
                if named:
                    yield from _valued(
                        text, attribute.start(group), attribute.end(group), named[0], strict=named[1] > _INSIDE
                    )
        for start, end, name in held:
            if name == "extension" and (low.endswith("id") or low in {"identifier", "root"}):
                yield from _valued(text, start, end, _RECORD, strict=False)
            elif tag and name in {"value", "content", "datavalue"}:
                yield from _valued(text, start, end, tag[0], strict=tag[1] > _INSIDE)
        if tag and text[match.end() - 1] == ">" and text[match.end() - 2] != "/":
            content = _CONTENT.match(text, match.end())
            if content:
                yield from _valued(text, *content.span(1), tag[0], strict=tag[1] > _INSIDE)
    for pair in _PAIR.finditer(text):
        told = tag_of(pair[1]) if pair[2].lower() in _HTML else None
        if told and told[1] != _WHOLE and _is_label(pair[1]):
            yield from _valued(text, *pair.span(3), told[0], strict=told[1] > _INSIDE)


def _is_label(text: str) -> bool:
    """Say whether a text is nothing but a label: Last name, no end of a longer text."""
    tags, spelled, _, _ = _table()
    words = [fold(word) for word in _CUT.findall(text)]
    return "".join(spelled.get(word, word) for word in words) in tags or "".join(words) in tags


_RECORD = Tag("mrn", Category.RECORD_NUMBER, "id")


def _keys(text: str) -> Iterator[Finding]:
    for match in _KEYED.finditer(text):
        told = tag_of(match[2])
        if told is None:
            continue
        yield from _quoted(text, *match.span(4), told)
        end = match.end()
        while match[3] and (further := _FURTHER.match(text, end)):
            yield from _quoted(text, *further.span(1), told)
            end = further.end()
    for match in _NAMED.finditer(text):
        told = tag_of(match[1])
        if told and told[1] != _WHOLE:
            yield from _quoted(text, *match.span(2), told)


def _quoted(text: str, start: int, end: int, told: tuple[Tag, int]) -> Iterator[Finding]:
    if text[start] in "\"'":
        start, end = start + 1, end - 1
    if told[1] == _INSIDE and text[start : start + 1].islower():  # "given": "daily"
        return
    yield from _valued(text, start, end, told[0], strict=told[1] > _INSIDE)


def _assigned(text: str) -> Iterator[Finding]:
    for match in _ASSIGNED.finditer(text):
        told = tag_of(match[1].rsplit("-", 1)[-1] if match[1].startswith("data-") else match[1])
        if told is None or (told[1] > _INSIDE and match[5] is not None and told[0].value != "person"):
            continue
        group = next(number for number in (3, 4, 5) if match[number] is not None)
        start, end = match.span(group)
        if group == 5:
            on = _WORDS_ON.match(text, end) if told[0].value in {"place", "person", "house", "street"} else None
            end = on.end() if on else end
            if match[5].isdecimal() and told[0].value == "street":
                continue
        yield from _valued(text, start, end, told[0], strict=told[1] > _INSIDE)


def _lines(text: str) -> Iterator[Finding]:
    """Yield what stands behind a key as programs write it, and behind a colon: PT_LAST_NM: x, [patient.lastname] x."""
    at = text.find(":")
    while at > 0:
        back = max(0, at - _LONGEST)
        start = max(text.rfind(" ", back, at), text.rfind("\n", back, at), text.rfind("\t", back, at), back - 1) + 1
        key = text[start:at]
        if len(key) > 2 and (key.isalpha() or _KEY.match(key)):
            key = key.strip("[]")
            yield from _behind_key(text, start, at, key)
        at = text.find(":", at + 1)
    if "]" in text or "|" in text or "\t" in text:
        for match in _LINED.finditer(text) if "_" in text or "[" in text else ():
            told = tag_of(match[2]) if bool(match[1]) == bool(match[3]) else None
            if told and told[1] == _SURE:
                yield from _valued(text, *_cell(text, *match.span(4)), told[0], strict=True)


def _behind_key(text: str, start: int, at: int, key: str) -> Iterator[Finding]:
    told = tag_of(key)
    if told is None or told[1] != _SURE:
        return
    if key.isalpha() and (key.islower() or key.istitle() or key.isupper()):
        line = text[max(0, start - 13) : start].rpartition("\n")
        if (line[1] or start < 13) and not line[2].strip(" \t-") and fold(key) not in lexicon().words:
            pass
        else:
            return
    value = _LINE_VALUE.match(text, at + 1)
    if value:
        start, end = _cell(text, *value.span(1))
        stop = _SENTENCE_END.search(text, start, end)
        yield from _valued(text, start, stop.start() if stop else end, told[0], strict=True)


_KEY = re.compile(r"\[?[A-Za-z][\w.-]*\]?$")
_LONGEST = 48
#: Where a value in running text ends: a sentence or the next label.
_SENTENCE_END = re.compile(r"(?<=[^\W_])\.[ ]+(?=[A-Z])|,?[ ][A-Za-z]{2,14}:[ ]")
_LINE_VALUE = re.compile(r"[ \t]{0,4}[\"']?([^\s\"',;|\[{<>][^\n\"',;|\[{<>]{0,100})")


def _cell(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of a line before a wide gap."""
    gap = text.find("  ", start, end)
    return start, gap if gap > 0 else end


def _valued(text: str, start: int, end: int, tag: Tag, *, strict: bool) -> Iterator[Finding]:
    """Yield a value that looks like what its label tells."""
    while start < end and text[start] in " \t\r\n\"'([{":
        start += 1
    while end > start and text[end - 1] in " \t\r\n\"'.,;:)]}":
        end -= 1
    value = text[start:end]
    if not value or fold(value).strip(".") in _NOTHING or "{" in value or value.startswith(("$", "%s")):
        return
    shown = _PERCENT.sub(" ", value)
    if _holds(shown, tag.value, strict=strict):
        yield Finding(start, end, tag.category, tag.kind, f"markup.{tag.kind}", _TRUST)
    elif tag.value == "date":
        for match in _DATES.finditer(text, start, end):
            if _day(match[0]) and not text[match.end() : match.end() + 1].isalnum():
                yield Finding(match.start(), match.end(), tag.category, tag.kind, "markup.date", 0.8)


def _day(value: str) -> bool:
    """Say whether figures may be a day: no part is too great."""
    parts = [int(part) for part in re.findall(r"\d+", value) if len(part) < 3]
    return all(part <= 31 or len(value) > 5 for part in parts) and (
        len(parts) > 1 or len(value) > 7 or any(mark.isalpha() for mark in value)
    )


def _holds(value: str, form: str, *, strict: bool) -> bool:
    words = _LETTERS.findall(value)
    if form == "date":
        return False
    if form == "id":
        return _ID.fullmatch(value) is not None and not _CLASS.match(value)
    if form == "code":
        return 3 < len(value) < 12 and any(mark.isdecimal() for mark in value)
    if form == "street":
        return (
            bool(words or value.isdecimal())
            and len(value) < 90
            and not (strict and not any(mark.isdecimal() or mark.isupper() for mark in value))
        )
    if not words or len(words) > 7 or len(value) > 70 or sum(mark.isdecimal() for mark in value) > 2:
        return False
    folded = [fold(word) for word in words]
    if form == "person":
        if len(words) > 5:
            return False
        if not strict:
            return not all(word in lexicon().medical and not is_name(word) for word in folded)
        return (
            words[0][:1].isupper()
            and any(is_name(word) or (word not in lexicon().words and word not in lexicon().medical) for word in folded)
            and not any(word in lexicon().medical and not is_name(word) for word in folded)
        )
    if form == "place":
        return value.lower() != value or not strict
    # A house: its kind alone, or a ward's, is none.
    if not strict and len(words) > 1 and words[0][:1].isupper():
        return not all(word in _NOTHING for word in folded)
    return not all(word in lexicon().medical or word in _NOTHING for word in folded)
