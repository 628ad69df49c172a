"""What underscores join is read a second time as words apart: Ostrander_81234569, Whitlock_Agnes_19430217.

To most patterns an underscore is a letter of a word, which keeps them out of the names of fields. In the names of
folders and files, in logins and logs it stands for a blank.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Runs without a blank, cut where they are longer than any name of a file; and what joins words in them.
_RUN = re.compile(r"[\w.,:;/\\^@#+-]{1,255}")
_JOINT = re.compile(r"(?<=[^\W_])_+(?=[^\W_])|(?<=[^\W\d_])\.(?=\d{6})")
#: A name and a long number with a full stop between them: Olsen.4471237.
_DOTTED = re.compile(r"\.\d{6}(?<=[^\W\d_]\.\d{6})")
#: Figures behind somebody's name are a part of what they call themselves: VelvetBaritone_77.
_FIGURES = re.compile(r"_\d{1,4}(?![^\W_])")
#: Names of HL7 v3 artifacts (HL7 V3 Guide, artifact identifiers), as each C-CDA document has one: POCD_HD000040.
_ARTIFACT = re.compile(
    r"(?:COCD|COCT|COMT|FIAB|FICR|MCAI|MCCI|MFMI|POCD|POIZ|POLB|POME|POOB|PORR|PORX|PRLO|PRPA|PRPM|PRSC|QUPC|QUQI|RCMR|REPC)"
    r"_(?:AR|DM|DO|EX|HD|IN|MT|NC|RM|ST|TE|TP)\d{6}(?:[A-Z]{2}\d{0,2})?"
)
#: How far around such a run is read: what stands beside it may tell what it is.
_AROUND = 120
_LINE = re.compile(r"[\r\n]")


def joins(text: str) -> bool:
    """Say whether a text may have such runs."""
    return "_" in text or _DOTTED.search(text) is not None


def parted(text: str, found: Iterable[Finding], find: Callable[[str], Iterator[Finding]]) -> Iterator[Finding]:
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
        begins = [begin for begin, _ in runs]
        for finding in find(apart):
            first, last = finding.start + start, finding.end + start
            before = bisect_right(begins, last - 1)  # of the runs that begin before its end, the last one ends last
            if before and runs[before - 1][1] > first:
                figures = _FIGURES.match(text, last) if finding.category is Category.NAME else None
                yield replace(finding, start=first, end=figures.end() if figures else last)


def _stretches(text: str, found: Iterable[Finding]) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yield ``[start, end)`` of what is read again, within lines and apart from each other, with the runs in it."""
    start = end = -1
    runs: list[tuple[int, int]] = []
    for first, last in _open_runs(text, found):
        low = max(0, first - _AROUND)
        lines = [line.end() for line in _LINE.finditer(text, low, first)]
        low = lines[-1] if lines else low
        close = _LINE.search(text, last, last + _AROUND)
        high = close.start() if close else min(len(text), last + _AROUND)
        if low > end:
            if runs:
                yield start, end, runs
            start, runs = low, []
        end = max(end, high)
        runs.append((first, last))
    if runs:
        yield start, end, runs


def _open_runs(text: str, found: Iterable[Finding]) -> Iterator[tuple[int, int]]:
    """Yield where runs with a joint stand that no finding covers whole."""
    spans = sorted((one.start, one.end) for one in found)
    begins = [begin for begin, _ in spans]
    reach = list(accumulate((last for _, last in spans), max))  # the farthest end of those up to here
    for match in _RUN.finditer(text):
        first, last = match.span()
        if _JOINT.search(text, first, last) is None or _ARTIFACT.fullmatch(text, first, last):
            continue
        before = bisect_right(begins, first)
        if not before or reach[before - 1] < last:
            yield first, last
