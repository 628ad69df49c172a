# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses that no word of their own tells: OSH (Penrose), his employer, Sandoval Concrete, OSF Galloway, the General.

What stands around tells them: a word of houses in small letters right before, a chain's name, a verb. Never a department.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from curator.detect.text.lists.gazetteer import sure, towns
from curator.detect.text.lists.lexicon import fold
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.places.towns import abroad
from curator.detect.text.words.contexts import begins, eponym
from curator.detect.text.words.hints import Marks
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, TITLE, Word, tables
from curator.identifiers.findings import Finding

_GENERIC = frozenset(tables()["house_generic"].split())
_WARDS = frozenset(tables()["house_wards"].split())
_BRANDS = frozenset(tables()["brands"].split())
#: Words of everyday that houses are called by.
LENT = frozenset(tables()["lent"].split())
#: Firms with everyday names: only behind a word of work.
_FIRMS = frozenset(tables()["firms"].split())
_WORK = frozenset(["works", "work", "worked", "working", "employed", "job", "cashier", "clerk", "manager", "driver", "drives", "retired", "stocker", "shift", "nights", "employee", "engineer", "student", "studies", "studied", "attends", "professor", "son", "daughter", "hired", "warehouse"])  # fmt: skip
#: Words of houses behind which one may be named: OSH (Penrose), her parish, Our Lady of Sorrows.
_NOUNS = frozenset(tables()["house_nouns"].split())
#: Those behind which a name may stand without any mark: his employer Dunmore Tool & Die.
_BARE_NOUNS = frozenset(tables()["house_bare"].split())
_LABELS = frozenset([*_BARE_NOUNS, "hospice", "rehab", "shelter", "daycare", "jail", "prison"])
#: Those behind which a hyphen may stand: hospice - Circle of Life; sober living - New Dawn.
_DASHED = frozenset([*_LABELS, "living", "home", "care", "preschool", "facility", "pharmacy", "residence", "irf", "church", "parish", "mortuary", "health", "dialysis", "unit"])  # fmt: skip
_DASHED_AFTER = {
    "living": ("sober", "assisted", "independent", "supported", "transitional", "recovery"),
    "home": ("group", "nursing", "funeral", "foster", "care", "rest", "retirement", "boarding"),
    "care": ("memory", "foster", "day", "adult", "child", "respite", "hospice", "home"),
    "health": ("home",),
    "unit": ("dialysis", "hd"),
}
_RUN = re.compile(
    rf"(?:the[ ])?({CAP}(?:['’]s)?(?:(?:[ ]&[ ]|[ ]of[ ](?:the[ ])?|[ ]and[ ]|[ ]at[ ]|[ ]on[ ]|-|[ ])(?:{CAP}(?:['’]s)?|\d{{1,3}}\b)){{0,5}})"
)
_THE = re.compile(
    r"(?:at|to|from|via|by)[ ]the[ ]((?:General|Brigham|Beth[ ]Israel|Deaconess|Memorial|County|Mayo|Lahey|Presby(?:terian)?|Methodist|Baptist|Lutheran|Jewish|Royal|Infirmary|Women['’]s|Children['’]s|Charit[eé]|Alfred|U)(?:[ ](?:ED|ER|ICU))?)(?=[.,;)\n]|$|[ ](?:in|on|for|last|this|yesterday|today|and|with|by|when|where|after|ED|ER|ICU|then|who)\b)"
)
#: Hospitals as people shorten them: at Good Sam, flown to Mercy.
_SHORT = re.compile(
    r"\b(?:at|to|from|via|At|To|From)[ ](?:the[ ])?(Good[ ]Sam(?:aritan)?|Mercy|Sacred[ ]Heart|Holy[ ](?:Cross|Family|Name|Redeemer)|Beth[ ]Israel|Mass[ ]General|Betty[ ]Ford)\b(?![ ](?:and|for|killing|criteria)\b)|(?<![.\n] )\b(Good[ ]Samaritan)\b(?![ ](?:law|act|statute|protection|rule)\b)"
)
_SHORTS = Marks("Good Sam", "Mercy", "Sacred Heart", "Holy ", "Beth Israel", "Mass General", "Betty Ford")
_THE_LEADS = ("at", "to", "by", "via", "from")
_UNIVERSITIES = Marks("Univ", "UNIV", "U of ", "U. of ", "UC ", "UNY ")
_HALF = re.compile(r"[A-Z][A-Za-z]+")
_UNIVERSITY = re.compile(
    rf"\b(?:U\.?|Univ\.?|UNIV\.?|Coll?\.)[ ](?:of|OF)[ ]{CAP}(?:[ -]{CAP})?|\b(?:Univ\.|UC|SUNY|CUNY|Cal State)[ ]{CAP}(?:[ ]{CAP})?"
)
#: A VA by its town, not a town in Virginia: VA Talbot.
_VA_TOWN = re.compile(
    r"(?<![,.A-Z] )(?<!, )\b(VA|IHS|PHS) ([A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})?)(?=[,.;)\n]|$| (?:in|for|on|clinic|and|with|last|[a-z]))"
)
#: Short words for the kind of a house: from Beechcroft RH, at Hamot ED.
_KINDS = frozenset(["nh", "rh", "dgh", "gh", "snf", "alf", "mc", "ed", "er", "ec", "uc", "vamc", "chc", "fqhc"])
_NEAR = frozenset(["at", "from", "to", "via", "by", "in", "near", "the", "for"])
_SHIP = re.compile(rf"\b(?:USS|HMS|USNS)[ ]({CAP}(?:[ ]{CAP}){{0,2}})")
_PUBLIC_SCHOOL = re.compile(r"\b(?:P\.S\.|PS|I\.S\.|M\.S\.|P\.?S\.?/I\.?S\.?)[ ]?#?\d{1,3}\b")
_SCHOOLED = re.compile(
    r"(?:[Aa]ttend\w*|[Ss]chool|[Gg]rade|[Ss]tudent|[Tt]each\w*|[Pp]rincipal|IEP|at)[ :,a-z]{0,8}$|[Ss]chool (?:form|note|letter|nurse|counselor|psychologist)s? (?:for|to|from|at|of) $"
)
#: Halves that name a practice by what it treats: Tidewater Orthopaedic & Spine, North Fork Fire & Rescue.
_PAIR = re.compile(
    rf"{CAP}(?:[ ]{CAP}){{0,2}}[ ](?:Ortho\w*|Knee|Hip|Eye|Ear|Foot|Hand|Spine|Heart|Skin|Sports|Pain|Bone|Joint|Vein|Brain|Fire|Tool|Retina|Allergy|Asthma|Diabetes|Women['’]?s|Sleep|Lung|Kidney|Heating|Plumbing|Feed|Seed|Farm|Auto|Body|Bar|Rehab|Nursing|Health|Surf|Home|Bed|KNEE|HIP|EYE|EAR|FOOT|HAND|SPINE|HEART|SKIN|BONE|FIRE|ORTHO\w*)"
    r"[ ](?:&|and|AND)[ ]$"
)
#: The second half: Spine, Hip, Rescue.
_HALVES = frozenset(tables()["house_halves"].split())
#: Behind words of work in other languages: trabaja en Maderas del Valle, arbeitet bei Siemens.
_ABROAD_WORK = re.compile(
    rf"\b(?:[Tt]rabaj(?:a|ó|aba|ando|ador de)[ ](?:en|para)|[Tt]ravaill(?:e|ait|é)[ ](?:chez|à|pour)|[Aa]rbeitet(?:e)?[ ](?:bei|für)|[Bb]eschäftigt[ ]bei|[Ll]avora(?:va)?[ ](?:presso|alla|in|per)|[Tt]rabalha(?:va)?[ ](?:na|no|em)|[Ww]erkt[ ]bij)[ ](?:(?:la|el|der|dem|die|il|lo|o|a|les|le)[ ])?({CAP}(?:[ -](?:(?:de|del|della|du|des|da|do|y|et|und)[ ])?{CAP}){{0,3}})"
)
_ABROAD_MARKS = Marks("rabaj", "ravaill", "rbeitet", "eschäftigt", "avora", "rabalha", "erkt bij")
_SKIPS = frozenset(["dr", "mr", "mrs", "ms", "he", "she", "they", "we", "pt", "patient", "i", "it", "this", "that", "his", "her", "who"])  # fmt: skip


