# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Street addresses, boxes, highways, ZIP and postal codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.gazetteer import towns
from curator.detect.text.lists.letters import UPPER
from curator.detect.text.lists.lexicon import fold
from curator.detect.text.places.coordinates import coordinates, rough
from curator.detect.text.words.hints import Marks, Words
from curator.detect.text.words.spots import BOX, STREET, Spots, beginning, starting
from curator.detect.text.words.vocabulary import CAPITAL, WAY, tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

CAP = rf"(?:[{UPPER}][a-z]{{0,2}}\.|[{UPPER}](?:[^\W\d_]|['’̀-ͯ-])*)"
_SUFFIX = (
    "Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Drv|Court|Ct|Circle|Cir|Place|Pl|Terrace|Ter|Way|Parkway|Pkwy|Highway|Hwy|Trail|Trl|Square|Sq|Plaza|Loop|Alley|Crescent|Cres|Close|Row|Path|Pike"
    "|Turnpike|Tpke|Expressway|Expy|Freeway|Fwy|Broadway|Bypass|Causeway|Run|Ridge|Crossing|Xing|Walk|Mews|Gardens|Grove|Point|Pt|Cove|Bend|Hollow|Heights|Hills?|Landing|Commons|Gdns|Esplanade|Quay|Wharf|Meadows?|Vista|View|Estates?|Orchard|Glen|Park|Spur|Trace|Isle|Chase|Knoll|Rise|Oval|Parade|Pde|Croft|Creek|Fork|Pass|Green|Overlook|Promenade|Circuit|Vale|Gate|Thruway|Corniche|Bluffs?|Branch|Brook|Canyon|Cyn|Cliff|Corner|Cts|Courts|Crest|Curve|Dale|Falls|Ferry|Forest|Forge|Hts|Holw|Harbor|Harbour|Hbr|Island|Jct|Junction|Knl|Lakes?|Lndg|Manor|Mnr|Mdws?|Mills?|Mtn|Mountain|Orch|Plz|Prairie|Ranch|Rdg|Shores?|Skyway|Springs|Spgs|Summit|Trce|Trafficway|Valley|Vly|Viaduct|Villas?|Village|Vlg|Vw|Wells|Bl|Cv|Wy|Aly|Bnd|Crk|Cswy|Expwy|Grv|Gln|Grn|Cr|Croft|Fields|Woods|Pines|Oaks|Centre|Yard|Wynd|Brae|Loan"
)
_UNIT = r"(?:[.]?,?\s*(?:Apt|APT|apt|Apartment|Unit|UNIT|Suite|Ste|STE|Rm|Room|Bldg|Building|Floor|Fl|Lot|Trlr|Trailer|Spc|Space|Sp|Slip|No(?=\.?\s?#?\s?[A-Za-z]?-?\d)|#)\.?\s*#?\s?[A-Za-z]?-?\d{0,5}(?:-?[A-Za-z]\b)?(?:-\d{1,3})?\b|,?[ ]\d{1,2}(?:st|nd|rd|th)[ ](?:Fl|Floor)\b\.?)?"
_STREET = re.compile(
    rf"(?<![\w/.-])(?:[NSEW]\d{{2,5}}[NSEW]\d{{2,6}}|[NSEW]\d{{3,5}}|\d{{1,6}}(?:-(?:\d{{1,4}}|[A-Z])|\s?[A-Z]\b|[ ]1/2|[ ]½)?),?[ ]+(?:(?:[NSEW]|[NS][EW]|North|South|East|West|Northeast|Northwest|Southeast|Southwest|NORTH|SOUTH|EAST|WEST)\.?[ ]+)?"
    rf"(?:(?:{CAP}|\d{{1,3}}(?:st|nd|rd|th|ST|ND|RD|TH)|of|de|la|del|the)[ ]+){{1,5}}?(?:{_SUFFIX}|{_SUFFIX.upper()}|st|ave|rd|street|avenue|road|lane|drive|blvd|boulevard|court)\b\.?(?:[ ]+\d{{1,4}}\b)?(?:[ ]+(?:[NSEW]|[NS][EW]|North|South|East|West)\b\.?)?{_UNIT}"
)
#: Streets that have their kind first, or none at all.
_STREET_FIRST = re.compile(
    rf"(?<![\w/.-])[NSEW]?\d{{1,6}}[ ]+(?:[NSEW]\.?[ ]+)?(?:I-\d{{1,3}}[ ](?:[NSEW][ ])?{CAP}[ ](?:Rd|Road)\b\.?|(?:Avenue|Ave\.?|Highway|Hwy\.?|Route|Rte\.?|County (?:Road|Rd|Highway|Hwy)|CR|State (?:Road|Route|Highway|Hwy)|SR|US|Farm Road|FM|Interstate|I)[ -]?(?:of[ ]the[ ])?(?:\d{{1,4}}[A-Z]?\b|[A-Z]{{1,2}}\b|{CAP})|Broadway|(?:Old|US|U\.S\.|State|County|Co|Ranch|Farm|Forest|Township|Twp|Rural)\.?[ ](?:Highway|Hwy|HWY|Route|Rte|Rt|Road|Rd)\.?[ ]\d{{1,4}}[A-Z]?|Rt\.?[ ]\d{{1,4}}|(?:Avenue|Boulevard)[ ]of[ ]the[ ]{CAP}|(?:Calle|Avenida|Avda\.?|Camino|Paseo|Via|Vista|Rue|Chemin|Rua|Plaza|Corso|Viale|Caminito|Placita|Vereda|Callejon|Cerro|Rancho|Circulo|Montée|Rang|Allée|Impasse)(?:[ ](?:de|del|la|las|los|du|des|d['’]|l['’]))*(?:[ ]{CAP}){{1,3}}|The[ ](?:Strand|Esplanade|Avenue|Parade|Promenade|Mall|Green|Close|Crescent|Quay|Terrace|Grove|Drive|Boulevard|Alameda|Embarcadero)|Esplanade|Embarcadero|Interstate[ ]\d{{1,3}}[ ]\w+[ ]\w+|I-\d{{1,3}}[ ]{CAP}[ ](?:Rd|Road))(?:[ ]+(?:[NSEW]|[NS][EW]|North|South|East|West|Norte|Sur)\b)?{_UNIT}"
)
_LOWER_SUFFIX = "street|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|court|ct|circle|parkway|pkwy|terrace|highway|hwy|way|st|dr|trail|place"
_STREET_LOWER = re.compile(
    rf"(?<![\w/.-])(?:\d{{2,5}}|(?<=address )\d|(?<=addr: )\d|(?<=lives at )\d|(?<=is )\d)\s+(?:[nsew]\.?\s+|north\s+|south\s+|east\s+|west\s+)?(?:(?:[a-z]+|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,3}}?(?:{_LOWER_SUFFIX})\b(?!\s+(?:of|drug|to|for|with))(?:,?\s(?:apt|unit|#)\.?\s?#?\w{{1,5}})?"
)
_BY_NAME = re.compile(
    rf"(?:(?:(?:[NSEW]|North|South|East|West)\.?[ ])?(?:{CAP}|\d{{1,3}}(?:st|nd|rd|th))[ ]){{1,3}}(?:Street|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Parkway|Pkwy|Drive|Highway|Court|Terrace|Trail|St)\b\.?"
)
_CORNER = re.compile(
    rf"\b(?:[Oo]n|[Aa]t|[Oo]ff|[Cc]orner of|[Ii]ntersection of|[Nn]ear)[ ]((?:\d{{1,3}}(?:st|nd|rd|th)|{CAP})(?:[ ](?:St|Ave|Avenue|Street|Rd|Road|Blvd))?\.?[ ](?:and|&)[ ](?:\d{{1,3}}(?:st|nd|rd|th)|{CAP})(?:[ ](?:St|Ave|Avenue|Street|Rd|Road|Blvd)\b)?)"
)
_ON_ORDINAL = re.compile(
    r"\b(?:on|off|at)[ ](?:[NSEW]\.?[ ])?(\d{1,3}(?:st|nd|rd|th)(?:[ ](?:St|Ave|Street|Avenue)\b\.?)?)(?![ -](?:day|week|month|attempt|dose|visit|time|hour|floor|grade|digit|rib|toe|finger|percentile|of|POD|hospital|postop|trimester|degree|MTP|metatarsal|try|post|interspace|intercostal|line|cycle|year|admission|episode|birthday))"
)
_ROAD = re.compile(
    r"\b(?:(?:Old|Township|County|State|Forest|Ranch|Farm|BIA|TWP|CR|US|[NSEW]|North|South|East|West)[ ]){0,2}(?:Highway|Hwy\.?|Route|Rte\.?|RTE\.?|HWY\.?|Interstate|Road|ROAD|Rd|US-)[ -]?\d{1,4}[A-Z]?\b(?:[ ]?[NSEW]\b)?(?:,?[ ](?:(?:at|near)[ ])?(?:exit|Exit|mile marker|MM)[ ]#?\d{1,4}[A-Z]?)?|\b(?:MM|[Mm]ile [Mm]arker)[ ]\d{1,3}(?:\.\d)?(?:[ ](?:on[ ])?I-\d{1,3}\b(?:[ ]?[NSEW]B?\b)?)?|\bI-\d{1,3}[ ]?[NSEW]B\b|\bI-\d{1,3}(?:[ ]?[NSEW]B?)?(?:,?[ ](?:(?:at|near)[ ])?(?:exit|Exit|mile marker|MM)[ ]#?\d{1,4}[A-Z]?)"
    r"|(?:(?<=\bon )|(?<=\boff )|(?<=\boff of )|(?<=\balong )|(?<=\bnear )|(?<=\bdown )|(?<=\bvia )|(?<=\bexit )|(?<=\btake )|(?<=\bto ))I-(?!1(?:2[345]|31)\b)\d{1,3}\b(?![ ]?(?:therapy|scan|uptake|MIBG))"
)
_BOX = re.compile(
    r"\b(?:P\.?[ ]?O\.?[ ]?(?:Box|Drawer)|PMB|Post Office Box|Postal Box|Postfach|Apartado(?: Postal)?|Casilla|Bo[iî]te Postale|B\.P\.|GPO Box|Box)[ ]#?\d{1,6}\b|\bGeneral Delivery\b|\bP\.?O\.?B\.?[ ]#?\d{1,6}\b|\b(?:(?:RR|R\.R\.|HCR?|SR|Rt\.?|Rte\.?|Route|Star Route|PSC|CMR|Unit|HC)[ ]?#?\d{0,5},? Box \d{1,5}(?:-?[A-Z]\b)?|Rural Route[ ]?#?\d{1,3}(?:,? Box \d{1,5})?)\b",
    re.IGNORECASE,
)
#: With what these begin.
_BOXES = frozenset(["p", "po", "pob", "pmb", "post", "postal", "postfach", "apartado", "casilla", "boite", "boîte", "b", "gpo", "box", "general", "rr", "r", "hcr", "hc", "sr", "rt", "rte", "route", "star", "psc", "cmr", "unit", "rural"])  # fmt: skip
#: Before a box in small letters that is one of mail, and none of a clinic, a freezer or a stall.
_MAILED = re.compile(
    r"(?:\b(?:mail\w*|address|addr|send|po|p\.o\.|lives?(?: at)?|route|rte?\.?|(?:rr|hc|rt|route)\.? ?#?\d{1,4}),?:? ?)$",
    re.IGNORECASE,
)
_APARTMENT = re.compile(
    r"\b(?:Apt|Apartment|Bldg|Trailer|Trlr)\.?[ ]?#?[ ]?(?:[A-Z]-?)?\d{1,5}[A-Z]?\b|\b(?:Building|Tower)[ ](?:\d{1,3}|[A-Z])\b(?:,?[ ](?:Unit|Apt|Floor|Room)[ ]#?\w{1,5})?"
)
_FOREIGN = re.compile(
    rf"(?<![\w/.-])\d{{1,4}}(?:\s?(?:bis|ter))?,?\s+(?:rue|avenue|boulevard|place|chemin|all[ée]e|impasse|quai|route|cours|passage)\s+(?:(?:de|du|des|la|le|les|l['’]|d['’])\s*)*{CAP}(?:[ -](?:de |du |des )?{CAP})*"
    rf"|\b(?:[Rr]ue|[Cc]alle|C/[ ]?(?=[A-Z][a-z]{2})|Avenida|Av\.|Avda\.?|Carrera|Cra\.?|Paseo|Plaza|Calzada|Blvd\.|Privada|Rua|R\.|Via|Viale|V\.le|Piazza|P\.za|Corso|Travessa|Praça|Largo|Ul\.|ul\.|ulica|ulice|ul|Plac|pl\.|al\.|Aleja|Str\.|Strada|utca|Jalan|Jl\.)\s?(?:(?:de|del|la|las|los|da|do|dos|das|di|della|dei|l['’])\s?)*{CAP}(?:\s+(?:(?:de|del|la|da|do|y)\s)?{CAP}){{0,3}}(?:,?\s*(?:n[º°.]?\s?|No\.?\s?|#\s?|Nr\.?\s?)?\d{{1,5}}(?:[/-]\d{{1,4}})?[A-Za-z]?)\b"
    rf"|\b[{UPPER}][\wäöüß-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|plein|gracht|kade|gade|vej|gatan|gata|vägen|veien|vei|katu|tie|utca)\s+\d{{1,4}}\s?[a-zA-Z]?\b"
    rf"|\b{CAP}(?:\s{CAP})?\s(?:Straße|Strasse|Allee|Platz|Weg|utca|út|tér|köz|Sokak|Sokağı|Caddesi|Cad\.|Sok\.|Mahallesi|Marg|Nagar|Chowk|Vihar|Bagh|Salai|Colony)\b,?\s*(?:(?:No|no|Nr|nr)[.:]?\s?)?\d{{0,4}}[a-z]?"
    rf"|\b(?:Flat|House|Plot|Door|H\.)\s?(?:No\.?|#)?\s?\d{{1,5}}[A-Z/-]?\w{{0,3}},\s(?:\d{{1,4}}[A-Za-z]?,?\s)?{CAP}(?:\s{CAP}){{0,3}}(?:(?<=Sector)[ -]?\d{{1,3}}[A-Z]?|(?<=Phase)[ -]?\w{{1,3}}|(?<=Block)[ -]?\w{{1,3}})?"
)
#: With what these begin in small letters.
_ABROAD = frozenset(["rue", "calle", "c", "ul", "ulica", "ulice", "pl", "al", "utca"])
_PARTS = Marks("str.", "ul.", "Ul.", "Jl.", "Flat ", "Plot ", "Cad.", "Colony")  # fmt: skip
_NOT_STREET = re.compile(r"\d+\s+(?:Dr|St|Pl|Ct|Way|Fl|Park|Point|Run|View)\b\.?$")
_DIGITS = re.compile(r"(?<![\w/.:$-])(?:[NSEW]\d{2,5}[NSEW]|[NSEW](?=\d{3,5}[ ]))?\d{1,6}(?![./:]\d)")
_ZIP = re.compile(r"\d{5}(?:-\d{4})?(?![\d-])")
_POSTCODE = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}\b|\b[AC-FHKNPRTV-Y]\d[\dW][ ](?=[A-Z]*\d)[A-Z\d]{4}\b|\b[ABCEGHJ-NPRSTVXY]\d[A-Z][ ]?\d[A-Z]\d\b"
)
_POST_CITY = re.compile(rf"(?:[A-Z]{{1,2}}-)?\d{{4,5}}[ ]({CAP}(?:[ ]{CAP})?)")
_AUSTRALIA = re.compile(
    r"\b(?:NSW|VIC|QLD|TAS|ACT)[ ]\d{4}\b|\b(?:C\.?P\.?|PIN|PLZ|CAP|CEP)[ :.]{1,2}\d{5,6}(?:-\d{3})?\b"
)
_LETTERED = Marks("NSW", "VIC", "QLD", "CP ", "PIN", "PLZ", "CEP", "CAP", "TAS", "ACT ")
_INDIA = re.compile(rf"\b({CAP})[ ]?[-–]?[ ]?(\d{{3}}[ ]?\d{{3}})\b")
_POLISH = re.compile(rf"\d\d-\d{{3}}[ ][{UPPER}][^\W\d_A-Z]+")
_PREFIXED = re.compile(
    rf"\b(?:CH|DE?|AT?|FR?|IT?|ES?|NL|BE?|SE|DK|NO|FI|PL|CZ|HR|SI|LV|LT|EE|L|MD|GR|TR)-\d{{4,5}}\b(?:[ ]{CAP}(?:[ -]{CAP})?)?"
)
_DUTCH = re.compile(r"\b\d{4}[ ][A-Z]{2}(?=[ ,]+[A-Z])")


