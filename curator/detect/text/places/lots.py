# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Streets that no word of their own tells: lives at 65 Whippoorwill; 88 Dogwood Spur, Licking MO; Am Alten Markt 1.

What stands around tells them: a verb of living before a number, a town with its state or code behind. Never a dose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.gazetteer import sure, towns
from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.streets import CAP, FLOOR, place, states, unit_after
from curator.detect.text.words.anycase import Before
from curator.detect.text.words.hints import Marks
from curator.detect.text.words.spots import Spots, beginning
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.findings import Finding

#: A house's number and a name: 65 Whippoorwill, 31 Elm, 14B Pelican Isle.
_LOT = re.compile(
    rf"\d{{1,5}}(?:-\d{{1,4}}|[A-Z]\b)?(?:[ ]1/2)?[ ](?:[NSEW]\.?[ ])?(?:(?:Le|La|El|Los|Las|St\.?|Mt\.?)[ ])?{CAP}(?:[ -]{CAP}){{0,3}}"
)
_LIVES = re.compile(
    r"\b(?:(?:[Ll]iv(?:es?|ed|ing)|[Rr]esid(?:es?|ed|ing)|[Ss]tay(?:s|ed|ing)?|[Hh]ouse|[Hh]ome|[Aa]pt|[Ll]ocated|[Mm]ov(?:ed|ing)|[Bb]orn|[Ff]ound|[Pp]icked up|[Dd]ispatched|[Rr]esponded|[Mm]ail(?:ed)?|[Ss]hip(?:ped)?|[Dd]eliver(?:ed|y)?|[Ff]ire|[Ss]cene|[Vv]isit(?:ed|s)?|now|are|is)(?:[ ](?:down|back|alone|out))?[ ](?:at|to)"
    r"|(?:[Pp]ick(?:ed)?[ ]up|[Dd]rop(?:ped)?[ ]off|[Ff]ound|[Ss]een|[Ww]ent|[Ss]cene|[Rr]esidence|[Hh]ome)[ ](?:\w+[ ]){0,3}@|(?:[Aa]ddress|ADDRESS|[Aa]ddr|[Rr]esidence|[Hh]ome)(?:[ ](?:is|was|of)|:)|[Ll]ives|LIVES AT|RESIDES AT)[ ]$"
)
#: The same in either case, which is told faster.
_ANY_LIVES = Before(_LIVES.pattern)
_IS_HOME = re.compile(
    r"[ ](?:is|was)[ ](?:the|his|her|my|their|our)[ ](?:home|mailing|street|current|new|old)?[ ]?(?:address|home|house|residence)\b"
)
#: What follows a lot for it to be one: a town with its state or code, the end of the line before one.
_TOWN_AFTER = re.compile(rf",?(?:[ ]|\n[ ]*)((?:{CAP}[ -]){{0,3}}{CAP}),?(?:[ ]|,)")
_TELEPHONE = re.compile(r",?[ ](?:ph|Ph|PH|tel|Tel|TEL|phone|Phone|cell|Cell)\b[.:]?[ ]?\(?\d")
_NO_LOT = frozenset(tables()["no_lot"].split())
#: What is given in joules: cardioversion at 150 J. First attempt.
_SHOCK = re.compile(r"shock|cardiover|defib|joule|energ|bi-?phasic|synchron|deliver", re.IGNORECASE)
_MONTHS = frozenset(["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"])  # fmt: skip

