"""Each sample has a source, a scrub record and the policy that it was scrubbed by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from curator.audit.answers import Few, judged
from curator.audit.model import JOURNAL, POLICY, Answer, Finding, Severity, Subject
from curator.core.types import Outcome as Fate
from curator.scrub.policy.since import Since, since

#: A source is named by half a keyed digest.
_DIGEST = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{32})?")
_COLUMNS = ["outcome", "path", "source", "sha256", "content", "uid", "content_key", "method_codes"]


class ScrubRecords:
    """Looks for samples of which it is not on record where they are from or how they were scrubbed."""

    id = "integrity/scrub-records"
    title = "Each sample has a source digest, a scrub record and the digest of the policy it was scrubbed by"
    severity = Severity.BLOCKER
    clause = "21 CFR 11.10(e), PS3.15 E.1.1"
    needs = (JOURNAL, POLICY)

    def run(self, subject: Subject) -> Answer:
        """Read the journal's rows and the documents of its deliveries."""
        digest = subject.policy().digest
        policies = {number: _policy_of(subject, number) for number in subject.deliveries()}
        count = 0

        def bad() -> Iterator[Finding]:
            nonlocal count
            for number, stated in policies.items():
                if stated is None or stated.get("digest") != digest:
                    yield Finding(f"delivery {number}", _MOVED[since(stated, subject.policy())])
            for row in subject.rows(_COLUMNS):
                if row["outcome"] != Fate.SCRUBBED:
                    continue
                count += 1
                for name in ("source", "content_key", "sha256", "content"):
                    if not _DIGEST.fullmatch(row.get(name) or ""):
                        yield Finding(row["path"], f"its row states no {_WORDS[name]}")
                if not row.get("uid"):
                    yield Finding(row["path"], "its row states no UID")
                if row["delivery"] not in policies or policies[row["delivery"]] is None:
                    yield Finding(row["path"], "its delivery states no policy")

        findings = Few(bad())
        return judged(
            findings,
            f"each of {count:,} samples has its scrub record under policy {digest[:12]}",
            "{total} things are not on record",
            {"samples": count, "deliveries": len(policies), "policy": digest},
        )


_MOVED = {
    Since.POLICY: "was scrubbed by another policy than that of the data",
    Since.RULES: "was scrubbed by rules of another version of the program; the policy is the same",
}
_WORDS = {
    "source": "digest of its source",
    "content_key": "digest of its source's content",
    "sha256": "digest of its file",
    "content": "digest of its content",
}


def _policy_of(subject: Subject, number: int) -> Mapping[str, Any] | None:
    about = subject.delivery(number)
    said = about.get("policy", {}) if about is not None else {}
    digest = said.get("digest")
    return said if isinstance(digest, str) and _DIGEST.fullmatch(digest) else None


check = ScrubRecords()
