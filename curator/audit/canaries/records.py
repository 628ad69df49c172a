"""Planting canaries into records: notes and narratives of FHIR, notes and results of HL7, sections of C-CDA, JSON.

Each goes where a person's words stand in such a file, behind what stands there already.
"""

from __future__ import annotations

import html
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any
from xml.parsers import expat

from curator.audit.canaries.made import Canary, behind
from curator.core.errors import ItemError

#: Resources that are boxes of others and have no narrative.
_BOXES = frozenset({"Bundle", "Parameters", "Binary"})
_XHTML = "http://www.w3.org/1999/xhtml"
#: Fewer words than this are a name, a code or a choice.
_LEAST_WORDS = 4
_SEGMENT_ENDS = re.compile(rb"\r\n|\r|\n")


def into_json(data: bytes, canaries: Sequence[Canary]) -> bytes:
    """Return a copy of a JSON document or JSON lines with canaries behind its longer texts.

    Raises
    ------
    ItemError
        AUP-007 when it holds no text of several words, JSN-001 when it cannot be read.
    """
    return _documents(data, canaries, _texts)


def into_fhir(data: bytes, canaries: Sequence[Canary]) -> bytes:
    """Return a copy of FHIR JSON or ndjson with canaries in narratives, notes and conclusions.

    Raises
    ------
    ItemError
        AUP-007 when it holds no resource that takes text, JSN-001 when it cannot be read.
    """
    return _documents(data, canaries, _resource_places)


#: A place: called with a sentence, it puts it behind what stands there.
_Put = Callable[[str], None]


@cache
def _named() -> dict[str, frozenset[str]]:
    """Return the kinds of resources of ``data/places.toml``."""
    text = resources.files("curator.audit.canaries").joinpath("data", "places.toml").read_text(encoding="utf-8")
    return {key: frozenset(names) for key, names in tomllib.loads(text).items()}


def _documents(data: bytes, canaries: Sequence[Canary], find: Callable[[Any], Iterator[_Put]]) -> bytes:
    try:
        text = data.decode("utf-8-sig")
        lines = False
        try:
            documents = [json.loads(text)]
        except ValueError:
            documents, lines = [json.loads(line) for line in text.splitlines() if line.strip()], True
    except (ValueError, RecursionError):
        raise ItemError("JSN-001") from None
    places = [put for document in documents for put in find(document)]
    if not places:
        raise ItemError("AUP-007")
    for number, one in enumerate(canaries):
        places[number * len(places) // len(canaries) if len(places) >= len(canaries) else number % len(places)](
            one.sentence
        )
    made = [json.dumps(document, ensure_ascii=False) for document in documents]
    return ("\n".join(made) + ("\n" if lines else "")).encode()


