"""Answers of checks that look at every file: found is FAIL, not looked at is COULD_NOT_CHECK, only the rest is PASS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from curator.audit.answers import Few, coded
from curator.audit.model import SHOWN, Answer, Finding, Looked, Outcome, Probe, Subject
from curator.audit.privacy.foreign import is_data

#: What of a file is a finding: (what, how often).
Judge = Callable[[Looked], Iterable[tuple[str, int]]]


def answered(
    subject: Subject,
    probes: Iterable[Probe],
    judge: Judge,
    *,
    passed: str,
    failed: str,
    figures: Mapping[str, Any] | None = None,
) -> Answer:
    """Run probes over a subject's files and make the answer.

    Parameters
    ----------
    subject, probes
        What is looked at, with what.
    judge
        Given what a probe found of a file.
    passed, failed
        The summary; ``{files}`` and ``{total}`` stand for numbers.
    figures
        Further numbers.

    Returns
    -------
    Answer
        NOT_APPLICABLE when no probe wanted any file.
    """
    findings, lost = Few(), Few()
    kinds: Counter[str] = Counter()
    files = 0
    for probe in probes:
        for seen in subject.looked(probe):
            files += 1
            if seen.found is None:
                lost.append(Finding(seen.file.path, f"not looked at: {coded(seen.code)}"))
                continue
            if seen.found.get("unread") and is_data(seen.file.path, subject.kind):
                lost.append(Finding(seen.file.path, "not looked at whole: nothing here reads its format"))
            for what, count in judge(seen):
                kinds[what] += count
                findings.append(Finding(seen.file.path, what, count))
    total = len(findings)
    numbers = {"files": files, "findings": total, "not_looked_at": len(lost), **(figures or {})}
    tables = {"findings": [{"what": what, "count": count} for what, count in sorted(kinds.items())]} if kinds else {}
    if not files:
        return Answer(Outcome.NOT_APPLICABLE, "there is no file that this check is about", numbers)
    outcome = Outcome.FAIL if total else Outcome.COULD_NOT_CHECK if lost else Outcome.PASS
    summary = (failed if total else passed).format(files=f"{files:,}", total=f"{total:,}")
    if lost:
        summary += f"; {len(lost):,} files could not be looked at whole"
    shown = (*findings, *lost)[:SHOWN]
    return Answer(outcome, summary, numbers, shown, total + len(lost), tables)
