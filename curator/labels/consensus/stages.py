"""Where each sample stands in a workflow, computed from the ledger's records alone.

Nothing is stored: the same records give the same stages, on any machine. A sample stands at the first stage that is not
done, so that a label that is rejected or withdrawn sends it back by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curator.labels.consensus.opinions import (
    ORIGINS,
    Choice,
    Opinion,
    Signed,
    Story,
    Unit,
    gather,
    units_of,
)
from curator.labels.consensus.severity import Scale, rank, with_ranges
from curator.labels.consensus.workflow import ADJUDICATE, APPROVE, LABEL, REVIEW, Stage, Workflow
from curator.labels.samples import SampleLike
from curator.provenance import status
from curator.provenance.state import State

DONE = "done"
#: A label with one of these is past its review.
_SEEN = status.REVIEWED | status.REJECTED | status.APPROVED
_GONE = status.WITHDRAWN | status.SUPERSEDED


@dataclass(frozen=True)
class Marked:
    """A label with the marks that say what became of it, and the roles of its author."""

    signed: Signed
    marks: int
    roles: frozenset[str] = frozenset()

    @property
    def counts(self) -> bool:
        """True for what was once said and neither taken back nor rejected; a settled one still counts as a reading."""
        return not self.marks & _GONE and (not self.marks & status.REJECTED or bool(self.marks & status.RESOLVED))

    @property
    def stands(self) -> bool:
        """True for what could still be the label of the sample."""
        return not self.marks & (status.ENDED | status.REJECTED)


@dataclass
class Case:
    """One sample: its labels with their marks, and the questions that its opinions answer."""

    sample: SampleLike
    labels: list[Marked] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)

    def of_stage(self, stage: Stage) -> list[Marked]:
        """Return the labels that count for a stage: of its name, by people with one of its roles."""
        own = [one for one in self.labels if one.signed.stage == stage.name and one.roles & set(stage.roles)]
        return [one for one in own if one.counts and not one.signed.derived]

    def authors(self) -> set[str]:
        """Return everybody who labeled the sample."""
        return {one.signed.author for one in self.labels}


@dataclass(frozen=True)
class Board:
    """Where every sample stands.

    Parameters
    ----------
    workflow
        The stages.
    cases
        UID to case, in the order of the samples' paths.
    at
        UID to the name of the stage at which it stands, or :data:`DONE`.
    passed
        Stage to how many samples it did not concern, since their labels do not differ.
    left_out
        Why to how many signed labels count nowhere here: ``origin`` is not one of the workflow's, ``sample`` is none
        of those that were asked for.
    """

    workflow: Workflow
    cases: Mapping[str, Case]
    at: Mapping[str, str]
    passed: Mapping[str, int]
    scale: Scale
    left_out: Mapping[str, int] = field(default_factory=dict)

    def units(self, case: Case, *, standing: bool = True) -> list[Unit]:
        """Return the questions of a sample; of labels that stand, or of all that count."""
        marks = {one.signed.label_id: one for one in case.labels}
        kept = []
        for one in case.opinions:
            mark = marks[one.signed.label_id]
            if mark.stands if standing else mark.counts:
                kept.append(one)
        return units_of(kept)

    def differs(self, units: Iterable[Unit]) -> list[Unit]:
        """Return the questions whose answers are farther apart than the workflow's tolerance."""
        made = []
        for unit in units:
            found = rank(unit, self.scale)
            if found is not None and found.greatest > self.workflow.tolerance:
                made.append(unit)
        return made


