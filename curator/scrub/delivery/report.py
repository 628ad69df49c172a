"""The numbers of a delivery, counted from the journal alone: found = scrubbed + duplicate + quarantined."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from curator.core.types import Outcome
from curator.project import journal
from curator.project.paths import Project
from curator.scrub.delivery.rewrite_pass import SHARED


@dataclass(frozen=True)
class Report:
    """The numbers of one delivery. They close: found = scrubbed + duplicate + quarantined.

    Parameters
    ----------
    delivery
        Its number.
    found, scrubbed, duplicate, quarantined
        Files (and entries that are no regular files).
    by_code
        Reason code to count of quarantined files.
    patients, studies
        Among the scrubbed; patients who stand only in records about many are not counted, studies are DICOM's.
    by_kind
        Kind of file to number of scrubbed files.
    known
        How many identifiers are known of everybody: ``strong`` ones are searched everywhere, ``weak`` ones as words,
        ``unsearched`` ones are too short to be searched.
    searched_again
        Files of earlier deliveries that were searched for what this one newly told of their persons.
    stale
        Clean files of the whole project that hold what a later delivery told, and were not scrubbed again since.
    resumed
        Files that had been committed before this run.
    remade
        Clean files of this delivery that were missing or of another size, and were made again.
    lost
        Clean files of other deliveries that are missing or of another size.
    """

    delivery: int
    found: int
    scrubbed: int
    duplicate: int
    quarantined: int
    by_code: dict[str, int] = field(default_factory=dict)
    patients: int = 0
    studies: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    searched_again: int = 0
    stale: int = 0
    resumed: int = 0
    remade: int = 0
    lost: int = 0


def count(project: Project, delivery: int, resumed: int = 0) -> Report:
    """Count the latest rows of a delivery."""
    outcomes: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    patients: set[str] = set()
    studies: set[str] = set()
    told = journal.document(project, delivery, "recheck") or {"searched": 0, "hits": []}
    for row in journal.delivery_rows(project, delivery, ["outcome", "code", "path", "kind"]):
        outcomes[row["outcome"]] += 1
        if row["outcome"] == Outcome.QUARANTINED:
            codes[row["code"]] += 1
        if row["outcome"] == Outcome.SCRUBBED:
            _, patient, study, *_ = row["path"].split("/")
            kinds[row["kind"]] += 1
            if patient != SHARED:
                patients.add(patient)
            if row["kind"] == "dicom":
                studies.add(f"{patient}/{study}")
    return Report(
        delivery=delivery,
        found=sum(outcomes.values()),
        scrubbed=outcomes[Outcome.SCRUBBED],
        duplicate=outcomes[Outcome.DUPLICATE],
        quarantined=outcomes[Outcome.QUARANTINED],
        by_code=dict(sorted(codes.items())),
        patients=len(patients),
        studies=len(studies),
        by_kind=dict(sorted(kinds.items())),
        known=(journal.document(project, delivery, "delivery") or {}).get("known", {}),
        searched_again=told["searched"],
        stale=len(journal.stale(project)),
        resumed=resumed,
    )