#: Streets of Latin America by number: Calle 22 No. 680, Cra. 7 # 45-10.
_GRID = re.compile(
    r"\b(?:Calle|CALLE|Carrera|Cra\.?|Cl\.?|Kr\.?|Diagonal|Transversal|Avenida|Avda?\.?|Av\.|Circular|Manzana|Mz\.?)[ ]\d{1,3}[A-Za-z]?(?:[ ](?:bis|Sur|Norte|Este|Oeste|Ote|Pte|Nte))?\.?,?[ ]?(?:(?:#|No\.?|N[º°o]\.?|Lote|Lt\.?|con)[ ]?\d{1,4}[A-Z]?(?:[ ]?[-–x][ ]?\d{1,4})?|[x×][ ]?\d{1,3}(?:[ ]y[ ]\d{1,3})?)"
)
#: German streets behind small words: Am Alten Markt 1, An der Mühle 4a, Unter den Linden 5.
_GERMAN = re.compile(
    rf"\b(?:Am|An der|An den|Auf der|Auf dem|Im|In der|In den|Zum|Zur|Unter den|Hinter der|Hinter dem|Vor dem|Bei der|Alte|Alter|Neue|Neuer|Obere|Untere|Große|Kleine)[ ]{CAP}(?:[ ]{CAP})?[ ]\d{{1,3}}[ ]?[a-h]?(?=,?[ ]?\n|,?[ ](?:[A-Z]{{1,2}}-)?\d{{4,5}}\b|,?[ ][A-Z]\d[A-Z\d])"
)
#: Streets of Quebec and France whose kind is rare: 1180, rang Saint-Achille.
_FRENCH = re.compile(
    rf"(?<![\w/.-])\d{{1,5}}(?:[ ]?(?:bis|ter|[A-C]))?,?[ ](?:[Rr]ang|[Mm]ont[ée]e|[Ss]entier|[Cc]ôte|[Ff]aubourg|[Rr]ond-point|[Ll]otissement|[Cc]it[ée]|[Ss]quare|[Vv]illa|[Rr]uelle|[Vv]oie|[Cc]hemin|[Ss]ente|[Tt]raverse|[Mm]ail|[Pp]romenade|[Qq]uartier|Rue|Avenue|Boulevard|Place|Impasse|Allée)[ ](?:(?:de|du|des|la|le|les)[ ]|[ld]['’])*{CAP}(?:[ -](?:de |du |des |la )?{CAP}){{0,3}}"
)
_LEAD_IN = re.compile(
    rf"\b(?:Lot|Plot|House|Flat|Unit|Shop|Villa|Door|Block|Blk|Stand|Erf|D\.No\.|H\.No\.|No\.|Site|Level|Space|Spc|Sp|Trailer|Trlr|Apt|Apartment|Room|Cabin|Slip|Suite|Ste|Bldg|Building)\.?[ ]?(?:No\.?[ ]?)?#?\d[\w/-]{{0,9}}(?:,?[ ]|/)(?:\d{{1,5}}[A-Z]?[ ])?(?:[NSEW]\.?[ ])?(?:(?:{CAP}|\d{{1,3}}(?:st|nd|rd|th))[ ]){{1,3}}(?:Rd|Road|St|Street|Ave|Avenue|Lane|Ln|Dr|Drive|Close|Crescent|Cres|Way|Nagar|Colony|Cross|Marg|Layout|Terrace|Place|Court|Ct|Gardens|Estate|Grove|Parade|Pde|Hwy|Highway|Track|Trailer Park|Mobile Home Park|Mobile Park|Mobile Estates|MHP|RV Park|Acres|Manor|Meadows|Pines|Oaks|Villas?|Terrace|Ranch|Farms|Estates|Campground|Apartments|Apts|Marina|Village|Square|Sq|Hill|Rise|View|Row|Mews|Blvd|Boulevard|Circle|Cir|Trail|Walk)\b\.?"
)
_LED = frozenset(["lot", "plot", "house", "flat", "unit", "shop", "villa", "door", "block", "blk", "stand", "erf", "d", "h", "no", "site", "level", "space", "spc", "sp", "trailer", "trlr", "apt", "apartment", "room", "cabin", "slip", "suite", "ste", "bldg", "building"])  # fmt: skip
_LEADS = Marks(
    "Lot ",
    "Plot ",
    "House ",
    "Flat ",
    "Unit ",
    "Shop ",
    "Villa ",
    "Door ",
    "Block ",
    "Blk ",
    "Stand ",
    "Erf ",
    ".No.",
    "No.",
    "Site ",
    "Level ",
    "Space ",
    "Spc",
    "Sp ",
    "Trailer ",
    "Trlr",
    "Apt",
    "Apartment ",
    "Cabin ",
    "Ste",
    "Suite ",
    "Bldg",
    "Building ",
)
#: Roads of Great Britain and Ireland by number, behind the article that people say: off the A47, on the M62.
_BRITISH = re.compile(
    r"\b(?:on|off|along|near|down|up|from|to)[ ]the[ ]([AN]\d{2,4}|M\d{1,2}|R\d{3})\b(?![ ]?(?:segment|branch|receptor|antibod|form|site|dose|level|mutation|position|allele|chain|%))"
)
#: A named lane between commas and before a town: The Old Forge, Church Lane, Castor PE5 7A.
_LANE = re.compile(
    rf"(?:(?<=\n)|(?<=, ))((?:The[ ])?(?:{CAP}[ ]){{1,3}}(?:Lane|Road|Rd|Street|Close|Drive|Avenue|Terrace|Crescent|Way|Row|Mews|Gardens|Hill|Green|Court|Walk|Place|Parade|Square)),[ \n]({CAP}(?:[ -]{CAP})?)"
)
_LANE_WORDS = Marks(
    "Lane,",
    "Road,",
    "Street,",
    "Close,",
    "Drive,",
    "Avenue,",
    "Terrace,",
    "Crescent,",
    "Row,",
    "Mews,",
    "Gardens,",
    "Green,",
)


