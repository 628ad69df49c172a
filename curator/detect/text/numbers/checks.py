"""Check digits of numbers that have one, so that such a number needs no label."""

from __future__ import annotations

_VIN_VALUES = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ0123456789",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9, *range(10)),
        strict=True,
    )
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin_holds(text: str) -> bool:
    """Say whether the check digit of a VIN is right (49 CFR 565.15)."""
    upper = text.upper()
    rest = sum(_VIN_VALUES.get(mark, 0) * weight for mark, weight in zip(upper, _VIN_WEIGHTS, strict=True)) % 11
    return upper[8] == ("X" if rest == 10 else str(rest))


def luhn_holds(digits: str) -> bool:
    """Say whether the last digit is the right one (ISO/IEC 7812-1, annex B)."""
    total = 0
    for at, mark in enumerate(reversed(digits)):
        value = int(mark) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def npi_holds(digits: str) -> bool:
    """Say whether ten digits are a National Provider Identifier (45 CFR 162.406): Luhn over 80840 and the number."""
    return luhn_holds("80840" + digits)


def dea_holds(text: str) -> bool:
    """Say whether the check digit of a DEA registration number is right (21 CFR 1301, as pharmacies compute it)."""
    digits = [int(mark) for mark in text[2:]]
    return (digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])) % 10 == digits[6]


def iban_holds(text: str) -> bool:
    """Say whether an IBAN's check digits are right (ISO 13616-1: ISO 7064 MOD 97-10 over the turned number)."""
    plain = "".join(text.split()).replace("-", "").upper()
    if not 15 <= len(plain) <= 34:
        return False
    turned = "".join(str(int(mark, 36)) for mark in plain[4:] + plain[:4])
    return int(turned) % 97 == 1
