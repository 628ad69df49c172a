# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses by what ends, owns or explains them: Sweetwater VFD, Cascade GI, NORTHERN PATHOLOGISTS, P.C., ward Osler 4.

Also in quotes or brackets behind their kind, and in small letters behind whom one calls. Never a department of medicine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.facilities import LENT
from curator.detect.text.gazetteer import sure, towns
from curator.detect.text.hints import Marks
from curator.detect.text.lexicon import fold, lexicon
from curator.detect.text.shorthouses import tells
from curator.detect.text.spots import Spots
from curator.detect.text.streets import CAP, UPPER, place
from curator.detect.text.vocabulary import TITLE, Word, tables, word_of
from curator.identifiers.findings import Finding

_GENERIC = frozenset(tables()["house_generic"].split())
_WARDS = frozenset(tables()["house_wards"].split())
_LEAD = frozenset(tables()["house_lead"].split())
_OVER = r"(?=[\"”'’.,;:)\n/]|$|[ ]{2}|[ ][-–—(a-z&])"
#: Who comes, holds or answers, behind a town's or a landscape's name.
_SERVED = re.compile(
    rf"(?<![\w'’-])({CAP}(?:[ -]{CAP}){{0,2}}(?:[ ]Co\.?)?)[ ](?:VFD|VFC|VFC|FD|PD|SO|EMS|VAS|VRS|ARFF|911|lock-?up|[Jj]ail|holding|juvie|dispatch|Dispatch|[Ff]ire [Rr]escue)(?![\w-])"
)
_SERVICES = Marks("VFD", "VFC", " FD", " PD", " SO", "EMS", "VAS", "VRS", "ARFF", "lockup", "lock-up", "jail", "Jail", "holding", "dispatch", "Dispatch", "ire Rescue", "ire rescue")  # fmt: skip
#: A practice by its trade, shortened.
_TRADED = re.compile(
    rf"(?<![\w'’-])({CAP}(?:[ -]{CAP})?)[ ](?:GI|Ortho|Peds|Endo|ENT|Derm|Onc|Heme(?:-?Onc)?|Uro|Neuro|Rheum|Pulm|Nephro|Renal|Cards|OB(?:/?GYN)?|Imaging|Docs|Dental|Vision|Eye|Retina|Spine|Pain|Psych|Allergy|Foot|Podiatry|Vascular|Fertility|IVF|Kidney|Rehab|PT)(?:/[A-Z][A-Za-z]+)?{_OVER}"
)
_TRADES = Marks(" GI", "Ortho", "Peds", "Endo", "ENT", "Derm", "Onc", "Heme", "Uro", "Neuro", "Rheum", "Pulm", "Nephro", "Renal", "Cards", " OB", "Imaging", "Docs", "Dental", "Vision", "Eye", "Retina", "Spine", "Pain", "Psych", "Allergy", "Foot", "Podiatry", "Vascular", "Fertility", "IVF", "Kidney", "Rehab", " PT")  # fmt: skip
#: Words before a trade that say how or where in the body, not whose.
_HOW = frozenset(["upper", "lower", "left", "right", "acute", "chronic", "new", "old", "good", "general", "adult", "no", "per", "see", "call", "back", "neck", "low", "head", "east", "west", "north", "south", "central", "main", "regional", "community", "family", "private", "local", "outpatient", "inpatient", "home", "day", "night", "weekend", "fellow", "attending", "consult", "staff", "senior", "junior", "chief", "team", "outside", "next", "last", "same", "all", "any", "both", "other"])  # fmt: skip
#: The form of a firm behind its name.
_FORM = r"(?:P\.[ ]?C|P\.[ ]?A|P\.[ ]?L\.?L\.?C|L\.L\.C|L\.L\.P|PLLC|LLC|LLP|LTD|Ltd|INC|Inc|CORP|Corp|GmbH|GMBH|S\.A|B\.V|Pty|PTY|PC|PSC|P\.S\.C)"
_FORMED = re.compile(
    rf"(?<![\w'’-])((?:(?:[{UPPER}][\w'’.-]*|&|AND|and|of|OF|the|THE)[ ]){{0,6}}[{UPPER}][\w'’-]+),?[ ](?<!\d[ ]){_FORM}\.?(?![\w-])"
)
_FORMS = Marks("PLLC", "LLC", "LLP", "LTD", "Ltd", "INC", "Inc", "CORP", "Corp", "GmbH", "Pty", "PTY", "PSC", " PC")
#: A ward that is called after somebody.
_WARD = re.compile(
    rf"\b(?:[Ww]ard|WARD|[Uu]nit|[Pp]avilion|[Tt]ower|[Ff]loor)(?:[ ]?[:=-][ ]?|[ ])({CAP}(?:[ ]\d{{1,2}}[A-Z]?)?)(?![\w-])|(?<![\w'’-])({CAP})[ ](?:[Ww]ard|WARD|[Pp]avilion|[Ww]ing|[Tt]ower)(?:[ ]\d{{1,2}}[A-Z]?)?(?!\w)|\b(?:on|to|from|at|via)[ ]({CAP}[ ]\d{{1,2}}[A-Z]?)(?=[.,;)\n]|$|[ ](?:bed|room|rm|for|after|RN|nurse|nurses|staff|team|nursing)\b)"
)
_WARDED = Marks("ard ", "ard:", "WARD", "nit:", "nit ", "avilion", "ower", "loor", " wing", " Wing")
_KINDS = r"(?:urgent care|clinics?|pharmacy|hospital|shelter|program(?:me)?|practice|surgery|gym|bar|restaurant|diner|pub|school|pre-?school|day ?care|nursery|store|shop|church|mosque|temple|parish|care home|nursing home|group home|rehab|hospice|sober (?:house|living)|halfway house|farm|plant|mill|mine|ranch|factory|company|employer|agency|facility|residence|home|camp|college|university|lab|club|team|unit|center|centre|hotel|motel|salon|spa|bakery|café|cafe|library|prison|jail|motor ?home park|housing|accommodation|flats?|hostel|block|trailer park|complex|building|estate|village|town|hamlet|suburb|neighbou?rhood|island|lake|river|beach|park)"
_QUOTED = re.compile(
    rf"\b{_KINDS}(?:[ ](?:called|named|by the name of|known as))?,?[ ]\(?(?:called[ ])?[\"“”'‘]({CAP}(?:[ ](?:of |the |at |on |& )?{CAP}){{0,3}})[\"”’']"
)
_BRACKETED = re.compile(rf"\b{_KINDS}(?:[ ]\(|, |: )(?:the )?({CAP}(?:[ ](?:of |the )?{CAP}){{0,2}})(?=\)|, [a-z]|[.;]|\n|$)")
_CALLED = re.compile(
    rf"\b(?:{_KINDS}[ ](?:named|by the name of|known as)|an?[ ](?:[a-z-]+[ ]){{0,2}}{_KINDS}[ ]called)[ ](?:the )?({CAP}(?:[ ](?:of |the )?{CAP}){{0,3}})"
)
#: A university of a place, a school by its kind.
_LEARNED = re.compile(
    rf"\bUniversity of (?:the )?{CAP}(?:[ ]{CAP})?|(?<![\w'’-])({CAP}(?:[ ]{CAP}){{0,2}})[ ](?:Middle|High|Elementary|Primary|Junior High|Senior High|Grammar|Grade|Prep(?:aratory)?|Charter|Magnet|Nursery|Secondary|Infant|Junior|Community|Technical|Vocational)[ ](?:School|College|Academy)\b"
)
_SCHOOLS = Marks("University of", "School", "College", "Academy")
#: In small letters: whom one calls, what they are.
_SMALL = re.compile(
    r"\b(?:called|call|calls|via|thru|through|per|from|by|w/|with|at|to|using|contacted|faxed|w|dme:?|o2:?|hh:?|pharm(?:acy)?:|hospice:)[ ]((?:[a-z]{3,14}[ -]){1,3}?)(medical supply|medical|home health(?: care)?|home care|homecare|hospice|pharmacy|drugs?|dental|oxygen|ambulance|surgical supply|ortho|eye ?care|vision|transport|dialysis|imaging|labs?|pediatrics|peds|nursing|rehab|manor|health)(?=[.,;)\n]|$|[ ](?:for|to|re|about|and|will|who|on|in|they|today|tomorrow|at|said|says|is|has|had)\b)"
)
_SMALLS = Marks("medical", "home health", "home care", "homecare", "hospice", "pharmacy", " drug", "dental", "oxygen", "ambulance", "surgical supply", " ortho", "eye care", "eyecare", "vision", "transport", "dialysis", "imaging", " lab", "pediatrics", "peds", "nursing", "rehab", "manor", "health")  # fmt: skip
_LABELED = re.compile(
    r"(?<![\w-])(?:dme|hh|hha|vna|pharmacy|pharm|hospice|snf|alf|employer|dialysis|o2 co|supplier|vendor)[ ]?[:=][ ]?([a-z]{4,14}(?:[ ][a-z]{4,14})?)(?=[.,;)\n]|$|[ ](?:on|in|at)\b)"
)
_LABELS = Marks("dme", "hha", "vna", "pharm", "hospice", "snf", "alf", "employer", "dialysis", "supplier", "vendor", " hh:", " hh ")
#: How far and which way from a town.
_FAR = re.compile(
    rf"\b\d{{1,3}}(?:\.\d)?[ ]?(?:(?:mi|miles?|km|kms)\.?(?:[ ](?:due |just )?(?:[NSEW]|[NS][EW]|north|south|east|west|(?:north|south)(?:east|west)|out|up|down|away))?[ ](?:of|from|outside|past)|(?:min|mins|minutes?|hrs?|hours?|h)\.?[ ](?:(?:due |just )?(?:[NSEW]|[NS][EW]|north|south|east|west|(?:north|south)(?:east|west))[ ](?:of|from)|outside|(?:drive|away|out|up|down) from))[ ]({CAP}(?:[ ]{CAP}){{0,2}})"
)
#: Age, side and sex, and where somebody is from, as a line has it: 27 RH M, Flint.
_SEXED = re.compile(
    rf"\b\d{{1,3}}[ ]?(?:y/?o)?[ ]?(?:[RL]H[ ])?[MFmf](?:ale|emale)?,[ ](?:from )?({CAP}(?:[ ]{CAP})?)(?=[ ]*(?:\n|$|;))"
)