def place(start: int, end: int, kind: str, rule: str, trust: float) -> Finding:
    """Return a finding of a geographic unit."""
    return Finding(start, end, Category.GEOGRAPHY, kind, rule, trust)


@cache
def states() -> str:
    """Return the states' codes and names as alternatives of a pattern."""
    listed = tables()
    names = "|".join(listed["states"].split("\n"))
    codes = [code for code in listed["state_codes"].split() if len(code) == 2]
    dotted = "|".join(rf"{code[0]}\.[ ]?{code[1]}\." for code in codes)
    dotted += "|" + "|".join(f"{name}\\." for name in listed["state_short"].split())
    return f"{dotted}|{'|'.join(codes)}|{names}"


@cache
def _state_before() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{states()})(?:,?\s+|\^)$|\b(?:near|zip|ZIP|Zip)(?:[ ]code)?(?:[ ]of[ ]\w+)?[ ]$")


def streets(text: str, found: Spots) -> Iterator[Finding]:
    """Yield addresses and codes of post."""
    if found.numbers or found.ways:
        yield from _ways(text, found)
    if found.numbers:
        yield from _codes(text, found)
    if (
        "corner" in text
        or "intersection" in text
        or (found.numbers and (not text.isascii() or found.flags & _ENDINGS.bit) and _ORDINAL.search(text))
    ):
        for match in beginning(found, _CORNER, _AT_CORNER):
            yield place(match.start(1), match.end(1), "street", "place.corner", 0.7)
    if found.flags & BOX and found.numbers:
        for match in beginning(found, _BOX, _BOXES) if found.plain else _BOX.finditer(text):
            if match[0].startswith("box ") and not _MAILED.search(text, max(0, match.start() - 14), match.start()):
                continue
            yield place(match.start(), match.end(), "street", "place.box", 0.9)
    if found.numbers and (found.flags & STREET or "C/" in text or _PARTS.held(text, found.flags)):
        for match in starting(found, _FOREIGN, _ABROAD):
            stop = match.start() + len(match[0].rstrip(" ,"))
            unit = FLOOR.match(text, stop) or unit_after(text, stop)
            yield place(match.start(), unit.end() if unit else stop, "street", "place.street-foreign", 0.9)


