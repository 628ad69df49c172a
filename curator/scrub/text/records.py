"""JSON records: every member by its own name, at any depth; what nobody knows goes.

JSON Lines are read and written line by line, so memory stays flat. A file of which any line cannot be read is held back
whole.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.core import strides
from curator.core.errors import ItemError
from curator.detect.text.met import Kept
from curator.engine import hands
from curator.formats.textcode import decoded, detect, whole
from curator.scrub.answers import question
from curator.scrub.medium import Made, People, RecordHarvest
from curator.scrub.tabular.gather import Gathering, where_of
from curator.scrub.tabular.plan import Plan, Planned
from curator.scrub.tabular.roles import Role
from curator.scrub.text import jsonvalue
from curator.scrub.text.exports import GONE, is_pair, is_small, labeled, pair, text_member
from curator.scrub.text.forms import SUFFIXES
from curator.scrub.text.jsonvalue import Number
from curator.scrub.text.members import Values, is_container, is_woven, planned, role_in, text_members
from curator.scrub.text.moves import Carried, Texts
from curator.scrub.text.scopes import Scopes, scopes, told_by
from curator.scrub.text.speakers import Speakers
from curator.scrub.text.split import is_split, rows_of
from curator.scrub.text.studio import is_task, task
from curator.scrub.text.transcript import between
from curator.scrub.text.woven import Tally, traced
from curator.scrub.times import at_time

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_ -]{0,63}")
#: What an element of an array is taken for, in characters.
_ELEMENT = 1 << 12
Marks = list[tuple[int, Carried]]
_SPEECH = ("text", "transcript", "content", "utterance", "message", "sentence", "body")


def records(stream: BinaryIO, form: str) -> Iterator[tuple[int, Any]]:
    """Yield (number from 1, record) of a file; the elements of an array one by one, a line of JSON Lines as its text.

    Raises
    ------
    ItemError
        JSN-001 to JSN-006, JSN-011, TXT-020 to TXT-023.
    """
    if form == "jsonl":
        for number, line in enumerate(jsonvalue.lines(decoded(stream, detect(stream))), 1):
            yield number, line
            strides.at(stream)
        return
    value = jsonvalue.load(whole(stream, jsonvalue.MOST_FILE))
    if is_split(value):
        value = list(rows_of(value))
    if isinstance(value, list) and not is_pair(value):
        for number, record in enumerate(value, 1):
            yield number, record
            strides.part(number, len(value))
    else:
        yield 0, value


def _parts(stream: BinaryIO, form: str) -> Iterator[list[tuple[int, Any]]]:
    return hands.parts_of(records(stream, form), lambda one: len(one[1]) if form == "jsonl" else _ELEMENT)


def _loaded(part: list[tuple[int, Any]], form: str) -> Iterator[tuple[int, Any]]:
    for number, record in part:
        yield number, jsonvalue.load(record) if form == "jsonl" else record


def harvest(stream: BinaryIO, treatment: Treatment, form: str) -> RecordHarvest:
    """Read records for pass 1."""

    def told(part: list[tuple[int, Any]]) -> tuple[list[tuple[Plan, list[str | None], int, set[str]]], Kept | None]:
        if hands.away():
            treatment.met.begin()
        rows = [
            (plan, row, number, categories)
            for number, record in _loaded(part, form)
            for plan, row, categories in told_by(scopes(record, number, treatment), treatment)
        ]
        return rows, treatment.met.met() if hands.away() else None

    gathering = Gathering()
    where: set[tuple[str, str]] = set()
    for rows, kept in hands.spread(_parts(stream, form), told):
        if kept is not None:
            treatment.met.join(kept)
        for plan, row, number, categories in rows:
            gathering.add(plan, row, number)
            where |= where_of(plan)
            where |= {("text", category) for category in categories}
    return RecordHarvest(suffix=SUFFIXES[form], people=tuple(gathering.people()), where=tuple(sorted(where)))


def rewrite(stream: BinaryIO, out: BinaryIO, people: People, treatment: Treatment, form: str) -> Made:
    """Write clean records, each on a line.

    Raises
    ------
    ItemError
        As :func:`records`; JSN-007 and JSN-008 for labels that cannot be carried, JSN-009 when no member is known,
        JSN-010 when two members would have one name.
    """
    tally, digest, texts = Tally(), hashlib.sha256(), Texts()
    cleaner = Cleaner(people, treatment, Tally())

    def cleaned(part: list[tuple[int, Any]]) -> tuple[list[tuple[int, str, Marks]], Counter[tuple[str, str]], int]:
        done = [
            (number, *jsonvalue.dump_marked(cleaner.record(record, number))) for number, record in _loaded(part, form)
        ]
        return done, *cleaner.counted()

    def put(text: str, marks: Sequence[tuple[int, Carried]] = ()) -> None:
        texts.add(text, marks)
        data = text.encode("utf-8")
        digest.update(data)
        out.write(data)

    many, last, known = False, "", 0
    for done, counts, understood in hands.spread(_parts(stream, form), cleaned):
        tally.counts.update(counts)
        known += understood
        for number, clean, marks in done:
            if form != "jsonl" and number:
                put(",\n" if many else "[\n")
                put(clean, marks)
                last = "\n]\n"
            else:
                put(clean, marks)
                put("\n")
            many = True
    if not many:
        last = "[]\n" if form == "json" else ""
    put(last)
    if many and not known:
        raise ItemError("JSN-009")
    return Made(digest.hexdigest(), tally.actions(), texts.made())


class Cleaner:
    """Cleans records one after the other.

    Attributes
    ----------
    known
        How many members were known; a file with none is not understood.
    """

    def __init__(self, people: People, treatment: Treatment, tally: Tally) -> None:
        self.people, self.treatment, self.tally = people, treatment, tally
        self.values = Values(people.own, treatment, tally)
        self.known = 0
        self._scopes = Scopes((), {}, {}, [])
        self._holder: dict[str, Any] = {}
        self._strong = False
        self._told: list[str] = []
        self._speakers = Speakers()

    def counted(self) -> tuple[Counter[tuple[str, str]], int]:
        """Return what was done and how many members were known since this was asked last."""
        counts, known = self.tally.counts, self.known
        self.tally.counts, self.known = Counter(), 0
        return counts, known

    def record(self, value: Any, number: int) -> Any:
        """Return a clean record."""
        self._scopes = scopes(value, number, self.treatment)
        self._strong = any(
            one.plan is not None and one.plan.role is Role.PSEUDONYM and not one.plan.spec.weak
            for one in self._scopes.leaves
        )
        self._speakers = Speakers()
        self._told = [one.text for one in self._scopes.leaves if one.plan is not None and one.plan.role is Role.DATE]
        self.values.of(at_time(self.people.find(self._scopes.root), self._told, self.treatment))
        if is_pair(value):
            self.known += 1
            return pair(value, self.values)
        if isinstance(value, dict):
            return self._object(value, "")
        if isinstance(value, list):
            return self._list(value, "", None)
        self.tally.add("member", "unknown")
        return None

    def _object(self, obj: dict[str, Any], parent: str) -> dict[str, Any]:
        outer = self.values.person
        own = self._scopes.own.get(id(obj))
        if own is not None:
            self.values.of(at_time(self.people.find(own), self._told, self.treatment))
        asked, self.values.asked = self.values.asked, question(obj)
        holder, self._holder = self._holder, obj
        made: dict[str, Any] = {}
        taken: dict[str, Any] = {}
        texts: dict[str, str] = {}
        if is_task(obj):
            taken, texts = task(obj, self.values)
        elif (name := text_member(obj)) is not None:
            taken = labeled(obj, name, self.values)
        for key, value in obj.items():
            if key in taken:
                if taken[key] is not GONE:
                    self._put(made, key, taken[key])
            elif key == "data" and isinstance(value, dict) and is_task(obj):
                self._put(made, key, self._data(value, texts))
            else:
                self._member(made, key, value, parent)
        self.values.asked, self._holder = asked, holder
        if own is not None:
            self.values.of(outer)
        return made

    def _data(self, obj: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
        """Clean the members of a task's data; those that ranges lie on are clean already."""
        made: dict[str, Any] = {}
        holder, self._holder = self._holder, obj
        for key, value in obj.items():
            if key in texts:
                plan = planned(key, "", self.treatment)
                name = plan.name if plan is not None else key if key in text_members() else "text"
                self._put(made, name, texts[key])
            else:
                self._member(made, key, value, "")
        self._holder = holder
        return made

    def _put(self, made: dict[str, Any], key: str, value: Any) -> None:
        if key in made:
            raise ItemError("JSN-010")
        made[key] = value
        self.known += 1

    def _member(self, made: dict[str, Any], key: str, value: Any, parent: str) -> None:
        plan = self._plan(key, parent)
        if plan is not None and plan.role is Role.DROP and plan.why == "policy":
            self.tally.add(plan.spec.place, "removed")
        elif isinstance(value, dict | list):
            container = is_container(key) and _KEY.fullmatch(key) is not None
            if not container and (plan is None or plan.role not in {Role.KEEP, Role.TEXT}):
                self.tally.add(plan.spec.place if plan else "member", "removed" if plan else "unknown")
                return
            name = key if container or plan is None else plan.name
            inner = self._list(value, key, plan) if isinstance(value, list) else self._object(value, key)
            self._put(made, name, inner)
        elif plan is None:
            self.tally.add("member", "unknown")
        elif plan.role is Role.DROP:
            self.tally.add(plan.spec.place, "removed")
        else:
            self._put(made, plan.name, self._single(value, plan))

    def _plan(self, key: str, parent: str) -> Planned | None:
        plan = planned(key, parent, self.treatment, self._holder)
        if plan is not None and plan.role is Role.PSEUDONYM and plan.spec.weak and self._strong:
            return replace(plan, spec=replace(plan.spec, role=Role.CODE))
        return plan

    def _list(self, listed: list[Any], key: str, plan: Planned | None) -> list[Any]:
        if is_woven(key) and listed and all(isinstance(one, dict) for one in listed):
            speech = next((name for name in _SPEECH if any(isinstance(one.get(name), str) for one in listed)), None)
            if speech is not None and not any(text_member(one) for one in listed):
                return self._spoken(listed, speech, key)
        out: list[Any] = []
        for one in listed:
            if isinstance(one, dict):
                out.append(self._object(one, key))
            elif is_pair(one):
                self.known += 1
                out.append(pair(one, self.values))
            elif isinstance(one, list):
                out.append(self._list(one, key, plan))
            elif plan is None or plan.role is Role.DROP:
                self.tally.add("member", "unknown")
            else:
                out.append(self._single(one, plan))
        return out

    def _spoken(self, listed: list[dict[str, Any]], speech: str, parent: str) -> list[dict[str, Any]]:
        """Clean pieces of speech as one text, with one label for each speaker."""
        said = [one[speech] if isinstance(one.get(speech), str) else "" for one in listed]
        said = ["" if isinstance(one, Number) else one for one in said]
        for one in listed:
            for key, value in one.items():
                if role_in("segment", key) == "speaker" and isinstance(value, str) and not isinstance(value, Number):
                    self._speakers.label(value)
        person = self._speakers.beside(self.values.person)
        clean, found = traced(said, between(said), person, self.treatment)
        self.tally.changes("text", found)
        out = []
        for one, old, (text, edits) in zip(listed, said, clean, strict=True):
            made: dict[str, Any] = {}
            self._holder = one
            for key, value in one.items():
                role = role_in("segment", key)
                if key == speech:
                    whole = isinstance(value, str) and not isinstance(value, Number)
                    self._put(made, key, Carried.of(old, text, edits) if whole else None)
                elif role == "speaker" and isinstance(value, str) and not isinstance(value, Number):
                    self._put(made, key, self._speakers.label(value))
                elif role in {"number", "speaker"} and is_small(value):
                    self._put(made, key, value)
                elif role == "label" and isinstance(value, str):
                    self._put(made, key, self.values.label(value))
                elif role in {"number", "speaker"}:
                    self.tally.add("member", "removed")
                else:
                    self._member(made, key, value, parent)
            out.append(made)
        return out

    def _single(self, value: Any, plan: Planned) -> Any:
        spec = plan.spec
        if value is None:
            return None
        if isinstance(value, bool):
            return value if plan.role in {Role.KEEP, Role.TEXT} else None
        if not isinstance(value, str):
            return None
        made = self.values.cell(str(value), spec)
        if isinstance(value, Number):
            if made == value:
                return value
            if self.values.asked and plan.role is Role.KEEP and not made.isdecimal():
                return None  # a code for a number that is gone would be no number
            return Number(made) if re.fullmatch(r"0|[1-9]\d{0,17}", made) else (made or None)
        return made
