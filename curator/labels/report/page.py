"""The report on signed labels as a document of sections, charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curator.labels.opinions import REASONS, Opinions
from curator.labels.report.agreed import agreed, headline
from curator.labels.report.cards import Card, Version
from curator.labels.report.gallery import told
from curator.labels.report.material import Difference, Kind
from curator.labels.report.weeks import Weekly
from curator.report.model import (
    Block,
    Cell,
    Document,
    Lines,
    Picture,
    Section,
    Table,
    Text,
)


@dataclass(frozen=True)
class Parts:
    """What a report is made of."""

    found: Opinions
    kinds: Sequence[Kind]
    weekly: Weekly
    drifts: Sequence[tuple[str, Weekly]]
    cards: Sequence[Card]
    versions: Sequence[Version]
    worst: Sequence[Difference]
    pictures: Sequence[Picture]
    missing: dict[str, int]
    dataset: str
    version: str


def page(parts: Parts) -> Document:
    """Return the report; its date is the newest signature's, so that one ledger gives one report."""
    found = parts.found
    facts = (
        ("Dataset", parts.dataset),
        ("Labels", f"{found.labels:,}, of which {len(found.used):,} are readings by {len(parts.cards):,} readers"),
        ("Ledger", f"{found.log.report.size:,} records, every signature verified"),
        ("Root of the ledger", found.log.report.root.hex()),
        ("Newest signature", found.log.state.newest_time),
        ("Made by", f"curator {parts.version}"),
    )
    sections = (
        _summary(parts),
        Section("Agreement", _first(parts.kinds), tuple(agreed(kind) for kind in parts.kinds)),
        _gallery(parts),
        _work(parts),
        _guidelines(parts.versions),
        _cards(parts),
        _method(),
    )
    return Document("Labels: readers and their agreement", parts.dataset, facts, sections, found.log.state.newest_time)


def _summary(parts: Parts) -> Section:
    found = parts.found
    rows = []
    for kind in parts.kinds:
        name, value = headline(kind)
        readers = len({one.author for one in kind.used})
        units = len({(one.sample, one.part) for one in kind.used})
        rows.append(tuple(map(Cell, (kind.kind, f"{len(kind.used):,}", f"{units:,}", f"{readers:,}", name, value))))
    head = ("Kind", "Readings", "Units", "Readers", "Measure", "Value and interval")
    blocks: list[Block] = [Table("What was read, and how far readers agree", head, tuple(rows), (1, 2, 3))]
    left = sum(found.left_out.values())
    if left:
        reasons = tuple(
            (Cell(text), Cell(f"{found.left_out[reason]:,}"))
            for reason, text in REASONS.items()
            if found.left_out[reason]
        )
        blocks.append(
            Table(f"{left:,} labels are no readings and count nowhere below", ("Why", "Labels"), reasons, (1,))
        )
    attested = sum(one.attested for one in found.used)
    if attested:
        blocks.append(
            Text(f"{attested:,} readings are attested by who imported them, not signed by their reader.", "note")
        )
    if found.unstated:
        blocks.append(Text(f"{found.unstated:,} readings do not state their origin; they count as a person's.", "note"))
    other = sorted({one.kind for one in found.used} - {kind.kind for kind in parts.kinds})
    if other:
        count = sum(one.kind in other for one in found.used)
        blocks.append(
            Text(f"{count:,} readings of {len(other)} other kinds are counted by week, not compared.", "note")
        )
    return Section("Summary", tuple(blocks))


def _first(kinds: Sequence[Kind]) -> tuple[Block, ...]:
    if not kinds:
        return (Text("No kind of label here can be compared.", "unsure"),)
    how = next((kind.agreement["intervals"] for kind in kinds if kind.agreement), None)
    if how is None:
        return ()
    text = f"Intervals hold {100 * how['level']:g} %: {how['samples']:,} bootstraps over patients, seed {how['seed']}."
    return (Text(text if how["samples"] else "No intervals were made."),)


