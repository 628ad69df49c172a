# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Houses that only the words before tell: works at Boeing, transferred from Regions, at Sagebrush Semiconductor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, count
from operator import attrgetter

from curator.detect.text.lists.gazetteer import sure
from curator.detect.text.lists.lexicon import lexicon, toml_of
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.anycase import Before
from curator.detect.text.words.contexts import eponym
from curator.detect.text.words.hints import Marks
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, HOLIDAY, MONTH, TITLE, tables, word_of
from curator.identifiers.findings import Finding

_GENERIC = frozenset(tables()["house_generic"].split())
#: Departments and the like behind "transferred to".
_WARDS = frozenset(tables()["house_wards"].split())
#: Letters of kinds of houses, of visits and of measures.
_NEVER = frozenset(toml_of("houses.toml")["letter_never"].split())
_LEADS = (
    r"\b(?:(?:[Ww]ork(?:s|ed|ing)?|[Ee]mployed|[Jj]ob|[Vv]olunteers?|[Tt]eaches|[Tt]aught)[ ](?:\w+[ ]){0,3}?(?:at|for|by|with)"
    r"|[Rr]etired[ ](?:\w+[ ]){0,2}?from|(?:[Ss]tudent|[Jj]unior|[Ss]enior|[Ff]reshman|[Ss]ophomore|[Pp]rofessor|[Ss]tudies|[Tt]eacher|[Cc]ashier|[Dd]river|[Cc]lerk|[Mm]anager|[Ee]ngineer|[Nn]urse|[Jj]anitor|[Cc]ook|[Gg]uard|[Mm]achinist|[Ww]elder|[Ww]orker|[Ee]mployee|[Oo]wner|[Ss]upervisor|[Ff]oreman|[Ii]ntern|[Aa]pprentice|[Mm]echanic|[Cc]ontractor|[Oo]perator|[Ee]lectrician|[Pp]lumber|[Ss]erver|[Ww]aite?r(?:ess)?|[Bb]artender|[Cc]ustodian|[Aa]ccountant|[Ss]ecretary|[Rr]eceptionist|[Ss]alesman|[Tt]eller|[Pp]ilot|[Tt]rucker|[Dd]ispatcher|[Aa]ide|[Tt]ech(?:nician)?|[Pp]rogrammer|[Dd]eveloper|[Dd]ean|[Pp]rincipal|[Pp]astor|[Cc]oach|[Cc]hef|[Bb]aker|[Bb]utcher|[Cc]arpenter|[Pp]ainter|[Rr]oofer|[Mm]iner|[Ll]ogger|[Ll]ineman|[Rr]ep|[Aa]ssembler|[Pp]acker|[Ll]oader|[Ll]awyer|[Pp]aralegal|[Ll]ibrarian|[Cc]ounselor|[Pp]harmacist|[Dd]entist|[Dd]irector|[Pp]artner|[Pp]resident|[Ff]aculty|[Ee]nrolled|[Hh]ired)[ ](?:at|for|with|of|by|in)|(?:[Ll]aid[ ]off|[Ff]ired|[Ss]uspended|[Ee]xpelled)[ ](?:from|by)"
    r"|(?:[Tt]ook|[Bb]rought|[Ss]ent|[Dd]rove|[Rr]ushed|[Ff]lew|[Tt]ransferred|[Tt]ransported|[Rr]eferred|[Aa]irlifted)[ ](?:him|her|them|pt|patient|the[ ](?:pt|patient)|me|us|mom|dad)[ ](?:back[ ]|over[ ])?to"
    r"|[Aa]ttend(?:s|ed|ing)|[Gg]raduat(?:ed|e|ing)[ ]from|[Gg]oes[ ]to[ ]school[ ]at|(?:[Tt]ransfer(?:red)?|[Rr]eferred|[Tt]ransported|[Bb]rought[ ]in|[Dd]ischarged|[Rr]eleased|[Aa]rrived|[Ff]lown|[Aa]irlifted|[Xx]fer(?:red)?|[Cc]ame)[ ]from|(?:[Tt]ransfer(?:red)?|[Dd]ischarged|[Aa]dmitted|[Pp]resented|[Tt]aken|[Rr]eturn(?:ed)?|[Rr]eferred|[Ss]ent|[Ff]lown|[Aa]irlifted|[Tt]ransported|[Rr]ushed|[Xx]fer(?:red)?)[ ]to"
    r"|(?:[Ss]een|[Tt]reated|[Hh]ospitalized|[Ee]valuated|[Dd]elivered|[Bb]orn|[Ff]ollowed|[Pp]erformed|[Dd]one|[Aa]dmitted|[Rr]esid(?:es|ing|ed)|[Ll]iv(?:es|ing|ed)|[Ss]tay(?:s|ing|ed)|[Cc]are|[Rr]ehab|[Pp]rayer|[Ss]ervices|[Dd]ialysis|HD|[Dd]ialyzes|[Aa]pp(?:oin)?t(?:ment)?|[Ff]ills|[Ff]illed|[Mm]eds|[Pp]ick(?:s|ed)?[ ]up|[Ww]orships|[Bb]anks)[ ]at"
    r"|[Rr]esident[ ](?:of|at)|[Mm]ember[ ]of|[Ii]nmate[ ]at|[Ii]ncarcerated[ ]at)"
)
_AT = re.compile(
    _LEADS
    + rf"[ ](?:the[ ])?((?:{CAP})(?:(?:[ ]|[ ]&[ ]|[ ]of[ ](?:the[ ])?|[ ]and[ ]|-)(?:{CAP}|\d{{1,3}}\b)){{0,5}})"
)
_AT_LEAD = re.compile(_LEADS + r"[ ](?:the[ ])?$")
#: The same in either case, which is told faster.
_ANY_LEAD = Before(_AT_LEAD.pattern)


