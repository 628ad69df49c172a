"""What the readers of vendors' JSON share: taking fields so that none is lost, numbers, times, ids, refusals.

A field that a reader takes leaves the rest; the rest goes to ``kept``. A field of a wrong type is not taken, so it is
kept as it stands. Nothing of a value goes into an error or a place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels import geometry
from curator.labels.item import Item, Refused, Review, refused

PI = Decimal("3.14159265358979323846264338327950288")
_SAFE = re.compile(r"[A-Za-z0-9._:-]{1,60}")
_STAGE = re.compile(r"[a-z][a-z0-9._-]{0,63}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_NAMED = re.compile(r"[A-Z][a-z]{2}, (\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) (?:UTC|GMT)", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Maker = tuple[str, Callable[[], Item]]


class Fields:
    """The fields of one object of an export, taken one by one.

    Raises
    ------
    ItemError
        IMP-035 when it is not an object.
    """

    def __init__(self, raw: Any) -> None:
        if not isinstance(raw, dict):
            raise ItemError("IMP-035")
        self._left: dict[str, Any] = dict(raw)

    def take(self, key: str) -> Any:
        """Return a field of any type and take it out; None when it is not there."""
        return self._left.pop(key, None)

    def see(self, key: str) -> Any:
        """Return a field and leave it."""
        return self._left.get(key)

    def text(self, key: str) -> str | None:
        """Take a text that is not empty; leave anything else."""
        value = self._left.get(key)
        if not isinstance(value, str) or not value.strip():
            return None
        del self._left[key]
        return value

    def word(self, key: str) -> str | None:
        """Take a text or a whole number as text; leave anything else."""
        value = self._left.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            del self._left[key]
            return str(value)
        return self.text(key)

    def time(self, key: str) -> str | None:
        """Take a time that states its zone, as RFC 3339; leave anything else."""
        made = instant(self._left.get(key))
        if made is not None:
            del self._left[key]
        return made

    def flag(self, key: str) -> bool | None:
        """Take true or false; leave anything else."""
        value = self._left.get(key)
        if not isinstance(value, bool):
            return None
        del self._left[key]
        return value

    def stage(self, key: str) -> str | None:
        """Take a stage's name in lower case, when it is a word that a label record can hold; leave anything else."""
        made = stage(self._left.get(key))
        if made is not None:
            del self._left[key]
        return made

    def keep(self, key: str, value: Any) -> None:
        """Put a field back, or what is left of it, so that it is kept."""
        self._left[key] = value

    def rest(self, *without: str) -> dict[str, Any]:
        """Return what was not taken, as it stands in the file; empty values and the keys named are left out."""
        return {
            key: value for key, value in self._left.items() if key not in without and value not in (None, "", [], {})
        }


def sub(value: Any) -> Fields:
    """Return the fields of an object, none for anything else."""
    return Fields(value if isinstance(value, dict) else {})


def needed(value: str | None, what: str) -> str:
    """Return a text, or raise IMP-023 that the label lacks it. ``what`` is the program's own word."""
    if value is None:
        raise ItemError("IMP-023", what=what)
    return value


def stage(value: Any) -> str | None:
    """Return a stage's name as label records write it, or None."""
    if not isinstance(value, str):
        return None
    made = re.sub(r"[\s_]+", "-", value.strip().lower())
    return made if _STAGE.fullmatch(made) else None


def number(value: Any) -> Decimal:
    """Return a coordinate that stands as a number in JSON (IMP-020 for anything else, texts of digits too)."""
    if isinstance(value, str):
        raise ItemError("IMP-020")
    return geometry.number(value)


def whole(value: Any) -> int:
    """Return a whole number that is not negative (IMP-020); ``4.0`` and ``"4"`` are whole too."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    made = number(value)
    if made != made.to_integral_value() or made < 0:
        raise ItemError("IMP-020")
    return int(made)


def degrees(radians: Decimal) -> Decimal:
    """Return an angle in degrees, with at most six places."""
    return geometry.derived(radians * 180 / PI)


def share(value: Any, of: int | None) -> Decimal:
    """Return a fraction of an extent in pixels (IMP-036 when the file does not state the extent)."""
    made = number(value)
    if of is None:
        raise ItemError("IMP-036")
    return geometry.part_of(made, of, 1)


def size(width: Any, height: Any) -> tuple[int, int] | None:
    """Return an image's size as a file states it, None when it does not state one."""
    try:
        made = (whole(width), whole(height))
    except ItemError:
        return None
    return made if made[0] > 0 and made[1] > 0 else None


