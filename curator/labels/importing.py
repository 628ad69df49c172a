"""Bring exports of annotation tools into a project: from files to one label file that ``curator sign --attest`` takes.

Every label of every file comes out or is counted as refused. A run writes its label file last and whole; killed before
that, the next run starts anew and ends in the same bytes. Names of files, people and classes go into no message.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

from curator.core.canonical import canonical_bytes
from curator.core.errors import CheckError, CuratorError, ItemError, UsageError
from curator.core.files import make_folder, put_if_absent, sweep_temps, sync_folder, translated, writing
from curator.core.hashing import sha256_file
from curator.labels.checks import plain
from curator.labels.converting import Converter
from curator.labels.corner import Corner
from curator.labels.exports import Kept, measure, store
from curator.labels.item import Item, Refused
from curator.labels.readers.protocol import Reader
from curator.labels.readers.table import reader
from curator.labels.seen import Seen
from curator.labels.told import OUTCOMES
from curator.labels.units import Unit, files_of
from curator.labels.values import written
from curator.project.vault import Vault

FOLDER = "labels"
#: A code with the facts of its sentence.
Reason = tuple[str, tuple[tuple[str, str], ...]]
VALUES = "values"
#: Bytes of a value that stand in the record itself; a larger one stands in a file that the record names by digest.
MAX_INLINE = 24_000
#: Refusals whose places are kept to be shown; all are counted.
SHOWN = 1000


@dataclass
class Tally:
    """What became of the labels of one unit: ``read`` is ``out`` and ``refused`` together.

    Parameters
    ----------
    number
        From 1, in the order given.
    form
        The reader's name.
    key
        Keyed digest of the file; of the first one of a folder.
    files, read, out, reviews
        Counts; of reviews those that the file tells of, all of which the vault keeps.
    reviewed
        Reviews that go with labels into the label file, as what the tool said: count by outcome; ``stranger`` and
        ``untimed`` of them name nobody who is enrolled, or no time. ``against`` counts labels that came in although
        their newest review rejected them.
    refused
        Count by code and facts.
    """

    number: int
    form: str
    key: str
    files: int
    read: int = 0
    out: int = 0
    reviews: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    reviewed: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Issue:
    """One refusal: the unit's number, the place in it, and the code."""

    number: int
    place: str
    code: str


@dataclass
class Report:
    """What an import came to.

    Parameters
    ----------
    tallies
        By unit.
    unread
        Files that no reader takes.
    issues
        The first :data:`SHOWN` refusals.
    sha256, size
        Of the label file; empty when no label came in.
    origins, supplied
        Labels by origin, and how often an option stood for what the export does not say.
    values
        Values that stand in files of their own.
    new
        Whether the label file was not there before.
    """

    tallies: list[Tally] = field(default_factory=list)
    unread: int = 0
    issues: list[Issue] = field(default_factory=list)
    sha256: str = ""
    size: int = 0
    origins: Counter[str] = field(default_factory=Counter)
    supplied: Counter[str] = field(default_factory=Counter)
    values: int = 0
    new: bool = True

    @property
    def read(self) -> int:
        """Labels in all files."""
        return sum(one.read for one in self.tallies)

    @property
    def out(self) -> int:
        """Labels that came in."""
        return sum(one.out for one in self.tallies)

    def reviews(self) -> dict[str, int]:
        """Return what became of the reviews that the files tell of: ``told`` is ``carried`` and ``left`` together."""
        total: Counter[str] = Counter()
        for one in self.tallies:
            total.update(one.reviewed)
        told = sum(one.reviews for one in self.tallies)
        carried = sum(total[name] for name in OUTCOMES)
        made = {"told": told, "carried": carried, "left": told - carried}
        return {**made, **{name: total[name] for name in (*OUTCOMES, "stranger", "untimed", "against")}}

    def refused(self) -> list[tuple[CuratorError, int]]:
        """Return every reason with its count, the most frequent first."""
        total: Counter[Reason] = Counter()
        for one in self.tallies:
            total.update(one.refused)
        ordered = sorted(total.items(), key=lambda pair: (-pair[1], pair[0][0], str(pair[0][1])))
        return [(ItemError(code, **dict(facts)), count) for (code, facts), count in ordered]


