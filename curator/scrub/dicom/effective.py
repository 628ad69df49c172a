"""What a policy decides for every attribute, put into words: asked of the decision function itself.

It repeats no rule, so that what is shown is what is done. It must never be given a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curator.core.errors import UsageError
from curator.scrub.dicom.decide import Act, Action, Context, decide, effective_vr, keyword_of
from curator.scrub.dicom.rules import row_of, supplement, table
from curator.scrub.policy.model import Ages, Dates, Policy

_TOP, _NESTED = Context(), Context(nested=True)
#: An element of a repeating group that stands for all of them: element 0000 would be a group length.
_STAND_IN = 0x10

_WORDS = {
    Act.KEEP: "kept if the value fits and holds no known identifier",
    Act.CLEAN: "cleaned of identifiers and of words that nothing knows",
    Act.SCREEN: "cleaned of identifiers",
    Act.CONTENT: "each content item decided by its concept, then by its attributes",
    Act.REMOVE: "removed",
    Act.EMPTY: "emptied",
    Act.DUMMY: "replaced by a dummy",
    Act.UID: "replaced by a new UID unless the standard registers it",
    Act.WALK: "each item's attributes decided for themselves",
    Act.PERSON: "replaced by the pseudonym",
    Act.SHIFT: "moved by the person's days",
    Act.FIXED: "replaced by the recipe's text, the same for everybody",
    Act.PIXELS: "kept bit by bit",
    Act.ICC: "kept if it is a clean color profile",
}
_DATES = {
    Dates.REMOVE: "removed",
    Dates.YEAR: "reduced to the year",
    Dates.SHIFT: "moved by the person's days",
    Dates.KEEP: "kept",
}
_TIMES = {
    Dates.REMOVE: "removed",
    Dates.YEAR: "counted from the study's first time",
    Dates.SHIFT: "kept",
    Dates.KEEP: "kept",
}


@dataclass(frozen=True)
class Effective:
    """The decision about one attribute.

    Parameters
    ----------
    tag
        8 hex digits with ``x`` for any digit.
    keyword, vr
        As PS3.6 or the table says; the VR is empty where nobody knows it.
    top, nested
        The decision at the top of a data set and inside a sequence.
    basic
        What Table E.1-1 says in the Basic Profile; empty without a row.
    overridden
        True when the policy itself, or its recipe, sets the attribute.
    """

    tag: str
    keyword: str
    vr: str
    top: Action
    nested: Action
    basic: str
    overridden: bool

    @property
    def shown_tag(self) -> str:
        """The tag as (gggg,eeee)."""
        return f"({self.tag[:4]},{self.tag[4:]})"


def words_of(action: Action, policy: Policy) -> str:
    """Say what an action means under a policy."""
    if action.act is Act.DATE:
        if action.vr == "AS":
            return "ages over 89 written as 090Y" if policy.ages is Ages.CAP else "kept"
        if action.vr == "DT" and policy.dates is Dates.YEAR:
            return f"{_DATES[Dates.YEAR]}, with the time {_TIMES[Dates.YEAR]}"
        return (_TIMES if action.vr == "TM" else _DATES)[policy.dates]
    if action.act is Act.UID and action.rule == "retained":
        return "kept"
    return _WORDS[action.act]


def effective(tag: str, keyword: str, policy: Policy) -> Effective:
    """Decide about one attribute, given as 8 hex digits with ``x`` for any digit."""
    number = int(tag.replace("x", "0"), 16)
    if not number & 0xFFFF:
        number |= _STAND_IN if "x" in tag[4:] else 0
    vr = effective_vr(number, None)[0]
    row = row_of(number)
    top, nested = (decide(number, vr or None, where, policy) for where in (_TOP, _NESTED))
    return Effective(
        tag=tag,
        keyword=keyword or keyword_of(number),
        vr=vr if vr != "UN" else "",
        top=top,
        nested=nested,
        basic=row.basic if row is not None else "",
        overridden=top.rule in {"policy", "recipe"} or nested.rule in {"policy", "recipe"},
    )


def effective_decisions(policy: Policy, *, every: bool) -> Iterator[Effective]:
    """Yield the decision about each attribute that the tables name, sorted by tag.

    Parameters
    ----------
    policy
        The policy in force.
    every
        Also yield each other attribute of PS3.6.
    """
    named = {row.tag.lower(): row.keyword for row in table() if row.tag != "ODD"}
    for tag in [*supplement().exact, *policy.overrides, *policy.added]:
        named.setdefault(f"{tag:08x}", "")
    if every:
        from pydicom import datadict

        for tag in datadict.__dict__["DicomDictionary"]:
            named.setdefault(f"{tag:08x}", "")
    for digits, keyword in sorted(named.items()):
        yield effective(digits.upper().replace("X", "x"), keyword, policy)


def one_decision(name: str, policy: Policy) -> Effective:
    """Return the decision about the attribute with a keyword or a tag (``GGGGEEEE`` or ``(GGGG,EEEE)``).

    Raises
    ------
    UsageError
        POL-030 when neither PS3.6 nor Table E.1-1 has it, or when it is private.
    """
    from pydicom import datadict

    plain = name.strip().strip("()").replace(",", "").replace(" ", "")
    tag = datadict.tag_for_keyword(plain)
    if tag is None and len(plain) == 8 and all(digit in "0123456789abcdefABCDEF" for digit in plain):
        tag = int(plain, 16)
    if tag is None:
        row = next((row for row in table() if row.keyword == plain and row.tag != "ODD"), None)
        if row is None:
            raise UsageError("POL-030")
        return effective(row.tag, row.keyword, policy)
    if (tag >> 16) & 1 or not keyword_of(tag):
        raise UsageError("POL-030")
    return effective(f"{tag:08X}", "", policy)


def private_words(policy: Policy) -> str:
    """Say what becomes of private attributes."""
    if policy.applies("retain_safe_private"):
        return (
            "kept by their VR where creator and element stand in the table of safe private attributes; others removed"
        )
    return "removed, all of them"
