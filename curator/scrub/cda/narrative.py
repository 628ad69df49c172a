"""How a reader reads a narrative block: which text follows which, and what stands as a label before what.

Inline markup joins, blocks and cells part. A table is read cell by cell, and again behind the labels of its columns
and rows and with neighboring names joined, because ``Last | First`` is a name only when read across.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.scrub.cda.xml import Node
from curator.scrub.document.weave import ASIDE, Leaf, Weave
from curator.scrub.things import Cell, heads, held, is_head, is_plain, is_short, tells_somebody

_INLINE = frozenset({"content", "linkHtml", "sub", "sup"})
_NAMELIKE = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[ .'’-]+[^\W\d_][^\W\d_.'’-]*){0,2}\.?")
#: Kinds of insurance plans; they stand beside names of payers and are no part of one.
_PLANS = frozenset({"HMO", "PPO", "EPO", "POS", "HDHP", "FFS", "PDP"})
_NAMES = re.compile(r"\bnames?$", re.IGNORECASE)
#: Longest label, and most cells that are tried as one name.
LABEL = 40
_RUN = 4
#: Longest value that is read again behind its label, in characters; most columns of a table.
_VALUE = 400
_COLUMNS = 1_000


def read(weave: Weave, block: Node, *, clinical: bool = False) -> None:
    """Add a narrative block to the text that is searched.

    Parameters
    ----------
    weave
        The text.
    block
        The narrative.
    clinical
        Whether its section is one of things of medicine (:data:`curator.scrub.things.SECTIONS`).
    """
    tables = list(_tables(block))
    things = {id(cell) for table in tables for cell in _things(table, clinical=clinical)}
    for plan in (cell for table in tables for _, row in _rows(table) for cell in row if cell.words() in _PLANS):
        for leaf in _leaves(plan):
            leaf.cell = Cell.TERM
    asides: list[Node] = []
    _block(weave, block, asides)
    for aside in asides:
        weave.mark("\n")
        _block(weave, aside, [])
    for table in tables:
        _across(weave, table, things)


def _block(weave: Weave, node: Node, asides: list[Node]) -> None:
    for child in node.children:
        if isinstance(child, Leaf):
            weave.add(child)
        elif child.name in _INLINE:
            _block(weave, child, asides)
        elif child.name == "footnote":
            asides.append(child)
        elif child.name == "caption" and node.name in {"item", "paragraph"}:
            _block(weave, child, asides)
            weave.mark("" if child.words().endswith(":") else ":")
            weave.mark(" ")
        else:
            # A cell is no label of the next one unless it is read so below: more than one empty line parts them.
            parting = "\n\n\n" if child.name in {"td", "th"} else "\n"
            weave.mark(parting)
            _block(weave, child, asides)
            weave.mark(parting)


def _tables(block: Node) -> Iterator[Node]:
    waiting = [block]
    while waiting:
        node = waiting.pop()
        if node.name == "table":
            yield node
        waiting.extend(reversed(node.elements()))


def _rows(table: Node) -> Iterator[tuple[bool, list[Node]]]:
    """Yield (is a header, cells) of each row; a cell stands once for each column that it spans."""
    for part in table.elements():
        rows = [part] if part.name == "tr" else part.elements("tr")
        for row in rows:
            cells: list[Node] = []
            for cell in row.elements():
                span = cell.get("colspan")
                cells += [cell] * (min(int(span), 50) if span.isdecimal() and len(span) < 4 else 1)
            header = part.name == "thead" or (bool(cells) and all(cell.name == "th" for cell in cells))
            yield header, cells[:_COLUMNS]


def _label(cell: Node) -> str:
    """Return a cell's text where it may be a label; else empty."""
    text = cell.words()
    return text.rstrip(" :") if 1 < len(text) <= LABEL and not any(mark.isdigit() for mark in text) else ""


def _short(cell: Node) -> bool:
    """Say whether a cell may be a value behind a label; a text or a table in a cell is read by itself alone."""
    return len(cell.words()) <= _VALUE and not any(True for _ in _tables(cell))


def _things(table: Node, *, clinical: bool) -> Iterator[Node]:
    """Yield the cells of a table that hold nothing but things of medicine, heads included; tell leaves what they hold.

    A cell with an unknown word is not given: it is read behind its labels as any other.
    """
    columns: list[Cell] = []
    first = ""
    for number, (header, cells) in enumerate(_rows(table)):
        texts = [cell.words() for cell in cells]
        if header or (not number and is_head(texts)):
            columns = heads(texts, clinical=clinical)
        elif not any(columns) or tells_somebody(first := next(filter(None, texts), "")):
            continue
        for what, cell, text in zip(columns, cells, texts, strict=False):
            if what and is_short(text):
                for leaf in _leaves(cell):
                    leaf.cell = Cell.THING if header else held(what, text, first)
                if what is Cell.THING and is_plain(text):
                    yield cell


def _leaves(node: Node) -> Iterator[Leaf]:
    for child in node.children:
        if isinstance(child, Leaf):
            yield child
        else:
            yield from _leaves(child)


def _across(weave: Weave, table: Node, things: set[int]) -> None:
    columns: list[str] = []
    for header, cells in _rows(table):
        if header:
            # What stands below the name of a thing is no name.
            columns = ["" if id(cell) in things and _NAMES.search(cell.words()) else _label(cell) for cell in cells]
            continue
        labels = [_label(cell) for cell in cells]
        for at, cell in enumerate(cells):
            if (at and cell is cells[at - 1]) or id(cell) in things or not cell.words() or not _short(cell):
                continue
            column = columns[at] if at < len(columns) else ""
            before = labels[at - 1] if at else ""
            for label in dict.fromkeys(one for one in (column, before) if one):
                weave.mark(f"\n\n{ASIDE}{label}: ")
                _block(weave, cell, [])
        _joined(weave, [cell for at, cell in enumerate(cells) if not at or cell is not cells[at - 1]], things)


def _joined(weave: Weave, cells: list[Node], things: set[int]) -> None:
    """Add neighboring cells that could each be a part of a name, as one name in either order."""
    run: list[Node] = []
    for cell in [*cells, None]:
        words = cell.words()[: LABEL + 1] if cell is not None else ""
        fits = cell is not None and id(cell) not in things and words not in _PLANS and _NAMELIKE.fullmatch(words)
        if cell is not None and fits and len(run) < _RUN:
            run.append(cell)
            continue
        if len(run) > 1:
            for mark in (" ", ", "):
                weave.mark("\n\n\n")
                for at, part in enumerate(run):
                    weave.mark(mark if at else "")
                    _block(weave, part, [])
        run = [cell] if cell is not None and fits else []
