"""What is done with an attribute: one pure function, asked for every element at every depth.

It knows tags, value representations and the policy, and never sees a value. Where the table leaves a choice that hangs
on the attribute's type in its module, the choice that is valid for every type is taken (docs/adr/0020).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from curator.scrub.dicom.rules import Row, row_of, supplement, supplement_action
from curator.scrub.policy.model import Dates, Policy

DATE_VRS = frozenset({"DA", "TM", "DT", "AS"})
TEXT_VRS = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
NUMBER_VRS = frozenset({"DS", "IS"})
STRING_VRS = DATE_VRS | TEXT_VRS | NUMBER_VRS | {"UI"}
BULK_VRS = frozenset({"OB", "OW", "OF", "OD", "OL", "OV", "UN"})
BINARY_VRS = frozenset({"AT", "FD", "FL", "SL", "SS", "SV", "UL", "US", "UV"})
#: Where the file's VR contradicts that of PS3.6, these win: they have rules of their own.
_STRICT = DATE_VRS | {"PN", "UI", "ST", "LT", "UT", "UC", "UR", "AE"}

BIRTH_DATE = 0x00100030
_PERSON = {0x00100010, 0x00100020}
_TIMEZONE = 0x00080201
_DOCUMENT = 0x00420011


class Act(StrEnum):
    """What is done with an element."""

    KEEP = "keep"  # the value stays if it fits its VR and equals no known identifier
    REMOVE = "remove"
    EMPTY = "empty"
    DUMMY = "dummy"
    UID = "uid"  # mapped, unless registered
    DATE = "date"  # by the policy's date rules
    WALK = "walk"  # a sequence: each item's elements are decided for themselves
    PERSON = "person"  # the pseudonym
    PIXELS = "pixels"  # kept bit by bit
    ICC = "icc"  # kept if it is a clean profile


@dataclass(frozen=True)
class Context:
    """Where an element stands.

    Parameters
    ----------
    nested
        Inside an item of a sequence.
    document
        The object is an encapsulated document that a signed record has cleared.
    """

    nested: bool = False
    document: bool = False


@dataclass(frozen=True)
class Action:
    """A decision.

    Parameters
    ----------
    act
        What is done.
    vr
        The value representation to read and write the element by; empty when it is removed unread.
    fallback
        What is done when a value cannot be handled as ``act`` says (an unreadable date, a value that does not fit).
    rule
        Why: ``table``, ``supplement``, ``vr``, ``policy``, ``private``, ``structure`` or ``unknown``.
    """

    act: Act
    vr: str
    fallback: Act
    rule: str


_GONE = {rule: Action(Act.REMOVE, "", Act.REMOVE, rule) for rule in ("private", "structure", "unknown")}


def decide(tag: int, vr: str | None, context: Context, policy: Policy) -> Action:
    """Decide about one attribute.

    Parameters
    ----------
    tag
        Group and element as one number.
    vr
        As the file says it; None where the encoding does not.
    context
        Where it stands.
    policy
        The policy in force.

    Returns
    -------
    Action
        The same for the same arguments, always. Source: PS3.15 E.1.1 and Table E.1-1, then the supplement, then the VR.
    """
    if (tag >> 16) & 1:
        return _GONE["private"]
    if not tag & 0xFFFF:
        return _GONE["structure"]
    found, clash = effective_vr(tag, vr)
    override = dict(policy.attributes).get(tag)
    if override == "keep" and found and not clash:
        return _kept(tag, found, context, policy, "policy")
    if override is not None:
        return _interpret({"remove": "X", "empty": "Z", "dummy": "D"}.get(override, "X"), found, "policy")
    if tag in _PERSON and not context.nested:
        return Action(Act.PERSON, "PN" if tag == 0x00100010 else "LO", Act.DUMMY, "table")
    row = row_of(tag)
    if row is not None:
        return _by_row(row, tag, found, clash, context, policy)
    extra = supplement_action(tag)
    if extra is not None and extra != "K":
        return _interpret(extra, found, "supplement")
    if not found or clash:
        return _GONE["unknown"]
    if extra is None:
        general = supplement().by_vr.get(found)
        if general is None and found in {"LO", "SH"} and _retired(tag):
            general = "X"
        if general is not None:
            return _interpret(general, found, "vr")
    return _kept(tag, found, context, policy, "supplement" if extra else "vr")


def _by_row(row: Row, tag: int, vr: str, clash: bool, context: Context, policy: Policy) -> Action:
    if tag == _DOCUMENT:
        # The table's D is for objects that are documents; inside another object a document has no place at all.
        whole = context.document and not context.nested and vr == "OB" and not clash
        return Action(Act.PIXELS if whole else Act.REMOVE, vr, Act.REMOVE, "table")
    if not clash:
        if vr in DATE_VRS and (row.options.get("full_dates") == "K" or tag == BIRTH_DATE):
            if policy.dates is Dates.REMOVE:
                return _interpret(row.basic, vr, "table")
            return Action(Act.DATE, vr, _fallback(row.basic), "table")
        if tag == _TIMEZONE and policy.dates in {Dates.KEEP, Dates.SHIFT}:
            return Action(Act.KEEP, vr, Act.REMOVE, "table")
        if row.options.get("patient") == "K" and policy.patient_characteristics:
            kept = _kept(tag, vr, context, policy, "table")
            return Action(kept.act, kept.vr, _fallback(row.basic), "table")
    return _interpret(row.basic, vr, "table")


def _fallback(basic: str) -> Act:
    return Act.DUMMY if "D" in basic else Act.REMOVE if basic == "X" else Act.EMPTY


def _interpret(action: str, vr: str, rule: str) -> Action:
    """Read an action of the table so that it is valid whatever the attribute's type is."""
    if action == "X" or not vr:
        return Action(Act.REMOVE, vr, Act.REMOVE, rule)
    if action in {"Z", "X/Z"}:
        return Action(Act.EMPTY, vr, Act.EMPTY, rule)
    if "U" in action:
        if vr == "SQ":
            return Action(Act.WALK, vr, Act.REMOVE, rule)
        return Action(Act.UID if vr == "UI" else Act.REMOVE, vr, Act.REMOVE, rule)
    if vr == "UI":
        return Action(Act.UID, vr, Act.DUMMY, rule)
    return Action(Act.DUMMY, vr, Act.DUMMY, rule)


