"""Long patterns of words in either case that end at a place, asked of small letters: case costs three times the search.

What stands before a place is lowered and searched with a pattern of small letters. Beyond ASCII letters have more forms
than two; there the pattern itself is asked.
"""

from __future__ import annotations

import re

#: So many code points before the first one that may match are seen by what looks back.
_SEEN = 16
_LETTERS = re.compile(r"(\\.)|([A-Z]+)", re.DOTALL)


class Before:
    """Tells whether a pattern that ends in ``$`` stands right before a place, in either case.

    Parameters
    ----------
    form
        The pattern. It looks back no further than 16 code points, and switches no flag within.
    """

    __slots__ = ("_any", "_small")

    def __init__(self, form: str) -> None:
        """Make both patterns: the one for any text, and the one for ASCII in small letters."""
        self._any = re.compile(form, re.IGNORECASE)
        self._small = re.compile(_LETTERS.sub(lambda match: match[1] or match[2].lower(), form))

    @property
    def pattern(self) -> str:
        """The pattern as it was given."""
        return self._any.pattern

    def holds(self, text: str, head: int, start: int) -> bool:
        """Say whether the pattern stands before a place.

        Parameters
        ----------
        text
            The text.
        head
            Where the pattern may begin at the earliest.
        start
            Where it must end.
        """
        base = head - _SEEN if head > _SEEN else 0
        window = text[base:start]
        if window.isascii():
            return self._small.search(window.lower(), head - base) is not None
        return self._any.search(text, head, start) is not None
