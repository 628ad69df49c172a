"""A random sample of released pixels that a person looks at, and what it says of all that nobody looked at.

Pixel risk is judged by headers, and a header can lie. Drawn is from the clean files with pixels that no signed look
covers, in the order of a hash seeded with the ledger's root, so that nobody can choose, and anybody with the package
can draw again.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import UsageError
from curator.core.types import Outcome
from curator.project import journal
from curator.project.paths import Project
from curator.provenance.ledger import Ledger
from curator.provenance.merkle import Frontier
from curator.provenance.state import State
from curator.provenance.typed import digest_of
from curator.release.cases import header
from curator.release.excluded import excluded_of

NO, YES, UNCLEAR = "no", "yes", "unclear"
HEAD = ("path", "sha256", "ledger", "text")
MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class Frame:
    """What is drawn from: (path, SHA-256) of each file, sorted by path; and how many files with pixels were left out.

    ``looked`` are those that signed records say somebody looked at.
    """

    files: tuple[tuple[str, str], ...]
    looked: int

    @property
    def sha256(self) -> str:
        """SHA-256 of the sorted list of the files' SHA-256."""
        return digest_of(sha256 for _, sha256 in self.files)


def frame_of(project: Project, state: State, advance: Callable[[int], None] = lambda _: None) -> Frame:
    """Return the clean DICOM files with pixels that may leave and that nobody looked at.

    Raises
    ------
    UsageError
        PIX-001 when there is none.
    """
    excluded = excluded_of(project, state)
    found, looked = [], 0
    kept = {one.path for one in excluded.kept(journal.samples(project))}
    for row in journal.all_rows(project, ["outcome", "path", "sha256", "kind", "risk", "pixel_record"]):
        advance(1)
        if row["outcome"] != Outcome.SCRUBBED or row["kind"] != "dicom" or row["path"] not in kept:
            continue
        said = header(project.root / row["path"])
        # A file whose header cannot be read may hold pixels.
        if said is not None and not said.get("rows"):
            continue
        if row["pixel_record"] or row["risk"] != "none":
            looked += 1
        else:
            found.append((row["path"], row["sha256"]))
    if not found:
        raise UsageError("PIX-001")
    return Frame(tuple(sorted(found)), looked)


def draw(frame: Frame, count: int, root: bytes) -> list[tuple[str, str]]:
    """Return so many files of a frame, all of a small one, in the order of the draw."""

    def place(one: tuple[str, str]) -> bytes:
        return hashlib.sha256(b"curator pixel sample\0" + root + bytes.fromhex(one[1]) + one[0].encode()).digest()

    return sorted(frame.files, key=place)[:count]


def sheet(drawn: Sequence[tuple[str, str]], size: int) -> bytes:
    """Return the sheet that a person fills in: a row a file, its column ``text`` open."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows((path, sha256, size, "") for path, sha256 in drawn)
    return out.getvalue().encode()


@dataclass(frozen=True)
class Looked:
    """A sheet that was filled in: files drawn, those with text, those unclear, and the ledger's size at the draw."""

    drawn: tuple[str, ...]
    text: tuple[str, ...]
    unclear: tuple[str, ...]
    size: int
    root: bytes


def read_sheet(path: Path, frame: Frame, ledger: Ledger) -> Looked:
    """Read a sheet and hold it against a draw made again.

    Parameters
    ----------
    path
        CSV as :func:`sheet` made it, the last column filled in.
    frame
        Of the project as it stands; what was recalled since is no longer in it, and fails.
    ledger
        The project's.

    Raises
    ------
    UsageError
        PIX-002.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise UsageError("PIX-002", why="it cannot be read as CSV") from None
    if len(data) > MOST_BYTES or not rows or tuple(rows[0]) != HEAD or any(len(row) != len(HEAD) for row in rows):
        raise UsageError("PIX-002", why="its columns are others")
    rows = rows[1:]
    sizes = {row[2] for row in rows}
    if len(sizes) != 1 or not (text := next(iter(sizes))).isascii() or not text.isdigit():
        raise UsageError("PIX-002", why="its rows name no ledger, or several")
    root = root_at(ledger, int(text))
    if root is None or [(row[0], row[1]) for row in rows] != draw(frame, len(rows), root):
        raise UsageError("PIX-002", why="its files are not the ones that are drawn, or the data changed since")
    words = [row[3].strip().casefold() for row in rows]
    if not set(words) <= {NO, YES, UNCLEAR}:
        raise UsageError("PIX-002", why="a row says neither yes, no nor unclear")

    def of(word: str) -> tuple[str, ...]:
        return tuple(row[0] for row, said in zip(rows, words, strict=True) if said == word)

    return Looked(tuple(row[1] for row in rows), of(YES), of(UNCLEAR), int(text), root)


def root_at(ledger: Ledger, size: int) -> bytes | None:
    """Return the root over the first so many records, None where there are fewer."""
    tree = Frontier()
    if size < 1:
        return None
    leaves: Iterable[bytes] = (entry.leaf for entry in ledger.entries())
    held = [leaf for leaf, _ in zip(leaves, range(size), strict=False)]
    if len(held) != size:
        return None
    tree.extend(held)
    return tree.root()
