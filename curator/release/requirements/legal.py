"""What the legal claim of a version needs from a person, beside the items of FDA guidance: one signed statement.

Which one follows from the claim that is computed from the decisions in force, never from a policy's name. A statement
holds for the policy under which it was signed: once a record puts another policy in force, it has to be signed again.
"""

from __future__ import annotations

from curator.provenance.facts import Answer, Facts
from curator.release.requirements.table import Class, Requirement, Stage, Standing

_HIPAA, _STANDS = "HIPAA", ("de-identification",)
#: The document that a claim needs, as a policy names it, to the statement that stands for it.
STATEMENTS: dict[str | None, Requirement] = {
    None: Requirement(
        "LC-01",
        Class.HUMAN,
        _HIPAA,
        "45 CFR 164.514(b)(2)(ii)",
        "That the organization has no actual knowledge that what is left could identify a person",
        (),
        _STANDS,
    ),
    "determination": Requirement(
        "LC-02",
        Class.HUMAN,
        _HIPAA,
        "45 CFR 164.514(b)(1)",
        "The expert determination: by whom, when, by which methods and with which result, for this policy",
        (),
        _STANDS,
    ),
    "agreement": Requirement(
        "LC-03",
        Class.HUMAN,
        _HIPAA,
        "45 CFR 164.514(e)(4)",
        "The data use agreement: between whom, since when, for which use, for this policy",
        (),
        _STANDS,
    ),
}


def legal(needs: str | None, facts: Facts) -> Standing:
    """Return how the statement stands that a claim needs.

    Parameters
    ----------
    needs
        The document that the claim needs, as the policy names it.
    facts
        Of the sum of a ledger's records.
    """
    item = STATEMENTS[needs]
    said = facts.answers.get(item.id)
    if said is not None and holds(said, facts):
        return Standing(item, Stage.GIVEN, (), (), said)
    return Standing(item, Stage.WAITING, (), (), None)


def holds(said: Answer, facts: Facts) -> bool:
    """Say whether a statement was signed under the policy that is in force."""
    return said.place > facts.policy_place
