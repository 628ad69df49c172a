"""``curator ledger log | history | check-copy | retention | seal-events``: the signed records for people's eyes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curator.cli.common import (
    emit_json,
    json_option,
    key_passphrase_option,
    note,
    passphrase_option,
    project_option,
    say,
)
from curator.cli.signers import by_option, key_store_option, open_key, operator_signer

if TYPE_CHECKING:
    from curator.provenance.log import Log, Wanted

_Function = TypeVar("_Function", bound=Callable[..., Any])
FOLDER = click.argument("folder", required=False, type=click.Path(path_type=Path))
_NAMELESS = "printed names are left out: people are shown by their reader ids"


def _output_options(function: _Function) -> _Function:
    for option in (
        click.option("--csv", "csv_file", type=click.Path(path_type=Path), metavar="FILE", help="Write a CSV copy."),
        click.option(
            "--html", "html_file", type=click.Path(path_type=Path), metavar="FILE", help="Write an HTML copy."
        ),
        click.option("--without-names", is_flag=True, help="Show reader ids in place of printed names."),
    ):
        function = option(function)
    return function


def _log(folder: Path | None, project: Path) -> Log:
    from curator.project.paths import open_project
    from curator.provenance.ledger import Ledger
    from curator.provenance.log import Log

    return Log.of(Ledger(folder if folder is not None else open_project(project).ledger))


@click.command("log")
@FOLDER
@click.option("--by", "person", metavar="PERSON", help="Signed by this person, or a label of this author.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Such as label or person-trained; repeatable.")
@click.option("--since", metavar="TIME", help="Signed at this day (UTC) or RFC 3339 time, or later.")
@click.option("--until", metavar="TIME", help="Signed at this day (UTC) or RFC 3339 time, or earlier.")
@click.option("--label", metavar="ID", help="About the label with this id.")
@click.option("--sample", metavar="SAMPLE", help="About this sample: SHA-256, path under clean/, or UID.")
@_output_options
@project_option
@json_option
def log(
    folder: Path | None,
    person: str | None,
    kinds: tuple[str, ...],
    since: str | None,
    until: str | None,
    label: str | None,
    sample: str | None,
    csv_file: Path | None,
    html_file: Path | None,
    without_names: bool,
    project: Path,
    as_json: bool,
) -> None:
    """Show who signed what, when, with what meaning and why: every record, or those that are asked for.

    The ledger is verified first. A CSV or HTML copy holds every field, the signed text and the signature of each
    record; 'curator ledger check-copy' proves later that it is true.

    \b
    Examples:
      curator ledger log --since 2026-11-01 --by reader-a
      curator ledger log --csv records.csv --html records.html
    """
    from curator.provenance.log import Wanted, moment

    wanted = Wanted(
        by=person,
        kinds=frozenset(kinds),
        since=None if since is None else moment(since),
        until=None if until is None else moment(until, end=True),
        label=label,
        sample=sample,
    )
    _shown(_log(folder, project), wanted, csv_file, html_file, names=not without_names, as_json=as_json, whole=False)


@click.command("history")
@click.argument("sample")
@FOLDER
@_output_options
@project_option
@json_option
def history(
    sample: str,
    folder: Path | None,
    csv_file: Path | None,
    html_file: Path | None,
    without_names: bool,
    project: Path,
    as_json: bool,
) -> None:
    """Show all records of one SAMPLE in order and whole, with what became of each label.

    SAMPLE is a SHA-256 digest, a path under clean/, or a new SOP Instance UID. Records that name it by another of these
    are found too.

    \b
    Examples:
      curator ledger history 2.25.1234567890
    """
    from curator.provenance.log import Wanted

    wanted = Wanted(sample=sample)
    _shown(_log(folder, project), wanted, csv_file, html_file, names=not without_names, as_json=as_json, whole=True)


def _shown(
    found: Log,
    wanted: Wanted,
    csv_file: Path | None,
    html_file: Path | None,
    *,
    names: bool,
    as_json: bool,
    whole: bool,
) -> None:
    from curator.provenance.copies import csv_lines, html_parts
    from curator.provenance.log import line
    from curator.provenance.view import as_document, describe, shown

    copies = 0
    for file, parts in ((csv_file, csv_lines), (html_file, html_parts)):
        if file is not None:
            _write(file, parts(found, wanted, names=names))
            copies += 1
    size, root = found.report.size, found.report.root.hex()
    if as_json:
        rows = []
        for row in found.rows(wanted):
            document = as_document(row.record, found.state)
            document.pop("supersededBy")
            document["fate"] = row.fate
            rows.append(document if names else _nameless(document))
        emit_json({"records": rows, "shown": len(rows), "ledgerRecords": size, "root": root})
        return
    # Lines are kept until the whole ledger was read and proven to be the one that was verified.
    lines: list[str] = []
    count = 0
    for row in found.rows(wanted):
        count += 1
        if copies:
            continue
        if not whole:
            lines.append(shown(line(row, found.state, names=names)))
            continue
        fields = describe(row.record, found.state, names=names)
        fields = [one for one in fields if names or row.kind != "enrollment" or one[0] not in {"request", "proof"}]
        lines += ["", *(f"{heading:<14} {text}" for heading, text in fields)]
        lines += [f"{'fate':<14} {row.fate.upper()}"] if row.fate else []
    for text in lines:
        say(text)
    if copies:
        say(f"{count:,} records written · root {root}")
    note(f"{count:,} of {size:,} records · root {root}")
    if not names:
        note(_NAMELESS)


def _nameless(document: dict[str, Any]) -> dict[str, Any]:
    made = {**document, "printedName": None}
    if document["kind"] == "enrollment":
        made["predicate"] = {name: one for name, one in made["predicate"].items() if name not in {"request", "proof"}}
    return made


def _write(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file part by part under a random name, and give it its own when all of it is there."""
    import contextlib
    import os
    import secrets

    from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated

    make_folder(path.parent)
    temp = path.parent / f"{TEMP_PREFIX}{secrets.token_hex(8)}"
    try:
        with translated(), temp.open("xb") as stream:
            for part in parts:
                stream.write(part)
            stream.flush()
            os.fsync(stream.fileno())
        with translated():
            temp.replace(path)
            sync_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            temp.unlink()
        raise


