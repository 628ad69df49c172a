"""``policy test``: what becomes of each attribute of one DICOM file under a policy, found by really rewriting it.

Values are compared here and never leave: a fate names attributes, rules, actions and counts alone. A private attribute
is named only where a public dictionary lists its creator and element; any other may itself be an identifier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from curator.core.errors import ItemError
from curator.scrub.delivery.harvest_pass import fields_of
from curator.scrub.dicom.cleaning import Decisions, name_of
from curator.scrub.dicom.decide import Act, Action
from curator.scrub.dicom.effective import words_of
from curator.scrub.dicom.harvest import harvest
from curator.scrub.dicom.markers import MARKERS
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.dicom.rules import supplement
from curator.scrub.dicom.tree import Node, read_tree
from curator.scrub.dry import lone_subject
from curator.scrub.policy.model import Policy

#: Codes that a person who looked at the pixels lifts: the fates are then those of the accepted file.
LIFTED = frozenset({"DCM-041", "DCM-042", "DCM-043"})
_PRIVATE = Action(Act.REMOVE, "", Act.REMOVE, "private")


@dataclass(frozen=True)
class Fate:
    """What becomes of one attribute, wherever it stands below one path.

    Parameters
    ----------
    path
        Keywords from the top, joined by ``/``; for a known private attribute its tag and creator.
    vr
        The VR that it is handled by; empty when it goes unread.
    action, rule, words
        The decision, who says so, and what it means.
    elements
        How many there are in the file.
    unchanged
        How many of them stand in the result with the same value.
    done
        What the rewriter noted: (action, count), sorted. A value may be noted twice.
    """

    path: str
    vr: str
    action: str
    rule: str
    words: str
    elements: int
    unchanged: int
    done: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Tested:
    """What a policy does with one file.

    Parameters
    ----------
    code
        The code that it would be held back under; None when it would be scrubbed.
    fates
        Of each attribute, in the order of the paths' first appearance; those of the file as accepted where a signed
        record would lift the code, and none where the file cannot be rewritten at all.
    added
        (attribute, count) of what the result holds and the file did not.
    """

    code: str | None
    fates: tuple[Fate, ...]
    added: tuple[tuple[str, int], ...]


def tested(data: bytes, policy: Policy, uid: Callable[[str], str], project_date: str) -> Tested:
    """Rewrite a file and say what became of each of its attributes.

    Parameters
    ----------
    data
        The whole file.
    policy
        The rules.
    uid
        Maps an original UID to its new one.
    project_date
        YYYYMMDD, the day at which ages are judged.

    Returns
    -------
    Tested
        The same for the same arguments.
    """
    code = None
    try:
        found = fields_of(harvest(data))
        if not found["sop_instance_uid"]:
            raise ItemError("SRC-012")
        subject = lone_subject(found, project_date)
        try:
            done = rewrite(data, subject, policy, uid, accepted=False)
        except ItemError as error:
            if error.code not in LIFTED:
                raise
            code = error.code
            done = rewrite(data, subject, policy, uid, accepted=True)
        return _told(data, done.data, dict(_by_path(done.actions)), policy, code)
    except ItemError as error:
        return Tested(code or error.code, (), ())


def _by_path(actions: tuple[tuple[str, str, int], ...]) -> Iterator[tuple[str, tuple[tuple[str, int], ...]]]:
    paths: dict[str, list[tuple[str, int]]] = {}
    for path, action, count in actions:
        paths.setdefault(path, []).append((action, count))
    for path, done in paths.items():
        yield path, tuple(done)


def _told(
    source: bytes, result: bytes, notes: dict[str, tuple[tuple[str, int], ...]], policy: Policy, code: str | None
) -> Tested:
    from curator.formats.dicom.tables import is_report, sop_classes
    from curator.scrub.dicom.rewrite import object_class

    tree = read_tree(source)
    sop_class = object_class(tree, {node.tag: node for node in tree.nodes})
    document = sop_classes()[sop_class].keyword.startswith("Encapsulated")
    decisions = Decisions(policy, document, is_report(sop_class), supplement().images.get(sop_class, ""))
    before, after = _Survey(tree.nodes), _Survey(read_tree(result).nodes)
    fates = []
    for (path, shown, tag, vr, nested), values in before.values.items():
        there = after.at(path, shown)
        same = (values & there).total()
        fate = Fate(shown, "", "marker", "structure", "written anew by the program", values.total(), same, ())
        if shown.rsplit("/", 1)[-1].startswith(("private", "(")):
            # The rewriter does not tell private attributes apart, so what it noted is of them all; the result tells.
            kept = bool(there)
            words = "kept as the table of safe private attributes says" if kept else words_of(_PRIVATE, policy)
            said = ("keep", "option", words) if kept else ("remove", "private", words)
            fate = Fate(shown, "", *said, values.total(), same, ())
        elif nested or tag not in MARKERS:
            action = decisions.of(tag, vr, nested)
            whole = not there and action.act is not Act.REMOVE and nested and path not in notes
            words = "gone with the sequence that it stands in" if whole else words_of(action, policy)
            said = (action.act.value, action.rule, words)
            fate = Fate(shown, action.vr, *said, values.total(), same, notes.get(path, ()))
        fates.append(fate)
    known = {path for path, *_ in before.values}
    lacking = sorted((path, count) for path, count in after.counts().items() if path not in known)
    return Tested(code, tuple(_merged(fates)), tuple(lacking))


def _merged(fates: list[Fate]) -> Iterator[Fate]:
    """Join fates of one path that differ in the file's VR alone."""
    found: dict[tuple[str, str, str, str], Fate] = {}
    for fate in fates:
        key = (fate.path, fate.vr, fate.action, fate.rule)
        first = found.get(key)
        if first is not None:
            fate = replace(fate, elements=first.elements + fate.elements, unchanged=first.unchanged + fate.unchanged)
        found[key] = fate
    yield from found.values()


