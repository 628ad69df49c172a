"""The demo's later acts: training, opinions made one, splits, audit with waivers, and what guidance still asks for.

Each is a few of the program's own commands, run as a user would run them. Nothing is judged here.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import UTC, timedelta
from importlib import import_module, resources
from pathlib import Path
from typing import Any

from curator.core.clock import Clock
from curator.core.errors import CheckError, UsageError
from curator.demo.readers import ADJUDICATOR, READERS, REVIEWER
from curator.demo.stage import Stage

REPORTS = "reports"
GATE_SHUT = 1
#: How long trainings and waivers of the demo hold, in days; a waiver may hold for a year at most.
TRAINED, WAIVED = 365, 90
TRAINING = "Training record of the demo: the guideline was read and five images were labeled under supervision.\n"


def need_extras() -> None:
    """Ask for what the reports need before anything is made.

    Raises
    ------
    UsageError
        DEM-007 when an extra is not installed.
    """
    for name in ("numpy", "scipy", "reportlab"):
        try:
            import_module(name)
        except ImportError:
            raise UsageError("DEM-007") from None


def store(stage: Stage, person: str) -> tuple[str | Path, ...]:
    """Return the options that say where a person's key is, and its passphrase."""
    place = stage.folder / "people" / person
    return ("--key-store", place, "--key-passphrase-file", stage.passphrase(person))


def signs(stage: Stage, option: str, person: str) -> tuple[str | Path, ...]:
    """Return the options by which a person signs."""
    return (option, person, *store(stage, person))


def train(stage: Stage, clock: Clock) -> None:
    """Put on record that those who label were trained on the guideline."""
    record = stage.folder / "training.txt"
    record.write_text(TRAINING, encoding="utf-8")
    until = ("--until", _day(clock, TRAINED))
    for one in (*READERS, ADJUDICATOR):
        course = ("--course", "lesions@1.0", *until, "--record", record)
        stage.run("people", "train", one.id, *signs(stage, "--by", REVIEWER.id), *course, "--project", stage.project)


def settle(stage: Stage, members: list[str]) -> dict[str, Any]:
    """Review the readers' labels, make one label of several, adjudicate and approve; return the consensus' document.

    Parameters
    ----------
    stage
        Where.
    members
        Ids of the labels that the readers signed.
    """
    at = ("--project", stage.project)
    folder = stage.folder / "labels"
    listed = folder / "members.txt"
    listed.write_text("".join(f"{one}\n" for one in members), encoding="utf-8")
    by_reviewer, by_adjudicator = (signs(stage, "--by", one.id) for one in (REVIEWER, ADJUDICATOR))
    accepted = ("--outcome", "accepted", *by_reviewer, *at)
    made = folder / "consensus.jsonl"
    document = stage.document("labels", "consensus", "--as", ADJUDICATOR.id, "--out", made, *at)
    lines = made.read_text(encoding="utf-8").splitlines()
    count = ("--confirm", str(len(lines)))
    stage.run("sign", made, *signs(stage, "--as", ADJUDICATOR.id), *at, *count)
    stage.run("label", "review", "--file", listed, *accepted, "--confirm", str(len(members)))
    reason = ("--reason", "majority of three readers")
    stage.run("labels", "adjudicate", made, *by_adjudicator, *reason, *at, *count)
    results = folder / "results.txt"
    results.write_text("".join(json.loads(line)["labelId"] + "\n" for line in lines), encoding="utf-8")
    stage.run("label", "review", "--file", results, *accepted, *count)
    stage.run("label", "approve", "--file", results, *by_reviewer, *at, *count)
    return document


def report(stage: Stage) -> dict[str, Any]:
    """Write the report of the labels as page and PDF; return its document."""
    folder = stage.folder / REPORTS
    folder.mkdir(exist_ok=True)
    wanted = ("--html", folder / "labels.html", "--pdf", folder / "labels.pdf", "--bootstrap", "200")
    return stage.document("labels", "report", *wanted, "--project", stage.project)


def split(stage: Stage, vault: tuple[str | Path, ...]) -> dict[str, Any]:
    """Draw patients into two splits and seal the one for the test; return the document of the drawing."""
    at = ("--project", stage.project)
    document = stage.document("release", "split", "--fractions", "train=60,test=40", *at, *vault)
    reason = ("--reason", "held back for the standalone test")
    stage.run("release", "seal", "test", *signs(stage, "--by", REVIEWER.id), *reason, *at)
    return document


@dataclass(frozen=True)
class Audited:
    """What the audit came to.

    Parameters
    ----------
    first
        The document of the audit before anybody waived anything.
    last
        That of the signed one.
    """

    first: dict[str, Any]
    last: dict[str, Any]

    @property
    def gate(self) -> str:
        """The gate's outcome at the end."""
        return str(self.last["gate"]["outcome"])

    @property
    def waived(self) -> tuple[str, ...]:
        """Ids of the checks over which the gate passes by a person's word."""
        return tuple(self.last["gate"]["waived"])


def audit(stage: Stage, vault: tuple[str | Path, ...], clock: Clock) -> Audited:
    """Audit, waive what made-up data cannot pass, and audit again, with report and signature.

    Raises
    ------
    CheckError
        DEM-006 when the gate is shut by a check for which the demo knows no honest reason.
    """
    folder = stage.folder / REPORTS
    folder.mkdir(exist_ok=True)
    by = signs(stage, "--by", REVIEWER.id)
    opened = ("--vault", *vault, "--workers", "2")
    first = stage.document("audit", "run", stage.project, *opened, wanted=(0, GATE_SHUT))
    for check in first["gate"]["failed"]:
        stage.run(
            "audit", "waive", check, "--reason", reason_for(check), "--until", _day(clock, WAIVED), *by,
            "--project", stage.project,
        )  # fmt: skip
    written = ("--html", folder / "audit.html", "--pdf", folder / "audit.pdf")
    return Audited(first, stage.document("audit", "run", stage.project, *opened, *written, *by))


def reason_for(check: str) -> str:
    """Return why made-up data may fail a check, as ``data/waivers.toml`` has it; DEM-006 where it has nothing."""
    text = resources.files("curator.demo").joinpath("data/waivers.toml").read_text(encoding="utf-8")
    known: dict[str, str] = tomllib.loads(text)["waivers"]
    if check not in known:
        raise CheckError("DEM-006", what="a check of the audit fails that made-up data should pass")
    return known[check]


def requirements(stage: Stage) -> dict[str, int]:
    """Return how many items of FDA guidance are in each state."""
    counts = stage.document("release", "requirements", "--project", stage.project)["counts"]
    total: dict[str, int] = {}
    for states in counts.values():
        for state, count in states.items():
            total[state] = total.get(state, 0) + count
    return dict(sorted(total.items()))


def _day(clock: Clock, days: int) -> str:
    return (clock.now().astimezone(UTC) + timedelta(days=days)).strftime("%Y-%m-%d")


def measure(kind: dict[str, Any]) -> dict[str, str]:
    """Return one kind's first measure of agreement as the labels' report has it: Gwet's AC1 of classes, F1 of boxes."""
    overall = kind["agreement"]["overall"]
    measures = {**overall, **overall.get("measures", {})}
    name = next(one for one in ("gwet_ac1", "f1") if one in measures)
    told = measures[name]
    interval = f"{told['value']:.3f} ({told['low']:.3f} to {told['high']:.3f})"
    return {"kind": str(kind["kind"]), "measure": {"gwet_ac1": "AC1", "f1": "F1"}[name], "value": interval}
