"""What the object says of its own de-identification: (0012,0062), (0012,0063), (0012,0064), (0028,0303)."""

from __future__ import annotations

from functools import lru_cache

from curator import __version__
from curator.scrub.dicom.tree import Node
from curator.scrub.policy.model import Policy

#: CID 7050 De-identification Method (PS3.16).
MEANINGS = {
    "113100": "Basic Application Confidentiality Profile",
    "113106": "Retain Longitudinal Temporal Information Full Dates Option",
    "113107": "Retain Longitudinal Temporal Information Modified Dates Option",
    "113108": "Retain Patient Characteristics Option",
}
MARKERS = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280303})


@lru_cache(maxsize=8)
def marker_nodes(policy: Policy) -> tuple[Node, ...]:
    """Return the marker elements that a policy's output carries at the top of its data set."""
    method = f"curator {__version__}\\policy {policy.name}\\policy digest {policy.short_digest}"
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
                Node(0x00080104, "LO", MEANINGS[code].encode("ascii")),
            ]
            for code in policy.codes
        ]
        nodes.append(Node(0x00120064, "SQ", items=items))
    return tuple(nodes)