def instant(value: Any) -> str | None:
    """Return a time as RFC 3339 when it states its zone, None for anything else.

    Read are ISO 8601 with ``Z`` or an offset, and ``Tue, 17 Jan 2023 14:17:47 UTC``.
    """
    if not isinstance(value, str):
        return None
    text = value.replace(" ", "T", 1)
    if (named := _NAMED.fullmatch(value)) and named[2] in _MONTHS:
        text = f"{named[3]}-{_MONTHS.index(named[2]) + 1:02}-{int(named[1]):02}T{named[4]}Z"
    if not _TIME.fullmatch(text):
        return None
    try:
        datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        return None
    return text


def confidence(value: Any) -> Decimal | None:
    """Return a probability from 0 to 1, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    made = Decimal(value)
    return made if made.is_finite() and 0 <= made <= 1 and -made.adjusted() < 10 else None


def label_id(prefix: str, *parts: object) -> str:
    """Return a label's id from the tool's own ids or positions; what an id cannot hold is replaced by a digest."""
    made = [prefix]
    for part in parts:
        word = str(part)
        if not _SAFE.fullmatch(word):
            word = "x" + hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        made.append(word)
    joined = "-".join(made)
    if len(joined) > 100:
        joined = f"{prefix}-x{hashlib.sha256(joined.encode()).hexdigest()[:48]}"
    return joined


def edited(fields: Fields, who: tuple[str, str], when: tuple[str, str]) -> tuple[str | None, str | None]:
    """Take author and time: of the last change when its maker is named, else of the making.

    Parameters
    ----------
    fields
        The label's fields.
    who
        Keys of the maker and of the last editor.
    when
        Keys of the times of both.

    Notes
    -----
    The value that an export holds is the one that the last editor left. The maker stays in ``kept`` then.
    """
    if isinstance(fields.see(who[1]), str) and instant(fields.see(when[1])):
        return fields.text(who[1]), fields.time(when[1])
    return fields.text(who[0]), fields.time(when[0])


def bare(url: Any) -> Any:
    """Return an address without its query and fragment, where tools put tokens that open the data."""
    return re.split(r"[?#]", url, maxsplit=1)[0] if isinstance(url, str) and "://" in url else url


def listed(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the elements of a list with their places; what is there and not a list is one element that is refused."""
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield f"{place}[{index}]", one
    elif value is not None:
        yield place, None


def no_label(code: str, **facts: str) -> Callable[[], Item]:
    """Return a maker that refuses its label."""

    def make() -> Item:
        raise ItemError(code, **facts)

    return make


def unread(what: str) -> Callable[[], Item]:
    """Return a maker that refuses a label of a kind that is not read; ``what`` is the program's own word."""

    def make() -> Item:
        raise ItemError("IMP-022", what=what)

    return make


def told(makers: Iterable[Maker]) -> Iterator[Item | Refused]:
    """Make every label: each comes out once, as an item or as a refusal.

    What a label raises because it is not built as its format says is IMP-035; of two labels with one id the second is
    IMP-027. Per label one 64-bit digest of its id is remembered.
    """
    seen: set[int] = set()
    for place, make in _found(makers):
        try:
            item = _made(make)
            mark = int.from_bytes(hashlib.blake2b(item.label_id.encode(), digest_size=8).digest())
        except ItemError as error:
            yield refused(place, error)
            continue
        if mark in seen:
            yield Refused(place, "IMP-027", label_id=item.label_id)
            continue
        seen.add(mark)
        yield replace(item, place=place)


def _found(makers: Iterable[Maker]) -> Iterator[Maker]:
    """Yield the makers; a frame around them that is built otherwise than its format says refuses the whole file."""
    try:
        yield from makers
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise UsageError("IMP-003", reason="it is not built as its format says") from None


def _made(make: Callable[[], Item]) -> Item:
    try:
        return make()
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise ItemError("IMP-035") from None


@dataclass(frozen=True)
class Visit:
    """What a label was like when a stage of the tool ended: its content, None when it was not there."""

    stage: str | None
    by: str | None
    at: str | None
    content: Any
    review: bool
    outcome: str = "unknown"


def history(visits: list[Visit], content: Any) -> tuple[Visit | None, tuple[Review, ...]]:
    """Find the visit that left a label as it stands in the export, and the reviews that let it stand.

    Returns
    -------
    tuple
        The visit in which the present content came up for good, or None when the last visit left another content; and
        one review for each review visit behind it.
    """
    first = len(visits)
    while first and visits[first - 1].content == content:
        first -= 1
    if first == len(visits):
        return None, ()
    later = tuple(Review(one.by, one.at, one.outcome, one.stage) for one in visits[first + 1 :] if one.review)
    return visits[first], later
