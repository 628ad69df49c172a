"""Names of cities and towns: those of the lexicon, and smaller ones that only places ask for.

The smaller ones never reach the rules of names: a town of six hundred people is likelier a family's name there.
"""

from __future__ import annotations

from functools import cache

from curator.detect.text.lists.lexicon import lexicon, words_of


@cache
def towns() -> frozenset[str]:
    """Return all cities and towns, folded; saints in all their spellings."""
    listed = words_of("towns.txt")
    saints = [town.partition(" ")[2] for town in listed if town.startswith(("saint ", "st. ", "st "))]
    return (
        lexicon().cities
        | frozenset(listed)
        | frozenset(f"{lead} {town}" for town in saints for lead in ("saint", "st.", "st"))
    )


@cache
def town_starts() -> frozenset[str]:
    """Return the first words of all cities and towns, folded."""
    return frozenset(town.replace("-", " ").split(" ", 1)[0].rstrip(".") for town in towns())


def doubtful(name: str) -> bool:
    """Say whether a town's name is a word or a person's name too, and the town small.

    Parameters
    ----------
    name
        The name, folded.
    """
    known = lexicon()
    if " " in name or name in known.cities:
        return False
    return (
        name in known.words
        or name in known.medical
        or name in known.given
        or name in known.frequent
        or name in known.international
        or name in known.eponyms
    )


def sure(name: str) -> bool:
    """Say whether a folded name is a town's and hardly anything else."""
    return name in towns() and not doubtful(name)
