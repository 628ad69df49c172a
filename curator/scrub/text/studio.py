"""Label Studio's JSON export: tasks with their annotations and predictions, ranges in code points carried along.

Which text a range belongs to is told by the name of the control, by the words that the range repeats, or by there being
one text alone. Ranges in paragraphs and in markup cannot be carried and hold the file back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curator.core.errors import ItemError
from curator.detect.text.replace import Replaced
from curator.scrub.tabular.roles import Role
from curator.scrub.text.exports import GONE, carried, is_small, labels, searched, tool_value
from curator.scrub.text.jsonvalue import Number, integer
from curator.scrub.text.members import Values, planned, role_in, text_members
from curator.scrub.text.moves import placed

_LISTS = ("annotations", "predictions", "completions", "drafts")


def is_task(obj: dict[str, Any]) -> bool:
    """Say whether an object is a task."""
    return isinstance(obj.get("data"), dict) and any(
        isinstance(obj.get(name), list) and all(isinstance(one, dict) for one in obj[name]) for name in _LISTS
    )


class _Texts:
    """The texts of one task and what became of them."""

    def __init__(self, obj: dict[str, Any], values: Values) -> None:
        self.data: dict[str, Any] = obj["data"]
        self.texts: dict[str, str] = {
            key: value for key, value in self.data.items() if _is_string(value) and _is_text(key, values)
        }
        bound = {str(one["to_name"]) for one in _results(obj) if _is_range(one) and isinstance(one.get("to_name"), str)}
        for key, value in self.data.items():  # a control may be named as the member that it shows
            if key in bound and _is_string(value):
                self.texts[key] = value
        if not self.texts and any(_is_range(one) and not _is_time(one["value"]) for one in _results(obj)):
            plain = {key: one for key, one in self.data.items() if _is_string(one)}
            if len(plain) == 1:
                self.texts = plain
        self.done = {key: searched(value, values, "text") for key, value in self.texts.items()}

    def of(self, result: dict[str, Any]) -> str:
        """Return the name of the text that a range belongs to."""
        if result.get("to_name") in self.texts and len(self.texts) > 1:
            return str(result["to_name"])
        if len(self.texts) == 1:
            return next(iter(self.texts))
        value = result["value"]
        start, end, words = integer(value["start"]), integer(value["end"]), value.get("text")
        fits = [key for key, text in self.texts.items() if words and text[start:end] == words]
        if len(fits) != 1:
            raise ItemError("JSN-008")
        return fits[0]


def _is_string(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Number)


def _is_text(key: str, values: Values) -> bool:
    plan = planned(key, "", values.treatment)
    return (plan is not None and plan.role is Role.TEXT) or key in text_members()


def _results(obj: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in _LISTS:
        for one in obj.get(name) or ():
            for result in one.get("result") or ():
                if isinstance(result, dict):
                    yield result


def _is_range(result: dict[str, Any]) -> bool:
    value = result.get("value")
    return isinstance(value, dict) and "start" in value and "end" in value


def _is_time(value: dict[str, Any]) -> bool:
    """Say whether the ends of a range are seconds of a sound or a video."""
    return any(isinstance(value[key], Number) and "." in value[key] for key in ("start", "end")) or "channel" in value


def task(obj: dict[str, Any], values: Values) -> tuple[dict[str, Any], dict[str, str]]:
    """Clean a task but for its ordinary members of ``data``.

    Parameters
    ----------
    obj
        The task.
    values
        Cleans single values for the task's person.

    Returns
    -------
    tuple
        New values by the members' names, :data:`curator.scrub.text.exports.GONE` for what goes; and the clean texts of
        ``data`` by their names.

    Raises
    ------
    ItemError
        JSN-007, JSN-008.
    """
    texts = _Texts(obj, values)
    made: dict[str, Any] = {}
    for key, value in obj.items():
        if key == "data":
            continue
        if key in _LISTS:
            made[key] = [_annotation(one, texts, values) for one in value or ()]
        elif role := role_in("task", key):
            made[key] = tool_value(value, role, values)
        elif key != "meta":
            values.tally.add("member", "unknown")
            made[key] = GONE
    return made, {key: placed(texts.texts[key], done) for key, done in texts.done.items()}


def _annotation(one: dict[str, Any], texts: _Texts, values: Values) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in one.items():
        if key == "result":
            made[key] = [_result(result, texts, values) for result in value or () if isinstance(result, dict)]
        elif role := role_in("annotation", key):
            kept = tool_value(value, role, values)
            if kept is not GONE:
                made[key] = kept
        else:
            values.tally.add("member", "unknown")
    return made


def _result(one: dict[str, Any], texts: _Texts, values: Values) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in one.items():
        if key == "value" and isinstance(value, dict):
            made[key] = _value(one, value, texts, values)
        elif role := role_in("result", key):
            kept = tool_value(value, role, values)
            if kept is not GONE:
                made[key] = kept
        else:
            values.tally.add("member", "unknown")
    return made


def _value(one: dict[str, Any], value: dict[str, Any], texts: _Texts, values: Values) -> dict[str, Any]:
    if "startOffset" in value or "endOffset" in value or "globalOffsets" in value or "paragraphlabels" in value:
        raise ItemError("JSN-008")
    made: dict[str, Any] = {}
    done: Replaced | None = None
    start = end = 0
    if _is_range(one) and not _is_time(value):
        if not texts.texts:
            raise ItemError("JSN-008")
        name = texts.of(one)
        done = texts.done[name]
        start, end = carried(done, len(texts.texts[name]), value["start"], value["end"])
    for key, inner in value.items():
        if done is not None and key in {"start", "end"}:
            made[key] = Number(start if key == "start" else end)
        elif done is not None and key == "text":
            made[key] = done.text[start:end]
        elif key == "text":
            made[key] = _said(inner, values)
        elif key in {"choices", "taxonomy", "labels"} or key.endswith("labels"):
            made[key] = labels(inner, values)
        elif is_small(inner):
            made[key] = inner
        elif key == "points" and isinstance(inner, list):
            made[key] = [[n for n in point if is_small(n)] for point in inner if isinstance(point, list)]
        else:
            values.tally.add("member", "unknown")
    return made


def _said(inner: Any, values: Values) -> Any:
    if isinstance(inner, list):
        return [values.text(text, "text") for text in inner if isinstance(text, str)]
    return values.text(inner, "text") if isinstance(inner, str) else None
