"""Which column is what: the policy first, then the table of names, then what the contents say against it.

The same for harvest and rewrite, since both read the whole file for it. A column that nobody knows is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Protocol

from curator.core import strides
from curator.core.errors import ItemError
from curator.identifiers.categories import LIKELY_NAME
from curator.scrub.policy.load import folded_column
from curator.scrub.questions import Asked
from curator.scrub.tabular.asking import asking, is_redcap_record, reader
from curator.scrub.tabular.contents import Contents, sampled
from curator.scrub.tabular.lapses import Lapses
from curator.scrub.tabular.likely import looked_at
from curator.scrub.tabular.ranged import Ranges
from curator.scrub.tabular.roles import Role, Spec, is_identifier, places_in, spec_of, written
from curator.scrub.tabular.serials import Serials
from curator.scrub.tabular.values import is_uuid
from curator.scrub.treatment import Treatment
from curator.scrub.typed_dates import order_of

#: What tells of a person, beside their name.
_OF_A_PERSON = frozenset({"ssn", "phone", "email", "address", "health_plan", "license", "birth_date"})
#: What tells that a table lists houses, payers or staff, where it tells no birth dates.
_OF_OTHERS = frozenset({"utilization", "revenue", "unique_customers", "speciality", "specialty"})
#: Different values that are looked at of a column that goes, and characters of each.
_ZIP = 5
_MOST_SEEN, _LONGEST_SEEN = 2048, 80
#: More columns than this are no table that a person made.
MOST_COLUMNS = 100_000
_BY_NAME, _BY_POLICY, _UNKNOWN = "name", "policy", "unknown name"


class Table(Protocol):
    """One table of a file, read as texts: None stands for a cell that holds nothing."""

    @property
    def names(self) -> Sequence[str]:
        """The header."""
        ...

    def rows(self) -> Iterator[Sequence[str | None]]:
        """Read the rows from the start, each as long as the header.

        Raises
        ------
        ItemError
            When a row cannot be read whole.
        """
        ...


@dataclass(frozen=True)
class Planned:
    """What becomes of one column.

    Parameters
    ----------
    at
        Its place in the source, from 0.
    name
        Its name in the clean file; empty for a column that is dropped.
    spec
        Its role and what belongs to it.
    why
        The reason, in the program's own words: ``name``, ``policy``, ``unknown name`` or what the contents are.
    """

    at: int
    name: str = field(repr=False)
    spec: Spec
    why: str

    @property
    def role(self) -> Role:
        """What becomes of the column."""
        return self.spec.role

    @property
    def loosened(self) -> bool:
        """Whether the policy keeps what the table calls an identifier: it costs the claim, and it is done."""
        return self.role is Role.KEEP and self.why == _BY_POLICY and is_identifier(self.name)


@dataclass(frozen=True)
class Plan:
    """What becomes of all columns of a table.

    Parameters
    ----------
    columns
        One by one.
    questions, answers
        Places of the columns that name what is asked, the most telling first, and of those that hold the answers.
    """

    columns: tuple[Planned, ...]
    questions: tuple[int, ...] = ()
    answers: frozenset[int] = frozenset()

    @cached_property
    def kept(self) -> tuple[Planned, ...]:
        """The columns that are in the clean file."""
        return tuple(one for one in self.columns if one.role is not Role.DROP)

    @cached_property
    def asked(self) -> Callable[[Sequence[str | None]], tuple[str, Asked]]:
        """What says which question a row holds, and what that asks for."""
        return reader(self.questions)

    @cached_property
    def ids(self) -> tuple[Planned, ...]:
        """The columns that hold the patient's ID, in the order of the source."""
        return tuple(one for one in self.columns if one.role is Role.PSEUDONYM)

    @cached_property
    def issuers(self) -> tuple[Planned, ...]:
        """The columns that say who gave the patient's ID."""
        return tuple(one for one in self.columns if one.spec.part == "issuer")

    @cached_property
    def telling(self) -> tuple[Planned, ...]:
        """The columns that tell something of a person besides the ID: identifiers, dates, ages."""
        told = {Role.DATE, Role.BIRTH_DATE, Role.AGE, Role.NAME}
        return tuple(one for one in self.columns if one.role in told or one.spec.known)

    def actions(self) -> dict[tuple[str, str], int]:
        """Count the columns that go, by place and action."""
        counted: dict[tuple[str, str], int] = {}
        for one in self.columns:
            if one.role is Role.DROP:
                key = ("column", "unknown") if one.why == _UNKNOWN else (one.spec.place, "removed")
                counted[key] = counted.get(key, 0) + 1
        return counted