def tells(word: Word) -> bool:
    """Say whether a word may be the name of a house: no header, no term of medicine, no ward."""
    return (
        word.low not in _GENERIC
        and word.low not in _WARDS
        and (word.kind in "GSRnUugsrW" or (word.kind == "M" and word.listed) or sure(word.folded))
        and not (word.upper and len(word.low) < 4)
    )


def houses(text: str, found: Spots) -> Iterator[Finding]:
    """Yield houses that only their surroundings tell.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    words, spans = found.words, found.spans
    for at in (*found.facilities, *found.fields):
        word = words[at]
        low = word.low
        if low in _NOUNS or low in _DASHED:
            yield from _named(text, found, at)
        if not word.flags & CAPITAL:
            continue
        if low in _BRANDS:
            yield from _branded(text, found, at)
        elif low in _FIRMS and ((at > 1 and _worked(text, found, at)) or _staffed(text, found, at)):
            yield place(spans[at][0], spans[at][1], "facility", "place.firm", 0.65)
    at = text.find(" the ")
    while at >= 0:
        match = _THE.match(text, at - _the_lead(text, at)) if "A" <= text[at + 5 : at + 6] <= "Z" else None
        at = text.find(" the ", at + 4)
        if match:
            yield place(match.start(1), match.end(1), "facility", "place.the", 0.7)
    if _SHORTS.held(text, found.flags):
        for match in _SHORT.finditer(text):
            yield place(match.end() - len(match[1] or match[2]), match.end(), "facility", "place.short", 0.7)
    for start, end in _halves(text):
        pair = _PAIR.search(text, max(0, start - 60), start)
        if pair:
            first = _index(found, pair.start())
            if words[first].kind != "M" and any(tells(word) for word in words[first : first + 2]):
                yield place(pair.start(), end, "facility", "place.pair", 0.75)
    if _ABROAD_MARKS.held(text, found.flags):
        for match in _ABROAD_WORK.finditer(text):
            yield place(match.start(1), match.end(1), "facility", "place.work-abroad", 0.7)
    if _UNIVERSITIES.held(text, found.flags):
        for match in _UNIVERSITY.finditer(text):
            yield place(match.start(), match.end(), "facility", "place.university", 0.8)
    if "VA " in text or "HS " in text:
        for match in _VA_TOWN.finditer(text):
            at = _index(found, match.start(2))
            if found.words[at].kind in "RUuS" or sure(fold(match[2])) or fold(match[2]) in towns():
                yield place(match.start(), match.end(), "facility", "place.va", 0.65)
    yield from _lettered(text, found)
    if "USS " in text or "HMS " in text:
        for match in _SHIP.finditer(text):
            yield place(match.start(1), match.end(1), "facility", "place.ship", 0.7)
    if "P.S." in text or "PS " in text or "I.S." in text:
        for match in _PUBLIC_SCHOOL.finditer(text):
            if _SCHOOLED.search(text, max(0, match.start() - 24), match.start()):
                yield place(match.start(), match.end(), "facility", "place.school", 0.8)


def _lettered(text: str, found: Spots) -> Iterator[Finding]:
    """Yield a house by letters and its town, or by its name and a short word for its kind: PAMF Sunnyvale, Hamot ED."""
    words, spans = found.words, found.spans
    for at in found.toward:
        if words[at].low not in _NEAR or at + 2 >= len(words) or text[spans[at][1] : spans[at + 1][0]] != " ":
            continue
        first, last = words[at + 1], at + 2
        if not words[last].flags & CAPITAL or text[spans[at + 1][1] : spans[last][0]] != " ":
            continue
        if first.upper and first.kind == "A" and len(first.low) > 2 and first.low not in _WARDS:
            town = words[last]
            if (
                sure(town.folded)
                and not town.upper
                and town.folded not in abroad()
                and not eponym(found, last, spans[last][1])
            ):
                yield place(spans[at + 1][0], spans[last][1], "facility", "place.lettered", 0.6)
            continue
        while (
            last - at < 4
            and words[last].low not in _KINDS
            and last + 1 < len(words)
            and words[last + 1].flags & CAPITAL
            and text[spans[last][1] : spans[last + 1][0]] == " "
        ):
            last += 1
        if words[last].low not in _KINDS or not words[last].upper or first.kind in "MA" or first.low in _GENERIC:
            continue
        if any(tells(word) for word in words[at + 1 : last]):
            yield place(spans[at + 1][0], spans[last][1], "facility", "place.short-kind", 0.6)


def _halves(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the second half of a practice's name may stand: Orthopaedic & Spine."""
    for joint in (" & ", " and ", " AND "):
        at = text.find(joint)
        while at >= 0:
            match = _HALF.match(text, at + len(joint))
            if match and match[0].lower() in _HALVES:
                yield match.span()
            at = text.find(joint, at + 1)


