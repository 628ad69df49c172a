"""Terms of medicine that look like names of people or places stay, and people of the same names go."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all

STAYS = [
    "Handgrip (Jamar) 18 kg, furcation (Glickman) II.",
    "Bosniak IIF cyst; Stanford B dissection; Sanders IIC; Miller I recession.",
    "Dukes C, Jewett B2.",
    "Neer and Hawkins positive, Jobe weak, Yergason negative.",
    "Hip extension minus 8 degrees by the Thomas test.",
    "Grade III hiatus hernia with four Cameron erosions on the ridge.",
    "Boston bowel prep 2+3+3, with slow withdrawal.",
    "Janus kinase inhibitors are unsafe here.",
    "Kocher maneuver done, Pringle applied, Cattell performed.",
    "Culture on Lowenstein-Jensen and Thayer-Martin, Mueller-Hinton next.",
    "A diverticulum of Kommerell, unchanged.",
    "ThyroSeq and DecisionDx were not ordered. CoaguChek 2.6.",
    "SOX10 and Melan-A label it. We discussed Pola-R-CHP and CAR-T.",
    "She gets sick with Galfer, so Ferinject went in.",
    "A medium ResMed AirFit F20 was worn.",
    "Cleansed w/ Vashe, Aquacel Ag to #1, Mepilex to #2.",
    "The eczema cream (Daivobet) has not helped; Enstilar next.",
    "He speaks Mixteco, Tigrinya and K'iche'.",
    "FHx: father POAG, bro - NASH.",
    "Surg would offer lobectomy. Cards agrees.",
    "jp 40cc serosang, foley out",
    "Angle class II. Black class V. Bitewings x4.",
    "ARDS due to flu A. Vent: AC 24/360.",
    "Disc C/D 0.4, no DR. Plan refraction.",
    "NEWBORN NURSERY: INITIAL EXAM",
    "SICKLE CELL CLINIC FOLLOW UP",
    "Age correction (29 CFR 1910.95, appendix F).",
    "AKI 2/2 ATN, anemia 2/2 blood loss. Zoster 2/2.",
    "PT: Gait 150 ft. UB dressing Min A, tub transfer Max A.",
    "Device: Medtronic Azure XT DR MRI. RA lead: CapSureFix Novus.",
    "On Depakote ER 500 mg. Dermatology: Duonebs are not needed.",
    "Associate Professor of Neurology",
    "Good evening Doctor,\n\nthank you for the visit.",
    "Biologics failed. Comorbidities reviewed. Telehealth visit.",
]

GOES = [
    ("Discussed with Schober (rheum) who agrees.", "Schober"),
    ("Attending: Finkelstein", "Finkelstein"),
    ("Dr. Phalen to see her in clinic.", "Phalen"),
    ("Maria Kommerell was admitted for syncope.", "Maria Kommerell"),
    ("Her husband Bruce Breslow is at bedside.", "Bruce Breslow"),
    ("Mr. Weinberg denies chest pain.", "Weinberg"),
    ("RN Cobb aware", "Cobb"),
    ("Paged Hinchey at 0200", "Hinchey"),
    ("cc: J. Salter, P. Gartland", "J. Salter"),
    ("Friend Brandi Gleason drove her.", "Brandi Gleason"),
    ("Referred by A. Weber.", "A. Weber"),
    ("is this the on call for Love?\nJoy: yes J. Love here", "J. Love"),
    ("Bob LaFontaine and DeShawn McBride visited.", "DeShawn McBride"),
    ("Daughter AnnaMaria Schroth called", "AnnaMaria Schroth"),
    ("Sister LaTonya VanHorn is here", "LaTonya VanHorn"),
    ("Interpreter: Min-A Park", "Min-A Park"),
    ("Dr O'Sullivan - pls sign and return", "O'Sullivan"),
    ("Siblings: Atlas (4), Martin (2).", "Martin"),
    ("Norman Ashworth is a 70 y/o man", "Norman Ashworth"),
    ("next is olga tolak thats tolak again", "tolak"),
    ("Surg (Drake) accepts.", "Drake"),
    ("PT: Brown, James", "Brown, James"),
    ("She was seen on 2/2 for cough.", "2/2"),
    ("mora na R. Silva 45, Lisboa", "R. Silva 45"),
]


@pytest.mark.parametrize("text", STAYS)
def test_a_term_stays(text):
    assert [text[found.start : found.end] for found in find_all(text, detectors())] == []


@pytest.mark.parametrize(("text", "wanted"), GOES)
def test_a_person_or_a_day_of_the_same_looks_goes(text, wanted):
    covered = {at for found in find_all(text, detectors()) for at in range(found.start, found.end)}
    start = text.index(wanted)
    assert all(at in covered for at in range(start, start + len(wanted)) if text[at].isalnum())
