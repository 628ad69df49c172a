"""Where the places of a text went when it was cleaned: what a label on the original means in the clean text.

A file is one text, or holds many as strings of JSON, each with a map of its own. Kept in the vault alone: with the
clean text it says where identifiers stood and how long they were, never what they were. A text with very many changes
has no map, nor has a file with very many texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from curator.detect.text.replace import Edit, Replaced
from curator.identifiers.categories import Category
from curator.scrub.text.view import Change

#: Changes of one file that are kept, and texts of one.
MOST = 100_000
MOST_TEXTS = 50_000


@dataclass(frozen=True)
class Moved:
    """The map of one text.

    Parameters
    ----------
    digests
        SHA-256 (hex) of the original text in UTF-8, as it was and without the line breaks at its end.
    length
        Of the original, in code points.
    edits
        (start, end) in the original and (start, end) in the clean text of each change, ascending; code points.
    at
        Where in the clean file the text stands that is a string of JSON, behind its quote and with JSON's escapes, in
        code points; None for a text that is the file itself.
    """

    digests: tuple[str, ...] = field(repr=False)
    length: int
    edits: tuple[tuple[int, int, int, int], ...] = field(repr=False)
    at: int | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Carry a half-open range along: what it covered is covered by what took its place, whole.

        Returns
        -------
        tuple
            An empty range where nothing is left of what it covered.

        Raises
        ------
        ValueError
            When it does not lie in the original.
        """
        if not 0 <= start < end <= self.length:
            raise ValueError("a range that is none of the text")
        edits = tuple(Edit(*one, Category.OTHER, "") for one in self.edits)
        return Replaced("", edits).span(start, end)

    def document(self) -> list[object]:
        """Return it as JSON has it."""
        flat = [number for edit in self.edits for number in edit]
        return [list(self.digests), self.length, flat, *([] if self.at is None else [self.at])]

    @classmethod
    def of(cls, document: Sequence[object]) -> Moved:
        """Read :meth:`document`."""
        digests, length, flat, *at = document
        numbers = iter(flat)  # type: ignore[call-overload]
        edits = tuple(zip(numbers, numbers, numbers, numbers, strict=True))
        return cls(tuple(digests), int(length), edits, int(at[0]) if at else None)  # type: ignore[arg-type, call-overload]


Edits = Sequence[tuple[int, int, int, int]]


class Carried(str):
    """A clean text with the map of its places; whatever makes another text of it makes one without."""

    __slots__ = ("moved",)
    moved: Moved

    @classmethod
    def of(cls, old: str, new: str, edits: Edits) -> Carried:
        """Return a clean text that came of another one by these edits."""
        made = cls(new)
        made.moved = Moved(digests_of(old), len(old), tuple(edits))
        return made


def placed(old: str, done: Replaced) -> Carried:
    """Return a clean text with its map."""
    return Carried.of(old, done.text, [(one.start, one.end, one.new_start, one.new_end) for one in done.edits])


def digests_of(text: str) -> tuple[str, ...]:
    """Return SHA-256 (hex) of a text in UTF-8, as it is and without the line breaks at its end."""
    both = (text, text.rstrip("\r\n"))
    return tuple(dict.fromkeys(hashlib.sha256(one.encode("utf-8", "surrogatepass")).hexdigest() for one in both))


class Texts:
    """Takes the texts that stand as strings in a file of JSON, in the order of the file."""

    def __init__(self) -> None:
        self._found: list[Moved] = []
        self._edits = 0
        self._full = False
        self._at = 0

    def add(self, written: str, marks: Iterable[tuple[int, Carried]]) -> None:
        """Take the next part of the file, and where in it the content of strings with a map begins."""
        for start, text in marks:
            self._edits += len(text.moved.edits)
            self._full = self._full or self._edits > MOST or len(self._found) >= MOST_TEXTS
            if self._full:
                self._found.clear()
            else:
                self._found.append(replace(text.moved, at=self._at + start))
        self._at += len(written)

    def made(self) -> tuple[Moved, ...]:
        """Return the maps, none when there were too many texts or changes."""
        return tuple(self._found)


class Moves:
    """Takes a text and its changes piece by piece, and makes the map."""

    def __init__(self) -> None:
        self._whole, self._bare = hashlib.sha256(), hashlib.sha256()
        self._ends = ""
        self._length = 0
        self._shift = 0
        self._edits: list[tuple[int, int, int, int]] = []
        self._full = False

    def heard(self, pieces: Iterator[str]) -> Iterator[str]:
        """Yield the pieces of the original, and take them in."""
        for piece in pieces:
            self._length += len(piece)
            self._whole.update(piece.encode("utf-8", "surrogatepass"))
            # Line breaks are held back until something follows them.
            text = self._ends + piece
            bare = text.rstrip("\r\n")
            self._ends = text[len(bare) :]
            self._bare.update(bare.encode("utf-8", "surrogatepass"))
            yield piece

    def add(self, found: Sequence[Change]) -> None:
        """Take the next changes, by their places in the original."""
        for one in found:
            start = one.start + self._shift
            self._shift += len(one.new) - (one.end - one.start)
            if len(self._edits) >= MOST:
                self._full = True
                continue
            self._edits.append((one.start, one.end, start, start + len(one.new)))

    def made(self) -> Moved | None:
        """Return the map, None when there were too many changes."""
        digests = dict.fromkeys((self._whole.hexdigest(), self._bare.hexdigest()))
        return None if self._full else Moved(tuple(digests), self._length, tuple(self._edits))
