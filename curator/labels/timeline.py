"""Labels that stand at times of a recording, on the frames of their sample.

A tool that plays a video counts seconds; a sample has frames. What brings one to the other is the number of frames a
second, as the sample states it or the user says. Where the recording's own length at that rate has another number of
frames than the sample, nothing fits and the label is refused. A frame lasts from behind the moment at which the one
before it ends up to its own end: the rule by which SuperAnnotate counts frames of its time lines.
"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

from curator.core.errors import ItemError
from curator.labels.fitting import Facts
from curator.labels.item import Item

#: Frames that a recording's length may be off: the last one is shown for a while, or not at all.
_OFF = 1
#: How near the end of a frame a time still is in it: less than a microsecond, in which tools count.
_NEAR = Decimal("0.0000005")
#: Frames that a label can name one by one (schemas/label-input.schema.json, location).
MOST_NAMED = 256
#: More frames are no recording that is labeled.
MOST_FRAMES = 1_000_000


def timed(item: Item) -> bool:
    """Say whether a label stands at times."""
    frames = item.value.get("frames") if item.kind == "track" else None
    return "seconds" in (item.part or {}) or (
        isinstance(frames, list) and any(isinstance(one, dict) and "seconds" in one for one in frames)
    )


def framed(item: Item, facts: Facts, rate: Decimal | None) -> Item:
    """Return a label on frames.

    Parameters
    ----------
    item
        A track whose frames have ``seconds`` in place of ``frame``, or a label whose part is ``{"seconds": [first,
        last]}``. Of two shapes on one frame the first stands.
    facts
        Of its sample.
    rate
        Frames a second, as the user says; None to take the sample's own.

    Raises
    ------
    ItemError
        IMP-022 for an event of more frames than a label can name; IMP-066 for a sample without frames; IMP-075 without
        a rate; IMP-076 when length, rate and frames do not fit, or a time lies beyond the last frame.
    """
    if not facts.frames:
        raise ItemError("IMP-066")
    rate = rate or facts.rate
    if rate is None:
        raise ItemError("IMP-075")
    long = item.duration
    if long is not None and abs(long * rate - facts.frames) > _OFF:
        raise ItemError("IMP-076")
    if item.kind != "track":
        first, last = (_frame(one, rate, facts) for one in (item.part or {})["seconds"])
        if last - first >= MOST_NAMED:
            raise ItemError("IMP-022", what="an event of more than 256 frames")
        return replace(item, part={"frames": list(range(first, last + 1))})
    made: dict[int, dict[str, Any]] = {}
    for one in item.value["frames"]:
        told = {name: inner for name, inner in one.items() if name != "seconds"}
        at = _frame(one["seconds"], rate, facts)
        made.setdefault(at, {"frame": at, **told})
    return replace(item, value={**item.value, "frames": [made[at] for at in sorted(made)]})


def _frame(seconds: Decimal, rate: Decimal, facts: Facts) -> int:
    """Return the frame at a time, from 1; the end of the recording is its last frame."""
    at = max(1, math.ceil((seconds - _NEAR) * rate))
    if seconds < 0 or at > min(facts.frames + _OFF, MOST_FRAMES):
        raise ItemError("IMP-076")
    return min(at, facts.frames)
