"""``curator release verify``: a package, from its folder and a public key alone."""

from __future__ import annotations

from pathlib import Path

import click

from curator.cli.common import anchor_options, emit_json, json_option, note, progress, say

MAX_KEY_FILE = 4096


@click.command("verify")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path), metavar="FILE", help="The operator's public key, held by you."
)
@click.option(
    "--extends",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="An earlier package: the ledger must only add to what it was there.",
)
@anchor_options
@json_option
@click.pass_context
def verify(
    ctx: click.Context,
    folder: Path,
    key_file: Path | None,
    extends: Path | None,
    tsa_ca: Path | None,
    witness_keys: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Verify the package in DIR: every byte, every signature, every label's place.

    Needs no project and no passphrase. The key may be PEM, a verifier key (name+hash+base64) or 64 hex digits. Without
    --key the package is held against the key inside it, which proves only that it agrees with itself: exit code 3.

    \b
    Examples:
      curator release verify trial-1.0.0 --key operator.pem
      curator release verify trial-1.1.0 --extends trial-1.0.0 --key operator.pem
    """
    from curator.cli.anchor import outside_options
    from curator.core.errors import CheckError, IntegrityError
    from curator.release.carried import Outside
    from curator.release.extends import extending
    from curator.release.verify import failing, report_lines, verify_package

    key = None if key_file is None else _key(key_file)
    outside = Outside()
    if tsa_ca is not None or witness_keys:
        brought = outside_options(tsa_ca, witness_keys, None)
        outside = Outside(brought.roots, brought.witnesses)
    try:
        with progress(0, "files") as bar:
            report = verify_package(folder, key=key, advance=bar.advance, outside=outside)
        extended = None if extends is None else extending(folder, extends, key)
    except IntegrityError as error:
        if not as_json:
            say(failing(error))
        raise
    untied = CheckError("REL-032")
    if as_json:
        emit_json(
            {
                "verified": report.tied,
                "tied_to_key": report.tied,
                "operator": report.operator,
                "dataset": report.dataset,
                "version": report.version,
                "files": report.files,
                "bytes": report.size,
                "samples": report.samples,
                "labels": report.labels,
                "records": report.records,
                "policy": report.contents.manifest["policy"],
                "audit": report.said.predicate["audit"],
                "draft": report.said.predicate["draft"],
                "parent": report.said.predicate["parent"],
                "heldBack": report.held_back,
                "purged": {"files": report.purged_files, "records": report.contents.purged},
                "anchors": {
                    "timestamps": report.contents.carried.stamps,
                    "trusted": report.contents.carried.trusted,
                    "cosignatures": report.contents.carried.cosigned,
                    "known": report.contents.carried.known,
                },
                "extends": None
                if extended is None
                else {"version": extended.version, "records": extended.records, "added": extended.added},
            }
        )
    else:
        for text in report_lines(report):
            say(text)
        if extended is not None:
            say(extended.line)
    unjudged = report.contents.carried.error
    if unjudged is not None:
        raise unjudged
    if not report.tied:
        note(str(untied))
        note(f"hint: {untied.hint}")
        ctx.exit(untied.exit_code)


def _key(path: Path) -> bytes:
    from curator.core.errors import UsageError
    from curator.provenance.keys import parse_public

    try:
        with path.open("rb") as stream:
            return parse_public(stream.read(MAX_KEY_FILE))
    except OSError:
        raise UsageError("REL-034") from None