def board(story: Story, state: State, root: Path, samples: Iterable[SampleLike], workflow: Workflow) -> Board:
    """Compute where every sample stands.

    Parameters
    ----------
    story, state
        Of the verified ledger.
    root
        The project's root, for values that stand in files.
    samples
        Every sample that the workflow is about, by path.
    workflow
        The stages.

    Raises
    ------
    UsageError
        LBL-043 for a value whose file is lacking or changed.
    """
    cases = {sample.uid: Case(sample) for sample in samples}
    left: Counter[str] = Counter()
    for signed in story.signed:
        if signed.sample.uid not in cases:
            left["sample"] += 1
        elif not signed.derived and signed.origin not in workflow.origins:
            left["origin"] += 1
        else:
            known = state.labels.get(signed.label_id)
            marks = known.status if known is not None else status.WITHDRAWN
            roles = frozenset(state.person(signed.author).roles)
            cases[signed.sample.uid].labels.append(Marked(signed, marks, roles))
    choice = Choice(frozenset(ORIGINS), settled=True, derived=True)
    opinions = gather(story, state, root, choice).opinions
    kept = {one.signed.label_id for case in cases.values() for one in case.labels}
    for one in opinions:
        if one.signed.label_id in kept:
            cases[one.signed.sample.uid].opinions.append(one)
    scale = with_ranges(Scale(), units_of(opinions))
    at: dict[str, str] = {}
    passed: Counter[str] = Counter()
    made = Board(workflow, cases, at, passed, scale, left)
    for uid, case in cases.items():
        at[uid] = _stands(made, case, passed)
    return made


def _stands(made: Board, case: Case, passed: Counter[str]) -> str:
    for number, stage in enumerate(made.workflow.stages):
        if stage.differs and not _differing(made, case, made.workflow.stages[:number], stage):
            passed[stage.name] += 1
            continue
        if not _done(made, case, stage):
            return stage.name
    return DONE


def _differing(made: Board, case: Case, before: Sequence[Stage], stage: Stage) -> bool:
    if stage.act == ADJUDICATE:
        return bool(made.differs(made.units(case)))
    names = {one.name for one in before if one.act == LABEL}
    return bool(made.differs(units_of(one for one in case.opinions if one.signed.stage in names)))


def _done(made: Board, case: Case, stage: Stage) -> bool:
    if stage.act == LABEL:
        return len({one.signed.author for one in case.of_stage(stage)}) >= stage.readers
    if stage.act == REVIEW:
        return all(one.marks & _SEEN for one in case.labels if one.stands)
    if stage.act == ADJUDICATE:
        return not made.differs(made.units(case))
    return stage.act == APPROVE and _approved(case)


def _approved(case: Case) -> bool:
    """Say whether each question has an approved label; labels without a question need their own approval."""
    questions: dict[Any, bool] = {}
    asked = {one.signed.label_id: (one.signed.part, one.question) for one in case.opinions}
    for one in case.labels:
        if one.stands:
            key = asked.get(one.signed.label_id, one.signed.label_id)
            questions[key] = questions.get(key, False) or bool(one.marks & status.APPROVED)
    return bool(questions) and all(questions.values())


def status_document(made: Board, state: State) -> dict[str, Any]:
    """Return the table of samples by stage, as schemas/labels-status.schema.json has it; its counts close."""
    counts = Counter(made.at.values())
    begun = sum(1 for case in made.cases.values() if case.labels)
    return {
        "format": 1,
        "workflow": made.workflow.name,
        "tolerance": made.workflow.tolerance,
        "ledger": {"records": state.size, "root": state.tree.root().hex()},
        "samples": len(made.cases),
        "begun": begun,
        "leftOut": dict(sorted(made.left_out.items())),
        "stages": [
            {
                "stage": stage.name,
                "act": stage.act,
                "waiting": counts[stage.name],
                "notConcerned": made.passed.get(stage.name, 0),
                "progress": _progress(made, stage),
            }
            for stage in made.workflow.stages
        ],
        "done": counts[DONE],
    }


def _progress(made: Board, stage: Stage) -> dict[str, int]:
    """Count the samples that wait at a stage for labels by how many of its readers are there already."""
    if stage.act != LABEL:
        return {}
    found: Counter[str] = Counter()
    for uid, name in made.at.items():
        if name == stage.name:
            readers = len({one.signed.author for one in made.cases[uid].of_stage(stage)})
            found[f"{readers} of {stage.readers}"] += 1
    return dict(sorted(found.items()))
