"""Applying the decisions to a tree: what stays, what becomes what, and a count of what was done.

Walks every element at every depth; :mod:`curator.scrub.dicom.values` handles the values that stay. It must never write
a value into its notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from curator.formats.dicom.structure import Repeated
from curator.scrub.dicom.answers import LONGEST, Answer, Answers, Asked, Noted, Settlement, answers_of, remember
from curator.scrub.dicom.csa import rewrite_csa
from curator.scrub.dicom.decide import Act, Action, Context, decide, keyword_of, known_tag
from curator.scrub.dicom.dimensions import SEQUENCE as DIMENSIONS
from curator.scrub.dicom.dimensions import without_private
from curator.scrub.dicom.encode import Settled, swapped, unit_of
from curator.scrub.dicom.groups import values_of
from curator.scrub.dicom.model import Subject
from curator.scrub.dicom.plain import MOST_PLAIN, is_plain
from curator.scrub.dicom.private import (
    PrivateAction,
    Steps,
    blocks,
    fits,
    private_actions,
    prune_creators,
    step_of,
    table_of,
)
from curator.scrub.dicom.rules import supplement
from curator.scrub.dicom.structured import CONTENT, Plan, plan_of
from curator.scrub.dicom.text import DEFAULT, Encodings, character_set
from curator.scrub.dicom.tree import Node
from curator.scrub.dicom.values import HANDLERS, Values
from curator.scrub.policy.model import Policy

_CHARACTER_SET = 0x00080005
_NO_ACTS: Mapping[int, Act] = {}
_INNER = frozenset({Act.WALK, Act.CONTENT})
#: The bit of a tag that makes its group odd: private.
_ODD_GROUP = 1 << 16
#: What follows from a value, its attribute and the person's known identifiers alone.
_REPEATABLE = frozenset({Act.KEEP, Act.CLEAN, Act.SCREEN})
#: What is done without reading the element, be it a value or a sequence.
_UNREAD = frozenset({Act.REMOVE, Act.EMPTY, Act.DUMMY, Act.FIXED})
#: What the table of private attributes lets stay, by what is done with it.
_PRIVATE = {"keep": Act.KEEP, "uid": Act.UID, "date": Act.DATE, "text": Act.CLEAN}


class Decisions:
    """The decision function with its answers remembered. One for each policy and kind of object."""

    def __init__(self, policy: Policy, document: bool, report: bool = False, image: str = "") -> None:
        self.policy = policy
        self._contexts = (Context(False, document, report, image), Context(True, document, report, image))
        #: Answers for attributes of the data set's own level, and of those below.
        self.known: tuple[dict[tuple[int, str | None], Action], ...] = ({}, {})

    def of(self, tag: int, vr: str | None, nested: bool) -> Action:
        """Return the decision about an attribute."""
        known = self.known[nested]
        found = known.get((tag, vr))
        if found is None:
            found = decide(tag, vr, self._contexts[nested], self.policy)
            if known_tag(tag):  # a hostile file cannot fill the memory with tags that it makes up
                known[tag, vr] = found
        return found


class Cleaner(Values):
    """Cleans one data set.

    Parameters
    ----------
    decisions
        The rules.
    subject
        The person.
    policy
        The policy in force.
    uid
        Maps UIDs.
    """

    def __init__(self, decisions: Decisions, subject: Subject, policy: Policy, uid: Callable[[str], str]) -> None:
        super().__init__(subject, policy, uid)
        self.decisions = decisions
        self.private = table_of(policy)
        self._plan = Plan(policy)
        self._creators = False  # whether a private creator stayed so far

    def actions(self) -> tuple[tuple[str, str, int], ...]:
        """Return (attribute path, action, count), sorted. Private and unknown tags are not told apart."""
        return told(tuple(self._log.items()))

    def clean(self, nodes: list[Node], *, little: bool) -> list[Node]:
        """Return the clean data set of a file's top level. Nodes of the source may be taken over and changed."""
        self.little = little
        recipe = self.policy.recipe
        if recipe is not None and recipe.searched:
            self._search(self.known + tuple(values_of(nodes, recipe.searched)))
            self._answers = Answers()  # what is searched for is this object's own
        else:
            self._answers = answers_of(self.searched, self.decisions, little)
        whole = without_private(nodes, self._names_public)
        if whole is not nodes:
            self.note("", DIMENSIONS, "removed")
        made = self._whole(whole)
        self._set_clock(nodes)
        self._add(made)
        self._hide_age()
        if self._creators:
            prune_creators(made, self._held())
        return made

    def _names_public(self, node: Node) -> bool:
        """Say whether a pointer names public attributes, and nothing keeps it from staying."""
        value = self._value(node, "AT") if node.items is None and not node.fragments else b""
        return len(value) % 4 == 0 and all(self._points(value[at : at + 4]) for at in range(0, len(value), 4))

    def _whole(self, nodes: list[Node]) -> list[Node]:
        """Return the clean elements of the top level."""
        return self._data_set(nodes, "", DEFAULT, nested=False)

    def _held(self) -> set[tuple[int, int]]:
        """Return the private blocks of clean elements of the top level that are kept elsewhere."""
        return set()

    def _data_set(
        self,
        nodes: list[Node],
        path: str,
        encodings: Encodings,
        *,
        nested: bool,
        above: Steps = (),
        acts: Mapping[int, Act] = _NO_ACTS,
        given: tuple[dict[int, PrivateAction], dict[tuple[int, int], str]] | None = None,
    ) -> list[Node]:
        made: list[Node] = []
        private, creators = given or ({}, {})
        by_tag = {node.tag: node for node in nodes}
        table = self.private
        if (
            given is None
            and table is not None
            and (any(map(_ODD_GROUP.__and__, by_tag)) or (above and not table.public.isdisjoint(by_tag)))
        ):
            private, creators = private_actions(nodes, table, above), blocks(nodes)
        if by_tag.pop(_CHARACTER_SET, None) is not None:
            for node in nodes:
                if node.tag == _CHARACTER_SET:
                    encodings = self._character_set(node, made, path)
        decisions, handlers = self.decisions, HANDLERS
        known, answers = decisions.known[nested], self._answers.of(nested, encodings)
        for tag, node in by_tag.items():
            if tag in private:
                self._private(node, private[tag], made, path, encodings, (*above, step_of(tag, creators)))
                continue
            value, ruled = node.value, acts.get(tag)
            asked: Asked = (tag, node.vr, value) if ruled is None else (tag, node.vr, value, ruled)
            short = type(value) is bytes and len(value) <= LONGEST and node.items is None and not node.fragments
            if short and (answer := answers.get(asked)) is not None:
                if answer.value is not None:
                    made.append(node if answer.kept else Node(tag, answer.vr, answer.value))
                for said in answer.notes:
                    self.note(path, tag, said)
                continue
            action = known.get((tag, node.vr)) or decisions.of(tag, node.vr, nested)
            if ruled is not None:
                action = overruled(action, ruled)
            act = action.act
            if short and act in _REPEATABLE and action.vr != "SQ":
                personal = self.personal
                answer = self._answer(node, action, encodings)
                if self.personal == personal:  # people of whom equally much is known share their answers
                    remember(answers, asked, answer)
                if answer.value is not None:
                    made.append(node if answer.kept else Node(tag, answer.vr, answer.value))
                for said in answer.notes:
                    self.note(path, tag, said)
                continue
            if act in _UNREAD:
                if node.fragments:
                    self.note(path, tag, "removed")
                else:
                    self._replace(node, action, act, made, path)
                continue
            if (node.items is None) is (action.vr == "SQ"):
                if node.items is None and not node.value:
                    node = Node(tag, "SQ", items=[])
                else:
                    self.note(path, tag, "unfit")
                    continue
            if node.fragments and act is not Act.PIXELS:
                self.note(path, tag, "removed")
            elif act in _INNER:
                inside = (*above, step_of(tag, creators)) if self.private is not None else ()
                items = self._items(node, path, encodings, nested=nested, above=inside)
                # A content sequence without items is none (PS3.3 Table C.17.3-1); another that lost all is not valid.
                if items or (tag != CONTENT and (not node.items or tag in supplement().empty)):
                    made.append(Node(tag, "SQ", items=items))
            else:
                handle = handlers.get(act)
                if handle is None:
                    self._replace(node, action, act, made, path)
                    continue
                # Other objects may have this node too: what a handler may change is a node of its own.
                if act in _REPEATABLE or node.vr != action.vr or type(node.value) is not bytes:
                    node = Node(tag, action.vr, self._value(node, action.vr))
                handle(self, node, action, made, path, encodings)
        return made

    def _answer(self, node: Node, action: Action, encodings: Encodings) -> Answer:
        """Say what becomes of a value that is handled by itself."""
        tag, vr, value = node.tag, action.vr, bytes(node.value)
        if (
            action.act is Act.KEEP
            and self.little
            and self.matcher.usual
            and (node.vr == vr or node.vr is None)
            and len(value) <= MOST_PLAIN
            and is_plain(tag, vr, value)
        ):
            return Answer(node.vr == vr, vr, value)
        alone: list[Node] = []
        log, self._log = self._log, {}
        HANDLERS[action.act](self, Node(tag, vr, self._value(node, vr)), action, alone, "", encodings)
        notes = tuple(said for (_, _, said), count in self._log.items() for _ in range(count))
        self._log = log
        if not alone:
            return Answer(False, vr, None, notes)
        new = bytes(alone[0].value)
        return Answer(alone[0].vr == node.vr and new == value, alone[0].vr or vr, new, notes)

    def _private(
        self, node: Node, wanted: PrivateAction, made: list[Node], path: str, encodings: Encodings, inside: Steps
    ) -> None:
        """Carry out what the table of private attributes says of an element."""
        tag, vr = node.tag, wanted.vr
        if wanted.kind == "remove":
            self.note(path, tag, "removed")
        elif wanted.kind == "creator":
            self._creators = True
            made.append(Node(tag, "LO", node.value))
        elif node.fragments or (node.items is None) is (vr == "SQ"):
            self.note(path, tag, "unfit")
        elif node.items is not None:
            made.append(Node(tag, "SQ", items=self._items(node, path, encodings, nested=True, above=inside)))
        else:
            assert wanted.row is not None
            value = self._value(node, vr)
            new = rewrite_csa(value) if wanted.kind == "csa" else value
            if new is None or wanted.kind == "person" or not fits(wanted.row, vr, value):
                self.note(path, tag, "unfit")
                return
            fresh, action = Node(tag, vr, new), Action(_PRIVATE.get(wanted.kind, Act.KEEP), vr, Act.REMOVE, "private")
            if wanted.kind == "csa":
                made.append(fresh)
                self._settle_bytes(fresh, made, path)
            else:
                HANDLERS[action.act](self, fresh, action, made, path, encodings)

    def _items(self, node: Node, path: str, encodings: Encodings, *, nested: bool, above: Steps) -> list[list[Node]]:
        """Clean the items of a sequence; those of one that was met before become what they became then."""
        source = node.items
        if not isinstance(source, Repeated) or self._plan.gone or self._plan.pointers:
            return self._new_items(node, path, encodings, nested=nested, above=above)
        known, key = self._answers.sequences, (id(source), node.tag, path, above, encodings)
        found = known.get(key)
        if found is None:
            log, creators, personal = self._log, self._creators, self.personal
            self._log, self._creators = {}, False
            items = Settled(self._new_items(node, path, encodings, nested=nested, above=above))
            found = Settlement(items, tuple(self._log.items()), self._creators, source)
            self._log, self._creators = log, creators
            if self.personal == personal:
                remember(known, key, found)
        for noted, count in found.notes:
            self._log[noted] = self._log.get(noted, 0) + count
        self._creators = self._creators or found.creators
        return found.items

    def _new_items(
        self, node: Node, path: str, encodings: Encodings, *, nested: bool, above: Steps
    ) -> list[list[Node]]:
        """Clean the items of a sequence; content items as their concepts say."""
        assert node.items is not None
        if node.tag == CONTENT and not nested:
            self._plan = plan_of(node.items, self.policy, self._value, little=self.little)
        below = f"{path}{name_of(node.tag)}/"
        made = []
        for item in node.items:
            ruling = self._plan.of(item, node.tag)
            if ruling.gone:
                self.note(path, node.tag, "removed")
                continue
            if self._plan.pointers:
                item = [
                    Node(each.tag, "UL", new) if (new := self._plan.pointers.get(id(each))) else each for each in item
                ]
            made.append(self._data_set(item, below, encodings, nested=True, above=above, acts=ruling.acts))
        return made

    def _add(self, made: list[Node]) -> None:
        """Add the attributes that the policy's recipe adds to the top of each object."""
        there = {node.tag for node in made}
        for tag in sorted(self.policy.added.keys() - there):
            action = self.decisions.of(tag, None, False)
            self._replace(Node(tag, action.vr), action, action.act, made, "", "added")

    def _value(self, node: Node, vr: str) -> bytes:
        """Return an element's bytes in the file's byte order (UN is always little endian, PS3.5 section 6.2.2)."""
        value = bytes(node.value)
        size = unit_of(vr)
        return swapped(value, vr) if node.vr == "UN" and not self.little and not len(value) % size else value

    def _character_set(self, node: Node, made: list[Node], path: str) -> Encodings:
        found = character_set(bytes(node.value)) if node.items is None else None
        if found is None:
            self.note(path, node.tag, "unfit")
            return DEFAULT
        made[:] = [Node(node.tag, "CS", found[0])]
        return encodings_of(node)


