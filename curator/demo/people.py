"""The made-up patients, and the words that records about them are made of. Nobody named here exists.

Never used to clean anything.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from curator.demo.plants import Planter
from curator.demo.spellings import MONTHS

PLACEHOLDER = "ANON"
#: The year in which the records state ages.
YEAR = 2014


@dataclass(frozen=True)
class Patient:
    """A made-up patient, as DICOM headers and records tell of them.

    Parameters
    ----------
    surname, given, number, born, sex, charset, extra
        For the DICOM headers; the number is the record number of all media, the birth date YYYYMMDD.
    fhir
        Logical id of the FHIR Patient; drawn when records are made.
    lab
        A hemoglobin value that nobody else has: no identifier, it stays and tells whose a clean record is.
    """

    surname: str
    given: str
    number: str
    born: str
    sex: str
    charset: str
    extra: tuple[tuple[str, str], ...]
    fhir: str = ""
    lab: str = ""

    @property
    def has_number(self) -> bool:
        """False for a patient whose number is a placeholder that stands for nobody."""
        return self.number != PLACEHOLDER


@cache
def words() -> dict[str, Any]:
    """Return the words and figures of the records (``data/records.toml``)."""
    text = resources.files("curator.demo").joinpath("data", "records.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def names() -> dict[str, tuple[str, ...]]:
    """Return given and family names (``data/names.txt``)."""
    text = resources.files("curator.demo").joinpath("data", "names.txt").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    parts = re.split(r"^\[(\w+)\]$", lines, flags=re.MULTILINE)[1:]
    return {kind: tuple(listed.split()) for kind, listed in zip(parts[::2], parts[1::2], strict=True)}


def with_records(patient: Patient, planter: Planter) -> Patient:
    """Draw what only the records of a patient hold."""
    draw = planter.draw
    lab = planter.once(lambda: f"{draw.randrange(9, 17)}.{draw.randrange(10):d}{draw.randrange(1, 10):d}")
    return replace(patient, fhir=f"pat-{planter.number().lower()}", lab=lab)


def written(day: str, form: str) -> str:
    """Write a date in a form that records use.

    Parameters
    ----------
    day
        YYYYMMDD.
    form
        ``iso``, ``compact``, ``us`` 06/13/1947, ``us1`` 6/13/1947, ``two`` 6/13/47, ``dot`` 13.06.1947, ``long`` June
        13, 1947, ``mid`` 13 Jun 1947, ``dash`` 13-JUN-1947.
    """
    year, month, date = day[:4], day[4:6], day[6:8]
    name, number = MONTHS[int(month) - 1].capitalize(), str(int(date))
    return {
        "iso": f"{year}-{month}-{date}",
        "compact": day,
        "us": f"{month}/{date}/{year}",
        "us1": f"{int(month)}/{number}/{year}",
        "two": f"{int(month)}/{number}/{year[2:]}",
        "dot": f"{date}.{month}.{year}",
        "long": f"{name} {number}, {year}",
        "mid": f"{number} {name[:3]} {year}",
        "dash": f"{date}-{name[:3].upper()}-{year}",
    }[form]
