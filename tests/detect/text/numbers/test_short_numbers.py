"""Days by their number, telephones without an area, last fours, what goes with a number on either side. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def covered(text):
    return {text[f.start : f.end]: f.category.name for f in find_all(text, OURS)}


@pytest.mark.parametrize(
    ("text", "wanted", "category"),
    [
        ("we go through the card each 18th.", "18th", "DATE"),
        ("Pt to see the surgeon the 17th; PT to fax this", "17th", "DATE"),
        ("first draft the 20th. Mail it", "20th", "DATE"),
        ("Drain out 14th, home 16th.", "16th", "DATE"),
        ("Between the 2nd and 9th she missed four doses", "9th", "DATE"),
        ("Transfusion on the 12th, 13th and 15th.", "15th", "DATE"),
        ("ADDENDUM (1-5): path back", "1-5", "DATE"),
        ("day 1 = first neg cx (6-24).", "6-24", "DATE"),
        ("CXR (3/4) clear", "3/4", "DATE"),
        ("DES 3.0 x 22 Jul-19; plaque", "-19", "DATE"),
        ("His aunt made it to ninety-seven.", "ninety-seven", "DATE"),
        ("BOHLANDER, KARL   0494   \n\nVeteran joins", "0494", "SSN"),
        ("PATIENT: MILLER,ROY L M2210", "M2210", "SSN"),
        ("SSN-4471 on file", "4471", "SSN"),
        ("Called dad @ 538 1560, he'll bring it", "538 1560", "PHONE"),
        ("Questions - call Mohamed at 226 1196. Thanks", "226 1196", "PHONE"),
        ("ph 555-201-9937, fx -9938", "-9938", "FAX"),
        ("Happy to be called back, 29849.", "29849", "PHONE"),
        ("Medicare 2428 77813 2 / 1\n", "2428 77813 2 / 1", "HEALTH_PLAN"),
        ("(unit 019-35181A)", "019-35181A", "PHONE"),
        ("(modem ICD43319/79)", "ICD43319/79", "DEVICE"),
        ("Legal#: MH-2291-c", "MH-2291-c", "OTHER"),
        ("IWRS tigran1179, conf 2", "tigran1179", "OTHER"),
    ],
)
def test_a_short_form_is_found_whole(text, wanted, category):
    assert any(wanted in value and told == category for value, told in covered(text).items())


@pytest.mark.parametrize(
    "text",
    [
        "the 5th metatarsal, the 12th rib, the 6th nerve",
        "Weight at the 15th, height at the 25th.",
        "The 7th, 8th and 9th ribs are broken. Given the 6th dose",
        "On the 3rd hospital day he was extubated.",
        "CT (2-3 views), cultures (2-3 sets), labs (1-2 times weekly)",
        "pain 4 (4/10), grip 4 (4/5), pulses 2+ (2/4)",
        "glucose 234 0730, I/O 650 1200, gave 500 1000 mL",
        "called re glucose 234 1130.",
        "Dexcom G7 worn, Libre 3, Omnipod 5",
        "custody 50/50, petition for 3 days, modem 4 weeks",
    ],
)
def test_a_count_or_a_measure_stays(text):
    assert covered(text) == {}
