"""Which places may stand in a report as they are: those made of this program's own words, numbers and pseudonyms.

A check names a place by what it read in the data, such as a patient's pseudonym; in data that were never scrubbed that
is the patient's number. So what is not surely this program's own is replaced by a number.
"""

from __future__ import annotations

import re
from collections.abc import Container

#: Words that a place may be made of.
WORDS = frozenset(
    {
        *("all", "case", "categories", "category", "column", "criterion", "delivery", "demographics", "device", "file"),
        *("frame", "group", "kind", "label", "labels", "manifest", "page", "part", "patient", "person", "place"),
        *(
            "policy",
            "reader",
            "record",
            "series",
            "site",
            "slice",
            "split",
            "stage",
            "stratum",
            "study",
            "table",
            "unit",
        ),
    }
)
_SAFE = re.compile(
    r"\d{1,5}"  # a count; longer ones may be somebody's number
    r"|P[A-Z2-7]{16}"  # a pseudonym of the program's form
    r"|\([A-R]\)"  # a category of 45 CFR 164.514(b)(2)(i)
    r"|2\.25\.\d{1,39}"  # a UID of the program's root
    r"|(?:sha256:)?[0-9a-f]{12,64}"
)


def speaks_for_itself(where: str, known: Container[str]) -> bool:
    """Say whether a place is made of the program's own words and of what it gave out.

    Parameters
    ----------
    where
        As a check names it.
    known
        Folders of patients that the program made, and ids of enrolled people.
    """
    return bool(where) and all(one in WORDS or _SAFE.fullmatch(one) or one in known for one in where.split(" "))
