"""The opinions of a ledger: every signed label, and what else the records say of who saw what before.

Records are taken in their order from a verification, so that nothing is read that was not proven. A label is left out
for one reason, the first that holds; all reasons are counted, and labels read = labels counted + labels left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.core.errors import UsageError
from curator.labels.asked import asked_in, several_asked
from curator.labels.consensus.questions import Question, question_of
from curator.labels.whole import as_read, read_whole
from curator.provenance import records, status
from curator.provenance.label_facts import scale_of
from curator.provenance.state import Record, State

#: Origins that count as one person's reading without being asked for.
HUMAN = "human"
ORIGINS = ("human", "model", "interpolated", "imported", "not-stated")
#: Why a label is no opinion here, in the order in which it is asked.
LEFT_OUT = (
    "withdrawn",
    "superseded",
    "rejected",
    "settled",
    "consensus",
    "origin",
    "stage",
    "guideline",
    "kind",
    "value",
)


@dataclass(frozen=True)
class Sample:
    """One clean file as the labels of it name it: new UID, path under the project, SHA-256."""

    uid: str
    path: str
    sha256: str


@dataclass(frozen=True)
class Signed:
    """One signed label, without its value.

    Parameters
    ----------
    label_id, leaf, index
        Its id, leaf hash (hex) and place in the ledger.
    author, signer
        Whose opinion it is, and who signed it; another person for an import attestation.
    sample, part
        What it is about; ``part`` as in :attr:`Opinion.part`.
    stage, guideline
        Stage, and (id, version).
    said
        The predicate's own words on independence: ``blinded``, ``independent``, ``informationShown``, ``preLabel``.
    derived
        Whether it was made of other labels.
    signed_at
        As the record says, UTC.
    members
        (label id, leaf hash) of the labels that a consensus was made of.
    """

    label_id: str
    leaf: str
    index: int
    author: str
    signer: str
    sample: Sample
    part: str
    stage: str
    guideline: tuple[str, str]
    said: Mapping[str, Any] = field(repr=False)
    origin: str = "not-stated"
    derived: bool = False
    signed_at: str = ""
    members: tuple[tuple[str, str], ...] = ()

    @property
    def attested(self) -> bool:
        """True when somebody else than the author signed it."""
        return self.author != self.signer


@dataclass(frozen=True)
class Opinion:
    """One reader's answer to one question about one part of a sample.

    Parameters
    ----------
    signed
        The label.
    question
        What was asked.
    value
        As a label file has it: fractions as digits; a value that stands in a file is read.
    confidence
        From 0 to 1 on the label's own scale; None when none was stated.
    ends
        Of a relation: the values of the labels that it joins.
    """

    signed: Signed
    question: Question
    value: Any = field(repr=False)
    confidence: float | None = None
    ends: tuple[Any, Any] | None = field(default=None, repr=False)

    @property
    def reader(self) -> str:
        """Whose opinion it is."""
        return self.signed.author


@dataclass(frozen=True)
class Shown:
    """A record that somebody was given samples: index, by whom, to whom, digests, and whether others' labels too."""

    index: int
    by: str
    to: str
    samples: frozenset[str]
    labels: bool | None


@dataclass
class Story:
    """What a ledger's records say, in their order; give :meth:`visit` to a verification."""

    signed: list[Signed] = field(default_factory=list)
    predicates: list[dict[str, Any]] = field(default_factory=list, repr=False)
    shown: list[Shown] = field(default_factory=list)
    #: Index, person and label ids of reviews and adjudications: who made them has seen these labels.
    judged: list[tuple[int, str, frozenset[str]]] = field(default_factory=list)
    keep_values: bool = True

    def visit(self, record: Record) -> None:
        """Take the next record."""
        said = record.predicate
        if record.kind == records.LABEL:
            self._label(record)
        elif record.kind == records.ACCESS:
            digests = frozenset(one["digest"]["sha256"] for one in record.subject if "name" not in one)
            labels = said.get("shown", {}).get("labels")
            self.shown.append(Shown(record.index, said["signer"], said["accessor"], digests, labels))
        elif record.kind in {records.REVIEWED, records.ADJUDICATED, records.APPROVED}:
            names = frozenset(one["name"].removeprefix("labels/") for one in record.subject)
            self.judged.append((record.index, said["signer"], names))

    def _label(self, record: Record) -> None:
        said, subject = record.predicate, record.subject[0]
        sample = Sample(subject["annotations"]["sopInstanceUid"], subject["name"], subject["digest"]["sha256"])
        names = ("blinded", "independent", "informationShown", "preLabel")
        self.signed.append(
            Signed(
                said["labelId"],
                record.leaf.hex(),
                record.index,
                said["author"],
                said["signer"],
                sample,
                part_of(said.get("location")),
                said["stage"],
                (said["guideline"]["id"], said["guideline"]["version"]),
                {name: said[name] for name in names if name in said},
                said.get("origin", "not-stated"),
                "consensus" in said or said.get("truthBasis") == "consensus",
                said["signedAt"],
                tuple((one["labelId"], one["leaf"]) for one in said.get("consensus", {}).get("members", ())),
            )
        )
        if self.keep_values:
            kept = ("kind", "value", "confidence", "confidenceScale", "labeledAt")
            self.predicates.append({name: said[name] for name in kept if name in said})


