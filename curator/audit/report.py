"""The audit's report as a document by schemas/audit-report.schema.json, its bytes, and its file in the project.

Everything but the part ``run`` follows from the data, the ledger and the settings; ``run`` holds clocks and counts of
what was looked at anew, and is not in the file that people sign for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from curator import __version__
from curator.audit.gate import Gate, Waiver
from curator.audit.model import JOURNAL, LEDGER, POLICY, VAULT, Outcome, Severity
from curator.audit.runner import Result
from curator.audit.subject import Base
from curator.core.canonical import strict_loads
from curator.core.clock import utc_text
from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent
from curator.core.schema import validate, violation
from curator.project.payload import PREFIX

SCHEMA = "audit-report"
FORMAT = 1
FOLDER = "audit"
PROGRAM = f"curator {__version__}"
MOST = 256 << 20


@dataclass(frozen=True)
class Report:
    """A finished audit.

    Parameters
    ----------
    document
        By the schema, without ``run``.
    run
        What may differ from run to run.
    gate
        What it comes to.
    """

    document: dict[str, Any]
    run: dict[str, Any]
    gate: Gate

    @property
    def data(self) -> bytes:
        """The bytes of the file: JSON with sorted keys, without ``run``."""
        return report_bytes(self.document)

    @property
    def digest(self) -> str:
        """SHA-256 of these bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def whole(self) -> dict[str, Any]:
        """The document with ``run``."""
        return {**self.document, "run": self.run}


def report_bytes(document: Mapping[str, Any]) -> bytes:
    """Return a report's bytes without its part ``run``."""
    kept = {name: value for name, value in document.items() if name != "run"}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def make_report(
    subject: Base,
    results: Sequence[Result],
    gate: Gate,
    waivers: Mapping[str, Waiver],
    moment: datetime,
    *,
    complete: bool,
) -> Report:
    """Put an audit's results together.

    Parameters
    ----------
    subject
        What was audited.
    results
        Of its checks, in order.
    gate
        What they come to.
    waivers
        All of the ledger, the newest of each check.
    moment
        When the audit began.
    complete
        False where only some checks were asked for.

    Returns
    -------
    Report
        Its document follows the schema.
    """
    document = {
        "format": FORMAT,
        "program": PROGRAM,
        "subject": _subject(subject),
        "complete": complete,
        "settings": json.loads(json.dumps(dict(subject.settings))),
        "gate": {
            "outcome": str(gate.outcome),
            "failed": list(gate.failed),
            "unsure": list(gate.unsure),
            "waived": list(gate.waived),
            "expired": list(gate.expired),
        },
        "counts": {str(one): count for one in Outcome if (count := sum(result.outcome == one for result in results))},
        "checks": [_check(one, waivers.get(one.check.id)) for one in results],
        "waivers": [_waiver(waivers[name]) for name in sorted(waivers)],
    }
    anew, known = subject.looks()
    run = {
        "at": utc_text(moment),
        "anew": anew,
        "kept": known,
        "seconds": round(sum(one.seconds for one in results), 3),
        "by_check": {one.check.id: round(one.seconds, 3) for one in results},
    }
    validate(SCHEMA, {**document, "run": run})
    return Report(document, run, gate)


def _subject(subject: Base) -> dict[str, Any]:
    made: dict[str, Any] = {
        "kind": subject.kind,
        "at_hand": [one for one in (VAULT, LEDGER, JOURNAL, POLICY) if subject.has(one)],
        "dataset": None,
        "files": None,
        "bytes": None,
        "payload": None,
        "ledger": None,
        "policy": None,
    }
    try:
        count = size = 0
        for file in subject.files():
            if subject.kind == "folder" or file.path.startswith(PREFIX):
                count, size = count + 1, size + file.size
        made |= {"files": count, "bytes": size, "payload": subject.payload()}
    except (CuratorError, OSError):
        pass  # then every check that speaks of all files says that it could not
    if subject.has(LEDGER):
        try:
            state = subject.state()
            made |= {"dataset": state.dataset, "ledger": {"size": state.size, "root": state.tree.root().hex()}}
        except (CuratorError, OSError):
            pass  # the check of the ledger says what is broken
    if subject.has(POLICY):
        try:
            policy = subject.policy()
            made["policy"] = {"name": policy.name, "sha256": policy.digest, "claim": policy.claim.value}
        except (CuratorError, OSError):
            pass  # the checks that need it say so
    return made


def _check(result: Result, waiver: Waiver | None) -> dict[str, Any]:
    check, answer, word = result.check, result.answer, result.attested
    return {
        "id": check.id,
        "title": check.title,
        "severity": str(Severity(check.severity)),
        "clause": check.clause,
        "needs": list(check.needs),
        "origin": result.listed.origin,
        "outcome": str(answer.outcome),
        "summary": answer.summary,
        "code": result.code,
        "figures": dict(answer.figures),
        "findings": [{"where": one.where, "what": one.what, "count": one.count} for one in answer.findings],
        "total": answer.total,
        "tables": {name: list(rows) for name, rows in answer.tables.items()},
        "waiver": None if waiver is None else _waiver(waiver),
        "attested": None
        if word is None
        else {"signer": word.signer, "printedName": word.printed_name, "at": word.at, "outcome": str(word.outcome)},
    }


def _waiver(one: Waiver) -> dict[str, Any]:
    return {
        "check": one.check,
        "reason": one.reason,
        "until": one.until,
        "signer": one.signer,
        "printedName": one.printed_name,
        "at": one.at,
        "leaf": one.leaf,
    }


def keep(root: Path, report: Report) -> Path:
    """Put a report's file into a project's ``audit/``, named by its content; one that stands there is the same."""
    folder = root / FOLDER
    make_folder(folder)
    path = folder / f"{report.digest}.json"
    put_if_absent(path, report.data)
    return path


def read_report(path: Path) -> dict[str, Any]:
    """Read a report, as a file in ``audit/`` or as ``--json`` printed it.

    Raises
    ------
    UsageError
        AUD-011 when it is none, SYS-007 when it is of a newer format.
    IntegrityError
        AUD-012 when its file is named by another content.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST + 1)
        document = strict_loads(data) if len(data) <= MOST else None
    except (OSError, UsageError):
        raise UsageError("AUD-011") from None
    stated = document.get("format") if isinstance(document, dict) else None
    if type(stated) is int and stated > FORMAT:
        raise UsageError("SYS-007", found=stated, known=FORMAT)
    if not isinstance(document, dict) or violation(SCHEMA, document) is not None:
        raise UsageError("AUD-011")
    name = path.name.removesuffix(".json")
    if len(name) == 64 and set(name) <= set("0123456789abcdef") and hashlib.sha256(data).hexdigest() != name:
        raise IntegrityError("AUD-012")
    return document
