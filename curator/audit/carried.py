"""What a package itself says of the checks that need the vault: the signed audit report that it carries.

Whoever had the vault signed that report into the ledger, over the digest of the very files that the package holds. It
counts as their word, as an attestation given beside a package does, and under the same conditions: the same payload,
a signer of this ledger, and no record after it that brings contents.
"""

from __future__ import annotations

from curator.audit.model import Outcome
from curator.audit.package_subject import PackageSubject
from curator.audit.runner import Attested
from curator.core.errors import CuratorError
from curator.release.sites.words import SitePayload, own_words


def carried(subject: PackageSubject) -> dict[str, Attested]:
    """Return by check what the package's own signed report says; empty where it carries none that counts here.

    Parameters
    ----------
    subject
        A package that was verified.
    """
    facts = subject.state().facts
    if not facts.audits:
        return {}
    newest = facts.audits[-1]
    try:
        if newest.place <= facts.last_label or newest.payload != subject.payload():
            return {}
        said = {"report": newest.report, "payload": newest.payload, "record": newest.leaf}
        payload = SitePayload(subject.folder, subject.state(), said)
        report = payload.report()
        return {
            one.check: Attested(Outcome(one.outcome), one.summary, {}, one.signer, one.printed_name, one.at)
            for one in own_words(payload, report)
        }
    except (CuratorError, OSError):
        return {}  # nobody's word: the check then says what it needs


def stronger(one: Attested, other: Attested) -> Attested:
    """Return which of two words on one check counts: a FAIL, else the newer one."""
    if Outcome.FAIL in {one.outcome, other.outcome}:
        return one if one.outcome == Outcome.FAIL else other
    return one if one.at >= other.at else other
