"""What the documents share: their heads, tables of counts with sources, and the answers that people gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from curator.release import layout
from curator.release.facts import Facts
from curator.release.requirements.table import requirements
from curator.release.shares import share_text
from curator.report.model import Block, Cell, Document, Section, Table, Text

#: Rows of a table that a document prints; the rest is counted below it.
MOST_ROWS = 400
NO_SPLIT = "no split"


def document(facts: Facts, title: str, sections: Iterable[Section]) -> Document:
    """Return a document with the head that all of them have."""
    said = facts.manifest
    head = (
        ("Dataset", said["dataset"]),
        ("Version", said["version"]),
        ("Date", said["date"]),
        *((("Organization", said["organization"]),) if said["organization"] else ()),
        ("Made by", said["program"]),
        ("Ledger root", said["ledger"]["root"]),
        ("Manifest", facts.source(layout.MANIFEST)),
        ("Status", "draft: not for submission" if facts.draft else "final"),
    )
    return Document(
        title=title,
        subtitle=facts.title,
        facts=head,
        sections=tuple(sections),
        date=said["date"],
        watermark="DRAFT" if facts.draft else "",
    )


def number(value: int, source: str = "") -> Cell:
    """Return a cell with a count."""
    return Cell(f"{value:,}", source=source)


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[object]], numeric: Sequence[int] = ()) -> Table:
    """Return a table of cells or plain texts; what is more than :data:`MOST_ROWS` rows is counted below it.

    A number without a source of its own comes from the same as the cell before it that names one, or the first that
    does: a share from its count, years of practice from the record that enrolled the reader. Days are left as they are.
    """
    made = tuple(_sourced(row) for row in list(rows)[:MOST_ROWS])
    left = len(rows) - len(made)
    omitted = f"{left:,} more rows; the case-level data hold all." if left > 0 else ""
    return Table(caption, tuple(head), made, tuple(numeric), omitted)


def _sourced(row: Sequence[object]) -> tuple[Cell, ...]:
    cells = [one if isinstance(one, Cell) else Cell(str(one)) for one in row]
    source = next((one.source for one in cells if one.source), "")
    made = []
    for one in cells:
        source = one.source or source
        bare = source and not one.source and one.text[:1].isdigit() and one.text[4:5] != "-"
        made.append(replace(one, source=source) if bare else one)
    return tuple(made)


def shares(caption: str, name: str, counted: Mapping[str, int], source: str) -> Table:
    """Return a table of categories with counts and shares with 95 % intervals; an empty one says so."""
    total = sum(counted.values())
    rows = [
        [one, number(count, source), share_text(count, total)]
        for one, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    ]
    rows.append(["all", number(total, source), "-"])
    return table(caption, (name, "Number", "Share (95 % interval)"), rows, (1, 2))


def crossed(caption: str, name: str, groups: Mapping[str, Counter[str]], source: str) -> Table:
    """Return a table of categories by group, each count with its share of the group and 95 % interval."""
    names = sorted({one for counted in groups.values() for one in counted})
    head = [name, *groups]
    rows: list[list[str | Cell]] = []
    for one in names:
        row: list[str | Cell] = [one]
        for counted in groups.values():
            total = counted.total()
            row.append(Cell(f"{counted[one]:,} · {share_text(counted[one], total)}", source=source))
        rows.append(row)
    rows.append(["all", *(number(counted.total(), source) for counted in groups.values())])
    return table(caption, head, rows, tuple(range(1, len(head))))


def groups_of(facts: Facts) -> dict[str, list[str]]:
    """Return the patients of each split, and of all; patients in no split under a name of their own."""
    made: dict[str, list[str]] = {"all": [case.patient for case in facts.cases]}
    if facts.splits_path is not None:
        for case in facts.cases:
            made.setdefault(facts.splits.get(case.patient, NO_SPLIT), []).append(case.patient)
    return made


def answers(facts: Facts, slug: str) -> tuple[Section, ...]:
    """Return a section with what people answered to the requirements that stand in a document, or still have to."""
    asked = [one for one in requirements() if slug in one.shown and one.needs_text]
    if not asked:
        return ()
    sections = []
    for one in asked:
        answer = facts.state.facts.answers.get(one.id)
        blocks: list[Block]
        if answer is None:
            blocks = [Text("Waiting for a text of a responsible person.", "bad")]
        else:
            blocks = [Text(line) for line in answer.text.split("\n") if line.strip()]
            blocks.append(Text(f"Signed by {signer(facts, answer.signer)} in record {answer.place}.", "note"))
            blocks.append(
                table(
                    "Record",
                    ("Record", "Leaf hash"),
                    [[str(answer.place), Cell(answer.leaf, source=f"leaf {answer.leaf}")]],
                )
            )
        sections.append(Section(f"{one.id} {one.asks}", tuple(blocks)))
    return (Section("What responsible persons state", sections=tuple(sections)),)


def signer(facts: Facts, name: str) -> str:
    """Return a person's printed name and id."""
    person = facts.state.people.get(name)
    return name if person is None else f"{person.printed_name} ({name})"
