"""What reports, segmentations, plans and presentation states refer to is here.

Classes whose objects mean nothing without others (PS3.3 A.33, A.35, A.51, A.18 and their kin) are looked at; an image
may well name a source that was never delivered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from curator.audit.answers import Few, could_not, judged, not_applicable
from curator.audit.model import Answer, File, Finding, Severity, Subject
from curator.core.spill import Rows
from curator.formats.dicom.ranged import file_range
from curator.formats.dicom.structure import Node
from curator.formats.dicom.walk import parse

#: Beginnings of the SOP Class UIDs: structured reports and key objects, presentation states, segmentations, RT.
CLASSES = (
    "1.2.840.10008.5.1.4.1.1.88.",
    "1.2.840.10008.5.1.4.1.1.11.",
    "1.2.840.10008.5.1.4.1.1.66.",
    "1.2.840.10008.5.1.4.1.1.481.",
)
_SOP_CLASS, _SOP_INSTANCE, _REFERENCED = 0x00080016, 0x00080018, 0x00081155
#: Sequences whose items name studies, procedure steps, visits or patients, not instances (PS3.3 tables 10-11, C.7).
_OTHER = frozenset({0x00081110, 0x00081111, 0x00081120, 0x00081125, 0x0040A370, 0x30060012})


class References:
    """The probe: an object's own UID, and the instances that it refers to."""

    name = "references"
    version = 1

    def wants(self, file: File) -> bool:
        """Say whether this is a DICOM file below clean/ or in a folder of its own."""
        return file.kind == "dicom"

    def parameters(self) -> Mapping[str, Any]:
        """Return nothing: it depends on the bytes alone."""
        return {}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Walk the whole file."""
        _, nodes = parse(file_range(stream.fileno(), file.size))
        sop_class = next((_text(node) for node in nodes if node.tag == _SOP_CLASS), "")
        own = next((_text(node) for node in nodes if node.tag == _SOP_INSTANCE), "")
        refers = sorted(set(_referred(nodes, 0))) if sop_class.startswith(CLASSES) else None
        return {"uid": own, "refers": refers}


def _referred(nodes: list[Node], sequence: int) -> Iterator[str]:
    for node in nodes:
        if node.tag == _REFERENCED and sequence not in _OTHER:
            yield _text(node)
        for item in node.items or ():
            yield from _referred(item, node.tag)


def _short(uid: str) -> bytes:
    """Return what stands for a UID: of a million objects each is held."""
    return hashlib.sha256(uid.encode("utf-8", "surrogatepass")).digest()[:16]


def _text(node: Node) -> str:
    return bytes(node.value).decode("ascii", "replace").strip("\0 ")


class ReferencesResolve:
    """Holds what objects refer to against all instances that are here."""

    id = "integrity/references"
    title = "What reports, segmentations, plans and presentation states refer to is here"
    severity = Severity.MAJOR
    clause = "PS3.3 C.17.2.1, C.8.20.2"
    needs = ()

    def run(self, subject: Subject) -> Answer:
        """Compare."""
        there: set[bytes] = set()
        asked: Rows[tuple[str, list[str]]] = Rows()
        unread = 0
        for one in subject.looked(References()):
            if one.found is None:
                unread += 1
                continue
            there.add(_short(one.found["uid"]))
            if one.found["refers"] is not None:
                asked.append((one.file.path, one.found["refers"]))
        figures = {"objects": len(asked), "references": 0, "missing": 0, "unread": unread}
        findings = Few()
        for path, wanted in asked:
            count = sum(_short(uid) not in there for uid in wanted)
            figures["references"] += len(wanted)
            figures["missing"] += count
            if count:
                findings.append(Finding(path, "refers to instances that are not here", count))
        if unread:
            return could_not(f"{unread:,} DICOM files could not be read whole", figures)
        if not len(asked):
            return not_applicable("no object refers to others by its nature")
        return judged(
            findings,
            f"{figures['references']:,} references of {len(asked):,} objects resolve",
            "{total} objects refer to instances that are not here",
            figures,
        )


check = ReferencesResolve()
