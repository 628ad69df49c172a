# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses and crews that a number goes with: VFW Post 1170, Fire Station 14, Teamsters Local 90, PS 118, LifeFlight 3.

Never a monitor's lead, a ward, a step or a stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.places.streets import place
from curator.detect.text.words.hints import Marks, Words
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import word_of
from curator.identifiers.findings import Finding

_NUMBERED = re.compile(
    r"(?:(?:American Legion|AMVETS|VFW|V\.F\.W\.|Elks|Moose|Eagles|Masonic|Knights of Columbus|K of C|Odd Fellows|Rotary|Kiwanis)\b(?:[ ](?:Post|Lodge|Hall|Club|Council|Aerie|Temple))?(?:[ ](?:No\.?[ ]?|#)?\d{1,5})?"
    r"|(?:Fire |EMS |Police |Rescue |Ambulance )?Station[ ](?:No\.?[ ]?|#)?\d{1,3}(?=[ ](?:crew|house|is|was|on|in|at|responded|personnel)|[.,;)\n]|$)"
    r"|(?:Teamsters|UAW|IBEW|AFSCME|SEIU)[ ]#?\d{1,4}\b"
    r"|(?:(?:Teamsters|UAW|IBEW|AFSCME|SEIU|Carpenters|Ironworkers|Pipefitters|Steelworkers|Laborers|Union)[ ])?Local[ ](?:No\.?[ ]?|#)?\d{1,4}"
    r"|(?:(?:Boy|Girl|Cub)[ ])?(?:Scouts?[ ])?Troop[ ]#?\d{1,5}"
    r"|(?:P\.?S\.?|I\.?S\.?|J\.?H\.?S\.?)[ ](?:#[ ]?)?[1-9]\d{1,2}(?=[ ]?(?:[,.;)\n]|$|in\b|where|and|school))"
    r"|(?:School District|Independent School District|ISD|District)[ ]#?\d{2,4}"
    r"|(?:AirLife|LifeNet|Life ?Flight|LifeStar|Med ?Flight|MedStar|Air ?Evac|AirMed|MercyAir|Mercy Air|CareFlight|Care ?Flite|StatFlight|Life ?Link|LifeWing|Life ?Team|Angel ?One|Flight For Life)(?:[ ](?:\d{1,3}|I{1,3}V?)\b)?(?!\w))"
)
#: What each of them may begin with: these are looked for, which is far quicker than the pattern.
_STARTS = (
    "American Legion", "AMVETS", "VFW", "V.F.W.", "Elks", "Moose", "Eagles", "Masonic", "Knights of Columbus", "K of C", "Odd Fellows", "Rotary", "Kiwanis",
    "Fire Station", "EMS Station", "Police Station", "Rescue Station", "Ambulance Station", "Station ", "Teamsters", "UAW", "IBEW", "AFSCME", "SEIU", "Carpenters",
    "Ironworkers", "Pipefitters", "Steelworkers", "Laborers", "Union Local", "Local ", "Boy Scout", "Girl Scout", "Cub Scout", "Scout Troop", "Troop ",
    "PS ", "P.S. ", "IS ", "I.S. ", "JHS ", "J.H.S. ", "School District", "Independent School", "ISD ", "District ",
    "AirLife", "LifeNet", "LifeFlight", "Life Flight", "LifeStar", "MedFlight", "Med Flight", "MedStar", "AirEvac", "Air Evac", "AirMed", "MercyAir", "Mercy Air",
    "CareFlight", "CareFlite", "Care Flite", "StatFlight", "LifeLink", "Life Link", "LifeWing", "LifeTeam", "Life Team", "Angel One", "AngelOne", "Flight For Life",
)  # fmt: skip
#: A school that is short for a high or an elementary one.
_SCHOOL = re.compile(
    r"(?<=[a-z] )[A-Z][a-z]{2,14}(?: [A-Z][a-z]{2,14})? (?:HS|H\.S\.|ES|Elem\.?)(?= (?:gym|teacher|student|football|soccer|basketball|wrestling|track|band|grad\w*|coach|senior|junior|freshman|sophomore|dropout|cafeteria|nurse|office|parking|class)\b)"
)
_SCHOOLS = (" HS ", " H.S. ", " ES ", " Elem")
#: The same behind a word of schools: 8th grade, Orono Middle; a junior at Del Norte High.
_OF_GRADE = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th) grade(?:r)?|[Kk]indergart\w+|[Gg]rade(?: \d{1,2})?|[Ss]chool|[Aa]ttend(?:s|ed|ing)|[Ss]tudent|[Ff]reshman|[Ss]ophomore|[Jj]unior|[Ss]enior|[Tt]eache[sr]|[Tt]aught|[Cc]oach(?:es)?|[Gg]rad(?:uated|uate)?|[Ee]nrolled|[Gg]oes to|[Dd]ropped out|[Ee]xpelled|[Ss]uspended|[Jj]anitor|[Nn]urse|\(\d{1,2})[ ,:(]{1,3}(?:(?:at|of|in|from|for) )?"
    r"((?:St\. )?[A-Z][a-z'’]{2,14}(?:[ -][A-Z][a-z]{2,14}){0,2} (?:Middle|High|Elementary|Elem|Primary|Secondary|Prep|HS|H\.S\.|MS|JHS|ES|CC|JC|K-8|Jr\.? High|Junior High|Charter|Montessori|Tech|State)(?: School)?)(?![\w]|[ ](?:Lobe|Ear|Risk|Blood|Grade|Dose|Cerebral|Fall))"
)
_SCHOOLED = Marks(" grade", "Grade", "kinderg", "Kinderg", "school", "School", "ttends", "ttended", "ttending", "tudent", "reshman", "ophomore", "junior", "senior", "Junior", "Senior", "eacher", "eaches", "taught", "coach", "Coach", "grad of", "Grad of", "graduate", "graduated", "nrolled", "goes to", "dropped out", "xpelled", "uspended", "janitor", "nurse")  # fmt: skip
_GRADED = Marks(" Middle", " High", " Elem", " Primary", " Secondary", " Prep", " HS", " MS", " JHS", " ES", " CC", " JC", " Charter", " Montessori", " Tech", " State")  # fmt: skip


