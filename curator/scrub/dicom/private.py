"""What is done with the private attributes of one level of a data set.

A private attribute stays only if a table lists its creator and element, its value representation fits, and its value
passes the rules for texts, dates, UIDs and numbers that public ones pass. Nothing is kept for being a private creator's
own business: an element whose block has no readable creator, or two, goes. Bytes that nobody can read go, but for
Siemens CSA headers, which are written anew (:mod:`curator.scrub.dicom.csa`). It decides; it must never write a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from functools import lru_cache
from typing import NamedTuple

from curator.formats.dicom.structure import Repeated
from curator.scrub.dicom.decide import BINARY_VRS, DATE_VRS, NUMBER_VRS
from curator.scrub.dicom.encode import unit_of
from curator.scrub.dicom.private_table import (
    PrivateRow,
    PrivateTable,
    Step,
    Steps,
    creator_key,
    csa_table,
    philips_table,
    standard_table,
)
from curator.scrub.dicom.tree import Node
from curator.scrub.policy.model import Policy

__all__ = [
    "PrivateAction",
    "PrivateRow",
    "PrivateTable",
    "Step",
    "Steps",
    "blocks",
    "creator_key",
    "csa_table",
    "fits",
    "leftovers",
    "philips_table",
    "private_action",
    "private_actions",
    "prune_creators",
    "standard_table",
    "step_of",
    "table_of",
]

#: Groups that hold no private attributes although their number is odd (PS3.5 section 7.8.1).
_NEVER = frozenset({0x0001, 0x0003, 0x0005, 0x0007, 0xFFFF})
_FIRST_BLOCK, _LAST_BLOCK = 0x10, 0xFF
#: The bit that makes a group odd.
_ODD = 0x10000
#: Value representations of numbers; where table and file say two of them, the file is believed.
NUMBERS = (BINARY_VRS | NUMBER_VRS) - {"AT"}
TEXTS = frozenset({"CS", "LO", "LT", "SH", "ST", "UC", "UT"})
_MOMENTS = DATE_VRS - {"AS"}
#: VRs that say nothing of a value's kind.
_BYTES = frozenset({"OB", "OW", "UN"})
#: Texts whose backslashes part no values (PS3.5 Table 6.2-1).
_ONE_VALUE = frozenset({"LT", "ST", "UT"})
_SHORTEST_WORDS = 8
_WORD = re.compile(rb"[\x20-\x7e]{5,}")
_LONG_NUMBER = re.compile(rb"[ \0]*[+-]?[0-9]{7,}(?:\.0*)?[ \0]*")
#: The b-value of GE: 10^9 more where the scanner says that it is one, in the first of four numbers.
_B_VALUE = (creator_key("GEMS_PARM_01"), 0x0043, 0x39)
_B_VALUES = re.compile(rb" *[0-9]{1,10} *(?:\\ *[0-9]{1,10} *){3}\0?")
_ADDED, _HIGHEST_B, _LONG = 10**9, 60_000, 10**6
_FLAG, _HIGHEST_FLAGS, _MOST_FLAGS = 1 << 16, (1 << 31) - 1, 4
_CREATOR = re.compile(rb"[\x20-\x5b\x5d-\x7e]{1,64}")


class PrivateAction(NamedTuple):
    """A decision about a private element.

    Parameters
    ----------
    kind
        ``keep`` (a number or code string, checked as a public one that is kept), ``date``, ``uid``, ``walk`` (each item
        is a level of its own), ``text`` (searched for identifiers), ``person`` (a name: a dummy takes its place),
        ``csa`` (stays only as :func:`curator.scrub.dicom.csa.rewrite_csa` writes it), ``creator`` (stays if an element
        of its block does) or ``remove``.
    vr
        The value representation to read and write it by; empty when it is removed unread.
    row
        The row that let it stay, for :func:`fits`.
    """

    kind: str
    vr: str
    row: PrivateRow | None = None


REMOVE = PrivateAction("remove", "")
CREATOR = PrivateAction("creator", "LO")


@lru_cache(maxsize=8)
def table_of(policy: Policy) -> PrivateTable | None:
    """Return the table of private attributes that a policy applies: the program's own and the user's; None for none."""
    if not policy.applies("retain_safe_private"):
        return None
    table = standard_table().with_rows(csa_table()).with_rows(philips_table())
    return table.with_rows(PrivateTable(policy.private)) if policy.private else table


def blocks(nodes: list[Node]) -> dict[tuple[int, int], str]:
    """Return the private creators of one level of a data set.

    Parameters
    ----------
    nodes
        All elements of the level; the creators of the level above say nothing about it (PS3.5 section 7.8.1).

    Returns
    -------
    dict
        (group, block) to creator. A block that is reserved twice, or by what is no text of the default repertoire of
        1 to 64 characters and one value, is not in it.
    """
    found: dict[tuple[int, int], str] = {}
    twice = set()
    for node in nodes:
        tag = node.tag
        if not tag & _ODD:
            continue
        group, block = tag >> 16, tag & 0xFFFF
        if group in _NEVER or not _FIRST_BLOCK <= block <= _LAST_BLOCK:
            continue
        key = (group, block)
        if key in found or key in twice:
            twice.add(key)
            continue
        found[key] = _creator(node)
    return {key: creator for key, creator in found.items() if creator and key not in twice}


def _creator(node: Node) -> str:
    """Return the text of a creator, empty when it cannot be trusted."""
    if node.items is not None or node.fragments or node.vr not in {"LO", "UN", None}:
        return ""
    value = bytes(node.value).strip(b"\0 ")
    return value.decode("ascii") if _CREATOR.fullmatch(value) else ""


def private_vr(row: PrivateRow, vr: str | None) -> str:
    """Return the VR that a listed element is handled by; empty when that of the file contradicts the table.

    A VR that the table lists is taken, and so is another one of its family: numbers, texts, dates and times. A code
    string that the table calls a text is a text. Where the file says none, or UN, the table's is taken if it lists
    only one that says more than bytes. A row that lists none lets numbers stay that the file itself calls numbers.
    """
    if not row.keep or vr in row.denied:
        return ""
    if not row.vr:
        return vr if vr is not None and vr in NUMBERS else ""
    if vr is None or vr == "UN":
        telling = [listed for listed in row.vr if listed not in _BYTES]
        if not telling:
            return row.vr[0]
        return telling[0] if len(telling) == 1 else ""
    if vr in row.vr:
        return vr
    if vr == "CS":  # believed, a text would escape the search
        return next((listed for listed in row.vr if listed in TEXTS), "")
    alike = any(vr in family and listed in family for family in (NUMBERS, TEXTS, _MOMENTS) for listed in row.vr)
    return vr if alike else ""


def private_action(row: PrivateRow | None, vr: str | None) -> PrivateAction:
    """Decide about one private element by the table's row and the file's VR.

    Returns
    -------
    PrivateAction
        Bytes (OB, OW, UN) are ``csa``, never kept as they are. Arrays (OF, OD, OL, OV), names of machines (AE) and
        addresses (UR) go.
    """
    found = "" if row is None or not row.creator else private_vr(row, vr)
    if not found:
        return REMOVE
    if found == "SQ":
        kind = "walk"
    elif found == "UI":
        kind = "uid"
    elif found in DATE_VRS:
        kind = "date"
    elif found == "PN":
        kind = "person"
    elif found in _BYTES:
        kind = "csa"
    elif found in TEXTS - {"CS"}:
        kind = "text"
    elif found == "CS" or found in BINARY_VRS or found in NUMBER_VRS:
        kind = "keep"
    else:
        return REMOVE
    return PrivateAction(kind, found, row)


@lru_cache(maxsize=8192)  # the files of a series ask alike
def _decided(table: PrivateTable, creator: str, tag: int, above: Steps | None, vr: str | None) -> PrivateAction:
    return private_action(table.find(creator, tag, above), vr)


def private_actions(
    nodes: list[Node],
    table: PrivateTable,
    above: Steps | None = (),
    creators: Mapping[tuple[int, int], str] | None = None,
) -> dict[int, PrivateAction]:
    """Decide about all private elements of one level.

    Parameters
    ----------
    nodes
        All elements of the level.
    table
        The table in force.
    above
        The sequences above (:func:`step_of` for each); empty at the top, None when they are not known.
    creators
        The blocks of the level, when ``nodes`` are a part of it.

    Returns
    -------
    dict
        Tag to decision, for each element of an odd group. A creator is ``creator`` when some element of its block is
        not removed. Elements of a public group that the table takes out of a private sequence are in it as ``remove``.
    """
    if creators is None:
        creators = blocks(nodes)
    found: dict[int, PrivateAction] = {}
    used = set()
    for node in nodes:
        tag = node.tag
        if not tag & _ODD:
            if above != ():
                row = table.find("", tag, above)
                if row is not None and (not row.keep or node.vr in row.denied):
                    found[tag] = REMOVE
            continue
        key = (tag >> 16, tag >> 8 & 0xFF)
        creator = creators.get(key)
        found[tag] = REMOVE if creator is None else _decided(table, creator, tag, above, node.vr)
        if found[tag] is not REMOVE:
            used.add(key)
    for group, block in used:
        found[group << 16 | block] = CREATOR
    return found


def step_of(tag: int, creators: dict[tuple[int, int], str]) -> Step:
    """Return how a sequence is named in the places below it.

    Parameters
    ----------
    tag
        The sequence.
    creators
        The blocks of the level that it stands on.
    """
    group, element = tag >> 16, tag & 0xFFFF
    if not group & 1:
        return "", group, element
    return creator_key(creators.get((group, element >> 8), "")), group, element & 0xFF


def fits(row: PrivateRow, vr: str, value: bytes) -> bool:
    """Say whether a value is what its row allows, beyond what is asked of a public one.

    Returns
    -------
    bool
        False for more or fewer values than listed (no value at all is always allowed), and for numbers that read as a
        word: eight bytes or more that are, NULs at the ends left off, five printable characters or more. Nor does a
        whole number of seven figures or more in a text of numbers fit: no listed measure has one but the b-value of GE,
        record numbers do.
    """
    if not value or vr in {"SQ", "OB", "OW", "UN"}:
        return True
    if vr in NUMBER_VRS and any(_LONG_NUMBER.fullmatch(part) for part in value.split(b"\\")):
        place = (creator_key(row.creator), row.group, row.element)
        if place != _B_VALUE or not _B_VALUES.fullmatch(value) or not _are_b_values(value):
            return False
    least, most = row.vm
    if vr in BINARY_VRS:
        if len(value) >= _SHORTEST_WORDS and _WORD.fullmatch(value.strip(b"\0")):
            return False
        count = -(-len(value) // (unit_of(vr) if vr != "AT" else 4))
    else:
        count = 1 if vr in _ONE_VALUE else value.count(b"\\") + 1
    return least <= count and (most is None or count <= most)


def _are_b_values(value: bytes) -> bool:
    """Say whether numbers are a b-value as GE writes it, with 10^9 added or not, and flags.

    Flags stand in a word's upper half, or are few in the whole word: of a hundred thousand other numbers two are so.
    """
    b_value, *flags = map(int, value.rstrip(b"\0").split(b"\\"))
    low = b_value - _ADDED if b_value >= _ADDED else b_value
    return low <= _HIGHEST_B and all(
        flag < _LONG or (flag <= _HIGHEST_FLAGS and (not flag % _FLAG or flag.bit_count() <= _MOST_FLAGS))
        for flag in flags
    )


def prune_creators(nodes: list[Node], more: Set[tuple[int, int]] = frozenset()) -> None:
    """Take out every creator, at every depth, whose block holds no element any more, nor is one of some others."""
    held = more | {(node.tag >> 16, node.tag >> 8 & 0xFF) for node in nodes if (node.tag >> 16) & 1}
    nodes[:] = [
        node
        for node in nodes
        if not (node.tag >> 16) & 1 or (node.tag & 0xFFFF) > _LAST_BLOCK or (node.tag >> 16, node.tag & 0xFFFF) in held
    ]
    for node in nodes:
        for item in node.items or ():
            prune_creators(item)


def leftovers(nodes: list[Node], table: PrivateTable, above: Steps | None = ()) -> int:
    """Count the private elements of a written data set, at every depth, that a table does not let stay.

    To be asked of what has been read back: zero, or the writing has failed.
    """
    tags = [node.tag for node in nodes]
    odd = any(map(_ODD.__and__, tags))
    creators = blocks(nodes) if odd else {}
    count = 0
    if odd or (above != () and not table.public.isdisjoint(tags)):
        actions = private_actions(nodes, table, above, creators)
        gone = {tag for tag, action in actions.items() if action.kind == "remove"}
        count = sum(map(gone.__contains__, tags)) if gone else 0
    for node in nodes:
        items = node.items
        if not items:
            continue
        below = None if above is None else (*above, step_of(node.tag, creators))
        if not isinstance(items, Repeated):
            count += sum([leftovers(item, table, below) for item in items])
            continue
        key = (leftovers, table, below)
        found = items.answers.get(key)
        if found is None:
            found = sum([leftovers(item, table, below) for item in items])
            items.keep(key, found)
        count += found
    return count
