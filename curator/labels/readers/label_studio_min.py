"""Label Studio's short JSON (JSON-MIN): a row an annotation, its answers under the names of their questions.

A row is what the task's data says, the task's ``id``, the answers, and who and when, in this order; by nothing else can
an answer be told from data. A row in another order is refused, and one without an answer: a question that is named as
a field of the task takes that field's place. The short form drops the ids of regions, so that relations and classes
given apart from their shapes are lost before it is written, and does not say whether a model made a region. One answer
in a line of words is a class, for nothing tells a choice from a line of free text; words in several lines, or more
than a class may have, are a transcript.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import UsageError
from curator.labels.item import Item, Lack, Refused
from curator.labels.jsonstream import Place, values
from curator.labels.readers.label_studio import labels_of_task
from curator.labels.seen import Seen
from curator.labels.values import MAX_NAME

_FORMAT = "Label Studio JSON-MIN"
_HEAD = (b'"annotator"', b'"annotation_id"', b'"lead_time"')
_LONG = re.compile(rb'"(annotations|completions|predictions)"\s*:\s*\[')
_FIRST = "annotator"
_AFTER = frozenset((_FIRST, "annotation_id", "created_at", "updated_at", "lead_time", "agreement", "history"))
#: Keys under which a region or an answer names its classes; they are the types of results too.
_NAMED = (
    *("rectanglelabels", "polygonlabels", "ellipselabels", "keypointlabels", "brushlabels", "choices", "taxonomy"),
    *("hypertextlabels", "paragraphlabels", "timeserieslabels", "rating"),
)
_SHAPE = frozenset(("x", "y", "points", "rle", "start", "end", "sequence", "ranges"))


class LabelStudioMin:
    """Reader of the tool's short JSON."""

    name = "label-studio-min"
    title = _FORMAT
    lacks = (
        Lack("guideline", ""),
        Lack("confidence", "export the full JSON, with predictions"),
        Lack("review", "export the full JSON; only Label Studio Enterprise exports reviews"),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a file is a list of rows with an annotator and the id of an annotation, and no full tasks."""
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        short = all(word in head for word in _HEAD) and not _LONG.search(head)
        return path.suffix.lower() == ".json" and start == b"[" and short

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every row, one row at a time."""
        several = len({name for row in _rows(path) for name in _asked(row)}) > 1
        with Seen() as seen:
            for at, row in enumerate(_rows(path)):
                parts = _parted(row)
                if parts is None:
                    yield Refused(f"rows[{at}]", "IMP-023", {"what": "answers that can be told from its task"})
                    continue
                for made in labels_of_task(_task(row, *parts), at, several=several):
                    if isinstance(made, Item) and not seen.first(made.label_id):
                        yield Refused(made.place, "IMP-027", label_id=made.label_id)
                    else:
                        yield made


def _rows(path: Path) -> Iterator[Any]:
    def wanted(place: Place, form: str) -> bool:
        if not place and form != "array":
            raise UsageError("IMP-001", format=_FORMAT)
        return place == (None,)

    for _, row in values(path, wanted):
        yield row


def _parted(row: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return what a row says of its task, and its answers; None where the order of its names does not tell them."""
    if not isinstance(row, dict) or not {"id", _FIRST, "annotation_id"} <= row.keys():
        return None
    names = list(row)
    first, last = names.index("id"), names.index(_FIRST)
    if first > last or not set(names[last:]) <= _AFTER:
        return None
    data, answers = ({name: row[name] for name in part} for part in (names[:first], names[first + 1 : last]))
    # An answer whose question is named as a field of the task stands in that field's place.
    hidden = any(_answer(one) for value in data.values() if isinstance(value, list) for one in value)
    lost = row["annotation_id"] is not None and not answers
    return None if hidden or lost else (data, answers)


def _answer(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(name), list) for name in (*_NAMED, "labels"))


def _asked(row: Any) -> Iterator[str]:
    """Yield the names of questions about the whole sample that a row answers."""
    parts = _parted(row)
    for name, value in parts[1].items() if parts is not None else ():
        results = _results(name, value)
        if any(one["type"] in {"choices", "taxonomy"} and not _SHAPE & one["value"].keys() for one in results):
            yield name


def _task(row: dict[str, Any], data: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """Return a row as a task of the full form."""
    about: dict[str, Any] = {
        name: row[name] for name in ("created_at", "updated_at", "lead_time", "agreement") if name in row
    }
    results = [result for name, value in answers.items() for result in _results(name, value)]
    annotation: dict[str, Any] = {"id": row["annotation_id"], "completed_by": row[_FIRST], "result": results, **about}
    return {"id": row["id"], "data": data, "annotations": [annotation]}


def _results(name: str, value: Any) -> list[dict[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    if listed and all(isinstance(one, str) for one in listed):
        return [_words(name, listed)]
    return [_result(name, one) for one in listed]


def _words(name: str, listed: list[str]) -> dict[str, Any]:
    if all(one.strip() and len(one) <= MAX_NAME and len(one.splitlines()) == 1 for one in listed):
        return {"from_name": name, "type": "choices", "value": {"choices": listed}}
    return {"from_name": name, "type": "textarea", "value": {"text": listed}}


def _result(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {"from_name": name, "type": "unknown", "value": {}}
    inner = {key: part for key, part in value.items() if key not in {"original_width", "original_height"}}
    sizes = {key: value[key] for key in ("original_width", "original_height") if key in value}
    kind = next((key for key in _NAMED if key in inner), None)
    if "sequence" in inner:
        kind = "videorectangle"
    elif kind is None:
        kind = "labels" if "labels" in inner else "textarea" if "text" in inner else "rectangle"
    return {"from_name": name, "type": kind, "value": inner, **sizes}
