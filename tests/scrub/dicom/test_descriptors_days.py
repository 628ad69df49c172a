"""Days of the year without their year go where they are days, and stay where two numbers are something else."""

from __future__ import annotations

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.dicom.descriptors_ahead import Ahead
from curator.scrub.dicom.descriptors_days import day_spans
from curator.scrub.policy import load_policy
from curator.scrub.policy.load import parse_policy

SAFE_HARBOR = load_policy("safe-harbor")
NOBODY = Descriptors((), SAFE_HARBOR)
DATED = [
    ("CT CHEST 12/25", "CT CHEST"),
    ("CT CHEST 25/12", "CT CHEST"),
    ("CT_CHEST_12/25", "CT_CHEST"),
    ("AX T2 FLAIR 3/17", "AX T2 FLAIR"),
    ("LMP 02/14", "LMP"),
    ("injected 1420 hrs 17/3", "injected 1420 hrs"),
    ("injected 2/3", "injected"),
    ("CT CHEST 10/31 comparison", "CT CHEST comparison"),
    ("comparison: 01/02", "comparison"),
    ("prior CT from 2/3", "prior CT"),
    ("CT CHEST 3/4 f/u", "CT CHEST f/u"),
    ("on 2/3 she fell", "she fell"),
    ("eGFR 45, Cr 1.6 (3/2)", "eGFR 45, Cr 1.6"),
    ("vom 3.4.", "vom"),
    ("CT CHEST 2021/076", "CT CHEST"),
    ("CT CHEST 2021/17/03", "CT CHEST"),
    ("CT CHEST 5/28/4", "CT CHEST"),
    ("CT CHEST 5 28 04", "CT CHEST"),
    ("CT CHEST Mar 21", "CT CHEST"),
    ("CT CHEST Mar-21", "CT CHEST"),
    ("CT CHEST MAR-21", "CT CHEST"),
    ("CT CHEST Dec 12", "CT CHEST"),
    ("CT CHEST fourteenth of March", "CT CHEST"),
    ("CT CHEST March the twenty-first", "CT CHEST"),
    ("CT CHEST first of May", "CT CHEST"),
    ("CT CHEST May first", "CT CHEST"),
    ("CT CHEST 2000/076", "CT CHEST"),
    ("CT CHEST geb. 4.3.", "CT CHEST"),
    ("CT CHEST nac. 4/3", "CT CHEST"),
    ("CT CHEST adm 3/4", "CT CHEST adm"),
    ("IRM du 3/4", "IRM du"),
    ("Kopf nativ 25.12.", "Kopf nativ"),
    ("13.05. CT CHEST", "CT CHEST"),
]
NO_DAYS = """version 31.01.2|slice 25.12|TE 3.5.|T1/T2|L4/5|C5/6|L 4/5
3/4 views|2/3 views|1/2 dose|1/2 NS|series 2/3|SER 2/15|IMA 3/20|echo 1/2|phase 1/2|5/8
b 0/1000|on 1/2 dose|image 12/24 shows artifact|2/18 nodes positive|GCS 14/15|pain 7/10|20/20 vision|Fx 12/25
matrix 12/13|TE 12/25|0314|03-14|from 3-4 weeks|OCT 3 mm|OCT MACULA|MAR ON|May be repeated|may 2 views
first pass|second look|5/5mm Plain|MRI C3-4
LAO 10/25|FA 2/15|ETL 8/16|grappa 2/24|iPAT 2/24|slab 2/14|cores 2/14|2/14 cores|tooth 11/21|Zahn 12/22|10/20 EEG
5/15 min delay|6/24 hours|7/8 PF
lésion du 1/3 inférieur
fractura del 1/3 distal del radio|injected 2/3 of dose|tear through 2/3 of tendon|weakness LE 3/5
TR/TE 2000/120|STIR 2000/100|delay 5 15 20|NAC 2/5|the first may be a cyst|FIRST MAY BE REPEATED"""


@pytest.mark.parametrize(("text", "wanted"), DATED)
def test_a_day_that_can_be_nothing_else_or_that_a_word_tells_goes(text: str, wanted: str) -> None:
    assert NOBODY.clean(text, vr="LO") == wanted


@pytest.mark.parametrize("text", NO_DAYS.replace("\n", "|").split("|"))
def test_two_numbers_of_anything_else_stay(text: str) -> None:
    assert NOBODY.clean(text, vr="LO") == text


@pytest.mark.parametrize(
    "day",
    [
        "3/14",
        "14/3",
        "03/14",
        "14.3.",
        "03-14",
        "3-14",
        "0314",
        "1403",
        "14 03",
        "MAR 14",
        "14 MAR",
        "14mars",
        "1952/14/03",
    ]
    + ["_0314", "_03_14", "Mar14"],
)
def test_a_birth_date_goes_without_its_year_in_every_order(day: str) -> None:
    born = Descriptors((("birth_date", "19520314"),), SAFE_HARBOR)
    assert born.clean(f"CT CHEST {day}", vr="LO") == "CT CHEST"
    keeping = parse_policy(
        'format = 1\nname = "k"\ntitle = "k"\n[options]\ndates = "keep"\nages = "cap"\n'
        "patient_characteristics = true\nclean_descriptors = true\n"
    )
    if day != "1952/14/03":
        assert Descriptors((("birth_date", "19520314"),), keeping).clean(f"CT CHEST {day}", vr="LO") == "CT CHEST"


def test_days_of_the_headers_go_where_no_share_or_vertebra_stands() -> None:
    seen = Descriptors((("date", "20210304"), ("birth_date", "19520102")), SAFE_HARBOR)
    for text, wanted in [("CT CHEST 3/4", "CT CHEST"), ("CT CHEST 4.3.", "CT CHEST"), ("CT CHEST 1/2", "CT CHEST")]:
        assert seen.clean(text, vr="LO") == wanted
    for text in [
        "3/4 views",
        "series 3/4",
        "L3/4",
        "L1/2",
        "L 1/2",
        "T1/2",
        "b 0/1000",
        "TR 0102",
        "matrix 0102",
        "3.4 mm",
        "0304",
    ]:
        assert seen.clean(text, vr="LO") == text


@pytest.mark.parametrize("text", [*(text for text, _ in DATED), "Mar 21", "JAN-3", "vom 03.04."])
def test_a_look_ahead_lets_every_day_be_searched(text: str) -> None:
    assert Ahead(text).day() or next(day_spans(text), None) is None
