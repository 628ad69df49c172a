"""A policy as plain values for reports: its switches, the claim that follows, and where two policies differ.

Never reads a claim from a name: everything here comes from what :class:`~curator.scrub.policy.model.Policy` computes.
"""

from __future__ import annotations

from typing import Any

from curator.scrub.policy.model import OPTIONS, Claim, Policy

#: The paragraph that a claim rests on.
PARAGRAPHS = {
    Claim.SAFE_HARBOR: "Safe Harbor, 45 CFR 164.514(b)(2)",
    Claim.LIMITED_DATA_SET: "limited data set, 45 CFR 164.514(e); it stays protected health information",
    Claim.EXPERT_DETERMINATION: "Expert Determination, 45 CFR 164.514(b)(1)",
}
DOCUMENTS = {
    None: "no document",
    "determination": "a signed determination of an expert",
    "agreement": "a signed data use agreement",
}
DATES = {
    "remove": "removed, as the Basic Profile says",
    "year": "reduced to the year; times counted from the study's first",
    "shift": "moved by whole days, one number per person; times stay",
    "keep": "kept",
}
AGES = {"cap": "over 89 written as 090Y, and birth dates that tell them emptied", "keep": "kept"}


def switches(policy: Policy) -> dict[str, Any]:
    """Return every switch of a policy by its name in a policy file."""
    return {
        "dates": policy.dates.value,
        "ages": policy.ages.value,
        "patient_characteristics": policy.patient_characteristics,
        **{option: policy.applies(option) for option in OPTIONS},
        "texts": policy.texts.value,
        "facilities": policy.facilities,
    }


def recipe_counts(policy: Policy) -> dict[str, int] | None:
    """Return how much a policy's recipe decides, by kind, without its texts; None when it has no recipe."""
    recipe = policy.recipe
    if recipe is None:
        return None
    held = sum(1 for label in recipe.labels if not label.passes)
    return {
        "attributes": len(recipe.attributes),
        "added": len(recipe.added),
        "values_searched": len(recipe.searched),
        "filters_that_hold_back": held,
        "filters_that_pass": len(recipe.labels) - held,
    }


def claim_document(policy: Policy) -> dict[str, Any]:
    """Return the legal claim that a policy's effective decisions support at most, why, and what it needs."""
    from curator.formats.dicom.methods import METHODS

    return {
        "claim": policy.claim.value,
        "verdict": policy.verdict,
        "paragraph": PARAGRAPHS[policy.claim],
        "reasons": list(policy.reasons),
        "needs_document": policy.needs_document,
        "codes": [{"code": code, "meaning": METHODS[code]} for code in policy.codes],
        "temporal": policy.temporal,
    }


def policy_line(policy: Policy) -> dict[str, Any]:
    """Return what a report says of the policy that it was made under."""
    return {
        "name": policy.name,
        "digest": policy.digest,
        "claim": policy.claim.value,
        "reasons": list(policy.reasons),
        "needs_document": policy.needs_document,
    }


def claim_lines(policy: Policy) -> list[str]:
    """Return the claim as lines of text: the verdict, the reasons, the document, the method codes."""
    said = claim_document(policy)
    lines = [f"claim    at most {said['paragraph']}"]
    lines += [f"         not Safe Harbor: {reason}" for reason in said["reasons"]]
    lines.append(f"needs    {DOCUMENTS[policy.needs_document]}")
    if not said["codes"]:
        lines.append("codes    none: an attribute is kept against the tables, so the Basic Profile is not followed")
    for at, one in enumerate(said["codes"]):
        lines.append(f"{'codes' if not at else '':<8} {one['code']} {one['meaning']}")
    lines.append(f"digest   {policy.digest}")
    return lines
