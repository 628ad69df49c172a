"""``curator release join``: a site's package into a sponsor's project without a vault."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, note, progress, say
from curator.cli.release_acts import Act, given_from, signing_options

if TYPE_CHECKING:
    from curator.release.sites.join import Asked, Planned
    from curator.release.withdraw import Affected

MAX_KEY_FILE = 4096
_SPLIT = r"[a-z0-9][a-z0-9._-]{0,31}"


def read_key(path: Path) -> bytes:
    """Read a public key's file (REL-034, KEY-017, KEY-050)."""
    from curator.core.errors import UsageError
    from curator.provenance.keys import parse_public

    try:
        with path.open("rb") as stream:
            return parse_public(stream.read(MAX_KEY_FILE))
    except OSError:
        raise UsageError("REL-034") from None


@click.command("join")
@click.argument("site")
@click.argument("package", type=click.Path(path_type=Path))
@click.option(
    "--site-key",
    "site_key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help="The site operator's public key, from the site, not out of the package.",
)
@click.option(
    "--attestation",
    "attestations",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The signed word of who has the site's vault, where the audit report does not say it; repeatable.",
)
@click.option("--split", metavar="NAME", help="Put all of the site's patients into this split: a site held out.")
@click.option("--reason", metavar="TEXT", help="Why it replaces the version that is joined; no identifier.")
@signing_options
def join(
    site: str,
    package: Path,
    site_key: Path,
    attestations: tuple[Path, ...],
    split: str | None,
    reason: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Take the package of a site into this project, which has no vault ('curator init --no-vault').

    SITE is your id of the site; it stands before each pseudonym, so that no two sites' patients meet. The package is
    verified with the key that you hold, and must be final: an audit passed over just its files, and somebody who has
    the site's vault signed that no known identifier is left. A sample or UID of another site is refused. The package
    is carried whole; your ledger gets one signed record with its digest, version, key, verdict and who attested what.

    A later version of the site replaces the earlier one, with the difference said and a reason given.

    \b
    Examples:
      curator release join north north-1.0.0 --site-key north.vkey --by lead-1
      curator release join south south-1.0.0 --site-key south.vkey --split test --by lead-1
      curator release join north north-2.0.0 --site-key north.vkey --reason "a patient withdrew" --by lead-1
    """
    import re

    from curator.core.errors import UsageError
    from curator.project.lock import held
    from curator.release.sites.join import Asked, check_asked, read_package_word

    given = given_from(options)
    if split is not None and not re.fullmatch(_SPLIT, split):
        raise UsageError("LED-071")
    words = tuple(read_package_word(path) for path in attestations)
    asked = Asked(site, package, read_key(site_key), words, split, reason)
    act = Act(given, "join")
    check_asked(act.place, asked)
    with held(act.place, "sites"):
        planned, index = _joined(act, asked)
    hit = _affected(act, planned)
    if as_json:
        emit_json(_document(planned, index, hit, dry_run=given.dry_run))
    else:
        _show(planned, index, hit, dry_run=given.dry_run)


def _affected(act: Act, planned: Planned) -> list[Affected]:
    """Return the released versions of this project, where a replaced version took something out."""
    from curator.cli.release_withdraw import told_of
    from curator.release.withdraw import affected

    patients, digests = planned.gone
    if not digests:
        return []
    return affected(act.place, told_of(act)[1], patients, digests)


def _joined(act: Act, asked: Asked) -> tuple[Planned, int | None]:
    """Judge, and unless it is a dry run put it there and sign; return the plan and the record's index."""
    from curator.cli.guard import text_guard
    from curator.release.sites.join import plan, put, sweep, take_copy

    if act.given.dry_run:
        with progress(0, "files verified") as bar:
            planned = plan(act.place, act.state, asked, asked.package, text_guard(), bar.advance)
        if planned.draft is not None:
            _announce(act, planned)
            act.sign([planned.draft])
        return planned, None
    with progress(0, "files copied") as bar:
        copied = take_copy(act.place, asked, bar.advance)
    try:
        with progress(0, "files verified") as bar:
            planned = plan(act.place, act.state, asked, copied, text_guard(), bar.advance)
        if planned.draft is None:
            return _again(act, planned, copied)
        _announce(act, planned)
        put(act.place, planned, copied)
    finally:
        shutil.rmtree(copied, ignore_errors=True)  # what was refused does not stay here
    made = act.sign([planned.draft])
    sweep(act.place, act.state)
    return planned, made[0].index


def _again(act: Act, planned: Planned, copied: Path) -> tuple[Planned, int]:
    """Put a package that is joined already at its place again, which mends what was damaged there."""
    from curator.release.sites.held import open_held, package_folder, words_folder
    from curator.release.sites.join import as_recorded, put, sweep

    before = planned.before
    assert before is not None
    if as_recorded(planned):
        put(act.place, planned, copied)
    place = package_folder(act.place, before.site, before.tag)
    open_held(before, place, words_folder(place), lambda _: None)
    sweep(act.place, act.state)
    return planned, before.place


def _announce(act: Act, planned: Planned) -> None:
    opened = planned.opened
    act.show(
        f"site     {opened.site} · {opened.report.dataset} {opened.report.version} · {opened.report.samples:,} samples",
        f"package  {opened.tag}",
    )


def _document(planned: Planned, index: int | None, hit: list[Affected], *, dry_run: bool) -> dict[str, Any]:
    from curator.core.schema import validate
    from curator.release.sites.join import counts_of

    opened, before = planned.opened, planned.before
    made = {
        "format": 1,
        "site": opened.site,
        "package": opened.document(),
        "audit": opened.manifest["audit"],
        "attested": [word.document() for word in opened.words],
        "waived": list(opened.waived),
        "split": opened.split,
        "replaces": None if before is None or planned.already else before.version,
        "changes": None if planned.diff is None else counts_of(planned.diff),
        "takenBack": planned.taken_back,
        "versions": [{"version": one.version, "holds": one.holds, "recipients": list(one.recipients)} for one in hit],
        "sharedContents": planned.shared.contents,
        "sites": planned.sites,
        "already": planned.already,
        "record": index,
        "dry_run": dry_run,
    }
    validate("release-join-report", made)
    return made


def _show(planned: Planned, index: int | None, hit: list[Affected], *, dry_run: bool) -> None:
    from curator.release.sites.join import counts_of

    opened, before, report = planned.opened, planned.before, planned.opened.report
    say(f"PASS  {opened.site}: {report.dataset} {report.version} verified with the key that you hold")
    say(f"PASS  {report.samples:,} samples, {report.labels:,} labels, {report.records:,} records; none of another site")
    for word in opened.words:
        how = {"attestation": "attested", "record": word.summary}.get(
            word.source.split(":")[0], "in the signed audit report"
        )
        mark = "ATTD" if word.outcome == "PASS" else "  - "
        say(f"{mark}  {word.check} by {word.printed_name} ({word.signer}) at {word.at}, {how}")
    if opened.waived:
        say(f"NOTE  waived at the site, which does not hold here: {', '.join(opened.waived)}")
    if planned.shared.contents:
        say(f"NOTE  {planned.shared.contents:,} samples have the content of another site's sample in another file")
    if planned.diff is not None and before is not None:
        for name, counts in counts_of(planned.diff).items():
            told = " · ".join(f"{count:,} {change}" for change, count in counts.items())
            say(f"{name:<8} {told}, since {before.version}")
        if planned.taken_back:
            say(f"{planned.taken_back:,} of the samples that are gone were withdrawn or recalled by the site's records")
    for one in hit:
        if one.holds is not False:
            where = "holds" if one.holds else "may hold (its package is not here)"
            to = f" · sent to {'; '.join(one.recipients)}" if one.recipients else ""
            say(f"released {one.version} {where} what is gone{to}")
    if planned.already:
        say(f"{opened.site} {report.version} is joined already; nothing was signed")
    elif dry_run:
        say(f"would join {opened.site} {report.version}" + (f" in place of {before.version}" if before else ""))
    else:
        say(
            f"joined {opened.site} {report.version} in record {index}"
            + (f", replacing {before.version}" if before else "")
        )
        note(f"{planned.sites:,} sites are joined")
        say("next: curator audit run --by PERSON · curator release build VERSION")
