"""Labelbox: the v1 JSON export and the v2 export (NDJSON), images, videos and texts.

Format: Labelbox's SDK (``labelbox/data/serialization``, ``schema/export_task``) and its pages "Export overview" and
"Export specification". Frames are counted from 1. The ends of text entities are included there, so one is added here.
A radio or checklist answer is the class ``question: answer``; a free text answer likewise. The time spent and the
agreement are of the whole data row and stay in ``kept``. Answers within an object stay in ``kept``. Shapes on tiled
imagery are in degrees, or in units of a zoom level, not in the image's pixels: refused.

Never kept: the query of an address. Labelbox puts tokens there that open the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused, Review
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.labelbox_parts import class_name, classes, shape
from curator.labels.readers.vendor_fields import (
    Fields,
    Maker,
    bare,
    confidence,
    instant,
    label_id,
    listed,
    no_label,
    size,
    stage,
    sub,
    told,
    unread,
    whole,
)
from curator.labels.readers.vendor_stream import rows

_LACKS = (
    Lack("confidence", "Export model runs (v2): predictions carry it, labels of people do not.", partly=True),
    Lack("guideline", ""),
)
_VOTES = {1: "accepted", -1: "rejected"}
_ACTIONS = {"approve": "accepted", "reject": "rejected"}


class LabelboxV1:
    """Reader of Labelbox's older JSON export."""

    name = "labelbox-v1"
    title = "Labelbox JSON export v1"
    lacks = _LACKS

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of a v1 data row."""
        return path.is_file() and b'"DataRow ID"' in head and b'"Label"' in head

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every data row."""
        yield from told(maker for place, row in rows(path) for maker in _v1(place, row))


