"""Answers made of findings: a finding fails the check, none passes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from curator.audit.model import SHOWN, Answer, Finding, Outcome
from curator.core.errors import CheckError


class Few:
    """Findings of which all are counted and the first are kept, so that a bad project needs no more memory.

    Parameters
    ----------
    findings
        Any number; they are taken now.
    """

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self.total = 0
        self._kept: list[Finding] = []
        for one in findings:
            self.append(one)

    def append(self, one: Finding) -> None:
        """Take one more."""
        self.total += 1
        if len(self._kept) < SHOWN:
            self._kept.append(one)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take more."""
        for one in findings:
            self.append(one)

    def __len__(self) -> int:
        return self.total

    def __iter__(self) -> Iterator[Finding]:
        """Yield those that were kept."""
        yield from self._kept


def judged(
    findings: Iterable[Finding],
    passed: str,
    failed: str,
    figures: Mapping[str, Any] | None = None,
    tables: Mapping[str, list[dict[str, Any]]] | None = None,
    *,
    about: int | None = None,
) -> Answer:
    """Return FAIL with the findings when there are any, PASS otherwise.

    Parameters
    ----------
    findings
        Any number; the first :data:`curator.audit.model.SHOWN` are kept.
    passed, failed
        The summary; ``{total}`` in ``failed`` becomes the number of findings.
    figures, tables
        As :class:`curator.audit.model.Answer`.
    about
        How many labels the check was about; without any and without findings it is NOT_APPLICABLE, not PASS.
    """
    few = findings if isinstance(findings, Few) else Few(findings)
    total = len(few)
    if about == 0 and not total:
        return not_applicable("no label stands")
    outcome = Outcome.FAIL if total else Outcome.PASS
    summary = failed.format(total=f"{total:,}") if total else passed
    return Answer(outcome, summary, dict(figures or {}), tuple(few), total, dict(tables or {}))


def not_applicable(why: str) -> Answer:
    """Return the answer of a check that has nothing to be about."""
    return Answer(Outcome.NOT_APPLICABLE, why)


def could_not(why: str, figures: Mapping[str, Any] | None = None) -> Answer:
    """Return the answer of a check that could not be made."""
    return Answer(Outcome.COULD_NOT_CHECK, why, dict(figures or {}))


def coded(code: str) -> str:
    """Return a code with its sentence, without the facts of the case: these may be somebody else's words."""
    return f"{code} {CheckError(code).sentence}".rstrip().rstrip(".")
