"""What becomes of single values of FHIR's primitive types, and of codes, by policy. Nothing of the structure.

A value that is not of its type's form is dropped. Nothing here may print, log or raise a value.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from curator.detect.text.replace import Replaced
from curator.identifiers.categories import Category
from curator.identifiers.known import folded
from curator.scrub.answers import answered, applies, decided, labels_behind, ninety, numbered
from curator.scrub.fhir.coding import NINETY_YEARS, TOKEN, YEARS, has_shape, system_named, system_of
from curator.scrub.fhir.names import Renamer
from curator.scrub.fhir.parse import Number
from curator.scrub.fhir.tables import is_region
from curator.scrub.medium import People, Person
from curator.scrub.policy.model import Ages, Dates
from curator.scrub.questions import NOTHING, asks
from curator.scrub.text.moves import placed
from curator.scrub.things import Cell, spared, term_of
from curator.scrub.treatment import Treatment
from curator.scrub.typed_dates import read_typed

Known = tuple[tuple[str, str], ...]
_TIME = re.compile(r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?")
#: A number that may be a day or a moment, and where what somebody answered stands as a number.
_DAY = re.compile(r"(?:19|20)\d{6}(?:\d{4}(?:\d\d)?)?", re.ASCII)
_ANSWERS = re.compile(r"(?:\.value(?:Integer|Integer64|Decimal|PositiveInt|UnsignedInt)|^OBX\.5)$")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MARKS = re.compile(r"[^A-Za-z0-9]+")
_SAMPLES = re.compile(r"\s*(?:(?:[-+]?\d{1,15}(?:\.\d{0,15})?(?:[eE][-+]?\d{1,3})?|E|U|L)(?:\s+|$))*")
_SHORT, _MOST = 160, 50_000
#: Places of names of codes, of which a file holds thousands.
_TERMS = frozenset({"CodeableConcept.text", "Coding.display", "Reference.display", "Quantity.unit"})
#: Years from which on ages are one class (164.514(b)(2)(i)(C)).
_NINETY = 90
_LEAST_KNOWN = 5
#: What the detectors call a mere run of letters and digits, which codes of local systems are.
_RUNS = frozenset(
    {Category.OTHER, Category.RECORD_NUMBER, Category.ACCOUNT, Category.HEALTH_PLAN, Category.LICENSE, Category.DEVICE}
)


@dataclass
class Values:
    """Treats values and counts what it did.

    Parameters
    ----------
    treatment
        The policy and the secrets.
    people
        Who is who.

    Attributes
    ----------
    actions
        (place, action) to count.
    """

    treatment: Treatment = field(repr=False)
    people: People = field(repr=False)
    actions: Counter[tuple[str, str]] = field(default_factory=Counter, repr=False)
    _memo: dict[tuple[Known, int, date | None, str], Replaced] = field(default_factory=dict, repr=False)
    _answers: dict[tuple[object, ...], tuple[list[str], int]] = field(default_factory=dict, repr=False)
    _numbers: dict[Known, frozenset[str]] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> Renamer:
        """What gives new names."""
        return Renamer(self.treatment, self.people)

    def note(self, place: str, action: str, count: int = 1) -> None:
        """Count what was done at a place."""
        if count:
            self.actions[place, action] += count

    def counted(self) -> Counter[tuple[str, str]]:
        """Return what was done since this was asked last."""
        actions, self.actions = self.actions, Counter()
        return actions

    def searched(self, text: str, person: Person) -> Replaced:
        """Return a text as cleaned; short ones are remembered, since they come again and again."""
        if len(text) > _SHORT:
            return self.treatment.prose(text, person)
        key = (person.known, person.shift_days, person.near, text)
        found = self._memo.get(key)
        if found is None:
            if len(self._memo) >= _MOST:
                self._memo.clear()
            found = self._memo[key] = self.treatment.prose(text, person)
        return found

    def prose(self, text: str, person: Person, place: str) -> str:
        """Clean free text."""
        found = self.searched(text, person)
        self.note(place, "replaced", len(found.edits))
        # What is annotated is a text of words; a map of each unit and name of a code would be no use to anybody.
        return placed(text, found) if " " in text and place not in _TERMS else found.text

    def term(self, text: str, person: Person, place: str, cell: Cell) -> str:
        """Clean a language, a religion, a marital state or what a form asks: words that look like names stay.

        Who is known goes, and so does what surely tells of somebody, such as a title before a name.
        """
        done = spared(text, self.searched(text, person), [(0, len(text), term_of(text, cell))])
        self.note(place, "replaced", len(done.edits))
        return placed(text, done) if " " in text and place not in _TERMS else done.text

    def answer(self, text: str, question: str, person: Person, place: str) -> str:
        """Clean a text that answers a question, such as the value of an observation: behind the question as well."""
        asked = asks(question) if question else NOTHING
        if asked.settles or asked.number:
            whole = decided(text, asked, self.treatment, person)
            if whole is not None:
                self.note(place, "replaced", int(whole != text))
                return whole
        labels = labels_behind(text, asked)
        if not labels or (is_region(text) and not asked.place):
            return self.prose(text, person, place)
        made, count = self.answers([(text, False)], labels, person)
        if made[0] == text:
            return self.prose(text, person, place)
        self.note(place, "replaced", count)
        return made[0]

    def answers(self, pieces: list[tuple[str, bool]], labels: tuple[str, ...], person: Person) -> tuple[list[str], int]:
        """Clean the pieces of an answer behind its labels, as :func:`answered` does; what was met is remembered."""
        key = (person.known, person.shift_days, person.near, labels, tuple(pieces))
        found = self._answers.get(key)
        if found is None:
            if len(self._answers) >= _MOST:
                self._answers.clear()
            found = self._answers[key] = answered(pieces, labels, self.treatment, person)
        return found

    def place_code(self, system: str | None, shown: str, question: str, *, code: str = "", hl7: bool = False) -> bool:
        """Say whether the code that answers a question is a place's below a state, or what somebody is known by."""
        asked = asks(question) if question else NOTHING
        if not asked.place and asked.spec is None:
            return False
        if (asked.place and is_region(shown.strip())) or not (asked.place or applies(shown or code, asked)):
            return False
        return system is None or (system_named(system) if hl7 else system_of(system)) is None

    def asked_for(self, value: str, question: str) -> bool:
        """Say whether a code or an address of the web is what a question asks for that somebody is known by."""
        return applies(value, asks(question))

    def name(self, text: str, person: Person, place: str) -> str:
        """Treat a name of a person as a whole."""
        self.note(place, "replaced")
        return self.treatment.name(text, person)

    def facility(self, text: str, person: Person, place: str) -> str | None:
        """Treat a name of an organization or place: dropped, or searched as text where the policy keeps facilities."""
        if self.treatment.policy.facilities:
            self.note(place, "removed")
            return None
        return self.prose(text, person, place)

    def known(self, value: str, person: Person) -> bool:
        """Say whether a value is one that is known of the person, whole and without regard to marks."""
        numbers = self._numbers.get(person.known)
        if numbers is None:
            if len(self._numbers) >= 1000:
                self._numbers.clear()
            plain = (folded(known)[0] for _, known in person.known)
            numbers = frozenset(one for one in plain if len(one) >= _LEAST_KNOWN)
            numbers |= {one.lstrip("0") for one in numbers if one.isdigit()}
            self._numbers[person.known] = numbers
        plain_value = folded(value)[0]
        return bool(plain_value) and (plain_value in numbers or plain_value.lstrip("0") in numbers)

    def uri(self, value: str, person: Person) -> str:
        """Return the URI of a system or a profile: itself when it is public and names nobody, else a code."""
        named = self.searched(_MARKS.sub(" ", value), person).edits
        if any(edit.kind == "known" for edit in named):
            return f"urn:oid:{self.treatment.uid(value)}"
        return self.names.uri(value)

    def clean_token(self, value: str, person: Person) -> bool:
        """Say whether a value looks like a code and nothing in it is an identifier."""
        if not TOKEN.fullmatch(value) or self.known(value, person):
            return False
        return self.searched(value, person).text == value

    def code(self, system: str | None, code: str, person: Person, place: str, *, hl7: bool = False) -> str:
        """Treat a code of a code system.

        Parameters
        ----------
        system
            Its system as the source writes it, or None.
        code
            The code.
        person
            Whose the record is.
        place
            Where it stands.
        hl7
            True when the system is a name of HL7 v2 table 0396 and no URI.

        Returns
        -------
        str
            The code itself where it has the form of its public system, or nothing in it identifies; else another one
            that always stands for it.
        """
        public = None if system is None else system_named(system) if hl7 else system_of(system)
        if not self.known(code, person):
            if public is not None and has_shape(public, code):
                return code
            if code.startswith("urn:oid:1.2.840.10008.") and re.fullmatch(r"urn:oid:[0-9.]+", code):
                return code
            if TOKEN.fullmatch(code):
                edits = self.searched(code, person).edits
                if not edits:
                    return code
                # A local system's codes are mostly bare numbers; a number that nobody is known by is one of them.
                if system and all(edit.kind != "known" and edit.category in _RUNS for edit in edits):
                    return code
            elif public is not None and len(code) <= 64 and self.searched(code, person).text == code:
                return code
        self.note(place, "replaced")
        return self.treatment.code("code", code)

    def date(self, value: str, person: Person, place: str, *, birth: bool = False, whole: bool = False) -> str | None:
        """Treat a date or moment; None for what goes."""
        made = self.treatment.date(value, person, birth=birth, whole=whole)
        if made != value:
            self.note(place, "dated" if made else "removed")
        return made or None

    def time(self, value: str, place: str, *, clock: bool) -> str | None:
        """Treat a time of day: a timetable's stays, another only where the policy leaves days apart."""
        stays = clock or self.treatment.policy.dates in {Dates.SHIFT, Dates.KEEP}
        if stays and _TIME.fullmatch(value):
            return value
        self.note(place, "removed")
        return None

    def weekday(self, value: str, person: Person, place: str) -> str | None:
        """Treat a day of the week on which something was due: beside dates that moved it would tell the move."""
        if value not in _WEEKDAYS:
            self.note(place, "unknown")
            return None
        if self.treatment.policy.dates is not Dates.SHIFT:
            return value
        self.note(place, "dated")
        return _WEEKDAYS[(_WEEKDAYS.index(value) + person.shift_days) % len(_WEEKDAYS)]

    def number(
        self, value: Number, person: Person, place: str, question: str = "", *, measured: bool = False
    ) -> Number | None:
        """Keep a number, unless the person is known by it or its question asks for what somebody is known by.

        An answer of eight figures that is a day, and was not measured, is one: 20210314.
        """
        if question and (asked := asks(question)).tells:
            most = ninety(asked.age) if asked.age is not None and self.treatment.policy.ages is Ages.CAP else None
            if most is not None and float(value.text) >= most:
                self.note(place, "capped")
                return Number(str(most))
            made = numbered(value.text, asked, self.treatment, person)
            if made != value.text:
                self.note(place, "dated" if made else "removed")
                return Number(made) if made else None
        whole = value.text.lstrip("+-").partition(".")[0]
        if len(whole) >= _LEAST_KNOWN and whole.isdigit() and self.known(whole, person):
            self.note(place, "removed")
            return None
        if not measured and _ANSWERS.search(place) and _DAY.fullmatch(value.text) and read_typed(value.text):
            made = self.date(value.text, person, place) or ""
            return Number(made) if made.isdecimal() else None
        return value

    def samples(self, value: str, place: str) -> str | None:
        """Keep the numbers of a recording (SampledData.data), or nothing."""
        if _SAMPLES.fullmatch(value):
            return value
        self.note(place, "removed")
        return None

    def age(self, value: str, person: Person, place: str, question: str = "") -> str:
        """Treat a text that may be an age."""
        made = self.treatment.age(value)
        if made:
            if made != value:
                self.note(place, "capped")
            return made
        return self.answer(value, question, person, place)

    def measure(self, quantity: dict[str, Any], place: str, question: str, person: Person) -> dict[str, Any] | None:
        """Treat a quantity by its question: an age is capped; None for what is a number of somebody's."""
        value, asked = quantity.get("value"), asks(question)
        if not isinstance(value, Number) or not asked.tells:
            return quantity
        if asked.age is not None:
            code, unit = quantity.get("code"), quantity.get("unit")
            most = ninety(asked.age, code, unit) or (most_of(code, unit, age=True) if code or unit else None)
            if self.treatment.policy.ages is not Ages.CAP or most is None or float(value.text) < most:
                return quantity
            self.note(place, "capped")
            return {**quantity, "value": Number(str(most))}
        kept = self.number(value, person, place, question)
        return None if kept is None else {**quantity, "value": kept}

    def capped(self, quantity: dict[str, Any], place: str, *, age: bool) -> dict[str, Any]:
        """Cap a quantity that says more than 89 years.

        Parameters
        ----------
        quantity
            A Quantity whose value is a :class:`Number`.
        place
            Where it stands.
        age
            True where it is an age by its place, so that it counts without a unit and in days as well.
        """
        value = quantity.get("value")
        if self.treatment.policy.ages is not Ages.CAP or not isinstance(value, Number):
            return quantity
        most = most_of(quantity.get("code"), quantity.get("unit"), age=age)
        if most is None or float(value.text) < most:
            return quantity
        self.note(place, "capped")
        return {**quantity, "value": Number(str(most))}


def most_of(code: object, unit: object, *, age: bool) -> int | None:
    """Return how many of a unit make 90 years, or None for a unit that is none of time.

    Days, weeks and months count only where the value is an age by its place; years always.
    """
    found = [one.strip().lower() for one in (code, unit) if isinstance(one, str) and one.strip()]
    if any(one in YEARS for one in found) or (age and not found):
        return _NINETY
    if age:
        return next((NINETY_YEARS[one] for one in found if one in NINETY_YEARS), None)
    return None


def with_known(person: Person, others: list[Person]) -> Person:
    """Return a person of whom is also known what is known of others: a text of one may name the other."""
    more = [pair for other in others for pair in other.known]
    if not more or all(other.known == person.known for other in others):
        return person
    return replace(person, known=tuple(dict.fromkeys((*person.known, *more))))


def also_known(person: Person, more: Known) -> Person:
    """Return a person in whose texts some more is searched."""
    known = tuple(dict.fromkeys((*person.known, *more)))
    return replace(person, known=known) if len(known) > len(person.known) else person
