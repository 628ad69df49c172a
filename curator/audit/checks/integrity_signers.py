"""Each label was signed by a person who was enrolled and not revoked when signing, told again from the roster."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import Few, judged
from curator.audit.labelled import labels
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.provenance.people import Person


class Signers:
    """Holds each label's place in the ledger against the places at which its signer's keys came and went."""

    id = "integrity/signers"
    title = "Each label was signed by a person enrolled and not revoked at that place of the ledger"
    severity = Severity.BLOCKER
    clause = "21 CFR 11.10(d), (g), 11.100"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare."""
        keys: dict[str, list[Person]] = {}
        for person in subject.state().roster():
            keys.setdefault(person.id, []).append(person)
        seen: dict[str, int] = {}

        def bad() -> Iterator[Finding]:
            for one in labels(subject):
                signer, author, at = one.said["signer"], one.said["author"], one.record.index
                seen[signer] = seen.get(signer, 0) + 1
                if not any(_valid(key, at) for key in keys.get(signer, ())):
                    yield Finding(one.where, "its signer was not enrolled, or was revoked, when it was signed")
                if author not in keys:
                    yield Finding(one.where, "its author was never enrolled")

        findings = Few(bad())
        count = sum(seen.values())
        return judged(
            findings,
            f"{count:,} labels by {len(seen)} signers, each enrolled when signing",
            "{total} labels by people who could not sign",
            {"labels": count, "signers": len(seen)},
            {"labels by signer": [{"signer": name, "labels": seen[name]} for name in sorted(seen)]},
            about=count,
        )


def _valid(key: Person, at: int) -> bool:
    ends = [place for place in (key.revoked, key.rotated) if place is not None]
    return key.since < at and all(at < place for place in ends)


check = Signers()
