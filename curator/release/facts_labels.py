"""Labels and events of a package's ledger, as its documents count them."""

from __future__ import annotations

from sys import intern
from typing import Any, NamedTuple

from curator.provenance.state import State
from curator.provenance.status import ENDED, REJECTED, word
from curator.release.opinions import is_opinion, settles

#: Values of these kinds are compared as a whole when readers are counted as agreeing.
CLASSES = ("class", "classes", "grade", "text", "sentiment")
#: Kinds that say where something is: their class alone is no answer to compare.
FINDS = frozenset(
    ("box", "polygon", "polyline", "point", "ellipse", "keypoints", "mask", "volume-mask", "box3d", "points3d")
    + ("track", "span", "relation")
)
LONGEST_CLASS = 60
NOT_STATED = "not stated"


class Event(NamedTuple):
    """A released record that is no label: its kind, index in the ledger, leaf hash, subject and predicate."""

    kind: str
    place: int
    leaf: str
    subject: list[dict[str, Any]]
    said: dict[str, Any]


class Label(NamedTuple):
    """A released label, without its value: what it says that is counted, and the marks of what became of it."""

    place: int
    leaf: str
    label: str
    sample: str
    kind: str
    named: str
    author: str
    signer: str
    role: str
    meaning: str
    stage: str
    guideline: str
    labeled: str
    signed: str
    truth: str
    shown: tuple[str, ...] | None
    blinded: bool | None
    independent: bool | None
    origin: str
    supersedes: str
    reason: str
    marks: int

    @property
    def stands(self) -> bool:
        """True unless something took its place, or it was rejected."""
        return not self.marks & (ENDED | REJECTED)

    @property
    def status(self) -> str:
        """What became of it, in a word."""
        return word(self.marks)

    @property
    def reading(self) -> bool:
        """True for a person's own reading that stands: no model's, none filled in between others."""
        return self.stands and self.origin not in {"model", "interpolated"}

    @property
    def opinion(self) -> bool:
        """True for what a reader said, also where an adjudication decided otherwise."""
        return is_opinion(self.marks, self.origin) and not settles(self.stage, self.role, self.meaning)

    @property
    def patient(self) -> str:
        """Pseudonym of its sample's patient."""
        return self.sample.split("/")[1]


def label_of(leaf: str, document: dict[str, Any], state: State) -> Label:
    """Return a label as its record says it, with what later records made of it."""
    said = document["predicate"]
    known = state.labels.get(said["labelId"])
    shown, stated = said.get("informationShown"), said.get("supersedes", {})
    return Label(
        place=said["sequence"],
        leaf=leaf,
        label=said["labelId"],
        sample=intern(document["subject"][0]["name"]),
        kind=intern(said["kind"]),
        named=intern(class_of(said["value"])),
        author=intern(said["author"]),
        signer=intern(said["signer"]),
        role=intern(said["role"]),
        meaning=intern(said["meaning"]),
        stage=intern(said["stage"]),
        guideline=intern(f"{said['guideline']['id']} {said['guideline']['version']}"),
        labeled=said["labeledAt"],
        signed=intern(said["signedAt"]),
        truth=intern(said.get("truthBasis", NOT_STATED)),
        shown=None if shown is None else tuple(map(intern, shown)),
        blinded=said.get("blinded"),
        independent=said.get("independent"),
        origin=intern(said.get("origin", NOT_STATED)),
        supersedes=stated.get("labelId", ""),
        reason=stated.get("reason", ""),
        marks=0 if known is None else known.status,
    )


def class_of(value: Any) -> str:
    """Return the class that a label's value names, short enough for a table; empty when it names none."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_CLASS else ""
    if isinstance(value, dict):
        for name in CLASSES:
            told = value.get(name)
            if isinstance(told, list):
                told = ", ".join(sorted(str(one) for one in told))
            if isinstance(told, str | int) and len(str(told)) <= LONGEST_CLASS:
                return str(told)
    return ""
