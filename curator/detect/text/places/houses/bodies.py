# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""What looks like a house and is none: a board or a society, a test or a course that bears a house's name, any restaurant of a kind.

A body that examines doctors or writes guidelines is no one's identifier: everybody of the trade belongs to it.
"""

from __future__ import annotations

import re

#: Boards, colleges, societies and agencies of a country or of the world.
_BODY = re.compile(
    r"(?:[Tt]he )?(?:(?:North |Latin |South |Pan )?(?:American|British|Canadian|Australian|European|International|National|World|Royal|Joint|United States|US|Federal|Australasian|Irish|Scottish|Asian|African|Indian|Japanese|Korean|Chinese) (?:[A-Z][\w'’-]+ (?:and |of |for |& )?){0,4}?)"
    r"(?:(?:Board|College|Academy|Institutes?|Registry|Council|Center|Centre)s? (?:of|for|on) |Associations?\b|Society\b|Societies\b|Federation\b|Commission\b|Committee\b|Congress\b|Confederation\b|Task Force\b|Collaborative\b|Consensus\b|Guidelines?\b|Foundation\b(?! (?:Hospital|Trust)))"
)
#: What bears the name of the house where it was made.
BORNE = re.compile(
    r"[ ](?:test|tests|course|score|scores|criteria|criterion|classification|scale|scales|sign|grade|grading|stage|staging|index|questionnaire|inventory|protocol|formula|rule|rules|nomogram|algorithm|consensus|guidelines?|handicap|sleepiness|system|wound|Course|Test|Score|Criteria|Classification|Scale|Index|Questionnaire|Protocol|Rule|Wound)\b|[ ](?:[0-3][A-D]|[A-D][0-3])\b"
)
#: A kind of food before a place to eat: any Thai restaurant.
_KIND = re.compile(
    r"(?:[Aa] |[Tt]he )?(?:Thai|Chinese|Mexican|Italian|Indian|Japanese|Korean|Vietnamese|Greek|French|Lebanese|Turkish|Ethiopian|Mediterranean|Asian|American|Cuban|Brazilian|Spanish|German|Persian|Moroccan|Peruvian|Filipino|Cajun|Creole|Caribbean|Hibachi|Sushi|Halal|Kosher|Latin|Hispanic|Polish|Russian|Nepali|Himalayan) (?:restaurant|buffet|bakery|deli|grocery|market|cafe|church|school|club|store)s?"
)


def no_house(text: str, start: int, end: int) -> bool:
    """Say whether what looks like a house by its words is none by what it is or by what stands behind.

    Parameters
    ----------
    text
        The text.
    start, end
        Where the words stand.

    Returns
    -------
    bool
        False as well where nothing tells.
    """
    if text[end : end + 1] == " " and BORNE.match(text, end):
        return True
    return _BODY.match(text, start, end) is not None or _KIND.fullmatch(text, start, end) is not None
