# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses as people shorten them, and houses of service: "the General", county general, bed search The Laurels, 104th Fighter Wing.

Never a ward or a section of a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, count

from curator.detect.text.lists.gazetteer import sure, towns
from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.corners import sure_way
from curator.detect.text.places.houses.facilities import LENT
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.contexts import begins
from curator.detect.text.words.hints import Marks, Words
from curator.detect.text.words.spots import Spots, beginning
from curator.detect.text.words.vocabulary import CAPITAL, TITLE, tables, word_of
from curator.identifiers.findings import Finding

_GENERIC = frozenset(tables()["house_generic"].split())
_WARDS = frozenset(tables()["house_wards"].split())
#: In quotes, or before more words of a sentence than houses.py asks for.
_THE = re.compile(
    r"(?:at|to|from|via|by|of|for|near|or|and|told|over at|is|was|prefers|chose|requests|wants|nearest is)[ ](?:[\"“'‘]?the[ ]|the[ ][\"“'‘]?|[\"“'‘][Tt]he[ ])((?:General|Brigham|Memorial|County|Regional|Presby|Methodist|Baptist|Lutheran|Deaconess|Infirmary|Royal|Mercy|University|Children['’]s|Women['’]s|Provincial|Jewish|Catholic|Adventist|Navy|Army|Veterans|Clinic|Mayo|U)(?:[ ](?:ED|ER|ICU))?)(?=[\"”'’.,;:)\n/]|$|[ ](?:in|on|for|last|this|and|or|with|by|when|where|after|before|then|who|which|but|since|until|because|if|ED|ER|ICU|while|as|is|was|has|had|did|said|told|again|he|she|they|we|it|or|per|tonight|today|tomorrow)\b)"
)
#: What stands in the midst of it: found sooner.
_THE_MIDST = re.compile(
    r"[Tt]he [\"“'‘]?(?:General|Brigham|Memorial|County|Regional|Presby|Methodist|Baptist|Lutheran|Deaconess|Infirmary|Royal|Mercy|University|Children['’]s|Women['’]s|Provincial|Jewish|Catholic|Adventist|Navy|Army|Veterans|Clinic|Mayo|U)"
)
_THE_MARKS = Marks("General", "Brigham", "Memorial", "County", "Regional", "Presby", "Methodist", "Baptist", "Lutheran", "Deaconess", "Infirmary", "Royal", "Mercy", "University", "Children", "Women", "Provincial", "Jewish", "Catholic", "Adventist")  # fmt: skip
#: Hospitals in small letters, as a chat has them.
_SMALL = re.compile(
    r"\b(?:to|at|from|via|2|ed|er|by|and|or|per|called|@)[ :](?:the )?((?:[a-z]{4,14} )?(?:county general|city general|mass general|county memorial|county hospital|city hospital|district regional hospital|district hospital|good sam(?:aritan)?|sacred heart|mercy general|st\.? [a-z]{4,12}['’]?s|childrens hospital|children['’]s hospital|memorial hospital|regional medical(?: center)?|general hospital))(?= (?:er|ed|icu|for|by|via|per|in|on|with|at|and|then|now|w)\b|[.,;:)\n/]|$| -)"
)
_SMALL_MARKS = Marks(
    "county general",
    "city general",
    "mass general",
    "general hospital",
    "county memorial",
    "memorial hospital",
    "county hospital",
    "district regional hospital",
    "district hospital",
    "city hospital",
    "mercy general",
    "good sam",
    "sacred heart",
    "regional medical",
    "childrens hospital",
    "children's hospital",
)
_SAINTS = Marks("St. ", "Saint ", "Mt. ", "Mt ", "Mount ", "St ")
_LADIES = Marks("Our Lady", "Queen of")
_STATIONS = Marks("Station", "Sta ", "Sta. ")
_VETERANS = Marks("Veterans", "CBOC")
#: An article with a capital in the midst of a sentence: bed search The Laurels.
_ARTICLE = re.compile(
    rf"The (?<=[a-z,(:/@-] The )({CAP}(?: (?:(?:of|at|on|and|&) (?:the )?)?{CAP}){{0,3}})(?=[\"”'’.,;:)\n/]|$| [-–(]|[ ](?:in|on|for|last|this|and|with|by|when|where|after|before|then|who|which|but|since|until|because|if|while|as|is|was|has|had|again|he|she|they|we|or|per|today|tomorrow|yesterday|accepted|declined|called|has|will|can|off|near|at)\b)"
)
_NO_ARTICLE = frozenset(["joint", "plan", "patient", "pt", "doctor", "nurse", "family", "lord", "bible", "internet", "lancet", "following", "above", "below", "same", "other", "first", "second", "third", "left", "right", "american", "national", "united", "world", "us", "u.s", "netherlands", "bahamas", "gambia", "philippines"])  # fmt: skip
#: A church or hospital by its patron alone.
_LADY = re.compile(
    rf"\bOur Lady['’]s(?: (?:Hospital|Hospice|Clinic|School|Church|Parish))?|\bQueen of {CAP}(?: {CAP})?"
)
_LADY_TOWN = re.compile(rf", ({CAP}(?:[ -]{CAP})?)(?=[.,;:)\n]|$| )")
#: What lies where behind a saint's or a mountain's house: Mt Carmel E, St. Mary's West.
_QUARTER = re.compile(
    r"\b(?:St\.?|Saint|Mount|Mt\.?)[ ][A-Z][a-z]+(?:['’]s)?[ ]((?:East|West|North|South|Northeast|Northwest|Southeast|Southwest|Downtown|Main|Campus)\b|[NSEW](?![\w.'’-]|[ ][A-Z][a-z]))"
)
#: An office, a clinic or a campus behind the town or the quarter that it is called by: our Cedar Bend office.
_OFFICE = re.compile(
    rf"\b(?:[Oo]ur|[Tt]he|[Hh]er|[Hh]is|[Tt]heir|[Mm]y|[Yy]our|[Oo]ther|[Tt]o|[Aa]t|[Ff]rom|[Ii]n|[Vv]ia)[ ]({CAP}(?:[ -]{CAP}){{0,2}})[ ](?:office|clinic|location|site|campus|branch|satellite|store|practice|warehouse|outreach|dispensary|facility|plant|shop|division|yard|depot|terminal)\b(?! (?:visit|hours|note|staff|of)\b)"
)
_OF_OFFICE = frozenset(["our", "the", "her", "his", "their", "my", "your", "other", "to", "at", "from", "in", "via"])
_OFFICES = Marks(" office", " clinic", " location", " site", " campus", " branch", " satellite", " store", " practice", " warehouse", " outreach", " dispensary", " facility", " plant", " shop", " division", " yard", " depot", " terminal")  # fmt: skip
#: Units of the armed forces, and stations of an emergency service.
_ARMY = re.compile(
    r"\b(?:\d{1,4}(?:st|nd|rd|th|d)?|[1-9]\d?/\d{1,3}(?:st|nd|rd|th)?)[ ](?:(?:Air|Airborne|Airlift|Armored|Armoured|Artillery|Aviation|Bomb|Cavalry|Cav|Civil|Combat|Composite|Engineer|Expeditionary|Fighter|Field|Guard|Infantry|Inf|Intelligence|Logistics|Maintenance|Marine|Marines|Medical|Military|Mountain|Naval|National|Parachute|Police|Ranger|Reconnaissance|Recon|Refueling|Rescue|Reserve|Security|Forces|Signal|Special|Space|Operations|Support|Sustainment|Tactical|Tank|Training|Transportation|Wing|Chemical|Ordnance|Quartermaster|Training)[ ]){0,3}(?:Wing|Division|Regiment|Battalion|Bn|Brigade|Bde|Squadron|Sqdn|Fleet|Corps|Platoon|Marines|Infantry|Cavalry|Airborne|Rangers|Armored|Artillery|Fusiliers|Rifles|Dragoons|Seabees)\b"
)
_ARMIES = Marks("Wing", "Division", "Regiment", "Battalion", "Brigade", "Squadron", "Fleet", "Corps", "Platoon", "Marines", "Infantry", "Cavalry", "Airborne", "Rangers", "Armored", "Artillery", "Fusiliers", "Rifles", "Dragoons", "Seabees")  # fmt: skip
_SERVED = re.compile(
    r"\b(?:[Aa]rmy|[Mm]arines?|[Vv]eteran|USMC|[Ss]erved|[Ss]tationed|[Dd]eployed|[Ii]nfantry|[Cc]ombat|[Vv]ietnam|Iraq|Korea|Afghanistan)\b"
)
_STATION = re.compile(
    r"\b(?:from|at|of|to|by|out of|crew,?) (Sta(?:tion|\.)? ?#?\d{1,3})\b(?![ -]?(?:min|h|of|x|%))|\b((?:Fire|EMS|Police|Rescue) Sta(?:tion|\.)? ?#?\d{1,3})\b"
)
#: A town before a house of the veterans, whatever word the town is.
_VA = re.compile(
    r"[ -](?:VA(?:MC)?|Veterans|CBOC)(?: (?:Medical|Healthcare|Health|Outpatient|Vet|Regional|Care))*(?: (?:Center|Clinic|System|Hospital|Domiciliary))?(?!\w)"
)
_VA_LEAD = re.compile(r"(?:[A-Z][a-z]+[ -]){0,2}[A-Z][a-z]+$")
#: Houses for women or children, as people shorten them.
_CHILDRENS = re.compile(
    r"(?:\b(?:at|to|from|via|by|or|per|and|through|with)|@) ((?:Children|Women)['’]s(?: (?:ED|ER|NICU|PICU))?)(?=[.,;:)\n/]|$|[ ](?:in|on|for|last|this|and|or|with|by|when|where|after|before|then|who|since|until|because|if|as|is|was|has|had|today|tomorrow|yesterday|ED|ER|NICU|PICU|\d)\b)"
)
_TRADES = frozenset(tables()["trades"].split())
_CLASSES = frozenset(["senior", "junior", "sophomore", "freshman", "grad", "alum", "dropout", "student"])
_WHO = Words(_TRADES | _CLASSES)
_FIRM = re.compile(
    rf"(?:, | \(|: | - | – | @ | with | for )(?:the )?({CAP}(?:['’]s)?(?:(?: (?:of|and|&) (?:the )?| |-){CAP}){{0,3}})(?=[.,;:)\n(]|$|[ ](?:for|in|since|until|x|\d|w/|and|x\d|[-–]))"
)
#: A program that bears a name of its own: day program Pathways.
_PROGRAM = re.compile(
    rf"\b(?:day program|after-?school program|clubhouse|IOP|PHP|drop-in|camp|sober house|bed search|LTC search|SNF search|prefers|choice(?: is)?|accepted (?:at|by)) ({CAP}(?: (?:of |the |at )?{CAP}){{0,2}})(?=[.,;:)\n(/]|$| (?:and|on|for|with|where|in|w/)\b)"
)
_PROGRAMS = Marks("program", "clubhouse", "IOP", "PHP", "drop-in", "camp ", "ober house", "search", "prefers", "choice", "accepted")  # fmt: skip


