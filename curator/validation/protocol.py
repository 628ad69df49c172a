"""The protocol of a validation: a JSON document, its HTML twin, and a signature over both.

The document says what was found and no more: it supports a validation, it does not make a system compliant. Nothing of
the user's data, files or machine's name stands in it.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import curator
from curator.core.clock import offset_text, utc_text
from curator.core.errors import CheckError, GateError
from curator.validation import installed
from curator.validation.catalog import catalog
from curator.validation.clauses import duties
from curator.validation.model import COULD_NOT_CHECK, FAIL, PASS, NotCheckedError, Result

FORMAT = 1
SCHEMA = "validation-protocol"
MEANING = "responsibility"
STATEMENT = (
    "This protocol supports the validation of a computerized system under 21 CFR 11.10(a). It says what was seen on "
    "this machine at this time. It does not say that a system complies with any regulation: the duties below stay "
    "with the customer."
)


@dataclass(frozen=True)
class Signatory:
    """Who signs: id, printed name, key id."""

    person: str
    printed_name: str
    key_id: str


def counted(results: Iterable[Result]) -> dict[str, int]:
    """Count results by outcome."""
    counts = dict.fromkeys((PASS, FAIL, COULD_NOT_CHECK), 0)
    for one in results:
        counts[one.outcome] += 1
    return counts


def verdict(counts: dict[str, int]) -> str:
    """Return the outcome of all checks together: the worst one; nothing checked is no PASS."""
    if counts[FAIL]:
        return FAIL
    return COULD_NOT_CHECK if counts[COULD_NOT_CHECK] or not counts[PASS] else PASS


def consistent(document: dict[str, Any]) -> bool:
    """Say whether counts and result of a document that follows its schema are those of its own checks."""
    counts = dict.fromkeys((PASS, FAIL, COULD_NOT_CHECK), 0)
    for one in document["checks"]:
        counts[one["result"]] += 1
    stated = document["counts"]
    same = (stated["passed"], stated["failed"], stated["couldNotCheck"]) == tuple(counts.values())
    return same and document["result"] == verdict(counts)


def require(results: list[Result]) -> None:
    """Return if every check passed.

    Raises
    ------
    GateError
        VAL-010 when one failed.
    CheckError
        VAL-011 when one could not be made, or none was.
    """
    counts = counted(results)
    if counts[FAIL]:
        raise GateError("VAL-010", count=counts[FAIL], total=len(results))
    if verdict(counts) != PASS:
        raise CheckError("VAL-011", count=counts[COULD_NOT_CHECK], total=len(results))


def environment() -> dict[str, Any]:
    """Describe program, interpreter, system and libraries, without host, user or path."""
    try:
        found, _ = installed.needed()
        rows = [installed.described(dist) for dist in found.values()]
    except NotCheckedError:
        rows = []
    own = installed.find(installed.PROGRAM)
    return {
        "program": {"name": installed.PROGRAM, "version": curator.__version__},
        "programRecord": "" if own is None else installed.described(own).record,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "libraries": [{"name": row.name, "version": row.version, "record": row.record} for row in rows],
        "librariesDigest": installed.digest_of(rows),
    }


def document(results: list[Result], started: datetime, ended: datetime, signatory: Signatory | None) -> dict[str, Any]:
    """Return the protocol as JSON (schemas/validation-protocol.schema.json).

    Parameters
    ----------
    results
        What was found, in the order of the catalog.
    started, ended
        When the run began and when it ended, aware; the end is the time of signing.
    signatory
        Who signs, or None.
    """
    counts = counted(results)
    return {
        "format": FORMAT,
        "title": "Installation and operation qualification",
        "statement": STATEMENT,
        "startedAt": utc_text(started),
        "endedAt": utc_text(ended),
        "utcOffset": offset_text(ended),
        "environment": environment(),
        "complete": len(results) == len(catalog()),
        "counts": {"passed": counts[PASS], "failed": counts[FAIL], "couldNotCheck": counts[COULD_NOT_CHECK]},
        "result": verdict(counts),
        "checks": [
            {
                "id": one.check.id,
                "clause": one.check.clause,
                "requirement": one.check.requirement,
                "expected": one.check.expected,
                "result": one.outcome,
                "evidence": one.evidence,
            }
            for one in results
        ],
        "duties": [{"id": one.id, "title": one.title, "text": one.text} for one in duties()],
        "signature": None
        if signatory is None
        else {
            "signer": signatory.person,
            "printedName": signatory.printed_name,
            "keyId": signatory.key_id,
            "signedAt": utc_text(ended),
            "utcOffset": offset_text(ended),
            "meaning": MEANING,
        },
    }
