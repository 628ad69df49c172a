"""What fresh queries, letters and lists held that rules missed or took: found now, and what must stay. All made up."""

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.numbers.registered import registered

OURS, RULES = detectors(), detectors(weighed=False)


def found(text, ours=OURS):
    return [text[f.start : f.end] for f in find_all(text, ours)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("May is refusing the drip again, she wants to go home", "May"),
        ("Update: May denies chest pain", "May"),
        ("May's potassium is 2.9 this morning", "May"),
        ("August was still complaining of nausea", "August"),
        ("Law Offices of Percival Quade asked for the chart", "Percival Quade"),
        ("LAW OFFICES OF PERCIVAL QUADE", "PERCIVAL QUADE"),
        ("handoff for St. Cyr bed 5 and the new one", "St. Cyr"),
        ("Ephraim w/ sickle cell pain, on a pump", "Ephraim"),
        ("Group run by Della Winter, LADC on Fridays", "Della Winter"),
        ("Visit with Harlan Page CNOR at noon", "Harlan Page"),
        ("Provider: WILLOWDELL PEDIATRIC DENTISTRY", "WILLOWDELL PEDIATRIC DENTISTRY"),
        ("Braces placed at Willowdell Orthodontics", "Willowdell Orthodontics"),
        ("her sister ninety one; a brother died young", "ninety one"),
        ("he saw the surgeon on the first and he was told to rest", "first"),
        ("stored in the tank. Embryologist Pim. Call the line", "Pim"),
        ("seen by orthotist Odalys Quaye today", "Odalys Quaye"),
        ("L kidney -> Adaobi N., R kidney -> Holt", "Adaobi N"),
        ("snores per wife Nan. Uses a mask", "Nan"),
        ('IDG: Florence "Flossie" Quaye, 101, dx dementia', "101"),
        ("Dictated: T. Quaye/smk. Copies sent", "smk"),
        ("CNM Tilly / anes Woo", "Woo"),
        ("talk w/ ENT Ganz for Friday", "Ganz"),
        ("They want to name him Legend.", "Legend"),
        ("Grace vomited twice overnight", "Grace"),
        ("Denholm relapsed after the funeral", "Denholm"),
        ("Overnight: River vomited and was held", "River"),
        ("River is crying in the exam room", "River"),
        ("Should Journey have an MRI?", "Journey"),
        ("I told Duke to stop the ibuprofen", "Duke"),
        ("Sky's mom called about a rash", "Sky"),
        ("Nguyens INR is 3.1, hold tonight?", "Nguyen"),
        ("Moss, 30s F, brought by a friend", "Moss"),
        ("NOTE. NGUYEN REFUSED MEDS X2. WILL RETRY.", "NGUYEN"),
        ("reorder the mask, her dme is Apex Sleep", "Apex Sleep"),
        ("seen by Norwood, Glenn, MD", "Norwood, Glenn"),
        ("tjandra's inr 4.2 hold or vit k", "tjandra"),
        ("castellaw denies pain, wants home", "castellaw"),
        ("when is brandvold due for labs", "brandvold"),
        ("nguyen bp 88/40 is he septic", "nguyen"),
        ("quispe in bed 4 needs iv", "quispe"),
        ("write to jo (dot) roe (at) xmail (dot) org", "jo (dot) roe (at) xmail (dot) org"),
        ("found at GPS 40.75, -82.51 by hikers", "40.75, -82.51"),
        ("Tjandra POD 3, tolerating clears", "Tjandra"),
        ("Quispe: Na 128, fluid restrict", "Quispe"),
        ("Re Prudhomme: please call the wife", "Prudhomme"),
    ],
)
def test_found(text, value):
    assert any(value in one for one in found(text, RULES))


