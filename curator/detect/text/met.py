"""What rules found in texts that are searched more than once, by a digest of each text.

A scrub searches a text twice: to learn whose it is, and to clean it. What rules find depends on the text alone, so the
second search may take it from the first. No text is kept, only digests and places. Of a file with very many texts it is
laid aside in parts, and taken back part by part, since both searches meet the texts in the same order.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Findings that a part holds at most; so many are kept of one file where nobody takes its parts.
MOST = 200_000
#: Texts in a row that are in no part at hand, until the next part is taken: it may have been skipped.
PATIENCE = 1000
_Rule = tuple[str, str, str, float]
#: What one process found for another: rules, and by digest of a text start, end and number of the rule of each finding.
Kept = tuple[tuple[_Rule, ...], "dict[str, array[int]]"]


def digest_of(text: str) -> str:
    """Return 32 hexadecimal digits that stand for a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass
class _Part:
    """Findings by text: the rules by their numbers, and by digest start, end and number of the rule of each."""

    rules: dict[_Rule, int] = field(default_factory=dict)
    texts: dict[str, array[int]] = field(default_factory=dict)
    size: int = 0

    def add(self, digest: str, places: array[int]) -> None:
        """Take the findings of one text; their rules are numbered here."""
        self.size += len(places) // 3 + 1
        self.texts[digest] = places

    def number(self, rule: _Rule) -> int:
        """Return the number of a rule."""
        return self.rules.setdefault(rule, len(self.rules))

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        texts = {digest: places.tolist() for digest, places in self.texts.items()}
        return {"rules": [list(rule) for rule in self.rules], "texts": texts}

    @classmethod
    def of(cls, document: dict[str, Any]) -> _Part:
        """Read what :meth:`document` says."""
        rules: dict[_Rule, int] = {
            (category, kind, rule, float(confidence)): at
            for at, (category, kind, rule, confidence) in enumerate(document["rules"])
        }
        return cls(rules, {digest: array("Q", places) for digest, places in document["texts"].items()})


@dataclass
class Met:
    """Findings of rules by text: nothing is kept and nothing is given until one of the two is asked for.

    Attributes
    ----------
    keeps
        Whether what is found is kept.
    """

    keeps: bool = False
    _part: _Part = field(default_factory=_Part, repr=False)
    _aside: Callable[[dict[str, Any]], None] | None = field(default=None, repr=False)
    _then: _Part | None = field(default=None, repr=False)
    _more: Iterator[dict[str, Any]] | None = field(default=None, repr=False)
    _missed: int = 0
    _asked: dict[str, None] | None = field(default=None, repr=False)

    def find(self, text: str) -> list[Finding] | None:
        """Return what was found in a text, in the same order; None when that is not known."""
        if not self._part.texts:
            return None
        digest = digest_of(text)
        places = self._part.texts.get(digest)
        if places is None and self._more is not None:
            places = self._ahead(digest)
        if places is None or any(places[at] > len(text) for at in range(1, len(places), 3)):
            return None
        if self._asked is not None:
            self._asked[digest] = None
        rules = list(self._part.rules)
        found = []
        for at in range(0, len(places), 3):
            category, kind, rule, confidence = rules[places[at + 2]]
            found.append(Finding(places[at], places[at + 1], Category(category), kind, rule, confidence))
        return found

    def _ahead(self, digest: str) -> array[int] | None:
        """Look into the next part, and go on to it when it has a text, or when nothing was met for long."""
        if self._then is None and self._more is not None:
            document = next(self._more, None)
            if document is None:
                self._more = None
                return None
            self._then = _Part.of(document)
        if self._then is None:
            return None
        places = self._then.texts.get(digest)
        self._missed = 0 if places is not None else self._missed + 1
        if places is not None or self._missed >= PATIENCE:
            self._part, self._then, self._missed = self._then, None, 0
        return places

    def keep(self, text: str, found: Iterable[Finding]) -> None:
        """Keep what was found in a text, as long as there is room."""
        if not self.keeps or not self._room():
            return
        places = array("Q")
        for one in found:
            rule = (str(one.category.value), one.kind, one.rule, one.confidence)
            places.extend((one.start, one.end, self._part.number(rule)))
        digest = digest_of(text)
        self._part.add(digest, places)
        if self._asked is not None:
            self._asked[digest] = None

    def _room(self) -> bool:
        """Say whether one more text can be kept; what is full is laid aside first, where somebody takes it."""
        if self._part.size >= MOST and self._aside is not None:
            self._aside(self._part.document())
            self._part = _Part()
        return self._part.size < MOST

    def clear(self, *, keeps: bool = False, aside: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Forget everything, and say whether what is found from now on is kept, and who takes what is full."""
        self.keeps, self._aside = keeps, aside
        self._part, self._then, self._more, self._missed = _Part(), None, None, 0
        self._asked = None

    def begin(self) -> None:
        """Make ready, in a process that works for another one, to be asked what it met from now on."""
        self._aside, self._asked = None, {}
        if self._part.size >= MOST:
            self._part = _Part()

    def met(self) -> Kept:
        """Return what was found in the texts that were met since :meth:`begin`, in the order in which they were."""
        texts = self._part.texts
        return tuple(self._part.rules), {digest: texts[digest] for digest in self._asked or () if digest in texts}

    def join(self, kept: Kept) -> None:
        """Keep what another process found as well, as long as there is room."""
        rules, texts = kept
        for digest, places in texts.items():
            if not self.keeps or not self._room():
                return
            if digest in self._part.texts:
                continue
            ours = array("Q", places)
            for at in range(2, len(ours), 3):
                ours[at] = self._part.number(rules[ours[at]])
            self._part.add(digest, ours)

    def document(self) -> dict[str, Any] | None:
        """Return what is kept and was not laid aside as plain values, None for nothing."""
        return self._part.document() if self._part.texts else None

    def take(self, document: dict[str, Any], more: Iterator[dict[str, Any]] | None = None) -> None:
        """Know what a document of :meth:`document` says, and nothing else.

        Parameters
        ----------
        document
            The first part.
        more
            Those that follow, taken as they are needed.
        """
        self.clear()
        self._part, self._more = _Part.of(document), more
