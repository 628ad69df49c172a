"""What both readers of the VGG Image Annotator share: names of files, and which attribute of a region is its class.

VIA has attributes that a project makes up, and no class. An attribute that is the only one of its file is the class;
else one that is called so; else the only one that the region has, with its name before it, as ``finding: nodule``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from curator.core.errors import ItemError
from curator.labels.item import Lack, Named

OWN = "VIA has no place for it"
LACKS = (
    Lack("author", f"{OWN}; name the person on import, and import person by person"),
    Lack("labeled-at", OWN),
    Lack("guideline", ""),
    Lack("confidence", OWN),
    Lack("review", OWN),
)
TOOL = ("VGG Image Annotator", "unknown")
#: What an attribute that is the class may be called, the surest first.
CLASSES = ("class", "class_name", "label", "label_name", "category", "name", "type")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/]*/+")
_UP = re.compile(r"^(?:[A-Za-z]:)?(?:\.{0,2}/)+")
Answer = str | list[str]


def sample_of(name: Any) -> Named:
    """Return the image of a name, which may be a path or an address (IMP-023)."""
    if not isinstance(name, str) or not name.strip():
        raise ItemError("IMP-023", what="the name of its file")
    if _ADDRESS.match(name):
        name = _ADDRESS.sub("", re.split(r"[?#]", name, maxsplit=1)[0], count=1)
    return Named("file", _UP.sub("", name.replace("\\", "/")))


def answers(attributes: Any) -> dict[str, Answer]:
    """Return what was given to each attribute, those left empty out: a text, or the options that are ticked (IMP-035).

    A text is typed or picked; ticked options stand as ``{"option": true}``.
    """
    if not isinstance(attributes, dict):
        raise ItemError("IMP-035")
    made: dict[str, Answer] = {}
    for name, value in attributes.items():
        if isinstance(value, dict):
            ticked = sorted(option for option, is_set in value.items() if is_set is True or is_set == "true")
            if ticked:
                made[name] = ticked
        elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            if str(value).strip():
                made[name] = str(value)
        elif value is not None:
            raise ItemError("IMP-035")
    return made


def asked(rows: Iterable[Any]) -> frozenset[str]:
    """Return the names of all attributes of a file that something was given to."""
    found: set[str] = set()
    for row in rows:
        try:
            found.update(answers(row))
        except ItemError:
            continue
    return frozenset(found)


def class_of(given: Mapping[str, Answer], names: frozenset[str]) -> tuple[str, str]:
    """Return the attribute that is a region's class, and the class (IMP-023 when nothing tells which it is)."""
    attribute = _chosen(given, names)
    answer = given.get(attribute) if attribute is not None else None
    if isinstance(answer, list):
        answer = answer[0] if len(answer) == 1 else None
    if attribute is None or answer is None:
        raise ItemError("IMP-023", what="one attribute that is its class")
    return attribute, answer if len(names) == 1 or attribute.lower() in CLASSES else f"{attribute}: {answer}"


def _chosen(given: Mapping[str, Answer], names: frozenset[str]) -> str | None:
    if len(names) == 1:
        return next(iter(names))
    for word in CLASSES:
        called = [name for name in names if name.lower() == word]
        if called:
            return called[0] if len(called) == 1 else None
    return next(iter(given)) if len(given) == 1 else None


def whole_image(attribute: str, answer: Answer, several: bool) -> tuple[str, dict[str, Any]]:
    """Return what is said of a whole image by one attribute, with its name before it where there are several."""
    before = f"{attribute}: " if several else ""
    if isinstance(answer, list):
        return "classes", {"classes": [before + one for one in answer]}
    return "class", {"class": before + answer}
