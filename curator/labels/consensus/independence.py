"""Whether a reader was shown another's label of the sample before signing the own one: what the ledger proves of it.

What is proven is proven for what the ledger held and what worklists handed out: nobody keeps a record of what people
tell each other, or look up with the ledger's own commands. Four words, the first that holds:

``not-independent``
    The label says so, or a record does: its author reviewed or judged another reader's label of the sample before, or
    was given a worklist with others' labels of it.
``proven``
    The author signed it, it names no proposed label, and either no other reader's label of the sample was in the ledger
    yet, or another person's record says that the reader was given the sample without others' labels before.
``asserted``
    The label says ``independent``; the author, or for an attested label the signer, vouches for it.
``unknown``
    Nothing says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from curator.labels.consensus.opinions import Shown, Signed, Story, Unit

PROVEN, ASSERTED, UNKNOWN, NOT = "proven", "asserted", "unknown", "not-independent"
WORDS = (PROVEN, ASSERTED, UNKNOWN, NOT)
#: What informationShown says of others' labels.
OTHER_READS = "other-reads"


@dataclass(frozen=True)
class Independence:
    """What is known of one label: the word, on whose word it rests if it is asserted, and what it rests on."""

    word: str
    by: str = ""
    on: str = ""


@dataclass
class Known:
    """The records of a story, by what is asked of them."""

    _by_sample: dict[str, list[Signed]] = field(default_factory=dict)
    _shown: dict[tuple[str, str], list[Shown]] = field(default_factory=dict)
    _judged: dict[tuple[str, str], int] = field(default_factory=dict)

    @staticmethod
    def of(story: Story) -> Known:
        """Sort the records of a story."""
        made = Known()
        where = {}
        for one in story.signed:
            made._by_sample.setdefault(one.sample.uid, []).append(one)
            where[one.label_id] = one
        for shown in story.shown:
            for digest in shown.samples:
                made._shown.setdefault((shown.to, digest), []).append(shown)
        for index, person, names in story.judged:
            for name in names:
                label = where.get(name)
                if label is not None and label.author != person:
                    made._judged.setdefault((person, label.sample.uid), index)
        return made

    def of_label(self, label: Signed) -> Independence:
        """Say what is known of one label."""
        said = label.said
        if said.get("independent") is False or OTHER_READS in said.get("informationShown", ()):
            return Independence(NOT, on="the label says so")
        judged = self._judged.get((label.author, label.sample.uid))
        if judged is not None and judged < label.index:
            return Independence(NOT, on="reviewed or judged another label of the sample before")
        given = [one for one in self._shown.get((label.author, label.sample.sha256), ()) if one.index < label.index]
        if any(one.labels is True for one in given):
            return Independence(NOT, on="was given others' labels before")
        proposed = said.get("preLabel", {}).get("shown")
        if not label.attested and proposed is not True:
            before = self._by_sample[label.sample.uid]
            if all(one.author == label.author or one.index > label.index for one in before):
                return Independence(PROVEN, on="signed before any other label of the sample")
            if any(one.labels is False and one.by != label.author for one in given):
                return Independence(PROVEN, on="given without others' labels, and signed after")
        if said.get("independent") is True:
            return Independence(ASSERTED, by=label.signer, on="the label says so")
        return Independence(UNKNOWN)

    def of_unit(self, unit: Unit) -> Independence:
        """Say what is known of all opinions of a question: the weakest word of theirs."""
        found = [self.of_label(one.signed) for one in unit.opinions]
        word = max((one.word for one in found), key=WORDS.index)
        names = sorted({one.by for one in found if one.word == ASSERTED})
        return Independence(word, by=", ".join(names) if word == ASSERTED else "")


def counted(units: Iterable[tuple[Unit, Independence]]) -> dict[str, Any]:
    """Count questions by what is known, and the people on whose word it rests."""
    counts = dict.fromkeys(WORDS, 0)
    people: set[str] = set()
    for _, one in units:
        counts[one.word] += 1
        people |= set(filter(None, one.by.split(", ")))
    return {"questions": counts, "assertedBy": sorted(people)}


def document(known: Known, unit: Unit) -> list[Mapping[str, str]]:
    """Return what is known of each opinion of a question, in the order of the ledger."""
    made: list[Mapping[str, str]] = []
    for one in unit.opinions:
        found = known.of_label(one.signed)
        told = {"labelId": one.signed.label_id, "reader": one.reader, "independence": found.word}
        made.append(told | {name: text for name, text in (("by", found.by), ("on", found.on)) if text})
    return made
