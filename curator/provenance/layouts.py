"""Read records that have the very same keys as one that was read before, without a parser.

A layout is a narrower form of a schema: exactly the keys of one document, each with the expression that the schema has
for it. So it takes nothing that the schema's own form would not take, and its groups are the document's values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.schema import load_schema
from curator.provenance.forms import OPEN, NotUsualError, key_pattern, pattern_of

#: Makes a document of the groups of a layout, one argument each.
Reader = Callable[..., Any]
#: Reads a free value's text: the value and the SHA-256 (hex) of its text, None where that is not canonical.
Valued = Callable[[str], tuple[Any, str] | None]
_MARK = "\x00"
_CAPTURING = re.compile(r"(?<!\\)\((?!\?)")
#: Layouts of one schema that are kept; each costs a failed match where another one is meant.
_MOST = 32


class _Made:
    """The expression of a layout while it is put together, and how many values it has so far.

    The schema is one that has a usual form as a whole, so no part of it has a rule that is not looked at here.
    """

    def __init__(self) -> None:
        self.pattern = ""
        self.count = 0

    def group(self) -> str:
        """Return the name of the next group."""
        self.count += 1
        return f"g{self.count - 1}"

    def leaf(self, inner: str, before: str = "", after: str = "") -> str:
        """Add a value; return the name of its group."""
        self.pattern += before + "(" + _CAPTURING.sub("(?:", inner) + ")" + after
        return self.group()


def _any(schema: Any, sample: Any, made: _Made) -> str:
    """Add what stands for one value; return the Python expression that gives it of the groups."""
    if not isinstance(schema, dict):
        raise NotUsualError
    kind = schema.get("type")
    if kind == "object" and isinstance(sample, dict):
        return _object(schema, sample, made)
    if kind == "array" and schema.get("minItems") == schema.get("maxItems") == 1:
        made.pattern += r"\["
        (item,) = sample
        inner = _any(schema.get("items"), item, made)
        made.pattern += r"\]"
        return f"[{inner}]"
    pattern = pattern_of(schema)
    texts = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if texts is not None and all(isinstance(one, str) and canonical_bytes(one)[1:-1] == one.encode() for one in texts):
        return made.leaf("|".join(map(re.escape, texts)), '"', '"')
    if kind == "string" and texts is None:
        return made.leaf(pattern[1:-1], '"', '"')
    return f"{'int' if kind == 'integer' else 'decode'}({made.leaf(pattern)})"


def _object(schema: dict[str, Any], sample: dict[str, Any], made: _Made) -> str:
    inner = schema.get("properties", {})
    names = sorted(sample)
    if not names or not set(schema.get("required", ())) <= set(names) <= set(inner):
        raise NotUsualError
    items = []
    for at, name in enumerate(names):
        made.pattern += (r"\{" if not at else ",") + key_pattern(name)
        if name == OPEN and inner[name] is True:
            made.pattern += _MARK
            items.append(f"{name!r}: {made.group()}")
        else:
            items.append(f"{name!r}: {_any(inner[name], sample[name], made)}")
    made.pattern += r"\}"
    return f"{{{', '.join(items)}}}"


def _reader(expression: str, count: int) -> Reader:
    """Return the function that makes a document of its groups.

    One display of nested dicts takes a third of what a loop over their keys takes. What is compiled is made of the keys
    of this package's own schemas, as Python writes them, and of numbered groups: nothing that was read comes into it.
    """
    names = ", ".join(f"g{number}" for number in range(count))
    scope: dict[str, Any] = {"__builtins__": {}, "int": int, "decode": json.JSONDecoder().decode}
    made: Reader = eval(f"lambda {names}: {expression}", scope)  # noqa: S307 - as above
    return made


@dataclass(frozen=True)
class Layout:
    """The expressions before and after the free value, and what makes the document of their groups."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    #: From the last bracket of a text back to where the value ends.
    back: int
    read: Reader

    @classmethod
    def of(cls, pattern: str, read: Reader, text: str) -> Layout:
        """Make the layout of a canonical text that its expression stands for (NotUsualError where there is none)."""
        before, mark, after = pattern.partition(_MARK)
        if not mark or _MARK in after:
            raise NotUsualError
        whole, last = re.compile(after, re.DOTALL), text.rfind("[")
        ends = [at for at in range(1, last + 1) if whole.fullmatch(text, at)]
        if len(ends) != 1:
            raise NotUsualError
        return cls(re.compile(before, re.DOTALL), whole, last - ends[0], read)


class Layouts:
    """The layouts of one schema that were met, the one met last in front.

    Parameters
    ----------
    schema
        Its name.
    """

    def __init__(self, schema: str) -> None:
        self._schema = schema
        self._known: list[Layout] = []
        self._tried: set[str] = set()

    def learn(self, sample: dict[str, Any]) -> None:
        """Keep the layout of a document that has the usual form of the schema."""
        if len(self._known) >= _MOST:
            return
        made = _Made()
        try:
            expression = _object(load_schema(self._schema), sample, made)
            if made.pattern not in self._tried:
                self._tried.add(made.pattern)
                read = _reader(expression, made.count)
                self._known.insert(0, Layout.of(made.pattern, read, canonical_bytes(sample).decode()))
        except NotUsualError:
            return

    def read(self, text: str, value: Valued) -> tuple[Any, str] | None:
        """Read a text that has a known layout; return the document and its free value's SHA-256, or None."""
        last = text.rfind("[")
        for at, one in enumerate(self._known):
            end = last - one.back
            head = one.before.match(text, 0, end) if end > 0 else None
            tail = one.after.fullmatch(text, end) if head is not None else None
            if head is None or tail is None:
                continue
            if at:
                self._known.insert(0, self._known.pop(at))
            found = value(text[head.end() : end])
            return None if found is None else (one.read(*head.groups(), found[0], *tail.groups()), found[1])
        return None
