"""Verifying a package: from its folder and a public key alone.

Needs no project, no vault and no DICOM reader. The first thing that is broken ends it, by name. What is only consistent
with itself is never called verified.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.core.files import translated
from curator.provenance.keys import key_id, parse_public
from curator.release import layout
from curator.release.bag import DECLARATION, MANIFEST, TAG_FILES, TAG_MANIFEST
from curator.release.carried import Carried, Outside
from curator.release.contents import Contents, check_contents
from curator.release.purge import Purged, read_purged
from curator.release.statement import MAX_BYTES, Said, read_statement
from curator.release.tree import content_of, digest_of, files, safe_path, stranger

MAX_TAG_FILE = 1 << 16
#: Everything that may stand beside the payload.
BESIDE = {*TAG_FILES, *layout.TAGS, TAG_MANIFEST, layout.SIGNATURE, layout.PURGE}

_KEY_ID = re.compile(rb"[0-9a-f]{64}")
#: How a line of the payload manifest begins.
_BEGIN = re.compile(r"[0-9a-f]{64}  ")

Advance = Callable[[int], None]


@dataclass(frozen=True)
class PackageReport:
    """What was verified.

    Parameters
    ----------
    tied
        True if the operator's key was held by the caller.
    operator
        Key ID of the operator.
    files, size
        Payload files and bytes.
    said
        The signed statement.
    contents
        What the payload holds.
    gone
        Paths of files that are here no more, by the operator's signed list.
    site_keys
        Joined sites whose key was held by the caller.
    """

    tied: bool
    operator: str
    files: int
    size: int
    said: Said
    contents: Contents = field(repr=False)
    gone: frozenset[str] = frozenset()
    site_keys: frozenset[str] = frozenset()

    @property
    def purged_files(self) -> int:
        """Number of files that are here no more."""
        return len(self.gone)

    @property
    def held_back(self) -> int:
        """Number of records of which only the leaf hash is here: by the operator's word, labels that do not leave."""
        return self.contents.state.size - self.contents.released - self.contents.purged

    @property
    def dataset(self) -> str:
        """Id of the dataset."""
        return str(self.said.predicate["dataset"])

    @property
    def version(self) -> str:
        """The release's version."""
        return str(self.said.predicate["version"])

    @property
    def samples(self) -> int:
        """Number of samples."""
        return self.contents.samples

    @property
    def sample_bytes(self) -> int:
        """Bytes of all samples."""
        return self.contents.sample_bytes

    @property
    def labels(self) -> int:
        """Number of labels released."""
        return self.contents.labels

    @property
    def records(self) -> int:
        """Number of records in the ledger."""
        return self.contents.state.size


@contextlib.contextmanager
def _damaged(name: str) -> Iterator[None]:
    """Call what cannot be read inside a package by its name: there it is damage, whoever made it."""
    try:
        yield
    except UsageError as error:
        if error.code in {"SYS-007", "SIT-018"}:
            raise
        raise IntegrityError("REL-029", name=name, why=f"{error.code} {error.sentence}") from None


def verify_package(
    folder: Path,
    *,
    key: bytes | None = None,
    advance: Advance = lambda _: None,
    outside: Outside | None = None,
    site_keys: Mapping[str, bytes] | None = None,
) -> PackageReport:
    """Verify a package.

    Parameters
    ----------
    folder
        The package.
    key
        The operator's raw public key, held by the caller; None takes the one inside, which proves only that the
        package agrees with itself.
    advance
        Called with the number of payload files verified since the last call.
    outside
        Certificates and witnesses' keys, to judge the outside anchors that the package carries.
    site_keys
        Site to its operator's raw public key, held by the caller, for a package that joins sites. Without one, the key
        is the one that the sponsor's signed record names.

    Returns
    -------
    PackageReport

    Raises
    ------
    IntegrityError
        REL-020 to REL-032, LED and SYS codes: the package is broken.
    UsageError
        REL-033 when there is no such folder, or nothing of a package in it, SYS-007 for a package of a newer format.
    CheckError
        LED-021 for a kind of record that this version does not know.
    """
    if not folder.is_dir() or _foreign(folder):
        raise UsageError("REL-033")
    payload = _inventory(folder)
    inside = _operator(folder)
    if key is not None and key != inside:
        raise IntegrityError("REL-031")
    said = _signature(folder, inside)
    _tags(folder, said)
    purged = read_purged(folder, inside, said.tag_manifest) or Purged()
    with Listing(folder, purged) as listing:
        total, clean = listing.check(payload, advance)
    info = _need(folder, "bag-info.txt", MAX_TAG_FILE)
    _info(info, total, payload + len(purged.files), said)
    with _damaged("the payload"), translated():
        contents = check_contents(folder, inside, said, clean, outside, purged, site_keys, advance)
    return PackageReport(
        key is not None,
        key_id(inside),
        payload,
        total,
        said,
        contents,
        frozenset(purged.files),
        frozenset(site_keys or ()),
    )


