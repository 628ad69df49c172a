"""``curator labels status | queue | worklist``: where samples stand, what differs most, what each person does next."""

from __future__ import annotations

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
    project_option,
    say,
)
from curator.cli.labels_consensus import choice_of, choice_options, json_bytes, require_new, write_new
from curator.cli.signers import key_store_option

if TYPE_CHECKING:
    from curator.labels.consensus.returned import Imported
    from curator.labels.consensus.stages import Board
    from curator.labels.consensus.worklist import Worklist
    from curator.project.paths import Project
    from curator.provenance.state import State

PRINTED = 20


def _workflow_options(function: Any) -> Any:
    for option in (
        click.option("--under", metavar="PATH", help="Only samples under this path, such as clean/P7K2."),
        click.option(
            "--workflow", metavar="NAME", help="two-readers, four-stage or a file.  [default: as curator.toml says]"
        ),
    ):
        function = option(function)
    return function


def _board(project: Path, workflow: str | None, under: str | None) -> tuple[Project, Board, State]:
    from curator.core.errors import UsageError
    from curator.labels.agreement.needs import require_numpy
    from curator.labels.consensus.opinions import story_of
    from curator.labels.consensus.stages import board
    from curator.labels.consensus.workflow import load_workflow
    from curator.project.journal import samples
    from curator.project.paths import open_project
    from curator.project.series import Series, with_series
    from curator.provenance.ledger import Ledger

    require_numpy()
    place = open_project(project)
    stages = load_workflow(workflow or place.config.workflow, place.root)
    with progress(Ledger(place.ledger).size(), "records") as bar:
        story, state = story_of(place.ledger, bar.advance)
    folder = None if under is None else under.rstrip("/") + "/"
    # A series is one sample besides its images once somebody has labeled it as one.
    labeled = {one.sample.path for one in story.signed}
    chosen = [
        one
        for one in with_series(samples(place))
        if (folder is None or one.path.startswith(folder)) and (not isinstance(one, Series) or one.path in labeled)
    ]
    if not chosen:
        raise UsageError("CON-033")
    return place, board(story, state, place.root, chosen, stages), state


@click.command("status")
@_workflow_options
@click.option("--in", "wanted", metavar="STAGE", help="Print the samples that stand at this stage, or at done.")
@project_option
@json_option
def status(workflow: str | None, under: str | None, wanted: str | None, project: Path, as_json: bool) -> None:
    """Say at which stage of the workflow each sample stands, from the ledger's records alone.

    \b
    Examples:
      curator labels status
      curator labels status --workflow four-stage --in cross
    """
    from curator.core.schema import validate
    from curator.labels.consensus.stages import DONE, status_document

    _, made, state = _board(project, workflow, under)
    if wanted is not None:
        if wanted != DONE:
            made.workflow.stage(wanted)
        found = sorted(case.sample.path for uid, case in made.cases.items() if made.at[uid] == wanted)
        if as_json:
            emit_json({"stage": wanted, "samples": found})
            return
        for path in found:
            say(path)
        return
    document = status_document(made, state)
    validate("labels-status", document)
    if as_json:
        emit_json(document)
        return
    say(f"workflow {document['workflow']} · {document['samples']:,} samples, {document['begun']:,} with a label")
    if document["leftOut"]:
        told = " · ".join(f"{count:,} by {name}" for name, count in document["leftOut"].items())
        say(f"  labels that count nowhere here: {told}")
    for one in document["stages"]:
        parts = [f"{count:,} with {name}" for name, count in one["progress"].items()]
        if one["notConcerned"]:
            parts.append(f"{one['notConcerned']:,} not concerned")
        say(f"  {one['stage']:<16}{one['waiting']:>9,}{'   ' + ' · '.join(parts) if parts else ''}")
    say(f"  {'done':<16}{document['done']:>9,}")
    waiting = next((one["stage"] for one in document["stages"] if one["waiting"]), None)
    if waiting is not None:
        say(f"next: curator labels worklist export --stage {waiting} --reader ... --out ...")


