"""The patients of a project, and the values by which they are put into strata.

Sex and age band are read from the clean DICOM header of the first object that states them, the class from signed
labels, everything else from a user's table. What cannot be told is ``unknown``, a stratum of its own. Ages are read
from clean files only, where the policy has capped them.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from curator.core.errors import UsageError
from curator.project import journal
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance import records, status
from curator.provenance.state import Record
from curator.provenance.verify import LedgerReport, verify_ledger
from curator.release.splits import Link

#: The folder under clean/ of what is about many patients.
SHARED = "shared"
UNKNOWN = "unknown"
BUILT_IN = ("site", "sex", "age-band", "label")
BANDS = ((17, "0-17"), (39, "18-39"), (64, "40-64"), (150, "65+"))
_AGE = re.compile(r"(\d{3})([DWMY])")
_TAGS = ("PatientSex", "PatientAge")
_LONGEST = 80


def patient_of(path: str) -> str | None:
    """Return the pseudonym whose folder a clean path lies in; None for what is about many patients."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "clean" and parts[1] != SHARED else None


def patients(project: Project) -> dict[str, list[Sample]]:
    """Return the samples of each patient, by pseudonym, from the journal."""
    found: dict[str, list[Sample]] = {}
    for sample in journal.samples(project):
        name = patient_of(sample.path)
        if name is not None:
            found.setdefault(name, []).append(sample)
    return found


class Told:
    """Collects, while a ledger is verified, what splits need: links between pseudonyms, classes, and accesses."""

    def __init__(self) -> None:
        self._links: list[Link] = []
        self._labels: dict[str, tuple[str, str]] = {}
        self.accesses: list[Record] = []

    def visit(self, record: Record) -> None:
        """Take the next record."""
        if record.kind == records.PATIENTS:
            names = tuple(one["name"].removeprefix("patients/") for one in record.subject)
            self._links.append(Link(names, record.leaf.hex()))
        elif record.kind == records.ACCESS:
            self.accesses.append(record)
        elif record.kind == records.LABEL:
            name = patient_of(record.subject[0]["name"])
            if name is not None:
                self._labels[record.predicate["labelId"]] = (name, class_of(record.predicate))

    def links(self) -> list[Link]:
        """Return one entry a person, all pseudonyms that records join, with the newest record of them."""
        return joined_links(self._links)

    def classes(self, report: LedgerReport) -> dict[str, str]:
        """Return the classes of each patient's standing labels, as one text."""
        found: dict[str, set[str]] = {}
        for label, (name, value) in self._labels.items():
            known = report.state.labels.get(label)
            if known is not None and not known.status & (status.ENDED | status.REJECTED):
                found.setdefault(name, set()).add(value)
        texts = {name: " + ".join(sorted(values)) for name, values in found.items()}
        return {name: text if len(text) <= _LONGEST else f"{len(found[name])} classes" for name, text in texts.items()}


def joined_links(links: Iterable[Link]) -> list[Link]:
    """Return one entry a person out of one a record, in the order of the records."""
    whole: dict[str, Link] = {}
    for link in links:
        names = {other for name in link.pseudonyms for other in (name, *_of(whole, name))}
        joined = Link(tuple(sorted(names)), link.leaf)
        whole.update(dict.fromkeys(names, joined))
    return sorted(set(whole.values()), key=lambda link: link.pseudonyms)


def _of(whole: Mapping[str, Link], name: str) -> tuple[str, ...]:
    return whole[name].pseudonyms if name in whole else ()


def class_of(predicate: Mapping[str, Any]) -> str:
    """Return the class that a label states, or its kind where it states none."""
    value = predicate["value"] if isinstance(predicate["value"], dict) else {}
    stated = next((value[key] for key in ("class", "code") if isinstance(value.get(key), str)), None)
    if stated is None and isinstance(value.get("classes"), list):
        stated = " + ".join(sorted(map(str, value["classes"])))
    return f"{predicate['kind']}:{stated}"[:_LONGEST] if stated else str(predicate["kind"])


def told(project: Project) -> tuple[Told, LedgerReport]:
    """Verify the ledger and return what it tells about patients (LED codes for a broken one)."""
    made = Told()
    report = verify_ledger(project.ledger, visit=made.visit).require()
    return made, report


def values_of(
    project: Project,
    strata: Iterable[str],
    table: Mapping[str, Mapping[str, str]],
    *,
    site: bool = False,
    classes: Mapping[str, str] | None = None,
) -> dict[str, dict[str, str]]:
    """Return the values of each patient for some strata.

    Parameters
    ----------
    project
        The project.
    strata
        Names; those that the table has a column for are taken from there.
    table
        Pseudonym to column to value.
    site
        True where sites are assigned, so that the site is always needed.
    classes
        Of :meth:`Told.classes`.

    Raises
    ------
    UsageError
        SPL-002 without a patient, SPL-005 for a stratum that is neither built in nor a column of the table.
    """
    found = patients(project)
    if not found:
        raise UsageError("SPL-002")
    columns = set().union(*(row.keys() for row in table.values())) if table else set()
    wanted = [*dict.fromkeys([*strata, *(["site"] if site else [])])]
    odd = [name for name in wanted if name not in (*BUILT_IN, *columns)]
    if odd:
        raise UsageError("SPL-005", what=f"{len(odd)} names are neither built in nor a column of --table")
    header = [name for name in wanted if name in {"sex", "age-band"} and name not in columns]
    made = {}
    for name, samples in found.items():
        own = dict.fromkeys(header, UNKNOWN) if not header else header_values(project.root, samples)
        own.update({"site": project.config.site, "label": (classes or {}).get(name, "unlabeled")})
        own.update({key: value or UNKNOWN for key, value in table.get(name, {}).items()})
        made[name] = {key: own.get(key, UNKNOWN) for key in wanted}
    return made


def header_values(root: Path, samples: Iterable[Sample]) -> dict[str, str]:
    """Return sex and age band from the first header that states each."""
    import pydicom
    from pydicom.errors import InvalidDicomError

    found: dict[str, str] = {}
    for sample in samples:
        if sample.kind != "dicom" or len(found) == len(_TAGS):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                dataset = pydicom.dcmread(root / sample.path, stop_before_pixels=True, specific_tags=list(_TAGS))
                sex, age = str(dataset.get("PatientSex", "")), str(dataset.get("PatientAge", ""))
        except (InvalidDicomError, OSError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError):
            continue  # what cannot be read stays in the stratum of the unknown
        if sex in {"M", "F", "O"}:
            found.setdefault("sex", sex)
        if band := age_band(age):
            found.setdefault("age-band", band)
    return found


def age_band(text: str) -> str | None:
    """Return the band of an age string (DICOM PS3.5, section 6.2, AS), None where it is none."""
    match = _AGE.fullmatch(text)
    if match is None:
        return None
    years = int(match[1]) if match[2] == "Y" else 0
    return next((band for most, band in BANDS if years <= most), BANDS[-1][1])
