"""What a label is between the file that it came in and the record that it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DEFAULT_STAGE = "read"
#: Names of annotation tools as they call themselves; some look like a person's.
TOOL_NAMES = frozenset(
    {
        "3D Slicer",
        "Ango Hub",
        "CVAT",
        "Dataloop",
        "Encord",
        "Label Studio",
        "Labelbox",
        "MD.ai",
        "RedBrick AI",
        "Scale Nucleus",
        "SuperAnnotate",
        "Supervisely",
        "Toloka",
        "VGG Image Annotator",
        "V7 Darwin",
        "brat",
        "doccano",
        "labelme",
        "napari",
        "prodigy",
        "spaCy",
    }
)
#: Ids that this program gives: a digest in letters that make no word, so that no text can hide in one.
IMPORTED_ID = re.compile(r"(?:import|consensus|worklist)-[bcdfghjklmnpqrst]{24}")
#: What a label may state besides, in the words of both schemas; what it does not state is left out, never made up.
STATED = (
    "confidenceScale",
    "truthBasis",
    "informationShown",
    "blinded",
    "independent",
    "preLabel",
    "location",
    "origin",
    "consensus",
    "toolReviews",
)
#: Of these what a tool told later is no other label: one whose reviews came in a newer export is signed already.
_LATER = frozenset({"toolReviews"})


@dataclass(frozen=True)
class Label:
    """One label, checked by itself; its sample, people and guideline are not looked up yet.

    Parameters
    ----------
    line
        Line of the file it came from, from 1.
    label_id, kind, stage
        As given.
    sample
        ``sha256:`` and 64 hex digits, a path under clean/, or a new SOP Instance UID.
    value
        Canonical JSON values only; a number with a fraction is ``{"$decimal": digits}``.
    author
        Id of the person whose opinion it is.
    labeled_at, labeled_offset
        UTC, to the second, and the offset that was stated.
    confidence
        Decimal string within its scale, or None.
    guideline
        Id and version, or None when the label names none.
    tool
        Name and version, or None.
    supersedes, reason
        Id of the label it takes the place of, and why; or None.
    stated
        What it says of :data:`STATED`.
    """

    line: int
    label_id: str
    sample: str
    kind: str
    value: Any
    author: str
    labeled_at: str
    labeled_offset: str
    confidence: str | None
    guideline: tuple[str, str] | None
    tool: tuple[str, str] | None
    stage: str
    supersedes: str | None
    reason: str | None
    stated: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Return the predicate fields that come from the label alone."""
        made: dict[str, Any] = {
            "labelId": self.label_id,
            "kind": self.kind,
            "value": self.value,
            "author": self.author,
            "labeledAt": self.labeled_at,
            "labeledOffset": self.labeled_offset,
            "stage": self.stage,
            **self.stated,
        }
        if self.confidence is not None:
            made["confidence"] = self.confidence
        if self.tool is not None:
            made["tool"] = {"name": self.tool[0], "version": self.tool[1]}
        return made


def same_label(predicate: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Say whether a signed predicate states what a body to sign states, whoever signs and wherever it stands."""

    def core(fields: Mapping[str, Any]) -> dict[str, Any]:
        names = ("labelId", "kind", "value", "author", "labeledAt", "labeledOffset", "stage", "confidence", "tool")
        made = {name: fields.get(name) for name in (*names, "guideline", *STATED) if name not in _LATER}
        earlier = fields.get("supersedes")
        made["supersedes"] = None if earlier is None else (earlier["labelId"], earlier["reason"])
        return made

    return core(predicate) == core(body)
