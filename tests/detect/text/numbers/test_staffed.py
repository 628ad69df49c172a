"""Logins made of an initial and a name, behind and below who did something. All names are made up."""

import pytest

from curator.detect.text import detectors
from curator.detect.text.numbers.staffed import is_login
from curator.detect.text.protocol import find_all
from curator.scrub.answers import labels_of


def found(text):
    return [text[one.start : one.end] for one in find_all(text, detectors())]


@pytest.mark.parametrize(
    ("text", "logins"),
    [
        ("Performed By: POstrowska   Verified by: BIliescu", ["POstrowska", "BIliescu"]),
        ("Entered by user HKOWALCZYK today", ["HKOWALCZYK"]),
        ("collected by jquackenbush at 0800", ["jquackenbush"]),
        ("Component | Performed By\nHgb | BIliescu\nWBC | POstrowska\n", ["BIliescu", "POstrowska"]),
        ("Component   Performed By\nHgb   BIliescu\nAmylase   hkowalczyk\n", ["BIliescu", "hkowalczyk"]),
        ("Test\tVerified by\nHgb\tKDziedzic\n", ["KDziedzic"]),
    ],
)  # fmt: skip
def test_a_login_is_found(text, logins):
    assert found(text) == logins


@pytest.mark.parametrize(
    "text",
    [
        "Performed by: CRNA. Read by radiology. Reviewed by MDs. Collected by nursing.",
        "Component | Result | Performed By\nAmylase | 30 | nursing\nHgb | 13.1 | phlebotomy\n",
        "Tech: portable. Procedure performed by surgeon",
    ],
)
def test_what_is_no_login_stays(text):
    assert found(text) == []


def test_a_word_of_a_list_is_no_login():
    assert not any(map(is_login, ["nursing", "AMBER", "Smith", "smith"]))


def test_a_question_for_a_member_of_the_staff_is_read_before_its_answer():
    assert labels_of("Collected by")
    assert labels_of("Tech")
    assert not labels_of("Color")