_LABEL = re.compile(
    rf"(?:^|(?<=\n)|(?<=[ ]{{2}}))(?:Hosp|Hospital|HOSP|Facility|Fac|Clinic|Site|Centre|Center|Practice|Surgery|School|Pharmacy|Pharm|DME)[ ]?:[ ]{{0,4}}({CAP}(?:['’]s)?(?:[ ]{CAP}(?:['’]s)?){{0,3}})(?![\w'’-])"
)
#: A townland, a town and a county behind commas: Cloonagh Upper, Drumkeeran, Co. Leitrim.
_COUNTRY = re.compile(
    rf"(?<![\w'’-])(?:({CAP}(?:[ ]{CAP}){{0,2}}),[ ])?({CAP}(?:[ ]{CAP}){{0,2}}),[ ]((?:Co\.?|County)[ ]{CAP}(?:[ ]{CAP})?)(?=[,.;)\n]|$|[ ]{{2}}|[ ][A-Z]\d)"
)
#: A suite on a road of no number.
_SUITE = re.compile(rf"(?<![\w'’-])({CAP}(?:[ ]{CAP}){{0,2}}),?[ ](?:ste|suite|STE|Ste|Suite|SUITE)\.?[ ]?#?\d{{1,4}}[A-Z]?(?![\w-])")
#: A town behind a comma, with the post's number in two groups of three: Hubli 580 020.
_PIN = re.compile(rf",[ ]({CAP})[ ]?[-–]?[ ]?(\d{{3}}[ ]\d{{3}}|\d{{6}})(?![\w/%-]|[.,]\d|[ ]\d)")


