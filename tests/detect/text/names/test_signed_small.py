"""Initials with which nurses, technicians and typists sign, ranks before names, schools by number. All made up."""

import pytest

from curator.detect.text import detectors, find_all


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_all(text, detectors())]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Called three times, no answer. qb RN 9/5/20", "qb"),
        ("8 min billed 97535. nq OTR/L", "nq"),
        ("Continue 4 mg. jgl, PharmD", "jgl"),
        ("Duplex done. Tech: mqh RVT. No clot.", "mqh"),
        ("Dict: 11/12/21 1405  Trans: 11/12/21 1733  qc:mlw  Doc 1", "mlw"),
        ("Dictated but not read. LQ:tr 11/03", "LQ"),
        ("Bladder map done. NB/scribe Tiff", "NB"),
        ("Provider here; administered L.R.; site left arm", "L.R"),
        ("HPV negative. Screener: JQO, cytotechnologist", "JQO"),
        ("Stable for home. kdq/Rossi PA", "kdq"),
        ("Ana Quillfeder, M.D.  p5720   staffed with Roemer", "5720"),
    ],
)
def test_who_signed_by_letters_is_found(text: str, letters: str) -> None:
    assert any(letters in one for one in found(text))


@pytest.mark.parametrize(
    "text",
    [
        "Seen in clinic. pt RN to call back",
        "Ratio: low RN staffing today",
        "Patient is well. to RD for diet teaching",
        "He was seen. AC:IV line is patent",
        "Follow up. see RD in a week",
    ],
)
def test_words_before_a_degree_stay(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("rank", ["Bro.", "TSgt"])
def test_a_rank_is_no_name(rank: str) -> None:
    assert found(f"Visited by {rank} Wendell Quillfeder, who is well.") == ["Wendell Quillfeder"]


def test_a_school_by_its_number() -> None:
    assert "P.S. 118" in found("School form for P.S. 118 was given to his mother.")
    assert found("Take Tylenol for pain. P.S. 118 mg is fine.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Barrett esophagus C1M3, Prague. LA grade B.",
        "He gave a Z-Pak for sinus.",
        "Arrived by ground EMS today.",
        "Repaired with Bard mesh and sutures.",
    ],
)
def test_what_bears_a_name_stays(text: str) -> None:
    assert found(text) == []


def test_a_plain_word_before_a_number_is_no_town() -> None:
    assert "Indictment" not in found("Kings County Supreme Court, Indictment 1127/2021")
    assert "Harmony" in found("She is at Elmswood Manor Hospital, Harmony, and well.")
