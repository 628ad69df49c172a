"""What is done with an attribute: one pure function, asked for every element at every depth.

It knows tags, value representations and the policy, and never sees a value. Where the table leaves a choice that hangs
on the attribute's type in its module, the choice that is valid for every type is taken (docs/adr/0020).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from curator.scrub.dicom.rules import Row, row_of, supplement, supplement_action
from curator.scrub.policy import layer
from curator.scrub.policy.model import Dates, Policy

DATE_VRS = frozenset({"DA", "TM", "DT", "AS"})
TEXT_VRS = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
NUMBER_VRS = frozenset({"DS", "IS"})
#: Texts that people type.
PROSE_VRS = frozenset({"LO", "LT", "SH", "ST", "UC", "UT"})
STRING_VRS = DATE_VRS | TEXT_VRS | NUMBER_VRS | {"UI"}
BULK_VRS = frozenset({"OB", "OW", "OF", "OD", "OL", "OV", "UN"})
BINARY_VRS = frozenset({"AT", "FD", "FL", "SL", "SS", "SV", "UL", "US", "UV"})
#: Where the file's VR contradicts that of PS3.6, these win: they have rules of their own.
_STRICT = DATE_VRS | {"PN", "UI", "ST", "LT", "UT", "UC", "UR", "AE"}

BIRTH_DATE = 0x00100030
_PERSON = {0x00100010, 0x00100020}
_TIMEZONE = 0x00080201
_DOCUMENT = 0x00420011
_CONTENT = 0x0040A730
#: Bitmaps and curves: nothing here reads what is drawn in them, so that they go even where an option would clean them.
_DRAWN = ((0xFF000000, 0x50000000), (0xFF00FFFF, 0x60003000))


class Act(StrEnum):
    """What is done with an element."""

    __hash__ = str.__hash__  # that of an enumeration is many times slower

    KEEP = "keep"  # the value stays if it fits its VR and equals no known identifier
    CLEAN = "clean"  # a text that people type: identifiers go, and so does each word that nothing knows
    SCREEN = "screen"  # a text that machines write: what is an identifier by list, form or context goes
    CONTENT = "content"  # a sequence of content items: decided by their concepts, then by their attributes
    REMOVE = "remove"
    EMPTY = "empty"
    DUMMY = "dummy"
    UID = "uid"  # mapped, unless registered
    DATE = "date"  # by the policy's date rules
    WALK = "walk"  # a sequence: each item's elements are decided for themselves
    PERSON = "person"  # the pseudonym
    SHIFT = "shift"  # a date, moved by the person's days whatever the policy does with dates
    FIXED = "fixed"  # the text that a recipe gives
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
    report
        The object is a structured report or a key object selection, whose series module has Type 2 sequences.
    image
        The object is an image whose modules demand no date: empty for any other, else a word of the supplement.
    """

    nested: bool = False
    document: bool = False
    report: bool = False
    image: str = ""


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
        Why: ``table``, ``option`` (an option of the table), ``retained`` (an identity that an option keeps),
        ``supplement``, ``vr``, ``policy``, ``recipe``, ``private``, ``structure`` or ``unknown``.
    text
        What a ``fixed`` attribute becomes.
    """

    act: Act
    vr: str
    fallback: Act
    rule: str
    text: str = ""


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
        return _GONE["private"]  # unless a table lists it: curator.scrub.dicom.private
    if not tag & 0xFFFF:
        return _GONE["structure"]
    found, clash = effective_vr(tag, vr)
    if not context.nested and tag in policy.added:
        return Action(Act.FIXED, effective_vr(tag, None)[0], Act.DUMMY, "recipe", policy.added[tag])
    if tag in policy.overrides:
        return _overridden(tag, found, clash, context, policy)
    if tag in _PERSON and not context.nested:
        return Action(Act.PERSON, "PN" if tag == 0x00100010 else "LO", Act.DUMMY, "table")
    row = row_of(tag)
    if row is not None:
        return _by_row(row, tag, found, clash, context, policy)
    extra = supplement_action(tag)
    if extra is not None and extra != "K":
        staff_text = tag in supplement().staff_texts and not clash
        return _staff_text(extra, found, policy) if staff_text else _interpret(extra, found, "supplement")
    if not found or clash:
        return _GONE["unknown"]
    if extra is None:
        general = supplement().by_vr.get(found)
        if general is None and found in {"LO", "SH"} and _retired(tag):
            general = "X"
        if general is not None:
            clean = found in PROSE_VRS and policy.applies("clean_descriptors")
            if clean and tag in supplement().words:
                return _kept(tag, found, context, policy, "supplement")
            act = Act.SCREEN if tag in supplement().technical else Act.CLEAN
            return Action(act, found, Act.REMOVE, "vr") if clean else _interpret(general, found, "vr")
    return _kept(tag, found, context, policy, "supplement" if extra else "vr")


def _overridden(tag: int, vr: str, clash: bool, context: Context, policy: Policy) -> Action:
    """Decide about an attribute that the policy or its recipe sets; what cannot be done so goes."""
    action, rule = policy.overrides[tag]
    if action == layer.FIXED:
        return Action(Act.FIXED, effective_vr(tag, None)[0], Act.DUMMY, rule, policy.texts_of[tag])
    if action == layer.KEEP and vr and not clash:
        return _kept(tag, vr, context, policy, rule)
    if action in {layer.SHIFT, layer.SHIFT_KEPT} and vr in {"DA", "DT"} and not clash:
        row = row_of(tag)
        return Action(Act.SHIFT, vr, _fallback(row.basic) if row is not None else Act.EMPTY, rule)
    if action == layer.UID and vr == "UI" and not clash:
        return Action(Act.UID, vr, Act.REMOVE, rule)
    if action == layer.PSEUDONYM and not clash:
        return Action(Act.PERSON, vr, Act.DUMMY, rule)
    return _interpret({"remove": "X", "empty": "Z", "dummy": "D"}.get(action, "X"), vr, rule)


def _by_row(row: Row, tag: int, vr: str, clash: bool, context: Context, policy: Policy) -> Action:
    if tag == _DOCUMENT:
        # The table's D is for objects that are documents; inside another object a document has no place at all.
        whole = context.document and not context.nested and vr == "OB" and not clash
        return Action(Act.PIXELS if whole else Act.REMOVE, vr, Act.REMOVE, "table")
    if not clash:
        if vr in DATE_VRS and (row.options.get("full_dates") == "K" or tag == BIRTH_DATE):
            if policy.dates is Dates.REMOVE:
                return _interpret(row.basic, vr, "table")
            return Action(Act.DATE, vr, _undated(row.basic, tag, context), "table")
        if tag == _TIMEZONE and policy.dates in {Dates.KEEP, Dates.SHIFT}:
            return Action(Act.KEEP, vr, Act.REMOVE, "table")
        option = _option(row, policy)
        if option == "retained":
            return _retained(vr, _fallback(row.basic))
        if option == "K":
            kept = _kept(tag, vr, context, policy, "option")
            return Action(kept.act, kept.vr, _fallback(row.basic), "option")
        if option == "C":
            return _cleaned(row, tag, vr, context, policy)
    if vr == "SQ" and tag in supplement().walked:
        return Action(Act.WALK, vr, Act.REMOVE, "table")
    if vr == "SQ" and tag not in supplement().dummy_code:
        rules = supplement()
        if tag in rules.empty or (context.report and not context.nested and tag in rules.empty_in_reports):
            return Action(Act.EMPTY, vr, Act.EMPTY, "table")
        if tag in rules.absent or row.basic == "X/Z/D":
            return Action(Act.REMOVE, vr, Act.REMOVE, "table")  # Type 1C: none is valid, one without items is not
    return _interpret(row.basic, vr, "table")


#: Columns of Table E.1-1 whose K retains an identity that the person's known identifiers would else take out.
_IDENTITIES = (
    ("uids", "retain_uids"),
    ("device", "retain_device_identity"),
    ("institution", "retain_institution_identity"),
)


def _option(row: Row, policy: Policy) -> str:
    """Return what the policy's options say of a row: ``retained``, K, C, or nothing."""
    for column, option in _IDENTITIES:
        if row.options.get(column) == "K" and policy.applies(option):
            return "retained"
    patient = row.options.get("patient") if policy.patient_characteristics else None
    if patient == "K":
        return "K"
    if (
        (row.options.get("descriptors") and policy.applies("clean_descriptors"))
        or (row.options.get("structured") and policy.applies("clean_structured_content"))
        or (row.options.get("graphics") and policy.applies("clean_graphics"))
        or (patient and policy.applies("clean_descriptors"))
    ):
        return "C"
    return ""


