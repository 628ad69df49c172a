"""``curator crosswalk``: back from pseudonyms to originals, for the holder of the vault."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curator.cli.common import emit_json, json_option, note, passphrase_option, project_option, read_passphrase, say
from curator.core.errors import CheckError, UsageError

if TYPE_CHECKING:
    from curator.scrub.delivery.crosswalk import Link


@click.group("crosswalk")
def crosswalk() -> None:
    """Say or take in which original stands behind which pseudonym. Needs the vault; every use is recorded."""


@crosswalk.command("lookup")
@click.argument("pseudonyms", nargs=-1)
@project_option
@passphrase_option
@click.option(
    "--original", is_flag=True, help="Look up original values, one a line on standard input or at a hidden prompt."
)
@json_option
def lookup(
    pseudonyms: tuple[str, ...], project: Path, passphrase_file: Path | None, original: bool, as_json: bool
) -> None:
    """Print what stands behind pseudonyms, new UIDs, clean paths or source digests.

    With --original the values to look up are patient IDs, UIDs, paths or file names of the hospital. They are read
    from standard input or a prompt, never from the command line, where other users of the machine could see them.
    The output is clear text: mind where it goes.

    \b
    Examples:
      curator crosswalk lookup P4X7Q2M5T3K6R1WZ
      curator crosswalk lookup --original < ids.txt
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.scrub.delivery.crosswalk import lookup as find

    place = open_project(project)
    place.need_patients()
    if bool(pseudonyms) == original:
        raise UsageError("XWK-001")
    passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    wanted = _originals() if original else list(pseudonyms)
    if not wanted:
        raise UsageError("XWK-001")
    vault = Vault.open(place.vault, passphrase, purpose="crosswalk", clock=SystemClock())
    found, missing = find(place, vault, wanted, original=original)
    if as_json:
        emit_json({"found": [_document(link) for link in found], "missing": len(missing)})
    else:
        for link in found:
            _print(link)
    if missing:
        raise CheckError("XWK-002", missing=len(missing), asked=len(wanted))
    note(f"{len(found):,} files; this opening of the vault is on record")