def _texts(value: Any) -> Iterator[_Put]:
    """Yield the texts of several words of a document, in its order."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in list(pairs):
        if isinstance(one, str) and len(one.split()) >= _LEAST_WORDS:
            yield lambda sentence, key=key: value.__setitem__(key, behind(value[key], sentence))  # type: ignore[misc]
        else:
            yield from _texts(one)


def _resource_places(value: Any) -> Iterator[_Put]:
    """Yield the places of all resources of a document, those in bundles and contained ones too."""
    if isinstance(value, list):
        for one in value:
            yield from _resource_places(one)
    if not isinstance(value, dict):
        return
    kind = value.get("resourceType")
    if isinstance(kind, str) and kind not in _BOXES:
        yield lambda sentence: _narrate(value, sentence)
        if kind in _named()["concluded"]:
            yield lambda sentence: _append(value, "conclusion", sentence)
        elif kind in _named()["noted"]:
            yield lambda sentence: _note(value, sentence)
    for one in list(value.values()):
        if isinstance(one, dict | list):
            yield from _resource_places(one)


def _append(resource: dict[str, Any], key: str, sentence: str) -> None:
    before = resource.get(key)
    resource[key] = behind(before if isinstance(before, str) else "", sentence)


def _note(resource: dict[str, Any], sentence: str) -> None:
    notes = resource.get("note")
    resource["note"] = [*(notes if isinstance(notes, list) else []), {"text": sentence}]


def _narrate(resource: dict[str, Any], sentence: str) -> None:
    held = resource.get("text")
    before = held.get("div") if isinstance(held, dict) else None
    paragraph = f"<p>{html.escape(sentence)}</p>"
    if isinstance(before, str) and before.rstrip().endswith("</div>"):
        resource["text"] = {**held, "div": before.rstrip()[: -len("</div>")] + paragraph + "</div>"}  # type: ignore[dict-item]
    else:
        resource["text"] = {"status": "additional", "div": f'<div xmlns="{_XHTML}">{paragraph}</div>'}


def into_hl7(data: bytes, canaries: Sequence[Canary]) -> bytes:
    """Return a copy of HL7 v2 messages with canaries in notes (NTE-3) and text results (OBX-5) at their ends.

    Raises
    ------
    ItemError
        AUP-007 when no message starts with a header that names its delimiters.
    """
    found = _SEGMENT_ENDS.search(data)
    end = found[0] if found else b"\r"
    segments = _SEGMENT_ENDS.split(data)
    starts = [at for at, one in enumerate(segments) if one[:3] == b"MSH" and len(one) > 8]
    if not starts:
        raise ItemError("AUP-007")
    bounds = [*starts[1:], len(segments)]
    more: dict[int, list[bytes]] = {}
    for number, one in enumerate(canaries):
        turn = number * len(starts) // len(canaries) if len(starts) >= len(canaries) else number % len(starts)
        start, behind = starts[turn], bounds[turn]
        while behind > start + 1 and (
            not segments[behind - 1] or segments[behind - 1][:3] in {b"FHS", b"BHS", b"BTS", b"FTS"}
        ):
            behind -= 1
        more.setdefault(behind, []).append(_segment(one, number, segments[start]))
    made: list[bytes] = []
    for at, segment in enumerate(segments):
        made += [*more.get(at, ()), segment]
    return end.join([*made, *more.get(len(segments), ())])


def _segment(one: Canary, number: int, header: bytes) -> bytes:
    """Write a note or a text result in a message's own delimiters (HL7 v2.5.1, 2.5.4 and 2.7)."""
    between, (component, repetition, escape, part) = header[3:4], (header[at : at + 1] for at in range(4, 8))
    text = one.sentence.encode("ascii")
    coded = {escape: b"E", between: b"F", component: b"S", repetition: b"R", part: b"T"}
    text = b"".join(
        escape + coded[letter] + escape if letter in coded else letter
        for letter in (text[at : at + 1] for at in range(len(text)))
    )
    digits = str(number + 1).encode()
    if number % 2:
        code = component.join((b"8251-1", b"Note", b"LN"))
        return between.join((b"OBX", digits, b"TX", code, b"", text, b"", b"", b"", b"", b"", b"F"))
    return between.join((b"NTE", digits, b"", text))


def into_cda(data: bytes, canaries: Sequence[Canary]) -> bytes:
    """Return a copy of a C-CDA document with canaries as paragraphs at the ends of its sections' narratives.

    Raises
    ------
    ItemError
        AUP-007 when no section has a narrative, or the document is in no encoding that holds ASCII as it is.
    """
    ends = _narrative_ends(data)
    if not ends:
        raise ItemError("AUP-007")
    more: dict[int, list[bytes]] = {}
    for number, one in enumerate(canaries):
        at, prefix = ends[number * len(ends) // len(canaries) if len(ends) >= len(canaries) else number % len(ends)]
        tag = f"{prefix}paragraph"
        more.setdefault(at, []).append(f"<{tag}>{html.escape(one.sentence)}</{tag}>".encode("ascii"))
    made, last = [], 0
    for at in sorted(more):
        made += [data[last:at], *more[at]]
        last = at
    return b"".join([*made, data[last:]])


def _narrative_ends(data: bytes) -> list[tuple[int, str]]:
    """Return the place of each end tag of a section's narrative, and the prefix of its name."""
    parser, path, found = expat.ParserCreate(), list[str](), list[tuple[int, str]]()

    def start(name: str, _attributes: dict[str, str]) -> None:
        path.append(name)

    def stop(name: str) -> None:
        prefix, _, local = name.rpartition(":")
        prefix += ":" if prefix else ""
        at = parser.CurrentByteIndex
        if local == "text" and path[-2:-1] == [f"{prefix}section"] and data[at : at + 2] == b"</":
            found.append((at, prefix))
        path.pop()

    def refuse(*_: object) -> None:
        raise ItemError("AUP-007")

    parser.StartElementHandler, parser.EndElementHandler = start, stop
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise ItemError("AUP-007") from None
    return found
