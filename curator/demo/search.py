"""The demo's byte search: whether any planted identifier stands in what the program put out.

Shares no code with the scrubber and knows nothing of DICOM. It looks at file and folder names and at bytes, in several
encodings and spellings, and looks into what hides bytes: see :mod:`curator.demo.views`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from curator.demo.grams import Grams
from curator.demo.plants import Plant
from curator.demo.spellings import dates_in, needles, short_form, spellings
from curator.demo.views import views

__all__ = ["Hit", "Search", "needles", "spellings", "views"]

#: Digests, one behind the other in a database, UIDs and a PDF's own offsets and lengths: derived digits that may look
#: like a date or ZIP code by chance.
_DERIVED = re.compile(
    rb"[0-9a-f]{64,}|2\.25\.[0-9]{30,39}"
    rb"|startxref\s+[0-9]+|(?<![0-9])[0-9]{10} [0-9]{5} [nf]|/length[0-9]?\s[0-9]+"
)
#: What may be base64 of something: opened by :func:`~curator.demo.views.views`, and what it holds is searched.
_RUN = re.compile(rb"[A-Za-z0-9+/_-]{24,}")
#: Upper case, lower case and digits to one letter each, to tell signatures from names and paths.
_CLASSES = bytes(
    ord("A") if 65 <= one <= 90 else ord("a") if 97 <= one <= 122 else ord("0") if 48 <= one <= 57 else one
    for one in range(256)
)
#: A neighbour of another class.
_CHANGE = re.compile(rb"A(?=[a0])|a(?=[A0])|0(?=[Aa])")
#: The share of neighbours of different classes from which a run is no name or path, for short runs and for those of
#: :data:`_SIGNATURE` bytes or more: 59 % of those in base64 of random bytes are.
_MIXED = (0.5, 0.45)
_SIGNATURE = 60
#: Seven letters stand in a megabyte of base64 by chance once in 30,000 times, five once in 30 times.
_LONG = 8
#: Kinds that are digits for the most part.
_DIGITS = {"date", "ssn", "phone", "zip", "age"}
#: An ending that says what sort of file it is.
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,8}")


@dataclass(frozen=True)
class Hit:
    """A planted identifier that stands in an output: which plant, in which folder, in what sort of file."""

    plant: Plant
    where: str
    sort: str = ""


class Search:
    """A search for planted identifiers that looks at equal content once.

    Parameters
    ----------
    plants
        What to look for.
    """

    def __init__(self, plants: Iterable[Plant]) -> None:
        self.plants = tuple(plants)
        self.files = 0
        self.bytes = 0
        self.hits: list[Hit] = []
        self._seen: set[bytes] = set()
        self._patterns = {plant: pattern for plant in self.plants if (pattern := short_form(plant)) is not None}
        tokens = {(one.token, one.kind): one for one in self.plants}
        listed = [(token, needle) for token, plant in tokens.items() for needle in needles(plant)]
        self._words: dict[bool, tuple[list[tuple[str, str]], Grams]] = {}
        for anywhere in (False, True):
            own = [(token, needle) for token, needle in listed if _anywhere(token[1], needle) is anywhere]
            self._words[anywhere] = ([token for token, _ in own], Grams([needle for _, needle in own]))

    def found(self) -> set[Plant]:
        """Return the plants that were found anywhere."""
        return {hit.plant for hit in self.hits}

    def content(self, data: bytes, where: str, sort: str = "") -> None:
        """Search bytes of this sort of file."""
        digest = hashlib.sha256(data).digest()
        if digest in self._seen:
            return
        self._seen.add(digest)
        written = b"\0".join(dict.fromkeys(views(data)))
        whole = written.lower()
        undated = _DERIVED.sub(b"#", _RUN.sub(_unmixed, written).lower())
        dates = set(dates_in(undated))
        known: dict[tuple[str, str], bool] = {}
        standing = {
            owners[place]
            for heap, (owners, words) in ((whole, self._words[True]), (undated, self._words[False]))
            for place in words.standing(heap)
        }
        for plant in self.plants:
            token = (plant.token, plant.kind)  # planted at many places, looked for once
            if token not in known:
                pattern = self._patterns.get(plant)
                known[token] = (
                    token in standing
                    or (plant.kind == "date" and plant.token in dates)
                    or (
                        pattern is not None
                        and plant.token[:5].encode() in undated
                        and pattern.search(undated) is not None
                    )
                )
            if known[token]:
                self.hits.append(Hit(plant, where, sort))

    def tree(self, folder: Path, where: str) -> None:
        """Search a folder: all names and all bytes, links' targets too."""
        names = bytearray()
        for base, folders, files in os.walk(folder):
            for name in (*folders, *files):
                names += os.fsencode(name) + b"\n"
                path = os.path.join(base, name)
                if os.path.islink(path):
                    names += os.fsencode(os.readlink(path)) + b"\n"
            for name in files:
                path = os.path.join(base, name)
                if os.path.isfile(path) and not os.path.islink(path):
                    data = Path(path).read_bytes()
                    self.files += 1
                    self.bytes += len(data)
                    self.content(data, where, _sort(Path(path).relative_to(folder)))
        self.content(bytes(names), f"{where} (names)")


def _anywhere(kind: str, needle: bytes) -> bool:
    """Return whether a needle is looked for in base64 and digests too: no digits, and too long to stand there."""
    return kind not in _DIGITS and len(needle) >= _LONG


def _unmixed(match: re.Match[bytes]) -> bytes:
    """Return a run of letters and digits as it stands, or a mark in its place when it looks like base64.

    Base64 of keys and signatures spells a name of five letters, in whatever case, once in 30 million places.
    """
    run = match.group()
    classes = run.translate(_CLASSES)
    changes = len(_CHANGE.findall(classes))
    least = _MIXED[len(run) >= _SIGNATURE] * (len(run) - 1)
    return b"#" if changes >= least and all(one in classes for one in b"Aa0") else run


def _sort(path: Path) -> str:
    """Return the first folder of a file and its suffix: enough to look there, and never the name of a file."""
    suffix = path.suffix if _SUFFIX.fullmatch(path.suffix) else ""
    return f"{path.parts[0] if len(path.parts) > 1 else '.'}/*{suffix}"
