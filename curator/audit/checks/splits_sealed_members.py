"""``splits/sealed-members``: a sealed split holds what was sealed, and nothing that came to it later."""

from __future__ import annotations

import hashlib

from curator.audit.answers import could_not, judged, not_applicable
from curator.audit.assignments import without
from curator.audit.cases import patient_of, seen
from curator.audit.model import LEDGER, Answer, File, Finding, Severity, Subject

_MOST = 1 << 30
_SEALED = "splits/sealed/"


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
        held: dict[str, set[str]] = {name: set() for name in sealed}
        lists: dict[str, File] = {}
        for file in subject.files():
            owner = patient_of(file.path, {}, subject.kind)
            split = found.splits.of.get(owner) if owner else None
            if split in held:
                held[split].add(file.sha256)
            elif file.path.startswith(_SEALED):
                lists[file.path] = file
        findings: list[Finding] = []
        blind: list[str] = []
        gone = 0
        for name, seal in sorted(sealed.items()):
            now = held[name]
            listed = self._list(subject, lists.get(f"{_SEALED}{name}.txt"), seal.sha256)
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
        if not isinstance(file, File) or file.sha256 != digest or file.size > _MOST:
            return None
        with subject.open(file) as stream:
            return set(stream.read(_MOST).decode("ascii", "replace").split())


check = SealedMembers()
