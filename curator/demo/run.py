"""The demo: a made-up hospital goes the whole way through the public commands, and a byte search judges the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.clock import SystemClock
from curator.core.errors import CheckError, GateError
from curator.demo import judged
from curator.demo.hospital import Hospital, build
from curator.demo.judged import Audited, signs, store
from curator.demo.kept import Kept, kept
from curator.demo.plants import Plant
from curator.demo.readers import (
    ADJUDICATOR,
    GUIDELINE,
    READERS,
    REVIEWER,
    Image,
    disagreements,
    opinions,
    write_labels,
)
from curator.demo.records import HELD_BACK
from curator.demo.search import Hit, Search
from curator.demo.stage import QUARANTINED, Stage

SEED = 20_261_120
VERSION = "1.0.0"
DATASET = "demo"
#: Images that every reader labels, at most.
LABELED = 32
EVENTS_LEAST = 7
#: The release waits for texts that only a person can write, so the demo builds a draft.
PASSED = "PASS"
#: What the demo itself made; all other folders are searched.
NOT_PUT_OUT = frozenset({"source", "secrets"})
#: A held key's file, taken from the ledger before the package is built.
OPERATOR_KEY = "operator.vkey"


@dataclass(frozen=True)
class Outcome:
    """What the demo found.

    Parameters
    ----------
    hospital
        The source folder and what was planted.
    source_found
        How many planted identifiers the search finds in the source: all, or it could not find anything.
    hits
        Planted identifiers, and passphrases, found in any output.
    searched_files, searched_bytes
        What the search looked at.
    held_back
        Quarantined files of the first scrub, before the reviewer signed.
    scrub, ledger, release, package
        The documents of ``scrub``, ``ledger verify``, ``release build`` and ``release verify``.
    labels, disagreements
        Labels signed by readers, and images on which they disagree.
    settled, label_report, splits, audited
        The documents of ``labels consensus``, ``labels report``, ``release split`` and ``audit run``.
    requirements
        How many items of FDA guidance are in each state.
    documents
        Names of the package's PDFs.
    kept
        What must have stayed in the clean files.
    """

    hospital: Hospital
    source_found: int
    hits: tuple[Hit, ...]
    searched_files: int
    searched_bytes: int
    held_back: int
    scrub: dict[str, Any]
    ledger: dict[str, Any]
    release: dict[str, Any]
    package: dict[str, Any]
    labels: int
    disagreements: int
    settled: dict[str, Any]
    label_report: dict[str, Any]
    splits: dict[str, Any]
    audited: Audited
    requirements: dict[str, int]
    documents: tuple[str, ...]
    kept: Kept

    @property
    def planted(self) -> int:
        """Number of planted identifiers."""
        return len(self.hospital.plants)

    @property
    def places(self) -> int:
        """Number of kinds of place."""
        return len({plant.place for plant in self.hospital.plants})

    @property
    def media(self) -> dict[str, int]:
        """Number of planted identifiers by medium."""
        found: dict[str, int] = {}
        for plant in self.hospital.plants:
            found[plant.medium] = found.get(plant.medium, 0) + 1
        return dict(sorted(found.items()))

    @property
    def measured(self) -> list[dict[str, str]]:
        """Kind, measure and value with its interval, as the labels' report has them."""
        return [judged.measure(one) for one in self.label_report["kinds"]]

    @property
    def patients(self) -> dict[str, int]:
        """Number of patients by split."""
        return dict(self.splits["patients"])

    @property
    def leaked(self) -> int:
        """Number of identifiers found where none may be."""
        return len({hit.plant for hit in self.hits})

    def require(self) -> None:
        """Raise unless all of it holds.

        Raises
        ------
        GateError
            DEM-004 when anything was found.
        CheckError
            DEM-005 when the search is blind, DEM-006 when figures do not close.
        """
        if self.hits:
            raise GateError("DEM-004", count=self.leaked)
        if self.source_found != self.planted:
            raise CheckError("DEM-005", count=self.planted - self.source_found)
        scrub = self.scrub
        records = self.hospital.records
        by_kind = {kind: scrub["by_kind"].get(kind, 0) for kind in records.kinds}
        closed = {
            "found is not scrubbed + duplicate + quarantined": scrub["found"]
            == scrub["scrubbed"] + scrub["duplicate"] + scrub["quarantined"],
            "the scrub did not find every source file": scrub["found"] == self.hospital.files,
            "a record that can be cleaned was not": by_kind == records.kinds,
            "a record that must be held back was not": all(
                any(code.startswith(first) for code in scrub["by_code"]) for first in HELD_BACK
            ),
            "useful words did not stay in the clean files": not self.kept.missing,
            "a patient has not one pseudonym in all media": self.kept.linked == len(self.kept.pseudonyms) > 0,
            "the reviewer's signature let no file in": 0 < scrub["quarantined"] < self.held_back,
            "the package does not hold every scrubbed file": scrub["scrubbed"] == self.package["samples"] > 0,
            "the package does not hold every label": self.labels + self.settled["labelsMade"]
            == self.package["labels"]
            > self.labels
            > 0,
            "the readers agree on everything": self.disagreements > 0,
            "the ledger does not hold every record": self.ledger["records"]
            == self.package["records"]
            >= self.labels + EVENTS_LEAST,
            "the audit's gate is not open": self.audited.gate == PASSED,
            "the audit waives a check of privacy": not any(one.startswith("privacy/") for one in self.audited.waived),
            "the package holds no documents": len(self.documents) > 0,
            "the package was not verified": self.package["verified"] is True and self.ledger["ok"] is True,
        }
        for what, holds in closed.items():
            if not holds:
                raise CheckError("DEM-006", what=what)


