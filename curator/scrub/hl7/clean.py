"""Cleaning one message: a walk along the tables of fields and components. What they do not know goes, and is counted.

A segment of the standard that is not known holds the message back; a segment of a site's own (Z) is dropped. It must
never print, log or raise a value.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from curator.core.errors import ItemError
from curator.scrub.answers import decided, labels_behind
from curator.scrub.fhir.pieces import Piece, cleaned_pieces
from curator.scrub.fhir.values import Values
from curator.scrub.hl7 import kinds
from curator.scrub.hl7.parse import HEADERS, Delimiters, Message, Segment
from curator.scrub.hl7.tables import rules, segments, types
from curator.scrub.hl7.whose import observed, owners
from curator.scrub.medium import Person
from curator.scrub.questions import NOTHING, Asked
from curator.scrub.ranges import is_measured, is_reference_range
from curator.scrub.times import at_time

NULL = '""'
#: Types of OBX-5 and fields whose delimiters are text when they stand bare, and that go on in the next segment.
_TEXTS = frozenset({"ST", "TX", "FT"})
_RUNNING = frozenset({"TX", "FT"})


@dataclass
class Slot:
    """Text of a field that is cleaned when all of the message has been read.

    Parameters
    ----------
    place
        The field.
    pieces
        Pieces of text, and the output that stands for the marks between them.
    made
        The output, once it is there.
    asked
        What the question that it answers asks for.
    """

    place: str
    pieces: list[tuple[Piece, str]] = field(repr=False)
    made: str = field(repr=False, default="")
    asked: Asked = field(repr=False, default=NOTHING)


@dataclass(frozen=True)
class Record:
    """What the walk through a segment has to know.

    Parameters
    ----------
    person
        Whose it is.
    marks
        The delimiters of the message.
    asked
        What is observed, in words, for its value; else empty.
    told
        What that asks for, and the age that it is by its code or its unit.
    measured
        True for a value of an observation with a unit or a reference range.
    """

    person: Person = field(repr=False)
    marks: Delimiters
    asked: str = field(repr=False, default="")
    told: Asked = field(repr=False, default=NOTHING)
    measured: bool = False


Out = list[str | Slot]


@dataclass
class Cleaner:
    """Cleans the messages of one file.

    Parameters
    ----------
    values
        What treats single values and counts.
    """

    values: Values

    def message(self, message: Message, place: int) -> str:
        """Clean a message.

        Parameters
        ----------
        message
            As :func:`curator.scrub.hl7.parse.read_messages` yields it.
        place
            Which message of the file it is, from 0.

        Returns
        -------
        str
            Its segments, each ended by a carriage return.

        Raises
        ------
        ItemError
            HLS-006, and those of text detectors.
        """
        people = self.values.people
        told = _times(message)
        lines: list[Out] = []
        texts: list[tuple[str, Person, list[Slot]]] = []
        alone: list[tuple[Person, list[Slot]]] = []
        for segment, ids in zip(message.segments, owners(message, place), strict=True):
            row = segments().get(segment.name)
            if row is None:
                if not segment.name.startswith("Z"):
                    raise ItemError("HLS-006")
                self.values.note("Z*", "unknown")
                continue
            person = at_time(people.find(ids) if ids else people.own, told, self.values.treatment)
            slots: list[Slot] = []
            lines.append(self._segment(segment, row, Record(person, message.marks), slots))
            runs = segment.name == "NTE" or (segment.name == "OBX" and segment.value(2) in _RUNNING)
            running = [slot for slot in slots if runs and slot.place in {"NTE.3", "OBX.5"}]
            alone.extend((person, [slot]) for slot in slots if slot not in running)
            if running and texts and texts[-1][0] == segment.name and texts[-1][1] == person:
                texts[-1][2].extend(running)
            else:
                texts.append((segment.name if running else "", person, running))
        for person, slots in (*alone, *((person, slots) for _, person, slots in texts)):
            self._resolve(slots, person, message.marks)
        return "".join("".join(part if isinstance(part, str) else part.made for part in line) + "\r" for line in lines)

    def _resolve(self, slots: list[Slot], person: Person, marks: Delimiters) -> None:
        """Clean the texts of one segment, or of consecutive ones that make one text, as a whole."""
        pieces = [pair for slot in slots for pair in (*slot.pieces, (Piece("\n", seam=True), ""))][:-1]
        if not pieces:
            return
        plain, asked = [piece for piece, _ in pieces], slots[0].asked if len(slots) == 1 else NOTHING
        whole = "".join(piece.text for piece in plain)
        settled = decided(whole, asked, self.values.treatment, person) if asked.settles or asked.number else None
        if settled is not None:
            self.values.note("text", "replaced", int(settled != whole))
            if settled != whole or len(plain) == 1:
                slots[0].made = marks.escaped(settled)
                return
        labels = labels_behind(whole, asked)
        if labels:
            made, count = self.values.answers([(piece.text, piece.seam) for piece in plain], labels, person)
        else:
            made, count = cleaned_pieces(plain, lambda text: self.values.searched(text, person))
        self.values.note("text", "replaced", count)
        at = 0
        for slot in slots:
            out = []
            for piece, mark in slot.pieces:
                out.append(mark if piece.seam else marks.escaped(made[at]))
                at += 1
            slot.made = "".join(out)
            at += 1

    def _segment(self, segment: Segment, row: dict[int, str], record: Record, slots: list[Slot]) -> Out:
        marks = record.marks
        fields: list[Out] = []
        for number, value in enumerate(segment.fields, 1):
            place = f"{segment.name}.{number}"
            if segment.name in HEADERS and number <= 2:
                fields.append([marks.declared] if number == 2 else [])
                continue
            kind = row.get(number)
            if not value.strip():
                fields.append([])
            elif value == NULL:
                fields.append([NULL])
            elif kind is None:
                self.values.note(f"{segment.name}.*", "unknown")
                fields.append([])
            elif place == "MSH.18":
                fields.append([value.split(marks.repetition)[0].strip()])
            elif rules().get(place) == "drop":
                self.values.note(place, "removed")
                fields.append([])
            else:
                if kind == "varies":
                    kind = segment.value(2)
                answers = segment.name == "OBX" and number == 5
                within = _answering(record, segment) if answers else Record(record.person, marks)
                fields.append(self._field(value, kind, place, within, slots))
        while fields and not fields[-1]:
            fields.pop()
        out: Out = [segment.name]
        for made in fields[1:] if segment.name in HEADERS else fields:
            out.append(marks.field)
            out.extend(made)
        return out

    def _field(self, value: str, kind: str, place: str, record: Record, slots: list[Slot]) -> Out:
        marks, rule = record.marks, rules().get(place)
        if rule == "range" and is_reference_range(value):
            return [value]
        if kind == "ST" and place == "OBX.5" and is_measured(value, beside=record.measured, asked=record.asked):
            return [value]
        if kind in _TEXTS and rule in {None, "range", "text"}:
            slot = Slot(place, self._bare(value, marks), asked=record.told)
            slots.append(slot)
            return [slot]
        if kind not in kinds.KNOWN and kind not in types():
            self.values.note(place, "unknown")
            return []
        made = [self._repetition(one, kind, place, rule, record) for one in marks.split(value, marks.repetition)]
        while made and not made[-1]:
            made.pop()
        return [marks.repetition.join(made)] if made else []

    @staticmethod
    def _bare(value: str, marks: Delimiters) -> list[tuple[Piece, str]]:
        """Read a text with bare delimiters: they are marks that stay, and a repetition breaks the line."""
        found: list[tuple[Piece, str]] = []
        text = ""
        for one in (*value, ""):
            if one and one not in (marks.component, marks.repetition, marks.subcomponent):
                text += one
                continue
            found.extend(marks.pieces(text))
            text = ""
            if one:
                found.append((Piece("\n" if one == marks.repetition else one, seam=True), one))
        return found

    def _repetition(self, value: str, kind: str, place: str, rule: str | None, record: Record) -> str:
        """Clean one repetition of a field."""
        if value == NULL:
            return NULL
        special = kinds.BY_RULE.get((rule or "", kind)) or kinds.BY_KIND.get(kind)
        if special is not None:
            return special(self, parts_raw(record.marks, value), place, record)
        return self.typed(value, kind, place, record, record.marks.component)

    def typed(self, value: str, kind: str, place: str, record: Record, mark: str) -> str:
        """Clean a value of a type by the table of components; ``mark`` is the delimiter between its components."""
        marks = record.marks
        row = types().get(kind)
        rule = rules().get(place)
        found = marks.split(value, mark) if mark else [value]
        if row is None:
            self.values.note(f"{kind}.*", "unknown", sum(1 for one in found[1:] if one.strip()))
            return self.leaf(found[0], kind, place, rule, record)
        inner = marks.subcomponent if mark == marks.component else ""
        made = []
        for number, one in enumerate(found, 1):
            below = row[number - 1] if number <= len(row) else "-"
            if not one.strip() or one == NULL:
                made.append(one.strip())
            elif below == "-":
                self.values.note(f"{kind}.*", "unknown")
                made.append("")
            else:
                # A time stamp is its first component: what is done with it is counted at the field.
                here = place if kind == "TS" and number == 1 else f"{kind}.{number}"
                made.append(self._component(one, below, here, rule if number == 1 else None, record, inner))
        return joined(made, mark)

    def _component(self, value: str, kind: str, place: str, rule: str | None, record: Record, mark: str) -> str:
        special = kinds.BY_KIND.get(kind)
        if special is not None:
            found = record.marks.split(value, mark) if mark else [value]
            made = special(self, found, place, record)
            return record.marks.lowered(made) if mark else made.split(record.marks.component)[0]
        if kind in types() and mark:
            return self.typed(value, kind, place, record, mark)
        if kind in types():
            kind = types()[kind][0]
        return self.leaf(value, kind, place, rules().get(place, rule), record)

    def leaf(self, value: str, kind: str, place: str, rule: str | None, record: Record) -> str:
        """Clean a value without components; what comes back is escaped."""
        if value == NULL:
            return NULL
        text = record.marks.plain(value).strip()
        if not text:
            return ""
        made = kinds.treated(self.values, text, kind, place, rule, record)
        return record.marks.escaped(made)

    def prose(self, text: str, place: str, record: Record) -> str:
        """Clean a text of a component, and write it escaped."""
        return record.marks.escaped(self.values.prose(text, record.person, place))


def parts_raw(marks: Delimiters, value: str) -> list[str]:
    """Return the components of a repetition as they stand."""
    return marks.split(value, marks.component)


def joined(made: list[str], mark: str) -> str:
    """Join components without blank ones at the end."""
    while made and not made[-1]:
        made.pop()
    return mark.join(made) if mark else "".join(made[:1])


def _answering(record: Record, segment: Segment) -> Record:
    """Return the record for the value of an OBX: with what it observes, and the age that it is."""
    question, told = observed(record.marks, segment.value(3), segment.value(6))
    measured = bool(segment.value(6).strip() or segment.value(7).strip())
    return Record(record.person, record.marks, question, told, measured)


def _times(message: Message) -> list[str]:
    """Return what a message says of its time: of the observation, the document, the visit, the event, itself."""
    wanted = {"OBR": 7, "TXA": 4, "PV1": 44, "EVN": 2, "MSH": 7, "BHS": 7, "FHS": 7}
    told: dict[str, str] = {}
    for segment in message.segments:
        if segment.name in wanted and segment.name not in told:
            told[segment.name] = segment.value(wanted[segment.name])
    return [told[name] for name in wanted if told.get(name)]