def named(names: Sequence[str], treatment: Treatment) -> tuple[Planned, ...]:
    """Give roles by name and policy alone.

    Raises
    ------
    ItemError
        TAB-007 without a column, TAB-008 for too many, TAB-009 when no name is known: the first row is then no header.
    """
    if not names:
        raise ItemError("TAB-007")
    if len(names) > MOST_COLUMNS:
        raise ItemError("TAB-008", most=f"{MOST_COLUMNS:,}")
    confirmed = dict(treatment.policy.columns)
    made = []
    for at, name in enumerate(names):
        spec, role = spec_of(name), confirmed.get(folded_column(name)) if name else None
        if spec is None and is_redcap_record(name, names):
            spec = Spec(Role.PSEUDONYM, place="record", domain="study", weak=True)
        if role is not None:
            domain = spec.domain if spec is not None and spec.domain else folded_column(name)
            base = spec if spec is not None else Spec(Role.DROP)
            base = replace(base, role=Role(role), domain=domain, weak=False, abroad=False)
            made.append(Planned(at, written(name, base), base, _BY_POLICY))
        elif spec is None:
            made.append(Planned(at, "", Spec(Role.DROP), _UNKNOWN))
        else:
            made.append(Planned(at, written(name, spec), spec, _BY_NAME))
    if all(one.why == _UNKNOWN for one in made):
        raise ItemError("TAB-009")
    return tuple(_settled(made))


def _settled(columns: list[Planned]) -> Iterator[Planned]:
    """Decide what depends on other columns: weak IDs, and places that become the state."""
    strong = any(one.role is Role.PSEUDONYM and not one.spec.weak for one in columns)
    states = any(one.spec.closed == "us_states" and one.role is Role.KEEP for one in columns)
    trial = any(one.spec.place == "usubjid" for one in columns)
    countries = any(tells_country(one) for one in columns)
    for one in columns:
        if trial and one.spec.place == "visit_num" and one.why == _BY_NAME:
            # SDTM's VISITNUM is a place in the protocol.
            yield replace(one, spec=replace(one.spec, role=Role.KEEP, place="visitnum"))
        elif one.role is Role.PSEUDONYM and one.spec.weak and strong:
            yield replace(one, spec=replace(one.spec, role=Role.CODE))
        elif one.role is Role.GENERALIZE and one.spec.known == "address" and not states and one.why != _BY_POLICY:
            yield replace(one, spec=replace(one.spec, role=Role.DROP), why="no column for the state")
        elif one.role is Role.ZIP3 and one.spec.abroad and not countries:
            yield replace(one, spec=replace(one.spec, role=Role.DROP), why="a postal code of no known country")
        else:
            yield one


def _owner(columns: Sequence[Planned]) -> int | None:
    """Return the place of a column ``id`` that may be of the persons whom a table lists; None when there is none.

    Only a table that has no other number of the patient and tells names or birth dates of one lists persons. Whether
    these are UUIDs, which name one person in all tables, the contents must say: numbers from 1 do not. One that says
    what it takes in, or how often it is used, lists houses, payers or staff.
    """
    if any(one.role is Role.PSEUDONYM for one in columns):
        return None
    born = any(one.role is Role.BIRTH_DATE for one in columns)
    if not born and any(one.spec.place in _OF_OTHERS for one in columns):
        return None
    if not any(one.role is Role.BIRTH_DATE or (one.role is Role.NAME and one.spec.who == "patient") for one in columns):
        return None
    found = [one.at for one in columns if one.spec.place == "id" and one.role is Role.CODE and one.why == _BY_NAME]
    return found[0] if len(found) == 1 else None


def tells_country(one: Planned) -> bool:
    """Say whether a column says of which country the postal codes of its rows are."""
    return one.spec.place in places_in("of_an_address")


