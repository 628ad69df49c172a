"""Check one label by itself, and bring its times, numbers and texts into the one form that is signed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from curator.core.clock import offset_text, utc_text
from curator.core.errors import UsageError
from curator.core.schema import violation
from curator.labels.model import DEFAULT_STAGE, Label
from curator.labels.reading import Digits
from curator.provenance.records import MAX_REASON, plain_text

#: Says whether a text may stand in a label. Given from outside, so that this room loads no detector.
Guard = Callable[[str], bool]

MAX_TEXT = 10_000
MAX_LEVELS = 16
MAX_INTEGER = 2**53 - 1
DECIMAL_KEY = "$decimal"
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_CONFIDENCE_DIGITS = 9
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def allow_all(_: str) -> bool:
    """Let every text pass: the guard when none is given."""
    return True


def check(line: int, fields: dict[str, Any], *, now: datetime, guard: Guard = allow_all) -> Label:
    """Make a label of raw fields.

    Parameters
    ----------
    line
        Line of the file, from 1.
    fields
        As read.
    now
        The present moment, aware; a label cannot have been made later.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        LBL-004 and LBL-007 to LBL-009, LBL-015, LBL-017, LBL-019.
    """
    for name, value in fields.items():
        if isinstance(value, Digits) and name not in {"value", "confidence"}:
            raise UsageError("LBL-004", place=f"/{name}" if name.isascii() and name.isalpha() else "/")
    place = violation("label-input", fields)
    if place is not None:
        raise UsageError("LBL-004", place=place)
    labeled, offset = _moment(fields["labeledAt"], now)
    value = plain(fields["value"])
    reason = fields.get("reason")
    if reason is not None and (not plain_text(reason, MAX_REASON) or "\n" in reason):
        raise UsageError("LBL-015")
    for text in (fields["labelId"], *texts(value), *([reason] if reason is not None else [])):
        if not guard(text):
            raise UsageError("LBL-017")
    return Label(
        line=line,
        label_id=fields["labelId"],
        sample=fields["sample"],
        kind=fields["kind"],
        value=value,
        author=fields["author"],
        labeled_at=labeled,
        labeled_offset=offset,
        confidence=_confidence(fields["confidence"]) if "confidence" in fields else None,
        guideline=named(fields["guideline"]) if "guideline" in fields else None,
        tool=named(fields["tool"]) if "tool" in fields else None,
        stage=fields.get("stage", DEFAULT_STAGE),
        supersedes=fields.get("supersedes"),
        reason=reason,
    )


def named(text: str) -> tuple[str, str]:
    """Split ``name@version`` (LBL-020 when it is not of this form)."""
    name, mark, version = text.rpartition("@")
    if not mark or not name or not version:
        raise UsageError("LBL-020")
    return name, version


def _moment(text: str, now: datetime) -> tuple[str, str]:
    if not _TIME.fullmatch(text):
        raise UsageError("LBL-008")
    try:
        moment = datetime.fromisoformat(re.sub(r"\.\d+", "", text.upper()))
        early = moment < _EARLIEST
        written = utc_text(moment)
    except (ValueError, OverflowError):
        raise UsageError("LBL-008") from None
    if early or abs(moment.utcoffset() or timedelta(0)) > timedelta(hours=14):
        raise UsageError("LBL-008")
    if moment > now:
        raise UsageError("LBL-009")
    return written, offset_text(moment)


def _confidence(given: Any) -> str:
    try:
        if not isinstance(given, str | int) or isinstance(given, bool) or len(str(given)) > 2 * MAX_LEVELS:
            raise ValueError
        number = Decimal(given)
        if not 0 <= number <= 1 or number.as_tuple().exponent < -_CONFIDENCE_DIGITS:  # type: ignore[operator]
            raise ValueError
    except (ValueError, InvalidOperation, TypeError):
        raise UsageError("LBL-007") from None
    return format(abs(number), "f")


def plain(value: Any, level: int = 0) -> Any:
    """Bring a JSON value into the form that is signed: fractions as ``{"$decimal": digits}``, texts in NFC.

    Raises
    ------
    UsageError
        LBL-015 for a text, LBL-019 for a number, a key or the depth.
    """
    if level > MAX_LEVELS:
        raise UsageError("LBL-019")
    if isinstance(value, Digits):
        return {DECIMAL_KEY: str(value)}
    if isinstance(value, str):
        if value and not plain_text(value, MAX_TEXT) and not (value.isspace() and value.isascii()):
            raise UsageError("LBL-015")
        return value
    if isinstance(value, dict):
        for key in value:
            if not key.isascii() or not key.isprintable() or key.startswith("$") or len(key) > MAX_TEXT:
                raise UsageError("LBL-019")
        return {key: plain(inner, level + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner, level + 1) for inner in value]
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise UsageError("LBL-019")
    return value


def texts(value: Any) -> Iterator[str]:
    """Yield every text of a value that is to be signed, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
