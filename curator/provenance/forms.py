"""One regular expression for the usual bytes of a record, made from its schema: form and encoding in one step.

What it takes is canonical JSON that follows the schema, but for the label's free value, which is looked at apart in
:mod:`curator.provenance.quick`. A schema that one expression cannot stand for has none.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.schema import load_schema

#: The one property whose content a schema leaves open; the last of its object, so that it ends where that ends.
OPEN = "value"
_REMARKS = {"$schema", "$id", "title", "description"}
_ANCHORED = re.compile(r"\^(.*)\$\(\?!\\n\)", re.DOTALL)
#: What a pattern for a text may hold: classes, groups and repeats of plain characters, none that JSON would escape.
_PLAIN_PATTERN = re.compile(r"(?:\[[A-Za-z0-9 ._/:@+-]+\]|\\[.+]|[A-Za-z0-9 :_/@-]|\(\??:?|[)|?*+.]|\{\d+(?:,\d*)?\})*")
_ALLOWED = {
    "string": {"pattern", "minLength", "maxLength"},
    "integer": {"minimum", "maximum"},
    "boolean": set(),
    "object": {"properties", "required"},
    "array": {"items", "minItems", "maxItems"},
}


class NotUsualError(Exception):
    """A schema that one expression cannot stand for."""


def key_pattern(name: str) -> str:
    """Return the expression for a key of an object, with its colon."""
    return re.escape(json.dumps(name)) + ":"


def _text(schema: dict[str, Any]) -> str:
    if "pattern" in schema:
        inner = _ANCHORED.fullmatch(schema["pattern"])
        if inner is None or "." in re.sub(r"\[[^\]]*\]|\\.", "", inner[1]) or not _PLAIN_PATTERN.fullmatch(inner[1]):
            raise NotUsualError
        return f'"(?:{inner[1]})"'
    if "maxLength" in schema:
        return rf'"[^"\\\x00-\x1f]{{{schema.get("minLength", 0)},{schema["maxLength"]}}}"'
    raise NotUsualError


def _integer(least: int, most: int | None) -> str:
    if least not in {0, 1} or (most is not None and str(most) != "1" + "0" * (len(str(most)) - 1)):
        raise NotUsualError
    digits = "[1-9][0-9]{0,14}" if most is None else rf"{most}|[1-9][0-9]{{0,{len(str(most)) - 2}}}"
    return f"(?:{digits})" if least else f"(?:0|{digits})"


def _object(schema: dict[str, Any]) -> str:
    inner = schema.get("properties", {})
    required = set(schema.get("required", ()))
    names = sorted(inner)
    if not names or not required <= set(names) or (OPEN in inner and names[-1] != OPEN):
        raise NotUsualError
    if not required:
        parts = [key_pattern(name) + pattern_of(inner[name]) for name in names]
        starts = (part + "".join(f"(?:,{later})?" for later in parts[at + 1 :]) for at, part in enumerate(parts))
        return rf"\{{(?:{'|'.join(starts)})?\}}"
    first = next(at for at, name in enumerate(names) if name in required)
    made = []
    for at, name in enumerate(names):
        part = key_pattern(name) + (
            "(?P<value>.*)" if name == OPEN and inner[name] is True else pattern_of(inner[name])
        )
        if at == first:
            made.append(part)
        elif at < first:
            made.append(f"(?:{part},)?")
        else:
            made.append(f",{part}" if name in required else f"(?:,{part})?")
    return r"\{" + "".join(made) + r"\}"


def pattern_of(schema: Any) -> str:
    """Return the expression for the canonical JSON that follows a schema.

    Raises
    ------
    NotUsualError
        When one expression cannot stand for it.
    """
    if not isinstance(schema, dict):
        raise NotUsualError
    rules = {name: wanted for name, wanted in schema.items() if name not in _REMARKS}
    for name in ("const", "enum"):
        if name in rules:
            if rules.keys() - {name, "type"}:
                raise NotUsualError
            values = [rules[name]] if name == "const" else rules[name]
            return "(?:" + "|".join(re.escape(canonical_bytes(one).decode()) for one in values) + ")"
    kind = rules.pop("type", None)
    if not isinstance(kind, str) or kind not in _ALLOWED or rules.keys() - _ALLOWED[kind]:
        raise NotUsualError
    if kind == "string":
        return _text(rules)
    if kind == "integer":
        return _integer(rules.get("minimum", -1), rules.get("maximum"))
    if kind == "boolean":
        return "(?:true|false)"
    if kind == "object":
        return _object(rules)
    item, least, most = pattern_of(rules.get("items")), rules.get("minItems", 0), rules.get("maxItems")
    if most is None or most < 1:
        raise NotUsualError
    body = f"{item}(?:,{item}){{{max(least - 1, 0)},{most - 1}}}"
    return rf"\[{body}\]" if least else rf"\[(?:{body})?\]"


@cache
def usual(name: str) -> re.Pattern[str] | None:
    """Return the expression for the statements of a schema; None when one expression cannot stand for it."""
    try:
        return re.compile(pattern_of(load_schema(name)), re.DOTALL)
    except NotUsualError:
        return None