#: Floors and doors behind a street of Latin countries or Poland.
FLOOR = re.compile(
    r",?[ ](?:\d{1,2}[ ]?[º°ªoa.][ ]?(?:[A-F]\b|Esq\w*|Dto\w*|Dcha|izq\w*|dcha|der\w*|andar|piso)?\.?|[Pp]iso[ ]\d{1,2}(?:[ ]?[A-Z]\b)?|[Dd]e?pto\.?[ ]?\w{1,4}|Int\.?[ ]?\w{1,4}|[Ee]sc\.?[ ]?\w{1,2}|int\.[ ]?\d{1,3}|scala[ ][A-Z]|bte[ ]\d{1,3}|[ée]tage[ ]\d|m\.[ ]?\d{1,3}|lok\.[ ]?\d{1,3})"
)
#: Words of streets that hardly mean anything else, so that no number is needed.
_PLAIN_WAYS = frozenset(tables()["plain_ways"].split())
_ON = frozenset(tables()["on"].split())
_LENT = frozenset(tables()["lent"].split())


def _ways(text: str, found: Spots) -> Iterator[Finding]:
    words, spans = found.words, found.spans
    numbers, count, later = found.numbers, len(found.numbers), 0
    done = 0
    for at in found.ways:
        start, end = spans[at]
        if start < done:
            continue
        word, window = words[at], max(0, start - 56)
        while later < count and numbers[later][0] < window:
            later += 1
        hit = None
        capital = word.flags & CAPITAL
        first = _ROUTES if word.low in _KIND_FIRST else ()
        for digits in _DIGITS.finditer(text, window, start) if later < count and numbers[later][0] < start else ():
            for form in (_STREET, *first) if capital else (_STREET_LOWER, _STREET):
                match = form.match(text, digits.start())
                if (
                    match
                    and match.end() >= end
                    and not (
                        word.low in _SHORT_KINDS
                        and not _ADDRESSED.search(text, max(0, digits.start() - 16), digits.start())
                    )
                    and not (form is _STREET and _NOT_STREET.match(match[0]))
                    and not (form is _STREET_LOWER and _SENTENCE.search(match[0]))
                    and not (
                        word.low == "dr"
                        and (words[at - 1].kind in {"M", "A", "I"} or words[at - 1].low in _BEFORE_TITLE)
                    )
                ):
                    hit = match
                    break
            if hit:
                break
        if hit:
            done = hit.start() + len(hit[0].rstrip(" ,\n"))
            after = at + 1
            while after < len(words) and spans[after][0] <= done:
                after += 1
            while (
                after < len(words)
                and words[after].flags & WAY
                and (words[after].flags & CAPITAL or words[after].low in _PLAIN_WAYS or words[after].low == "st")
                and text[done : spans[after][0]] == " "
            ):
                done = spans[after][1]
                after += 1
            quarter = _QUARTER_AFTER.match(text, done)
            done = quarter.end() if quarter else done
            unit = _UNIT_AFTER.match(text, done)
            if unit and unit[0].strip(" ,"):
                done += len(unit[0].rstrip())
            yield place(hit.start(), done, "street", "place.street", 0.9)
            continue
        if (
            capital
            and word.low in {"highway", "hwy", "route", "rte", "road", "rd", "interstate"}
            and text[end : end + 2].strip(" .")[:1].isdigit()
        ):
            first_word = at
            while (
                first_word
                and at - first_word < 2
                and words[first_word - 1].low in _ROAD_LEADS
                and text[spans[first_word - 1][1] : spans[first_word][0]] == " "
            ):
                first_word -= 1
            match = (
                _ROAD.match(text, spans[first_word][0]) if first_word < at or word.low not in {"road", "rd"} else None
            )
            if match:
                done = match.end()
                yield place(match.start(), done, "street", "place.road", 0.8)
        elif (
            capital
            and (
                word.low in _PLAIN_WAYS
                or (word.low in _DRIVES and _drive(text, found, at))
                or word.low in {"st", "square", "sq", "way", "plaza", "place"}
            )
            and at
            and words[at - 1].flags & CAPITAL
        ):
            yield from _by_name(text, found, at)
    if " I-" in text or "\nI-" in text:
        for match in _ROAD.finditer(text):
            yield place(match.start(), match.end(), "street", "place.road", 0.8)
    for match in _APARTMENT.finditer(text) if _UNITED.held(text, found.flags) else ():
        yield place(match.start(), match.end(), "street", "place.unit", 0.7)


