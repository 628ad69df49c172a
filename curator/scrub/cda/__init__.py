"""C-CDA documents (HL7 CDA R2, C-CDA R2.1): whom one is about, and a clean one in its place.

A document is about one patient; it is rebuilt from the elements that the tables list. What is not listed never passes.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import BinaryIO

from curator.scrub.cda.survey import Survey, merged, survey
from curator.scrub.cda.transform import Walk
from curator.scrub.cda.values import Values
from curator.scrub.cda.xml import Document, Node, parse, write
from curator.scrub.medium import Made, People, RecordHarvest
from curator.scrub.times import at_time
from curator.scrub.treatment import Treatment

SUFFIX = ".xml"
_FAMILY_HISTORY = "10157-6"


def harvest(stream: BinaryIO, size: int, treatment: Treatment) -> RecordHarvest:  # noqa: ARG001 - the door's form
    """Read a document for pass 1. See :class:`curator.scrub.medium.Medium`.

    Raises
    ------
    ItemError
        CDA-001 to CDA-005 when it cannot be read whole; TXT-006 and TXT-008 when a detector fails.
    """
    document = parse(stream)
    found = survey(document.root, treatment.project_date)
    found.over_89 = found.over_89 or _told_old(document.root, treatment)
    return RecordHarvest(SUFFIX, (found.person,), (), tuple(sorted(found.where)))


def _told_old(root: Node, treatment: Treatment) -> bool:
    """Say whether a narrative, but for the family's history, states an age over 89."""
    from curator.detect.text.protocol import find_all

    texts = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        code = node.first("code") if node.name == "section" else None
        if code is not None and code.get("code") == _FAMILY_HISTORY:
            continue
        if node.name == "text":
            texts.append(node.words())
        waiting.extend(reversed(node.elements()))
    return any(one.kind in {"age", "birth-year"} for one in find_all("\n".join(texts), treatment.rules))


def rewrite(stream: BinaryIO, out: BinaryIO, people: People, treatment: Treatment) -> Made:
    """Write the clean document. See :class:`curator.scrub.medium.Medium`.

    Raises
    ------
    ItemError
        As :func:`harvest`, and CDA-006 when the body is another medium than text.
    """
    document = parse(stream)
    found = survey(document.root, treatment.project_date)
    person = people.find(found.mrns) if found.mrns else people.own
    told = [node.get("value") for node in document.root.elements() if node.name == "effectiveTime"]
    person = at_time(replace(person, known=merged(person.known, found.searched)), told, treatment)
    values = Values(person, treatment, _own(found))
    made = write(Document(Walk(values).document(document.root), document.prefix))
    out.write(made)
    actions = tuple(sorted((place, action, count) for (place, action), count in values.counts.items()))
    return Made(hashlib.sha256(made).hexdigest(), actions)


def _own(found: Survey) -> frozenset[tuple[str, str]]:
    return frozenset(found.ids) | frozenset(("", extension) for _, extension in found.ids if extension)
