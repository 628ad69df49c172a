"""What the object says of its own de-identification: (0012,0062), (0012,0063), (0012,0064), (0028,0303)."""

from __future__ import annotations

from functools import lru_cache

from curator import __version__
from curator.formats.dicom.methods import METHODS
from curator.scrub.dicom.tree import Node
from curator.scrub.policy.model import Claim, Policy

MARKERS = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280303})


@lru_cache(maxsize=8)
def marker_nodes(policy: Policy) -> tuple[Node, ...]:
    """Return the marker elements that a policy's output carries at the top of its data set.

    (0012,0063) names program, policy and digest, and says so where the decisions go beyond Safe Harbor.
    """
    method = f"curator {__version__}\\policy {policy.name}\\policy digest {policy.short_digest}"
    if policy.claim is not Claim.SAFE_HARBOR:
        method += f"\\{policy.verdict}"
    nodes = [
        Node(0x00120062, "CS", b"YES"),
        Node(0x00120063, "LO", method.encode("ascii")),
        Node(0x00280303, "CS", policy.temporal.encode("ascii")),
    ]
    if policy.codes:
        items = [
            [
                Node(0x00080100, "SH", code.encode("ascii")),
                Node(0x00080102, "SH", b"DCM"),
                Node(0x00080104, "LO", METHODS[code].encode("ascii")),
            ]
            for code in policy.codes
        ]
        nodes.append(Node(0x00120064, "SQ", items=items))
    return tuple(nodes)