def _the_lead(text: str, at: int) -> int:
    """Return how long the word of place before an article is, 0 where none stands there."""
    for lead in _THE_LEADS:
        if text.endswith(lead, 0, at):
            return len(lead)
    return 0


def _worked(text: str, found: Spots, at: int) -> bool:
    """Say whether a firm stands behind a word of work: works nights at the Amazon warehouse."""
    words, spans = found.words, found.spans
    lead = at - 1
    if words[lead].low == "the":
        lead -= 1
    return (
        words[lead].low in {"at", "for", "by", "with", "from"}
        and text[spans[at - 1][1] : spans[at][0]] == " "
        and any(word.low in _WORK for word in words[max(0, lead - 4) : lead])
    )


_HANDS = frozenset(tables()["hands"].split())
_WORK_LABELS = frozenset(["job", "employer", "work", "occupation", "retired", "former", "union"])


def _staffed(text: str, found: Spots, at: int) -> bool:
    """Say whether who works there stands behind a firm, or a label of work before: a Walmart cashier, Job: Amazon."""
    words, spans = found.words, found.spans
    if at + 1 < len(words) and words[at + 1].low in _HANDS and text[spans[at][1] : spans[at + 1][0]] == " ":
        return True
    return bool(at) and words[at - 1].low in _WORK_LABELS and text[spans[at - 1][1] : spans[at][0]] in {": ", " "}


