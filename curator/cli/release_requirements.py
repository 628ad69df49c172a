"""``curator release requirements``: what FDA guidance asks of the data, how each item stands, and people's answers."""

from __future__ import annotations

import sys
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
    project_option,
    recipe_option,
    say,
)
from curator.cli.signers import by_option, key_store_option, need_key, open_key, operator_signer

if TYPE_CHECKING:
    from collections.abc import Callable

    from curator.provenance.records import Draft
    from curator.release.requirements.table import Requirement, Standing

MAX_FILE = 1 << 16


@click.group("requirements", invoke_without_command=True)
@project_option
@recipe_option
@click.option("--package", type=click.Path(path_type=Path), metavar="DIR", help="Read this package, not a project.")
@click.option("--check", is_flag=True, help="End with exit code 1 while a text is waited for.")
@json_option
@click.pass_context
def requirements(
    ctx: click.Context, project: Path, recipe: Path | None, package: Path | None, check: bool, as_json: bool
) -> None:
    """Show what FDA guidance asks of the data, and how each of the 94 items stands.

    Class A is made by the program, P is prefilled and needs a person's sentence, H is a person's sentence alone.
    A release is not built while a text is waited for, unless as a draft. Beside the 94 stands the statement that the
    legal claim needs: no actual knowledge (LC-01), an expert determination (LC-02) or a data use agreement (LC-03).

    \b
    Examples:
      curator release requirements
      curator release requirements --package releases/v1.0.0 --json
      curator release requirements answer DM-04 --file fit.txt --by reviewer-1
    """
    if ctx.invoked_subcommand is not None:
        return
    found, claim = _standings(project, recipe, package)
    waiting = [one for one in (*found, *claim) if one.item.needs_text and one.answer is None]
    if as_json:
        from curator.release.requirements.table import counted

        counts = {kind: dict(sorted(states.items())) for kind, states in counted(found).items()}
        listed = [_document(one) for one in found]
        emit_json({"counts": counts, "requirements": listed, "claim": [_document(one) for one in claim]})
    else:
        _show(found, claim)
    if check and waiting:
        from curator.core.errors import GateError

        raise GateError("SUB-011", count=len(waiting), listed=", ".join(one.item.id for one in waiting))


def _standings(
    project: Path, recipe: Path | None, package: Path | None
) -> tuple[tuple[Standing, ...], tuple[Standing, ...]]:
    """Return how every item stands, and the statement that the claim needs; none for joined sites, who have theirs."""
    from curator.cli.guard import text_guard
    from curator.core.errors import CheckError
    from curator.release import layout
    from curator.release.requirements.evidence import standings
    from curator.release.requirements.legal import legal
    from curator.release.sites.standing import joined_standings, signed_report

    if package is not None:
        from curator.core.canonical import strict_loads
        from curator.release.facts import Facts
        from curator.release.sites.contents import MAX_DOCUMENT as MOST
        from curator.release.tree import content_of
        from curator.release.verify import verify_package

        with progress(0, "files") as bar:
            report = verify_package(package, advance=bar.advance)
        if report.contents.sites is not None:
            if not report.contents.sites:
                raise CheckError("SIT-031")
            signed = signed_report(report.contents.state, package / layout.AUDIT)
            data = content_of(package / layout.SPLITS, MOST)
            joint = None if data is None else strict_loads(data)
            return joined_standings(report.contents.sites, report.contents.state, text_guard(), joint, signed), ()
        packed = Facts(package, report.contents.state, text_guard())
        return standings(packed), (legal(packed.policy["needsDocument"], packed.state.facts),)
    from curator.project.paths import open_project
    from curator.provenance.ledger import Ledger
    from curator.provenance.verify import verify_ledger
    from curator.release.project_facts import ProjectFacts
    from curator.scrub.policy import load_policy

    place = open_project(project)
    policy = load_policy(place.config.policy, base=place.root, recipe=recipe)
    with progress(Ledger(place.ledger).size(), "records"):
        state = verify_ledger(place.ledger).require().state
    if place.config.no_vault and state.facts.joined:
        from curator.release.sites.assigned import project_drawn
        from curator.release.sites.held import open_sites
        from curator.release.sites.lists import lists_of

        with progress(0, "files") as bar:
            opened = open_sites(place, state, bar.advance)
        joint = lists_of(opened, project_drawn(place, state, pending=True), state.facts.splits).splits
        return joined_standings(opened, state, text_guard(), joint, signed_report(state, place.root / "audit")), ()
    claim = () if place.config.no_vault else (legal(policy.needs_document, state.facts),)
    return standings(ProjectFacts(place, state, policy, text_guard())), claim


