"""``curator ledger``: verify, show, seal and export the signed records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli import ledger_log
from curator.cli.anchor import COMMANDS as ANCHORS
from curator.cli.common import (
    anchor_options,
    emit_json,
    json_option,
    note,
    passphrase_option,
    progress,
    project_option,
    say,
)
from curator.cli.operator import operator
from curator.cli.proofs import COMMANDS as PROOFS
from curator.cli.signers import key_store_option, operator_signer

if TYPE_CHECKING:
    from curator.provenance.anchors import Anchors
    from curator.provenance.state import Record
    from curator.provenance.verify import LedgerReport

FOLDER = click.argument("folder", required=False, type=click.Path(path_type=Path))


@click.group("ledger")
def ledger() -> None:
    """Verify, show, seal and export the signed records.

    Nothing here opens the vault but 'checkpoint', and 'seal-events' with --vault.
    """


for _command in (*ledger_log.COMMANDS, operator):
    ledger.add_command(_command)


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
@click.option(
    "--full/--quick",
    "full",
    default=None,
    help="Check the signature of every label again, or leave those under a checkpoint to it. "
    "[default: --full up to 20,000 records]",
)
@anchor_options
@project_option
@json_option
@click.pass_context
def verify(
    ctx: click.Context,
    folder: Path | None,
    against: Path | None,
    operator_key: Path | None,
    full: bool | None,
    tsa_ca: Path | None,
    witness_keys: tuple[Path, ...],
    project: Path,
    as_json: bool,
) -> None:
    """Recompute everything from the stored bytes of the ledger in FOLDER (or of the project).

    Checks every part, leaf hash, place, signature, role and checkpoint, and names the first bad record. With --quick
    the labels' own signatures and rules are left to those who signed the checkpoints; the report says so. Exit 4 says
    that something is broken, exit 3 that something could not be checked.

    \b
    Examples:
      curator ledger verify
      curator ledger verify /mnt/copy/ledger --against held-2026-10.checkpoint --operator-key operator.pem
      curator ledger verify --tsa-ca tsa-roots.pem --witness-key witness.vkey
    """
    from curator.cli.anchor import outside_options
    from curator.cli.engines import usable_cores
    from curator.cli.notes import dataset_in, need_checkpoint
    from curator.core.errors import IntegrityError, UsageError
    from curator.provenance.anchors import Times, find_anchors
    from curator.provenance.keys import parse_public
    from curator.provenance.ledger import Ledger
    from curator.provenance.verdict import heading, lines
    from curator.provenance.verify import CONTENT, FEW, FULL, verify_ledger

    place = _place(folder, project)
    held = None if against is None else _read(against)
    origin = None if held is None else need_checkpoint(held)
    public = None if operator_key is None else parse_public(_read(operator_key))
    options, times = outside_options(tsa_ca, witness_keys, held), Times()
    size = _size(Ledger(place))
    depth = FULL if full or (full is None and size <= FEW) else CONTENT
    with progress(size, "records") as bar:
        report = verify_ledger(
            place,
            against=held,
            operator_key=public,
            advance=bar.advance,
            visit=times.visit,
            depth=depth,
            workers=usable_cores(),
        )
    if report.error is not None and report.error.code == "LED-015" and origin is not None:
        other = dataset_in(origin) != report.state.dataset
        # A checkpoint of another dataset is a wrong file, where the ledger itself is sound.
        if other and verify_ledger(place, operator_key=public, depth=depth, workers=usable_cores()).ok:
            raise UsageError("LED-119")
    anchors = find_anchors(report, place, options, times) if report.ok else None
    error = report.error if anchors is None else anchors.error
    if as_json:
        emit_json(_document(report, anchors))
    else:
        if report.ok:
            say(heading(report))
        for line in lines(report, anchors.rewritable() if anchors else None):
            say(f"{line.mark}  {line.text}")
        for line in anchors.lines() if anchors else ():
            say(f"{line.mark}  {line.text}")
        if error is not None:
            note(f"hint: {error.hint}")
    # What this version cannot read, such as a newer format, is not checked: never "a wrong command", never "passed".
    if error is not None:
        ctx.exit(4 if isinstance(error, IntegrityError) else 3)
    # Who gives roots or witnesses asks for anchors: those that records name and that are gone were not checked.
    ctx.exit(3 if (tsa_ca or witness_keys) and anchors is not None and anchors.unread else 0)


def _size(where: Any) -> int:
    from curator.core.errors import CuratorError

    try:
        return int(where.size())
    except CuratorError:
        return 0


def _document(report: LedgerReport, anchors: Anchors | None) -> dict[str, Any]:
    from curator.provenance.keys import key_id
    from curator.provenance.verdict import lines
    from curator.provenance.view import KINDS

    error, state = report.error if anchors is None else anchors.error, report.state
    said = lines(report, anchors.rewritable() if anchors else None) + (anchors.lines() if anchors else [])
    return {
        "ok": error is None,
        "depth": report.depth,
        "pendingParts": report.pending,
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
        "checkpoints": len(report.seals),
        "outside": anchors.document() if anchors else None,
        "lines": [{"mark": line.mark, "text": line.text} for line in said],
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
@key_store_option
@json_option
def checkpoint(
    out: Path | None, project: Path, passphrase_file: Path | None, key_store: Path | None, as_json: bool
) -> None:
    """Sign a checkpoint over all records with the operator's key, after verifying them.

    Whoever holds a copy elsewhere can show later that nothing before it was changed. Failed tries at keys (of this key
    store) and at the vault that no record holds yet are sealed in one first.

    \b
    Examples:
      curator ledger checkpoint --out held-2026-10.checkpoint
    """
    from curator.core.clock import SystemClock
    from curator.core.files import write_whole
    from curator.project.paths import open_project
    from curator.provenance.append import Appender
    from curator.provenance.event_logs import seal_failures
    from curator.provenance.keystore import default_key_store
    from curator.provenance.ledger import Ledger

    place = open_project(project)
    operator = operator_signer(place, passphrase_file, "checkpoint", ask=True)
    appender = Appender(Ledger(place.ledger), SystemClock())
    sealed, broken = seal_failures(appender, operator, key_store or default_key_store(), place.vault)
    for made in sealed:
        note(f"{made.predicate['count']:,} security events of the {made.predicate['log']} log are sealed in a record")
    data = appender.seal(operator=operator) or b""
    if out is not None:
        write_whole(out, data)
    if as_json:
        emit_json({"records": appender.state.size, "checkpoint": data.decode()})
    else:
        say(data.decode().rstrip("\n"))
        if out is None:
            note("hold a copy elsewhere: --out FILE, or save these lines")
    if broken is not None:
        raise broken  # the checkpoint stands; that a log of events cannot be trusted must still be seen


@ledger.command("export")
@FOLDER
@click.option("--dsse", "target", type=click.Path(path_type=Path), metavar="DIR", help="A new or empty folder.")
@click.option(
    "--tiles",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A new folder, or an older export of this ledger to add to.",
)
@project_option
@json_option
def export(folder: Path | None, target: Path | None, tiles: Path | None, project: Path, as_json: bool) -> None:
    """Write the records for tools that are not ours.

    --dsse writes each record as a DSSE envelope, with the bytes, signatures and keys that openssl verifies. --tiles
    writes all records under the operator's newest checkpoint as a static tiled log (c2sp.org/tlog-tiles). An export
    that was stopped is just run again: with --dsse nothing is left of it, with --tiles it goes on.

    \b
    Examples:
      curator ledger export --dsse records-for-auditor
      curator ledger export --tiles public-log
    """
    from curator.core.errors import UsageError
    from curator.provenance.ledger import Ledger
    from curator.provenance.verify import verify_ledger

    if (target is None) == (tiles is None):
        raise UsageError("LED-058", what="give --dsse or --tiles, one of them")
    place = _place(folder, project)
    with progress(_size(Ledger(place)), "records") as bar:
        report = verify_ledger(place, advance=bar.advance).require()
    if target is not None:
        _export_dsse(report, place, target, as_json)
    elif tiles is not None:
        _export_tiles(report, place, tiles, as_json)


def _export_dsse(report: LedgerReport, place: Path, target: Path, as_json: bool) -> None:
    from curator.provenance.export import export_dsse
    from curator.provenance.ledger import Ledger

    with progress(report.size, "records") as bar:
        count = export_dsse(Ledger(place), report, target, bar.advance)
    if as_json:
        emit_json({"records": count, "root": report.root.hex()})
        return
    say(f"{count:,} records written · README.txt there says how to verify them with openssl")


def _export_tiles(report: LedgerReport, place: Path, target: Path, as_json: bool) -> None:
    from curator.provenance.ledger import Ledger
    from curator.provenance.note import vkey
    from curator.provenance.prove import Prover
    from curator.provenance.tiles import export_tiles

    prover = Prover(Ledger(place))
    with progress(prover.said.size, "records") as bar:
        made = export_tiles(prover, target, bar.advance)
    verifier = vkey(prover.origin, prover.operator)
    if as_json:
        emit_json(
            {
                "records": made.size,
                "root": prover.said.root.hex(),
                "origin": prover.origin,
                "operatorVerifierKey": verifier,
                "files": made.files,
                "kept": made.kept,
                "behind": report.size - made.size,
            }
        )
        return
    say(f"{made.size:,} records written as {made.files:,} files of a tiled log, {made.kept:,} of them stood there")
    say(f"verifier key {verifier}")
    if report.size > made.size:
        note(f"{report.size - made.size:,} records stand behind the operator's newest checkpoint and were left out")


for _command in (*PROOFS, *ANCHORS):
    ledger.add_command(_command)
