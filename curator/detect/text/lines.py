"""JSON Lines in, JSON Lines out: one text a line, its findings a line, the text itself never.

A line that cannot be searched becomes a line with its number and a code. Memory holds one line at a time, or some tens
of kilobytes for each process.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from curator.core.errors import ItemError
from curator.detect.text.protocol import Detector, find_all
from curator.engine import hands
from curator.identifiers.findings import Finding

#: Longest line, in bytes.
LIMIT = 64 * 1024 * 1024


@dataclass
class Summary:
    """What a run came to. Counts alone."""

    texts: int = 0
    failed: int = 0
    characters: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Summary) -> None:
        """Count what another one counted as well."""
        self.texts += other.texts
        self.failed += other.failed
        self.characters += other.characters
        self.findings.update(other.findings)
        self.codes.update(other.codes)

    def document(self) -> dict[str, Any]:
        """Return the summary as schemas/detect-summary.schema.json says."""
        return {
            "texts": self.texts,
            "failed": self.failed,
            "characters": self.characters,
            "findings": dict(sorted(self.findings.items())),
            "by_code": dict(sorted(self.codes.items())),
        }


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield lines without their ends, None for one that is too long."""
    while line := stream.readline(LIMIT + 1):
        if len(line) > LIMIT and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(LIMIT)
            yield None
        else:
            yield line.rstrip(b"\r\n")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError
    return made


def _constant(_name: str) -> Any:
    raise ValueError


def _parse(line: bytes | None) -> tuple[str | int, str]:
    if line is None:
        raise ItemError("TXT-005", limit=LIMIT >> 20)
    try:
        raw = line.decode("utf-8")
    except UnicodeDecodeError:
        raise ItemError("TXT-002") from None
    try:
        document = json.loads(raw, object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError):
        raise ItemError("TXT-003") from None
    if not isinstance(document, dict):
        raise ItemError("TXT-003")
    name, text = document.get("id"), document.get("text")
    if not isinstance(name, str | int) or isinstance(name, bool) or not isinstance(text, str):
        raise ItemError("TXT-004")
    return name, text


def span(finding: Finding) -> dict[str, Any]:
    """Return a finding as it stands in the output."""
    return {
        "start": finding.start,
        "end": finding.end,
        "category": finding.category.name,
        "kind": finding.kind,
        "rule": finding.rule,
        "confidence": round(finding.confidence, 3),
    }


def detect_lines(stream: BinaryIO, detectors: list[Detector], summary: Summary, *, workers: int = 1) -> Iterator[str]:
    """Search each line of a stream.

    Parameters
    ----------
    stream
        JSON Lines with members ``id`` (string or integer) and ``text``. Blank lines are passed over.
    detectors
        What to search with.
    summary
        Counts into this.
    workers
        Processes that search. With more than one, some lines are read before those before them are written.

    Yields
    ------
    str
        ``{"id", "spans"}``, or ``{"line", "error"}`` with a code for a line that could not be searched.
    """

    def searched(part: Iterable[tuple[int, bytes | None]]) -> tuple[list[str], Summary]:
        counts = Summary()
        return [_searched(number, line, detectors, counts) for number, line in part], counts

    lines = ((number, line) for number, line in enumerate(_lines(stream), 1) if not _blank(line))
    if workers > 1:
        done = hands.spread(hands.parts_of(lines, lambda one: len(one[1] or b"")), searched, workers=workers)
    else:
        done = (searched([one]) for one in lines)
    for listed, counts in done:
        summary.add(counts)
        yield from listed


def _blank(line: bytes | None) -> bool:
    return line is not None and not line.strip(b"\xef\xbb\xbf \t")


def _searched(number: int, line: bytes | None, detectors: list[Detector], summary: Summary) -> str:
    try:
        name, text = _parse(line.removeprefix(b"\xef\xbb\xbf") if number == 1 and line else line)
        found = find_all(text, detectors)
    except ItemError as error:
        summary.failed += 1
        summary.codes[error.code] += 1
        return json.dumps({"line": number, "error": error.code})
    summary.texts += 1
    summary.characters += len(text)
    summary.findings.update(counted(found))
    return json.dumps({"id": name, "spans": [span(finding) for finding in found]})


def counted(found: Iterable[Finding]) -> Iterator[str]:
    """Yield the category's name for each finding."""
    return (finding.category.name for finding in found)
