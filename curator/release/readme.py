"""README.txt of a package: what stands where, and how to verify it with sha256sum, openssl and bagit alone.

The words stand in readme.txt; a line of it that begins with four spaces is a command.
"""

from __future__ import annotations

from importlib import resources

from curator.release.facts import Facts

COMMAND = "    "


def readme(facts: Facts) -> bytes:
    """Return the text of a package's README.txt."""
    said = facts.manifest
    words = resources.files("curator.release").joinpath("readme.txt").read_text(encoding="utf-8")
    title = f"{said['dataset']} {said['version']} of {said['date']}"
    operator = " ".join(said["organization"].split()) or "the operator"
    return words.format(
        title=title,
        draft=" - DRAFT, not for submission" if facts.draft else "",
        rule="=" * len(title),
        operator=operator,
        key=said["ledger"]["operatorKeyId"],
        records=said["ledger"]["size"],
    ).encode("utf-8")


def commands(text: str) -> list[str]:
    """Return the commands that a README shows, in order."""
    return [line.removeprefix(COMMAND) for line in text.splitlines() if line.startswith(COMMAND)]