def _unknown(text: str, found: Spots, at: int) -> int | None:
    """Return the last word of what no list has, behind "at": at Sagebrush Semiconductor, at Brightwood."""
    words, spans = found.words, found.spans
    if (
        text[spans[at - 1][1] : spans[at][0]] not in {" ", " the "}
        or (words[at].kind in "MAI" and not _firm(text, found, at))
        or words[at].upper
        or words[at].flags & TITLE
    ):
        return None
    last = at
    while (
        last + 1 < len(words)
        and last - at < 4
        and words[last + 1].flags & CAPITAL
        and text[spans[last][1] : spans[last + 1][0]] in {" ", "-"}
        and not words[last + 1].flags & TITLE
    ):
        last += 1
    kinds = "".join(word.kind for word in words[at : last + 1])
    if eponym(found, last, spans[last][1]) or all(
        word.low in _GENERIC or word.low in _WARDS for word in words[at : last + 1]
    ):
        return None
    if text[spans[last][1] : spans[last][1] + 2] in {"'s", "’s"} and last + 1 < len(words) and "G" in kinds:
        last += 1
    if words[at].kind in "MAI":
        return last
    if last == at:
        if kinds in "uUR" and words[at].points >= 0.2:
            return last
        return last if _lone(text, found, at) else None
    return last if any(kind in "GSRUunsgr" for kind in kinds) and words[last].kind != "I" else None


_NOT_TOWN = frozenset(tables()["not_town"].split())


def _lone(text: str, found: Spots, at: int) -> bool:
    """Say whether a word of everyday with a capital stands alone behind "at", amid small letters: PT at Apex."""
    words, spans = found.words, found.spans
    word, end = words[at], spans[at][1]
    if at < 2 or word.kind not in "WUnsr" or word.low in _NOT_TOWN or word.low in _GENERIC or word.low in _WARDS:
        return False
    if (
        words[at - 1].low == "the"
        or words[at - 1].flags & CAPITAL
        or words[at - 2].upper
        or word.flags & (MONTH | HOLIDAY)
    ):
        return False
    if word.folded in lexicon().medical or len(word.low) < 4 or text[end : end + 1] in {"'", "’", "-", ":", "/"}:
        return False
    after = at + 1
    return after >= len(words) or not words[after].flags & CAPITAL or text[end : spans[after][0]] != " "


def _firm(text: str, found: Spots, at: int) -> bool:
    """Say whether a word of a form begins a firm's name: at General Motors."""
    words, spans = found.words, found.spans
    return bool(
        words[at].low in {"general", "first", "national", "american", "allied", "union", "standard", "consolidated"}
        and at + 1 < len(words)
        and words[at + 1].flags & CAPITAL
        and words[at + 1].low not in _WARDS
        and words[at + 1].kind not in "MA"
        and text[spans[at][1] : spans[at + 1][0]] == " "
        and at > 1
        and not words[at - 2].flags & CAPITAL
    )


#: What people attend or are sent to that is no house.
_LESSONS = frozenset(["class", "classes", "therapy", "program", "session", "sessions", "meeting", "meetings", "course", "training", "education", "group"])  # fmt: skip
#: Words of place behind which a house or a home may be called by whose it is.
_WHERE = frozenset(["at", "from", "near", "outside", "to"])
_LEADING = frozenset(["at", "for", "by", "with", "from", "to", "of", "attends", "attended", "attending", "the"])


#: Words of which one must stand before for the pattern to be tried.
_LEAD_WORDS = frozenset(tables()["house_before"].split())