def _gallery(parts: Parts) -> Section:
    blocks: list[Block] = [
        Text(
            "Where two readers differ most, kinds in turn. The score is 1 for agreement in everything: of areas Dice, "
            "of boxes and key points F1 with matched finds counted by their IoU or OKS, of spans F1 by characters, of "
            "grades and amounts by their distance, of classes 0. Images are those of clean/, proven by the journal."
        )
    ]
    rows = tuple(
        (
            Cell(str(number)),
            Cell(" ".join(filter(None, (one.kind, one.label)))),
            Cell(one.sample),
            *(
                Cell(f"{reader}: {told(said)}", source=", ".join(f"record {o.leaf}" for o in said[:3]))
                for reader, said in zip(one.readers, one.said, strict=True)
            ),
            Cell(f"{one.score:.3f}"),
        )
        for number, one in enumerate(parts.worst, 1)
    )
    head = ("No.", "Kind", "Sample", "One reader", "Another reader", "Score")
    blocks.append(Table("Greatest differences", head, rows, (0, 5), _omitted(parts)))
    blocks += parts.pictures
    for why, count in parts.missing.items():
        blocks.append(Text(f"{count:,} images are not shown: {why}.", "note"))
    return Section("Disagreements", tuple(blocks))


def _omitted(parts: Parts) -> str:
    more = sum(len(kind.differences) for kind in parts.kinds) - len(parts.worst)
    return f"{more:,} further differences are not listed." if more > 0 else ""


def _work(parts: Parts) -> Section:
    weekly = parts.weekly
    charts: list[Block] = [
        Text("Weeks are ISO weeks of the times that readers or their tools state, not of signatures."),
        Lines("Readings by week", weekly.weeks, weekly.series, "readings", low=0.0),
    ]
    charts += [
        Lines(
            f"Agreement with the other readers by week: {kind}", one.weeks, one.series, "mean score", low=0.0, high=1.0
        )
        for kind, one in parts.drifts
    ]
    return Section("Throughput and drift", tuple(charts))


def _guidelines(versions: Sequence[Version]) -> Section:
    rows = tuple(
        (
            Cell(one.name),
            Cell(f"{one.readings:,}"),
            Cell(f"{one.readers:,}"),
            Cell(f"{one.first} to {one.last}" if one.first else ""),
            Cell("a later version is registered", "unsure" if one.readings else "plain")
            if one.followed
            else Cell("newest"),
        )
        for one in versions
    )
    old = sum(one.readings for one in versions if one.followed)
    said = (
        f"{old:,} readings rest on a version that a later one follows."
        if old
        else "All readings rest on newest versions."
    )
    head = ("Guideline", "Readings", "Readers", "Days", "State")
    return Section("Guidelines", (Text(said, "unsure" if old else "good"), Table("Versions", head, rows, (1, 2))))


def _cards(parts: Parts) -> Section:
    kinds = [kind.kind for kind in parts.kinds if any(kind.kind in card.agreement for card in parts.cards)]
    head = (
        "Reader",
        "Readings",
        "Samples",
        "First",
        "Last",
        "Attested",
        "Reviewed",
        "Rejected",
        "Corrected",
        "Withdrawn",
        "Old guideline",
    )
    rows = tuple(
        tuple(
            Cell(value if isinstance(value, str) else f"{value:,}")
            for value in (
                card.reader, card.readings, card.samples, card.first, card.last, card.attested, card.reviewed,
                card.rejected, card.corrected, card.withdrawn, card.outdated,
            )
        )
        for card in parts.cards
    )  # fmt: skip
    blocks: list[Block] = [Table("Readers", head, rows, (1, 2, *range(5, 11)))]
    if kinds:
        means = tuple(
            (
                Cell(card.reader),
                *(
                    Cell(
                        f"{card.agreement[kind][0]:.3f} ({card.agreement[kind][1]:,})"
                        if kind in card.agreement
                        else "none"
                    )
                    for kind in kinds
                ),
            )
            for card in parts.cards
        )
        blocks.append(
            Table(
                "Mean score against the other readers, and number of comparisons",
                ("Reader", *kinds),
                means,
                tuple(range(1, len(kinds) + 1)),
            )
        )
    blocks.append(Text("Agreement says how far readers agree, not who is right; cases differ between readers.", "note"))
    return Section("Scorecards", tuple(blocks))


def _method() -> Section:
    return Section(
        "How this was made",
        (
            Text(
                "The whole ledger was verified first: every signature, every rule, its tree. Readings are the labels "
                "of people. Labels of models, interpolated, withdrawn, corrected by their own author, and those of an "
                "adjudication or consensus are left out and counted. A label that another person superseded stays."
            ),
            Text(
                "A reader's first reading of a unit counts between readers; further ones are compared with the "
                "reader's own. A reader has read a sample when any label by that reader is signed for it. Not covered: "
                "whether a stated time is true, and whether readers saw each other's labels outside of this program."
            ),
        ),
    )
