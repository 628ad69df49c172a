"""Names by title, role, letter form, lexicon and repetition; words, drugs and eponyms that are none. All made up."""

import unicodedata

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors()


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
        ("pt john smith needs a refill", {"john smith"}),
        ("Seen by Hunter Lopez, RN", {"Hunter Lopez"}),
        ("Drs. Abernathy and Quill agree", {"Abernathy", "Quill"}),
        ("患者:王小明 来院", {"王小明"}),
    ],
)
def test_a_name_is_found_and_its_title_is_not(text, wanted):
    assert names(text) == wanted


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
    ],
)
def test_eponyms_drugs_words_and_headers_are_no_names(text):
    assert names(text) == set()
