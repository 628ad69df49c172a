"""Headings over people's names, put together of listed words: ``demoFirstName``, ``EMERG_CONTACT_NM``.

A heading counts only when all of it is listed words, joined or parted, so that a name that is a heading itself never
does. Who reads a heading so has the strict reading: what stands below goes.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

_PARTS = ("given", "middle", "family")
_REACHES = ("phone", "email", "address")
#: Letters of a heading from which on it is none that was put together of words.
_LONGEST = 60


@dataclass(frozen=True)
class Heading:
    """What a heading over people's names says.

    Parameters
    ----------
    words
        Its words, as they are listed.
    who
        Whose: ``patient``, or the word that says which relative or which of the staff.
    part
        ``whole``, ``given``, ``middle`` or ``family``.
    reach
        ``phone``, ``email`` or ``address`` where it is over that and no name; else empty.
    bare
        No word says that a name follows (``mother``): the cells must tell.
    """

    words: tuple[str, ...]
    who: str
    part: str
    reach: str
    bare: bool


@cache
def _listed() -> dict[str, frozenset[str]]:
    text = resources.files("curator.scrub.tabular").joinpath("data", "person_words.toml").read_text(encoding="utf-8")
    return {kind: frozenset(words.split()) for kind, words in tomllib.loads(text).items()}


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset().union(*_listed().values())


def heading(parts: list[str]) -> Heading | None:
    """Read a heading.

    Parameters
    ----------
    parts
        Its words as its marks and capitals part them, in lower case, without accents.

    Returns
    -------
    Heading or None
        None when it is not one of people, or holds any other word.
    """
    bare = [re.sub(r"\d{1,2}$", "", part, flags=re.ASCII) for part in parts]
    words = _cut([part for part in bare if part])
    return _read(words) if words else None


def says_name(words: list[str]) -> bool:
    """Say whether one of a heading's words says that a name follows, or a part of one."""
    listed = _listed()
    return any(word in listed[kind] for word in words for kind in ("name", *_PARTS))


def _cut(parts: list[str]) -> tuple[str, ...]:
    """Cut words that are joined; nothing when one is of no listed words."""
    if sum(map(len, parts)) > _LONGEST:
        return ()
    vocabulary, found = _vocabulary(), list[str]()
    at = 0
    while at < len(parts):
        # Words that are listed as one may be parted: care giver, signed by, last name.
        for size in (3, 2):
            joined = "".join(parts[at : at + size])
            if at + size <= len(parts) and joined in vocabulary:
                found.append(joined)
                at += size
                break
        else:
            pieces = _pieces(parts[at])
            if not pieces:
                return ()
            found.extend(pieces)
            at += 1
    return tuple(found)


def _pieces(word: str) -> tuple[str, ...]:
    """Cut one word into the fewest listed ones; of one or two letters it must stand by itself."""
    vocabulary = _vocabulary()
    if word in vocabulary:
        return (word,)
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            before, piece = best[start], word[start:end]
            if before is None or piece not in vocabulary or (len(piece) < 3 and piece not in {"nm", "pt", "de", "s"}):
                continue
            made = (*before, piece)
            kept = best[end]
            if kept is None or len(made) < len(kept):
                best[end] = made
    return best[len(word)] or ()


def _read(words: tuple[str, ...]) -> Heading | None:
    listed = _listed()
    people = [at for at, word in enumerate(words) if word in listed["kin"] or word in listed["staff"]]
    named = any(word in listed[kind] for word in words for kind in ("name", *_PARTS))
    part = next((kind for kind in _PARTS for word in words if word in listed[kind]), "")
    parted = [(at, kind) for at, word in enumerate(words) for kind in _PARTS if word in listed[f"{kind}_part"]]
    reach = next((kind for kind in _REACHES for word in words if word in listed[kind]), "")
    if parted and not part and (named or (people and parted[0][0] > people[0])):
        part = parted[0][1]
    elif parted and not part:
        return None  # last_contact
    if people:
        if reach and named:
            return None
        return Heading(words, words[people[-1]], part or "whole", reach, bare=not (named or part))
    if not named or reach:
        return None
    own = bool(part) or any(word in listed["own"] for word in words)
    return Heading(words, "patient", part or "whole", "", bare=not own)
