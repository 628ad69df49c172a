"""A text as a reader sees it, for searching: no invisible marks, no look-alikes, plain blanks, digits and hyphens.

How a text looks :mod:`curator.detect.text.words.seen` says; here what is not seen in markup and folded lines is passed
over as well. What is found is replaced in the text as it stands, by the places that a view remembers. Marks that can
carry a hidden message (tag characters and the like) leave the text altogether.
"""

from __future__ import annotations

import base64
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from curator.detect.text.replace import Edit, Replaced
from curator.detect.text.words.seen import View, view
from curator.identifiers.categories import Category
from curator.scrub.policy.model import Texts
from curator.scrub.text.folds import FOLD, folds
from curator.scrub.text.foreign import holds_records

if TYPE_CHECKING:
    from curator.scrub.medium import Person
    from curator.scrub.treatment import Treatment

#: Marks with which a text can carry another one unseen; they never stay.
_SMUGGLERS = re.compile(
    "[\U000e0000-\U000e0fff\u202d\u202e\ufff9-\ufffb\u2060-\u2064\u206a-\u206f\u180b-\u180f\u115f\u1160\u3164\uffa0\ufe00-\ufe0d\u034f]"
)
#: Longer texts are searched in windows that overlap by twice the lap, so that memory stays small.
LONG = 1 << 20
_LAP = 4096
#: Longer texts in which little is hidden are searched a second time around what is hidden, not as a whole.
NEAR = 1 << 16
_WORDLIKE = re.compile(r"[^\W_]+")
#: Long runs of letters and digits without a blank, as base 64 leaves them: nobody can say what they hold.
_OPAQUE = re.compile(
    r"(?:(?<![A-Za-z0-9+/=_-])(?=[A-Za-z0-9+/=_-]{0,63}[0-9+/])(?=[A-Z0-9+/=_-]{0,63}[a-z])(?=[a-z0-9+/=_-]{0,63}[A-Z])[A-Za-z0-9+/=_-]{64,})"
    r"(?:\r?\n[A-Za-z0-9+/]{4,}={0,2}(?=[ \t]*(?:[\r\n]|\Z)))*"
)  # fmt: skip


#: Shorter ones, which are asked whether they decode to a text.
_CODED = re.compile(
    r"(?<![A-Za-z0-9+/=_-])(?:(?P<hex>(?:[0-9a-fA-F]{2}){8,})|(?=[A-Za-z0-9+/]{0,63}[a-z])(?=[A-Za-z0-9+/]{0,63}[A-Z])"
    r"[A-Za-z0-9+/]{12,}={0,2})(?![A-Za-z0-9+/=_-])"
)
#: Tags of markup that stand in a text.
TAGS = re.compile(
    r"</?(?:[abiuspq]|em|strong|span|font|small|big|su[bp]|mark|code|tt|del|ins|br|div|td|tr|th|li|ul|ol|h[1-6]|wbr|label|center)"
    r"(?:\s[^<>]{0,400})?/?>|<!--|-->|\x1b\[[0-9;?]{0,12}[A-Za-z]",
    re.IGNORECASE,
)


def unsmuggled(text: str) -> str:
    """Return a text without the marks that can carry another one unseen."""
    return text if text.isascii() else _SMUGGLERS.sub("", text)


@dataclass(frozen=True)
class Change:
    """One replacement: ``[start, end)`` of the text becomes ``new``."""

    start: int
    end: int
    new: str
    category: Category
    kind: str
    rule: str = ""


def changes(text: str, person: Person | None, treatment: Treatment, *, hide: re.Pattern[str] = TAGS) -> list[Change]:
    """Say what becomes of a free text, in order, without overlaps.

    Parameters
    ----------
    text, person, treatment
        As for :func:`prose`.
    hide
        What a reader may not see: where it occurs, the text is searched with it and once more without.

    Raises
    ------
    ItemError
        As :meth:`curator.scrub.treatment.Treatment.bare_prose`.
    """
    if len(text) <= LONG:
        return _changes(text, person, treatment, hide)
    found: list[Change] = []
    at = 0
    while at < len(text):
        end = min(len(text), at + LONG)
        # What reaches a window's end may go on behind it; the next window sees it whole.
        found.extend(
            replace(one, start=one.start + at, end=one.end + at)
            for one in _changes(text[at:end], person, treatment, hide)
            if end == len(text) or at + one.end < end or at + one.start < end - _LAP
        )
        if end == len(text):
            break
        blank = max(text.rfind(mark, at + 1, end - 2 * _LAP) for mark in "\n ")
        at = blank + 1 if blank > at + LONG // 2 else end - 2 * _LAP
    return merged(found)


def _changes(text: str, person: Person | None, treatment: Treatment, hide: re.Pattern[str]) -> list[Change]:
    found = _searched(text, view(text), person, treatment)
    if hide.search(text):
        found += _without(text, person, treatment, hide, found)
    if folds(text):
        found += _without(text, person, treatment, FOLD, found)
    instead = "" if treatment.policy.texts is Texts.REMOVE else "[OTHER]"
    if holds_records(text):
        return [Change(0, len(text), instead, Category.OTHER, "records")]
    found.extend(_hidden(text, instead))
    return merged(found)


