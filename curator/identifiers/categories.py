"""The 18 categories of 45 CFR 164.514(b)(2)(i), by the letter of the rule."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """One of the 18 identifiers of HIPAA's Safe Harbor."""

    NAME = "A"
    GEOGRAPHY = "B"
    DATE = "C"
    PHONE = "D"
    FAX = "E"
    EMAIL = "F"
    SSN = "G"
    RECORD_NUMBER = "H"
    HEALTH_PLAN = "I"
    ACCOUNT = "J"
    LICENSE = "K"
    VEHICLE = "L"
    DEVICE = "M"
    URL = "N"
    IP = "O"
    BIOMETRIC = "P"
    PHOTOGRAPH = "Q"
    OTHER = "R"


#: A word that looks like a name of somebody near a person, by where it stood: searched for that person, as a word.
LIKELY_NAME = "likely_name"

#: What a header's attribute says of somebody, and which of the 18 it is. Dates of birth and service are both C.
LETTERS = {
    "name": Category.NAME,
    LIKELY_NAME: Category.NAME,
    "address": Category.GEOGRAPHY,
    "institution": Category.GEOGRAPHY,
    "institution_address": Category.GEOGRAPHY,
    "birth_date": Category.DATE,
    "date": Category.DATE,
    "phone": Category.PHONE,
    "fax": Category.FAX,
    "email": Category.EMAIL,
    "ssn": Category.SSN,
    "health_plan": Category.HEALTH_PLAN,
    "account": Category.ACCOUNT,
    "license": Category.LICENSE,
    "vehicle": Category.VEHICLE,
    "url": Category.URL,
    "ip": Category.IP,
    "biometric": Category.BIOMETRIC,
    "photograph": Category.PHOTOGRAPH,
    "age": Category.DATE,
    "id": Category.RECORD_NUMBER,
    "record_number": Category.RECORD_NUMBER,
    "geography": Category.GEOGRAPHY,
    "device": Category.DEVICE,
    "accession": Category.OTHER,
    "uid": Category.OTHER,
}


def letter_of(word: str) -> Category:
    """Return the letter for a harvest's word; what has no letter of its own is (R), any other unique code."""
    return LETTERS.get(word, Category.OTHER)
