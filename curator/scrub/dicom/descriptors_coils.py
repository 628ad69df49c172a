"""Which words of a machine's text are a coil's: a part of the body and what coils are called besides, in one.

8HRBRAIN, TORSOPA and QUADKNEE are no words of any list, and no name either: each letter of them belongs to a part of
the body or to a short form that coils have. A word that leaves a letter over is none.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from curator.scrub.dicom.descriptors_terms import cues

#: Letters of the shortest and the longest word that is taken apart.
_LEAST, _MOST = 4, 24


@cache
def _form() -> re.Pattern[str]:
    body, parts = (
        "|".join(sorted(cues()[name], key=lambda one: (-len(one), one))) for name in ("coil_body", "coil_part")
    )
    return re.compile(f"(?:{parts}){{0,3}}(?:{body})(?:{body}|{parts}){{0,3}}")


@lru_cache(maxsize=4096)
def is_coil(folded: str) -> bool:
    """Say whether a word, folded, is made of nothing but parts of the body and short forms of coils."""
    return _LEAST <= len(folded) <= _MOST and _form().fullmatch(folded) is not None
