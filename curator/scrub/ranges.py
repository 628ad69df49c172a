"""Ranges of numbers in laboratory results (HL7 v2.5.1, 7.4.2.7): ``12-16``, ``3.5 - 5.1``, ``<5``, ``6-10 /HPF``.

At the place of a reference range, or as the value of a measured observation, such texts are no dates, though they look
like days and months. Everybody who decides that a range stays asks here, so that scrub and audit agree.
"""

from __future__ import annotations

import re

_LIMIT = r"[+-]?\d{1,4}(?:\.\d{1,4})?"
_NAMED = r"[a-zµμ]{0,2}(?:g|mol|iu|u|l|eq|kat|osm)|cells?|[rw]bcs?|copies|cfu|mm|mmhg|kpa|sec|au|ratio"
_BELOW = rf"hpf|lpf|field|mm[23]|mm\^?[23]|h|hr|min|day|24\s?h(?:rs?)?|kg|m2|1\.73\s?m2|100\s?[rw]bcs?|{_NAMED}"
#: Units that laboratories write behind a range; what stands before a stroke may be a power of ten or a number of cells.
_UNIT = (
    rf"(?P<unit>%|(?:x\s?)?10\s?[*^e]\s?\d{{1,2}}(?:/(?:{_BELOW}))?|(?:(?:{_NAMED}|[km]|thou|mill?|per)\s?)?/\s?(?:{_BELOW})"
    rf"(?:/(?:{_BELOW}))?|per\s(?:{_BELOW})|{_NAMED})"
)
_RANGE = re.compile(
    rf"\s*(?:(?P<low>{_LIMIT})\s*[-–]\s*(?P<high>{_LIMIT})|(?:[<>]=?|[≤≥])\s*{_LIMIT})(?:\s*{_UNIT})?\s*",
    re.ASCII | re.IGNORECASE,
)
#: The second half of a month with its year.
_YEAR = re.compile(r"(?:19|20)\d\d")
#: A limit of a count: days and months are written with a zero before them, and years with four digits.
_COUNT = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.\d{1,4})?", re.ASCII)
#: Words of a question whose answer is a day and no measurement.
_DAYS = re.compile(
    r"\b(?:dates?|days?|when|time|dob|born|birth\w*|lmp|edd|edc|due|month|year|visit\w*|appointment|onset|period|since"
    r"|until|seen|last|next|admi\w+|discharge\w*|follow\w*|geb\w*|nacimiento|naissance|datum|\w*tag|wann|termin|fecha"
    r"|cuando|cita|jour|quand|rendez|collect(?:ed|ion)|drawn|received|reported|resulted|performed|printed|signed|ordered"
    r"|diagnos(?:ed|is)|surgery|vaccinat(?:ed|ion)|immuni[sz]ed|given|started|stopped|comments?|notes?|remarks?"
    r"|expir\w+|abgenommen|entnahme)\b|(?<=[a-z_])date\b|date(?=_)|datum\b|_(?:dt|dttm|dob)\b",
    re.IGNORECASE,
)


def is_reference_range(text: str) -> bool:
    """Say whether a text is a range of numbers, with its unit or without; a month with its year is none."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return False
    low, high = found["low"], found["high"]
    return low is None or not (_YEAR.fullmatch(high) and low.isdigit() and int(low) <= 12)


def is_measured(text: str, *, beside: bool, asked: str = "") -> bool:
    """Say whether the value of an observation is a range of counts, such as cells in a field of view: ``6-10``.

    Parameters
    ----------
    text
        The value.
    beside
        Whether a unit or a reference range stands beside it; else the value must tell its unit itself.
    asked
        What is observed, in words: the answer to ``visit date`` is a day.
    """
    found = _RANGE.fullmatch(text)
    if found is None or found["low"] is None:
        return False
    low, high, unit = found["low"], found["high"], found["unit"] or ""
    if not (_COUNT.fullmatch(low) and _COUNT.fullmatch(high) and float(low) < float(high)):
        return False
    return (beside or "/" in unit or "%" in unit) and _DAYS.search(asked) is None
