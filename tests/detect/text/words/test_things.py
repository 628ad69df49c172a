"""Things that stand where a name may: an article, an instrument, a finding, the first word of a section, a land."""

from __future__ import annotations

import re

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.words.anew import begins_anew
from curator.detect.text.words.spots import spots
from curator.detect.text.words.things import small_thing, thing, thing_at

FOUND = detectors()

STAYS = """
FINAL DIAGNOSIS: A. Wedge biopsy of liver. B. Gallbladder with stones.
She went through Jordan and Israel.
The Transfer Center was told.
The office was called. He left.
The fascia lata was split down to the ora serrata.
Fracture of both pubic rami and a renal stone.
The vas was brought out. He takes a sitz bath. Scar of the alar crease.
Skin closed with 4-0 PDS.
Battery status is ERI. He did have LIMA to the LAD.
With lactated Ringers and Ringer's lactate.
Apgars of 9 and 9, grasped with Kochers.
Anti Jo-1 was negative.
Urine color: Amber
An MRI was read. An L-shaped cut was made. An Otolaryngologic evaluation came later.
Little over a year ago she fell.
The Hospitalist Service was contacted. Her Mini Mental Score was 22/30.
CC: Falling.
COORD: Poor RAM on the left.
Macroglossia is present. The tumor was debulked and retracted ulnarly.
Temperature 98.4 degrees Fahrenheit.
An 8-year-old girl is brought in with a limp. An 11-month-old comes with a cough.
An 81-year-old man presents with dizziness.
GENERAL: An alert male in mild pain.
An awake and oriented 42-year-old woman.
An ultrasound was ordered.
Single, teacher, No h/o alcohol use.
The pressure is 118/72 mm Hg, the pulse is 66/min.
The wound was rinsed. Cautery was used along the edge.
Surfactant is administered and the tube is pulled.
Egophony is negative on both sides.
Viscoelastic was then instilled into the chamber.
Menisci was probed and looked sound.
Cord was infiltrated with lidocaine.
Height is 5'6". Hearing appears normal.
Overall, the patient is content.
A #15 Bard-Parker was used for the cut.
The McIvor was relaxed and turned.
Another Kitner was placed beside it.
CC: Right elbow pain
MS: Alert and oriented to place.
COORD: Poor on the right side.
CC: Falling to the right.
It is shown in Figure A. Patient is treated with zinc.
He went on a trip to Montana in the fall; symptoms began after a trip to Kenya.
She told of a trip through western Kenya.
Clinical stage Ta Nx Mx tumor, later T3 N1b M0.
A 1st-degree burn of the hand.
She cannot afford to miss work today.
He has had two MIs and several MRIs.
A tour of the Middle East.
LABS: 2-D STUDY, mild leak.
MR arthrogram of the hip. Then an MR myelogram.
She lives with a room-mate
He saw his primary doctor. After a day of rest the fever fell.
With 110 ms. Activated charcoal is given.
"""

GOES = """
Seen by Dr. {A. Foley}. She agrees.
{B. Wood} saw her in the clinic.
He wants to be called {Sky}.
per {An} ok
{An Allen} was seen by the team.
Husband {Robert} is deployed.
{Kelly} was delivered via C-section.
{Kelly} is used to walking.
{Okonkwo} was placed into the OR.
Nurse {LIMA} called.
Dr. {Ringer} called.
Spoke to {Frank} about it.
Dr. {Palmer} fascinated us.
{rami} said hi
An {L. Tran} was seen.
{Amber} called.
The {Score} family came.
dr {vas} saw him
{An Nguyen} was seen today
{An} was tearful
{An}, 34 years old, was admitted
{An} 34F in triage, c/o headache
{An} agrees with the plan
{An} is resting comfortably
Seen by Dr. {R. An}, MD
Seen by Dr. {J. He}.
Dr. {X. Young} agrees.
Dr. {P. New} will follow.
Dr. {T. Wood} recommended a scan.
Dr. {A. Foley} saw her.
CC: {Mary Right}, MD
cc: {Wood, Grace}
COORD: {Grace Poor}, RN
{Grace}, the patient's daughter, called.
{Young}, a 45-year-old man, was seen.
{Kelly} was placed on 2 L of oxygen.
{Natalie} was placed under general anesthesia.
{Ochsner} was seen today.
The {Kelly} family visited.
The {Nguyen} boy was seen.
Bed #12 {Roe} needs fluids.
72 F {Smith} with chest pain.
Spoke to {Georgia} about the plan.
Call from {Jordan} yesterday.
{Kenya} is 4 years old.
Visited {Georgia} yesterday at home.
Miss {Work} called.
{Iris} was withdrawn and tearful.
{Adeyemi} was negative for covid.
A small {Nguyen} baby.
CM {Hope}. Pt intubated.
DR {Smith} was seen.
"""


@pytest.mark.parametrize("text", STAYS.strip().split("\n"))
def test_a_thing_stays(text: str) -> None:
    assert [text[one.start : one.end] for one in find_all(text, FOUND)] == []


@pytest.mark.parametrize("line", GOES.strip().split("\n"))
def test_who_stands_in_the_same_words_goes(line: str) -> None:
    named = re.search(r"\{(.*?)\}", line)
    assert named
    text = line.replace("{", "").replace("}", "")
    start, end = named.start(), named.end() - 2
    covered = {at for one in find_all(text, FOUND) for at in range(one.start, one.end)}
    assert {at for at in range(start, end) if text[at].isalnum()} <= covered


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("She was seen by Dr. X. She has a cough.", "X"),
        ("He follows with Ms. B.  At present he is well.", "B"),
        ("Dr. K. The wound was clean.", "K"),
        ("Dr. X.  Meticulous care was taken.", "X"),
        ("By Dr. A.  A LEEP is planned.", "A"),
        ("Paged Dr. X.  Dr. X called.", "X"),
        ("Dr. H. I will see her.", "H"),
        ("Dr. X. Blood was drawn.", "X"),
        ("Dr. Y. He was known to her.", "Y"),
    ],
)
def test_the_next_sentence_is_no_part_of_a_name(text: str, name: str) -> None:
    assert {text[one.start : one.end] for one in find_all(text, FOUND)} == {name}


def test_words_are_looked_at_by_their_place() -> None:
    text = "Then a curved Roe was placed. A Roe called. by Dr. X. She ate"
    found = spots(text)
    at = [number for number, word in enumerate(found.words) if word.low == "roe"]
    assert thing(found, at[0], at[0])
    assert not thing(found, at[1], at[1])
    start = text.index("Roe")
    assert thing_at(found, start, start + 3)
    assert not thing_at(found, start + 1, start + 3)
    assert not thing_at(found, start, start + 2)
    small = spots("the fascia lata")
    assert small_thing(small, 11)
    assert not small_thing(small, 10)
    she = next(number for number, word in enumerate(found.words) if word.low == "she")
    assert begins_anew(found, she, she)
