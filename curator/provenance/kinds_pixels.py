"""The record of a sample of released pixels that a person looked at: how many were drawn, and how many held text.

It clears nothing. It says with a number how far the table of pixel risk can be trusted where nobody looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from curator.core.errors import UsageError
from curator.provenance import records, roles
from curator.provenance.records import Draft
from curator.provenance.typed import Guard, checked, digest_of, named

if TYPE_CHECKING:
    from curator.provenance.state import Record, State

SUBJECT = "pixels/sample"


def pixels_sampled(
    drawn: Iterable[str], frame: int, frame_digest: str, ledger: tuple[int, str], text: int, unclear: int,
    reason: str, guard: Guard,
) -> Draft:  # fmt: skip
    """Draft the statement that a person looked at every frame of a random sample.

    Parameters
    ----------
    drawn
        SHA-256 of each clean file that was drawn.
    frame, frame_digest
        Number of files it was drawn from, and the SHA-256 of their sorted list.
    ledger
        Size and root (hex) of the ledger that the draw was seeded with.
    text, unclear
        Files with text that may identify somebody; files of which that could not be said.
    reason
        How they were looked at, in a sentence.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        LED-024, LED-070, LED-073.
    """
    listed = set(drawn)
    body = {
        "drawn": len(listed),
        "frame": {"count": frame, "sha256": frame_digest},
        "seed": {"size": ledger[0], "root": ledger[1]},
        "text": text,
        "unclear": unclear,
        "reason": checked(reason, guard),
        "meaning": "review",
    }
    return Draft(records.PIXEL_SAMPLE, (named(SUBJECT, digest_of(listed)),), body)


def sampled(state: State, record: Record) -> None:
    """Take a sample whose numbers can be (PIX-003)."""
    said = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "pixels-sampled")
    if said["drawn"] > said["frame"]["count"] or said["text"] + said["unclear"] > said["drawn"]:
        raise UsageError("PIX-003")


PIXEL_RULES = {records.PIXEL_SAMPLE: sampled}