class Orders:
    """Which of day and month stands first in the dates of a table, learned from those that can be read in one way."""

    def __init__(self, columns: Sequence[Planned]) -> None:
        self._told: dict[int, set[str]] = {one.at: set() for one in columns if _is_date(one) or one.role is Role.KEEP}

    def add(self, row: Sequence[str | None]) -> None:
        """Look at a row."""
        for at, told in self._told.items():
            cell = row[at]
            if cell and (order := order_of(cell)):
                told.add(order)

    def settled(self, columns: Sequence[Planned]) -> list[Planned]:
        """Return columns whose dates are read as they tell; one that does not tell follows the table's others."""
        dates = [one.at for one in columns if _is_date(one)]
        others = set().union(*(self._told.get(at, set()) for at in dates))
        day_first = {at for at in dates if (self._told.get(at) or others) == {"day"}}
        return [replace(one, spec=replace(one.spec, day_first=True)) if one.at in day_first else one for one in columns]


class Numbers:
    """Which columns hold numbers that a spreadsheet made of something else: of days and moments, and of ZIP codes.

    And of which the numbers are lapses of time.
    """

    def __init__(self, columns: Sequence[Planned], treatment: Treatment) -> None:
        self._days = {
            one.at: Serials(treatment.project_date, birth=one.role is Role.BIRTH_DATE)
            for one in columns
            if one.role in {Role.DATE, Role.BIRTH_DATE}
        }
        year = int(treatment.project_date[:4])
        timed = any(one.spec.place == "duration" for one in columns)
        self._lapses = {
            one.at: Lapses(year, timed=timed) for one in columns if one.role is Role.DATE and one.spec.lapse
        }
        self._zips: dict[int, list[int]] = {one.at: [0, 0, 0] for one in columns if one.role is Role.ZIP3}

    def add(self, row: Sequence[str | None]) -> None:
        """Look at a row."""
        for at, days in self._days.items():
            cell = row[at]
            if cell:
                days.add(cell)
        for at, lapses in self._lapses.items():
            cell = row[at]
            if cell:
                lapses.add(cell)
        for at, counts in self._zips.items():
            cell = row[at]
            if cell:
                digits = cell.strip().split("-")[0].split(".")[0]
                size = len(digits) if digits.isdecimal() and digits.isascii() else 0
                counts[0 if size == _ZIP else 1 if size in {_ZIP - 1, _ZIP - 2} else 2] += 1

    def settled(self, columns: Iterable[Planned]) -> Iterator[Planned]:
        """Yield columns whose numbers are read as they tell.

        A ZIP code is padded only where most of the column's others have five digits: elsewhere codes have four.
        """
        for one in columns:
            if one.at in self._days and (unit := self._days[one.at].unit):
                yield replace(one, spec=replace(one.spec, serial=unit))
            elif one.at in self._lapses:
                yield replace(one, spec=replace(one.spec, lapse=self._lapses[one.at].told))
            elif one.at in self._zips and (counts := self._zips[one.at])[1] and counts[0] > counts[2]:
                yield replace(one, spec=replace(one.spec, padded=True))
            else:
                yield one


def _is_date(one: Planned) -> bool:
    return one.role in {Role.DATE, Role.BIRTH_DATE, Role.YEAR} or one.spec.known == "birth_date"


def _is_open(one: Planned) -> bool:
    """Say whether a column's heading leaves open whether it is over people."""
    return one.spec.loose and one.role in {Role.NAME, Role.DROP} and one.why == _BY_NAME


def is_gone(one: Planned) -> bool:
    """Say whether a column goes of which nobody says what it tells of a person."""
    return one.role is Role.DROP and not one.spec.known and one.spec.part != "issuer"


