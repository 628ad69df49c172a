"""Groups of figures that are the number of a card, and those that are measures side by side."""

from __future__ import annotations

import re

from curator.detect.text.numbers.checks import luhn_holds

#: How long the groups of a card's number are.
_CARD_GROUPS = frozenset(["4444", "4443", "465", "464", "44443", "4441", "4442"])
_CARD_WORD = re.compile(
    r"\b(?:card|visa|master ?card|amex|american express|discover|credit|debit|account|acct|a/c|payment|paid|billing|cc"
    r"|number|no)\b[^\n]{0,24}$",
    re.IGNORECASE,
)
_FIGURES_BEFORE = re.compile(r"\d[ \t,;]{1,3}$")
_FIGURES_BEHIND = re.compile(r"[ \t,;]{1,3}\d+(?![\d/-])")


def is_card(text: str, start: int, written: str) -> bool | None:
    """Say whether groups of figures are a card's for sure; None where they are measures side by side.

    b-values, doses and times in milliseconds are round and stand in rows; a card's number has its groups and its check
    digit. Without the latter it counts as one where something says so: a word, hyphens, or that it stands alone.
    """
    groups = re.split("[ -]", written)
    lengths = "".join(map(str, map(len, groups)))
    sure = luhn_holds("".join(groups))
    if "-" in written or _CARD_WORD.search(text, max(0, start - 40), start):
        return sure
    if sure and lengths in _CARD_GROUPS and written[0] in "23456":
        return True
    if all(group[-1] == "0" for group in groups):
        return None
    in_row = _FIGURES_BEFORE.search(text, max(0, start - 8), start) or _FIGURES_BEHIND.match(text, start + len(written))
    return sure if lengths in {"4444", "465"} and not in_row else None
