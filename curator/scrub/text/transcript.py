"""WebVTT and SubRip transcripts: times stay, what is said is cleaned as one text, speakers keep one label each.

Identifiers of cues are numbered anew. Notes, styles, regions, header lines, classes and positions by region go.
Source: WebVTT (W3C Candidate Recommendation, 4 April 2019), sections 4 and 6; SubRip has no standard.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from curator.core.errors import ItemError
from curator.scrub.text.moves import MOST
from curator.scrub.text.speakers import LABEL, Speakers, is_plain
from curator.scrub.text.trace import Edit, Segment, Written, escaped, one_line, segments

_TIME = r"(?:\d{1,3}:)?[0-5]\d:[0-5]\d[.,]\d{1,3}"
_TIMING = re.compile(rf"[ \t]*({_TIME})[ \t]+-->[ \t]+({_TIME})(?P<rest>[^\n]*)")
_SETTING = re.compile(
    r"vertical:(?:rl|lr)|align:(?:start|center|end|left|right)"
    r"|(?:line|position|size):-?\d{1,3}(?:\.\d{1,3})?%?(?:,(?:start|center|end|line-left|line-right))?"
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:[ \t]+([^>]*))?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,400}>|\{\\[^{}]{0,200}\}")
#: Tags, and what may be a reference to a character.
_MARKUP = re.compile(rf"(?P<tag>{_TAG.pattern})|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z0-9]{{1,32}});?")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_END = re.compile(r"[.!?…:;\"”]\s*$")


@dataclass(frozen=True)
class Run:
    """A part of what is said, and the range of the file that it stands for; letter by letter or as a whole."""

    start: int
    end: int
    first: int
    last: int
    same: bool


@dataclass
class Cue:
    """One cue.

    Parameters
    ----------
    timing
        Its line of times, as it is written.
    speaker
        Who speaks, as in the source, or empty.
    voiced
        Whether the speaker stood in a voice tag.
    lines
        What is said.
    times
        Where its two times stand in the file.
    starts
        Where each line begins in the file, with what names its speaker.
    runs
        Where each line of what is said stands in the file.
    """

    timing: str
    speaker: list[str] = field(default_factory=list, repr=False)
    voiced: list[bool] = field(default_factory=list)
    lines: list[str] = field(default_factory=list, repr=False)
    times: tuple[int, int] = (0, 0)
    starts: list[int] = field(default_factory=list)
    runs: list[list[Run]] = field(default_factory=list, repr=False)


class _Lines:
    """The lines of a file, and where each stands in it."""

    def __init__(self, text: str) -> None:
        self.skip = len(text) - len(text.removeprefix("\ufeff"))
        self.plain = text[self.skip :].replace("\r\n", "\n").replace("\r", "\n")
        # Behind each of these line ends the file is one character ahead of the text without carriage returns.
        self._ahead = [match.start() - at for at, match in enumerate(re.finditer("\r\n", text[self.skip :]))]

    def blocks(self) -> list[list[tuple[int, str]]]:
        """Return the lines that stand together, each with its place in ``plain``."""
        found: list[list[tuple[int, str]]] = [[]]
        at = 0
        for line in self.plain.split("\n"):
            if line.strip(" \t"):
                found[-1].append((at, line))
            elif found[-1]:
                found.append([])
            at += len(line) + 1
        return [block for block in found if any(line.strip() for _, line in block)]

    def place(self, at: int) -> int:
        """Return where in the file a place of ``plain`` lies."""
        return at + self.skip + bisect_left(self._ahead, at)


def cues(text: str, form: str) -> tuple[list[Cue], int]:
    """Read a transcript.

    Returns
    -------
    tuple
        Its cues, and how many other blocks were left out.

    Raises
    ------
    ItemError
        TXT-028 when a block is neither a cue nor one of those that are left out.
    """
    source = _Lines(text)
    blocks = source.blocks()
    dropped = 0
    if form == "vtt":
        if not blocks or not blocks[0][0][1].lstrip().startswith("WEBVTT"):
            raise ItemError("TXT-028")
        head = [line for _, line in blocks.pop(0)]
        dropped += "\n".join(head).strip() != "WEBVTT"
        if any("-->" in line for line in head):
            raise ItemError("TXT-028")
    found: list[Cue] = []
    for block in blocks:
        at = next((at for at, (_, line) in enumerate(block[:2]) if "-->" in line), None)
        if at is None:
            if form == "vtt" and re.match(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)", block[0][1]):
                dropped += 1
                continue
            if form == "srt" and found:  # an empty line within what is said
                _said(found[-1], block, source)
                continue
            raise ItemError("TXT-028")
        start, line = block[at]
        timing = _TIMING.fullmatch(line)
        if timing is None or any("-->" in line for _, line in block[at + 1 :]):
            raise ItemError("TXT-028")
        dropped += at
        settings = [one for one in timing["rest"].split() if _SETTING.fullmatch(one)] if form == "vtt" else []
        cue = Cue(" ".join([f"{timing[1]} --> {timing[2]}", *settings]))
        cue.times = (source.place(start + timing.start(1)), source.place(start + timing.start(2)))
        _said(cue, block[at + 1 :], source)
        found.append(cue)
    return found, dropped


def _voices(line: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield who speaks, by a voice tag, and where in the line the tag begins, what they say begins, and it ends."""
    who, tag, at = "", 0, 0
    for match in _VOICE.finditer(line):
        yield who, tag, at, match.start()
        who, tag, at = match[1] or "", match.start(), match.end()
    yield who, tag, at, len(line)


