"""Streets and houses by a short name, roads by a number, and what only looks so. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def places(text):
    return {text[f.start : f.end] for f in find_all(text, OURS) if f.category.name == "GEOGRAPHY"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sleeps by the bus depot on Canal; stopped lithium", "Canal"),
        ("seen at the walk-in on Ninth. Presents today", "Ninth"),
        ("runs the hardware store on Front, 1 level", "Front"),
        ("the laundromat off University has heat", "University"),
        ("a collision on Grand and thrown 12 feet", "Grand"),
        ("Loc: here (x-st Old Cannery Rd)", "Old Cannery Rd"),
        ("picked up at Lake & 31st", "Lake & 31st"),
        ("near 38th and Chicago, on foot", "38th and Chicago"),
        ("found between 14th and 15th on Oak", "Oak"),
        ("house off County 12, 3 miles in", "County 12"),
        ("I-94 at Exit 343", "Exit 343"),
        ("CSAH 14 past the church", "CSAH 14"),
        ('would rather go to "the General" where her records are', "General"),
        ("ems w/ pt, going to county general. closed", "county general"),
        ("LTC bed search The Laurels; guardian named", "The Laurels"),
        ("written for the team at Our Lady's, Drogheda.", "Our Lady's"),
        ("difficult airway noted at Mt Carmel E 1997", "Mt Carmel E"),
        ("Mobile VA Medical Center - records", "Mobile VA Medical Center"),
        ("come back to our Cedar Bend office in six weeks", "Cedar Bend"),
        ("serves with the 104th Fighter Wing", "104th Fighter Wing"),
        ("crew from Station 12 arrived", "Station 12"),
        ("sober living - New Dawn", "New Dawn"),
        ("born at Children's in 2009", "Children's"),
        ("flight attendant, Sun Country. Smokes", "Sun Country"),
        ("the lady from Normal with Sjögren's", "Normal"),
        ("the motel by the grain elevator, dunmore, rm 4", "dunmore"),
        ("CPS Hennepin opened a case", "Hennepin"),
        ("ate at Golden Trough buffet w/ friends", "Golden Trough buffet"),
        ("volunteer at Loaves and Fishes weekly", "Loaves and Fishes"),
    ],
)
def test_a_place_by_its_short_name_is_found(text, wanted):
    assert any(wanted in place for place in places(text))


@pytest.mark.parametrize(
    "text",
    [
        "clinic on Monday and again on Friday.",
        "home on Lasix, KCl and oxygen",
        "lives on Social Security. bar on Saturday night",
        "apartment on Section 8. unit on Tele, stable",
        "pain in the 4th and 5th toes, PIP & 4th MCP",
        "between 7th and 8th ribs, between 4th and 5th toes",
        "US 41 mm mass; CR 400 ng; metoprolol SR 50",
        "the General condition is fair; General Surgery team saw him",
        "discussed with The Patient and her son. The 2nd Division of the nerve",
        "our Pain clinic, the Wound Care clinic, in the Memory clinic",
        "the Surgical site is clean, the Injection site is sore",
        "rehab - Good progress. placement - Pending auth. SNF - Medicare days used",
        "retired teacher, Right handed. welder, Married with kids. driver, Hispanic male",
        "patient from Radiology arrived; referral from Cardiology noted",
        "at Rest and Exertion, at Children's request",
        "station 2 (BPD), ward 4 beds",
    ],
)
def test_what_only_looks_like_a_short_name_stays(text):
    assert places(text) == set()
