# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Numbers and logins that their own form or one word before tells, of services that few notes name.

Plates of Great Britain (LD66 WXY), logins that end in a profession (kimberly_rn), what somebody signed up as, numbers of
registers of professions (HCPC PH 88120), of crews and the police (callsign A423, collar 4471), of laboratories that part
theirs by commas, all bleeps of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import Spots
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_PLATE = re.compile(
    r"(?<![\w/-])(?P<value>[A-HJ-PR-Y]{2}(?:0[2-9]|1\d|2[0-6]|5[1-9]|6\d|7[0-6])[ ]?(?P<tail>[A-HJ-PR-Z]{3}))(?![\w-])"
)
#: Short forms that stand behind an amount and have three letters as well: PO20 MEQ.
_AMOUNTS = frozenset(
    ["MEQ", "TAB", "CAP", "BID", "TID", "QID", "PRN", "GTT", "MCG", "MGS", "MLS", "LPM", "BPM", "HRS", "MIN", "SEC", "DAY", "QHS", "QAM", "QPM", "POS", "NEG", "AND", "THE", "FOR"]
)  # fmt: skip
_AIRCRAFT = re.compile(
    r"\b(?:[Ff]light|FLIGHT|[Aa]ircraft|AIRCRAFT|[Hh]elicopter|[Tt]ail(?: number)?|[Hh]elo|[Pp]lane)\b[ :#]{0,3}(?P<value>N\d{1,5}[A-HJ-NP-Z]{0,2}|(?:[A-Z]{1,2}|\d[A-Z])-[A-Z]{3,4})(?![\w-])"
)
_ROLE = re.compile(
    r"(?<![\w@./-])(?P<value>[a-z]{3,14}_(?:rn|lpn|np|md|pa|do|cna|sw|pt|ot|rt|slp|dr|pharm|pharmd|icu|ed|er|nurse|charge|intake|lab|rx))(?![\w@.-])"
)
_AS = re.compile(
    r"\b(?:signed (?:up|in|on) as|logged (?:in|on) as|logs? ?-?ins? (?:to|on) [^.\n]{2,40} as|run by|exported by|printed by|extracted by|AccuRx ID|user ?name|userid|login(?: id)?)[ :]{1,2}(?P<value>[a-z]{5,16}\d{0,4}|[a-z]{3,14}\.[a-z]{2,14}\d{0,3})(?=[\s),;.]|$)"
)
#: Registers of professions, and what a number of one looks like.
_REGISTER = re.compile(
    r"\b(?:HCPC|GMC|NMC|GDC|GOC|GPhC|GPHC|AHPRA|MCRN|CORU|NMBI|SNB|MCR|MMC|MCI|HPCSA|MDCN|MCNZ|CPSO|CPSBC|CNO|CMQ|BCCNM|PRC|SCFHS|DHA|DOH|HAAD|MOH|PSI|SSSC)[ ]?(?:[Nn]o\.?|[Rr]eg\.?(?: [Nn]o\.?)?|[Ll]ic\.?(?: [Nn]o\.?)?|#)?[ :]{0,2}(?P<value>(?:[A-Z]{1,4}[ -]?)?\d{2,4}(?:[-./ ]?\d{2,6}){1,3}[A-Z]?)(?![\w/])|\bCRM[-/ ][A-Z]{2}[ :]{0,2}(?P<crm>\d{2,3}[.]?\d{3})"
)
_CREW = re.compile(
    r"\b(?:[Cc]all ?[Ss]ign|CALL ?SIGN|[Cc]ollar(?: no\.?| number)?|[Ss]houlder (?:no\.?|number)|(?:INCIDENT|[Ii]ncident) CAD|[Ll]og (?:no\.?|number)|[Gg]iliran|[Qq]ueue (?:no\.?|number)|[Ff]ace[- ]fit test|QPulse|Datix|DATIX)[ :#]{1,3}(?P<value>\d{2,7} of \d{1,2}/\d{1,2}(?:/\d{2,4})?|[A-Z]{0,4}[-/]?\d{2,8}[A-Z]?)(?![\w/-])"
)
_LABORATORY = re.compile(r"(?P<value>[A-Z],(?<![\w,][A-Z],)\d{2}\.\d{6,8}\.[A-Z])(?![\w.])")
_BLEEPS = re.compile(r"\b(?:[Bb]leeps?|BLEEPS?|[Pp]agers|PAGERS)[ ]?:[ ]*(?P<list>[^\n]{4,120})")
_BLEEP = re.compile(r"(?<![\w/.-])\d{4}(?![\w/-]|\.\d)")
_VOICE = re.compile(
    r"\b(?:[Vv]oice ?print|[Ff]inger ?print|[Ii]ris|[Rr]etinal?|[Pp]alm|[Ff]ace|[Ff]acial)(?: (?:scan|template|file|id|ID|record)){0,2} \((?P<value>(?=[\w.-]*\d)[A-Za-z0-9][\w.-]{4,30})\)"
)
#: The last digits of a number, in the turn behind the one that asks for them.
_LAST = re.compile(
    r"\blast (?:four|4)(?: digits)? of (?:his|her|your|the|their) (?:social|ssn|SSN|social security(?: number)?)[^\n]{0,40}\n[^\n:]{2,24}:[ ](?:(?:um|uh|it's|okay|sure|yeah|hold on)[ ,.]{1,3}){0,3}(?P<value>\d{4})\b"
)


