"""What the clean headers of a package tell of its cases: demographics, equipment, acquisition; one header a series.

Reads a package's own files, so that whoever has the package gets the same. A header that cannot be read is counted and
tells nothing. Words that a header brings are shown only if they are terms of a standard or pass a guard.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path

from curator.core.errors import CuratorError
from curator.formats.dicom.ranged import LOADED_MOST, file_range
from curator.formats.dicom.structure import Node
from curator.release.tree import open_sized

#: The folder of clean/ for files that are about several people.
SHARED = "shared"
UNKNOWN = "not stated"
OTHER_WORDS = "stated, in other words"
WITHHELD = "not shown"
SEXES = {"M": "male", "F": "female", "O": "other"}
#: Age bands in years: pediatric limits as FDA uses them (21 CFR 814.3(s): under 22), then by decades of care.
BANDS = ((0, 1), (2, 11), (12, 21), (22, 39), (40, 64), (65, 74), (75, 89))
OLDEST = "over 89"
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{0,12})?")
_CODE = re.compile(r"[A-Z][A-Z0-9 _]{0,15}")

Guard = Callable[[str], bool]


@dataclass(frozen=True)
class Series:
    """One series by its first file: patient, study and series of its path, number of files, and header values."""

    patient: str
    study: str
    series: str
    files: int
    path: str
    values: dict[str, str] = field(default_factory=dict)
    readable: bool = True


@dataclass(frozen=True)
class Case:
    """One patient by all that the headers agree on; what they disagree on is not stated.

    Parameters
    ----------
    patient
        The pseudonym.
    sex, origin
        A word of :data:`SEXES`, a category of origins.toml, or :data:`UNKNOWN`.
    age
        Years at the earliest study that states one, None where none does; 90 stands for over 89.
    height, weight
        Meters and kilograms, or None.
    studies, images, samples
        Numbers of studies, DICOM files, and files of any kind.
    """

    patient: str
    sex: str = UNKNOWN
    origin: str = UNKNOWN
    age: int | None = None
    height: float | None = None
    weight: float | None = None
    studies: int = 0
    images: int = 0
    samples: int = 0

    @property
    def band(self) -> str:
        """The age band."""
        if self.age is None:
            return UNKNOWN
        return next((f"{low}-{high}" for low, high in BANDS if low <= self.age <= high), OLDEST)


@cache
def _tags() -> dict[int, str]:
    raw = tomllib.loads(resources.files("curator.release").joinpath("case_attributes.toml").read_text("utf-8"))
    return {int(text.replace(",", ""), 16): name for name, text in raw.items()}


@cache
def _origins() -> dict[str, str]:
    raw = tomllib.loads(resources.files("curator.release").joinpath("origins.toml").read_text("utf-8"))
    return {word: name for name, words in raw.items() for word in (name, *words)}


def header(path: Path | str) -> dict[str, str] | None:
    """Return the attributes of case_attributes.toml that a DICOM file's own level states, or None if it is unreadable.

    Single values only; of a multi-valued attribute all values joined by backslashes, as in the file.
    """
    from curator.scrub.dicom.tree import read_tree

    opened = open_sized(path)
    if opened is None:
        return None
    handle, size = opened
    try:
        data = os.pread(handle, size, 0) if size <= LOADED_MOST else file_range(handle, size)
        tree = read_tree(data)
        return dict(_values(tree.nodes, "<" if tree.structure.little else ">"))
    except (CuratorError, OSError):
        return None
    finally:
        os.close(handle)


def _values(nodes: list[Node], order: str) -> Iterable[tuple[str, str]]:
    wanted = _tags()
    for node in nodes:
        name = wanted.get(node.tag)
        if name is None or node.items is not None or node.fragments:
            continue
        raw = bytes(node.value)
        if name in {"rows", "columns"}:
            text = str(int.from_bytes(raw, "little" if order == "<" else "big")) if len(raw) == 2 else ""
        else:
            text = raw.decode("ascii", "replace").strip("\0 ")
        if text and text.isprintable() and "\N{REPLACEMENT CHARACTER}" not in text:
            yield name, text


def series_of(root: Path, paths: Iterable[str]) -> list[Series]:
    """Return every DICOM series below ``clean/`` by the header of its first file.

    Parameters
    ----------
    root
        The folder in which ``clean/`` stands.
    paths
        Paths of samples, sorted, such as ``clean/P.../STUDY/SERIES/INSTANCE.dcm``.
    """
    found: dict[str, tuple[str, int]] = {}
    last, first, count = "", "", 0  # of the folder that the paths are in, its first image, and how many it has
    for path in paths:
        folder = path.rpartition("/")[0]
        if folder != last:
            found[last] = first, count
            last, (first, count) = folder, found.get(folder, ("", 0))
        if path.endswith(".dcm"):
            first, count = first or path, count + 1
    found[last] = first, count
    made = []
    for (_, *names), at, images in sorted((folder.split("/"), *told) for folder, told in found.items() if told[1]):
        if len(names) == 3 and names[0] != SHARED:
            values = header(f"{root}/{at}")
            made.append(Series(names[0], names[1], names[2], images, at, values or {}, values is not None))
    return made


def number(text: str) -> float | None:
    """Return a decimal string's first value, or None."""
    first = text.partition("\\")[0].strip()
    return float(first) if _NUMBER.fullmatch(first) else None


