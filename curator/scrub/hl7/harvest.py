"""Pass 1: whom HL7 v2 messages tell of, and what they tell of them. It returns identifiers: for the vault only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from curator.core.errors import ItemError
from curator.scrub.answers import ninety
from curator.scrub.hl7.parse import Delimiters, Message, Segment
from curator.scrub.hl7.tables import known, rules, segments
from curator.scrub.hl7.whose import Id, numbers, observed, owners, parts, repetitions
from curator.scrub.medium import RecordHarvest
from curator.scrub.told import Told, told_of
from curator.scrub.treatment import Treatment
from curator.scrub.typed_dates import read_typed

_DATES = frozenset({"TS", "DT", "DTM"})
_PLACES = {"XPN": "name", "XCN": "name", "XAD": "address", "XTN": "phone", "CX": "id", "TX": "text", "FT": "text"}
_LEAST, _LEAST_NAME = 4, 3
#: Types of fields that hold a person of the staff: a number, then the names.
_STAFF = frozenset({"XCN", "PPN", "CNN", "NDL"})


@dataclass
class Harvester:
    """Gathers what one file tells.

    Parameters
    ----------
    last_day
        YYYYMMDD: a date beyond it is planned or a placeholder, and says nothing of an age.
    """

    last_day: str
    people: dict[Id, Told] = field(default_factory=dict, repr=False)
    where: set[tuple[str, str]] = field(default_factory=set)

    def add(self, message: Message, place: int) -> None:
        """Take in a message.

        Raises
        ------
        ItemError
            HLS-006 for a segment of the standard that is not known.
        """
        for segment, ids in zip(message.segments, owners(message, place), strict=True):
            row = segments().get(segment.name)
            if row is None:
                if segment.name.startswith("Z"):
                    continue
                raise ItemError("HLS-006")
            if segment.name == "MRG":
                merged = (one for number in (1, 2, 4) for one in numbers(message.marks, segment, number))
                ids = tuple(dict.fromkeys((*ids, *merged)))
            told = told_of(self.people, ids) if ids else None
            for number, kind in row.items():
                if segment.value(number):
                    self._field(message.marks, segment, number, kind, told)
                    if told is not None and kind in _STAFF:
                        _staff(message.marks, segment, number, kind, told)
            if told is not None:
                self._learn(message.marks, segment, told)

    def _field(self, marks: Delimiters, segment: Segment, number: int, kind: str, told: Told | None) -> None:
        place = f"{segment.name}.{number}"
        birth = rules().get(place) == "birth"
        category = "birth_date" if birth else "date" if kind in _DATES else _PLACES.get(kind)
        if category is not None:
            self.where.add((place, category))
        if segment.name == "OBX" and number == 5:
            kind = segment.value(2)
        if told is None or kind not in _DATES:
            return
        for found in repetitions(marks, segment, number):
            read = read_typed(found[0])
            day = read.compact if read is not None else None
            if day is not None and place == "PID.7":
                told.births.add(day)
                told.learn("birth_date", day)
            elif day is not None and birth:
                told.learn("birth_date", day)
            elif day is not None and told.last < day <= self.last_day:
                told.last = day

    def _learn(self, marks: Delimiters, segment: Segment, told: Told) -> None:
        for number, category in known().get(segment.name, ()):
            if not segment.value(number):
                continue
            for one in marks.split(segment.value(number), marks.repetition):
                found = parts(marks, one)
                if category == "name":
                    family = marks.split(found[0], marks.subcomponent)[0]
                    told.learn("name", "^".join([family, *found[1:3]]).strip("^"))
                elif category == "address":
                    lines = (line for text in (*found[:3], *found[4:5], *found[8:9]) for line in _lines(marks, text))
                    for line in lines:
                        told.learn("address", line, _LEAST)
                elif category == "phone":
                    for text in (found[0], *found[3:4], *found[11:12]):
                        told.learn("email" if "@" in text else "phone", text, _LEAST)
                    told.learn("phone", "".join(found[4:7]), 7)
                else:
                    told.learn("id", found[0], 2 if segment.name in {"PID", "MRG"} else 5)
        if segment.name == "OBX" and _is_over_89(marks, segment):
            told.over_89 = True


def _staff(marks: Delimiters, segment: Segment, number: int, kind: str, told: Told) -> None:
    """Learn the names of those who care for a patient: reports name them again."""
    for one in marks.split(segment.value(number), marks.repetition):
        found = marks.split(one, marks.component)
        if kind == "NDL":
            found = marks.split(found[0], marks.subcomponent)
        words = [marks.plain(marks.split(text, marks.subcomponent)[0]).strip() for text in found[1:3]]
        told.learn("name", "^".join(words).strip("^"), _LEAST_NAME)


def _lines(marks: Delimiters, text: str) -> list[str]:
    return marks.split(text, marks.subcomponent)


def _is_over_89(marks: Delimiters, segment: Segment) -> bool:
    """Say whether an OBX observes an age of more than 89 years."""
    age = observed(marks, segment.value(3), segment.value(6))[1].age
    most = ninety(age) if age is not None and age.own else None
    if most is None:
        return False
    found = parts(marks, segment.value(5))
    value = found[1] if segment.value(2) == "SN" and len(found) > 1 else found[0]
    return value.replace(".", "", 1).isdigit() and float(value) >= most


def harvest_messages(messages: Iterator[Message], treatment: Treatment) -> RecordHarvest:
    """Harvest messages. Errors as :meth:`Harvester.add` and :func:`curator.scrub.hl7.parse.read_messages`."""
    harvester = Harvester(treatment.project_date)
    for place, message in enumerate(messages):
        harvester.add(message, place)
    told = {id(one): one for one in harvester.people.values()}
    return RecordHarvest(".hl7", tuple(one.person() for one in told.values()), where=tuple(sorted(harvester.where)))