def _told_by_contents(
    one: Planned, values: Collection[str], columns: Sequence[Planned], treatment: Treatment
) -> Planned:
    """Decide by what stands below and beside it whether a heading is over people.

    ``name`` over tests or drugs is kept, as ``test_name`` is; ``mother`` over diagnoses goes. Where a column beside it
    tells of a person, all that stands below is a name.
    """
    look = looked_at(value for value in values if value)
    whole = one.spec.who == "patient"
    if whole and any(is_of_person(other) for other in columns):
        return replace(one, spec=replace(one.spec, loose=False))
    if not whole:
        return replace(one, spec=Spec(Role.DROP), why=_UNKNOWN) if look.no_people else one
    if not look.names_things(beside=is_beside_things(other.spec.place for other in columns)):
        return one
    contents = Contents()
    for value in sorted(values):
        contents.add(value, treatment.rules)
    found = contents.verdict(coded=False) or (Role.KEEP, "")
    if found[0] is not Role.KEEP:
        return one
    return replace(one, spec=Spec(Role.KEEP, place=one.spec.place), why="holds names of things")


def is_beside_things(places: Iterable[str]) -> bool:
    """Say whether columns of some places belong to a test, a drug or a finding, and none says which one it is."""
    listed = set(places)
    return bool(listed & places_in("of_a_thing")) and not listed & places_in("calls_a_thing")


def is_of_person(one: Planned) -> bool:
    """Say whether a column tells of a person, so that a name beside it is theirs."""
    if one.role is Role.BIRTH_DATE or one.spec.known in _OF_A_PERSON:
        return True
    return one.role is Role.NAME and one.spec.who == "patient" and not one.spec.loose


def decide(table: Table, treatment: Treatment) -> Plan:
    """Decide what becomes of each column of a table, reading all of it once.

    Raises
    ------
    ItemError
        As :func:`named`; TAB-010 when two columns that stay have one name; and what reading raises.
    """
    return corrected(Plan(named(table.names, treatment), *asking(table.names)), table.rows(), treatment)


def corrected(plan: Plan, rows: Iterable[Sequence[str | None]], treatment: Treatment) -> Plan:
    """Hold names against contents. See :func:`decide`."""
    columns = plan.columns
    orders, numbers = Orders(columns), Numbers(columns, treatment)
    looked = {one.at: Contents() for one in columns if one.role is Role.KEEP and one.why == _BY_NAME}
    ranges = Ranges((one.spec.place, one.at) for one in columns)
    listed = [
        (one.at, looked[one.at], one.spec.coded, partial(ranges.holds, one.spec.place))
        for one in columns
        if one.at in looked
    ]
    open_names = {one.at for one in columns if _is_open(one)}
    seen = {one.at: set[str]() for one in columns if one.at in open_names or is_gone(one)}
    owner, owns = _owner(columns), False
    with strides.looking():
        for number, row in enumerate(rows):
            if owner is not None and (told := row[owner]):
                owns = is_uuid(told)
                owner = owner if owns else None
            orders.add(row)
            numbers.add(row)
            if sampled(number):
                # What a question alone decides says nothing of the column's other answers.
                settled = plan.answers if plan.questions and plan.asked(row)[1].settles else ()
                for at, contents, coded, is_range in listed:
                    cell = row[at]
                    if cell and at not in settled:
                        contents.add(cell, treatment.rules, coded=coded, is_range=is_range)
                for at, values in seen.items():
                    cell = row[at]
                    if cell and len(values) < _MOST_SEEN:
                        values.add(cell.strip()[:_LONGEST_SEEN])
    made = []
    for one in columns:
        if one.at in open_names:
            one = _told_by_contents(one, seen[one.at], columns, treatment)
        verdict = looked[one.at].verdict(coded=one.spec.coded) if one.at in looked else None
        if verdict is not None:
            one = replace(one, spec=replace(one.spec, role=verdict[0], closed=""), why=verdict[1])
        if is_gone(one):
            cells = looked[one.at].values() if one.at in looked else seen.get(one.at, set())
            if looked_at(cells).likely_names:
                one = replace(one, spec=replace(one.spec, known=LIKELY_NAME))
        if owns and one.at == owner:
            one = replace(one, spec=replace(one.spec, role=Role.PSEUDONYM), why="UUIDs of the persons that are listed")
        made.append(one)
    plan = replace(plan, columns=tuple(numbers.settled(orders.settled(made))))
    stays = [folded_column(one.name) for one in plan.kept]
    if len(set(stays)) != len(stays):
        raise ItemError("TAB-010")
    return plan