#: Kinds of streets that stand before their name, or are it.
_KIND_FIRST = frozenset(["highway", "hwy", "route", "rte", "rt", "road", "rd", "avenue", "ave", "boulevard", "broadway", "cr", "sr", "fm", "calle", "avenida", "avda", "camino", "paseo", "via", "vista", "rue", "chemin", "rua", "plaza", "corso", "viale", "caminito", "placita", "vereda", "callejon", "cerro", "rancho", "circulo", "rang", "strand", "esplanade", "parade", "promenade", "mall", "green", "close", "crescent", "quay", "terrace", "grove", "drive", "alameda", "embarcadero"])  # fmt: skip
#: Small words of a sentence, not of a street.
_SENTENCE = re.compile(
    r" (?:one|each|or|and|to|in|for|with|then|if|you|your|his|her|mg|times|days|hours|pounds|lbs?|minutes|feet) "
)
#: Behind these somebody with a title stands, and no road: started on 50 by dr roe.
_BEFORE_TITLE = frozenset(["and", "by", "per", "with", "w", "from", "see", "saw", "told", "called"])
#: Short for roads, and for a result too: behind a word of place alone.
_SHORT_KINDS = frozenset(["cr", "sr", "fm"])
_ADDRESSED = re.compile(
    r"(?:\b(?:at|on|to|of|from|near|address|addr|lives|resides|home)|[:(,;])[ ]{1,2}$|\n[ ]*$|^$", re.IGNORECASE
)
_ROAD_LEADS = frozenset(["old", "township", "county", "state", "forest", "ranch", "farm", "bia", "us", "n", "s", "e", "w", "north", "south", "east", "west"])  # fmt: skip
#: Numbers of houses in words: One Courthouse Square, eleven forty Summit Avenue.
_SPELLED = frozenset(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"])  # fmt: skip
_UNITED = Marks("Apt", "Apartment", "Bldg", "Building", "Tower", "Trailer", "Trlr")
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)\b")
_ENDINGS = Words(["st", "nd", "rd", "th"])
_AT_CORNER = frozenset(["on", "at", "off", "corner", "intersection", "near"])
_ROUTES = (_STREET_FIRST,)
_UNIT_AFTER = re.compile(_UNIT)
_QUARTER_AFTER = re.compile(r"[.]?[ ](?:[NS][EW]|[NSEW]|North|South|East|West)\b(?!['’.][a-z])")


