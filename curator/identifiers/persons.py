"""Who is a person: the key that joins the files of one person, and the pseudonyms drawn for them.

A person is known by (site or issuer, ID). Blank and placeholder IDs say nothing about who it is: such files are keyed
by their study, or by themselves when they name no study, so that two strangers never share a pseudonym.
"""

from __future__ import annotations

import base64
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from curator.core.hashing import keyed

#: Days by which the dates of one person may move, either way, never zero: about five years.
MOST_SHIFT_DAYS = 1826


@dataclass(frozen=True)
class PersonId:
    """What identifies a person in the source. An identifier: for the vault only.

    Parameters
    ----------
    kind
        ``id`` (issuer and ID), ``study`` (a Study Instance UID) or ``source`` (a keyed digest of one source file).
    issuer
        Issuer of the patient ID, or the site when none is named; empty for other kinds.
    value
        The ID, the UID, or the digest.
    """

    kind: str
    issuer: str = field(repr=False)
    value: str = field(repr=False)

    def key(self, secret: bytes) -> str:
        """Return the hex key (32 characters) under which the person stands in the vault's tables."""
        return _key(secret, self.kind, self.issuer, self.value)


@lru_cache(maxsize=4096)  # the files of a person are asked for one after the other
def _key(secret: bytes, *parts: str) -> str:
    return keyed(secret, "person", *(part.encode("utf-8") for part in parts)).hex()[:32]


def normal_id(text: str) -> str:
    """Normalize an ID for comparison: padding and trailing NULs off, Unicode compatibility form, case kept."""
    return " ".join(unicodedata.normalize("NFKC", text.replace("\x00", " ")).split())


def person_of(*, issuer: str, patient_id: str, placeholder: bool, site: str, study_uid: str, source: str) -> PersonId:
    """Say who a file is about.

    Parameters
    ----------
    issuer, patient_id
        As they stand in the file; empty when missing.
    placeholder
        True when the ID is blank or a known placeholder.
    site
        Stands for the issuer when the file names none.
    study_uid
        Original Study Instance UID, or empty.
    source
        Keyed digest of the source file.

    Returns
    -------
    PersonId
    """
    if not placeholder and normal_id(patient_id):
        return PersonId("id", normal_id(issuer) or site, normal_id(patient_id))
    if study_uid:
        return PersonId("study", "", study_uid)
    return PersonId("source", "", source)


def pseudonym(person_key: bytes) -> str:
    """Return a person's pseudonym: ``P`` and 16 characters of base 32 (80 bits), from the person's random key."""
    text = base64.b32encode(keyed(person_key, "pseudonym")).decode("ascii")
    return f"P{text[:16]}"


def shift_days(person_key: bytes) -> int:
    """Return the whole-day shift of a person's dates, between -1826 and 1826, never 0."""
    number = int.from_bytes(keyed(person_key, "date-shift"), "big") % (2 * MOST_SHIFT_DAYS)
    return number - MOST_SHIFT_DAYS if number < MOST_SHIFT_DAYS else number - MOST_SHIFT_DAYS + 1
