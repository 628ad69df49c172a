"""The gate: what the results of all checks come to, with the waivers that hold.

A waiver is a person's signed word that the data may leave although a check did not pass. It holds to its last day, is
for one check, and stands in every report; it changes no outcome of a check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from curator.audit.model import Outcome, Severity
from curator.audit.runner import Result

#: Exit code by the gate's outcome.
EXIT = {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.COULD_NOT_CHECK: 3}
_CLOSING = frozenset({Severity.BLOCKER, Severity.MAJOR})
#: Outcomes that say something of the data; where nothing was said, nothing passed.
_ANSWERED = frozenset({Outcome.PASS, Outcome.ATTESTED, Outcome.FAIL})
_UNSURE = frozenset({Outcome.COULD_NOT_CHECK, Outcome.NOT_RUN})


@dataclass(frozen=True)
class Waiver:
    """A signed waiver: check, reason, last day (``YYYY-MM-DD``), who, printed name, when, leaf hash of the record."""

    check: str
    reason: str
    until: str
    signer: str
    printed_name: str
    at: str
    leaf: str

    def holds(self, today: date) -> bool:
        """Say whether it still holds on a day."""
        return date.fromisoformat(self.until) >= today


@dataclass(frozen=True)
class Gate:
    """What the results come to.

    Parameters
    ----------
    outcome
        PASS, FAIL or COULD_NOT_CHECK.
    failed, unsure
        Ids of the checks that close the gate, and of those that keep it from passing.
    waived
        Ids of checks that would, but for a waiver.
    expired
        Ids of checks whose waiver is past its last day.
    """

    outcome: Outcome
    failed: tuple[str, ...]
    unsure: tuple[str, ...]
    waived: tuple[str, ...]
    expired: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """The exit code of a command that ends with this gate."""
        return EXIT[self.outcome]


def judge(results: Iterable[Result], waivers: Mapping[str, Waiver], today: date) -> Gate:
    """Judge the results.

    Parameters
    ----------
    results
        Of all checks that were to be run. Where none of them said anything of the data, nothing passed.
    waivers
        The newest waiver by check.
    today
        The day on which a waiver has to hold.
    """
    results = list(results)
    failed = [one.check.id for one in results if one.outcome == Outcome.FAIL and one.check.severity in _CLOSING]
    unsure = [one.check.id for one in results if one.outcome in _UNSURE]
    held = {name for name, one in waivers.items() if one.holds(today)}
    open_failed = tuple(name for name in failed if name not in held)
    open_unsure = tuple(name for name in unsure if name not in held)
    outcome = Outcome.PASS
    if open_failed:
        outcome = Outcome.FAIL
    elif open_unsure or not any(one.outcome in _ANSWERED or one.check.id in held for one in results):
        outcome = Outcome.COULD_NOT_CHECK
    concerned = [one.check.id for one in results if one.check.id in {*failed, *unsure}]
    return Gate(
        outcome,
        open_failed,
        open_unsure,
        tuple(name for name in concerned if name in held),
        tuple(name for name in concerned if name in waivers and name not in held),
    )
