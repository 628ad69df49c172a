"""What people say behind a speaker's label is no name; a name that they say, or that they answer, is found."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.words.speech import machine, turns
from curator.identifiers.findings import merge


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in merge(find_all(text, detectors()))]


@pytest.mark.parametrize(
    "text",
    [
        "Doctor: How are you feeling?\nPatient: Yes, I do feel weak.",
        "Doctor: How's the knee?\nPatient: Hm.\nDoctor: Well, let's look at it.\nPatient: Okay.",
        "Doctor: Will that hurt?\nPatient: Terrible.\nDoctor: Overall, it looks fine.",
        "Doctor: Do you smoke?\nGuest_family: He was told to stop.\nDoctor: Did he?\nGuest_family: No, I asked him.",
        "[Nurse] Um, any allergies?\n[Patient] Nope, none.",
        "Clinician: Unfortunately it is back.\nPatient: Oh no. Like, how bad?\nClinician: Around two inches.",
        "Interviewer: When did it begin?\nParticipant: Twenty years ago.\nInterviewer: Long time.",
        "Therapist: Cool, can we go on?\nClient: Sure. Nice to hear.",
        "Doctor: Good morning, sir. My nurse told me. Can you walk?\nPatient: Yes, doctor. Before lunch I did.",
        "Patient: Except for my mom!\nGuest_family: Yeah, except for me.\nDoctor_2: All right.",
        "Patient: I was born and raised here.",
        "Nurse: Any pain?\nPatient: Hmmm, aww, no.",
        "Doctor: Any pain? Patient: Dull, mostly. Doctor: Okay, thanks.",
        "Patient: I take a medicine called Napro now.\nDoctor: Yeah, my father had it too.\nPatient: Yeah, he did.",
        "Doctor: She has a C P A P and sees her O B G Y N.\nPatient: They did an O R I F. We know.",
    ],
)
def test_what_is_said_is_no_name(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Doctor: Maria, how are you?\nPatient: Fine.", ["Maria"]),
        ("Doctor: Smith, how are you?\nPatient: Fine.", ["Smith"]),
        ("Doctor: Hope, how are you?\nPatient: Fine.", ["Hope"]),
        ("Nurse: What is your name?\nPatient: Tom Riley.\nNurse: Thanks.", ["Tom Riley"]),
        ("Nurse: What is your name? Patient: Tom Riley.", ["Tom Riley"]),
        ("Nurse: And your last name?\nPatient: Young.\nNurse: Thanks.", ["Young"]),
        ("Nurse: What is your name?\nPatient: An Nguyen.\nNurse: Thanks.", ["An Nguyen"]),
        ("Doctor: Who came with you?\nPatient: Will Porter.\nDoctor: I see.", ["Will Porter"]),
        ("Doctor: Good morning, sir. I am Dr. Lopez.\nPatient: Hello, Dr. Lopez.", ["Lopez", "Lopez"]),
        ("Doctor: Yes.\nPatient: Chen, Wei. That is me.", ["Chen, Wei"]),
        ("Patient: Smith\nNurse: Jones", ["Smith", "Jones"]),
        ("Surgeon: YU NG, M.D.\nNurse: GRACE WU, RN", ["YU NG", "GRACE WU"]),
        ("Doctor: Who is your surgeon?\nPatient: Buzz Keller? No, not lately.", ["Buzz Keller"]),
        ("Patient: So Yeon reports pain.", ["So Yeon"]),
        ("Nurse: Grace has been vomiting.\nDoctor: Since when?", ["Grace"]),
        ("Doctor: Young has a fever.\nNurse: Yes.", ["Young"]),
        ("Mother: Rose fell yesterday.\nDoctor: Oh no.", ["Rose"]),
        ("Doctor: Long is here.\nNurse: Okay.", ["Long"]),
        ("Patient: Bill.\nDoctor: Hi there.", ["Bill"]),
        ("Doctor: It's Dr. Good here.\nPatient: Hi Dr. Good.", ["Good", "Good"]),
        ("Doctor: Mr. So, sit down.\nPatient: Sure, Dr. Nice.", ["So", "Nice"]),
    ],
)
def test_a_name_that_begins_what_is_said_is_found(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Doctor: Hi.\nPatient: Hi.", 2),
        ("Doctor: Hi.", 0),
        ("Assessment: fine.\nPlan: home.", 0),
        ("[doctor] hi .\n[patient] hi .", 2),
        ("Guest_family_2: Hi.\nDoctor_2: Hi.", 2),
        ("Patient: Roe\nAge: 40\nSex: F", 0),
    ],
)
def test_turns_begin_behind_the_labels_of_roles_that_speak(text: str, count: int) -> None:
    assert len(turns(text)) == count


@pytest.mark.parametrize(
    ("text", "word", "is_one"),
    [
        ("hey , dragon , open the chart .", "dragon", True),
        ("okay dragon", "dragon", True),
        ("hey siri, call the front desk", "siri", True),
        ("hi , alexa , how are you ?", "alexa", False),
        ("the dragon tattoo", "dragon", False),
    ],
)
def test_a_machine_that_is_spoken_to_is_nobody(text: str, word: str, is_one: bool) -> None:
    start = text.index(word)
    assert machine(text, start, start + len(word)) is is_one
