"""Made-up values for synthetic notes, seeded. SLOTS.md says what each slot holds; a split's lists lie beside it."""

from __future__ import annotations

import importlib
import random
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from faker import Faker
from textset import patterns
from textset.people import Person, ascii_word, written

HERE = Path(__file__).resolve().parent
_SIGNS = {"at": "@", "amp": "&", "no": "#"}
_DATES = ("date", "dmy", "worded", "iso", "d8", "md", "month", "nth", "foreign", "dob")
_CALLED = ("phone", "short", "pager", "fax")
_WEB = ("email", "emailat", "url", "urlbare")
_NOISY = {"dateocr": "date", "phoneocr": "phone", "ssnocr": "ssn", "mrnocr": "mrn"}
_COMPUTED = {
    "dea": patterns.dea,
    "npi": patterns.npi,
    "vin": patterns.vin,
    "card": patterns.card,
    "age90w": patterns.over_89,
}


#: Splits that draw from the lists of another.
_AS = {"apart": "dev"}


def lists(split: str) -> dict[str, Any]:
    """Return the lists of a split over those that all share.

    Raises
    ------
    KeyError
        For a list that a split gives and nothing reads: a misspelled name would silently be passed over.
    """
    split = _AS.get(split, split)
    common = tomllib.loads((HERE / "common_values.toml").read_text(encoding="utf-8"))
    own: dict[str, Any] = {}
    if (HERE / f"{split}_values.toml").exists():
        own = tomllib.loads((HERE / f"{split}_values.toml").read_text(encoding="utf-8"))
    elif (HERE / f"{split}_values.py").exists():
        module = vars(importlib.import_module(f"textset.{split}_values"))
        own = {name: value for name, value in module.items() if name.isupper() and not name.startswith("_")}
    unknown = sorted(set(own) - set(common))
    if unknown:
        raise KeyError(f"lists that nothing reads: {', '.join(unknown)}")
    both = {name: own.get(name, common[name]) for name in common if name not in {"FORMS", "PLAIN", "CATEGORY"}}
    both["FORMS"] = {**common["FORMS"], **own.get("FORMS", {})}
    both["PLAIN"] = {**common["PLAIN"], **own.get("PLAIN", {})}
    both["CATEGORY"] = common["CATEGORY"]
    return both


class Values:
    """Draws values; the people of one note stay the same throughout it."""

    def __init__(self, split: str, seed: int) -> None:
        self.data = lists(split)
        self.rng = random.Random(f"{split}-{seed}")
        self.fakers = {locale: Faker(locale) for locale in sorted(set(self.data["LOCALES"]))}
        for at, fake in enumerate(self.fakers.values()):
            fake.seed_instance(seed * 1000 + at)
        self.people: dict[str, Person] = {}
        self.city = ""

    def new_note(self) -> None:
        """Forget the people and the town of the note before."""
        self.people = {}
        self.city = ""

    def draw(self, slot: str) -> tuple[str, str | None]:
        """Return a value and its category, None for what is no identifier.

        Raises
        ------
        KeyError
            For a slot that does not exist.
        """
        if slot.startswith("~"):
            return self._plain(slot[1:]), None
        if "." in slot:
            who, form = slot.split(".")
            return written(self._person(who), form, self.rng), "NAME"
        return self._made(slot), self.data["CATEGORY"][slot]

    def _plain(self, slot: str) -> str:
        if slot == "age":
            return str(self.rng.randint(19, 88))
        if slot == "year":
            return str(self.rng.randint(1995, 2023))
        if slot == "time":
            hour, minute = self.rng.randrange(24), self.rng.randrange(60)
            half = self.rng.choice(["am", "pm", "AM", "PM"])
            return self.rng.choice(
                [f"{hour:02}:{minute:02}", f"{hour:02}{minute:02}", f"{hour % 12 + 1}:{minute:02} {half}"]
            )
        return str(self.rng.choice(self.data["PLAIN"][slot]))

    def _made(self, slot: str) -> str:
        if slot in _NOISY:
            return patterns.swapped(self._made(_NOISY[slot]), self.rng, self.rng.randint(1, 2), "01")
        if slot in _COMPUTED:
            return _COMPUTED[slot](self.rng)
        if slot == "age90":
            return str(self.rng.choice([*range(90, 100), 100, 101, 103, 104]))
        if slot == "born":
            return str(self.rng.randint(1916, 1931))
        if slot == "city":
            self.city = self.city or self.rng.choice(self.data["CITIES"])
            return self.city
        if slot in {"county", "fcity"}:
            return str(self.rng.choice(self.data["COUNTIES" if slot == "county" else "FCITIES"]))
        if slot == "zip":
            prefix = self.rng.choice(self.data["STATES"]).split("|")[1]
            return prefix + patterns.fill(self.rng.choice(["##", "##", "##", "##-####"]), self.rng, self._field)
        pattern = self.rng.choice(self.data["FORMS"][slot])
        if slot in _DATES:
            return patterns.day_text(pattern, self._day(born=slot == "dob"))
        # A North American area code and exchange begin with 2 to 9; addresses need the sign itself.
        other = {"nonzero": "23456789"} if slot in _CALLED else {"letter": "@"} if slot in _WEB else {}
        return patterns.fill(pattern, self.rng, self._field, **other)

    def _field(self, name: str) -> str:
        if name in _SIGNS:
            return _SIGNS[name]
        if name in {"first", "last", "f", "F", "Last", "First"}:
            who = self._person("p")
            return {
                "first": ascii_word(who.given), "last": ascii_word(who.family), "f": ascii_word(who.given)[0],
                "F": ascii_word(who.given)[0].upper(), "Last": who.family, "First": who.given,
            }[name]  # fmt: skip
        if name == "x":
            return str(self.fakers["en_US" if "en_US" in self.fakers else min(self.fakers)].last_name())
        if name == "b":
            return str(self.rng.randint(1, 254))
        if name in {"s", "c", "street"}:
            return str(self.rng.choice(self.data[{"s": "SAINTS", "c": "CITIES", "street": "STREETS"}[name]]))
        return patterns.day_text({"ymd": "%Y%m%d", "mdy": "%m%d%Y", "y": "%Y"}[name], self._day())

    def _day(self, *, born: bool = False) -> date:
        if born:
            return date(1930, 1, 1) + timedelta(days=self.rng.randrange(27000))
        return date(2012, 1, 1) + timedelta(days=self.rng.randrange(4300))

    def _person(self, who: str) -> Person:
        if who not in self.people:
            self.people[who] = self._new_person()
        return self.people[who]

    def _new_person(self) -> Person:
        if self.data["PEOPLE"] and self.rng.random() < 0.25:
            given, family = self.rng.choice(self.data["PEOPLE"]).split("|")
            middle = self.rng.choice(self.data["PEOPLE"]).split("|")[0]
        else:
            fake = self.fakers[self.rng.choice(self.data["LOCALES"])]
            given, family = _names(fake)
            middle = _names(fake)[0]
            if self.rng.random() < 0.07:
                family = f"{family}-{_names(fake)[1]}"
        if self.data["HARD"] and self.rng.random() < 0.08:
            family = self.rng.choice(self.data["HARD"])
        return Person(given, family, middle)


def _names(fake: Faker) -> tuple[str, str]:
    if hasattr(fake, "first_romanized_name"):
        given, family = fake.first_romanized_name(), fake.last_romanized_name()
    else:
        given, family = fake.first_name(), fake.last_name()
    # Some locales' lists hold names with a blank behind.
    return given.strip(), family.strip()
