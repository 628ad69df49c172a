"""Identifiers of the kinds that stand in records: names of many origins, addresses, phone and social security numbers.

All invented and drawn by the :class:`curator.demo.plants.Planter`, which remembers each with its medium and place.
Nobody named here exists. Never used to clean anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from curator.demo.people import YEAR, Patient, names, words, written
from curator.demo.plants import Planter
from curator.demo.spellings import MONTHS

OLDEST = 89
_SEXES = {
    "F": ("Mrs.", "her", "female"),
    "M": ("Mr.", "his", "male"),
    "O": ("Mx.", "their", "other"),
}


class Pen:
    """Writes the identifiers of one document: the same label twice is the same value.

    Parameters
    ----------
    planter
        Draws and remembers.
    who
        Whom the document is about.
    medium
        Named with each plant.
    """

    def __init__(self, planter: Planter, who: Patient, medium: str) -> None:
        self._planter, self._who, self._medium = planter, who, medium
        self._drawn: dict[tuple[str, str], str] = {}

    def __call__(self, kind: str, label: str, form: str = "") -> str:
        """Return a value and remember that it was planted.

        Parameters
        ----------
        kind
            ``own`` for what the patient is in all media, else the kind of what is drawn.
        label
            Which of them; for ``own`` the field.
        form
            For dates as :func:`written` says, for names ``upper``.
        """
        if kind == "own":
            return self._own(label, form)
        at = ("town" if kind in {"state", "zip"} else kind, label)
        if at not in self._drawn:
            self._drawn[at] = self._draw(at[0])
        value = self._drawn[at]
        match kind:
            case "town":
                return self._keep(value.split("|")[0], "town", f"town {label}")
            case "state":
                return value.split("|")[1]
            case "zip":
                return self._keep(value.split("|")[2], "zip", f"ZIP code {label}")
            case "street":
                self._keep(value.split()[1], "street", f"street {label}")
                return value
            case "email":
                self._keep(value.split("@")[0], "web", f"e-mail {label}")
                return value
            case "date":
                return written(self._keep(value, "date", f"date {label}"), form or "iso")
            case "given" | "family" | "facility":
                value = self._keep(value, "name", f"{kind} name of {label}")
                return value.upper() if form == "upper" else value
            case _:
                return self._keep(value, kind, f"{kind} of {label}")

    def _keep(self, token: str, kind: str, place: str) -> str:
        return self._planter.remember(token, kind, f"{self._medium}: {place}", self._medium)

    def _own(self, label: str, form: str) -> str:
        who = self._who
        title, their, gender = _SEXES[who.sex]
        age = YEAR - int(who.born[:4])
        match label:
            case "surname" | "given":
                value = self._keep(getattr(who, label), "name", f"the patient's {label}")
                return value.upper() if form == "upper" else value
            case "mrn":
                return self._keep(who.number, "number", "the patient's number") if who.has_number else who.number
            case "fhir":
                return self._keep(who.fhir, "number", "the patient's FHIR id")
            case "born":
                return written(self._keep(who.born, "date", "the patient's birth date"), form or "iso")
            case "age":
                said = f"{age}-year-old"
                return self._keep(said, "age", "the patient's age") if age > OLDEST else said
            case "title" | "Title":
                return title
            case "their" | "Their":
                return their.capitalize() if label[0] == "T" else their
            case "gender" | "sex" | "lab":
                return {"gender": gender, "sex": who.sex, "lab": who.lab}[label]
        raise ValueError("no such field")

    def _draw(self, kind: str) -> str:
        planter, draw = self._planter, self._planter.draw
        match kind:
            case "given" | "family":
                return planter.pick(names()[kind])
            case "facility":
                return planter.once(_place(planter))
            case "street":
                way = draw.choice(words()["streets"]["kinds"])
                return f"{draw.randint(11, 9899)} {planter.once(_place(planter))} {way}"
            case "town":
                town = draw.choice(words()["towns"])
                code = planter.once(lambda: f"{town['zip']}{draw.randrange(100):02d}-{draw.randrange(10**4):04d}")
                return f"{town['town']}|{town['state']}|{code}"
            case "phone":
                area = words()["phones"]["areas"]
                return planter.once(lambda: f"({draw.choice(area)}) 555-{draw.randrange(100, 10**4):04d}")
            case "ssn":
                # Area numbers from 734 to 749 were never given to anybody.
                return planter.once(
                    lambda: f"{draw.randint(734, 749)}-{draw.randint(11, 99)}-{draw.randrange(10**3, 10**4)}"
                )
            case "email":
                given, family = draw.choice(names()["given"]), draw.choice(names()["family"])
                local = re.sub(r"[^a-z.]", "", f"{given}.{family}".lower())
                return planter.once(lambda: f"{local}{draw.randint(11, 99)}@mailbox.example")
            case "date":
                return planter.once(
                    lambda: f"{draw.randint(YEAR - 2, YEAR + 2)}{draw.randint(2, 12):02d}{draw.randint(2, 28):02d}"
                )
            case "day":
                return planter.once(lambda: f"{draw.choice(MONTHS[1:]).capitalize()} {draw.randint(13, 28)}")
            case "ip":
                return planter.once(lambda: f"203.0.113.{draw.randint(100, 254)}")
            case "license":
                return planter.once(lambda: f"D{draw.randrange(10**11, 10**12)}")
            case "serial":
                return "SN" + planter.number()
            case "number":
                return planter.number()
        raise ValueError("no such kind")


def _place(planter: Planter) -> Callable[[], str]:
    streets = words()["streets"]
    return lambda: f"{planter.draw.choice(streets['first'])}{planter.draw.choice(streets['second'])}"
