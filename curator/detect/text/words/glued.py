"""What underscores join is read a second time as words apart: Ostrander_81234569, Whitlock_Agnes_19430217.

To most patterns an underscore is a letter of a word, which keeps them out of the names of fields. In the names of
folders and files, in logins and logs it stands for a blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Runs of letters and digits that underscores join, and what joins them.
_GLUED = re.compile(
    r"[^\W_](?:[\w.,:;/\\^@#+-]*[^\W_])?_+[^\W_](?:[\w./:-]*[^\W_])?|[^\W\d_]+\.\d{6}(?:[\w.-]*[^\W_])?"
)
_JOINT = re.compile(r"(?<=[^\W_])_+(?=[^\W_])|(?<=[^\W\d_])\.(?=\d{6})")
#: A name and a long number with a full stop between them: Olsen.4471237.
_DOTTED = re.compile(r"\.\d{6}(?<=[^\W\d_]\.\d{6})")
#: Figures behind somebody's name are a part of what they call themselves: VelvetBaritone_77.
_FIGURES = re.compile(r"_\d{1,4}(?![^\W_])")
#: How far around such a run is read: what stands beside it may tell what it is.
_AROUND = 120
_LINE = re.compile(r"[\r\n]")


def joins(text: str) -> bool:
    """Say whether a text may have such runs."""
    return "_" in text or _DOTTED.search(text) is not None


def parted(text: str, found: Sequence[Finding], find: Callable[[str], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what is found once underscores count as blanks, as far as it touches what they join.

    Parameters
    ----------
    text
        The text.
    found
        What was found in it as it stands: a run that it covers whole is not read again.
    find
        Searches a text.
    """
    for start, end, runs in _stretches(text, found):
        apart = _JOINT.sub(lambda match: " " * len(match[0]), text[start:end])
        for finding in find(apart):
            first, last = finding.start + start, finding.end + start
            if any(first < stop and begin < last for begin, stop in runs):
                figures = _FIGURES.match(text, last) if finding.category is Category.NAME else None
                yield replace(finding, start=first, end=figures.end() if figures else last)


def _stretches(text: str, found: Sequence[Finding]) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yield ``[start, end)`` of what is read again, within lines and apart from each other, with the runs in it."""
    start = end = -1
    runs: list[tuple[int, int]] = []
    for match in _GLUED.finditer(text):
        if any(one.start <= match.start() and match.end() <= one.end for one in found):
            continue
        low = max(0, match.start() - _AROUND)
        lines = [line.end() for line in _LINE.finditer(text, low, match.start())]
        low = lines[-1] if lines else low
        close = _LINE.search(text, match.end(), match.end() + _AROUND)
        high = close.start() if close else min(len(text), match.end() + _AROUND)
        if low > end:
            if runs:
                yield start, end, runs
            start, runs = low, []
        end = max(end, high)
        runs.append(match.span())
    if runs:
        yield start, end, runs
