"""What became of values and sequences before says nothing about another person, study, level or character set."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from scrub_support import coder, made, policy, read, scrub, shipped, subject, write

from curator.core.errors import ItemError
from curator.scrub.dicom import answers, rewrite, tree
from curator.scrub.dicom.answers import answers_of
from curator.scrub.dicom.decide import Act, Action
from curator.scrub.dicom.harvest import _repeats, _silent, harvest

KNOWN = (("id", "A1234567"), ("name", "Quxley^Zorblat"))


def forget() -> None:
    """Forget all that was met."""
    answers_of.cache_clear()
    rewrite._passed.cache_clear()
    for repeats in (tree.REPEATS, _repeats):
        for known in repeats._known.values():
            known.clear()
        repeats.stretches.__init__(tree._APART)  # type: ignore[misc]
    _silent.clear()


def outcome(data: bytes, **changes: Any) -> Any:
    try:
        return scrub(data, **changes)
    except ItemError as error:
        return error.code


def test_every_shipped_file_becomes_the_same_whatever_was_met_before() -> None:
    files = [path.read_bytes() for path in shipped()][::4]
    warm = [(outcome(data, known=KNOWN), outcome(data)) for data in files for _ in range(2)][1::2]
    for data, (told, untold) in zip(files, warm, strict=True):
        forget()
        assert outcome(data, known=KNOWN) == told
        forget()
        assert outcome(data) == untold


def test_a_harvest_finds_the_same_whatever_was_met_before() -> None:
    for path in shipped():
        data = path.read_bytes()
        try:
            warm = harvest(data)
        except ItemError:
            continue
        forget()
        assert harvest(data) == warm


def test_an_identifier_in_equal_sequences_goes_for_its_person_alone() -> None:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "X1", "99LOCAL", "head first"
    data = write(made(PatientOrientationCodeSequence=Sequence([code])))
    for known, stays in (((), True), ((("name", "First^Head"),), False), ((), True)):
        for _ in range(2):
            found = read(scrub(data, known=known).data)
            assert ("head first" in str(found)) is stays


def test_dates_and_uids_in_equal_sequences_follow_person_and_mapping() -> None:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3.4.5"
    item.ContentDate = "20190203"
    data = write(made(ReferencedImageSequence=Sequence([item])))
    for days in (17, 40):
        for mapped in (coder, lambda old: f"2.25.1{len(old)}"):
            found = rewrite.rewrite(data, subject(shift_days=days), policy("expert"), mapped, accepted=True)
            image = read(found.data).ReferencedImageSequence[0]
            assert image.ReferencedSOPInstanceUID == mapped("1.2.3.4.5")
            assert image.ContentDate == {17: "20190220", 40: "20190315"}[days]


def test_a_pseudonym_is_never_an_answer_for_somebody_of_whom_equally_much_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forget()
    decided = rewrite._decisions(policy(), False, False, "plain")
    # No rule falls back on the pseudonym for such a value today.
    monkeypatch.setitem(decided.known[False], (0x00200013, "IS"), Action(Act.KEEP, "LO", Act.PERSON, "table"))
    data = write(made(InstanceNumber="1")).replace(b"IS\x02\x001 ", b"IS\x02\x00\xff\xfe")
    for patient in ("PAAAAAAAAAAAAAAAA", "PBBBBBBBBBBBBBBBB"):
        found = rewrite.rewrite(data, subject(patient=patient), policy(), coder, accepted=True)
        assert patient.encode() in bytes(found.data)
        assert {"PAAAAAAAAAAAAAAAA": b"PBBB", "PBBBBBBBBBBBBBBBB": b"PAAA"}[patient] not in bytes(found.data)
        assert str(read(found.data)[0x00200013].value) == patient


def test_the_same_text_at_another_level_or_for_another_attribute_is_decided_anew() -> None:
    item = Dataset()
    item.PatientID, item.SeriesDescription = "chest", "chest"
    data = write(made(PatientID="chest", SeriesDescription="chest", ReferencedPatientSequence=Sequence([item])))
    for _ in range(2):
        found = read(scrub(data).data)
        assert found.SeriesDescription == "chest"
        assert found.PatientID == "PABCDEFGHIJKLMNOP"
        assert "chest" not in str(found.get("ReferencedPatientSequence", ""))


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_MOST", 8)
    forget()
    for number in range(40):
        scrub(write(made(SeriesDescription=f"chest {number} mm", ContrastBolusAgent=f"agent {number}")))
    decided = rewrite._decisions(policy(), False, False, "plain")
    from curator.scrub.dicom.values import searched_of

    held = answers_of(searched_of((), policy()), decided, True)
    assert all(len(known) <= 9 for known in held._values.values())
    assert len(held._values) <= 4
