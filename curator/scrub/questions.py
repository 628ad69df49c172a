"""What a question asks for: what a column of its heading would be, an age, a place, somebody, or a number.

``Nachname``, ``last_name`` and "What is your last name?" are one question, whatever the format that holds it. They are
looked up in the table of column roles, so that an answer and a cell of one heading are treated alike. A question that
is no heading of that table is read by its words. Nothing here may print, log or raise a question.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from curator.scrub.policy.load import folded_column
from curator.scrub.tabular.headings import says_name
from curator.scrub.tabular.roles import Role, Spec, spec_of

#: Longest question that is read before an answer, in characters.
LONGEST = 120
_MOST = 4096
_PLACE_OF = re.compile(r"\b(?:birth ?place|place of birth)\b", re.IGNORECASE)
#: Tests and results of a domain of SDTM.
_SDTM_TEST, _SDTM_RESULT = re.compile("[a-z]{2}test(?:cd)?"), re.compile("[a-z]{2}(?:orres|stres[cn])")
_WORD = re.compile(r"[^\W\d_]+")
#: Roles of a column that ask for nothing that anybody is known by.
_OPEN = frozenset({Role.KEEP, Role.TEXT, Role.UID})
_YEAR_OF_BIRTH = Spec(Role.YEAR, place="birth_year", birth=True)
_DATE_OF_BIRTH = Spec(Role.BIRTH_DATE, place="birth_date", known="birth_date")
#: Houses that a column of IDs of facilities is headed by; a location or a site may be one of the body.
_HOUSES = frozenset(
    ["employer", "employer_name", "school", "school_name", "place_of_work", "hospital", "hospital_name"]
)
_HOUSES |= frozenset(["clinic", "clinic_name", "facility", "facility_name", "institution", "institution_name"])
_HOUSES |= frozenset(["organization_name", "practice_name", "lab_name", "performing_lab_name", "krankenhaus", "klinik"])
_HOUSES |= frozenset(["hopital", "etablissement", "hospital_nombre"])
#: Headings that a table over people has and that ask for a thing elsewhere.
SOFT = frozenset(
    ["patient", "subject", "participant", "person", "eid", "pid", "residence", "link", "host", "signature"]
)
SOFT |= frozenset(["path", "folder", "directory", "prefix", "suffix", "picture", "photo", "photograph", "url", "login"])
SOFT |= frozenset(["first", "last", "middle", "mi", "given", "maiden"])

#: Words with which a question for somebody begins; the WHO, whose grades are asked for, is written in capitals.
_WHO = frozenset(["who", "whom", "wer", "wen", "wem", "qui", "quien", "quienes", "chi", "quem"])


@dataclass(frozen=True)
class Age:
    """An age that a question asks for.

    Parameters
    ----------
    per_year
        How many of its unit make a year, where an answer names none; 0 where it then is no age in years.
    own
        Whether it is the patient's for certain, and no relative's or donor's.
    """

    per_year: float = 1.0
    own: bool = False


@dataclass(frozen=True)
class Asked:
    """What a question asks for.

    Parameters
    ----------
    spec
        What a column of its heading is, where that holds something that a person is known by; else None.
    soft
        Whether such a heading may ask for a thing as well: ``mother`` for her illness, ``attending`` for a service.
    age
        The age that it asks for, or None.
    labels
        Labels behind which a text is read; none where it asks for nobody and no place.
    place
        The detectors' label of a place below a state that it asks for; empty for none.
    number
        Whether its words ask for a number that somebody is known by.
    kind
        Whether its words ask of which kind somebody or something is, or for the name of a thing.
    """

    spec: Spec | None = None
    soft: bool = False
    age: Age | None = None
    labels: tuple[str, ...] = ()
    place: str = ""
    number: bool = False
    kind: bool = False

    @property
    def tells(self) -> bool:
        """Whether an answer is treated otherwise than as a text or a number by itself."""
        return self.spec is not None or self.age is not None or self.number or bool(self.labels)

    @property
    def settles(self) -> bool:
        """Whether the question alone says what becomes of an answer."""
        return self.spec is not None or self.age is not None


NOTHING = Asked()


@dataclass(frozen=True)
class _Words:
    around: frozenset[str]
    somebody: frozenset[str]
    doers: frozenset[str]
    things: frozenset[str]
    of_things: frozenset[str]
    kinds: frozenset[str]
    numbers: tuple[str, ...]
    also: dict[str, str]
    places: dict[str, str]
    ages: frozenset[str]
    how_old: tuple[str, ...]
    doubtful: frozenset[str]
    written: tuple[str, ...]
    beside: frozenset[str]
    no_age: frozenset[str]
    weeks: frozenset[str]
    units: dict[str, float]
    births: frozenset[str]
    years: frozenset[str]
    dates: frozenset[str]
    plain: frozenset[str]
    languages: frozenset[str]
    questions: dict[str, int]
    answers: frozenset[str]
    numeric: frozenset[str]


def plain_words(text: str) -> str:
    """Return a text in lower case, without accents, as the lists have their words."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(mark for mark in parts if not unicodedata.combining(mark))


