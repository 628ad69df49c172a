"""Words of findings, alerts, allergies and drugs in languages other than English, as a list writes them in short."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.lexicon import fold
from curator.scrub.dicom.rules import data_text

#: Stands for the stem itself in a list of endings.
_BARE = "="


@cache
def foreign_words() -> frozenset[str]:
    """Return the words, in lower case without accents."""
    endings: dict[str, list[str]] = {}
    found: set[str] = set()
    for line in data_text("foreign_words.txt").splitlines():
        if line.startswith("@"):
            name, *ends = line[1:].split()
            endings[name] = ["" if end == _BARE else end for end in ends]
        elif line and not line.startswith("#"):
            for entry in line.split(": ", 1)[1].split():
                found.update(map(fold, _spelled_out(entry, endings)))
    return frozenset(found)


def _spelled_out(entry: str, endings: dict[str, list[str]]) -> Iterator[str]:
    """Yield the words that an entry stands for; of one with a hyphen its parts too short to tell are left out."""
    if "@" in entry:
        stem, name = entry.split("@")
        words = [stem + end for end in endings[name]]
    elif ":" in entry:
        stem, ends = entry.split(":")
        words = [stem + end for end in ends.split(",")]
    else:
        words = [entry]
    for word in words:
        yield from (part for part in word.split("-") if len(part) > 1)
