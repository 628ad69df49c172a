"""Cleaning rows: what each cell becomes by its column's role, for the person whom the row is about.

Everything that leaves a table goes through here. What cannot be read as what its column should hold becomes empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from curator.detect.text.protocol import find_all
from curator.detect.text.words.seen import view
from curator.identifiers.categories import Category, letter_of
from curator.identifiers.spelling import fold, misread, spellings
from curator.identifiers.variants import of_birth, of_phone, of_street
from curator.scrub.answers import aged, answer, applies, dated, is_number_asked_for, tells_nobody
from curator.scrub.dicom import harvest as dicom
from curator.scrub.medium import OLDEST, People, Person
from curator.scrub.postal import is_abroad, is_foreign, is_home, may_be_state, zip3
from curator.scrub.prose import matcher_of
from curator.scrub.questions import NOTHING, Asked, is_language, is_of_numbers
from curator.scrub.tabular.lapses import is_lapse
from curator.scrub.tabular.plan import Plan, Planned, tells_country
from curator.scrub.tabular.ranged import Ranges
from curator.scrub.tabular.roles import Role, Spec, in_list
from curator.scrub.tabular.serials import treated
from curator.scrub.tabular.values import (
    CODE,
    CODED_AGE,
    CODED_ZIP,
    HOLDS_LONG_NUMBER,
    LONG_NUMBER,
    PLAIN,
    TNM,
    code_of,
    is_name,
    plain_text,
)
from curator.scrub.times import at_time
from curator.scrub.treatment import Treatment
from curator.scrub.typed_dates import read_typed

_NUMBER = re.compile(r"\s*(-?)(\d{1,15})(?:\.\d*)?\s*")
_DECIMAL = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*")
_DICOM_AGE = re.compile(r"\s*\d{3}[DWM]\s*")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"[0-9]{5,}")
_SPLIT = re.compile(r"[\n\r,;^=]")
_SHORT_ZIP = re.compile(r"\s*(\d{3,4})(?:\.0*)?(-\d{4})?\s*")
#: Where ZIP codes begin with a zero (USPS Publication 65).
_ZERO_STATES = frozenset(
    ("ct", "connecticut", "ma", "massachusetts", "me", "maine", "nh", "new hampshire", "nj", "new jersey")
    + ("ri", "rhode island", "vt", "vermont", "pr", "puerto rico", "vi", "virgin islands")
)
_MOST_REMEMBERED = 1 << 16

Cell = Callable[[str, Person, bool], str]


def ids_of(plan: Plan, row: Sequence[str | None], number: int) -> tuple[tuple[str, str, str], ...]:
    """Return the IDs that a row gives its person, in the order of the columns; the row itself where it gives none.

    Parameters
    ----------
    plan
        What the columns are.
    row
        The cells.
    number
        Of the row, from 1, counted through all tables of the file.

    Returns
    -------
    tuple
        (kind, issuer, value) each, as :class:`curator.scrub.medium.RecordPerson` has them.
    """
    issuer = next((row[one.at] for one in plan.issuers if row[one.at]), None) or ""
    found = []
    for one in plan.ids:
        value = (row[one.at] or "").strip()
        if value.startswith('="') and value.endswith('"'):
            value = value[2:-1].strip()  # how numbers are written so that a spreadsheet leaves their zeros
        if one.spec.kind == "fhir":
            value = value.rsplit("/", 1)[-1]
        if value and not is_placeholder(value):
            found.append((one.spec.kind, issuer.strip() if one.spec.kind == "mrn" else "", value))
    return tuple(found) or (("row", "", str(number)),)


def is_placeholder(value: str) -> bool:
    """Say whether an ID says nothing: blank, ``0``, ``ANON``, ``999``; 111 and 222 do, since tables count."""
    plain = value.strip()
    if plain.isdecimal() and plain.strip("09"):
        return False
    return dicom.is_placeholder(plain)


def whole_zip(cell: str) -> str:
    """Return a ZIP code with the leading zeros that a spreadsheet took: 1453 is 01453."""
    match = _SHORT_ZIP.fullmatch(cell)
    return f"{match[1]:>05}{match[2] or ''}" if match else cell


def band(cell: str) -> str:
    """Return the band of a number, as wide as its highest digit counts: 52340 is 50000-59999; empty for no number."""
    match = _NUMBER.fullmatch(cell)
    if match is None:
        return ""
    width = 10 ** max(1, len(match[2].lstrip("0")) - 1)
    low = int(match[2]) // width * width
    text = f"{low}-{low + width - 1}"
    return f"-({text})" if match[1] else text


class RowCleaner:
    """Cleans the rows of one table.

    Parameters
    ----------
    plan
        What the columns are.
    people
        Who is who.
    treatment
        The policy with its secrets and detectors.

    Attributes
    ----------
    actions
        Counts by (place, action).
    """

    def __init__(self, plan: Plan, people: People, treatment: Treatment) -> None:
        self._plan, self._people, self._treatment = plan, people, treatment
        self.actions = plan.actions()
        self._suspects: dict[tuple[bool, str], bool] = {}
        self._needles: tuple[tuple[tuple[str, str], ...] | None, tuple[str, ...] | None] = (None, ())
        self._state = ""
        self._states = [one for one in plan.columns if one.spec.closed == "us_states" and one.role is Role.KEEP]
        self._ranges = Ranges((one.spec.place, one.at) for one in plan.columns)
        self._row: Sequence[str | None] = ()
        self._countries = [one.at for one in plan.columns if tells_country(one)]
        self._lands: list[str] = []
        self._dates = [one for one in plan.columns if one.role is Role.DATE]
        self._question, self._asked = "", NOTHING
        self._read = plan.asked if plan.questions else None
        self._headed: dict[Spec, Cell] = {}
        self._cells = [(one, self._cell(one)) for one in plan.kept]

    def person(self, row: Sequence[str | None], number: int) -> Person:
        """Return the person whom a row is about."""
        return self._people.find(ids_of(self._plan, row, number))

    def row(self, cells: Sequence[str | None], number: int, typed: Sequence[bool] | None = None) -> list[str | None]:
        """Clean a row.

        Parameters
        ----------
        cells
            The row in the source, as texts.
        number
            Of the row in the file, from 1.
        typed
            For each cell whether it is a date of the format's own, which takes no bare year; None for none.

        Returns
        -------
        list
            The cells of the columns that stay; None where the source holds nothing.
        """
        self._row = cells
        told = [cells[one.at] or "" for one in self._dates]
        person = at_time(self.person(cells, number), told, self._treatment)
        self._state = next((value for one in self._states if in_list("us_states", value := cells[one.at] or "")), "")
        self._lands = [cells[at] or "" for at in self._countries]
        if self._read is not None:
            self._question, self._asked = self._read(cells)
        out: list[str | None] = []
        for one, clean in self._cells:
            cell = cells[one.at]
            out.append(clean(cell, person, typed is not None and typed[one.at]) if cell else cell)
        return out

    def counted(self) -> dict[tuple[str, str], int]:
        """Return what was done since this was asked last; at first with the columns that go."""
        actions, self.actions = self.actions, {}
        return actions

    def note(self, place: str, action: str, count: int = 1) -> None:
        """Count an action."""
        key = (place, action)
        self.actions[key] = self.actions.get(key, 0) + count

    def _cell(self, one: Planned) -> Cell:
        """Return the function that cleans the cells of a column."""
        value = self._value(one)
        if one.at in self._plan.answers and one.role in {Role.KEEP, Role.TEXT} and not one.loosened:
            value = self._answering(value, numbers=is_of_numbers(one.spec.place))
        place, done = one.spec.place, _ACTION_OF.get(one.role, "replaced")

        def clean(cell: str, person: Person, typed: bool) -> str:
            made = value(cell, person, typed)
            if made != cell:
                self.note(place, done if made else "emptied")
            return made

        return clean

    def _answering(self, value: Cell, *, numbers: bool) -> Cell:
        """Return the function that cleans answers: as the question of their row says, else as their own column."""

        def clean(cell: str, person: Person, typed: bool) -> str:
            asked = self._asked
            made = self.headed(cell, asked, person, typed=typed) if asked is not NOTHING else None
            if made is None:
                return value(cell, person, typed)
            return made if not numbers or made == cell or made.isdecimal() else ""

        return clean

    def headed(self, cell: str, asked: Asked, person: Person, *, typed: bool = False) -> str | None:
        """Clean an answer as a cell of a column that its question heads; None where that is no column of this kind."""
        if asked.age is not None:
            return aged(cell, asked.age, self._treatment)
        spec = asked.spec
        if spec is None or not applies(cell, asked, strictly=True):
            if spec is not None and (tells_nobody(cell, asked) or is_language(cell)):
                return cell
            return "" if is_number_asked_for(cell, asked) else None
        if spec.known == "name":
            return self._treatment.name(cell, person)
        if spec.role is Role.DROP:
            return ""
        if spec.role in {Role.DATE, Role.BIRTH_DATE} and not typed:
            return dated(cell, person, self._treatment, birth=spec.role is Role.BIRTH_DATE)
        clean = self._headed.get(spec)
        if clean is None:
            clean = self._headed[spec] = self._value(Planned(0, "", spec, "name"))
        return clean(cell, person, typed)

    def _value(self, one: Planned) -> Cell:
        treatment, spec = self._treatment, one.spec
        roles: dict[Role, Cell] = {
            Role.NAME: lambda cell, person, _: treatment.name(cell, person),
            Role.PSEUDONYM: lambda cell, person, _: "" if is_placeholder(cell) else person.pseudonym,
            Role.CODE: lambda cell, _, __: code_of(cell, spec.domain, treatment),
            Role.UID: lambda cell, _, __: treatment.uid(cell.strip()) if cell.strip() else "",
            Role.BIRTH_DATE: lambda cell, person, typed: self._date(cell, person, spec, whole=typed),
            Role.DATE: lambda cell, person, typed: self._date(cell, person, spec, whole=typed),
            Role.YEAR: lambda cell, person, _: self._year(cell, person, birth=spec.birth),
            Role.AGE: lambda cell, _, __: self._age(cell, spec.per_year),
            Role.ZIP3: lambda cell, _, __: self._zip(cell, spec),
            Role.GENERALIZE: lambda cell, _, __: band(cell) or self._state,
            Role.TEXT: lambda cell, person, _: (
                cell
                if self._is_range(cell.strip(), person, spec.place)
                else self._text(cell, person, answers=one.at in self._plan.answers)
            ),
            Role.KEEP: lambda cell, person, _: self._keep(cell, person, one),
        }
        if one.loosened:
            return lambda cell, _, __: cell
        return roles[one.role]

    def _date(self, cell: str, person: Person, spec: Spec, *, whole: bool) -> str:
        birth = spec.role is Role.BIRTH_DATE
        lapse = spec.lapse and not spec.serial
        if lapse and is_lapse(cell, spec.lapse, int(self._treatment.project_date[:4])):
            return cell
        made = self._treatment.date(cell, person, birth=birth, whole=whole, day_first=spec.day_first)
        if made or read_typed(cell, day_first=spec.day_first) is not None:
            return made
        if lapse and any(map(str.isalpha, cell)):
            return self._text(cell, person)
        if not spec.serial:
            return made
        return treated(cell, person, self._treatment, unit=spec.serial, birth=birth)

    def _zip(self, cell: str, spec: Spec) -> str:
        """Treat a postal code: one of another country goes, as any country of the row tells, or else the heading."""
        abroad = next((land for land in self._lands if is_abroad(land)), "")
        if spec.abroad and not any(map(is_home, self._lands)):
            return ""
        land = abroad or next(filter(is_home, self._lands), "")
        return zip3(whole_zip(cell) if self._pads(spec) else cell, land, self._treatment, self._told_state())

    def _told_state(self) -> str:
        """Return what the row says of the state, if that is none of the United States; empty where one is."""
        told = (self._row[one.at] or "" for one in self._states if "birth" not in one.spec.place)
        return "" if self._state else next((state for state in told if is_foreign(state, "")), "")

    def _pads(self, spec: Spec) -> bool:
        """Say whether ZIP codes of this row are written with their leading zeros: the column tells, or the state."""
        return spec.padded or self._state.strip().casefold() in _ZERO_STATES

    def _year(self, cell: str, person: Person, *, birth: bool) -> str:
        read = read_typed(cell)
        return self._treatment.date(read.year_text, person, birth=birth) if read is not None else ""

    def _age(self, cell: str, per_year: float) -> str:
        if per_year == 1.0:
            return cell if _DICOM_AGE.fullmatch(cell) else self._treatment.age(cell)
        match = _DECIMAL.fullmatch(cell)
        if match is None:
            return ""
        capped = self._treatment.age(
            str(int(float(match[1]) / per_year)) if float(match[1]) < 200 * per_year else "199"
        )
        return (
            str(int((OLDEST + 1) * per_year)) if capped == "90" and float(match[1]) >= (OLDEST + 1) * per_year else cell
        )

    def _text(self, cell: str, person: Person, *, answers: bool = False) -> str:
        text = plain_text(cell)
        if text is None:
            return ""
        if answers and self._question and (told := answer(text, self._question, self._treatment, person)) != text:
            return told
        if is_name(text):
            return self._treatment.name(text, person)
        return self._treatment.prose(text, person).text

    def _keep(self, cell: str, person: Person, one: Planned) -> str:
        if one.spec.closed:
            away = one in self._states and not all(map(may_be_state, self._lands)) and "birth" not in one.spec.place
            return cell if in_list(one.spec.closed, cell) and not away else ""
        value = cell.strip()
        if len(value) < 2:
            return cell
        if self._question and one.at in self._plan.answers and not value[0].isdigit():
            told = answer(cell, self._question, self._treatment, person)
            if told != cell:
                return told
        if PLAIN.fullmatch(value):
            short = len(value) < 5 and not value.isalpha()
            return cell if short or not self._knows(value, person) else self._text(cell, person)
        if TNM.fullmatch(value) or self._is_range(value, person, one.spec.place):
            return cell
        coded = one.spec.coded
        if coded and (match := CODED_AGE.fullmatch(value)):
            return match[1] + self._treatment.age(match[2])
        if coded and (match := CODED_ZIP.fullmatch(value)):
            return match[1] + self._treatment.zip3(match[2])
        if not coded and (LONG_NUMBER.fullmatch(value) or (value.isalnum() and HOLDS_LONG_NUMBER.fullmatch(value))):
            return ""
        if not self._suspect(value, coded=coded) and not self._knows(value, person):
            return cell
        return self._text(cell, person)

    def _is_range(self, value: str, person: Person, place: str) -> bool:
        """Say whether a value is a range of numbers that nothing is known by."""
        return self._ranges.is_range(place, value, self._row, self._question) and not self._knows(value, person)

    def _suspect(self, value: str, *, coded: bool) -> bool:
        """Say whether a value needs cleaning whoever it is of; remembered, since kept columns hold few values."""
        key = (coded, value)
        found = self._suspects.get(key)
        if found is None:
            if coded and CODE.fullmatch(value):
                found = False
            else:
                found = plain_text(value) != value or is_name(value) or bool(find_all(value, self._treatment.rules))
            everybody = self._treatment.everybody
            found = found or (everybody is not None and any(True for _ in everybody.find(value)))
            if len(self._suspects) < _MOST_REMEMBERED:
                self._suspects[key] = found
        return found

    def _knows(self, value: str, person: Person) -> bool:
        """Say whether a value holds what is known of a person, or is not written as it looks."""
        if not person.known:
            return False
        if self._needles[0] is not person.known:
            self._needles = (person.known, needles(person.known))
        pieces = self._needles[1]
        if pieces is not None and value.isascii():
            plain = fold(value)
            # Figures may stand for letters.
            if not any(piece in plain for piece in pieces) and not misread(value):
                return False
        # The pieces are asked first, since they are quick; what they cannot rule out the search itself decides.
        return view(value) is not None or any(True for _ in matcher_of(person.known).find(value))


_ACTION_OF = {
    Role.PSEUDONYM: "pseudonymized",
    Role.BIRTH_DATE: "dated",
    Role.DATE: "dated",
    Role.YEAR: "dated",
    Role.AGE: "capped",
    Role.ZIP3: "generalized",
    Role.GENERALIZE: "generalized",
}


def needles(known: Sequence[tuple[str, str]]) -> tuple[str, ...] | None:
    """Return pieces of which at least one stands in every ASCII text that holds a known identifier in any spelling.

    Parameters
    ----------
    known
        (category, value) pairs.

    Returns
    -------
    tuple of str, or None
        Letters and digits alone, in lower case, two or more each; None when a value is not ASCII, so that there are
        more spellings than pieces can tell.
    """
    found: set[str] = set()
    for word, value in known:
        if not value.isascii():
            return None
        category = letter_of(word)
        if category is Category.DATE:
            found.add(value[:4])
            if word == "birth_date" and len(value) == 8:
                found.update(of_birth(value))
        elif category is Category.NAME:
            for spelling in spellings(value):
                parts = [fold(part) for part in _WORD.findall(spelling.replace("'", ""))]
                found.update((*parts, "".join(parts)))
        else:
            whole = fold(value)
            found.update((whole, whole[-10:]))
            for run in _DIGITS.findall(whole):
                found.add(run.lstrip("0") if len(run.lstrip("0")) >= 5 else run)
            found.update(fold(part) for part in _SPLIT.split(value))
            found.update(of_phone(whole) if category is Category.PHONE else ())
            if category is Category.GEOGRAPHY:
                found.update(*of_street(value, lambda _: False))
    return tuple(sorted(one for one in found if len(one) > 1))
