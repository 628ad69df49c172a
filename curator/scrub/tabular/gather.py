"""Gathering the persons of a table: rows that share an ID are one person's, and what the rows tell of them.

Holds identifiers in memory, for the vault. It must never put one into an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from curator.core.errors import ItemError
from curator.identifiers.categories import LIKELY_NAME
from curator.identifiers.spelling import fold
from curator.scrub.answers import applies
from curator.scrub.medium import OLDEST, RecordPerson
from curator.scrub.questions import Asked
from curator.scrub.tabular.cells import ids_of
from curator.scrub.tabular.likely import is_thing, name_words
from curator.scrub.tabular.plan import Plan, Planned
from curator.scrub.tabular.roles import Role, Spec
from curator.scrub.tabular.serials import compact_of
from curator.scrub.treatment import age_in_years
from curator.scrub.typed_dates import read_typed

_LAST_DAY = "21000101"
_LONGEST = 256
#: Letters and digits from which on a person's number is searched in texts without a word that says what it is.
_LEAST_NUMBER = 5
#: Different identifiers kept of one person; a person with more is a table's mistake, and is held back.
_MOST_KNOWN = 5000
#: So many are kept before words that only look like names are no longer added.
_MOST_LIKELY = 1000


class _Gathered:
    """One person so far."""

    __slots__ = ("births", "ids", "known", "last", "over_89")

    def __init__(self) -> None:
        self.ids: tuple[tuple[str, str, str], ...] = ()
        self.known: tuple[tuple[str, str], ...] = ()
        self.births: tuple[str, ...] = ()
        self.last = ""
        self.over_89 = False


class Gathering:
    """The persons of all tables of one file."""

    def __init__(self) -> None:
        self._people: list[_Gathered | None] = []
        self._of_id: dict[tuple[str, str, str], int] = {}
        self._column_of_id: dict[tuple[str, str, str], int] = {}
        self._moved: dict[int, int] = {}

    def add(self, plan: Plan, row: Sequence[str | None], number: int) -> None:
        """Take one row.

        Raises
        ------
        ItemError
            TAB-011 when the same number stands for different rows' persons in two columns for the patient's ID.
        """
        ids = ids_of(plan, row, number)
        known, births, last, over_89 = _told(plan, row)
        known = (*known, *(pair for kind, _, value in ids if kind != "row" for pair in own_number(value)))
        if ids[0][0] == "row" and not (known or births or last or over_89):
            return
        self._check(plan, row, ids)
        person = self._of(ids)
        person.ids = _joined(person.ids, ids)
        if len(person.known) >= _MOST_LIKELY:
            known = tuple(pair for pair in known if pair[0] != LIKELY_NAME)
        person.known = _joined(person.known, known)
        person.births = _joined(person.births, births)
        person.last = max(person.last, last)
        person.over_89 = person.over_89 or over_89

    def people(self) -> Iterator[RecordPerson]:
        """Yield everybody, in the order of first appearance, letting go of each."""
        self._of_id.clear()
        self._column_of_id.clear()
        for at, one in enumerate(self._people):
            if one is not None:
                yield RecordPerson(one.ids, one.known, one.births, one.last or None, one.over_89)
                self._people[at] = None

    def _check(self, plan: Plan, row: Sequence[str | None], ids: tuple[tuple[str, str, str], ...]) -> None:
        if len(plan.ids) < 2:
            return
        for one in plan.ids:
            value = (row[one.at] or "").strip()
            for key in ids:
                if key[2] == value and self._column_of_id.setdefault(key, one.at) != one.at and len(set(ids)) > 1:
                    raise ItemError("TAB-011")

    def _of(self, ids: tuple[tuple[str, str, str], ...]) -> _Gathered:
        """Return the one person of some IDs, joining those who turn out to be one."""
        places = sorted({self._at(self._of_id[key]) for key in ids if key in self._of_id})
        if places:
            first = places[0]
        else:
            first = len(self._people)
            self._people.append(_Gathered())
        person = self._people[first]
        assert person is not None
        for other in places[1:]:
            gone = self._people[other]
            assert gone is not None
            person.ids = _joined(person.ids, gone.ids)
            person.known = _joined(person.known, gone.known)
            person.births = _joined(person.births, gone.births)
            person.last = max(person.last, gone.last)
            person.over_89 = person.over_89 or gone.over_89
            self._people[other] = None
            self._moved[other] = first
        for key in ids:
            self._of_id[key] = first
        return person

    def _at(self, place: int) -> int:
        while place in self._moved:
            place = self._moved[place]
        return place


def _joined(old: tuple, new: tuple) -> tuple:  # type: ignore[type-arg]
    fresh = [one for one in new if one not in old]
    if not fresh:
        return old
    if len(old) + len(fresh) > _MOST_KNOWN:
        raise ItemError("TAB-018", most=f"{_MOST_KNOWN:,}")
    return (*old, *dict.fromkeys(fresh))


def _told(plan: Plan, row: Sequence[str | None]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...], str, bool]:
    """Return known identifiers, birth dates, the latest other date, and whether an age over 89 is stated."""
    known: list[tuple[str, str]] = []
    names: dict[str, dict[str, str]] = {}
    births: list[str] = []
    last, over_89 = "", False
    telling = plan.telling
    if plan.questions and (asked := plan.asked(row)[1]).settles:
        telling = (*telling, *_answers(plan, row, asked))
    for one in telling:
        spec, cell = one.spec, row[one.at]
        if not cell or not (value := cell.strip()[:_LONGEST]):
            continue
        if one.role in {Role.DATE, Role.BIRTH_DATE} or spec.known == "birth_date":
            read = read_typed(value, day_first=spec.day_first)
            day = read.compact if read is not None else compact_of(value, spec.serial) if spec.serial else None
            if day is None or day >= _LAST_DAY:
                continue
            if one.role is Role.BIRTH_DATE or spec.known == "birth_date":
                births.append(day)
                known.append(("birth_date", day))
            else:
                last = max(last, day)
        elif one.role is Role.AGE:
            over_89 = over_89 or _is_over_89(value, spec.per_year)
        elif spec.known == LIKELY_NAME:
            known.extend((LIKELY_NAME, word) for word in name_words(value))
        elif spec.known == "name" or one.role is Role.NAME:
            if not (kind := _kind_of_name(value, spec)):
                continue
            if kind != "name":
                known.append((kind, value))
                continue
            parts = names.setdefault(spec.who, {})
            if spec.part == "whole" or spec.part in parts:
                known.append(("name", value))
            else:
                parts[spec.part] = value
        elif spec.known and tells(spec.known, value):
            known.append((spec.known, value))
    order = ("given", "middle", "family")
    known.extend(
        ("name", " ".join(parts[part] for part in order if part in parts)) for parts in names.values() if parts
    )
    return tuple(dict.fromkeys(known)), tuple(dict.fromkeys(births)), last, over_89


def _answers(plan: Plan, row: Sequence[str | None], asked: Asked) -> Iterator[Planned]:
    """Yield the answers of a row as columns that their question heads."""
    for at in sorted(plan.answers):
        if cell := row[at]:
            spec = told_as(cell, asked)
            if spec is not None:
                yield Planned(at, "", spec, "name")


def told_as(answer: str, asked: Asked) -> Spec | None:
    """Return the column as which an answer tells of its person; None where it tells nothing that is searched for."""
    if asked.age is not None:
        return Spec(Role.AGE, per_year=asked.age.per_year) if asked.age.own and asked.age.per_year else None
    spec = asked.spec
    if spec is None or not applies(answer, asked):
        return None
    # A number in a row of answers joins no persons: it is searched for.
    return Spec(Role.DROP, place=spec.place, known="id") if spec.role is Role.PSEUDONYM else spec


def _kind_of_name(value: str, spec: Spec) -> str:
    """Return what a value below a heading over names is known as; empty for what is nobody's name.

    A patient may be called May or Sodium. Who stands beside them, or below a heading that does not say that these are
    people, is no word of medicine or of everyday: ``mother`` may be over "diabetes", ``nurse`` over "none".
    """
    digits = sum(map(str.isdecimal, value))
    if digits >= _LEAST_NUMBER and digits > sum(map(str.isalpha, value)):
        return "other" if read_typed(value, day_first=spec.day_first) is None else ""
    if (spec.loose or spec.who != "patient") and (is_thing(value) or not any(map(str.isalpha, value))):
        return ""
    return "name"


#: What is known by letters alone as well; of the rest a value without a number may be any word.
_OF_LETTERS = frozenset({"name", "address", "email", "url", "birth_date"})


def tells(kind: str, value: str) -> bool:
    """Say whether a value tells something of a person: a number that is only words of a list is none."""
    return kind in _OF_LETTERS or any(map(str.isdecimal, value)) or not is_thing(value)


@lru_cache(maxsize=65536)
def own_number(value: str) -> tuple[tuple[str, str], ...]:
    """Return what is known of a person by their number in a table: (category, value), or nothing for a short one.

    What is as short as a measurement is searched for the person alone, or not at all; a word is none.
    """
    from curator.detect.text.lists.lexicon import lexicon

    plain = fold(value)
    if len(plain) < _LEAST_NUMBER:
        return ()
    lists = lexicon()
    if plain in lists.words or plain in lists.medical:
        return ()
    telling = len(plain) > _LEAST_NUMBER or not (plain.isdecimal() or plain.isalpha())
    # Where a name stands for the number, the rest of the row and of the notes has it in parts.
    name = (("name", value[:_LONGEST]),) if len(value.split()) > 1 and name_words(value) else ()
    return (("id" if telling else "record_number", value[:_LONGEST]), *name)


def _is_over_89(value: str, per_year: float) -> bool:
    years = age_in_years(value) if per_year == 1.0 else None
    if years is not None:
        return years >= OLDEST + 1
    longest = 3 if per_year == 1.0 else 6
    digits = value.lstrip("><≥ ").split(".", 1)[0].split(" ", 1)[0].rstrip("yY+")
    return digits.isdecimal() and digits.isascii() and len(digits) <= longest and int(digits) >= (OLDEST + 1) * per_year


def where_of(plan: Plan) -> set[tuple[str, str]]:
    """Return (place, category) of the columns of a table that hold identifiers, by the table's own names."""
    return {(one.spec.place, _category(one)) for one in plan.columns if _category(one)}


def _category(one: Planned) -> str:
    if one.spec.known:
        return "name" if one.spec.known == LIKELY_NAME else one.spec.known
    words = {Role.PSEUDONYM: "id", Role.CODE: "other", Role.UID: "uid", Role.NAME: "name", Role.DATE: "date"}
    return words.get(one.role, "")
