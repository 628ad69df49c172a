"""Names that are words, told by where they stand; what such a place holds besides a person stays."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all

DETECTORS = detectors(weighed=False)


def covered(marked: str) -> tuple[str, list[str]]:
    """Return what of the identifiers in braces is left, and all that was found besides."""
    text, spans, start = "", [], 0
    for mark in marked.replace("~", "\n"):
        if mark == "{":
            start = len(text)
        elif mark == "}":
            spans.append((start, len(text)))
        else:
            text += mark
    found = [(finding.start, finding.end) for finding in find_all(text, DETECTORS)]
    gone = {at for start, end in found for at in range(start, end)}
    left = [
        text[start:end] for start, end in spans if not all(at in gone for at in range(start, end) if text[at].isalnum())
    ]
    kept = {at for start, end in spans for at in range(start, end)}
    return ", ".join(left), [text[start:end] for start, end in found if not kept & set(range(start, end))]


GO = """TEE for tmrw w/ {Friday}
Appt made w/ {Do}. Mom repeated back doses.
per {Marsh}, hold
per {Wise} ok for diet
counts correct x 2 per {RUNE}, RN
Refer {Grand} for CE/IOL
refer to {Grand} for cataract
RTC {Major} 3 mo
see {Rivers} in 2 weeks
ask {Chase} re: stent
Will see {Drake} in clinic
consult {Banks} for drain
ID {Ossipov} following
Surg ({Drake}) accepts -> OR
On-call ({Dos Santos}) paged, aware
Hospitalist ({Snow}) accepting
Discussed with urology ({Gray}).
goes by {Bug} at home
AKA "{Duchess}"   Age 34
known to EMS as "{Cowboy}"
street name "{Ghost}"
calls self "{Pops}"
everyone calls her {Birdie}
His dealer, "{Ghost}", sold it.
I got this from her daughter {Edit} this morning.
her sister {Made} called
Baby is {Morgan}, born at 36w1d.
BG {Marsh}, 2 h old
She named the baby {Journey}
Team: {Heras}/{Little}/{Klara}
Attending of record: {Power}, hospitalist B
ANES: GETA / {Allen}
Nephr: {Zorko}
back-up {VANDERGRIFF}
guarantor {Eylaugsson, Geiri}    acct
{Wood, Rosaura} has a new rash
{Case, Alise} - INR 2.4
pt: {MARFAN, DAKOTA}, 38
Read by {Fa'asavalu}, diplomate
{Toms Lukstiņa}, palliative medicine.
{Rose} (rm 14) needs a bed alarm
{Pa Houa Xiong}, MSW
called {Korošec} at noon
PATIENT NAME: {HƏZI VILAYƏTOĞLU-EMINOV}
the neighbors are the {Abernathys}."""
SIGN = """Seen/agree - {FOREST}
Seen & examined, agree w/ above -- {Power}
agree with plan above - {Marsh}
Signed off - {Sharp}
ok to discharge - {Fields}
I was present for the key portions. -{Rhodes}
noted - {Castle}, 1430
agree / {Park}
Kind regards~{A Major}
Many thanks,~{Hope Stringer}
protocol Fever 3 mo or older. -{H.S.}
Recheck 48 h. closed // {J.McG}
Subject S282   Initials {R-W}
Case 4 of 9.  {V.P.} 34F, smoker
Case 2: {KLM}, 61M, smoker
verified x2 {KB}/{ML}
witness {DJ}
[1] {Lee} 7mo bronchiolitis D4
(4) {Young} 9d jaundice
5) {Day}, 3 yo croup
School log~Tu 1240 {Precious} gr 5 BG 61
School log~1:15 {Justice}, 4th grade, bee sting"""
SMALL = """sw {patricia} aware
gf {wim} on 3 way
caller gives name as {conceição dos santos}
hi, its {gene} again. sorry
im {destiny} and i missed my appt
d/w {white} on rounds
ask {jenna} at front desk
pls tell {marcus} we moved it
{jorge} is her son
she saw doctor {stone} at the clinic
pharmacist {linh} verified"""
TABLES = [
    "| Patient | PCP |\n|---|---|\n| {Gao, Xiuying} | {Wood} |\n| {Snow, April} | {Grant} |",
    "Provider   Date   Time\n{Wood}    x    1200\n{March}   y    1300",
]
STAY = """Continue TPN - lipids MWF
Seen/agree - FULL CODE
Plan: agree - DISCHARGE
agree with plan - Home
reviewed - Normal
ID recs noted
Surg path pending
Cards consult pending
GI (GERD)
Renal (stable)
Psych (anxious)
Refer PT for gait
f/u Cardiology 2 wks
per Radiology, no change
per Epic, MAR reviewed
see MAR, see Flowsheet, see Chart
d/w Pharmacy, w/ Norco, w/ contrast
intubated w/ Mac 3 blade
goes by bus, goes by walker
also known as LVH
Baby Boy doing well, Baby Girl A weighed
Anesthesia: General / LMA
ANES: LOCAL / MAC
PCP: none
1) CHF 3d
- Fever 3 days
[1] Pneumonia D4
- Cough 2 wk
Case 2: DKA, 61M
Case 3: COPD 71F
I.V. fluids, T.I.D. dosing
d/w pharmacy on rounds, d/w family at bedside
per protocol ok to feed
its worse again
sw consult placed
mother Hispanic, father deceased
Thomas test neg, Allen ok
Ref'ing: none
ramen for dinner~Call 911 if worse"""


@pytest.mark.parametrize("line", [*f"{GO}\n{SIGN}\n{SMALL}".split("\n"), *TABLES])
def test_a_name_that_is_a_word_goes_where_only_somebody_can_stand(line: str) -> None:
    assert covered(line)[0] == ""


@pytest.mark.parametrize("line", STAY.split("\n"))
def test_what_such_a_place_holds_besides_a_person_stays(line: str) -> None:
    assert covered(line)[1] == []
