"""Label Studio's JSON export (labelstud.io, "Label Studio JSON format"): tasks, their annotations and predictions.

Every result of an annotation is a label, a region of several classes one for each; a result that only draws a region
which another result of the same id classifies is part of that one. Coordinates are percent of the original image and
become pixels of at most six decimal places; where a prediction does not state the size, another result of the task on
the same image does. A rectangle turns around its upper left corner in Label Studio, around its center here. An
ellipse's ``x, y`` is its center (what the editor writes; its documentation says otherwise). A brush mask is where
alpha is not 0. A choice made for a region is the region with that class; a taxonomy's path is joined by ``" > "``.
Text offsets are checked against the text that the file quotes, and counted in code points also where the editor
counted UTF-16 units.

The author is ``completed_by``, the time ``created_at`` (when the annotation was submitted; ``updated_at`` is kept),
``lead_time`` the seconds of the whole annotation. Results that a model made and nobody changed (``origin``
``prediction``) stay a model's; a score counts for those only. Drafts and skipped annotations are refused, one by one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import number
from curator.labels.item import Item, Lack, Named, Refused, Review, refused
from curator.labels.jsonstream import Place, values
from curator.labels.readers.label_studio_asked import several_questions
from curator.labels.readers.label_studio_shapes import shape_of, span_of
from curator.labels.readers.parts import PROBABILITY, pixels, probability, record, text, without
from curator.labels.seen import Seen

_ORIGINS = {"manual": "human", "prediction-changed": "human", "prediction": "model"}
#: Results that say classes, by type; the classes stand under the type's name.
_CLASSES = frozenset(
    ("rectanglelabels", "polygonlabels", "ellipselabels", "keypointlabels", "brushlabels", "labels", "choices")
    + ("taxonomy", "videorectangle")
)
#: Results that only draw; ``videorectangle`` has its classes beside its sequence.
_BARE = frozenset(("rectangle", "polygon", "ellipse", "keypoint", "brush"))
_UNREAD = {
    "hypertextlabels": "a span of HTML",
    "paragraphlabels": "a span of a dialogue",
    "timeserieslabels": "a span of a time series",
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
_FILE = re.compile(r"(\w+://|/|[^\s]+\.\w{2,5}$)[^\s]*", re.ASCII)
_HEAD = re.compile(rb'"(annotations|completions|predictions)"\s*:\s*\[')
_LISTS = ("annotations", "completions", "predictions", "drafts")


class LabelStudio:
    """Reader of the tool's full JSON; answers are ``question: answer`` where a file has several questions.

    The short one (JSON-MIN) has a reader of its own; the tool's CSV lacks most of what a label says.
    """

    name = "label-studio"
    title = "Label Studio JSON"
    lacks = (
        Lack("guideline", ""),
        Lack(
            "confidence",
            "predictions have it, as score: switch on 'include predictions' of an export snapshot",
            partly=True,
        ),
        Lack(
            "review",
            "only Label Studio Enterprise exports reviews: keep them in the export snapshot's settings",
            partly=True,
        ),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a file is a list of tasks with annotations and data."""
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        return path.suffix.lower() == ".json" and start == b"[" and bool(_HEAD.search(head)) and b'"data"' in head

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every task, one task at a time."""

        def wanted(place: Place, form: str) -> bool:
            if not place and form != "array":
                raise UsageError("IMP-001", format="Label Studio JSON")
            return place == (None,)

        several = several_questions(path, _LISTS)
        with Seen() as seen:
            for at, (_, value) in enumerate(values(path, wanted)):
                for made in labels_of_task(value, at, several=several):
                    if isinstance(made, Item) and not seen.first(made.label_id):
                        yield Refused(made.place, "IMP-027", label_id=made.label_id)
                    else:
                        yield made


def labels_of_task(value: Any, at: int, *, several: bool) -> Iterator[Item | Refused]:
    """Yield the labels of one task.

    Parameters
    ----------
    value
        The task as the file has it.
    at
        Its position in the file, from 0.
    several
        Whether the file answers several questions.
    """
    place = f"tasks[{at}]"
    if not isinstance(value, dict) or not any(key in value for key in _LISTS):
        yield Refused(place, "IMP-023", {"what": "a list of annotations"})
        return
    sizes = _sizes(value)
    for key in _LISTS:
        listed = value.get(key)
        if listed is None:
            continue
        if not isinstance(listed, list):
            yield Refused(f"{place}.{key}", "IMP-023", {"what": "a list of annotations"})
            continue
        for order, annotation in enumerate(listed):
            # Some versions list the numbers of predictions instead of the predictions.
            one = _Annotation(value, at, key, order, annotation, sizes)
            one.several = several
            yield from one.labels()


def _sizes(task: dict[str, Any]) -> dict[str, tuple[int, int] | None]:
    """The size of each image of a task, by the name that results call it, where all results that state it agree."""
    made: dict[str, tuple[int, int] | None] = {}
    for key in _LISTS:
        listed = task.get(key)
        for annotation in listed if isinstance(listed, list) else []:
            results = annotation.get("result") if isinstance(annotation, dict) else None
            for one in results if isinstance(results, list) else []:
                if not isinstance(one, dict) or "original_width" not in one:
                    continue
                size, name = pixels(one["original_width"], one.get("original_height")), str(one.get("to_name"))
                made[name] = size if made.setdefault(name, size) == size else None
    return made


class _Annotation:
    """One annotation, prediction or draft of a task."""

    def __init__(self, task: dict[str, Any], at: int, key: str, order: int, value: Any, sizes: dict[str, Any]) -> None:
        self.task, self.at, self.key = task, at, key
        self.place = f"tasks[{at}].{key}[{order}]"
        self.fields: dict[str, Any] = value if isinstance(value, dict) else {}
        number_ = self.fields.get("id")
        own = type(number_) is int and 0 <= number_ < 1 << 64
        mark = "p" if key == "predictions" else ""
        self.base = f"label-studio-{mark}{number_}" if own else f"label-studio-at-{mark}{at + 1}-{order + 1}"
        self.results = self.fields.get("result")
        self.sizes = sizes
        self.shared = self._shared()
        #: Whether the file has answers to several questions, so that an answer alone does not say to which.
        self.several = False
        self.firsts: dict[str, str] = {}  # a region's id in the file to its first label

    def labels(self) -> Iterator[Item | Refused]:
        if not isinstance(self.results, list):
            yield Refused(self.place, "IMP-023", {"what": "a list of results"})
            return
        unfinished = self._unfinished()
        if unfinished:
            for order in range(len(self.results) or 1):
                place = f"{self.place}.result[{order}]" if self.results else self.place
                yield Refused(place, "IMP-033", {"what": unfinished})
            return
        relations = []
        classified = {
            one.get("id")
            for one in self.results
            if isinstance(one, dict) and str(one.get("type")) in _CLASSES and isinstance(one.get("id"), str)
        }
        for order, result in enumerate(self.results):
            place = f"{self.place}.result[{order}]"
            if isinstance(result, dict) and result.get("type") == "relation":
                relations.append((order, place, result))
                continue
            if isinstance(result, dict) and str(result.get("type")) in _BARE and _name(result) in classified:
                continue  # the result with the classes repeats the region
            yield from self._result(result, order, place)
        for order, place, result in relations:
            try:
                yield self._relation(result, order, place)
            except ItemError as error:
                yield refused(place, error)

    def _unfinished(self) -> str | None:
        if self.key == "drafts":
            return "it is a draft"
        if self.fields.get("was_cancelled") not in (None, False):
            return "its annotator skipped the task"
        return None

    def _shared(self) -> dict[str, Any]:
        """What all labels of the annotation have in common."""
        fields = self.fields
        time = fields.get("created_at")
        timed = isinstance(time, str) and bool(_TIME.fullmatch(time))
        used = {"result", "reviews", "completed_by"} | ({"created_at"} if timed else set())
        try:
            seconds = None if fields.get("lead_time") is None else number(fields["lead_time"])
        except ItemError:
            seconds = None
        if seconds is not None and seconds >= 0:
            used.add("lead_time")
        else:
            seconds = None
        reviews = fields.get("reviews")
        if not isinstance(reviews, list):
            used.discard("reviews")
            reviews = []
        kept: dict[str, Any] = {"annotation": without(fields, used), "task": without(self.task, (*_LISTS, "data"))}
        person = fields.get("completed_by")
        if isinstance(person, dict):
            kept["annotator"] = person
        if reviews:
            kept["reviews"] = reviews
        return {
            "author": None if self.key == "predictions" else _person(person),
            "labeled_at": time if timed else None,
            "reviews": tuple(_review(one) for one in reviews if isinstance(one, dict)),
            "seconds": seconds,
            "kept": kept,
        }

    def _size(self, result: dict[str, Any]) -> tuple[int, int] | None:
        found: tuple[int, int] | None = self.sizes.get(str(result.get("to_name")))
        return found

    def _id(self, result: dict[str, Any], order: int) -> str:
        name = _name(result)
        own = name is not None and _TOKEN.fullmatch(name) and name not in self.firsts
        return f"{self.base}-{name}" if own else f"{self.base}-at-{order + 1}"

    def _result(self, value: Any, order: int, place: str) -> Iterator[Item | Refused]:
        try:
            result = record(value)
            inner = record(result.get("value"))
            kind = text(result.get("type"), "its type").lower()
            label_id = self._id(result, order)
            made = list(self._values(result, inner, kind))
        except ItemError as error:
            yield refused(place, error)
            return
        size = pixels(result.get("original_width"), result.get("original_height")) or self._size(result)
        item = self._item(result, inner, place, size)
        for count, (form, content) in enumerate(made):
            yield replace(item, label_id=label_id if not count else f"{label_id}.{count + 1}", kind=form, value=content)
        name = _name(result)
        if name is not None:
            self.firsts.setdefault(name, label_id)

    def _item(self, result: dict[str, Any], inner: dict[str, Any], place: str, size: tuple[int, int] | None) -> Item:
        model = self.key == "predictions"
        origin = "model" if model else _ORIGINS.get(str(result.get("origin")), "unknown")
        score = result.get("score", self.fields.get("score") if model else None)
        confidence = probability(score) if origin == "model" else None
        used = {"value"} | ({"score"} if confidence is not None else set())
        kept = without(result, used)
        rest = without(inner, ("x", "y", "height", "points", "rle", "radiusX", "radiusY", "start", "end"))
        return Item(
            place=place,
            label_id="",
            sample=_sample(self.task, self.at, result.get("to_name"), size),
            kind="",
            value={},
            origin=origin,
            confidence=confidence,
            confidence_scale=None if confidence is None else PROBABILITY,
            **{**self.shared, "kept": {**self.shared["kept"], "result": kept | {"value": rest}}},
        )

    def _values(self, result: dict[str, Any], inner: dict[str, Any], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield kind and value of each label of one result, at least one."""
        if kind in _UNREAD:
            raise ItemError("IMP-022", what=_UNREAD[kind])
        shape = shape_of(result, inner, self._size(result))
        timed = "start" in inner or "end" in inner
        if kind in ("rating", "textarea"):
            if shape is not None or (timed and kind == "rating"):
                raise ItemError("IMP-022", what="a rating or a text about a part of a sample")
            yield self._words(result, inner, kind)
            return
        if kind in _BARE:
            raise ItemError("IMP-023", what="its class")
        if kind not in _CLASSES:
            raise ItemError("IMP-022", what="a result of another type")
        names = _classes(inner.get("labels" if kind == "videorectangle" else kind), kind)
        if shape is not None:
            form, content = shape
            if form == "track":
                content = {"track": f"{self.base}-track", **content}
            for name in names:
                yield form, _classed(form, name, content)
        elif timed:
            if "original_length" in result or "channel" in inner:
                raise ItemError("IMP-022", what="a class of a part of a recording")
            begin, end = span_of(inner, _texts(self.task, result.get("to_name")))
            for name in names:
                yield "span", {"type": name, "start": begin, "end": end}
        elif kind not in ("choices", "taxonomy"):
            raise ItemError("IMP-020")
        else:
            if self.several:
                asked = text(result.get("from_name"), "its question")
                names = [f"{asked}: {name}" for name in names]
            yield ("class", {"class": names[0]}) if len(names) == 1 else ("classes", {"classes": sorted(names)})

    def _words(self, result: dict[str, Any], inner: dict[str, Any], kind: str) -> tuple[str, dict[str, Any]]:
        if kind == "rating":
            grade = inner.get("rating")
            if type(grade) is not int:
                raise ItemError("IMP-023", what="its grade")
            scale = result.get("from_name")
            named = isinstance(scale, str) and _TOKEN.fullmatch(scale)
            return "grade", {"scale": scale if named else "rating", "grade": grade}
        lines = inner.get("text")
        lines = [lines] if isinstance(lines, str) else lines
        if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
            raise ItemError("IMP-023", what="its text")
        content: dict[str, Any] = {"text": "\n".join(lines)}
        if "start" in inner or "end" in inner:
            if "original_length" not in result and "channel" not in inner:
                raise ItemError("IMP-022", what="a rating or a text about a part of a sample")
            content |= {"start": number(inner.get("start")), "end": number(inner.get("end"))}
            if not 0 <= content["start"] < content["end"]:
                raise ItemError("IMP-021")
        return "transcript", content

    def _relation(self, result: dict[str, Any], order: int, place: str) -> Item:
        ends = [result.get("from_id"), result.get("to_id")]
        if not all(isinstance(end, str) and end in self.firsts for end in ends):
            raise ItemError("IMP-026", what="label")
        first, second = (self.firsts[str(end)] for end in ends)
        if result.get("direction") == "left":
            first, second = second, first
        labels = result.get("labels")
        if labels not in (None, []) and not (
            isinstance(labels, list) and all(isinstance(name, str) and name.strip() for name in labels)
        ):
            raise ItemError("IMP-023", what="its type")
        item = self._item(result, {}, place, None)
        value = {"type": " > ".join(labels) if labels else "relation", "from": first, "to": second}
        return replace(item, label_id=f"{self.base}-at-{order + 1}", kind="relation", value=value)