@crosswalk.command("export")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--format",
    "form",
    type=click.Choice(["midi-b"]),
    default="midi-b",
    show_default=True,
    help="Whose tables to write: those of the MIDI-B validation script.",
)
@click.option("--dry-run", is_flag=True, help="Count the rows and write no table.")
@project_option
@passphrase_option
@json_option
def export(folder: Path, form: str, dry_run: bool, project: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Write which new UID and patient ID stands for which original one, as tables into a new or empty DIR.

    uid_mapping.csv holds the Study, Series and SOP Instance UIDs of all deliveries and each other UID that a clean file
    got a new one for (frames of reference, references), patid_mapping.csv the patient IDs, each with the columns id_old
    and id_new. Both are clear text and lead back to the patients: DIR may not lie in the
    project or its vault, and nobody but you can read it.

    \b
    Examples:
      curator crosswalk export --format midi-b ~/mapping --project trial
      curator crosswalk export --format midi-b ~/mapping --project trial --dry-run
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.scrub.delivery.mapping import PATIENTS, UIDS, check_folder, mapping, write_mapping

    place = open_project(project)
    place.need_patients()
    check_folder(folder, place)
    passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    purpose = "dry-run" if dry_run else "crosswalk-export"
    vault = Vault.open(place.vault, passphrase, purpose=purpose, clock=SystemClock())
    made = mapping(place, vault)
    if not dry_run:
        write_mapping(made, folder)
    if as_json:
        counts = {"uids": len(made.uids), "patients": len(made.patients), "shared": made.shared}
        emit_json({"format": form, **counts, "dry_run": dry_run})
    else:
        say(f"{'would write' if dry_run else 'wrote'} {len(made.uids):,} UIDs · {len(made.patients):,} patient IDs")
    if made.shared:
        note(f"{made.shared:,} more rows than patient IDs: the same ID at several issuers is several persons")
    if not made.whole:
        note("a delivery of an earlier version kept study, series and instance UIDs alone: others of it are missing")
    if not dry_run:
        note(f"{UIDS} and {PATIENTS} are clear text, outside the project; this opening of the vault is on record")


@crosswalk.command("import")
@click.option(
    "--uids", type=click.Path(path_type=Path), metavar="CSV", help="Original and new UIDs; columns id_old,id_new."
)
@click.option(
    "--patients",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="Patient IDs and pseudonyms; columns id_old,id_new.",
)
@click.option(
    "--shifts",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="Patient IDs and shifts of dates; columns id_old,days.",
)
@click.option(
    "--correct",
    is_flag=True,
    help="Replace earlier rows that no scrub has used; a row without a new value withdraws one.",
)
@project_option
@passphrase_option
@click.option("--dry-run", is_flag=True, help="Check the tables and count, keep nothing.")
@json_option
def take(
    uids: Path | None,
    patients: Path | None,
    shifts: Path | None,
    correct: bool,
    project: Path,
    passphrase_file: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in pseudonyms, UIDs and date shifts that are in use already, so that new data join what was released before.

    Each table is CSV in UTF-8 with a header line. IDs with the same pseudonym are of one person. A column issuer tells
    apart equal IDs of different issuers. Shifts are whole days, and count under a policy that shifts dates.

    All tables are taken in, or none. What they give holds for all later deliveries. What the project has given out
    cannot be changed, so take tables in before the first scrub; a row that no scrub has used yet can be corrected. They
    are kept in the vault; the journal of each later delivery names their kinds, numbers of rows and keyed digests, and
    no value.

    \b
    Examples:
      curator crosswalk import --patients pseudonyms.csv --shifts shifts.csv
      curator crosswalk import --uids uids.csv --dry-run
      curator crosswalk import --patients corrected.csv --correct
    """
    from curator.core.clock import SystemClock
    from curator.project.lock import held
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.scrub.delivery.crosswalk import given_out
    from curator.scrub.delivery.given import read_table, take_in

    place = open_project(project)
    place.need_patients()
    files = {"uids": uids, "patients": patients, "shifts": shifts}
    tables = {kind: read_table(path, kind, correct=correct) for kind, path in files.items() if path is not None}
    if not tables:
        raise UsageError("XWK-016")
    clock = SystemClock()
    passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    vault = Vault.open(place.vault, passphrase, purpose="crosswalk-import", clock=clock)
    with held(place, "scrub"):
        out, site = given_out(place, vault), place.config.site
        new = take_in(vault, tables, site=site, out=out, clock=clock, correct=correct, keep=not dry_run)
    if as_json:
        emit_json({"new": new, "rows": {kind: len(rows) for kind, rows in tables.items()}, "dry_run": dry_run})
        return
    for kind, rows in tables.items():
        say(f"{kind:<10} {len(rows):>9,} rows · {new[kind]:,} new")
    say("nothing was kept" if dry_run else "next: curator scrub SOURCE")


def _originals() -> list[str]:
    if sys.stdin.isatty():
        import getpass

        lines = [getpass.getpass("Original value (hidden): ")]
    else:
        lines = sys.stdin.read().splitlines()
    return [line for line in (line.strip() for line in lines) if line]


def _document(link: Link) -> dict[str, object]:
    kind, issuer, value = link.person
    return {
        "source": link.source,
        "patient": link.patient,
        "clean": link.path,
        "new": dict(zip(("study", "series", "instance"), link.new, strict=True)),
        "original": {
            "file": link.file,
            "person": {"kind": kind, "issuer": issuer, "value": value, "ids": list(link.others)},
            **dict(zip(("study", "series", "instance"), link.old, strict=True)),
        },
    }


def _print(link: Link) -> None:
    kind, issuer, value = link.person
    say(f"{link.patient or '-'}  {link.path or 'held back'}")
    say(f"  source    {link.source}")
    say(f"  file      {link.file}")
    if kind:
        say(f"  person    {value}" + (f" (issuer {issuer})" if issuer else f" (keyed by {kind})"))
        for other in sorted({*link.others} - {value}):
            say(f"  also      {other}")
    for name, old, new in zip(("study", "series", "instance"), link.old, link.new, strict=True):
        if old:
            say(f"  {name:<9} {old} -> {new}")
