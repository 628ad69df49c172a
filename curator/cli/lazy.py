"""The list of commands, and a group that imports a command only when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

#: Command, its module's attribute, its line in the help; in the order of the work, under headings.
SECTIONS: dict[str, dict[str, str]] = {
    "From a folder to a package": {
        "init": "Make a project and its vault.",
        "scan": "Say what a source folder holds and where identifiers stand.",
        "scrub": "De-identify a source folder into the project.",
        "pixels": "Accept files whose pixels a person has checked.",
        "replace": "Let corrected objects take the place of scrubbed ones.",
        "people": "Make keys; enroll, list and revoke people.",
        "session": "Sign for a while with one component.",
        "guideline": "Register annotation guidelines.",
        "labels": "Bring in labels of other tools; measure agreement.",
        "sign": "Sign labels into the ledger.",
        "label": "Review, approve, adjudicate and withdraw signed labels.",
        "ledger": "Verify, show and export signed records.",
        "audit": "Check whether the data may leave.",
        "release": "Split, version, build, verify, compare and withdraw packages.",
    },
    "Looking closer": {
        "journal": "Show what was scrubbed and what was refused.",
        "detect": "Find identifiers in texts, as spans.",
        "policy": "Say what a policy decides for every attribute, and what may be claimed.",
        "text": "Count or show the identifiers of one text file.",
        "columns": "Propose what becomes of each column of a table.",
        "risk": "Measure how easily persons of a table are told apart.",
        "crosswalk": "Say what stands behind a pseudonym; take in pseudonyms in use.",
        "vault": "Back up, restore, rekey and recover the vault; see who opened it.",
        "explain": "Say what a code means and what to do.",
        "validate": "Check this installation and each clause of 21 CFR Part 11; write a protocol.",
        "demo": "Run the whole way on a made-up hospital.",
    },
}


class LazyGroup(click.Group):
    """A group whose commands stand in :data:`SECTIONS`, as ``curator.cli.<name>:<name>``."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Return the names of all commands in the order of the help."""
        return [name for section in SECTIONS.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, None for a name that is not listed."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = getattr(import_module(f"curator.cli.{cmd_name}"), cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections of the help from the list alone, importing nothing."""
        width = max(len(name) for name in self.list_commands(ctx))
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), line) for name, line in section.items()])


class SubGroup(click.Group):
    """A group below the first level, whose commands stand in a table and are imported when they are called.

    Parameters
    ----------
    table
        Command to ``module:attribute`` below :mod:`curator.cli`, and its line in the help; in the order of the work.
    """

    def __init__(self, *args: Any, table: Mapping[str, tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Return the names in the order of the work."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own
        """Import and return one command, None for a name that is not listed."""
        if cmd_name not in self.table:
            return None
        module, _, name = self.table[cmd_name][0].partition(":")
        command = getattr(import_module(f"curator.cli.{module}"), name)
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list from the table alone, importing nothing."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.table[name][1]) for name in self.list_commands(ctx)])
