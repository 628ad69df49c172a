"""JSON Lines in, JSON Lines out: one text a line, its findings a line, the text itself never.

A line that cannot be searched becomes a line with its number and a code. Memory holds one line at a time.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from curator.core.errors import ItemError
from curator.detect.text.protocol import Detector, find_all
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


def detect_lines(stream: BinaryIO, detectors: list[Detector], summary: Summary) -> Iterator[str]:
    """Search each line of a stream.

    Parameters
    ----------
    stream
        JSON Lines with members ``id`` (string or integer) and ``text``. Blank lines are passed over.
    detectors
        What to search with.
    summary
        Counts into this.

    Yields
    ------
    str
        ``{"id", "spans"}``, or ``{"line", "error"}`` with a code for a line that could not be searched.
    """
    for number, line in enumerate(_lines(stream), 1):
        if line is not None and not line.strip(b"\xef\xbb\xbf \t"):
            continue
        try:
            name, text = _parse(line.removeprefix(b"\xef\xbb\xbf") if number == 1 and line else line)
            found = find_all(text, detectors)
        except ItemError as error:
            summary.failed += 1
            summary.codes[error.code] += 1
            yield json.dumps({"line": number, "error": error.code})
            continue
        summary.texts += 1
        summary.characters += len(text)
        summary.findings.update(counted(found))
        yield json.dumps({"id": name, "spans": [span(finding) for finding in found]})


def counted(found: Iterable[Finding]) -> Iterator[str]:
    """Yield the category's name for each finding."""
    return (finding.category.name for finding in found)
