"""Sequences whose bytes were met before: their trees are kept, since the objects of a series repeat each other.

What a walk makes of a sequence depends on its bytes alone. Who asks for this must not change the nodes that it gets,
nor tell two of them apart by their identity. It must never answer from anything but equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

from curator.formats.dicom.stretches import Stretches
from curator.formats.dicom.structure import Repeated

#: The longest sequence that is remembered, and how many bytes and sequences are, in all; then it is begun anew.
LONGEST, _MOST_BYTES, _MOST = 2048, 2 << 20, 1 << 13
#: A delimiter that ends a sequence of undefined length, in little endian.
_END = b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
#: Sequences of an attribute that were all new, after which it is not asked for again until everything is begun anew.
_BARREN = 100


class Repeats:
    """Sequences by their bytes, of files in explicit VR little endian and of those in implicit VR, and stretches.

    Parameters
    ----------
    apart
        Tags of the data set's own level that stand in no stretch, and that no stretch reaches across.
    """

    def __init__(self, apart: Iterable[int] = ()) -> None:
        #: Of files in explicit VR.
        self.stretches = Stretches(apart)
        #: By whether the VR is explicit, and the length undefined: then the delimiter is a part of the bytes.
        self._known: dict[tuple[bool, bool], dict[bytes, Repeated]] = {
            (explicit, endless): {} for explicit in (False, True) for endless in (False, True)
        }
        self._bytes = self._held = 0
        self._new: dict[int, int] = {}

    def may_have(self, tag: int) -> bool:
        """Say whether sequences of an attribute are worth asking for: some of the last ones were met before."""
        return self._new.get(tag, 0) < _BARREN

    def find(self, tag: int, key: bytes, explicit: bool, endless: bool) -> Repeated | None:
        """Return the sequence of these bytes, if it was met before, whatever attribute it was then."""
        found = self._known[explicit, endless].get(key)
        self._new[tag] = 0 if found is not None else self._new.get(tag, 0) + 1
        return found

    def keep(self, key: bytes, found: Repeated, explicit: bool, endless: bool) -> None:
        """Remember a sequence."""
        if self._held >= _MOST or self._bytes >= _MOST_BYTES:
            for known in self._known.values():
                known.clear()
            self._new.clear()
            self._bytes = self._held = 0
        self._known[explicit, endless][key] = found
        self._held += 1
        self._bytes += len(key)


def ended(data: bytes, at: int) -> bytes:
    """Return the bytes of a sequence of undefined length up to and with the first delimiter; empty for none nearby."""
    end = data.find(_END, at, at + LONGEST)
    return data[at : end + len(_END)] if end >= 0 else b""
