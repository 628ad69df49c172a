"""Sealing a split, and handing out what was sealed: each use is a signed record before a byte is handed out.

``splits/sealed/<name>.txt`` lists the SHA-256 of each sealed sample, sorted, a line each, so that ``sha256sum`` of the
list is the digest that the signed record holds. What is used outside of this program is somebody's assertion, and is
shown as such.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from curator.core.errors import IntegrityError, UsageError
from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated, write_whole
from curator.project.journal import Sample
from curator.project.paths import Project, inside
from curator.provenance.facts import Split
from curator.provenance.state import Record, State
from curator.release import splits_store
from curator.release.splits import Splits
from curator.release.splits_patients import patients
from curator.release.tree import digest_of

MOST_BYTES = 1 << 30


@dataclass(frozen=True)
class Use:
    """How often a split was used.

    Parameters
    ----------
    recorded
        Accesses through this program.
    asserted
        Uses outside of it, as their signers say.
    samples
        Samples handed out or used, over all, as far as records say.
    first
        Time of signing of the first one, or an empty text.
    """

    recorded: int = 0
    asserted: int = 0
    samples: int = 0
    first: str = ""

    @property
    def count(self) -> int:
        """All uses."""
        return self.recorded + self.asserted


def list_file(project: Project, name: str) -> Path:
    """Return where the list of a sealed split stands."""
    return splits_store.folder(project) / "sealed" / f"{name}.txt"


def members(project: Project, splits: Splits, name: str, but: Iterable[str] = ()) -> list[Sample]:
    """Return the samples of a split's patients, by path.

    Parameters
    ----------
    project, splits
        Which.
    name
        The split.
    but
        Patients whose samples are not to be used any more.

    Raises
    ------
    UsageError
        SPL-013 when nobody is in it.
    """
    wanted = splits.of(name) - set(but)
    found = [sample for owner, samples in patients(project).items() if owner in wanted for sample in samples]
    if not found:
        raise UsageError("SPL-013")
    return sorted(found, key=lambda sample: sample.path)


def list_bytes(digests: Iterable[str]) -> bytes:
    """Return the list of a split: what ``sort -u`` gives."""
    return "".join(f"{one}\n" for one in sorted(set(digests))).encode("ascii")


def put_list(project: Project, name: str, samples: Iterable[Sample]) -> None:
    """Write the list of a split that is about to be sealed."""
    path = list_file(project, name)
    make_folder(path.parent)
    write_whole(path, list_bytes(sample.sha256 for sample in samples))


def mark_sealed(project: Project, splits: Splits, names: Iterable[str]) -> Splits:
    """Put down which splits the ledger says are sealed: they take in nobody any more."""
    made = replace(splits, sealed=tuple(sorted({*splits.sealed, *names})))
    if made != splits:
        splits_store.save(project, made)
    return made


def sealed_list(project: Project, name: str, sealed: Mapping[str, Split]) -> list[str]:
    """Return the digests of a sealed split.

    Raises
    ------
    UsageError
        SPL-014 when it is not sealed.
    IntegrityError
        SPL-015 when its list is not the one that was signed.
    """
    if name not in sealed:
        raise UsageError("SPL-014")
    path = list_file(project, name)
    data = b""
    if path.is_file() and path.stat().st_size <= MOST_BYTES:
        with translated():
            data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sealed[name].sha256:
        raise IntegrityError("SPL-015")
    return data.decode("ascii").split()


def handed(project: Project, digests: Iterable[str], gone: Iterable[str]) -> list[Sample]:
    """Return the samples of a sealed list that may be handed out.

    Parameters
    ----------
    project
        The project.
    digests
        The sealed list.
    gone
        Digests that were withdrawn, recalled or replaced since.

    Raises
    ------
    IntegrityError
        SPL-018 when others are lacking.
    """
    wanted = set(digests) - set(gone)
    found = {one.sha256: one for samples in patients(project).values() for one in samples if one.sha256 in wanted}
    if len(found) != len(wanted):
        raise IntegrityError("SPL-018", count=len(wanted) - len(found))
    return sorted(found.values(), key=lambda sample: sample.path)


def check_output(project: Project, output: Path) -> Path:
    """Return a new folder outside of the project (SPL-017)."""
    place = output.parent.resolve() / output.name
    if place.exists() or place.is_symlink() or any(inside(place, one) for one in (project.root, project.vault)):
        raise UsageError("SPL-017")
    return place


def hand_out(
    project: Project, samples: Iterable[Sample], output: Path, place: Callable[[str], Path | None] = lambda _: None
) -> None:
    """Copy samples into a new folder, whole or not at all, each as its digest says.

    Parameters
    ----------
    project, samples
        Which.
    output
        The new folder.
    place
        Returns where the file of a path stands, None for its place in the project.

    Raises
    ------
    IntegrityError
        SPL-018 when one was changed.
    """
    temp = output.parent / f"{TEMP_PREFIX}{hashlib.sha256(os.fsencode(output)).hexdigest()[:16]}"
    shutil.rmtree(temp, ignore_errors=True)
    try:
        make_folder(temp)
        for sample in samples:
            target = temp / sample.path.removeprefix("clean/")
            with translated():
                target.parent.mkdir(parents=True, exist_ok=True)
                source = place(sample.path) or project.root / sample.path
                if source.is_file():
                    shutil.copyfile(source, target, follow_symlinks=False)
            found = digest_of(target)
            if found is None or found[0] != sample.sha256:
                raise IntegrityError("SPL-018", count=1)
        with translated():
            os.rename(temp, output)
            sync_folder(output.parent)
    except BaseException:
        shutil.rmtree(temp, ignore_errors=True)
        raise


def uses(records: Iterable[Record], state: State) -> dict[str, Use]:
    """Return how often each sealed split was used, by the accesses in a ledger."""
    found = dict.fromkeys(sorted(state.facts.splits), Use())
    for record in records:
        named = [one["name"].removeprefix("splits/") for one in record.subject if "name" in one]
        said = record.predicate
        for name in named:
            now, outside = found.get(name, Use()), said.get("asserted", False)
            found[name] = Use(
                now.recorded + (not outside),
                now.asserted + outside,
                now.samples + said.get("count", 0),
                min(filter(None, (now.first, said["signedAt"]))),
            )
    return found
