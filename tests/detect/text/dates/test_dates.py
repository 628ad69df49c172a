"""Dates and ages, and what only looks like one. All values are made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def dates(text):
    return {text[f.start : f.end] for f in find_all(text, OURS) if f.category.name == "DATE"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seen 03/14/2021 for", "03/14/2021"),
        ("date of birth : 4 , 17 , 1953 , she", "4 , 17 , 1953"),
        ("dob , 11, 24, 1972 and", "11, 24, 1972"),
        ("seen 3/14/21 for", "3/14/21"),
        ("on 3-14-21 he", "3-14-21"),
        ("on 3-14-2021 he", "3-14-2021"),
        ("14.03.2021 Visit", "14.03.2021"),
        ("am 14.03.21 Visit", "14.03.21"),
        ("14.3.2021 Visit", "14.3.2021"),
        ("on 2021-03-14 he", "2021-03-14"),
        ("at 2021-03-14T10:22 he", "2021-03-14T10:22"),
        ("at 2021-03-14T10:22:33.123Z he", "2021-03-14T10:22:33.123Z"),
        ("at 2021-03-14T10:22:33+01:00 he", "2021-03-14T10:22:33+01:00"),
        ("on 2021-03-14 10:22 he", "2021-03-14"),
        ("2021/03/14 visit", "2021/03/14"),
        ("date 20210314 ok", "20210314"),
        ("stamp 20210314102233 ok", "20210314102233"),
        ("seen 03142021 for", "03142021"),
        ("03 14 2021 visit", "03 14 2021"),
        ("03 / 14 / 2021 visit", "03 / 14 / 2021"),
        ("returned on 3/14 for", "3/14"),
        ("Admit 3/14, d/c 3/17", "3/17"),
        ("3/14-3/17 stay", "3/14"),
        ("3/14-3/17 stay", "3/17"),
        ("3/14/21-3/17/21 stay", "3/17/21"),
        ("from 3/2 to 3/9 in", "3/2"),
        ("from 3/2 to 3/9 in", "3/9"),
        ("on March 3rd, 2021 he", "March 3rd, 2021"),
        ("on March 14th he", "March 14th"),
        ("on Mar. 14, 2021 he", "Mar. 14, 2021"),
        ("on 14 Mar 21 he", "14 Mar 21"),
        ("on 3-Mar-21 he", "3-Mar-21"),
        ("on 14-MAR-2021 he", "14-MAR-2021"),
        ("taken 03MAR2021", "03MAR2021"),
        ("Mar '21 scan", "Mar '21"),
        ("Mar-21 scan", "Mar-21"),
        ("in 03/2021 he", "03/2021"),
        ("in March 2021 he", "March 2021"),
        ("in 2021-03 he", "2021-03"),
        ("in March, he", "March"),
        ("since January he", "January"),
        ("on the 14th of March he", "the 14th of March"),
        ("on the 14th of March, 2021 he", "the 14th of March, 2021"),
        ("the third of April came", "the third of April"),
        ("back on the 3rd.", "3rd"),
        ("on Tuesday, March 14, 2021 he", "Tuesday, March 14, 2021"),
        ("on Tue 3/14 he", "Tue 3/14"),
        ("on Thanksgiving he", "Thanksgiving"),
        ("since Boxing Day, day 3", "Boxing Day"),
        ("from Mar 3-9, 2021 he", "Mar 3-9, 2021"),
        ("on 2021-Mar-14 he", "2021-Mar-14"),
        ("am 3. März 2021 gesehen", "3. März 2021"),
        ("le 14 mars 2021 vu", "le 14 mars 2021"),
        ("le 1er juin 2021 vu", "le 1er juin 2021"),
        ("el 14 de marzo de 2021 visto", "el 14 de marzo de 2021"),
        ("il 14 marzo 2021 visto", "il 14 marzo 2021"),
        ("em 14 de março de 2021 visto", "14 de março de 2021"),
        ("op 14 maart 2021 gezien", "14 maart 2021"),
        ("dnia 30 września 2012 r", "30 września 2012"),
        ("2021年3月14日来院", "2021年3月14日"),
        ("3月14日来院", "3月14日"),
        ("DOB: 03141980", "03141980"),
        ("DOB 031480", "031480"),
        ("dob=1980-03-14", "1980-03-14"),
        ("DOB O3/l4/1931", "O3/l4/1931"),
        ("O3/14/2O21 seen", "O3/14/2O21"),
        ("born in 1931 on a farm", "1931"),
        ("b. 1931", "1931"),
        ("DOB: 1931", "1931"),
        ("due 12/25", "12/25"),
        ("labs 3/14: Na 138", "3/14"),
        ("Labs (3/14) normal", "3/14"),
        ("surgery 9/27/19", "9/27/19"),
        ("CT 8/15 negative", "8/15"),
        ("D: 03/14/2021 T: 03/15/2021", "03/15/2021"),
        ("Vaccines: MMR 27 April 2022, August 12, 2019", "August 12, 2019"),
        ("chemo Dec 18-Feb 8 done", "Feb 8"),
    ],
)
def test_a_date_is_found(text, value):
    assert value in dates(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a 93-year-old woman", "93"),
        ("a 94yo man", "94"),
        ("94 y.o. man", "94"),
        ("94 y/o M", "94"),
        ("93F with cough", "93"),
        ("93 M with cough", "93"),
        ("93yoF with cough", "93"),
        ("92WM with cough", "92"),
        ("a 92 year old", "92"),
        ("Age: 93", "93"),
        ("Age/Sex: 93/F", "93"),
        ("F/93 with cough", "93"),
        ("aged 101 and frail", "101"),
        ("at age 91", "91"),
        ("at the age of 91", "91"),
        ("turned 90 in spring", "90"),
        ("lived to 97", "97"),
        ("lived to be 97", "97"),
        ("Mother died at 94 of stroke", "94"),
        ("Father is 92 and well", "92"),
        ("She is 93.", "93"),
        ("her 95th birthday", "95th"),
        ("in her 90s", "90s"),
        ("in his early 90s", "early 90s"),
        ("in her nineties", "her nineties"),
        ("a ninety-four-year-old man", "ninety-four"),
        ("a ninety-two year old man", "ninety-two"),
        ("aged ninety", "ninety"),
        ("one hundred and two years old", "one hundred and two"),
        ("She is a nonagenarian.", "nonagenarian"),
        ("a centenarian", "centenarian"),
        ("104-yr-old", "104"),
        ("a 90.5-year-old man", "90.5"),
        ("93 ans, vit seule", "93"),
        ("93 años", "93"),
        ("93-jährige Patientin", "93"),
        ("patient is a 99 y male", "99"),
        (">90 years old", "90"),
        ("quatre-vingt-treize ans", "quatre-vingt-treize"),
    ],
)
def test_an_age_of_90_or_more_is_found(text, value):
    assert value in dates(text)


@pytest.mark.parametrize(
    "text",
    [
        "strength 4/5 in both legs, pain 5/10",
        "pain was 7/10, now 3/10",
        "rates it 10/10; mood 4/10",
        "2/6 systolic murmur, 3/6 murmur, 1+ edema",
        "visual acuity 20/40 in the right eye, OS 20/25",
        "2/2 blood cultures positive; 1/2 bottles",
        "1/2 tab daily, 1/2 NS at 75, D5 1/2 NS",
        "available 24/7",
        "MMSE 27/30, MoCA 12/15, GCS 14/15, Apgars 8/9",
        "3/12 nodes positive, 5/12 cores",
        "gestational age 32 3/7 weeks, 38w4d",
        "Gleason 3+4, grade 2-3, L4-5, T10-11, C3-4, C5/6",
        "BP 12/8, BP 98/54, 120/80",
        "version 1.2.3 and 10.4.21",
        "dose 5-10 mg, 2-3 times, 10-14 days, 6-8 weeks",
        "since 2019 he has had Crohn's disease",
        "in 2019-2020 he was well; class of 2012",
        "Q1'21 and Q3 2021, spring of 2019",
        "pH 7.35, ratio 3:1, 1.5 cm, 12.25",
        "HR 92, BP 98/60, sat 92 %, 90 mg, T 98.6, 95 kg, bed 93",
        "sats in the 90s, SBP in the 90s, HR in 90s",
        "ninety percent, ninety days, one hundred mg",
        "she may 2 tablets take, march on, may need 3 days",
        "at 0730 and 1415 and 10:30",
        "O2 sat 93 on room air; pulse is 93; FiO2 100",
        "99 mg/dL, glucose 101, creatinine 0.9, 110 lbs",
        "the 3rd toe, 2nd dose, 4th floor, on the 5th rib",
        "taper prednisone 40-30-20-10 over 10 days",
        "in the 1990s; smoked for 90 pack years",
        "a 45-year-old, 89 y/o, aged 88",
        "Christmas disease; Humphrey 24-2 field",
        "reps 8-10-12, 3 x 10, 4x4",
        "7/8 inch, 3/4 cup, 5/16 screw size",
        "for 90 years or 100 days",
    ],
)
def test_what_only_looks_like_a_date_or_an_age_is_left_alone(text):
    assert dates(text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Last BM 9/6. Accu-Cheks AC", "9/6"),
        ("Family meeting 1-29 with daughters", "1-29"),
        ("- 9-23: CXR", "9-23"),
        ('her wife called on 6/4"', "6/4"),
        ("3/4-3/9 admitted to ICU", "3/4"),
        ("to see Dr. Sylvester 4/4.", "4/4"),
        ("extubation on Sunday the 18th after lunch", "Sunday the 18th"),
        ("the trip; the 24th is fine", "24th"),
        ("Humira 11/2016-08/2018", "11/2016"),
        ("done Aug)", "Aug"),
        ("Admitted R3.8.20, discharged", "R3.8.20"),
        ("week W: 2021-W14-3", "2021-W14-3"),
        ("day after Thanks-giving dinner", "Thanks-giving"),
        ("at her home at christmas.", "christmas"),
        ("birthday six eleven forty two. He", "six eleven forty two"),
        ("Tschida. March third nineteen fifty one.", "March third nineteen fifty one"),
        ("grandma Abuelita Flor (91 and well)", "91"),
        ("Her father, a retired surgeon of 92, called", "92"),
        ("Name\tAge\nA. Doe\t93\nB. Roe\t45", "93"),
        ("born in Chennai, India in 1929, lives here", "1929"),
        ("a 1,104-month-old participant", "1,104"),
    ],
)
def test_a_date_or_an_age_is_found_by_what_stands_around_it(text, value):
    assert any(value in what for what in dates(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("MICU ROUNDS 12-8  Team", "12-8"),
        ("EYE EXAM 1-25. Roe", "1-25"),
        ("cultures from 1/26 grew", "1/26"),
        ("9-20 Roe called again", "9-20"),
        ("3-5 am 120/80", "3-5"),
        ("Peer to peer 3-23 2 pm", "3-23"),
        ("stay 20 Mar 2020-9/18/20", "9/18/20"),
        ("LOV 5/12 (Roe)", "5/12"),
    ],
)
def test_a_day_is_found_by_its_header_its_line_or_its_neighbor(text, value):
    start = text.index(value)
    assert any(f.start <= start and f.end >= start + len(value) for f in find_all(text, detectors(weighed=False)))


@pytest.mark.parametrize(
    "text", ["strength 5/5", "take 4-6 tabs", "pain 7-8", "Prograf 3/2", "3/4 cup of milk", "2-4 hours"]
)
def test_a_score_a_range_or_a_dose_beside_days_is_none(text):
    whole = f"Seen 3/14 and 4/19, called 5-21 and 6-22. {text}"
    assert not [f for f in find_all(whole, detectors(weighed=False)) if f.start >= whole.index(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Roe, Jane; 95; F", "95"),
        ("95 W F with hip fracture", "95"),
        ("Ms. Roe is a lovely 93, alone", "93"),
        ("DOB: 3/4/1925, 96. Widow", "96"),
        ("Pt: 92. Widow", "92"),
    ],
)
def test_an_age_is_told_by_a_cell_a_word_or_a_date_of_birth(text, value):
    start = text.rindex(value)
    assert any(f.start <= start and f.end >= start + len(value) for f in find_all(text, detectors(weighed=False)))


@pytest.mark.parametrize(
    "text", ["weight is a healthy 97 lb", "Sat: 92. RR 18", "glucose; 95; mg/dL", "Temp 98; 99; 97"]
)
def test_a_vital_sign_is_no_age(text):
    assert not [f for f in find_all(text, detectors(weighed=False)) if f.category.name == "DATE"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("She was well until 7/93, when it began.", "7/93"),
        ("It was placed in 11/48 and is in situ.", "11/48"),
        ("An evaluation on 10/96 noted weakness.", "10/96"),
        ("The last test was done on 10/99-X3.", "10/99"),
        ("He was discharged1/22/93 on aspirin.", "1/22/93"),
        ("when we met in the ward last april she was fine", "april"),
        ("hurting since about march . it is worse", "march"),
        ("Mary Roe, 98 F, was seen.", "98"),
        ("Fever for a day. 97 F from a nursing home.", "97"),
        ("How old are you? I am ninety three. I live alone.", "ninety three"),
        ("Rose is 96.", "96"),
        ("seen on the 31st for labs", "31st"),
        ("trach'd 2/21, followed by ENT on 2/22/19", "2/21"),
    ],
)
def test_months_of_a_year_and_ages_are_found(text, value):
    assert value in dates(text)


@pytest.mark.parametrize(
    "text",
    [
        "He is warm at 37.2 C (99 F), rate 81.",
        "shaking with fever (39.5 C (103 F)) since noon",
        "His fever was as high as 103 F at home.",
        "LDH was 109, and the AST is 96.",
        "delivered on the 31st gestational week",
        "on the 4th postoperative day",
        "Eyes: pupils 5/2 decreasing to 4/1 under the lamp",
        "bupivacaine (9/1 mixture) was infused",
        "strength of 3/3 at the hips and 4/4 at the ankles BLE",
        "vision of 6/60 in 1/60 light",
        "off work in 6/52",
        "found in 5/50 patients",
    ],
)
def test_degrees_tests_pupils_and_mixtures_stay(text):
    assert dates(text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("OPERATIONS: Tonsils 8/71. Knee 6/83", "8/71"),
        ("OPERATIONS: Tonsils 8/71. Knee 6/83", "6/83"),
        ("infusions (2/93, 5/93, 8/93 ,11/93) were given", "8/93"),
        ("Testing was negative 11/95 (with controls)", "11/95"),
        ("discharged1/19/93. She was well.", "1/19/93"),
        ("Her mother, a retired teacher of 91, lives alone.", "91"),
        ("His father reached 98 and was well.", "98"),
        ("She is in her upper 90s.", "upper 90s"),
        ("started 10/20 daily labs", "10/20"),
    ],
)
def test_months_without_a_word_and_ages_of_people_are_found(text, value):
    assert value in dates(text)


@pytest.mark.parametrize(
    "text",
    [
        "labs fine but for a sodium of 128 and a chloride of 93, potassium low",
        "cholesterol of 115, HDL 45",
        "Sodium is 107, with potassium of 4",
        "glucose between 94 and 108, mostly about 99, before supper",
        "until the systolic fell for a minute to 96.",
        "The fever went up and down between 101 and 103. She drinks.",
        "with saturations again in the upper 90s, he slept",
        "Caduet 10/80. Titer 1/64. HR 12/88.",
        "Lotrel 10/20 daily.",
        "PA 24/12, RV 28/4, RA mean of 6",
        "wedge of 19, right ventricle 30/6.",
        "a regular alpha of 9-10 Hz",
        "Lower extremities: 5/4 with weakness",
    ],
)
def test_results_doses_and_pressures_are_no_ages_and_no_days(text):
    assert dates(text) == set()
