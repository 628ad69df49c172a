"""WebVTT and SubRip transcripts: times stay, what is said is cleaned as one text, speakers keep one label each.

Identifiers of cues are numbered anew. Notes, styles, regions, header lines, classes and positions by region go.
Source: WebVTT (W3C Candidate Recommendation, 4 April 2019), sections 4 and 6; SubRip has no standard.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from curator.core.errors import ItemError
from curator.scrub.text.speakers import LABEL, Speakers, is_plain

_TIME = r"(?:\d{1,3}:)?[0-5]\d:[0-5]\d[.,]\d{1,3}"
_TIMING = re.compile(rf"[ \t]*({_TIME})[ \t]+-->[ \t]+({_TIME})(?P<rest>[^\n]*)")
_SETTING = re.compile(
    r"vertical:(?:rl|lr)|align:(?:start|center|end|left|right)"
    r"|(?:line|position|size):-?\d{1,3}(?:\.\d{1,3})?%?(?:,(?:start|center|end|line-left|line-right))?"
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:[ \t]+([^>]*))?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,400}>|\{\\[^{}]{0,200}\}")
_END = re.compile(r"[.!?…:;\"”]\s*$")


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
    """

    timing: str
    speaker: list[str] = field(default_factory=list, repr=False)
    voiced: list[bool] = field(default_factory=list)
    lines: list[str] = field(default_factory=list, repr=False)


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
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    blocks = [block for block in re.split(r"\n(?:[ \t]*\n)+", plain.strip("\n")) if block.strip()]
    dropped = 0
    if form == "vtt":
        if not blocks or not blocks[0].lstrip().startswith("WEBVTT"):
            raise ItemError("TXT-028")
        head = blocks.pop(0)
        dropped += head.strip() != "WEBVTT"
        if "-->" in head:
            raise ItemError("TXT-028")
    found: list[Cue] = []
    for block in blocks:
        lines = block.split("\n")
        at = next((at for at, line in enumerate(lines[:2]) if "-->" in line), None)
        if at is None:
            if form == "vtt" and re.match(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)", lines[0]):
                dropped += 1
                continue
            if form == "srt" and found:  # an empty line within what is said
                _said(found[-1], lines)
                continue
            raise ItemError("TXT-028")
        timing = _TIMING.fullmatch(lines[at])
        if timing is None or any("-->" in line for line in lines[at + 1 :]):
            raise ItemError("TXT-028")
        dropped += at
        settings = [one for one in timing["rest"].split() if _SETTING.fullmatch(one)] if form == "vtt" else []
        cue = Cue(" ".join([f"{timing[1]} --> {timing[2]}", *settings]))
        _said(cue, lines[at + 1 :])
        found.append(cue)
    return found, dropped


def _said(cue: Cue, lines: list[str]) -> None:
    for line in lines:
        parts = _VOICE.split(line)
        for number in range(0, len(parts), 2):
            who = html.unescape(parts[number - 1] or "").strip() if number else ""
            said = html.unescape(_TAG.sub("", parts[number])).strip()
            voiced = bool(who)
            if not voiced and (match := LABEL.match(said)) and not is_plain(match["who"]):
                who, said = match["who"].strip(), said[match.end() :]
            if said or who or len(parts) == 1:
                cue.speaker.append(who)
                cue.voiced.append(voiced)
                cue.lines.append(said)


def between(said: list[str]) -> list[str]:
    """Return what a reader sees between pieces of speech: a blank within a sentence, else a line end."""
    return ["\n" if _END.search(one) else " " for one in said]


def written(found: list[Cue], said: list[str], speakers: Speakers, form: str) -> str:
    """Return the transcript with its clean pieces of speech.

    Parameters
    ----------
    found
        The cues.
    said
        All their lines in order, cleaned.
    speakers
        What stands for whom.
    form
        ``vtt`` or ``srt``.
    """
    texts = iter(said)
    out = ["WEBVTT\n"] if form == "vtt" else []
    for number, cue in enumerate(found, 1):
        lines = [str(number), cue.timing]
        for who, voiced, _old in zip(cue.speaker, cue.voiced, cue.lines, strict=True):
            new = " ".join(next(texts).split())
            if form == "vtt":
                new = html.escape(new, quote=False)
            label = speakers.label(who)
            if label:
                new = f"<v {label}>{new}" if form == "vtt" and voiced else f"{label}: {new}"
            lines.append(new or "…")
        out.append("\n".join(lines) + "\n")
    return "\n".join(out)