@click.command("queue")
@click.option(
    "--weights", type=click.Path(path_type=Path), metavar="FILE", help="How grave it is to take one class for another."
)
@click.option("--top", type=click.IntRange(1), metavar="N", help="List the N gravest alone.")
@choice_options
@project_option
@json_option
def queue(
    weights: Path | None,
    top: int | None,
    origins: tuple[str, ...],
    stages: tuple[str, ...],
    guidelines: tuple[str, ...],
    kinds: tuple[str, ...],
    ontology: Path | None,
    mix_guidelines: bool,
    project: Path,
    as_json: bool,
) -> None:
    """List disagreements between readers, the gravest first.

    Severity is the greatest distance between two readers' answers, from 0 to 1, times both confidences where they are
    stated. What an adjudication has settled is not listed.

    \b
    Examples:
      curator labels queue --top 20
      curator labels queue --weights clinical.json --json
    """
    from curator.core.schema import validate
    from curator.labels.agreement.needs import require_numpy
    from curator.labels.consensus.opinions import gather, require_one_guideline, story_of, units_of
    from curator.labels.consensus.severity import load_scale, queue_document, ranked
    from curator.project.paths import open_project
    from curator.provenance.ledger import Ledger

    require_numpy()
    place = open_project(project)
    scale = load_scale(weights)
    with progress(Ledger(place.ledger).size(), "records") as bar:
        story, state = story_of(place.ledger, bar.advance)
    choice = choice_of(origins, stages, guidelines, kinds, ontology)
    gathered = gather(story, state, place.root, choice)
    units = units_of(gathered.opinions, gathered.besides)
    if not mix_guidelines:
        require_one_guideline(units)
    counts = {"read": gathered.read, "counted": len(gathered.opinions), "leftOut": dict(gathered.left_out)}
    document = queue_document(ranked(units, scale), len(units), top, counts)
    validate("disagreement-queue", document)
    if as_json:
        emit_json(document)
        return
    told = document["questions"]
    say(
        f"{told['total']:,} questions · {told['differing']:,} differ · {told['alike']:,} alike · "
        f"{told['oneReader']:,} of one reader"
    )
    for one in document["queue"]:
        part = f" · {one['part']}" if one["part"] else ""
        who = ", ".join(one["worst"])
        say(f"{one['rank']:>5}  {one['severity']:.3f}  {one['path']}{part} · {one['question']} · {who}")
    if document["listed"] < told["differing"]:
        say(f"... {told['differing'] - document['listed']:,} more")


@click.group("worklist")
def worklist() -> None:
    """Hand out what a person does at a stage, and bring the filled list back."""


