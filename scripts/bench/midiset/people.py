"""Made-up persons of the MIDI-B bench and what their records say of them. Seeded; nobody in it exists."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Person:
    """One made-up patient."""

    number: int
    last: str
    first: str
    mrn: str
    birth: date
    sex: str
    ssn: str
    phone: str
    email: str
    street: str
    city: str
    weight: str
    size: str
    ethnic: str
    occupation: str


@dataclass(frozen=True)
class Visit:
    """One study of a patient: when, where and by whom."""

    person: Person
    day: date
    time: str
    accession: str
    study_id: str
    doctor: tuple[str, str]
    operator: tuple[str, str]
    hospital: str
    street: str
    station: str
    serial: str

    @property
    def slots(self) -> dict[str, list[str]]:
        """Return what each slot of a phrase may be filled with."""
        one, day, born = self.person, self.day, self.person.birth
        return {
            "name": [f"{one.first} {one.last}", f"{one.last}, {one.first}", f"{one.last.upper()} {one.first.upper()}"],
            "mrn": [one.mrn],
            "accession": [self.accession],
            "doctor": [self.doctor[0]],
            "operator": [f"{self.operator[1]} {self.operator[0]}"],
            "hospital": [self.hospital],
            "phone": [one.phone],
            "email": [one.email],
            "ssn": [one.ssn],
            "street": [one.street],
            "city": [one.city],
            "birthslash": [f"{born:%m/%d/%Y}"],
            "dateslash": [f"{day:%m/%d/%Y}"],
            "dateiso": [f"{day:%Y-%m-%d}"],
        }


def person(rng: Random, number: int) -> Person:
    """Draw a patient; the number makes names and IDs differ."""
    last, first = WORDS["last"][number % len(WORDS["last"])], rng.choice(WORDS["first"])
    area = rng.choice((218, 509, 207, 478, 785))
    return Person(
        number=number,
        last=last,
        first=first,
        mrn=f"{rng.choice('KTHQ')}{rng.randrange(10**6, 10**7)}{number:02d}",
        birth=date(1940, 1, 1) + timedelta(days=rng.randrange(22000)),
        sex=rng.choice("FM"),
        ssn=f"{rng.randrange(400, 600)}-{rng.randrange(10, 99)}-{rng.randrange(1000, 9999)}",
        phone=f"({area}) 555-{rng.randrange(100, 200):04d}",
        email=f"{first}.{last}{number}@example.org".lower(),
        street=rng.choice(WORDS["street"]),
        city=rng.choice(WORDS["city"]),
        weight=str(rng.randrange(48, 110)),
        size=f"{rng.randrange(150, 198) / 100:.2f}",
        ethnic=rng.choice(WORDS["ethnic"]),
        occupation=rng.choice(WORDS["occupation"]),
    )


def visit(rng: Random, one: Person) -> Visit:
    """Draw a study of a patient."""
    doctor, operator = rng.sample([name for name in WORDS["last"] if name != one.last], 2)
    return Visit(
        person=one,
        day=date(2012, 1, 2) + timedelta(days=rng.randrange(3600)),
        time=f"{rng.randrange(7, 19):02d}{rng.randrange(60):02d}{rng.randrange(60):02d}",
        accession=f"A{rng.randrange(10**8, 10**9)}",
        study_id=f"{rng.randrange(10**4, 10**5)}",
        doctor=(doctor, rng.choice(WORDS["first"])),
        operator=(operator, rng.choice(WORDS["first"])),
        hospital=rng.choice(WORDS["hospital"]),
        street=rng.choice(WORDS["street"]),
        station=rng.choice(WORDS["station"]),
        serial=f"SN{rng.randrange(10**5, 10**6)}",
    )