def unit_after(text: str, end: int) -> re.Match[str] | None:
    """Return what follows a street of flat, floor or lot, if anything: , Apt 2B."""
    match = _UNIT_AFTER.match(text, end)
    return match if match and match[0].strip(" ,.") else None


def _by_name(text: str, found: Spots, at: int) -> Iterator[Finding]:
    """Yield a street without a number: on Maple Street."""
    words, spans = found.words, found.spans
    first = at - 1
    while (
        first > 0
        and at - first < 3
        and words[first - 1].flags & CAPITAL
        and text[spans[first - 1][1] : spans[first][0]] == " "
    ):
        first -= 1
    if text[spans[at - 1][1] : spans[at][0]] != " " or (
        words[at - 1].kind == "M" and words[at - 1].folded not in _LENT
    ):
        return
    spelled = first
    while (
        spelled
        and at - spelled < 6
        and words[spelled - 1].low in _SPELLED
        and text[spans[spelled - 1][1] : spans[spelled][0]] in {" ", "-"}
    ):
        spelled -= 1
    if spelled < first or words[first].low in _SPELLED:
        yield place(spans[spelled][0], _whole(text, spans[at][1]), "street", "place.street-name", 0.7)
        return
    if (first and words[first - 1].low in _ON and spans[first][0] - spans[first - 1][1] == 1) or _apart(
        text, found, first, at
    ):
        yield place(spans[first][0], _whole(text, spans[at][1]), "street", "place.street-name", 0.7)


