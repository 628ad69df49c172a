"""What a writer is, and what it is given: signed labels, facts of their clean samples, and a place to put files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from curator.core.errors import CheckError, CuratorError, IntegrityError, ItemError
from curator.core.hashing import sha256_file
from curator.labels.fitting import Facts, read_facts
from curator.labels.grids import of_slices
from curator.labels.ontology import Ontology
from curator.labels.signed import Signed, problem
from curator.project.journal import Sample
from curator.project.series import Series, folder_of, series_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

#: Decimal places of a pixel that forms with percent or binary numbers keep.
PLACES = Decimal("0.000001")
#: Data sets that are remembered.
_REMEMBERED = 4096


class Clean:
    """The clean files of a project; each is proven to be the one that was scrubbed before anything is read of it.

    Parameters
    ----------
    root
        The project's root.
    ontology
        Gives classes their codes, or None.
    samples
        Every sample of the project, sorted by path: what other slices the series of a slice has.
    """

    def __init__(self, root: Path, ontology: Ontology | None = None, samples: Iterable[Sample] = ()) -> None:
        self.root = root
        self.ontology = ontology
        self._series = {one.path: one for one in series_of(samples)}
        self._proven: set[str] = set()
        self._facts: dict[str, Facts] = {}

    def file(self, label: Signed) -> Path:
        """Return a label's clean file; of an image series its folder, after every file of it was proven.

        Raises
        ------
        ItemError
            EXP-005 when the sample is no longer in the project as it was labeled.
        IntegrityError
            LBL-018 when its file is not the one that the journal records.
        """
        if label.sample is None:
            raise ItemError("EXP-005")
        path = self.root / label.path
        if label.path not in self._proven:
            parts = label.sample.members if isinstance(label.sample, Series) else (label.sample,)
            try:
                same = all(sha256_file(self.root / one.path) == one.sha256 for one in parts)
            except CheckError:
                same = False
            if not same:
                raise IntegrityError("LBL-018")
            self._proven.add(label.path)
        return path

    def beside(self, label: Signed) -> dict[str, Dataset]:
        """Return the headers of all slices of a slice's series by path; none when the series is not known.

        Raises
        ------
        ItemError
            EXP-004 when one cannot be read.
        IntegrityError
            LBL-018.
        """
        folder = None if label.sample is None or isinstance(label.sample, Series) else folder_of(label.sample)
        series = self._series.get(folder or "")
        made = {}
        for one in () if series is None else series.members:
            if one.path not in self._proven:
                if sha256_file(self.root / one.path) != one.sha256:
                    raise IntegrityError("LBL-018")
                self._proven.add(one.path)
            made[one.path] = _header(self.root / one.path)
        return made

    def facts(self, label: Signed) -> Facts:
        """Return what is known of a label's sample (EXP-004 when it cannot be read)."""
        path = self.file(label)
        if label.path not in self._facts:
            if len(self._facts) >= _REMEMBERED:
                self._facts.clear()
            assert label.sample is not None
            try:
                self._facts[label.path] = read_facts(path, label.sample.kind)
            except ItemError:
                raise ItemError("EXP-004", what="a sample that can be read") from None
        return self._facts[label.path]

    def image(self, label: Signed) -> Facts:
        """Return the facts of a sample that is an image (EXP-004)."""
        facts = self.facts(label)
        if not facts.rows or not facts.columns:
            raise ItemError("EXP-004", what="an image")
        return facts

    def flat(self, label: Signed) -> Facts:
        """Return the facts of a sample that is an image of one frame (EXP-004), all of which the label means."""
        facts = self.image(label)
        if facts.frames != 1:
            raise ItemError("EXP-004", what="an image of one frame")
        return facts

    def header(self, label: Signed) -> Dataset:
        """Return the header of a DICOM sample, without its pixels (EXP-004)."""
        path = self.file(label)
        assert label.sample is not None
        if isinstance(label.sample, Series):
            raise ItemError("EXP-004", what="an image in one file")
        if label.sample.kind != "dicom":
            raise ItemError("EXP-004", what="a DICOM object")
        return _header(path)

    def stack(self, label: Signed) -> list[Dataset]:
        """Return the headers of a series, in the order in which labels of it count its slices.

        Raises
        ------
        ItemError
            EXP-004 when it cannot be read, EXP-010 when its slices are no even stack.
        """
        facts = self.image(label)
        assert isinstance(label.sample, Series)
        made = [_header(self.root / one.path) for one in label.sample.members]
        found = None
        if facts.grid is not None:
            names = ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing")
            places = [tuple([float(number) for number in one[name].value] for name in names) for one in made]
            found = of_slices([(one[0], one[1], one[2]) for one in places], facts.columns, facts.rows)
        if found is None or len(made) != facts.frames:
            raise ItemError("EXP-010", what="its slices are no even stack")
        return [made[at] for at in found[1]]