def _document(one: Standing) -> dict[str, Any]:
    answer = one.answer
    return {
        "id": one.item.id,
        "class": str(one.item.kind),
        "source": one.item.source,
        "clause": one.item.clause,
        "asks": one.item.asks,
        "state": str(one.stage),
        "evidence": [{"text": shown.text, "source": shown.source} for shown in one.shown],
        "lacking": list(one.lacking),
        "documents": list(one.item.shown),
        "answer": None if answer is None else {"text": answer.text, "signer": answer.signer, "leaf": answer.leaf},
    }


def _show(found: tuple[Standing, ...], claim: tuple[Standing, ...]) -> None:
    from curator.release.requirements.table import Class, Stage, counted

    for one in found:
        lacks = f" · lacks {', '.join(one.lacking)}" if one.lacking else ""
        say(f"{one.item.id:<8} {one.item.kind}  {one.stage:<17} {one.item.asks}{lacks}")
    say()
    sums = counted(found)
    for kind in Class:
        states = " · ".join(f"{sums[kind][stage]} {stage}" for stage in Stage if sums[kind][stage])
        say(f"{kind}  {sums[kind].total():>2}  {states}")
    for one in claim:
        say(f"the legal claim needs {one.item.id}, {one.stage}: {one.item.asks} ({one.item.clause})")
    if any(one.stage == Stage.WAITING for one in (*found, *claim)):
        say("next: curator release requirements answer ID --file FILE --by PERSON · or --folder DIR for many")


@requirements.command("show")
@click.argument("name", metavar="ID")
@project_option
@recipe_option
@click.option("--package", type=click.Path(path_type=Path), metavar="DIR", help="Read this package, not a project.")
@json_option
def show(name: str, project: Path, recipe: Path | None, package: Path | None, as_json: bool) -> None:
    """Show one item whole: what it asks for, what shows it, what was answered.

    \b
    Examples:
      curator release requirements show DM-03
    """
    from curator.core.errors import UsageError
    from curator.provenance.view import shown as printable
    from curator.release.requirements.table import requirement

    wanted = requirement(name).id
    found, claim = _standings(project, recipe, package)
    one = next((one for one in (*found, *claim) if one.item.id == wanted), None)
    if one is None:
        raise UsageError("SUB-023")
    if as_json:
        emit_json(_document(one))
        return
    say(f"{one.item.id} · {one.item.kind} · {one.item.source} {one.item.clause} · {one.stage}")
    say(one.item.asks)
    for evidence in one.shown:
        say(f"evidence  {printable(evidence.text)}")
    for lacking in one.lacking:
        say(f"lacks     {lacking}")
    if one.answer is not None:
        for line in one.answer.text.split("\n"):
            say(f"answer    {printable(line)}")
        say(f"signed    {one.answer.signer} in record {one.answer.place} · leaf {one.answer.leaf}")