def _said(cue: Cue, lines: list[tuple[int, str]], source: _Lines) -> None:
    for start, line in lines:
        parts = list(_voices(line))
        for voice, tag, low, high in parts:
            who = html.unescape(voice).strip()
            shown, runs = _shown(line[low:high], source.place(start + low))
            said = shown.strip()
            skip = len(shown) - len(shown.lstrip())
            voiced = bool(who)
            if not voiced and (match := LABEL.match(said)) and not is_plain(match["who"]):
                who, said, skip = match["who"].strip(), said[match.end() :], skip + match.end()
            if said or who or len(parts) == 1:
                cue.speaker.append(who)
                cue.voiced.append(voiced)
                cue.lines.append(said)
                cue.starts.append(source.place(start + tag))
                cue.runs.append([Run(run.start - skip, run.end - skip, run.first, run.last, run.same) for run in runs])


def _shown(line: str, at: int) -> tuple[str, list[Run]]:
    """Return what a reader sees of a line without tags, and where it stands in the file."""
    wanted = html.unescape(_TAG.sub("", line))
    if wanted == line:
        return line, [Run(0, len(line), at, at + len(line), same=True)]
    out, runs, size = [], [], 0

    def put(new: str, start: int, end: int) -> int:
        out.append(new)
        if new:
            runs.append(Run(size, size + len(new), at + start, at + end, same=new == line[start:end]))
        return size + len(new)

    done = 0
    for match in _MARKUP.finditer(line):
        size = put(line[done : match.start()], done, match.start())
        if match["tag"] is None:
            size = put(html.unescape(match[0]), match.start(), match.end())
        done = match.end()
    size = put(line[done:], done, len(line))
    if "".join(out) != wanted:
        return wanted, [Run(0, len(wanted), at, at + len(line), same=False)]
    return wanted, runs


def between(said: list[str]) -> list[str]:
    """Return what a reader sees between pieces of speech: a blank within a sentence, else a line end."""
    return ["\n" if _END.search(one) else " " for one in said]


def written(
    found: list[Cue], said: Sequence[tuple[str, Sequence[Edit]]], speakers: Speakers, form: str, size: int
) -> tuple[str, list[Edit] | None]:
    """Return the transcript with its clean pieces of speech.

    Parameters
    ----------
    found
        The cues.
    said
        All their lines in order, cleaned, each with where its places went.
    speakers
        What stands for whom.
    form
        ``vtt`` or ``srt``.
    size
        Code points of the old file.

    Returns
    -------
    tuple
        The new file, and where the places of the old one went; None for the latter when that is too much.
    """
    texts = iter(said)
    out: list[str] = []
    made, at = Written(MOST), 0

    def put(text: str) -> None:
        nonlocal at
        out.append(text)
        at += len(text)

    if form == "vtt":
        put("WEBVTT\n")
    for number, cue in enumerate(found, 1):
        put(f"\n{number}\n" if out else f"{number}\n")
        first, second = cue.timing.split(" --> ")
        for place, time, new in zip(cue.times, (first, second.split(" ")[0]), (at, at + len(first) + 5), strict=True):
            made.add(place, place + len(time), new, new + len(time), same=True)
        put(cue.timing)
        told = zip(cue.speaker, cue.voiced, cue.lines, cue.starts, cue.runs, strict=True)
        for who, voiced, old, start, runs in told:
            clean, edits = next(texts)
            trace = one_line(segments(old, edits, clean))
            if form == "vtt":
                trace = escaped(trace, _ESCAPES)
            label = speakers.label(who)
            put("\n")
            made.add(start, start, at, at, same=True)
            if label:
                put(f"<v {label}>" if form == "vtt" and voiced else f"{label}: ")
            for low, high, new_low, new_high, same in _line(trace, runs):
                made.add(low, high, at + new_low, at + new_high, same=same)
            text = "".join(one.text for one in trace)
            put(text if label or text else "…")
        put("\n")
    return "".join(out), made.made(size, at)


def _line(trace: Sequence[Segment], runs: Sequence[Run]) -> list[tuple[int, int, int, int, bool]]:
    """Return the ranges of the file that a line stands for, each with its place in the line, in their order."""
    found: list[tuple[int, int, int, int, bool]] = []
    size = 0
    for one in trace:
        found += [(low, high, size + at, size + end, same) for low, high, at, end, same in _origins(one, runs)]
        size += len(one.text)
    if any(after[0] < before[1] for before, after in pairwise(found)):
        # Parts of a line that is known as a whole alone.
        return [(min(one[0] for one in found), max(one[1] for one in found), 0, size, False)]
    return found


def _origins(one: Segment, runs: Sequence[Run]) -> Iterator[tuple[int, int, int, int, bool]]:
    """Yield the ranges of the file that a segment of what is said stands for, each with its place in the segment."""
    touched = [run for run in runs if run.start < one.end and run.end > one.start]
    if not touched:
        return
    if not one.same or len(touched) == 1:
        first, last = touched[0], touched[-1]
        low = first.first + max(0, one.start - first.start) if first.same else first.first
        high = last.last - max(0, last.end - one.end) if last.same else last.last
        yield low, high, 0, len(one.text), one.same and first.same
        return
    for run in touched:
        part = Segment(
            one.text[max(run.start, one.start) - one.start : min(run.end, one.end) - one.start],
            max(run.start, one.start),
            min(run.end, one.end),
            same=True,
        )
        for low, high, start, end, same in _origins(part, [run]):
            yield low, high, part.start - one.start + start, part.start - one.start + end, same
