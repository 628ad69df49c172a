# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Plain text and Markdown: streamed in windows, so that a note of any length is cleaned in little memory.

Markdown's parts (front matter, code, comments, alternative texts) are text like any other. Addresses of links and
pictures go, for they hold names and numbers more often than anybody looks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from curator.core import strides
from curator.core.errors import ItemError
from curator.formats.textcode import decoded, detect
from curator.identifiers.categories import Category
from curator.scrub.medium import Made, Person, RecordHarvest
from curator.scrub.text import stream as streams
from curator.scrub.text.foreign import holds_records
from curator.scrub.text.forms import SUFFIXES
from curator.scrub.text.gather import Gathered
from curator.scrub.text.moves import Moves
from curator.scrub.text.view import TAGS, Change, changes, merged
from curator.scrub.text.woven import Tally

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment

#: Parts of a mail that no reader sees as they are.
_ENCODED = re.compile(r"^content-transfer-encoding:[ \t]*(?:base64|quoted-printable)\b", re.IGNORECASE | re.MULTILINE)
_LINKS = (
    re.compile(r"\]\([ \t]*\n?[ \t]*(?P<to><[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?P<rest>[ \t]*\n?[^()\n]*)\)"),
    re.compile(r"^[ ]{0,3}\[[^\]\n]{1,200}\]:[ \t]*\n?[ \t]*(?P<to>\S+)", re.MULTILINE),
    re.compile(r"<(?P<to>[A-Za-z][A-Za-z0-9+.-]{1,30}:[^<>\s]*)>"),
    re.compile(r"\b(?:src|href|srcset|data-[a-z-]+|action|poster)[ \t]*=[ \t]*(?P<to>\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE),
)  # fmt: skip
#: Marks of emphasis that stand inside and around words; a reader does not see them.
_MARKS = re.compile(
    TAGS.pattern
    + r"|\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<![^\W_])_{1,3}(?=\w)|(?<=\w)_{1,3}(?![^\W_])|`+|~~|\\(?=[!-/:-@\[-`{-~])",
    re.IGNORECASE,
)


def harvest(stream: BinaryIO, treatment: Treatment, form: str) -> RecordHarvest:
    """Read a note for pass 1."""
    gathered = Gathered()
    pieces = decoded(stream, detect(stream))
    for _ in gathered.follow(pieces, treatment, _MARKS if form == "markdown" else None, _readable):
        strides.at(stream)
    return harvested(gathered, form)


def harvested(gathered: Gathered, form: str) -> RecordHarvest:
    """Return what pass 1 learned from a file that is about one person at most."""
    people, mentions = gathered.of_file()
    where = tuple((form, category) for category in sorted(gathered.categories))
    return RecordHarvest(suffix=SUFFIXES[form], people=people, mentions=mentions, where=where)


def rewrite(
    stream: BinaryIO,
    out: BinaryIO,
    person: Person,
    treatment: Treatment,
    form: str,
    *,
    size: int = streams.SIZE,
    lap: int = streams.LAP,
) -> Made:
    """Write a clean note as UTF-8, line ends as they are.

    Parameters
    ----------
    stream, out
        The note and where the clean one goes.
    person
        Whom it is about.
    treatment
        The policy with its detectors.
    form
        ``text`` or ``markdown``; ``measures`` for numbers of which nothing goes (:mod:`curator.scrub.text.measures`).
    size, lap
        Windows, as :func:`curator.scrub.text.stream.cleaned` has them.

    Raises
    ------
    ItemError
        TXT-020 to TXT-022 for what does not decode, TXT-026 for encoded parts, and when a detector fails.
    """
    pieces = _followed(decoded(stream, detect(stream)), stream)
    return write(pieces, out, person, treatment, form, size=size, lap=lap)


def _followed(pieces: Iterator[str], stream: BinaryIO) -> Iterator[str]:
    """Yield the pieces of a file, and say when the next one is asked for how far the work has come."""
    for piece in pieces:
        yield piece
        strides.at(stream)


def write(
    pieces: Iterator[str],
    out: BinaryIO,
    person: Person,
    treatment: Treatment,
    form: str,
    *,
    size: int = streams.SIZE,
    lap: int = streams.LAP,
) -> Made:
    """Write a clean text from its characters; see :func:`rewrite`."""

    def search(window: str) -> list[Change]:
        if form == "measures":
            return []
        _readable(window)
        if form == "markdown":
            return merged([*changes(window, person, treatment, hide=_MARKS), *_links(window)])
        return changes(window, person, treatment)

    tally, digest, moves = Tally(), hashlib.sha256(), Moves()
    for part, found in streams.cleaned(moves.heard(pieces), search, size=size, lap=lap):
        data = part.encode("utf-8")
        digest.update(data)
        out.write(data)
        tally.changes(form, found)
        moves.add(found)
    return Made(digest.hexdigest(), tally.actions(), () if (made := moves.made()) is None else (made,))


def _links(text: str) -> Iterator[Change]:
    """Yield the addresses of links and pictures."""
    for form in _LINKS:
        for match in form.finditer(text):
            start, end = match.span("to")
            if end > start:
                yield Change(start, end, "", Category.URL, "link")


def _readable(window: str) -> None:
    if _ENCODED.search(window):
        raise ItemError("TXT-026")
    if holds_records(window):
        raise ItemError("TXT-030")