@click.command("check-copy")
@click.argument("file", type=click.Path(path_type=Path))
@FOLDER
@project_option
@json_option
def check_copy(file: Path, folder: Path | None, project: Path, as_json: bool) -> None:
    """Compare a CSV or HTML copy of the log with the ledger: every row, what people read and what was signed.

    \b
    Examples:
      curator ledger check-copy records.html
    """
    from curator.provenance.copies import check_copy as run

    found = _log(folder, project)
    copy = run(file, found)
    size, root = found.report.size, found.report.root.hex()
    if as_json:
        emit_json({"records": copy.records, "complete": copy.complete, "ledgerRecords": size, "root": root})
        return
    whole = "all that stood in the ledger when it was made" if copy.complete else "a selection"
    say(f"PASS  {copy.records:,} records of the copy are as the ledger has them; it holds {whole}")
    say(f"ledger: {size:,} records · root {root}")


@click.command("retention")
@FOLDER
@project_option
@json_option
def retention(folder: Path | None, project: Path, as_json: bool) -> None:
    """Say from when to when the records run, and until when to keep them at least.

    HIPAA asks for six years from the last day on which a document was in force (45 CFR 164.316(b)(2)(i)). Other law, a
    sponsor or a protocol may ask for more.

    \b
    Examples:
      curator ledger retention
    """
    from curator.provenance.retention import retention as run

    found = run(_log(folder, project))
    if as_json:
        emit_json(found.document)
        return
    say(f"{found.records:,} records, signed from {found.oldest} to {found.newest}")
    say(f"keep the ledger's folder, its checkpoints and the operator's public key until {found.keep_until} at least")
    say(
        "this is the six-year rule of 45 CFR 164.316(b)(2)(i), from the newest record on; each new record moves the day"
    )


@click.command("seal-events")
@by_option
@click.option("--vault", "with_vault", is_flag=True, help="Seal the record of the vault's openings too.")
@click.option(
    "--restart", metavar="REASON", help="Why sealed events are missing, such as a restored backup: seal all anew."
)
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@json_option
def seal_events(
    person: str,
    with_vault: bool,
    restart: str | None,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Seal this key store's log of failed tries in the ledger, so that it cannot be cut or rewritten unseen.

    'curator ledger checkpoint' does it by itself whenever there are failed tries that are not sealed yet. The record
    holds counts, digests and the ids of enrolled people whose keys were tried.

    \b
    Examples:
      curator ledger seal-events --by reviewer-1 --vault
    """
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.provenance.append import Appender
    from curator.provenance.event_logs import key_log, seal_draft, vault_log
    from curator.provenance.keystore import default_key_store
    from curator.provenance.ledger import Ledger
    from curator.provenance.typed import checked

    place = open_project(project)
    if restart is not None:
        checked(restart, text_guard())
    key = open_key(person, key_store, key_passphrase_file)
    operator = operator_signer(place, passphrase_file, "seal-events")
    logs = [key_log(key_store or default_key_store())]
    logs += [vault_log(place.vault)] if with_vault else []
    appender = Appender(Ledger(place.ledger), SystemClock())
    drafts = [draft for one in logs if (draft := seal_draft(appender.state, one, restart)) is not None]
    made = appender.append(drafts, key) if drafts else []
    appender.seal(key, operator)
    counts = [{"log": one.predicate["log"], "count": one.predicate["count"], "record": one.index} for one in made]
    if as_json:
        emit_json({"sealed": counts})
        return
    for one in counts:
        say(f"{one['count']:,} events of the {one['log']} log are sealed in record {one['record']:,}")
    if not counts:
        say("no event that is not sealed already")


COMMANDS = (log, history, check_copy, retention, seal_events)
