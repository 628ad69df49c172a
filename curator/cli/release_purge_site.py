"""``curator release purge --site``: a site that left a project of joined sites goes out of what was released."""

from __future__ import annotations

from curator.cli.common import emit_json, note, say
from curator.cli.release_acts import Act, Given
from curator.cli.release_withdraw import BATCH, _affected, _say_affected, _vault, told_of


def purge_site(given: Given, site: str | None, reason: str, *, as_json: bool) -> None:
    """Order a site out of every released version and carry it out; without a site, finish what was ordered."""
    from curator.cli.guard import text_guard
    from curator.project.lock import held
    from curator.provenance.keys import SeedSigner
    from curator.provenance.verify import verify_ledger
    from curator.release.purge_project import Orders
    from curator.release.sites.join import sweep
    from curator.release.sites.purge import carry_out_sites, order_site
    from curator.release.withdraw import affected

    act = Act(given, "purge-site")
    with held(act.place, "release"), held(act.place, "sites"):
        seen = Orders()
        verify_ledger(act.place.ledger, visit=seen.visit).require()
        drafts = [] if site is None else order_site(act.place, act.state, site, reason, text_guard())
        files = [one for draft in drafts for one in draft.predicate["samples"]]
        hit = affected(act.place, told_of(act)[1], (), files) if files else []
        whose = f" of {site}" if site else ""
        act.show(f"purge    {len(files):,} samples{whose} with all that releases hold, for good")
        done = None
        if given.dry_run:
            act.sign(drafts)
        else:
            operator = SeedSigner(_vault(act, "purge").operator_key())
            for at in range(0, len(drafts), BATCH):
                for made in act.sign(drafts[at : at + BATCH]):
                    seen.visit(made)
            sweep(act.place, act.state)
            done = carry_out_sites(act.place, act.state, seen, operator)
            act.appender.seal(None, operator)
    if as_json:
        emit_json(
            {
                "site": site,
                "samples": len(files),
                "versions": [_affected(one) for one in hit],
                "done": None if done is None else dict(vars(done)),
                "dry_run": given.dry_run,
            }
        )
        return
    if done is None:
        say(f"would purge {len(files):,} samples with all that releases hold{whose}")
    else:
        say(f"purged: {done.packages:,} packages lack {done.files:,} files, each with a list signed by the operator")
    _say_affected(hit)
    note("backups, and packages that others hold, were not reached")
