"""``curator ledger``: verify, show, seal and export the signed records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, json_option, note, passphrase_option, progress, project_option, say
from curator.cli.signers import operator_signer

if TYPE_CHECKING:
    from curator.provenance.state import Record
    from curator.provenance.verify import LedgerReport

FOLDER = click.argument("folder", required=False, type=click.Path(path_type=Path))


@click.group("ledger")
def ledger() -> None:
    """Verify, show and export the signed records. Nothing here opens the vault but 'checkpoint'."""


def _place(folder: Path | None, project: Path) -> Path:
    from curator.project.paths import open_project

    return folder if folder is not None else open_project(project).ledger


def _read(path: Path) -> bytes:
    from curator.core.errors import UsageError

    try:
        with path.open("rb") as stream:
            return stream.read(1 << 17)
    except OSError:
        raise UsageError("LED-026") from None


@ledger.command("verify")
@FOLDER
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A checkpoint that was held elsewhere: the ledger must extend it.",
)
@click.option(
    "--operator-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The operator's public key, held elsewhere (PEM, C2SP verifier key, hex or base64).",
)
@project_option
@json_option
@click.pass_context
def verify(
    ctx: click.Context,
    folder: Path | None,
    against: Path | None,
    operator_key: Path | None,
    project: Path,
    as_json: bool,
) -> None:
    """Recompute everything from the stored bytes of the ledger in FOLDER (or of the project).

    Checks every part, leaf hash, place, signature, role and checkpoint, and names the first bad record. Exit 4 says
    that something is broken, exit 3 that something could not be checked.

    \b
    Examples:
      curator ledger verify
      curator ledger verify /mnt/copy/ledger --against held-2026-10.checkpoint --operator-key operator.pem
    """
    from curator.provenance.keys import parse_public
    from curator.provenance.ledger import Ledger
    from curator.provenance.verify import heading, lines, verify_ledger

    place = _place(folder, project)
    held = None if against is None else _read(against)
    public = None if operator_key is None else parse_public(_read(operator_key))
    with progress(_size(Ledger(place)), "records") as bar:
        report = verify_ledger(place, against=held, operator_key=public, advance=bar.advance)
    if as_json:
        emit_json(_document(report))
    else:
        if report.ok:
            say(heading(report))
        for line in lines(report):
            say(f"{line.mark}  {line.text}")
        if report.error is not None:
            note(f"hint: {report.error.hint}")
    ctx.exit(0 if report.error is None else report.error.exit_code)


def _size(where: Any) -> int:
    from curator.core.errors import CuratorError

    try:
        return int(where.size())
    except CuratorError:
        return 0


def _document(report: LedgerReport) -> dict[str, Any]:
    from curator.provenance.keys import key_id
    from curator.provenance.verify import lines
    from curator.provenance.view import KINDS

    error, state = report.error, report.state
    return {
        "ok": report.ok,
        "records": report.size,
        "root": report.root.hex(),
        "dataset": state.dataset,
        "operatorKeyId": key_id(state.operator) if state.operator else None,
        "counts": {KINDS[kind]: count for kind, count in state.counts.items()},
        "attested": state.attested,
        "people": len(state.people),
        "heldSize": report.held.size if report.held else None,
        "operatorSealed": report.sealed(operator=True),
        "sealed": report.sealed(operator=False),
        "lines": [{"mark": line.mark, "text": line.text} for line in lines(report)],
        "firstBadRecord": report.record,
        "error": None
        if error is None
        else {
            "code": error.code,
            "rule": error.facts.get("rule", error.code),
            "sentence": error.sentence,
            "hint": error.hint,
        },
    }


@ledger.command("show")
@FOLDER
@click.option("--index", type=click.IntRange(0), metavar="N", help="The record at this index, from 0.")
@click.option("--label", metavar="ID", help="The record of the label with this id.")
@click.option("--last", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many to list.")
@project_option
@json_option
def show(folder: Path | None, index: int | None, label: str | None, last: int, project: Path, as_json: bool) -> None:
    """Show one record whole (printed name, time, meaning and all it says), or list the newest ones.

    The ledger is verified first.

    \b
    Examples:
      curator ledger show --label nodule-17
      curator ledger show --index 3 --json
    """
    from collections import deque

    from curator.core.errors import UsageError
    from curator.provenance.verify import verify_ledger
    from curator.provenance.view import as_document, describe, summary

    newest: deque[Record] = deque(maxlen=last)
    found: list[Record] = []
    replaced: dict[str, int] = {}

    def visit(record: Record) -> None:
        newest.append(record)
        name = record.predicate.get("labelId")
        if record.index == index or (label is not None and name == label):
            found.append(record)
        if "supersedes" in record.predicate:
            replaced[record.predicate["supersedes"]["labelId"]] = record.index

    state = verify_ledger(_place(folder, project), visit=visit).require().state
    if index is None and label is None:
        if as_json:
            emit_json({"records": [as_document(one, state) for one in newest]})
            return
        for one in newest:
            say(summary(one, state))
        return
    if not found:
        raise UsageError("LED-019")
    by = replaced.get(found[0].predicate.get("labelId", ""))
    if as_json:
        emit_json(as_document(found[0], state, by))
        return
    for name, text in describe(found[0], state, by):
        say(f"{name:<14} {text}")


@ledger.command("head")
@FOLDER
@project_option
@json_option
def head(folder: Path | None, project: Path, as_json: bool) -> None:
    """Print the newest checkpoint as it is stored: the line to hold elsewhere. The ledger is verified first."""
    from curator.provenance.keys import key_id
    from curator.provenance.ledger import Ledger
    from curator.provenance.note import vkey
    from curator.provenance.verify import verify_ledger

    place = _place(folder, project)
    report = verify_ledger(place).require()
    data = Ledger(place).latest_checkpoint()
    text = None if data is None else data.decode()
    if as_json:
        operator = report.state.operator
        emit_json(
            {
                "records": report.size,
                "root": report.root.hex(),
                "origin": report.origin,
                "checkpoint": text,
                "operatorKeyId": key_id(operator),
                "operatorVerifierKey": vkey(report.origin, operator),
            }
        )
        return
    say(text.rstrip("\n") if text is not None else f"{report.size:,} records, no checkpoint yet")


@ledger.command("checkpoint")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write a copy, to be held elsewhere.")
@project_option
@passphrase_option
@json_option
def checkpoint(out: Path | None, project: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Sign a checkpoint over all records with the operator's key, after verifying them.

    Whoever holds a copy elsewhere can show later that nothing before it was changed.

    \b
    Examples:
      curator ledger checkpoint --out held-2026-10.checkpoint
    """
    from curator.core.clock import SystemClock
    from curator.core.files import write_whole
    from curator.project.paths import open_project
    from curator.provenance.append import Appender
    from curator.provenance.ledger import Ledger

    place = open_project(project)
    operator = operator_signer(place, passphrase_file, "checkpoint", ask=True)
    appender = Appender(Ledger(place.ledger), SystemClock())
    data = appender.seal(operator=operator) or b""
    if out is not None:
        write_whole(out, data)
    if as_json:
        emit_json({"records": appender.state.size, "checkpoint": data.decode()})
        return
    say(data.decode().rstrip("\n"))
    if out is None:
        note("hold a copy elsewhere: --out FILE, or save these lines")


@ledger.command("export")
@FOLDER
@click.option(
    "--dsse", "target", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A new or empty folder."
)
@project_option
@json_option
def export(folder: Path | None, target: Path, project: Path, as_json: bool) -> None:
    """Write each record as a DSSE envelope, with the bytes, signatures and keys that openssl verifies.

    \b
    Examples:
      curator ledger export --dsse records-for-auditor
    """
    from curator.provenance.export import export_dsse
    from curator.provenance.ledger import Ledger
    from curator.provenance.verify import verify_ledger

    place = _place(folder, project)
    report = verify_ledger(place).require()
    with progress(report.size, "records") as bar:
        count = export_dsse(Ledger(place), report, target, bar.advance)
    if as_json:
        emit_json({"records": count, "root": report.root.hex()})
        return
    say(f"{count:,} records written · README.txt there says how to verify them with openssl")
