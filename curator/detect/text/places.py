# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Places smaller than a state: streets, cities, counties, ZIP codes, and facilities by name.

States and countries stay (164.514(b)(2)(i)(B) speaks of subdivisions smaller than a state).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lexicon import fold, lexicon
from curator.detect.text.spots import BOX, COUNTY, FACILITY, STREET, Spots
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ"
_CAP = rf"(?:[{_UPPER}][a-z]{{0,2}}\.|[{_UPPER}](?:[^\W\d_]|['’̀-ͯ-])*)"
_SUFFIX = (
    "Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Circle|Cir|Place|Pl|Terrace|Ter|Way|Parkway|Pkwy|Highway|Hwy|Trail|Trl"
    "|Square|Sq|Plaza|Loop|Alley|Crescent|Cres|Close|Row|Path|Pike|Turnpike|Expressway|Run|Ridge|Crossing|Xing|Walk|Mews|Gardens|Grove|Point|Cove|Bend|Hollow|Heights|Hill|Landing|Commons"
)
_UNIT = r"(?:,?\s*(?:Apt|Apartment|Unit|Suite|Ste|Rm|Room|Bldg|Building|Floor|Fl|#)\.?\s*#?\s?[A-Za-z]?-?\d{0,5}[A-Za-z]?\b)?"
_STREET = re.compile(
    rf"(?<![\w/.-])\d{{1,6}}(?:-\d{{1,4}}|\s?[A-Z]\b|[ ]1/2)?[ ]+(?:(?:[NSEW]|[NS][EW]|North|South|East|West)\.?[ ]+)?"
    rf"(?:(?:{_CAP}|\d{{1,3}}(?:st|nd|rd|th)|of|de|la|del|the)[ ]+){{1,4}}?(?:{_SUFFIX}|{_SUFFIX.upper()})\b\.?(?:[ ]+(?:[NSEW]|[NS][EW])\b\.?)?{_UNIT}"
)
_STREET_LOWER = re.compile(
    r"(?<![\w/.-])\d{2,5}\s+(?:[nsew]\.?\s+)?(?:[a-z]+\s+){1,3}?(?:street|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|court|circle|parkway|terrace)\b(?!\s+(?:of|drug))"
)
_BOX = re.compile(
    r"\b(?:P\.?\s?O\.?\s?Box|Post Office Box|Box)\s+\d{1,6}\b|\b(?:RR\s?#?\d{1,3},? Box \d{1,5}|Rural Route\s?#?\d{1,3})\b",
    re.IGNORECASE,
)
_FOREIGN_STREET = re.compile(
    rf"\b\d{{1,4}}(?:\s?bis)?,?\s+(?:rue|avenue|boulevard|place|chemin|all[ée]e|impasse|quai)\s+(?:(?:de|du|des|la|le|les|l['’])\s*)*{_CAP}(?:[ -]{_CAP})*"
    rf"|\b(?:Calle|Avenida|Av\.|Avda\.?|Carrera|Paseo|Plaza|Rua|Via|Viale|Piazza|Corso|Travessa)\s+(?:(?:de|del|la|las|los|da|do|dos|das|di|della)\s+)*{_CAP}(?:\s+{_CAP})*(?:,?\s*(?:n[º°.]?\s?)?\d{{1,5}})"
    rf"|\b[{_UPPER}][\wäöüß]*(?:straße|strasse|str\.|weg|platz|allee|gasse|straat|laan|gade|gatan|vägen|veien|katu)\s+\d{{1,4}}\s?[a-z]?\b"
)
_STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland"
    "|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma"
    "|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|Puerto Rico|D\\.C\\."
)
_ABBREVIATIONS = "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR"
#: An abbreviation that is also a degree or a word needs a ZIP code, or a city that is known.
_CITY_STATE = re.compile(
    rf"\b((?:{_CAP}[ ]){{0,2}}{_CAP}),?\s+(?:(?:{_ABBREVIATIONS})\b(?=[\s,.;)]|$)|(?:{_STATES})\b)(?:,?\s+(\d{{5}}(?:-\d{{4}})?)\b)?"
)
#: The words before a state, from a boundary on.
_CITY_LEAD = re.compile(rf"\b(?:{_CAP}[ ]){{0,2}}{_CAP},?\s+$")
_COUNTY = re.compile(
    rf"\b((?:{_CAP}\s)?{_CAP})\s(?:County|Parish|Borough|COUNTY)\b(?!\s(?:Hospital|Medical|General|Jail|Health))|\b(?:County|Parish) of ({_CAP})"
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d\b")
_FACILITY_END = (
    r"(?:Hospitals?|Medical Cent(?:er|re)|Med Ctr|Health(?:care)?(?: (?:System|Center|Centre|Network|Clinic|Partners|Services))?|Clinics?|Infirmary|Hospice|Nursing Home|Nursing Center|Rehab(?:ilitation)?(?: (?:Center|Hospital|Institute))?"
    r"|Cancer Cent(?:er|re)|Institute|Surgery Center|Surgical Center|Urgent Care|Sanatorium|Assisted Living|Manor|Care Center|Care Centre|Memory Care|Pharmacy|University|College|High School|Elementary(?: School)?|Middle School|School|Foundation|Dialysis(?: Center)?|Imaging(?: Center)?|Family Practice|Pediatrics|Laboratories|HOSPITAL|MEDICAL CENTER|CLINIC|Senior Living|Retirement (?:Home|Community|Village)|Correctional Facility|VAMC|Medical Group|Medical Associates|Cardiology Associates|Orthopedics Associates)"
)
_FACILITY = re.compile(
    rf"\b((?:(?:St|Mt|Ft|SS)\.\s)?{_CAP}(?:(?:[ ]|\s&\s|[ ]of[ ](?:the[ ])?|[ ]and[ ]|[ ]for[ ]|-){_CAP}){{0,5}}?)[ ]{_FACILITY_END}\b(?:\s(?:of|at|in)\s{_CAP}(?:\s{_CAP})?)?"
)
_SAINT = re.compile(rf"\b(?:St\.?|Saint|Mount|Mt\.?)\s(?:{_CAP})(?:['’]s)\b")
_GENERIC = frozenset(
    [
        "the",
        "this",
        "our",
        "your",
        "a",
        "an",
        "general",
        "community",
        "regional",
        "local",
        "outside",
        "another",
        "emergency",
        "acute",
        "inpatient",
        "outpatient",
        "discharge",
        "mental",
        "behavioral",
        "public",
        "home",
        "hospital",
        "medical",
        "clinic",
        "health",
        "primary",
        "care",
        "urgent",
        "nursing",
        "skilled",
        "rehab",
        "rehabilitation",
        "cancer",
        "heart",
        "women's",
        "womens",
        "children's",
        "childrens",
        "pediatric",
        "surgical",
        "surgery",
        "day",
        "his",
        "her",
        "my",
        "in",
        "to",
        "at",
        "from",
        "and",
        "of",
        "for",
        "memorial",
        "university",
        "college",
        "state",
        "county",
        "city",
        "psychiatric",
        "family",
        "dialysis",
        "imaging",
        "pain",
        "wound",
        "coumadin",
        "diabetes",
        "teaching",
        "private",
        "referring",
        "orthopedic",
        "cardiology",
        "dental",
        "eye",
        "infusion",
        "transfer",
        "senior",
        "high",
        "middle",
        "elementary",
        "assisted",
        "living",
        "cardiac",
        "pulmonary",
        "oncology",
        "neurology",
        "dermatology",
        "urology",
        "gi",
        "ent",
        "patient",
        "admitted",
        "transferred",
        "veterans",
        "va",
        "new",
        "hospice",
        "retail",
        "specialty",
        "same",
        "anticoagulation",
        "call",
        "please",
        "see",
        "follow",
        "return",
        "fertility",
        "sleep",
        "allergy",
        "obgyn",
        "ob",
        "weight",
        "travel",
        "research",
        "national",
        "american",
        "good",
        "overall",
        "general's",
        "reason",
        "history",
        "current",
        "date",
        "name",
        "assessment",
        "plan",
        "she",
        "he",
        "they",
        "we",
        "past",
    ]
)
_SITE_CUE = re.compile(
    r"(?:\b(?:lives?|living|lived|resid(?:es|ing|ent)|moved|moving|relocat(?:ed|ing)|trip|travel(?:ed|led|s|ing)?|flew|drove|born|raised|grew up|native|hails?|from|visit(?:ing|ed)?|returned|arrived|vacation(?:ing|ed)?|transferred|home|house|"
    r"city|town|village|works?|working|worked|based|located|hometown|birthplace|suburb|downtown|near|outside)\s+(?:is\s+|was\s+|back\s+|alone\s+|with\s+\w+\s+\w+\s+)?(?:in|to|from|at|of|near|outside|around|through|for|with family in)?\s*(?:the\s+(?:city|town|village|suburbs?)\s+of\s+|downtown\s+|nearby\s+)?"
    r"|(?:city|town|hometown|birthplace|place of birth|residence|location)\s*:\s*|\b(?:in|from|near|to|around|outside)\s+)$", re.IGNORECASE)  # fmt: skip
_NOT_AFTER = re.compile(
    r"\s?(?:score|scale|criteria|disease|syndrome|virus|protocol|classification|study|trial|catheter|sign|coma|hospital)",
    re.IGNORECASE,
)
_TRAIL = re.compile(r"[.,'’-]+$")


def _finding(start: int, end: int, kind: str, rule: str, trust: float) -> Finding:
    return Finding(start, end, Category.GEOGRAPHY, kind, rule, trust)


def places(text: str, found: Spots, *, facilities: bool = True) -> Iterator[Finding]:
    """Yield places; facilities only when asked for."""
    yield from _streets(text, found)
    for at in found.states:
        window = max(0, at - 48)
        lead = _CITY_LEAD.search(text, window, at)
        match = _CITY_STATE.match(text, lead.start()) if lead else None
        if match and match.end() > at:
            yield from _city_state(match)
    if found.flags & COUNTY:
        yield from _counties(text)
    if facilities and found.flags & FACILITY:
        yield from _facilities(text)
    for match in filter(None, (_FIELD.match(text, at) for at in found.fields)):
        value = match[2].rstrip(" .,;")
        kind = (
            "city"
            if match[1].lower() in _CITY_LABELS
            else "county"
            if match[1].lower() in _COUNTY_LABELS
            else "facility"
        )
        if (kind != "facility" or facilities) and fold(value) not in _NOTHING:
            yield _finding(match.start(2), match.start(2) + len(value), kind, f"place.{kind}-field", 0.8)
    yield from _cities(text, found.cities)


def _counties(text: str) -> Iterator[Finding]:
    words = lexicon()
    for match in _COUNTY.finditer(text):
        at = 1 if match[1] else 2
        last = match[at].split()[-1]
        if fold(match[at]) in words.counties or fold(last) in words.counties:
            start = match.start(at) if fold(match[at]) in words.counties else match.end(at) - len(last)
            yield _finding(start, match.end(at), "county", "place.county", 0.9)
        elif fold(match[at].split()[0]) not in words.words:
            yield _finding(match.start(at), match.end(at), "county", "place.county-cue", 0.8)


def _streets(text: str, found: Spots) -> Iterator[Finding]:
    for start, end in found.numbers:
        size, before = end - start, text[max(0, start - 1) : start]
        if before.isalpha():
            if text[end : end + 1].isupper() or text[end : end + 1] == " ":
                begin = start - 2 if start > 1 and text[start - 2].isalpha() else start - 1
                match = _POSTCODE.match(text, begin)
                if match:
                    yield _finding(begin, match.end(), "zip", "place.postcode", 0.7)
            continue
        if size <= 6:
            for form, rule in _NUMBER_FIRST:
                match = form.match(text, start)
                if match and not (rule == "street" and _NOT_STREET.match(match[0])):
                    yield _finding(start, start + len(match[0].rstrip(" ,\n")), "street", f"place.{rule}", 0.9)
        if size == 5 and _STATE_BEFORE.search(text, max(0, start - 18), start):
            match = _ZIP.match(text, start)
            if match:
                yield _finding(start, match.end(), "zip", "place.zip", 0.93)
    rest = []
    if found.flags & BOX:
        rest.append((_BOX, "box"))
    if found.flags & STREET or any(mark in text for mark in _STREET_PARTS):
        rest.append((_FOREIGN_STREET, "street-foreign"))
    for form, rule in rest:
        for match in form.finditer(text):
            yield _finding(match.start(), match.end(), "street", f"place.{rule}", 0.9)


_CITY_LABELS = frozenset(
    {"city", "town", "hometown", "birthplace", "place of birth", "village", "city of birth", "residence"}
)
_COUNTY_LABELS = frozenset({"county", "parish", "county of residence"})
_NOTHING = frozenset(
    [
        "none",
        "unknown",
        "same",
        "n/a",
        "na",
        "home",
        "retired",
        "unemployed",
        "self",
        "disabled",
        "student",
        "see",
        "self-employed",
        "declined",
    ]
)
#: A label with a colon and what stands behind it, up to the next field.
_FIELD = re.compile(
    rf"\b((?i:city of birth|city|town|hometown|birthplace|place of birth|village|residence|county of residence|county|parish|employer|school|facility|hospital|clinic|pharmacy|agency|institution"
    rf"|location|site|place of work|workplace|practice|referring facility|transferred from|transfer from))[ ]?:[ ]*({_CAP}(?:(?:[ ]|-|[ ](?:of|the|and|&|at|for|de|la)[ ]){_CAP}){{0,6}})"
)
_NUMBER_FIRST = ((_STREET, "street"), (_FOREIGN_STREET, "street-foreign"), (_STREET_LOWER, "street-lower"))
_NOT_STREET = re.compile(r"\d+\s+(?:Dr|St|Pl|Ct|Way|Fl)\b")
_STREET_PARTS = (
    "straße",
    "strasse",
    "str.",
    "weg",
    "platz",
    "allee",
    "gasse",
    "straat",
    "laan",
    "gade",
    "gatan",
    "väg",
    "katu",
)
_STATE_BEFORE = re.compile(rf"\b(?:{_ABBREVIATIONS}|{_STATES}),?\s+$")
_ZIP = re.compile(r"\d{5}(?:-\d{4})?(?![\d-])")


def _city_state(match: re.Match[str]) -> Iterator[Finding]:
    words = lexicon()
    parts = match[1].split(" ")
    known = None
    for at in range(len(parts)):
        if fold(" ".join(parts[at:])) in words.cities:
            known = at
            break
    if known is None:
        if not match[2] and _is_word(fold(parts[-1])):
            return
        known = max(0, len(parts) - 2)
        while known < len(parts) - 1 and _is_word(fold(parts[known].rstrip("."))):
            known += 1
        if not match[2] and ("," not in match[0] or (parts[-1].isupper() and len(parts[-1]) < 4)):
            return
        if not match[2] and re.search(r",?\s(?:MD|DO|PA|RN|MA|MS|ND|OD|CT|OR|ID|IN|ME|OK|HI)$", match[0]):
            return
    elif not match[2] and re.search(r"\s(?:MD|PA|MA|MS|ND|DO)$", match[0]) and fold(parts[-1]) in words.frequent:
        return
    start = match.start(1) + sum(len(part) + 1 for part in parts[:known])
    yield _finding(start, match.end(1), "city", "place.city-state", 0.9)


def _facilities(text: str) -> Iterator[Finding]:
    for match in _FACILITY.finditer(text):
        parts = re.split(r"\s+", match[1])
        skip = 0
        while parts and fold(_TRAIL.sub("", parts[0])) in _LEAD and parts[:2] != ["Our", "Lady"]:
            skip += len(parts[0]) + 1
            parts.pop(0)
        if not parts or all(fold(_TRAIL.sub("", part)) in _GENERIC or part == "&" for part in parts):
            continue
        if (
            len(parts) == 1
            and fold(parts[0]) in lexicon().words
            and re.search(r"Imaging|Pediatrics|Health$|School|Foundation|Institute|Pharmacy", match[0])
        ):
            continue
        yield _finding(match.start() + skip, match.end(), "facility", "place.facility", 0.85)
    for match in _SAINT.finditer(text):
        yield _finding(match.start(), match.end(), "facility", "place.saint", 0.8)


_LEAD = frozenset(
    [
        "the",
        "this",
        "our",
        "your",
        "at",
        "to",
        "from",
        "in",
        "seen",
        "admitted",
        "transferred",
        "discharged",
        "outside",
        "referring",
        "mr",
        "mrs",
        "dr",
        "patient",
        "called",
        "see",
        "follow",
        "via",
        "and",
        "facility",
        "hospital",
    ]
)


def _cities(text: str, starts: list[int]) -> Iterator[Finding]:
    words = lexicon()
    done = 0
    for at in starts:
        if at < done or (at and text[at - 1] in "'’-"):
            continue
        found = _longest_city(text, at)
        if found is None:
            continue
        end, name = found
        before = text[max(0, at - 60) : at]
        if not _SITE_CUE.search(before) or _NOT_AFTER.match(text, end):
            continue
        if " " not in name and (name in words.medical or (name in words.words and text[at : at + 2].isupper())):
            continue
        if name in _STATE_NAMES:
            continue
        done = end
        yield _finding(at, end, "city", "place.city", 0.75)


_STATE_NAMES = frozenset(fold(name) for name in _STATES.replace("\\", "").split("|")) - {"new york", "washington"}


def _longest_city(text: str, at: int) -> tuple[int, str] | None:
    words = lexicon()
    window = re.match(rf"{_CAP}(?:[ ](?:{_CAP}|de|la|of|upon)){{0,3}}", text[at : at + 60])
    if window is None:
        return None
    parts = window[0].split(" ")
    for size in range(len(parts), 0, -1):
        name = " ".join(parts[:size]).rstrip(".,'’-")
        bare = re.sub(r"['’]s$", "", name)
        if fold(bare) in words.cities:
            return at + len(bare), fold(bare)
    return None


def _is_word(folded: str) -> bool:
    words = lexicon()
    return folded in words.words or folded in words.medical
