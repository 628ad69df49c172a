"""The one tree of errors.

Every error carries a stable code. The sentence and the hint for a code stand in ``core/codes/*.toml``, never in the
code that raises, so that the list in docs/reference is the list the program uses. An error must never carry an
identifier: facts put into a sentence are counts, codes, pseudonyms, keyed digests and names that the project itself
chose, never a source's path, name or value.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any, ClassVar

#: Exit code of each kind of error (table in docs/reference/exit-codes.md).
EXIT_OF_KIND = {"gate": 1, "usage": 2, "check": 3, "integrity": 4, "item": 5, "interrupt": 130}

#: What stands for a fact in a sentence, and a remark in brackets that is nothing without it.
_FACT = re.compile(r"\{\w+\}")
_FACTS_ASIDE = re.compile(r" \([^(){}]*\{\w+\}[^()]*\)")


@cache
def codes() -> dict[str, dict[str, str]]:
    """Every known code with its ``kind``, ``sentence`` and ``hint``.

    Returns
    -------
    dict
        Code, such as ``DCM-004``, to its three texts, in the order of the code, and to what limit its sentence names
        where that is the same for every case.
    """
    table: dict[str, dict[str, str]] = {}
    for entry in sorted(resources.files("curator.core").joinpath("codes").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            table.update(tomllib.loads(entry.read_text(encoding="utf-8")))
    return dict(sorted(table.items()))


class CuratorError(Exception):
    """The root of the tree. Raise one of its children.

    Parameters
    ----------
    code
        A key of :func:`codes`.
    facts
        Values for the braces in the code's sentence and hint. Safe values only (see the module's docstring).
    """

    kind: ClassVar[str] = "check"

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross a process boundary with the code and the facts, and nothing of the traceback."""
        return (_rebuild, (type(self), self.code, self.facts))

    @property
    def exit_code(self) -> int:
        """The exit code that a command ends with when this error stops it."""
        return EXIT_OF_KIND[self.kind]

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        return self._text("sentence")

    @property
    def hint(self) -> str:
        """What the user can do."""
        return self._text("hint")

    def _text(self, which: str) -> str:
        entry = codes().get(self.code, {})
        try:
            return entry.get(which, "").format(**{**entry, **self.facts})
        except (KeyError, IndexError):  # counted or listed by its code alone: the facts of one case are not at hand
            return _FACT.sub("…", _FACTS_ASIDE.sub("", entry.get(which, "")))

    def __str__(self) -> str:
        return f"{self.code} {self.sentence}"


def sentence_of(code: str) -> str:
    """Return a code's sentence without the facts of one case; empty for a code that nobody knows."""
    return CuratorError(code).sentence


def _rebuild(kind: type[CuratorError], code: str, facts: dict[str, Any]) -> CuratorError:
    return kind(code, **facts)


class GateError(CuratorError):
    """A gate was not passed: there are findings. Exit 1."""

    kind = "gate"


class UsageError(CuratorError):
    """The user asked for what cannot be done; nothing was changed. Exit 2."""

    kind = "usage"


class CheckError(CuratorError):
    """Something could not be checked, or a run ended incomplete. Exit 3."""

    kind = "check"


class IntegrityError(CuratorError):
    """A signature, the ledger, a journal, a vault or a package is broken. Exit 4."""

    kind = "integrity"


class ItemError(CuratorError):
    """One item cannot be passed on: it is quarantined under this code while the rest goes on. Exit 5."""

    kind = "item"
