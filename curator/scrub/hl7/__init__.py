"""HL7 v2 messages: one or many in a file, in batches or framed for a wire, read one message at a time.

A medium of :mod:`curator.scrub.medium`. Fields are treated by their types in ``data/segments.tsv``; a field that is not
listed and a Z segment are dropped, an unknown segment of the standard holds the file back. It must never print, log or
raise a value.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import BinaryIO

from curator.core.errors import ItemError
from curator.engine import hands
from curator.scrub.fhir.values import Values
from curator.scrub.hl7.clean import Cleaner
from curator.scrub.hl7.harvest import harvest_messages
from curator.scrub.hl7.parse import Message, read_messages
from curator.scrub.medium import Made, People, RecordHarvest
from curator.scrub.treatment import Treatment

__all__ = ["harvest", "rewrite"]


def harvest(stream: BinaryIO, size: int, treatment: Treatment) -> RecordHarvest:  # noqa: ARG001 - the door's form
    """Read a file of messages for pass 1. See :class:`curator.scrub.medium.Medium`.

    Raises
    ------
    ItemError
        A code of ``HLS``: the file is held back, its good messages too.
    """
    return harvest_messages(read_messages(stream), treatment)


def rewrite(stream: BinaryIO, out: BinaryIO, people: People, treatment: Treatment) -> Made:
    """Write the clean messages in their order and character sets, every segment ended by a carriage return.

    Raises
    ------
    ItemError
        A code of ``HLS`` or of a text detector: the file is held back.
    """
    cleaner = Cleaner(Values(treatment, people))

    def cleaned(part: list[tuple[int, Message]]) -> tuple[list[bytes], Counter[tuple[str, str]]]:
        try:
            made = [cleaner.message(message, place).encode(message.charset) for place, message in part]
        except UnicodeEncodeError:
            raise ItemError("HLS-005") from None
        return made, cleaner.values.counted()

    digest = hashlib.sha256()
    actions: Counter[tuple[str, str]] = Counter()
    for done, counts in hands.spread(hands.parts_of(enumerate(read_messages(stream)), _size), cleaned):
        actions.update(counts)
        for made in done:
            out.write(made)
            digest.update(made)
    return Made(digest.hexdigest(), tuple(sorted((place, action, count) for (place, action), count in actions.items())))


def _size(one: tuple[int, Message]) -> int:
    return sum(len(value) for segment in one[1].segments for value in segment.fields)
