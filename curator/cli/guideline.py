"""``curator guideline``: register annotation guidelines by their digest."""

from __future__ import annotations

from pathlib import Path

import click

from curator.cli.common import emit_json, json_option, key_passphrase_option, passphrase_option, project_option, say
from curator.cli.signers import by_option, key_store_option, open_key, operator_signer


@click.group("guideline")
def guideline() -> None:
    """Register versions of annotation guidelines. A label can only name a registered one."""


@guideline.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--version", required=True, metavar="V", help="Its version, such as 1.2.")
@click.option("--id", "identifier", metavar="ID", help="Its id. [default: the file's name in lower case]")
@by_option
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@json_option
def add(
    file: Path,
    version: str,
    identifier: str | None,
    person: str,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Copy FILE into the project's guidelines/ and register its SHA-256 in the ledger. A version never changes.

    \b
    Examples:
      curator guideline add chest-ct.pdf --version 1.0 --by reviewer-1
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.provenance.guideline import add_guideline, usable_id
    from curator.provenance.ledger import Ledger

    place = open_project(project)
    place.need_patients()
    name = usable_id(file, identifier)
    key = open_key(person, key_store, key_passphrase_file)
    operator = operator_signer(place, passphrase_file, "guideline")
    added = add_guideline(
        place.guidelines,
        Ledger(place.ledger),
        file,
        identifier=name,
        version=version,
        key=key,
        clock=SystemClock(),
        operator=operator,
    )
    made = added.guideline
    if as_json:
        emit_json({"id": made.id, "version": made.version, "sha256": made.sha256, "already": added.already})
        return
    say(f"{made.id}@{made.version} {'was registered before' if added.already else 'registered'} · sha256 {made.sha256}")
    say(f"next: curator sign LABELS --as PERSON --guideline {made.id}@{made.version}")


@guideline.command("list")
@project_option
@json_option
def list_guidelines(project: Path, as_json: bool) -> None:
    """List the registered guidelines and prove that their files are unaltered (exit 4 otherwise)."""
    from curator.core.errors import IntegrityError
    from curator.project.paths import open_project
    from curator.provenance.guideline import unaltered
    from curator.provenance.verify import present_state

    place = open_project(project)
    found = list(present_state(place.ledger).guidelines.values())
    broken = [one for one in found if not unaltered(place.guidelines, one)]
    if as_json:
        shown = [
            {
                "id": one.id,
                "version": one.version,
                "sha256": one.sha256,
                "file": one.name,
                "record": one.index,
                "unaltered": one not in broken,
            }
            for one in found
        ]
        emit_json({"guidelines": shown})
    else:
        for one in found:
            say(f"{one.id}@{one.version}  {one.sha256}  {'ALTERED' if one in broken else 'unaltered'}")
        if not found:
            say("no guideline is registered yet")
    if broken:
        raise IntegrityError("GDL-004", name=f"{broken[0].id}@{broken[0].version}")
