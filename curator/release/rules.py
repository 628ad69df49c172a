"""The policy of a package: its document by digest, and the claim that follows from it, computed again.

Never takes a claim from a name or from what a manifest says.
"""

from __future__ import annotations

import hashlib
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.scrub.policy.layer import recipe_of
from curator.scrub.policy.load import policy_document
from curator.scrub.policy.model import OPTIONS, Ages, Dates, Policy, Texts
from curator.scrub.policy.private_rows import rows_of


def policy_bytes(policy: Policy) -> bytes:
    """Return the document whose SHA-256 is the policy's digest: every decision, and the digests of the rule tables.

    Raises
    ------
    IntegrityError
        REL-010 when it does not have that digest.
    """
    data = policy_document(policy)
    if hashlib.sha256(data).hexdigest() != policy.digest:
        raise IntegrityError("REL-010")
    return data


def read_policy(data: bytes) -> Policy:
    """Read a policy's document.

    Raises
    ------
    IntegrityError
        REL-010 when it is none.
    """
    try:
        raw: dict[str, Any] = strict_loads(data)["policy"]
        if not set(raw.get("options", ())) <= OPTIONS.keys():
            raise IntegrityError("REL-010")
        return Policy(
            name=raw["name"],
            title=raw["title"],
            dates=Dates(raw["dates"]),
            ages=Ages(raw["ages"]),
            patient_characteristics=raw["patient_characteristics"] is True,
            attributes=tuple((int(tag, 16), str(action)) for tag, action in raw["attributes"]),
            texts=Texts(raw["texts"]),
            facilities=raw["facilities"] is True,
            columns=tuple((str(name), str(role)) for name, role in raw["columns"]),
            options=tuple(str(option) for option in raw.get("options", ())),
            private=rows_of(raw.get("private", ())),
            recipe=recipe_of(raw["recipe"]) if raw.get("recipe") is not None else None,
            digest=hashlib.sha256(data).hexdigest(),
        )
    except (UsageError, ValueError, KeyError, TypeError):
        raise IntegrityError("REL-010") from None


def claim_of(policy: Policy) -> dict[str, Any]:
    """Return what the manifest says of a policy."""
    return {
        "name": policy.name,
        "sha256": policy.digest,
        "claim": policy.claim.value,
        "reasons": list(policy.reasons),
        "needsDocument": policy.needs_document,
        "methodCodes": list(policy.codes),
    }
