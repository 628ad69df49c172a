"""Reading all tables and word lists before the first file, by cleaning a made-up object, so that workers share them.

It must never see a file of a source.
"""

from __future__ import annotations

import contextlib

from curator.core.errors import ItemError
from curator.scrub.dicom.encode import encode_nodes, file_meta
from curator.scrub.dicom.harvest import harvest
from curator.scrub.dicom.model import Subject
from curator.scrub.dicom.rewrite import VERSION_NAME, rewrite
from curator.scrub.dicom.tree import Node
from curator.scrub.policy.model import Policy

_CLASS, _SYNTAX, _UID = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1", "2.25.1"
#: A text with something for each detector to look at.
_TEXT = (
    "Chest pain since 3 Feb 2019, seen by Dr. Abcdef Ghijkl at Xyz Hospital, call 555-0100, age 93, room 4. Abcdef from"
    " cardiology wants a bed. He lives in St. Abcdef, TX. patientLastName: Abcdef. \u5317\u4eac\u533b\u9662"
).encode()
#: A code that is called what the standard calls it.
_CODE = [
    Node(0x00080100, "SH", b"51185008"),
    Node(0x00080102, "SH", b"SCT"),
    Node(0x00080104, "LO", b"Thorax"),
]
_NODES = (
    (0x00080005, "CS", b"ISO_IR 192"),
    (0x00080016, "UI", _CLASS.encode()),
    (0x00080018, "UI", _UID.encode()),
    (0x00080020, "DA", b"20190203"),
    (0x00080060, "CS", b"CT"),
    (0x00080070, "LO", b"Maker"),
    (0x00080080, "LO", b"Xyz Hospital"),
    (0x00081010, "SH", b"Qvx station"),
    (0x00081030, "LO", b"CT Chest w/o contrast"),
    (0x00100010, "PN", b"Abcdef^Ghijkl"),
    (0x00100020, "LO", b"A-1234567"),
    (0x00100030, "DA", b"19500203"),
    (0x00104000, "LT", _TEXT),
    (0x00180050, "DS", b"1.5"),
    (0x00181030, "LO", b"BLACK"),
    (0x0020000D, "UI", _UID.encode()),
    (0x0020000E, "UI", _UID.encode()),
    (0x00280010, "US", b"\x01\0"),
    (0x00280011, "US", b"\x01\0"),
)


def made_up() -> bytes:
    """Return an object of nobody: a header without pixels."""
    nodes = [Node(tag, vr, value) for tag, vr, value in _NODES]
    nodes.append(Node(0x00082218, "SQ", items=[_CODE]))
    data = b"".join(map(bytes, encode_nodes(nodes, explicit=True, little=True)))
    return file_meta(_CLASS, _UID, _SYNTAX, VERSION_NAME) + data


def warm(policy: Policy | None = None) -> None:
    """Read what the harvest needs, and with a policy what the rewriting needs too. An object held back is no fault."""
    with contextlib.suppress(ItemError):
        data = made_up()
        known = harvest(data).known
        if policy is not None:
            subject = Subject("P" + "A" * 16, False, 17, None, known, "20260101", _UID)
            rewrite(data, subject, policy, lambda _: _UID, accepted=True)
