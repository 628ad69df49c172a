"""``curator release split`` in a project of joined sites: the draw over all sites' patients, and its signed record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from curator.cli.common import progress
from curator.cli.release_acts import Act

if TYPE_CHECKING:
    from curator.project.vault import Vault
    from curator.release.splits import Splits


def split_joined(
    act: Act, fractions: str | None, stratify: str | None, unit: str | None, table: Path | None, assign: Path | None
) -> tuple[Splits | None, Splits, Mapping[str, Mapping[str, str]]]:
    """Put every patient of the joined sites who is in no split into one, and sign it.

    Returns
    -------
    tuple
        The joint splits as they stood and as they stand, and the patients that are there.
    """
    from dataclasses import replace

    from curator.cli.guard import text_guard
    from curator.cli.release_splits import settings_for
    from curator.core.errors import UsageError
    from curator.project.lock import held
    from curator.provenance.kinds_splits import splits_assigned
    from curator.release import splits_store
    from curator.release.sites.drawing import draw, fresh_of, joint_patients, key_of, put_down, values_of
    from curator.release.splits_tables import check_sites, read_table

    place, facts = act.place, act.state.facts
    with held(place, "splits"), held(place, "sites"):
        before = splits_store.load(place)
        wanted = settings_for(place, before, fractions, stratify, unit)
        with progress(0, "files verified") as bar:
            there = joint_patients(place, act.state, bar.advance)
        if not there.samples:
            raise UsageError("SPL-002")
        guard = text_guard()
        columns = read_table(table, there.samples, guard) if table is not None else {}
        own = read_table(assign, there.samples, guard) if assign is not None else {}
        check_sites(columns, own, {name: {"site": one.site} for name, one in there.of.items()})
        values = values_of(there, wanted.strata, columns, site=True)
        key = None if assign is not None else key_of(_operator(act))
        made = draw(there, before, wanted, sorted(facts.splits), values, key, own)
        fresh = fresh_of(made, there.drawn)
        if fresh is not None:
            tags = {name: one.tag for name, one in facts.joined.items()}
            digest = fresh.sha256 if act.given.dry_run else put_down(place, made, fresh)
            draft = splits_assigned(digest, wanted.by, wanted.fractions, wanted.strata, fresh.counts, fresh.left, tags)
            act.show(f"splits   {sum(fresh.counts.values()):,} patients of {len(tags):,} sites")
            act.sign([draft])
    old = there.fixed if before is None else {**there.fixed, **before.assignments}
    stood = replace(made, assignments=old, left={} if before is None else before.left)
    return stood, replace(made, assignments={**there.fixed, **made.assignments}), values


def _operator(act: Act) -> Vault:
    from curator.cli.common import read_passphrase
    from curator.core.clock import SystemClock
    from curator.project.vault import Vault as Opened

    passphrase = read_passphrase(act.given.passphrase_file, "Passphrase of the vault")
    return Opened.open(act.place.vault, passphrase, purpose="split", clock=SystemClock())
