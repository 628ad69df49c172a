"""``splits/sealed-members``: a sealed split holds what was sealed, and nothing that came to it later."""

from __future__ import annotations

import hashlib

from curator.audit.answers import could_not, judged, not_applicable
from curator.audit.assignments import without
from curator.audit.cases import patient_of, seen
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject

_MOST = 1 << 30


class SealedMembers:
    """Holds the list of each sealed split against the signed digest, and against the samples that are there."""

    id = "splits/sealed-members"
    title = "A sealed split holds what was sealed, and nothing else"
    severity = Severity.BLOCKER
    clause = "21 CFR 11.10(c), FDA AI-enabled device software functions (draft 2025), section VIII"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare lists: samples that are gone are counted, samples that came are findings."""
        found = seen(subject)
        if found.splits is None:
            return without(subject)
        sealed = subject.state().facts.splits
        if not sealed:
            return not_applicable("no split is sealed")
        files = {file.path: file for file in subject.files()}
        findings: list[Finding] = []
        blind: list[str] = []
        gone = 0
        for name, seal in sorted(sealed.items()):
            now = {
                file.sha256
                for file in files.values()
                if (owner := patient_of(file.path, {}, subject.kind)) and found.splits.of.get(owner) == name
            }
            listed = self._list(subject, files.get(f"splits/sealed/{name}.txt"), seal.sha256)
            if listed is None:
                if hashlib.sha256("".join(f"{one}\n" for one in sorted(now)).encode()).hexdigest() != seal.sha256:
                    blind.append(name)
                continue
            gone += len(listed - now)
            if now - listed:
                findings.append(
                    Finding("split", f"{name} holds samples that were not sealed with it", len(now - listed))
                )
        if blind and not findings:
            return could_not(f"no list that fits the seal is at hand for {len(blind):,} of the sealed splits")
        return judged(
            findings,
            f"{len(sealed):,} sealed splits hold what was sealed; {gone:,} samples of them are gone",
            "{total} sealed splits hold samples that were not sealed",
            {"sealed": len(sealed), "gone": gone},
        )

    @staticmethod
    def _list(subject: Subject, file: object, digest: str) -> set[str] | None:
        """Return the list that was sealed, None where none is there whose digest is the signed one."""
        from curator.audit.model import File

        if not isinstance(file, File) or file.sha256 != digest or file.size > _MOST:
            return None
        with subject.open(file) as stream:
            return set(stream.read(_MOST).decode("ascii", "replace").split())


check = SealedMembers()
