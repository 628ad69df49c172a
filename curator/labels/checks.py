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
from curator.labels.model import DEFAULT_STAGE, IMPORTED_ID, STATED, TOOL_NAMES, Label
from curator.labels.reading import Digits
from curator.labels.values import free_values, known_form
from curator.provenance.label_facts import check_confidence
from curator.provenance.records import MAX_REASON, plain_text

#: Says whether a text may stand in a label. Given from outside, so that this room loads no detector.
Guard = Callable[[str], bool]

MAX_TEXT = 10_000
MAX_LEVELS = 16
MAX_INTEGER = 2**53 - 1
DECIMAL_KEY = "$decimal"
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_CONFIDENCE_DIGITS = 9
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_.-]+")
#: Whole numbers below are no identifier behind any key; from 90 on, one may be an age.
_LEAST = 90
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
        LBL-004, LBL-007 to LBL-009, LBL-015, LBL-017, LBL-019, LBL-030, LBL-039.
    """
    for name, value in fields.items():
        if isinstance(value, Digits) and name not in {"value", "confidence"}:
            raise UsageError("LBL-004", place=f"/{name}" if name.isascii() and name.isalpha() else "/")
    place = violation("label-input", fields)
    if place is not None:
        raise UsageError("LBL-004", place=place)
    labeled, offset = moment(fields["labeledAt"], now)
    value = plain(fields["value"])
    reason = fields.get("reason")
    if reason is not None and (not plain_text(reason, MAX_REASON) or "\n" in reason):
        raise UsageError("LBL-015")
    odd = next((where for where, text in _guarded(fields, value) if not guard(text)), None)
    if odd is not None:
        raise UsageError("LBL-017", where=odd)
    return Label(
        line=line,
        label_id=fields["labelId"],
        sample=fields["sample"],
        kind=fields["kind"],
        value=value,
        author=fields["author"],
        labeled_at=labeled,
        labeled_offset=offset,
        confidence=_confidence(fields["confidence"], fields.get("confidenceScale")) if "confidence" in fields else None,
        guideline=named(fields["guideline"]) if "guideline" in fields else None,
        tool=named(fields["tool"]) if "tool" in fields else None,
        stage=fields.get("stage", DEFAULT_STAGE),
        supersedes=fields.get("supersedes"),
        reason=reason,
        stated={name: _stated(name, fields[name], now) for name in STATED if name in fields},
    )


def _stated(name: str, given: Any, now: datetime) -> Any:
    if name == "toolReviews":
        # In the tool's order, with times as UTC.
        return [{**one, "at": moment(one["at"], now)[0]} if "at" in one else dict(one) for one in given]
    return sorted(given) if isinstance(given, list) else given


def _guarded(fields: dict[str, Any], value: Any) -> Iterator[tuple[str, str]]:
    """Yield every text of a label that a person can write freely, as a guard should see it, behind where it stands.

    The name of the label's own sample counts as none: it is the project's, as is the author's id within the label's id.
    A text of the value is seen by itself and behind its key, for "mrn" says what a number is; so is a whole number
    from 90 on. Of a value that has the form of its kind (:mod:`curator.labels.values`), coordinates are left out.
    """
    own = fields["sample"]
    author = rf"(?<![A-Za-z0-9]){re.escape(fields['author'])}(?![A-Za-z0-9])"
    if not IMPORTED_ID.fullmatch(fields["labelId"]):
        yield "labelId", re.sub(author, "", fields["labelId"].replace(own, "")) or "-"
    for name in ("kind", "stage"):
        if name in fields:
            yield name, fields[name]
    if "tool" in fields:
        yield from (("tool", one) for one in named(fields["tool"]) if one not in TOOL_NAMES)
    yield from (("informationShown", one) for one in fields.get("informationShown", ()))
    yield from (("toolReviews", one["stage"]) for one in fields.get("toolReviews", ()) if "stage" in one)
    if "origin" in fields.get("preLabel", {}):
        yield "preLabel", fields["preLabel"]["origin"]
    if "reason" in fields:
        yield "reason", fields["reason"]
    if known_form(fields["kind"], fields["value"]):
        # The shape of such a value was checked: its keys are this program's, its coordinates are no texts.
        for key, one in free_values(fields["value"]):
            if isinstance(one, str) and IMPORTED_ID.fullmatch(one):
                continue
            if isinstance(one, str):
                yield f"value: {key}", one.replace(own, "") or "-"
            if isinstance(one, str) or abs(one) >= _LEAST:
                yield f"value: {key}", f"{_CAMEL.sub(' ', key)}: {one}".replace(own, "")
        return
    for text in texts(value):
        yield "value", text.replace(own, "") or "-"
    yield from (("value", text.replace(own, "")) for text in _behind_keys(value, ""))


def _behind_keys(value: Any, key: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _behind_keys(inner, key if name == DECIMAL_KEY else name)
    elif isinstance(value, list):
        if len(value) > 1 and all(isinstance(inner, str) for inner in value):
            yield " ".join(value)
        for inner in value:
            yield from _behind_keys(inner, key)
    elif key and (isinstance(value, str) or (type(value) is int and abs(value) >= _LEAST)):
        yield f"{_CAMEL.sub(' ', key)}: {value}"


def named(text: str) -> tuple[str, str]:
    """Split ``name@version`` (LBL-020 when it is not of this form)."""
    name, mark, version = text.rpartition("@")
    if not mark or not name or not version:
        raise UsageError("LBL-020")
    return name, version


def moment(text: str, now: datetime) -> tuple[str, str]:
    """Return an RFC 3339 time in UTC, to the second, and the offset that it states (LBL-008, LBL-009 when to come)."""
    if not _TIME.fullmatch(text):
        raise UsageError("LBL-008")
    try:
        made = datetime.fromisoformat(re.sub(r"\.\d+", "", text.upper()))
        early = made < _EARLIEST
        written = utc_text(made)
    except (ValueError, OverflowError):
        raise UsageError("LBL-008") from None
    if early or abs(made.utcoffset() or timedelta(0)) > timedelta(hours=14):
        raise UsageError("LBL-008")
    if made > now:
        raise UsageError("LBL-009")
    return written, offset_text(made)


def _confidence(given: Any, scale: str | None) -> str:
    try:
        if not isinstance(given, str | int) or isinstance(given, bool) or len(str(given)) > 2 * MAX_LEVELS:
            raise ValueError
        number = Decimal(given)
        if not number.is_finite() or number.as_tuple().exponent < -_CONFIDENCE_DIGITS:  # type: ignore[operator]
            raise ValueError
    except (ValueError, InvalidOperation, TypeError):
        raise UsageError("LBL-007") from None
    made = format(number or abs(number), "f")
    check_confidence(made, scale)
    if scale is None:
        raise UsageError("LBL-030")
    return made


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
        kinds = set(map(type, value)) if level < MAX_LEVELS else set()
        if kinds == {int} and -MAX_INTEGER <= min(value) <= max(value) <= MAX_INTEGER:
            return list(value)  # run lengths of a mask, of which there may be millions
        if kinds == {Digits}:
            return [{DECIMAL_KEY: str(inner)} for inner in value]  # so may be coordinates
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
