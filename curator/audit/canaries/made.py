"""Making up identifiers: the same vault makes the same ones, and none is anybody's."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from curator.core.hashing import keyed
from curator.identifiers.categories import Category

#: Categories that can be written as text; biometric identifiers and photographs cannot.
WRITTEN = tuple(one for one in Category if one not in {Category.BIOMETRIC, Category.PHOTOGRAPH})
#: The harvest's word under which a canary is searched.
SEARCHED = {
    Category.NAME: "name",
    Category.GEOGRAPHY: "address",
    Category.DATE: "birth_date",
    Category.PHONE: "phone",
    Category.FAX: "fax",
    Category.EMAIL: "email",
    Category.SSN: "ssn",
    Category.RECORD_NUMBER: "id",
    Category.HEALTH_PLAN: "health_plan",
    Category.ACCOUNT: "account",
    Category.LICENSE: "license",
    Category.VEHICLE: "vehicle",
    Category.DEVICE: "device",
    Category.URL: "url",
    Category.IP: "ip",
    Category.OTHER: "accession",
}
_SYLLABLES = (
    "ba",
    "ri",
    "to",
    "mel",
    "van",
    "shi",
    "or",
    "ken",
    "dul",
    "fra",
    "gos",
    "hin",
    "jar",
    "lub",
    "nov",
    "pez",
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Canary:
    """One made-up identifier.

    Parameters
    ----------
    category
        Of the 18.
    written
        As it stands in the text.
    searched
        (word of a harvest, value) by which the closed-loop search looks for it.
    sentence
        The text with it.
    """

    category: Category
    written: str = field(repr=False)
    searched: tuple[str, str] = field(repr=False)
    sentence: str = field(repr=False)


def behind(before: str, sentence: str) -> str:
    """Return a sentence behind a text, apart from it as a sentence of its own."""
    before = before.rstrip()
    return f"{before}{'' if before.endswith(('.', ';', ':', '!', '?')) else '.'} {sentence}" if before else sentence


class Draw:
    """Numbers drawn by key: the n-th of a name is always the same.

    Parameters
    ----------
    key
        32 secret bytes.
    name
        What is drawn for.
    """

    def __init__(self, key: bytes, name: str) -> None:
        self._key, self._name, self._at = key, name, 0

    def below(self, most: int) -> int:
        """Return a number from 0 to ``most`` - 1."""
        self._at += 1
        return (
            int.from_bytes(keyed(self._key, "canary", self._name.encode(), self._at.to_bytes(4, "big"))[:8], "big")
            % most
        )

    def digits(self, count: int) -> str:
        """Return digits of which the first is not 0."""
        return str(self.below(9 * 10 ** (count - 1)) + 10 ** (count - 1))

    def of(self, some: Any) -> Any:
        """Return one of some."""
        return some[self.below(len(some))]


@cache
def parts() -> dict[str, Any]:
    """Return ``data/made_up.toml``."""
    text = resources.files("curator.audit.canaries").joinpath("data", "made_up.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def make(key: bytes, number: int) -> Canary:
    """Make up the canary of a number; categories take turns, and their places in the text too."""
    category = WRITTEN[number % len(WRITTEN)]
    draw = Draw(key, f"{category.value}/{number}")
    written, value = _MAKERS[category](draw)
    sentences = parts()["places"][category.value]
    sentence = sentences[number // len(WRITTEN) % len(sentences)].format(v=written)
    return Canary(category, written, (SEARCHED[category], value), sentence)


def _invented(draw: Draw) -> str:
    return "".join(draw.of(_SYLLABLES) for _ in range(3)).capitalize()


def _name(draw: Draw) -> tuple[str, str]:
    # Half of the family names are in nobody's list.
    family = _invented(draw) if draw.below(2) else draw.of(parts()["family"])
    given = draw.of(parts()["given"])
    return (f"{given} {family}" if draw.below(2) else f"{family}, {given}"), f"{family}^{given}"


def _address(draw: Draw) -> tuple[str, str]:
    number = f"{draw.digits(3)} {_invented(draw)} {draw.of(parts()['streets']).rpartition(' ')[2]}"
    city = draw.of(parts()["cities"])
    return f"{number}, {city} {draw.digits(5)}", number


def _date(draw: Draw) -> tuple[str, str]:
    year, month, day = 1950 + draw.below(70), 2 + draw.below(11), 13 + draw.below(15)
    forms = (f"{month:02d}/{day:02d}/{year}", f"{year}-{month:02d}-{day:02d}", f"{_MONTHS[month - 1]} {day}, {year}")
    return draw.of((*forms, f"{day} {_MONTHS[month - 1][:3]} {year}")), f"{year}{month:02d}{day:02d}"


def _phone(draw: Draw) -> tuple[str, str]:
    area, line = 201 + draw.below(700), draw.digits(4)
    number = draw.of((f"({area}) 555-{line}", f"{area}-555-{line}", f"{area}.555.{line}", f"+1 {area} 555 {line}"))
    return number, number


def _mail(draw: Draw) -> tuple[str, str]:
    one = f"{draw.of(parts()['given'])}.{_invented(draw)}{draw.below(90) + 10}@mail.example".lower()
    return one, one


def _ssn(draw: Draw) -> tuple[str, str]:
    # Numbers from 900 on are given to nobody.
    one = f"{900 + draw.below(99)}-{10 + draw.below(89)}-{draw.digits(4)}"
    return one, one


def _number(size: int, letters: str = "") -> Callable[[Draw], tuple[str, str]]:
    def made(draw: Draw) -> tuple[str, str]:
        one = letters + draw.digits(size)
        return one, one

    return made


def _plate(draw: Draw) -> tuple[str, str]:
    one = "".join(draw.of("ABCDEFGHJKLMNPRSTVWXYZ") for _ in range(3)) + f"-{draw.digits(5)}"
    return one, one


def _url(draw: Draw) -> tuple[str, str]:
    one = f"https://{_invented(draw).lower()}{draw.digits(4)}.example/images/{draw.digits(6)}"
    return one, one


def _ip(draw: Draw) -> tuple[str, str]:
    # 198.51.100.0/24 and 203.0.113.0/24 are for documentation (RFC 5737).
    one = f"{draw.of(('198.51.100', '203.0.113'))}.{100 + draw.below(150)}"
    return one, one


_MAKERS: dict[Category, Callable[[Draw], tuple[str, str]]] = {
    Category.NAME: _name,
    Category.GEOGRAPHY: _address,
    Category.DATE: _date,
    Category.PHONE: _phone,
    Category.FAX: _phone,
    Category.EMAIL: _mail,
    Category.SSN: _ssn,
    Category.RECORD_NUMBER: _number(9),
    Category.HEALTH_PLAN: _number(9, "XQH"),
    Category.ACCOUNT: _number(11),
    Category.LICENSE: _number(8, "DL"),
    Category.VEHICLE: _plate,
    Category.DEVICE: _number(9, "SN"),
    Category.URL: _url,
    Category.IP: _ip,
    Category.OTHER: _number(8, "ACC"),
}
