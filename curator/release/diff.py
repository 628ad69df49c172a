"""What differs between two versions, from their lists alone: cases, samples, labels, splits, agreement, distributions.

Lines that both lists hold are never parsed, so that two versions of 100,000 files are compared in about a second; lists
are read line by line, and 16 bytes of each line are held at a time. No sample and no record is read.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.core.files import translated
from curator.core.spill import Rows
from curator.provenance import status
from curator.release import layout
from curator.release.splits_patients import SHARED, patient_of
from curator.release.tree import content_of, open_file
from curator.release.versions import MAJOR, MINOR, PATCH

_MOST_DOCUMENT = 1 << 28
_CASE = re.compile(rb'"kind":"[a-z]+","path":"clean/([^/"]+)/')
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
#: Words of states with which a label no longer stands, or does not count.
_ENDED = frozenset({"withdrawn", "superseded", "resolved", "rejected"})
#: A list: its bytes, the file that holds it, or its lines laid aside.
Lines = bytes | Path | Rows[bytes]


@dataclass(frozen=True)
class Lists:
    """A version's lists and documents.

    Parameters
    ----------
    version
        Its number.
    samples, labels
        Both lists.
    manifest, summary, splits
        The documents; empty where a version has none.
    """

    version: str
    samples: Lines
    labels: Lines
    manifest: Mapping[str, Any]
    summary: Mapping[str, Any] = field(default_factory=dict)
    splits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """What became of one case (``added``, ``removed``, ``changed``), and its samples counted by what became of them."""

    case: str
    change: str
    samples: Mapping[str, int]


@dataclass(frozen=True)
class Group:
    """Labels of which the same became (``added``, ``removed``, ``changed``, ``now STATE``): kind, guideline, count."""

    change: str
    kind: str
    guideline: str
    count: int

    @property
    def name(self) -> str:
        """The group's name, by which a reason is given."""
        return f"{self.change} {self.kind} {self.guideline}"


@dataclass(frozen=True)
class Diff:
    """What differs.

    Parameters
    ----------
    old, new
        Versions.
    cases
        Those with any difference, by name.
    samples
        Number of samples added, removed, changed.
    labels
        Groups of labels with a difference.
    policy
        Digests of both policies where they differ.
    splits
        Cases whose split is another one or none any more: to their splits in both.
    guidelines
        Guidelines that came or went, as ``id@version``.
    level
        The least step that the difference asks for.
    """

    old: str
    new: str
    cases: tuple[Case, ...]
    samples: Mapping[str, int]
    labels: tuple[Group, ...]
    policy: tuple[str, str] | None
    splits: Mapping[str, tuple[str | None, str | None]]
    guidelines: Mapping[str, str]
    level: str


def read_lists(folder: Path) -> Lists:
    """Read a package's lists.

    Raises
    ------
    UsageError
        REL-033 when there is no such folder.
    IntegrityError
        REL-020 when it lacks one, REL-029 when one cannot be read.
    """
    if not folder.is_dir():
        raise UsageError("REL-033")
    for name in (layout.SAMPLES, layout.LABELS):
        os.close(_opened(folder / name))
    manifest = _document(folder, layout.MANIFEST)
    if not manifest:
        raise IntegrityError("REL-020", name=layout.MANIFEST)
    summary, splits = _document(folder, layout.SUMMARY), _document(folder, layout.SPLITS)
    version = str(manifest.get("version"))
    return Lists(version, folder / layout.SAMPLES, folder / layout.LABELS, manifest, summary, splits)


def _opened(path: Path) -> int:
    handle = open_file(path)
    if handle is None:
        raise IntegrityError("REL-020", name=f"data/{path.name}")
    return handle


def _document(folder: Path, name: str) -> dict[str, Any]:
    data = content_of(folder / name, _MOST_DOCUMENT)
    if data is None:
        return {}
    try:
        made = strict_loads(data)
    except CuratorError:
        made = None
    if not isinstance(made, dict):
        raise IntegrityError("REL-029", name=name, why="it is no JSON object")
    return made


def _each(lines: Lines) -> Iterator[bytes]:
    """Yield the lines of a list."""
    if isinstance(lines, Rows):
        yield from lines
        return
    with translated(), io.BytesIO(lines) if isinstance(lines, bytes) else os.fdopen(_opened(lines), "rb") as stream:
        for line in stream:
            yield line.rstrip(b"\r\n")


def _short(line: bytes) -> bytes:
    return hashlib.sha256(line).digest()[:16]


def _only(one: Lines, two: Lines) -> Iterator[dict[str, Any]]:
    """Yield the lines that the first list holds and the second does not."""
    known = set(map(_short, _each(two)))
    for line in _each(one):
        if _short(line) not in known:
            try:
                yield strict_loads(line)
            except CuratorError:
                raise IntegrityError("REL-029", name="a list", why="a line is not JSON") from None


def _case_names(samples: Lines) -> set[str]:
    """Return the cases of a list of samples."""
    found = (match[1] for line in _each(samples) if (match := _CASE.search(line)))
    return {name.decode("ascii", "replace") for name in found}


