"""Canonical JSON bytes: a restricted JSON whose one encoding equals RFC 8785 (JSON Canonicalization Scheme).

Allowed: objects with ASCII keys, arrays, strings in Unicode NFC without lone surrogates, integers of at most 53 bits,
true, false, null. Floating-point numbers are refused, so that no two languages can print one number in two ways.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from typing import Any

from curator.core.errors import UsageError

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 32

#: Encodes without looking whether a value is of the restricted kind; :func:`canonical_bytes` looks.
encode_unchecked: Callable[[Any], str] = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


def _check(value: Any, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise UsageError("SYS-008", reason="it is nested too deep")
    if value is None or value is True or value is False:
        return
    if isinstance(value, str):
        if not value.isascii():
            if not unicodedata.is_normalized("NFC", value):
                raise UsageError("SYS-008", reason="a text is not in Unicode normalization form C")
            if any("\ud800" <= mark <= "\udfff" for mark in value):
                raise UsageError("SYS-008", reason="a text holds a lone surrogate")
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise UsageError("SYS-008", reason="an integer has more than 53 bits")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise UsageError("SYS-008", reason="a key is not ASCII text")
            if depth >= MAX_DEPTH or type(inner) is not str or not inner.isascii():
                _check(inner, depth + 1)
    elif isinstance(value, list | tuple):
        if depth < MAX_DEPTH and set(map(type, value)) == {int} and max(map(abs, value)) <= MAX_INTEGER:
            return  # the run lengths of a mask are millions of numbers
        for inner in value:
            _check(inner, depth + 1)
    else:
        raise UsageError("SYS-008", reason=f"a value of type {type(value).__name__} is not allowed")


def canonical_bytes(value: Any) -> bytes:
    """Encode a value as canonical JSON.

    Parameters
    ----------
    value
        Dicts, lists, tuples, strings, integers, booleans and None, as the module's docstring restricts them.

    Returns
    -------
    bytes
        UTF-8, no white space, keys sorted: the bytes RFC 8785, section 3.2, gives for the same value.

    Raises
    ------
    UsageError
        SYS-008 for a value outside the restricted kind.
    """
    _check(value)
    return encode_unchecked(value).encode()


def strict_loads(data: bytes | str, fraction: Callable[[str], Any] | None = None) -> Any:
    """Parse JSON and refuse what two parsers might read differently.

    Parameters
    ----------
    data
        UTF-8 bytes or text.
    fraction
        Takes the digits of each number with a fraction or exponent, in place of float.

    Returns
    -------
    Any
        The value. Numbers with a fraction or exponent come back as float, and are refused by
        :func:`canonical_bytes`.

    Raises
    ------
    UsageError
        SYS-008 for bad UTF-8 or JSON, a repeated key, NaN or Infinity, too deep nesting.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) != len(items):
            raise UsageError("SYS-008", reason="a key stands twice in one object")
        return made

    def constant(_: str) -> Any:
        raise UsageError("SYS-008", reason="it holds NaN or Infinity")

    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_float=fraction)
    except UnicodeDecodeError:
        raise UsageError("SYS-008", reason="it is not UTF-8") from None
    except RecursionError:
        raise UsageError("SYS-008", reason="it is nested too deep") from None
    except ValueError:
        raise UsageError("SYS-008", reason="it is not valid JSON") from None