#: Short words for streets that mean something else before a name.
_DRIVES = frozenset(["dr", "ct", "cir", "pl", "ln", "ter"])


def _drive(text: str, found: Spots, at: int) -> bool:
    """Say whether no name goes on behind such a word: on Lakeshore Dr in; not on Monday Dr Roe."""
    words, spans = found.words, found.spans
    gap = text[spans[at][1] : spans[at + 1][0]] if at + 1 < len(words) else ""
    return words[at - 1].kind not in "MAI" and (
        at + 1 >= len(words) or not words[at + 1].flags & CAPITAL or gap not in {" ", ". "}
    )


#: What follows a street that stands apart from its sentence.
_APART = re.compile(r"\.?(?:[,;)\n]|$|[ ](?:near|and|at|in|by|across|off|x|&)[ ])")


def _apart(text: str, found: Spots, first: int, at: int) -> bool:
    """Say whether a street stands apart between marks: 2nd floor walk-up, Beacon St near Coolidge Corner."""
    words, spans = found.words, found.spans
    if words[at].low not in _PLAIN_WAYS | {"st", "ln"} or (
        words[first].kind not in "GSRUusrgn" and words[first].folded not in _LENT
    ):
        return False
    if (
        words[first].upper
        or words[at].upper
        or (words[at].low in {"drive", "court", "terrace", "trail"} and at - first < 2)
    ):
        return False
    gap = text[max(0, spans[first][0] - 2) : spans[first][0]]
    return (gap[-1:] in {"(", "\n"} or gap in {", ", ": ", "; ", "/ "}) and _APART.match(text, spans[at][1]) is not None


