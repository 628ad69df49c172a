"""Dates, streets, schools and houses as notes of every day write them, and clean sentences beside them. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors()


def covers(text, value):
    start = text.index(value)
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    return all(at in covered for at in range(start, start + len(value)) if text[at].isalnum())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Served overseas 6/68-11/69, then home", "6/68-11/69"),
        ("started ~03/04/2019", "03/04/2019"),
        ("12-Oct-2016->6/15/23", "6/15/23"),
        ("half days from 11-3 through June", "11-3"),
        ("surgery is planned for 9-18.", "9-18"),
        ("Cultures from 4/30 growing MRSA", "4/30"),
        ("seen 4.4.1951; HVF 3.2.22 OU", "3.2.22"),
        ("who came in 3/14 with foot pain", "3/14"),
        ("told to f/u in may", "may"),
        ("fell march 4 and hit her head", "march 4"),
        ("worse since late Mar", "Mar"),
        ("Worked Jan-Mar at sea", "Mar"),
        ("admitted on Black Friday", "Black Friday"),
        ("fell on MLK Day", "MLK Day"),
        ("LMP the 14th.", "14th"),
        ("Art Major, 96, dx: Paget disease", "96"),
        ("My nana is 96, lives alone", "96"),
    ],
)
def test_a_day_a_month_or_an_age_is_found(text, value):
    assert covers(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("BIBA from a motel off I-81, c/o SOB", "I-81"),
        ("Lives on N 4220 Rd near town", "N 4220 Rd"),
        ("he lives on e 116th st.", "e 116th st"),
        ("Lives 2nd fl, Beacon St near the park", "Beacon St"),
        ("on Lakeshore Dr in town", "Lakeshore Dr"),
        ("to 2200 blk S Pulaski for a fall", "2200 blk S Pulaski"),
        ("Door No 4-18, 2nd Main, Malleshwaram", "Door No 4-18, 2nd Main"),
        ("sister flew in from County Clare", "County Clare"),
        ("now in Cranberry Twp.", "Cranberry Twp"),
        ("He lives in Tacoma. No tobacco.", "Tacoma"),
        ("She lives in Croton-on-Hudson with him", "Croton-on-Hudson"),
        ("She lives in Coeur d'Alene with him", "Coeur d'Alene"),
        ("born at home, Surrey BC, in spring", "Surrey"),
        ("8th grade, Orono Middle. Plays hockey", "Orono Middle"),
        ("labs at PAMF Sunnyvale on Monday", "PAMF Sunnyvale"),
        ("long lie. from Beechcroft RH. PMH AF", "Beechcroft RH"),
        ("fall at Zabar's last night", "Zabar's"),
        ("resides at The Arbors at Amherst, memory care", "The Arbors at Amherst"),
        ("via Amherst FD, short of breath", "Amherst"),
        ("goes to Kowalski Chiropractic on Main", "Kowalski Chiropractic"),
        ("CVS Tulsa has the script", "CVS Tulsa"),
        ("pt seen at hendricks imaging today", "hendricks imaging"),
        ("went to summit urgent care first", "summit urgent care"),
        ("Kept from harm (Blue Bench) since", "Blue Bench"),
        ("parked behind the Kettle & Crow where he works", "Kettle & Crow"),
        ("specimen 24:MB0441 grew yeast", "24:MB0441"),
        ("Visit: OPD/22/4418 closed", "OPD/22/4418"),
        ("MRN: 44.18.82 on the label", "44.18.82"),
    ],
)
def test_a_place_or_a_code_is_found(text, value):
    assert covers(text, value)


CLEAN = """Bartter and Gitelman syndromes were considered given hypokalemia with alkalosis.
Murphy sign negative, McBurney point nontender, Rovsing and psoas signs absent.
Started on Zoloft 50 mg, Ativan 0.5 mg prn, and Seroquel 25 mg qhs.
Glasgow Coma Scale 14, NIH Stroke Scale 3, modified Rankin 1.
Foley in place draining clear urine; Jackson-Pratt with 30 cc serosanguinous.
Mallampati III, Cormack-Lehane grade 2 view with a Macintosh 3 blade.
Kussmaul respirations noted; Kayser-Fleischer rings absent on slit lamp.
Bishop score 6, Cook balloon placed, Pitocin at 4 mU/min, category I tracing.
Los Angeles grade B esophagitis; Hill grade III flap valve; Prague C2M4.
Gleason 3+4=7 in 5 of 12 cores, PI-RADS 4 lesion at the left base.
Hgb 9.8, Plt 122, WBC 4.4, ANC 2.1, MCV 88, retic 1.9%.
Vent: AC/VC 450 x 16, PEEP 8, FiO2 40%, plateau 24, P/F 112.
Strength 4/5 R deltoid, 5/5 elsewhere; reflexes 2/4 throughout; Babinski down.
Visual acuity 20/40 OD, 20/25 OS; Amsler normal; Schirmer 8 mm.
ECG: NSR at 72, LAD, LVH by Sokolow-Lyon, no acute ST changes.
Reed-Sternberg cells present; CD15 and CD30 positive; EBER negative.
Continue Lantus 22 units at bedtime and Humalog sliding scale; dec 100 mg last week.
Suboxone 8/2 daily; Narcan kit provided; PDMP reviewed.
IMPRESSION: NO ACUTE CARDIOPULMONARY PROCESS. STABLE CARDIOMEGALY.
Swan-Ganz floated: RA 8, RV 42/9, PA 40/18, PCWP 16, CO 4.8 by Fick.
The left atrium is 4.2 cm; LA volume index 38; RA normal; SLC applied; CHOP given.
Case discussed with Neurosurgery, Radiology and Infectious Disease.
Consult Wound Care, Speech, Nutrition, Case Management and Chaplaincy.
pt went to outpatient oncology, then to inpatient rehabilitation and dialysis.
The Blue Cross plan and a Magic Bullet were mentioned; Ramsay Hunt unlikely.
Repeat CT in 3-6 months per Fleischner; Lung-RADS 3; scan at home 3-5 pm."""


@pytest.mark.parametrize("text", CLEAN.split("\n"))
def test_a_clean_sentence_stays_as_it_is(text):
    assert not list(find_all(text, OURS))
