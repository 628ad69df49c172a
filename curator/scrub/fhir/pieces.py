"""Cleaning a text that lies in pieces (cells of a table, lines of a report) as one, and laying the result back.

An identifier that reaches over the seam of two pieces is found all the same. Seams are text that stands for a mark
between pieces; they are read with the pieces and never written. Nothing here may print, log or raise a text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from curator.detect.text.replace import Replaced


@dataclass(frozen=True)
class Piece:
    """One piece of a text.

    Parameters
    ----------
    text
        What is read.
    seam
        True when it only stands for a mark between two pieces: what becomes of it is thrown away.
    """

    text: str = field(repr=False)
    seam: bool = False


def cleaned_pieces(pieces: Sequence[Piece], clean: Callable[[str], Replaced]) -> tuple[list[str], int]:
    """Clean pieces together.

    Parameters
    ----------
    pieces
        In the order of the text.
    clean
        What cleans the whole.

    Returns
    -------
    list of str, int
        The new text of each piece, empty for a seam, and how many replacements were made. A replacement that reaches
        over seams stands whole in the last piece that it touches, or nowhere when it ends with a seam.
    """
    replaced = clean("".join(piece.text for piece in pieces))
    out, at, cut = [], 0, 0
    for number, piece in enumerate(pieces):
        at += len(piece.text)
        end = len(replaced.text) if number == len(pieces) - 1 else replaced.position(at)
        out.append("" if piece.seam else replaced.text[cut:end])
        cut = end
    return out, len(replaced.edits)
