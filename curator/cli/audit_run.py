"""``curator audit run``: run the checks, print what they came to, write and sign the report."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import (
    emit_json,
    json_option,
    key_passphrase_option,
    note,
    passphrase_option,
    progress,
    read_passphrase,
    say,
)
from curator.cli.signers import key_store_option

if TYPE_CHECKING:
    from curator.audit.audit import Audit
    from curator.audit.choose import AnySubject
    from curator.audit.runner import Result
    from curator.project.paths import Project
    from curator.project.vault import Vault
    from curator.provenance.keys import PersonKey

_MARKS = {
    "PASS": "PASS",
    "FAIL": "FAIL",
    "COULD_NOT_CHECK": "????",
    "ATTESTED": "ATTD",
    "NOT_APPLICABLE": "  - ",
    "NOT_RUN": "????",
}
#: Findings of a check that are printed; the report has the first 200.
_PRINTED = 3
MAX_KEY_FILE = 1 << 16


def _keep(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:  # noqa: ARG001 - click's own
    ctx.meta["curator.audit.project"] = value


def _place(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:  # noqa: ARG001 - click's own
    """Return PATH or --project; the working directory without either."""
    from curator.core.errors import UsageError

    project: Path | None = ctx.meta.get("curator.audit.project")
    if value is not None and project is not None:
        raise UsageError("AUD-026")
    return value or project or Path()


def subject_options(function: Any) -> Any:
    """Add what says which data are audited, and with what vault."""
    options = [
        click.argument("path", required=False, type=click.Path(path_type=Path), callback=_place),
        click.option(
            "--project",
            "_project",
            type=click.Path(path_type=Path),
            metavar="DIR",
            is_eager=True,
            expose_value=False,
            callback=_keep,
            help="The project's folder, as with other commands; the same as PATH.",
        ),
        click.option("--vault", "with_vault", is_flag=True, help="Open the vault; asks for its passphrase."),
        passphrase_option,
        click.option(
            "--vault-of",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="The project whose vault is opened, where PATH is a package or a folder.",
        ),
        click.option("--only", multiple=True, metavar="ID", help="Only this check, or this group; repeatable."),
        click.option(
            "--key", "key_file", type=click.Path(path_type=Path), metavar="FILE", help="Operator's key, for a package."
        ),
        click.option(
            "--settings",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Take [audit] from this file, where PATH is no project.",
        ),
        click.option(
            "--cache", type=click.Path(path_type=Path), metavar="DIR", help="Keep here what was seen of each file."
        ),
        click.option("--no-cache", is_flag=True, help="Look at every file anew."),
        click.option("--workers", type=click.IntRange(1, 256), help="Processes that work. [default: one a core]"),
    ]
    for option in reversed(options):
        function = option(function)
    return function


@contextlib.contextmanager
def opened(
    path: Path,
    with_vault: bool,
    passphrase_file: Path | None,
    vault_of: Path | None,
    key_file: Path | None,
    settings: Path | None,
    cache: Path | None,
    no_cache: bool,
    workers: int | None,
    *,
    need_vault: bool = False,
) -> Iterator[AnySubject]:
    """Open what stands at a path, with the vault if it is asked for."""
    from curator.audit.choose import kind_at, subject_at
    from curator.audit.settings import read_settings
    from curator.audit.subject import Means
    from curator.cli.engines import local_engine
    from curator.core.errors import UsageError
    from curator.project.paths import open_project

    kind = kind_at(path)
    own = open_project(path) if kind == "project" else None
    if own is not None and (vault_of is not None or settings is not None or key_file is not None):
        raise UsageError("AUD-024")
    wanted = own if vault_of is None else open_project(vault_of)
    vault = None
    if with_vault or passphrase_file is not None or vault_of is not None or need_vault:
        if wanted is None:
            raise UsageError("AUD-025")
        vault = _vault(wanted, passphrase_file)
    place = cache
    if cache is None and own is not None:
        place = own.runs / "audit-cache"
    table = own.config.audit if own is not None else read_settings(settings) if settings is not None else {}
    means = Means(
        table,
        vault,
        local_engine(workers),
        None if no_cache else place,
        progress,
        wanted if vault is not None else None,
    )
    subject = subject_at(path, means, None if key_file is None else _key(key_file, path))
    try:
        yield subject
    finally:
        subject.close()


def _vault(project: Project, passphrase_file: Path | None) -> Vault:
    from curator.core.clock import SystemClock
    from curator.project.vault import Vault

    project.need_patients()
    passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    return Vault.open(project.vault, passphrase, purpose="audit", clock=SystemClock())


def _key(path: Path, subject: Path) -> bytes:
    from curator.core.errors import UsageError
    from curator.release.verify import key_told

    try:
        with path.open("rb") as stream:
            return key_told(stream.read(MAX_KEY_FILE), subject)
    except OSError:
        raise UsageError("REL-034") from None


@click.command("run")
@subject_options
@click.option(
    "--check", "extra", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="Add a check of your own."
)
@click.option(
    "--attestation",
    "attestations",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The signed word of the vault's holder; repeatable.",
)
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write the report as one HTML page.")
@click.option("--pdf", type=click.Path(path_type=Path), metavar="FILE", help="Write the report as PDF.")
@click.option("--by", "person", metavar="PERSON", help="Sign the report into the ledger as this person.")
@key_store_option
@key_passphrase_option
@click.option("--dry-run", is_flag=True, help="Write no report and sign nothing.")
@json_option
def run(
    path: Path,
    with_vault: bool,
    passphrase_file: Path | None,
    vault_of: Path | None,
    only: tuple[str, ...],
    key_file: Path | None,
    settings: Path | None,
    cache: Path | None,
    no_cache: bool,
    workers: int | None,
    extra: tuple[Path, ...],
    attestations: tuple[Path, ...],
    html: Path | None,
    pdf: Path | None,
    person: str | None,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Check the project, package or delivered folder at PATH (the working directory if none is given).

    A check answers PASS, FAIL or COULD_NOT_CHECK; what needs the vault is run with --vault, or taken from the signed
    word of its holder. Exit 1: a check of severity blocker or major failed and no waiver holds. Exit 3: something could
    not be checked. A second audit looks only at files that changed. The report of a project is kept in audit/, and
    --by signs it into the ledger, which a release asks for.

    \b
    Examples:
      curator audit run
      curator audit run trial --vault --by reviewer-1 --html audit.html
      curator audit run trial-1.0.0 --key operator.pem --attestation attested.dsse.json
    """
    from curator.audit.audit import Wishes, audit
    from curator.cli.signers import need_key, open_key
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError

    _need_places(path, html, pdf, dry_run=dry_run)
    if person is not None:
        from curator.audit.choose import kind_at

        if kind_at(path) != "project" or only or dry_run:
            raise UsageError("AUD-018")
        need_key(person, key_store)
    with opened(path, with_vault, passphrase_file, vault_of, key_file, settings, cache, no_cache, workers) as subject:
        key = None if person is None else open_key(person, key_store, key_passphrase_file)
        wishes = Wishes(only, extra, attestations)
        made = audit(subject, wishes, SystemClock(), tell=lambda one: None if as_json else _line(one))
        _write(subject, made, html, pdf, dry_run=dry_run)
        signed = None if key is None else _sign(subject, made, key)
    if as_json:
        emit_json(made.report.whole)
    else:
        _summary(made, signed, subject, dry_run=dry_run)
    return _ending(made)


