"""``curator release verify``: a package, from its folder and a public key alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import anchor_options, emit_json, json_option, note, progress, say

if TYPE_CHECKING:
    from curator.release.verify import PackageReport

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
@click.option(
    "--site-key",
    "site_keys",
    multiple=True,
    metavar="SITE=FILE",
    help="A joined site's key, held by you; repeatable. Without it the sponsor's record names the key.",
)
@anchor_options
@json_option
@click.pass_context
def verify(
    ctx: click.Context,
    folder: Path,
    key_file: Path | None,
    extends: Path | None,
    site_keys: tuple[str, ...],
    tsa_ca: Path | None,
    witness_keys: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Verify the package in DIR: every byte, every signature, every label's place.

    Needs no project and no passphrase. The key may be PEM, a verifier key (name+hash+base64), 64 hex digits, or the key
    ID alone, as it is told by phone. Without --key the package is held against the key inside it, which proves only
    that it agrees with itself: exit code 3.

    \b
    Examples:
      curator release verify trial-1.0.0 --key operator.pem
      curator release verify joined-1.0.0 --key sponsor.pem --site-key north=north.pem --site-key south=south.pem
      curator release verify trial-1.1.0 --extends trial-1.0.0 --key operator.pem
    """
    from curator.cli.anchor import outside_options
    from curator.core.errors import CheckError, IntegrityError
    from curator.release.carried import Outside
    from curator.release.extends import extending
    from curator.release.verify import failing, key_told, report_lines, verify_package

    outside = Outside()
    if tsa_ca is not None or witness_keys:
        brought = outside_options(tsa_ca, witness_keys, None)
        outside = Outside(brought.roots, brought.witnesses)
    try:
        key = None if key_file is None else key_told(_read(key_file), folder)
        with progress(0, "files") as bar:
            report = verify_package(
                folder, key=key, advance=bar.advance, outside=outside, site_keys=_site_keys(site_keys)
            )
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
                "sites": _sites(report),
                "purged": {"files": report.purged_files, "records": report.contents.purged},
                "purged_sites": list(report.contents.gone_sites),
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


def _sites(report: PackageReport) -> list[dict[str, Any]] | None:
    """Return what was verified of each joined site; None for a package of one project."""
    if report.contents.sites is None:
        return None
    return [
        {
            "site": one.site,
            "dataset": one.report.dataset,
            "version": one.report.version,
            "samples": one.report.samples,
            "labels": one.report.labels,
            "records": one.report.records,
            "operator": one.report.operator,
            "tied_to_key": one.site in report.site_keys,
            "split": one.split,
            "attested": [word.document() for word in one.words],
        }
        for one in report.contents.sites
    ]


def _site_keys(given: tuple[str, ...]) -> dict[str, bytes]:
    """Return the keys of ``SITE=FILE`` options (SIT-018)."""
    from curator.core.errors import UsageError
    from curator.provenance.keys import parse_public

    made: dict[str, bytes] = {}
    for text in given:
        site, mark, name = text.partition("=")
        if not mark or not site or not name or site in made:
            raise UsageError("SIT-018")
        made[site] = parse_public(_read(Path(name)))
    return made


def _read(path: Path) -> bytes:
    from curator.core.errors import UsageError

    try:
        with path.open("rb") as stream:
            return stream.read(MAX_KEY_FILE)
    except OSError:
        raise UsageError("REL-034") from None
