"""Stretches of a data set whose bytes were met before: the headers of a series differ in a few elements only.

What a walk makes of elements at the data set's own level depends on their bytes alone, as long as each tag is greater
than the one before. An element that was the same in two files that follow each other is taken for one that stays so;
neighbors of this sort form a stretch, and where its bytes stand again, its nodes are taken over. Who asks for this must
not change the nodes that it gets. It must never answer from anything but equal bytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import islice, pairwise

from curator.formats.dicom.structure import Node, Repeated

#: The longest element that is looked at.
_LONGEST = 2048
#: Bytes of elements and of stretches, and how many stretches, are remembered; then all is begun anew.
_MOST_BYTES, _MOST = 1 << 20, 4096
#: Stretches that begin with the same header, and elements of the shortest stretch.
_MOST_ALIKE, _LEAST = 8, 4
#: Bytes that a stretch is looked up by: those of a header.
_HEAD = 8
_LATE = 0x7FE00000
_ITEM = b"\xfe\xff\x00\xe0"
_LAST_CREATOR = 0xFF

#: Data sets of fewer elements are walked as quickly without all this.
_SMALL = 64
#: So many more elements than last time, when nothing was learned, are worth a look; and so is every so manieth file.
_MORE, _OFTEN = 4, 8
#: Bytes of a header that are kept until the next file is seen.
_MOST_LATE = 1 << 18

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
    """Stretches by the header that they begin with, of files in explicit VR little endian.

    Parameters
    ----------
    apart
        Tags that stand in no stretch, and that no stretch reaches across.
    """

    def __init__(self, apart: Iterable[int] = ()) -> None:
        #: The stretches by their first bytes, the one met last first.
        self.known: dict[bytes, list[Stretch]] = {}
        #: The tags that stretches begin with.
        self.starts: set[int] = set()
        #: The number of the file at hand.
        self.file = 0
        self._apart = sorted(apart)
        self._latest: dict[bytes, bytes] = {}
        self._bytes = self._held = 0
        self._looked = self._alone = 0
        self._curious = True
        self._tags: list[int] = []
        self._late: tuple[bytes, list[Met]] | None = None

    def find(self, data: bytes, at: int, last: int) -> Stretch | None:
        """Return the stretch met last whose bytes stand at a place; None for none.

        Parameters
        ----------
        data
            The file.
        at
            A place where an element begins.
        last
            The tag before it: a stretch has greater ones.
        """
        alike = self.known.get(data[at : at + _HEAD], [])
        for stretch in alike:
            if data.startswith(stretch.data, at) and stretch.first > last:
                if stretch is not alike[0]:
                    alike.remove(stretch)
                    alike.insert(0, stretch)
                stretch.again, stretch.used = stretch.used == self.file - 1, self.file
                return stretch
        return None

    def begin(self) -> bool:
        """Take the next file; say whether its elements are to be learned from."""
        self.file += 1
        return self._curious or self.file >= self._looked + _OFTEN

    def skip(self, elements: int, inside: int) -> None:
        """Take note of a file that was not learned from: its elements, and those of them that stood in stretches."""
        self._curious = elements >= _SMALL and elements - inside > self._alone + _MORE

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
        tags = [node.tag for node in nodes] + passed
        self._looked = self.file
        if len(tags) < _SMALL:
            self._curious, self._alone = False, 0
            return
        if tags != self._tags:  # a file of another sort teaches nothing; it may when the next one is like it
            end = met[-2][0]
            self._tags, self._curious = tags, True
            self._late = (data[:end], met[:-1]) if end <= _MOST_LATE else None
            return
        if self._bytes > _MOST_BYTES or self._held > _MOST or len(self._latest) > _MOST:
            self.known.clear()
            self.starts.clear()
            self._latest.clear()
            self._bytes = self._held = 0
        latest, held = self._latest, self._held
        if self._late is not None:
            header, places = self._late
            self._late = None
            for (at, _, _, stretch), (stop, _, _, _) in pairwise(places):
                if stretch is None and stop - at <= _LONGEST:
                    latest[header[at : at + 4]] = header[at:stop]
        alone = 0
        before, pieces = -1, 0  # of the stretch that may begin at ``begin``
        begin = place = met[0]
        for behind in islice(met, 1, None):
            at, stop = place[0], behind[0]
            sort = -1
            if place[3] is not None:
                sort = place[3].sort if place[3].again else -1
            elif stop - at <= _LONGEST:
                alone += 1
                element = data[at:stop]
                head = element[:4]
                if latest.get(head) == element:
                    sort = self._sort(place, behind, nodes, passed)
                else:
                    latest[head] = element
            if sort != before or sort < 0:
                if pieces > 1:
                    self._add(data, begin, place, nodes, passed, before)
                begin, before, pieces = place, sort, 0
            pieces += sort >= 0
            place = behind
        if pieces > 1:
            self._add(data, begin, place, nodes, passed, before)
        self._curious, self._alone = self._held > held, alone

    def _sort(self, place: Met, behind: Met, nodes: list[Node], passed: list[int]) -> int:
        """Return what an element that stays has in common with others; -1 for what stands in no stretch."""
        _, first, gone, _ = place
        if behind[1] > first:
            tag = nodes[first].tag
            if not _may_repeat(nodes[first]):
                return -1
        elif behind[2] > gone:
            tag = passed[gone]
        else:
            return -1  # what ends a data set
        if tag >= _LATE or (tag >> 16 & 1 and tag & 0xFFFF <= _LAST_CREATOR):
            return -1
        low, high = bisect_left(self._apart, tag), bisect_right(self._apart, tag)
        return -1 if high > low else tag >> 16 << 16 | low

    def _add(self, data: bytes, begin: Met, end: Met, nodes: list[Node], passed: list[int], sort: int) -> None:
        """Remember what stands between two places, if it is long enough to be worth it."""
        if end[1] - begin[1] + end[2] - begin[2] < _LEAST:
            return
        made = Stretch(data[begin[0] : end[0]], nodes[begin[1] : end[1]], passed[begin[2] : end[2]], sort, self.file)
        head = made.data[:_HEAD]
        alike = self.known.setdefault(head, [])
        old = next((each for each in alike if each.data == made.data), None)
        if old is not None:
            alike.remove(old)
            made = old
        else:
            self._bytes += len(made.data)
            self._held += 1
        self.starts.add(made.first)
        alike.insert(0, made)
        del alike[_MOST_ALIKE:]


def _may_repeat(node: Node) -> bool:
    """Say whether a node says the same wherever its bytes stand: it refers to no place, and was not taken for items."""
    if node.items is not None:
        return not node.items or isinstance(node.items, Repeated)
    return type(node.value) is bytes and not node.fragments and not node.value.startswith(_ITEM)
