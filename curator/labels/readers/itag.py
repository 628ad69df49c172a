"""Manifests of Alibaba's iTAG (PAI): a line each object, with the results of labeling, check and verification.

Format: the pages "Data format reference", "Image labeling data format" and "Custom template data format" of PAI. Each
line has ``data`` and, by job, ``label-<job>``, ``label-<job>-check``, ``label-<job>-verify``. Coordinates are pixels.
The file names neither people nor times.

A label is what the last stage that was gone through holds. Its stage is the one in which it came to be as it is; each
later stage is a review that accepted it. A label that a later stage dropped comes in with a review that rejected it, so
that nothing of the process is lost; an earlier form of a changed label stays in ``kept``. The fourth stage, the
delivery, is the import itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import Size
from curator.labels.item import Item, Lack, Named, Refused, Review
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import (
    Fields,
    Maker,
    label_id,
    listed,
    needed,
    no_label,
    size,
    sub,
    told,
    whole,
)
from curator.labels.readers.vendor_stream import rows

_STAGES = ("label", "check", "verify")
_JOB = re.compile(r"(label-.+?)(?:-(check|verify))?", re.ASCII)
_TOOL = ("iTAG", "unknown")


class Itag:
    """Reader of iTAG manifests."""

    name = "itag"
    title = "Alibaba iTAG manifest (JSON lines)"
    lacks = (
        Lack("author", "None: name the people by a mapping, one manifest each, or when signing the import."),
        Lack("labeled-at", ""),
        Lack("confidence", ""),
        Lack("guideline", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the first line has the keys of a manifest."""
        return path.is_file() and b'"data"' in head and b'"label-' in head and b'"results"' in head

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every line."""
        yield from told(maker for at, (place, row) in enumerate(rows(path)) for maker in _line(place, row, at + 1))


def _line(place: str, raw: Any, at: int) -> Iterator[Maker]:
    if not isinstance(raw, dict) or not isinstance(raw.get("data"), dict):
        raise UsageError("IMP-001", format=Itag.title)
    source = raw["data"]
    texts = [value for value in source.values() if isinstance(value, str) and value]
    name = source.get("source") or source.get("picture_url") or (texts[0] if len(texts) == 1 else None)
    jobs: dict[str, dict[str, Any]] = {}
    for key, value in raw.items():
        if found := _JOB.fullmatch(key):
            jobs.setdefault(found[1], {})[found[2] or "label"] = sub(value).see("results")
    for number, stages in enumerate(jobs.values()):
        yield from _job(f"{place}.job[{number}]", stages, name, (at, number), source)


def _job(
    place: str, stages: dict[str, Any], name: Any, ids: tuple[Any, ...], source: dict[str, Any]
) -> Iterator[Maker]:
    gone = [step for step in _STAGES if isinstance(stages.get(step), list)]
    for step in _STAGES:
        if stages.get(step) is not None and step not in gone:
            yield f"{place}.{step}", no_label("IMP-035")
    seen: dict[tuple[Any, ...], dict[str, tuple[str, Any, dict[str, Any]]]] = {}
    for step in gone:
        for index, (where, one) in enumerate(listed(f"{place}.{step}.results", stages[step])):
            for key, spot, label, frame in _parts(where, one, index):
                seen.setdefault(key, {})[step] = (spot, label, frame)
    for index, versions in enumerate(seen.values()):
        last = [step for step in gone if step in versions][-1]
        yield (
            versions[last][0],
            lambda versions=versions, index=index: _label(versions, gone, name, (*ids, index), source),  # type: ignore[misc]
        )


def _parts(where: str, raw: Any, index: int) -> Iterator[tuple[tuple[Any, ...], str, Any, dict[str, Any]]]:
    """Yield (identity, place, label, what the question says) for every label that one result holds."""
    result = raw if isinstance(raw, dict) else {}
    about = {key: value for key, value in result.items() if key not in {"data", "objects"}}
    held, spans = result.get("data"), result.get("objects")
    question = str(result.get("questionId", index))
    if isinstance(spans, list):
        for at, one in enumerate(spans):
            yield ("span", question, repr(_spot(one))), f"{where}.objects[{at}]", one, about | {"type": "text"}
    elif isinstance(held, list) and (about.get("type") == "image" or any(isinstance(one, dict) for one in held)):
        for at, one in enumerate(held):
            own = one.get("id") if isinstance(one, dict) else None
            yield ("shape", question, own if isinstance(own, str) else f"{at}"), f"{where}.data[{at}]", one, about
    else:
        yield ("answer", question), where, held, about


def _spot(one: Any) -> Any:
    found = sub(one)
    return found.see("id") or (found.see("start"), found.see("end"))


def _label(
    versions: dict[str, tuple[str, Any, dict[str, Any]]],
    gone: list[str],
    name: Any,
    ids: tuple[Any, ...],
    source: dict[str, Any],
) -> Item:
    steps = [step for step in gone if step in versions]
    last = steps[-1]
    _, content, about = versions[last]
    first = last
    for step in reversed(steps[:-1]):
        if versions[step][1] != content:
            break
        first = step
    later = gone[gone.index(first) + 1 :]
    reviews = tuple(Review(None, None, "accepted" if step in versions else "rejected", step) for step in later)
    extent = size(about.get("width"), about.get("height"))
    file = needed(name if isinstance(name, str) and name else None, "the name of its object")
    sample = Named("file", file, extent, units_told=False)
    kind, value = _shape(content, about, extent)
    earlier = {step: versions[step][1] for step in steps if versions[step][1] != content}
    left = {key: one for key, one in content.items() if key != "value"} if isinstance(content, dict) else {}
    kept = left | {"question": about, "data": source} | ({"earlier": earlier} if earlier else {})
    made = label_id("itag", *ids)
    return Item("", made, sample, kind, value, stage=first, reviews=reviews, tool=_TOOL, kept=kept)


def _classes(labels: Any) -> list[str]:
    found = []
    for answer in sub(labels).rest().values():
        found += [text for text in (answer if isinstance(answer, list) else [answer]) if isinstance(text, str) and text]
    return found


def _shape(content: Any, about: dict[str, Any], extent: Size) -> shapes.Shape:
    kind = about.get("type")
    if isinstance(content, dict):
        one = Fields(content)
        if kind == "text":
            return _span(one)
        if about.get("rotation") not in (None, 0):
            raise ItemError("IMP-022", what="a shape on a picture that was turned in the tool")
        names = _classes(one.see("labels"))
        name = needed(", ".join(names) or None, "its class")
        if one.see("type") in {"image/polygon", "image/rectangle", "image/rect"}:
            return shapes.polygon(name, [shapes.points(one.see("value"))], extent)
        if one.see("type") in {"image/polyline", "image/line"}:
            return shapes.line(name, shapes.points(one.see("value")), extent)
        if one.see("type") in {"image/point", "image/keypoint"}:
            return shapes.point(name, shapes.xy(one.see("value")), extent)
        raise ItemError("IMP-022", what="a kind that this program does not know")
    question = about.get("markTitle")
    before = f"{question}: " if isinstance(question, str) and question else ""
    if isinstance(content, list) and content and all(isinstance(text, str) and text for text in content):
        return "classes", {"classes": sorted({f"{before}{text}" for text in content})}
    if not isinstance(content, str) or not content.strip():
        raise ItemError("IMP-023", what="its answer")
    return "class", {"class": f"{before}{content}"}


def _span(one: Fields) -> shapes.Shape:
    """Return a span; the words that stand beside it say whether its end is included (IMP-035 when neither fits)."""
    name = needed(", ".join(_classes(one.see("result"))) or None, "its class")
    start, end = whole(one.see("start")), whole(one.see("end"))
    length = len(needed(one.text("text"), "its words"))
    if length not in (end - start, end - start + 1):
        raise ItemError("IMP-035")
    return "span", {"type": name, "start": start, "end": start + length}
