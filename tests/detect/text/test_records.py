"""What notes of hospitals hold beside identifiers: degrees, tables of results, capitals, scores. All made up."""

import pytest

from curator.detect.text import detectors, find_all


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_all(text, detectors())]


def covered(text: str, part: str) -> bool:
    at = text.index(part)
    inside = {place for one in find_all(text, detectors()) for place in range(one.start, one.end)}
    return all(place in inside for place in range(at, at + len(part)) if text[place].isalnum())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SURGEON: Ottilie Quillfeder, M.D.\nASSISTANT: none", "Ottilie Quillfeder"),
        ("Dictated by: Ottilie Quillfeder, M.D.   06/03/2022", "Ottilie Quillfeder"),
        ("CC: OTTILIE QUILLFEDER, D.O.; file", "OTTILIE QUILLFEDER"),
        ("Plan was made. \n\nKarl-Heinz Vogel, M.D.\nKHV", "Karl-Heinz Vogel"),
        ("Discussed with Rosalind Achebe PharmD on rounds today.", "Rosalind Achebe"),
        ("Crit value called to R. QUILLFEDER RN 0612 by lab", "R. QUILLFEDER"),
        ("SHE WAS BROUGHT IN BY HER SON, LEROY, WITH A COUGH.", "LEROY"),
    ],
)
def test_a_name_ends_before_a_degree_or_begins_behind_a_relation(text: str, name: str) -> None:
    assert name in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Referring: Quillfeder, M. today",
        "Referring: Quillfeder, D. R. today",
    ],
)
def test_initials_behind_a_family_name_are_part_of_it(text: str) -> None:
    assert covered(text, text.removeprefix("Referring: ").removesuffix(" today"))


def test_two_doctors_behind_one_another_are_two() -> None:
    assert found("Seen with Ana Quillfeder, M.D. Ben Roemer was told as well.") == ["Ana Quillfeder", "Ben Roemer"]


TABLE = (
    "            RESULT   REF        FLAG\n"
    "NA          134      136-145    L\n"
    "K           5.3      3.5-5.1    H\n"
    "CL          101      98-107\n"
    "GLU         211      70-99      H\n"
    "PLT         142      150-400    L\n"
)
SHEET = (
    "Time  HR   BP      MAP  SpO2  FiO2\n"
    "0700  98   112/58  76   94    50\n"
    "0800  101  108/55  73   93    50\n"
    "0900  96   115/60  78   95    45\n"
)


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        "THE HEART IS NORMAL IN SIZE. THE LUNGS ARE CLEAR.",
        "Racemic epi x1 1632. Immunizations up to date",
        "WELL CHILD CHECK - 4 months\nEats well",
        "Called x3 in waiting room 2210, 2225, 2240, no answer.",
        "SPT: birch 8/25, ragweed 5/15, cat negative",
        "Smokes 1/2 ppd and drinks on weekends",
        "Diet: IDDSI 5/2 with thin liquids.",
        "THE PATIENT IS A 72-YEAR-OLD FEMALE RESIDENT OF A NURSING HOME WHO FELL.",
    ],
)
def test_what_is_no_identifier_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Name            REF\nOttilie Quill   A-4471-20\nBen Roemer      A-4471-21\n", "A-4471-20"),
        ("Moved to NORMAL, IL in the spring.", "NORMAL"),
        ("Case manager x4471 called back", "4471"),
        ("HE LIVES AT ELMSWOOD MANOR NURSING HOME.", "ELMSWOOD MANOR"),
        ("SHE WAS SEEN AT OUR LADY OF THE ISLES HOSPITAL, GALWAY.", "OUR LADY OF THE ISLES"),
        ("Visit 6/12 was cancelled by the patient.", "6/12"),
        ("SUBJECTIVE: MR. RAY MAY IS HERE FOR FOLLOWUP.", "RAY MAY"),
        ("Plan made. Lilac Quillfeder-Nguyen, PMHNP", "Lilac"),
        ("Report was called to Nurse Fely at the home.", "Fely"),
        ("She was hospitalized at Presbyterian, and left.", "Presbyterian"),
        ("cc Ana Quill CNP @ Methodist (fax to follow)", "Methodist"),
        ("Bladder map done. TURBT 8/9 at the surgery center.", "8/9"),
    ],
)
def test_what_stands_beside_it_is_found(text: str, part: str) -> None:
    assert covered(text, part)


@pytest.mark.parametrize(
    "text", ["She is a Presbyterian minister.", "Goes to services at Methodist church on Sundays."]
)
def test_a_faith_stays(text: str) -> None:
    assert not covered(text, "Presbyterian" if "Presby" in text else "Methodist")


@pytest.mark.parametrize("day", ["MEMORIAL DAY", "CHRISTMAS EVE", "THANKSGIVING", "VALENTINE'S DAY", "LABOR DAY"])
def test_a_holiday_in_capitals_is_found(day: str) -> None:
    assert day in found(f"HE WAS WITH HIS FAMILY OVER {day} AND ATE POORLY.")


def test_figures_in_the_columns_of_a_sheet_stay() -> None:
    assert found(SHEET) == []


def test_patients_in_capitals_keep_their_verbs() -> None:
    assert found("MR. RAY MAY BE DISCHARGED TOMORROW.") == ["RAY"]


def test_a_choice_by_its_place_is_no_day() -> None:
    assert "1st" not in found("Choices: 1st Elmswood Manor, 2nd The Grove. Back on the 3rd.")
    assert covered("Choices: 1st Elmswood Manor, 2nd The Grove. Back on the 3rd.", "3rd")


def test_years_behind_a_house_stay() -> None:
    assert "2009" not in found("Hospitalized twice at Elmswood Manor, 2009 and 2014, for mania.")
