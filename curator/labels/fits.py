"""Whether labels that are signed lie within their samples, whoever wrote the label file.

The import has asked the same of what it brings in; a file from elsewhere is asked here. A value of one of this
program's kinds that has another form is refused. What cannot be compared, and a kind of the user's own, is counted and
told before the signature, never taken for compared.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from curator.core.errors import ItemError, UsageError
from curator.labels.fitting import FLAT, SOLID, Facts, check_fit, read_facts
from curator.labels.geometry import check_ring
from curator.labels.item import KINDS
from curator.labels.samples import SampleLike
from curator.labels.values import check_value, number

#: ``own``: of a kind of the user's own; ``open``: its sample cannot be read for it.
Fit = Literal["fits", "own", "open"]
#: Samples whose sizes are remembered.
_REMEMBERED = 100_000


class Fits:
    """Compares labels with the clean files.

    Parameters
    ----------
    root
        The project's root.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._facts: dict[str, Facts | None] = {}

    def check(self, kind: str, value: Any, part: dict[str, Any] | None, sample: SampleLike) -> Fit:
        """Compare one label with its sample.

        Parameters
        ----------
        kind, value
            As read from a label file; of a value that stands in a file of its own what stands there.
        part
            The label's ``frames`` or ``slice``.
        sample
            Its sample.

        Returns
        -------
        str
            ``fits``, ``own`` for a kind that is the user's own, ``open`` when the sample says no size.

        Raises
        ------
        UsageError
            LBL-047 for a value that is not of the form of its kind.
        ItemError
            IMP-020 for a number that is none, IMP-024 for a mask that does not add up, IMP-021 outside of the image or
            the text, IMP-025 for a polygon that crosses itself, IMP-064 for a mask of
            another size, IMP-065 for a part that the sample does not have, IMP-078 for a shape within the first pixel.
        """
        if kind not in KINDS:
            return "own"
        _formed(kind, value)
        if kind == "polygon":
            for ring in value["rings"]:
                check_ring([number(one) for one in ring], None)
        placed = kind in FLAT or kind in SOLID or kind == "span" or (kind == "measurement" and "points" in value)
        if not placed and part is None:
            return "fits"
        facts = self._of(sample)
        if facts is None or (kind != "span" and not facts.rows) or (kind == "span" and facts.length is None):
            return "open"
        check_fit(kind, value, part, facts)
        return "fits"

    def _of(self, sample: SampleLike) -> Facts | None:
        """Return the facts of a sample, None when its file cannot be read for them."""
        if sample.path not in self._facts:
            if len(self._facts) >= _REMEMBERED:
                self._facts.clear()
            try:
                self._facts[sample.path] = read_facts(self._root / sample.path, getattr(sample, "kind", "dicom"))
            except ItemError:
                self._facts[sample.path] = None
        return self._facts[sample.path]


def _formed(kind: str, value: Any) -> None:
    """Refuse a value that is not of the form of its kind, in the words of who signs."""
    try:
        check_value(kind, value)
    except ItemError as error:
        if error.code != "IMP-061":
            raise
        raise UsageError("LBL-047", kind=kind, what=error.facts["what"]) from None