class _EmptyError(Exception):
    """No label came in, so no file is written."""


class Importing:
    """One run over some exports.

    Parameters
    ----------
    found
        The units.
    converter
        Makes lines.
    unread
        Files that no reader takes.
    """

    def __init__(self, found: Sequence[Unit], converter: Converter, unread: int = 0) -> None:
        self._units = found
        self._converter = converter
        self._ids: set[str] = set()
        self._doubled: set[str] = set()
        self.report = Report(unread=unread)
        #: Number of the unit at hand, for a message.
        self.at = 0

    def lines(
        self,
        keep: Callable[[dict[str, Any]], None],
        put: Callable[[bytes], None],
        advance: Callable[[int], None] | None = None,
    ) -> Iterator[bytes]:
        """Yield the lines of the label file, in the order of the exports, the relations of a unit last.

        Parameters
        ----------
        keep
            Takes what the vault keeps of each label.
        put
            Takes a value that stands in a file of its own: its canonical JSON.
        advance
            Called with the number of labels gone through.

        Raises
        ------
        UsageError
            IMP-001 to IMP-003 for a unit that cannot be read whole, IMP-079 for one whose shapes all lie in the
            first hundred pixels of much larger images.
        CheckError
            IMP-010 when two readings of one unit differ.
        """
        # Each unit is read to its end before a line of any is made: one that is broken stops the run before that.
        referred = [self._referred(unit, number) for number, unit in enumerate(self._units, 1)]
        for number, (unit, (count, ends, later, doubled)) in enumerate(zip(self._units, referred, strict=True), 1):
            self.at = number
            tally = Tally(number, unit.form, unit.exports[0].key if unit.exports else "", len(unit.exports))
            self.report.tallies.append(tally)
            of = reader(unit.form)
            renamed: dict[str, str | None] = dict.fromkeys(ends)
            self._doubled = doubled
            self._converter.corner = Corner()
            for item in _ordered(of, unit.path, later):
                tally.read += 1
                if advance is not None:
                    advance(1)
                line = self._one(item, of, tally, renamed, keep, put)
                if line is not None:
                    yield line
            if tally.read != count:
                raise CheckError("IMP-010")
            self._converter.in_pixels()

    def _referred(self, unit: Unit, number: int) -> tuple[int, set[str], set[str], set[str]]:
        """Read a unit to its end.

        Returns
        -------
        tuple
            How many labels it has, the ids that its relations refer to, which of these are relations, and the ids that
            more than one label has.
        """
        self.at = number
        count, ends, relations, doubled = 0, set[str](), set[str](), set[str]()
        with Seen() as seen:
            for item in reader(unit.form).read(unit.path):
                count += 1
                if isinstance(item, Item):
                    self._converter.see(item)
                    if not seen.first(item.label_id):
                        doubled.add(item.label_id)
                elif item.label_id:
                    doubled.add(item.label_id)
                if _relation(item):
                    ends |= _needs(item)
                    relations.add(item.label_id)
        return count, ends, relations & ends, doubled

    def _one(
        self,
        item: Item | Refused,
        of: Reader,
        tally: Tally,
        renamed: dict[str, str | None],
        keep: Callable[[dict[str, Any]], None],
        put: Callable[[bytes], None],
    ) -> bytes | None:
        if isinstance(item, Refused):
            self._refuse(tally, item.place, item.code, item.facts)
            keep({"unit": tally.number, "place": item.place, "refused": item.code})
            return None
        entry = _entry(item, tally.number)
        tally.reviews += len(item.reviews)
        try:
            if item.label_id in self._doubled:
                raise ItemError("IMP-027")
            item = self._converter.mapped(item)
            entry["kept"] = item.kept
            fields = self._converter.line(item, of.name, of.lacks, renamed)
            name = fields["labelId"]
            if name in self._ids:
                raise ItemError("IMP-027")
            fields["value"] = self._placed(fields["value"], put)
            line = written(fields).encode("utf-8") + b"\n"
        except CuratorError as error:
            if error.kind not in {"item", "usage"}:
                raise
            self._refuse(tally, item.place, error.code, error.facts)
            keep({**entry, "refused": error.code})
            return None
        self._ids.add(name)
        if item.label_id in renamed:
            renamed[item.label_id] = name
        tally.out += 1
        told = fields.get("toolReviews", ())
        tally.reviewed.update(one["outcome"] for one in told)
        tally.reviewed["stranger"] += sum("reviewer" not in one for one in told)
        tally.reviewed["untimed"] += sum("at" not in one for one in told)
        tally.reviewed["against"] += bool(told) and told[-1]["outcome"] == "rejected"
        self.report.origins[fields.get("origin", "unknown")] += 1
        self.report.supplied.update(
            what
            for what, lacking in (
                ("author", item.author is None),
                ("labeledAt", item.labeled_at is None),
                ("confidence", item.confidence is None and "confidence" in fields),
                ("origin", item.origin == "unknown" and "origin" in fields),
            )
            if lacking
        )
        keep({**entry, "labelId": name})
        return line

    def _refuse(self, tally: Tally, place: str, code: str, facts: Mapping[str, Any]) -> None:
        # A fact is a count or a word of the reader's own; what might be more is not repeated.
        told = {name: str(fact) if self._converter.guard(str(fact)) else "…" for name, fact in facts.items()}
        tally.refused[code, tuple(sorted(told.items()))] += 1
        if len(self.report.issues) < SHOWN:
            self.report.issues.append(Issue(tally.number, place, code))

    def _placed(self, value: dict[str, Any], put: Callable[[bytes], None]) -> dict[str, Any]:
        """Return a value as it stands in the line: itself, or the digest of a file that holds it."""
        data = canonical_bytes(plain(value))
        if len(data) <= MAX_INLINE:
            return value
        put(data)
        self.report.values += 1
        whole = {"whole": {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}}
        return {**whole, "class": value["class"]} if "class" in value else whole


