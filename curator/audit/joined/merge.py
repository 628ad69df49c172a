"""One answer out of each site's: the worst outcome counts, each finding names its site, no number is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from curator.audit.model import SHOWN, Answer, Finding, Outcome
from curator.audit.runner import Attested
from curator.release.sites.names import joint
from curator.release.sites.opened import OpenedSite
from curator.release.sites.words import TOLD

#: From what counts before all else to what counts last.
_ORDER = (Outcome.FAIL, Outcome.COULD_NOT_CHECK, Outcome.PASS, Outcome.NOT_APPLICABLE)


def merged(answers: Mapping[str, Answer]) -> Answer:
    """Return one answer out of each site's.

    Parameters
    ----------
    answers
        Site to its answer, whose findings' places are shown already.

    Returns
    -------
    Answer
        FAIL where one site fails, else COULD_NOT_CHECK where one could not be checked; NOT_APPLICABLE where all are.
    """
    outcome = min((Outcome(one.outcome) for one in answers.values()), key=_ORDER.index)
    findings = tuple(
        Finding(f"{site}: {each.where}", each.what, each.count)
        for site, one in answers.items()
        for each in one.findings
    )
    tables: dict[str, list[dict[str, Any]]] = {}
    for site, one in answers.items():
        for name, rows in one.tables.items():
            tables.setdefault(name, []).extend({"joined site": site, **row} for row in rows)
    return Answer(
        outcome,
        "; ".join(f"{site}: {one.summary}" for site, one in answers.items()),
        {site: dict(one.figures) for site, one in answers.items() if one.figures},
        findings[:SHOWN],
        sum(max(one.total, len(one.findings)) for one in answers.values()),
        tables,
    )


def sealed_over_all(answer: Answer) -> Answer:
    """Return a site's answer about seals where the sponsor sealed the split over all sites, before any access to it.

    A site that made splits, sealed none and gave nobody access has nothing to answer for; all else stays.
    """
    open_ = [one.what for one in answer.findings]
    only = len(open_) == answer.total and all(what.endswith(" is not sealed") for what in open_)
    if answer.outcome != Outcome.FAIL or not open_ or not only or answer.figures.get("accesses") != 0:
        return answer
    return Answer(Outcome.NOT_APPLICABLE, "sealed by the sponsor over all sites", dict(answer.figures))


def attested_by(sites: Mapping[str, OpenedSite]) -> dict[str, Attested]:
    """Return what the sites' people attest, by check; only what each site attests counts for all.

    The time is the oldest word's, since all of them held only from then on.
    """
    checks = {word.check for one in sites.values() for word in one.words} - TOLD
    made = {}
    for check in sorted(checks):
        words = {site: word for site, one in sites.items() for word in one.words if word.check == check}
        if words.keys() != sites.keys():
            continue
        made[check] = Attested(
            Outcome.PASS if any(word.outcome == Outcome.PASS for word in words.values()) else Outcome.NOT_APPLICABLE,
            "; ".join(
                f"{site} {sites[site].report.version} by {one.printed_name} ({one.signer}) at {one.at}: {one.summary}"
                for site, one in words.items()
            ),
            {},
            ", ".join(joint(site, word.signer) for site, word in words.items()),
            ", ".join(word.printed_name for word in words.values()),
            min(word.at for word in words.values()),
            tuple(
                {"joined site": site, "version": sites[site].report.version, **word.document()}
                for site, word in words.items()
            ),
        )
    return made
