"""What a tool tells of a label's reviews, in the form in which the label's record says it.

A reviewer who is not enrolled, a time without a zone or one to come, and a word that may hold an identifier are left
out; the review stays. Nothing here is a review: nobody of those who are named signed it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime

from curator.core.errors import ItemError, UsageError
from curator.labels.checks import MAX_TEXT, Guard, moment
from curator.labels.item import Review
from curator.provenance.records import plain_text

#: What a review came to, and how many of one label a record holds.
OUTCOMES, MOST_REVIEWS = ("accepted", "rejected", "unknown"), 16
ZONED = re.compile(r".*([Zz]|[+-]\d\d:\d\d)")
_WORD = re.compile(r"[a-z][a-z0-9._-]{0,63}")


def reviews_of(
    found: Sequence[Review], person: Callable[[str], str], guard: Guard, now: datetime, zone: str | None
) -> list[dict[str, str]]:
    """Return the newest reviews of a label, as schemas/label-input.schema.json has them.

    Parameters
    ----------
    found
        In the tool's order.
    person
        From a name in the export to the id of an enrolled person; raises ItemError for anybody else.
    guard
        Refuses texts that may hold an identifier.
    now
        The present moment.
    zone
        Of times that name none, or None.
    """
    made = []
    for one in found[-MOST_REVIEWS:]:
        told = {"outcome": one.outcome if one.outcome in OUTCOMES else "unknown"}
        if one.by and one.by.strip():
            with contextlib.suppress(ItemError):
                told["reviewer"] = person(one.by)
        at = _time(one.at, now, zone)
        if at is not None:
            told["at"] = at
        with contextlib.suppress(ItemError):
            stage = word(one.stage)
            if stage and guard(stage):
                told["stage"] = stage
        made.append(told)
    return made


def _time(given: str | None, now: datetime, zone: str | None) -> str | None:
    text = (given or "").strip()
    if text and not ZONED.fullmatch(text):
        text += zone or ""
    try:
        moment(text, now)
    except UsageError:
        return None
    return text


def word(given: str | None) -> str:
    """Return a tool's word for a stage in the form of a record, empty for none (IMP-061 when it has no such form)."""
    made = re.sub(r"[^a-z0-9._-]+", "-", (given or "").lower()).strip("-._")
    if made and (not _WORD.fullmatch(made) or not plain_text(made, MAX_TEXT)):
        raise ItemError("IMP-061", what="stage")
    return made
