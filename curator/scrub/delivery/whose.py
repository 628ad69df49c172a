"""Whose is a file that does not say so plainly? Told by an ID or a name and birth date in it, or by its path.

Only a person who is already known is ever found, and only when everything points at one. Nothing is enrolled here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from curator.identifiers.known import folded
from curator.scrub.delivery.link import IdRules
from curator.scrub.delivery.people import People
from curator.scrub.delivery.state import path_bytes

_PARTS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
#: Shorter IDs are numbers of other things too often to be told from a path.
_LEAST = 4


def name_key(name: str) -> str:
    """Return a name as names are compared: its words folded, in alphabetical order, single letters left out."""
    words = (folded(word)[0] for word in re.findall(r"[^\W\d_]+", name.replace("^", " ")))
    return " ".join(sorted(word for word in words if len(word) > 1))


@dataclass
class Whose:
    """Looks persons up by what a file mentions.

    Attributes
    ----------
    people, rules
        Who is known, and how IDs become keys.
    names
        (name, birth date) to the persons who have both.
    """

    people: People
    rules: IdRules
    names: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, people: People, rules: IdRules, groups: dict[str, list[str]]) -> Whose:
        """Index everybody known so far, this delivery's included."""
        made = cls(people, rules)
        for key in {*people.numbers, *people.aliases, *groups}:
            own = people.aliases.get(key, key)
            if own in people.numbers:
                made.keys[key] = own
        for key, pairs in people.known.items():
            if key not in people.numbers:
                continue
            births = [value for category, value in pairs if category == "birth_date"]
            for category, value in pairs:
                if category == "name" and births and (name := name_key(value)):
                    for birth in births:
                        made.names[name, birth].add(key)
        return made

    def _by_id(self, value: str) -> str | None:
        for kind in ("mrn", "fhir"):
            found = self.keys.get(self.rules.key(kind, "", value, ""))
            if found is not None:
                return found
        return None

    def person(self, mentions: list[str], relative: str) -> str | None:
        """Return the one person that mentions, or else the path, point at; None when none or several are.

        Parameters
        ----------
        mentions
            IDs, or ``name|YYYYMMDD``.
        relative
            The path below the source, as it is stored.
        """
        told: set[str] = set()
        for mention in mentions:
            name, bar, birth = mention.rpartition("|")
            if bar:
                told |= self.names.get((name_key(name), birth), set())
            elif (found := self._by_id(mention)) is not None:
                told.add(found)
        if told:
            return next(iter(told)) if len(told) == 1 else None
        told = {found for part in _path_parts(relative) if (found := self._by_id(part)) is not None}
        return next(iter(told)) if len(told) == 1 else None


def _path_parts(relative: str) -> set[str]:
    text = path_bytes(relative).decode("utf-8", "replace")
    found: set[str] = set()
    for component in re.split(r"[/\0]", text):
        stem = component.rsplit(".", 1)[0]
        found.update((component, stem))
        found.update(_PARTS.findall(stem))
        found.update(re.split(r"[_\s.]+", stem))
    return {part for part in found if len(part) >= _LEAST and any(mark.isdigit() for mark in part)}
