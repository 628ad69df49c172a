"""``curator release split``, ``seal`` and ``access``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import (
    emit_json,
    json_option,
    key_passphrase_option,
    note,
    passphrase_option,
    project_option,
    read_passphrase,
    say,
)
from curator.cli.release_acts import DRY_RUN, REASON, Act, given_from, signing_options
from curator.cli.signers import key_store_option

if TYPE_CHECKING:
    from curator.project.journal import Sample
    from curator.project.paths import Project
    from curator.release.splits import Settings, Splits


@click.command("split")
@click.option("--fractions", metavar="NAME=PERCENT,...", help="Splits in order. [default: curator.toml, else 70/15/15]")
@click.option("--stratify", metavar="NAME,...", help="What makes a stratum: site, sex, age-band, label, or a column.")
@click.option("--by", "unit", type=click.Choice(["patient", "site"]), help="What is assigned as a whole.")
@click.option("--table", type=click.Path(path_type=Path), metavar="CSV", help="Pseudonyms with a column per stratum.")
@click.option("--assign", type=click.Path(path_type=Path), metavar="CSV", help="Your own splits: pseudonym,split.")
@click.option("--signed-by", "person", metavar="PERSON", help="Over joined sites: who signs the assignment.")
@DRY_RUN
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@json_option
def split(
    fractions: str | None,
    stratify: str | None,
    unit: str | None,
    table: Path | None,
    assign: Path | None,
    person: str | None,
    dry_run: bool,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Put every patient into a split. Who is in one stays there.

    Patients are drawn by a keyed hash within their stratum, with a key out of the vault: nobody else can tell
    beforehand who goes where, and the same project gives the same splits. Run it again after each delivery: new
    patients take the next places. A person whom a signed record finds under two pseudonyms in two splits leaves
    the later one. The splits stand in splits/assignments.json and leave with the package.

    In a project of joined sites (no vault) the draw goes over all sites' patients and is a signed record; who is in
    a split already, by the site's own table or by 'release join --split', stays there.

    \b
    Examples:
      curator release split --fractions train=70,tuning=10,test=20 --stratify sex,age-band
      curator release split --by site --table sites.csv
      curator release split --assign own-splits.csv
      curator release split --fractions train=70,test=30 --by site --signed-by lead-1
    """
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.project.lock import held
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.release import splits_store
    from curator.release.splits import Splits
    from curator.release.splits import assign as assigned
    from curator.release.splits import given as taken
    from curator.release.splits_patients import patients, told, values_of
    from curator.release.splits_tables import check_sites, read_table, splits_in

    place = open_project(project)
    if place.config.no_vault:
        from curator.cli.release_acts import Given
        from curator.cli.release_splits_joined import split_joined

        if person is None:
            raise UsageError("SIT-024")
        given = Given(project, person, dry_run, key_store, key_passphrase_file, passphrase_file)
        before, made, values = split_joined(Act(given, "split"), fractions, stratify, unit, table, assign)
        _show_splits(before, made, values, as_json=as_json, dry_run=dry_run)
        return
    if person is not None:
        raise UsageError("SIT-025")
    before = splits_store.load(place)
    wanted = settings_for(place, before, fractions, stratify, unit)
    guard, known = text_guard(), patients(place)
    columns = read_table(table, known, guard) if table is not None else {}
    own = read_table(assign, known, guard) if assign is not None else {}
    stands = before or Splits(wanted)
    check_sites(columns, own, stands.strata)
    if wanted.by == "site":
        columns = {name: {**_site(own, name), **columns.get(name, {})} for name in {*own, *columns}}
    passphrase = b"" if assign is not None else read_passphrase(passphrase_file, "Passphrase of the vault")
    with held(place, "splits"):
        found, report = told(place)
        values = values_of(place, wanted.strata, columns, site=wanted.by == "site", classes=found.classes(report))
        values = {name: row for name, row in values.items() if name not in report.state.facts.withdrawn}
        sealed = tuple(sorted(report.state.facts.splits))
        stands = Splits(wanted, stands.assignments, stands.strata, stands.slots, stands.left, sealed)
        if assign is not None:
            made = taken(stands, splits_in(own, stands.assignments, stands.left), values, found.links())
        else:
            vault = Vault.open(place.vault, passphrase, purpose="split", clock=SystemClock())
            made = assigned(stands, vault.subkey("splits"), values, found.links())
        if not dry_run:
            splits_store.save(place, made)
    _show_splits(before, made, values, as_json=as_json, dry_run=dry_run)


