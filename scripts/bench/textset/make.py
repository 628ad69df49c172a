"""Synthetic notes from templates: <name> draws an identifier, <~name> what is none, [[a||b]] chooses. Seeded.

SLOTS.md explains these marks, literals.py those for identifiers written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from textset.literals import split_literals
from textset.values import Values

HERE = Path(__file__).resolve().parent
_CHOICE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_SLOT = re.compile(r"<(~?[a-z0-9.]+)>")


@dataclass(frozen=True)
class Note:
    """A made-up note, where its identifiers stand as (start, end, category, kind), and the number of its template."""

    id: str
    style: str
    text: str
    gold: tuple[tuple[int, int, str, str], ...]
    template: int = 0


def templates(split: str) -> list[tuple[str, str]]:
    """Return (style, template) pairs of a split: of all files of its folder, or of its one file.

    Raises
    ------
    FileNotFoundError
        If the split has neither.
    """
    folder = HERE / split
    files = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    texts = [path.read_text(encoding="utf-8") for path in files or [HERE / f"{split}.txt"]]
    blocks = [block for text in texts for block in f"\n{text}".split("\n=== ")[1:]]
    return [(block.split("\n", 1)[0].strip(), block.split("\n", 1)[1].strip("\n")) for block in blocks]


def fill(template: str, values: Values) -> tuple[str, tuple[tuple[int, int, str, str], ...]]:
    """Draw a note from a template.

    Returns
    -------
    tuple
        The text, and (start, end, category, kind) of each identifier in code points.

    Raises
    ------
    KeyError
        For a slot that does not exist.
    ValueError
        For a mark that does not parse.
    """
    chosen = _CHOICE.sub(lambda match: values.rng.choice(match[1].split("||")), template)
    text, gold = "", []
    for part, category, kind in _parts(chosen, values):
        if category:
            gold.append((len(text), len(text) + len(part), category, kind))
        text += part
    return text, tuple(gold)


def _parts(chosen: str, values: Values) -> Iterator[tuple[str, str | None, str]]:
    """Yield texts in order with their category, None for what is no identifier, and their kind."""
    for piece in split_literals(chosen):
        if len(piece) == 3:
            yield piece
            continue
        at = 0
        for slot in _SLOT.finditer(piece[0]):
            yield piece[0][at : slot.start()], None, ""
            yield *values.draw(slot[1]), slot[1]
            at = slot.end()
        yield piece[0][at:], None, ""


def notes(split: str, count: int, seed: int = 1) -> Iterator[Note]:
    """Yield so many notes of a split, templates in turn, in an order drawn anew for each round."""
    values, listed = Values(split, seed), templates(split)
    order: list[int] = []
    for number in range(count):
        if not order:
            order = list(range(len(listed)))
            values.rng.shuffle(order)
        chosen = order.pop()
        style, template = listed[chosen]
        values.new_note()
        text, gold = fill(template, values)
        yield Note(f"{split}-{seed}-{number}", style, text, gold, chosen)
