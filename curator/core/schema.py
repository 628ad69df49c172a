"""The one loader of the JSON Schemas that stand in ``schemas/`` (in the wheel: ``curator/schemas``)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from curator.core.errors import UsageError

_PACKAGE = Path(__file__).resolve().parent.parent


def schema_folder() -> Path:
    """Return the folder that holds the schemas: inside the package when installed, beside it in a checkout."""
    inside = _PACKAGE / "schemas"
    return inside if inside.is_dir() else _PACKAGE.parent / "schemas"


@cache
def load_schema(name: str) -> dict[str, Any]:
    """Load ``<name>.schema.json``."""
    loaded: dict[str, Any] = json.loads((schema_folder() / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator

    schema = load_schema(name)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _names(schema: Any) -> set[str]:
    """Return every property name that a schema itself speaks of, at any depth."""
    if isinstance(schema, list):
        return set().union(*map(_names, schema))
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties")
    return set().union(own if isinstance(own, dict) else (), *map(_names, schema.values()))


@cache
def _known(name: str) -> frozenset[str]:
    return frozenset(_names(load_schema(name)))


def violation(name: str, document: Any) -> str | None:
    """Return where a document breaks a schema, as a JSON pointer of schema-known keys, or None when it does not.

    The text names a place and a keyword, never a value. A key that the document brought and the schema does not name
    may hold anything, so it stands there as ``*``.
    """
    error = next(iter(sorted(_validator(name).iter_errors(document), key=lambda e: [str(p) for p in e.path])), None)
    if error is None:
        return None
    known = _known(name)
    place = "/" + "/".join(str(part) if isinstance(part, int) or part in known else "*" for part in error.absolute_path)
    if error.validator == "required":
        lacking = [key for key in error.validator_value if key not in error.instance]
        return f"{place} (lacks {', '.join(lacking)})"
    if error.validator == "dependentRequired":
        needs = {key for name, all_of in error.validator_value.items() if name in error.instance for key in all_of}
        return f"{place} (lacks {', '.join(sorted(needs - error.instance.keys()))})"
    return f"{place} ({error.validator})"


def validate(name: str, document: Any) -> None:
    """Check a document against a schema of the project.

    Raises
    ------
    UsageError
        SYS-006, naming the schema and the place, never a value.
    """
    place = violation(name, document)
    if place is not None:
        raise UsageError("SYS-006", schema=name, place=place)
