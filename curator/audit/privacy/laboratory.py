"""HL7 v2, FHIR and tables without the ranges of their laboratory results, for the detectors.

``12-16`` in OBX-7, in a referenceRange or below ``reference_range`` is no day of a month, and the scrubber keeps it
there, as it does ``6-10`` in the value of a measured observation. Anywhere else it may be one, so it is taken out at
its own place alone, and only when it is a range of numbers and nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from contextlib import suppress
from typing import BinaryIO

from curator.audit.privacy.terms import without_terms
from curator.core.errors import ItemError
from curator.scrub.ranges import is_measured, is_reference_range

#: Kinds of file that have such a place, or one of terms.
RANGED = frozenset({"hl7", "fhir", "cda"})
_CHUNK = 4 << 20
#: A segment OBX (HL7 v2.5.1, 7.4.2); the field's delimiter stands behind its name.
_OBX = re.compile(rb"(?m)(?:^|(?<=[\r\x0b]))OBX([^\w\s])[^\r\n]*")
#: Observation.referenceRange (FHIR R4), as the scrubber writes it; the texts of its own codes lie deeper.
_FHIR = re.compile(rb'"referenceRange":\s*\[(?:[^"\[\]]|"(?:[^"\\]|\\.)*"|\[[^\[\]]*\])*\]')
_TEXT = re.compile(rb'("text":\s*)"([^"\\]*)"')
#: Observation.valueString, and what tells that its observation is a laboratory's; each resource begins with its type.
_VALUE = re.compile(rb'("valueString":\s*)"([^"\\]{1,40})"')
_TYPE = re.compile(rb'"resourceType":')
_MEASURED = re.compile(rb'"referenceRange":|"code":\s*"laboratory"')


class WithoutRanges:
    """A stream whose reading leaves out the ranges, and the terms of :mod:`curator.audit.privacy.terms`.

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
        data = without_terms(self._kind, data)
        if self._kind == "cda":
            return data
        if self._kind == "hl7":
            return _OBX.sub(_without, data)
        return _FHIR.sub(lambda found: _TEXT.sub(_emptied, found[0]), _without_values(data))


def _without(found: re.Match[bytes]) -> bytes:
    """Return an OBX without the ranges in OBX-5 and OBX-7."""
    fields = found[0].split(found[1])
    if len(fields) > 7 and _is_range(fields[7]):
        fields[7] = b""
        beside = True
    else:
        beside = any(one.strip() for one in fields[6:8])
    if len(fields) > 5 and fields[2] == b"ST" and _is_measured(fields[5], fields[3], beside=beside):
        fields[5] = b""
    return found[1].join(fields)


def _without_values(data: bytes) -> bytes:
    """Return FHIR without the values of measured observations that are ranges."""
    out, at = [], 0
    resources = [0, *(one.start() for one in _TYPE.finditer(data)), len(data)]
    measured: dict[int, bool] = {}
    for found in _VALUE.finditer(data):
        if not _is_measured(found[2], b"", beside=True):
            continue
        number = bisect_right(resources, found.start(), hi=len(resources) - 1)
        if number not in measured:  # many values may stand in one resource
            measured[number] = _MEASURED.search(data, resources[number - 1], resources[number]) is not None
        if measured[number]:
            out += [data[at : found.start()], found[1], b'""']
            at = found.end()
    return b"".join([*out, data[at:]])


def ranges_in(stream: BinaryIO) -> Counter[str]:
    """Count the ranges that stand in columns of reference ranges and of results, each as it is written.

    What cannot be read as a table tells of none; whoever reads it for its texts says so.
    """
    from curator.scrub.tabular.medium import tables_of
    from curator.scrub.tabular.ranged import Ranges
    from curator.scrub.tabular.roles import places_in, spec_of

    ranged = places_in("of_a_range") | places_in("of_a_result")
    found: Counter[str] = Counter()
    with suppress(ItemError):
        for table in tables_of(stream)[1]:
            specs = ((at, spec_of(name)) for at, name in enumerate(table.names) if name)
            places = [(spec.place, at) for at, spec in specs if spec is not None]
            told = [(place, at) for place, at in places if place in ranged]
            ranges = Ranges(places)
            for row in table.rows() if told else ():
                found.update(cell for place, at in told if (cell := row[at]) and ranges.is_range(place, cell, row))
    return found


def _emptied(found: re.Match[bytes]) -> bytes:
    return found[1] + b'""' if _is_range(found[2]) else found[0]


def _is_range(value: bytes) -> bool:
    return is_reference_range(value.decode("utf-8", "replace"))


def _is_measured(value: bytes, asked: bytes, *, beside: bool) -> bool:
    words = asked.decode("utf-8", "replace").replace("^", " ")
    return is_measured(value.decode("utf-8", "replace"), beside=beside, asked=words)
