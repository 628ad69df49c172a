"""How a place where a folded string stands is judged, and what a form of a string says. No value stands here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Rule(IntEnum):
    """How a place where a string stands is judged."""

    LETTERS = 1
    NAME = 2
    NUMBER = 3
    PHONE = 4
    DATE = 5
    UID = 6


@dataclass(frozen=True, slots=True)
class Form:
    """What a folded string is searched as.

    Parameters
    ----------
    rule
        How a place is judged.
    category
        The harvest's word.
    everybody
        It is a hit in whosever file it stands; else only in a file about one of its owners.
    """

    rule: Rule
    category: str
    everybody: bool