#: What somebody does at, for or from a firm or a school, or what is done to somebody at a house, known by its short name.
_SHORTLY = frozenset(tables()["shortly"].split())
_HANDS = frozenset(tables()["hands"].split())
_BETWEEN = frozenset(["at", "for", "of", "from", "with", "by", "to", "via"])
#: Those who learn somewhere, before a mark and the school's short name: freshman, NDSU.
_LEARN = frozenset(["freshman", "sophomore", "junior", "senior", "student", "undergrad", "adjunct", "postdoc", "conductor", "dispatcher", "teller", "deckhand", "alum", "alumna", "alumnus", "professor", "prof", "employer", "college", "university"])  # fmt: skip
_UPPER = attrgetter("upper")


def _short(text: str, found: Spots, at: int) -> bool:
    """Say whether a word in capitals is the short name of a house: student at NDSU, a BNSF worker, HCMC."""
    words, spans = found.words, found.spans
    low, (start, end) = words[at].low, spans[at]
    if not 2 < len(low) < 7 or (start and text[start - 1] in "-/_.@") or text[end : end + 1] in {"-", "/", "_", "@"}:
        return False
    if words[at].folded in lexicon().medical or words[at].folded in lexicon().words or low in _WARDS or low in _GENERIC:
        return False
    if low in _NEVER or text[end : end + 1].isdecimal():
        return False
    if len(low) > 3 and low.endswith("mc"):
        return True
    if (
        at + 1 < len(words)
        and words[at + 1].low in _HANDS
        and text[end : spans[at + 1][0]] == " "
        and not words[at + 1].flags & CAPITAL
    ):
        return True
    if at and words[at - 1].low in _LEARN and text[spans[at - 1][1] : start] in {", ", ": ", " (", " @ ", " - "}:
        return True
    before = at - 1
    if before > 0 and words[before].low == "the":
        before -= 1
    return (
        before > 0
        and words[before].low in _BETWEEN
        and not words[before].flags & CAPITAL
        and words[before - 1].low in _SHORTLY
        and spans[before][0] - spans[before - 1][1] == 1
        and spans[at][0] - spans[at - 1][1] == 1
        and text[start - 1] == " "
    )


#: A short name before a saint's house, or a center for something behind it or behind a word of place.
_SAINTED = re.compile(rf"\b[A-Z]{{2,5}}[ ](?:St\.?|Saint)[ ]{CAP}(?:['’]s)?")
_CENTER = re.compile(
    rf"(?:\b([A-Z]{{2,5}})[ ]|(?<=\bat )|(?<=\bfrom )|(?<=\bto )|(?<=\bthe ))(?:Center|Centre|Institute)[ ]for[ ](?:the[ ])?{CAP}(?:[ ](?:(?:and|&)[ ])?{CAP}){{0,3}}"
)
_PROGRAMS = re.compile(
    r"\b(?:Salvation Army|Teen Challenge|Boys Town|Hazelden|Oxford House|Job Corps|Covenant House)\b"
)
_PROGRAM_MARKS = Marks("Salvation", "Teen Ch", "Boys Town", "Hazelden", "Oxford House", "Job Corps", "Covenant House")
_CENTERS = Marks("Center for", "Institute for", "Centre for")
_SAINTS = Marks(" St ", " St. ", " Saint ")
_LOCAL = re.compile(rf"\b(?:{CAP}[ ]){{1,3}}Local[ ]#?\d{{1,4}}\b")


