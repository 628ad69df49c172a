"""One label as an annotation tool's export tells it, before its sample, its author and its texts are looked up.

Coordinates, for every reader alike. *Pixel space*: x to the right, y down, in pixels; (0, 0) is the outer corner of the
first pixel, so the first pixel covers 0 to 1 and its center is 0.5. A box is ``[x, y, width, height]`` of the covered
area. *Voxel space*: i along columns, j along rows, k along slices, by the same rule. *Patient space*: DICOM's LPS, in
millimetres (PS3.3 C.7.6.2.1.1). Frames and slices are counted from 1. Text offsets are Unicode code points from 0, the
end is the first code point behind. Numbers with a fraction are :class:`decimal.Decimal`, digit for digit where the file
gives digits; never float.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from curator.core.errors import ItemError

#: What a value may say, by kind; :mod:`curator.labels.values` checks it. ``class`` is the name that the file uses.
#:
#: ================ ==================================================================================================
#: kind             value
#: ================ ==================================================================================================
#: ``class``        ``{"class": text}``: one class of the whole sample (or of its ``part``), document class too
#: ``classes``      ``{"classes": [text, ...]}``: any number of classes that hold at once, sorted
#: ``grade``        ``{"scale": token, "grade": integer or decimal}``: an ordinal grade
#: ``sentiment``    ``{"sentiment": text}``
#: ``box``          ``{"class", "box": [x, y, width, height], "rotation"?: degrees clockwise around the center}``
#: ``polygon``      ``{"class", "rings": [[x, y, x, y, ...], ...]}``: outer rings and holes, by even-odd rule
#: ``polyline``     ``{"class", "line": [x, y, x, y, ...]}``
#: ``point``        ``{"class", "point": [x, y]}``
#: ``ellipse``      ``{"class", "center": [x, y], "radii": [rx, ry], "rotation"?}``
#: ``keypoints``    ``{"class", "points": [{"name", "x", "y", "visibility": 0 absent | 1 hidden | 2 visible}]}``
#: ``mask``         ``{"class", "size": [rows, columns], "runs": [n, n, ...]}``: run lengths by rows, zeros first
#: ``volume-mask``  ``{"class", "size": [columns, rows, slices], "voxels": n, "slices": {"k": runs of slice k}}``
#: ``box3d``        ``{"class", "space": "voxel" | "patient", "box": [x, y, z, dx, dy, dz], "plane"?, "rotation"?}``;
#:                  degrees from the first axis to the second, around the third one through the center
#: ``points3d``     ``{"class", "space", "points": [[x, y, z], ...], "closed"?: bool}``: contours, markups
#: ``track``        ``{"class", "track": token, "frames": [{"frame", "kind", "value", "interpolated": bool}]}``
#: ``span``         ``{"type", "start", "end"}``, ``{"type", "pieces": [[start, end], ...]}`` when parted; no text
#: ``relation``     ``{"type", "from": label id, "to": label id}``: ids of labels of the same export
#: ``transcript``   ``{"start"?: seconds, "end"?: seconds, "text"}``: corrected words
#: ``measurement``  ``{"what", "amount": decimal, "unit": UCUM, "points"?: [[x, y], ...]}``
#: ``code``         ``{"system": token, "code": token, "meaning"?: text}``
#: ================ ==================================================================================================
KINDS = (
    "class",
    "classes",
    "grade",
    "sentiment",
    "box",
    "polygon",
    "polyline",
    "point",
    "ellipse",
    "keypoints",
    "mask",
    "volume-mask",
    "box3d",
    "points3d",
    "track",
    "span",
    "relation",
    "transcript",
    "measurement",
    "code",
)
#: Whose opinion a label is: a person's, a model's, filled in between others, taken over from elsewhere, or not said.
ORIGINS = ("human", "model", "interpolated", "imported", "unknown")


@dataclass(frozen=True)
class Named:
    """How a file names a sample.

    Parameters
    ----------
    by
        ``file`` (name or path of the file that was labeled), ``uid`` (a DICOM UID: instance, series or study), ``text``
        (position of a text in the export, such as a line number), ``id`` (the tool's own id).
    name
        What stands there. May hold an identifier: it goes into no message.
    size
        (width, height) in pixels as the file states it, or None.
    sha256
        For a text that the export holds: SHA-256 (hex) over its UTF-8 bytes, as the offsets of spans count it.
    units_told
        False where nothing says whether the offsets of spans count code points or UTF-16 units.
    """

    by: str
    name: str
    size: tuple[int, int] | None = None
    sha256: str | None = None
    units_told: bool = True


@dataclass(frozen=True)
class Review:
    """A review that the file tells of: who, when (RFC 3339), ``accepted``, ``rejected`` or ``unknown``, and a stage."""

    by: str | None
    at: str | None
    outcome: str
    stage: str | None = None


@dataclass(frozen=True)
class Item:
    """One label of an export.

    Parameters
    ----------
    place
        Where it stands, by positions and the format's own words alone: ``annotations[3]``, ``row 17``.
    label_id
        Stable name of the label in this export, unique in it: letters, digits, ``. _ : -``, at most 100.
    sample
        How the file names its sample; for a text the file itself or a place in it.
    kind, value
        Of :data:`KINDS`.
    part
        ``{"frames": [..]}`` or ``{"slice": n}`` from 1; None for all of the sample.
    author, labeled_at
        Who and when, as the file says: an e-mail address or an id, and RFC 3339 with a zone (``Z`` when the format
        states UTC). None when the file does not say.
    stage
        Such as ``read``, ``review``, ``adjudication``: the tool's word, lower case.
    reviews
        In order.
    confidence, confidence_scale
        As the file gives it, and the scale as label records name it (``probability-0-1``); None for a mere default.
    origin
        Of :data:`ORIGINS`.
    tool
        Name and version of the tool, where the file or the format tells.
    seconds
        Time spent, if the file says.
    duration
        Seconds of the recording, for a label at times of one: a track then has ``seconds`` (of the recording) in place
        of ``frame``, a part is ``{"seconds": [first, last]}``, and :mod:`curator.labels.timeline` finds the frames.
    stated
        What the file says in the words of schemas/label-input.schema.json that has no place above: ``preLabel``,
        ``blinded``, ``independent``, ``informationShown``, ``truthBasis``, ``guideline``, ``supersedes``, ``reason``.
    kept
        Everything else that the file says of this label, under the file's own keys: it is kept with the import, not in
        the signed record.
    """

    place: str
    label_id: str
    sample: Named
    kind: str
    value: dict[str, Any]
    part: dict[str, Any] | None = None
    author: str | None = None
    labeled_at: str | None = None
    stage: str | None = None
    reviews: tuple[Review, ...] = ()
    confidence: Decimal | None = None
    confidence_scale: str | None = None
    origin: str = "unknown"
    tool: tuple[str, str] | None = None
    seconds: Decimal | None = None
    duration: Decimal | None = None
    stated: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """A label of the file that cannot come in: its place, a code of ``IMP.toml``, facts for its text (no values).

    ``label_id`` is told of one whose id another label of the file has (IMP-027): nobody knows which is right, so the
    import refuses them all.
    """

    place: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    label_id: str = field(default="", repr=False)


@dataclass(frozen=True)
class Lack:
    """Something that an export may not say: ``author``, ``labeled-at``, ``guideline``, ``confidence``, ``review``.

    Parameters
    ----------
    what
        Of the words above.
    switch
        What to set in the tool, or when exporting, so that the file would say it; empty when nothing would.
    partly
        True where the format has a place for it, which is read, and which exports may leave empty.
    """

    what: str
    switch: str
    partly: bool = False


def refused(place: str, error: ItemError) -> Refused:
    """Return a refusal for a label whose reading raised an error."""
    return Refused(place, error.code, dict(error.facts))