def _ordered(of: Reader, path: Path, later: set[str]) -> Iterator[Item | Refused]:
    """Yield the labels of a unit, each behind what it refers to: relations last, those of later relations at the end.

    Parameters
    ----------
    later
        Ids of relations that other relations refer to.
    """
    relations = False
    for item in of.read(path):
        if _relation(item):
            relations = True
        else:
            yield item
    if not relations:
        return
    open_, waiting = set(later), _Waiting()
    for item in of.read(path):
        if not _relation(item):
            continue
        needs = (_needs(item) & open_) - {item.label_id}
        if needs:
            waiting.add(item, needs)
            continue
        yield item
        open_.discard(item.label_id)
        for freed in waiting.told(item.label_id):
            yield freed
            open_.discard(freed.label_id)
    # What goes in circles comes as it stands, and is refused.
    yield from waiting.rest()


class _Waiting:
    """Relations that wait for others that they refer to, in the order of the file."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[Item, set[str]]] = {}
        self._by_need: dict[str, list[int]] = {}
        self._next = 0

    def add(self, item: Item, needs: set[str]) -> None:
        """Hold a relation until all that it needs has been told."""
        self._held[self._next] = item, needs
        for name in needs:
            self._by_need.setdefault(name, []).append(self._next)
        self._next += 1

    def told(self, name: str) -> Iterator[Item]:
        """Yield the relations that need nothing more now that one has been told, and those that waited for these."""
        names = [name]
        while names:
            for number in self._by_need.pop(names.pop(0), ()):
                item, needs = self._held[number]
                needs.difference_update(name for name in tuple(needs) if name not in self._by_need)
                if not needs:
                    del self._held[number]
                    names.append(item.label_id)
                    yield item

    def rest(self) -> Iterator[Item]:
        """Yield what still waits."""
        yield from (item for item, _ in self._held.values())


def _relation(item: Item | Refused) -> TypeGuard[Item]:
    return isinstance(item, Item) and item.kind == "relation"


def _needs(item: Item) -> set[str]:
    return {one for end in ("from", "to") if isinstance(one := item.value.get(end), str)}


def _entry(item: Item, number: int) -> dict[str, Any]:
    """Return what the vault keeps of a label, beside the export itself."""
    return {
        "unit": number,
        "place": item.place,
        "id": item.label_id,
        "sample": [item.sample.by, item.sample.name],
        "author": item.author,
        "labeledAt": item.labeled_at,
        "stage": item.stage,
        "origin": item.origin,
        "reviews": [[one.by, one.at, one.outcome] for one in item.reviews],
        "tool": item.tool,
        "seconds": item.seconds,
        "kept": item.kept,
    }


def run(
    importing: Importing,
    found: Sequence[Unit],
    *,
    root: Path,
    name: str,
    vault: Vault,
    run_name: str,
    described: Mapping[str, Any],
    dry_run: bool = False,
    advance: Callable[[int], None] | None = None,
) -> Report:
    """Store the exports in the vault and write the label file.

    Parameters
    ----------
    importing, found
        The run and its units.
    root
        The project's root.
    name
        File name of the label file, in the project's ``labels`` folder.
    vault, run_name, described
        Where the exports and the note of the run are kept; what the note says of options.
    dry_run
        Go through everything and keep nothing.
    advance
        Called with the number of labels gone through.

    Raises
    ------
    UsageError
        IMP-001 to IMP-003 for a file that cannot be read whole, IMP-009 when another label file has this name.
    CheckError
        IMP-010 when an export changed meanwhile.
    """
    report = importing.report
    if dry_run:
        digest = hashlib.sha256()
        for line in importing.lines(lambda _: None, lambda _: None, advance):
            digest.update(line)
            report.size += len(line)
        report.sha256 = digest.hexdigest() if report.out else ""
        return report
    folder = root / FOLDER
    values = folder / VALUES
    make_folder(folder)
    sweep_temps(folder)
    for export in {one.key: one for unit in found for one in unit.exports}.values():
        store(vault, export)
    kept = Kept(vault, run_name)

    def put(data: bytes) -> None:
        make_folder(values)
        put_if_absent(values / f"{hashlib.sha256(data).hexdigest()}.json", data)

    path = folder / name
    try:
        with writing(path) as stream:
            digest = hashlib.sha256()
            for line in importing.lines(kept.add, put, advance):
                digest.update(line)
                report.size += len(line)
                stream.write(line)
            importing.at = 0
            _unchanged(found, vault)
            report.sha256 = digest.hexdigest() if report.out else ""
            report.new = not path.exists()
            if report.out and not report.new and sha256_file(path) != report.sha256:
                raise UsageError("IMP-009")
            kept.close(_note(report, found, name, described))
            if not report.out:
                raise _EmptyError
    except _EmptyError:
        return report
    with translated():
        sync_folder(folder)
    return report


def _unchanged(found: Sequence[Unit], vault: Vault) -> None:
    """Prove that the files that were read are those that were stored (IMP-010)."""
    for unit in found:
        own = [file for file in files_of(unit.path) if file not in unit.others]
        if own != [export.path for export in unit.exports]:
            raise CheckError("IMP-010")
        for export in unit.exports:
            if measure(vault, export.path).key != export.key:
                raise CheckError("IMP-010")


def _note(report: Report, found: Sequence[Unit], name: str, described: Mapping[str, Any]) -> dict[str, Any]:
    refused: Counter[str] = Counter()
    for error, count in report.refused():
        refused[error.code] += count
    return {
        "labels": name,
        "labelsSha256": report.sha256,
        "read": report.read,
        "out": report.out,
        "unread": report.unread,
        "refused": dict(refused),
        "units": [{"reader": unit.form, "exports": [one.key for one in unit.exports]} for unit in found],
        **described,
    }
