"""Names by title, role, letter form, lexicon and repetition; words, drugs and eponyms that are none. All made up."""

import unicodedata

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def names(text):
    return {text[f.start : f.end] for f in find_all(text, OURS) if f.category.name == "NAME"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Seen by Dr. Page today", {"Page"}),
        ("Mrs. O'Shaughnessy-Vance is here", {"O'Shaughnessy-Vance"}),
        ("Dictated by: Thomas P. Foley, MD", {"Thomas P. Foley"}),
        ("Patient Name: OKONKWO, NGOZI", {"OKONKWO, NGOZI"}),
        ("daughter Chidinma called", {"Chidinma"}),
        ("with Dieter van der Heide in clinic", {"Dieter van der Heide"}),
        ("José Muñoz was present", {"José Muñoz"}),
        (unicodedata.normalize("NFD", "Dr. Muñoz was present"), {unicodedata.normalize("NFD", "Muñoz")}),
        ("Seen by Hunter Lopez, RN", {"Hunter Lopez"}),
        ("Drs. Abernathy and Quill agree", {"Abernathy", "Quill"}),
        ("Drs. Patel, Okafor and Lee agree", {"Patel", "Okafor", "Lee"}),
        ("患者:王小明 来院", {"王小明"}),
        ("Signed by Kilian Mac an Bhaird, MD", {"Kilian Mac an Bhaird"}),
        ("Seen with Niamh Ó hEarchú today", {"Niamh Ó hEarchú"}),
        ("[07:02] Noor (charge): bed 22 please", {"Noor"}),
        ("Ana: hi\nWill: hello there\nAna: ok\nWill: bye", {"Ana", "Will"}),
        ("Her husband (D.W.) agrees", {"D.W."}),
        ("# changed. Will update. BVV", {"BVV"}),
        ("under Dr B1rnbaum since May", {"B1rnbaum"}),
        ("discussed with V. Krastina (cards) today", {"V. Krastina"}),
        ("called by ED re Yellowhorse, 4393481, stable", {"Yellowhorse"}),
        ("Transfer note. Bjornstad. 71M with COPD", {"Bjornstad"}),
        ("the Mascagni family came", {"Mascagni"}),
        ("cousin dayquan had strep", {"dayquan"}),
        ("pt giosuè called again", {"giosuè"}),
        ("Surgeon: Felicity Sankaran, MD", {"Felicity Sankaran"}),
        ("Plan agreed.\nDana Waters\n", {"Dana Waters"}),
        ("Dr. de la Fontaine agrees", {"de la Fontaine"}),
        ("cc: D. Park, R. Shah", {"D. Park", "R. Shah"}),
        ("Jane Smith née Kowalski coughs", {"Jane Smith", "Kowalski"}),
        ('Robert "Bob" Lee is a 67 y/o man', {'Robert "Bob" Lee'}),
        ("Name | Nguyen, Linh", {"Nguyen, Linh"}),
        ("PATIENT: DE LA CRUZ, MARIA ELENA", {"DE LA CRUZ, MARIA ELENA"}),
        ("Pt: BENGTSSON^MARIA^A", {"BENGTSSON^MARIA^A"}),
        ("RN Filipa Nascimento cell 555-0133", {"Filipa Nascimento"}),
        ("Last name: Christmas", {"Christmas"}),
        ("Son Will called. Will discuss.", {"Will"}),
        ("Hi Dana, please fax it. Thanks, Jamal", {"Dana", "Jamal"}),
        ("Case manager Tiffany Nguyen-Ramirez", {"Tiffany Nguyen-Ramirez"}),
    ],
)
def test_a_name_is_found_and_its_title_is_not(text, wanted):
    assert names(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("pt john smith needs a refill", "john smith"),
        ("dose vanc for mr okafor crcl 30", "okafor"),
        ("i have a pt named kwame asante w/ sickle cell", "kwame asante"),
        ("picc flushes well. - jack", "jack"),
        ("next is olga tolak thats tolak again", "tolak"),
    ],
)
def test_a_name_in_small_letters_is_found(text, wanted):
    assert wanted in names(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Can you check if Maria Okonkwo's INR is back", "Maria Okonkwo"),
        ("what dose of apixaban for John Smith 78M CrCl 40", "John Smith"),
        ("Does Szczepańska need bridging?", "Szczepańska"),
        ("[Ayşe Yılmaz]'s ABG: pH 7.2", "Ayşe Yılmaz"),
        ("Is ketorolac safe for Adaeze Nwachukwu?", "Adaeze Nwachukwu"),
        ("Hyun-Woo Park, 45M, new afib", "Hyun-Woo Park"),
        ("Siobhán O'Brien was seen", "Siobhán O'Brien"),
        ("results of Nguyen Thi Lan", "Nguyen Thi Lan"),
    ],
)
def test_a_question_about_somebody_gives_the_name_away(text, wanted):
    assert wanted in names(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Initials: KB", "KB"),
        ("dictated by J.R.S. today", "J.R.S."),
        ("\n-- K.B., RN", "K.B."),
        ("JS/mk\n", "JS/mk"),
    ],
)
def test_initials_are_found_where_a_cue_tells(text, wanted):
    assert wanted in names(text)


def test_who_is_surely_named_once_is_found_again():
    text = "Mr. Page came. Later Page left, and the page was signed."
    assert [text[f.start : f.end] for f in find_all(text, OURS)] == ["Page", "Page"]


