"""Field expressions of a recipe, resolved to the public attributes of PS3.6 and Table E.1-1 that they name.

Private attributes are not reached: they are decided as a whole by the policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

#: A colon inside quotes belongs to a private creator.
_EXPANDER = re.compile(r'([^:"]*(?:"[^"]*"[^:"]*)*):(.*)')
_TAG = re.compile(r"\(?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})\)?")
_SEARCHES = {"contains": "{}", "startswith": "^({})", "endswith": "({})$"}
#: How a private attribute is spelled: an odd group, or a creator in quotes.
_PRIVATE = re.compile(r"\(?[0-9A-Fa-f]{3}[13579BDFbdf],")


@dataclass(frozen=True)
class Selected:
    """What an expression names.

    Parameters
    ----------
    tags
        Sorted.
    exact
        True when it names one attribute by keyword, name or tag; False when it is an expander.
    """

    tags: tuple[int, ...]
    exact: bool


class FieldError(ValueError):
    """An expression that names nothing; its text is a reason in the program's own words."""


@dataclass(frozen=True)
class _Attribute:
    tag: int
    keyword: str
    name: str
    vr: str

    def holds(self, expression: re.Pattern[str]) -> bool:
        shown = f"({self.tag >> 16:04X},{self.tag & 0xFFFF:04X})"
        return any(map(expression.search, (self.keyword, shown, f"{self.tag:08x}", self.name)))


@cache
def _attributes() -> tuple[_Attribute, ...]:
    from pydicom import datadict

    from curator.scrub.dicom.rules import table

    listed = {
        tag: _Attribute(tag, entry[4], entry[2], entry[0])
        for tag, entry in datadict.__dict__["DicomDictionary"].items()
        if entry[4]
    }
    for row in table():
        if "x" not in row.tag.lower() and row.tag != "ODD":
            tag = int(row.tag, 16)
            listed.setdefault(tag, _Attribute(tag, row.keyword, row.keyword, ""))
    return tuple(listed[tag] for tag in sorted(listed))


@cache
def _by_name() -> dict[str, int]:
    found = {one.name.lower(): one.tag for one in _attributes()}
    found.update((one.keyword.lower(), one.tag) for one in _attributes())
    return found


def exact_tag(field: str) -> int | None:
    """Return the tag that a keyword, a name or a tag (also with ``0x``) names; None when it names none of PS3.6."""
    plain = field.strip().strip("\"'")
    tag = _by_name().get(plain.lower())
    if tag is None:
        spelled = _TAG.fullmatch(plain.removeprefix("0x"))
        tag = int(spelled[1] + spelled[2], 16) if spelled else None
        known = {one.tag for one in _attributes()} if tag is not None else set()
        tag = tag if tag in known else None
    return tag


def select(field: str, groups: dict[str, list[dict[str, str]]]) -> Selected:
    """Return the attributes that a field expression names.

    Parameters
    ----------
    field
        A keyword, a name, a tag, ``ALL``, ``contains:``, ``startswith:``, ``endswith:``, ``except:``, ``allexcept:``,
        ``select:VR:``, ``select:GROUP:`` or ``fields:`` with what they need.
    groups
        The recipe's ``%fields`` by name.

    Raises
    ------
    FieldError
        When it names nothing, or cannot be read.
    """
    if _PRIVATE.match(field) or ('"' in field and "," in field):
        raise FieldError("it names a private attribute, which the policy decides")
    if field.lower() == "all":
        return Selected(tuple(one.tag for one in _attributes()), exact=False)
    found = _EXPANDER.fullmatch(field)
    if found is None:
        tag = exact_tag(field)
        if tag is None:
            raise FieldError("PS3.6 has no attribute of this name or tag")
        return Selected((tag,), exact=True)
    expander, expression = found[1].lower(), found[2]
    if expander == "fields":
        return _group(expression, groups)
    test = _test(expander, expression)
    tags = tuple(one.tag for one in _attributes() if test(one))
    if not tags:
        raise FieldError("its expression names no attribute of PS3.6")
    return Selected(tags, exact=False)


def _group(name: str, groups: dict[str, list[dict[str, str]]]) -> Selected:
    if not groups.get(name):
        raise FieldError("the recipe has no %fields section of this name")
    tags: set[int] = set()
    for line in groups[name]:
        if line["field"].lower().startswith("fields:"):
            raise FieldError("a %fields section names another one")
        tags.update(select(line["field"], {}).tags)
    return Selected(tuple(sorted(tags)), exact=False)


def _test(expander: str, expression: str) -> Callable[[_Attribute], bool]:
    if expander == "select":
        kind, _, wanted = expression.partition(":")
        if kind.lower() == "vr" and re.fullmatch("[A-Za-z]{2}", wanted.strip()):
            vr = wanted.strip().upper()
            return lambda one: vr in one.vr.split(" or ")
        if kind.lower() == "group" and re.fullmatch("(0x)?[0-9A-Fa-f]{1,4}", wanted.strip()):
            group = int(wanted, 16)
            return lambda one: one.tag >> 16 == group
        raise FieldError("select: takes VR: or GROUP:")
    if expander not in {*_SEARCHES, "except", "allexcept"}:
        raise FieldError("its expander is not known")
    try:
        pattern = re.compile(_SEARCHES.get(expander, "{}").format(expression.lower()), re.IGNORECASE)
    except (re.error, IndexError, KeyError, ValueError):
        raise FieldError("its expression cannot be read") from None
    if not expression.strip():
        raise FieldError("its expression is empty")
    if expander in _SEARCHES:
        return lambda one: one.holds(pattern)
    return lambda one: not one.holds(pattern)
