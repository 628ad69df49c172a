"""Made-up identifiers: inventing them, and remembering where each was planted. Nobody named here exists."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from typing import Any

UID_ROOT = "1.2.826.0.1.3680043.8.498."


@cache
def tables() -> dict[str, Any]:
    """Return the words, patients and series of the made-up hospital (``data/hospital.toml``)."""
    return tomllib.loads(resources.files("curator.demo").joinpath("data/hospital.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Plant:
    """One planted identifier.

    Parameters
    ----------
    token
        What a search must not find in any output.
    kind
        ``name``, ``number``, ``date``, ``time``, ``uid``, ``phone``, ``web``, ``ssn``, ``zip``, ``age`` and others.
    place
        Where it was planted, such as an attribute path or ``file name``.
    medium
        The medium of the file that holds it.
    """

    token: str
    kind: str
    place: str
    medium: str = "dicom"


class Planter:
    """Invents identifiers, each one once, and keeps a list of them.

    Parameters
    ----------
    seed
        The same seed invents the same identifiers in the same order.
    """

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - made-up data, repeatable on purpose
        self._plants: dict[Plant, None] = {}
        self._used: set[str] = set()

    @property
    def plants(self) -> list[Plant]:
        """Everything that was planted, in order."""
        return list(self._plants)

    def remember(self, token: str, kind: str, place: str, medium: str = "dicom") -> str:
        """Keep a token in the list and return it."""
        self._plants[Plant(token, kind, place, medium)] = None
        return token

    def pick(self, names: Sequence[str]) -> str:
        """Draw one of some names that was not drawn yet; two of them, joined, once all were."""
        left = [name for name in names if name not in self._used]
        if left:
            return self.once(lambda: self.draw.choice(left))
        return self.once(lambda: "-".join(self.draw.sample(list(names), 2)))

    def once(self, make: Callable[[], str]) -> str:
        """Draw until a value is new."""
        while (token := make()) in self._used:
            pass
        self._used.add(token)
        return token

    def word(self, longest: int = 64) -> str:
        """Invent a word of 9 to 16 letters."""
        words = tables()["words"]

        def make() -> str:
            end = "".join(self.draw.choice("bdfgklmnprstvz") + self.draw.choice("aeiou") for _ in range(2))
            return f"{self.draw.choice(words['first'])}{self.draw.choice(words['second'])}{end}".capitalize()[-longest:]

        return self.once(make)

    def number(self) -> str:
        """Invent a record number of letters and digits, 11 characters."""
        return self.once(lambda: "".join(self.draw.choices("BCDFGHKM", k=3)) + f"{self.draw.randrange(10**8):08d}")

    def date(self) -> str:
        """Invent a date as DICOM writes it, never the first of January."""
        return self.once(
            lambda: f"{self.draw.randint(1971, 2012)}{self.draw.randint(2, 12):02d}{self.draw.randint(2, 28):02d}"
        )

    def time(self) -> str:
        """Invent a time of day with microseconds that end in no zero."""
        return self.once(
            lambda: (
                f"{self.draw.randrange(6, 20):02d}{self.draw.randrange(60):02d}{self.draw.randrange(60):02d}"
                f".{self.draw.randrange(10**5, 10**6 - 1) | 1:06d}"
            )
        )

    def uid(self) -> str:
        """Invent a UID below the root that pydicom's users share."""
        return self.once(lambda: f"{UID_ROOT}{self.draw.randrange(10**21, 10**22)}")

    def value(self, kind: str, place: str, medium: str = "dicom") -> str:
        """Invent a value of a kind that ``data/places.tsv`` names, and remember what a search must not find."""
        keep = partial(self.remember, medium=medium)
        match kind:
            case "name":
                return f"{keep(self.word(), 'name', place)}^{keep(self.word(), 'name', place)}"
            case "id":
                return keep(self.number(), "number", place)
            case "serial":
                return keep("SN" + self.number(), "number", place)
            case "date":
                return keep(self.date(), "date", place)
            case "datetime":
                return f"{keep(self.date(), 'date', place)}{keep(self.time(), 'time', place)}+0100"
            case "time":
                return keep(self.time(), "time", place)
            case "uid":
                return keep(self.uid(), "uid", place)
            case "phone":
                phone = self.once(lambda: f"+49 555 {self.draw.randrange(10**4):04d} {self.draw.randrange(10**3):03d}")
                return keep(phone, "phone", place)
            case "short":
                return keep(self.word(16), "name", place)
            case "code":
                return keep(self.word(16), "name", place).upper()
            case "badnumber":
                return keep(self.word(16), "name", place)
            case "url":
                host = keep(self.word(), "web", place).lower()
                return f"http://{host}.example/study?n={keep(self.number(), 'number', place)}"
            case "mail":
                return f"{keep(self.word(), 'web', place).lower()}@mail.example"
            case "address":
                words = tables()["words"]
                street = f"{keep(self.word(), 'name', place)} {self.draw.choice(words['streets'])}"
                return f"{self.draw.randint(1, 99)} {street}, {self.draw.choice(words['towns'])}"
            case "text" | "bytes":
                return f"Asked for by {keep(self.word(), 'name', place)}, no. {keep(self.number(), 'number', place)}"
        raise ValueError("no such kind")


def kinds(plants: Iterable[Plant]) -> dict[str, int]:
    """Count plants by kind."""
    made: dict[str, int] = {}
    for plant in plants:
        made[plant.kind] = made.get(plant.kind, 0) + 1
    return dict(sorted(made.items()))
