"""A description as it looks: without marks that no reader sees, with plain figures, hyphens and quotes."""

from __future__ import annotations

from curator.detect.text.words.seen import view


def as_read(text: str) -> tuple[str, ...]:
    """Return how a text may be read, as it is written last: as it looks too where it has marks beyond ASCII.

    A mark that looks like the one between values, or like a line's end, is none: such a text is read as it is written.
    """
    seen = None if text.isascii() else view(text)
    if seen is None or any(seen.plain.count(one) != text.count(one) for one in "\\\n"):
        return (text,)
    return seen.plain, text
