"""A recipe laid over a policy, resolved into decisions: plain data, read back from a package without any parser.

What a recipe's words meant is settled when it is read (:mod:`curator.scrub.policy.recipe`). Nothing here may hold a
value of a source file; the texts are those that the recipe's author wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: What a recipe may decide about an attribute at any depth.
REMOVE, EMPTY, KEEP, FIXED, UID, PSEUDONYM = "remove", "empty", "keep", "fixed", "uid", "pseudonym"
#: Dates moved by the person's days; ``shift-kept`` where the policy alone would let no date stay.
SHIFT, SHIFT_KEPT = "shift", "shift-kept"
ACTIONS = frozenset({REMOVE, EMPTY, KEEP, FIXED, UID, PSEUDONYM, SHIFT, SHIFT_KEPT})
#: Filter actions, and those of them that compare a text.
FILTERS = frozenset({"contains", "notcontains", "equals", "notequals", "missing", "present", "empty"})
WITH_TEXT = frozenset({"contains", "notcontains", "equals", "notequals"})


@dataclass(frozen=True)
class Check:
    """One test of a filter.

    Parameters
    ----------
    operator
        How it is joined to the tests before it on its line: ``and`` or ``or``.
    action
        One of :data:`FILTERS`.
    tag
        The attribute, at the top of the data set.
    text
        What is looked for: a regular expression for ``contains``, a whole value for ``equals``; else empty.
    """

    operator: str
    action: str
    tag: int
    text: str


@dataclass(frozen=True)
class Label:
    """One labelled filter.

    Parameters
    ----------
    passes
        True in a whitelist: a file that matches is not asked the later filters. False: it is held back.
    lines
        (operator, tests) pairs, joined from the first to the last.
    """

    passes: bool
    lines: tuple[tuple[str, tuple[Check, ...]], ...]


@dataclass(frozen=True)
class Recipe:
    """The decisions of a recipe.

    Parameters
    ----------
    attributes
        (tag, action) pairs; action is one of :data:`ACTIONS`. Sorted.
    texts
        (tag, text) of each ``fixed`` attribute. Sorted.
    added
        (tag, text) that the top of each object gets, whether or not it was there. Sorted.
    searched
        (tag, separator, least length) of attributes whose values go wherever they stand in a text that is kept; an
        empty separator takes the value whole. Sorted.
    labels
        Filters, in the order in which they are asked.
    """

    attributes: tuple[tuple[int, str], ...] = ()
    texts: tuple[tuple[int, str], ...] = ()
    added: tuple[tuple[int, str], ...] = ()
    searched: tuple[tuple[int, str, int], ...] = ()
    labels: tuple[Label, ...] = ()

    def decisions(self) -> dict[str, Any]:
        """Return every decision as plain values."""
        return {
            "added": [[f"{tag:08X}", text] for tag, text in self.added],
            "attributes": [[f"{tag:08X}", action] for tag, action in self.attributes],
            "filters": [
                {
                    "passes": label.passes,
                    "lines": [
                        [operator, [[one.operator, one.action, f"{one.tag:08X}", one.text] for one in tests]]
                        for operator, tests in label.lines
                    ],
                }
                for label in self.labels
            ],
            "searched": [[f"{tag:08X}", by, least] for tag, by, least in self.searched],
            "texts": [[f"{tag:08X}", text] for tag, text in self.texts],
        }


def recipe_of(raw: dict[str, Any]) -> Recipe:
    """Read what :meth:`Recipe.decisions` gave.

    Raises
    ------
    ValueError, KeyError, TypeError
        When it is none.
    """
    attributes = tuple((int(tag, 16), str(action)) for tag, action in raw["attributes"])
    labels = tuple(
        Label(
            label["passes"] is True,
            tuple((str(operator), tuple(_check(one) for one in tests)) for operator, tests in label["lines"]),
        )
        for label in raw["filters"]
    )
    if not {action for _, action in attributes} <= ACTIONS:
        raise ValueError
    return Recipe(
        attributes=attributes,
        texts=tuple((int(tag, 16), str(text)) for tag, text in raw["texts"]),
        added=tuple((int(tag, 16), str(text)) for tag, text in raw["added"]),
        searched=tuple((int(tag, 16), str(by), int(least)) for tag, by, least in raw["searched"]),
        labels=labels,
    )


def _check(raw: list[str]) -> Check:
    operator, action, tag, text = raw
    if action not in FILTERS:
        raise ValueError
    return Check(str(operator), action, int(tag, 16), str(text))
