"""A name that a view, a fracture or a grade is called by stays where it is one, and goes where it is somebody's."""

from __future__ import annotations

import pytest

from curator.identifiers.spelling import words
from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.dicom.descriptors_terms import called, kind_of
from curator.scrub.policy import load_policy

NOBODY = Descriptors((), load_policy("safe-harbor"))

TERMS = [
    "Stanford type B dissection, f/u",
    "Salter-Harris II distal radius",
    "Schatzker VI plateau",
    "Forrest IIb",
    "Gustilo II open tib/fib",
    "Sturge-Weber T1 post",
    "Von Hippel-Lindau surveillance",
    "Creutzfeldt-Jakob DWI ribboning",
    "Mallory-Weiss",
    "Heller myotomy",
    "Ivor Lewis esophagectomy POD 7 swallow",
    "Rasmussen encephalitis",
    "Hill-Sachs, Bankart MR arthrogram",
    "Spetzler-Martin III",
    "Young-Burgess APC II",
    "Ladd's bands UGI malrotation",
    "Harrington rods",
    "Greenfield filter infrarenal",
    "Smith fracture closed reduction",
    "Wood's lamp",
    "Brown tumor",
    "Moyamoya, Diamox challenge SPECT",
    "Erdheim-Chester disease",
    "premedicated, seatbelt sign, 3rd webspace",
    "V.a. Lungenembolie, Pleuraerguss bds.",
    "sospetta polmonite, versamento pleurico",
    "neumonia, derrame pleural derecho",
]


@pytest.mark.parametrize("text", TERMS)
def test_what_is_called_by_somebody_stays(text: str) -> None:
    assert NOBODY.clean(text, vr="LO") == text


STAYS_TOO = [
    "Fazekas 2, Evans index 0.31, Pfirrmann IV",
    "Kerley B lines, Hampton hump, Westermark sign",
    "Baastrup disease, Schmorl node",
    "Spigelian hernia, Richter, Littre, Petersen hernia",
    "Lemierre, Ranke complex, Ghon focus",
    "Hickman, Broviac, Groshong, Quinton lines in place",
    "Kirschner wires, Schanz screws",
    "Fontan, Glenn shunt, Norwood, Blalock-Taussig",
    "XR ELBOW COYLE VIEW",
    "Budd-Chiari, Caroli disease",
    "Shepp-Logan; Catphan 600",
    "Lake Louise criteria",
    "Edwards Sapien valve",
    "Monteggia, Galeazzi, Barton, Chauffeur",
    "Barton fracture",
    "Kohler disease",
    "Larsen syndrome",
    "Sinding-Larsen-Johansson",
    "Suzuki stage 3 moyamoya",
    "Fournier gangrene",
    "Hoffmann sign",
    "HARTMANN procedure",
    "Fuchs odontoid",
    "Roux-en-Y",
    "T2 TSE TRAN",
    "QA PHAN",
]


@pytest.mark.parametrize("text", STAYS_TOO)
def test_a_surname_stays_in_the_phrase_or_amid_the_words_that_make_a_term_of_it(text: str) -> None:
    assert NOBODY.clean(text, vr="LO") == text


SURNAMES = ["Gupta", "Phan", "Tran", "Das", "Suzuki", "Smit", "Larsen", "Pinto", "Hoffmann", "Hartmann", "Köhler"]
SURNAMES += ["Fuchs", "Roux", "Omar"]


@pytest.mark.parametrize("name", SURNAMES)
def test_a_surname_alone_goes_though_lists_of_medicine_have_it(name: str) -> None:
    assert NOBODY.clean(f"CT ABD {name}", vr="LO") == "CT ABD"


@pytest.mark.parametrize("name", [name for name in SURNAMES if name != "Das"])
def test_a_surname_alone_goes_in_capitals_too(name: str) -> None:
    assert NOBODY.clean(f"CT ABD {name.upper()}", vr="LO") == "CT ABD"


@pytest.mark.parametrize("given", ["Agata", "Linh", "Joao"])
def test_behind_a_given_name_of_any_language_an_eponym_is_a_surname(given: str) -> None:
    assert NOBODY.clean(f"CT ABD {given} Charcot", vr="LO") == "CT ABD"


def test_a_term_of_two_names_keeps_both_beside_a_name() -> None:
    assert NOBODY.clean("XR CHEST PORTABLE SWAN-GANZ SWANSON R", vr="LO") == "XR CHEST PORTABLE SWAN-GANZ R"
    assert NOBODY.clean("on R-CHOP. PCP is Margarethe Oduya.", vr="LT") == "on R-CHOP. PCP is"


PHRASES = [
    ("Baker^Chase", "MR KNEE R Baker cyst", "MR KNEE R Baker cyst"),
    ("Baker^Chase", "MR KNEE R Baker", "MR KNEE R"),
    ("Baker^Chase", "MR KNEE R for Chase Baker r/o Baker cyst", "MR KNEE R r/o Baker cyst"),
    ("Hill^Towne", "XR SHOULDER Hill-Sachs lesion", "XR SHOULDER Hill-Sachs lesion"),
    ("Hill^Towne", "XR SHOULDER HILL", "XR SHOULDER"),
    ("Brown^Page", "CT ABD Brown-Sequard", "CT ABD Brown-Sequard"),
    ("Brown^Page", "CT Dr Brown tumor", "CT tumor"),
    ("Wilson^Amy", "CT WILSON PROTOCOL", "CT PROTOCOL"),
    ("Stone^William", "CT ABD STONES FILMS", "CT ABD FILMS"),
    # another mark than a blank or a hyphen ends a name
    ("Baker^Chase", "MR KNEE R Baker's cyst", "MR KNEE R Baker's cyst"),
    ("Baker^Chase", "MR KNEE R Baker, cyst", "MR KNEE R, cyst"),
    ("Baker^Chase", "Baker - cyst", "cyst"),
    ("Baker^Chase", "Baker: cyst seen", "cyst seen"),
    ("Baker^Chase", "Baker^cyst", "cyst"),
    ("Baker^Chase", "MR KNEE R Baker 1961", "MR KNEE R"),
    ("Baker^Chase", "Mr Baker cyst", "cyst"),
    ("Ross^Amy", "Ross, procedure cancelled", "procedure cancelled"),
    ("Hill^Towne", "XR SHOULDER Hill, Sachs", "XR SHOULDER"),
]