def _whole(text: str, end: int) -> int:
    """Return where a street with its flat or floor ends."""
    dotted = end + 1 if text[end : end + 1] == "." and text[end - 2 : end] in {"St", "Sq", "Rd", "Dr"} else end
    unit = unit_after(text, dotted)
    return unit.end() if unit else end


def _codes(text: str, found: Spots) -> Iterator[Finding]:
    """Yield ZIP codes behind a state, and postal codes of other countries by their form."""
    cities = towns()
    size_of_text = len(text)
    decimals, prefixed = 0, False
    for start, end in found.numbers:
        size = end - start
        before = text[start - 1] if start else " "
        decimals += size >= 4 and before == "."
        if size == 3 or size > 8:
            continue
        if size >= 4:
            prefixed = prefixed or (before == "-" and start > 1 and text[start - 2].isupper())
        if before.isalpha():
            after = text[end] if end < size_of_text else ""
            if size <= 2 and ((after.isalpha() and after.isupper()) or after == " "):
                begin = start - 2 if start > 1 and text[start - 2].isalpha() else start - 1
                match = _POSTCODE.match(text, begin) if not (begin and text[begin - 1].isalnum()) else None
                if match and " " in match[0]:
                    yield place(begin, match.end(), "zip", "place.postcode", 0.7)
                    town = _TOWN_BEFORE.search(text, max(0, begin - 40), begin)
                    if town and fold(town[1].split(" ")[-1]) not in _NO_TOWN:
                        yield place(town.start(1), town.end(1), "city", "place.postcode-town", 0.7)
            continue
        if size == 2 and text[end : end + 1] == "-":
            match = _POLISH.match(text, start)
            if match:
                yield place(start, match.end(), "zip", "place.postcode", 0.7)
                continue
        if size == 5:
            lead = (
                text[max(0, start - 12) : start].rstrip(" ")[-1:]
                if before == " "
                else text[start - 2]
                if start > 1
                else " "
            )
            if (lead.isalpha() or before == "^" or lead in ",.") and _state_before().search(
                text, max(0, start - 18), start
            ):
                match = _ZIP.match(text, start)
                if match:
                    yield place(start, match.end(), "zip", "place.zip", 0.93)
                    continue
            elif lead.isalpha() or lead == ",":
                town = _TOWN_BEFORE.search(text, max(0, start - 40), start)
                name = next((part for part in _tails(town[1]) if fold(part) in cities), None) if town else None
                match = _ZIP.match(text, start)
                if town and name and match:
                    yield place(town.end(1) - len(name), town.end(1), "city", "place.city-zip", 0.8)
                    yield place(start, match.end(), "zip", "place.zip", 0.8)
                    continue
        if size in {4, 5}:
            match = _POST_CITY.match(text, start)
            if match:
                city = next((part for part in (match[1], match[1].split(" ")[0]) if fold(part) in cities), None)
                if city and (size == 5 or (before in ", \n" and text[max(0, start - 2) : start].strip() == ",")):
                    yield place(start, match.start(1) + len(city), "city", "place.post-city", 0.8)
            elif size == 4:
                match = _DUTCH.match(text, start)
                if match:
                    yield place(start, match.end(), "zip", "place.postcode", 0.7)
        elif size == 6 and before in " -–":
            city_word = _CITY_WORD.search(text, max(0, start - 28), start)
            if city_word and fold(city_word[1]) in cities:
                yield place(city_word.start(1), end, "zip", "place.postcode", 0.8)
    if prefixed:
        for match in _PREFIXED.finditer(text):
            yield place(match.start(), match.end(), "zip", "place.postcode", 0.7)
    if decimals > 1:
        yield from coordinates(text)
    elif "." in text:
        yield from rough(text)
    if "°" in text or decimals:
        for match in _DEGREES.finditer(text):
            if "°" in match[0] or _QUARTER.search(match[0]):
                yield place(match.start(), match.end(), "coordinates", "place.coordinates", 0.9)
    if "C.P" in text or _LETTERED.held(text, found.flags):
        for match in _AUSTRALIA.finditer(text):
            yield place(match.start(), match.end(), "zip", "place.postcode", 0.7)


