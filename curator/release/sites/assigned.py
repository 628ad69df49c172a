"""Splits over joined sites: what the sponsor's signed records say of each patient, in the project and in a package.

A record signs the digest of a list with two hashes a patient: of the joint name, and of the line that says the split.
A patient who is there and stands in a list must have that very line; of who has left the dataset the package holds the
two hashes alone. So nobody is moved, left out or slipped in without a record, and the package alone shows it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent
from curator.project.paths import Project
from curator.provenance.state import State
from curator.release import layout, splits_store
from curator.release.splits import Splits, is_name
from curator.release.tree import content_of

ENDING = ".txt"
MOST = 1 << 30
_LINE = re.compile(rb"([0-9a-f]{64}) ([0-9a-f]{64})")
_LONGEST = 1 << 14


@dataclass(frozen=True)
class Drawn:
    """Assignments on record.

    Parameters
    ----------
    by, fractions, strata
        The settings of the newest record.
    lines
        Joint pseudonym to its line; in a package only of who is there.
    lists
        SHA-256 of a name to the SHA-256 of each line that records gave it, oldest first.
    files
        SHA-256 of each list to its bytes, in the order of the records.
    records
        Number of records.
    """

    by: str
    fractions: tuple[tuple[str, int], ...]
    strata: tuple[str, ...]
    lines: Mapping[str, bytes]
    lists: Mapping[str, tuple[str, ...]]
    files: Mapping[str, bytes]
    records: int

    def of(self, cases: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return the line of each of some patients who is on record.

        Raises
        ------
        IntegrityError
            SIT-022 when a line is lacking, is not the one that was signed for, or moves somebody.
        """
        made = {}
        for case in cases:
            signed = self.lists.get(_hash(case.encode()))
            if signed is None:
                continue
            line = self.lines.get(case)
            if line is None or _hash(line) != signed[-1]:
                raise IntegrityError("SIT-022", why="a patient's line is lacking or is not the one that was signed for")
            said: dict[str, Any] = strict_loads(line)
            if len(signed) > 1 and "left" not in said:
                raise IntegrityError("SIT-022", why="a patient was moved from one split to another")
            made[case] = said
        return made


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def lines_of(splits: Splits) -> dict[str, bytes]:
    """Return the line of each patient who was assigned, or who left a split."""
    made = {
        case: canonical_bytes({"case": case, "split": split, "strata": dict(splits.strata.get(case, {}))})
        for case, split in splits.assignments.items()
    }
    for case, (split, leaf) in splits.left.items():
        made[case] = canonical_bytes({"case": case, "left": {"from": split, "record": leaf}})
    return made


def listing(lines: Mapping[str, bytes]) -> bytes:
    """Return the list of some lines that a record signs the digest of: ``SHA-256(name) SHA-256(line)``, sorted."""
    return "".join(sorted(f"{_hash(case.encode())} {_hash(line)}\n" for case, line in lines.items())).encode("ascii")


def lists_folder(project: Project) -> Path:
    """Return where the lists stand, each named by its SHA-256."""
    return splits_store.folder(project) / "assigned"


def put_list(project: Project, data: bytes) -> str:
    """Put down a list that is about to be signed for, and return its SHA-256."""
    digest = _hash(data)
    make_folder(lists_folder(project))
    put_if_absent(lists_folder(project) / f"{digest}{ENDING}", data)
    return digest


def fresh_lines(splits: Splits, before: Drawn | None) -> dict[str, bytes]:
    """Return the lines that no record has signed for yet."""
    known = {} if before is None else before.lists
    return {
        case: line for case, line in lines_of(splits).items() if _hash(line) not in known.get(_hash(case.encode()), ())
    }