def encodings_of(node: Node) -> Encodings:
    """Return how texts are encoded behind a Specific Character Set."""
    found = character_set(bytes(node.value)) if node.items is None else None
    return found[1] if found is not None and found[0] not in {b"", b"ISO_IR 6"} else DEFAULT


@lru_cache(maxsize=256)  # the files of a series are treated alike
def told(
    log: tuple[Noted, ...], before: tuple[tuple[tuple[str, str, int], ...], ...] = ()
) -> tuple[tuple[str, str, int], ...]:
    """Return (attribute path, action, count), sorted, of what was noted and of what was told before."""
    counts: dict[tuple[str, str], int] = {}
    for path, action, count in chain.from_iterable(before):
        counts[path, action] = counts.get((path, action), 0) + count
    for (path, tag, action), count in log:
        key = (path + name_of(tag), action)
        counts[key] = counts.get(key, 0) + count
    return tuple((path, action, count) for (path, action), count in sorted(counts.items()))


def overruled(action: Action, act: Act) -> Action:
    """Return the decision about a content item's value where its concept says another than the attribute's rule."""
    if action.rule in {"policy", "recipe"} or action.act in {Act.REMOVE, Act.WALK}:
        return action
    if act is Act.KEEP:  # what an option retains
        return replace(action, act=Act.UID if action.vr == "UI" else Act.KEEP, rule="retained")
    return replace(action, act=act)


@lru_cache(maxsize=8192)
def name_of(tag: int) -> str:
    """Return how an attribute is named in a journal: its keyword; its tag when it has none; never a private tag."""
    if (tag >> 16) & 1:
        return "private"
    return keyword_of(tag) or ("group-length" if not tag & 0xFFFF else "unknown")


def walk(nodes: list[Node], path: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every element at every depth with the path of the sequence that it stands in."""
    for node in nodes:
        yield path, node
        for item in node.items or ():
            yield from walk(item, f"{path}{name_of(node.tag)}/")