#: Coordinates in degrees and minutes, or with the quarter before.
_DEGREES = re.compile(
    r"(?:[NS][ ]?)?\d{1,2}(?:°[ ]?\d{1,2}(?:\.\d+)?['′’](?:[ ]?\d{1,2}(?:\.\d+)?[\"″”])?|\.\d{3,8}°?)[ ]?[NS]?[ ,;]{1,3}(?:[EW][ ]?)?\d{1,3}(?:°[ ]?\d{1,2}(?:\.\d+)?['′’](?:[ ]?\d{1,2}(?:\.\d+)?[\"″”])?|\.\d{3,8}°?)[ ]?[EWO]?(?![\w%])"
)
#: A town right before its code.
_TOWN_BEFORE = re.compile(
    rf"(?:^|[ ,\n(^])({CAP}(?:[ -](?:(?:de|la|upon|on)[ -])?{CAP}){{0,2}}),?(?:[ ](?:AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT))?[ ,]{{1,2}}$"
)
_NO_TOWN = frozenset(
    ["zip", "code", "pin", "postcode", "postal", "eircode", "ref", "no", "number", "id", "the", "phone", "tel", "fax"]
)


def _tails(name: str) -> list[str]:
    """Return a name and what is left of it without its first words."""
    parts = name.split(" ")
    return [" ".join(parts[skip:]) for skip in range(len(parts))]


_QUARTER = re.compile(r"[NSEW]")
_CITY_WORD = re.compile(rf"({CAP})[ ]?[-–]?[ ]?$")