def shorts(text: str, found: Spots) -> Iterator[Finding]:
    """Yield firms and schools by their short names, and unions.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    for at in compress(count(), map(_UPPER, found.words)):
        if _short(text, found, at):
            yield place(*found.spans[at], "facility", "place.short-name", 0.55)
    if _SAINTS.held(text, found.flags):
        for match in _SAINTED.finditer(text):
            if match[0].split(" ")[0].lower() not in _WARDS:
                yield place(match.start(), match.end(), "facility", "place.sainted", 0.6)
    if _CENTERS.held(text, found.flags):
        for match in _CENTER.finditer(text):
            yield place(match.start(), match.end(), "facility", "place.center", 0.65)
    for match in _PROGRAMS.finditer(text) if _PROGRAM_MARKS.held(text, found.flags) else ():
        yield place(match.start(), match.end(), "facility", "place.program", 0.6)
    if " Local " in text:
        for match in _LOCAL.finditer(text):
            yield place(match.start(), match.end(), "facility", "place.union", 0.7)


#: What stands behind a house or a home that is called by whose it is: at Zabar's, from Tony's last night.
_WHOSE = re.compile(
    r"['’]s(?=[.,;)\n]|$| (?:in|on|for|last|since|until|till|today|yesterday|tonight|tomorrow|and|with|when|after|before|who|where|he|she|they|but|this|that|near|every|\d+)\b)"
)


def _whose(text: str, found: Spots, at: int) -> bool:
    """Say whether a house or a home by its owner stands at a word, no sign or point of medicine."""
    word = found.words[at]
    return (
        not word.upper
        and word.kind in "GSRUugsrnW"
        and (word.kind != "W" or (word.low not in _GENERIC and word.low not in _WARDS and word.low not in _NOT_TOWN))
        and not word.flags & (TITLE | HOLIDAY | MONTH)
        and word.folded not in lexicon().eponyms
        and word.folded not in lexicon().medical
        and _WHOSE.match(text, found.spans[at][1]) is not None
    )


#: The second half of a name of two words of everyday: at Loaves and Fishes, at Salt & Light.
_PAIRED = re.compile(
    r" (?:and|&) ([A-Z][a-z]{2,12})(?=[.,;)\n]|$| (?:in|on|for|and|every|each|last|since|twice|weekly|daily|with)\b)"
)


def _spelled(low: str, *, work: bool) -> bool:
    """Say whether single letters make a ward, or a term where no work is told of: to the I C U; not: works for A B M."""
    return low in _WARDS or low in _NEVER or (low in lexicon().medical and not work)


def housed(text: str, found: Spots) -> Iterator[Finding]:
    """Yield houses that only the words before tell: works at Boeing, transferred from Regions."""
    done = 0
    for at in found.toward:
        start = found.spans[at + 1][0]
        if start < done or not found.words[at + 1].flags & CAPITAL:
            continue
        if found.words[at].low in _WHERE and text[found.spans[at][1] : start] == " " and _whose(text, found, at + 1):
            done = found.spans[at + 1][1] + 2
            yield place(start, done, "facility", "place.whose", 0.55)
            continue
        if (
            found.words[at].low in _WHERE
            and text[found.spans[at][1] : start] == " "
            and at + 2 < len(found.words)
            and found.words[at + 2].flags & CAPITAL
            and found.words[at + 1].kind in "GSRUugsrnW"
            and not found.words[at + 1].flags & TITLE
            and text[found.spans[at + 1][1] : found.spans[at + 2][0]] == " "
            and _whose(text, found, at + 2)
        ):
            done = found.spans[at + 2][1] + 2
            yield place(start, done, "facility", "place.whose", 0.5)
            continue
        if found.words[at].low == "at":
            last = _unknown(text, found, at + 1)
            if last:
                pair = _PAIRED.match(text, found.spans[last][1])
                second = word_of(pair[1]) if pair else None
                if (
                    second
                    and found.words[at + 1].kind == "W"
                    and second.kind in "WUu"
                    and not second.flags & (MONTH | TITLE)
                ):
                    last += 2 if pair and " and " in pair[0] else 1
                done = found.spans[last][1]
                yield place(start, done, "facility", "place.at", 0.55)
                continue
        lead = None
        if found.words[at].low in _LEADING and any(
            word.low in _LEAD_WORDS for word in found.words[max(0, at - 4) : at + 1]
        ):
            head = max(0, start - 56)
            lead = _AT_LEAD.search(text, head, start) if _ANY_LEAD.holds(text, head, start) else None
        match = _AT.match(text, lead.start()) if lead else None
        if match is None or match.end(1) <= start:
            continue
        done = match.end(1)
        name = match[1]
        words = name.split(" ")
        while words and words[-1].lower().rstrip(".") in {"and", "of", "the", "&", "dr", "mr", "mrs", "ms"}:
            words.pop()
        low = [word.lower().rstrip(".,") for word in words]
        if (
            not low
            or low[0] in _WARDS
            or (low[0] in _GENERIC and len(low) < 2)
            or all(word in _WARDS or word in _GENERIC for word in low)
        ):
            continue
        if low[-1] in _LESSONS or (low[0] in _NEVER and words[0].isupper()):
            continue
        if len(low) > 1 and len(low[0]) == len(low[-1]) == 1 and _spelled("".join(low), work=" for " in match[0]):
            continue
        folded = low[0].split("'")[0]
        if low[0] in lexicon().medical and len(low) < 2:
            continue
        if low[0] in lexicon().words and len(low) < 2 and not sure(folded) and not words[0][0].isupper():
            continue
        if words[0].isupper() and len(words[0]) <= 4 and len(words) == 1:
            continue
        yield place(match.start(1), match.start(1) + len(" ".join(words).rstrip(".")), "facility", "place.housed", 0.6)
