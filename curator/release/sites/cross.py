"""What may not be shared between sites: samples, UIDs, and one guideline's name for two texts.

Holds 16 bytes for each digest and UID, so that a million samples fit into memory.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from curator.core.errors import GateError, UsageError
from curator.project.journal import Sample
from curator.release.sites.names import LONGEST, joint
from curator.release.sites.opened import OpenedSite
from curator.release.splits_patients import patient_of

_UID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")


@dataclass(frozen=True)
class Shared:
    """What two sites share and may: contents (pixels or text) that are equal though the files are not."""

    contents: int


def check_apart(sites: Sequence[OpenedSite]) -> Shared:
    """Refuse sites that share what none may share.

    Parameters
    ----------
    sites
        Each site's verified package.

    Returns
    -------
    Shared
        How many samples have the content of another site's sample, in another file; the audit judges these.

    Raises
    ------
    GateError
        SIT-006 for a sample in two packages, SIT-007 for a UID, SIT-008 for a guideline, SIT-017 for one ledger twice.
    UsageError
        SIT-014 for pseudonyms that get too long.
    """
    _ledgers(sites)
    _guidelines(sites)
    files: dict[bytes, str] = {}
    uids: dict[bytes, str] = {}
    contents: dict[bytes, str] = {}
    equal = 0
    for one in sites:
        twice: dict[tuple[str, str], int] = {}
        too_long = set()
        own: list[tuple[dict[bytes, str], bytes]] = []
        for sample in one.samples():
            name = patient_of(sample.path)
            if name is not None and len(joint(one.site, name)) > LONGEST:
                too_long.add(name)
            digest = bytes.fromhex(sample.sha256)[:16]
            if digest in files:
                twice["SIT-006", files[digest]] = twice.get(("SIT-006", files[digest]), 0) + 1
            own.append((files, digest))
            for uid in {_short(text) for text in _uids(sample)}:
                if uid in uids:
                    twice["SIT-007", uids[uid]] = twice.get(("SIT-007", uids[uid]), 0) + 1
                own.append((uids, uid))
            content = bytes.fromhex(sample.content)[:16]
            equal += content in contents
            own.append((contents, content))
        for (code, other), count in sorted(twice.items()):
            if code == "SIT-006":
                raise GateError("SIT-006", count=count, site=one.site, other=other)
            raise GateError("SIT-007", count=count, site=one.site, other=other)
        if too_long:
            raise UsageError("SIT-014", count=len(too_long))
        for table, digest in own:
            table[digest] = one.site
    return Shared(equal)


def _short(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:16]


def _uids(sample: Sample) -> Iterator[str]:
    """Yield the UIDs by which a sample is known: its own, and those of study and series in its path."""
    yield sample.uid
    yield from (part for part in sample.path.split("/")[2:-1] if _UID.fullmatch(part))


def _ledgers(sites: Sequence[OpenedSite]) -> None:
    seen: dict[str, str] = {}
    for one in sites:
        origin = one.manifest["ledger"]["origin"]
        if origin in seen:
            raise GateError("SIT-017", other=seen[origin])
        seen[origin] = one.site


def _guidelines(sites: Sequence[OpenedSite]) -> None:
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for one in sites:
        for known in one.manifest["guidelines"]:
            name = (known["id"], known["version"])
            digest, other = seen.setdefault(name, (known["sha256"], one.site))
            if digest != known["sha256"]:
                raise GateError("SIT-008", guideline="@".join(name), site=one.site, other=other)
