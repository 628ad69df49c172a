"""A deid recipe laid over a policy: each action becomes a decision about attributes, or the recipe is refused.

What a recipe asks is done as it says, more strictly, or not at all with a reason; nothing of it is left out in silence
(docs/adr/0056). It must never run a function or look up a variable that a recipe names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from curator.core.errors import UsageError
from curator.scrub.policy.fields import FieldError, Selected, select
from curator.scrub.policy.filters import labels_of
from curator.scrub.policy.layer import EMPTY, FIXED, KEEP, PSEUDONYM, REMOVE, SHIFT, SHIFT_KEPT, UID, Recipe
from curator.scrub.policy.model import Policy

#: Which action wins where several name one attribute, as deid documents it; of two alike the later one.
_ORDER = ("BLANK", "REMOVE", "JITTER", "REPLACE", "ADD", "KEEP")
#: Functions that the program has itself.
_UIDS = frozenset({"func:uid", "deid_func:dicom_uuid", "deid_func:pydicom_uuid"})
_JITTERS = frozenset({"func:jitter", "deid_func:jitter"})
_PSEUDONYMS = frozenset({"func:pseudonym"})
_CALLS = ("var:", "func:", "deid_func:")
#: Elements of group 0028 that no recipe may set: without them the pixels cannot be read, or they say what pixels show.
_ELEMENTS = (0x02, 0x03, 0x04, 0x06, 0x08, 0x10, 0x11, 0x100, 0x101, 0x102, 0x103, 0x301, 0x302, 0x1101, 0x1102, 0x1103)
_PICTURE = frozenset(0x00280000 | element for element in _ELEMENTS)
#: What rules do anyway, whatever a recipe says.
_DONE = {
    KEEP: _PICTURE | {0x00080005, 0x00080016, 0x7FE00008, 0x7FE00009, 0x7FE00010},
    UID: frozenset({0x00080018, 0x0020000D, 0x0020000E}),
    PSEUDONYM: frozenset({0x00100010, 0x00100020}),
    "YES": frozenset({0x00120062}),
}
_PRIVATE = "retain_safe_private"
_NAMES = frozenset({"LO", "LT", "PN", "ST", "UC", "UT"})


@dataclass(frozen=True)
class _Wish:
    """One action of a recipe about one attribute."""

    action: str
    text: str = ""


class _NotDoneError(ValueError):
    """An action that is not carried out; its text is a reason in the program's own words."""


def with_recipe(policy: Policy, parsed: dict[str, Any]) -> Policy:
    """Lay a parsed recipe over a policy.

    Parameters
    ----------
    policy
        A policy without a recipe; its digest is left as it is.
    parsed
        What :func:`curator.scrub.policy.recipe_read.parsed_recipe` gives.

    Returns
    -------
    Policy
        With :attr:`Policy.recipe`; claim, codes and reasons follow from it. Where the recipe removes or blanks all
        attributes, or those of a kind, the policy retains no private ones either.

    Raises
    ------
    UsageError
        POL-004 for an attribute that no policy may set; POL-021, POL-022 and POL-023 for what cannot be carried out.
    """
    groups = parsed.get("fields") or {}
    wishes: dict[str, dict[int, _Wish]] = {action: {} for action in _ORDER}
    searched: set[tuple[int, str, int]] = set()
    for position, line in enumerate(parsed.get("header") or [], 1):
        action = line["action"]
        try:
            if line["field"].lower().startswith("values:"):
                searched |= _searched(line, parsed.get("values") or {}, groups)
                continue
            selected = select(line["field"], groups)
            if action not in wishes:
                raise _NotDoneError("it is not an action of a header")
            if _takes_private(line):
                policy = replace(policy, options=tuple(one for one in policy.options if one != _PRIVATE), private=())
            wishes[action].update(_wished(line, selected, policy))
        except (FieldError, _NotDoneError) as error:
            at = {"position": position, "line": line.get("line", "?"), "action": _known(action)}
            raise UsageError("POL-022", **at, reason=str(error)) from None
    recipe = _resolved(wishes, policy)
    labels = labels_of(parsed.get("filter") or {})
    return replace(policy, recipe=replace(recipe, searched=tuple(sorted(searched)), labels=labels))


def _known(action: str) -> str:
    return action if action in _ORDER else "unknown"


def _takes_private(line: dict[str, str]) -> bool:
    """Say whether an action would take private attributes out too: then the policy retains none of them."""
    field = line["field"].lower()
    wide = field == "all" or field.startswith(("except:", "allexcept:", "select:"))
    return wide and line["action"] in {"REMOVE", "BLANK"}


def _wished(line: dict[str, str], selected: Selected, policy: Policy) -> dict[int, _Wish]:
    """Return what one action wishes for each attribute that it names."""
    action, value = line["action"], (line.get("value") or "").strip()
    wish = _Wish(*_meant(action, value))
    found = {}
    for tag in selected.tags:
        if is_fixed(tag):
            if selected.exact and not (tag in _DONE.get(wish.action, ()) or tag in _DONE.get(wish.text, ())):
                raise UsageError("POL-004", attribute=f"({tag >> 16:04X},{tag & 0xFFFF:04X})")
            continue
        why = _unfit(tag, wish, policy)
        if not why:
            found[tag] = wish
        elif selected.exact or wish.action == FIXED:
            raise _NotDoneError(why)
    # What it names is handled by rule, or takes no such action: an expression may name such attributes among others.
    if not found and not (selected.exact and is_fixed(selected.tags[0])):
        raise _NotDoneError("it can be done to none of the attributes that it names")
    return found


