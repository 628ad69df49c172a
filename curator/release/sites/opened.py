"""One site's package, verified with the key that the sponsor holds, and what the sponsor takes from it.

Nothing in the package says whose it is: the key comes from outside. A package that is a draft, lacks its audit's
report or the word of the vault's holder, was purged, or is itself a joined one, is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import GateError, UsageError
from curator.project.journal import Sample
from curator.provenance.keys import encode64
from curator.provenance.state import State
from curator.release import layout
from curator.release.audited import PASS
from curator.release.sites.words import SitePayload, Word, words_of
from curator.release.verify import PackageReport, verify_package
from curator.release.versions import is_final

_LINE = 1 << 16
Advance = Callable[[int], None]


@dataclass(frozen=True)
class OpenedSite:
    """A site's verified package.

    Parameters
    ----------
    site
        The sponsor's id of the site.
    folder
        Where the package stands.
    key
        The site operator's raw public key, held by the sponsor.
    report
        What was verified.
    words
        Who attests what needs the site's vault.
    attestations
        Signed words that came beside the package.
    split
        The split that all of its patients are in; None where its own table counts.
    waived
        Checks of the site's audit that a waiver of the site let pass.
    """

    site: str
    folder: Path
    key: bytes
    report: PackageReport
    words: tuple[Word, ...]
    attestations: tuple[bytes, ...] = ()
    split: str | None = None
    waived: tuple[str, ...] = ()

    @property
    def manifest(self) -> dict[str, Any]:
        """The package's manifest."""
        return self.report.contents.manifest

    @property
    def state(self) -> State:
        """The sum of its records."""
        return self.report.contents.state

    @property
    def tag(self) -> str:
        """SHA-256 of its tag manifest, which stands for every byte of it."""
        return self.report.said.tag_manifest

    def samples(self) -> Iterator[Sample]:
        """Yield its samples by path."""
        for said in self._lines(layout.SAMPLES):
            yield Sample(said["path"], said["sha256"], said["uid"], said["content"], said["kind"])

    def labels(self) -> Iterator[dict[str, Any]]:
        """Yield the lines of its list of labels."""
        yield from self._lines(layout.LABELS)

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        with (self.folder / name).open("rb") as stream:
            while raw := stream.readline(_LINE):
                yield strict_loads(raw)

    def splits(self) -> dict[str, Any] | None:
        """Return its own table of splits, None where it has none."""
        path = self.folder / layout.SPLITS
        return strict_loads(path.read_bytes()) if path.is_file() else None

    def document(self) -> dict[str, Any]:
        """Return what the sponsor's record says of the package."""
        said = self.manifest
        return {
            "dataset": said["dataset"],
            "version": said["version"],
            "tagManifest": self.tag,
            "operatorKey": encode64(self.key),
            "ledger": {name: said["ledger"][name] for name in ("origin", "size", "root")},
            "payload": said["audit"]["payload"],
            "samples": {name: said["samples"][name] for name in ("sha256", "count")},
            "labels": {name: said["labels"][name] for name in ("sha256", "count")},
            "policy": {name: said["policy"][name] for name in ("name", "sha256", "claim")},
        }


def open_package(
    site: str,
    folder: Path,
    key: bytes,
    attestations: Sequence[bytes] = (),
    split: str | None = None,
    advance: Advance = lambda _: None,
) -> OpenedSite:
    """Verify a site's package and everything that it must bring to be joined.

    Parameters
    ----------
    site
        The sponsor's id of the site, checked.
    folder
        The package.
    key
        The site operator's raw public key, from elsewhere than the package.
    attestations
        Signed words of who has the site's vault.
    split
        As :class:`OpenedSite` has it.
    advance
        Told of each payload file.

    Raises
    ------
    IntegrityError
        REL and LED codes for a broken package or another key; AUD-016.
    GateError
        SIT-003 for a draft, SIT-004 for its audit, SIT-005 for a lacking word.
    UsageError
        REL-033, SYS-007, SIT-012, AUD-015.
    """
    report = verify_package(folder, key=key, advance=advance)
    manifest = report.contents.manifest
    if report.contents.sites is not None:
        raise UsageError("SIT-012", why="it joins sites itself")
    if report.purged_files or report.contents.purged:
        raise UsageError("SIT-012", why="bytes of it were purged since")
    if not is_final(manifest["version"]):
        raise UsageError("SIT-012", why="its version is a pre-release, which no other version follows")
    if manifest["draft"] or manifest["audit"] == layout.NO_AUDIT:
        raise GateError("SIT-003")
    newest = report.contents.state.facts.audits[-1]
    if newest.outcome != PASS:
        raise GateError("SIT-004", why="its ledger holds a newer report that did not pass")
    payload = SitePayload(folder, report.contents.state, manifest["audit"])
    unique = {hashlib.sha256(one).hexdigest(): one for one in attestations}
    given = tuple(unique[name] for name in sorted(unique))
    words = words_of(payload, given)
    waived = tuple(sorted(payload.report()["gate"]["waived"]))
    return OpenedSite(site, folder, key, report, words, given, split, waived)