def _foreign(folder: Path) -> bool:
    """Say whether something stands in a folder, and nothing of a package: it was named by mistake."""
    with translated():
        return any(folder.iterdir()) and not any(os.path.lexists(folder / name) for name in ("data", *BESIDE))


def _need(folder: Path, name: str, limit: int) -> bytes:
    data = content_of(folder / name, limit)
    if data is None:
        raise IntegrityError("REL-020", name=name)
    return data


def _inventory(folder: Path) -> int:
    """Walk the whole package, refuse links and strangers beside the payload, and count the payload's files."""
    payload = 0
    for path in files(folder):
        if path.startswith("data/"):
            payload += 1
        elif path not in BESIDE:
            raise IntegrityError("REL-023", name=stranger(path))
    return payload


def key_told(data: bytes, folder: Path) -> bytes:
    """Return the operator's key that a file tells: a public key, or the key ID of the one inside the package.

    Parameters
    ----------
    data
        What the file holds: a public key as :func:`~curator.provenance.keys.parse_public` reads it, or a key ID, which
        is the SHA-256 of a key and so stands for no other.
    folder
        The package. Its own key is taken only where its ID is the one that was told.

    Raises
    ------
    UsageError
        KEY-017, KEY-050, REL-033.
    IntegrityError
        REL-031 for 64 hex digits that are no key and not the ID of the package's; REL-020 to REL-029.
    """
    text = data.strip().lower()
    if not _KEY_ID.fullmatch(text):
        return parse_public(data)
    if not folder.is_dir() or _foreign(folder):
        raise UsageError("REL-033")
    inside = _operator(folder)
    if key_id(inside).encode() == text:
        return inside
    try:
        return parse_public(data)
    except UsageError:
        raise IntegrityError("REL-031") from None


def _operator(folder: Path) -> bytes:
    with _damaged(layout.OPERATOR_PEM):
        return parse_public(_need(folder, layout.OPERATOR_PEM, MAX_BYTES))


def _signature(folder: Path, operator: bytes) -> Said:
    return read_statement(_need(folder, layout.SIGNATURE, MAX_BYTES), operator)


def _tags(folder: Path, said: Said) -> None:
    """Check the tag files against the signed digest of the tag manifest."""
    data = _need(folder, TAG_MANIFEST, MAX_TAG_FILE)
    if hashlib.sha256(data).hexdigest() != said.tag_manifest:
        raise IntegrityError("REL-024", name=TAG_MANIFEST)
    wanted = ""
    own = [name for name in layout.TAGS if (folder / name).exists() or f"  {name}\n".encode() in data]
    for name in sorted([*TAG_FILES, *own]):
        found = digest_of(folder / name)
        if found is None:
            raise IntegrityError("REL-020", name=name)
        line = f"{found[0]}  {name}\n"
        if line not in data.decode("ascii", "replace"):
            raise IntegrityError("REL-024", name=name)
        wanted += line
    if data != wanted.encode("ascii"):
        raise IntegrityError("REL-024", name=TAG_MANIFEST)
    if _need(folder, "bagit.txt", MAX_TAG_FILE) != DECLARATION:
        raise IntegrityError("REL-024", name="bagit.txt")


def _info(data: bytes, total: int, payload: int, said: Said) -> None:
    lines = data.decode("utf-8", "replace").splitlines()
    identifier = layout.external_identifier(said.predicate["dataset"], said.predicate["version"])
    for wanted in (f"Payload-Oxum: {total}.{payload}", f"External-Identifier: {identifier}"):
        if wanted not in lines:
            raise IntegrityError("REL-024", name="bag-info.txt")


