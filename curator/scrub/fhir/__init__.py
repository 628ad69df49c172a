"""FHIR R4 and R5 as JSON: a resource, a Bundle, an array of them, or ndjson (Bulk Data), read line by line.

A medium of :mod:`curator.scrub.medium`. Elements are treated by their types in ``data/elements.tsv``; an element or
extension that is not listed is dropped, a resource of a type that is not listed holds the file back. It must never
print, log or raise a value.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import BinaryIO

from curator.core.errors import ItemError
from curator.engine import hands
from curator.scrub.fhir.clean import Cleaner
from curator.scrub.fhir.harvest import harvest_file
from curator.scrub.fhir.parse import DEEPEST, dump_marked, opened, read_json
from curator.scrub.fhir.values import Values
from curator.scrub.medium import Made, People, RecordHarvest
from curator.scrub.text.moves import Carried, Texts
from curator.scrub.treatment import Treatment

__all__ = ["harvest", "rewrite"]

Marks = list[tuple[int, Carried]]


def harvest(stream: BinaryIO, size: int, treatment: Treatment) -> RecordHarvest:  # noqa: ARG001 - the door's form
    """Read a FHIR file for pass 1. See :class:`curator.scrub.medium.Medium`.

    Raises
    ------
    ItemError
        A code of ``FHR``: the file is held back, its good resources too.
    """
    return harvest_file(opened(stream), treatment)


def rewrite(stream: BinaryIO, out: BinaryIO, people: People, treatment: Treatment) -> Made:
    """Write the clean FHIR file: one resource a line, members in the order of the source.

    Raises
    ------
    ItemError
        A code of ``FHR`` or of a text detector: the file is held back.
    """
    source = opened(stream)
    cleaner = Cleaner(Values(treatment, people), whole=not source.lines)

    def cleaned(part: list[tuple[int, bytes]]) -> tuple[list[tuple[str, Marks]], Counter[tuple[str, str]]]:
        try:
            done = [dump_marked(cleaner.top(read_json(data), place)) for place, data in part]
        except RecursionError:
            raise ItemError("FHR-004", limit=DEEPEST) from None
        return done, cleaner.values.counted()

    digest, texts = hashlib.sha256(), Texts()
    actions: Counter[tuple[str, str]] = Counter()
    for done, counts in hands.spread(hands.parts_of(enumerate(source.written()), lambda one: len(one[1])), cleaned):
        actions.update(counts)
        for line, marks in done:
            texts.add(line + "\n", marks)
            data = f"{line}\n".encode()
            out.write(data)
            digest.update(data)
    listed = tuple(sorted((place, action, count) for (place, action), count in actions.items()))
    return Made(digest.hexdigest(), listed, texts.made())
