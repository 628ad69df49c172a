"""Names beside rarer relations, and numbers of what serves one person. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def covers(text, value):
    start = text.index(value)
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    return all(at in covered for at in range(start, start + len(value)) if text[at].isalnum())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Dog Biscuit bites, keep gate shut", "Biscuit"),
        ("Has one cat, Mittens.", "Mittens"),
        ("62/F W/o Ramegowda, IP No 2231/21", "Ramegowda"),
        ("Pt Smt Lakshmamma came with fever", "Lakshmamma"),
        ('Ex-partner Curtis "CJ" Brown is away', "CJ"),
        ("Mr. Dietrich (Fritz) Miller called", "Fritz"),
        ("Level 2 activation\nQuebec, Trauma aka unknown", "Quebec, Trauma"),
        ("I, Mark Quill, of this town, consent", "Mark Quill"),
        ("AFFIDAVIT OF LEOPOLD W. STERNE", "LEOPOLD W. STERNE"),
        ("this is doctor rhonda chase dictating a note", "rhonda chase"),
        ("dictating on patient iris quill date of birth unknown", "iris quill"),
        ("placement with the Pelletiers since May", "Pelletiers"),
        ("consent from mom J.D. on her way", "J.D."),
        ("Subject 1127-0032 RJD M 71 signed", "RJD"),
        ("read back ok\nkc / Lindgren MD", "kc"),
        ("T 02/18/23  Job 88372  lfh/mt44", "lfh/mt44"),
        ("Transcriptionist: SHK\n", "SHK"),
        ("Skin warm. mkj rn", "mkj"),
        ("see you soon\nThanks, A.", "A"),
        ("f/u w/ kapoor, per dr kapoor", "kapoor"),
        ("Roe family visited. 29-889040 Liepa, Antons Singulair", "Liepa, Antons"),
        ("d/w Baker re plan", "Baker"),
        ("pt smith in room 4 wants water", "smith"),
        ("vee_sober21 on Reddit", "vee_sober21"),
        ("PID|1||MR51^^^MRN||GUBÉRAN-O'NEIL^RENÉ^N||0405", "GUBÉRAN-O'NEIL"),
    ],
)
def test_who_is_named_beside_such_a_relation_is_found(text, value):
    assert covers(text, value)


@pytest.mark.parametrize(
    ("text", "value", "category"),
    [
        ("flown here, tail N418LF, at noon", "N418LF", "VEHICLE"),
        ("Lockbox by the door, code 4418.", "4418", "OTHER"),
        ("rxn to unit W0410 23 118204, temp 38.9", "W0410 23 118204", "DEVICE"),
        ("Pager for Dr. Simmons: 4471.", "4471", "PHONE"),
        ("LOCAL TITLE: NOTE\nTALLCHIEF,ROLAND J T9981, SC 70%", "T9981", "SSN"),
        ("Case manager Ann @ x3382 today", "3382", "PHONE"),
    ],
)
def test_a_number_of_what_serves_one_person_is_found(text, value, category):
    assert covers(text, value)
    assert category in {f.category.name for f in find_all(text, OURS) if value in text[f.start : f.end]}


@pytest.mark.parametrize(
    "text",
    [
        "CT head W/o contrast was done.",
        "Dog bite to the hand; cat scratch disease unlikely.",
        "Sister Mary Joseph nodule absent.",
        "Full code. Code status discussed.",
        "the Trauma team; Trauma, blunt",
        'He said "stop" and left.',
        "OBR|1||CBC^COMPLETE BLOOD COUNT||",
        "type I, mild, of the left hip",
    ],
)
def test_a_term_names_nobody(text):
    assert not [f for f in find_all(text, OURS) if f.category.name in {"NAME", "OTHER"}]
