"""What became of a signed label: one byte of marks, and their words. Decides nothing; the rules do."""

from __future__ import annotations

SUPERSEDED = 1
WITHDRAWN = 2
#: Accepted by a reviewer.
REVIEWED = 4
REJECTED = 8
#: An adjudication chose it.
ADJUDICATED = 16
#: An adjudication chose another one.
RESOLVED = 32
APPROVED = 64

#: With one of these a label no longer stands.
ENDED = SUPERSEDED | WITHDRAWN | RESOLVED
SIGNED = "signed"
_WORDS = (
    (WITHDRAWN, "withdrawn"),
    (SUPERSEDED, "superseded"),
    (RESOLVED, "resolved"),
    (REJECTED, "rejected"),
    (APPROVED, "approved"),
    (ADJUDICATED | REVIEWED, "adjudicated"),
    (REVIEWED, "reviewed"),
    (ADJUDICATED, "adjudicated, not reviewed"),
)
#: Every state that a label can be in, in the order of its life.
WORDS = (
    SIGNED,
    "reviewed",
    "rejected",
    "adjudicated, not reviewed",
    "adjudicated",
    "resolved",
    "approved",
    "superseded",
    "withdrawn",
)


def word(marks: int) -> str:
    """Return the state of a label in a word: the mark that counts most."""
    return next((text for wanted, text in _WORDS if marks & wanted == wanted), SIGNED)
