"""``curator release sent``, ``withdraw``, ``recall`` and ``purge``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, note, read_passphrase, say
from curator.cli.release_acts import REASON, Act, given_from, signing_options

if TYPE_CHECKING:
    from curator.project.paths import Project
    from curator.project.vault import Vault
    from curator.release.splits_patients import Told
    from curator.release.withdraw import Affected

CODES = ("withdrawn-by-patient", "withdrawn-by-guardian", "withdrawn-by-site", "data-use-ended", "other")
#: Records of one act of signing.
BATCH = 1000


def told_of(act: Act) -> tuple[Told, Mapping[str, Sequence[str]]]:
    """Return what the ledger tells of patients, and to whom versions were sent."""
    from curator.provenance.verify import verify_ledger
    from curator.release.listing import Sent
    from curator.release.splits_patients import Told

    told, sent = Told(), Sent()

    def visit(record: Any) -> None:
        told.visit(record)
        sent.visit(record)

    verify_ledger(act.place.ledger, visit=visit).require()
    return told, sent.to


def _vault(act: Act, purpose: str) -> Vault:
    from curator.core.clock import SystemClock
    from curator.project.vault import Vault

    passphrase = read_passphrase(act.given.passphrase_file, "Passphrase of the vault")
    return Vault.open(act.place.vault, passphrase, purpose=purpose, clock=SystemClock())


@click.command("sent")
@click.argument("version")
@click.option("--to", "recipient", required=True, metavar="NAME", help="The organization that got it.")
@click.option("--reason", metavar="TEXT", help="By what way, or under which agreement; no identifier.")
@signing_options
def sent(version: str, recipient: str, reason: str | None, as_json: bool, **options: Any) -> None:
    """Sign that VERSION was sent to somebody, so that a withdrawal or recall can name who has it.

    \b
    Examples:
      curator release sent 1.0.0 --to "Sponsor Inc" --by lead-1
    """
    from curator.cli.guard import text_guard
    from curator.core.errors import UsageError
    from curator.provenance.kinds_release import release_sent
    from curator.release.version import checked_version
    from curator.release.versions import released, statement_of

    given = given_from(options)
    act = Act(given, "sent")
    checked = checked_version(version)
    said = None
    for operator in act.state.operator_keys() if checked in released(act.place) else ():
        said = said or statement_of(act.place, checked, operator)
    if said is None:
        raise UsageError("REL-060")
    draft = release_sent(checked, said["tagManifest"], recipient, reason, text_guard())
    act.show(f"release  {checked} · sent to {recipient}")
    made = act.sign([draft])
    if as_json:
        emit_json({"version": checked, "recipient": recipient, "record": made[0].index if made else None})
        return
    say(f"{'on record' if made else 'would record'}: {checked} was sent to {recipient}")


@click.command("withdraw")
@click.argument("patients", metavar="[PSEUDONYM]...", nargs=-1)
@click.option("--original", is_flag=True, help="Ask for the hospital's own number, or read it from standard input.")
@click.option("--effective", metavar="DAY", required=True, help="Day from which the data are used no more, YYYY-MM-DD.")
@click.option("--code", type=click.Choice(CODES), default=CODES[0], show_default=True, help="Why.")
@signing_options
def withdraw(
    patients: tuple[str, ...], original: bool, effective: str, code: str, as_json: bool, **options: Any
) -> None:
    """Sign that a patient's data are used no more, and name the released versions that hold them and who has those.

    All pseudonyms that signed records join are withdrawn together. Files about many patients that hold one of them, or
    of which that cannot be told, are recalled with them. The next version is built without all of it. The day is an act
    of the site, never a day in the patient's life.

    \b
    Examples:
      curator release withdraw P4X7Q2M5T3K6R1WZ --effective 2026-11-20 --by lead-1
      curator release withdraw --original --effective 2026-11-20 --by lead-1 < number.txt
    """
    from curator.cli.guard import text_guard
    from curator.core.errors import UsageError
    from curator.release.withdraw import affected, withdrawal

    given = given_from(options)
    if bool(patients) == original:
        raise UsageError("REL-063")
    act = Act(given, "withdraw")
    told, to = told_of(act)
    names = set(patients)
    if original:
        names = _behind(act)
    made = withdrawal(act.place, act.state, told.links(), names, effective, code, text_guard())
    hit = affected(act.place, to, made.patients, (one.sha256 for one in made.shared))
    act.show(
        f"withdraw {len(made.patients):,} pseudonyms of one patient · {made.samples:,} samples",
        f"shared   {len(made.shared):,} files about many patients are recalled with it",
    )
    signed = act.sign(list(made.drafts))
    if as_json:
        emit_json(
            {
                "patients": list(made.patients),
                "samples": made.samples,
                "recalled": [one.path for one in made.shared],
                "records": [one.index for one in signed],
                "versions": [_affected(one) for one in hit],
                "dry_run": given.dry_run,
            }
        )
        return
    say(f"{'withdrawn' if signed else 'would withdraw'}: {made.samples:,} samples of {len(made.patients):,} pseudonyms")
    _say_affected(hit)
    if made.shared:
        say(f"recalled with it: {len(made.shared):,} files; scrubbed again without the patient they may leave again")
    _next(act.place)


def _behind(act: Act) -> set[str]:
    """Ask for an original, and return the pseudonyms behind it."""
    from curator.cli.crosswalk import _originals
    from curator.core.errors import UsageError
    from curator.scrub.delivery.crosswalk import lookup

    wanted = _originals()
    if not wanted:
        raise UsageError("REL-063")
    found, missing = lookup(act.place, _vault(act, "withdraw"), wanted, original=True)
    names = {link.patient for link in found if link.patient}
    if missing or not names:
        raise UsageError("REL-063")
    return names


def _affected(one: Affected) -> dict[str, Any]:
    return {"version": one.version, "holds": one.holds, "recipients": list(one.recipients)}


def _say_affected(hit: Iterable[Affected]) -> None:
    for one in hit:
        to = "; ".join(one.recipients) or "nobody on record"
        if one.holds is None:
            say(f"version {one.version}: its package is not here, so it COULD NOT be checked · sent to {to}")
        elif one.holds:
            say(f"version {one.version} holds it · sent to {to}: tell them")


def _next(place: Project) -> None:
    from curator.release.listing import newest
    from curator.release.versions import MAJOR, next_version

    last = newest(place)
    say(
        "next: curator audit run --vault --by PERSON"
        f" · curator release build {next_version(last, MAJOR) if last else '1.0.0'}"
    )


@click.command("recall")
@click.argument("samples", metavar="[SAMPLE]...", nargs=-1)
@click.option("--file", "listing", type=click.Path(path_type=Path), metavar="FILE", help="Samples, one a line.")
@click.option("--found-in", "version", metavar="VERSION", help="The version in which it was found. [default: newest]")
@REASON
@signing_options
def recall(
    samples: tuple[str, ...], listing: Path | None, version: str | None, reason: str, as_json: bool, **options: Any
) -> None:
    """Sign that samples may leave no more, and name the released versions that hold them and who has those.

    SAMPLE is a path under clean/, sha256:DIGEST, a new UID, or a pseudonym for all samples of a patient.

    \b
    Examples:
      curator release recall clean/P4X7Q2M5T3K6R1WZ/S1/R1/I1.dcm --reason "burned-in text was found" --by lead-1
    """
    from curator.cli.guard import text_guard
    from curator.labels.life import read_ids
    from curator.release.version import checked_version
    from curator.release.withdraw import affected, recalled_samples, recalls

    given = given_from(options)
    act = Act(given, "recall")
    _, to = told_of(act)
    wanted = [*samples, *(read_ids(listing) if listing is not None else [])]
    found = recalled_samples(act.place, act.state, wanted)
    digests = [one.sha256 for one in found]
    checked = None if version is None else checked_version(version)
    drafts = recalls(act.place, digests, reason, text_guard(), checked)
    hit = affected(act.place, to, (), digests)
    act.show(f"recall   {len(found):,} samples")
    signed = [one for at in range(0, len(drafts), BATCH) for one in act.sign(drafts[at : at + BATCH])]
    if as_json:
        emit_json(
            {
                "samples": [one.path for one in found],
                "records": [one.index for one in signed],
                "versions": [_affected(one) for one in hit],
                "dry_run": given.dry_run,
            }
        )
        return
    say(f"{'recalled' if signed else 'would recall'}: {len(found):,} samples")
    _say_affected(hit)
    say("to remove their bytes here for good: curator release purge --recalled --by PERSON --reason WHY")
    _next(act.place)


@click.command("purge")
@click.option("--recalled", is_flag=True, help="All files that were withdrawn or recalled, with their labels.")
@click.option("--label", "labels", multiple=True, metavar="LABEL", help="A single label's record; may be given again.")
@click.option("--site", metavar="SITE", help="All that releases hold of a joined site that left.")
@click.option("--resume", is_flag=True, help="Sign nothing new; finish what was ordered.")
@click.option("--reason", metavar="TEXT", help="Why; no identifier. Needed unless --resume.")
@signing_options
def purge(
    recalled: bool,
    labels: tuple[str, ...],
    site: str | None,
    resume: bool,
    reason: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Remove bytes for good: from clean/, label values, the ledger's rows, the store and every package under releases/.

    The order is signed first and stays. Leaf hashes, manifests and signatures stay too, so that everything else still
    verifies, and every verifier says how much was purged. There is no way back. What others hold, backups, and exports
    in the vault are not reached: 'curator release list' names who has a version. Of a site that left a project of
    joined sites, packages and store lose the site's package, words about it, its labels, and documents of the whole.

    \b
    Examples:
      curator release purge --recalled --reason "a name was found in the pixels" --by lead-1
      curator release purge --label read-a-17 --reason "a name stands in its text" --by lead-1
      curator release purge --site south --reason "the site wants its data gone" --by lead-1
      curator release purge --resume --by lead-1
    """
    from curator.cli.guard import text_guard
    from curator.core.errors import UsageError
    from curator.project import journal
    from curator.project.lock import held
    from curator.project.paths import open_project
    from curator.provenance.keys import SeedSigner
    from curator.provenance.verify import verify_ledger
    from curator.release.excluded import excluded_of
    from curator.release.purge_project import Orders, carry_out, order

    given = given_from(options)
    asked = bool(recalled or labels) + (site is not None)
    if resume == bool(asked or reason) or asked > 1 or (not resume and not (reason and asked)):
        raise UsageError("REL-073")
    if site is not None or (resume and open_project(given.project).config.no_vault):
        from curator.cli.release_purge_site import purge_site

        purge_site(given, site, str(reason), as_json=as_json)
        return
    act = Act(given, "purge")
    with held(act.place, "release"), held(act.place, "scrub"):
        seen = Orders()
        verify_ledger(act.place.ledger, visit=seen.visit).require()
        drafts = []
        if not resume:
            gone = excluded_of(act.place, act.state)
            digests = [one.sha256 for one in journal.samples(act.place) if gone.holds(one)] if recalled else []
            drafts = order(act.place, act.state, seen, digests, labels, str(reason), text_guard())
        files = sum(len(one.predicate["samples"]) for one in drafts)
        rows = sum(len(one.predicate["records"]) for one in drafts)
        act.show(f"purge    {files:,} files and {rows:,} records of labels, for good")
        if given.dry_run:
            act.sign(drafts)
            done = None
        else:
            vault = _vault(act, "purge")
            for at in range(0, len(drafts), BATCH):
                for made in act.sign(drafts[at : at + BATCH]):
                    seen.visit(made)
            done = carry_out(act.place, act.state, seen, SeedSigner(vault.operator_key()))
            act.appender.seal(None, SeedSigner(vault.operator_key()))
    if as_json:
        emit_json(
            {
                "files": files,
                "records": rows,
                "done": None if done is None else dict(vars(done)),
                "dry_run": given.dry_run,
            }
        )
        return
    if done is None:
        say(f"would purge {files:,} files and {rows:,} records of labels")
        return
    say(f"purged: {done.clean:,} files under clean/ · {done.values:,} label values · {done.records:,} records' texts")
    say(f"{done.packages:,} packages lack what was ordered, each with a list signed by the operator")
    if done.shared:
        say(f"{done.shared:,} of them have the bytes of a file that may still leave, of somebody else: that one stays")
    note("backups, packages that others hold, and label exports in the vault were not reached")
