"""``curator labels report``: the signed labels of a project as a page, a PDF and JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curator.cli.common import emit_json, json_option, progress, project_option, say

if TYPE_CHECKING:
    from curator.labels.report.page import Parts


@click.command("report")
@click.option("--html", "html_file", type=click.Path(path_type=Path), metavar="FILE", help="Write a page.")
@click.option("--pdf", "pdf_file", type=click.Path(path_type=Path), metavar="FILE", help="Write a PDF.")
@click.option("--gallery", default=12, show_default=True, metavar="N", help="Greatest differences to show.")
@click.option("--bootstrap", "samples", default=1000, show_default=True, metavar="N", help="Samples; 0: no intervals.")
@click.option("--seed", default=1, show_default=True, metavar="S", help="Same seed, same intervals.")
@click.option("--level", default=0.95, show_default=True, metavar="X", help="Coverage of the intervals.")
@project_option
@json_option
def report(
    html_file: Path | None,
    pdf_file: Path | None,
    gallery: int,
    samples: int,
    seed: int,
    level: float,
    project: Path,
    as_json: bool,
) -> int:
    """Report on the labels that are signed: who agrees on what, where readers differ, how much by week, by whom.

    The ledger is verified first. A page and a PDF show confusions, agreement by class with intervals, the greatest
    differences with each reader's outline over the clean image, throughput and drift by week, guideline versions and
    scorecards. Ends with 3 when a kind of labels could not be measured; the rest is written all the same.

    \b
    Examples:
      curator labels report --html labels.html --pdf labels.pdf
      curator labels report --gallery 40 --json > labels.json
    """
    from curator.core.errors import CheckError, UsageError
    from curator.core.files import make_folder, write_whole
    from curator.labels.report.facts import facts
    from curator.labels.report.page import page

    if not (0 <= samples <= 100_000 and 0 <= seed < 1 << 63 and 0 < level < 1):
        raise UsageError("AGR-010")
    if not 0 <= gallery <= 1000:
        raise UsageError("LRP-003")
    parts = _parts(project, gallery, samples, seed, level)
    document = facts(parts)
    # Every file is made before one is written.
    files: list[tuple[Path, bytes]] = []
    if html_file is not None:
        from curator.report.html import html_page

        files.append((html_file, html_page(page(parts))))
    if pdf_file is not None:
        from curator.report.pdf import pdf_bytes

        files.append((pdf_file, pdf_bytes(page(parts))))
    for path, data in files:
        make_folder(path.parent)
        write_whole(path, data)
    if as_json:
        emit_json(document)
    else:
        _say(parts, [name for name, file in (("page", html_file), ("PDF", pdf_file)) if file is not None])
    refused = sum(1 for kind in parts.kinds if kind.code)
    if refused:
        raise CheckError("LRP-004", count=refused)
    return 0


def _parts(project: Path, gallery: int, samples: int, seed: int, level: float) -> Parts:
    from curator.cli.labels_signed import spacings
    from curator.labels.agreement.finds import Rules
    from curator.labels.agreement.resample import Sampling
    from curator.labels.opinions import opinions
    from curator.labels.report.build import build
    from curator.labels.samples import Samples
    from curator.project.journal import samples as journal
    from curator.project.paths import open_project
    from curator.provenance.ledger import Ledger
    from curator.provenance.log import Log

    place = open_project(project)
    found = opinions(place.root, Log.of(Ledger(place.ledger)))
    known = Samples(place.root, journal(place), {one.sample for one in found.used})
    with progress(gallery + 1, "parts") as bar:
        return build(
            place.root,
            found,
            known,
            sampling=Sampling(samples, seed, level),
            rules=Rules(),
            spacing=spacings(place, found.used),
            gallery=gallery,
            done=bar.advance,
        )


def _say(parts: Parts, written: list[str]) -> None:
    from curator.labels.report.agreed import headline

    found = parts.found
    left = sum(found.left_out.values())
    say(f"labels      {found.labels:,} · {len(found.used):,} readings by {len(parts.cards):,} readers")
    if left:
        say(f"left out    {left:,} labels that are no readings")
    for kind in parts.kinds:
        name, value = headline(kind)
        say(f"{kind.kind:<12}{len(kind.used):,} readings · {name} {value} · {len(kind.differences):,} differences")
    old = sum(one.readings for one in parts.versions if one.followed)
    say(f"guidelines  {len(parts.versions):,} versions · {old:,} readings on one that a later one follows")
    say(f"pictures    {len(parts.pictures):,} of {len(parts.worst):,} differences")
    if written:
        say(f"written: {' and '.join(written)}")
    else:
        say("next: curator labels report --html labels.html")
