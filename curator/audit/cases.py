"""Cases: what the headers, the splits and the labels say of each patient. One case is one patient.

Nothing is imputed: what is not stated is unknown, what is stated in two ways is in conflict, and both are counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from curator.audit.album import Album, Image, Images
from curator.audit.answers import coded
from curator.audit.assignments import NONE, Assignments, assignments
from curator.audit.headers import HeaderProbe
from curator.audit.labelled import standing
from curator.audit.model import LEDGER, Finding, Subject
from curator.core.errors import CheckError
from curator.core.spill import Sorter

T = TypeVar("T")
UNKNOWN = "unknown"
CONFLICT = "stated in two ways"
#: What is about many patients.
SHARED = "shared"
#: Facts that are asked for again and again: they are held for each patient.
OFTEN = ("sex", "age", "ethnic", "site", "modality", "body_part", "maker", "year")
#: Years of the bands of age: from the first to below the second. The FDA's guidance on pediatric and geriatric
#: groups (21 CFR 201.57(c)(9), ICH E7) cuts at 2, 12, 17 and 65.
BANDS = ((0, 2), (2, 12), (12, 17), (17, 40), (40, 65), (65, 90), (90, 200))
_YEARS = {"D": 365.25, "W": 52.18, "M": 12.0, "Y": 1.0}


@dataclass
class Case:
    """A patient.

    Parameters
    ----------
    name
        The pseudonym: the folder below clean/, in a delivered folder what stands for the number in the headers.
    images
        All files of theirs that the header probe reads; they are laid aside, and read again when they are asked for.
    split
        Name, or :data:`curator.audit.assignments.NONE`.
    site
        As the splits' strata say, else what stands for the site in the headers, else the project's own.
    classes
        Names of the classes of labels that stand, as (kind, class).
    """

    name: str
    images: Images = field(default_factory=Images)
    split: str = NONE
    site: str = UNKNOWN
    classes: frozenset[tuple[str, str]] = frozenset()
    #: What the images state of :data:`OFTEN`, once they are all there.
    told: Mapping[str, frozenset[Any]] = field(default_factory=dict)

    def stated(self, key: str) -> frozenset[Any]:
        """Return every value that a fact has over the case's images."""
        return self.told[key] if key in self.told else frozenset(values(self.images, key))

    def one(self, key: str) -> Any:
        """Return the only value of a fact; :data:`UNKNOWN` without one, :data:`CONFLICT` with several."""
        found = self.stated(key)
        return next(iter(found)) if len(found) == 1 else CONFLICT if found else UNKNOWN

    @property
    def sex(self) -> str:
        """``F``, ``M``, ``O``, :data:`UNKNOWN` or :data:`CONFLICT`."""
        found = self.one("sex")
        return str(found) if found in {"F", "M", "O", CONFLICT} else UNKNOWN

    @property
    def age(self) -> float | None:
        """Years at the first study, None where no age is stated."""
        ages = [years(one) for one in self.stated("age")]
        return min((one for one in ages if one is not None), default=None)

    @property
    def band(self) -> str:
        """The band of the age."""
        return band(self.age)

    def group(self, kind: str) -> str:
        """Return the category of ``race`` or ``ethnicity``; ``More than one`` for several races."""
        from curator.audit.people_words import UNMAPPED

        words = {word for entry in self.stated("ethnic") for word in entry}
        found = {word.partition(":")[2] for word in words if word.startswith(f"{kind}:")}
        if len(found) > 1:
            found.discard(UNMAPPED)
        if len(found) > 1:
            return "More than one" if kind == "race" else CONFLICT
        if found:
            return str(next(iter(found)))
        stated = {word.partition(":")[2] for word in words if word.startswith("stated:")}
        return str(next(iter(sorted(stated)), UNKNOWN))


def values(images: Iterable[Image], key: str) -> Iterator[Any]:
    """Yield each value that a fact has over images."""
    return (_hashable(one.facts[key]) for one in images if one.facts.get(key) not in (None, "", []))


def _hashable(value: Any) -> Any:
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


def years(age: Any) -> float | None:
    """Return the years of an age string (PS3.5, section 6.2, AS)."""
    match = re.fullmatch(r"(\d{3})([DWMY])", age) if isinstance(age, str) else None
    return None if match is None else int(match[1]) / _YEARS[match[2]]


def band(age: float | None) -> str:
    """Return the band of an age in years, such as ``40-64``."""
    if age is None:
        return UNKNOWN
    for low, high in BANDS:
        if low <= age < high:
            return f"{low}+" if high == BANDS[-1][1] else f"{low}-{high - 1}"
    return UNKNOWN


@dataclass
class Seen:
    """All cases of a subject.

    Parameters
    ----------
    cases
        By name.
    unread
        Files whose header could not be read, with the code.
    splits
        The assignments, None where there are none.
    own_site
        The project's id of its site, or empty.
    joined
        Ids of joined sites, which the sponsor gave.
    """

    cases: dict[str, Case]
    unread: list[Finding]
    splits: Assignments | None
    own_site: str = ""
    joined: frozenset[str] = frozenset()

    def images(self) -> Iterator[Image]:
        """Yield every image, case by case."""
        for case in self.cases.values():
            yield from case.images

    def series(self) -> Iterator[tuple[str, list[Image]]]:
        """Yield the images of each series of a patient, of DICOM objects with pixels."""
        for case in self.cases.values():
            found: dict[str, list[Image]] = {}
            for one in case.images:
                if one.facts["format"] == "dicom" and one.facts["pixels"]:
                    found.setdefault(one.series, []).append(one)
            yield from sorted(found.items())

    @property
    def names(self) -> tuple[str, ...]:
        """The splits in their order, with :data:`NONE` behind where somebody is in none; that alone without splits."""
        there = Counter(case.split for case in self.cases.values())
        order = self.splits.order if self.splits is not None else ()
        return tuple(name for name in (*order, NONE) if there[name])


