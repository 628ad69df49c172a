# ruff: noqa: E501 - a line of a note stays whole
"""Names of a census, behind a service or a relation; terms, tests and short forms that look like names."""

from __future__ import annotations

import importlib
import re

import pytest

from curator.detect.text import detectors, find_all
from curator.identifiers.categories import Category

placed = importlib.import_module("curator.detect.text.names.placed")
spots = importlib.import_module("curator.detect.text.words.spots").spots

#: Names that go, in braces; a backslash and an n begin a new line.
NAMED = r"""
12-1 {salz}  pod3 hartmann, ileus\n12-4 {ng}  ng tube clamp trial\n14-5 {brightwater}  perc chole out?\nSICU 3 {oduya}  going back
rm 4 {roe}  chf, diuresing\nrm 5 {steak}  sbo d2\nrm 7 {okafor}  pna, abx d3
7-2 {de la cruz}  tka pod1\n7-3 {nakamura}  afib rvr
THEN IR ({SCOTT-JONES}) FOR R HEPATIC
SEEN BY ORTHO ({NAKAMURA}) AND GI ({PATEL})
notified by deputy {Hashimoto} at 1254
seen by bystander {Maria} who gave CPR
Taught spouse {Karl-Heinz} pouch change with mirror
wife {Anne-Marie} pouch teaching done
husband {Karl} splint care reviewed
sib {Maria} was tested
Coord: {Wassaya} tomorrow
"""
#: No name at all.
PLAIN = r"""
12-1 labs  ok\n12-2 xray  neg\n12-3 diet  adv
bed 4 open  clean\nbed 5 empty  dirty
PLAN IR (TIPS) VS OR (OPEN). GI (EGD) NEG. RN (CHARGE) AWARE
sister Hashimoto thyroiditis, brother Graves disease
flow cytometry and EBER negative
SVR 1680; PAPi was 1.5, milrinone 0.25
sooner if SCr goes above 1.4
the holy plane of Heald was followed
grip by Martin vigorimeter from 33 to 61 kPa
foot drop of 3/5 by Daniels, DLCO of 58%
Kibler type II scapula
Hb Lepore ruled out
Babinski negative, Trömner and Romberg normal
A. Acral lentiginous melanoma
code given to DNs only
vancomycin by AUC, day 4
GINA covers health insurance
Modified Rankin before 0
Tyrer-Cuzick lifetime risk 22.4%
(Pell-Gregory IIB) horizontal
fractured hip (Austin Moore), pain 6
The da Vinci Xi was docked from the left
consent in chart; interpreter Tagalog #307718
bronchiectasis, Bhalla 4
A low-flow leak, Esposito grade 1
Medevac req, Medevac confirmed
"""


def _marked(line: str) -> tuple[str, set[int]]:
    text, wanted, inside = "", set(), False
    for mark in line.replace("\\n", "\n"):
        if mark in "{}":
            inside = mark == "{"
        else:
            if inside:
                wanted.add(len(text))
            text += mark
    return text, wanted


def _names(text):
    return [finding for finding in find_all(text, detectors(weighed=False)) if finding.category is Category.NAME]


@pytest.mark.parametrize("line", NAMED.strip().split("\n"))
def test_a_name_goes_and_no_other_word_does(line):
    text, wanted = _marked(line)
    names = _names(text)
    assert wanted
    assert {at for at in wanted if text[at].isalnum()} <= {at for name in names for at in range(name.start, name.end)}
    assert [text[name.start : name.end] for name in names if wanted.isdisjoint(range(name.start, name.end))] == []


@pytest.mark.parametrize("line", PLAIN.strip().split("\n"))
def test_a_term_is_no_name(line):
    text = _marked(line)[0]
    assert [text[name.start : name.end] for name in _names(text)] == []


FRAMED = r"""
- Al to do and Bo to call.\n- Cy to see: Di to page
Rice, Pope and Lamb present. Mark and Grace are the parents. Will is her proxy
Al, Bo, Cy, Di, Ed and Flo were present; An-Li to do; Al2 is her son
A & B and Cy saw; Rice & Pope present
Art was the driver. Art's was the driver\nDawn and I both examined
"""


@pytest.mark.parametrize("line", FRAMED.strip().split("\n"))
def test_frames_are_found_around_their_small_word_as_in_the_whole_text(line):
    text = line.replace("\\n", "\n")
    whole = {
        (form.pattern, match.span())
        for form in (placed._TASK, placed._TOGETHER, placed._IS_KIN)
        for match in form.finditer(text)
    }
    assert whole
    assert {(match.re.pattern, match.span()) for match in placed._hinged(spots(text))} == whole


def test_each_verb_of_a_task_is_one_behind_which_the_task_is_looked_for():
    verbs = re.search(r"\(\?:do\|[^)]*\)", placed._TASK.pattern)
    assert verbs
    assert {re.split("[^a-z]", verb)[0] for verb in verbs[0][3:-1].split("|")} <= placed._TO_DO
