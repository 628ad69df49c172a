"""What a policy is, and what may be claimed of its output.

The legal claim and the method codes are computed here from what the policy really decides. They must never be read
from a policy's name or title.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from curator.scrub.policy.layer import KEEP, SHIFT, SHIFT_KEPT, Recipe
from curator.scrub.policy.private_rows import PrivateRow, PrivateTable


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


#: What is said of a claim in a marker (at most 64 characters) and in reports.
VERDICTS = {
    Claim.SAFE_HARBOR: "Safe Harbor",
    Claim.EXPERT_DETERMINATION: "not Safe Harbor: expert determination needed",
    Claim.LIMITED_DATA_SET: "not Safe Harbor: limited data set, agreement needed",
}


#: Options of PS3.15 Annex E besides dates and patient characteristics, with their codes in CID 7050.
OPTIONS = {
    "clean_graphics": "113103",
    "clean_structured_content": "113104",
    "clean_descriptors": "113105",
    "retain_device_identity": "113109",
    "retain_uids": "113110",
    "retain_safe_private": "113111",
    "retain_institution_identity": "113112",
}
#: Those that keep what Safe Harbor lists: 45 CFR 164.514(b)(2)(i)(M), (R) and (B).
_BEYOND = {
    "retain_device_identity": "identifiers and serial numbers of devices are kept",
    "retain_uids": "original UIDs are kept",
    "retain_institution_identity": "names and addresses of institutions are kept",
}
#: Attributes kept against the tables that a reason names one by one.
_NAMED = 20


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
    options
        The further options of PS3.15 Annex E that are applied, by the names of :data:`OPTIONS`. Sorted.
    private
        Rows of the user's own table of private attributes, which add to the program's and go before them.
    recipe
        The decisions of a recipe that is laid over all of this; None without one.
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
    options: tuple[str, ...] = ()
    private: tuple[PrivateRow, ...] = ()
    recipe: Recipe | None = None

    def __hash__(self) -> int:
        """Hash the digest, which all the other fields go into: caches ask for it with each value."""
        return hash(self.digest)

    def applies(self, option: str) -> bool:
        """Say whether an option of :data:`OPTIONS` is applied."""
        return option in self.options

    def decisions(self) -> dict[str, Any]:
        """Return every decision as plain values: with the digests of the rule tables, what the digest is taken over."""
        return {
            "ages": self.ages.value,
            "attributes": [[f"{tag:08X}", action] for tag, action in self.attributes],
            "columns": [list(pair) for pair in self.columns],
            "dates": self.dates.value,
            "facilities": self.facilities,
            "name": self.name,
            "options": list(self.options),
            **({"private": PrivateTable(self.private).decisions()} if self.private else {}),
            "patient_characteristics": self.patient_characteristics,
            "recipe": self.recipe.decisions() if self.recipe is not None else None,
            "texts": self.texts.value,
            "title": self.title,
        }

    @property
    def short_digest(self) -> str:
        """The first 12 hex digits of the digest."""
        return self.digest[:12]

    @cached_property
    def overrides(self) -> dict[int, tuple[str, str]]:
        """What is done otherwise than the tables say: tag to (action, who says so: ``policy`` or ``recipe``)."""
        found = {tag: (action, "policy") for tag, action in self.attributes}
        if self.recipe is not None:
            found.update((tag, (action, "recipe")) for tag, action in self.recipe.attributes)
        return found

    @cached_property
    def texts_of(self) -> dict[int, str]:
        """The text that each ``fixed`` attribute of the recipe becomes, by tag."""
        return dict(self.recipe.texts) if self.recipe is not None else {}

    @cached_property
    def added(self) -> dict[int, str]:
        """The text that an attribute at the top of each object gets from the recipe, by tag."""
        return dict(self.recipe.added) if self.recipe is not None else {}

    @cached_property
    def loosened(self) -> tuple[int, ...]:
        """Tags that the policy or its recipe keeps although no table says so."""
        return tuple(sorted(tag for tag, (action, _) in self.overrides.items() if action in {KEEP, SHIFT_KEPT}))

    @cached_property
    def shifted(self) -> int:
        """How many attributes the recipe moves by the person's days, where the policy's dates are written otherwise."""
        return sum(1 for action, _ in self.overrides.values() if action in {SHIFT, SHIFT_KEPT})

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
        found.extend(said for option, said in _BEYOND.items() if self.applies(option))
        if self.shifted and self.dates not in {Dates.SHIFT, Dates.KEEP}:
            found.append(f"dates of {self.shifted:,} attributes are shifted, not reduced to the year")
        named = self.loosened[:_NAMED]
        found.extend(f"attribute ({tag >> 16:04X},{tag & 0xFFFF:04X}) is kept" for tag in named)
        if len(self.loosened) > _NAMED:
            found.append(f"{len(self.loosened) - _NAMED:,} further attributes are kept")
        if any(row.keep for row in self.private):
            found.append("private attributes of a table of the user's own are kept")
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
        beyond = (
            any(row.keep for row in self.private)
            or self.loosened
            or self.loosened_columns
            or any(map(self.applies, _BEYOND))
        )
        if self.dates is Dates.KEEP and not beyond:
            return Claim.LIMITED_DATA_SET
        return Claim.EXPERT_DETERMINATION

    @property
    def verdict(self) -> str:
        """What markers and reports say of the claim: at most 64 characters of ASCII."""
        return VERDICTS[self.claim]

    @property
    def needs_document(self) -> str | None:
        """The signed document that the claim needs: ``determination``, ``agreement`` or None."""
        return {
            Claim.SAFE_HARBOR: None,
            Claim.LIMITED_DATA_SET: "agreement",
            Claim.EXPERT_DETERMINATION: "determination",
        }[self.claim]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """CID 7050 codes of the profile and options that are really applied.

        A policy that keeps an attribute against the table does not follow the Basic Profile, so it claims no code.
        """
        if self.loosened:
            return ()
        found = ["113100"]
        if self.dates is Dates.KEEP and not self.shifted:
            found.append("113106")
        elif self.dates is not Dates.REMOVE:
            found.append("113107")
        if self.patient_characteristics:
            found.append("113108")
        found.extend(OPTIONS[option] for option in self.options)
        return tuple(sorted(found))

    @property
    def temporal(self) -> str:
        """The value of (0028,0303) Longitudinal Temporal Information Modified."""
        if self.shifted:
            return "MODIFIED"
        return {Dates.REMOVE: "REMOVED", Dates.KEEP: "UNMODIFIED"}.get(self.dates, "MODIFIED")
