"""Alerts, allergies and history in other languages stay; the names beside them go."""

from __future__ import annotations

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.dicom.descriptors_foreign import foreign_words
from curator.scrub.dicom.descriptors_medical import is_medical
from curator.scrub.policy import load_policy

NOBODY = Descriptors((), load_policy("safe-harbor"))

STAY = """
Herzschrittmacher
Schrittmacher, Allergie auf Jod
Kontrastmittelallergie, Hyperthyreose
Z.n. Hemikolektomie rechts bei Colon-Ca pT3 N1 M0
Unklare Oberbauchschmerzen, Leberwerte erhöht
Pénicilline
Stimulateur cardiaque
Porteur de pacemaker, allergie iode
Traumatisme crânien avec perte de connaissance
Marcapasos cardiaco, alérgico a penicilina
Penicilina, AAS, mariscos
Ecografía obstétrica segundo trimestre
Cáncer de mama derecha, control post quimioterapia
Allergico al mezzo di contrasto
Paziente con carcinoma prostatico, PSA 12.4
Marcapasso, alergia a iodo
Dor lombar irradiada para MIE há 3 meses
Draagt pacemaker, allergisch voor jodium
Kalp pili, iyot alerjisi
Uczulenie na jod, rozrusznik serca
Alergie na jód, kardiostimulátor
Кардиостимулятор, аллергия на йод
ΑΞΟΝΙΚΗ ΘΩΡΑΚΟΣ
تصوير الصدر
Levetiracetam, Metamizol, Clexane
""".strip().splitlines()


@pytest.mark.parametrize("text", STAY)
def test_alerts_and_findings_in_other_languages_stay(text: str) -> None:
    assert NOBODY.clean(text, vr="LT") == text


GO = [
    ("Herzschrittmacher, Frau Ingrid Krebs", "Herzschrittmacher"),
    ("CT THORAX NAGEL", "CT THORAX"),
    ("Alergia a penicilina, Dr. Jiménez Ortega", "Alergia a penicilina"),
    ("МРТ колена Иванов Пётр Сергеевич", "МРТ колена"),
    ("ΑΞΟΝΙΚΗ ΘΩΡΑΚΟΣ Παπας", "ΑΞΟΝΙΚΗ ΘΩΡΑΚΟΣ"),
]


@pytest.mark.parametrize(("text", "wanted"), GO)
def test_names_beside_them_go(text: str, wanted: str) -> None:
    assert NOBODY.clean(text, vr="LT") == wanted


def test_words_made_of_forms_are_told_in_other_languages() -> None:
    for word in ("carcinome", "hemikolektomie", "bronchique", "hiperkaliemia", "gastroskopia", "adenokarzinom"):
        assert is_medical(word) or word in foreign_words(), word


def test_the_list_is_spelled_out() -> None:
    words = foreign_words()
    assert len(words) > 7000
    assert {"penicilina", "penicilline", "alergico", "alergicas", "herzschrittmachertrager"} <= words
    assert not any(mark in word for word in words for mark in ":@,=-")
