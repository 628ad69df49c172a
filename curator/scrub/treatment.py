"""What becomes of single values, by policy: one place that every medium asks, so that all of them decide alike.

Pure functions of value, person and policy. They never raise for a value: what cannot be read as what it should be
becomes empty. Nothing here may print, log or raise a value.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from curator.core.hashing import keyed
from curator.detect.text.met import Met
from curator.identifiers.uids import UidCoder
from curator.scrub.medium import OLDEST, Person
from curator.scrub.policy.model import Ages, Dates, Policy
from curator.scrub.typed_dates import TypedDate, read_typed

if TYPE_CHECKING:
    from curator.detect.text.protocol import Detector
    from curator.detect.text.replace import Replaced
    from curator.identifiers.known import KnownMatcher

_AGE = re.compile(
    r"\s*[>≥]?\s*=?\s*(\d{1,4}(?:\.\d+)?)\s*\+?[\s-]*"
    r"(?P<unit>yrs?\.?|years?|y/?o?|mos?\.?|mn?ths?\.?|months?|wks?\.?|weeks?|d|days?)?[\s-]*"
    r"(?:(?:and|or|&)\s+(?:over|older|more|above))?[\s-]*(?:old|of age)?"
    r"(?:[\s,]*\d{1,2}\s*(?:mos?|months?|wks?|weeks?|d|days?)\.?)?\s*",
    re.IGNORECASE,
)
#: Units of age in a year, by the letter with which the unit begins; a day's year has leap days.
_IN_A_YEAR = {"m": 12.0, "w": 365.25 / 7, "d": 365.25}
_OPEN = re.compile(r"[>+]|\b(?:over|older|more|above)\b", re.IGNORECASE)
_MOST_YEARS = 1000
#: Blanks and hyphens side by side: a pattern that may part them in many ways would try them all.
_RUN = re.compile(r"[\s-]{2,}")
_LONGEST_AGE = 80


def evened(value: str) -> str:
    """Return what may be an age with one blank for each run of blanks and hyphens; empty for what is too long."""
    text = _RUN.sub(" ", value)
    return text if len(text) <= _LONGEST_AGE else ""


_ZIP = re.compile(r"\s*(\d{5})(?:[- ]?\d{4})?\s*")


def age_in_years(value: str) -> float | None:
    """Return the years of an age as it is written in a table, None for what is no age.

    ``93``, ``93 years``, ``90+``, ``1104 mo``, ``3 weeks``, ``2 y 3 mo``; over 89 counts as 90.
    """
    match = _AGE.fullmatch(evened(value))
    if match is None:
        return None
    years = float(match[1]) / _IN_A_YEAR.get((match["unit"] or "y")[0].lower(), 1.0)
    if years >= _MOST_YEARS:
        return None
    return max(years, OLDEST + 1.0) if years >= OLDEST and _OPEN.search(value) else years


@dataclass(frozen=True)
class Treatment:
    """A policy with the secrets and the detectors that carry it out.

    Parameters
    ----------
    policy
        The rules.
    key
        32 secret bytes: a subkey of the project for codes and for surrogates of whom nothing is known.
    uid_key
        32 secret bytes: the vault's subkey ``uid``, so that references to DICOM objects stay whole.
    project_date
        YYYYMMDD, the day at which ages are judged besides a person's own dates.
    added
        Names of installed detectors that are asked besides the program's own.
    uids
        Original UIDs to new ones that the user gave.
    everybody
        Names, numbers and streets of everybody in the project, searched in every text besides the person's own.
    met
        What rules found in the texts of a file in pass 1, for pass 2.
    noted
        Original UIDs that were mapped in a file, for the crosswalk.
    """

    policy: Policy
    key: bytes = field(repr=False)
    uid_key: bytes = field(repr=False)
    project_date: str
    added: tuple[str, ...] = ()
    everybody: KnownMatcher | None = field(default=None, repr=False)
    uids: Mapping[str, str] = field(default_factory=dict, repr=False)
    met: Met = field(default_factory=Met, repr=False, compare=False)
    noted: set[str] = field(default_factory=set, repr=False, compare=False)

    @cached_property
    def detectors(self) -> Sequence[Detector]:
        """The text detectors, loaded once a process."""
        from curator.detect.text import detectors

        return detectors(self.added, facilities=self.policy.facilities, met=self.met)

    @cached_property
    def rules(self) -> Sequence[Detector]:
        """The same by rules alone, for cells and for what is learned of a person: a sum of odds needs prose."""
        from curator.detect.text import detectors

        return detectors(self.added, facilities=self.policy.facilities, weighed=False, met=self.met)

    def prose(self, text: str, person: Person | None) -> Replaced:
        """Clean free text: known identifiers first, then what the detectors find; the result maps offsets.

        The text is read as it looks: marks that are not seen, look-alikes of other alphabets, character references and
        escapes hide nothing.

        Parameters
        ----------
        text
            The text.
        person
            Whom it is about; None when that is not known.

        Raises
        ------
        ItemError
            TXT-006 or TXT-008 when a detector fails: then the text counts as not searched and must not pass.
        """
        from curator.scrub.text.view import prose

        return prose(text, person, self)

    def bare_prose(self, text: str, person: Person | None) -> Replaced:
        """Clean a text that looks as it is written: :meth:`prose` without the search for what is hidden in it."""
        from curator.scrub.prose import cleaned

        return cleaned(text, person, self)

    def date(
        self, value: str, person: Person, *, birth: bool = False, whole: bool = False, day_first: bool = False
    ) -> str:
        """Treat a typed date or date and time (ISO 8601, HL7 v2 and CDA time stamps, or a table's usual forms).

        Parameters
        ----------
        value
            As it stands in the source.
        person
            Whose it is.
        birth
            True for a birth date: emptied when it would tell an age over 89.
        whole
            Under a policy that leaves the year: write the first moment of the year in the form of the source instead
            of the bare year, for a type that takes no bare year.
        day_first
            True to read 03/04/2021 as the third of April.

        Returns
        -------
        str
            Empty for what may not stay and for what is no date.
        """
        read = read_typed(value, day_first=day_first)
        if read is None:
            return ""
        if self.policy.ages is Ages.CAP and self._tells(read, person, birth=birth):
            return ""
        if self.policy.dates is Dates.REMOVE:
            return ""
        if self.policy.dates is Dates.KEEP:
            return value
        if self.policy.dates is Dates.YEAR:
            return read.first_of_year() if whole else read.year_text
        moved = read.shifted(person.shift_days)
        return moved if moved is not None else ""

    def _tells(self, read: TypedDate, person: Person, *, birth: bool) -> bool:
        """Say whether a date tells that somebody is over 89, at the project's day."""
        if birth and person.over_89:
            return True
        return int(self.project_date[:4]) - read.year > OLDEST

    def age(self, value: str) -> str:
        """Treat an age, in years if it names no other unit: over 89 becomes 90; what is no age becomes empty."""
        years = age_in_years(value)
        if years is None:
            return ""
        return "90" if self.policy.ages is Ages.CAP and years >= OLDEST + 1 else value

    def zip3(self, value: str) -> str:
        """Treat a US ZIP code: the first three digits, 000 where 20,000 people or fewer live; else empty."""
        from curator.detect.text.replace import zip_prefix

        match = _ZIP.fullmatch(value)
        return zip_prefix(match[1]) if match else ""

    def code(self, domain: str, value: str) -> str:
        """Return what stands for an ID that is no patient's (an encounter, an order, a resource): 16 characters A-Z2-7.

        The same domain and value give the same code everywhere in the project; an empty value stays empty.
        """
        wanted = value.strip()
        if not wanted:
            return ""
        digest = keyed(self.key, "code", domain.encode("utf-8"), wanted.encode("utf-8", "surrogatepass"))
        return base64.b32encode(digest).decode("ascii")[:16]

    def uid(self, value: str) -> str:
        """Return the new UID for a DICOM UID: the same one that the DICOM scrubber writes."""
        self.noted.add(value.strip(" \x00"))
        return UidCoder(self.uid_key, self.uids, self.policy.applies("retain_uids"))(value)

    def name(self, value: str, person: Person | None) -> str:
        """Treat a value that is a name of a person as a whole: tag, surrogate or nothing, by policy."""
        from curator.scrub.prose import named

        return named(value, person, self) if value.strip() else ""