def once(subject: Subject, name: str, make: Callable[[], T]) -> T:
    """Return what was made of a subject before, or make it: checks of one audit share it."""
    kept: dict[str, Any] = vars(subject).setdefault("_made_once", {})
    if name not in kept:
        kept[name] = make()
    made: T = kept[name]
    return made


def seen(subject: Subject) -> Seen:
    """Return the cases of a subject; the headers are read once an audit."""
    return once(subject, "cases", lambda: _seen(subject))


def patient_of(path: str, facts: Mapping[str, Any], kind: str) -> str | None:
    """Return whose a file is: by the folder below clean/; in a delivered folder by the number in the header."""
    if kind == "folder":
        return str(facts.get("patient") or path.partition("/")[0])
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "clean" and parts[1] != SHARED else None


def _seen(subject: Subject) -> Seen:
    splits = assignments(subject)
    labels = _Classes(subject)
    unread: list[Finding] = []
    cases = _cases(_images(subject, unread), labels)
    if subject.kind != "folder":
        for file in subject.files():
            name = patient_of(file.path, {}, subject.kind)
            if name is not None and name not in cases:
                cases[name] = Case(name)
    labels.give(cases)
    own = subject.project.config.site if subject.project is not None else ""
    # Of joined sites the names say it.
    site_of: Callable[[str], str | None] = getattr(subject, "site_of", lambda _: None)
    joined: set[str] = set()
    for case in cases.values():
        case.split = splits.of.get(case.name, NONE) if splits is not None else NONE
        given = site_of(case.name)
        joined |= set() if given is None else {given}
        given = given or (splits.sites.get(case.name) if splits is not None else None)
        sites = case.stated("site")
        case.site = given or (next(iter(sites)) if len(sites) == 1 else CONFLICT if sites else own or UNKNOWN)
    return Seen(dict(sorted(cases.items())), unread, splits, own, frozenset(joined))


def _images(subject: Subject, unread: list[Finding]) -> Iterator[Image]:
    """Yield the images of each patient one behind the other, sorted by path."""

    def found() -> Iterator[Image]:
        for one in subject.looked(HeaderProbe()):
            if one.found is None:
                unread.append(Finding(one.file.path, f"not read: {coded(one.code)}"))
                continue
            name = patient_of(one.file.path, one.found, subject.kind)
            if name is not None:
                yield Image(one.file, one.found, name)

    if subject.kind != "folder":
        # A patient has one folder, and what is in one folder stands together.
        yield from found()
        return
    sorter: Sorter[Image] = Sorter(attrgetter("patient"))
    for image in found():
        sorter.append(image)
    yield from sorter


def _cases(images: Iterable[Image], labels: _Classes) -> dict[str, Case]:
    """Lay images aside, and return their patients."""
    cases: dict[str, Case] = {}
    album = Album()
    same: dict[Any, Any] = {}
    for name, group in groupby(images, key=attrgetter("patient")):
        if name in cases:
            raise CheckError("AUD-007", what="list of files in the order of patients")
        told: dict[str, set[Any]] = {key: set() for key in OFTEN}
        start = stop = -1
        for one in group:
            stop = album.put(one) + 1
            start = stop - 1 if start < 0 else start
            labels.meet(str(one.facts.get("instance", "")), name)
            for key, found in told.items():
                found.update(values((one,), key))
        # Most patients state what others state: it is held once.
        kept = {key: same.setdefault(frozenset(found), frozenset(found)) for key, found in told.items()}
        cases[name] = Case(name, Images(album, start, stop), told=kept)
    return cases


class _Classes:
    """The classes of labels that stand, by patient.

    Parameters
    ----------
    subject
        Of which the labels are.
    """

    def __init__(self, subject: Subject) -> None:
        self._of: dict[str, set[tuple[str, str]]] = {}
        #: Classes of samples that no patient's folder holds, by UID, and whose the samples with these UIDs are.
        self._apart: dict[str, set[tuple[str, str]]] = {}
        self._owners: dict[str, str] = {}
        for label in standing(subject) if subject.has(LEDGER) else ():
            if label.klass is not None:
                name = patient_of(str(label.record.subject[0].get("name", "")), {}, "project")
                place, key = (self._apart, label.uid) if name is None else (self._of, name)
                place.setdefault(key, set()).add((str(label.said["kind"]), label.klass))

    def meet(self, uid: str, name: str) -> None:
        """Take note of whose an instance is."""
        if uid in self._apart:
            self._owners[uid] = name

    def give(self, cases: Mapping[str, Case]) -> None:
        """Tell each patient's case its classes."""
        for uid, classes in self._apart.items():
            if uid in self._owners:
                self._of.setdefault(self._owners[uid], set()).update(classes)
        same: dict[frozenset[tuple[str, str]], frozenset[tuple[str, str]]] = {}
        for name, classes in self._of.items():
            if name in cases:
                cases[name].classes = same.setdefault(frozenset(classes), frozenset(classes))


def where(case: Case | str) -> str:
    """Return how a finding names a patient."""
    return f"patient {case if isinstance(case, str) else case.name}"