def _need_places(path: Path, html: Path | None, pdf: Path | None, *, dry_run: bool) -> None:
    """Say before an audit, not after it, that its report cannot be written (AUD-027)."""
    from curator.audit.choose import kind_at
    from curator.audit.report import FOLDER
    from curator.core.errors import CheckError
    from curator.core.files import unwritable

    places = {"the page": html, "the PDF": pdf}
    wanted = {what: place.parent for what, place in places.items() if place is not None}
    if not dry_run and kind_at(path) == "project":
        wanted["the report in audit/"] = path / FOLDER
    for what, folder in wanted.items():
        why = unwritable(folder)
        if why is not None:
            raise CheckError("AUD-027", what=what, reason=why)


def _ending(made: Audit) -> int:
    from curator.core.errors import CheckError, GateError

    gate, total = made.report.gate, len(made.results)
    if gate.failed:
        error: Any = GateError("AUD-010", count=len(gate.failed), total=total)
    elif gate.exit_code:
        error = CheckError("AUD-017", count=len(gate.unsure) or total, total=total)
    else:
        return 0
    note(str(error))
    note(f"hint: {error.hint}")
    code: int = gate.exit_code
    return code


def _line(one: Result) -> None:
    say(f"{_MARKS[str(one.outcome)]}  {one.check.id}  {shown_text(one.answer.summary)}")
    if str(one.outcome) in {"FAIL", "COULD_NOT_CHECK"}:
        for finding in one.answer.findings[:_PRINTED]:
            often = f" ({finding.count:,} times)" if finding.count > 1 else ""
            say(f"        {shown_text(finding.where)}: {shown_text(finding.what)}{often}")
        if one.answer.total > _PRINTED:
            say(f"        … and {one.answer.total - _PRINTED:,} more; the report lists them")


