"""``splits/sealed-members``: a sealed split holds what was sealed, and nothing that came to it later."""

from __future__ import annotations

import hashlib

from curator.audit.answers import could_not, judged, not_applicable
from curator.audit.assignments import NONE, without
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
        """Compare lists: samples that are gone are counted, those that came or went elsewhere are findings."""
        found = seen(subject)
        if found.splits is None:
            return without(subject)
        sealed = subject.state().facts.splits
        if not sealed:
            return not_applicable("no split is sealed")
        lists = {file.path: file for file in subject.files() if file.path.startswith(_SEALED)}
        listed = {
            name: self._list(subject, lists.get(f"{_SEALED}{name}.txt"), seal.sha256) for name, seal in sealed.items()
        }
        held: dict[str, set[str]] = {name: set() for name in sealed}
        moved: dict[tuple[str, str], set[str]] = {}
        for file in subject.files():
            owner = patient_of(file.path, {}, subject.kind)
            if owner is None:
                continue
            split = found.splits.of.get(owner, NONE)
            if split in held:
                held[split].add(file.sha256)
            # Who left a split did so by a signed record.
            if owner not in found.splits.left:
                for name, one in listed.items():
                    if name != split and one is not None and file.sha256 in one:
                        moved.setdefault((name, split), set()).add(file.sha256)
        findings: list[Finding] = []
        blind: list[str] = []
        gone = 0
        for name, seal in sorted(sealed.items()):
            now, then = held[name], listed[name]
            if f"{_SEALED}{name}.txt" in lists and then is None:
                findings.append(Finding("split", f"the list of {name} is not the one that was sealed"))
            if then is None:
                if hashlib.sha256("".join(f"{one}\n" for one in sorted(now)).encode()).hexdigest() != seal.sha256:
                    blind.append(name)
                continue
            gone += len(then - now)
            if now - then:
                findings.append(Finding("split", f"{name} holds samples that were not sealed with it", len(now - then)))
        for (name, split), there in sorted(moved.items()):
            # What is still in its own split, too, was copied: that is another check's.
            if there - held[name]:
                gone -= len(there - held[name])
                what = f"samples that were sealed with {name} are in {split.strip('()')}"
                findings.append(Finding("split", what, len(there - held[name])))
        if blind and not findings:
            return could_not(f"no list that fits the seal is at hand for {len(blind):,} of the sealed splits")
        return judged(
            findings,
            f"{len(sealed):,} sealed splits hold what was sealed; {gone:,} samples of them are gone",
            "{total} times a sealed split is not what was sealed",
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