_Key = tuple[str, str, int, str | None, bool]


class _Survey:
    """The elements of a data set, counted by path and value."""

    def __init__(self, nodes: list[Node]) -> None:
        self.values: dict[_Key, Counter[bytes]] = {}
        self._look(nodes, "", "", nested=False)

    def _look(self, nodes: list[Node], path: str, shown: str, *, nested: bool) -> None:
        creators = _creators(nodes)
        for node in nodes:
            name = name_of(node.tag)
            seen = name if name != "private" else _private_name(node.tag, creators)
            value = b"" if node.items is not None else bytes(node.value).rstrip(b"\0 ")
            # A tag that nobody lists could be made up without end.
            tag = node.tag if name not in {"unknown", "private"} else (0x00090010 if name == "private" else 0x00080003)
            key = (path + name, shown + seen, tag, node.vr if name not in {"unknown", "private"} else None, nested)
            self.values.setdefault(key, Counter())[value] += 1
            for item in (node.items or ()) if nested or node.tag not in MARKERS else ():
                self._look(item, f"{path}{name}/", f"{shown}{seen}/", nested=True)

    def at(self, path: str, shown: str) -> Counter[bytes]:
        """Return the values that stand at a path, whatever their VR."""
        found: Counter[bytes] = Counter()
        for key, values in self.values.items():
            if key[:2] == (path, shown):
                found.update(values)
        return found

    def counts(self) -> Counter[str]:
        """Return how many elements stand at each path."""
        found: Counter[str] = Counter()
        for key, values in self.values.items():
            found[key[0]] += values.total()
        return found


@cache
def _dictionaries() -> dict[str, dict[str, Any]]:
    from pydicom import _private_dict

    listed: dict[str, dict[str, Any]] = _private_dict.__dict__["private_dictionaries"]
    return listed


def _creators(nodes: list[Node]) -> dict[tuple[int, int], str]:
    """Return the private creators that a public dictionary lists, by group and block."""
    found = {}
    for node in nodes:
        group, element = node.tag >> 16, node.tag & 0xFFFF
        if group & 1 and 0x10 <= element <= 0xFF and node.items is None:
            name = bytes(node.value).rstrip(b"\0 ").decode("latin-1")
            if name in _dictionaries():
                found[group, element] = name
    return found


def _private_name(tag: int, creators: dict[tuple[int, int], str]) -> str:
    """Return (gggg,xxee) and the creator where a public dictionary lists both, and ``private`` otherwise."""
    group, element = tag >> 16, tag & 0xFFFF
    creator = creators.get((group, element if element <= 0xFF else element >> 8))
    if creator is None:
        return "private"
    if element <= 0xFF:
        return f"({group:04X},00xx) {creator}"
    pattern = f"{group:04X}xx{element & 0xFF:02X}"
    listed = {key.upper().replace("X", "x") for key in _dictionaries()[creator]}
    return f"({pattern[:4]},{pattern[4:]}) {creator}" if pattern in listed else "private"
