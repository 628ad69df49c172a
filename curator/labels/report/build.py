"""From a project's ledger and its clean images to the parts of the report on its labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from curator import __version__
from curator.core.errors import CheckError
from curator.labels.agreement.finds import Rules, Spacing
from curator.labels.agreement.resample import Sampling
from curator.labels.opinions import Opinion, Opinions
from curator.labels.report.cards import cards, versions
from curator.labels.report.gallery import pictured
from curator.labels.report.material import material, worst
from curator.labels.report.page import Parts
from curator.labels.report.pictures import Pictures
from curator.labels.report.weeks import drift, throughput
from curator.labels.samples import Samples
from curator.report.model import Picture


def build(
    root: Path,
    found: Opinions,
    samples: Samples,
    *,
    sampling: Sampling,
    rules: Rules,
    spacing: Callable[[Opinion], Spacing],
    gallery: int,
    done: Callable[[], object] = lambda: None,
) -> Parts:
    """Make the parts of a report.

    Parameters
    ----------
    root
        The project's root.
    found
        Readings of every kind.
    samples
        The journal's samples, at least those of the readings.
    sampling, rules
        How intervals are made and finds are compared.
    spacing
        Says how far the pixels of a reading's image lie apart.
    gallery
        How many differences to list, with pictures where there are some; none from 0.
    done
        Called after each kind and each picture.

    Raises
    ------
    CheckError
        LRP-001 when no label is a reading.
    IntegrityError
        LBL-018 when a clean image is not the one that the journal records.
    """
    if not found.used:
        raise CheckError("LRP-001", labels=found.labels, left_out=sum(found.left_out.values()))
    kinds = material(found, sampling=sampling, rules=rules, spacing=spacing)
    done()
    chosen = worst(kinds, gallery)
    pictures = Pictures(root, samples)
    shown: list[Picture] = []
    for number, one in enumerate(chosen, 1):
        picture = pictured(one, pictures, number)
        shown += [] if picture is None else [picture]
        done()
    weekly = throughput(found.used)
    drifts = [(kind.kind, by) for kind in kinds if (by := drift(kind, weekly.weeks)) is not None]
    return Parts(
        found=found,
        kinds=kinds,
        weekly=weekly,
        drifts=drifts,
        cards=cards(found, kinds),
        versions=versions(found),
        worst=chosen,
        pictures=shown,
        missing=dict(sorted(pictures.missing.items())),
        dataset=found.log.state.dataset,
        version=__version__,
    )