@pytest.mark.parametrize(("name", "text", "left"), PHRASES)
def test_a_known_name_stays_in_a_phrase_where_nothing_else_tells_the_person(name: str, text: str, left: str) -> None:
    somebody = Descriptors((("name", name),), load_policy("safe-harbor"))
    assert somebody.clean(text, vr="LO") == left


SOMEBODY = [
    ("MASON 2", "mason"),
    ("WATSON 3 T1", "watson"),
    ("FISHER 4", "fisher"),
    ("HARRIS AXIAL T2", "harris"),
    ("Hamilton knee", "hamilton"),
    ("Wilson hip", "wilson"),
    ("MARSHALL WRIST", "marshall"),
    ("CT CHEST HARRIS TUBE", "harris"),
    ("MILLER LINE PLACEMENT", "miller"),
    ("HAWKINS TUBE", "hawkins"),
    ("Keller-Watson", "watson"),
    ("Dr. Weber B ankle", "weber"),
    ("CT HEAD for WEBER, R", "weber"),
    ("Sra. Quispe Mamani eco abdominal", "mamani"),
    ("scanned at UCSF", "ucsf"),
    ("NYU shoulder protocol", "nyu"),
    ("MGH neuro stroke", "mgh"),
]


@pytest.mark.parametrize(("text", "name"), SOMEBODY)
def test_the_same_names_go_where_nothing_is_called_by_them(text: str, name: str) -> None:
    assert name in words(text)
    assert name not in words(NOBODY.clean(text, vr="LO"))


CUT = [
    ("lumpectomy Dr. Farrow, XRT completed", "lumpectomy, XRT completed"),
    ("Mr. Teague moved during DWI", "moved during DWI"),
    ("IV started by Becky L AC 22g, extrav 30 mL", "IV started L AC 22g, extrav 30 mL"),
    ("ADNI style phantom test 013_S_4579", "ADNI style phantom test"),
    ("Medicare 1EG4-TE5-MK73 prior auth pending", "Medicare prior auth pending"),
    ("call report x4471", "call report"),
]


@pytest.mark.parametrize(("text", "left"), CUT)
def test_what_stands_beside_a_name_in_other_letters_is_no_part_of_it(text: str, left: str) -> None:
    assert NOBODY.clean(text, vr="LO") == left


def test_the_lists_of_eponyms_are_sound() -> None:
    lists = called()
    assert all(pair.count(":") == 1 for pair in lists["before"])
    assert all(pair.count("-") == 1 for pair in lists["joint"])
    assert lists["heads"].isdisjoint(lists["weak"])
    assert all(kind_of(word) == "T" for word in lists["terms"])
    assert all(kind_of(word) == "G" for word in lists["surnames"])
    assert all(pair.count(":") == 1 for pair in lists["amid"])


PROSE = [
    "Infant with breech presentation, ultrasound at six weeks, alpha angle and coverage please.",
    "Optic neuritis on the left, two brain lesions last year, oligoclonal bands, orbits with fat suppression.",
    "Paciente com dor lombar há seis meses, irradiada para o membro inferior esquerdo, sem trauma.",
    "Douleur de la fosse iliaque droite avec fièvre depuis deux jours, pas d'allergie connue, non enceinte.",
    "Severe claustrophobia, took lorazepam at home, feet first, exam completed with minor motion on T2.",
]


@pytest.mark.parametrize("text", PROSE)
def test_small_words_amid_sentences_stay(text: str) -> None:
    assert NOBODY.clean(text, vr="LO") == text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Patient moved twice during the long scan, Oyelowo repeated the last two sequences for us.", ["oyelowo"]),
        ("Images were reviewed by oyelaranson with the team before the patient left the department.", ["oyelaranson"]),
        ("Pain after a fall at work, please call his daughter karen before the second exam today.", ["karen"]),
        ("Douleur depuis trois jours, examen demandé par le Dr Benhaddou, pas de fièvre ni de toux.", ["benhaddou"]),
        ("Lamb XR ankle weight bearing", ["lamb"]),
        ("Burns L BREAST TANGENTS BOOST", ["burns"]),
        ("Pugh barium swallow", ["pugh"]),
        ("膝関節MRI 右 スズキ ハナコ", ["スズキ", "ハナコ"]),
        ("紹介元 みどり台クリニック、大腿骨頸部骨折疑い", ["みどり台"]),
        ("由仁和镇卫生院转入,车祸伤,头痛", ["仁和镇"]),
    ],
)
def test_names_in_sentences_and_in_other_scripts_go(text: str, names: list[str]) -> None:
    made = NOBODY.clean(text, vr="LT")
    assert all(name in text.lower() and name not in made.lower() for name in names)
