"""``curator validate``: qualify this installation, write the protocol, verify one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, json_option, key_passphrase_option, note, progress, say
from curator.cli.signers import key_store_option, open_key

if TYPE_CHECKING:
    from curator.provenance.keys import PersonKey
    from curator.provenance.state import State
    from curator.validation.model import Check, Result
    from curator.validation.protocol import Signatory


@click.command("validate")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Write the protocol into this new folder.")
@click.option("--by", "person", metavar="PERSON", help="Id of the person who signs the protocol.")
@click.option("--name", metavar="TEXT", help="Printed name of who signs, where no project says it.")
@click.option("--unsigned", is_flag=True, help="Write the protocol without a signature; it says so.")
@click.option(
    "--project", type=click.Path(path_type=Path), metavar="DIR", help="A project in which who signs is enrolled."
)
@click.option(
    "--only", "wanted", multiple=True, metavar="ID", help="Only this check, or those under it, such as OQ-11.70."
)
@click.option("--list", "listing", is_flag=True, help="List the checks and run none.")
@click.option(
    "--scratch",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default="the working directory",
    metavar="DIR",
    help="Where the scratch folder is made: on the file system that is to be qualified.",
)
@click.option("--check", "written", type=click.Path(path_type=Path), metavar="DIR", help="Verify a protocol instead.")
@click.option("--key", "held", type=click.Path(path_type=Path), metavar="FILE", help="With --check: the signer's key.")
@key_store_option
@key_passphrase_option
@json_option
def validate(
    out: Path | None,
    person: str | None,
    name: str | None,
    unsigned: bool,
    project: Path | None,
    wanted: tuple[str, ...],
    listing: bool,
    scratch: Path,
    written: Path | None,
    held: Path | None,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Check what is installed here (IQ), and do each clause of 21 CFR Part 11 for real (OQ).

    All of it happens on made-up data in a scratch folder that is gone afterwards; your own keys, projects and vaults
    are not touched. With --out the results become a protocol (JSON and HTML) that names what stays with you, signed by
    a person with the meaning 'responsibility'. It supports a validation; it does not replace yours. Exit 1 says that a
    check failed, exit 3 that one could not be made. --check verifies a protocol; exit 4 says that it was altered.

    \b
    Examples:
      curator validate
      curator validate --only OQ-11.70 --only IQ
      curator validate --out protocol-2026-11 --by reviewer-1 --project trial
      curator validate --check protocol-2026-11 --project trial
    """
    from curator.core.errors import UsageError

    signing = (out, person, name, unsigned or None)
    if written is not None:
        if any(one is not None for one in signing) or wanted or listing:
            raise UsageError("VAL-003")
        _verify(written, held, project, as_json)
        return
    if held is not None or (out is None and any(one is not None for one in (*signing, project))):
        raise UsageError("VAL-003")
    from curator.validation.catalog import chosen

    checks = chosen(wanted)
    if listing:
        if out is not None:
            raise UsageError("VAL-003")
        _list(checks, as_json)
        return
    if out is not None and (person is None) == (not unsigned):
        raise UsageError("VAL-002")
    if unsigned and (name is not None or project is not None):
        raise UsageError("VAL-003")
    _qualify(checks, scratch, out, _signatory(out, person, name, project, key_store, key_passphrase_file), as_json)


def _signatory(
    out: Path | None,
    person: str | None,
    name: str | None,
    project: Path | None,
    key_store: Path | None,
    key_passphrase_file: Path | None,
) -> tuple[PersonKey, Signatory] | None:
    """Open the key and find the printed name, before any work starts."""
    if out is not None:
        from curator.validation.sealing import check_target

        check_target(out)
    if person is None:
        return None
    from curator.core.errors import UsageError
    from curator.provenance.keys import key_id
    from curator.provenance.records import plain_text
    from curator.validation.protocol import Signatory

    enrolled = None if project is None else _roster(project).enrolled(person)
    if enrolled is not None:
        if name not in {None, enrolled.printed_name}:
            raise UsageError("VAL-006")
        name = enrolled.printed_name
    if name is None or not plain_text(name, 200) or "\n" in name:
        raise UsageError("VAL-006")
    key = open_key(person, key_store, key_passphrase_file)
    if enrolled is not None and enrolled.public != key.signer.public:
        raise UsageError("KEY-016")
    return key, Signatory(person, name, key_id(key.signer.public))