def shown_text(text: str) -> str:
    """Return a text of one line that cannot steer a terminal."""
    return "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text)


def _summary(made: Audit, signed: int | None, subject: AnySubject, *, dry_run: bool) -> None:
    from curator.audit.document import gate_words

    report = made.report
    gate, run_, about = report.document["gate"], report.run, report.document["subject"]
    counts = " · ".join(
        f"{count} {name.lower().replace('_', ' ')}" for name, count in report.document["counts"].items()
    )
    say()
    say(f"audit    {gate_words(gate)} · {counts}")
    if not report.document["complete"]:
        say(f"part     {len(report.document['checks']):,} checks were asked for: this is no whole audit")
    if about["payload"]:
        say(f"data     {about['files']:,} files · payload {about['payload'][:12]}")
    say(f"looked   {run_['anew']:,} files anew · {run_['kept']:,} as known from before")
    for one in report.document["waivers"]:
        past = one["check"] in gate["expired"] or one["until"] < run_["at"][:10]
        state = f"{'past its last day, ' if past else 'until '}{one['until']},"
        say(f"waiver   {one['check']} {state} by {shown_text(one['printedName'])}: {shown_text(one['reason'])}")
    if subject.kind == "project" and dry_run:
        say("report   none was written: a dry run")
    elif subject.kind == "project":
        say(f"report   audit/{report.digest}.json" + ("" if signed is None else f" · signed in record {signed}"))
    if report.gate.exit_code or subject.kind != "project" or not report.document["complete"]:
        say("next: curator audit run --html FILE shows the evidence")
    else:
        say("next: curator release")


def _write(subject: AnySubject, made: Audit, html: Path | None, pdf: Path | None, *, dry_run: bool) -> None:
    from curator.audit.document import document_of
    from curator.audit.report import keep
    from curator.core.files import write_whole

    if subject.project is not None and not dry_run:
        keep(subject.project.root, made.report)
    if html is None and pdf is None:
        return
    document = document_of(made.report.whole, made.report.digest)
    if html is not None:
        from curator.report.html import html_page

        write_whole(html, html_page(document))
    if pdf is not None:
        from curator.report.pdf import pdf_bytes

        write_whole(pdf, pdf_bytes(document))


def _sign(subject: AnySubject, made: Audit, key: PersonKey) -> int:
    from curator.audit.signing import sign_report
    from curator.core.clock import SystemClock

    return sign_report(subject, made.report, key, SystemClock())
