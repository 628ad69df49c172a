"""Writes the words of PS3.6's names and PS3.16's code meanings that are no names.

    python scripts/data/imaging_terms.py

Source: PS3.6 and the context groups of PS3.16 as pydicom 3.0.2 carries them (``pydicom.sr``). Breeds and their
registries are left out; so is every word that a list of names or of places has: the ones of imaging among them are
listed by hand.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from pydicom import __version__, datadict, uid
from pydicom.sr import _concepts_dict

from curator.detect.text.lists.lexicon import fold, lexicon, words_of

OUT = Path(__file__).resolve().parents[2] / "curator" / "detect" / "data" / "text" / "imaging.txt"
#: Breeds of animals and registries: full of names of places and people.
_LEFT_OUT = frozenset({7480, 7481, 7486, 7490})
#: A formula with the names of its authors, and the year of their paper.
_AUTHORS = re.compile(r"\b(?:19|20)\d\d\b|\bet al\b")
_LEAST = 3


def main() -> None:
    """Write the list."""
    names = lexicon()
    places = frozenset(
        part for place in (*names.cities, *words_of("towns.txt"), *names.counties) for part in place.split()
    )
    taken = names.surnames | names.given | names.international | places
    found: set[str] = set()
    for concepts in _concepts_dict.concepts.values():
        for codes in concepts.values():
            for meaning, groups in codes.values():
                if set(groups) <= _LEFT_OUT or _AUTHORS.search(meaning):
                    continue
                found.update(fold(word) for word in re.findall(r"[^\W\d_]+", meaning))
    named = [entry[2] for entry in datadict.__dict__["DicomDictionary"].values()]
    named += [entry[0] for entry in uid.__dict__["UID_dictionary"].values()]
    found.update(fold(word) for name in named for word in re.findall(r"[^\W\d_]+", name))
    words = sorted(word for word in found - taken if len(word) >= _LEAST)
    header = (
        "# Words of the code meanings of PS3.16 context groups, and of names of attributes and UIDs of PS3.6, that\n"
        "# are no names of people or places; lower case. Written by scripts/data/imaging_terms.py.\n"
        f"# Source: DICOM PS3.6 and PS3.16 as carried by pydicom {__version__}.\n"
    )
    OUT.write_text(header + textwrap.fill(" ".join(words), 120, break_on_hyphens=False) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(words):,}")


if __name__ == "__main__":
    main()
