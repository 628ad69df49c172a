"""Cleaning a data set of whose elements whole stretches were cleaned before, for the same person.

The walk tells which elements stand in stretches (:mod:`curator.formats.dicom.stretches`). What becomes of them is
remembered as far as it depends on nothing but themselves, the rules and the person's known identifiers; dates, UIDs and
pseudonyms are worked out in each object. It must never answer from anything but equal bytes under equal creators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from curator.formats.dicom.stretches import Stretch
from curator.scrub.dicom.answers import Creators, Passage, remember
from curator.scrub.dicom.cleaning import Cleaner, Decisions, encodings_of, told
from curator.scrub.dicom.decide import Act
from curator.scrub.dicom.model import Subject
from curator.scrub.dicom.private import CREATOR, PrivateAction, blocks, private_actions, prune_creators
from curator.scrub.dicom.structured import CONTENT
from curator.scrub.dicom.text import DEFAULT, Encodings
from curator.scrub.dicom.tree import Node, Tree
from curator.scrub.policy.model import Policy

_CHARACTER_SET = 0x00080005
#: What is done to elements that depend on study or person.
_PERSONAL = frozenset({Act.UID, Act.DATE, Act.SHIFT, Act.PERSON, "uid", "date"})


class PassageCleaner(Cleaner):
    """Cleans the data set of one tree. Parameters as :class:`curator.scrub.dicom.cleaning.Cleaner`, and the tree.

    Attributes
    ----------
    passages
        Clean elements that are not among those that :meth:`clean` returns.
    """

    def __init__(
        self, decisions: Decisions, subject: Subject, policy: Policy, uid: Callable[[str], str], tree: Tree
    ) -> None:
        super().__init__(decisions, subject, policy, uid)
        structure = tree.structure
        # Only where each element has a place of its own, and nothing is told apart by what stands before it.
        usual = not structure.unordered and not policy.added and CONTENT not in structure.top_tags
        self._stretches = structure.stretches if usual else []
        self._source = tree.nodes
        self.passages: list[Passage] = []

    def actions(self) -> tuple[tuple[str, str, int], ...]:
        """Return (attribute path, action, count), sorted. Private and unknown tags are not told apart."""
        return told(tuple(self._log.items()), tuple(passage.told for passage in self.passages if passage.told))

    def _held(self) -> set[tuple[int, int]]:
        return set().union(*(passage.held for passage in self.passages))

    def _whole(self, nodes: list[Node]) -> list[Node]:
        if not self._stretches or nodes is not self._source:
            return super()._whole(nodes)
        alone, at = [], 0
        for begin, stretch in self._stretches:
            alone += nodes[at:begin]
            at = begin + len(stretch.nodes)
        alone += nodes[at:]
        encodings = next((encodings_of(node) for node in alone if node.tag == _CHARACTER_SET), DEFAULT)
        creators = blocks(alone)
        for _, stretch in self._stretches:
            passage = self._passage(stretch, encodings, creators)
            if passage is None:
                alone += stretch.nodes
            else:
                alone += passage.rest
                self.passages.append(passage)
                self._creators = self._creators or passage.creators
        private: dict[int, PrivateAction] = {}
        if self.private is not None:
            private = private_actions(alone, self.private, creators=creators)
            for passage in self.passages:
                for group, block in passage.used:
                    private[group << 16 | block] = CREATOR
        return self._data_set(alone, "", DEFAULT, nested=False, given=(private, creators))

    def _passage(self, stretch: Stretch, encodings: Encodings, creators: dict[tuple[int, int], str]) -> Passage | None:
        """Return what becomes of a stretch; None when it is met for the first time."""
        group = stretch.first >> 16
        own: Creators = tuple(each for each in creators.items() if each[0][0] == group) if group & 1 else ()
        known, key = self._answers.passages, (id(stretch), encodings, own)
        if key not in known:
            remember(known, key, None)  # most stretches of a short series are not met again
            return None
        found = known[key]
        if found is None:
            found = known[key] = self._made(stretch, encodings, creators)
        return found

    def _made(self, stretch: Stretch, encodings: Encodings, creators: dict[tuple[int, int], str]) -> Passage:
        """Clean the elements of a stretch one by one, and part them by whether what they become may be remembered."""
        private: dict[int, PrivateAction] = {}
        if self.private is not None:
            private = private_actions(stretch.nodes, self.private, creators=creators)
        used = frozenset((tag >> 16, tag & 0xFFFF) for tag, action in private.items() if action is CREATOR)
        log, before = self._log, self._creators
        self._log, self._creators = {}, False
        runs: list[list[Node]] = []
        rest: list[Node] = []
        for some in self._parted(stretch.nodes, private, rest):
            # Mostly all of them are what they seem; else each by itself.
            clean = self._remembered(some, encodings, private, creators)
            if clean is not None:
                runs.append(clean)
                continue
            for node in some:
                clean = self._remembered([node], encodings, private, creators)
                if clean is None:
                    rest.append(node)
                else:
                    runs.append(clean)
        made = Passage(
            [run for run in runs if run], rest, told(tuple(self._log.items())), used, self._creators, stretch
        )
        for run in runs:
            for node in run:
                for item in node.items or ():
                    prune_creators(item)
        self._log, self._creators = log, before
        return made

    def _parted(self, nodes: list[Node], private: dict[int, PrivateAction], rest: list[Node]) -> Iterator[list[Node]]:
        """Yield neighbors among elements, and put those aside that depend on study or person for sure."""
        found: list[Node] = []
        for node in nodes:
            wanted = private.get(node.tag)
            kind = wanted.kind if wanted is not None else self.decisions.of(node.tag, node.vr, False).act
            if kind in _PERSONAL:
                rest.append(node)
                if found:
                    yield found
                found = []
            else:
                found.append(node)
        if found:
            yield found

    def _remembered(
        self,
        nodes: list[Node],
        encodings: Encodings,
        private: dict[int, PrivateAction],
        creators: dict[tuple[int, int], str],
    ) -> list[Node] | None:
        """Clean elements; None, and all that it did undone, when what they become depends on study or person."""
        personal, old, dates, clocked = self.personal, self._old, len(self._dates), len(self._clocked or ())
        log, creator = self._log, self._creators
        self._log = dict(log)
        clean = self._data_set(nodes, "", encodings, nested=False, given=(private, creators))
        if self.personal == personal:
            return clean
        self._log, self._creators, self._old = log, creator, old
        del self._dates[dates:]
        if self._clocked is not None:
            del self._clocked[clocked:]
        return None
