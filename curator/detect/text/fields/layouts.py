# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Values that do not stand behind their label: in the cell below it in a table, or before it."""

from __future__ import annotations

import re

from curator.detect.text.fields.values import Bond, Span, read

#: Rows of a table that are read below its head.
MOST_ROWS = 5000
#: Rows that are still read when a text has had very many tables, so that the work stays in proportion to its length.
_FEW = 4
_RULE = re.compile(r"[\s|:+=-]*$")
#: What is normal, or a range of ages; no identifier.
_RANGE = re.compile(r"(?!0\d)\d{1,3}(?:\.\d{1,2})?-(?!0\d)\d{1,3}(?:\.\d{1,2})?$|exp\b", re.IGNORECASE)
#: Heads beside the range of what is normal.
_OF_RESULTS = re.compile(r"\b(?:results?|values?|flags?|units?|range|analyte|component)\b", re.IGNORECASE)
#: Groups behind a value in the same cell.
_REST = re.compile(r"(?:[ ](?:-[ ])?[A-Z0-9-]{1,8}){1,4}[ ]?$")
_CELL_END = re.compile(r"[ \t]{0,20}(?:[|\t\r\n,;]|[ ]{2}|$)")
_BLANKS = re.compile(r"[ ]{2,}|\t")
_BEFORE = re.compile(
    r"(?<![\w./-])#?((?=[A-Za-z-]{0,6}[0-9])[A-Za-z0-9](?:[A-Za-z0-9]|[-./](?=[A-Za-z0-9])){4,24})"
    r"(?:[ \t]?([(\[])[ \t]?|[ \t]?[–—=-][ \t]?|[ \t](?:is|was|as|=)[ \t](?:(?:the|his|her|their|your|my|a|pt|patient)(?:['’]s)?[ \t]){0,2})\Z",
    re.IGNORECASE,
)
_BEFORE_LAST = frozenset("([=-") | frozenset("serayt") | frozenset("SERAYT")
_DATE = re.compile(r"\d{1,2}[-./]\d{1,2}[-./]\d{2,4}$|(?:19|20)\d\d[-./]\d\d[-./]\d\d$")


class Columns:
    """The tables of one text, each cut into cells once."""

    def __init__(self, text: str) -> None:
        """Take a text; nothing is read yet."""
        self.text = text
        self._tables: dict[int, tuple[str, list[list[Span]]] | None] = {}
        self._left = 4 * MOST_ROWS

    def below(self, start: int) -> list[Span]:
        """Return the cells below the one that holds a place, none when its line heads no table."""
        head = self.text.rfind("\n", 0, start) + 1
        if head not in self._tables:
            most = MOST_ROWS if self._left > 0 else _FEW
            self._tables[head] = made = self._read(head, most)
            self._left -= len(made[1]) if made else 1
        table = self._tables[head]
        if table is None:
            return []
        separator, rows = table
        column = next((at for at, (_, end) in enumerate(rows[0]) if start < end), None)
        if column is None:
            return []
        if separator == "  ":
            left = rows[0][column][0]
            return [min(row, key=lambda cell: abs(cell[0] - row[0][0] - left + rows[0][0][0])) if len(row) != len(rows[0]) else row[column] for row in rows[1:]]  # fmt: skip
        return [row[column] for row in rows[1:] if len(row) == len(rows[0])]

    def measures(self, start: int) -> bool:
        """Say whether the line of a place is the head of a table of results, where REF is the range that is normal."""
        head = self.text.rfind("\n", 0, start) + 1
        return _OF_RESULTS.search(self.text, head, _line_end(self.text, start)) is not None

    def _read(self, head: int, most: int) -> tuple[str, list[list[Span]]] | None:
        text = self.text
        end = _line_end(text, head)
        line = text[head:end]
        if len(line) > 4000:
            return None
        separator = next(
            (mark for mark in ("|", "\t", ";", ",") if line.count(mark) >= (1 if mark in "|\t" else 2)), "  "
        )
        rows = [_cells(text, head, end, separator)]
        if len(rows[0]) < 2:
            return None
        at = end + 1
        while at < len(text) and len(rows) <= most:
            end = _line_end(text, at)
            if end - at > 4000 or not text[at:end].strip():
                break
            if not _RULE.match(text[at:end]):
                row = _cells(text, at, end, separator)
                if separator == "  " and (len(row) < 2 or len(rows) > 60):
                    break
                if separator != "  " and len(row) != len(rows[0]):
                    break
                rows.append(row)
            at = end + 1
        return (separator, rows) if len(rows) > 1 else None


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _cells(text: str, start: int, end: int, separator: str) -> list[Span]:
    line = text[start:end]
    if separator == "  ":
        cells, at = [], 0
        for match in _BLANKS.finditer(line):
            if match.start() > at:
                cells.append((start + at, start + match.start()))
            at = match.end()
        return [*cells, (start + at, end)] if at < len(line) else cells
    cells, at = [], 0
    for part in line.split(separator):
        cells.append((start + at, start + at + len(part)))
        at += len(part) + 1
    return cells


def under(text: str, start: int, end: int, form: str, bond: Bond, columns: Columns) -> list[Span]:
    """Return the values in the cells below a label that is the head of a column.

    Parameters
    ----------
    text
        The text.
    start, end
        Where the label stands.
    form
        The form of its values.
    bond
        How surely the label tells of them.
    columns
        The text's tables.
    """
    if not _CELL_END.match(text, end) or (text[start:end].lower() == "ref" and columns.measures(start)):
        return []
    found: list[Span] = []
    for left, right in columns.below(start):
        while left < right and text[left] in " \t\"'":
            left += 1
        if left < right:
            spans = read(text, left, form, bond, marked=bond is Bond.STRONG, signed=True, gap="")
            found += [
                (first, right if _REST.match(text, last, right) else last)
                for first, last in spans
                if last <= right and not _RANGE.match(text[first:last])
            ]
    return found


_BEHIND_LABEL = re.compile(r"[ \t]?(?:no|number|num|id|#)?\.?[ \t]?([)\]])?", re.IGNORECASE)


def before(text: str, start: int, end: int) -> list[Span]:
    """Return the value that stands before its label, as in "00482913 (MRN)"."""
    last = text[max(0, start - 12) : start].rstrip(" \t")[-1:]
    # A bracket, a dash, "=", or the last letter of a word that may stand between.
    if last.isascii() and last not in _BEFORE_LAST:
        return []
    match = _BEFORE.search(text, max(0, start - 60), start)
    if match is None or _DATE.match(match[1]) or sum(mark.isdecimal() for mark in match[1]) < 4:
        return []
    closing = _BEHIND_LABEL.match(text, end)
    if match[2] and not (closing and closing[1]):
        return []
    return [match.span(1)]
