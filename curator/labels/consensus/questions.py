"""Which question a label answers, so that only answers to one question are put against each other.

A class answers 'which class' (of its exclusive group, when an ontology says so); a box, mask or span answers 'where is
there one of this class'; a measurement 'how much of it'. A kind that only asks for free text has no question here, nor
has a closed contour in space, which is an area that nobody filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.errors import CuratorError
from curator.labels.item import KINDS
from curator.labels.reading import Digits
from curator.labels.values import check_value, known_form

#: Families of answers: one of several classes, a set of classes, a grade, a number, boxes, masks, spans; shapes of
#: which a mean is taken, polygons, tracks, relations.
CLASS, SET, GRADE, NUMBER, BOX, MASK, SPAN = "class", "classes", "grade", "number", "box", "mask", "span"
SHAPE, AREA, TRACK, JOIN = "shape", "area", "track", "join"
DRAWN = frozenset({BOX, MASK, SPAN, SHAPE, AREA, TRACK, JOIN})
#: Kinds of finds by their family, and where a find's class stands.
_FINDS = {
    "box": BOX,
    "mask": MASK,
    "volume-mask": MASK,
    "span": SPAN,
    "ellipse": SHAPE,
    "point": SHAPE,
    "polyline": SHAPE,
    "keypoints": SHAPE,
    "box3d": SHAPE,
    "points3d": SHAPE,
    "polygon": AREA,
    "track": TRACK,
    "relation": JOIN,
}
#: Known kinds that no vote is defined for.
_NO_VOTE = frozenset(KINDS) - {"class", "classes", "grade", "sentiment", "code", "measurement", *_FINDS}
_LONGEST = 200


@dataclass(frozen=True, order=True)
class Question:
    """What was asked: the label's kind, its family, and what of it (a class, a scale, a group, a system; maybe empty).

    ``joint`` is for masks whose classes are taken together.
    """

    kind: str
    family: str
    about: str = ""
    joint: bool = False

    @property
    def drawn(self) -> bool:
        """True when an answer may be that there is nothing."""
        return self.family in DRAWN

    @property
    def text(self) -> str:
        """In one line, such as ``box nodule``."""
        return f"{self.kind} {self.about}".strip() + (" (all classes)" if self.joint else "")


def question_of(
    kind: str, value: Any, *, joint: bool = False, groups: Mapping[str, tuple[int, ...]] | None = None
) -> Question | None:
    """Return the question that a label answers; None for a kind without a vote, and for a value of another form.

    Parameters
    ----------
    kind, value
        Of the label; fractions as :class:`~curator.labels.reading.Digits`.
    joint
        Take the masks of all classes as one answer.
    groups
        Class to its exclusive groups; classes in none share one question, as all do without an ontology.
    """
    if kind in _NO_VOTE:
        return None
    if kind not in KINDS:
        return Question(kind, CLASS) if answer(kind, value) is not None else None
    if not known_form(kind, value):
        return None
    if kind == "points3d" and value.get("closed"):
        return None
    if kind == "class":
        found = (groups or {}).get(value["class"])
        about = "" if groups is None or found is None else "group " + "+".join(map(str, sorted(found)))
        return Question(kind, CLASS, about)
    if kind == "classes":
        return Question(kind, SET)
    if kind == "grade":
        return Question(kind, GRADE, value["scale"])
    if kind == "sentiment":
        return Question(kind, CLASS)
    if kind == "code":
        return Question(kind, CLASS, value["system"])
    if kind == "measurement":
        return Question(kind, NUMBER, f"{value['what']} {value['unit']}")
    family = _FINDS[kind]
    if family == MASK:
        return Question(kind, MASK, "" if joint else value["class"], joint)
    return Question(kind, family, value["type"] if kind in {"span", "relation"} else value["class"])


def answer(kind: str, value: Any) -> str | None:
    """Return an answer to a question with classes as a text that two equal answers share; None when it has none."""
    if kind == "class":
        return str(value["class"])
    if kind == "sentiment":
        return str(value["sentiment"])
    if kind == "code":
        return str(value["code"])
    if kind == "grade":
        return format(Decimal(value["grade"]).normalize(), "f")
    if isinstance(value, str) and value and not isinstance(value, Digits) and len(value) <= _LONGEST:
        return value
    try:
        text = canonical_bytes(_plain(value)).decode()
    except CuratorError:
        return None
    return text if len(text) <= _LONGEST else None


def _plain(value: Any) -> Any:
    if isinstance(value, Digits):
        return {"$decimal": format(Decimal(value).normalize(), "f")}
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def value_of(question: Question, text: str, example: Any) -> Any:
    """Return the value of a label that gives an answer of :func:`answer`.

    Parameters
    ----------
    example
        The value of one of the labels that gave it, which is returned as it is but for its meaning in words.
    """
    if question.kind in KINDS:
        # The words of a code's meaning are one reader's; the code says it.
        made = {name: inner for name, inner in example.items() if name != "meaning"}
        check_value(question.kind, made)
        return made
    return example if not isinstance(example, str) else text
