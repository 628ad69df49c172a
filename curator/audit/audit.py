"""One audit from the beginning to its report: checks, attestations, waivers, gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from curator.audit.attestation import read_attestations
from curator.audit.carried import carried, stronger
from curator.audit.catalog import catalog, chosen
from curator.audit.choose import AnySubject
from curator.audit.gate import Waiver, judge
from curator.audit.joined.subject import JoinedSubject
from curator.audit.model import LEDGER
from curator.audit.package_subject import PackageSubject
from curator.audit.project_subject import ProjectSubject
from curator.audit.report import Report, make_report
from curator.audit.runner import Attested, Result, run_checks
from curator.audit.settings import disabled
from curator.core.clock import Clock
from curator.core.errors import CuratorError, UsageError
from curator.provenance.keys import SeedSigner
from curator.provenance.state import State


@dataclass(frozen=True)
class Wishes:
    """What is asked of an audit.

    Parameters
    ----------
    only
        Ids or groups of checks; all when empty.
    extra
        Python files with checks of the user's.
    attestations
        Files with the signed word of the vault's holder.
    installed
        Whether checks of installed packages are run.
    """

    only: Sequence[str] = ()
    extra: Sequence[Path] = ()
    attestations: Sequence[Path] = ()
    installed: bool = True


@dataclass
class Audit:
    """What an audit came to: its report and the results behind it."""

    report: Report
    results: list[Result] = field(default_factory=list)


def audit(subject: AnySubject, wishes: Wishes, clock: Clock, tell: Callable[[Result], None] = lambda _: None) -> Audit:
    """Audit a subject.

    Parameters
    ----------
    subject
        What is audited.
    wishes
        What is asked.
    clock
        Says whether a waiver still holds; its time stands in the report's ``run`` alone.
    tell
        Called with each result.

    Raises
    ------
    UsageError
        AUD-001, AUD-002, AUD-008, AUD-013, AUD-015.
    IntegrityError
        AUD-016.
    """
    moment = clock.now()
    listed = catalog(wishes.extra, installed=wishes.installed)
    wanted = chosen(listed, wishes.only)
    off = disabled(subject.settings, (one.check.id for one in listed))
    state = _state(subject)
    check_vault(subject, state)
    attested: dict[str, Attested] = subject.attested if isinstance(subject, JoinedSubject) else {}
    if isinstance(subject, PackageSubject):
        attested = carried(subject)
    if wishes.attestations and isinstance(subject, JoinedSubject):
        raise UsageError("SIT-021")
    if wishes.attestations:
        if state is None:
            raise UsageError("AUD-019")
        for name, word in read_attestations(wishes.attestations, subject).items():
            attested[name] = stronger(attested[name], word) if name in attested else word
    results = run_checks(subject, wanted, disabled=off, attested=attested, tell=tell, show=subject.show)
    waivers = waivers_of(state)
    gate = judge(results, waivers, moment.date())
    report = make_report(subject, results, gate, waivers, moment, complete=len(wanted) == len(listed))
    return Audit(report, results)


def _state(subject: AnySubject) -> State | None:
    """Return the ledger's state, None where there is none or it is broken: the check of the ledger says so."""
    if not subject.has(LEDGER):
        return None
    try:
        return subject.state()
    except CuratorError:
        return None


def check_vault(subject: AnySubject, state: State | None) -> None:
    """Refuse a vault of another project: searched for another hospital's patients, any data would pass (AUD-013).

    A folder that came with nothing cannot be held against a vault; whoever gives one there answers for it.
    """
    if subject.vault is None or not isinstance(subject, ProjectSubject | PackageSubject):
        return
    if state is not None and SeedSigner(subject.vault.operator_key()).public not in state.operator_keys():
        raise UsageError("AUD-013")


def waivers_of(state: State | None) -> dict[str, Waiver]:
    """Return the newest waiver of each check, with printed names."""
    if state is None:
        return {}
    return {
        one.check: Waiver(
            one.check,
            one.reason,
            one.until,
            one.signer,
            state.people[one.signer].printed_name,
            one.at,
            one.leaf,
        )
        for one in state.facts.waivers.values()
    }
