"""A made-up patient, everything that is known of them, and a search of output for any of it in any spelling."""

from __future__ import annotations

import html
import io
import re
import unicodedata
from functools import cache

from curator.detect.text.words.seen import view
from curator.identifiers.known import folded
from curator.scrub.medium import Person
from curator.scrub.policy import load_policy
from curator.scrub.text import medium
from curator.scrub.treatment import Treatment

KNOWN = (
    ("name", "Tettehquaye^Kwabenaba"),
    ("id", "00482913"),
    ("birth_date", "19500314"),
    ("phone", "617-555-0142"),
    ("address", "417 Maplewood Terrace"),
    ("email", "k.tettehquaye@example.org"),
    ("other", "XG-7741-QP"),
)
#: How the known identifiers stand in sources: 24 spellings.
SPELLINGS = (
    "Kwabenaba Tettehquaye",
    "TETTEHQUAYE, KWABENABA",
    "Tettehquaye Kwabenaba",
    "kwabenaba tettehquaye",
    "Kwabenaba",
    "Tettehquaye",
    "Kwabénaba Têttehquaye",
    "Kwa\u200bbenaba Tetteh\u00adquaye",
    "Kwabenaba\u00a0Tettehquaye",
    "Kwаbеnаbа Tеttеhquаyе",  # Cyrillic a and e
    "\u202eKwabenaba\u202c",
    "00482913",
    "0048-2913",
    "0048 2913",
    "０0482913",
    "03/14/1950",
    "March 14, 1950",
    "1950-03-14",
    "14 Mar 1950",
    "(617) 555-0142",
    "617.555.0142",
    "417 Maplewood Terrace",
    "k.tettehquaye@example.org",
    "XG-7741-QP",
)
#: Any of these in the letters and digits of an output is a leak.
NEEDLES = (
    *("kwabenaba", "tettehquaye", "00482913", "6175550142", "417maplewood", "maplewoodterrace", "xg7741qp"),
    *("19500314", "03141950", "14031950", "march141950", "14mar1950", "14march1950", "mar141950", "31450"),
)
_UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")
#: What must still be there.
USEFUL = ("metoprolol 25 mg", "chest pain", "120/80", "ejection fraction 55%")
FILLER = "he takes metoprolol 25 mg for chest pain; pressure 120/80, ejection fraction 55%."


class People:
    """One person who is everybody, and a note of who was asked for."""

    def __init__(self, known=KNOWN, **others) -> None:
        self.own = Person("PEXAMPLE22222222", 40, False, bytes(range(32)), known)
        self.others = others
        self.asked = []

    def find(self, ids):
        listed = list(ids)
        self.asked.append(listed)
        return next((self.others[value] for _, _, value in listed if value in self.others), self.own)


@cache
def treatment(policy="safe-harbor"):
    return Treatment(load_policy(policy), bytes(32), bytes(range(32)), "20260101")


def raw(data):
    return data.encode() if isinstance(data, str) else data


def harvest(data, policy="safe-harbor"):
    return medium.harvest(io.BytesIO(raw(data)), len(raw(data)), treatment(policy))


def rewrite(data, policy="safe-harbor", people=None):
    """Return the clean file and what was noted."""
    out = io.BytesIO()
    made = medium.rewrite(io.BytesIO(raw(data)), out, people or People(), treatment(policy))
    return out.getvalue().decode(), made


def leaks(text):
    """Return what of the patient can be read in an output, by its letters and digits, escapes undone."""
    found = set()
    undone = unicodedata.normalize("NFKC", text)
    for one in (text, html.unescape(text), undone, _UNICODE.sub(lambda match: chr(int(match[1], 16)), text)):
        seen = view(one)
        plain = folded(one if seen is None else seen.plain)[0]
        found |= {needle for needle in NEEDLES if needle in plain}
    return found


def places(*contexts):
    """Yield every spelling in every context."""
    for context in contexts:
        for spelling in SPELLINGS:
            yield context.format(spelling)