def _index(found: Spots, start: int) -> int:
    """Return the word that stands at a place of the text."""
    return min(bisect_left(found.spans, (start, 0)), len(found.words) - 1)


def run_from(text: str, found: Spots, start: int) -> tuple[int, int] | None:
    """Return the capitalized run that begins at a place of the text, if it may be a house's name."""
    match = _RUN.match(text, start)
    if match is None:
        return None
    begin, end = match.span(1)
    first = _index(found, begin)
    last = first
    while last + 1 < len(found.words) and found.spans[last + 1][0] < end:
        last += 1
    part = found.words[first : last + 1]
    while part and (part[-1].low in {"and", "of", "the", "at", "on", "s"} or part[-1].flags & TITLE) and last > first:
        if part[-1].low == "s" and text[found.spans[last][0] - 1] in "'’":
            break
        last -= 1
        part = part[:-1]
    if not part or part[0].low in _SKIPS or part[0].flags & TITLE or eponym(found, last, found.spans[last][1]):
        return None
    if not any(tells(word) for word in part if word.flags & CAPITAL):
        return None
    return begin, found.spans[last][1]


def _named(text: str, found: Spots, at: int) -> Iterator[Finding]:
    """Yield the name behind a word of houses: OSH (Penrose), his employer, Sandoval Concrete, requires."""
    word, end = found.words[at], found.spans[at][1]
    mark = text[end : end + 2]
    start = end + 2
    dash = text[end : end + 3]
    if dash in {" - ", " – "} and word.low in _DASHED:
        if word.low not in _DASHED_AFTER or (at and found.words[at - 1].low in _DASHED_AFTER[word.low]):
            yield from _dashed(text, found, end + 3)
        return
    if mark == ": " and word.low in _DASHED_AFTER and at and found.words[at - 1].low in _DASHED_AFTER[word.low]:
        yield from _dashed(text, found, start)
        return
    if word.flags & CAPITAL and not (word.upper and len(word.low) < 5) and mark != ": ":
        return
    if mark == ": " and word.low in _LABELS:
        hit = run_from(text, found, start)
        if hit and found.words[_index(found, hit[0])].kind in "RUuGSnWgsr":
            yield place(hit[0], hit[1], "facility", "place.house-named", 0.7)
        return
    if mark == " (":
        hit = run_from(text, found, start)
        close = text[hit[1] : hit[1] + 1] if hit else ""
        if hit and close in {")", ",", ";"}:
            single = text[hit[0] : hit[1]]
            known = found.words[_index(found, hit[0])]
            if " " in single or known.kind in "RUuSGn" or sure(known.folded) or word.low in _BARE_NOUNS:
                yield place(hit[0], hit[1], "facility", "place.house-named", 0.65)
        return
    if mark == ", " and at:
        hit = run_from(text, found, start)
        if hit and text[hit[1] : hit[1] + 1] in {",", ".", ";", "\n", ""}:
            first = found.words[_index(found, hit[0])]
            if " " in text[hit[0] : hit[1]] or (first.kind in "RUu" and word.low in _BARE_NOUNS):
                yield place(hit[0], hit[1], "facility", "place.house-named", 0.6)
        return
    if mark[:1] == " " and mark[1:].isupper() and word.low in _BARE_NOUNS:
        hit = run_from(text, found, end + 1)
        if hit:
            first = found.words[_index(found, hit[0])]
            if first.kind in "RUuGSn" or (" " in text[hit[0] : hit[1]] and first.kind in "Wgsr"):
                yield place(hit[0], hit[1], "facility", "place.house-named", 0.6)


