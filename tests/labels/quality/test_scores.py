"""Scores, scorecards and reads of a ledger count people's own readings alone."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from curator.core.errors import CheckError, UsageError
from curator.labels.agreement.groups import Groups
from curator.labels.quality.collect import Collected
from curator.labels.quality.reads import from_ledger
from curator.labels.quality.score import cards, scores
from curator.provenance import records
from curator.provenance.state import Record

GUIDE = {"id": "chest", "version": "1"}
TIME = "2026-03-04T10:00:00Z"


class Ledger:
    """Hands records to what collects them."""

    def __init__(self) -> None:
        self.found, self.count = Collected(), 0

    def put(self, kind: str, subject: list[dict[str, Any]], said: dict[str, Any]) -> None:
        self.found.visit(Record(self.count, hashlib.sha256(b"%d" % self.count).digest(), kind, subject, said))
        self.count += 1

    def label(self, name: str, author: str, said: str, sample: int = 1, **more: Any) -> None:
        subject = {"name": f"clean/P{sample}/s/r/1.dcm", "annotations": {"sopInstanceUid": f"2.25.{sample}"}}
        fields = {"labelId": name, "author": author, "stage": "read", "kind": "class", "value": {"class": said}}
        times = {"guideline": GUIDE, "labeledAt": TIME, "signedAt": TIME, "role": "reader", "meaning": "authorship"}
        self.put(records.LABEL, [subject], {**fields, **times, **more})

    def act(self, kind: str, *names: str, **said: Any) -> None:
        self.put(kind, [{"name": one} for one in names], said)


@pytest.fixture
def ledger() -> Ledger:
    made = Ledger()
    made.label("a", "ada", "nodule")
    made.label("b", "ben", "mass")
    return made


def agreed(found: Collected, label: str) -> str:
    return next(one.why["agreement"] for one in scores(found) if one.label.label == label)


NOT_READ: list[tuple[str, dict[str, Any]]] = [
    ("consensus", {"author": "zoe", "consensus": {"members": [], "method": "majority"}}),
    ("adjudication", {"author": "zoe", "stage": "adjudication"}),
    ("by an adjudicator", {"author": "zoe", "role": "adjudicator"}),
    ("over another's label", {"author": "zoe", "supersedes": {"labelId": "b", "reason": "agreed"}}),
    ("a model's", {"author": "zoe", "origin": "model"}),
    ("filled in", {"author": "zoe", "origin": "interpolated"}),
]


@pytest.mark.parametrize("more", [more for _, more in NOT_READ], ids=[name for name, _ in NOT_READ])
def test_what_nobody_read_confirms_no_label(ledger: Ledger, more: dict[str, Any]) -> None:
    assert agreed(ledger.found, "a") == "0 of 1"
    ledger.label("c", said="nodule", **more)
    assert agreed(ledger.found, "a") == "0 of 1"
    assert from_ledger(ledger.found.labels.values()).reader.names == ("ada", "ben")


def test_reads_of_one_kind_hold_no_other_kind(ledger: Ledger) -> None:
    ledger.label("d", "cyn", "mass", kind="box", value={"class": "mass", "box": [1, 1, 9, 9]})
    every = from_ledger(ledger.found.labels.values(), ("kind",))
    assert (len(every), every.groups["kind"].names) == (3, ("box", "class"))
    classes = from_ledger(ledger.found.labels.values(), ("kind",), "class")
    assert (len(classes), classes.groups["kind"].names) == (2, ("class",))
    assert from_ledger(ledger.found.labels.values(), (), "box").reader.names == ("cyn",)
    with pytest.raises(CheckError) as caught:
        from_ledger(ledger.found.labels.values(), (), "mask")
    assert caught.value.code == "AGR-006"


def test_a_table_says_of_samples_or_readers_what_records_do_not(ledger: Ledger) -> None:
    ledger.label("d", "cyn", "mass", sample=2)
    labels = list(ledger.found.labels.values())
    sites = Groups(samples={"site": {"clean/P1/s/r/1.dcm": "north", "2.25.2": "south"}})
    made = from_ledger(labels, ("site",), None, sites).groups["site"]
    assert [made.names[at] for at in made.codes] == ["north", "north", "south"]
    vendors = Groups(readers={"vendor": {"ada": "v1", "cyn": "v2"}})
    made = from_ledger(labels, ("vendor",), None, vendors).groups["vendor"]
    assert [made.names[at] for at in made.codes] == ["v1", "(none)", "v2"]
    with pytest.raises(UsageError) as caught:
        from_ledger(labels, ("stage",), None, Groups(samples={"stage": {"2.25.2": "x"}}))
    assert caught.value.code == "AGR-035"


def test_what_a_person_read_confirms_a_label(ledger: Ledger) -> None:
    ledger.label("c", "cyn", "nodule")
    assert agreed(ledger.found, "a") == "1 of 2"


def test_a_withdrawn_label_was_no_reading(ledger: Ledger) -> None:
    ledger.label("c", "cyn", "nodule")
    ledger.act(records.WITHDRAWN, "labels/c", signer="cyn")
    assert agreed(ledger.found, "a") == "0 of 1"
    assert from_ledger(ledger.found.labels.values()).reader.names == ("ada", "ben")
    card = {one["name"]: one for one in cards(ledger.found, "reader")}["cyn"]
    assert (card["labels"], card["standing"], card["agreement"]) == (1, 0, None)


def test_labels_of_a_patient_who_withdrew_are_no_readings(ledger: Ledger) -> None:
    ledger.label("d", "cyn", "mass", sample=2)
    ledger.act(records.CONSENT, "patients/P2", signer="rita")
    ledger.label("e", "dan", "mass", sample=2)
    assert from_ledger(ledger.found.labels.values()).reader.names == ("ada", "ben")


def test_a_corrected_label_was_a_reading_all_the_same(ledger: Ledger) -> None:
    ledger.label("a2", "ada", "mass", supersedes={"labelId": "a", "reason": "seen again"})
    assert agreed(ledger.found, "b") == "0 of 1"  # the first word counts
    ledger.act(records.ADJUDICATED, "labels/a2", "labels/b", result={"labelId": "b"}, signer="rita")
    assert "b" in ledger.found.adjudicated
    assert ledger.found.labels["b"].reading  # a reader's own word that was followed


def test_an_audit_of_what_was_filled_in_says_nothing_of_its_signer(ledger: Ledger) -> None:
    ledger.label("f", "ada", "nodule", sample=3, origin="interpolated")
    found = {"name": "labels/f", "annotations": {"verdict": "ok"}}
    ledger.put(records.AUDIT_RESULT, [found], {"lot": {"name": "one"}, "signer": "rita"})
    made = {one.label.label: one for one in scores(ledger.found)}
    assert (made["a"].why["reader"], made["f"].why["origin"]) == ("0 ok, 0 wrong", "interpolated")
    card = {one["name"]: one for one in cards(ledger.found, "reader")}["ada"]
    assert (card["labels"], card["audited"]) == (1, 0)
    assert sum(one["labels"] for one in cards(ledger.found, "stage")) == 3


def test_answers_to_several_questions_are_held_against_answers_to_the_same(ledger: Ledger) -> None:
    for who, side in (("cyn", "left"), ("dan", "right")):
        ledger.label(f"{who}-1", who, f"side: {side}", 7)
        ledger.label(f"{who}-2", who, "density: b", 7)
    assert agreed(ledger.found, "cyn-2") == "1 of 1"
    assert agreed(ledger.found, "cyn-1") == "0 of 1"
    reads = from_ledger(ledger.found.labels.values())
    assert (len(reads), reads.value.names.count("density: b")) == (6, 1)
    one = from_ledger(ledger.found.labels.values(), (), "class", None, "density")
    assert (len(one), one.reader.names) == (2, ("cyn", "dan"))
    with pytest.raises(CheckError, match="AGR-006"):
        from_ledger(ledger.found.labels.values(), (), "class", None, "nothing")


def test_grades_are_held_against_grades_of_their_scale(ledger: Ledger) -> None:
    for who, grade in (("cyn", 2), ("dan", 4)):
        for scale, said in (("birads", grade), ("density", 3)):
            value = {"scale": scale, "grade": said}
            ledger.label(f"{who}-{scale}", who, "", 8, kind="grade", value=value)
    assert agreed(ledger.found, "cyn-density") == "1 of 1"
    assert agreed(ledger.found, "cyn-birads") == "0 of 1"


def test_finds_of_one_stage_are_one_reading_of_which_nothing_is_dropped(ledger: Ledger) -> None:
    for who in ("cyn", "dan"):
        for name in ("nodule", "cyst"):
            ledger.label(f"{who}-{name}", who, name, 9, kind="box", value={"class": name, "box": [1, 2, 3, 4]})
    assert agreed(ledger.found, "cyn-cyst") == "1 of 1"
    reads = from_ledger(ledger.found.labels.values(), (), "box")
    assert (len(reads), reads.value.names) == (2, ("cyst + nodule",))
    # What an author put in place of a find is no find of the first reading.
    more = {"kind": "box", "value": {"class": "scar", "box": [1, 2, 3, 4]}}
    ledger.label("cyn-new", "cyn", "scar", 9, supersedes={"labelId": "cyn-cyst", "reason": "seen again"}, **more)
    assert from_ledger(ledger.found.labels.values(), (), "box").value.names == ("cyst + nodule",)
