"""Words that a hyphen parts at the end of a line, and names that have one there: Quill- and feder below it."""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import fold, is_listed, lexicon

_FIRST, _REST = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,64}(?=-$)"), re.compile(r"[^\W\d_]{2,64}")
#: No longer end of a line is looked at.
_LONGEST = 66


def parted(line: str, following: str, head: int) -> int | None:
    """Say whether a line ends within a word, or a name, that goes on below it.

    Parameters
    ----------
    line, following
        A line that ends with a hyphen, and the one below it.
    head
        Where the words of that one begin.

    Returns
    -------
    int or None
        How many characters at the end of the line are no part of the word: 1 for the hyphen, 0 where it is part of a
        name; None where a word ends there.
    """
    first, rest = _FIRST.search(line, max(0, len(line) - _LONGEST)), _REST.match(following, head)
    if first is None or rest is None:
        return None
    one, two = first[0], rest[0]
    if not two.islower() and not (one.isupper() and two.isupper()):
        return 0 if one[0].isupper() and fold(one) not in lexicon().words else None
    return 1 if is_listed(fold(one + two)) or not (_is_word(one) and _is_word(two)) else None


def _is_word(word: str) -> bool:
    folded, known = fold(word), lexicon()
    return folded in known.words or folded in known.medical
