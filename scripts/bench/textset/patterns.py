"""Turns a pattern of SLOTS.md into a made-up value, seeded by the caller's generator. Nobody is real."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable
from datetime import date

_MARKS = {
    "#": string.digits,
    "&": "123456789",
    "@": "ABCDEFGHJKLMNPRSTUVWXYZ",
    "^": string.ascii_lowercase,
    "%": "0123456789abcdef",
}
_NAMED = {"nonzero": "&", "letter": "@"}
_MONTHS = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
}
_FIRSTS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
_TEENS = "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
_DATE = re.compile(r"%\{(\w+)\}|%-?[A-Za-z]")
_ONES = "one two three four five six seven eight nine"
_SWAPS = {"0": "O", "1": "l", "l": "1", "O": "0", "o": "0", "I": "l"}


def fill(pattern: str, rng: random.Random, field: Callable[[str], str], **marks: str) -> str:
    """Fill a pattern of codes; ``field`` gives what a name in braces stands for, ``marks`` what a mark draws from."""
    drawn = {**_MARKS, **{_NAMED[name]: value for name, value in marks.items()}}
    out: list[str] = []
    at = 0
    while at < len(pattern):
        mark = pattern[at]
        if pattern[at : at + 2] in {"{{", "}}"}:
            out.append(mark)
            at += 2
            continue
        if mark == "{":
            end = pattern.index("}", at)
            out.append(field(pattern[at + 1 : end]))
            at = end + 1
            continue
        out.append(rng.choice(drawn[mark]) if mark in drawn else mark)
        at += 1
    return "".join(out)


def ordinal(day: int) -> str:
    """Return 1st, 2nd, 3rd, 11th, 23rd."""
    return f"{day}{'th' if day // 10 == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def ordinal_word(day: int) -> str:
    """Return first, twentieth, thirty-first."""
    if day < 20:
        return f"{_FIRSTS} {_TEENS}".split()[day]
    tens, ones = divmod(day, 10)
    if not ones:
        return {2: "twentieth", 3: "thirtieth"}[tens]
    return f"{ {2: 'twenty', 3: 'thirty'}[tens] }-{_FIRSTS.split()[ones]}"


def day_text(pattern: str, day: date) -> str:
    """Write a day by strftime's directives, and %-d, %-m, %o, %W and months of other languages."""

    def one(match: re.Match[str]) -> str:
        if match[1]:
            return _MONTHS[match[1]].split()[day.month - 1]
        special = {
            "%-d": str(day.day),
            "%-m": str(day.month),
            "%o": ordinal(day.day),
            "%W": ordinal_word(day.day),
            "%U": day.strftime("%b").upper(),
        }
        return special.get(match[0]) or day.strftime(match[0])

    return _DATE.sub(one, pattern)


def over_89(rng: random.Random) -> str:
    """Return an age over 89 in words."""
    joint = rng.choice(["-", "-", " "])
    hundred = rng.choice(["one hundred", "a hundred", "one hundred and one", "one hundred two", "a hundred and three"])
    return rng.choice(["ninety", *[f"ninety{joint}{one}" for one in _ONES.split()], hundred])


def swapped(value: str, rng: random.Random, marks: int = 1, only: str = "01lOoI") -> str:
    """Return a value in which marks are misread as optical recognition misreads them; the first mark of all stays."""
    places = [at for at, mark in enumerate(value) if mark in _SWAPS and mark in only and at]
    chosen = set(rng.sample(places, min(marks, len(places))))
    return "".join(_SWAPS[mark] if at in chosen else mark for at, mark in enumerate(value))


def dea(rng: random.Random) -> str:
    """Return a number with the check digit that the US Drug Enforcement Administration uses."""
    six = [rng.randrange(10) for _ in range(6)]
    check = (six[0] + six[2] + six[4] + 2 * (six[1] + six[3] + six[5])) % 10
    return f"{rng.choice('ABFM')}{rng.choice(string.ascii_uppercase)}{''.join(map(str, six))}{check}"


def npi(rng: random.Random) -> str:
    """Return a National Provider Identifier with its check digit (Luhn over 80840 and nine digits)."""
    nine = "1" + "".join(rng.choice(string.digits) for _ in range(8))
    doubled = [int(mark) * (2 if at % 2 == 0 else 1) for at, mark in enumerate(reversed("80840" + nine))]
    return f"{nine}{-sum(value - 9 if value > 9 else value for value in doubled) % 10}"


def card(rng: random.Random) -> str:
    """Return a card number with its check digit (Luhn)."""
    first = rng.choice(["4", "51", "55", "6011"])
    first += "".join(rng.choice(string.digits) for _ in range(15 - len(first)))
    doubled = [int(mark) * (2 if at % 2 == 0 else 1) for at, mark in enumerate(reversed(first))]
    whole = f"{first}{-sum(value - 9 if value > 9 else value for value in doubled) % 10}"
    joint = rng.choice([" ", "-", ""])
    return joint.join(whole[at : at + 4] for at in range(0, 16, 4))


def vin(rng: random.Random) -> str:
    """Return a vehicle identification number with its check digit (49 CFR 565.15)."""
    marks = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    worth = (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9, *range(10))
    values = dict(zip(marks, worth, strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    made = [rng.choice("12345JKSWVYZ"), *(rng.choice(marks) for _ in range(10))]
    made += [rng.choice(string.digits) for _ in range(6)]
    rest = sum(values[mark] * weight for mark, weight in zip(made, weights, strict=True)) % 11
    made[8] = "X" if rest == 10 else str(rest)
    return "".join(made)
