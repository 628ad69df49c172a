"""What is wrong with a policy file, said in the words of the file: its line, its section, and what may stand there.

A key or a value of a file may be anything, so neither is repeated unless the schema or PS3.6 knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from curator.core.schema import load_schema, violation

_SECTION = re.compile(r"\s*\[\s*([A-Za-z_]+)\s*\]")
_TAG = re.compile(r"[0-9A-Fa-f]{8}")


def fault(text: str, raw: dict[str, Any]) -> str | None:
    """Say why a policy breaks its schema, None when it does not.

    Parameters
    ----------
    text
        The file.
    raw
        What TOML makes of it.
    """
    place = violation("policy", raw)
    if place is None:
        return None
    found = _fault(text, raw)
    if found:
        return found
    # A place may quote a key of the file; only keys that the schema knows are printed.
    known = re.fullmatch(r"/[a-z_/]* \([A-Za-z, _]+\)", place)
    return f"it breaks its schema at {place}" if known else "it breaks its schema"


def _fault(text: str, raw: dict[str, Any]) -> str:
    schema = load_schema("policy")["properties"]
    for name in raw:
        if name not in schema:
            return f"{_line(text, '', name)} names no part of a policy; {_near(name, schema)}"
    for section in ("options", "texts", "private"):
        known, given = schema[section]["properties"], raw.get(section)
        for name, value in given.items() if isinstance(given, dict) else ():
            if name not in known:
                return f"{_line(text, section, name)} of [{section}] sets what is not known; {_near(name, known)}"
            if said := _wanted(known[name], value):
                return f"{_at(text, section, name)} of [{section}] takes {said}"
    return _of_attributes(text, raw.get("attributes")) or _of_columns(text, raw.get("columns"))


def _of_attributes(text: str, given: Any) -> str:
    from curator.scrub.policy.fields import exact_tag

    for name, value in given.items() if isinstance(given, dict) else ():
        if not _TAG.fullmatch(name):
            tag = exact_tag(name)
            wanted = f"'{tag:08X}' here" if tag is not None else "8 hex digits, such as 00080020"
            line = _line(text, "attributes", name)
            return f"{line} of [attributes] names no tag: an attribute is written as its tag and no keyword, {wanted}"
        listed = load_schema("policy")["properties"]["attributes"]["additionalProperties"]
        if said := _wanted(listed, value):
            return f"{_line(text, 'attributes', name)} of [attributes] takes {said}"
    return ""


def _of_columns(text: str, given: Any) -> str:
    listed = load_schema("policy")["properties"]["columns"]["additionalProperties"]
    for name, value in given.items() if isinstance(given, dict) else ():
        if said := _wanted(listed, value):
            return f"{_line(text, 'columns', name)} of [columns] takes {said}"
    return ""


def _wanted(rule: dict[str, Any], value: Any) -> str:
    """Say what a member takes, empty when the value is such a one or nothing short can be said."""
    if "enum" in rule and value not in rule["enum"]:
        return f"one of {', '.join(rule['enum'])}"
    if rule.get("type") == "boolean" and not isinstance(value, bool):
        return "true or false"
    return ""


def _at(text: str, section: str, name: str) -> str:
    """Name a member by its line, and by itself if the schema knows the name."""
    line, schema = _line(text, section, name), load_schema("policy")["properties"]
    known = schema if not section else schema[section]["properties"]
    return f"{line} ({name})" if name in known else line


def _near(name: str, known: Iterable[str]) -> str:
    """Say what was meant, if one name is near enough, and what there is."""
    near = get_close_matches(name, known, 1)
    return (f"{near[0]} is near it; " if near else "") + f"known are {', '.join(sorted(known))}"


def _line(text: str, section: str, name: str) -> str:
    """Return where a member of a section stands."""
    here = ""
    for number, line in enumerate(text.splitlines(), 1):
        if (found := _SECTION.match(line)) is not None:
            here = found[1]
            if not section and here == name:
                return f"line {number}"
        elif here == section and re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*[=.]", line):
            return f"line {number}"
    return "a line"