def _header(path: Path) -> Dataset:
    import warnings

    import pydicom

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pydicom.dcmread(path, stop_before_pixels=True)
    except Exception:  # noqa: BLE001 - whatever a header does to its reader, nothing was read
        raise ItemError("EXP-004", what="a sample that can be read") from None


@dataclass
class Told:
    """What became of each label; a label is told of once.

    Parameters
    ----------
    put
        Takes the name of a file in the export and its bytes.
    written
        Index of the record to the file that holds the label.
    refused
        Index of the record to why the form cannot hold it.
    rounded
        How many labels have numbers that the form keeps to a millionth of a pixel, or in 32 bits, only.
    """

    put: Callable[[str, bytes], None]
    advance: Callable[[int], None] = lambda _: None
    written: dict[int, str] = field(default_factory=dict)
    refused: dict[int, ItemError] = field(default_factory=dict)
    rounded: int = 0

    def wrote(self, label: Signed, name: str) -> None:
        """Take note that a label stands in a file."""
        self._once(label)
        self.written[label.index] = name
        self.advance(1)

    def refuse(self, label: Signed, error: CuratorError) -> None:
        """Take note that a label cannot be written; an error that is not about one label is raised again."""
        one = problem(error)
        self._once(label)
        self.refused[label.index] = one
        self.advance(1)

    def _once(self, label: Signed) -> None:
        if label.index in self.written or label.index in self.refused:
            raise CheckError("EXP-009")

    def reasons(self) -> list[tuple[ItemError, int]]:
        """Return each reason with its count, the most frequent first."""
        counts: Counter[tuple[str, str]] = Counter()
        errors: dict[tuple[str, str], ItemError] = {}
        for error in self.refused.values():
            key = (error.code, error.sentence)
            counts[key] += 1
            errors[key] = error
        return [(errors[key], count) for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


class Writer(Protocol):
    """Turns signed labels into one form's files."""

    @property
    def name(self) -> str:
        """Its word on the command line."""
        ...

    @property
    def title(self) -> str:
        """The form for people."""
        ...

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of labels that the form can say, at least in part."""
        ...

    def write(self, labels: Sequence[Signed], clean: Clean, told: Told) -> None:
        """Write labels, sorted by sample and record; each is told of once, as written or as refused.

        The same labels give the same bytes.

        Raises
        ------
        UsageError
            When what the form needs is not installed.
        IntegrityError
            LBL-018.
        """
        ...


def check_kind(label: Signed, writer: Writer) -> None:
    """Refuse a label of a kind that a form cannot say (EXP-003)."""
    if label.kind not in writer.kinds:
        raise ItemError("EXP-003")


def only(label: Signed) -> None:
    """Refuse a part of a sample other than its one frame (EXP-006)."""
    if label.part not in (None, {"frames": [1]}, {"slice": 1}):
        raise ItemError("EXP-006", what="a part of the sample")


def origin_note(label: Signed) -> dict[str, Any]:
    """Return what every annotation says of its record: leaf hash, label id, reader, and what else was signed."""
    said = label.said
    made: dict[str, Any] = {
        "leaf": label.leaf,
        "labelId": label.label_id,
        "reader": label.author,
        "labeledAt": label.labeled_at,
        "stage": said["stage"],
        "guideline": label.guideline,
        "state": label.state,
    }
    for name in ("confidence", "confidenceScale", "origin"):
        if name in said:
            made[name] = said[name]
    return made
