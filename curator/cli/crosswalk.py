"""``curator crosswalk``: back from pseudonyms to originals, for the holder of the vault."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curator.cli.common import emit_json, json_option, note, passphrase_option, project_option, read_passphrase, say
from curator.core.errors import CheckError, UsageError

if TYPE_CHECKING:
    from curator.scrub.delivery.crosswalk import Link


@click.group("crosswalk")
def crosswalk() -> None:
    """Find the original behind a pseudonym, or the pseudonym of an original. Needs the vault; every use is recorded."""


@crosswalk.command("lookup")
@click.argument("pseudonyms", nargs=-1)
@project_option
@passphrase_option
@click.option(
    "--original", is_flag=True, help="Look up original values, one a line on standard input or at a hidden prompt."
)
@json_option
def lookup(
    pseudonyms: tuple[str, ...], project: Path, passphrase_file: Path | None, original: bool, as_json: bool
) -> None:
    """Print what stands behind pseudonyms, new UIDs, clean paths or source digests.

    With --original the values to look up are patient IDs, UIDs, paths or file names of the hospital. They are read
    from standard input or a prompt, never from the command line, where other users of the machine could see them.
    The output is clear text: mind where it goes.

    \b
    Examples:
      curator crosswalk lookup P4X7Q2M5T3K6R1WZ
      curator crosswalk lookup --original < ids.txt
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.scrub.delivery.crosswalk import lookup as find

    place = open_project(project)
    if bool(pseudonyms) == original:
        raise UsageError("XWK-001")
    passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    wanted = _originals() if original else list(pseudonyms)
    if not wanted:
        raise UsageError("XWK-001")
    vault = Vault.open(place.vault, passphrase, purpose="crosswalk", clock=SystemClock())
    found, missing = find(place, vault, wanted, original=original)
    if as_json:
        emit_json({"found": [_document(link) for link in found], "missing": len(missing)})
    else:
        for link in found:
            _print(link)
    if missing:
        raise CheckError("XWK-002", missing=len(missing), asked=len(wanted))
    note(f"{len(found):,} files; this opening of the vault is on record")


def _originals() -> list[str]:
    if sys.stdin.isatty():
        import getpass

        lines = [getpass.getpass("Original value (hidden): ")]
    else:
        lines = sys.stdin.read().splitlines()
    return [line for line in (line.strip() for line in lines) if line]


def _document(link: Link) -> dict[str, object]:
    kind, issuer, value = link.person
    return {
        "source": link.source,
        "patient": link.patient,
        "clean": link.path,
        "new": dict(zip(("study", "series", "instance"), link.new, strict=True)),
        "original": {
            "file": link.file,
            "person": {"kind": kind, "issuer": issuer, "value": value},
            **dict(zip(("study", "series", "instance"), link.old, strict=True)),
        },
    }


def _print(link: Link) -> None:
    kind, issuer, value = link.person
    say(f"{link.patient or '-'}  {link.path or 'held back'}")
    say(f"  source    {link.source}")
    say(f"  file      {link.file}")
    if kind:
        say(f"  person    {value}" + (f" (issuer {issuer})" if issuer else f" (keyed by {kind})"))
    for name, old, new in zip(("study", "series", "instance"), link.old, link.new, strict=True):
        if old:
            say(f"  {name:<9} {old} -> {new}")
