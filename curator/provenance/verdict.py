"""What the verification of a ledger found, in words: a heading and a few lines, with figures and without adjectives."""

from __future__ import annotations

from dataclasses import dataclass

from curator.core.errors import IntegrityError
from curator.provenance.keys import key_id
from curator.provenance.records import LABEL
from curator.provenance.verify import CONTENT, LedgerReport


@dataclass(frozen=True)
class Line:
    """One line of a report: PASS, FAIL, COULD NOT CHECK or NOTE, and a sentence."""

    mark: str
    text: str


def short(digest: str) -> str:
    """Shorten a hex digest for people's eyes."""
    return f"{digest[:4]}…{digest[-2:]}"


def heading(report: LedgerReport) -> str:
    """Say in one line what was verified."""
    newest = max(report.seals, key=lambda seal: (seal.size, "" in seal.by), default=None)
    if newest is None:
        by = "no checkpoint"
    elif "" in newest.by:
        by = f"checkpoint signed by operator {short(key_id(report.state.operator_at(newest.size)))}"
    else:
        by = f"checkpoint signed by {newest.by[0]} (interim)"
    return f"{report.size:,} records · tree {short(report.root.hex())} · {by}"


def lines(report: LedgerReport, rewritable: str | None = None) -> list[Line]:
    """Say in a few lines what was found, with figures and without adjectives.

    Parameters
    ----------
    report
        What was found.
    rewritable
        What a holder of all keys could have rewritten, where :mod:`curator.provenance.anchors` has said it.
    """
    state, size = report.state, report.size
    if report.error is not None:
        at = "" if report.record is None else f"first bad record: {report.record} · "
        mark = "FAIL" if isinstance(report.error, IntegrityError) else "COULD NOT CHECK"
        return [Line(mark, f"{at}{report.error.code} {report.error.sentence}")]
    unaltered = "every record unaltered and in place"
    if report.depth == CONTENT:
        unaltered = f"{size:,} records hash to the tree that every stored checkpoint was signed for"
    if report.held is not None:
        unaltered += f"; extends the held checkpoint ({report.held.size:,}) without rewriting it"
    people = len(state.signers - {key_id(one) for one in state.operator_keys()})
    signed = f"{size:,} signatures by {people} enrolled people and the operator, each key valid when it signed"
    signed += f" · {len(report.seals):,} checkpoints"
    if report.depth == CONTENT:
        seen = state.counts.get(LABEL, 0)
        return [
            Line("PASS", unaltered),
            Line(
                "PASS",
                f"signatures of the {len(state.people)} people's enrollments and of {len(report.seals)} checkpoints",
            ),
            Line(
                "NOTE",
                f"{seen:,} labels' own signatures were checked when they were added, not now: --full checks them",
            ),
            *(Line("NOTE", text) for text in _notes(report, rewritable)),
        ]
    own = state.counts.get(LABEL, 0) - state.attested
    counted = f"{own:,} labels signed by their authors · {state.attested:,} import attestations, counted apart"
    return [Line("PASS", text) for text in (unaltered, signed, counted)] + [
        Line("NOTE", text) for text in _notes(report, rewritable)
    ]


def _notes(report: LedgerReport, rewritable: str | None = None) -> list[str]:
    made = []
    if report.purged:
        made.append(
            f"{report.purged:,} records purged by signed order: their leaf hashes stand, what they said is gone"
        )
    if report.pending:
        made.append(
            f"{report.pending:,} parts are named by no commit: of appends that did not end, which acknowledged "
            "nothing, or of commits that were taken away"
        )
    size = report.size
    by_operator, by_anybody = report.sealed(operator=True), report.sealed(operator=False)
    if not report.operator_given:
        made.append("the operator's key was taken from the ledger itself: give --operator-key to compare it")
    made += [
        f"the operator's key was changed in record {one.since:,}, signed by {' and '.join(one.by)}"
        for one in report.state.operators[1:]
    ]
    if by_anybody < size:
        made.append(f"{size - by_anybody:,} records after the newest checkpoint: run 'curator ledger checkpoint'")
    if not by_operator:
        made.append("no checkpoint by the operator is stored: a cut of the newest records could not be seen")
    elif by_operator < by_anybody:
        made.append(f"after record {by_operator - 1:,} only enrolled people signed checkpoints, not the operator")
    if report.state.backwards is not None:
        first, count = report.state.backwards
        made.append(f"{count:,} records bear an earlier time than one before them, the first is record {first:,}")
    made.append(
        "whether newer records were cut off, together with all checkpoints over them, cannot be seen here, and takes "
        "no key: compare the number of records with one that is noted elsewhere"
    )
    if rewritable is not None:
        return [*made, rewritable]
    outside = report.held.size if report.held is not None else 0
    since = f"since the held checkpoint ({outside:,})" if outside else "no checkpoint held elsewhere was given:"
    made.append(f"{since} a holder of all keys could have rewritten {size - outside:,} records unseen")
    return made