class Listing:
    """The payload manifest, read line by line in the order that a package's manifest always has."""

    def __init__(self, folder: Path, purged: Purged | None = None) -> None:
        self.folder = folder
        self.purged = purged or Purged()
        self._root = os.fspath(folder)
        self._stream = (folder / MANIFEST).open("rb")

    def __enter__(self) -> Listing:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield path and digest of each line; paths are safe, and come in rising order, so none stands twice."""
        last = ""
        for number, raw in enumerate(self._stream, 1):
            text = raw.decode("ascii", "replace")
            digest, path = text[:64], text[66:-1]
            fine = _BEGIN.match(text) and text.endswith("\n")
            if not fine or not path.startswith("data/") or not safe_path(path) or path <= last:
                raise IntegrityError("REL-029", name=MANIFEST, why=f"line {number} is not one of a package")
            last = path
            yield path, digest

    def check(self, payload: int, advance: Advance) -> tuple[int, int]:
        """Check every listed file, then that no other is there; return the bytes of all, and of those below clean/.

        Parameters
        ----------
        payload
            How many files the payload really holds.
        advance
            Told of each file.
        """
        total = clean = count = 0
        for path, digest in self.lines():
            found = digest_of(f"{self._root}/{path}")
            if path in self.purged.files:
                size = self._gone(path, digest, found)
            elif found is None:
                raise IntegrityError("REL-022", name=path)
            else:
                if path in self.purged.rewritten:
                    size = self._less(path, digest, found[0])
                elif found[0] != digest:
                    raise IntegrityError("REL-021", name=path)
                else:
                    size = found[1]
                count += 1
                advance(1)
            total += size
            if path.startswith(layout.CLEAN):
                clean += size
        if count != payload:
            self._stream.seek(0)
            known = {path for path, _ in self.lines()}
            extra = next(path for path in files(self.folder, "data") if path not in known)
            raise IntegrityError("REL-023", name=stranger(extra))
        return total, clean

    def _gone(self, path: str, digest: str, found: tuple[str, int] | None) -> int:
        """Check that a purged file is really gone; return the bytes that it had."""
        was, size = self.purged.files[path]
        if was != digest:
            raise IntegrityError("REL-061")
        if found is not None:
            raise IntegrityError("REL-062", name=path)
        return size

    def _less(self, path: str, digest: str, found: str) -> int:
        """Check a file that holds less than it did; return the bytes that it had."""
        was, size, now = self.purged.rewritten[path]
        if was != digest:
            raise IntegrityError("REL-061")
        if found == digest:
            raise IntegrityError("REL-062", name=path)
        if found != now:
            raise IntegrityError("REL-021", name=path)
        return size


def line(mark: str, text: str) -> str:
    """Return one line of a report."""
    return f"{mark}  {text}"


def report_lines(report: PackageReport) -> list[str]:
    """Say in a few lines what was verified."""
    if report.contents.sites is not None:
        from curator.release.sites.told import joined_lines

        return joined_lines(report)
    contents, state = report.contents, report.contents.state
    short = f"{report.operator[:4]}…{report.operator[-2:]}"
    root = state.tree.root().hex()
    held = "that you hold" if report.tied else "found inside"
    payload = f"{report.files:,} payload files, {report.size:,} bytes"
    missing = "none missing but purged ones" if report.purged_files else "none missing"
    made = [
        f"{report.dataset} {report.version} · {report.samples:,} samples · {report.labels:,} labels",
        line("PASS", f"{payload}: each as it was signed, {missing}, none added"),
        line("PASS", f"release signed by operator {short}, the key {held}"),
        line(
            "PASS",
            f"{state.size:,} leaf hashes give root {root[:4]}…{root[-2:]}, which the operator's checkpoint signs",
        ),
        line("PASS", f"{contents.released:,} records released, each in its place, its key enrolled when it signed"),
        line("PASS", f"{report.labels:,} labels, each of a sample in this package, byte for byte"),
        line("PASS", f"policy {contents.policy}: claim '{contents.claim}' computed again from its decisions"),
    ]
    if report.held_back:
        word = "labels that do not leave, by the operator's word; only their leaf hashes are here"
        made.append(line("NOTE", f"{report.held_back:,} records held back: {word}"))
    made += [line("NOTE", f"not Safe Harbor: {reason}") for reason in contents.manifest["policy"]["reasons"]]
    if contents.manifest["parent"] is not None:
        made.append(
            line("PASS", f"next version after {contents.manifest['parent']['version']}, each change with a reason")
        )
    made += anchor_lines(contents.carried)
    if report.purged_files or contents.purged:
        lost = f"{report.purged_files:,} files and {contents.purged:,} records purged by signed order"
        made.append(line("NOTE", f"{lost}: the package is not whole; all else is as it was signed"))
    made.append(audit_line(report))
    return made


def audit_line(report: PackageReport) -> str:
    """Say whether an audit let a package leave."""
    audit = report.said.predicate["audit"]
    if audit == layout.NO_AUDIT:
        return line("NOTE", "this package is a DRAFT: no audit lets it leave")
    return line("PASS", f"audit report {audit['report'][:12]} passed over just these files, and is signed")


def anchor_lines(carried: Carried) -> list[str]:
    """Say what the outside anchors of a package are worth."""
    made = []
    if carried.trusted:
        made.append(line("PASS", f"{carried.trusted:,} time-stamps lead to the given roots"))
    if carried.known:
        made.append(line("PASS", f"{carried.known:,} cosignatures by the given witnesses"))
    if left := carried.stamps - carried.trusted:
        made.append(line("NOTE", f"COULD NOT CHECK who vouches for {left:,} time-stamps: give --tsa-ca"))
    if left := carried.cosigned - carried.known:
        made.append(line("NOTE", f"{left:,} cosignatures by witnesses whose keys came with it: give --witness-key"))
    return made


def failing(error: CuratorError) -> str:
    """Return the line for what is broken."""
    return line("FAIL", f"{error.code} {error.sentence}")
