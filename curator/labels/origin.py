"""Whether a label is somebody's reading: the one question that agreement, consensus, audits and counts ask alike.

A model's label and one that was filled in between two others are nobody's reading, whoever signed the record. It must
never guess: a label that does not state its origin is taken as its author's, as the record's schema says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from curator.provenance import roles

#: Origins of labels that no person made (schemas/record-label.schema.json, ``origin``).
NOBODYS = frozenset({"model", "interpolated"})
#: Origins that a record may state (``unknown`` stands for none), as the model of items has them.
NOT_STATED = "unknown"


def counts_as_human(record: Mapping[str, Any]) -> bool:
    """Say whether a label counts as a person's reading.

    Parameters
    ----------
    record
        The predicate of a label's record, or a line of a label file: whatever holds ``origin``.

    Returns
    -------
    bool
        False for a model's label and an interpolated one; also for a track of which every frame was filled in.
    """
    if record.get("origin") in NOBODYS:
        return False
    value = record.get("value")
    frames = value.get("frames") if isinstance(value, Mapping) and record.get("kind") == "track" else None
    if not isinstance(frames, list) or not frames:
        return True
    return not all(isinstance(one, Mapping) and one.get("interpolated") is True for one in frames)


#: Stages at which nobody reads: what was read is settled.
_SETTLING = frozenset({"adjudication", "adjudicated", "consensus"})


def settles(record: Mapping[str, Any]) -> bool:
    """Say whether a label, by its own words, settles what others read: it is then nobody's own reading."""
    by_role = record.get("role") == "adjudicator" and record.get("meaning") != roles.ATTESTATION
    return record.get("stage") in _SETTLING or by_role or "consensus" in record


def human_frames(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the key frames of a track, without those that were filled in between."""
    return [one for one in frames if one.get("interpolated") is not True]