def _without(
    text: str, person: Person | None, treatment: Treatment, hide: re.Pattern[str], before: list[Change]
) -> list[Change]:
    """Search a text as it reads without what is hidden.

    A long one is searched so around what is hidden alone, since the rest reads as it did: unless something that is
    hidden had cut what goes now and did not before, for then what it is may be met again anywhere.
    """
    if len(text) > NEAR:
        parts = _around(text, hide)
        if sum(end - start for start, end in parts) < len(text) // 2:
            found = [
                replace(one, start=one.start + start, end=one.end + start)
                for start, end in parts
                for one in _searched(text[start:end], view(text[start:end], hide=hide), person, treatment)
            ]
            if not any(_cut(text, one, hide, before) for one in found):
                return found
    return _searched(text, view(text, hide=hide), person, treatment)


def _cut(text: str, one: Change, hide: re.Pattern[str], before: list[Change]) -> bool:
    """Say whether something hidden stands within a name or a place that goes, and not all the rest of it went before.

    What is found of the other categories is never looked for by its letters in the rest of a text.
    """
    if one.category not in {Category.NAME, Category.GEOGRAPHY}:
        return False
    gaps = [match.span() for match in hide.finditer(text, one.start, one.end)]
    if all(start == one.start or end == one.end for start, end in gaps):
        return False
    at = one.start
    for start, end in [*gaps, (one.end, one.end)]:
        for match in _WORDLIKE.finditer(text, at, start):
            went = bisect_right(before, match.start(), key=_start) - 1
            if went < 0 or before[went].end < match.end():
                return True
        at = end
    return False


def _start(change: Change) -> int:
    return change.start


def _around(text: str, hide: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return the parts of a text in which something is hidden, whole lines where they are not too long."""
    parts: list[tuple[int, int]] = []
    for match in hide.finditer(text):
        least, most = max(0, match.start() - 2 * _LAP), min(len(text), match.end() + 2 * _LAP)
        start = text.rfind("\n", least, max(0, match.start() - _LAP)) + 1 or least
        end = text.find("\n", min(len(text), match.end() + _LAP), most) + 1 or most
        if parts and start <= parts[-1][1]:
            parts[-1] = parts[-1][0], max(end, parts[-1][1])
        else:
            parts.append((start, end))
    return parts


def _searched(text: str, seen: View | None, person: Person | None, treatment: Treatment) -> list[Change]:
    done = treatment.bare_prose(text if seen is None else seen.plain, person)
    found = []
    for edit in done.edits:
        new = done.text[edit.new_start : edit.new_end]
        start, end = edit.start, edit.end
        if seen is not None:
            start, end = seen.starts[start], seen.ends[end - 1]
        found.append(Change(start, end, new, edit.category, edit.kind, edit.rule))
    return found


def _hidden(text: str, instead: str) -> Iterator[Change]:
    if not text.isascii():
        for match in _SMUGGLERS.finditer(text):
            yield Change(match.start(), match.end(), "", Category.OTHER, "hidden")
    for match in _OPAQUE.finditer(text):
        yield Change(match.start(), match.end(), instead, Category.OTHER, "opaque")
    for match in _CODED.finditer(text):
        if _says_something(match):
            yield Change(match.start(), match.end(), instead, Category.OTHER, "encoded")


def _says_something(match: re.Match[str]) -> bool:
    """Say whether a run of letters and digits decodes to readable text."""
    try:
        data = bytes.fromhex(match[0]) if match["hex"] else base64.b64decode(match[0] + "=" * (-len(match[0]) % 4))
        read = data.decode("utf-8")
    except ValueError:
        return False
    return sum(mark.isalnum() or mark in " .,;:@-/\n" for mark in read) * 10 >= len(read) * 9


def merged(found: Iterable[Change]) -> list[Change]:
    """Join changes that overlap: the union is covered, by what stands for the longest."""
    out: list[Change] = []
    for one in sorted(found, key=lambda change: (change.start, -change.end, change.new)):
        if out and one.start < out[-1].end:
            last = out[-1]
            longer = last if last.end - last.start >= one.end - one.start else one
            new = longer.new or last.new or one.new
            out[-1] = Change(last.start, max(last.end, one.end), new, longer.category, longer.kind, longer.rule)
            continue
        out.append(one)
    return out


def applied(text: str, found: Iterable[Change]) -> Replaced:
    """Return the text after its changes, with the map of offsets."""
    out: list[str] = []
    edits: list[Edit] = []
    at = size = 0
    for one in found:
        before = text[at : one.start]
        out += (before, one.new)
        start = size + len(before)
        size = start + len(one.new)
        edits.append(Edit(one.start, one.end, start, size, one.category, one.kind, one.rule))
        at = one.end
    out.append(text[at:])
    return Replaced("".join(out), tuple(edits))


def prose(text: str, person: Person | None, treatment: Treatment) -> Replaced:
    """Clean a free text as it looks to a reader; the result maps the offsets of the text as it stands.

    Parameters
    ----------
    text
        The text.
    person
        Whom it is about; None when that is not known.
    treatment
        The policy with its detectors.

    Raises
    ------
    ItemError
        When a detector fails.
    """
    return applied(text, changes(text, person, treatment))