class LabelboxV2:
    """Reader of Labelbox's export v2."""

    name = "labelbox"
    title = "Labelbox export v2 (NDJSON)"
    lacks = (
        Lack("author", "Set label_details when exporting.", partly=True),
        Lack("labeled-at", "Set label_details when exporting.", partly=True),
        Lack("review", "Set label_details and project_details when exporting.", partly=True),
        *_LACKS,
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of a v2 data row."""
        return path.is_file() and b'"data_row"' in head and (b'"projects"' in head or b'"experiments"' in head)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels and the predictions of every data row."""
        yield from told(maker for place, row in rows(path) for maker in _v2(place, row))


def _v1(place: str, raw: Any) -> Iterator[Maker]:
    if not isinstance(raw, dict) or "DataRow ID" not in raw or "Label" not in raw:
        raise UsageError("IMP-001", format=LabelboxV1.title)
    row = Fields(raw)
    label = row.take("Label")
    name = row.see("External ID") or row.see("Global Key")
    sample = Named("file", name) if isinstance(name, str) else Named("id", str(row.see("DataRow ID")))
    attributes = sub(row.see("Media Attributes"))
    extent = size(attributes.see("width"), attributes.see("height"))
    told_of = {
        "sample": Named(sample.by, sample.name, extent, units_told=False),
        "author": row.text("Created By"),
        "labeled_at": row.time("Created At"),
        "reviews": tuple(_v1_reviews(row.see("Reviews"))),
    }
    drawn = _on_tiles if _tiled(row.see("Labeled Data")) else _object
    row.keep("Labeled Data", bare(row.take("Labeled Data")))
    own, rest = row.take("ID"), row.rest("View Label")
    if isinstance(label, list):
        yield from _video(place, label, str(own), told_of, rest)
        return
    if not isinstance(label, dict) or "frames" in label:
        if label and not row.see("Skipped"):
            yield place, unread("labels that stand behind an address or in an older form")
        return
    for where, one in listed(f"{place}.objects", label.get("objects")):
        yield where, lambda one=one: drawn(one, (own,), told_of, rest)  # type: ignore[misc]
    for where, one in listed(f"{place}.classifications", label.get("classifications")):
        yield where, lambda one=one: _answer(one, (own,), told_of, rest)  # type: ignore[misc]
    for where, one in listed(f"{place}.relationships", label.get("relationships")):
        yield where, lambda one=one: _relation(one, (own,), told_of, rest)  # type: ignore[misc]
    for key in sorted(set(label) - {"objects", "classifications", "relationships"}):
        if label[key]:
            yield place, unread("labels of an older form")


def _tiled(shown: Any) -> bool:
    """Say whether a data row shows a pyramid of tiles: an object, or its JSON, with the address of tiles."""
    return "tileLayerUrl" in shown if isinstance(shown, str | dict) else False


def _v1_reviews(raw: Any) -> Iterator[Review]:
    for one in raw if isinstance(raw, list) else []:
        fields = sub(one)
        score = fields.see("score")
        outcome = _VOTES.get(score, "unknown") if isinstance(score, int) else "unknown"
        yield Review(fields.text("createdBy"), instant(fields.see("createdAt")), outcome)


def _v2(place: str, raw: Any) -> Iterator[Maker]:
    if not isinstance(raw, dict) or not isinstance(raw.get("data_row"), dict):
        raise UsageError("IMP-001", format=LabelboxV2.title)
    data, media = Fields(raw["data_row"]), sub(raw.get("media_attributes"))
    name = data.see("external_id") or data.see("global_key")
    sample = Named("file", name) if isinstance(name, str) else Named("id", str(data.see("id")))
    sample = Named(sample.by, sample.name, size(media.see("width"), media.see("height")), units_told=False)
    tiled = _tiled(data.see("row_data")) or "tile" in str(media.see("asset_type")).lower()
    for index, project in enumerate(_held(raw.get("projects"))):
        held = sub(project)
        for where, label in listed(f"{place}.projects[{index}].labels", held.take("labels")):
            yield from _v2_label(where, label, sample, held.rest(), (), tiled=tiled)
    for index, model in enumerate(_held(raw.get("experiments"))):
        for number_, (run_id, run) in enumerate(sub(sub(model).see("runs")).rest().items()):
            held = sub(run)
            for kind in ("labels", "predictions"):
                for where, label in listed(f"{place}.experiments[{index}].runs[{number_}].{kind}", held.see(kind)):
                    model = kind == "predictions"
                    yield from _v2_label(where, label, sample, {}, ("run", run_id), model=model, tiled=tiled)


def _held(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []


def _v2_label(
    place: str,
    raw: Any,
    sample: Named,
    project: dict[str, Any],
    before: tuple[Any, ...],
    *,
    model: bool = False,
    tiled: bool = False,
) -> Iterator[Maker]:
    if not isinstance(raw, dict) or not isinstance(raw.get("annotations"), dict):
        yield place, no_label("IMP-035")
        return
    label = Fields(raw)
    found = label.take("annotations")
    own = label.take("id")
    details = sub(label.take("label_details"))
    at = details.time("created_at")
    workflow = sub(project.get("project_details"))
    told_of = {
        "sample": sample,
        "author": details.text("created_by"),
        "labeled_at": at,
        "stage": stage(workflow.see("workflow_status")),
        "reviews": tuple(_v2_reviews(details.see("reviews"), workflow.see("workflow_history"), at)),
        "origin": "model" if model else "unknown",
    }
    rest = label.rest() | {"label_details": details.rest(), "project": project}
    ids = (*before, own)
    drawn = _on_tiles if tiled else _object
    for key, make in (("objects", drawn), ("classifications", _answer), ("relationships", _relation)):
        for where, one in listed(f"{place}.{key}", found.get(key)):
            yield where, lambda make=make, one=one: make(one, ids, told_of, rest)  # type: ignore[misc]
    frames = found.get("frames")
    if isinstance(frames, dict):
        keys = sub(found.get("key_frame_feature_map"))
        listed_frames = [{"frameNumber": key} | _frame(frame, keys, key) for key, frame in frames.items()]
        yield from _video(place, listed_frames, ids, told_of, rest)
    for key in sorted(set(found) - {"objects", "classifications", "relationships", "frames", "segments"}):
        if found[key] and key != "key_frame_feature_map":
            yield f"{place}", unread("annotations of a part of the data row that is not read")


def _frame(raw: Any, keys: Fields, frame: str) -> dict[str, Any]:
    """Return a frame of v2 in the form of v1: lists of objects and answers, with their key frames marked."""
    objects = sub(raw).see("objects")
    found = []
    for one in _held(objects) if isinstance(objects, dict) else objects if isinstance(objects, list) else []:
        marks = keys.see(str(sub(one).see("feature_id")))
        if marks is None:
            found.append(one)
            continue
        at = {str(mark) for mark in marks} if isinstance(marks, list | dict) else set()
        found.append(one | {"keyframe": frame in at} if isinstance(one, dict) else one)
    answers = sub(raw).see("classifications")
    return {"objects": found, "classifications": answers if isinstance(answers, list) else _held(answers)}


def _v2_reviews(raw: Any, moves: Any, made: str | None) -> Iterator[Review]:
    for one in raw if isinstance(raw, list) else []:
        fields = sub(one)
        vote = _ACTIONS.get(str(fields.see("review_vote") or fields.see("vote")).lower(), "unknown")
        yield Review(fields.text("reviewed_by"), instant(fields.see("reviewed_at")), vote)
    for one in moves if isinstance(moves, list) else []:
        fields = sub(one)
        outcome = _ACTIONS.get(str(fields.see("action")).lower())
        at = instant(fields.see("created_at"))
        # What was moved before the label was made was another label.
        if outcome and at and made and at[:19] >= made[:19]:
            yield Review(fields.text("created_by"), at, outcome)


def _feature(one: Fields) -> Any:
    found = one.take("featureId") or one.take("feature_id")
    if not isinstance(found, str):
        raise ItemError("IMP-023", what="its id")
    return found


def _object(raw: Any, ids: tuple[Any, ...], told_of: dict[str, Any], rest: dict[str, Any]) -> Item:
    one = Fields(raw)
    made = label_id("labelbox", *ids, _feature(one))
    sure = confidence(one.see("confidence"))
    kind, value = shape(one, class_name(one), told_of["sample"].size)
    one.keep("instanceURI", bare(one.take("instanceURI")))
    return Item(
        "",
        made,
        kind=kind,
        value=value,
        confidence=sure,
        confidence_scale=None if sure is None else "probability-0-1",
        tool=("Labelbox", "unknown"),
        kept=one.rest() | rest,
        **told_of,
    )


def _on_tiles(*_: Any) -> Item:
    raise ItemError("IMP-022", what="a place on tiles, which is not in the image's pixels")


def _answer(raw: Any, ids: tuple[Any, ...], told_of: dict[str, Any], rest: dict[str, Any]) -> Item:
    one = Fields(raw)
    made = label_id("labelbox", *ids, _feature(one))
    sure = confidence(one.see("confidence"))
    kind, value = classes(one)
    scale = None if sure is None else "probability-0-1"
    tool = ("Labelbox", "unknown")
    return Item(
        "", made, kind=kind, value=value, confidence=sure, confidence_scale=scale, tool=tool, kept=one.rest() | rest,
        **told_of,
    )  # fmt: skip


def _relation(raw: Any, ids: tuple[Any, ...], told_of: dict[str, Any], rest: dict[str, Any]) -> Item:
    one = Fields(raw)
    made = label_id("labelbox", *ids, _feature(one))
    kind = class_name(one)
    ends = sub(one.see("unidirectional_relationship") or one.see("bidirectional_relationship") or one.see("data"))
    source, target = ends.see("source"), ends.see("target")
    if not isinstance(source, str) or not isinstance(target, str):
        raise ItemError("IMP-023", what="the labels that it joins")
    value = {
        "type": kind,
        "from": label_id("labelbox", *ids, source),
        "to": label_id("labelbox", *ids, target),
    }
    return Item("", made, kind="relation", value=value, tool=("Labelbox", "unknown"), kept=one.rest() | rest, **told_of)


def _video(place: str, frames: list[Any], own: Any, told_of: dict[str, Any], rest: dict[str, Any]) -> Iterator[Maker]:
    """Yield one track for each object of a video, and one class for each answer with the frames where it holds."""
    ids = own if isinstance(own, tuple) else (own,)
    tracks: dict[str, list[tuple[Any, dict[str, Any]]]] = {}
    answers: dict[tuple[str, str], list[tuple[Any, dict[str, Any]]]] = {}
    for position, raw in enumerate(frames):
        frame = sub(raw)
        at = frame.see("frameNumber")
        for where, one in listed(f"{place}.frames[{position}].objects", frame.see("objects")):
            feature = sub(one).see("featureId") or sub(one).see("feature_id")
            if isinstance(feature, str):
                tracks.setdefault(feature, []).append((at, one))
            else:
                yield where, no_label("IMP-035")
        for where, one in listed(f"{place}.frames[{position}].classifications", frame.see("classifications")):
            feature = sub(one).see("featureId") or sub(one).see("feature_id")
            if isinstance(feature, str):
                answers.setdefault((feature, repr(_plain(one))), []).append((at, one))
            else:
                yield where, no_label("IMP-035")
    for index, (feature, found) in enumerate(tracks.items()):
        made = label_id("labelbox", *ids, feature)
        yield f"{place}.tracks[{index}]", lambda found=found, made=made: _track(found, made, told_of, rest)  # type: ignore[misc]
    for index, found in enumerate(answers.values()):
        yield (
            f"{place}.answers[{index}]",
            lambda found=found, index=index: _held_answer(found, (*ids, f"{index}"), told_of, rest),  # type: ignore[misc]
        )


def _plain(one: Any) -> Any:
    return {key: value for key, value in one.items() if key != "keyframe"} if isinstance(one, dict) else one


def _track(found: list[tuple[Any, dict[str, Any]]], made: str, told_of: dict[str, Any], rest: dict[str, Any]) -> Item:
    extent = told_of["sample"].size
    frames, kept, name = [], {}, ""
    for at, raw in found:
        one = Fields(raw)
        name = class_name(one)
        keyframe = one.flag("keyframe")
        frames.append((whole(at), shape(one, name, extent), keyframe is False))
        one.keep("instanceURI", bare(one.take("instanceURI")))
        kept[str(at)] = one.rest("color")
    kind, value = shapes.track(name, made, frames)
    return Item("", made, kind=kind, value=value, tool=("Labelbox", "unknown"), kept={"frames": kept} | rest, **told_of)


def _held_answer(
    found: list[tuple[Any, dict[str, Any]]], ids: tuple[Any, ...], told_of: dict[str, Any], rest: dict[str, Any]
) -> Item:
    one = Fields(found[0][1])
    made = label_id("labelbox", *ids, _feature(one))
    kind, value = classes(one)
    frames = sorted({whole(at) for at, _ in found})
    if not frames or frames[0] < 1:
        raise ItemError("IMP-020")
    part = {"frames": frames}
    tool = ("Labelbox", "unknown")
    return Item("", made, kind=kind, value=value, part=part, tool=tool, kept=one.rest() | rest, **told_of)
