"""``curator labels export``: signed labels written to other tools' forms, named by their clean files.

Prints counts and codes. No name of a file, a person or a class is printed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, progress, project_option, say


@click.command("export")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice(["coco", "label-studio", "nifti", "dicom-seg", "dicom-sr", "csv"]),
    help="What to write.",
)
@click.option("--reader", "readers", multiple=True, metavar="PERSON", help="Only labels of this reader.")
@click.option("--guideline", metavar="ID[@VERSION]", help="Only labels made by this guideline.")
@click.option("--stage", "stages", multiple=True, metavar="WORD", help="Only labels of this stage, such as read.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only labels of this kind, such as mask.")
@click.option("--ended", is_flag=True, help="Also labels that were withdrawn, superseded or not chosen.")
@click.option(
    "--ontology",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An ontology (TOML or JSON): the codes of classes in DICOM objects.",
)
@click.option("--dry-run", is_flag=True, help="Go through everything, count, and keep nothing.")
@project_option
@json_option
@click.pass_context
def export_labels(
    ctx: click.Context,
    out: Path,
    form: str,
    readers: tuple[str, ...],
    guideline: str | None,
    stages: tuple[str, ...],
    kinds: tuple[str, ...],
    ended: bool,
    ontology: Path | None,
    dry_run: bool,
    project: Path,
    as_json: bool,
) -> None:
    """Write the project's signed labels into the new folder OUT, in another tool's form.

    Samples are named by their clean files, readers by their ids. Each annotation names the record that it was written
    from, so that curator labels import knows it again. Every label is written or counted with the reason. Exit 5 says
    that the form cannot say some.

    \b
    Examples:
      curator labels export review --format label-studio --stage read
      curator labels export masks --format dicom-seg --reader reader-a --ontology classes.toml --dry-run
    """
    from curator.core.schema import validate
    from curator.labels.exporting import export, place_of
    from curator.labels.ontology import load_ontology
    from curator.labels.signed import Choice, gather
    from curator.labels.writers.protocol import Clean
    from curator.labels.writers.table import writer
    from curator.project.journal import samples
    from curator.project.lock import held
    from curator.project.paths import open_project
    from curator.provenance.ledger import Ledger

    place = open_project(project)
    target = place_of(place, out)
    choice = Choice(
        readers=frozenset(readers),
        stages=frozenset(stages),
        kinds=frozenset(kinds),
        guideline=guideline,
        ended=ended,
    )
    choice.check()
    known = None if ontology is None else load_ontology(ontology)
    with held(place, "labels"):
        with progress(Ledger(place.ledger).size(), "records") as bar:
            gathered = gather(place.ledger, samples(place), choice, bar.advance)
        with progress(len(gathered.labels), "labels") as bar:
            made = export(
                writer(form),
                gathered,
                Clean(place.root, known, samples(place)),
                target,
                dry_run=dry_run,
                advance=bar.advance,
            )
    validate("labels-export-report", made.document)
    if as_json:
        emit_json(made.document)
    else:
        _print(made.document, dry_run=dry_run)
    ctx.exit(5 if made.refused else 0)


def _print(document: dict[str, Any], *, dry_run: bool) -> None:
    say(
        f"{document['asked']:,} labels asked for · {document['written']:,} written as {document['format']} · "
        f"{document['refused']:,} that the form cannot say"
    )
    left = document["leftOut"]
    if left:
        told = ", ".join(f"{count:,} by {name}" for name, count in left.items())
        say(f"{document['signed']:,} labels are signed; left out: {told}")
    for reason in document["reasons"]:
        say(f"{reason['count']:>9,}  {reason['code']}  {reason['sentence']}")
        say(f"           {reason['hint']}")
    if document["rounded"]:
        say(f"{document['rounded']:,} labels have finer numbers than the form keeps")
    if dry_run:
        say("dry run: nothing was kept")
    elif document["written"]:
        size = sum(one["bytes"] for one in document["files"])
        say(f"{len(document['files']):,} files, {size:,} bytes; records.csv says what became of each label")
    else:
        say("nothing was written")