def compare(old: Lists, new: Lists) -> Diff:
    """Compare two versions (REL-029 for a line that cannot be read)."""
    cases, samples = _cases(old.samples, new.samples)
    labels = _labels(old.labels, new.labels)
    policies = (str(old.manifest["policy"]["sha256"]), str(new.manifest["policy"]["sha256"]))
    policy = policies if policies[0] != policies[1] else None
    splits = _splits(old.splits, new.splits, cases)
    guidelines = _guidelines(old.manifest, new.manifest)
    worse = any(one.change in {REMOVED, CHANGED} or one.change[4:] in _ENDED for one in labels)
    if samples[REMOVED] or samples[CHANGED] or worse or policy or splits:
        level = MAJOR
    else:
        level = MINOR if samples[ADDED] or labels else PATCH
    return Diff(old.version, new.version, cases, samples, labels, policy, splits, guidelines, level)


def _cases(old: Lines, new: Lines) -> tuple[tuple[Case, ...], dict[str, int]]:
    gone, come = ({line["path"] for line in _only(*both)} for both in ((old, new), (new, old)))
    before, after = _case_names(old), _case_names(new)
    found: dict[str, Counter[str]] = {}
    for path in {*gone, *come}:
        change = CHANGED if path in gone and path in come else REMOVED if path in gone else ADDED
        found.setdefault(patient_of(path) or SHARED, Counter())[change] += 1
    made = tuple(
        Case(name, ADDED if name not in before else REMOVED if name not in after else CHANGED, dict(found[name]))
        for name in sorted(found)
    )
    return made, {change: sum(one[change] for one in found.values()) for change in (ADDED, REMOVED, CHANGED)}


def _labels(old: Lines, new: Lines) -> tuple[Group, ...]:
    gone, come = (
        {line["labelId"]: line for line in _only(*both) if not line.get("purged")} for both in ((old, new), (new, old))
    )
    counts: Counter[tuple[str, str, str]] = Counter()
    for name in {*gone, *come}:
        one, two = gone.get(name), come.get(name)
        said = two or one or {}
        if one is None or two is None:
            change = ADDED if one is None else REMOVED
        elif {**one, "state": ""} == {**two, "state": ""}:
            change = f"now {two.get('state', status.SIGNED)}"
        else:
            change = CHANGED
        counts[change, str(said.get("kind", "label")), str(said.get("guideline", "unknown"))] += 1
    return tuple(Group(*name, count) for name, count in sorted(counts.items()))


def _splits(
    old: Mapping[str, Any], new: Mapping[str, Any], cases: tuple[Case, ...]
) -> dict[str, tuple[str | None, str | None]]:
    one, two = old.get("assignments", {}), new.get("assignments", {})
    gone = {case.case for case in cases if case.change == REMOVED}
    return {
        name: (split, two.get(name))
        for name, split in sorted(one.items())
        if two.get(name) != split and name not in gone
    }


def _guidelines(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    one, two = ({f"{g['id']}@{g['version']}" for g in manifest["guidelines"]} for manifest in (old, new))
    return {name: ADDED if name in two else REMOVED for name in sorted(one ^ two)}


def side_by_side(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, dict[str, list[int]]]:
    """Return each figure of two summaries that differs: heading to name to both numbers; none where one is lacking."""
    if not old or not new:
        return {}
    made: dict[str, dict[str, list[int]]] = {}
    for heading, one, two in _figures(old, new):
        rows = {
            name: [one.get(name, 0), two.get(name, 0)]
            for name in sorted({*one, *two})
            if one.get(name, 0) != two.get(name, 0)
        }
        if rows:
            made[heading] = rows
    return made


def without_figures(*versions: Lists) -> list[str]:
    """Return the versions that have no figures: those of which something was purged."""
    return [one.version for one in versions if not one.summary]


def _figures(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Mapping[str, int], Mapping[str, int]]]:
    def labels(document: Mapping[str, Any], name: str) -> Mapping[str, int]:
        found: Mapping[str, int] = document.get("labels", {}).get(name, {})
        return found

    pairs: list[tuple[str, Mapping[str, int], Mapping[str, int]]] = [
        ("cases", {"cases": old.get("cases", 0)}, {"cases": new.get("cases", 0)})
    ]
    pairs += [(name, old.get(name, {}), new.get(name, {})) for name in ("samples", "classes")]
    pairs += [
        (f"labels by {name}", labels(old, name), labels(new, name))
        for name in ("state", "kind", "guideline", "origin", "author")
    ]
    return pairs


def agreement(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[list[int] | None]]:
    """Return for each two readers, in both versions, how many samples both read, and on how many they agree.

    None where a version has no figures.
    """
    if not old or not new:
        return {}
    sides = [
        {" and ".join(one["readers"]): [one["same"], one["both"]] for one in document.get("agreement", ())}
        for document in (old, new)
    ]
    return {name: [side.get(name) for side in sides] for name in sorted({*sides[0], *sides[1]})}
