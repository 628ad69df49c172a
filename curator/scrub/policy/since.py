"""What became of a policy since data were scrubbed by it: its digest covers its decisions and the rule tables.

An update of the program may move the digest although nobody touched the policy. Whoever refuses to mix two digests asks
here which of the two it was, and says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import Enum
from typing import Any

from curator import __version__
from curator.core.canonical import canonical_bytes
from curator.scrub.policy.model import Policy


class Since(Enum):
    """What is different now."""

    NOTHING = "nothing"
    #: The policy decides as it did; the program's own rule tables are others.
    RULES = "rules"
    POLICY = "policy"


def decisions_digest(policy: Policy) -> str:
    """Return the SHA-256 (hex) of a policy's own decisions, by whatever tables the program applies them."""
    return hashlib.sha256(canonical_bytes({"policy": policy.decisions()})).hexdigest()


def stated(policy: Policy) -> dict[str, str]:
    """Return what is noted of a policy when something is scrubbed by it."""
    return {
        "name": policy.name,
        "digest": policy.digest,
        "decisions": decisions_digest(policy),
        "program": __version__,
    }


def since(then: Mapping[str, Any] | None, now: Policy) -> Since:
    """Say what is different between a policy as it was noted and a policy.

    Parameters
    ----------
    then
        As :func:`stated` gives it; earlier versions noted no ``decisions``: what they differ in cannot be told, and
        counts as another policy.
    now
        The policy.
    """
    if then is None or then.get("digest") != now.digest:
        same = then is not None and then.get("decisions") == decisions_digest(now)
        return Since.RULES if same else Since.POLICY
    return Since.NOTHING
