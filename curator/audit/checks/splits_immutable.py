"""``splits/immutable``: nobody who was assigned once is in another split now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from curator.audit.answers import could_not, judged
from curator.audit.assignments import Assignments, assignments, parse, without
from curator.audit.cases import where
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.core.canonical import strict_loads
from curator.core.errors import CheckError, CuratorError

_MOST = 256 << 20


class Immutable:
    """Compares every earlier table with the next: those of the journal, of releases in the project, of the settings."""

    id = "splits/immutable"
    title = "Nobody was moved from one split to another, in any version"
    severity = Severity.BLOCKER
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data independence"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Compare. ``earlier`` names files of earlier tables, for who has only a package."""
        now = assignments(subject)
        if now is None:
            return without(subject)
        earlier = list(_journal(subject))
        others = [*_releases(subject), *(_read(Path(one)) for one in subject.threshold(self.id, "earlier", []))]
        if not earlier and not others and not _is_first(subject):
            return could_not("no earlier table of splits is at hand: name them by 'earlier' in the settings")
        # Who is in no package of a joined site any more left by the signed record that joined the site's next version.
        left: Callable[[str], bool] = getattr(subject, "has_left", lambda _: False)
        findings = [one for old, new in pairwise([*earlier, now]) for one in _moved(old, new, left)]
        findings += [one for old in others for one in _moved(old, now, left)]
        tables = len(earlier) + len(others)
        return judged(
            findings,
            f"nobody was moved since any of {tables:,} earlier tables" if tables else "this is the first version",
            "{total} times a patient was moved or dropped without a record",
            {"earlier_tables": tables, "patients": len(now.of)},
        )


def _moved(old: Assignments, new: Assignments, left: Callable[[str], bool]) -> Iterator[Finding]:
    for name, split in sorted(old.of.items()):
        there = new.of.get(name)
        if there is None and name not in new.left and not left(name):
            yield Finding(where(name), f"was in {split} and is in no split, without a record")
        elif there is not None and there != split:
            yield Finding(where(name), f"moved from {split} to {there}")


def _read(path: Path, key: str = "") -> Assignments:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST + 1)
        made = strict_loads(data) if len(data) <= _MOST else None
    except (OSError, CuratorError):
        raise CheckError("AUD-007", what="earlier table of splits that can be read") from None
    return parse(made.get(key) if key and isinstance(made, dict) else made)


def _journal(subject: Subject) -> Iterator[Assignments]:
    """Yield the rows of the project's journal of splits, oldest first."""
    if subject.project is not None:
        folder = subject.project.journal / "splits"
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
            yield _read(path, "splits")


def _releases(subject: Subject) -> Iterator[Assignments]:
    """Yield the tables in the packages that the project keeps."""
    if subject.project is not None:
        folder = subject.project.root / "releases"
        for path in sorted(folder.glob("*/data/splits/assignments.json")) if folder.is_dir() else ():
            yield _read(path)


def _is_first(subject: Subject) -> bool:
    """Say whether a package states that it is the first version; a project without a journal of splits never does."""
    if getattr(subject, "first", False):
        return True
    report = getattr(subject, "report", None)
    manifest = report.contents.manifest if report is not None else {}
    return "parent" in manifest and manifest["parent"] is None


check = Immutable()
