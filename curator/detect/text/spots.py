# ruff: noqa: E501 - lists of words stay on the line of what they tell
"""One walk over a text's words and numbers, so that each rule is only tried where it can begin.

A word's part is looked up once and remembered; most words of a note have none and cost one dictionary look-up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from curator.detect.text.lexicon import fold, lexicon

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"[0-9]+")
_MONTHS = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)",
    re.IGNORECASE,
)  # fmt: skip
#: Most words that are remembered; a hostile text cannot make the table grow beyond.
MOST_WORDS = 200_000

MONTH, ORDINAL, AGE, HOLIDAY, FACILITY, COUNTY, STREET, BOX, GIVEN, FIELD, CITY, STATE = (1 << at for at in range(12))
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth thirtieth twenty thirty"
)  # fmt: skip
_PARTS = {
    ORDINAL: _ORDINALS,
    AGE: "ninety hundred nonagenarian nonagenarians centenarian centenarians supercentenarian nineties",
    HOLIDAY: "christmas thanksgiving year easter halloween independence labor memorial valentine mother father veterans columbus juneteenth hanukkah ramadan diwali yom rosh passover eid",
    FACILITY: "hospital hospitals center centre ctr health healthcare clinic clinics infirmary hospice home rehab rehabilitation institute care sanatorium living manor pharmacy university college school foundation dialysis "
    "imaging practice pediatrics laboratories facility vamc group associates community village saint st mount mt",
    COUNTY: "county parish borough",
    STREET: "calle avenida av avda carrera paseo plaza rua via viale piazza corso travessa",
    BOX: "box rr rural",
    FIELD: "city town hometown birthplace place village residence county parish employer school facility hospital clinic pharmacy agency institution location site workplace practice from",
}  # fmt: skip


_STATE_WORDS = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "DC",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "PR",
        "D",
        "Alabama",
        "Alaska",
        "Arizona",
        "Arkansas",
        "California",
        "Colorado",
        "Connecticut",
        "Delaware",
        "Florida",
        "Georgia",
        "Hawaii",
        "Idaho",
        "Illinois",
        "Indiana",
        "Iowa",
        "Kansas",
        "Kentucky",
        "Louisiana",
        "Maine",
        "Maryland",
        "Massachusetts",
        "Michigan",
        "Minnesota",
        "Mississippi",
        "Missouri",
        "Montana",
        "Nebraska",
        "Nevada",
        "New",
        "Ohio",
        "Oklahoma",
        "Oregon",
        "North",
        "South",
        "Pennsylvania",
        "Rhode",
        "Tennessee",
        "Texas",
        "Utah",
        "Vermont",
        "Virginia",
        "Washington",
        "West",
        "Wisconsin",
        "Wyoming",
        "Puerto",
    ]
)


@dataclass
class Spots:
    """Where rules may begin in one text."""

    text: str
    numbers: list[tuple[int, int]] = field(default_factory=list)
    months: list[int] = field(default_factory=list)
    labels: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    given: list[tuple[int, int]] = field(default_factory=list)
    cities: list[int] = field(default_factory=list)
    states: list[int] = field(default_factory=list)
    fields: list[int] = field(default_factory=list)
    flags: int = 0


@cache
def _parts() -> dict[str, int]:
    table: dict[str, int] = {}
    for part, words in _PARTS.items():
        for word in words.split():
            table[word] = table.get(word, 0) | part
    return table


_known: dict[str, tuple[int, tuple[int, ...]]] = {}


def _part_of(word: str) -> tuple[int, tuple[int, ...]]:
    from curator.detect.text.cues import cues_of

    low = word.lower()
    flags = _parts().get(low, 0)
    if _MONTHS.fullmatch(low):
        flags |= MONTH
    if word == low and len(word) > 2:
        words, folded = lexicon(), fold(word)
        if (
            (folded in words.given or folded in words.international)
            and folded not in words.words
            and folded not in words.medical
        ):
            flags |= GIVEN
    if word[0].isupper() and fold(word) in lexicon().city_starts:
        flags |= CITY
    if word in _STATE_WORDS:
        flags |= STATE
    made = (flags, cues_of(low))
    if len(_known) < MOST_WORDS:
        _known[word] = made
    return made


def spots(text: str) -> Spots:
    """Walk a text once.

    Parameters
    ----------
    text
        The text.

    Returns
    -------
    Spots
        Runs of digits, starts of months' names, of labels with the
        rules that they may belong to, of given names in lower case; and which kinds of word there are at all.
    """
    found = Spots(text)
    known, months, labels, given = _known, found.months, found.labels, found.given
    flags = 0
    for match in _WORD.finditer(text):
        word = match[0]
        part = known.get(word) or _part_of(word)
        if part[1]:
            labels.append((match.start(), part[1]))
        if part[0]:
            flags |= part[0]
            if part[0] & MONTH:
                months.append(match.start())
            if part[0] & GIVEN:
                given.append(match.span())
            if part[0] & CITY:
                found.cities.append(match.start())
            if part[0] & STATE:
                found.states.append(match.start())
            if part[0] & FIELD:
                found.fields.append(match.start())
    found.flags = flags
    found.numbers = figures(text)
    return found


def figures(text: str) -> list[tuple[int, int]]:
    """Return where runs of digits begin and end."""
    return [match.span() for match in _NUMBER.finditer(text)]


__all__ = [
    "AGE",
    "BOX",
    "COUNTY",
    "FACILITY",
    "FIELD",
    "GIVEN",
    "HOLIDAY",
    "MONTH",
    "ORDINAL",
    "STREET",
    "Spots",
    "figures",
    "spots",
]