def is_fixed(tag: int) -> bool:
    """Say whether an attribute is handled by rule, whatever a recipe says."""
    from curator.scrub.policy.load import is_protected

    return is_protected(tag) or tag in _PICTURE


def _meant(action: str, value: str) -> tuple[str, str]:
    """Return the decision that an action with its value means, and its text."""
    if action in {"BLANK", "KEEP"}:
        return (EMPTY if action == "BLANK" else KEEP), ""
    if action == "REMOVE":
        if value:
            raise _NotDoneError("it hangs on a function, and no function of a recipe is run")
        return REMOVE, ""
    called = value.split(" ", 1)[0]
    if action == "JITTER":
        if not re.fullmatch(r"[+-]?\d{1,6}", value) and not value.startswith(_CALLS):
            raise _NotDoneError("its value is no number of days")
        return SHIFT, ""
    if action == "REPLACE" and called in _JITTERS:
        return SHIFT, ""
    if called in _UIDS:
        return UID, ""
    if called in _PSEUDONYMS:
        return PSEUDONYM, ""
    if value.startswith(_CALLS):
        raise _NotDoneError(
            "its value is a variable or function that the program does not have; "
            "func:uid, func:pseudonym and func:jitter are its own"
        )
    if not value:
        raise _NotDoneError("its value is empty")
    return FIXED, value


def _unfit(tag: int, wish: _Wish, policy: Policy) -> str:
    """Say why a wish cannot be carried out on an attribute; empty when it can."""
    from curator.scrub.dicom.decide import Act, Context, decide, effective_vr
    from curator.scrub.dicom.fixed import unfit

    vr = effective_vr(tag, None)[0]
    if wish.action == FIXED:
        return unfit(tag, wish.text, vr)
    if wish.action == SHIFT and vr not in {"DA", "DT"}:
        return "only dates are moved (VR DA or DT)"
    if wish.action == UID and vr != "UI":
        return "only UIDs are mapped (VR UI)"
    if wish.action == PSEUDONYM and vr not in _NAMES:
        return f"a pseudonym does not fit the value representation {vr}"
    if wish.action == KEEP:
        kept = replace(policy, attributes=((tag, KEEP),))
        acts = {decide(tag, vr, Context(nested=nested), kept).act for nested in (False, True)}
        if acts <= {Act.REMOVE, Act.EMPTY, Act.DUMMY}:
            return "values of its kind are never kept"
    return ""


def _resolved(wishes: dict[str, dict[int, _Wish]], policy: Policy) -> Recipe:
    """Let the strongest action about each attribute win, and leave out what the policy does anyway."""
    won: dict[int, _Wish] = {}
    for action in _ORDER:
        if action != "ADD":
            won.update(wishes[action])
    added = {tag: wish for tag, wish in wishes["ADD"].items() if tag not in wishes["KEEP"]}
    # A function makes a value of what is there, and nothing of nothing.
    won.update((tag, wish) for tag, wish in added.items() if wish.action != FIXED)
    attributes = {}
    for tag, wish in sorted(won.items()):
        said = _changed(tag, wish.action, policy)
        if said:
            attributes[tag] = said
    return Recipe(
        attributes=tuple(attributes.items()),
        texts=tuple((tag, won[tag].text) for tag, action in attributes.items() if action == FIXED),
        added=tuple(sorted((tag, wish.text) for tag, wish in added.items() if wish.action == FIXED)),
    )


def _changed(tag: int, action: str, policy: Policy) -> str:
    """Return the action that a recipe's wish comes to; empty where the policy alone does the same."""
    from curator.scrub.dicom.decide import Act, Context, decide, effective_vr

    if action not in {KEEP, SHIFT}:
        return action
    vr = effective_vr(tag, None)[0]
    own = replace(policy, recipe=Recipe(attributes=((tag, action),)))
    places = (Context(), Context(nested=True))
    before = [decide(tag, vr, place, policy) for place in places]
    after = [decide(tag, vr, place, own) for place in places]
    dated = all(one.act is Act.DATE for one in before)
    if action == SHIFT:
        from curator.scrub.policy.model import Dates

        if dated and policy.dates is Dates.SHIFT:
            return ""
        return SHIFT if dated else SHIFT_KEPT
    if all(
        one.rule == "retained" or (one.act, one.vr) == (two.act, two.vr) for one, two in zip(before, after, strict=True)
    ):
        return ""
    return KEEP


def _searched(
    line: dict[str, str], values: dict[str, list[dict[str, str]]], groups: dict[str, list[dict[str, str]]]
) -> set[tuple[int, str, int]]:
    """Return the attributes of a %values group whose values are taken out of every text that is kept."""
    if line["action"] not in {"REMOVE", "BLANK"} or (line.get("value") or "").strip():
        raise _NotDoneError("values of a group are only taken out, by REMOVE or BLANK")
    name = line["field"].split(":", 1)[1]
    if not values.get(name):
        raise _NotDoneError("the recipe has no %values section of this name")
    found = set()
    for one in values[name]:
        by, least = _split(one)
        found |= {(tag, by, least) for tag in select(one["field"], groups).tags}
    return found


def _split(line: dict[str, str]) -> tuple[str, int]:
    if line["action"] == "FIELD":
        if (line.get("value") or "").strip():
            raise _NotDoneError("a FIELD of a %values section takes a field alone")
        return "", 1
    by, least = " ", 1
    for part in filter(str.strip, (line.get("value") or "").split(";")):
        name, _, said = (word.strip() for word in part.partition("="))
        if name == "by" and said.strip("\"'"):
            by = said.strip("\"'")
        elif name == "minlength" and said.isdecimal():
            least = int(said)
        else:
            raise _NotDoneError("a SPLIT takes by= and minlength=")
    return by, least
