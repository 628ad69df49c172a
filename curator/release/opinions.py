"""Which labels are a reader's own opinion, for counting how far readers agree before anybody settled it.

An adjudication takes labels out of force; what their readers said stays said. Its result is nobody's second opinion.
"""

from __future__ import annotations

from curator.provenance import roles, status

_SETTLING = frozenset({"adjudication", "adjudicated", "consensus"})
_NOBODYS = frozenset({"model", "interpolated"})
_TAKEN_BACK = status.WITHDRAWN | status.SUPERSEDED | status.REJECTED


def is_opinion(marks: int, origin: str | None) -> bool:
    """Say whether a label is still what a person said: not taken back, not rejected, not made by a model."""
    return not marks & _TAKEN_BACK and origin not in _NOBODYS


def settles(stage: str, role: str, meaning: str) -> bool:
    """Say whether a label settles others, by its stage, or as the own label of an adjudicator."""
    return stage in _SETTLING or (role == "adjudicator" and meaning != roles.ATTESTATION)
