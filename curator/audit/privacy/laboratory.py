"""HL7 v2 and FHIR without the reference ranges of their laboratory results, for the detectors.

``12-16`` in OBX-7 or in a referenceRange is no day of a month, and the scrubber keeps it there. Anywhere else it may be
one, so it is taken out at its own place alone, and only when it is a range of numbers and nothing else.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from curator.scrub.ranges import is_reference_range

#: Kinds of file that have such a place.
RANGED = frozenset({"hl7", "fhir"})
_CHUNK = 4 << 20
#: OBX-7 (HL7 v2.5.1, 7.4.2.7); the field's delimiter stands behind the segment's name.
_OBX = re.compile(rb"(?m)(?:^|(?<=[\r\x0b]))(OBX([^\w\s])(?:(?:(?!\2)[^\r\n])*\2){6})((?:(?!\2)[^\r\n])+)")
#: Observation.referenceRange (FHIR R4), as the scrubber writes it; the texts of its own codes lie deeper.
_FHIR = re.compile(rb'"referenceRange":\s*\[(?:[^"\[\]]|"(?:[^"\\]|\\.)*"|\[[^\[\]]*\])*\]')
_TEXT = re.compile(rb'("text":\s*)"([^"\\]*)"')


class WithoutRanges:
    """A stream whose reading leaves the ranges out.

    Parameters
    ----------
    kind
        One of :data:`RANGED`.
    stream
        The clean file at its start.
    """

    def __init__(self, kind: str, stream: BinaryIO) -> None:
        self._kind = kind
        self._stream = stream
        self._held = b""

    def read(self, _size: int = -1) -> bytes:
        """Return the next whole segments or lines, and nothing at the end."""
        while piece := self._stream.read(_CHUNK):
            data = self._held + piece
            cut = max(data.rfind(b"\r"), data.rfind(b"\n")) + 1
            self._held = data[cut:]
            if cut:
                return self._cleaned(data[:cut])
        data, self._held = self._held, b""
        return self._cleaned(data)

    def _cleaned(self, data: bytes) -> bytes:
        if self._kind == "hl7":
            return _OBX.sub(lambda found: found[1] if _is_range(found[3]) else found[0], data)
        return _FHIR.sub(lambda found: _TEXT.sub(_emptied, found[0]), data)


def _emptied(found: re.Match[bytes]) -> bytes:
    return found[1] + b'""' if _is_range(found[2]) else found[0]


def _is_range(value: bytes) -> bool:
    return is_reference_range(value.decode("utf-8", "replace"))
