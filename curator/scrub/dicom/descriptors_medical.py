"""Words of medicine that no list has, told by the Greek and Latin forms they are made of: hepatocellular."""

from __future__ import annotations

import tomllib
from functools import cache

from curator.scrub.dicom.rules import data_text

#: Letters of the shortest word that is judged by its forms.
_LEAST = 7
_LEAST_END = 3


@cache
def _forms() -> tuple[frozenset[str], int, frozenset[str]]:
    raw = tomllib.loads(data_text("medical_forms.toml"))
    forms, ends = frozenset(raw["forms"].split()), frozenset(raw["ends"].split())
    return forms, max(map(len, forms)), ends


def is_medical(folded: str) -> bool:
    """Say whether a word is put together of at least one form and an ending of medicine.

    Parameters
    ----------
    folded
        Letters only, lower case, no accents.
    """
    return len(folded) >= _LEAST and folded.isascii() and _formed(folded, 0)


def _formed(word: str, at: int) -> bool:
    forms, longest, ends = _forms()
    rest = word[at:]
    if at and len(rest) >= _LEAST_END and (rest in ends or rest.removesuffix("s") in ends):
        return True
    for size in range(min(longest, len(rest) - _LEAST_END), 2, -1):
        # A form may lose its last vowel before another: gastr-ectomy.
        piece = rest[:size]
        if (piece in forms or f"{piece}o" in forms) and _formed(word, at + size):
            return True
    return False
