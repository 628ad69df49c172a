"""What the signing commands of ``curator release`` share: options, the verified ledger, signing and sealing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curator.cli.common import json_option, key_passphrase_option, note, passphrase_option, progress, project_option
from curator.cli.signers import by_option, key_store_option, need_key, open_key, operator_signer

if TYPE_CHECKING:
    from curator.project.paths import Project
    from curator.provenance.append import Appender
    from curator.provenance.records import Draft
    from curator.provenance.state import Record, State

#: Acts that a project of joined sites knows, too.
JOINING = frozenset({"join", "leave", "split", "seal", "access", "sent", "purge-site"})
_Function = TypeVar("_Function", bound=Callable[..., Any])

REASON = click.option("--reason", required=True, metavar="TEXT", help="Why; no identifier.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Check everything and show it, sign and write nothing.")


def signing_options(function: _Function) -> _Function:
    """Add the options of a command that signs; passes what :class:`Given` takes, and ``as_json``."""
    for option in (
        json_option,
        passphrase_option,
        key_passphrase_option,
        key_store_option,
        project_option,
        DRY_RUN,
        by_option,
    ):
        function = option(function)
    return function


@dataclass(frozen=True)
class Given:
    """What the options of :func:`signing_options` said."""

    project: Path
    person: str
    dry_run: bool
    key_store: Path | None
    key_passphrase_file: Path | None
    passphrase_file: Path | None


class Act:
    """One act of signing about splits or releases: the ledger is verified first, then drafts are signed and sealed."""

    def __init__(self, given: Given, purpose: str) -> None:
        from curator.core.clock import SystemClock
        from curator.project.paths import open_project
        from curator.provenance.append import Appender
        from curator.provenance.ledger import Ledger

        self.given, self.purpose = given, purpose
        self.place: Project = open_project(given.project)
        if purpose not in JOINING:
            self.place.need_patients()
        if not given.dry_run:
            need_key(given.person, given.key_store)
        ledger = Ledger(self.place.ledger)
        with progress(0, "records") as bar:
            self.appender: Appender = Appender(ledger, SystemClock(), bar.advance)

    @property
    def state(self) -> State:
        """What the ledger adds up to."""
        return self.appender.state

    def show(self, *lines: str) -> None:
        """Show, on standard error, who would sign what."""
        from curator.provenance.view import printed_name, shown

        note(f"signer   {shown(printed_name(self.state, self.given.person))}")
        for line in lines:
            note(line)

    def sign(self, drafts: Sequence[Draft]) -> list[Record]:
        """Sign and seal; for a dry run hold the drafts against the rules, and sign nothing."""
        if not drafts:
            return []
        if self.given.dry_run:
            self._try(drafts)
            return []
        key = open_key(self.given.person, self.given.key_store, self.given.key_passphrase_file)
        operator = operator_signer(self.place, self.given.passphrase_file, self.purpose)
        made = self.appender.append(drafts, key)
        self.appender.seal(key, operator)
        return made

    def _try(self, drafts: Sequence[Draft]) -> None:
        from curator.core.clock import utc_text
        from curator.provenance.rules import RULES
        from curator.provenance.state import Record as Made

        trial = self.state.fork()
        for one in drafts:
            said = {**one.predicate, "signer": self.given.person, "signedAt": utc_text(self.appender.clock.now())}
            RULES[one.kind](trial, Made(trial.size, b"", one.kind, list(one.subject), said))


def given_from(options: dict[str, Any]) -> Given:
    """Take the options of :func:`signing_options` out of a command's keyword arguments."""
    return Given(**{name: options.pop(name) for name in Given.__dataclass_fields__})
