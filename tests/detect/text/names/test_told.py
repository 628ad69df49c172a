# ruff: noqa: E501 - a line of a note is not cut
"""Names that forms, chats and wards tell; terms in the same places. All made up; braces hold what must go."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def parted(line):
    """Return a line without its braces, and where what they hold stands."""
    text, spans, start = "", [], 0
    for mark in line:
        if mark == "{":
            start = len(text)
        elif mark == "}":
            spans.append((start, len(text)))
        else:
            text += mark
    return text, spans


@pytest.mark.parametrize(
    "line",
    [
        "that's Stan Krzywicki, last name is spelled capital {K R Z Y W I C K I} his birthday",
        "my name is {Anna Loeb} spelled {L-O-E-B} and I",
        "last name {Nakamura}, {N-A-K-A-M-U-R-A}",
        "first name {Ei}, that's {E I}, last name {Oo}, {O O}",
        "it's {k-o-w-a-l-s-k-i}, Kowalski",
        "spell it for you {s m i t h} okay",
        "surname is {P as in Peter, A, T, E, L}",
        "spelled {B. R. A. N. D. T.} with a T",
        "that's {M like Mary, C, G, H, E, E}",
        "{T-H-O-M-A-S} is the first name",
        "{S, M, Y, T, H, E}, Smythe with a y",
        "name: {Ng}, N as in {Nancy}, {G} as in {George}",
        "my pt {Will} from {Normal}, 96yo, fell again",
        "{Apisara} from cards wants sacubitril",
        "{Bob} from ortho says NWB",
        "{Priya} in pharmacy says hold the vanc",
        "{Dev} with PT cleared him",
        "hi its {seamus} here, {seamus o'dowd}, still waiting on my hba1c",
        "hi, it's {jay}, {jay walker}, calling about results",
        "this is {mary} here, {mary o'neill}",
        "hello its {sylviane} here, {sylviane schneider}",
        "ask for mister {Murray} at the desk",
        "missus {Obi} called about the baby",
        "the husband mister {Tunde} concerning",
        "madam {Grace} says she will come",
        "cust: 291-56628A. {Alejandra Zamorano}",
        "SN is 4471220. {Tim Ward}",
        "operated on by {Per-Erik Johansson-Lindqvist} at",
        "seen by {Ann-Marie O'Shaughnessy-Pell} today",
        "Doctor {Mac Giolla} or whoever",
        "Dr. {Mac Giolla Phádraig} saw him",
        "Dr {Ní Dhomhnaill} rang",
        "nurse {Ó Súilleabháin} took bloods",
        "Dr {de la Cruz} and Dr {van der Berg}",
        "Mr {du Plessis} was seen",
        "Dr. {Ng} and Dr. {Oo} agree",
        "patient {Ei Oo}, seen today",
        "{Sun Ng}, age 5",
        "nurse {Sharp} gave it; give to nurse {Sweet}",
        "Witness: inf. {Sun}",
        "Witness: {Sun}",
        "Legible signature: {May Young}     Witness: RN {Gold}",
        "Initials: {GMC}   Initial here: {R.T.}",
        "Legal name: {Ingibergsson, Bjarmi Þ.}        Goes by: {Bjarmi}",
        "In an emergency call {J.D.} (husband) at",
        "having been informed by Dr. {T. Nurse} of risks",
        "informed by Dr. {B. Stone} of the risks",
        "Author: {June Winter}",
        "pt {Hope} from {Reading}, 44F",
        "we're up in {Moscow} so we're an hour behind",
        "he's at home in {Normal} now",
        "my mother lives over in {Battle} with",
        "second set by IV team {Destiny}.\n1320  BP",
        "Clinician: {Mark Nurse}, MD (cc",
        "Slides reviewed with Dr. {Mark Twain}, who concurs",
        "Night RN: {S. Skoglund}     CNA: {Jeffery}",
        "Circulator {S. Kirss}   Scrub {Gene}",
        "REQ BY {FAITH WATERS}",
        "{de la Garza}: nope\n{de la Garza}: going to OR",
        "*message deleted by {fisher} 17:14*",
        "EKG handed to {Best} @ 6:35 AM",
        "{Maxi Rozas}, Assistenzärztin",
        "before me, Notary Public, {Iñigo Etxeberria}, commission expires",
        "Initials verified:  {CAN} {Chukwuemeka Nwosu} RN    {GKB} {Gurleen Blood} RN",
        "call {J.D.} (fiancée) first",
        "wants {Rose} (daughter) at bedside",
        "(wedding, {Pa Houa}'s)",
        "Ordering: {Ó Niadh}, M.",
        "{Bouvet} (chair), {Santillán} (rad onc)",
        "Roster: {Mills}   (seen by locum)",
        "dtr\n\n          {F.C.}\n",
    ],
)
def test_a_name_told_by_its_place_goes(line):
    text, spans = parted(line)
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    assert spans
    for start, end in spans:
        assert all(at in covered for at in range(start, end) if text[at].isalnum()), text[start:end]


@pytest.mark.parametrize(
    "text",
    [
        "quoting 95% CI 1.2-3.4, C.I. 1.02-1.40, no. 14 blade, Foley no. 16, code 1594",
        "under 1000 mL, under 100 mg, mention 3 of 5, cited 2 of 10, refer to 2020 guideline",
        "A, B, C, D and E criteria; E-N-T and A-B-C; T, N, M; I, II, V4; a b c d",
        "Tech: CT angiogram. Staff: Nursing. Contact: precautions. Charge: Level 3. Consultant: Cardiology",
        "Anesthesia: General. Assistant: None. Resident: Present. Attending: Present for key portions",
        "nurse Practitioner and wound nurse Please follow; charge RN; tech Note; clerk Desk",
        "Plavix (cards), Heparin (pharmacy), psych (Zoloft), Sepsis (ICU), Lasix (renal), neuro (Keppra)",
        "PE Pulmonary Embolism, PD Parkinson Disease, CD Crohn Disease, MS Multiple Sclerosis, CT Chest, AP Lateral",
        "its raining here, im fine, hi its ok, it's normal here, this is bad, i am better. hello its me",
        "Metformin from pharmacy is held. Heparin in the ED was given. Pain in the ED is better. Troponin from lab was negative",
        "given to Lab at 10, reported to CDC at 1400, handed to Police at 3",
        "with Tylenol or Advil for pain, by Lasix and Bumex, with Heparin or Coumadin on hold",
        "Sats (her husband smokes). Asthma (mother), Diabetes (father), Cancer (sister), DM (brother), CAD (dad)",
        "read by 10 am, deleted by mistake, given by mouth 10 mg, seen by me 3 days ago, checked by hand 2x",
        "platelets 250 2020, HR 120 1000, dose 200 1000 units, fluids 500 1000",
        "Draw site: left arm. Lab: normal. Pharmacy: aware. Employer: retired. School: online. Rx: ibuprofen 600",
        "Post-Whipple, Non-Hodgkin lymphoma, anti-Smith, Mann-Whitney, Baker-type cyst",
        "<Text>Lisinopril 20 MG</Text><Status>final</Status><P>Counter</P><B>HbA1c</B><title>Continuity of Care</title>",
        'route=oral status=active name=null city= level=info msg="sync done"',
        '"route": "oral", "status": "final", "unit": "mg/dL", "display": "Hemoglobin A1c"',
        "Pt education: given. Visit: routine. Appointment: PRN. Mother: alive and well. Father: CAD",
        "<Text>Lisinopril 20 MG Oral Tablet [RxNorm 314077], 1 tab qd.</Text><Status>final</Status><City></City>",
        "<name>Lisinopril</name><drugName>Zestril</drugName><testName>Hemoglobin A1c</testName>",
        '<languageCode code="en-US"/><confidentialityCode code="N"/><title>Continuity of Care</title>',
        'device_type=pump status=ok level=info msg="sync done" state=OH country=US',
        "name: metoprolol\n  dose: 25 mg\n  route: oral",
        '"use": "official", "resourceType": "Patient", "gender": "male", "country": "US", "state": "OH"',
        "<maritalStatus>Married</maritalStatus><gender>F</gender><religion>None</religion>",
        '<P style="color:#666666;font-size:11px">Counter B-4</P><B>HbA1c</B>',
        "provider=unknown city=unknown employer=none name=null",
        '"given": "daily", "family": "negative for DM"',
        '"family_history": "CAD in father", "first_dose": "Monday", "last": "3 days ago"',
        "<family>unknown</family><given>N/A</given><city>UNKNOWN</city>",
        "family: Mother with DM2\ngiven: 2 units insulin\nlast: normal",
        "ZIP=10\nstreet drugs: none\nline: right IJ\nfirst: metformin",
    ],
)
def test_a_term_in_such_a_place_stays(text):
    assert [text[f.start : f.end] for f in find_all(text, OURS)] == []
