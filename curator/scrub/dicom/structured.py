"""What becomes of a content item: a pure answer from its concept, its value types and the policy.

An item stays, stays with another value, or goes with all below it. Its attributes are decided one by one as everywhere
(``decide``); here stands only what the concept adds to that. Where items go, references by position
(0040,DB73) are counted anew, and those whose target is gone go too. It must never let an item through because it could
not read what it is.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter

from curator.scrub.dicom.concepts import Concept, category_of, is_standard_meaning, names_identity, rows_of, rules
from curator.scrub.dicom.dates import OLDEST
from curator.scrub.dicom.decide import Act
from curator.scrub.dicom.tree import Node
from curator.scrub.policy.model import Ages, Dates, Policy

CONTENT = 0x0040A730
_CHARACTER_SET = 0x00080005
_VALUE_TYPE, _NAME, _POINTER, _RELATION = 0x0040A040, 0x0040A043, 0x0040DB73, 0x0040A010
_CODES = (0x00080100, 0x00080119, 0x00080120)
_SCHEME, _MEANING, _EQUIVALENT = 0x00080102, 0x00080104, 0x00080121
_VALUE_CODE, _MEASURED, _NUMBER, _UNITS = 0x0040A168, 0x0040A300, 0x0040A30A, 0x004008EA
#: An item without these is no content item and no code that is called something.
_TELLING = frozenset({_MEANING, _VALUE_TYPE, _NAME})
_tag = attrgetter("tag")
_TEMPORAL = frozenset({"DATE", "TIME", "DATETIME"})
#: Types whose value may be an identity that the table knows under another type: a room as a code, a number as a number.
_WORDED = _TEMPORAL | {"TEXT", "CODE", "NUM"}
#: Options that keep an item, by the table's column.
_KEEPING = (("uids", "retain_uids"), ("device", "retain_device_identity"))
#: Columns of identities: what they name is one under any value type.
_IDENTITIES = frozenset(column for column, _ in _KEEPING)
#: A place in the tree: 1 is the root, each further number an item of the content sequence there.
Place = tuple[int, ...]


@dataclass(frozen=True)
class Ruling:
    """What becomes of a content item.

    Parameters
    ----------
    gone
        It goes, with all below it.
    acts
        Attributes of its value that are handled otherwise than by their own rules.
    """

    gone: bool = False
    acts: dict[int, Act] = field(default_factory=dict)


GONE, OWN, STANDARD = Ruling(gone=True), Ruling(), Ruling(acts={_MEANING: Act.KEEP})


def ruling(item: list[Node], policy: Policy, *, content: bool) -> Ruling:
    """Decide about one item of a sequence.

    Parameters
    ----------
    item
        Its elements, as the file has them.
    policy
        The policy in force.
    content
        True in a content sequence, where what is no content item has no place.

    Returns
    -------
    Ruling
        Source: PS3.15 E.3.4 and Table E.3.4-1; what it does not name goes by its value type.
    """
    nodes = {node.tag: node for node in item}
    stated = _VALUE_TYPE in nodes
    if not content and not stated and _NAME not in nodes:
        return OWN  # no content item
    types = rules().value_types
    kinds = {kind for kind, tags in types.items() if any(tag in nodes for tag in tags)}
    if stated:
        kind = _text(nodes[_VALUE_TYPE])
        if kind not in types:
            return GONE
        kinds.add(kind)
    elif content and (kinds or _POINTER not in nodes):
        return GONE  # a reference by position alone has no value type
    if "NUM" in kinds and policy.ages is not Ages.KEEP and tells_age(nodes):
        return GONE
    rows, meanings = _concept(nodes.get(_NAME))
    acts: dict[int, Act] = {}
    for kind in sorted(kinds):
        act = _listed(kind, rows, policy) if rows else _unlisted(kind, meanings, nodes, policy)
        if act is Act.REMOVE:
            return GONE
        if act is not None:
            acts.update(dict.fromkeys(types[kind], act))
    return Ruling(acts=acts) if acts else OWN


def _listed(kind: str, rows: tuple[Concept, ...], policy: Policy) -> Act | None:
    """Decide about a concept of the table; None when the attributes' own rules do."""
    same = [row for row in rows if row.value_type == kind]
    told = any(row.options.keys() - _IDENTITIES for row in rows)
    if not same and (kind not in _WORDED or (kind in {"CODE", "NUM"} and told)):
        return _kept_uid(kind, policy)
    acts = [_by_row(row, kind, policy) for row in same or rows]
    return next((act for act in (Act.REMOVE, Act.DUMMY, Act.KEEP) if act in acts), None)


