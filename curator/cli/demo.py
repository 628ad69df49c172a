"""``curator demo``: the whole way on made-up data, judged by a byte search of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, json_option, note, say

if TYPE_CHECKING:
    from curator.demo.run import Outcome


@click.command("demo")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path), default="curator-demo")
@json_option
def demo(folder: Path, as_json: bool) -> None:
    """Take a made-up hospital the whole way: scan, scrub, sign, settle, split, audit, release, verify.

    Makes the folder DIR (curator-demo by default), plants identifiers of patients who do not exist in DICOM test files,
    runs every command on it, and searches everything that came out for what was planted. Running it again replaces the
    folder. Needs no network, and the extras stats and documents.

    \b
    Examples:
      curator demo
    """
    from curator.demo.run import run

    outcome = run(folder, lambda step: note(f"· curator {step}"))
    if as_json:
        emit_json(_document(outcome))
    else:
        _table(outcome)
    outcome.require()


def _document(outcome: Outcome) -> dict[str, Any]:
    from curator.demo.run import shown_places

    return {
        "files": outcome.hospital.files,
        "planted": outcome.planted,
        "places": outcome.places,
        "media": outcome.media,
        "found_in_source": outcome.source_found,
        "found_in_output": outcome.leaked,
        "hits": shown_places(outcome.hits),
        "searched": {"files": outcome.searched_files, "bytes": outcome.searched_bytes},
        "scrub": {
            name: outcome.scrub[name]
            for name in ("found", "scrubbed", "duplicate", "quarantined", "by_code", "by_kind", "policy")
        },
        "kept": {"wanted": outcome.kept.wanted, "missing": [list(pair) for pair in outcome.kept.missing]},
        "one_pseudonym": {"patients": len(outcome.kept.pseudonyms), "linked": outcome.kept.linked},
        "quarantined_before_review": outcome.held_back,
        "records": outcome.ledger["records"],
        "labels": outcome.labels,
        "disagreements": outcome.disagreements,
        "consensus": {"labels": outcome.settled["labelsMade"], "agreement": outcome.measured},
        "splits": dict(sorted(outcome.patients.items())),
        "audit": {
            "outcome": outcome.audited.gate,
            "before_waivers": outcome.audited.first["gate"]["outcome"],
            "checks": outcome.audited.last["counts"],
            "waived": list(outcome.audited.waived),
        },
        "requirements": outcome.requirements,
        "documents": list(outcome.documents),
        "package": {"verified": outcome.package["verified"], "audit": outcome.package["audit"]},
        "synthetic": True,
    }


def _table(outcome: Outcome) -> None:
    from curator.core.errors import sentence_of
    from curator.demo.judged import REPORTS
    from curator.demo.kept import MEDIA
    from curator.demo.run import VERSION, shown_places

    scrub, package, kept, audited = outcome.scrub, outcome.package, outcome.kept, outcome.audited
    waiting = outcome.requirements.get("waiting for text", 0)
    package_folder = f"project/releases/v{VERSION}/"
    stands = f"{kept.wanted - len(kept.missing)} of {kept.wanted}"
    where = f"{outcome.places} kinds of place in {len(outcome.media)} media"
    verdict = "verified with the operator's key" if package["verified"] else "NOT VERIFIED"
    rows = [
        ("made-up hospital", f"{outcome.hospital.files} files, all data synthetic"),
        ("planted", f"{outcome.planted:,} identifiers in {where}"),
        ("found in source", f"{outcome.source_found:,} of {outcome.planted:,} by the byte search: it can see"),
        ("found in output", f"{outcome.leaked:,} of {outcome.planted:,} in {outcome.searched_files:,} files"),
        ("scrubbed", f"{scrub['scrubbed']} of {scrub['found']} files, {scrub['duplicate']} duplicate"),
        ("quarantined", f"{scrub['quarantined']} ({outcome.held_back} before the reviewer signed)"),
    ]
    for code, count in sorted(scrub["by_code"].items(), key=lambda pair: (-pair[1], pair[0])):
        rows.append(("", f"{count:>3}  {code}  {sentence_of(code)}"))
    rows += [
        ("useful", f"{stands} words and values planted to stay stand in the clean files"),
        ("one pseudonym", f"in {', '.join(MEDIA)} alike for {kept.linked} of {len(kept.pseudonyms)} patients"),
        ("labels signed", f"{outcome.labels} by 3 readers, who disagree on {outcome.disagreements} images"),
        ("agreement", ", ".join(f"{one['measure']} {one['value']} on {one['kind']}" for one in outcome.measured)),
        ("adjudicated", f"{outcome.settled['labelsMade']} labels made of several readers', reviewed and approved"),
        ("splits", ", ".join(f"{count} patients {name}" for name, count in sorted(outcome.patients.items()))),
        ("records", f"{outcome.ledger['records']} signed, ledger verified"),
        (
            "audit",
            f"{audited.gate}: {_counted(audited.last['counts'])}; before waivers {audited.first['gate']['outcome']}",
        ),
    ]
    rows += [("", f"waived by a person: {one}") for one in audited.waived]
    rows += [
        ("requirements", f"{_counted(outcome.requirements)} of {sum(outcome.requirements.values())}"),
        ("package", f"{verdict}; a DRAFT: {waiting} texts and the statement of its legal claim wait for a person"),
    ]
    for name, text in rows:
        say(f"{name:<17} {text}".rstrip())
    for text in shown_places(outcome.hits):
        say(f"{'LEAK':<17} {text}")
    say()
    say("where to look, in the demo's folder:")
    for place, what in (
        ("source/", "the made-up hospital, identifiers and all"),
        ("project/clean/", "what came out of it"),
        ("project/journal/", "what was done: curator journal show quarantine --project project"),
        ("project/ledger/", "signed records: curator ledger show --project project"),
        (f"{REPORTS}/ledger.html", "the same as a page: who signed what, when, with what meaning"),
        (f"{REPORTS}/labels.html, .pdf", "how far the readers agree, with pictures of where they do not"),
        (f"{REPORTS}/audit.html, .pdf", "every check of the audit with its evidence"),
        (package_folder, "the package: curator release verify ... --key operator.vkey"),
        ("  README.txt", "how to verify it with sha256sum, openssl and bagit alone"),
        ("  data/ecopy/*/", f"{len(outcome.documents)} PDFs:"),
        *(("", f"  {name}") for name in outcome.documents),
        ("transcript/", "everything that the commands printed"),
    ):
        say(f"  {place:<26} {what}")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name.lower().replace('_', ' ')}" for name, count in counts.items())
