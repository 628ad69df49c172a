"""Signing an audit's report and a waiver into the project's ledger."""

from __future__ import annotations

from datetime import date

from curator.audit.choose import AnySubject
from curator.audit.report import PROGRAM, Report
from curator.core.clock import Clock
from curator.core.errors import UsageError
from curator.project.paths import Project
from curator.provenance.append import sign_and_append
from curator.provenance.keys import PersonKey
from curator.provenance.kinds_gate import audit_report, audit_waiver
from curator.provenance.ledger import Ledger
from curator.provenance.state import Record
from curator.provenance.typed import Guard


def sign_report(subject: AnySubject, report: Report, key: PersonKey, clock: Clock) -> int:
    """Sign a whole audit of a project; its file must stand in ``audit/`` already.

    Returns
    -------
    int
        Index of the record.

    Raises
    ------
    UsageError
        AUD-018 for anything but a whole audit of a project whose files and ledger could be read; AUD-021 when the
        ledger grew meanwhile; KEY codes when the person may not.
    """
    about = report.document["subject"]
    project = subject.project
    if project is None or not report.document["complete"] or about["payload"] is None or about["ledger"] is None:
        raise UsageError("AUD-018")
    draft = audit_report(
        report.digest,
        report.document["gate"]["outcome"],
        about["payload"],
        (about["ledger"]["size"], about["ledger"]["root"]),
        report.document["counts"],
        report.document["gate"]["waived"],
        PROGRAM,
    )
    operator = None if subject.vault is None else subject.vault.operator_key()
    made = sign_and_append(Ledger(project.ledger), [draft], key, clock, operator_seed=operator)
    return made[0].index


def sign_waiver(
    project: Project, check: str, reason: str, until: date, key: PersonKey, clock: Clock, guard: Guard
) -> Record:
    """Sign a waiver (errors as :func:`curator.provenance.kinds_gate.audit_waiver`)."""
    draft = audit_waiver(check, reason, until.isoformat(), guard)
    return sign_and_append(Ledger(project.ledger), [draft], key, clock)[0]