def _by_row(row: Concept, kind: str, policy: Policy) -> Act | None:
    options = row.options
    if kind in _TEMPORAL and options.get("dates") and policy.dates is not Dates.REMOVE:
        return None
    if any(options.get(column) == "K" and policy.applies(option) for column, option in _KEEPING):
        return Act.KEEP if kind in {"TEXT", "UIDREF"} else None
    if options.get("patient") == "K" and policy.patient_characteristics and kind == row.value_type:
        return None
    if kind == "TEXT" and options.get("descriptors") and policy.applies("clean_descriptors"):
        return None
    if row.basic == "X" or (kind in {"CODE", "NUM"} and kind != row.value_type):
        return Act.REMOVE
    return Act.DUMMY if kind == "TEXT" else None


def _unlisted(kind: str, meanings: tuple[str, ...], nodes: dict[int, Node], policy: Policy) -> Act | None:
    """Decide about a concept that no row names, by what it is called and by its value type."""
    if kind == "NUM" and any(names_identity(meaning, numbers=True) for meaning in meanings):
        return Act.REMOVE
    if kind in {"TEXT", "CODE"} and any(map(names_identity, meanings)):
        if kind == "TEXT":
            return Act.DUMMY
        codes = nodes.get(_VALUE_CODE)
        schemes = [_text(node) for code in (codes.items or () if codes else ()) for node in code if node.tag == _SCHEME]
        if not schemes or any(not scheme or scheme.startswith("99") for scheme in schemes):
            return Act.REMOVE  # a private list of people or places
    return _kept_uid(kind, policy)


def _kept_uid(kind: str, policy: Policy) -> Act | None:
    """Keep a UID where a policy keeps them all, so that it still names what it named."""
    return Act.KEEP if kind == "UIDREF" and policy.applies("retain_uids") else None


def _concept(name: Node | None) -> tuple[tuple[Concept, ...], tuple[str, ...]]:
    """Return the rows of a concept and of those that are said to equal it, and what they are called."""
    rows: list[Concept] = []
    meanings: list[str] = []
    for scheme, code, meaning in _names(name):
        rows += rows_of(scheme, code)
        meanings.append(meaning)
    return tuple(rows), tuple(meanings)


def _names(name: Node | None) -> Iterator[tuple[str, str, str]]:
    """Yield scheme, code and meaning of a concept and of those that are said to equal it."""
    todo = list(name.items or ()) if name is not None else []
    while todo:
        code = {node.tag: node for node in todo.pop()}
        scheme, meaning = _text(code.get(_SCHEME)), _text(code.get(_MEANING))
        yield from ((scheme, _text(code[tag]), meaning) for tag in _CODES if tag in code)
        equal = code.get(_EQUIVALENT)
        todo += (equal.items or ()) if equal is not None else ()


def told(item: list[Node]) -> tuple[str, Node | None]:
    """Return what pass 1 learns from a content item.

    Returns
    -------
    tuple
        The category of what its concept holds (``age`` where that is over 89), empty when it tells nothing; its text.
    """
    nodes = {node.tag: node for node in item}
    if _NAME not in nodes:
        return "", None
    category = next(filter(None, (category_of(scheme, code) for scheme, code, _ in _names(nodes[_NAME]))), "")
    if category == "age" and not tells_age(nodes):
        return "", None
    return category, next((nodes[tag] for tag in rules().value_types["TEXT"] if tag in nodes), None)


@cache
def asked_of_items() -> frozenset[int]:
    """Return the attributes without items that :func:`told` looks at, and what says how their texts are written."""
    return frozenset({*_CODES, _SCHEME, _MEANING, _NUMBER, _CHARACTER_SET, *rules().value_types["TEXT"]})


def _is_standard(item: list[Node]) -> bool:
    """Say whether an item is a code of a public scheme with its own meaning."""
    nodes = {node.tag: node for node in item}
    if _MEANING not in nodes:
        return False
    if _VALUE_TYPE in nodes or _NAME in nodes:
        return False
    scheme, meaning = _text(nodes.get(_SCHEME)), _text(nodes[_MEANING])
    return any(is_standard_meaning(scheme, _text(nodes[tag]), meaning) for tag in _CODES if tag in nodes)


