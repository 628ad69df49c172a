"""``curator labels import`` and ``formats``: labels of other tools into a label file of the project.

Prints counts, codes, and places by position. No name of a file, a person or a class is printed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import (
    emit_json,
    json_option,
    note,
    passphrase_option,
    progress,
    project_option,
    read_passphrase,
    say,
)

if TYPE_CHECKING:
    from curator.labels.converting import Wishes
    from curator.labels.importing import Report

#: Places of refused labels that are printed; the JSON document has up to a thousand.
PRINTED = 20
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\.jsonl")
_ROUND = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_GUIDELINE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}@[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_RATE = re.compile(r"(?=.*[1-9])\d{1,4}(\.\d{1,6})?")
_ZONE = re.compile(r"Z|[+-]([01]\d|2[0-3]):[0-5]\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_CONFIDENCE = re.compile(r"(?P<value>\d{1,4}(?:\.\d{1,9})?):(?P<scale>[a-z]{1,32}-\d{1,4}-\d{1,4})")
NOTHING = "none"
_REVIEWS = (
    ("accepted", "accepted"),
    ("rejected", "rejected"),
    ("unknown", "without an outcome"),
    ("stranger", "name nobody who is enrolled: add them to --annotator-map"),
    ("untimed", "without a time and its zone"),
    ("against", "labels came in although their newest review rejected them"),
)


@click.command("import")
@click.argument("exports", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="EXPORT...")
@click.option("--format", "form", metavar="NAME", help="The reader to use; told by content otherwise.")
@click.option(
    "--keys",
    type=click.Choice(("clean", "original")),
    default="clean",
    show_default=True,
    help="Whether exports name samples as the project does, or as the hospital did.",
)
@click.option("--guideline", metavar="ID@VERSION", help="The registered guideline that the annotators followed.")
@click.option(
    "--annotator-map",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="Who is who; columns as-in-file,reader.",
)
@click.option("--author", metavar="PERSON", help="Who made labels whose export names nobody.")
@click.option("--confidence", metavar="VALUE:SCALE", help="For labels without one, as 0.8:probability-0-1; or none.")
@click.option("--labeled-at", metavar="TIME", help="For labels without a time, as 2026-11-20T16:30:00+01:00.")
@click.option("--labeled-at-zone", "zone", metavar="+HH:MM", help="For times without a zone; Z is UTC.")
@click.option(
    "--ontology",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An ontology (TOML or JSON): the project's classes and what else they are called. Others are refused.",
)
@click.option(
    "--derived",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="What images and texts made from samples show; columns derived,sample,frame,a,b,c,d,e,f.",
)
@click.option("--frame-rate", metavar="N", help="Frames a second, for labels at times of a recording.")
@click.option("--file-names", is_flag=True, help="Compare names of files without their folders.")
@click.option(
    "--origin",
    type=click.Choice(("human",)),
    help="Whose work labels are of which the export does not say: people's. Others count in no consensus.",
)
@click.option(
    "--also",
    type=click.Choice(("model", "interpolated")),
    multiple=True,
    help="Bring in labels that no person made too, as what they are; may be given again.",
)
@click.option("--in-pixels", is_flag=True, help="Shapes are in pixels, though all lie in the corner of large images.")
@click.option("--round", "reading", metavar="WORD", help="Keeps labels of another reading round apart.")
@click.option("--out", metavar="NAME.jsonl", help="Name of the label file in the project's labels folder.")
@click.option("--dry-run", is_flag=True, help="Go through everything, count, and keep nothing.")
@project_option
@passphrase_option
@json_option
@click.pass_context
def import_labels(
    ctx: click.Context,
    exports: tuple[Path, ...],
    form: str | None,
    keys: str,
    guideline: str | None,
    annotator_map: Path | None,
    author: str | None,
    confidence: str | None,
    labeled_at: str | None,
    zone: str | None,
    ontology: Path | None,
    derived: Path | None,
    frame_rate: str | None,
    file_names: bool,
    origin: str | None,
    also: tuple[str, ...],
    in_pixels: bool,
    reading: str | None,
    out: str | None,
    dry_run: bool,
    project: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Turn exports of annotation tools into a label file for curator sign --attest.

    Every label comes out or is counted as refused, with the reason. Exports are kept whole in the vault. What an
    export does not say is taken from the options, or the label is refused. Exit 5 says that some were refused.

    \b
    Examples:
      curator labels import task.json --guideline chest@1.0 --annotator-map people.csv --confidence none --dry-run
      curator labels import exports --keys original --guideline chest@1.0 --annotator-map people.csv --out round1.jsonl
    """
    from curator.cli.guard import text_guard
    from curator.cli.labels_project import converter_of
    from curator.core.canonical import canonical_bytes
    from curator.core.clock import SystemClock
    from curator.core.hashing import keyed
    from curator.labels import importing as work
    from curator.labels.exports import run_key
    from curator.labels.units import units
    from curator.project.lock import held
    from curator.project.paths import open_project
    from curator.project.vault import Vault

    place = open_project(project)
    place.need_patients()
    clock = SystemClock()
    guard = text_guard()
    wishes = _wishes(
        guideline,
        annotator_map,
        author,
        confidence,
        labeled_at,
        zone,
        origin=origin,
        also=also,
        ontology=ontology,
        reading=reading,
        frame_rate=frame_rate,
        in_pixels=in_pixels,
    )
    if out is not None:
        _check_name(out, guard)
    passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    vault = Vault.open(
        place.vault, passphrase, purpose="labels-import-dry-run" if dry_run else "labels-import", clock=clock
    )
    with held(place, "labels"):
        converter, tables = converter_of(place, vault, wishes, clock, guard, keys, derived, file_names=file_names)
        found, unread = units(exports, form, vault)
        described: dict[str, Any] = {
            "keys": keys,
            "options": keyed(vault.subkey("label-export"), "label-options", canonical_bytes(tables)).hex(),
        }
        run_name = run_key(vault, {"units": [[u.form, [e.key for e in u.exports]] for u in found], **described})
        name = out or f"{found[0].form}-{run_name[:12]}.jsonl"
        importing = work.Importing(found, converter, unread)
        try:
            with progress(0, "labels") as bar:
                report = work.run(
                    importing,
                    found,
                    root=place.root,
                    name=name,
                    vault=vault,
                    run_name=run_name,
                    described=described,
                    dry_run=dry_run,
                    advance=bar.advance,
                )
        except Exception:
            if importing.at:
                note(f"export {importing.at} of {len(found)}, in the order in which they are read:")
            raise
    complete = report.out == report.read and not report.unread
    if as_json:
        emit_json(_document(report, name, converter.returned, dry_run=dry_run))
    else:
        _print(report, name, converter.returned, dry_run=dry_run)
    ctx.exit(0 if complete else 5)


