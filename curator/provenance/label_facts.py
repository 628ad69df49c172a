"""The rules that a label's own fields keep, which no schema can say: digests, scales, places, what was proposed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import pairwise
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.errors import UsageError
from curator.provenance import status
from curator.provenance.known import short_hash
from curator.provenance.state import State

_SCALE = re.compile(r"([a-z]{1,32})-(\d{1,4})-(\d{1,4})")
_WHOLE = "likert"


def digest_of(value: Any) -> str:
    """Return the SHA-256 (hex) of a value's canonical JSON."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def scale_of(scale: str | None) -> tuple[int, int, bool]:
    """Return the least and the greatest value of a scale, and whether its values are whole.

    Parameters
    ----------
    scale
        Such as ``probability-0-1``; None stands for 0 to 1, as records of the first edition have it.

    Raises
    ------
    UsageError
        LBL-039 when the name is none, or the scale has no extent.
    """
    if scale is None:
        return 0, 1, False
    found = _SCALE.fullmatch(scale)
    if found is None or int(found[2]) >= int(found[3]):
        raise UsageError("LBL-039")
    return int(found[2]), int(found[3]), found[1] == _WHOLE


@lru_cache(maxsize=4096)
def check_confidence(confidence: str, scale: str | None) -> None:
    """Check that a confidence lies within its scale (LBL-007, LBL-039)."""
    least, most, whole = scale_of(scale)
    try:
        number = Decimal(confidence)
    except InvalidOperation:
        raise UsageError("LBL-007") from None
    if not number.is_finite() or not least <= number <= most or (whole and number != number.to_integral_value()):
        raise UsageError("LBL-007")


def check_facts(state: State, predicate: Mapping[str, Any], digest: str | None = None) -> None:
    """Check a label's own fields.

    Parameters
    ----------
    state
        For what qualifies the signer.
    predicate
        The label's predicate, which follows its schema.
    digest
        SHA-256 (hex) of the value, if it is known.

    Raises
    ------
    UsageError
        LBL-007, LBL-035 to LBL-040, LBL-046.
    """
    made, stated = digest or digest_of(predicate["value"]), predicate.get("digestOfValue")
    if stated is not None and stated != made:
        raise UsageError("LBL-035")
    if "confidence" in predicate:
        check_confidence(predicate["confidence"], predicate.get("confidenceScale"))
    elif "confidenceScale" in predicate:
        raise UsageError("LBL-030")
    if "location" in predicate:
        _location(predicate["location"])
    proposed = predicate.get("preLabel")
    if proposed is not None and not proposed["shown"] and len(proposed.keys() & {"changed", "origin"}):
        raise UsageError("LBL-037")
    shown = predicate.get("informationShown")
    if shown is not None and len(set(shown)) != len(shown):
        raise UsageError("LBL-040")
    for one in predicate.get("toolReviews", ()):
        if "reviewer" in one and one["reviewer"] not in state.people:
            raise UsageError("LBL-046", why="it names nobody who is enrolled")
        if one.get("at", "") > predicate["signedAt"]:
            raise UsageError("LBL-046", why="it was made after the label was signed")
    if "qualification" in predicate and predicate["qualification"] not in state.qualifies.get(predicate["signer"], ()):
        raise UsageError("LBL-038")


def check_consensus(state: State, predicate: Mapping[str, Any], uid: str) -> None:
    """Check the labels that a consensus names: signed, standing, not rejected, of its own sample, each once.

    Parameters
    ----------
    state
        What the records so far add up to. In a partial state a label that was left out is passed over.
    predicate
        The label's predicate, which follows its schema.
    uid
        New SOP Instance UID of its sample.

    Raises
    ------
    UsageError
        LBL-044 when its truth rests on something else, LBL-045 for a label that it may not name.
    """
    stated = predicate.get("consensus")
    if stated is None:
        return
    if predicate.get("truthBasis") != "consensus" or predicate.get("origin") == "human":
        raise UsageError("LBL-044")
    names = [one["labelId"] for one in stated["members"]]
    if len(set(names)) != len(names):
        raise UsageError("LBL-045")
    for one in stated["members"]:
        known = state.labels.get(one["labelId"])
        if known is None and state.partial:
            continue
        fits = known is not None and known.leaf.hex() == one["leaf"][:32] and known.sample == short_hash(uid, 8)
        if known is None or not fits or known.status & (status.ENDED | status.REJECTED):
            raise UsageError("LBL-045")


def _location(location: Mapping[str, Any]) -> None:
    frames = location.get("frames")
    if (frames is None) == ("slice" not in location):
        raise UsageError("LBL-036")
    if frames is not None and any(one >= two for one, two in pairwise(frames)):
        raise UsageError("LBL-036")
