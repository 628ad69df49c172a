"""``curator audit``: may it leave? Each command stands in a module of its own, loaded when it is called."""

from __future__ import annotations

import click

from curator.cli.lazy import SubGroup

#: Command to its module's attribute, and its line in the help.
COMMANDS = {
    "run": ("audit_run:run", "Check a project, a package or a delivered folder."),
    "list": ("audit_show:list_checks", "List every check with what it serves and needs."),
    "diff": ("audit_show:diff", "Say what two audits say differently."),
    "waive": ("audit_sign:waive", "Sign that data may leave although a check does not pass."),
    "attest": ("audit_sign:attest", "Sign for the checks that only the vault can answer."),
}


@click.group("audit", cls=SubGroup, table=COMMANDS)
def audit() -> None:
    """Check whether data may leave: privacy, integrity, labels, splits, quality, representation."""