def run(folder: Path, tell: Callable[[str], None]) -> Outcome:
    """Run the demo.

    Parameters
    ----------
    folder
        Its folder: new, empty, or made by an earlier demo.
    tell
        Told of each command.

    Returns
    -------
    Outcome
        Call its ``require``.

    Raises
    ------
    UsageError
        DEM-001 when the folder is somebody else's.
    CheckError
        DEM-002 without test files, DEM-003 when a command ends in another way than it should.
    """
    judged.need_extras()
    clock = SystemClock()
    stage = Stage(folder.resolve(), tell)
    stage.prepare()
    hospital = build(stage.source, SEED)
    at = ("--project", stage.project)
    vault = ("--passphrase-file", stage.passphrase("vault"))
    stage.run("init", stage.project, "--dataset", DATASET, "--site", "made-up-hospital", *vault)
    stage.run("scan", stage.source, *at)
    first = stage.document("scrub", stage.source, *at, *vault, wanted=(QUARANTINED,))
    _people(stage)
    guideline = stage.folder / "lesions.txt"
    guideline.write_text(GUIDELINE, encoding="utf-8")
    stage.run("guideline", "add", guideline, "--version", "1.0", *signs(stage, "--by", REVIEWER.id), *at)
    checked = [stage.source / name for name in hospital.checked]
    reason = ("--reason", "every frame viewed, no text and no face")
    stage.run("pixels", "accept", *checked, *signs(stage, "--by", REVIEWER.id), *reason, *at, *vault)
    scrub = stage.document("scrub", stage.source, *at, *vault, wanted=(QUARANTINED,))
    judged.train(stage, clock)
    made, signed = _label(stage)
    settled = judged.settle(stage, signed)
    label_report = judged.report(stage)
    splits = judged.split(stage, vault)
    audited = judged.audit(stage, vault, clock)
    requirements = judged.requirements(stage)
    stage.run("ledger", "log", "--html", stage.folder / judged.REPORTS / "ledger.html", "--project", stage.project)
    head = stage.document("ledger", "head", *at)
    key = stage.folder / OPERATOR_KEY
    key.write_text(head["operatorVerifierKey"] + "\n", encoding="utf-8")
    ledger = stage.document("ledger", "verify", "--operator-key", key, *at)
    release = stage.document("release", "build", VERSION, "--draft", *at, *vault)
    built = stage.project / "releases" / f"v{VERSION}"
    package = stage.document("release", "verify", built, "--key", key)
    search = _search(stage, hospital)
    source = Search(hospital.plants)
    source.tree(stage.source, "source")
    return Outcome(
        hospital=hospital,
        source_found=len(source.found()),
        hits=tuple(search.hits),
        searched_files=search.files,
        searched_bytes=search.bytes,
        held_back=first["quarantined"],
        scrub=scrub,
        ledger=ledger,
        release=release,
        package=package,
        labels=len(signed),
        disagreements=disagreements(made),
        settled=settled,
        label_report=label_report,
        splits=splits,
        audited=audited,
        requirements=requirements,
        documents=tuple(sorted(path.name for path in built.glob("data/ecopy/*/*.pdf"))),
        kept=kept(stage.project / "clean", hospital.records.people, hospital.pixels),
    )


