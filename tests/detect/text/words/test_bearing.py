"""Terms that bear a name: where a name stands tells whether somebody is meant."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.words.bearing import term
from curator.detect.text.words.borne import borne, regions
from curator.detect.text.words.spots import spots

FOUND = detectors(weighed=False)

STAYS = """
Remind me which is which: Judet, Von Rosen and Dunn views, one line each.
Watson-Jones vs Hardinge vs Smith-Petersen approach to the hip?
Micra for an 81 y/o with a Hancock II mitral valve and no access.
HCC 4.8 cm. Inside Milan and UCSF? What would the Barcelona group say vs Hong Kong (HKLC)?
This puts it in the high-risk group (Brigham and Women's T2a).
Rome IV or Manning for IBS, Los Angeles grade B, Paris 0-IIa, Lugano 2014 criteria.
Meets Rotterdam and Amsterdam II criteria, modified Atlanta, by Budapest CRPS.
Scope in 6 h or within 24, per Lau 2020?
Smith et al. and Guérin 2013 showed less; the Hughes study did not.
Is Dara-VRd per PERSEUS ok, or Isa-KRd?
Olaparib after OlympiA, capecitabine after CREATE-X, GiACTA, BYLieve and ARTESiA.
Did NELSON leave out women, and does KRYSTAL-12 matter?
Is Diane-35 plus spironolactone enough?
Did the level after SERENA-4 fall?
Known Wilson's, likely Sjogren's.
Friedman score 3; no Dunn, positive Crawford.
Tilt table vs Valsalva vs Schellong for POTS?
Is the list the same as Laroche or PRISCUS?
Is SPINK5 the gene?
TPA: Star Health, balance by UPI or NEFT.
From Telangana, not Maharashtra; born in Minas Gerais, now in New South Wales or Bavaria.
<Id root="2.16.840.1.113883.19.5"/> urn:oid:2.16.840.1.113883.4.1 urn:hl7-org:v3 1.2.840.10008.1.2
CAMP HEALTH FORM 2 of 2
The third stage was put under code 1595 at the lower rate.
"""

GOES = """
pt {Dunn} wants to go home
Seen by Dr {Dunn} today
{Dunn} called about the labs
per {Dunn}, hold the heparin
Mr {Hancock} II is his son
Dr {Judet} at bedside
moved to {Milan} from {Rome} in 2010
lives in {Rotterdam} with her mother
spoke w {NELSON} about the plan
Anesthesia: {Jefferson} / CRNA Olivia
Drs Garcia / {Walker}, CM Hope
stent by {Gruber} in Flagstaff, ok to stop plavix?
is {Muñoz-Peña} still the hepatologist on call?
Dr. {Schmitt} said no; is {Schmitt} still the contact?
my patient {Stewart} from {Boston}, AF, hold apixaban?
{SMith} called, {McDONALD} called
[10:03] Agent {Marisol}: Thanks, how can I help?\\n[10:04] Visitor: ok\\n[10:05] Agent {Marisol}: bye
Name: Smt. {Lakshmi Devi Ramanathan}
UID 2.16.840.1.113883.3.933.12.4 is a member's: {2.16.840.1.113883.3.933.12.4}
"""


def _covered(text: str) -> set[int]:
    return {at for spot in find_all(text, FOUND) for at in range(spot.start, spot.end)}


@pytest.mark.parametrize("line", STAYS.strip().split("\n"))
def test_a_term_that_bears_a_name_stays(line):
    covered = _covered(line)
    assert not covered, "".join(mark if at in covered else "_" for at, mark in enumerate(line))


@pytest.mark.parametrize("line", GOES.strip().split("\n"))
def test_somebody_of_the_same_name_goes(line):
    line, spans, text = line.replace("\\n", "\n"), [], ""
    for mark in line:
        if mark == "{":
            start = len(text)
        elif mark == "}":
            spans.append((start, len(text)))
        else:
            text += mark
    covered = _covered(text)
    assert spans
    for start, end in spans:
        assert all(at in covered for at in range(start, end) if text[at].isalnum()), text[start:end]


@pytest.mark.parametrize("who", ["cust", "rep", "Visitor", "Customer", "Agent", "Caller"])
def test_a_part_in_a_chat_is_nobody(who):
    text = f"[10:02] {who}: hi, the mask leaks\n[10:03] {who}: any news?"
    assert not _covered(text)


def test_the_list_holds_every_kind_and_phrases_of_several_words():
    known = borne()
    assert {"dunn", "hancock"} <= known.scales
    assert {"milan", "hong kong"} <= known.cities
    assert "perseus" in known.trials
    assert all(len(phrase) > 1 for phrases in known.phrases.values() for phrase in phrases)
    assert {"telangana", "minas gerais", "new south wales"} <= regions()


def test_a_place_beyond_the_words_tells_nothing():
    text = "per Lau 2020"
    assert term(spots(text), 4, 7)
    assert not term(spots(text), 5, 7)
    assert not term(spots(text), 20, 24)