def _name(result: dict[str, Any]) -> str | None:
    name = result.get("id")
    return name if isinstance(name, str) else None


def _classed(form: str, name: str, content: dict[str, Any]) -> dict[str, Any]:
    """A shape with a class; the frames of a track say it too."""
    if form != "track":
        return {"class": name, **content}
    frames = [frame | {"value": {"class": name, **frame["value"]}} for frame in content["frames"]]
    return {"class": name, **content, "frames": frames}


def _classes(value: Any, kind: str) -> list[str]:
    """The classes of a result, each once; a path of a taxonomy as one text."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not listed:
        raise ItemError("IMP-023", what="its class")
    names = []
    for one in listed:
        if kind == "taxonomy" and isinstance(one, list) and one:
            names.append(" > ".join(text(step, "its class") for step in one))
        else:
            names.append(text(one, "its class"))
    return list(dict.fromkeys(names))


def _person(value: Any) -> str | None:
    if isinstance(value, dict):
        mail = value.get("email")
        return mail if isinstance(mail, str) and mail.strip() else _person(value.get("id"))
    return str(value) if type(value) is int else value if isinstance(value, str) and value.strip() else None


def _review(value: dict[str, Any]) -> Review:
    time = value.get("created_at")
    return Review(
        by=_person(value.get("created_by")),
        at=time if isinstance(time, str) and _TIME.fullmatch(time) else None,
        outcome={True: "accepted", False: "rejected"}.get(value["accepted"], "unknown")
        if isinstance(value.get("accepted"), bool)
        else "unknown",
    )


def _texts(task: dict[str, Any], name: Any) -> list[str]:
    """The texts of a task that a span may lie in, the one that the result names first."""
    data = task.get("data")
    if not isinstance(data, dict):
        return []
    if isinstance(name, str) and isinstance(data.get(name), str):
        return [data[name]]
    return [value for value in data.values() if isinstance(value, str) and not _FILE.fullmatch(value)]


def _sample(task: dict[str, Any], at: int, name: Any, size: tuple[int, int] | None) -> Named:
    """The sample of a result: the field of the task that it names, or the only one; else the task by its id."""
    data = task.get("data")
    fields = {key: value for key, value in data.items() if isinstance(value, str)} if isinstance(data, dict) else {}
    value = fields.get(name) if isinstance(name, str) else None
    if value is None and len(fields) == 1:
        (value,) = fields.values()
    if value is None:
        key = task.get("id")
        return Named("id", str(key) if type(key) in (int, str) else f"tasks[{at}]", size)
    if _FILE.fullmatch(value):
        return Named("file", value, size)
    # The text itself says which sample it is.
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    return Named("text", f"tasks[{at}]", size, digest)