def part_of(location: Mapping[str, Any] | None) -> str:
    """Return a part of a sample as a text: ``frames 3;4``, ``slice 7``; empty for all of it."""
    if location is None:
        return ""
    if "slice" in location:
        return f"slice {location['slice']}"
    return "frames " + ";".join(map(str, location["frames"]))


def location_of(part: str) -> dict[str, Any] | None:
    """Return a part as a label file names it; None for all of the sample."""
    kind, _, numbers = part.partition(" ")
    if not kind:
        return None
    return {"slice": int(numbers)} if kind == "slice" else {"frames": [int(one) for one in numbers.split(";")]}


@dataclass(frozen=True)
class Choice:
    """Which labels count as opinions.

    Parameters
    ----------
    origins
        Of :data:`ORIGINS`.
    stages, guidelines, kinds
        Only these; empty for all.
    settled
        Take labels that an adjudication chose or set aside too: they were opinions once.
    derived
        Take labels that were made of others too.
    joint
        Masks of all classes answer one question.
    groups
        Class to the exclusive groups of an ontology that it is in.
    """

    origins: frozenset[str] = frozenset({HUMAN})
    stages: frozenset[str] = frozenset()
    guidelines: frozenset[tuple[str, str]] = frozenset()
    kinds: frozenset[str] = frozenset()
    settled: bool = False
    derived: bool = False
    joint: bool = False
    groups: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Gathered:
    """Opinions, how many labels were read, and how many were left out by reason.

    ``besides`` are (sample's UID, part, reader) of labels that were left out for their kind alone: who was asked for
    boxes alone and has only said a class has read the sample all the same.
    """

    opinions: tuple[Opinion, ...]
    read: int
    left_out: Mapping[str, int]
    besides: frozenset[tuple[str, str, str]] = frozenset()


def gather(story: Story, state: State, root: Path, choice: Choice) -> Gathered:
    """Choose the labels that count.

    Parameters
    ----------
    story
        From the verification that gave `state`.
    state
        Of the verified ledger.
    root
        The project's root, for values that stand in files.
    choice
        Which ones.

    Raises
    ------
    UsageError
        LBL-043 for a value whose file is lacking or changed.
    """
    made: list[Opinion] = []
    out: Counter[str] = Counter()
    times: list[str] = []
    besides: set[tuple[str, str, str]] = set()
    spans = {
        signed.label_id: (signed.author, signed.sample.uid, as_read(said["value"]))
        for signed, said in zip(story.signed, story.predicates, strict=True)
        if said["kind"] == "span"
    }
    for signed, said in zip(story.signed, story.predicates, strict=True):
        known = state.labels.get(signed.label_id)
        why = left_out(signed, known.status if known is not None else status.WITHDRAWN, choice)
        if why is None and choice.kinds and said["kind"] not in choice.kinds:
            why = "kind"
            besides.add((signed.sample.uid, signed.part, signed.author))
        if why is not None:
            out[why] += 1
            continue
        inner = read_whole(root, said["value"])
        value = inner if inner is not None else as_read(said["value"])
        question = question_of(said["kind"], value, joint=choice.joint, groups=choice.groups)
        if question is None:
            out["value"] += 1
            continue
        ends = None
        if said["kind"] == "relation":
            joined = [spans.get(value[end]) for end in ("from", "to")]
            own = [one[2] for one in joined if one is not None and one[:2] == (signed.author, signed.sample.uid)]
            if len(own) < 2:
                out["value"] += 1
                continue
            ends = (own[0], own[1])
        times.append(said["labeledAt"])
        made.append(Opinion(signed, question, value, confidence_of(said), ends))
    if not choice.groups:
        # Without an ontology only the classes themselves say that they answer different questions.
        made = asked_apart(made, times)
    return Gathered(
        tuple(made), len(story.signed), {name: out[name] for name in LEFT_OUT if out[name]}, frozenset(besides)
    )


