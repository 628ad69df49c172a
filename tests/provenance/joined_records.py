"""Records of joined sites, as a sponsor's program drafts them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from curator.provenance.keys import SeedSigner, encode64
from curator.provenance.kinds_sites import site_joined
from curator.provenance.records import Draft

PAYLOAD = "b" * 64
CHANGES = {name: {"added": 1, "changed": 0, "removed": 2} for name in ("samples", "cases", "labels")}


def joined_site(
    *,
    site: str = "north",
    version: str = "1.0.0",
    size: int = 10,
    origin: str = "curator/north",
    split: str | None = "test",
    replaces: dict[str, str] | None = None,
    reason: str | None = None,
    audited: str = PAYLOAD,
    guard: Callable[[str], bool] = bool,
) -> Draft:
    """Draft the record of a site's package."""
    listed = {"sha256": "d" * 64, "count": 3}
    package: dict[str, Any] = {
        "dataset": "north-trial", "version": version, "tagManifest": hashlib.sha256(version.encode()).hexdigest(),
        "operatorKey": encode64(SeedSigner(b"n" * 32).public), "payload": PAYLOAD, "samples": listed, "labels": listed,
        "ledger": {"origin": origin, "size": size, "root": "c" * 64},
        "policy": {"name": "safe-harbor", "sha256": "e" * 64, "claim": "safe-harbor"},
    }  # fmt: skip
    audit = {"report": "a" * 64, "outcome": "PASS", "payload": audited, "record": "f" * 64}
    word = {
        "check": "privacy/known-identifiers", "outcome": "PASS", "signer": "ada", "printedName": "Dr Ada",
        "at": "2026-05-04T12:00:00Z", "source": f"report:{'a' * 64}",
    }  # fmt: skip
    changes = None if replaces is None else CHANGES
    return site_joined(site, package, audit, [word], split, replaces, changes, reason, guard)