@requirements.command("answer")
@click.argument("name", metavar="[ID]", required=False)
@click.option(
    "--file",
    "source",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="The text, UTF-8, up to 8,000 characters; - is standard input.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Many texts at once: a file ID.txt for each; what is on record already is not signed again.",
)
@by_option
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@click.option("--dry-run", is_flag=True, help="Check the texts and show what would be signed; sign nothing.")
@json_option
def answer(
    name: str | None,
    source: Path | None,
    folder: Path | None,
    person: str,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Answer the item ID with the text of a file, or many items with a folder of texts, and sign as PERSON.

    A text goes into the ledger, into every later package and before the FDA. It is refused if a detector sees an
    identifier in it; then nothing is signed. A later answer takes the place of an earlier one; both stay on record.

    \b
    Examples:
      curator release requirements answer DM-04 --file fit.txt --by reviewer-1
      curator release requirements answer PC-1a9 --file - --by reviewer-1 --dry-run < irb.txt
      curator release requirements answer --folder answers --by reviewer-1
    """
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.project.paths import open_project
    from curator.provenance.append import Appender
    from curator.provenance.kinds_answers import digest_of_answer
    from curator.provenance.ledger import Ledger
    from curator.provenance.view import printed_name
    from curator.release.requirements.legal import STATEMENTS, holds
    from curator.release.requirements.table import requirement

    if (name is None) != (source is None) or (name is None) == (folder is None):
        raise UsageError("SUB-020")
    items = [(requirement(name), source)] if name is not None and source is not None else _named(folder)
    place = open_project(project)
    if not dry_run:
        need_key(person, key_store)
    drafts = _drafted(items, text_guard())
    ledger = Ledger(place.ledger)
    with progress(ledger.size(), "records") as bar:
        appender = Appender(ledger, SystemClock(), bar.advance)
    known, facts = appender.state.facts.answers, appender.state.facts
    if folder is not None:
        drafts = [
            (item, text, one)
            for item, text, one in drafts
            if item.id not in known
            or known[item.id].text != text
            or (item in STATEMENTS.values() and not holds(known[item.id], facts))
        ]
    for item, _, _ in drafts:
        note(f"{item.id} · {item.asks}")
    note(f"signer   {printed_name(appender.state, person)}\nmeaning  responsibility")
    records: list[int | None] = [None] * len(drafts)
    if drafts and not dry_run:
        key = open_key(person, key_store, key_passphrase_file)
        operator = operator_signer(place, passphrase_file, "answer")
        records = [made.index for made in appender.append([one for _, _, one in drafts], key)]
        appender.seal(key, operator)
    rows = [
        {"id": item.id, "sha256": digest_of_answer(text), "signer": person, "record": record, "dryRun": dry_run}
        for (item, text, _), record in zip(drafts, records, strict=True)
    ]
    if as_json:
        emit_json(rows[0] if folder is None else {"answers": rows, "already": len(items) - len(rows)})
        return
    for (item, text, _), record in zip(drafts, records, strict=True):
        at = "" if record is None else f" · record {record:,} of the ledger"
        say(f"{item.id} {'would be answered' if dry_run else 'answered'} · {len(text):,} characters{at}")
    if folder is not None:
        say(f"{len(rows)} {'to answer' if dry_run else 'answered'} · {len(items) - len(rows)} already on record")


def _named(folder: Path | None) -> list[tuple[Requirement, Path]]:
    """Return the texts of a folder with the items that their names say, in the table's order (SUB-021)."""
    from curator.core.errors import UsageError
    from curator.release.requirements.table import answerable as table

    assert folder is not None
    try:
        found = {one.stem.casefold(): one for one in folder.iterdir() if one.suffix == ".txt"}
    except OSError:
        raise UsageError("SUB-021", count=0) from None
    items = [(item, found.pop(item.id.casefold())) for item in table() if item.id.casefold() in found]
    if found or not items:
        raise UsageError("SUB-021", count=len(found))
    return items


def _drafted(
    items: list[tuple[Requirement, Path]], guard: Callable[[str], bool]
) -> list[tuple[Requirement, str, Draft]]:
    """Draft all answers, or none: of several, each that is refused is named with its reason (SUB-022)."""
    from curator.core.errors import UsageError
    from curator.provenance.kinds_answers import answer as drafted

    made, refused = [], []
    for item, path in items:
        try:
            text = _text(path)
            made.append((item, text, drafted(item.id, text, guard)))
        except UsageError as error:
            if len(items) == 1:
                raise
            refused.append(item.id)
            note(f"{item.id}  {error}")
    if refused:
        raise UsageError("SUB-022", count=len(refused), listed=", ".join(refused))
    return made


def _text(source: Path) -> str:
    """Read an answer; line ends become line feeds, letters their composed form, blank lines at either end go."""
    import unicodedata

    from curator.core.errors import UsageError

    try:
        if str(source) == "-":
            data = sys.stdin.buffer.read(MAX_FILE + 1)
        else:
            with source.open("rb") as stream:
                data = stream.read(MAX_FILE + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UsageError("SUB-019", most=MAX_FILE) from None
    if len(data) > MAX_FILE:
        raise UsageError("SUB-019", most=MAX_FILE)
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return unicodedata.normalize("NFC", "\n".join(lines).strip("\n"))
