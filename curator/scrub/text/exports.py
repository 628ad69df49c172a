"""Labeled texts: ranges that annotation tools put on a text are carried along when the text is cleaned.

doccano, Prodigy, spaCy and LightTag write a text and ranges ``[start, end)`` of it in code points. What a range covered
is covered by what took its place, whole; words that a range repeats are written anew from the clean text. Tokens that
fall together are joined. Who labeled becomes a code. A range that does not lie in its text holds the file back.
"""

from __future__ import annotations

import re
from typing import Any

from curator.core.errors import ItemError
from curator.detect.text.replace import Replaced
from curator.scrub.tabular.values import plain_text
from curator.scrub.text.jsonvalue import Number, integer
from curator.scrub.text.members import Values, role_in, span_members, text_members
from curator.scrub.text.moves import placed
from curator.scrub.text.view import applied, changes

#: Names of the two ends of a range.
ENDS = (("start", "end"), ("start_offset", "end_offset"), ("begin", "end"))
GONE = object()
#: A measurement: at most six digits before the point.
_SMALL = re.compile(r"-?\d{1,6}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?")


def text_member(obj: dict[str, Any]) -> str | None:
    """Return the name of the member that holds a labeled record's text, None when it is no labeled record."""
    named = next((name for name in text_members() if _is_text(obj.get(name))), None)
    if named is None:
        return None
    lists = [name for name in span_members() if is_span_list(obj.get(name)) or _is_words(obj.get(name))]
    if lists or (isinstance(obj.get("tokens"), list) and any(_ends(one) for one in obj["tokens"])):
        return named
    return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Number)


def _is_words(value: Any) -> bool:
    """Say whether a value is a list of labels without ranges, or an empty one."""
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def is_span_list(value: Any) -> bool:
    """Say whether a value is a list with ranges in it."""
    return isinstance(value, list) and any(_ends(one) is not None for one in value)


def _ends(one: Any) -> tuple[Any, Any] | None:
    """Return where in an element the ends of its range stand: two keys or two positions."""
    if isinstance(one, dict):
        return next((pair for pair in ENDS if all(integer(one.get(name)) is not None for name in pair)), None)
    if isinstance(one, list) and len(one) >= 3 and integer(one[0]) is not None and integer(one[1]) is not None:
        return 0, 1
    return None


def searched(text: str, values: Values, place: str) -> Replaced:
    """Clean a text that bears ranges.

    Raises
    ------
    ItemError
        JSN-008 when it holds what cannot be searched as a text.
    """
    if plain_text(text) is None:
        raise ItemError("JSN-008")
    found = changes(text, values.person, values.treatment)
    values.tally.changes(place, found)
    return applied(text, found)


def carried(done: Replaced, size: int, start: Any, end: Any) -> tuple[int, int]:
    """Carry a range along.

    Raises
    ------
    ItemError
        JSN-007 for one that does not lie in the text.
    """
    low, high = integer(start), integer(end)
    if low is None or high is None or not low <= high <= size:
        raise ItemError("JSN-007")
    return done.span(low, high)


def labeled(obj: dict[str, Any], name: str, values: Values) -> dict[str, Any]:
    """Clean the text, the ranges and the tool's own members of a labeled record.

    Parameters
    ----------
    obj
        The record.
    name
        The member that holds its text.
    values
        Cleans single values for the record's person.

    Returns
    -------
    dict
        New values by the members' names; :data:`GONE` for what goes. Members that are not named here are ordinary ones.

    Raises
    ------
    ItemError
        JSN-007, JSN-008.
    """
    text = obj[name]
    done = searched(text, values, "text")
    made: dict[str, Any] = {name: placed(text, done)}
    renumbered: dict[int, int] = {}
    if isinstance(obj.get("tokens"), list):
        made["tokens"], renumbered = _tokens(obj["tokens"], done, len(text))
    for key, value in obj.items():
        if key in made:
            continue
        if key in span_members() and is_span_list(value):
            made[key] = [_span(one, done, len(text), renumbered, values) for one in value]
        elif key == "spans" and isinstance(value, dict):  # spaCy's groups of spans
            made[key] = _groups(value, done, len(text), renumbered, values)
        elif key == "relations" and isinstance(value, list):
            made[key] = [_relation(one, done, len(text), renumbered, values) for one in value]
        elif role := role_in("export", key):
            made[key] = tool_value(value, role, values)
        elif key in span_members() and isinstance(value, list):
            made[key] = [labels(one, values) for one in value]
    return made


def pair(obj: list[Any], values: Values) -> list[Any]:
    """Clean a pair of a text and its annotations, as spaCy's training data hold them.

    Raises
    ------
    ItemError
        JSN-007, JSN-008.
    """
    text = obj[0]
    done = searched(text, values, "text")
    notes: dict[str, Any] = {}
    for key, value in obj[1].items():
        if key == "entities" and isinstance(value, list):
            notes[key] = [_span(one, done, len(text), {}, values) for one in value]
        elif key == "spans" and isinstance(value, dict):
            notes[key] = _groups(value, done, len(text), {}, values)
        elif key == "cats":
            notes[key] = labels(value, values)
        else:
            values.tally.add("member", "unknown")
    return [placed(text, done), notes]


def is_pair(obj: Any) -> bool:
    """Say whether a value is a pair of a text and its annotations."""
    return (
        isinstance(obj, list)
        and len(obj) == 2
        and _is_text(obj[0])
        and isinstance(obj[1], dict)
        and any(key in obj[1] for key in ("entities", "spans", "cats"))
    )