def _wishes(
    guideline: str | None,
    annotator_map: Path | None,
    author: str | None,
    confidence: str | None,
    labeled_at: str | None,
    zone: str | None,
    *,
    origin: str | None,
    also: tuple[str, ...],
    ontology: Path | None,
    reading: str | None,
    frame_rate: str | None,
    in_pixels: bool,
) -> Wishes:
    from decimal import Decimal

    from curator.core.errors import UsageError
    from curator.labels.converting import Wishes
    from curator.labels.ontology import load_ontology
    from curator.labels.tables import read_authors

    if guideline is None:
        raise UsageError("IMP-006")
    forms = (
        ("--guideline", guideline, _GUIDELINE, "it is not ID@VERSION"),
        ("--labeled-at", labeled_at, _MOMENT, "it is no RFC 3339 date and time with its zone"),
        ("--labeled-at-zone", zone, _ZONE, "it is neither Z nor an offset such as +01:00"),
        ("--round", reading, _ROUND, "it is no word of small letters, digits and hyphens"),
        ("--frame-rate", frame_rate, _RATE, "it is no number above 0, such as 30 or 29.97"),
    )
    for option, given, form, reason in forms:
        if given is not None and not form.fullmatch(given):
            raise UsageError("IMP-011", option=option, reason=reason)
    sure: tuple[str, str] | None = None
    if confidence == NOTHING:
        sure = ("", "")
    elif confidence is not None:
        stated = _CONFIDENCE.fullmatch(confidence)
        if stated is None:
            raise UsageError("IMP-011", option="--confidence", reason="it is neither VALUE:SCALE nor none")
        sure = (stated["value"], stated["scale"])
    authors = {} if annotator_map is None else read_authors(annotator_map)
    if author is not None and authors.setdefault("", author) != author:
        raise UsageError("IMP-011", option="--author", reason="the annotator map names another for labels of nobody")
    return Wishes(
        guideline=guideline,
        authors=authors,
        labeled_at=labeled_at,
        zone=zone,
        confidence=sure,
        origin=origin or "",
        also=frozenset(also),
        ontology=None if ontology is None else load_ontology(ontology),
        round=reading or "",
        frame_rate=None if frame_rate is None else Decimal(frame_rate),
        in_pixels=in_pixels,
    )