def _phrases(text: str) -> Iterator[str]:
    return (one.strip() for one in re.split(r"[|\n]", text.strip()) if one.strip())


@cache
def _words() -> _Words:
    text = resources.files("curator.scrub.tabular").joinpath("data", "questions.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    age, birth, columns = raw["age"], raw["birth"], raw["columns"]
    per_year = {"years": 1.0, "months": 12.0, "of_weeks": 365.25 / 7, "days": 365.25}
    return _Words(
        frozenset(raw["around"].split()),
        frozenset(raw["somebody"].split()),
        frozenset(raw["doers"].split()),
        frozenset(raw["things"].split()),
        frozenset(f"{raw['things']} {raw['naming']} {raw['around']}".split()),
        frozenset(raw["kinds"].split()),
        tuple(f" {one} " for one in _phrases(raw["numbers"])),
        raw["also"],
        {word: label for label, listed in raw["places"].items() for word in listed.split()},
        frozenset(age["words"].split()),
        tuple(_phrases(age["phrases"])),
        frozenset(age["doubtful"].split()),
        tuple(age["written"].split()),
        frozenset(age["beside"].split()),
        frozenset(age["not"].split()),
        frozenset(age["weeks"].split()),
        {word: size for unit, size in per_year.items() for word in age[unit].split()},
        frozenset(birth["births"].split()),
        frozenset(birth["years"].split()),
        frozenset(birth["dates"].split()),
        frozenset(_phrases(raw["plain"]["answers"])),
        frozenset(raw["plain"]["languages"].split()),
        {name: rank for rank, name in enumerate(dict.fromkeys(columns["questions"].split()))},
        frozenset(columns["answers"].split()),
        frozenset(columns["numbers"].split()),
    )


@lru_cache(maxsize=_MOST)
def place_of_question(name: str) -> int | None:
    """Return how telling a column or member of a folded name is as a question, 0 the most; None for no question."""
    listed = _words().questions
    return listed.get(name, len(listed) if _SDTM_TEST.fullmatch(name) else None)


@lru_cache(maxsize=_MOST)
def is_answer(name: str) -> bool:
    """Say whether a column or member of a folded name holds an answer."""
    return name in _words().answers or _SDTM_RESULT.fullmatch(name) is not None


def is_of_numbers(name: str) -> bool:
    """Say whether a column of answers, by its folded name, holds numbers alone."""
    return name in _words().numeric or name.endswith("stresn")


def is_said_of_nobody(answer: str) -> bool:
    """Say whether an answer is one that names nobody in any language of the list: unknown, ja, aucun."""
    return plain_words(answer.strip().rstrip(".")) in _words().plain


def is_language(answer: str) -> bool:
    """Say whether an answer is the name of a language or of several."""
    words = _WORD.findall(plain_words(answer))
    return bool(words) and all(word in _words().languages for word in words)


def per_year(unit: str) -> float | None:
    """Return how many of a unit of time make a year, by its word in any language of the list; None for another."""
    return _words().units.get(plain_words(unit.strip().rstrip(".")))


@lru_cache(maxsize=_MOST)
def asks(question: str) -> Asked:
    """Return what a question asks for.

    Parameters
    ----------
    question
        The words of a question, the name of an observation or of a field.
    """
    asked = " ".join(question.split()).rstrip(" :?.¿")
    if not asked or len(asked) > LONGEST or not any(mark.isalpha() for mark in asked):
        return NOTHING
    words = plain_words(folded_column(asked)).split("_")
    spec, age = _spec(asked, words), _age(words, asked.lower())
    if spec is None and age is None and words[0] in _WHO and asked[:3] != "WHO" and question.rstrip()[-1:] == "?":
        spec = spec_of("emergency contact")  # somebody, or a word for whoever it is: Who helps you at home?
    if spec is not None and spec.role is Role.AGE:
        age = Age(spec.per_year if age is None else age.per_year, own=True)
        spec = None
    place = place_of(asked) or ("City" if _is_place(spec) else "")
    soft = _is_soft(spec) or "_".join(words) in _words().also
    labels = _labels(asked, words, None if soft else spec, place) or ((asked,) if age is not None else ())
    return Asked(spec, soft, age, labels, place, _asks_number(words), _asks_kind(asked, words))


def _is_place(spec: Spec | None) -> bool:
    return spec is not None and spec.role is Role.GENERALIZE and spec.known == "address"


def _spec(asked: str, words: list[str]) -> Spec | None:
    """Return what a column of this heading is, with and without the words that only make a question of it."""
    listed = _words()
    core = [word for word in words if word not in listed.around]
    for name in dict.fromkeys((asked, " ".join(core))):
        spec = spec_of(listed.also.get(plain_words(name), name)) if name else None
        if spec is not None:
            return None if spec.role in _OPEN or spec.part == "issuer" else spec
    if listed.births.isdisjoint(words):
        return None
    if not listed.years.isdisjoint(words):
        return _YEAR_OF_BIRTH
    return None if listed.dates.isdisjoint(words) else _DATE_OF_BIRTH


def _is_soft(spec: Spec | None) -> bool:
    if spec is None:
        return False
    if spec.loose or spec.place in SOFT or spec.role is Role.CODE:
        return True
    # Who is called by what they do: behind "Attending" stands a service as well, behind "Attending name" nobody else.
    return spec.role is Role.NAME and spec.who not in {"patient", ""} and not says_name(spec.place.split("_"))


def _age(words: list[str], asked: str) -> Age | None:
    """Return the age that words ask for; None where they do not, or where it is told of something by age."""
    listed = _words()
    found = listed.ages.intersection(words)
    text = " ".join(words)
    if any(one in text for one in listed.how_old):
        return Age(max((listed.units.get(word) or 1.0 for word in words if len(word) > 2), default=1.0))
    if not found or not listed.no_age.isdisjoint(words):
        return None
    sure = not found <= listed.doubtful or any(one in asked for one in listed.written)
    if not sure and listed.beside.isdisjoint(words):
        return None
    if not listed.weeks.isdisjoint(words):
        return Age(0.0)
    sizes = [size for word in words if len(word) > 1 and (size := listed.units.get(word)) is not None]
    return Age(max(sizes, default=1.0))


@lru_cache(maxsize=_MOST)
def place_of(question: str) -> str:
    """Return the label of the place below a state that a question asks for; empty when it asks for none."""
    if _PLACE_OF.search(question):
        return "Birthplace"
    places = _words().places
    return next((places[one] for one in _WORD.findall(plain_words(question)) if one in places), "")


def _labels(asked: str, words: list[str], spec: Spec | None, place: str) -> tuple[str, ...]:
    if place:
        return asked, place
    told = _WORD.findall(plain_words(asked))
    listed = _words()
    # A mark that counts as a letter may be none once it is taken apart.
    done = bool(told) and told[-1] in listed.doers
    if done or not listed.somebody.isdisjoint(told) or not listed.somebody.isdisjoint(words):
        return (asked,)
    named = spec is not None and (spec.role in {Role.NAME, Role.PSEUDONYM, Role.ZIP3} or bool(spec.known))
    return (asked,) if named else ()


def _asks_kind(asked: str, words: list[str]) -> bool:
    listed, told = _words(), _WORD.findall(plain_words(asked))
    if not listed.kinds.isdisjoint(words):
        return True
    return not listed.things.isdisjoint(told) and listed.of_things.issuperset(told)


def _asks_number(words: list[str]) -> bool:
    text = f" {' '.join(words)} "
    return any(one in text for one in _words().numbers)


def asks_birth(question: str) -> bool:
    """Say whether a question asks for the day of a birth."""
    spec = asks(question).spec if question else None
    return spec is not None and spec.role is Role.BIRTH_DATE


def asks_house(spec: Spec) -> bool:
    """Say whether a heading asks for a house or a firm by its name."""
    return spec.role is Role.CODE and spec.domain == "facility" and spec.place in _HOUSES


def best(candidates: Iterable[str]) -> str:
    """Return the question of several ways to put it that tells most of its answer; the first where none does.

    Parameters
    ----------
    candidates
        Texts, names and codes of one question, the plainest first; empty ones are passed over.
    """
    first = read = ""
    for one in candidates:
        if not one.strip():
            continue
        first = first or one
        asked = asks(one)
        if asked.settles:
            return one
        read = read or (one if asked.tells else "")
    return read or first
