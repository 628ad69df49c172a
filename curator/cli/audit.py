"""``curator audit``: may it leave? Each command stands in a module of its own, loaded when it is called."""

from __future__ import annotations

from importlib import import_module

import click

#: Command to its module's attribute, and its line in the help.
COMMANDS = {
    "run": ("audit_run:run", "Check a project, a package or a delivered folder."),
    "list": ("audit_show:list_checks", "List every check with what it serves and needs."),
    "diff": ("audit_show:diff", "Say what two audits say differently."),
    "waive": ("audit_sign:waive", "Sign that data may leave although a check does not pass."),
    "attest": ("audit_sign:attest", "Sign for the checks that only the vault can answer."),
}


class _Commands(click.Group):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Return the names in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own
        """Import and return one command, None for a name that is not listed."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(f"curator.cli.{module}"), name)
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list from the table alone, importing nothing."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group("audit", cls=_Commands)
def audit() -> None:
    """Check whether data may leave: privacy, integrity, labels, splits, quality, representation."""
