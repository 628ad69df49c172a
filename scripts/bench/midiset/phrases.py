"""Clinical phrases with identifiers in them, and which part is which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from midiset.people import WORDS, Visit

_SLOT = re.compile(r"<([a-z]+)>")
_MARKS = " ,.:;-#()"
#: Longest text of a value representation, PS3.5 table 6.2-1.
LONGEST = {"SH": 16, "LO": 64, "ST": 1024, "LT": 10240, "UT": 10240, "UC": 10240}


@dataclass(frozen=True)
class Part:
    """A part of a text: clinical words, or an identifier by the slot that it fills."""

    text: str
    slot: str = ""


def filled(template: str, visit: Visit, rng: Random) -> list[Part]:
    """Return a template's parts, its slots filled with what is of the study's people."""
    parts = [Part(text) if at % 2 == 0 else Part(rng.choice(visit.slots[text]), text)
             for at, text in enumerate(_SLOT.split(template))]  # fmt: skip
    return [part for part in parts if part.text]


def text_of(parts: list[Part]) -> str:
    """Return the text that the parts make."""
    return "".join(part.text for part in parts)


def words_of(part: Part) -> str:
    """Return the words of a clinical part, without marks and labels at its end; empty when no other word is in it."""
    text = part.text.strip(_MARKS)
    while (last := text.rsplit(" ", 1)[-1].strip(_MARKS)) and last in WORDS["labels"]:
        text = text[: -len(last)].rstrip(_MARKS)
    return text if re.search(r"[A-Za-z]{3}", text) else ""


def phrase(keyword: str, vr: str, kind: str, visit: Visit, rng: Random, planted: float) -> list[Part]:
    """Return a phrase for a descriptor that fits its value representation.

    Parameters
    ----------
    keyword, vr
        The attribute.
    kind
        The modality, for descriptions of studies and series.
    planted
        Share of phrases of the latter that get an identifier behind them.
    """
    longest = LONGEST[vr]
    for _ in range(30):
        if keyword in {"StudyDescription", "SeriesDescription"}:
            listed = WORDS["study" if keyword == "StudyDescription" else "series"]
            template = rng.choice(listed.get(kind, listed["other"]))
            if rng.random() < planted:
                template += " " + rng.choice(WORDS["tails"]["short"])
        else:
            template = rng.choice(WORDS["texts"][WORDS["fill"].get(keyword, "comments")])
        made = filled(template, visit, rng)
        if len(text_of(made)) <= longest and not _shared(made):
            return made
    return [Part("ROUTINE"[:longest])]


def _shared(parts: list[Part]) -> bool:
    """Say whether a word stands both in an identifier and in what must stay: no answer could please both checks."""
    words = [
        set(re.findall(r"\w+", "".join(p.text + " " for p in parts if bool(p.slot) is slot).lower()))
        for slot in (False, True)
    ]
    return bool(words[0] & words[1])
