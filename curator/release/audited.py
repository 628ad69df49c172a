"""What a release asks of the audit: a signed report that passed, over just the files and labels that are released.

Reads the ledger's sum, and runs no check. A record of a report is ``urn:curator:predicate:audit-report:v1``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from curator.core.errors import GateError
from curator.project.journal import Sample
from curator.project.payload import payload_digest
from curator.provenance.state import State

PASS = "PASS"  # noqa: S105 - an outcome


@dataclass(frozen=True)
class Passed:
    """A signed report that passed: its digest, the payload's digest, leaf hash of its record."""

    report: str
    payload: str
    leaf: str

    def document(self) -> dict[str, str]:
        """Return it as manifest and statement say it."""
        return {"outcome": PASS, "report": self.report, "payload": self.payload, "record": self.leaf}


def payload_of(samples: Iterable[Sample]) -> str:
    """Return the digest of the clean files (:func:`curator.project.payload.payload_digest`)."""
    return payload_digest((sample.path, sample.sha256) for sample in samples)


def payload_line(sample: Sample) -> bytes:
    """Return a sample's line in what :func:`payload_of` hashes, where samples come by path."""
    return f"{sample.sha256}  {sample.path}\n".encode()


def passed(state: State, samples: Iterable[Sample]) -> Passed:
    """Return the newest signed report, if it lets these samples leave.

    Parameters
    ----------
    state
        The sum of a whole ledger.
    samples
        What is released, by path.

    Raises
    ------
    GateError
        REL-057 without a report that passed over just these files, after the last label.
    """
    reports = state.facts.audits
    if not reports:
        raise GateError("REL-057", why="there is none")
    newest = reports[-1]
    if newest.outcome != PASS:
        raise GateError("REL-057", why="the newest one did not pass")
    if newest.payload != payload_of(samples):
        raise GateError("REL-057", why="the newest one is over other files")
    if newest.place <= state.facts.last_label:
        raise GateError("REL-057", why="labels were signed or judged after the newest one")
    return Passed(newest.report, newest.payload, newest.leaf)
