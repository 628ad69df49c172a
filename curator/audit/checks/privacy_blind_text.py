"""``privacy/blind-text``: the detectors of all 18 categories find nothing in what is left to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from curator.audit.model import Answer, Looked, Outcome, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.objects import policy_of
from curator.audit.privacy.prose import prose_probe

#: Letters of the categories in words (45 CFR 164.514(b)(2)(i)).
WORDS = {
    "A": "a name",
    "B": "a place",
    "C": "a date",
    "D": "a telephone number",
    "E": "a fax number",
    "F": "an e-mail address",
    "G": "a social security number",
    "H": "a record number",
    "I": "a health plan number",
    "J": "an account number",
    "K": "a license number",
    "L": "a vehicle's number",
    "M": "a device's number",
    "N": "a URL",
    "O": "an IP address",
    "P": "a biometric identifier",
    "Q": "a photograph",
    "R": "another code",
}


class BlindText:
    """What the detectors find in texts, tables, JSON and headers."""

    id = "privacy/blind-text"
    title = "The detectors of all 18 categories find nothing in what can be read"
    severity = Severity.BLOCKER
    clause = "45 CFR 164.514(b)(2)(i)"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Ask. Where stand-ins take the place of identifiers, what is found may be one: then nothing can be said."""
        policy = policy_of(subject)
        answer = answered(
            subject,
            (prose_probe(subject),),
            _judge,
            passed="nothing found in {files} files with text",
            failed="{total} kinds of findings in texts",
        )
        if answer.outcome is Outcome.FAIL and policy is not None and str(policy.texts) == "surrogate":
            said = f"{answer.summary}; the policy writes stand-ins, which cannot be told from identifiers"
            return replace(answer, outcome=Outcome.COULD_NOT_CHECK, summary=said)
        return answer


def _judge(seen: Looked) -> Iterator[tuple[str, int]]:
    for name, count in (seen.found or {})["found"].items():
        category, _, kind = name.partition(":")
        if category != "C":  # dates and ages have checks of their own
            yield f"{WORDS[category]} ({kind})", count


check = BlindText()