def _irish(match: re.Match[str]) -> Iterator[Finding]:
    for group in (1, 2):
        if not match[group]:
            continue
        start, parts = match.start(group), match[group].split(" ")
        while len(parts) > 1 and (word_of(parts[0]).low in _ADDRESS or word_of(parts[0]).flags & TITLE):
            start += len(parts[0]) + 1
            parts.pop(0)
        if not any(word_of(part).flags & TITLE or word_of(part).upper for part in parts if part.isalpha()):
            yield place(start, match.end(group), "city", "place.county-behind", 0.6)
    yield place(match.start(3), match.end(3), "county", "place.county-behind", 0.7)


_ADDRESS = frozenset(["address", "addr", "residence", "home", "lives", "at", "of"])


def tailed(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such houses.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    flags = found.flags
    if _SERVICES.held(text, flags) or " 911" in text:
        for match in _SERVED.finditer(text):
            start = _bare(match, 1)
            name = match[1][start - match.start(1) :]
            if name and _serves(name, match[0].rsplit(" ", 1)[-1]) and (tells(name.removesuffix(" Co.").removesuffix(" Co"), firm=True) or fold(name) in towns()):
                yield place(start, match.end(), "facility", "place.served", 0.65)
    if _TRADES.held(text, flags):
        for match in _TRADED.finditer(text):
            start = _bare(match, 1)
            name = match[1][start - match.start(1) :]
            if (_lends(name) and not (" " not in name and name.lower() in _COLORS)) or (_AT.search(text, max(0, start - 6), start) and _plain(name, match[0])):
                yield place(start, match.end(), "facility", "place.traded", 0.6)
    if "P.C" in text or "P.A" in text or "L.L" in text or _FORMS.held(text, flags):
        for match in _FORMED.finditer(text):
            start = _bare(match, 1)
            if start < match.end(1) and match.end() - start > 8:
                yield place(start, match.end(), "facility", "place.formed", 0.7)
    if _WARDED.held(text, flags) or found.numbers:
        yield from _warded(text)
    for form in (_QUOTED, _CALLED):
        for match in form.finditer(text) if form is _CALLED or '"' in text or "“" in text or "'" in text else ():
            if not word_of(match[1].split(" ")[0]).flags & TITLE:
                yield place(match.start(1), match.end(1), "facility", "place.quoted", 0.6)
    for match in _BRACKETED.finditer(text):
        parts = [word_of(part) for part in match[1].split(" ")]
        if parts[0].flags & TITLE or any(part.upper or part.low in _WARDS for part in parts):
            continue
        if any(part.folded in LENT or part.kind in "Uu" or sure(part.folded) for part in parts) or (
            len(parts) > 1 and tells(match[1], firm=True) and not any(part.kind in "MA" for part in parts)
        ):
            yield place(match.start(1), match.end(1), "facility", "place.bracketed", 0.5)
    if _SCHOOLS.held(text, flags):
        for match in _LEARNED.finditer(text):
            start = _bare(match, 1) if match[1] else match.start()
            last = word_of(re.split(r"[ -]", match[1])[-1]) if match[1] else None
            if last is None or (start < match.end(1) and (last.low not in _GENERIC or last.listed)):
                yield place(start, match.end(), "facility", "place.learned", 0.7)
    yield from _small(text, flags)
    yield from _sent(text)
    for match in _LABEL.finditer(text):
        if match[1].endswith(("'s", "’s")) or (tells(match[1], firm=True) and " " in match[1]):
            yield place(match.start(1), match.end(1), "facility", "place.labeled", 0.6)
    for match in _COUNTRY.finditer(text) if " Co" in text else ():
        yield from _irish(match)
    if found.numbers:
        for match in _SUITE.finditer(text):
            first = word_of(re.split(r"[ -]", match[1])[0])
            if first.kind not in "MA" or first.folded in LENT or "kwy" in match[1]:
                yield place(match.start(), match.end(), "street", "place.suite", 0.6)
        for match in _PIN.finditer(text):
            word = word_of(match[1])
            if (word.kind in "RUu" and len(word.low) > 4) or (word.folded in towns() and word.kind not in "MA"):
                yield place(match.start(1), match.end(1), "city", "place.pin", 0.6)
                yield place(match.start(2), match.end(2), "zip", "place.pin", 0.6)
        for form in (_FAR, _SEXED):
            for match in form.finditer(text):
                if _town(match[1], listed=form is _SEXED):
                    yield place(match.start(1), match.end(1), "city", "place.far", 0.6)


#: Colors and the like, which eyes and sights are told by.
_COLORS = frozenset(["red", "pink", "black", "white", "blue", "dry", "lazy", "double", "tunnel", "bright", "clear", "flat", "bamboo", "weak", "water"])  # fmt: skip


def _serves(name: str, service: str) -> bool:
    """Say whether a single word before letters that mean something else too is a town: Elko PD, not Nightly PD."""
    if " " in name or "-" in name or service not in {"PD", "SO", "FD", "EMS", "911", "VAS", "VRS", "holding"}:
        return True
    word = word_of(name)
    return word.folded in towns() or word.folded in lexicon().counties or word.kind in "RUu"


def _bare(match: re.Match[str], group: int) -> int:
    """Return where a name begins behind words that are none of it."""
    start = match.start(group)
    parts = match[group].split(" ")
    while parts and (
        (parts[0].lower().strip(".,") in _LEAD and len(parts) > 1 and parts[0].lower() != "the")
        or word_of(re.sub(r"\W", "", parts[0]) or "x").flags & TITLE
        or parts[0] in {"and", "of", "&"}
    ):
        start += len(parts[0]) + 1
        parts.pop(0)
    return min(start, match.end(group))


def _lends(name: str) -> bool:
    """Say whether a practice may be called so: a town, a landscape or a word that no list has, and nobody's name."""
    if not name:
        return False
    parts = [word_of(part) for part in re.split(r"[ -]", name) if part]
    if any(part.upper or part.low in _HOW or part.low in _WARDS or part.flags & TITLE for part in parts[:1]):
        return False
    if any(part.kind in "MA" and part.folded not in LENT for part in parts):
        return False
    return any(part.folded in LENT or sure(part.folded) or part.kind in "Uu" for part in parts) or fold(name) in towns()


#: Words of place right before a practice, and trades that are no service of the same house behind them.
_AT = re.compile(r"(?:\b(?:at|from|to|via|by)|@) $")
_OUTSIDE = re.compile(r" (?:Imaging|Ortho|Peds|Dental|Vision|Eye|Docs|Retina|Spine|Kidney|Podiatry)$")


def _plain(name: str, whole: str) -> bool:
    """Say whether words of everyday are a practice's name behind a word of place: at Tower Imaging."""
    parts = [word_of(part) for part in re.split(r"[ -]", name) if part]
    return bool(parts) and _OUTSIDE.search(whole) is not None and not any(
        part.upper or part.kind in "MA" or part.low in _HOW or part.low in _GENERIC or part.low in _WARDS for part in parts
    )


#: Where somebody is sent to or comes from, or which house it is: xfer from Lutheran, OSH = Banner, chemist = Lloyds.
_SENT = re.compile(
    rf"\b(?:(?:xfer(?:red|ed)?|tx['’]?d?|transfer(?:red)?|trans|referred|flown(?: in)?|airlifted|life-?flighted|medevaced|ambulanced|sent(?: over| in)?|brought over|bounced back|on loan|resettled|rehomed|placed|repatriated) (?:from|to|by|at|with|out of)|accepted (?:by|at)|OSH(?:[ ]?[:=(]| at| from)[ ]?|(?:chemist|pharmacy|dme|DME|hospice|snf|SNF|optician|dentist|dialysis|HD unit|lab|employer|school|LTAC|rehab|ALF|NH)[ ]?=)[ ]?({CAP}(?:[ ]{CAP}){{0,2}})(?=[.,;:)\n]|$|[ ](?:for|on|in|with|w/|via|by|after|this|last|today|yesterday|and|where|who|because|due|s/p|re|per|overnight|pt|[-–])\b)"
)
#: A home by how homes are called, before who is in it: Fernlea staff.
_HOMELY = re.compile(
    rf"(?<![\w'’-])({CAP})(?:['’]s)?[ ](?:staff|carers?|matron|manager|residents?|nurses?|NH|CH|EMI|RH|team|says|rang|called|reports)\b"
)
_HOMES = re.compile(
    r"(?:lea|leigh|dene|holme|croft|haven|bank|rise|side|view|mead|wood|brook|garth|mount|lands|hurst|bourne|court|lodge|fields|gate|acre|cliffe|grange|more|vale|brae|ways)$"
)
_OUT_OF = re.compile(rf"\b[Oo]ut of ({CAP}(?:[ ]{CAP})?)")
#: Who is of a town: a Bostonian.
_CITIZEN = re.compile(
    r"\b(?:[Aa]|[Nn]ative|[Ll]ifelong|[Pp]roud|[Bb]orn|[Ff]ormer|[Ee]x-?)[ ](Bostonian|Glaswegian|Liverpudlian|Scouser|Mancunian|Londoner|Parisian|New Yorker|Chicagoan|Angeleno|Philadelphian|Houstonian|Dallasite|Seattleite|Minneapolitan|Clevelander|Pittsburgher|Baltimorean|Atlantan|Memphian|Nashvillian|New Orleanian|San Franciscan|San Diegan|Portlander|Denverite|Phoenician|Tucsonan|Albuquerquean|Honolulan|Anchorageite|Torontonian|Montrealer|Vancouverite|Winnipegger|Haligonian|Calgarian|Edmontonian|Dubliner|Corkonian|Belfaster|Brummie|Geordie|Aberdonian|Dundonian|Novocastrian|Sydneysider|Melburnian|Brisbanite|Aucklander|Wellingtonian|Cantabrian|Berliner|Hamburger by birth|Münchner|Viennese|Roman by birth|Neapolitan|Milanese|Venetian|Florentine|Madrileño|Madrileña|Barcelonan|Sevillano|Sevillana|Muscovite|Varsovian|Cracovian|Habanero|Habanera|Porteño|Porteña|Limeño|Limeña|Carioca|Paulista|Tapatío|Tapatía|Chilango|Chilanga|Mumbaikar|Delhiite|Lahori|Karachiite|Cairene|Beiruti|Baghdadi|Aleppan|Damascene|Stambouli|Yorker)\b"
)


def _sent(text: str) -> Iterator[Finding]:
    known = lexicon()
    for match in _SENT.finditer(text):
        parts = [word_of(part) for part in re.split(r"[ -]", match[1]) if part]
        first = parts[0]
        if first.upper or first.flags & TITLE or any(part.low in _WARDS or part.low in _GENERIC for part in parts[:1]):
            continue
        if any(part.folded in known.medical and part.kind in "MA" for part in parts):
            continue
        yield place(match.start(1), match.end(1), "facility", "place.sent", 0.5)
    for match in _HOMELY.finditer(text):
        word = word_of(match[1])
        if word.kind in "RUu" and _HOMES.search(word.folded) and len(word.low) > 5:
            yield place(match.start(1), match.end(1), "facility", "place.homely", 0.5)
    for match in _OUT_OF.finditer(text):
        name = next((part for part in (match[1], match[1].split(" ")[0]) if sure(fold(part))), None)
        if name:
            yield place(match.start(1), match.start(1) + len(name), "city", "place.out-of", 0.55)
    for match in _CITIZEN.finditer(text):
        yield place(match.start(1), match.end(1), "city", "place.citizen", 0.6)


def _warded(text: str) -> Iterator[Finding]:
    for match in _WARD.finditer(text):
        group = 1 if match[1] else 2 if match[2] else 3
        word = word_of(match[group].split(" ")[0].split("-")[0].split("'")[0].split("’")[0])
        known = lexicon()
        if word.upper or word.flags & TITLE or word.low in _GENERIC or word.low in _WARDS:
            continue
        if group == 1 and _named_ward(match[0], word):
            yield place(match.start(1), match.end(1), "facility", "place.ward", 0.55)
            continue
        if word.folded in known.medical and word.folded not in known.eponyms:
            continue
        if group == 3 and (word.kind not in "SRGn" or word.folded in known.eponyms):
            continue
        if word.kind in "SRGUun" or (word.folded in known.eponyms and group < 3):
            yield place(match.start(group), match.end(group), "facility", "place.ward", 0.5)


def _named_ward(seen: str, word: Word) -> bool:
    """Say whether a word behind "ward" or "unit:" is a family name, though it be a term or a word: ward Nightingale."""
    known = lexicon()
    if not word.listed or word.folded not in known.surnames or (word.kind in "MA" and word.folded in known.words):
        return False
    if word.kind in "sgr" and word.folded not in known.frequent:
        return False
    return seen[:4].lower() == "ward" or ":" in seen or seen[-1].isdigit()


def _small(text: str, flags: int) -> Iterator[Finding]:
    if _SMALLS.held(text, flags):
        for match in _SMALL.finditer(text):
            parts = match[1].replace("-", " ").split()
            if any(_telling(part) for part in parts) and not any(part in _WARDS or part in _STOPS for part in parts):
                yield place(match.start(1), match.end(2), "facility", "place.small-called", 0.5)
    if _LABELS.held(text, flags):
        for match in _LABELED.finditer(text):
            first = match[1].split(" ")[0]
            known = lexicon()
            if first in known.medical or first in _STOPS:
                continue
            if first not in known.words or (" " in match[1] and first in LENT):
                yield place(match.start(1), match.end(1), "facility", "place.small-labeled", 0.5)


_STOPS = frozenset(["the", "and", "for", "his", "her", "our", "their", "your", "any", "all", "new", "old", "same", "other", "some", "more", "most", "prior", "recent", "current", "pending", "none", "local", "own", "with", "from", "unknown", "needs", "declined", "meds", "patient", "family", "history", "past"])  # fmt: skip


def _telling(part: str) -> bool:
    known = lexicon()
    if part in {"tri", "northside", "southside", "eastside", "westside", "midtown", "uptown", "downtown"}:
        return True
    if part in _GENERIC or part in known.medical:
        return False
    return part in LENT or sure(part) or (part not in known.words and len(part) > 3)


def _town(name: str, *, listed: bool) -> bool:
    parts = [word_of(part) for part in re.split(r"[ -]", name) if part]
    if not parts or parts[0].flags & TITLE or parts[0].low in _GENERIC - {"port"} and len(parts) < 2:
        return False
    if listed or fold(name) in towns():
        return fold(name) in towns()
    return not any(part.kind in "MA" and part.folded not in towns() for part in parts)


__all__ = ["tailed"]
