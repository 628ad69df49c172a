"""Synthetic notes from templates: <name> draws an identifier, <~name> what is none, [[a||b]] chooses. Seeded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from textset.values import Values

HERE = Path(__file__).resolve().parent
_CHOICE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_SLOT = re.compile(r"<(~?[a-z0-9.]+)>")


@dataclass(frozen=True)
class Note:
    """A made-up note and where its identifiers stand: (start, end, category, kind)."""

    id: str
    style: str
    text: str
    gold: tuple[tuple[int, int, str, str], ...]


def templates(split: str) -> list[tuple[str, str]]:
    """Return (style, template) pairs."""
    blocks = (HERE / f"{split}.txt").read_text(encoding="utf-8").split("\n=== ")[1:]
    return [(block.split("\n", 1)[0].strip(), block.split("\n", 1)[1].strip("\n")) for block in blocks]


def notes(split: str, count: int, seed: int = 1) -> Iterator[Note]:
    """Yield so many notes of a split, styles in turn."""
    values, listed = Values(split, seed), templates(split)
    for number in range(count):
        values.new_note()
        style, template = listed[number % len(listed)]
        chosen = _CHOICE.sub(lambda match: values.rng.choice(match[1].split("||")), template)
        text, gold, at = "", [], 0
        for slot in _SLOT.finditer(chosen):
            text += chosen[at : slot.start()]
            value, category = values.draw(slot[1])
            if category:
                gold.append((len(text), len(text) + len(value), category, slot[1]))
            text += value
            at = slot.end()
        yield Note(f"{split}-{seed}-{number}", style, text + chosen[at:], tuple(gold))