def _groups(value: dict[str, Any], done: Replaced, size: int, ids: dict[int, int], values: Values) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, listed in value.items():
        if not isinstance(listed, list):
            raise ItemError("JSN-007")
        made[values.label(key) or "spans"] = [_span(one, done, size, ids, values) for one in listed]
    return made


def _span(one: Any, done: Replaced, size: int, renumbered: dict[int, int], values: Values) -> Any:
    ends = _ends(one)
    if ends is None:
        raise ItemError("JSN-007")
    start, end = carried(done, size, one[ends[0]], one[ends[1]])
    if isinstance(one, list):
        return [Number(start), Number(end), *(labels(other, values) for other in one[2:])]
    made: dict[str, Any] = {}
    for key, value in one.items():
        if key == ends[0]:
            made[key] = Number(start)
        elif key == ends[1]:
            made[key] = Number(end)
        elif key in {"token_start", "token_end"}:
            number = integer(value)
            if number in renumbered:
                made[key] = Number(renumbered[number])
        elif role_in("span", key) == "words" and isinstance(value, str):
            made[key] = done.text[start:end]
        elif role := role_in("span", key):
            kept = tool_value(value, role, values)
            if kept is not GONE:
                made[key] = kept
        else:
            values.tally.add("member", "unknown")
    return made


def _relation(one: Any, done: Replaced, size: int, renumbered: dict[int, int], values: Values) -> Any:
    if not isinstance(one, dict):
        values.tally.add("member", "unknown")
        return None
    made: dict[str, Any] = {}
    for key, value in one.items():
        role = role_in("relation", key)
        if key in {"head_span", "child_span"} and _ends(value) is not None:
            made[key] = _span(value, done, size, renumbered, values)
        elif key in {"head", "child"} and integer(value) in renumbered:
            made[key] = Number(renumbered[integer(value) or 0])
        elif role:
            kept = tool_value(value, role, values)
            if kept is not GONE:
                made[key] = kept
        else:
            values.tally.add("member", "unknown")
    return made


def _tokens(tokens: list[Any], done: Replaced, size: int) -> tuple[list[dict[str, Any]], dict[int, int]]:
    """Carry tokens along: those that fall together become one, empty ones go, and all are numbered anew.

    Returns
    -------
    tuple
        The tokens, and the new number of each old one; an emptied one has that of its neighbor before, or behind.
    """
    made: list[dict[str, Any]] = []
    ranges: list[tuple[int, int]] = []
    renumbered: dict[int, int] = {}
    for order, one in enumerate(tokens):
        if not isinstance(one, dict) or _ends(one) != ("start", "end"):
            raise ItemError("JSN-007")
        start, end = carried(done, size, one["start"], one["end"])
        old = integer(one.get("id"))
        number = order if old is None else old
        joins = bool(ranges) and (start < ranges[-1][1] or start == end)
        if not joins and start < end:
            ranges.append((start, end))
            made.append({})
        elif joins:
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        renumbered[number] = max(0, len(ranges) - 1)
        if not made:
            continue
        for key, value in one.items():
            if role_in("token", key) == "number" and isinstance(value, bool):
                made[-1][key] = value
    out = []
    for number, ((start, end), rest) in enumerate(zip(ranges, made, strict=True)):
        out.append(
            {
                "text": done.text[start:end],
                "start": Number(start),
                "end": Number(end),
                "id": Number(number),
                **rest,
            }
        )
    return out, renumbered if out else {}


def tool_value(value: Any, role: str, values: Values) -> Any:
    """Return what becomes of a member that a tool writes, by its role in data/members.toml; :data:`GONE` if nothing."""
    if role == "label":
        return labels(value, values)
    if role == "annotator":
        return annotator(value, values)
    if role == "number":
        return value if is_small(value) else GONE
    if role == "local":
        if is_small(value):
            return value
        # One domain for all of them, so that what refers to a part still does.
        return values.code("part", value) if isinstance(value, str) and value else GONE
    if role == "date" and isinstance(value, str):
        made = values.treatment.date(value, values.person)
        values.tally.add("date", "dated" if made else "emptied")
        return (Number(made) if made == value else None) if isinstance(value, Number) else made
    values.tally.add("member", "removed")
    return GONE


def is_small(value: Any) -> bool:
    """Say whether a value is nothing, a boolean, or a number that is too short to be anybody's."""
    if isinstance(value, Number):
        return _SMALL.fullmatch(value) is not None
    return value is None or isinstance(value, bool)


def annotator(value: Any, values: Values) -> Any:
    """Return the code of who labeled: one code for one e-mail address, name or number."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("email", "username", "id") if value.get(key)), None)
    if isinstance(value, list):
        return [annotator(one, values) for one in value]
    if isinstance(value, str) and value:
        return values.code("annotator", value)
    return None


def labels(value: Any, values: Values) -> Any:
    """Return words of the labels' scheme, in lists and objects of any depth; numbers and booleans stay."""
    if is_small(value):
        return value
    if isinstance(value, str):
        return values.label(value)
    if isinstance(value, list):
        return [labels(one, values) for one in value]
    made: dict[str, Any] = {}
    for key, inner in value.items():
        name = values.label(key)
        if name and name not in made:
            made[name] = labels(inner, values)
    return made
