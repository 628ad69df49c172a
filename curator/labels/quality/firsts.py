"""First readings: what a reader first said of a sample, in answer to one question.

Classes of one time that name their questions are answers to these, grades go by their scale, codes by their system.
Several answers to one question at one time are one answer together, and so are the finds that a reader drew at one
stage. Nothing of a first reading is dropped; later readings are no first ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from curator.labels.asked import asked_in, several_asked
from curator.labels.quality.collect import Signed

#: Kinds that are answers, of which the later ones are further readings; all others are finds.
_ANSWERS = frozenset({"class", "classes", "grade", "sentiment", "code"})


@dataclass(frozen=True)
class First:
    """A first reading.

    Parameters
    ----------
    label
        Its first label; reader, stage, guideline and time are those of this one.
    asked
        The question, empty where the kind says it all.
    values
        The classes or grades given, sorted.
    """

    label: Signed
    asked: str
    values: tuple[str, ...]

    @property
    def value(self) -> str:
        """All values as one answer."""
        return " + ".join(self.values)


def questions_of(labels: Iterable[Signed]) -> dict[str, str]:
    """Return the question that each label answers, by its id."""
    listed = list(labels)
    together: dict[tuple[str, ...], list[str]] = {}
    for one in listed:
        if one.kind == "class":
            together.setdefault((one.sample, one.author, one.stage, one.labeled), []).append(one.value)
    several, unsaid = several_asked(together)
    apart = several and not unsaid
    return {one.label: asked_in(one.value) if apart and one.kind == "class" else one.asked for one in listed}


def first_readings(labels: Iterable[Signed], asked: Mapping[str, str] | None = None) -> list[First]:
    """Return the first readings of people, each question of a sample by itself, in the order of their first labels.

    Parameters
    ----------
    labels
        Superseded ones too, for they were reads; what is no reading or has no class is passed over.
    asked
        From :func:`questions_of`, when more labels than these say what was asked.
    """
    listed = [one for one in labels if one.value and one.reading]
    asked = questions_of(listed) if asked is None else asked
    made: dict[tuple[str, ...], list[Signed]] = {}
    for one in listed:
        own = made.setdefault((one.sample, one.kind, asked[one.label], one.author), [])
        if not own or (_reading(one) == _reading(own[0]) and not one.over):
            own.append(one)
    return [First(own[0], key[2], tuple(sorted({one.value for one in own}))) for key, own in made.items()]


def _reading(one: Signed) -> tuple[str, str]:
    return one.stage, one.labeled if one.kind in _ANSWERS else ""
