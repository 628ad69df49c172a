# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Houses and crews that a number goes with: VFW Post 1170, Fire Station 14, Teamsters Local 90, PS 118, LifeFlight 3.

Never a monitor's lead, a ward, a step or a stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.streets import place
from curator.identifiers.findings import Finding

_NUMBERED = re.compile(
    r"\b(?:(?:American Legion|AMVETS|VFW|V\.F\.W\.|Elks|Moose|Eagles|Masonic|Knights of Columbus|K of C|Odd Fellows|Rotary|Kiwanis)(?:[ ](?:Post|Lodge|Hall|Club|Council|Aerie|Temple))?(?:[ ](?:No\.?[ ]?|#)?\d{1,5})?"
    r"|(?:Fire |EMS |Police |Rescue |Ambulance )?Station[ ](?:No\.?[ ]?|#)?\d{1,3}(?=[ ](?:crew|house|is|was|on|in|at|responded|personnel)|[.,;)\n]|$)"
    r"|(?:(?:Teamsters|UAW|IBEW|AFSCME|SEIU|Carpenters|Ironworkers|Pipefitters|Steelworkers|Laborers|Union)[ ])?Local[ ](?:No\.?[ ]?|#)?\d{1,4}"
    r"|(?:(?:Boy|Girl|Cub)[ ])?(?:Scouts?[ ])?Troop[ ]#?\d{1,5}"
    r"|(?<=[a-z] )[A-Z][a-z]{2,14}(?: [A-Z][a-z]{2,14})? (?:HS|H\.S\.|MS|ES|Elem\.?)(?= (?:gym|teacher|student|football|soccer|basketball|wrestling|track|band|grad\w*|coach|senior|junior|freshman|sophomore|dropout|cafeteria|nurse|office|parking|class)\b)"
    r"|(?:P\.?S\.?|I\.?S\.?|M\.?S\.?|J\.?H\.?S\.?)[ ](?:#[ ]?)?[1-9]\d{1,2}(?=[ ]?(?:[,.;)\n]|$|in\b|where|and|school))"
    r"|(?:School District|Independent School District|ISD|District)[ ]#?\d{2,4}"
    r"|(?:AirLife|LifeNet|Life ?Flight|LifeStar|Med ?Flight|MedStar|Air ?Evac|AirMed|MercyAir|Mercy Air|CareFlight|Care ?Flite|StatFlight|Life ?Link|LifeWing|Life ?Team|Angel ?One|Air Care|Flight For Life)(?:[ ](?:\d{1,3}|I{1,3}V?)\b)?)"
)
#: A word that each of them has, so that the search is only made where one stands.
_ANY = ("Legion", "VFW", "V.F.W", "Elks", "Moose", "Eagles", "Masonic", "Knights", "K of C", "Fellows", "Rotary", "Kiwanis", "AMVETS", "Station ", "Local ", "Troop ", "PS ", "P.S.", "IS ", "I.S.", "MS ", "JHS ", "District ", "ISD ", "Air", "Life", "Med", "Care", "Flight", "Angel", "Stat", " HS ", " H.S. ", " ES ", " Elem")  # fmt: skip


def numbered(text: str) -> Iterator[Finding]:
    """Yield such houses.

    Parameters
    ----------
    text
        The text.
    """
    if any(word in text for word in _ANY):
        for match in _NUMBERED.finditer(text):
            if match[0][-1].isdigit() or " " in match[0] or match[0][1:].lower() != match[0][1:]:
                yield place(match.start(), match.end(), "facility", "place.numbered", 0.7)