def asked_apart(opinions: Sequence[Opinion], times: Sequence[str]) -> list[Opinion]:
    """Return opinions with classes as answers to the questions that they name, as :mod:`curator.labels.asked` says.

    Where nothing says which question an answer is to, all stay answers to one.
    """
    together: dict[tuple[str, ...], list[str]] = {}
    for one, at in zip(opinions, times, strict=True):
        if one.question.kind == "class":
            key = (one.signed.sample.uid, one.signed.part, one.reader, one.signed.stage, at)
            together.setdefault(key, []).append(one.value["class"])
    several, unsaid = several_asked(together)
    return _apart(opinions) if several and not unsaid else list(opinions)


def _apart(opinions: Iterable[Opinion]) -> list[Opinion]:
    return [
        replace(one, question=replace(one.question, about=asked_in(one.value["class"])))
        if one.question.kind == "class" and not one.question.about
        else one
        for one in opinions
    ]


def asked_alike(one: Sequence[Opinion], two: Sequence[Opinion]) -> tuple[list[Opinion], list[Opinion]]:
    """Return two lists with the classes of both as answers to questions where those of either are.

    A reference that asks one question alone says nowhere that it is one of several; what it is held against does.
    """
    if not any(each.question.kind == "class" and each.question.about for each in (*one, *two)):
        return list(one), list(two)
    return _apart(one), _apart(two)


def left_out(signed: Signed, marks: int, choice: Choice) -> str | None:
    """Return the first reason for which a label does not count, of :data:`LEFT_OUT`; None when it counts."""
    if marks & status.WITHDRAWN:
        return "withdrawn"
    if marks & status.SUPERSEDED:
        return "superseded"
    if marks & status.REJECTED:
        return "rejected"
    if marks & (status.RESOLVED | status.ADJUDICATED) and not choice.settled:
        return "settled"
    if signed.derived and not choice.derived:
        return "consensus"
    if signed.origin not in choice.origins:
        return "origin"
    if choice.stages and signed.stage not in choice.stages:
        return "stage"
    if choice.guidelines and signed.guideline not in choice.guidelines:
        return "guideline"
    return None


def confidence_of(said: Mapping[str, Any]) -> float | None:
    """Return a stated confidence, from 0 to 1 on its scale."""
    if "confidence" not in said:
        return None
    least, most, _ = scale_of(said.get("confidenceScale"))
    return float((Decimal(said["confidence"]) - least) / (most - least))


@dataclass(frozen=True)
class Unit:
    """All opinions on one question about one part of one sample.

    Parameters
    ----------
    sample, part, question
        What was asked.
    opinions
        In the order of the ledger.
    readers
        Everybody with a counted label of this part of the sample, sorted. Who has one has read it, and has answered
        'nothing there' to a question about boxes, masks or spans that he or she set none for.
    """

    sample: Sample
    part: str
    question: Question
    opinions: tuple[Opinion, ...]
    readers: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """Sample's UID, part and question, for a fixed order."""
        return self.sample.uid, self.part, self.question.text

    @property
    def guidelines(self) -> frozenset[tuple[str, str]]:
        """Guideline versions that the opinions rest on."""
        return frozenset(one.signed.guideline for one in self.opinions)


def units_of(opinions: Iterable[Opinion], besides: Iterable[tuple[str, str, str]] = ()) -> list[Unit]:
    """Put opinions on the same question together, sorted by sample, part and question.

    Who has a label of a whole sample has read each part of it, so that a find without one of theirs there is a no.

    Parameters
    ----------
    besides
        (sample's UID, part, reader) of whoever has read a part without an opinion of these.
    """
    by_key: dict[tuple[str, str, Question], list[Opinion]] = {}
    readers: dict[tuple[str, str], set[str]] = {}
    for uid, part, reader in besides:
        readers.setdefault((uid, part), set()).add(reader)
    for one in opinions:
        place = (one.signed.sample.uid, one.signed.part)
        by_key.setdefault((*place, one.question), []).append(one)
        readers.setdefault(place, set()).add(one.reader)
    made = []
    for (uid, part, question), found in by_key.items():
        answering = (
            readers[uid, part] | readers.get((uid, ""), set()) if question.drawn else {one.reader for one in found}
        )
        made.append(Unit(found[0].signed.sample, part, question, tuple(found), tuple(sorted(answering))))
    return sorted(made, key=lambda unit: unit.key)


def require_one_guideline(units: Iterable[Unit]) -> None:
    """Refuse units whose opinions follow different guidelines, or different versions of one (CON-001)."""
    mixed = sum(len(unit.guidelines) > 1 for unit in units)
    if mixed:
        raise UsageError("CON-001", count=mixed)


def story_of(folder: Path, advance: Callable[[int], None] | None = None, *, values: bool = True) -> tuple[Story, State]:
    """Verify a ledger and read what its records say.

    Raises
    ------
    IntegrityError
        For a ledger that is broken.
    """
    from curator.provenance.verify import verify_ledger

    story = Story(keep_values=values)
    state = verify_ledger(folder, visit=story.visit, advance=advance).require().state
    return story, state