_GRIDS = Marks("Calle ", "CALLE ", "Carrera ", "Cra", "Diagonal ", "Transversal ")
_ACCENTED = re.compile("[éèô]")
_GERMANS = Marks("Am ", "An de", "Auf de", "Im ", "In de", "Zum ", "Zur ", "Unter ")
_FRENCHES = Marks(" Rue ", " rang ", " chemin ")
#: A street before a code and its town, without any word of streets: Nowy Świat 15/3, 00-029 Warszawa.
_BEFORE_CODE = re.compile(
    rf"((?:{CAP}[ ]){{1,3}}\d{{1,4}}[ ]?[A-Za-z]?(?:/\d{{1,4}})?(?:[ ](?:lgh|m\.|tr\.|v[åa]n)[ ]?\d{{1,4}})?),?[ \n]((?:[A-Z]{{1,2}}-)?\d{{4,5}}|\d\d-\d{{3}}|\d{{3}}[ ]\d\d)[ ]({CAP}(?:[ -]{CAP})?)"
)


def lots(text: str, found: Spots) -> Iterator[Finding]:
    """Yield streets that only their surroundings tell.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    done = last = 0
    size = len(text)
    for start, end in found.numbers:
        near, last = start - last < 6, end
        if end - start > 5 or start < done or end + 2 > size:
            continue
        after = text[end]
        if after not in " -" and not after.isupper():
            continue
        # A street, its code and its town: the code is told by what stands around before the pattern is tried.
        if (
            near
            and start > 6
            and after in " -"
            and text[start - 1] in " \n-"
            and (text[end + 1].isupper() or text[end + 1 : end + 3].isdigit())
        ):
            yield from _coded(text, start)
        if not (text[end] == " " and text[end + 1].isupper()) and not (
            text[end].isupper() and text[end + 1] == " " and text[end + 2 : end + 3].isupper()
        ):
            continue
        if start and (text[start - 1].isalnum() or text[start - 1] in ".-:$%#"):
            continue
        stop = _lot(text, start)
        while stop and start > 1 and text[start - 1] == "/" and text[start - 2].isdigit():
            start -= 2
        if stop:
            done = stop
            yield place(start, stop, "street", "place.lot", 0.7)
    if _LEADS.held(text, found.flags):
        for match in beginning(found, _LEAD_IN, _LED):
            yield place(match.start(), match.end(), "street", "place.lot", 0.8)
    if " the A" in text or " the M" in text or " the N" in text or " the R" in text:
        for match in _BRITISH.finditer(text):
            yield place(match.start(1), match.end(1), "street", "place.road", 0.6)
    if _LANE_WORDS.held(text, found.flags):
        for match in _LANE.finditer(text):
            if sure(fold(match[2])) or sure(fold(match[2].split(" ")[0])):
                yield place(match.start(1), match.end(1), "street", "place.lane", 0.7)
    for form, held in (
        (_GRID, "Av" in text or _GRIDS.held(text, found.flags)),
        (_GERMAN, _GERMANS.held(text, found.flags)),
        (_FRENCH, _FRENCHES.held(text, found.flags) or (not text.isascii() and _ACCENTED.search(text) is not None)),
    ):
        for match in form.finditer(text) if held else ():
            stop = match.end()
            floor = FLOOR.match(text, stop) or unit_after(text, stop)
            yield place(match.start(), floor.end() if floor else stop, "street", "place.street-foreign", 0.85)


def _coded(text: str, start: int) -> Iterator[Finding]:
    """Yield a street, its code and its town: Kungsgatan 44 lgh 1102, 111 35 Stockholm."""
    lead = _LEAD_UP.search(text, max(0, start - 60), start)
    match = _BEFORE_CODE.match(text, lead.start(1)) if lead else None
    if match is None or match.start(2) > start or match.end(2) < start:
        return
    first, code = fold(match[1].split(" ")[0]), match[2]
    town = next((part for part in (match[3], match[3].split(" ")[0]) if sure(fold(part))), None)
    formed = "-" in code or (" " in code and town)
    if first in lexicon().medical or first in _MONTHS or not (town or formed):
        return
    yield place(match.start(1), match.end(1), "street", "place.coded", 0.75)
    yield place(match.start(2), match.end(2), "zip", "place.coded", 0.8)
    yield place(match.start(3), match.start(3) + len(town or match[3]), "city", "place.coded", 0.75)


_LEAD_UP = re.compile(
    rf"(?:^|[,;:\n|(]|\b(?:at|in|bei|adress|Adresse|Address))[ ]?((?:{CAP}[ ]){{1,3}}\d{{1,4}}[ ]?[A-Za-z]?(?:/\d{{1,4}})?(?:[ ](?:lgh|m\.|tr\.|v[åa]n)[ ]?\d{{1,4}})?,?[ \n](?:[A-Z]{{1,2}}-|\d\d-)?)$"
)


def _lot(text: str, start: int) -> int | None:
    """Return where a house's number and street end, if what stands around tells them."""
    match = _LOT.match(text, start)
    if match is None:
        return None
    names = [part for part in match[0].split(" ")[1:] if part]
    first = fold(names[0].rstrip("."))
    if first in _NO_LOT or first in _MONTHS or (first == "j" and _SHOCK.search(text, max(0, start - 80), start)):
        return None
    known = lexicon()
    medical = first in known.medical and first not in known.words and first not in known.surnames
    if _IS_HOME.match(text, match.end()):
        return match.end()
    head = max(0, start - 32)
    if not medical and _ANY_LIVES.holds(text, head, start) and _LIVES.search(text, head, start):
        unit = unit_after(text, match.end())
        return unit.end() if unit else match.end()
    if medical or first in known.medical:
        return None
    if _TELEPHONE.match(text, match.end()) and len(names) < 4:
        return match.end()
    unit = unit_after(text, match.end())
    stop = unit.end() if unit else match.end()
    if text[stop : stop + 1] not in {",", "\n"}:
        return None
    town = _TOWN_AFTER.match(text, stop)
    if town is None:
        return None
    behind = text[town.end(1) : town.end(1) + 24].lstrip(" ,")
    if _state().match(behind) and (fold(town[1]) in towns() or "," in text[stop : stop + 1]):
        return stop
    parts = town[1].split(" ")
    if (
        len(parts) > 1
        and (parts[-1] in _codes() or (parts[-1] in _AUSTRALIAN and behind[:4].isdigit()))
        and fold(" ".join(parts[:-1])) in towns()
    ):
        return stop
    return None


@cache
def _state() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{states()})\b(?:[ ,.;]|$|\n)|\d{{5}}(?:-\d{{4}})?\b|[A-Z]{{1,2}}\d[A-Z\d]?[ ]\d[A-Z]{{2}}\b|[A-Z]\d[A-Z][ ]\d[A-Z]\d|(?:NSW|VIC|QLD|TAS|ACT|SA|WA|NT)[ ]\d{{4}}"
    )


_AUSTRALIAN = frozenset(["NSW", "VIC", "QLD", "TAS", "ACT", "SA", "WA", "NT"])


@cache
def _codes() -> frozenset[str]:
    return frozenset(tables()["state_codes"].split())
