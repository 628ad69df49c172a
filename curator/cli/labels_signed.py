"""What ``labels agreement`` does without a table: the readings that are signed in a project's ledger."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.cli.common import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curator.labels.agreement.finds import Rules, Spacing
    from curator.labels.agreement.resample import Sampling
    from curator.labels.agreement.scales import Scales
    from curator.labels.opinions import Opinion, Opinions
    from curator.project.paths import Project


def collected(project: Path, kinds: frozenset[str] | None) -> tuple[Project, Opinions]:
    """Verify the ledger of a project and collect the readings of some kinds (AGR-037 when there are none)."""
    from curator.core.errors import CheckError
    from curator.labels.opinions import opinions
    from curator.project.paths import open_project
    from curator.provenance.ledger import Ledger
    from curator.provenance.log import Log

    place = open_project(project)
    found = opinions(place.root, Log.of(Ledger(place.ledger)), kinds)
    if not found.used:
        raise CheckError("AGR-037", labels=found.labels, left_out=sum(found.left_out.values()))
    return place, found


def signed_document(
    project: Path,
    kind: str,
    *,
    scales: Scales,
    by: Sequence[str],
    period: str,
    table: Path | None,
    rules: Rules,
    sampling: Sampling,
    readers_as_numbers: bool,
) -> dict[str, Any]:
    """Return the report on agreement of a project's signed labels of one kind."""
    from curator.labels.agreement.finds import KINDS
    from curator.labels.agreement.groups import read_groups
    from curator.labels.agreement.rated import rated
    from curator.labels.agreement.shapes import compared, shape_report

    groups = read_groups(table, by, period)
    place, found = collected(project, frozenset({kind}))
    told = {"kind": kind, "source": found.document()}
    if kind in KINDS:
        with progress(len({(one.sample, one.part) for one in found.used}), "units") as bar:
            compares = compared(
                kind,
                found.used,
                found.read,
                rules=rules,
                groups=groups,
                spacing=spacings(place, found.used),
                done=bar.advance,
            )
        document = shape_report(compares, sampling, readers_as_numbers=readers_as_numbers)
        return document | told
    with ExitStack() as stack:
        document, _ = rated(
            found.used,
            kind,
            groups,
            scales=scales,
            sampling=sampling,
            readers_as_numbers=readers_as_numbers,
            bar=lambda parts: stack.enter_context(progress(parts, "parts")).advance,
        )
    return document | told


def spacings(place: Project, used: Sequence[Opinion]) -> Callable[[Opinion], Spacing]:
    """Return what says how far the pixels of a reading's image lie apart, after its file was proven."""
    from functools import cache

    from curator.core.errors import CuratorError
    from curator.labels.samples import Samples
    from curator.labels.spacing import spacing_of
    from curator.project.journal import samples

    known = Samples(place.root, samples(place), {one.sample for one in used})

    @cache
    def of(sample: str) -> Spacing:
        try:
            return spacing_of(place.root / known.get(sample)["path"])
        except CuratorError as error:
            if error.code != "LBL-005":  # replaced since: the distances of its pixels are not known
                raise
            return None

    return lambda one: of(one.sample)
