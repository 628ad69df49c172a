"""What the further files of a package are made from: the package as it has been written so far, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from curator.core.errors import GateError
from curator.provenance.state import State

if TYPE_CHECKING:
    from curator.release.facts import Facts
    from curator.scrub.policy import Policy


@dataclass(frozen=True)
class Made:
    """A package without the files that are made from it.

    Parameters
    ----------
    folder
        Where it stands.
    state
        The sum of its records.
    renderer
        What makes its PDFs, by name and version; empty for a package without PDFs.
    guard
        Says of a text whether it may be shown.
    """

    folder: Path
    state: State
    renderer: str
    guard: Callable[[str], bool]

    @cached_property
    def facts(self) -> Facts:
        """What the package says of itself, read once."""
        from curator.release.facts import Facts

        return Facts(self.folder, self.state, self.guard)


#: Gives (path, bytes) of further files of a package: of its payload, or tag files beside it.
Extra = Callable[[Made], Iterable[tuple[str, bytes]]]


@dataclass(frozen=True)
class Further:
    """What makes the further files of a package.

    Parameters
    ----------
    payload, tags
        Give further payload files, and tag files.
    renderer
        What makes PDFs here, by name and version; empty where nothing does.
    guard
        Says of a text of the data whether documents may show it.
    """

    payload: tuple[Extra, ...] = ()
    tags: tuple[Extra, ...] = ()
    renderer: str = ""
    guard: Callable[[str], bool] = lambda _: False

    def made(self, folder: Path, state: State, renderer: str) -> Made:
        """Return a package so far, with the renderer that its version was frozen with."""
        return Made(folder, state, renderer, self.guard)

    def payload_files(self, made: Made) -> Iterable[tuple[str, bytes]]:
        """Yield the further payload files."""
        return (one for extra in self.payload for one in extra(made))

    def tag_files(self, made: Made) -> Iterable[tuple[str, bytes]]:
        """Yield the further tag files."""
        return (one for tag in self.tags for one in tag(made))


def check_answered(state: State, *policies: Policy) -> None:
    """Refuse a release while a text is lacking that a person has to give (GateError SUB-011).

    Parameters
    ----------
    state
        The sum of the ledger's records.
    policies
        The policy, whose claim needs a statement; none for joined sites, each of which has its own.
    """
    from curator.release.requirements.legal import legal
    from curator.release.requirements.table import unanswered

    claims = [legal(policy.needs_document, state.facts) for policy in policies]
    left = [*unanswered(state.facts.answers), *(one.item for one in claims if one.answer is None)]
    if left:
        raise GateError("SUB-011", count=len(left), listed=", ".join(one.id for one in left))
