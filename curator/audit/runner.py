"""Run checks over a subject. Whatever a check raises becomes "could not check"; only its own word is PASS or FAIL."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from curator.audit.catalog import Listed
from curator.audit.model import SHOWN, VAULT, Answer, Check, Finding, Outcome, Subject
from curator.core.errors import CheckError, CuratorError
from curator.core.quiet import place

#: Codes whose facts are words of the program itself.
_OWN_WORDS = frozenset({"AUD-002", "AUD-007"})
_GIVEN = frozenset({Outcome.PASS, Outcome.FAIL, Outcome.COULD_NOT_CHECK, Outcome.NOT_APPLICABLE})


@dataclass(frozen=True)
class Attested:
    """What the vault's holder said of a check over these very bytes: outcome, summary, figures, who and when."""

    outcome: Outcome
    summary: str
    figures: Mapping[str, Any]
    signer: str
    printed_name: str
    at: str
    #: Each person's word apart, where several sites' people attest.
    rows: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Result:
    """A check that was run, or was not.

    Parameters
    ----------
    listed
        The check, and where it is from.
    answer
        What came of it.
    attested
        Whose word it is, where it is not this audit's.
    code
        Of what stopped it, or empty.
    seconds
        How long it took; outside of every promise of identity.
    """

    listed: Listed
    answer: Answer
    attested: Attested | None = None
    code: str = ""
    seconds: float = 0.0

    @property
    def check(self) -> Check:
        """The check."""
        return self.listed.check

    @property
    def outcome(self) -> Outcome:
        """Its outcome."""
        return self.answer.outcome


class Shown(Protocol):
    """What the runner asks of a subject besides what checks do."""

    def show(self, where: str) -> str:
        """Return a place as it may stand in a report."""
        ...


def run_checks(
    subject: Subject,
    checks: Iterable[Listed],
    *,
    disabled: frozenset[str] = frozenset(),
    attested: Mapping[str, Attested] | None = None,
    tell: Callable[[Result], None] = lambda _: None,
    show: Callable[[str], str] = str,
) -> list[Result]:
    """Run checks one after the other.

    Parameters
    ----------
    subject
        What is audited.
    checks
        Which, in order.
    disabled
        Ids of those that are switched off.
    attested
        By id, what the vault's holder signed over this subject's payload.
    tell
        Called with each result.
    show
        Gives a finding's place as it may stand in a report.

    Returns
    -------
    list
        One result a check.
    """
    made = []
    for one in checks:
        start = time.monotonic()
        result = _run(subject, one, disabled, attested or {}, show)
        result = replace(result, seconds=time.monotonic() - start)
        made.append(result)
        tell(result)
    return made


def _run(
    subject: Subject,
    listed: Listed,
    disabled: frozenset[str],
    attested: Mapping[str, Attested],
    show: Callable[[str], str],
) -> Result:
    check = listed.check
    if check.id in disabled:
        return Result(listed, Answer(Outcome.NOT_RUN, "switched off in the settings"))
    try:
        lacking = [need for need in check.needs if not subject.has(need)]
        word = attested.get(check.id)
        if lacking == [VAULT] and word is not None:
            return Result(listed, _attested(word), word)
        if lacking:
            return Result(
                listed, Answer(Outcome.COULD_NOT_CHECK, f"needs the {', the '.join(lacking)}"), code="AUD-007"
            )
        return Result(listed, _judged(_answer(subject, check), show))
    except CuratorError as error:
        return Result(listed, _stopped(stopped_by(error)), code=error.code)
    except (OSError, MemoryError) as error:
        return Result(listed, _stopped(f"stopped by the machine at {place(error)}"))
    except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a value; the place says enough
        return Result(listed, _stopped(f"stopped at {place(error)}"))


def _answer(subject: Subject, check: Check) -> Answer:
    """Run a check; a subject of joined sites says itself whether each is asked apart, or all together."""
    ask: Callable[[Check], Answer] | None = getattr(subject, "ask", None)
    return check.run(subject) if ask is None else ask(check)


def stopped_by(error: CuratorError) -> str:
    """Return what stopped a check, in words that may stand in a report.

    Facts of an error may name a path of whoever made the data, so the sentence is told without them; those of settings
    and of what is lacking are the program's own words.
    """
    said = error if error.code in _OWN_WORDS else CheckError(error.code)
    return f"stopped by {error.code} {said.sentence}".rstrip()


def _stopped(text: str) -> Answer:
    return Answer(Outcome.COULD_NOT_CHECK, text)


def _attested(word: Attested) -> Answer:
    """Return the answer that somebody's signed word gives: only a PASS is attested; a FAIL stays a FAIL."""
    by = f"attested by {word.printed_name} ({word.signer}) at {word.at}: {word.summary}"
    if word.rows:
        by = f"attested by who has the sites' vaults: {word.summary}"
    tables = {"attested": [dict(row) for row in word.rows]} if word.rows else {}
    outcome = {Outcome.PASS: Outcome.ATTESTED, Outcome.NOT_APPLICABLE: Outcome.ATTESTED, Outcome.FAIL: Outcome.FAIL}
    return Answer(outcome.get(word.outcome, Outcome.COULD_NOT_CHECK), by, word.figures, tables=tables)


def _judged(answer: object, show: Callable[[str], str]) -> Answer:
    """Return an answer that may stand in a report; one that breaks the contract counts as none."""
    if not isinstance(answer, Answer):
        return _stopped("the check gave no answer")
    if answer.outcome not in _GIVEN:
        return _stopped("the check gave an outcome that is not its to give")
    shown = tuple(Finding(show(one.where), one.what, one.count) for one in answer.findings[:SHOWN])
    total = max(answer.total, len(answer.findings))
    return replace(
        answer, findings=shown, total=total, figures=_plain(dict(answer.figures)), tables=_plain(dict(answer.tables))
    )


def _plain(value: Any) -> Any:
    """Return figures as a report writes them: JSON, fractions to twelve digits, what is no number as null."""
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    item = getattr(value, "item", None)  # a number of numpy's
    if item is None:
        raise TypeError("a figure is no JSON")
    return _plain(item())
