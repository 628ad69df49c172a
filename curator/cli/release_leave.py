"""``curator release leave``: a joined site leaves the sponsor's dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, note, say
from curator.cli.release_acts import REASON, Act, given_from, signing_options

if TYPE_CHECKING:
    from curator.release.sites.leave import Leaving
    from curator.release.withdraw import Affected


@click.command("leave")
@click.argument("site")
@REASON
@signing_options
def leave(site: str, reason: str, as_json: bool, **options: Any) -> None:
    """Sign that a joined site is in the dataset no more, and remove its package from the project.

    The next version lacks the site: all of its patients, samples and labels, with this record as the reason in the
    changelog. Patients of other sites stay in their splits. Released versions that hold the site are named with those
    who have them; their bytes are not touched until 'curator release purge --site' removes them here. The site may come
    back with a later version by 'curator release join'.

    \b
    Examples:
      curator release leave south --reason "the site withdrew from the study" --by lead-1 --dry-run
      curator release leave south --reason "the site withdrew from the study" --by lead-1
    """
    from curator.cli.guard import text_guard
    from curator.cli.release_withdraw import told_of
    from curator.project.lock import held
    from curator.release.sites.join import sweep
    from curator.release.sites.leave import leaving
    from curator.release.withdraw import affected

    given = given_from(options)
    act = Act(given, "leave")
    with held(act.place, "sites"):
        planned = leaving(act.place, act.state, site, reason, text_guard())
        act.show(f"site     {site} · {planned.before.version} leaves")
        hit = affected(act.place, told_of(act)[1], planned.patients, planned.digests) if planned.digests else []
        made = act.sign([planned.draft]) if planned.draft is not None else []
        if not given.dry_run:
            sweep(act.place, act.state)
    record = made[0].index if made else None
    if as_json:
        emit_json(_document(planned, record, hit, left=len(act.state.facts.joined), dry_run=given.dry_run))
    else:
        _show(planned, record, hit, left=len(act.state.facts.joined), dry_run=given.dry_run)


def _document(planned: Leaving, record: int | None, hit: list[Affected], *, left: int, dry_run: bool) -> dict[str, Any]:
    from curator.core.schema import validate

    made = {
        "format": 1,
        "site": planned.before.site,
        "version": planned.before.version,
        "tagManifest": planned.before.tag,
        "changes": planned.changes,
        "versions": [{"version": one.version, "holds": one.holds, "recipients": list(one.recipients)} for one in hit],
        "sites": left,
        "already": planned.already,
        "record": record,
        "dry_run": dry_run,
    }
    validate("release-leave-report", made)
    return made


def _show(planned: Leaving, record: int | None, hit: list[Affected], *, left: int, dry_run: bool) -> None:
    for name, counts in planned.changes.items():
        say(f"{name:<8} {counts['removed']:,} leave")
    for one in hit:
        if one.holds is not False:
            where = "holds" if one.holds else "may hold (its package is not here)"
            to = f" · sent to {'; '.join(one.recipients)}" if one.recipients else ""
            say(f"released {one.version} {where} the site{to}")
    site, version = planned.before.site, planned.before.version
    if planned.already:
        say(f"{site} left already; nothing was signed")
    elif dry_run:
        say(f"would take out {site} {version}")
    else:
        say(f"{site} {version} left in record {record}")
        note(f"{left:,} sites are joined")
        say("next: curator audit run --by PERSON · curator release build VERSION")
        if any(one.holds for one in hit):
            say(f"for good, out of what was released: curator release purge --site {site} --by PERSON --reason WHY")
