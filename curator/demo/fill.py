"""Filling the templates of the made-up records: ``[[kind label|form]]`` becomes an identifier that is remembered.

What a template says besides is written by hand and stays. Never used to clean anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from importlib import resources
from xml.sax.saxutils import escape

from curator.demo.pen import Pen

_MARK = re.compile(r"\[\[(\w+) (\w+)(?:\|(\w+))?\]\]")


@cache
def template(name: str) -> str:
    """Return a template of ``data/templates/``."""
    return resources.files("curator.demo").joinpath("data", "templates", name).read_text(encoding="utf-8")


def filled(name: str, pen: Pen, escaped: Callable[[str], str] = str) -> str:
    """Fill a template.

    Parameters
    ----------
    name
        Its file.
    pen
        Of the document that is written.
    escaped
        Writes a value as the format wants it.
    """
    return _MARK.sub(lambda mark: escaped(pen(mark[1], mark[2], mark[3] or "")), template(name))


def in_json(value: str) -> str:
    """Write a value as it stands in a JSON string, in ASCII."""
    return json.dumps(value)[1:-1]


def in_xml(value: str) -> str:
    """Write a value as it stands in XML."""
    return escape(value, {"'": "&apos;", '"': "&quot;"})