@worklist.command("export")
@click.option("--stage", required=True, metavar="STAGE", help="Stage of the workflow.")
@click.option("--reader", required=True, metavar="PERSON", help="Whom it is for.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help="A CSV file; a JSON besides."
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="So many samples at most.")
@click.option(
    "--by", "person", metavar="PERSON", help="Who hands it out, and signs that; needed where labels are shown."
)
@_workflow_options
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@json_option
def export(
    stage: str,
    reader: str,
    out: Path,
    limit: int | None,
    person: str | None,
    workflow: str | None,
    under: str | None,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Write the worklist of a reader at a stage: samples, question, guideline, and empty cells to fill.

    At stages that show nothing it holds no word of anybody else's label. With --by it is recorded who was given what,
    which proves later that a reader was not shown another's label; a list that shows labels is always recorded.

    \b
    Examples:
      curator labels worklist export --stage read --reader reader-a --out reader-a.csv --by operator-1
      curator labels worklist export --stage adjudication --reader adjudicator-1 --out hard.csv --by operator-1
    """
    from curator.cli.signers import need_key
    from curator.core.errors import UsageError
    from curator.core.schema import validate
    from curator.labels.consensus import worklist as lists

    if out.suffix.lower() != ".csv":
        raise UsageError("CON-034")
    place, made, state = _board(project, workflow, under)
    found = lists.worklist(made, state, stage, reader, limit=limit)
    if found.shows and person is None:
        raise UsageError("CON-035")
    if person is not None:
        need_key(person, key_store)
    document = lists.document(found)
    validate("worklist", document)
    if not found.rows:
        note("nothing waits for this person at this stage")
    else:
        data = lists.as_csv(found)
        files = ((out, data), (out.with_suffix(".json"), json_bytes(document)))
        for path, content in files:
            require_new(path, content)
        if person is not None:
            _record(place, found, data, person, key_store, key_passphrase_file, passphrase_file)
        for path, content in files:
            write_new(path, content)
    if as_json:
        emit_json(document)
        return
    say(f"{len(found.rows):,} rows about {len(found.digests):,} samples for {reader} at {stage}")
    if found.rows:
        say(f"next: have it filled in, then curator labels worklist import FILE --stage {stage} --reader {reader}")


def _record(
    place: Project,
    found: Worklist,
    data: bytes,
    person: str,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Sign who is given what, before anything is handed out."""
    import hashlib

    from curator.cli.guard import text_guard
    from curator.cli.signers import open_key, operator_signer
    from curator.core.clock import SystemClock
    from curator.provenance.append import Appender
    from curator.provenance.kinds_data import MAX_SAMPLES, access
    from curator.provenance.ledger import Ledger

    key = open_key(person, key_store, key_passphrase_file)
    operator = operator_signer(place, passphrase_file, "sign")
    guard = text_guard()
    digest = hashlib.sha256(data).hexdigest()
    drafts = [
        access(
            found.reader,
            f"worklist of the stage {found.stage.name}",
            guard,
            samples=found.digests[first : first + MAX_SAMPLES],
            shown=(found.shows, digest),
        )
        for first in range(0, len(found.digests), MAX_SAMPLES)
    ]
    appender = Appender(Ledger(place.ledger), SystemClock())
    appender.append(drafts, key)
    appender.seal(key, operator)
    note(f"recorded by {person}: {len(found.digests):,} samples handed out to {found.reader}")


@worklist.command("import")
@click.argument("filled", type=click.Path(path_type=Path))
@click.option("--stage", required=True, metavar="STAGE", help="Stage of the workflow.")
@click.option("--reader", required=True, metavar="PERSON", help="Who filled it in.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="The label file, or list of label ids.")
@click.option("--labeled-at", metavar="TIME", help="RFC 3339, for rows that do not say when they were labeled.")
@click.option("--dry-run", is_flag=True, help="Check every row; write nothing.")
@click.option("--workflow", metavar="NAME", help="two-readers, four-stage or a file.  [default: as curator.toml says]")
@project_option
@json_option
def bring_in(
    filled: Path,
    stage: str,
    reader: str,
    out: Path | None,
    labeled_at: str | None,
    dry_run: bool,
    workflow: str | None,
    project: Path,
    as_json: bool,
) -> None:
    """Turn a filled worklist into a label file for curator sign, or into lists of reviewed labels.

    Rows that are unknown, stand twice, belong to another person, stage or project, or are filled in part are listed
    with a code, and then nothing is written. Rows left empty stay open. At stages of review and approval the ids of
    accepted labels go to the file, those of rejected ones beside it, for curator label review and approve.

    \b
    Examples:
      curator labels worklist import reader-a.csv --stage read --reader reader-a --out reader-a.jsonl
      curator labels worklist import checked.csv --stage review --reader reviewer-1 --out accepted.txt
    """
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.labels.consensus.returned import Back, bring_back, import_document
    from curator.labels.consensus.workflow import load_workflow
    from curator.labels.reading import load, reader_of
    from curator.project.journal import samples
    from curator.project.paths import open_project
    from curator.project.series import with_series
    from curator.provenance.append import Appender
    from curator.provenance.ledger import Ledger

    if reader_of(filled) != "csv":
        raise UsageError("CON-034")
    if out is None and not dry_run:
        raise UsageError("CON-036")
    place = open_project(project)
    chosen = load_workflow(workflow or place.config.workflow, place.root).stage(stage)
    ledger = Ledger(place.ledger)
    with progress(ledger.size(), "records") as bar:
        state = Appender(ledger, SystemClock(), bar.advance).state
    state.enrolled(reader)
    known = {one.uid: one.path for one in with_series(samples(place))}
    back = Back(state.dataset, chosen, reader, known, labeled_at, SystemClock().now(), text_guard())
    made = bring_back(load(filled), back, lambda name: state.labels.get(name) is not None)
    files: list[dict[str, str]] = []
    if not made.issues and made.filled and out is not None and not dry_run:
        files = list(_written(made, out))
    if as_json:
        emit_json(import_document(made, back, files))
    else:
        for line, error in made.issues[:PRINTED]:
            note(f"line {line}: {error.code} {error.sentence}")
        if len(made.issues) > PRINTED:
            note(f"… and {len(made.issues) - PRINTED:,} more; --json lists them")
        say(f"{made.rows:,} rows · {made.filled:,} filled · {made.left_open:,} open · {len(made.issues):,} refused")
    made.require()
    if not as_json and files and made.lines:
        say(f"next: curator sign FILE --as {reader} --confirm {len(made.lines)}")


def _written(made: Imported, out: Path) -> Iterator[dict[str, str]]:
    if made.lines:
        digest = write_new(out, "".join(f"{line}\n" for line in made.lines).encode())
        yield {"what": "labels", "sha256": digest}
    for outcome, names in sorted(made.judged.items()):
        path = out if outcome == "accepted" else out.with_name(f"{out.stem}-{outcome}{out.suffix}")
        yield {"what": outcome, "sha256": write_new(path, "".join(f"{name}\n" for name in names).encode())}
