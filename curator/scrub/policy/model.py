"""What a policy is, and what may be claimed of its output.

The legal claim and the method codes are computed here from what the policy really decides. They must never be read
from a policy's name or title.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Dates(StrEnum):
    """How dates and times are written."""

    REMOVE = "remove"
    YEAR = "year"
    SHIFT = "shift"
    KEEP = "keep"


class Ages(StrEnum):
    """How ages over 89 are written."""

    CAP = "cap"
    KEEP = "keep"


class Texts(StrEnum):
    """What takes the place of an identifier in a text."""

    TAG = "tag"
    SURROGATE = "surrogate"
    REMOVE = "remove"


class Claim(StrEnum):
    """The rule of 45 CFR 164.514 that the output can be brought under."""

    SAFE_HARBOR = "safe-harbor"
    EXPERT_DETERMINATION = "expert-determination"
    LIMITED_DATA_SET = "limited-data-set"


@dataclass(frozen=True)
class Policy:
    """A resolved policy.

    Parameters
    ----------
    name, title
        As the policy's file says; for people, without any effect.
    dates, ages
        How dates, times and ages are written.
    patient_characteristics
        Whether the Retain Patient Characteristics Option is applied.
    attributes
        (tag, action) pairs that override the tables; action is ``remove``, ``empty``, ``dummy`` or ``keep``. Sorted.
    digest
        SHA-256 in hex over the canonical bytes of all the others and of the rule tables' digests.
    texts
        What takes the place of an identifier in a text.
    facilities
        Whether names of hospitals, schools and employers are taken out of texts.
    columns
        (name, role) of table columns and of members of JSON records, confirmed by the policy; names folded. Sorted.
    """

    name: str
    title: str
    dates: Dates
    ages: Ages
    patient_characteristics: bool
    attributes: tuple[tuple[int, str], ...]
    digest: str
    texts: Texts = Texts.TAG
    facilities: bool = True
    columns: tuple[tuple[str, str], ...] = ()

    def decisions(self) -> dict[str, Any]:
        """Return every decision as plain values: with the digests of the rule tables, what the digest is taken over."""
        return {
            "ages": self.ages.value,
            "attributes": [[f"{tag:08X}", action] for tag, action in self.attributes],
            "columns": [list(pair) for pair in self.columns],
            "dates": self.dates.value,
            "facilities": self.facilities,
            "name": self.name,
            "patient_characteristics": self.patient_characteristics,
            "texts": self.texts.value,
            "title": self.title,
        }

    @property
    def short_digest(self) -> str:
        """The first 12 hex digits of the digest."""
        return self.digest[:12]

    @property
    def loosened(self) -> tuple[int, ...]:
        """Tags that the policy keeps although no table says so."""
        return tuple(tag for tag, action in self.attributes if action == "keep")

    @property
    def loosened_columns(self) -> int:
        """How many columns the policy lets through although the table of columns says that they hold identifiers.

        Dates do not count under a policy that keeps dates anyway.
        """
        from curator.scrub.tabular.roles import is_identifier, is_of_dates

        passed = [name for name, role in self.columns if role in {"keep", "text"} and is_identifier(name)]
        return sum(1 for name in passed if not (self.dates is Dates.KEEP and is_of_dates(name)))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the output is not Safe Harbor: one sentence for each decision that goes beyond it; empty when it is."""
        found = []
        if self.dates is Dates.SHIFT:
            found.append("dates are shifted, not reduced to the year")
        if self.dates is Dates.KEEP:
            found.append("dates are kept")
        if self.ages is Ages.KEEP:
            found.append("ages over 89 are kept")
        found.extend(f"attribute ({tag >> 16:04X},{tag & 0xFFFF:04X}) is kept" for tag in self.loosened)
        if not self.facilities:
            found.append("names of facilities and employers in texts are kept")
        if self.loosened_columns:
            found.append(f"{self.loosened_columns} columns that hold identifiers are kept")
        return tuple(found)

    @property
    def claim(self) -> Claim:
        """The legal claim that the decisions allow at most (45 CFR 164.514(b)(2), (e), (b)(1))."""
        if not self.reasons:
            return Claim.SAFE_HARBOR
        if self.dates is Dates.KEEP and not self.loosened and not self.loosened_columns:
            return Claim.LIMITED_DATA_SET
        return Claim.EXPERT_DETERMINATION

    @property
    def needs_document(self) -> str | None:
        """The signed document that the claim needs: ``determination``, ``agreement`` or None."""
        return {
            Claim.SAFE_HARBOR: None,
            Claim.LIMITED_DATA_SET: "agreement",
            Claim.EXPERT_DETERMINATION: "determination",
        }[self.claim]

    @property
    def codes(self) -> tuple[str, ...]:
        """CID 7050 codes of the profile and options that are really applied.

        A policy that keeps an attribute against the table does not follow the Basic Profile, so it claims no code.
        """
        if self.loosened:
            return ()
        found = ["113100"]
        if self.dates is Dates.KEEP:
            found.append("113106")
        elif self.dates is not Dates.REMOVE:
            found.append("113107")
        if self.patient_characteristics:
            found.append("113108")
        return tuple(found)

    @property
    def temporal(self) -> str:
        """The value of (0028,0303) Longitudinal Temporal Information Modified."""
        return {Dates.REMOVE: "REMOVED", Dates.KEEP: "UNMODIFIED"}.get(self.dates, "MODIFIED")
