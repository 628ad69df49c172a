"""``curator release``: splits, versions, packages. Each command stands in a module of its own, loaded when called."""

from __future__ import annotations

import click

from curator.cli.lazy import SubGroup

#: Command to its module's attribute, and its line in the help.
COMMANDS = {
    "split": ("release_splits:split", "Put patients into splits, once and for all."),
    "seal": ("release_splits:seal", "Sign which samples a split holds."),
    "access": ("release_splits:access", "Hand out a sealed split, on record; or assert its use elsewhere."),
    "link": ("release_link:link", "Record that pseudonyms are of one patient, or of several."),
    "join": ("release_join:join", "Take a site's package into a project without a vault."),
    "leave": ("release_leave:leave", "Take a joined site out of the dataset, on record."),
    "plan": ("release_versions:plan", "Say what a version would change, and what lacks a reason."),
    "requirements": ("release_requirements:requirements", "Say what FDA guidance asks, how each item stands; answer."),
    "build": ("release_build:build", "Build a package."),
    "verify": ("release_verify:verify", "Verify a package."),
    "list": ("release_versions:list_versions", "List the versions, and the uses of sealed splits."),
    "diff": ("release_versions:diff", "Compare two versions."),
    "sent": ("release_withdraw:sent", "Record to whom a version was sent."),
    "encrypt": ("release_encrypt:encrypt", "Encrypt a package for its way to others."),
    "withdraw": ("release_withdraw:withdraw", "Record that a patient's data are used no more."),
    "recall": ("release_withdraw:recall", "Record that samples may leave no more."),
    "purge": ("release_withdraw:purge", "Remove withdrawn or recalled bytes for good."),
    "rollback": ("release_build:rollback", "Build a new version with the content of an earlier one."),
}


@click.group("release", cls=SubGroup, table=COMMANDS)
def release() -> None:
    """Splits, and versioned, signed packages of the clean data and its labels."""
