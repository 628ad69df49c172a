"""The guard that commands give to whoever writes texts into the ledger: it refuses those that may hold an identifier.

Loads a detector when it is asked for the first time. Says yes or no, and keeps no text longer than the process lives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curator.identifiers.findings import Finding

Guard = Callable[[str], bool]

#: Texts whose verdict is kept: labels say the same few things over and over.
_KEPT = 1 << 16
_SEPARATORS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-_.:@/]+")
_COUNT = re.compile(r"[^:]*: -?\d+")
#: Kinds that any running number behind a word may look like; in a token they count only with so many digits.
_VAGUE = frozenset({"device", "photo", "code"})
_DIGITS = 7
#: Kinds that a running number behind its key (``id: 1024``) looks like; with fewer digits than these it is none.
_RUNNING = _VAGUE | {"accession"}
_SHORT = 5


#: Things that people count, each with a running number behind it: ``case-1500``, ``study1_case0001``. With more digits
#: it may be the number under which a laboratory or a court knows it, and what such a number may be taken for.
_COUNTED = re.compile(
    r"(?:[a-z]{1,12}[-_]?\d{0,3}[-_.])?(?:big|case|image|img|item|note|record|report|sample|scan|series|slice|slide|small|study|task)[-_.]?\d{1,5}",
    re.IGNORECASE,
)
_COUNTING = frozenset({"accession", "account", "device", "license", "photo", "code", "extension"})


def text_guard() -> Guard:
    """Return a guard: True for a text in which no identifier was found.

    A text without a space, such as an id, is also read with its separators as spaces and in title case, since
    ``doe_jane`` is a name too. A measure behind its key (``volume: 1234567``) is no identifier by its length alone, and
    an id of a thing that is counted (``case-1500``) none by its word alone.
    """
    from curator.detect.text import detectors, find_all

    used = detectors(weighed=False)

    @lru_cache(maxsize=_KEPT)
    def fine(text: str) -> bool:
        found = [(one, variant) for variant in _variants(text) for one in find_all(variant, used)]
        if not found:
            return True
        if _COUNT.fullmatch(text):
            short = sum(map(str.isdigit, text)) < _SHORT
            return all(one.kind == "number" or (short and one.kind in _RUNNING) for one, _ in found)
        if any(map(str.isspace, text)):
            return False
        counted = _COUNTED.fullmatch(text) is not None
        return all(_vague(one, variant) or (counted and one.kind in _COUNTING) for one, variant in found)

    return fine


def _variants(text: str) -> Iterator[str]:
    yield text
    spaced = _SEPARATORS.sub(" ", text)
    if any(map(str.isspace, text)):
        if "_" in text:
            yield text.replace("_", " ")
        return
    if spaced != text:
        yield spaced
        words = [word for word in spaced.split() if len(word) > 1]
        if sum(word.isalpha() for word in words) > 1:
            yield " ".join(words).title()


#: A word with a running number behind it, as classes are called: ``grade3``. Its letters may also be read as an
#: initial and a surname, which is how some logins look.
_NUMBERED = re.compile(r"([a-z]{4,})\d{1,2}")
_SCALES = frozenset({"class", "degree", "grade", "group", "label", "level", "score", "stage", "type"})


def _vague(finding: Finding, text: str) -> bool:
    if finding.rule == "form.login" and (numbered := _NUMBERED.fullmatch(text[finding.start : finding.end])):
        from curator.detect.text.lists.lexicon import lexicon

        lists = lexicon()
        plain = numbered[1] in lists.words and numbered[1] not in lists.given | lists.surnames
        return plain or numbered[1] in _SCALES
    digits = sum(map(str.isdigit, text[finding.start : finding.end]))
    return finding.kind in _VAGUE and digits < _DIGITS