def _years(text: str) -> int | None:
    from curator.scrub.dicom.dates import age_years

    years = age_years(text.strip())
    return None if years is None else int(years)


def origin_of(text: str) -> str:
    """Return the category of a word for race or ethnicity."""
    folded = " ".join(text.casefold().split())
    return _origins().get(folded, OTHER_WORDS) if folded else UNKNOWN


def _agreed(values: set[str]) -> str:
    return next(iter(values)) if len(values) == 1 else UNKNOWN


def cases_of(series: Iterable[Series], paths: Iterable[str]) -> list[Case]:
    """Return every patient of a package, sorted by pseudonym."""
    counted = Counter(path.split("/", 2)[1] for path in paths)
    del counted[SHARED]
    cases = {patient: Case(patient, samples=count) for patient, count in counted.items()}
    grouped: dict[str, list[Series]] = {}
    for one in series:
        grouped.setdefault(one.patient, []).append(one)
    for patient, own in grouped.items():
        sexes = {SEXES.get(one.values["sex"], OTHER_WORDS) for one in own if one.values.get("sex")}
        origins = {origin_of(one.values["ethnic"]) for one in own if one.values.get("ethnic")}
        ages = [years for one in own if (years := _years(one.values.get("age", ""))) is not None]
        heights = {value for one in own if (value := number(one.values.get("height", "")))}
        weights = {value for one in own if (value := number(one.values.get("weight", "")))}
        cases[patient] = replace(
            cases[patient],
            sex=_agreed(sexes),
            origin=_agreed(origins),
            age=min(ages, default=None),
            height=min(heights, default=None),
            weight=min(weights, default=None),
            studies=len({one.study for one in own}),
            images=sum(one.files for one in own),
        )
    return [cases[name] for name in sorted(cases)]


def code(text: str) -> str:
    """Return a code string (VR CS) of a header that is a term of the standard, else :data:`WITHHELD`."""
    from curator.scrub.dicom.text import is_standard_term

    if not text:
        return UNKNOWN
    return text if _CODE.fullmatch(text) and is_standard_term(text) else WITHHELD


def words(text: str, guard: Guard) -> str:
    """Return a header's free words if they are a maker's or model's, as far as a guard sees, else :data:`WITHHELD`."""
    from curator.scrub.dicom.descriptors_terms import is_maker

    if not text:
        return UNKNOWN
    short = " ".join(text.split())[:64]
    return short if short.isascii() and (is_maker(short) or guard(short)) else WITHHELD
