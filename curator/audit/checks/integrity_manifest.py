"""The manifest that came with the data lists every file, each with its digest (RFC 8493 for bags)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.audit.answers import could_not, judged, not_applicable
from curator.audit.model import Answer, File, Finding, Severity, Subject

_LINE = re.compile(r"([0-9A-Fa-f]{64})[ \t]+\*?(.+)")
#: Manifests by name, in the order of preference, and what their paths begin with.
_NAMES = ("manifest-sha256.txt", "SHA256SUMS", "sha256sums.txt")
#: The largest manifest that is read.
MOST = 256 << 20
_TAGS = frozenset({"bagit.txt", "bag-info.txt", "fetch.txt"})


class Manifest:
    """Reads the manifest of a delivered folder; that of a package of ours is verified before the audit begins."""

    id = "integrity/manifest"
    title = "The manifest lists every file that is there, each with its digest"
    severity = Severity.BLOCKER
    clause = "21 CFR 11.10(c), RFC 8493 section 3"
    needs = ()

    def run(self, subject: Subject) -> Answer:
        """Compare both ways."""
        if subject.kind == "package":
            count = sum(1 for file in subject.files() if not file.path.startswith("ledger/payloads/"))
            if not getattr(subject, "tied", False):
                return could_not("the package agrees with itself; only --key, held elsewhere, says whose it is")
            purged: int = getattr(subject, "purged", 0)
            summary = f"{count:,} payload files are as the signed manifest lists them"
            if purged:
                summary += f"; {purged:,} were purged by signed order"
            return judged([], summary, "", {"files": count, "purged": purged})
        if subject.kind != "folder":
            return not_applicable("a project has its journal in place of a manifest")
        files = {file.path: file for file in subject.files()}
        name = next((one for one in _NAMES if one in files), None)
        if name is None:
            return not_applicable("no manifest came with the folder")
        listed = _listed(subject, files[name])
        if listed is None:
            return could_not("the manifest cannot be read whole")

        def bad() -> Iterator[Finding]:
            for path, digest in sorted(listed.items()):
                file = files.get(path)
                if file is None:
                    yield Finding("manifest", "a file that it lists is not there")
                elif file.sha256 != digest:
                    yield Finding(path, "is not as the manifest lists it")
            for path in sorted(files.keys() - listed.keys()):
                if path not in _TAGS and path not in _NAMES and not path.startswith(("tagmanifest-", "manifest-")):
                    yield Finding(path, "is not in the manifest")

        return judged(
            bad(), f"{len(listed):,} files are as listed", "{total} files are not as listed", {"listed": len(listed)}
        )


def _listed(subject: Subject, file: File) -> dict[str, str] | None:
    if file.size > MOST:
        return None
    with subject.open(file) as stream:
        try:
            lines = stream.read().decode("utf-8").splitlines()
        except UnicodeDecodeError:
            return None
    made: dict[str, str] = {}
    for line in lines:
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is None or match[2] in made:
            return None
        made[match[2].removeprefix("./")] = match[1].lower()
    return made


check = Manifest()
