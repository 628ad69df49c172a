"""``curator release``: splits, versions, packages. Each command stands in a module of its own, loaded when called."""

from __future__ import annotations

import click

from curator.cli.lazy import SubGroup

#: Command to its module's attribute, and its line in the help.
COMMANDS = {
    "split": ("release_splits:split", "Put patients into splits, once and for all."),
    "seal": ("release_splits:seal", "Sign which samples a split holds."),
    "access": ("release_splits:access", "Hand out a sealed split, on record; or assert its use elsewhere."),
    "build": ("release_build:build", "Build a package."),
    "verify": ("release_verify:verify", "Verify a package."),
}


@click.group("release", cls=SubGroup, table=COMMANDS)
def release() -> None:
    """Splits, and versioned, signed packages of the clean data and its labels."""