def _site(own: Mapping[str, Mapping[str, str]], name: str) -> dict[str, str]:
    site = own.get(name, {}).get("site")
    return {"site": site} if site else {}


def settings_for(
    place: Project, before: Splits | None, fractions: str | None, stratify: str | None, unit: str | None
) -> Settings:
    """Return the settings from options, else from curator.toml, else from the last run, else the defaults."""
    from curator.core.errors import UsageError
    from curator.release.splits import DEFAULT, Settings, check_fractions, read_fractions

    asked = place.config.splits
    last = before.settings if before is not None else Settings(DEFAULT)
    percents = last.fractions
    if fractions is not None:
        percents = read_fractions(fractions)
    elif before is None and "fractions" in asked:
        percents = check_fractions(asked["fractions"].items())
    strata = last.strata if before is not None else tuple(asked.get("strata", ()))
    by = last.by if before is not None else asked.get("by", "patient")
    given = tuple(name.strip() for name in stratify.split(",") if name.strip()) if stratify is not None else strata
    if before is not None and given != last.strata:
        raise UsageError("SPL-004", what="the strata")
    if before is not None and unit not in {None, last.by}:
        raise UsageError("SPL-004", what="what is assigned as a whole")
    return Settings(percents, given, unit or by)


def _show_splits(
    before: Splits | None, made: Splits, patients: Mapping[str, Any], *, as_json: bool, dry_run: bool
) -> None:
    old = before.assignments if before is not None else {}
    names = [name for name, _ in made.settings.fractions]
    names += sorted({*made.assignments.values()} - {*names})
    here = {name: split for name, split in made.assignments.items() if name in patients}
    counts = {name: sum(split == name for split in here.values()) for name in names}
    fresh = {name: sum(made.assignments[one] == name for one in made.assignments if one not in old) for name in names}
    left = len(made.left) - (len(before.left) if before is not None else 0)
    if as_json:
        emit_json(
            {
                "by": made.settings.by,
                "strata": list(made.settings.strata),
                "patients": counts,
                "new": fresh,
                "left": left,
                "sealed": list(made.sealed),
                "dry_run": dry_run,
            }
        )
        return
    for name in names:
        seal = " · sealed" if name in made.sealed else ""
        say(f"{name:<12} {counts[name]:>8,} patients · {fresh[name]:,} new{seal}")
    if left:
        say(f"{left:,} pseudonyms left a split, since a signed record joins them with one in another split")
    if dry_run:
        say("nothing was written")
    elif made.sealed:
        say("next: curator audit run")
    else:
        say(f"next: curator release seal {'test' if 'test' in names else 'SPLIT'} --by PERSON --reason WHY")


