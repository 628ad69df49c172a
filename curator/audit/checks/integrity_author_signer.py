"""Author and signer of a label are told apart: who signs another's label attests an import, and names its source."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import Few, judged
from curator.audit.labelled import labels
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.provenance.roles import ATTESTATION, AUTHORSHIP


class AuthorAndSigner:
    """Counts authorship and attestation apart, and looks for labels that are neither."""

    id = "integrity/author-signer"
    title = "Who signs another's label says so, and names the file it was taken from"
    severity = Severity.MAJOR
    clause = "21 CFR 11.50(a), 11.70"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare, and hold the share of attested labels against ``most_attested`` (1.0: no limit)."""
        most = subject.threshold(self.id, "most_attested", 1.0)
        own = attested = 0
        findings = Few()
        for one in labels(subject):
            same = one.said["author"] == one.said["signer"]
            meaning = one.said["meaning"]
            own += same
            attested += not same
            if same == (meaning == ATTESTATION) or (not same and meaning == AUTHORSHIP):
                findings.append(Finding(one.where, "its meaning contradicts who signed it"))
            elif not same and "importSource" not in one.said:
                findings.append(Finding(one.where, "an attested label names no source"))
        share = attested / (own + attested) if own + attested else 0.0
        findings.extend(self._share(share, most))
        return judged(
            findings,
            f"{own:,} labels signed by their authors, {attested:,} attested by others",
            "{total} labels whose author and signer are not told apart as they should be",
            {"own": own, "attested": attested, "share": share, "most_attested": most},
            about=own + attested,
        )

    @staticmethod
    def _share(share: float, most: float) -> Iterator[Finding]:
        if share > most:
            yield Finding("labels", "more labels are attested by others than the project allows")


check = AuthorAndSigner()