def _retained(vr: str, fallback: Act) -> Action:
    """Keep what an option retains: a device, an institution, a UID; by its VR, and not compared with their like."""
    if vr == "SQ":
        return Action(Act.WALK, vr, Act.REMOVE, "retained")
    if vr in BULK_VRS or vr == "PN":
        return Action(Act.DUMMY if vr == "PN" else Act.REMOVE, vr, fallback, "retained")
    return Action(Act.UID if vr == "UI" else Act.KEEP, vr, fallback, "retained")


def _cleaned(row: Row, tag: int, vr: str, context: Context, policy: Policy) -> Action:
    """Clean what an option cleans: texts of their identifiers, sequences by their items."""
    if any(tag & mask == value for mask, value in _DRAWN):
        return _interpret(row.basic, vr, "table")
    if vr == "SQ":
        content = tag == _CONTENT or row.options.get("structured")
        return Action(Act.CONTENT if content else Act.WALK, vr, Act.REMOVE, "option")
    if vr in PROSE_VRS:
        return Action(Act.CLEAN, vr, _fallback(row.basic), "option")
    if vr in BULK_VRS or vr in {"PN", "UR", "AE"}:
        return _interpret(row.basic, vr, "table")
    kept = _kept(tag, vr, context, policy, "option")
    return Action(kept.act, kept.vr, _fallback(row.basic), "option")