#: A word that each of them has.
_WORDS = Words(
    [
        "legion",
        "amvets",
        "vfw",
        "elks",
        "moose",
        "eagles",
        "masonic",
        "knights",
        "fellows",
        "rotary",
        "kiwanis",
        "station",
        "local",
        "troop",
        "ps",
        "jhs",
        "district",
        "isd",
        "airlife",
        "lifenet",
        "lifeflight",
        "life",
        "lifestar",
        "medflight",
        "medstar",
        "airevac",
        "evac",
        "airmed",
        "mercyair",
        "careflight",
        "careflite",
        "flite",
        "flight",
        "statflight",
        "lifelink",
        "lifewing",
        "lifeteam",
        "angel",
        "angelone",
        "hs",
        "es",
        "elem",
    ]
)


#: What is set on a ventilator, where PS is the support of pressure.
_VENTILATED = re.compile(r"\b(?:CMV|SIMV|vent|[Ww]ean\w*|PEEP|CPAP|ETT)\b[^.;\n]{0,24}$|->[ ]?$|→[ ]?$")


def _is_measure(text: str, at: int, end: int) -> bool:
    """Say whether a number belongs to an anesthetic or a setting: Local 2%, PS 10/5."""
    if text.startswith(("%", " %", ".", "/"), end) and (text[end] != "." or text[end + 1 : end + 2].isdigit()):
        return True
    return text.startswith("PS ", at) and _VENTILATED.search(text, max(0, at - 32), at) is not None


def numbered(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such houses.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    if _SCHOOLED.held(text, found.flags) and (_GRADED.held(text, found.flags) or " H.S." in text or " K-8" in text):
        for school in _OF_GRADE.finditer(text):
            if word_of(school[1].split(" ")[0]).kind not in "MA":
                yield place(school.start(1), school.end(1), "facility", "place.school-short", 0.6)
    if not found.flags & _WORDS.bit:
        return
    for word in _STARTS:
        at = text.find(word)
        while at >= 0:
            match = None if at and text[at - 1].isalnum() else _NUMBERED.match(text, at)
            if match and not _is_measure(text, at, match.end()):
                yield place(at, match.end(), "facility", "place.numbered", 0.7)
            at = text.find(word, at + 1)
    if any(map(text.__contains__, _SCHOOLS)):
        for school in _SCHOOL.finditer(text):
            yield place(school.start(), school.end(), "facility", "place.school-short", 0.6)