def _people(stage: Stage) -> None:
    """Make keys, each in its owner's own key store, and enroll: the first two each other, the rest by the reviewer."""
    requests = stage.folder / "people" / "requests"
    requests.mkdir(parents=True)
    everyone = (REVIEWER, *READERS, ADJUDICATOR)
    stage.together(
        [
            ("people", "add", one.id, "--name", one.name, "--role", one.role, "--specialty", one.specialty,
             "--years", str(one.years), "--out", requests, *store(stage, one.id))
            for one in everyone
        ]
    )  # fmt: skip
    pairs = [
        (READERS[0].id, REVIEWER.id),
        (REVIEWER.id, READERS[0].id),
        *((one.id, REVIEWER.id) for one in (*READERS[1:], ADJUDICATOR)),
    ]
    for person, by in pairs:
        request = requests / f"{person}.request.json"
        stage.run("people", "enroll", request, *signs(stage, "--by", by), "--project", stage.project)


def _images(stage: Stage) -> list[Image]:
    """Return the clean images that are read: those with pixels, at most :data:`LABELED` of them."""
    import pydicom

    found = []
    for path in sorted((stage.project / "clean").rglob("*.dcm")):
        ds = pydicom.dcmread(path, stop_before_pixels=True)
        if "Rows" in ds and "Columns" in ds:
            found.append(Image(path.relative_to(stage.project).as_posix(), int(ds.Columns), int(ds.Rows)))
    return found[:LABELED]


def _label(stage: Stage) -> tuple[dict[str, list[str]], list[str]]:
    """Let every reader label and sign; return the findings by reader, and the ids of all labels."""
    images = _images(stage)
    made = opinions(len(images), SEED)
    folder = stage.folder / "labels"
    folder.mkdir()
    signed: list[str] = []
    for reader, (path, ids) in write_labels(folder, images, made, SEED).items():
        options = ("--guideline", "lesions@1.0", "--tool", "made-up-viewer@0.1", "--project", stage.project)
        shown = ("--blinded", "--independent", "--no-prelabel", "--truth-basis", "reader-opinion")
        stage.run("sign", path, *signs(stage, "--as", reader), *options, *shown, "--confirm", str(len(ids)))
        signed += ids
    return made, signed


def _search(stage: Stage, hospital: Hospital) -> Search:
    """Search everything that the program put out, vault, reports and package too, for identifiers and passphrases."""
    secrets = [Plant(text, "passphrase", "secrets") for text in stage.passphrases()]
    search = Search([*hospital.plants, *secrets])
    for path in sorted(stage.folder.iterdir()):
        if path.is_dir() and path.name not in NOT_PUT_OUT:
            search.tree(path, path.name)
    return search


def shown_places(hits: tuple[Hit, ...]) -> list[str]:
    """Return kind, place and output of what was found, without the value."""
    found = {
        f"{hit.plant.kind} planted in {hit.plant.place}: {hit.where}{f', {hit.sort}' if hit.sort else ''}"
        for hit in hits
    }
    return sorted(re.sub(r"[^ -~]", "?", text) for text in found)