def _staff_text(action: str, vr: str, policy: Policy) -> Action:
    """Decide about a description or label that staff type and that the table lacks."""
    if not policy.applies("clean_descriptors") or vr not in PROSE_VRS | {"CS"}:
        return _interpret(action, vr, "supplement")
    act = Act.KEEP if vr == "CS" else Act.CLEAN
    return Action(act, vr, _interpret(action, vr, "supplement").act, "supplement")


def _undated(basic: str, tag: int, context: Context) -> Act:
    """Return what is done with a date that cannot be read: a dummy only where a value may be demanded (Type 1)."""
    demanded = supplement().demanded
    some = any(tag in tags for tags in demanded.values())
    if context.nested or basic == "D" or not (context.image or some) or tag in demanded.get(context.image, ()):
        return _fallback(basic)
    return Act.EMPTY if "Z" in basic and basic != "X/Z/D" else Act.REMOVE


def _fallback(basic: str) -> Act:
    return Act.DUMMY if "D" in basic else Act.REMOVE if basic == "X" else Act.EMPTY


def _interpret(action: str, vr: str, rule: str) -> Action:
    """Read an action of the table so that it is valid whatever the attribute's type is."""
    if action == "X" or not vr or (action == "X/D" and vr == "SQ"):  # no item is a dummy that every module allows
        return Action(Act.REMOVE, vr, Act.REMOVE, rule)
    if vr == "SQ" and action == "X/Z":
        return Action(Act.REMOVE, vr, Act.REMOVE, rule)  # an empty sequence is valid in few modules
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
    fallback = Act.DUMMY if tag in rules.required else Act.EMPTY if tag in rules.emptied else Act.REMOVE
    if vr in PROSE_VRS and tag not in rules.closed and tag not in rules.words and policy.applies("clean_descriptors"):
        return Action(Act.SCREEN, vr, fallback, rule)
    return Action(Act.KEEP, vr, fallback, rule)


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