def _roster(project: Path) -> State:
    from curator.project.paths import open_project
    from curator.provenance.verify import verify_ledger

    return verify_ledger(open_project(project).ledger).require().state


def _list(checks: tuple[Check, ...], as_json: bool) -> None:
    if as_json:
        rows = [{"id": one.id, "clause": one.clause, "requirement": one.requirement} for one in checks]
        emit_json({"checks": rows})
        return
    for one in checks:
        say(f"{one.id:<16} 21 CFR {one.clause:<14} {one.requirement}")


def _qualify(
    checks: tuple[Check, ...],
    scratch: Path,
    out: Path | None,
    signing: tuple[PersonKey, Signatory] | None,
    as_json: bool,
) -> None:
    from curator.core.clock import SystemClock
    from curator.validation.protocol import document, require
    from curator.validation.runner import run_checks
    from curator.validation.sealing import write_protocol

    clock = SystemClock()
    started = clock.now()
    with progress(len(checks), "checks") as bar:
        results = run_checks(checks, scratch, lambda _result: bar.advance())
    made = document(results, started, clock.now(), None if signing is None else signing[1])
    if out is not None:
        write_protocol(out, made, None if signing is None else signing[0].signer)
    if as_json:
        emit_json(made)
    else:
        _table(results, made)
    if out is None:
        note("nothing was written or signed: --out DIR --by PERSON makes the protocol")
    else:
        note(f"protocol written{'' if signing else ', NOT SIGNED'}: open protocol.html in the folder of --out")
    require(results)


def _table(results: list[Result], made: dict[str, Any]) -> None:
    from curator.validation.model import PASS

    for one in results:
        say(f"{one.outcome.replace('_', ' '):<15}  {one.check.id:<16} {one.check.requirement}")
        if one.outcome != PASS:
            say(f"{'':<15}  {'':<16} expected: {one.check.expected}")
        say(f"{'':<15}  {'':<16} {one.evidence}")
    counts = made["counts"]
    say(f"{counts['passed']} passed · {counts['failed']} failed · {counts['couldNotCheck']} could not be checked")
    if not made["complete"]:
        say("partial: not every check was run")
    say(f"{len(made['duties'])} duties stay with you: they are listed in the protocol")


def _verify(folder: Path, held: Path | None, project: Path | None, as_json: bool) -> None:
    from curator.core.errors import IntegrityError, UsageError
    from curator.provenance.keys import parse_public
    from curator.validation.sealing import read_protocol

    key = None
    if held is not None:
        try:
            with held.open("rb") as stream:
                key = parse_public(stream.read(1 << 16))
        except OSError:
            raise UsageError("KEY-017") from None
    checked = read_protocol(folder, key)
    signed = checked.document["signature"]
    enrolled = None
    if project is not None:
        enrolled = _roster(project).keys.get(checked.key_id)
        if enrolled is None or (enrolled.id, enrolled.printed_name) != (signed["signer"], signed["printedName"]):
            raise IntegrityError("VAL-021")
    known = checked.held or enrolled is not None
    if as_json:
        emit_json(
            {
                "ok": True,
                "result": checked.document["result"],
                "complete": checked.document["complete"],
                "signature": signed,
                "keyHeldElsewhere": known,
                "revokedSince": enrolled is not None and enrolled.revoked is not None,
            }
        )
        return
    from curator.provenance.view import shown

    say(f"PASS  protocol.json and protocol.html are the ones that were signed with key {checked.key_id[:16]}")
    say(f"signed by  {shown(signed['printedName'])} ({signed['signer']})")
    say(f"signed at  {signed['signedAt']} (local offset {signed['utcOffset']})")
    say(f"meaning    {signed['meaning']}")
    partial = "" if checked.document["complete"] else ", partial"
    say(f"result     {checked.document['result'].replace('_', ' ')}{partial}")
    if not known:
        say("NOTE  the key was taken from the folder itself: give --key or --project to compare it")
    if enrolled is not None and enrolled.revoked is not None:
        say("NOTE  this key was revoked in the project since, or before: compare the dates")