def tells(name: str, *, firm: bool = False) -> bool:
    """Say whether the words of a name may be a house's: one at least is neither medicine's nor a form's.

    Parameters
    ----------
    name
        The words as they are written.
    firm
        Whether words of everyday do where there are two of them.
    """
    words = [word_of(part) for part in re.split(r"[ -]", name) if part[:1].isupper()]
    if not words or words[0].flags & TITLE or words[0].low in _NO_ARTICLE:
        return False
    told = [word for word in words if word.low not in _GENERIC and word.low not in _WARDS]
    known = lexicon()
    return any(
        word.folded in LENT
        or (word.folded[-1:] == "s" and word.folded[:-1] in LENT)
        or (word.kind in "GSRUun" and word.folded not in known.medical and not word.upper)
        or sure(word.folded)
        for word in told
    ) or (firm and len(told) > 1 and all(word.kind in "Wgsrn" for word in told))


def shorthouses(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such houses.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    flags = found.flags
    for match in _THE.finditer(text) if _THE_MARKS.held(text, flags) and _THE_MIDST.search(text) else ():
        start = match.start(1)
        start -= 4 * (text[max(0, start - 4) : start].lower() == "the ")
        yield place(start, match.end(1), "facility", "place.the", 0.65)
    for match in _ARTICLE.finditer(text) if " The " in text else ():
        if tells(match[1]):
            yield place(match.start(), match.end(1), "facility", "place.article", 0.6)
    if _SMALL_MARKS.held(text, flags):
        for match in _SMALL.finditer(text):
            yield place(match.start(1), match.end(1), "facility", "place.small-short", 0.55)
    if _LADIES.held(text, flags):
        for match in _LADY.finditer(text):
            yield place(match.start(), match.end(), "facility", "place.holy", 0.7)
            town = _LADY_TOWN.match(text, match.end())
            if town and (
                sure(fold(town[1])) or sure(fold(town[1].split(" ")[0])) or word_of(town[1].split(" ")[0]).kind in "RUu"
            ):
                yield place(town.start(1), town.end(1), "city", "place.town", 0.6)
    if _SAINTS.held(text, flags):
        for match in _QUARTER.finditer(text):
            yield place(match.start(), match.end(), "facility", "place.saint-quarter", 0.65)
    for match in beginning(found, _OFFICE, _OF_OFFICE) if _OFFICES.held(text, flags) else ():
        if _owned(match[1]):
            yield place(match.start(1), match.end(1), "city", "place.office", 0.6)
    for match in _ARMY.finditer(text) if found.numbers and _ARMIES.held(text, flags) else ():
        if match[0].count(" ") < 2 and match[0].endswith(("Division", "Corps")) and not _SERVED.search(text):
            continue
        yield place(match.start(), match.end(), "facility", "place.army", 0.7)
    if found.numbers and _STATIONS.held(text, flags):
        for match in _STATION.finditer(text):
            group = 1 if match[1] else 2
            yield place(match.start(group), match.end(group), "facility", "place.station", 0.6)
    if "VA" in text or _VETERANS.held(text, flags):
        for match in _VA.finditer(text):
            yield from _veterans(text, match)
    if "hildren" in text or "Women" in text:
        for match in _CHILDRENS.finditer(text):
            yield place(match.start(1), match.end(1), "facility", "place.childrens", 0.6)
    yield from _firms(text, found)
    for match in _PROGRAM.finditer(text) if _PROGRAMS.held(text, flags) else ():
        if tells(match[1], firm=True):
            yield place(match.start(1), match.end(1), "facility", "place.program", 0.55)


def _firms(text: str, found: Spots) -> Iterator[Finding]:
    """Yield firms behind who works there and a mark, and schools before who learns there: deckhand, Interlake Steamship."""
    words, spans = found.words, found.spans
    if not found.flags & _WHO.bit:
        return
    lows = found.order
    for at in compress(count(), map(_WHO.__contains__, lows)):
        if words[at].flags & CAPITAL:
            continue
        match = _FIRM.match(text, spans[at][1]) if lows[at] in _TRADES else None
        if match and tells(match[1]):
            first = word_of(match[1].split(" ")[0])
            if first.upper and first.kind in "MA":
                continue  # what a welder is with: COPD, not a firm
            if " " in match[1] or first.kind in "RUu" or sure(first.folded):
                yield place(match.start(1), match.end(1), "facility", "place.trade", 0.5)
        if lows[at] in _CLASSES and at and not begins(found, at - 1):
            before = words[at - 1]
            told = before.flags & CAPITAL and not before.upper and before.kind in "RUu"
            if told and text[spans[at - 1][1] : spans[at][0]] == " ":
                yield place(*spans[at - 1], "facility", "place.class-of", 0.5)


def _owned(name: str) -> bool:
    """Say whether an office may be called by a name: by a town, by a word that no list has, by two words of landscape."""
    parts = re.split(r"[ -]", name)
    words = [word_of(part) for part in parts]
    if any(word.flags & TITLE or word.upper or word.low in _GENERIC or word.low in _WARDS for word in words[:1]):
        return False
    if fold(name) in towns() and words[0].low not in _GENERIC:
        return len(words) > 1 or sure(fold(name)) or words[0].kind not in "MA"
    if any(word.kind in "MA" for word in words):
        return False
    if len(words) == 1:
        return words[0].kind in "Uu" and words[0].points > 0.2
    return (
        all(
            word.folded in LENT or sure_way(word.folded) or word.kind in "GSRUunsgr" or word.flags & CAPITAL
            for word in words
        )
        and words[0].low not in _GENERIC
        and words[-1].low not in _GENERIC
    )


def _veterans(text: str, match: re.Match[str]) -> Iterator[Finding]:
    """Yield a veterans' house with the town before it: Mobile VA Medical Center."""
    lead = _VA_LEAD.search(text, max(0, match.start() - 40), match.start())
    parts = re.split(r"[ -]", lead[0]) if lead else []
    for first in range(len(parts)):
        name = fold(" ".join(parts[first:]))
        if name in towns() or (first == len(parts) - 1 and word_of(parts[first]).kind in "RUuS"):
            yield place(match.start() - len(" ".join(parts[first:])), match.end(), "facility", "place.va", 0.7)
            return


__all__ = ["shorthouses", "tells"]
