# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""Days of a month that are told by an ordinal in words, without the month: on the first, from the fifth to the twenty ninth.

Ordinals count, rank and number far more often than they tell a day: the first dose, on the second floor, the third toe. Low ones
are a day only where a sentence ends behind them, something happened on them, and nothing of the body is told before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.fields.months import with_weekday
from curator.detect.text.numbers.links import has_any
from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import Spots
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_LOW = "(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
_HIGH = rf"(?:(?:twenty|thirty)[- ]{_LOW}|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
_DAY = rf"(?:{_HIGH}|{_LOW})"
_ORDINALS = Words(
    re.findall("[a-z]+", _LOW)
    + ["tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth", "thirtieth"]
)  # fmt: skip
#: What is over behind a day; a noun that is counted never stands there.
_OVER = r"(?=[ ]?(?:[.,;?!)\n]|$)| (?:and (?:i|he|she|they|we|it|the|then|was|had|that|my|his|her|so|came|went|got)|when|because|but|not|then|maybe|probably|he|she|they|we|i|I|patient|it was|in the (?:morning|afternoon|evening)|at (?:about |around )?(?:\d|noon|midnight|night|home|work|the (?:hospital|clinic|er|office))|with (?:a |an |some |severe|pain|fever|chest)|for (?:a|an|my|his|her|evaluation|surgery|follow|labs))\b)(?!, (?:the )?(?:second|third|fourth|fifth|last)\b)"
_OF_MONTH = r"(?= of (?:this|last|next|the|that|each|every|the same|the following|the previous) month\b(?!['’]))"
_OF_YEAR = r"(?= of (?:this|last|next|that) year\b(?!['’]))"
#: One of these stands in all forms but that of a month's days; a string is found far sooner than a pattern.
_THE = tuple(f" the {word}" for word in sorted(_ORDINALS | {"twenty", "thirty"}))
#: A day on which something is told: on the first. / Then, on the seventh, I had; and by its month.
_ON = re.compile(rf"\b(?:[Oo]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Bb]y) the (?P<day>{_LOW}){_OVER}")
#: A day of the week or a part of a day before it says as much as what happens on it: monday the third.
_WEEKLY = re.compile(
    rf"\b(?:(?:[Mm]on|[Tt]ues|[Ww]ednes|[Tt]hurs|[Ff]ri|[Ss]atur|[Ss]un)day,?|(?:[Mm]orning|[Aa]fternoon|[Ee]vening|[Nn]ight|[Ww]eek) of) the (?P<day>{_LOW}){_OVER}"
)
_MONTHLY = re.compile(
    rf"\b(?:[Tt]he|[Oo]n|[Bb]y|[Ss]ince|[Uu]ntil|[Tt]o|[Ff]rom|[Tt]hrough|[Aa]round|[Aa]bout) (?P<day>{_DAY}){_OF_MONTH}|\b[Tt]he (?P<late>{_HIGH}){_OF_YEAR}"
)
#: A span of days: from the fifth to the twenty ninth.
_SPAN = re.compile(
    rf"\b(?:[Ff]rom|[Bb]etween|[Oo]n|[Ss]ince) the (?P<day>{_DAY}),? (?P<joint>to|through|thru|until|till|and|or) the (?P<late>{_DAY})(?:{_OVER}|{_OF_MONTH}|{_OF_YEAR})"
)
#: A late day that is told as such: that'd be the twenty fifth.
_IS = re.compile(
    rf"\b(?:be|was|is|to|that['’]s|it['’]s|like|maybe|probably|around|about|said|say|leaving|leave|coming|starting|moving|flying|back|home|here) the (?P<day>{_HIGH})(?=[ ]?(?:[.,;?!)]|$|\n)| (?:i|I|when|because|maybe|probably|or|of (?:this|last|next|that|the) month)\b)"
)
#: What happens on a day, in the clause before it.
_HAPPENS = re.compile(
    r"\b(?:came|come|comes|coming|went|goes|going|admitted|admission|hospital|emergency|clinic|office|appointments?|appt|visit(?:s|ed)?|seen|saw|evaluat\w+|operated|operation|discharged?|released|transferred|fell|started|starts?|began|begin|happened|scheduled|booked|moved|rescheduled|postponed|returned|returns?|coming back|go back|born|delivered|due|period|arrived?|flew|fly|leaves?|leaving|accident|procedure|surgery|test(?:ed)?|scan|mri|labs|injection|shot|start(?:ed|ing)?|stopped|ended|finished|paid|retired|passed away|died|home|sent|call(?:ed|s)?|here|cast|see you|see me|meet(?:ing)?|due|payday|next|again)\b[^.;?!\n]{0,50}$",
    re.IGNORECASE,
)
#: The head of a sentence that a day begins: Then, on the seventh, I had.
_HEAD = re.compile(
    r"(?:^|[\n\]]|[.?!:])[ ]{0,2}(?:(?:[Tt]hen|[Aa]nd|[Ss]o|[Bb]ut|[Ww]ell|[Yy]es|[Yy]eah|[Uu]m|[Uu]h|[Aa]nd then|[Ss]o then),? ?,? ?)?$"
)
_SAID_BEHIND = re.compile(r"[ ]?,[ ](?:i|I|he|she|they|we|it|my|his|her|the patient|patient|there)\b")
#: What is numbered on the body or counted, anywhere in the sentence before, and whatever is told behind.
_NUMBERED = re.compile(
    r"\b(?:percentiles?|centiles?|toes?|digits?|fingers?|rays?|ribs?|metatarsals?|metacarpals?|phalan\w+|hallux|knuckles?|fractur\w+|dislocat\w+|amputat\w+|nerves?|ventricles?|grades?|floors?|levels?|stor(?:y|ies)|child(?:ren)?|kids?|pregnanc\w+|trimesters?|lines?|attempts?|tr(?:y|ies|ied)|opinions?|place|rank\w*|cycles?|doses?|pills?|tablets?|siblings?|boys?|girls?|twins?|stages?|steps?|choice|option|avenue|street|century|edition|degree|molars?|tooth|teeth|ulcers?|sensation|lesions?|biops\w+|options?|questions?|parts?|lists?|items?|reasons?|points?|times?|rounds?|readings?|screens?|tests? (?:one|two)|bases?|holes?|inning|quarter|(?:the|a|an) (?:first|second|third|one|other) (?:one|was|is|and))\b[^.;?!\n]{0,60}$",
    re.IGNORECASE,
)
#: A part of something: a third of the month, two fifths.
_PART = re.compile(r"\b(?:an?|one|two|three|last|about|first|second|other|half)\s$", re.IGNORECASE)


