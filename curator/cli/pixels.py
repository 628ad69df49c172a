"""``curator pixels``: a person's signed word that the pixels of some files were looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curator.cli.common import (
    emit_json,
    json_option,
    key_passphrase_option,
    passphrase_option,
    progress,
    project_option,
    read_passphrase,
    say,
)
from curator.cli.release_acts import REASON, Act, given_from, signing_options
from curator.cli.signers import key_store_option, open_key
from curator.core.errors import UsageError


@click.group("pixels")
def pixels() -> None:
    """Clear files that are held back for what their pixels may show, and look at a sample of those that are not.

    No policy turns the check of pixels off; a person's signed look does, file by file.
    """


@pixels.command("accept")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--by", "person", required=True, metavar="PERSON", help="Who looked at the pixels and signs for it.")
@click.option("--reason", required=True, help="Why they may pass, in a sentence without any patient's data.")
@project_option
@passphrase_option
@key_store_option
@key_passphrase_option
@click.option("--dry-run", is_flag=True, help="Count the files and sign nothing.")
@json_option
def accept(
    paths: tuple[Path, ...],
    person: str,
    reason: str,
    project: Path,
    passphrase_file: Path | None,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Sign that PERSON looked at every frame of the DICOM files at PATHS (files or folders of the source).

    The record lists keyed digests of the files' bytes, so it holds for these very bytes and tells nobody else which
    files they are. The next 'curator scrub' of the source takes the files in.

    \b
    Examples:
      curator pixels accept export/study-7 --by reviewer-1 --reason "all frames viewed, no text, no face"
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.provenance.pixels import accept_pixels, accepted_pixels
    from curator.scrub.delivery.keys import SourceKeys
    from curator.scrub.delivery.pixel_files import content_ids

    place = open_project(project)
    place.need_patients()
    known = accepted_pixels(place.ledger)
    clock = SystemClock()
    vault_passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    key = None if dry_run else open_key(person, key_store, key_passphrase_file)
    vault = Vault.open(place.vault, vault_passphrase, purpose="pixels", clock=clock)
    with progress(len(paths), "reading") as bar:
        found = content_ids(paths, SourceKeys.of(vault), advance=bar.advance)
    if not found:
        raise UsageError("SRC-002")
    new = sorted(found - known.keys())
    if new and key is not None:
        accept_pixels(place.ledger, new, key, reason=reason, clock=clock, operator_seed=vault.operator_key())
    if as_json:
        emit_json({"files": len(found), "accepted": len(new), "already": len(found) - len(new), "dry_run": dry_run})
        return
    say(
        f"{'would accept' if dry_run else 'accepted'} {len(new):,} contents by {person}"
        + (f" · {len(found) - len(new):,} were accepted before" if len(found) > len(new) else "")
    )
    say("next: curator scrub SOURCE")


@pixels.command("sample")
@click.option("--count", type=click.IntRange(1, 100_000), default=300, show_default=True, help="Files to draw.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The sheet to fill in, as CSV."
)
@project_option
@json_option
def sample(count: int, out: Path, project: Path, as_json: bool) -> None:
    """Draw a random sample of clean images that nobody looked at, to see how many hold text in their pixels.

    Their headers name no risk, and a header can lie. Look at every frame of each file of the sheet, fill in its column
    'text' with yes, no or unclear, and sign it by 'curator pixels sampled'. The draw goes by the ledger's root: the
    same project draws the same files. Of 300 without text one knows, at 95 %, that less than 1.3 % of all have any.

    \b
    Examples:
      curator pixels sample --count 300 --out looked.csv
    """
    from curator.core.files import write_whole
    from curator.project.paths import open_project
    from curator.provenance.verify import verify_ledger
    from curator.release.pixel_sample import draw, frame_of, sheet

    place = open_project(project)
    place.need_patients()
    if out.exists():
        raise UsageError("PIX-004")
    state = verify_ledger(place.ledger).require().state
    with progress(0, "headers") as bar:
        frame = frame_of(place, state, bar.advance)
    drawn = draw(frame, count, state.tree.root())
    write_whole(out, sheet(drawn, state.size))
    if as_json:
        emit_json({"files": len(frame.files), "lookedAt": frame.looked, "drawn": len(drawn), "ledger": state.size})
        return
    say(f"drawn {len(drawn):,} of {len(frame.files):,} files that nobody looked at ({frame.looked:,} were)")
    say(f"next: fill in the column text, then curator pixels sampled {out.name} --by PERSON --reason HOW")


@pixels.command("sampled")
@click.argument("sheet", type=click.Path(path_type=Path))
@REASON
@signing_options
def sampled(sheet: Path, reason: str, as_json: bool, **options: Any) -> None:
    """Sign what was seen in the files of SHEET; the de-identification report states it with an exact interval.

    Refused where the sheet is not the draw of this project. Nothing is cleared by it, and files with text still have to
    be recalled; they are named.

    \b
    Examples:
      curator pixels sampled looked.csv --by reviewer-1 --reason "every frame, on a diagnostic screen"
    """
    from curator.cli.guard import text_guard
    from curator.labels.quality.tails import clopper_pearson, wrong_in_lot
    from curator.provenance.kinds_pixels import pixels_sampled
    from curator.provenance.ledger import Ledger
    from curator.release.pixel_sample import frame_of, read_sheet

    given = given_from(options)
    act = Act(given, "sampled")
    with progress(0, "headers") as bar:
        frame = frame_of(act.place, act.state, bar.advance)
    seen = read_sheet(sheet, frame, Ledger(act.place.ledger))
    count, text, unclear = len(seen.drawn), len(seen.text), len(seen.unclear)
    draft = pixels_sampled(
        seen.drawn, len(frame.files), frame.sha256, (seen.size, seen.root.hex()), text, unclear, reason, text_guard()
    )
    act.show(f"sample   {count:,} of {len(frame.files):,} files · {text:,} with text · {unclear:,} unclear")
    made = act.sign([draft])
    low, high = clopper_pearson(text, count, unclear=unclear)
    least, most = wrong_in_lot(text, count, len(frame.files), unclear=unclear)
    if as_json:
        emit_json(
            {
                "files": len(frame.files),
                "drawn": count,
                "text": text,
                "unclear": unclear,
                "share": [low, high],
                "inAll": [least, most],
                "recall": list(seen.text),
                "record": made[0].index if made else None,
                "dry_run": given.dry_run,
            }
        )
        return
    say(f"{text:,} of {count:,} hold text: {100 * low:.2f} % to {100 * high:.2f} % of all (95 %, exact)")
    say(f"in all {len(frame.files):,} files: {least:,} to {most:,} (95 %, exact)")
    for path in seen.text:
        say(f"recall   {path}")
    say("nothing was signed" if not made else f"on record: {made[0].index}")
