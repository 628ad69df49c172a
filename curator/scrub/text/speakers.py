"""Who speaks in a transcript: roles stay, everybody else becomes Speaker 1, 2 and so on, in the order of appearance."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources

from curator.scrub.medium import Person

#: A label at the start of a line of speech.
LABEL = re.compile(
    r"(?P<dash>[-–>\s]{0,4})(?P<who>[^\W\d_][\w .,'’()/&-]{0,48}?|SPEAKER[ _-]?\d{1,3})[ ]?:(?=\s|$)[ ]?"
)
_NUMBERED = re.compile(r"(?P<role>[a-z]+)[ _-]?(?P<number>\d{1,3})?", re.IGNORECASE)


@cache
def _roles() -> frozenset[str]:
    loaded = tomllib.loads(
        resources.files("curator.scrub.text").joinpath("data", "speakers.toml").read_text(encoding="utf-8")
    )
    return frozenset(loaded["roles"].split())


def is_role(who: str) -> bool:
    """Say whether a label is a role, with or without a number, and so names nobody."""
    match = _NUMBERED.fullmatch(who.strip())
    return match is not None and match["role"].lower() in _roles()


def is_plain(who: str) -> bool:
    """Say whether a label is made of words of everyday and of medicine alone: a heading, nobody's name."""
    from curator.detect.text.lists.lexicon import fold, lexicon

    lists = lexicon()
    parts = [fold(part) for part in re.findall(r"[^\W\d_]+", who)]
    return bool(parts) and all(
        (part in lists.words or part in lists.medical) and part not in lists.given and part not in lists.surnames
        for part in parts
    )


@dataclass
class Speakers:
    """The speakers of one transcript."""

    given: dict[str, str] = field(default_factory=dict, repr=False)

    def label(self, who: str) -> str:
        """Return what stands for a speaker: the same for the same one throughout the file."""
        wanted = " ".join(who.split())
        if not wanted:
            return ""
        if is_role(wanted):
            return wanted
        return self.given.setdefault(wanted.casefold(), f"Speaker {len(self.given) + 1}")

    def known(self) -> tuple[tuple[str, str], ...]:
        """Return the speakers' names, as far as they are no words, to be searched in what is said."""
        from curator.detect.text.lists.lexicon import fold, lexicon

        lists = lexicon()
        found: list[tuple[str, str]] = []
        for who in self.given:
            parts = [part for part in re.findall(r"[^\W\d_]+", who) if len(part) > 2]
            found.extend(
                ("name", part) for part in parts if fold(part) not in lists.words and fold(part) not in lists.medical
            )
        return tuple(dict.fromkeys(found))

    def beside(self, person: Person) -> Person:
        """Return a person with the speakers' names added to what is known."""
        more = self.known()
        return replace(person, known=(*person.known, *more)) if more else person
