"""What a reader is held against: a label file, or labels of the ledger.

A reference that cannot be read whole is refused: with a part of it a reader would be measured on other cases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from curator.core.canonical import canonical_bytes
from curator.core.errors import CheckError, CuratorError, UsageError
from curator.labels.checks import Guard, check
from curator.labels.consensus.opinions import Choice, Opinion, Sample, Signed, asked_apart, confidence_of, part_of
from curator.labels.consensus.questions import question_of
from curator.labels.reading import load, read, reader_of
from curator.labels.samples import SampleLike
from curator.labels.whole import as_read, read_whole

REFERENCE = "reference"


def reference_file(
    path: Path, root: Path, samples: Iterable[SampleLike], now: datetime, guard: Guard, choice: Choice | None = None
) -> tuple[list[Opinion], str, frozenset[tuple[str, str]]]:
    """Read a reference: a label file as ``curator sign`` takes it, whoever stands in it as author.

    Parameters
    ----------
    choice
        Kinds that are asked for, and groups of classes; all kinds without.

    Returns
    -------
    opinions : list of Opinion
        All by :data:`REFERENCE`.
    sha256 : str
        Of the file, in hex.
    besides : frozenset
        (sample's UID, part) of labels of other kinds than those that are asked for.

    Raises
    ------
    UsageError
        LBL-002 when it cannot be read; CON-040 with the number of lines that are no label, name no sample of the
        project, or have no question that is measured here.
    CheckError
        CON-046 when it has no label of the kinds that are asked for.
    """
    form, data = reader_of(path), load(path)
    known = {name: one for one in samples for name in (one.uid, one.path, f"sha256:{one.sha256}")}
    kinds, groups = (choice.kinds, choice.groups) if choice is not None else (frozenset[str](), {})
    made: list[Opinion] = []
    times: list[str] = []
    besides: set[tuple[str, str]] = set()
    bad = 0
    for raw in read(data, form):
        try:
            if raw.fields is None:
                raise UsageError("LBL-003", reason="it holds nothing")
            label = check(raw.line, raw.fields, now=now, guard=guard)
            inner = read_whole(root, raw.fields["value"])
            value = inner if inner is not None else as_read(label.value)
            question, sample = question_of(label.kind, value, groups=groups), known.get(label.sample)
        except CuratorError:
            bad += 1
            continue
        if question is None or sample is None:
            bad += 1
            continue
        part = part_of(label.stated.get("location"))
        if kinds and label.kind not in kinds:
            besides.add((sample.uid, part))
            continue
        told = Sample(sample.uid, sample.path, sample.sha256)
        signed = Signed(label.label_id, "", raw.line, REFERENCE, REFERENCE, told, part, label.stage, ("", ""), {})
        said = {"confidenceScale": label.stated.get("confidenceScale")}
        if label.confidence is not None:
            said["confidence"] = label.confidence
        made.append(Opinion(signed, question, value, confidence_of(said)))
        times.append(label.labeled_at)
    if bad:
        raise UsageError("CON-040", count=bad)
    if not made:
        raise CheckError("CON-046")
    return (made if groups else asked_apart(made, times)), hashlib.sha256(data).hexdigest(), frozenset(besides)


def digest_of(opinions: Iterable[Opinion]) -> str:
    """Return the SHA-256 (hex) of the sorted list of the leaf hashes of a reference's labels."""
    return hashlib.sha256(canonical_bytes(sorted(one.signed.leaf for one in opinions))).hexdigest()
