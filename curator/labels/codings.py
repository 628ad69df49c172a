"""Codes that tell by themselves that they are codes: the check digit of SNOMED CT.

Source: SNOMED CT Release File Specifications, 5.6 (component identifiers) and 5.7 (check digit by Verhoeff).
"""

from __future__ import annotations

import re

#: The dihedral group's table and permutation of Verhoeff's check digit.
_TIMES: tuple[str, ...] = ("0123456789", "1234067895", "2340178956", "3401289567", "4012395678")
_TIMES += ("5987604321", "6598710432", "7659821043", "8765932104", "9876543210")
_TURNS = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)
_SNOMED = re.compile(r"[1-9][0-9]{5,17}")


def sound_snomed(code: str) -> bool:
    """Say whether a text is a SNOMED CT concept id: 6 to 18 digits, a concept's partition, the check digit right."""
    if not _SNOMED.fullmatch(code) or code[-3:-1] not in {"00", "10"}:
        return False
    state = 0
    for index, digit in enumerate(reversed(code)):
        state = int(_TIMES[state][int(_TURNS[index % 8][int(digit)])])
    return state == 0
