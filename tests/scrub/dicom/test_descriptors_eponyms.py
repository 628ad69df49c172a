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