def ordinals(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such days.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    if not found.flags & _ORDINALS.bit:
        return
    if " month" in text or " year" in text:
        for match in _MONTHLY.finditer(text):
            group = "day" if match["day"] else "late"
            if not _PART.search(text, max(0, match.start(group) - 8), match.start(group)):
                yield _day(text, match, group)
    if not has_any(text, _THE):
        return
    days = list(_ON.finditer(text))
    sure = [match for match in days if _happens(text, match)]
    for match in days if sure else ():
        # Where one is a day, others are one: on the fifth. No, on the eighth.
        if match in sure or not _numbered(text, match.start()):
            yield _day(text, match, "day")
    for match in _WEEKLY.finditer(text):
        if not _numbered(text, match.start()):
            yield _day(text, match, "day")
    for match in _SPAN.finditer(text):
        late = len(match["day"]) > 7 or len(match["late"]) > 7 or match["joint"] in {"until", "till", "through", "thru"}
        told = text.startswith(" of ", match.end())
        if (late or told) and not _numbered(text, match.start()):
            yield _day(text, match, "day")
            yield _day(text, match, "late")
    for match in _IS.finditer(text):
        if not _numbered(text, match.start()):
            yield _day(text, match, "day")


def _day(text: str, match: re.Match[str], group: str) -> Finding:
    start, end = match.span(group)
    return Finding(with_weekday(text, start), end, Category.DATE, "date", "date.ordinal", 0.65)


def _numbered(text: str, start: int) -> bool:
    """Say whether something is numbered or counted in the sentence before."""
    return _NUMBERED.search(text, max(0, start - 90), start) is not None


def _happens(text: str, match: re.Match[str]) -> bool:
    """Say whether something happened on a low day: no ordinal of anything else."""
    start = match.start()
    if _numbered(text, start):
        return False
    if _HEAD.search(text, max(0, start - 16), start):
        return _SAID_BEHIND.match(text, match.end()) is not None
    return _HAPPENS.search(text, max(0, start - 80), start) is not None
