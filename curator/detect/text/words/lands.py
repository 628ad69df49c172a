# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""Countries and states where they are meant, which are names of people and towns as well: a trip to Kenya, in Georgia."""

from __future__ import annotations

import re
from functools import cache

from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, tables


@cache
def lands() -> frozenset[str]:
    """Return countries and states, folded, that are names of people or towns as well; several words parted by a blank."""
    states = frozenset(name.lower() for name in re.split(r"[|\n]", tables()["states"]) if name)
    countries = frozenset(name.replace("_", " ") for name in tables()["countries"].split())
    return (states | countries | _MORE) - {"washington", "new york", "mexico", "america"}


#: Countries of several words and those that are parts of others.
_MORE = frozenset(["hong kong", "el salvador", "costa rica", "puerto rico", "sri lanka", "new zealand", "south africa", "cape verde", "burkina faso", "sierra leone", "ivory coast", "saudi arabia", "south korea", "north korea", "south sudan", "papua new guinea", "trinidad and tobago", "dominican republic", "new guinea", "kenya", "chad", "jordan", "israel", "india", "china", "malta", "mali", "oman", "qatar", "togo", "benin", "guinea", "guyana", "haiti", "jamaica", "laos", "nepal", "niger", "nigeria", "peru", "ghana", "gambia", "gabon", "ireland", "scotland", "england", "wales", "britain"])  # fmt: skip
_WAYS = re.compile(
    r"\b(?:in|(?:trips?|travel(?:s|ed|led|ing|ling)?|tour|flight|flights|mission|vacation(?:ed|ing)?|moved|moving|went|going|gone|flew|flown|emigrated|immigrated|migrated|relocated|relocating|deployed|driving|drove)(?: back| over| home| down| up)? (?:to|in|through|from|across)"
    r"|(?:originally|immigrants?|emigrated|immigrated|migrated|refugees?|native|comes|came|moved|visitors?|returned|return|returning|adopted|arrived|born|adoptee|imported|relocated|tourist)(?: here| back| recently| just)? (?:from|in)"
    r"|(?:woods|parts|state|republic|people|native|citizen|mountains|coast|border) of|throughout|across|rural|northern|southern|eastern|western|central|coastal)[ ](?:[A-Z][a-z]+(?: [A-Z][a-z]+)?(?:, and | and | or |, )){0,3}$"
)


def land(found: Spots, first: int, last: int) -> bool:
    """Say whether a country or a state is meant: a trip to Kenya, an immigrant from El Salvador, Brooklyn, New York."""
    words, spans, text = found.words, found.spans, found.text
    start = spans[first][0]
    name = words[first].folded if last == first else " ".join(word.folded for word in words[first : last + 1])
    if name in {"new york", "york"}:
        if last == first:
            first -= 1
            if first < 0 or words[first].low != "new" or not words[first].flags & CAPITAL:
                return False
            start = spans[first][0]
        before = words[first - 1] if first else None
        return before is not None and text[spans[first - 1][1] : start] == ", " and before.flags & CAPITAL != 0
    if last == first and first and words[first - 1].flags & CAPITAL and text[start - 1] == " ":
        whole = f"{words[first - 1].folded} {name}"
        if whole in _MORE:
            name, first, start = whole, first - 1, spans[first - 1][0]
    if name not in lands():
        return False
    end = spans[last][1]
    if text[end : end + 1] in {"'", "’"} or words[last].upper:
        return False
    after = last + 1
    if after < len(words) and text[end : spans[after][0]] in {" ", "-"} and words[after].flags & CAPITAL:
        return False
    if last > first and name in _MORE:
        return True
    return _WAYS.search(text, max(0, start - 72), start) is not None
