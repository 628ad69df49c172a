"""``curator release link``: sign that pseudonyms are of one patient, or that one of them stood for several.

Says on record how to read pseudonyms that were given out; renames none of them, and takes no ID of the hospital.
"""

from __future__ import annotations

from typing import Any

import click

from curator.cli.common import emit_json, say
from curator.cli.release_acts import REASON, Act, given_from, signing_options


@click.command("link")
@click.argument("pseudonyms", metavar="PSEUDONYM PSEUDONYM...", nargs=-1, required=True)
@click.option("--kept", required=True, metavar="PSEUDONYM", help="The one of them that goes on.")
@click.option("--split", "apart", is_flag=True, help="The one kept stood for several people, now told apart.")
@REASON
@signing_options
def link(pseudonyms: tuple[str, ...], kept: str, apart: bool, reason: str, as_json: bool, **options: Any) -> None:
    """Sign that all PSEUDONYMs are of one patient (merged); with --split, that they are of several after all.

    A pseudonym once given out never changes; the record says how to read it. Pseudonyms that a record names together
    are put into one split, and withdrawn together, after a --split too: files of before may hold either person.

    \b
    Examples:
      curator release link P4X7Q2M5T3K6R1WZ PSHUPHZLWUXSIWC3 --kept P4X7Q2M5T3K6R1WZ --reason "same person" --by lead-1
      curator release link P4X7Q2M5T3K6R1WZ PSHUPHZLWUXSIWC3 --kept P4X7Q2M5T3K6R1WZ --split --reason twins --by lead-1
    """
    from curator.cli.guard import text_guard
    from curator.core.errors import UsageError
    from curator.provenance.kinds_data import patients_link
    from curator.release.withdraw import pseudonyms_of

    given = given_from(options)
    act = Act(given, "link")
    known = pseudonyms_of(act.place)
    if not {*pseudonyms, kept} <= known:
        raise UsageError("LED-075")
    action = "split" if apart else "merged"
    draft = patients_link(action, pseudonyms, kept, reason, text_guard(), known.__contains__)
    names = [one["name"].removeprefix("patients/") for one in draft.subject]
    act.show(f"{action:<8} {' · '.join(names)} · kept {kept}")
    made = act.sign([draft])
    if as_json:
        emit_json(
            {
                "action": action,
                "pseudonyms": names,
                "kept": kept,
                "record": made[0].index if made else None,
                "dry_run": given.dry_run,
            }
        )
        return
    say(f"{'on record' if made else 'would sign'}: {len(names):,} pseudonyms {action} · kept {kept}")
