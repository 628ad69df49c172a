"""Which split each patient is in, as the audit reads it: from the document alone, by none of the code that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from curator.audit.model import SPLITS, Answer, Subject
from curator.core.errors import CheckError
from curator.core.schema import violation

SCHEMA = "split-assignments"
#: What stands for the split of a patient who is in none.
NONE = "(none)"


@dataclass(frozen=True)
class Assignments:
    """The assignments.

    Parameters
    ----------
    by
        What was assigned as a whole: ``patient`` or ``site``.
    of
        Pseudonym to split.
    sites
        Pseudonym to site, where the strata say so.
    left
        Pseudonyms that left their split by a record.
    order
        Names of the splits, the one that a model sees most first.
    """

    by: str
    of: Mapping[str, str]
    sites: Mapping[str, str] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()


def parse(document: Any) -> Assignments:
    """Return the assignments of a document.

    Raises
    ------
    CheckError
        AUD-007 when it does not follow its schema.
    """
    if not isinstance(document, dict) or violation(SCHEMA, document) is not None:
        raise CheckError("AUD-007", what="table of splits that can be read")
    named = [name for name, _ in document["settings"]["fractions"]]
    others = sorted(set(document["assignments"].values()) - set(named))
    return Assignments(
        document["by"],
        document["assignments"],
        {name: values["site"] for name, values in document["strata"].items() if values.get("site")},
        frozenset(document["left"]),
        (*named, *others),
    )


def assignments(subject: Subject) -> Assignments | None:
    """Return a subject's assignments, None where it has none."""
    return parse(subject.splits()) if subject.has(SPLITS) else None


def without(subject: Subject) -> Answer:
    """Return the answer of a check of splits where there is no table of them.

    A project or package without splits has nothing to check; a folder may have been split by somebody who did not say.
    """
    from curator.audit.answers import could_not, not_applicable

    if subject.kind == "folder":
        return could_not("the folder does not say who is in which split")
    return not_applicable("no splits were made")
