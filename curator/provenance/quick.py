"""One regular expression for the usual bytes of a record, made from its schema: form and encoding in one step.

What it takes is canonical JSON that follows the schema, but for the label's free value, which is looked at apart. What
it does not take is no error yet: the full reader in :mod:`curator.provenance.state` has the last word. A test holds the
two together.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache, lru_cache
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.errors import UsageError
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


class _NotUsualError(Exception):
    """A schema that one expression cannot stand for."""


def _key(name: str) -> str:
    return re.escape(json.dumps(name)) + ":"


def _text(schema: dict[str, Any]) -> str:
    if "pattern" in schema:
        inner = _ANCHORED.fullmatch(schema["pattern"])
        if inner is None or "." in re.sub(r"\[[^\]]*\]|\\.", "", inner[1]) or not _PLAIN_PATTERN.fullmatch(inner[1]):
            raise _NotUsualError
        return f'"(?:{inner[1]})"'
    if "maxLength" in schema:
        return rf'"[^"\\\x00-\x1f]{{{schema.get("minLength", 0)},{schema["maxLength"]}}}"'
    raise _NotUsualError


def _integer(least: int, most: int | None) -> str:
    if least not in {0, 1} or (most is not None and str(most) != "1" + "0" * (len(str(most)) - 1)):
        raise _NotUsualError
    digits = "[1-9][0-9]{0,14}" if most is None else rf"{most}|[1-9][0-9]{{0,{len(str(most)) - 2}}}"
    return f"(?:{digits})" if least else f"(?:0|{digits})"


def _object(schema: dict[str, Any]) -> str:
    inner = schema.get("properties", {})
    required = set(schema.get("required", ()))
    names = sorted(inner)
    if not names or not required <= set(names) or (OPEN in inner and names[-1] != OPEN):
        raise _NotUsualError
    if not required:
        parts = [_key(name) + _any(inner[name]) for name in names]
        starts = (part + "".join(f"(?:,{later})?" for later in parts[at + 1 :]) for at, part in enumerate(parts))
        return rf"\{{(?:{'|'.join(starts)})?\}}"
    first = next(at for at, name in enumerate(names) if name in required)
    made = []
    for at, name in enumerate(names):
        part = _key(name) + ("(?P<value>.*)" if name == OPEN and inner[name] is True else _any(inner[name]))
        if at == first:
            made.append(part)
        elif at < first:
            made.append(f"(?:{part},)?")
        else:
            made.append(f",{part}" if name in required else f"(?:,{part})?")
    return r"\{" + "".join(made) + r"\}"


def _any(schema: Any) -> str:
    if not isinstance(schema, dict):
        raise _NotUsualError
    rules = {name: wanted for name, wanted in schema.items() if name not in _REMARKS}
    for name in ("const", "enum"):
        if name in rules:
            if rules.keys() - {name, "type"}:
                raise _NotUsualError
            values = [rules[name]] if name == "const" else rules[name]
            return "(?:" + "|".join(re.escape(canonical_bytes(one).decode()) for one in values) + ")"
    kind = rules.pop("type", None)
    if not isinstance(kind, str) or kind not in _ALLOWED or rules.keys() - _ALLOWED[kind]:
        raise _NotUsualError
    if kind == "string":
        return _text(rules)
    if kind == "integer":
        return _integer(rules.get("minimum", -1), rules.get("maximum"))
    if kind == "boolean":
        return "(?:true|false)"
    if kind == "object":
        return _object(rules)
    item, least, most = _any(rules.get("items")), rules.get("minItems", 0), rules.get("maxItems")
    if most is None or most < 1:
        raise _NotUsualError
    body = f"{item}(?:,{item}){{{max(least - 1, 0)},{most - 1}}}"
    return rf"\[{body}\]" if least else rf"\[(?:{body})?\]"


@cache
def usual(name: str) -> re.Pattern[str] | None:
    """Return the expression for the statements of a schema; None when one expression cannot stand for it."""
    try:
        return re.compile(_any(load_schema(name)), re.DOTALL)
    except _NotUsualError:
        return None


_decode = json.JSONDecoder().decode


@lru_cache(maxsize=8192)
def _digest(value: str) -> str | None:
    """Return the SHA-256 of a value's text where that is canonical JSON; None where it is not."""
    try:
        if canonical_bytes(_decode(value)) != value.encode():
            return None
    except (UsageError, ValueError, RecursionError):
        return None
    return hashlib.sha256(value.encode()).hexdigest()


def document(name: str, payload: bytes) -> tuple[Any, str | None] | None:
    """Read a payload that has the usual form of a schema.

    Parameters
    ----------
    name
        Of the schema.
    payload
        The bytes that were signed.

    Returns
    -------
    tuple or None
        The statement, canonical and by the schema, and the SHA-256 (hex) of its free value's canonical JSON, if it has
        one; None when the full reader must look.
    """
    form = usual(name)
    if form is None or not payload.isascii():
        return None
    text = payload.decode("ascii")
    match = form.fullmatch(text)
    if match is None:
        return None
    digest = _digest(match["value"]) if "value" in form.groupindex else None
    if digest is None and "value" in form.groupindex:
        return None
    return _decode(text), digest
