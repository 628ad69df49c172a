"""Stretches of a data set whose bytes were met before: the headers of a series differ in a few elements only.

What a walk makes of elements at the data set's own level depends on their bytes alone, as long as each tag is greater
than the one before. An element that was the same in two files that follow each other is taken for one that stays so;
neighbors of this sort form a stretch, and where its bytes stand again, its nodes are taken over. Who asks for this must
not change the nodes that it gets. It must never answer from anything but equal bytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from curator.formats.dicom.structure import Node, Repeated

#: The longest element that is looked at.
_LONGEST = 2048
#: Bytes of elements and of stretches, and how many stretches, are remembered; then all is begun anew.
_MOST_BYTES, _MOST = 1 << 20, 4096
#: Stretches that begin with the same header.
_MOST_ALIKE = 8
#: Bytes that a stretch is looked up by: those of a header.
_HEAD = 8
_LATE = 0x7FE00000
_ITEM = b"\xfe\xff\x00\xe0"
_LAST_CREATOR = 0xFF

#: So many more elements than last time, when nothing was learned, are worth a look; and so is every so manieth file.
_MORE, _OFTEN = 4, 8

#: Where an element or a stretch begins, how many nodes and tags that were passed over there were before it, and which
#: stretch it is.
Met = tuple[int, int, int, "Stretch | None"]


class Stretch:
    """Neighboring elements of a data set's own level. Nobody changes them.

    Attributes
    ----------
    data
        Their bytes.
    nodes, passed
        Their nodes; the tags of those that are not handed on.
    elements, items, depth
        What the walk counts, at all depths.
    first, last
        The least and the greatest tag.
    sort
        What they have in common.
    used, again
        The number of the file in which they were met last, and whether they stood in the one before that too.
    """

    __slots__ = ("again", "data", "depth", "elements", "first", "items", "last", "nodes", "passed", "sort", "used")

    def __init__(self, data: bytes, nodes: list[Node], passed: list[int], sort: int, used: int) -> None:
        self.data, self.nodes, self.passed, self.sort = data, nodes, passed, sort
        self.used, self.again = used, False
        tags = [node.tag for node in nodes] + passed
        self.first, self.last = min(tags), max(tags)
        inside = [node.items for node in nodes if isinstance(node.items, Repeated)]
        self.elements = len(nodes) + len(passed) + sum(each.elements for each in inside)
        self.items = sum(each.held for each in inside)
        self.depth = max((1 + each.depth if each else 1 for each in inside), default=0)


class Stretches:
    """Stretches by the header that they begin with, of files in one encoding.

    Parameters
    ----------
    apart
        Tags that stand in no stretch, and that no stretch reaches across.
    """

    def __init__(self, apart: Iterable[int] = ()) -> None:
        #: The stretches by their first bytes, the longest first.
        self.known: dict[bytes, tuple[Stretch, ...]] = {}
        #: The number of the file at hand.
        self.file = 0
        self._apart = sorted(apart)
        self._latest: dict[bytes, bytes] = {}
        self._bytes = self._held = 0
        self._settled = self._looked = 0

    def find(self, data: bytes, at: int, last: int) -> Stretch | None:
        """Return the longest stretch whose bytes stand at a place; None for none.

        Parameters
        ----------
        data
            The file.
        at
            A place where an element begins.
        last
            The tag before it: a stretch has greater ones.
        """
        for stretch in self.known.get(data[at : at + _HEAD], ()):
            if data.startswith(stretch.data, at) and stretch.first > last:
                stretch.again, stretch.used = stretch.used == self.file - 1, self.file
                return stretch
        return None

    def learn(self, data: bytes, met: list[Met], nodes: list[Node], passed: list[int]) -> None:
        """Look at the elements of a file that stood in no stretch, and join stretches that follow each other again.

        Parameters
        ----------
        data
            The file, in which each tag of the data set's own level is greater than the one before.
        met
            The elements and stretches in order, and where the last of them ended.
        nodes, passed
            All nodes of the level, and all tags that were passed over.
        """
        if len(met) <= self._settled + _MORE and self.file < self._looked + _OFTEN:
            return
        if self._bytes > _MOST_BYTES or self._held > _MOST:
            self.known.clear()
            self._latest.clear()
            self._bytes = self._held = 0
        held, self._looked = self._held, self.file
        before, pieces = -1, 0  # of the stretch that may begin at ``begin``
        begin = place = met[0]
        for behind in met[1:]:
            sort = self._sort(data, place, behind, nodes, passed)
            if sort != before or sort < 0:
                if pieces > 1:
                    self._add(data, begin, place, nodes, passed, before)
                begin, before, pieces = place, sort, 0
            pieces += sort >= 0
            place = behind
        if pieces > 1:
            self._add(data, begin, place, nodes, passed, before)
        self._settled = len(met) if self._held == held else 0

    def _sort(self, data: bytes, place: Met, behind: Met, nodes: list[Node], passed: list[int]) -> int:
        """Return what an element or a stretch that stays has in common with others; -1 for what stands in none."""
        at, first, gone, stretch = place
        if stretch is not None:
            return stretch.sort if stretch.again else -1
        if not 0 < behind[0] - at <= _LONGEST:
            return -1
        element = data[at : behind[0]]
        head = element[:4]
        old = self._latest.get(head)
        if old != element:
            self._latest[head] = element
            self._bytes += len(element) - (len(old) if old else 0)
            return -1
        if behind[1] > first and not _may_repeat(nodes[first]):
            return -1
        tag = nodes[first].tag if behind[1] > first else passed[gone]
        if tag >= _LATE or (tag >> 16 & 1 and tag & 0xFFFF <= _LAST_CREATOR):
            return -1
        low, high = bisect_left(self._apart, tag), bisect_right(self._apart, tag)
        return -1 if high > low else tag >> 16 << 16 | low

    def _add(self, data: bytes, begin: Met, end: Met, nodes: list[Node], passed: list[int], sort: int) -> None:
        """Remember what stands between two places."""
        made = Stretch(data[begin[0] : end[0]], nodes[begin[1] : end[1]], passed[begin[2] : end[2]], sort, self.file)
        head = made.data[:_HEAD]
        alike = self.known.get(head, ())
        if any(each.data == made.data for each in alike):
            return
        if len(alike) == _MOST_ALIKE:
            oldest = min(alike, key=lambda each: each.used)
            alike = tuple(each for each in alike if each is not oldest)
        self.known[head] = tuple(sorted((made, *alike), key=lambda each: -len(each.data)))
        self._bytes += len(made.data)
        self._held += 1


def _may_repeat(node: Node) -> bool:
    """Say whether a node says the same wherever its bytes stand: it refers to no place, and was not taken for items."""
    if node.items is not None:
        return not node.items or isinstance(node.items, Repeated)
    return type(node.value) is bytes and not node.fragments and not node.value.startswith(_ITEM)
