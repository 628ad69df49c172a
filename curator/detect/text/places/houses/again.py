# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses by a part of their name: at Ogden, where Ogden General Hospital was named; the Baptist lab system; rivals at Duke.

Never a faith or a family name by itself: a Baptist minister, Duke criteria.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from curator.detect.text.lists.gazetteer import towns
from curator.detect.text.lists.lexicon import lexicon, toml_of
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.contexts import eponym
from curator.detect.text.words.hints import Marks, Words
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, MONTH, TITLE, tables, word_of
from curator.identifiers.findings import Finding

_GENERIC = frozenset(tables()["house_generic"].split())
_WARDS = frozenset(tables()["house_wards"].split())
#: What is called a house, and what stands between that and its own name.
_NAMED = re.compile(
    rf"(?:[Tt]he[ ])?({CAP}(?:[ ]{CAP})?)[ ](?:(?:General|Regional|Community|Memorial|Methodist|Baptist|Lutheran|Presbyterian|University|County|Medical|Surgical|Health|Healthcare|Children['’]s|Veterans|Rehab|Rehabilitation|Nursing|Urgent|Family|Care|Heart|Cancer|Eye)[ ])*(?:Hospital|Medical[ ]Center|Clinic|Center|Health|Healthcare|General|Regional|Memorial|Care|Home|Manor|Rehab|Infirmary|Institute)\b"
)
#: The short form right behind a word of place, or before what a house has.
_HAS = r"(?:records?|lab|labs|laboratory|computer|chart|charts|films|images|ER|ED|emergency|doctors?|physicians?|surgeons?|nurses?|staff|team|system|portal|campus|pharmacy)"
_MOST = 40
#: Churches that run hospitals, before what only a hospital has.
_FAITH = re.compile(
    r"\b(?:[Tt]he|[Aa]t|[Ff]rom|[Oo]f|[Pp]er|[Oo]ur|[Vv]ia|[Tt]heir)[ ](?:the[ ])?(Baptist|Methodist|Lutheran|Presbyterian|Episcopal|Adventist|Deaconess|Mercy|Memorial|Providence|Trinity|Bethesda|Jewish|Sinai)[ ](?:(?:old|prior|outside|electronic|online|medical)[ ])?(?:lab|labs|laboratory|computer|computers|chart|charts|records?|EMR|EHR|films|imaging|radiology|pathology|pharmacy|ER|ED|emergency|portal|discharge[ ]summary|system|systems|health[ ]system|hospitalists?|transfer[ ]center)\b"
)
#: The same behind a way to or from a house: discharged from Methodist.
_FAITH_WAY = re.compile(
    r"\b(?:[Dd]ischarged?|[Tt]ransfer(?:red|red[ ]over)?|[Tt]ransported|[Aa]dmitted|[Ss]ent|[Ff]lown|[Aa]irlifted|[Tt]aken|[Rr]eferred|[Bb]rought|[Rr]ecords|[Ff]ilms|[Ll]abs|[Ii]mages|[Bb]ack|[Rr]eleased|[Rr]eturned)[ ](?:back[ ]|over[ ]|in[ ])?(?:from|to)[ ](Baptist|Methodist|Lutheran|Presbyterian|Episcopal|Adventist|Deaconess|Jewish|Sinai|Providence)(?=[.,;)\n]|$|[ ](?![A-Z&]|church\b|faith\b|minister\b|pastor\b))"
)
#: The same behind who or what was there: seen at Presbyterian, ARNP @ Methodist.
_FAITH_AT = re.compile(
    r"\b(?:[Ss]een|[Dd]one|[Dd]rawn|[Hh]ospitalized|[Ii]npatient|[Ss]urgery|[Dd]elivered|[Bb]orn|[Ww]orks|[Ww]orked|[Pp]laced|[Ss]tay(?:ed)?|[Vv]isit|[Ee]valuated|[Tt]reated|[Cc]ath|CT|MRI|ED|ER|ICU|MD|DO|NP|PA|CNP|ARNP|APRN|CNM|RN|[Nn]urse|[Cc]ardiology|[Oo]ncology|[Cc]linic)[ ](?:at|@)[ ](Baptist|Methodist|Lutheran|Presbyterian|Episcopal|Adventist|Deaconess|Jewish|Sinai)(?=[.,;)\n]|$|[ ](?![A-Z&]|church\b|faith\b|minister\b|pastor\b|[Ss]unday\b|services?\b))"
)
_FAITHS = Marks("Baptist", "Methodist", "Lutheran", "Presbyterian", "Episcopal", "Adventist", "Deaconess", "Mercy", "Memorial", "Providence", "Trinity", "Bethesda", "Jewish", "Sinai")  # fmt: skip
#: Houses that all of medicine knows by one name: went to Mayo in the spring; never the stand or the scissors.
_FAMOUS = re.compile(
    r"\b(?:[Aa]t|[Tt]o|[Ff]rom|[Vv]ia|[Bb]y|[Ii]t,?|[Pp]er)[ ](Mayo|Hopkins|Cleveland[ ]Clinic|Stanford|Emory|Vanderbilt|Sloan[ -]Kettering|M\.?D\.?[ ]Anderson|Cedars|Geisinger|Scripps|Dana[ -]Farber)(?=[.,;:)?!\n]|$|[ ](?:in|for|and|or|last|this|next|where|who|when|on|but|was|is|has|had|with|yesterday|today|tomorrow|recommended|said|saw|found|felt|did|records|doctors?|team)\b)"
)
_FAMOUS_MARKS = Marks(
    "Mayo",
    "Cleveland",
    "Stanford",
    "Emory",
    "Vanderbilt",
    "Hopkins",
    "Sloan",
    "Anderson",
    "Cedars",
    "Geisinger",
    "Scripps",
    "Farber",
)
#: What leads to a center that has its town behind it: the Care Center at Ridgedale.
_CENTER_LEAD = re.compile(
    r"((?:Care|Cancer|Surgery|Rehab|Wellness|Health|Nursing|Birth|Heart|Imaging|Wound|Living|Medical)[ ])$"
)
_SCHOOLS = Words(toml_of("houses.toml")["schools"].split())
_SPORTS = Words(["travel", "traveling", "travelling", "traveled", "travelled", "playing", "play", "plays", "played", "game", "games", "match", "meet", "tournament", "scrimmage", "scholarship", "recruited", "committed", "accepted", "enrolled", "degree", "sophomore", "junior", "senior", "freshman", "student", "studies", "studied", "studying", "coach", "coaches", "coached", "ran", "track", "team", "graduated", "alum", "beat", "ride"])  # fmt: skip
_CAMPUS = re.compile(
    rf"\b(?:(?:travel(?:ing|led|ed|ling)?|on[ ]the[ ]road|away|trip|driving|bus)[ ](?:up[ ]|down[ ]|over[ ])?(?:to|at)|(?:game|games|match|meet|tournament|scrimmage|playing|play|plays|played|ran[ ]track|run[ ]track|runs[ ]track|swim|swims|swam|rows|rowed)[ ](?:(?:college|[a-z]*ball|soccer|hockey|tennis|lacrosse|rugby|golf|softball)[ ])?(?:at|for|against|versus|vs\.?|with)|(?:were|was|are)[ ]playing|beat|(?:scholarship|ride|recruited|committed|accepted|admitted|enrolled|graduated?|degree|alumn?(?:a|us)?|sophomore|junior|senior|freshman|student|studies|studied|studying|major(?:ing)?|coach(?:es|ed)?|team)[ ](?:to|by|at|from|in|into))[ ]({CAP})(?![\w'’-])(?![ ]{CAP})"
)


