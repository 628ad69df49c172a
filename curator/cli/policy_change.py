"""``curator policy change``: sign that the policy which curator.toml names holds from now on (21 CFR 11.10(k)).

Changes no file: the record names the policy before and the one now, each by name and digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, say
from curator.cli.release_acts import REASON, Act, given_from, signing_options

if TYPE_CHECKING:
    from curator.project.paths import Project


@click.command("change")
@REASON
@signing_options
def change(reason: str, as_json: bool, **options: Any) -> None:
    """Sign that the policy in curator.toml takes the place of the one before.

    The one before is the one on record; the ledger's first record names the policy that the project began with. The
    audit holds the newest such record against the policy of the data. Sign before the next scrub.

    \b
    Examples:
      curator policy change --reason "an expert determination was obtained" --by lead-1
    """
    from curator.cli.guard import text_guard
    from curator.core.errors import UsageError
    from curator.provenance.kinds_data import policy_change
    from curator.scrub.policy import load_policy

    given = given_from(options)
    act = Act(given, "policy")
    loaded = load_policy(act.place.config.policy, base=act.place.root)
    new = (loaded.name, loaded.digest)
    old = act.state.facts.policy or _delivered(act.place)
    if old is None:
        raise UsageError("LED-079")
    draft = policy_change(old, new, reason, text_guard())
    act.show(f"policy   {new[0]} {new[1][:12]} · before {old[0]} {old[1][:12]}")
    made = act.sign([draft])
    if as_json:
        shown = [{"name": name, "sha256": digest} for name, digest in (old, new)]
        record = made[0].index if made else None
        emit_json({"from": shown[0], "to": shown[1], "record": record, "dry_run": given.dry_run})
        return
    say(f"{'on record' if made else 'would sign'}: policy {new[0]} takes the place of {old[0]}")


def _delivered(place: Project) -> tuple[str, str] | None:
    """Return name and digest of the newest delivery's policy, for ledgers whose first record names none."""
    from curator.project import journal

    for number in sorted(journal.deliveries(place), reverse=True):
        said = (journal.document(place, number, "delivery") or {}).get("policy")
        if isinstance(said, dict) and isinstance(said.get("name"), str) and isinstance(said.get("digest"), str):
            return said["name"], said["digest"]
    return None