@pytest.mark.parametrize(
    "text",
    [
        "Foley catheter, Hickman line, Jackson-Pratt drain",
        "Hodgkin lymphoma, Barrett's esophagus, Wilson disease",
        "Murphy's sign negative, Babinski reflex downgoing",
        "Assessment and Plan: continue Lasix and Zosyn",
        "Will increase the dose. May repeat. Rose to 12.",
        "CHIEF COMPLAINT: Chest pain",
        "Grace period. Mark the site. Drew labs. Art line placed. Pat dry.",
        "Is Entresto OK with an EF of 40% in Black patients?",
        "Sister with breast cancer. Father MI at 50. 18 Fr Foley.",
        "MR Brain, MS Contin 15 mg, Lt Knee, Vitamin D, Hepatitis B Surface Antigen",
        "Wells score 3, Child-Pugh B, Ivor Lewis esophagectomy, Lou Gehrig's disease",
        "He speaks Cantonese and came from Mexico. Catholic. Medicare and Blue Cross.",
        "Gram stain grew Klebsiella. St. John's wort. Xarelto vs Eliquis.",
    ],
)
def test_eponyms_drugs_words_and_headers_are_no_names(text):
    assert names(text) == set()


def test_a_hostile_run_of_capitals_ends_in_time_and_is_covered():
    text = "Dr. " + "Maria Okafor " * 4000
    found = [f for f in find_all(text, OURS) if f.category.name == "NAME"]
    assert sum(f.end - f.start for f in found) > 0.8 * len(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("She argued with Wim yesterday", "Wim"),
        ("bandage changed by Sitiwat at noon", "Sitiwat"),
        ("here with her sister-in-law Oddgeir. She", "Oddgeir"),
        ("FOB Gioffre present and supportive", "Gioffre"),
        ("bumped heads with Rannveig at recess", "Rannveig"),
        ("cousin Cinzia positive for BRCA1", "Cinzia"),
        ("daughter Ana called", "Ana"),
        ("Mr. Gupta called", "Gupta"),
        ("lives with Elisa in town", "Elisa"),
        ("her son Jaxson came", "Jaxson"),
        ("Household: Rich Case (spouse), Hope 9, Stefani 5.", "Hope"),
        ("Your nurse today was Sinisa.", "Sinisa"),
        ("Team: Hickman/Tonisto/Velásquez", "Tonisto"),
        ("Night tech: Yanisa  Bed 4", "Yanisa"),
        ("Savage wants clears", "Savage"),
        ("Dear Pat, I saw Strong again on Monday", "Strong"),
        ("I think Dierick over-read it", "Dierick"),
    ],
)
def test_an_unknown_or_doubtful_word_is_a_name_where_people_stand(text, value):
    assert any(value in name for name in names(text))


@pytest.mark.parametrize(
    "text",
    [
        "ANA positive, ELISA negative",
        "MELD 34, Wilson's? no",
        "Hunt and Hess grade 3",
        "SK on Back, AK on scalp",
        "Romberg neg, Hoffman absent",
        "treated with Prolacta daily",
        "drives a silver Camry",
        "per ARISTOTLE and AUGUSTUS",
        "SIL lesion, LSIL on pap",
    ],
)
def test_terms_amid_small_letters_stay(text):
    assert not names(text)


@pytest.mark.parametrize(
    "text",
    [
        "Aneurysm of the circle of Willis.",
        "Foramen of Monro is patent.",
        "Angle of Louis",
        "Inferior Vena Cava filter in place.",
        "Neutrophils NFr Bld Auto",
        "Cholest SerPl-mCnc",
        "Glucose [Mass/volume] in Urine by Test strip",
        "Hydrochlorothiazide 25 MG",
        "Plain chest X-ray",
        "Tc-99m sestamibi scan, 99mTc-MDP bone scan.",
        "Osteopathic Physicians & Allopathic Physicians",
        "Spur at the insertion of the Achilles tendon.",
        "Left Atrium: dilated. Right Atrium: normal.",
        "Resistance to antimicrobial drugs",
        "Enlarged nodes > 1 cm: No mediastinal adenopathy.",
        "A nodule in the lower lobe (Se/Im: 4/72, 6/28), stable.",
        "TECHNIQUE:\n1.5 Tesla scanner\nAxial T2WI",
        "Seminal vesicles: unremarkable\nSeminal vesicles: not enlarged",
        "Embolization was performed with Gelfoam.",
    ],
)
def test_structures_tests_and_drugs_that_look_like_names_stay(text):
    assert not list(find_all(text, detectors(weighed=False)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Care of Willis Brown, RN.", "Willis Brown"),
        ("Mother of Willis called.", "Willis"),
        ("Signed, thanks -joe", "joe"),
        ("Spoke with wife. JM", "JM"),
        ("Pt is a 99m with CP", "99"),
        ("CM: Jane Roe will call.", "Jane Roe"),
        ("Seen at Atrium Health yesterday", "Atrium Health"),
        ("Transferred to Atrium on Monday", "Atrium"),
        ("Operator: I-Ta Tsai, assistant present", "I-Ta Tsai"),
        ("Seen by the Jacksons, then home.", "Jacksons"),
    ],
)
def test_people_behind_the_same_words_go(text, found):
    assert any(found in text[one.start : one.end] for one in find_all(text, detectors(weighed=False)))