def _dashed(text: str, found: Spots, start: int) -> Iterator[Finding]:
    """Yield a house behind its kind and a hyphen: two words of names or landscape, or one that no list of words has."""
    hit = run_from(text, found, start)
    if hit is None:
        return
    first = _index(found, hit[0])
    part = [word for word in found.words[first : first + 3] if word.flags & CAPITAL]
    told = part[0].kind in "RUuS" or part[0].folded in LENT or sure(part[0].folded)
    if told or (
        " " in text[hit[0] : hit[1]] and all(word.kind in "Wgsrn" for word in part[:2]) and _CLOSED.match(text, hit[1])
    ):
        yield place(hit[0], hit[1], "facility", "place.house-named", 0.6)


_CLOSED = re.compile(r"[.,;)\n(]|$")
_CHAIN_WORDS = frozenset(["health", "medical", "hospital", "clinic", "urgent", "wake", "navicent", "levine"])
_AT = frozenset(["at", "to", "from"])


def _branded(text: str, found: Spots, at: int) -> Iterator[Finding]:
    """Yield a chain's house: OSF Galloway, Fresenius Oakhollow, MedExpress on Preston."""
    words, spans = found.words, found.spans
    last = at
    while (
        last + 1 < len(words)
        and last - at < 4
        and words[last + 1].flags & CAPITAL
        and text[spans[last][1] : spans[last + 1][0]] in {" ", "-", " & "}
        and not words[last + 1].flags & TITLE
        and (words[last + 1].kind != "M" or words[last + 1].low in _GENERIC)
    ):
        last += 1
    while last > at and words[last].low in _WARDS and words[last].low not in {"hospice", "rehab", "home", "clinic"}:
        last -= 1
    if last == at and words[at].low in _PRISONS:
        return
    if last == at and words[at].kind in "SGsgr" and not (at and words[at - 1].low in _PREPOSITIONS):
        return
    if last == at and begins(found, at) and words[at].kind in "Wgsr":
        return
    # An atrium is of a heart unless a chain's name goes on or somebody goes there.
    if words[at].low == "atrium" and not (
        (last > at and words[at + 1].low in _CHAIN_WORDS) or (at and words[at - 1].low in _AT)
    ):
        return
    more = _WHERE.match(text, spans[last][1])
    if words[at].low.endswith("flight") and at and words[at - 1].flags & CAPITAL and not begins(found, at - 1):
        at -= text[spans[at - 1][1] : spans[at][0]] == " "  # whose crew it is: Baptist MedFlight
    yield place(spans[at][0], more.end() if more else spans[last][1], "facility", "place.brand", 0.7)


#: Short for prisons, and for other things where no town follows.
_PRISONS = frozenset(["usp", "fci", "fpc", "fmc", "sci"])
#: Which house of a chain: of Wexford, on Preston, #4417.
_WHERE = re.compile(
    rf"[ ](?:of|at|on|in)[ ](?:{CAP}(?:[ ]{CAP})?|\d{{1,3}}(?:st|nd|rd|th)\b(?:[ ](?:St|Ave)\b)?)|[ ]?#[ ]?\d{{2,6}}"
)


_PREPOSITIONS = frozenset(["at", "to", "from", "by", "with", "via", "through", "for"])
