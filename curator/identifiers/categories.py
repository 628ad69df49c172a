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