@pytest.mark.parametrize(
    "text",
    [
        "May reports are due on Friday",
        "May is stroke month, the posters are up",
        "It may be refused",
        "the law office of the county",
        "Foley w/ clots, flushed twice",
        "in patients older than 90, is a statin worth it?",
        "data for adults over 95 are thin",
        "UC flare, Mayo 3, on steroids",
        "started sertraline 50 by dr on call",
        "Is Abrysvo at 32-36 ok for twins",
        "how to code 99214 vs 99215 for a long visit",
        "cleaved by trypsin, EC 3.4.21.4, in vitro",
        "infant with Pierre Robin sequence and cleft palate",
        "Vanderbilt forms given to parents",
        "Is the Zimmer Persona MRI conditional?",
        "Abbott Ellipse battery at 2.9 V",
        "Software v10.4.2.1 installed",
        "[09:03] Scheduling: We have a slot at ten",
        "6MWT 312 m, 5xSTS 16 s",
        'He was asked. "Yep, all good."',
        "her Nana makes soup",
        "Whipple POD 3, Hartmann HD#2",
        "metropolol bp 88/40 what now",
        "Norwood, Glenn, Fontan - usual ages?",
        "LABS REFUSED. MEDS DECLINED. DIALYSIS REFUSED.",
        "Grover vs Darier on path",
        "the clinic is Closed Today.",
        "catheder in bed 4 leaking",
        "is gatorade ok for renal diet",
        "lidocane refused by pharmacy",
        "standing bp 110/60",
        "stereotactic coordinates: 12.5, -3.5, 4.0",
        "Re Coumadin: hold tonight",
        "Needs INR drawn, Kids mom asks",
        "Ponseti w/ tenotomy, Fontan w/ leak",
        "Handoff: Meds - given, Labs - pending, Lines - R IJ",
        "named her Doctor of the year",
        "w/ CT Chest for PE",
        "Baby is crying, wife was tearful",
        "Sky blue sputum, river of mucus",
        "Justice has been served, Journey to recovery",
        "Can Cash be paid at the desk?",
        "What did the May 2024 FDA label change say",
        "Boston Sci Ingevity lead",
        "retired brakeman with COPD GOLD 3 (FEV1 38%) on oxygen",
    ],
)
def test_left(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("she is older than 94", ["94"]),
        ("Mayo 15 and Mayo 5, 2023", ["Mayo 15", "Mayo 5, 2023"]),
        ("lives at 50 Birch Dr", ["50 Birch Dr"]),
        ("Abrysvo AB4417X in left arm", ["AB4417X"]),
        ("login from 3.41.21.4 last night", ["3.41.21.4"]),
        ("SSN: 123-45-9012    Case: DDS-448102", ["123-45-9012", "DDS-448102"]),
        ("prescriber DEA MK2247195", ["MK2247195"]),
        ("fell last Thanksgiving, 2 falls since", ["Thanksgiving"]),
        ("New Year's Eve third; none after", ["New Year's Eve"]),
        ("nguyen k 2.9 mg 1.4 replete how", ["nguyen"]),
        ("Signed Petra V. Novotny RN BSN", ["Petra V. Novotny"]),
        ("Dr Quaye paged 0335, 0342; called back 0350", ["Quaye"]),
        (
            "Sign-out: Bell - GIB, Graves - DKA, Foley - CHF, Murphy - PNA",
            ["Bell", "Graves", "Foley", "Murphy"],
        ),
        ("NOTE. DR. NGUYEN NOTIFIED. INTERPRETER QUAYE USED.", ["NGUYEN", "QUAYE"]),
        ("PDMP: Dr. Quaye 9/2 #90 no refills", ["Quaye", "9/2"]),
        ("MDS: A0500 Klaus, GG0170 04", ["Klaus"]),
        ("seen May 2024 for it", ["May 2024"]),
        ("Dr Quaye paged 0335 twice", ["Quaye", "0335"]),
        ("calc burn fluids: R. Quaye 74 kg at noon", ["R. Quaye"]),
        ("mora na R. Augusta 74, 2º Esq", ["R. Augusta 74, 2º Esq"]),
        ("PT SON LE VAN MINH STATES PT TOOK LASIX. RN XOCHITL NOTIFIED.", ["LE VAN MINH", "XOCHITL"]),
    ],
)
def test_no_more_than(text, values):
    assert found(text) == values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("carries rs1799853 and more", "rs1799853"),
        ("at chr7:117559590 once", "chr7:117559590"),
        ("term GO:0008150 listed", "GO:0008150"),
        ("term HP:0001250 listed", "HP:0001250"),
        ("see OMIM 143100 for it", "143100"),
        ("funded by R01 HL123456 until", "HL123456"),
        ("funded by K23DK104721-03 until", "K23DK104721-03"),
        ("on the HCFA-1500 form", "HCFA-1500"),
    ],
)
def test_registers(text, value):
    start = text.index(value)
    assert registered(text, start, start + len(value))
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("account GM 104221 is open", "104221"),
        ("unit AI104221 on the tag", "AI104221"),
        ("file R-118820 of the ward", "R-118820"),
        ("MRN 143100 for it", "143100"),
    ],
)
def test_no_register(text, value):
    start = text.index(value)
    assert not registered(text, start, start + len(value))