def _check_name(out: str, guard: Any) -> None:
    from curator.core.errors import UsageError

    if not _NAME.fullmatch(out) or not guard(out.removesuffix(".jsonl")):
        raise UsageError("IMP-005")


def _print(report: Report, name: str, returned: dict[bool, int], *, dry_run: bool) -> None:
    for one in report.tallies:
        refused = sum(one.refused.values())
        say(f"export {one.number}  {one.form:<12} {one.read:,} labels = {one.out:,} in + {refused:,} refused")
    for error, count in report.refused():
        say(f"  {count:>9,}   {error.code} {error.sentence}")
        if error.hint:
            say(f"  {'':>9}   hint: {error.hint}")
    for issue in report.issues[:PRINTED]:
        note(f"export {issue.number}, {issue.place}: {issue.code}")
    refused = report.read - report.out
    if refused > PRINTED:
        note(f"… and {refused - PRINTED:,} more; --json lists the first thousand")
    say(f"{report.read:,} labels = {report.out:,} in + {refused:,} refused")
    if report.unread:
        say(
            f"{report.unread:,} files were not read: no reader takes them, or another took their folder; "
            "name them by themselves"
        )
    for what, count in sorted(report.supplied.items()):
        say(f"{count:,} labels have their {what} from the options, not from the export")
    if report.origins["unknown"]:
        say(
            f"{report.origins['unknown']:,} labels do not say whose work they are, so no consensus counts them unasked;"
            " give --origin human if people made them"
        )
    if any(returned.values()):
        say(
            f"{sum(returned.values()):,} labels came back from an export, {returned[True]:,} of them changed; "
            "each says that it was shown before"
        )
    reviews = report.reviews()
    if reviews["told"]:
        say(
            f"{reviews['told']:,} reviews that the exports tell of = {reviews['carried']:,} carried with their labels"
            f" + {reviews['left']:,} in the vault alone; no reviewer signed them"
        )
        for word, what in _REVIEWS:
            if reviews[word]:
                say(f"  {reviews[word]:>9,}   {what}")
    if not report.out:
        say("no label file was written")
    elif dry_run:
        say("dry run: nothing was kept")
    else:
        say(f"labels/{name}  sha256 {report.sha256}" + ("" if report.new else "  (was there already)"))
        say(f"next: curator sign labels/{name} --attest --as PERSON --dry-run")


def _document(report: Report, name: str, returned: dict[bool, int], *, dry_run: bool) -> dict[str, Any]:
    return {
        "read": report.read,
        "in": report.out,
        "refused": report.read - report.out,
        "unread": report.unread,
        "labels": None if dry_run or not report.out else f"labels/{name}",
        "sha256": report.sha256 or None,
        "bytes": report.size,
        "values": report.values,
        "dryRun": dry_run,
        "origins": dict(report.origins),
        "reviews": report.reviews(),
        "supplied": dict(report.supplied),
        "returned": {"changed": returned[True], "unchanged": returned[False]},
        "exports": [
            {
                "number": one.number,
                "format": one.form,
                "export": one.key,
                "files": one.files,
                "read": one.read,
                "in": one.out,
                "refused": sum(one.refused.values()),
                "reviews": one.reviews,
                "reasons": _reasons(one.refused),
            }
            for one in report.tallies
        ],
        "reasons": [
            {"code": error.code, "sentence": error.sentence, "hint": error.hint, "count": count}
            for error, count in report.refused()
        ],
        "issues": [{"export": one.number, "place": one.place, "code": one.code} for one in report.issues],
    }


def _reasons(refused: Any) -> dict[str, int]:
    made: dict[str, int] = {}
    for (code, _), count in sorted(refused.items()):
        made[code] = made.get(code, 0) + count
    return made


@click.command("formats")
@json_option
def formats(as_json: bool) -> None:
    """List the formats that are read, what their files do not say, and what would make the tool say it.

    \b
    Examples:
      curator labels formats
      curator labels formats --json
    """
    from curator.labels.readers.table import READERS, reader

    every = [reader(name) for name in READERS]
    if as_json:
        emit_json(
            {
                "formats": [
                    {
                        "name": one.name,
                        "title": one.title,
                        "lacks": [
                            {"what": lack.what, "switch": lack.switch, "partly": lack.partly} for lack in one.lacks
                        ],
                    }
                    for one in every
                ]
            }
        )
        return
    for one in every:
        never = ", ".join(lack.what for lack in one.lacks if not lack.partly)
        partly = ", ".join(lack.what for lack in one.lacks if lack.partly)
        told = [f"without {never}"] * bool(never) + [f"often without {partly}"] * bool(partly)
        say(" · ".join([f"{one.name:<16} {one.title}", *told]))