#: What stands in the midst of a plate: found far sooner.
_MIDST = re.compile(r"\d\d(?<=[A-Z]{2}\d\d)[ ]?[A-Z]{3}")
#: Words of which a text must have one for each form.
_AIRCRAFTS = Words(["flight", "aircraft", "helicopter", "tail", "helo", "plane"])
_LOGINS = Words(
    ["signed", "logged", "log", "logs", "log-ins", "run", "exported", "printed", "extracted", "accurx", "user", "username", "userid", "login"]
)  # fmt: skip
_REGISTERS = Words(
    ["hcpc", "gmc", "nmc", "gdc", "goc", "gphc", "ahpra", "mcrn", "coru", "nmbi", "snb", "mcr", "mmc", "mci", "hpcsa", "mdcn", "mcnz", "cpso", "cpsbc", "cno", "cmq", "bccnm", "prc", "scfhs", "dha", "doh", "haad", "moh", "psi", "sssc", "crm", "crm-mg"]
)  # fmt: skip
_CREWS = Words(
    ["callsign", "call", "collar", "shoulder", "cad", "log", "giliran", "queue", "face", "face-fit", "qpulse", "datix"]
)
_LISTS = Words(["bleep", "bleeps", "pagers"])
_TEMPLATES = Words(
    ["voice", "voiceprint", "finger", "fingerprint", "iris", "retina", "retinal", "palm", "face", "facial"]
)
_ASKED = Words(["social", "ssn"])


def loose(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such numbers and logins.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    flags = found.flags
    for match in _PLATE.finditer(text) if _MIDST.search(text) else ():
        if match["tail"] not in _AMOUNTS and match["tail"].lower() not in lexicon().medical:
            yield _made(match, Category.VEHICLE, "plate", "form.plate")
    for match in _AIRCRAFT.finditer(text) if flags & _AIRCRAFTS.bit else ():
        yield _made(match, Category.VEHICLE, "plate", "cue.aircraft")
    for match in _ROLE.finditer(text) if "_" in text else ():
        yield _made(match, Category.OTHER, "user", "form.role")
    for match in _AS.finditer(text) if flags & _LOGINS.bit else ():
        if _is_login(match["value"]):
            yield _made(match, Category.OTHER, "user", "cue.login-as")
    for match in _REGISTER.finditer(text) if flags & _REGISTERS.bit else ():
        yield _made(match, Category.LICENSE, "license", "cue.register", "value" if match["value"] else "crm")
    for match in _CREW.finditer(text) if flags & _CREWS.bit else ():
        yield _made(match, Category.OTHER, "code", "cue.crew")
    for match in _LABORATORY.finditer(text) if "," in text else ():
        yield _made(match, Category.OTHER, "accession", "form.laboratory")
    for listed in _BLEEPS.finditer(text) if flags & _LISTS.bit else ():
        for one in _BLEEP.finditer(text, *listed.span("list")):
            yield Finding(*one.span(), Category.PHONE, "pager", "cue.bleeps", 0.75)
    for match in _VOICE.finditer(text) if flags & _TEMPLATES.bit and "(" in text else ():
        yield _made(match, Category.BIOMETRIC, "template", "cue.template")
    for match in _LAST.finditer(text) if flags & _ASKED.bit else ():
        yield _made(match, Category.SSN, "ssn", "cue.last-asked")


def _made(match: re.Match[str], category: Category, kind: str, rule: str, part: str = "value") -> Finding:
    return Finding(*match.span(part), category, kind, rule, 0.8)


def _is_login(value: str) -> bool:
    """Say whether a word behind the label of a login is one: two parts, figures, or a letter and a family name."""
    known = lexicon()
    letters = value.rstrip("0123456789")
    if "." in value or len(letters) < len(value):
        return True
    return (
        letters not in known.words
        and letters not in known.medical
        and (letters[1:] in known.surnames or letters[2:] in known.surnames)
    )
