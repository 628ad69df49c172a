"""What the cleaning of a text asks of the person's identifiers: noted once, and put to each person in one go.

Where a person can have nothing to do with any question, the text becomes for them what it becomes for somebody without
identifiers. The answer may only be no where each question by itself is answered no. It must never keep an identifier
of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from curator.identifiers.findings import Finding
from curator.identifiers.known import KnownMatcher, Sought, sought
from curator.scrub.dicom.matcher import Matcher, fold
from curator.scrub.dicom.readings import Readings, readings

Made = TypeVar("Made")
#: Longest text whose questions are put in one go; the words that may be put together grow with it.
_LONGEST = 512


class Asked(NamedTuple):
    """What was asked of the person's identifiers.

    ``texts`` were searched for them, ``values`` compared as a whole, ``words`` looked for among them, ``searched``
    given to the finders; ``read``, ``folded`` and ``sought`` hold the same made ready, ``sought`` not of long texts.
    """

    texts: frozenset[str]
    values: frozenset[str]
    words: frozenset[str]
    searched: frozenset[str]
    read: Readings
    folded: frozenset[str]
    sought: Sought | None

    def may_be_of(self, own: Matcher, known: Iterable[KnownMatcher]) -> bool:
        """Say whether a person's identifiers may answer any of the questions with yes."""
        if (
            own.may_hit(self.read)
            or (own.whole and not own.whole.isdisjoint(self.folded))
            or not own.weak.isdisjoint(self.words)
            or not own.strong.isdisjoint(self.words)
            or not own.whole.isdisjoint(self.words)
            or not own.initials.isdisjoint(self.words)
            or not own.birthdays.isdisjoint(self.words)
            or not own.days.isdisjoint(self.words)
            or not own.short.isdisjoint(self.words)
        ):
            return True
        if self.sought is None:
            return any(next(iter(each.find(one)), None) is not None for each in known for one in self.searched)
        return any(each.may_find(self.sought) for each in known)


class _Noted(set[str]):
    """An empty set that remembers what was looked for in it."""

    def __init__(self, noted: set[str]) -> None:
        super().__init__()
        self._noted = noted

    def __contains__(self, word: object) -> bool:
        assert isinstance(word, str)
        self._noted.add(word)
        return False


_NOBODY = Matcher(())


class Inquiry(Matcher):
    """Matcher and finder of somebody without identifiers; remembers the questions."""

    def __init__(self) -> None:
        self.__dict__.update(_NOBODY.__dict__)  # nothing of it is changed: it is asked, never told
        self._texts, self._values, self._words, self._searched = set[str](), set[str](), set[str](), set[str]()
        self.weak, self.strong, self.whole, self.initials = (_Noted(self._words) for _ in range(4))
        self.birthdays, self.days, self.short = (_Noted(self._words) for _ in range(3))

    def longest_weak(self) -> int:
        """Return more than any identifier has: each part of a word is asked for, whoever's it may be."""
        return _LONGEST

    def hits(self, text: str) -> bool:
        """Note the question; say no."""
        self._texts.add(text)
        return False

    def is_short_identifier(self, text: str) -> bool:
        """Note the question; say no."""
        self._values.add(text)
        return False

    def find(self, text: str) -> tuple[Finding, ...]:
        """Find nothing."""
        self._searched.add(text)
        return ()

    def asked(self) -> Asked:
        """Return the questions so far."""
        searched = self._searched
        return Asked(
            frozenset(self._texts),
            frozenset(self._values),
            frozenset(self._words),
            frozenset(searched),
            readings(self._texts),
            frozenset(map(fold, self._values)),
            sought(searched) if sum(map(len, searched)) <= _LONGEST else None,
        )


class Memory:
    """Remembers what was made last, up to twice a bound; what is asked for again stays longer.

    Parameters
    ----------
    most
        How many are kept before the older half goes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._new: dict[Any, Any] = {}
        self._old: dict[Any, Any] = {}

    def get(self, key: Any, make: Callable[[], Made]) -> Made:
        """Return what stands under a key, made now if it is not remembered."""
        found: Made | None = self._new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                found = make()
            if len(self._new) >= self._most:
                self._old, self._new = self._new, {}
            self._new[key] = found
        return found
