"""What a version holds, in figures: cases, samples, labels by state, kind and class, agreement of each two readers.

``data/version/summary.json`` is made from the records while they go by, and made again by whoever verifies, so that two
versions can be held against each other without reading their records. Only labels that stand count for classes.
Agreement is of what readers said, also where an adjudication decided otherwise (:mod:`curator.release.opinions`).
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.spill import Rows, Sorter
from curator.project.journal import Sample
from curator.provenance import status
from curator.provenance.state import Record, State
from curator.release.audited import payload_line
from curator.release.lists import label_document
from curator.release.opinions import is_opinion, settles
from curator.release.splits_patients import SHARED, class_of, patient_of

#: Classes that are listed; the rest is counted together.
MOST = 200
#: Lines of samples that are hashed together.
_TOGETHER = 256
_GONE = status.ENDED | status.REJECTED


class Summary:
    """Collects samples and released labels."""

    def __init__(self) -> None:
        #: Over the samples by path, as the audit's record holds it.
        self._payload = hashlib.sha256()
        self._lines: list[bytes] = []
        self._cases: set[str] = set()
        self._kinds: Counter[str] = Counter()
        self._labels: Rows[tuple[str, str, str, str, str, str, str, bool]] = Rows()

    def sample(self, sample: Sample) -> None:
        """Take the next sample in, by path."""
        self._lines.append(payload_line(sample))
        if len(self._lines) == _TOGETHER:
            self._take()
        self._cases.add(patient_of(sample.path) or SHARED)
        self._kinds[sample.kind] += 1

    def _take(self) -> None:
        self._payload.update(b"".join(self._lines))
        self._lines.clear()

    @property
    def payload(self) -> str:
        """The digest of the samples so far, in hex."""
        self._take()
        return self._payload.hexdigest()

    def label(self, record: Record) -> None:
        """Take a released label in."""
        line, said = label_document(record), record.predicate
        digest = str(said.get("digestOfValue") or record.value_digest or canonical_bytes(said["value"]).hex())[:16]
        self._labels.append(
            (
                line["labelId"], line["kind"], line["guideline"], line["origin"] or "", line["author"],
                line["sha256"][:16], f"{digest} {class_of(said)}",
                settles(said["stage"], said["role"], said["meaning"]),
            )
        )  # fmt: skip

    def document(self, state: State) -> dict[str, Any]:
        """Return the figures, given what became of the labels."""
        names = ("state", "kind", "guideline", "origin", "author")
        counts: dict[str, Counter[str]] = {name: Counter() for name in names}
        classes: Counter[str] = Counter()
        readings: Sorter[tuple[str, str, str, str, str]] = Sorter(itemgetter(0, 1, 2))
        for label, kind, guideline, origin, author, sample, value, settling in self._labels:
            known = state.labels.get(label)
            marks = known.status if known is not None else 0
            digest, _, word = value.partition(" ")
            told = (status.word(marks), kind, guideline, origin or "not stated", author)
            for name, text in zip(names, told, strict=True):
                counts[name][text] += 1
            if not marks & _GONE:
                classes[word] += 1
            if is_opinion(marks, origin) and not settling:
                readings.append((sample, kind, guideline, author, digest))
        listed = dict(sorted(classes.most_common(MOST)))
        return {
            "format": 1,
            "cases": len(self._cases - {SHARED}),
            "samples": dict(sorted(self._kinds.items())),
            "labels": {name: dict(sorted(one.items())) for name, one in counts.items()},
            "classes": {**listed, **({"(others)": rest} if (rest := len(classes) - len(listed)) else {})},
            "agreement": _agreement(readings),
        }


def _agreement(readings: Iterable[tuple[str, str, str, str, str]]) -> list[dict[str, Any]]:
    """Count what each two readers both read; readings of one thing follow each other, a reader's last one counts."""
    both: Counter[tuple[str, str]] = Counter()
    same: Counter[tuple[str, str]] = Counter()
    for _, rows in itertools.groupby(readings, key=itemgetter(0, 1, 2)):
        values = {author: digest for *_, author, digest in rows}
        for pair in itertools.combinations(sorted(values), 2):
            both[pair] += 1
            same[pair] += values[pair[0]] == values[pair[1]]
    return [{"readers": list(pair), "both": both[pair], "same": same[pair]} for pair in sorted(both)]
