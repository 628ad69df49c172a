"""What rules found in texts that are searched more than once, by a digest of each text.

A scrub searches a text twice: to learn whose it is, and to clean it. What rules find depends on the text alone, so the
second search may take it from the first. No text is kept, only digests and places.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Findings that are kept of one file at most.
MOST = 200_000
_Rule = tuple[str, str, str, float]
#: What one process found for another: rules, and by digest of a text start, end and number of the rule of each finding.
Kept = tuple[tuple[_Rule, ...], "dict[str, array[int]]"]


def digest_of(text: str) -> str:
    """Return 32 hexadecimal digits that stand for a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass
class Met:
    """Findings of rules by text: nothing is kept and nothing is given until one of the two is asked for.

    Attributes
    ----------
    keeps
        Whether what is found is kept.
    """

    keeps: bool = False
    _rules: dict[_Rule, int] = field(default_factory=dict, repr=False)
    _kept: dict[str, array[int]] = field(default_factory=dict, repr=False)
    _size: int = 0

    def find(self, text: str) -> list[Finding] | None:
        """Return what was found in a text, in the same order; None when that is not known."""
        if not self._kept:
            return None
        places = self._kept.get(digest_of(text))
        if places is None or any(places[at] > len(text) for at in range(1, len(places), 3)):
            return None
        rules = list(self._rules)
        found = []
        for at in range(0, len(places), 3):
            category, kind, rule, confidence = rules[places[at + 2]]
            found.append(Finding(places[at], places[at + 1], Category(category), kind, rule, confidence))
        return found

    def keep(self, text: str, found: Iterable[Finding]) -> None:
        """Keep what was found in a text, as long as there is room."""
        if not self.keeps or self._size >= MOST:
            return
        places = array("Q")
        for one in found:
            rule = (str(one.category.value), one.kind, one.rule, one.confidence)
            places.extend((one.start, one.end, self._rules.setdefault(rule, len(self._rules))))
        self._size += len(places) // 3 + 1
        self._kept[digest_of(text)] = places

    def clear(self, *, keeps: bool = False) -> None:
        """Forget everything, and say whether what is found from now on is kept."""
        self.keeps = keeps
        self._rules, self._kept, self._size = {}, {}, 0

    @property
    def texts(self) -> int:
        """How many texts are kept."""
        return len(self._kept)

    def behind(self, texts: int) -> Kept:
        """Return what is kept beyond the first so many texts, for another process."""
        return tuple(self._rules), dict(islice(self._kept.items(), texts, None))

    def join(self, kept: Kept) -> None:
        """Keep what another process found as well, as long as there is room."""
        rules, texts = kept
        numbers = [self._rules.setdefault(rule, len(self._rules)) for rule in rules]
        for digest, places in texts.items():
            if not self.keeps or self._size >= MOST:
                return
            if digest in self._kept:
                continue
            for at in range(2, len(places), 3):
                places[at] = numbers[places[at]]
            self._size += len(places) // 3 + 1
            self._kept[digest] = places

    def document(self) -> dict[str, Any] | None:
        """Return what is kept as plain values, None for nothing."""
        if not self._kept:
            return None
        texts = {digest: places.tolist() for digest, places in self._kept.items()}
        return {"rules": [list(rule) for rule in self._rules], "texts": texts}

    def take(self, document: dict[str, Any]) -> None:
        """Know what a document of :meth:`document` says, and nothing else."""
        self.clear()
        self._rules = {
            (category, kind, rule, float(confidence)): at
            for at, (category, kind, rule, confidence) in enumerate(document["rules"])
        }
        self._kept = {digest: array("Q", places) for digest, places in document["texts"].items()}