def _kept(tag: int, vr: str, context: Context, policy: Policy, rule: str) -> Action:
    """Keep an attribute as far as its VR allows."""
    rules = supplement()
    if vr == "SQ":
        return Action(Act.WALK, vr, Act.REMOVE, rule)
    if vr in DATE_VRS:
        if policy.dates is Dates.REMOVE and vr != "AS":
            return Action(Act.EMPTY, vr, Act.EMPTY, rule)
        return Action(Act.DATE, vr, Act.EMPTY, rule)
    if vr == "UI":
        return Action(Act.UID, vr, Act.REMOVE, rule)
    if vr in BULK_VRS:
        if tag in rules.pixels:
            return Action(Act.REMOVE if context.nested else Act.PIXELS, vr, Act.REMOVE, rule)
        if tag in rules.icc and vr == "OB":
            return Action(Act.ICC, vr, Act.REMOVE, rule)
        return Action(Act.KEEP if tag in rules.bulk else Act.REMOVE, vr, Act.REMOVE, rule)
    return Action(Act.KEEP, vr, Act.DUMMY if tag in rules.required else Act.REMOVE, rule)


@cache
def _dictionary() -> dict[int, tuple[str, ...]]:
    from pydicom import datadict

    listed: dict[int, tuple[str, ...]] = datadict.__dict__["DicomDictionary"]
    return listed


def known_tag(tag: int) -> bool:
    """Say whether PS3.6 lists a tag, or Table E.1-1 does (newer editions, repeating groups)."""
    return tag in _dictionary() or row_of(tag) is not None


def _retired(tag: int) -> bool:
    entry = _dictionary().get(tag)
    return entry is not None and bool(entry[3])


def keyword_of(tag: int) -> str:
    """Return the keyword of a tag, empty when it has none."""
    entry = _dictionary().get(tag)
    if entry is not None and entry[4]:
        return entry[4]
    row = row_of(tag)
    return row.keyword if row is not None else ""


#: Where PS3.6 leaves a choice of VR and the file says none.
_FIRST_OF = {"OB or OW": "OW", "US or SS": "US", "US or SS or OW": "OW", "US or OW": "OW"}


def effective_vr(tag: int, vr: str | None) -> tuple[str, bool]:
    """Return the VR to handle an element by, and whether the file's VR is of quite another kind than PS3.6's.

    Returns
    -------
    tuple
        VR, empty when nobody knows it; True when a text stands where numbers or bytes belong, or the like.
    """
    entry = _dictionary().get(tag)
    if entry is None:
        row = row_of(tag)
        return (vr or "UN", False) if row is not None else ("", False)
    listed = entry[0]
    if listed == "NONE":
        return "", False
    if vr is None or vr == "UN":
        return _FIRST_OF.get(listed, listed), False
    choices = listed.split(" or ")
    if vr in choices:
        return vr, False
    first = choices[0]
    if first in STRING_VRS and vr in STRING_VRS:
        return (vr if vr in _STRICT and first not in _STRICT else first), False
    both = {first, vr}
    if both <= BINARY_VRS | NUMBER_VRS or both <= BULK_VRS:
        return vr, False
    return first, True
