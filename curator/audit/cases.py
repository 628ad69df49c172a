"""Cases: what the headers, the splits and the labels say of each patient. One case is one patient.

Nothing is imputed: what is not stated is unknown, what is stated in two ways is in conflict, and both are counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from curator.audit.assignments import NONE, Assignments, assignments
from curator.audit.headers import HeaderProbe
from curator.audit.labelled import standing
from curator.audit.model import LEDGER, File, Finding, Subject

T = TypeVar("T")
UNKNOWN = "unknown"
CONFLICT = "stated in two ways"
#: What is about many patients.
SHARED = "shared"
#: Years of the bands of age: from the first to below the second. The FDA's guidance on pediatric and geriatric
#: groups (21 CFR 201.57(c)(9), ICH E7) cuts at 2, 12, 17 and 65.
BANDS = ((0, 2), (2, 12), (12, 17), (17, 40), (40, 65), (65, 90), (90, 200))
_YEARS = {"D": 365.25, "W": 52.18, "M": 12.0, "Y": 1.0}


@dataclass(frozen=True)
class Image:
    """A file with its facts and whose it is."""

    file: File
    facts: Mapping[str, Any]
    patient: str

    @property
    def series(self) -> str:
        """The series' UID, or the file's own path for what has none."""
        return str(self.facts.get("series") or self.file.path)


@dataclass
class Case:
    """A patient.

    Parameters
    ----------
    name
        The pseudonym: the folder below clean/, in a delivered folder what stands for the number in the headers.
    images
        All files of theirs that the header probe reads.
    split
        Name, or :data:`curator.audit.assignments.NONE`.
    site
        As the splits' strata say, else what stands for the site in the headers, else the project's own.
    classes
        Names of the classes of labels that stand, as (kind, class).
    """

    name: str
    images: list[Image] = field(default_factory=list)
    split: str = NONE
    site: str = UNKNOWN
    classes: set[tuple[str, str]] = field(default_factory=set)

    def stated(self, key: str) -> set[Any]:
        """Return every value that a fact has over the case's images."""
        return {_hashable(one.facts[key]) for one in self.images if one.facts.get(key) not in (None, "", [])}

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
    cases: dict[str, Case] = {}
    unread: list[Finding] = []
    uids: dict[str, str] = {}
    for one in subject.looked(HeaderProbe()):
        if one.found is None:
            unread.append(Finding(one.file.path, f"not read: {one.code}"))
            continue
        name = patient_of(one.file.path, one.found, subject.kind)
        if name is None:
            continue
        cases.setdefault(name, Case(name)).images.append(Image(one.file, one.found, name))
        uids[str(one.found.get("instance", ""))] = name
    if subject.kind != "folder":
        for file in subject.files():
            name = patient_of(file.path, {}, subject.kind)
            if name is not None:
                cases.setdefault(name, Case(name))
    _labels(subject, cases, uids)
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


def _labels(subject: Subject, cases: Mapping[str, Case], uids: Mapping[str, str]) -> None:
    if not subject.has(LEDGER):
        return
    for label in standing(subject):
        name = patient_of(str(label.record.subject[0].get("name", "")), {}, "project") or uids.get(label.uid)
        if name is not None and name in cases and label.klass is not None:
            cases[name].classes.add((str(label.said["kind"]), label.klass))


def where(case: Case | str) -> str:
    """Return how a finding names a patient."""
    return f"patient {case if isinstance(case, str) else case.name}"