def again(text: str, found: Spots, known: Iterable[Finding]) -> Iterator[Finding]:
    """Yield houses by a part of their name.

    Parameters
    ----------
    text, found
        The text and its words.
    known
        Houses found in it.
    """
    heads: dict[str, None] = {}
    for house in known:
        if house.kind != "facility":
            continue
        if text.startswith(("Center ", "Centre "), house.start):
            lead = _CENTER_LEAD.search(text, max(0, house.start - 10), house.start)
            if lead:
                yield place(lead.start(), house.end, "facility", "place.center-of", 0.6)
        match = _NAMED.match(text, house.start, house.end)
        if match and len(heads) < _MOST:
            heads.update(dict.fromkeys(_heads(match[1])))
    for head in heads:
        yield from _short(text, head)
    if _FAMOUS_MARKS.held(text, found.flags):
        for match in _FAMOUS.finditer(text):
            yield place(match.start(1), match.end(1), "facility", "place.famous", 0.6)
    if _FAITHS.held(text, found.flags):
        for match in _FAITH.finditer(text):
            yield place(match.start(1), match.end(1), "facility", "place.faith", 0.6)
        for form in (_FAITH_WAY, _FAITH_AT):
            for match in form.finditer(text):
                yield place(match.start(1), match.end(1), "facility", "place.faith", 0.6)
    if found.flags & _SCHOOLS.bit and found.flags & _SPORTS.bit:
        yield from _campuses(text, found)


def _heads(name: str) -> Iterator[str]:
    """Yield what a house is called for short: its own words, never those of its kind."""
    words = [word_of(part) for part in re.split(r"[ -]", name)]
    while words and (words[-1].low in _GENERIC or words[-1].low in _WARDS):
        words.pop()
        name = name.rsplit(" ", 1)[0]
    if not words or len(name) < 4:
        return
    first = words[0]
    if first.low in _GENERIC or first.low in _WARDS or first.flags & (TITLE | MONTH) or first.upper:
        return
    if first.folded in lexicon().medical and not first.listed and first.folded not in towns():
        return
    yield name


def _form(head: str) -> re.Pattern[str]:
    """Return the form of a house's short name where one stands."""
    return re.compile(
        rf"(?:(?<=\bat )|(?<=\bAt )|(?<=\bfrom )|(?<=\bFrom )|(?<=\bto )|(?<=\bby )|(?<=\bvia ))(?:the[ ])?({re.escape(head)})(?=[.,;:)?!\n]|$|[ ](?![A-Z&])|[ ]{_HAS}\b)|\b[Tt]he[ ]({re.escape(head)})[ ]{_HAS}\b"
    )


def _short(text: str, head: str) -> Iterator[Finding]:
    """Yield the short form behind a word of place or before what a house has."""
    form = _form(head)
    at = text.find(head)
    if text.find(head, at + 1) < 0:
        return
    done = 0
    while at >= 0:
        # What the form finds begins at the name or at the article before it: asked there, not at each letter of a text.
        for start in (at - 4, at):
            match = form.match(text, start) if start >= done else None
            if match and at in {match.start(1), match.start(2)}:
                yield place(at, at + len(head), "facility", "place.again", 0.6)
                done = match.end()
                break
        at = text.find(head, max(at + 1, done))


def _campuses(text: str, found: Spots) -> Iterator[Finding]:
    """Yield universities by one word in sports, travel and study."""
    words, spans = found.words, found.spans
    wanted = [
        at for at, word in enumerate(words) if word.flags & CAPITAL and word.folded in _SCHOOLS and not word.upper
    ]
    for at in wanted:
        start, end = spans[at]
        for match in _CAMPUS.finditer(text, max(0, start - 44), min(len(text), end + 12)):
            if match.span(1) == (start, end) and not eponym(found, at, end):
                yield place(start, end, "facility", "place.campus", 0.6)


__all__ = ["again"]
