"""Read the usual bytes of a record quickly: form, encoding and schema in one step.

What is taken is canonical JSON that follows the schema. What is not taken is no error yet: the full reader in
:mod:`curator.provenance.state` has the last word. A test holds the two together.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import partial
from typing import Any

from curator.core.canonical import MAX_DEPTH, canonical_bytes, encode_unchecked
from curator.core.errors import UsageError
from curator.provenance.forms import usual
from curator.provenance.free import Shapes
from curator.provenance.layouts import Layouts

_decode = json.JSONDecoder().decode
#: Stands for a free value that is canonical and that nobody asked for. No encoder takes it.
UNREAD = object()


def _refused(_: str) -> Any:
    raise ValueError


#: Takes no number with a fraction or exponent, which canonical JSON does not have.
_scan = json.JSONDecoder(parse_float=_refused, parse_constant=_refused).raw_decode
#: Digits of an integer that may have more than 53 bits.
_LONG = re.compile("[0-9]{16}")
#: A value stands two levels deep in its statement.
_DEEP = MAX_DEPTH - 2
#: Digests that are kept, of texts of so many characters at most: what stands in many labels is short.
_MOST_DIGESTS, _LONGEST_KEPT = 8192, 256
_digests: dict[str, str] = {}
_shapes = Shapes()
_layouts: dict[str, Layouts] = {}


def _value(text: str, *, wanted: bool = True) -> tuple[Any, str] | None:
    """Read the text of a free value, in ASCII.

    Parameters
    ----------
    text
        The text.
    wanted
        False where nobody asks for the value itself; :data:`UNREAD` may then stand for it.

    Returns
    -------
    tuple or None
        The value, and the SHA-256 (hex) of its text; None where that is not canonical.
    """
    try:
        made = _digests.get(text)
        if made is not None:
            return (_decode(text) if wanted else UNREAD), made
        if _shapes.fits(text):
            value = _decode(text) if wanted else UNREAD
        else:
            value, end = _scan(text)
            if end != len(text):
                return None
            plain = "\\" not in text and text.count("[") + text.count("{") < _DEEP and not _LONG.search(text)
            # In plain text the encoder alone sees keys out of order or twice, white space, and -0.
            if (encode_unchecked(value) if plain else canonical_bytes([[value]]).decode()[2:-2]) != text:
                return None
            _shapes.learn(value)
    except (UsageError, ValueError, RecursionError):
        return None
    made = hashlib.sha256(text.encode()).hexdigest()
    if len(text) <= _LONGEST_KEPT:
        if len(_digests) >= _MOST_DIGESTS:
            _digests.clear()
        _digests[text] = made
    return value, made


_unwanted = partial(_value, wanted=False)


def document(name: str, payload: bytes, *, value: bool = True) -> tuple[Any, str | None] | None:
    """Read a payload that has the usual form of a schema.

    Parameters
    ----------
    name
        Of the schema.
    payload
        The bytes that were signed.
    value
        False where nobody asks for the free value itself; :data:`UNREAD` may then stand for it.

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
    learned = _layouts.get(name) or _layouts.setdefault(name, Layouts(name))
    found = learned.read(text, _value if value else _unwanted)
    if found is not None:
        return found
    match = form.fullmatch(text)
    if match is None:
        return None
    if "value" not in form.groupindex:
        return _decode(text), None
    open_ = _value(match["value"])
    if open_ is None:
        return None
    made = _decode(text)
    learned.learn(made)
    return made, open_[1]
