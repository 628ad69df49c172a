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
        Among the scrubbed: patients with files of their own, studies of DICOM.
    listed
        Patients who stand only in files about many, such as the rows of a table, as the plan has them.
    alike
        Numbers of patients that differ by leading zeros alone, and have several pseudonyms.
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
    emptied
        Cells and members of tables and records that became empty: not read as what they should hold, or not to stay.
    unknown
        Columns, members and sheets of them that nobody knows, and that went.
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
    listed: int = 0
    alike: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    searched_again: int = 0
    stale: int = 0
    resumed: int = 0
    emptied: int = 0
    unknown: int = 0
    remade: int = 0
    lost: int = 0


#: Kinds of files of which a loss is told by count: what is lost of a picture's header is the policy's doing.
_TOLD = frozenset({"csv", "excel", "parquet", "json", "ndjson"})


def _losses(project: Project, delivery: int, kinds: Counter[str]) -> Counter[str]:
    """Count what tables and records lost, by action."""
    lost: Counter[str] = Counter()
    if _TOLD.isdisjoint(kinds):
        return lost
    for row in journal.delivery_rows(project, delivery, ["outcome", "kind", "actions"]):
        if row["outcome"] == Outcome.SCRUBBED and row["kind"] in _TOLD:
            for one in row["actions"]:
                lost[one["action"]] += one["count"]
    return lost


def count(project: Project, delivery: int, resumed: int = 0) -> Report:
    """Count the latest rows of a delivery."""
    outcomes: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    patients: set[str] = set()
    studies: set[str] = set()
    shared = False
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
            shared = shared or patient == SHARED
            if row["kind"] == "dicom":
                studies.add(f"{patient}/{study}")
    lost = _losses(project, delivery, kinds)
    about = journal.document(project, delivery, "delivery") or {}
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
        listed=about.get("listed", 0) if shared else 0,
        alike=about.get("alike", 0),
        known=about.get("known", {}),
        searched_again=told["searched"],
        stale=len(journal.stale(project)),
        resumed=resumed,
        emptied=lost["emptied"],
        unknown=lost["unknown"],
    )
