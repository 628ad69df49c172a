"""Scrub policies: what is decided for every attribute, and the legal claim that follows from it."""

from curator.scrub.policy.load import PolicyProvider, load_policy
from curator.scrub.policy.model import Ages, Claim, Dates, Policy

__all__ = ["Ages", "Claim", "Dates", "Policy", "PolicyProvider", "load_policy"]
