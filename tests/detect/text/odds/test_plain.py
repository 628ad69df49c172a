"""What a number is by its form, so that the table of odds leaves it alone. All made up."""

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.odds.plain import plain

OURS = detectors()


def judged(text, value):
    start = text.index(value)
    return plain(text, start, start + len(value))


def found(text):
    return [text[f.start : f.end] for f in find_all(text, OURS)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("through a 24-French sheath", "24-French"),
        ("a #16-French catheter", "#16-French"),
        ("three 0.045-inch K-wires", "0.045-inch"),
        ("a 3-way stopcock", "3-way"),
        ("in 3-point fixation", "3-point"),
        ("a 14-1/2-year-old boy", "14-1/2-year-old"),
        ("a 5-year-4-month-old", "5-year-4-month-old"),
        ("her 16-month-old shots", "16-month-old"),
        ("closed with 0-Vicryl in", "0-Vicryl"),
        ("closed with 4-0 nylon", "4-0"),
        ("and #10-0 nylon", "#10-0"),
        ("given 20mg daily", "20mg"),
        ("dosed at 40mg/kg/day for", "40mg/kg/day"),
        ("titer of 12.8nmol/L today", "12.8nmol/L"),
        ("for 2-3minutes at", "2-3minutes"),
        ("seeing 20/40 in the left", "20/40"),
        ("seeing 20/25-2 with", "20/25-2"),
        ("extension 25/25 in", "25/25"),
        ("flexion 50/60 in", "50/60"),
        ("ranges from 90/59 to", "90/59"),
        ("29/30 on the test", "29/30"),
        ("triceps (C7-8) and", "C7-8"),
        ("disc at L4-5 bulges", "L4-5"),
        ("back in the 1960s he", "1960s"),
        ("since her 20s she", "20s"),
        ("died in his 80s of", "80s"),
        ("was done on 1998 and", "1998"),
        ("as recently as 2005 with", "2005"),
        ("they want $ 100 for", "100"),
        ("turned 90 degrees away", "90"),
        ("gas 7.41/32/88/97% on air", "7.41/32/88/97%"),
        ("blood pressure:118/80 and", "pressure:118/80"),
        ("drink isovue-300 given", "isovue-300"),
        ("seeds of I-125 were", "I-125"),
        ("CPT code 22851-59: device", "22851-59"),
        ("dental code 7210 was", "7210"),
        ("Left carpal tunnel release (64718).", "64718"),
        ("nerve transposition at the elbow (64718).", "64718"),
        ("visit 99213 was billed", "99213"),
        ("sugar was noted to be 233. She", "233"),
        ("on the 4th postoperative day", "4th"),
        ("the 9th, 10th or 11th nerve", "9th"),
        ("between 1st and 2nd metatarsals", "1st"),
        ("worry as a 7/10 now. She", "7/10"),
        ("smokes 1-3 packs of", "1-3"),
        ("pupils 6/6 constricting to 3/3 in", "3/3"),
        ("strength 3/3 in UE; 2/2 LE now", "2/2"),
        ("off work 6/52 and", "6/52"),
        ("the 67yo next door", "67yo"),
        ("a 3.2x4.5x4.0cm mass", "3.2x4.5x4.0cm"),
        ("until 11:00PM last", "11:00PM"),
        ("around 7:00-8:00 when", "7:00-8:00"),
        ("dialysis (1983-1988) and", "1983-1988"),
        ("on room air BP138/56 and", "BP138/56"),
        ("grip is 42/40/40 pounds", "42/40/40"),
        ("stable at 33.3/10.9 and", "33.3/10.9"),
        ("her 130s/90s again", "130s/90s"),
        ("lose 30-40 pounds in", "30-40"),
        ("from the 140-180 range to", "140-180"),
        ("platelets of 15,000 then", "000"),
        ("LLE 2 3 4 4 3 5 2 1, then", "4"),
        ("with technetium-99 and", "technetium-99"),
        ("Alpha1-antitrypsin was", "Alpha1-antitrypsin"),
        ("course of 5FU/Carboplatin then", "5FU/Carboplatin"),
        ("Guidant, model # 12345, serial", "12345"),
        ("about a 4/10. She", "4/10"),
        ("2/10 word recall at", "2/10"),
        ("averaging 2-3 seizures each", "2-3"),
    ],
)
def test_measures_sizes_scores_and_public_codes_are_plain(text, value):
    assert judged(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seen 4/12 by them", "4/12"),
        ("on 8/10 he came", "8/10"),
        ("ill since 11/94 and", "11/94"),
        ("on the 14th with her", "14th"),
        ("box 2005 holds it", "2005"),
        ("the file 44718-B lies", "44718-B"),
        ("his folder (64718) lies", "64718"),
        ("badge C5-6 opens it", "C5-6"),
        ("tray 3-west of", "3-west"),
        ("slip KD-4471 went", "KD-4471"),
        ("to 718-0042 again", "718-0042"),
        ("number 64718 of them", "64718"),
        ("plate 233 of", "233"),
        ("retired in 2012-12 and", "2012-12"),
        ("written 9-17 bc computers were", "9-17"),
        ("HUS 1/3 L grade", "1/3"),
        ("model 4471882 of", "4471882"),
        ("seen 4/12/18 by", "4/12/18"),
        ("to 112-98 again", "112-98"),
    ],
)
def test_days_codes_and_numbers_that_nothing_explains_are_not(text, value):
    assert not judged(text, value)


@pytest.mark.parametrize(
    "text",
    [
        "They left an 18-French 3-way catheter in and rinsed the bladder.",
        "Deep layers were sewn with 0-Vicryl, the surface with #4-0 Monocryl.",
        "With her glasses she reads 20/40 with the right and 20/25 with the left.",
        "We opened the 1st and 2nd web spaces, then the 3rd and the 4th compartments.",
        "She rates her worry as a 7/10 now. She lives alone and walks daily.",
        "Range of motion: extension 25/25, left rotation 30/30, flexion 50/60 with some discomfort.",
        "He was given a sedative; blood pressure ranges from 92/58 to 110/70 in the ward.",
    ],
)
def test_nothing_is_found_in_findings_and_operations(text):
    assert found(text) == []


def test_an_hour_behind_a_date_is_no_code_and_one_behind_a_word_may_be():
    text = "Appointment made August 27, 2019 1315 with the clinic, who will call her mother before then."
    assert found(text) == ["August 27, 2019"]


def test_words_of_a_sentence_do_not_go_on_a_date():
    text = "The breast film is of 10/99. The scan of the hip was taken in 12/99."
    assert found(text) == ["10/99", "12/99"]
