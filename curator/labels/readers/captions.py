"""Transcripts as WebVTT or SubRip cues, with corrections beside them.

WebVTT: W3C Candidate Recommendation of 2019-04-04, section 4; SubRip as the tools write it. Each cue is a
``transcript`` with its times in seconds. Its words are as they stand but for WebVTT's tags and escapes; when those were
there, the raw words are kept (a speaker ``<v ...>`` is among them).

Corrections stand in ``<name>.corrections.jsonl`` beside ``<name>.vtt`` or ``<name>.srt``, the project's own form::

    {"cue": 3, "text": "No acute bleed.", "original": "No a cute bleed.",
     "author": "reader-2", "at": "2026-03-01T09:00:00Z"}

``cue`` is the number of the cue from 1, or its id as text; ``original``, when given, must be its words. A correction is
a label of its own; the cue that it corrects comes in as well.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.readers import textio as t
from curator.labels.readers.conll import numbered

_TIME = r"(?:(\d{1,4}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+(.*))?\s*", re.ASCII)
_TAG = re.compile(r"<[^<>\n]*>")
_ENDINGS = (".vtt", ".srt")
_CORRECTION = frozenset({"cue", "text", "author", "at", "confidence"})


@dataclass(frozen=True)
class Cue:
    """A cue: its number from 1, its id, its timing line, settings, and the lines of its words."""

    number: int
    id: str | None
    timing: str
    lines: list[str]


class Captions:
    """Reader of WebVTT and SubRip with corrections."""

    name = "captions"
    title = "Transcripts: WebVTT or SubRip, with corrections as JSON Lines"
    lacks = (
        Lack("author", "write 'author' into each correction", partly=True),
        Lack("labeled-at", "write 'at' into each correction, as RFC 3339 with a zone", partly=True),
        Lack("guideline", ""),
        Lack("confidence", ""),
        Lack("review", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether it is such a file, or a folder that holds one."""
        if path.is_dir():
            return next(_files(path), None) is not None
        begin = t.head_json(head)
        if path.suffix.lower() == ".vtt":
            return begin.startswith("WEBVTT")
        return path.suffix.lower() == ".srt" and any(map(_TIMING.fullmatch, begin.splitlines()[:20]))

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield cues, then corrections, of each file; errors as the Protocol says."""
        base = path if path.is_dir() else path.parent
        found = sorted(_files(path)) if path.is_dir() else [path]
        if not found:
            raise UsageError("IMP-001", format="WebVTT or SubRip")
        for count, file in enumerate(found, 1):
            yield from _File(count, file, Named("file", file.relative_to(base).as_posix())).labels()


def _files(folder: Path) -> Iterator[Path]:
    for base, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(_ENDINGS):
                yield Path(base, name)


def cues(path: Path) -> Iterator[Cue]:
    """Yield the cues of a file; headers, notes, styles and regions are no cues.

    Raises
    ------
    UsageError
        IMP-001 when a .vtt file does not begin with WEBVTT, IMP-002, IMP-003 for a block that is none of these.
    """
    web = path.suffix.lower() == ".vtt"
    number = 0
    for at, block in enumerate(_blocks(path, web=web)):
        if web and at == 0:
            if not re.match(r"WEBVTT(?:[ \t]|$)", block[0]):
                raise UsageError("IMP-001", format="WebVTT")
            if not any("-->" in line for line in block):
                continue
            block = block[1:]  # the first cue may stand without a blank line
        if web and re.match(r"(NOTE|STYLE|REGION)(?:[ \t]|$)", block[0]) and "-->" not in "".join(block[:2]):
            continue
        timing = next((i for i, line in enumerate(block[:2]) if "-->" in line), None)
        if timing is None:
            raise UsageError("IMP-003", reason="a block is no cue")
        if not web and any(_TIMING.fullmatch(line) for line in block[timing + 1 :]):
            raise UsageError("IMP-003", reason="two cues have no blank line between them")
        number += 1
        yield Cue(number, block[0] if timing else None, block[timing], block[timing + 1 :])
    if web and not number and next(_blocks(path, web=web), None) is None:
        raise UsageError("IMP-001", format="WebVTT")


def _blocks(path: Path, *, web: bool) -> Iterator[list[str]]:
    """Yield the blocks of a file; in WebVTT a second line of times begins a block too (its parser, section 6.1)."""
    block: list[str] = []
    for _, line in numbered(path):
        if web and "-->" in line and any("-->" in one for one in block):
            yield block
            block = []
        if line.strip():
            block.append(line)
            if len(block) > 10_000:
                raise UsageError("IMP-003", reason="a cue has more than 10000 lines")
        elif block:
            yield block
            block = []
    if block:
        yield block


class _File:
    """One transcript with its corrections."""

    def __init__(self, count: int, path: Path, sample: Named) -> None:
        self.count, self.path, self.sample = count, path, sample
        self.known: dict[int | str, Item | None] = {}

    def labels(self) -> t.Told:
        """Yield cues, then corrections."""
        beside = self.path.with_suffix(".corrections.jsonl")
        corrected = beside.is_file()
        for cue in cues(self.path):
            told = t.attempt(self._cue, f"file {self.count} cue {cue.number}", cue)
            if corrected:
                made = told if isinstance(told, Item) else None
                self.known[cue.number] = made
                if cue.id is not None:  # an id that two cues have names neither
                    self.known[cue.id] = made if cue.id not in self.known else None
            yield told
        if corrected:
            for count, (place, raw) in enumerate(t.records(beside), 1):
                yield t.attempt(self._correction, f"file {self.count} correction {place}", count, raw)

    def _cue(self, place: str, cue: Cue) -> Item:
        found = _TIMING.fullmatch(cue.timing)
        if not found:
            raise ItemError("IMP-020")
        start, end = _seconds(found.groups()[:4]), _seconds(found.groups()[4:8])
        if start >= end:
            raise ItemError("IMP-051")
        raw = "\n".join(cue.lines)
        web = self.path.suffix.lower() == ".vtt"
        words = html.unescape(_TAG.sub("", raw)) if web else raw
        kept = {"id": cue.id, "settings": found[9], "raw": raw if raw != words else None}
        return Item(
            place,
            f"captions-{self.count}-{cue.number}",
            self.sample,
            "transcript",
            {"start": start, "end": end, "text": t.text(words)},
            kept={name: value for name, value in kept.items() if value is not None},
        )

    def _correction(self, place: str, count: int, raw: Any) -> Item:
        if not isinstance(raw, dict):
            raise ItemError("IMP-023", what="the form of a correction")
        key = raw.get("cue")
        cue = self.known.get(key) if isinstance(key, int | str) and not isinstance(key, bool) else None
        if cue is None:
            raise ItemError("IMP-026", what="cue")
        if raw.get("original") is not None and raw["original"] != cue.value["text"]:
            raise ItemError("IMP-051")
        confidence = raw.get("confidence")
        if confidence is not None and (
            isinstance(confidence, bool) or not isinstance(confidence, int | Decimal) or not 0 <= confidence <= 1
        ):
            raise ItemError("IMP-020")
        author, at = t.person(raw.get("author")), t.instant(raw.get("at"))
        kept = t.kept(raw, _CORRECTION) | {"corrects": cue.label_id}
        if at is None and raw.get("at") is not None:
            kept["at"] = raw["at"]
        return Item(
            place,
            f"captions-{self.count}-c{count}",
            self.sample,
            "transcript",
            {"start": cue.value["start"], "end": cue.value["end"], "text": t.text(raw.get("text"))},
            author=author,
            labeled_at=at,
            confidence=Decimal(confidence) if confidence is not None else None,
            confidence_scale="probability-0-1" if confidence is not None else None,
            origin="human" if author else "unknown",
            kept=kept,
        )


def _seconds(parts: tuple[str | None, ...]) -> Decimal:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + Decimal(f"0.{fraction}")