@click.command("seal")
@click.argument("name", metavar="SPLIT")
@REASON
@signing_options
def seal(name: str, reason: str, as_json: bool, **options: Any) -> None:
    """Sign which samples SPLIT holds, before anybody uses them. A sealed split takes in nobody any more.

    The record holds the digest of the list splits/sealed/SPLIT.txt, which 'sha256sum' prints again.

    \b
    Examples:
      curator release seal test --by lead-1 --reason "held back for the standalone test"
    """
    from curator.cli.guard import text_guard
    from curator.core.errors import UsageError
    from curator.project.lock import held
    from curator.provenance.kinds_data import split_seal
    from curator.release import splits_store
    from curator.release.sites.sealed import joint_members
    from curator.release.splits_seal import mark_sealed, members, put_list

    given = given_from(options)
    act = Act(given, "seal")
    with held(act.place, "splits"):
        already = act.state.facts.splits
        splits = None
        if act.place.config.no_vault:
            samples, patients = joint_members(act.place, act.state, name)
        else:
            splits = splits_store.load(act.place)
            if splits is None:
                raise UsageError("SPL-013")
            samples, patients = members(act.place, splits, name, act.state.facts.withdrawn), len(splits.of(name))
        draft = split_seal(name, (one.sha256 for one in samples), reason, text_guard())
        act.show(f"split    {name} · {patients:,} patients, {len(samples):,} samples")
        if not given.dry_run and name not in already:
            put_list(act.place, name, samples)
        made = act.sign([draft])
        if made and splits is not None:
            mark_sealed(act.place, splits, act.state.facts.splits)
    digest = draft.subject[0]["digest"]["sha256"]
    if as_json:
        emit_json(
            {
                "split": name,
                "samples": len(samples),
                "sha256": digest,
                "record": made[0].index if made else None,
                "dry_run": given.dry_run,
            }
        )
        return
    say(f"{'sealed' if made else 'would seal'} {name}: {len(samples):,} samples · {digest}")


@click.command("access")
@click.argument("name", metavar="SPLIT")
@click.option("--who", required=True, metavar="ID", help="Who uses the samples; need not be enrolled.")
@click.option("--purpose", required=True, metavar="TEXT", help="What for; no identifier.")
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="DIR", help="Hand the samples out into a new folder."
)
@click.option("--asserted", is_flag=True, help="The use took place outside of this program.")
@click.option("--count", type=click.IntRange(1), help="With --asserted: how many samples were used.")
@signing_options
def access(
    name: str,
    who: str,
    purpose: str,
    output: Path | None,
    asserted: bool,
    count: int | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Sign that somebody uses the sealed SPLIT, then hand out its samples; or assert a use elsewhere.

    The record is signed before the first byte is copied. What went on outside of this program nobody but the signer
    can tell: with --asserted the record says so, and every list and report shows such uses apart.

    \b
    Examples:
      curator release access test --who lab-2 --purpose "locked model 3.1" --output /mnt/eval/test --by lead-1
      curator release access test --who lab-2 --purpose "locked model 3.0" --asserted --count 120 --by lead-1
    """
    from curator.cli.guard import text_guard
    from curator.core.errors import UsageError
    from curator.provenance.kinds_data import access as draft_access
    from curator.release.excluded import excluded_of
    from curator.release.sites.sealed import joint_handed
    from curator.release.splits_seal import check_output, hand_out, handed, sealed_list

    given = given_from(options)
    if (output is None) != asserted or (count is not None and not asserted):
        raise UsageError("SPL-016")
    act = Act(given, "access")
    target = check_output(act.place, output) if output is not None else None
    digests = sealed_list(act.place, name, act.state.facts.splits)
    samples: list[Sample] = []
    folder: dict[str, Path] = {}
    if not asserted and act.place.config.no_vault:
        samples, folder = joint_handed(act.place, act.state, digests)
    elif not asserted:
        samples = handed(act.place, digests, excluded_of(act.place, act.state).gone(digests))
    draft = draft_access(
        who,
        purpose,
        text_guard(),
        split=(name, act.state.facts.splits[name].sha256),
        count=count if asserted else len(samples),
        asserted=asserted,
    )
    act.show(
        f"access   {name} · {len(samples):,} samples handed out" if not asserted else f"access   {name} · asserted"
    )
    made = act.sign([draft])
    if made and target is not None:
        hand_out(act.place, samples, target, folder.get)
    if as_json:
        emit_json(
            {
                "split": name,
                "who": who,
                "asserted": asserted,
                "samples": count if asserted else len(samples),
                "record": made[0].index if made else None,
                "dry_run": given.dry_run,
            }
        )
        return
    what = "asserted by the signer, not seen by this program" if asserted else f"{len(samples):,} samples handed out"
    say(f"{'on record' if made else 'would record'}: use of {name} by {who} · {what}")
    if not made:
        note("nothing was signed or copied")