def tells_age(nodes: dict[int, Node]) -> bool:
    """Say whether a number is of 90 years or more in any unit of time; one that cannot be read counts as such."""
    measured = nodes.get(_MEASURED)
    values = [nodes, *({node.tag: node for node in item} for item in (measured.items or () if measured else ()))]
    for value in values:
        units = value.get(_UNITS)
        for unit in (units.items or ()) if units is not None else ():
            per_year = next((rules().years.get(_text(node)) for node in unit if node.tag == _CODES[0]), None)
            if per_year is None:
                continue
            for part in _text(value.get(_NUMBER)).split("\\"):
                try:
                    if float(part) / per_year >= OLDEST + 1:
                        return True
                except ValueError:
                    return True
    return False


def _text(node: Node | None) -> str:
    if node is None or node.items is not None:
        return ""
    return bytes(node.value).decode("utf-8", "replace").strip("\0 ")


def _below(item: list[Node]) -> list[list[Node]]:
    """Return the items of an item's content sequence."""
    node = next((node for node in reversed(item) if node.tag == CONTENT), None)
    return (node.items if node is not None else None) or []


@dataclass(frozen=True)
class Plan:
    """What becomes of the content items of one object.

    Parameters
    ----------
    policy
        The policy in force.
    gone
        Identities of the items of the content tree that go.
    pointers
        New values of references by position, by the identity of their element.
    """

    policy: Policy
    gone: frozenset[int] = frozenset()
    pointers: dict[int, bytes] = field(default_factory=dict)

    def of(self, item: list[Node], sequence: int) -> Ruling:
        """Return what becomes of an item of a sequence; a code that is called as the standard calls it stays so."""
        if sequence != CONTENT and _TELLING.isdisjoint(map(_tag, item)):
            return OWN
        if id(item) in self.gone:
            return GONE
        if self.policy.applies("clean_descriptors") and _is_standard(item):
            return STANDARD
        return ruling(item, self.policy, content=sequence == CONTENT)


def plan_of(items: list[list[Node]], policy: Policy, raw: Callable[[Node, str], bytes], *, little: bool) -> Plan:
    """Decide about a whole content tree.

    Parameters
    ----------
    items
        The items of the data set's own content sequence. They must live as long as the plan.
    policy
        The policy in force.
    raw
        Returns an element's bytes in the file's byte order.
    little
        That byte order.

    Returns
    -------
    Plan
        References by position are counted anew (PS3.3 C.17.3.2.5); one whose target goes, or is none, goes itself.
    """
    places: dict[Place, list[Node]] = {}
    todo: list[Place] = []
    order = "<" if little else ">"

    def enter(items: list[list[Node]], above: Place) -> None:
        for count, item in enumerate(items, 1):
            place = (*above, count)
            places[place] = item
            if ruling(item, policy, content=True).gone:
                todo.append(place)
            enter(_below(item), place)

    enter(items, (1,))
    targets: dict[Place, tuple[Node, Place]] = {}
    pointing: dict[Place, list[Place]] = {}
    for place, item in places.items():
        pointer = next((node for node in reversed(item) if node.tag == _POINTER), None)
        if pointer is not None:
            value = raw(pointer, "UL") if pointer.items is None and pointer.vr in {None, "UL", "UN"} else b""
            target = struct.unpack(f"{order}{len(value) // 4}I", value) if value and not len(value) % 4 else ()
            targets[place] = (pointer, target)
            pointing.setdefault(target, []).append(place)
            if target not in places and target != (1,):
                todo.append(place)

    dead: set[Place] = set()
    while todo:
        place = todo.pop()
        if place not in dead:
            dead.add(place)
            todo += [(*place, count) for count in range(1, len(_below(places[place])) + 1)]
            todo += pointing.get(place, ())

    pointers = {}
    for place, (node, target) in targets.items():
        if place not in dead:
            new = [
                number - sum((*target[:at], n) in dead for n in range(1, number)) for at, number in enumerate(target)
            ]
            pointers[id(node)] = struct.pack(f"{order}{len(new)}I", *new)
    return Plan(policy, frozenset(id(places[place]) for place in dead), pointers)
