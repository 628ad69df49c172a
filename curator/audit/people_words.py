"""Words for race, ethnicity and makers of devices, mapped to the names that a report may show; nothing is guessed."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

UNMAPPED = "Not mapped"
OTHER_MAKER = "other maker"


@cache
def _tables() -> dict[str, dict[str, Any]]:
    text = resources.files("curator.audit").joinpath("people_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


@cache
def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind in ("race", "ethnicity", "stated"):
        for name, words in _tables()[kind].items():
            for word in words:
                found.setdefault(_bare(word), []).append(f"{kind}:{name}")
    for code, name in _tables()["codes"].items():
        kinds = [kind for kind in ("race", "ethnicity", "stated") if name in _tables()[kind]]
        found[_bare(code)] = [f"{kind}:{name}" for kind in kinds]
    return found


def categories(text: str) -> list[str]:
    """Return what a value says, as ``race:White``, ``ethnicity:...`` or ``stated:Declined``.

    Parameters
    ----------
    text
        One value, or several with a backslash or semicolon between. Each is mapped by itself.

    Returns
    -------
    list
        Sorted; ``race:Not mapped`` for a value that no list holds.
    """
    found: set[str] = set()
    for part in re.split(r"[\\;]", text):
        word = _bare(part)
        if word:
            found.update(_words().get(word, [f"race:{UNMAPPED}"]))
    return sorted(found)


def names(kind: str) -> tuple[str, ...]:
    """Return the categories of ``race`` or ``ethnicity``, in the order of the table."""
    return tuple(_tables()[kind])


def maker(text: str) -> str:
    """Return a maker's name as a report shows it; :data:`OTHER_MAKER` for one that the table does not know."""
    word = re.sub(r"[^a-z0-9]", "", text.casefold())
    first = _bare(text).partition(" ")[0]
    for name, starts in _tables()["makers"].items():
        if any(first == one if len(one) < 4 else word.startswith(one) for one in starts):
            return str(name)
    return OTHER_MAKER