def project_drawn(project: Project, state: State, *, pending: bool = False) -> Drawn | None:
    """Return the assignments of a sponsor's project, None where none were made.

    Parameters
    ----------
    project, state
        The project, its ledger verified.
    pending
        Whether assignments that nobody has signed for yet may stand there: of a run that was stopped.

    Raises
    ------
    IntegrityError
        SIT-022, SPL-003.
    UsageError
        SIT-023 for assignments that nobody has signed for.
    """
    rows = splits_store.history(project)
    base = lists_folder(project)
    made = _drawn(state, {}, lambda name: content_of(base / name, MOST))
    splits = rows[-1] if rows else None
    if made is not None:
        # Of each patient the newest line that is signed for: also where a version is built again that is older.
        lines = {
            case: line
            for row in rows
            for case, line in lines_of(row).items()
            if _hash(line) in made.lists.get(_hash(case.encode()), ())
        }
        made = replace(made, lines=lines)
    if splits is not None and not pending and fresh_lines(splits, made):
        raise UsageError("SIT-023")
    return made


def package_drawn(folder: Path, state: State) -> Drawn | None:
    """Return the assignments that a package carries, None where no record assigns anybody.

    Raises
    ------
    IntegrityError
        SIT-022.
    """
    data = content_of(folder / layout.ASSIGNED, MOST)
    if data is None:
        if state.facts.assigned:
            raise IntegrityError("SIT-022", why=f"{layout.ASSIGNED} is lacking")
        return None
    lines: dict[str, bytes] = {}
    for raw in data.splitlines():
        case = _case(raw)
        if case is None or case in lines:
            raise IntegrityError("SIT-022", why=f"a line of {layout.ASSIGNED} is malformed")
        lines[case] = raw
    base = folder / layout.ASSIGNED_LISTS
    return _drawn(state, lines, lambda name: content_of(base / name, MOST))


def _case(raw: bytes) -> str | None:
    """Return whose line it is, None for one that no program of this kind writes."""
    try:
        said = strict_loads(raw) if len(raw) <= _LONGEST else None
        fine = isinstance(said, dict) and canonical_bytes(said) == raw and isinstance(said["case"], str)
    except (CuratorError, KeyError):
        return None
    if not fine or said is None:
        return None
    if said.keys() == {"case", "split", "strata"}:
        strata = said["strata"]
        texts = isinstance(strata, dict) and all(isinstance(value, str) for value in strata.values())
        return said["case"] if texts and isinstance(said["split"], str) and is_name(said["split"]) else None
    left = said.get("left")
    right = said.keys() == {"case", "left"} and isinstance(left, dict) and left.keys() == {"from", "record"}
    return said["case"] if right and all(isinstance(value, str) for value in left.values()) else None


def _drawn(state: State, lines: Mapping[str, bytes], read: Callable[[str], bytes | None]) -> Drawn | None:
    if not state.facts.assigned:
        return None
    lists: dict[str, tuple[str, ...]] = {}
    files: dict[str, bytes] = {}
    for one in state.facts.assigned:
        data = read(f"{one.sha256}{ENDING}")
        if data is None or _hash(data) != one.sha256:
            raise IntegrityError("SIT-022", why="a list that was signed for is lacking or was changed")
        count, last = 0, ""
        for raw in data.splitlines(keepends=True):
            match = _LINE.fullmatch(raw.removesuffix(b"\n"))
            name = "" if match is None else match[1].decode()
            if match is None or name <= last or not raw.endswith(b"\n"):
                raise IntegrityError("SIT-022", why="a list that was signed for is malformed")
            lists[name] = (*lists.get(name, ()), match[2].decode())
            count, last = count + 1, name
        if count != sum(each["patients"] for each in one.said["counts"]) + one.said["leftSplit"]:
            raise IntegrityError("SIT-022", why="a record counts other patients than its list")
        files[one.sha256] = data
    newest = state.facts.assigned[-1].said
    return Drawn(
        newest["by"],
        tuple((one["split"], one["percent"]) for one in newest["fractions"]),
        tuple(newest["strata"]),
        lines,
        lists,
        files,
        len(state.facts.assigned),
    )
