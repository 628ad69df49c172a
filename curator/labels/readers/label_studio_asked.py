"""Whether a Label Studio file has answers to several questions about whole samples.

A project with two lists of choices writes ``{"choices": ["4a"]}`` for both; what was asked stands in ``from_name``. An
answer alone would be compared with answers to something else.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from curator.core.errors import UsageError
from curator.labels.jsonstream import Place, values

#: Answers about a whole sample, unless their value says a place in it.
_ASKED = ("choices", "taxonomy")
_PLACED = frozenset(("x", "y", "points", "rle", "start", "end", "sequence", "ranges"))
_WORDS = (b'"choices"', b'"taxonomy"')
_BLOCK = 1 << 20


def several_questions(path: Path, lists: Collection[str]) -> bool:
    """Say whether a file answers more than one question about whole samples.

    Parameters
    ----------
    path
        The export.
    lists
        Keys of a task under which its annotations stand.

    Raises
    ------
    UsageError
        IMP-002, IMP-003 as :func:`curator.labels.jsonstream.values`.
    """

    def wanted(place: Place, form: str) -> bool:
        return form == "object" and len(place) == 5 and place[1] in lists and place[3] == "result"

    if not _mentions(path):
        return False
    found: set[str] = set()
    for _, result in values(path, wanted):
        inner = result.get("value")
        if result.get("type") in _ASKED and isinstance(inner, dict) and not _PLACED & inner.keys():
            found.add(str(result.get("from_name")))
            if len(found) > 1:
                return True
    return False


def _mentions(path: Path) -> bool:
    """Say whether a file holds an answer of choices at all, which most exports of shapes do not."""
    before = b""
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                if any(word in before + block for word in _WORDS):
                    return True
                before = block[-len(_WORDS[1]) :]
    except OSError:
        raise UsageError("IMP-002") from None
    return False
